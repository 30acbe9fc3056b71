"""The parts of an explanation: limits, materials, plants, offers and policies of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.tables import Floats, OfferKind
from ..models.coverage import policy_unit
from ..models.policy import policy_values
from ..models.program import Program
from ..solver.sensitivity import Direction, Sensitivity, Slope
from ..solver.session import Session
from ..solver.sides import GROWTH, POLICY
from ..solver.solution import Solution, SolveOptions
from ..solver.uniqueness import face
from .figures import amount, figure, share
from .limits import goal_words
from .subjects import Subject, forced_deal, forced_run, supply
from .worth import Priced, gain_words, money, priced_lever, priced_supply

TOP, FEW, MANY = 5, 3, 24
"""limits and materials told where nothing is asked for; limits of a large program; limits of one thing at most"""
LARGE = 50_000
"""columns of a large program, in which a price takes seconds"""
IDLE = 1e-9
"""largest share of a flow scale that counts as standing still, 1"""
BINDS = 1e-9
"""duals below this share of the largest are rounding, 1"""
MONEY_GOALS = ("profit", "value_added", "revenue", "cost")


@dataclass(frozen=True)
class Flow:
    """A flow of the answer, and between what it could be at the same objective."""

    what: str
    value: float
    least: float
    most: float
    unit: str

    @property
    def words(self) -> str:
        """The flow in words."""
        said = f"{self.what} {amount(self.value, self.unit)}"
        if self.most - self.least <= 1e-6 * max(abs(self.most), abs(self.least)):
            return said
        return f"{said}, anything from {amount(self.least, self.unit)} to {amount(self.most, self.unit)} is as good"


@dataclass(frozen=True)
class Section:
    """What is said about one thing."""

    title: str
    priced: tuple[Priced, ...] = ()
    notes: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()
    table: tuple[dict[str, Any], ...] = field(default=())
    """value of what a plant makes and uses, per unit of its run"""

    def as_object(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "title": self.title,
            "worth": [item.as_object() for item in self.priced],
            "notes": list(self.notes),
            "flows": [{**asdict(flow), "sentence": flow.words} for flow in self.flows],
            "values": list(self.table),
        }


class Answer:
    """An optimal answer that can be asked about."""

    def __init__(
        self,
        case: Case,
        network: Network,
        program: Program,
        solution: Solution,
        session: Session,
        options: SolveOptions,
    ) -> None:
        assert solution.column_value is not None and solution.row_dual is not None
        self.case, self.network, self.program = case, network, program
        self.solution, self.session, self.options = solution, session, options
        self.x: Floats = solution.column_value
        balance = program.row_view("balance", solution.row_dual)
        self.worth: Floats = -balance / network.periods.weight[:, None]
        """(T, nodes) shadow price of each balance as the solver says it"""

    def sections(self, subject: Subject | None) -> list[Section]:
        """Return what there is to say: about what is asked for, or about what binds hardest."""
        if subject is None:
            return self._top()
        return [
            *([self._material(subject)] if subject.nodes else []),
            *(self._plant(plant) for plant in subject.plants),
            *([self._offers(subject)] if subject.offers and not subject.nodes else []),
            *(self._policy(policy) for policy in subject.policies),
            *([self._fields(subject)] if subject.fields and not (subject.offers or subject.policies) else []),
        ]

    def _open(self, directions: list[Direction]) -> Sensitivity:
        return Sensitivity(self.network, self.program, self.solution, directions, self.options)

    def _top(self) -> list[Section]:
        """What binds hardest, and the by-products that matter most; of a large program fewer, and limits only."""
        large = self.program.columns > LARGE
        nodes = [] if large else self._top_nodes()
        with self._open([supply(self.network, self.program, node) for node in nodes]) as found:
            priced = self._top_limits(found, FEW if large else TOP)
            supplies = tuple(self._supply(found, number, node, None) for number, node in enumerate(nodes))
        notes = () if priced else ("Nothing binds: no limit would be worth moving",)
        sections = [Section("What binds hardest", priced, notes)]
        return [*sections, Section("By-products and wastes that matter most", supplies)] if supplies else sections

    def _top_limits(self, found: Sensitivity, most: int) -> tuple[Priced, ...]:
        """The limits that are worth most per cent of themselves."""
        duals, levers = np.abs(found.duals()), found.levers
        shares = np.isin(np.array(levers.block, str), ("share", "blend", *POLICY, *GROWTH))
        amounts = duals / found.program.flow_scale * levers.size
        weight = np.where(levers.relative, duals, np.where(shares, amounts, 0.0))
        order = np.argsort(-weight, kind="stable")[:most]
        binding = [int(k) for k in order if weight[k] > BINDS * max(weight.max(initial=0.0), 1e-300)]
        return tuple(priced_lever(self.case, self.network, found, lever) for lever in binding)

    def _top_nodes(self) -> list[int]:
        """Balances of by-products and wastes whose next tonne is worth most, times what is made of them."""
        nodes, kinds = self.network.nodes, self.network.materials.kind
        value = np.abs(self.worth * self._made()).sum(axis=0)
        residue = np.array([kinds[material] in ("byproduct", "waste") for material in nodes.material.tolist()], bool)
        value = value * residue
        return [int(node) for node in np.argsort(-value, kind="stable")[:TOP] if value[node] > 0]

    def _under(self, found: Sensitivity, path: str) -> list[int]:
        """Levers on lines at or below a path that bind."""
        inside = [f"{origin.path}.".startswith(f"{path}.") for origin in self.network.origins]
        duals = np.abs(found.duals())
        binds = np.array(inside, bool)[found.levers.origin] & (duals > BINDS * duals.max(initial=0.0))
        return [int(lever) for lever in np.flatnonzero(binds)[:MANY]]

    def _made(self) -> Floats:
        """What is made at each node, (T, nodes)."""
        entries, more, made = self.network.entries, self.network.option_entries, np.zeros_like(self.worth)
        run, fill = self.program.column_view("run", self.x), self.program.column_view("fill", self.x)
        for place, amounts in (
            (entries.node, run[:, entries.plant] * np.maximum(entries.amount, 0.0)),
            (more.node, fill[:, more.option] * np.maximum(more.amount, 0.0)),
        ):
            np.add.at(made.T, place, amounts.T)
        return made

    def _supplies(self, nodes: list[int]) -> tuple[Priced, ...]:
        """What one more and one less of a material at each node is worth, in all periods or in each of a few."""
        periods = self.network.periods.id
        asked: list[tuple[int, int | None]] = [(node, None) for node in nodes]
        if 1 < len(periods) <= 12 and len(nodes) <= 2:
            asked += [(node, t) for node in nodes for t in range(len(periods))]
        with self._open([supply(self.network, self.program, node, t) for node, t in asked]) as found:
            return tuple(self._supply(found, number, node, t) for number, (node, t) in enumerate(asked))

    def _supply(self, found: Sensitivity, number: int, node: int, period: int | None) -> Priced:
        network = self.network
        company = int(network.nodes.company[node])
        material = int(network.nodes.material[node])
        park = network.parks[int(network.companies.park[company])]
        owner = network.companies.label[company]
        plant = int(network.nodes.plant[node])
        at = network.plants.label[plant].en if plant >= 0 else park.en if owner.id == park.id else owner.en
        spread = ", spread evenly" if len(network.periods.id) > 1 else ""
        when = spread if period is None else f" in period {network.periods.id[period]}"
        text, unit = network.materials.label[material].en, network.materials.unit[material]
        place = str(network.origins[int(network.nodes.origin[node])].position)
        path = f"{park.id}.{network.materials.label[material].id}"
        return priced_supply(self.case, network, found, number, f"{text} at {at}{when}", unit, place, path)

    def _material(self, subject: Subject) -> Section:
        priced = self._supplies(list(subject.nodes))
        offers = self._offers(subject)
        return Section(
            subject.title, (*priced, *offers.priced), offers.notes,
            self._flows(_material_flows(self.network, self.program, subject)),
        )  # fmt: skip

    def _offers(self, subject: Subject) -> Section:
        """What each offer does, and the price at which an idle one would be used."""
        network = self.network
        dealt = self._dealt()
        idle = [offer for offer in subject.offers if dealt[offer] <= IDLE * self.program.flow_scale]
        notes = []
        with self._open([forced_deal(network, self.program, offer) for offer in idle]) as found:
            for number, offer in enumerate(idle):
                notes.append(self._idle_offer(offer, found.direction(number).more))
            levers = [lever for offer in subject.offers for lever in self._under(found, _offer_path(network, offer))]
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in levers)
        flows = () if subject.nodes else self._flows(_offer_flows(network, self.program, subject.offers))
        return Section(subject.title, priced, tuple(notes), flows)

    def _dealt(self) -> Floats:
        """Amount of each offer over all periods, (offers,)."""
        network = self.network
        deals = network.periods.weight @ self.program.column_view("deal", self.x)
        offer = network.steps.offer[network.deals.step]
        return np.bincount(offer, deals, minlength=len(network.offers.kind)).astype(float)

    def _idle_offer(self, offer: int, slope: Slope | None) -> str:
        network = self.network
        kind = OfferKind(int(network.offers.kind[offer]))
        material = int(network.offers.material[offer])
        text, unit = network.materials.label[material].en, network.materials.unit[material]
        step = int(np.flatnonzero(network.steps.offer == offer)[0])
        price = float(network.steps.price[:, step].mean())
        place = str(network.origins[int(network.steps.origin[step])].position)
        done = {OfferKind.BUY: "bought", OfferKind.SELL: "sold", OfferKind.DISCARD: "discarded"}[kind]
        head = f"{text} is not {done} at {figure(price)} {network.money}/{unit} ({place})"
        if slope is None:
            return f"{head}, and cannot be"
        loss = -slope.value if network.goal.maximise else slope.value
        if not self._in_money():
            return f"{head}: each {unit} {gain_words(network, slope.value)}"
        if loss <= BINDS * abs(price):
            return f"{head}, but could be: it would change nothing"
        limit = price + loss if kind == OfferKind.SELL else price - loss
        way = "above" if kind == OfferKind.SELL else "below"
        if limit < 0 and kind != OfferKind.SELL:
            return f"{head}: it would be if somebody paid more than {figure(-limit)} {network.money}/{unit} for that"
        return f"{head}: it would be {way} {figure(limit)} {network.money}/{unit}"

    def _in_money(self) -> bool:
        """The objective is money, so that a price can make up for it."""
        goal = self.network.goal
        known = [self.network.indicators.label[row].id for row in goal.indicator.tolist()]
        return len(known) == 1 and known[0] in MONEY_GOALS and known[0] != "revenue" and not goal.worst

    def _plant(self, plant: int) -> Section:
        network, plants = self.network, self.network.plants
        text, unit = plants.label[plant].en, network.materials.unit[int(plants.reference[plant])]
        run = self.program.column_view("run", self.x)[:, plant]
        total = float(network.periods.weight @ run)
        stands = float(run.max(initial=0.0)) <= IDLE * self.program.flow_scale
        origin = network.origins[int(plants.origin[plant])]
        path = ".".join(origin.path.split(".")[:4])
        with self._open([forced_run(network, self.program, plant)] if stands else []) as found:
            levers = self._under(found, path)
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in levers)
            notes = [self._idle_plant(plant, found.direction(0).more)] if stands else []
        if not stands and not priced:
            said = "none of its limits binds: more of them is worth nothing"
            notes.append(f"{text} runs at {amount(total, unit)}; {said}")
        flows = self._flows([_run_flow(network, self.program, plant)])
        return Section(text, priced, tuple(notes), flows, () if stands else tuple(self._values(plant)))

    def _idle_plant(self, plant: int, slope: Slope | None) -> str:
        """Say what a forced unit of run would cost, and at which price of what is sold it would run."""
        network = self.network
        text = network.plants.label[plant].en
        unit = network.materials.unit[int(network.plants.reference[plant])]
        place = str(network.origins[int(network.plants.origin[plant])].position)
        head = f"{text} stands still ({place})"
        if slope is None:
            return f"{head} and cannot run: something that it needs cannot be had, or what it makes cannot go"
        loss = -slope.value if network.goal.maximise else slope.value
        if loss <= BINDS * abs(self.solution.objective or 0.0) / max(1.0, self.program.flow_scale) and loss < 1e-6:
            return f"{head}, but could run: it would change nothing"
        said = f"{head}: each {unit} of run {gain_words(network, slope.value)}"
        if not self._in_money():
            return said
        made_up = self._dearer(plant, slope)
        cheaper = f"if a {unit} of run cost {money(loss, network.goal.unit)} less"
        if made_up is None:
            return f"{said}; it would run {cheaper}"
        material, price, moved = made_up
        name, of = network.materials.label[material].en, network.materials.unit[material]
        needed = f"{figure(price + loss / abs(moved))} {network.money}/{of} (now {figure(price)})"
        verb = "sold above" if moved > 0 else "could only be bought above"
        return f"{said}; it would run if {name} {verb} {needed}, all else as it is, or {cheaper}"

    def _dearer(self, plant: int, slope: Slope) -> tuple[int, float, float] | None:
        """Return what a plant makes of which a run sells more or buys less: the material, its price and the change."""
        network = self.network
        changes = network.periods.weight @ slope.deals
        offer = network.steps.offer[network.deals.step]
        kinds, material = network.offers.kind[offer], network.offers.material[offer]
        price = network.steps.price[:, network.deals.step].mean(axis=0)
        helps = np.where(kinds == OfferKind.SELL, changes, np.where(kinds == OfferKind.BUY, -changes, 0.0))
        helps = np.where(helps > 1e-9, helps * np.abs(price), 0.0)
        entries = network.entries
        made = network.nodes.material[entries.node[(entries.plant == plant) & (entries.amount > 0)]]
        helps = np.where(np.isin(material, made), helps, 0.0)
        order = np.argsort(-helps, kind="stable")
        if not len(order) or helps[order[0]] <= 0:
            return None
        best = int(order[0])
        same = (material == material[best]) & (kinds == kinds[best])
        return int(material[best]), float(price[best]), float(changes[same].sum())

    def _values(self, plant: int) -> Iterator[dict[str, Any]]:
        """What a unit of run makes and uses, at the shadow prices of the answer (means over its run)."""
        network = self.network
        run = self.program.column_view("run", self.x)[:, plant] * network.periods.weight
        total = float(run.sum())
        fill = network.periods.weight[:, None] * self.program.column_view("fill", self.x)
        parts: dict[int, list[float]] = {}

        def add(node: int, moved: Floats) -> None:
            known = parts.setdefault(node, [0.0, 0.0])
            known[0] += float(moved.sum()) / total
            known[1] += float(moved @ self.worth[:, node]) / total

        entries, options, more = network.entries, network.options, network.option_entries
        for entry in np.flatnonzero(entries.plant == plant).tolist():
            add(int(entries.node[entry]), run * entries.amount[entry])
        mine = network.slots.plant[options.slot] == plant
        for option in np.flatnonzero(mine).tolist():
            add(int(options.node[option]), -fill[:, option])
        for entry in np.flatnonzero(mine[more.option]).tolist() if len(more.option) else []:
            add(int(more.node[entry]), fill[:, more.option[entry]] * more.amount[entry])
        sign = 1.0 if network.goal.maximise else -1.0
        for node, (moved, value) in sorted(parts.items(), key=lambda item: -abs(item[1][1])):
            material = int(network.nodes.material[node])
            text, unit = network.materials.label[material].en, network.materials.unit[material]
            yield self._row(text, moved, unit, sign * value)
        paid = network.plants.variable_cost[plant]
        if self._in_money() and paid:
            yield self._row("variable cost", None, "", -float(paid))
        left = sum(sign * value for _, value in parts.values()) - (float(paid) if self._in_money() else 0.0)
        yield self._row("left for the capacity and other limits", None, "", left)

    def _row(self, what: str, moved: float | None, unit: str, value: float) -> dict[str, Any]:
        return {"what": what, "amount": moved, "unit": unit, "value": value, "value_unit": self.network.goal.unit}

    def _policy(self, policy: int) -> Section:
        network, name = self.network, self.network.policies.id[policy]
        of, per = policy_values(network, self.program, self.x)[1][:, policy]
        unit = policy_unit(network, policy)
        value = float(of / per) if per else None
        said = "has no value" if value is None else f"is {share(value) if unit == '1' else amount(value, unit)}"
        notes = [f"what policy {name} counts {said}"]
        price = float(network.policies.price[policy])
        if price:
            verb = "charges" if price > 0 else "pays"
            notes.append(f"policy {name} {verb} {figure(abs(price))} {network.money}/{unit}")
        with self._open([]) as found:
            binding = self._under(found, f"policies.{name}")
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in binding)
        bounded = np.isfinite([network.policies.lower[policy], network.policies.upper[policy]]).any()
        if bounded and not priced:
            notes.append("no bound of it binds")
        return Section(f"policy {name}", priced, tuple(dict.fromkeys(notes)))

    def _fields(self, subject: Subject) -> Section:
        network = self.network
        with self._open([]) as found:
            levers = self._under(found, subject.fields)
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in levers)
        what = goal_words(network).lower()
        notes = () if priced else (f"nothing at `{subject.fields}` binds: moving it would not change {what}",)
        return Section(subject.title, priced, notes)

    def _flows(self, asked: list[tuple[str, str, Floats]]) -> tuple[Flow, ...]:
        """Flows (n,) weighed by vectors, and their ends on the optimal face; whole numbers stay as they are."""
        found = []
        values = [float(weight @ self.x) for _, _, weight in asked]
        ends = [(value, value) for value in values]
        if not self.program.is_integer:
            with face(self.program, self.solution, self.session, boxed=False):
                ends = [self._ends(weight, value) for (_, _, weight), value in zip(asked, values, strict=True)]
        for (what, unit, _), value, (least, most) in zip(asked, values, ends, strict=True):
            if max(abs(value), abs(least), abs(most)) > IDLE * self.program.flow_scale:
                found.append(Flow(what, value, least, most, unit))
        return tuple(found)

    def _ends(self, weight: Floats, value: float) -> tuple[float, float]:
        """Least and largest value of a flow among the best answers."""
        ends = [value]
        sense = -1.0 if self.program.maximise else 1.0
        for sign in (1.0, -1.0):
            self.session.change_costs(sense * sign * weight)
            end = self.session.solve()
            ends.append(value if end.column_value is None else float(weight @ end.column_value))
        return min(ends), max(ends)


def _offer_path(network: Network, offer: int) -> str:
    park = network.parks[int(network.offers.park[offer])].id
    material = network.materials.label[int(network.offers.material[offer])].id
    return f"parks.{park}.{OfferKind(int(network.offers.kind[offer])).name.lower()}.{material}"


def _weights(network: Network, program: Program, name: str, index: list[int], factor: list[float]) -> Floats:
    """Vector (n,) that adds up some columns of a block over all periods."""
    vector = np.zeros(program.columns)
    program.column_view(name, vector)[:, index] += network.periods.weight[:, None] * np.array(factor)
    return vector


def _run_flow(network: Network, program: Program, plant: int) -> tuple[str, str, Floats]:
    unit = network.materials.unit[int(network.plants.reference[plant])]
    text = network.plants.label[plant].en
    return f"run of {text}", unit, _weights(network, program, "run", [plant], [1.0])


def _offer_flows(network: Network, program: Program, offers: tuple[int, ...]) -> list[tuple[str, str, Floats]]:
    found = []
    of = network.steps.offer[network.deals.step]
    done = {OfferKind.BUY: "bought", OfferKind.SELL: "sold", OfferKind.DISCARD: "discarded"}
    for offer in offers:
        deals = np.flatnonzero(of == offer).tolist()
        material = int(network.offers.material[offer])
        text, unit = network.materials.label[material].en, network.materials.unit[material]
        park = f" at {network.parks[int(network.offers.park[offer])].en}" if len(network.parks) > 1 else ""
        words = f"{text} {done[OfferKind(int(network.offers.kind[offer]))]}{park}"
        found.append((words, unit, _weights(network, program, "deal", deals, [1.0] * len(deals))))
    return found


def _material_flows(network: Network, program: Program, subject: Subject) -> list[tuple[str, str, Floats]]:
    """What each plant makes and uses of a material, and what is bought, sold and discarded."""
    unit = network.materials.unit[int(network.nodes.material[subject.nodes[0]])]
    vectors: dict[str, Floats] = {}

    def add(words: str, vector: Floats) -> None:
        vectors[words] = vectors[words] + vector if words in vectors else vector

    entries, options, more = network.entries, network.options, network.option_entries
    for entry in np.flatnonzero(np.isin(entries.node, subject.nodes)).tolist():
        plant, moved = int(entries.plant[entry]), float(entries.amount[entry])
        word = "made" if moved > 0 else "used"
        vector = _weights(network, program, "run", [plant], [abs(moved)])
        add(f"{word} by {network.plants.label[plant].en}", vector)
    for option in np.flatnonzero(np.isin(options.node, subject.nodes)).tolist():
        plant = int(network.slots.plant[int(options.slot[option])])
        vector = _weights(network, program, "fill", [option], [1.0])
        add(f"used by {network.plants.label[plant].en}", vector)
    for entry in np.flatnonzero(np.isin(more.node, subject.nodes)).tolist():
        option, moved = int(more.option[entry]), float(more.amount[entry])
        plant = int(network.slots.plant[int(options.slot[option])])
        word = "made" if moved > 0 else "used"
        vector = _weights(network, program, "fill", [option], [abs(moved)])
        add(f"{word} by {network.plants.label[plant].en}", vector)
    flows = [(words, unit, vector) for words, vector in vectors.items()]
    return [*flows, *_offer_flows(network, program, subject.offers)]
