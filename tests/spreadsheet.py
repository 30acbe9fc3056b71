"""A spreadsheet program in small: it computes the formulas of a workbook from the figures and texts in its cells.

It knows what the workbooks here use: + - * /, <= and =, SUM, SUMIFS, MAX, MIN, ABS, IF, ranges on one sheet. It refuses
what it does not know, so that no formula goes unread.
"""

from __future__ import annotations

import re
from collections import defaultdict
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?)"
    r"|(?P<text>\"[^\"]*\")"
    r"|(?P<cells>(?:'[^']+'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
    r"|(?P<function>[A-Z]+)\("
    r"|(?P<sign><=|[-+*/(),=]))"
)


class Spreadsheet:
    """A workbook twice: formulas as they are written, and the figures that were written with them."""

    def __init__(self, data: bytes) -> None:
        self.formulas, self.cached = load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True)
        self._known: dict[tuple[str, str], Any] = {}
        self._sums: dict[tuple[str, ...], dict[tuple[Any, ...], float]] = {}

    def cells(self) -> list[tuple[str, str]]:
        """Sheet and place of every formula."""
        return [
            (sheet.title, cell.coordinate)
            for sheet in self.formulas
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def value(self, sheet: str, place: str) -> Any:
        """Return the value of a cell, computed where it holds a formula."""
        key = (sheet, place)
        if key not in self._known:
            cell = self.formulas[sheet][place]
            self._known[key] = Reader(self, sheet, cell.value[1:]).read() if cell.data_type == "f" else cell.value
        return self._known[key]

    def values(self, cells: str, sheet: str) -> list[Any]:
        """Return the values of a range, row by row."""
        name, _, place = cells.replace("$", "").rpartition("!")
        left, top, right, bottom = range_boundaries(place)
        where = name.strip("'") or sheet
        return [
            self.value(where, f"{get_column_letter(column)}{row}")
            for row in range(top or 0, (bottom or 0) + 1)
            for column in range(left or 0, (right or 0) + 1)
        ]

    def sumifs(self, added: str, ranges: tuple[str, ...], sought: tuple[Any, ...], sheet: str) -> float:
        """Add up the cells of a range in rows where other ranges hold what is sought; case does not matter."""
        key = (added, *ranges)
        if key not in self._sums:
            found: dict[tuple[Any, ...], float] = defaultdict(float)
            columns = [self.values(cells, sheet) for cells in ranges]
            for number, row in zip(self.values(added, sheet), zip(*columns, strict=True), strict=True):
                found[tuple(map(_folded, row))] += number if isinstance(number, int | float) else 0.0
            self._sums[key] = found
        return self._sums[key].get(tuple(map(_folded, sought)), 0.0)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


class Reader:
    """One formula, read from left to right."""

    def __init__(self, book: Spreadsheet, sheet: str, text: str) -> None:
        self.book, self.sheet, self.text = book, sheet, text
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            assert found and found.lastgroup, f"cannot read {text[place:]!r}"
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self.place = 0

    def read(self) -> Any:
        """Return the value of the whole formula."""
        value = self._compared()
        assert self.place == len(self.tokens), f"cannot read all of {self.text!r}"
        return value

    def _next(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def _take(self, *signs: str) -> str:
        if self._next()[1] in signs and self._next()[0] == "sign":
            self.place += 1
            return self.tokens[self.place - 1][1]
        return ""

    def _compared(self) -> Any:
        left = self._sum()
        sign = self._take("<=", "=")
        if not sign:
            return left
        right = self._sum()
        return left <= right if sign == "<=" else left == right

    def _sum(self) -> Any:
        total = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            total = total + other if sign == "+" else total - other
        return total

    def _product(self) -> Any:
        total = self._one()
        while sign := self._take("*", "/"):
            other = self._one()
            total = total * other if sign == "*" else total / other
        return total

    def _one(self) -> Any:
        if self._take("-"):
            return -self._one()
        if self._take("("):
            value = self._compared()
            assert self._take(")")
            return value
        kind, text = self._next()
        self.place += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if kind == "cells":
            value = self.book.values(text, self.sheet)
            return value if ":" in text else (value[0] if value[0] is not None else 0.0)
        assert kind == "function", f"cannot read {text!r} in {self.text!r}"
        return self._function(text)

    def _function(self, name: str) -> Any:
        if name == "SUMIFS":
            return self._sumifs()
        if name == "IF":
            return self._if()
        arguments = self._arguments()
        flat = [number for it in arguments for number in (it if isinstance(it, list) else [it])]
        numbers = [number for number in flat if isinstance(number, int | float)]
        if name == "SUM":
            return sum(numbers)
        if name in ("MAX", "MIN"):
            return (max if name == "MAX" else min)(numbers)
        assert name == "ABS", f"the function {name} is not known here"
        return abs(numbers[0])

    def _arguments(self) -> list[Any]:
        found = [self._compared()]
        while self._take(","):
            found.append(self._compared())
        assert self._take(")")
        return found

    def _sumifs(self) -> float:
        ranges, sought = [], []
        kind, added = self._next()
        assert kind == "cells"
        self.place += 1
        while self._take(","):
            ranges.append(self._next()[1])
            self.place += 1
            assert self._take(",")
            sought.append(self._compared())
        assert self._take(")")
        return self.book.sumifs(added, tuple(ranges), tuple(sought), self.sheet)

    def _if(self) -> Any:
        """Read both ways, but let only the one that counts fail."""
        condition = self._compared()
        ways: list[Any] = []
        while self._take(","):
            begin = self.place
            try:
                ways.append(self._compared())
            except ZeroDivisionError:
                ways.append(None)
                depth, self.place = 0, begin
                while depth or self._next()[1] not in (",", ")"):
                    kind, text = self._next()
                    depth += kind == "function" or text == "("
                    depth -= text == ")"
                    self.place += 1
        assert self._take(")")
        return ways[0] if condition else ways[1]
