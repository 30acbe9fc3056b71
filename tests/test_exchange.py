"""Companies of one park pass materials on to each other."""

import pytest

from networks import INF, Offer, Plant, Works, bounds, row
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve


def slag_and_cement(*exchanges):
    """The steel works makes 0.3 t of slag per tonne, the cement works grinds 0.5 t per tonne."""
    return Works(
        plants={
            "steel_works": Plant({"steel": 1.0, "slag": 0.3}, upper=100, company="steel"),
            "mill": Plant({"cement": 1.0, "slag": -0.5}, upper=40, company="cement"),
        },
        offers=[
            Offer("sell", "steel", 10.0, companies=("steel",)),
            Offer("sell", "cement", 4.0, companies=("cement",)),
            Offer("discard", "slag", 1.0, companies=("steel",)),
        ],
        exchanges=list(exchanges),
        company_park={"steel": "works", "cement": "works"},
    )


LANE = ("slag", "steel", "cement")
NAME = "exchange[works.steel.slag,works.cement.slag,year]"


def test_an_exchange_leaves_one_balance_and_enters_the_other():
    program = compile_program(slag_and_cement(LANE).network())
    assert row(program, "balance[works.steel.slag,year]")[NAME] == -1.0
    assert row(program, "balance[works.cement.slag,year]")[NAME] == 1.0
    assert bounds(program, NAME) == (0.0, INF)


def test_waste_of_one_company_is_feed_of_the_other():
    """30 t of slag: 20 t make 40 t of cement, 10 t are discarded: 1000 + 160 − 10."""
    program = compile_program(slag_and_cement(LANE).network())
    solution = solve(program)
    assert solution.objective == pytest.approx(1150)
    assert program.column_view("exchange", solution.column_value)[0].tolist() == pytest.approx([20])


def test_without_a_lane_nothing_is_passed_on():
    """1000 − 30, and no cement."""
    solution = solve(compile_program(slag_and_cement().network()))
    assert solution.objective == pytest.approx(970)
