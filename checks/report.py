"""What a check says: to people as text, to pipelines as JSON (`parkloop.check/1`) or as annotations of GitHub."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from rich.markup import escape

from ..flows.problems import harmless
from ..reports.json_text import finite
from ..reports.summary import Paper
from .case import CaseVerdict
from .compare import Difference

SCHEMA = "parkloop.check/1"
SHOWN = 10
"""differences of one case that are told in full"""


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


def print_text(verdicts: Sequence[CaseVerdict], paper: Paper) -> None:
    """Print the cases that are not as expected, the worst first, and one line of counts."""
    for verdict in worst_first(verdicts):
        name = verdict.file if verdict.invalid else f"{verdict.file} ({verdict.case})"
        paper.print(f"[bold red]{'INVALID' if verdict.invalid else 'DIFFERS'}[/] {escape(harmless(name))}")
        for line in lines(verdict):
            paper.print(escape(line))
        paper.print()
    paper.print(escape(sentence(verdicts)))


def lines(verdict: CaseVerdict) -> Iterator[str]:
    """Say what differs in one case, and what changed in its input, a line each."""
    if verdict.invalid:
        yield from (f"  {line}" for text in verdict.invalid for line in text.splitlines())
    found = [] if verdict.invalid else verdict.differences
    for it in found[:SHOWN]:
        yield f"  {harmless(f'{it.place}: {it.scenario}: {it.what}')}"
    if len(found) > SHOWN:
        yield f"  … and {len(found) - SHOWN} smaller differences (all of them with --format json)"
    if verdict.changed:
        yield f"  input that changed since {harmless(verdict.changed_since)}:"
        yield from (f"    {harmless(f'{it.file}:{it.line}:{it.column}: {it.sentence}')}" for it in verdict.changed)
    elif verdict.changed_since:
        yield f"  no input is known to have changed since {harmless(verdict.changed_since)}"


def sentence(verdicts: Sequence[CaseVerdict]) -> str:
    """Say in one line how it came out."""
    it = counts(verdicts)
    cached = sum(verdict.cached for verdict in verdicts)
    head = f"{it['cases']} cases, {it['scenarios']} scenarios, {it['compared']} comparisons"
    told = f"{it['differences']} differences in {it['failed_cases']} cases" if it["failed_cases"] else "all as expected"
    return f"{head}: {told}{f' ({cached} cases unchanged since they passed)' if cached else ''}"


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
