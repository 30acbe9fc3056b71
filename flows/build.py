"""Case → Network: every name becomes a row number, every quantity a number in the unit of its material.

The order of the steps is the order of the tables in `network`: plants and their recipes make the nodes, the offers and
exchanges connect them, the accounts weigh what flows. Loops run over what people wrote, never over periods.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

from .accounts import AccountWriter, label, material_label, objective, policies
from .case import Case
from .document import Position
from .network import (
    Companies,
    Deals,
    Entries,
    Exchanges,
    Floats,
    Label,
    Materials,
    Network,
    Nodes,
    OfferKind,
    Offers,
    OptionEntries,
    Options,
    Origin,
    Periods,
    Plants,
    SlotLimits,
    Slots,
    Steps,
)
from .problems import Findings, nearest
from .recipes import Recipe, check_materials, recipes
from .schema import Outlet, Park, Plant, Step, Trade
from .tracing import trace
from .units import Quantity, QuantityError

RESIDUES = ("byproduct", "waste", "emission")
"""classes whose travel the exchange level restricts"""

T = TypeVar("T")


def build_network(case: Case, findings: Findings | None = None) -> Network:
    """Index a case. Warnings are left in `findings` where it is given.

    Raises:
        InputError: with everything that is wrong with the library, the parks, the accounts, or where materials
            come from and go to.
    """
    findings = Findings() if findings is None else findings
    network = _Builder(case, findings).build()
    findings.raise_if_errors()
    assert network is not None
    findings.add(*trace(network))
    findings.raise_if_errors()
    return network


@dataclass
class _Rows:
    """A table while it is made: one list a column."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    size: int = 0

    def add(self, **values: Any) -> int:
        for key, value in values.items():
            self.columns.setdefault(key, []).append(value)
        self.size += 1
        return self.size - 1

    def ints(self, key: str) -> Any:
        return np.array(self.columns.get(key, []), dtype=np.int32)

    def floats(self, key: str) -> Floats:
        return np.array(self.columns.get(key, []), dtype=float)

    def rates(self, key: str, durations: Floats) -> Floats:
        """Amounts per time, times the length of each period: (T, n)."""
        return durations[:, None] * self.floats(key)[None, :]

    def tuple(self, key: str) -> tuple[Any, ...]:
        return tuple(self.columns.get(key, ()))


