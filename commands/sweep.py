"""`parkloop sweep`: many samples of some figures of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_NO,
    EXIT_STOPPED,
    STATUS_EXITS,
    case_options,
    color,
    json_option,
    language_option,
    output_option,
    read_case,
    say_progress,
    seed_option,
    time_limit_option,
    workers_option,
)

if TYPE_CHECKING:
    from ..flows.sampling import Sampling
    from ..flows.wording import Language


@click.command()
@case_options
@click.option(
    "--vary",
    "vary",
    metavar="PATH=VALUES",
    multiple=True,
    required=True,
    help="LOW:HIGH, LOW:HIGH:STEPS, a list a,b,c or a distribution such as normal(420, 40 CNY/t). Repeatable.",
)
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="How many samples to take.")
@seed_option("samples")
@click.option(
    "--sampling",
    type=click.Choice(["grid", "sobol", "latin", "random"]),
    help="How to choose samples (default: grid where all have steps, otherwise sobol).",
)
@click.option("--record", metavar="PATTERN", multiple=True, help="Keep flows too, e.g. 'run[*]'. Repeatable.")
@workers_option
@click.option("--scheduler", metavar="ADDRESS", help="Dask cluster to solve on, e.g. tcp://127.0.0.1:8786.")
@time_limit_option("; results then depend on the machine")
@output_option(
    "FILE", "File of all samples: .sqlite or .parquet. One that is there already is gone on with.", required=True
)
@json_option
@language_option
@click.pass_obj
def sweep(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    vary: tuple[str, ...],
    samples: int | None,
    seed: int,
    sampling: Sampling | None,
    record: tuple[str, ...],
    workers: int,
    scheduler: str | None,
    time_limit: float | None,
    output: Path,
    as_json: bool,
    language: Language,
) -> None:
    """Solve a case for many values of some of its figures, and keep every answer in one file.

    A sweep that is stopped goes on when the same command is given again. A sample that cannot be read or has no answer
    is recorded with its reason. The file is the same whatever the number of workers (docs/sweeps.md).
    """
    from ..reports.summary import Paper
    from ..reports.sweeping import Meter, SweepRequest, run_sweep

    tree = read_case(case)
    request = SweepRequest(
        vary=vary,
        output=output,
        scenarios=tree.select(scenarios),
        sets=sets,
        samples=samples,
        seed=seed,
        sampling=sampling,
        record=record,
        time_limit=time_limit,
        workers=workers,
        scheduler=scheduler,
    )
    say = None if obj["quiet"] else lambda text: click.echo(text, err=True)
    meter = Meter(lambda text: say_progress(obj, text), say)
    try:
        summary = run_sweep(tree, request, meter)
    except KeyboardInterrupt as stop:
        kept = f"{meter.kept} are in {output}: the same command goes on from there"
        stop.proved = kept if meter.kept else ""  # type: ignore[attr-defined]  # what the command line tells of it
        raise
    say_progress(obj, "")
    click.echo(summary.to_json()) if as_json else summary.print(Paper.on(color=color()), language)
    exits = {**STATUS_EXITS, "stopped": EXIT_STOPPED}
    sys.exit(max(exits.get(it, EXIT_NO) for it in summary.statuses) if summary.hopeless else EXIT_DONE)
