"""The parks of Qinghai in one case: what the lanes are, what the parks gain by them, and which targets are missed."""

from __future__ import annotations

import math

import pytest

from parkloop.flows.build import build_network
from parkloop.flows.case import Case, CaseTree, read_tree
from parkloop.flows.draft import RESIDUES
from parkloop.flows.lanes import great_circle
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from shipped import CASES

PATH = CASES / "provinces/qinghai.yaml"
TARGETS = {  # yuan a year by the plan of 2013, and how often a year of the period comes
    "revenue_2015": (450e9, 5),
    "revenue_2020": (1000e9, 5),
    "value_added_2015": (170e9, 5),
    "value_added_2020": (400e9, 5),
    "investment_2015": (100e9, 5),
    "investment_2020": (350e9, 5),
}


@pytest.fixture(scope="module")
def tree() -> CaseTree:
    return read_tree(PATH)


@pytest.fixture(scope="module")
def case(tree: CaseTree) -> Case:
    return tree.case()


@pytest.fixture(scope="module")
def results(tree: CaseTree) -> dict[str, Result]:
    return {name: run_case(build_network(tree.case(name))) for name in tree.scenarios}


def test_the_province_has_every_site(case: Case) -> None:
    assert set(case.parks) == {path.stem for path in (CASES / "sites").glob("*.yaml")}


def test_no_lane_is_shorter_than_the_great_circle_between_its_parks(case: Case) -> None:
    """Places are those of the middle of a park, some 5 km in doubt at either end."""
    for name, route in case.routes.items():
        ends = [case.parks[park].at for park in (route.start, route.end)]
        assert ends[0] is not None and ends[1] is not None and route.distance is not None
        assert route.distance.to("km") >= great_circle(ends[0], ends[1]) - 10, name


def test_ways_of_different_kinds_between_two_parks_are_given_once(case: Case) -> None:
    ways = [(frozenset((route.start, route.end)), route.by) for route in case.routes.values()]
    assert len(ways) == len(set(ways))


def test_no_gas_steam_effluent_or_hazardous_waste_is_carried_by_waggon(case: Case) -> None:
    for name, route in case.routes.items():
        carried = {material: case.materials[material] for material in route.carries}
        assert all(material.kind not in ("emission", "environment", "utility") for material in carried.values()), name
        assert not any({"hazardous", "water"} & set(material.tags or []) for material in carried.values()), name
        gases = {one for one in carried if one == "hydrogen" or one.endswith("_gas")}
        assert gases <= ({"hydrogen"} if route.by in ("tube_trailer", "pipeline") else set()), name


def test_the_five_bases_of_100_billion_yuan_are_named_and_the_others_have_50(case: Case) -> None:
    bases = {name: policy for name, policy in case.policies.items() if name.startswith("base_")}
    least = [policy.min.to("GCNY/a") for policy in bases.values() if policy.min is not None]
    assert {policy.parks[0] for policy in bases.values() if policy.parks} == set(case.parks)
    assert sorted(least) == [50] * (len(least) - 5) + [100] * 5


@pytest.mark.slow
def test_every_scenario_is_certified_and_answers_as_recorded(case: Case, results: dict[str, Result]) -> None:
    assert set(case.expectations) == set(results)
    for name, result in results.items():
        assert result.status == "optimal", name
        assert result.certificate is not None and result.certificate.holds
        assert max(result.certificate.primal, result.certificate.dual, result.certificate.gap) < 1e-6
        expected = case.expectations[name]
        assert expected.objective is not None and result.goal.value is not None
        goal = expected.objective.to(result.goal.unit)
        assert math.isclose(result.goal.value, goal, rel_tol=expected.tolerance), name
        for key, quantity in expected.indicators.items():
            found = result.indicators[key]
            assert found.value is not None
            assert math.isclose(found.value, quantity.to(found.unit), rel_tol=expected.tolerance), (name, key)


@pytest.mark.slow
def test_each_wider_exchange_is_worth_more(results: dict[str, Result]) -> None:
    """Alone, within companies, within parks, across the province; a scenario that only widens cannot lose."""
    values = [results[name].goal.value or 0.0 for name in ("standalone", "today", "parks_apart", "loop")]
    assert values == sorted(values) and len(set(values)) == 4
    assert results["loop"].goal.value == pytest.approx(results["base"].goal.value, rel=1e-9)


@pytest.mark.slow
def test_nothing_passes_between_parks_that_are_apart(results: dict[str, Result]) -> None:
    for name in ("standalone", "today", "parks_apart"):
        flows = results[name].flows
        assert flows is not None and not any(flow.fate == "shipped" for flow in flows.rows), name


@pytest.mark.slow
def test_residues_go_from_park_to_park_and_what_is_sent_arrives(case: Case, results: dict[str, Result]) -> None:
    """No lane loses anything, so what one park ships the other receives, material by material."""
    flows = results["base"].flows
    assert flows is not None
    sent, received = dict[str, float](), dict[str, float]()
    for flow in flows.rows:
        for fate, side in (("shipped", sent), ("received", received)):
            if flow.fate == fate and flow.by in case.routes:
                side[flow.material] = side.get(flow.material, 0.0) + flow.value
    assert sent == pytest.approx(received)
    assert sum(case.materials[material].kind in RESIDUES for material in sent) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_what_misses_a_target_is_listed_as_its_shortage(target: str, results: dict[str, Result]) -> None:
    """Reached + short = target · years, e.g. 450 billion yuan a year, five times."""
    yearly, times = TARGETS[target]
    for result in results.values():
        policy = next(policy for policy in result.policies if policy.name == target)
        assert policy.value is not None and policy.shortage is not None
        assert policy.value + policy.shortage == pytest.approx(max(yearly * times, policy.value), rel=1e-6)
