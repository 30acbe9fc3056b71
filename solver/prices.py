"""Prices of the long rows, by parts that stand for all of them.

These representatives with the long rows answer prices like the whole program, but for a shift: what the windows really
do at the prices, less what the representatives do. The sides of the long rows are shifted by that, and the
representatives, solved again from their last basis, say the next prices. Where windows of one length were solved at two
prices, the shift is taken to go on as it went between them (a secant, row by row). Long columns (a shortage, a payment,
the worst-off park) stand in that small program as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from ..flows.tables import Floats
from .bare import Arrays
from .crew import Crew, NoStartError
from .handle import BASIC
from .layout import Layout
from .phrases import methods
from .rounds import Rounds, slack

REPRESENTATIVES = 7
"""parts that price the long rows, 1"""
PRESS = 1e-6
"""how far a row with a price and room to spare is moved into what flows, relative to its size, 1"""
SLOPES = (-0.6, 0.6)
"""how far the answer of all parts to a price may be from that of the representatives, 1"""
TINY = 1e-6
"""change of the representatives from which a slope is known, relative to the size of the row, 1"""


class Prices:
    """The prices (l,) of the l long rows, and the program of the representatives."""

    def __init__(self, crew: Crew, rounds: Rounds, layout: Layout) -> None:
        """Solve the representatives one by one, then together with the long rows. Raises NoStartError, StoppedError."""
        it = layout
        self.crew, self.rounds, self.layout = crew, rounds, layout
        self.shift = np.zeros(it.long_rows)
        self.miss = np.inf
        """how far the long rows were missed last, relative to their size"""
        self.slope = np.zeros(it.long_rows)
        """how the shift goes with what the representatives do: shift + slope · activity"""
        self.was = np.zeros(it.long_rows), np.zeros(it.long_rows)
        """what the representatives did at the last prices, and the shift there"""
        self.price = np.zeros(it.long_rows)
        self.begin()
        self.joined = slack(it)
        """basis of the parts, as far as the representatives say"""
        self.model = crew.model()
        self.chosen = np.unique(np.linspace(0, it.parts - 1, min(REPRESENTATIVES, it.parts)).round().astype(int))
        self._alone()
        self.low, self.high = it.row_lower[it.first_row[-1] :], it.row_upper[it.first_row[-1] :]
        self.activity = self.far = self.size = np.zeros(it.long_rows)
        """what flows in the long rows through the representatives, and through the long columns; size of the rows"""
        if it.long_rows:
            self._together()

    def begin(self) -> None:
        """Begin with windows of another length, which answer prices in another way."""
        self.ends, self.over = np.full((2, self.layout.long_rows), np.nan), np.full((2, self.layout.long_rows), np.nan)
        """(2, l) prices last tried at which too little and too much flows, and by how much"""

    def _alone(self) -> None:
        """Solve the representatives as windows of one part; periods take the bases of those that stand for them."""
        it, windows = self.layout, self.rounds.windows
        spans = [(int(t), int(t) + 1) for t in self.chosen]
        values = windows.rest.copy()
        self.crew.all_of([lambda: self.rounds.chain(spans, it.cost, self.joined, self.joined, values)])
        for t in range(it.parts) if it.kind == "periods" else ():
            near = int(self.chosen[np.argmin(np.abs(self.chosen - t))])
            own, others = windows.places((t, t + 1)), windows.places((near, near + 1))
            for codes, mine, its in zip(self.joined, own, others, strict=True):
                if mine.stop - mine.start == its.stop - its.start:
                    codes[mine] = codes[its]

    def _together(self) -> None:
        """Assemble the representatives with the long rows, and find the first prices."""
        it, windows = self.layout, self.rounds.windows
        alone = [windows.arrays((int(t), int(t) + 1), it.cost) for t in self.chosen]
        spans = [windows.places((int(t), int(t) + 1)) for t in self.chosen]
        self.columns = np.concatenate([np.arange(c.start, c.stop) for c, _ in spans])
        rows = np.concatenate([np.arange(r.start, r.stop) for _, r in spans])
        far = np.arange(it.first_column[-1], len(it.column))
        factor = it.parts / len(self.chosen)
        self.own = len(self.columns)
        all_columns = np.concatenate([self.columns, far])
        self.long = it.long[:, self.columns] * factor
        ends = it.cost[far], it.lower[far], it.upper[far]
        self.arrays = _stacked(alone, self.long, it.long[:, far], factor, ends)
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
        if not self.crew.solved(self.model):
            raise NoStartError(methods.tell("no_representatives"))
        values = self.model.values()
        self.price = self.model.row_duals()[len(self.arrays.row_lower) - len(self.low) :]
        self.activity = self.long @ values[: self.own]
        self.far = self.layout.long[:, int(self.layout.first_column[-1]) :] @ values[self.own :]

    def hold(self, activity: Floats, miss: float) -> bool:
        """The long rows are kept, and pressed on where they have a price, by what flows in all parts."""
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

    def learn(self, activity: Floats) -> float:
        """Take the slope of the shift from what flows now and what flowed in the same windows before `correct`.

        Returns how far that moved, relative to the size of the row that moved furthest.
        """
        shift, moved = activity - self.activity, self.activity - self.was[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(np.abs(moved) > TINY * self.size, (shift - self.was[1]) / moved, self.slope)
        self.slope = np.clip(slope, *SLOPES)
        size = np.maximum(self.size, np.maximum(np.abs(activity), 1.0))
        return float(np.max(np.abs(activity - self.was[0] - self.was[1]) / size, initial=0.0))

    def correct(self, activity: Floats) -> None:
        """Take over what really flows at the prices, and find the next ones."""
        if not len(self.low):
            return
        self._enclose(activity)
        before, shift = self.shift, activity - self.activity
        self.was = self.activity, shift
        self.shift = shift - self.slope * self.activity
        self.model.load(self._shifted())
        try:
            self._solve()
        except NoStartError:  # the representatives cannot follow: the prices stay
            self.shift = before
        self._keep_within()

    def _enclose(self, activity: Floats) -> None:
        """Note between which prices each row is kept and pressed on; what flows in it rises with its price."""
        total = activity + self.far
        over = total - np.where(self.price < 0, self.high, np.where(self.price > 0, self.low, np.nan))
        for end, side in ((0, over < 0), (1, over > 0)):
            self.ends[end][side], self.over[end][side] = self.price[side], over[side]

    def _keep_within(self) -> None:
        """Take a price from a line through the ends where the representatives tell one that is not between them."""
        (low, high), (under, over) = self.ends, self.over
        with np.errstate(invalid="ignore"):
            out = (low < high) & ((self.price <= low) | (self.price >= high))
            self.price = np.where(out, low + (high - low) * under / (under - over), self.price)


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
