"""What else is near the optimum, worked by hand on the two ponds of `ponds`.

The profit is 10 CNY per tonne of salt in the north and 8 in the south, 100 t each: 1800 CNY at best.
"""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import ponds
from hello import HELLO, network_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.problems import InputError
from parkloop.reports.alternatives import Alternatives, alternatives
from parkloop.reports.json_result import schema_of
from parkloop.reports.run import run_case
from strategies import cases, to_yaml
from test_load import text as load_text

QARHAN = HELLO.parents[1] / "parks" / "qarhan.yaml"


def ends(found: Alternatives) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    assert found.status == "optimal", found.reason
    return {(row.what.kind, row.what.name): (row.least.value, row.most.value) for row in found.rows}


def runs(found: Alternatives) -> dict[str, tuple[float | None, float | None]]:
    return {name.partition(".")[2]: pair for (kind, name), pair in ends(found).items() if kind == "run"}


def test_one_per_cent_of_two_ponds_by_hand():
    """1 % of 1800 CNY is 18: 1.8 t of salt in the north, or 2.25 t in the south.

    With each tonne the north discards 0.5 t of brine, the south 0.2 t. The south is freer, and comes first.
    """
    found = alternatives(network_of(ponds.text()))
    assert found.room == pytest.approx(18)
    by_hand = {
        ("run", "north.north_pond"): (98.2, 100),
        ("run", "south.south_pond"): (97.75, 100),
        ("sold", "north.salt"): (98.2, 100),
        ("sold", "south.salt"): (97.75, 100),
        ("discarded", "north.brine"): (49.1, 50),
        ("discarded", "south.brine"): (19.55, 20),
    }
    assert ends(found) == {key: pytest.approx(pair) for key, pair in by_hand.items()}
    assert [row.what.name.partition(".")[0] for row in found.rows] == ["south"] * 3 + ["north"] * 3
    assert [row.freedom for row in found.rows] == pytest.approx([0.0225] * 3 + [0.018] * 3)
    assert [row.value for row in found.rows if row.what.kind == "run"] == pytest.approx([100, 100])
    assert all(end.certificate.holds for row in found.rows for end in (row.least, row.most))


def test_a_tolerance_can_be_an_amount_of_money():
    found = alternatives(network_of(ponds.text()), "0.1 kCNY", ["north_pond", "south.south_pond"])
    assert runs(found) == {"north_pond": pytest.approx((90, 100)), "south_pond": pytest.approx((87.5, 100))}


def test_former_stages_are_held_as_they_are():
    """First the least brine, 0 t, with 20 t to spare; then the most profit: the south alone, 800 CNY and 20 t.

    10 % of it is 80 CNY. Brine stays at 20 t: n = 40 − 0.4 s, and 10 n + 8 s = 400 + 4 s ≥ 720 leaves s ≥ 80, n ≤ 8.
    Were the brine not held, the north alone could make the 720 CNY with 72 t.
    """
    objective = "[{minimise: brine, tolerance: 20 t}, {maximise: profit}]"
    found = alternatives(network_of(ponds.text(objective=objective)), "10 %")
    assert found.room == pytest.approx(80)
    assert runs(found) == {"north_pond": pytest.approx((0, 8), abs=1e-6), "south_pond": pytest.approx((80, 100))}
    assert [stage.name for stage in found.stages] == ["brine", "profit"]


def test_what_is_minimised_may_grow():
    """150 t of salt with the least brine: the south full, 50 t in the north, 45 t of brine.

    With 2 t more, 0.5 n + 0.2 (150 − n) ≤ 47 lets the north make n ≤ 56.67 t, which the south leaves at least: 93.33 t.
    """
    network = network_of(ponds.text("{indicator: salt, min: 150 t/a}", "{minimise: brine}"))
    found = alternatives(network, "2 t")
    third = 170 / 3
    assert runs(found) == {"north_pond": pytest.approx((50, third)), "south_pond": pytest.approx((150 - third, 100))}


def test_the_worst_off_park_is_a_goal_like_any_other():
    """The south earns 800 CNY at most and is the worst off: at 10 % less each park earns 720 CNY at least."""
    found = alternatives(network_of(ponds.text(objective="{maximise: {least: profit}}")), "10 %")
    assert runs(found) == {"north_pond": pytest.approx((72, 100)), "south_pond": pytest.approx((90, 100))}


def test_plants_may_go_off_where_they_are_on_or_off():
    """900 CNY are half of the profit: with the south full the north is short of 100 CNY, which 10 t would earn.

    But where it is on it makes 40 t at least. At 720 CNY it may be off.
    """
    switched = ponds.PONDS.replace("{capacity: 100 t/a}", "{capacity: 100 t/a, on_off: {min_load: 40 %}}", 1)
    network = network_of(ponds.text(case=switched))
    found = alternatives(network, "50 %", ["north_pond"])
    assert runs(found) == {"north_pond": pytest.approx((40, 100))}
    assert all(end.certificate.holds for row in found.rows for end in (row.least, row.most))
    assert runs(alternatives(network, "60 %", ["north_pond"])) == {"north_pond": pytest.approx((0, 100), abs=1e-6)}
    assert runs(alternatives(network_of(ponds.text()), "50 %", ["north_pond"])) == {
        "north_pond": pytest.approx((10, 100))
    }


