"""Products side by side: how much of each, and what is used for a unit of it where that can be told.

    specific energy of a product = (Σ f·taken in − Σ f·given out) / Σ product made

over the plants whose recipe is per unit of the product, the product itself left out of what is given out; f is what an
energy account counts for a unit that is bought (for GB/T 2589 the heating value). So energy of by-products is deducted,
as in the norms of processes. It is no account of the whole chain: what the inputs took to make is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from ..flows.network import Network
from ..flows.tables import Fate
from .answers import Answer, Key, Names
from .comparison import ProductRow
from .phrases import comparison_phrases
from .scale import Found, Scale, kind_of

PER_PRODUCT = ("energy", "carbon", "water", "waste")
"""kinds of totals that are stated per unit of the product of a park that sells one only"""
OTHERWISE = comparison_phrases.tell("otherwise")
CHANGING = comparison_phrases.tell("changing")
Side = dict[Key, tuple[float | None, str, bool | None]]


def product_rows(scale: Scale, names: Names) -> tuple[tuple[ProductRow, ...], tuple[str, ...]]:
    """Return the rows of every product that some side sells, park by park, and notes on what cannot be told."""
    flows = scale.flows()
    listed = scale.keys(flows)
    sold: dict[str, list[str]] = defaultdict(list)
    for (park, material, fate), least in listed:
        figures = scale.figures(flows, (park, material, fate))
        if fate == "sold" and names.kinds.get(material) == "product" and figures.largest_size > least:
            sold[park].append(material)
    rows: list[ProductRow] = []
    notes = []
    for park, products in sold.items():
        for product in products:
            rows += _amounts(scale, names, flows, park, product, dict(listed))
            rows += _own_plants(scale, names, park, product)
        if len(products) == 1:
            rows += _whole_park(scale, names, flows, park, products[0])
        else:
            notes.append(comparison_phrases.tell("products", park=park, count=len(products)))
    if not names.kinds:
        notes.append(comparison_phrases.tell("no_products"))
    return tuple(rows), tuple(notes)


def _amounts(
    scale: Scale,
    names: Names,
    flows: list[Found],
    park: str,
    product: str,
    least: dict[Key, float],
) -> Iterator[ProductRow]:
    for fate in ("made", "sold"):
        key = (park, product, fate)
        if key in least:
            yield ProductRow(park, product, names.material(product), fate, scale.figures(flows, key, least[key], park))


def _own_plants(scale: Scale, names: Names, park: str, product: str) -> Iterator[ProductRow]:
    """Specific energy of the plants that make a product, by every energy account that some side has."""
    for indicator in _energy(scale):
        found: list[Found] = []
        reason = ""
        for answer in scale.answers:
            side, why = _specific(answer, indicator, park, product)
            found.append(side)
            reason = reason or why
        if any(found) or reason:
            measure = comparison_phrases.tell("of_plants", indicator=indicator)
            if any(found):
                figures = scale.at_once.figures(found, ("",), park=park)
                yield ProductRow(park, product, names.material(product), measure, figures, reason)


def _energy(scale: Scale) -> list[str]:
    names = {
        name: None
        for answer in scale.answers
        for name, measure in answer.document["indicators"].items()
        if kind_of(name, measure["unit"], answer.money) == "energy"
    }
    return list(names)


def _specific(answer: Answer, indicator: str, park: str, product: str) -> tuple[Side, str]:
    """Return the specific energy of one side, and why there is none."""
    network = answer.network
    if not answer.optimal:
        return {}, ""
    if network is None:
        return {}, OTHERWISE
    table = [text.id for text in network.indicators.label]
    plants = _makers(network, park, product)
    if indicator not in table or not plants:
        return {}, ""
    factors = _factors(network, table.index(indicator))
    if factors is None:
        return {}, CHANGING
    used, made, sure = 0.0, 0.0, True
    weights = answer.weights
    for flow in (flow for plant in sorted(plants) for flow in answer.recipe_flows.get((park, plant), ())):
        amount = flow["value"] * weights[flow["period"]]
        own = flow["material"] == product and flow["fate"] == "made"
        made += amount if own else 0.0
        used += 0.0 if own else factors.get(flow["material"], 0.0) * amount * (1 if flow["fate"] == "used" else -1)
        sure = sure and (bool(flow["unique"]) or not factors.get(flow["material"], 0.0))
    if made <= 0:
        return {}, ""
    material = [text.id for text in network.materials.label].index(product)
    unit = f"{network.indicators.unit[table.index(indicator)]}/{network.materials.unit[material]}"
    return {("",): (used / made, unit, sure if answer.looked else None)}, ""


def _makers(network: Network, park: str, product: str) -> set[str]:
    """Plants of a park whose recipe is per unit of a product."""
    own = [network.parks[int(network.companies.park[company])].id == park for company in network.plants.company]
    return {
        label.id
        for label, here, reference in zip(network.plants.label, own, network.plants.reference, strict=True)
        if here and network.materials.label[int(reference)].id == product
    }


def _factors(network: Network, indicator: int) -> dict[str, float] | None:
    """What an indicator counts for a unit of each material that is bought; None where that changes over time."""
    table = network.accounts
    mine = (table.factor_account == network.indicators.account[indicator]) & (table.factor_fate == Fate.BOUGHT)
    value = np.atleast_2d(table.factor_value)[:, mine]
    if np.ptp(value, axis=0).any():
        return None
    factors: dict[str, float] = defaultdict(float)
    for material, factor in zip(table.factor_material[mine].tolist(), value[0].tolist(), strict=True):
        factors[network.materials.label[material].id] += factor
    return dict(factors)


def _whole_park(scale: Scale, names: Names, flows: list[Found], park: str, product: str) -> Iterator[ProductRow]:
    """Totals of a park that sells one product, per unit of it that is made."""
    totals: list[Side] = []
    for answer, side in zip(scale.answers, flows, strict=True):
        made, unit, sure = side.get((park, product, "made"), (0.0, "", True))
        ratios: Side = {}
        for name, measure in answer.document["parks"].get(park, {}).items():
            if kind_of(name, measure["unit"], answer.money) in PER_PRODUCT and made and measure["value"] is not None:
                certain = _both(sure, answer.total_is_unique(park, name))
                ratios[(name,)] = (measure["value"] / made, f"{measure['unit']}/{unit}", certain)
        totals.append(ratios)
    for name in dict.fromkeys(key for side in totals for key in side):
        figures = scale.at_once.figures(totals, name, park=park)
        yield ProductRow(
            park, product, names.material(product), comparison_phrases.tell("of_park", indicator=name[0]), figures
        )


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True
