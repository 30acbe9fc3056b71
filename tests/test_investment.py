"""Capacity that is built and capacity that goes, worked by hand.

A tonne of the good earns 30 less 10. Demand is 15 t in each of four years. The old works makes 10 t until year 3 takes
it away. The new one makes half a tonne a year of each t/a (availability 50 %), a year after it is built, for two
years; it costs 12 per t/a, that is 6 a year without interest. A standing year of a t/a thus earns 0.5·20 − 6 = 4.

Wanted are 5, 15 and 15 t of the new works in years 2, 3, 4, hence 10, 30 and 30 t/a, built as 10, 20 and 10 in years 1,
2 and 3. Profit: 2·10·20 of the old, 70·4 of the new: 680.
"""

from __future__ import annotations

import json

import jsonschema
import pytest

from hello import network_of, solved, tree_of
from networks import bounds, row, sides
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.result import Result

TEXT = """case: tiny
title: {en: Old and new}
materials: {ore: {name: {en: Ore}, class: raw}, good: {name: {en: Good}}}
processes: {maker: {name: {en: Maker}, per: 1 t good, inputs: {ore: 1 t}}}
periods: {y1: {duration: 1 a}, y2: {duration: 1 a}, y3: {duration: 1 a}, y4: {duration: 1 a}}
investment: {rate: 0 %}
parks:
  works:
    name: {en: Works}
    plants:
      old: {process: maker, capacity: 10 t/a, retire_by: y3}
      new:
        process: maker
        capacity: 0 t/a
        availability: 50 %
        build: {cost: 12 CNY/(t/a), lead_time: 1 a, lifetime: 2 a}
    buy: {ore: {price: 10 CNY/t}}
    sell: {good: {price: 30 CNY/t, max: 15 t/a}}
objective: {maximise: profit}
"""


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def built(result: Result) -> dict[str, float]:
    return {build.period: build.capacity for build in result.builds}


def profit(result: Result) -> float | None:
    return result.indicators["profit"].value


def test_the_rows_say_the_law() -> None:
    text = changed(("investment: {rate: 0 %}", "investment: {rate: 0 %, budget: 240 CNY/a}"))
    program = compile_program(network_of(text.replace("lifetime: 2 a", "lifetime: 2 a, max: 15 t/a")))
    run, new, first, second = "run[works.new,y3]", "new[works.new,y3]", "build[works.new,y1]", "build[works.new,y2]"
    assert row(program, "installed[works.new,y3]") == {run: 1, new: -0.5}
    assert row(program, "standing[works.new,y3]") == {new: 1, first: -1, second: -1}
    assert bounds(program, new)[1] == pytest.approx(15)
    assert row(program, "budget[investment,y2]") == {second: 12}
    assert sides(program, "budget[investment,y2]")[1] == pytest.approx(240)


@pytest.mark.parametrize(("pace", "said"), [("", False), (", pace: 8 t/a/a", True)])
def test_a_pace_is_the_limit_of_what_is_built_where_it_is_stated_and_building_makes_sense(
    pace: str, said: bool
) -> None:
    """What is built in year 4 would stand from year 5 on, so nothing is, whatever the pace."""
    network = network_of(changed(("lifetime: 2 a", f"lifetime: 2 a{pace}")))
    program = compile_program(network)
    lines = program.column_view("build", program.upper_origin)[:, 0].tolist()
    where = [network.origins[line].path if line >= 0 else "" for line in lines]
    assert where == ["parks.works.plants.new.build.pace" if said else ""] * 3 + [""]
    assert set(lines[3:]) == {-1} and (said or set(lines) == {-1})
    assert bounds(program, "build[works.new,y4]") == (0, 0)


def test_what_is_wanted_is_built_a_year_before() -> None:
    result = solved(TEXT)
    assert built(result) == pytest.approx({"y1": 10, "y2": 20, "y3": 10})
    assert profit(result) == pytest.approx(680)
    run = {(plant.plant, plant.period): plant for plant in result.plants}
    assert [run["old", f"y{year}"].run for year in range(1, 5)] == pytest.approx([10, 10, 0, 0])
    assert run["old", "y3"].utilisation is None
    assert [run["new", f"y{year}"].run for year in range(1, 5)] == pytest.approx([0, 5, 15, 15])
    assert run["new", "y3"].utilisation == pytest.approx(0.5)
    assert result.builds[0].cost == pytest.approx(120)
    assert result.builds[0].unit == "t/a"


def test_the_annuity_is_in_cost_and_not_in_value_added() -> None:
    """Value added is 20·(10 + 15 + 15 + 15) = 1100; capital 70·6 = 420."""
    result = solved(TEXT)
    assert result.indicators["value_added"].value == pytest.approx(1100)
    assert result.indicators["profit"].value == pytest.approx(1100 - 420)
    assert result.indicators["cost"].value == pytest.approx(550 + 420)


