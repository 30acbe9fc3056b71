"""`parkloop compare`: scenarios, cases and saved results side by side, and what is saved against a counterfactual."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    color,
    json_option,
    language_option,
    output_option,
    read_case,
    read_network,
    say_progress,
    watcher,
)

if TYPE_CHECKING:
    from ..audit.answers import Answer
    from ..audit.comparison import Comparison, Order
    from ..flows.case import Case, CaseTree
    from ..flows.network import Network
    from ..flows.wording import Language

Source = Literal["stated", "built", ""]
"""where a counterfactual comes from; empty where there is none"""
MOST = 12
"""scenarios of a case that are compared where none is named"""


@click.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASE|RESULT...")
@click.option(
    "-s",
    "--scenario",
    "scenarios",
    metavar="NAME",
    multiple=True,
    help="Scenario of each case (default: all of a single case, base of several; with --against base). Repeatable.",
)
@click.option("--set", "sets", metavar="PATH=VALUE", multiple=True, help="Replace a value in every case. Repeatable.")
@click.option(
    "--against",
    metavar="NAME",
    help="The baseline: a side, or a scenario of the case; `standalone` is built where it is not stated.",
)
@click.option(
    "--inputs", "inputs", metavar="CASE", multiple=True, help="Case file of saved results, not solved. Repeatable."
)
@click.option("--stale", is_flag=True, help="Take saved results made from other inputs too, and mark them.")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["money", "percent"]),
    default="money",
    show_default=True,
    help="Sort rows by their change in money at the baseline's shadow prices, or in percent.",
)
@click.option("--all", "every", is_flag=True, help="Show every row that differs.")
@output_option("FILE.csv", "One table.")
@json_option
@language_option
@click.pass_obj
def compare(
    obj: dict[str, bool],
    cases: tuple[str, ...],
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    against: str | None,
    inputs: tuple[str, ...],
    stale: bool,
    order: Order,
    every: bool,
    output: Path | None,
    as_json: bool,
    language: Language,
) -> None:
    """Compare scenarios, cases or saved results (result.json, or the folder of `solve -o`).

    Shows what differs in the inputs and what changed in the answer: totals in money, energy, carbon, water and waste,
    plants, flows, shadow prices and products, the largest change first. The first one named is the baseline.

    \b
    parkloop compare CASE                         every scenario of a case, against the first
    parkloop compare CASE -s loop --against standalone    what exchange saves, within one boundary
    parkloop compare old/result.json CASE --stale         before and after a change of the file
    """
    from ..audit.comparison_json import comparison_csv, comparison_json
    from ..flows.saving import save
    from ..reports.summary import Paper

    found, statuses = _compare(obj, cases, scenarios, sets, against, inputs, stale, order)
    if output is not None:
        save(output, "\ufeff" + comparison_csv(found))  # the mark makes Excel read UTF-8
    if as_json:
        click.echo(comparison_json(found))
    else:
        from .compare_tables import Tables

        Tables(found, Paper.on(color=color()), language, every).print()
    sys.exit(max((STATUS_EXITS.get(status, EXIT_STOPPED) for status in statuses), default=EXIT_DONE))


def _compare(
    obj: dict[str, bool],
    cases: Sequence[str],
    scenarios: Sequence[str],
    sets: Sequence[str],
    against: str | None,
    inputs: Sequence[str],
    stale: bool,
    order: Order,
) -> tuple[Comparison, list[str]]:
    """Read, solve and compare; return the comparison and the status of each side."""
    from ..audit.comparing import compare_answers
    from ..audit.counterfactual import COUNTERFACTUALS, stated_against
    from ..audit.saved import is_saved, read_saved

    trees = {path: read_case(path) for path in (*cases, *inputs) if not is_saved(path)}
    live = [path for path in cases if path in trees]
    if not live and (scenarios or sets):
        raise click.UsageError("--scenario and --set speak of a case to be solved; saved results are as they are")
    wanted = {path: _wanted(trees[path], scenarios, against, len(cases) == 1) for path in live}
    source: Source = ""
    if len(live) == 1 and against is not None:
        trees[live[0]], source = with_baseline(trees[live[0]], wanted[live[0]], against, len(cases) == 1)
    elif len(live) > 1 and against in COUNTERFACTUALS and not any(against in chosen for chosen in wanted.values()):
        raise click.UsageError(f"--against {against} speaks of one case: name one case file, or the scenario with -s")
    ready: list[Callable[[], Answer]] = []  # everything is read before anything is solved, which may take long
    for path in cases:
        if path in trees:
            ready += [_read(obj, trees[path], scenario, sets, source) for scenario in wanted[path]]
        else:
            saved = read_saved(path, list(trees.values()), stale)
            ready.append(partial(replace, saved))
    if len(ready) < 2:
        raise click.UsageError("one answer alone: name another scenario, case or result, or --against one")
    answers = _named([answer() for answer in ready])
    say_progress(obj, "")
    found = compare_answers(answers, _baseline(answers, against), order)
    if against in COUNTERFACTUALS:
        found = stated_against(found, answers, source or "stated")
    return found, [side.status for side in found.sides]


def _wanted(tree: CaseTree, scenarios: Sequence[str], against: str | None, alone: bool) -> list[str]:
    """Scenarios of a case that are compared."""
    if scenarios or not alone or against is not None:
        return list(tree.select(scenarios))
    names = tree.scenarios
    if len(names) > MOST:
        raise click.UsageError(f"the case has {len(names)} scenarios: name those to compare with -s, or `-s all`")
    return list(names)


def with_baseline(tree: CaseTree, wanted: list[str], against: str, alone: bool) -> tuple[CaseTree, Source]:
    """Take the baseline among the scenarios of the only case, be it stated or a counterfactual that is built."""
    from ..audit.counterfactual import COUNTERFACTUALS, with_counterfactual
    from ..flows.problems import nearest

    source: Source = ""
    if against in COUNTERFACTUALS:
        tree, source = with_counterfactual(tree, against, next((name for name in wanted if name != against), "base"))
    if against in tree.scenarios:
        wanted += [against] if against not in wanted else []
    elif alone:
        raise click.UsageError(f"--against {against}: there is no such scenario; {nearest(against, tree.scenarios)}")
    return tree, source


def _read(
    obj: dict[str, bool], tree: CaseTree, scenario: str, sets: Sequence[str], source: Source
) -> Callable[[], Answer]:
    """Read one scenario, and return what solves it."""
    from ..audit.counterfactual import STANDALONE

    built = source == "built" and scenario == STANDALONE
    network = read_side(obj, tree, scenario, sets, built)
    marks = ("built: the case with `exchange: none`, for it states no scenario `standalone`",) if built else ()
    return partial(_solved, obj, network, tree.case(scenario, sets), marks)


def read_side(obj: dict[str, bool], tree: CaseTree, scenario: str, sets: Sequence[str], built: bool) -> Network:
    """Build one scenario; where it is a counterfactual that was built, say so if it is not sound. Raises InputError."""
    from ..flows.problems import InputError, Problem

    try:
        return read_network(obj, tree, scenario, sets)
    except InputError as error:
        if not built:
            raise
        what = "the counterfactual `standalone` cannot be built: without exchange the case is not sound"
        mend = "mend what follows (an offer to discard, say), or state a scenario `standalone` of your own"
        raise InputError([Problem(None, what, mend), *error.problems]) from error


def _solved(obj: dict[str, bool], network: Network, case: Case, marks: tuple[str, ...]) -> Answer:
    """Solve one scenario, and look for other answers as good."""
    from ..audit.answers import answer_of
    from ..reports.run import run_case
    from ..solver.solution import SolveOptions

    say_progress(obj, f"compare: solve {network.scenario}")
    options = SolveOptions(watcher=watcher(obj, network.scenario))
    return answer_of(run_case(network, options, examine=True), case, marks=marks)


def _named(answers: Sequence[Answer]) -> list[Answer]:
    """Give every answer a name that no other has: scenario, else case and scenario, else with its file."""
    from ..audit.comparison import unlike

    choices = []
    for answer in answers:
        scenario, long = answer.document["scenario"], f"{answer.document['case']}:{answer.document['scenario']}"
        choices.append((scenario, long, f"{long} ({answer.saved_in or 'now'})"))
    return [replace(answer, name=name) for answer, name in zip(answers, unlike(choices), strict=True)]


def _baseline(answers: Sequence[Answer], against: str | None) -> int:
    """Number of the answer that is called so: by its name, its scenario or its file; the first where none is named."""
    from ..flows.problems import nearest

    if against is None:
        return 0
    known = [(answer.name, answer.document["scenario"], answer.saved_in) for answer in answers]
    for called in zip(*known, strict=True):
        if called.count(against) == 1:
            return called.index(against)
    names = [answer.name for answer in answers]
    raise click.UsageError(f"--against {against}: no side is called so, or several are; {nearest(against, names)}")
