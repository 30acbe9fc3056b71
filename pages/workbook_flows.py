"""Sheets of flows: each flow, the balance of every material in every park, and what changes hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..reports.flows import FATES, INFLOWS, Flow
from ..reports.result import Result
from .answers import Answers
from .book import MOST_ROWS, Book, Cell, Formula

SHOWN = (*INFLOWS, "used", "treated", *(fate for fate in FATES if fate not in (*INFLOWS, "used")))
"""fates of the balance, what comes in first"""
Key = tuple[str, str, str, str]
"""scenario, park, material, fate"""


def flows_sheet(book: Book, answers: Answers) -> dict[Key, float]:
    """List every flow. Returns the totals over all periods by scenario, park, material and fate."""
    column = answers.column
    every = sum(int(np.count_nonzero(result.flows.value)) for result in answers.solved if result.flows is not None)
    summed = every > MOST_ROWS
    sheet = book.sheets["flows"].table(
        answers.word("about_flows_summed" if summed else "about_flows"),
        [
            column("scenario"), column("park"), column("company", width=18), column("material"), column("name"),
            column("direction", width=9), column("fate", width=12), column("by", width=28), column("to", width=22),
            column("period", width=9), column("once", "figure", 18), column("occurs", "figure", 9, "note_occurs"),
            column("summed", "figure", 18), column("unit", width=8), column("unique", width=8, note="note_unique"),
        ],
        frozen=5,
    )  # fmt: skip
    totals: dict[Key, float] = defaultdict(float)
    for result in answers.solved:
        names = {text.id: answers.name(text) for text in result.network.materials.label}
        for flow, fate, times in _listed(result, summed):
            whole = flow.value * times
            totals[result.scenario, flow.park, flow.material, fate] += whole
            row = sheet.next_row
            product: Cell = whole
            if times != 1:
                product = Formula(f"{sheet.cell(row, 'once')}*{sheet.cell(row, 'occurs')}", whole)
            sheet.row(
                result.scenario, flow.park, flow.company, flow.material, names[flow.material],
                answers.word("coming_in" if fate in INFLOWS else "going_out"), answers.word(fate), flow.by,
                answers.said(flow.to), answers.word("all_periods") if summed else flow.period, flow.value, times,
                product, flow.unit, answers.word("yes" if flow.unique else "no"),
            )  # fmt: skip
    return dict(totals)


def _listed(result: Result, summed: bool) -> Iterator[tuple[Flow, str, float]]:
    """Yield flows with their fates, those of treatment told apart, and how often each occurs."""
    flows, network = result.flows, result.network
    assert flows is not None
    often = dict(zip(network.periods.id, network.periods.weight.tolist(), strict=True))
    if summed:
        whole = (network.periods.weight @ flows.value)[None, :]
        flows = replace(flows, value=whole, unique=np.all(flows.unique, axis=0, keepdims=True))
    plants = network.plants
    parks = [network.parks[network.companies.park[company]].id for company in plants.company.tolist()]
    rows = zip(parks, plants.label, plants.treatment.tolist(), strict=True)
    treats = {(park, text.id) for park, text, treatment in rows if treatment}
    for flow in flows.rows:
        treated = flow.fate == "used" and (flow.park, flow.by) in treats
        yield flow, "treated" if treated else flow.fate, 1.0 if summed else often[flow.period]


def balance_sheet(book: Book, answers: Answers, totals: dict[Key, float]) -> float:
    """Sum up what comes in and goes out of every material in every park. Returns the largest gap over the turnover."""
    column, flows = answers.column, book.sheets["flows"]
    sheet = book.sheets["balance"].table(
        answers.word("about_balance"),
        [
            column("scenario"), column("park"), column("material"), column("name"), column("unit", width=8),
            *(column(fate, "figure", 15) for fate in SHOWN),
            column("difference", "figure", 15), column("turnover", "figure", 15),
            column("relative", "share", 13, "note_relative"),
        ],
        frozen=4,
    )  # fmt: skip
    asked = ("scenario", "park", "material", "fate")
    over = ", ".join(f"{flows.range(key)}, {{{key}}}" for key in asked)
    come = answers.word("coming_in")
    every = f"{flows.range('scenario')}, {{scenario}}, {flows.range('material')}, {{material}}"
    every = f'SUMIFS({flows.range("summed")}, {every}, {flows.range("direction")}, "{come}")'
    worst, turnover = 0.0, defaultdict[tuple[str, str], float](float)
    for (scenario, _, material, fate), value in totals.items():
        turnover[scenario, material] += value if fate in INFLOWS else 0.0
    for result, park, material, name, unit in _places(answers, totals):
        row = sheet.next_row
        ask = {key: f"${sheet.cell(row, key)}" for key in ("scenario", "park", "material")}
        found = [totals.get((result.scenario, park, material, fate), 0.0) for fate in SHOWN]
        cells: list[Cell] = []
        for fate, value in zip(SHOWN, found, strict=True):
            if not value:
                cells.append(None)
                continue
            criteria = over.format(**ask, fate=sheet.header_cell(fate))
            cells.append(Formula(f"SUMIFS({flows.range('summed')}, {criteria})", value))
        ends = [sheet.cell(row, fate) for fate in (SHOWN[0], INFLOWS[-1], "used", SHOWN[-1])]
        difference = sum(found[: len(INFLOWS)]) - sum(found[len(INFLOWS) :])
        cells.append(Formula("SUM({}:{})-SUM({}:{})".format(*ends), difference))
        whole = turnover[result.scenario, material]
        cells.append(Formula(every.format(scenario=ask["scenario"], material=ask["material"]), whole))
        under = sheet.cell(row, "turnover")
        share = f"IF({under}=0, 0, {sheet.cell(row, 'difference')}/{under})"
        part = difference / whole if whole else 0.0
        cells.append(Formula(share, part))
        worst = max(worst, abs(part))
        sheet.row(result.scenario, park, material, name, unit, *cells)
    return worst


def _places(answers: Answers, totals: dict[Key, float]) -> Iterator[tuple[Result, str, str, str, str]]:
    """Yield every material of every park that has a flow, scenario by scenario, in the order of the case."""
    for result in answers.solved:
        network = result.network
        mine = {key[1:3] for key in totals if key[0] == result.scenario}
        for park in network.parks:
            for text, unit in zip(network.materials.label, network.materials.unit, strict=True):
                if (park.id, text.id) in mine:
                    yield result, park.id, text.id, answers.name(text), unit


def exchanges_sheet(book: Book, answers: Answers) -> None:
    """List what companies and parks give each other, with its shadow price at both ends."""
    column = answers.column
    sheet = book.sheets["exchanges"].table(
        answers.word("about_exchanges"),
        [
            column("scenario"), column("material"), column("name"), column("giver", width=26),
            column("receiver", width=26), column("way", width=18), column("amount", "figure", 18),
            column("unit", width=8), column("price_giver", "price", 16, "note_mean"),
            column("price_receiver", "price", 16, "note_mean"), column("price_unit", width=12),
        ],
        frozen=3,
    )  # fmt: skip
    for result in answers.solved:
        network = result.network
        for kind, amount, giver, receiver in moved(result):
            material = int(network.nodes.material[kind[0]])
            text, unit = network.materials.label[material], network.materials.unit[material]
            way = network.routes.label[kind[2]].id if kind[2] >= 0 else ""
            sheet.row(
                result.scenario, text.id, answers.name(text), node_name(result, kind[0]), node_name(result, kind[1]),
                way, amount, unit, giver, receiver, f"{network.goal.unit}/{unit}",
            )  # fmt: skip


def moved(result: Result) -> Iterator[tuple[tuple[int, int, int], float, float, float]]:
    """Yield what arrives from one balance at another: (giver, receiver, route), amount, mean prices at both ends.

    Balances are rows of `Network.nodes`; amounts are over all periods, in units of the material.
    """
    network, flows = result.network, result.flows
    assert flows is not None
    price, weight = result.prices.value, network.periods.weight
    sent = np.isin(flows.fate, [FATES.index("exchanged"), FATES.index("shipped")])
    total = weight @ flows.value
    largest = max(total[sent].max(initial=0.0), 0.0)
    for kind in np.flatnonzero(sent & (total > 1e-9 * largest)).tolist():
        node, partner = int(flows.node[kind]), int(flows.partner[kind])
        part = weight * flows.value[:, kind] / total[kind]
        there, here = float(part @ price[partner]), float(part @ price[node])
        yield (node, partner, int(flows.route[kind])), float(total[kind]), here, there


def node_name(result: Result, node: int) -> str:
    """Name a balance: `park`, `park.company` where they differ, with the plant where it is the plant's own."""
    network = result.network
    company, plant = int(network.nodes.company[node]), int(network.nodes.plant[node])
    park, name = network.parks[network.companies.park[company]].id, network.companies.label[company].id
    found = park if park == name else f"{park}.{name}"
    return f"{found}.{network.plants.plant_id(plant)}" if plant >= 0 else found
