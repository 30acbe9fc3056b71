"""Retirement: existing capacity that may be closed for good."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder
from .investment import whole_steps


def retirement(network: Network, program: ProgramBuilder) -> None:
    """Existing capacity that is closed stays closed, and no more is closed than stands.

        closed[r,t] = kept[t,r]·Σ_{v ≤ t} retire[r,v]           for every r that may be closed, period t (`closing`)
        closed[r,t] ≤ most[r]
        retire[r,v] = step[r]·retire_steps[r,v]                 where it is closed in whole steps (`whole_retire`)

    retire[r,v]         column `retire`         units of capacity, closed as period v begins
    closed[r,t]         column `closed`         units of capacity that no longer stand in period t
    retire_steps[r,v]   column `retire_steps`   how many steps are closed; a whole number
    kept[t,r]           `Retirements.kept`      1 before the period of retire_by, 0 from it on, when all is gone
    most[r]             `Retirements.most`      the existing capacity, units of capacity
    step[r]             `Retirements.step`      retire.step, units of capacity

    Cost and profit book `Retirements.cost`, money per unit, when it is closed, and no longer the fixed cost
    (`Retirements.saved`) of what is closed.

    The dual of `closing` is the change of the objective per unit that stands closed in the period without a decision;
    it says what closing is worth.
    """
    table, periods = network.retirements, len(network.periods.id)
    n = len(table.capacity)
    every, label = np.arange(periods), partial(names.capacities, network)
    program.add_columns(
        "retire", n, names=partial(label, "retire", table.capacity), origin=table.origin,
        upper=np.where(table.kept, np.inf, 0.0),
    )  # fmt: skip
    program.add_columns(
        "closed", n, names=partial(label, "closed", table.capacity), origin=table.origin, upper=table.most
    )
    program.add_rows(
        "closing", periods * n, names=partial(names.in_periods, network, partial(label, "closing", table.capacity)),
        lower=0.0, upper=0.0, origin=np.tile(table.origin, periods), periodic=False,
    )  # fmt: skip
    row, (period, which) = np.arange(periods * n), (i.ravel() for i in np.meshgrid(every, np.arange(n), indexing="ij"))
    own, before = every[:, None] == period[None, :], every[:, None] <= period[None, :]
    program.add_terms("closing", row, "closed", which, own.astype(float))
    program.add_terms("closing", row, "retire", which, -(before & table.kept[period, which]).astype(float))
    whole_steps(network, program, "retire", table.capacity, table.step, table.step_origin)
