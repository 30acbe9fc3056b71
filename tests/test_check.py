"""What `check` compares, worked by hand on two salt ponds under a cap of 150 t of salt (`checked`).

The north makes 100 t and earns 10 CNY/t, the south 50 t and earns 8: 1400 CNY. Brine: 0.5·100 + 0.2·50 = 60 t.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import impossible
from checked import CAPPED, EQUAL, changed, differences, quantities, recorded, written
from hello import TEXT, edit
from parkloop.checks.case import check_case
from parkloop.checks.update import update_case

ALL = (
    "{status: optimal, objective: 1400 CNY, indicators: {salt: 150 t, brine: 60 t, intensity: 40 %}, "
    "totals: {made.salt: 150 t, discarded.brine: 0.06 kt, sold.salt: 150 t}, "
    "flows: {run north.north_pond: 100 t, sold south.salt: 50 t}, binding: [p]}"
)


def test_everything_that_can_be_expected_is_as_worked_by_hand(tmp_path: Path) -> None:
    assert quantities(tmp_path, ALL) == []


@pytest.mark.parametrize(
    ("right", "wrong", "quantity"),
    [
        ("1400 CNY", "1401 CNY", "objective"),
        ("salt: 150 t, b", "salt: 151 t, b", "indicators.salt"),
        ("intensity: 40 %", "intensity: 41 %", "indicators.intensity"),
        ("0.06 kt", "0.061 kt", "totals.discarded.brine"),
        ("north_pond: 100 t", "north_pond: 99 t", "flows.run north.north_pond"),
        ("binding: [p]", "binding: []", "binding.p"),
        ("status: optimal", "status: infeasible", "status"),
    ],
)
def test_each_quantity_that_is_off_is_named_at_its_place(tmp_path: Path, right: str, wrong: str, quantity: str) -> None:
    text = ALL.replace(right, wrong)
    assert text != ALL
    (found,) = differences(tmp_path, text)
    assert found.quantity == quantity
    line = (tmp_path / "ponds.yaml").read_text(encoding="utf-8").splitlines()[found.line - 1]
    value = "[]" if wrong.endswith("[]") else wrong.rpartition(": ")[2].removesuffix(", b")
    assert line[found.column - 1 :].startswith(value if ":" in wrong else wrong)


def test_a_change_is_told_in_plain_words(tmp_path: Path) -> None:
    """1400 CNY is 12 % below 1591, 1/10 of 14 000, and of the other sign than −1400."""
    told = (
        [differences(tmp_path, f"{{status: optimal, objective: {it}}}")[0].what for it in (1591, 14000, -1400)]
        if 0
        else []
    )
    for value, words in (("1591 CNY", "12.01% below"), ("14000 CNY", "1/10 of"), ("-1400 CNY", "of the other sign")):
        told = [it.what for it in differences(tmp_path, f"{{status: optimal, objective: {value}}}")]
        assert len(told) == 1 and words in told[0] and "1.400 kCNY" in told[0], told


@pytest.mark.parametrize(
    ("tolerances", "passes"),
    [
        ("tolerance: 1 %", True),
        ("tolerance: 0.5 %", False),
        ("tolerances: {brine: 0.6 t}", True),
        ("tolerances: {indicators.brine: 400 kg}", False),
        ("tolerances: {brine: [0.1 t, 1 %]}", True),
        ("tolerances: {brine: [0.6 t, 0.1 %]}", True),
        ("tolerance: 10 %, tolerances: {brine: 0.1 %}", False),
    ],
)
def test_a_tolerance_is_a_share_an_amount_or_the_larger_of_both(tmp_path: Path, tolerances: str, passes: bool) -> None:
    """60 t of brine against 60.5 expected: 0.5 t or 0.83 % off."""
    found = quantities(tmp_path, f"{{status: optimal, indicators: {{brine: 60.5 t}}, {tolerances}}}")
    assert found == ([] if passes else ["indicators.brine"])


@pytest.mark.parametrize(
    ("expect", "quantity", "words"),
    [
        ("totals: {sold.slat: 1 t}", "totals.sold.slat", "did you mean 'salt'"),
        ("totals: {solt.salt: 1 t}", "totals.solt.salt", "not a fate"),
        ("flows: {run north.pond: 1 t}", "flows.run north.pond", "run north.north_pond"),
        ("flows: {run north.north_pond: 1 GJ}", "flows.run north.north_pond", "energy"),
        ("binding: [p, q]", "binding.q", "no such policy"),
        ("tolerances: {salt: 1 t}", "tolerances.salt", "nothing is expected"),
    ],
)
def test_an_unknown_quantity_is_a_difference_with_a_hint(
    tmp_path: Path, expect: str, quantity: str, words: str
) -> None:
    (found,) = differences(tmp_path, f"{{status: optimal, {expect}}}")
    assert found.quantity == quantity
    assert words in found.what


def test_an_unknown_indicator_is_invalid_input(tmp_path: Path) -> None:
    verdict = check_case(written(tmp_path, "{status: optimal, indicators: {slat: 1 t}}"))
    assert "unknown indicator `slat`" in verdict.invalid[0] and "ponds.yaml:" in verdict.invalid[0]


def test_a_scenario_that_nothing_is_expected_of_fails(tmp_path: Path) -> None:
    text = f"{CAPPED}scenarios: {{dear: {{title: {{en: Dear}}, set: {{parks.north.sell.salt.price: 20 CNY/t}}}}}}"
    (found,) = differences(tmp_path, "{status: optimal}", text)
    assert (found.scenario, found.quantity) == ("dear", "baseline")
    assert "nothing is expected" in found.what and found.line > 0


# ------------------------------------------------------------ flows that are not unique


@pytest.mark.parametrize(("north", "passes"), [("50 t", True), ("77 t", True), ("100 t", True), ("49 t", False)])
def test_a_flow_that_is_not_unique_is_compared_by_its_range(tmp_path: Path, north: str, passes: bool) -> None:
    """Both ponds earn 10 CNY/t: of 150 t each may make 50 to 100 t, and no answer of the solver is the right one."""
    found = differences(tmp_path, f"{{status: optimal, flows: {{run north.north_pond: {north}}}}}", EQUAL)
    assert [it.quantity for it in found] == ([] if passes else ["flows.run north.north_pond"])
    if found:
        assert "50.00 to 100.0 t at the optimum" in found[0].what


@pytest.mark.parametrize(
    ("expect", "passes"),
    [
        ("indicators: {brine: 45 t}", True),
        ("indicators: {brine: 60 t}", True),
        ("indicators: {brine: 44 t}", False),
        ("indicators: {intensity: 30 %}", True),
        ("indicators: {intensity: 35 %}", True),
        ("indicators: {intensity: 41 %}", False),
        ("totals: {discarded.brine: 52 t}", True),
        ("totals: {discarded.brine: 61 t}", False),
    ],
)
def test_indicators_ratios_and_totals_of_flows_that_are_not_unique_too(
    tmp_path: Path, expect: str, passes: bool
) -> None:
    """North 50 and south 100 discard 25 + 20 = 45 t of brine, north 100 and south 50 discard 60: 30 to 40 %."""
    assert bool(quantities(tmp_path, f"{{status: optimal, {expect}}}", EQUAL)) is not passes


def test_a_baseline_of_flows_that_are_not_unique_holds_their_range(tmp_path: Path) -> None:
    path = recorded(tmp_path, EQUAL)
    text = (tmp_path / "ponds.baseline.json").read_text(encoding="utf-8")
    assert '"flows.run north.north_pond": {"least": 50.0, "most": 100.0, "unit": "t"}' in text
    assert '"indicators.salt": {"value": 150.0, "unit": "t"}' in text
    verdict = changed(path, "max: 150 t/a", "max: 160 t/a")
    told = {it.quantity: it.what for it in verdict.differences}
    assert "60.00 to 100.0 t at the optimum" in told["flows.run north.north_pond"]


# ------------------------------------------------------------ cases without an answer


def test_an_infeasible_case_must_stay_infeasible_for_its_reason(tmp_path: Path) -> None:
    """The contract wants 221.4 kt of carbide, of which 200 kt can be bought: both lines are the reason."""
    text = impossible.contract_above_supply()
    text = text[: text.index("expect:")] + "expect:\n"
    scenarios = "  standalone: {status: infeasible}\n"
    reasons = "because: [parks.{park}.sell.acetylene.min, parks.{park}.buy.calcium_carbide.max]"
    park = next(line.strip(" :") for line in text[text.index("parks:") :].splitlines()[1:2])
    path = tmp_path / "hello.yaml"
    path.write_text(f"{text}  base: {{status: infeasible, {reasons.format(park=park)}}}\n{scenarios}")
    assert check_case(path).passed
    other = text.replace("max: 200 kt/a", "max: 300 kt/a").replace("min: 90 kt/a", "min: 120 kt/a")
    path.write_text(f"{other}  base: {{status: infeasible, {reasons.format(park=park)}}}\n{scenarios}")
    found = [it for it in check_case(path).differences if it.scenario == "base"]
    assert [it.quantity for it in found] == ["because"]
    assert "calcium_carbide.max` no longer makes the scenario infeasible" in found[0].what


def test_a_case_that_became_infeasible_says_what_blocks_it(tmp_path: Path) -> None:
    path = recorded(tmp_path, TEXT, "hello.yaml")
    text = edit("calcium_carbide: {price: 2600 CNY/t}", "calcium_carbide: {price: 2600 CNY/t, max: 200 kt/a}")
    text = edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: 8000 CNY/t, min: 90 kt/a}", text)
    path.write_text(text, encoding="utf-8")
    worst = check_case(path).differences[0]
    assert worst.quantity == "status" and "infeasible, where optimal was expected" in worst.what
    assert "calcium_carbide.max" in worst.what


# ------------------------------------------------------------ baselines


def test_a_baseline_tells_the_line_that_changed(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    verdict = changed(path, "price: 8 CNY/t", "price: 8000 CNY/t")
    assert not verdict.passed
    (found,) = verdict.changed
    assert (found.path, found.before, found.after) == ("parks.south.sell.salt.price", "8 CNY/t", "8000 CNY/t")
    line = path.read_text(encoding="utf-8").splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith("8000 CNY/t")
    assert "1,000 times" in found.sentence
    place = verdict.differences[0]
    row = (tmp_path / "ponds.baseline.json").read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert f'"{place.quantity}": ' in row


def test_what_is_gone_is_told_where_it_was(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    verdict = changed(path, "policies:\n  p: {indicator: salt, max: 150 t/a}\n", "")
    assert {it.path for it in verdict.changed} == {"policies.p.indicator", "policies.p.max"}
    assert all(not it.after and it.line for it in verdict.changed)


def test_a_new_scenario_and_a_lost_one_are_not_in_the_baseline(tmp_path: Path) -> None:
    scenario = "scenarios: {NAME: {title: {en: Dear}, set: {parks.north.sell.salt.price: 20 CNY/t}}}\n"
    path = recorded(tmp_path, CAPPED + scenario.replace("NAME", "dear"))
    verdict = changed(path, "{dear:", "{cheap:")
    assert {(it.scenario, it.quantity) for it in verdict.differences} == {("cheap", "baseline"), ("dear", "scenario")}


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "parkloop.baseline/2"}', "\x00"])
def test_a_broken_baseline_is_invalid_input(tmp_path: Path, text: str) -> None:
    path = recorded(tmp_path)
    (tmp_path / "ponds.baseline.json").write_text(text)
    assert "the baseline" in check_case(path).invalid[0]


# ------------------------------------------------------------ accepting what is new


def test_an_update_replaces_figures_and_keeps_all_else(tmp_path: Path) -> None:
    """Twice the price in the north: 100·20 + 50·8 = 2400 CNY; 60 t of brine stay, so that figure is not touched."""
    expect = "{status:  optimal, # kept\n    objective:   1.4 kCNY, indicators: {brine: 60.00 t}} # and this"
    path = written(tmp_path, expect)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    path.write_bytes(before.replace(b"price: 10 CNY/t", b"price: 20 CNY/t"))
    assert not check_case(path).passed
    done = update_case(path)
    assert [(edit.before, edit.after) for edit in done.edits] == [("1.4 kCNY", "2.4 kCNY")]
    assert done.baseline == ""
    assert path.read_bytes() == before.replace(b"10 CNY/t", b"20 CNY/t").replace(b"1.4 kCNY", b"2.4 kCNY")
    assert check_case(path).passed
    assert not update_case(path).edits


def test_an_update_rewrites_lists_and_states(tmp_path: Path) -> None:
    path = written(tmp_path, "{status: unbounded}")
    assert [edit.after for edit in update_case(path).edits] == ["optimal"]
    path = written(tmp_path, "{status: optimal, binding: []}")
    assert [edit.after for edit in update_case(path).edits] == ["[p]"]
    assert check_case(path).passed


def test_what_cannot_be_replaced_is_left_to_a_person(tmp_path: Path) -> None:
    path = written(tmp_path, "{status: optimal, totals: {sold.slat: 1 t}}")
    done = update_case(path)
    assert not done.edits and "slat" in done.by_hand[0]


def test_a_case_that_expects_nothing_gets_a_baseline(tmp_path: Path) -> None:
    path = tmp_path / "ponds.yaml"
    path.write_text(CAPPED, encoding="utf-8")
    assert not check_case(path).passed
    assert update_case(path).baseline.endswith("ponds.baseline.json")
    assert check_case(path).passed
    assert update_case(path).baseline == ""  # it is as it was
