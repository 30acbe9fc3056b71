"""`parkloop alternatives`: what else is near the optimum."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    LINE_EVERY,
    STATUS_EXITS,
    case_options,
    color,
    json_option,
    language_option,
    read_case,
    read_network,
    say_progress,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@click.option(
    "--within",
    default="1 %",
    show_default=True,
    metavar="TOLERANCE",
    help="How much of the objective may be given up: a share of its value, or an amount in its unit.",
)
@click.option(
    "--of",
    "names",
    metavar="NAME",
    multiple=True,
    help="Plant, material, offer or route, e.g. north.kiln (default: all plants, and flows of the answer). Repeatable.",
)
@time_limit_option()
@json_option
@language_option
@click.pass_obj
def alternatives(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    within: str,
    names: tuple[str, ...],
    time_limit: float | None,
    as_json: bool,
    language: Language,
) -> None:
    """Say what else is near the optimum: what each plant and flow could be at nearly the same value.

    For every plant, purchase, sale, discard, exchange and shipment, the least and the most that it can be while the
    objective stays within the tolerance of its optimum, former stages held as they are. The freest come first.
    """
    from ..reports.summary import Paper

    tree = read_case(case)
    worst = EXIT_DONE
    chosen = tree.select(scenarios)
    for scenario in chosen:
        say_progress(obj, f"alternatives {scenario}")
        network = read_network(obj, tree, scenario, sets)
        from ..reports.alternatives import alternatives as find
        from ..solver.solution import SolveOptions

        found = find(network, within, names, SolveOptions(time_limit=time_limit), _Teller(obj, scenario))
        say_progress(obj, "")
        if as_json:
            click.echo(found.to_json(indent=None if len(chosen) > 1 else 2))
        else:
            found.print(Paper.on(color=color()), language)
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)


class _Teller:
    """Says how far it is: on a terminal all the time, elsewhere in a line every ten seconds."""

    def __init__(self, obj: dict[str, bool], scenario: str) -> None:
        self.obj, self.scenario, self.said = obj, scenario, time.perf_counter()

    def __call__(self, done: int, total: int, name: str) -> None:
        text = f"alternatives {self.scenario}: {done}/{total}, {name}"
        say_progress(self.obj, text)
        now = time.perf_counter()
        if not self.obj["quiet"] and not sys.stderr.isatty() and now - self.said >= LINE_EVERY:
            self.said = now
            click.echo(text, err=True)
