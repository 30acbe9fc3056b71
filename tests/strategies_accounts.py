"""Strategies for indicators: factors of fates, accounts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import (
    DIMENSION,
    FATES,
    PROPERTIES,
    TAGS,
    UNITS,
    Draft,
    Spec,
    figures,
    kind_of,
    named,
    some,
    sometimes,
    unit_of,
    written,
)
from strategies_plants import differing


@st.composite
def indicators(draw: DrawFn, spec: Draft) -> Spec:
    """Draw accounts in mass, energy or money."""
    found: Spec = {}
    for i in range(draw(st.sampled_from([0, 1, 2, 2, 3]))):
        unit = draw(st.sampled_from(["t", "t", "GJ", "MWh", "CNY", *spec.get("currencies", {})]))
        found[f"account_{i}"] = {
            "name": named(f"account_{i}"),
            "unit": unit,
            "factors": draw(weights(spec, unit, signed=True)),
        }
    return found


@st.composite
def weights(draw: DrawFn, spec: Draft, unit: str, signed: bool) -> Spec:
    """Draw factors over one to three fates."""
    fates = some(draw, FATES, 1, 3)
    return {fate: draw(factors(spec, unit, signed)) for fate in fates}


@st.composite
def factors(draw: DrawFn, spec: Draft, unit: str, signed: bool) -> Spec:
    """Draw factors of one fate: materials by name, and selectors that never meet on a material.

    Those of a denominator are positive, and state their unit.
    """
    found: Spec = {}
    for identifier in some(draw, list(spec["materials"]), 0, 2):
        found[identifier] = factor(draw, spec, unit, unit_of(spec, identifier), signed)
    covered: set[str] = set()
    sorts = selectors(spec, unit) if signed else [f"class.{kind}" for kind in UNITS]
    for key in some(draw, sorts, 0 if found else 1, 2):
        per = draw(st.sampled_from(["t", "t", "GJ", "MWh"]))
        reached = reach(spec, key, per) - set(found)
        if reached & covered or (key.startswith("tag.") and not reached):
            continue
        covered |= reached
        bare = key.startswith("property.")
        found[key] = share(draw, spec) if bare else factor(draw, spec, unit, per, signed)
    first = next(iter(spec["materials"]))
    return found or {first: factor(draw, spec, unit, unit_of(spec, first), signed)}


def factor(draw: DrawFn, spec: Draft, unit: str, per: str, signed: bool) -> Any:
    """Draw a factor; about one in five is negative where it may be."""
    sign = -1 if signed and sometimes(draw, 20) else 1
    value, unit = sign * draw(figures(0.1, 5)), f"{unit}/{per}"
    if "factors" in spec.mood and sometimes(draw, 60):
        return differing(draw, spec, value, unit, 0, 200)
    return written(value, unit)


def share(draw: DrawFn, spec: Draft) -> Any:
    """Draw what a property is multiplied by: a bare number, or (in the mood) a share that differs between periods."""
    if "factors" in spec.mood and sometimes(draw, 60):
        return differing(draw, spec, 100 * draw(figures(0.1, 5)), "%", -50, 200)
    return draw(figures(0.1, 5))


def selectors(spec: Draft, unit: str) -> list[str]:
    """List the selectors an indicator of a unit may use, and that name something."""
    blocks = spec["materials"].values()
    stated = {name for block in blocks for name in block.get("properties", {})}
    return (
        [f"class.{kind}" for kind in UNITS]
        + [f"tag.{tag}" for tag in TAGS if any(tag in b.get("tags", []) for b in blocks)]
        + [f"property.{name}" for name in PROPERTIES if name in stated and unit in PROPERTIES[name]]
    )


def reach(spec: Draft, selector: str, per: str) -> set[str]:
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
