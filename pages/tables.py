"""Tables of the page as plain rows of cells: every figure keeps the value it was printed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..reports.figures import figure, multiple, share

Cell = "Text | Number"


@dataclass(frozen=True)
class Number:
    """A figure as it is printed, and what it stands for."""

    text: str
    value: float | None
    """in the unit of its table, or of its row"""
    bar: float | None = None
    """share of a bar behind it, 1"""


@dataclass(frozen=True)
class Text:
    """A text."""

    text: str
    note: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its headings."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Text | Number, ...]] = field(default_factory=list)
    total: tuple[Text | Number, ...] = ()
    """last row, the sum of those above it; none where they do not add up to anything"""
    note: str = ""
    folded: bool = False
    """it is long, and folded until it is opened"""


@dataclass(frozen=True)
class Group:
    """Tables that belong together, under one heading."""

    key: str
    title: str
    tables: list[Table] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    """what the tables do not say"""
    pictures: list[Any] = field(default_factory=list)
    """SVG that is markup already; all names in it are escaped"""


def number(value: float | None, unit: str = "", factor: float = 1.0) -> Number:
    """Return a figure in a multiple of its unit; a ratio as per cent."""
    if value is None:
        return Number("–", None)
    if unit == "1":
        return Number(share(value), value)
    return Number(figure(value / factor), value)


def quantities(values: Iterable[float | None], unit: str) -> tuple[list[Number], str]:
    """Return several figures in one multiple of their unit, and the name of that."""
    found = list(values)
    factor, name = multiple([value for value in found if value is not None], unit)
    return [number(value, unit, factor) for value in found], "" if unit == "1" else name


def texts(cells: Sequence[str]) -> tuple[Text | Number, ...]:
    """Return a row of texts."""
    return tuple(Text(cell) for cell in cells)
