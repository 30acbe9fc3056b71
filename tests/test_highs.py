"""HiGHS is handed the program as it is, and its answer comes back in the user's units."""

import dataclasses
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from highspy import HighsModelStatus

from networks import INF, Offer, Option, Plant, Policy, Slot, Works
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.solver.handle import BASIC, SolverError
from parkloop.solver.highs import LiveModel, solve
from parkloop.solver.session import Session
from parkloop.solver.solution import SolveOptions


def chlorine(**more):
    """Magnesium brings chlorine, PVC uses it; in Mt, so that the program is scaled. Non-degenerate on purpose."""
    return Works(
        plants={
            "electrolysis": Plant({"magnesium": 1.0, "chlorine": 2.88}, upper=1e6, fixed_cost=7e6),
            "vinyl": Plant({"pvc": 1.0, "chlorine": -0.6}, upper=7e6),
            "kiln": Plant({"clinker": 1.0}, lower=1e5, upper=2e6),
        },
        slots={"lime": Slot("kiln", 0.6, [Option("stone", 0.5, min_share=0.1), Option("slag", 0.6, max_share=0.7)])},
        offers=[
            Offer("sell", "magnesium", 10.0),
            Offer("sell", "pvc", 5.0),
            Offer("buy", "chlorine", 7.0),
            Offer("buy", "stone", 10.0),
            Offer("buy", "slag", 1.0, upper=5e5),
            Offer("sell", "clinker", 20.0),
            Offer("discard", "chlorine", 2.0),
        ],
        accounts={"chlorine": [("bought", "chlorine", 1.0)]},
        policies={"cap": Policy("chlorine", upper=1e6)},
        **more,
    )


GOALS = [("profit", True), ("cost", False)]


def with_side(program, i, step):
    """The program with the side of row i raised by a step in user units."""
    side = np.zeros(program.rows)
    side[i] = step / program.flow_scale
    return dataclasses.replace(program, row_lower=program.row_lower + side, row_upper=program.row_upper + side)


def with_bound(program, j, step):
    """The program with both bounds of column j raised by a step in user units."""
    bound = np.zeros(program.columns)
    bound[j] = step / program.flow_scale
    return dataclasses.replace(program, lower=program.lower + bound, upper=program.upper + bound)


@pytest.mark.parametrize(("objective", "maximise"), GOALS)
def test_a_row_dual_is_the_change_of_the_objective_per_unit_of_its_side(objective, maximise):
    """Also when maximising, and in user units although the program is scaled by powers of ten."""
    program = compile_program(chlorine(objective=objective, maximise=maximise).network())
    assert program.flow_scale > 1 and program.objective_scale > 1
    base, step = solve(program), 10.0
    assert np.abs(base.row_dual).max() > 0.5
    for i in range(program.rows):
        change = (solve(with_side(program, i, step)).objective - base.objective) / step
        assert change == pytest.approx(base.row_dual[i], rel=1e-6, abs=1e-6), program.row_name(i)


@pytest.mark.parametrize(("objective", "maximise"), GOALS)
def test_a_column_dual_is_the_change_of_the_objective_per_unit_of_its_bound(objective, maximise):
    program = compile_program(chlorine(objective=objective, maximise=maximise).network())
    base, step = solve(program), 10.0
    assert (base.column_dual != 0).any()
    for j in range(program.columns):
        change = (solve(with_bound(program, j, step)).objective - base.objective) / step
        assert change == pytest.approx(base.column_dual[j], rel=1e-6, abs=1e-6), program.column_name(j)


def test_values_are_in_user_units():
    """The cap of 1e6 t of bought chlorine and 2.88e6 t of by-product make 3.88e6 / 0.6 t of PVC."""
    program = compile_program(chlorine().network())
    solution = solve(program)
    flows = dict(zip(program.column_names(), solution.column_value, strict=True))
    assert flows["run[works.vinyl,year]"] == pytest.approx(3.88e6 / 0.6)
    assert program.row_view("policy", solution.row_value)[0, 0] == pytest.approx(1e6)
    assert solution.reason == "the solver reports an optimum"
    assert solution.solver.startswith("HiGHS 1.")
    assert solution.seconds > 0


@pytest.mark.parametrize("method", ["auto", "simplex", "ipm", "pdlp"])
def test_every_method_finds_the_same_optimum(method):
    program = compile_program(chlorine().network())
    assert solve(program, SolveOptions(method=method)).objective == pytest.approx(solve(program).objective)


