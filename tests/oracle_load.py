"""Load in the oracle: plants whose recipe gets worse the harder they run, step by step."""

from __future__ import annotations

import copy
from itertools import pairwise

import pyomo.environ as pyo

from oracle_campaigns import Campaigns
from oracle_figures import Spec, number


class Load(Campaigns):
    """Which steps are full, where whole numbers see to their order."""

    def declare(self) -> None:
        """Declare that of every step but the last."""
        super().declare()
        plants = [(park, plant) for park, plant in self.all_plants() if self.case.plant(park, plant).get("ordered")]
        self.columns(
            "full", [(park, step) for park, plant in plants for step in self.case.modes(park, plant)[:-1]], pyo.Binary
        )

    def capacity(self) -> None:
        """Each step is as wide as its share of the available capacity; where the case asks, none before those below.

        run of a step ≤ width
        width · full ≤ run of a step, run of the next one ≤ its width · full
        """
        super().capacity()
        for park, plant in self.all_plants():
            ends = [0.0, *(number(step["to"]) for step in self.case.plant(park, plant).get("load", []))]
            for t, (duration, _) in self.case.periods.items():
                widths = {
                    step: (end - begin) * self.available(park, plant, t) * duration
                    for step, (begin, end) in zip(self.case.modes(park, plant), pairwise(ends), strict=False)
                }
                for step, width in widths.items():
                    self.hold(self.model.run[park, step, t] <= width)
                for step, above in pairwise(widths) if self.case.plant(park, plant).get("ordered") else ():
                    full = self.model.full[park, step, t]
                    self.hold(self.model.run[park, step, t] >= widths[step] * full)
                    self.hold(self.model.run[park, above, t] <= widths[above] * full)


def stepped(spec: Spec) -> list[Spec]:
    """List the plants whose steps no whole numbers keep in order."""
    plants = [plant for park in spec["parks"].values() for plant in park["plants"].values()]
    return [plant for plant in plants if "load" in plant and not plant.get("ordered")]


def ordered(spec: Spec) -> Spec:
    """Return the case with whole numbers that keep all steps in order."""
    changed = copy.deepcopy(spec)
    for plant in stepped(changed):
        plant["ordered"] = True
    return changed
