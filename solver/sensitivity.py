"""Sensitivity: what a small move of a limit, a supply or a run changes the objective by, and how far that holds.

Each question is a *direction*: a column that is held at zero and moves several sides at once, the limit of all periods,
or the supply of a material in each of them. Its one-sided derivatives are those of the objective,

    more = lim (f(θ) − f(0)) / θ  for θ ↓ 0,        less = lim (f(0) − f(−θ)) / θ  for θ ↓ 0,

found by solving once more a little to each side from the last basis; there the derivative is the reduced cost of the
direction, checked against the change of the objective itself. How far it holds is the range of that basis (HiGHS's
`getRanging`), where a column or row leaves it: what binds next.

Sign: a derivative is the change of the objective as the user states it per unit of the move. Where the objective is
maximised, f is concave, and more ≤ dual ≤ less for any dual that a solver may report; where it is minimised,
more ≥ dual ≥ less. The two are equal where the answer is not degenerate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats
from ..models.program import Block, Program
from .levers import Levers, find_levers, with_entries, with_levers
from .session import Session
from .sides import RAISE
from .solution import Solution, SolveOptions

STEPS = (1e-3, 1e-5)
"""moves tried, relative to what the direction moves at most or to one scaled unit"""
AGREES = 1e-6
"""largest difference between a reduced cost and the change of the objective, relative to either, 1"""
Parts = tuple[tuple[int, float], ...]
"""columns that move together, each with its sign"""
SHARP = 1e-7
"""relative difference of two derivatives that counts as none, 1"""


@dataclass(frozen=True)
class Direction:
    """Sides of rows that move together: by `amount[i]` where `row[i]` is an old row; new rows force columns up.

    A move of 1 raises the supply in rows `row`, or forces `column[i]` to at least `force[i]`; user units.
    """

    row: tuple[int, ...] = ()
    amount: tuple[float, ...] = ()
    column: tuple[int, ...] = ()
    force: tuple[float, ...] = ()


@dataclass(frozen=True)
class Slope:
    """A derivative to one side."""

    value: float
    """change of the objective per unit of the move, user units"""
    reach: float
    """largest move for which it holds, user units; inf where it always does"""
    then: int
    """what binds next: a column, or n + a row of the program with directions; -1 where nothing does"""
    at_upper: bool
    """what binds next does so at its upper side, else at its lower one"""
    flows: Floats
    """(n,) change of the flows per unit of the move, user units"""
    deals: Floats
    """(T, deals) change of the column `deal`, a view of `flows`"""


@dataclass(frozen=True)
class Worth:
    """What a direction is worth to both sides; None where it cannot move that way at all."""

    more: Slope | None
    less: Slope | None

    @property
    def is_sharp(self) -> bool:
        """Both derivatives are the same: there is one price."""
        if self.more is None or self.less is None:
            return False
        size = max(abs(self.more.value), abs(self.less.value), 1e-300)
        return abs(self.more.value - self.less.value) <= SHARP * size


class Sensitivity:
    """An optimal program with its levers and some directions inside a live solver, as a context manager.

    Whole numbers are held as they are in the answer, as its prices are.
    """

    def __init__(
        self,
        network: Network,
        program: Program,
        solution: Solution,
        directions: Iterable[Direction] = (),
        options: SolveOptions | None = None,
    ) -> None:
        assert solution.column_value is not None
        self.stated, self.network = program, network
        self.levers: Levers = find_levers(network, program)
        self.directions = tuple(directions)
        levered = with_levers(_held(program, solution), self.levers)
        self.program = _with_directions(levered, self.directions)
        self._first = program.columns
        self._session = Session(self.program, options)
        self.base = self._session.solve()
        self._basis = self._session.basis()

    def __enter__(self) -> Sensitivity:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def duals(self) -> Floats:
        """Return a derivative of the objective for each lever that gives room, (k,): as the solver happens to say."""
        assert self.base.column_dual is not None
        return self.base.column_dual[self._first : self._first + len(self.levers)] * self.program.flow_scale

    def lever(self, lever: int) -> Worth:
        """What giving room by a lever is worth (`more`), and taking it (`less`); a move is as the lever counts it.

        A field that pins a run moves both bounds at once; how far that holds is not known.
        """
        unit = self.program.flow_scale if self.levers.relative[lever] else 1.0
        parts = [(self._first + lever, 1.0)]
        levers = self.levers
        twins = (levers.origin == levers.origin[lever]) & (levers.period == levers.period[lever])
        if self.network.origins[int(levers.origin[lever])].path.endswith(".fix"):
            parts += [(self._first + int(twin), -1.0) for twin in np.flatnonzero(twins) if twin != lever]
        return self._worth(tuple(parts), float(self._sizes()[lever]), unit)

    def direction(self, number: int) -> Worth:
        """What a direction is worth; a move is in user units."""
        direction = self.directions[number]
        size = max((abs(amount) for amount in (*direction.amount, *direction.force)), default=1.0)
        column = self._first + len(self.levers) + number
        return self._worth(((column, 1.0),), size, 1.0, one_way=bool(direction.column))

    def _sizes(self) -> Floats:
        """Largest change of a side per unit of each lever's move, (k,) scaled units."""
        sizes = np.zeros(len(self.levers))
        np.maximum.at(sizes, self.levers.lever, self.levers.reach)
        return sizes

    def _worth(self, parts: Parts, size: float, unit: float, one_way: bool = False) -> Worth:
        """Derivatives to both sides; `unit` turns a move in user units of flow into the move asked for."""
        more = self._slope(parts, 1.0, size, unit)
        return Worth(more, None if one_way else self._slope(parts, -1.0, size, unit))

    def _slope(self, parts: Parts, way: float, size: float, unit: float) -> Slope | None:
        """Move a little, look at the objective, and range the basis found there."""
        flow, base = self.program.flow_scale, self.base
        assert base.objective is not None and base.column_value is not None
        found: Slope | None = None
        for step in STEPS:
            move = way * step / max(size, 1e-12)
            moved = self._at(parts, move)
            if moved.objective is None or moved.column_dual is None or moved.column_value is None:
                continue
            dual = float(sum(sign * moved.column_dual[column] for column, sign in parts))
            reached = self._session.bound_range(parts[0][0]) if len(parts) == 1 else None
            flows = (moved.column_value - base.column_value)[: self._first] * (unit / (move * flow))
            end = np.inf if reached is None else reached.most if way > 0 else -reached.least
            if end <= abs(move) * (1 + 1e-6):  # possible within the tolerance of the solver only
                continue
            then = -1 if reached is None else reached.above if way > 0 else reached.below
            deals = self.stated.column_view("deal", flows)
            at_upper = then >= 0 and self._rises(then, moved)
            found = Slope(dual * unit, end * flow / unit, then, at_upper, flows, deals)
            change = moved.objective - base.objective
            if abs(change - dual * move * flow) <= AGREES * abs(change) + self._rounding():
                break
        return found

    def _rises(self, then: int, moved: Solution) -> bool:
        """Whether what binds next rises towards it, and so binds at its upper side: within a basis all is linear."""
        base = self.base
        for values, before in ((moved.column_value, base.column_value), (moved.row_value, base.row_value)):
            assert values is not None and before is not None
            if then < len(values):
                return bool(values[then] > before[then])
            then -= len(values)
        return False

    def _at(self, parts: Parts, move: float) -> Solution:
        """Solve with one direction moved, from the basis of the answer; move in scaled units."""
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        for column, sign in parts:
            lower[column] = upper[column] = sign * move
        if self._basis is not None:
            self._session.start_from(self._basis)
        self._session.change_bounds(lower, upper)
        return self._session.solve()

    def _rounding(self) -> float:
        """Change of the objective that may be rounding, user units."""
        return 1e-12 * max(abs(self.base.objective or 0.0), self.program.objective_scale)


