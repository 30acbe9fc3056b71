"""What a workbook holds beside the figures of its answers: which sheets that takes, and what is written on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..audit.abatement import Abatement
from ..audit.circularity import Circularity
from ..audit.comparison import Comparison
from ..audit.ledger import Ledger
from ..audit.shares import Shares
from ..reports.result import Result
from .answers import Answers
from .book import Book
from .gathered import Gathered
from .versus import boundary, notes
from .workbook_accounts import Sums
from .workbook_circularity import displaced_sheet, fates_sheet, official_sheet, slots_sheet
from .workbook_comparison import comparison_sheet, inputs_sheet
from .workbook_ledger import ledger_sheet, lines_sheet, sums_sheet
from .workbook_measures import curves_sheet, measures_sheet
from .workbook_shares import shares_sheets


@dataclass(frozen=True)
class Beside:
    """What was gathered of the answers that have one."""

    comparison: Comparison | None = None
    judged: tuple[tuple[Result, Circularity], ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    measures: tuple[Abatement, ...] = ()
    shares: tuple[Shares, ...] = ()

    @classmethod
    def of(cls, gathered: Gathered | None) -> Beside:
        """Sort what was gathered."""
        if gathered is None:
            return cls()
        audited = gathered.audited
        return cls(
            gathered.comparison,
            tuple((it.answer.result, it.circularity) for it in audited if it.circularity is not None),
            tuple(it.ledger for it in audited if it.ledger is not None),
            tuple(it.answer.measures for it in audited if it.answer.measures and it.answer.measures.profit is not None),
            tuple(it.answer.shares for it in audited if it.answer.shares and it.answer.shares.saving is not None),
        )

    def sheets(self) -> list[str]:
        """Return the keys of the sheets that would not be empty, in their order."""
        found = ["comparison"] if self.comparison else []
        found += ["inputs"] if self.comparison and self.comparison.inputs else []
        found += ["ledger", "ledger_lines", "ledger_sums"] if self.ledgers else []
        circular = [circularity for _, circularity in self.judged]
        found += ["fates"] if any(it.fates for it in circular) else []
        found += ["official"] if circular else []
        found += ["displaced_by"] if any(it.displaced for it in circular) else []
        found += ["slots"] if any(it.slots for it in circular) else []
        found += ["measures"] if self.measures else []
        found += ["curves"] if any(curve.steps for it in self.measures for curve in it.curves) else []
        found += ["shares"] if self.shares else []
        return [*found, *(["coalitions"] if any(it.coalitions for it in self.shares) else [])]

    def write(self, book: Book, answers: Answers, flows: Mapping[tuple[str, str, str, str], float], sums: Sums) -> None:
        """Write these sheets; those of flows and indicators are whole."""
        if self.comparison:
            comparison_sheet(book, answers, self.comparison, flows)
        if "inputs" in book.sheets and self.comparison:
            inputs_sheet(book, answers, self.comparison)
        if self.ledgers:
            ledger_sheet(book, answers, self.ledgers)
            lines_sheet(book, answers, self.ledgers)
            sums_sheet(book, answers, self.ledgers, sums)
        if "fates" in book.sheets:
            fates_sheet(book, answers, self.judged, flows)
        if "official" in book.sheets:
            official_sheet(book, answers, self.judged, sums)
        if "displaced_by" in book.sheets:
            displaced_sheet(book, answers, self.judged)
        if "slots" in book.sheets:
            slots_sheet(book, answers, self.judged)
        if "measures" in book.sheets:
            measures_sheet(book, answers, self.measures)
        if "curves" in book.sheets:
            curves_sheet(book, answers, self.measures, sums)
        if "shares" in book.sheets:
            shares_sheets(book, answers, self.shares, sums)

    def notes(self, answers: Answers) -> list[str]:
        """Return what a reader must keep in mind of these sheets."""
        return list(self._notes(answers))

    def _notes(self, answers: Answers) -> Iterator[str]:
        if self.comparison:
            if stated := boundary(self.comparison, answers.language):
                yield stated
            yield from notes(self.comparison, answers.language)
        found = [*(it.notes for _, it in self.judged), *(it.notes for it in self.ledgers)]
        for own in (*found, *(it.notes for it in self.measures)):
            yield from (answers.said(note) for note in own)
