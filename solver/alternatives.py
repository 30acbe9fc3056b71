"""Near-optimal plans: how small and how large an amount can be while the objective stays near its optimum.

The last goal is stated once more as a stage after itself, so that its value is a row like that of any former stage.
With that row closed at the optimum less a tolerance, each amount is made small and large, all on one live model:

    least, most = min, max Σ_j weight[j]·x[j]
    subject to    the program, former stages held as they are, and
                  goal ≥ best − room                                     (≤ best + room where it is minimised)

    weight[j]  user units of the amount per user unit of the column
    room       how much of the objective may be given up, its units

Each end is a whole plan of its own, solved and certified like an answer. Whole numbers are free to change, so that
each end takes a search of its own there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints
from ..models.compile import compile_program
from ..models.program import Program, power_of_ten
from .answer import certified
from .certificate import Certificate
from .lexicographic import StageAnswer, break_tie, hold_stage, solve_stages
from .order import in_order
from .phrases import verdicts
from .session import Session
from .solution import Solution, SolveOptions, Status
from .uniqueness import non_unique

ROUNDING = 1e-9
"""how far the objective may always fall behind, relative to its value or to one scaled unit, 1"""


@dataclass(frozen=True, eq=False)
class Amount:
    """A weighted sum of columns."""

    column: Ints
    """(k,) each at most once"""
    weight: Floats
    """(k,) units of the amount per user unit of the column"""

    def of(self, x: Floats) -> float:
        """Return the amount in flows x (n,), user units."""
        return float(self.weight @ x[self.column]) + 0.0


@dataclass(frozen=True)
class End:
    """The least or the most that an amount can be."""

    status: Status
    """`unbounded`: it has no limit; `stopped`: nobody knows"""
    reason: str
    value: float | None
    """units of the amount; None where it is not optimal"""
    certificate: Certificate | None


class NearOptimum:
    """The plans of a case near its optimum, in a live solver, as a context manager.

        with NearOptimum(network, options) as near:
            near.give(0.01 * abs(near.best.value))
            least, most = near.ends(amount)

    `solution` and `certificate` are those of the answer itself; where it is not optimal nothing else can be asked.
    """

    def __init__(self, network: Network, options: SolveOptions | None = None) -> None:
        goals = network.stages
        program = compile_program(replace(network, goals=(*goals, goals[-1]), tie_break=False))
        self.stages: tuple[StageAnswer, ...] = ()
        self.room = 0.0
        self._session = Session(program, options)
        former = program.stages[:-1]
        alone = replace(program, stages=former if len(former) > 1 else ())
        stated, found, self.stages = solve_stages(alone, self._session)
        if found.status == "optimal" and network.tie_break:
            found = break_tie(stated, found, self._session)
        found = in_order(stated, found, self._session)
        self.solution, self.certificate = certified(stated, found)
        self.program = self._held = replace(stated, stages=former)
        if self.solution.status == "optimal":
            self.give(0.0)

    def __enter__(self) -> NearOptimum:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    @property
    def best(self) -> StageAnswer:
        """What the last stage of the objective reaches."""
        return self.stages[-1]

    def give(self, room: float) -> None:
        """Let the objective fall behind its optimum by so much, user units of it; rounding is always allowed."""
        last, value = len(self.stages) - 1, self.best.value
        self.room = max(room, ROUNDING * max(abs(value), self.program.stages[last].objective_scale))
        self._held = hold_stage(self.program, last, value, self.room)

    @cached_property
    def free(self) -> Bools:
        """Columns (n,) that differ between optimal answers; where there are whole numbers, all that may."""
        program = self.program
        if program.is_integer:
            return np.asarray(program.lower < program.upper)
        self._session.restate(program)
        return non_unique(program, self._session.solve(), self._session)

    def ends(self, amount: Amount) -> tuple[End, End]:
        """Return the least and the most that an amount can be. Raises SolverError."""
        return self._end(amount, False), self._end(amount, True)

    def _end(self, amount: Amount, maximise: bool) -> End:
        program = self._towards(amount, maximise)
        self._session.restate(program)
        found = in_order(program, self._session.solve(), self._session)
        solution, certificate = certified(program, found)
        value = None if solution.column_value is None else amount.of(solution.column_value)
        return End(solution.status, self._reason(solution), value, certificate)

    def _towards(self, amount: Amount, maximise: bool) -> Program:
        """Return the program that makes an amount small or large."""
        it = self._held
        cost = np.zeros(it.columns)
        cost[amount.column] = amount.weight * it.flow_scale
        scale = power_of_ten(np.abs(cost[cost != 0]))
        return replace(it, maximise=maximise, cost=cost / scale, offset=0.0, objective_scale=scale, objective_unit="")

    @staticmethod
    def _reason(solution: Solution) -> str:
        return verdicts.tell("nothing_limits") if solution.status == "unbounded" else solution.reason
