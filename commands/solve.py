"""`parkloop solve`: the best allocation of a case."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    case_options,
    color,
    json_option,
    language_option,
    read_case,
    read_network,
    say_progress,
    time_limit_option,
    watcher,
)

if TYPE_CHECKING:
    from ..flows.case import Case, CaseTree
    from ..flows.wording import Language
    from ..reports.result import Result
    from ..reports.run import Solved
    from ..solver.solution import Method, SolveOptions


@click.command()
@case_options
@click.option("--objective", metavar="SENSE:INDICATOR", help="Optimise something else, e.g. minimise:co2.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for result.json and csv tables.",
)
@click.option(
    "--report",
    "report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Page to read, as `parkloop report` makes it.",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "simplex", "ipm", "hipo", "pdlp", "windows"]),
    default="auto",
    show_default=True,
    help="How to solve (docs/solver.md): simplex, interior point (ipm, hipo), first order (pdlp), "
    "windows of periods or parks.",
)
@time_limit_option()
@click.option(
    "--memory-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GB",
    help="Stop the solver when the process holds more memory.",
)
@click.option(
    "--extend",
    "extension",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.py",
    help="Python file with constraints of your own; it is run, so use only files you trust (docs/extend.md).",
)
@json_option
@language_option
@click.pass_obj
def solve(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    objective: str | None,
    output: Path | None,
    report: Path | None,
    method: Method,
    time_limit: float | None,
    memory_limit: float | None,
    extension: Path | None,
    as_json: bool,
    language: Language,
) -> None:
    """Find the best allocation of a case.

    Prints money, energy and carbon, what each plant runs at, what became of the by-products, and the limits that bind
    hardest. With --json one object a scenario (one a line where there are several).
    """
    from ..reports.json_result import dump_result, save_result
    from ..solver.solution import SolveOptions
    from ..solver.watch import held_memory

    if memory_limit is not None and held_memory() is None:
        raise click.BadParameter("this system does not tell what a process holds", param_hint="--memory-limit")
    if report is not None:
        from .report import check_suffix

        check_suffix(report, "--report")
    tree = read_case(case)
    worst = EXIT_DONE
    chosen = tree.select(scenarios)
    answered, every = [], []
    options = SolveOptions(time_limit=time_limit, memory_limit=memory_limit, method=method)
    settings = [*sets, *_objective_setting(objective)]
    for number, scenario in enumerate(chosen):
        say_progress(obj, f"solve {scenario} ({number + 1}/{len(chosen)})")
        solved = solve_whole(obj, tree, scenario, settings, options, extension, examine=output is not None)
        result = solved.result
        say_progress(obj, "")
        every += [(tree.case(scenario, settings), solved)] if report is not None else []
        if output is not None:
            save_result(result, output / scenario if len(chosen) > 1 else output)
        if as_json:
            click.echo(dump_result(result, indent=None if len(chosen) > 1 else 2))
        else:
            _print_summary(result, language)
            _print_diagnosis(result, language)
            answered += [result] if result.optimal else []
        worst = max(worst, STATUS_EXITS.get(result.status, EXIT_STOPPED))
    if report is not None:
        _save_report(report, every, language)
    if len(answered) > 1:
        _print_side_by_side(answered, language)
    sys.exit(worst)


def solve_whole(
    obj: dict[str, bool],
    tree: CaseTree,
    scenario: str,
    sets: Sequence[str],
    options: SolveOptions,
    extension: Path | None = None,
    examine: bool = False,
) -> Solved:
    """Read and answer one scenario, and look for the cause where there is no answer. Raises InputError."""
    clock = time.perf_counter()
    network = read_network(obj, tree, scenario, sets)
    from dataclasses import asdict, replace

    from ..flows.fingerprint import fingerprint
    from ..reports.run import solve_case  # not before the input is known to be good: it imports the solver

    read = asdict(fingerprint(tree, tree.case(scenario, sets), sets))
    watched = replace(options, watcher=watcher(obj, scenario))
    found = solve_case(network, watched, read_seconds=time.perf_counter() - clock, extend=extension, examine=examine)
    result = replace(found.result, input=read)
    if result.status in ("infeasible", "unbounded"):
        from ..reports.diagnosing import with_diagnosis

        say_progress(obj, f"solve {scenario}: {result.status}, looking for the cause")
        result = with_diagnosis(result, tree, scenario, sets, replace(options, method="auto"), extension)
    return replace(found, result=result)


def _print_summary(result: Result, language: Language) -> None:
    from ..reports.summary import Paper, print_summary

    print_summary(result, Paper.on(color=color()), language)
    click.echo()


def _print_diagnosis(result: Result, language: Language) -> None:
    if result.diagnosis is not None:
        from ..reports.diagnosing import print_short
        from ..reports.summary import Paper

        print_short(result, Paper.on(color=color()), language)


def _print_side_by_side(results: list[Result], language: Language) -> None:
    from ..reports.summary import Paper, print_side_by_side

    print_side_by_side(results, Paper.on(color=color()), language)


def _save_report(report: Path, every: list[tuple[Case, Solved]], language: Language) -> None:
    import shlex

    from ..pages.answer import Answer
    from .report import write_report

    typed = shlex.join(["parkloop", *sys.argv[1:]])
    write_report(report, [Answer(case, solved) for case, solved in every], typed, language)


def _objective_setting(objective: str | None) -> list[str]:
    if objective is None:
        return []
    sense, colon, indicator = objective.partition(":")
    if not colon or sense not in ("maximise", "minimise") or not indicator:
        raise click.BadParameter("write SENSE:INDICATOR, e.g. minimise:co2", param_hint="--objective")
    return [f"objective={{{sense}: {indicator}}}"]
