"""`parkloop ledger`: what each exchange is worth, and that it all adds up."""

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
    watcher,
)

if TYPE_CHECKING:
    from ..flows.case import CaseTree
    from ..flows.network import Network
    from ..flows.wording import Language


@click.command()
@case_options
@click.option(
    "--against",
    metavar="SCENARIO",
    help="Another answer to compare with [default: the same scenario with `exchange: none`].",
)
@click.option("--in", "account", metavar="INDICATOR", help="Reconcile this indicator in place of the objective.")
@click.option("--every", is_flag=True, help="Show every exchange and every line of the rest.")
@table_option
@time_limit_option()
@language_option
@json_option
@click.pass_obj
def ledger(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    against: str | None,
    account: str | None,
    every: bool,
    output: Path | None,
    time_limit: float | None,
    language: Language,
    as_json: bool,
) -> None:
    """List the exchanges between plants, companies and parks, and what each is worth.

    Each with tonnes, shadow prices, and the purchases, disposal, energy and emissions it spares. Exchanges and a rest
    that is named line by line add up to the objective with exchange less the objective without.
    """
    from ..audit.ledger import make_ledger
    from ..audit.ledger_paper import ledger_csv, ledger_json, print_ledger
    from ..flows.saving import save
    from ..reports.run import solve_case
    from ..reports.summary import Paper
    from ..solver.solution import SolveOptions

    tree = read_case(case)
    worst, chosen = EXIT_DONE, tree.select(scenarios)
    for scenario in chosen:
        pair = []
        sides = _sides(tree, scenario, against)
        networks = [_read(obj, with_tree, one, sets, with_tree is not tree) for one, with_tree in sides]
        for network in networks:  # both are read before either is solved, which may take long
            one = network.scenario
            say_progress(obj, f"ledger: solve {one}")
            found = solve_case(network, SolveOptions(time_limit=time_limit, watcher=watcher(obj, one)))
            say_progress(obj, "")
            if not found.result.optimal:
                click.echo(f"error: scenario `{one}` is {found.result.status}: {found.result.reason}", err=True)
                worst = max(worst, STATUS_EXITS.get(found.result.status, EXIT_STOPPED))
                break
            pair.append(found)
        if len(pair) < 2:
            continue
        made = make_ledger(pair[0], pair[1], account)
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            save(path, ledger_csv(made))
        if as_json:
            click.echo(ledger_json(made, indent=None if len(chosen) > 1 else 2))
        else:
            print_ledger(made, Paper.on(color=color()), language, every)
    sys.exit(worst)


def _sides(tree: CaseTree, scenario: str, against: str | None) -> list[tuple[str, CaseTree]]:
    """Return the scenario and the one it is compared with, each with the tree that has it."""
    if against is not None:
        (other, *more) = tree.select([against])
        if more:
            raise click.BadParameter(f"`{against}` is several scenarios; name one", param_hint="--against")
        return [(scenario, tree), (other, tree)]
    from ..audit.counterfactual import with_counterfactual

    name = f"{scenario}_without_exchange"
    while name in tree.scenarios:
        name += "_"
    return [(scenario, tree), (name, with_counterfactual(tree, name, scenario)[0])]


def _read(obj: dict[str, bool], tree: CaseTree, scenario: str, sets: tuple[str, ...], built: bool) -> Network:
    from ..flows.problems import InputError, Problem

    try:
        return read_network(obj, tree, scenario, sets)
    except InputError as error:
        if not built:
            raise
        what = "the answer without exchange cannot be had: without exchange the case is not sound"
        mend = "mend what follows (an offer to buy or discard, say), or name another scenario with --against"
        raise InputError([Problem(None, what, mend), *error.problems]) from error
