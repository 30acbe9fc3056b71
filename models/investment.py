"""Investment: capacity that may be built."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .program import ProgramBuilder


def investment(network: Network, program: ProgramBuilder) -> None:
    """A plant runs at most what its existing and its new capacity allow, and building keeps to its limits.

        run[p,t] − yields[t,p]·Σ_v stands[v,t,p]·build[p,v] ≤ existing[t,p]     for every plant p with build, period t
        Σ_v stands[v,t,p]·build[p,v] ≤ most[p]                                  where it is stated
        Σ_p cost[p]·build[p,v] ≤ budget[v]                                      where it is stated

    build[p,v]       column `build`          reference units per year, built as period v begins
    run[p,t]         column `run`            reference units of the plant per period
    stands[v,t,p]    `Builds.stands`         1 from lead_time after v begins until lifetime after that, else 0
    yields[t,p]      `Builds.yields`         availability · length of the period, a
    existing[t,p]    `Builds.existing`       available capacity that is there; 0 from the period of retire_by on
    most[p]          `Builds.most`           build.max, reference units per year
    cost[p]          `Builds.cost`           money per unit of capacity
    budget[v]        `Builds.budget`         investment.budget · length of the period, money

    What never stands within the horizon cannot be built. Cost and profit book the annuity of every year in which the
    capacity stands, cost·rate/(1 − (1 + rate)^−lifetime), or all of it when it is built (`method: cash`), and its fixed
    cost (`Builds.paid`).

    The dual of `installed` is the change of the objective per reference unit of existing capacity in the period, that
    of `most` per unit of build.max, and that of `budget` per unit of money: all positive when they bind and profit is
    maximised.
    """
    table, periods = network.builds, len(network.periods.id)
    n = len(table.plant)
    useful = table.stands.any(axis=1)
    program.add_columns(
        "build", n, names=partial(names.builds, network, "build"), origin=table.origin,
        upper=np.where(useful, np.inf, 0.0),
    )  # fmt: skip
    plant = np.arange(n)
    period, which = (index.ravel() for index in np.meshgrid(np.arange(periods), plant, indexing="ij"))
    for word, side, origin in (
        ("installed", table.existing, table.existing_origin),
        ("most", np.broadcast_to(table.most, (periods, n)), table.most_origin),
    ):
        program.add_rows(
            word, periods * n, names=partial(names.builds, network, word, True), upper=side.ravel(),
            origin=np.tile(origin, periods), periodic=False,
        )  # fmt: skip
    row = np.arange(periods * n)
    own = np.arange(periods)[:, None] == period[None, :]
    stands = table.stands[:, period, which].astype(float)
    program.add_terms("installed", row, "run", table.plant[which], own.astype(float))
    program.add_terms("installed", row, "build", which, -stands * table.yields[period, which])
    program.add_terms("most", row, "build", which, stands)
    limited = int(np.isfinite(table.budget).any())
    program.add_rows(
        "budget", limited, names=partial(names.budgets, limited), upper=table.budget[:, None][:, :limited],
        origin=table.budget_origin,
    )  # fmt: skip
    if limited:
        program.add_terms("budget", np.zeros(n, np.int32), "build", plant, table.cost)
