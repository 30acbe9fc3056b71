"""Diagnosis: why a case has no answer, and the least that would have to change.

Infeasible: the levers of `levers` are pulled by a linear program of our own, in place of any irreducible set of rows.

    minimise Σ_k cost[k]·move[k]        over all flows that satisfy every balance, recipe and limit so moved
    cost[k] = size[k] · weight[unit(k)]

    size[k]      what a unit of the move moves over all periods, in the unit of the lever: a change counts in tonnes
    weight[u]    1 for tonnes; for another unit what makes its typical (median) limit count as much as the typical one
                 in tonnes, so that no unit is cheap because its numbers are small; ten times that for what a recipe
                 allows (shares of a slot, contents of its blend), for how plants are switched and for what comes
                 back of sales, which is quality and not trade

What limits one thing that is asked for is told by the duals when its own lever alone is pulled as little as can be. At
a vertex the lines with a dual are together impossible and none of them can be left out: an irreducible set, found by
simplex in one solve and told as sentences, never as rows.

Unbounded: the columns along which the objective improves for ever, as an extreme ray of

    maximise gain·d     subject to Σ_j d[j] ≤ 1,  d ≥ 0 in the directions that all rows and bounds leave open for ever.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats
from ..models.program import Block, Program
from .fractions import Widest, widest_rows, with_widest
from .highs import solve
from .levers import Levers, find_levers, with_entries, with_levers
from .session import Session
from .solution import Solution, SolveOptions

TINY = 1e-9
"""moves below this share of what they could move are rounding, 1"""
AMPLE = 10.0
"""largest run that a lever may give to a plant with `on_off`, times its capacity, 1"""
BALANCES = ("balance", "need", "standing", "closing", "installed", "spread", "stage")
"""rows that say what something is, and limit nothing by themselves"""
TRIED = 100
"""fields that are opened one by one where there are whole numbers"""
QUALITY = 10.0
"""how much dearer it is to change what a recipe allows or how a plant is switched, 1"""
FREE = 1e6
"""bound on directions that are free in sign, 1"""


@dataclass(frozen=True, eq=False)
class Change:
    """Moves of levers that together give a case an answer."""

    move: Floats
    """(k,) how far each lever is pulled"""
    x: Floats
    """(n,) flows that are then possible, user units"""
    given_up: Bools
    """(k,) bounds of ratios that no other bound could replace: there is nothing to take a ratio of"""

    @property
    def levers(self) -> list[int]:
        """Levers that are pulled."""
        return [int(lever) for lever in np.flatnonzero(self.move)]


@dataclass(frozen=True, eq=False)
class Cause:
    """What keeps one thing that is asked for from being met."""

    lever: int
    """lever on what is asked for"""
    move: float
    """how far it is missed at least, in moves of that lever"""
    pressing: Floats
    """(k,) by how much a unit of each other lever would lower `move`; 0 for those that are not in the way"""
    worth: Floats
    """(T, nodes) by how much one more unit of each material, there and then, would lower `move` (user units)"""
    rows: tuple[int, ...] = ()
    """rows of the program without a lever that are in the way too: what has expired, what comes back of several"""


class Elastic:
    """A program with its levers inside a live solver, as a context manager."""

    def __init__(
        self,
        network: Network,
        program: Program,
        options: SolveOptions | None = None,
        together: Collection[str] = (),
    ) -> None:
        """Take a program; fields (as paths) that are to move in all periods `together` are one lever."""
        self.network, self.stated = network, program
        self.levers: Levers = _pinned(program, find_levers(network, program, together, switches=True))
        self._widest: Widest = widest_rows(network, program, self.levers)
        self.program = replace(
            with_widest(_idle_while_off(network, with_levers(program, self.levers)), self._widest),
            maximise=False,
            offset=0.0,
            objective_scale=program.flow_scale,
        )
        self._session = Session(self.program, options)
        self._cost = self.levers.size * _weights(self.levers)
        scale = float(self._cost.max(initial=0.0)) or 1.0
        self._cost = self._cost / scale

    def __enter__(self) -> Elastic:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def least(self, allowed: Bools) -> Change | None:
        """Return the least change with the allowed levers (k,), or None where they are not enough.

        Ratios and growth move as far as their fields can go. Where that is not enough, bounds of ratios are given up,
        and what they are missed by then counts for nothing.
        """
        wide, given_up = self._widest, np.zeros(len(self.levers), bool)
        change = self._within(allowed, given_up, np.ones(len(wide.row), bool))
        if change is not None or wide.firm.all():
            return change
        while (change := self._within(allowed, given_up, wide.firm)) is not None:
            more = self._beyond(change, ~wide.firm) & ~given_up
            if not more.any():
                return replace(change, given_up=given_up & (change.move > 0))
            given_up |= more
        return None

    def _within(self, allowed: Bools, free: Bools, firm: Bools) -> Change | None:
        """Return the least change in which levers stay within the widest bounds of some fractions, (w,).

        Levers (k,) that are free cost nothing. A row of a widest bound holds once a lever has been pulled beyond it:
        whether it would fail otherwise is no concern.
        """
        most, cost = np.where(allowed, self.levers.most, 0.0), np.where(free, 0.0, self._cost)
        held = np.zeros(len(firm), bool)
        while True:
            solution = self._solve(most, cost, held=held)
            if solution.column_value is None:
                return None
            change = self._change(solution)
            beyond = self._beyond(change, firm & ~held)
            if not beyond.any():
                return change
            held[self._widest.of_lever[beyond[self._widest.lever]]] = True

    def _beyond(self, change: Change, rows: Bools) -> Bools:
        """Mark the levers (k,) that are pulled beyond the widest bound of some of the fractions, (w,)."""
        wide = self._widest
        failing = wide.failing(change.x / self.program.flow_scale) & rows
        beyond = np.zeros(len(self.levers), bool)
        beyond[wide.lever[failing[wide.of_lever]]] = True
        pulled: Bools = beyond & (change.move > 0)
        return pulled

    def cause(self, lever: int, change: Change) -> Cause | None:
        """Say what limits one lever of a change, the others moved as it says."""
        most = change.move * (1 + 1e-7)
        most[lever] = self.levers.most[lever]
        least = change.move.copy()
        least[lever] = 0.0
        alone = np.zeros(len(self.levers))
        alone[lever] = 1.0
        solution = self._solve(most, alone, least)
        if solution.column_value is None or solution.column_dual is None or solution.row_dual is None:
            return None
        n, flow = self.stated.columns, self.program.flow_scale
        if self.stated.is_integer:
            pressing = self._opened(most, alone, least, float(solution.column_value[n + lever] / flow))
        else:
            pressing = -solution.column_dual[n:]
        pressing[lever] = 0.0
        scale = np.abs(pressing).max(initial=0.0)
        pressing = np.where(np.abs(pressing) > TINY * scale, pressing, 0.0)
        worth = self.program.row_view("balance", solution.row_dual) / flow
        return Cause(
            lever,
            float(solution.column_value[n + lever] / flow),
            pressing,
            worth,
            self._others(solution.row_dual),
        )

    def _others(self, dual: Floats) -> tuple[int, ...]:
        """Rows of the stated program with a dual that are neither balances of anything nor moved by a lever."""
        if self.stated.is_integer:
            return ()
        m = self.stated.rows
        free = np.abs(dual[:m]) > TINY * np.abs(dual[:m]).max(initial=0.0)
        free &= self.stated.row_origin >= 0
        free[self.levers.place[~self.levers.on_column]] = False
        for name in BALANCES:
            if name in self.stated.row_blocks:
                self.stated.row_view(name, free)[:] = False
        return tuple(int(row) for row in np.flatnonzero(free))

    def _opened(self, most: Floats, alone: Floats, least: Floats, move: float) -> Floats:
        """By how much a move falls when each other field is free, (k,), at the largest of its levers.

        Whole numbers have no duals that could tell.
        """
        found, levers = np.zeros(len(most)), self.levers
        others = np.flatnonzero(alone == 0)
        order = others[np.argsort(-levers.size[others], kind="stable")]
        _, first = np.unique(np.stack([levers.origin, levers.way])[:, order], axis=1, return_index=True)
        for lever in order[np.sort(first)][:TRIED]:
            field = (levers.origin == levers.origin[lever]) & (levers.way == levers.way[lever]) & (alone == 0)
            free = np.where(field, levers.most, most)
            solution = self._solve(free, alone, least)
            if solution.column_value is not None:
                left = float(solution.column_value[self.stated.columns :] @ alone) / self.program.flow_scale
                found[lever] = max(0.0, move - left) if move - left > 1e-6 * move else 0.0
        return found

    def _solve(self, most: Floats, cost: Floats, least: Floats | None = None, held: Bools | None = None) -> Solution:
        """Solve with moves between `least` and `most` at a cost, (k,) each, and some widest bounds held, (w,)."""
        n, program = self.stated.columns, self.program
        least = np.zeros(len(most)) if least is None else least
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[n:], upper[n:] = least, most
        if len(self._widest.row):
            self._session.change_sides(*self._sides(held))
        self._session.change_bounds(lower, upper)
        self._session.change_costs(np.concatenate([np.zeros(n), cost]))
        return self._session.solve()

    def _sides(self, held: Bools | None) -> tuple[Floats, Floats]:
        """Sides of all rows (m,), where those of the widest bounds speak for some of them, (w,)."""
        lower, upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        if held is not None:
            self.program.row_view("widest", lower)[0, held] = self._widest.lower[held]
            self.program.row_view("widest", upper)[0, held] = self._widest.upper[held]
        return lower, upper

    def _change(self, solution: Solution) -> Change:
        assert solution.column_value is not None
        n = self.stated.columns
        move = solution.column_value[n:] / self.program.flow_scale
        reach = np.zeros(len(move))
        np.maximum.at(reach, self.levers.lever, np.abs(self.levers.reach))
        amount = move * np.where(self.levers.relative, 1.0, reach)
        nothing = np.zeros(len(move), bool)
        return Change(np.where(amount > TINY, move, 0.0), solution.column_value[:n], nothing)


def _pinned(program: Program, levers: Levers) -> Levers:
    """Return the levers, where those of a field that pins a column, such as `fix`, move both of its bounds."""
    place = np.where(levers.on_column, levers.place, 0)
    other = np.where(levers.at_upper, program.lower_origin[place], program.upper_origin[place])
    pinned = program.lower[place] == program.upper[place]
    more = np.flatnonzero(levers.on_column & pinned & (other == levers.origin[levers.lever]))
    return replace(
        levers,
        on_column=np.append(levers.on_column, levers.on_column[more]),
        place=np.append(levers.place, levers.place[more]),
        lever=np.append(levers.lever, levers.lever[more]),
        reach=np.append(levers.reach, levers.reach[more]),
        at_upper=np.append(levers.at_upper, ~levers.at_upper[more]),
    )


def _idle_while_off(network: Network, program: Program) -> Program:
    """Keep plants that are off from running on the room that a lever gives: run ≤ 10·upper·on."""
    plant = network.commitments.plant
    if not len(plant):
        return program
    periods, per_period, m = program.T, program.columns_per_period, program.rows
    period, which = (index.ravel() for index in np.meshgrid(np.arange(periods), np.arange(len(plant)), indexing="ij"))
    upper = np.broadcast_to(network.plants.upper, (periods, len(network.plants.label)))[period, plant[which]]
    run = period * per_period + program.column_blocks["run"].start + plant[which]
    on = period * per_period + program.column_blocks["on"].start + which
    row = m + np.arange(len(run))
    entries = (
        np.concatenate([row, row]),
        np.concatenate([run, on]).astype(np.int64),
        np.concatenate([np.ones(len(run)), -AMPLE * upper / program.flow_scale]),
    )
    start, index, value = with_entries((program.start, program.index, program.value), *entries)
    idle = Block("idle", "row", m, len(run), False, lambda: [f"idle[{number + 1}]" for number in range(len(run))])
    return replace(
        program,
        start=start,
        index=index,
        value=value,
        row_lower=np.concatenate([program.row_lower, np.full(len(run), -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.zeros(len(run))]),
        row_origin=np.concatenate([program.row_origin, np.full(len(run), -1, np.int32)]),
        row_blocks={**program.row_blocks, "idle": idle},
    )


def _weights(levers: Levers) -> Floats:
    """Weight of each lever's unit against tonnes: (k,)."""
    units = np.array([unit.split(" ")[0] for unit in levers.unit])
    typical = {}
    for unit in np.unique(units).tolist():
        mine = units == unit
        typical[unit] = _median(levers.stated[mine]) or _median(levers.size[mine])
    tonnes = typical.get("t", 0.0) or 1.0
    weight = {unit: 1.0 if unit == "t" or not size else tonnes / size for unit, size in typical.items()}
    block = np.array(levers.block, str)
    quality = np.isin(block, ("share", "blend", "stay_on", "stay_off", "campaign"))
    quality |= (block == "returns") & ~levers.asks
    return np.array([weight[unit] for unit in units.tolist()], float) * np.where(quality, QUALITY, 1.0)


