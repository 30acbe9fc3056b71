"""A plant is on or off, worked by hand.

Two plants serve a demand of 12, 2, 12 and 2 t at 30. The furnace makes 10 t at 20, at least 5 while it is on, and a
start costs 15. The peaker makes 3 t at 28 and runs as it likes. What is made too much is thrown away at 5.

With the furnace on in periods 1 and 3: 10·10 + 2·2 there, 2·2 in 2 and 4, two starts: 2·104 + 2·4 − 2·15 = 186.
On in period 2 the furnace would make 5, sell 2 and discard 3: 60 − 100 − 15 = −55.
"""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pyomo.environ as pyo
import pytest

from hello import TEXT, edit, network_of, solved, tree_of, value
from networks import Offer, Plant, Works, bounds, floats, ints, row, sides
from parkloop.flows.build import build_network
from parkloop.flows.network import Network
from parkloop.flows.plant_tables import Commitments
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.models.indicator import column_amounts
from parkloop.models.pyomo_model import to_pyomo
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from parkloop.solver.certificate import certify
from parkloop.solver.highs import solve
from parkloop.solver.session import Session


def works(start_cost: float = 15.0, min_up: float = 0.0, min_down: float = 0.0, scale: float = 1.0) -> Network:
    network = Works(
        plants={
            "furnace": Plant({"steel": 1.0}, upper=10 * scale, variable_cost=20),
            "peaker": Plant({"steel": 1.0}, upper=3 * scale, variable_cost=28),
        },
        offers=[
            Offer("sell", "steel", 30.0, upper=tuple(scale * demand for demand in (12, 2, 12, 2))),
            Offer("discard", "steel", 5.0),
        ],
        weight=(1, 1, 1, 1),
    ).network()
    table = Commitments(
        plant=ints([0]),
        least=np.full((4, 1), 5.0 * scale),
        start_cost=floats([start_cost * scale]),
        min_up=floats([min_up]),
        min_down=floats([min_down]),
        origin=ints([0]),
        least_origin=ints([0]),
    )
    return replace(network, commitments=table)


def schedule(network: Network) -> tuple[list[int], float]:
    program = compile_program(network)
    solution = solve(program)
    assert solution.objective is not None and solution.column_value is not None
    return program.whole("on", solution.column_value)[:, 0].astype(int).tolist(), solution.objective


def test_the_rows_say_the_law() -> None:
    program = compile_program(works(min_up=2.0, scale=1e6))
    flow = program.flow_scale
    assert flow > 1
    run, on = "run[works.furnace,p2]", "on[works.furnace,p2]"
    assert bounds(program, run) == (0, np.inf)
    assert row(program, "on_most[works.furnace,p2]") == {run: 1, on: -10e6 / flow}
    assert row(program, "on_least[works.furnace,p2]") == {run: 1, on: -5e6 / flow}
    assert row(program, "switch[works.furnace,p1]") == {
        "on[works.furnace,p1]": 1, "on[works.furnace,p4]": -1,
        "start[works.furnace,p1]": -1, "stop[works.furnace,p1]": 1,
    }  # fmt: skip
    assert row(program, "stay_on[works.furnace,p3]") == {
        "start[works.furnace,p2]": 1, "start[works.furnace,p3]": 1, "on[works.furnace,p3]": -1
    }  # fmt: skip
    assert row(program, "stay_off[works.furnace,p3]") == {"stop[works.furnace,p3]": 1, "on[works.furnace,p3]": 1}
    assert sides(program, "stay_off[works.furnace,p3]")[1] == program.flow_scale


def test_a_start_is_remembered_over_periods_of_unequal_length() -> None:
    """Periods of 1, 3, 1 and 1 a, and two and a half years on after a start: the third, after three, remembers none."""
    network = works(min_up=2.5)
    periods = replace(network.periods, duration=floats([1, 3, 1, 1]))
    program = compile_program(replace(network, periods=periods))
    starts = {
        period: sorted(name[-3:-1] for name in row(program, f"stay_on[works.furnace,{period}]") if "start" in name)
        for period in ("p1", "p2", "p3", "p4")
    }
    assert starts == {"p1": ["p1", "p3", "p4"], "p2": ["p1", "p2", "p4"], "p3": ["p3"], "p4": ["p3", "p4"]}


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e6])
def test_the_furnace_stops_where_its_least_load_finds_no_buyer(scale: float) -> None:
    on, profit = schedule(works(scale=scale))
    assert on == [1, 0, 1, 0]
    assert profit == pytest.approx(186 * scale)


