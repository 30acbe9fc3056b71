"""No answer passes whose flows, prices or value are wrong."""

from dataclasses import replace

import numpy as np
import pytest

from networks import Offer, Plant, Policy, Works
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.solver.answer import certified, solve_certified
from parkloop.solver.certificate import certify
from parkloop.solver.highs import solve
from parkloop.solver.solution import SolveOptions
from test_highs import chlorine


@pytest.fixture(scope="module", params=[("profit", True), ("cost", False)], ids=["maximise", "minimise"])
def answer(request):
    objective, maximise = request.param
    program = compile_program(chlorine(objective=objective, maximise=maximise).network())
    return program, solve(program)


def place(program, name):
    return program.column_names().index(name)


def changed(vector, i, by):
    vector = vector.copy()
    vector[i] += by
    return vector


def test_an_optimum_is_certified_to_rounding(answer):
    certificate = certify(*answer)
    assert certificate.holds
    assert max(certificate.primal, certificate.dual, certificate.slackness, certificate.gap) < 1e-12
    assert max(certificate.primal_absolute, certificate.dual_absolute) < 1e-6
    assert (certificate.wholeness, certificate.bound_gap) == (0.0, 0.0)


def test_a_leak_in_a_balance_is_caught_and_named_in_user_units(answer):
    """100 t of chlorine vanish where some 4e6 t pass."""
    program, solution = answer
    j = place(program, "discard[works.chlorine.1,year]")
    broken = replace(solution, column_value=changed(solution.column_value, j, 100.0))
    certificate = certify(program, broken)
    assert not certificate.holds
    assert certificate.primal_absolute == pytest.approx(100)
    assert certificate.primal_where == "balance[works.chlorine,year]"


def test_a_flow_beyond_its_bound_is_caught(answer):
    program, solution = answer
    j = place(program, "run[works.kiln,year]")
    certificate = certify(program, replace(solution, column_value=changed(solution.column_value, j, 3e6)))
    assert not certificate.holds
    assert certificate.primal_absolute >= 1e6


def test_a_negative_flow_is_caught(answer):
    program, solution = answer
    j = place(program, "discard[works.chlorine.1,year]")
    certificate = certify(program, replace(solution, column_value=changed(solution.column_value, j, -50.0)))
    assert not certificate.holds


def test_a_shadow_price_that_no_purchase_supports_is_caught():
    """Chlorine can be bought at 7 and discarded for 2: its worth lies between −2 and 7; at 9, buying would pay.

    It is off by 2, where prices of 7 and 9 meet."""
    works = chlorine()
    works.policies = {}
    program = compile_program(works.network())
    solution = solve(program)
    i = program.row_names().index("balance[works.chlorine,year]")
    dual = solution.row_dual.copy()
    dual[i] = -9.0
    certificate = certify(program, replace(solution, row_dual=dual))
    assert not certificate.holds
    assert certificate.dual_where == "buy[works.chlorine.1,year]"
    assert certificate.dual_absolute == pytest.approx(2)
    assert certificate.dual == pytest.approx(2 / (7 + 9))


def test_flows_that_are_feasible_but_not_best_are_caught():
    """Half the best run of a smelter breaks no balance, but leaves half of the profit."""
    works = Works(
        plants={"smelter": Plant({"metal": 1.0, "ore": -2.0}, upper=100)},
        offers=[Offer("buy", "ore", 5.0), Offer("sell", "metal", 50.0)],
    )
    program = compile_program(works.network())
    best = solve(program)
    half = replace(best, column_value=best.column_value / 2, objective=best.objective / 2)
    certificate = certify(program, half)
    assert certificate.primal == 0
    assert not certificate.holds
    assert certificate.slackness > 0.1 and certificate.gap > 0.1


def test_an_objective_that_is_not_the_value_of_its_flows_is_caught(answer):
    program, solution = answer
    certificate = certify(program, replace(solution, objective=solution.objective * 1.001))
    assert not certificate.holds
    assert certificate.gap > 1e-4


def test_the_dual_of_a_policy_with_the_wrong_sign_is_caught():
    """A binding cap that would improve by lowering it contradicts itself."""
    program = compile_program(chlorine().network())
    solution = solve(program)
    i = program.row_names().index("policy[cap]")
    assert solution.row_dual[i] > 0
    certificate = certify(program, replace(solution, row_dual=changed(solution.row_dual, i, -2 * solution.row_dual[i])))
    assert not certificate.holds
    assert certificate.dual_where in ("policy[cap]", "buy[works.chlorine.1,year]")


