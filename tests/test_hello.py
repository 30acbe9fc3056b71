"""The hello case worked by hand: what the engineer computes on paper is what parkloop answers.

Acetylene works: 100 kt acetylene at 8000, from 246 kt carbide at 2600 and 138 kt water at 3, leaving 284 kt slag.
Cement works: 300 kt clinker at 260, less 120 variable cost; clay 105 kt at 20; need 195 kt CaO.

Alone, all CaO from limestone: 195 / 0.56 = 348.214 kt at 50. The slag is thrown away at 30.
Together, slag gives at most 60 %: 117 / 0.757 = 154.557 kt for nothing; limestone 78 / 0.56 = 139.286 kt.
"""

from __future__ import annotations

import math

import pytest

from hello import TEXT, edit, infeasible, solved, value

ACETYLENE_MARGIN = 100e3 * 8000 - 246e3 * 2600 - 138e3 * 3
CEMENT_MARGIN = 300e3 * (260 - 120) - 105e3 * 20
SLAG = 0.6 * 195e3 / 0.757


def test_alone_each_works_buys_and_discards_for_itself() -> None:
    alone = solved(scenario="standalone")
    expected = ACETYLENE_MARGIN + CEMENT_MARGIN - 195e3 / 0.56 * 50 - 284e3 * 30
    assert math.isclose(value(alone, "profit"), expected, rel_tol=1e-12)
    assert math.isclose(value(alone, "carbon"), 195e3 / 0.56 * 0.44, rel_tol=1e-12)


def test_together_slag_replaces_limestone_up_to_its_largest_share() -> None:
    base = solved()
    limestone = 0.4 * 195e3 / 0.56
    expected = ACETYLENE_MARGIN + CEMENT_MARGIN - limestone * 50 - (284e3 - SLAG) * 30
    assert math.isclose(value(base, "profit"), expected, rel_tol=1e-12)
    assert math.isclose(value(base, "carbon"), limestone * 0.44, rel_tol=1e-12)


def test_the_exchange_is_a_flow_of_its_own() -> None:
    flows = solved().flows
    assert flows is not None
    found = {(flow.company, flow.material, flow.fate, flow.by, flow.to): flow.value for flow in flows.rows}
    slag = "carbide_slag"
    sent = found["acetylene_works", slag, "exchanged", "acetylene_works", "cement_works"]
    assert math.isclose(sent, SLAG, rel_tol=1e-12)
    assert found["cement_works", slag, "received", "acetylene_works", "cement_works"] == sent
    assert found["cement_works", slag, "used", "clinker_kiln", ""] == sent
    assert found["acetylene_works", slag, "discarded", "acetylene_works", "disposal"] == pytest.approx(284e3 - SLAG)


def test_the_company_level_keeps_slag_within_its_company() -> None:
    alone = solved(scenario="standalone")
    company = solved(edit("exchange: none", "exchange: company"), scenario="standalone")
    assert value(company, "profit") == pytest.approx(value(alone, "profit"))


def test_the_park_level_lets_companies_share() -> None:
    park = solved(edit("exchange: none", "exchange: park"), scenario="standalone")
    assert value(park, "profit") == pytest.approx(value(solved(), "profit"))


def test_the_price_of_slag_is_what_getting_rid_of_a_tonne_costs() -> None:
    prices = {(price.company, price.material): price for price in solved().prices}
    assert prices["acetylene_works", "carbide_slag"].value == pytest.approx(-30)
    assert prices["acetylene_works", "carbide_slag"].unit == "CNY/t"
    assert prices["cement_works", "limestone"].value == pytest.approx(50)


def test_a_capacity_that_binds_is_worth_its_margin() -> None:
    limits = {limit.path: limit for limit in solved().limits}
    capacity = limits["parks.demo.plants.acetylene_generator.capacity"]
    assert capacity.bound == pytest.approx(100e3)
    assert capacity.value == pytest.approx(ACETYLENE_MARGIN / 100e3 - 2.84 * 30)
    assert capacity.where.startswith("hello.yaml:")


def test_a_share_that_binds_is_worth_the_limestone_and_the_disposal_it_saves() -> None:
    """One whole share more of slag: 195 kt CaO / 0.757 slag not discarded, 195 / 0.56 limestone not bought."""
    limits = {limit.what: limit for limit in solved().limits}
    share = limits["largest share of Carbide slag in slot calcium of Clinker kiln"]
    assert share.bound == 0.6
    assert share.value == pytest.approx(195e3 / 0.56 * 50 + 195e3 / 0.757 * 30)


BOUNDS = {
    "parks.demo.plants.acetylene_generator.capacity": ("kt/a", 100, 1e3),
    "parks.demo.plants.clinker_kiln.capacity": ("kt/a", 300, 1e3),
    "processes.clinker_kiln.inputs.calcium.from.carbide_slag.max_share": ("%", 60, 0.01),
}


