"""A plant takes more the harder it runs, worked by hand.

A smelter of 100 t/a sells metal at 200 CNY/t. A tonne takes 1 t of ore at 50 and 10 MWh at 10: it earns 50. From 60 %
to 85 % of capacity it takes 10 % more power and earns 40. Above that it runs hot: 1.25 t of ore and 0.25 t of slag,
which is thrown away at 10: 200 − 62.5 − 100 − 2.5 = 35.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hello import edit, network_of, solved, value
from mistakes import place_of
from networks import bounds, row, sides
from parkloop import cli
from parkloop.models.compile import compile_program
from parkloop.reports.result import Result
from parkloop.solver.order import in_order, out_of_order
from parkloop.solver.session import Session

TEXT = """
case: load
title: {en: A smelter at full load}
materials:
  ore:   {name: {en: Ore}, class: raw}
  power: {name: {en: Power}, class: utility, unit: MWh}
  metal: {name: {en: Metal}}
  wire:  {name: {en: Wire}}
  slag:  {name: {en: Slag}, class: waste}
processes:
  smelting: {name: {en: Smelting}, per: 1 t metal, inputs: {ore: 1 t, power: 10 MWh}}
  hot:      {name: {en: Hot smelting}, per: 1 t metal, inputs: {ore: 1.25 t, power: 10 MWh}, outputs: {slag: 0.25 t}}
  drawing:  {name: {en: Drawing}, per: 1 t wire, inputs: {metal: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      smelter:
        process: smelting
        capacity: 100 t/a
        load: [{to: 60 %}, {to: 85 %, more: {power: 10 %}}, {to: 100 %, process: hot}]
    buy: {ore: {price: 50 CNY/t}, power: {price: 10 CNY/MWh}}
    sell: {metal: {price: 200 CNY/t, max: unlimited}}
    discard: {slag: {cost: 10 CNY/t}}
objective: {maximise: profit}
"""
SLAG_SELLS = ("cost: 10 CNY/t", "cost: -300 CNY/t")
"""hot smelting then earns 200 − 62.5 − 100 + 75 = 112.5"""


def text(*edits: tuple[str, str]) -> str:
    """The smelter with passages replaced."""
    changed = TEXT
    for old, new in edits:
        changed = edit(old, new, changed)
    return changed


def runs(result: Result) -> list[float]:
    return [plant.run for plant in result.plants]


def sold(amount: str) -> tuple[str, str]:
    return "max: unlimited", f"max: {amount}"


def test_all_steps_run_at_full_load() -> None:
    """60·50 + 25·40 + 15·35 = 4525; power 10·60 + 11·25 + 10·15 = 1025 MWh, ore 60 + 25 + 18.75 t."""
    result = solved(text())
    assert runs(result) == pytest.approx([60, 25, 15])
    assert value(result, "profit") == pytest.approx(4525)
    assert value(result, "revenue") - value(result, "cost") == pytest.approx(4525)
    assert [plant.utilisation for plant in result.plants] == pytest.approx([0.6, 0.25, 0.15])
    assert result.flows is not None
    bought = {flow.material: flow.value for flow in result.flows.rows if flow.fate == "bought"}
    assert bought == pytest.approx({"ore": 103.75, "power": 1025})


def test_the_next_step_begins_where_the_one_before_it_is_full() -> None:
    """Of 70 t, 60 are made in the first step and 10 in the second: 60·50 + 10·40 = 3400."""
    result = solved(text(sold("70 t/a")))
    assert runs(result) == pytest.approx([60, 10, 0])
    assert value(result, "profit") == pytest.approx(3400)


def test_a_step_is_as_wide_as_its_share_of_the_available_capacity() -> None:
    """Half a year at 80 % is 40 t: steps of 24, 10 and 6 t."""
    short = text(("capacity: 100 t/a", "capacity: 100 t/a\n        availability: 80 %"))
    short = edit("objective:", "periods: {half: {duration: 0.5 a}}\nobjective:", short)
    program = compile_program(network_of(short))
    widths = [bounds(program, f"run[works.smelter.step_{step},half]")[1] for step in (1, 2, 3)]
    assert widths == pytest.approx([24, 10, 6])


def test_the_steps_are_bounded_together() -> None:
    """A fixed run of 70 t and a least load of 50 t hold for the sum of the steps."""
    program = compile_program(network_of(text(("capacity: 100 t/a", "capacity: 100 t/a\n        fix: 70 t/a"))))
    terms = {f"run[works.smelter.step_{step},year]": 1 for step in (1, 2, 3)}
    assert row(program, "unit[works.smelter.max,year]") == terms
    assert sides(program, "unit[works.smelter.max,year]") == (-np.inf, 70)
    assert sides(program, "unit[works.smelter.min,year]") == (70, np.inf)
    least = compile_program(network_of(text(("capacity: 100 t/a", "capacity: 100 t/a\n        min_load: 50 %"))))
    assert sides(least, "unit[works.smelter.min,year]") == (50, np.inf)


def test_costs_of_a_step_are_its_own_and_fixed_cost_is_paid_once() -> None:
    """5 CNY/t in the first two steps, 8 in the third, 2 a tonne of capacity: 4525 − 5·85 − 8·15 − 2·100 = 3780."""
    dear = text(
        ("capacity: 100 t/a", "capacity: 100 t/a\n        variable_cost: 5 CNY/t\n        fixed_cost: 2 CNY/t"),
        ("process: hot}", "process: hot, variable_cost: 8 CNY/t}"),
    )
    assert value(solved(dear), "profit") == pytest.approx(3780)


def test_a_unit_is_shared_by_what_the_plant_does_in_all_steps() -> None:
    """A crane of 35 h, at 0.5 h/t, lets 70 t through: 3400."""
    crane = "    units: {crane: {capacity: 35 h/a, users: {smelter: 0.5 h/t}}}\n    buy:"
    assert value(solved(text(("    buy:", crane))), "profit") == pytest.approx(3400)


def test_the_worth_of_a_wider_step_is_told_in_its_own_words() -> None:
    """One tonne more in the first step is one less in the second where 70 t are sold: 50 − 40 = 10."""
    limits = {limit.path: limit for limit in solved(text(sold("70 t/a"))).limits}
    step = limits["parks.works.plants.smelter.load.0.to"]
    assert (step.bound, step.value, step.unit) == (pytest.approx(60), pytest.approx(10), "t")
    assert step.what == "step of load of Smelting"


def test_an_answer_that_skips_a_step_is_none() -> None:
    """The slag sells so well that 15 of 70 t are made hot first, which no smelter can."""
    result = solved(text(SLAG_SELLS, sold("70 t/a")))
    assert result.status == "stopped"
    assert "run[works.smelter.step_3,year] is used although run[works.smelter.step_2,year] has room" in result.reason
    assert "write `ordered: true`" in result.reason
    assert result.flows is None
    assert not result.indicators


def test_a_former_stage_that_skips_a_step_is_none_either() -> None:
    """The best profit skips a step, so no later stage may lean on it, though the least cost runs nothing at all."""
    stages = "objective: [{maximise: profit, tolerance: 100 %}, {minimise: cost}]"
    result = solved(edit("objective: {maximise: profit}", stages, text(SLAG_SELLS, sold("70 t/a"))))
    assert result.status == "stopped"
    assert result.reason.startswith("stage 1 of the objective (profit): ")
    assert "is used although" in result.reason


def test_a_step_that_is_worth_more_may_come_last_where_all_are_full() -> None:
    """60·50 + 25·40 + 15·112.5 = 5687.5."""
    assert value(solved(text(SLAG_SELLS)), "profit") == pytest.approx(5687.5)


ORDERED = ("capacity: 100 t/a", "capacity: 100 t/a\n        ordered: true")


def test_whole_numbers_fill_the_steps_in_order_where_the_case_asks() -> None:
    """60·50 + 10·40 = 3400, although hot smelting would earn more. Of 90 t, 5 are made hot: 4000 + 5·112.5 = 4562.5."""
    result = solved(text(SLAG_SELLS, sold("70 t/a"), ORDERED))
    assert runs(result) == pytest.approx([60, 10, 0])
    assert value(result, "profit") == pytest.approx(3400)
    assert any("whole numbers" in caveat for caveat in result.caveats)
    more = solved(text(SLAG_SELLS, sold("90 t/a"), ORDERED))
    assert runs(more) == pytest.approx([60, 25, 5])
    assert value(more, "profit") == pytest.approx(4562.5)


def test_the_rows_of_the_order_say_the_law() -> None:
    program = compile_program(network_of(text(ORDERED)))
    first, second = "run[works.smelter.step_1,year]", "run[works.smelter.step_2,year]"
    full = "full[works.smelter.step_1,year]"
    scale = program.flow_scale
    assert row(program, "step_full[works.smelter.step_1,year]") == pytest.approx({first: 1, full: -60 / scale})
    assert sides(program, "step_full[works.smelter.step_1,year]") == (0, np.inf)
    assert row(program, "step_next[works.smelter.step_2,year]") == pytest.approx({second: 1, full: -25 / scale})
    assert sides(program, "step_next[works.smelter.step_2,year]") == (-np.inf, 0)
    place = program.column_names().index(full)
    assert (program.lower[place], program.upper[place], bool(program.integral[place])) == (0, 1, True)
    assert not compile_program(network_of(text())).is_integer


def test_steps_that_are_worth_the_same_are_filled_from_below() -> None:
    """Where power is free both steps earn 150; 45 and 25 t are as good as 60 and 10, but no smelter does that."""
    program = compile_program(network_of(text(sold("70 t/a"), ("price: 10 CNY/MWh", "price: 0 CNY/MWh"))))
    with Session(program) as session:
        solution = session.solve()
        assert solution.column_value is not None
        flows = solution.column_value.copy()
        power = [name.startswith("buy[works.power") for name in program.column_names()].index(True)
        flows[:3], flows[power] = [45, 25, 0], 725
        mixed = replace(solution, column_value=flows)
        assert out_of_order(program, flows).tolist() == [0]
        settled = in_order(program, mixed, session)
    assert settled.column_value is not None
    assert settled.column_value[:3].tolist() == pytest.approx([60, 10, 0])
    assert runs(solved(text(sold("70 t/a"), ("price: 10 CNY/MWh", "price: 0 CNY/MWh")))) == pytest.approx([60, 10, 0])


@pytest.mark.parametrize(("most", "filled"), [("70 t/a", [60, 10, 0]), ("95 t/a", [60, 25, 10])])
def test_the_last_of_two_steps_that_are_worth_the_same_waits_for_the_other(most: str, filled: list[float]) -> None:
    """The second and the third step both take 10 % more power: 10 t above 60 belong into the second, 35 t fill it."""
    alike = text(sold(most), ("process: hot", "more: {power: 10 %}"), ("    discard: {slag: {cost: 10 CNY/t}}\n", ""))
    result = solved(alike)
    assert runs(result) == pytest.approx(filled)
    assert value(result, "profit") == pytest.approx(60 * 50 + (sum(filled) - 60) * 40)


def test_the_order_holds_in_each_period_for_itself() -> None:
    """One period sells 70 t/a of a year, the other all: only the first is out of order."""
    two = edit("objective:", "periods: {dull: {duration: 1 a}, brisk: {duration: 1 a}}\nobjective:", text(SLAG_SELLS))
    two = edit("max: unlimited", "max: [70 t/a, 100 t/a]", two)
    result = solved(two)
    assert result.status == "stopped"
    assert "run[works.smelter.step_3,dull]" in result.reason
    assert "more)" not in result.reason
    ordered = edit("capacity: 100 t/a", "capacity: 100 t/a\n        ordered: true", two)
    assert value(solved(ordered), "profit") == pytest.approx(3400 + 5687.5)


def test_the_flow_scale_of_a_large_park_changes_nothing() -> None:
    large = text(("capacity: 100 t/a", "capacity: 100 Mt/a"), sold("70 Mt/a"))
    assert value(solved(large), "profit") == pytest.approx(3400e6)
    ordered = edit("capacity: 100 Mt/a", "capacity: 100 Mt/a\n        ordered: true", edit(*SLAG_SELLS, large))
    assert value(solved(ordered), "profit") == pytest.approx(3400e6)


def test_each_plant_keeps_its_residues_in_one_place_where_nothing_is_exchanged() -> None:
    alone = edit("objective:", "exchange: none\nobjective:", text())
    assert value(solved(alone), "profit") == pytest.approx(4525)


LOAD = "load: [{to: 60 %}, {to: 85 %, more: {power: 10 %}}, {to: 100 %, process: hot}]"
MISTAKES = {
    "steps that fall": (
        ("to: 85 %", "to: 50 %"), "ends at 50 % of capacity, where it begins at 60 %", "above the one before", "50 %",
    ),
    "a last step below the capacity": (
        ("to: 100 %", "to: 95 %"), "the last step ends at 95 % of capacity", "write `to: 100 %`", "95 %",
    ),
    "a step above the capacity": (("to: 100 %", "to: 120 %"), "`120 %` is not a share", "", "120 %"),
    "an unknown process": (("process: hot}", "process: hit}"), "unknown process `hit`", "hot", "hit}"),
    "a process of something else": (
        ("process: hot}", "process: drawing}"), "`drawing` is per `wire`, but the plant counts `metal`",
        "name a process per `metal`", "drawing}]",
    ),
    "more of what has mass": (
        ("{power: 10 %}", "{ore: 10 %}"), "`ore` has mass, so `smelting` would not close with more of it",
        "write a process", "ore: 10 %",
    ),
    "more of what is no input": (
        ("{power: 10 %}", "{slag: 10 %}"), "`slag` is no plain input of `smelting`", "its inputs are ore, power",
        "slag: 10 %",
    ),
    "more that is no share": (
        ("{power: 10 %}", "{power: 1 MWh}"), "`1 MWh` is", "", "1 MWh",
    ),
    "less": (("{power: 10 %}", "{power: -10 %}"), "`-10 %` is negative", "", "-10 %"),
    "no end": (("{to: 60 %}", "{}"), "the key `to` is missing", "", "{}"),
    "no step": ((LOAD, "load: []"), "`load` is empty", "", "load: []"),
    "an unlimited capacity": (
        ("capacity: 100 t/a", "capacity: unlimited"), "a plant of unlimited capacity has no steps of load",
        "state its capacity", "load: [",
    ),
    "steps and on_off": (
        ("capacity: 100 t/a", "capacity: 100 t/a\n        on_off: {min_load: 10 %}"),
        "a plant with `load` cannot have `modes`, `on_off` or `ramp`", "a plant of its own", "smelter:\n",
    ),
    "steps and build": (
        ("capacity: 100 t/a", "capacity: 100 t/a\n        build: {cost: 1 CNY/(t/a), lifetime: 9 a}"),
        "a plant with `build` cannot have `modes`, `load`", "", "smelter:\n",
    ),
    "an order of nothing": (
        (LOAD, "ordered: true"), "`ordered` speaks of the steps of `load`, which is not given", "add `load`",
        "smelter:\n",
    ),
    "steps that retire": (
        ("capacity: 100 t/a", "capacity: 100 t/a\n        retire_by: year"),
        "a plant without `modes`, `load`", "", "year\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change, what, mend, at = MISTAKES[name]
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text(change), encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert mend in err
    assert f"case.yaml:{place_of(at, text(change))}: error" in err
