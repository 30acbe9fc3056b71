"""Service islands: shared plants whose cost and indicators come back to those who use them.

The island `utilities` in the east burns coal: steam for the mill of the same park and, by pipe, for the dryer in the
west, and power for the mill. It treats the mill's waste water. In a year the mill takes 60 GJ of steam and 20 MWh of
power and gives 50 t of water; the dryer takes 40 GJ of steam.
"""

import io

import numpy as np
import pytest

from hello import network_of, tree_of
from parkloop.flows.build import build_network
from parkloop.flows.problems import Findings, InputError
from parkloop.reports.json_result import result_object, result_schema, save_tables
from parkloop.reports.run import run_case
from parkloop.reports.summary import Paper, print_summary

CASE = """
case: shared
title: {en: Shared, zh: 共享}
materials:
  coal: {name: {en: Coal, zh: 煤}, class: raw}
  steam: {name: {en: Steam, zh: 蒸汽}, unit: GJ, class: utility}
  electricity: {name: {en: Power, zh: 电}, unit: MWh, class: utility}
  co2: {name: {en: CO2, zh: 二氧化碳}, class: emission}
  waste_water: {name: {en: Waste water, zh: 废水}, class: waste}
  fibre: {name: {en: Fibre, zh: 纤维}, class: environment}
  paper: {name: {en: Paper, zh: 纸}}
  powder: {name: {en: Powder, zh: 粉}}
processes:
  boiler:
    name: {en: B, zh: 炉}
    per: 1 GJ steam
    inputs: {coal: 0.05 t}
    outputs: {co2: 0.1 t}
    closure: &open {gap: 100 %, because: water is left out}
  turbine: {name: {en: T, zh: 机}, per: 1 MWh electricity, inputs: {coal: 0.3 t}, outputs: {co2: 0.6 t}, closure: *open}
  pool: {name: {en: P, zh: 池}, class: treatment, per: 1 t waste_water, inputs: {waste_water: 1 t}, closure: *open}
  mill:
    name: {en: M, zh: 厂}
    per: 1 t paper
    inputs: {fibre: 1.5 t, steam: 6 GJ, electricity: 2 MWh}
    outputs: {waste_water: 5 t}
    closure: *open
  dryer: {name: {en: D, zh: 干燥}, per: 1 t powder, inputs: {fibre: 1 t, steam: 2 GJ}}
parks:
  east:
    name: {en: East, zh: 东}
    companies: {utilities: {en: U}, mills: {en: M}}
    plants:
      boiler: {company: utilities, capacity: 1000 GJ/a, fixed_cost: 0.2 CNY/GJ}
      turbine: {company: utilities, capacity: 1 GWh/a, variable_cost: 10 CNY/MWh}
      pool: {company: utilities, capacity: unlimited, variable_cost: 4 CNY/t}
      mill: {company: mills, capacity: 10 t/a}
    buy: {coal: {price: 400 CNY/t}}
    sell: {paper: {price: 9000 CNY/t}}
  west:
    name: {en: West, zh: 西}
    plants: {dryer: {capacity: 20 t/a}}
    sell: {powder: {price: 500 CNY/t}}
transport: {pipe: {name: {en: Pipe, zh: 管}, cost: 1 CNY/(GJ*km)}}
routes: {main: {from: east, to: west, by: pipe, distance: 2 km, carries: [steam], loss: 10 %}}
indicators:
  co2: {name: {en: CO2, zh: 碳}, unit: t, factors: {discarded: {co2: 1 t/t}}}
  coal_per_co2: {name: {en: R, zh: 比}, ratio: {of: {bought: {coal: 1 t/t}}, to: {discarded: {co2: 1 t/t}}}}
objective: {maximise: profit}
service_islands:
  utilities: {name: {en: Utilities, zh: 公用岛}, park: east, shares: {steam: 1 GJ/GJ, electricity: 3 GJ/MWh}}
"""


def figures(result):
    """Return the figures of all accounts: (company, account, indicator) → value."""
    return {(row.company, row.account, row.indicator): row.value for row in result.companies}


def answered(case=CASE):
    """Return the certified answer."""
    result = run_case(network_of(case))
    assert result.optimal, result.reason
    return result


