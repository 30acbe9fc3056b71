"""A sweep answers every sample as a single solve does, survives being killed, and does not care who does the work."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version

import jsonschema
import pyarrow.parquet
import pytest

from hello import HELLO, TEXT, edit, network_of, tree_of, value
from parkloop import cli
from parkloop.flows.case import read_tree
from parkloop.flows.includes import shipped_cases
from parkloop.flows.problems import InputError
from parkloop.reports import sampled
from parkloop.reports.json_result import schema_of
from parkloop.reports.run import run_case
from parkloop.reports.sweeping import Meter, SweepRequest, run_sweep
from parkloop.solver import sweep as sweeps

CLINKER = "parks.demo.sell.clinker.price=triangular(150, 260, 300 CNY/t)"
REMOTE = "  remote: {title: {en: Far from a landfill}, set: {parks.demo.discard.carbide_slag.cost: 90 CNY/t}}"
OPEN = edit("scenarios:\n", f"exchange: all\nscenarios:\n{REMOTE}\n")
LIMIT = "parks.demo.sell.acetylene.max=50:120 kt/a"


def swept(path, *vary, tree=None, progress=lambda *_: None, **options):
    """Run a sweep of the hello case into a file and return its rows."""
    request = SweepRequest(vary=vary or (CLINKER, LIMIT), output=path, **{"samples": 60, **options})
    run_sweep(tree or tree_of(), request, progress)
    return rows(path)


def rows(path):
    with sqlite3.connect(path) as data:
        data.row_factory = sqlite3.Row
        found = [dict(row) for row in data.execute("SELECT * FROM samples ORDER BY sample")]
    data.close()
    return found


def command(path, *arguments, case=HELLO):
    return [
        *(sys.executable, "-c", "from parkloop.cli import main; main()", "sweep", str(case)),
        *("--vary", CLINKER, "--vary", LIMIT, "-o", str(path), *arguments),
    ]


def run(path, *arguments, case=HELLO):
    return subprocess.run(command(path, *arguments, case=case), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("how", ["predicted", "compiled"])
def test_every_sample_has_the_objective_and_the_indicators_of_a_solve_of_its_own(how, tmp_path, monkeypatch):
    sampled._answerer.cache_clear()  # what another test read would be taken again
    predicted = []
    real = sampled.Nearby.at
    monkeypatch.setattr(sampled.Nearby, "at", lambda *args: predicted.append(1) or real(*args))
    if how == "compiled":
        monkeypatch.setattr(sampled, "nearby", lambda *_: None)
    found = swept(tmp_path / "x.sqlite")
    assert (len(predicted) > 60) == (how == "predicted")
    assert [row["sample"] for row in found] == list(range(60))
    for row in found:
        price, limit = row["parks.demo.sell.clinker.price"], row["parks.demo.sell.acetylene.max"]
        alone = run_case(
            network_of(
                sets=[f"parks.demo.sell.clinker.price={price!r} CNY/t", f"parks.demo.sell.acetylene.max={limit!r} kt/a"]
            )
        )
        assert row["status"] == alone.status == "optimal"
        assert row["objective"] == pytest.approx(alone.goal.value, rel=1e-9)
        assert row["carbon"] == pytest.approx(value(alone, "carbon"), rel=1e-9)
        assert row["profit"] == pytest.approx(value(alone, "profit"), rel=1e-9)


def test_scenarios_and_words_are_swept_too_and_recorded_flows_are_those_of_a_solve(tmp_path):
    clinker = "parks.demo.sell.clinker.price"
    found = swept(
        tmp_path / "x.sqlite",
        "exchange=none, all",
        f"{clinker}=200, 260 CNY/t",
        tree=tree_of(OPEN),
        scenarios=("base", "remote"),
        samples=None,
        record=("run[*kiln]",),
    )
    assert [(row["scenario"], row["exchange"]) for row in found[::2]] == [
        (scenario, exchange) for scenario in ("base", "remote") for exchange in ("none", "all")
    ]
    for row in found:
        sets = [f"exchange={row['exchange']}", f"{clinker}={row[clinker]!r} CNY/t"]
        alone = run_case(network_of(OPEN, row["scenario"], sets))
        (kiln,) = (plant.run for plant in alone.plants if plant.plant == "clinker_kiln")
        assert row["objective"] == pytest.approx(alone.goal.value)
        assert row["run[demo.cement_works.clinker_kiln]"] == pytest.approx(kiln)
    assert len({row["objective"] for row in found}) == 8


def test_flows_that_are_not_unique_are_chosen_and_marked(tmp_path):
    """Where clinker costs what it brings, nobody minds whether it is made; the least of all flows makes none."""
    free = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 0 CNY/t}")
    free = edit(", variable_cost: 120 CNY/t", "", free)
    free = edit(
        "limestone: {price: 50 CNY/t}, clay: {price: 20 CNY/t}",
        "limestone: {price: 0 CNY/t}, clay: {price: 0 CNY/t}",
        free,
    )
    free = edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: 0 CNY/t}", free)
    vary = "parks.demo.sell.acetylene.price=7900, 8000 CNY/t"
    loose = swept(tmp_path / "x.sqlite", vary, tree=tree_of(free), samples=None)
    assert [row["unique"] for row in loose] == [0, 0]
    assert [row["carbon"] for row in loose] == pytest.approx([0, 0], abs=1e-3)
    firm = swept(tmp_path / "y.sqlite", vary, samples=None)
    assert [row["unique"] for row in firm] == [1, 1]


def test_a_sample_that_fails_is_recorded_and_the_others_are_answered(tmp_path):
    found = swept(tmp_path / "x.sqlite", "parks.demo.plants.clinker_kiln.capacity=-100:300:9 kt/a", samples=None)
    failed = [row for row in found if row["status"] == "failed"]
    assert len(failed) == 2
    assert "negative" in failed[0]["reason"]
    assert failed[0]["objective"] is None
    assert [row["status"] for row in found[2:]] == ["optimal"] * 7


def test_a_sample_without_an_answer_says_why(tmp_path):
    policy = "objective: {maximise: profit}\npolicies: {cap: {indicator: carbon, max: 1 kt/a}}"
    text = edit("objective: {maximise: profit}", policy)
    least = "parks.demo.plants.clinker_kiln={capacity: 300 kt/a, company: cement_works, run: {min: 0 kt/a}}"
    found = swept(
        tmp_path / "x.sqlite",
        "parks.demo.plants.clinker_kiln.run.min=0:200:3 kt/a",
        tree=tree_of(text),
        sets=(least,),
        samples=None,
    )
    assert [row["status"] for row in found] == ["optimal", "infeasible", "infeasible"]
    assert found[0]["reason"] == ""
    assert "no flows satisfy" in found[1]["reason"]


def test_the_file_says_what_was_varied_and_in_which_unit(tmp_path):
    swept(tmp_path / "x.sqlite")
    with sqlite3.connect(tmp_path / "x.sqlite") as data:
        units = {name: (kind, unit) for name, kind, unit in data.execute("SELECT * FROM columns")}
        settings = {key: json.loads(text) for key, text in data.execute("SELECT * FROM sweep")}
    assert units["parks.demo.sell.acetylene.max"] == ("input", "kt/a")
    assert units["objective"] == ("answer", "CNY")
    assert units["carbon"] == ("indicator", "t")
    assert settings["complete"] is True
    assert settings["seed"] == 0
    assert settings["sampling"] == "sobol"
    assert settings["vary"] == [CLINKER, LIMIT]
    assert {"parkloop", "solver", "python", "numpy", "scipy"} <= set(settings["versions"])
    assert len(settings["case_sha256"]) == 64


def test_a_parquet_file_has_the_same_samples_with_their_units(tmp_path):
    swept(tmp_path / "x.sqlite")
    run_sweep(tree_of(), SweepRequest(vary=(CLINKER, LIMIT), output=tmp_path / "x.parquet", samples=60))
    table = pyarrow.parquet.read_table(tmp_path / "x.parquet")
    assert table.to_pylist() == rows(tmp_path / "x.sqlite")
    assert table.schema.field("carbon").metadata == {b"kind": b"indicator", b"unit": b"t"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.parquet", "x.sqlite"]
    again = run_sweep(tree_of(), SweepRequest(vary=(CLINKER, LIMIT), output=tmp_path / "x.parquet", samples=60))
    assert (again.samples, again.solved) == (60, 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seed": 1}, "holds a sweep with seed = 0, not 1"),
        ({"samples": 61}, "holds a sweep with samples = 60, not 61"),
        ({"sets": ("parks.demo.buy.clay.price=21 CNY/t",)}, "holds a sweep with set = [], not"),
        ({"tree": tree_of(edit("price: 8000 CNY/t", "price: 7000 CNY/t"))}, "another case, or of the case before"),
    ],
)
@pytest.mark.parametrize("ending", ["sqlite", "parquet"])
def test_a_file_of_another_case_or_other_settings_is_refused(change, says, ending, tmp_path):
    path = tmp_path / f"x.{ending}"
    run_sweep(tree_of(), SweepRequest(vary=(CLINKER, LIMIT), output=path, samples=60))
    before = path.read_bytes()
    options = {"samples": 60, **change}
    tree = options.pop("tree", None) or tree_of()
    with pytest.raises(InputError) as caught:
        run_sweep(tree, SweepRequest(vary=(CLINKER, LIMIT), output=path, **options))
    assert says in caught.value.problems[0].what
    assert "name another file with -o" in caught.value.problems[0].mend
    assert path.read_bytes() == before


def test_a_comment_in_the_case_changes_nothing(tmp_path):
    swept(tmp_path / "x.sqlite")
    request = SweepRequest(vary=(CLINKER, LIMIT), output=tmp_path / "x.sqlite", samples=60)
    assert run_sweep(tree_of(f"# a remark\n{TEXT}"), request).solved == 0


@pytest.mark.parametrize(
    ("arguments", "says", "mend"),
    [
        (["--vary", "parks.demo.buy.coal.price=1, 2 CNY/t"], "there is no `coal`", "known here"),
        (["--vary", "parks.demo.buy.clay.price=1, 2 t"], "is needed here", "--vary parks.demo.buy.clay.price"),
        (
            ["--vary", "parks.demo.buy.clay.price=1:2 CNY/t", "--record", "runs[*]"],
            "fits no column",
            "known here: run[",
        ),
        (["--set", "exchange=nobody"], "--set exchange:1:1: error", "nobody"),
        (["-s", "stand_alone"], "there is no scenario `stand_alone`", "did you mean 'standalone'?"),
        (["--scheduler", "tcp://127.0.0.1:9"], "there is no Dask scheduler at", "dask worker ADDRESS"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(arguments, says, mend, tmp_path):
    done = run(tmp_path / "x.sqlite", "--samples", "8", *arguments)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert mend in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_file_that_is_something_else_is_left_alone(tmp_path):
    for name in ("x.sqlite", "x.parquet"):
        (tmp_path / name).write_text("precious")
        done = run(tmp_path / name, "--samples", "8")
        assert (done.returncode, "is no file of a sweep" in done.stderr) == (2, True), done.stderr
        assert (tmp_path / name).read_text() == "precious"
    with sqlite3.connect(tmp_path / "other.sqlite") as data:
        data.execute("CREATE TABLE accounts (x)")
    data.close()
    assert "is no file of a sweep" in run(tmp_path / "other.sqlite", "--samples", "8").stderr
    assert "neither .sqlite nor .parquet" in run(tmp_path / "x.csv", "--samples", "8").stderr


def test_a_folder_that_is_not_there_or_a_full_disk_is_said_in_words(tmp_path):
    done = run(tmp_path / "nowhere" / "x.sqlite", "--samples", "8")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True), done.stderr
    script = f"ulimit -f 24; exec {subprocess.list2cmdline(command(tmp_path / 'x.sqlite', '--samples', '400'))!s}"
    quoted = " ".join(
        "'" + part.replace("'", "'\\''") + "'" for part in command(tmp_path / "x.sqlite", "--samples", "400")
    )
    script = f"ulimit -f 24; exec {quoted}"
    full = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert full.returncode == 2, full.stderr
    assert "x.sqlite" in full.stderr and "Traceback" not in full.stderr
    assert run(tmp_path / "x.sqlite", "--samples", "400").returncode == 0
    swept(tmp_path / "y.sqlite", samples=400, tree=read_tree(HELLO))
    assert (tmp_path / "x.sqlite").read_bytes() == (tmp_path / "y.sqlite").read_bytes()


def test_two_sweeps_do_not_write_one_file(tmp_path):
    path = tmp_path / "x.sqlite"

    def second(*_):
        done = run(path, "--samples", "60")
        assert (done.returncode, "another sweep is writing" in done.stderr) == (2, True), done.stderr
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(path, progress=second, tree=read_tree(HELLO))
    assert 0 < len(rows(path)) < 60


def test_a_sweep_that_is_interrupted_goes_on_and_ends_in_the_same_bytes(tmp_path):
    class StopError(Exception):
        pass

    def stop(done, *_):
        if done > 20:
            raise StopError

    with pytest.raises(StopError):
        swept(tmp_path / "x.sqlite", progress=stop)
    kept = len(rows(tmp_path / "x.sqlite"))
    summary = run_sweep(tree_of(), SweepRequest(vary=(CLINKER, LIMIT), output=tmp_path / "x.sqlite", samples=60))
    assert (summary.samples, summary.solved) == (60, 60 - kept)
    swept(tmp_path / "y.sqlite")
    assert (tmp_path / "x.sqlite").read_bytes() == (tmp_path / "y.sqlite").read_bytes()


def test_brackets_of_recorded_flows_and_of_files_are_printed(tmp_path, capfd):
    """What stands in brackets is markup to the library that prints."""
    path = tmp_path / "[bold].sqlite"
    typed = ["sweep", str(HELLO), "--vary", CLINKER, "--samples", "2", "--record", "run[*kiln]", "-o", str(path)]
    assert cli.run(typed) == 0
    out = capfd.readouterr().out
    assert "\nrun[demo.cement_works.clinker_kiln] " in out
    assert out.endswith(f"written to {path}\n")


def test_the_summary_keeps_its_contract(tmp_path, capfd):
    varied = "parks.demo.plants.clinker_kiln.capacity=-30 kt/a, 100 kt/a, unlimited"
    for vary in (CLINKER, varied):
        path = tmp_path / f"{len(vary)}.sqlite"
        assert cli.run(["sweep", str(HELLO), "--vary", vary, "--samples", "3", "-o", str(path), "--json"]) == 0
        jsonschema.validate(json.loads(capfd.readouterr().out), schema_of("sweep"))


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(tmp_path, monkeypatch, capfd):
    def stop(meter, done, total, *_):
        told(meter, done, total, 1.0, None)
        if done > 20:
            raise KeyboardInterrupt

    told = Meter.__call__
    monkeypatch.setattr(Meter, "__call__", stop)
    path = tmp_path / "x.sqlite"
    assert cli.run(["sweep", str(HELLO), "--vary", CLINKER, "--samples", "60", "-o", str(path)]) == 130
    kept = len(rows(path))
    assert 20 < kept < 60
    said = capfd.readouterr().err
    assert f"interrupted; {kept} of 60 samples are in {path}: the same command goes on from there" in said


def test_a_sweep_of_which_every_sample_was_stopped_is_exit_code_4(tmp_path, capfd):
    typed = ["sweep", str(HELLO), "--vary", CLINKER, "--samples", "4", "-o", str(tmp_path / "x.sqlite")]
    assert cli.run([*typed, "--time-limit", "1e-9"]) == 4
    assert "4 stopped" in capfd.readouterr().out


def test_the_summary_and_the_progress_are_for_people_and_for_programs(tmp_path):
    seen = []
    path = tmp_path / "x.sqlite"
    run_sweep(
        read_tree(HELLO), SweepRequest(vary=(CLINKER, LIMIT), output=path, samples=60), lambda *it: seen.append(it)
    )
    assert [it[0] for it in seen] == sorted(it[0] for it in seen)
    assert seen[-1][:2] == (60, 60)
    assert seen[-1][3] == 0
    document = json.loads(run(path, "--samples", "60", "--json").stdout)
    assert document["schema"] == "parkloop.sweep/1"
    assert (document["samples"], document["solved"], document["statuses"]) == (60, 0, {"optimal": 60})
    assert document["inputs"]["parks.demo.sell.acetylene.max"]["unit"] == "kt/a"
    values = [row["objective"] for row in rows(path)]
    assert document["answers"]["objective"]["least"] == min(values)
    table = run(path, "--samples", "60").stdout
    assert "60 samples: 60 optimal" in table
    assert "carbon" in table


@pytest.mark.slow
def test_processes_give_the_same_bytes_also_when_one_of_them_dies(tmp_path):
    tree = read_tree(shipped_cases() / "parks" / "qarhan.yaml")
    vary = ("parks.qarhan.buy.raw_coal.price=250:600 CNY/t", "parks.qarhan.buy.natural_gas.max=300:900 kt/a")

    def kill_one(*_):
        if not killed:
            children = subprocess.run(
                ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"], capture_output=True, text=True
            )
            killed.append(int(children.stdout.split()[0]))
            os.kill(killed[0], signal.SIGKILL)

    killed: list[int] = []
    for name, options in (("one", {}), ("two", {"workers": 2})):
        progress = kill_one if name == "two" else lambda *_: None
        request = SweepRequest(vary=vary, output=tmp_path / f"{name}.sqlite", samples=120, **options)
        assert run_sweep(tree, request, progress).samples == 120
    assert killed
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


@pytest.mark.slow
def test_a_sweep_killed_twenty_times_goes_on_to_the_same_bytes(tmp_path):
    """Killed at random points of its life, by a signal that it cannot see, with one process or two."""
    drawing = ("--samples", "2000", "--sampling", "random")
    reference = tmp_path / "reference.sqlite"
    assert run(reference, *drawing).returncode == 0
    dice, path, kills, whole, partial = random.Random(4), tmp_path / "x.sqlite", 0, 0, 0
    while kills < 20:
        workers = ("--workers", "2") if kills % 4 == 3 else ()
        process = subprocess.Popen(command(path, *drawing, *workers), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + dice.uniform(0.1, 2.2)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
            partial += path.exists() and path.stat().st_size > 30_000
        else:
            assert process.returncode == 0, process.stderr.read()
            assert path.read_bytes() == reference.read_bytes()
            path.unlink()
            whole += 1
        process.communicate()
    assert partial > 3  # some of them in the middle of the work
    assert run(path, *drawing).returncode == 0
    assert path.read_bytes() == reference.read_bytes()


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes_and_losing_a_worker_loses_nothing(tmp_path):
    from distributed import Client, LocalCluster

    lost: list[int] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,  # as in the command, where nobody has made one the default
    ):
        pids = sorted(client.run(os.getpid).values())
        assert len({os.getpid(), *pids}) == 3

        def lose_one(*_):
            if not lost:
                lost.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        for name, progress in (("calm", lambda *_: None), ("lossy", lose_one)):
            path = tmp_path / f"{name}.sqlite"
            swept(path, samples=300, tree=read_tree(HELLO), scheduler=cluster.scheduler_address, progress=progress)
        told = run(tmp_path / "command.sqlite", "--samples", "40", "--scheduler", cluster.scheduler_address)
        assert told.returncode == 0, told.stderr
    assert run(tmp_path / "here.sqlite", "--samples", "40").returncode == 0
    assert (tmp_path / "command.sqlite").read_bytes() == (tmp_path / "here.sqlite").read_bytes()
    swept(tmp_path / "alone.sqlite", samples=300, tree=read_tree(HELLO))
    assert lost
    for name in ("calm", "lossy"):
        assert (tmp_path / f"{name}.sqlite").read_bytes() == (tmp_path / "alone.sqlite").read_bytes()


@pytest.mark.slow
def test_a_cluster_with_another_parkloop_or_highs_is_refused(monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(sweeps, "engine", lambda: "parkloop 99, HiGHS 2.0")  # here only: workers are other processes
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        pytest.raises(InputError) as caught,
    ):
        list(sweeps.spread(max, b"ab", [1], scheduler=cluster.scheduler_address))
    (problem,) = caught.value.problems
    assert f"it has parkloop {version('parkloop')}, HiGHS" in problem.what
    assert "parkloop 99, HiGHS 2.0" in problem.mend


def test_workers_that_die_again_and_again_end_the_sweep_with_its_mend(monkeypatch):
    def dying(*_):
        raise sweeps.BrokenProcessPool

    monkeypatch.setattr(sweeps, "_in_one_pool", dying)
    with pytest.raises(InputError) as caught:
        list(sweeps.spread(len, b"", [1, 2], workers=2))
    assert "died 3 times" in caught.value.problems[0].what
    assert "fewer workers" in caught.value.problems[0].mend
