"""Capacity that is closed for good, and what standing capacity adds, worked by hand.

A tonne of the good earns 30 less 10. The works makes 10 t a year and pays 5 a year for each t/a; the market takes 10 t
in years 1 and 2 and 4 t in years 3 and 4. Closing a t/a costs 6. Closed are 6 t/a in year 3, which spare 2·5 − 6 each:
20·28 − 5·40 + 6·4 = 384.
"""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from hello import network_of, solved
from networks import bounds, row
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.models.indicator import linear_accounts
from parkloop.reports.infeasibility import Infeasibility
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.result import Result
from test_explanations import explained, priced
from test_investment import TEXT as BUILDING
from test_investment import profit

TEXT = """case: tiny
title: {en: Less to do}
materials: {ore: {name: {en: Ore}, class: raw}, good: {name: {en: Good}}}
processes: {maker: {name: {en: Maker}, per: 1 t good, inputs: {ore: 1 t}}}
periods: {y1: {duration: 1 a}, y2: {duration: 1 a}, y3: {duration: 1 a}, y4: {duration: 1 a}}
parks:
  works:
    name: {en: Works}
    plants:
      maker: {capacity: 10 t/a, fixed_cost: 5 CNY/t, retire: {cost: 6 CNY/(t/a)}}
    buy: {ore: {price: 10 CNY/t}}
    sell: {good: {price: 30 CNY/t, max: [10 t/a, 10 t/a, 4 t/a, 4 t/a]}}
objective: {maximise: profit}
"""
LAND = "indicators: {land: {name: {en: Land}, unit: ha*a, factors: {}}}\n"
ADDS = ", adds: {land: 0.3 ha/(t/a)}"


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def closed(result: Result) -> dict[str, float]:
    return {closing.period: closing.capacity for closing in result.retirements}


def test_what_is_idle_is_closed_when_that_pays() -> None:
    result = solved(TEXT)
    assert closed(result) == pytest.approx({"y3": 6})
    assert profit(result) == pytest.approx(384)
    assert result.retirements[0].cost == pytest.approx(36)
    assert [plant.utilisation for plant in result.plants] == pytest.approx([1, 1, 1, 1])


def test_closing_is_in_cost_and_not_in_value_added() -> None:
    """Ore costs 280, what stands 5·28, closing 36."""
    result = solved(TEXT)
    assert result.indicators["value_added"].value == pytest.approx(560)
    assert result.indicators["cost"].value == pytest.approx(280 + 140 + 36)
    assert result.indicators["revenue"].value == pytest.approx(840)


def test_the_cost_of_each_year_is_booked_in_it() -> None:
    """In year 3: ore 40, what stands 20, closing 36; in year 4: 60."""
    bounds = [f"  cap{year}: {{indicator: cost, max: 999 CNY/a, periods: [y{year}]}}\n" for year in (3, 4)]
    result = solved(TEXT + "policies:\n" + "".join(bounds))
    assert [policy.value for policy in result.policies] == pytest.approx([96, 60])


def test_it_is_closed_in_whole_steps() -> None:
    """Of steps of 5 one is closed: 5·4 in place of 6·4."""
    result = solved(changed("cost: 6 CNY/(t/a)", "cost: 6 CNY/(t/a), step: 5 t/a"))
    assert closed(result) == pytest.approx({"y3": 5})
    assert result.retirements[0].steps == 1
    assert profit(result) == pytest.approx(380)


def test_nothing_is_closed_that_goes_anyway() -> None:
    """From year 4 on all is gone: closing in year 3 spares 5 and costs 6, or 4. Profit: 20·24 − 5·30, and 6·(5 − 4)."""
    gone = changed("fixed_cost: 5", "retire_by: y4, fixed_cost: 5")
    program = compile_program(network_of(gone))
    assert [bounds(program, f"retire[works.maker,y{year}]")[1] for year in (1, 2, 3, 4)] == [np.inf] * 3 + [0]
    assert closed(solved(gone)) == {}
    assert profit(solved(gone)) == pytest.approx(330)
    cheap = solved(changed("cost: 6", "cost: 4", gone))
    assert closed(cheap) == pytest.approx({"y3": 6})
    assert profit(cheap) == pytest.approx(336)


