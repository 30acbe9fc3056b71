"""Laws of the oracle about plants and parks: balances, slots, capacity, switching, offers, ways."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pyomo.environ as pyo

from oracle_building import Site
from oracle_columns import total
from oracle_figures import Spec, figure, number
from oracle_investment import Capacity


class Parks(Capacity):
    """What plants and parks can do."""

    def declare(self) -> None:
        """Declare which plants are on, and which start."""
        super().declare()
        switched = [(park, plant) for park, plant in self.all_plants() if "on_off" in self.case.plant(park, plant)]
        self.columns("on", switched, pyo.Binary)
        self.columns("start", switched)

    def balance(self) -> None:
        """Nothing vanishes, for every owner and material.

        bought + made + received + arrived = used + sold + discarded + passed on + sent + stored
        """
        case = self.case
        for park in case.parks:
            for material in case.materials:
                for owner in case.owners(park, material):
                    own = [line for line in case.lines(park) if case.owner(park, line, material) == owner]
                    for t in case.periods:
                        into = (
                            self.dealt("bought", park, material, owner, t)
                            + total(self.made(park, line, material, t) for line in own)
                            + self.received(park, owner[0], material, t)
                            + self.arrived(park, material, t, owner)
                        )
                        out = (
                            total(self.consumed(park, line, material, t) for line in own)
                            + self.dealt("sold", park, material, owner, t)
                            + self.dealt("discarded", park, material, owner, t)
                            + total(flow for _, flow in self.given(park, owner[0], material, t))
                            + total(flow for _, flow in self.sent(park, material, t, owner))
                            + self.shelved(park, material, owner, t)
                        )
                        self.hold(into == out)

    def capacity(self) -> None:
        """A plant runs within its means and its orders; modes by what they take of it.

        min_load · availability · capacity ≤ run ≤ availability · capacity
        run.min ≤ run ≤ run.max
        run = fix
        """
        for park, plant in self.all_plants():
            block, rate = self.case.plant(park, plant), self.size_unit(park, plant)
            limits = block.get("run", {})
            for t, (duration, _) in self.case.periods.items():
                run, most = self.load(park, plant, t), self.available(park, plant, t) * duration
                if not (isinstance(most, float) and math.isinf(most)):
                    self.hold(run <= most)
                if "min_load" in block:
                    self.hold(run >= number(block["min_load"]) * most)
                if "min" in limits:
                    self.hold(run >= self.case.at(limits["min"], t, rate) * duration)
                if math.isfinite(self.case.at(limits.get("max", "unlimited"), t, rate)):
                    self.hold(run <= self.case.at(limits["max"], t, rate) * duration)
                if "fix" in block:
                    self.hold(run == self.case.at(block["fix"], t, rate) * duration)
            if "ramp" in block:
                self.ramp(park, plant)

    def ramp(self, park: str, plant: str) -> None:
        """|run rate − run rate before| ≤ ramp · capacity · time between the middles of the two periods."""
        block = self.case.plant(park, plant)
        step = number(block["ramp"], "1/a") * number(block["capacity"], self.size_unit(park, plant))
        for before, t in pairwise(self.case.periods):
            first, second = self.case.periods[before][0], self.case.periods[t][0]
            change = self.load(park, plant, t) / second - self.load(park, plant, before) / first
            self.hold(change <= step * (first + second) / 2)
            self.hold(change >= -step * (first + second) / 2)

    def switching(self) -> None:
        """A plant is off, or runs between its least load and its capacity; the periods stand in a circle.

        min_load · available · on ≤ run ≤ available · on
        start = 1 where it is on and was off before
        a start holds it on in every period that begins within min_up, a stop off within min_down
        """
        for park, plant, t in self.model.on:
            on, was = self.model.on[park, plant, t], self.model.on[park, plant, self.case.before(t)]
            terms, start = self.switch(park, plant), self.model.start[park, plant, t]
            most = self.available(park, plant, t) * self.case.periods[t][0]
            self.hold(self.load(park, plant, t) <= most * on)
            self.hold(self.load(park, plant, t) >= number(terms["min_load"]) * most * on)
            if len(self.case.periods) == 1:
                self.hold(start == 0)
                continue
            self.hold(start >= on - was)
            self.hold(start <= on)
            self.hold(start <= 1 - was)
            for other in self.within(t, number(terms.get("min_up", "0 a"), "a")):
                self.hold(self.model.on[park, plant, other] >= on - was)
            for other in self.within(t, number(terms.get("min_down", "0 a"), "a")):
                self.hold(1 - self.model.on[park, plant, other] >= was - on)

    def switch(self, park: str, plant: str) -> Spec:
        """Give the terms of a plant that may be off."""
        return dict(self.case.plant(park, plant)["on_off"])

    def within(self, t: str, span: float) -> Iterator[str]:
        """Yield the other periods, in a circle, that begin less than a span after a period began."""
        names = list(self.case.periods)
        place, clock = names.index(t), 0.0
        for i in range(1, len(names)):
            clock += self.case.periods[names[(place + i - 1) % len(names)]][0]
            if clock >= span - 1e-9:
                return
            yield names[(place + i) % len(names)]

    def units(self) -> None:
        """Plants that share a unit take no more than it has, and no less than its least load.

        min_load · available ≤ Σ takes · run ≤ available
        """
        for park in self.case.parks:
            for unit in self.case.block(park, "units").values():
                for t, (duration, _) in self.case.periods.items():
                    taken = total(
                        figure(takes).value * self.load(park, user, t) for user, takes in unit["users"].items()
                    )
                    most = figure(unit["capacity"]).value * self.availability(unit, t) * duration
                    self.hold(taken <= most)
                    if "min_load" in unit:
                        self.hold(taken >= number(unit["min_load"]) * most)

    def slots(self) -> None:
        """The options of a slot cover its need, each within its share.

        Σ gives · fill = need · run
        min_share · need · run ≤ gives · fill ≤ max_share · need · run
        """
        for park, line, t in self.model.run:
            per, _ = self.case.reference(park, line)
            for slot, block in self.case.slots(park, line).items():
                wanted = figure(block["need"])
                need = wanted.value / per * self.model.run[park, line, t]
                given: Any = 0
                for material, option in block["from"].items():
                    share = self.gives(material, option, wanted.unit) * self.model.fill[park, line, slot, material, t]
                    given += share
                    if "min_share" in option:
                        self.hold(share >= number(option["min_share"]) * need)
                    if "max_share" in option:
                        self.hold(share <= number(option["max_share"]) * need)
                self.hold(given == need)
                for substance, limit in (block.get("limits") or {}).items():
                    self.blend(park, line, slot, t, substance, limit)

    def gives(self, material: str, option: Spec, unit: str) -> float:
        """Read how much of a need one unit of a material covers: bare where both are masses."""
        got = figure(option["gives"])
        assert got.unit in (f"{unit}/{self.case.unit(material)}", "1"), option
        assert got.unit != "1" or (unit, self.case.unit(material)) == ("t", "t"), option
        return got.value

    def blend(self, park: str, line: str, slot: str, t: str, substance: str, limit: Spec) -> None:
        """min · mass of the blend ≤ mass of the substance ≤ max · mass of the blend."""
        mass: Any = 0
        held: Any = 0
        for material in self.case.slots(park, line)[slot]["from"]:
            assert self.case.unit(material) == "t", "only masses are limited here"
            fill = self.model.fill[park, line, slot, material, t]
            content = self.case.spec["materials"][material].get("composition", {})
            mass += fill
            held += number(content.get(substance, 0)) * fill
        if "min" in limit:
            self.hold(held >= number(limit["min"]) * mass)
        if "max" in limit:
            self.hold(held <= number(limit["max"]) * mass)

    def offers(self) -> None:
        """Each step keeps its limit, and each offer its least amount, over all companies."""
        case = self.case
        for (kind, park, material), offer in case.offers.items():
            rate = f"{case.unit(material)}/a"
            for t, (duration, _) in case.periods.items():
                taken = [
                    total(
                        self.model.deal[kind, park, material, step, *owner, t]
                        for owner in case.dealers(kind, park, material)
                    )
                    for step, _ in enumerate(case.steps(kind, park, material))
                ]
                for amount, step in zip(taken, case.steps(kind, park, material), strict=True):
                    most = case.at(step.limit, t, rate)
                    if math.isfinite(most):
                        self.hold(amount <= most * duration)
                if "min" in offer:
                    self.hold(total(taken) >= case.at(offer["min"], t, rate) * duration)

    def ways(self) -> None:
        """A link and a route carry no more than they can, and a mode of transport no more tonne-kilometres.

        passed ≤ max of its link + new
        Σ sent ≤ capacity + new, over all materials and both directions of a route
        Σ length · sent ≤ capacity, over all routes of a mode
        """
        for t, (duration, _) in self.case.periods.items():
            for i, way in enumerate(self.case.passes):
                most = figure(self.case.link(way).get("max", "unlimited")).value
                if math.isfinite(most):
                    new = self.new(self.link_site(way), t)
                    self.hold(self.model.passed[i, t] <= (most + new) * duration)
            every = [(lane, self.model.sent[i, t]) for i, lane in enumerate(self.case.lanes)]
            for name, route in (self.case.spec.get("routes") or {}).items():
                flows = [flow for lane, flow in every if lane.route == name]
                if "capacity" in route and flows:
                    stands = figure(route["capacity"]).value + self.new(Site("routes", "", name), t)
                    self.hold(total(flows) <= stands * duration)
            for name, mode in (self.case.spec.get("transport") or {}).items():
                hauls = [
                    self.case.length(lane) * flow for lane, flow in every if self.case.route(lane.route)["by"] == name
                ]
                if "capacity" in mode and hauls:
                    self.hold(total(hauls) <= figure(mode["capacity"]).value * duration)
