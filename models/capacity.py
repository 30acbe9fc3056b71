"""Capacity: how much each plant may and must run."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder


def capacity(network: Network, program: ProgramBuilder) -> None:
    """A plant runs at least its minimum load and at most its available capacity.

        lower[t,p] ≤ run[p,t] ≤ upper[t,p]          for every plant p and period t

    run[p,t]      column `run`           reference units of the plant per period
    lower[t,p]    `Plants.lower`         the highest of minimum load, run.min and fix
    upper[t,p]    `Plants.upper`         the lowest of available capacity, run.max and fix; inf where unlimited

    A plant with one recipe has a capacity that bounds a single column and needs no row. Each mode of a plant with modes
    is a run of its own without bounds; the capacity that modes and shared units have in common is a row
    (`shared_capacity`). The upper bound of a plant that is on or off is a row too (`commitment`).

    The dual is the reduced cost of `run`: what one more reference unit of capacity adds to the objective; positive at
    a binding upper bound when maximising, negative when minimising.
    """
    plants = network.plants
    upper = plants.upper.copy()
    upper[:, network.commitments.plant] = np.inf
    program.add_columns(
        "run",
        len(plants.company),
        names=partial(names.runs, network),
        lower=plants.lower,
        upper=upper,
        origin=plants.origin,
        lower_origin=plants.lower_origin,
        upper_origin=plants.upper_origin,
    )