@pytest.mark.parametrize("path", BOUNDS)
@pytest.mark.parametrize("objective", ["maximise: profit", "minimise: cost"])
def test_the_worth_of_a_limit_is_the_finite_difference_of_the_objective(path: str, objective: str) -> None:
    """Raise the limit a little and solve again; when cost is minimised both plants are pinned first."""
    pinned = [] if "profit" in objective else ["parks.demo.plants.clinker_kiln.fix=290 kt/a"]
    setting = f"objective={{{objective}}}"
    unit, bound, scale = BOUNDS[path]
    step = bound * 1e-3
    base = solved(sets=[setting, *pinned])
    raised = solved(sets=[setting, *pinned, f"{path}={bound + step} {unit}"])
    difference = value(raised, base.objective) - value(base, base.objective)
    worth = {limit.path: limit.value for limit in base.limits}.get(path, 0.0)
    assert difference / (step * scale) == pytest.approx(worth, rel=1e-6, abs=1e-3)


def test_a_policy_that_binds_is_worth_the_finite_difference_too() -> None:
    cap = "objective: {maximise: profit}\npolicies: {cap: {indicator: carbon, max: MAX kt/a}}"
    bounded = edit("objective: {maximise: profit}", cap)
    base, raised = (solved(bounded.replace("MAX", size)) for size in ("50", "50.01"))
    policy = base.policies[0]
    assert policy.binds
    assert policy.value == pytest.approx(50e3)
    assert policy.price == pytest.approx((value(raised, "profit") - value(base, "profit")) / 10)


def test_a_ratio_policy_is_worth_the_finite_difference_too() -> None:
    ratio = (
        "indicators:\n  reuse: {name: {en: Reuse}, ratio: {of: {used: {carbide_slag: 1 t/t}}, "
        "to: {made: {carbide_slag: 1 t/t}}}}\n"
    )
    floor = "objective: {maximise: profit}\npolicies: {floor: {indicator: reuse, min: MIN %}}"
    text = edit("indicators:\n", ratio, edit("objective: {maximise: profit}", floor))
    base, raised = (solved(text.replace("MIN", size)) for size in ("70", "70.01"))
    policy = base.policies[0]
    assert policy.value == pytest.approx(0.7)
    assert policy.price == pytest.approx((value(raised, "profit") - value(base, "profit")) / 1e-4, rel=1e-3)


def test_a_carbon_price_is_paid_for_each_tonne() -> None:
    priced = edit(
        "objective: {maximise: profit}",
        "objective: {maximise: profit}\npolicies: {tax: {indicator: carbon, price: 10 CNY/t}}",
    )
    base, taxed = solved(), solved(priced)
    assert value(taxed, "profit") == pytest.approx(value(base, "profit") - 10 * value(base, "carbon"))


def test_two_halves_of_a_year_are_a_year() -> None:
    halves = edit("money: CNY", "money: CNY\nperiods: {first: {duration: 0.5 a}, second: {duration: 0.5 a}}")
    assert value(solved(halves), "profit") == pytest.approx(value(solved(), "profit"))


def test_a_period_counts_as_often_as_its_weight() -> None:
    days = edit("money: CNY", "money: CNY\nperiods: {day: {duration: 1 d, weight: 365}}")
    assert value(solved(days), "profit") == pytest.approx(value(solved(), "profit"))


def test_a_cap_that_cannot_be_kept_is_infeasible_and_has_no_figures() -> None:
    result = solved(infeasible())
    assert result.status == "infeasible"
    assert result.flows is None and not result.indicators and not result.plants


def test_an_unlimited_plant_with_a_margin_is_unbounded() -> None:
    result = solved(edit("capacity: 100 kt/a", "capacity: unlimited"))
    assert result.status == "unbounded"
    assert result.flows is None


def test_a_flow_that_could_differ_is_marked() -> None:
    """A second kiln like the first: how they share the work is nobody's loss, so neither run is unique."""
    kiln = "      clinker_kiln:        {company: cement_works, capacity: 300 kt/a, variable_cost: 120 CNY/t}\n"
    twin = kiln.replace("clinker_kiln:        {", "kiln_2:              {process: clinker_kiln, ")
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 400 kt/a}", edit(kiln, kiln + twin))
    flows = solved(text).flows
    assert flows is not None
    unique = {(flow.material, flow.fate, flow.by): flow.unique for flow in flows.rows}
    assert unique["acetylene", "made", "acetylene_generator"]
    assert not unique["clinker", "made", "clinker_kiln"]
    assert unique["clinker", "sold", "cement_works"]


def test_the_text_used_here_is_the_shipped_case() -> None:
    assert TEXT.startswith("# Two companies and one by-product")
