"""`parkloop shares`: the joint saving of companies or parks, fairly split."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    EXIT_USAGE,
    STATUS_EXITS,
    Teller,
    case_options,
    color,
    json_option,
    language_option,
    read_case,
    read_network,
    say_progress,
    seed_option,
    table_option,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..audit.coalitions import Among, Passing
    from ..flows.wording import Language


@click.command()
@case_options
@click.option(
    "--among", type=click.Choice(["companies", "parks"]), default="companies", show_default=True, help="Who shares."
)
@click.option(
    "--of",
    metavar="saving|INDICATOR",
    default="saving",
    show_default=True,
    help="What is split: how much better the objective is, or an indicator at the best plans, e.g. co2 or max:reused.",
)
@click.option(
    "--passing",
    type=click.Choice(["residues", "everything"]),
    default="residues",
    show_default=True,
    help="What only members pass to each other: byproducts, wastes and emissions, or every material.",
)
@click.option(
    "--orders",
    type=click.IntRange(min=2),
    metavar="N",
    help="Sample so many random orders of the players [beyond 10 players: 200; else every coalition is solved].",
)
@seed_option("orders")
@table_option
@time_limit_option()
@language_option
@json_option
@click.pass_obj
def shares(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    among: Among,
    of: str,
    passing: Passing,
    orders: int | None,
    seed: int,
    output: Path | None,
    time_limit: float | None,
    language: Language,
    as_json: bool,
) -> None:
    """Split the joint saving among companies or parks, and say whether anybody gains by leaving.

    A coalition is worth what the optimum gains where only its members exchange with each other. Its parts are the
    Shapley value, the nucleolus, and what each would receive or pay (docs/shares.md).
    """
    from ..flows.saving import save
    from ..reports.summary import Paper

    tree = read_case(case)
    worst = EXIT_DONE
    chosen = tree.select(scenarios)
    for scenario in chosen:
        say_progress(obj, f"shares {scenario}")
        network = read_network(obj, tree, scenario, sets)
        from ..audit.shares import split_saving
        from ..audit.shares_paper import print_shares, shares_csv, shares_json
        from ..flows.problems import InputError
        from ..solver.solution import SolveOptions

        tell = Teller(obj, f"shares {scenario}", "solves")
        try:
            found = split_saving(network, among, of, passing, orders, seed, SolveOptions(time_limit=time_limit), tell)
        except InputError as error:
            if len(chosen) == 1:
                raise
            click.echo(str(error), err=True)  # the other scenarios may have something to share
            worst = max(worst, EXIT_USAGE)
            continue
        finally:
            say_progress(obj, "")
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            save(path, shares_csv(found))
        if as_json:
            click.echo(shares_json(found, indent=None if len(chosen) > 1 else 2))
        else:
            print_shares(found, Paper.on(color=color()), language)
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)
