"""Banking: allowances that are kept for later periods."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder
from .coverage import money_columns
from .stock import not_at_the_start


def banking(network: Network, program: ProgramBuilder) -> None:
    """Allowances that are not used, free or paid for, may be kept, and what was kept is as good as free later.

        account[a(q),t] + kept[q,t] − kept[q,t−1] − Σ_{s of q} paid[s,t] ≤ free[q]·duration[t]
        lower[t,q] ≤ kept[q,t] ≤ upper[q]           for every policy q with a bank and every period t, covered or not
        kept[q,t] − Σ_{s of q that charges} Σ_{oldest[t,q] ≤ v ≤ t} paid[s,v] ≤ alive[t,q]
                                                          where allowances expire (row `unexpired`)

    account, paid,   as in `allowances`, whose rows `charge_each` these terms extend; in a period that is not covered
    free             account and free are zero, and nothing is paid
    kept[q,t]        column `kept`          indicator units kept at the end of the period; before the first period
                                            `Banks.initial`; negative where it is borrowed
    upper[q]         `Banks.upper`          the limit
    lower[t,q]       `Banks.lower`          −borrow; 0 after the last period
    alive[t,q]       `Banks.alive`          indicator units that were free (the initial stock as the first period
                                            begins) and have not expired as period t + 1 begins
    oldest[t,q]      `Banks.oldest`         first period whose allowances have not expired as period t + 1 begins

    An allowance is an allowance: which of them are used, those given or those paid for, makes no difference, so all are
    in one account. A cheap step may be filled for a later period. What is kept and never used is lost. Whoever uses the
    oldest first holds the newest: so row `unexpired` alone is exact for allowances that expire, and none needs a column
    for the period it comes from. There what is sold has a column of its own (a step that only sells), because selling
    old ones takes nothing from the new.

    The dual of `charge_each` is the change of the objective per unit that is free in addition in that period. While
    something is kept from one period to the next, both are worth the same. The dual of `unexpired` is the change of the
    objective per unit that would last one period longer.
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
    _expiry(network, program)


def _expiry(network: Network, program: ProgramBuilder) -> None:
    table = network.banks
    expires = np.flatnonzero(np.isfinite(table.alive).all(axis=0)).astype(np.int32)
    program.add_rows(
        "unexpired",
        len(expires),
        names=partial(names.policies, network, "unexpired", table.policy[expires], [""] * len(expires)),
        upper=table.alive[:, expires],
        origin=table.origin[expires],
    )
    program.add_terms("unexpired", np.arange(len(expires)), "kept", expires, 1.0)
    row, column = _charging(network, table.policy[expires])
    age = np.arange(len(network.periods.id))[:, None] - table.oldest[:, expires[row]]
    for lag in range(int(age.max(initial=-1)) + 1):
        program.add_lagged_terms("unexpired", row, "paid_each", column, -(lag <= age).astype(float), lag)


def _charging(network: Network, policies: Ints) -> tuple[Ints, Ints]:
    """Columns of `paid_each` that are paid for, not sold, of some policies: place of the policy, and column."""
    rungs = network.rungs
    paid = next(columns for columns in money_columns(network) if columns.block == "paid_each")
    column, row = np.nonzero((paid.policy[:, None] == policies) & (rungs.lower[paid.rung] == 0)[:, None])
    return row.astype(np.int32), column.astype(np.int32)


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
