"""Circularity on paper: tables for the terminal, one JSON object (`parkloop.circularity/1`), a csv table of fates."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Literal

from rich.markup import escape

from ..flows.norms import ENERGY, LEVELS, Assessment
from ..flows.wording import Language, Phrases, said
from ..reports.figures import figure, multiple, share
from ..reports.json_text import finite
from ..reports.summary import Paper, name
from ..reports.words import common
from .circularity import FATES, Circularity, Fates, Figure

SCHEMA = "parkloop.circularity/1"
Column = tuple[str, Literal["left", "right"]]

_WORDS: dict[str, tuple[str, str]] = {
    "fates": common["residues"],
    "exchanged": common["of_it_exchanged"],
    "shipped": common["of_it_shipped"],
    "reuse": ("reuse rate", "利用率"),
    "displaced": ("Virgin material displaced, by the factors of the case", "替代的原生资源（按算例系数）"),
    "virgin": ("stands in for", "替代"),
    "factor": ("per unit", "单位替代量"),
    "slots": ("Slots that by-products and wastes filled", "副产物与废物满足的原料需求"),
    "slot": ("slot", "需求"),
    "share": ("of the need", "占需求"),
    "by": ("by", "其中"),
    "official": common["indicators"],
    "system": ("system", "体系"),
    "threshold": ("threshold", "要求"),
    "formula": ("formula", "公式"),
    "norms": ("Specific use beside the levels of standards", "单位产品消耗与标准限额"),
    "uses": ("uses", "消耗"),
    "meets": ("meets", "达到"),
    "advanced": ("advanced", "先进值"),
    "entry": ("entry", "准入值"),
    "over": ("over", "超限定值"),
    "some over": ("some over", "部分超限定值"),
    "energy": ("energy", "能耗"),
    "limit": ("limit", "限定值"),
    "nothing": ("no displacement factor is stated for what is used", "所利用物料未给出替代系数"),
}
words = Phrases(_WORDS, common)
"""words of these tables, by key and language"""


def circularity_object(found: Circularity) -> dict[str, Any]:
    """Return it as plain values."""
    return {
        "schema": SCHEMA,
        "case": found.case,
        "scenario": found.scenario,
        "fates": [_fates_object(row) for row in found.fates],
        "displaced": [{**vars(row), "material": row.material.id, "virgin": row.virgin.id} for row in found.displaced],
        "slots": [
            {
                "park": row.park,
                "company": row.company,
                "plant": row.plant,
                "slot": row.slot,
                "share": row.share,
                "materials": row.residues,
            }
            for row in found.slots
        ],
        "energy": [_figure_object(row) for row in found.energy],
        "official": [_figure_object(row) for row in found.official],
        "norms": [{**vars(row), "verdict": row.verdict} for row in found.norms],
        "notes": list(found.notes),
    }


def _fates_object(row: Fates) -> dict[str, Any]:
    return {
        "material": row.material.id,
        "class": row.kind,
        "unit": row.unit,
        "made": row.made,
        "bought": row.bought,
        "fates": {fate: {"value": row.amounts[fate], "share": row.share(fate)} for fate in FATES},
        "exchanged": row.exchanged,
        "shipped": row.shipped,
        "reuse": row.reuse,
        "unique": row.unique,
    }


def _figure_object(row: Figure) -> dict[str, Any]:
    return {
        "id": row.name.id,
        "system": row.system,
        "number": row.number,
        "formula": row.formula,
        "unit": row.unit,
        "threshold": row.threshold,
        "value": row.value,
        "not_computable_because": row.because,
        "access": row.access,
    }


def circularity_json(found: Circularity, indent: int | None = 2) -> str:
    """Write it as JSON."""
    return json.dumps(finite(circularity_object(found)), indent=indent, ensure_ascii=False, allow_nan=False)


def circularity_csv(found: Circularity) -> str:
    """Write the table of fates: amounts in the unit of each material, and shares of what is made and bought."""
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    shares = [f"{fate} [share]" for fate in FATES]
    writer.writerow(
        ["material", "class", "unit", "made", "bought", *FATES, *shares, "exchanged", "shipped", "reuse [1]", "unique"]
    )
    for row in found.fates:
        amounts, parts = [row.amounts[fate] for fate in FATES], [row.share(fate) for fate in FATES]
        start = [row.material.id, row.kind, row.unit, row.made, row.bought]
        writer.writerow([*start, *amounts, *parts, row.exchanged, row.shipped, row.reuse, row.unique])
    return paper.getvalue()


def print_circularity(found: Circularity, paper: Paper, language: Language = "en") -> None:
    """Print it for people."""
    paper.print(f"[bold]{name(found.title, language)}[/] · {escape(found.scenario)}")
    _print_fates(found, paper, language)
    _print_displaced(found, paper, language)
    _print_slots(found, paper, language)
    _print_figures(found, paper, language)
    _print_norms(found.norms, paper, language)
    for note in found.notes:
        paper.print(f"[yellow]{words('note', language)}[/]: {escape(said(note, language))}")


def _print_fates(found: Circularity, paper: Paper, language: Language) -> None:
    keys = ("made", "bought", *FATES, "exchanged", "shipped")
    shown = [key for key in keys if any(row.amount(key) for row in found.fates) or key in ("made", "used", "discarded")]
    columns: list[Column] = [(words("material", language), "left"), *((words(k, language), "right") for k in shown)]
    table = paper.table(words("fates", language), [*columns, ("", "left"), (words("reuse", language), "right")])
    for row in found.fates:
        factor, unit = multiple([row.amount(key) for key in shown], row.unit)
        cells = [figure(row.amount(key) / factor) if abs(row.amount(key)) > 1e-9 else "·" for key in shown]
        mark = "~" if row.unique is False else ""
        table.add_row(mark + name(row.material, language), *cells, unit, share(row.reuse))
    paper.print(table)


def _print_displaced(found: Circularity, paper: Paper, language: Language) -> None:
    if not found.displaced:
        paper.print(f"{words('displaced', language)}: {words('nothing', language)}")
        return
    columns: list[Column] = [(words("material", language), "left"), (words("used", language), "right"), ("", "left")]
    columns += [(words("factor", language), "right"), (words("virgin", language), "left")]
    columns += [(words("amount", language), "right"), ("", "left")]
    table = paper.table(words("displaced", language), columns)
    for row in found.displaced:
        (used, unit), (each, virgin) = multiple([row.used], row.unit), multiple([row.amount], row.virgin_unit)
        start = [name(row.material, language), figure(row.used / used), unit, figure(row.factor)]
        table.add_row(*start, name(row.virgin, language), figure(row.amount / each), virgin)
    paper.print(table)


def _print_slots(found: Circularity, paper: Paper, language: Language) -> None:
    if not found.slots:
        return
    columns: list[Column] = [(words("plant", language), "left"), (words("slot", language), "left")]
    columns += [(words("share", language), "right"), (words("by", language), "left")]
    table = paper.table(words("slots", language), columns)
    for row in found.slots:
        parts = ", ".join(f"{material} {share(part)}" for material, part in row.residues.items())
        table.add_row(escape(f"{row.park}.{row.plant}"), escape(row.slot), share(row.share), escape(parts))
    paper.print(table)


def _print_figures(found: Circularity, paper: Paper, language: Language) -> None:
    every = (*found.energy, *found.official)
    columns: list[Column] = [(words("system", language), "left"), ("", "right"), (words("indicator", language), "left")]
    columns += [(words("value", language), "right"), ("", "left"), (words("threshold", language), "left")]
    table = paper.table(words("official", language), [*columns, (words("formula", language), "left")])
    for row in every:
        if row.value is not None:
            factor, unit = multiple([row.value], row.unit)
            told = [escape(said(text, language)) for text in (row.threshold, row.formula)]
            cells = [figure(row.value / factor), unit, *told]
            table.add_row(row.system, str(row.number or ""), name(row.name, language), *cells)
    paper.print(table)
    rest = paper.table(words("missing", language), [*columns[:3], (words("because", language), "left")])
    for row in every:
        if row.value is None:
            rest.add_row(
                row.system, str(row.number or ""), name(row.name, language), escape(said(row.because, language))
            )
    paper.print(rest)


def _print_norms(norms: tuple[Assessment, ...], paper: Paper, language: Language) -> None:
    if not norms:
        return
    columns: list[Column] = [(words("process", language), "left"), ("", "left"), (words("uses", language), "right")]
    columns += [(words(level, language), "right") for level in LEVELS]
    columns += [("", "left"), (words("meets", language), "left"), (words("standard", language), "left")]
    table = paper.table(words("norms", language), columns)
    for row in norms:
        low, high = figure(row.least), figure(row.most)
        levels = [figure(row.levels[level]) if level in row.levels else "" for level in LEVELS]
        uses = low if low == high else f"{low} … {high}"
        counts = words("energy", language) if row.counts == ENERGY else escape(row.counts)
        verdict = words(row.verdict, language)
        table.add_row(escape(row.process), counts, uses, *levels, row.unit, verdict, escape(row.standard))
    paper.print(table)
