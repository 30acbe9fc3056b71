"""Making figures of several answers fit for each other: one unit, one length of time, rounding told from change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..flows.units import QuantityError, unit_dimension
from .answers import Answer, Key
from .comparison import Figures, Kind

IDLE = 1e-9
"""amounts below this share of the largest of their unit are rounding"""
PARTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("carbon", ("co2", "carbon", "ghg", "emission")),
    ("water", ("water",)),
    ("waste", ("waste", "residue", "slag")),
)
"""parts of identifiers that say what an indicator counts; they decide on order, and on which totals are savings"""

Found = Mapping[Key, tuple[float | None, str, bool | None]]
"""figure, unit and uniqueness of the things of one side"""


@dataclass(frozen=True, eq=False)
class Scale:
    """How figures of each side are made fit: divided by the length of its periods where these are not the same."""

    answers: tuple[Answer, ...]
    baseline: int
    per_year: bool

    @property
    def at_once(self) -> Scale:
        """The scale of what is no amount over time: prices, ratios, capacities."""
        return replace(self, per_year=False)

    def flows(self) -> list[Found]:
        """Amounts of each (park, material, fate) on every side; what a side does not list of its parks is 0 there."""
        found = [answer.flows() if answer.optimal else {} for answer in self.answers]
        units = {key: unit for side in found for key, (_, unit, _) in side.items()}
        for answer, side in zip(self.answers, found, strict=True):
            idle = {key: unit for key, unit in units.items() if key not in side and key[0] in answer.document["parks"]}
            side |= {key: (0.0, unit, answer.flow_is_unique(*key)) for key, unit in idle.items()}
        return list(found)

    def capacities(self) -> list[Found]:
        """What is built or closed on every side; what an optimal side does not list is 0 there."""
        found = [answer.builds() if answer.optimal else {} for answer in self.answers]
        units = {key: unit for side in found for key, (_, unit, _) in side.items()}
        for answer, side in zip(self.answers, found, strict=True):
            idle = {key: unit for key, unit in units.items() if key not in side and answer.optimal}
            side |= {key: (0.0, unit, None) for key, unit in idle.items()}
        return list(found)

    def figures(self, found: Sequence[Found], key: Key, least: float = 0.0, park: str = "") -> Figures:
        """One thing on every side; what a side does not list, or has in another unit than the first, is missing.

        Args:
            found: the things of every side, by their keys.
            key: the thing.
            least: difference up to which there is none.
            park: park that it stands in; empty for the whole case.
        """
        unit = next(side[key][1] for side in found if key in side)
        values: list[float | None] = []
        unique: list[bool | None] = []
        for answer, side in zip(self.answers, found, strict=True):
            value, own, sure = side.get(key, (None, unit, None))
            values.append(value * self.factor(answer) if value is not None and own == unit else None)
            unique.append(sure)
        answered = tuple(one.optimal and (not park or park in one.document["parks"]) for one in self.answers)
        return Figures(tuple(values), self.unit(unit), self.baseline, tuple(unique), least, answered)

    def factor(self, answer: Answer) -> float:
        """What amounts of a side are multiplied by."""
        return 1.0 / answer.years if self.per_year else 1.0

    def unit(self, unit: str) -> str:
        """Unit of amounts as they are compared."""
        return f"{unit}/a" if self.per_year else unit

    def keys(self, found: Sequence[Found]) -> list[tuple[Key, float]]:
        """Return every thing of any side once, with the difference up to which figures of its unit are rounding."""
        largest: dict[str, float] = {}
        units: dict[Key, str] = {}
        for answer, side in zip(self.answers, found, strict=True):
            for key, (value, unit, _) in side.items():
                units.setdefault(key, unit)
                largest[unit] = max(largest.get(unit, 0.0), abs(value or 0.0) * self.factor(answer))
        return [(key, IDLE * largest[unit]) for key, unit in units.items()]


def kind_of(indicator: str, unit: str, money: str) -> Kind:
    """Say what an indicator counts: by its unit where that tells, else by its identifier."""
    if unit == money:
        return "money"
    if unit == "1" or "/" in unit:
        return "ratio"
    try:
        if unit_dimension(unit) == unit_dimension("tce"):
            return "energy"
    except QuantityError:
        return "other"
    return next((kind for kind, parts in PARTS if any(part in indicator for part in parts)), "other")
