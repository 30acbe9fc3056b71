"""Bookings: an account of an answer as entries that add up to it, each with who, what for, and under which policy.

    Σ_accounts weight · account  =  Σ entries

The entries are the terms of the accounts themselves (`models.indicator`), so their sum is the value that the solver
optimised, to rounding; nothing is derived a second time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, OfferKind
from ..models.indicator import COST, PROFIT, column_amounts, linear_accounts
from ..models.program import Program

VIA = {
    "run": "running",
    "fill": "running",
    "start": "running",
    "exchange": "carriage",
    "ship": "carriage",
    "level": "holding",
    "opening": "holding",
    "build": "capital",
    "new": "capital",
    "retire": "closing",
    "closed": "closing",
}
"""what a booking on a block of columns is for; deals say it by the kind of their offer, all others are of policies"""
DEALS = {OfferKind.BUY: "purchase", OfferKind.SELL: "sale", OfferKind.DISCARD: "disposal"}


class Entry(NamedTuple):
    """What is booked together."""

    via: str
    """purchase, sale, disposal, running, fixed, carriage, holding, capital, closing or policy"""
    park: str
    company: str
    thing: str
    """material, plant, store or route that it is booked for; empty where a policy is paid for no one thing"""
    to: str
    """`park.company` that carriage leads to; empty for all else"""
    under: str
    """policy under which it is paid; empty where the case states it"""


Book = dict[Entry, float]


def goal_weights(network: Network) -> Floats:
    """Return how much each account weighs in the last stage of the objective, (accounts,)."""
    goal, weights = network.goal, np.zeros(len(network.accounts.id))
    np.add.at(weights, network.indicators.account[goal.indicator], goal.factor)
    return weights


def book(network: Network, program: Program, x: Floats, weights: Floats) -> Book:
    """Book a weighted sum of accounts, over all periods with their weights.

    Args:
        network: the case.
        program: its program.
        x: (n,) values of the columns, user units.
        weights: (accounts,) weight of each account.
    """
    accounts, often = linear_accounts(network), network.periods.weight
    found: dict[Entry, float] = defaultdict(float)
    for term in accounts.terms:
        mine = np.flatnonzero(weights[term.account])
        if not len(mine):
            continue
        column, company = term.column[mine], term.company[mine]
        flows = column_amounts(program, term.columns, x)[:, column]
        times = often[:, None] if term.periodic else np.ones((1, 1))
        value = weights[term.account[mine]] * np.sum(times * term.value[:, mine] * flows, axis=0)
        under = term.policy[mine] if len(term.policy) else np.full(len(mine), -2)
        for row in np.flatnonzero(value).tolist():
            entry = _entry(network, term.columns, int(column[row]), int(company[row]), int(under[row]))
            found[entry] += float(value[row])
    _book_constants(network, accounts.constant, accounts.paid, weights, found)
    return dict(found)


def _book_constants(
    network: Network, constant: Floats, paid: Floats, weights: Floats, found: dict[Entry, float]
) -> None:
    """Book what flows do not move: fixed cost by plant, payments by policy, and what is left by company."""
    often, charged = network.periods.weight, float(weights[COST] - weights[PROFIT])
    left = np.tensordot(often, np.tensordot(weights, constant, ([0], [1])), 1)
    for plant, fixed in enumerate((charged * (often @ network.plants.fixed_cost)).tolist()):
        if fixed:
            company = int(network.plants.company[plant])
            found[Entry("fixed", *_who(network, company), network.plants.label[plant].id, "", "")] += fixed
            left[company] -= fixed
    for policy, company in zip(*np.nonzero(charged * paid), strict=True):
        found[Entry("policy", *_who(network, company), "", "", network.policies.id[policy])] += charged * float(
            paid[policy, company]
        )
        left[company] -= charged * paid[policy, company]
    gross = np.abs(np.tensordot(often, np.tensordot(np.abs(weights), np.abs(constant), ([0], [1])), 1))
    for company in np.flatnonzero(np.abs(left) > 1e-12 * gross).tolist():
        found[Entry("fixed", *_who(network, company), "", "", "")] += float(left[company])


def _who(network: Network, company: int) -> tuple[str, str]:
    return network.parks[network.companies.park[company]].id, network.companies.label[company].id


def place_of(network: Network, node: int) -> str:
    """Return `park.company` of a balance."""
    return ".".join(_who(network, int(network.nodes.company[node])))


def _entry(network: Network, columns: str, column: int, company: int, policy: int) -> Entry:
    """Name a booking; policy is -2 where the case states it, -1 where an extension does."""
    under = network.policies.id[policy] if policy >= 0 else "extension" if policy == -1 else ""
    material, to = network.materials.label, ""
    if columns == "deal":
        offer = int(network.steps.offer[network.deals.step[column]])
        via = DEALS[OfferKind(int(network.offers.kind[offer]))]
        thing = material[int(network.offers.material[offer])].id
    elif columns in ("exchange", "ship"):
        table = network.exchanges if columns == "exchange" else network.shipments
        via, to = "carriage", place_of(network, int(table.target[column]))
        thing = material[int(network.nodes.material[table.source[column]])].id
    else:
        via = VIA.get(columns, "policy")
        thing = _thing(network, columns, column)
    return Entry(via, *_who(network, company), thing, to, under)


def _thing(network: Network, columns: str, column: int) -> str:
    plants = network.plants.label
    if columns == "run":
        return plants[column].id
    if columns == "start":
        return plants[int(network.commitments.plant[column])].id
    if columns == "fill":
        return plants[int(network.slots.plant[network.options.slot[column]])].id
    if columns in ("level", "opening"):
        return network.stores.label[column].id
    if columns in ("build", "new"):
        return network.capacities.label[int(network.builds.capacity[column])].id
    if columns in ("retire", "closed"):
        return network.capacities.label[int(network.retirements.capacity[column])].id
    return ""
