"""Layers: what a flow weighs in mass, an element, energy, carbon or money; what a case cannot support is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.norms import HEAT
from ..flows.problems import Findings
from ..flows.recipes import MaterialFacts, material_facts
from ..flows.tables import Floats, Ints
from ..flows.units import QuantityError
from ..reports.flows import FATES, FlowTable
from ..reports.result import Result
from .words import Language, words

COMMON = frozenset({"H", "O", "N", "C", "inert"})
"""elements that are no layer of their own: carbon has one, the others tell little"""
ELEMENTS = 5
"""elements shown, those that flow most"""
RESIDUES = ("byproduct", "waste")
FATE_OF = {"purchase": "bought", "sale": "sold", "disposal": "discarded", "receipt": "discarded"}
"""what the items of revenue and cost that are deals did with the material"""


@dataclass(frozen=True, eq=False)
class Layer:
    """One way to weigh all flows of an answer."""

    key: str
    """mass, energy, carbon, money, or the symbol of an element"""
    name: str
    unit: str
    value: Floats
    """(k,) what each kind of flow of the table weighs over all periods with their weights, units of the layer"""
    note: str
    """what it counts and what it cannot count"""


def layers(case: Case, result: Result, language: Language) -> list[Layer]:
    """Return the layers that an answer supports, mass first.

    Raises ValueError where there is no answer.
    """
    flows, network = result.flows, result.network
    if flows is None:
        raise ValueError("an answer that is not optimal has no flows")
    totals = network.periods.weight @ flows.value
    material = network.nodes.material[flows.node]
    known = [material_facts(case, text.id, Findings()) for text in network.materials.label]
    mass = np.array([facts.mass if facts and facts.mass else 0.0 for facts in known])
    tonnes = totals * mass[material]
    found = [Layer("mass", words("mass", language), "t", tonnes, words("mass_note", language))]
    residue = np.isin(network.materials.kind, RESIDUES)[material]
    found.append(
        Layer("residues", words("residues", language), "t", tonnes * residue, words("residues_note", language))
    )
    heat = heating_values(case, network)
    if (heat != 0).any():
        found.append(
            Layer("energy", words("energy", language), "GJ", totals * heat[material], words("energy_note", language))
        )
    found += _elements(known, tonnes, material, language)
    found += _money(result, flows, language)
    return [layer for layer in found if np.abs(layer.value).max(initial=0.0) > 0]


def heating_values(case: Case, network: Network) -> Floats:
    """Return the energy of each material by its property `heating_value`, GJ per unit; 0 where none is stated."""
    values = []
    for text, unit in zip(network.materials.label, network.materials.unit, strict=True):
        block = case.materials.get(text.id)
        stated = block.properties.get(HEAT) if block else None
        try:
            values.append(stated.value.to(f"GJ/{unit}") if stated else 0.0)
        except QuantityError:
            values.append(0.0)  # a property of another kind that has the same name
    return np.array(values)


def _elements(known: list[MaterialFacts | None], tonnes: Floats, material: Ints, language: Language) -> list[Layer]:
    """Return carbon, and the other elements that flow most."""
    made_of = [dict(facts.composition.elements) if facts and facts.composition else {} for facts in known]
    covered = np.array([1.0 - facts.composition.unknown if facts and facts.composition else 0.0 for facts in known])
    total = float(np.abs(tonnes).sum())
    unknown = 1.0 - float((np.abs(tonnes) * covered[material]).sum()) / total if total else 0.0
    found = {}
    for symbol in sorted({symbol for parts in made_of for symbol in parts}):
        content = np.array([parts.get(symbol, 0.0) for parts in made_of])
        found[symbol] = tonnes * content[material]
    note = words("element_note", language).format(unknown=f"{max(unknown, 0.0):.1%}")
    most = sorted((symbol for symbol in found if symbol not in COMMON), key=lambda s: (-np.abs(found[s]).sum(), s))
    chosen = [Layer("carbon", words("carbon", language), "t", found["C"], note)] if "C" in found else []
    return chosen + [
        Layer(symbol, words("element", language).format(symbol=symbol), "t", found[symbol], note)
        for symbol in most[:ELEMENTS]
    ]


def _money(result: Result, flows: FlowTable, language: Language) -> list[Layer]:
    """Return what flows are worth: at the prices of the market where they cross it, at shadow prices within."""
    network = result.network
    priced = prices_paid(result, flows)
    inner = shadow_prices(result)
    within = inner[:, flows.node] if inner is not None else np.zeros(flows.value.shape)
    worth = np.where(np.isnan(priced), within, np.nan_to_num(priced))
    value = network.periods.weight @ (flows.value * worth)
    note = words("money_note" if inner is not None else "money_note_outside", language)
    return [Layer("money", words("money", language), network.money, value, note)]


def shadow_prices(result: Result) -> Floats | None:
    """Return what a unit is worth at each balance, (T, nodes), money; None where profit or cost is not the goal."""
    network = result.network
    sign = {("profit", True): 1.0, ("cost", False): -1.0}.get((result.objective, result.maximise))
    if sign is None or result.goal.unit != network.money:
        return None
    return sign * result.prices.value.T


def prices_paid(result: Result, flows: FlowTable) -> Floats:
    """Return the mean price of each deal over all periods, (k,), money per unit; nan for what is no deal.

    It is what the accounts booked for it (`reports.money`), so amount times price adds up to revenue and cost.
    """
    network, dealt = result.network, np.flatnonzero(flows.offer >= 0).tolist()
    booked: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for item in result.money.rows if result.money else ():
        if item.item in FATE_OF:
            sign = -1.0 if item.item == "receipt" else 1.0
            booked[item.park, item.company, item.thing.id, FATE_OF[item.item]] += sign * item.value
    keys, amounts = {}, dict.fromkeys(booked, 0.0)
    for kind in dealt:
        node = int(flows.node[kind])
        company, material = int(network.nodes.company[node]), int(network.nodes.material[node])
        place = (network.parks[network.companies.park[company]].id, network.companies.label[company].id)
        keys[kind] = (*place, network.materials.label[material].id, FATES[flows.fate[kind]])
        if keys[kind] in amounts:
            amounts[keys[kind]] += float(network.periods.weight @ flows.value[:, kind])
    prices = np.full(len(flows.fate), np.nan)
    for kind, key in keys.items():
        prices[kind] = booked[key] / amounts[key] if amounts.get(key) else 0.0
    return prices
