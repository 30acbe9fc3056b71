"""New capacity that may be built, and old capacity that goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .draft import Draft, Rows
from .network import Bools, Builds, Floats, Periods, Plants
from .park_schema import Build, Plant
from .problems import nearest
from .units import Quantity


def retire(draft: Draft, plants: Plants, periods: Periods) -> Plants:
    """Take away the existing capacity of plants from the period of `retire_by` on."""
    kept = np.ones(plants.upper.shape)
    for path, plant, row in _plants(draft):
        if plant.retire_by is None:
            continue
        name = str(plant.retire_by)
        if name not in periods.id:
            position = draft.case.value_at(*path, "retire_by")
            draft.findings.error(position, f"there is no period `{name}`", nearest(name, periods.id))
        elif plant.has_parts or plant.on_off is not None or not np.isfinite(plants.capacity[0, row]):
            what = "`retire_by` needs a stated capacity, and a plant without `modes`, `load` and `on_off`"
            draft.findings.error(draft.case.value_at(*path, "retire_by"), what, "mend the plant or delete `retire_by`")
        else:
            kept[periods.id.index(name) :, row] = 0.0
    gone = kept == 0
    return replace(
        plants,
        capacity=np.where(gone, 0.0, plants.capacity),
        upper=np.where(gone, 0.0, plants.upper),
        lower=np.where(gone & _by_load(draft, plants), 0.0, plants.lower),
        fixed_cost=plants.fixed_cost * kept,
    )


def _by_load(draft: Draft, plants: Plants) -> Bools:
    """Mark plants, (n,) or (T, n), whose least run is their minimum load; one that is stated as a run stays."""
    by_load = np.array([origin.path.endswith(".min_load") for origin in draft.origins], bool)
    found: Bools = by_load[plants.lower_origin]
    return found


def _plants(draft: Draft) -> list[tuple[tuple[str, ...], Plant, int]]:
    return [
        (("parks", park, "plants", key), plant, draft.runs_of[park, key][0][0])
        for park, block in draft.case.parks.items()
        for key, plant in block.plants.items()
        if (park, key) in draft.runs_of
    ]


def build_table(draft: Draft, plants: Plants, periods: Periods) -> tuple[Builds, Plants]:
    """Return what may be built, and the plants without the upper bounds that building moves."""
    rows, stands = Rows(), []
    length = periods.duration * periods.weight
    begin = np.cumsum(length) - length
    share, stated = (draft.plants.series(key, len(length)) for key in ("share", "stated"))
    upper = plants.upper.copy()
    for path, plant, row in _plants(draft):
        if plant.build is None:
            continue
        where = (*path, "build")
        if not np.isfinite(plants.capacity[0, row]):
            what = "a plant of unlimited capacity has nothing to build"
            draft.findings.error(draft.case.key_at(*where), what, "state the capacity that stands, e.g. `0 t/a`")
            continue
        unit = draft.runs_of[path[1], path[3]][0][2]
        alive = _alive(draft, plant.build, begin, where)
        stands.append(alive)
        rows.add(
            plant=row,
            yields=share[:, row] * periods.duration,
            existing=plants.capacity[:, row] * share[:, row],
            cost=_figure(draft, plant.build.cost, f"{draft.case.money}·a/{unit}", *where, "cost"),
            paid=_paid(draft, plant, unit, alive, length, path),
            most=_figure(draft, plant.build.max, f"{unit}/a", *where, "max"),
            origin=draft.origin_of(*where),
            most_origin=draft.origin_of(*where, "max"),
            existing_origin=draft.origin_of(*path, "capacity"),
        )
        upper[:, row] = stated[:, row] * periods.duration
    budget = draft.case.head.investment.budget
    path = ("investment", "budget")
    most = np.inf if budget is None else _figure(draft, budget, f"{draft.case.money}/a", *path)
    periods_by_plants = (len(stands), len(length))
    return (
        Builds(
            plant=rows.ints("plant"),
            stands=np.array(stands, bool).reshape(-1, len(length), len(length)).transpose(1, 2, 0),
            yields=rows.floats("yields").reshape(periods_by_plants).T,
            existing=rows.floats("existing").reshape(periods_by_plants).T,
            cost=rows.floats("cost"),
            paid=rows.floats("paid").reshape(periods_by_plants).T,
            most=rows.floats("most"),
            origin=rows.ints("origin"),
            most_origin=rows.ints("most_origin"),
            existing_origin=rows.ints("existing_origin"),
            budget=most * length,
            budget_origin=draft.origin_of(*path) if budget is not None else -1,
        ),
        replace(plants, upper=upper),
    )


def _figure(draft: Draft, quantity: Quantity | str, unit: str, *path: str) -> float:
    return float("inf") if isinstance(quantity, str) else (draft.number(quantity, unit, *path) or 0.0)


def _alive(draft: Draft, build: Build, begin: Floats, where: tuple[str, ...]) -> Bools:
    """Return in which periods t a capacity built in period v can run: [v, t]."""
    lead = _figure(draft, build.lead_time, "a", *where, "lead_time") if build.lead_time is not None else 0.0
    life = _figure(draft, build.lifetime, "a", *where, "lifetime")
    if life == 0:
        what = "a capacity without lifetime never runs"
        draft.findings.error(draft.case.value_at(*where, "lifetime"), what, "write e.g. `20 a`")
    age = begin[None, :] - begin[:, None] - lead
    return (age > -1e-9) & (age < life - 1e-9)


def _paid(draft: Draft, plant: Plant, unit: str, alive: Bools, length: Floats, path: tuple[str, ...]) -> Floats:
    """Return what a unit of capacity built in each period costs over the horizon, (T,)."""
    assert plant.build is not None
    where, terms = (*path, "build"), draft.case.head.investment
    money = f"{draft.case.money}·a/{unit}"
    cost = _figure(draft, plant.build.cost, money, *where, "cost")
    fixed = plant.fixed_cost
    yearly = _figure(draft, fixed, f"{draft.case.money}/{unit}", *path, "fixed_cost") if fixed is not None else 0.0
    standing = alive @ length
    if terms.method == "cash":
        return np.where(alive.any(axis=1), cost, 0.0) + yearly * standing
    rate = plant.build.rate if plant.build.rate is not None else terms.rate
    if rate is None:
        what = "the interest rate of the annuity is missing"
        draft.findings.error(draft.case.key_at(*where), what, "add `rate: 6 %` here or under `investment`")
        return yearly * standing
    life = _figure(draft, plant.build.lifetime, "a", *where, "lifetime") or 1.0
    part = rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life
    return (cost * part + yearly) * standing
