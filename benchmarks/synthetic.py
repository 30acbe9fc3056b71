"""Read, build and compile synthetic cases as large as a province, or as long as a year of hours.

    python benchmarks/synthetic.py [--parks 15] [--plants 60] [--months 12] [--hours 8760] [--solve]

Prints a Markdown table: seconds of each stage, and the peak memory of building and compiling against the size of the
arrays of the program. Each case is written as YAML and read like any other. Memory is measured by a second run under
tracemalloc, which slows the code and therefore times nothing.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from parkloop.flows.build import build_network
from parkloop.flows.case import Case, CaseTree
from parkloop.flows.document import parse
from parkloop.models.compile import compile_program
from parkloop.models.program import Program

T = TypeVar("T")
STEPS = 8
"""processes in a chain: each makes a product for the next and a by-product for the one after"""


def synthetic(parks: int, plants: int, periods: int, duration: str) -> str:
    """Return a case as YAML: chains of plants in every park, a by-product each, two companies a park.

    Process k turns product k − 1 and by-product k − 2 or bought filler into product k and by-product k.
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
    lines += ["periods:", *(f"  t{t}: {{duration: {duration}}}" for t in range(periods)), "parks:"]
    for park in range(parks):
        lines += [f"  park_{park}:", f"    name: {{en: Park {park}}}", "    companies: {a: {en: A}, b: {en: B}}"]
        lines += ["    plants:", *(_plant(number) for number in range(plants))]
        lines += [f"    buy: {{product_0: {{price: {90 + park} CNY/t, max: 90 Mt/a}}, filler: {{price: 20 CNY/t}},"]
        bought = ", ".join(f"product_{k}: {{price: {200 * 2**k} CNY/t}}" for k in range(1, STEPS))
        sold = ", ".join(f"product_{k}: {{price: {150 * 2**k} CNY/t, max: 50 Mt/a}}" for k in range(1, STEPS + 1))
        dumped = ", ".join(f"rest_{k}: {{cost: 30 CNY/t}}" for k in range(1, STEPS + 1))
        lines += [
            f"      power: {{price: 400 CNY/MWh}}, {bought}}}",
            f"    sell: {{{sold}}}",
            f"    discard: {{{dumped}}}",
        ]
    lines += ["indicators: {co2: {name: {en: CO2}, unit: t, factors: {discarded: {gas: 1 t/t}}}}"]
    lines += ["policies: {levy: {indicator: co2, price: 60 CNY/t}}", "objective: {maximise: profit}"]
    return "\n".join(lines) + "\n"


def _kind(k: int) -> str:
    return "raw" if k == 0 else "product"


def _plant(number: int) -> str:
    step, company = number % STEPS + 1, "ab"[number % 2]
    terms = f"company: {company}, capacity: {50 + number} kt/a, min_load: 10 %, fixed_cost: 5 CNY/t"
    return f"      plant_{number}: {{process: step_{step}, {terms}}}"


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


def measured(name: str, text: str, solve: bool) -> list[str]:
    """Return the row of a case."""

    def read() -> Case:
        return CaseTree(parse(text.encode(), f"{name}.yaml"), (f"{name}.yaml",)).case()

    case, reading = timed(read)
    network, building = timed(lambda: build_network(case))
    program, compiling = timed(lambda: compile_program(network))
    arrays = size(program)
    ratio = peak(lambda: compile_program(network)) / arrays
    build_ratio = peak(lambda: build_network(case)) / arrays
    row = [name, f"{program.columns:,}", f"{program.rows:,}", f"{program.nonzeros:,}"]
    row += [f"{seconds:.2f}" for seconds in (reading, building, compiling)]
    row += [f"{arrays / 1e6:.0f}", f"{build_ratio:.1f}", f"{ratio:.1f}"]
    if solve:
        from parkloop.solver.highs import solve as answer

        solution, solving = timed(lambda: answer(program))
        row.append(f"{solving:.2f} ({solution.status})")
    return row


def main() -> None:
    """Measure both cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for option, default in (("parks", 15), ("plants", 60), ("months", 12), ("hours", 8760)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--solve", action="store_true", help="solve as well")
    arguments = parser.parse_args()
    header = ["case", "columns", "rows", "nonzeros", "read, s", "build, s", "compile, s", "arrays, MB"]
    header += ["build peak / arrays", "compile peak / arrays", *(["solve, s"] if arguments.solve else [])]
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header), flush=True)
    province = synthetic(arguments.parks, arguments.plants, arguments.months, "0.0833333 a")
    year = synthetic(1, min(arguments.plants, 12), arguments.hours, "1 h")
    for name, text in (("province", province), ("year of hours", year)):
        print("| " + " | ".join(measured(name, text, arguments.solve)) + " |", flush=True)


if __name__ == "__main__":
    main()
