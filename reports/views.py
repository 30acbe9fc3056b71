"""Tables of texts in two languages, and the words that many of them share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..flows.blocks import Name, written
from ..flows.recipe_schema import Citation, Pedigree
from .contents_phrases import contents_phrases


@dataclass(frozen=True)
class TableView:
    """One table: cells are texts; a cell of two languages is a pair."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | tuple[str, str], ...]] = field(default_factory=list)


def both_names(name: Name | None, fallback: str) -> tuple[str, str]:
    """Return the English and the Chinese name, each in place of the other where one is missing."""
    if name is None:
        return fallback, fallback
    return name.en or name.zh, name.zh or name.en


def stated_words(block: object, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a block that are stated, with their figures as they are written."""
    for name in names:
        value = getattr(block, name)
        if value is not None:
            yield name, written(value)


def all_cited(block: Pedigree) -> str:
    """Return every source of a block as text."""
    return "; ".join(cited(citation) for citation in block.sources.values())


def cited(citation: Citation) -> str:
    """Return a source as text, with how it was accessed."""
    parts = [citation.cite, citation.publisher, str(citation.year or "")]
    return f"{', '.join(part for part in parts if part)} [{citation.access}]"


def citation_table(block: Pedigree) -> TableView:
    """Return the sources of a block, and its note."""
    table = TableView(
        contents_phrases.tell("sources_of", confidence=contents_phrases.tell(block.confidence or "unstated")),
        ("key", "source", "gives", "note"),
    )
    for key, citation in block.sources.items():
        table.rows.append((key, cited(citation), ", ".join(citation.gives), citation.note))
    if block.note:
        table.rows.append((contents_phrases.tell("note"), block.note, "", ""))
    return table
