"""Policies on flows, in parts of the case, in every period, soft, with allowances and steps: two ponds by hand."""

import json

import jsonschema
import pytest

from hello import network_of
from networks import INF, Offer, Plant, Policy, Works, bounds, row, sides
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.run import run_case
from parkloop.solver.highs import solve
from ponds import ONE_PARK, PONDS, answer, runs, text


def test_a_cap_may_stand_on_a_flow_itself():
    """60 t of brine: 20 t in the south (800 CNY), 40 t in the north at 20 CNY/t: 1600. One more is worth 20."""
    result = answer("{flow: {discarded: {brine: 1 t/t}}, unit: t, max: 60 t/a}")
    assert result.goal.value == pytest.approx(1600)
    (policy,) = result.policies
    assert (policy.indicator, policy.unit, policy.binds) == ("policy.p", "t", True)
    assert (policy.value, policy.bound, policy.price) == pytest.approx((60, 60, 20))
    assert (policy.shortage, policy.surplus) == (None, None)
    assert "policy.p" not in result.indicators
    assert "policy p binds at 60.00 t: one t more adds 20.00 CNY to profit" in result.limits[0].sentence


def test_a_ratio_may_stand_on_flows_themselves():
    """0.5 n + 0.2 s ≤ 0.3 (n + s): n ≤ s / 2, so 50 t north and 100 t south."""
    result = answer("{ratio: {of: {discarded: {brine: 1 t/t}}, to: {made: {salt: 1 t/t}}}, max: 30 %}")
    assert runs(result) == pytest.approx({"north_pond": 50, "south_pond": 100})
    assert result.policies[0].unit == "1"


def test_a_price_on_a_flow_may_be_negative_as_a_relief():
    """2 CNY per tonne of salt sold in the north: 1800 + 200."""
    result = answer("{flow: {sold: {salt: 1 t/t}}, unit: t, price: -2 CNY/t, parks: [north]}")
    assert result.goal.value == pytest.approx(2000)
    assert result.parks["north"]["cost"].value == pytest.approx(-200)


@pytest.mark.parametrize(
    ("surplus", "profit", "over", "worth"), [(15, 1800 - 10 * 15, 10, 15), (25, 1600, 0, 20), (0, 1800, 10, 0)]
)
def test_a_soft_cap_is_exceeded_where_that_pays(surplus, profit, over, worth):
    """70 t of brine at a cap of 60; the last 10 t earn 20 CNY/t."""
    result = answer(f"{{indicator: brine, max: 60 t/a, surplus: {surplus} CNY/t}}")
    (policy,) = result.policies
    assert result.goal.value == pytest.approx(profit)
    assert policy.surplus == pytest.approx(over, abs=1e-9)
    assert policy.price == pytest.approx(worth)
    assert (policy.shortage, policy.amount_unit) == (None, "t")
    assert result.indicators["cost"].value == pytest.approx(surplus * over, abs=1e-6)


def test_what_a_shortage_costs_is_shared_by_the_companies_covered():
    """80 t of brine are asked for and 70 possible: 10 t at 3 CNY/t, half of it in each park."""
    result = answer("{indicator: brine, min: 80 t/a, shortage: 3 CNY/t}")
    assert result.goal.value == pytest.approx(1800 - 30)
    assert result.policies[0].shortage == pytest.approx(10)
    assert [result.parks[park]["cost"].value for park in ("north", "south")] == pytest.approx([15, 15])
    jsonschema.validate(json.loads(dump_result(result)), result_schema())


def test_the_shortage_of_a_ratio_counts_its_numerator():
    """All at full load 70 t of brine to 200 t of salt; 40 % would be 80 t: 10 t short, at 1 CNY/t."""
    result = answer("{indicator: intensity, min: 40 %, shortage: 1 CNY/t}")
    (policy,) = result.policies
    assert result.goal.value == pytest.approx(1790)
    assert (policy.shortage, policy.amount_unit, policy.unit) == (pytest.approx(10), "t", "1")


def test_a_policy_may_hold_in_some_periods_only():
    """No brine in winter, a quarter of the year: three quarters of 1800."""
    periods = "{winter: {duration: 0.25 a}, summer: {duration: 0.75 a}}"
    result = answer("{indicator: brine, max: 0 t/a, periods: [winter]}", periods=periods)
    assert result.goal.value == pytest.approx(1350)
    assert result.policies[0].value == pytest.approx(0)
    assert result.indicators["brine"].value == pytest.approx(0.75 * 70)


