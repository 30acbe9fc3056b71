"""`parkloop show`: what a case contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .common import case_options, color, json_option, language_option, read_case

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@click.argument("what", required=False, default="overview")
@json_option
@language_option
def show(
    case: str,
    what: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    as_json: bool,
    language: Language,
) -> None:
    """Show what a case contains.

    WHAT is overview (default), materials, processes, plants, offers, routes, stores, periods, returns, norms,
    sources, or the name of one material or process, which is then shown with every figure, its range and its source.
    """
    from ..reports.contents import contents, print_contents
    from ..reports.summary import Paper

    tree = read_case(case)
    for scenario in tree.select(scenarios):
        view = contents(tree.case(scenario, sets), what)
        if as_json:
            click.echo(view.to_json())
        else:
            print_contents(view, Paper.on(color=color()), language)
