"""Plants that share a unit, and modes that share a plant, work within one capacity together.

The works by hand: two smelters in one hall of 100 t/a. A tonne of `iron` takes 1 of the hall and earns 30 less 10 of
ore, a tonne of `silicon` takes 2 and earns 70 less 10. Per unit of the hall iron earns 20, silicon 30.
"""

from __future__ import annotations

import numpy as np
import pytest

from hello import network_of, tree_of
from networks import row, sides
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.flows import INFLOWS
from parkloop.reports.result import Result
from parkloop.reports.run import run_case

TEXT = """case: tiny
title: {en: Two smelters in one hall}
materials:
  ore:     {name: {en: Ore}, class: raw}
  iron:    {name: {en: Iron}}
  silicon: {name: {en: Silicon}}
  dross:   {name: {en: Dross}, class: byproduct}
processes:
  iron_smelting:    {name: {en: Iron smelting}, per: 1 t iron, inputs: {ore: 2 t}, outputs: {dross: 1 t}}
  silicon_smelting: {name: {en: Silicon smelting}, per: 1 t silicon, inputs: {ore: 2 t}, outputs: {dross: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
PLANTS
    buy: {ore: {price: 5 CNY/t}}
    sell: {iron: {price: 30 CNY/t}, silicon: {price: 70 CNY/t, max: 40 t/a}}
    discard: {dross: {cost: 0 CNY/t}}
objective: {maximise: profit}
"""
SHARED = """\
      iron_smelting: {capacity: 80 t/a}
      silicon_smelting: {capacity: 80 t/a}
    units:
      hall: {name: {en: Furnace hall}, capacity: 100 t/a, users: {iron_smelting: 1, silicon_smelting: 2}}"""
MODES = """\
      smelter:
        name: {en: Smelter}
        modes: {iron: {process: iron_smelting}, silicon: {process: silicon_smelting, takes: 2}}
        capacity: 100 t/a"""


def text_of(plants: str, **changes: str) -> str:
    text = TEXT.replace("PLANTS", plants)
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def solved(text: str) -> Result:
    return run_case(network_of(text))


def runs(result: Result) -> dict[str, float]:
    return {plant.plant: plant.run for plant in result.plants}


def test_the_rows_of_a_unit_say_the_law() -> None:
    program = compile_program(network_of(text_of(SHARED.replace("100 t/a,", "100 t/a, min_load: 10 %,"))))
    terms = {"run[works.iron_smelting,year]": 1, "run[works.silicon_smelting,year]": 2}
    assert row(program, "unit[works.hall.max,year]") == terms
    assert row(program, "unit[works.hall.min,year]") == terms
    assert sides(program, "unit[works.hall.max,year]") == (-np.inf, 100)
    assert sides(program, "unit[works.hall.min,year]") == (10, np.inf)


def test_a_least_load_has_a_row_where_there_is_one_and_be_it_small_or_of_one_period() -> None:
    """0.5 % of 100 t/a; and 10 % of what is available, which is nothing in the first of two halves of a year."""
    names = compile_program(network_of(text_of(SHARED))).row_names()
    assert [name for name in names if name.startswith("unit")] == ["unit[works.hall.max,year]"]
    small = compile_program(network_of(text_of(SHARED.replace("100 t/a,", "100 t/a, min_load: 0.5 %,"))))
    assert sides(small, "unit[works.hall.min,year]") == (pytest.approx(0.5), np.inf)
    text = text_of(SHARED.replace("100 t/a,", "100 t/a, availability: [0 %, 100 %], min_load: 10 %,"))
    halves = "periods: {one: {duration: 0.5 a}, two: {duration: 0.5 a}}\nobjective:"
    program = compile_program(network_of(text.replace("objective:", halves)))
    least = [sides(program, f"unit[works.hall.min,{half}]")[0] for half in ("one", "two")]
    assert least == pytest.approx([0, 5])


def test_two_plants_share_the_hall_by_what_it_earns_them() -> None:
    """Silicon sells 40 t, which take 80; iron gets the last 20: 40·60 + 20·20 = 2800. One more of the hall: 20."""
    result = solved(text_of(SHARED))
    assert runs(result) == pytest.approx({"iron_smelting": 20, "silicon_smelting": 40})
    assert result.indicators["profit"].value == pytest.approx(2800)
    hall = {limit.path: limit for limit in result.limits}["parks.works.units.hall.capacity"]
    assert (hall.bound, hall.value, hall.unit) == (pytest.approx(100), pytest.approx(20), "t")
    assert hall.what == "capacity of Furnace hall"
    assert hall.where == "hello.yaml:18"


