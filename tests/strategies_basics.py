"""What all strategies share: the words of drawn cases, figures and chances, and the draft of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

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
FATES = ["bought", "made", "used", "treated", "sold", "discarded", "exchanged", "shipped", "displaced"]
MONEY = ["profit", "cost", "revenue", "value_added"]


class Draft(dict[str, Any]):
    """A case that is being drawn."""

    mood: frozenset[str] = frozenset()
    """families that this case likes to use"""
    joined: dict[tuple[str, str], int | None]
    """coalition of each company, by park and name; None for one that keeps to itself"""

    @property
    def times(self) -> list[str]:
        """Names of the periods."""
        found = []
        for name, period in self.get("periods", {"year": {}}).items():
            found += [f"{name}_{i + 1}" for i in range(period["count"])] if "count" in period else [name]
        return found


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


def unit_of(spec: Spec, identifier: str) -> str:
    """Give the unit of a material."""
    return str(spec["materials"][identifier].get("unit", "t"))


def kind_of(spec: Spec, identifier: str) -> str:
    """Give the class of a material."""
    return str(spec["materials"][identifier].get("class", "product"))