def test_a_price_in_some_periods_is_paid_there():
    """10 CNY/t in winter, less 40 t/a free: 0.25 · 10 · (70 − 40)."""
    periods = "{winter: {duration: 0.25 a}, summer: {duration: 0.75 a}}"
    result = answer("{indicator: brine, price: 10 CNY/t, free: 40 t/a, periods: [winter]}", periods=periods)
    assert result.goal.value == pytest.approx(1800 - 75)


@pytest.mark.parametrize("each", ["false", "true"])
@pytest.mark.parametrize("policy", ["max: 60 t/a", "price: 25 CNY/t, free: 60 t/a, sell: false"])
def test_rates_count_over_the_covered_periods_only(policy, each):
    """60 t/a in a winter of a quarter of the year leave 15 t of brine there: 0.25 · 1600 + 0.75 · 1800."""
    periods = "{winter: {duration: 0.25 a}, summer: {duration: 0.75 a}}"
    result = answer(f"{{indicator: brine, {policy}, periods: [winter], each_period: {each}}}", periods=periods)
    assert result.goal.value == pytest.approx(1750)
    assert result.policies[0].value == pytest.approx(15)


@pytest.mark.parametrize(("each", "profit"), [(False, 2000 + 200), (True, 600 + 1200)])
def test_a_cap_in_each_period_cannot_be_moved_to_the_better_one(each, profit):
    """60 t of brine over two periods, salt at 10 and at 20: 50 t and 10 t in all, or 30 t in each."""
    works = Works(
        plants={"pond": Plant({"salt": 1.0, "brine": 0.5}, upper=100)},
        offers=[Offer("sell", "salt", (10.0, 20.0)), Offer("discard", "brine")],
        accounts={"brine": [("discarded", "brine", 1.0)]},
        policies={"cap": Policy("brine", upper=60, each=each)},
        weight=(1.0, 1.0),
    )
    assert solve(compile_program(works.network())).objective == pytest.approx(profit)


def test_a_bound_in_each_period_reports_its_total_and_what_raising_it_brings():
    """Winter occurs twice: 60 t/a over 0.25 · 2 + 0.5 = 1 a, and one more tonne in all is worth 20."""
    periods = "{winter: {duration: 0.25 a, weight: 2}, summer: {duration: 0.5 a}}"
    result = answer("{indicator: brine, max: 60 t/a, each_period: true}", periods=periods)
    (policy,) = result.policies
    assert result.goal.value == pytest.approx(1600)
    assert (policy.value, policy.bound, policy.price) == pytest.approx((60, 60, 20))


def test_soft_bounds_in_each_period_are_paid_by_period():
    """10 t/a over the cap at 15 CNY/t, whatever the periods."""
    periods = "{winter: {duration: 0.25 a, weight: 2}, summer: {duration: 0.5 a}}"
    result = answer("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t, each_period: true}", periods=periods)
    assert result.goal.value == pytest.approx(1650)
    assert result.policies[0].surplus == pytest.approx(10)


def test_a_policy_may_cover_some_companies_of_a_park():
    """Both ponds in one park at 10 CNY/t of salt: 5 t of brine are 25 t of salt in the south: 1000 + 250."""
    result = answer("{indicator: brine, max: 5 t/a, companies: [south_works]}", case=ONE_PARK)
    assert runs(result) == pytest.approx({"north_pond": 100, "south_pond": 25})
    assert result.policies[0].value == pytest.approx(5)


@pytest.mark.parametrize(
    ("policy", "profit", "worth"),
    [
        ("price: 10 CNY/t, free: 30 t/a", 1800 - 10 * 40, 10),
        ("price: 10 CNY/t, free: 100 t/a", 1800 + 10 * 30, 10),
        ("price: 10 CNY/t, free: 100 t/a, sell: false", 1800, 10),
        ("price: 25 CNY/t, free: 100 t/a", 800 + 25 * 80, 25),
        ("price: 25 CNY/t, free: 60 t/a, sell: false", 1600, 25),
        ("price: 10 CNY/t, free: 60 t/a, sell: false", 1800 - 100, 10),
        ("steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 15 CNY/t, max: 20 t/a}, {price: 30 CNY/t}]", 950, 15),
        (
            "steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 15 CNY/t, max: 20 t/a}, {price: 30 CNY/t}], free: 10 t/a",
            1150,
            15,
        ),
        ("steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 15 CNY/t}], free: 90 t/a", 1800 + 20 * 5, 5),
        ("steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 15 CNY/t}], free: 90 t/a, sell: false", 1800, 5),
    ],
)
@pytest.mark.parametrize("each", ["false", "true"])
def test_allowances_and_steps(policy, profit, worth, each):
    """South brine earns 40 CNY/t and is always made; north brine, 50 t of it, earns 20 CNY/t.

    By steps of 30 t at 5 and 20 t at 15 the third, at 30, does not pay: 50 t of brine, 800 + 600 − 150 − 300 = 950.
    """
    periods = "{winter: {duration: 0.25 a, weight: 2}, summer: {duration: 0.5 a}}"
    result = answer(f"{{indicator: brine, {policy}, each_period: {each}}}", periods=periods)
    assert result.goal.value == pytest.approx(profit)
    assert result.policies[0].price == pytest.approx(worth)
    assert result.indicators["profit"].value == pytest.approx(
        result.indicators["revenue"].value - result.indicators["cost"].value
    )


