"""Growth: how fast an indicator may rise or fall from period to period."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats
from . import names
from .builder import ProgramBuilder
from .coverage import covered_companies, covered_periods, policy_accounts
from .indicator import LinearAccounts


def growth(network: Network, accounts: LinearAccounts, program: ProgramBuilder) -> None:
    """From one covered period to the next, the rate of an indicator grows at most, and at least, by so much a year.

        account[a(q),t]/duration[t] ≤ (1 + most[q])^gap[t] · account[a(q),t−1]/duration[t−1]      (row `growth_max`)
        account[a(q),t]/duration[t] ≥ (1 + least[q])^gap[t] · account[a(q),t−1]/duration[t−1]     (row `growth_min`)

        gap[t] = (weight[t−1]·duration[t−1] + weight[t]·duration[t]) / 2
                        for every policy q with growth and every period t that is covered and whose period before is too

    account[a(q),t]  `linear_accounts`      indicator units in one occurrence of the period, over the covered companies
    most[q]          `Growths.most`         share per year, compound; inf where none; likewise `least`
    duration[t]      `Periods.duration`     a, of one occurrence; a period lasts for weight[t]·duration[t], and the
                                            gap is the time between the middles of the two

    The row is multiplied by duration[t]. Periods are neighbours in the order of the case; the first one has no row.
    What belongs to no period does not count. What is zero stays zero under a largest growth.

    The dual is what one more indicator unit in that period adds to the objective: positive for a binding `growth_max`
    when maximising, negative for a binding `growth_min`.
    """
    table = network.growths
    for word, rate in (("growth_max", table.most), ("growth_min", table.least)):
        policy = table.policy[np.isfinite(rate)]
        factor = growth_factors(network, rate[np.isfinite(rate)])
        limited = growing_periods(network)[:, policy]
        company = covered_companies(network)[policy]
        account = policy_accounts(network)[0][policy]
        constant = np.einsum("tqk,qk->tq", accounts.constant[:, account], company.astype(float))
        side = factor * np.roll(constant, 1, axis=0) - constant
        below = word == "growth_max"
        program.add_rows(
            word,
            len(policy),
            names=partial(names.policies, network, word, policy, [""] * len(policy)),
            upper=np.where(limited, side, np.inf) if below else np.inf,
            lower=-np.inf if below else np.where(limited, side, -np.inf),
            origin=table.origin[np.isfinite(rate)],
        )
        for term in accounts.terms:
            row, place = np.nonzero(company[:, term.company] & (account[:, None] == term.account))
            if not term.periodic or not len(row):
                continue
            value = np.broadcast_to(term.value, (len(factor), term.value.shape[1]))[:, place]
            now = np.where(limited, 1.0, 0.0)[:, row]
            program.add_terms(word, row, term.columns, term.column[place], value * now)
            before = np.roll(value, 1, axis=0) * (factor[:, row] * now)
            program.add_lagged_terms(word, row, term.columns, term.column[place], -before, 1)


def growth_factors(network: Network, rate: Floats) -> Floats:
    """What an amount of the period before may become in each period, (T, n): growth (n,) per year and duration."""
    duration = network.periods.duration
    before = np.concatenate([duration[:1], duration[:-1]])
    grown: Floats = (1.0 + rate) ** growth_gaps(network)[:, None] * (duration / before)[:, None]
    return grown


def growth_gaps(network: Network) -> Floats:
    """Time between the middles of each period and the one before, (T,) a; of the first period its own length."""
    length = network.periods.duration * network.periods.weight
    gap: Floats = (np.concatenate([length[:1], length[:-1]]) + length) / 2
    return gap


def growing_periods(network: Network) -> Bools:
    """Periods that are covered by each policy and follow a covered one, (T, n)."""
    covered = covered_periods(network).T
    limited = np.zeros_like(covered)
    limited[1:] = covered[1:] & covered[:-1]
    return limited
