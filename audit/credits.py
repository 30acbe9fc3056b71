"""Credits: what each exchange spares, in tonnes, by comparing an answer with the one without it.

Both answers produce different amounts, so the one without exchange is first brought to the production of the one with
it. Of a by-product b of giver g, r = made with / made without; of a plant j that uses it, r = need with / need without.

    disposal spared      r · discarded without − discarded with                     of b at g
    sale given up        r · sold without − sold with                               of b at g
    purchase spared      r · from the market without − from the market with         of b at j
    fill displaced       r · fill without − fill with                               of every other material of a slot
                                                                                    that b fills at j

What is spared at the giver belongs to all that takes more of b than r · before: exchanges, own use, sale; what is
spared at the taker to all sources that give more of b to j. Each has its part in proportion to how much more it is. A
fill that is displaced spares what else it would have made and used, and the fill by b costs what b makes and uses
besides. Of what is spared at a company only the part that it buys, or discards, without exchange is a purchase, or a
disposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from .fills import Fill, Slot
from .phrases import ledger_phrases
from .pools import Party, Pool, Spot

K = TypeVar("K")
NOTHING = Pool()


class Spared(NamedTuple):
    """Something that an exchange spares (positive) or costs (negative)."""

    via: str
    """purchase, disposal or sale"""
    place: str
    """`park.company` that would have paid, or been paid"""
    material: str
    amount: float
    """material units over all periods"""


class Way(NamedTuple):
    """An exchange: who gives what to whom."""

    material: str
    giver: str
    """`park.company`"""
    taker: str
    """`park.company`"""
    route: str
    from_plant: str
    """where plants of one company pass it on; empty between companies"""
    to_plant: str


@dataclass(frozen=True, eq=False)
class Side:
    """What is known of one answer."""

    pools: Mapping[Spot, Pool]
    fills: Mapping[Slot, Mapping[str, Fill]]

    def pool(self, spot: Spot) -> Pool:
        """Return the flows of a material through a company; empty where there are none."""
        return self.pools.get(spot, NOTHING)


@dataclass
class Credit:
    """What is credited to one exchange."""

    spared: list[Spared] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """what is not computable, and why"""


def credits(ways: Mapping[Way, float], with_it: Side, without: Side) -> dict[Way, Credit]:
    """Return what each exchange spares.

    Args:
        ways: exchanges of the answer, with their amounts.
        with_it: the answer.
        without: the answer without exchange.
    """
    found = {way: Credit() for way in ways}
    for spot in dict.fromkeys(Spot(way.giver, way.material) for way in ways):
        _credit_giver(spot, with_it, without, found)
    for spot in dict.fromkeys(Spot(way.taker, way.material) for way in ways):
        for plant in _users(with_it.pool(spot)):
            _credit_taker(spot, plant, with_it, without, found)
    return found


def ways_out(spot: Spot, pool: Pool) -> dict[Way, float]:
    """Return the exchanges by which a company gives a material to others, and its plants to each other."""
    found: dict[Way, float] = {}
    for party, amount in pool.sinks.items():
        if party.kind == "company":
            found[Way(spot.material, spot.place, party.name, party.route, "", "")] = amount
    for (source, sink), amount in pool.pairs.items():
        if source.kind == sink.kind == "plant" and source.name != sink.name:
            found[Way(spot.material, spot.place, spot.place, "", source.name, sink.name)] = amount
    return found


def _credit_giver(spot: Spot, with_it: Side, without: Side, found: dict[Way, Credit]) -> None:
    now, before = with_it.pool(spot), without.pool(spot)
    ways = [way for way in ways_out(spot, now) if way in found]
    made, made_before = (_made(pool) for pool in (now, before))
    if made and not made_before:
        for way in ways:
            found[way].missing.append(ledger_phrases.tell("makes_none", place=spot.place))
        return
    scale = made / made_before if made_before else 1.0
    more = _more(_outlets(spot, now), _outlets(spot, before), scale)
    whole = sum(more.values())
    for via, kind in (("disposal", "disposal"), ("sale", "market")):
        less = scale * before.total(kind, out=True) - now.total(kind, out=True)
        for way in ways:
            if less > 0 and more.get(way, 0.0) > 0:
                found[way].spared.append(Spared(via, spot.place, spot.material, less * more[way] / whole))


def _made(pool: Pool) -> float:
    return pool.total("plant", out=False)


def _outlets(spot: Spot, pool: Pool) -> dict[Way | Party, float]:
    """Return all that takes a material from a company's plants: exchanges, own use by the plant that makes it, sale."""
    found: dict[Way | Party, float] = {}
    found.update(ways_out(spot, pool).items())
    own = sum(amount for (a, b), amount in pool.pairs.items() if a.kind == b.kind == "plant" and a.name == b.name)
    found[Party("plant")] = own
    for party, amount in pool.sinks.items():
        if party.kind not in ("plant", "company"):
            found[party] = found.get(party, 0.0) + amount
    return found