class _Builder:
    def __init__(self, case: Case, findings: Findings) -> None:
        self.case, self.findings = case, findings
        self.origins: list[Origin] = []
        self.origin_rows: dict[tuple[Position, str], int] = {}
        self.material_rows: dict[str, int] = {}
        self.node_rows: dict[tuple[int, int, int], int] = {}
        self.company_rows: dict[tuple[str, str], int] = {}
        self.companies, self.nodes, self.plants, self.entries = _Rows(), _Rows(), _Rows(), _Rows()
        self.slots, self.options, self.option_entries = _Rows(), _Rows(), _Rows()
        self.limits, self.limit_terms = _Rows(), _Rows()
        self.offers, self.steps, self.deals, self.exchanges = _Rows(), _Rows(), _Rows(), _Rows()

    def build(self) -> Network | None:
        case = self.case
        check_materials(case, self.findings)
        self.recipes = recipes(case, self.findings)
        self._origin(case.value_at(), case.name)
        periods = self._periods()
        for park in case.parks:
            self._companies(park, case.parks[park])
        for park in case.parks:
            self._plants(park, case.parks[park])
        if self.plants.size == 0 and not self.findings.problems:
            self.findings.error(case.key_at("parks"), "no park has a plant", "add `plants: {…}` to a park")
        for number, park in enumerate(case.parks):
            self._offers(number, park, case.parks[park])
            self._implicit_offers(number)
        self._exchanges()
        accounts, indicators = AccountWriter(
            case, list(self.material_rows), self._origin, self.findings
        ).write()
        years = float(periods.duration @ periods.weight)
        rules = policies(case, indicators, years, self._origin, self.findings)
        target, maximise = objective(case, indicators, self.findings)
        sense = "maximise" if maximise else "minimise"
        target_origin = self._origin(case.value_at("objective", sense), "objective")
        _check_scenarios(case, {text.id for text in indicators.label}, self.findings)
        if any(problem.severity == "error" for problem in self.findings.problems):
            return None
        return Network(
            case=case.name,
            scenario=case.scenario,
            title=label(case.name, case.head.title),
            money=case.money,
            parks=tuple(label(name, park.name) for name, park in case.parks.items()),
            periods=periods,
            materials=self._materials(),
            companies=Companies(self.companies.tuple("label"), self.companies.ints("park")),
            nodes=_table(Nodes, self.nodes),
            plants=self._plant_table(periods.duration),
            entries=_table(Entries, self.entries),
            slots=_table(Slots, self.slots),
            options=_table(Options, self.options),
            option_entries=_table(OptionEntries, self.option_entries),
            slot_limits=self._limit_table(),
            offers=self._offer_table(periods.duration),
            steps=self._step_table(periods.duration),
            deals=_table(Deals, self.deals),
            exchanges=_table(Exchanges, self.exchanges),
            accounts=accounts,
            indicators=indicators,
            policies=rules,
            objective=target,
            maximise=maximise,
            objective_origin=target_origin,
            origins=tuple(self.origins),
        )

    # What the tables refer to.

    def _origin(self, position: Position, path: str) -> int:
        key = (position, path)
        if key not in self.origin_rows:
            self.origin_rows[key] = len(self.origins)
            self.origins.append(Origin(position, path))
        return self.origin_rows[key]

    def _origin_of(self, *path: str) -> int:
        return self._origin(self.case.key_at(*path), ".".join(path))

    def _material(self, name: str) -> int:
        return self.material_rows.setdefault(name, len(self.material_rows))

    def _node(self, company: int, plant: int, material: str, origin: int) -> int:
        kind = self.case.materials[material].kind
        own = plant if self.case.exchange == "none" and kind in RESIDUES else -1
        number = self._material(material)
        key = (company, own, number)
        if key not in self.node_rows:
            self.node_rows[key] = self.nodes.add(company=company, plant=own, material=number, origin=origin)
        return self.node_rows[key]

    def _periods(self) -> Periods:
        names, durations, weights = [], [], []
        for name, period in self.case.periods.items():
            duration = self._number(period.duration, "a", "periods", name, "duration")
            if duration == 0:
                position = self.case.value_at("periods", name, "duration")
                self.findings.error(position, f"period `{name}` has no length", "write e.g. `1 a`")
            names.append(name)
            durations.append(duration or 0.0)
            weights.append(float(period.weight))
        return Periods(tuple(names), np.array(durations), np.array(weights))

    def _materials(self) -> Materials:
        blocks = [(name, self.case.materials[name]) for name in self.material_rows]
        return Materials(
            tuple(material_label(name, block) for name, block in blocks),
            tuple(block.unit for _, block in blocks),
            tuple(block.kind for _, block in blocks),
        )

    def _number(self, quantity: Quantity, unit: str, *path: str) -> float | None:
        try:
            return quantity.to(unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None

    # Plants.

    def _companies(self, park: str, block: Park) -> None:
        number = list(self.case.parks).index(park)
        names = {name: label(name, text) for name, text in block.companies.items()}
        for name, text in (names or {park: label(park, block.name)}).items():
            self.company_rows[park, name] = self.companies.add(label=text, park=number)

    def _company(self, park: str, key: str, plant: Plant) -> int | None:
        path = ("parks", park, "plants", key)
        own = [name for at, name in self.company_rows if at == park]
        if plant.company is None and len(own) > 1:
            what = f"the company of plant `{key}` is missing"
            self.findings.error(self.case.key_at(*path), what, f"add `company:` with one of {', '.join(own)}")
            return None
        name = plant.company or own[0]
        if name not in own:
            position = self.case.value_at(*path, "company")
            self.findings.error(position, f"unknown company `{name}` in park `{park}`", nearest(name, own))
            return None
        return self.company_rows[park, name]

    def _plants(self, park: str, block: Park) -> None:
        for key, plant in block.plants.items():
            path = ("parks", park, "plants", key)
            process = plant.process or key
            recipe = self.recipes.get(process)
            if process not in self.case.processes:
                position = self.case.value_at(*path, "process") if plant.process else self.case.key_at(*path)
                mend = nearest(process, self.case.processes)
                self.findings.error(position, f"unknown process `{process}`", mend or "include its library")
                continue
            company = self._company(park, key, plant)
            if recipe is None or company is None:
                continue
            self._plant(path, key, plant, recipe, company)

    def _plant(self, path: tuple[str, ...], key: str, plant: Plant, recipe: Recipe, company: int) -> None:
        unit = self.case.materials[recipe.reference].unit
        block = self.case.processes[recipe.id]
        limits = _Run(self, path, plant, unit)
        number = self.plants.add(
            label=label(key, plant.name or block.name),
            process=label(recipe.id, block.name),
            company=company,
            reference=self._material(recipe.reference),
            treatment=recipe.treatment,
            capacity=limits.capacity,
            lower=limits.lower,
            upper=limits.upper,
            variable_cost=self._cost(plant.variable_cost, unit, *path, "variable_cost"),
            fixed_cost=self._cost(plant.fixed_cost, unit, *path, "fixed_cost") * limits.paid_capacity(),
            origin=self._origin_of(*path),
            lower_origin=limits.lower_origin,
            upper_origin=limits.upper_origin,
        )
        self._recipe(number, company, recipe)

    def _cost(self, cost: Quantity | None, unit: str, *path: str) -> float:
        return (self._number(cost, f"{self.case.money}/{unit}", *path) or 0.0) if cost else 0.0

    def _recipe(self, plant: int, company: int, recipe: Recipe) -> None:
        for line in recipe.lines:
            origin = self._origin(line.position, line.path)
            node = self._node(company, plant, line.material, origin)
            self.entries.add(plant=plant, node=node, amount=line.amount, origin=origin)
        for slot in recipe.slots:
            origin = self._origin(slot.position, slot.path)
            number = self.slots.add(id=slot.id, plant=plant, need=slot.need, unit=slot.unit, origin=origin)
            rows = []
            for option in slot.options:
                origin = self._origin(option.position, option.path)
                row = self.options.add(
                    slot=number,
                    node=self._node(company, plant, option.material, origin),
                    gives=option.gives,
                    min_share=option.min_share,
                    max_share=option.max_share,
                    origin=origin,
                    min_origin=self._field_origin(option.path, "min_share"),
                    max_origin=self._field_origin(option.path, "max_share"),
                )
                rows.append(row)
                for line in option.lines:
                    origin = self._origin(line.position, line.path)
                    node = self._node(company, plant, line.material, origin)
                    self.option_entries.add(option=row, node=node, amount=line.amount, origin=origin)
            for limit in slot.limits:
                row = self.limits.add(
                    slot=number,
                    substance=limit.substance,
                    lower=-np.inf if limit.lower is None else limit.lower,
                    upper=np.inf if limit.upper is None else limit.upper,
                    origin=self._origin(limit.position, limit.path),
                )
                for option_row, content, mass in zip(rows, limit.contents, limit.masses, strict=True):
                    self.limit_terms.add(limit=row, option=option_row, content=content, mass=mass)

    def _field_origin(self, path: str, name: str) -> int:
        parts = (*path.split("."), name)
        return self._origin(self.case.key_at(*parts), ".".join(parts))

    def _plant_table(self, durations: Floats) -> Plants:
        rows = self.plants
        return Plants(
            label=rows.tuple("label"),
            process=rows.tuple("process"),
            company=rows.ints("company"),
            reference=rows.ints("reference"),
            treatment=np.array(rows.tuple("treatment"), dtype=bool),
            capacity=rows.rates("capacity", durations),
            lower=rows.rates("lower", durations),
            upper=rows.rates("upper", durations),
            variable_cost=rows.floats("variable_cost"),
            fixed_cost=rows.rates("fixed_cost", durations),
            origin=rows.ints("origin"),
            lower_origin=rows.ints("lower_origin"),
            upper_origin=rows.ints("upper_origin"),
        )

    def _limit_table(self) -> SlotLimits:
        rows, terms = self.limits, self.limit_terms
        return SlotLimits(
            slot=rows.ints("slot"),
            substance=rows.tuple("substance"),
            lower=rows.floats("lower"),
            upper=rows.floats("upper"),
            origin=rows.ints("origin"),
            term_limit=terms.ints("limit"),
            term_option=terms.ints("option"),
            term_content=terms.floats("content"),
            term_mass=terms.floats("mass"),
        )

    # Offers.

    def _offers(self, number: int, park: str, block: Park) -> None:
        for kind in OfferKind:
            offers: dict[str, Trade] | dict[str, Outlet] = getattr(block, kind.name.lower())
            for material, offer in offers.items():
                self._offer(kind, number, park, material, offer)

    def _offer(self, kind: OfferKind, number: int, park: str, material: str, offer: Trade | Outlet) -> None:
        path = ("parks", park, kind.name.lower(), material)
        block = self.case.materials.get(material)
        if block is None:
            mend = nearest(material, self.case.materials)
            self.findings.error(self.case.key_at(*path), f"unknown material `{material}`", mend)
            return
        companies = self._offer_companies(park, path, offer.company)
        ladder = self._ladder(kind, path, offer, block.unit)
        lower = self._number(offer.min, f"{block.unit}/a", *path, "min") if offer.min else 0.0
        if companies is None or not ladder or lower is None:
            return
        if lower > sum(upper for _, upper, _ in ladder):
            what = f"the offer of `{material}` asks for at least `{offer.min}`, more than its largest amount"
            self.findings.error(self.case.value_at(*path, "min"), what, "lower `min` or raise `max`")
            return
        nodes = self._nodes_of(number, material, companies)
        if not nodes:
            what = f"no plant in park `{park}` makes or uses `{material}`, so this offer is idle"
            self.findings.warning(self.case.key_at(*path), what, "delete it, or check the name of the material")
            if not lower:
                return
            what = f"the offer of `{material}` asks for at least `{offer.min}`, but no plant makes or uses it"
            self.findings.error(self.case.value_at(*path, "min"), what, "add a plant or delete `min`")
            return
        row = self.offers.add(
            kind=int(kind),
            park=number,
            material=self._material(material),
            implicit=False,
            lower=lower,
            origin=self._origin_of(*path),
            lower_origin=self._origin_of(*path, "min"),
        )
        for price, upper, where in ladder:
            self._step(row, price, upper, where, nodes)

    def _step(self, offer: int, price: float, upper: float, path: tuple[str, ...], nodes: Iterable[int]) -> None:
        row = self.steps.add(
            offer=offer,
            price=price,
            upper=upper,
            origin=self._origin_of(*path),
            upper_origin=self._origin_of(*path, "max"),
        )
        for node in nodes:
            self.deals.add(step=row, node=node)

    def _offer_companies(self, park: str, path: tuple[str, ...], names: list[str] | None) -> set[int] | None:
        own = [name for at, name in self.company_rows if at == park]
        unknown = [name for name in names or () if name not in own]
        for name in unknown:
            position = self.case.value_at(*path, "company")
            self.findings.error(position, f"unknown company `{name}` in park `{park}`", nearest(name, own))
        chosen = own if names is None else names
        return None if unknown else {self.company_rows[park, name] for name in chosen}

    def _ladder(
        self, kind: OfferKind, path: tuple[str, ...], offer: Trade | Outlet, unit: str
    ) -> list[tuple[float, float, tuple[str, ...]]]:
        """Return the price steps of an offer: price, largest amount per time, path."""
        word = "cost" if isinstance(offer, Outlet) else "price"
        single = offer.cost if isinstance(offer, Outlet) else offer.price
        if (single is None) == (offer.steps is None):
            what = f"an offer to {kind.name.lower()} has either `{word}` or `steps`"
            self.findings.error(self.case.key_at(*path), what, f"write e.g. `{word}: 420 {self.case.money}/{unit}`")
            return []
        if single is not None:
            rungs = [(Step(price=single, max=offer.max), (*path,))]
        else:
            rungs = [(step, (*path, "steps", str(i))) for i, step in enumerate(offer.steps or ())]
            if offer.max != "unlimited":
                what = "an offer with `steps` has its `max` in the steps"
                self.findings.error(self.case.key_at(*path, "max"), what, "move `max` into the last step")
        ladder = []
        for step, where in rungs:
            name = word if single is not None else "price"
            price = self._number(step.price, f"{self.case.money}/{unit}", *where, name)
            upper = self._upper(step.max, f"{unit}/a", *where, "max")
            if price is None or upper is None:
                return []
            ladder.append((price, upper, where))
        self._check_ladder(kind, ladder)
        return ladder

    def _check_ladder(self, kind: OfferKind, ladder: list[tuple[float, float, tuple[str, ...]]]) -> None:
        sign = -1 if kind is OfferKind.SELL else 1
        for (before, *_), (after, _, where) in zip(ladder, ladder[1:], strict=False):
            if sign * after < sign * before:
                way = "fall" if kind is OfferKind.SELL else "rise"
                what = f"the steps of an offer to {kind.name.lower()} must {way}"
                mend = "put the steps in order; a linear program would take the better one first"
                self.findings.error(self.case.value_at(*where), what, mend)

    def _upper(self, limit: Quantity | str, unit: str, *path: str) -> float | None:
        if isinstance(limit, str):
            return float("inf")
        return self._number(limit, unit, *path)

    def _nodes_of(self, park: int, material: str, companies: set[int]) -> list[int]:
        number = self.material_rows.get(material)
        rows = self.nodes.columns
        return [
            node
            for node in range(self.nodes.size)
            if rows["material"][node] == number and rows["company"][node] in companies
        ]

    def _implicit_offers(self, park: int) -> None:
        """Emissions may leave, the environment is free in and out; both at no price and always counted."""
        companies = {row for row in range(self.companies.size) if self.companies.columns["park"][row] == park}
        makes, uses = self._makers_and_users()
        for name, number in list(self.material_rows.items()):
            kind = self.case.materials[name].kind
            if kind not in ("emission", "environment"):
                continue
            nodes = self._nodes_of(park, name, companies)
            leave = [node for node in nodes if node in makes]
            enter = [node for node in nodes if node in uses and kind == "environment"]
            for offer_kind, at in ((OfferKind.DISCARD, leave), (OfferKind.BUY, enter)):
                if at:
                    self._implicit_offer(offer_kind, park, name, number, at)

    def _implicit_offer(self, kind: OfferKind, park: int, name: str, number: int, nodes: list[int]) -> None:
        path = ("materials", name)
        row = self.offers.add(
            kind=int(kind),
            park=park,
            material=number,
            implicit=True,
            lower=0.0,
            origin=self._origin_of(*path),
            lower_origin=self._origin_of(*path),
        )
        self._step(row, 0.0, float("inf"), path, nodes)

    def _offer_table(self, durations: Floats) -> Offers:
        rows = self.offers
        return Offers(
            kind=rows.ints("kind"),
            park=rows.ints("park"),
            material=rows.ints("material"),
            implicit=np.array(rows.tuple("implicit"), dtype=bool),
            lower=rows.rates("lower", durations),
            origin=rows.ints("origin"),
            lower_origin=rows.ints("lower_origin"),
        )

    def _step_table(self, durations: Floats) -> Steps:
        rows = self.steps
        return Steps(
            offer=rows.ints("offer"),
            price=np.broadcast_to(rows.floats("price"), (len(durations), rows.size)),
            upper=rows.rates("upper", durations),
            origin=rows.ints("origin"),
            upper_origin=rows.ints("upper_origin"),
        )

    # Exchanges.

    def _makers_and_users(self) -> tuple[set[int], set[int]]:
        """Return the nodes where a plant makes the material, and those where one can use it."""
        makes, uses = set(), set(self.options.columns.get("node", ()))
        for rows in (self.entries.columns, self.option_entries.columns):
            for node, amount in zip(rows.get("node", ()), rows.get("amount", ()), strict=True):
                (makes if amount > 0 else uses).add(node)
        return makes, uses

    def _exchanges(self) -> None:
        """Join companies of one park: from those that make a material to those that can use it."""
        makes, uses = self._makers_and_users()
        rows, park_of = self.nodes.columns, self.companies.columns["park"]
        names = list(self.material_rows)
        targets: dict[tuple[int, int], list[int]] = {}
        for node in sorted(uses):
            key = (park_of[rows["company"][node]], rows["material"][node])
            targets.setdefault(key, []).append(node)
        for source in sorted(makes):
            material = rows["material"][source]
            kind = self.case.materials[names[material]].kind
            if kind == "environment" or (kind in RESIDUES and self.case.exchange in ("none", "company")):
                continue
            for target in targets.get((park_of[rows["company"][source]], material), ()):
                if rows["company"][target] != rows["company"][source]:
                    self.exchanges.add(source=source, target=target, origin=rows["origin"][source])


class _Run:
    """Bounds on what a plant does, per year, with the line that causes each."""

    def __init__(self, builder: _Builder, path: tuple[str, ...], plant: Plant, unit: str) -> None:
        self.builder, self.path, self.plant, self.unit = builder, path, plant, unit
        rate = f"{unit}/a"
        self.capacity = self._rate(plant.capacity, rate, "capacity")
        uppers = [(self.capacity * plant.availability, self._at("capacity"))]
        lowers = [(0.0, self._at())]
        if plant.min_load:
            lowers.append((self._least(plant.min_load), self._at("min_load")))
        if plant.run is not None and plant.run.min is not None:
            lowers.append((self._rate(plant.run.min, rate, "run", "min"), self._at("run", "min")))
        if plant.run is not None and plant.run.max is not None:
            uppers.append((self._rate(plant.run.max, rate, "run", "max"), self._at("run", "max")))
        if plant.fix is not None:
            fixed = (self._rate(plant.fix, rate, "fix"), self._at("fix"))
            lowers, uppers = [*lowers, fixed], [*uppers, fixed]
        self.lower, self.lower_origin = max(lowers, key=lambda bound: bound[0])
        self.upper, self.upper_origin = min(uppers, key=lambda bound: bound[0])
        if self.lower > self.upper * (1 + 1e-9):
            self._contradiction()

    def paid_capacity(self) -> float:
        """Return the capacity that fixed cost is paid for."""
        if self.plant.fixed_cost is not None and self.capacity == float("inf"):
            position = self.builder.case.value_at(*self.path, "fixed_cost")
            what = "a plant of unlimited capacity cannot have a fixed cost"
            self.builder.findings.error(position, what, "state its capacity, or use `variable_cost`")
        return self.capacity if self.plant.fixed_cost is not None else 0.0

    def _at(self, *where: str) -> int:
        return self.builder._origin_of(*self.path, *where)

    def _rate(self, limit: Quantity | str, unit: str, *where: str) -> float:
        if isinstance(limit, str):
            return float("inf")
        return self.builder._number(limit, unit, *self.path, *where) or 0.0

    def _least(self, share: float) -> float:
        if self.capacity == float("inf"):
            position = self.builder.case.value_at(*self.path, "min_load")
            what = "a plant of unlimited capacity cannot have a minimum load"
            self.builder.findings.error(position, what, "state its capacity, or use `run: {min: …}`")
            return 0.0
        return self.capacity * self.plant.availability * share

    def _contradiction(self) -> None:
        low, high = (self.builder.origins[row] for row in (self.lower_origin, self.upper_origin))
        what = (
            f"plant `{self.path[-1]}` must run at least {self.lower:.6g} {self.unit}/a "
            f"but can run at most {self.upper:.6g} {self.unit}/a ({high.path.rsplit('.', 1)[-1]} at {high.position})"
        )
        self.builder.findings.error(low.position, what, "mend one of the two lines")


def _check_scenarios(case: Case, indicators: set[str], findings: Findings) -> None:
    known = ["base", *case.scenarios]
    for name, expectation in case.expectations.items():
        if name not in known:
            position = case.key_at("expect", name)
            findings.error(position, f"there is no scenario `{name}`", nearest(name, known))
        for indicator in expectation.indicators:
            if indicator not in indicators:
                position = case.key_at("expect", name, "indicators", indicator)
                findings.error(position, f"unknown indicator `{indicator}`", nearest(indicator, indicators))


def _table(kind: type[T], rows: _Rows) -> T:
    """Make a table whose fields are all in the rows: texts stay tuples, floats floats, the rest row numbers."""
    made: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]  # every table is a dataclass
        annotation = str(item.type)
        if annotation.startswith("tuple"):
            made[item.name] = rows.tuple(item.name)
        elif annotation == "Floats":
            made[item.name] = rows.floats(item.name)
        else:
            made[item.name] = rows.ints(item.name)
    return kind(**made)

