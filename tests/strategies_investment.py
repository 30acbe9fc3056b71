"""Strategies for investment: what may be built and closed, what standing capacity takes, and budgets."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, figures, named, percent, some, sometimes, unit_of, written

LAND = "ha*a"
"""Unit of an indicator of land: an area for as long as it is taken."""


@st.composite
def investment(draw: DrawFn, spec: Draft, size: int, unit: str) -> Spec:
    """Draw what a plant of a size may build, what of it may be closed, or the period in which its capacity goes."""
    block: Spec = {}
    if sometimes(draw, 30):
        block["retire_by"] = draw(st.sampled_from(spec.times))
    empty = sometimes(draw, 60)
    if empty:
        block["capacity"] = f"0 {unit}/a"
    if "retire_by" not in block or sometimes(draw, 60):
        change = draw(st.sampled_from(["build", "build", "retire", "both"]))
        if change != "retire":
            block["build"] = draw(build(size, f"{unit}/a"))
        if change != "build":
            block["retire"] = draw(retire(0 if empty else size, f"{unit}/a"))
    return block


@st.composite
def build(draw: DrawFn, size: int, unit: str) -> Spec:
    """Draw the terms on which capacity is built, about as much as a size, in a unit."""
    dear = draw(st.sampled_from([60, 900]))
    block: Spec = {"cost": written(draw(st.integers(0, dear)), f"CNY/({unit})" if "/" in unit else f"CNY/{unit}")}
    block["lifetime"] = written(draw(st.sampled_from([0.5, 1, 2, 3, 10, 20])), "a")
    if sometimes(draw, 60):
        block["max"] = written(draw(st.integers(0, 2 * size)), unit)
    if sometimes(draw, 30):
        block["lead_time"] = written(draw(st.sampled_from([0.25, 0.5, 1, 2])), "a")
    if sometimes(draw, 40):
        block["rate"] = draw(percent(0, 15))
    if sometimes(draw, 40):
        block["pace"] = written(draw(st.integers(0, size)), f"{unit}/a")
    room = int(block["max"].split()[0]) if "max" in block else 2 * size
    if room > 0 and sometimes(draw, 30):
        block["step"] = written(draw(st.integers(-(-room // 5), room)), unit)
    return block


@st.composite
def retire(draw: DrawFn, size: int, unit: str) -> Spec:
    """Draw the terms on which a capacity of a size is closed."""
    block: Spec = {}
    if sometimes(draw, 70):
        block["cost"] = written(draw(st.integers(0, draw(st.sampled_from([5, 60])))), f"CNY/({unit})")
    if sometimes(draw, 40):
        block["step"] = written(size / draw(st.integers(1, 4)) if size else 5, unit)
    return block


@st.composite
def budgets(draw: DrawFn) -> Spec:
    """Draw the terms on which a case invests."""
    block: Spec = {"rate": draw(percent(0, 12))}
    if sometimes(draw, 40):
        block["budget"] = written(draw(st.integers(100, 50000)), "CNY/a")
    if method := draw(st.sampled_from(["", "cash", "annuity"])):
        block["method"] = method
    return block


@st.composite
def standing(draw: DrawFn, spec: Draft) -> None:
    """State what plants of stated capacity take of land, and what they add to accounts that are there."""
    able = [
        (park, plant)
        for park, block in spec["parks"].items()
        for plant, terms in block["plants"].items()
        if terms["capacity"] != "unlimited"
    ]
    for park, plant in some(draw, able, 1, 3) if sometimes(draw, 60) else ():
        block = spec["parks"][park]["plants"][plant]
        first = next(iter(block.get("modes", {"": block}).values())).get("process", plant)
        counted = unit_of(spec, spec["processes"][first]["per"].split()[2])
        accounts = {name: indicator["unit"] for name, indicator in spec["indicators"].items() if "factors" in indicator}
        adds: Spec = {}
        for name in some(draw, [name for name in accounts if name != "land"], 0, 1):
            if accounts[name] != "CNY":
                adds[name] = written(draw(figures(0.01, 1)), f"{accounts[name]}/{counted}")
        if sometimes(draw, 70):
            spec["indicators"].setdefault("land", {"name": named("land"), "unit": LAND, "factors": {}})
            adds["land"] = written(draw(figures(0.01, 1)), f"ha/({counted}/a)")
        if adds:
            block["adds"] = adds
