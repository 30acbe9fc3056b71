"""Policies: bounds on indicators over the whole horizon."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Bools, Floats, Ints, Network
from . import names
from .indicator import LinearAccounts
from .program import ProgramBuilder

AMOUNT, LEAST, MOST = range(3)
"""what a row of `policy_rows` says: both bounds of an amount, the minimum or the maximum of a ratio"""


def policy_bounds(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """An indicator keeps its bounds over all periods and covered parks together.

        lower[q] ≤ account[a(q)] ≤ upper[q]                     for every bounded policy q on an amount
        account[a(q)] − lower[q]·account[b(q)] ≥ 0              for every least ratio
        account[a(q)] − upper[q]·account[b(q)] ≤ 0              for every largest ratio

        account[a] = Σ_{k covered} Σ_t weight[t] · Σ_j value[a,j,k,t]·x[j,t] + constant[a,k]

    account[a]       `linear_accounts`      account units over the whole horizon, summed over the covered parks
    a(q), b(q)       `Indicators.account`, `Indicators.per`
    lower[q]         `Policies.lower`       indicator units, or a share for a ratio; -inf where none; likewise `upper`
    covered          `Policies.park`

    A ratio is made linear by multiplying with its denominator, which is taken to be non-negative; where the denominator
    is zero the bound says nothing. Constants move to the sides of the row. A policy that only has a price has no row.

    The dual is the change of the objective per indicator unit that the bound is raised (for a ratio: per unit of its
    numerator): positive for a binding cap when maximising, negative for a binding floor.
    """
    policy, side = policy_rows(network)
    table, indicators = network.policies, network.indicators
    indicator = table.indicator[policy]
    covered = table.park[policy]
    bound = np.select([side == LEAST, side == MOST], [table.lower[policy], table.upper[policy]], 0.0)
    of, to = indicators.account[indicator], indicators.per[indicator]
    weight = np.zeros((len(policy), len(network.accounts.id)))
    np.add.at(weight, (np.arange(len(policy)), of), 1.0)
    ratio = np.flatnonzero(to >= 0)
    np.add.at(weight, (ratio, to[ratio]), -bound[ratio])
    constant = np.einsum("qa,ak,qk->q", weight, accounts.constant, covered.astype(float))
    program.add_rows(
        "policy",
        len(policy),
        names=partial(names.policies, network, policy, [("", ".min", ".max")[s] for s in side]),
        lower=np.select([side == AMOUNT, side == LEAST], [table.lower[policy], 0.0], -np.inf) - constant,
        upper=np.select([side == AMOUNT, side == MOST], [table.upper[policy], 0.0], np.inf) - constant,
        origin=table.origin[policy],
        periodic=False,
    )
    _policy_terms(accounts, program, weight, covered)


def policy_rows(network: Network) -> tuple[Ints, Ints]:
    """For each row of the block `policy`: the row of `Network.policies`, and `AMOUNT`, `LEAST` or `MOST`."""
    table = network.policies
    ratio = network.indicators.per[table.indicator] >= 0
    least, most = np.isfinite(table.lower), np.isfinite(table.upper)
    parts = (
        (np.flatnonzero(~ratio & (least | most)), AMOUNT),
        (np.flatnonzero(ratio & least), LEAST),
        (np.flatnonzero(ratio & most), MOST),
    )
    policy = np.concatenate([rows for rows, _ in parts]).astype(np.int32)
    side = np.concatenate([np.full(len(rows), kind) for rows, kind in parts]).astype(np.int32)
    order = np.lexsort((side, policy))
    return policy[order], side[order]


def _policy_terms(accounts: LinearAccounts, program: ProgramBuilder, weight: Floats, covered: Bools) -> None:
    """Every row takes each term by the weight (rows, accounts) of its account, in its covered parks."""
    for term in accounts.terms:
        share = weight[:, term.account] * covered[:, term.park]
        row, place = np.nonzero(share)
        program.add_terms(
            "policy",
            row,
            term.columns,
            term.column[place],
            term.value[:, place] * share[row, place],
            weighted=True,
        )
