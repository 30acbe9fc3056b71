"""Annotations of GitHub: workflow commands that put a message on the line of a file.

    ::error file=FILE,line=LINE,col=COLUMN,title=TITLE::MESSAGE

In a message `%`, CR and LF are written %25, %0D and %0A; in a property `:` and `,` too, as %3A and %2C
(docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit, packages/core/src/command.ts).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .case import CaseVerdict
from .compare import Difference
from .report import SHOWN, worst_first

_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def commands(verdicts: Sequence[CaseVerdict]) -> Iterator[str]:
    """Return one command a line: errors for the worst differences of each case, warnings where its input changed.

    GitHub shows ten of each kind a step; the worst come first.
    """
    for verdict in worst_first(verdicts):
        for it in verdict.differences[:SHOWN]:
            yield _command("error", it.file or verdict.file, it.line, it.column, _title(verdict, it), it.what)
        for change in verdict.changed:
            title = f"changed since {verdict.changed_since}"
            yield _command("warning", change.file, change.line, change.column, title, change.sentence)


def _title(verdict: CaseVerdict, it: Difference) -> str:
    return f"{verdict.case} {it.scenario}: {it.quantity}" if it.scenario else f"{verdict.case}: invalid input"


def _command(kind: str, file: str, line: int, column: int, title: str, message: str) -> str:
    places = {"file": file, "line": str(line or 1), "col": str(column) if column else "", "title": title}
    written = ",".join(f"{key}={_escape(value, _PROPERTY)}" for key, value in places.items() if value)
    return f"::{kind} {written}::{_escape(message, _DATA)}"


def _escape(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for character, code in pairs:
        text = text.replace(character, code)
    return text
