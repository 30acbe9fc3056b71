"""Transport: what routes carry from park to park."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def transport(network: Network, program: ProgramBuilder) -> None:
    """A material is sent along a route by a company that makes it to one in the other park that can use it.

        Σ_{s on r} load[s]·ship[s,t] ≤ capacity[t,r]        for every route r of limited capacity and period t
        Σ_{s by m} haul[s]·ship[s,t] ≤ capacity[t,m]        for every mode of transport m of limited capacity

    ship[s,t]       column `ship`                   material units sent per period, from `Shipments.source` to
                                                    `Shipments.target`; (1 − loss) of it arrives (`mass_balance`)
    load[s]         `Shipments.load`                units of the route's capacity per material unit, e.g. t per Nm3
    capacity[t,r]   `Routes.capacity`               `Routes.unit` per period, both directions and all materials together
    haul[s]         `Shipments.haul`                units of the mode's capacity per material unit, amount × distance
    capacity[t,m]   `TransportModes.capacity`       `TransportModes.unit` per period, over all routes of the mode

    Residues (byproduct, waste, emission) travel where `exchange` is `all`, everything else at every level; between
    parks that are `apart` nothing does. A shipment that is not allowed has no column.

    The dual of a row is the change of the objective per unit that the capacity is raised: zero or positive when
    maximising profit.
    """
    shipments, routes, modes = network.shipments, network.routes, network.transport_modes
    program.add_columns(
        "ship",
        len(shipments.source),
        names=partial(names.shipments, network),
        origin=shipments.origin,
    )
    mode = routes.mode[shipments.route]
    limited = _limited(shipments.route, routes.capacity)
    program.add_rows(
        "route",
        len(limited),
        names=partial(names.routes, network, limited),
        upper=routes.capacity[:, limited],
        origin=routes.capacity_origin[limited],
    )
    _use(program, "route", limited, shipments.route, shipments.load)
    limited = _limited(mode, modes.capacity)
    program.add_rows(
        "transport",
        len(limited),
        names=partial(names.transport_modes, network, limited),
        upper=modes.capacity[:, limited],
        origin=modes.capacity_origin[limited],
    )
    _use(program, "transport", limited, mode, shipments.haul)


def _limited(user: Ints, capacity: Floats) -> Ints:
    """Rows of finite capacity that some shipment uses; `user` (n,) is the row that each shipment uses."""
    used = np.zeros(capacity.shape[1], dtype=bool)
    used[user] = True
    return np.flatnonzero(used & np.isfinite(capacity).any(axis=0)).astype(np.int32)


def _use(program: ProgramBuilder, rows: str, limited: Ints, user: Ints, amount: Floats) -> None:
    """Let each shipment take its amount of the capacity it uses."""
    where = np.flatnonzero(np.isin(user, limited))
    program.add_terms(rows, np.searchsorted(limited, user[where]), "ship", where, amount[where])
