"""`parkloop report`: one page that people want to read."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .common import (
    EXIT_DONE,
    EXIT_STOPPED,
    STATUS_EXITS,
    Teller,
    case_options,
    language_option,
    output_option,
    read_case,
    read_network,
    say_progress,
    time_limit_option,
)
from .compare import Source, read_side, with_baseline
from .solve import solve_whole

if TYPE_CHECKING:
    from ..audit.shares import Shares
    from ..flows.case import CaseTree
    from ..flows.problems import InputError
    from ..flows.wording import Language
    from ..pages.answer import Answer, Section
    from ..solver.solution import SolveOptions


@click.command()
@case_options
@output_option("FILE.html|FILE.xlsx", "Where the page goes, or the workbook.", required=True)
@click.option(
    "--against",
    metavar="NAME",
    help="Baseline of the comparison: a scenario; `standalone` is built where it is not stated (default: the first).",
)
@click.option(
    "--sections",
    type=click.Choice(["measures", "shares", "none"]),
    multiple=True,
    help="Sections that take more solves: what measures abate (in it unasked where a case states 5 or fewer), fair "
    "shares; `none` leaves both out. Repeatable.",
)
@time_limit_option()
@language_option
@click.pass_obj
def report(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    against: str | None,
    sections: tuple[Literal["measures", "shares", "none"], ...],
    time_limit: float | None,
    language: Language,
) -> None:
    """Write one self-contained page on a case: what the answer is, pictures of its flows, and every figure's source.

    It opens in any browser without a network, and prints on A4. With several scenarios, or --against one, they are
    compared, and each can be looked at. A file that ends in .xlsx becomes the workbook of the same answers.
    """
    check_suffix(output)
    if "none" in sections and len(set(sections)) > 1:
        raise click.UsageError("--sections none leaves sections out: name no other beside it")
    from ..pages.answer import Answer
    from ..solver.solution import SolveOptions

    tree = read_case(case)
    wanted = list(tree.select(scenarios))
    source: Source = ""
    if against is not None:
        tree, source = with_baseline(tree, wanted, against, alone=True)
        if source == "built":  # whether it is sound is known before anything is solved, which may take long
            read_side({**obj, "quiet": True}, tree, against, sets, built=True)
    worst, answers = EXIT_DONE, list[Answer]()
    options = SolveOptions(time_limit=time_limit)
    for scenario in wanted:
        say_progress(obj, f"solve {scenario}")
        solved = solve_whole(obj, tree, scenario, sets, options, examine=len(wanted) > 1)
        say_progress(obj, "")
        answer = Answer(tree.case(scenario, sets), solved)
        answers.append(answer if scenario == against else _with_sections(obj, tree, answer, sets, sections, options))
        worst = max(worst, STATUS_EXITS.get(solved.result.status, EXIT_STOPPED))
    say_progress(obj, "write the page")
    typed = _typed(case, scenarios, sets, output, language, against, sections)
    baseline = wanted.index(against) if against in wanted else 0
    write_report(output, answers, typed, language, baseline, source or "stated")
    say_progress(obj, "")
    click.echo(str(output))
    sys.exit(worst)


def check_suffix(output: Path, option: str = "-o") -> None:
    """Refuse a file that is neither page nor workbook."""
    if output.suffix.lower() not in (".html", ".htm", ".xlsx"):
        what = f"`{output.name}` is no page and no workbook; name a file that ends in .html or .xlsx"
        raise click.BadParameter(what, param_hint=option)


def _with_sections(
    obj: dict[str, bool],
    tree: CaseTree,
    answer: Answer,
    sets: tuple[str, ...],
    sections: Sequence[str],
    options: SolveOptions,
) -> Answer:
    """Add the sections that take more solves: those that are asked for, and few measures unasked."""
    from ..flows.problems import InputError
    from ..pages.answer import MOST_MEASURES
    from .measures import count_measures

    if not answer.result.optimal:
        return answer
    scenario = answer.result.scenario
    refused: dict[Section, str] = {}
    measures, shares = None, None
    few = not sections and 0 < len(answer.case.measures) <= MOST_MEASURES
    if few or "measures" in sections:
        try:
            measures = count_measures(obj, tree, scenario, sets, None, "money", options.time_limit)
        except InputError as error:
            refused["measures"] = _told(error)
    if "shares" in sections:
        try:
            shares = _split(obj, tree, scenario, sets, options)
        except InputError as error:
            refused["shares"] = _told(error)
    return replace(answer, measures=measures, shares=shares, refused=refused)


def _split(obj: dict[str, bool], tree: CaseTree, scenario: str, sets: tuple[str, ...], options: SolveOptions) -> Shares:
    """Split the joint saving among the parks of a case, or the companies of its only one. Raises InputError."""
    from ..audit.shares import split_saving

    network = read_network({**obj, "quiet": True}, tree, scenario, sets)
    among: Literal["parks", "companies"] = "parks" if len(network.parks) > 1 else "companies"
    tell = Teller(obj, f"shares {scenario}", "solves")
    try:
        return split_saving(network, among, options=options, watch=tell)
    finally:
        say_progress(obj, "")


def _told(error: InputError) -> str:
    return "; ".join(f"{problem.what}. {problem.mend}".strip(". ") for problem in error.problems)


def write_report(
    output: Path,
    answers: list[Answer],
    command: str,
    language: Language,
    baseline: int = 0,
    source: Literal["stated", "built"] = "stated",
) -> None:
    """Write the page, or the workbook of the same answers; never half of it. Raises OSError."""
    if output.suffix.lower() == ".xlsx":
        from ..pages.gathered import gather
        from ..pages.workbook import write_workbook

        results, cases = [answer.result for answer in answers], [answer.case for answer in answers]
        gathered = gather(answers, baseline, source)
        write_workbook(results, output, language, cases, [command] * len(results), gathered)
        return
    from ..flows.saving import save
    from ..pages.page import page

    save(output, page(answers, command, language, baseline, source))


def _typed(
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    language: Language,
    against: str | None,
    sections: tuple[str, ...],
) -> str:
    """Return the command that makes this page."""
    parts = ["parkloop", "report", case]
    parts += [part for scenario in scenarios for part in ("-s", scenario)]
    parts += [part for setting in sets for part in ("--set", setting)]
    parts += ["--against", against] if against is not None else []
    parts += [part for section in sections for part in ("--sections", section)]
    parts += ["-o", output.name, *(["--lang", language] if language != "en" else [])]
    return shlex.join(parts)
