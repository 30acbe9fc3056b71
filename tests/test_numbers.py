"""Numbers at the edge: published programs with known optima, and figures so far apart that a solver may lose some.

What is not right to a millionth must be refused: an answer that is certified and wrong is what must never be.
"""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hello import solved
from parkloop.flows.tables import Floats
from parkloop.models.builder import ProgramBuilder
from parkloop.models.program import Program
from parkloop.solver.answer import solve_certified
from parkloop.solver.handle import SolverError
from parkloop.solver.solution import SolveOptions

LPS = Path(__file__).parent / "lps"
PUBLISHED = {
    "afiro.mps": (27, 32, -4.6475314286e2, None),
    "flugpl.mps.gz": (18, 18, 1167185.7, 1201500.0),
    "p0033.mps.gz": (16, 33, 2520.57, 3089.0),
    "lseu.mps.gz": (28, 89, 834.68, 1120.0),
    "stein27.mps.gz": (118, 27, 13.0, 18.0),
    "egout.mps.gz": (98, 141, 149.589, 568.101),
    "gt2.mps.gz": (29, 188, 13460.233074, 21166.0),
}
"""rows, columns, optimum of the linear program, optimum with whole numbers (tests/lps/README.md)"""


def program_of(
    matrix: Floats,
    cost: Floats,
    sides: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    maximise: bool = False,
    whole: Floats | None = None,
) -> Program:
    """Return a program as the families build it: scaled by its own figures. Columns that are whole stand in a block."""
    rows, columns = matrix.shape
    kinds = np.zeros(columns, bool) if whole is None else whole.astype(bool)
    build = ProgramBuilder("numbers", ["p"], np.ones(1))
    build.add_rows(
        "r", rows, names=lambda: [f"r[{i}]" for i in range(rows)], lower=sides[0][None, :], upper=sides[1][None, :]
    )
    for name, mine in (("x", np.flatnonzero(~kinds)), ("n", np.flatnonzero(kinds))):
        if len(mine):
            some = [f"{name}[{j}]" for j in mine.tolist()]
            low, high = bounds[0][None, mine], bounds[1][None, mine]
            build.add_columns(name, len(mine), names=some.copy, lower=low, upper=high, whole=name == "n")
            row, column = np.nonzero(matrix[:, mine])
            build.add_terms("r", row, name, column, matrix[:, mine][row, column])
            build.add_costs(name, np.arange(len(mine)), cost[mine])
    build.set_objective(maximise, "CNY")
    return build.program()


def read(name: str, whole: bool) -> Program:
    """Return a published program; without its whole numbers where `whole` is not set."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    assert model.readModel(str(LPS / name)) == highspy.HighsStatus.kOk
    lp = model.getLp()
    matrix = np.zeros((lp.num_row_, lp.num_col_))
    start, index, value = (np.array(it) for it in (lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_))
    matrix[index, np.repeat(np.arange(lp.num_col_), np.diff(start))] = value
    kinds = np.array([kind == highspy.HighsVarType.kInteger for kind in lp.integrality_] or [False] * lp.num_col_)
    sides, bounds = (lp.row_lower_, lp.row_upper_), (lp.col_lower_, lp.col_upper_)
    return program_of(
        matrix,
        np.array(lp.col_cost_),
        (np.array(sides[0]), np.array(sides[1])),
        (np.array(bounds[0]), np.array(bounds[1])),
        whole=kinds if whole else None,
    )


@pytest.mark.parametrize("method", ["simplex", "ipm"])
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_linear_programs_have_their_published_optimum(name: str, method: str) -> None:
    """To the digits that were published; of programs with whole numbers, the linear relaxation."""
    rows, columns, optimum, _ = PUBLISHED[name]
    program = read(name, whole=False)
    assert (program.rows, program.columns) == (rows, columns)
    solution, certificate = solve_certified(program, SolveOptions(method="ipm" if method == "ipm" else "simplex"))
    assert certificate is not None and certificate.holds, solution.reason
    assert solution.objective == pytest.approx(optimum, rel=1e-5 if name == "lseu.mps.gz" else 3e-6)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if PUBLISHED[name][3] is not None])
def test_published_programs_with_whole_numbers_have_their_published_optimum(name: str) -> None:
    solution, certificate = solve_certified(read(name, whole=True))
    assert certificate is not None and certificate.holds, solution.reason
    assert solution.objective == pytest.approx(PUBLISHED[name][3], rel=1e-5)


def catalyst(use: str, price: str, limit: str = "") -> str:
    """Return 100 kt of acid at 5000 CNY from ore at 1000 CNY, with so much platinum a tonne."""
    most = f", max: {limit}" if limit else ""
    return f"""
