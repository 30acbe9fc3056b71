"""Links, routes and stores that may be built, worked by hand.

A tonne of brick earns 30 less 10 for the ore. What is built costs 12 for each t/a (t of a tank) and stands for the two
years of the case, so 6 a year without interest.
"""

from __future__ import annotations

import pytest

from hello import network_of, solved
from networks import row
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.result import Result
from test_explanations import explained, priced
from test_investment import profit

HEAD = """case: tiny
title: {en: Ways}
materials: {ore: {name: {en: Ore}, class: raw}, good: {name: {en: Good}}, brick: {name: {en: Brick}}}
processes:
  maker: {name: {en: Maker}, per: 1 t good, inputs: {ore: 1 t}}
  press: {name: {en: Press}, per: 1 t brick, inputs: {good: 1 t}}
periods: {y1: {duration: 1 a}, y2: {duration: 1 a}}
investment: {rate: 0 %}
objective: {maximise: profit}
"""
LINK = f"""{HEAD}parks:
  works:
    name: {{en: Works}}
    companies: {{one: {{en: One}}, two: {{en: Two}}}}
    plants: {{maker: {{company: one, capacity: 10 t/a}}, press: {{company: two, capacity: 10 t/a}}}}
    buy: {{ore: {{price: 10 CNY/t}}}}
    sell: {{brick: {{price: 30 CNY/t}}}}
    links:
      belt: {{material: good, from: one, to: two, max: 3 t/a, build: {{cost: 12 CNY/(t/a), lifetime: 2 a, max: 5 t/a}}}}
"""
ROUTE = f"""{HEAD}transport: {{rail: {{name: {{en: Rail}}}}}}
routes:
  line:
    {{from: works, to: town, by: rail, distance: 1 km, carries: [good], capacity: 3 t/a,
     build: {{cost: 12 CNY/(t/a), lifetime: 2 a, max: 5 t/a}}}}
parks:
  works:
    name: {{en: Works}}
    plants: {{maker: {{capacity: 10 t/a}}}}
    buy: {{ore: {{price: 10 CNY/t}}}}
  town:
    name: {{en: Town}}
    plants: {{press: {{capacity: 10 t/a}}}}
    sell: {{brick: {{price: 30 CNY/t}}}}
"""
STORE = f"""{HEAD}parks:
  works:
    name: {{en: Works}}
    plants: {{maker: {{capacity: 10 t/a}}}}
    buy: {{ore: {{price: [10 CNY/t, 30 CNY/t]}}}}
    sell: {{good: {{price: 30 CNY/t}}}}
    stores:
      tank: {{material: ore, capacity: 0 t, end: open, build: {{cost: 12 CNY/t, lifetime: 2 a}}}}
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def built(result: Result) -> list[tuple[str, str, str, float, str]]:
    return [(b.kind, b.id, b.period, pytest.approx(b.capacity), b.unit) for b in result.builds]


@pytest.mark.parametrize(("text", "kind", "name"), [(LINK, "link", "belt"), (ROUTE, "route", "line")])
def test_a_way_is_built(text: str, kind: str, name: str) -> None:
    """3 and 5 t a year earn 20, 5 of them cost 6: 320 − 60. One more earns 14 in each."""
    result = solved(text)
    assert built(result) == [(kind, name, "y1", 5, "t/a")]
    assert profit(result) == pytest.approx(260)
    assert result.indicators["investment"].value == pytest.approx(60)
    limit = next(limit for limit in result.limits if limit.path.endswith("build.max"))
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(5), pytest.approx(28), "t/a")


def test_the_giver_pays_for_a_link() -> None:
    """Of company one: ore for 80 and a belt for 30 a year."""
    policies = "policies:\n" + "".join(
        f"  of_{name}: {{indicator: cost, max: 999 CNY/a, companies: [{name}]}}\n" for name in ("one", "two")
    )
    result = solved(LINK + policies)
    assert [policy.value for policy in result.policies] == pytest.approx([2 * (80 + 30), 0])


def test_the_park_that_sends_pays_for_a_route_within_its_budget() -> None:
    """24 a year build 2 t/a: 2 and 4 stand, 5 and 7 t are carried: 240 − 6·6. The budget of the town does not count."""
    sending = changed(ROUTE, ("    name: {en: Works}\n", "    name: {en: Works}\n    investment: {budget: 24 CNY/a}\n"))
    result = solved(sending)
    assert profit(result) == pytest.approx(240 - 36)
    assert result.parks["works"]["investment"].value == pytest.approx(48)
    town = changed(ROUTE, ("    name: {en: Town}\n", "    name: {en: Town}\n    investment: {budget: 1 CNY/a}\n"))
    assert profit(solved(town)) == pytest.approx(260)


def test_two_parks_share_a_route_that_carries_both_ways() -> None:
    """Ore for the maker of the town comes back by the line, so that both parks may send: each pays 30 of 60."""
    text = changed(
        ROUTE, ("carries: [good]", "carries: [good], both_ways: true"),
        ("plants: {press: {capacity: 10 t/a}}", "plants: {press: {capacity: 10 t/a}, maker: {capacity: 0 t/a}}"),
        ("plants: {maker: {capacity: 10 t/a}}", "plants: {maker: {capacity: 10 t/a}, press: {capacity: 0 t/a}}"),
        ("    sell: {brick", "    buy: {ore: {price: 99 CNY/t}}\n    sell: {brick"),
        ("price: 10 CNY/t}}\n", "price: 10 CNY/t}}\n    sell: {brick: {price: 0 CNY/t}}\n"),
    )  # fmt: skip
    result = solved(text)
    assert [result.parks[park]["investment"].value for park in ("works", "town")] == pytest.approx([30, 30])
    assert profit(result) == pytest.approx(260)


def test_a_tank_is_built() -> None:
    """10 t of ore of year 1 spare 20 each in year 2 and cost 12: 200 + 200 − 120."""
    result = solved(STORE)
    assert built(result) == [("store", "tank", "y1", 10, "t")]
    assert profit(result) == pytest.approx(280)


def test_a_tank_comes_in_steps() -> None:
    """Two steps of 4 t earn 8·8, a third one 2·20 − 4·12."""
    result = solved(changed(STORE, ("lifetime: 2 a", "lifetime: 2 a, step: 4 t")))
    assert profit(result) == pytest.approx(200 + 64)
    assert [build.steps for build in result.builds] == [2]


def test_the_room_of_a_tank_is_one_amount_in_all_periods() -> None:
    """Ore at 10, 20 and 30: of 2 and 5 t a tonne spares 10 at the end of each of two years, and costs 12 where built.

    One t of room more earns 20, one t more that is built 8. The room is 2 t, not 2 t a year.
    """
    text = changed(
        STORE, ("y2: {duration: 1 a}", "y2: {duration: 1 a}, y3: {duration: 1 a}"),
        ("[10 CNY/t, 30 CNY/t]", "[10 CNY/t, 20 CNY/t, 30 CNY/t]"), ("capacity: 0 t", "capacity: 2 t"),
        ("cost: 12 CNY/t", "max: 5 t, cost: 12 CNY/t"),
    )  # fmt: skip
    room, most = "parks.works.stores.tank.capacity", "parks.works.stores.tank.build.max"
    limits = {limit.path: limit for limit in solved(text).limits}
    assert [(limits[path].bound, limits[path].value) for path in (room, most)] == [
        (pytest.approx(2), pytest.approx(20)), (pytest.approx(5), pytest.approx(8))
    ]  # fmt: skip
    assert limits[room].sentence == (
        "capacity of tank binds at 2.000 t: one t more adds 20.00 CNY to profit, 1 % more 0.4000 CNY"
    )
    told = priced(explained(text))
    assert [side.value for side in (told[room].more, told[room].less) if side] == pytest.approx([20, 20])


def test_a_free_opening_level_needs_room_in_the_first_period() -> None:
    program = compile_program(network_of(changed(STORE, (", end: open", ""))))
    assert row(program, "opening_room[store.works.tank]") == {
        "opening[works.tank]": 1, "new[store.works.tank,y1]": -1
    }  # fmt: skip
    assert row(program, "installed[store.works.tank,y2]") == {
        "level[works.tank,y2]": 1, "new[store.works.tank,y2]": -1
    }  # fmt: skip
    stated = compile_program(network_of(changed(STORE, (", end: open", ", end: open, initial: 0 t"))))
    assert not [name for name in stated.row_names() if name.startswith("opening_room")]


MISTAKES = {
    "link": (LINK, (" max: 3 t/a,", ""), "where `max` is unlimited there is nothing to build", "belt:"),
    "route": (ROUTE, (" capacity: 3 t/a,", ""), "where `capacity` is unlimited", "build:"),
    "store": (STORE, ("capacity: 0 t,", "capacity: unlimited,"), "where `capacity` is unlimited", "tank:"),
    "cost of a tank": (STORE, ("12 CNY/t,", "12 CNY/(t/a),"), "is needed here", "tank:"),
    "cost of a belt": (LINK, ("12 CNY/(t/a)", "12 CNY/t"), "is needed here", "belt:"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(name: str) -> None:
    text, edit, what, at = MISTAKES[name]
    text = changed(text, edit)
    with pytest.raises(InputError) as caught:
        network_of(text)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.mend
    assert problem.position is not None
    assert problem.position.line == text[: text.index(at)].count("\n") + 1
