"""Hypothesis strategies for small cases in the language: dicts that `oracle` reads.

A case is drawn top down: materials, recipes, parks with plants, then the offers without which a
material would have no source or no destination somewhere, then accounts, policies and an objective.
Most cases are valid, bounded and feasible; least runs, fixed runs, least sales and tight policies
make some infeasible, unlimited plants and dear sales make some unbounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Spec = dict[str, Any]
T = TypeVar("T")

UNITS = {
    "raw": ["t", "t", "t", "GJ"],
    "product": ["t", "t", "t", "GJ"],
    "byproduct": ["t", "t", "GJ"],
    "waste": ["t"],
    "utility": ["GJ", "MWh"],
    "emission": ["t"],
    "environment": ["t"],
}
"""Class of a material → units it may be counted in."""

CLASSES = [*UNITS, "raw", "raw", "product", "product", "product", "byproduct", "byproduct", "waste"]
SUBSTANCES = ["Cl", "S", "CaO"]
"""What limits of a slot may name: keys of compositions that no other key contains."""
TAGS = ["solid", "dear"]
PROPERTIES = {"gwp": ["t"], "heat": ["GJ", "MWh"]}
"""Property of a material → units an indicator that weighs by it may have."""
DIMENSION = {"t": "mass", "GJ": "energy", "MWh": "energy"}
TRAVELLERS = ("byproduct", "waste", "emission")
FATES = ["bought", "made", "used", "treated", "sold", "discarded", "exchanged", "shipped"]
MONEY = ["profit", "cost", "revenue", "value_added"]


def named(identifier: str) -> Spec:
    """Name a thing in two languages."""
    return {"en": f"The {identifier}", "zh": f"某{identifier}"}


def figures(low: float, high: float) -> SearchStrategy[float]:
    """Numbers of three or four digits between two bounds."""
    digits = 3 if high < 10 else 2 if high < 100 else 0
    return st.integers(round(low * 10**digits), round(high * 10**digits)).map(lambda n: round(n / 10**digits, digits))


def written(value: float, unit: str) -> str:
    """Write a quantity."""
    return f"{value:.10g} {unit}"


def percent(low: int, high: int) -> SearchStrategy[str]:
    """Shares between two bounds in per cent."""
    return st.integers(low, high).map(lambda n: f"{n} %")


def sometimes(draw: DrawFn, chance: int) -> bool:
    """Draw true in `chance` of a hundred cases; shrinks to false."""
    return draw(st.integers(0, 99)) >= 100 - chance


def some(draw: DrawFn, items: Sequence[T], least: int, most: int) -> list[T]:
    """Draw a few different items, in their order."""
    most = min(most, len(items))
    if most <= 0:
        return []
    chosen = draw(st.lists(st.integers(0, len(items) - 1), min_size=min(least, most), max_size=most, unique=True))
    return [items[i] for i in sorted(chosen)]


# Materials and recipes


@st.composite
def materials(draw: DrawFn) -> Spec:
    """Draw two to six materials, counted in t up to the third: raw, product and mostly byproduct."""
    kinds = ["raw", "product", *draw(st.lists(st.sampled_from(CLASSES), max_size=3))]
    if sometimes(draw, 70):
        kinds.insert(2, "byproduct")
    return {f"{kind}_{i}": draw(material(f"{kind}_{i}", kind, "t" if i < 3 else None)) for i, kind in enumerate(kinds)}


@st.composite
def material(draw: DrawFn, identifier: str, kind: str, unit: str | None) -> Spec:
    """Draw a material of a class, with unit, tags and properties, and sometimes a composition."""
    unit = unit or draw(st.sampled_from(UNITS[kind]))
    block: Spec = {"name": named(identifier), "class": kind, "unit": unit}
    if unit == "t" and sometimes(draw, 60):
        shares = {key: draw(st.integers(1, 50)) / 10 for key in some(draw, SUBSTANCES, 1, 2)}
        block["composition"] = {key: f"{share:.10g} %" for key, share in shares.items()}
        block["composition"]["inert"] = f"{round(100 - sum(shares.values()), 1):.10g} %"
    if kind == "product" and sometimes(draw, 20):
        del block["class"]
    if unit == "t" and sometimes(draw, 20):
        del block["unit"]
    if tags := some(draw, TAGS, 0, 2):
        block["tags"] = tags
    for name, tops in PROPERTIES.items():
        if sometimes(draw, 30):
            worth = written(draw(figures(0.1, 30)), f"{draw(st.sampled_from(tops))}/{unit}")
            entry = {"value": worth, "note": "generated"} if sometimes(draw, 20) else worth
            block.setdefault("properties", {})[name] = entry
    return block


def unit_of(spec: Spec, identifier: str) -> str:
    """Give the unit of a material."""
    return str(spec["materials"][identifier].get("unit", "t"))


def kind_of(spec: Spec, identifier: str) -> str:
    """Give the class of a material."""
    return str(spec["materials"][identifier].get("class", "product"))


@st.composite
def processes(draw: DrawFn, spec: Spec) -> Spec:
    """Draw one to four recipes, which like to use what earlier ones make."""
    found: Spec = {}
    made: list[str] = []
    for i in range(draw(st.sampled_from([1, 2, 2, 3, 3, 4]))):
        found[f"process_{i}"] = draw(process(spec, f"process_{i}", made))
        made += found[f"process_{i}"]["outputs"]
    return found


@st.composite
def process(draw: DrawFn, spec: Spec, identifier: str, made: list[str]) -> Spec:
    """Draw a recipe, per amount made or (sometimes) per amount used."""
    makeable = [m for m in spec["materials"] if kind_of(spec, m) != "environment"]
    reference = draw(st.sampled_from(makeable))
    unit = unit_of(spec, reference)
    per = written(1 if sometimes(draw, 80) else draw(st.sampled_from([2, 10, 0.5])), unit)
    others = [m for m in spec["materials"] if m != reference]
    sought = [m for m in others if m in made] or others
    inputs = {m: draw(line(spec, m)) for m in some(draw, sought if sometimes(draw, 50) else others, 0, 2)}
    outputs = {m: draw(line(spec, m)) for m in some(draw, others, 0, 2)}
    for side, chance in ((inputs, 30), (outputs, 50)):
        residues = [m for m in (sought if side is inputs else others) if kind_of(spec, m) in TRAVELLERS]
        if residues and sometimes(draw, chance):
            side[residues[0]] = draw(line(spec, residues[0]))
    if kind_of(spec, reference) == "waste" or sometimes(draw, 15):
        inputs = {reference: per, **inputs}
    for i in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2]))):
        inputs[f"slot_{i}"] = draw(slot(spec, others, sought))
    if not inputs:
        inputs = {others[0]: draw(line(spec, others[0]))}
    if not outputs and reference in inputs:
        outputs = {others[-1]: draw(line(spec, others[-1]))}
    block: Spec = {"name": named(identifier), "per": f"{per} {reference}"}
    if kind_of(spec, reference) == "waste" or sometimes(draw, 15):
        block["class"] = draw(st.sampled_from(["treatment", "treatment", "production"]))
    return {
        **block,
        "inputs": inputs,
        "outputs": outputs,
        "closure": {"gap": "100 %", "because": "generated"},
    }


@st.composite
def line(draw: DrawFn, spec: Spec, identifier: str) -> Any:
    """Draw an amount of a recipe, sometimes with a pedigree."""
    amount = written(draw(figures(0.05, 2)), unit_of(spec, identifier))
    return {"value": amount, "note": "generated"} if sometimes(draw, 10) else amount


@st.composite
def slot(draw: DrawFn, spec: Spec, fillers: list[str], sought: list[str]) -> Spec:
    """Draw a slot of one to three options, with shares and (among masses) limits."""
    energy = sometimes(draw, 25)
    masses = [m for m in fillers if unit_of(spec, m) == "t"]
    options = some(draw, fillers if energy or not masses else masses, 2, 3)
    wanted = [m for m in sought if m not in options and (energy or not masses or m in masses)]
    if wanted and sometimes(draw, 50):
        options = [draw(st.sampled_from(wanted)), *options[1:]]
    unit, word = ("GJ", "heat") if energy else ("t", "CaO")
    block: Spec = {"need": f"{written(draw(figures(0.1, 2)), unit)} {word}", "from": {}}
    least_room, most_room = 100, 0
    for option in options:
        entry: Spec = {"gives": gives(draw, unit, unit_of(spec, option))}
        for side in ("inputs", "outputs"):
            others = [m for m in spec["materials"] if m != option]
            if others and sometimes(draw, 20):
                chosen = draw(st.sampled_from(others))
                entry[side] = {chosen: draw(line(spec, chosen))}
        least, most = 0, 100
        if sometimes(draw, 15):
            least = draw(st.integers(1, max(1, least_room // 3)))
            entry["min_share"] = f"{least} %"
        if len(options) > 1 and sometimes(draw, 30):
            most = draw(st.integers(max(least, 10), 90))
            entry["max_share"] = f"{most} %"
        least_room, most_room = least_room - least, most_room + most
        block["from"][option] = entry
    if most_room < 100:
        block["from"][options[-1]].pop("max_share", None)
    compositions = [spec["materials"][m].get("composition") for m in options]
    if all(compositions) and sometimes(draw, 60):
        block["limits"] = {draw(st.sampled_from(SUBSTANCES)): draw(limit())}
    return block


def gives(draw: DrawFn, need: str, unit: str) -> Any:
    """Draw what a unit of an option covers of a need: bare where both are masses."""
    value = draw(figures(0.2, 3))
    return value if (need, unit) == ("t", "t") else written(value, f"{need}/{unit}")


@st.composite
def limit(draw: DrawFn) -> Spec:
    """Draw bounds on a mass fraction."""
    low = draw(st.integers(0, 10)) / 10
    high = low + draw(st.integers(0, 40)) / 10
    side = draw(st.sampled_from(["max", "max", "max", "min", "both"]))
    bounds = {"min": f"{low:.10g} %", "max": f"{high:.10g} %"}
    return bounds if side == "both" else {side: bounds[side]}


# Parks


@st.composite
def park(draw: DrawFn, spec: Spec, identifier: str) -> Spec:
    """Draw a park: companies, plants and the offers they cannot do without, and some more."""
    companies = [f"{identifier}_c{i}" for i in range(draw(st.sampled_from([0, 1, 2, 2, 3])))]
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
    for kind, offers in draw(market(spec, block, companies or [identifier])).items():
        if offers:
            block[kind] = offers
    return block


@st.composite
def plant(draw: DrawFn, spec: Spec, process: str, companies: list[str], key: str) -> Spec:
    """Draw a plant: mostly of a finite capacity, sometimes with a least, largest or fixed run."""
    unit = unit_of(spec, spec["processes"][process]["per"].split()[2])
    block: Spec = {} if key == process else {"process": process}
    if len(set(companies)) > 1 or (companies and sometimes(draw, 50)):
        block["company"] = draw(st.sampled_from(companies)) if sometimes(draw, 25) else companies[0]
    finite = not sometimes(draw, 20)
    size = draw(st.integers(10, 999))
    block["capacity"] = written(size, f"{unit}/a") if finite else "unlimited"
    if sometimes(draw, 40):
        block["availability"] = draw(percent(50, 100))
    order = draw(st.sampled_from(["", "", "", "", "", "min_load", "min", "max", "both", "fix"]))
    least, top = draw(st.integers(0, size // 4)), draw(st.integers(size // 4, size))
    if order == "min_load" and finite:
        block["min_load"] = draw(percent(1, 60))
    elif order == "fix":
        block["fix"] = written(least, f"{unit}/a")
    elif order:
        bounds = {"min": written(least, f"{unit}/a"), "max": written(top, f"{unit}/a")}
        block["run"] = {side: bounds[side] for side in bounds if order in (side, "both")} or bounds
    if sometimes(draw, 50):
        block["variable_cost"] = written(draw(figures(0, 50)), f"CNY/{unit}")
    if finite and sometimes(draw, 30):
        block["fixed_cost"] = written(draw(figures(0, 50)), f"CNY/{unit}")
    return block


def touched(spec: Spec, plant: str, block: Spec, side: str) -> set[str]:
    """List the materials that a plant uses (`inputs`) or makes (`outputs`)."""
    recipe = spec["processes"][block.get("process", plant)]
    found = {name for name, entry in recipe[side].items() if name in spec["materials"]}
    reference = recipe["per"].split()[2]
    if side == "outputs" and reference not in recipe["inputs"]:
        found.add(reference)
    for entry in recipe["inputs"].values():
        if isinstance(entry, dict) and "from" in entry:
            found |= set(entry["from"]) if side == "inputs" else set()
            for option in entry["from"].values():
                found |= set(option.get(side, {}))
    return found


def groups(spec: Spec, block: Spec, companies: list[str], material: str) -> list[list[str]]:
    """Split the plants of a park into those that share a material."""
    level = spec.get("exchange", "all")
    plants = list(block["plants"])
    if kind_of(spec, material) not in TRAVELLERS or level in ("park", "all"):
        return [plants]
    if level == "none":
        return [[plant] for plant in plants]
    return [[p for p in plants if owner(block, p, companies) == company] for company in companies]


def owner(block: Spec, plant: str, companies: list[str]) -> str:
    """Name the company of a plant."""
    return str(block["plants"][plant].get("company", companies[0]))


@st.composite
def market(draw: DrawFn, spec: Spec, block: Spec, companies: list[str]) -> Spec:
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
        for group in groups(spec, block, companies, material):
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
    spec: Spec,
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
            block["steps"].append({word: written(price, f"CNY/{unit}"), **draw(most(unit, 100))})
        if sometimes(draw, 70):
            block["steps"][-1].pop("max")
        block["steps"].sort(key=lambda step: rise * float(step[word].split()[0]))
    else:
        block[word] = written(sign * round(worth, 2), f"CNY/{unit}")
        chance = 50 if kind == "sell" else 15
        block |= draw(most(unit, chance))
    if sometimes(draw, 4):
        block["min"] = written(draw(st.integers(1, 60)), f"{unit}/a")
    if sometimes(draw, 45):
        block["company"] = sorted(needy | {draw(st.sampled_from(sorted(dealers)))})
    return block


@st.composite
def most(draw: DrawFn, unit: str, chance: int) -> Spec:
    """Draw the limit of an offer or step, or none."""
    if not sometimes(draw, chance):
        return {}
    return {"max": written(draw(st.integers(80, 900)), f"{unit}/a")}


# Accounts, policies, time


@st.composite
def indicators(draw: DrawFn, spec: Spec) -> Spec:
    """Draw accounts in mass, energy or money, and sometimes a ratio."""
    found: Spec = {}
    for i in range(draw(st.sampled_from([0, 1, 2, 2, 3]))):
        unit = draw(st.sampled_from(["t", "t", "GJ", "MWh", "CNY"]))
        found[f"account_{i}"] = {
            "name": named(f"account_{i}"),
            "unit": unit,
            "factors": draw(weights(spec, unit, signed=True)),
        }
    if sometimes(draw, 40):
        unit = draw(st.sampled_from(["t", "t", "GJ"]))
        found["ratio"] = {
            "name": named("ratio"),
            "ratio": {
                "of": draw(weights(spec, unit, signed=True)),
                "to": draw(weights(spec, unit, signed=False)),
            },
        }
    return found


@st.composite
def routes(draw: DrawFn, spec: Spec) -> Spec:
    """Draw one mode of transport for each unit that is carried, and one to three routes between two parks.

    What a park makes and the other can use is carried most.
    """
    found: Spec = {"transport": {}, "routes": {}}
    parks = list(spec["parks"])
    carried = sorted(m for m in spec["materials"] if kind_of(spec, m) != "environment")
    for i in range(draw(st.integers(1, 3))):
        ways = [pair for pair in (parks, parks[::-1]) if wanted(spec, carried, *pair)]
        start, end = draw(st.sampled_from(ways or [parks]))
        sought = wanted(spec, carried, start, end)
        first = draw(st.sampled_from(sought or carried))
        unit = unit_of(spec, first)
        by = f"by_{unit.lower()}"
        if by not in found["transport"]:
            found["transport"][by] = {"name": named(by), **draw(freight(spec, unit, 70))}
            if sometimes(draw, 40):
                found["transport"][by]["capacity"] = written(draw(st.integers(100, 5000)), f"{unit}*km/a")
        more = [m for m in sought if m != first and unit_of(spec, m) == unit]
        route: Spec = {"from": start, "to": end, "by": by, "distance": written(draw(figures(1, 200)), "km")}
        route["carries"] = [first, *some(draw, more, 0, 2)]
        route |= draw(freight(spec, unit, 15))
        if sometimes(draw, 30):
            route["both_ways"] = True
        if sometimes(draw, 40):
            route["loss"] = draw(percent(0, 30))
        if sometimes(draw, 50):
            route["capacity"] = written(draw(st.integers(1, 60)), f"{unit}/a")
        found["routes"][f"route_{i}"] = route
    if sometimes(draw, 5):
        found["apart"] = [parks[::-1]]
    return found


def wanted(spec: Spec, carried: list[str], start: str, end: str) -> list[str]:
    """List what plants of one park make, those of another can use, and the exchange level lets travel."""
    makes, uses = (
        {m for p, b in spec["parks"][park]["plants"].items() for m in touched(spec, p, b, side)}
        for park, side in ((start, "outputs"), (end, "inputs"))
    )
    bound = TRAVELLERS if spec.get("exchange", "all") != "all" else ()
    return [m for m in carried if m in makes & uses and kind_of(spec, m) not in bound]


@st.composite
def freight(draw: DrawFn, spec: Spec, unit: str, chance: int) -> Spec:
    """Draw the terms of a mode of transport or of a route, each in `chance` of a hundred cases."""
    block: Spec = {}
    if sometimes(draw, chance):
        block["cost"] = written(draw(figures(0, 0.2)), f"CNY/({unit}*km)")
    if sometimes(draw, chance):
        block["handling"] = written(draw(figures(0, 20)), f"CNY/{unit}")
    accounts = {name: block["unit"] for name, block in spec["indicators"].items() if "unit" in block}
    if accounts and sometimes(draw, chance):
        block["adds"] = {
            name: written(draw(figures(0, 0.1)), f"{accounts[name]}/({unit}*km)")
            for name in some(draw, list(accounts), 1, 2)
        }
    return block


@st.composite
def weights(draw: DrawFn, spec: Spec, unit: str, signed: bool) -> Spec:
    """Draw factors over one to three fates."""
    fates = some(draw, FATES, 1, 3)
    return {fate: draw(factors(spec, unit, signed)) for fate in fates}


@st.composite
def factors(draw: DrawFn, spec: Spec, unit: str, signed: bool) -> Spec:
    """Draw factors of one fate: materials by name, and selectors that never meet on a material.

    Those of a denominator are positive, and state their unit.
    """
    found: Spec = {}
    for identifier in some(draw, list(spec["materials"]), 0, 2):
        found[identifier] = factor(draw, unit, unit_of(spec, identifier), signed)
    covered: set[str] = set()
    sorts = selectors(spec, unit) if signed else [f"class.{kind}" for kind in UNITS]
    for key in some(draw, sorts, 0 if found else 1, 2):
        per = draw(st.sampled_from(["t", "t", "GJ", "MWh"]))
        reached = reach(spec, key, per) - set(found)
        if reached & covered or (key.startswith("tag.") and not reached):
            continue
        covered |= reached
        bare = key.startswith("property.")
        found[key] = draw(figures(0.1, 5)) if bare else factor(draw, unit, per, signed)
    first = next(iter(spec["materials"]))
    return found or {first: factor(draw, unit, unit_of(spec, first), signed)}


def factor(draw: DrawFn, unit: str, per: str, signed: bool) -> str:
    """Draw a factor; about one in five is negative where it may be."""
    sign = -1 if signed and sometimes(draw, 20) else 1
    return written(sign * draw(figures(0.1, 5)), f"{unit}/{per}")


def selectors(spec: Spec, unit: str) -> list[str]:
    """List the selectors an indicator of a unit may use, and that name something."""
    blocks = spec["materials"].values()
    stated = {name for block in blocks for name in block.get("properties", {})}
    return (
        [f"class.{kind}" for kind in UNITS]
        + [f"tag.{tag}" for tag in TAGS if any(tag in b.get("tags", []) for b in blocks)]
        + [f"property.{name}" for name in PROPERTIES if name in stated and unit in PROPERTIES[name]]
    )


def reach(spec: Spec, selector: str, per: str) -> set[str]:
    """List the materials a selector covers, measured in the dimension of `per` (or by property)."""
    sort, name = selector.split(".")
    if sort == "property":
        return {m for m, block in spec["materials"].items() if name in block.get("properties", {})}
    return {
        m
        for m, block in spec["materials"].items()
        if DIMENSION[unit_of(spec, m)] == DIMENSION[per]
        and (name == kind_of(spec, m) if sort == "class" else name in block.get("tags", []))
    }


@st.composite
def policies(draw: DrawFn, spec: Spec) -> Spec:
    """Draw up to three prices and bounds on indicators or flows, for some or all parks and periods, hard or soft."""
    accounts = list(spec["indicators"])
    found: Spec = {}
    for i in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        if sometimes(draw, 25):
            unit = draw(st.sampled_from(["t", "t", "GJ", "CNY"]))
            policy = {"flow": draw(weights(spec, unit, signed=True)), "unit": unit, **draw(terms(spec, "", unit))}
        else:
            name = draw(st.sampled_from(accounts + MONEY))
            policy = {"indicator": name, **draw(terms(spec, name, spec["indicators"].get(name, {}).get("unit", "CNY")))}
        if sometimes(draw, 30):
            policy["parks"] = some(draw, list(spec["parks"]), 1, 2)
        if "periods" in spec and sometimes(draw, 30):
            policy["periods"] = some(draw, list(spec["periods"]), 1, 2)
        if sometimes(draw, 40):
            policy["each_period"] = True
        found[f"policy_{i}"] = policy
        if contradicts(policy, [other for key, other in found.items() if key != f"policy_{i}"]):
            del found[f"policy_{i}"]
    return found


def contradicts(policy: Spec, others: list[Spec]) -> bool:
    """Tell whether a hard bound on an indicator meets one on the other side: such a pair may be refused as input."""
    same = [other for other in others if "indicator" in policy and other.get("indicator") == policy["indicator"]]
    return any(("min" in policy and "max" in other) or ("max" in policy and "min" in other) for other in same)


@st.composite
def terms(draw: DrawFn, spec: Spec, name: str, unit: str) -> Spec:
    """Draw the price or bounds of a policy; mostly ones that an idle park keeps."""
    block = spec["indicators"].get(name, {})
    if "ratio" in block:
        low = draw(st.integers(0, 60))
        bounds = {"min": f"{low} %", "max": f"{low + draw(st.integers(0, 60))} %"}
        return {side: bounds[side] for side in some(draw, ["min", "max"], 1, 2)}
    if name not in MONEY and sometimes(draw, 50):
        return draw(payment(unit))
    scale = 20 if unit == "CNY" else 1
    if not sometimes(draw, 25):
        soft = {"surplus": written(draw(figures(0, 40)), per(unit))}
        bound = {"max": written(scale * draw(st.integers(0, 2000)), f"{unit}/a")}
    else:
        soft = {"shortage": written(draw(figures(0, 40)), per(unit))}
        bound = {"min": written(scale * draw(st.integers(-1000, 100)), f"{unit}/a")}
    return {**bound, **soft} if sometimes(draw, 40) else bound


def per(unit: str) -> str:
    """Give the unit of a price."""
    return f"CNY/{unit}"


@st.composite
def payment(draw: DrawFn, unit: str) -> Spec:
    """Draw a price or rising steps, with or without an allowance, of which the rest is sold or not."""
    money = per(unit)
    block: Spec = {"price": written(draw(figures(0, 60)), money)}
    if sometimes(draw, 25):
        low = draw(figures(0, 30))
        block = {"steps": [{"price": written(low, money), "max": written(draw(st.integers(1, 500)), f"{unit}/a")}]}
        block["steps"].append({"price": written(low + draw(figures(0, 30)), money)})
    if sometimes(draw, 50):
        block["free"] = written(draw(st.integers(0, 600)), f"{unit}/a")
    if sometimes(draw, 40):
        block["sell"] = False
    return block


@st.composite
def periods(draw: DrawFn) -> Spec:
    """Draw one to three periods with their durations and weights."""
    found: Spec = {}
    for i in range(draw(st.integers(1, 3))):
        found[f"y202{i}"] = {"duration": written(draw(st.sampled_from([1, 0.5, 0.25, 2])), "a")}
        if sometimes(draw, 50):
            found[f"y202{i}"]["weight"] = draw(st.sampled_from([1, 2, 3, 0.5]))
    return found


@st.composite
def objectives(draw: DrawFn, spec: Spec) -> Spec:
    """Draw a sense and an indicator or a weighted sum: mostly profit, mostly a sensible sense."""
    accounts = [name for name, block in spec["indicators"].items() if "ratio" not in block]
    if accounts and sometimes(draw, 15):
        name = draw(st.sampled_from(accounts))
        unit = spec["indicators"][name]["unit"]
        weight = written(draw(figures(0, 60)), f"CNY/{unit}") if unit != "CNY" else draw(figures(0, 2))
        return {"minimise": {"cost": draw(st.sampled_from([1, 1, 0.5])), name: weight}}
    if not sometimes(draw, 50):
        return {"maximise": "profit"}
    name = draw(st.sampled_from(["value_added", "cost", "revenue", *accounts, *accounts]))
    sense = "minimise" if name not in ("value_added", "revenue") else "maximise"
    if sometimes(draw, 15):
        sense = "maximise" if sense == "minimise" else "minimise"
    return {sense: name}


@st.composite
def cases(draw: DrawFn) -> Spec:
    """Draw a whole case."""
    spec: Spec = {"case": "generated", "title": named("case"), "money": "CNY"}
    spec["materials"] = draw(materials())
    spec["processes"] = draw(processes(spec))
    if level := draw(st.sampled_from(["all", None, "park", "company", "none"])):
        spec["exchange"] = level
    if sometimes(draw, 40):
        spec["periods"] = draw(periods())
    spec["parks"] = {}
    for identifier in ["north", "south"][: draw(st.sampled_from([1, 2, 2]))]:
        spec["parks"][identifier] = draw(park(spec, identifier))
    spec["indicators"] = draw(indicators(spec))
    if len(spec["parks"]) == 2 and sometimes(draw, 95):
        spec |= draw(routes(spec))
    spec["policies"] = draw(policies(spec))
    spec["objective"] = draw(objectives(spec))
    return {key: block for key, block in spec.items() if block != {}}


def to_yaml(spec: Spec) -> str:
    """Write a case as a file of the language."""
    return yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, width=1000)
