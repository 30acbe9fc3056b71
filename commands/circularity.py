"""`parkloop circularity`: what became of by-products and wastes, and what official indicators say of it."""

from __future__ import annotations

import sys
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
    output_option,
    read_case,
    read_network,
    say_progress,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@output_option("FILE.csv", "Fates.")
@time_limit_option()
@language_option
@json_option
@click.pass_obj
def circularity(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path | None,
    time_limit: float | None,
    language: Language,
    as_json: bool,
) -> None:
    """Say what became of each by-product and waste, what it displaced, and what the official indicators are.

    The indicators of HJ 274-2015 and of the circular-economy index of 2017, comprehensive energy by both methods of
    GB/T 2589, and specific use beside the levels of standards; what cannot be computed says why.
    """
    from ..reports.summary import Paper

    tree = read_case(case)
    worst, chosen = EXIT_DONE, tree.select(scenarios)
    for scenario in chosen:
        say_progress(obj, f"circularity {scenario}")
        network = read_network(obj, tree, scenario, sets)
        from ..audit.circularity import circularity as judge
        from ..audit.circularity_paper import circularity_csv, circularity_json, print_circularity
        from ..flows.saving import save
        from ..reports.run import solve_case
        from ..solver.solution import SolveOptions

        solved = solve_case(network, SolveOptions(time_limit=time_limit))
        say_progress(obj, "")
        status = solved.result.status
        if status != "optimal":
            click.echo(f"error: scenario `{scenario}` is {status}: {solved.result.reason}", err=True)
            worst = max(worst, STATUS_EXITS.get(status, EXIT_STOPPED))
            continue
        found = judge(solved, tree.case(scenario, sets))
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            save(path, circularity_csv(found))
        if as_json:
            click.echo(circularity_json(found, indent=None if len(chosen) > 1 else 2))
        else:
            print_circularity(found, Paper.on(color=color()), language)
    sys.exit(worst)
