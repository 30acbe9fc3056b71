"""Banking: allowances that are kept for later periods."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Floats, Ints, Network
from . import names
from .program import ProgramBuilder
from .stock import not_at_the_start


def banking(network: Network, program: ProgramBuilder) -> None:
    """What is left of a free allowance may be kept, and what was kept is as good as free later.

        account[a(q),t] + kept[q,t] − kept[q,t−1] − Σ_{s of q} paid[s,t] ≤ free[q]·duration[t]
        lower[t,q] ≤ kept[q,t] ≤ upper[t,q]           for every policy q with a bank and every period t, covered or not

    account, paid,   as in `allowances`, whose rows `charge_each` these terms extend; in a period that is not covered
    free             account and free are zero, and nothing is paid
    kept[q,t]        column `kept`          indicator units kept at the end of the period; before the first period
                                            `Banks.initial`; negative where it is borrowed
    upper[t,q]       `Banks.upper`          the limit; where allowances expire also all that was given out (the initial
                                            stock as the first period begins) and has not expired as period t + 1 begins
    lower[t,q]       `Banks.lower`          −borrow; 0 after the last period

    What is kept and never used is lost. Whoever uses the oldest first holds the newest: so the second bound alone is
    exact for allowances that expire, and no allowance needs a column for the period it comes from.

    The dual of `charge_each` is the change of the objective per unit that is free in addition in that period. While
    something is kept from one period to the next, both are worth the same.
    """
    table = network.banks
    program.add_columns(
        "kept",
        len(table.policy),
        names=partial(names.policy_columns, network, "kept", table.policy),
        lower=table.lower,
        upper=table.upper,
        origin=table.origin,
        lower_origin=table.origin,
        upper_origin=table.origin,
    )
    if not len(table.policy):
        return
    row, place = charge_rows(network), np.arange(len(table.policy))
    later = np.ones((len(network.periods.id), len(place)))
    program.add_terms("charge_each", row, "kept", place, 1.0)
    program.add_lagged_terms("charge_each", row, "kept", place, -not_at_the_start(later), 1)


def charge_rows(network: Network) -> Ints:
    """Row of `charge_each` of each bank."""
    rungs, each = network.rungs, network.policies.each
    charged = np.unique(rungs.policy[each[rungs.policy]])
    return np.searchsorted(charged, network.banks.policy).astype(np.int32)


def brought_in(network: Network, policy: Ints) -> Floats:
    """Allowances that some policies have before the first period: (T, n), zero in all later periods."""
    found = np.zeros((len(network.periods.id), len(network.policies.id)))
    found[0, network.banks.policy] = network.banks.initial
    return found[:, policy]
