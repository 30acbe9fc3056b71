"""Batteries come back as scrap five years after they were sold, worked by hand.

A works sells 100 t/a of batteries at 150 CNY/t. A tonne takes 1 t of cobalt, bought at 100 or won from 1 t of scrap at
20: it earns 50 or 130. Periods are the years 0–4, 4–8 and 8–10, so 400, 400 and 200 t are sold. 60 % come back in 5 a:
of the first 400 t over the years 5–9, three quarters (180 t) in the second period and a quarter (60 t) in the third; of
the second 400 t over the years 9–13, a quarter (60 t) in the third. 1000·50 + (180 + 120)·80 = 74 000.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hello import edit, network_of, solved, tree_of, value
from mistakes import place_of
from networks import row, sides
from parkloop import cli
from parkloop.models.compile import compile_program
from parkloop.reports.contents import contents
from parkloop.reports.result import Result

TEXT = """
case: batteries
title: {en: Batteries come back}
periods: {y1: {duration: 4 a}, y2: {duration: 4 a}, y3: {duration: 2 a}}
materials:
  cobalt:  {name: {en: Cobalt}, class: raw}
  scrap:   {name: {en: Spent batteries}, class: waste}
  battery: {name: {en: Battery}}
  power:   {name: {en: Power}, class: utility, unit: MWh}
processes:
  assembly:  {name: {en: Assembly}, per: 1 t battery, inputs: {cobalt: 1 t}}
  recycling: {name: {en: Recycling}, per: 1 t cobalt, inputs: {scrap: 1 t}}
parks:
  works:
    name: {en: Works}
    plants: {assembly: {capacity: unlimited}, recycling: {capacity: unlimited}}
    buy:
      cobalt: {price: 100 CNY/t}
      scrap: {price: 20 CNY/t}
    sell: {battery: {price: 150 CNY/t, max: 100 t/a}}
returns:
  scrap: {from: [{product: battery, share: 60 %, after: 5 a}]}