case: catalyst
title: {{en: Acid over platinum}}
money: CNY
materials:
  ore:      {{name: {{en: Ore}}, class: raw, composition: {{inert: 100 %}}}}
  platinum: {{name: {{en: Platinum}}, class: raw, composition: {{inert: 100 %}}}}
  acid:     {{name: {{en: Acid}}, composition: {{inert: 100 %}}}}
processes:
  works: {{name: {{en: Works}}, per: 1 t acid, inputs: {{ore: 1 t, platinum: {use}}}, outputs: {{}}, closure: 1 %}}
parks:
  demo:
    name: {{en: Demo}}
    plants: {{works: {{capacity: 100 kt/a}}}}
    buy: {{ore: {{price: 1000 CNY/t}}, platinum: {{price: {price}{most}}}}}
    sell: {{acid: {{price: 5000 CNY/t}}}}
objective: {{maximise: profit}}
"""


def test_a_trace_of_something_dear_is_bought() -> None:
    """1e-10 t of platinum at 2e13 CNY is 2000 CNY a tonne of acid: profit 100 kt · (5000 − 1000 − 2000).

    HiGHS drops coefficients below 1e-9 by itself, and answered 400 MCNY with platinum from nowhere.
    """
    result = solved(catalyst("1e-10 t", "2e13 CNY/t"))
    assert result.goal.value == pytest.approx(200e6) and result.flows is not None
    amounts = {flow.fate: flow.value for flow in result.flows.rows if flow.material == "platinum"}
    assert amounts == pytest.approx({"bought": 1e-5, "used": 1e-5})


def test_a_limit_of_grams_binds_megatonnes() -> None:
    """1e-6 t of platinum at 1e-10 t a tonne make 10 kt of acid, at 4000 CNY less 0.02 CNY."""
    result = solved(catalyst("1e-10 t", "2e8 CNY/t", "1e-6 t/a"))
    assert result.goal.value == pytest.approx(10e3 * (4000 - 0.02))


def test_what_the_solver_would_take_for_nothing_is_refused_and_named() -> None:
    """A tenth of a microgram a tonne is beyond it, whatever it costs."""
    result = solved(catalyst("1e-13 t", "2e17 CNY/t"))
    assert result.status == "stopped" and result.flows is None
    assert "run[demo.works,year] in balance[demo.platinum,year] is -1.0e-13" in result.reason
    assert "in a smaller unit" in result.reason


def test_figures_further_apart_than_their_digits_are_refused() -> None:
    """x ≤ 1 and 1e14·y ≤ 1e-2·x: 1e16 apart."""
    matrix = np.array([[-1e-2, 1e14]])
    one = program_of(matrix, np.ones(2), (np.full(1, -np.inf), np.zeros(1)), (np.zeros(2), np.ones(2)), True)
    solution, _ = solve_certified(one)
    assert solution.status == "stopped" and "further apart than figures can tell" in solution.reason


def test_a_verdict_that_large_coefficients_make_doubtful_is_none() -> None:
    """1e12·x = 0.5 with x ≤ 1e-12: x = 5e-13 does it, below what presolve takes for zero."""
    matrix, side = np.array([[1e12, 0.0], [0.0, 1.0]]), np.array([0.5, 1.0])
    one = program_of(matrix, np.ones(2), (side, side), (np.zeros(2), np.array([1e-12, 10.0])))
    solution, certificate = solve_certified(one)
    if solution.status == "optimal":
        assert certificate is not None and solution.column_value is not None
        assert solution.column_value[0] == pytest.approx(5e-13, rel=1e-6)
    else:
        assert solution.status == "stopped"


def test_a_bound_that_is_taken_for_none_is_not_called_unbounded() -> None:
    """At most 1e30: HiGHS takes that for no bound at all, and calls the program unbounded, which it is not."""
    sides = np.array([1.0]), np.array([np.inf])
    bounds = np.zeros(4), np.array([1e30, 5.0, 5.0, 5.0])
    one = program_of(np.ones((1, 4)), np.array([1.0, 0.0, 0.0, 0.0]), sides, bounds, maximise=True)
    solution, _ = solve_certified(one)
    assert solution.status == "stopped" and "so large that the solver takes it for none" in solution.reason


@pytest.mark.parametrize("angle", [1e-3, 1e-6, 1e-8])
def test_nearly_parallel_rows_meet_where_they_meet(angle: float) -> None:
    """x + y ≤ 2 and x + (1 + a)·y ≤ 2 + a meet at (1, 1), the best plan of 2·x + (2 + a)·y, worth 4 + a."""
    matrix = np.array([[1.0, 1.0], [1.0, 1.0 + angle]])
    sides = np.full(2, -np.inf), np.array([2.0, 2.0 + angle])
    one = program_of(matrix, np.array([2.0, 2.0 + angle]), sides, (np.zeros(2), np.full(2, 10.0)), True)
    solution, certificate = solve_certified(one)
    assert certificate is not None and certificate.holds
    assert solution.objective == pytest.approx(4 + angle, rel=1e-7)


@pytest.mark.parametrize(("gap", "status"), [(1e-3, "infeasible"), (1e-5, "infeasible"), (1e-12, "optimal")])
def test_what_misses_by_more_than_the_tolerance_is_infeasible(gap: float, status: str) -> None:
    """x + y ≥ 10 + gap from x ≤ 4 and y ≤ 6: within a millionth it counts as met, and the certificate says how far."""
    one = program_of(
        np.array([[1.0, 1.0]]),
        np.ones(2),
        (np.array([10.0 + gap]), np.array([np.inf])),
        (np.zeros(2), np.array([4.0, 6.0])),
    )
    solution, certificate = solve_certified(one)
    assert solution.status == status
    assert certificate is None or certificate.primal <= 1e-6


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.sampled_from([4.0, 8.0, 12.0, 16.0]))
def test_no_units_make_a_wrong_answer(seed: int, orders: float) -> None:
    """A small program in other units of its rows and columns, up to so many powers of ten apart, has the same optimum.

    It is certified and right, or refused; it has a plan by construction, so it is never called infeasible.
    """
    draw = np.random.default_rng(seed)
    m, n = int(draw.integers(1, 6)), int(draw.integers(2, 9))
    matrix = draw.integers(-5, 10, (m, n)).astype(float)
    matrix[draw.random((m, n)) < 0.4] = 0
    plan = draw.integers(0, 10, n).astype(float)
    upper = np.where(draw.random(n) < 0.7, plan + draw.integers(1, 10, n), 20.0)
    reached = matrix @ plan
    equal = draw.random(m) < 0.5
    most = np.where(equal, reached, reached + draw.integers(0, 10, m))
    least, cost = np.where(equal, reached, -np.inf), draw.integers(-10, 10, n).astype(float)
    truth, _ = solve_certified(program_of(matrix, cost, (least, most), (np.zeros(n), upper), True))
    assert truth.objective is not None and truth.column_value is not None
    row, column = (10.0 ** draw.uniform(-orders / 4, orders / 4, size) for size in (m, n))
    other = program_of(
        matrix * row[:, None] * column, cost * column, (least * row, most * row), (np.zeros(n), upper / column), True
    )
    try:
        found, _ = solve_certified(other)
    except SolverError:
        return
    assert found.status in ("optimal", "stopped"), found.reason
    if found.objective is not None:
        turnover = max(float(np.abs(cost * truth.column_value).sum()), 1.0)
        assert abs(found.objective - truth.objective) <= 2e-6 * turnover
