"""Reading a report back: its tables as rows of texts and values; and a case whose names are hostile."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from hello import TEXT, tree_of
from parkloop.flows.build import build_network
from parkloop.pages.answer import Answer
from parkloop.pages.page import page
from parkloop.reports.run import solve_case

HOSTILE = {
    "Carbide slag becomes cement": "<script>window.hurt=1</script>",
    "Limestone": "<img src=x onerror=window.hurt=1>",
    "Clinker kiln": "</script><script>window.hurt=1</script>",
    "Calcium carbide": "=cmd|' /C calc'!A0",
    "Acetylene works": '\\"><b>bold</b>',
    "Cement works": "{{ 7 * 7 }} {% raw %}",
    "Carbide slag,": "<!-- <script> ]]> \\u2028 &lt;,",
}
"""what each English name of the hello case becomes"""


@dataclass
class ReadTable:
    """A table of a page."""

    key: str
    scenario: str
    rows: list[list[tuple[str, float | None]]] = field(default_factory=list)
    """rows of the body: printed text, and value where the cell is a figure"""
    total: list[list[tuple[str, float | None]]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[ReadTable] = []
        self.table = ReadTable("", "")
        self.rows: list[list[tuple[str, float | None]]] = []
        self.cell: tuple[list[str], float | None] | None = None
        self.data, self.in_data = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "table":
            self.table = ReadTable(known.get("data-table") or "", known.get("data-scenario") or "")
            self.tables += [self.table] if self.table.key else []
        elif tag == "tbody":
            self.rows = self.table.rows
        elif tag == "tfoot":
            self.rows = self.table.total
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.cell = ([], float(known["data-v"]) if known.get("data-v") else None)
        elif tag == "script":
            self.in_data = known.get("id") == "data"

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self.cell:
            self.rows[-1].append(("".join(self.cell[0]), self.cell[1]))
            self.cell = None
        elif tag in ("thead", "tbody", "tfoot"):
            self.rows = []
        elif tag == "script":
            self.in_data = False

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.cell[0].append(data)
        if self.in_data:
            self.data += data


def read_page(text: str) -> tuple[list[ReadTable], dict[str, Any]]:
    """Return the tables of a page, and the data of its script."""
    reader = _Reader()
    reader.feed(text)
    return reader.tables, json.loads(reader.data)


def answers_of(text: str, *scenarios: str) -> list[Answer]:
    """Return the answers to some scenarios of a case text."""
    tree = tree_of(text)
    return [Answer(tree.case(name), solve_case(build_network(tree.case(name)))) for name in scenarios]


def hostile_page(language: str) -> str:
    """Return the report of the hello case with hostile names."""
    text = TEXT
    for name, bad in HOSTILE.items():
        end = "," if name.endswith(",") else ""
        old = f"en: {name.rstrip(',')}{end}"
        assert text.count(old) == 1, old
        text = text.replace(old, f'en: "{bad.rstrip(",") if end else bad}"{end}')
    return page(answers_of(text, "base", "standalone"), "parkloop report '<b>'", language)  # type: ignore[arg-type]
