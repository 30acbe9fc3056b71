"""Rounds of windows: stretches of parts of a layout, solved side by side, and the basis that they make together.

At the border of a window levels and flows to other parts are held, and rows such as ramps are open; see `Ties`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..flows.tables import Bools, Floats
from .bare import Arrays, BareModel
from .crew import Crew
from .handle import BASIC, LOWER, UPPER, ZERO
from .layout import Codes, Layout
from .parts import Longs

CHAIN = 16
"""windows of one part that are solved one after the other, each from the basis of the last; whatever the threads, 1"""
GROWTH = 6.0
"""windows of one round to those of the next, about, 1"""

Basis = tuple[Codes, Codes]
Span = tuple[int, int]
"""first part of a window, and the first one after it"""


class Rounds:
    """The windows of a layout, and the models of the last round."""

    def __init__(self, crew: Crew, layout: Layout) -> None:
        self.crew, self.layout = crew, layout
        self.windows = Windows(layout)
        self._size = 0
        self._kept: dict[Span, BareModel] = {}
        """models of the last round, which are solved once more at other prices"""
        self._failed = False

    def solve(self, size: int, basis: Basis, price: Floats) -> tuple[Basis, Floats | None]:
        """Solve all windows of so many parts; return the joined basis and what flows in the long rows.

        Nothing is known of the latter where a window has no optimum. A second round of the same size goes on from the
        first one, whatever the basis.
        """
        it, again = self.layout, size == self._size
        if not again:
            self.forget()
            self._size = size
        cost = it.costs(price)
        spans = [(a, min(a + size, it.parts)) for a in range(0, it.parts, size)]
        length = CHAIN if size == 1 else 1
        joined = basis[0].copy(), basis[1].copy()
        values = self.windows.rest.copy()
        self._failed = False
        if again and size > 1:
            work: list[Callable[[], None]] = [partial(self._again, span, cost, joined, values) for span in spans]
        else:
            chains = [spans[i : i + length] for i in range(0, len(spans), length)]
            work = [partial(self.chain, chain, cost, basis, joined, values, not again) for chain in chains]
        self.crew.all_of(work)
        return joined, None if self._failed else it.flowing(values[: int(it.first_column[-1])])

    def forget(self) -> None:
        """Free the models of the last round."""
        for model in self._kept.values():
            self.crew.dismiss(model)
        self._kept, self._size = {}, 0

    def chain(
        self, spans: list[Span], cost: Floats, start: Basis, joined: Basis, values: Floats, follow: bool = True
    ) -> None:
        """Solve windows one after the other on one model; write what comes out into the joined basis and the values.

        Each starts from its part of a basis or, where it is to follow and has the matrix of the window before it, from
        the basis and the weights of that one.
        """
        model = self.crew.model()
        for span in spans:
            columns, rows = self.windows.places(span)
            stays = model.load(self.windows.arrays(span, cost))
            if not (stays and follow):
                model.start_from(start[0][columns], start[1][rows])
            self._solve(model, columns, rows, joined, values)
        if self._size > 1:
            self._kept[spans[0]] = model
        else:
            self.crew.dismiss(model)

    def _again(self, span: Span, cost: Floats, joined: Basis, values: Floats) -> None:
        """Solve a window of the last round at other prices."""
        columns, rows = self.windows.places(span)
        model = self._kept[span]
        model.change_costs(cost[columns])
        self._solve(model, columns, rows, joined, values)

    def _solve(self, model: BareModel, columns: slice, rows: slice, joined: Basis, values: Floats) -> None:
        optimal = self.crew.run(model)
        found = model.basis()
        self._failed |= not optimal
        if optimal:
            values[columns] = model.values()
        if found is not None:
            joined[0][columns], joined[1][rows] = found


class Windows:
    """The programs of the windows of a layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        ties = layout.ties
        self.rest = ties.rest.copy()
        """(n,) what columns outside of a window are taken to be"""
        self.by_row = np.argsort(ties.row_part, kind="stable")
        self.by_column = np.argsort(ties.column_part, kind="stable")

    def places(self, span: Span) -> tuple[slice, slice]:
        """Columns and rows of the parts of a span."""
        it = self.layout
        return (
            slice(int(it.first_column[span[0]]), int(it.first_column[span[1]])),
            slice(int(it.first_row[span[0]]), int(it.first_row[span[1]])),
        )

    def arrays(self, span: Span, cost: Floats) -> Arrays:
        """The program of a window."""
        it, (columns, rows) = self.layout, self.places(span)
        entries = slice(int(it.start[columns.start]), int(it.start[columns.stop]))
        start = (it.start[columns.start : columns.stop + 1] - it.start[columns.start]).astype(np.int32)
        index, value = it.index[entries] - np.int32(rows.start), it.value[entries]
        inside = (index >= 0) & (index < rows.stop - rows.start)
        if not inside.all():
            before = np.concatenate([[0], np.cumsum(inside)])
            start, index, value = before[start].astype(np.int32), index[inside], value[inside]
        lower, upper = it.lower[columns].copy(), it.upper[columns].copy()
        row_lower, row_upper = it.row_lower[rows].copy(), it.row_upper[rows].copy()
        self._close(span, columns, lower, upper)
        self._reach(span, rows, row_lower, row_upper)
        return Arrays(cost[columns], lower, upper, row_lower, row_upper, start, index, value)

    def far(self, cost: Floats) -> Arrays:
        """The long columns, as columns on the rows of the parts."""
        it, n, m = self.layout, int(self.layout.first_column[-1]), int(self.layout.first_row[-1])
        start = (it.start[n:] - it.start[n]).astype(np.int32)
        bounds, sides = (it.lower[n:], it.upper[n:]), (it.row_lower[:m], it.row_upper[:m])
        return Arrays(cost[n:], *bounds, *sides, start, it.index[it.start[n] :], it.value[it.start[n] :])

    def _close(self, span: Span, columns: slice, lower: Floats, upper: Floats) -> None:
        """Hold the columns that reach out of the window."""
        ties = self.layout.ties
        mine = _between(self.by_column, ties.column_part, span)
        mine = mine[ties.column_held[mine] & _outside(ties.row_part[mine], span)]
        held = ties.column[mine]
        lower[held - columns.start] = upper[held - columns.start] = self.rest[held]

    def _reach(self, span: Span, rows: slice, lower: Floats, upper: Floats) -> None:
        """Open the rows that reach out to columns that are not held, and move what is held out of the others."""
        ties = self.layout.ties
        mine = _between(self.by_row, ties.row_part, span)
        mine = mine[_outside(ties.column_part[mine], span)]
        moved = ties.value[mine] * self.rest[ties.column[mine]]
        place = ties.row[mine] - rows.start
        np.subtract.at(lower, place, moved)
        np.subtract.at(upper, place, moved)
        opened = place[ties.row_opens[mine]]
        lower[opened], upper[opened] = -np.inf, np.inf


def _between(order: Longs, part: Longs, span: Span) -> Longs:
    """Ties whose part lies in the span; `order` sorts the parts."""
    first, last = np.searchsorted(part, span, sorter=order)
    found: Longs = order[first:last]
    return found


def _outside(part: Longs, span: Span) -> Bools:
    return (part < span[0]) | (part >= span[1])


def round_sizes(parts: int, tied: bool) -> tuple[int, ...]:
    """Parts in a window, round by round, without the last one over all of them."""
    if not tied:
        return (1,)
    rounds = max(1, round(np.log(parts) / np.log(GROWTH)))
    ratio = parts ** (1 / rounds)
    return tuple(dict.fromkeys(round(ratio**k) for k in range(rounds)))


def slack(layout: Layout) -> Basis:
    """The basis of the rows, every column on a bound that it has."""
    free = np.isinf(layout.lower) & np.isinf(layout.upper)
    columns = np.where(free, ZERO, np.where(np.isinf(layout.lower), UPPER, LOWER)).astype(np.int8)
    return columns, np.full(len(layout.row), BASIC, np.int8)
