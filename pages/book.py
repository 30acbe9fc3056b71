"""A workbook of tables: every sheet has a title, a sentence, a row of headers with units and notes, and rows below.

Text is always written as text, whatever it begins with, and without what a program would act on. A formula refers to
cells only, never holds text of a case, and carries the figure it had when it was written.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

Kind = Literal["text", "long", "figure", "price", "share", "count", "small"]

CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""the time that every workbook says it was made at: the same answer is the same bytes"""
LONGEST = 32_000
"""characters that a cell holds"""
NOTE = 2_000
"""characters of a note"""
NOTES_SHOWN = 2_000
"""notes on one sheet; more make programs slow"""
MOST_ROWS = 200_000
"""rows of a sheet; a sheet holds 1,048,576, but nobody reads them"""
TOP = 4
"""first row of a table, counted from 0, under the title, a sentence, an empty row and the headers"""
ACTS = ("=", "+", "-", "@", "\t", "\r")
"""beginnings that a program takes for a formula where somebody types them in again"""
FORMATS: dict[Kind, str] = {
    "text": "@",
    "long": "@",
    "figure": "[>=1000]#,##0.0;[<=-1000]-#,##0.0;#,##0.0#####",
    "price": "[>=1000]#,##0.00;[<=-1000]-#,##0.00;#,##0.00####",
    "share": "0.0%",
    "count": "0",
    "small": "0.0E+00",
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet."""

    key: str
    """what code calls it"""
    header: str
    """what stands above it, its unit included"""
    kind: Kind = "text"
    width: float = 12
    """characters"""
    note: str = ""
    """what it means and how it is computed"""


@dataclass(frozen=True)
class Formula:
    """A live formula, and the figure it has now."""

    text: str
    """without the equals sign"""
    value: float | str


@dataclass(frozen=True)
class Noted:
    """A cell with a note."""

    value: str | float | None
    note: str


@dataclass(frozen=True)
class Link:
    """A cell that leads to a sheet of this workbook."""

    sheet: str


Cell = str | float | None | Formula | Noted | Link


def live(text: str, value: float, now: float) -> float | Formula:
    """Return a formula where its cells make the figure `value` now; the bare figure where they do not (1e-9)."""
    return Formula(text, value) if math.isclose(value, now, rel_tol=1e-9, abs_tol=1e-9) else value


@lru_cache(maxsize=50_000)
def plain(text: str, most: int = LONGEST) -> str:
    """Return a text without what a program would act on or could not show; cut where it is too long.

    Controls, marks of direction and halves of characters become `\ufffd`; line breaks and tabs become blanks.
    """
    harmless = text
    if not text.isprintable():
        harmless = "".join(_plain(character) for character in " ".join(text.splitlines()))
    return harmless if len(harmless) <= most else f"{harmless[: most - 1]}…"


def _plain(character: str) -> str:
    if character.isprintable() or character == " ":
        return character
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    return "\ufffd"


class Sheet:
    """One sheet: a table, or lines of their own."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name
        self.columns: tuple[Column, ...] = ()
        self.at: dict[str, int] = {}
        self.size = 0
        """rows of the table"""
        self._notes = 0
        self._own = book.file.add_worksheet(name, book.kind)

    def table(self, about: str, columns: Sequence[Column], frozen: int) -> Sheet:
        """Start a table: write what stands above its rows; `frozen` columns stay in view. Returns the sheet."""
        self.columns, own = tuple(columns), self._own
        self.at = {column.key: number for number, column in enumerate(columns)}
        self.title(about)
        self._headers(TOP - 1)
        for number, column in enumerate(self.columns):
            own.set_column(number, number, column.width)
        own.freeze_panes(TOP, frozen)
        return self

    def title(self, about: str) -> None:
        """Write the first two rows, and set up the print."""
        own, styles = self._own, self.book.styles
        own.write_string(0, 0, plain(f"{self.name} · {self.book.title}"), styles["title"])
        own.write_string(1, 0, plain(about), styles["about"])
        own.set_landscape()
        own.set_paper(9)  # A4
        own.fit_to_pages(1, 0)
        own.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        own.repeat_rows(0, TOP - 1)
        head = plain(self.book.title, 100).replace("&", "&&")
        own.set_header(f"&L&8{head}&R&8&A")
        own.set_footer("&L&8parkloop&R&8&P / &N")

    @property
    def next_row(self) -> int:
        """Number of the row that is written next, as formulas count."""
        return TOP + self.size + 1

    def _headers(self, row: int) -> None:
        for number, column in enumerate(self.columns):
            style = self.book.styles["header" if column.kind in ("text", "long") else "header_right"]
            self._own.write_string(row, number, plain(column.header), style)
            if column.note:
                self._note(row, number, column.note)

    def block(self, title: str, *headers: str) -> None:
        """Start a block of lines under a title, after an empty row."""
        row = TOP + self.size + (1 if self.size else -1)
        self._own.write_string(row, 0, plain(title), self.book.styles["block"])
        for number, text in enumerate(headers):
            self._own.write_string(row + 1, number, plain(text), self.book.styles["header"])
        self.size = row + 2 - TOP

    def line(self, *cells: tuple[Cell, Kind]) -> int:
        """Write one line of a block, each cell of its own kind, and return its number as formulas count."""
        row = TOP + self.size
        for number, (cell, kind) in enumerate(cells):
            self.write(row, number, cell, kind)
        self.size += 1
        return row + 1

    def widths(self, *widths: float) -> None:
        """Set the widths of columns, in characters."""
        for number, width in enumerate(widths):
            self._own.set_column(number, number, width)

    def row(self, *cells: Cell, strong: bool = False) -> int:
        """Write one row, and return its number as formulas count."""
        row = TOP + self.size
        for number, cell in enumerate(cells):
            self.write(row, number, cell, self.columns[number].kind, strong)
        self.size += 1
        return row + 1

    def write(self, row: int, column: int, cell: Cell, kind: Kind, strong: bool = False) -> None:
        """Write one cell; rows and columns count from 0."""
        own = self._own
        if isinstance(cell, Noted):
            if cell.note:
                self._note(row, column, cell.note)
            cell = cell.value
        style = self.book.styles[f"{kind}{' strong' * strong}"]
        if cell is None:
            return
        if isinstance(cell, Link):
            own.write_url(row, column, f"internal:'{cell.sheet}'!A1", self.book.styles["link"], cell.sheet)
        elif isinstance(cell, Formula):
            own.write_formula(row, column, f"={cell.text}", style, cell.value)
        elif isinstance(cell, str):
            text = plain(cell)
            if text.startswith(ACTS):
                style = self.book.styles["quoted"]
            own.write_string(row, column, text, style)
        elif math.isfinite(cell):
            own.write_number(row, column, cell, style)
        else:
            own.write_string(row, column, "∞" if cell > 0 else "-∞" if cell < 0 else "–", style)

    def close(self) -> None:
        """Lay the filter over the table; nothing is written after."""
        if self.size and self.columns:
            self._own.autofilter(TOP - 1, 0, TOP - 1 + self.size, len(self.columns) - 1)

    def cell(self, row: int, key: str) -> str:
        """Return how formulas of this sheet call a cell; rows count from 1."""
        return f"{letter(self.at[key])}{row}"

    def range(self, key: str) -> str:
        """Return how formulas call all cells of a column of the table; the table must be whole."""
        found = letter(self.at[key])
        return f"'{self.name}'!${found}${TOP + 1}:${found}${TOP + max(self.size, 1)}"

    def header_cell(self, key: str) -> str:
        """Return how formulas of this sheet call the header of a column."""
        return f"{letter(self.at[key])}${TOP}"

    def _note(self, row: int, column: int, text: str) -> None:
        if self._notes < NOTES_SHOWN:
            self._notes += 1
            size = {"x_scale": 2.2, "y_scale": 0.6 + len(text) / 220}
            self._own.write_comment(row, column, plain(text, NOTE), {"author": "parkloop", **size})


@dataclass
class Book:
    """A workbook while it is written."""

    title: str
    names: dict[str, str]
    """sheets in their order: what code calls each, and what it is called"""
    file: Any = field(init=False)
    styles: dict[str, Any] = field(init=False)
    kind: type = field(init=False)
    """class of the worksheets"""
    sheets: dict[str, Sheet] = field(init=False, default_factory=dict)
    _bytes: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self.kind = _plain_worksheet()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        self.file = xlsxwriter.Workbook(self._bytes, options)
        self.file.set_properties({"title": plain(self.title, 200), "author": "parkloop", "created": CREATED})
        self.styles = dict(_styles(self.file))
        for key, name in self.names.items():
            taken = {sheet.name.casefold() for sheet in self.sheets.values()}
            self.sheets[key] = Sheet(self, sheet_name(name, taken))

    def close(self) -> bytes:
        """Return the file."""
        for sheet in self.sheets.values():
            sheet.close()
        self.file.close()
        return self._bytes.getvalue()


def _plain_worksheet() -> type:
    """Return a worksheet that takes formulas as they are.

    XlsxWriter searches each for 29 functions of later programs; formulas here have none, and there may be 100,000.
    """
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

    class PlainWorksheet(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return PlainWorksheet


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a sheet may have: at most 31 characters, none of `[]:*?/\\'`, and not yet taken."""
    allowed = "".join("_" if character in "[]:*?/\\'" else character for character in plain(name)).strip()[:31]
    found, number = allowed or "sheet", 2
    while found.casefold() in taken:
        ending = f" {number}"
        found, number = f"{allowed[: 31 - len(ending)]}{ending}", number + 1
    return found


def letter(column: int) -> str:
    """Return how formulas call a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _styles(file: Any) -> Iterator[tuple[str, Any]]:
    yield "title", file.add_format({"bold": True, "font_size": 14})
    yield "block", file.add_format({"bold": True, "font_size": 12})
    yield "about", file.add_format({"italic": True, "font_color": "#555555"})
    header = {"bold": True, "bottom": 1, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"}
    yield "header", file.add_format(header)
    yield "header_right", file.add_format({**header, "align": "right"})
    yield "link", file.add_format({"font_color": "#0B5394", "underline": 1})
    yield "quoted", file.add_format({"num_format": "@", "quote_prefix": True, "valign": "top"})
    for kind, form in FORMATS.items():
        style: dict[str, Any] = {"num_format": form, "valign": "top"}
        if kind == "long":
            style["text_wrap"] = True
        yield kind, file.add_format(style)
        yield f"{kind} strong", file.add_format({**style, "bold": True, "top": 1})
