"""Chemistry: formulas, compositions, and whether recipes close on mass and on every element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class FormulaError(ValueError):
    """A formula or composition makes no chemical sense: `what` says why, `mend` what to write."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend


def element_fractions(formula: str) -> Mapping[str, float]:
    """Return the mass fraction of each element in a compound; `inert` is an element of its own."""
    raise NotImplementedError


@dataclass(frozen=True)
class Composition:
    """What a material consists of, in mass fractions."""

    elements: Mapping[str, float]
    """mass fraction of each element, 1"""
    compounds: Mapping[str, float]
    """mass fraction of each compound as listed, 1"""
    unknown: float
    """mass fraction of unknown composition, 1"""

    @classmethod
    def from_formula(cls, formula: str) -> Composition:
        """Return the composition of one pure compound; raises FormulaError."""
        raise NotImplementedError

    @classmethod
    def from_fractions(cls, fractions: Mapping[str, float]) -> Composition:
        """Return the composition of a mixture of compounds, elements and `inert`; raises FormulaError."""
        raise NotImplementedError

    def content(self, substance: str) -> float | None:
        """Return the mass fraction of an element or compound, or None where it cannot be known."""
        raise NotImplementedError


@dataclass(frozen=True)
class Stream:
    """An amount of a material that enters or leaves a recipe."""

    material: str
    mass: float
    """t"""
    composition: Composition | None
    """None where nothing is known"""


@dataclass(frozen=True)
class ElementBalance:
    """One element over a recipe."""

    inflow: float
    """t in the inputs, as far as known"""
    outflow: float
    """t in the outputs, as far as known"""
    gap: float
    """what stays unexplained, a share from 0 up, 1"""


@dataclass(frozen=True)
class Closure:
    """How well a recipe closes; gaps are shares from 0 up."""

    mass_in: float
    """t"""
    mass_out: float
    """t"""
    mass_gap: float
    """difference relative to the larger side, 1"""
    elements: dict[str, ElementBalance]

    @property
    def worst(self) -> tuple[str, float]:
        """The largest gap: ("mass", share) or (element, share)."""
        raise NotImplementedError


def closure(inputs: list[Stream], outputs: list[Stream]) -> Closure:
    """Balance mass and elements of a recipe."""
    raise NotImplementedError
