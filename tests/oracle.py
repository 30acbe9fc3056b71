"""The law a second time: one case as a plain algebraic Pyomo model, written from docs/language.md.

Nothing here is shared with `parkloop`: no parser, no index table, no matrix. A case is a plain dict
(the parsed YAML of one file without includes) whose numbers stand in fixed units, so that no unit
parser is needed either: every material is written in its own unit, rates per ``a``, durations in
``a``, money in ``CNY``.

Where the language leaves room, this is what the oracle reads into it:

- a company (a plant, where it keeps to itself) balances the materials that its plants make or use;
- emissions leave, and environment enters and leaves, by implicit offers where they are made and used, unless an offer
  is stated; they count as discarded and as bought; environment is not passed on;
- a route is used by makers in the one park and users in the other; what is lost on the way counts as discarded,
  the rest as shipped, and freight and what it adds are booked, all in the park that sends;
- what a priced indicator costs is paid in the park where the indicator arises;
- a ratio is bounded as ``of ≥ min · to`` and ``of ≤ max · to``;
- what a shortage, a surplus or a price step costs, and what is free, is shared evenly by the companies covered;
- payments over all periods together belong to no single period.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Literal, NamedTuple

import pyomo.environ as pyo
from pyomo.contrib.appsi.base import TerminationCondition
from pyomo.contrib.appsi.solvers import Highs

Spec = dict[str, Any]
Owner = tuple[str, str]
"""Company, and the plant that keeps to itself, or "" where the whole company shares."""
Status = Literal["optimal", "infeasible", "unbounded"]

UNITS = ("t", "GJ", "MWh", "CNY", "km", "a", "1")
DIMENSION = {"t": "mass", "GJ": "energy", "MWh": "energy", "CNY": "money"}
SIZE = {"t": 1.0, "GJ": 1.0, "MWh": 3.6, "CNY": 1.0}

MONEY = ("revenue", "cost", "profit", "value_added")
TRAVELLERS = ("byproduct", "waste", "emission")
"""Classes whose travel `exchange` restricts."""

FATES = {"bought": ("buy", "enter"), "sold": ("sell",), "discarded": ("discard", "leave")}
"""Fates at the boundary of a park, and the kinds of offers that serve them."""

TOLERANCE = 1e-9
"""Feasibility and optimality tolerance asked of HiGHS."""


# Figures


class Figure(NamedTuple):
    """A number, its unit, and whatever words follow the unit."""

    value: float
    unit: str
    rest: str


def figure(written: Any) -> Figure:
    """Read ``3.95 t``, ``90 %``, ``0.53``, ``0.655 t CaO``, ``unlimited`` or ``{value: …}``."""
    if isinstance(written, dict):
        return figure(written["value"])
    if isinstance(written, (int, float)):
        return Figure(float(written), "1", "")
    if written == "unlimited":
        return Figure(math.inf, "", "")
    head, unit, *rest = written.split()
    if unit == "%":
        return Figure(float(head) / 100.0, "1", " ".join(rest))
    parts = unit.replace("(", "").replace(")", "").replace("*", "/").split("/")
    assert all(part in UNITS for part in parts), f"the oracle knows no unit {unit!r}"
    return Figure(float(head), unit, " ".join(rest))


def number(written: Any, unit: str = "1") -> float:
    """Read the value of a figure that must stand in `unit` (``unlimited`` fits every unit)."""
    got = figure(written)
    assert got.unit in (unit, ""), f"{written!r} is not in {unit}"
    return got.value


def converted(value: float, unit: str, to: str) -> float:
    """Convert a value between two units of one dimension."""
    assert DIMENSION[unit] == DIMENSION[to], f"{unit} is no {to}"
    return value * SIZE[unit] / SIZE[to]


# The case, as looked up


class Step(NamedTuple):
    """A step of an offer: money per unit, and units per a."""

    price: float
    limit: float


class Lane(NamedTuple):
    """A way for one material along a route, from a maker in one park to a user in another."""

    route: str
    material: str
    start: str
    giver: Owner
    end: str
    taker: Owner


@dataclass(frozen=True)
class Case:
    """The words of a spec, looked up by name."""

    spec: Spec

    @cached_property
    def periods(self) -> dict[str, tuple[float, float]]:
        """Duration (a) and weight of each period."""
        stated = self.spec.get("periods", {"year": {"duration": "1 a"}})
        return {
            name: (number(period["duration"], "a"), number(period.get("weight", 1))) for name, period in stated.items()
        }

    @cached_property
    def horizon(self) -> float:
        """Length of all occurrences of all periods, a."""
        return sum(duration * weight for duration, weight in self.periods.values())

    @property
    def parks(self) -> list[str]:
        """All parks."""
        return list(self.spec["parks"])

    @property
    def materials(self) -> list[str]:
        """All materials."""
        return list(self.spec["materials"])

    def unit(self, material: str) -> str:
        """Give the unit of a material."""
        return str(self.spec["materials"][material].get("unit", "t"))

    def kind(self, material: str) -> str:
        """Give the class of a material."""
        return str(self.spec["materials"][material].get("class", "product"))

    def companies(self, park: str) -> list[str]:
        """List the companies of a park: the declared ones, or one that bears the park's id."""
        return list(self.spec["parks"][park].get("companies") or {park: {}})

    def plants(self, park: str) -> list[str]:
        """List the plants of a park."""
        return list(self.spec["parks"][park].get("plants") or {})

    def plant(self, park: str, plant: str) -> Spec:
        """Give the block of a plant."""
        return dict(self.spec["parks"][park]["plants"][plant] or {})

    def process(self, park: str, plant: str) -> Spec:
        """Give the process a plant runs."""
        return dict(self.spec["processes"][self.plant(park, plant).get("process", plant)])

    def slots(self, park: str, plant: str) -> dict[str, Spec]:
        """Pick the inputs that several materials can fill."""
        inputs = self.process(park, plant).get("inputs", {})
        return {name: line for name, line in inputs.items() if is_slot(line)}

    def reference(self, park: str, plant: str) -> tuple[float, str]:
        """Give the reference amount of a plant's recipe and its material."""
        got = figure(self.process(park, plant)["per"])
        assert got.unit == self.unit(got.rest), f"{got.rest} is counted in {self.unit(got.rest)}"
        return got.value, got.rest

    def outputs(self, park: str, plant: str) -> Spec:
        """Give what a recipe makes: the reference first, unless the recipe is per amount used."""
        process = self.process(park, plant)
        per, reference = self.reference(park, plant)
        first = {} if reference in process.get("inputs", {}) else {reference: f"{per} {self.unit(reference)}"}
        return {**first, **process.get("outputs", {})}

    def private(self, material: str) -> bool:
        """Tell whether each plant keeps the material to itself."""
        return self.kind(material) in TRAVELLERS and self.spec.get("exchange") == "none"

    def passes(self, park: str, material: str) -> list[tuple[str, str]]:
        """List giver and taker of a material: a company that makes it, another that can use it."""
        level, kind = self.spec.get("exchange", "all"), self.kind(material)
        if kind == "environment" or (kind in TRAVELLERS and level not in ("park", "all")):
            return []
        givers = dict.fromkeys(company for company, _ in self.makers(park, material))
        takers = dict.fromkeys(company for company, _ in self.users(park, material))
        return [pair for pair in product(givers, takers) if pair[0] != pair[1]]

    def route(self, name: str) -> Spec:
        """Give a route, completed by what its mode of transport says for all its routes."""
        route = self.spec["routes"][name]
        mode = self.spec["transport"][route["by"]]
        return {key: mode[key] for key in ("cost", "handling", "adds") if key in mode} | route

    @cached_property
    def lanes(self) -> list[Lane]:
        """List the ways along routes: residues travel only at the widest level, and never between parks apart."""
        found = []
        for name, route in (self.spec.get("routes") or {}).items():
            ways = [(route["from"], route["to"]), (route["to"], route["from"])]
            if set(ways[0]) in [set(pair) for pair in self.spec.get("apart", [])]:
                continue
            for material in route["carries"]:
                if self.kind(material) in TRAVELLERS and self.spec.get("exchange", "all") != "all":
                    continue
                for start, end in ways if route.get("both_ways") else ways[:1]:
                    ends = product(self.makers(start, material), self.users(end, material))
                    found += [Lane(name, material, start, giver, end, taker) for giver, taker in ends]
        return found

    def arriving(self, lane: Lane) -> float:
        """Give the share of what is sent that arrives."""
        return 1 - number(self.route(lane.route).get("loss", 0))

    def length(self, lane: Lane) -> float:
        """Give the length of a route, km."""
        return number(self.route(lane.route)["distance"], "km")

    def freight(self, lane: Lane) -> float:
        """Give the money that sending a unit costs."""
        route, unit = self.route(lane.route), self.unit(lane.material)
        per_km = number(route.get("cost", f"0 CNY/({unit}*km)"), f"CNY/({unit}*km)")
        return per_km * self.length(lane) + number(route.get("handling", f"0 CNY/{unit}"), f"CNY/{unit}")

    def made(self, park: str, plant: str) -> set[str]:
        """Name what a plant makes, by its recipe or by filling its slots."""
        options = [o for slot in self.slots(park, plant).values() for o in slot["from"].values()]
        return set(self.outputs(park, plant)).union(*(o.get("outputs") or {} for o in options))

    def used(self, park: str, plant: str) -> set[str]:
        """Name what a plant can use, by its recipe or to fill its slots."""
        slots = self.slots(park, plant)
        plain = set(self.process(park, plant).get("inputs", {})) - set(slots)
        options = [o for slot in slots.values() for o in slot["from"].values()]
        fillers = [slot["from"] for slot in slots.values()]
        return plain.union(*fillers, *(o.get("inputs") or {} for o in options))

    def makers(self, park: str, material: str) -> list[Owner]:
        """List the owners whose plants make a material."""
        plants = [plant for plant in self.plants(park) if material in self.made(park, plant)]
        return list(dict.fromkeys(self.owner(park, plant, material) for plant in plants))

    def users(self, park: str, material: str) -> list[Owner]:
        """List the owners whose plants can use a material."""
        plants = [plant for plant in self.plants(park) if material in self.used(park, plant)]
        return list(dict.fromkeys(self.owner(park, plant, material) for plant in plants))

    def company(self, park: str, plant: str) -> str:
        """Name the company that owns a plant."""
        return str(self.plant(park, plant).get("company", self.companies(park)[0]))

    def owners(self, park: str, material: str) -> list[Owner]:
        """List who balances a material."""
        return list(dict.fromkeys(self.makers(park, material) + self.users(park, material)))

    def dealers(self, kind: str, park: str, material: str) -> list[Owner]:
        """List who may use an offer: users buy, makers sell and discard; of the companies it names."""
        able = self.users if kind in ("buy", "enter") else self.makers
        named = self.offers[kind, park, material].get("company", self.companies(park))
        return [owner for owner in able(park, material) if owner[0] in named]

    def owner(self, park: str, plant: str, material: str) -> Owner:
        """Name the balance a plant draws the material from and delivers it to."""
        return self.company(park, plant), plant if self.private(material) else ""

    @cached_property
    def offers(self) -> dict[tuple[str, str, str], Spec]:
        """All offers by kind, park and material, with the implicit kinds `enter` and `leave`."""
        free = {"enter": ["environment"], "leave": ["emission", "environment"]}
        found: dict[tuple[str, str, str], Spec] = {}
        for park, block in self.spec["parks"].items():
            for kind in ("buy", "sell", "discard"):
                for material, offer in (block.get(kind) or {}).items():
                    found[kind, park, material] = offer
            stated = {"enter": block.get("buy") or {}, "leave": block.get("discard") or {}}
            for kind, material in product(free, self.materials):
                if self.kind(material) in free[kind] and material not in stated[kind]:
                    found[kind, park, material] = {"price": f"0 CNY/{self.unit(material)}"}
        return found

    def steps(self, kind: str, park: str, material: str) -> list[Step]:
        """List the steps of an offer, none where there is no such offer."""
        if (kind, park, material) not in self.offers:
            return []
        unit = self.unit(material)
        offer = self.offers[kind, park, material]
        return [
            Step(
                number(step["price"] if "price" in step else step["cost"], f"CNY/{unit}"),
                number(step.get("max", "unlimited"), f"{unit}/a"),
            )
            for step in offer.get("steps", [offer])
        ]


