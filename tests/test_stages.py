"""Objectives of several terms and stages, of the worst-off park, and ties: two ponds worked by hand."""

import json

import jsonschema
import pytest

from hello import network_of
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.run import run_case
from parkloop.reports.summary import Paper, print_summary
from parkloop.solver.solution import SolveOptions
from ponds import ONE_PARK, PONDS, answer, runs, text


def test_a_weighted_sum_comes_out_in_one_unit():
    """Brine at 25 CNY/t: the north would earn 10 − 12.5; the south earns 8 − 5 on 100 t."""
    result = answer(objective="{maximise: {profit: 1, brine: -25 CNY/t}}")
    assert runs(result) == pytest.approx({"north_pond": 0, "south_pond": 100}, abs=1e-9)
    assert (result.goal.value, result.goal.unit) == (pytest.approx(300), "CNY")
    assert result.objective == "profit + brine"
    assert result.indicators["profit"].value == pytest.approx(800)


def test_a_weighted_sum_of_masses_counts_in_the_unit_of_the_bare_term():
    """Kilograms per tonne: 70 t of brine less 0.1 t for each of 200 t of salt."""
    result = answer(objective="{maximise: {brine: 1, salt: -100 kg/t}}")
    assert (result.goal.value, result.goal.unit) == (pytest.approx(50), "t")


@pytest.mark.parametrize(
    ("tolerance", "brine", "room"),
    [("tolerance: 10 %", 61, 180), ("tolerance: 200 CNY", 60, 200), ("", 70, 0), ("tolerance: 0.2 kCNY", 60, 200)],
)
def test_the_first_stage_is_held_within_its_tolerance(tolerance, brine, room):
    """Each 20 CNY given up spare a tonne of brine in the north."""
    first = "{maximise: profit, " + tolerance + "}"
    result = answer(objective=f"[{first}, {{minimise: brine}}]")
    assert result.indicators["brine"].value == pytest.approx(brine, rel=1e-6)
    assert [(stage.name, stage.unit) for stage in result.stages] == [("profit", "CNY"), ("brine", "t")]
    assert [stage.value for stage in result.stages] == pytest.approx([1800, brine], rel=1e-6)
    assert result.stages[0].tolerance == pytest.approx(room)
    assert (result.objective, result.maximise, result.goal.unit) == ("brine", False, "t")
    assert result.certificate is not None and result.certificate.holds


def test_shadow_prices_belong_to_the_last_stage_and_the_output_says_so(capsys):
    """With 10 % of profit to give up, one more tonne of salt in the north is worth 0.5 t of brine less there."""
    result = answer(objective="[{maximise: profit, tolerance: 10 %}, {minimise: brine}]")
    price = next(p for p in result.prices if (p.park, p.material) == ("north", "salt"))
    assert (price.value, price.unit) == (pytest.approx(-0.5), "t/t")
    document = json.loads(dump_result(result))
    jsonschema.validate(document, result_schema())
    assert document["objective"] == {"name": "brine", "value": pytest.approx(61), "unit": "t"}
    assert [stage["name"] for stage in document["stages"]] == ["profit", "brine"]
    print_summary(result, Paper.on())
    assert "shadow prices belong to the last stage" in capsys.readouterr().out


def test_three_stages_follow_each_other():
    """Salt first (200 t), then 10 % of it for brine: 20 t less in the north; then profit has nothing left to choose."""
    result = answer(objective="[{maximise: salt, tolerance: 10 %}, {minimise: brine}, {maximise: profit}]")
    assert [stage.value for stage in result.stages] == pytest.approx([200, 60, 1600], rel=1e-6)
    assert result.certificate is not None and result.certificate.holds


def test_the_park_that_is_worst_off_counts():
    """30 t of brine: 20 b = 40 (30 − b) at b = 20, 400 CNY in each park; one more tonne brings 40 · 20 / 60."""
    result = answer("{indicator: brine, max: 30 t/a}", "{maximise: {least: profit}}")
    assert [result.parks[park]["profit"].value for park in ("north", "south")] == pytest.approx([400, 400])
    assert result.goal.value == pytest.approx(400)
    assert result.policies[0].price == pytest.approx(40 * 20 / 60)
    assert result.objective == "least profit"


def test_the_worst_off_park_is_that_of_all_periods_together():
    """As above in two halves of a year: one row for each park, whatever it does in which half."""
    halves = "{one: {duration: 0.5 a}, two: {duration: 0.5 a}}"
    whole = text("{indicator: brine, max: 30 t/a}", "{maximise: {least: profit}}", periods=halves)
    program = compile_program(network_of(whole))
    assert [name for name in program.row_names() if name.startswith("spread")] == ["spread[1.north]", "spread[1.south]"]
    assert [name for name in program.column_names() if name.startswith("worst")] == ["worst[1]"]
    assert run_case(network_of(whole)).goal.value == pytest.approx(400)


