"""Read, build and compile synthetic cases as large as a province, or as long as a year of hours.

    python benchmarks/synthetic.py [--parks 15] [--plants 60] [--months 12] [--routes 500] [--hours 8760]
                                   [--hourly 12] [--runs 5] [--solve]

Prints a Markdown table: median seconds of each stage, and the peak memory of building and compiling against the size
of the arrays of the program. Each case is written as YAML, with its profiles as CSV beside it, and read like any other.
Memory is measured by a run of its own under tracemalloc, which slows the code and therefore times nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np

from parkloop.flows.build import build_network
from parkloop.flows.case import Case, read_case
from parkloop.flows.network import Network
from parkloop.models.compile import compile_program
from parkloop.models.program import Program

T = TypeVar("T")
STEPS = 8
"""processes in a chain: each makes a product for the next and a by-product for the one after"""
MODES = ("rail", "road", "pipeline")
SWITCHED = "on_off: {min_load: 30 %, start_cost: 500 CNY, min_up: 8 h, min_down: 4 h}"
PROFILES = (
    "profiles:",
    "  sun: {file: hours.csv, column: sun}",
    "  price: {file: hours.csv, column: price, unit: CNY/MWh}",
)


def synthetic(parks: int, plants: int, periods: str, routes: int = 0, moving: bool = False) -> str:
    """Return a case as YAML: chains of plants in every park, a by-product each, two companies a park.

    Process k turns product k − 1 and by-product k − 2 or bought filler into product k and by-product k. Where
    `moving`, power has an hourly price, plants follow the sun, ramp or switch, products are stored.
    """
    lines = ["case: synthetic", "title: {en: Synthetic province}", "materials:"]
    lines += [f"  product_{k}: {{name: {{en: P{k}}}, class: {_kind(k)}}}" for k in range(STEPS + 1)]
    lines += [f"  rest_{k}: {{name: {{en: R{k}}}, class: byproduct}}" for k in range(1, STEPS + 1)]
    lines += ["  filler: {name: {en: Filler}, class: raw}", "  power: {name: {en: Power}, class: utility, unit: MWh}"]
    lines += ["  gas: {name: {en: Gas}, class: emission}", "processes:"]
    for k in range(1, STEPS + 1):
        rest = f"rest_{k - 2}: {{gives: 1, max_share: 60 %}}, " if k > 2 else ""
        lines += [
            f"  step_{k}:",
            f"    name: {{en: Step {k}}}",
            f"    per: 1 t product_{k}",
            f"    inputs: {{product_{k - 1}: 1.1 t, power: {0.1 * k:.1f} MWh, "
            f"mix: {{need: 0.3 t mix, from: {{{rest}filler: {{gives: 1}}}}}}}}",
            f"    outputs: {{rest_{k}: 0.2 t, gas: 0.2 t}}",
        ]
    lines += [f"periods: {periods}", *(PROFILES if moving else ()), "parks:"]
    for park in range(parks):
        lines += [f"  park_{park}:", f"    name: {{en: Park {park}}}", "    companies: {a: {en: A}, b: {en: B}}"]
        lines += ["    plants:", *(_plant(number, moving) for number in range(plants))]
        lines += [f"    buy: {{product_0: {{price: {90 + park} CNY/t, max: 90 Mt/a}}, filler: {{price: 20 CNY/t}},"]
        bought = ", ".join(f"product_{k}: {{price: {200 * 2**k} CNY/t}}" for k in range(1, STEPS))
        sold = ", ".join(f"product_{k}: {{price: {150 * 2**k} CNY/t, max: 50 Mt/a}}" for k in range(1, STEPS + 1))
        dumped = ", ".join(f"rest_{k}: {{cost: 30 CNY/t}}" for k in range(1, STEPS + 1))
        lines += [
            f"      power: {{price: {'{profile: price}' if moving else '400 CNY/MWh'}}}, {bought}}}",
            f"    sell: {{{sold}}}",
            f"    discard: {{{dumped}}}",
            *(_stores() if moving else ()),
        ]
    lines += _routes(parks, routes)
    lines += ["indicators: {co2: {name: {en: CO2}, unit: t, factors: {discarded: {gas: 1 t/t}}}}"]
    lines += ["policies: {levy: {indicator: co2, price: 60 CNY/t}}", "objective: {maximise: profit}"]
    return "\n".join(lines) + "\n"


def _kind(k: int) -> str:
    return "raw" if k == 0 else "product"


def _plant(number: int, moving: bool) -> str:
    step, company = number % STEPS + 1, "ab"[number % 2]
    kinds = ("min_load: 10 %", "min_load: 10 %, ramp: 20 %/h", "availability: {profile: sun}", SWITCHED)
    kind = kinds[number % 4] if moving else kinds[0]
    terms = f"company: {company}, capacity: {50 + number} kt/a, {kind}, fixed_cost: 5 CNY/t"
    return f"      plant_{number}: {{process: step_{step}, {terms}}}"


def _stores() -> list[str]:
    """A shed for each product, with losses and rates, at the company that makes it."""
    terms = "capacity: 500 t, loss: 0.1 %/d, cost: 0.1 CNY/(t*d), fill_rate: 20 t/h, draw_rate: 20 t/h"
    owners = [(k, "ab"[(k + 1) % 2]) for k in range(1, STEPS + 1)]
    return [
        "    stores:",
        *(f"      shed_{k}: {{material: product_{k}, company: {who}, {terms}}}" for k, who in owners),
    ]


def _routes(parks: int, routes: int) -> list[str]:
    """Lanes between pairs of parks by three modes of transport, one after the other until there are enough."""
    if not routes:
        return []
    terms = "cost: 0.2 CNY/(t*km), handling: 20 CNY/t, capacity: 900 Mt*km/a"
    lines = ["transport:", *(f"  {mode}: {{name: {{en: {mode}}}, {terms}}}" for mode in MODES), "routes:"]
    lanes = [(a, b, mode) for mode, a, b in product(MODES, range(parks), range(parks)) if a != b]
    for number in range(routes):
        start, end, mode = lanes[number % len(lanes)]
        carried = f"product_{number % STEPS + 1}, rest_{(number + 3) % STEPS + 1}"
        terms = f"by: {mode}, distance: {40 + number} km, carries: [{carried}], capacity: 2 Mt/a, loss: 0.1 %"
        lines.append(f"  lane_{number}: {{from: park_{start}, to: park_{end}, {terms}}}")
    return lines


def write(folder: Path, text: str, hours: int) -> Path:
    """Write a case and the table of its profiles, hour by hour; return where."""
    hour = np.arange(hours)
    sun = np.maximum(np.sin((hour % 24 - 6) / 12 * np.pi), 0) * (0.8 + 0.2 * np.cos(hour / 1000))
    price = 300 + 150 * np.sin(hour / 24 * 2 * np.pi) + 50 * np.cos(hour / 700)
    rows = [f"{a:.4f},{b:.2f}" for a, b in zip(sun, price, strict=True)]
    (folder / "hours.csv").write_text("sun,price\n" + "\n".join(rows) + "\n")
    (folder / "case.yaml").write_text(text)
    return folder / "case.yaml"


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work returns, and how long it took, s."""
    begin = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begin


