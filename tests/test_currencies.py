"""Prices in other money than that of the case, at the rates that the case states."""

import pytest

from hello import network_of
from parkloop.flows.problems import InputError
from parkloop.reports.run import run_case
from ponds import PONDS, answer, runs, text

COSTLY = "south_pond: {variable_cost: 1 USD/t, cap"
NORTH = "sell: {salt: {price: 10 CNY/t}}"


def dear(price: str, rates: str = "{USD: 6.3 CNY}", case: str = PONDS) -> str:
    """Return the ponds where the north sells at a price, with rates of exchange."""
    return case.replace(NORTH, f"sell: {{salt: {{price: {price}}}}}") + f"currencies: {rates}\n"


@pytest.mark.parametrize("price", ["2 USD/t", "0.002 kUSD/t", "2e-6 MUSD/t", "2e-9 GUSD/t", "0.0002 万USD/t"])
def test_a_price_in_dollars_is_paid_in_yuan(price):
    """100 t of the north at 2 USD · 6.3 = 12.6 CNY, 100 t of the south at 8 CNY: 1260 + 800 = 2060."""
    assert answer(case=dear(price)).indicators["revenue"].value == pytest.approx(2060)


def test_each_currency_has_its_own_rate_and_money_may_be_another():
    """In dollars: 1000 CNY are 158.73 at 1 CNY = 1/6.3 USD; the south sells at 8 EUR · 1.1 USD."""
    case = "money: USD\n" + PONDS.replace("price: 8 CNY/t", "price: 8 EUR/t").replace("CNY/t}}\ni", "USD/t}}\ni")
    case = case.replace("cost: 0 CNY/t", "cost: 0 USD/t")
    rates = "currencies: {CNY: 0.15873 USD, EUR: 1.1 USD}\n"
    found = answer(case=case + rates)
    assert found.indicators["revenue"].unit == "USD"
    assert found.indicators["revenue"].value == pytest.approx(1000 * 0.15873 + 100 * 8 * 1.1)
    yuan = answer(case=(case + rates).replace("price: 10 CNY/t", "price: 10 元/t"))
    assert yuan.indicators["revenue"].value == pytest.approx(1000 * 0.15873 + 880)


def test_a_rate_may_differ_between_periods():
    """Half a year at 6 CNY and half a year at 8 CNY a dollar, 50 t of the north in each at 2 USD: 600 + 800."""
    halves = "{first: {duration: 0.5 a}, second: {duration: 0.5 a}}"
    found = answer(case=dear("2 USD/t", "{USD: [6 CNY, 8 CNY]}"), periods=halves)
    assert found.indicators["revenue"].value == pytest.approx(600 + 800 + 800)
    profiled = dear("{profile: paid}", "{USD: {profile: rate}}")
    profiled += "profiles: {rate: {values: [6 CNY, 8 CNY]}, paid: {values: [2 USD/t, 3 USD/t]}}\n"
    assert answer(case=profiled, periods=halves).indicators["revenue"].value == pytest.approx(600 + 1200 + 800)


def test_policies_objectives_and_costs_are_exchanged_too():
    """At 6.3 a dollar: 5 USD = 31.5 CNY a tonne of brine stop the north (20 CNY/t) and not the south (40 CNY/t)."""
    case = PONDS + "currencies: {USD: 6.3 CNY}\n"
    found = answer("{indicator: brine, price: 5 USD/t}", case=case)
    assert runs(found) == pytest.approx({"north_pond": 0, "south_pond": 100})
    assert found.indicators["cost"].value == pytest.approx(20 * 31.5)
    weighed = answer(objective="{maximise: {profit: 1, brine: -5 USD/t}}", case=case)
    assert runs(weighed) == pytest.approx({"north_pond": 0, "south_pond": 100})
    costly = case.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: 100 t/a, variable_cost: 1 USD/t}")
    assert answer(case=costly).indicators["profit"].value == pytest.approx(1800 - 630)


def test_an_indicator_may_be_counted_in_another_currency():
    """Sales in dollars: 100 t at 12.6 CNY = 2 USD each, counted by a factor in yuan and by one in dollars."""
    case = dear("2 USD/t").replace(
        "indicators:\n",
        "indicators:\n  export: {name: {en: Export, zh: 出口}, unit: USD, factors: {sold: {salt: 12.6 CNY/t}}}\n"
        "  local: {name: {en: Local, zh: 本地}, unit: CNY, factors: {sold: {salt: 2 USD/t}}}\n",
    )
    found = answer(case=case)
    assert found.indicators["export"].value == pytest.approx(200 * 2)
    assert found.indicators["local"].value == pytest.approx(200 * 12.6)


def test_a_rate_is_set_from_outside_and_by_a_scenario():
    """At 7.1 the north earns 1420."""
    scenario = "scenarios: {dear: {title: {en: Dear, zh: 贵}, set: {currencies.USD: 7.1 CNY}}}\n"
    case = text(case=dear("2 USD/t") + scenario)
    for network in (network_of(case, sets=["currencies.USD=7.1 CNY"]), network_of(case, "dear")):
        assert run_case(network).indicators["revenue"].value == pytest.approx(1420 + 800)


@pytest.mark.parametrize(
    ("case", "what", "mend", "at"),
    [
        (dear("2 EUR/t"), "`2 EUR/t` is a currency(EUR)/mass", "currencies: {EUR: … CNY}", "2 EUR/t"),
        (dear("2 USD"), "`2 USD` is an amount of US dollars", "CNY/t", "2 USD}"),
        (dear("2 USD/t", "{USD: 6.3 t}"), "an amount of money (CNY) is needed here", "CNY", "6.3 t"),
        (dear("2 USD/t", "{USD: 0 CNY}"), "one USD is worth `0 CNY`", "USD: 6.3 CNY", "0 CNY}\n"),
        (dear("2 USD/t", "{USD: 6.3 CNY, CNY: 1 CNY}"), "`CNY` is the money of the case", "delete", "CNY: 1"),
        (dear("2 USD/t", "{kUSD: 6300 CNY}"), "`kUSD` is no currency", "`USD: … CNY`", "kUSD"),
        (dear("2 USD/t", "{USB: 6.3 CNY}"), "`USB` is no currency", "USD", "USB"),
        (
            dear("2 CNY/t", "{USD: [6 CNY, 7 CNY]}", PONDS.replace("south_pond: {cap", COSTLY))
            + "periods: {a: {duration: 1 a}, b: {duration: 1 a}}\n",
            "the rate of exchange differs between periods",
            "write the figure in CNY",
            "1 USD/t",
        ),
    ],
)  # fmt: skip
def test_mistakes_in_currencies_are_named_with_their_place(case, what, mend, at):
    case = text(case=case)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    position = found[0].position
    assert case.splitlines(keepends=True)[position.line - 1][position.column - 1 :].startswith(at)
    assert mend in found[0].mend
