"""Quantities: `3.95 t`, `13.2 MWh/t`, `120 万t/a`, `90 %`."""

from __future__ import annotations

from dataclasses import dataclass


class QuantityError(ValueError):
    """A text is not the quantity that is needed: `what` says why, `mend` what to write."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit."""

    value: float
    """the number as written, in `unit`"""
    unit: str
    """unit as written (full-width characters made ASCII); "1" for a bare number"""
    factor: float
    """base units per unit; the bases are t, GJ, a, m, Nm3, CNY, USD, EUR"""
    dimension: str
    """kind of quantity: `mass`, `currency/mass`, `mass/time`; "" for a pure number"""

    def to(self, unit: str) -> float:
        """Return the value in another unit; raises QuantityError where the dimensions differ."""
        raise NotImplementedError


def parse_quantity(text: str | int | float) -> Quantity:
    """Read a quantity; a bare number is dimensionless. Raises QuantityError."""
    raise NotImplementedError


def parse_need(text: str) -> tuple[Quantity, str]:
    """Read the need of a slot: `0.655 t CaO` → (0.655 t, "CaO"); the label may be "". Raises QuantityError."""
    raise NotImplementedError


def unit_dimension(unit: str) -> str:
    """Return the dimension of a unit, "" for a pure number; raises QuantityError for unknown units."""
    raise NotImplementedError


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """Convert a number between units of one dimension; raises QuantityError."""
    raise NotImplementedError


def known_units() -> list[tuple[str, str]]:
    """List the units of the language as (name, meaning)."""
    raise NotImplementedError


def generate_table() -> None:
    """Write `unit_table.json`."""
    raise NotImplementedError
