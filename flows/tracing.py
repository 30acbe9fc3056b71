"""Where every material can come from, and where it can go.

A material that plants use but that nothing makes, buys or passes on would have to appear out of nothing; one that
plants make but that nothing uses, sells, discards or passes on would have to vanish. Both are errors of the input,
found here, before any solve, balance by balance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .network import Network
from .problems import Problem
from .tables import Bools, Ints, OfferKind

LINES_SHOWN = 4


def trace(network: Network) -> list[Problem]:
    """Return an error for every balance that lacks a source or a destination, and a warning for idle slot options."""
    return [*_without_source(network), *_without_destination(network)]


def _count(network: Network, *nodes: Ints) -> Bools:
    """Return, per node, whether it occurs in any of the lists."""
    seen = np.zeros(len(network.nodes.material), dtype=bool)
    for listed in nodes:
        seen[listed] = True
    return seen


def _made(network: Network) -> tuple[Ints, Ints]:
    entries, extra = network.entries, network.option_entries
    return entries.node[entries.amount > 0], extra.node[extra.amount > 0]


def _used(network: Network) -> tuple[Ints, Ints]:
    entries, extra = network.entries, network.option_entries
    return entries.node[entries.amount < 0], extra.node[extra.amount < 0]


def _deals(network: Network, *kinds: OfferKind) -> Ints:
    offer = network.steps.offer[network.deals.step]
    open_step = (network.steps.upper[:, network.deals.step] > 0).any(axis=0)
    return network.deals.node[np.isin(network.offers.kind[offer], kinds) & open_step]


def _received(network: Network) -> tuple[Ints, Ints]:
    return network.exchanges.target, network.shipments.target


def sources(network: Network) -> Bools:
    """Return, per node, whether the material can come in: made, bought, received, or in store from the start."""
    stores = network.stores
    stocked = stores.node[(stores.opening_lower > 0) & ~stores.cyclic]
    return _count(network, *_made(network), _deals(network, OfferKind.BUY), *_received(network), stocked)


def destinations(network: Network) -> Bools:
    """Return, per node, whether the material can go: used, sold, discarded, passed on, shipped, or left in store."""
    heaps = network.stores.node[~network.stores.cyclic]
    return _count(
        network,
        *_used(network),
        network.options.node,
        _deals(network, OfferKind.SELL, OfferKind.DISCARD),
        network.exchanges.source,
        network.shipments.source,
        heaps,
    )


def _without_source(network: Network) -> Iterator[Problem]:
    has_source = sources(network)
    needed = _count(network, *_used(network))
    for node in np.flatnonzero(needed & ~has_source):
        yield _problem(network, int(node), "used", "can come from nowhere", "buy")
    options = network.options
    idle = ~has_source[options.node]
    for slot in range(len(network.slots.id)):
        mine = options.slot == slot
        if mine.any() and idle[mine].all():
            origin = network.origins[network.slots.origin[slot]]
            names = ", ".join(_material(network, int(node)) for node in options.node[mine])
            plant = network.plants.label[network.slots.plant[slot]].id
            what = f"nothing can fill slot `{network.slots.id[slot]}` of plant `{plant}`: no source for {names}"
            yield Problem(origin.position, what, _mend(network, int(options.node[mine][0]), "buy"))


def _without_destination(network: Network) -> Iterator[Problem]:
    made = _count(network, *_made(network))
    for node in np.flatnonzero(made & ~destinations(network)):
        yield _problem(network, int(node), "made", "can go nowhere", "sell` or `discard")


def _problem(network: Network, node: int, verb: str, fault: str, offer: str) -> Problem:
    where = _where(network, node)
    lines = _lines(network, node, positive=verb == "made")
    first = network.origins[lines[0]]
    also = [str(network.origins[line].position) for line in lines[1:LINES_SHOWN]]
    more = f" (also {', '.join(also)})" if also else ""
    what = f"`{_material(network, node)}` is {verb} by {where} but {fault}{more}"
    return Problem(first.position, what, _mend(network, node, offer))


def _lines(network: Network, node: int, positive: bool) -> list[int]:
    """Return the origins of the recipe lines that make (or use) the material of a node."""
    lines: list[int] = []
    for table in (network.entries, network.option_entries):
        here = (table.node == node) & ((table.amount > 0) == positive)
        lines.extend(int(row) for row in table.origin[here])
    return list(dict.fromkeys(lines))


def _where(network: Network, node: int) -> str:
    nodes = network.nodes
    company = int(nodes.company[node])
    park = network.parks[network.companies.park[company]].id
    if nodes.plant[node] >= 0:
        return f"plant `{network.plants.plant_id(nodes.plant[node])}` in park `{park}` (scenario `{network.scenario}`)"
    name = network.companies.label[company].id
    return f"park `{park}`" if name == park else f"company `{name}` in park `{park}`"


def _material(network: Network, node: int) -> str:
    return network.materials.label[int(network.nodes.material[node])].id


def _mend(network: Network, node: int, offer: str) -> str:
    park = network.parks[network.companies.park[network.nodes.company[node]]].id
    material = _material(network, node)
    verb = "makes" if offer == "buy" else "uses"
    return f"add `{material}` under `{offer}` of park `{park}`, or a plant that {verb} it"
