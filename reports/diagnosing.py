"""A result that says by itself why there is no answer, and both kinds of diagnosis on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.markup import escape

from ..flows.case import CaseTree
from ..flows.problems import InputError
from ..flows.wording import Language, capital, said
from ..solver.handle import SolverError
from ..solver.solution import SolveOptions
from .blocked_phrases import blocked_phrases as titles
from .endless_phrases import endless_phrases as words
from .infeasibility import Infeasibility, Trial, explain_infeasible
from .result import Result
from .summary import Paper
from .unboundedness import Unboundedness, explain_unbounded, placed

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


def print_short(result: Result, paper: Paper, language: Language = "en") -> None:
    """Print the diagnosis of a result: what cannot be, and the first way out."""
    found = result.diagnosis or {}
    for item in found.get("blocked", ()):
        paper.print(escape(_sentence(item["sentence"], language)))
    for loop in found.get("loops", ()):
        paper.print(escape(_sentence(loop["sentences"][0], language)))
    ways = found.get("ways", ())
    settings = ways[0]["settings"] if ways and ways[0]["works"] else found.get("settings", ())
    if settings and found.get("works", True):
        paper.print(words("change", language) + words("colon", language))
        _print_settings(settings, paper)
    if found:
        paper.print(words("more_said", language))
        paper.print()


def print_infeasible(found: Infeasibility, paper: Paper, language: Language = "en") -> None:
    """Print why a case is infeasible, and every way out that was found."""
    for sentence in found.sentences:
        paper.print(escape(_sentence(sentence, language)))
    for way in found.ways:
        paper.print()
        tried = "" if way.works else words("not_enough", language)
        paper.print(f"[bold]{titles(way.kind, language)}[/]{tried}{words('colon', language)}")
        for change in way.changes:
            paper.print(escape(f"  {said(placed(change.sentence, change.where), language)}"))
        _print_settings(way.settings, paper)
    if not found.blocked:
        paper.print(words("no_limit", language))


def print_unbounded(found: Unboundedness, paper: Paper, language: Language = "en") -> None:
    """Print the loops that have no end, and what would limit them."""
    for loop in found.loops:
        paper.print(escape(said(capital(loop.gain), language) + words("colon", language)))
        for step in loop.steps:
            paper.print(escape(f"  {said(placed(step.words, step.where), language)}"))
        paper.print(words("to_limit" if loop.bounds else "no_field_sentence", language))
        for bound in loop.bounds:
            paper.print(escape(f"  {said(placed(bound.what, bound.where), language)}"))
    if found.settings and found.works:
        paper.print()
        paper.print(f"[bold]{words('change', language)}[/]{words('own_figures', language)}")
        _print_settings(found.settings, paper)


def _print_settings(settings: Sequence[str], paper: Paper) -> None:
    for setting in settings:
        path, _, value = setting.partition("=")
        paper.print(escape(f"  --set {path}='{value}'"))


def _sentence(text: str, language: Language) -> str:
    return words("sentence", language, text=capital(text))
