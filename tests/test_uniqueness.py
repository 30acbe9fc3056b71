"""Flows that could be different at the same best objective are marked."""

import numpy as np
import pytest

from networks import Offer, Plant, Policy, Works
from parkloop.models.compile import compile_program
from parkloop.solver import uniqueness
from parkloop.solver.session import Session
from parkloop.solver.uniqueness import non_unique


def marked(works):
    """Names of the columns that are marked."""
    program = compile_program(works.network())
    with Session(program) as session:
        solution = session.solve()
        moves = non_unique(program, solution, session)
        again = session.solve()
    assert again.objective == pytest.approx(solution.objective)
    np.testing.assert_array_equal(again.column_value, solution.column_value)
    return {name for name, move in zip(program.column_names(), moves, strict=True) if move}


def boilers(cost=(1.0, 1.0), **more):
    """Two boilers for 10 units of heat, each 8 at most; which one runs is a matter of cost."""
    return Works(
        plants={
            "east": Plant({"heat": 1.0}, upper=8.0, variable_cost=cost[0]),
            "west": Plant({"heat": 1.0}, upper=8.0, variable_cost=cost[1]),
            "mill": Plant({"flour": 1.0, "heat": -1.0}, upper=10.0),
        },
        offers=[Offer("sell", "flour", 5.0)],
        **more,
    )


def test_two_equal_boilers_share_a_demand_in_any_way():
    assert marked(boilers()) == {"run[works.east,year]", "run[works.west,year]"}


def test_the_cheaper_boiler_runs_first_and_nothing_is_marked():
    assert marked(boilers((1.0, 2.0))) == set()


def test_only_the_period_with_equal_prices_is_marked():
    """Fuel costs the same in the second period only."""
    works = boilers()
    works.plants["east"].recipe = {"heat": 1.0, "gas": -1.0}
    works.plants["west"].recipe = {"heat": 1.0, "coal": -1.0}
    works.offers += [Offer("buy", "gas", (3.0, 2.0)), Offer("buy", "coal", (1.0, 2.0))]
    works.weight = (1.0, 1.0)
    assert marked(works) == {
        *("run[works.east,p2]", "run[works.west,p2]"),
        *("buy[works.gas.1,p2]", "buy[works.coal.1,p2]"),
    }


def test_a_free_circle_between_companies_is_marked_although_it_has_no_bound():
    """Slag may go round between two companies for nothing."""
    works = Works(
        plants={
            "furnace": Plant({"slag": 1.0}, lower=5.0, upper=5.0, company="east"),
            "mill": Plant({"cement": 1.0, "slag": -1.0}, upper=10.0, company="west"),
        },
        offers=[Offer("sell", "cement", 3.0, companies=("west",))],
        exchanges=[("slag", "east", "west"), ("slag", "west", "east")],
        company_park={"east": "works", "west": "works"},
    )
    assert marked(works) == {
        "exchange[works.east.slag,works.west.slag,year]",
        "exchange[works.west.slag,works.east.slag,year]",
    }


def test_a_degenerate_but_unique_optimum_is_not_marked():
    """The mill's capacity and the boilers' together bind at once: 16 of heat for 16 of flour."""
    works = boilers((1.0, 2.0))
    works.plants["mill"].upper = 16.0
    assert marked(works) == set()


def test_an_objective_that_ignores_everything_marks_whatever_may_flow():
    works = boilers(objective="value_added")
    works.offers = [Offer("sell", "flour", 0.0)]
    works.plants["east"].variable_cost = works.plants["west"].variable_cost = 0.0
    assert marked(works) == {
        "run[works.east,year]",
        "run[works.west,year]",
        "run[works.mill,year]",
        "sell[works.flour.1,year]",
    }


def test_a_binding_cap_stays_full_while_its_share_moves():
    """10 t of CO2 may be made by either boiler, but all 10 t are made: the mill's 10 t of flour are sure."""
    works = boilers()
    works.plants["mill"].upper = 100.0
    for name in ("east", "west"):
        works.plants[name].recipe = {"heat": 1.0, "co2": 1.0}
    works.offers.append(Offer("discard", "co2"))
    works.accounts = {"co2": [("discarded", "co2", 1.0)]}
    works.policies = {"cap": Policy("co2", upper=10.0)}
    assert marked(works) == {"run[works.east,year]", "run[works.west,year]"}


def test_a_vertex_with_no_zero_dual_is_not_searched(monkeypatch):
    monkeypatch.setattr(uniqueness, "_ends", lambda *_: pytest.fail("searched"))
    assert marked(boilers((1.0, 2.0))) == set()


def test_an_infeasible_answer_has_no_flows_to_mark():
    program = compile_program(Works(plants={"a": Plant({"b": 1.0}, lower=1.0)}).network())
    with Session(program) as session, pytest.raises(ValueError, match="infeasible has no flows"):
        non_unique(program, session.solve(), session)


def test_scaled_programs_are_marked_alike():
    """The same two boilers in millions of tonnes."""
    works = boilers()
    for plant in works.plants.values():
        plant.upper = plant.upper * 1e6
    assert marked(works) == {"run[works.east,year]", "run[works.west,year]"}
