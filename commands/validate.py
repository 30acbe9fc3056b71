"""`parkloop validate`: check cases without solving them."""

from __future__ import annotations

import sys

import click

from .common import EXIT_DONE, EXIT_USAGE, json_option, say_problems, say_progress


@click.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@json_option
@click.pass_obj
def validate(obj: dict[str, bool], cases: tuple[str, ...], as_json: bool) -> None:
    """Check cases or libraries without solving them.

    Checks the language, every unit, that every recipe closes on mass and on each element, and that every material can
    come from somewhere and go somewhere, in every scenario.
    """
    from ..reports.checking import check_file

    worst = EXIT_DONE
    for number, path in enumerate(cases):
        say_progress(obj, f"validate {path} ({number + 1}/{len(cases)})")
        report = check_file(path)
        say_progress(obj, "")
        if as_json:
            click.echo(report.to_json())
        elif report.valid:
            click.echo(report.sentence)
        say_problems(report.problems, obj)
        worst = max(worst, EXIT_DONE if report.valid else EXIT_USAGE)
    sys.exit(worst)
