"""Forced: what must be done, against what equipment, recipes, stores and money allow. Found without solving.

Only what is certain is an error: a case that can be solved is never refused.

    units     what the users of a unit must take of it      ≤  its capacity
              its least work                                ≤  the most that its users can take
    runs      the least run of a plant that may be built    ≤  its largest run
    builds    the new capacity that least runs ask for      ≤  build.max and build.pace, and is within the budget
    stores    the level that a store must end with          ≤  what its fill rate can bring
    slots     the best blend within the shares keeps each limit: an error where the plant must run, else a warning
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .network import Network
from .problems import Problem, Severity
from .standing import CapacityKind
from .tables import Floats, Ints

SLACK = 1e-6
"""how much more than the largest amount is a contradiction, relative to the larger one, 1"""


def forced(network: Network) -> list[Problem]:
    """Return one problem for each unit, plant, store and slot that must do what it cannot."""
    return [
        *_units(network),
        *_runs(network),
        *_builds(network),
        *_stores(network),
        *_slots(network),
    ]


def refusal(network: Network, what: str, rows: Iterable[int], severity: Severity = "error") -> Problem:
    """Return a problem at the first of some lines, which names the others as places to mend."""
    origins = list(dict.fromkeys(network.origins[row] for row in rows if row >= 0))
    others = [f"{origin.path} ({origin.position})" for origin in origins[1:]]
    return Problem(origins[0].position, what, f"mend this line{''.join(f', or {it}' for it in others)}", severity)


def in_period(network: Network, period: int) -> str:
    """Return ` in period …`, or nothing where there is one period only."""
    return f" in period `{network.periods.id[period]}`" if len(network.periods.id) > 1 else ""


def _line(origin: Ints, period: int, row: int) -> int:
    """The line of a table (n,) or (T, n) of origins."""
    return int(np.atleast_2d(origin)[min(period, len(np.atleast_2d(origin)) - 1), row])


def _worst(more: Floats, than: Floats) -> Iterator[tuple[int, int]]:
    """Period and column of the largest excess in each column of (T, n) where there is one."""
    over = np.where(np.isfinite(than) & (more > than + SLACK * np.maximum(np.abs(more), 1e-300)), more - than, 0.0)
    for column in np.flatnonzero(over.any(axis=0)).tolist():
        yield int(np.argmax(over[:, column])), column


def _units(network: Network) -> Iterator[Problem]:
    units, plants = network.units, network.plants
    size = (len(network.periods.id), len(units.label))
    least, most = np.zeros(size), np.zeros(size)
    lower = plants.lower[:, units.term_plant] * units.term_factor
    upper = np.where(units.term_factor > 0, plants.upper[:, units.term_plant], 0.0) * np.maximum(
        units.term_factor, 1e-300
    )
    np.add.at(least.T, units.term_unit, lower.T)
    np.add.at(most.T, units.term_unit, upper.T)
    for period, unit in _worst(least, np.broadcast_to(units.upper, size)):
        users = units.term_plant[(units.term_unit == unit) & (lower[period] > 0)]
        causes = [_line(plants.lower_origin, period, plant) for plant in users.tolist()]
        what = (
            f"the users of {_unit(network, unit)} must take at least {least[period, unit]:.6g} {units.unit[unit]} of it"
            f"{in_period(network, period)}, but it has {units.upper[period, unit]:.6g} {units.unit[unit]}"
        )
        yield refusal(network, what, [*causes, _line(units.upper_origin, period, unit)])
    for period, unit in _worst(np.broadcast_to(units.lower, size), most):
        users = units.term_plant[units.term_unit == unit]
        limits = [_line(plants.upper_origin, period, plant) for plant in users.tolist()]
        what = (
            f"{_unit(network, unit)} must work at least {units.lower[period, unit]:.6g} {units.unit[unit]}"
            f"{in_period(network, period)}, but its users can take at most {most[period, unit]:.6g} {units.unit[unit]}"
        )
        yield refusal(network, what, [_line(units.lower_origin, period, unit), *limits])


def _unit(network: Network, unit: int) -> str:
    return f"unit `{network.units.label[unit].id}` of park `{network.parks[network.units.park[unit]].id}`"


def _plant(network: Network, plant: int) -> str:
    return f"plant `{network.plants.label[plant].id}`"


def _reference(network: Network, plant: int) -> str:
    return network.materials.unit[int(network.plants.reference[plant])]


def _runs(network: Network) -> Iterator[Problem]:
    """Other plants are compared where their bounds are read; here those whose capacity may be built."""
    plants, (_, rows) = network.plants, _built_plants(network)
    for period, place in _worst(plants.lower[:, rows], plants.upper[:, rows]):
        plant, unit = int(rows[place]), _reference(network, int(rows[place]))
        what = (
            f"{_plant(network, plant)} must run at least {plants.lower[period, plant]:.6g} {unit}"
            f"{in_period(network, period)}, but can run at most {plants.upper[period, plant]:.6g} {unit}"
        )
        lines = (plants.lower_origin, plants.upper_origin)
        yield refusal(network, what, [_line(origin, period, plant) for origin in lines])


def _built_plants(network: Network) -> tuple[Ints, Ints]:
    """Rows of `Builds` that are plants, and these plants."""
    kind, thing = network.capacities.kind, network.capacities.thing
    build = np.flatnonzero(kind[network.builds.capacity] == CapacityKind.PLANT).astype(np.int32)
    return build, thing[network.builds.capacity[build]]


def _builds(network: Network) -> Iterator[Problem]:
    builds, plants, capacities = network.builds, network.plants, network.capacities
    build, plant_of = _built_plants(network)
    capacity = builds.capacity[build]
    least, yields = plants.lower[:, plant_of], capacities.yields[:, capacity]
    missing = np.maximum(least - capacities.existing[:, capacity], 0.0)
    missing[missing <= SLACK * least] = 0.0
    stands = builds.stands[:, :, build]
    possible = stands.any(axis=0) & (yields > 0)
    needed = np.divide(missing, yields, out=np.zeros_like(missing), where=possible)
    paced = np.where(stands, builds.pace[:, None, build], 0.0).sum(axis=0)
    for period, place in _worst(missing, np.where(possible, np.inf, 0.0)):
        plant = int(plant_of[place])
        what = (
            f"{_plant(network, plant)} must run {missing[period, place]:.6g} {_reference(network, plant)} more than "
            f"its capacity allows{in_period(network, period)}, when nothing that is built can run"
        )
        yield refusal(network, what, [_line(plants.lower_origin, period, plant), int(builds.origin[build[place]])])
    most = np.broadcast_to(builds.most[build], needed.shape)
    for limit, origin in ((most, builds.most_origin), (paced, builds.pace_origin)):
        for period, place in _worst(needed, limit):
            plant, unit = int(plant_of[place]), capacities.unit[int(capacity[place])]
            what = (
                f"{_plant(network, plant)} needs {needed[period, place]:.6g} {unit} of new capacity"
                f"{in_period(network, period)}, but at most {limit[period, place]:.6g} {unit} may be built by then"
            )
            yield refusal(network, what, [_line(plants.lower_origin, period, plant), int(origin[build[place]])])
    yield from _budgets(network, build, plant_of, needed)


def _budgets(network: Network, build: Ints, plant: Ints, needed: Floats) -> Iterator[Problem]:
    """The new capacity that must stand in a period was paid in the periods from which it can stand."""
    builds, budgets, capacities = network.builds, network.budgets, network.capacities
    park = network.companies.park[capacities.payer_company]
    bound = (budgets.park[:, None] == park[None, :]) | (budgets.park[:, None] < 0)
    share = np.zeros((len(budgets.park), len(capacities.kind)))
    np.add.at(share.T, capacities.payer_capacity, (bound * capacities.payer_share).T)
    paid = share[:, builds.capacity[build]] * builds.cost[build]  # (budgets, builds)
    cost = needed @ paid.T
    asked = (needed > 0)[:, :, None] & (paid.T > 0)[None, :, :]  # (T, builds, budgets)
    usable = np.einsum("vtb,tbg->vtg", builds.stands[:, :, build].astype(float), asked.astype(float)) > 0
    money = np.where(usable, budgets.most[:, None, :], 0.0).sum(axis=0)
    for period, budget in _worst(cost, money):
        what = (
            f"the new capacity that must stand{in_period(network, period)} costs at least {cost[period, budget]:.6g} "
            f"{network.money}, but the budget up to then is {money[period, budget]:.6g} {network.money}"
        )
        rows = plant[asked[period, :, budget]].tolist()
        causes = [_line(network.plants.lower_origin, period, row) for row in rows]
        yield refusal(network, what, [*causes, int(budgets.origin[budget])])


def _stores(network: Network) -> Iterator[Problem]:
    """The level at the end is at most what is left of the opening one, and of all that the fill rate can bring."""
    stores = network.stores
    if not len(stores.node):
        return
    later = np.vstack([np.cumprod(stores.keep[::-1], axis=0)[::-1], np.ones((1, len(stores.node)))])
    with np.errstate(invalid="ignore"):
        brought = np.where(later[1:] > 0, stores.fill * later[1:], 0.0).sum(axis=0)
        kept = np.where(later[0] > 0, stores.opening_upper * later[0], 0.0)
    end = np.where(stores.cyclic, stores.opening_lower, stores.end_lower)
    for _, store in _worst(end[None, :], (brought + kept)[None, :]):
        unit = network.materials.unit[network.nodes.material[stores.node[store]]]
        what = (
            f"store `{stores.label[store].id}` must end with at least {end[store]:.6g} {unit}, but its `fill_rate` "
            f"brings it to at most {brought[store] + kept[store]:.6g} {unit}"
        )
        lines = (stores.opening_origin if stores.cyclic[store] else stores.end_origin, stores.fill_origin)
        yield refusal(network, what, [int(origin[store]) for origin in lines])


def _slots(network: Network) -> Iterator[Problem]:
    """Each limit on its own, against the blend that keeps it best."""
    limits, slots = network.slot_limits, network.slots
    for limit in range(len(limits.slot)):
        slot = int(limits.slot[limit])
        plant = int(slots.plant[slot])
        if slots.need[slot] <= 0:
            continue
        for word, bound, sign in (("at most", limits.upper[limit], 1.0), ("at least", limits.lower[limit], -1.0)):
            if not np.isfinite(bound) or _reached(network, limit, float(bound), sign):
                continue
            must = network.plants.lower[:, plant] > 0
            what = (
                f"slot `{slots.id[slot]}` of {_plant(network, plant)} may hold {word} {bound:.6g} of "
                f"`{limits.substance[limit]}`, which no blend within the shares of its options keeps"
            )
            if not must.any():
                yield refusal(network, f"{what}: the plant can never run", [int(limits.origin[limit])], "warning")
                continue
            run = _line(network.plants.lower_origin, int(np.argmax(must)), plant)
            yield refusal(network, f"{what}, and the plant must run", [int(limits.origin[limit]), run])


def _reached(network: Network, limit: int, bound: float, sign: float) -> bool:
    """The blend with the least excess over a bound, cheapest shares first, keeps it."""
    limits, options = network.slot_limits, network.options
    terms = np.flatnonzero(limits.term_limit == limit)
    excess = np.zeros(len(options.slot))
    worth = sign * (limits.term_content[terms] - bound * limits.term_mass[terms])
    np.add.at(excess, limits.term_option[terms], worth)
    mine = np.flatnonzero(options.slot == limits.slot[limit])
    free = mine[options.gives[mine] <= 0]
    mine = mine[options.gives[mine] > 0]
    if (excess[free] < 0).any() or not len(mine):
        return True  # an option that covers nothing may thin the blend as far as it likes
    each = excess[mine] / options.gives[mine]
    share = options.min_share[mine].copy()
    for place in np.argsort(each, kind="stable").tolist():
        share[place] += min(max(1.0 - share.sum(), 0.0), options.max_share[mine[place]] - share[place])
    return bool(share @ each <= SLACK * max(float(share @ np.abs(each)), 1e-300))
