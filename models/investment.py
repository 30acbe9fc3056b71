"""Investment: capacity that may be built."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def investment(network: Network, program: ProgramBuilder) -> None:
    """Capacity is built within its largest amount, its pace and the budgets, and stands for its lifetime.

        new[b,t] = Σ_v stands[v,t,b]·build[b,v]                 for every b that may be built, period t (`standing`)
        new[b,t] ≤ most[b]                                      where it is stated
        build[b,v] ≤ pace[v,b]                                  where it is stated
        build[b,v] = step[b]·build_steps[b,v]                   where it is built in whole steps (`whole_build`)
        Σ_b share[b,g]·cost[b]·build[b,v] ≤ budget[v,g]         for every budget g and period v

    build[b,v]         column `build`           units of capacity, built as period v begins
    new[b,t]           column `new`             units of capacity that are built and stand in period t
    build_steps[b,v]   column `build_steps`     how many steps are built; a whole number
    stands[v,t,b]      `Builds.stands`          1 from lead_time after v begins until lifetime after that, else 0
    most[b]            `Builds.most`            build.max, units of capacity
    pace[v,b]          `Builds.pace`            build.pace · length of the period, units of capacity
    step[b]            `Builds.step`            build.step, units of capacity
    cost[b]            `Builds.cost`            money per unit of capacity
    share[b,g]         `Capacities.payer_share` of the companies that the budget binds: those of its park, or all
    budget[v,g]        `Budgets.most`           budget · length of the period, money

    What never stands within the horizon cannot be built. Cost and profit book `Builds.yearly` (the annuity
    cost·rate/(1 − (1 + rate)^−lifetime), and fixed cost) in every year in which the capacity stands, and
    `Builds.at_once` (all of the cost, under `method: cash`) when it is built. The capital that is spent is the
    indicator `investment`, by either method.

    The dual of `budget` is the change of the objective per unit of money in the period, the reduced cost of `new` that
    per unit of build.max and that of `build` per unit of pace: all positive when they bind and profit is maximised.
    """
    table, periods = network.builds, len(network.periods.id)
    n = len(table.capacity)
    build, every = np.arange(n), np.arange(periods)
    useful = table.stands.any(axis=1)
    paced = useful & np.isfinite(table.pace)
    label = partial(names.capacities, network)
    program.add_columns(
        "build", n, names=partial(label, "build", table.capacity), origin=table.origin,
        upper=np.where(useful, table.pace, 0.0), upper_origin=np.where(paced, table.pace_origin, -1),
    )  # fmt: skip
    program.add_columns(
        "new", n, names=partial(label, "new", table.capacity), origin=table.origin,
        upper=table.most, upper_origin=table.most_origin,
    )  # fmt: skip
    program.add_rows(
        "standing", periods * n, names=partial(names.in_periods, network, partial(label, "standing", table.capacity)),
        lower=0.0, upper=0.0, origin=np.tile(table.origin, periods), periodic=False,
    )  # fmt: skip
    row, (period, which) = np.arange(periods * n), (i.ravel() for i in np.meshgrid(every, build, indexing="ij"))
    own = (every[:, None] == period[None, :]).astype(float)
    program.add_terms("standing", row, "new", which, own)
    program.add_terms("standing", row, "build", which, -table.stands[:, period, which].astype(float))
    whole_steps(network, program, "build", table.capacity, table.step, table.step_origin)
    _budgets(network, program)


def whole_steps(
    network: Network, program: ProgramBuilder, word: str, capacity: Ints, step: Floats, origin: Ints
) -> None:
    """Columns `build` (or another word) of stated steps are whole multiples of them: `build` − step·`build_steps` = 0.

    Args:
        network: for the names.
        program: where the columns and rows go.
        word: name of the block of n columns.
        capacity: (n,) row of `Capacities`.
        step: (n,) capacity of a step; 0 where any amount will do.
        origin: (n,) line that states the step.
    """
    stepped = np.flatnonzero(step > 0).astype(np.int32)
    block, row, place = f"{word}_steps", f"whole_{word}", np.arange(len(stepped))
    label = partial(names.capacities, network)
    where = capacity[stepped]
    program.add_columns(block, len(stepped), names=partial(label, block, where), origin=origin[stepped], whole=True)
    program.add_rows(row, len(stepped), names=partial(label, row, where), lower=0.0, upper=0.0, origin=origin[stepped])
    program.add_terms(row, place, word, stepped, 1.0)
    program.add_terms(row, place, block, place, -step[stepped])


def _budgets(network: Network, program: ProgramBuilder) -> None:
    """One row for each budget and period over the companies that it binds."""
    capacities, builds, budgets = network.capacities, network.builds, network.budgets
    program.add_rows(
        "budget", len(budgets.park), names=partial(names.budgets, network), upper=budgets.most, origin=budgets.origin
    )
    park = network.companies.park[capacities.payer_company]
    bound = (budgets.park[:, None] == park[None, :]) | (budgets.park[:, None] < 0)
    share: Floats = np.zeros((len(budgets.park), len(capacities.kind)))
    np.add.at(share.T, capacities.payer_capacity, (bound * capacities.payer_share).T)
    budget, build = np.nonzero(share[:, builds.capacity])
    value = share[budget, builds.capacity[build]] * builds.cost[build]
    program.add_terms("budget", budget, "build", build, value)
