"""Ratios with a unit of their own: brine per value added, and brine per tonne, of two ponds by hand."""

import json

import jsonschema
import pytest

from hello import network_of
from parkloop.flows.problems import InputError
from parkloop.reports.json_result import dump_result, result_schema
from ponds import ONE_PARK, PONDS, answer, runs, text

PER_MONEY = "  per_money: {name: {en: B}, unit: t/万元, ratio: {of: brine, to: value_added}}\n"
CASE = PONDS + PER_MONEY
HALVES = "{one: {duration: 0.5 a}, two: {duration: 0.5 a}}"


def test_an_indicator_per_value_added_is_reported_in_its_unit():
    """70 t of brine per 1800 CNY are 388.9 t per 10,000 CNY; in the north 50 t per 1000 CNY are 500."""
    result = answer(case=CASE)
    figure = result.indicators["per_money"]
    assert (figure.value, figure.unit) == (pytest.approx(70 / 0.18), "t/万元")
    assert result.parks["north"]["per_money"].value == pytest.approx(500)
    jsonschema.validate(json.loads(dump_result(result)), result_schema())


@pytest.mark.parametrize("periods", ["", HALVES])
@pytest.mark.parametrize("each", ["", ", each_period: true"])
def test_a_cap_on_brine_per_value_added_binds(each, periods):
    """0.5 n + 0.2 s ≤ 0.03 (10 n + 8 s): n ≤ 0.2 s, so 20 t north and 100 t south: 1000 CNY, 30 t."""
    result = answer(f"{{indicator: per_money, max: 300 t/万元{each}}}", periods=periods, case=CASE)
    (policy,) = result.policies
    assert result.goal.value == pytest.approx(1000)
    assert (policy.value, policy.bound, policy.unit, policy.binds) == (pytest.approx(300), 300, "t/万元", True)
    # d n / d bound: 0.5 n + 20 = c (10 n + 800) ⇒ n' = (10 n + 800) / (0.5 − 10 c) = 1000 / 0.2; c moves by 1e-4
    assert policy.price == pytest.approx(10 * 1000 / 0.2 * 1e-4)
    limit = next(limit for limit in result.limits if limit.path == "policies.p")
    assert (limit.unit, limit.value_unit) == ("t/万元", "CNY/(t/万元)")


def test_a_policys_own_ratio_has_its_unit_and_a_soft_bound_counts_the_numerator():
    """At full load 350 kg/t; 300 kg/t of 200 t would be 60 t: 10 t over, at 1 CNY/t."""
    ratio = "ratio: {of: brine, to: {made: {salt: 1 t/t}}}, unit: kg/t"
    (policy,) = (result := answer(f"{{{ratio}, max: 300 kg/t, surplus: 1 CNY/t}}")).policies
    assert (policy.value, policy.unit) == (pytest.approx(350), "kg/t")
    assert (policy.surplus, policy.amount_unit) == (pytest.approx(10), "t")
    assert result.goal.value == pytest.approx(1790)
    assert runs(answer(f"{{{ratio}, max: 300 kg/t}}")) == pytest.approx({"north_pond": 50, "south_pond": 100})


def test_a_cap_may_cover_one_park_or_one_company():
    """The north alone has 500 t/万元 whatever it makes: below that it stands still."""
    assert answer("{indicator: per_money, max: 400 t/万元, parks: [north]}", case=CASE).goal.value == pytest.approx(800)
    policy = "{indicator: per_money, max: 400 t/万元, companies: [north_works]}"
    one = ONE_PARK + PER_MONEY
    assert runs(answer(policy, case=one))["north_pond"] == pytest.approx(0)


def test_a_negative_denominator_is_flagged():
    """The denominator is what is sold less what is made twice over: −200 t."""
    policy = "{ratio: {of: brine, to: {sold: {salt: 1 t/t}, made: {salt: -2 t/t}}}, unit: kg/t, min: -100 kg/t}"
    assert any("denominator comes out negative" in caveat for caveat in answer(policy).caveats)


@pytest.mark.parametrize(
    ("policy", "what", "mend"),
    [
        ("{ratio: {of: brin, to: salt}, max: 1}", "unknown indicator `brin`", "brine"),
        ("{ratio: {of: intensity, to: salt}, max: 1}", "ratio of a ratio", "name an amount"),
        ("{ratio: {of: brine, to: value_added}, unit: t/t, max: 1}", "t/t", "t/CNY"),
        ("{ratio: {of: brine, to: value_added}, max: 1}", "1", "unit: t/CNY"),
        ("{indicator: brine, unit: t, max: 1 t/a}", "`unit` belongs to a policy on a `flow` or a `ratio`", "delete"),
    ],
)
def test_mistakes_are_named_with_their_place_and_mend(policy, what, mend):
    with pytest.raises(InputError) as caught:
        network_of(text(policy))
    assert what in str(caught.value)
    assert mend in str(caught.value)
    assert str(caught.value).startswith("hello.yaml:31:")


def test_a_ratio_to_what_is_nothing_but_rounding_has_no_value():
    """In the north 0.07 · 100 − 0.01 · 100 − 0.12 · 50 is 9e-16 in binary and zero on paper; in the south it is 3.6."""
    per = "{made: {salt: 0.07 t/t}, sold: {salt: -0.01 t/t}, discarded: {brine: -0.12 t/t}}"
    line = f"  odd: {{name: {{en: O}}, ratio: {{of: {{made: {{salt: 1 t/t}}}}, to: {per}}}}}\n"
    assert 0.07 * 100 - 0.01 * 100 - 0.12 * 50 != 0
    result = answer(case=PONDS + line)
    assert result.parks["north"]["odd"].value is None
    assert result.parks["south"]["odd"].value == pytest.approx(100 / 3.6)
    assert result.indicators["odd"].value == pytest.approx(200 / 3.6)


def test_a_ratio_of_money_may_have_a_multiple_as_its_unit():
    """Revenue is all value added here: 1 CNY/CNY, a thousandth of 1 kCNY/CNY."""
    ratio = "{ratio: {of: revenue, to: value_added}, unit: kCNY/CNY, min: 0.0005 kCNY/CNY, shortage: 2 CNY/CNY}"
    (policy,) = answer(ratio).policies
    assert (policy.value, policy.bound, policy.unit) == (pytest.approx(0.001), 0.0005, "kCNY/CNY")


def test_a_bound_that_is_the_ratio_itself_holds_whatever_is_made():
    """0.612 − 6.12 · 0.1 is 1.1e-16 and stands for nothing: every amount of brine keeps the bound."""
    ratio = "ratio: {of: {discarded: {brine: 0.612 t/t}}, to: {discarded: {brine: 0.1 t/t}}}, unit: t/t"
    result = answer(f"{{{ratio}, max: 6.12 t/t}}")
    assert result.goal.value == pytest.approx(1800)
    assert result.policies[0].value == pytest.approx(6.12)
