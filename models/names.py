"""Stable, readable ASCII names of columns and rows, made only when somebody asks for one.

A place reads `park.company.thing`; the company is left out where it bears the park's own id, and a plant stands before
the material where the balance is the plant's own: `park.company.plant.material`. Names here have no period yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.standing import CapacityKind
from ..flows.tables import Ints, OfferKind
from .program import Names

VERBS = {OfferKind.BUY: "buy", OfferKind.SELL: "sell", OfferKind.DISCARD: "discard"}


def plants(network: Network) -> list[str]:
    """`park.company.plant` of each plant."""
    own = zip(network.plants.label, network.plants.company.tolist(), strict=True)
    return [f"{_company(network, company)}.{label.id}" for label, company in own]


def nodes(network: Network) -> list[str]:
    """`park.company.material` of each node, with the plant where the balance is its own."""
    table = network.nodes
    rows = zip(table.company.tolist(), table.plant.tolist(), table.material.tolist(), strict=True)
    return [
        f"{_full_company(network, company)}.{network.plants.plant_id(plant)}.{_id(network, material)}"
        if plant >= 0
        else f"{_company(network, company)}.{_id(network, material)}"
        for company, plant, material in rows
    ]


def runs(network: Network) -> list[str]:
    """`run[plant]`."""
    return [f"run[{plant}]" for plant in plants(network)]


def balances(network: Network) -> list[str]:
    """`balance[node]`."""
    return [f"balance[{node}]" for node in nodes(network)]


def deals(network: Network) -> list[str]:
    """`buy[node.step]`, `sell[…]`, `discard[…]`; steps count from 1, an implicit offer is `free`."""
    kind = network.offers.kind[network.steps.offer].tolist()
    number, node = _step_numbers(network), nodes(network)
    rows = zip(network.deals.step.tolist(), network.deals.node.tolist(), strict=True)
    return [f"{VERBS[OfferKind(kind[step])]}[{node[n]}.{number[step]}]" for step, n in rows]


def fills(network: Network) -> list[str]:
    """`fill[plant.slot.material]`."""
    return [f"fill[{option}]" for option in options(network)]


def options(network: Network) -> list[str]:
    """`plant.slot.material` of each option."""
    slot = slots(network)
    material = network.nodes.material[network.options.node].tolist()
    rows = zip(network.options.slot.tolist(), material, strict=True)
    return [f"{slot[s]}.{_id(network, m)}" for s, m in rows]


def slots(network: Network) -> list[str]:
    """`plant.slot` of each slot."""
    plant = plants(network)
    rows = zip(network.slots.plant.tolist(), network.slots.id, strict=True)
    return [f"{plant[p]}.{slot}" for p, slot in rows]


def needs(network: Network) -> list[str]:
    """`need[plant.slot]`."""
    return [f"need[{slot}]" for slot in slots(network)]


def levels(network: Network, word: str, rows: Ints) -> list[str]:
    """`level[park.company.store]`; the same for other words about stores."""
    company = network.nodes.company[network.stores.node].tolist()
    return [f"{word}[{_company(network, company[row])}.{network.stores.label[row].id}]" for row in rows.tolist()]


def ramps(network: Network, word: str, rows: Ints) -> list[str]:
    """`ramp_up[plant]`, or `ramp_down`."""
    plant = plants(network)
    return [f"{word}[{plant[row]}]" for row in rows.tolist()]


def exchanges(network: Network) -> list[str]:
    """`exchange[node that gives,node that receives]`."""
    node = nodes(network)
    rows = zip(network.exchanges.source.tolist(), network.exchanges.target.tolist(), strict=True)
    return [f"exchange[{node[source]},{node[target]}]" for source, target in rows]


def shipments(network: Network) -> list[str]:
    """`ship[route,node that sends,node that receives]`."""
    node, route, table = nodes(network), network.routes.label, network.shipments
    rows = zip(table.route.tolist(), table.source.tolist(), table.target.tolist(), strict=True)
    return [f"ship[{route[r].id},{node[source]},{node[target]}]" for r, source, target in rows]


def routes(network: Network, rows: Ints) -> list[str]:
    """`route[id]` of the routes of limited capacity."""
    return [f"route[{network.routes.label[row].id}]" for row in rows.tolist()]


def transport_modes(network: Network, rows: Ints) -> list[str]:
    """`transport[id]` of the modes of transport of limited capacity."""
    return [f"transport[{network.transport_modes.label[row].id}]" for row in rows.tolist()]


def steps(network: Network, rows: Ints) -> list[str]:
    """`limit[buy.park.material.step]` of the steps that several deals share."""
    number, offer = _step_numbers(network), _offers(network)
    owner = network.steps.offer.tolist()
    return [f"limit[{offer[owner[step]]}.{number[step]}]" for step in rows.tolist()]


def offers(network: Network, rows: Ints) -> list[str]:
    """`least[buy.park.material]` of the offers with a least amount over several deals."""
    offer = _offers(network)
    return [f"least[{offer[row]}]" for row in rows.tolist()]


def shares(network: Network, rows: Ints, side: str) -> list[str]:
    """`share[plant.slot.material.max]`, or `.min`."""
    option = options(network)
    return [f"share[{option[row]}.{side}]" for row in rows.tolist()]


def blends(network: Network, rows: Ints, side: str) -> list[str]:
    """`blend[plant.slot.substance.max]`, or `.min`."""
    slot, table = slots(network), network.slot_limits
    return [f"blend[{slot[table.slot[r]]}.{table.substance[r]}.{side}]" for r in rows.tolist()]


def units(network: Network, rows: Ints, side: str) -> list[str]:
    """`unit[park.unit.max]`, or `.min`; a plant with modes stands here by its own name."""
    table = network.units
    return [f"unit[{network.parks[table.park[row]].id}.{table.label[row].id}.{side}]" for row in rows.tolist()]


def capacities(network: Network, word: str, rows: Ints) -> list[str]:
    """`build[plant]`, `build[link.park.name]`, `build[store.park.name]`, `build[route.name]`; likewise other words."""
    table, plant = network.capacities, plants(network)
    found = []
    for row in rows.tolist():
        kind, name = CapacityKind(table.kind[row]), table.label[row].id
        if kind == CapacityKind.PLANT:
            name = plant[table.thing[row]]
        elif kind == CapacityKind.ROUTE:
            name = f"route.{name}"
        else:
            name = f"{kind.name.lower()}.{network.parks[table.park[row]].id}.{name}"
        found.append(f"{word}[{name}]")
    return found


def in_periods(network: Network, makers: Names) -> list[str]:
    """Names of rows of no period, one of each for every period: `new[plant,year]`."""
    return [f"{name[:-1]},{period}]" for period in network.periods.id for name in makers()]


def budgets(network: Network) -> list[str]:
    """`budget[investment]` of the case, `budget[park]` of a park."""
    return [
        f"budget[{network.parks[park].id if park >= 0 else 'investment'}]" for park in network.budgets.park.tolist()
    ]


def switches(network: Network, word: str) -> list[str]:
    """`on[plant]`, and likewise for other words, of the plants that are on or off."""
    plant = plants(network)
    return [f"{word}[{plant[row]}]" for row in network.commitments.plant.tolist()]


def campaigns(network: Network) -> list[str]:
    """`campaign[park.plant]` of the plants that work in one mode at a time."""
    table = network.campaigns
    rows = zip(table.park.tolist(), table.label, strict=True)
    return [f"campaign[{network.parks[park].id}.{text.id}]" for park, text in rows]


def returned(network: Network) -> list[str]:
    """`returns[material]` of the materials that come back."""
    return [f"returns[{_id(network, material)}]" for material in network.returns.material.tolist()]


def load_steps(network: Network, word: str, rows: Ints) -> list[str]:
    """`full[plant.step]`, and likewise for other words about steps of load."""
    plant = plants(network)
    return [f"{word}[{plant[row]}]" for row in rows.tolist()]


def policies(network: Network, word: str, rows: Ints, sides: Sequence[str]) -> list[str]:
    """`policy[id]` for an amount, `policy[id.min]` and `policy[id.max]` for a ratio; other words likewise."""
    return [f"{word}[{network.policies.id[row]}{side}]" for row, side in zip(rows.tolist(), sides, strict=True)]


def policy_columns(network: Network, word: str, rows: Ints) -> list[str]:
    """`short[id]` and `over[id]` of soft policies."""
    return [f"{word}[{network.policies.id[row]}]" for row in rows.tolist()]


def stages(network: Network) -> list[str]:
    """`stage[number]` of the stages of the objective that others follow, from 1."""
    return [f"stage[{number}]" for number in range(1, len(network.stages))]


def worst_columns(network: Network, rows: Ints) -> list[str]:
    """`worst[number]` of the stages that look at the park that is worst off."""
    return [f"worst[{row + 1}]" for row in rows.tolist()]


def worst_rows(network: Network, rows: Ints) -> list[str]:
    """`spread[number.park]` of the same."""
    return [f"spread[{row + 1}.{park.id}]" for row in rows.tolist() for park in network.parks]


def rungs(network: Network, word: str, rows: Ints) -> list[str]:
    """`paid[id.step]` of the price steps of policies, which count from 1; `paid[id.sold]` of one that only sells."""
    table, owner = network.rungs, network.rungs.policy.tolist()
    first = {policy: owner.index(policy) for policy in owner}
    only_sells = ((table.lower < 0) & (table.upper == 0)).tolist()
    steps = ("sold" if only_sells[row] else row - first[owner[row]] + 1 for row in rows.tolist())
    return [f"{word}[{network.policies.id[owner[row]]}.{step}]" for row, step in zip(rows.tolist(), steps, strict=True)]


def later(*makers: Names) -> Names:
    """Names of a block made of several parts, one after the other."""
    return partial(_chained, makers)


def _chained(makers: Iterable[Names]) -> list[str]:
    return [name for maker in makers for name in maker()]


def _company(network: Network, company: int) -> str:
    park = network.parks[network.companies.park[company]].id
    return park if network.companies.label[company].id == park else _full_company(network, company)


def _full_company(network: Network, company: int) -> str:
    park = network.parks[network.companies.park[company]].id
    return f"{park}.{network.companies.label[company].id}"


def _id(network: Network, material: int) -> str:
    return network.materials.label[material].id


def _offers(network: Network) -> list[str]:
    table = network.offers
    rows = zip(table.kind.tolist(), table.park.tolist(), table.material.tolist(), strict=True)
    return [
        f"{VERBS[OfferKind(kind)]}.{network.parks[park].id}.{_id(network, material)}" for kind, park, material in rows
    ]


def _step_numbers(network: Network) -> list[str]:
    """Place of each step within its offer, from 1, in the order of the table; `free` for implicit offers."""
    offer = network.steps.offer
    order = np.argsort(offer, kind="stable")
    count = np.bincount(offer, minlength=len(network.offers.kind))
    first = np.repeat(np.cumsum(count) - count, count)
    number = np.empty(len(offer), np.int64)
    number[order] = np.arange(len(offer)) - first + 1
    implicit = network.offers.implicit[offer].tolist()
    return ["free" if free else str(n) for free, n in zip(implicit, number.tolist(), strict=True)]
