"""Exports: another program that reads the file finds the same optimum."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import highspy
import jsonschema
import pytest

from hello import HELLO, TEXT, edit, network_of, solved, value
from networks import Offer, Plant, Works
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import result_schema
from parkloop.solver.highs import solve
from parkloop.solver.writing import write_program
from shipped import CASE_FILES, CASES


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


def test_the_command_writes_the_program_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "hello.lp"
    assert cli.run(["export", str(HELLO), "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert optimum(path) == pytest.approx(value(solved(), "profit"))


def test_several_scenarios_are_several_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", str(HELLO), "-s", "all", "-o", str(tmp_path / "h.mps")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h.base.mps", "h.standalone.mps"]
    assert optimum(tmp_path / "h.standalone.mps") == pytest.approx(value(solved(scenario="standalone"), "profit"))


def test_tables_and_json_are_those_of_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", str(HELLO), "-o", str(tmp_path / "tables")]) == 0
    names = sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert names == ["companies.csv", "flows.csv", "plants.csv", "policies.csv", "prices.csv"]
    with (tmp_path / "tables" / "plants.csv").open(encoding="utf-8-sig") as file:
        runs = {row["plant"]: float(row["run"]) for row in csv.DictReader(file)}
    assert runs == pytest.approx({"acetylene_generator": 100e3, "clinker_kiln": 300e3})
    assert cli.run(["export", str(HELLO), "-o", str(tmp_path / "hello.json")]) == 0
    document = json.loads((tmp_path / "hello.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, result_schema())
    assert document["status"] == "optimal"


def test_an_answer_without_figures_has_no_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(edit("capacity: 100 kt/a", "capacity: unlimited", TEXT), encoding="utf-8")
    assert cli.run(["export", str(case), "-o", str(tmp_path / "tables"), "--format", "csv"]) == 3
    out, err = capsys.readouterr()
    assert out == "" and "base is unbounded: there are no figures to export" in err
    assert not (tmp_path / "tables").exists()
    assert cli.run(["export", str(case), "-o", str(tmp_path / "case.lp")]) == 0


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["-o", "case.xyz"], "end it in .mps, .lp, .csv, .json"),
        (["-o", "case.lp", "--format", "mps"], "a file of format mps ends in `.mps`"),
        (["-o", "case.lp", "--format", "doc"], "--format"),
        ([], "-o"),
    ],
)
def test_a_format_that_is_not_known_is_refused(
    arguments: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["export", str(HELLO), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and what in err


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder.lp").mkdir()
    assert cli.run(["export", str(HELLO), "-o", str(tmp_path / "folder.lp")]) == 2
    assert "folder.lp" in capsys.readouterr().err
