"""Graphs of an answer for a picture: plants, parks or companies, and what flows between them in one layer.

Nothing is guessed: where several make a material and several use it, all meet in a pool of that material, because the
answer does not say whose goes where. A pool with one maker or one user is that one's links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..flows.network import Network
from ..flows.tables import Label
from ..reports.figures import amount
from ..reports.flows import FATES, FlowTable
from .layers import Layer
from .words import Language, words

FEW, MOST, COVER = 40, 120, 0.97
"""flows drawn in one picture, the largest: at least, at most, and between these until they cover this share of all"""
LEAST = 3e-4
"""flows below this share of the largest are not drawn"""
NAMED = 4
"""materials named of a link that joins several"""
Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Place:
    """A box of the picture."""

    key: Key
    label: str
    kind: str
    """plant, pool, park, company, store, source or sink"""
    owner: str = ""
    """company of a plant"""


@dataclass(frozen=True)
class Link:
    """A band of the picture."""

    source: int
    target: int
    what: str
    kind: str
    """class of the material, or `mixed`"""
    value: float
    """units of the layer; negative only in money"""
    amount: str
    """the same in units of the material, where it is one"""
    sure: bool
    """the same in every optimal answer"""


@dataclass(frozen=True)
class Graph:
    """What one picture shows, and what it leaves out."""

    places: tuple[Place, ...]
    links: tuple[Link, ...]
    unit: str
    whole: float = 0.0
    """all flows of the view, drawn or not, before pools are joined: sum without signs, units of the layer"""
    left_out: int = 0
    """flows too small to draw"""
    left_out_value: float = 0.0
    """their sum without signs, units of the layer"""


@dataclass
class _Edge:
    """A flow between a place and the pool of a material, or between two places."""

    source: Key
    target: Key
    material: int
    value: float = 0.0
    raw: float = 0.0
    sure: bool = True
    parts: dict[int, float] = field(default_factory=lambda: defaultdict(float))


class _Sketch:
    """Gathers edges and places."""

    def __init__(self, network: Network, language: Language) -> None:
        self.network, self.language = network, language
        self.places: dict[Key, Place] = {}
        self.edges: dict[tuple[Key, Key, int], _Edge] = {}
        self.first: dict[tuple[int, str], int] = {}
        for row, company in enumerate(network.plants.company.tolist()):
            self.first.setdefault((company, network.plants.plant_id(row)), row)

    def name(self, text: Label) -> str:
        return text.zh if self.language == "zh" else text.en

    def place(self, key: Key, label: str, kind: str, owner: str = "") -> Key:
        self.places.setdefault(key, Place(key, label, kind, owner))
        return key

    def add(self, source: Key, target: Key, material: int, value: float, raw: float, sure: bool, joined: bool) -> None:
        if raw < 0:  # what is drawn from a store
            source, target, value, raw = target, source, -value, -raw
        edge = self.edges.setdefault((source, target, -1 if joined else material), _Edge(source, target, material))
        edge.value += value
        edge.raw += raw
        edge.sure &= sure
        edge.parts[material] += value

    def outside(self, fate: str, flows: FlowTable, kind: int, material: int | None) -> Key:
        """Return the place beyond the boundary that a flow comes from or goes to; one for each material, or for all."""
        network = self.network
        offer = int(flows.offer[kind])
        word = fate
        if offer >= 0 and network.offers.implicit[offer]:
            air = network.materials.kind[network.offers.material[offer]] == "environment"
            word = ("environment_in" if fate == "bought" else "environment_out") if air else "emitted"
        elif fate == "discarded" and offer < 0:
            word = "lost"
        side = "source" if fate == "bought" else "sink"
        text = words(word, self.language)
        if material is None:
            return self.place((word,), text, side)
        return self.place((word, material), f"{self.name(network.materials.label[material])} · {text}", side)

    def graph(self, unit: str) -> Graph:
        edges = [edge for edge in self.edges.values() if edge.value != 0.0]
        whole = sum(abs(edge.value) for edge in edges)
        largest = max((abs(edge.value) for edge in edges), default=0.0)
        ranked = sorted(edges, key=lambda edge: -abs(edge.value))
        shown, covered = list[_Edge](), 0.0
        for edge in ranked[:MOST]:
            if abs(edge.value) < LEAST * largest or (len(shown) >= FEW and covered >= COVER * whole):
                break
            shown.append(edge)
            covered += abs(edge.value)
        left = ranked[len(shown) :]
        shown, left = _with_ends(shown, left, self.places)
        rest = sum(abs(edge.value) for edge in left)
        shown = list(_without_pools(shown, self.places))
        used = {key for edge in shown for key in (edge.source, edge.target)}
        places = [place for key, place in self.places.items() if key in used]
        number = {place.key: row for row, place in enumerate(places)}
        links = [
            Link(number[e.source], number[e.target], *self._told(e), e.value, self._amount(e), e.sure) for e in shown
        ]
        return Graph(tuple(places), tuple(links), unit, whole, len(left), rest)

    def _told(self, edge: _Edge) -> tuple[str, str]:
        """Return what a link carries: its material and the class, or the largest of several materials."""
        table = self.network.materials
        if len(edge.parts) == 1:
            return self.name(table.label[edge.material]), table.kind[edge.material]
        most = sorted(edge.parts, key=lambda row: -abs(edge.parts[row]))
        names = [self.name(table.label[row]) for row in most[:NAMED]]
        more = len(most) - len(names)
        comma = "、" if self.language == "zh" else ", "
        return comma.join(names) + (f" +{more}" if more else ""), "mixed"

    def _amount(self, edge: _Edge) -> str:
        return amount(edge.raw, self.network.materials.unit[edge.material]) if len(edge.parts) == 1 else ""


def _with_ends(shown: list[_Edge], left: list[_Edge], places: dict[Key, Place]) -> tuple[list[_Edge], list[_Edge]]:
    """Bring back the largest flows of pools that would be dead ends, because all of one side is too small to draw."""
    into: dict[Key, float] = defaultdict(float)
    out: dict[Key, float] = defaultdict(float)
    for edge in shown:
        into[edge.target] += abs(edge.value)
        out[edge.source] += abs(edge.value)
    pools = [key for key in dict.fromkeys([*into, *out]) if places[key].kind == "pool"]
    lacking = {("target", key): out[key] for key in pools if not into[key]}
    lacking |= {("source", key): into[key] for key in pools if not out[key]}
    back = []
    for edge in left:  # the largest first
        for end in (("target", edge.target), ("source", edge.source)):
            if lacking.get(end, 0.0) > 0:
                lacking[end] -= 2 * abs(edge.value)  # half of the pool is enough to show where it goes
                back.append(edge)
                break
    again = set(map(id, back))
    return [*shown, *back], [edge for edge in left if id(edge) not in again]


def _without_pools(edges: list[_Edge], places: dict[Key, Place]) -> Iterator[_Edge]:
    """Join what goes into a pool with what comes out of it, where one side of the pool is a single flow."""
    into, out = defaultdict(list), defaultdict(list)
    for edge in edges:
        if places[edge.target].kind == "pool":
            into[edge.target].append(edge)
        elif places[edge.source].kind == "pool":
            out[edge.source].append(edge)
        else:
            yield edge
    for pool in dict.fromkeys([*into, *out]):
        comes, goes = into[pool], out[pool]
        if not comes or not goes or (len(comes) > 1 and len(goes) > 1):
            yield from comes
            yield from goes
        elif len(comes) == 1:
            for edge in goes:
                edge.source, edge.sure = comes[0].source, edge.sure and comes[0].sure
                yield edge
        else:
            for edge in comes:
                edge.target, edge.sure = goes[0].target, edge.sure and goes[0].sure
                yield edge


def plant_graph(flows: FlowTable, layer: Layer, park: int, language: Language) -> Graph:
    """Return the plants of a park and what flows between them, the market and other parks."""
    network = flows.network
    sketch, totals = _Sketch(network, language), network.periods.weight @ flows.value
    pools = _pools(flows)
    parks = network.companies.park[network.nodes.company[flows.node]]
    for kind in np.flatnonzero((parks == park) & (totals != 0)).tolist():
        fate, node = FATES[flows.fate[kind]], int(flows.node[kind])
        inward = flows.route[kind] < 0 and flows.partner[kind] >= 0 and fate != "discarded"
        if inward:
            continue  # an exchange within the park stays in its pool
        material = int(network.nodes.material[node])
        pool = sketch.place(("pool", pools[node]), sketch.name(network.materials.label[material]), "pool")
        other = _party(sketch, flows, kind, fate, material)
        ends = (other, pool) if fate in ("made", "bought", "received") else (pool, other)
        sure = bool(flows.unique[:, kind].all())
        sketch.add(*ends, material, float(layer.value[kind]), float(totals[kind]), sure, joined=False)
    return sketch.graph(layer.unit)


def _party(sketch: _Sketch, flows: FlowTable, kind: int, fate: str, material: int) -> Key:
    """Return the plant, store, market or other park at the far side of a flow."""
    network, plants = flows.network, flows.network.plants
    if (row := int(flows.plant[kind])) >= 0:
        company = int(plants.company[row])
        first = sketch.first[company, plants.plant_id(row)]
        owner = sketch.name(network.companies.label[company])
        return sketch.place(("plant", first), sketch.name(plants.label[first]), "plant", owner)
    if fate in ("shipped", "received"):
        other = network.parks[network.companies.park[network.nodes.company[flows.partner[kind]]]]
        text = words("to_park" if fate == "shipped" else "from_park", sketch.language).format(park=sketch.name(other))
        return sketch.place((fate, other.id), text, "sink" if fate == "shipped" else "source")
    if fate == "stored":
        store = int(flows.store[kind])
        return sketch.place(("store", store), sketch.name(network.stores.label[store]), "store")
    return sketch.outside(fate, flows, kind, material)


def _pools(flows: FlowTable) -> list[int]:
    """Return for each balance the least one it shares a pool with: balances join where something is exchanged."""
    root = list(range(len(flows.network.nodes.material)))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    happens = (flows.fate == FATES.index("exchanged")) & (flows.value.max(axis=0, initial=0.0) > 0)
    for source, target in zip(flows.node[happens].tolist(), flows.partner[happens].tolist(), strict=True):
        low, high = sorted((find(source), find(target)))
        root[high] = low
    return [find(node) for node in range(len(root))]


def owner_graph(flows: FlowTable, layer: Layer, park: int | None, language: Language, outside: bool = True) -> Graph:
    """Return parks (or the companies of one park) as boxes, and what they exchange.

    What crosses the boundary is left out where `outside` is false.
    """
    network = flows.network
    sketch, totals = _Sketch(network, language), network.periods.weight @ flows.value
    company = network.nodes.company[flows.node]
    mine = totals != 0
    mine &= (network.companies.park[company] == park) if park is not None else True
    for kind in np.flatnonzero(mine & (flows.plant < 0)).tolist():
        fate = FATES[flows.fate[kind]]
        if fate == "received" and (park is None or flows.route[kind] < 0):
            continue  # it is counted where it is sent
        if not outside and flows.partner[kind] < 0:
            continue
        here, material = _owner(sketch, int(company[kind]), park), int(network.nodes.material[flows.node[kind]])
        joined, other = True, None
        if flows.partner[kind] >= 0 and fate in ("exchanged", "shipped") and (park is None or fate == "exchanged"):
            other, joined = _owner(sketch, int(network.nodes.company[flows.partner[kind]]), park), False
        elif fate in ("shipped", "received"):
            other = _party(sketch, flows, kind, fate, material)
        elif fate == "stored":
            other = sketch.place(("stored",), words("stored", language), "store")
        else:
            other = sketch.outside(fate, flows, kind, None)
        if other == here or (not outside and joined):
            continue  # it changes hands within the park, or is lost on the way
        ends = (other, here) if fate in ("bought", "received") else (here, other)
        sure = bool(flows.unique[:, kind].all())
        sketch.add(*ends, material, float(layer.value[kind]), float(totals[kind]), sure, joined)
    return sketch.graph(layer.unit)


def _owner(sketch: _Sketch, company: int, park: int | None) -> Key:
    network = sketch.network
    if park is None:
        row = int(network.companies.park[company])
        return sketch.place(("park", row), sketch.name(network.parks[row]), "park")
    return sketch.place(("company", company), sketch.name(network.companies.label[company]), "company")


def has_companies(network: Network, park: int) -> bool:
    """Tell whether a park has several companies."""
    return int((network.companies.park == park).sum()) > 1
