"""Where the money goes: revenue and cost of an answer, item by item, as the program booked them.

    revenue[k] = Σ items of revenue of company k          cost[k] = Σ items of cost of company k

Both hold to rounding, because the items are the terms of the accounts themselves (`models.indicator`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints, Label, OfferKind
from ..models.coverage import policy_unit
from ..models.indicator import COST, REVENUE, AccountTerms, column_amounts, linear_accounts
from ..models.program import Program
from .flows import IDLE

Side = Literal["revenue", "cost"]
Item = Literal[
    "sale", "receipt", "purchase", "disposal", "variable", "fixed", "link", "transport", "start", "holding",
    "capital", "closing", "policy", "extension",
]  # fmt: skip
"""what money is booked for; a receipt is paid to the company that gives something away"""
COLUMN_ITEMS: dict[str, Item] = {
    "run": "variable",
    "exchange": "link",
    "ship": "transport",
    "start": "start",
    "level": "holding",
    "build": "capital",
    "new": "capital",
    "retire": "closing",
    "closed": "closing",
}
"""what a cost on a block of columns is, where no policy and no extension put it there"""
COUNTED = ("deal", "run", "exchange", "ship")
"""blocks whose columns are amounts that a price per unit belongs to"""


@dataclass(frozen=True, slots=True)
class MoneyItem:
    """One item of revenue or cost over all periods with their weights, as people read it."""

    park: str
    company: str
    account: Side
    item: Item
    thing: Label
    """material, plant, store, route or policy that it is booked for"""
    amount: float | None
    """what is bought, sold, run or moved; None where money does not follow an amount"""
    unit: str
    price: float | None
    """money per unit of the amount; None where it differs between periods, or does not follow an amount"""
    value: float
    """money; negative where a cost is spared or paid back"""
    origin: int
    """row of `Network.origins`, or -1 where no line states it"""


@dataclass(frozen=True, eq=False)
class _Booked:
    """Items as arrays (k,)."""

    columns: str
    """block of columns, or `fixed` or `policy`"""
    column: Ints
    """column of the block; plant or policy for the latter two"""
    company: Ints
    amount: Floats
    """over all periods, user units; nan where there is none"""
    price: Floats
    """money per unit; nan where it differs between periods"""
    value: Floats
    policy: Ints
    """(k,), or empty"""


@dataclass(frozen=True, eq=False)
class MoneyTable:
    """All items of revenue and cost of an answer."""

    network: Network
    revenue: tuple[_Booked, ...]
    cost: tuple[_Booked, ...]

    @cached_property
    def rows(self) -> list[MoneyItem]:
        """Items that are not zero, by company, then account, as the accounts have them; equal ones are one."""
        found: dict[tuple[object, ...], MoneyItem] = {}
        sides: tuple[tuple[Side, tuple[_Booked, ...]], ...] = (("revenue", self.revenue), ("cost", self.cost))
        for account, group in sides:
            for booked in group:
                for company, item in _items(self.network, account, booked):
                    key = (company, account, item.item, item.thing.id, item.origin, item.price, item.unit)
                    known = found.get(key)
                    found[key] = item if known is None else _joined(known, item)
        largest = max((abs(item.value) for item in found.values()), default=0.0)
        order = sorted(found.items(), key=lambda pair: (pair[0][0], pair[0][1] == "cost"))
        return [item for _, item in order if abs(item.value) > IDLE * 1e-3 * largest]


def money_table(network: Network, program: Program, x: Floats) -> MoneyTable:
    """Book the flows x (n,), user units, into items of revenue and cost."""
    accounts, weight = linear_accounts(network), network.periods.weight
    groups: dict[int, list[_Booked]] = {REVENUE: [], COST: []}
    for term in accounts.terms:
        for account, group in groups.items():
            mine = np.flatnonzero(term.account == account).astype(np.int32)
            if len(mine):
                group.append(_booked(program, weight, x, term, mine))
    every = np.arange(len(network.plants.company), dtype=np.int32)
    nothing = np.full(len(every), np.nan)
    fixed = weight @ network.plants.fixed_cost
    groups[COST].append(_Booked("fixed", every, network.plants.company, nothing, nothing, fixed, every[:0]))
    policy, company = (places.astype(np.int32) for places in np.nonzero(accounts.paid))
    nothing = np.full(len(policy), np.nan)
    paid = accounts.paid[policy, company]
    groups[COST].append(_Booked("policy", policy, company, nothing, nothing, paid, policy))
    return MoneyTable(network, tuple(groups[REVENUE]), tuple(groups[COST]))


def _booked(program: Program, weight: Floats, x: Floats, term: AccountTerms, mine: Ints) -> _Booked:
    """Add up some entries (k,) of a term over the periods."""
    column = term.column[mine]
    flows = column_amounts(program, term.columns, x)[:, column]
    often = weight[:, None] if term.periodic else np.ones((1, 1))
    prices = term.value[:, mine]
    least, most = prices.min(axis=0), prices.max(axis=0)
    return _Booked(
        term.columns,
        column,
        term.company[mine],
        np.sum(often * flows, axis=0),
        np.where(least == most, least, np.nan),
        np.sum(often * prices * flows, axis=0),
        term.policy[mine] if len(term.policy) else term.policy,
    )


def _joined(one: MoneyItem, other: MoneyItem) -> MoneyItem:
    amount = None if one.amount is None or other.amount is None else one.amount + other.amount
    return replace(one, amount=amount, value=one.value + other.value)


def _items(network: Network, account: Side, booked: _Booked) -> Iterator[tuple[int, MoneyItem]]:
    """Yield the items of a group that are not zero, each with its company."""
    counted = booked.columns in COUNTED and not len(booked.policy)
    for row in np.flatnonzero(booked.value).tolist():
        company, column = int(booked.company[row]), int(booked.column[row])
        policy = int(booked.policy[row]) if len(booked.policy) else None
        item, thing, unit, origin = _named(network, booked.columns, column, policy, account)
        price = float(booked.price[row])
        yield (
            company,
            MoneyItem(
                park=network.parks[network.companies.park[company]].id,
                company=network.companies.label[company].id,
                account=account,
                item=item,
                thing=thing,
                amount=float(booked.amount[row]) if counted else None,
                unit=unit if counted else "",
                price=price if counted and np.isfinite(price) else None,
                value=float(booked.value[row]),
                origin=origin,
            ),
        )


def _named(
    network: Network, columns: str, column: int, policy: int | None, account: Side
) -> tuple[Item, Label, str, int]:
    """Return what an entry is booked for: item, thing, unit of its amount, and the line that states it."""
    if policy is not None and policy >= 0:
        name = network.policies.id[policy]
        return "policy", Label(name, name, name), policy_unit(network, policy), int(network.policies.origin[policy])
    if columns == "deal":
        item, thing, unit, origin = _deal(network, column, account)
    elif columns in ("fixed", "run", "start", "fill"):
        item, thing, unit, origin = _plant(network, columns, column)
    elif columns == "exchange":
        lanes = network.exchanges
        material = int(network.nodes.material[lanes.source[column]])
        origin = int(lanes.origin[column])
        item, thing, unit = "link", network.materials.label[material], network.materials.unit[material]
    elif columns == "ship":
        table = network.shipments
        material = int(network.nodes.material[table.source[column]])
        route = network.routes.label[int(table.route[column])]
        item, thing, unit = "transport", route, network.materials.unit[material]
        origin = int(table.origin[column])
    elif columns == "level":
        item, thing, unit = "holding", network.stores.label[column], ""
        origin = int(network.stores.origin[column])
    else:
        builds = network.builds if columns in ("build", "new") else network.retirements
        item, thing, unit = COLUMN_ITEMS[columns], network.capacities.label[int(builds.capacity[column])], ""
        origin = int(builds.origin[column])
    return ("extension" if policy is not None else item), thing, unit, origin


def _deal(network: Network, column: int, account: Side) -> tuple[Item, Label, str, int]:
    step = int(network.deals.step[column])
    offer = int(network.steps.offer[step])
    kind, material = OfferKind(int(network.offers.kind[offer])), int(network.offers.material[offer])
    item: Item = "sale" if kind == OfferKind.SELL else "purchase"
    if kind == OfferKind.DISCARD:
        item = "receipt" if account == "revenue" else "disposal"
    unit, origin = network.materials.unit[material], int(network.steps.origin[step])
    return item, network.materials.label[material], unit, origin


def _plant(network: Network, columns: str, column: int) -> tuple[Item, Label, str, int]:
    plants = network.plants
    row = column
    if columns == "start":
        row = int(network.commitments.plant[column])
    elif columns == "fill":
        row = int(network.slots.plant[network.options.slot[column]])
    item: Item = "fixed" if columns == "fixed" else "start" if columns == "start" else "variable"
    unit = network.materials.unit[int(plants.reference[row])]
    return item, plants.label[row], unit, int(plants.origin[row])
