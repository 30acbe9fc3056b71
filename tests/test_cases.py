"""Every shipped case and scenario: certified, closed on mass and elements, as expected, and the same by Pyomo."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import replace
from functools import cache

import jsonschema
import numpy as np
import pyomo.environ as pyo
import pytest

from parkloop.flows.build import build_network
from parkloop.flows.case import Case, read_tree
from parkloop.flows.network import Network
from parkloop.flows.problems import Findings, InputError
from parkloop.flows.recipes import MaterialFacts, material_facts, recipes
from parkloop.models.compile import compile_program
from parkloop.models.pyomo_model import to_pyomo
from parkloop.reports.flows import INFLOWS, Flow
from parkloop.reports.json_result import dump_result, result_schema
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from parkloop.solver.certificate import certify
from parkloop.solver.highs import solve
from parkloop.solver.solution import Method, SolveOptions
from shipped import CASE_FILES, CASES

SCENARIOS = [(path, scenario) for path in CASE_FILES for scenario in read_tree(CASES / path).scenarios]


@cache
def case_of(path: str, scenario: str) -> Case:
    return read_tree(CASES / path).case(scenario)


@cache
def network_of(path: str, scenario: str) -> Network:
    return build_network(case_of(path, scenario))


@cache
def result_of(path: str, scenario: str) -> Result:
    return run_case(network_of(path, scenario))


def flows_of(path: str, scenario: str) -> list[Flow]:
    flows = result_of(path, scenario).flows
    assert flows is not None
    return flows.rows


def test_the_shipped_cases_are_the_ones_the_readme_names() -> None:
    assert {"parks/qarhan.yaml", "parks/ganhe.yaml", "tutorials/hello.yaml"} <= set(CASE_FILES)


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_every_scenario_solves_to_a_certified_optimum(path: str, scenario: str) -> None:
    result = result_of(path, scenario)
    assert result.status == "optimal", result.reason
    assert result.certificate is not None
    assert result.certificate.holds
    assert max(result.certificate.primal, result.certificate.dual, result.certificate.gap) < 1e-6


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_every_method_has_the_same_certified_answer_or_says_why_it_cannot(path: str, scenario: str) -> None:
    """Objectives agree to 1e-9 of themselves: every method ends at a vertex of the same program."""
    network, expected = network_of(path, scenario), result_of(path, scenario)
    methods: tuple[Method, ...] = ("simplex", "ipm", "pdlp", "windows")
    for method in methods:
        parks = set(network.companies.park[network.nodes.company].tolist())
        if method == "windows" and len(network.periods.id) == len(parks) == 1:
            with pytest.raises(InputError, match="there is one period"):
                run_case(network, SolveOptions(method=method))
            continue
        found = run_case(network, SolveOptions(method=method))
        assert found.certificate is not None and found.certificate.holds, f"{method}: {found.reason}"
        assert found.goal.value == pytest.approx(expected.goal.value, rel=1e-9), method
        gave_up = method == "pdlp" and "PDLP was tried" in found.method_reason  # on amounts that are far apart
        assert found.method == ("simplex" if gave_up else method)


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_the_json_result_keeps_its_contract(path: str, scenario: str) -> None:
    jsonschema.validate(json.loads(dump_result(result_of(path, scenario))), result_schema())


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_in_minus_out_is_zero_for_each_material_in_each_park(path: str, scenario: str) -> None:
    net: dict[tuple[str, str, str], float] = defaultdict(float)
    throughput: dict[tuple[str, str, str], float] = defaultdict(float)
    for flow in flows_of(path, scenario):
        key = (flow.park, flow.material, flow.period)
        sign = 1 if flow.fate in INFLOWS else -1
        net[key] += sign * flow.value
        throughput[key] += flow.value
    assert throughput
    for key, rest in net.items():
        assert abs(rest) <= 1e-6 * throughput[key], key


@cache
def facts_of(path: str, scenario: str) -> dict[str, MaterialFacts]:
    case = case_of(path, scenario)
    found = {name: material_facts(case, name, Findings()) for name in case.materials}
    return {name: facts for name, facts in found.items() if facts is not None}


def contents(facts: MaterialFacts, amount: float) -> dict[str, float]:
    """Return tonnes of mass, of each element, and of unknown composition in an amount of a material."""
    if facts.mass is None:
        return {}
    mass = amount * facts.mass
    if facts.composition is None:
        return {"mass": mass, "unknown": mass}
    elements = {element: mass * part for element, part in facts.composition.elements.items()}
    return {"mass": mass, "unknown": mass * facts.composition.unknown, **elements}


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_mass_and_elements_close_within_the_stated_gaps_of_the_recipes(path: str, scenario: str) -> None:
    """What crosses the boundary is what the plants gain or lose, and each plant closes within its recipe's gap."""
    case, result, facts = case_of(path, scenario), result_of(path, scenario), facts_of(path, scenario)
    known = recipes(case, Findings())
    process_of = {(plant.park, plant.plant): plant.process for plant in result.plants}
    boundary: dict[str, float] = defaultdict(float)
    sides: dict[tuple[str, str], dict[bool, dict[str, float]]] = defaultdict(
        lambda: {True: defaultdict(float), False: defaultdict(float)}
    )
    for flow in flows_of(path, scenario):
        amounts = contents(facts[flow.material], flow.value)
        for key, tonnes in amounts.items():
            if flow.fate in ("bought", "sold", "discarded"):
                boundary[key] += tonnes if flow.fate == "bought" else -tonnes
            elif flow.fate in ("made", "used"):
                sides[flow.park, flow.by][flow.fate == "used"][key] += tonnes
    lost: dict[str, float] = defaultdict(float)
    for plant, by_side in sides.items():
        used, made = by_side[True], by_side[False]
        allowed = known[process_of[plant]].closure.allowed
        size = max(used["mass"], made["mass"])
        for key in {*used, *made} - {"unknown"}:
            gap = used[key] - made[key]
            lost[key] += gap
            hidden = 0.0 if key == "mass" else (made if gap > 0 else used)["unknown"]
            room = allowed * max(used[key], made[key], 0.0 if key == "mass" else 0.02 * size)
            assert abs(gap) <= hidden + room * (1 + 1e-6) + 1e-9 * size, (plant, key, gap / size)
    total = sum(by_side[True]["mass"] for by_side in sides.values())
    for key, gap in lost.items():
        assert math.isclose(boundary[key], gap, rel_tol=1e-6, abs_tol=1e-7 * total), key


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_pyomo_finds_the_same_objective_and_duals(path: str, scenario: str) -> None:
    """The Program as a Pyomo model, solved through Pyomo's own interface.

    Where several sets of shadow prices are optimal the two may differ; then Pyomo's must prove the same optimum.
    """
    program = compile_program(build_network(case_of(path, scenario)))
    own = solve(program)
    model = to_pyomo(program)
    pyo.SolverFactory("appsi_highs").solve(model)
    assert own.objective is not None and own.row_dual is not None
    theirs = pyo.value(model.objective) * program.objective_scale
    assert math.isclose(theirs, own.objective, rel_tol=1e-7, abs_tol=1e-7 * program.objective_scale)
    price = program.objective_scale / program.flow_scale
    rows = list(model.component_data_objects(pyo.Constraint))
    bounded = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)  # open rows of later stages are left out
    assert len(rows) == bounded.sum()
    found = {(row.parent_component().name, row.index()): model.dual[row] for row in rows}
    names = [name[:-1].partition("[") for name in program.row_names()]  # Pyomo has them by block, we by period
    places = [(word, tuple(inside.split(","))) for word, _, inside in names]
    duals = np.array([found.get((word, place if len(place) > 1 else place[0]), 0.0) for word, place in places]) * price
    if not np.allclose(duals, own.row_dual, rtol=1e-7, atol=1e-7 * np.abs(own.row_dual).max()):
        column = np.repeat(np.arange(program.columns), np.diff(program.start))
        paid = np.bincount(column, program.value * duals[program.index], minlength=program.columns)
        swapped = replace(own, row_dual=duals, column_dual=program.cost * price - paid)
        proof = certify(program, swapped)
        assert proof.holds and proof.gap < 1e-7, proof


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_the_answer_is_the_expected_one(path: str, scenario: str) -> None:
    case, result = case_of(path, scenario), result_of(path, scenario)
    expected = case.expectations.get(scenario)
    assert expected is not None, f"{path} states no expectation for {scenario}"
    assert result.status == expected.status
    if expected.objective is not None:
        assert result.goal.value is not None
        goal = expected.objective.to(result.goal.unit)
        assert math.isclose(result.goal.value, goal, rel_tol=expected.tolerance)
    for name, quantity in expected.indicators.items():
        found = result.indicators[name]
        assert found.value is not None
        assert math.isclose(found.value, quantity.to(found.unit), rel_tol=expected.tolerance), name


