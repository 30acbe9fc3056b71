"""Sections that lay scenarios side by side: what is saved, what differs in the inputs, what changed in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ..audit.comparison import Comparison, Figures, Move, answers_of
from ..audit.counterfactual import COUNTERFACTUALS, stated_against
from ..flows.case import Case
from ..flows.wording import capital, said
from ..reports.figures import figure, multiple
from ..reports.result import Result
from .sections import name, park_names
from .tables import Number, Table, Text, number
from .words import Language, words

MOST = 80
"""rows of a table; `parkloop compare --all` has the rest"""


def compared(
    results: Sequence[Result], cases: Sequence[Case], baseline: int, source: Literal["stated", "built"]
) -> Comparison:
    """Compare answers of one case; what is saved is stated where the baseline is a counterfactual."""
    from ..audit.comparing import compare_answers

    answers = answers_of(results, cases)
    found = compare_answers(answers, baseline)
    return stated_against(found, answers, source) if results[baseline].scenario in COUNTERFACTUALS else found


def versus(found: Comparison, first: Result, language: Language) -> list[Table]:
    """Return the tables of a comparison that have rows."""
    made = (_savings(found, language), _totals(found, language), _inputs(found, language))
    more = (
        _plants(found, first, language),
        _capacities(found, language),
        _flows(found, first, language),
        _products(found, first, language),
    )
    return [table for table in (*made, *more) if table.rows]


def _sides(found: Comparison, language: Language) -> list[str]:
    """Return the headings of figures: the baseline, and each other side with its difference."""
    headings = [f"{found.names[found.baseline]} ({words('baseline', language)})"]
    for side in found.others:
        headings += [found.names[side], f"{words('difference', language)} {found.names[side]}", "%"]
    return headings


def _cells(found: Comparison, figures: Figures) -> tuple[str, list[Text | Number]]:
    """Return the unit, and the figures of all sides in one multiple of it; `~` where a difference is not a finding."""
    known = [value for value in figures.values if value is not None]
    factor, unit = multiple(known, figures.unit)
    cells: list[Text | Number] = [number(figures.values[found.baseline], figures.unit, factor)]
    for side in found.others:
        gap, percent = figures.difference(side), figures.percent(side)
        mark = "~ " if gap and figures.certainty(side) == "not unique" else ""
        if gap is None:
            told, part = Number("–", None), Number("–", None)
        elif figures.unit == "1":
            told, part = Number(f"{mark}{gap * 100:+.1f} %", gap), Number("–", None)
        else:
            sign = "+" if gap > 0 else ""
            told = Number(f"{mark}{sign}{figure(gap / factor)}", gap)
            part = Number("–" if percent is None else f"{percent:+.1f}%", None if percent is None else percent / 100)
        cells += [number(figures.values[side], figures.unit, factor), told, part]
    return "" if figures.unit == "1" else unit, cells


def _savings(found: Comparison, language: Language) -> Table:
    keys = ("scenario", "indicator", "saving", "unit")
    headings = (*(words(key, language) for key in keys), "%")
    against = found.counterfactual
    table = Table("savings", words("savings", language), headings)
    if against is None:
        return table
    title = words("savings", language).format(other=against.side)
    note = boundary(found, language)
    rows: list[tuple[Text | Number, ...]] = []
    for saving in against.savings:
        factor, unit = multiple([saving.value], saving.unit)
        mark = "~ " if saving.certainty == "not unique" and saving.value else ""
        part = Number("–", None) if saving.percent is None else Number(f"{saving.percent:+.1f}%", saving.percent / 100)
        value = Number(mark + figure(saving.value / factor), saving.value)
        rows.append((Text(saving.side), Text(name(saving.name, language)), value, Text(unit), part))
    return Table("savings", title, headings, rows, note=f"{words('savings_note', language)} {note}")


def _totals(found: Comparison, language: Language) -> Table:
    columns = ("", words("unit", language), *_sides(found, language))
    table = Table("comparison", words("totals", language), columns)
    for row in found.totals:
        if not row.park:
            unit, cells = _cells(found, row.figures)
            table.rows.append(
                (
                    Text(name(row.name, language) + (f" ({said(row.note, language)})" if row.note else "")),
                    Text(unit),
                    *cells,
                )
            )
    return table


def _inputs(found: Comparison, language: Language) -> Table:
    columns = (words("path", language), *found.names, words("line", language))
    table = Table("inputs", words("inputs", language), columns, folded=True)
    for row in found.inputs[:MOST]:
        texts = [Text("–" if text is None else said(text, language)) for text in row.texts]
        places = dict.fromkeys(place for place in row.places if place)
        table.rows.append((Text(row.path), *texts, Text(", ".join(places))))
    return _cut(table, len(found.inputs), language)


def _plants(found: Comparison, first: Result, language: Language) -> Table:
    parks = park_names(first, language)
    several = len(found.shared_parks) > 1
    columns = (words("plant", language), words("change", language), words("unit", language), *_sides(found, language))
    table = Table("plants_changed", words("plants_changed", language), columns, folded=True)
    rows = [row for row in found.plants if row.figures.is_finding]
    for row in rows[:MOST]:
        unit, cells = _cells(found, row.figures)
        place = f" · {parks.get(row.park, row.park)}" if several else ""
        moves = ", ".join(dict.fromkeys(_move(row.moves[side], language) for side in found.others))
        table.rows.append((Text(name(row.name, language) + place), Text(moves), Text(unit), *cells))
    return _cut(table, len(rows), language)


def _move(move: Move, language: Language) -> str:
    return words(f"move_{move}", language)


def _capacities(found: Comparison, language: Language) -> Table:
    columns = (words("change", language), words("thing", language), words("unit", language), *_sides(found, language))
    table = Table("capacities_changed", words("capacities_changed", language), columns, folded=True)
    for row in found.capacities:
        unit, cells = _cells(found, row.figures)
        table.rows.append((Text(words(row.word, language)), Text(f"{row.park}.{row.id}"), Text(unit), *cells))
    return table


def _flows(found: Comparison, first: Result, language: Language) -> Table:
    parks = park_names(first, language)
    several = len(found.shared_parks) > 1
    columns = (words("material", language), words("fate", language), words("unit", language), *_sides(found, language))
    table = Table("flows_changed", words("flows_changed", language), columns, folded=True)
    rows = [row for row in found.flows if row.figures.is_finding]
    for row in rows[:MOST]:
        unit, cells = _cells(found, row.figures)
        place = f" · {parks.get(row.park, row.park)}" if several else ""
        table.rows.append(
            (Text(name(row.name, language) + place), Text(words(f"was_{row.fate}", language)), Text(unit), *cells)
        )
    return _cut(table, len(rows), language)


def _products(found: Comparison, first: Result, language: Language) -> Table:
    parks = park_names(first, language)
    columns = (
        words("product", language),
        words("measure", language),
        words("unit", language),
        *_sides(found, language),
    )
    table = Table("products_changed", words("products_changed", language), columns, folded=True)
    rows = [row for row in found.products if not row.reason and row.figures.is_finding]
    for row in rows[:MOST]:
        unit, cells = _cells(found, row.figures)
        place = f" · {parks.get(row.park, row.park)}" if len(parks) > 1 else ""
        table.rows.append(
            (
                Text(name(row.name, language) + place),
                Text(words(row.measure, language) if row.measure in ("made", "sold") else said(row.measure, language)),
                Text(unit),
                *cells,
            )
        )
    return _cut(table, len(rows), language)


def _cut(table: Table, rows: int, language: Language) -> Table:
    """Say how many rows are left out, where there are too many."""
    if rows <= MOST:
        return table
    return Table(**{**table.__dict__, "note": words("cut", language).format(count=rows - MOST)})


def boundary(found: Comparison, language: Language) -> str:
    """Return the boundary that savings are stated in; nothing where the baseline is no counterfactual."""
    stated = found.counterfactual.boundary if found.counterfactual else ()
    texts = [said(capital(sentence), language) for sentence in stated]
    return " ".join(f"{text}." for text in texts) if language == "en" else "".join(f"{text}。" for text in texts)


def notes(found: Comparison, language: Language) -> Iterable[str]:
    """Return what holds of the whole comparison, and what a reader must know of each side."""
    yield from (said(note, language) for note in found.notes)
    for side in found.sides:
        yield from (f"{side.name}: {said(mark, language)}" for mark in side.marks)