def test_dear_starts_keep_the_furnace_on() -> None:
    """Always on there is no start: 2·104 − 2·55 = 98, against 216 − 2·100 with two starts and 157 − 100 with one."""
    assert schedule(works(start_cost=100)) == ([1, 1, 1, 1], pytest.approx(98))


def test_a_least_time_on_makes_a_start_last() -> None:
    """On in both good periods and one between them, with one start: 2·104 − 55 + 4 − 15 = 142; always on is 98."""
    on, profit = schedule(works(min_up=2))
    assert profit == pytest.approx(142)
    assert sum(on) == 3


def test_a_least_time_off_makes_a_stop_last() -> None:
    """On in one of the good periods: 104 − 15, the peaker gets 3·2 of the other and 2·2 twice: 103; always on is 98."""
    on, profit = schedule(works(min_down=2))
    assert profit == pytest.approx(103)
    assert sum(on) == 1


def test_prices_and_limits_hold_with_the_furnace_left_as_it_is() -> None:
    """In periods 1 and 3 one more t of furnace saves the peaker 28 − 20 = 8; off, it is worth nothing.

    It binds at 10 t in each of them: one line, 20 t."""
    result = run_case(works())
    assert result.status == "optimal"
    assert [limit.value for limit in result.limits if limit.bound == pytest.approx(20)] == [pytest.approx(8)]
    prices = {price.period: price.value for price in result.prices}
    assert prices["p1"] == pytest.approx(28)
    assert any("as it is" in caveat for caveat in result.caveats)
    assert any("other answers" in caveat for caveat in result.caveats)
    assert "switched" in result.reason


def test_starts_are_booked_like_a_variable_cost() -> None:
    result = run_case(works())
    values = {name: measure.value for name, measure in result.indicators.items()}
    assert values["revenue"] == pytest.approx(30 * 28)
    assert values["profit"] == values["value_added"] == pytest.approx(186)
    assert values["cost"] == pytest.approx(30 * 28 - 186)


def test_flows_beside_whole_numbers_are_no_whole_numbers() -> None:
    program = compile_program(works(scale=1e6))
    x = np.full(program.columns, 2.4) * program.flow_scale
    assert column_amounts(program, "on", x).tolist() == [[2], [2], [2], [2]]
    assert column_amounts(program, "run", x)[0].tolist() == pytest.approx([2.4 * program.flow_scale] * 2)


def test_the_certificate_sees_a_number_that_is_not_whole_and_a_bound_that_is_far() -> None:
    program = compile_program(works())
    solution = solve(program)
    proof = certify(program, solution)
    assert proof.holds and proof.wholeness < 1e-9 and proof.bound_gap <= 1e-6
    assert solution.column_value is not None and solution.objective is not None
    half = solution.column_value.copy()
    half[np.flatnonzero(program.integral)[0]] += 0.4 * program.flow_scale
    assert certify(program, replace(solution, column_value=half)).wholeness == pytest.approx(0.4)
    assert not certify(program, replace(solution, column_value=half)).holds
    far = certify(program, replace(solution, bound=solution.objective * 1.01))
    assert not far.holds and far.bound_gap == pytest.approx(0.01)
    assert certify(program, replace(solution, bound=solution.objective * 1.01, mip_gap=0.02)).holds  # as was asked for
    assert certify(
        program, replace(solution, bound=solution.objective * 1.5, mip_gap=0.5)
    ).holds  # and no more than that
    nearly = solution.column_value.copy()
    nearly[program.column_names().index("start[works.furnace,p2]")] = 1e-6 * program.flow_scale
    assert certify(program, replace(solution, column_value=nearly)).wholeness == 1e-6
    assert certify(program, replace(solution, column_value=nearly)).holds


@pytest.mark.parametrize(("value", "outside"), [(3.0, 2.0), (-2.0, 2.0), (1.0, 0.0), (0.0, 0.0)])
def test_the_certificate_sees_a_whole_number_beyond_its_bounds(value: float, outside: float) -> None:
    """On or off is 1 or 0: three times on is two too many, though it is whole."""
    program = compile_program(works())
    solution = solve(program)
    assert solution.column_value is not None
    other = solution.column_value.copy()
    other[np.flatnonzero(program.integral)[0]] = value * program.flow_scale
    found = certify(program, replace(solution, column_value=other))
    assert found.wholeness == pytest.approx(outside, abs=1e-9)
    assert not (found.holds and outside)


