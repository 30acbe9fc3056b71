"""Which method solves, that it says so, and that one which cannot is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ponds
from hello import HELLO, infeasible, network_of
from parkloop import cli
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.run import run_case
from parkloop.solver.choice import unfit
from parkloop.solver.first_order import stands
from parkloop.solver.handle import BASIC, LOWER
from parkloop.solver.highs import LiveModel, solve
from parkloop.solver.session import Session
from parkloop.solver.solution import SolveOptions

SWITCHED = ponds.PONDS.replace("{capacity: 100 t/a}", "{capacity: 100 t/a, on_off: {min_load: 40 %}}", 1)
CAP = "{indicator: brine, max: 60 t/a}"


def test_flows_say_where_columns_and_rows_stand():
    """With 60 t of brine the south is full (100 t, 20 t of brine) and the north makes 80 t of 100.

    So the north's run lies between its bounds, and the cap has a price. Simplex that starts there has nothing to do.
    """
    program = compile_program(network_of(ponds.text(CAP)))
    solution = solve(program)
    columns, rows = stands(program, solution)
    named = dict(zip(program.column_names(), columns.tolist(), strict=True))
    assert named["run[north.north_pond,year]"] == BASIC
    policy = program.row_blocks["policy"].start
    assert rows[policy] != BASIC
    assert (rows[program.row_lower == program.row_upper] == LOWER).all()
    with LiveModel(program, SolveOptions()) as model:
        model.start_at(columns, rows)
        again = model.run()
    assert again.iterations == 0
    assert again.objective == pytest.approx(solution.objective) == pytest.approx(10 * 80 + 8 * 100)


def test_a_row_at_its_side_without_a_price_is_basic():
    """A cap of exactly the 70 t that flow anyway is reached and worth nothing."""
    program = compile_program(network_of(ponds.text("{indicator: brine, max: 70 t/a}")))
    solution = solve(program)
    policy = program.row_blocks["policy"].start
    free = np.where(np.arange(program.rows) == policy, 0.0, solution.row_dual)
    _, rows = stands(program, type(solution)(**{**vars(solution), "row_dual": free}))
    assert rows[policy] == BASIC


def test_pdlp_gives_simplex_its_first_basis_and_the_answer_is_exact():
    program = compile_program(network_of(ponds.text(CAP)))
    with Session(program, SolveOptions(method="pdlp")) as session:
        found, later = session.solve(), session.solve()
    assert (found.method, found.method_reason) == ("pdlp", "it was asked for")
    assert found.column_basic.sum() + found.row_basic.sum() == program.rows, "a vertex"
    assert found.objective == pytest.approx(1600, rel=1e-12)
    assert (later.method, later.method_reason) == ("simplex", "from the last basis")


def test_what_pdlp_cannot_decide_is_decided_by_simplex():
    result = run_case(network_of(infeasible()), SolveOptions(method="pdlp"))
    assert (result.status, result.method) == ("infeasible", "simplex")
    assert result.method_reason.startswith("PDLP was tried: ")


def test_later_stages_say_that_they_start_from_the_basis_of_the_first():
    objective = "[{minimise: brine, tolerance: 20 t}, {maximise: profit}]"
    result = run_case(network_of(ponds.text(objective=objective)), SolveOptions(method="ipm"))
    assert result.goal.value == pytest.approx(800), "20 t of brine: the south alone"
    assert (result.method, result.method_reason) == ("ipm", "it was asked for; later stages by simplex from its basis")
    result = run_case(network_of(ponds.text(objective=objective)))
    assert (result.method, result.method_reason) == ("simplex", "no windows: there is one period")


@pytest.mark.parametrize("method", ["simplex", "ipm", "pdlp", "windows"])
def test_whole_numbers_take_branch_and_bound_only(method):
    network = network_of(ponds.text(case=SWITCHED))
    with pytest.raises(InputError, match="whole numbers, which take branch and bound"):
        run_case(network, SolveOptions(method=method))
    result = run_case(network)
    assert (result.method, result.method_reason) == ("branch and bound", "the program has whole numbers")


def test_nothing_is_unfit_that_nobody_asked_for():
    assert unfit(compile_program(network_of(ponds.text(case=SWITCHED))), "auto") == ""


def test_the_command_takes_a_method_and_the_answer_names_it(capfd):
    assert cli.run(["solve", str(HELLO), "--method", "pdlp"]) == 0
    printed = capfd.readouterr()
    assert printed.out.startswith("Carbide slag becomes cement"), "PDLP keeps its log to itself"
    assert "pdlp (it was asked for)" in printed.out.splitlines()[1]
    assert cli.run(["solve", str(HELLO), "--method", "ipm", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["method"] == {"name": "ipm", "reason": "it was asked for"}
    assert document["options"]["method"] == "ipm"
    assert cli.run(["solve", str(HELLO)]) == 0
    assert "simplex (no windows: there is one period)" in capfd.readouterr().out.splitlines()[1]


def test_the_command_refuses_a_method_that_cannot_solve_the_case(capfd):
    assert cli.run(["solve", str(HELLO), "--method", "windows"]) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "the method `windows` cannot solve scenario `base`: there is one period" in printed.err
    assert "help: leave the method out" in printed.err
    assert cli.run(["solve", str(HELLO), "--method", "simplx"]) == 2
    assert "'auto', 'simplex', 'ipm', 'hipo', 'pdlp', 'windows'" in capfd.readouterr().err
