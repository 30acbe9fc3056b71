"""Sheets of circularity: fates of by-products and wastes, what they took the place of, indicators, norms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..audit.circularity import FATES, Circularity, Fates
from ..flows.norms import ENERGY, LEVELS, ROUNDING, Assessment
from ..flows.tables import Label
from ..reports.result import Result
from .answers import Answers
from .book import Book, Cell, Formula, Sheet, live
from .workbook_accounts import Sums

Judged = tuple[Result, Circularity]
Totals = Mapping[tuple[str, str, str, str], float]
"""totals of the sheet of flows by scenario, park, material and fate"""


def fates_sheet(book: Book, answers: Answers, judged: Iterable[Judged], totals: Totals) -> None:
    """List what became of each by-product and waste; amounts are sums over the sheet of flows."""
    column = answers.column
    sheet = book.sheets["fates"].table(
        answers.word("about_fates"),
        [
            column("scenario"), column("material"), column("name"), column("class"), column("unit", width=8),
            *(column(key, "figure", 16) for key in ("made", "bought", *FATES)),
            column("fates_difference", "figure", 16), column("reuse_rate", "share", 12),
            *(column(key, "figure", 16) for key in ("exchanged", "shipped")), column("unique", width=8),
        ],
        frozen=3,
    )  # fmt: skip
    summed: dict[tuple[str, str, str], float] = defaultdict(float)
    for (scenario, _, material, fate), value in totals.items():
        summed[scenario, material, fate] += value
    for result, found in judged:
        for row in found.fates:
            keys = ("made", "bought", *FATES, "exchanged", "shipped")
            cells = {key: _flow(book, answers, sheet, result, row, key, summed) for key in keys}
            number = sheet.next_row
            at = {key: sheet.cell(number, key) for key in keys}
            ends = f"SUM({at[FATES[0]]}:{at[FATES[-1]]})"
            left = row.whole - sum(row.amounts[fate] for fate in FATES)
            rate: Cell = "–"
            if row.reuse is not None:
                kept = "-".join(at[key] for key in ("made", "treated", "discarded", "stored"))
                rate = live(f"({kept})/{at['made']}", row.reuse, row.reuse)
            sheet.row(
                result.scenario, row.material.id, answers.name(row.material), answers.word(f"class_{row.kind}"),
                row.unit,
                *(cells[key] for key in ("made", "bought", *FATES)),
                Formula(f"{at['made']}+{at['bought']}-{ends}", left), rate, cells["exchanged"], cells["shipped"],
                answers.word("not_known" if row.unique is None else "yes" if row.unique else "no"),
            )  # fmt: skip


def _flow(
    book: Book,
    answers: Answers,
    sheet: Sheet,
    result: Result,
    found: Fates,
    fate: str,
    summed: Mapping[tuple[str, str, str], float],
) -> Cell:
    """Return a total as a sum over the sheet of flows, where that makes it."""
    source, value = book.sheets["flows"], found.amount(fate)
    listed = summed.get((result.scenario, found.material.id, fate))
    if listed is None:
        return value
    row = sheet.next_row
    sought = f"{source.range('scenario')}, ${sheet.cell(row, 'scenario')}"
    sought += f", {source.range('material')}, ${sheet.cell(row, 'material')}"
    text = f'SUMIFS({source.range("summed")}, {sought}, {source.range("fate")}, "{answers.word(fate)}")'
    return live(text, value, listed)


def official_sheet(book: Book, answers: Answers, judged: Iterable[Judged], sums: Sums) -> None:
    """List comprehensive energy by both methods and the official indicators, or why one is not computable."""
    column = answers.column
    sheet = book.sheets["official"].table(
        answers.word("about_official"),
        [
            column("scenario"), column("system", width=26), column("number", "count", 8), column("indicator"),
            column("name"), column("formula", width=52), column("value", "figure", 18), column("unit", width=10),
            column("threshold", width=24), column("access", width=12), column("because", "long", 60),
        ],
        frozen=5,
    )  # fmt: skip
    for result, found in judged:
        for row in (*found.energy, *found.official):
            value: Cell = "–" if row.value is None else row.value
            if row.value is not None and (total := sums.totals.get((result.scenario, row.name.id))):
                value = live(total, row.value, result.indicators[row.name.id].value or 0.0)
            formula, threshold, because = (answers.said(text) for text in (row.formula, row.threshold, row.because))
            sheet.row(
                result.scenario, row.system, float(row.number) if row.number else None, row.name.id,
                answers.name(row.name), formula, value, row.unit, threshold,
                answers.word(row.access), because,
            )  # fmt: skip


def displaced_sheet(book: Book, answers: Answers, judged: Iterable[Judged]) -> None:
    """List what by-products and wastes stood in for: used times the factor of the case."""
    column = answers.column
    sheet = book.sheets["displaced_by"].table(
        answers.word("about_displaced_by"),
        [
            column("scenario"), column("material"), column("name"), column("used", "figure", 18),
            column("unit", width=8), column("each", "price", 16), column("virgin", width=24),
            column("virgin_name", width=34),
            column("virgin_amount", "figure", 18), column("virgin_unit", width=10),
        ],
        frozen=3,
    )  # fmt: skip
    for result, found in judged:
        for it in found.displaced:
            row = sheet.next_row
            product = f"{sheet.cell(row, 'used')}*{sheet.cell(row, 'each')}"
            sheet.row(
                result.scenario, it.material.id, answers.name(it.material), it.used, it.unit, it.factor, it.virgin.id,
                answers.name(it.virgin), live(product, it.amount, it.used * it.factor), it.virgin_unit,
            )  # fmt: skip


def slots_sheet(book: Book, answers: Answers, judged: Iterable[Judged]) -> None:
    """List which by-products and wastes filled which need; what all of them filled is a sum of rows."""
    column = answers.column
    sheet = book.sheets["slots"].table(
        answers.word("about_slots"),
        [
            column("scenario"), column("park"), column("company", width=18), column("plant"), column("slot", width=18),
            column("material"), column("name"), column("filled", "share", 12), column("filled_whole", "share", 16),
        ],
        frozen=5,
    )  # fmt: skip
    for result, found in judged:
        names = {text.id: answers.name(text) for text in result.network.materials.label}
        for slot in found.slots:
            first = sheet.next_row
            parts = slot.residues or {"": 0.0}
            span = f"SUM({sheet.cell(first, 'filled')}:{sheet.cell(first + len(parts) - 1, 'filled')})"
            for number, (material, part) in enumerate(parts.items()):
                whole = Formula(span, slot.share) if not number else None
                sheet.row(
                    result.scenario, slot.park, slot.company, slot.plant, slot.slot, material, names.get(material, ""),
                    part, whole,
                )  # fmt: skip


def norms_sheet(book: Book, answers: Answers, found: Iterable[tuple[Result, Iterable[Assessment]]]) -> None:
    """List what processes that run use beside the levels of their standards; what they meet is a formula."""
    column = answers.column
    sheet = book.sheets["norms"].table(
        answers.word("about_norms"),
        [
            column("scenario"), column("process"), column("name"), column("counts", width=18),
            *(column(key, "price", 14) for key in ("least", "most", *LEVELS)), column("unit", width=10),
            column("meets", width=18), column("standard", width=22), column("reason", "long", 50),
        ],
        frozen=3,
    )  # fmt: skip
    for result, rows in found:
        names = {text.id: answers.name(text) for text in result.network.plants.process}
        materials: dict[str, Label] = {text.id: text for text in result.network.materials.label}
        for row in rows:
            counts = answers.word("energy_of") if row.counts == ENERGY else answers.name(materials[row.counts])
            levels = [row.levels.get(level) for level in LEVELS]
            sheet.row(
                result.scenario, row.process, names.get(row.process, row.process), counts, row.least, row.most,
                *levels, row.unit, _verdict(sheet, answers, row), row.standard, row.because,
            )  # fmt: skip


def _verdict(sheet: Sheet, answers: Answers, row: Assessment) -> Formula:
    """The strictest level that the worst options meet, as a formula over the cells of the row."""
    number, room = sheet.next_row, f"*{1 + ROUNDING!r}"
    stated = [level for level in LEVELS if level in row.levels]
    loosest = max(stated, key=lambda level: row.levels[level])
    least, most = (sheet.cell(number, key) for key in ("least", "most"))
    text = f'"{answers.word("over")}"'
    text = f'IF({least}<={sheet.cell(number, loosest)}{room}, "{answers.word("some over")}", {text})'
    for level in reversed(stated):
        text = f'IF({most}<={sheet.cell(number, level)}{room}, "{answers.word(level)}", {text})'
    return Formula(text, answers.word(row.verdict))
