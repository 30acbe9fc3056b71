"""What parkloop adds to HiGHS, and what windows take from it, on instances that take HiGHS more than a second.

    python benchmarks/solving.py [S M L XL wide] [--case FILE ...] [--runs N] [--threads 1 2] [--limit SECONDS]
    python benchmarks/solving.py … --methods simplex ipm pdlp windows

The second form tells instead how long each method takes from the compiled program to its answer, on one thread.

Sizes are those of `parks.py`. Four times are taken of each instance, in one process and one run, medians over the
runs, wall clock:

    alone      HiGHS on the arrays that parkloop hands over, dual simplex from a cold start
    core       from the network to the certified answer, by simplex: compiled, handed over, solved, its residuals taken
    ours       from reading the file to the result with all that it reports, by the method that parkloop chooses
    windows    from the compiled program to its answer, started by windows, for each number of threads

`--windows` takes the last one alone. A time limit ends what HiGHS cannot do in time; such a time is a lower bound and
is printed with `>`. Objectives must agree to 1e-7, or the run ends with an error.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from parks import SIZES, write

from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.network import Network
from parkloop.models.compile import compile_program
from parkloop.models.program import Program
from parkloop.reports.run import run_case
from parkloop.solver.answer import solve_certified
from parkloop.solver.choice import solve_first
from parkloop.solver.highs import LiveModel
from parkloop.solver.solution import Method, SolveOptions

HEADER = (
    *("instance", "columns", "rows", "nonzeros", "alone, s", "core / alone", "ours / alone"),
    *("windows, s", "alone / windows"),
)


class OtherMethodError(Exception):
    """Another method than the one that was asked for had to answer."""


def alone(program: Program, limit: float) -> tuple[float, float | None]:
    """Return seconds of HiGHS alone, and the objective where it finished."""
    with LiveModel(program, SolveOptions(time_limit=limit)) as model:
        begin = time.perf_counter()
        solution = model.run(by="simplex")
        return time.perf_counter() - begin, solution.objective if solution.status == "optimal" else None


def core(network: Network, limit: float) -> tuple[float, float | None]:
    """Return seconds from the network to the certified answer by simplex, and the objective."""
    begin = time.perf_counter()
    solution, _ = solve_certified(compile_program(network), SolveOptions(method="simplex", time_limit=limit))
    return time.perf_counter() - begin, solution.objective if solution.status == "optimal" else None


def ours(path: Path, limit: float) -> tuple[float, float | None]:
    """Return seconds from the file to the result by the method that parkloop chooses, and the objective."""
    begin = time.perf_counter()
    network = build_network(read_case(path))
    result = run_case(network, SolveOptions(time_limit=limit))
    return time.perf_counter() - begin, result.goal.value if result.status == "optimal" else None


def windows(program: Program, threads: int, limit: float) -> tuple[float, float | None]:
    """Return seconds from the compiled program to its answer by windows, and the objective."""
    return by_method(program, "windows", threads, limit)


def by_method(program: Program, method: Method, threads: int, limit: float) -> tuple[float, float | None]:
    """Return seconds from the compiled program to its answer by a method, and the objective where it finished."""
    options = SolveOptions(method=method, threads=threads, time_limit=limit)
    begin = time.perf_counter()
    with LiveModel(program, options) as model:
        solution = solve_first(program, model, options)
        seconds, done = time.perf_counter() - begin, solution.status == "optimal"
        if done and solution.method != method:
            raise OtherMethodError(f"not by {method}: {solution.method_reason}")
        return seconds, solution.objective if done else None


def median(work: Callable[[], tuple[float, float | None]], runs: int) -> tuple[float, float | None]:
    """Return the median time and the objective of some runs; one run alone where it does not finish."""
    found = [work()]
    while len(found) < runs and found[-1][1] is not None:
        found.append(work())
    return statistics.median(seconds for seconds, _ in found), found[-1][1]


def measured(name: str, path: Path, arguments: argparse.Namespace) -> str:
    """Return the row of one instance."""
    network = build_network(read_case(path))
    program = compile_program(network)
    runs, limit = arguments.runs, arguments.limit
    plain, best = (0.0, None) if arguments.windows else median(lambda: alone(program, limit), runs)
    more = "" if best is not None else "> "
    totals = ["–", "–"]
    if best is not None:
        for place, work in enumerate((lambda: core(network, limit), lambda: ours(path, limit))):
            seconds, value = median(work, runs)
            agree(best, value)
            totals[place] = f"{seconds / plain:.2f}"
    times, gains = [], []
    for threads in arguments.threads:
        try:
            seconds, value = median(lambda threads=threads: windows(program, threads, limit), runs)
        except OtherMethodError:
            continue
        agree(best, value)
        times.append(f"{'' if value is not None else '> '}{seconds:.1f} ({threads})")
        gains.append(f"{more}{plain / seconds:.1f} ({threads})" if value is not None and plain else "–")
    sizes = (f"{number:,}" for number in (program.columns, program.rows, program.nonzeros))
    cells = (
        name,
        *sizes,
        f"{more}{plain:.1f}" if plain else "–",
        *totals,
        ", ".join(times) or "–",
        ", ".join(gains) or "–",
    )
    return "| " + " | ".join(cells) + " |"


def methods(name: str, path: Path, arguments: argparse.Namespace) -> str:
    """Return the row of one instance: seconds by each method."""
    program, best, cells = compile_program(build_network(read_case(path))), None, [name]
    for method in arguments.methods:
        try:
            seconds, value = median(lambda it=method: by_method(program, it, 1, arguments.limit), arguments.runs)
        except OtherMethodError:
            cells.append("–")
            continue
        agree(best, value)
        best = value if best is None else best
        cells.append(f"{'' if value is not None else '> '}{seconds:.1f}")
    return "| " + " | ".join(cells) + " |"


def agree(first: float | None, second: float | None) -> None:
    """End where two answers to one program differ; the one of a program is of its scale, as both are here."""
    if first is not None and second is not None and abs(first - second) > 1e-7 * max(1.0, abs(first)):
        raise SystemExit(f"objectives differ: {first} and {second}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], default=[])
    parser.add_argument("--case", type=Path, action="append", default=[])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--limit", type=float, default=600.0, help="seconds of one solve")
    parser.add_argument("--windows", action="store_true", help="windows alone")
    parser.add_argument("--methods", nargs="+", metavar="METHOD", help="the time of each of these methods instead")
    arguments = parser.parse_args()
    header = ("instance", *(f"{it}, s" for it in arguments.methods)) if arguments.methods else HEADER
    row = methods if arguments.methods else measured
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header), flush=True)
    for path in arguments.case:
        print(row(path.stem, path, arguments), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            path = write(Path(folder), *SIZES[size])
            print(row(size, path, arguments), flush=True)


if __name__ == "__main__":
    main()
