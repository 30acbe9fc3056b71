"""The workbook: an answer, or several side by side, as sheets that add themselves up.

Flows are listed one by one; the balance, the accounts and the indicators are formulas over them, money is one over its
items, and ratios are of what they divide. So whoever doubts a total can follow it down to a line of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..audit.circularity import running_norms
from ..flows.case import Case
from ..flows.saving import written_whole
from ..flows.wording import Language
from ..reports.result import Result
from .answers import Answers
from .beside import Beside
from .book import Book
from .gathered import Gathered
from .workbook_accounts import Sums, accounts_sheet, indicators_sheet, money_sheet
from .workbook_circularity import norms_sheet
from .workbook_ends import proof_sheet, summary_sheet
from .workbook_flows import balance_sheet, exchanges_sheet, flows_sheet
from .workbook_tables import (
    capacity_sheet,
    companies_sheet,
    limits_sheet,
    materials_sheet,
    plants_sheet,
    policies_sheet,
    prices_sheet,
    sources_sheet,
)


def write_workbook(
    results: Sequence[Result],
    path: Path,
    language: Language = "en",
    cases: Sequence[Case] = (),
    commands: Sequence[str] = (),
    gathered: Gathered | None = None,
) -> None:
    """Write a workbook as a whole: readers see the old file or the new one.

    Args:
        results: answers to scenarios of one case, one at least; those that are not optimal have a status only.
        path: the file, `.xlsx`.
        language: of names and words.
        cases: none, or the case of each result: then sources and norms have sheets, and figures notes.
        commands: none, or what to type to get each result again.
        gathered: none, or what a report says beside: comparison, ledger, circularity, measures, shares.

    Raises:
        OSError: the file cannot be written.
    """
    data = workbook(results, language, cases, commands, gathered)
    with written_whole(path) as temporary:
        temporary.write_bytes(data)


def workbook(
    results: Sequence[Result],
    language: Language = "en",
    cases: Sequence[Case] = (),
    commands: Sequence[str] = (),
    gathered: Gathered | None = None,
) -> bytes:
    """Return the workbook as a file; the same results make the same bytes. Arguments as of `write_workbook`."""
    answers = Answers(tuple(results), tuple(cases), tuple(commands), language)
    beside = Beside.of(gathered)
    norms = [
        (result, found)
        for result, case in zip(results, cases, strict=bool(cases))
        if result.optimal and (found := running_norms(result, case))
    ]
    book = Book(answers.title, {key: answers.word(key) for key in _sheets(answers, beside, bool(norms))})
    sums = Sums()
    if answers.solved:
        flows = flows_sheet(book, answers)
        sums.unbalanced = balance_sheet(book, answers, flows)
        money_sheet(book, answers, sums)
        accounts_sheet(book, answers, flows, sums)
        indicators_sheet(book, answers, sums)
        beside.write(book, answers, flows, sums)
    for key, write in (
        ("plants", plants_sheet),
        ("exchanges", exchanges_sheet),
        ("prices", prices_sheet),
        ("limits", limits_sheet),
        ("policies", policies_sheet),
        ("companies", companies_sheet),
        ("capacity", capacity_sheet),
        ("materials", materials_sheet),
        ("sources", sources_sheet),
    ):
        if key in book.sheets:
            write(book, answers)
    if norms:
        norms_sheet(book, answers, norms)
    proof_sheet(book, answers)
    summary_sheet(book, answers, sums, beside.notes(answers))
    return book.close()


def _sheets(answers: Answers, beside: Beside, norms: bool) -> list[str]:
    """Return which sheets there are, in their order: those that would be empty are left out."""
    solved = answers.solved
    if not solved:
        return ["summary", "proof"]
    found = ["summary", "indicators", "money", "accounts", "balance", "flows", "plants", "exchanges", "prices"]
    found += ["limits"]
    found += ["policies"] if any(result.policies for result in solved) else []
    found += ["companies"]
    found += ["capacity"] if any(result.builds or result.retirements for result in solved) else []
    found += beside.sheets()
    found += ["materials"]
    found += ["norms"] if norms else []
    return [*found, *(["sources"] if answers.cases else []), "proof"]
