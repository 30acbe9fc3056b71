"""Users' own constraints in Pyomo, over the hello case and over small parks worked by hand.

Hello: limestone 139.286 kt at 50, slag 154.557 kt passed on, 284 kt made, the rest thrown away at 30.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from hello import HELLO, TEXT, edit, network_of, solved, value
from networks import Offer, Plant, Works
from parkloop import cli
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.models.extension import extended
from parkloop.reports.json_result import result_object, result_schema
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from parkloop.solver.highs import solve

LIMESTONE, SLAG = 0.4 * 195e3 / 0.56, 0.6 * 195e3 / 0.757


def written(tmp_path: Path, *lines: str, head: str = "") -> Path:
    """Return a file that extends a model by some lines."""
    path = tmp_path / "mine.py"
    path.write_text(head + "def extend(model):\n" + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
    return path


def answer(tmp_path: Path, *lines: str, text: str = TEXT, sets: tuple[str, ...] = ()) -> Result:
    """Return the answer to the hello case with some lines."""
    return run_case(network_of(text, sets=sets), extend=written(tmp_path, *lines))


def refused(tmp_path: Path, *lines: str, **more: str) -> str:
    """Return what is said about lines that cannot be used."""
    with pytest.raises(InputError) as error:
        run_case(network_of(), extend=written(tmp_path, *lines, **more))
    return str(error.value)


def test_a_row_binds_and_is_worth_what_it_costs(tmp_path: Path) -> None:
    """120 kt of limestone: 40 % of the CaO of 258.462 kt clinker. A tonne of clinker earns 140 − 7 less its limestone,
    0.26 / 0.56 t at 50, and saves 0.39 / 0.757 t of slag from being thrown away at 30."""
    result = answer(tmp_path, 'model.add(model.buy["demo", "limestone"] <= 120_000, name="quarry")')
    per_tonne = 260 - 120 - 7 - 0.26 / 0.56 * 50 + 0.39 / 0.757 * 30
    clinker = 120e3 / (0.26 / 0.56)
    assert value(result, "profit") == pytest.approx(value(solved(), "profit") - (300e3 - clinker) * per_tonne)
    limit = next(limit for limit in result.limits if limit.path == "extension.quarry")
    assert limit.where.endswith("mine.py:2")
    assert limit.bound == pytest.approx(120e3)
    assert limit.value == pytest.approx(per_tonne * 0.56 / 0.26)
    assert limit.what == "constraint quarry of the extension"
    assert result.certificate is not None
    assert result.certificate.holds


def test_the_worked_example_of_the_manual(tmp_path: Path, repo_root: Path) -> None:
    page = (repo_root / "docs" / "extend.md").read_text(encoding="utf-8")
    lines = page[page.index("    # slag_contract.py") : page.index("    $ parkloop")].splitlines()
    path = tmp_path / "slag_contract.py"
    path.write_text("\n".join(line[4:] for line in lines), encoding="utf-8")
    result = run_case(network_of(), extend=path)
    runs = {plant.plant: plant.run for plant in result.plants}
    clinker = 120e3 / (0.26 / 0.56)
    slag = clinker * 0.39 / 0.757
    assert runs == pytest.approx({"clinker_kiln": clinker, "acetylene_generator": slag / (0.55 * 2.84)})
    assert [round(clinker, -2), round(slag, -2), round(runs["acetylene_generator"], -2)] == [258500, 133200, 85200]


def test_a_cost_is_booked_into_cost_and_profit(tmp_path: Path) -> None:
    """2 CNY for each tonne of slag passed on, which still pays: profit falls, cost rises by it."""
    passed = 'model.exchange["demo", "acetylene_works", "cement_works", "carbide_slag"]'
    result = answer(tmp_path, f"model.cost(2 * {passed})", f"model.cost(1 * {passed})")
    assert value(result, "profit") == pytest.approx(value(solved(), "profit") - 3 * SLAG)
    assert value(result, "cost") == pytest.approx(value(solved(), "cost") + 3 * SLAG)
    assert value(result, "value_added") == pytest.approx(value(solved(), "value_added"))


def test_a_cost_moves_flows_when_cost_is_minimised_too(tmp_path: Path) -> None:
    sets = ("objective={minimise: cost}", "parks.demo.plants.clinker_kiln.fix=300 kt/a")
    dear = answer(tmp_path, 'model.cost(100 * model.buy["demo", "clay"])', sets=sets)
    base = run_case(network_of(sets=sets))
    assert value(dear, "cost") == pytest.approx(value(base, "cost") + 100 * 105e3)


@pytest.mark.parametrize("columns", ['model.sell["demo", "clinker"]', 'model.run["demo", "clinker_kiln"]'])
def test_equations_and_constants_on_either_side(columns: str, tmp_path: Path) -> None:
    result = answer(tmp_path, f"model.add(2 * {columns} - 100 == 499_900 - 0)")
    runs = {plant.plant: plant.run for plant in result.plants}
    assert runs["clinker_kiln"] == pytest.approx(250e3)


def test_a_constant_moves_to_the_least_side_too(tmp_path: Path) -> None:
    """Run as little as can be, but twice the run less 100 is at least 499 900."""
    line = 'model.add(2 * model.run["demo", "clinker_kiln"] - 100 >= 499_900)'
    runs = {plant.plant: plant.run for plant in answer(tmp_path, line, sets=("objective={minimise: cost}",)).plants}
    assert runs["clinker_kiln"] == pytest.approx(250e3)


def test_a_parameter_of_pyomo_counts_with_its_value(tmp_path: Path) -> None:
    lines = (
        "import pyomo.environ as pyo",
        "own = pyo.ConcreteModel()",
        "own.twice = pyo.Param(initialize=2, mutable=True)",
        'model.add(own.twice * model.run["demo", "clinker_kiln"] <= 500_000)',
    )
    runs = {plant.plant: plant.run for plant in answer(tmp_path, *lines).plants}
    assert runs["clinker_kiln"] == pytest.approx(250e3)


def test_a_cost_counts_in_a_sum_that_holds_profit(tmp_path: Path) -> None:
    """2 CNY a tonne of clay, 105 kt of it, which still pays."""
    goal = ("objective={maximise: {profit: 1, carbon: -1 CNY/t}}",)
    found = answer(tmp_path, 'model.cost(2 * model.buy["demo", "clay"])', sets=goal)
    assert value(found, "profit") == pytest.approx(value(run_case(network_of(sets=goal)), "profit") - 2 * 105e3)


def test_a_fill_and_a_discard_have_names_too(tmp_path: Path) -> None:
    line = 'model.add(model.fill["demo", "clinker_kiln", "calcium", "carbide_slag"] <= 0.2 * 284e3)'
    assert value(answer(tmp_path, line), "carbon") == pytest.approx((195e3 - 56.8e3 * 0.757) / 0.56 * 0.44)
    line = 'model.add(model.discard["demo", "co2"] <= 0)'
    assert value(answer(tmp_path, line), "carbon") == pytest.approx(0)


PARK = Works(
    plants={
        "furnace": Plant({"metal": 1.0, "ore": -2.0}, upper=100),
        "mill": Plant({"sand": 1.0, "rock": -1.0}, upper=50),
    },
    offers=[
        Offer("buy", "ore", steps=[(10.0, 150), (20.0, 1e9)]),
        Offer("buy", "rock", 5.0),
        Offer("sell", "metal", 100.0),
        Offer("sell", "sand", 30.0),
    ],
    weight=(1.0, 2.0),
)  # fmt: skip


def test_a_name_without_period_is_the_sum_with_weights(tmp_path: Path) -> None:
    """Metal over both periods at most 150, of which 100 earn 60 to 80 a tonne: 75 t of it at ore for 10 come first.

    3 × 75 t at 80, limited to 150 in all: profit 150 × 80; the mill earns 3 × 50 × 25.
    """
    path = written(tmp_path, 'model.add(model.run["works", "furnace"] <= 150, name="total")')
    network, program, _ = extended(PARK.network(), compile_program(PARK.network()), path)
    assert solve(program).objective == pytest.approx(150 * 80 + 3 * 50 * 25)
    assert program.row_name(program.rows - 1) == "extend[total]"
    assert network.origins[program.row_origin[-1]].path == "extension.total"
    position = network.origins[program.row_origin[-1]].position
    assert (position.line, position.column) == (2, 1)


def test_a_period_may_be_named_and_price_steps_are_one_amount(tmp_path: Path) -> None:
    """In p2 (which counts twice) 40 t of ore: 20 t of metal at 80 each; p1 as ever: 75 × 80 + 25 × 60."""
    path = written(tmp_path, 'model.add(model.buy["works", "ore", model.periods[1]] <= 40)')
    _, program, _ = extended(PARK.network(), compile_program(PARK.network()), path)
    assert solve(program).objective == pytest.approx(75 * 80 + 25 * 60 + 2 * 20 * 80 + 3 * 50 * 25)


def test_a_cost_in_one_period_counts_as_stated(tmp_path: Path) -> None:
    """Money is over the horizon: 1 CNY/t on the 50 t of sand of one p2 is 50 CNY, however often p2 occurs."""
    path = written(tmp_path, 'model.cost(model.run["works", "mill", model.periods[1]])')
    _, program, _ = extended(PARK.network(), compile_program(PARK.network()), path)
    plain = solve(compile_program(PARK.network())).objective
    assert plain is not None
    assert solve(program).objective == pytest.approx(plain - 50)


def test_the_rows_of_the_families_stay_as_they_are(tmp_path: Path) -> None:
    before = compile_program(PARK.network())
    path = written(
        tmp_path, "for p in model.periods:", '    model.add(model.run["works", "mill", p] >= 1, name=f"m_{p}")'
    )
    network, after, extension = extended(PARK.network(), before, path)
    assert [network.origins[row].path for row in after.row_origin[-2:]] == ["extension.m_p1", "extension.m_p2"]
    assert extension.rows == tuple(f"m_{period}" for period in before.periods)
    assert after.rows == before.rows + 2 and after.nonzeros == before.nonzeros + 2
    assert np.all(np.diff(after.start) >= 0)
    for j in range(after.columns):
        assert np.all(np.diff(after.index[after.start[j] : after.start[j + 1]]) > 0)


def test_the_names_can_be_looped_over(tmp_path: Path) -> None:
    lines = (
        'assert ("demo", "clinker_kiln") in list(model.run)',
        "for name in model.sell:",
        "    model.add(model.sell[name] <= 1e6)",
    )
    assert value(answer(tmp_path, *lines), "profit") == pytest.approx(value(solved(), "profit"))


def test_a_plant_with_modes_is_their_sum(tmp_path: Path) -> None:
    kiln = "clinker_kiln:        {company: cement_works, capacity: 300 kt/a, variable_cost: 120 CNY/t}"
    modes = "modes: {day: {process: clinker_kiln}, night: {process: clinker_kiln, variable_cost: 110 CNY/t}}"
    text = edit(kiln, f"kiln: {{company: cement_works, capacity: 300 kt/a, variable_cost: 120 CNY/t, {modes}}}")
    lines = ('model.add(model.run["demo", "kiln"] <= 200_000)', 'model.add(model.run["demo", "kiln.night"] <= 50_000)')
    runs = {plant.plant: plant.run for plant in answer(tmp_path, *lines, text=text).plants}
    assert runs["kiln.night"] == pytest.approx(50e3) and runs["kiln.day"] == pytest.approx(150e3)


MISTAKES = {
    "unknown plant": ('model.run["demo", "clinker_kil"]', "there is no run[demo, clinker_kil]", "did you mean"),
    "unknown park": ('model.buy["dem", "limestone"]', "there is no buy[dem, limestone]", "demo, limestone"),
    "unknown period": ('model.run["demo", "clinker_kiln", "may"]', "there is no period may", "year"),
    "too few names": ('model.run["demo"]', "run[…] takes park, plant", ""),
    "not linear": (
        'model.add(model.run["demo", "clinker_kiln"] ** 2 <= 4, name="square")',
        "constraint `square` is not linear", "only sums",
    ),
    "compares nothing": ("model.add(1 <= 2)", "constraint `constraint_1` compares nothing", "a <= b"),
    "no comparison": ('model.add(model.run["demo", "clinker_kiln"])', "compares nothing", ""),
    "bad name": ('model.add(model.run["demo", "clinker_kiln"] <= 1, name="a b")', "`a b` is no name", ""),
    "not finite": ('model.add(float("nan") * model.run["demo", "clinker_kiln"] <= 1)', "", ""),
    "division": ("1 / 0", "ZeroDivisionError: division by zero", ""),
    "unknown word": ("model.ship", "AttributeError", ""),
    "leaving": ("exit(0)", "", ""),
    "constant cost": ('model.cost(model.run["demo", "clinker_kiln"] + 5)', "a cost has a constant", "leave it out"),
    "own variable": (
        "import pyomo.environ as pyo; m = pyo.ConcreteModel(); m.y = pyo.Var(); model.add(m.y <= 1)",
        "uses `y`, which is no column", "take columns from `model`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_shown_with_its_line(name: str, tmp_path: Path) -> None:
    line, what, mend = MISTAKES[name]
    said = refused(tmp_path, "x = 1", line)
    assert "mine.py:3:1: error: " in said
    assert what in said and mend in said


def test_two_constraints_have_two_names(tmp_path: Path) -> None:
    line = 'model.add(model.run["demo", "clinker_kiln"] <= 1, name="a")'
    assert "there are two constraints `a`" in refused(tmp_path, line, line)


def test_a_file_that_is_no_extension_is_refused(tmp_path: Path) -> None:
    assert "mine.py:1:1: error: the extension adds nothing" in refused(tmp_path, "pass")
    assert "mine.py:2:1: error: SyntaxError" in refused(tmp_path, "pass", head="x = 1\ny = = 2\n")
    path = tmp_path / "other.py"
    path.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.py:1:1: error: the file defines no `extend"):
        run_case(network_of(), extend=path)
    path.write_text("x = 1\0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.py:1:1: error: .*null bytes"):
        run_case(network_of(), extend=path)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.py` cannot be read: No such file or directory"):
        run_case(network_of(), extend=tmp_path / "none.py")
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    with pytest.raises(InputError, match=r"latin\.py` cannot be read: 'utf-8' codec can't decode"):
        run_case(network_of(), extend=tmp_path / "latin.py")


def test_a_row_that_is_written_elsewhere_stands_at_the_head_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    code = "def extend(model): model.add(model.run['works', 'mill'] <= 50)"
    path.write_text(f'space = {{}}\nexec("{code}", space)\nextend = space["extend"]\n', encoding="utf-8")
    network, program, _ = extended(PARK.network(), compile_program(PARK.network()), path)
    assert network.origins[program.row_origin[-1]].position.line == 1


def test_a_cost_decides_nothing_where_carbon_is_minimised(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the objective is carbon, so a cost decides nothing"):
        answer(tmp_path, 'model.cost(model.buy["demo", "clay"])', sets=("objective={minimise: carbon}",))


def test_rows_that_contradict_the_case_are_infeasible(tmp_path: Path) -> None:
    assert answer(tmp_path, 'model.add(model.run["demo", "clinker_kiln"] >= 301_000)').status == "infeasible"


def test_the_result_names_the_file_and_what_was_run(tmp_path: Path) -> None:
    result = answer(tmp_path, 'model.add(model.run["demo", "clinker_kiln"] <= 1, name="a")')
    document = json.loads(json.dumps(result_object(result)))
    jsonschema.validate(document, result_schema())
    sha256 = hashlib.sha256((tmp_path / "mine.py").read_bytes()).hexdigest()
    assert document["extension"] == {"file": "mine.py", "sha256": sha256, "rows": ["a"]}
    assert "extension" not in result_object(solved())


def test_the_command_line_runs_it_and_a_case_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, 'model.add(model.run["demo", "clinker_kiln"] <= 250_000)')
    assert cli.run(["solve", str(HELLO), "--extend", str(path), "--json"]) == 0
    plants = {plant["plant"]: plant["run"] for plant in json.loads(capsys.readouterr().out)["plants"]}
    assert plants["clinker_kiln"] == pytest.approx(250e3)
    path = written(tmp_path, "1 / 0")
    assert cli.run(["solve", str(HELLO), "--extend", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "mine.py:2:1: error: ZeroDivisionError" in err and "1 / 0" in err
    case = tmp_path / "case.yaml"
    case.write_text(edit("money: CNY", f"money: CNY\nextend: {path}"), encoding="utf-8")
    assert cli.run(["solve", str(case)]) == 2
    assert "unknown key `extend`" in capsys.readouterr().err


def test_pyomo_is_imported_only_where_it_is_asked_for() -> None:
    import subprocess

    code = (
        f"import sys; from parkloop import cli; cli.run(['solve', '--json', {str(HELLO)!r}]); "
        "sys.exit('pyomo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
