"""The oracle on service islands, worked by hand: who bears what of whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from oracle import distance
from oracle_islands import sharing, use
from oracle_ways import Case
from test_oracle import NAME, a_case, parkloop_answer, slag_park

A, B, C, D = (("park", name) for name in "abcd")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all drawn cases."""
    return tmp_path_factory.mktemp("rings")


def four(shares_of_a: dict[Any, float], shares_of_b: dict[Any, float]) -> Any:
    """Share the accounts of a, 100, and of b, 50, two islands of a park with c and d: what each company has then."""
    spec = slag_park(service_islands={"a": {"park": "park"}, "west": {"park": "park", "company": "b"}})
    spec["parks"]["park"]["companies"] = dict.fromkeys("abcd", NAME)
    found = sharing(Case(spec), {"a": shares_of_a, "west": shares_of_b})
    own = {A: 100, B: 50, C: 0, D: 0}
    return {key: sum(weight * own[place] for place, weight in weights.items()) for key, weights in found.items()}


def test_islands_that_serve_each_other_pass_on_what_they_are_charged() -> None:
    """a = 100 + b/2 and b = 50 + 0.4 a: a passes on 156.25 and b 112.5, of which 93.75 and 56.25 go out of the two."""
    found = four({C: 0.6, B: 0.4}, {A: 0.5, D: 0.5})
    assert found[A, "island west"] == pytest.approx(56.25)
    assert found[B, "island a"] == pytest.approx(62.5)
    totals = [found[place, "total"] for place in (A, B, C, D)]
    assert totals == pytest.approx([0, 0, 93.75, 56.25])


def test_an_island_that_reaches_nobody_outside_keeps_its_own_and_what_it_is_charged() -> None:
    """b serves nobody and bears 0.4 of a; where both serve each other only, each keeps its own."""
    found = four({C: 0.6, B: 0.4}, {})
    assert [found[place, "total"] for place in (A, B, C, D)] == pytest.approx([0, 90, 60, 0])
    found = four({B: 1.0}, {A: 1.0})
    assert [found[place, "total"] for place in (A, B, C, D)] == pytest.approx([100, 50, 0, 0])
    assert not [key for key in found if key[1].startswith("island")]
    found = four({B: 1.0}, {A: 0.5, C: 0.5})  # a reaches c through b
    assert [found[place, "total"] for place in (A, B, C, D)] == pytest.approx([0, 0, 150, 0])


def test_the_key_counts_what_the_island_makes_where_it_arrives_and_what_it_only_uses_where_it_comes_from() -> None:
    """The smelter makes slag, 45 t of which arrive at the mill and 5 t in the city, at 2 GJ/t: 90 to 10.

    The mill uses clay and slag; 30 t of clay from the city at 4 GJ/t count beside the smelter's 45 t at 2 GJ/t. What
    the mill passes on of slag does not count.
    """
    mill, smelter, city = (("park", "builder"), ("park", "smelter"), ("city", "city"))
    keys = {"slag": "2 GJ/t", "clay": "4 GJ/t"}
    both = {
        "smelter": {"park": "park", "shares": keys},
        "mills": {"park": "park", "company": "builder", "shares": keys},
    }
    case = Case(slag_park(service_islands=both))
    arrived = {
        ("slag", smelter, mill): 45.0,
        ("slag", smelter, city): 5.0,
        ("clay", city, mill): 30.0,
        ("slag", mill, city): 7.0,
        ("metal", smelter, mill): 9.0,
    }
    parts = use(case, arrived)
    assert parts["smelter"] == pytest.approx({mill: 0.9, city: 0.1})
    assert parts["mills"] == pytest.approx({smelter: 90 / 210, city: 120 / 210})


@st.composite
def rings(draw: DrawFn) -> Any:
    """Draw companies that need each other's goods, some of them islands, and one in another park that needs some.

    Each makes at least 65 t of its good in a year, and the others need at most 0.2 · (300 + 10 / 0.8) = 62.5 t.
    """
    names = ["a", "b", "c", "d"]
    goods = {name: f"good_{name}" for name in names}
    needs = {
        name: {goods[other]: f"{draw(st.sampled_from([0, 0, 0.05, 0.1, 0.2]))} t" for other in names if other != name}
        for name in (*names, "far")
    }
    needs = {name: {good: need for good, need in row.items() if need != "0 t"} for name, row in needs.items()}
    processes = {name: {"per": f"1 t {goods[name]}", "inputs": {"ore": "1 t", **needs[name]}} for name in names}
    processes["far"] = {"per": "1 t ware", "inputs": {"ore": "1 t", **needs["far"]}}
    runs = {name: [f"{draw(st.integers(65, 100))} t/a" for _ in range(2)] for name in names}
    spec = a_case(
        {"ore": "raw", "ware": "product", **dict.fromkeys(goods.values(), "product")},
        processes,
        {
            "companies": dict.fromkeys(names, NAME),
            "plants": {name: {"company": name, "capacity": "100 t/a", "fix": runs[name]} for name in names},
            "buy": {"ore": {"price": "10 CNY/t"}},
            "sell": {good: {"price": f"{draw(st.integers(1, 40))} CNY/t"} for good in goods.values()},
        },
        periods={"first": {"duration": "1 a", "weight": 2}, "second": {"duration": "0.5 a"}},
        indicators={
            "ore": {"name": NAME, "unit": "t", "factors": {"bought": {"ore": "1 t/t"}}},
            "dear": {"name": NAME, "ratio": {"of": "cost", "to": "ore"}, "unit": "CNY/t"},
        },
    )
    spec["parks"]["city"] = {"name": NAME, "plants": {"far": {"capacity": "10 t/a", "fix": "10 t/a"}}}
    spec["parks"]["city"] |= {"buy": {"ore": {"price": "12 CNY/t"}}, "sell": {"ware": {"price": "50 CNY/t"}}}
    spec["transport"] = {"road": {"name": NAME, "cost": "0.2 CNY/(t*km)"}}
    road = {"from": "park", "to": "city", "by": "road", "distance": "20 km", "carries": list(goods.values())}
    spec["routes"] = {"lane": {**road, "loss": draw(st.sampled_from(["0 %", "20 %"]))}}
    spec["service_islands"] = {
        name: {"park": "park", "shares": {goods[made]: f"{draw(st.sampled_from([1, 2, 5]))} GJ/t" for made in names}}
        for name in names[: draw(st.integers(1, 3))]
    }
    return spec


@pytest.mark.slow
@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spec=rings())
def test_parkloop_shares_as_the_oracle_where_islands_serve_each_other(spec: Any, folder: Path) -> None:
    """All that flows is bound, so each company has one account, and the islands give back what the oracle says."""
    result = parkloop_answer(spec, folder)
    assert result.optimal
    parks = {park: {name: each.value for name, each in found.items()} for park, found in result.parks.items()}
    assert distance(spec, parks, "base", result) == pytest.approx(0, abs=1e-5)
    whole = sum(row.value for row in result.companies if (row.account, row.indicator) == ("total", "cost"))
    assert whole == pytest.approx(result.indicators["cost"].value)
    shares: dict[str, float] = {}
    for row in result.companies:
        if row.share is not None and row.indicator == "cost":
            shares[row.account] = shares.get(row.account, 0.0) + row.share
    assert all(share == pytest.approx(1) for share in shares.values())
