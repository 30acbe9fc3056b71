"""Problems: what is wrong in what people wrote, where it stands, and how to mend it.

    Exception
    ├── InputError          files or arguments cannot be used; carries every Problem that was found
    └── ValueError
        └── TextError       one text cannot be used; knows no place
            ├── QuantityError   (`units`) it is not the quantity that is needed
            └── FormulaError    (`chemistry`) it makes no chemical sense

Whoever reads a file catches a TextError and makes a Problem of it by adding the position.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Severity = Literal["error", "warning"]

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_EXCERPT_WIDTH = 100
_EXCERPT_LEFT = 60
_NAMES_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Source:
    """One text that was read: a file, or the value of an option. Equal only to itself."""

    name: str
    """how messages call it, e.g. `cases/parks/qarhan.yaml` or `--set`"""
    text: str = field(repr=False)
    """the decoded text, without byte order mark"""

    @cached_property
    def lines(self) -> list[str]:
        """Lines without their breaks, counted as editors count them (LF, CR LF, CR)."""
        return _LINE_BREAK.split(self.text)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source; line and column count characters from 1."""

    source: Source
    line: int
    column: int

    @property
    def file(self) -> str:
        """Name of the source."""
        return self.source.name

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One finding about the input."""

    position: Position | None
    """where it stands; None where it concerns no place in a text, e.g. a missing file"""
    what: str
    """what is wrong, without a final full stop"""
    mend: str = ""
    """what to do next; empty where nothing useful can be said"""
    severity: Severity = "error"
    """an error makes the input unusable, a warning does not"""


class InputError(Exception):
    """The input cannot be used; `problems` says everything that was found, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(render(problem) for problem in self.problems)


class TextError(ValueError):
    """One text cannot be used: `what` says why, `mend` what to write instead."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}; {self.mend}" if self.mend else self.what


class Findings:
    """Collects problems, so that all errors are reported at once; repeated ones are kept once."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> list[Problem]:
        """Errors and warnings in the order they were found."""
        return list(self._problems)

    def error(self, position: Position | None, what: str, mend: str = "") -> None:
        """Note that something makes the input unusable."""
        self.add(Problem(position, what, mend))

    def warning(self, position: Position | None, what: str, mend: str = "") -> None:
        """Note that something is doubtful but usable."""
        self.add(Problem(position, what, mend, "warning"))

    def add(self, *problems: Problem) -> None:
        """Note problems made elsewhere, e.g. those of an InputError."""
        self._problems.update(dict.fromkeys(problems))

    @property
    def has_errors(self) -> bool:
        """There is something that makes the input unusable."""
        return any(problem.severity == "error" for problem in self._problems)

    def raise_if_errors(self) -> None:
        """Raise InputError with everything found, warnings included, if there is any error."""
        if self.has_errors:
            raise InputError(self._problems)


def render(problem: Problem) -> str:
    """Write a problem as people read it: place and message, the line with a caret, the mend.

    Characters that a terminal would act on are replaced; long lines are cut to 100 columns around
    the caret.
    """
    position = problem.position
    place = f"{position}: " if position else ""
    rows = [harmless(f"{place}{problem.severity}: {problem.what}")]
    if position and position.line <= len(position.source.lines):
        excerpt, indent = _excerpt(position.source.lines[position.line - 1], position.column)
        if excerpt.strip():
            rows += [f"  {excerpt}", f"  {' ' * indent}^"]
    if problem.mend:
        rows.append(harmless(f"  help: {problem.mend}"))
    return "\n".join(rows)


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Say which name was probably meant (`did you mean 'capacity'?`), or list the first known."""
    names = list(dict.fromkeys(candidates))
    folded = {name.casefold(): name for name in reversed(names)}
    if close := difflib.get_close_matches(word.casefold(), folded, n=1):
        return f"did you mean '{folded[close[0]]}'?"
    if not names:
        return ""
    more = ", …" if len(names) > _NAMES_SHOWN else ""
    return f"known here: {', '.join(names[:_NAMES_SHOWN])}{more}"


def _excerpt(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line around a column, and how many cells stand before its caret."""
    caret = min(column - 1, len(line))
    start, left = caret, 0
    while start and left + _cells(line[start - 1]) <= _EXCERPT_LEFT:
        start -= 1
        left += _cells(line[start])
    stop, width = caret, left
    while stop < len(line) and width + _cells(line[stop]) <= _EXCERPT_WIDTH:
        width += _cells(line[stop])
        stop += 1
    head, tail = "…" * (start > 0), "…" * (stop < len(line))
    return head + harmless(line[start:stop]) + tail, len(head) + left


def _cells(character: str) -> int:
    """Return the terminal cells of a character: 2 if East Asian wide, 0 for combining marks."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def harmless(text: str) -> str:
    """Replace what a terminal would act on or could not print: controls, hidden marks, surrogates."""
    if text.isprintable():
        return text
    return "".join(_harmless_character(character) for character in text)


def _harmless_character(character: str) -> str:
    if character == "\t":
        return " "
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "\ufffd" if hidden else character
