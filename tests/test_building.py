"""How much is built: steps, pace, budgets of parks, and the capital that is spent, on the works of `test_investment`.

A standing year of a t/a of the new works earns 10 where it runs and costs 6. Of it 10, 30 and 30 t/a have work in years
2, 3 and 4, so s t/a that stand are worth 10·min(s, work) − 6·s; what is built in a year stands in the two after it. The
old works earns 400, and without any limit the new one 4·70 = 280.
"""

from __future__ import annotations

import json

import jsonschema
import pytest

from hello import network_of, solved, tree_of
from networks import row
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from test_investment import TEXT, built, changed, profit

LIFE = "lifetime: 2 a"


def spent(result: Result) -> float | None:
    return result.indicators["investment"].value


def with_policy(text: str, *policies: str) -> str:
    return f"{text}policies:\n" + "".join(f"  {policy}\n" for policy in policies)


def twin(text: str) -> str:
    """Return the case with a second park like the first."""
    begin, end = text.index("  works:"), text.index("objective:")
    return text[:end] + text[begin:end].replace("  works:", "  twin:", 1) + text[end:]


def test_capacity_is_built_in_whole_steps() -> None:
    """A step of 20 in year 2 is worth 80 in each of years 3 and 4, a second one 20 less a year, one in year 1 −20."""
    result = solved(changed((LIFE, f"{LIFE}, step: 20 t/a")))
    assert built(result) == pytest.approx({"y2": 20})
    assert result.builds[0].steps == 1
    assert profit(result) == pytest.approx(400 + 160)
    assert any("whole numbers" in caveat for caveat in result.caveats)
    document = json.loads(dump_result(result))
    jsonschema.validate(document, result_schema())
    assert document["builds"][0]["steps"] == 1


def test_the_row_of_a_step_says_the_law() -> None:
    program = compile_program(network_of(changed((LIFE, f"{LIFE}, step: 20 t/a"))))
    steps = "build_steps[works.new,y2]"
    assert row(program, "whole_build[works.new,y2]") == {"build[works.new,y2]": 1, steps: -20}
    assert program.integral.sum() == 4


def test_two_steps_count_two() -> None:
    """Steps of 8: 8, 24 and 24 stand (values 32, 96, 96); one more in year 3 earns 60 and costs 48: 32, so 108 and 108.

    Built are 8 in year 1, then 24 for years 3 and 4 together with 8 in year 3: 32 + 108 + 108 = 248.
    """
    result = solved(changed((LIFE, f"{LIFE}, step: 8 t/a")))
    assert profit(result) == pytest.approx(400 + 248)
    assert {build.period: build.steps for build in result.builds} == {"y1": 1, "y2": 3, "y3": 1}


def test_a_pace_limits_what_is_built_in_a_period() -> None:
    """16 in year 2 in place of 20: 26 stand in year 3, 280 − 4·4; one more of the pace there earns 4."""
    result = solved(changed((LIFE, f"{LIFE}, pace: 16 t/a/a")))
    assert built(result) == pytest.approx({"y1": 10, "y2": 16, "y3": 14})
    assert profit(result) == pytest.approx(400 + 264)
    limit = {limit.path: limit for limit in result.limits}["parks.works.plants.new.build.pace"]
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(16), pytest.approx(4), "t/a")
    assert limit.what == "pace of building Maker"


def test_a_pace_is_per_time() -> None:
    """In periods of two years twice as much may be built: 15 t of demand need 30 t/a, the pace gives 2·12 = 24."""
    text = changed(
        ("periods: {y1: {duration: 1 a}, y2: {duration: 1 a}, ", "periods: {y1: {duration: 2 a}, "),
        ("lead_time: 1 a, lifetime: 2 a", "lifetime: 9 a, pace: 12 t/a/a"),
        ("capacity: 10 t/a, retire_by: y3", "capacity: 0 t/a"),
    )
    assert built(solved(text))["y1"] == pytest.approx(24)


def test_a_park_has_a_budget_of_its_own() -> None:
    """As cash, 96 a year build 8 in each of years 1 and 2, which earn 20 − 12 each: 400 + 128.

    The twin may spend what is left of 480 and builds 10 and 20: 400 + 240.
    """
    text = changed(("{rate: 0 %}", "{method: cash, budget: 480 CNY/a}"))
    text = twin(text).replace(
        "    name: {en: Works}\n", "    name: {en: Works}\n    investment: {budget: 96 CNY/a}\n", 1
    )
    result = solved(text)
    parks = {park: values["profit"].value for park, values in result.parks.items()}
    assert parks == pytest.approx({"works": 528, "twin": 640})
    limit = {limit.path: limit for limit in result.limits}["parks.works.investment.budget"]
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(192), pytest.approx(8 / 12), "CNY")
    assert limit.what == "investment budget of Works"


def test_what_is_spent_is_an_indicator_under_either_method() -> None:
    """10, 20 and 10 t/a at 12: 480. As cash 20 and 20 or less are built, at most 240 a year."""
    assert spent(solved(TEXT)) == pytest.approx(480)
    cash = solved(changed(("{rate: 0 %}", "{method: cash, budget: 120 CNY/a}")))
    assert spent(cash) == pytest.approx(240)


def test_a_policy_bounds_what_is_spent_in_a_period() -> None:
    """200 in year 2 build 16.67: 400 + 40 + 4·26.67 + 120."""
    text = with_policy(TEXT, "cap: {indicator: investment, max: 200 CNY/a, periods: [y2], parks: [works]}")
    assert profit(solved(text)) == pytest.approx(400 + 40 + 4 * (10 + 200 / 12) + 120)


