"""Stores carry materials between periods: nothing that goes in comes out sooner, or more of it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from hello import network_of, solved, tree_of, value
from networks import row, sides
from parkloop.models.compile import compile_program
from parkloop.models.pyomo_model import to_pyomo
from parkloop.reports.contents import contents
from parkloop.reports.flows import INFLOWS
from parkloop.reports.result import Result
from parkloop.solver.highs import solve

TEXT = """
case: seasons
title: {en: A pond and a mill and a shed}
money: CNY
periods: {summer: {duration: 10 d}, winter: {duration: 10 d}}
materials:
  brine: {name: {en: Brine}, class: raw}
  salt: {name: {en: Salt}, class: CLASS}
  potash: {name: {en: Potash}}
processes:
  pond: {name: {en: Pond}, per: 1 t salt, inputs: {brine: 1 t}}
  mill: {name: {en: Mill}, per: 1 t potash, inputs: {salt: 1 t}}
parks:
  lake:
    name: {en: Lake}
    plants:
      pond: {capacity: 10 t/d, availability: [100 %, 0 %]}
      mill: {capacity: 6 t/d}
    buy: {brine: {price: 1 CNY/t}}
    sell: {potash: {price: 11 CNY/t}}
    stores:
      shed: {material: salt, capacity: 100 t, STORE}
indicators:
  lost: {name: {en: Lost}, unit: t, factors: {discarded: {salt: 1 t/t}}}
