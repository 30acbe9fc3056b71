"""Policies bound indicators over all periods and covered parks together."""

import numpy as np
import pytest

from hello import network_of
from networks import INF, Offer, Plant, Policy, Works, row, sides
from parkloop.models.compile import compile_program
from parkloop.models.coverage import indicator_value, money_columns, policy_accounts, policy_unit, ratio_scales
from parkloop.models.policy import AMOUNT, LEAST, MOST, policy_rows
from parkloop.solver.highs import solve
from ponds import PONDS, text


def ponds(**more):
    """Two ponds sell salt at 10 and 8; their brine is discarded or treated, north 0.5 t and south 0.2 t per tonne."""
    return Works(
        plants={
            "north_pond": Plant({"salt": 1.0, "brine": 0.5}, upper=100, company="north", fixed_cost=40.0),
            "south_pond": Plant({"salt": 1.0, "brine": 0.2}, upper=100, company="south"),
        },
        offers=[
            Offer("sell", "salt", 10.0, companies=("north",), park="north"),
            Offer("sell", "salt", 8.0, companies=("south",), park="south"),
            *(Offer("discard", "brine", companies=(c,), park=c) for c in ("north", "south")),
        ],
        accounts={"brine": [("discarded", "brine", 1.0)], "salt": [("made", "salt", 1.0)]},
        company_park={"north": "north", "south": "south"},
        ratios={"intensity": ("brine", "salt"), "margin": ("profit", "revenue")},
        **more,
    )


def test_a_cap_sums_over_parks_and_its_dual_is_what_one_more_unit_earns():
    """60 t of brine: the south earns 8 / 0.2 = 40 per tonne of it and fills 20 t; the north 10 / 0.5 = 20 and takes
    40 t with 80 t of salt: 800 + 800 − 40 = 1560."""
    program = compile_program(ponds(policies={"cap": Policy("brine", upper=60)}).network())
    assert row(program, "policy[cap]") == {
        "discard[north.brine.1,year]": 1.0,
        "discard[south.brine.1,year]": 1.0,
    }
    assert sides(program, "policy[cap]") == pytest.approx((-INF, 60))
    solution = solve(program)
    assert solution.objective == pytest.approx(1560)
    assert program.row_view("policy", solution.row_dual)[0].tolist() == pytest.approx([20])


def test_a_cap_may_cover_one_park_only():
    program = compile_program(ponds(policies={"cap": Policy("brine", upper=5, parks=("south",))}).network())
    assert row(program, "policy[cap]") == {"discard[south.brine.1,year]": 1.0}


def test_a_cap_holds_over_all_periods_with_their_weights():
    """Weights 1 and 4: 60 ≥ b1 + 4 · b2 in the north alone; either period earns 20 per tonne of brine."""
    works = ponds(policies={"cap": Policy("brine", upper=60, parks=("north",))}, weight=(1.0, 4.0))
    program = compile_program(works.network())
    assert row(program, "policy[cap]") == {"discard[north.brine.1,p1]": 1.0, "discard[north.brine.1,p2]": 4.0}
    assert solve(program).objective == pytest.approx(60 * 20 + 5 * 800 - 5 * 40)


def test_a_floor_and_a_cap_on_one_amount_are_one_row():
    program = compile_program(ponds(policies={"band": Policy("salt", lower=20, upper=90)}).network())
    assert sides(program, "policy[band]") == pytest.approx((20, 90))


def test_constants_move_to_the_sides():
    """Cost of the north is a constant 40 in all; at most 100 leaves 60 for what varies."""
    program = compile_program(ponds(policies={"budget": Policy("cost", upper=100)}).network())
    assert sides(program, "policy[budget]") == pytest.approx((-INF, 60))


def test_a_largest_ratio_is_made_linear():
    """brine ≤ 0.3 · salt: 0.5 n + 0.2 s ≤ 0.3 (n + s), so n ≤ s / 2: 100 t south, 50 t north."""
    program = compile_program(ponds(policies={"clean": Policy("intensity", upper=0.3)}).network())
    assert row(program, "policy[clean.max]") == pytest.approx(
        {
            "run[north.north_pond,year]": -0.3,
            "run[south.south_pond,year]": -0.3,
            "discard[north.brine.1,year]": 1.0,
            "discard[south.brine.1,year]": 1.0,
        }
    )
    solution = solve(program)
    run = program.column_view("run", solution.column_value)[0]
    assert run.tolist() == pytest.approx([50, 100])
    assert solution.objective == pytest.approx(500 + 800 - 40)


def test_a_least_ratio_is_made_linear_constants_included():
    """profit ≥ 0.9 · revenue: 0.1 · revenue − 40 ≥ 0."""
    program = compile_program(ponds(policies={"sound": Policy("margin", lower=0.9)}).network())
    assert sides(program, "policy[sound.min]") == pytest.approx((40, INF))
    assert row(program, "policy[sound.min]") == pytest.approx(
        {"sell[north.salt.1,year]": 1.0, "sell[south.salt.1,year]": 0.8}
    )


def test_only_bounds_make_rows_and_the_rows_know_their_policy():
    policies = {
        "fee": Policy("brine", price=1.0),
        "both": Policy("intensity", lower=0.1, upper=0.3),
        "cap": Policy("brine", upper=60),
    }
    network = ponds(policies=policies).network()
    policy, side = policy_rows(network)
    assert policy.tolist() == [1, 1, 2]
    assert side.tolist() == [LEAST, MOST, AMOUNT]
    program = compile_program(network)
    names = [name for name in program.row_names() if name.startswith("policy")]
    assert names == ["policy[both.min]", "policy[both.max]", "policy[cap]"]


