"""Sheets that list parts of an answer: plants, prices, limits, policies, companies, capacity, materials, sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..reports.contents import contents
from ..reports.result import Result
from ..reports.rows import PlantRun
from .answers import Answers
from .book import MOST_ROWS, Book, Formula, Noted, live


def plants_sheet(book: Book, answers: Answers) -> None:
    """List what every plant does in each period, or in all together where there are too many."""
    column = answers.column
    sheet = book.sheets["plants"].table(
        answers.word("about_plants"),
        [
            column("scenario"), column("park"), column("company", width=18), column("plant"), column("name"),
            column("process"), column("period", width=9), column("run", "figure", 18), column("unit", width=8),
            column("load", "share", 11, "note_load"),
        ],
        frozen=5,
    )  # fmt: skip
    summed = sum(len(result.plants) for result in answers.solved) > MOST_ROWS
    for result in answers.solved:
        for run in _summed_runs(answers, result) if summed else result.plants:
            note = answers.note_at(f"parks.{run.park}.plants.{run.plant.partition('.')[0]}")
            sheet.row(
                result.scenario, run.park, run.company, run.plant, Noted(answers.name(run.name), note), run.process,
                run.period, run.run, run.unit, run.utilisation,
            )  # fmt: skip


def _summed_runs(answers: Answers, result: Result) -> Iterator[PlantRun]:
    """Yield each plant with its run over all periods with their weights; the load is left out."""
    weight = dict(zip(result.network.periods.id, result.network.periods.weight.tolist(), strict=True))
    for (_, _), runs in groupby(result.plants, key=lambda run: (run.park, run.plant)):
        some = list(runs)
        total = sum(run.run * weight[run.period] for run in some)
        one = some[0]
        period = answers.word("all_periods")
        yield PlantRun(one.park, one.company, one.plant, one.name, one.process, period, total, one.unit, None)


def prices_sheet(book: Book, answers: Answers) -> None:
    """List the shadow price of every material."""
    column = answers.column
    sheet = book.sheets["prices"].table(
        answers.word("about_prices"),
        [
            column("scenario"), column("park"), column("company", width=18), column("plant"), column("material"),
            column("name"), column("period", width=9), column("price", "price", 18, "note_shadow"),
            column("unit", width=12),
        ],
        frozen=6,
    )  # fmt: skip
    rows = sum(len(result.prices) for result in answers.solved)
    if rows > MOST_ROWS:
        sheet.line((answers.word("too_many", rows=f"{rows:,}"), "text"))
        return
    for result in answers.solved:
        names = {text.id: answers.name(text) for text in result.network.materials.label}
        for price in result.prices:
            sheet.row(
                result.scenario, price.park, price.company, price.plant, price.material, names[price.material],
                price.period, price.value, price.unit,
            )  # fmt: skip


def limits_sheet(book: Book, answers: Answers) -> None:
    """List the limits that bind, hardest first; the worth of one per cent is a formula."""
    column = answers.column
    sheet = book.sheets["limits"].table(
        answers.word("about_limits"),
        [
            column("scenario"), column("rank", "count", 6), column("what", width=44), column("bound", "figure", 17),
            column("unit", width=9), column("worth", "price", 17, "note_shadow"), column("worth_unit", width=12),
            column("percent", "figure", 17), column("objective", width=9), column("sentence", width=80),
            column("line", width=34),
        ],
        frozen=3,
    )  # fmt: skip
    rows = sum(len(result.limits) for result in answers.solved)
    if rows > MOST_ROWS:
        sheet.line((answers.word("too_many", rows=f"{rows:,}"), "text"))
        return
    for result in answers.solved:
        for rank, limit in enumerate(result.limits, start=1):
            row = sheet.next_row
            product = f"{sheet.cell(row, 'bound')}*{sheet.cell(row, 'worth')}/100"
            sheet.row(
                result.scenario, rank, answers.said(limit.what), limit.bound, limit.unit, limit.value, limit.value_unit,
                live(product, limit.percent, limit.bound * limit.value / 100), limit.objective_unit,
                answers.said(limit.sentence), limit.where,
            )  # fmt: skip


def policies_sheet(book: Book, answers: Answers) -> None:
    """List how each policy came out."""
    column = answers.column
    sheet = book.sheets["policies"].table(
        answers.word("about_policies"),
        [
            column("scenario"), column("policy", width=24), column("indicator"), column("value", "figure", 18),
            column("bound", "figure", 18), column("unit", width=9), column("binds", width=8),
            column("raise", "price", 18, "note_shadow"), column("shortage", "figure", 16),
            column("surplus", "figure", 16), column("amount_unit", width=9),
        ],
        frozen=2,
    )  # fmt: skip
    for result in answers.solved:
        for policy in result.policies:
            sheet.row(
                result.scenario, policy.name, policy.indicator, policy.value, policy.bound, policy.unit,
                answers.word("yes" if policy.binds else "no"), policy.price, policy.shortage, policy.surplus,
                policy.amount_unit,
            )  # fmt: skip


def companies_sheet(book: Book, answers: Answers) -> None:
    """List the accounts of companies; the total is a formula over the company's own and its share of each island."""
    column = answers.column
    sheet = book.sheets["companies"].table(
        answers.word("about_companies"),
        [
            column("scenario"), column("park"), column("company", width=18), column("indicator"),
            column("name"), column("account", width=22), column("share", "share", 12), column("value", "figure", 20),
            column("unit", width=9),
        ],
        frozen=3,
    )  # fmt: skip
    for result in answers.solved:
        names = {text.id: answers.name(text) for text in result.network.indicators.label}
        figures = sorted(result.companies, key=lambda it: (it.park, it.company, list(names).index(it.indicator)))
        for (park, company, indicator), group in groupby(figures, lambda it: (it.park, it.company, it.indicator)):
            top = sheet.next_row
            parts: list[float | None] = []
            for entry in group:
                value: float | Formula | None = entry.value
                if entry.account == "total" and entry.value is not None and None not in parts:
                    known = [part for part in parts if part is not None]
                    span = f"{sheet.cell(top, 'value')}:{sheet.cell(sheet.next_row - 1, 'value')}"
                    value = live(f"SUM({span})", entry.value, sum(known)) if known else entry.value
                parts.append(entry.value)
                shown = "–" if value is None else value
                sheet.row(
                    result.scenario, park, company, indicator, names[indicator], entry.account, entry.share, shown,
                    entry.unit,
                )  # fmt: skip


