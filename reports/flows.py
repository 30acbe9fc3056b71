"""Every flow of an answer: what became of each material, who did it, and that it adds up.

A flow is read off the same tables the program was made of: the activity of a column times its coefficient in a balance.
So the flows of a balance sum to the residual of its row, and nothing can be reported that the solver did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints, OfferKind
from ..models.assembly import add_up
from ..models.program import Program
from .result_phrases import flow_ends

INFLOWS = ("bought", "made", "received")
OUTFLOWS = ("used", "sold", "exchanged", "shipped", "discarded", "stored")
FATES = (*INFLOWS, *OUTFLOWS)
"""what becomes of a material; what comes in minus what goes out is zero in every balance. What is stored is the net
increase of a store, and negative where the store is drawn from; what a store loses is discarded"""

DEAL_FATES = {OfferKind.BUY: "bought", OfferKind.SELL: "sold", OfferKind.DISCARD: "discarded"}
LOST = flow_ends.tell("lost")
IDLE = 1e-9
"""flows below this share of the largest flow of their material are rounding and are not listed"""


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow as people read it."""

    park: str
    company: str
    material: str
    fate: str
    by: str
    """plant that makes or uses it, plant or company that trades it, company it is received from, route it goes by"""
    to: str
    """where it goes or comes from: a plant, a company, a park (`park.company` where they differ), a store, `market`,
    `disposal`, `environment`, `air or water`, `lost on the way`, `lost in store`"""
    period: str
    value: float
    """amount in the period, unit of the material"""
    unit: str
    unique: bool
    """the flow is the same in every optimal answer"""


