"""Explain a case: its answer, or why it has none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from rich.markup import escape

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.problems import Findings, Problem
from ..models.compile import compile_program
from ..solver.answer import certified
from ..solver.lexicographic import solve_stages
from ..solver.session import Session
from ..solver.solution import SolveOptions
from .compiled import CompileReport, compile_report, print_compiled
from .diagnosing import print_infeasible, print_unbounded
from .figures import figure
from .infeasibility import Infeasibility, Trial, explain_infeasible
from .json_result import finite
from .sections import Answer, Section
from .subjects import find_subject
from .summary import Paper
from .unboundedness import Unboundedness, explain_unbounded

SCHEMA = "parkloop.explanation/1"
PROGRAM = "program"
"""asks for what the case became"""
READ = "read"
"""status of a case that was read and not solved"""


@dataclass(frozen=True)
class Explanation:
    """What there is to say about one scenario."""

    case: str
    scenario: str
    title: str
    status: str
    reason: str
    problems: tuple[Problem, ...]
    """warnings found while reading"""
    found: Infeasibility | Unboundedness | None
    sections: tuple[Section, ...] = ()
    """what is said about an answer"""
    caveats: tuple[str, ...] = ()
    program: CompileReport | None = None
    """what the case became, where that was asked for"""

    def to_json(self, indent: int | None = 2) -> str:
        """Write it as one JSON object (`parkloop.explanation/1`)."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "case": self.case,
            "scenario": self.scenario,
            "status": self.status,
            "reason": self.reason,
        }
        if self.status == "optimal":
            document |= {"sections": [part.as_object() for part in self.sections], "caveats": list(self.caveats)}
        if self.program is not None:
            document["program"] = self.program.as_object()
        if self.found is not None:
            document |= self.found.as_object()
        return json.dumps(finite(document), indent=indent, ensure_ascii=False, allow_nan=False)

    def print(self, paper: Paper) -> None:
        """Print it for people."""
        paper.print(f"[bold]{escape(self.title)}[/] · scenario {escape(self.scenario)}")
        paper.print(f"[bold]{self.status}[/]: {escape(self.reason)}")
        if self.program is not None:
            print_compiled(self.program, paper)
        if isinstance(self.found, Infeasibility):
            print_infeasible(self.found, paper)
        elif isinstance(self.found, Unboundedness):
            print_unbounded(self.found, paper)
        for section in self.sections:
            _print_section(section, paper)
        for caveat in self.caveats:
            paper.print(f"[yellow]note[/]: {escape(caveat)}")


def _print_section(section: Section, paper: Paper) -> None:
    paper.print()
    paper.print(f"[bold]{escape(section.title)}[/]")
    for item in section.priced:
        paper.print(escape(_capital(item.head)))
        for line in item.lines:
            paper.print(escape(f"  {line}"))
    for note in section.notes:
        paper.print(escape(f"{_capital(note)}."))
    for flow in section.flows:
        paper.print(escape(f"  {flow.words}"))
    if section.table:
        columns: list[tuple[str, Literal["left", "right"]]] = [
            *(("one unit of run", "left"), ("amount", "right"), ("", "left")),
            *(("at shadow prices", "right"), ("", "left")),
        ]
        table = paper.table("", columns)
        for row in section.table:
            moved = "" if row["amount"] is None else figure(row["amount"])
            table.add_row(escape(row["what"]), moved, row["unit"], figure(row["value"]), row["value_unit"])
        paper.print(table)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def explain_case(
    tree: CaseTree, scenario: str, sets: Iterable[str], what: str = "", options: SolveOptions | None = None
) -> Explanation:
    """Explain one scenario of a case.

    Raises InputError where the case cannot be read, or `what` is nothing of it.
    """
    sets = tuple(sets)
    options = options or SolveOptions()
    findings = Findings()
    case = tree.case(scenario, sets)
    network = build_network(case, findings, contradictory=True)
    subject = find_subject(network, what) if what and what != PROGRAM else None
    program = compile_program(network)
    if what == PROGRAM:
        report = compile_report(network, program)
        problems = tuple(findings.problems)
        why = "compiled, not solved"
        return Explanation(network.case, scenario, network.title.en, READ, why, problems, None, program=report)
    found: Infeasibility | Unboundedness | None = None
    sections: list[Section] = []
    with Session(program, options) as session:
        program, solution, _ = solve_stages(program, session)
        solution, _ = certified(program, solution)
        trial = Trial(tree, scenario, sets, options)
        if solution.status == "optimal":
            sections = Answer(case, network, program, solution, session, options).sections(subject)
        elif solution.status == "infeasible":
            found = explain_infeasible(trial)
        elif solution.status == "unbounded":
            found = explain_unbounded(trial)
    return Explanation(
        network.case,
        scenario,
        network.title.en,
        solution.status,
        solution.reason,
        tuple(findings.problems),
        found,
        tuple(sections),
        tuple(["prices hold with every plant left on or off as it is"] if program.is_integer and sections else []),
    )
