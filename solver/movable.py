"""What may differ between the optimal solutions of a program, as a small program of its own.

On the optimal face a nonzero dual holds a column or row at its value. Of the other columns most cannot move either:
a row leaves them no room, or they follow from others that stay. What is left is often a hundredth of the program.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..flows.tables import Bools, Floats, Ints
from ..models.assembly import add_up
from ..models.program import Program
from .handle import BASIC, LOWER, UPPER
from .solution import Solution

SWEEPS = 10
"""times that all rows are searched for columns without room: longer chains of such rows are not followed, 1"""
AT = 1e-9
"""distance of a held value from its bound or side that is rounding, relative to it or to one scaled unit, 1"""


@dataclass(frozen=True, eq=False)
class Face:
    """The optimal flows of a program are those within these bounds of columns and sides of rows, flow scale."""

    lower: Floats
    """(n,)"""
    upper: Floats
    """(n,)"""
    row_lower: Floats
    """(m,)"""
    row_upper: Floats
    """(m,)"""


@dataclass(frozen=True, eq=False)
class Part:
    """The columns of a program that may move on its optimal face, and the rows that they are in."""

    program: Program
    """of these columns alone, without costs; all others stand at their values in its sides. It has no names"""
    columns: Ints
    """(k,) their places in the whole program"""
    statuses: tuple[Ints, Ints] | None
    """where its columns and rows stand in the basis of the answer; None where that has no basis"""


def movable(program: Program, solution: Solution, face: Face) -> Part | None:
    """Return the part of a program that may move on its optimal face; None is a proof that nothing can.

    Let δ lead from the vertex that was found to another optimum. It is 0 in every nonbasic column and row that has no
    room on the face, and A δ = 0 in the rows without room. Columns that share rows, other than those where δ is known
    to be 0, are a group. Where all nonbasic columns and rows of a group have no room, δ is 0 in its basic columns too,
    for these follow from the others. So the part consists of the groups that have a nonbasic column or row with room.

    Where there is no basis, the part has every column with room.
    """
    x, activity = (np.asarray(side) / program.flow_scale for side in (solution.column_value, solution.row_value))
    terms = _Terms(program)
    basic, row_basic = solution.column_basic, solution.row_basic
    if basic is None or row_basic is None:
        kept = face.lower < face.upper
        return terms.part(face, x, kept, None) if kept.any() else None
    column_room, row_room = _room(terms, _snapped(program, face), basic, row_basic)
    if not (column_room.any() or row_room.any()):
        return None
    inside = basic | column_room
    column_group, row_group = terms.groups(inside)
    moves = np.zeros(program.columns + program.rows, bool)
    moves[column_group[column_room]] = moves[row_group[row_room]] = True
    standing = (
        _standing(x, face.lower, face.upper, basic),
        _standing(activity, face.row_lower, face.row_upper, row_basic),
    )
    return terms.part(face, x, inside & moves[column_group], standing)


def _room(terms: _Terms, face: Face, basic: Bools, row_basic: Bools) -> tuple[Bools, Bools]:
    """Tell which nonbasic columns (n,) and rows (m,) have room on the face.

    A row whose least activity is all that it may have, or whose largest is the least, holds all its columns.
    """
    columns, rows = ~basic & (face.lower < face.upper), ~row_basic & (face.row_lower < face.row_upper)
    for _ in range(SWEEPS):
        if not (columns.any() or rows.any()):
            break
        low, high = terms.ends(face.lower, face.upper)
        full, empty = low >= face.row_upper, high <= face.row_lower
        tight = terms.held(face, full, empty)
        rows &= ~(full | empty | (low >= high))
        if np.array_equal(tight.lower, face.lower) and np.array_equal(tight.upper, face.upper):
            break
        face = tight
        columns &= face.lower < face.upper
    return columns, rows


def _snapped(program: Program, face: Face) -> Face:
    """Return the face with values that are held at a bound or side exactly there: rounding would look like room."""
    columns = _snap(face.lower, face.upper, program.lower, program.upper)
    rows = _snap(face.row_lower, face.row_upper, program.row_lower, program.row_upper)
    return Face(*columns, *rows)


def _snap(low: Floats, high: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    held, near = low >= high, AT * np.maximum(1.0, np.abs(low))
    with np.errstate(invalid="ignore"):  # there is no distance between two infinite bounds
        exact = np.where(np.abs(low - lower) <= near, lower, np.where(np.abs(low - upper) <= near, upper, low))
    return np.where(held, exact, low), np.where(held, exact, high)


def _standing(value: Floats, lower: Floats, upper: Floats, basic: Bools) -> Ints:
    """Say where values stand: those that are not basic, at the nearer bound."""
    nearer: Ints = np.where(upper - value < value - lower, UPPER, LOWER)
    return np.where(basic, BASIC, nearer).astype(np.int32)


class _Terms:
    """The coefficients of a program, and the column of each."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.row, self.value = program.index, program.value
        self.column = np.repeat(np.arange(program.columns, dtype=np.int32), np.diff(program.start))

    @cached_property
    def _rises(self) -> Bools:
        """The activity of the row rises with the column."""
        rises: Bools = self.value > 0
        return rises

    def ends(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Return the least and the largest activity (m,) of each row within bounds (n,) of the columns."""
        at_lower, at_upper = self.value * lower[self.column], self.value * upper[self.column]
        least, most = (np.where(self._rises, *pair) for pair in ((at_lower, at_upper), (at_upper, at_lower)))
        return add_up(self.row, least, self.program.rows), add_up(self.row, most, self.program.rows)

    def held(self, face: Face, full: Bools, empty: Bools) -> Face:
        """Return the face with the columns held of rows (m,) that can only be at their upper, or lower, side."""
        lower, upper = face.lower.copy(), face.upper.copy()
        full_term, empty_term = full[self.row], empty[self.row]
        to_lower = self.column[(full_term & self._rises) | (empty_term & ~self._rises)]
        to_upper = self.column[(full_term & ~self._rises) | (empty_term & self._rises)]
        upper[to_lower] = face.lower[to_lower]
        lower[to_upper] = upper[to_upper]
        return replace(face, lower=lower, upper=upper)

    def groups(self, inside: Bools) -> tuple[Ints, Ints]:
        """Number the groups of columns `inside` (n,) that share rows: group of each column (n,) and row (m,)."""
        from scipy.sparse import csr_array  # not before there is something to search
        from scipy.sparse.csgraph import connected_components

        n, m = self.program.columns, self.program.rows
        taken = inside[self.column]
        sizes = np.concatenate([[0], np.where(inside, np.diff(self.program.start), 0), np.zeros(m, np.int64)])
        ones = np.ones(np.count_nonzero(taken), np.int8)
        graph = csr_array((ones, n + self.row[taken], np.cumsum(sizes, dtype=np.int32)), shape=(n + m, n + m))
        group: Ints = connected_components(graph, directed=False)[1]
        return group[:n], group[n:]

    def part(self, face: Face, x: Floats, kept: Bools, standing: tuple[Ints, Ints] | None) -> Part:
        """Make a program of the columns that are kept (n,); the others stand at x (n,)."""
        program, columns = self.program, np.flatnonzero(kept).astype(np.int32)
        taken = kept[self.column]
        inside = np.zeros(program.rows, bool)
        inside[self.row[taken]] = True
        place = np.cumsum(inside, dtype=np.int32) - 1
        rest = inside[self.row] & ~taken
        stands = add_up(self.row[rest], self.value[rest] * x[self.column[rest]], program.rows)[inside]
        none = np.zeros(0, np.int32)
        made = replace(
            program,
            cost=np.zeros(len(columns)),
            offset=0.0,
            lower=face.lower[kept],
            upper=face.upper[kept],
            row_lower=face.row_lower[inside] - stands,
            row_upper=face.row_upper[inside] - stands,
            start=np.concatenate([[0], np.cumsum(np.diff(program.start)[kept])]).astype(np.int32),
            index=place[self.row[taken]],
            value=self.value[taken],
            column_origin=program.column_origin[kept],
            lower_origin=program.lower_origin[kept],
            upper_origin=program.upper_origin[kept],
            row_origin=program.row_origin[inside],
            column_blocks={},
            row_blocks={},
            parks={},
            columns_per_period=0,
            rows_per_period=0,
            integral=np.zeros(0, bool),
            filled_first=(none, none),
            stages=(),
        )
        return Part(made, columns, None if standing is None else (standing[0][kept], standing[1][inside]))
