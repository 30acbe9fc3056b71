"""Fates and circularity: by hand on hello, and beside the indicators of the library on Qarhan and Ganhe."""

import json

import pytest
from jsonschema import Draft202012Validator

from hello import HELLO, edit
from parkloop import cli
from parkloop.audit.circularity import circularity
from parkloop.audit.circularity_paper import circularity_csv
from parkloop.audit.indices import CE2017, HJ274, INDICATORS
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.reports.json_result import schema_of
from parkloop.reports.run import solve_case

PARKS = HELLO.parents[1] / "parks"
SLAG, USED = 284_000.0, 117_000 / 0.757
"""100 kt acetylene make 284 kt slag; 300 kt clinker take 60 % of 195 kt CaO from it, at 0.757"""


def judged(path, scenario="base"):
    case = read_tree(path).case(scenario)
    solved = solve_case(build_network(case))
    return circularity(solved, case), solved


def official(found, system, number):
    return next(row for row in found.official if (row.system, row.number) == (system, number))


def test_fates_by_hand():
    found, _ = judged(HELLO)
    (slag,) = found.fates
    assert slag.made == pytest.approx(SLAG) and slag.bought == 0
    assert slag.amounts == {
        "used": pytest.approx(USED),
        "sold": 0,
        "treated": 0,
        "discarded": pytest.approx(SLAG - USED),
        "stored": 0,
    }
    assert slag.exchanged == pytest.approx(USED) and slag.shipped == 0
    assert slag.reuse == slag.share("used") == pytest.approx(USED / SLAG)
    assert sum(slag.share(fate) for fate in slag.amounts) == pytest.approx(1)


def test_a_slot_filled_by_slag():
    found, _ = judged(HELLO)
    (slot,) = found.slots
    assert (slot.plant, slot.slot) == ("clinker_kiln", "calcium")
    assert slot.residues == {"carbide_slag": pytest.approx(0.6)} and slot.share == pytest.approx(0.6)


def test_displacement_by_the_factor_of_the_case(tmp_path):
    """At 1.35 t limestone a tonne of slag, 154 557.5 t slag stand in for 208 652.6 t."""
    path = tmp_path / "displaces.yaml"
    path.write_text(edit("formula: Ca(OH)2}", "formula: Ca(OH)2, displaces: {limestone: 1.35 t/t}}"), encoding="utf-8")
    (row,) = judged(path)[0].displaced
    assert (row.virgin.id, row.virgin.zh) == ("limestone", "石灰石")
    assert row.amount == pytest.approx(1.35 * USED)
    assert judged(HELLO)[0].displaced == ()


def test_what_hello_cannot_say_says_why():
    found, _ = judged(HELLO)
    assert len(found.official) == 32 + 17
    for row in (*found.official, *found.energy):
        assert (row.value is None) == bool(row.because), row.name.en
    assert all(row.value is None for row in (*found.official, *found.energy))
    assert "tagged `solid`" in official(found, HJ274, 6).because
    assert "energy_calorific" in official(found, HJ274, 11).because


def test_money_other_than_yuan_is_not_taken_for_yuan(tmp_path):
    path = tmp_path / "dollars.yaml"
    text = edit("money: CNY", "money: USD").replace("CNY/t", "USD/t")
    path.write_text(text, encoding="utf-8")
    assert "USD" in official(judged(path)[0], CE2017, 3).because


@pytest.mark.parametrize("park", ["qarhan", "ganhe"])
def test_parks_agree_with_the_accounts_of_the_library(park):
    """The same figures by two ways: from the flows here, and as indicators of the program."""
    found, solved = judged(PARKS / f"{park}.yaml")
    value = {name: measure.value for name, measure in solved.result.indicators.items()}
    assert official(found, HJ274, 6).value == pytest.approx(100 * value["solid_waste_utilisation"])
    assert official(found, HJ274, 14).value == pytest.approx(value["water_intensity"])
    assert official(found, CE2017, 3).value == pytest.approx(value["value_added"] / value["energy_calorific"])
    assert official(found, HJ274, 11).value == pytest.approx(1e4 * value["energy_calorific"] / value["value_added"])
    assert [row.value for row in found.energy] == [value["energy_calorific"], value["energy_equivalent"]]
    by_products = [row for row in found.fates if row.kind == "byproduct" and row.unit == "t"]
    kept = sum(row.made - row.amounts["treated"] - row.amounts["discarded"] for row in by_products)
    assert kept / sum(row.made for row in by_products) == pytest.approx(value["reuse"])
    for row in found.fates:
        assert sum(row.amounts.values()) == pytest.approx(row.whole, rel=1e-6), row.material.id
    assert found.norms and {norm.process for norm in found.norms} <= {p.process for p in solved.result.plants if p.run}


def test_systems_are_whole():
    numbers = {system: [one.number for one in INDICATORS if one.system == system] for system in (HJ274, CE2017)}
    assert numbers == {HJ274: list(range(1, 33)), CE2017: list(range(1, 18))}
    assert all(bool(one.key) != bool(one.because) for one in INDICATORS)


def test_command(capfd, tmp_path):
    assert cli.run(["circularity", str(HELLO), "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    Draft202012Validator(schema_of("circularity")).validate(document)
    assert document["fates"][0]["reuse"] == pytest.approx(USED / SLAG)
    assert cli.run(["circularity", str(HELLO), "--lang", "zh", "-o", str(tmp_path / "fates.csv")]) == 0
    out = capfd.readouterr().out
    assert "电石渣" in out and "54.4 %" in out and "不可计算" in out
    found, _ = judged(HELLO)
    assert (tmp_path / "fates.csv").read_text(encoding="utf-8") == circularity_csv(found)
