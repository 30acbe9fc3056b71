"""Strategies for parks: companies, plants, shared units, links and stores."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import (
    TRAVELLERS,
    Draft,
    Spec,
    figures,
    kind_of,
    named,
    percent,
    some,
    sometimes,
    unit_of,
    written,
)
from strategies_investment import build
from strategies_market import market, owner
from strategies_plants import availability, plant, reference_unit, touched, varied


@st.composite
def park(draw: DrawFn, spec: Draft, identifier: str) -> Spec:
    """Draw a park: companies, plants and the offers they cannot do without, and some more."""
    sizes = [2, 2, 3] if "islands" in spec.mood else [0, 1, 2, 2, 3]
    companies = [f"{identifier}_c{i}" for i in range(draw(st.sampled_from(sizes)))]
    block: Spec = {"name": named(identifier), "at": [36.5, 95.25]}
    if companies:
        block["companies"] = {company: named(company) for company in companies}
    plants: Spec = {}
    order = draw(st.permutations(sorted(spec["processes"])))
    for i in range(draw(st.sampled_from([1, 2, 2, 3, 3]))):
        process = draw(st.sampled_from(order)) if sometimes(draw, 25) else order[i % len(order)]
        key = process if process not in plants else f"plant_{i}"
        turn = companies[i % len(companies) :] + companies if companies else []
        plants[key] = draw(plant(spec, process, turn, key))
    block["plants"] = plants
    if "coalitions" in spec.mood:
        for company in companies or [identifier]:
            spec.joined[identifier, company] = draw(st.sampled_from([0, 0, 1, None]))
    if "units" in spec.mood and len(plants) > 1:
        block["units"] = draw(shared_units(spec, plants))
    for kind, offers in draw(market(spec, block, companies or [identifier], identifier)).items():
        if offers:
            block[kind] = offers
    if "links" in spec.mood and (found := draw(links(spec, block, companies, identifier))):
        block["links"] = found
    if "stores" in spec.mood and (found := draw(stores(spec, block, companies or [identifier]))):
        block["stores"] = found
    if "investment" in spec.mood and sometimes(draw, 30):
        rich = draw(st.sampled_from([300, 3000, 30000]))
        block["investment"] = {"budget": written(draw(st.integers(0, rich)), "CNY/a")}
    return block


@st.composite
def shared_units(draw: DrawFn, spec: Draft, plants: Spec) -> Spec:
    """Draw a unit that some plants of a park share."""
    found: Spec = {}
    for i in range(draw(st.sampled_from([1, 1, 2]))):
        unit = draw(st.sampled_from(["t", "t", "GJ"]))
        block: Spec = {"capacity": written(draw(st.integers(50, 1500)), f"{unit}/a"), "users": {}}
        for user in some(draw, list(plants), 2, 3):
            runs = plants[user].get("modes", {}).get("first", plants[user]).get("process", user)
            own, takes = reference_unit(spec, runs), draw(figures(0.2, 2))
            block["users"][user] = takes if own == unit else written(takes, f"{unit}/{own}")
        if sometimes(draw, 30):
            block["availability"] = availability(draw, spec) if sometimes(draw, 50) else draw(percent(50, 100))
        if sometimes(draw, 20):
            block["min_load"] = draw(percent(1, 20))
        found[f"hall_{i}"] = block
    return found


@st.composite
def links(draw: DrawFn, spec: Draft, block: Spec, companies: list[str], identifier: str) -> Spec:
    """Draw terms for some of the ways between companies of a park."""
    found: Spec = {}
    for i, (material, giver, taker) in enumerate(some(draw, ways(spec, block, companies, identifier), 0, 3)):
        unit = unit_of(spec, material)
        link: Spec = {"material": material, "from": giver, "to": taker}
        if sometimes(draw, 60):
            link["max"] = written(draw(st.integers(1, 200)), f"{unit}/a")
        if sometimes(draw, 60):
            link["cost"] = written(draw(figures(0, 20)), f"CNY/{unit}")
        if sometimes(draw, 60):
            link["loss"] = draw(percent(0, 30))
        if "max" in link and "investment" in spec.mood and sometimes(draw, 80):
            link["build"] = draw(build(100, f"{unit}/a"))
        found[f"link_{i}"] = link
    return found


def ways(spec: Draft, block: Spec, companies: list[str], identifier: str) -> list[tuple[str, str, str]]:
    """List what one company of a park makes and another can use, and the case lets pass: material, giver, taker."""
    wide = spec.get("exchange", "all") in ("park", "all")
    found = []
    for material in spec["materials"]:
        kind = kind_of(spec, material)
        if kind == "environment" or (kind in TRAVELLERS and not wide):
            continue
        plants = block["plants"].items()
        givers = {
            owner(block, p, companies) for p, b in plants if companies and material in touched(spec, p, b, "outputs")
        }
        takers = {
            owner(block, p, companies) for p, b in plants if companies and material in touched(spec, p, b, "inputs")
        }
        for giver in sorted(givers):
            for taker in sorted(takers - {giver}):
                one, other = spec.joined.get((identifier, giver), 0), spec.joined.get((identifier, taker), 0)
                if kind not in TRAVELLERS or (one is not None and one == other):
                    found.append((material, giver, taker))
    return found


@st.composite
def stores(draw: DrawFn, spec: Draft, block: Spec, companies: list[str]) -> Spec:
    """Draw a store or two for what plants of a park make or use."""
    found: Spec = {}
    for i in range(draw(st.sampled_from([1, 1, 2]))):
        plant = draw(st.sampled_from(sorted(block["plants"])))
        sides = [touched(spec, plant, block["plants"][plant], side) for side in ("outputs", "inputs")]
        near = sorted(m for m in sides[0] | sides[1] if kind_of(spec, m) not in ("environment", "emission"))
        if not near:
            continue
        material = draw(st.sampled_from(near))
        unit = unit_of(spec, material)
        room = draw(st.integers(1, 400))
        store: Spec = {"material": material, "capacity": "unlimited" if sometimes(draw, 15) else written(room, unit)}
        if len(companies) > 1:
            store["company"] = owner(block, plant, companies)
        if kind_of(spec, material) in TRAVELLERS and spec.get("exchange") == "none":
            store["plant"] = plant
        end = draw(st.sampled_from(["", "", "cyclic", "open", "open", "least"]))
        if end:
            store["end"] = written(draw(st.integers(0, room // 2)), unit) if end == "least" else end
        if sometimes(draw, 40):
            store["initial"] = written(draw(st.integers(0, room)), unit)
        if sometimes(draw, 40):
            store["loss"] = f"{draw(st.integers(1, 40))} %/a"
        if sometimes(draw, 40):
            store["cost"] = varied(draw, spec, draw(figures(0, 20)), f"CNY/({unit}*a)")
        for side in ("fill_rate", "draw_rate"):
            if sometimes(draw, 30):
                store[side] = written(draw(st.integers(1, 300)), f"{unit}/a")
        if store["capacity"] != "unlimited" and "investment" in spec.mood and sometimes(draw, 60):
            store["build"] = draw(build(100, unit))
        found[f"store_{i}"] = store
    return found
