"""Sheets of figures that add up: money item by item, what indicators count, and the indicators themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..models.indicator import COST, PROFIT, REVENUE, VALUE_ADDED
from ..reports.accounted import contributions
from ..reports.money import Item
from ..reports.result import Result
from .answers import Answers
from .book import Book, Cell, Formula, Kind, Noted, Sheet, live

ADDED: dict[Item, float] = {
    **dict.fromkeys(("sale", "receipt"), 1.0),
    **dict.fromkeys(("purchase", "disposal", "variable", "link", "transport", "start", "holding"), -1.0),
}
"""what counts in value added, and how; the other items of cost do not"""


class Check(NamedTuple):
    """A difference that must be nothing."""

    said: str
    scenario: str
    outcome: Formula
    room: float
    """largest that counts as nothing"""


@dataclass
class Sums:
    """What the rows of the sheets of money and accounts add up to, by scenario and park."""

    money: dict[tuple[str, str, str], float] = field(default_factory=lambda: defaultdict(float))
    """by scenario, park, and `revenue`, `cost` or `added`"""
    accounts: dict[tuple[str, str, str], float] = field(default_factory=lambda: defaultdict(float))
    """by scenario, park and indicator"""
    totals: dict[tuple[str, str], str] = field(default_factory=dict)
    """how formulas of other sheets call the total of an indicator, by scenario and indicator"""
    unbalanced: float = 0.0
    """largest in minus out of a material over its turnover, 1"""
    checks: list[Check] = field(default_factory=list)
    """what the summary checks beside, in the order of the sheets"""


def money_sheet(book: Book, answers: Answers, sums: Sums) -> None:
    """List revenue and cost item by item."""
    column, money = answers.column, answers.money
    sheet = book.sheets["money"].table(
        answers.word("about_money"),
        [
            column("scenario"), column("park"), column("company", width=18), column("account", width=10),
            column("item", width=16), column("thing", width=26), column("name"), column("amount", "figure", 17),
            column("unit", width=8), column("price_money", "price", 15, "note_price", money=money),
            column("value_money", "figure", 20, money=money), column("added_money", "figure", 20, money=money),
            column("line", width=34),
        ],
        frozen=4,
    )  # fmt: skip
    for result in answers.solved:
        assert result.money is not None
        for item in result.money.rows:
            row = sheet.next_row
            value: Cell = item.value
            if item.price is not None and item.amount is not None:
                product = f"{sheet.cell(row, 'amount')}*{sheet.cell(row, 'price_money')}"
                value = live(product, item.value, item.amount * item.price)
            sign = ADDED.get(item.item)
            added = (
                Formula(f"{'-' if sign < 0 else ''}{sheet.cell(row, 'value_money')}", sign * item.value) if sign else 0
            )
            for key, part in ((item.account, item.value), ("added", (sign or 0.0) * item.value)):
                sums.money[result.scenario, item.park, key] += part
            origin = result.network.origins[item.origin].path if item.origin >= 0 else ""
            sheet.row(
                result.scenario, item.park, item.company, answers.word(item.account), answers.word(item.item),
                item.thing.id, answers.name(item.thing), item.amount, item.unit,
                Noted(item.price, answers.note_at(origin)), value, added, answers.place(result, item.origin),
            )  # fmt: skip


def accounts_sheet(book: Book, answers: Answers, flows: Mapping[tuple[str, str, str, str], float], sums: Sums) -> None:
    """List what each indicator counts, and by which factor.

    Args:
        book: the workbook; its sheet of flows is whole.
        answers: what it shows.
        flows: totals of that sheet by scenario, park, material and fate.
        sums: what the rows add up to is added here.
    """
    column, source = answers.column, book.sheets["flows"]
    sheet = book.sheets["accounts"].table(
        answers.word("about_accounts"),
        [
            column("scenario"), column("indicator"), column("name"), column("park"), column("fate", width=18),
            column("material"), column("material_name", width=34), column("amount", "figure", 18),
            column("unit", width=8), column("factor", "price", 17, "note_factor"),
            column("contribution", "figure", 18), column("indicator_unit", width=10), column("line", width=34),
        ],
        frozen=4,
    )  # fmt: skip
    over = ", ".join(f"{source.range(key)}, {{{key}}}" for key in ("scenario", "park", "material"))
    for result in answers.solved:
        network = result.network
        for entry in contributions(result):
            row = sheet.next_row
            indicator, park = network.indicators.label[entry.indicator], network.parks[entry.park].id
            label = network.materials.label[entry.material] if entry.material >= 0 else None
            amount, value = entry.amount, entry.value
            shown: Cell = amount
            fate = "used" if entry.fate == "displaced" else entry.fate
            listed = flows.get((result.scenario, park, label.id if label else "", fate))
            if amount is not None and listed is not None:
                ask = {key: f"${sheet.cell(row, key)}" for key in ("scenario", "park", "material")}
                total = f"SUMIFS({source.range('summed')}, {over.format(**ask)}, "
                shown = live(f'{total}{source.range("fate")}, "{answers.word(fate)}")', amount, listed)
            contribution: Cell = value
            if entry.factor is not None and amount is not None:
                product = f"{sheet.cell(row, 'amount')}*{sheet.cell(row, 'factor')}"
                contribution = live(product, value, amount * entry.factor)
            sums.accounts[result.scenario, park, indicator.id] += value
            origin = network.origins[entry.origin].path if entry.origin >= 0 else ""
            sheet.row(
                result.scenario, indicator.id, answers.name(indicator), park, answers.word(entry.fate),
                label.id if label else "", answers.name(label) if label else "", shown,
                network.materials.unit[entry.material] if label else "",
                Noted(entry.factor, answers.note_at(origin)), contribution,
                network.indicators.unit[entry.indicator], answers.place(result, entry.origin),
            )  # fmt: skip


def indicators_sheet(book: Book, answers: Answers, sums: Sums) -> None:
    """Show every indicator in every park."""
    column = answers.column
    parks = list(dict.fromkeys(park.id for result in answers.solved for park in result.network.parks))
    names = {park.id: answers.name(park) for result in answers.solved for park in result.network.parks}
    sheet = book.sheets["indicators"].table(
        answers.word("about_indicators"),
        [
            column("scenario"), column("indicator"), column("name", width=46), column("unit", width=9),
            column("total", "figure", 20), *(answers.park_column(park, names[park]) for park in parks),
        ],
        frozen=5,
    )  # fmt: skip
    for result in answers.solved:
        rows = {number: sheet.next_row + number for number in range(len(result.network.indicators.label))}
        for number, text in enumerate(result.network.indicators.label):
            row, unit = rows[number], result.network.indicators.unit[number]
            style: Kind = "share" if unit == "1" else "figure"
            cells = [_park_cell(book, answers, sheet, result, rows, number, park, sums) for park in parks]
            values = [(result.parks.get(park) or {}).get(text.id) for park in parks]
            found = [measure.value for measure in values if measure and measure.value is not None]
            whole = result.indicators[text.id].value
            total: Cell = whole if whole is not None else Noted("–", answers.word("not_computable"))
            if whole is not None and result.network.indicators.per[number] >= 0:
                total = _ratio(result, rows, number, sheet, "total", whole) or whole
            elif whole is not None and parks:
                span = f"{sheet.cell(row, parks[0])}:{sheet.cell(row, parks[-1])}"
                total = live(f"SUM({span})", whole, sum(found))
            note = Noted(answers.name(text), answers.notes.get(f"indicators.{text.id}", ""))
            unit = "%" if unit == "1" else unit
            line: list[tuple[Cell, Kind]] = [(cell, "text") for cell in (result.scenario, text.id, note, unit)]
            sheet.line(*line, *((cell, style) for cell in (total, *cells)))
            sums.totals[result.scenario, text.id] = f"'{sheet.name}'!{sheet.cell(row, 'total')}"


def _park_cell(
    book: Book,
    answers: Answers,
    sheet: Sheet,
    result: Result,
    rows: Mapping[int, int],
    number: int,
    park: str,
    sums: Sums,
) -> Cell:
    """Return the cell of an indicator in a park: a formula over the sheets that make it up where there is one."""
    table, scenario = result.network.indicators, result.scenario
    name, account, row = table.label[number].id, int(table.account[number]), rows[number]
    if park not in result.parks:
        return None
    value = result.parks[park][name].value
    if value is None:
        return Noted("–", answers.word("not_computable"))
    if table.per[number] >= 0:
        return _ratio(result, rows, number, sheet, park, value) or value
    here = f"$A{row}, {{park}}, {sheet.header_cell(park)}"
    if account in (REVENUE, COST, VALUE_ADDED):
        money, key = book.sheets["money"], {REVENUE: "revenue", COST: "cost", VALUE_ADDED: "added"}[account]
        summed = money.range("added_money" if key == "added" else "value_money")
        sought = f"{money.range('scenario')}, {here.format(park=money.range('park'))}"
        side = "" if key == "added" else f', {money.range("account")}, "{answers.word(key)}"'
        return live(f"SUMIFS({summed}, {sought}{side})", value, sums.money[scenario, park, key])
    if account == PROFIT:
        revenue, cost = (sheet.cell(rows[table.account.tolist().index(it)], park) for it in (REVENUE, COST))
        parts = (result.parks[park][table.label[table.account.tolist().index(it)].id].value for it in (REVENUE, COST))
        income, spent = ((part or 0.0) for part in parts)
        return live(f"{revenue}-{cost}", value, income - spent)
    twin = table.account.tolist().index(account)
    if twin != number and table.per[twin] < 0:
        return live(sheet.cell(rows[twin], park), value, value)
    accounts = book.sheets["accounts"]
    sought = f"{accounts.range('scenario')}, {here.format(park=accounts.range('park'))}"
    sought = f"{sought}, {accounts.range('indicator')}, $B{row}"
    return live(f"SUMIFS({accounts.range('contribution')}, {sought})", value, sums.accounts[scenario, park, name])


def _ratio(
    result: Result, rows: Mapping[int, int], number: int, sheet: Sheet, where: str, value: float
) -> float | Formula | None:
    """Return a ratio as a formula over the rows of the two indicators that it divides, where the sheet has them."""
    table = result.network.indicators
    plain = {int(table.account[row]): row for row in reversed(range(len(table.label))) if table.per[row] < 0}
    of, per = plain.get(int(table.account[number])), plain.get(int(table.per[number]))
    if of is None or per is None:
        return None
    found = result.indicators if where == "total" else result.parks[where]
    above, below = (found[table.label[row].id].value or 0.0 for row in (of, per))
    scale = float(table.scale[number]) if len(table.scale) else 1.0
    times = "" if scale == 1.0 else f"/{scale!r}"
    if not below:
        return None
    return live(f"{sheet.cell(rows[of], where)}/{sheet.cell(rows[per], where)}{times}", value, above / below / scale)