def is_slot(line: Any) -> bool:
    """Tell a slot from a plain amount."""
    return isinstance(line, dict) and "from" in line


# The model


class Term(NamedTuple):
    """A signed part of an indicator."""

    factor: float
    flow: Any
    """Pyomo expression"""


@dataclass
class Law:
    """A case as an algebraic program. Each method states one law and adds its rows."""

    case: Case
    model: Any = field(default_factory=pyo.ConcreteModel)
    scope: dict[str, float] = field(default_factory=dict)
    """how often each period counts in the terms that are being written"""

    def __post_init__(self) -> None:
        """State the whole program."""
        self.scope = self.weights
        self.model.law = pyo.ConstraintList()
        self.declare()
        self.balance()
        self.capacity()
        self.slots()
        self.offers()
        self.transport()
        self.policies()
        self.objective()

    @property
    def weights(self) -> dict[str, float]:
        """How often each period occurs."""
        return {t: often for t, (_, often) in self.case.periods.items()}

    @contextmanager
    def during(self, scope: dict[str, float]) -> Iterator[None]:
        """Write terms over some periods only; they must be used up inside."""
        before, self.scope = self.scope, scope
        yield
        self.scope = before

    def hold(self, relation: Any) -> None:
        """Add a row; one without any column is true or false by itself."""
        if relation is True:
            return
        self.model.law.add(pyo.Constraint.Infeasible if relation is False else relation)

    def declare(self) -> None:
        """Columns, all ≥ 0: amounts over one occurrence of a period."""
        case, times = self.case, list(self.case.periods)
        plants = [(park, plant) for park in case.parks for plant in case.plants(park)]
        self.model.run = pyo.Var([(*plant, t) for plant in plants for t in times], domain=pyo.NonNegativeReals)
        self.model.fill = pyo.Var(
            [
                (*plant, slot, material, t)
                for plant in plants
                for slot, line in case.slots(*plant).items()
                for material in line["from"]
                for t in times
            ],
            domain=pyo.NonNegativeReals,
        )
        self.model.deal = pyo.Var(
            [
                (kind, park, material, step, *owner, t)
                for kind, park, material in case.offers
                for step, _ in enumerate(case.steps(kind, park, material))
                for owner in case.dealers(kind, park, material)
                for t in times
            ],
            domain=pyo.NonNegativeReals,
        )
        self.model.passed = pyo.Var(
            [
                (park, material, *pair, t)
                for park in case.parks
                for material in case.materials
                for pair in case.passes(park, material)
                for t in times
            ],
            domain=pyo.NonNegativeReals,
        )
        self.model.sent = pyo.Var(list(range(len(case.lanes))), times, domain=pyo.NonNegativeReals)
        slack = []
        for name, policy in (case.spec.get("policies") or {}).items():
            kinds = [kind for kind in ("shortage", "surplus") if kind in policy]
            if "steps" in policy or policy.get("sell") is False:
                kinds += [f"paid {i}" for i, _ in enumerate(policy.get("steps", [policy]))]
            slack += [(name, kind, t) for kind in kinds for t in (times if policy.get("each_period") else [""])]
        self.model.slack = pyo.Var(slack, domain=pyo.NonNegativeReals)

    # Flows of one material: each a sum of columns.

    def made(self, park: str, plant: str, material: str, t: str) -> Any:
        """Recipe output, and what the fills of slots bring with them."""
        per, _ = self.case.reference(park, plant)
        outputs = self.case.outputs(park, plant)
        flow: Any = self.fills(park, plant, "outputs", material, t)
        if material in outputs:
            each = number(outputs[material], self.case.unit(material)) / per
            flow += each * self.model.run[park, plant, t]
        return flow

    def consumed(self, park: str, plant: str, material: str, t: str) -> Any:
        """Recipe input, fills of slots with the material, and what other fills need of it."""
        per, _ = self.case.reference(park, plant)
        line = self.case.process(park, plant).get("inputs", {}).get(material)
        flow: Any = self.fills(park, plant, "inputs", material, t)
        if line is not None and not is_slot(line):
            each = number(line, self.case.unit(material)) / per
            flow += each * self.model.run[park, plant, t]
        for slot, block in self.case.slots(park, plant).items():
            if material in block["from"]:
                flow += self.model.fill[park, plant, slot, material, t]
        return flow

    def fills(self, park: str, plant: str, side: str, material: str, t: str) -> Any:
        """Sum what the options of all slots bring (outputs) or need (inputs) of a material."""
        return sum(
            number(option[side][material], self.case.unit(material)) * self.model.fill[park, plant, slot, filler, t]
            for slot, block in self.case.slots(park, plant).items()
            for filler, option in block["from"].items()
            if material in (option.get(side) or {})
        )

    def dealt(self, fate: str, park: str, material: str, owner: Owner, t: str) -> Any:
        """Sum what one owner bought, sold or discarded, over the steps of the offers."""
        keys = (
            (kind, park, material, step, *owner, t)
            for kind in FATES[fate]
            for step, _ in enumerate(self.case.steps(kind, park, material))
        )
        return sum(self.model.deal[key] for key in keys if key in self.model.deal)

    def given(self, park: str, material: str, t: str, giver: str = "", taker: str = "") -> Any:
        """Sum what companies of a park pass on, from one giver or to one taker where named."""
        return sum(
            self.model.passed[park, material, *pair, t]
            for pair in self.case.passes(park, material)
            if giver in ("", pair[0]) and taker in ("", pair[1])
        )

    def sent(self, park: str, material: str, t: str, giver: Owner | None = None) -> Iterator[tuple[Lane, Any]]:
        """Yield what makers of a park send away, by all or by one, with its way."""
        for i, lane in enumerate(self.case.lanes):
            if (lane.start, lane.material) == (park, material) and giver in (None, lane.giver):
                yield lane, self.model.sent[i, t]

    def arrived(self, park: str, material: str, t: str, taker: Owner) -> Any:
        """Sum what a user of a park receives."""
        return sum(
            self.case.arriving(lane) * self.model.sent[i, t]
            for i, lane in enumerate(self.case.lanes)
            if (lane.end, lane.material, lane.taker) == (park, material, taker)
        )

    # Laws.

    def balance(self) -> None:
        """Nothing vanishes, for every owner and material.

        bought + made + received + arrived = used + sold + discarded + passed on + sent
        """
        case = self.case
        for park in case.parks:
            for material in case.materials:
                for owner in case.owners(park, material):
                    own = [p for p in case.plants(park) if case.owner(park, p, material) == owner]
                    for t in case.periods:
                        into = (
                            self.dealt("bought", park, material, owner, t)
                            + sum(self.made(park, plant, material, t) for plant in own)
                            + self.given(park, material, t, taker=owner[0])
                            + self.arrived(park, material, t, owner)
                        )
                        out = (
                            sum(self.consumed(park, plant, material, t) for plant in own)
                            + self.dealt("sold", park, material, owner, t)
                            + self.dealt("discarded", park, material, owner, t)
                            + self.given(park, material, t, giver=owner[0])
                            + sum(flow for _, flow in self.sent(park, material, t, owner))
                        )
                        self.hold(into == out)

    def capacity(self) -> None:
        """A plant runs within its means and its orders.

        min_load · availability · capacity ≤ run ≤ availability · capacity
        run.min ≤ run ≤ run.max
        run = fix
        """
        for park, plant, t in self.model.run:
            duration, _ = self.case.periods[t]
            block = self.case.plant(park, plant)
            rate = f"{self.case.unit(self.case.reference(park, plant)[1])}/a"
            run = self.model.run[park, plant, t]
            available = number(block["capacity"], rate) * number(block.get("availability", 1))
            limits = block.get("run", {})
            if math.isfinite(available):
                self.hold(run <= available * duration)
            if "min_load" in block:
                self.hold(run >= number(block["min_load"]) * available * duration)
            if "min" in limits:
                self.hold(run >= number(limits["min"], rate) * duration)
            if math.isfinite(number(limits.get("max", "unlimited"), rate)):
                self.hold(run <= number(limits["max"], rate) * duration)
            if "fix" in block:
                self.hold(run == number(block["fix"], rate) * duration)

    def slots(self) -> None:
        """The options of a slot cover its need, each within its share.

        Σ gives · fill = need · run
        min_share · need · run ≤ gives · fill ≤ max_share · need · run
        """
        for park, plant, t in self.model.run:
            per, _ = self.case.reference(park, plant)
            for slot, block in self.case.slots(park, plant).items():
                wanted = figure(block["need"])
                need = wanted.value / per * self.model.run[park, plant, t]
                given: Any = 0
                for material, option in block["from"].items():
                    gives = self.gives(material, option, wanted.unit)
                    share = gives * self.model.fill[park, plant, slot, material, t]
                    given += share
                    if "min_share" in option:
                        self.hold(share >= number(option["min_share"]) * need)
                    if "max_share" in option:
                        self.hold(share <= number(option["max_share"]) * need)
                self.hold(given == need)
                for substance, limit in (block.get("limits") or {}).items():
                    self.blend(park, plant, slot, t, substance, limit)

    def gives(self, material: str, option: Spec, unit: str) -> float:
        """Read how much of a need one unit of a material covers: bare where both are masses."""
        got = figure(option["gives"])
        assert got.unit in (f"{unit}/{self.case.unit(material)}", "1"), option
        assert got.unit != "1" or (unit, self.case.unit(material)) == ("t", "t"), option
        return got.value

    def blend(self, park: str, plant: str, slot: str, t: str, substance: str, limit: Spec) -> None:
        """min · mass of the blend ≤ mass of the substance ≤ max · mass of the blend."""
        mass: Any = 0
        held: Any = 0
        for material in self.case.slots(park, plant)[slot]["from"]:
            assert self.case.unit(material) == "t", "only masses are limited here"
            fill = self.model.fill[park, plant, slot, material, t]
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
                    sum(
                        self.model.deal[kind, park, material, step, *owner, t]
                        for owner in case.dealers(kind, park, material)
                    )
                    for step, _ in enumerate(case.steps(kind, park, material))
                ]
                for amount, step in zip(taken, case.steps(kind, park, material), strict=True):
                    if math.isfinite(step.limit):
                        self.hold(amount <= step.limit * duration)
                if "min" in offer:
                    self.hold(sum(taken) >= number(offer["min"], rate) * duration)

    def transport(self) -> None:
        """A route carries no more than its capacity, and a mode no more tonne-kilometres than its own.

        Σ sent ≤ capacity, over all materials and both directions of a route
        Σ length · sent ≤ capacity, over all routes of a mode
        """
        for t, (duration, _) in self.case.periods.items():
            every = [(lane, self.model.sent[i, t]) for i, lane in enumerate(self.case.lanes)]
            for name, route in (self.case.spec.get("routes") or {}).items():
                flows = [flow for lane, flow in every if lane.route == name]
                if "capacity" in route and flows:
                    got = figure(route["capacity"])
                    self.hold(sum(flows) <= got.value * duration)
            for name, mode in (self.case.spec.get("transport") or {}).items():
                hauls = [
                    self.case.length(lane) * flow for lane, flow in every if self.case.route(lane.route)["by"] == name
                ]
                if "capacity" in mode and hauls:
                    self.hold(sum(hauls) <= figure(mode["capacity"]).value * duration)

    # Indicators.

    def fate(self, fate: str, park: str, material: str, t: str) -> Any:
        """Sum the amount of a material in a park that met one fate."""
        case = self.case
        if fate in FATES:
            owners = case.owners(park, material)
            lost = sum((1 - case.arriving(lane)) * flow for lane, flow in self.sent(park, material, t))
            dealt = sum(self.dealt(fate, park, material, owner, t) for owner in owners)
            return dealt + lost if fate == "discarded" else dealt
        if fate == "shipped":
            return sum(case.arriving(lane) * flow for lane, flow in self.sent(park, material, t))
        if fate == "exchanged":
            return self.given(park, material, t)
        if fate == "made":
            return sum(self.made(park, plant, material, t) for plant in case.plants(park))
        wanted = {"used": "production", "treated": "treatment"}[fate]
        return sum(
            self.consumed(park, plant, material, t)
            for plant in case.plants(park)
            if case.process(park, plant).get("class", "production") == wanted
        )

    def factors(self, weights: Spec, unit: str) -> dict[str, float]:
        """Spread selectors over materials: a named one overrides, two selectors never meet."""
        found = {key: self.weight(key, written, unit) for key, written in weights.items() if "." not in key}
        named = set(found)
        for key, written in weights.items():
            for material in self.covered(key, written) if "." in key else ():
                if material not in named:
                    assert material not in found, f"two selectors meet on {material}"
                    found[material] = self.weight(material, written, unit, key)
        return found

    def covered(self, selector: str, written: Any) -> Iterator[str]:
        """Yield the materials of a class or tag in the factor's dimension, or with a property."""
        sort, name = selector.split(".")
        for material, block in self.case.spec["materials"].items():
            if sort == "property":
                if name in block.get("properties", {}):
                    yield material
            elif name == self.case.kind(material) if sort == "class" else name in block.get("tags", []):
                per = figure(written).unit.split("/")[1]
                if DIMENSION[per] == DIMENSION[self.case.unit(material)]:
                    yield material

    def weight(self, material: str, written: Any, unit: str, selector: str = "") -> float:
        """Read a factor as units of the indicator per unit of the material."""
        times = 1.0
        if selector.startswith("property."):
            times = number(written)
            properties = self.case.spec["materials"][material]["properties"]
            written = properties[selector.removeprefix("property.")]
        got = figure(written)
        top, per = got.unit.split("/")
        return times * converted(got.value, top, unit) / converted(1, per, self.case.unit(material))

    def account(self, factors: Spec, unit: str, park: str) -> Iterator[Term]:
        """Yield factor (times weight of the period) and flow of an account in one park."""
        for fate, weights in factors.items():
            for material, factor in self.factors(weights, unit).items():
                for t, often in self.scope.items():
                    yield Term(factor * often, self.fate(fate, park, material, t))

    def indicator(self, name: str, parks: Iterable[str] | None = None) -> list[Term]:
        """List the terms of an indicator that is no ratio, over some or all parks."""
        return [term for park in parks or self.case.parks for term in self.terms(name, park)]

    def terms(self, name: str, park: str) -> Iterator[Term]:
        """Yield the terms of an indicator in one park."""
        if name in MONEY:
            if name != "cost":
                yield from self.revenue(park)
            costs = [] if name == "revenue" else [*self.intermediate(park)]
            if name in ("cost", "profit"):
                costs += [*self.fixed(park), *self.charges(park)]
            sign = 1 if name == "cost" else -1
            yield from (Term(sign * term.factor, term.flow) for term in costs)
        else:
            block = self.case.spec["indicators"][name]
            yield from self.account(block["factors"], block["unit"], park)
            yield from self.added(name, block["unit"], park)

    def trade(self, kind: str, park: str) -> Iterator[Term]:
        """Yield price and amount of every deal of one kind in a park."""
        for key, column in self.model.deal.items():
            if key[:2] == (kind, park):
                price, _ = self.case.steps(*key[:3])[key[3]]
                yield Term(price * self.scope.get(key[6], 0.0), column)

    def revenue(self, park: str) -> Iterator[Term]:
        """Yield sales, and payments received for discards."""
        yield from self.trade("sell", park)
        yield from (Term(-t.factor, t.flow) for t in self.trade("discard", park) if t.factor < 0)

    def intermediate(self, park: str) -> Iterator[Term]:
        """Yield purchases, disposal, variable cost and freight."""
        yield from self.trade("buy", park)
        yield from (term for term in self.trade("discard", park) if term.factor > 0)
        for plant in self.case.plants(park):
            unit = self.case.unit(self.case.reference(park, plant)[1])
            rate = number(self.case.plant(park, plant).get("variable_cost", f"0 CNY/{unit}"), f"CNY/{unit}")
            for t, often in self.scope.items():
                yield Term(rate * often, self.model.run[park, plant, t])
        yield from (Term(self.case.freight(lane) * often, flow) for lane, often, flow in self.sendings(park))

    def sendings(self, park: str) -> Iterator[tuple[Lane, float, Any]]:
        """Yield the ways out of a park with the weight of the period and what is sent."""
        for i, lane in enumerate(self.case.lanes):
            if lane.start == park:
                for t, often in self.scope.items():
                    yield lane, often, self.model.sent[i, t]

    def added(self, name: str, unit: str, park: str) -> Iterator[Term]:
        """Yield what sending adds to an indicator."""
        for lane, often, flow in self.sendings(park):
            written = (self.case.route(lane.route).get("adds") or {}).get(name)
            if written is not None:
                each = number(written, f"{unit}/({self.case.unit(lane.material)}*km)")
                yield Term(each * self.case.length(lane) * often, flow)

    def fixed(self, park: str) -> Iterator[Term]:
        """Yield fixed cost: per unit of yearly capacity and year, whatever the run."""
        for plant in self.case.plants(park):
            block = self.case.plant(park, plant)
            unit = self.case.unit(self.case.reference(park, plant)[1])
            if "fixed_cost" in block:
                rate = number(block["fixed_cost"], f"CNY/{unit}")
                yield Term(rate * number(block["capacity"], f"{unit}/a"), self.length(self.scope))

    def length(self, scope: dict[str, float]) -> float:
        """Length of a scope, a."""
        return sum(self.case.periods[t][0] * often for t, often in scope.items())

    def times(self, policy: Spec) -> dict[str, float]:
        """Part of the present scope that a policy covers."""
        named = policy.get("periods", self.case.periods)
        return {t: often for t, often in self.scope.items() if t in named}

    def charges(self, park: str) -> Iterator[Term]:
        """Yield payments under policies that cover the park, by their prices, and its share of the others."""
        for name, policy in (self.case.spec.get("policies") or {}).items():
            parks = policy.get("parks", self.case.parks)
            if park not in parks:
                continue
            count = len(self.case.companies(park)) / sum(len(self.case.companies(p)) for p in parks)
            unit = self.policy_unit(policy)
            if "price" in policy and policy.get("sell") is not False:
                price = number(policy["price"], f"CNY/{unit}")
                with self.during(self.times(policy)):
                    terms = list(self.counted(policy, [park]))
                    free = number(policy.get("free", f"0 {unit}/a"), f"{unit}/a") * self.length(self.scope)
                for term in terms:
                    yield Term(price * term.factor, term.flow)
                yield Term(-price * count, free)
            for (owner, kind, t), column in self.model.slack.items():
                if owner != name:
                    continue
                often = self.scope.get(t, 0.0) if t else float(self.scope == self.weights)
                yield Term(self.slack_price(policy, kind) * often * count, column)

    def slack_price(self, policy: Spec, kind: str) -> float:
        """Read what a unit of slack costs."""
        unit = self.policy_unit(policy)
        if kind.startswith("paid"):
            step = policy.get("steps", [policy])[int(kind.split()[1])]
            return number(step["price"], f"CNY/{unit}")
        return number(policy[kind], f"CNY/{unit}")

    def policy_unit(self, policy: Spec) -> str:
        """Give the unit of what a policy counts; of a ratio that of its numerator."""
        if "flow" in policy:
            return str(policy["unit"])
        name = policy["indicator"]
        block = (self.case.spec.get("indicators") or {}).get(name, {})
        return self.side_unit(block, "of" if "unit" in block else "to") if "ratio" in block else self.unit(name)

    def counted(self, policy: Spec, parks: Iterable[str]) -> Iterator[Term]:
        """Yield the terms of what a policy counts, where that is no ratio."""
        if "flow" in policy:
            for park in parks:
                yield from self.account(policy["flow"], policy["unit"], park)
        else:
            yield from self.indicator(policy["indicator"], parks)

    def unit(self, name: str) -> str:
        """Give the unit of an indicator."""
        return "CNY" if name in MONEY else str(self.case.spec["indicators"][name]["unit"])

    def ratio(self, name: str, parks: Iterable[str] | None = None) -> tuple[Any, Any] | None:
        """Give numerator and denominator of a ratio, None for an indicator that is none."""
        block = (self.case.spec.get("indicators") or {}).get(name, {})
        if "ratio" not in block:
            return None
        some = list(self.case.parks if parks is None else parks)
        top, per = (total(t for park in some for t in self.side(block, side, park)) for side in ("of", "to"))
        if "unit" in block:
            units = [self.side_unit(block, side) for side in ("of", "to")]
            per = per * number(f"1 {block['unit']}", "/".join(units))
        return top, per

    def side(self, block: Spec, side: str, park: str) -> Iterable[Term]:
        """Yield the terms of one side of a ratio in one park."""
        what = block["ratio"][side]
        if isinstance(what, str):
            return self.terms(what, park)
        return self.account(what, self.side_unit(block, side if "unit" in block else "to"), park)

    def side_unit(self, block: Spec, side: str) -> str:
        """Give the unit that one side of a ratio counts in."""
        what = block["ratio"][side]
        return self.unit(what) if isinstance(what, str) else self.top_unit(what)

    def top_unit(self, factors: Spec) -> str:
        """Give the unit that the first factor counts in: that of the property where it is bare."""
        key, written = next(iter(next(iter(factors.values())).items()))
        if key.startswith("property."):
            name = key.removeprefix("property.")
            blocks = (block.get("properties", {}) for block in self.case.spec["materials"].values())
            written = next(properties[name] for properties in blocks if name in properties)
        return figure(written).unit.split("/")[0]

    def policies(self) -> None:
        """Bounds and allowances hold over all covered periods together, or in each for itself.

        min · length − shortage ≤ indicator ≤ max · length + surplus
        min · to − shortage ≤ of ≤ max · to + surplus, for a ratio of / to
        indicator − free · length ≤ Σ paid, where a price has steps or nothing is sold back
        """
        for name, policy in (self.case.spec.get("policies") or {}).items():
            if not policy.get("each_period"):
                self.policy(name, policy, "", self.times(policy))
                continue
            for t in self.times(policy):
                self.policy(name, policy, t, {t: 1.0})

    def policy(self, name: str, policy: Spec, t: str, scope: dict[str, float]) -> None:
        """Hold one policy over one scope; `t` is the period of its slack."""
        parks = policy.get("parks", self.case.parks)
        slack = {kind: column for (owner, kind, when), column in self.model.slack.items() if (owner, when) == (name, t)}
        rate = f"{self.policy_unit(policy)}/a"
        with self.during(scope):
            ratio = self.ratio(policy["indicator"], parks) if "indicator" in policy else None
            value = ratio[0] if ratio else total(self.counted(policy, parks))
            length = self.length(scope)
        for side in ("min", "max"):
            if side in policy:
                bound = number(policy[side]) * ratio[1] if ratio else number(policy[side], rate) * length
                missed = slack.get("shortage" if side == "min" else "surplus", 0.0)
                self.hold(value + missed >= bound if side == "min" else value - missed <= bound)
        paid = {kind: column for kind, column in slack.items() if kind.startswith("paid")}
        if paid:
            steps = policy.get("steps", [policy])
            free = number(policy.get("free", f"0 {rate}"), rate) * length
            self.hold(value - free <= sum(paid.values()))
            for kind, column in paid.items():
                number_of, step = int(kind.split()[1]), steps[int(kind.split()[1])]
                if "steps" in policy and "max" in step:
                    self.hold(column <= number(step["max"], rate) * length)
                if number_of == 0 and policy.get("sell") is not False:
                    column.setlb(None)
                    column.domain = pyo.Reals

    def objective(self) -> None:
        """Maximise or minimise one indicator, or a weighted sum."""
        ((sense, _),) = self.case.spec["objective"].items()
        self.model.goal = pyo.Objective(
            expr=total(self.goal()) + 0 * sum(self.model.run.values()),
            sense={"maximise": pyo.maximize, "minimise": pyo.minimize}[sense],
        )

    def goal(self) -> list[Term]:
        """List the terms of the objective."""
        ((_, aim),) = self.case.spec["objective"].items()
        weights = {aim: 1} if isinstance(aim, str) else aim
        return [
            Term(figure(weight).value * term.factor, term.flow)
            for name, weight in weights.items()
            for term in self.indicator(name)
        ]

    def indicators(self, parks: Iterable[str] | None = None) -> dict[str, float | None]:
        """Evaluate every indicator at the loaded solution; a ratio to nothing is None."""
        values: dict[str, float | None] = {}
        for name in (*MONEY, *(self.case.spec.get("indicators") or {})):
            ratio = self.ratio(name, parks)
            if ratio is None:
                values[name] = amount(total(self.indicator(name, parks)))
            else:
                top, per = map(amount, ratio)
                values[name] = top / per if abs(per) > 1e-9 else None
        return values

    def gross(self) -> float:
        """Sum the magnitudes of all terms of the objective (of profit: revenue and cost)."""
        return sum(abs(amount(term.factor * term.flow)) for term in self.goal())