def peak(work: Callable[[], Any]) -> int:
    """Return the largest memory that the work holds at a time, bytes."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def size(program: Program) -> int:
    """Return the memory of the arrays of a program, bytes."""
    values = [getattr(program, item.name) for item in fields(program)]
    return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


def stages(path: Path) -> tuple[Case, Network, Program, tuple[float, float, float]]:
    """Read, build and compile a case; return what came out, and how long each took, s."""
    case, reading = timed(lambda: read_case(path))
    network, building = timed(lambda: build_network(case))
    program, compiling = timed(lambda: compile_program(network))
    return case, network, program, (reading, building, compiling)


def measured(path: Path, name: str, runs: int, solve: bool) -> list[str]:
    """Return the row of a case: medians of some runs."""
    seconds = []
    for _ in range(runs):
        case, network, program, taken = stages(path)
        seconds.append((*taken, sum(taken)))
    arrays = size(program)
    ratio = peak(lambda: compile_program(network)) / arrays
    build_ratio = peak(lambda: build_network(case)) / arrays
    row = [name, f"{program.columns:,}", f"{program.rows:,}", f"{program.nonzeros:,}"]
    row += [f"{median(stage):.2f}" for stage in zip(*seconds, strict=True)]
    row += [f"{arrays / 1e6:.0f}", f"{build_ratio:.1f}", f"{ratio:.1f}"]
    if solve:
        from parkloop.solver.highs import solve as answer

        solution, solving = timed(lambda: answer(program))
        row.append(f"{solving:.2f} ({solution.status})")
    return row


def main() -> None:
    """Measure the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    numbers = (("parks", 15), ("plants", 60), ("months", 12), ("routes", 500), ("hours", 8760), ("hourly", 12))
    for option, default in (*numbers, ("runs", 5)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--solve", action="store_true", help="solve the cases without whole numbers as well")
    given = parser.parse_args()
    header = ["case", "columns", "rows", "nonzeros", "read, s", "build, s", "compile, s", "all three, s", "arrays, MB"]
    header += ["build peak / arrays", "compile peak / arrays", *(["solve, s"] if given.solve else [])]
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header), flush=True)
    months = "{" + ", ".join(f"m{t}: {{duration: 0.0833333 a}}" for t in range(given.months)) + "}"
    hours = f"{{hour: {{duration: 1 h, count: {given.hours}}}}}"
    cases = (
        ("province", synthetic(given.parks, given.plants, months), given.solve),
        ("province, routes", synthetic(given.parks, given.plants, months, given.routes), given.solve),
        ("year of hours", synthetic(1, given.hourly, hours), given.solve),
        ("year, profiles, stores, ramps, on/off", synthetic(1, given.hourly, hours, moving=True), False),
    )
    for name, text, solve in cases:
        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder), text, given.hours)
            row = measured(path, name, given.runs, solve)
            print("| " + " | ".join([*row, *(["-"] if given.solve and not solve else [])]) + " |", flush=True)


if __name__ == "__main__":
    main()
