"""Capacity of plants in the oracle: what stands, what is built, what goes, and what that costs and takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from oracle_building import Place, Site
from oracle_columns import total
from oracle_figures import Spec, figure, number
from oracle_stores import Stores


class Capacity(Stores):
    """What of a plant is closed for good, by the period in which that is done; reference amount per a."""

    def declare(self) -> None:
        """Declare what is closed, and in how many steps."""
        super().declare()
        closing = [(park, plant) for park, plant in self.all_plants() if "retire" in self.case.plant(park, plant)]
        self.columns("shut", closing)
        stepped = [(park, plant) for park, plant in closing if "step" in self.case.plant(park, plant)["retire"]]
        self.columns("shut_pieces", stepped, pyo.NonNegativeIntegers)

    def all_plants(self) -> list[tuple[str, str]]:
        """All plants with their parks."""
        return [(park, plant) for park in self.case.parks for plant in self.case.plants(park)]

    def size_unit(self, park: str, plant: str) -> str:
        """Give the unit of the capacity of a plant."""
        return f"{self.case.counted_in(park, plant)}/a"

    def old(self, park: str, plant: str, t: str) -> Any:
        """Give the capacity that stands already, less what is closed, until all of it goes."""
        if self.gone(park, plant, t):
            return 0.0
        stated = number(self.case.plant(park, plant)["capacity"], self.size_unit(park, plant))
        if "retire" not in self.case.plant(park, plant):
            return stated
        names = list(self.case.periods)
        return stated - total(self.model.shut[park, plant, when] for when in names[: names.index(t) + 1])

    def gone(self, park: str, plant: str, t: str) -> bool:
        """Tell whether a plant is gone in a period: from that of `retire_by` on."""
        block, names = self.case.plant(park, plant), list(self.case.periods)
        return "retire_by" in block and names.index(t) >= names.index(block["retire_by"])

    def stands(self, park: str, plant: str, t: str) -> Any:
        """Give the capacity that stands in a period, old and new."""
        return self.old(park, plant, t) + self.new(Site("plants", park, plant), t)

    def availability(self, block: Spec, t: str) -> float:
        """Give the share of a capacity that can be used in a period."""
        down = number(block.get("maintenance", "0 a"), "a")
        return self.case.at(block.get("availability", 1), t) * (1 - down)

    def available(self, park: str, plant: str, t: str) -> Any:
        """Give what a plant could run in a period, reference amount per a; inf where nothing limits it."""
        return self.availability(self.case.plant(park, plant), t) * self.stands(park, plant, t)

    def investment(self) -> None:
        """No more is closed than stands, in whole steps where they are stated, and nothing of what is gone.

        Σ shut ≤ capacity
        shut = step · pieces
        """
        super().investment()
        closing = dict.fromkeys((park, plant) for park, plant, _ in self.model.shut)
        for park, plant in closing:
            block, size = self.case.plant(park, plant), self.size_unit(park, plant)
            shut = {t: self.model.shut[park, plant, t] for t in self.case.periods}
            self.hold(total(shut.values()) <= number(block["capacity"], size))
            for t, part in shut.items():
                if self.gone(park, plant, t):
                    self.hold(part == 0)
                if "step" in block["retire"]:
                    self.hold(part == number(block["retire"]["step"], size) * self.model.shut_pieces[park, plant, t])

    def closing(self, place: Place) -> Iterator[tuple[float, Any]]:
        """Yield what closing costs a company, once and when it is done."""
        for park, plant, t in self.model.shut:
            if (park, self.case.company(park, plant)) == place and t in self.scope:
                size = self.size_unit(park, plant)
                cost = self.case.plant(park, plant)["retire"].get("cost", f"0 CNY/({size})")
                yield number(cost, f"CNY/({size})") * self.once(t), self.model.shut[park, plant, t]

    def upkeep(self, place: Place) -> Iterator[tuple[float, Any]]:
        """Yield fixed cost: per unit of capacity that stands and a, whatever the run."""
        park, company = place
        for plant in self.case.plants(park):
            block = self.case.plant(park, plant)
            if "fixed_cost" in block and self.case.company(park, plant) == company:
                rate = number(block["fixed_cost"], f"CNY/{self.case.counted_in(park, plant)}")
                for t, often in self.scope.items():
                    yield rate * often * self.case.periods[t][0], self.stands(park, plant, t)

    def taken(self, name: str, unit: str, place: Place) -> Iterator[tuple[float, Any]]:
        """Yield what standing capacity of a company adds to an indicator: per unit of it and a.

        A unit over time, ``ha*a``, may be written without the time: ``0.3 ha/(t/a)``.
        """
        park, company = place
        for plant in self.case.plants(park):
            written = self.case.plant(park, plant).get("adds", {}).get(name)
            if written is not None and self.case.company(park, plant) == company:
                each, counted = figure(written), self.case.counted_in(park, plant)
                assert each.unit in (f"{unit}/{counted}", f"{unit.removesuffix('*a')}/({counted}/a)"), written
                for t, often in self.scope.items():
                    yield each.value * often * self.case.periods[t][0], self.stands(park, plant, t)
