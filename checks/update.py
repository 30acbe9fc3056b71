"""Accept what a case answers now: rewrite the figures that it expects in their place, and its baseline.

Only the values that are off are replaced, character by character: comments, order and layout of the file stay. The file
of the case and its baseline are both written whole, or neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..flows.build import build_network
from ..flows.case import Case, read_tree
from ..flows.document import parse
from ..flows.fingerprint import fingerprint
from ..flows.includes import shown
from ..flows.problems import InputError, Position, Problem
from ..flows.saving import save_all
from ..reports.result import versions
from ..solver.solution import SolveOptions
from .answer import Answer
from .baseline import baseline_path, document_of, layout, read_baseline, recorded
from .case import Checker
from .expected import Expected, expected_of

DIGITS = 7
"""significant digits of a figure that is written anew"""
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Edit:
    """One value of the case file that is written anew."""

    position: Position
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """What is rewritten."""
        return f"{self.position}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Updated:
    """What was accepted of one case."""

    file: str
    edits: tuple[Edit, ...]
    baseline: str
    """file of the baseline that was written; empty where none was, or it is as it was"""
    by_hand: tuple[str, ...]
    """what a person has to write, because it is not stated in a way that can be replaced"""


def update_case(path: Path, options: SolveOptions | None = None, record: bool = False) -> Updated:
    """Accept the answers of a case.

    Args:
        path: the file of the case.
        options: how to solve.
        record: record a baseline also where there is none and everything is expected by the case itself.

    Raises:
        InputError: the case cannot be read, or a scenario has no proven answer; nothing is written then.
        OSError: a file cannot be written; nothing is new then.
    """
    tree, baseline = read_tree(path), read_baseline(path)
    checker = Checker(path, tree, None, options or SolveOptions())
    stated = {name: expected_of(tree.case(name), name) for name in tree.scenarios}
    keeps = record or baseline is not None or None in stated.values()
    edits: list[Edit] = []
    by_hand: list[str] = []
    scenarios: dict[str, Any] = {}
    solver = ""
    for scenario, expected in stated.items():
        case = tree.case(scenario)
        with Answer(build_network(case, contradictory=True), checker.options) as answer:
            _check_proven(answer, case, scenario)
            if expected is not None:
                _edit(checker, answer, case, scenario, expected, edits, by_hand)
            if keeps:
                kept = recorded(answer, checker.blocked(answer, scenario), fingerprint(tree, case).sha256)
                scenarios[scenario] = kept
            solver = answer.result.versions["solver"]
    texts = {path.resolve(): _edited(path, edits)} if edits else {}
    target = baseline_path(path.resolve())
    if keeps:
        text = layout(document_of(checker.name, scenarios, tree, versions(solver)))
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            texts[target] = text
    if texts:
        save_all(texts)
    written = shown(target) if target in texts else ""
    return Updated(shown(path), tuple(edits), written, tuple(by_hand))


def _check_proven(answer: Answer, case: Case, scenario: str) -> None:
    result = answer.result
    proven = result.status in ("infeasible", "unbounded") or (
        result.certificate is not None and result.certificate.holds
    )
    if result.status == "stopped" or not proven:
        what = f"scenario `{scenario}` has no proven answer: {result.reason or 'it is not certified'}"
        raise InputError([Problem(case.key_at("scenarios", scenario), what, "raise --time-limit, or mend the case")])


def _edit(
    checker: Checker,
    answer: Answer,
    case: Case,
    scenario: str,
    expected: Expected,
    edits: list[Edit],
    by_hand: list[str],
) -> None:
    """Collect what the expectation of a scenario should say."""
    found = {it.quantity: it for it in checker.compare(answer, scenario, expected)}
    if "status" in found:
        place = expected.places["status"]
        edits.append(Edit(place, expected.status, answer.result.status))
        return
    for item in expected.figures:
        if item.name not in found:
            continue
        if found[item.name].found is None:
            by_hand.append(f"{item.position}: {found[item.name].what}")
            continue
        measure = answer.measure(item.name)
        assert measure.value is not None and item.position is not None
        one = item.low.to(measure.unit) / item.low.value if item.low.value else None
        unit = item.low.unit if one is not None else measure.unit
        value = measure.value / one if one is not None else measure.value
        path = ("objective",) if item.name == "objective" else tuple(item.name.split(".", 1))
        before = case.text_at("expect", scenario, *path) or str(item.low)
        edits.append(Edit(item.position, before, f"{_number(value)} {unit}" if unit != "1" else _number(value)))
    lists = {"binding": answer.binding, "because": checker.blocked(answer, scenario)}
    for key, now in lists.items():
        if any(name == key or name.startswith(f"{key}.") for name in found):
            place = expected.places[key]
            before = _flow_list(place)
            if before:
                edits.append(Edit(place, before, f"[{', '.join(now)}]"))
            else:
                by_hand.append(f"{place}: write `{key}: [{', '.join(now)}]`")


def _number(value: float) -> str:
    """Write a number with enough digits and without an exponent."""
    return format(Decimal(f"{value:.{DIGITS}g}").normalize() + 0, "f")


def _flow_list(place: Position) -> str:
    """Return the list `[…]` that stands at a place on one line; empty where it is written in another way."""
    line = place.source.lines[place.line - 1][place.column - 1 :]
    end = line.find("]")
    return line[: end + 1] if line.startswith("[") and end >= 0 else ""


def _edited(path: Path, edits: Sequence[Edit]) -> str:
    """Return the text of a file with some values replaced, the last first. Raises InputError."""
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark) if mark else text
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    for edit in sorted(edits, key=lambda it: (it.position.line, it.position.column), reverse=True):
        start = starts[edit.position.line - 1] + edit.position.column - 1
        quote = text[start] if text[start] in "\"'" else ""
        before = f"{quote}{edit.before}{quote}"
        if not text.startswith(before, start):
            what = f"`{edit.before}` does not stand here as it was read"
            raise InputError([Problem(edit.position, what, f"write `{edit.after}` by hand")])
        text = text[:start] + f"{quote}{edit.after}{quote}" + text[start + len(before) :]
    parse(text.encode("utf-8"), shown(path))
    return mark + text
