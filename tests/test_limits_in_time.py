"""Limits of routes, modes of transport, links, stores and shared units that differ from period to period.

Each case is one of the tests of these things, over two halves of a year (or two times ten days).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import test_links
import test_routes
import test_shared_capacity
import test_stock
from hello import edit, network_of, solved
from mistakes import place_of
from parkloop import cli

HALVES = "periods: {first: {duration: 0.5 a}, second: {duration: 0.5 a}}\nprofiles: {part: {values: [50 %, 100 %]}}\n"


def halved(text: str) -> str:
    """The case over two halves of a year, in the first of which there is half of something."""
    return edit("\nparks:", f"\n{HALVES}parks:", text)


def test_a_route_carries_in_each_period_what_it_can() -> None:
    """Slag is worth sending: at 60 and 120 kt/a, 30 and 60 kt in the halves of a year. 99 % arrive."""
    for capacity in ("[60 kt/a, 120 kt/a]", "{profile: part, times: 120 kt/a}"):
        text = halved(edit("capacity: 120 kt/a}", f"capacity: {capacity}}}", test_routes.TEXT))
        assert network_of(text).routes.capacity[:, 0].tolist() == pytest.approx([30e3, 60e3])
        flows = solved(text).flows
        assert flows is not None
        sent = {f.period: f.value for f in flows.rows if (f.fate, f.material) == ("shipped", "carbide_slag")}
        assert sent == pytest.approx({"first": 29.7e3, "second": 59.4e3})


def test_a_limit_may_be_absent_in_some_periods() -> None:
    text = halved(edit("capacity: 120 kt/a}", "capacity: [60 kt/a, unlimited]}", test_routes.TEXT))
    assert network_of(text).routes.capacity[:, 0].tolist() == [pytest.approx(30e3), np.inf]


def test_a_mode_of_transport_hauls_in_each_period_what_it_can() -> None:
    """12 and 24 Mt·km/a over 200 km are 30 and 60 kt in the halves of a year."""
    limited = edit(test_routes.RAIL, test_routes.RAIL[:-1] + ", capacity: [12 Mt*km/a, 24 Mt*km/a]}", test_routes.TEXT)
    flows = solved(halved(limited)).flows
    assert flows is not None
    sent = {f.period: f.value for f in flows.rows if f.fate == "shipped"}
    assert sent == pytest.approx({"first": 29.7e3, "second": 59.4e3})


def test_a_link_takes_in_each_period_what_it_can() -> None:
    """100 and 50 kt/a are 50 and 25 kt; 2 % of it is lost."""
    text = halved(edit("max: 100 kt/a", "max: [100 kt/a, 50 kt/a]", test_links.LINKED))
    assert network_of(text).exchanges.upper[:, 0].tolist() == pytest.approx([50e3, 25e3])
    flows = solved(text).flows
    assert flows is not None
    passed = {f.period: f.value for f in flows.rows if (f.fate, f.material) == ("received", "carbide_slag")}
    assert passed == pytest.approx({"first": 49e3, "second": 24.5e3})


def test_a_store_fills_draws_and_costs_by_the_period() -> None:
    """Ten days each: 3 and 1 t/d are 30 and 10 t, and a tonne costs 10 and 20 CNY."""
    rates = "fill_rate: [3 t/d, 1 t/d], draw_rate: [1 t/d, 3 t/d], cost: [1 CNY/(t*d), 2 CNY/(t*d)]"
    stores = network_of(test_stock.text(rates)).stores
    assert stores.fill[:, 0].tolist() == pytest.approx([30, 10])
    assert stores.draw[:, 0].tolist() == pytest.approx([10, 30])
    assert stores.cost[:, 0].tolist() == pytest.approx([10, 20])
    stored = test_stock.flows(solved(test_stock.text("fill_rate: [3 t/d, 1 t/d]")), "stored")
    assert stored == pytest.approx({("summer", "shed"): 30, ("winter", "shed"): -30})


def test_a_shared_unit_works_in_each_period_while_it_is_available() -> None:
    """Half and all of a hall of 100 t/a in half a year: 25 and 50 t."""
    hall = test_shared_capacity.SHARED.replace(
        "capacity: 100 t/a,", "capacity: 100 t/a, availability: {profile: part},"
    )
    units = network_of(halved(test_shared_capacity.text_of(hall))).units
    assert units.upper[:, 0].tolist() == pytest.approx([25, 50])


ROUTE = "capacity: 120 kt/a}"
MISTAKES = {
    "a list too long": ("[1 kt/a, 2 kt/a, 3 kt/a]", "the list has 3 figures, but the case has 2 periods", "[1 kt"),
    "two kinds of figures": ("[1 kt/a, 2 MWh/a]", "`2 MWh/a` is", "2 MWh"),
    "no rate": ("[1 kt, 2 kt]", "the capacity is an amount per time, which `1 kt` is not", "[1 kt"),
    "a profile that is a share": (
        "{profile: part}", "the capacity is an amount per time, which `50 %` is not", "{profile: part}",
    ),
    "an unknown profile": ("{profile: port, times: 1 kt/a}", "unknown profile `port`", "port, times"),
    "a negative figure": ("[1 kt/a, -2 kt/a]", "`-2 kt/a` is negative", "-2 kt"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    capacity, what, at = MISTAKES[name]
    text = halved(edit(ROUTE, f"capacity: {capacity}}}", test_routes.TEXT))
    (tmp_path / "tutorials").mkdir()
    monkeypatch.chdir(tmp_path / "tutorials")
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert f"case.yaml:{place_of(at, text)}: error" in err
