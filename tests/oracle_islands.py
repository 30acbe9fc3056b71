"""Service islands of the oracle: whose account comes back, and to whom, of the flows that a plan has."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from oracle_accounts import Accounts, Place
from oracle_figures import SIZE, Spec, figure
from oracle_ways import Case

Told = dict[str, float | None]
"""Indicators and their values, None of a ratio to nothing."""
Way = tuple[str, Place, Place]
"""A material, the company that gives it and the one where it arrives."""


def arrivals(law: Accounts) -> dict[Way, Any]:
    """Add up what arrives from each company at each other, over all periods with their weights."""
    case, found = law.case, dict[Way, Any]()
    for t, often in law.weights.items():
        for i, way in enumerate(case.passes):
            key = way.material, (way.park, way.giver), (way.park, way.taker)
            found[key] = found.get(key, 0) + often * case.passing(way) * law.model.passed[i, t]
        for i, lane in enumerate(case.lanes):
            key = lane.material, (lane.start, lane.giver[0]), (lane.end, lane.taker[0])
            found[key] = found.get(key, 0) + often * case.arriving(lane) * law.model.sent[i, t]
    return found


def islands(case: Case) -> dict[str, Place]:
    """Name the company of each island."""
    stated = case.spec.get("service_islands") or {}
    return {name: (block["park"], block.get("company", name)) for name, block in stated.items()}


def use(case: Case, arrived: dict[Way, float]) -> dict[str, dict[Place, float]]:
    """Give the part of each island that each company uses: empty where nobody uses it."""
    found = {}
    for name, mine in islands(case).items():
        key: dict[Place, float] = {}
        for (material, giver, taker), amount in arrived.items():
            weight = weigh(case, case.spec["service_islands"][name]["shares"], material)
            makes = any(company == mine[1] for company, _ in case.makers(mine[0], material))
            here, there = (giver, taker) if makes else (taker, giver)
            if here == mine and weight * amount > 0:
                key[there] = key.get(there, 0.0) + weight * amount
        whole = sum(key.values())
        found[name] = {place: part / whole for place, part in key.items()}
    return found


def weigh(case: Case, shares: Spec, material: str) -> float:
    """Give the weight of a unit of a material in a key, in units that are the same for all of them."""
    if material not in shares:
        return 0.0
    got = figure(shares[material])
    return got.value * SIZE[case.unit(material) if got.unit == "1" else got.unit.split("/")[0]]


def sharing(case: Case, parts: dict[str, dict[Place, float]]) -> dict[tuple[Place, str], dict[Place, float]]:
    """Give what each company ends up with as a sum of own accounts: weights of companies, by company and account.

    The accounts are `own`, `island NAME` and `total`. An island passes on its own account and what others charge it,
    unless all that it could pass it on to are islands that keep it.
    """
    owners = islands(case)
    by_place = {place: name for name, place in owners.items()}
    serving: set[str] = set()
    for _ in owners:
        serving |= {
            name
            for name, part in parts.items()
            if any(place not in by_place or by_place[place] in serving for place in part)
        }
    order = sorted(serving)
    leaves = np.eye(len(order))
    for i, name in enumerate(order):
        for j, other in enumerate(order):
            leaves[i, j] -= parts[other].get(owners[name], 0.0)
    passed = np.linalg.inv(leaves)  # row: what an island passes on, in own accounts of islands
    found: dict[tuple[Place, str], dict[Place, float]] = {}
    for place in case.places:
        found[place, "own"] = {place: 1.0}
        total = {} if by_place.get(place) in serving else {place: 1.0}
        for i, name in enumerate(order):
            part = parts[name].get(place, 0.0)
            if part:
                each = {owners[other]: part * passed[i, j] for j, other in enumerate(order)}
                found[place, f"island {name}"] = each
                if by_place.get(place) not in serving:
                    total = {key: total.get(key, 0.0) + each.get(key, 0.0) for key in total | each}
        found[place, "total"] = total
    return found


def moved(case: Case, flows: Iterable[Any]) -> dict[Way, float]:
    """Add up what flows say that arrives at other companies: those exchanged and shipped, with their weights."""
    found: dict[Way, float] = {}
    for flow in flows:
        if flow.fate not in ("exchanged", "shipped"):
            continue
        park, _, company = flow.to.partition(".")
        there = (flow.park, flow.to) if flow.fate == "exchanged" else (park, company or park)
        way = flow.material, (flow.park, flow.company), there
        found[way] = found.get(way, 0.0) + case.periods[flow.period][1] * flow.value
    return found


def told_by(case: Case, result: Any) -> tuple[dict[Way, float], list[tuple[dict[Place, float], Told]]]:
    """Give what an answer says that arrives, and its accounts of companies as sums of own ones.

    The parts it gives to the users of islands are asserted to follow from what arrives.
    """
    arrived = moved(case, result.flows.rows)
    parts = use(case, arrived)
    sums = sharing(case, parts)
    figures: dict[tuple[Place, str], Told] = {}
    for row in result.companies:
        place = row.park, row.company
        figures.setdefault((place, row.account), {})[row.indicator] = row.value
        if row.share is not None:
            part = parts[row.account.removeprefix("island ")].get(place, 0.0)
            assert math.isclose(row.share, part, rel_tol=1e-6, abs_tol=1e-6), (row, part)
    assert figures.keys() == sums.keys(), figures.keys() ^ sums.keys()
    return arrived, [(sums[key], found) for key, found in figures.items()]
