"""Windows: programs of many periods, solved up from single periods to a basis that simplex ends from.

    1  representative periods, with the long rows over them         → first prices of the long rows
    2  every period alone, its long rows paid for at these prices; then longer and longer windows, each from the joined
       bases of the windows inside it; after each round the prices are corrected
    3  all periods in one window, its long rows paid for, until the prices hold
    4  the program as it is, with its long rows, from there: simplex ends at a vertex of it

A row over all periods (a cap, a floor, a budget) makes every step of simplex dense where it is active, and cheap where
it is not. So it is active only in 1, where there are few periods, and in 4, where few steps are left.

**Prices.** The representative periods with the long rows answer prices like the whole program, but for a shift: what
the windows really do at the prices, less what the representatives do. The sides of the long rows are shifted by that,
and the representatives, solved again from their last basis, say the next prices. Where windows of one length were
solved at two prices, the shift is taken to go on as it went between them (a secant, row by row). Long columns (a
shortage, a payment, the worst-off park) stand in that small program as they are.

**Borders.** See `Ties`: levels are held at the border of a window, and rows such as ramps are open there.

Nothing here decides the answer. It only finds a basis; where it fails, simplex starts cold.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType

import numpy as np
from scipy import sparse

from ..flows.tables import Bools, Floats
from ..models.program import Program
from .bare import Arrays, BareModel
from .handle import BASIC, LOWER, UPPER, ZERO
from .highs import LiveModel
from .layout import Codes, Layout, Longs, lay_out
from .phrases import methods
from .solution import SolveOptions

REPRESENTATIVES = 12
"""periods that price the long rows, 1"""
GROWTH = 6.0
"""windows of one round to those of the next, about, 1"""
CHAIN = 16
"""windows that are solved one after the other, each from the basis of the last; whatever the threads, 1"""
MISS = 1e-4
"""how far the long rows may be missed before they are closed, relative to their size, 1"""
ROUGH = 2e-3
"""how far they may be missed in a round of windows before it is solved once more, relative to their size, 1"""
ROUNDS = 2
"""times that a round is solved at most, 1"""
TRIES = 8
"""prices that are tried on all periods at most, 1"""
GAIN, IDLE = 0.8, 2
"""what is left of the least miss at prices that gain something, and tries in a row without gain that end them, 1"""
PRESS = 1e-6
"""how far a row with a price and room to spare is moved into what flows, relative to its size, 1"""
SLOPES = (-0.6, 0.6)
"""how far the answer of all periods to a price may be from that of the representatives, 1"""
TINY = 1e-6
"""change of the representatives from which a slope is known, relative to the size of the row, 1"""
MOST_LONG_ROWS = 64
"""rows over all periods that can be priced, 1"""

Basis = tuple[Codes, Codes]


class StoppedError(Exception):
    """The time limit ended the search."""


class NoStartError(Exception):
    """The windows found no basis to start from. The message says why."""


@dataclass(frozen=True)
class Start:
    """What the windows came to."""

    seconds: float
    rounds: tuple[int, ...]
    """periods in a window, round by round"""
    prices: int
    """prices tried on the whole program"""


def start_by_windows(
    program: Program, model: LiveModel, options: SolveOptions, progress: Callable[[str], None] | None = None
) -> Start:
    """Put a live model of the program on a basis at or near its optimum.

    Raises NoStartError where the windows lead nowhere, StoppedError where the time is over, SolverError. The model
    holds the program as it was in each case.
    """
    with _Search(program, model, options, progress or (lambda text: None)) as search:
        return search.run()


class _Search:
    """One search, with the threads that it runs."""

    def __init__(
        self, program: Program, model: LiveModel, options: SolveOptions, progress: Callable[[str], None]
    ) -> None:
        self.program, self.model, self.options, self.progress = program, model, options, progress
        self.begin = time.perf_counter()
        self.layout = lay_out(program)
        self.windows = Windows(self.layout)
        self.running: set[BareModel] = set()
        self.over = False
        self.failed = False
        """a window of the last round had no optimum"""
        self.pool = ThreadPoolExecutor(max(1, options.threads))

    def __enter__(self) -> _Search:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over = True
        for model in list(self.running):
            model.stop()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def left(self) -> float:
        """Return what is left of the time limit, s."""
        limit = self.options.time_limit
        left = np.inf if limit is None else limit - (time.perf_counter() - self.begin)
        if left <= 0 or self.over:
            raise StoppedError
        return left

    def run(self) -> Start:
        """Search."""
        prices = _Prices(self)
        basis = prices.joined
        sizes = round_sizes(self.layout.periods, len(self.layout.ties.row) > 0)
        for number, size in enumerate(sizes):
            basis = self.priced_round(size, basis, prices, chained=number == 0)
        tried = self.finish(basis, prices)
        return Start(time.perf_counter() - self.begin, (*sizes, self.layout.periods), tried)

    def priced_round(self, size: int, basis: Basis, prices: _Prices, chained: bool) -> Basis:
        """Solve a round, and once more where the prices were far off.

        Prices change within a round only: a basis of smaller windows that is not optimal at the prices of the larger
        ones would send dual simplex into its first phase there, which takes longer than the round itself.
        """
        for again in range(ROUNDS):
            self.progress(f"windows of {size} periods")
            basis, activity = self.round(size, basis, prices.price, chained and not again)
            if activity is None:
                break
            if again:
                prices.learn(activity)
            if prices.hold(activity, ROUGH) or again == ROUNDS - 1:
                break
            prices.correct(activity)
        return basis

    def round(self, size: int, basis: Basis, price: Floats, chained: bool) -> tuple[Basis, Floats | None]:
        """Solve all windows of so many periods; return the joined basis and what flows in the long rows.

        Nothing is known of the latter where a window has no optimum.
        """
        it = self.layout
        cost = it.costs(price)
        spans = [(a, min(a + size, it.periods)) for a in range(0, it.periods, size)]
        length = CHAIN if size == 1 else 1
        chains = [spans[i : i + length] for i in range(0, len(spans), length)]
        joined = basis[0].copy(), basis[1].copy()
        values = self.windows.rest.copy()
        self.failed = False
        self.all_of([partial(self.chain, chain, cost, basis, joined, values, chained) for chain in chains])
        return joined, None if self.failed else it.flowing(values[: int(it.first_column[-1])])

    def chain(
        self, spans: list[tuple[int, int]], cost: Floats, start: Basis, joined: Basis, values: Floats, chained: bool
    ) -> None:
        """Solve windows one after the other on one model, and write what comes out into the joined basis."""
        model = BareModel(self.options)
        self.running.add(model)
        previous: Basis | None = None
        for span in spans:
            columns, rows = self.windows.places(span)
            model.load(self.windows.arrays(span, cost))
            own = previous if chained and previous is not None else (start[0][columns], start[1][rows])
            if len(own[0]) == columns.stop - columns.start and len(own[1]) == rows.stop - rows.start:
                model.start_from(*own)
            verdict = model.run(self.left())
            if verdict == "stopped":
                raise StoppedError
            found = model.basis()
            self.failed |= verdict == "failed"
            if verdict == "optimal":
                values[columns] = model.values()
            if found is not None:
                joined[0][columns], joined[1][rows] = previous = found
        self.running.discard(model)

    def solved(self, model: BareModel) -> bool:
        """Solve a model in a thread, so that Ctrl-C is heard; tell whether it has an optimum."""
        verdicts: list[str] = []
        self.all_of([lambda: verdicts.append(model.run(self.left()))])
        if verdicts == ["stopped"]:
            raise StoppedError
        return verdicts == ["optimal"]

    def all_of(self, work: list[Callable[[], None]]) -> None:
        """Do the work in the threads of the search; Ctrl-C ends it at once."""
        futures: list[Future[None]] = [self.pool.submit(it) for it in work]
        while wait(futures, timeout=0.1).not_done:
            if any(it.done() and it.exception() for it in futures):
                break
        for future in futures:
            if future.done():
                future.result()

    def finish(self, basis: Basis, prices: _Prices) -> int:
        """Correct the prices on one window of all periods, and go on from there with the program as it is.

        A row with a price and room to spare is moved to where the flows are at first. So it comes out of the basis
        while the prices still hold; without them, simplex would be at no optimum of its costs.
        """
        basis, activity, tried = self.correct(basis, prices)
        it, program, model = self.layout, self.program, self.model
        lower, upper = program.row_lower.copy(), program.row_upper.copy()
        long = it.row[int(it.first_row[-1]) :]
        lower[long], upper[long] = prices.pressed(activity)
        cost = np.empty(program.columns)
        cost[it.column] = it.costs(prices.price)
        limit = self.options.time_limit
        try:
            model.start_at(*it.whole(basis))
            self.progress("all periods with all rows")
            model.change_sides(lower, upper)
            model.change_costs(-cost if program.maximise else cost)
            model.advance(None if limit is None else self.left())  # what it comes to does not matter
            self.left()
        finally:
            if not model.runs_on:
                model.change_sides(program.row_lower, program.row_upper)
                model.change_costs(program.cost)
        return tried

    def correct(self, basis: Basis, prices: _Prices) -> tuple[Basis, Floats, int]:
        """Solve one window of all periods at one price after the other.

        Returns the basis at the price where least is missed, what flows in the long rows there, and the prices tried.
        """
        it, span = self.layout, (0, self.layout.periods)
        columns, rows = self.windows.places(span)
        model = BareModel(self.options)
        self.running.add(model)
        model.load(self.windows.arrays(span, it.costs(prices.price)))
        model.start_from(basis[0][columns], basis[1][rows])
        least, best, idle = np.inf, prices.price, 0
        found: Basis | None = None
        flows = np.zeros(it.long_rows)
        for tried in range(1, TRIES + 1):
            self.progress(f"all periods, prices {tried}")
            if not self.solved(model):
                raise NoStartError(methods.tell("no_start"))
            activity = it.flowing(model.values())
            if tried > 1:
                prices.learn(activity)
            held = prices.hold(activity)
            idle = 0 if prices.miss < GAIN * least else idle + 1
            if prices.miss < least:
                least, best, found, flows = prices.miss, prices.price, model.basis(), activity
            if held or idle == IDLE or tried == TRIES or not it.long_rows:
                break
            prices.correct(activity)
            model.change_costs(it.costs(prices.price)[columns])
        self.running.discard(model)
        prices.price = best
        if found is None:
            raise NoStartError(methods.tell("no_basis"))
        joined = basis[0].copy(), basis[1].copy()
        joined[0][columns], joined[1][rows] = found
        return joined, flows, tried


class Windows:
    """The programs of the windows of a layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        ties = layout.ties
        self.rest = ties.rest.copy()
        """(n,) what columns outside of a window are taken to be"""
        self.by_row = np.argsort(ties.row_period, kind="stable")
        self.by_column = np.argsort(ties.column_period, kind="stable")

    def places(self, span: tuple[int, int]) -> tuple[slice, slice]:
        """Columns and rows of the periods from the first up to, not including, the second."""
        it = self.layout
        return (
            slice(int(it.first_column[span[0]]), int(it.first_column[span[1]])),
            slice(int(it.first_row[span[0]]), int(it.first_row[span[1]])),
        )

    def arrays(self, span: tuple[int, int], cost: Floats) -> Arrays:
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

    def _close(self, span: tuple[int, int], columns: slice, lower: Floats, upper: Floats) -> None:
        """Hold the columns that reach out of the window."""
        ties = self.layout.ties
        mine = _between(self.by_column, ties.column_period, span)
        mine = mine[ties.column_held[mine] & _outside(ties.row_period[mine], span)]
        held = ties.column[mine]
        lower[held - columns.start] = upper[held - columns.start] = self.rest[held]

    def _reach(self, span: tuple[int, int], rows: slice, lower: Floats, upper: Floats) -> None:
        """Open the rows that reach out to columns that are not held, and move what is held out of the others."""
        ties = self.layout.ties
        mine = _between(self.by_row, ties.row_period, span)
        mine = mine[_outside(ties.column_period[mine], span)]
        moved = ties.value[mine] * self.rest[ties.column[mine]]
        place = ties.row[mine] - rows.start
        np.subtract.at(lower, place, moved)
        np.subtract.at(upper, place, moved)
        opened = place[ties.row_opens[mine]]
        lower[opened], upper[opened] = -np.inf, np.inf