def test_the_rows_of_steps_say_the_law():
    """Winter is a quarter of a year that occurs twice, summer half a year. The north's pond stands with 100 t/a, which
    fume 20 t/a; each tonne of salt that is sold fumes 3 t.

    Of 8 t/a that are free 2 t less 5 t are left in a winter, 4 t less 10 t in a summer, 8 t less 20 t in the year. `p`
    holds in the winters and in the north alone: there 5 t are free and the first step ends at 7.5 t.
    """
    case = PONDS.replace("north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, adds: {fumes: 0.2 t/t}}")
    fumes = "  fumes: {name: {en: Fumes}, unit: t, factors: {sold: {salt: 3 t/t}}}\n"
    case = case.replace("indicators:\n", f"indicators:\n{fumes}")
    brine = "{indicator: brine, steps: [{price: 5 CNY/t, max: 30 t/a}, {price: 30 CNY/t}], free: 20 t/a"
    policies = (
        "  q: {indicator: fumes, steps: [{price: 1 CNY/t, max: 10 t/a}, {price: 2 CNY/t}], free: 8 t/a, sell: false}\n"
        "  f: {indicator: fumes, steps: [{price: 1 CNY/t}], free: 8 t/a, each_period: true}\n"
    )
    periods = "{winter: {duration: 0.25 a, weight: 2}, summer: {duration: 0.5 a}}"
    whole = text(f"{brine}, parks: [north], periods: [winter], each_period: true}}", periods=periods, case=case)
    program = compile_program(network_of(whole.replace("policies:\n", f"policies:\n{policies}")))
    assert row(program, "charge[q]") == {
        "sell[north.salt.1,winter]": 6, "sell[south.salt.1,winter]": 6, "sell[north.salt.1,summer]": 3,
        "sell[south.salt.1,summer]": 3, "paid[q.1]": -1, "paid[q.2]": -1,
    }  # fmt: skip
    assert row(program, "charge_each[f,summer]") == {
        "sell[north.salt.1,summer]": 3, "sell[south.salt.1,summer]": 3, "paid_each[f.1,summer]": -1
    }  # fmt: skip
    assert row(program, "charge_each[p,winter]") == {
        "discard[north.brine.1,winter]": 1, "paid_each[p.1,winter]": -1, "paid_each[p.2,winter]": -1
    }  # fmt: skip
    assert row(program, "charge_each[p,summer]") == {"paid_each[p.1,summer]": -1, "paid_each[p.2,summer]": -1}
    most = {name: sides(program, name)[1] for name in program.row_names() if name.startswith("charge")}
    assert most == pytest.approx(
        {"charge[q]": 8 - 20, "charge_each[f,winter]": 2 - 5, "charge_each[f,summer]": 4 - 10}
        | {"charge_each[p,winter]": 5, "charge_each[p,summer]": 0}
    )
    paid = {name: bounds(program, name) for name in program.column_names() if name.startswith("paid")}
    assert paid == {
        "paid[q.1]": (0, 10), "paid[q.2]": (0, INF),
        "paid_each[f.1,winter]": (-INF, INF), "paid_each[f.1,summer]": (-INF, INF),
        "paid_each[p.1,winter]": (-INF, 7.5), "paid_each[p.2,winter]": (0, INF),
        "paid_each[p.1,summer]": (0, 0), "paid_each[p.2,summer]": (0, 0),
    }  # fmt: skip


def test_what_is_free_in_addition_saves_the_price_of_the_last_step():
    """10 t free at rising prices: at 60 t of brine another free tonne lets the north make 2 t of salt more: 20."""
    result = answer("{indicator: brine, steps: [{price: 5 CNY/t, max: 50 t/a}, {price: 30 CNY/t}], free: 10 t/a}")
    limit = next(limit for limit in result.limits if limit.path == "policies.p")
    assert (limit.bound, limit.value) == pytest.approx((10, 20))


