"""From a network to a result: compile, solve, certify, look for flows that are not unique, gather."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..flows.network import Network
from ..flows.problems import InputError, Problem
from ..models.compile import compile_program
from ..models.program import Program
from ..solver.answer import certified
from ..solver.choice import unfit
from ..solver.lexicographic import break_tie, solve_stages
from ..solver.order import in_order
from ..solver.session import Session
from ..solver.solution import Solution, SolveOptions
from ..solver.uniqueness import moved, other_optima
from .doubts import with_doubts
from .result import Result, make_result


@dataclass(frozen=True, eq=False)
class Solved:
    """A result with what it was read from, for those who book its columns in another way."""

    result: Result
    program: Program
    solution: Solution


def run_case(
    network: Network,
    options: SolveOptions | None = None,
    read_seconds: float = 0.0,
    extend: Path | None = None,
    examine: bool = False,
) -> Result:
    """Answer one scenario: `solve_case` without what the result was read from. Arguments and errors as there."""
    return solve_case(network, options, read_seconds, extend, examine).result


def solve_case(
    network: Network,
    options: SolveOptions | None = None,
    read_seconds: float = 0.0,
    extend: Path | None = None,
    examine: bool = False,
) -> Solved:
    """Answer one scenario.

    Args:
        network: the case with the scenario applied.
        options: how to solve.
        read_seconds: time already spent on reading, s; it only stands in the result.
        extend: a Python file with constraints of the user, which is run.
        examine: find out which totals and shadow prices another optimal answer has otherwise.

    Raises:
        InputError: something is wrong in that file, or the method that is asked for cannot solve this case.
    """
    started = time.perf_counter()
    options = options or SolveOptions()
    program = compile_program(network)
    extension = None
    if extend is not None:
        from ..models.extension import extended  # pyomo, where it is asked for

        network, program, extension = extended(network, program, extend)
    if why := unfit(program, options.method):
        what = f"the method `{options.method}` cannot solve scenario `{network.scenario}`: {why}"
        raise InputError([Problem(None, what, "leave the method out, and the one that fits is chosen")])
    compiled = time.perf_counter()
    with Session(program, options) as session:
        program, solution, stages = solve_stages(program, session)
        if solution.status == "optimal" and network.tie_break:
            solution = break_tie(program, solution, session)
        solution = in_order(program, solution, session)
        solution, certificate = certified(program, solution)
        loose, others = None, None
        if solution.status == "optimal" and not network.tie_break and not program.is_integer:
            others = other_optima(program, solution, session)
            loose = moved(program, solution, others)
    solved = time.perf_counter()
    seconds = {"read": read_seconds, "compile": compiled - started, "solve": solved - compiled}
    result = make_result(network, program, solution, certificate, loose, seconds, stages)
    if examine and result.optimal:
        result = with_doubts(result, program, solution, others)
    result = replace(result, options=options.stated(), extension=None if extension is None else asdict(extension))
    result = replace(result, seconds={**seconds, "report": time.perf_counter() - solved})
    return Solved(result, program, solution)