@dataclass(frozen=True)
class FlowTable:
    """All flows of an answer as arrays: k kinds of flow, each in T periods."""

    network: Network
    fate: Ints
    """(k,) index into `FATES`"""
    node: Ints
    """(k,) balance the flow belongs to"""
    plant: Ints
    """(k,) plant that makes or uses it, or -1"""
    partner: Ints
    """(k,) the other node of an exchange or a shipment, or -1"""
    offer: Ints
    """(k,) offer of a deal, or -1"""
    route: Ints
    """(k,) route of a shipment, or -1"""
    store: Ints
    """(k,) store that it goes into or is lost from, or -1"""
    value: Floats
    """(T, k) amounts per occurrence of the period, unit of the material; only what is stored may be negative"""
    unique: Bools
    """(T, k) the same in every optimal answer"""

    def total(self, fate: str, material: int) -> float:
        """Return the amount of a material over all parks and periods, with the weights of the periods."""
        return float(self._totals[FATES.index(fate), material])

    @cached_property
    def _totals(self) -> Floats:
        """(fates, materials) amounts over all parks and periods."""
        network = self.network
        found = np.zeros((len(FATES), len(network.materials.unit)))
        np.add.at(found, (self.fate, network.nodes.material[self.node]), network.periods.weight @ self.value)
        return found

    def treated(self, material: int) -> float:
        """Return the part of `used` that goes to treatment."""
        network = self.network
        mine = (self.fate == FATES.index("used")) & (network.nodes.material[self.node] == material)
        mine &= np.append(network.plants.treatment, False)[self.plant]
        return float(network.periods.weight @ self.value[:, mine].sum(axis=1))

    @cached_property
    def rows(self) -> list[Flow]:
        """Flows that happen, in the order park, company, material, fate, period."""
        network, nodes = self.network, self.network.nodes
        material = nodes.material[self.node]
        size = np.abs(self.value)
        largest = np.zeros(len(network.materials.unit))
        np.maximum.at(largest, material, size.max(axis=0, initial=0.0))
        periods, kinds = np.nonzero(size > IDLE * np.maximum(largest[material], 1e-12))
        company = nodes.company[self.node]
        order = np.lexsort((periods, self.plant[kinds], self.fate[kinds], material[kinds], company[kinds]))
        periods, kinds = periods[order], kinds[order]
        known = [self._kind(kind) for kind in range(len(self.node))]
        name = network.periods.id
        amounts, unique = self.value[periods, kinds].tolist(), self.unique[periods, kinds].tolist()
        happened = zip(kinds.tolist(), periods.tolist(), amounts, unique, strict=True)
        return [Flow(*known[k][:6], name[t], value, known[k][6], sure) for k, t, value, sure in happened]

    def _kind(self, kind: int) -> tuple[str, str, str, str, str, str, str]:
        """Return what all flows of a kind share: park, company, material, fate, by, to and unit."""
        network = self.network
        node = int(self.node[kind])
        company = int(network.nodes.company[node])
        material = int(network.nodes.material[node])
        return (
            network.parks[network.companies.park[company]].id,
            network.companies.label[company].id,
            network.materials.label[material].id,
            FATES[self.fate[kind]],
            *self._parties(kind, node, company),
            network.materials.unit[material],
        )

    def _parties(self, kind: int, node: int, company: int) -> tuple[str, str]:
        network, fate = self.network, FATES[self.fate[kind]]
        own_plant = int(network.nodes.plant[node])
        owner = network.companies.label[company].id
        if own_plant >= 0:
            owner = network.plants.plant_id(own_plant)
        if self.plant[kind] >= 0:
            return network.plants.label[self.plant[kind]].id, owner if fate == "made" else ""
        if self.route[kind] >= 0:
            return self._along(kind, fate, owner)
        if self.partner[kind] >= 0:
            other = network.companies.label[network.nodes.company[self.partner[kind]]].id
            if fate == "discarded":
                return owner, LOST
            return (other, owner) if fate == "received" else (owner, other)
        if self.store[kind] >= 0:
            store = network.stores.label[self.store[kind]].id
            return (store, flow_ends.tell("lost_in_store")) if fate == "discarded" else (owner, store)
        return owner, self._outside(fate, int(self.offer[kind]))

    def _along(self, kind: int, fate: str, owner: str) -> tuple[str, str]:
        network, route = self.network, self.network.routes.label[self.route[kind]].id
        if fate != "shipped":
            return (route, owner) if fate == "received" else (owner, LOST)
        company = int(network.nodes.company[self.partner[kind]])
        park, name = network.parks[network.companies.park[company]].id, network.companies.label[company].id
        return route, park if park == name else f"{park}.{name}"

    def _outside(self, fate: str, offer: int) -> str:
        if self.network.offers.implicit[offer]:
            kind = self.network.materials.kind[self.network.offers.material[offer]]
            return flow_ends.tell("environment" if kind == "environment" else "air_or_water")
        return flow_ends.tell("disposal" if fate == "discarded" else "market")


def flow_table(network: Network, program: Program, x: Floats, loose: Bools) -> FlowTable:
    """Read the flows off the columns.

    Args:
        network: the case.
        program: its program.
        x: (n,) values of the columns, user units.
        loose: (n,) columns that differ between optimal answers.
    """
    parts = [
        *_recipe_flows(network, program, x, loose),
        _deal_flows(network, program, x, loose),
        *_exchange_flows(network, program, x, loose),
        *_shipment_flows(network, program, x, loose),
        *_store_flows(network, program, x, loose),
    ]
    joined = [np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)]
    # Price steps of one offer and repeated recipe lines are one flow to a reader.
    *places, values, marks = joined
    keys, kind = np.unique(np.stack(places).astype(np.int32), axis=1, return_inverse=True)
    shape = len(values), keys.shape[1]
    cell = (np.arange(shape[0])[:, None] * shape[1] + kind).ravel()
    value = add_up(cell, values.ravel(), shape[0] * shape[1]).reshape(shape)
    any_loose = np.zeros(shape, dtype=bool)
    any_loose.ravel()[cell[marks.ravel().astype(bool)]] = True
    fate, node, plant, partner, offer, route, store = keys
    return FlowTable(network, fate, node, plant, partner, offer, route, store, value, ~any_loose)


Part = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Floats, Bools]


