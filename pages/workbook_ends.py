"""The first and the last sheet: totals and checks, and the certificate with the way to get the answer again."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..reports.result import Result
from ..solver.certificate import TOLERANCE
from .answers import Answers
from .book import Book, Cell, Formula, Kind, Link, Noted, Sheet, letter
from .workbook_accounts import Sums

ROOM = 1e-9
"""largest difference of money or of the objective, of the largest figure that meets"""
SIDES = ("revenue", "cost")


def summary_sheet(book: Book, answers: Answers, sums: Sums, notes: Sequence[str] = ()) -> None:
    """Write scenarios, totals beside each other, checks, caveats and notes, and what each sheet holds."""
    sheet = book.sheets["summary"]
    sheet.title(answers.word("about_summary"))
    sheet.widths(46, 22, *(20 for _ in range(max(6, 3 * len(answers.solved)))))
    _scenarios(sheet, answers)
    if answers.solved:
        _totals(sheet, answers, sums)
        _checks(book, sheet, answers, sums)
    own = (caveat for result in answers.solved for caveat in result.caveats)
    if caveats := list(dict.fromkeys((*own, *notes))):
        sheet.block(answers.word("caveats"))
        for caveat in caveats:
            sheet.line((answers.said(caveat), "text"))
    sheet.block(answers.word("contents"), answers.word("sheet"), answers.word("content"))
    for key, other in book.sheets.items():
        if key != "summary":
            sheet.line((Link(other.name), "text"), (answers.word(f"about_{key}"), "text"))


def _scenarios(sheet: Sheet, answers: Answers) -> None:
    heads = ("title", "scenario", "status", "objective", "value", "unit", "certified", "reason")
    sheet.block(answers.word("scenarios"), *(answers.word(head) for head in heads))
    for result in answers.results:
        sense = answers.word("maximise" if result.maximise else "minimise")
        proof = result.certificate
        held = answers.word("yes" if proof and proof.holds else "no") if result.optimal else ""
        sheet.line(
            (answers.name(result.title), "text"), (result.scenario, "text"), (answers.word(result.status), "text"),
            (Noted(f"{sense} {result.objective}", answers.word("note_goal")), "text"),
            (result.goal.value if result.optimal else None, "figure"),
            (result.goal.unit if result.optimal else "", "text"), (held, "text"),
            (answers.said(result.reason), "text"),
        )  # fmt: skip
        for number, stage in enumerate(result.stages if len(result.stages) > 1 else (), start=1):
            sheet.line((f"  {number}.", "text"), ("", "text"), ("", "text"), (stage.name, "text"),
                       (stage.value, "figure"), (stage.unit, "text"))  # fmt: skip


def _totals(sheet: Sheet, answers: Answers, sums: Sums) -> None:
    """Write the total of every indicator by scenario, and how each differs from the first."""
    first, *others = answers.solved
    heads = [answers.word("name"), answers.word("unit"), first.scenario]
    for other in others:
        parts = {"scenario": first.scenario}
        heads += [other.scenario, answers.word("against", **parts), answers.word("against_share", **parts)]
    sheet.block(answers.word("totals"), *heads)
    for text, unit in zip(first.network.indicators.label, first.network.indicators.unit, strict=True):
        kind: Kind = "share" if unit == "1" else "figure"
        row = sheet.next_row
        line: list[tuple[Cell, Kind]] = [(answers.name(text), "text"), ("%" if unit == "1" else unit, "text")]
        base = first.indicators[text.id].value
        line.append((_total(sums, first, text.id), kind))
        for number, other in enumerate(others):
            measure = other.indicators.get(text.id)
            line.append((_total(sums, other, text.id), kind))
            if base is None or measure is None or measure.value is None:
                line += [(None, kind), (None, "share")]
                continue
            mine = f"{letter(3 + 3 * number)}{row}"
            line.append((Formula(f"{mine}-$C{row}", measure.value - base), kind))
            part = (measure.value - base) / abs(base) if base else 0.0
            line.append((Formula(f"IF($C{row}=0, 0, ({mine}-$C{row})/ABS($C{row}))", part), "share"))
        sheet.line(*line)


def _total(sums: Sums, result: Result, indicator: str) -> Cell:
    measure = result.indicators.get(indicator)
    if measure is None or measure.value is None:
        return "–"
    return Formula(sums.totals[result.scenario, indicator], measure.value)


def _checks(book: Book, sheet: Sheet, answers: Answers, sums: Sums) -> None:
    """Write what the workbook computes itself, and whether it agrees: all from the cells of other sheets."""
    heads = ("check", "scenario", "outcome", "allowed", "verdict")
    sheet.block(answers.word("checks"), *(answers.word(head) for head in heads))
    money, totals = book.sheets["money"], sums.totals
    for result in answers.solved:
        revenue, cost, profit = (totals[result.scenario, name] for name in ("revenue", "cost", "profit"))
        income, spent, left = (result.indicators[name].value or 0.0 for name in ("revenue", "cost", "profit"))
        room = ROOM * max(abs(income), abs(spent), 1.0)
        text = f"{profit}-({revenue}-{cost})"
        said = answers.word("check_profit", money=answers.money)
        _check(sheet, answers, said, result.scenario, Formula(text, left - (income - spent)), room)
        mine = f"{money.range('value_money')}, {money.range('scenario')}, $B{sheet.next_row}, {money.range('account')}"
        parts = [f'SUMIFS({mine}, "{answers.word(key)}")' for key in ("revenue", "cost")]
        found = {key: sum(sums.money.get((result.scenario, park, key), 0.0) for park in result.parks) for key in SIDES}
        outcome = found["revenue"] - found["cost"] - left
        said = answers.word("check_money", money=answers.money)
        _check(sheet, answers, said, result.scenario, Formula(f"{parts[0]}-{parts[1]}-{profit}", outcome), room)
        goal = result.indicators.get(result.objective)
        reached = result.goal.value
        if goal is not None and goal.value is not None and reached is not None and _same(goal.value, reached):
            text = f"{reached!r}-{totals[result.scenario, result.objective]}"
            said = answers.word("check_goal", unit=goal.unit)
            room = ROOM * max(abs(goal.value), 1.0)
            _check(sheet, answers, said, result.scenario, Formula(text, reached - goal.value), room)
    part = book.sheets["balance"].range("relative")
    worst = Formula(f"MAX(MAX({part}), -MIN({part}))", sums.unbalanced)
    _check(sheet, answers, answers.word("check_balance"), "", worst, TOLERANCE)
    for check in sums.checks:
        _check(sheet, answers, *check)


def _same(value: float, other: float) -> bool:
    """Tell whether the objective is an indicator itself, and no weighted sum or worst park that bears its name."""
    return math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-6)


def _check(sheet: Sheet, answers: Answers, said: str, scenario: str, outcome: Formula, room: float) -> None:
    row = sheet.next_row
    ok, off = answers.word("ok"), answers.word("off")
    found = ok if isinstance(outcome.value, float) and abs(outcome.value) <= room else off
    verdict = Formula(f'IF(ABS(C{row})<=D{row}, "{ok}", "{off}")', found)
    sheet.line((said, "text"), (scenario, "text"), (outcome, "small"), (room, "small"), (verdict, "text"))


def proof_sheet(book: Book, answers: Answers) -> None:
    """Write the certificate of every scenario, how it was solved, from what, and how to get it again."""
    column = answers.column
    sheet = book.sheets["proof"].table(
        answers.word("about_proof"),
        [column("scenario"), column("fact", width=52), column("value", width=70), column("where", width=60)],
        frozen=2,
    )
    for number, result in enumerate(answers.results):
        _proof(sheet, answers, result)
        _provenance(sheet, answers, result)
        if answers.commands:
            sheet.row(result.scenario, answers.word("command"), answers.commands[number])


def _proof(sheet: Sheet, answers: Answers, result: Result) -> None:
    def fact(key: str, value: Cell, kind: Kind = "text", where: str = "") -> None:
        sheet.line((result.scenario, "text"), (answers.word(key), "text"), (value, kind), (where, "text"))

    fact("status", answers.word(result.status))
    fact("reason", answers.said(result.reason))
    proof = result.certificate
    if proof is not None:
        fact("certified", answers.word("yes" if proof.holds else "no"))
        fact("primal", proof.primal, "small", proof.primal_where)
        fact("dual", proof.dual, "small", proof.dual_where)
        fact("slackness", proof.slackness, "small")
        fact("gap", proof.gap, "small")
        fact("tolerance", TOLERANCE, "small")
        if proof.wholeness or proof.bound_gap:
            fact("wholeness", proof.wholeness, "small")
            fact("bound_gap", proof.bound_gap, "small")
    why = result.method_reason
    fact("method", answers.word("found_by", method=result.method, why=why) if why else result.method)


def _provenance(sheet: Sheet, answers: Answers, result: Result) -> None:
    size = {key: f"{value:,}" for key, value in result.size.items()}
    rows = [(answers.word("size"), answers.word("size_words", **size))]
    rows += [(f"{answers.word('option')} {key}", str(value)) for key, value in result.options.items()]
    rows += [(f"{answers.word('version')} {key}", value) for key, value in result.versions.items()]
    if result.input is not None:
        rows.append((answers.word("input_hash"), str(result.input["sha256"])))
        rows.append((answers.word("input_files"), str(result.input["files"])))
        rows += [(answers.word("setting"), str(setting)) for setting in result.input["settings"]]
    if result.extension is not None:
        rows.append((answers.word("extension_file"), str(result.extension.get("sha256", ""))))
    for name, value in rows:
        sheet.row(result.scenario, name, value)