def small(coefficients, upper, cost, scales=(None, None), lower=-np.inf):
    """Flows of given costs that are zero or more, and a row of coefficients for each upper side; maximised."""
    rows, columns = np.shape(coefficients)
    build = ProgramBuilder("small", ["year"], np.ones(1))
    build.add_columns("x", columns, names=lambda: [f"x[{j}]" for j in range(columns)])
    build.add_rows("r", rows, names=lambda: [f"r[{i}]" for i in range(rows)], lower=lower, upper=[upper])
    i, j = np.nonzero(coefficients)
    build.add_terms("r", i, "x", j, np.array(coefficients)[i, j])
    build.add_costs("x", np.arange(columns), cost)
    build.set_objective(True, "CNY")
    return build.program(*scales)


def test_the_dual_of_a_side_that_is_not_there_is_caught_although_all_reduced_costs_agree():
    """max x, x ≤ 5 and 2 x ≤ 100: the duals are 1 and 0. With 2 and −½ the reduced cost is still zero, but a negative
    dual presses on a lower side that the second row has not. It is ½ where 1 + 2 + 1 meet a coefficient of 2."""
    program = small([[1.0], [2.0]], [5.0, 100.0], [1.0])
    solution = solve(program)
    exact = certify(program, solution)
    assert exact.holds
    assert (exact.primal, exact.primal_where, exact.dual, exact.dual_where) == (0.0, "", 0.0, "")
    certificate = certify(program, replace(solution, row_dual=np.array([2.0, -0.5])))
    assert certificate.dual_where == "r[1,year]"
    assert certificate.dual_absolute == pytest.approx(0.5)
    assert certificate.dual == pytest.approx(0.5 / (4 / 2))


def test_a_dual_is_measured_against_the_dearest_flow_of_its_row():
    """max 8 x + z, x + z ≤ 5 and x ≤ 100: a dual of −2 of the second row makes it 10 for the first, where 20 meet."""
    program = small([[1.0, 1.0], [1.0, 0.0]], [5.0, 100.0], [8.0, 1.0])
    certificate = certify(program, replace(solve(program), row_dual=np.array([10.0, -2.0])))
    assert (certificate.dual_where, certificate.dual) == ("r[1,year]", pytest.approx(2 / (8 + 10 + 2)))


def test_a_dual_of_millions_may_be_off_by_a_tenth():
    """max 1e6 x, x ≤ 5: a dual of 1e6 − 0.1 leaves 0.1 to press on an upper bound that is not there."""
    program = small([[1.0]], [5.0], [1e6])
    found = certify(program, replace(solve(program), row_dual=np.array([1e6 - 0.1])))
    assert (found.dual_absolute, found.dual) == (pytest.approx(0.1, rel=1e-6), pytest.approx(0.05e-6, rel=1e-3))
    assert found.holds


def test_no_measure_is_smaller_than_a_scaled_unit():
    """max 0.01 x, x ≤ ½, in units of 1: a quarter too much, and a price that is missing, count as they are.

    So does the 0.005 by which a dual objective of 0 misses the turnover."""
    program = small([[1.0]], [0.5], [0.01], (1.0, 1.0))
    best = solve(program)
    missed = certify(program, replace(best, column_value=np.array([0.75]), objective=0.0075))
    assert missed.primal == pytest.approx(0.25)
    free = certify(program, replace(best, row_dual=np.zeros(1)))
    assert (free.dual, free.dual_absolute) == (pytest.approx(0.01), pytest.approx(0.01))
    assert free.gap == pytest.approx(0.005)


def test_a_small_flow_is_measured_against_its_small_bound():
    """max 1000 x, x ≤ 2 g in tonnes: with a scale of 1e-7 a flow of 3 g exceeds 2 g by a third of itself."""
    program = small([[1.0]], [2e-6], [1000.0], (1e-7, 1.0))
    found = certify(program, replace(solve(program), column_value=np.array([3e-6]), objective=3e-3))
    assert found.primal == pytest.approx(1 / 3)


@pytest.mark.parametrize("cost", [0.5, 1.0, 2.0])
def test_a_flow_that_costs_is_held_up_by_its_least(cost):
    """min c x with x ≥ 10 alone: the reduced cost is c, and c · 10 is the dual objective; without its price it is 0."""
    program = replace(small([[1.0]], [np.inf], [cost], (1.0, 1.0)), maximise=False, lower=np.array([10.0]))
    best = solve(program)
    assert best.objective == pytest.approx(10 * cost)
    assert certify(program, best).holds
    assert certify(program, replace(best, column_value=np.array([11.0]), objective=11 * cost)).slackness > 0.05


def test_a_flow_is_measured_against_itself_where_it_is_more_than_its_bound():
    """3 where at most 2 may flow."""
    program = replace(small([[1.0]], [9.0], [1.0], (1.0, 1.0)), upper=np.array([2.0]))
    found = certify(program, replace(solve(program), column_value=np.array([3.0]), objective=3.0))
    assert (found.primal, found.primal_where) == (pytest.approx(1 / 3), "x[0,year]")