def test_targets_of_each_period_are_missed_at_their_price() -> None:
    """Revenue is 300 in year 1 and 450 after it, value added 200 and 300; 150 and 100 are missed at a tenth.

    Of capital 120, 240 and 120 are spent in years 1 to 3, 80 less than 200 in two of them; to spend 12 more at no use
    costs 6, so at a shortage of 0.1 nothing changes: 680 − 15 − 10 − 16.
    """
    policies = (
        "revenue: {indicator: revenue, min: 450 CNY/a, each_period: true, shortage: 0.1}",
        "added: {indicator: value_added, min: 300 CNY/a, each_period: true, shortage: 0.1, parks: [works]}",
        "capital: {indicator: investment, min: 200 CNY/a, each_period: true, shortage: 0.1, periods: [y1, y2, y3]}",
    )
    result = solved(with_policy(TEXT, *policies))
    assert profit(result) == pytest.approx(680 - 15 - 10 - 16)
    shortages = {policy.name: policy.shortage for policy in result.policies}
    assert shortages == pytest.approx({"revenue": 150, "added": 100, "capital": 160})


def test_a_dear_target_of_investment_is_met() -> None:
    """At a shortage of 2 it pays to spend the missing 80 in years 1 and 3; what stands then costs 6 of each 12 more.

    16.67 a year are built, so 16.67, 33.33 and 33.33 stand, 6.67, 3.33 and 3.33 more than have work: 680 − 6·13.33.
    """
    target = "capital: {indicator: investment, min: 200 CNY/a, each_period: true, shortage: 2, periods: [y1, y2, y3]}"
    result = solved(with_policy(TEXT, target))
    assert profit(result) == pytest.approx(680 - 80)
    assert built(result) == pytest.approx({"y1": 200 / 12, "y2": 200 / 12, "y3": 200 / 12})


@pytest.mark.parametrize(("method", "capital"), [("annuity, rate: 0 %", 180), ("cash", 120)])
def test_a_period_that_occurs_three_times_is_built_for_once(method: str, capital: float) -> None:
    """10 t/a at 12, once; as annuities of 6 they cost 60 in each of three years. Profit: 3·15·20 less that."""
    text = changed(
        ("y1: {duration: 1 a}, y2: {duration: 1 a}, y3: {duration: 1 a}, y4: {duration: 1 a}",
         "y1: {duration: 1 a, weight: 3}"),
        (", retire_by: y3", ""), ("lead_time: 1 a, ", ""), ("rate: 0 %", f"method: {method}"),
    )  # fmt: skip
    result = solved(text)
    assert spent(result) == pytest.approx(120)
    assert profit(result) == pytest.approx(900 - capital)


def test_the_annuity_is_booked_in_the_years_in_which_the_capacity_stands() -> None:
    """10, 30 and 30 t/a stand in years 2 to 4 and cost 6 each: a policy on cost in year 2 sees 150 + 60."""
    cap = "cap: {indicator: cost, max: 200 CNY/a, periods: [y2]}"
    result = solved(with_policy(TEXT, cap))
    value = {policy.name: policy.value for policy in result.policies}["cap"]
    assert value == pytest.approx(200)
    plain = solved(with_policy(TEXT, "cap: {indicator: cost, max: 900 CNY/a, periods: [y2]}"))
    assert {policy.name: policy.value for policy in plain.policies}["cap"] == pytest.approx(150 + 60)


def test_a_case_that_builds_nothing_has_no_investment() -> None:
    assert "investment" not in solved().indicators


def test_a_scenario_that_leaves_out_all_that_is_built_keeps_the_indicator() -> None:
    """Without the new works the old one earns 400, and nothing is spent: no more than 0, where a policy asks for it."""
    text = TEXT.replace("investment: {rate: 0 %}\n", "").replace(LIFE, f"{LIFE}, rate: 0 %")
    text = with_policy(text, "cap: {indicator: investment, max: 9 kCNY/a}")
    text += "scenarios: {old: {title: {en: The old works}, disable: [parks.works.plants.new]}}\n"
    tree = tree_of(text)
    assert spent(run_case(build_network(tree.case()))) == pytest.approx(480)
    alone = run_case(build_network(tree.case("old")))
    assert spent(alone) == 0
    assert profit(alone) == pytest.approx(400)
    assert [(policy.name, policy.value) for policy in alone.policies] == [("cap", 0)]


def test_no_indicator_may_take_the_name() -> None:
    text = f"{TEXT}indicators: {{investment: {{name: {{en: Mine}}, unit: t, factors: {{}}}}}}\n"
    with pytest.raises(InputError, match="`investment` is a built-in indicator"):
        network_of(text)


MISTAKES = {
    "step of nothing": ("step: 0 t/a", "a step of nothing changes nothing", "50 kt/a"),
    "step too large": ("max: 10 t/a, step: 20 t/a", "one step of `20 t/a` is more than", "lower `step`"),
    "step of an amount": ("step: 5 t", "`5 t`", "t/a"),
    "pace of a capacity": ("pace: 5 t/a", "`5 t/a`", ""),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(name: str) -> None:
    entry, what, mend = MISTAKES[name]
    text = changed((LIFE, f"{LIFE}, {entry}"))
    with pytest.raises(InputError) as caught:
        network_of(text)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert mend in problem.mend
    assert problem.position is not None
    assert problem.position.line == text[: text.index(LIFE)].count("\n") + 1


def test_a_park_without_a_budget_in_its_investment_is_told() -> None:
    text = TEXT.replace("    name: {en: Works}\n", "    name: {en: Works}\n    investment: {rate: 5 %}\n")
    with pytest.raises(InputError) as caught:
        network_of(text)
    assert any("`rate`" in problem.what for problem in caught.value.problems)
    assert any("`budget` is missing" in problem.what for problem in caught.value.problems)
