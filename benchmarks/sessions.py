"""A scenario from the live session against a cold rebuild, and a thousand samples of the Qarhan park.

    python benchmarks/sessions.py [--sizes S M] [--samples 200] [--cold 200] [--qarhan 1000]

The cases are those of `parks.py`: S has one hour, M twelve. In each, three prices vary by 20 %
up and down (transport, and power in two parks), or three limits (the cap on CO2 by 3 %, a purchase and a plant by
20 %), as Sobol samples whose order puts alike ones side by side. A scenario is timed in four ways, and medians are
printed:

    live      the program predicted from its figures (`solver/nearby.py`), taken into the session by its differences,
              solved from the last basis
    compiled  the same, with the program compiled from the case
    arrays    the predicted program handed to a fresh solver and solved from nothing: what the basis alone saves
    cold      read, built, compiled and solved from nothing

How long it takes to find out how a program follows from its figures, once for all samples, is printed too. Objectives
are compared; they must agree within 1e-8.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from parks import SIZES, write

from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree, read_tree
from parkloop.flows.sampling import chunks, design
from parkloop.flows.variation import Variation, read_variations
from parkloop.models.compile import compile_program
from parkloop.models.program import Program
from parkloop.models.weighing import account_weights
from parkloop.solver.highs import solve
from parkloop.solver.nearby import Stated, nearby
from parkloop.solver.session import Session

HEADER = (
    *("size", "what varies", "live, ms", "compiled, ms", "arrays, ms", "cold, ms"),
    *("cold / live", "arrays / live", "finding, s", "live, compiled, cold runs"),
)
QARHAN = Path(__file__).resolve().parents[1] / "cases/parks/qarhan.yaml"


def written(size: str, folder: Path) -> tuple[Path, dict[str, tuple[str, ...]]]:
    """Write the case of a size; return where, and what varies in it."""
    path = write(folder, *SIZES[size])
    return path, varied(path.read_text())


def varied(text: str) -> dict[str, tuple[str, ...]]:
    """Return what varies in a case of `parks.py`: prices, and limits."""
    cap = float(re.search(r"co2_cap: .*max: ([0-9.e+]+) t/h", text)[1])
    park = text.split("  park_0:")[1]
    raw, most = re.search(r"(raw_[0-9]+): \{price: [^}]*\}, max: ([0-9.e+]+) t/h", park).groups()
    plant, capacity = re.search(r"(process_0_[0-9]+): \{capacity: ([0-9.e+]+) t/h", park).groups()
    freight = re.search(r"road: .*cost: ([0-9.e+]+) CNY", text)[1]
    around = lambda figure, share: f"{(1 - share) * float(figure)!r}:{(1 + share) * float(figure)!r}"  # noqa: E731
    return {
        "prices": (
            f"transport.road.cost={around(freight, 0.2)} CNY/(t*km)",
            "parks.park_0.buy.power.price.times=0.8:1.2",
            "parks.park_1.buy.power.price.times=0.8:1.2",
        ),
        "limits": (
            f"policies.co2_cap.max={around(cap, 0.03)} t/h",
            f"parks.park_0.buy.{raw}.max={around(most, 0.2)} t/h",
            f"parks.park_0.plants.{plant}.capacity={around(capacity, 0.2)} t/h",
        ),
    }


def compiler(
    tree: CaseTree, variations: Sequence[Variation], like: Program | None
) -> Callable[[Sequence[float]], Stated]:
    """Return what reads, builds and compiles the program of some figures."""

    def compile_at(figures: Sequence[float]) -> Stated:
        settings = [it.setting(float(figure)) for it, figure in zip(variations, figures, strict=True)]
        network = build_network(tree.case("base", settings))
        program = compile_program(network, like=like)
        return Stated(program, account_weights(network, program))

    return compile_at


def timed(work: Callable[[], object], times: list[float]) -> object:
    """Do something and note how long it took, s."""
    begin = time.perf_counter()
    done = work()
    times.append(time.perf_counter() - begin)
    return done


def measured(tree: CaseTree, vary: tuple[str, ...], samples: int, cold: int, compiled: int) -> list[str]:
    """Return the cells of one row: medians in ms, ratios, and the seconds of finding out."""
    variations = read_variations(vary)
    drawn = design(variations, samples, 1, "sobol")
    order = [drawn.values[i] for part in chunks(drawn.place, 32) for i in part]
    like = compiler(tree, variations, None)(order[0]).program
    compile_at = compiler(tree, variations, like)
    finding: list[float] = []
    low, high = (tuple(end(column) for column in zip(*order, strict=True)) for end in (min, max))
    near = timed(lambda: nearby(compile_at, low, high), finding)
    assert near is not None, "the figures do not enter linearly"
    live, warm, arrays, rebuilt, objectives = [], [], [], [], {}
    with Session(like) as session:
        session.solve()
        for figures in order:
            session_solve = lambda f=figures: (session.take(near.at(f).program), session.solve())[1]  # noqa: E731
            objectives[figures] = timed(session_solve, live).objective
    with Session(like) as session:
        session.solve()
        for figures in order[: compiled or None]:
            found = timed(lambda f=figures: (session.take(compile_at(f).program), session.solve())[1], warm)
            assert abs(found.objective - objectives[figures]) <= 1e-8 * abs(found.objective)
    for figures in order[:: max(1, samples // cold)]:
        program = near.at(figures).program
        timed(lambda it=program: solve(it), arrays)
        found = timed(lambda f=figures: solve(compiler(tree, variations, None)(f).program), rebuilt)
        assert abs(found.objective - objectives[figures]) <= 1e-8 * abs(found.objective)
    times = [median(it) for it in (live, warm, arrays, rebuilt)]
    cells = [*(f"{1e3 * it:.1f}" for it in times), f"{times[3] / times[0]:.1f}", f"{times[2] / times[0]:.1f}"]
    return [*cells, f"{finding[0]:.1f}", f"{len(live)}, {len(warm)}, {len(rebuilt)}"]


def qarhan(samples: int, workers: int) -> float:
    """Return the seconds of a sweep of the Qarhan park by the command line, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from parkloop.cli import main; main()", "sweep", str(QARHAN)]
        command += ["--vary", "parks.qarhan.buy.raw_coal.price=250:600 CNY/t"]
        command += ["--vary", "parks.qarhan.sell.magnesium.price=normal(13500, 1500 CNY/t)"]
        command += ["--vary", "parks.qarhan.buy.natural_gas.max=300:900 kt/a"]
        command += ["--samples", str(samples), "--workers", str(workers), "-o", f"{folder}/x.sqlite"]
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - begin


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", nargs="*", default=["S", "M"])
    for option, default in (("samples", 200), ("cold", 200), ("compiled", 200), ("qarhan", 1000)):
        parser.add_argument(f"--{option}", type=int, default=default)
    given = parser.parse_args()
    print(f"| {' | '.join(HEADER)} |")
    print("|" + " --- |" * len(HEADER), flush=True)
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path, groups = written(size, Path(folder))
            tree = read_tree(path)
            for name, vary in groups.items():
                cells = measured(tree, vary, given.samples, given.cold, given.compiled)
                print("| " + " | ".join([size, name, *cells]) + " |", flush=True)
    if given.qarhan:
        for workers in (1, 2):
            seconds = qarhan(given.qarhan, workers)
            print(f"\n{given.qarhan} samples of parks/qarhan, {workers} worker(s): {seconds:.1f} s")


if __name__ == "__main__":
    main()