@pytest.mark.parametrize("thrice", ["count", "weight"])
def test_several_periods_count_with_their_weights(thrice):
    """Three equal years: 5400 CNY and 300 t each; 54 CNY are 5.4 t in the north over all of them."""
    periods = f"{{y: {{duration: 1 a, {thrice}: 3}}}}"
    found = alternatives(network_of(ponds.text(periods=periods)), "1 %", ["north_pond"])
    assert runs(found) == {"north_pond": pytest.approx((294.6, 300))}
    assert found.rows[0].freedom == pytest.approx(0.018)


def test_steps_of_load_are_one_run_and_an_end_that_breaks_their_order_is_not_known():
    """The smelter of `test_load` earns 50, 40 and 35 CNY/t in its three steps: 60·50 + 25·40 + 15·35 = 4525 CNY.

    5 % are 226.25 CNY, which the last step gives up with 6.464 t. The most slag is that of all steps at full load.

    Of 70 t that are sold, 60 come from the first step and 10 from the second, for 3400 CNY. 20 % less would allow slag,
    15 t of the last step, while the ones before it have room, which no plant can do.
    """
    network = network_of(load_text())
    found = alternatives(network, "5 %", ["smelter"])
    assert runs(found) == {"smelter": pytest.approx((100 - 226.25 / 35, 100))}
    (row,) = alternatives(network, "5 %", ["slag"]).rows
    assert (row.least.value, row.most.value) == pytest.approx((0.25 * (15 - 226.25 / 35), 0.25 * 15))
    slag = alternatives(network_of(load_text(("max: unlimited", "max: 70 t/a"))), "20 %", ["slag"])
    assert slag.status == "stopped"
    (row,) = slag.rows
    assert (row.most.status, row.most.value, row.freedom) == ("stopped", None, None)
    assert "has room" in row.most.reason


