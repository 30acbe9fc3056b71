"""Chemistry: formulas, compositions, and whether recipes close on mass and on every element.

Formulas are read and weighed by molmass (standard atomic weights). It would also read isotopes,
charges, peptides and abbreviations such as `Me`; here a formula is element symbols, whole numbers,
round or square brackets and the dot of hydrates, so that no slip turns into another substance.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .problems import TextError

INERT = "inert"
"""mineral matter that takes no part: balanced like an element of its own"""

_TRACE_SHARE = 0.02
"""share of the passing mass below which an element's gap is not measured against its own flow, 1"""
_ROUNDING = 1e-6


class FormulaError(TextError):
    """A formula or composition makes no chemical sense."""


# ---------------------------------------------------------------- formulas

_LONGEST = 100
_DOTS = re.compile("[⋅•・∙*]")
_PART = re.compile(
    r"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|(?P<dot>[.·])|(?P<times>(?<=[.·])[1-9][0-9]*)|(?P<count>[1-9][0-9]*)"
)
_MAY_FOLLOW = {
    "": {"element", "open"},
    "open": {"element", "open"},
    "element": {"element", "open", "close", "dot", "count"},
    "close": {"element", "open", "close", "dot", "count"},
    "count": {"element", "open", "close", "dot"},
    "dot": {"element", "open", "times"},
    "times": {"element", "open"},
}
"""which part of a formula may follow which; a number never stands first, as if it were an isotope"""
_DECIMAL = re.compile(r"·[0-9]+\.[0-9]|[0-9]\.[0-9]+(?![0-9])(?!H2O(?:[.·]|$))")
"""a decimal point: one between digits, unless water follows as in `MgCl2.6H2O`"""
_EXAMPLE = "write e.g. `Ca(OH)2` or `MgCl2(H2O)6`"


def element_fractions(formula: str) -> Mapping[str, float]:
    """Return the mass fraction of each element in a compound; `inert` is an element of its own.

    Hydrates are written `MgCl2·6H2O`, `MgCl2.6H2O` or `MgCl2(H2O)6`. Raises FormulaError.
    """
    return _element_fractions(_normal(formula))


