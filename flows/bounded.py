"""Bounded: hard policies that what is bought, sold and made cannot keep, found without solving.

    least of the policy  ≤  Σ factor · the most that can be bought, sold and made, over the covered parks and periods
    largest of it        ≥  Σ factor · what must be bought, sold and made

Only policies that weigh nothing but these three fates are compared, and not those that may be missed at a price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .forced import SLACK, refusal
from .network import Network
from .problems import Problem
from .tables import Fate, Floats, Ints

MONEY = 4
"""accounts that are built in, whose value is not a sum of factors"""


@dataclass(frozen=True, eq=False)
class Range:
    """Least and largest amounts of each material in each park, (T, parks · materials), and the lines that say so."""

    least: Floats
    most: Floats
    least_line: Ints
    """(parks · materials,) line of one of the amounts, or -1"""
    most_line: Ints


def bounded(network: Network, ranges: Mapping[Fate, Range]) -> list[Problem]:
    """Return one problem for each bound of a policy that is out of reach."""
    return [problem for policy in range(len(network.policies.id)) for problem in _policy(network, policy, ranges)]


def _policy(network: Network, policy: int, ranges: Mapping[Fate, Range]) -> Iterator[Problem]:
    table, accounts = network.policies, network.accounts
    indicator = int(table.indicator[policy])
    account = int(network.indicators.account[indicator] if indicator >= 0 else table.account[policy])
    ratio = int(network.indicators.per[indicator] if indicator >= 0 else table.per[policy]) >= 0
    factors = np.flatnonzero(accounts.factor_account == account)
    known = np.isin(accounts.factor_fate[factors], [int(fate) for fate in ranges]).all()
    if ratio or account < MONEY or not len(factors) or not known or account in network.shipments.add_account:
        return
    value = np.atleast_2d(accounts.factor_value)
    weight = network.periods.weight * (table.period[policy] if table.period.size else 1.0)
    low = high = 0.0
    lines: tuple[set[int], set[int]] = (set(), set())
    for factor in factors.tolist():
        amounts = ranges[Fate(int(accounts.factor_fate[factor]))]
        materials = len(network.materials.label)
        place = np.flatnonzero(table.park[policy]) * materials + accounts.factor_material[factor]
        worth = value[:, factor] * weight
        if (worth < 0).any():
            return
        with np.errstate(invalid="ignore"):
            high += float(np.nansum(worth[:, None] * amounts.most[:, place]))
        low += float((worth[:, None] * amounts.least[:, place]).sum())
        lines[0].update(amounts.least_line[place].tolist())
        lines[1].update(amounts.most_line[place].tolist())
    unit = table.unit[policy] if indicator < 0 else network.indicators.unit[indicator]
    everyone = table.company[policy].all() if table.company.size else True
    origin = int(table.origin[policy])
    hard = [not len(price) or not np.isfinite(price[policy]) for price in (table.shortage, table.surplus)]
    if hard[0] and table.lower[policy] > high + SLACK * abs(table.lower[policy]):
        what = f"asks for at least {table.lower[policy]:.6g} {unit}, but at most {high:.6g} {unit} are possible"
        yield refusal(network, f"policy `{table.id[policy]}` {what}", [origin, *sorted(lines[1])])
    if hard[1] and everyone and table.upper[policy] < low - SLACK * low:
        what = f"allows at most {table.upper[policy]:.6g} {unit}, but at least {low:.6g} {unit} are forced"
        yield refusal(network, f"policy `{table.id[policy]}` {what}", [origin, *sorted(lines[0])])
