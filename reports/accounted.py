"""Where an indicator comes from: each flow that it counts, the factor it is weighed by, and what they make together.

indicator[park] = Σ factor[fate, material] · flow[park, fate, material] + routes + standing capacity
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Fate, Floats
from ..models.indicator import VALUE_ADDED
from .flows import FATES, FlowTable
from .result import Result


@dataclass(frozen=True)
class Contribution:
    """What one material with one fate in one park adds to an indicator, over all periods with their weights."""

    indicator: int
    """row of `Network.indicators`"""
    park: int
    fate: str
    """bought, made, used, treated, sold, discarded, exchanged, shipped or displaced; `routes` for what moving adds;
    `rest` for standing capacity and for flows too small to list"""
    material: int
    """row of `Network.materials`, or -1"""
    amount: float | None
    factor: float | None
    """indicator units per unit of the material; None where it differs between periods"""
    value: float
    """indicator units"""
    origin: int
    """row of `Network.origins` that states the factor, or -1"""


def contributions(result: Result) -> Iterator[Contribution]:
    """Yield what makes up each indicator that counts flows, indicator by indicator and park by park.

    Money is told item by item in `Result.money`, and ratios follow from what they divide.
    """
    network, flows = result.network, result.flows
    if flows is None:
        return
    table = network.indicators
    seen: set[int] = set()
    for indicator, account in enumerate(table.account.tolist()):
        name = network.accounts.id[account]
        if table.per[indicator] >= 0 or account <= VALUE_ADDED or account in seen or name == "investment":
            continue
        seen.add(account)
        found = [*_weighed(network, flows, indicator, account), *_moved(network, flows, indicator, account)]
        yield from found
        for park, text in enumerate(network.parks):
            whole = result.parks[text.id][table.label[indicator].id].value or 0.0
            mine = [entry.value for entry in found if entry.park == park]
            rest = whole - sum(mine)
            if abs(rest) > 1e-9 * max(abs(whole), sum(abs(value) for value in mine)):
                yield Contribution(indicator, park, "rest", -1, None, None, rest, -1)


def _weighed(network: Network, flows: FlowTable, indicator: int, account: int) -> Iterator[Contribution]:
    """Yield what flows add by their factors."""
    table, weight = network.accounts, network.periods.weight
    factors = np.atleast_2d(table.factor_value)
    material = network.nodes.material[flows.node]
    park = network.companies.park[network.nodes.company[flows.node]]
    for row in np.flatnonzero(table.factor_account == account).tolist():
        fate = Fate(int(table.factor_fate[row]))
        mine = (material == table.factor_material[row]) & _has(network, flows, fate)
        factor: Floats = np.broadcast_to(factors[:, row], weight.shape)
        constant = float(factor[0]) if (factor == factor[0]).all() else None
        for place in np.unique(park[mine]).tolist():
            amounts = flows.value[:, mine & (park == place)].sum(axis=1)
            amount, value = float(weight @ amounts), float((weight * factor) @ amounts)
            if amount:
                origin = int(table.factor_origin[row])
                yield Contribution(
                    indicator,
                    place,
                    fate.name.lower(),
                    int(table.factor_material[row]),
                    amount,
                    constant,
                    value,
                    origin,
                )


def _has(network: Network, flows: FlowTable, fate: Fate) -> Bools:
    """Tell which kinds of flow have a fate, (k,)."""
    word = "used" if fate in (Fate.TREATED, Fate.USED, Fate.DISPLACED) else fate.name.lower()
    has: Bools = np.equal(flows.fate, FATES.index(word))
    if word == "used":
        treated = np.append(network.plants.treatment, False)[flows.plant]
        has &= treated == (fate is Fate.TREATED)
    return has


def _moved(network: Network, flows: FlowTable, indicator: int, account: int) -> Iterator[Contribution]:
    """Yield what shipments add by the way they take."""
    table, weight = network.shipments, network.periods.weight
    rows = np.flatnonzero(table.add_account == account)
    if not len(rows):
        return
    shipped = np.flatnonzero(flows.fate == FATES.index("shipped"))
    sent: dict[tuple[int, int, int], float] = {}
    for kind in shipped.tolist():
        way = (int(flows.route[kind]), int(flows.node[kind]), int(flows.partner[kind]))
        sent[way] = sent.get(way, 0.0) + float(weight @ flows.value[:, kind])
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for row in rows.tolist():
        lane = int(table.add_shipment[row])
        arrived = sent.get((int(table.route[lane]), int(table.source[lane]), int(table.target[lane])), 0.0)
        amount = arrived / (1.0 - float(table.loss[lane]))
        node = int(table.source[lane])
        key = int(network.companies.park[network.nodes.company[node]]), int(network.nodes.material[node])
        known = found.get(key, (0.0, 0.0))
        found[key] = known[0] + amount, known[1] + amount * float(table.add_value[row])
    for (park, material), (amount, value) in found.items():
        if amount:
            yield Contribution(indicator, park, "routes", material, amount, None, value, -1)