def test_a_price_makes_a_dirty_tonne_dearer():
    """The north earns 10 a tonne of salt and discards 0.5 t of brine with it: it stops when the fee passes 20."""
    for price, run in ((19.0, [100, 100]), (21.0, [0, 100])):
        program = compile_program(ponds(policies={"fee": Policy("brine", price=price)}).network())
        assert program.column_view("run", solve(program).column_value)[0].tolist() == pytest.approx(run)


def test_each_policy_knows_what_it_counts_and_in_what_unit():
    """On a flow, the first of all indicators, a ratio of two indicators, a ratio of its own, and a share."""
    per_money = "  per_money: {name: {en: B}, unit: t/万元, ratio: {of: brine, to: value_added}}\n"
    case = text("{flow: {discarded: {brine: 1 t/t}}, unit: t, max: 60 t/a}", case=PONDS + per_money)
    case += "  q: {indicator: revenue, min: 1 CNY/a}\n  r: {indicator: per_money, max: 300 t/万元}\n"
    case += "  s: {ratio: {of: brine, to: {made: {salt: 1 t/t}}}, unit: kg/t, max: 300 kg/t}\n"
    case += "  u: {ratio: {of: brine, to: {made: {salt: 1 t/t}}}, max: 30 %}\n"
    case += "  v: {ratio: {of: brine, to: revenue}, unit: kg/CNY, max: 50 kg/CNY}\n"
    network = network_of(case)
    counted, per = policy_accounts(network)
    name = network.accounts.id
    assert [name[row] for row in counted[:3]] == ["policy.p", "revenue", "brine"]
    assert [row >= 0 for row in per] == [False, False, True, True, True, True]
    assert (name[per[2]], name[per[5]]) == ("value_added", "revenue")
    assert ratio_scales(network).tolist() == pytest.approx([1, 1, 1e-4, 1e-3, 1, 1e-3])
    assert [policy_unit(network, row) for row in range(6)] == ["t", "CNY", "t/万元", "kg/t", "1", "kg/CNY"]


def test_policies_on_indicators_alone_need_no_more_than_these():
    network = ponds(policies={"floor": Policy("revenue", lower=1.0), "sound": Policy("margin", lower=0.9)}).network()
    name = network.accounts.id
    assert [[name[row] if row >= 0 else "" for row in rows] for rows in policy_accounts(network)] == [
        ["revenue", "profit"],
        ["", "revenue"],
    ]
    assert ratio_scales(network).tolist() == [1.0, 1.0]
    assert [policy_unit(network, row) for row in (0, 1)] == ["CNY", "1"]


def test_the_value_of_a_ratio_is_in_its_unit_and_over_nothing_it_has_none():
    """70 t of brine over 1800 CNY are 70 / 0.18 t/万元; the share of brine in salt is that of tonnes."""
    per_money = "  per_money: {name: {en: B}, unit: t/万元, ratio: {of: brine, to: value_added}}\n"
    network = network_of(text(case=PONDS + per_money))
    table, names = network.indicators, [label.id for label in network.indicators.label]
    accounts = np.full(len(network.accounts.id), 5.0)
    row = names.index("per_money")
    accounts[table.account[row]], accounts[table.per[row]] = 70.0, 1800.0
    assert indicator_value(network, accounts, row) == pytest.approx(70 / 0.18)
    assert indicator_value(network, accounts, names.index("brine")) == 70
    assert indicator_value(network, accounts, names.index("value_added")) == 1800
    accounts[table.per[row]] = 0.0
    assert indicator_value(network, accounts, row) is None
    plain = network_of(text())
    row = [label.id for label in plain.indicators.label].index("intensity")
    accounts = np.zeros(len(plain.accounts.id))
    accounts[plain.indicators.account[row]], accounts[plain.indicators.per[row]] = 3.0, 4.0
    assert indicator_value(plain, accounts, row) == 0.75
    works = ponds().network()
    row = [label.id for label in works.indicators.label].index("margin")
    accounts = np.zeros(len(works.accounts.id))
    accounts[works.accounts.id.index("profit")], accounts[works.accounts.id.index("revenue")] = 1.0, 4.0
    assert indicator_value(works, accounts, row) == 0.25


def test_columns_of_money_are_those_of_soft_bounds_and_of_steps():
    """A soft cap, a soft floor in each period, and two steps; what is no step is of none."""
    case = "periods: {first: {duration: 1 a}, second: {duration: 1 a}}\n"
    case += text("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t}")
    case += "  q: {indicator: salt, min: 300 t/a, shortage: 2 CNY/t, each_period: true}\n"
    case += "  r: {indicator: brine, steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 15 CNY/t}]}\n"
    found = {block.block: block for block in money_columns(network_of(case)) if len(block.policy)}
    assert {name: block.policy.tolist() for name, block in found.items()} == {
        "short_each": [1], "over": [0], "paid": [2, 2]
    }  # fmt: skip
    assert {name: block.price.tolist() for name, block in found.items()} == {
        "short_each": [2], "over": [15], "paid": [5, 15]
    }  # fmt: skip
    assert {name: block.rung.tolist() for name, block in found.items()} == {
        "short_each": [-1], "over": [-1], "paid": [0, 1]
    }  # fmt: skip
    assert [name for name, block in found.items() if block.periodic] == ["short_each"]
    for block in (*money_columns(network_of(text())), *money_columns(network_of(case))):
        assert len(block.policy) == len(block.price) == len(block.rung)
