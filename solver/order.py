"""Answers in which one column is full before another is used: steps of load, filled from below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..flows.tables import Floats, Ints
from ..models.assembly import add_up
from ..models.program import Program
from .phrases import verdicts
from .session import Session
from .solution import Solution
from .uniqueness import face

ROOM = 1e-6
"""part of the upper bound that may stay empty, or be used too early, 1"""
BRANCHES = 200
"""times that the optimal face is searched for an answer in order, 1"""


def out_of_order(program: Program, x: Floats) -> Ints:
    """Return which pairs of `Program.filled_first` are filled in the wrong order by flows x (n,), user units."""
    earlier, later = program.filled_first
    first, then = (program.upper[side] * program.flow_scale for side in (earlier, later))
    least = ROOM * program.flow_scale  # no less than the tolerance of the solver
    room, used = first - x[earlier] > np.maximum(ROOM * first, least), x[later] > np.maximum(ROOM * then, least)
    return np.flatnonzero(room & used).astype(np.int32)


def in_order(program: Program, solution: Solution, session: Session) -> Solution:
    """Among the optimal flows, take those that use later steps least, where the order is not kept.

        minimise Σ k · x    on the optimal face, over columns that k others come before

    So steps that are worth the same are filled from below. Where that leaves a pair in the wrong order, the face is
    searched with its later step empty, then with its earlier one full, and so on, `BRANCHES` times at most. Where the
    order is broken because a later step is worth more than an earlier one, the answer stays as it is and `certified`
    refuses it. Objective and duals stay. The session must just have solved to `solution`, and is left as it was.
    """
    if solution.column_value is None or not len(out_of_order(program, solution.column_value)):
        return solution
    cost = _place(program)
    with face(program, solution, session, boxed=False) as bounds:
        session.change_costs(-cost if program.maximise else cost)
        x = _ordered(program, session, *bounds)
    if x is None:
        return solution
    column = np.repeat(np.arange(program.columns), np.diff(program.start))
    activity: Floats = add_up(program.index, program.value * x[column], program.rows)
    return replace(solution, column_value=x, row_value=activity, column_basic=None, row_basic=None)


def _ordered(program: Program, session: Session, lower: Floats, upper: Floats) -> Floats | None:
    """Return flows (n,) in user units within bounds that keep the order, by branches; None where none are found."""
    earlier, later = program.filled_first
    waiting = [(lower, upper)]
    for _ in range(BRANCHES):
        if not waiting:
            break
        low, high = waiting.pop()
        session.change_bounds(low, high)
        x = session.solve().column_value
        if x is None:
            continue
        wrong = out_of_order(program, x)
        if not len(wrong):
            return x
        first, then = earlier[wrong[0]], later[wrong[0]]
        full, empty = low.copy(), high.copy()
        full[first], empty[then] = program.upper[first], 0.0
        waiting += [(full, high), (low, empty)]
    return None


def _place(program: Program) -> Floats:
    """Return how many columns are filled before each one (n,), 1."""
    earlier, later = program.filled_first
    place = np.zeros(program.columns)
    for _ in range(len(later)):
        found = place.copy()
        found[later] = place[earlier] + 1.0
        if np.array_equal(found, place):
            break
        place = found
    return place


def order_failure(program: Program, solution: Solution) -> str:
    """Say which step is used before the one below it is full; "" where none is."""
    if solution.column_value is None:
        return ""
    wrong = out_of_order(program, solution.column_value)
    if not len(wrong):
        return ""
    earlier, later = (program.column_name(int(side[wrong[0]])) for side in program.filled_first)
    more = len(wrong) - 1
    return verdicts.tell("order_more" if more else "order", later=later, earlier=earlier, more=more)