def test_the_rows_say_the_law() -> None:
    program = compile_program(network_of(TEXT))
    gone = "closed[works.maker,y2]"
    assert row(program, "installed[works.maker,y2]") == {"run[works.maker,y2]": 1, gone: 1}
    assert row(program, "closing[works.maker,y2]") == {
        gone: 1, "retire[works.maker,y1]": -1, "retire[works.maker,y2]": -1
    }  # fmt: skip


def test_the_json_result_lists_what_is_closed() -> None:
    document = json.loads(dump_result(solved(TEXT)))
    jsonschema.validate(document, result_schema())
    (closing,) = document["retirements"]
    assert (closing["id"], closing["period"], closing["steps"]) == ("maker", "y3", None)


def test_land_goes_with_what_stands() -> None:
    """10, 10, 4 and 4 t/a stand, each on 0.3 ha: 8.4 ha·a."""
    text = changed(", retire: {", f"{ADDS}, retire: {{") + LAND
    assert solved(text).indicators["land"].value == pytest.approx(8.4)


CHANGING = """case: tiny
title: {en: All that may change}
materials: {ore: {name: {en: Ore}, class: raw}, good: {name: {en: Good}}}
processes: {maker: {name: {en: Maker}, per: 1 t good, inputs: {ore: 1 t}}}
periods: {once: {duration: 2 a}, often: {duration: 0.5 a, weight: 4}}
investment: {rate: 0 %, method: METHOD}
parks:
  works:
    name: {en: Works}
    plants:
      old:
        process: maker
        capacity: 10 t/a
        fixed_cost: 5 CNY/t
        adds: {land: 0.3 ha/(t/a)}
        retire: {cost: 6 CNY/(t/a)}
      shed: {process: maker, capacity: 10 t/a, retire: {cost: 0 CNY/(t/a)}}
      new:
        process: maker
        capacity: 0 t/a
        fixed_cost: 1 CNY/t
        adds: {land: 0.3 ha/(t/a)}
        build: {cost: 12 CNY/(t/a), lifetime: 4 a}
      gift: {process: maker, capacity: 0 t/a, build: {cost: 0 CNY/(t/a), lifetime: 4 a}}
    buy: {ore: {price: 10 CNY/t}}
    sell: {good: {price: 30 CNY/t}}
objective: {maximise: profit}
"""


@pytest.mark.parametrize("method", ["annuity", "cash"])
def test_what_changes_is_booked_by_the_length_of_a_period_and_once_however_often_it_occurs(method: str) -> None:
    """A t/a of the new works costs 12, or 3 a year, and 1 a year; the old one spares 5 a year and costs 6 to close.

    The first period lasts for 2 a; the second for half a year four times, so a quarter of what is paid once is in each.
    """
    network = network_of(CHANGING.replace("METHOD", method) + LAND)
    found: dict[tuple[str, str], np.ndarray] = {}
    for term in linear_accounts(network).terms:
        for k, (column, account) in enumerate(zip(term.column.tolist(), term.account.tolist(), strict=True)):
            if term.columns in ("build", "new", "retire", "closed") and term.value[:, k].any():
                assert (term.columns, network.accounts.id[account]) not in found and column == 0
                found[term.columns, network.accounts.id[account]] = term.value[:, k]
    yearly = [2 * 1, 0.5 * 1] if method == "cash" else [2 * (3 + 1), 0.5 * (3 + 1)]
    expected = {
        ("new", "cost"): yearly, ("new", "profit"): [-it for it in yearly], ("new", "land"): [0.6, 0.15],
        ("build", "investment"): [12, 3],
        ("retire", "cost"): [6, 1.5], ("retire", "profit"): [-6, -1.5],
        ("closed", "cost"): [-10, -2.5], ("closed", "profit"): [10, 2.5], ("closed", "land"): [-0.6, -0.15],
    }  # fmt: skip
    if method == "cash":
        expected |= {("build", "cost"): [12, 3], ("build", "profit"): [-12, -3]}
    assert {key: value.tolist() for key, value in found.items()} == {
        key: pytest.approx(value) for key, value in expected.items()
    }
    standing = linear_accounts(network).constant[:, network.accounts.id.index("land"), 0]
    assert standing.tolist() == pytest.approx([6, 1.5])


