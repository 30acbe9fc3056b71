"""Revenue and cost item by item: what each is for, and that the items are the accounts."""

from __future__ import annotations

import pytest

from hello import TEXT, edit, solved
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.reports.money import MoneyItem
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from shipped import CASES

TUTORIALS = sorted(path.name for path in (CASES / "tutorials").glob("*.yaml"))


def items(result: Result, item: str) -> dict[str, MoneyItem]:
    """Items of a kind by what they are for."""
    assert result.money is not None
    found = [row for row in result.money.rows if row.item == item]
    assert len({row.thing.id for row in found}) == len(found)
    return {row.thing.id: row for row in found}


def answer(name: str, scenario: str) -> Result:
    return run_case(build_network(read_tree(CASES / name).case(scenario)))


def test_every_yuan_of_the_hello_case() -> None:
    """100 kt of acetylene from 246 kt of carbide and 138 kt of water; 300 kt of clinker from 105 kt of clay, 117 kt of
    CaO by slag (154.558 kt at 0.757) and 78 kt by limestone (139.286 kt at 0.56), 284 − 154.558 kt of slag put away.
    """
    result = solved()
    slag = 0.6 * 0.65 * 300e3 / 0.757
    sold, bought, away = items(result, "sale"), items(result, "purchase"), items(result, "disposal")
    assert {key: row.value for key, row in sold.items()} == pytest.approx({"acetylene": 800e6, "clinker": 78e6})
    expected = {"calcium_carbide": 639.6e6, "water": 414e3, "clay": 2.1e6, "limestone": 78e3 / 0.56 * 50}
    assert {key: row.value for key, row in bought.items()} == pytest.approx(expected)
    assert away["carbide_slag"].amount == pytest.approx(284e3 - slag)
    assert away["carbide_slag"].price == 30 and away["carbide_slag"].unit == "t"
    (paid,) = items(result, "variable").values()
    assert (paid.company, paid.value, paid.price) == ("cement_works", pytest.approx(36e6), 120)
    line = result.network.origins[paid.origin].position.line
    assert TEXT.splitlines()[line - 1].lstrip().startswith("clinker_kiln:        {company")


def test_a_receipt_for_what_is_given_away_is_revenue() -> None:
    """Somebody pays 10 CNY for each tonne of slag: all that stays is 284 kt less what the kiln burns."""
    result = solved(edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: -10 CNY/t}"))
    (row,) = items(result, "receipt").values()
    assert row.account == "revenue" and row.price == 10
    assert row.value == pytest.approx(10 * (row.amount or 0.0)) and row.value > 0
    assert not items(result, "disposal")


def test_an_allowance_and_a_shortage_stand_under_their_policies() -> None:
    """78.5 kt of CO2 of the lime works at 60 CNY, 50 kt free for both alike; 3 kt of fines short of 90 % at 20 CNY."""
    money = answer("tutorials/6_policy.yaml", "base").money
    assert money is not None
    paid = {(row.thing.id, row.company): row.value for row in money.rows if row.item == "policy"}
    assert paid == pytest.approx(
        {
            ("carbon_price", "lime_works"): 78.5e3 * 60 - 25e3 * 60,
            ("carbon_price", "cement_works"): -25e3 * 60,
            ("reuse_floor", "lime_works"): 30e3,
            ("reuse_floor", "cement_works"): 30e3,
        }
    )


def test_freight_is_paid_by_who_sends() -> None:
    """120 kt a year at 0.16 CNY/(t km) over 200 km and 20 CNY of handling: 52 CNY a tonne."""
    (freight,) = items(answer("tutorials/5_route.yaml", "base"), "transport").values()
    assert (freight.park, freight.thing.id, freight.price) == ("lake", "lake_city", pytest.approx(52))
    assert freight.value == pytest.approx(52 * 120e3)


@pytest.mark.parametrize("name", [*(f"tutorials/{name}" for name in TUTORIALS), "parks/qarhan.yaml"])
def test_items_add_up_to_the_accounts_of_every_park(name: str) -> None:
    """In every scenario: storage, investment, policies and service islands are among them."""
    tree = read_tree(CASES / name)
    for scenario in tree.scenarios:
        result = run_case(build_network(tree.case(scenario)))
        assert result.money is not None
        for park, measures in result.parks.items():
            for account in ("revenue", "cost"):
                mine = [row.value for row in result.money.rows if (row.park, row.account) == (park, account)]
                expected = measures[account].value
                assert sum(mine) == pytest.approx(expected, rel=1e-9, abs=1e-3), (scenario, park, account)
        for row in result.money.rows:
            if row.price is not None and row.amount is not None:
                assert row.price * row.amount == pytest.approx(row.value, rel=1e-9), row


def test_a_plant_that_is_switched_on_once_pays_one_start() -> None:
    """Nobody buys clinker in the first half of the year; the kiln makes 150 kt in the second, at 1 MCNY a start."""
    switched = "capacity: 300 kt/a, on_off: {min_load: 50 %, start_cost: 1 MCNY},"
    halves = "money: CNY\nperiods: {first: {duration: 0.5 a}, second: {duration: 0.5 a}}\n"
    late = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: [0 kt/a, 300 kt/a]}")
    result = solved(edit("money: CNY\n", halves, edit("capacity: 300 kt/a,", switched, late)))
    (start,) = items(result, "start").values()
    assert (start.thing.id, start.value, start.amount) == ("clinker_kiln", 1e6, None)
    assert items(result, "variable")["clinker_kiln"].amount == pytest.approx(150e3)
    cost = result.indicators["cost"].value
    assert result.money is not None
    assert sum(row.value for row in result.money.rows if row.account == "cost") == pytest.approx(cost, rel=1e-12)
