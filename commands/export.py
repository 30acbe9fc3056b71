"""`parkloop export`: a case for other programs."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    case_options,
    language_option,
    read_case,
    read_network,
    say_progress,
)

if TYPE_CHECKING:
    from ..flows.case import CaseTree
    from ..flows.wording import Language


@click.command()
@case_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="File to write, or folder for csv; of several scenarios, each gets its name before the ending (not for xlsx).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mps", "lp", "csv", "json", "xlsx"]),
    help="Format (default: by the ending of FILE).",
)
@language_option
@click.pass_obj
def export(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    form: str | None,
    language: Language,
) -> None:
    """Write a case for other programs, and print the path of each file.

    \b
    mps, lp   the linear program in user units with readable names, for any solver; not solved
    csv       a folder with the tables flows, plants, prices and policies of the answer
    json      the answer, as `solve --json` prints it
    xlsx      a workbook of all scenarios with live formulas, in the language of --lang
    """
    from ..reports.export import export as write
    from ..reports.export import format_of

    tree = read_case(case)
    chosen = tree.select(scenarios)
    kind = format_of(output, form)
    if kind == "xlsx":
        sys.exit(_workbook(obj, tree, chosen, sets, output, language))
    worst = EXIT_DONE
    for number, scenario in enumerate(chosen):
        say_progress(obj, f"export {scenario} ({number + 1}/{len(chosen)})")
        path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
        clock = time.perf_counter()
        status = write(read_network(obj, tree, scenario, sets), path, kind, time.perf_counter() - clock)
        worst = max(worst, EXIT_DONE if status == "written" else STATUS_EXITS.get(status, EXIT_STOPPED))
        if path.exists():
            click.echo(str(path))
        if status not in ("written", "optimal"):
            click.echo(f"error: {scenario} is {status}: there are no figures to export", err=True)
    sys.exit(worst)


def _workbook(
    obj: dict[str, bool],
    tree: CaseTree,
    chosen: Sequence[str],
    sets: Sequence[str],
    output: Path,
    language: Language,
) -> int:
    """Answer scenarios and write one workbook of them, none where none has an answer; return the worst exit code."""
    from ..flows.fingerprint import fingerprint
    from ..pages.answer import Answer
    from ..pages.gathered import gather
    from ..pages.workbook import write_workbook
    from ..reports.run import solve_case

    answers, commands = [], []
    for number, scenario in enumerate(chosen):
        say_progress(obj, f"export {scenario} ({number + 1}/{len(chosen)})")
        network, case = read_network(obj, tree, scenario, sets), tree.case(scenario, sets)
        read = asdict(fingerprint(tree, case, sets))
        solved = solve_case(network)
        answers.append(Answer(case, replace(solved, result=replace(solved.result, input=read))))
        settings = [word for setting in sets for word in ("--set", setting)]
        commands.append(shlex.join(["parkloop", "solve", tree.files[0], "-s", scenario, *settings]))
    say_progress(obj, "")
    results, cases = [answer.result for answer in answers], [answer.case for answer in answers]
    if any(result.optimal for result in results):
        output.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(results, output, language, cases, commands, gather(answers))
        click.echo(str(output))
    for result in results:
        if not result.optimal:
            click.echo(f"error: {result.scenario} is {result.status}: there are no figures to export", err=True)
    return max(STATUS_EXITS.get(result.status, EXIT_STOPPED) for result in results)
