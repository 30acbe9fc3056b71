"""Routes carry materials from park to park: the law on a park that makes slag and one that uses it.

The steel works makes 0.3 t of slag per tonne and 100 t of steel at 10; the cement works in the city uses 0.5 t of slag
per tonne and makes at most 40 t of cement at 4. Slag costs 1 a tonne to discard and 2 to send, and a fifth of it is
lost: a tonne sent earns 0.8 / 0.5 · 4 + 1 − 2 = 5.4.
"""

import numpy as np
import pytest

from networks import INF, Offer, Plant, Route, Works, bounds, row, sides
from parkloop.models.compile import compile_program
from parkloop.models.indicator import account_values
from parkloop.reports.flows import FATES, flow_table
from parkloop.solver.highs import solve

SHIP = "ship[slag_train,hills.steel.slag,city.cement.slag,year]"


def steel_and_cement(*, weight=(1.0,), **more):
    """Two parks and the slag train between them; `more` is of the route or of the case."""
    of_route = {key: more.pop(key) for key in ("loss", "capacity", "adds", "cost") if key in more}
    slag_train = Route("slag", "steel", "cement", **{"cost": 2.0, "loss": 0.2, **of_route})
    return Works(
        plants={
            "steel_works": Plant({"steel": 1.0, "slag": 0.3}, upper=100, company="steel"),
            "mill": Plant({"cement": 1.0, "slag": -0.5}, upper=40, company="cement"),
        },
        offers=[
            Offer("sell", "steel", 10.0, companies=("steel",), park="hills"),
            Offer("sell", "cement", 4.0, companies=("cement",), park="city"),
            Offer("discard", "slag", 1.0, companies=("steel",), park="hills"),
        ],
        company_park={"steel": "hills", "cement": "city"},
        weight=weight,
        routes={"slag_train": slag_train},
        **more,
    )


def answer(works):
    program = compile_program(works.network())
    return program, solve(program)


def test_what_is_sent_leaves_one_balance_and_what_arrives_enters_the_other():
    program = compile_program(steel_and_cement().network())
    assert row(program, "balance[hills.steel.slag,year]")[SHIP] == -1.0
    assert row(program, "balance[city.cement.slag,year]")[SHIP] == pytest.approx(0.8)
    assert bounds(program, SHIP) == (0.0, INF)


def test_slag_of_one_park_is_feed_of_the_other():
    """20 t arrive of 25 t sent: 1000 + 160 − 50 − 5."""
    program, solution = answer(steel_and_cement())
    assert solution.objective == pytest.approx(1105)
    assert program.column_view("ship", solution.column_value)[0].tolist() == pytest.approx([25])


def test_freight_that_eats_up_the_gain_keeps_slag_at_home():
    """Sending at 8 loses 0.6 a tonne: 1000 − 30."""
    _, solution = answer(steel_and_cement(cost=8.0))
    assert solution.objective == pytest.approx(970)


def test_a_route_carries_at_most_its_capacity():
    """10 t sent: 1000 + 64 − 20 − 20; one more is worth 5.4."""
    program, solution = answer(steel_and_cement(capacity=10))
    assert row(program, "route[slag_train,year]") == {SHIP: 1.0}
    assert sides(program, "route[slag_train,year]") == (-INF, 10.0)
    assert solution.objective == pytest.approx(1024)
    assert program.row_view("route", solution.row_dual)[0].tolist() == pytest.approx([5.4])


def test_all_routes_of_a_mode_share_its_tonne_kilometres():
    """1000 t·km over 100 km are 10 t, and a t·km is worth a hundredth of 5.4; the longer road is not taken."""
    works = steel_and_cement(rail=1000)
    works.routes["long_way"] = Route("slag", "steel", "cement", distance=250, cost=2.0, loss=0.2)
    program, solution = answer(works)
    longer = SHIP.replace("slag_train", "long_way")
    assert row(program, "transport[rail,year]") == {SHIP: 100.0, longer: 250.0}
    assert solution.objective == pytest.approx(1024)
    assert program.row_view("transport", solution.row_dual)[0].tolist() == pytest.approx([0.054])


def test_each_route_has_a_capacity_of_its_own():
    """10 t by train, 5 t by a dearer van: 970 + 10·5.4 + 5·4.4; a costly way without limit stays idle."""
    works = steel_and_cement(capacity=10)
    works.routes["free"] = Route("slag", "steel", "cement", cost=9.0)
    works.routes["van"] = Route("slag", "steel", "cement", cost=3.0, loss=0.2, capacity=5)
    program, solution = answer(works)
    assert solution.objective == pytest.approx(970 + 54 + 22)
    assert program.column_view("ship", solution.column_value)[0].tolist() == pytest.approx([10, 0, 5])
    assert row(program, "route[van,year]") == {SHIP.replace("slag_train", "van"): 1.0}


def test_each_period_has_its_own_capacity():
    """10 t and 20 t may be sent; the second period counts twice: 1024 + 2·(970 + 20·5.4)."""
    _, solution = answer(steel_and_cement(capacity=(10, 20), weight=(1, 2)))
    assert solution.objective == pytest.approx(1024 + 2 * (970 + 20 * 5.4))


def test_a_route_may_be_limited_in_one_period_only():
    program = compile_program(steel_and_cement(capacity=(10, INF), weight=(1, 2)).network())
    assert sides(program, "route[slag_train,p1]") == (-INF, 10)
    assert sides(program, "route[slag_train,p2]") == (-INF, INF)


def test_unlimited_routes_have_no_rows():
    program = compile_program(steel_and_cement().network())
    assert not [name for name in program.row_names() if name.startswith(("route", "transport"))]


def test_freight_and_what_it_adds_are_booked_in_the_park_that_sends():
    """25 t at 2 cost 50 and add 0.5 each; of them 20 t are shipped, and 5 t lost besides 5 t discarded."""
    factors = {"co2": [], "shipped": [("shipped", "slag", 1.0)], "discarded": [("discarded", "slag", 1.0)]}
    network = steel_and_cement(accounts=factors, adds={"co2": 0.5}).network()
    program = compile_program(network)
    solution = solve(program)
    values = account_values(network, program, solution.column_value)
    account = dict(zip(network.accounts.id, values.tolist(), strict=True))
    assert account["cost"] == pytest.approx([55, 0])
    assert account["profit"] == pytest.approx([945, 160])
    assert account["value_added"] == pytest.approx([945, 160])
    assert account["co2"] == pytest.approx([12.5, 0])
    assert account["shipped"] == pytest.approx([20, 0])
    assert account["discarded"] == pytest.approx([10, 0])


def test_the_flows_of_each_park_add_up():
    """Out of the hills go 20 t shipped, 5 t lost on the way and 5 t to disposal; into the city come 20 t."""
    network = steel_and_cement().network()
    program = compile_program(network)
    solution = solve(program)
    table = flow_table(network, program, solution.column_value, np.zeros(program.columns, bool))
    slag = {(f.park, f.fate, f.by, f.to): f.value for f in table.rows if f.material == "slag"}
    assert slag == pytest.approx(
        {
            ("hills", "made", "steel_works", "steel"): 30,
            ("hills", "shipped", "slag_train", "city.cement"): 20,
            ("hills", "discarded", "steel", "lost on the way"): 5,
            ("hills", "discarded", "steel", "disposal"): 5,
            ("city", "received", "slag_train", "cement"): 20,
            ("city", "used", "mill", ""): 20,
        }
    )
    assert {flow.fate for flow in table.rows} <= set(FATES)
