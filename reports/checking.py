"""What `validate` says of a file: its problems, or what it contains and how well its recipes close."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..flows.build import build_network
from ..flows.case import CaseTree, Shelf, read_tree
from ..flows.problems import Findings, InputError, Problem, harmless
from ..flows.recipes import check_materials, recipes


@dataclass(frozen=True)
class FileReport:
    """The verdict on one file."""

    file: str
    kind: str
    """case or library"""
    problems: tuple[Problem, ...]
    counts: dict[str, int]
    widest_gap: float
    """largest closure gap of mass or of an element among the recipes, 1"""
    widest_gap_of: str

    @property
    def valid(self) -> bool:
        """Nothing is wrong with the file."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def sentence(self) -> str:
        """What the file contains, in one line."""
        parts = ", ".join(f"{count} {word}" for word, count in self.counts.items() if count)
        gap = f"; widest closure gap {self.widest_gap:.2%} ({self.widest_gap_of})" if self.widest_gap_of else ""
        return harmless(f"{self.file}: valid {self.kind}: {parts}{gap}")

    def to_json(self) -> str:
        """Return the verdict as one line of JSON."""
        problems = [
            {
                "file": problem.position.file if problem.position else None,
                "line": problem.position.line if problem.position else None,
                "column": problem.position.column if problem.position else None,
                "severity": problem.severity,
                "what": problem.what,
                "mend": problem.mend,
            }
            for problem in self.problems
        ]
        document = {
            "schema": "parkloop.validation/1",
            "file": self.file,
            "kind": self.kind,
            "valid": self.valid,
            "problems": problems,
            "counts": self.counts,
            "widest_gap": {"value": self.widest_gap, "recipe": self.widest_gap_of},
        }
        return json.dumps(document, ensure_ascii=False)


def check_file(path: Path | str) -> FileReport:
    """Check a case in every scenario and with every measure, or a library."""
    findings = Findings()
    try:
        tree = read_tree(path)
    except InputError as error:
        findings.add(*error.problems)
        return FileReport(str(path), "file", tuple(findings.problems), {}, 0.0, "")
    kind = "library" if tree.is_library else "case"
    counts: dict[str, int] = {}
    gap, gap_of = 0.0, ""
    try:
        shelf = _check_library(tree, findings) if tree.is_library else _check_case(tree, findings)
        counts |= {"materials": len(shelf.materials), "processes": len(shelf.processes)}
        counts |= _case_counts(tree, shelf)
        gap, gap_of = _widest_gap(shelf)
    except InputError as error:
        findings.add(*error.problems)
    return FileReport(str(path), kind, tuple(findings.problems), counts, gap, gap_of)


def _check_library(tree: CaseTree, findings: Findings) -> Shelf:
    shelf = tree.shelf()
    check_materials(shelf, findings)
    recipes(shelf, findings)
    return shelf


def _check_case(tree: CaseTree, findings: Findings) -> Shelf:
    base = tree.case()
    build_network(base, findings)
    for scenario in tree.scenarios[1:]:
        try:
            build_network(tree.case(scenario), findings)
        except InputError as error:
            findings.add(*error.problems)
    for measure in base.measures:
        try:
            build_network(tree.case(measures=[measure]), findings)
        except InputError as error:
            findings.add(*error.problems)
    return base


def _case_counts(tree: CaseTree, shelf: Shelf) -> dict[str, int]:
    if not shelf.parks:
        return {}
    counts = {"parks": len(shelf.parks), "plants": sum(len(park.plants) for park in shelf.parks.values())}
    return counts if tree.is_library else counts | {"scenarios": len(tree.scenarios)}


def _widest_gap(shelf: Shelf) -> tuple[float, str]:
    found = recipes(shelf, Findings())
    gaps = [(recipe.closure.closure.worst[1], name) for name, recipe in found.items()]
    return max(gaps, default=(0.0, ""))
