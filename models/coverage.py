"""Whom and when a policy covers, and the columns in which it counts money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class MoneyColumns:
    """A block of columns in units of policies, each unit of which costs money."""

    block: str
    """name of the block: short, over or paid, with `_each` where it is periodic"""
    policy: Ints
    """(k,) policy of each column"""
    price: Floats
    """(k,) money per unit of the policy"""
    rung: Ints
    """(k,) row of `Network.rungs`, -1 for shortage and surplus"""
    periodic: bool


def policy_accounts(network: Network) -> tuple[Ints, Ints]:
    """Account of each policy (the numerator of a ratio), and its denominator or -1: (n,) both."""
    table, indicators = network.policies, network.indicators
    if not len(table.account):
        return indicators.account[table.indicator], indicators.per[table.indicator]
    named = table.indicator >= 0
    return (
        np.where(named, indicators.account[table.indicator], table.account).astype(np.int32),
        np.where(named, indicators.per[table.indicator], table.per).astype(np.int32),
    )


def ratio_scales(network: Network) -> Floats:
    """Units of the numerator that a ratio of one unit has per unit of its denominator, for each policy (n,)."""
    table, stated = network.policies, network.indicators.scale
    scales = table.scale if len(table.scale) else np.ones(len(table.id))
    if not len(stated):
        return scales
    return np.where(table.indicator >= 0, stated[table.indicator], scales)


def policy_unit(network: Network, policy: int) -> str:
    """Unit of the bound of a policy, and of the amount that it prices: of a ratio its own, `1` for a share."""
    table = network.policies
    if table.indicator[policy] >= 0:
        return network.indicators.unit[int(table.indicator[policy])]
    if table.per[policy] >= 0:
        return table.ratio_unit[policy] if table.ratio_unit else "1"
    return table.unit[policy]


def indicator_value(network: Network, accounts: Floats, number: int) -> float | None:
    """Value of an indicator in its unit, for values of accounts (accounts,); None for a ratio over zero."""
    table = network.indicators
    value, per = float(accounts[table.account[number]]), int(table.per[number])
    if per < 0:
        return value
    under = float(accounts[per]) * (float(table.scale[number]) if len(table.scale) else 1.0)
    return value / under if under else None


def covered_companies(network: Network) -> Bools:
    """Companies that each policy covers, (n, companies)."""
    table = network.policies
    parks = table.park[:, network.companies.park]
    return parks & table.company if table.company.size else parks


def covered_periods(network: Network) -> Bools:
    """Periods that each policy covers, (n, T)."""
    table = network.policies
    return table.period if table.period.size else np.ones((len(table.id), len(network.periods.id)), bool)


def holds_each(network: Network) -> Bools:
    """The bounds of a policy hold in every period for itself, (n,)."""
    table = network.policies
    return table.each if len(table.each) else np.zeros(len(table.id), bool)


def covered_length(network: Network) -> Floats:
    """Length of one occurrence of each period that a policy covers, (T, n) a; zero for others."""
    return network.periods.duration[:, None] * covered_periods(network).T


def bound_shares(network: Network) -> Floats:
    """Part of a bound over all covered periods that falls on one occurrence of each, (T, n)."""
    length = covered_length(network)
    years = network.periods.weight @ length
    return np.divide(length, years, out=np.zeros_like(length), where=years > 0)


def money_columns(network: Network) -> tuple[MoneyColumns, ...]:
    """All blocks of columns in which policies count money, in the order in which they are added."""
    table, rungs, each = network.policies, network.rungs, holds_each(network)
    blocks = []
    for name, prices in (("short", table.shortage), ("over", table.surplus)):
        for periodic in (False, True):
            rows = np.flatnonzero(np.isfinite(prices) & (each == periodic)) if len(prices) else np.empty(0, int)
            policy = rows.astype(np.int32)
            nothing = np.full(len(rows), -1, np.int32)
            block = f"{name}_each" if periodic else name
            blocks.append(MoneyColumns(block, policy, prices[rows] if len(rows) else np.empty(0), nothing, periodic))
    for periodic in (False, True):
        rung = np.flatnonzero(each[rungs.policy] == periodic).astype(np.int32)
        block = "paid_each" if periodic else "paid"
        blocks.append(MoneyColumns(block, rungs.policy[rung], rungs.price[rung], rung, periodic))
    return tuple(blocks)
