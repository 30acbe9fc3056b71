"""The oracle's currencies, against cases worked by hand on the park of `test_oracle`."""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from oracle_currencies import exchanged
from test_oracle import NAME, a_case, slag_park

HALVES = {"first": {"duration": "0.5 a"}, "second": {"duration": "0.5 a"}}


def dear(price: Any, rates: Any, **more: Any) -> Any:
    """The park with another price of metal: 90 t are sold, and all else earns 8625 − 9000 = −375 CNY."""
    spec = slag_park(currencies=rates, **more)
    spec["parks"]["park"]["sell"]["metal"]["price"] = price
    return spec


@pytest.mark.parametrize("price", ["20 USD/t", "0.02 kUSD/t", "0.002 万USD/t", "126 元/t"])
def test_a_price_in_other_money_is_paid_at_its_rate(price: str) -> None:
    """90 t · 20 USD · 6.3 − 375 = 10965."""
    assert solve(dear(price, {"USD": "6.3 CNY"})).objective == pytest.approx(10965)


@pytest.mark.parametrize(
    "price", ["20 USD/t", {"profile": "flat"}, {"profile": "flat", "times": "20 USD/t"}, ["20 USD/t", "20 USD/t"]]
)
def test_a_rate_may_differ_between_periods(price: Any) -> None:
    """45 t at 20 · 6 and 45 t at 20 · 8 CNY: 12600 − 375."""
    flat = ["20 USD/t"] * 2 if price == {"profile": "flat"} else [1, 1]
    for rate in (["6 CNY", "8 CNY"], {"profile": "rate"}):
        profiles = {"rate": {"values": ["6 CNY", "8 CNY"]}, "flat": {"values": flat}}
        assert solve(dear(price, {"USD": rate}, periods=HALVES, profiles=profiles)).objective == pytest.approx(12225)


def test_the_money_of_a_case_may_be_another() -> None:
    """In dollars: 90 t · 126 CNY · 0.16 = 1814.4, and a cost of 0.5 USD per tonne of metal more."""
    spec = slag_park()
    park = spec["parks"]["park"]
    for offers in (park["buy"], park["sell"], park["discard"]):
        for offer in offers.values():
            for word in ("price", "cost"):
                offer |= {word: offer[word].replace("CNY", "USD")} if word in offer else {}
    park["sell"]["metal"]["price"] = "126 CNY/t"
    park["plants"]["furnace"]["variable_cost"] = "0.5 USD/t"
    answer = solve({**spec, "money": "USD", "currencies": {"CNY": "0.16 USD"}})
    assert answer.objective == pytest.approx(1814.4 - 375 - 45)
    assert answer.indicators["revenue"] == pytest.approx(1814.4 + 1800)


def test_an_indicator_counted_in_other_money_is_priced_bounded_and_weighed_in_it() -> None:
    """90 t · 12.6 CNY = 180 USD of exports. At 3 CNY for each dollar above 100 a year they cost 240; at most 120 USD a
    year are 60 t of metal with 30 t of slag: 60·80 + 1800 − 30·25; and 1 USD less is worth 7 CNY in a sum."""
    export = {"name": NAME, "unit": "USD", "factors": {"sold": {"metal": "12.6 CNY/t"}}}
    spec = slag_park(currencies={"USD": "6.3 CNY"}, indicators={"export": export})
    assert solve(spec).indicators["export"] == pytest.approx(180)
    levy = {"indicator": "export", "price": "3 CNY/USD", "free": "630 CNY/a"}
    assert solve({**spec, "policies": {"levy": levy}}).objective == pytest.approx(8625 - 240)
    for bound in ("120 USD/a", "756 CNY/a"):
        cap = {"indicator": "export", "max": bound}
        assert solve({**spec, "policies": {"cap": cap}}).objective == pytest.approx(5850)
    for weight in ("-7 CNY/USD", "-1 CNY/CNY"):
        goal = {"maximise": {"profit": 1, "export": weight}}
        worth = 180 * (7 if "USD" in weight else 6.3)
        assert solve({**spec, "objective": goal}).objective == pytest.approx(8625 - worth)
    bare = {"maximise": {"profit": 1, "export": -1}}
    assert solve({**spec, "objective": bare}).objective == pytest.approx(8625 - 180 * 6.3)


def test_a_ratio_is_counted_in_the_money_of_its_first_factor_below() -> None:
    """Sales of the two halves: 45 t · 6 CNY = 45 USD at 6, and the same 270 CNY = 33.75 USD at 8; over 90 USD below."""
    block = {"of": {"sold": {"metal": "6 CNY/t"}}, "to": {"sold": {"metal": "1 USD/t"}}}
    spec = slag_park(
        currencies={"USD": ["6 CNY", "8 CNY"]}, periods=HALVES, indicators={"share": {"name": NAME, "ratio": block}}
    )
    assert exchanged(spec)["indicators"]["share"]["ratio"]["of"]["sold"]["metal"] == ["1.0 USD/t", "0.75 USD/t"]
    assert solve(spec).indicators["share"] == pytest.approx(78.75 / 90)


@pytest.mark.parametrize(("cost", "worth"), [("2 EUR/(t*a)", 14), (["14 CNY/(t*a)", "1 CNY/(t*a)"], 14)])
def test_what_storage_costs_may_differ_between_periods(cost: Any, worth: int) -> None:
    """10 t are made in the first year and sold in the second: 10 · 100 CNY less 10 t · 2 EUR · 7 CNY for the year."""
    shed = {"material": "metal", "capacity": "unlimited", "initial": "0 t", "end": "open", "cost": cost}
    spec = a_case(
        {"ore": "raw", "metal": "product"},
        {"furnace": {"per": "1 t metal", "inputs": {"ore": "1 t"}}},
        {
            "plants": {"furnace": {"capacity": "10 t/a", "availability": ["100 %", "0 %"]}},
            "buy": {"ore": {"price": "1 CNY/t"}},
            "sell": {"metal": {"price": "101 CNY/t", "max": ["0 t/a", "10 t/a"]}},
            "stores": {"shed": shed},
        },
        periods={"first": {"duration": "1 a"}, "second": {"duration": "1 a"}},
        currencies={"EUR": ["7 CNY", "9 CNY"]},
    )
    assert solve(spec).objective == pytest.approx(1000 - 10 * worth)