objective: {maximise: profit}
"""


def text(store: str = "", kind: str = "product") -> str:
    """The lake with a shed as described."""
    return TEXT.replace(", STORE", f", {store}" if store else "").replace("CLASS", kind)


def flows(result: Result, fate: str, material: str = "salt") -> dict[tuple[str, str], float]:
    """Flows of a fate by period and destination."""
    assert result.flows is not None
    return {(f.period, f.to): f.value for f in result.flows.rows if (f.fate, f.material) == (fate, material)}


def test_what_summer_leaves_over_runs_the_mill_in_winter() -> None:
    """The pond makes 100 t in summer, the mill uses 60 t of it and 40 t in winter: 100 · (11 − 1) = 1000.
    Without the shed it is 60 · 10 = 600."""
    assert value(solved(text()), "profit") == pytest.approx(1000)
    result = solved(text("cost: 0.001 CNY/(t*d)"))  # so that nothing is stored without need
    assert flows(result, "stored") == pytest.approx({("summer", "shed"): 40, ("winter", "shed"): -40})
    assert value(solved(text().replace("capacity: 100 t", "capacity: 0 t")), "profit") == pytest.approx(600)


def test_the_level_row_adds_what_is_kept_of_the_level_before() -> None:
    """Of the level, 0.99^10 is left after ten days of a loss of 1 %/d."""
    program = compile_program(network_of(text("loss: 1 %/d")))
    keep = 0.99**10
    assert row(program, "balance[lake.salt,summer]") == pytest.approx(
        {"run[lake.pond,summer]": 1, "run[lake.mill,summer]": -1, "level[lake.shed,summer]": -1}
        | {"opening[lake.shed]": keep}
    )
    assert row(program, "balance[lake.salt,winter]") == pytest.approx(
        {"run[lake.pond,winter]": 1, "run[lake.mill,winter]": -1, "level[lake.shed,winter]": -1}
        | {"level[lake.shed,summer]": keep}
    )
    assert row(program, "cyclic[lake.shed]") == {"level[lake.shed,winter]": 1, "opening[lake.shed]": -1}
    assert sides(program, "cyclic[lake.shed]") == (0, 0)


def test_what_is_lost_is_discarded_and_counted() -> None:
    """40 t are stored at the end of summer; a loss of 5 %/d over ten days leaves 0.95^10 of it."""
    result = solved(text("loss: 5 %/d"))
    lost = 40 * (1 - 0.95**10)
    assert flows(result, "discarded") == pytest.approx({("winter", "lost in store"): lost})
    assert value(result, "lost") == pytest.approx(lost)
    assert value(result, "profit") == pytest.approx(100 * 10 - lost * 11)


def test_in_minus_out_is_zero_with_losses_and_an_opening_level() -> None:
    """30 t at the start lose 1 − 0.95^10 in summer: lost and stored together are what did not reach the mill."""
    result = solved(text("initial: 30 t, end: 10 t, loss: 5 %/d"))
    assert result.flows is not None
    net: dict[tuple[str, str], float] = defaultdict(float)
    for flow in result.flows.rows:
        net[flow.material, flow.period] += flow.value if flow.fate in INFLOWS else -flow.value
    assert net and max(map(abs, net.values())) < 1e-9
    assert value(result, "lost") > 30 * (1 - 0.95**10)


def test_a_level_costs_money_over_time() -> None:
    """40 t are there at the end of summer, ten days at 0.1 CNY/(t·d): 40 · 1 = 40. So are 0 t at the end of winter."""
    result = solved(text("cost: 0.1 CNY/(t*d)"))
    assert value(result, "profit") == pytest.approx(1000 - 40)
    assert value(result, "value_added") == pytest.approx(1000 - 40)
    assert value(result, "cost") == pytest.approx(100 + 40)


@pytest.mark.parametrize(
    ("store", "profit"),
    [
        ("initial: 20 t, end: open", 60 * 10 + 40 * 10 + 20 * 11),  # the mill makes 120 t from 100 t and 20 t
        ("initial: 20 t, end: 20 t", 1000),
        ("initial: 20 t, end: cyclic", 1000),
        ("end: open", 1000),
        ("end: 30 t", 1000 - 30 * 11),
        ("fill_rate: 3 t/d", 60 * 10 + 30 * 10),
        ("draw_rate: 2 t/d", 60 * 10 + 20 * 10),
    ],
)
def test_how_it_begins_and_ends_and_how_fast(store: str, profit: float) -> None:
    assert value(solved(text(store)), "profit") == pytest.approx(profit)


def test_a_rate_limits_what_goes_in_and_what_comes_out() -> None:
    program = compile_program(network_of(text("fill_rate: 3 t/d, draw_rate: 2 t/d")))
    assert sides(program, "fill_rate[lake.shed,summer]")[1] == pytest.approx(30)
    assert row(program, "fill_rate[lake.shed,winter]") == {"level[lake.shed,winter]": 1, "level[lake.shed,summer]": -1}
    assert row(program, "draw_rate[lake.shed,winter]") == {"level[lake.shed,winter]": -1, "level[lake.shed,summer]": 1}
    assert row(program, "draw_rate[lake.shed,summer]") == {"level[lake.shed,summer]": -1, "opening[lake.shed]": 1}


@pytest.mark.parametrize(
    ("store", "field", "bound", "words"),
    [
        ("", "capacity", 25.0, "capacity of shed"),
        ("fill_rate: 3 t/d", "fill_rate", 30.0, "filling rate of shed"),
        ("draw_rate: 2 t/d", "draw_rate", 20.0, "drawing rate of shed"),
        ("initial: 20 t, end: open", "initial", 20.0, "opening level of shed"),
        ("end: 30 t", "end", 30.0, "closing level of shed"),
    ],
)
def test_a_binding_limit_of_a_store_is_worth_the_finite_difference(
    store: str, field: str, bound: float, words: str
) -> None:
    base_text = text(store).replace("capacity: 100 t", "capacity: 25 t" if field == "capacity" else "capacity: 100 t")
    unit = "t/d" if field.endswith("rate") else "t"
    stated = bound / 10 if unit == "t/d" else bound
    base = solved(base_text)
    raised = solved(base_text, sets=[f"parks.lake.stores.shed.{field}={stated * 1.001} {unit}"])
    limit = {limit.path: limit for limit in base.limits}[f"parks.lake.stores.shed.{field}"]
    assert limit.what == words
    assert limit.bound == pytest.approx(bound)
    assert limit.unit == "t"
    difference = value(raised, "profit") - value(base, "profit")
    assert limit.value == pytest.approx(difference / (bound * 0.001))


def test_a_capacity_that_binds_in_several_periods_is_worth_their_sum() -> None:
    """The mill binds in both periods when the shed holds enough: 1 % more of it in both is one limit."""
    base_text = text("initial: 100 t, end: open")
    base, raised = solved(base_text), solved(base_text, sets=["parks.lake.plants.mill.capacity=6.06 t/d"])
    limit = {limit.path: limit for limit in base.limits}["parks.lake.plants.mill.capacity"]
    assert limit.bound == pytest.approx(120)
    assert limit.percent == pytest.approx(value(raised, "profit") - value(base, "profit"))


def test_pyomo_reads_the_same_program() -> None:
    program = compile_program(network_of(text("loss: 1 %/d, fill_rate: 5 t/d, cost: 1 CNY/(t*a)")))
    model = to_pyomo(program)
    assert len(list(model.level)) == 2 and len(list(model.opening)) == 1


HALVES = "{summer: {duration: 5 d, count: 2}, winter: {duration: 5 d, count: 2}}"


@pytest.mark.parametrize("store", ["", "initial: 20 t, end: open", "end: 30 t", "fill_rate: 3 t/d", "draw_rate: 2 t/d"])
def test_two_halves_of_a_period_are_the_period(store: str) -> None:
    halves = text(store).replace("{summer: {duration: 10 d}, winter: {duration: 10 d}}", HALVES)
    halves = halves.replace("[100 %, 0 %]", "[100 %, 100 %, 0 %, 0 %]")
    assert value(solved(halves), "profit") == pytest.approx(value(solved(text(store)), "profit"))


def test_ten_days_lose_as_much_as_ten_times_one_day() -> None:
    days = text("initial: 40 t, end: open, loss: 5 %/d").replace("{duration: 10 d}", "{duration: 1 d, count: 10}")
    days = days.replace("[100 %, 0 %]", "0 %").replace("capacity: 6 t/d", "capacity: 0 t/d")
    result = solved(days)
    assert value(result, "lost") == pytest.approx(40 * (1 - 0.95**20))


def test_the_order_of_stores_does_not_matter() -> None:
    twin = "      heap: {material: potash, capacity: 5 t, cost: 1 CNY/(t*a)}\n"
    line = text().split("stores:\n")[1].split("indicators")[0]
    one, other = text().replace(line, line + twin), text().replace(line, twin + line)
    assert value(solved(one), "profit") == pytest.approx(value(solved(other), "profit"))


def test_a_residue_of_plants_that_keep_to_themselves_needs_a_plant() -> None:
    """With exchange none the pond's salt cannot reach the mill; its store is the pond's own heap, and it grows."""
    alone = text("end: open, plant: pond", "byproduct").replace("objective:", "exchange: none\nobjective:")
    alone = alone.replace("buy: {", "buy: {salt: {price: 2 CNY/t}, ")
    result = solved(alone)
    assert value(result, "profit") == pytest.approx(2 * 60 * (11 - 2))
    grown = solved(
        alone.replace("maximise: profit", "maximise: kept").replace(
            "indicators:\n", ("indicators:\n  kept: {name: {en: Kept}, unit: t, factors: {made: {salt: 1 t/t}}}\n")
        )
    )
    assert flows(grown, "stored") == pytest.approx({("summer", "shed"): 100})


def test_many_periods_compile_to_one_matrix() -> None:
    hours = text("loss: 1 %/d").replace(
        "{summer: {duration: 10 d}, winter: {duration: 10 d}}", "{h: {duration: 1 h, count: 48}}"
    )
    hours = hours.replace("[100 %, 0 %]", "90 %")
    program = compile_program(network_of(hours))
    assert row(program, "balance[lake.salt,h_48]")["level[lake.shed,h_47]"] == pytest.approx(0.99 ** (1 / 24))
    starts = [np.diff(program.index[a:b]) for a, b in zip(program.start[:-1], program.start[1:], strict=True)]
    assert all((step > 0).all() for step in starts)
    assert solve(program).status == "optimal"


def test_show_lists_stores_and_periods_with_their_terms() -> None:
    shown = contents(tree_of(text("loss: 1 %/d, end: open, initial: 5 t")).case(), "stores").tables[0]
    assert shown.rows[0][:6] == ("lake", "shed", ("shed", "shed"), "salt", "lake", "100 t")
    assert shown.rows[0][6] == "end open, initial 5 t, loss 1 %/d"
    periods = contents(tree_of(text()).case(), "periods").tables[0]
    assert periods.rows == [("summer", "10 d", "1", "1"), ("winter", "10 d", "1", "1")]
