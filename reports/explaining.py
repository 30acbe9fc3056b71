"""Explain a case: its answer, or why it has none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.markup import escape

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.problems import Findings, Problem
from ..models.compile import compile_program
from ..solver.answer import certified
from ..solver.lexicographic import solve_stages
from ..solver.session import Session
from ..solver.solution import SolveOptions
from .diagnosing import print_infeasible, print_unbounded
from .infeasibility import Infeasibility, Trial, explain_infeasible
from .json_result import finite
from .limits import Limit, binding_limits
from .summary import Paper
from .unboundedness import Unboundedness, explain_unbounded

SCHEMA = "parkloop.explanation/1"


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
    limits: tuple[Limit, ...] = ()
    """what binds, where there is an answer"""

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
            document["limits"] = [asdict(limit) for limit in self.limits]
        if self.found is not None:
            document |= self.found.as_object()
        return json.dumps(finite(document), indent=indent, ensure_ascii=False, allow_nan=False)

    def print(self, paper: Paper) -> None:
        """Print it for people."""
        paper.print(f"[bold]{escape(self.title)}[/] · scenario {escape(self.scenario)}")
        paper.print(f"[bold]{self.status}[/]: {escape(self.reason)}")
        if isinstance(self.found, Infeasibility):
            print_infeasible(self.found, paper)
        elif isinstance(self.found, Unboundedness):
            print_unbounded(self.found, paper)
        for number, limit in enumerate(self.limits, start=1):
            paper.print(escape(f"{number}. {limit.sentence}"))
            paper.print(escape(f"   {limit.where}"))


def explain_case(
    tree: CaseTree, scenario: str, sets: Iterable[str], options: SolveOptions | None = None
) -> Explanation:
    """Explain one scenario of a case.

    Raises InputError where the case cannot be read.
    """
    sets = tuple(sets)
    options = options or SolveOptions()
    findings = Findings()
    network = build_network(tree.case(scenario, sets), findings, contradictory=True)
    program = compile_program(network)
    with Session(program, options) as session:
        program, solution, _ = solve_stages(program, session)
        solution, _ = certified(program, solution)
        found: Infeasibility | Unboundedness | None = None
        limits = binding_limits(network, program, solution) if solution.status == "optimal" else []
        trial = Trial(tree, scenario, sets, options)
        if solution.status == "infeasible":
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
        tuple(limits),
    )
