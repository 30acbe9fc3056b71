"""From terms to one sparse matrix compressed by columns.

The terms of one period are sorted once; the periods are made from them by broadcasting. Only columns that belong to
no period are sorted with all their entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..flows.network import Floats, Ints

Longs = NDArray[np.int64]
S = TypeVar("S", bound=np.generic)
LARGEST = 2**31 - 1
"""nonzeros that 32-bit indices can count"""


@dataclass(frozen=True, eq=False)
class Term:
    """Coefficients at (row, column): places within the period where periodic, within the rest otherwise."""

    row: Ints
    """(k,)"""
    column: Ints
    """(k,)"""
    value: Floats
    """(k,), or (T, k) where the coefficient differs between periods"""
    periodic_row: bool
    periodic_column: bool


def compress(
    terms: Sequence[Term], periods: int, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Ints, Ints, Floats]:
    """Return start (n + 1,), index and value of the matrix compressed by columns.

    `per_period` counts columns and rows of one period, `shape` all n columns and m rows. Coefficients at one place
    add up; exact zeros are dropped. Raises OverflowError where 32-bit indices do not reach.
    """
    inner = [t for t in terms if t.periodic_column]
    outer = [t for t in terms if not t.periodic_column]
    counts, index, value = _periodic(inner, periods, per_period, shape)
    more_counts, more_index, more_value = _global(outer, periods, per_period, shape)
    if len(index) + len(more_index) > LARGEST:
        raise OverflowError("the program has more coefficients than 32-bit indices can count")
    counts = np.concatenate([[0], counts, more_counts])
    return (
        np.cumsum(counts).astype(np.int32),
        np.concatenate([index, more_index]) if len(more_index) else index,
        np.concatenate([value, more_value]) if len(more_value) else value,
    )


def _periodic(
    terms: list[Term], periods: int, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Longs, Ints, Floats]:
    """Sort one period, repeat it. Rows of no period count after those of the period in the sort key."""
    rows = per_period[1]
    height = max(1, rows + shape[1] - periods * rows)
    terms = sorted(terms, key=lambda t: t.value.ndim)
    keys = _joined(
        [t.column.astype(np.int64) * height + t.row + (0 if t.periodic_row else rows) for t in terms],
        np.int64,
    )
    places, slot = _unique(keys)
    steady = _joined([t.value for t in terms if t.value.ndim == 1], float)
    base = add_up(slot[: len(steady)], steady, len(places))
    value = np.broadcast_to(base, (periods, len(places)))
    changing = [t.value for t in terms if t.value.ndim == 2]
    if changing:
        value = value + _summed(slot[len(steady) :], np.hstack(changing), len(places))
    used = (value != 0).any(axis=0) if changing else value[0] != 0
    if not used.all():
        places, value = places[used], value[:, used]
    column, row = np.divmod(places, height)
    return _repeated(column, row, value, periods, per_period)


def _repeated(
    column: Longs, row: Longs, value: Floats, periods: int, per_period: tuple[int, int]
) -> tuple[Longs, Ints, Floats]:
    columns, rows = per_period
    if periods * len(row) > LARGEST:
        raise OverflowError("the program has more coefficients than 32-bit indices can count")
    period = np.arange(periods, dtype=np.int32)[:, None]
    index = row.astype(np.int32) + period * np.int32(rows)
    coupling = np.flatnonzero(row >= rows)
    index[:, coupling] = row[coupling] + (periods - 1) * rows
    counts = np.tile(np.bincount(column, minlength=columns), periods)
    kept = value != 0
    if not kept.all():
        where = np.broadcast_to(column, value.shape) + period.astype(np.int64) * columns
        counts = np.bincount(where[kept], minlength=periods * columns)
        return counts, index[kept], value[kept]
    return counts, index.ravel(), np.ascontiguousarray(value).ravel()


def _global(
    terms: list[Term], periods: int, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Longs, Ints, Floats]:
    """Columns of no period: every entry is written out, over all periods for periodic rows."""
    n = shape[0] - periods * per_period[0]
    rows = per_period[1]
    period = np.arange(periods)[:, None]
    keys, values = [], []
    for term in terms:
        first = period * rows if term.periodic_row else np.array([[periods * rows]])
        key = term.column.astype(np.int64) * shape[1] + term.row + first
        keys.append(key.ravel())
        values.append(np.broadcast_to(term.value, key.shape).ravel())
    places, slot = _unique(_joined(keys, np.int64))
    value = add_up(slot, _joined(values, float), len(places))
    places, value = places[value != 0], value[value != 0]
    column, row = np.divmod(places, max(1, shape[1]))
    return np.bincount(column, minlength=n), row.astype(np.int32), value


def merge(
    matrix: tuple[Ints, Ints, Floats], entries: tuple[Longs, Longs, Floats], rows: int
) -> tuple[Ints, Ints, Floats]:
    """Add entries (row, column, value) to a matrix compressed by columns; what meets at one place adds up."""
    start, index, value = matrix
    row, column, more = entries
    own = np.repeat(np.arange(len(start) - 1, dtype=np.int64), np.diff(start)) * rows + index
    places, slot = _unique(np.concatenate([own, column.astype(np.int64) * rows + row]))
    total = add_up(slot, np.concatenate([value, more]), len(places))
    places, total = places[total != 0], total[total != 0]
    if len(places) > LARGEST:
        raise OverflowError("the program has more coefficients than 32-bit indices can count")
    columns, merged = np.divmod(places, max(1, rows))
    counts = np.bincount(columns, minlength=len(start) - 1)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), merged.astype(np.int32), total


def add_up(place: Ints | Longs, values: Floats, size: int) -> Floats:
    """Sums of the values (k,) that share a place: (size,), in the order of the values."""
    return np.bincount(place, values, minlength=size).astype(float, copy=False)


def _joined(parts: list[NDArray[S]], kind: type[S] | type[float]) -> NDArray[S]:
    return np.concatenate([np.empty(0, kind), *parts])


def _unique(keys: Longs) -> tuple[Longs, Longs]:
    """Return the distinct keys in rising order, and for each key its place among them."""
    order = np.argsort(keys)
    ordered = keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    slot = np.empty(len(keys), np.int64)
    slot[order] = np.cumsum(first) - 1
    return ordered[first], slot


def _summed(slot: Longs, values: Floats, size: int) -> Floats:
    """Add up the (T, k) values that share a slot: (T, size)."""
    order = np.argsort(slot, kind="stable")
    ordered = slot[order]
    begin = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    total = np.zeros((len(values), size))
    total[:, ordered[begin]] = np.add.reduceat(values[:, order], begin, axis=1)
    return total
