"""The words of a case, looked up by name: materials, recipes, companies, plants and their modes, offers, periods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from oracle_figures import Figure, Spec, figure, is_slot, number

Owner = tuple[str, str]
"""Company, and the plant that keeps to itself, or "" where the whole company shares."""

TRAVELLERS = ("byproduct", "waste", "emission")
"""Classes whose travel `exchange` restricts."""

FATES = {"bought": ("buy", "enter"), "sold": ("sell",), "discarded": ("discard", "leave")}
"""Fates at the boundary of a park, and the kinds of offers that serve them."""


class Step(NamedTuple):
    """A step of an offer as written: money per unit, and units per a."""

    price: Any
    limit: Any


@dataclass(frozen=True)
class Words:
    """The words of a spec, looked up by name. A `line` is a plant, or `plant.mode` where it has modes."""

    spec: Spec

    @cached_property
    def periods(self) -> dict[str, tuple[float, float]]:
        """Duration (a) and weight of each period."""
        found = {}
        for name, period in self.spec.get("periods", {"year": {"duration": "1 a"}}).items():
            count = period.get("count")
            for each in [name] if count is None else [f"{name}_{i + 1}" for i in range(count)]:
                found[each] = number(period["duration"], "a"), number(period.get("weight", 1))
        return found

    @cached_property
    def horizon(self) -> float:
        """Length of all occurrences of all periods, a."""
        return sum(duration * weight for duration, weight in self.periods.values())

    @cached_property
    def begins(self) -> dict[str, float]:
        """When each period begins, a after the first."""
        found, clock = {}, 0.0
        for name, (duration, _) in self.periods.items():
            found[name] = clock
            clock += duration
        return found

    def before(self, t: str) -> str:
        """Name the period before, which is the last one for the first."""
        names = list(self.periods)
        return names[names.index(t) - 1]

    def at(self, written: Any, t: str, unit: str = "1") -> float:
        """Read a figure that may differ between periods: a list, or a profile times a factor."""
        got = self.figure_at(written, t)
        assert got.unit in (unit, ""), f"{written!r} is not in {unit}"
        return got.value

    def figure_at(self, written: Any, t: str) -> Figure:
        """Read a figure of a period with its unit."""
        place = list(self.periods).index(t)
        if isinstance(written, list):
            return figure(written[place])
        if isinstance(written, dict) and "profile" in written:
            series = figure(self.spec["profiles"][written["profile"]]["values"][place])
            times = figure(written.get("times", 1))
            assert "1" in (series.unit, times.unit), written
            return Figure(series.value * times.value, times.unit if series.unit == "1" else series.unit, "")
        return figure(written)

    @property
    def parks(self) -> list[str]:
        """All parks."""
        return list(self.spec["parks"])

    @property
    def materials(self) -> list[str]:
        """All materials."""
        return list(self.spec["materials"])

    def block(self, park: str, kind: str) -> Spec:
        """Give what a park states of a kind: its plants, stores, links, units or offers."""
        return dict(self.spec["parks"][park].get(kind) or {})

    def unit(self, material: str) -> str:
        """Give the unit of a material."""
        return str(self.spec["materials"][material].get("unit", "t"))

    def kind(self, material: str) -> str:
        """Give the class of a material."""
        return str(self.spec["materials"][material].get("class", "product"))

    def companies(self, park: str) -> list[str]:
        """List the companies of a park: the declared ones, or one that bears the park's id."""
        return list(self.block(park, "companies") or {park: {}})

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """All parks with their companies: where accounts are kept."""
        return [(park, company) for park in self.parks for company in self.companies(park)]

    def plants(self, park: str) -> list[str]:
        """List the plants of a park."""
        return list(self.block(park, "plants"))

    def plant(self, park: str, line: str) -> Spec:
        """Give the block of a plant."""
        return dict(self.spec["parks"][park]["plants"][line.split(".")[0]] or {})

    def modes(self, park: str, plant: str) -> list[str]:
        """List the lines of a plant: itself, or each of its modes or steps of load."""
        block = self.plant(park, plant)
        names = list(block.get("modes", {})) or [f"step_{i + 1}" for i, _ in enumerate(block.get("load", []))]
        return [f"{plant}.{name}" for name in names] or [plant]

    def lines(self, park: str) -> list[str]:
        """List all lines of a park."""
        return [line for plant in self.plants(park) for line in self.modes(park, plant)]

    def mode(self, park: str, line: str) -> Spec:
        """Give the block of a mode or a step of load, or of the plant that has none."""
        plant, (name, *step) = self.plant(park, line), line.split(".")
        if step and "load" in plant:
            number_of = int(step[0].removeprefix("step_")) - 1
            return {"process": plant.get("process", name), **plant["load"][number_of]}
        return dict(plant["modes"][step[0]]) if step else plant

    def takes(self, park: str, line: str) -> float:
        """Give the capacity that a reference unit of a line needs."""
        return figure(self.mode(park, line).get("takes", 1)).value if "." in line else 1.0

    def process(self, park: str, line: str) -> Spec:
        """Give the process a line runs; a step of load may take more of some inputs."""
        process = dict(self.spec["processes"][self.mode(park, line).get("process", line)])
        for material, share in self.mode(park, line).get("more", {}).items():
            got = figure(process["inputs"][material])
            more = f"{got.value * (1 + number(share))!r} {got.unit}"
            process["inputs"] = {**process["inputs"], material: more}
        return process

    def slots(self, park: str, line: str) -> dict[str, Spec]:
        """Pick the inputs that several materials can fill."""
        inputs = self.process(park, line).get("inputs", {})
        return {name: entry for name, entry in inputs.items() if is_slot(entry)}

    def reference(self, park: str, line: str) -> tuple[float, str]:
        """Give the reference amount of a line's recipe and its material."""
        got = figure(self.process(park, line)["per"])
        assert got.unit == self.unit(got.rest), f"{got.rest} is counted in {self.unit(got.rest)}"
        return got.value, got.rest

    def counted_in(self, park: str, line: str) -> str:
        """Give the unit in which the run of a line is counted; a plant is counted as its first mode."""
        first = line if "." in line else self.modes(park, line)[0]
        return self.unit(self.reference(park, first)[1])

    def outputs(self, park: str, line: str) -> Spec:
        """Give what a recipe makes: the reference first, unless the recipe is per amount used."""
        process = self.process(park, line)
        per, reference = self.reference(park, line)
        first = {} if reference in process.get("inputs", {}) else {reference: f"{per} {self.unit(reference)}"}
        return {**first, **process.get("outputs", {})}

    def made(self, park: str, line: str) -> set[str]:
        """Name what a line makes, by its recipe or by filling its slots."""
        options = [o for slot in self.slots(park, line).values() for o in slot["from"].values()]
        return set(self.outputs(park, line)).union(*(o.get("outputs") or {} for o in options))

    def used(self, park: str, line: str) -> set[str]:
        """Name what a line can use, by its recipe or to fill its slots."""
        slots = self.slots(park, line)
        plain = set(self.process(park, line).get("inputs", {})) - set(slots)
        options = [o for slot in slots.values() for o in slot["from"].values()]
        fillers = [slot["from"] for slot in slots.values()]
        return plain.union(*fillers, *(o.get("inputs") or {} for o in options))

    def private(self, material: str) -> bool:
        """Tell whether each plant keeps the material to itself."""
        return self.kind(material) in TRAVELLERS and self.spec.get("exchange") == "none"

    def company(self, park: str, line: str) -> str:
        """Name the company that owns a plant."""
        return str(self.plant(park, line).get("company", self.companies(park)[0]))

    def owner(self, park: str, line: str, material: str) -> Owner:
        """Name the balance a line draws the material from and delivers it to."""
        return self.company(park, line), line.split(".")[0] if self.private(material) else ""

    def makers(self, park: str, material: str) -> list[Owner]:
        """List the owners whose plants make a material."""
        lines = [line for line in self.lines(park) if material in self.made(park, line)]
        return list(dict.fromkeys(self.owner(park, line, material) for line in lines))

    def users(self, park: str, material: str) -> list[Owner]:
        """List the owners whose plants can use a material."""
        lines = [line for line in self.lines(park) if material in self.used(park, line)]
        return list(dict.fromkeys(self.owner(park, line, material) for line in lines))

    def owners(self, park: str, material: str) -> list[Owner]:
        """List who balances a material."""
        return list(dict.fromkeys(self.makers(park, material) + self.users(park, material)))

    def dealers(self, kind: str, park: str, material: str) -> list[Owner]:
        """List who may use an offer: users buy, makers sell and discard; of the companies it names."""
        able = self.users if kind in ("buy", "enter") else self.makers
        named = self.offers[kind, park, material].get("company", self.companies(park))
        return [owner for owner in able(park, material) if owner[0] in named]

    @cached_property
    def offers(self) -> dict[tuple[str, str, str], Spec]:
        """All offers by kind, park and material, with the implicit kinds `enter` and `leave`."""
        free = {"enter": ["environment"], "leave": ["emission", "environment"]}
        found: dict[tuple[str, str, str], Spec] = {}
        for park in self.parks:
            for kind in ("buy", "sell", "discard"):
                for material, offer in self.block(park, kind).items():
                    found[kind, park, material] = offer
            stated = {"enter": self.block(park, "buy"), "leave": self.block(park, "discard")}
            for kind, material in product(free, self.materials):
                if self.kind(material) in free[kind] and material not in stated[kind]:
                    found[kind, park, material] = {"price": f"0 CNY/{self.unit(material)}"}
        return found

    def steps(self, kind: str, park: str, material: str) -> list[Step]:
        """List the steps of an offer, none where there is no such offer."""
        if (kind, park, material) not in self.offers:
            return []
        offer = self.offers[kind, park, material]
        return [
            Step(step["price"] if "price" in step else step["cost"], step.get("max", "unlimited"))
            for step in offer.get("steps", [offer])
        ]
