"""Cooperative games with transferable utility: the Shapley value, the nucleolus, and whether a split is stable.

A game of n players is its worths v (2^n,): `worth[mask]` is what the coalition has whose members are the bits of
`mask`, player i being bit i; the worth of nobody, `worth[0]`, is 0. A split x (n,) gives every player a part of
v(all). What a coalition S gains by leaving is its excess v(S) − x(S).

    Shapley value     φ[i] = Σ_{S without i} |S|!·(n − |S| − 1)!/n! · (v(S ∪ i) − v(S))
    core              splits of v(all) with v(S) − x(S) ≤ 0 for every coalition S
    least core        ε = min over splits of max over S of v(S) − x(S); the core is empty where ε > 0
    nucleolus         the split whose excesses, the largest first, are the least in lexicographic order

L. S. Shapley, "A value for n-person games", in Contributions to the Theory of Games II, 1953; D. Schmeidler, "The
nucleolus of a characteristic function game", SIAM Journal on Applied Mathematics 17, 1969; M. Maschler, B. Peleg and
L. S. Shapley, "Geometric properties of the kernel, nucleolus, and related solution concepts", Mathematics of
Operations Research 4, 1979 (the sequence of linear programs and the least core).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np

from ..flows.tables import Bools, Floats, Ints

MOST_PLAYERS = 10
"""players up to which all coalitions are looked at: 1,024 of them"""
TIGHT = 1e-7
"""dual of a coalition that holds in every best split, of a sum of one, 1"""
ROUNDING = 1e-9
"""part of the largest worth by which v(all) may miss what all have alone, 1"""


@dataclass(frozen=True)
class Sampled:
    """An estimate of a Shapley value from random orders of the players."""

    value: Floats
    """(n,) mean contribution of each player; they add up to v(all)"""
    error: Floats
    """(n,) standard error of that mean"""
    orders: int


@dataclass(frozen=True)
class Objection:
    """The coalition that gains most, or loses least, by leaving a split."""

    mask: int
    gain: float
    """its worth less what the split gives it; negative where it is better off within"""


def members(players: int) -> Bools:
    """Who is in each coalition, (2^n, n)."""
    return np.asarray((np.arange(2**players)[:, None] >> np.arange(players)) & 1, bool)


def shapley(worth: Floats) -> Floats:
    """Return the Shapley value of every player, (n,), from the worths of all coalitions (2^n,)."""
    players = _players(worth)
    table = members(players)
    size = table.sum(axis=1)
    weight = np.array([factorial(s) * factorial(players - s - 1) for s in range(players)]) / factorial(players)
    found = np.empty(players)
    for player in range(players):
        without = np.flatnonzero(~table[:, player])
        found[player] = weight[size[without]] @ (worth[without | 1 << player] - worth[without])
    return found


def sampled_shapley(worth: Callable[[int], float], players: int, orders: int, seed: int) -> Sampled:
    """Estimate the Shapley value from random orders in which the players join (two orders or more).

    Each order gives every player what it adds when it joins, so the parts of an order add up to v(all) exactly. The
    standard error is that of a mean of independent orders: deviation over the root of their number. J. Castro,
    D. Gómez and J. Tejada, "Polynomial calculation of the Shapley value based on sampling", Computers & Operations
    Research 36, 2009.
    """
    random = np.random.default_rng(seed)
    added = np.empty((orders, players))
    for number in range(orders):
        mask, before = 0, 0.0
        for player in random.permutation(players).tolist():
            mask |= 1 << player
            after = worth(mask)
            added[number, player], before = after - before, after
    error: Floats = np.asarray(added.std(axis=0, ddof=1) / np.sqrt(orders))
    return Sampled(added.mean(axis=0), error, orders)


def least_core(worth: Floats) -> float:
    """Return ε, the least that the coalition with the strongest objection gains by leaving; none needs be alone.

    The core is empty where it is positive. For one player there is no coalition that could leave: minus infinity.
    """
    if _players(worth) < 2:
        return -np.inf
    scale = _scale(worth)
    return float(_program(worth / scale, _Fixed(_players(worth)), None)[0]) * scale


def nucleolus(worth: Floats) -> Floats:
    """Return the nucleolus, (n,): over the splits that give nobody less than its worth alone.

    Where v(all) is less than what all have alone there is no such split, and it is the prenucleolus, over all splits.
    Each linear program makes the largest open excess as small as can be; coalitions with a positive dual hold in all
    its solutions and are fixed, and those whose members' parts are then settled are no longer looked at. So every
    program fixes one coalition at least that is independent of those before, and n − 1 programs do.
    """
    players = _players(worth)
    scale = _scale(worth)
    game = worth / scale
    alone = game[1 << np.arange(players)]
    least = alone if alone.sum() <= game[-1] + ROUNDING else None
    fixed = _Fixed(players)
    fixed.add(2**players - 1, float(game[-1]))
    while fixed.rank < players:
        excess, dual, masks = _program(game, fixed, least)
        order = np.argsort(-dual, kind="stable")
        for place in order[dual[order] >= min(TIGHT, float(dual[order[0]]))].tolist():
            fixed.add(int(masks[place]), float(game[masks[place]] - excess))
    return fixed.split() * scale


def objection(masks: Ints, worths: Floats, split: Floats) -> Objection:
    """Return which of some coalitions, masks (k,) and worths (k,), gains most by leaving a split (n,)."""
    excess = worths - (masks[:, None] >> np.arange(len(split)) & 1) @ split
    place = int(np.argmax(excess))
    return Objection(int(masks[place]), float(excess[place]))


class _Fixed:
    """Coalitions whose parts are settled: independent equations x(S) = part."""

    def __init__(self, players: int) -> None:
        self.rows: Floats = np.zeros((0, players))
        self.parts: list[float] = []
        self._base: Floats = np.zeros((0, players))
        """rows of an orthonormal base of what they span"""

    @property
    def rank(self) -> int:
        return len(self.parts)

    def add(self, mask: int, part: float) -> None:
        """Settle a coalition, unless those before settle it."""
        row = np.array([mask >> player & 1 for player in range(self.rows.shape[1])], float)
        rest = row - self._base.T @ (self._base @ row)
        length = float(np.linalg.norm(rest))
        if length < 1e-9:
            return
        self._base = np.vstack([self._base, rest / length])
        self.rows = np.vstack([self.rows, row])
        self.parts.append(part)

    def open(self, table: Floats) -> Ints:
        """Return which coalitions (2^n, n) are not settled."""
        rest = table - (table @ self._base.T) @ self._base
        return np.flatnonzero(np.abs(rest).max(axis=1) > 1e-9).astype(np.int32)

    def split(self) -> Floats:
        return np.asarray(np.linalg.solve(self.rows, np.array(self.parts)), np.float64)


def _program(game: Floats, fixed: _Fixed, least: Floats | None) -> tuple[float, Floats, Ints]:
    """Minimise the largest excess of the coalitions that are open, those that are settled held.

        minimise ε    v(S) − x(S) ≤ ε for S open    x(S) = part for S settled    x ≥ least

    Returns ε, the dual of each open coalition (they add up to one), and their masks.
    """
    from scipy.optimize import linprog

    players = fixed.rows.shape[1]
    if not fixed.rank:
        fixed.add(2**players - 1, float(game[-1]))
    table = members(players).astype(float)
    masks = fixed.open(table)
    bounds: list[tuple[float | None, float | None]] = [(None, None)] * players
    if least is not None:
        bounds = [(float(side), None) for side in least]
    found: Any = linprog(
        c=np.eye(1, players + 1, players)[0],
        A_ub=np.hstack([-table[masks], -np.ones((len(masks), 1))]),
        b_ub=-game[masks],
        A_eq=np.hstack([fixed.rows, np.zeros((fixed.rank, 1))]),
        b_eq=np.array(fixed.parts),
        bounds=[*bounds, (None, None)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status != 0:
        raise ArithmeticError(f"the linear program of the nucleolus has no answer: {found.message}")
    return float(found.fun), -np.asarray(found.ineqlin.marginals, np.float64), masks


def _players(worth: Floats) -> int:
    players = len(worth).bit_length() - 1
    if len(worth) != 2**players or players < 1:
        raise ValueError(f"worths of 2^n coalitions are needed, not {len(worth)}")
    return players


def _scale(worth: Floats) -> float:
    return float(np.abs(worth).max()) or 1.0