def test_interest_makes_the_annuity() -> None:
    """At 50 % over two years: 12·0.5/(1 − 1.5⁻²) = 10.8 a year, more than 10: nothing is built."""
    result = solved(changed(("{rate: 0 %}", "{rate: 50 %}")))
    assert built(result) == {}
    assert profit(result) == pytest.approx(400)
    own = solved(changed(("{rate: 0 %}", "{rate: 50 %}"), ("lifetime: 2 a", "lifetime: 2 a, rate: 20 %")))
    assert profit(own) == pytest.approx(400 + 70 * (10 - 12 * 0.2 / (1 - 1.2**-2)))


def test_cash_is_paid_in_full_so_the_last_year_is_too_late_to_build() -> None:
    """A t/a of years 1 and 2 earns 20 − 12 = 8, one of year 3 earns 10 − 12. 240 buy 20 a year: 400 + 240."""
    cash = changed(("{rate: 0 %}", "{method: cash, budget: 240 CNY/a}"))
    result = solved(cash)
    assert profit(result) == pytest.approx(640)
    assert "y3" not in built(result)


def test_a_budget_that_binds_speaks_of_its_line() -> None:
    """A budget of 120 allows 10 a year: 400 + 20·8; it binds in two years, and one more t/a in them earns 8 for 12."""
    result = solved(changed(("{rate: 0 %}", "{method: cash, budget: 120 CNY/a}")))
    assert profit(result) == pytest.approx(560)
    limit = {limit.path: limit for limit in result.limits}["investment.budget"]
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(240), pytest.approx(8 / 12), "CNY")
    assert limit.what == "investment budget"


def test_a_largest_new_capacity_holds_at_any_time() -> None:
    """10, 15 and 15 t/a stand: 400 + 40·4. One more in years 3 and 4 earns 4 each; the limit speaks for one year."""
    result = solved(changed(("lifetime: 2 a", "lifetime: 2 a, max: 15 t/a")))
    assert profit(result) == pytest.approx(560)
    limit = {limit.path: limit for limit in result.limits}["parks.works.plants.new.build.max"]
    assert (limit.bound, limit.unit, limit.what) == (pytest.approx(15), "t/a", "largest new capacity of Maker")
    assert limit.value > 0


def test_new_capacity_pays_the_fixed_cost_of_the_plant_and_keeps_its_largest_run() -> None:
    fixed = changed(("availability: 50 %", "availability: 50 %\n        fixed_cost: 1 CNY/t"))
    assert profit(solved(fixed)) == pytest.approx(680 - 70)
    capped = changed(("availability: 50 %", "availability: 50 %\n        run: {max: 5 t/a}"))
    assert profit(solved(capped)) == pytest.approx(400 + 30 * 4)


def test_the_json_result_lists_what_is_built() -> None:
    document = json.loads(dump_result(solved(TEXT)))
    jsonschema.validate(document, result_schema())
    assert [(build["id"], build["period"]) for build in document["builds"]] == [
        ("new", "y1"), ("new", "y2"), ("new", "y3")
    ]  # fmt: skip


def test_a_retired_plant_loses_its_minimum_load_but_not_its_contract() -> None:
    load = changed(("10 t/a, retire_by", "10 t/a, min_load: 40 %, retire_by"))
    assert solved(load).status == "optimal"
    contract = changed(("10 t/a, retire_by", "10 t/a, run: {min: 2 t/a}, retire_by"))
    assert solved(contract).status == "infeasible"


MISTAKES = {
    "no rate": (("investment: {rate: 0 %}\n", ""), "interest rate of the annuity is missing", "`rate: 6 %`", "build:"),
    "unknown period": (("retire_by: y3", "retire_by: y9"), "there is no period `y9`", "y", "y9"),
    "cost of a tonne": (("12 CNY/(t/a)", "12 CNY/t"), "`12 CNY/t`", "", "12 CNY/t"),
    "no lifetime": ((", lifetime: 2 a", ""), "the key `lifetime` is missing", "add `lifetime", "build:"),
    "lifetime of nothing": (("lifetime: 2 a", "lifetime: 0 a"), "without lifetime never runs", "20 a", "0 a}"),
    "unlimited": (
        ("capacity: 0 t/a", "capacity: unlimited"), "unlimited capacity has nothing to build", "0 t/a", "build:",
    ),
    "minimum load": (
        ("availability: 50 %", "min_load: 50 %"), "a plant with `build` cannot have", "of its own", "new:",
    ),
    "retire unlimited": (("capacity: 10 t/a", "capacity: unlimited"), "`retire_by` needs a stated capacity", "", "y3}"),
    "lump": (("lifetime: 2 a", "lifetime: 2 a, lump: 5 t/a"), "unknown key `lump` in a build", "", "lump"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(name: str) -> None:
    edit, what, mend, at = MISTAKES[name]
    text = changed(edit)
    with pytest.raises(InputError) as caught:
        build_network(tree_of(text).case())
    problem = next(problem for problem in caught.value.problems if what in problem.what)
    assert mend in problem.mend
    assert problem.position is not None
    assert problem.position.line == text[: text.index(at)].count("\n") + 1
