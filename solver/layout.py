"""Layout: a program in the order of its periods, and what ties its periods together.

Read from the matrix, not from names. A column or row that belongs to no block of periods is given to a period where its
coefficients say so: the opening of a store belongs to the first one, a row over the last level to the last one. What
is left spans the horizon: long rows (caps, floors, budgets, stages) over three periods or more, and long columns.

A row on one column alone (the capacity of a lane that carries one material) is a bound of that column, and no row here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..flows.tables import Bools, Floats, Ints
from ..models.program import Program
from .handle import BASIC, LOWER, UPPER

Codes = NDArray[np.int8]
"""how each column or row stands in a basis: `LOWER`, `BASIC`, `UPPER`, `ZERO`"""
Longs = NDArray[np.int64]
NEIGHBOURS = 2
"""a row over periods that are no further apart than this is a tie between neighbours, not a long row"""


@dataclass(frozen=True, eq=False)
class Layout:
    """A program whose columns and rows stand period by period, the long ones last. All is for a minimum.

    n columns, m rows, T periods; places are those of the new order unless said otherwise.
    """

    column: Longs
    """(n,) place in the program of each column"""
    row: Longs
    """(m,) place in the program of each row that is not single"""
    first_column: Longs
    """(T + 1,) where the columns of each period begin; the long ones begin at the last one"""
    first_row: Longs
    """(T + 1,) where the rows of each period begin; the long ones begin at the last one"""
    cost: Floats
    """(n,) turned for a minimum"""
    lower: Floats
    """(n,) with what the single rows hold"""
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Longs
    """(n + 1,) the matrix without its long rows, by columns"""
    index: Ints
    value: Floats
    long: sparse.csr_array
    """(long rows, n) the long rows"""
    ties: Ties
    singles: Singles

    @property
    def periods(self) -> int:
        """Number of periods T."""
        return len(self.first_column) - 1

    @property
    def long_rows(self) -> int:
        """Number of rows that span the horizon."""
        return len(self.row) - int(self.first_row[-1])

    @property
    def long_columns(self) -> int:
        """Number of columns that span the horizon."""
        return len(self.column) - int(self.first_column[-1])

    def flowing(self, values: Floats) -> Floats:
        """Return what values of all columns but the long ones bring to the long rows, (long rows,)."""
        found: Floats = self.long[:, : int(self.first_column[-1])] @ values
        return found

    def whole(self, basis: tuple[Codes, Codes]) -> tuple[Codes, Codes]:
        """Return a basis of the layout as one of the program: on a bound that a single row gives, that row rests."""
        of_columns, of_rows = basis[0].copy(), np.full(len(self.row) + len(self.singles.row), BASIC, np.int8)
        of_rows[self.row] = basis[1]
        it = self.singles
        for code, other, own, given in (
            (LOWER, UPPER, it.own_lower, it.lower),
            (UPPER, LOWER, it.own_upper, it.upper),
        ):
            bound = (self.lower if code == LOWER else self.upper)[it.column]
            held = np.flatnonzero((of_columns[it.column] == code) & (given != own) & (given == bound))
            _, first = np.unique(it.column[held], return_index=True)
            rests = held[first]
            of_columns[it.column[rests]] = BASIC
            of_rows[it.row[rests]] = np.where(it.turned[rests], other, code)
        columns = np.empty_like(of_columns)
        columns[self.column] = of_columns
        return columns, of_rows

    def costs(self, price: Floats) -> Floats:
        """Costs (n,) with the long rows paid for at a price (long rows,): c − Lᵀ·price."""
        return self.cost - self.long.T @ price if price.any() else self.cost


@dataclass(frozen=True, eq=False)
class Singles:
    """Rows (k,) on one column alone, which stand as bounds of that column."""

    row: Longs
    """(k,) place in the program"""
    column: Longs
    """(k,) place in the layout"""
    lower: Floats
    """(k,) bounds of the column by the row"""
    upper: Floats
    own_lower: Floats
    """(k,) bounds of the column in the program"""
    own_upper: Floats
    turned: Bools
    """(k,) the coefficient is negative: the row is at its other end"""


@dataclass(frozen=True, eq=False)
class Ties:
    """Coefficients (k,) of rows on columns of another period, and how windows treat them at their border.

    A column in an equation of another period (a level) is held at its rest there, so that both sides of the border
    agree on it. A row with other such columns (a ramp) is open where it reaches over the border.
    """

    row: Longs
    column: Longs
    value: Floats
    row_period: Longs
    column_period: Longs
    row_opens: Bools
    """(k,) the row is open in a window that it reaches out of; otherwise the columns are held"""
    column_held: Bools
    """(k,) the column is held in a window that it reaches out of"""
    rest: Floats
    """(n,) value at which columns are held: zero, or the bound next to it"""


def lay_out(program: Program) -> Layout:
    """Put a program in the order of its periods."""
    entry_column = np.repeat(np.arange(program.columns), np.diff(program.start))
    column, row = _periods(program, entry_column)
    column_order, first_column = _by_period(column, program.T)
    single = _single_rows(program, row, column[entry_column])
    row[single] = program.T + 1
    row_order, first_row = _by_period(row, program.T)
    row_order = row_order[: program.rows - len(single)]
    is_long, is_single = row[program.index] == program.T, row[program.index] > program.T
    start, entry, index = _moved(program, column_order, row_order)
    kept = ~(is_long | is_single)[entry]
    moved_column = np.repeat(np.arange(program.columns), np.diff(start))
    values = program.value[entry]
    long = sparse.csr_array(
        (values[is_long[entry]], (index[is_long[entry]] - first_row[-1], moved_column[is_long[entry]])),
        shape=(len(row_order) - int(first_row[-1]), program.columns),
    )
    singles = _singles(program, single, moved_column[is_single[entry]], entry[is_single[entry]])
    counts = np.bincount(moved_column[kept], minlength=program.columns)
    sides = program.row_lower[row_order], program.row_upper[row_order]
    bounds = program.lower[column_order], program.upper[column_order]
    np.maximum.at(bounds[0], singles.column, singles.lower)
    np.minimum.at(bounds[1], singles.column, singles.upper)
    index, values, moved_column = index[kept], values[kept], moved_column[kept]
    periods = column[column_order], row[row_order]
    return Layout(
        column=column_order,
        row=row_order,
        first_column=first_column,
        first_row=first_row,
        cost=(-program.cost if program.maximise else program.cost)[column_order],
        lower=bounds[0],
        upper=bounds[1],
        row_lower=sides[0],
        row_upper=sides[1],
        start=np.concatenate([[0], np.cumsum(counts)]),
        index=index,
        value=values,
        long=long,
        ties=_ties(periods, (index, moved_column, values), bounds, sides[0] == sides[1], program.T),
        singles=singles,
    )


def long_rows(program: Program) -> int:
    """Number of rows that span the horizon."""
    entry_column = np.repeat(np.arange(program.columns), np.diff(program.start))
    return int((_periods(program, entry_column)[1] == program.T).sum())


def _periods(program: Program, entry_column: Longs) -> tuple[Longs, Longs]:
    """Period of each column (n,) and row (m,); T for those that span the horizon."""
    last = program.T
    column = _own_periods(program.columns, program.columns_per_period, last)
    row = _own_periods(program.rows, program.rows_per_period, last)
    met = (column[entry_column] == last) & (row[program.index] < last)
    least, most = _range(entry_column[met], row[program.index[met]], program.columns, last)
    one = (column == last) & (least == most)
    column[one] = least[one]
    met = (row[program.index] == last) & (column[entry_column] < last)
    places, periods = program.index[met], column[entry_column[met]]
    least, most = _range(places, periods, program.rows, last)
    pairs = np.unique(places.astype(np.int64) * (last + 1) + periods)
    several = np.bincount(pairs // (last + 1), minlength=program.rows)
    short = (row == last) & (several > 0) & ((several <= 2) | (most - least <= NEIGHBOURS))
    row[short] = most[short]
    row[(row == last) & (several == 0) & (np.bincount(program.index, minlength=program.rows) == 0)] = 0
    return column, row


def _single_rows(program: Program, row: Longs, entry_period: Longs) -> Longs:
    """Rows that meet one column alone, in their own period."""
    met = np.bincount(program.index, minlength=program.rows)
    own = np.bincount(program.index, entry_period == row[program.index], minlength=program.rows)
    own[program.index[program.value == 0]] = 0
    return np.flatnonzero((met == 1) & (own == 1) & (row < program.T))


def _singles(program: Program, single: Longs, column: Longs, entry: Longs) -> Singles:
    """The single rows; the place of their column in the layout, and their entry, come in the order of the layout."""
    row = program.index[entry].astype(np.int64)
    value = program.value[entry]
    assert len(row) == len(single)
    ends = program.row_lower[row] / value, program.row_upper[row] / value
    owner = np.searchsorted(program.start, entry, side="right") - 1
    own = program.lower[owner], program.upper[owner]
    return Singles(row, column, np.minimum(*ends), np.maximum(*ends), *own, value < 0)


def _own_periods(size: int, per_period: int, periods: int) -> Longs:
    own = np.full(size, periods, np.int64)
    own[: per_period * periods] = np.repeat(np.arange(periods), per_period)
    return own


def _range(place: Ints | Longs, period: Longs, size: int, last: int) -> tuple[Longs, Longs]:
    """Least and largest period that each place (size,) meets; they differ where it meets none."""
    least, most = np.full(size, last, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(least, place, period)
    np.maximum.at(most, place, period)
    return least, most


def _by_period(period: Longs, periods: int) -> tuple[Longs, Longs]:
    """Places in the order of their periods, and where each period begins."""
    order = np.argsort(period, kind="stable")
    return order, np.searchsorted(period[order], np.arange(periods + 1))


def _moved(program: Program, column_order: Longs, row_order: Longs) -> tuple[Longs, Longs, Ints]:
    """Start, old entry and new row of every coefficient in the new order of columns."""
    counts = np.diff(program.start)[column_order]
    start = np.concatenate([[0], np.cumsum(counts)])
    entry = np.repeat(program.start[:-1][column_order] - start[:-1], counts) + np.arange(program.nonzeros)
    place = np.full(program.rows, -1, np.int32)
    place[row_order] = np.arange(len(row_order), dtype=np.int32)
    return start, entry, place[program.index[entry]]


def _ties(
    periods: tuple[Longs, Longs],
    entries: tuple[Ints, Longs, Floats],
    bounds: tuple[Floats, Floats],
    equation: Bools,
    last: int,
) -> Ties:
    column, row = periods
    index, entry_column, value = entries
    own, met = column[entry_column], row[index]
    tied = np.flatnonzero((own != met) & (own < last))
    rows, columns = index[tied].astype(np.int64), entry_column[tied]
    held = np.zeros(len(column), bool)
    held[columns[equation[rows]]] = True
    opens = np.zeros(len(row), bool)
    opens[rows[~held[columns]]] = True
    return Ties(
        row=rows,
        column=columns,
        value=value[tied],
        row_period=met[tied],
        column_period=own[tied],
        row_opens=opens[rows],
        column_held=held[columns],
        rest=np.clip(0.0, bounds[0], bounds[1]),
    )