def test_a_quota_of_land_closes_capacity() -> None:
    """1.2 ha carry 4 t/a, from year 2 on: 6 t less are sold there, and 6·5 more are spared: 384 − 120 + 30."""
    text = changed(", retire: {", f"{ADDS}, retire: {{") + LAND
    quota = "policies: {quota: {indicator: land, max: 1.2 ha, each_period: true, periods: [y2, y3, y4]}}\n"
    result = solved(text + quota)
    assert closed(result) == pytest.approx({"y2": 6})
    assert profit(result) == pytest.approx(294)


def test_new_capacity_needs_land_as_well() -> None:
    """4.5 ha carry 15 t/a of the new works of `test_investment`: 560; a rent of 2 on its 70 t/a·a costs 42 of 680."""
    text = changed("availability: 50 %", "availability: 50 %\n        adds: {land: 0.3 ha/(t/a)}", BUILDING) + LAND
    quota = "policies: {quota: {indicator: land, max: 4.5 ha, each_period: true}}\n"
    assert profit(solved(text + quota)) == pytest.approx(560)
    rent = "policies: {rent: {indicator: land, price: 2 CNY/(ha*a)}}\n"
    assert profit(solved(text + rent)) == pytest.approx(680 - 42)


def test_land_may_be_weighed_in_an_objective() -> None:
    """A rent of 10 on 0.3 ha is 3 for a t/a and year: 28 of them cost 8 in place of 5; what is closed is the same."""
    text = changed(", retire: {", f"{ADDS}, retire: {{") + LAND
    result = solved(changed("{maximise: profit}", "{maximise: {profit: 1, land: -10 CNY/(ha*a)}}", text))
    assert result.goal.value == pytest.approx(20 * 28 - 8 * 28 - 36)
    assert closed(result) == pytest.approx({"y3": 6})


def test_a_plant_that_changes_nothing_may_add_too() -> None:
    """10 t/a on 0.3 ha for four years, whatever it does."""
    text = changed(", retire: {cost: 6 CNY/(t/a)}", ADDS) + LAND
    assert solved(text).indicators["land"].value == pytest.approx(12)


def test_words_are_found_for_what_is_closed() -> None:
    """A t/a less or more than 10 changes how much is closed in year 3, until that is nothing or all of it."""
    item = priced(explained(TEXT))["parks.works.plants.maker.capacity"]
    assert item.more is not None and item.less is not None
    assert item.more.then == "all of works.maker is closed in period y3"
    assert item.less.then == "nothing of works.maker is closed in period y3"


def test_what_may_be_closed_is_not_in_the_way() -> None:
    """14 t of year 3 cannot be made of a capacity of 10; that it may be closed has nothing to do with it."""
    text = changed("max: [10 t/a, 10 t/a, 4 t/a, 4 t/a]", "min: [0 t/a, 0 t/a, 14 t/a, 0 t/a]")
    found = explained(text).found
    assert isinstance(found, Infeasibility)
    (blocked,) = found.blocked
    assert [line.path for line in blocked.because] == ["parks.works.plants.maker.capacity"]


MISTAKES = {
    "step that does not divide": (
        ("cost: 6 CNY/(t/a)", "step: 4 t/a"), "the capacity is 2.5 steps of `4 t/a`", "divides the capacity",
    ),
    "unlimited": (("capacity: 10 t/a, fixed_cost: 5 CNY/t", "capacity: unlimited"), "unlimited capacity", "10 t/a"),
    "cost of a tonne": (("6 CNY/(t/a)", "6 CNY/t"), "`6 CNY/t`", ""),
    "minimum load": (("fixed_cost: 5 CNY/t", "min_load: 40 %"), "a plant with `retire` cannot have", "of its own"),
    "unknown indicator": ((", retire: {", ", adds: {lan: 1 ha/(t/a)}, retire: {"), "unknown indicator `lan`", "land"),
    "land that is no land": ((", retire: {", ", adds: {land: 1 t/(t/a)}, retire: {"), "as long as it stands", "ha*a"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(name: str) -> None:
    edit, what, mend = MISTAKES[name]
    text = changed(*edit) + LAND
    with pytest.raises(InputError) as caught:
        network_of(text)
    problem = next(problem for problem in caught.value.problems if what in problem.what)
    assert mend.replace("10 t/a", "0 t/a") in problem.mend
    assert problem.position is not None
    assert problem.position.line == 10
