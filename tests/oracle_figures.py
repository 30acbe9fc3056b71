"""Figures of a case, as the oracle reads them: a number, its unit, and whatever words follow it."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

Spec = dict[str, Any]

MONIES = ("CNY", "USD", "EUR")
SCALES = {
    "mass": {"t": 1.0, "kg": 0.001, "kt": 1000.0},
    "energy": {"GJ": 1.0, "MWh": 3.6, "TJ": 1000.0},
    "money": {"kCNY": 1000.0, "万CNY": 10000.0} | dict.fromkeys(MONIES, 1.0),
    "land": {"ha*a": 1.0},
}
"""Units of one dimension against each other; currencies never meet, once a case is exchanged."""
DIMENSION = {unit: kind for kind, units in SCALES.items() for unit in units}
SIZE = {unit: size for units in SCALES.values() for unit, size in units.items()}
UNITS = (*SIZE, "km", "a", "ha", "1", "%")


class Figure(NamedTuple):
    """A number, its unit, and whatever words follow the unit."""

    value: float
    unit: str
    rest: str


def figure(written: Any) -> Figure:
    """Read ``3.95 t``, ``90 %``, ``5 %/a``, ``0.53``, ``0.655 t CaO``, ``unlimited`` or ``{value: …}``."""
    if isinstance(written, dict):
        return figure(written["value"])
    if isinstance(written, (int, float)):
        return Figure(float(written), "1", "")
    return _read(written)


@cache
def _read(written: str) -> Figure:
    if written == "unlimited":
        return Figure(math.inf, "", "")
    head, unit, *rest = written.split()
    parts = unit.replace("(", "").replace(")", "").replace("*", "/").split("/")
    assert all(part in UNITS for part in parts), f"the oracle knows no unit {unit!r}"
    if unit.startswith("%"):
        return Figure(float(head) / 100.0, "1" + unit[1:], " ".join(rest))
    return Figure(float(head), unit, " ".join(rest))


def number(written: Any, unit: str = "1") -> float:
    """Read the value of a figure that must stand in `unit` (``unlimited`` fits every unit)."""
    got = figure(written)
    assert got.unit in (unit, ""), f"{written!r} is not in {unit}"
    return got.value


def converted(value: float, unit: str, to: str) -> float:
    """Convert a value between two units of one dimension."""
    assert DIMENSION[unit] == DIMENSION[to], f"{unit} is no {to}"
    return value * SIZE[unit] / SIZE[to]


def bracketed(unit: str) -> str:
    """Write a unit as what something is counted per."""
    return f"({unit})" if "*" in unit else unit


def is_slot(line: Any) -> bool:
    """Tell a slot from a plain amount."""
    return isinstance(line, dict) and "from" in line
