"""Which algorithm solves a program, and why; the rules stand in docs/solver.md with what they were measured on."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..models.program import Program
from .crew import NoStartError, StoppedError
from .first_order import stands
from .handle import SolverError, offers_hipo
from .highs import LiveModel
from .parts import KINDS, Kind, Parts, number_of, parts_of
from .phrases import methods
from .solution import Method, Solution, SolveOptions

ASKED, WHOLE = methods.tell("asked"), methods.tell("whole")
PARTS: dict[Kind, int] = {"periods": 24, "parks": 40}
"""periods, or parks, from which windows are chosen, 1"""
COEFFICIENTS = 400_000
"""coefficients from which windows are chosen, 1"""
COLUMNS = 1_000
"""columns of a part from which windows are chosen: solving tiny windows costs more than it gains, 1"""
MOST_LONG_ROWS = 64
"""rows over all parts that can be priced, 1"""
LINKS = 0.1
"""share of columns that join parks up to which windows of parks are chosen, 1"""


@dataclass(frozen=True)
class Choice:
    """A method and a plain sentence that says why."""

    method: str
    reason: str
    parts: Parts | None = None
    """what windows are made of"""


def choose(program: Program, options: SolveOptions) -> Choice:
    """Choose the method: the one that is asked for if it can be had, or the one that the rules say."""
    asked: Method = options.method
    if program.is_integer:
        return Choice("branch and bound", WHOLE)
    if asked not in ("auto", "windows"):
        return Choice(asked, ASKED)
    found = {kind: _pays(program, kind) for kind in KINDS}
    parts = next((it for it in found.values() if isinstance(it, Parts)), None)
    if asked == "windows":
        possible = parts or _possible(program)
        if isinstance(possible, str):
            return Choice("simplex", methods.tell("no_windows", why=possible))
        return Choice("windows", ASKED, possible)
    if parts is None:
        return Choice("simplex", methods.tell("no_windows", why=found["periods"]))
    number = program.T if parts.kind == "periods" else parts.number
    columns, rows = program.columns // number, parts.long_rows
    key = f"many_{parts.kind}" if rows else f"free_{parts.kind}"
    why = methods.tell(key, number=number, columns=columns, **({"rows": rows} if rows else {}))
    return Choice("windows", why, parts)


def unfit(program: Program, method: Method) -> str:
    """Say why a method that is asked for cannot solve a program, or nothing."""
    if method == "auto":
        return ""
    if program.is_integer:
        return methods.tell("whole_take")
    if method == "windows":
        possible = _possible(program)
        return possible if isinstance(possible, str) else ""
    if method == "hipo" and not offers_hipo():
        return methods.tell("no_hipo")
    return ""


def _possible(program: Program) -> Parts | str:
    """Return parts that windows can be made of, or say why there are none."""
    found = {kind: _usable(program, kind) for kind in KINDS}
    return next((it for it in found.values() if isinstance(it, Parts)), found["periods"])


def _pays(program: Program, kind: Kind) -> Parts | str:
    """Return parts of a kind where windows of them pay, or say why they would not."""
    number = number_of(program, kind)
    if 1 < number < PARTS[kind]:
        return methods.tell(f"few_{kind}", number=program.T if kind == "periods" else number)
    if number > 1 and program.nonzeros < COEFFICIENTS:
        return methods.tell("few_coefficients", number=program.nonzeros)
    if number > 1 and program.columns // number < COLUMNS:
        return methods.tell("few_columns", number=program.columns // number)
    parts = _usable(program, kind)
    if isinstance(parts, Parts) and kind == "parks" and parts.links > LINKS * program.columns:
        return methods.tell("many_links", number=parts.links)
    return parts


def _usable(program: Program, kind: Kind) -> Parts | str:
    """Return the parts of a kind, or say why windows cannot be made of them."""
    if number_of(program, kind) < 2:
        return methods.tell("one_period" if program.T < 2 else "no_single")
    parts = parts_of(program, kind)
    if parts.long_rows > MOST_LONG_ROWS:
        return methods.tell("many_long_rows", number=parts.long_rows)
    return parts


def solve_first(program: Program, model: LiveModel, options: SolveOptions) -> Solution:
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
            from .windows import start_by_windows  # a small solve does without what it imports

            assert choice.parts is not None
            start_by_windows(program, model, options, choice.parts)
    except StoppedError as error:
        stopped = model.stopped(time.perf_counter() - begin, error.args[0])
        return replace(stopped, method=choice.method, method_reason=choice.reason)
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
