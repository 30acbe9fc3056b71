"""Contradictions: statements of a case that no flow can keep together, found without solving and named by their lines.

For one material in one park and period, what has to come in must find a way out, and what has to go out a way in:

    least use of plants + least sales and disposals   ≤  largest make of plants + largest purchases
    least make of plants + least purchases            ≤  largest use of plants + largest sales and disposals

Each side is summed over all companies of the park, so passing on cancels out. Only what a park certainly must do
and the most that it could ever do are compared: a case that can be solved is never refused, one that passes may still
be infeasible. So a balance that any table not weighed here touches (a store, a shipment) counts as open without limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

import numpy as np

from .bounded import Range, bounded
from .forced import SLACK, forced, in_period, refusal
from .network import Network
from .problems import Problem
from .tables import Fate, Floats, Ints, OfferKind

SHOWN = 3
"""lines named on each side of a contradiction"""
WEIGHED = frozenset(("nodes", "entries", "options", "option_entries", "deals", "exchanges", "plants", "slots", "units"))
"""tables of the network whose balances and plants are weighed here"""


@dataclass(frozen=True)
class Amounts:
    """Amounts of materials in parks, each from one line of the case: k entries."""

    place: Ints
    """(k,) park · materials + material"""
    value: Floats
    """(T, k) material units per period, zero or more; inf where unlimited"""
    origin: Ints
    """(k,) line that says so"""


def contradictions(network: Network) -> list[Problem]:
    """Return one problem for each material in each park that must come in or go out in larger amounts than it can.

    And all that is `forced` and cannot be, and policies out of reach (`bounded`); warnings say what can never happen.
    """
    makes, uses = _largest(network, made=True), _largest(network, made=False)
    must_make, must_use = _least(network, made=True), _least(network, made=False)
    buy = _offers(network, OfferKind.BUY)
    out = [_offers(network, kind) for kind in (OfferKind.SELL, OfferKind.DISCARD)]
    must_buy = _least_offers(network, (OfferKind.BUY,))
    must_go = _least_offers(network, (OfferKind.SELL, OfferKind.DISCARD))
    opened = _opened(network)
    least_out, most_in = _joined([*must_use, must_go]), _joined([*makes, buy, opened])
    least_in, most_out = _joined([*must_make, must_buy]), _joined([*uses, *out, _losses(network), opened])
    return [
        *_compared(network, least_out, most_in, ("use, sell or discard", "make and buy")),
        *_compared(network, least_in, most_out, ("make or buy", "use, sell and discard")),
        *forced(network),
        *bounded(
            network,
            {
                Fate.BOUGHT: _range(network, must_buy, buy),
                Fate.SOLD: _range(network, _least_offers(network, (OfferKind.SELL,)), out[0]),
                Fate.MADE: _range(network, _joined(must_make), _joined([*makes, opened]), opened.place),
            },
        ),
    ]


def _range(network: Network, least: Amounts, most: Amounts, opened: Ints | None = None) -> Range:
    """Least and most of each material in each park; nothing is certain of balances that are `opened`."""
    size = len(network.parks) * len(network.materials.label)
    low = np.broadcast_to(_added(least, size), (len(network.periods.id), size)).copy()
    if opened is not None:
        low[:, opened] = 0.0
    line = np.full((2, size), -1, np.int32)
    line[0, least.place], line[1, most.place] = least.origin, most.origin
    return Range(low, _added(most, size), line[0], line[1])


def _compared(network: Network, least: Amounts, most: Amounts, words: tuple[str, str]) -> Iterator[Problem]:
    """Compare the two sides of each material in each park in the period where it is worst."""
    size = len(network.parks) * len(network.materials.label)
    needed, possible = _added(least, size), _added(most, size)
    short = np.where(np.isfinite(possible), needed - possible, -np.inf)
    wrong = (short > SLACK * np.maximum(needed, 1e-300)).any(axis=0)
    for place in np.flatnonzero(wrong).tolist():
        period = int(np.argmax(short[:, place]))
        causes = _lines(network, least, place, period)
        limits = _lines(network, most, place, period)
        park, material = divmod(place, len(network.materials.label))
        unit = network.materials.unit[material]
        what = (
            f"park `{network.parks[park].id}` must {words[0]} at least {needed[period, place]:.6g} {unit} of "
            f"`{network.materials.label[material].id}`{in_period(network, period)}, but can {words[1]} at most "
            f"{possible[period, place]:.6g} {unit}"
        )
        yield refusal(network, what, [*causes, *limits])


def _lines(network: Network, amounts: Amounts, place: int, period: int) -> list[int]:
    """Lines that say how much, the largest amounts first, each line once."""
    mine = np.flatnonzero((amounts.place == place) & (amounts.value[period] > 0))
    mine = mine[np.argsort(-amounts.value[period, mine], kind="stable")]
    rows: dict[object, int] = {}
    for row in amounts.origin[mine].tolist():
        rows.setdefault(network.origins[row], row)
    return list(rows.values())[:SHOWN]


def _added(amounts: Amounts, size: int) -> Floats:
    periods = len(amounts.value)
    cell = np.arange(periods)[:, None] * size + amounts.place
    total: Floats = np.bincount(cell.ravel(), amounts.value.ravel(), periods * size).astype(float, copy=False)
    return total.reshape(periods, size)


def _joined(parts: Iterable[Amounts]) -> Amounts:
    parts = list(parts)
    return Amounts(
        np.concatenate([part.place for part in parts]),
        np.hstack([part.value for part in parts]),
        np.concatenate([part.origin for part in parts]),
    )


def _node_place(network: Network) -> Ints:
    park = network.companies.park[network.nodes.company]
    return park * len(network.materials.label) + network.nodes.material


def _lines_of(origin: Ints) -> Ints:
    """One line for each entry, that of the first period where they differ: (n,)."""
    first: Ints = np.atleast_2d(origin)[0]
    return first


def _recipe(network: Network, run: Floats, fill: Floats, origin: tuple[Ints, Ints], made: bool) -> list[Amounts]:
    """What runs (T, plants) and fills (T, options) make or use, with the lines that bound the two."""
    entries, options, more = network.entries, network.options, network.option_entries
    place, sign = _node_place(network), 1.0 if made else -1.0
    of_run, of_fill = (np.flatnonzero(table.amount * sign > 0) for table in (entries, more))
    plant, option = entries.plant[of_run], more.option[of_fill]
    found = [
        Amounts(place[entries.node[of_run]], run[:, plant] * np.abs(entries.amount[of_run]), origin[0][plant]),
        Amounts(place[more.node[of_fill]], fill[:, option] * np.abs(more.amount[of_fill]), origin[1][option]),
    ]
    return found if made else [*found, Amounts(place[options.node], fill, origin[1])]


def _largest(network: Network, made: bool) -> list[Amounts]:
    """The most that plants could make or use of each material, each running as if it were alone."""
    run, line = _largest_run(network)
    options, slots = network.options, network.slots
    plant = slots.plant[options.slot]
    need = np.where(slots.need[options.slot] > 0, slots.need[options.slot] * options.max_share, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fill = np.where(options.gives > 0, run[:, plant] * need / options.gives, np.inf)
    return _recipe(network, run, np.nan_to_num(fill, nan=0.0, posinf=np.inf), (line, line[plant]), made)


def _largest_run(network: Network) -> tuple[Floats, Ints]:
    """The most each plant could run (T, n): its own bound, or that of any unit it uses; and the line that says so."""
    plants, units = network.plants, network.units
    run, line = plants.upper.copy(), _lines_of(plants.upper_origin).copy()
    for unit, plant, factor in zip(units.term_unit, units.term_plant, units.term_factor, strict=True):
        most = units.upper[:, unit] / factor if factor > 0 else np.full(len(run), np.inf)
        if (most < run[:, plant]).any():
            run[:, plant], line[plant] = np.minimum(run[:, plant], most), _lines_of(units.upper_origin)[unit]
    return run, line


def _least(network: Network, made: bool) -> list[Amounts]:
    """What plants certainly make or use of each material, because they must run."""
    run, line = network.plants.lower, _lines_of(network.plants.lower_origin)
    options, slots = network.options, network.slots
    plant = slots.plant[options.slot]
    others = np.bincount(options.slot, options.max_share, len(slots.plant))[options.slot] - options.max_share
    share = np.maximum(options.min_share, 1.0 - others)
    share = np.where(share > SLACK, share, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fill = np.where(options.gives > 0, run[:, plant] * slots.need[options.slot] * share / options.gives, 0.0)
    return _recipe(network, run, fill, (line, line[plant]), made)


def _offers(network: Network, kind: OfferKind) -> Amounts:
    """The most that offers of a kind take or give, those without a dealer left out."""
    steps, offers = network.steps, network.offers
    dealt = np.zeros(len(steps.offer), bool)
    dealt[network.deals.step] = True
    step = np.flatnonzero(dealt & (offers.kind[steps.offer] == kind))
    offer = steps.offer[step]
    place = offers.park[offer] * len(network.materials.label) + offers.material[offer]
    return Amounts(place, steps.upper[:, step], _lines_of(steps.upper_origin)[step])


def _least_offers(network: Network, kinds: tuple[OfferKind, ...]) -> Amounts:
    """The contracts: what must be dealt in at least."""
    offers = network.offers
    mine = np.flatnonzero(np.isin(offers.kind, kinds) & (offers.lower > 0).any(axis=0))
    place = offers.park[mine] * len(network.materials.label) + offers.material[mine]
    return Amounts(place, offers.lower[:, mine], _lines_of(offers.lower_origin)[mine])


def _losses(network: Network) -> Amounts:
    """What may be lost between companies: without limit where a way loses anything."""
    ways = network.exchanges
    lossy = np.flatnonzero(ways.loss > 0)
    value = np.full((len(network.periods.id), len(lossy)), np.inf)
    return Amounts(_node_place(network)[ways.source[lossy]], value, ways.origin[lossy])


def _opened(network: Network) -> Amounts:
    """Without limit: balances that tables not weighed here name as `node`, `source` or `target`."""
    tables = [getattr(network, item.name) for item in fields(network) if item.name not in WEIGHED]
    named = [
        getattr(table, name)
        for table in tables
        for name in ("node", "source", "target")
        if is_dataclass(table) and hasattr(table, name)
    ]
    node = np.unique(np.concatenate([np.empty(0, np.int32), *named]))
    place = _node_place(network)[node]
    value = np.full((len(network.periods.id), len(place)), np.inf)
    return Amounts(place, value, network.nodes.origin[node])