def test_the_largest_value_of_a_park_is_made_small():
    """120 t of salt with equal brine: 0.5 n = 0.2 (120 − n), so n = 240 / 7 and 120 / 7 t of brine each."""
    result = answer("{indicator: salt, min: 120 t/a}", "{minimise: {largest: brine}}")
    assert result.goal.value == pytest.approx(120 / 7)
    assert runs(result)["north_pond"] == pytest.approx(240 / 7)


def test_a_worst_park_may_be_a_former_stage():
    """At least 800 CNY in each park; then the least brine: 80 t of salt in the north, 100 t in the south."""
    result = answer(objective="[{maximise: {least: profit}}, {minimise: brine}]")
    assert [stage.value for stage in result.stages] == pytest.approx([800, 60], rel=1e-6)


def test_a_broken_tie_leaves_nothing_marked():
    """Two ponds of one owner each sell into a market of 100 t at one price: how they share it is open."""
    case = ONE_PARK.replace("price: 10 CNY/t", "price: 10 CNY/t, max: 100 t/a")
    loose = answer(case=case)
    assert loose.flows is not None and not loose.flows.unique.all()
    settled = answer(objective="{maximise: profit, tie_break: true}", case=case)
    assert settled.flows is not None and settled.flows.unique.all()
    assert settled.goal.value == pytest.approx(loose.goal.value)
    assert settled.certificate is not None and settled.certificate.holds
    assert sorted(runs(settled).values()) == pytest.approx([0, 100], abs=1e-9)
    network = network_of(text(objective="{maximise: profit, tie_break: true}", case=case))
    for options in (SolveOptions(seed=11), SolveOptions(method="ipm")):
        assert runs(run_case(network, options)) == pytest.approx(runs(settled), abs=1e-6)
    assert [price.value for price in settled.prices] == pytest.approx([price.value for price in loose.prices])


def test_a_stage_without_end_is_named():
    case = PONDS.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: unlimited}")
    network = network_of(text(objective="[{minimise: brine}, {maximise: profit}]", case=case))
    assert run_case(network).status == "optimal"
    endless = "[{minimise: cost}, {maximise: profit}]"
    result = run_case(network_of(text(objective=endless, case=case)))
    assert result.status == "unbounded"
    assert result.reason.startswith("stage 2 of the objective (profit): ")


def test_the_command_line_replaces_an_objective_of_stages():
    case = text(objective="[{maximise: profit}, {minimise: brine}]")
    result = run_case(network_of(case, sets=["objective={minimise: brine}"]))
    assert (result.objective, result.goal.value) == ("brine", pytest.approx(0))


def test_programs_of_one_stage_have_no_rows_for_stages():
    program = compile_program(network_of(text()))
    assert program.stages == ()
    assert not [name for name in program.row_names() if name.startswith(("stage", "spread"))]


@pytest.mark.parametrize(
    ("objective", "what"),
    [
        ("{maximise: {profit: 1, brine: 2}}", "all terms of the objective come out in CNY"),
        ("{maximise: {profit: 1, brine: 2 CNY/GJ}}", "all terms of the objective come out in CNY"),
        ("{maximise: {profit: 1, intensity: 2}}", "`intensity` is a ratio and cannot be the objective"),
        ("{maximise: {least: gold}}", "unknown indicator `gold`"),
        ("{minimise: {least: profit}}", "the least value of the parks is maximised"),
        ("{maximise: {largest: brine}}", "the largest value of the parks is minimised"),
        ("{maximise: profit, minimise: brine}", "the objective has one sense"),
        ("{maximise: profit, tolerance: 1 %}", "the last stage has no tolerance"),
        ("[{maximise: profit, tolerance: 1 t}, {minimise: brine}]", "`1 t` is a mass"),
        ("[{maximise: profit, tie_break: true}, {minimise: brine}]", "ties are broken after the last stage"),
        ("[]", "`objective`"),
        ("{maximise: {}}", "`maximise`"),
        ("[{maximise: profit, until: 1 %}]", "unknown key `until` in an objective"),
    ],
)
def test_mistakes_in_objectives_are_named_with_their_place(objective, what):
    case = text(objective=objective)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    line = case.splitlines()[found[0].position.line - 1]
    assert line.startswith("objective: ") or "objective" in line
