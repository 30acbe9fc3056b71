"""What the commands share: exit codes, options, and what is said on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..flows.case import CaseTree
    from ..flows.network import Network
    from ..solver.watch import Progress, Watcher

EXIT_DONE, EXIT_NO, EXIT_USAGE, EXIT_NO_ANSWER, EXIT_STOPPED, EXIT_BUG, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
SAY_EVERY, LINE_EVERY = 0.5, 10.0
"""time between two words on a solve, on a terminal and elsewhere, s"""
STATUS_EXITS = {"optimal": EXIT_DONE, "infeasible": EXIT_NO_ANSWER, "unbounded": EXIT_NO_ANSWER}

Command = TypeVar("Command", bound=Callable[..., Any])


def case_options(command: Command) -> Command:
    """Add what every command on a case takes: the case, scenarios and settings."""
    for decorate in (
        click.option(
            "--set",
            "sets",
            metavar="PATH=VALUE",
            multiple=True,
            help="Replace one value of the case, e.g. parks.qarhan.buy.coal.price='600 CNY/t'. Repeatable.",
        ),
        click.option(
            "-s",
            "--scenario",
            "scenarios",
            metavar="NAME",
            multiple=True,
            help="Scenario of the case (default: base; a grid for all of its; `all` for every one). Repeatable.",
        ),
        click.argument("case"),
    ):
        command = decorate(command)
    return command


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of names, words and sentences.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON in place of tables.")
workers_option = click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to solve in."
)


def output_option(metavar: str, words: str, required: bool = False) -> Callable[[Command], Command]:
    """Add `-o`: the file that a command writes, by its kinds (`FILE.csv`), and what is in it."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("-o", "--output", type=kind, metavar=metavar, required=required, help=words)


def seed_option(drawn: str) -> Callable[[Command], Command]:
    """Add `--seed`, of what is drawn at random."""
    return click.option(
        "--seed", type=click.IntRange(min=0), default=0, show_default=True, help=f"Seed of the {drawn}."
    )


def time_limit_option(more: str = "") -> Callable[[Command], Command]:
    """Add `--time-limit`, s, with more to say where it has a consequence."""
    kind = click.FloatRange(min=0, min_open=True)
    return click.option("--time-limit", type=kind, metavar="SECONDS", help=f"Budget of each solve{more}.")


table_option = output_option("FILE.csv", "Table.")


def read_case(path: str) -> CaseTree:
    """Read a case and what it includes. Raises InputError."""
    from ..flows.case import read_tree

    return read_tree(path)


def read_network(obj: dict[str, bool], tree: CaseTree, scenario: str, sets: Iterable[str]) -> Network:
    """Build one scenario, and say what is doubtful about it. Raises InputError."""
    from ..flows.build import build_network
    from ..flows.problems import Findings

    findings = Findings()
    network = build_network(tree.case(scenario, sets), findings)
    say_problems(findings.problems, obj)
    return network


def watcher(obj: dict[str, bool], scenario: str) -> Watcher | None:
    """Say how far a solve is: on a terminal at once and in one line, elsewhere in a line every ten seconds."""
    if obj["quiet"]:
        return None
    fancy = sys.stderr.isatty()
    said = [time.perf_counter()]

    def watch(progress: Progress) -> None:
        now = time.perf_counter()
        if now - said[0] < (SAY_EVERY if fancy else LINE_EVERY):
            return
        said[0] = now
        parts = [f"solve {scenario}: {progress.seconds:.0f} s"]
        parts += [progress.stage] if progress.stage else []
        parts += [f"step {progress.iterations}"] if progress.iterations else []
        parts += [f"objective {progress.objective:.6g}"] if progress.objective is not None else []
        parts += [f"bound {progress.bound:.6g}"] if progress.bound is not None else []
        parts += [f"gap {progress.gap:.2%}"] if progress.gap is not None else []
        text = ", ".join(parts)
        click.echo(f"\r\x1b[K{text}" if fancy else text, nl=not fancy, err=True)

    return watch


def color() -> bool | None:
    """Tell whether colours are wanted: not where NO_COLOR is set; None leaves it to the stream."""
    return False if os.environ.get("NO_COLOR") else None


def say_progress(obj: dict[str, bool], text: str) -> None:
    """Say what is being done, on a terminal only; an empty text wipes it."""
    if not obj["quiet"] and sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def say_problems(problems: Iterable[Any], obj: dict[str, bool]) -> None:
    """Print errors and warnings with their places; errors only where `--quiet`."""
    from ..flows.problems import render

    for problem in problems:
        if problem.severity == "error" or not obj["quiet"]:
            click.echo(render(problem), err=True)


class Teller:
    """Says how far many solves are: on a terminal all the time, elsewhere in a line every ten seconds."""

    def __init__(self, obj: dict[str, bool], what: str, unit: str) -> None:
        self.obj, self.what, self.unit, self.said = obj, what, unit, time.perf_counter()

    def __call__(self, done: int) -> None:
        """Say that so many are done."""
        text = f"{self.what}: {done} {self.unit}"
        say_progress(self.obj, text)
        now = time.perf_counter()
        if not self.obj["quiet"] and not sys.stderr.isatty() and now - self.said >= LINE_EVERY:
            self.said = now
            click.echo(text, err=True)