def test_pyomo_finds_the_same_optimum() -> None:
    program = compile_program(works(min_down=2))
    model = to_pyomo(program)
    pyo.SolverFactory("appsi_highs").solve(model)
    assert pyo.value(model.objective) * program.objective_scale == pytest.approx(103)


def test_a_live_model_is_an_integer_program_again_after_its_prices() -> None:
    program = compile_program(works())
    with Session(program) as session:
        assert session.solve().objective == pytest.approx(186)
        session.change_costs(program.cost * 2)
        assert session.solve().objective == pytest.approx(372)
        session.restore()
        second = session.solve()
    assert second.objective == pytest.approx(186)
    assert certify(program, second).holds


KILNS = """
case: rest
title: {en: A kiln that cannot run}
materials:
  rock: {name: {en: Rock}, class: raw, composition: {inert: 100 %}}
  slag: {name: {en: Slag}, class: byproduct, composition: {CaO: 1.8 %, inert: 98.2 %}}
  sand: {name: {en: Sand}}
  lime: {name: {en: Lime}}
processes:
  kiln:
    name: {en: Kiln}
    per: 1 t lime
    inputs:
      blend:
        need: 0.1 t CaO
        from:
          rock: {gives: 0.415, outputs: {sand: 1.275 t}}
          slag: {gives: 1.239, min_share: 2 %, max_share: 25 %}
        limits: {CaO: {min: 0.7 %}}
    outputs: {slag: 0.679 t}
    closure: {gap: 100 %, because: worked by hand}
parks:
  north:
    name: {en: North}
    plants: {kiln: {capacity: 10 t/a}}
    buy: {rock: {price: 5 CNY/t}}
    sell: {sand: {price: 24 CNY/t}, lime: {price: 700 CNY/t}, slag: {price: 2 CNY/t}}
  south:
    name: {en: South}
    plants: {kiln: {capacity: 10 t/a, on_off: {min_load: 5 %}}}
    buy: {rock: {price: 5 CNY/t}}
    sell: {sand: {price: 24 CNY/t}, lime: {price: 480 CNY/t}}
objective: {maximise: profit}
"""
"""Blends of at most 25 % slag by CaO hold 0.18 % of it, not 0.7 %: neither kiln can run."""


def test_dear_goods_of_kilns_that_cannot_run_are_no_bound() -> None:
    """At 700 CNY/t what a kiln runs within the tolerance of HiGHS is worth 0.01 CNY, and nothing can be earned."""
    assert value(solved(KILNS), "profit") == pytest.approx(0, abs=1e-9)


def test_an_impossible_switch_is_infeasible() -> None:
    """The furnace must make 1 t in each period: on, it makes 5, and in the thin periods only 2 find a buyer."""
    network = works()
    plants = replace(network.plants, lower=np.ones((4, 2)) * [1.0, 0.0])
    shut = replace(network.steps, upper=np.where([True, False], network.steps.upper, 0.0))
    assert solve(compile_program(replace(network, plants=plants, steps=shut))).status == "infeasible"


TRADE = """case: trade
title: {en: A mill that uses and makes steam}
materials: {ore: {name: {en: Ore}}, meal: {name: {en: Meal}}, steam: {name: {en: Steam}, unit: GJ}}
processes:
  mine: {name: {en: Mine}, per: 0.5 t ore, closure: {gap: 100 %, because: only numbers}}
  mill:
    name: {en: Mill}
    per: 1 t ore
    inputs: {ore: 1 t, heat: {need: 1.5 GJ heat, from: {steam: {gives: 0.2 GJ/GJ}}}}
    outputs: {meal: 1 t, steam: 0.2 GJ}
parks:
  works:
    name: {en: Works}
    plants: {mill: {capacity: 300 t/a, on_off: {min_load: 66 %}}, mine: {capacity: 300 t/a}}
    buy: {steam: {price: 147 CNY/GJ}}
    sell:
      steam: {price: 280 CNY/GJ}
      meal: {min: NEEDED, steps: [{price: 640 CNY/t, max: 245 t/a}, {price: 595 CNY/t}]}
objective: {maximise: profit}
"""


