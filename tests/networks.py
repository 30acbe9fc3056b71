"""Small networks by hand: a few words stand for one tiny park.

    works = Works(plants={"smelter": Plant({"metal": 1.0, "ore": -2.0, "slag": 0.8}, upper=100)},
                  offers=[Offer("buy", "ore", 50.0), Offer("sell", "metal", 300.0), Offer("discard", "slag", 5.0)])
    network = works.network()

Everything not given is empty or unlimited, and every node is made as it is mentioned. The park and its company are
called `works` unless `company_park` says otherwise. The origin of row i stands in line i + 1 of `case.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from parkloop.flows.account_tables import Accounts, Indicators, Policies
from parkloop.flows.network import Network
from parkloop.flows.plant_tables import Entries, OptionEntries, Options, Plants, SlotLimits, Slots
from parkloop.flows.problems import Position, Source
from parkloop.flows.tables import Companies, Fate, Label, Materials, Nodes, OfferKind, Origin, Periods
from parkloop.flows.way_tables import Deals, Exchanges, Offers, Routes, Shipments, Steps, TransportModes

INF = float("inf")
MONEY = ("revenue", "cost", "profit", "value_added")
KINDS = {"buy": OfferKind.BUY, "sell": OfferKind.SELL, "discard": OfferKind.DISCARD}


def ints(values: Any = ()) -> np.ndarray:
    return np.array(list(values), np.int32)


def floats(values: Any = ()) -> np.ndarray:
    return np.array(list(values), float)


def table(values: list[Any], periods: int) -> np.ndarray:
    """(T, n): each value is a number, or one number per period."""
    columns = [np.broadcast_to(np.asarray(v, float), (periods,)) for v in values]
    return np.array(columns, float).reshape(len(values), periods).T


@dataclass
class Plant:
    recipe: dict[str, float]
    lower: Any = 0.0
    upper: Any = INF
    company: str = "works"
    variable_cost: float = 0.0
    fixed_cost: Any = 0.0
    treatment: bool = False
    own: bool = False
    """keeps its materials to itself"""


@dataclass
class Offer:
    kind: str
    material: str
    price: Any = 0.0
    upper: Any = INF
    lower: Any = 0.0
    companies: tuple[str, ...] = ("works",)
    steps: list[tuple[Any, Any]] | None = None
    """(price, upper) of each step, in place of the two above"""
    park: str = "works"


@dataclass
class Option:
    material: str
    gives: float
    min_share: float = 0.0
    max_share: float = 1.0
    entries: dict[str, float] = field(default_factory=dict)
    content: dict[str, float] = field(default_factory=dict)


@dataclass
class Slot:
    plant: str
    need: float
    options: list[Option]
    limits: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass
class Policy:
    indicator: str
    lower: float = -INF
    upper: float = INF
    price: float = 0.0
    parks: tuple[str, ...] | None = None
    each: bool = False


@dataclass
class Route:
    """A way for one material from a company to a company of another park; `rail` is the only mode of transport."""

    material: str
    source: str
    target: str
    distance: float = 100.0
    cost: float = 0.0
    """money per unit, freight and handling"""
    loss: float = 0.0
    capacity: Any = INF
    adds: dict[str, float] = field(default_factory=dict)
    """account → units per unit sent"""


@dataclass
class Works:
    """A tiny case; `parks` maps companies to parks."""

    plants: dict[str, Plant] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    exchanges: list[tuple[str, str, str]] = field(default_factory=list)
    """(material, company that gives, company that receives)"""
    routes: dict[str, Route] = field(default_factory=dict)
    rail: Any = INF
    """t·km per period, over all routes"""
    accounts: dict[str, list[tuple[str, str, float]]] = field(default_factory=dict)
    """account → factors (fate, material, value)"""
    ratios: dict[str, tuple[str, str]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    objective: str = "profit"
    maximise: bool = True
    weight: tuple[float, ...] = (1.0,)
    company_park: dict[str, str] = field(default_factory=lambda: {"works": "works"})

    def network(self) -> Network:
        return _Writer(self).network()


class _Writer:
    def __init__(self, works: Works) -> None:
        self.works = works
        self.periods = len(works.weight)
        self.companies = list(works.company_park)
        self.parks = list(dict.fromkeys(works.company_park.values()))
        self.plants = list(works.plants)
        self.materials: list[str] = []
        self.nodes: list[tuple[int, int, int]] = []
        self.origins: list[Origin] = []
        self.source = Source("case.yaml", "")

    def material(self, name: str) -> int:
        if name not in self.materials:
            self.materials.append(name)
        return self.materials.index(name)

    def origin(self, path: str) -> int:
        self.origins.append(Origin(Position(self.source, len(self.origins) + 1, 1), path))
        return len(self.origins) - 1

    def node(self, company: str, material: str, plant: int = -1) -> int:
        key = (self.companies.index(company), plant, self.material(material))
        if key not in self.nodes:
            self.nodes.append(key)
        return self.nodes.index(key)

    def plant_node(self, plant: str, material: str) -> int:
        it = self.works.plants[plant]
        return self.node(it.company, material, self.plants.index(plant) if it.own else -1)

    def network(self) -> Network:
        works = self.works
        plants, entries = self.plant_tables()
        slots, options, option_entries, limits = self.slot_tables()
        offers, steps, deals = self.offer_tables()
        exchanges = Exchanges(
            ints(self.node(source, m) for m, source, _ in works.exchanges),
            ints(self.node(target, m) for m, _, target in works.exchanges),
            np.full((len(works.weight), len(works.exchanges)), np.inf),
            np.zeros(len(works.exchanges)),
            np.zeros(len(works.exchanges)),
            ints(self.origin("exchange") for _ in works.exchanges),
            ints(self.origin("exchange") for _ in works.exchanges),
        )
        accounts, indicators = self.account_tables()
        modes, routes, shipments = self.route_tables(accounts)
        policies = self.policy_table([label.id for label in indicators.label])
        return Network(
            case="tiny",
            scenario="base",
            title=label("tiny"),
            money="CNY",
            parks=tuple(map(label, self.parks)),
            periods=Periods(
                tuple(f"p{t + 1}" for t in range(self.periods)) if self.periods > 1 else ("year",),
                np.ones(self.periods),
                floats(works.weight),
            ),
            materials=Materials(
                tuple(map(label, self.materials)),
                ("t",) * len(self.materials),
                ("product",) * len(self.materials),
            ),
            companies=Companies(
                tuple(map(label, self.companies)),
                ints(self.parks.index(p) for p in works.company_park.values()),
            ),
            nodes=Nodes(
                ints(n[0] for n in self.nodes),
                ints(n[1] for n in self.nodes),
                ints(n[2] for n in self.nodes),
                ints(self.origin("node") for _ in self.nodes),
            ),
            plants=plants,
            entries=entries,
            slots=slots,
            options=options,
            option_entries=option_entries,
            slot_limits=limits,
            offers=offers,
            steps=steps,
            deals=deals,
            exchanges=exchanges,
            accounts=accounts,
            indicators=indicators,
            policies=policies,
            objective=[label.id for label in indicators.label].index(works.objective),
            maximise=works.maximise,
            objective_origin=self.origin("objective"),
            origins=tuple(self.origins),
            transport_modes=modes,
            routes=routes,
            shipments=shipments,
        )

    def plant_tables(self) -> tuple[Plants, Entries]:
        plants = list(self.works.plants.values())
        lines = [
            (p, self.plant_node(name, material), amount)
            for p, (name, plant) in enumerate(self.works.plants.items())
            for material, amount in plant.recipe.items()
        ]
        upper = table([p.upper for p in plants], self.periods)
        return (
            Plants(
                label=tuple(map(label, self.plants)),
                process=tuple(map(label, self.plants)),
                company=ints(self.companies.index(p.company) for p in plants),
                reference=ints(self.material(next(iter(p.recipe))) for p in plants),
                treatment=np.array([p.treatment for p in plants], bool),
                capacity=upper,
                lower=table([p.lower for p in plants], self.periods),
                upper=upper,
                variable_cost=floats(p.variable_cost for p in plants),
                fixed_cost=table([p.fixed_cost for p in plants], self.periods),
                origin=ints(self.origin(f"plants.{name}") for name in self.plants),
                lower_origin=ints(self.origin(f"plants.{name}.run.min") for name in self.plants),
                upper_origin=ints(self.origin(f"plants.{name}.capacity") for name in self.plants),
            ),
            Entries(
                ints(line[0] for line in lines),
                ints(line[1] for line in lines),
                floats(line[2] for line in lines),
                ints(self.origin("entry") for _ in lines),
            ),
        )

    def slot_tables(self) -> tuple[Slots, Options, OptionEntries, SlotLimits]:
        slots = self.works.slots
        options = [(s, slot, o) for s, slot in enumerate(slots.values()) for o in slot.options]
        more = [
            (o, self.plant_node(slot.plant, material), amount)
            for o, (_, slot, option) in enumerate(options)
            for material, amount in option.entries.items()
        ]
        limits = [(s, *item) for s, slot in enumerate(slots.values()) for item in slot.limits.items()]
        terms = [
            (limit, o, option.content.get(substance, 0.0))
            for limit, (s, substance, _) in enumerate(limits)
            for o, (own, _, option) in enumerate(options)
            if own == s
        ]
        return (
            Slots(
                tuple(slots),
                ints(self.plants.index(slot.plant) for slot in slots.values()),
                floats(slot.need for slot in slots.values()),
                ("t",) * len(slots),
                ints(self.origin("slot") for _ in slots),
            ),
            Options(
                ints(s for s, _, _ in options),
                ints(self.plant_node(slot.plant, option.material) for _, slot, option in options),
                floats(option.gives for _, _, option in options),
                floats(option.min_share for _, _, option in options),
                floats(option.max_share for _, _, option in options),
                ints(self.origin("option") for _ in options),
                ints(self.origin("option.min_share") for _ in options),
                ints(self.origin("option.max_share") for _ in options),
            ),
            OptionEntries(
                ints(m[0] for m in more),
                ints(m[1] for m in more),
                floats(m[2] for m in more),
                ints(self.origin("option.entry") for _ in more),
            ),
            SlotLimits(
                ints(s for s, _, _ in limits),
                tuple(substance for _, substance, _ in limits),
                floats(bounds[0] for _, _, bounds in limits),
                floats(bounds[1] for _, _, bounds in limits),
                ints(self.origin("limit") for _ in limits),
                ints(t[0] for t in terms),
                ints(t[1] for t in terms),
                floats(t[2] for t in terms),
                np.ones(len(terms)),
            ),
        )

    def offer_tables(self) -> tuple[Offers, Steps, Deals]:
        offers = self.works.offers
        steps = [
            (o, price, upper)
            for o, offer in enumerate(offers)
            for price, upper in offer.steps or [(offer.price, offer.upper)]
        ]
        deals = [
            (s, self.node(company, offers[o].material))
            for s, (o, _, _) in enumerate(steps)
            for company in offers[o].companies
        ]
        return (
            Offers(
                ints(KINDS[offer.kind] for offer in offers),
                ints(self.parks.index(offer.park) for offer in offers),
                ints(self.material(offer.material) for offer in offers),
                np.zeros(len(offers), bool),
                table([offer.lower for offer in offers], self.periods),
                ints(self.origin(f"{offer.kind}.{offer.material}") for offer in offers),
                ints(self.origin(f"{offer.kind}.{offer.material}.min") for offer in offers),
            ),
            Steps(
                ints(o for o, _, _ in steps),
                table([price for _, price, _ in steps], self.periods),
                table([upper for _, _, upper in steps], self.periods),
                ints(self.origin("step") for _ in steps),
                ints(self.origin("step.max") for _ in steps),
            ),
            Deals(ints(s for s, _ in deals), ints(n for _, n in deals)),
        )

    def route_tables(self, accounts: Accounts) -> tuple[TransportModes, Routes, Shipments]:
        routes = list(self.works.routes.values())
        park = self.works.company_park
        every = range(len(routes))
        adds = [(r, accounts.id.index(name), value) for r in every for name, value in routes[r].adds.items()]
        return (
            TransportModes(
                (label("rail"),),
                ("t·km",),
                table([self.works.rail], self.periods),
                ints([self.origin("transport.rail")]),
                ints([self.origin("transport.rail.capacity")]),
            ),
            Routes(
                tuple(map(label, self.works.routes)),
                ints(self.parks.index(park[r.source]) for r in routes),
                ints(self.parks.index(park[r.target]) for r in routes),
                ints(0 for _ in routes),
                floats(r.distance for r in routes),
                ("t",) * len(routes),
                table([r.capacity for r in routes], self.periods),
                ints(self.origin(f"routes.{name}") for name in self.works.routes),
                ints(self.origin(f"routes.{name}.capacity") for name in self.works.routes),
            ),
            Shipments(
                ints(every),
                ints(self.node(r.source, r.material) for r in routes),
                ints(self.node(r.target, r.material) for r in routes),
                floats(r.loss for r in routes),
                floats(r.cost for r in routes),
                floats(1.0 for _ in routes),
                floats(r.distance for r in routes),
                ints(self.origin(f"routes.{name}.carries.0") for name in self.works.routes),
                ints(a[0] for a in adds),
                ints(a[1] for a in adds),
                floats(a[2] for a in adds),
                ints(self.origin("adds") for _ in adds),
            ),
        )

    def account_tables(self) -> tuple[Accounts, Indicators]:
        names = [*MONEY, *self.works.accounts]
        factors = [
            (len(MONEY) + a, Fate[fate.upper()], self.material(material), value)
            for a, lines in enumerate(self.works.accounts.values())
            for fate, material, value in lines
        ]
        ratios = self.works.ratios.items()
        return (
            Accounts(
                tuple(names),
                ints(f[0] for f in factors),
                ints(f[1] for f in factors),
                ints(f[2] for f in factors),
                floats(f[3] for f in factors),
                ints(self.origin("factor") for _ in factors),
            ),
            Indicators(
                tuple(label(name) for name in [*names, *self.works.ratios]),
                ("CNY",) * len(MONEY) + ("t",) * len(self.works.accounts) + ("1",) * len(ratios),
                ints([*range(len(names)), *(names.index(of) for _, (of, _) in ratios)]),
                ints([-1] * len(names) + [names.index(to) for _, (_, to) in ratios]),
                ints([-1] * (len(names) + len(ratios))),
            ),
        )

    def policy_table(self, indicators: list[str]) -> Policies:
        policies = self.works.policies
        covered = [[p.parks is None or park in p.parks for park in self.parks] for p in policies.values()]
        return Policies(
            tuple(policies),
            ints(indicators.index(p.indicator) for p in policies.values()),
            np.array(covered, bool).reshape(len(policies), len(self.parks)),
            floats(p.lower for p in policies.values()),
            floats(p.upper for p in policies.values()),
            floats(p.price for p in policies.values()),
            ints(self.origin(f"policies.{name}") for name in policies),
            each=np.array([p.each for p in policies.values()], bool),
        )


def label(name: str) -> Label:
    return Label(name, name, name)


def dense(program: Any) -> np.ndarray:
    """The matrix of a program as a table (rows, columns)."""
    matrix = np.zeros((program.rows, program.columns))
    column = np.repeat(np.arange(program.columns), np.diff(program.start))
    matrix[program.index, column] = program.value
    return matrix


def row(program: Any, name: str) -> dict[str, float]:
    """Coefficients of one row by the names of the columns."""
    line = dense(program)[program.row_names().index(name)]
    return {n: float(v) for n, v in zip(program.column_names(), line, strict=True) if v}


def sides(program: Any, name: str) -> tuple[float, float]:
    """Sides of one row in user units."""
    i = program.row_names().index(name)
    return (
        float(program.row_lower[i] * program.flow_scale),
        float(program.row_upper[i] * program.flow_scale),
    )


def bounds(program: Any, name: str) -> tuple[float, float]:
    """Bounds of one column in user units."""
    j = program.column_names().index(name)
    return (
        float(program.lower[j] * program.flow_scale),
        float(program.upper[j] * program.flow_scale),
    )