def test_the_cost_and_emissions_of_an_island_come_back_by_use():
    """The dryer gets 40 GJ of 44.444 GJ that are sent; the key is 60 + 3 · 20 = 120 to 40.

    Steam: 104.444 GJ · 0.05 = 5.2222 t of coal and 10.4444 t of CO2; power: 6 t and 12 t. Cost: 11.2222 t · 400 =
    4488.89, fixed 200, turbine 200, pool 50 · 4 = 200, pipe 44.444 · 2 = 88.89: 5177.78 in all.
    The mill bears three quarters of 5177.78 and of 22.4444 t.
    """
    found = figures(answered())
    cost = (104 + 4 / 9) * 0.05 * 400 + 6 * 400 + 200 + 200 + 200 + 400 / 9 * 2
    assert found["utilities", "own", "cost"] == pytest.approx(cost)
    assert found["mills", "own", "cost"] == pytest.approx(0)
    assert found["mills", "island utilities", "cost"] == pytest.approx(0.75 * cost)
    assert found["west", "island utilities", "cost"] == pytest.approx(0.25 * cost)
    co2 = (104 + 4 / 9) * 0.1 + 12
    assert found["mills", "island utilities", "co2"] == pytest.approx(0.75 * co2)
    assert found["mills", "total", "profit"] == pytest.approx(90_000 - 0.75 * cost)
    assert found["west", "total", "profit"] == pytest.approx(10_000 - 0.25 * cost)
    assert found["utilities", "total", "cost"] == found["utilities", "total", "co2"] == 0
    assert found["west", "total", "coal_per_co2"] == pytest.approx((5 + 2 / 9 + 6) / co2)
    assert found["west", "own", "coal_per_co2"] is None


def test_waste_water_that_an_island_only_takes_in_counts_by_what_is_given():
    """By the 50 t of water alone the mill bears all; at 1 GJ/t beside steam it bears (60 + 50) of 150."""
    water = CASE.replace("{steam: 1 GJ/GJ, electricity: 3 GJ/MWh}", "{waste_water: 1}")
    assert figures(answered(water)).keys() & {("west", "island utilities", "cost")} == set()
    both = figures(answered(CASE.replace("electricity: 3 GJ/MWh}", "waste_water: 1 GJ/t}")))
    whole = both["utilities", "own", "cost"]
    assert both["mills", "island utilities", "cost"] == pytest.approx(110 / 150 * whole)


def test_a_key_may_be_worth():
    """60 GJ · 25 CNY + 20 MWh · 450 CNY = 10500 to 40 GJ · 25 CNY = 1000."""
    worth = "{steam: 25 CNY/GJ, electricity: 0.45 CNY/kWh}"
    found = answered(CASE.replace("{steam: 1 GJ/GJ, electricity: 3 GJ/MWh}", worth))
    share = {row.company: row.share for row in found.companies if row.account == "island utilities"}
    assert share == pytest.approx({"mills": 10_500 / 11_500, "west": 1_000 / 11_500})


SPLIT = (
    CASE.replace("{utilities: {en: U}, mills", "{utilities: {en: U}, power: {en: P}, mills")
    .replace("turbine: {company: utilities", "turbine: {company: power")
    .replace("inputs: {coal: 0.3 t}", "inputs: {coal: 0.2 t, steam: 1 GJ}")
    .replace("inputs: {coal: 0.05 t}", "inputs: {coal: 0.05 t, electricity: 0.01 MWh}")
    .replace(
        "shares: {steam: 1 GJ/GJ, electricity: 3 GJ/MWh}}",
        "shares: {steam: 1}}\n  power: {park: east, shares: {electricity: 1}}",
    )
)


def test_islands_that_serve_each_other_pass_on_what_they_are_charged():
    """The boiler takes 0.01 MWh a GJ, the turbine 1 GJ a MWh: S = 60 + 44.444 + P and P = 20 + S/100.

    P = 21.2570 MWh, S = 125.7015 GJ: the turbine gets P GJ of S − 4.444 that arrive, the boiler S/100 MWh of P.
    """
    result = answered(SPLIT)
    power = (20 + (60 + 400 / 9) / 100) / 0.99
    steam = 60 + 400 / 9 + power
    found = figures(result)
    boiler, turbine = found["utilities", "own", "cost"], found["power", "own", "cost"]
    assert turbine == pytest.approx(power * 0.2 * 400 + power * 10)
    a, b = power / (100 + power), steam / 100 / power
    passed = (boiler + b * turbine) / (1 - a * b)
    passed_on = turbine + a * passed
    assert found["mills", "island utilities", "cost"] == pytest.approx(60 / (100 + power) * passed)
    assert found["west", "total", "cost"] == pytest.approx(40 / (100 + power) * passed)
    assert found["mills", "island power", "cost"] == pytest.approx(20 / power * passed_on)
    assert found["utilities", "total", "cost"] == found["power", "total", "cost"] == 0