def _held(program: Program, solution: Solution) -> Program:
    """Hold whole numbers at their values; no column is one any more."""
    if not program.is_integer or solution.column_value is None:
        return replace(program, integral=np.zeros(0, bool))
    whole = np.round(solution.column_value / program.flow_scale)
    return replace(
        program,
        lower=np.where(program.integral, whole, program.lower),
        upper=np.where(program.integral, whole, program.upper),
        integral=np.zeros(0, bool),
    )


def _with_directions(program: Program, directions: tuple[Direction, ...]) -> Program:
    """Append a column held at zero for each direction, and a row for each column that one of them forces."""
    n, m, k = program.columns, program.rows, len(directions)
    if not k:
        return program
    entries: list[tuple[int, int, float]] = []
    least: list[float] = []
    for number, direction in enumerate(directions):
        entries += [(row, n + number, amount) for row, amount in zip(direction.row, direction.amount, strict=True)]
        for column, force in zip(direction.column, direction.force, strict=True):
            row = m + len(least)
            entries += [(row, column, 1.0), (row, n + number, -force)]
            least.append(float(program.lower[column]))
    rows, columns = (np.array([entry[at] for entry in entries], np.int64) for at in (0, 1))
    value = np.array([entry[2] for entry in entries], float)
    matrix = (np.concatenate([program.start, np.full(k, program.start[-1], np.int32)]), program.index, program.value)
    start, index, value = with_entries(matrix, rows, columns, value)
    zero, nowhere = np.zeros(k), np.full(k, -1, np.int32)
    column_names, row_names = (lambda: [f"direction[{i}]" for i in range(k)]), (lambda: [f"force[{i}]" for i in least])
    return replace(
        program,
        cost=np.concatenate([program.cost, zero]),
        lower=np.concatenate([program.lower, zero]),
        upper=np.concatenate([program.upper, zero]),
        row_lower=np.concatenate([program.row_lower, least]),
        row_upper=np.concatenate([program.row_upper, np.full(len(least), np.inf)]),
        start=start,
        index=index,
        value=value,
        column_origin=np.concatenate([program.column_origin, nowhere]),
        lower_origin=np.concatenate([program.lower_origin, nowhere]),
        upper_origin=np.concatenate([program.upper_origin, nowhere]),
        row_origin=np.concatenate([program.row_origin, np.full(len(least), -1, np.int32)]),
        column_blocks={**program.column_blocks, "direction": Block("direction", "column", n, k, False, column_names)},
        row_blocks={**program.row_blocks, "force": Block("force", "row", m, len(least), False, row_names)},
    )


def lever_of_row(program: Program, levers: Levers, row: int, at_upper: bool) -> int | None:
    """Return the lever that moves a side of a row of the program with levers, or None."""
    block = program.column_blocks["lever"]
    first, last = program.start[block.start], program.start[block.start + block.size]
    where = np.flatnonzero(program.index[first:last] == row) + first
    columns = np.searchsorted(program.start, where, side="right") - 1 - block.start
    mine = [int(lever) for lever in columns if (levers.way[lever] == RAISE) == at_upper]
    return mine[0] if mine else None