def test_the_capacities_of_the_plants_hold_as_well() -> None:
    """Of a hall of 200 silicon takes 80, and iron no more than its own 80: 40·60 + 80·20 = 4000."""
    result = solved(text_of(SHARED.replace("100 t/a", "200 t/a")))
    assert runs(result) == pytest.approx({"iron_smelting": 80, "silicon_smelting": 40})
    assert result.indicators["profit"].value == pytest.approx(4000)


def test_availability_and_the_length_of_a_period_shorten_what_a_unit_can_do() -> None:
    """Half a year at 80 % is 40: all silicon would be 20 t, of which the half-year sells 20: 20·60 = 1200."""
    text = text_of(SHARED.replace("100 t/a,", "100 t/a, availability: 80 %,"))
    text = text.replace("objective:", "periods: {half: {duration: 0.5 a}}\nobjective:")
    result = solved(text)
    assert runs(result) == pytest.approx({"iron_smelting": 0, "silicon_smelting": 20})


def test_a_least_load_of_a_unit_is_worked_at_a_loss() -> None:
    """With ore at 50 nothing pays: iron loses 70 a tonne and unit of the hall, silicon 30 a tonne but 15 a unit."""
    text = text_of(SHARED.replace("100 t/a,", "100 t/a, min_load: 40 %,"), **{"price: 5 CNY": "price: 50 CNY"})
    result = solved(text)
    assert runs(result) == pytest.approx({"iron_smelting": 0, "silicon_smelting": 20})
    load = {limit.path: limit for limit in result.limits}["parks.works.units.hall.min_load"]
    assert (load.bound, load.value) == (pytest.approx(40), pytest.approx(-15))
    assert load.what == "minimum load of Furnace hall"


def test_hours_of_a_unit_are_shared_by_hours_a_tonne() -> None:
    """8000 h at 100 h/t of iron and 200 h/t of silicon are the hall of 80: 40·60 + 0 = 2400."""
    hall = SHARED.replace("100 t/a", "8000 h/a").replace("smelting: 1,", "smelting: 100 h/t,")
    result = solved(text_of(hall.replace("smelting: 2}", "smelting: 0.2 h/kg}")))
    assert runs(result) == pytest.approx({"iron_smelting": 0, "silicon_smelting": 40}, abs=1e-9)
    hall_limit = [limit for limit in result.limits if ".units." in limit.path]
    assert all(limit.unit == "h" and limit.bound == pytest.approx(8000) for limit in hall_limit)


def test_modes_share_the_capacity_of_their_plant() -> None:
    """The same 2800 as with the hall: capacity counts iron, a tonne of silicon takes 2 of it."""
    result = solved(text_of(MODES))
    assert runs(result) == pytest.approx({"smelter.iron": 20, "smelter.silicon": 40})
    assert result.indicators["profit"].value == pytest.approx(2800)
    assert [plant.utilisation for plant in result.plants] == pytest.approx([0.2, 0.8])
    assert [plant.process for plant in result.plants] == ["iron_smelting", "silicon_smelting"]
    assert [plant.name.en for plant in result.plants] == ["Smelter: Iron smelting", "Smelter: Silicon smelting"]
    limit = {limit.path: limit for limit in result.limits}["parks.works.plants.smelter.capacity"]
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(100), pytest.approx(20), "t")
    assert limit.what == "capacity of Smelter"


def test_the_bounds_of_a_plant_with_modes_hold_for_all_modes_together() -> None:
    """`fix` at 90: silicon 40 t take 80, iron 10: 2400 + 200, and one more fixed unit earns 20."""
    result = solved(text_of(MODES + "\n        fix: 90 t/a"))
    assert runs(result) == pytest.approx({"smelter.iron": 10, "smelter.silicon": 40})
    assert {limit.path: limit.value for limit in result.limits}["parks.works.plants.smelter.fix"] == pytest.approx(20)


def test_a_plant_with_modes_pays_its_fixed_cost_once_and_each_mode_its_own_variable_cost() -> None:
    """2800 − 100·1 fixed − 20·3 of iron by the plant's variable cost − 40·4 of silicon by its own."""
    plants = MODES.replace("takes: 2", "takes: 2, variable_cost: 4 CNY/t")
    result = solved(text_of(plants + "\n        variable_cost: 3 CNY/t\n        fixed_cost: 1 CNY/t"))
    assert result.indicators["profit"].value == pytest.approx(2800 - 100 - 60 - 160)


def test_a_plant_with_modes_may_be_one_user_of_a_unit() -> None:
    """A hall of 60, of which each unit of the smelter's capacity takes one: 30 t of silicon, 1800."""
    unit = "\n    units:\n      hall: {capacity: 60 t/a, users: {smelter: 1}}"
    result = solved(text_of(MODES + unit))
    assert runs(result) == pytest.approx({"smelter.iron": 0, "smelter.silicon": 30})
    assert result.indicators["profit"].value == pytest.approx(1800)


