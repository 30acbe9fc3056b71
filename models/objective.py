"""Objective: what the answer is best at, stage by stage."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder
from .indicator import LinearAccounts
from .policy import add_account_terms
from .program import ProgramError


def objective(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """A weighted sum of indicators is made as large or small as can be, and others after it among the best answers.

        optimise goal[s] = Σ_i factor[s,i] · Σ_k account[a(i),k]             for every stage s, one after the other
        account[a,k] = Σ_t weight[t] · Σ_j value[a,j,k,t]·x[j,t] + constant[a,k]

        optimise goal[s] = worst[s]                                          for a stage on the worst-off park
        Σ_i factor[s,i] · Σ_{k of park p} account[a(i),k] − worst[s] ≥ 0     for every park p (≤ 0 when minimising)

        goal[s] ≥ best[s] − tolerance[s]                                    in every later stage (≤ … + when minimising)

    account[a,k]     `linear_accounts`          account units of company k, for an indicator i of `Goal.indicator`
    factor[s,i]      `Goal.factor`              units of the goal per indicator unit
    weight[t]        `Periods.weight`           how often the period occurs, 1
    optimise         `Goal.maximise`            maximise or minimise
    worst[s]         column `worst`             units of the goal; free in sign
    best[s]          the value that stage s reached alone
    tolerance[s]     `Goal.tolerance`           a share of |best|, or units of the goal

    A constant (fixed cost, in profit and cost) moves no flow but belongs to the reported value. The rows `stage` keep
    what former stages reached; they are open while the first stage is solved (`solve_stages` closes them).

    Every dual of an answer is a change of the last stage as it is stated here, whichever its sense.
    Raises ProgramError where a stage optimises a ratio.
    """
    indicators, stages = network.indicators, network.stages
    weight = np.zeros((len(stages), len(network.accounts.id)))
    for number, goal in enumerate(stages):
        if (indicators.per[goal.indicator] >= 0).any():
            raise ProgramError(f"the objective `{goal.name}` is a ratio; optimise its numerator and bound the ratio")
        np.add.at(weight[number], indicators.account[goal.indicator], goal.factor)
    constant = np.tensordot(network.periods.weight, accounts.constant, 1)
    worst = np.flatnonzero([goal.worst for goal in stages]).astype(np.int32)
    for number, goal in enumerate(stages):
        program.set_objective(
            goal.maximise,
            goal.unit,
            0.0 if goal.worst else float((weight[number] @ constant).sum()),
            stage=number,
            name=goal.name,
            tolerance=goal.tolerance,
            relative=goal.relative,
        )
        if goal.worst:
            program.add_costs("worst", np.searchsorted(worst, [number]), 1.0, number)
        else:
            _costs(accounts, program, weight[number], number)
    _worst_parks(network, accounts, program, worst, weight)
    _former_stages(network, accounts, program, worst, weight)


def _costs(accounts: LinearAccounts, program: ProgramBuilder, weight: Floats, stage: int) -> None:
    for term in accounts.terms:
        where = np.flatnonzero(weight[term.account])
        if len(where):
            value = term.value[:, where] * weight[term.account[where]]
            program.add_costs(term.columns, term.column[where], value, stage)


def _worst_parks(
    network: Network, accounts: LinearAccounts, program: ProgramBuilder, worst: Ints, weight: Floats
) -> None:
    """One free column a stage that looks at the worst-off park, and a row for it and each park."""
    parks = len(network.parks)
    origin = np.array([network.stages[number].origin for number in worst], np.int32)
    maximise = np.repeat([network.stages[number].maximise for number in worst], parks).astype(bool)
    row_weight = np.repeat(weight[worst], parks, axis=0)
    company = np.tile(network.companies.park[None, :] == np.arange(parks)[:, None], (len(worst), 1))
    constant = np.einsum("t,tak,ra,rk->r", network.periods.weight, accounts.constant, row_weight, company.astype(float))
    program.add_columns(
        "worst",
        len(worst),
        names=partial(names.worst_columns, network, worst),
        lower=-np.inf,
        origin=origin,
        periodic=False,
    )
    program.add_rows(
        "spread",
        len(maximise),
        names=partial(names.worst_rows, network, worst),
        lower=np.where(maximise, -constant, -np.inf),
        upper=np.where(maximise, np.inf, -constant),
        origin=np.repeat(origin, parks),
        periodic=False,
    )
    always = np.ones((len(maximise), len(network.periods.id)), bool)
    add_account_terms(accounts, program, "spread", row_weight, company, always)
    program.add_terms("spread", np.arange(len(maximise)), "worst", np.repeat(np.arange(len(worst)), parks), -1.0)


def _former_stages(
    network: Network, accounts: LinearAccounts, program: ProgramBuilder, worst: Ints, weight: Floats
) -> None:
    """One open row for each stage but the last."""
    former = len(network.stages) - 1
    sums = weight[:former].copy()
    spread = worst[worst < former]
    sums[spread] = 0.0
    program.add_rows(
        "stage",
        former,
        names=partial(names.stages, network),
        origin=[goal.origin for goal in network.stages[:former]],
        periodic=False,
    )
    company = np.ones((former, len(network.companies.label)), bool)
    always = np.ones((former, len(network.periods.id)), bool)
    add_account_terms(accounts, program, "stage", sums, company, always)
    program.add_terms("stage", spread, "worst", np.arange(len(spread)), 1.0)
