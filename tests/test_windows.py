"""Windows only find simplex a start: the answer is that of plain HiGHS, and it says which way it went."""

import dataclasses
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ponds
from hello import HELLO, network_of
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.solver import choice
from parkloop.solver.answer import certified
from parkloop.solver.bare import BareModel
from parkloop.solver.choice import choose
from parkloop.solver.crew import StoppedError
from parkloop.solver.handle import BASIC, SolverError, offers_hipo
from parkloop.solver.highs import LiveModel, solve
from parkloop.solver.layout import lay_out
from parkloop.solver.parts import parts_of
from parkloop.solver.rounds import Windows
from parkloop.solver.session import Session
from parkloop.solver.solution import SolveOptions
from parkloop.solver.windows import start_by_windows

WINDOWS = SolveOptions(method="windows")
HOURS = "{h: {duration: 1 a, count: 8}}"
PRICE = "[10 CNY/t, 4 CNY/t, 12 CNY/t, 3 CNY/t, 9 CNY/t, 11 CNY/t, 2 CNY/t, 8 CNY/t]"
STORED = ponds.PONDS.replace("sell: {salt: {price: 10 CNY/t}}", f"sell: {{salt: {{price: {PRICE}, max: 150 t/a}}}}")
STORE = "\n    stores: {shed: {material: salt, capacity: 90 t, loss: 1 %/a, cost: 0.1 CNY/(t*a), TERMS}}\n  south:"
RAMPED = STORED.replace("north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, ramp: 30 %/a}")
SMALL = dataclasses.replace(WINDOWS, threads=2)


def by_windows(program, options=WINDOWS):
    """The certified answer by windows, with the method it names."""
    with Session(program, options) as session:
        return certified(program, session.solve())[0]


def same(program, options=WINDOWS):
    """Windows find the objective of plain HiGHS, and a vertex where there is one."""
    plain, found = solve(program), by_windows(program, options)
    assert found.status == plain.status, found.reason
    if plain.objective is not None:
        assert found.objective == pytest.approx(plain.objective, rel=1e-7, abs=1e-6 * program.objective_scale)
        assert found.column_basic.sum() + found.row_basic.sum() == program.rows
    return found


def with_store(terms, text=STORED):
    return text.replace("\n  south:", STORE.replace("TERMS", terms))


CAP = "{indicator: brine, max: 40 t/a}"
SOFT = "{indicator: brine, max: 30 t/a, surplus: 5 CNY/t}"
STEPS = "{indicator: brine, steps: [{price: 2 CNY/t, max: 20 t/a}, {price: 9 CNY/t}], free: 10 t/a}"
RATIO = "{indicator: intensity, max: 30 %}"


@pytest.mark.parametrize("policy", ["", CAP, SOFT, STEPS, RATIO, "{indicator: salt, min: 150 t/a, shortage: 30 CNY/t}"])
@pytest.mark.parametrize(
    "case",
    [
        STORED,
        RAMPED,
        with_store("end: cyclic"),
        with_store("initial: 80 t, end: open"),
        with_store("initial: 10 t, end: 60 t, fill_rate: 30 t/a, draw_rate: 20 t/a", RAMPED),
    ],
)
def test_every_kind_of_tie_and_of_long_row_has_the_answer_of_plain_highs(case, policy):
    program = compile_program(network_of(ponds.text(policy, case=case, periods=HOURS)))
    found = same(program)
    if "end: 60 t" in case and policy:  # no single period fills the shed that far, so nothing prices the policy
        assert "windows were tried" in found.method_reason
    else:
        assert found.method == "windows"


@pytest.mark.parametrize(
    "objective", ["{maximise: {least: profit}}", "{minimise: {cost: 1, brine: 3 CNY/t}}", "{minimise: brine}"]
)
def test_objectives_with_columns_of_no_period_have_the_answer_of_plain_highs(objective):
    case = with_store("end: cyclic")
    policy = "{indicator: salt, min: 120 t/a}"
    program = compile_program(network_of(ponds.text(policy, objective, HOURS, case)))
    assert same(program).method == "windows"


