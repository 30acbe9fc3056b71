"""Long solves: what is told on the way, what a stopped one has proved, and what it takes to run one again."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hello import HELLO, edit, network_of
from parkloop import cli
from parkloop.models.compile import compile_program
from parkloop.models.program import Program
from parkloop.solver import running
from parkloop.solver.highs import LiveModel, solve
from parkloop.solver.running import Interrupted
from parkloop.solver.session import Session
from parkloop.solver.solution import SolveOptions
from parkloop.solver.watch import Progress, held_memory, read_log
from test_highs import hard_program

HELLO_PATH = str(HELLO)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("      51023    -2.0803666683e+08 Pr: 8093(927706) 8.3s\n", (51023, -2.0803666683e08, None)),
        ("          0    -6.4054637450e+00 Ph1: 11(2516); Du: 7(6.40546) 0.0s\n", (0, None, None)),
        ("   4  -1.16333168e+08 -9.46653997e+08 4.06e+02 3.1e-02  6s\n", (4, -1.16333168e08, -9.46653997e08)),
        ("Presolving model\n", None),
        ("209 rows, 295 cols, 1048 nonzeros 0s\n", None),
    ],
)
def test_a_line_of_the_log_is_understood(line: str, found: tuple[int, float | None, float | None] | None) -> None:
    assert read_log(line) == found


def test_the_gap_is_relative_to_the_objective() -> None:
    assert Progress(1.0, 10, 200.0, 210.0).gap == pytest.approx(0.05)
    assert Progress(1.0, 10, 200.0).gap is None


def slow(monkeypatch: pytest.MonkeyPatch, model: LiveModel, lines: list[str]) -> None:
    """Let HiGHS say some lines and then wait until it is told to stop, or half a second."""
    run = model._highs.run

    def waiting() -> Any:
        for line in lines:
            model._heard(type("Event", (), {"message": line}))
        model._cancel.wait(0.5)
        return run()

    monkeypatch.setattr(model._highs, "run", waiting)


def test_a_watcher_is_told_the_objective_as_the_user_states_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program maximises in thousands; the log minimises in program units."""
    program = compile_program(network_of())
    assert program.maximise
    told: list[Progress] = []
    with LiveModel(program, SolveOptions(watcher=told.append)) as model:
        slow(monkeypatch, model, ["      17    -2.5000000000e+03 Pr: 1(2) 0.3s\n"])
        assert model.run().status == "optimal"
    # the solver's own log may follow where the machine is slow
    stated = [item for item in told if item.objective == pytest.approx(2500 * program.objective_scale)]
    assert stated and stated[0].iterations == 17 and stated[0].seconds > 0


def test_a_real_log_reaches_the_watcher_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[Progress] = []
    program = hard_program(400)
    with LiveModel(program, SolveOptions(watcher=told.append, method="simplex")) as model:
        assert model.run().status == "optimal"
        assert model._progress.iterations > 0 and model._progress.objective is not None
    assert capfd.readouterr() == ("", "")


def test_too_much_memory_stops_a_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "held_memory", lambda: 2.5)
    with LiveModel(hard_program(400), SolveOptions(memory_limit=2.0)) as model:
        slow(monkeypatch, model, [])
        solution = model.run()
    assert solution.status == "stopped"
    assert solution.reason == "the memory limit of 2 GB ended the solve"
    assert solve(hard_program(50), SolveOptions(memory_limit=1e6)).status == "optimal"


def test_the_memory_of_this_process_is_known() -> None:
    held = held_memory()
    assert held is None or 0.01 < held < 100


