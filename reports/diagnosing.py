"""A result that says by itself why there is no answer, and both kinds of diagnosis on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.markup import escape

from ..flows.case import CaseTree
from ..flows.problems import InputError
from ..solver.highs import SolverError
from ..solver.solution import SolveOptions
from .infeasibility import TITLES, Infeasibility, Trial, explain_infeasible
from .result import Result
from .summary import Paper
from .unboundedness import Unboundedness, explain_unbounded

PATIENCE = 60.0
"""budget of each solve while a cause is looked for, unless less is asked for, s"""


def with_diagnosis(
    result: Result,
    tree: CaseTree,
    scenario: str,
    sets: Iterable[str],
    options: SolveOptions,
    extend: Path | None = None,
) -> Result:
    """Return a result with its diagnosis in the short form; as it is where none could be found in time."""
    limit = min(PATIENCE, options.time_limit or PATIENCE)
    trial = Trial(tree, scenario, sets, replace(options, time_limit=limit), extend)
    try:
        if result.status == "infeasible":
            return replace(result, diagnosis=explain_infeasible(trial, short=True).as_object())
        return replace(result, diagnosis=explain_unbounded(trial).as_object())
    except (InputError, SolverError):  # the answer stands without its explanation
        return result


def print_short(result: Result, paper: Paper) -> None:
    """Print the diagnosis of a result: what cannot be, and the first way out."""
    found = result.diagnosis or {}
    for item in found.get("blocked", ()):
        paper.print(escape(_capital(item["sentence"]) + "."))
    for loop in found.get("loops", ()):
        paper.print(escape("; ".join(_capital(sentence) for sentence in loop["sentences"][:1]) + "."))
    ways = found.get("ways", ())
    settings = ways[0]["settings"] if ways and ways[0]["works"] else found.get("settings", ())
    if settings and found.get("works", True):
        paper.print("This change gives it an answer:")
        _print_settings(settings, paper)
    if found:
        paper.print("parkloop explain says more.")
        paper.print()


def print_infeasible(found: Infeasibility, paper: Paper) -> None:
    """Print why a case is infeasible, and every way out that was found."""
    for sentence in found.sentences:
        paper.print(escape(f"{sentence}."))
    for way in found.ways:
        paper.print()
        tried = "" if way.works else " (not enough by itself)"
        paper.print(f"[bold]{TITLES[way.kind]}[/]{tried}:")
        for change in way.changes:
            place = f" ({change.where})" if change.where else ""
            paper.print(escape(f"  {change.sentence}{place}"))
        _print_settings(way.settings, paper)
    if not found.blocked:
        paper.print("No limit that the case states is in the way; see whether its recipes can close at all.")


def print_unbounded(found: Unboundedness, paper: Paper) -> None:
    """Print the loops that have no end, and what would limit them."""
    for loop in found.loops:
        paper.print(escape(f"{_capital(loop.gain)}:"))
        for step in loop.steps:
            paper.print(escape(f"  {step.words}{f' ({step.where})' if step.where else ''}"))
        paper.print("To limit it, limit one of:" if loop.bounds else "No field of the case limits it.")
        for bound in loop.bounds:
            paper.print(escape(f"  {bound.what} ({bound.where})"))
    if found.settings and found.works:
        paper.print()
        paper.print("[bold]This change gives it an answer[/] (put your own figures):")
        _print_settings(found.settings, paper)


def _print_settings(settings: Sequence[str], paper: Paper) -> None:
    for setting in settings:
        path, _, value = setting.partition("=")
        paper.print(escape(f"  --set {path}='{value}'"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
