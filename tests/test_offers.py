"""Price steps and offers keep their bounds, by all who use them together."""

import numpy as np
import pytest

from networks import INF, Offer, Plant, Works, bounds, row, sides
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve


def two_companies(*offers, east=INF, west=INF):
    """Two companies of one park burn coal: 1 t of coal for 1 MWh that earns 100 (east) or 90 (west)."""
    return Works(
        plants={
            "east_boiler": Plant({"heat_east": 1.0, "coal": -1.0}, upper=east, company="east"),
            "west_boiler": Plant({"heat_west": 1.0, "coal": -1.0}, upper=west, company="west"),
        },
        offers=[
            *offers,
            Offer("sell", "heat_east", 100.0, companies=("east",)),
            Offer("sell", "heat_west", 90.0, companies=("west",)),
        ],
        company_park={"east": "works", "west": "works"},
    )


def test_a_single_deal_is_bounded_as_a_column():
    works = Works(
        plants={"smelter": Plant({"metal": 1.0, "ore": -2.0})},
        offers=[Offer("buy", "ore", 5.0, upper=30, lower=10)],
    )
    program = compile_program(works.network())
    assert bounds(program, "buy[works.ore.1,year]") == pytest.approx((10, 30))
    assert not [name for name in program.row_names() if name.startswith(("limit", "least"))]


def test_two_companies_share_one_step_in_a_row():
    program = compile_program(two_companies(Offer("buy", "coal", 80.0, upper=50, companies=("east", "west"))).network())
    assert row(program, "limit[buy.works.coal.1,year]") == {
        "buy[works.east.coal.1,year]": 1.0,
        "buy[works.west.coal.1,year]": 1.0,
    }
    assert sides(program, "limit[buy.works.coal.1,year]") == pytest.approx((-INF, 50))
    assert bounds(program, "buy[works.east.coal.1,year]") == (0, INF)


def test_a_limit_of_several_deals_is_the_line_of_its_row_and_of_no_column():
    coal = Offer("buy", "coal", 80.0, upper=50, lower=10, companies=("east", "west"))
    network = two_companies(coal).network()
    program = compile_program(network)

    def paths(origins):
        return [network.origins[line].path if line >= 0 else line for line in origins.tolist()]

    assert paths(program.column_view("deal", program.lower_origin)[0]) == [
        -1,
        -1,
        "sell.heat_east.min",
        "sell.heat_west.min",
    ]
    assert paths(program.column_view("deal", program.upper_origin)[0]) == [-1, -1, "step.max", "step.max"]
    assert paths(program.row_view("limit", program.row_origin)[0]) == ["step.max"]
    assert paths(program.row_view("least", program.row_origin)[0]) == ["buy.coal.min"]


def test_the_company_that_earns_more_takes_the_shared_step():
    """50 t of coal at 80 all go east: 50 · (100 − 80) = 1000; one tonne more is worth 20."""
    program = compile_program(two_companies(Offer("buy", "coal", 80.0, upper=50, companies=("east", "west"))).network())
    solution = solve(program)
    assert solution.objective == pytest.approx(1000)
    assert program.row_view("limit", solution.row_dual)[0].tolist() == pytest.approx([20])


def test_steps_are_taken_in_the_order_of_their_price():
    """30 t at 80, then 20 t at 95 for the east (100 − 95 = 5 each): 30 · 20 + 20 · 5 = 700."""
    coal = Offer("buy", "coal", steps=[(80.0, 30.0), (95.0, INF)], companies=("east",))
    program = compile_program(two_companies(coal, east=50).network())
    solution = solve(program)
    flows = dict(zip(program.column_names(), solution.column_value, strict=True))
    assert flows["buy[works.east.coal.1,year]"] == pytest.approx(30)
    assert flows["buy[works.east.coal.2,year]"] == pytest.approx(20)
    assert solution.objective == pytest.approx(700)


def test_a_least_amount_over_several_deals_is_a_row_and_costs_what_it_costs():
    """At 98 only the east earns (2 on 10 t of capacity); the other 5 t of 15 go west at a loss of 8: 20 − 40."""
    coal = Offer("buy", "coal", 98.0, lower=15, companies=("east", "west"))
    program = compile_program(two_companies(coal, east=10).network())
    assert sides(program, "least[buy.works.coal,year]") == pytest.approx((15, INF))
    assert len(row(program, "least[buy.works.coal,year]")) == 2
    solution = solve(program)
    assert solution.objective == pytest.approx(-20)
    assert program.row_view("least", solution.row_dual)[0].tolist() == pytest.approx([-8])


def test_a_least_amount_that_nobody_can_deal_in_is_infeasible():
    works = Works(offers=[Offer("sell", "gold", 9.0, lower=1, companies=())])
    solution = solve(compile_program(works.network()))
    assert solution.status == "infeasible"
    works.offers.append(Offer("buy", "coal", 1.0))
    solution = solve(compile_program(works.network()))
    assert solution.reason == "nothing flows in least[sell.works.gold,year], which must not be zero"


def test_limits_and_prices_may_differ_between_periods():
    """Coal: 10 t at 80 in the first period, unlimited at 99 in the second: 10 · 20 + 50 · 1."""
    coal = Offer("buy", "coal", (80.0, 99.0), upper=(10.0, INF), companies=("east", "west"))
    works = two_companies(coal, east=50)
    works.weight = (1.0, 1.0)
    program = compile_program(works.network())
    np.testing.assert_allclose(program.row_view("limit", program.row_upper) * program.flow_scale, [[10], [INF]])
    assert solve(program).objective == pytest.approx(250)