def test_modes_keep_one_balance_of_a_residue_between_them() -> None:
    """Without exchange the plant discards its own dross: one balance for both modes, under the plant's name."""
    result = solved(text_of(MODES).replace("objective:", "exchange: none\nobjective:"))
    assert result.flows is not None
    dross = [flow for flow in result.flows.rows if flow.material == "dross"]
    assert {(flow.fate, flow.by): flow.value for flow in dross} == pytest.approx(
        {("made", "smelter.iron"): 20, ("made", "smelter.silicon"): 40, ("discarded", "smelter"): 60}
    )
    assert [price.plant for price in result.prices if price.material == "dross"] == ["smelter"]


@pytest.mark.parametrize("plants", [SHARED, MODES])
def test_in_minus_out_is_zero(plants: str) -> None:
    flows = solved(text_of(plants)).flows
    assert flows is not None
    for material in ("ore", "iron", "silicon", "dross"):
        mine = [flow for flow in flows.rows if flow.material == material]
        assert mine
        assert sum(flow.value * (1 if flow.fate in INFLOWS else -1) for flow in mine) == pytest.approx(0, abs=1e-9)


MISTAKES = {
    "unknown user": (SHARED, "users: {iron", "users: {irn", "unknown plant `irn_smelting`", "iron_smelting", "irn_"),
    "user in another unit": (SHARED, "smelting: 1,", "smelting: 1 h/t,", "`1 h/t` is a time", "write e.g.", "1 h/t"),
    "capacity that is no rate": (SHARED, "100 t/a", "100 t", "not `100 t`", "300 kt/a", "100 t,"),
    "bare capacity": (SHARED, "100 t/a", "100", "not `100`", "300 kt/a", "100,"),
    "nobody uses it": (
        SHARED, "{iron_smelting: 1, silicon_smelting: 2}", "{}", "`users`", "", "{}",
    ),
    "plant and unit of one name": (
        SHARED, "      hall:", "      iron_smelting:",
        "a plant and a unit of park `works` are both called `iron_smelting`", "another name", "iron_smelting: {name",
    ),
    "process and modes": (
        MODES, "name: {en: Smelter}", "process: iron_smelting",
        "a plant has either `process` or `modes`", "one of the modes", "smelter:",
    ),
    "unknown process": (
        MODES, "process: silicon_smelting", "process: silicon",
        "unknown process `silicon`", "silicon_smelting", "silicon, takes",
    ),
    "first mode that takes": (
        MODES, "process: iron_smelting}", "process: iron_smelting, takes: 2}",
        "the first mode takes 1", "delete `takes` here", "2}, silicon",
    ),
    "mode for nothing": (MODES, "takes: 2", "takes: 0", "would be unlimited", "above zero", "0}"),
    "mode in another unit": (MODES, "takes: 2", "takes: 2 h/t", "`2 h/t` is a time", "", "2 h/t"),
    "no modes": (
        MODES, "{iron: {process: iron_smelting}, silicon: {process: silicon_smelting, takes: 2}}", "{}",
        "`modes`", "", "{}",
    ),
    "unknown key in a mode": (MODES, "takes: 2", "take: 2", "unknown key `take` in a mode", "takes", "take:"),
    "unknown key in a unit": (SHARED, "hall: {", "hall: {size: 2, ", "unknown key `size` in a unit", "", "size:"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(name: str) -> None:
    plants, old, new, what, mend, at = MISTAKES[name]
    text = text_of(plants)
    assert text.count(old) == 1, old
    text = text.replace(old, new)
    with pytest.raises(InputError) as caught:
        build_network(tree_of(text).case())
    problem = next(problem for problem in caught.value.problems if what in problem.what)
    assert mend in problem.mend
    before = text[: text.index(at)]
    assert problem.position is not None
    assert problem.position.line == before.count("\n") + 1


def test_a_mode_counted_in_another_dimension_must_say_what_it_takes() -> None:
    text = text_of(
        MODES.replace(", takes: 2", ""),
        **{"silicon: {name: {en: Silicon}}": "silicon: {name: {en: Silicon}, unit: MWh}"},
    )
    text = text.replace("per: 1 t silicon", "per: 1 MWh silicon").replace("70 CNY/t, max: 40 t/a", "70 CNY/MWh")
    text = text.replace(
        "inputs: {ore: 2 t}, outputs: {dross: 1 t}}\nparks", "inputs: {ore: 1 t}, outputs: {dross: 1 t}}\nparks"
    )
    with pytest.raises(InputError, match="the capacity of the plant counts t, this mode counts MWh"):
        build_network(tree_of(text).case())
    stated = text.replace("process: silicon_smelting}", "process: silicon_smelting, takes: 2 t/MWh}")
    assert runs(solved(stated)) == pytest.approx({"smelter.iron": 0, "smelter.silicon": 50})
