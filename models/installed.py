"""Installed capacity: what stands bounds what is done with it."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.standing import CapacityKind
from . import names
from .program import ProgramBuilder


def installed(network: Network, program: ProgramBuilder) -> None:
    """A plant runs at most what its existing and its new capacity allow.

        use[c,t] − yields[t,c]·new[c,t] ≤ existing[t,c]        for every capacity c that may change and period t

    use[c,t]        column `run` of a plant         reference units per period
    new[c,t]        column `new`                    what is built and stands, units of capacity (`investment`)
    yields[t,c]     `Capacities.yields`             availability · length of the period, a
    existing[t,c]   `Capacities.existing`           largest use without building; 0 from the period of retire_by on

    The dual is the change of the objective per unit of use that the existing capacity is raised by in the period:
    positive where it binds and profit is maximised.
    """
    table, builds = network.capacities, network.builds
    n = len(table.kind)
    program.add_rows(
        "installed", n, names=partial(names.capacities, network, "installed", np.arange(n, dtype=np.int32)),
        upper=table.existing, origin=table.existing_origin,
    )  # fmt: skip
    plant = np.flatnonzero(table.kind == CapacityKind.PLANT)
    program.add_terms("installed", plant, "run", table.thing[plant], 1.0)
    program.add_terms(
        "installed", builds.capacity, "new", np.arange(len(builds.capacity)), -table.yields[:, builds.capacity]
    )