def test_windows_alone_come_close_and_the_threads_do_not_matter():
    """Two caps and a store: after the windows simplex has little to do; two threads find the same flows."""
    case = with_store("end: cyclic")
    program = compile_program(network_of(ponds.text(CAP, case=case, periods=HOURS)))
    with LiveModel(program, WINDOWS) as model:
        start = start_by_windows(program, model, WINDOWS, parts_of(program, "periods"))
        assert start.rounds == (1, 8)
        assert model.run().iterations < solve(program).iterations / 2
    one, two = by_windows(program), by_windows(program, SMALL)
    assert (one.column_value == two.column_value).all()
    assert (one.row_dual == two.row_dual).all()


def drawn(seed, periods, plants, rows, levels):
    """A random program: plants in every period, levels between them, rows over all of them, columns of no period."""
    random = np.random.default_rng(seed)
    build = ProgramBuilder("drawn", [f"p{t}" for t in range(periods)], np.ones(periods))
    every = np.arange(plants)

    def names(word, n):
        return lambda: [f"{word}[{i}]" for i in range(n)]

    most = np.where(random.random(plants) < 0.2, np.inf, random.integers(1, 9, plants).astype(float))
    build.add_columns("run", plants, names=names("run", plants), upper=most)
    build.add_columns("level", levels, names=names("level", levels), upper=5.0)
    build.add_columns("opening", levels, names=names("opening", levels), upper=5.0, periodic=False)
    build.add_columns(
        "over", rows, names=names("over", rows), upper=random.choice([0.0, 2.0, np.inf], rows), periodic=False
    )
    build.add_rows(
        "balance", plants, names=names("balance", plants), lower=-np.inf, upper=random.integers(0, 9, plants)
    )
    build.add_terms("balance", every, "run", every, 1.0)
    build.add_terms("balance", every, "run", np.roll(every, 1), random.choice([-1.0, 0.0, 0.5], (periods, plants)))
    limits = random.choice([-2.0, 1.0], (periods, plants)) * (random.random((periods, plants)) < 0.7)
    build.add_rows("limit", plants, names=names("limit", plants), lower=-16.0, upper=random.integers(3, 6, plants))
    build.add_terms("limit", every, "run", every, limits)
    build.add_rows("stock", levels, names=names("stock", levels), lower=0.0, upper=0.0)
    store = np.arange(levels)
    later = (np.arange(periods) > 0)[:, None] * np.ones((periods, levels))
    build.add_terms("stock", store, "level", store, 1.0)
    build.add_lagged_terms("stock", store, "level", store, -0.9 * later, 1)
    build.add_terms("stock", store, "opening", store, -0.9 * (1 - later))
    build.add_terms("stock", store, "run", store % plants, -random.choice([-1.0, 1.0], (periods, levels)))
    build.add_rows(
        "cap", rows, names=names("cap", rows), upper=random.integers(0, 20, rows).astype(float), periodic=False
    )
    for row in range(rows):
        build.add_terms(
            "cap", np.full(plants, row), "run", every, random.integers(0, 3, (periods, plants)).astype(float)
        )
    build.add_terms("cap", np.arange(rows), "over", np.arange(rows), -1.0)
    build.add_costs("run", every, random.integers(-4, 9, (periods, plants)).astype(float))
    build.add_costs("over", np.arange(rows), -5.0)
    build.set_objective(True, "CNY")
    return build.program()


@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2))
def test_drawn_programs_have_the_status_and_objective_of_plain_highs(seed, periods, plants, rows, levels):
    """Degenerate, infeasible and unbounded ones among them."""
    program = drawn(seed, periods, plants, rows, levels)
    same(program)


