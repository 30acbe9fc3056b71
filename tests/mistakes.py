"""One mistake at a time in a case that is right, and what must be said about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One edit of a case and what must be said about it."""

    old: str
    new: str
    what: str
    mend: str
    at: str
    """text whose place in the edited file the message must name"""


def place_of(needle: str, text: str) -> str:
    """Return `line:column` of a text."""
    before = text[: text.index(needle)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
