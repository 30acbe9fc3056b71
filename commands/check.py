"""`parkloop check`: every case against its expectations and baselines."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import EXIT_USAGE, color, language_option, say_progress, time_limit_option

if TYPE_CHECKING:
    from ..flows.wording import Language


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes at once [all processors].")
@click.option("--changed-since", "revision", metavar="REV", help="Only cases of which a file changed since a commit.")
@click.option("--fail-fast", is_flag=True, help="Start no more cases after the first that is not as expected.")
@click.option("--update", is_flag=True, help="Accept what the cases answer: rewrite what they expect, and baselines.")
@click.option("--record", is_flag=True, help="As --update, and record a baseline for every case.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write JUnit XML too.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    show_default=True,
    help="For people, as annotations of GitHub, or as JSON.",
)
@click.option("--no-cache", is_flag=True, help="Check also what has not changed since it passed.")
@time_limit_option()
@language_option
@click.pass_obj
def check(
    obj: dict[str, bool],
    paths: tuple[str, ...],
    jobs: int | None,
    revision: str | None,
    fail_fast: bool,
    update: bool,
    record: bool,
    junit: Path | None,
    output: str,
    no_cache: bool,
    time_limit: float | None,
    language: Language,
) -> None:
    """Check cases against what they expect (`expect:`) and against recorded baselines (NAME.baseline.json).

    PATH is a case or a folder with cases; libraries are left out. Every scenario must be expected or recorded.
    """
    if update or record:
        _refuse_in_pipelines()
    from ..checks.find import changed_since, find_cases

    cases = find_cases(paths)
    if revision is not None:
        cases = changed_since(cases, revision)
    if update or record:
        _update(obj, cases, record, time_limit, language)
        return
    from ..checks.phrases import number
    from ..checks.pool import check_all, workers
    from ..checks.report import exit_code, print_text, sentence, to_json
    from ..flows.wording import said
    from ..reports.summary import Paper

    def tell(done: int, total: int, name: str) -> None:
        say_progress(obj, f"check {done}/{total} {name}")

    verdicts = check_all(
        cases,
        jobs=jobs or workers(),
        cache=None if no_cache else _cache(),
        fail_fast=fail_fast,
        revision=revision or "",
        time_limit=time_limit,
        tell=tell,
    )
    say_progress(obj, "")
    if junit is not None:
        from ..checks.junit import save_junit

        save_junit(verdicts, junit)
    if output == "json":
        click.echo(to_json(verdicts))
    elif output == "github":
        from ..checks.github import commands

        for line in commands(verdicts):
            click.echo(line)
        click.echo(sentence(verdicts))
    else:
        print_text(verdicts, Paper.on(color=color()), language)
    if len(verdicts) < len(cases) and not obj["quiet"]:
        click.echo(said(number(len(cases) - len(verdicts), "unchecked"), language), err=True)
    sys.exit(exit_code(verdicts))


def _cache() -> Any:
    from ..checks.cache import Cache, default_folder

    return Cache(default_folder())


def _refuse_in_pipelines() -> None:
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        click.echo("error: a pipeline (CI is set) accepts no new figures: nothing was written", err=True)
        click.echo("  help: run `parkloop check --update` by hand, look at the difference, and commit it", err=True)
        sys.exit(EXIT_USAGE)


def _update(
    obj: dict[str, bool], cases: list[Path], record: bool, time_limit: float | None, language: Language
) -> None:
    from ..checks.phrases import phrases
    from ..checks.update import update_case
    from ..flows.problems import harmless
    from ..solver.solution import SolveOptions

    by_hand = 0
    for number, case in enumerate(cases):
        say_progress(obj, f"update {number + 1}/{len(cases)} {case}")
        done = update_case(case, SolveOptions(time_limit=time_limit), record)
        say_progress(obj, "")
        for edit in done.edits:
            click.echo(harmless(edit.sentence))
        if done.baseline:
            click.echo(harmless(phrases("recorded", language, file=done.baseline)))
        for line in done.by_hand:
            by_hand += 1
            click.echo(harmless(phrases("by_hand", language, what=line)))
        if not (done.edits or done.baseline or done.by_hand):
            click.echo(harmless(phrases("nothing_to_accept", language, file=done.file)))
    sys.exit(1 if by_hand else 0)
