"""Levers: the limits that a case states, as columns by which each can be moved.

A lever is one field of the case (`parks.qarhan.sell.pvc.min`) seen from the program: all bounds of columns and sides
of rows that follow from it, and how far they move when the field does. A diagnosis pulls levers until a case has an
answer; an explanation moves one by a little and looks at the objective.

    a·x ≤ side + Σ_k reach[k]·move[k]          for the upper side of a row (or bound of a column) that levers k move
    a·x ≥ side − Σ_k reach[k]·move[k]          for the lower one
    0 ≤ move[k] ≤ most[k]                      when levers are pulled; move[k] = 0 otherwise

    move[k]     column `lever`, always in the direction that gives room
    reach[k]    relative levers: the side itself, so that move is the share by which the field changes, the same in all
                periods; other levers: amounts in the unit of the row

The bound of a column that a lever moves becomes a row `bound`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints
from ..models.assembly import Longs
from ..models.program import Block, Program
from .sides import LOWER, RAISE, Sides, all_sides, switch_sides

SCALARS = (
    ".capacity", ".min_load", ".ramp", ".fill_rate", ".draw_rate", ".budget", ".end", ".initial", ".build.max", ".pace",
)  # fmt: skip
"""fields that hold one figure for all periods, whatever profile the rest of the limit follows"""
EVEN = 1e-9
"""relative difference of rates that counts as none, 1"""


@dataclass(frozen=True, eq=False, repr=False)
class Levers:
    """What can be moved: one row for each field of the case, or for each period of a field that is a series."""

    origin: Ints
    """(k,) row of `Network.origins`"""
    way: Ints
    """(k,) `RAISE` or `LOWER`"""
    period: Ints
    """(k,) the only period it speaks of, or -1 for all together"""
    relative: Bools
    """(k,) a move is a share of the field; else an amount in the unit of the row, scaled units"""
    block: tuple[str, ...]
    """(k,) block of columns or rows whose bound it is"""
    index: Ints
    """(k,) place within the block of the first entry"""
    unit: tuple[str, ...]
    """(k,) unit of the amounts it moves"""
    size: Floats
    """(k,) what one unit of the move moves over all periods, user units of `unit`"""
    stated: Floats
    """(k,) what the field states, over all periods, user units of `unit`; 0 where that is no amount"""
    most: Floats
    """(k,) largest move; 1 where a least amount would become negative"""
    on_column: Bools
    """(e,) the entry is the bound of a column; else the side of a row"""
    place: Ints
    """(e,) column or row"""
    lever: Ints
    """(e,) row of this table"""
    reach: Floats
    """(e,) change of the bound or side per unit of the move, scaled units"""
    at_upper: Bools
    """(e,) the entry is the upper bound of a column; of a row both sides move"""

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def asks(self) -> Bools:
        """(k,) levers on what is asked for: contracts, least runs, floors. The others are limits."""
        asked: Bools = self.way == LOWER
        return asked


def find_levers(network: Network, program: Program, together: Collection[str] = (), switches: bool = False) -> Levers:
    """Return the levers of a program.

    Args:
        network: the case.
        program: compiled from it.
        together: paths of fields that move in all periods at once, whatever they are in each.
        switches: also the levers of fields that say yes or no or stand in rows of whole numbers, which have no price.
    """
    every = chain(all_sides(network, program), switch_sides(network, program) if switches else ())
    entries = [part for sides in every for part in _entries(network, program, sides, together)]
    if not entries:
        none, zero = np.empty(0, np.int32), np.empty(0)
        no = none == 1
        return Levers(none, none, none, no, (), none, (), zero, zero, zero, no, none, none, zero, no)
    blocks = [part.block for part in entries for _ in part.unit]
    units = [unit for part in entries for unit in part.unit]
    names = ("index", "origin", "way", "period", "bound", "reach", "moved", "relative", "own", "on_column", "place")
    index, origin, way, period, bound, reach, moved, relative, own, on_column, place = (
        np.concatenate([getattr(part, name) for part in entries]) for name in names
    )
    key = np.stack([origin, way, period, relative.astype(np.int64), own], axis=1)
    _, first, lever = np.unique(key, axis=0, return_index=True, return_inverse=True)
    lever = lever.ravel().astype(np.int32)
    size = np.bincount(lever, np.abs(reach) * moved, len(first)).astype(float)
    least = (way[first] == LOWER) & relative[first]
    return Levers(
        origin=origin[first].astype(np.int32),
        way=way[first].astype(np.int32),
        period=period[first].astype(np.int32),
        relative=relative[first].astype(bool),
        block=tuple(blocks[row] for row in first.tolist()),
        index=index[first].astype(np.int32),
        unit=tuple(units[row] for row in first.tolist()),
        size=size,
        stated=np.bincount(lever, np.abs(bound) * moved, len(first)).astype(float),
        most=np.where(least, 1.0, np.inf),
        on_column=on_column.astype(bool),
        place=place.astype(np.int32),
        lever=lever.astype(np.int32),
        reach=reach,
        at_upper=way == RAISE,
    )


def with_levers(program: Program, levers: Levers) -> Program:
    """Return the program with a column for each lever, all held at zero; the objective stays as it is.

    Columns `lever` come last, and so do the rows `bound`; whole numbers, names and scales are kept.
    """
    n, m, k = program.columns, program.rows, len(levers)
    raised = np.asarray(levers.way)[levers.lever] == RAISE
    bounds = np.unique(levers.place[levers.on_column] * 2 + levers.at_upper[levers.on_column])
    bound_column, bound_up = bounds // 2, bounds % 2 == 1
    row = np.where(levers.on_column, m + np.searchsorted(bounds, levers.place * 2 + levers.at_upper), levers.place)
    matrix = (
        np.concatenate([program.start, np.full(k, program.start[-1], np.int32)]),
        program.index,
        program.value,
    )
    rows = np.concatenate([row, m + np.arange(len(bounds))]).astype(np.int64)
    columns = np.concatenate([n + levers.lever, bound_column]).astype(np.int64)
    values = np.concatenate([np.where(raised, -levers.reach, levers.reach), np.ones(len(bounds))])
    start, index, value = with_entries(matrix, rows, columns, values)
    lower, upper = program.lower.copy(), program.upper.copy()
    upper[bound_column[bound_up]] = np.inf
    lower[bound_column[~bound_up]] = np.minimum(0.0, lower[bound_column[~bound_up]])
    nothing, zero = np.full(k, -1, np.int32), np.zeros(k)
    integral = program.integral
    return replace(
        program,
        cost=np.concatenate([program.cost, zero]),
        lower=np.concatenate([lower, zero]),
        upper=np.concatenate([upper, zero]),
        row_lower=np.concatenate([program.row_lower, np.where(bound_up, -np.inf, program.lower[bound_column])]),
        row_upper=np.concatenate([program.row_upper, np.where(bound_up, program.upper[bound_column], np.inf)]),
        start=start,
        index=index,
        value=value,
        column_origin=np.concatenate([program.column_origin, levers.origin]),
        lower_origin=np.concatenate([program.lower_origin, nothing]),
        upper_origin=np.concatenate([program.upper_origin, nothing]),
        row_origin=np.concatenate([program.row_origin, np.full(len(bounds), -1, np.int32)]),
        column_blocks={**program.column_blocks, "lever": Block("lever", "column", n, k, False, partial(_names, k))},
        row_blocks={
            **program.row_blocks,
            "bound": Block("bound", "row", m, len(bounds), False, partial(_names, len(bounds))),
        },
        integral=np.concatenate([integral, np.zeros(k, bool)]) if len(integral) else integral,
        stages=(),
    )


def with_entries(
    matrix: tuple[Ints, Ints, Floats], row: Longs, column: Longs, value: Floats
) -> tuple[Ints, Ints, Floats]:
    """Add entries (e,) in new rows or new columns to a matrix compressed by columns; zeros are left out."""
    start, index, stated = matrix
    order = np.argsort(row, kind="stable")
    order = order[value[order] != 0]
    owner = np.concatenate([np.repeat(np.arange(len(start) - 1), np.diff(start)), column[order]])
    place = np.argsort(owner, kind="stable")  # new rows come after all others, so rows keep rising within a column
    counts = np.bincount(owner, minlength=len(start) - 1)
    return (
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        np.concatenate([index, row[order]])[place].astype(np.int32),
        np.concatenate([stated, value[order]])[place],
    )


def _names(count: int) -> list[str]:
    return [f"lever[{number + 1}]" for number in range(count)]


@dataclass(frozen=True, eq=False)
class _Entries:
    """Finite bounds of stated fields: e of one block."""

    block: str
    unit: list[str]
    index: Ints
    origin: Ints
    way: Ints
    period: Ints
    """the only period that the lever speaks of, or -1"""
    bound: Floats
    """scaled units, likewise `reach`"""
    reach: Floats
    moved: Floats
    """user units that one scaled unit stands for, times how often its period occurs"""
    relative: Bools
    own: Ints
    """tells levers on one line apart"""
    on_column: Bools
    place: Ints


def _entries(network: Network, program: Program, sides: Sides, together: Collection[str]) -> Iterator[_Entries]:
    """Turn the sides of a block into entries, one for each finite bound of a stated field."""
    periods = network.periods
    blocks = program.column_blocks if sides.on_column else program.row_blocks
    block = blocks[sides.block]
    value = np.asarray(sides.value, float)
    shape = value.shape
    origin = np.broadcast_to(sides.origin, shape)
    finite = np.isfinite(value) & (origin >= 0)
    if sides.way == LOWER and not sides.apart and sides.reach is None:
        finite &= value > 0
    period, index = np.nonzero(finite)
    if not len(index):
        return
    bound, source = value[finite], origin[finite]
    length = periods.duration[period] if block.periodic and not sides.standing else np.ones(len(period))
    weight = periods.weight[period] if block.periodic else np.ones(len(period))
    per_period = program.columns_per_period if sides.on_column else program.rows_per_period
    place = (period * per_period if block.periodic else 0) + block.start + index
    if sides.apart:
        steady = np.zeros(len(index), bool)
    elif sides.reach is not None:
        steady = np.ones(len(index), bool)
    else:
        steady = _steady(network, source, bound / length, block.periodic, together)
    relative = np.zeros(len(index), bool)
    if sides.reach is None:
        relative = np.bincount(source, np.abs(bound))[source] > 0
        reach = np.where(relative, np.abs(bound), length)
    else:
        reach = np.broadcast_to(sides.reach, shape)[finite]
        relative |= sides.scaled
    yield _Entries(
        block=sides.block,
        unit=[sides.unit[i] for i in index.tolist()],
        index=index.astype(np.int32),
        origin=source,
        way=np.full(len(index), sides.way),
        period=np.where(steady, -1, period) if block.periodic else np.full(len(index), -1),
        bound=bound,
        reach=reach,
        moved=weight * program.flow_scale,
        relative=relative,
        own=np.where(sides.apart, index, 0).astype(np.int32),
        on_column=np.full(len(index), sides.on_column),
        place=place.astype(np.int32),
    )


def _steady(network: Network, origin: Ints, rate: Floats, periodic: bool, together: Collection[str]) -> Bools:
    """Mark the bounds whose field moves in all periods at once, (e,)."""
    if not periodic or len(network.periods.id) == 1:
        return np.ones(len(origin), bool)
    size = int(origin.max()) + 1
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(least, origin, rate)
    np.maximum.at(most, origin, rate)
    paths = [network.origins[row].path if np.isfinite(least[row]) else "" for row in range(size)]
    scalar = np.array([path.endswith(SCALARS) or path in together for path in paths], bool)
    steady: Bools = (scalar | (most - least <= EVEN * np.abs(most)))[origin]
    return steady
