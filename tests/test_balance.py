"""Nothing vanishes: what enters a node leaves it."""

import numpy as np
import pytest

from networks import Offer, Option, Plant, Slot, Works, bounds, row, sides
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve

CHLORINE = Works(
    plants={
        "electrolysis": Plant({"magnesium": 1.0, "chlorine": 2.88}, upper=100),
        "vinyl": Plant({"pvc": 1.0, "chlorine": -0.6}, upper=1000),
    },
    offers=[
        Offer("sell", "magnesium", 10.0),
        Offer("sell", "pvc", 5.0),
        Offer("buy", "chlorine", 7.0),
        Offer("discard", "chlorine", 2.0),
    ],
)


def test_a_balance_holds_every_fate_of_a_material_with_its_sign():
    """Chlorine: bought + made by the electrolysis − used by the vinyl plant − discarded = 0."""
    program = compile_program(CHLORINE.network())
    assert row(program, "balance[works.chlorine,year]") == {
        "run[works.electrolysis,year]": 2.88,
        "run[works.vinyl,year]": -0.6,
        "buy[works.chlorine.1,year]": 1.0,
        "discard[works.chlorine.1,year]": -1.0,
    }
    assert sides(program, "balance[works.chlorine,year]") == (0.0, 0.0)


def test_the_by_product_of_one_plant_feeds_the_other():
    """100 t of magnesium bring 288 t of chlorine for 480 t of PVC; more chlorine at 7 is dearer than the PVC it
    makes is worth less: 0.6 · 7 = 4.2 < 5, so it is bought for the 520 t left: 312 t.
    Profit = 100 · 10 + 1000 · 5 − 312 · 7 = 3816."""
    program = compile_program(CHLORINE.network())
    solution = solve(program)
    assert solution.objective == pytest.approx(3816)
    flows = dict(zip(program.column_names(), solution.column_value, strict=True))
    assert flows["buy[works.chlorine.1,year]"] == pytest.approx(312)
    assert flows["discard[works.chlorine.1,year]"] == pytest.approx(0)


def test_one_more_unit_of_a_material_is_worth_minus_its_dual():
    """One more tonne of chlorine saves the purchase of one, 7; magnesium and PVC sell at 10 and 5."""
    program = compile_program(CHLORINE.network())
    dual = dict(zip(program.row_names(), solve(program).row_dual, strict=True))
    assert -dual["balance[works.chlorine,year]"] == pytest.approx(7)
    assert -dual["balance[works.magnesium,year]"] == pytest.approx(10)
    assert -dual["balance[works.pvc,year]"] == pytest.approx(5)


def test_input_and_output_of_one_material_in_one_recipe_meet_in_the_balance():
    """A boiler that needs 0.1 of the steam it makes gives 0.9 net."""
    works = Works(plants={"boiler": Plant({"steam": 1.0})}, offers=[Offer("sell", "steam", 1.0)])
    network = works.network()
    entries = network.entries
    doubled = type(entries)(
        np.repeat(entries.plant, 2), np.repeat(entries.node, 2), np.array([1.0, -0.1]), np.repeat(entries.origin, 2)
    )
    object.__setattr__(network, "entries", doubled)
    program = compile_program(network)
    assert row(program, "balance[works.steam,year]")["run[works.boiler,year]"] == pytest.approx(0.9)


def test_a_fill_leaves_its_own_node_and_brings_its_companions():
    works = Works(
        plants={"kiln": Plant({"clinker": 1.0})},
        slots={"lime": Slot("kiln", 0.65, [Option("stone", 0.53, entries={"co2": 0.42, "power": -0.1})])},
    )
    program = compile_program(works.network())
    fill = "fill[works.kiln.lime.stone,year]"
    assert row(program, "balance[works.stone,year]") == {fill: -1.0}
    assert row(program, "balance[works.co2,year]") == {fill: 0.42}
    assert row(program, "balance[works.power,year]") == {fill: -0.1}


def test_a_plant_that_keeps_to_itself_has_its_own_balance():
    works = Works(
        plants={
            "mill": Plant({"flour": 1.0, "bran": 0.3}, own=True),
            "farm": Plant({"pork": 1.0, "bran": -2.0}),
        }
    )
    program = compile_program(works.network())
    assert row(program, "balance[works.works.mill.bran,year]") == {"run[works.mill,year]": 0.3}
    assert row(program, "balance[works.bran,year]") == {"run[works.farm,year]": -2.0}
    assert bounds(program, "run[works.mill,year]") == (0.0, float("inf"))


def test_every_period_balances_alone():
    """The second period cannot use what the first one has left over: there is no store."""
    works = Works(
        plants={
            "electrolysis": Plant({"chlorine": 1.0}, lower=(10.0, 0.0), upper=(10.0, 0.0)),
            "vinyl": Plant({"pvc": 1.0, "chlorine": -1.0}, upper=5.0),
        },
        offers=[Offer("sell", "pvc", 1.0), Offer("discard", "chlorine")],
        weight=(1.0, 1.0),
    )
    program = compile_program(works.network())
    solution = solve(program)
    np.testing.assert_allclose(program.column_view("run", solution.column_value), [[10, 5], [0, 0]])
