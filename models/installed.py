"""Installed capacity: what stands bounds what is done with it."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.standing import CapacityKind
from ..flows.tables import Ints
from . import names
from .builder import ProgramBuilder


def installed(network: Network, program: ProgramBuilder) -> None:
    """What stands, less what is closed and with what is built, bounds the use of a plant, a link, a route and a store.

        use[c,t] − yields[t,c]·(new[c,t] − closed[c,t]) ≤ existing[t,c]     for every c that may change, period t
        opening[s] − new[c,1] ≤ existing[1,c]                               for a store s of free opening level

    use[c,t]        column `run` of a plant         reference units per period
                    column `exchange` of a link     material units per period
                    Σ load·`ship` of a route        units of its capacity, both directions and all materials together
                    column `level` of a store       material units at the end of the period
    new[c,t]        column `new`                    what is built and stands, units of capacity (`investment`)
    closed[c,t]     column `closed`                 what is closed, units of capacity (`retirement`)
    yields[t,c]     `Capacities.yields`             length of the period, a (of a plant: · availability); of a store 1
    existing[t,c]   `Capacities.existing`           largest use without change; 0 from the period of retire_by on

    The dual is the change of the objective per unit of use that the existing capacity is raised by in the period:
    positive where it binds and profit is maximised.
    """
    table, builds, closing = network.capacities, network.builds, network.retirements
    rows = changing(network)
    n = len(rows)
    program.add_rows(
        "installed", n, names=partial(names.capacities, network, "installed", rows),
        upper=table.existing[:, rows], origin=table.existing_origin[rows],
    )  # fmt: skip
    kind, thing = table.kind[rows], table.thing[rows]
    for which, columns in (
        (CapacityKind.PLANT, "run"), (CapacityKind.LINK, "exchange"), (CapacityKind.STORE, "level"),
    ):  # fmt: skip
        mine = np.flatnonzero(kind == which)
        program.add_terms("installed", mine, columns, thing[mine], 1.0)
    shipments = network.shipments
    row, sent = np.nonzero((kind == CapacityKind.ROUTE)[:, None] & (thing[:, None] == shipments.route[None, :]))
    program.add_terms("installed", row, "ship", sent, shipments.load[sent])
    for columns, capacity, sign in (("new", builds.capacity, -1.0), ("closed", closing.capacity, 1.0)):
        place = np.searchsorted(rows, capacity)
        program.add_terms("installed", place, columns, np.arange(len(capacity)), sign * table.yields[:, capacity])
    _openings(network, program)


def changing(network: Network) -> Ints:
    """Rows of `Capacities` that may be built or closed, in their order: those of the block `installed`."""
    return np.unique(np.concatenate([network.builds.capacity, network.retirements.capacity])).astype(np.int32)


def _openings(network: Network, program: ProgramBuilder) -> None:
    """A free opening level keeps to what stands in the first period."""
    table, builds, stores = network.capacities, network.builds, network.stores
    store = table.kind[builds.capacity] == CapacityKind.STORE
    build = np.flatnonzero(store)
    thing = table.thing[builds.capacity[build]]
    free = stores.opening_lower[thing] < stores.opening_upper[thing]
    build, thing = build[free], thing[free]
    capacity, place = builds.capacity[build], np.arange(len(build))
    first = np.zeros((len(network.periods.id), len(build)))
    first[:1] = -1.0
    program.add_rows(
        "opening_room", len(build), names=partial(names.capacities, network, "opening_room", capacity),
        upper=table.existing[:1, capacity], origin=table.existing_origin[capacity], periodic=False,
    )  # fmt: skip
    program.add_terms("opening_room", place, "opening", thing, 1.0)
    program.add_terms("opening_room", place, "new", build, first)
