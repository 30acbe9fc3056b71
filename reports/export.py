"""Export: a scenario as a file for other programs, the linear program itself or the tables of its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from ..flows.network import Network
from ..flows.problems import InputError, Problem
from ..models.compile import compile_program
from ..solver.writing import write_program
from .json_result import save_json, save_tables
from .run import run_case

Format = Literal["mps", "lp", "csv", "json", "xlsx"]
PROGRAMS: tuple[Format, ...] = ("mps", "lp")
"""formats that need no solve"""


def format_of(path: Path, stated: str | None = None) -> Format:
    """Return the format of an export: as stated, or by the ending of the path (a folder is csv).

    Raises:
        InputError: the ending is none of them, or says another format of a program than is stated.
    """
    ending = path.suffix[1:].lower()
    for name in get_args(Format):
        if name == (stated or ending):
            if name in PROGRAMS and ending != name:
                what = f"`{path}` ends in `.{ending}`, but a file of format {name} ends in `.{name}`"
                raise InputError([Problem(None, what, f"write `-o {path.with_suffix('.' + name)}`")])
            chosen: Format = name
            return chosen
    if not ending:
        return "csv"
    what = f"`{path}` has no format that is known here"
    raise InputError([Problem(None, what, f"end it in .{', .'.join(get_args(Format))}, or add `--format`")])


def export(network: Network, path: Path, form: Format, read_seconds: float = 0.0) -> str:
    """Write a scenario and return its status; `written` for a program, which is not solved.

    `csv` is a folder with the tables flows, plants, prices and policies, written only where there is an optimum;
    `json` is the result, whatever the status.

    Raises:
        ValueError: for `xlsx`, which `pages.workbook` writes, all scenarios in one file.
    """
    if form == "xlsx":
        raise ValueError("a workbook is written by pages.workbook")
    if form in PROGRAMS:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_program(compile_program(network), path)
        return "written"
    result = run_case(network, read_seconds=read_seconds)
    if form == "json":
        path.parent.mkdir(parents=True, exist_ok=True)
        save_json(result, path)
    elif result.optimal:
        save_tables(result, path)
    return result.status
