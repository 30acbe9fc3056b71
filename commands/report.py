"""`parkloop report`: one page that people want to read."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    case_options,
    language_option,
    output_option,
    read_case,
    say_progress,
    time_limit_option,
)
from .compare import Source, with_baseline
from .solve import solve_whole

if TYPE_CHECKING:
    from ..pages.page import Answer


@click.command()
@case_options
@output_option("FILE.html|FILE.xlsx", "Where the page goes, or the workbook.", required=True)
@click.option(
    "--against",
    metavar="NAME",
    help="Baseline of the comparison: a scenario; `standalone` is built where it is not stated (default: the first).",
)
@time_limit_option()
@language_option
@click.pass_obj
def report(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    against: str | None,
    time_limit: float | None,
    language: Literal["en", "zh"],
) -> None:
    """Write one self-contained page on a case: what the answer is, pictures of its flows, and every figure's source.

    It opens in any browser without a network, and prints on A4. With several scenarios, or --against one, they are
    compared, and each can be looked at. A file that ends in .xlsx becomes the workbook of the same answers.
    """
    check_suffix(output)
    from ..pages.page import Answer
    from ..solver.solution import SolveOptions

    tree = read_case(case)
    wanted = list(tree.select(scenarios))
    source: Source = ""
    if against is not None:
        tree, source = with_baseline(tree, wanted, against, alone=True)
    worst, answers = EXIT_DONE, list[Answer]()
    options = SolveOptions(time_limit=time_limit)
    for scenario in wanted:
        say_progress(obj, f"solve {scenario}")
        solved = solve_whole(obj, tree, scenario, sets, options, examine=len(wanted) > 1)
        say_progress(obj, "")
        answers.append(Answer(tree.case(scenario, sets), solved.result, solved))
        worst = max(worst, STATUS_EXITS.get(solved.result.status, EXIT_STOPPED))
    say_progress(obj, "write the page")
    typed = _typed(case, scenarios, sets, output, language, against)
    baseline = wanted.index(against) if against in wanted else 0
    write_report(output, answers, typed, language, baseline, source or "stated")
    say_progress(obj, "")
    click.echo(str(output))
    sys.exit(worst)


def check_suffix(output: Path, option: str = "-o") -> None:
    """Refuse a file that is neither page nor workbook."""
    if output.suffix.lower() not in (".html", ".htm", ".xlsx"):
        what = f"`{output.name}` is no page and no workbook; name a file that ends in .html or .xlsx"
        raise click.BadParameter(what, param_hint=option)


def write_report(
    output: Path,
    answers: list[Answer],
    command: str,
    language: Literal["en", "zh"],
    baseline: int = 0,
    source: Literal["stated", "built"] = "stated",
) -> None:
    """Write the page, or the workbook of the same answers; never half of it. Raises OSError."""
    if output.suffix.lower() == ".xlsx":
        from ..pages.workbook import write_workbook

        results, cases = [answer.result for answer in answers], [answer.case for answer in answers]
        write_workbook(results, output, language, cases, [command] * len(results))
        return
    from ..flows.saving import save
    from ..pages.page import page

    save(output, page(answers, command, language, baseline, source))


def _typed(
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    language: Literal["en", "zh"],
    against: str | None,
) -> str:
    """Return the command that makes this page."""
    parts = ["parkloop", "report", case]
    parts += [part for scenario in scenarios for part in ("-s", scenario)]
    parts += [part for setting in sets for part in ("--set", setting)]
    parts += ["--against", against] if against is not None else []
    parts += ["-o", output.name, *(["--lang", language] if language != "en" else [])]
    return shlex.join(parts)
