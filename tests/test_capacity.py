"""A plant runs between its minimum load and its capacity."""

import pytest

from networks import INF, Offer, Plant, Works, bounds
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve

TWO_PLANTS = Works(
    plants={
        "loss_maker": Plant({"brine": 1.0}, lower=40, upper=90),
        "earner": Plant({"salt": 1.0}, upper=(50.0)),
        "unlimited": Plant({"water": 1.0}),
    },
    offers=[Offer("discard", "brine", 2.0), Offer("sell", "salt", 3.0), Offer("discard", "water", 1.0)],
)


def test_minimum_load_and_capacity_bound_the_run():
    program = compile_program(TWO_PLANTS.network())
    assert bounds(program, "run[works.loss_maker,year]") == pytest.approx((40, 90))
    assert bounds(program, "run[works.earner,year]") == pytest.approx((0, 50))
    assert bounds(program, "run[works.unlimited,year]") == (0, INF)


def test_a_plant_that_loses_money_runs_at_its_minimum_and_one_that_earns_at_its_capacity():
    """50 · 3 − 40 · 2 = 70."""
    program = compile_program(TWO_PLANTS.network())
    solution = solve(program)
    run = program.column_view("run", solution.column_value)[0]
    assert run.tolist() == pytest.approx([40, 50, 0])
    assert solution.objective == pytest.approx(70)


def test_the_dual_of_a_capacity_is_what_one_more_unit_of_it_earns():
    """One more unit of salt capacity earns 3; one more unit of minimum load costs 2."""
    program = compile_program(TWO_PLANTS.network())
    dual = program.column_view("run", solve(program).column_dual)[0]
    assert dual.tolist() == pytest.approx([-2, 3, -1])


def test_bounds_may_differ_between_periods():
    works = Works(plants={"pond": Plant({"salt": 1.0}, lower=(0, 5), upper=(10, 20))}, weight=(1, 1))
    program = compile_program(works.network())
    assert bounds(program, "run[works.pond,p1]") == pytest.approx((0, 10))
    assert bounds(program, "run[works.pond,p2]") == pytest.approx((5, 20))


def test_a_minimum_above_the_capacity_is_infeasible_and_named_in_user_units():
    works = Works(plants={"pond": Plant({"salt": 1.0}, lower=5e6, upper=2e6)})
    solution = solve(compile_program(works.network()))
    assert solution.status == "infeasible"
    assert solution.reason == "run[works.pond,year] must be at least 5e+06 and at most 2e+06"