@pytest.mark.parametrize(
    ("policy", "what", "place"),
    [
        ("{indicator: brine, flow: {sold: {salt: 1 t/t}}, max: 1 t/a}", "speaks of one `indicator`", "{indicator"),
        ("{max: 1 t/a}", "speaks of one `indicator`, `flow` or `ratio`", "{max"),
        ("{flow: {sold: {salt: 1 t/t}}, max: 1 t/a}", "the unit of the flow is missing", "{flow"),
        ("{indicator: brine, unit: t, max: 1 t/a}", "`unit` belongs to a policy on a `flow`", "{indicator"),
        ("{indicator: brine, max: 1 t/a, shortage: 1 CNY/t}", "what misses `min`", "{indicator"),
        ("{indicator: brine, min: 1 t/a, surplus: 1 CNY/t}", "what exceeds `max`", "{indicator"),
        ("{indicator: brine, max: 1 t/a, free: 1 t/a}", "`free` and `sell` need a price", "{indicator"),
        ("{indicator: brine, price: 1 CNY/t, steps: [{price: 1 CNY/t}]}", "either `price` or `steps`", "{indicator"),
        ("{indicator: brine, max: 1 t/a, periods: [june]}", "unknown period `june`", "[june"),
        ("{indicator: brine, max: 1 t/a, companies: [west]}", "unknown company `west`", "[west"),
        ("{indicator: brine, max: 1 t/a, parks: [north], companies: [south]}", "unknown company `south`", "[south"),
        ("{indicator: brine, max: 1 t/a, parks: []}", "`parks`", "parks: []"),
        ("{indicator: brine, price: -1 CNY/t, sell: false}", "cannot be negative", "-1 CNY"),
        ("{indicator: brine, steps: [{price: 2 CNY/t, max: 1 t/a}, {price: 1 CNY/t}]}", "must rise", "{price: 1"),
        ("{indicator: brine, steps: [{price: 2 CNY/t, max: 1 t/a}]}", "the last step of a policy has no end", "{price"),
        ("{indicator: brine, max: 1 t/a, surplus: 1 CNY}", "is needed here", "1 CNY}"),
        ("{flow: {sold: {sald: 1 t/t}}, unit: t, max: 1 t/a}", "unknown material `sald`", "sald"),
        ("{indicator: intensity, steps: [{price: 1 CNY/t}]}", "a ratio cannot be priced", "[{price"),
    ],
)
def test_mistakes_in_policies_are_named_with_their_place(policy, what, place):
    case = text(policy)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    line = case.splitlines()[found[0].position.line - 1]
    at = line[found[0].position.column - 1 :]
    assert at.startswith(place) or at.startswith("p: "), at
    assert found[0].mend


def test_bounds_of_two_policies_that_contradict_each_other_are_refused_with_both_lines():
    case = text("{indicator: brine, min: 40 t/a}") + "  q: {indicator: brine, max: 30 t/a, each_period: true}\n"
    with pytest.raises(InputError) as caught:
        network_of(case)
    (problem,) = caught.value.problems
    lines = case.splitlines()
    first, second = (1 + next(i for i, line in enumerate(lines) if line.startswith(f"  {key}: ")) for key in "pq")
    assert problem.position.line == first
    assert "policy `p` asks for at least `40 t/a`, but policy `q` for at most `30 t/a`" in problem.what
    assert f":{second}:" in problem.what
    assert "make one soft" in problem.mend


@pytest.mark.parametrize("other", ["max: 30 t/a, surplus: 1 CNY/t", "max: 30 t/a, parks: [north]"])
def test_soft_bounds_and_those_for_other_parks_do_not_contradict(other):
    network_of(text("{indicator: brine, min: 40 t/a}") + f"  q: {{indicator: brine, {other}}}\n")


@pytest.mark.parametrize("each", ["", ", each_period: true"])
def test_payments_over_the_one_period_of_a_case_are_payments_in_it(each):
    """Costs of 100 CNY pay for 100/15 t above the cap of 60 t, each of which earns 20 CNY: 1600 + 2000/15 - 100."""
    bounded = text("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t}")
    result = run_case(network_of(bounded + f"  q: {{indicator: cost, max: 100 CNY/a{each}}}\n"))
    assert result.goal.value == pytest.approx(1500 + 2000 / 15)


def test_payments_over_two_periods_are_in_neither_of_them():
    """What exceeds the cap in both is paid for in no single one: all 70 t a year, at 15 CNY for each of 20 t."""
    periods = "periods: {first: {duration: 1 a}, second: {duration: 1 a}}\n"
    bounded = periods + text("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t}")
    result = run_case(network_of(bounded + "  q: {indicator: cost, max: 100 CNY/a, each_period: true}\n"))
    assert result.goal.value == pytest.approx(2 * 1800 - 20 * 15)
