"""Layout: a program in the order of its parts (`parts.py`: periods or parks), and what ties its parts together.

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
from .parts import Kind, Longs, Parts

Codes = NDArray[np.int8]
"""how each column or row stands in a basis: `LOWER`, `BASIC`, `UPPER`, `ZERO`"""


@dataclass(frozen=True, eq=False)
class Layout:
    """A program whose columns and rows stand part by part, the long ones last. All is for a minimum.

    n columns, m rows, P parts; places are those of the new order unless said otherwise.
    """

    kind: Kind
    column: Longs
    """(n,) place in the program of each column"""
    row: Longs
    """(m,) place in the program of each row that is not single"""
    first_column: Longs
    """(P + 1,) where the columns of each part begin; the long ones begin at the last one"""
    first_row: Longs
    """(P + 1,) where the rows of each part begin; the long ones begin at the last one"""
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
    def parts(self) -> int:
        """Number of parts P."""
        return len(self.first_column) - 1

    @property
    def long_rows(self) -> int:
        """Number of rows that span the parts."""
        return len(self.row) - int(self.first_row[-1])

    @property
    def long_columns(self) -> int:
        """Number of columns that span the parts."""
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
    """Coefficients (k,) of rows on columns of another part, and how windows treat them at their border.

    A column in an equation of another part (a level, what flows to another park) is held at its rest there, so that
    both sides of the border agree on it. A row with other such columns (a ramp) is open where it reaches over the
    border.
    """

    row: Longs
    column: Longs
    value: Floats
    row_part: Longs
    column_part: Longs
    row_opens: Bools
    """(k,) the row is open in a window that it reaches out of; otherwise the columns are held"""
    column_held: Bools
    """(k,) the column is held in a window that it reaches out of"""
    rest: Floats
    """(n,) value at which columns are held: zero, or the bound next to it"""


def lay_out(program: Program, parts: Parts) -> Layout:
    """Put a program in the order of its parts."""
    last, column, row = parts.number, parts.column, parts.row.copy()
    column_order, first_column = _by_part(column, last)
    single = _single_rows(program, row, column[np.repeat(np.arange(program.columns), np.diff(program.start))], last)
    row[single] = last + 1
    row_order, first_row = _by_part(row, last)
    row_order = row_order[: program.rows - len(single)]
    is_long, is_single = row[program.index] == last, row[program.index] > last
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
    ordered = column[column_order], row[row_order]
    return Layout(
        kind=parts.kind,
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
        ties=_ties(ordered, (index, moved_column, values), bounds, sides[0] == sides[1], last),
        singles=singles,
    )


def _single_rows(program: Program, row: Longs, entry_part: Longs, last: int) -> Longs:
    """Rows that meet one column alone, in their own part."""
    met = np.bincount(program.index, minlength=program.rows)
    own = np.bincount(program.index, entry_part == row[program.index], minlength=program.rows)
    own[program.index[program.value == 0]] = 0
    return np.flatnonzero((met == 1) & (own == 1) & (row < last))


def _singles(program: Program, single: Longs, column: Longs, entry: Longs) -> Singles:
    """The single rows; the place of their column in the layout, and their entry, come in the order of the layout."""
    row = program.index[entry].astype(np.int64)
    value = program.value[entry]
    assert len(row) == len(single)
    ends = program.row_lower[row] / value, program.row_upper[row] / value
    owner = np.searchsorted(program.start, entry, side="right") - 1
    own = program.lower[owner], program.upper[owner]
    return Singles(row, column, np.minimum(*ends), np.maximum(*ends), *own, value < 0)


def _by_part(part: Longs, parts: int) -> tuple[Longs, Longs]:
    """Places in the order of their parts, and where each part begins."""
    order = np.argsort(part, kind="stable")
    return order, np.searchsorted(part[order], np.arange(parts + 1))


def _moved(program: Program, column_order: Longs, row_order: Longs) -> tuple[Longs, Longs, Ints]:
    """Start, old entry and new row of every coefficient in the new order of columns."""
    counts = np.diff(program.start)[column_order]
    start = np.concatenate([[0], np.cumsum(counts)])
    entry = np.repeat(program.start[:-1][column_order] - start[:-1], counts) + np.arange(program.nonzeros)
    place = np.full(program.rows, -1, np.int32)
    place[row_order] = np.arange(len(row_order), dtype=np.int32)
    return start, entry, place[program.index[entry]]


def _ties(
    parts: tuple[Longs, Longs],
    entries: tuple[Ints, Longs, Floats],
    bounds: tuple[Floats, Floats],
    equation: Bools,
    last: int,
) -> Ties:
    column, row = parts
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
        row_part=met[tied],
        column_part=own[tied],
        row_opens=opens[rows],
        column_held=held[columns],
        rest=np.clip(0.0, bounds[0], bounds[1]),
    )
