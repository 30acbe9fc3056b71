"""Factors of indicators that differ from period to period: the grid is cleaner by night than by day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import test_profiles
import test_stock
from hello import edit, network_of, solved, value
from mistakes import place_of
from parkloop import cli

TEXT = edit(
    "profiles:\n",
    "profiles:\n  grid: {values: [500 kg/MWh, 0.2 t/MWh]}\n  part: {values: [50 %, 0.2]}\n",
    test_profiles.TEXT,
).replace("{name: {en: Power}", "{name: {en: Power}, properties: {carbon: 1 t/MWh}")
"""80 MWh are bought by day at 0.5 t/MWh and 240 MWh by night at 0.2 t/MWh: 40 + 48 = 88 t. Profit: 36800."""


def text(factor: str, more: str = "") -> str:
    """The works with the carbon of its power, and more lines before the objective."""
    carbon = f"indicators: {{carbon: {{name: {{en: Carbon}}, unit: t, factors: {{bought: {{{factor}}}}}}}}}\n"
    return edit("objective:", carbon + more + "objective:", TEXT)


@pytest.mark.parametrize(
    "factor",
    [
        "power: {profile: grid}",
        "power: {profile: grid, times: 100 %}",
        "power: {profile: part, times: 1 t/MWh}",
        "power: [0.5 t/MWh, 200 kg/MWh]",
        "class.raw: {profile: grid}",
        "property.carbon: {profile: part}",
        "property.carbon: [50 %, 0.2]",
    ],
)
def test_each_period_weighs_what_is_bought_in_it(factor: str) -> None:
    """80 MWh · 0.5 + 240 MWh · 0.2 = 88 t."""
    result = solved(text(factor))
    assert value(result, "carbon") == pytest.approx(88)
    assert value(result, "profit") == pytest.approx(36800)


def test_the_tables_hold_one_factor_for_each_period_only_where_one_differs() -> None:
    assert network_of(text("power: {profile: grid}")).accounts.factor_value.tolist() == [
        [pytest.approx(0.5)],
        [pytest.approx(0.2)],
    ]
    assert network_of(text("power: 0.5 t/MWh")).accounts.factor_value.tolist() == [pytest.approx(0.5)]


def test_a_material_named_itself_overrides_the_profile_of_its_class() -> None:
    """(80 + 240) MWh · 1 t/MWh."""
    assert value(solved(text("class.raw: {profile: grid}, power: 1 t/MWh")), "carbon") == pytest.approx(320)


def test_a_price_on_carbon_is_paid_period_by_period_and_profit_stays_revenue_less_cost() -> None:
    """88 t · 100 CNY/t = 8800: 36800 − 8800 = 28000. A tonne of wire still earns 2200 − 500 by day, 800 − 200 by
    night."""
    result = solved(text("power: {profile: grid}", "policies: {tax: {indicator: carbon, price: 100 CNY/t}}\n"))
    assert value(result, "profit") == pytest.approx(28000)
    assert value(result, "revenue") - value(result, "cost") == pytest.approx(28000)


def test_a_cap_in_each_period_counts_the_factor_of_that_period() -> None:
    """5 t/h: by day 5 t / (10 MWh/t · 0.5 t/MWh) = 1 t of wire; by night 15 t / (10 · 0.2) = 7.5 t.
    1 · 2200 + 7.5 · 800 = 8200. One more tonne by day is worth 2200 / 5 = 440."""
    cap = "policies: {cap: {indicator: carbon, max: 5 t/h, each_period: true}}\n"
    assert value(solved(text("power: {profile: grid}", cap)), "profit") == pytest.approx(8200)


def test_the_flow_of_a_policy_takes_profiles_too() -> None:
    """66 t in 4 h. Wire earns 440 CNY per tonne of carbon by day and 400 by night, so the day runs in full (8 t, 40 t
    of carbon) and the night gets 26 t: 13 t of wire. 8 · 2200 + 13 · 800 = 28000."""
    cap = "policies: {cap: {flow: {bought: {power: {profile: grid}}}, unit: t, max: 16.5 t/h}}\n"
    result = solved(edit("objective:", cap + "objective:", TEXT))
    assert value(result, "profit") == pytest.approx(28000)


def test_a_ratio_takes_profiles_in_both_sides() -> None:
    """88 t over 8 t · 1 + 24 t · 0.5 = 20 t: 4.4."""
    ratio = "{of: {bought: {power: {profile: grid}}}, to: {sold: {wire: [1000 kg/t, 0.5 t/t]}}}"
    indicators = f"indicators: {{intensity: {{name: {{en: Intensity}}, ratio: {ratio}}}}}\n"
    assert value(solved(edit("objective:", indicators + "objective:", TEXT)), "intensity") == pytest.approx(4.4)


def test_two_equal_halves_of_each_period_weigh_the_same() -> None:
    halves = text("power: [0.5 t/MWh, 0.5 t/MWh, 0.2 t/MWh, 0.2 t/MWh]")
    halves = edit("{duration: 1 h}", "{duration: 0.5 h, count: 2}", halves)
    halves = edit("{duration: 3 h}", "{duration: 1.5 h, count: 2}", halves)
    for pair in ("[500 kg/MWh, 0.2 t/MWh]", "[50 %, 0.2]", "[380 CNY/MWh, 0.52 CNY/kWh]", "[80 %, 0.1]"):
        first, second = pair.strip("[]").split(", ")
        halves = edit(pair, f"[{first}, {first}, {second}, {second}]", halves)
    result = solved(halves)
    assert (value(result, "carbon"), value(result, "profit")) == (pytest.approx(88), pytest.approx(36800))


def test_what_a_store_loses_is_weighed_by_the_period_that_loses_it() -> None:
    """10 t lie in the shed and nobody moves them: summer loses 10 · (1 − k), winter 10 · k · (1 − k), k = 0.99^10.
    At 1 t/t in summer and 3 t/t in winter that is 10 · (1 − k) · (1 + 3k)."""
    still = test_stock.text("loss: 1 %/d, initial: 10 t, end: open")
    still = edit("capacity: 10 t/d, availability: [100 %, 0 %]", "capacity: 0 t/d", still)
    still = edit("mill: {capacity: 6 t/d}", "mill: {capacity: 0 t/d}", still)
    still = edit("{discarded: {salt: 1 t/t}}", "{discarded: {salt: [1 t/t, 3 t/t]}}", still)
    keep = 0.99**10
    result = solved(still)
    assert value(result, "lost") == pytest.approx(10 * (1 - keep) * (1 + 3 * keep))
    assert result.flows is not None
    shown = sum(f.value * {"summer": 1, "winter": 3}[f.period] for f in result.flows.rows if f.fate == "discarded")
    assert shown == pytest.approx(value(result, "lost"))


@pytest.mark.parametrize(
    ("periods", "factor"),
    [("", lambda k: 1 + k), (", periods: [summer]", lambda k: k), (", periods: [winter]", lambda k: 0)],
)
def test_what_is_lost_of_the_opening_stock_is_charged_only_where_all_periods_are(periods: str, factor: Any) -> None:
    """10 t lose 10 · (1 − k) of the opening stock in summer, and 10 · k · (1 − k) in winter, counted in summer."""
    still = test_stock.text("loss: 1 %/d, initial: 10 t, end: open")
    still = edit("capacity: 10 t/d, availability: [100 %, 0 %]", "capacity: 0 t/d", still)
    still = edit("mill: {capacity: 6 t/d}", "mill: {capacity: 0 t/d}", still)
    fee = f"policies: {{fee: {{indicator: lost, price: 100 CNY/t{periods}}}}}\n"
    result, keep = solved(edit("objective:", fee + "objective:", still)), 0.99**10
    assert value(result, "cost") == pytest.approx(1000 * (1 - keep) * factor(keep))
    assert value(result, "profit") == pytest.approx(-value(result, "cost"))


MISTAKES = {
    "an unknown profile": ("power: {profile: gird}", "unknown profile `gird`", "grid", "gird"),
    "a list too long": (
        "power: [1 t/MWh, 2 t/MWh, 3 t/MWh]",
        "the list has 3 figures, but the case has 2 periods", "one figure for each period", "[1 t/MWh",
    ),
    "an empty list": ("power: []", "the list has 0 figures", "one figure for each period", "[]"),
    "two kinds in one list": ("power: [1 t/MWh, 2 t/t]", "`2 t/t`", "write e.g. `2 t/MWh`", "2 t/t"),
    "the wrong unit": ("power: {profile: price}", "`380 CNY/MWh`", "write e.g.", "{profile: price}}}}}"),
    "two units": (
        "power: {profile: grid, times: 2 t/MWh}", "`500 kg/MWh`", "write e.g.", "{profile: grid, times",
    ),
    "a property weighed by a quantity": (
        "property.carbon: {profile: grid}", "a factor of a property is a bare number, not `500 kg/MWh`",
        "write `property.carbon: 1`", "{profile: grid}}}}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    factor, what, mend, at = MISTAKES[name]
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text(factor), encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert mend in err
    assert f"case.yaml:{place_of(at, text(factor))}: error" in err
