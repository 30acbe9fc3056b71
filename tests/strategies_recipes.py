"""Strategies for materials and recipes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import (
    CLASSES,
    PROPERTIES,
    SUBSTANCES,
    TAGS,
    TRAVELLERS,
    UNITS,
    Spec,
    figures,
    kind_of,
    named,
    some,
    sometimes,
    unit_of,
    written,
)


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
