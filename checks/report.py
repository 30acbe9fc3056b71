"""What a check says: to people as text, to pipelines as JSON (`parkloop.check/1`) or as annotations of GitHub."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from rich.markup import escape

from ..flows.problems import harmless
from ..flows.wording import Language, Saying, said
from ..reports.json_text import finite
from ..reports.summary import Paper
from .case import CaseVerdict
from .compare import Difference
from .phrases import number, phrases

SCHEMA = "parkloop.check/1"
SHOWN = 10
"""differences of one case that are told in full"""
COUNTED = {"cases": "case", "scenarios": "scenario", "compared": "comparison"}
"""what the last line counts, by its key in `counts`"""


def exit_code(verdicts: Sequence[CaseVerdict]) -> int:
    """Return 0 where all is as expected, 1 for differences, 2 for invalid input, 4 where the solver stopped."""
    codes = [0]
    for verdict in verdicts:
        codes.append(2 if verdict.invalid else 0 if verdict.passed else 1)
        codes += [4 for row in verdict.scenarios if row.status == "stopped"]
    return max(codes)


def worst_first(verdicts: Sequence[CaseVerdict]) -> list[CaseVerdict]:
    """Return the cases that are not as expected, the one with the worst difference first."""
    return sorted((it for it in verdicts if not it.passed), key=lambda it: (it.differences[0].order, it.file))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `check --format json`."""
    text = files(__package__).joinpath("check.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def as_object(verdicts: Sequence[CaseVerdict]) -> dict[str, Any]:
    """Return a check as plain values; seconds stand apart, because they differ from run to run."""
    return {
        "schema": SCHEMA,
        "passed": all(verdict.passed for verdict in verdicts),
        "counts": counts(verdicts),
        "cases": [
            {
                "file": verdict.file,
                "case": verdict.case,
                "passed": verdict.passed,
                "invalid": bool(verdict.invalid),
                "scenarios": [
                    {"scenario": row.scenario, "status": row.status, "passed": row.passed, "compared": row.compared}
                    for row in verdict.scenarios
                ],
                "differences": [_difference(it) for it in verdict.differences],
                "changed_since": verdict.changed_since,
                "changed": [
                    {
                        "file": it.file,
                        "line": it.line,
                        "column": it.column,
                        "path": it.path,
                        "before": it.before,
                        "after": it.after,
                    }
                    for it in verdict.changed
                ],
            }
            for verdict in verdicts
        ],
        "run": {
            "seconds": {verdict.file: sum(row.seconds for row in verdict.scenarios) for verdict in verdicts},
            "cached": [verdict.file for verdict in verdicts if verdict.cached],
        },
    }


def to_json(verdicts: Sequence[CaseVerdict]) -> str:
    """Write a check as JSON."""
    return json.dumps(finite(as_object(verdicts)), indent=2, ensure_ascii=False, allow_nan=False)


def counts(verdicts: Sequence[CaseVerdict]) -> dict[str, int]:
    """Return how much was checked and how much of it is not as expected."""
    rows = [row for verdict in verdicts for row in verdict.scenarios]
    return {
        "cases": len(verdicts),
        "scenarios": len(rows),
        "compared": sum(row.compared for row in rows),
        "failed_cases": sum(not verdict.passed for verdict in verdicts),
        "failed_scenarios": sum(not row.passed for row in rows),
        "differences": sum(len(row.differences) for row in rows),
    }


def print_text(verdicts: Sequence[CaseVerdict], paper: Paper, language: Language = "en") -> None:
    """Print the cases that are not as expected, the worst first, and one line of counts."""
    for verdict in worst_first(verdicts):
        name = verdict.file if verdict.invalid else f"{verdict.file} ({verdict.case})"
        word = phrases("invalid" if verdict.invalid else "differs", language)
        paper.print(f"[bold red]{word}[/] {escape(harmless(name))}")
        for line in lines(verdict, language):
            paper.print(escape(line))
        paper.print()
    paper.print(escape(said(sentence(verdicts), language)))


def lines(verdict: CaseVerdict, language: Language = "en") -> Iterator[str]:
    """Say what differs in one case, and what changed in its input, a line each."""
    if verdict.invalid:
        yield from (f"  {line}" for text in verdict.invalid for line in text.splitlines())
    found = [] if verdict.invalid else verdict.differences
    for it in found[:SHOWN]:
        told = phrases("placed", language, place=it.place, scenario=it.scenario, what=it.what)
        yield f"  {harmless(told)}"
    if len(found) > SHOWN:
        yield f"  {said(number(len(found) - SHOWN, 'smaller'), language)}"
    since = harmless(said(verdict.changed_since, language))
    if verdict.changed:
        yield f"  {phrases('changed', language, since=since)}"
        for change in verdict.changed:
            told = said(change.sentence, language)
            yield f"    {harmless(f'{change.file}:{change.line}:{change.column}: {told}')}"
    elif verdict.changed_since:
        yield f"  {phrases('unchanged', language, since=since)}"


def sentence(verdicts: Sequence[CaseVerdict]) -> Saying:
    """Say in one line how it came out."""
    it = counts(verdicts)
    told = phrases.tell("as_expected")
    if it["failed_cases"]:
        wrong, failed = number(it["differences"], "difference"), number(it["failed_cases"], "case")
        told = phrases.tell("differences_in", differences=wrong, cases=failed)
    cached = sum(verdict.cached for verdict in verdicts)
    told = number(cached, "cached", told=told) if cached else told
    seen = {f"{what}s": number(it[key], what) for key, what in COUNTED.items()}
    return phrases.tell("came_out", **seen, told=told)


def _difference(it: Difference) -> dict[str, Any]:
    off = None if it.off is None or math.isinf(it.off) else it.off
    return {
        "scenario": it.scenario,
        "quantity": it.quantity,
        "what": it.what,
        "file": it.file,
        "line": it.line or None,
        "column": it.column or None,
        "source": it.source,
        "expected": it.expected,
        "found": it.found,
        "unit": it.unit,
        "off": off,
    }
