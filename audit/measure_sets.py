"""Sets of measures answered one after the other on a live model: each laid over the same scenario, each solved once.

Where several plans are as good, the tie is broken as `break_tie` does, so that no figure depends on the order in which
sets were solved; what another best plan has otherwise is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.network import Network
from ..flows.problems import Findings, InputError, Problem
from ..flows.tables import Floats
from ..models.compile import compile_program
from ..models.coverage import indicator_value
from ..models.indicator import company_values, park_values, whole_values
from ..models.program import Program
from ..solver.answer import certified
from ..solver.lexicographic import break_tie, solve_stages
from ..solver.order import in_order
from ..solver.session import Session
from ..solver.solution import SolveOptions
from ..solver.uniqueness import may_move, other_optima
from .phrases import measure_phrases

Set = frozenset[str]
ROUNDING = 1e-8
"""part of the value of an account below which a difference of two answers is rounding, 1"""
DIFFERS = 1e-6
"""part of the value of an account by which another best plan has to differ to count, 1"""


@dataclass(frozen=True, eq=False)
class Answered:
    """What a set of measures answers."""

    taken: Set
    status: str
    reason: str
    values: Floats
    """accounts that were asked for, per year; empty without an optimum"""
    loose: tuple[bool, ...] = ()
    """which of them another best plan has otherwise"""

    @property
    def optimal(self) -> bool:
        """There are values."""
        return self.status == "optimal"


@dataclass(eq=False)
class Measured:
    """Answers of sets of measures over one scenario. A context manager.

    Args:
        tree: the case.
        scenario: what the measures are laid over.
        sets: settings of the command line, laid before the measures.
        asked: picks the rows of the indicators whose values are wanted, once the network is known.
        options: how to solve.
        watch: is told how many sets are answered.
        findings: takes warnings about the scenario without measures.
    """

    tree: CaseTree
    scenario: str
    sets: tuple[str, ...]
    asked: Callable[[Network], tuple[int, ...]]
    options: SolveOptions | None = None
    watch: Callable[[int], None] | None = None
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        self.case = self.tree.case(self.scenario, self.sets)
        self.network = build_network(self.case, self.findings)
        self.rows = self.asked(self.network)
        periods = self.network.periods
        self.years = float(periods.duration @ periods.weight)
        self.program = compile_program(self.network)
        self.session = Session(self.program, self.options)
        self._answers: dict[Set, Answered] = {}

    def __enter__(self) -> Measured:
        return self

    def __exit__(self, *what: object) -> None:
        self.session.close()

    @property
    def solves(self) -> int:
        """Sets that were answered."""
        return len(self._answers)

    def answer(self, taken: Iterable[str]) -> Answered:
        """Return the answer with some measures. Raises InputError where they cannot stand together."""
        key = frozenset(taken)
        if key not in self._answers:
            self._answers[key] = self._answer(key)
            if self.watch is not None:
                self.watch(len(self._answers))
        return self._answers[key]

    def _answer(self, taken: Set) -> Answered:
        network, program = self._stated(taken)
        self.session.take(program)
        program, solution, _ = solve_stages(program, self.session)
        others: list[Floats] = []
        if solution.status == "optimal" and not program.is_integer and may_move(program, solution):
            others = other_optima(program, solution, self.session)
            solution = break_tie(program, solution, self.session)
        solution, _ = certified(program, in_order(program, solution, self.session))
        if solution.status != "optimal" or solution.column_value is None:
            return Answered(taken, solution.status, solution.reason, np.zeros(0))
        own = self._values(network, program, solution.column_value)
        loose = np.zeros(len(own), bool)
        for flows in others:
            loose |= np.abs(self._values(network, program, flows) - own) > DIFFERS * np.abs(own)
        return Answered(taken, "optimal", "", self._settled(taken, own), tuple(loose.tolist()))

    def _stated(self, taken: Set) -> tuple[Network, Program]:
        if not taken:
            return self.network, self.program
        order = [name for name in self.case.measures if name in taken]
        try:
            case = self.tree.case(self.scenario, self.sets, order)
            network = build_network(case, contradictory=True)
        except InputError as error:
            what = f"with the measure{'s' * (len(order) > 1)} {', '.join(order)} the case is not sound"
            mend = "mend what follows" + (", or state that they exclude each other" if len(order) > 1 else "")
            raise InputError([Problem(self.case.key_at("measures", order[-1]), what, mend), *error.problems]) from error
        return network, compile_program(network, like=self.program)

    def _values(self, network: Network, program: Program, flows: Floats) -> Floats:
        """Accounts of the whole case, per year. A measure may bring no indicator of its own: their rows stay."""
        accounts = whole_values(park_values(network, company_values(network, program, flows)))
        here = [text.id for text in network.indicators.label]
        rows = [here.index(self.network.indicators.label[row].id) for row in self.rows]
        return np.array([indicator_value(network, accounts, row) for row in rows], float) / self.years

    def _settled(self, taken: Set, values: Floats) -> Floats:
        """Take a difference that is rounding for none, against the answer without measures."""
        if not taken or not (base := self.answer(())).optimal:
            return values
        return np.where(np.abs(values - base.values) <= ROUNDING * np.abs(base.values), base.values, values)

    def noise(self) -> Floats:
        """Differences up to this are rounding, or within what the search for whole numbers allowed; per account."""
        base = self.answer(())
        part = ROUNDING
        if self.program.is_integer:
            part = max(part, (self.options or SolveOptions()).mip_gap)
        return part * np.abs(base.values)


def unanswered(answer: Answered) -> str:
    """Say why a set has no answer."""
    status = measure_phrases.tell(answer.status)
    return measure_phrases.tell("unanswered", status=status, reason=answer.reason) if answer.reason else status
