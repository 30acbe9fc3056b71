"""Exports: another program that reads the file finds the same optimum."""

from __future__ import annotations

import math
from pathlib import Path

import highspy
import pytest

from hello import edit, network_of
from networks import Offer, Plant, Works
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve, write_program

CASES = Path(__file__).resolve().parents[1] / "cases"
CASE_FILES = sorted(path.relative_to(CASES).as_posix() for path in CASES.rglob("*.yaml") if "case:" in path.read_text())


def optimum(path: Path) -> float:
    """Return the optimum that HiGHS finds in a file, in the sense and units that stand there."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    assert model.readModel(str(path)) == highspy.HighsStatus.kOk
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(model.getObjectiveValue())


@pytest.mark.parametrize("path", CASE_FILES)
@pytest.mark.parametrize("ending", ["mps", "lp"])
def test_a_file_has_the_optimum_of_its_case(path: str, ending: str, tmp_path: Path) -> None:
    """In user units, for every scenario; the Pyomo model is compared in `test_cases`."""
    tree = read_tree(CASES / path)
    if tree.is_library:
        pytest.skip("a library")
    for scenario in tree.scenarios:
        program = compile_program(build_network(tree.case(scenario)))
        file = tmp_path / f"{scenario}.{ending}"
        write_program(program, file)
        expected = solve(program).objective
        assert expected is not None
        assert math.isclose(optimum(file), expected, rel_tol=1e-7, abs_tol=1e-7 * program.objective_scale), scenario


@pytest.mark.parametrize("ending", ["mps", "lp"])
@pytest.mark.parametrize("objective", [("profit", True), ("cost", False)])
def test_constants_periods_and_both_senses_survive(ending: str, objective: tuple[str, bool], tmp_path: Path) -> None:
    """100 t of metal at 300 from 2 t ore each at 50, fixed cost 1000, in a period that counts once and one twice.

    Profit: 3 × (30000 − 10000 − 1000); cost with at least 40 t: 3 × (40 × 100 + 1000).
    """
    works = Works(
        plants={"smelter": Plant({"metal": 1.0, "ore": -2.0}, lower=40, upper=100, fixed_cost=1000.0)},
        offers=[Offer("buy", "ore", 50.0), Offer("sell", "metal", 300.0)],
        weight=(1.0, 2.0),
        objective=objective[0],
        maximise=objective[1],
    )
    file = tmp_path / f"works.{ending}"
    write_program(compile_program(works.network()), file)
    assert optimum(file) == pytest.approx(57_000 if objective[1] else 15_000)


@pytest.mark.parametrize("ending", ["mps", "lp"])
def test_whole_numbers_stay_whole(ending: str, tmp_path: Path) -> None:
    """A kiln that makes 150 kt or nothing: where only 120 kt can be sold it stays off, at 200 kt it runs."""
    on_off = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, on_off: {min_load: 50 %, start_cost: 1 MCNY},")
    for most, runs in (("120 kt/a", 0), ("200 kt/a", 200e3)):
        text = edit("clinker: {price: 260 CNY/t}", f"clinker: {{price: 260 CNY/t, max: {most}}}", on_off)
        program = compile_program(network_of(text))
        assert program.is_integer
        write_program(program, tmp_path / f"on_off.{ending}")
        solution = solve(program)
        assert solution.column_value is not None and solution.objective is not None
        assert program.column_view("run", solution.column_value)[0, 1] == pytest.approx(runs, abs=1e-3)
        assert optimum(tmp_path / f"on_off.{ending}") == pytest.approx(solution.objective, rel=1e-7)


def test_names_in_the_file_are_those_of_the_program_in_round_brackets(tmp_path: Path) -> None:
    write_program(compile_program(network_of()), tmp_path / "hello.mps")
    text = (tmp_path / "hello.mps").read_text(encoding="ascii")
    assert "run(demo.acetylene_works.acetylene_generator,year)" in text
    assert "balance(demo.cement_works.clay,year)" in text


def test_user_units_are_the_units_of_the_user() -> None:
    program = compile_program(network_of())
    plain = program.in_user_units()
    assert (plain.flow_scale, plain.objective_scale) == (1.0, 1.0)
    assert plain.column_view("run", plain.upper)[0].tolist() == pytest.approx([100e3, 300e3])
    assert solve(plain).objective == pytest.approx(solve(program).objective, rel=1e-9)
