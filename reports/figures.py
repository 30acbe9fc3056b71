"""Figures as people read them: four significant digits, a multiple of the unit that keeps them short."""

from __future__ import annotations

from collections.abc import Iterable

MULTIPLES: dict[str, tuple[tuple[float, str], ...]] = {
    "t": ((1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
    "tce": ((1e6, "Mtce"), (1e3, "ktce"), (1.0, "tce")),
    "MWh": ((1e6, "TWh"), (1e3, "GWh"), (1.0, "MWh")),
    "GJ": ((1e6, "PJ"), (1e3, "TJ"), (1.0, "GJ")),
    "CNY": ((1e9, "GCNY"), (1e6, "MCNY"), (1e3, "kCNY"), (1.0, "CNY")),
}
"""multiples of a unit, largest first"""


def multiple(values: Iterable[float], unit: str) -> tuple[float, str]:
    """Return the factor and the name of the multiple in which the largest of some values is shortest to write."""
    largest = max((abs(value) for value in values), default=0.0)
    for factor, name in MULTIPLES.get(unit, ((1.0, unit),)):
        if largest >= factor:
            return factor, name
    return 1.0, unit


def figure(value: float | None, digits: int = 4) -> str:
    """Write a number with thousands separators and a fixed count of significant digits."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    if size < 1e-4:
        return f"{value:.{digits - 1}g}"
    decimals = digits
    while decimals and size >= 10 ** (digits - decimals):
        decimals -= 1
    return f"{value:,.{decimals}f}"


def amount(value: float, unit: str) -> str:
    """Write a value in the shortest multiple of its unit, e.g. `3.950 Mt`."""
    factor, name = multiple([value], unit)
    return f"{figure(value / factor)} {name}".strip()


def share(value: float | None) -> str:
    """Write a share as percent."""
    return "–" if value is None else f"{value * 100:.1f} %"
