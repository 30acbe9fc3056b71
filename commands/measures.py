"""`parkloop measures`: what each measure abates and costs, the abatement cost curve, and the best portfolio."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    Teller,
    case_options,
    color,
    json_option,
    language_option,
    output_option,
    read_case,
    say_problems,
    say_progress,
    time_limit_option,
)

if TYPE_CHECKING:
    from ..audit.abatement import Abatement
    from ..flows.case import CaseTree
    from ..flows.wording import Language

FORMATS = (".csv", ".svg")


@click.command()
@case_options
@click.option("--budget", metavar="MONEY", help="Most that the best portfolio may invest, e.g. '50 MCNY'.")
@click.option(
    "--by",
    metavar="money|energy|carbon|INDICATOR",
    default="money",
    show_default=True,
    help="What the portfolio is best in: least net cost, or most abated of this; the curve is then of this alone.",
)
@output_option("FILE.svg|FILE.csv", "Picture of the curves, or all figures as a table.")
@time_limit_option()
@language_option
@json_option
@click.pass_obj
def measures(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    budget: str | None,
    by: str,
    output: Path | None,
    time_limit: float | None,
    language: Language,
    as_json: bool,
) -> None:
    """Say what the measures of a case abate and cost: alone, all together, step by step, and the best under a budget.

    Each is laid over the scenario and solved. The marginal abatement cost curve counts each step on top of those before
    it, so that its steps add up to the joint effect (docs/measures.md).
    """
    from ..flows.saving import save
    from ..reports.summary import Paper

    if output is not None and output.suffix not in FORMATS:
        raise click.UsageError(f"-o {output}: the name ends in .svg or .csv")
    tree = read_case(case)
    chosen, worst = tree.select(scenarios), EXIT_DONE
    for scenario in chosen:
        found = count_measures(obj, tree, scenario, sets, budget, by, time_limit)
        if output is not None and found.profit is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            save(path, _drawn(found, language) if output.suffix == ".svg" else _table(found))
        if as_json:
            from ..audit.abatement_json import abatement_json

            click.echo(abatement_json(found, indent=None if len(chosen) > 1 else 2))
        else:
            from ..audit.abatement_paper import print_abatement

            print_abatement(found, Paper.on(color=color()), language)
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)


def count_measures(
    obj: dict[str, bool],
    tree: CaseTree,
    scenario: str,
    sets: tuple[str, ...],
    budget: str | None,
    by: str,
    time_limit: float | None,
) -> Abatement:
    """Say what the measures of one scenario abate and cost. Raises InputError."""
    from ..audit.abating import abatement, picker
    from ..audit.measure_sets import Measured
    from ..flows.fingerprint import fingerprint
    from ..flows.problems import Findings
    from ..solver.solution import SolveOptions

    findings, options = Findings(), SolveOptions(time_limit=time_limit)
    tell = Teller(obj, f"measures {scenario}", "sets of measures")
    try:
        with Measured(tree, scenario, sets, picker(by), options, tell, findings) as measured:
            say_problems(findings.problems, obj)
            most = None if budget is None else _money(budget, measured.network.money)
            return abatement(measured, by, most, fingerprint(tree, measured.case, sets).sha256)
    finally:
        say_progress(obj, "")


def _money(text: str, money: str) -> float:
    from ..flows.units import QuantityError, parse_quantity

    try:
        value = parse_quantity(text).to(money)
    except QuantityError as error:
        raise click.UsageError(f"--budget {text}: {error}") from error
    if value < 0:
        raise click.UsageError(f"--budget {text}: a budget is zero or more")
    return value


def _table(found: Abatement) -> str:
    from ..audit.abatement_json import abatement_csv

    return "\ufeff" + abatement_csv(found)  # the mark makes Excel read UTF-8


def _drawn(found: Abatement, language: Language) -> str:
    from ..pages.abatement_picture import abatement_svg

    return abatement_svg(found, language)
