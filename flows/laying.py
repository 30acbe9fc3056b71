"""Links, routes and stores that may be built: a pipe to lay, a railway, a tank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .accounts import label
from .draft import Draft
from .investing import Changing
from .standing import CapacityKind
from .way_tables import Exchanges, Routes, Shipments, Stores


def lay_links(changing: Changing, exchanges: Exchanges) -> Exchanges:
    """Write the links that may be built, and return the exchanges without the largest amounts that this moves."""
    draft, duration = changing.draft, changing.periods.duration
    upper = exchanges.upper.copy()
    for number, (park, block) in enumerate(draft.case.parks.items()):
        for key, link in block.links.items():
            path = ("parks", park, "links", key)
            if link.build is None or _unlimited(draft, link.max, "max", path):
                continue
            for lane in np.flatnonzero(exchanges.origin == draft.origin_of(*path)).tolist():
                node = exchanges.source[lane]
                giver = int(draft.nodes.columns["company"][node])
                unit = f"{draft.case.materials[link.material].unit}/a"
                capacity = changing.capacity(
                    CapacityKind.LINK, lane, label(key, None), number, giver, unit,
                    upper[:, lane] / duration, duration, [giver], draft.origin_of(*path, "max"),
                )  # fmt: skip
                changing.build(capacity, link.build, unit, 0.0, (*path, "build"))
                upper[:, lane] = np.inf
    return replace(exchanges, upper=upper)


def lay_routes(changing: Changing, routes: Routes, shipments: Shipments) -> Routes:
    """Write the routes that may be built, and return the routes without the capacities that this moves.

    The companies that may send by a route share its cost evenly.
    """
    draft, duration = changing.draft, changing.periods.duration
    upper, company = routes.capacity.copy(), draft.nodes.columns.get("company", [])
    for row, text in enumerate(routes.label):
        route, path = draft.case.routes[text.id], ("routes", text.id)
        if route.build is None or _unlimited(draft, route.capacity, "capacity", path):
            continue
        senders = [company[node] for node in shipments.source[shipments.route == row].tolist()]
        if not senders:
            continue
        unit = f"{routes.unit[row]}/a"
        capacity = changing.capacity(
            CapacityKind.ROUTE, row, text, int(routes.start[row]), -1, unit,
            upper[:, row] / duration, duration, senders, draft.origin_of(*path, "capacity"),
        )  # fmt: skip
        changing.build(capacity, route.build, unit, 0.0, (*path, "build"))
        upper[:, row] = np.inf
    return replace(routes, capacity=upper)


def lay_stores(changing: Changing, stores: Stores) -> Stores:
    """Write the stores that may be built, and return the stores without the capacities that this moves."""
    draft, periods = changing.draft, len(changing.periods.id)
    limit, opening = stores.capacity.copy(), stores.opening_upper.copy()
    for number, (park, block) in enumerate(draft.case.parks.items()):
        for key, store in block.stores.items():
            path = ("parks", park, "stores", key)
            if store.build is None or _unlimited(draft, store.capacity, "capacity", path):
                continue
            for row in np.flatnonzero(stores.origin == draft.origin_of(*path)).tolist():
                keeper = int(draft.nodes.columns["company"][stores.node[row]])
                unit = draft.case.materials[store.material].unit
                capacity = changing.capacity(
                    CapacityKind.STORE, row, stores.label[row], number, keeper, unit,
                    float(limit[row]), np.ones(periods), [keeper], draft.origin_of(*path, "capacity"),
                )  # fmt: skip
                changing.build(capacity, store.build, unit, 0.0, (*path, "build"))
                limit[row] = np.inf
                if store.initial is None and store.end == "cyclic":
                    opening[row] = np.inf
    return replace(stores, capacity=limit, opening_upper=opening)


def _unlimited(draft: Draft, limit: object, key: str, path: tuple[str, ...]) -> bool:
    """Refuse to build what has no limit."""
    if limit != "unlimited":
        return False
    what = f"where `{key}` is unlimited there is nothing to build"
    draft.findings.error(draft.case.key_at(*path, "build"), what, f"state the `{key}` that stands, e.g. `0 t/a`")
    return True