def _part(fate: Ints, node: Ints, value: Floats, loose: Bools, **more: Ints) -> Part:
    nobody = np.full(len(node), -1, dtype=np.int32)
    plant, partner, offer, route, store = (
        more.get(key, nobody) for key in ("plant", "partner", "offer", "route", "store")
    )
    least = np.where(fate == FATES.index("stored"), -np.inf, 0.0)
    return fate, node, plant, partner, offer, route, store, np.maximum(value, least), loose


def _recipe_flows(network: Network, program: Program, x: Floats, loose: Bools) -> list[Part]:
    entries, options, extra = network.entries, network.options, network.option_entries
    run, run_loose = program.column_view("run", x), program.column_view("run", loose)
    fill, fill_loose = program.column_view("fill", x), program.column_view("fill", loose)
    filler = network.slots.plant[options.slot]
    every_fill = np.arange(len(options.node), dtype=np.int32)
    return [
        _made_or_used(entries.amount, entries.node, entries.plant, entries.plant, run, run_loose),
        _made_or_used(-np.ones(len(every_fill)), options.node, filler, every_fill, fill, fill_loose),
        _made_or_used(extra.amount, extra.node, filler[extra.option], extra.option, fill, fill_loose),
    ]


def _made_or_used(amount: Floats, node: Ints, plant: Ints, column: Ints, activity: Floats, loose: Bools) -> Part:
    fate = np.where(amount > 0, FATES.index("made"), FATES.index("used"))
    return _part(fate, node, np.abs(amount) * activity[:, column], loose[:, column], plant=plant)


def _deal_flows(network: Network, program: Program, x: Floats, loose: Bools) -> Part:
    offer = network.steps.offer[network.deals.step]
    codes = np.array([FATES.index(DEAL_FATES[kind]) for kind in OfferKind])
    amounts, marks = program.column_view("deal", x), program.column_view("deal", loose)
    return _part(codes[network.offers.kind[offer]], network.deals.node, amounts, marks, offer=offer)


def _exchange_flows(network: Network, program: Program, x: Floats, loose: Bools) -> list[Part]:
    """What is given arrives, less what is lost on the way, which the giver has discarded."""
    lanes = network.exchanges
    amounts, marks = program.column_view("exchange", x), program.column_view("exchange", loose)
    sent, received, lost = (
        np.full(len(lanes.source), FATES.index(fate)) for fate in ("exchanged", "received", "discarded")
    )
    arriving = amounts * (1.0 - lanes.loss)
    return [
        _part(sent, lanes.source, arriving, marks, partner=lanes.target),
        _part(received, lanes.target, arriving, marks, partner=lanes.source),
        _part(lost, lanes.source, amounts * lanes.loss, marks, partner=lanes.target),
    ]


def _shipment_flows(network: Network, program: Program, x: Floats, loose: Bools) -> list[Part]:
    """What arrives is shipped and received; what is lost on the way is discarded where it was sent."""
    table = network.shipments
    amounts, marks = program.column_view("ship", x), program.column_view("ship", loose)
    count, arrives = len(table.source), amounts * (1.0 - table.loss)
    sent, received, lost = (np.full(count, FATES.index(fate)) for fate in ("shipped", "received", "discarded"))
    return [
        _part(sent, table.source, arrives, marks, partner=table.target, route=table.route),
        _part(received, table.target, arrives, marks, partner=table.source, route=table.route),
        _part(lost, table.source, amounts * table.loss, marks, partner=table.target, route=table.route),
    ]


def _store_flows(network: Network, program: Program, x: Floats, loose: Bools) -> list[Part]:
    """What each store gains in each period, and what it loses of what was in it before."""
    stores = network.stores
    level, marks = program.column_view("level", x), program.column_view("level", loose)
    before = np.vstack([program.column_view("opening", x), level[:-1]])
    before_marks = np.vstack([program.column_view("opening", loose), marks[:-1]])
    every = np.arange(len(stores.node), dtype=np.int32)
    stored, lost = (np.full(len(every), FATES.index(fate)) for fate in ("stored", "discarded"))
    return [
        _part(stored, stores.node, level - before, marks | before_marks, store=every),
        _part(lost, stores.node, (1.0 - stores.keep) * before, before_marks, store=every),
    ]