def total(terms: Iterable[Term]) -> Any:
    """Add up the terms of an account."""
    return sum(term.factor * term.flow for term in terms)


def amount(expression: Any) -> float:
    """Evaluate an expression at the loaded solution."""
    return float(pyo.value(expression))


# The answer


@dataclass(frozen=True)
class OracleAnswer:
    """What the oracle says of a case."""

    status: Status
    objective: float | None = None
    indicators: dict[str, float | None] = field(default_factory=dict)
    gross: float = 0.0
    """sum of the magnitudes of the terms of the objective: the scale of its rounding errors"""


def solve(spec: Spec) -> OracleAnswer:
    """Optimise a case; what has no optimum is unbounded if it can be solved without objective."""
    law = Law(Case(spec))
    end = optimise(law.model)
    if end is TerminationCondition.optimal:
        return OracleAnswer("optimal", amount(law.model.goal), law.indicators(), law.gross())
    assert end in (
        TerminationCondition.infeasible,
        TerminationCondition.unbounded,
        TerminationCondition.infeasibleOrUnbounded,
    ), end
    return OracleAnswer("unbounded" if feasible(law.model) else "infeasible")


def distance(spec: Spec, parks: dict[str, dict[str, float | None]]) -> float:
    """Return how near a lawful plan comes to indicators of parks: its largest miss of any of them."""
    law = Law(Case(spec))
    law.model.miss = pyo.Var(domain=pyo.NonNegativeReals)
    for park, indicators in parks.items():
        for name, value in indicators.items():
            ratio = law.ratio(name, [park])
            if value is None:
                continue
            gap = total(law.indicator(name, [park])) - value if ratio is None else ratio[0] - value * ratio[1]
            law.hold(gap <= law.model.miss)
            law.hold(gap >= -law.model.miss)
    law.model.goal.deactivate()
    law.model.nearest = pyo.Objective(expr=law.model.miss)
    end = optimise(law.model)
    return amount(law.model.miss) if end is TerminationCondition.optimal else math.inf


def feasible(model: Any) -> bool:
    """Tell whether the laws can hold at all."""
    model.goal.deactivate()
    model.nothing = pyo.Objective(expr=0 * sum(model.component_data_objects(pyo.Var)))
    end = optimise(model)
    assert end in (TerminationCondition.optimal, TerminationCondition.infeasible), end
    return bool(end is TerminationCondition.optimal)


def optimise(model: Any) -> Any:
    """Run HiGHS and load the plan where it is optimal."""
    solver = Highs()
    solver.config.load_solution = False
    solver.highs_options = {
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    end = solver.solve(model).termination_condition
    if end is TerminationCondition.optimal:
        solver.load_vars()
    return end