DUMPING = CASE.replace("buy: {coal", "discard: {waste_water: {cost: 1 CNY/t}}\n    buy: {coal")


@pytest.mark.parametrize("case", [CASE, SPLIT, DUMPING])
def test_nothing_is_lost_when_islands_share(case):
    """Every indicator adds up over the companies to that of the case, before and after, to 1e-9."""
    result = answered(case)
    found = figures(result)
    names = {row.company for row in result.companies}
    for name, measure in result.indicators.items():
        if measure.unit == "1":
            continue
        for account in ("own", "total"):
            total = sum(found[company, account, name] for company in names)
            assert total == pytest.approx(measure.value, rel=1e-9, abs=1e-9)
    for company in names:
        for account in ("own", "total"):
            profit = found[company, account, "revenue"] - found[company, account, "cost"]
            assert found[company, account, "profit"] == pytest.approx(profit, rel=1e-9, abs=1e-9)


def test_an_island_that_nobody_uses_keeps_what_it_has():
    """No paper and no powder are made: the fixed cost of 200 stays with the island."""
    idle = CASE.replace("price: 9000 CNY/t", "price: 1 CNY/t").replace("price: 500 CNY/t", "price: 1 CNY/t")
    found = figures(answered(idle))
    assert found["utilities", "total", "cost"] == pytest.approx(200)
    assert not [key for key in found if key[1] == "island utilities"]


def test_sharing_changes_no_plan():
    """The program is the same with the island and without."""
    block = CASE[CASE.index("service_islands:") :]
    assert np.isclose(answered(CASE).goal.value, answered(CASE.replace(block, "")).goal.value, rtol=1e-12)


def test_the_answer_shows_every_company_in_json_csv_and_on_the_screen(tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    result = answered()
    document = result_object(result)
    jsonschema.validate(document, result_schema())
    assert document["companies"][0]["account"] == "own"
    save_tables(result, tmp_path)
    lines = (tmp_path / "companies.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "park,company,account,share,indicator,value,unit"
    assert any(line.startswith("west,west,island utilities,0.25,co2,5.6") for line in lines)
    text = io.StringIO()
    print_summary(result, Paper.on(text))
    assert "Service islands" in text.getvalue()
    assert any("east.mills" in line and "75" in line for line in text.getvalue().splitlines())


@pytest.mark.parametrize(
    ("old", "new", "what", "mend", "at"),
    [
        ("park: east, shares", "park: eastt, shares", "unknown park `eastt`", "east", "eastt,"),
        ("  utilities: {name: {en: Ut", "  utility: {name: {en: Ut", "no company `utility`", "declare it", "utility"),
        ("park: east, shares", "park: east, company: mils, shares", "no company `mils`", "mills", "mils"),
        ("{steam: 1 GJ/GJ, e", "{staem: 1 GJ/GJ, e", "unknown material `staem`", "steam", "staem"),
        ("electricity: 3 GJ/MWh}", "electricity: 3 t/MWh}", "is needed here", "GJ/MWh", "3 t/MWh"),
        ("electricity: 3 GJ/MWh}", "electricity: 0 GJ/MWh}", "shares nothing", "above zero", "0 GJ/MWh"),
        ("electricity: 3 GJ/MWh}}", "steel: 1}}", "unknown material `steel`", "", "steel"),
        ("electricity: 3 GJ/MWh}}",
         "electricity: 3 GJ/MWh}}\n  other: {park: east, company: utilities, shares: {steam: 1}}",
         "islands `utilities` and `other` are the same company", "join them", "other"),
        ("shares: {steam: 1 GJ/GJ, e", "share: {steam: 1 GJ/GJ, e", "unknown key `share`", "shares", "share:"),
    ],
)  # fmt: skip
def test_mistakes_in_islands_are_named_with_their_place(old, new, what, mend, at):
    assert CASE.count(old) == 1
    case = CASE.replace(old, new)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    position = found[0].position
    assert case.splitlines()[position.line - 1][position.column - 1 :].startswith(at)
    assert mend in found[0].mend


def test_a_key_that_the_island_does_not_serve_is_a_warning():
    findings = Findings()
    build_network(tree_of(CASE.replace("electricity: 3 GJ/MWh}", "paper: 1 GJ/t}")).case(), findings)
    assert any("makes or uses `paper`, so it shares nothing" in problem.what for problem in findings.problems)