@pytest.mark.parametrize("method", ["simplex", "ipm"])
@pytest.mark.parametrize("start", ["cold", "warm"])
def test_the_basic_columns_and_rows_are_those_that_highs_states_one_by_one(method, start):
    program = compile_program(chlorine().network())
    with LiveModel(program, SolveOptions(method=method)) as model:
        found = model.run(by=method)
        if start == "warm":
            model.change_costs(-program.cost)
            found = model.run(by=method)
        columns, rows = model.statuses()
    np.testing.assert_array_equal(found.column_basic, columns == BASIC)
    np.testing.assert_array_equal(found.row_basic, rows == BASIC)
    assert found.column_basic.any() and found.row_basic.any()


def nothing_flows(solution):
    return all(
        getattr(solution, name) is None
        for name in ("column_value", "column_dual", "row_value", "row_dual", "objective", "column_basic", "row_basic")
    )


def test_contracts_that_cannot_be_met_are_infeasible_and_have_no_flows():
    works = chlorine()
    works.offers[1] = Offer("sell", "pvc", 5.0, lower=6.9e6)
    solution = solve(compile_program(works.network()))
    assert solution.status == "infeasible"
    assert nothing_flows(solution)


def test_selling_dearer_than_buying_without_limit_is_unbounded_and_has_no_flows():
    works = Works(offers=[Offer("buy", "salt", 1.0), Offer("sell", "salt", 2.0)])
    solution = solve(compile_program(works.network()))
    assert solution.status == "unbounded"
    assert nothing_flows(solution)


def test_unbounded_or_infeasible_is_always_decided():
    """Money without limit on one side, a contract nobody can meet on the other: infeasible wins."""
    trade = [Offer("buy", "salt", 1.0), Offer("sell", "salt", 2.0)]
    mine = {"mine": Plant({"ore": 1.0}, upper=5.0), "mill": Plant({"metal": 1.0, "ore": -2.0})}
    works = Works(plants=mine, offers=[*trade, Offer("sell", "metal", 1.0, lower=3.0)])
    assert solve(compile_program(works.network())).status == "infeasible"
    works.plants["mine"].upper = 6.0
    assert solve(compile_program(works.network())).status == "unbounded"


def test_whole_numbers_are_solved_without_presolve_which_calls_this_infeasible():
    """Nothing flows: that keeps every row. HiGHS 1.16 with presolve finds no plan, and none does it need to prove it.

    What is left of a drawn case of by-products, slots and returns; its whole number stands in no row.
    """
    rows = [
        [-0.1, 0, 0.3, 1, 0, 0, 0, 0, 0],
        [0, -1, 0, 0, 0.3, 1, 1, 0, 0],
        [0, -0.04, 0, 0, 0, 0, 0, 0, 0.26],
        [-0.02, 0, 0.3, 0, 0, 0, 0, 0, 0],
        [0, -0.02, 0, 0, 0, 0, 0, 0, 0.3],
        [0, 0, 0, 0, -0.001, 0.01, 0.01, 0, 0],
        [1, 1, -0.2, 0, 0, 0, 0, 0, -0.17],
        [0, 0, 0, 0, -1, 0, 0.5, -1, 0],
    ]
    build = ProgramBuilder("nothing", ["year"], np.ones(1))
    build.add_columns("x", 9, names=list, upper=[[9, 84, *[INF] * 7]])
    build.add_columns("n", 1, names=list, upper=0.0, whole=True)
    lower = [[0, 0, -INF, 0, 0, -INF, 0, 0]]
    build.add_rows("r", 8, names=list, lower=lower, upper=[[0, 0, 0, INF, INF, 0, 0, 0]])
    row, column = np.nonzero(rows)
    build.add_terms("r", row, "x", column, np.asarray(rows, float)[row, column])
    build.set_objective(True, "CNY")
    assert solve(build.program()).status == "optimal"


