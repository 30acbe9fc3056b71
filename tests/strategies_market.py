"""Strategies for offers: a source for all that is used, a destination for all that is made."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import TRAVELLERS, Draft, Spec, figures, kind_of, sometimes, unit_of, written
from strategies_plants import touched, varied


def groups(spec: Draft, block: Spec, companies: list[str], material: str, identifier: str) -> list[list[str]]:
    """Split the plants of a park into those that share a material."""
    level = spec.get("exchange", "all")
    plants = list(block["plants"])
    if kind_of(spec, material) not in TRAVELLERS:
        return [plants]
    if level == "none":
        return [[plant] for plant in plants]
    if level in ("park", "all") and not spec.joined:
        return [plants]
    if level in ("park", "all"):
        coalition = {company: spec.joined[identifier, company] for company in companies}
        sides = {coalition[c] if coalition[c] is not None else c for c in companies}
        members = {side: [c for c in companies if side in (c, coalition[c])] for side in sides}
        return [[p for p in plants if owner(block, p, companies) in members[side]] for side in sorted(sides, key=str)]
    return [[p for p in plants if owner(block, p, companies) == company] for company in companies]


def owner(block: Spec, plant: str, companies: list[str]) -> str:
    """Name the company of a plant."""
    return str(block["plants"][plant].get("company", companies[0]))


@st.composite
def market(draw: DrawFn, spec: Draft, block: Spec, companies: list[str], identifier: str) -> Spec:
    """Draw offers: a source for all that is used, a destination for all that is made."""
    offers: Spec = {"buy": {}, "sell": {}, "discard": {}}
    sides = {
        side: {plant: touched(spec, plant, b, side) for plant, b in block["plants"].items()}
        for side in ("inputs", "outputs")
    }
    every = sorted({m for side in sides.values() for plant in side.values() for m in plant})
    goals = set().union(*sides["outputs"].values())
    for material in every:
        kind = kind_of(spec, material)
        if kind == "environment":
            continue
        worth = draw(figures(5, 150)) * (1 if kind in TRAVELLERS or material not in goals else 12)
        thirsty, full, buyers, sellers = set(), set(), set(), set()
        for group in groups(spec, block, companies, material, identifier):
            makers = {owner(block, p, companies) for p in group if material in sides["outputs"][p]}
            users = {owner(block, p, companies) for p in group if material in sides["inputs"][p]}
            buyers, sellers = buyers | users, sellers | makers
            thirsty |= set() if makers else users
            full |= set() if users else makers
        if thirsty or (buyers and sometimes(draw, 70)):
            price = worth * draw(st.integers(100, 150)) / 100
            offers["buy"][material] = draw(offer(spec, "buy", material, price, buyers, thirsty))
        if full and kind in ("byproduct", "waste") and sometimes(draw, 70):
            offers["discard"][material] = draw(offer(spec, "discard", material, worth / 5, sellers, full))
        elif sellers and ((full and kind != "emission") or sometimes(draw, 80)):
            price = worth * (2 if sometimes(draw, 5) else draw(st.integers(40, 100)) / 100)
            offers["sell"][material] = draw(offer(spec, "sell", material, price, sellers, full))
            if kind != "emission" and sometimes(draw, 15):
                offers["discard"][material] = draw(offer(spec, "discard", material, worth / 5, sellers, set()))
    return offers


@st.composite
def offer(
    draw: DrawFn,
    spec: Draft,
    kind: str,
    material: str,
    worth: float,
    dealers: set[str],
    needy: set[str],
) -> Spec:
    """Draw an offer around a price, in one or more steps, for all dealers or for the needy ones and another."""
    unit = unit_of(spec, material)
    word = "cost" if kind == "discard" else "price"
    sign = -1 if kind == "discard" and sometimes(draw, 15) else 1
    block: Spec = {}
    if sometimes(draw, 20):
        block["steps"] = []
        rise = -1 if kind == "sell" else 1
        for i in range(draw(st.integers(2, 3))):
            price = sign * round(worth * (1 + rise * sign * i * draw(st.integers(5, 25)) / 100), 2)
            block["steps"].append({word: written(price, f"CNY/{unit}"), **draw(most(spec, unit, 100))})
        if sometimes(draw, 70):
            block["steps"][-1].pop("max")
        block["steps"].sort(key=lambda step: rise * float(step[word].split()[0]))
    else:
        block[word] = varied(draw, spec, sign * round(worth, 2), f"CNY/{unit}", chance=25)
        chance = 50 if kind == "sell" else 15
        block |= draw(most(spec, unit, chance))
    if sometimes(draw, 4):
        block["min"] = varied(draw, spec, draw(st.integers(1, 60)), f"{unit}/a", 50, 100)
    if sometimes(draw, 45):
        block["company"] = sorted(needy | {draw(st.sampled_from(sorted(dealers)))})
    return block


@st.composite
def most(draw: DrawFn, spec: Draft, unit: str, chance: int) -> Spec:
    """Draw the limit of an offer or step, or none."""
    if not sometimes(draw, chance):
        return {}
    return {"max": varied(draw, spec, draw(st.integers(80, 900)), f"{unit}/a", 50, 150)}
