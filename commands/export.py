"""`parkloop export`: a case for other programs."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from .common import EXIT_DONE, EXIT_STOPPED, STATUS_EXITS, case_options, read_case, read_network, say_progress


@click.command()
@case_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="File to write, or folder for csv; of several scenarios, each gets its name before the ending.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mps", "lp", "csv", "json"]),
    help="Format (default: by the ending of FILE).",
)
@click.pass_obj
def export(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    form: str | None,
) -> None:
    """Write a case for other programs, and print the path of each file.

    \b
    mps, lp   the linear program in user units with readable names, for any solver; not solved
    csv       a folder with the tables flows, plants, prices and policies of the answer
    json      the answer, as `solve --json` prints it
    """
    from ..reports.export import export as write
    from ..reports.export import format_of

    tree = read_case(case)
    chosen = tree.select(scenarios)
    kind = format_of(output, form)
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
