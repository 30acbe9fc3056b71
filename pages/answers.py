"""What a workbook is made of: answers to scenarios of one case, in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..flows.case import Case
from ..flows.recipe_schema import Pedigree
from ..flows.tables import Label
from ..flows.wording import Language, said
from ..reports.result import Result
from ..reports.views import all_cited
from .book import Column, Kind
from .workbook_words import words

WIDTHS: dict[str, float] = {"name": 38, "title": 44, "indicator": 26, "plant": 26, "process": 26, "material": 24}


@dataclass(frozen=True)
class Answers:
    """Results of one case, each with the case it answers where that is at hand."""

    results: tuple[Result, ...]
    cases: tuple[Case, ...]
    """none, or one for each result"""
    commands: tuple[str, ...]
    """none, or one for each result: what to type to get it again"""
    language: Language

    @cached_property
    def solved(self) -> list[Result]:
        """Results that have figures."""
        return [result for result in self.results if result.optimal]

    @property
    def first(self) -> Result:
        """The result that others are compared with."""
        return self.solved[0] if self.solved else self.results[0]

    @property
    def title(self) -> str:
        """Title of the case."""
        head = self.cases[0].head.title if self.cases else None
        if head is not None:
            return (head.zh or head.en) if self.language == "zh" else (head.en or head.zh)
        return self.name(self.first.title)

    @property
    def money(self) -> str:
        """Money of the case."""
        return self.first.network.money

    def name(self, text: Label) -> str:
        """Return the name of a thing."""
        return text.zh if self.language == "zh" else text.en

    def word(self, key: str, **parts: str) -> str:
        """Return a word of the workbook."""
        return words(key, self.language, **parts)

    def said(self, text: str) -> str:
        """Return a sentence of the answer."""
        return said(text, self.language)

    def column(self, key: str, kind: Kind = "text", width: float | None = None, note: str = "", **parts: str) -> Column:
        """Return a column whose header is the word of its key."""
        found = width or WIDTHS.get(key, 13)
        return Column(key, self.word(key, **parts), kind, found, self.word(note) if note else "")

    def park_column(self, park: str, name: str) -> Column:
        """Return the column of a park: its identifier, with its name in the note."""
        return Column(park, park, "figure", 18, name if name != park else "")

    def note_at(self, path: str) -> str:
        """Return the note of the block that a line of the case stands in, nothing where it has none."""
        parts = path.split(".")
        for length in range(len(parts), 1, -1):
            if note := self.notes.get(".".join(parts[:length])):
                return note
        return ""

    def place(self, result: Result, origin: int) -> str:
        """Return the file and line of an origin, nothing where there is none."""
        if origin < 0:
            return ""
        position = result.network.origins[origin].position
        return f"{position.file}:{position.line}"

    def pedigrees(self) -> Iterator[tuple[str, Pedigree]]:
        """Yield indicators, plants and offers of the case by their paths, with their sources."""
        if not self.cases:
            return
        case = self.cases[0]
        for key, indicator in case.indicators.items():
            yield f"indicators.{key}", indicator
        for park_key, park in case.parks.items():
            for kind in ("plants", "buy", "sell", "discard"):
                for key, block in getattr(park, kind).items():
                    yield f"parks.{park_key}.{kind}.{key}", block

    @cached_property
    def notes(self) -> dict[str, str]:
        """Sources, confidence and note of blocks by their paths."""
        found = {}
        for path, block in self.pedigrees():
            parts = [f"{self.word('note_sources')}: {cited}"] if (cited := all_cited(block)) else []
            parts += [f"{self.word('note_confidence')}: {block.confidence}"] if block.confidence else []
            parts += [block.note] if block.note else []
            if parts:
                found[path] = ". ".join(parts)
        return found
