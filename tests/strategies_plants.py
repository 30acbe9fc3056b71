"""Strategies for plants: capacity and orders, modes, switching, ramps, building; and figures that differ in time."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, figures, percent, sometimes, unit_of, written
from strategies_campaigns import campaigns
from strategies_investment import investment
from strategies_load import load


@st.composite
def plant(draw: DrawFn, spec: Draft, process: str, companies: list[str], key: str) -> Spec:
    """Draw a plant: mostly of a finite capacity, sometimes with a least, largest or fixed run."""
    block: Spec = {} if key == process else {"process": process}
    stepping = "load" in spec.mood and sometimes(draw, 75)
    if stepping:
        block |= draw(load(spec, process))
    elif spec.mood & {"modes", "campaigns"} and sometimes(draw, 60):
        block = {"modes": draw(modes(spec, process))}
    unit = reference_unit(spec, process)
    if len(set(companies)) > 1 or (companies and sometimes(draw, 50)):
        block["company"] = draw(st.sampled_from(companies)) if sometimes(draw, 25) else companies[0]
    finite = stepping or not sometimes(draw, 20)
    size = draw(st.integers(10, 999))
    block["capacity"] = written(size, f"{unit}/a") if finite else "unlimited"
    if sometimes(draw, 40):
        block["availability"] = availability(draw, spec)
    if finite and sometimes(draw, 15):
        block["maintenance"] = written(draw(st.integers(0, 40)) / 100, "a")
    if finite and "modes" in block and "campaigns" in spec.mood and sometimes(draw, 85):
        block["campaigns"] = draw(campaigns(spec))
    building = finite and not {"modes", "load"} & set(block) and "investment" in spec.mood and sometimes(draw, 70)
    if building:
        block |= draw(investment(spec, size, unit))
    plain = finite and not {"build", "retire", "modes", "retire_by", "load"} & set(block)
    switched = plain and "on_off" in spec.mood and sometimes(draw, 70)
    order = draw(st.sampled_from(["", "", "", "", "", "min_load", "min", "max", "both", "fix"]))
    least, top = draw(st.integers(0, size // 4)), draw(st.integers(size // 4, size))
    if switched:
        block["on_off"] = draw(switching(spec))
    elif order == "min_load" and finite and not {"build", "retire"} & set(block):
        block["min_load"] = draw(percent(1, 60))
    if order == "fix":
        block["fix"] = varied(draw, spec, least, f"{unit}/a")
    elif order in ("min", "max", "both"):
        bounds = {"min": varied(draw, spec, least, f"{unit}/a", 50, 100)}
        bounds["max"] = varied(draw, spec, top, f"{unit}/a", 100, 150)
        block["run"] = {side: bounds[side] for side in bounds if order in (side, "both")}
    if plain and "ramp" in spec.mood and sometimes(draw, 70):
        block["ramp"] = f"{draw(st.integers(5, 120))} %/a"
    alike = all(reference_unit(spec, mode["process"]) == unit for mode in block.get("modes", {}).values())
    if alike and sometimes(draw, 50):
        block["variable_cost"] = written(draw(figures(0, 50)), f"CNY/{unit}")
    if finite and sometimes(draw, 80 if "retire" in block else 30):
        block["fixed_cost"] = written(draw(figures(0, 50)), f"CNY/{unit}")
    return block


def reference_unit(spec: Spec, process: str) -> str:
    """Give the unit in which runs of a process are counted."""
    return unit_of(spec, spec["processes"][process]["per"].split()[2])


@st.composite
def modes(draw: DrawFn, spec: Draft, process: str) -> Spec:
    """Draw two or three modes of a plant, the first of which runs a process."""
    unit, found = reference_unit(spec, process), {"first": {"process": process}}
    names = sorted(spec["processes"])
    for name in ["second", "third"][: draw(st.integers(1, 2))]:
        other = draw(st.sampled_from(names))
        own = reference_unit(spec, other)
        found[name] = {"process": other}
        if own != unit:
            found[name]["takes"] = written(draw(figures(0.5, 2)), f"{unit}/{own}")
        elif sometimes(draw, 60):
            found[name]["takes"] = draw(figures(0.5, 2))
        if sometimes(draw, 30):
            found[name]["variable_cost"] = written(draw(figures(0, 50)), f"CNY/{own}")
        if sometimes(draw, 20):
            found[name]["name"] = {"en": "Mode", "zh": "式"}
    return found


@st.composite
def switching(draw: DrawFn, spec: Draft) -> Spec:
    """Draw the terms of a plant that may be off."""
    block: Spec = {"min_load": draw(percent(5, 90))}
    if sometimes(draw, 60):
        block["start_cost"] = written(draw(st.integers(0, 2000)), "CNY")
    for side in ("min_up", "min_down"):
        if len(spec.times) > 1 and sometimes(draw, 40):
            block[side] = written(draw(st.sampled_from([0.25, 0.5, 0.75, 1, 2])), "a")
    return block


# Figures that differ between periods


def factors_in_time(draw: DrawFn, spec: Draft, low: int, high: int) -> list[float]:
    """Draw a factor for each period, between two bounds in per cent."""
    return [draw(st.integers(low, high)) / 100 for _ in spec.times]


def varied(draw: DrawFn, spec: Draft, value: float, unit: str, low: int = 40, high: int = 160, chance: int = 40) -> Any:
    """Write a quantity, or (in the mood, at a chance) one that differs: a list, or one of two kinds of profiles."""
    if "profiles" not in spec.mood or not sometimes(draw, chance):
        return written(value, unit)
    return differing(draw, spec, value, unit, low, high)


def differing(draw: DrawFn, spec: Draft, value: float, unit: str, low: int = 40, high: int = 160) -> Any:
    """Write a quantity that differs between periods."""
    series = factors_in_time(draw, spec, low, high)
    form = draw(st.sampled_from(["list", "times", "unit"]))
    each = [written(value * share, unit) for share in series]
    if form == "list":
        return each
    if form == "times":
        return {"profile": profile(spec, list(series)), "times": written(value, unit)}
    if sometimes(draw, 50):
        return {"profile": profile(spec, each)}
    return {"profile": profile(spec, [written(value * share / 2, unit) for share in series]), "times": 2}


def profile(spec: Draft, values: list[Any]) -> str:
    """State a profile and name it."""
    stated = spec.setdefault("profiles", {})
    name = f"profile_{len(stated)}"
    stated[name] = {"values": values}
    return name


def availability(draw: DrawFn, spec: Draft) -> Any:
    """Draw a share of time, or one for each period, which may be none."""
    if "profiles" not in spec.mood or sometimes(draw, 50):
        return draw(percent(50, 100))
    shares = [f"{draw(st.integers(20, 100))} %" for _ in spec.times]
    return shares if sometimes(draw, 50) else {"profile": profile(spec, shares)}


# What a plant touches


def touched(spec: Spec, plant: str, block: Spec, side: str) -> set[str]:
    """List the materials that a plant uses (`inputs`) or makes (`outputs`), in any of its modes or steps."""
    runs = [mode["process"] for mode in block.get("modes", {}).values()] or [block.get("process", plant)]
    runs += [step["process"] for step in block.get("load", []) if "process" in step]
    return set().union(*(touched_by(spec, process, side) for process in runs))


def touched_by(spec: Spec, process: str, side: str) -> set[str]:
    """List the materials that a process uses or makes."""
    recipe = spec["processes"][process]
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