def _more(now: Mapping[K, float], before: Mapping[K, float], scale: float) -> dict[K, float]:
    """Return by how much each is more than scaled, where it is."""
    return {key: more for key, amount in now.items() if (more := amount - scale * before.get(key, 0.0)) > 1e-9 * amount}


def _users(pool: Pool) -> list[str]:
    return [party.name for party in pool.sinks if party.kind == "plant"]


def _credit_taker(spot: Spot, plant: str, with_it: Side, without: Side, found: dict[Way, Credit]) -> None:
    now, before = (_supply(side.pool(spot), plant) for side in (with_it, without))
    used, used_before = sum(now.values()), sum(before.values())
    scale = used / used_before if used_before else 1.0
    more = _more(now, before, scale)
    whole = sum(more.values())
    spared = list(_displaced(spot, plant, with_it, without))
    bought = scale * before.get(Party("market"), 0.0) - now.get(Party("market"), 0.0)
    if bought > 0:
        spared.append(Spared("purchase", spot.place, spot.material, bought))
    still = not spared and not used_before and _still(spot.place, plant, without)
    for source, amount in more.items():
        way = _way_in(spot, plant, source)
        if way not in found:
            continue
        if still:
            found[way].missing.append(ledger_phrases.tell("still", plant=plant))
        found[way].spared += [one._replace(amount=one.amount * amount / whole) for one in spared]


def _supply(pool: Pool, plant: str) -> dict[Party, float]:
    return {source: amount for (source, sink), amount in pool.pairs.items() if sink == Party("plant", plant)}


def _still(place: str, plant: str, side: Side) -> bool:
    """Tell whether a plant neither makes nor uses anything."""
    party = Party("plant", plant)
    return not any(
        spot.place == place and (pool.sources.get(party) or pool.sinks.get(party)) for spot, pool in side.pools.items()
    )


def _way_in(spot: Spot, plant: str, source: Party) -> Way | None:
    if source.kind == "company":
        return Way(spot.material, source.name, spot.place, source.route, "", "")
    if source.kind == "plant":
        return Way(spot.material, spot.place, spot.place, "", source.name, plant)
    return None


def _displaced(spot: Spot, plant: str, with_it: Side, without: Side) -> Iterator[Spared]:
    """Yield what the fills of a material displace in the slots of a plant."""
    for slot, now in with_it.fills.items():
        before = without.fills.get(slot, {})
        if (slot.place, slot.plant) != (spot.place, plant) or spot.material not in now or not _need(before):
            continue
        scale = _need(now) / _need(before)
        change = {m: fill.amount - scale * (before[m].amount if m in before else 0.0) for m, fill in now.items()}
        for material, fill in before.items():
            change.setdefault(material, -scale * fill.amount)
        gained = {m: now[m].gives * more for m, more in change.items() if more > 0}
        if spot.material not in gained:
            continue
        part = gained[spot.material] / sum(gained.values())
        yield from _besides(spot.place, now[spot.material], -change[spot.material], with_it, without)
        for material, more in change.items():
            if more < 0:
                fill = now.get(material) or before[material]
                bought = _share_bought(Spot(spot.place, material), with_it, without)
                yield Spared("purchase", spot.place, material, -more * part * bought)
                yield from _besides(spot.place, fill, -more * part, with_it, without)


def _need(fills: Mapping[str, Fill]) -> float:
    return sum(fill.amount * fill.gives for fill in fills.values())


def _besides(place: str, fill: Fill, less: float, with_it: Side, without: Side) -> Iterator[Spared]:
    """Yield what is spared besides, where a fill is less by some amount: what it makes and uses per unit."""
    for material, each in fill.also.items():
        spot = Spot(place, material)
        if each > 0:
            share = _share_discarded(spot, with_it, without)
            yield Spared("disposal", place, material, each * less * share)
        else:
            yield Spared("purchase", place, material, -each * less * _share_bought(spot, with_it, without))


def _share_bought(spot: Spot, with_it: Side, without: Side) -> float:
    """Return the part of what a company's plants use that it buys: without exchange, or with it where it has none."""
    for side in (without, with_it):
        if used := side.pool(spot).total("plant", out=True):
            return min(side.pool(spot).total("market", out=False) / used, 1.0)
    return 0.0


def _share_discarded(spot: Spot, with_it: Side, without: Side) -> float:
    """Return the part of what a company's plants make that it discards, likewise."""
    for side in (without, with_it):
        if made := _made(side.pool(spot)):
            return min(side.pool(spot).total("disposal", out=True) / made, 1.0)
    return 0.0


def credited_materials(found: Mapping[Way, Credit]) -> dict[Way, list[Spared]]:
    """Return what is credited to each exchange, equal things added up."""
    joined: dict[Way, list[Spared]] = {}
    for way, credit in found.items():
        sums: dict[tuple[str, str, str], float] = defaultdict(float)
        for one in credit.spared:
            sums[one[:3]] += one.amount
        joined[way] = [Spared(*key, amount) for key, amount in sums.items() if amount]
    return joined
