"""Parts of a program: its periods, or stretches of them where they are small, or its parks.

Read from what the program says of its blocks, and from the matrix for the rest; never from names. The rows of a period
are known, and so are the parks of the balances; every other column and row is given to a part where its coefficients
say so: the opening of a store belongs to the first period, a row over the last level to the last one, the capacity of
a plant to the park of its materials. What is left spans the parts: long rows (caps, floors, budgets, stages) over three
parts or more, and long columns.

What flows between two parks belongs to one of them and is a tie to the other. Parks stand in an order in which those
that have much to do with each other are near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..flows.tables import Ints
from ..models.program import Program

Longs = NDArray[np.int64]
Kind = Literal["periods", "parks"]
KINDS: tuple[Kind, ...] = ("periods", "parks")
NEIGHBOURS = 2
"""a row over parts of time that are no further apart than this is a tie between neighbours, not a long row, 1"""
COLUMNS, STRETCHES = 1_000, 24
"""columns that a part of time should have, and parts that there should be at least, 1"""


@dataclass(frozen=True, eq=False)
class Parts:
    """P parts in their order, n columns, m rows."""

    kind: Kind
    number: int
    """P"""
    each: int
    """periods, or parks, of a part; the last one may have fewer"""
    column: Longs
    """(n,) part of each column; P for those that span"""
    row: Longs
    """(m,) part of each row; P for those that span"""
    links: int
    """number of columns that meet rows of several parts"""

    @property
    def long_rows(self) -> int:
        """Number of rows that span the parts."""
        return int((self.row == self.number).sum())


def number_of(program: Program, kind: Kind) -> int:
    """Number of parts: none where no column and row belong to one period, or none says its park."""
    if kind == "parks":
        return len(_parks(program))
    if not (program.columns_per_period and program.rows_per_period):
        return 0
    return -(-program.T // _stretch(program))


def _parks(program: Program) -> Ints:
    """Parks that have rows of their own, rising."""
    stated = list(program.parks.values())
    return np.unique(np.concatenate(stated)) if stated else np.zeros(0, np.int32)


def _stretch(program: Program) -> int:
    """Periods of a part: more than one where they are small and many."""
    return max(1, min(-(-COLUMNS // max(1, program.columns_per_period)), program.T // STRETCHES))


def parts_of(program: Program, kind: Kind) -> Parts:
    """Say which part each column and row of a program belongs to."""
    return _by_periods(program) if kind == "periods" else _by_parks(program)


def _by_periods(program: Program) -> Parts:
    last, each, entry_column = number_of(program, "periods"), _stretch(program), _entry_columns(program)
    column = _own_stretches(program.columns, program.columns_per_period, program.T, each, last)
    row = _own_stretches(program.rows, program.rows_per_period, program.T, each, last)
    least, most = _met_by_columns(program, entry_column, row, last)
    _give_columns(column, least, most, last)
    _settle(program, entry_column, column, row, last, NEIGHBOURS)
    return Parts("periods", last, each, column, row, int((least < most).sum()))


def _by_parks(program: Program) -> Parts:
    last, entry_column, row = number_of(program, "parks"), _entry_columns(program), _own_parks(program)
    row[row < 0] = last
    place = np.append(_near_ones_together(program, entry_column, row, last), last)
    row = place[row]
    column, most = _met_by_columns(program, entry_column, row, last)
    _settle(program, entry_column, column, row, last, 0)
    return Parts("parks", last, 1, column, row, int((column < most).sum()))


def _entry_columns(program: Program) -> Longs:
    """Column of each coefficient."""
    return np.repeat(np.arange(program.columns), np.diff(program.start))


def _met_by_columns(program: Program, entry_column: Longs, row: Longs, last: int) -> tuple[Longs, Longs]:
    """Least and largest part (n,) of the rows that columns meet: `last` and -1 where they meet none."""
    met = row[program.index] < last
    return _range(entry_column[met], row[program.index[met]], program.columns, last)


def _settle(program: Program, entry_column: Longs, column: Longs, row: Longs, last: int, near: int) -> None:
    """Give rows and columns that have no part to one, where they meet no other.

    A row stays long beside a column that spans the parts (the worst-off park): without the other it says nothing.
    """
    loose_rows, loose_columns = row == last, column == last
    _give_rows(program, entry_column, column, row, last, near)
    _give_columns(column, *_met_by_columns(program, entry_column, row, last), last)
    beside = np.zeros(program.rows, bool)
    beside[program.index[column[entry_column] == last]] = True
    row[beside & loose_rows] = last
    column[loose_columns] = last
    _give_columns(column, *_met_by_columns(program, entry_column, row, last), last)


def _give_columns(column: Longs, least: Longs, most: Longs, last: int) -> None:
    """Give columns that have no part to the one that all their rows are of."""
    one = (column == last) & (least == most)
    column[one] = least[one]


def _give_rows(program: Program, entry_column: Longs, column: Longs, row: Longs, last: int, near: int) -> None:
    """Give rows that have no part to the last one that they meet, if these are two at most, or near each other."""
    met = (row[program.index] == last) & (column[entry_column] < last)
    places, parts = program.index[met], column[entry_column[met]]
    least, most = _range(places, parts, program.rows, last)
    pairs = np.unique(places.astype(np.int64) * (last + 1) + parts)
    several = np.bincount(pairs // (last + 1), minlength=program.rows)
    short = (row == last) & (several > 0) & ((several <= 2) | (most - least <= near))
    row[short] = most[short]
    row[(row == last) & (several == 0) & (np.bincount(program.index, minlength=program.rows) == 0)] = 0


def _own_stretches(size: int, per_period: int, periods: int, each: int, last: int) -> Longs:
    own = np.full(size, last, np.int64)
    own[: per_period * periods] = np.repeat(np.arange(periods) // each, per_period)
    return own


def _own_parks(program: Program) -> Longs:
    """Place (m,) among `_parks` of the park of each row that says one, -1 of the others."""
    own, parks = np.full(program.rows, -1, np.int64), _parks(program)
    for name, park in program.parks.items():
        program.row_view(name, own)[...] = np.searchsorted(parks, park)
    return own


def _near_ones_together(program: Program, entry_column: Longs, row: Longs, parks: int) -> Longs:
    """Place (P,) of each park in an order in which parks that columns join are near each other."""
    from scipy import sparse  # half of what a small solve imports, and rarely needed
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    if not parks:
        return np.zeros(0, np.int64)
    met = row[program.index] < parks
    flows = sparse.csr_array(
        (np.ones(int(met.sum())), (row[program.index[met]], entry_column[met])), shape=(parks, program.columns)
    )
    place = np.empty(parks, np.int64)
    place[reverse_cuthill_mckee(sparse.csr_matrix(flows @ flows.T), symmetric_mode=True)] = np.arange(parks)
    return place


def _range(place: Ints | Longs, part: Longs, size: int, last: int) -> tuple[Longs, Longs]:
    """Least and largest part that each place (size,) meets; they differ where it meets none."""
    least, most = np.full(size, last, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(least, place, part)
    np.maximum.at(most, place, part)
    return least, most
