"""The Pyomo export is the same program: another compiler and another interface give the same answer."""

import numpy as np
import pyomo.environ as pyo
import pytest

from networks import INF, Offer, Option, Plant, Policy, Slot, Works
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.models.pyomo_model import to_pyomo
from parkloop.solver.highs import solve

PARK = Works(
    plants={
        "kiln": Plant({"clinker": 1.0, "power": -0.06}, lower=20, upper=1e6, fixed_cost=1000),
        "furnace": Plant({"carbide": 1.0, "coke": -0.6, "slag": 1.2}, upper=(3e5, 2e5)),
    },
    slots={
        "lime": Slot("kiln", 0.65, [Option("stone", 0.53, entries={"co2": 0.42}), Option("slag", 0.64, max_share=0.6)])
    },
    offers=[
        Offer("buy", "power", 400.0),
        Offer("buy", "coke", steps=[(1500.0, 1e5), (1800.0, INF)]),
        Offer("buy", "stone", (40.0, 50.0)),
        Offer("sell", "clinker", 250.0, upper=4e5),
        Offer("sell", "carbide", 2500.0),
        Offer("discard", "slag", 30.0),
        Offer("discard", "co2"),
    ],
    accounts={"co2": [("discarded", "co2", 1.0)]},
    policies={"cap": Policy("co2", upper=150_000.0)},
    weight=(1.0, 2.0),
)


@pytest.mark.parametrize("solver", ["appsi_highs", "highs"])
@pytest.mark.parametrize("objective", [("profit", True), ("cost", False)])
def test_pyomo_and_its_own_interfaces_find_the_same_optimum_and_shadow_prices(solver, objective):
    works = Works(**{**PARK.__dict__, "objective": objective[0], "maximise": objective[1]})
    program = compile_program(works.network())
    ours = solve(program)
    model = to_pyomo(program)
    pyo.SolverFactory(solver).solve(model)
    assert pyo.value(model.objective) * program.objective_scale == pytest.approx(ours.objective, rel=1e-7)
    price = program.objective_scale / program.flow_scale
    for name, dual in zip(program.row_names(), ours.row_dual, strict=True):
        assert model.dual[find(model, name)] * price == pytest.approx(dual, rel=1e-7, abs=1e-7), name


def test_every_column_and_row_is_found_under_its_own_name():
    program = compile_program(PARK.network())
    model = to_pyomo(program)
    variables = {v.name.replace("'", "") for v in model.component_data_objects(pyo.Var)}
    constraints = {c.name.replace("'", "") for c in model.component_data_objects(pyo.Constraint)}
    assert variables == set(program.column_names())
    assert constraints == set(program.row_names())


def test_bounds_and_sides_are_those_of_the_program():
    program = compile_program(PARK.network())
    model = to_pyomo(program)
    run = model.run["works.kiln", "p1"]
    scale = program.flow_scale
    assert (run.lb * scale, run.ub * scale) == pytest.approx((20, 1e6))
    assert model.policy["cap"].upper * scale == pytest.approx(150_000)


def test_an_offer_nobody_can_serve_stays_infeasible_in_pyomo():
    works = Works(**{**PARK.__dict__, "offers": [*PARK.offers, Offer("sell", "gold", lower=1, companies=())]})
    program = compile_program(works.network())
    assert solve(program).status == "infeasible"
    result = pyo.SolverFactory("highs").solve(
        to_pyomo(program), load_solutions=False, raise_exception_on_nonoptimal_result=False
    )
    assert "nfeasible" in str(result.solver.termination_condition)


def test_a_row_that_bounds_nothing_is_left_out_and_an_empty_one_that_does_is_kept():
    """One flow; a row of it that is open to both sides, and a row of nothing that asks for 1."""
    build = ProgramBuilder("two rows", ["year"], np.ones(1))
    build.add_columns("x", 1, names=lambda: ["x[a]"])
    build.add_rows("r", 2, names=lambda: ["r[open]", "r[empty]"], lower=[[-np.inf, 1.0]])
    build.add_terms("r", [0], "x", [0], [1.0])
    model = to_pyomo(build.program())
    assert list(model.r) == [("empty", "year")]
    assert model.r["empty", "year"].lower == 1


def test_an_empty_park_is_an_empty_model():
    model = to_pyomo(compile_program(Works().network()))
    assert not list(model.component_data_objects(pyo.Var))
    assert np.isclose(pyo.value(model.objective), 0.0)


def find(model, name):
    word, inside = name[:-1].split("[", 1)
    index = tuple(inside.split(","))
    return model.component(word)[index if len(index) > 1 else index[0]]