def knapsack(n: int = 60) -> Program:
    """A program with whole numbers that HiGHS does not finish at once: many nearly equal things for several sacks."""
    base = hard_program(n)
    random = np.random.default_rng(7)
    rows = 8
    weight = random.integers(1000, 2000, (rows, n)).astype(float)
    start = (np.arange(n + 1) * rows).astype(np.int32)
    return replace(
        base, maximise=True, cost=random.integers(1000, 1100, n).astype(float), lower=np.zeros(n), upper=np.ones(n),
        row_lower=np.full(rows, -np.inf), row_upper=weight.sum(axis=1) / 2 + 0.5, start=start,
        index=np.tile(np.arange(rows, dtype=np.int32), n), value=weight.T.ravel(), integral=np.ones(n, bool),
        column_origin=np.full(n, -1, np.int32), lower_origin=np.full(n, -1, np.int32),
        upper_origin=np.full(n, -1, np.int32), row_origin=np.full(rows, -1, np.int32), offset=0.0,
    )  # fmt: skip


def test_a_stopped_solve_with_whole_numbers_says_what_it_proved() -> None:
    solution = solve(knapsack(), SolveOptions(time_limit=1.0, mip_gap=0.0))
    assert solution.status == "stopped" and solution.column_value is None
    assert solution.bound is not None
    assert "the best answer so far is" in solution.reason and "none can be better than" in solution.reason


@pytest.fixture
def ctrl_c_arrives() -> Any:
    """A test runner in the background may have told the system to ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_arrives")
def test_ctrl_c_keeps_what_was_proved() -> None:
    with LiveModel(knapsack(), SolveOptions(mip_gap=0.0)) as model:
        threading.Timer(1.0, signal.raise_signal, [signal.SIGINT]).start()
        with pytest.raises(Interrupted) as stop:
            model.run()
    assert "none can be better than" in stop.value.proved


@pytest.mark.usefixtures("ctrl_c_arrives")
def test_ctrl_c_does_not_wait_for_a_solver_that_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Branch and bound looks up between its steps only: what it told last is what was proved."""
    assert running.GRACE < 1
    told = type("Data", (), {"objective_function_value": 400.0, "mip_dual_bound": 500.0})
    release, left = threading.Event(), threading.Event()
    with LiveModel(knapsack(), SolveOptions(mip_gap=0.0)) as model:

        def deaf() -> Any:
            model._interrupt_mip(type("Event", (), {"data_out": told, "interrupt": lambda _: None})())
            release.wait(30)
            left.set()

        monkeypatch.setattr(model._highs, "run", deaf)
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        with pytest.raises(Interrupted) as stop:
            model.run()
        assert not left.is_set() and model.runs_on
        release.set()
    assert stop.value.proved == "the best answer so far is 400 CNY, none can be better than 500 CNY"