def capacity_sheet(book: Book, answers: Answers) -> None:
    """List what is built and what is closed."""
    column = answers.column
    sheet = book.sheets["capacity"].table(
        answers.word("about_capacity"),
        [
            column("scenario"), column("kind", width=14), column("park"), column("company", width=18),
            column("thing", width=26), column("name"), column("period", width=9),
            column("capacity_amount", "figure", 16), column("unit", width=9), column("steps", "count", 10),
            column("cost_money", "figure", 20, money=answers.money),
        ],
        frozen=2,
    )  # fmt: skip
    for result in answers.solved:
        for word, changes in (("built", result.builds), ("closed", result.retirements)):
            for change in changes:
                sheet.row(
                    result.scenario, answers.word(word), change.park, change.company, change.id,
                    answers.name(change.name), change.period, change.capacity, change.unit,
                    None if change.steps is None else float(change.steps), change.cost,
                )  # fmt: skip


def materials_sheet(book: Book, answers: Answers) -> None:
    """List materials with both names."""
    column = answers.column
    sheet = book.sheets["materials"].table(
        answers.word("about_materials"),
        [column("material"), column("name"), column("other_name", width=38), column("class"), column("unit", width=8)],
        frozen=1,
    )
    seen = set()
    for result in answers.solved:
        table = result.network.materials
        for text, unit, kind in zip(table.label, table.unit, table.kind, strict=True):
            if text.id not in seen:
                seen.add(text.id)
                other = text.en if answers.language == "zh" else text.zh
                sheet.row(text.id, answers.name(text), other, kind, unit)


def sources_sheet(book: Book, answers: Answers) -> None:
    """List every source that a case cites, each once."""
    column = answers.column
    sheet = book.sheets["sources"].table(
        answers.word("about_sources"),
        [
            column("source", "long", 80), column("access", width=12), column("gives", "long", 40),
            column("cited_by", "long", 60),
        ],
        frozen=1,
    )  # fmt: skip
    seen = set()
    for case in answers.cases:
        for row in contents(case, "sources").tables[0].rows:
            if row not in seen:
                seen.add(row)
                sheet.row(*(cell if isinstance(cell, str) else cell[answers.language == "zh"] for cell in row))