def test_a_verdict_without_proof_is_looked_for_once_more_in_other_ways():
    """x₁ ≥ 100 and x₄ ≤ x₁ / 15 make x₃ = (x₁ − 3·x₄) / 0.4 ≥ 2·x₁; so the last row has 12.4·x₃ − 7·x₁ ≥ 17.8·x₁ > 0.

    What x₀ brings to it, with x₂, x₅ and x₆, comes to +0.0002·x₀: nothing brings it down to 0. HiGHS 1.16 ends without
    a proof, from none of the bases that it leaves either. What is left of a drawn case with a limit of a ratio.
    """
    rows = [
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
        [-1.404, 0, 0.306, 0, 0, 0, 0, 0, 0],
        [0, -1, 0, 0.4, 3, 0, 0, 0, 0],
        [0, -0.2, 0, 0, 3, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, -1, 0, 0],
        [1, 0, -1, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 0, 0, -1],
        [0, 0, 0, -1, 0, 0, 0, 1, 0],
        [0.1413684, 0, 0.39, 0, 0.4, 1.58, -7.6, 12.4, -7],
    ]
    build = ProgramBuilder("nothing", ["year"], np.ones(1))
    build.add_columns("x", 9, names=list)
    lower, upper = [[100, 0, 0, -INF, 0, 0, 0, 0, -INF]], [[INF, *[0] * 8]]
    build.add_rows("r", 9, names=list, lower=lower, upper=upper)
    row, column = np.nonzero(rows)
    build.add_terms("r", row, "x", column, np.asarray(rows, float)[row, column])
    build.add_costs("x", np.array([6]), 800.0)
    build.set_objective(True, "CNY")
    assert solve(build.program()).status == "infeasible"


def hard_program(n=1500, seed=1):
    """A dense random program that takes HiGHS seconds."""
    random = np.random.default_rng(seed)
    build = ProgramBuilder("hard", ["year"], np.ones(1))
    build.add_columns("x", n, names=list, upper=1e3)
    build.add_rows("r", n, names=list, upper=random.uniform(1, 2, n) * n)
    row, column = (a.ravel() for a in np.indices((n, n)))
    build.add_terms("r", row, "x", column, random.uniform(0.5, 1.5, n * n))
    build.add_costs("x", np.arange(n), random.uniform(1, 1.1, n))
    build.set_objective(True, "CNY")
    return build.program()


def test_the_time_limit_stops_without_flows_and_counts_for_each_solve_anew():
    program = hard_program()
    with Session(program, SolveOptions(time_limit=0.05, method="simplex")) as session:
        for _ in range(2):
            solution = session.solve()
            assert solution.status == "stopped"
            assert "time limit" in solution.reason
            assert nothing_flows(solution)
            assert solution.seconds < 2


def test_many_short_solves_of_one_session_do_not_use_up_the_time_limit():
    """The clock of HiGHS runs on from solve to solve, so each solve is given the time so far and its own."""
    program = hard_program(150)
    random = np.random.default_rng(2)
    with LiveModel(program, SolveOptions(time_limit=0.5)) as model:
        while model._highs.getRunTime() < 1.5:
            model.change_costs(random.uniform(-1, 1, program.columns))
            assert model.run().status == "optimal"


def test_an_undecided_verdict_is_decided_by_a_second_run(monkeypatch):
    """HiGHS may answer `unbounded or infeasible`; here it is made to, once."""
    works = Works(offers=[Offer("buy", "salt", 1.0), Offer("sell", "salt", 2.0)])
    model = LiveModel(compile_program(works.network()), SolveOptions())
    undecided = iter([HighsModelStatus.kUnboundedOrInfeasible])
    monkeypatch.setattr(model._highs, "getModelStatus", lambda: next(undecided, HighsModelStatus.kUnbounded))
    presolve = []
    run = model._highs.run
    monkeypatch.setattr(
        model._highs, "run", lambda: presolve.append(model._highs.getOptionValue("presolve")[1]) or run()
    )
    assert model.run().status == "unbounded"
    assert presolve == ["choose", "off"]


def test_an_empty_park_has_an_empty_optimum():
    solution = solve(compile_program(Works().network()))
    assert (solution.status, solution.objective) == ("optimal", 0.0)
    assert len(solution.column_value) == len(solution.row_value) == 0


def test_a_program_of_constants_reports_them():
    """A park without plants or offers, but rows that allow zero."""
    build = ProgramBuilder("constant", ["year"], np.ones(1))
    build.add_rows("r", 2, names=lambda: ["r[0]", "r[1]"], lower=[-1.0, 0.0], upper=[0.0, INF])
    build.set_objective(False, "CNY", 12.0)
    solution = solve(build.program())
    assert (solution.status, solution.objective) == ("optimal", 12.0)
    build.add_rows("s", 1, names=lambda: ["s[0]"], lower=5.0)
    solution = solve(build.program())
    assert solution.status == "infeasible"
    assert solution.reason == "nothing flows in s[0,year], which must not be zero"


