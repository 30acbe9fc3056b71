"""Rows of a result that are kept as arrays: a year of hours has hundreds of thousands, and few are read one by one."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, overload

import numpy as np

from ..flows.tables import Bools, Floats, Label

R = TypeVar("R")


def _nothing() -> Floats:
    return np.zeros((0, 0))


@dataclass(frozen=True)
class PlantRun:
    """What a plant does in a period."""

    park: str
    company: str
    plant: str
    name: Label
    process: str
    period: str
    run: float
    """reference units per period"""
    unit: str
    utilisation: float | None
    """run over nameplate capacity, 1; None where the capacity is unlimited"""


@dataclass(frozen=True)
class Price:
    """Shadow price: what one more unit of a material, there and then, changes the objective by."""

    park: str
    company: str
    plant: str
    material: str
    period: str
    value: float
    unit: str
    unique: bool | None = None
    """no other price is optimal too; None where that was not looked at"""


class Rows(Sequence[R]):
    """Rows that are made when they are read, thing by thing, each in all periods."""

    @abstractmethod
    def row(self, place: int) -> R:
        """Make the row at a place that there is."""

    @overload
    def __getitem__(self, place: int) -> R: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[R, ...]: ...

    def __getitem__(self, place: int | slice) -> R | tuple[R, ...]:
        """Return the row at a place, or those of a slice. Raises IndexError."""
        every = range(len(self))
        if isinstance(place, slice):
            return tuple(map(self.row, every[place]))
        return self.row(every[place])

    def __iter__(self) -> Iterator[R]:
        """Make all rows, one after another."""
        return map(self.row, range(len(self)))


@dataclass(frozen=True, eq=False)
class PlantTable(Rows[PlantRun]):
    """What n plants do in T periods; a sequence of `PlantRun`."""

    kinds: tuple[tuple[str, str, str, Label, str, str], ...] = ()
    """(n) park, company, plant, name, process and unit"""
    periods: tuple[str, ...] = ()
    """(T) identifiers"""
    run: Floats = field(default_factory=_nothing)
    """(n, T) reference units per period"""
    utilisation: Floats = field(default_factory=_nothing)
    """(n, T) run over nameplate capacity, 1; nan where the capacity is unlimited"""

    def __len__(self) -> int:
        return len(self.kinds) * len(self.periods)

    def row(self, place: int) -> PlantRun:
        """Make the row at a place that there is."""
        number, period = divmod(place, len(self.periods))
        park, company, plant, name, process, unit = self.kinds[number]
        used: float = self.utilisation.item(place)
        load = None if math.isnan(used) else used
        return PlantRun(park, company, plant, name, process, self.periods[period], self.run.item(place), unit, load)


@dataclass(frozen=True, eq=False)
class PriceTable(Rows[Price]):
    """Shadow prices of k balances in T periods; a sequence of `Price`."""

    kinds: tuple[tuple[str, str, str, str, str], ...] = ()
    """(k) park, company, plant, material and unit"""
    periods: tuple[str, ...] = ()
    """(T) identifiers"""
    value: Floats = field(default_factory=_nothing)
    """(k, T) change of the objective per unit"""
    unique: Bools | None = None
    """(k, T) no other price is optimal too; None where that was not looked at"""

    def __len__(self) -> int:
        return len(self.kinds) * len(self.periods)

    def row(self, place: int) -> Price:
        """Make the row at a place that there is."""
        number, period = divmod(place, len(self.periods))
        park, company, plant, material, unit = self.kinds[number]
        sure = None if self.unique is None else self.unique.item(place)
        return Price(park, company, plant, material, self.periods[period], self.value.item(place), unit, sure)
