"""Windows: programs of many periods or parks, solved up from single ones to a basis that simplex ends from.

    1  representatives, with the long rows over them             → first prices of the long rows      `prices.py`
    2  every part alone, its long rows paid for at these prices; then longer and longer windows, each from the joined
       bases of the windows inside it; the prices are corrected between rounds                        `rounds.py`
    3  all parts in one window, its long rows paid for, until few steps are left to where they hold
    4  the same with its long rows; then without the prices
    5  the program as it is, from there: simplex ends at a vertex of it

A row over all parts (a cap, a floor, a budget) makes every step of simplex dense where it is active, and cheap where
it is not. So it is active only in 1, where there are few parts, and in 4, where few steps are left.

Nothing here decides the answer. It only finds a basis; where it fails, simplex starts cold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..flows.tables import Floats
from ..models.program import Program
from .bare import BareModel
from .crew import Crew, NoStartError
from .highs import LiveModel
from .layout import lay_out
from .parts import Parts
from .phrases import methods
from .prices import Prices
from .rounds import Basis, Rounds, round_sizes
from .solution import SolveOptions

MISS = 1e-4
"""how far the long rows may be missed before they are closed, relative to their size, 1"""
STEPS = 150
"""steps with all rows, each of which is dense, that cost about as much as another price, 1"""
ROUGH = 2e-3
"""how far they may be missed in a round of windows before it is solved once more, relative to their size, 1"""
TRIES = 8
"""prices that are tried on all parts at most, 1"""
GAIN, IDLE = 0.8, 3
"""what is left of the least miss at prices that gain something, and tries in a row without gain that end them, 1"""


@dataclass(frozen=True)
class Start:
    """What the windows came to."""

    seconds: float
    rounds: tuple[int, ...]
    """parts in a window, round by round"""
    prices: int
    """prices tried on the whole program"""


def start_by_windows(program: Program, model: LiveModel, options: SolveOptions, parts: Parts) -> Start:
    """Put a live model of the program on a basis at or near its optimum.

    Raises NoStartError where the windows lead nowhere, StoppedError where a limit ends them, SolverError.
    """
    with Crew(options) as crew:
        return _Search(program, crew, parts).run(model)


class _Search:
    """One search over the parts of a program."""

    def __init__(self, program: Program, crew: Crew, parts: Parts) -> None:
        self.crew, self.each = crew, parts.each
        self.layout = lay_out(program, parts)
        self.rounds = Rounds(crew, self.layout)
        crew.tell(f"representative {parts.kind}")
        self.prices = Prices(crew, self.rounds, self.layout)

    def run(self, model: LiveModel) -> Start:
        """Search, and leave the model on the basis."""
        it, basis = self.layout, self.prices.joined
        sizes = round_sizes(it.parts, len(it.ties.row) > 0)
        for size in sizes:
            basis = self.round(size, basis)
        self.rounds.forget()
        whole, activity, tried = self.all_parts(basis)
        found = self.close(whole, activity)
        self.crew.dismiss(whole)
        model.start_at(*it.whole(found))
        return Start(self.crew.seconds, (*sizes, it.parts), tried)

    def round(self, size: int, basis: Basis) -> Basis:
        """Solve a round of windows, and once more where the prices were far off.

        Prices change within a round only: a basis of smaller windows that is not optimal at the prices of the larger
        ones would send dual simplex into its first phase there, which takes longer than the round itself. They do not
        change in the first round where stores or links tie the parts: without these, the prices are other ones.
        """
        prices = self.prices
        prices.begin()
        for again in (False, True):
            self.crew.tell(f"windows of {size * self.each} {self.layout.kind}")
            basis, activity = self.rounds.solve(size, basis, prices.price)
            if activity is None:
                break
            if again:
                prices.learn(activity)
            if prices.hold(activity, ROUGH) or again or (size == 1 and len(self.layout.ties.row)):
                break
            prices.correct(activity)
        return basis

    def all_parts(self, basis: Basis) -> tuple[BareModel, Floats, int]:
        """Solve one window of all parts at one price after the other.

        Another price pays until few steps are left: closing the rows takes as many for what is missed as prices took
        for what they moved. Returns the model at the price where least is missed, what flows in the long rows there,
        and the prices tried.
        """
        it, prices = self.layout, self.prices
        columns, rows = self.rounds.windows.places((0, it.parts))
        model = self.crew.model()
        model.load(self.rounds.windows.arrays((0, it.parts), it.costs(prices.price)))
        model.start_from(basis[0][columns], basis[1][rows])
        prices.begin()
        least, best, idle, pace = np.inf, prices.price, 0, 0.0
        found: Basis | None = None
        flows = np.zeros(it.long_rows)
        for tried in range(1, TRIES + 1):
            self.crew.tell(f"all {it.kind}, prices {tried}")
            if not self.crew.solved(model):
                raise NoStartError(methods.tell("no_start"))
            activity = it.flowing(model.values())
            if tried > 1:
                moved = prices.learn(activity)
                pace = max(pace, model.steps / moved if moved else 0.0)
            held = prices.hold(activity, MISS)
            idle = 0 if prices.miss < GAIN * least else idle + 1
            if prices.miss < least:
                least, best, found, flows = prices.miss, prices.price, model.basis(), activity
            near = tried > 1 and pace * least <= STEPS
            if held or near or idle == IDLE or tried == TRIES or not it.long_rows:
                break
            prices.correct(activity)
            model.change_costs(it.costs(prices.price)[columns])
        if found is None:
            raise NoStartError(methods.tell("no_basis"))
        if prices.price is not best:
            prices.price = best
            model.change_costs(it.costs(best)[columns])
            model.start_from(*found)
        return model, flows, tried

    def close(self, model: BareModel, activity: Floats) -> Basis:
        """Put the long columns and rows into the model of all parts, and return where it ends without prices."""
        it = self.layout
        if it.long_rows or it.long_columns:
            self.crew.tell(f"all {it.kind} with all rows")
            self._add_the_long(model, activity)
        found = model.basis()
        if found is None:
            raise NoStartError(methods.tell("no_basis"))
        return found

    def _add_the_long(self, model: BareModel, activity: Floats) -> None:
        """Solve with the long rows at their prices, then at none.

        A row with a price and room to spare is moved to where the flows are at first. So it comes out of the basis
        while the prices still hold; without them, simplex would be at no optimum of its costs.
        """
        it, prices = self.layout, self.prices
        model.extend(self.rounds.windows.far(it.costs(prices.price)), it.long)
        model.change_last_sides(*prices.pressed(activity))
        self.crew.solved(model)  # what it comes to does not matter
        model.change_last_sides(prices.low, prices.high)
        model.change_costs(it.cost)
        self.crew.solved(model)
