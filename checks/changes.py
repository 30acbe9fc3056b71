"""Input that changed: since a baseline was recorded, by its values; without one, since a commit, by its lines."""

from __future__ import annotations

import difflib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..flows.case import CaseTree
from ..flows.problems import Source
from ..flows.units import QuantityError, parse_quantity
from ..flows.wording import Saying
from .baseline import Baseline, values_of
from .phrases import phrases

tell = phrases.tell
MOST = 20
"""changes that are told"""


@dataclass(frozen=True)
class Changed:
    """One place of the input that is not as it was."""

    file: str
    line: int
    column: int
    path: str
    """dotted path of the value; empty where only lines are known"""
    before: str
    """empty where there was nothing"""
    after: str
    """empty where there is nothing any more"""

    @property
    def sentence(self) -> Saying:
        """What changed, in plain words."""
        key = "new" if not self.before else "changed_to" if self.after else "gone"
        parts = {"name": f"`{self.path}` " if self.path else "", "before": self.before, "after": self.after}
        return tell(key, **parts, kind=_kind(self.before, self.after))


def changes_since(tree: CaseTree, baseline: Baseline | None, revision: str = "") -> list[Changed]:
    """Return what changed, in the order of the files; empty where nothing can be known."""
    found = _by_value(tree, baseline) if baseline is not None else _by_line(tree, revision or "HEAD")
    return list(found)[:MOST]


def _by_value(tree: CaseTree, baseline: Baseline) -> Iterator[Changed]:
    then, now = baseline.values, values_of(tree)
    for path, (text, position) in now.items():
        before = then.get(path, "")
        if before != text or path not in then:
            yield Changed(position.file, position.line, position.column, path, before, text or "nothing")
    last = tree.root.position
    for path, before in then.items():
        if path in now:
            last = now[path][1]
        elif not any(other.startswith(f"{path}.") for other in now):  # it stood behind what is still there
            yield Changed(last.file, last.line, last.column, path, before or "nothing", "")


def _by_line(tree: CaseTree, revision: str) -> Iterator[Changed]:
    for source in tree.sources:
        then = _text_at(source, revision)
        if then is None:
            continue
        lines = Source(source.name, then).lines
        matcher = difflib.SequenceMatcher(None, lines, source.lines, autojunk=False)
        for word, a, b, c, d in matcher.get_opcodes():
            if word != "equal":
                before, after = (" / ".join(line.strip() for line in part) for part in (lines[a:b], source.lines[c:d]))
                line = min(c + 1, max(len(source.lines), 1))
                indent = len(source.lines[line - 1]) - len(source.lines[line - 1].lstrip()) if d > c else 0
                yield Changed(source.name, line, indent + 1, "", before, after)


def _text_at(source: Source, revision: str) -> str | None:
    path = Path(source.name)
    if not path.is_file():
        return None
    command = ["git", "-C", str(path.resolve().parent), "show", f"{revision}:./{path.name}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    text = done.stdout.decode("utf-8", "replace").removeprefix("\ufeff")
    return None if text == source.text else text


def _kind(before: str, after: str) -> Saying:
    """Say what kind of slip a change could be: a sign, a unit, a power of ten."""
    try:
        old, new = parse_quantity(before), parse_quantity(after)
    except QuantityError:
        return Saying("")
    if old.dimension != new.dimension:
        return tell("other_unit")
    if not old.value or not new.value:
        return Saying("")
    ratio = new.to(old.unit) / old.value
    if abs(ratio + 1) < 1e-9:
        return tell("sign")
    for factor in (10.0, 100.0, 1000.0, 1e4, 1e6):
        if abs(ratio / factor - 1) < 1e-9:
            return tell("times", factor=f"{factor:,.0f}")
        if abs(ratio * factor - 1) < 1e-9:
            return tell("part", factor=f"{factor:,.0f}")
    return Saying("")
