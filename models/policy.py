"""Policies: bounds on indicators, hard or soft."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints
from . import names
from .builder import ProgramBuilder
from .coverage import (
    MoneyColumns,
    bound_shares,
    covered_companies,
    covered_periods,
    holds_each,
    money_columns,
    policy_accounts,
    ratio_scales,
)
from .indicator import LinearAccounts, account_table
from .program import Program

AMOUNT, LEAST, MOST = range(3)
"""what a row of `policy_rows` says: both bounds of an amount, the minimum or the maximum of a ratio"""


def policy_bounds(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """An indicator keeps its bounds over all covered periods and companies together, or in each period for itself.

        lower[q] ≤ account[a(q)] + short[q] − over[q] ≤ upper[q]        for every bounded policy q on an amount
        account[a(q)] − lower[q]·scale[q]·account[b(q)] + short[q] ≥ 0  for every least ratio
        account[a(q)] − upper[q]·scale[q]·account[b(q)] − over[q] ≤ 0   for every largest ratio

        account[a] = Σ_{k covered} Σ_{t covered} weight[t] · (Σ_j value[a,j,k,t]·x[j,t] + constant[a,k,t])

    account[a]       `linear_accounts`      account units over the covered periods, summed over the covered companies
    a(q), b(q)       `Indicators.account`, `Indicators.per`, or `Policies.account`, `Policies.per`
    lower[q]         `Policies.lower`       indicator units, of a ratio its own or 1; -inf where none; likewise `upper`
    scale[q]         `Indicators.scale`, or `Policies.scale`   units of a(q) that one unit of the ratio has per unit
                                            of b(q): t/CNY in a t/万元; 1 for a share
    short[q]         column `short`         how far the lower bound is missed, account units, at `Policies.shortage`;
                                            only where the policy is soft
    over[q]          column `over`          how far the upper bound is exceeded, at `Policies.surplus`
    covered          `Policies.park`, `Policies.company`, `Policies.period`

    Where the bound holds in each period (`Policies.each`), the same is said of every covered period t alone (rows
    `policy_each`, columns `short_each`, `over_each`): no sum over t, no weight, and for an amount the part
    duration[t] / Σ weight·duration of the bound.

    A ratio is made linear by multiplying with its denominator, which is taken to be non-negative: an answer in which it
    is negative does not keep the bound, and its result says so. Where the denominator is zero, the numerator is at
    most zero under a largest ratio and at least zero under a least one. Constants move to the sides of the row. A
    policy that only has a price has no row.
    What a shortage or surplus costs is booked by `linear_accounts`; an objective that counts no money does not see it.

    The dual is the change of the objective per indicator unit that the bound is raised (for a ratio: per unit of its
    numerator): positive for a binding cap when maximising, negative for a binding floor, and never more than the
    price of a soft one.
    """
    for block in money_columns(network):
        if not block.block.startswith("paid"):
            _add_money_columns(network, program, block)
    for each in (False, True):
        _bound_rows(network, accounts, program, each)


def policy_rows(network: Network, each: bool = False) -> tuple[Ints, Ints]:
    """For each row of the block `policy` (`policy_each`): the policy, and `AMOUNT`, `LEAST` or `MOST`."""
    table = network.policies
    ratio = policy_accounts(network)[1] >= 0
    mine = holds_each(network) == each
    least, most = mine & np.isfinite(table.lower), mine & np.isfinite(table.upper)
    parts = (
        (np.flatnonzero(~ratio & (least | most)), AMOUNT),
        (np.flatnonzero(ratio & least), LEAST),
        (np.flatnonzero(ratio & most), MOST),
    )
    policy = np.concatenate([rows for rows, _ in parts]).astype(np.int32)
    side = np.concatenate([np.full(len(rows), kind) for rows, kind in parts]).astype(np.int32)
    order = np.lexsort((side, policy))
    return policy[order], side[order]


def add_account_terms(
    accounts: LinearAccounts, program: ProgramBuilder, rows: str, weight: Floats, company: Bools, period: Bools
) -> None:
    """Give a block of rows the terms of accounts.

    Args:
        accounts: all accounts.
        program: where the terms go.
        rows: name of the block of n rows; periodic if it ends in `_each`, and then without weights.
        weight: (n, accounts) how each row takes each account.
        company: (n, companies) companies that a row covers.
        period: (n, T) periods that a row covers; accounts of no period count where all are covered together.
    """
    each = rows.endswith("_each")
    everywhere: Bools = np.asarray(period.all(axis=1))
    once = program.weight.tolist() == [1.0]
    for term in accounts.terms:
        share = weight[:, term.account] * company[:, term.company]
        if not term.periodic:  # of one period that occurs once, all together and each say the same
            share = share * everywhere[:, None] if not each or once else np.zeros_like(share)
        row, place = np.nonzero(share)
        value = term.value[:, place] * share[row, place]
        if term.periodic and not everywhere.all():
            value = value * period[row].T
        program.add_terms(rows, row, term.columns, term.column[place], value, weighted=not each)


def _add_money_columns(network: Network, program: ProgramBuilder, block: MoneyColumns) -> None:
    """Shortages and surpluses are zero or more; where a policy holds in each period, none outside its periods."""
    upper = np.where(covered_periods(network)[block.policy].T, np.inf, 0.0) if block.periodic else np.inf
    program.add_columns(
        block.block,
        len(block.policy),
        names=partial(names.policy_columns, network, block.block, block.policy),
        upper=upper,
        origin=network.policies.origin[block.policy],
        periodic=block.periodic,
    )


def _bound_rows(network: Network, accounts: LinearAccounts, program: ProgramBuilder, each: bool) -> None:
    """Rows of the policies that hold over all periods together, or in each for itself."""
    policy, side = policy_rows(network, each)
    table, block = network.policies, "policy_each" if each else "policy"
    of, to = policy_accounts(network)
    company, period = covered_companies(network)[policy], covered_periods(network)[policy]
    bound = np.select([side == LEAST, side == MOST], [table.lower[policy], table.upper[policy]], 0.0)
    weight = np.zeros((len(policy), len(network.accounts.id)))
    np.add.at(weight, (np.arange(len(policy)), of[policy]), 1.0)
    ratio = np.flatnonzero(to[policy] >= 0)
    np.add.at(weight, (ratio, to[policy][ratio]), -(bound * ratio_scales(network)[policy])[ratio])
    constant = np.einsum("qa,tak,qk,qt->tq", weight, accounts.constant, company.astype(float), period.astype(float))
    share = bound_shares(network)[:, policy] if each else np.ones((1, len(policy)))
    lower = np.select([side == AMOUNT, side == LEAST], [table.lower[policy], 0.0], -np.inf)
    upper = np.select([side == AMOUNT, side == MOST], [table.upper[policy], 0.0], np.inf)
    if not each:
        constant = (network.periods.weight @ constant)[None, :]
    bounded = period.T if each else np.ones((1, len(policy)), bool)
    program.add_rows(
        block,
        len(policy),
        names=partial(names.policies, network, block, policy, [("", ".min", ".max")[s] for s in side]),
        lower=np.where(bounded & np.isfinite(lower), _part(lower, share) - constant, -np.inf),
        upper=np.where(bounded & np.isfinite(upper), _part(upper, share) - constant, np.inf),
        origin=table.origin[policy],
        periodic=each,
    )
    add_account_terms(accounts, program, block, weight, company, period)
    _slack_terms(network, program, block, policy, side, each)


def _part(bound: Floats, share: Floats) -> Floats:
    return np.where(np.isfinite(bound), bound, 0.0) * share


def _slack_terms(network: Network, program: ProgramBuilder, block: str, policy: Ints, side: Ints, each: bool) -> None:
    """Shortages lift a row towards its lower bound, surpluses lower it towards its upper bound."""
    for columns in money_columns(network):
        if columns.periodic != each or columns.block.startswith("paid"):
            continue
        short = columns.block.startswith("short")
        place = np.full(len(network.policies.id), -1)
        place[columns.policy] = np.arange(len(columns.policy))
        row = np.flatnonzero((place[policy] >= 0) & (side != (MOST if short else LEAST)))
        program.add_terms(block, row, columns.block, place[policy[row]], 1.0 if short else -1.0)


Counted: TypeAlias = tuple[Floats, Floats]
"""what policies count, as `policy_values` returns it"""


def policy_values(network: Network, program: Program, x: Floats, accounts: LinearAccounts | None = None) -> Counted:
    """Amounts that policies count (numerators and denominators of ratios), over what they cover.

    Returns those of one occurrence of each period (T, 2, n), zero where a period is not covered, and those over all
    covered periods with their weights (2, n); the denominator of what is no ratio is 1. A denominator is counted
    so that numerator over denominator is the ratio in its unit.
    """
    table, once = account_table(network, program, x, accounts)
    of, per = policy_accounts(network)
    company, period = covered_companies(network).astype(float), covered_periods(network)
    both = np.stack([of, np.maximum(per, 0)])
    values = np.einsum("tbqk,qk,qt->tbq", table[:, both], company, period.astype(float))
    total = np.tensordot(network.periods.weight, values, 1)
    total += np.einsum("bqk,qk->bq", once[both], company) * period.all(axis=1)
    scale = ratio_scales(network)
    values[:, 1] *= scale
    total[1] *= scale
    values[:, 1, per < 0] = 1.0
    total[1, per < 0] = 1.0
    return values, total


def missed_bounds(network: Network, program: Program, x: Floats) -> tuple[Floats, Floats]:
    """Shortage and surplus of each policy over all periods with their weights, (n,) both; nan where it is hard."""
    found = {name: np.full(len(network.policies.id), np.nan) for name in ("short", "over")}
    for block in money_columns(network):
        kind = block.block.removesuffix("_each")
        if kind in found:
            amounts = program.column_view(block.block, x)
            weight = network.periods.weight if block.periodic else np.ones(1)
            found[kind][block.policy] = weight @ amounts
    return found["short"], found["over"]
