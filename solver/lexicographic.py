"""Objectives of several stages, one after the other on one live model, and the breaking of ties."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..flows.tables import Floats
from ..models.assembly import add_up
from ..models.program import Program, StageCosts
from .answer import refused
from .order import in_order, order_failure
from .phrases import methods, verdicts
from .session import Session
from .solution import Solution
from .uniqueness import face

ROUNDING = 1e-12
"""how far a stage without tolerance may fall behind, relative to its value or to one scaled unit, 1"""
SEED = 7
"""of the factors that break ties"""


@dataclass(frozen=True)
class StageAnswer:
    """What one stage of an objective reached."""

    name: str
    value: float
    """best value of the stage, given the stages before it; user units"""
    unit: str
    tolerance: float
    """how far later stages were allowed to fall behind, user units"""


def solve_stages(program: Program, session: Session) -> tuple[Program, Solution, tuple[StageAnswer, ...]]:
    """Solve stage by stage, each former one held as a row within its tolerance.

        goal[s] ≥ best[s] − max(tolerance[s], 1e-12·|best[s]|)       in every later stage; ≤ … + … for a minimum

    Returns the program of the last stage (the duals of the solution are changes of its objective), the solution, and
    what each stage reached. Where a stage has no optimum, or one only that fills steps of load out of order, the
    solution is that of this stage and says which one it is. The session must hold `program`, and holds the returned
    program afterwards. Raises SolverError.
    """
    if not program.stages:
        solution = session.solve()
        value = solution.objective
        reached = () if value is None else (StageAnswer("", value, program.objective_unit, 0.0),)
        return program, solution, reached
    answers: list[StageAnswer] = []
    stated, solution = program, session.solve()
    first = solution
    for number, stage in enumerate(program.stages):
        if number:
            stated = _next_stage(stated, stage, number, answers[-1])
            session.restate(stated)
            solution = _found_by(first, session.solve())
        if solution.objective is None:
            reason = verdicts.tell("stage", number=number + 1, name=stage.name, reason=solution.reason)
            return stated, replace(solution, reason=reason), tuple(answers)
        if number + 1 < len(program.stages) and (
            disorder := order_failure(stated, in_order(stated, solution, session))
        ):
            reason = verdicts.tell("stage", number=number + 1, name=stage.name, reason=disorder)
            return stated, refused(solution, reason), tuple(answers)
        tolerance = stage.tolerance * (abs(solution.objective) if stage.relative else 1.0)
        answers.append(StageAnswer(stage.name, solution.objective, stage.unit, tolerance))
    return stated, solution, tuple(answers)


def _found_by(first: Solution, later: Solution) -> Solution:
    """Say of the answer of a later stage what found that of the first one, from whose basis it starts."""
    start = first.method_reason
    reason = start if later.method == first.method else methods.tell("later_stages", start=start)
    return replace(later, method=first.method, method_reason=reason)


def _next_stage(program: Program, stage: StageCosts, number: int, before: StageAnswer) -> Program:
    """Return the program of a stage, the one before it held within its tolerance."""
    former = program.stages[number - 1]
    room = max(before.tolerance, ROUNDING * max(abs(before.value), former.objective_scale))
    return replace(
        hold_stage(program, number - 1, before.value, room),
        maximise=stage.maximise,
        cost=stage.cost,
        offset=stage.offset,
        objective_scale=stage.objective_scale,
        objective_unit=stage.unit,
    )


def hold_stage(program: Program, number: int, value: float, room: float) -> Program:
    """Return the program with the row of a stage closed: it may fall behind a value by so much, user units."""
    stage, row = program.stages[number], program.row_blocks["stage"].start + number
    side = value - stage.offset * stage.objective_scale + (-room if stage.maximise else room)
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    (lower if stage.maximise else upper)[row] = side / program.flow_scale
    return replace(program, row_lower=lower, row_upper=upper)


def break_tie(program: Program, solution: Solution, session: Session) -> Solution:
    """Among the optimal flows, take those with the least weighted total of all flows.

        minimise Σ_j factor[j]·x[j]    on the optimal face,     factor[j] uniform in 1 … 2 from a fixed seed

    Columns without a lower bound do not count. With probability one no two plans have the same total, so that the
    reported flows do not depend on the path of the solver. Objective and duals stay as they are. The session must just
    have solved to `solution`, and is left as it was. Raises ValueError where there is no optimum.
    """
    factor = np.random.default_rng(SEED).uniform(1.0, 2.0, program.columns)
    cost = np.where(np.isfinite(program.lower), factor, 0.0)
    with face(program, solution, session, boxed=False):
        session.change_costs(-cost if program.maximise else cost)
        end = session.solve()
    x = end.column_value
    if x is None:
        return solution
    column = np.repeat(np.arange(program.columns), np.diff(program.start))
    activity: Floats = add_up(program.index, program.value * x[column], program.rows)
    return replace(solution, column_value=x, row_value=activity, column_basic=None, row_basic=None)