@functools.cache
def _element_fractions(formula: str) -> Mapping[str, float]:
    if formula == INERT:
        return MappingProxyType({INERT: 1.0})
    import molmass

    _check(formula, frozenset(element.symbol for element in molmass.ELEMENTS))
    try:
        composition = molmass.Formula(formula.replace("·", ".")).composition()
    except (molmass.FormulaError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise FormulaError(f"`{formula}` is no formula: {reason}", _EXAMPLE) from None
    return MappingProxyType({symbol: item.fraction for symbol, item in composition.items()})


def _normal(formula: str) -> str:
    """Write subscripts, full-width characters and the dots of hydrates in one way."""
    return _DOTS.sub("·", unicodedata.normalize("NFKC", formula).strip())


def _same(formula: str) -> str:
    """Write a formula so that its spellings compare equal."""
    return _normal(formula).replace(".", "·")


def _check(formula: str, symbols: frozenset[str]) -> None:
    """Refuse what is not built of element symbols, whole numbers, brackets and hydrate dots."""
    if len(formula) > _LONGEST:
        raise FormulaError(f"a formula of {len(formula)} characters is too long", _EXAMPLE)
    if _DECIMAL.search(formula) or "⁄" in formula:  # NFKC writes ½ with this stroke
        mend = "use whole numbers, e.g. `(CaSO4)2·H2O`; join compounds by `·`"
        raise FormulaError(f"`{formula}` has a count that is not whole", mend)
    position, before = 0, ""
    while position < len(formula):
        match = _PART.match(formula, position)
        if match is None or str(match.lastgroup) not in _MAY_FOLLOW[before]:
            what = f"`{formula[position]}` cannot stand at place {position + 1} of `{formula}`"
            raise FormulaError(what, _EXAMPLE)
        if match.lastgroup == "element" and match[0] not in symbols:
            what = f"`{match[0]}` in `{formula}` is no element"
            raise FormulaError(what, "mind capitals: `NaCl`, not `NACL`")
        position, before = match.end(), str(match.lastgroup)
    if before in ("", "open", "dot"):
        raise FormulaError(f"the formula `{formula}` is not complete", _EXAMPLE)


# ---------------------------------------------------------------- compositions


@dataclass(frozen=True)
class Composition:
    """What a material consists of, in mass fractions."""

    elements: Mapping[str, float]
    """mass fraction of each element, `inert` included, 1"""
    compounds: Mapping[str, float]
    """mass fraction of each compound or element as listed, 1"""
    unknown: float
    """mass fraction of unknown composition, 1"""

    @classmethod
    def from_formula(cls, formula: str) -> Composition:
        """Return the composition of one pure compound; raises FormulaError."""
        return cls.from_fractions({formula: 1.0})

    @classmethod
    def from_fractions(cls, fractions: Mapping[str, float]) -> Composition:
        """Return the composition of a mixture of compounds, elements and `inert`.

        What is missing to 1 is of unknown composition. Raises FormulaError for a formula that cannot
        be read, a fraction that is negative or not finite, and a sum above 1.
        """
        elements: dict[str, float] = {}
        for compound, fraction in fractions.items():
            if not (math.isfinite(fraction) and fraction >= 0):
                what = f"the fraction of `{compound}` is {fraction:g}"
                raise FormulaError(what, "give a share between 0 % and 100 %")
            for element, share in element_fractions(compound).items():
                elements[element] = elements.get(element, 0.0) + fraction * share
        unknown = 1 - math.fsum(fractions.values())
        if unknown < -_ROUNDING:
            what = f"the composition sums to {100 * (1 - unknown):.6g} %"
            raise FormulaError(what, "mass fractions sum to at most 100 %")
        return cls(
            MappingProxyType(elements),
            MappingProxyType(dict(fractions)),
            unknown if unknown > _ROUNDING else 0.0,
        )

    def content(self, substance: str) -> float | None:
        """Return the mass fraction of an element or compound, or None where it cannot be known.

        An element counts in all compounds. Where part of the composition is unknown, what is listed
        counts; what is not listed cannot be known. In a full composition an unlisted compound is
        absent for certain only if one of its elements is.
        """
        listed = {_same(name): fraction for name, fraction in self.compounds.items()}
        name = _same(substance)
        if name in self.elements:
            return self.elements[name]
        if name in listed:
            return listed[name]
        try:
            parts = _element_fractions(name)
        except FormulaError:
            return None
        absent = not self.unknown and not parts.keys() <= self.elements.keys()
        return 0.0 if absent else None


# ---------------------------------------------------------------- closure


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
    """every element that is known to enter or leave"""

    @property
    def worst(self) -> tuple[str, float]:
        """The largest gap: ("mass", share) or (element, share)."""
        gaps = {"mass": self.mass_gap} | {name: row.gap for name, row in self.elements.items()}
        return max(gaps.items(), key=lambda item: item[1])


def closure(inputs: list[Stream], outputs: list[Stream]) -> Closure:
    """Balance mass and elements of a recipe.

    Mass: in − out, relative to the larger side. An element: inflow − outflow, less the mass of
    unknown composition that may hide it (in the outputs when more enters than leaves, in the inputs
    when more leaves than enters), relative to the largest of inflow, outflow and 2 % of the mass
    that passes (the larger side).
    """
    mass_in = math.fsum(stream.mass for stream in inputs)
    mass_out = math.fsum(stream.mass for stream in outputs)
    mass = max(mass_in, mass_out)
    entering, leaving = _element_masses(inputs), _element_masses(outputs)
    hidden_in, hidden_out = _unknown_mass(inputs), _unknown_mass(outputs)
    elements = {}
    for element in sorted(entering.keys() | leaving.keys()):
        inflow, outflow = entering.get(element, 0.0), leaving.get(element, 0.0)
        surplus = inflow - outflow
        unexplained = max(0.0, surplus - hidden_out, -surplus - hidden_in)
        gap = _relative(unexplained, max(inflow, outflow, _TRACE_SHARE * mass))
        elements[element] = ElementBalance(inflow, outflow, gap)
    return Closure(mass_in, mass_out, _relative(abs(mass_in - mass_out), mass), elements)


def _element_masses(streams: Iterable[Stream]) -> dict[str, float]:
    """Return the known mass of each element in streams, t."""
    masses: dict[str, float] = {}
    for stream in streams:
        for element, fraction in stream.composition.elements.items() if stream.composition else ():
            masses[element] = masses.get(element, 0.0) + stream.mass * fraction
    return masses


def _unknown_mass(streams: Iterable[Stream]) -> float:
    """Return the mass of unknown composition in streams, t."""
    return math.fsum(stream.mass * (stream.composition.unknown if stream.composition else 1.0) for stream in streams)


def _relative(difference: float, scale: float) -> float:
    return difference / scale if scale > 0 else 0.0
