"""`parkloop robustness`: which numbers a finding rests on, and how likely it holds."""

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
    read_case,
    say_progress,
    seed_option,
    table_option,
    time_limit_option,
    workers_option,
)

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@case_options
@click.option("--against", metavar="SCENARIO", help="The finding is how much better the scenario is than this one.")
@click.option(
    "--measure",
    metavar="PATH=VALUE",
    multiple=True,
    help="The finding is what setting these values improves. Repeatable.",
)
@click.option("--of", metavar="INDICATOR", help="What is compared (default: the objective), e.g. co2 or max:reused.")
@click.option("--top", type=click.IntRange(1, 200), default=12, show_default=True, help="Numbers to solve again for.")
@click.option(
    "--range",
    "ranges",
    metavar="PATH=LOW:HIGH",
    multiple=True,
    help="How far a number may be off, e.g. parks.x.buy.coal.price='300:600 CNY/t'. Repeatable.",
)
@click.option(
    "--spread",
    "spreads",
    metavar="CONFIDENCE=SHARE",
    multiple=True,
    help="How far numbers without a range may be off [published=5%, stoichiometric=2%, estimate=20%, unstated=20%].",
)
@click.option(
    "--samples", type=click.IntRange(min=0), default=256, show_default=True, help="Samples of all together; 0: none."
)
@seed_option("samples")
@click.option(
    "--law",
    type=click.Choice(["triangular", "uniform"]),
    default="triangular",
    show_default=True,
    help="Between the ends of a number: likeliest as stated, or all alike.",
)
@workers_option
@table_option
@time_limit_option()
@language_option
@json_option
@click.pass_obj
def robustness(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    against: str | None,
    measure: tuple[str, ...],
    of: str | None,
    top: int,
    ranges: tuple[str, ...],
    spreads: tuple[str, ...],
    samples: int,
    seed: int,
    law: str,
    workers: int,
    output: Path | None,
    time_limit: float | None,
    language: Language,
    as_json: bool,
) -> None:
    """Say which numbers move a finding most, and how likely it holds.

    Numbers are ranked by shadow price times uncertainty; the first ones are solved again at both ends of their range,
    those without a source that was read listed first, and then vary together (docs/robustness.md).
    """
    from ..audit.finding import Request
    from ..audit.robustness import find_robustness
    from ..audit.robustness_paper import print_robustness, robustness_csv, robustness_json
    from ..audit.uncertain import read_ranges, read_spreads
    from ..reports.summary import Paper

    tree = read_case(case)
    worst = EXIT_DONE
    chosen = [name for name in tree.select(scenarios) if name != against or len(tree.select(scenarios)) == 1]
    for scenario in chosen:
        request = Request(
            scenario=scenario,
            against=against,
            of=of,
            sets=sets,
            measure=measure,
            spreads=read_spreads(spreads),
            ranges=read_ranges(ranges),
            top=top,
            samples=samples,
            seed=seed,
            law=law,
            workers=workers,
            time_limit=time_limit,
        )
        found = find_robustness(tree, request, Teller(obj, f"robustness {scenario}", "solves"))
        say_progress(obj, "")
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            path.write_text(robustness_csv(found), encoding="utf-8")
        if as_json:
            click.echo(robustness_json(found, indent=None if len(chosen) > 1 else 2))
        else:
            print_robustness(found, Paper.on(color=color()), language)
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)
