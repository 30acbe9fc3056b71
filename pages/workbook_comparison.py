"""Sheets of the comparison: scenarios beside the baseline with live differences, and what differs in the inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..audit.comparison import Comparison, Figures, FlowRow, Side, TotalRow
from ..flows.tables import Label
from ..reports.result import Result
from .answers import Answers
from .book import MOST_ROWS, Book, Cell, Column, Formula, Kind, Sheet, live

Totals = Mapping[tuple[str, str, str, str], float]
"""totals of the sheet of flows by scenario, park, material and fate"""


@dataclass(frozen=True)
class _Row:
    """One row of the sheet."""

    table: str
    park: str
    thing: str
    name: Label
    measure: str
    figures: Figures
    source: TotalRow | FlowRow | None = None
    """what other sheets have, too"""


def _rows(found: Comparison) -> Iterator[_Row]:
    for total in found.totals:
        yield _Row("row_total", total.park, total.indicator, total.name, total.note, total.figures, total)
    for plant in found.plants:
        if plant.figures.is_finding:
            yield _Row("row_plant", plant.park, plant.plant, plant.name, "run", plant.figures)
    for change in found.capacities:
        label = Label(change.id, change.id, change.id)
        yield _Row("row_capacity", change.park, change.id, label, change.word, change.figures)
    for flow in found.flows:
        if flow.figures.is_finding:
            yield _Row("row_flow", flow.park, flow.material, flow.name, flow.fate, flow.figures, flow)
    for product in found.products:
        if not product.reason and product.figures.is_finding:
            yield _Row("row_product", product.park, product.product, product.name, product.measure, product.figures)


WORDED = (
    "run",
    "built",
    "closed",
    "bought",
    "made",
    "received",
    "used",
    "sold",
    "exchanged",
    "shipped",
    "discarded",
    "stored",
)
"""measures that are words of the workbook; others are sentences or names of accounts"""


def comparison_sheet(book: Book, answers: Answers, found: Comparison, totals: Totals) -> None:
    """Lay all figures that differ, and all totals, beside those of the baseline."""
    sheet = book.sheets["comparison"].table(answers.word("about_comparison"), _columns(answers, found), frozen=4)
    results = {result.scenario: result for result in answers.solved}
    saved = {(it.side, it.indicator): it.value for it in found.counterfactual.savings} if found.counterfactual else {}
    for row in _rows(found):
        if sheet.size >= MOST_ROWS:
            break
        kind: Kind = "share" if row.figures.unit == "1" else "figure"
        measure = answers.word(row.measure) if row.measure in WORDED else answers.said(row.measure)
        unit = "%" if row.figures.unit == "1" else row.figures.unit
        texts = (answers.word(row.table), row.park, row.thing, answers.name(row.name), measure, unit)
        line: list[tuple[Cell, Kind]] = [(text, "text") for text in texts]
        line.append((_figure(book, answers, sheet, found, row, found.baseline, results, totals), kind))
        for side in found.others:
            line.append((_figure(book, answers, sheet, found, row, side, results, totals), kind))
            line += [(cell, form) for cell, form in zip(_change(sheet, found, row, side), (kind, "share"), strict=True)]
            if found.counterfactual:
                gain = saved.get((found.names[side], row.thing)) if row.table == "row_total" and not row.park else None
                line.append((_saving(sheet, row, side, gain), kind))
            sure = answers.word(row.figures.certainty(side).replace(" ", "_"))
            line.append((sure if row.figures.difference(side) else "", "text"))
        sheet.line(*line)


def _columns(answers: Answers, found: Comparison) -> list[Column]:
    column, base = answers.column, found.names[found.baseline]
    columns = [
        column("table", width=10), column("park"), column("thing", width=26), column("name"),
        column("measure", width=22), column("unit", width=10),
        Column(f"side{found.baseline}", base, "figure", 20, answers.word("note_baseline")),
    ]  # fmt: skip
    for side in found.others:
        own, note = found.names[side], answers.word("note_side")
        parts = {"scenario": own, "baseline": base}
        columns += [
            Column(f"side{side}", own, "figure", 20, note),
            Column(f"change{side}", answers.word("differs", **parts), "figure", 18),
            Column(f"part{side}", answers.word("differs_share", **parts), "share", 12),
        ]
        if found.counterfactual:
            heading = answers.word("saved_against", scenario=own)
            columns.append(Column(f"saved{side}", heading, "figure", 18, answers.word("note_saved")))
        columns.append(Column(f"certainty{side}", answers.word("certainty"), "text", 12))
    return columns


def _figure(
    book: Book,
    answers: Answers,
    sheet: Sheet,
    found: Comparison,
    row: _Row,
    side: int,
    results: Mapping[str, Result],
    totals: Totals,
) -> Cell:
    """Return a figure, by a formula over the sheet that has it where that makes it."""
    value, told = row.figures.values[side], found.sides[side]
    if value is None:
        return "–"
    if row.source is None or told.name != told.scenario or told.scenario not in results:
        return value
    number, head = sheet.next_row, sheet.header_cell(f"side{side}")
    if isinstance(row.source, TotalRow):
        return _total(book, sheet, row.source, told, results[told.scenario], value, head, number)
    flows, fate = book.sheets["flows"], row.source.fate
    parts = ("used", "treated") if fate == "used" else (fate,)
    listed = [totals.get((told.scenario, row.park, row.thing, one)) for one in parts]
    sought = f"{flows.range('scenario')}, {head}, {flows.range('park')}, ${sheet.cell(number, 'park')}"
    sought += f", {flows.range('material')}, ${sheet.cell(number, 'thing')}, {flows.range('fate')}"
    terms = [
        f'SUMIFS({flows.range("summed")}, {sought}, "{answers.word(one)}")'
        for one, own in zip(parts, listed, strict=True)
        if own is not None
    ]
    return live("+".join(terms), value, sum(own or 0.0 for own in listed)) if terms else value


def _total(
    book: Book, sheet: Sheet, row: TotalRow, told: Side, result: Result, value: float, head: str, number: int
) -> Cell:
    source = book.sheets["indicators"]
    key = row.park or "total"
    measures = result.parks.get(row.park, {}) if row.park else result.indicators
    measure = measures.get(row.indicator)
    if key not in source.at or measure is None or measure.value is None:
        return value
    sought = f"{source.range('scenario')}, {head}, {source.range('indicator')}, ${sheet.cell(number, 'thing')}"
    return live(f"SUMIFS({source.range(key)}, {sought})", value, measure.value)


def _change(sheet: Sheet, found: Comparison, row: _Row, side: int) -> tuple[Cell, Cell]:
    """Return the difference from the baseline and its share, as formulas where no rounding was taken away."""
    figures, number = row.figures, sheet.next_row
    own, first = figures.values[side], figures.values[found.baseline]
    change, percent = figures.difference(side), figures.percent(side)
    if change is None or own is None or first is None:
        return None, None
    base = sheet.cell(number, f"side{found.baseline}")
    told = live(f"{sheet.cell(number, f'side{side}')}-{base}", change, own - first)
    if percent is None:
        return told, None
    share = f"{sheet.cell(number, f'change{side}')}/ABS({base})"
    return told, live(share, percent / 100, change / abs(first))


def _saving(sheet: Sheet, row: _Row, side: int, gain: float | None) -> Cell:
    """Return what is saved: the difference, or its opposite where less is better."""
    change = row.figures.difference(side)
    if gain is None or change is None:
        return None
    cell = sheet.cell(sheet.next_row, f"change{side}")
    return Formula(cell if gain == change else f"-{cell}", gain)


def inputs_sheet(book: Book, answers: Answers, found: Comparison) -> None:
    """List what is stated otherwise, with the line of each."""
    names: Iterable[str] = found.names
    columns = [answers.column("path", width=52)]
    columns += [Column(f"side{number}", name, "text", 28) for number, name in enumerate(names)]
    columns += [answers.column("line", width=44)]
    sheet = book.sheets["inputs"].table(answers.word("about_inputs"), columns, frozen=1)
    for row in found.inputs[:MOST_ROWS]:
        places = ", ".join(dict.fromkeys(place for place in row.places if place))
        sheet.row(row.path, *("–" if text is None else answers.said(text) for text in row.texts), places)