LIBRARIES = sorted(path.relative_to(CASES).as_posix() for path in (CASES / "library").glob("*.yaml"))


@pytest.mark.parametrize("path", LIBRARIES)
def test_every_recipe_of_the_library_closes_within_two_per_cent_or_says_why(path: str) -> None:
    findings = Findings()
    known = recipes(read_tree(CASES / path).shelf(), findings)
    assert not findings.problems
    for name, recipe in known.items():
        report = recipe.closure
        assert report.allowed <= 0.02 or report.because, name
        assert report.closure.worst[1] <= report.allowed * (1 + 1e-9), name


@pytest.mark.parametrize("path", CASE_FILES)
def test_the_loop_is_worth_something(path: str) -> None:
    """Each park has a scenario without exchange of by-products, and is better off with it."""
    if "standalone" not in case_of(path, "base").scenarios:
        pytest.skip("a tutorial without a standalone scenario")
    base, alone = (result_of(path, name).indicators for name in ("base", "standalone"))
    assert base["profit"].value is not None and alone["profit"].value is not None
    assert base["profit"].value > alone["profit"].value


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS)
def test_profit_is_revenue_less_cost(path: str, scenario: str) -> None:
    found = {name: measure.value or 0.0 for name, measure in result_of(path, scenario).indicators.items()}
    assert math.isclose(found["profit"], found["revenue"] - found["cost"], rel_tol=1e-9)
