"""What a limit, a material or a run is worth, how far that holds and what binds next, in the words of the case."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.tables import Floats, OfferKind
from ..flows.units import QuantityError, bracketed, parse_quantity
from ..flows.wording import Saying, joined, lower, named
from ..models.program import Block, Program
from ..solver.sensitivity import Sensitivity, Slope, Worth, lever_of_row
from ..solver.sides import GROWTH, LOWER, POLICY
from .fields import (
    bound_unit,
    come_back,
    field_of,
    field_words,
    growth_base,
    place_of,
    policy_base,
    share_base,
    written_at,
)
from .figures import amount, figure, share
from .fixed import fixed_worth
from .limits import goal_words, limit_words
from .worth_phrases import worth_phrases

MARGINAL = 3
"""purchases and sales named that a marginal unit changes"""
NOTHING = 1e-9
"""derivatives below this share of the largest in the section are zero, 1"""
FAR = 1e20
"""moves beyond this are without limit"""
STANDING = ("level", "opening")
tell = worth_phrases.tell
APART = ("share", "blend")


@dataclass(frozen=True)
class Side:
    """A derivative to one side in user units, and its words."""

    value: float
    """change of the objective per unit"""
    holds: float | None
    """how many units further it holds; None without limit, or where that is not known"""
    then: Saying
    """what binds next; "" where nothing does"""
    by: Saying
    """what is bought and sold otherwise; "" where nothing is"""


@dataclass(frozen=True)
class Priced:
    """One thing with its worth to both sides."""

    path: str
    where: str
    what: Saying
    bound: float | None
    unit: str
    value_unit: str
    more: Side | None
    less: Side | None
    sharp: bool
    head: Saying
    lines: tuple[Saying, ...]
    """one unit more, one unit less, between what the price lies where the two differ, and what fixed cost comes to"""
    fixed: float = 0.0
    """change of the objective by fixed cost per unit of a capacity, which is in neither side"""

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return f"{self.head}: {'; '.join(self.lines)}"

    def as_object(self) -> dict[str, Any]:
        """Return it as plain values."""
        sides = {
            name: None if side is None else side.__dict__ for name, side in (("more", self.more), ("less", self.less))
        }
        keys = ("path", "where", "what", "bound", "unit", "value_unit", "sharp", "sentence", "fixed")
        return {**{key: getattr(self, key) for key in keys}, **sides}


def priced_lever(case: Case, network: Network, found: Sensitivity, lever: int) -> Priced:
    """Say what a limit is worth: more of it and less of it, whichever of the two gives room."""
    levers = found.levers
    worth = found.lever(lever)
    asks = levers.way[lever] == LOWER
    size, unit, bound = _measure(case, network, found, lever)
    exact = levers.block[lever] not in APART and unit != "1"
    more, less = (worth.less, worth.more) if asks else (worth.more, worth.less)
    sign = -1.0 if asks else 1.0
    exact &= not field_of(network, levers, lever).endswith(".fix")
    sides = [
        None if slope is None else _side(network, case, found, slope, (sign, way), size, unit, exact)
        for slope, way in ((more, sign), (less, -sign))
    ]
    path, where = field_of(network, levers, lever), place_of(case, network, levers, lever)
    what = field_words(network, levers, lever)
    written = written_at(case, path) if not path.startswith("extension.") else ""
    period = int(levers.period[lever])
    when = _when(network, period)
    head = tell("is", what=what, when=when, figure=_stated(written, bound, unit), where=where)
    whole = tell("what_when", what=what, when=when)
    said = _both_sides(network, sides, unit, worth.is_sharp)
    value_unit = _per(network.goal.unit, unit)
    fixed = fixed_worth(network, path) / bound if bound and unit != "1" else 0.0
    if fixed:
        said.append(tell("fixed", unit=unit, effect=gain_words(network, fixed)))
    sharp = worth.is_sharp
    return Priced(path, where, whole, bound, unit, value_unit, sides[0], sides[1], sharp, head, tuple(said), fixed)


def priced_supply(
    case: Case, network: Network, found: Sensitivity, number: int, what: Saying, unit: str, where: str, path: str
) -> Priced:
    """Say what one more and one less of a material at a place is worth."""
    worth = found.direction(number)
    sides = [
        None if slope is None else _side(network, case, found, slope, (1.0, way), 1.0, unit, True)
        for slope, way in ((worth.more, 1.0), (worth.less, -1.0))
    ]
    said = _both_sides(network, sides, unit, worth.is_sharp)
    value_unit = _per(network.goal.unit, unit)
    return Priced(path, where, what, None, unit, value_unit, sides[0], sides[1], worth.is_sharp, what, tuple(said))


def _measure(case: Case, network: Network, found: Sensitivity, lever: int) -> tuple[float, str, float | None]:
    """Units that one move of a lever stands for, the unit, and the bound in it.

    A share (of a slot, a blend, a ratio) counts in itself: what its row weighs is what one of it moves.
    """
    levers, flow = found.levers, found.program.flow_scale
    block = levers.block[lever]
    mine = levers.lever == lever
    unit = levers.unit[lever]
    if levers.relative[lever]:
        reach = levers.reach[mine] * flow
        path = field_of(network, levers, lever)
        if path.endswith(".min_load"):
            stated = parse_quantity(written_at(case, path) or "1").to("1")
            return stated, "1", stated
        if path.endswith(".ramp"):
            return 100.0, "%", None
        at_once = block in STANDING or path.endswith(".build.max") or _is_room(path)
        total = float(reach.max() if at_once else reach.sum())
        return total, unit, total
    if block in APART:
        base, stated = share_base(network, found.stated, levers, _flows(found), lever)
        return (1.0 / base if base else np.inf), "1", stated
    if block == "returns":
        written = parse_quantity(written_at(case, field_of(network, levers, lever)))
        stated, name = (written.value, written.unit) if written.dimension else (written.to("1"), "1")
        base = come_back(network, found.stated, levers, _flows(found), lever) / stated
        return (1.0 / base if base else np.inf), name, stated
    if block in GROWTH:
        base, stated = growth_base(network, found.stated, levers, _flows(found), lever)
        return (1.0 / base if base else np.inf), "1", stated
    if block in POLICY:
        base, bound = policy_base(network, found.stated, levers, _flows(found), lever)
        return (1.0 / base if base else np.inf), bound_unit(network, levers, lever), bound
    return 1.0, unit, None


def _stated(written: str, bound: float | None, unit: str) -> str:
    """Write a limit as it stands in the case, and what it comes to where that is another figure.

    A rate that holds for part of the time, or for more or less than a year, allows another amount than it says; worths
    and how far they hold count in that amount.
    """
    if unit == "1" or bound is None:
        return written or share(bound or 0.0)
    if not written:
        return amount(bound, unit)
    for stated in (f"{bracketed(unit)}/a", unit):
        with suppress(QuantityError):
            if figure(parse_quantity(written).to(stated)) == figure(bound):
                return written
            return tell("figure_in_all", figure=written, total=amount(bound, unit))
    return written


def _is_room(path: str) -> bool:
    """Whether a line states the room of a store: an amount that stands in every period, not one per period."""
    return ".stores." in path and path.endswith(".capacity")


def _flows(found: Sensitivity) -> Floats:
    """Return the flows of the answer, (n,) of the program without levers."""
    assert found.base.column_value is not None
    return found.base.column_value[: found.stated.columns]


def _side(
    network: Network,
    case: Case,
    found: Sensitivity,
    slope: Slope,
    signs: tuple[float, float],
    size: float,
    unit: str,
    exact: bool,
) -> Side:
    """A derivative per unit of the field.

    `signs` are those of the field against the move, and of the change told against it; `size` is how many units of the
    field one move is.
    """
    value = signs[0] * slope.value / size if np.isfinite(size) and size else 0.0
    far = slope.reach * size
    known = exact and np.isfinite(far) and far < FAR
    then = then_words(network, case, found, slope) if known else Saying("")
    one = size * 100 if unit == "1" else size
    return Side(value, float(far) if known else None, then, marginal_words(network, slope, signs[1] * one))


def _both_sides(network: Network, sides: list[Side | None], unit: str, sharp: bool) -> list[Saying]:
    """Say one unit more and one unit less, and what lies between where the two differ."""
    scale, one = (0.01, tell("point")) if unit == "1" else (1.0, tell("one", unit=unit))
    parts = []
    for side, word, mark in zip(sides, ("more", "less"), ("+", "−"), strict=True):
        if side is None:
            parts.append(tell("impossible", one=one, more=tell(word)))
            continue
        gained = side.value * scale * (1 if word == "more" else -1)
        text = tell("moves", one=one, more=tell(word), effect=gain_words(network, gained))
        if side.by and gained and (word == "more" or not sharp):
            text = tell("by", said=text, by=side.by)
        if side.holds is not None:
            until = f"{mark}{amount(side.holds, unit)}"
            text = tell("until_then" if side.then else "until", said=text, until=until, then=side.then)
        parts.append(text)
    if not sharp and sides[0] is not None and sides[1] is not None:
        low, high = sorted(abs(side.value) * scale for side in sides if side is not None)
        goal = network.goal.unit
        if high - low > NOTHING * high:
            parts.append(tell("between", low=money(low, goal), high=money(high, goal)))
    return parts


def gain_words(network: Network, gained: float) -> Saying:
    """Say what a change of the objective means: `adds 412.0 CNY to profit`."""
    goal = network.goal
    if not gained:
        return tell("nothing")
    key = ("adds" if gained > 0 else "takes") if goal.maximise else "saves" if gained < 0 else "costs"
    return tell(key, gain=money(abs(gained), goal.unit), target=lower(goal_words(network)))


def _when(network: Network, period: int) -> Saying:
    several = period >= 0 and len(network.periods.id) > 1
    return tell("in_period", period=network.periods.id[period]) if several else Saying("")


def money(value: float, unit: str) -> str:
    """Write an amount of the objective without a multiple of its unit: prices are compared."""
    return f"{figure(value)} {unit}"


def _per(goal: str, unit: str) -> str:
    return goal if unit == "1" else f"{goal}/({unit})" if "·" in unit or "/" in unit else f"{goal}/{unit}"


def marginal_words(network: Network, slope: Slope, size: float) -> Saying:
    """Say which purchases, sales and disposals a marginal unit changes, those that move most money."""
    deals = network.deals
    changes: dict[tuple[int, int], list[float]] = {}
    view = _deal_changes(network, slope)
    for deal in np.flatnonzero(np.abs(view) > 1e-7 * max(1e-300, float(np.abs(view).max(initial=0.0)))).tolist():
        step = int(deals.step[deal])
        offer = int(network.steps.offer[step])
        if network.offers.implicit[offer]:
            continue
        key = (int(network.offers.kind[offer]), int(network.offers.material[offer]))
        price = float(network.steps.price[:, step].mean())
        known = changes.setdefault(key, [0.0, 0.0])
        known[0] += float(view[deal]) / size
        known[1] += abs(float(view[deal]) * price) / size
    told = sorted(changes.items(), key=lambda item: -item[1][1])[:MARGINAL]
    largest = max((abs(change[0]) for _, change in told), default=0.0)
    return joined(
        (
            tell(
                _VERBS[OfferKind(kind)],
                amount=amount(float(f"{abs(moved):.6g}"), network.materials.unit[material]),
                more=tell("more" if moved > 0 else "less"),
                material=named(network.materials.label[material]),
            )
            for (kind, material), (moved, _) in told
            if abs(moved) > 1e-6 * largest
        ),
        between_zh="，",
    )


def _period_of_row(program: Program, stated: int, row: int) -> int:
    """Return the period of a row, or of the column that a row of levers bounds; -1 without one."""
    bound = program.row_blocks["bound"]
    if bound.start <= row < bound.start + bound.size:
        entries = np.flatnonzero(program.index == row)
        columns = np.searchsorted(program.start, entries, side="right") - 1
        return locate(program, int(columns[columns < stated][0]))[1]
    return row // program.rows_per_period if row < program.T * program.rows_per_period else -1


def _row_words(network: Network, program: Program, row: int, when: Saying) -> Saying:
    """Say that a row which no field of the case moves has come to its side."""
    kind, _, name = program.row_name(row).rstrip("]").partition("[")
    if kind == "spread":
        park = name.partition(".")[2]
        return tell("worst_off", park=next((named(it) for it in network.parks if it.id == park), Saying(park)))
    if kind == "stage":
        return tell("stage_binds", number=name)
    origin = int(program.row_origin[row])
    if origin < 0:
        return Saying(program.row_name(row))
    place = network.origins[origin]
    what = tell("the", what=limit_words(network, place.path))
    return tell("then_binds", what=what, when=when, where=str(place.position))


_ENDED = ("short", "over", "paid", "kept", "new", "build", "retire", "closed")
"""blocks of which it means something that a column comes to zero"""
_VERBS = {OfferKind.BUY: "buying", OfferKind.SELL: "selling", OfferKind.DISCARD: "discarding"}
DONE = {OfferKind.BUY: "bought", OfferKind.SELL: "sold", OfferKind.DISCARD: "discarded"}
"""keys of what became of what an offer takes or gives"""


def _deal_changes(network: Network, slope: Slope) -> Floats:
    """Change of each deal per unit of the move, all periods with their weights: (deals,)."""
    return network.periods.weight @ slope.deals


def then_words(network: Network, case: Case, found: Sensitivity, slope: Slope) -> Saying:
    """Say what binds where a price ceases to hold."""
    then, program = slope.then, found.program
    if then < 0:
        return Saying("")
    if then >= program.columns:
        row = then - program.columns
        lever = lever_of_row(program, found.levers, row, slope.at_upper)
        when = _when(network, _period_of_row(program, found.stated.columns, row))
        if lever is not None:
            place = place_of(case, network, found.levers, lever)
            return tell("then_binds", what=field_words(network, found.levers, lever), when=when, where=place)
        return _row_words(network, program, row, when)
    block, period, index = locate(program, then)
    when = _when(network, period)
    if block.name == "closed" and slope.at_upper:
        return tell("all_closed", what=_name_in(program, then), when=when)
    return tell("what_when", what=_column_words(network, program, block.name, index, then), when=when)


def locate(program: Program, column: int) -> tuple[Block, int, int]:
    """Return the block of a column, its period (-1 without one) and its place within the block."""
    per_period = program.columns_per_period
    periodic = column < program.T * per_period
    period, local = divmod(column, per_period) if periodic else (-1, column)
    for block in program.column_blocks.values():
        if block.periodic == periodic and block.start <= local < block.start + block.size:
            return block, period, local - block.start
    raise IndexError(column)


def _column_words(network: Network, program: Program, block: str, index: int, column: int) -> Saying:
    """Say that a column has come to its lower bound, in words; other columns by their name."""
    nodes, materials = network.nodes, network.materials

    def name(node: int) -> Saying:
        return named(materials.label[int(nodes.material[node])])

    if block == "run":
        return tell("stands", plant=named(network.plants.label[index]))
    if block == "deal":
        step = int(network.deals.step[index])
        offer = int(network.steps.offer[step])
        kind = OfferKind(int(network.offers.kind[offer]))
        first = step == int(np.flatnonzero(network.steps.offer == offer)[0])
        done = DONE[kind]
        if network.offers.implicit[offer]:
            done = "taken_in" if kind == OfferKind.BUY else "given_off"
        material = name(int(network.deals.node[index]))
        return tell("no_more" if first else "no_more_step", material=material, done=tell(done))
    if block == "fill":
        slot = int(network.options.slot[index])
        plant = named(network.plants.label[int(network.slots.plant[slot])])
        return tell("no_more_into", material=name(int(network.options.node[index])), plant=plant)
    if block in ("exchange", "ship"):
        table = network.exchanges if block == "exchange" else network.shipments
        source, target = int(table.source[index]), int(table.target[index])
        giver, taker = (named(network.companies.label[int(nodes.company[node])]) for node in (source, target))
        return tell("no_more_passes", material=name(source), giver=giver, taker=taker)
    if block in STANDING:
        return tell("empty", store=named(network.stores.label[index]))
    key, what = block.removesuffix("_each"), _name_in(program, column)
    if key in _ENDED and what.endswith(".sold"):
        return tell("nothing_sold", what=what.removesuffix(".sold"))
    return tell(key, what=what) if key in _ENDED else Saying(program.column_name(column))


def _name_in(program: Program, column: int) -> str:
    """Return the name between the brackets of that of a column, without its period."""
    return program.column_name(column).partition("[")[2].rstrip("]").split(",")[0]


def is_nothing(worth: Worth, largest: float) -> bool:
    """Neither side changes the objective."""
    slopes = [slope for slope in (worth.more, worth.less) if slope is not None]
    return all(abs(slope.value) <= NOTHING * largest for slope in slopes)