@pytest.mark.usefixtures("ctrl_c_arrives")
def test_ctrl_c_while_the_solver_is_being_started_leaves_it_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A model that is cleared before the other thread has run it would say on stdout that it is empty."""
    start, began = threading.Thread.start, threading.Event()

    class Late(threading.Thread):
        def run(self) -> None:
            began.wait(5)
            super().run()

        def start(self) -> None:
            start(self)
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "GRACE", 0.1)
    with pytest.raises(Interrupted), LiveModel(hard_program(50), SolveOptions()) as model:
        monkeypatch.setattr(running.threading, "Thread", Late)
        model.run()
    monkeypatch.undo()
    began.set()
    for thread in threading.enumerate():
        if isinstance(thread, Late):
            thread.join(10)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("reason", ["the time limit ended the solve", "the memory limit of 2 GB ended the solve"])
def test_a_limit_does_not_wait_for_a_solver_that_does_not_listen(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """What was told last is kept, and a session goes on with another model that has all that was changed."""
    monkeypatch.setattr(running, "OVERTIME", 0.2)
    monkeypatch.setattr(running, "GRACE", 0.1)
    limits = {"time_limit": 0.1} if "time" in reason else {"memory_limit": 2.0}
    told = type("Data", (), {"objective_function_value": 400.0, "mip_dual_bound": 500.0})
    release, options, program = threading.Event(), SolveOptions(**limits), knapsack(12)
    with Session(program, options) as session:
        session.change_costs(2 * program.cost)

        def deaf(model: LiveModel = session._model) -> Any:
            model._interrupt_mip(type("Event", (), {"data_out": told, "interrupt": lambda _: None})())
            release.wait(30)

        with monkeypatch.context() as patch:
            patch.setattr(session._model._highs, "run", deaf)
            patch.setattr(running, "held_memory", lambda: 2.5 if "memory" in reason else 0.0)
            began = time.perf_counter()
            stopped = session.solve()
        assert time.perf_counter() - began < 20, "the solver would have gone on for 30 s"
        assert stopped.status == "stopped" and stopped.reason.startswith(reason)
        assert "the best answer so far is 400 CNY, none can be better than 500 CNY" in stopped.reason
        assert stopped.bound == 500
        held = session._held
        assert held.runs_on
        session._held.options = session.options = SolveOptions()
        later = session.solve()
        assert session._held is not held and later.objective == pytest.approx(2 * solve(program).objective)
        release.set()


def test_the_command_says_what_was_proved(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    stop = Interrupted()
    stop.proved = "none can be better than 7 CNY"

    def interrupted(path: str) -> None:
        raise stop

    monkeypatch.setattr("parkloop.flows.case.read_tree", interrupted)
    assert cli.run(["solve", HELLO_PATH]) == 130
    assert "interrupted; none can be better than 7 CNY" in capfd.readouterr().err


def test_a_memory_limit_is_taken_from_the_command_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["solve", HELLO_PATH, "--json", "--memory-limit", "100"]) == 0
    assert json.loads(capfd.readouterr().out)["options"]["memory_limit"] == 100


def document_of(path: Path, capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return the JSON result of a case."""
    capfd.readouterr()
    assert cli.run(["solve", str(path), "--json", *arguments]) == 0
    document: dict[str, Any] = json.loads(capfd.readouterr().out)
    return document


def test_the_hash_of_the_input_changes_with_the_input_and_with_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same text in another file, with other line endings, is the same input."""
    same, other, dos = (tmp_path / name for name in ("same.yaml", "other.yaml", "dos.yaml"))
    shutil.copy(HELLO, same)
    other.write_text(edit("price: 8000 CNY/t", "price: 8001 CNY/t"), encoding="utf-8")
    dos.write_bytes(HELLO.read_bytes().replace(b"\n", b"\r\n"))
    here = document_of(HELLO, capfd)["input"]
    assert document_of(same, capfd)["input"] == here
    assert document_of(dos, capfd)["input"] == here
    hashes = {
        document_of(path, capfd, *arguments)["input"]["sha256"]
        for path, arguments in (
            (HELLO, ()),
            (other, ()),
            (HELLO, ("-s", "standalone")),
            (HELLO, ("--set", "parks.demo.sell.acetylene.price=8001 CNY/t")),
        )
    }
    assert len(hashes) == 4


def test_the_hash_covers_includes_and_tables(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "library.yaml").write_text("indicators: {}\n", encoding="utf-8")
    (tmp_path / "price.csv").write_text("price\n8000\n", encoding="utf-8")
    text = edit(
        "money: CNY",
        "money: CNY\ninclude: [library.yaml]\nprofiles: {p: {file: price.csv, column: price, unit: CNY/t}}",
    )
    text = edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: {profile: p}}", text)
    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    first = document_of(case, capfd)["input"]
    assert first["files"] == 3
    (tmp_path / "price.csv").write_text("price\n8001\n", encoding="utf-8")
    second = document_of(case, capfd)["input"]
    (tmp_path / "library.yaml").write_text("indicators: {} # nothing\n", encoding="utf-8")
    third = document_of(case, capfd)["input"]
    assert len({first["sha256"], second["sha256"], third["sha256"]}) == 3


def test_the_options_stand_in_the_result(capfd: pytest.CaptureFixture[str]) -> None:
    options = document_of(HELLO, capfd, "--time-limit", "50")["options"]
    assert options == {
        "time_limit": 50.0, "threads": 1, "seed": 0, "method": "auto", "mip_gap": 1e-6, "tolerance": 1e-7,
        "memory_limit": None,
    }  # fmt: skip
