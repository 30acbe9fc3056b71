"""The balance of each plant that runs: what it takes in and gives out, and how well the mass closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..flows.case import Case
from ..flows.problems import Findings
from ..flows.recipes import material_facts
from ..reports.flows import FATES
from ..reports.result import Result
from .sections import name, park_names
from .tables import Number, Text, number, quantities
from .words import Language, words


@dataclass(frozen=True)
class Balance:
    """One plant."""

    title: str
    rows: list[tuple[Text | Number, ...]]
    """side, material, amount, unit, mass"""
    mass_in: Number
    mass_out: Number
    gap: Number


def balances(case: Case, result: Result, language: Language) -> list[Balance]:
    """Return the balance of each plant that runs, totals over all periods with their weights."""
    flows, network = result.flows, result.network
    assert flows is not None
    totals = network.periods.weight @ flows.value
    known = [material_facts(case, text.id, Findings()) for text in network.materials.label]
    tonnes = [facts.mass if facts and facts.mass else 0.0 for facts in known]
    made = FATES.index("made")
    by_plant: dict[int, list[int]] = {}
    for kind in np.flatnonzero((flows.plant >= 0) & (totals != 0)).tolist():
        by_plant.setdefault(int(flows.plant[kind]), []).append(kind)
    several, parks = len(network.parks) > 1, park_names(result, language)
    found = []
    for plant in sorted(by_plant):
        sides: dict[str, list[tuple[int, float]]] = {"side_in": [], "side_out": []}
        for kind in by_plant[plant]:
            side = "side_out" if flows.fate[kind] == made else "side_in"
            sides[side].append((int(network.nodes.material[flows.node[kind]]), float(totals[kind])))
        rows: list[tuple[Text | Number, ...]] = []
        mass = dict.fromkeys(sides, 0.0)
        for side, entries in sides.items():
            for material, total in sorted(entries, key=lambda entry: (-entry[1] * tonnes[entry[0]], entry[0])):
                (cell,), unit = quantities([total], network.materials.unit[material])
                weighs = total * tonnes[material]
                mass[side] += weighs
                heavy = number(weighs) if tonnes[material] else Number("–", None)
                label = Text(name(network.materials.label[material], language))
                rows.append((Text(words(side, language)), label, cell, Text(unit), heavy))
        into, out = mass["side_in"], mass["side_out"]
        gap = abs(into - out) / max(into, out) if max(into, out) else None
        title = name(network.plants.label[plant], language)
        if several:
            title += f" · {parks[network.parks[network.companies.park[network.plants.company[plant]]].id]}"
        shown = Number("–" if gap is None else f"{gap:.2%}", gap)
        found.append(Balance(title, rows, number(into), number(out), shown))
    return found
