"""From terms to one sparse matrix compressed by columns.

The terms of one period are sorted once; the periods are made from them by broadcasting, and so are the terms on rows of
later periods: only where these wrap around the end of the circle are rows put in order once more. Only columns that
belong to no period are sorted with all their entries. Final arrays are written once, in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..flows.tables import Floats, Ints

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
    """(k,), or (T, k) by the period of the row where the coefficient differs between periods"""
    periodic_row: bool
    periodic_column: bool
    lag: int = 0
    """the row is so many periods after the column, in a circle; both are periodic then"""


@dataclass(frozen=True, eq=False)
class _Pattern:
    """Places of one period, by column and then by row."""

    column: Ints
    """(k,) rising"""
    row: Ints
    """(k,) row within its period; or, where `lag` is -1, within all rows"""
    lag: Ints
    """(k,) periods by which the row is later, or -1 for a row of no period"""


def compress(
    terms: Sequence[Term], periods: int, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Ints, Ints, Floats]:
    """Return start (n + 1,), index and value of the matrix compressed by columns.

    `per_period` counts columns and rows of one period, `shape` all n columns and m rows. Coefficients at one place
    add up; zeros are dropped, and so are sums that are rounding of their own terms. Raises OverflowError where 32-bit
    indices do not reach.
    """
    start = np.zeros(shape[0] + 1, np.int32)
    first = periods * per_period[0]
    counts = start[1 : first + 1].reshape(periods, per_period[0])
    index, value = _periodic([t for t in terms if t.periodic_column], counts, per_period, shape)
    outer = [t for t in terms if not t.periodic_column]
    more_counts, more_index, more_value = _global(outer, periods, per_period, shape)
    if len(index) + len(more_index) > LARGEST:
        raise OverflowError("the program has more coefficients than 32-bit indices can count")
    start[first + 1 :] = more_counts
    np.cumsum(start, dtype=np.int32, out=start)
    if len(more_index):
        index, value = np.concatenate([index, more_index]), np.concatenate([value, more_value])
    return start, index, value


def _periodic(
    terms: list[Term], counts: Ints, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Ints, Floats]:
    """Sort one period and repeat it: index and value of all periodic columns; writes how many they are to counts."""
    periods = len(counts)
    terms = sorted(terms, key=lambda t: t.value.ndim)
    pattern, slot = _pattern(terms, periods, per_period[1], shape[1])
    if periods * len(pattern.row) > LARGEST:
        raise OverflowError("the program has more coefficients than 32-bit indices can count")
    steady = _joined([t.value for t in terms if t.value.ndim == 1], float)
    base = _summed(slot[: len(steady)], steady, len(pattern.row))
    changing = [t for t in terms if t.value.ndim == 2]
    if not changing and not base.all():
        used = np.flatnonzero(base)
        base, pattern = base[used], _Pattern(pattern.column[used], pattern.row[used], pattern.lag[used])
    value = np.empty((periods, len(base)))
    value[:] = base
    begin = len(steady)
    for term in changing:
        _add_changing(value, slot[begin : begin + len(term.row)], term)
        begin += len(term.row)
    if changing:
        _settle(value, slot, steady, changing)
    index = _rows_of(pattern, value, per_period[1])
    counts[:] = np.bincount(pattern.column, minlength=per_period[0])
    dropped = np.flatnonzero(value == 0)
    if len(dropped):
        period, place = np.divmod(dropped, value.shape[1])
        lost = np.bincount(period * per_period[0] + pattern.column[place], minlength=counts.size)
        counts -= lost.reshape(counts.shape).astype(np.int32)
        kept = value.ravel() != 0
        index, value = index.ravel()[kept], value.ravel()[kept]
    return index.ravel(), value.ravel()


def _pattern(terms: list[Term], periods: int, rows: int, all_rows: int) -> tuple[_Pattern, Longs]:
    """Return the places of one period, and for each coefficient of the terms its place among them.

    The sort key of a row is its distance from the first row of the column's period; rows of no period come last.
    """
    lags = 1 + max((t.lag for t in terms), default=0)
    height = max(1, lags * rows + all_rows - periods * rows)
    first = [t.lag * rows if t.periodic_row else lags * rows for t in terms]
    keys = [t.column.astype(np.int64) * height + t.row + at for t, at in zip(terms, first, strict=True)]
    places, slot = unique(_joined(keys, np.int64))
    column, row = np.divmod(places, height)
    coupling = row >= lags * rows
    lag = np.where(coupling, -1, row // max(1, rows))
    row = np.where(coupling, row + (periods - lags) * rows, row % max(1, rows))
    return _Pattern(column.astype(np.int32), row.astype(np.int32), lag.astype(np.int32)), slot


def _add_changing(value: Floats, slot: Longs, term: Term) -> None:
    """Add the (T, k) coefficients of a term, which go by the period of the row, to value (T, places)."""
    places, own = unique(slot)
    more = term.value if len(places) == len(slot) else add_up_columns(own, term.value, len(places))
    at = places if more is not term.value else slot
    cut = len(value) - term.lag
    for part, values in ((value[:cut], more[term.lag :]), (value[cut:], more[: term.lag])):
        part[:, at] += values


def _settle(value: Floats, slot: Longs, steady: Floats, changing: Sequence[Term]) -> None:
    """Set sums (T, places) to zero that are rounding of their terms; steady ones and changing ones in their slots."""
    shared = np.bincount(slot, minlength=value.shape[1]) > 1
    places = np.cumsum(shared) - 1
    gross = np.zeros((len(value), int(shared.sum())))
    gross += add_up(slot[: len(steady)], np.abs(steady), value.shape[1])[shared]
    begin = len(steady)
    for term in changing:
        own = slot[begin : begin + len(term.row)]
        begin += len(term.row)
        some = np.flatnonzero(shared[own])
        if len(some):
            part = replace(term, value=np.abs(term.value[:, some]), row=term.row[some], column=term.column[some])
            _add_changing(gross, places[own[some]], part)
    value[:, shared] = settled(value[:, shared], gross)


def _rows_of(pattern: _Pattern, value: Floats, rows: int) -> Ints:
    """Rows (T, k) of the pattern in every period, rising within each column; values move with them in the last ones."""
    periods = len(value)
    period = np.arange(periods, dtype=np.int32)[:, None]
    step = np.where(pattern.lag < 0, 0, rows).astype(np.int32)
    index: Ints = np.multiply(period, step, dtype=np.int32)
    index += (pattern.row + pattern.lag * step).astype(np.int32)
    most = int(pattern.lag.max(initial=0))
    if most > 0:
        moving = np.flatnonzero(np.isin(pattern.column, pattern.column[pattern.lag > 0]))
        tail = np.s_[periods - most :, moving]
        last, lag = index[tail], pattern.lag[moving]
        last[(lag > 0) & (period[periods - most :] + lag >= periods)] -= periods * rows
        key = pattern.column[moving].astype(np.int64) * (periods * rows + 1) + np.minimum(last, periods * rows)
        order = np.argsort(key, axis=1, kind="stable")  # rows of no period stay last in their order
        index[tail] = np.take_along_axis(last, order, 1)
        value[tail] = np.take_along_axis(value[tail], order, 1)
    return index


def _global(
    terms: list[Term], periods: int, per_period: tuple[int, int], shape: tuple[int, int]
) -> tuple[Longs, Ints, Floats]:
    """Columns of no period: every entry is written out, over all periods for periodic rows."""
    n = shape[0] - periods * per_period[0]
    rows = per_period[1]
    keys, values = [], []
    for term in terms:
        value = np.atleast_2d(term.value)
        value = np.broadcast_to(value, (periods if term.periodic_row else len(value), len(term.row)))
        period, place = np.nonzero(value)
        first = period * rows if term.periodic_row else periods * rows
        keys.append(term.column[place].astype(np.int64) * shape[1] + term.row[place] + first)
        values.append(value[period, place])
    places, slot = unique(_joined(keys, np.int64))
    value = _summed(slot, _joined(values, float), len(places))
    places, value = places[value != 0], value[value != 0]
    column, row = np.divmod(places, max(1, shape[1]))
    return np.bincount(column, minlength=n), row.astype(np.int32), value


def _summed(place: Ints | Longs, values: Floats, size: int) -> Floats:
    """Sums of the values (k,) that share a place, none of which is rounding: (size,)."""
    return settled(add_up(place, values, size), add_up(place, np.abs(values), size))


def add_up(place: Ints | Longs, values: Floats, size: int) -> Floats:
    """Sums of the values (k,) that share a place: (size,), in the order of the values."""
    return np.bincount(place, values, minlength=size).astype(float, copy=False)


ROUNDING = 1e-12
"""sums below this share of the magnitudes that they add up are rounding, 1"""


def settled(total: Floats, gross: Floats) -> Floats:
    """Return sums with those that are rounding of their own terms set to 0; `gross` adds the magnitudes of the terms.

    A ratio to such a sum has no value, where rounding would give it any.
    """
    return np.where(np.abs(total) <= ROUNDING * gross, 0.0, total)


def add_up_columns(place: Ints | Longs, values: Floats, size: int) -> Floats:
    """Sums of the columns of values (T, k) that share a place: (T, size), in the order of the values."""
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    begin = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    total = np.zeros((len(values), size))
    total[:, ordered[begin]] = np.add.reduceat(values[:, order], begin, axis=1)
    return total


def unique(keys: Ints | Longs) -> tuple[Longs, Longs]:
    """Return the distinct keys in rising order, and for each key its place among them."""
    order = np.argsort(keys)
    ordered = keys[order].astype(np.int64, copy=False)
    first = np.ones(len(keys), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    slot = np.empty(len(keys), np.int64)
    slot[order] = np.cumsum(first) - 1
    return ordered[first], slot


def _joined(parts: list[NDArray[S]], kind: type[S] | type[float]) -> NDArray[S]:
    return np.concatenate([np.empty(0, kind), *parts])