def _between(order: Longs, period: Longs, span: tuple[int, int]) -> Longs:
    """Ties whose period lies in the span; `order` sorts the periods."""
    first, last = np.searchsorted(period, span, sorter=order)
    found: Longs = order[first:last]
    return found


def _outside(period: Longs, span: tuple[int, int]) -> Bools:
    return (period < span[0]) | (period >= span[1])


def round_sizes(periods: int, tied: bool) -> tuple[int, ...]:
    """Periods in a window, round by round, without the last one over all of them."""
    if not tied:
        return (1,)
    rounds = max(1, round(np.log(periods) / np.log(GROWTH)))
    ratio = periods ** (1 / rounds)
    return tuple(dict.fromkeys(round(ratio**k) for k in range(rounds)))


class _Prices:
    """Prices of the long rows, by representative periods."""

    def __init__(self, search: _Search) -> None:
        """Solve the representatives one by one, then together with the long rows."""
        it = search.layout
        self.search, self.layout = search, it
        self.shift = np.zeros(it.long_rows)
        self.miss = np.inf
        """how far the long rows were missed last, relative to their size"""
        self.slope = np.zeros(it.long_rows)
        """how the shift goes with what the representatives do: shift + slope · activity"""
        self.was = np.zeros(it.long_rows), np.zeros(it.long_rows)
        """what the representatives did at the last prices, and the shift there"""
        self.price = np.zeros(it.long_rows)
        self.joined = _slack(it)
        self.model = BareModel(search.options)
        search.running.add(self.model)
        self.chosen = np.unique(np.linspace(0, it.periods - 1, min(REPRESENTATIVES, it.periods)).round().astype(int))
        search.progress("representative periods")
        self._alone()
        self.low, self.high = it.row_lower[it.first_row[-1] :], it.row_upper[it.first_row[-1] :]
        self._together()

    def _alone(self) -> None:
        """Solve the representatives as windows of one period; other periods take their bases to start from."""
        search, it = self.search, self.layout
        spans = [(int(t), int(t) + 1) for t in self.chosen]
        values = search.windows.rest.copy()
        search.all_of([partial(search.chain, spans, it.cost, self.joined, self.joined, values, True)])
        for t in range(it.periods):
            near = int(self.chosen[np.argmin(np.abs(self.chosen - t))])
            own, others = search.windows.places((t, t + 1)), search.windows.places((near, near + 1))
            for codes, mine, its in zip(self.joined, own, others, strict=True):
                if mine.stop - mine.start == its.stop - its.start:
                    codes[mine] = codes[its]

    def _together(self) -> None:
        """Assemble the representatives with the long rows, and find the first prices."""
        search, it = self.search, self.layout
        parts = [search.windows.arrays((int(t), int(t) + 1), it.cost) for t in self.chosen]
        spans = [search.windows.places((int(t), int(t) + 1)) for t in self.chosen]
        self.columns = np.concatenate([np.arange(c.start, c.stop) for c, _ in spans])
        rows = np.concatenate([np.arange(r.start, r.stop) for _, r in spans])
        far = np.arange(it.first_column[-1], len(it.column))
        factor = it.periods / len(self.chosen)
        self.own = len(self.columns)
        all_columns = np.concatenate([self.columns, far])
        self.long = it.long[:, self.columns] * factor
        self.arrays = _stacked(parts, self.long, it.long[:, far], factor, (it.cost[far], it.lower[far], it.upper[far]))
        self.size = np.maximum(
            np.where(np.isfinite(self.low), np.abs(self.low), 0.0),
            np.where(np.isfinite(self.high), np.abs(self.high), 0.0),
        )
        self.model.load(self._shifted())
        long = np.full(it.long_rows, BASIC, np.int8)
        self.model.start_from(self.joined[0][all_columns], np.concatenate([self.joined[1][rows], long]))
        self._solve()

    def _shifted(self) -> Arrays:
        m = len(self.arrays.row_lower)
        lower, upper = self.arrays.row_lower.copy(), self.arrays.row_upper.copy()
        steep = 1.0 + self.slope
        lower[m - len(self.low) :] = (self.low - self.shift) / steep
        upper[m - len(self.low) :] = (self.high - self.shift) / steep
        return replace(self.arrays, row_lower=lower, row_upper=upper)

    def _solve(self) -> None:
        search = self.search
        if not search.solved(self.model):
            raise NoStartError(methods.tell("no_representatives"))
        values = self.model.values()
        self.price = self.model.row_duals()[len(self.arrays.row_lower) - len(self.low) :]
        self.activity = self.long @ values[: self.own]
        self.far = self.layout.long[:, int(self.layout.first_column[-1]) :] @ values[self.own :]

    def hold(self, activity: Floats, miss: float = MISS) -> bool:
        """The long rows are kept, and pressed on where they have a price, by what flows in all periods."""
        total = activity + self.far
        size = np.maximum(self.size, np.maximum(np.abs(activity), 1.0))
        over = np.maximum(total - self.high, self.low - total)
        slack = np.where(self.price > 0, total - self.low, np.where(self.price < 0, self.high - total, 0.0))
        self.miss = float(np.max(np.maximum(over, slack) / size, initial=0.0))
        return self.miss <= miss

    def pressed(self, activity: Floats) -> tuple[Floats, Floats]:
        """Return sides of the long rows; one with a price and room to spare is pressed on by what flows."""
        total = activity + self.far
        push = PRESS * np.maximum(self.size, np.maximum(np.abs(activity), 1.0))
        low = np.where((self.price > 0) & (total > self.low), total + push, self.low)
        high = np.where((self.price < 0) & (total < self.high), total - push, self.high)
        return low, high

    def learn(self, activity: Floats) -> None:
        """Take the slope of the shift from what flows now and what flowed in the same windows before `correct`."""
        shift, moved = activity - self.activity, self.activity - self.was[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(np.abs(moved) > TINY * self.size, (shift - self.was[1]) / moved, self.slope)
        self.slope = np.clip(slope, *SLOPES)

    def correct(self, activity: Floats) -> None:
        """Take over what really flows at the prices, and find the next ones."""
        if not len(self.low):
            return
        before, shift = self.shift, activity - self.activity
        self.was = self.activity, shift
        self.shift = shift - self.slope * self.activity
        self.model.load(self._shifted())
        try:
            self._solve()
        except NoStartError:  # the representatives cannot follow: the prices stay
            self.shift = before


def _slack(layout: Layout) -> Basis:
    """The basis of the rows, every column on a bound that it has."""
    free = np.isinf(layout.lower) & np.isinf(layout.upper)
    columns = np.where(free, ZERO, np.where(np.isinf(layout.lower), UPPER, LOWER)).astype(np.int8)
    return columns, np.full(len(layout.row), BASIC, np.int8)


def _stacked(
    parts: list[Arrays],
    long: sparse.csr_array,
    far: sparse.csr_array,
    factor: float,
    ends: tuple[Floats, Floats, Floats],
) -> Arrays:
    """Put windows beside each other, the long rows below and the long columns last."""
    blocks = [sparse.csc_array((p.value, p.index, p.start), shape=(len(p.row_lower), len(p.cost))) for p in parts]
    matrix = sparse.block_array([[sparse.block_diag(blocks), None], [long, far]]).tocsc()
    rows = [np.full(long.shape[0], -np.inf), np.full(long.shape[0], np.inf)]
    return Arrays(
        cost=np.concatenate([*(p.cost * factor for p in parts), ends[0]]),
        lower=np.concatenate([*(p.lower for p in parts), ends[1]]),
        upper=np.concatenate([*(p.upper for p in parts), ends[2]]),
        row_lower=np.concatenate([*(p.row_lower for p in parts), rows[0]]),
        row_upper=np.concatenate([*(p.row_upper for p in parts), rows[1]]),
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
    )
