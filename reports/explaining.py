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
from ..flows.wording import Language, Saying, capital, named, said
from ..models.compile import compile_program
from ..solver.answer import certified
from ..solver.lexicographic import solve_stages
from ..solver.session import Session
from ..solver.solution import SolveOptions
from .compiled import CompileReport, compile_report, print_compiled
from .diagnosing import print_infeasible, print_unbounded
from .figures import figure
from .infeasibility import Infeasibility, Trial, explain_infeasible
from .json_text import finite
from .sections import Answer, Section
from .subjects import find_subject
from .summary import Paper
from .unboundedness import Unboundedness, explain_unbounded
from .worth_phrases import answer_phrases as words

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
    title: Saying
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

    def print(self, paper: Paper, language: Language = "en") -> None:
        """Print it for people."""
        title, scenario = escape(said(self.title, language)), words("scenario", language)
        paper.print(f"[bold]{title}[/] · {scenario} {escape(self.scenario)}")
        paper.print(f"[bold]{words(self.status, language)}[/]: {escape(said(self.reason, language))}")
        if self.program is not None:
            print_compiled(self.program, paper, language)
        if isinstance(self.found, Infeasibility):
            print_infeasible(self.found, paper, language)
        elif isinstance(self.found, Unboundedness):
            print_unbounded(self.found, paper, language)
        for section in self.sections:
            _print_section(section, paper, language)
        for caveat in self.caveats:
            paper.print(f"[yellow]{words('note', language)}[/]: {escape(said(caveat, language))}")


def _print_section(section: Section, paper: Paper, language: Language) -> None:
    paper.print()
    paper.print(f"[bold]{escape(said(section.title, language))}[/]")
    for item in section.priced:
        paper.print(escape(said(capital(item.head), language)))
        for line in item.lines:
            paper.print(escape(f"  {said(line, language)}"))
    for note in section.notes:
        paper.print(escape(words("sentence", language, text=capital(note))))
    for flow in section.flows:
        paper.print(escape(f"  {said(flow.words, language)}"))
    if section.table:
        columns: list[tuple[str, Literal["left", "right"]]] = [
            *((words("one_unit", language), "left"), (words("amount", language), "right"), ("", "left")),
            *((words("at_prices", language), "right"), ("", "left")),
        ]
        table = paper.table("", columns)
        for row in section.table:
            moved, what = "" if row["amount"] is None else figure(row["amount"]), said(row["what"], language)
            table.add_row(escape(what), moved, row["unit"], figure(row["value"]), row["value_unit"])
        paper.print(table)


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
        why = words.tell("compiled")
        return Explanation(network.case, scenario, named(network.title), READ, why, problems, None, program=report)
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
        named(network.title),
        solution.status,
        solution.reason,
        tuple(findings.problems),
        found,
        tuple(sections),
        (words.tell("left_on"),) if program.is_integer and sections else (),
    )
