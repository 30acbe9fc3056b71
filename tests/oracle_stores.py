"""Stores of the oracle: what lies in a shed from one period to the next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from oracle_building import Building, Site
from oracle_case import Owner
from oracle_columns import total
from oracle_figures import Spec, number


class Stores(Building):
    """Levels at the end of each period, and what goes in and out."""

    def declare(self) -> None:
        """Declare levels, and the level before the first period where it is free."""
        super().declare()
        sheds = [(park, name) for park in self.case.parks for name in self.case.block(park, "stores")]
        self.columns("level", sheds)
        self.model.opening = pyo.Var(sheds, domain=pyo.NonNegativeReals)

    def store(self, park: str, name: str) -> Spec:
        """Give the block of a store."""
        return dict(self.case.block(park, "stores")[name])

    def keeper(self, park: str, name: str) -> Owner:
        """Name the balance that a store serves."""
        block = self.store(park, name)
        company = str(block.get("company", self.case.companies(park)[0]))
        if not self.case.private(block["material"]):
            return company, ""
        return self.case.company(park, block["plant"]), block["plant"]

    def former(self, park: str, name: str, t: str) -> Any:
        """Give the level before a period."""
        if t == next(iter(self.case.periods)):
            return self.model.opening[park, name]
        return self.model.level[park, name, self.case.before(t)]

    def kept(self, park: str, name: str, t: str) -> float:
        """Give the share of the former level that outlasts a period: (1 − loss)^duration."""
        return float((1 - number(self.store(park, name).get("loss", "0 %/a"), "1/a")) ** self.case.periods[t][0])

    def spoilt(self, park: str, name: str, t: str) -> Any:
        """Give what a store loses in a period."""
        return (1 - self.kept(park, name, t)) * self.former(park, name, t)

    def stored(self, park: str, name: str, t: str) -> Any:
        """Give what goes into a store in a period, net of what is drawn: new level − what is left of the former."""
        return self.model.level[park, name, t] - self.kept(park, name, t) * self.former(park, name, t)

    def shelved(self, park: str, material: str, owner: Owner, t: str) -> Any:
        """Sum what one owner puts into stores of a material."""
        return total(
            self.stored(park, name, t)
            for name, block in self.case.block(park, "stores").items()
            if block["material"] == material and self.keeper(park, name) == owner
        )

    def stores(self) -> None:
        """A level stays within the capacity, and what goes in and out within the rates.

        level ≤ capacity + new; a stated opening ≤ capacity, a free one ≤ what stands in the first period
        −draw_rate · duration ≤ level − kept · former ≤ fill_rate · duration
        opening = initial; the last level = opening (cyclic), or ≥ end (a quantity), or free (open)
        """
        last = list(self.case.periods)[-1]
        for park, name in self.model.opening:
            block, unit = self.store(park, name), self.case.unit(self.store(park, name)["material"])
            end = block.get("end", "cyclic")
            opening, levels = (
                self.model.opening[park, name],
                [self.model.level[park, name, t] for t in self.case.periods],
            )
            if "initial" in block or end != "cyclic":
                self.hold(opening == number(block.get("initial", f"0 {unit}"), unit))
            if end == "cyclic":
                self.hold(levels[-1] == opening)
            elif end != "open":
                self.hold(self.model.level[park, name, last] >= number(end, unit))
            room = number(block["capacity"], unit)
            if math.isfinite(room):
                for t, level in zip(self.case.periods, levels, strict=True):
                    self.hold(level <= room + self.new(Site("stores", park, name), t))
                free = end == "cyclic" and "initial" not in block
                new = self.new(Site("stores", park, name), next(iter(self.case.periods)))
                self.hold(opening <= (room + new if free else room))
            for t, (duration, _) in self.case.periods.items():
                net = self.stored(park, name, t)
                if "fill_rate" in block:
                    self.hold(net <= number(block["fill_rate"], f"{unit}/a") * duration)
                if "draw_rate" in block:
                    self.hold(net >= -number(block["draw_rate"], f"{unit}/a") * duration)

    def spoils(self, place: tuple[str, str], material: str) -> Iterator[tuple[str, float, Any]]:
        """Yield what a company loses in stores of a material: in which period, how often it counts, and how much.

        A loss counts in the period before, where the lost stock was left; what is lost of the opening stock counts
        only where all periods are looked at together.
        """
        park, company = place
        first = next(iter(self.case.periods))
        for name, block in self.case.block(park, "stores").items():
            if block["material"] == material and self.keeper(park, name)[0] == company:
                for t in self.case.periods:
                    often = (
                        float(self.scope == self.weights) if t == first else self.scope.get(self.case.before(t), 0.0)
                    )
                    yield t, often, self.spoilt(park, name, t)

    def storage(self, place: tuple[str, str]) -> Iterator[tuple[float, Any]]:
        """Yield what holding stock costs a company: price and level times duration."""
        park, company = place
        for name, block in self.case.block(park, "stores").items():
            if "cost" in block and self.keeper(park, name)[0] == company:
                unit = f"CNY/({self.case.unit(block['material'])}*a)"
                for t, often in self.scope.items():
                    yield (
                        self.case.at(block["cost"], t, unit) * often * self.case.periods[t][0],
                        self.model.level[park, name, t],
                    )
