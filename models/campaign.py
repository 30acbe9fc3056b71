"""Campaigns: plants that work in one of their modes at a time."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder


def campaigns(network: Network, program: ProgramBuilder) -> None:
    """In each period a plant is set up for exactly one of its modes, and a changeover takes some of its capacity.

        Σ_{m of p} on[m,t] = 1                                      for every plant p with campaigns and period t
        run[m,t] ≤ upper[t,m]·on[m,t] − lost[t,m]·start[m,t]        (row `on_most` of `commitment`)

    on[m,t]       column `on`               1 where the plant is set up for mode m, whether it runs or not
    start[m,t]    column `start`            1 where the plant changes over to mode m as the period begins
    run[m,t]      column `run`              reference units of the mode per period
    upper[t,m]    `Plants.upper`            available capacity over what the mode takes, reference units per period
    lost[t,m]     `Campaigns.lost`          changeover_time · available capacity per time, over what the mode takes

    Everything else is `commitment`: a mode stays on for `campaigns.least` after a start, every start costs
    `changeover_cost`, and the periods stand in a circle, so a plant that changes over also changes back.

    All terms of the row are whole numbers, which are held where duals are computed: its dual says nothing.
    """
    table = network.campaigns
    mode = table.commitment
    program.add_rows(
        "campaign", len(table.label), names=partial(names.campaigns, network),
        lower=1.0, upper=1.0, origin=table.origin, whole=True,
    )  # fmt: skip
    program.add_terms("campaign", table.plant, "on", mode, np.ones(len(mode)))
    program.add_terms("on_most", mode, "start", mode, table.lost)
