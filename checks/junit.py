"""JUnit XML as Jenkins, GitLab, GitHub reporters and Azure read it: a suite for each case, a test for each scenario.

Elements and attributes are those that all of them know (testsuites, testsuite, testcase, failure, error, skipped,
system-out); `file` and `line` of a test are left out, because the schema of Jenkins does not have them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, tostring

from ..flows.saving import save
from .case import CaseVerdict, ScenarioVerdict

_FORBIDDEN = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""what XML 1.0 cannot say"""


def to_junit(verdicts: Sequence[CaseVerdict]) -> str:
    """Write verdicts as JUnit XML."""
    root = Element("testsuites", {"name": "parkloop check"})
    for verdict in verdicts:
        _suite(root, verdict)
    total = [row for verdict in verdicts for row in verdict.scenarios]
    invalid = sum(row.status == "invalid" for row in total)
    root.set("tests", str(len(total)))
    root.set("failures", str(sum(not row.passed for row in total) - invalid))
    root.set("errors", str(invalid))
    root.set("time", f"{sum(row.seconds for row in total):.3f}")
    indent(ElementTree(root))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def save_junit(verdicts: Sequence[CaseVerdict], path: Path) -> None:
    """Save verdicts as JUnit XML; never half a file."""
    save(path, to_junit(verdicts))


def _suite(root: Element, verdict: CaseVerdict) -> None:
    rows = verdict.scenarios
    invalid = sum(row.status == "invalid" for row in rows)
    attributes = {
        "name": _text(verdict.file),
        "tests": str(len(rows)),
        "failures": str(sum(not row.passed for row in rows) - invalid),
        "errors": str(invalid),
        "skipped": "0",
        "time": f"{sum(row.seconds for row in rows):.3f}",
    }
    suite = SubElement(root, "testsuite", attributes)
    for row in rows:
        _case(suite, verdict, row)


def _case(suite: Element, verdict: CaseVerdict, row: ScenarioVerdict) -> None:
    name = row.scenario or "read"
    attributes = {"classname": _text(verdict.case), "name": _text(name), "time": f"{row.seconds:.3f}"}
    case = SubElement(suite, "testcase", attributes)
    if row.passed:
        return
    kind = "error" if row.status == "invalid" else "failure"
    worst = row.differences[0]
    found = SubElement(case, kind, {"message": _text(f"{worst.place}: {worst.what}"), "type": _text(worst.quantity)})
    lines = [f"{it.place}: {it.what}" for it in row.differences]
    if verdict.changed:
        lines += [f"input that changed since {verdict.changed_since}:"]
        lines += [f"  {it.file}:{it.line}:{it.column}: {it.sentence}" for it in verdict.changed]
    found.text = _text("\n".join(lines))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
