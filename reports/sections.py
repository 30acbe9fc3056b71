"""The parts of an explanation: limits, materials, plants, offers and policies of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.tables import Floats, OfferKind
from ..flows.wording import Saying, lower, named
from ..models.coverage import policy_unit
from ..models.policy import policy_values
from ..models.program import Program
from ..solver.sensitivity import Direction, Sensitivity, Slope
from ..solver.session import Session
from ..solver.sides import GROWTH, POLICY
from ..solver.solution import Solution, SolveOptions
from ..solver.uniqueness import face
from .explained_flows import material_flows, offer_flows, run_flow
from .figures import amount, figure, share
from .limits import goal_words
from .subjects import Subject, forced_deal, forced_run, offer_path, supply
from .worth import DONE, Priced, gain_words, money, priced_lever, priced_supply
from .worth_phrases import answer_phrases

TOP, FEW, MANY = 5, 3, 24
"""limits and materials told where nothing is asked for; limits of a large program; limits of one thing at most"""
LARGE = 50_000
"""columns of a large program, in which a price takes seconds"""
IDLE = 1e-9
"""largest share of a flow scale that counts as standing still, 1"""
BINDS = 1e-9
"""duals below this share of the largest are rounding, 1"""
tell = answer_phrases.tell
MONEY_GOALS = ("profit", "value_added", "revenue", "cost")


@dataclass(frozen=True)
class Flow:
    """A flow of the answer, and between what it could be at the same objective."""

    what: Saying
    value: float
    least: float
    most: float
    unit: str

    @property
    def words(self) -> Saying:
        """The flow in words."""
        value = amount(self.value, self.unit)
        if self.most - self.least <= 1e-6 * max(abs(self.most), abs(self.least)):
            return tell("flow", what=self.what, value=value)
        ends = {"least": amount(self.least, self.unit), "most": amount(self.most, self.unit)}
        return tell("flow_range", what=self.what, value=value, **ends)


@dataclass(frozen=True)
class Section:
    """What is said about one thing."""

    title: Saying
    priced: tuple[Priced, ...] = ()
    notes: tuple[Saying, ...] = ()
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
        notes = () if priced else (tell("none_binds"),)
        sections = [Section(tell("binds_hardest"), priced, notes)]
        return [*sections, Section(tell("residues_matter"), supplies)] if supplies else sections

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
        at = network.plants.label[plant] if plant >= 0 else park if owner.id == park.id else owner
        spread = tell("spread") if len(network.periods.id) > 1 else Saying("")
        when = spread if period is None else tell("in_period", period=network.periods.id[period])
        text, unit = named(network.materials.label[material]), network.materials.unit[material]
        place = str(network.origins[int(network.nodes.origin[node])].position)
        path = f"{park.id}.{network.materials.label[material].id}"
        what = tell("supply", material=text, place=named(at), when=when)
        return priced_supply(self.case, network, found, number, what, unit, place, path)

    def _material(self, subject: Subject) -> Section:
        priced = self._supplies(list(subject.nodes))
        offers = self._offers(subject)
        return Section(
            subject.title, (*priced, *offers.priced), offers.notes,
            self._flows(material_flows(self.network, self.program, subject)),
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
            levers = [lever for offer in subject.offers for lever in self._under(found, offer_path(network, offer))]
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in levers)
        flows = () if subject.nodes else self._flows(offer_flows(network, self.program, subject.offers))
        return Section(subject.title, priced, tuple(notes), flows)

    def _dealt(self) -> Floats:
        """Amount of each offer over all periods, (offers,)."""
        network = self.network
        deals = network.periods.weight @ self.program.column_view("deal", self.x)
        offer = network.steps.offer[network.deals.step]
        return np.bincount(offer, deals, minlength=len(network.offers.kind)).astype(float)

    def _idle_offer(self, offer: int, slope: Slope | None) -> Saying:
        network = self.network
        kind = OfferKind(int(network.offers.kind[offer]))
        material = int(network.offers.material[offer])
        text, unit = named(network.materials.label[material]), network.materials.unit[material]
        step = int(np.flatnonzero(network.steps.offer == offer)[0])
        price = float(network.steps.price[:, step].mean())
        place = str(network.origins[int(network.steps.origin[step])].position)
        per = f"{network.money}/{unit}"
        head = tell("not_done", material=text, done=tell(DONE[kind]), price=f"{figure(price)} {per}", where=place)
        if slope is None:
            return tell("cannot", head=head)
        loss = -slope.value if network.goal.maximise else slope.value
        if not self._in_money():
            return tell("each", head=head, unit=unit, effect=gain_words(network, slope.value))
        if loss <= BINDS * abs(price):
            return tell("could", head=head)
        limit = price + loss if kind == OfferKind.SELL else price - loss
        if limit < 0 and kind != OfferKind.SELL:
            return tell("paid_more", head=head, price=f"{figure(-limit)} {per}")
        return tell("above" if kind == OfferKind.SELL else "below", head=head, price=f"{figure(limit)} {per}")

    def _in_money(self) -> bool:
        """The objective is money, so that a price can make up for it."""
        goal = self.network.goal
        known = [self.network.indicators.label[row].id for row in goal.indicator.tolist()]
        return len(known) == 1 and known[0] in MONEY_GOALS and known[0] != "revenue" and not goal.worst

    def _plant(self, plant: int) -> Section:
        network, plants = self.network, self.network.plants
        text, unit = named(plants.label[plant]), network.materials.unit[int(plants.reference[plant])]
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
            notes.append(tell("no_plant_limit", plant=text, amount=amount(total, unit)))
        flows = self._flows([run_flow(network, self.program, plant)])
        return Section(text, priced, tuple(notes), flows, () if stands else tuple(self._values(plant)))

    def _idle_plant(self, plant: int, slope: Slope | None) -> Saying:
        """Say what a forced unit of run would cost, and at which price of what is sold it would run."""
        network = self.network
        text = named(network.plants.label[plant])
        unit = network.materials.unit[int(network.plants.reference[plant])]
        place = str(network.origins[int(network.plants.origin[plant])].position)
        head = tell("still", plant=text, where=place)
        if slope is None:
            return tell("cannot_run", head=head)
        loss = -slope.value if network.goal.maximise else slope.value
        if loss <= BINDS * abs(self.solution.objective or 0.0) / max(1.0, self.program.flow_scale) and loss < 1e-6:
            return tell("could_run", head=head)
        said = tell("each_run", head=head, unit=unit, effect=gain_words(network, slope.value))
        if not self._in_money():
            return said
        made_up = self._dearer(plant, slope)
        cheaper = {"said": said, "unit": unit, "loss": money(loss, network.goal.unit)}
        if made_up is None:
            return tell("would_run", **cheaper)
        material, price, moved = made_up
        name, of = named(network.materials.label[material]), network.materials.unit[material]
        needed = f"{figure(price + loss / abs(moved))} {network.money}/{of}"
        key = "would_run_sold" if moved > 0 else "would_run_bought"
        return tell(key, material=name, needed=needed, price=figure(price), **cheaper)

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
            text, unit = named(network.materials.label[material]), network.materials.unit[material]
            yield self._row(text, moved, unit, sign * value)
        paid = network.plants.variable_cost[plant]
        if self._in_money() and paid:
            yield self._row(tell("variable"), None, "", -float(paid))
        left = sum(sign * value for _, value in parts.values()) - (float(paid) if self._in_money() else 0.0)
        yield self._row(tell("left"), None, "", left)

    def _row(self, what: Saying, moved: float | None, unit: str, value: float) -> dict[str, Any]:
        return {"what": what, "amount": moved, "unit": unit, "value": value, "value_unit": self.network.goal.unit}

    def _policy(self, policy: int) -> Section:
        network, name = self.network, self.network.policies.id[policy]
        of, per = policy_values(network, self.program, self.x)[1][:, policy]
        unit = policy_unit(network, policy)
        value = float(of / per) if per else None
        figured = "" if value is None else share(value) if unit == "1" else amount(value, unit)
        notes = [tell("counts" if figured else "counts_nothing", name=name, value=figured)]
        price = float(network.policies.price[policy])
        if price:
            paid = f"{figure(abs(price))} {network.money}/{unit}"
            notes.append(tell("charges" if price > 0 else "pays", name=name, price=paid))
        with self._open([]) as found:
            binding = self._under(found, f"policies.{name}")
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in binding)
        bounded = np.isfinite([network.policies.lower[policy], network.policies.upper[policy]]).any()
        if bounded and not priced:
            notes.append(tell("no_bound"))
        return Section(tell("policy_named", name=name), priced, tuple(dict.fromkeys(notes)))

    def _fields(self, subject: Subject) -> Section:
        network = self.network
        with self._open([]) as found:
            levers = self._under(found, subject.fields)
            priced = tuple(priced_lever(self.case, network, found, lever) for lever in levers)
        what = lower(goal_words(network))
        notes = () if priced else (tell("nothing_at", path=subject.fields, target=what),)
        return Section(subject.title, priced, notes)

    def _flows(self, asked: list[tuple[Saying, str, Floats]]) -> tuple[Flow, ...]:
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