@pytest.mark.parametrize(("needed", "status"), [("31 t/a", "unbounded"), ("301 t/a", "infeasible")])
def test_money_without_limit_beside_a_plant_that_may_be_off_is_told_from_an_impossible_order(
    needed: str, status: str
) -> None:
    """Steam is bought at 147 and sold at 280 without limit; of 300 t of meal 31 t can be sold, 301 t cannot."""
    with patch("parkloop.flows.build.contradictions", return_value=[]):
        network = network_of(TRADE.replace("NEEDED", needed))
    assert solve(compile_program(network)).status == status


KILN = "clinker_kiln:        {company: cement_works, capacity: 300 kt/a, variable_cost: 120 CNY/t}"
SWITCHED = KILN.replace("capacity: 300 kt/a", "capacity: 300 kt/a, availability: 90 %, on_off: {ON_OFF}")


def switched(on_off: str) -> str:
    return edit(KILN, SWITCHED.replace("ON_OFF", on_off))


def test_the_language_of_a_plant_that_is_on_or_off() -> None:
    network = network_of(switched("min_load: 40 %, start_cost: 3 kCNY, min_up: 8760 h, min_down: 73 d"))
    table = network.commitments
    assert [network.plants.label[p].id for p in table.plant] == ["clinker_kiln"]
    assert table.least[0].tolist() == pytest.approx([0.4 * 270e3])
    assert (table.start_cost[0], table.min_up[0], table.min_down[0]) == pytest.approx((3000, 1, 0.2))
    assert network.origins[table.least_origin[0]].path == "parks.demo.plants.clinker_kiln.on_off.min_load"


def test_a_kiln_that_cannot_sell_its_least_load_is_off() -> None:
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 100 kt/a}", switched("min_load: 40 %"))
    assert run_of(solved(text)) == pytest.approx(0)
    more = edit("clinker: {price: 260 CNY/t, max: 100", "clinker: {price: 260 CNY/t, max: 110", text)
    assert run_of(solved(more)) == pytest.approx(110e3)


def run_of(result: Result) -> float:
    return next(plant.run for plant in result.plants if plant.plant == "clinker_kiln")


def test_a_least_load_that_binds_while_on_speaks_of_its_line() -> None:
    """At a price of 100 clinker loses; a contract of 50 kt keeps the kiln on at 108 kt, all sold at a loss."""
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 100 CNY/t, min: 50 kt/a}", switched("min_load: 40 %"))
    result = solved(text)
    assert run_of(result) == pytest.approx(108e3)
    limit = {limit.path: limit for limit in result.limits}["parks.demo.plants.clinker_kiln.on_off.min_load"]
    assert limit.bound == pytest.approx(108e3)
    assert limit.value < 0
    assert limit.what == "minimum load of Clinker kiln"


MISTAKES = {
    "no least load": (switched("start_cost: 5 CNY"), "the key `min_load` is missing", "add `min_load"),
    "unknown key": (switched("min_load: 40 %, start: 5 CNY"), "unknown key `start` in on_off", "start_cost"),
    "money a tonne": (switched("min_load: 40 %, start_cost: 5 CNY/t"), "`5 CNY/t`", "CNY"),
    "time without unit": (switched("min_load: 40 %, min_up: 8"), "the unit is missing in `8`", "8 a"),
    "unlimited": (
        switched("min_load: 40 %").replace("capacity: 300 kt/a", "capacity: unlimited"),
        "a plant of unlimited capacity cannot be on or off", "state its capacity",
    ),
    "two least loads": (
        switched("min_load: 40 %").replace("capacity: 300 kt/a", "capacity: 300 kt/a, min_load: 20 %"),
        "`min_load` says that the plant cannot stop", "keep that of `on_off`",
    ),
    "modes": (
        switched("min_load: 40 %").replace(
            "capacity: 300 kt/a", "modes: {a: {process: clinker_kiln}}, capacity: 300 kt/a"
        ),
        "a plant with modes cannot be on or off", "a plant of its own",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(name: str) -> None:
    text, what, mend = MISTAKES[name]
    assert text != TEXT
    with pytest.raises(InputError) as caught:
        build_network(tree_of(text).case())
    problem = next(problem for problem in caught.value.problems if what in problem.what)
    assert mend in problem.mend
    assert problem.position is not None
    assert problem.position.line == text[: text.index("on_off")].count("\n") + 1
