"""Objective: what the answer is best at."""

from __future__ import annotations

import numpy as np

from ..flows.network import Network
from .indicator import LinearAccounts
from .program import ProgramBuilder, ProgramError


def objective(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """One indicator, summed over all parks and all periods with their weights, is made as large or small as can be.

        optimise Σ_k account[a,k] = Σ_t weight[t] · Σ_j value[a,j,t]·x[j,t] + constant[a]

    account[a,k]     `linear_accounts`          account units, for the account a of `Network.objective`
    weight[t]        `Periods.weight`           how often the period occurs, 1
    optimise         `Network.maximise`         maximise or minimise

    The constant (fixed cost, in profit and cost) moves no flow but belongs to the reported value. Every dual of the
    program is a change of this objective as it is stated here, whichever its sense.
    Raises ProgramError where the objective is a ratio.
    """
    indicators = network.indicators
    if indicators.per[network.objective] >= 0:
        name = indicators.label[network.objective].id
        raise ProgramError(f"the objective `{name}` is a ratio; optimise its numerator and bound the ratio")
    account = int(indicators.account[network.objective])
    unit = indicators.unit[network.objective]
    program.set_objective(network.maximise, unit, accounts.constant[account].sum())
    for term in accounts.terms:
        where = np.flatnonzero(term.account == account)
        if len(where):
            program.add_costs(term.columns, term.column[where], term.value[:, where])
