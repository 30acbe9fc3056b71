"""Sheets of fair shares: who gets what of the joint saving, and what every coalition is worth beside what it gets."""

from __future__ import annotations

from collections.abc import Iterable

from ..audit.shares import Shares
from .answers import Answers
from .book import Book, Cell, Formula, live
from .workbook_accounts import Check, Sums

ROOM = 1e-9
"""largest difference between the shares and the saving, of the larger value of the goal"""


def shares_sheets(book: Book, answers: Answers, found: Iterable[Shares], sums: Sums) -> None:
    """List shares and settlements, then coalitions where all were looked at."""
    column = answers.column
    book.sheets["shares"].table(
        answers.word("about_shares"),
        [
            column("scenario"), column("player", width=28), column("name"),
            column("shapley", "figure", 20), column("shapley_error", "figure", 18),
            column("part", "share", 12), column("nucleolus", "figure", 20),
            column("adds_last", "figure", 20), column("account_apart", "figure", 22),
            column("account_joint", "figure", 22), column("receives", "figure", 20, "note_receives"),
            column("unit", width=9),
        ],
        frozen=3,
    )  # fmt: skip
    if "coalitions" in book.sheets:
        _coalition_table(book, answers)
    for one in found:
        at = _shares(book, answers, one, sums)
        if one.coalitions:
            _coalitions(book, one, at)


def _shares(book: Book, answers: Answers, found: Shares, sums: Sums) -> dict[str, str]:
    """Write the rows of one scenario and their sum; return how formulas call the share of each player."""
    sheet = book.sheets["shares"]
    split = {it.label.id: it for it in found.shares}
    paid = {it.label.id: it for it in found.settlements}
    labels = [it.label for it in sorted(found.shares, key=lambda it: -it.shapley)]
    labels += [it.label for it in found.settlements if it.label.id not in split]
    first, last = sheet.next_row, sheet.next_row + len(labels)
    sign, whole = 1.0 if found.maximise else -1.0, sum(it.shapley for it in found.shares)
    at = {}
    for label in labels:
        player = label.id
        row, its, own = sheet.next_row, split.get(player), paid.get(player)
        share = its.shapley if its else 0.0
        at[player] = f"'{sheet.name}'!{sheet.cell(row, 'shapley')}"
        part: Cell = None
        if whole:
            part = Formula(f"{sheet.cell(row, 'shapley')}/{sheet.cell(last, 'shapley')}", share / whole)
        payment: Cell = None
        if own:
            change = "-".join(sheet.cell(row, key) for key in ("account_joint", "account_apart"))
            text = f"{sheet.cell(row, 'shapley')}{'-' if sign > 0 else '+'}({change})"
            payment = live(text, own.payment, share - sign * (own.joint - own.apart))
        sheet.row(
            found.scenario, player, answers.name(label), share, its.shapley_error if its else None, part,
            its.nucleolus if its else None, its.adds_last if its else None, own.apart if own else None,
            own.joint if own else None, payment, found.unit,
        )  # fmt: skip

    def added(key: str, values: Iterable[float | None]) -> Cell:
        known = [value for value in values if value is not None]
        span = f"{sheet.cell(first, key)}:{sheet.cell(last - 1, key)}"
        return Formula(f"SUM({span})", sum(known)) if known else None

    sheet.row(
        found.scenario, answers.word("everyone"), "", added("shapley", [whole]), None,
        added("part", [1.0]) if whole else None, added("nucleolus", (it.nucleolus for it in found.shares)), None,
        added("account_apart", (it.apart for it in found.settlements)),
        added("account_joint", (it.joint for it in found.settlements)),
        added("receives", (it.payment for it in found.settlements)), found.unit, strong=True,
    )  # fmt: skip
    saving = found.saving or 0.0
    outcome = Formula(f"'{sheet.name}'!{sheet.cell(last, 'shapley')}-({saving!r})", whole - saving)
    room = ROOM * max(abs(found.apart or 0.0), abs(found.together or 0.0), 1.0)
    sums.checks.append(Check(answers.word("check_shares", unit=found.unit), found.scenario, outcome, room))
    return at


def _coalition_table(book: Book, answers: Answers) -> None:
    column = answers.column
    book.sheets["coalitions"].table(
        answers.word("about_coalitions"),
        [
            column("scenario"), column("members", width=60), column("worth_of", "figure", 20),
            column("members_get", "figure", 20), column("leaving", "figure", 20), column("unit", width=9),
        ],
        frozen=2,
    )  # fmt: skip


def _coalitions(book: Book, found: Shares, at: dict[str, str]) -> None:
    """Write what each coalition is worth, what its members get, and what it would gain by leaving."""
    sheet = book.sheets["coalitions"]
    shapley = {it.label.id: it.shapley for it in found.shares}
    for it in found.coalitions:
        row, get = sheet.next_row, sum(shapley[player] for player in it.players)
        gain = f"{sheet.cell(row, 'worth_of')}-{sheet.cell(row, 'members_get')}"
        parts = "+".join(at[player] for player in it.players)
        sheet.row(
            found.scenario,
            " + ".join(it.players),
            it.worth,
            Formula(parts, get),
            Formula(gain, it.worth - get),
            found.unit,
        )
