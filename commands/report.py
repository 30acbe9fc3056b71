"""`parkloop report`: one page that people want to read."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .common import EXIT_DONE, EXIT_STOPPED, STATUS_EXITS, case_options, language_option, read_case, say_progress
from .solve import solve_one

if TYPE_CHECKING:
    from ..pages.page import Answer


@click.command()
@case_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    required=True,
    help="Where the page goes.",
)
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Budget of a solve.")
@language_option
@click.pass_obj
def report(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    time_limit: float | None,
    language: Literal["en", "zh"],
) -> None:
    """Write one self-contained page on a case: what the answer is, pictures of its flows, and every figure's source.

    It opens in any browser without a network, and prints on A4. With several scenarios they are compared, and each can
    be looked at.
    """
    check_suffix(output)
    from ..pages.page import Answer
    from ..solver.solution import SolveOptions

    tree = read_case(case)
    worst, answers = EXIT_DONE, list[Answer]()
    options = SolveOptions(time_limit=time_limit)
    for scenario in tree.select(scenarios):
        say_progress(obj, f"solve {scenario}")
        result = solve_one(obj, tree, scenario, sets, options)
        say_progress(obj, "")
        answers.append(Answer(tree.case(scenario, sets), result))
        worst = max(worst, STATUS_EXITS.get(result.status, EXIT_STOPPED))
    say_progress(obj, "write the page")
    write_report(output, answers, _typed(case, scenarios, sets, output, language), language)
    say_progress(obj, "")
    click.echo(str(output))
    sys.exit(worst)


def check_suffix(output: Path, option: str = "-o") -> None:
    """Refuse a file that is no page."""
    if output.suffix.lower() not in (".html", ".htm"):
        raise click.BadParameter(f"`{output.name}` is no page; name a file that ends in .html", param_hint=option)


def write_report(output: Path, answers: list[Answer], command: str, language: Literal["en", "zh"]) -> None:
    """Write the page; never half of it."""
    from ..flows.saving import save
    from ..pages.page import page

    save(output, page(answers, command, language))


def _typed(
    case: str, scenarios: tuple[str, ...], sets: tuple[str, ...], output: Path, language: Literal["en", "zh"]
) -> str:
    """Return the command that makes this page."""
    parts = ["parkloop", "report", case]
    parts += [part for scenario in scenarios for part in ("-s", scenario)]
    parts += [part for setting in sets for part in ("--set", setting)]
    parts += ["-o", output.name, *(["--lang", language] if language != "en" else [])]
    return shlex.join(parts)
