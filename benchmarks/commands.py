"""How long a user waits: help, validation, and what parkloop adds to HiGHS.

    make bench        prints the table of benchmarks/README.md

Processes are timed from outside, wall clock, as medians; the parts of a solve are timed inside one process. Machines
are noisy and shared, so the figures to trust are the ratios.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CASES = Path(__file__).resolve().parents[1] / "cases"
RUNS = 15


def wall(*arguments: str) -> float:
    """Return the median wall-clock time of a parkloop command, s."""
    command = [sys.executable, "-c", "from parkloop.cli import main; main()", *arguments]
    return median(lambda: subprocess.run(command, check=True, capture_output=True))


def median(action: Callable[[], object]) -> float:
    """Return the median time of an action after one warm-up, s."""
    action()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def solve_parts(path: Path) -> dict[str, float]:
    """Return median seconds of the parts of a solve, and the size of the program."""
    from parkloop.flows.build import build_network
    from parkloop.flows.case import read_tree
    from parkloop.models.compile import compile_program
    from parkloop.solver.highs import LiveModel
    from parkloop.solver.solution import SolveOptions

    network = build_network(read_tree(path).case())
    program = compile_program(network)
    compiling = median(lambda: compile_program(network))
    handing, running = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        model = LiveModel(program, SolveOptions())
        handed = time.perf_counter()
        model.run()
        running.append(time.perf_counter() - handed)
        handing.append(handed - start)
        model.close()
    return {
        "columns": program.columns,
        "rows": program.rows,
        "nonzeros": program.nonzeros,
        "compile": compiling,
        "hand over": statistics.median(handing),
        "HiGHS": statistics.median(running),
    }


def reading() -> float:
    """Return how much longer than libyaml it takes to read YAML into nodes with places and limits."""
    import yaml

    from parkloop.flows.document import parse

    text = "".join(f"k{n}:\n  name: {{en: Thing, zh: 东西}}\n" for n in range(2500)).encode()
    return median(lambda: parse(text, "park.yaml")) / median(lambda: yaml.compose(text, Loader=yaml.CSafeLoader))


def main() -> None:
    """Print the table."""
    import highspy

    cores = os.cpu_count()
    print(f"Machine: {platform.machine()}, {cores} cores, {platform.system()}, Python {platform.python_version()}, ")
    print(f"highspy {highspy.Highs().version()}; medians of {RUNS} runs after a warm-up.\n")
    print("| what | median, ms |\n|---|---|")
    print(f"| `python -c pass` | {1e3 * median(lambda: subprocess.run([sys.executable, '-c', 'pass'])):.0f} |")
    print(f"| `parkloop --help` | {1e3 * wall('--help'):.0f} |")
    for name in ("tutorials/hello", "parks/qarhan", "parks/ganhe"):
        print(f"| `parkloop validate cases/{name}.yaml` | {1e3 * wall('validate', str(CASES / f'{name}.yaml')):.0f} |")
    for name in ("parks/qarhan", "parks/ganhe"):
        print(f"| `parkloop solve cases/{name}.yaml` | {1e3 * wall('solve', str(CASES / f'{name}.yaml')):.0f} |")
    print(f"| reading 5,000 lines of YAML, over the same by libyaml alone | {reading():.1f} times |")
    print("\n| case | columns | rows | nonzeros | compile, ms | hand over, ms | HiGHS, ms | parkloop / HiGHS |")
    print("|---|---|---|---|---|---|---|---|")
    for name in ("parks/qarhan", "parks/ganhe"):
        parts = solve_parts(CASES / f"{name}.yaml")
        own = parts["compile"] + parts["hand over"]
        sizes = " | ".join(f"{parts[key]:.0f}" for key in ("columns", "rows", "nonzeros"))
        times = " | ".join(f"{1e3 * parts[key]:.1f}" for key in ("compile", "hand over", "HiGHS"))
        print(f"| {name} | {sizes} | {times} | {own / parts['HiGHS']:.2f} |")


if __name__ == "__main__":
    main()
