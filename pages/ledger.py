"""The ledger of exchanges on the page: what each is worth against a counterfactual, and that all of it adds up."""

from __future__ import annotations

from ..audit.ledger import PARTS, Ledger
from ..audit.ledger_names import Place
from ..audit.ledger_paper import rest_by_via, rest_words
from ..audit.ledger_paper import words as ledger_words
from ..reports.figures import figure, multiple
from ..reports.result import Result
from .sections import company_name, name
from .tables import Group, Number, Table, Text, quantities
from .words import Language, words

NOTHING = 1e-9
"""share of the gain below which a line of the rest is rounding"""


def ledger_group(made: Ledger, result: Result, language: Language) -> Group:
    """Return the exchanges of an answer with their values against another answer, and the reconciliation.

    The values add up to the first line of the reconciliation, and its lines to the difference of both objectives.
    """
    tables = [_exchanges(made, result, language), _reconciliation(made, language)]
    return Group("ledger", words("ledger_group", language), [it for it in tables if it.rows])


def _exchanges(made: Ledger, result: Result, language: Language) -> Table:
    parts = [part for part in PARTS if any(row.parts[part] for row in made.exchanges)]
    factor, unit = multiple([row.value for row in made.exchanges], made.account.unit)
    columns = [words(key, language) for key in ("material", "from", "to", "amount", "unit")]
    columns += [f"{ledger_words('value', language)} ({unit})", *(ledger_words(part, language) for part in parts)]
    title = words("ledger", language).format(other=made.against)
    rows: list[tuple[Text | Number, ...]] = []
    for row in made.exchanges:
        (cell,), shown = quantities([row.amount], row.unit)
        mark = ("~ " if row.unique is False else "") + ("* " if row.split else "")
        figures = [Number(figure(value / factor), value) for value in (row.value, *(row.parts[part] for part in parts))]
        label = Text(mark + name(row.material, language))
        ends = (Text(place_name(result, place, language)) for place in (row.giver, row.taker))
        rows.append((label, *ends, cell, Text(shown), *figures))
    sums = [sum(row.value for row in made.exchanges), *(sum(row.parts[p] for row in made.exchanges) for p in parts)]
    blank = (Text(""),) * 4
    total: tuple[Text | Number, ...] = (
        Text(words("total", language)),
        *blank,
        *(Number(figure(value / factor), value) for value in sums),
    )
    return Table("ledger", title, tuple(columns), rows, total, note=words("ledger_note", language))


def place_name(result: Result, place: Place, language: Language) -> str:
    """Return where something is given or taken: park, company, and the plant where it is one."""
    where = company_name(result, place.park, place.company, language)
    return f"{where} · {name(place.plants[0], language)}" if len(place.plants) == 1 else where


def _reconciliation(made: Ledger, language: Language) -> Table:
    account, rest = made.account, rest_by_via(made.account)
    factor, unit = multiple([account.gain, account.credited, *rest.values()], account.unit)
    lines = [(ledger_words("sum", language), account.credited)]
    for via, value in sorted(rest.items(), key=lambda pair: -abs(pair[1])):
        if abs(value) > NOTHING * abs(account.gain):
            lines.append((f"{ledger_words('rest', language)}: {rest_words(via, language)}", value))
    rows: list[tuple[Text | Number, ...]] = [
        (Text(text), Number(figure(value / factor), value)) for text, value in lines
    ]
    total = (Text(ledger_words("objective", language)), Number(figure(account.gain / factor), account.gain))
    return Table("reconciled", ledger_words("reconciled", language), ("", unit), rows, total)