objective: {maximise: profit}
"""


def bought(result: Result, material: str = "scrap") -> dict[str, float]:
    assert result.flows is not None
    return {f.period: f.value for f in result.flows.rows if (f.fate, f.material) == ("bought", material)}


def test_what_was_sold_comes_back_and_limits_what_can_be_bought() -> None:
    result = solved(TEXT)
    assert bought(result) == pytest.approx({"y2": 180, "y3": 120})
    assert value(result, "profit") == pytest.approx(74_000)
    assert value(result, "revenue") - value(result, "cost") == pytest.approx(74_000)


def test_the_rows_say_the_law() -> None:
    program = compile_program(network_of(TEXT))
    buy, sell = "buy[works.scrap.1,{}]", "sell[works.battery.1,{}]"
    assert row(program, "returns[scrap,y1]") == {buy.format("y1"): 1}
    assert row(program, "returns[scrap,y2]") == pytest.approx({buy.format("y2"): 1, sell.format("y1"): -0.45})
    assert row(program, "returns[scrap,y3]") == pytest.approx(
        {buy.format("y3"): 1, sell.format("y1"): -0.15, sell.format("y2"): -0.15}
    )
    assert sides(program, "returns[scrap,y2]") == (-np.inf, 0)


def test_sales_before_the_first_period_come_back_until_the_time_is_over() -> None:
    """50 t/a · 60 % for 5 years: 120 t in the first period and 30 t in the second. 74 000 + 150·80 = 86 000."""
    text = edit("after: 5 a}", "after: 5 a, before: 50 t/a}", TEXT)
    assert bought(solved(text)) == pytest.approx({"y1": 120, "y2": 210, "y3": 120})
    assert value(solved(text), "profit") == pytest.approx(86_000)


def test_what_comes_back_soon_may_come_back_in_the_period_of_its_sale() -> None:
    """After 1 a: of 400 t sold in the years 0–4, 60 %·3/4 = 180 t by year 4 and 60 t by year 5; of the next likewise;
    of the last 200 t half by year 10, 60 t. 180 + 240 + 120 = 540 t: 50 000 + 540·80 = 93 200."""
    result = solved(edit("after: 5 a", "after: 1 a", TEXT))
    assert bought(result) == pytest.approx({"y1": 180, "y2": 240, "y3": 120})
    assert value(result, "profit") == pytest.approx(93_200)


def test_at_once_is_the_same_period() -> None:
    """60 % of each period: 600 t in all, 50 000 + 48 000."""
    assert value(solved(edit("after: 5 a", "after: 0 a", TEXT)), "profit") == pytest.approx(98_000)


def test_what_comes_back_after_the_last_period_is_nobody_s() -> None:
    assert value(solved(edit("after: 5 a", "after: 10 a", TEXT)), "profit") == pytest.approx(50_000)


def test_a_period_that_occurs_several_times_lasts_as_long() -> None:
    """One year of weight 4 is four years: 45 t come back in each year of the second four, 60 t of the last two."""
    text = edit("y1: {duration: 4 a}, y2: {duration: 4 a}, y3: {duration: 2 a}", "PERIODS", TEXT)
    years = "y1: {duration: 1 a, weight: 4}, y2: {duration: 1 a, weight: 4}, y3: {duration: 1 a, weight: 2}"
    result = solved(edit("PERIODS", years, text))
    assert bought(result) == pytest.approx({"y2": 45, "y3": 60})
    assert value(result, "profit") == pytest.approx(74_000)
    mixed = "y1: {duration: 4 a}, y2: {duration: 1 a, weight: 4}, y3: {duration: 2 a}"
    assert bought(solved(edit("PERIODS", mixed, text))) == pytest.approx({"y2": 45, "y3": 120})


def test_sales_before_come_back_to_periods_that_occur_several_times() -> None:
    """30 t a year come back for 5 years: in each of the first four, and of the second four 30 t in all, 7.5 t each."""
    text = edit("y1: {duration: 4 a}, y2: {duration: 4 a}, y3: {duration: 2 a}", "PERIODS", TEXT)
    text = edit("after: 5 a}", "after: 5 a, before: 50 t/a}", text)
    years = "y1: {duration: 1 a, weight: 4}, y2: {duration: 1 a, weight: 4}, y3: {duration: 1 a, weight: 2}"
    program = compile_program(network_of(edit("PERIODS", years, text)))
    found = [sides(program, f"returns[scrap,{year}]")[1] for year in ("y1", "y2", "y3")]
    assert found == pytest.approx([30, 7.5, 0])


def test_two_equal_halves_of_each_period_are_the_periods() -> None:
    halves = "y1: {duration: 2 a, count: 2}, y2: {duration: 2 a, count: 2}, y3: {duration: 1 a, count: 2}"
    text = edit("y1: {duration: 4 a}, y2: {duration: 4 a}, y3: {duration: 2 a}", halves, TEXT)
    assert value(solved(text), "profit") == pytest.approx(74_000)


def test_what_must_be_taken_is_taken_at_a_loss() -> None:
    """At 110 a tonne of scrap saves 100 of cobalt: 300 t lose 10 each. 50 000 − 3000 = 47 000, and 50 000 without."""
    dear = edit("price: 20 CNY/t", "price: 110 CNY/t", TEXT)
    assert value(solved(dear), "profit") == pytest.approx(50_000)
    forced = edit("after: 5 a}]", "after: 5 a}], must_take: true", dear)
    assert value(solved(forced), "profit") == pytest.approx(47_000)
    assert bought(solved(forced)) == pytest.approx({"y2": 180, "y3": 120})


def test_several_products_and_ages_add_up() -> None:
    """30 % after 5 a and 30 % after 9 a: half of 180 and 120, and a quarter of 30 %·400 more: 90, 90."""
    text = edit("{product: battery, share: 60 %, after: 5 a}", "HALVES", TEXT)
    two = "{product: battery, share: 30 %, after: 5 a}, {product: battery, share: 30 %, after: 9 a}"
    assert bought(solved(edit("HALVES", two, text))) == pytest.approx({"y2": 90, "y3": 90})


@pytest.mark.parametrize(("share", "factor"), [("60 %", 0.9), ("0.4 t/piece", 0.4), ("400 kg/piece", 0.4)])
def test_a_share_is_one_of_the_mass_or_an_amount_per_amount(share: str, factor: float) -> None:
    """A battery of 1.5 t: 60 % of it are 0.9 t."""
    pieces = edit(
        "battery: {name: {en: Battery}}", "battery: {name: {en: Battery}, unit: piece, density: 1.5 t/piece}", TEXT
    )
    pieces = edit("per: 1 t battery, inputs: {cobalt: 1 t}", "per: 1 piece battery, inputs: {cobalt: 1.5 t}", pieces)
    pieces = edit("{price: 150 CNY/t, max: 100 t/a}", "{price: 150 CNY/piece}", pieces)
    assert network_of(edit("60 %", share, pieces)).returns.source_share.tolist() == pytest.approx([factor])


@pytest.mark.parametrize(("share", "factor"), [("0.9 GJ/MWh", 0.9), ("0.25 MWh/MWh", 0.9)])
def test_an_amount_per_amount_may_be_one_of_energies(share: str, factor: float) -> None:
    """A quarter of each MWh sold comes back, 0.25 · 3.6 GJ: neither has mass, and none is needed."""
    heat = edit("battery: {name: {en: Battery}}", "battery: {name: {en: Battery}, unit: MWh}", TEXT)
    heat = edit("class: waste}", "class: waste, unit: GJ}", heat)
    lax = ", closure: {gap: 100 %, because: worked by hand}"
    heat = edit("per: 1 t battery, inputs: {cobalt: 1 t}", "per: 1 MWh battery, inputs: {cobalt: 1 t}" + lax, heat)
    heat = edit("inputs: {scrap: 1 t}", "inputs: {scrap: 1 GJ}" + lax, heat)
    heat = edit("{price: 150 CNY/t, max: 100 t/a}", "{price: 150 CNY/MWh}", edit("20 CNY/t", "20 CNY/GJ", heat))
    assert network_of(edit("60 %", share, heat)).returns.source_share.tolist() == pytest.approx([factor])


def test_parks_say_where_it_is_sold_and_bought() -> None:
    away = "  away:\n    name: {en: Away}\n"
    away += "    plants: {assembly: {capacity: unlimited}, recycling: {capacity: unlimited}}\n"
    away += "    buy: {cobalt: {price: 100 CNY/t}, scrap: {price: 20 CNY/t}}\n    sell: {battery: {price: 150 CNY/t}}\n"
    both = edit("returns:\n", away + "returns:\n", TEXT)
    table = network_of(both).returns
    assert (len(table.sale_deal), len(table.take_deal)) == (2, 2)
    here = edit("after: 5 a}]", "after: 5 a, parks: [works]}], parks: [away]", both)
    network = network_of(here)
    table = network.returns
    park = network.offers.park[network.steps.offer[network.deals.step]]
    assert (park[table.sale_deal].tolist(), park[table.take_deal].tolist()) == ([0], [1])


def test_one_more_tonne_that_comes_back_is_worth_what_it_saves() -> None:
    limits = {limit.path: limit for limit in solved(TEXT).limits}
    found = limits["returns.scrap"]
    assert (found.bound, found.value, found.unit) == (pytest.approx(300), pytest.approx(80), "t")
    assert found.what == "return of Spent batteries"


def test_show_lists_what_comes_back() -> None:
    shown = contents(tree_of(TEXT).case(), "returns").tables[0]
    assert shown.rows == [("scrap", "battery", "60 %", "5 a", "", "at most")]


MISTAKES = {
    "an unknown material": (("  scrap: {from", "  scrup: {from"), "unknown material `scrup`", "scrap", "scrup"),
    "an unknown product": (("product: battery", "product: batery"), "unknown material `batery`", "battery", "batery"),
    "nobody buys it": (
        ("  scrap: {from", "  power: {from"), "nobody buys `power`", "under `buy` of a park", "power: {from",
    ),
    "nobody sells it": (
        ("product: battery", "product: cobalt"), "nobody sells `cobalt`", "`before` the first period", "cobalt, share",
    ),
    "an unknown park": (
        ("after: 5 a}]", "after: 5 a}], parks: [work]"), "unknown park `work`", "works", "work]",
    ),
    "an unknown park of sales": (
        ("after: 5 a}]", "after: 5 a, parks: [wurks]}]"), "unknown park `wurks`", "works", "wurks]",
    ),
    "a share that is something else": (("share: 60 %", "share: 6 MWh/t"), "`6 MWh/t`", "", "6 MWh/t"),
    "a share of what has no mass": (
        ("product: battery, share: 60 %", "product: power, before: 1 MWh/a, share: 60 %"),
        "`60 %` is a share of the mass, and `power` or `scrap` has none", "write e.g. `0.6 t/MWh`", "60 %",
    ),
    "a share of the mass of what has none": (
        ("product: battery, share: 60 %", "product: power, before: 1 MWh/a, share: 0.6 t/t"),
        "`0.6 t/t` is a share of the mass, and `power` or `scrap` has none", "write e.g. `0.6 t/MWh`", "0.6 t/t",
    ),
    "a time that is none": (("after: 5 a", "after: 5 t"), "`5 t` is a mass", "", "5 t"),
    "sales before that are no rate": (("after: 5 a", "after: 5 a, before: 50 t"), "`50 t` is a mass", "", "50 t"),
    "no product": (("[{product: battery, share: 60 %, after: 5 a}]", "[]"), "`from` is empty", "", "from: []"),
    "an unknown key": (("after: 5 a", "after: 5 a, later: 2"), "unknown key `later` in a return", "", "later"),
    "a negative share": (("share: 60 %", "share: -60 %"), "`-60 %` is negative", "", "-60 %"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change, what, mend, at = MISTAKES[name]
    wrong = edit(*change, TEXT)
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(wrong, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert mend in err
    assert f"case.yaml:{place_of(at, wrong)}: error" in err
