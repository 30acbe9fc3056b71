"""The oracle of investment on cases worked by hand: pace, budgets, steps, built ways and stores, closing, land.

A tonne of goods earns 30 less 10 for the ore. The new works costs 12 for each t/a and stands for two years of three, so
6 a year without interest: a t/a that runs for two years is worth 2·20 − 12 = 28, one of the last year 20 − 6 = 14.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import NAME, a_case

YEARS = {year: {"duration": "1 a"} for year in ("y1", "y2", "y3")}
TWO = {"y1": {"duration": "1 a"}, "y2": {"duration": "1 a"}}


def works(plant: Any, **more: Any) -> Any:
    """A works that makes goods of ore, at most 10 t of goods a year are sold."""
    build = {"cost": "12 CNY/(t/a)", "lifetime": "2 a"}
    plant = {"capacity": "0 t/a", **plant}
    if "build" in plant:
        plant["build"] = build | plant["build"]
    return a_case(
        {"ore": "raw", "goods": "product"},
        {"maker": {"per": "1 t goods", "inputs": {"ore": "1 t"}}},
        {
            "plants": {"maker": plant},
            "buy": {"ore": {"price": "10 CNY/t"}},
            "sell": {"goods": {"price": "30 CNY/t", "max": "10 t/a"}},
        },
        **{"periods": YEARS, "investment": {"rate": "0 %"}, **more},
    )


def test_a_pace_limits_what_is_built() -> None:
    """4 a year: 4, 8 and 8 stand (the first four go): 20·14 = 280. Without it 10, 10 and 10: 420."""
    assert solve(works({"build": {"pace": "4 t/a/a"}})).objective == pytest.approx(280)
    assert solve(works({"build": {}})).objective == pytest.approx(420)


def test_a_pace_counts_all_occurrences_of_a_period() -> None:
    """A year that occurs twice allows 2·4: 8 t in each of two years, 2·8·14; as cash 2·8·20 − 96 is the same."""
    twice = {"year": {"duration": "1 a", "weight": 2}}
    spec = works({"build": {"pace": "4 t/a/a"}}, periods=twice)
    assert solve(spec).objective == pytest.approx(224)
    assert solve({**spec, "investment": {"method": "cash"}}).objective == pytest.approx(224)


def test_budgets_of_the_case_and_of_a_park() -> None:
    """60 a year build 5: 5, 10 and 10 stand, 25·14. 24 of the park build 2: 2, 4 and 4."""
    spec = works({"build": {}}, investment={"rate": "0 %", "budget": "60 CNY/a"})
    assert solve(spec).objective == pytest.approx(350)
    spec["parks"]["park"]["investment"] = {"budget": "24 CNY/a"}
    assert solve(spec).objective == pytest.approx(140)


def test_whole_steps() -> None:
    """A step of 6 runs full (6·14 a year); a second one adds 4·20 − 6·6 = 44: 12 stand, 10 run, in all years."""
    assert solve(works({"build": {"step": "6 t/a"}})).objective == pytest.approx(3 * (84 + 44))
    assert solve(works({"build": {"step": "6 t/a", "max": "6 t/a"}})).objective == pytest.approx(3 * 84)


def test_the_capital_spent_is_an_indicator() -> None:
    """150 build 10 t/a in year 1, worth 28 each, and 2.5 in year 3, worth 14.

    Where it counts once more in the objective, still 10 are built in year 1 and in year 3, for 240.
    """
    capital = {"indicator": "investment", "max": "50 CNY/a"}
    spec = works({"build": {}}, policies={"cap": capital})
    assert solve(spec).objective == pytest.approx(280 + 35)
    assert solve(works({"build": {}}, objective={"maximise": {"profit": 1, "investment": -1}})).objective == (
        pytest.approx(420 - 240)
    )


def test_what_is_idle_is_closed() -> None:
    """14 t/a stand at 5 each; 4 of them never run: closed in year 1 they spare 15 each and cost 6."""
    plant = {"capacity": "14 t/a", "fixed_cost": "5 CNY/t"}
    assert solve(works(plant)).objective == pytest.approx(600 - 210)
    assert solve(works(plant | {"retire": {"cost": "6 CNY/(t/a)"}})).objective == pytest.approx(600 - 210 + 4 * 9)
    stepped = plant | {"retire": {"cost": "6 CNY/(t/a)", "step": "2.8 t/a"}}
    assert solve(works(stepped)).objective == pytest.approx(600 - 210 + 2.8 * 9)
    gone = plant | {"retire": {"cost": "6 CNY/(t/a)"}, "retire_by": "y2"}
    assert solve(works(gone)).objective == pytest.approx(200 - 70)


def test_standing_capacity_takes_land() -> None:
    """4 t/a stand and 6 are built, for 6 each a year; each takes 0.5 ha, in all 15 ha·a.

    A quota of 3 ha leaves 2 of the new; a levy of 2 CNY/(ha·a) costs 1 for each t/a and year.
    """
    plant = {"capacity": "4 t/a", "build": {}, "adds": {"land": "0.5 ha/(t/a)"}}
    land = {"indicators": {"land": {"name": NAME, "unit": "ha*a", "factors": {}}}}
    answer = solve(works(plant, **land))
    assert answer.objective == pytest.approx(3 * (200 - 36))
    assert answer.indicators["land"] == pytest.approx(15)
    quota = {"indicator": "land", "max": "3 ha*a/a", "each_period": True}
    assert solve(works(plant, **land, policies={"quota": quota})).objective == pytest.approx(3 * (120 - 12))
    levy = {"indicator": "land", "price": "2 CNY/(ha*a)"}
    assert solve(works(plant, **land, policies={"levy": levy})).objective == pytest.approx(3 * (200 - 36 - 10))


def works_and_press(**link: Any) -> Any:
    """A maker of goods and a press of another company, which earns 30 less 10 for each tonne that it is given."""
    return a_case(
        {"ore": "raw", "goods": "product", "brick": "product"},
        {
            "maker": {"per": "1 t goods", "inputs": {"ore": "1 t"}},
            "press": {"per": "1 t brick", "inputs": {"goods": "1 t"}},
        },
        {
            "companies": {"one": NAME, "two": NAME},
            "plants": {
                "maker": {"company": "one", "capacity": "10 t/a"},
                "press": {"company": "two", "capacity": "10 t/a"},
            },
            "buy": {"ore": {"price": "10 CNY/t"}},
            "sell": {"brick": {"price": "30 CNY/t"}},
            "links": {"belt": {"material": "goods", "from": "one", "to": "two", **link}},
        },
        periods=TWO,
        investment={"rate": "0 %"},
    )


def test_a_link_is_built_and_its_giver_pays() -> None:
    """3 and 5 t a year at 20, and 5·6 a year; company one also buys the ore for 80 a year."""
    build = {"cost": "12 CNY/(t/a)", "lifetime": "2 a", "max": "5 t/a"}
    spec = works_and_press(max="3 t/a", build=build)
    assert solve(spec).objective == pytest.approx(2 * (160 - 30))
    cap = {"indicator": "cost", "max": "95 CNY/a", "companies": ["one"]}
    assert solve({**spec, "policies": {"cap": cap}}).objective == pytest.approx(2 * (3 + 65 / 16) * 20 - 12 * 65 / 16)
    assert solve({**spec, "policies": {"cap": {**cap, "companies": ["two"]}}}).objective == pytest.approx(260)


def test_a_route_is_built_by_those_who_may_send() -> None:
    """The press in a town of its own: 3 t/a and 5 more are sent. The works pays, so the budget of the town is nothing.

    With a budget of 24 a year for the works 2 more are built in each: 3 + 2 and 3 + 4 t are sent.
    """
    spec = works_and_press()
    park = spec["parks"]["park"]
    del park["links"], park["companies"], park["plants"]["maker"]["company"]
    press = park["plants"].pop("press")
    del press["company"]
    spec["parks"]["town"] = {"name": NAME, "plants": {"press": press}, "sell": park.pop("sell")}
    spec["transport"] = {"rail": {"name": NAME}}
    build = {"cost": "12 CNY/(t/a)", "lifetime": "2 a", "max": "5 t/a"}
    terms = {"distance": "1 km", "carries": ["goods"], "capacity": "3 t/a", "build": build}
    spec["routes"] = {"line": {"from": "park", "to": "town", "by": "rail", **terms}}
    assert solve(spec).objective == pytest.approx(260)
    spec["parks"]["town"]["investment"] = {"budget": "0 CNY/a"}
    assert solve(spec).objective == pytest.approx(260)
    park["investment"] = {"budget": "24 CNY/a"}
    assert solve(spec).objective == pytest.approx(12 * 20 - 2 * 12 - 2 * 6)


def test_a_tank_is_built() -> None:
    """Ore at 10 and then at 30: 10 t kept over spare 20 each and cost 12; in steps of 4 t, 8 t do."""
    spec = works({"capacity": "10 t/a"}, periods=TWO)
    park = spec["parks"]["park"]
    park["buy"]["ore"]["price"] = ["10 CNY/t", "30 CNY/t"]
    build = {"cost": "12 CNY/t", "lifetime": "2 a"}
    park["stores"] = {"tank": {"material": "ore", "capacity": "0 t", "end": "open", "build": build}}
    assert solve(spec).objective == pytest.approx(200 + 200 - 120)
    build["step"] = "4 t"
    assert solve(spec).objective == pytest.approx(200 + 8 * 20 - 96)
