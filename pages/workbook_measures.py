"""Sheets of measures: each alone, all together and the best portfolio; and the abatement cost curve step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..audit.abatement import Abatement, Curve, Effect
from ..flows.tables import Label
from .answers import Answers
from .book import Book, Cell, Formula, Sheet, live
from .workbook_accounts import Check, Sums

ROOM = 1e-9
"""largest difference between the steps of a curve and their joint effect, of the indicator without measures"""


def measures_sheet(book: Book, answers: Answers, found: Iterable[Abatement]) -> None:
    """List the effects of sets of measures, a row for each indicator; cost per unit is a formula."""
    column, money = answers.column, {"money": answers.money}
    sheet = book.sheets["measures"].table(
        answers.word("about_measures"),
        [
            column("scenario"), column("kind", width=26), column("set", width=30), column("set_names", width=44),
            column("investment", "figure", 18, **money), column("yearly", "figure", 18, **money),
            column("net_cost", "figure", 20, **money), column("indicator", width=20), column("name"),
            column("abated", "figure", 18), column("unit", width=10), column("per_abated", "price", 18, **money),
            column("loose", width=20), column("reason", "long", 40),
        ],
        frozen=4,
    )  # fmt: skip
    for one in found:
        for kind, effect in _effects(one):
            for place, counted in enumerate(one.counted):
                abated = effect.abated[place] if effect.abated else None
                per = effect.per[place] if effect.per else None
                sheet.row(
                    one.scenario, answers.word(kind), *_called(answers, one, effect), effect.investment, effect.yearly,
                    effect.cost, counted.label.id, answers.name(counted.label), abated, f"{counted.unit}/a",
                    _per(sheet, effect.cost, abated, per), ", ".join(effect.loose), answers.said(effect.reason),
                )  # fmt: skip


def _effects(found: Abatement) -> Iterator[tuple[str, Effect]]:
    yield from (("alone", effect) for effect in found.alone)
    if found.together is not None:
        yield "together", found.together
    if found.portfolio is not None:
        yield "portfolio", found.portfolio.effect


def _called(answers: Answers, found: Abatement, effect: Effect) -> tuple[str, str]:
    labels: dict[str, Label] = {label.id: label for label in found.measures}
    return " + ".join(effect.measures), " + ".join(answers.name(labels[key]) for key in effect.measures)


def _per(sheet: Sheet, cost: float | None, abated: float | None, per: float | None) -> Cell:
    if per is None or cost is None or not abated:
        return None
    row = sheet.next_row
    return live(f"{sheet.cell(row, 'net_cost')}/{sheet.cell(row, 'abated')}", per, cost / abated)


def curves_sheet(book: Book, answers: Answers, found: Iterable[Abatement], sums: Sums) -> None:
    """List the steps of each curve; what is added up and the cost per unit are formulas, and so is the last row."""
    column, money = answers.column, {"money": answers.money}
    sheet = book.sheets["curves"].table(
        answers.word("about_curves"),
        [
            column("scenario"), column("indicator", width=20), column("name"), column("step", "count", 7),
            column("set", width=30), column("set_names", width=44), column("investment", "figure", 18, **money),
            column("yearly", "figure", 18, **money), column("net_cost", "figure", 20, **money),
            column("abated", "figure", 18), column("summed_up", "figure", 18), column("unit", width=10),
            column("per_abated", "price", 18, **money), column("on_curve", width=10), column("loose", width=20),
        ],
        frozen=5,
    )  # fmt: skip
    for one in found:
        for curve in one.curves:
            if curve.steps:
                _curve(answers, sheet, one, curve, sums)


def _curve(answers: Answers, sheet: Sheet, found: Abatement, curve: Curve, sums: Sums) -> None:
    counted, place, summed = found.counted[curve.indicator], curve.indicator, 0.0
    first = sheet.next_row
    steps = [*curve.abating, *curve.others]
    for number, step in enumerate(steps, start=1):
        row, abated = sheet.next_row, step.abated[place]
        summed += abated
        before = f"{sheet.cell(row - 1, 'summed_up')}+" if number > 1 else ""
        sheet.row(
            found.scenario, counted.label.id, answers.name(counted.label), float(number),
            *_called(answers, found, step), step.investment, step.yearly, step.cost, abated,
            Formula(f"{before}{sheet.cell(row, 'abated')}", summed), f"{counted.unit}/a",
            _per(sheet, step.cost, abated, step.per[place]),
            answers.word("yes" if number <= len(curve.abating) else "no"),
            ", ".join(step.loose),
        )  # fmt: skip

    def added(key: str, values: Iterable[float | None]) -> Formula:
        span = f"{sheet.cell(first, key)}:{sheet.cell(first + len(steps) - 1, key)}"
        return Formula(f"SUM({span})", sum(value or 0.0 for value in values))

    last = sheet.row(
        found.scenario, counted.label.id, answers.name(counted.label), None, answers.word("all_steps"), "",
        added("investment", (it.investment for it in steps)), added("yearly", (it.yearly for it in steps)),
        added("net_cost", (it.cost for it in steps)), added("abated", (it.abated[place] for it in steps)), None,
        f"{counted.unit}/a", None, "", "", strong=True,
    )  # fmt: skip
    joint = curve.total.abated[place]
    text = f"'{sheet.name}'!{sheet.cell(last, 'abated')}-({joint!r})"
    room = ROOM * max(abs(counted.base), 1.0)
    said = f"{answers.word('check_curve', unit=counted.unit)} ({counted.label.id})"
    sums.checks.append(Check(said, found.scenario, Formula(text, summed - joint), room))
