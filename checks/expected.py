"""What is expected of a scenario: figures with their tolerances, each with the place that states it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..flows.case import Case
from ..flows.problems import Position
from ..flows.schema import Expectation
from ..flows.units import Quantity

TOLERANCE = 1e-4
"""relative tolerance of a recorded baseline, 1"""


@dataclass(frozen=True)
class Tolerance:
    """How far a figure may be off: the larger of a share of the expected value and an amount."""

    relative: float = TOLERANCE
    amounts: tuple[Quantity, ...] = ()

    def width(self, value: float, unit: str) -> float:
        """Return the tolerance in a unit. Raises QuantityError where an amount is in another kind of unit."""
        return max([self.relative * abs(value), *(amount.to(unit) for amount in self.amounts)])


@dataclass(frozen=True)
class Figure:
    """A quantity and what it should be: between two ends where it is not unique."""

    name: str
    low: Quantity
    high: Quantity
    tolerance: Tolerance
    position: Position | None
    """where it is stated; None in a baseline"""

    @property
    def is_range(self) -> bool:
        """It is not the same in all optimal answers, so the range itself is compared."""
        return self.low is not self.high


@dataclass(frozen=True)
class Expected:
    """Everything that one source (`expect` or the baseline) says of a scenario."""

    source: str
    """`expect` or `baseline`"""
    status: str
    position: Position | None
    figures: tuple[Figure, ...] = ()
    binding: tuple[str, ...] | None = None
    because: tuple[str, ...] = ()
    places: dict[str, Position] = field(default_factory=dict)
    """where `status`, `binding` and `because` stand"""
    unknown_tolerances: tuple[tuple[str, Position], ...] = ()
    """tolerances of quantities that are not expected"""


def expected_of(case: Case, scenario: str) -> Expected | None:
    """Return what the case itself expects of a scenario; None where it says nothing."""
    stated = case.expectations.get(scenario)
    if stated is None:
        return None
    at = ("expect", scenario)
    figures = [
        Figure(name, quantity, quantity, _tolerance(stated, name), case.value_at(*at, *path))
        for name, quantity, path in _quantities(stated)
    ]
    used = {name for name, _, _ in _quantities(stated)}
    used |= {name.partition(".")[2] for name in used}
    unknown = [(key, case.key_at(*at, "tolerances", key)) for key in stated.tolerances if key not in used]
    return Expected(
        source="expect",
        status=stated.status,
        position=case.key_at(*at),
        figures=tuple(figures),
        binding=None if stated.binding is None else tuple(stated.binding),
        because=tuple(stated.because),
        places={key: case.value_at(*at, key) for key in ("status", "binding", "because")},
        unknown_tolerances=tuple(unknown),
    )


def _quantities(stated: Expectation) -> list[tuple[str, Quantity, tuple[str, ...]]]:
    """Name of each figure, what it should be, and its path within the expectation."""
    found: list[tuple[str, Quantity, tuple[str, ...]]] = []
    if stated.objective is not None:
        found.append(("objective", stated.objective, ("objective",)))
    for kind in ("indicators", "totals", "flows"):
        found += [(f"{kind}.{name}", value, (kind, name)) for name, value in getattr(stated, kind).items()]
    return found


def _tolerance(stated: Expectation, name: str) -> Tolerance:
    """The tolerance of a quantity, which is named in full or without its kind."""
    own = stated.tolerances.get(name, stated.tolerances.get(name.partition(".")[2]) if "." in name else None)
    if own is None:
        return Tolerance(stated.tolerance)
    each: Sequence[Quantity] = own if isinstance(own, list) else [own]
    shares = [quantity.to("1") for quantity in each if not quantity.dimension]
    return Tolerance(max(shares, default=0.0), tuple(quantity for quantity in each if quantity.dimension))
