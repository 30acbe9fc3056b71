"""Capacity of the oracle: what stands, what is built, what goes, and what that costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from oracle_columns import total
from oracle_figures import Spec, number
from oracle_stores import Stores


class Capacity(Stores):
    """New capacity of a plant, by the period in which it is built; reference amount per a."""

    def declare(self) -> None:
        """Declare what is built."""
        super().declare()
        self.columns(
            "built", [(park, plant) for park, plant in self.all_plants() if "build" in self.case.plant(park, plant)]
        )

    def all_plants(self) -> list[tuple[str, str]]:
        """All plants with their parks."""
        return [(park, plant) for park in self.case.parks for plant in self.case.plants(park)]

    def size_unit(self, park: str, plant: str) -> str:
        """Give the unit of the capacity of a plant."""
        return f"{self.case.counted_in(park, plant)}/a"

    def vintages(self, park: str, plant: str, t: str) -> list[str]:
        """List the periods of building whose capacity stands when a period begins."""
        build = self.case.plant(park, plant)["build"]
        lead, life = number(build.get("lead_time", "0 a"), "a"), number(build["lifetime"], "a")
        begins = self.case.begins
        ready = {when: begins[when] + lead for when in begins}
        return [when for when in begins if ready[when] <= begins[t] + 1e-9 and begins[t] + 1e-9 < ready[when] + life]

    def new(self, park: str, plant: str, t: str) -> Any:
        """Give the new capacity that stands in a period."""
        if "build" not in self.case.plant(park, plant):
            return 0
        return total(self.model.built[park, plant, when] for when in self.vintages(park, plant, t))

    def old(self, park: str, plant: str, t: str) -> float:
        """Give the capacity that stands already, until it goes."""
        block, begins = self.case.plant(park, plant), self.case.begins
        gone = "retire_by" in block and begins[t] >= begins[block["retire_by"]]
        return 0.0 if gone else number(block["capacity"], self.size_unit(park, plant))

    def availability(self, block: Spec, t: str) -> float:
        """Give the share of a capacity that can be used in a period."""
        down = number(block.get("maintenance", "0 a"), "a")
        return self.case.at(block.get("availability", 1), t) * (1 - down)

    def available(self, park: str, plant: str, t: str) -> Any:
        """Give what a plant could run in a period, reference amount per a; inf where nothing limits it."""
        return self.availability(self.case.plant(park, plant), t) * (
            self.old(park, plant, t) + self.new(park, plant, t)
        )

    def investment(self) -> None:
        """New capacity at one time stays below its largest, and spending below the budget.

        Σ standing ≤ max
        Σ cost · built ≤ budget · duration
        """
        for park, plant, t in self.model.built:
            most = number(self.case.plant(park, plant)["build"].get("max", "unlimited"), self.size_unit(park, plant))
            stands = self.new(park, plant, t)
            if not any(t in self.vintages(park, plant, when) for when in self.case.periods):
                self.hold(self.model.built[park, plant, t] == 0)  # it would stand in no period
            if math.isfinite(most) and self.vintages(park, plant, t):
                self.hold(stands <= most)
        budget = (self.case.spec.get("investment") or {}).get("budget", "unlimited")
        if math.isfinite(number(budget, "CNY/a")):
            for t, (duration, _) in self.case.periods.items():
                spent = [
                    self.outlay(park, plant) * built
                    for (park, plant, when), built in self.model.built.items()
                    if when == t
                ]
                if spent:
                    self.hold(total(spent) <= number(budget, "CNY/a") * duration)

    def outlay(self, park: str, plant: str) -> float:
        """Give what a unit of new capacity costs."""
        return number(self.case.plant(park, plant)["build"]["cost"], f"CNY/({self.size_unit(park, plant)})")

    def yearly(self, park: str, plant: str) -> float:
        """Give what a unit of new capacity costs in each year that it stands: its annuity."""
        build = self.case.plant(park, plant)["build"]
        rate = number(build.get("rate", (self.case.spec.get("investment") or {}).get("rate", 0)))
        life = number(build["lifetime"], "a")
        share = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        return self.outlay(park, plant) * share

    def building(self, place: tuple[str, str]) -> Iterator[tuple[float, Any]]:
        """Yield what new capacity costs a company, as an annuity while it stands or in cash when it is built."""
        if (self.case.spec.get("investment") or {}).get("method", "annuity") == "cash":
            yield from self.spent(place)
            return
        for park, plant, t in self.model.built:
            if (park, self.case.company(park, plant)) == place and t in self.scope:
                share = self.scope[t] * self.case.periods[t][0]
                yield self.yearly(park, plant) * share, self.new(park, plant, t)

    def spent(self, place: tuple[str, str]) -> Iterator[tuple[float, Any]]:
        """Yield the capital that a company spends on new capacity, when it is built."""
        for park, plant, t in self.model.built:
            if (park, self.case.company(park, plant)) == place and t in self.scope:
                yield self.outlay(park, plant) * self.scope[t], self.model.built[park, plant, t]

    def upkeep(self, place: tuple[str, str]) -> Iterator[tuple[float, Any]]:
        """Yield fixed cost: per unit of capacity that stands and a, whatever the run."""
        park, company = place
        for plant in self.case.plants(park):
            block = self.case.plant(park, plant)
            if "fixed_cost" in block and self.case.company(park, plant) == company:
                rate = number(block["fixed_cost"], f"CNY/{self.case.counted_in(park, plant)}")
                for t, often in self.scope.items():
                    stands = self.old(park, plant, t) + self.new(park, plant, t)
                    yield rate * often * self.case.periods[t][0], stands
