"""Uniqueness: which flows could be different at the same best objective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from ..flows.tables import Bools, Floats
from ..models.program import Program
from .highs import LiveModel
from .movable import Face, Part, movable
from .session import Session
from .solution import Solution, SolveOptions

DIRECTIONS = 4
"""random objectives, each taken both ways"""
SEED = 20
MOVES = 1e-6
"""change of a flow that counts, relative to the flow or to one scaled unit, 1"""
ZERO = 1e-7
"""largest dual that counts as zero, relative to one scaled unit, 1"""


def non_unique(program: Program, solution: Solution, session: Session) -> Bools:
    """Mark the columns (n,) whose values differ between optimal solutions.

    By complementary slackness all optima share the bounds that have a nonzero dual. Holding every column and row with
    a nonzero dual at its value leaves exactly the optimal face; a few random objectives, each minimised and maximised
    there, move every flow that can move (with probability one). Flows without a bound are kept within a box around
    their value, which a convex face allows. The session must just have solved to `solution`, and is left as it was.

    A column that moves less than a relative 1e-6 counts as unique. Raises ValueError where there is no optimum.
    """
    return moved(program, solution, other_optima(program, solution, session))


def moved(program: Program, solution: Solution, others: Iterable[Floats]) -> Bools:
    """Mark the columns (n,) whose values in some other optima, as `other_optima` finds them, differ from the answer."""
    assert solution.column_value is not None
    x, moves = solution.column_value / program.flow_scale, np.zeros(program.columns, bool)
    for values in others:
        moves |= np.abs(values / program.flow_scale - x) > MOVES * np.maximum(1.0, np.abs(x))
    return moves


def other_optima(program: Program, solution: Solution, session: Session) -> list[Floats]:
    """Return optimal flows (n,), user units, at both ends of some random ways through the optimal face.

    What is not the same in all of them is not unique; none are returned where the answer is proved to be the only one.
    The session must just have solved to `solution`, and is left as it was. Raises ValueError where there is no optimum.
    """
    if solution.column_value is None or solution.column_dual is None or solution.row_dual is None:
        raise ValueError(f"a solution that is {solution.status} has no flows")
    if not may_move(program, solution):
        return []
    part = movable(program, solution, _face(program, solution, *_held(program, solution), boxed=True))
    if part is None:
        return []
    x = solution.column_value
    others = []
    for end in _ends(program, part, session.options):
        other = x.copy()
        other[part.columns] = end * program.flow_scale
        others.append(other)
    return others


@contextmanager
def face(program: Program, solution: Solution, session: Session, boxed: bool = True) -> Iterator[tuple[Floats, Floats]]:
    """Restrict a session to the optimal flows of the solution that it has just found, and restore it afterwards.

    Where `boxed`, flows without a bound are kept near their value. What comes are the bounds of columns (n,) that
    hold there, flow scale. Raises ValueError where there is no optimum.
    """
    if solution.column_value is None:
        raise ValueError(f"a solution that is {solution.status} has no flows")
    basis = session.basis()
    try:
        optimal = _face(program, solution, *_held(program, solution), boxed)
        session.change_bounds(optimal.lower, optimal.upper)
        session.change_sides(optimal.row_lower, optimal.row_upper)
        yield optimal.lower, optimal.upper
    finally:
        session.restore()
        if basis is not None:
            session.start_from(basis)


def _held(program: Program, solution: Solution) -> tuple[Bools, Bools]:
    """Columns and rows whose dual holds them at their value in every optimum."""
    assert solution.column_dual is not None and solution.row_dual is not None
    price = program.objective_scale / program.flow_scale
    held = np.abs(solution.column_dual) > ZERO * price
    if program.is_integer:  # duals are those of the whole numbers as they are
        held |= program.integral
    return held, np.abs(solution.row_dual) > ZERO * price


def may_move(program: Program, solution: Solution) -> bool:
    """Tell whether some flow could perhaps differ between optimal solutions; False is a proof that none can.

    A vertex is the only optimum if every nonbasic column and row that is not fixed has a nonzero dual.
    """
    if solution.column_basic is None or solution.row_basic is None:
        return True
    column_held, row_held = _held(program, solution)
    columns = ~solution.column_basic & ~column_held & (program.lower < program.upper)
    rows = ~solution.row_basic & ~row_held & (program.row_lower < program.row_upper)
    return bool(columns.any() or rows.any())


def _face(program: Program, solution: Solution, column_held: Bools, row_held: Bools, boxed: bool) -> Face:
    """Hold what has a nonzero dual at its value, and keep unbounded columns within a box where wanted."""
    x = np.asarray(solution.column_value) / program.flow_scale
    r = np.asarray(solution.row_value) / program.flow_scale
    lower, upper = program.lower, program.upper
    if boxed:
        reach = np.maximum(1.0, np.abs(x))
        lower = np.where(np.isinf(lower), x - reach, lower)
        upper = np.where(np.isinf(upper), x + reach, upper)
    return Face(
        lower=np.where(column_held, x, lower),
        upper=np.where(column_held, x, upper),
        row_lower=np.where(row_held, r, program.row_lower),
        row_upper=np.where(row_held, r, program.row_upper),
    )


def _ends(program: Program, part: Part, options: SolveOptions) -> list[Floats]:
    """Flows (k,) of a part at both ends of some random directions through the optimal face, in scaled units."""
    random = np.random.default_rng(SEED)
    ends = []
    with LiveModel(part.program, options) as model:
        if part.statuses is not None:
            model.start_at(*part.statuses)
        for _ in range(DIRECTIONS):
            direction = random.uniform(-1.0, 1.0, program.columns)[part.columns]
            for cost in (direction, -direction):
                model.change_costs(cost)
                end = model.advance(options.time_limit)
                if end is not None:
                    ends.append(end)
    return ends
