"""`parkloop pareto`: what one indicator costs in another."""

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
    read_case,
    read_network,
    say_progress,
    table_option,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@click.option("--between", metavar="A,B[,C]", required=True, help="Indicators, e.g. profit,co2 or max:salt,min:brine.")
@click.option("-n", "count", type=click.IntRange(3, 1000), help="Bounds for each but the first [20; of three 6].")
@click.option("--range", "ranges", metavar="B=LOW:HIGH", multiple=True, help="Follow a part only. Repeatable.")
@click.option(
    "--corners", is_flag=True, help="Find every corner of the front in place of even bounds (two indicators)."
)
@table_option
@time_limit_option()
@json_option
@language_option
@click.pass_obj
def pareto(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    between: str,
    count: int | None,
    ranges: tuple[str, ...],
    corners: bool,
    output: Path | None,
    time_limit: float | None,
    as_json: bool,
    language: Language,
) -> None:
    """Trade off two or three indicators: the plans where nothing gets better without something else getting worse.

    Profit, revenue and value_added are maximised, all else minimised, unless max: or min: says otherwise.
    """
    from ..flows.saving import save
    from ..reports.summary import Paper

    tree = read_case(case)
    worst = EXIT_DONE
    chosen = tree.select(scenarios)
    for scenario in chosen:
        say_progress(obj, f"pareto {scenario}")
        network = read_network(obj, tree, scenario, sets)
        from ..reports.tradeoffs import trade_off
        from ..solver.solution import SolveOptions

        number = count or (6 if between.count(",") > 1 else 20)
        found = trade_off(network, between, number, ranges, corners, SolveOptions(time_limit=time_limit))
        say_progress(obj, "")
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            save(path, found.to_csv())
        if as_json:
            click.echo(found.to_json(indent=None if len(chosen) > 1 else 2))
        else:
            found.print(Paper.on(color=color()), language)
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)
