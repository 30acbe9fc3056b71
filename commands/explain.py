"""`parkloop explain`: an answer, or why there is none, in plain words."""

from __future__ import annotations

import sys
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
    say_problems,
    say_progress,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@click.argument("what", required=False, default="")
@time_limit_option()
@json_option
@language_option
@click.pass_obj
def explain(
    obj: dict[str, bool],
    case: str,
    what: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    time_limit: float | None,
    as_json: bool,
    language: Language,
) -> None:
    """Explain an answer, or why there is none, in the words and lines of the case.

    \b
    WHAT is
      nothing            what binds and what it is worth; or why there is no answer, and what would give one
      a material         what one more or one less is worth, and the price at which it would be bought or sold
      a plant            what its capacity is worth, or the price at which it would run
      a policy           what its bound costs
      program            what the case became: blocks, ranges and extreme coefficients with their lines; not solved
      a path             an offer (parks.qarhan.buy.coal) or anything else that limits, e.g. routes.qarhan_golmud

    A material or plant may be written PARK.NAME. Prices say how far they hold and what binds next.
    """
    from ..reports.explaining import explain_case
    from ..reports.summary import Paper
    from ..solver.solution import SolveOptions

    tree = read_case(case)
    worst = EXIT_DONE
    chosen = tree.select(scenarios)
    for scenario in chosen:
        say_progress(obj, f"explain {scenario}")
        explanation = explain_case(tree, scenario, sets, what, SolveOptions(time_limit=time_limit))
        say_progress(obj, "")
        say_problems(explanation.problems, obj)
        if as_json:
            click.echo(explanation.to_json(indent=None if len(chosen) > 1 else 2))
        else:
            explanation.print(Paper.on(color=color()), language)
        worst = max(worst, {**STATUS_EXITS, "read": EXIT_DONE}.get(explanation.status, EXIT_STOPPED))
    sys.exit(worst)
