"""Campaigns of the oracle: plants that are set up for one of their modes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from oracle_columns import total
from oracle_figures import Spec, number
from oracle_parks import Parks


class Campaigns(Parks):
    """Which mode a plant is set up for, and in which periods it changes over to it."""

    def declare(self) -> None:
        """Declare both for every mode of a plant with campaigns."""
        super().declare()
        modes = [
            (park, line)
            for park, plant in self.all_plants()
            if "campaigns" in self.case.plant(park, plant)
            for line in self.case.modes(park, plant)
        ]
        self.columns("set_up", modes, pyo.Binary)
        self.columns("change", modes)

    def switching(self) -> None:
        """A plant is set up for one mode, which alone runs; the periods stand in a circle.

        Σ set_up = 1 over the modes of a plant
        takes · run ≤ available · (length · set_up − changeover_time · change)
        change = 1 where it is set up and was not before; then it stays so in every period that begins within `least`
        """
        super().switching()
        for park, line, t in self.model.set_up:
            now, was = self.model.set_up[park, line, t], self.model.set_up[park, line, self.case.before(t)]
            change, terms = self.model.change[park, line, t], self.campaign(park, line)
            self.hold(change >= now - was)
            self.hold(change <= now)
            self.hold(change <= 1 - was)
            lost = number(terms.get("changeover_time", "0 a"), "a") * change
            time = self.case.periods[t][0] * now - lost
            taken = self.case.takes(park, line) * self.model.run[park, line, t]
            self.hold(taken <= self.available(park, line.split(".")[0], t) * time)
            for other in self.within(t, number(terms.get("least", "0 a"), "a")):
                self.hold(self.model.set_up[park, line, other] >= change)
        for park, plant in self.all_plants():
            if "campaigns" in self.case.plant(park, plant):
                for t in self.case.periods:
                    self.hold(total(self.model.set_up[park, line, t] for line in self.case.modes(park, plant)) == 1)

    def campaign(self, park: str, line: str) -> Spec:
        """Give the terms of the campaigns of a plant."""
        return dict(self.case.plant(park, line)["campaigns"])

    def changeovers(self, place: tuple[str, str]) -> Iterator[tuple[float, Any]]:
        """Yield what changing over costs a company: price times how often, and whether it does."""
        for (park, line, t), change in self.model.change.items():
            if (park, self.case.company(park, line)) == place:
                price = number(self.campaign(park, line).get("changeover_cost", "0 CNY"), "CNY")
                yield price * self.scope.get(t, 0.0), change
