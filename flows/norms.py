"""Norms: what a standard allows a process to use per unit of its product, and what the recipe uses.

    energy = Σ heating_value · (used − made)   over a recipe, its main product and what the norm excludes left out
    amount = Σ (used − made)                   of the one material that a norm of another kind speaks of

The energy of by-products (gas, steam, power) is deducted, as GB/T 2589 has it for an enterprise; that of the main
product only where the standard says so, as for coke. Slots make both a range: filled with the best options within
their shares, and with the worst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .problems import Findings, nearest
from .units import QuantityError

if TYPE_CHECKING:
    from .case import Shelf
    from .recipe_schema import Norm
    from .recipes import Recipe

LEVELS = ("advanced", "entry", "limit")
ENERGY = "energy"
HEAT = "heating_value"
ROUNDING = 1e-9
"""how far above a level still counts as meeting it, relative, 1"""


@dataclass(frozen=True)
class Assessment:
    """A recipe beside one of its norms; figures in `unit`."""

    process: str
    norm: str
    standard: str
    counts: str
    """`energy`, or the material that is counted"""
    unit: str
    """that of the last level stated, e.g. kgce/t"""
    least: float
    """with the best options of its slots"""
    most: float
    """with the worst options"""
    levels: dict[str, float]
    """those of `LEVELS` that are stated"""
    because: str

    @property
    def verdict(self) -> str:
        """The strictest level that all options meet, or `over`; `some over` where some options miss the loosest."""
        met = [name for name in LEVELS if name in self.levels and self.most <= self.levels[name] * (1 + ROUNDING)]
        if met:
            return met[0]
        loosest = max(self.levels.values())
        return "some over" if self.least <= loosest * (1 + ROUNDING) else "over"


def check_norms(shelf: Shelf, name: str, touched: Iterable[str], findings: Findings) -> None:
    """Check that the norms of a process name materials and sources that exist, in units that fit, in order.

    `touched` names what the process uses and makes.
    """
    process = shelf.processes[name]
    product = shelf.materials.get(process.per.label)
    if any(norm.of == ENERGY for norm in process.norms.values()):
        _check_heat(shelf, touched, findings)
    for key, norm in process.norms.items():
        path = ("processes", name, "norms", key)
        if norm.of != ENERGY and norm.of not in shelf.materials:
            findings.error(
                shelf.value_at(*path, "of"), f"unknown material `{norm.of}`", nearest(norm.of, shelf.materials)
            )
            continue
        for i, other in enumerate(norm.excludes):
            if other not in shelf.materials:
                mend = nearest(other, shelf.materials)
                findings.error(shelf.value_at(*path, "excludes", str(i)), f"unknown material `{other}`", mend)
        if norm.source and norm.source not in process.sources:
            mend = nearest(norm.source, process.sources)
            findings.error(shelf.value_at(*path, "source"), f"there is no source `{norm.source}` here", mend)
        if product is None:
            continue
        counted = "GJ" if norm.of == ENERGY else shelf.materials[norm.of].unit
        try:
            values = [level.to(f"{counted}/{product.unit}") for _, level in norm.stated]
        except QuantityError as error:
            findings.error(shelf.key_at(*path), error.what, f"write levels as {counted} per {product.unit} of product")
            continue
        if values and max(values) > values[-1]:
            what = f"the norm `{key}` allows less at its loosest level than at a stricter one"
            findings.error(shelf.key_at(*path), what, "write `advanced` and `entry` at most as large as `limit`")


def _check_heat(shelf: Shelf, touched: Iterable[str], findings: Findings) -> None:
    """Check that what a process uses and makes states its heating value as energy per unit."""
    for name in dict.fromkeys(touched):
        material = shelf.materials.get(name)
        stated = material.properties.get(HEAT) if material else None
        if material is None or stated is None:
            continue
        try:
            stated.value.to(f"GJ/{material.unit}")
        except QuantityError as error:
            findings.error(shelf.value_at("materials", name, "properties", HEAT), error.what, error.mend)


def assess(shelf: Shelf, recipe: Recipe) -> list[Assessment]:
    """Return a recipe beside each of its norms; the shelf has been checked."""
    found = []
    for key, norm in shelf.processes[recipe.id].norms.items():
        level = norm.stated[-1][1]
        each, counted = _counted(shelf, recipe, norm)
        unit = level.unit
        per = level.value / level.to(f"{counted}/{shelf.materials[recipe.reference].unit}")
        least, most = _range(recipe, each)
        levels = {name: value.to(unit) for name, value in norm.stated}
        found.append(
            Assessment(recipe.id, key, norm.standard, norm.of, unit, least * per, most * per, levels, norm.because)
        )
    return found


def _counted(shelf: Shelf, recipe: Recipe, norm: Norm) -> tuple[Callable[[str], float], str]:
    """Return what a unit of each material counts for, and in which unit that is."""
    if norm.of != ENERGY:
        return lambda name: float(name == norm.of), shelf.materials[norm.of].unit
    left_out = {*norm.excludes, *(() if norm.net_of_product else (recipe.reference,))}

    def heat(name: str) -> float:
        stated = shelf.materials[name].properties.get(HEAT)
        if stated is None or name in left_out:
            return 0.0
        return stated.value.to(f"GJ/{shelf.materials[name].unit}")

    return heat, "GJ"


def _range(recipe: Recipe, each: Callable[[str], float]) -> tuple[float, float]:
    """Return what a recipe uses of what counts, net of what it makes, with the best and the worst options."""
    plain = -sum(line.amount * each(line.material) for line in recipe.lines)
    least = most = plain
    for slot in recipe.slots:
        ways = [
            (each(way.material) - sum(line.amount * each(line.material) for line in way.lines)) * slot.need / way.gives
            for way in slot.options
        ]
        shares = [(way.min_share, way.max_share) for way in slot.options]
        least += _filled(ways, shares, 1.0)
        most += _filled(ways, shares, -1.0)
    return least, most


def _filled(ways: list[float], shares: list[tuple[float, float]], sign: float) -> float:
    """Return the least (sign 1) or largest (−1) use of a slot filled by its options within their shares of the need."""
    parts = [low for low, _ in shares]
    rest = 1.0 - sum(parts)
    for i in sorted(range(len(ways)), key=lambda i: sign * ways[i]):
        more = min(rest, shares[i][1] - parts[i])
        parts[i] += more
        rest -= more
    return sum(way * part for way, part in zip(ways, parts, strict=True))
