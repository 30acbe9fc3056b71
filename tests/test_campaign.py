"""A blender makes red or blue paint, one at a time, worked by hand.

Four periods of 10 d; 10 t/d of either; a tonne earns 20. Each period sells 60 t of red and 40 t of blue, and stores
carry what is left over. All periods red: 240 t, 4800. Two red and two blue: 200 + 160 = 360 t, 7200. Without campaigns
400 t, 8000. The periods stand in a circle, so whoever changes over changes back: at 300 a changeover, red, red, blue,
blue brings 7200 − 600 = 6600.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from hello import edit, network_of, solved, value
from mistakes import place_of
from networks import row, sides
from parkloop import cli
from parkloop.models.compile import compile_program
from parkloop.reports.result import Result

TEXT = """
case: paint
title: {en: One blender for two paints}
periods: {p: {duration: 10 d, count: 4}}
materials:
  base: {name: {en: Base}, class: raw}
  red:  {name: {en: Red}}
  blue: {name: {en: Blue}}
processes:
  red_blending:  {name: {en: Red}, per: 1 t red, inputs: {base: 1 t}}
  blue_blending: {name: {en: Blue}, per: 1 t blue, inputs: {base: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      blender:
        modes: {red: {process: red_blending}, blue: {process: blue_blending}}
        capacity: 10 t/d
        campaigns: {changeover_cost: 300 CNY}
    buy: {base: {price: 10 CNY/t}}
    sell: {red: {price: 30 CNY/t, max: 6 t/d}, blue: {price: 30 CNY/t, max: 4 t/d}}
    stores:
      red_tank:  {material: red, capacity: unlimited}
      blue_tank: {material: blue, capacity: unlimited}
objective: {maximise: profit}
"""
COST = "{changeover_cost: 300 CNY}"


def text(campaigns: str = COST) -> str:
    return edit(COST, campaigns, TEXT)


def setups(result: Result) -> str:
    """Modes that run, period by period: `rrbb`."""
    assert result.optimal
    run = {(plant.period, plant.plant[-4:]): plant.run for plant in result.plants}
    return "".join("b" if run[f"p_{t}", "blue"] > 1e-6 else "r" for t in (1, 2, 3, 4))


def by_hand(cost: float, lost: float, least: int) -> float:
    """Profit of the best of all 16 plans: what is made of each paint is sold up to 240 and 160 t."""
    found = []
    for plan in product("rb", repeat=4):
        starts = [t for t in range(4) if plan[t] != plan[t - 1]]
        if any(plan[(t + ago) % 4] != plan[t] for t in starts for ago in range(least)):
            continue
        made = {mode: 100 * plan.count(mode) - lost * sum(plan[t] == mode for t in starts) for mode in "rb"}
        found.append(20 * (min(240, made["r"]) + min(160, made["b"])) - cost * len(starts))
    return max(found)


def test_one_paint_is_made_at_a_time() -> None:
    """Two of each, one after the other: 7200 − 2·300 = 6600."""
    result = solved(text())
    assert value(result, "profit") == pytest.approx(6600) == by_hand(300, 0, 1)
    assert value(result, "revenue") - value(result, "cost") == pytest.approx(6600)
    assert setups(result) in ("rrbb", "rbbr", "bbrr", "brrb")
    for period in ("p_1", "p_2", "p_3", "p_4"):
        assert sum(plant.run > 1e-6 for plant in result.plants if plant.period == period) <= 1
    assert value(solved(TEXT.replace(f"        campaigns: {COST}\n", "")), "profit") == pytest.approx(8000)


def test_a_changeover_costs_what_keeps_the_plant_at_one_paint() -> None:
    """Two changeovers bring 7200 − 4800 = 2400, so at 1300 each they do not pay."""
    assert value(solved(text("{changeover_cost: 1300 CNY}")), "profit") == pytest.approx(4800)
    assert value(solved(text("{changeover_cost: 1100 CNY}")), "profit") == pytest.approx(5000)


def test_a_changeover_loses_time_of_the_period_that_begins_with_it() -> None:
    """A day of 10 t each: 190 t of red, and 190 t of blue of which 160 are sold: 7000 − 600 = 6400."""
    assert value(solved(text("{changeover_cost: 300 CNY, changeover_time: 1 d}")), "profit") == pytest.approx(6400)


@pytest.mark.parametrize(("least", "profit"), [("10 d", 7200), ("20 d", 7200), ("21 d", 4800), ("30 d", 4800)])
def test_a_campaign_lasts_for_its_least_time(least: str, profit: float) -> None:
    """The plant stays for two periods at 20 d and for three beyond; 3 + 3 periods do not fit into 4."""
    assert value(solved(text(f"{{least: {least}}}")), "profit") == pytest.approx(profit)


@pytest.mark.parametrize(("cost", "days", "least"), list(product((0, 200, 900), (0, 3, 10), (10, 20))))
def test_no_plan_is_better_than_the_best_of_all_plans(cost: float, days: int, least: int) -> None:
    block = f"{{changeover_cost: {cost} CNY, changeover_time: {days} d, least: {least} d}}"
    assert value(solved(text(block)), "profit") == pytest.approx(by_hand(cost, 10 * days, least // 10))


def test_the_rows_say_the_law() -> None:
    """A tonne of blue takes 2 of the blender: 50 t a period, and a day of changeover is 5 t."""
    slow = edit("{process: blue_blending}", "{process: blue_blending, takes: 2}", text("{changeover_time: 1 d}"))
    program = compile_program(network_of(slow))
    flow = program.flow_scale
    red, blue = "on[works.blender.red,p_2]", "on[works.blender.blue,p_2]"
    assert row(program, "campaign[works.blender,p_2]") == {red: 1, blue: 1}
    assert sides(program, "campaign[works.blender,p_2]") == (1, 1)
    assert row(program, "on_most[works.blender.blue,p_2]") == pytest.approx(
        {"run[works.blender.blue,p_2]": 1, blue: -50 / flow, "start[works.blender.blue,p_2]": 5 / flow}
    )


def test_one_mode_is_one_mode_whatever_the_unit_of_flows() -> None:
    """With millions of tonnes a day flows are counted in more than tonnes, and a mode is still one mode."""
    program = compile_program(network_of(text("{}").replace("t/d", "Mt/d")))
    assert program.flow_scale > 1
    place = program.row_names().index("campaign[works.blender,p_2]")
    assert (program.row_lower[place], program.row_upper[place]) == (1, 1)
    assert set(row(program, "campaign[works.blender,p_2]").values()) == {1.0}


def test_what_bounds_the_plant_bounds_its_modes_together() -> None:
    """A run of at most 5 t/d: 50 t a period. Two red and two blue: 200 t; any plan is as good: 20 · 200 = 4000."""
    assert value(
        solved(edit("capacity: 10 t/d", "capacity: 10 t/d\n        run: {max: 5 t/d}", text("{}"))), "profit"
    ) == (pytest.approx(4000))


def test_seasons_bound_the_mode_that_is_on() -> None:
    """The blender rests in the first two periods: 100 t of each at best, all of it sold: 4000."""
    rest = edit("capacity: 10 t/d", "capacity: 10 t/d\n        availability: [0 %, 0 %, 100 %, 100 %]", text("{}"))
    program = compile_program(network_of(rest))
    assert row(program, "on_most[works.blender.red,p_1]") == {"run[works.blender.red,p_1]": 1}
    assert value(solved(rest), "profit") == pytest.approx(4000)


def test_binding_capacity_names_its_line() -> None:
    """One more tonne of red of the blender is worth 20 in each of two periods."""
    limits = {limit.path: limit for limit in solved(text()).limits}
    capacity = limits["parks.works.plants.blender.capacity"]
    assert capacity.value == pytest.approx(20)
    assert np.isclose(capacity.bound, 200)


MISTAKES = {
    "no modes": (
        ("modes: {red: {process: red_blending}, blue: {process: blue_blending}}", "process: red_blending"),
        "campaigns are of `modes`, which are not given", "add `modes`", "blender:\n",
    ),
    "an unlimited capacity": (
        ("capacity: 10 t/d", "capacity: unlimited"), "a plant of unlimited capacity has no campaigns",
        "state its capacity", "campaigns:",
    ),
    "a changeover longer than a period": (
        (COST, "{changeover_time: 11 d}"), "a changeover of `11 d` is longer than period `p_1`",
        "make the periods longer", "11 d",
    ),
    "a changeover that is no time": ((COST, "{changeover_time: 7 t}"), "`7 t` is a mass", "", "7 t}"),
    "a cost that is no money": ((COST, "{changeover_cost: 7 t}"), "`7 t` is a mass", "", "7 t}"),
    "a least time that is none": ((COST, "{least: 5}"), "the unit is missing in `5`", "", "5}"),
    "an unknown key": ((COST, "{minimum: 5 d}"), "unknown key `minimum` in campaigns", "", "minimum"),
    "less than nothing": ((COST, "{least: -5 d}"), "`-5 d` is negative", "", "-5 d"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change, what, mend, at = MISTAKES[name]
    wrong = edit(*change, TEXT)
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(wrong, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert mend in err
    assert f"case.yaml:{place_of(at, wrong)}: error" in err