def test_what_costs_nothing_has_no_limit(tmp_path, capsys):
    """A south pond of any size whose salt is worth nothing can run without end."""
    case = ponds.PONDS.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: unlimited}")
    case = case.replace("price: 8 CNY/t", "price: 0 CNY/t")
    found = alternatives(network_of(ponds.text(case=case)), "1 %", ["south.salt"])
    sold = next(row for row in found.rows if row.what.kind == "sold")
    assert (sold.most.status, sold.most.value, sold.most.reason) == ("unbounded", None, "nothing limits it")
    assert sold.freedom == np.inf
    path = tmp_path / "ponds.yaml"
    path.write_text(ponds.text(case=case))
    assert cli.run(["alternatives", str(path), "--of", "south.salt", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("alternatives"))
    assert document["alternatives"][0]["freedom"] is None, "JSON knows no infinity: see `status` of the ends"
    assert cli.run(["alternatives", str(path), "--of", "south.salt"]) == 0
    assert "no limit" in capsys.readouterr().out


def test_the_tolerance_may_be_nothing():
    """Two ponds sell into a market of 100 t at one price: at the same profit either makes any part of it."""
    case = ponds.ONE_PARK.replace("price: 10 CNY/t", "price: 10 CNY/t, max: 100 t/a")
    found = alternatives(network_of(ponds.text(case=case)), "0 %")
    assert runs(found) == {
        "north_pond": pytest.approx((0, 100), abs=1e-4),
        "south_pond": pytest.approx((0, 100), abs=1e-4),
    }
    settled = ponds.text(objective="{maximise: profit, tie_break: true}", case=case)
    now = {row.what.name: row.value for row in alternatives(network_of(settled), "0 %").rows if row.what.kind == "run"}
    answer = {f"north.{name}": value for name, value in ponds.runs(run_case(network_of(settled))).items()}
    assert now == pytest.approx(answer), "the answer is that of `solve`"


def test_a_material_stands_for_all_that_passes():
    """North and south exchange nothing: salt is sold twice, and brine is discarded twice."""
    network = network_of(ponds.text())
    assert set(ends(alternatives(network, of=["salt"]))) == {("sold", "north.salt"), ("sold", "south.salt")}
    assert set(ends(alternatives(network, of=["parks.south.discard.brine"]))) == {("discarded", "south.brine")}
    qarhan = build_network(read_tree(str(QARHAN)).case("base", ()))
    kinds = set(ends(alternatives(qarhan, of=["magnesium"])))
    assert ("exchanged", "qarhan.magnesium: huixin → magontec") in kinds
    assert ("sold", "qarhan.magnesium") in kinds


@pytest.mark.parametrize(
    ("within", "what", "mend"),
    [
        ("-1 %", "negative", "0 %"),
        ("1 t", "the tolerance `1 t`", "an amount of it in CNY"),
        ("much", "the tolerance `much`", "such as `1 %`"),
    ],
)
def test_a_tolerance_that_cannot_be_is_refused(within, what, mend):
    with pytest.raises(InputError) as caught:
        alternatives(network_of(ponds.text()), within)
    assert what in caught.value.problems[0].what
    assert mend in caught.value.problems[0].mend


@pytest.mark.parametrize(
    ("name", "what", "mend"),
    [
        ("north_pnd", "`north_pnd` is no material, plant", "north_pond"),
        ("sea", "nothing of it is bought", "name a plant"),
        ("p", "`p` is no plant", "name a plant"),
    ],
)
def test_a_name_that_is_nothing_to_ask_about_is_refused(name, what, mend):
    with pytest.raises(InputError) as caught:
        alternatives(network_of(ponds.text("{indicator: brine, max: 90 t/a}")), of=["salt", name])
    assert what in caught.value.problems[0].what
    assert mend in caught.value.problems[0].mend


def test_the_command_prints_a_table_and_json_that_keeps_its_contract(tmp_path, capsys):
    path = tmp_path / "ponds.yaml"
    path.write_text(ponds.text(objective="[{minimise: brine, tolerance: 20 t}, {maximise: profit}]"))
    assert cli.run(["alternatives", str(path), "--within", "10 %"]) == 0
    printed = capsys.readouterr().out
    assert "max profit = 800.0 CNY; looked at: plans with at least 720.0 CNY" in printed
    assert "held: brine 0 t" in printed
    assert "ends certified" in printed
    first = next(line for line in printed.splitlines() if line.startswith("south.south_pond"))
    assert first.split() == ["south.south_pond", "run", "100.0", "80.00", "100.0", "t", "20.0", "%"]
    assert cli.run(["alternatives", str(path), "--within", "10 %", "--json", "--of", "north_pond"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("alternatives"))
    assert document["within"] == {"value": pytest.approx(80), "unit": "CNY"}
    (row,) = document["alternatives"]
    assert (row["least"]["value"], row["most"]["value"]) == (0, pytest.approx(8))
    assert cli.run(["alternatives", str(path), "--of", "north_pnd"]) == 2
    assert "north_pond" in capsys.readouterr().err


def test_a_case_without_plan_is_exit_code_3(tmp_path, capsys):
    path = tmp_path / "ponds.yaml"
    path.write_text(ponds.text("{indicator: profit, min: 5000 CNY/a}"))
    assert cli.run(["alternatives", str(path), "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("alternatives"))
    assert (document["status"], document["alternatives"]) == ("infeasible", [])
    assert cli.run(["alternatives", str(path)]) == 3
    assert "infeasible: no flows satisfy" in capsys.readouterr().out
    path.write_text(ponds.text())
    assert cli.run(["alternatives", str(path), "--time-limit", "1e-9", "--json"]) == 4
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("alternatives"))
    assert document["reason"].startswith("the time limit ended the solve")


def test_each_end_is_reached_by_a_plan_that_keeps_the_tolerance():
    """Qarhan: with a plant held at its end the profit is still within 1 %, and a little further it is not."""
    network = build_network(read_tree(str(QARHAN)).case("base", ()))
    found = alternatives(network, "1 %", ["kcl_refining"])
    (row,) = found.rows
    floor = found.stages[-1].value - found.room
    plant = [label.id for label in network.plants.label].index("kcl_refining")
    for value, kept in ((row.least.value * 1.0001, True), (row.least.value * 0.999, False)):
        most = network.plants.upper.copy()
        most[:, plant] = value
        held = run_case(replace(network, plants=replace(network.plants, upper=most)))
        assert (held.goal.value >= floor) is kept


@given(cases())
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)
def test_ends_of_drawn_cases_hold_the_answer_and_widen_with_the_tolerance(spec):
    try:
        network = network_of(to_yaml(spec))
    except InputError:
        return
    near, far = (alternatives(network, within) for within in ("1 %", "5 %"))
    if near.status != "optimal" or far.status != "optimal":
        return
    wide = {(row.what.kind, row.what.name): row for row in far.rows}
    for row in near.rows:
        other = wide[row.what.kind, row.what.name]
        size = 1e-6 * max(row.size, 1e-3)
        assert row.least.value is None or row.least.value <= row.value + size
        assert row.most.value is None or row.most.value >= row.value - size
        assert row.least.value is None or other.least.value <= row.least.value + size
        if row.most.value is None or other.most.value is None:
            assert other.most.value is None
        else:
            assert other.most.value >= row.most.value - size