def test_a_side_weighs_more_than_the_flows_that_miss_it():
    """x ≥ 100 with x = 40, in units of 10: 60 are missing of 100."""
    program = small([[1.0]], [np.inf], [-1.0], (10.0, 1.0), lower=100.0)
    found = certify(program, replace(solve(program), column_value=np.array([40.0]), objective=-40.0))
    assert (found.primal, found.primal_where) == (pytest.approx(0.6), "r[0,year]")


def test_a_row_without_any_flow_that_asks_for_some_is_caught():
    program = small(np.zeros((1, 0)), [np.inf], [], (1.0, 1.0), lower=5.0)
    answer = replace(solve(small([[1.0]], [5.0], [1.0])), column_value=np.zeros(0), row_dual=np.zeros(1), objective=0.0)
    found = certify(program, answer)
    assert (found.primal, found.primal_absolute, found.holds) == (1.0, 5.0, False)


def test_a_constant_belongs_to_the_turnover():
    """max 2 x − 30, x ≤ 5: 10 for the flow, 10 for the row and the 30 are what a missing 1 is measured against."""
    program = small([[1.0]], [5.0], [2.0], (1.0, 1.0))
    with_cost = replace(program, offset=-30.0)
    best = solve(with_cost)
    assert best.objective == pytest.approx(-20)
    found = certify(with_cost, replace(best, objective=-19.0))
    assert found.gap == pytest.approx(1 / (10 + 10 + 30))


def test_a_flow_that_is_not_a_number_fails(answer):
    program, solution = answer
    assert not certify(program, replace(solution, column_value=changed(solution.column_value, 0, np.nan))).holds


def test_an_answer_whose_certificate_fails_is_stopped_and_loses_its_flows(answer):
    program, solution = answer
    j = place(program, "discard[works.chlorine.1,year]")
    broken = replace(solution, column_value=changed(solution.column_value, j, 100.0))
    refused, certificate = certified(program, broken)
    assert refused.status == "stopped"
    assert "balance[works.chlorine,year] is violated" in refused.reason
    assert refused.column_value is None and refused.objective is None and refused.row_dual is None
    assert not certificate.holds


def test_a_certified_answer_keeps_its_flows(answer):
    program, _ = answer
    solution, certificate = solve_certified(program)
    assert solution.status == "optimal" and certificate.holds


def test_what_is_not_optimal_has_no_certificate():
    works = Works(offers=[Offer("buy", "salt", 1.0), Offer("sell", "salt", 2.0)])
    program = compile_program(works.network())
    solution, certificate = solve_certified(program)
    assert solution.status == "unbounded" and certificate is None
    with pytest.raises(ValueError, match="unbounded has nothing to certify"):
        certify(program, solution)


def test_an_empty_program_is_certified():
    _, certificate = solve_certified(compile_program(Works().network()))
    assert certificate.holds


def test_a_profit_of_zero_between_large_flows_is_certified():
    """Selling at the price of buying: the turnover, not the profit of zero, measures the gap."""
    works = Works(
        plants={"press": Plant({"brick": 1.0, "ash": -1.0}, lower=1e5, upper=3e7)},
        offers=[Offer("buy", "ash", 333.3), Offer("sell", "brick", 333.3)],
        accounts={"ash": [("bought", "ash", 1.0)]},
        policies={"cap": Policy("ash", upper=2e7)},
    )
    solution, certificate = solve_certified(compile_program(works.network()))
    assert certificate.holds
    assert solution.objective == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("method", ["simplex", "ipm"])
def test_every_exact_method_is_certified(method):
    _, certificate = solve_certified(compile_program(chlorine().network()), SolveOptions(method=method))
    assert certificate.holds


@pytest.mark.parametrize(("share", "holds"), [(1e-6, True), (3e-6, False)])
def test_a_flow_may_miss_a_balance_by_a_millionth_and_no_more(answer, share, holds):
    """The throughput counts what enters and what leaves: a flow that is off by a share misses by half of it."""
    program, solution = answer
    i = int(np.argmax(np.abs(solution.column_value)))
    flows = changed(solution.column_value, i, share * solution.column_value[i])
    found = certify(program, replace(solution, column_value=flows))
    assert found.primal == pytest.approx(share / 2, rel=1e-3)
    assert found.holds is holds


def test_a_certificate_cannot_be_changed_and_knows_no_whole_numbers_by_itself(answer):
    found = certify(*answer)
    assert (found.wholeness, found.bound_gap) == (0.0, 0.0)
    with pytest.raises(AttributeError):
        found.holds = False


@pytest.mark.parametrize("missing", ["column_value", "row_dual", "objective"])
def test_an_answer_that_lacks_a_part_has_no_certificate(answer, missing):
    program, solution = answer
    with pytest.raises(ValueError, match="nothing to certify"):
        certify(program, replace(solution, **{missing: None}))
