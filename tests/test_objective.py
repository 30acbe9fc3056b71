"""The objective is one account, summed over parks and weighted periods, with its constant."""

import pytest

from networks import Offer, Plant, Works
from parkloop.models.compile import compile_program
from parkloop.models.indicator import account_values
from parkloop.models.program import ProgramError
from parkloop.solver.highs import solve


def plants(**more):
    """Heat is worth 9 from gas at 4 or from coal at 2 with 3 t of CO2, 10 units wanted of each period's market."""
    return Works(
        plants={
            "gas_boiler": Plant({"heat": 1.0, "gas": -1.0}, fixed_cost=5.0),
            "coal_boiler": Plant({"heat": 1.0, "coal": -1.0, "co2": 3.0}),
        },
        offers=[
            Offer("buy", "gas", 4.0),
            Offer("buy", "coal", 2.0),
            Offer("sell", "heat", 9.0, lower=10, upper=10),
            Offer("discard", "co2"),
        ],
        accounts={"co2": [("discarded", "co2", 1.0)]},
        ratios={"intensity": ("co2", "revenue")},
        weight=(1.0, 2.0),
        **more,
    )


@pytest.mark.parametrize(
    ("name", "maximise", "value", "unit"),
    [
        ("profit", True, 3 * (10 * 7 - 5), "CNY"),
        ("cost", False, 3 * (10 * 2 + 5), "CNY"),
        ("revenue", True, 3 * 90, "CNY"),
        ("value_added", True, 3 * 70, "CNY"),
        ("co2", False, 0, "t"),
        ("co2", True, 3 * 30, "t"),
    ],
)
def test_any_account_can_be_the_objective(name, maximise, value, unit):
    """Three weighted periods of 10 units of heat: from coal unless CO2 is minimised; 5 are fixed."""
    network = plants(objective=name, maximise=maximise).network()
    program = compile_program(network)
    solution = solve(program)
    assert solution.objective == pytest.approx(value, abs=1e-9)
    assert program.objective_unit == unit
    account = network.indicators.account[network.objective]
    reported = account_values(network, program, solution.column_value)[account].sum()
    assert reported == pytest.approx(solution.objective, abs=1e-9)


def test_a_ratio_cannot_be_the_objective():
    with pytest.raises(ProgramError, match="`intensity` is a ratio"):
        compile_program(plants(objective="intensity").network())


def test_scales_can_be_taken_over_from_another_program():
    small, large = plants(), plants()
    large.offers[2] = Offer("sell", "heat", 9.0, upper=1e7)
    base = compile_program(small.network())
    other = compile_program(large.network(), like=base)
    assert (other.flow_scale, other.objective_scale) == (base.flow_scale, base.objective_scale)
    assert solve(other).objective == pytest.approx(solve(compile_program(large.network())).objective)
