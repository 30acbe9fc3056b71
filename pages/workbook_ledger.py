"""Sheets of the ledger of exchanges: each exchange, each booking, and the sums that make the gain of exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..audit.ledger import PARTS, Account, Exchange, Ledger
from ..audit.ledger_names import Place
from .answers import Answers
from .book import Book, Cell, Column, Formula, Sheet, live
from .workbook_accounts import Check, Sums

ROOM = 1e-9
"""largest difference of sums, of the larger of the figures with and without exchange"""
OBJECTIVE, EFFECT = "role_objective", "role_effect"


def accounts_of(ledger: Ledger) -> Iterator[tuple[str, Account]]:
    """Yield the account of the objective and those beside it, each with its role."""
    yield OBJECTIVE, ledger.account
    yield from ((EFFECT, effect) for effect in ledger.effects)


def _effects(ledgers: Iterable[Ledger]) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for ledger in ledgers:
        for effect in ledger.effects:
            found.setdefault(effect.name.id, effect)
    return found


def ledger_sheet(book: Book, answers: Answers, ledgers: Sequence[Ledger]) -> None:
    """List every exchange; its value is the sum of its parts."""
    column, unit = answers.column, ledgers[0].account.unit
    effects = _effects(ledgers)
    spared = [
        Column(f"effect {key}", answers.word("spares", name=answers.name(it.name), unit=it.unit), "figure", 18)
        for key, it in effects.items()
    ]
    sheet = book.sheets["ledger"].table(
        answers.word("about_ledger"),
        [
            column("scenario"), column("between", width=12), column("material"), column("name"),
            column("giver", width=26), column("giver_name", width=34), column("receiver", width=26),
            column("receiver_name", width=34), column("way", width=16), column("amount", "figure", 18),
            column("without_amount", "figure", 18), column("unit", width=8),
            *(column(f"part_{part}", "figure", 18, unit=unit) for part in PARTS),
            column("exchange_value", "figure", 20, "note_value", unit=unit),
            column("price_giver", "price", 16, "note_mean"), column("price_receiver", "price", 16, "note_mean"),
            column("price_unit", width=12), *spared, column("unique", width=8), column("in_proportion", width=12),
            column("missing", "long", 40),
        ],
        frozen=4,
    )  # fmt: skip
    for ledger in ledgers:
        for it in ledger.exchanges:
            row = sheet.next_row
            parts = f"{sheet.cell(row, f'part_{PARTS[0]}')}:{sheet.cell(row, f'part_{PARTS[-1]}')}"
            sheet.row(
                ledger.scenario, answers.word(f"between_{it.between}"), it.material.id, answers.name(it.material),
                _place(it, it.giver), _plants(answers, it.giver), _place(it, it.taker), _plants(answers, it.taker),
                it.route, it.amount, it.without, it.unit, *(it.parts[part] for part in PARTS),
                live(f"SUM({parts})", it.value, sum(it.parts.values())), it.price_giver, it.price_taker,
                f"{ledger.goal_unit}/{it.unit}", *(it.effects.get(key) for key in effects),
                answers.word("not_known" if it.unique is None else "yes" if it.unique else "no"),
                answers.word("yes" if it.split else "no"), "; ".join(answers.said(why) for why in it.missing),
            )  # fmt: skip


def _place(it: Exchange, place: Place) -> str:
    where = place.park if place.park == place.company else f"{place.park}.{place.company}"
    return f"{where}.{place.plants[0].id}" if it.between == "plants" and place.plants else where


def _plants(answers: Answers, place: Place) -> str:
    return ", ".join(answers.name(plant) for plant in place.plants)


def lines_sheet(book: Book, answers: Answers, ledgers: Sequence[Ledger]) -> None:
    """List every booking of every account: gain and rest are formulas over what stands beside them."""
    column = answers.column
    sheet = book.sheets["ledger_lines"].table(
        answers.word("about_ledger_lines"),
        [
            column("scenario"), column("role", width=18), column("account", width=22), column("item", width=18),
            column("park"), column("company", width=18), column("thing", width=26), column("name"),
            column("to", width=22), column("under", width=18), column("with_it", "figure", 20),
            column("without_it", "figure", 20), column("gain", "figure", 20), column("credited", "figure", 20),
            column("rest_of", "figure", 20), column("unit", width=9),
        ],
        frozen=4,
    )  # fmt: skip
    for ledger in ledgers:
        for role, account in accounts_of(ledger):
            for line in account.entries:
                row = sheet.next_row
                ends = [sheet.cell(row, key) for key in ("with_it", "without_it")]
                gain = "-".join(ends if account.maximise else reversed(ends))
                change = line.with_it - line.without if account.maximise else line.without - line.with_it
                rest = f"{sheet.cell(row, 'gain')}-{sheet.cell(row, 'credited')}"
                sheet.row(
                    ledger.scenario, answers.word(role), account.name.id, answers.word(f"via_{line.via}"), line.park,
                    line.company, line.thing.id, answers.name(line.thing), line.to, line.under, line.with_it,
                    line.without, live(gain, line.gain, change), line.credited,
                    live(rest, line.rest, line.gain - line.credited), account.unit,
                )  # fmt: skip


def sums_sheet(book: Book, answers: Answers, ledgers: Sequence[Ledger], sums: Sums) -> None:
    """Add up exchanges and the rest, account by account, and compare with the difference of the two answers."""
    column = answers.column
    sheet = book.sheets["ledger_sums"].table(
        answers.word("about_ledger_sums"),
        [
            column("scenario"), column("against_scenario", width=16), column("role", width=18),
            column("account", width=22), column("name"), column("unit", width=9), column("better", width=10),
            column("with_it", "figure", 20), column("without_it", "figure", 20), column("gain", "figure", 20),
            column("all_exchanges", "figure", 20), column("all_rest", "figure", 20), column("left_over", "small", 14),
        ],
        frozen=4,
    )  # fmt: skip
    for ledger in ledgers:
        for role, account in accounts_of(ledger):
            row = sheet.next_row
            ends = [sheet.cell(row, key) for key in ("with_it", "without_it")]
            gain = "-".join(ends if account.maximise else reversed(ends))
            left = "-".join(sheet.cell(row, key) for key in ("gain", "all_exchanges", "all_rest"))
            difference = Formula(left, account.difference)
            sheet.row(
                ledger.scenario, ledger.against, answers.word(role), account.name.id, answers.name(account.name),
                account.unit, answers.word("larger" if account.maximise else "smaller"), account.with_it,
                account.without, Formula(gain, account.gain), _exchanged(book, sheet, ledger, role, account),
                _rest(book, sheet, account), difference,
            )  # fmt: skip
            said = f"{answers.word('check_ledger', unit=account.unit)} ({account.name.id})"
            outcome = Formula(f"'{sheet.name}'!{sheet.cell(row, 'left_over')}", account.difference)
            room = ROOM * max(abs(account.with_it), abs(account.without), 1.0)
            sums.checks.append(Check(said, ledger.scenario, outcome, room))


def _exchanged(book: Book, sheet: Sheet, ledger: Ledger, role: str, account: Account) -> Cell:
    source, row = book.sheets["ledger"], sheet.next_row
    key = "exchange_value" if role == OBJECTIVE else f"effect {account.name.id}"
    own = [it.value if role == OBJECTIVE else it.effects[account.name.id] for it in ledger.exchanges]
    text = f"SUMIFS({source.range(key)}, {source.range('scenario')}, {sheet.cell(row, 'scenario')})"
    return live(text, account.credited, sum(own))


def _rest(book: Book, sheet: Sheet, account: Account) -> Cell:
    source, row = book.sheets["ledger_lines"], sheet.next_row
    sought = ", ".join(f"{source.range(key)}, {sheet.cell(row, key)}" for key in ("scenario", "role", "account"))
    return live(f"SUMIFS({source.range('rest_of')}, {sought})", account.rest, sum(it.rest for it in account.entries))
