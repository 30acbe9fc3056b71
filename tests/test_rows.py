"""Plants and prices of a result are kept as arrays, and read as rows."""

import dataclasses
import pickle

import numpy as np
import pytest

from hello import network_of
from parkloop.flows.tables import Label
from parkloop.reports.rows import PlantTable, Price, PriceTable
from parkloop.reports.run import run_case

KILN, MILL = Label("kiln", "Kiln", "窑"), Label("mill", "Mill", "磨")
RUNS = PlantTable(
    kinds=(("north", "lime_works", "kiln", KILN, "clinker", "t"), ("north", "lime_works", "mill", MILL, "cement", "t")),
    periods=("summer", "winter"),
    run=np.array([[1.0, 2.0], [3.0, 4.0]]),
    utilisation=np.array([[0.5, 1.0], [np.nan, np.nan]]),
)
PRICES = PriceTable(
    kinds=(("north", "lime_works", "", "lime", "CNY/t"), ("north", "lime_works", "kiln", "dust", "CNY/t")),
    periods=("summer", "winter"),
    value=np.array([[10.0, 20.0], [-1.0, 0.0]]),
)


def test_rows_come_thing_by_thing_each_in_all_periods():
    assert [(run.plant, run.period, run.run, run.utilisation) for run in RUNS] == [
        ("kiln", "summer", 1.0, 0.5),
        ("kiln", "winter", 2.0, 1.0),
        ("mill", "summer", 3.0, None),
        ("mill", "winter", 4.0, None),
    ]
    assert PRICES[2] == Price("north", "lime_works", "kiln", "dust", "summer", -1.0, "CNY/t", None)


def test_a_plant_without_a_limit_has_no_utilisation_and_numbers_are_plain():
    assert RUNS[3].utilisation is None
    assert all(type(run.run) is float for run in RUNS)
    assert {type(run.utilisation) for run in RUNS} == {float, type(None)}


@pytest.mark.parametrize("table", [RUNS, PRICES], ids=["plants", "prices"])
def test_a_table_is_a_sequence(table):
    rows = tuple(table)
    assert len(table) == len(rows) == 4
    assert (table[-1], table[1:3], table[::-1]) == (rows[-1], rows[1:3], rows[::-1])
    assert tuple(pickle.loads(pickle.dumps(table))) == rows
    for place in (4, -5):
        with pytest.raises(IndexError):
            table[place]


def test_marks_of_prices_stand_beside_their_prices():
    marked = dataclasses.replace(PRICES, unique=np.array([[True, False], [False, True]]).T)
    assert [price.unique for price in marked] == [True, False, False, True]
    assert {price.unique for price in PRICES} == {None}


def test_without_an_answer_there_are_no_rows():
    assert not PlantTable() and not PriceTable()
    assert list(PlantTable()) == list(PriceTable()) == []


def test_a_plant_that_uses_all_of_its_capacity_says_so_in_each_period():
    text = """
case: works
title: {en: Works, zh: 工厂}
money: CNY
periods: {day: {duration: 1 d, count: 2}}
materials:
  ore: {name: {en: Ore, zh: 矿石}, class: raw, formula: Fe2O3}
  rust: {name: {en: Pigment, zh: 颜料}, class: product, formula: Fe2O3}
processes: {grinding: {name: {en: Grinding, zh: 研磨}, per: 1 t rust, inputs: {ore: 1 t}}}
parks:
  works:
    name: {en: Works, zh: 工厂}
    at: [36, 95]
    plants: {grinding: {capacity: 10 t/d}}
    buy: {ore: {price: 1 CNY/t}}
    sell: {rust: {price: 3 CNY/t, max: [4 t/d, 40 t/d]}}
objective: {maximise: profit}
"""
    result = run_case(network_of(text))
    assert [plant.utilisation for plant in result.plants] == pytest.approx([0.4, 1.0])
    rust = [price.value for price in result.prices if price.material == "rust"]
    assert rust == pytest.approx([1.0, 3.0])
