"""Pools: what each company has of each material, where it comes from, and where it goes.

Plants of one company share a balance, so who of them supplies whom is not decided by the answer. Where several supply
and several take, every taker gets its share from every supplier, in proportion; with one of either nothing is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats
from ..reports.flows import FATES, INFLOWS, FlowTable
from .bookings import place_of


class Party(NamedTuple):
    """An end of a flow."""

    kind: str
    """plant, market, disposal, store, or company: another one, in this park or another"""
    name: str = ""
    """plant, or `park.company`"""
    route: str = ""


class Spot(NamedTuple):
    """Whose balance of which material."""

    place: str
    """`park.company`"""
    material: str


@dataclass
class Pool:
    """Flows of a material through a company over all periods, with their weights, material units."""

    sources: dict[Party, float] = field(default_factory=lambda: defaultdict(float))
    sinks: dict[Party, float] = field(default_factory=lambda: defaultdict(float))
    pairs: dict[tuple[Party, Party], float] = field(default_factory=lambda: defaultdict(float))
    """what goes from a source to a sink"""
    worth: dict[Party, float] = field(default_factory=lambda: defaultdict(float))
    """amount times shadow price, by what comes in or goes out between companies, and by plant that uses"""
    loose: set[Party] = field(default_factory=set)
    """ends whose flows are not unique"""
    split: bool = False
    """several supply and several take, so that pairs are shares in proportion"""

    def total(self, kind: str, *, out: bool) -> float:
        """Return what comes from, or goes to, all parties of a kind."""
        return sum(amount for party, amount in (self.sinks if out else self.sources).items() if party.kind == kind)


def pools(flows: FlowTable, worth: Floats) -> dict[Spot, Pool]:
    """Gather the flows of an answer.

    Args:
        flows: its flows.
        worth: (T, nodes) shadow price of one more unit in one occurrence of each period.
    """
    network, often = flows.network, flows.network.periods.weight
    found: dict[Spot, Pool] = defaultdict(Pool)
    ends: dict[int, tuple[dict[Party, float], dict[Party, float]]] = defaultdict(
        lambda: (defaultdict(float), defaultdict(float))
    )
    amounts = often @ flows.value
    valued = np.sum(often[:, None] * flows.value * worth[:, flows.node], axis=0)
    sure = np.atleast_1d(flows.unique.all(axis=0))
    for kind in np.flatnonzero(amounts).tolist():
        node, fate, amount = int(flows.node[kind]), FATES[flows.fate[kind]], float(amounts[kind])
        pool = found[_spot(network, node)]
        party = _party(flows, kind, fate)
        comes_in = fate in INFLOWS or (fate == "stored" and amount < 0)
        (pool.sources if comes_in else pool.sinks)[party] += abs(amount)
        ends[node][0 if comes_in else 1][party] += abs(amount)
        pool.worth[party] += float(valued[kind])
        if not sure[kind]:
            pool.loose.add(party)
    for node, (sources, sinks) in ends.items():
        _pair(found[_spot(network, node)], sources, sinks)
    return found


def _pair(pool: Pool, sources: dict[Party, float], sinks: dict[Party, float]) -> None:
    whole = sum(sources.values())
    pool.split |= len(sources) > 1 and len(sinks) > 1
    for source, given in sources.items():
        for sink, taken in sinks.items():
            pool.pairs[source, sink] += given * taken / whole if whole else 0.0


def _spot(network: Network, node: int) -> Spot:
    return Spot(place_of(network, node), network.materials.label[int(network.nodes.material[node])].id)


def _party(flows: FlowTable, kind: int, fate: str) -> Party:
    network = flows.network
    if flows.plant[kind] >= 0:
        return Party("plant", network.plants.plant_id(int(flows.plant[kind])))
    if fate == "discarded":
        return Party("disposal")
    if flows.partner[kind] >= 0:
        route = int(flows.route[kind])
        name = network.routes.label[route].id if route >= 0 else ""
        return Party("company", place_of(network, int(flows.partner[kind])), name)
    return Party("store") if flows.store[kind] >= 0 else Party("market")
