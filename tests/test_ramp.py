"""The run of a plant changes no faster than its ramp."""

import pytest

from hello import network_of, solved, value
from networks import row, sides
from parkloop.models.compile import compile_program

TEXT = """
case: ramp
title: {en: A furnace that starts slowly}
money: CNY
periods: {hour: {duration: 1 h, count: 4}}
materials:
  coal: {name: {en: Coal}, class: raw}
  heat: {name: {en: Heat}}
processes:
  furnace: {name: {en: Furnace}, per: 1 t heat, inputs: {coal: 1 t}}
  boiler: {name: {en: Boiler}, per: 1 t heat, inputs: {coal: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      furnace: {capacity: 100 t/h, ramp: 20 %/h}
      boiler: {capacity: 100 t/h}
    buy: {coal: {price: 1 CNY/t}}
    sell: {heat: {price: [0 CNY/t, 11 CNY/t, 11 CNY/t, 0 CNY/t], max: 100 t/h}}
objective: {maximise: profit}
"""
ALONE = TEXT.replace("      boiler: {capacity: 100 t/h}\n", "")


def test_the_furnace_warms_up_before_it_pays() -> None:
    """Full runs of 100 t/h in hours 2 and 3 need 80 t/h in hours 1 and 4, at a loss of 1 each: 2000 − 160 = 1840."""
    assert value(solved(ALONE), "profit") == pytest.approx(1840)


def test_a_neighbour_without_a_ramp_jumps() -> None:
    """The boiler makes all of it in hours 2 and 3: 2 · 100 · 10 = 2000."""
    assert value(solved(TEXT), "profit") == pytest.approx(2000)


def test_a_change_is_a_share_of_capacity_per_time_between_the_middles_of_the_periods() -> None:
    """An hour and then two: the middles are 1.5 h apart, so the rate may rise by 30 t/h: 60 t in the two hours."""
    text = ALONE.replace("{hour: {duration: 1 h, count: 4}}", "{a: {duration: 1 h}, b: {duration: 2 h}}")
    program = compile_program(network_of(text.replace("[0 CNY/t, 11 CNY/t, 11 CNY/t, 0 CNY/t]", "11 CNY/t")))
    assert row(program, "ramp_up[works.furnace,b]") == pytest.approx(
        {"run[works.furnace,b]": 1, "run[works.furnace,a]": -2}
    )
    assert sides(program, "ramp_up[works.furnace,b]")[1] == pytest.approx(60)
    assert row(program, "ramp_down[works.furnace,b]") == pytest.approx(
        {"run[works.furnace,b]": -1, "run[works.furnace,a]": 2}
    )
    assert sides(program, "ramp_down[works.furnace,b]")[1] == pytest.approx(60)
    assert row(program, "ramp_up[works.furnace,a]") == {}


def test_a_ramp_that_binds_is_worth_the_finite_difference() -> None:
    base, raised = solved(ALONE), solved(ALONE.replace("20 %/h", "20.2 %/h"))
    limit = {limit.path: limit for limit in base.limits}["parks.works.plants.furnace.ramp"]
    assert limit.what == "change of the run of Furnace between periods"
    assert limit.percent == pytest.approx(value(raised, "profit") - value(base, "profit"))


def test_a_year_of_one_period_has_no_change() -> None:
    text = ALONE.replace("{hour: {duration: 1 h, count: 4}}", "{hour: {duration: 1 h}}")
    assert value(solved(text.replace("[0 CNY/t, 11 CNY/t, 11 CNY/t, 0 CNY/t]", "11 CNY/t")), "profit") == pytest.approx(
        1000
    )