def _median(sizes: Floats) -> float:
    return float(np.median(sizes[sizes > 0])) if (sizes > 0).any() else 0.0


def improving_direction(program: Program, options: SolveOptions | None = None) -> Floats | None:
    """Return flows (n,) that may be added for ever and improve the objective each time; None where there are none.

    They form one loop (an extreme ray): none of its parts improves the objective alone. User units, of any size.
    """
    free = np.isinf(program.lower)
    openings = replace(
        program,
        offset=0.0,
        lower=np.where(free, -FREE, 0.0),
        upper=np.where(np.isinf(program.upper), np.inf, 0.0),
        row_lower=np.where(np.isinf(program.row_lower), -np.inf, 0.0),
        row_upper=np.where(np.isinf(program.row_upper), np.inf, 0.0),
        integral=np.zeros(0, bool),
        stages=(),
    )
    solution = solve(_with_total(openings, ~free), options)
    if solution.column_value is None or solution.objective is None:
        return None
    direction = np.where(np.abs(solution.column_value) > TINY * program.flow_scale, solution.column_value, 0.0)
    gain = float(program.cost @ direction) * (1.0 if program.maximise else -1.0)
    return direction if gain > TINY * float(np.abs(program.cost * direction).sum()) else None


def _with_total(program: Program, counted: Bools) -> Program:
    """Append a row: the sum of the counted columns is at most one scaled unit."""
    per_column = np.diff(program.start)
    start = np.concatenate([[0], np.cumsum(per_column + counted)]).astype(np.int32)
    index, value = np.empty(start[-1], np.int32), np.empty(start[-1])
    last = start[1:][counted] - 1
    own = np.ones(len(index), bool)
    own[last] = False
    index[own], value[own] = program.index, program.value
    index[last], value[last] = program.rows, 1.0
    total = Block("total", "row", program.rows, 1, False, lambda: ["total[all]"])
    return replace(
        program,
        start=start,
        index=index,
        value=value,
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, 1.0),
        row_origin=np.append(program.row_origin, np.int32(-1)),
        row_blocks={**program.row_blocks, "total": total},
    )