@pytest.mark.parametrize("seed", range(12))
def test_small_periods_are_taken_by_stretches_and_have_the_answer_of_plain_highs(seed):
    periods = 70 + 5 * seed
    program = drawn(seed, periods, 3, seed % 3, 2)
    parts = parts_of(program, "periods")
    assert parts.each == periods // 24 > 1
    assert parts.number == -(-periods // parts.each)
    run = program.column_view("run", parts.column)
    assert (run == np.arange(periods)[:, None] // parts.each).all()
    same(program)


def test_infeasible_and_unbounded_programs_say_so():
    infeasible = "{indicator: salt, min: 900 t/a}"
    program = compile_program(network_of(ponds.text(infeasible, case=with_store("end: cyclic"), periods=HOURS)))
    found = by_windows(program)
    assert found.status == "infeasible"
    assert (found.method, found.method_reason[:18]) == ("simplex", "windows were tried")
    loose = dataclasses.replace(
        compile_program(network_of(ponds.text(CAP.replace("40", "4e6"), case=STORED, periods=HOURS)))
    )
    upper = np.full(loose.columns, np.inf)
    loose = dataclasses.replace(loose, upper=upper, row_upper=np.where(loose.row_upper > 0, np.inf, loose.row_upper))
    assert by_windows(loose).status == solve(loose).status == "unbounded"


def test_whole_numbers_and_a_park_of_one_period_are_left_to_others():
    program = compile_program(network_of(HELLO.read_text()))
    found = by_windows(program)
    assert (found.method, found.method_reason) == ("simplex", "no windows: there is one period")
    switched = STORED.replace("{capacity: 100 t/a}", "{capacity: 100 t/a, on_off: {min_load: 40 %}}", 1)
    program = compile_program(network_of(ponds.text(CAP, case=switched, periods=HOURS)))
    found = by_windows(program)
    assert (found.status, found.method) == ("optimal", "branch and bound")


def test_a_layout_puts_openings_and_ends_into_periods_and_counts_the_rows_over_all_of_them():
    program = compile_program(network_of(ponds.text(CAP, case=with_store("end: cyclic"), periods=HOURS)))
    layout = lay_out(program, parts_of(program, "periods"))
    assert parts_of(program, "periods").long_rows == layout.long_rows == 1
    assert layout.long_columns == 0
    assert len(layout.ties.row) == 7 + 1  # the level before, and the opening in the last period's row `cyclic`
    assert layout.ties.column_held.all()
    first = [program.column_name(j) for j in layout.column[: layout.first_column[1]]]
    assert "opening[north.north.shed]" in first or any(name.startswith("opening") for name in first)
    dense = np.zeros((program.rows, program.columns))
    column = np.repeat(np.arange(program.columns), np.diff(layout.start))
    dense[layout.index, column] = layout.value
    dense[layout.first_row[-1] :] = layout.long.toarray()
    whole = np.zeros_like(dense)
    whole[program.index, np.repeat(np.arange(program.columns), np.diff(program.start))] = program.value
    assert (dense == whole[layout.row][:, layout.column]).all()


def test_large_programs_of_many_periods_go_by_windows_and_others_do_not(monkeypatch):
    program = compile_program(network_of(ponds.text(CAP, case=STORED, periods=HOURS)))
    assert choose(program, SolveOptions()).reason == "no windows: 8 periods are few"
    for name, value in (
        ("PARTS", {"periods": 8, "parks": 9}),
        ("COEFFICIENTS", 10),
        ("COLUMNS", 2),
    ):
        assert choose(program, SolveOptions()).method == "simplex"
        monkeypatch.setattr(choice, name, value)
    found = choose(program, SolveOptions())
    assert (found.method, found.parts.kind) == ("windows", "periods")
    assert found.reason.startswith(f"8 periods of {program.columns // 8} columns, joined only between neighbours")
    assert "(1)" in found.reason
    free = compile_program(network_of(ponds.text(case=STORED, periods=HOURS)))
    assert choose(free, SolveOptions()).method == "windows"
    assert choose(free, SolveOptions()).reason.endswith("columns, joined only between neighbours")
    assert choose(program, SolveOptions(method="ipm")).method == "ipm"


def test_hipo_is_refused_where_it_is_not_installed():
    program = compile_program(network_of(ponds.text()))
    if offers_hipo():
        assert Session(program, SolveOptions(method="hipo")).solve().method == "hipo"
    else:
        with pytest.raises(SolverError, match="highspy-extras"):
            Session(program, SolveOptions(method="hipo"))


def test_a_changed_session_and_later_solves_do_without_windows():
    program = compile_program(network_of(ponds.text(CAP, case=STORED, periods=HOURS)))
    with Session(program, WINDOWS) as session:
        session.change_costs(program.cost * 2)
        assert session.solve().objective == pytest.approx(2 * solve(program).objective)
    with Session(program, WINDOWS) as session:
        first = session.solve()
        session.change_costs(program.cost * 2)
        assert session.solve().objective == pytest.approx(2 * first.objective)
        session.restore()
        assert session.solve().objective == pytest.approx(first.objective)


def test_a_time_limit_ends_the_windows():
    program = drawn(1, 60, 40, 2, 2)
    found = by_windows(program, dataclasses.replace(WINDOWS, time_limit=0.001))
    assert (found.status, found.objective) == ("stopped", None)
    assert "time limit" in found.reason


def test_who_watches_is_told_which_windows_are_solved():
    program = drawn(1, 300, 5, 1, 2)
    told = []
    found = by_windows(program, dataclasses.replace(WINDOWS, watcher=told.append))
    each = parts_of(program, "periods").each
    stages = list(dict.fromkeys(it.stage for it in told if it.stage))
    assert found.method == "windows"
    assert stages[:3] == ["representative periods", f"windows of {each} periods", f"windows of {5 * each} periods"]
    assert "all periods, prices 1" in stages
    assert stages[-1] == "all periods with all rows"


def test_a_memory_limit_ends_the_windows_and_says_so():
    program = drawn(1, 400, 60, 2, 2)
    options = dataclasses.replace(WINDOWS, memory_limit=0.001)
    with LiveModel(program, options) as model, pytest.raises(StoppedError, match=r"memory limit of 0\.001 GB"):
        start_by_windows(program, model, options, parts_of(program, "periods"))
    found = by_windows(program, options)
    assert (found.status, found.method) == ("stopped", "windows")
    assert "memory limit of 0.001 GB" in found.reason


def test_ctrl_c_ends_the_windows_and_the_model_is_as_it_was():
    program = drawn(1, 400, 60, 2, 2)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with LiveModel(program, WINDOWS) as model:
            timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
            timer.start()
            with pytest.raises(KeyboardInterrupt):
                while True:
                    start_by_windows(program, model, WINDOWS, parts_of(program, "periods"))
            assert threading.active_count() <= 3
            assert model.run().objective == pytest.approx(solve(program).objective)
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 4))
def test_a_basis_on_bounds_of_single_rows_is_one_of_the_program_with_the_same_values(seed, periods, plants):
    """The layout is solved as it is, without the long rows; its basis, in the program's words, is optimal there too."""
    program = drawn(seed, periods, plants, 0, 0)
    layout = lay_out(program, parts_of(program, "periods"))
    span = (0, layout.parts)
    bare = BareModel(WINDOWS)
    bare.load(Windows(layout).arrays(span, layout.cost))
    with ThreadPoolExecutor(1) as fresh:  # this thread may have run HiGHS with two threads, which fixes their number
        verdict = fresh.submit(bare.run, 10.0).result()
    if verdict != "optimal":
        return
    found = bare.basis()
    assert found is not None
    columns, rows = layout.whole(found)
    assert (columns == BASIC).sum() + (rows == BASIC).sum() == program.rows
    with LiveModel(program, WINDOWS) as model:
        model.start_at(columns, rows)
        solution = model.run()
    assert solution.iterations == 0
    assert solution.objective == pytest.approx(-(layout.cost @ bare.values()) * program.objective_scale, rel=1e-9)
