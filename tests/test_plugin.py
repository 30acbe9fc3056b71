"""The plugin of pytest in runs of pytest of its own, and the assertions, on the two ponds of `checked`.

The north makes 100 t of salt and the south 50: 1400 CNY and 60 t of brine; sea water comes from the environment.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

from checked import CAPPED, EQUAL, written
from hello import HELLO
from parkloop.reports.result import Result
from parkloop.testing import assert_balanced, assert_close_flows, assert_no_virgin_use_of, solved

pytest_plugins = ["pytester"]
LOADED = bool(entry_points(group="pytest11", name="parkloop"))
DEAR = "scenarios: {dear: {title: {en: Dear}, set: {parks.north.sell.salt.price: 20 CNY/t}}}"


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    own = () if LOADED else ("-p", "parkloop.testing.plugin")
    return pytester.runpytest_inprocess(*own, "-p", "no:cacheprovider", *arguments)


def test_a_case_is_collected_with_one_test_for_each_scenario(pytester: pytest.Pytester) -> None:
    text = f"{CAPPED}{DEAR}"
    written(pytester.path, "{status: optimal, objective: 1400 CNY}\n  dear: {status: optimal}", text, "a.case.yaml")
    written(pytester.path, "{status: optimal}", CAPPED, "other.yaml")
    result = run(pytester, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*a.case.yaml::base PASSED*", "*a.case.yaml::dear PASSED*"])


def test_a_difference_fails_its_scenario_alone_and_is_told_with_its_line(pytester: pytest.Pytester) -> None:
    text = f"{CAPPED}{DEAR}"
    written(pytester.path, "{status: optimal, objective: 1500 CNY}\n  dear: {status: optimal}", text, "a.case.yaml")
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*a.case.yaml:*:* base: the objective is 1.400 kCNY, 6.67% below the expected 1.500*"])
    assert "Traceback" not in result.stdout.str()


def test_the_option_adds_files_and_folders_of_any_name(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("cases")
    written(folder, "{status: optimal}", CAPPED, "one.yaml")
    written(folder, "{status: optimal}", CAPPED, "two.yml")
    (folder / "library.yaml").write_text("materials: {}\n")
    pytester.makepyfile("def test_own(): pass")
    run(pytester, "test_the_option_adds_files_and_folders_of_any_name.py").assert_outcomes(passed=1)
    own = "test_the_option_adds_files_and_folders_of_any_name.py"
    run(pytester, own, "--parkloop", "cases").assert_outcomes(passed=3)
    run(pytester, own, "--parkloop", "cases/one.yaml").assert_outcomes(passed=2)
    missing = run(pytester, "--parkloop", "nowhere")
    assert missing.ret == pytest.ExitCode.USAGE_ERROR


def test_a_case_that_cannot_be_read_is_an_error_with_its_line(pytester: pytest.Pytester) -> None:
    written(pytester.path, "{status: optimal}", CAPPED.replace("capacity: 100", "capcity: 100"), "a.case.yaml")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*a.case.yaml:*:*: error: unknown key `capcity`*"])


# ------------------------------------------------------------ assertions


@pytest.fixture
def ponds(tmp_path: Path) -> Result:
    return solved(written(tmp_path, "{status: optimal}"))


def test_a_case_is_solved_or_says_why_not(tmp_path: Path) -> None:
    path = written(tmp_path, "{status: optimal}")
    assert solved(path, sets=["parks.north.sell.salt.price=20 CNY/t"]).goal.value == pytest.approx(2400)
    with pytest.raises(AssertionError, match="is infeasible"):
        solved(path, sets=["policies.p={indicator: brine, min: 200 t/a}"])


def test_an_answer_is_balanced_and_one_with_a_lost_flow_is_not(ponds: Result) -> None:
    assert_balanced(ponds)
    assert ponds.flows is not None
    value = ponds.flows.value.copy()
    sold = next(i for i in range(value.shape[1]) if ponds.flows._kind(i)[3] == "sold")
    value[:, sold] *= 0.9
    broken = replace(ponds, flows=replace(ponds.flows, value=value))
    with pytest.raises(AssertionError, match=r"salt in north, period year: 10 t come in and go nowhere"):
        assert_balanced(broken)


def test_virgin_use_is_what_is_bought() -> None:
    """The hello kiln takes slag in place of limestone as far as it may, and buys the rest."""
    result = solved(HELLO)
    assert_no_virgin_use_of(result, "carbide_slag")
    with pytest.raises(AssertionError, match=r"buys .* t of limestone in period"):
        assert_no_virgin_use_of(result, "carbide_slag", "limestone")
    with pytest.raises(ValueError, match="did you mean 'limestone'"):
        assert_no_virgin_use_of(result, "limestoen")


def test_flows_are_close_to_stated_ones(ponds: Result) -> None:
    assert_close_flows(ponds, {"run north.north_pond": "100 t", "sold south.salt": "0.05 kt"})
    with pytest.raises(AssertionError, match=r"`run south.south_pond` is 50.00 t, 37.50% below the expected 80.00 t"):
        assert_close_flows(ponds, {"run south.south_pond": "80 t"})


def test_flows_that_are_not_unique_are_close_to_any_that_are_as_good(tmp_path: Path) -> None:
    """Each of two equal ponds may make 50 to 100 t."""
    result = solved(written(tmp_path, "{status: optimal}", EQUAL))
    for amount in ("50 t", "75 t", "100 t"):
        assert_close_flows(result, {"run north.north_pond": amount})
    with pytest.raises(AssertionError, match="at the optimum"):
        assert_close_flows(result, {"run north.north_pond": "49 t"})


def test_flows_of_two_answers_are_close_if_those_that_are_unique_agree(tmp_path: Path, ponds: Result) -> None:
    assert_close_flows(ponds, ponds)
    path = written(tmp_path, "{status: optimal}")
    less = solved(path, sets=["parks.north.plants.north_pond.capacity=80 t/a"])
    with pytest.raises(AssertionError, match=r"salt sold in north by .*: 80 t, expected 100 t"):
        assert_close_flows(less, ponds)
    assert ponds.flows is not None
    loose = replace(ponds, flows=replace(ponds.flows, unique=np.zeros_like(ponds.flows.unique)))
    assert_close_flows(less, loose)
