"""Which algorithm solves a program, and why; the rules stand in docs/solver.md with what they were measured on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..models.program import Program
from .first_order import stands
from .handle import SolverError, offers_hipo
from .highs import LiveModel
from .layout import long_rows
from .phrases import methods
from .solution import Method, Solution, SolveOptions
from .windows import MOST_LONG_ROWS, NoStartError, StoppedError, start_by_windows

PERIODS = 24
"""periods from which windows are chosen, 1"""
COEFFICIENTS = 1_000_000
"""coefficients from which windows are chosen, 1"""
ASKED, WHOLE = methods.tell("asked"), methods.tell("whole")
COLUMNS = 1_000
"""columns of a period from which windows are chosen: solving tiny windows costs more than it gains, 1"""


@dataclass(frozen=True)
class Choice:
    """A method and a plain sentence that says why."""

    method: str
    reason: str


def choose(program: Program, options: SolveOptions) -> Choice:
    """Choose the method: the one that is asked for if it can be had, or the one that the rules say."""
    asked: Method = options.method
    if program.is_integer:
        return Choice("branch and bound", WHOLE)
    if asked not in ("auto", "windows"):
        return Choice(asked, ASKED)
    if asked == "windows":
        unfit = _no_periods(program) or _many_long_rows(program)
        return Choice("simplex", methods.tell("no_windows", why=unfit)) if unfit else Choice("windows", ASKED)
    unfit = _no_periods(program) or _small(program) or _many_long_rows(program)
    if not unfit and not long_rows(program):
        unfit = methods.tell("no_long_rows")
    if unfit:
        return Choice("simplex", methods.tell("no_windows", why=unfit))
    return Choice("windows", methods.tell("long", periods=program.T, columns=program.columns_per_period))


def unfit(program: Program, method: Method) -> str:
    """Say why a method that is asked for cannot solve a program, or nothing."""
    if method == "auto":
        return ""
    if program.is_integer:
        return methods.tell("whole_take")
    if method == "windows":
        return _no_periods(program) or _many_long_rows(program)
    if method == "hipo" and not offers_hipo():
        return methods.tell("no_hipo")
    return ""


def _no_periods(program: Program) -> str:
    """Say why there is nothing that windows could be made of, or nothing."""
    if program.T < 2:
        return methods.tell("one_period")
    if not (program.columns_per_period and program.rows_per_period):
        return methods.tell("no_single")
    return ""


def _many_long_rows(program: Program) -> str:
    """Say that too many rows would have to be paid for, or nothing."""
    number = long_rows(program)
    if number > MOST_LONG_ROWS:
        return methods.tell("many_long_rows", number=number)
    return ""


def _small(program: Program) -> str:
    """Say why windows would not pay, or nothing."""
    if program.T < PERIODS:
        return methods.tell("few_periods", number=program.T)
    if program.nonzeros < COEFFICIENTS:
        return methods.tell("few_coefficients", number=program.nonzeros)
    if program.columns_per_period < COLUMNS:
        return methods.tell("few_columns", number=program.columns_per_period)
    return ""


def solve_first(
    program: Program, model: LiveModel, options: SolveOptions, progress: Callable[[str], None] | None = None
) -> Solution:
    """Solve a live model of the program that has no basis yet, by the method that fits.

    The solution says which one it was. Windows and PDLP only give simplex its first basis, so the answer is a vertex
    and as exact as any other; where they lead nowhere, simplex starts without them. Raises SolverError.
    """
    choice = choose(program, options)
    if choice.method not in ("windows", "pdlp"):
        by = options.method if choice.reason == ASKED else "simplex"
        return replace(model.run(by=by), method=choice.method, method_reason=choice.reason)
    begin = time.perf_counter()
    try:
        if choice.method == "pdlp":
            _start_by_pdlp(program, model)
        else:
            start_by_windows(program, model, options, progress)
    except StoppedError:
        return replace(model.stopped(time.perf_counter() - begin), method=choice.method, method_reason=choice.reason)
    except (NoStartError, SolverError) as error:
        choice = Choice("simplex", methods.tell(f"tried_{choice.method}", why=error.args[0]))
        model.forget()
    spent = time.perf_counter() - begin
    limit = options.time_limit
    solution = model.run(None if limit is None else max(limit - spent, 0.0))
    seconds = time.perf_counter() - begin
    return replace(solution, seconds=seconds, method=choice.method, method_reason=choice.reason)


def _start_by_pdlp(program: Program, model: LiveModel) -> None:
    """Let the model start where the flows of PDLP stand. Raises NoStartError where it finds none."""
    loose = model.run(by="pdlp")
    if loose.status != "optimal":
        raise NoStartError(loose.reason)
    model.forget()
    model.start_at(*stands(program, loose))
