"""Allowances: payments that rise by steps or leave an allowance free."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .banking import brought_in
from .builder import ProgramBuilder
from .coverage import (
    covered_companies,
    covered_length,
    covered_periods,
    holds_each,
    money_columns,
    policy_accounts,
)
from .indicator import LinearAccounts
from .policy import add_account_terms


def allowances(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """What an indicator exceeds its free allowance by is paid for, step by step at rising prices.

        account[a(q)] − Σ_{s of q} paid[s] ≤ free[q]·years[q]       for every policy q that is paid by steps
        lower[s]·years[q] ≤ paid[s] ≤ upper[s]·years[q]             for every step s of q

    account[a(q)]    `linear_accounts`      indicator units over the covered periods and companies
    free[q]          `Policies.free`        indicator units per a
    paid[s]          column `paid`          indicator units paid for at `Rungs.price`
    lower[s]         `Rungs.lower`          0, or -inf where what is left of the allowance is sold at the first price
    upper[s]         `Rungs.upper`          indicator units per a; inf where unlimited
    years[q]         Σ weight·duration of the covered periods, a

    Where the policy holds in each period (`Policies.each`), the same is said of every covered period alone (rows
    `charge_each`, columns `paid_each`), with its duration in place of the years. A price without steps that lets the
    rest of the allowance be sold needs no row: `linear_accounts` books it.

    The dual is the change of the objective per unit that is free in addition: the price of the last step that is
    used, when maximising profit.
    """
    table, rungs = network.policies, network.rungs
    periods, length = covered_periods(network), covered_length(network)
    years = network.periods.weight @ length
    of = policy_accounts(network)[0]
    for block in money_columns(network):
        if not block.block.startswith("paid"):
            continue
        each = block.periodic
        policy = charged(network, each)
        size = length if each else years[None, :]
        program.add_columns(
            block.block,
            len(block.rung),
            names=partial(names.rungs, network, block.block, block.rung),
            lower=_times(rungs.lower[block.rung], size[:, block.policy]),
            upper=_times(rungs.upper[block.rung], size[:, block.policy]),
            origin=rungs.origin[block.rung],
            upper_origin=rungs.origin[block.rung],
            periodic=each,
        )
        rows = "charge_each" if each else "charge"
        weight = np.zeros((len(policy), len(network.accounts.id)))
        weight[np.arange(len(policy)), of[policy]] = 1.0
        company, period = covered_companies(network)[policy], periods[policy]
        constant = np.einsum("tqk,qk,qt->tq", accounts.constant[:, of[policy]], company * 1.0, period * 1.0)
        if not each:
            constant = (network.periods.weight @ constant)[None, :]
        free = table.free[policy] if len(table.free) else np.zeros(len(policy))
        program.add_rows(
            rows,
            len(policy),
            names=partial(names.policies, network, rows, policy, [""] * len(policy)),
            upper=free * size[:, policy] - constant + (brought_in(network, policy) if each else 0.0),
            origin=table.origin[policy],
            periodic=each,
        )
        add_account_terms(accounts, program, rows, weight, company, period)
        row = np.searchsorted(policy, block.policy)
        program.add_terms(rows, row, block.block, np.arange(len(block.rung)), -1.0)


def charged(network: Network, each: bool) -> Ints:
    """Policies of the rows `charge`, or `charge_each`."""
    policy = network.rungs.policy
    return np.unique(policy[holds_each(network)[policy] == each]).astype(np.int32)


def _times(bound: Floats, size: Floats) -> Floats:
    """Rates (k,) over lengths (T, k); in a period that is not covered and so has no length nothing is paid."""
    return np.where(np.isfinite(bound) | (size == 0), np.where(np.isfinite(bound), bound, 0.0) * size, bound)