def test_a_program_without_rows_goes_to_its_bounds():
    build = ProgramBuilder("free", ["year"], np.ones(1))
    build.add_columns("x", 2, names=lambda: ["x[0]", "x[1]"], upper=[[3.0, 4.0]])
    build.add_costs("x", [0, 1], [2.0, -1.0])
    build.set_objective(True, "CNY")
    assert solve(build.program()).objective == pytest.approx(6.0)


def test_rows_without_terms_are_basic_beside_columns_without_rows():
    """Asked for the basic ones of a program without coefficients, HiGHS 1.16 would end the process."""
    build = ProgramBuilder("apart", ["year"], np.ones(1))
    build.add_columns("x", 2, names=list, upper=[[3.0, 4.0]])
    build.add_rows("r", 3, names=list, lower=-1.0, upper=1.0)
    build.add_costs("x", [0, 1], [2.0, -1.0])
    build.set_objective(True, "CNY")
    found = solve(build.program())
    assert found.objective == pytest.approx(6.0)
    assert not found.column_basic.any() and found.row_basic.all()


def test_figures_beyond_the_reach_of_the_solver_are_refused():
    build = ProgramBuilder("huge", ["year"], np.ones(1))
    build.add_columns("x", 1, names=lambda: ["x[0]"], upper=1.0)
    build.add_rows("r", 1, names=lambda: ["r[0]"], upper=1.0)
    build.add_terms("r", [0], "x", [0], [1e16])
    with pytest.raises(SolverError, match="passModel"):
        solve(build.program())


@pytest.mark.parametrize("options", [SolveOptions(seed=-1), SolveOptions(tolerance=-1.0), SolveOptions(threads=-1)])
def test_a_refused_option_is_an_error(options):
    with pytest.raises(SolverError, match="refused the option"):
        LiveModel(compile_program(Works().network()), options)


def statuses(threads):
    program = compile_program(chlorine().network())
    return [solve(program, SolveOptions(threads=n)).status for n in threads]


def test_the_number_of_threads_may_change_within_one_process():
    """In the main thread, and in another one, where HiGHS keeps its own scheduler."""
    assert statuses((1, 2, 1)) == ["optimal"] * 3
    found = []
    worker = threading.Thread(target=lambda: found.extend(statuses((1, 2, 1))))
    worker.start()
    worker.join()
    assert found == ["optimal"] * 3


def test_models_may_be_solved_in_other_threads():
    program = compile_program(chlorine().network())
    found = []
    workers = [threading.Thread(target=lambda: found.append(solve(program).objective)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(found)) == 1 and len(found) == 4


def script(body):
    """A process of its own that has the tests and the package at hand."""
    path = os.pathsep.join(p for p in sys.path if p)
    code = textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def test_nothing_is_printed():
    process = script("""
        from test_highs import chlorine, compile_program, solve
        assert solve(compile_program(chlorine().network())).status == "optimal"
    """)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def interrupt_soon(monkeypatch, model):
    """Ctrl-C arrives while the solver runs."""
    run = model._highs.run

    def interrupted():
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        return run()

    monkeypatch.setattr(model._highs, "run", interrupted)


@pytest.fixture
def ctrl_c_arrives():
    """A test runner in the background may have told the system to ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_arrives")
def test_a_session_can_be_solved_again_after_ctrl_c(monkeypatch):
    with LiveModel(hard_program(), SolveOptions(method="simplex")) as model:
        with monkeypatch.context() as patch:
            interrupt_soon(patch, model)
            with pytest.raises(KeyboardInterrupt):
                model.run()
        assert model.run().status == "optimal"


def test_ctrl_c_ends_a_solve_soon_and_prints_nothing_to_stdout():
    process = script("""
        import signal, sys
        from test_highs import SolveOptions, hard_program, solve
        signal.signal(signal.SIGINT, signal.default_int_handler)
        program = hard_program(2500)
        sys.stderr.write("solving\\n"); sys.stderr.flush()
        try:
            solve(program, SolveOptions(method="simplex"))
        except KeyboardInterrupt:
            sys.exit(130)
    """)
    assert process.stderr.readline() == "solving\n"
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
