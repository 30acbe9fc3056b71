"""Whatever goes wrong around a command: the disk holds the old result or the new one, and the message names the cause.

Every test runs commands in processes of their own. Where the system does not let a fault be made (no tmpfs for this
user, no /dev/full), the test is skipped and says so.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hello import HELLO, TEXT
from parkloop import cli
from processes import CODES, command, parkloop, shell, without_seconds

OTHER = ("--set", "parks.demo.plants.acetylene_generator.capacity=50 kt/a")
"""half the acetylene: every table differs"""
TABLES = ("companies.csv", "flows.csv", "plants.csv", "policies.csv", "prices.csv")
FULL = Path("/dev/full")


def solved(folder: Path, *arguments: str) -> dict[str, bytes]:
    """Save the answer to the hello case in a folder and return its files."""
    assert cli.run(["solve", str(HELLO), "-o", str(folder), *arguments]) == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def is_same(name: str, text: bytes, expected: bytes) -> bool:
    """The file is the expected one; of an answer, but for its seconds."""
    if name.endswith(".json"):
        return without_seconds(json.loads(text)) == without_seconds(json.loads(expected))
    return text == expected


# ---------------------------------------------------------------- killed


def tries(folder: Path, times: int, *arguments: str, keep: bool = False) -> Iterator[dict[str, Any]]:
    """Kill a command so many times (see `killing`), and yield what each try left."""
    script = Path(__file__).with_name("killing.py")
    words = [sys.executable, str(script), f"{'+' if keep else ''}{folder}", str(times), "4", *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        left = json.loads(line)
        left["files"] = {name: base64.b64decode(text) for name, text in left["files"].items()}
        yield left


def test_a_solve_killed_fifty_times_leaves_the_old_result_or_the_new_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each file is whole, and `result.json` is new only where every table is: it takes its place last."""
    new = solved(tmp_path / "new", *OTHER)
    old = solved(tmp_path / "out")
    assert not any(is_same(name, new[name], old[name]) for name in ("flows.csv", "prices.csv", "result.json"))
    seen = []
    for left in tries(tmp_path / "out", 50, "solve", str(HELLO), "-o", str(tmp_path / "out"), *OTHER):
        files = left["files"]
        assert sorted(files) == sorted(old)
        for name, text in files.items():
            assert is_same(name, text, old[name]) or is_same(name, text, new[name]), name
        if is_same("result.json", files["result.json"], new["result.json"]):
            assert all(files[name] == new[name] for name in TABLES)
        seen.append((left["killed"], files["flows.csv"] == new["flows.csv"]))
    assert len(seen) == 50
    assert sum(killed for killed, _ in seen) >= 25  # those at an event; a moment may come after the end
    assert any(killed and not is_new for killed, is_new in seen)


def test_a_sweep_killed_fifty_times_goes_on_to_the_same_bytes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The journal holds whole chunks only; every whole file that comes about has the bytes of one never killed."""
    drawing = ("--vary", "parks.demo.sell.clinker.price=200:400 CNY/t", "--samples", "24", "--seed", "3")
    assert cli.run(["sweep", str(HELLO), *drawing, "-o", str(tmp_path / "reference.sqlite")]) == 0
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "x.sqlite"
    killed, whole = 0, 0
    for left in tries(folder, 50, "sweep", str(HELLO), *drawing, "-o", str(path), keep=True):
        killed += left["killed"]
        whole += left["files"].get("x.sqlite") == (tmp_path / "reference.sqlite").read_bytes()
    assert killed > 20
    assert cli.run(["sweep", str(HELLO), *drawing, "-o", str(path)]) == 0
    assert path.read_bytes() == (tmp_path / "reference.sqlite").read_bytes()


@pytest.mark.parametrize("ending", ["mps", "csv"])
def test_an_export_killed_at_any_event_leaves_the_old_file_or_the_new_one(
    ending: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def exported(folder: Path, *arguments: str) -> dict[str, bytes]:
        assert cli.run(["export", str(HELLO), "-o", str(folder / f"x.{ending}"), "--format", ending, *arguments]) == 0
        return {it.relative_to(folder).as_posix(): it.read_bytes() for it in folder.rglob("*") if it.is_file()}

    new, folder = exported(tmp_path / "new", *OTHER), tmp_path / "out"
    old = exported(folder)
    words = ("export", str(HELLO), "-o", str(folder / f"x.{ending}"), "--format", ending, *OTHER)
    for left in tries(folder, 12, *words):
        assert sorted(left["files"]) == sorted(old)
        for name, text in left["files"].items():
            assert is_same(name, text, old[name]) or is_same(name, text, new[name]), name


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_a_report_killed_fifty_times_is_the_old_one_or_the_new_one(
    ending: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Twenty-five times for the page and as often for the workbook; both have the same bytes each time."""
    name = f"x.{ending}"

    def reported(folder: Path, *arguments: str) -> bytes:
        folder.mkdir()
        assert cli.run(["report", str(HELLO), "-o", str(folder / name), *arguments]) == 0
        return (folder / name).read_bytes()

    new, folder = reported(tmp_path / "new", *OTHER), tmp_path / "out"
    old = reported(folder)
    assert new != old
    seen = []
    for left in tries(folder, 25, "report", str(HELLO), "-o", str(folder / name), *OTHER):
        assert list(left["files"]) == [name]
        assert left["files"][name] in (old, new)
        seen.append(left["killed"])
    assert sum(seen) >= 12


def test_check_update_killed_fifty_times_leaves_the_old_expectations_or_the_new_ones(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case expects too much; `--record` mends it and writes a baseline. Comments stay in both."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    wrong = TEXT.replace("objective: 189.0384 MCNY", "objective: 190 MCNY") + "# the last comment\n"
    words = ["check", "--record", "--jobs", "1", "--no-cache"]
    for name in ("out", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.yaml").write_text(wrong, encoding="utf-8")
    assert cli.run([*words, str(tmp_path / "new")]) == 0
    new = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    assert sorted(new) == ["case.baseline.json", "case.yaml"]
    assert new["case.yaml"].endswith(b"# the last comment\n") and b"190 MCNY" not in new["case.yaml"]
    outcomes = []
    for left in tries(tmp_path / "out", 50, *words, str(tmp_path / "out")):
        files = left["files"]
        assert files["case.yaml"] in (wrong.encode(), new["case.yaml"])
        if "case.baseline.json" in files:
            json.loads(files["case.baseline.json"])
        outcomes.append((left["killed"], files["case.yaml"] == new["case.yaml"]))
    assert len(outcomes) == 50 and sum(killed for killed, _ in outcomes) >= 25
    assert any(killed and not is_new for killed, is_new in outcomes)


# ---------------------------------------------------------------- no room, no right

WRITERS: dict[str, Callable[[Path], list[str]]] = {
    "solve": lambda folder: ["solve", str(HELLO), "-o", str(folder)],
    "pareto": lambda folder: [
        *("pareto", str(HELLO), "--between", "profit,carbon", "-n", "9"),
        *("-o", str(folder / "x.csv")),
    ],
    "sweep": lambda folder: [
        *("sweep", str(HELLO), "--vary", "parks.demo.buy.clay.price=1:2 CNY/t", "--samples", "50"),
        *("-o", str(folder / "x.sqlite")),
    ],
    "export mps": lambda folder: ["export", str(HELLO), "-o", str(folder / "x.mps")],
    "export lp": lambda folder: ["export", str(HELLO), "-o", str(folder / "x.lp")],
    "report": lambda folder: ["report", str(HELLO), "-o", str(folder / "x.html")],
    "workbook": lambda folder: ["report", str(HELLO), "-o", str(folder / "x.xlsx")],
    "compare": lambda folder: ["compare", str(HELLO), "-s", "all", "-o", str(folder / "x.csv")],
    "export json": lambda folder: ["export", str(HELLO), "-o", str(folder / "x.json")],
}


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "sweep"])  # a sweep goes on: `test_sweep`
def test_without_room_the_old_result_stays_and_the_file_is_named(name: str, tmp_path: Path) -> None:
    """No file may grow beyond 600 bytes: each of these results is larger."""
    assert parkloop(*WRITERS[name](tmp_path)).returncode == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = parkloop(*WRITERS[name](tmp_path), *OTHER, limits={resource.RLIMIT_FSIZE: 600})
    assert done.returncode == 2, done.stderr
    assert ("File too large" in done.stderr) or ("the disk is full" in done.stderr)
    assert str(tmp_path) in done.stderr and "Traceback" not in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before  # and nothing half beside them


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, filled to its last page."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a tmpfs")
    try:
        with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["solve", "sweep", "export mps", "workbook"])
def test_a_full_disk_is_named_and_holds_nothing_half(name: str, small_disk: Path) -> None:
    done = parkloop(*WRITERS[name](small_disk))
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr or "full" in done.stderr
    assert str(small_disk) in done.stderr and "Traceback" not in done.stderr
    left = sorted(path.name for path in small_disk.iterdir())
    assert left == ["ballast"] or name == "sweep", left  # the journal of a sweep waits for room
    (small_disk / "ballast").unlink()
    assert parkloop(*WRITERS[name](small_disk)).returncode == 0


def as_any_user() -> None:
    """Give up the right of root to write everywhere, which Linux calls CAP_DAC_OVERRIDE."""
    if os.geteuid() == 0:
        drop_capability, dac_override = 24, 1  # PR_CAPBSET_DROP of linux/prctl.h
        assert ctypes.CDLL(None).prctl(drop_capability, dac_override, 0, 0, 0) == 0


@pytest.mark.parametrize("name", ["solve", "sweep", "export lp", "report"])
def test_a_folder_that_may_not_be_written_is_named(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    words = command(*WRITERS[name](folder))
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=as_any_user, check=False)
    assert done.returncode == 2, done.stderr
    assert str(folder) in done.stderr and "Traceback" not in done.stderr
    assert not list(folder.iterdir())


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", HELLO, "--json"], ["validate", HELLO], ["schema"], ["explain", HELLO],
    ],
    ids=lambda words: " ".join(map(str, words)).replace(str(HELLO), "hello"),
)  # fmt: skip
def test_an_answer_that_cannot_be_printed_is_an_error(arguments: list[object]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(command(*arguments), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: No space left on device: standard output\n"


# ---------------------------------------------------------------- streams that nobody holds


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&- <&-"])
def test_a_closed_stream_changes_no_exit_code_and_no_file(closed: str, tmp_path: Path) -> None:
    """Else the first file that is opened would take the place of standard output, and prints would go into it."""
    expected = tmp_path / "expected"
    assert parkloop("solve", HELLO, "-o", expected).returncode == 0
    code, said = shell(f'$parkloop solve "$1" -o "$2" {closed}', HELLO, tmp_path / "out")
    assert (code, "Traceback" in said) == (0, False), said
    for path in expected.iterdir():
        assert is_same(path.name, (tmp_path / "out" / path.name).read_bytes(), path.read_bytes())
    code, said = shell(f'$parkloop validate "$1" {closed}', tmp_path / "no_such.yaml")
    assert (code, "Traceback" in said) == (2, False), said


def test_a_case_from_a_closed_standard_input_is_empty() -> None:
    code, said = shell("$parkloop solve - <&-")
    assert code == 2
    assert "<stdin>:1:1: error: the file is empty" in said


@pytest.mark.parametrize("arguments", ["schema", 'solve "$1" --json', 'show "$1"', 'sweep "$1" --vary a=1 -o x.sqlite'])
def test_a_reader_that_goes_away_is_no_traceback(arguments: str) -> None:
    code, said = shell(f"$parkloop {arguments} 2>&1 | head -c 1 >/dev/null", HELLO)
    assert code in CODES
    assert "Traceback" not in said and "Exception" not in said and "Broken pipe" not in said


def test_invalid_input_is_told_by_the_code_although_nobody_reads_why(tmp_path: Path) -> None:
    """Two hundred problems fill no pipe that is closed already: the code must still say 2."""
    path = tmp_path / "case.yaml"
    path.write_text(TEXT + "".join(f"wrong_{n}: 1\n" for n in range(200)), encoding="utf-8")
    code, said = shell('$parkloop validate "$1" 2>&1 >/dev/null | true', path)
    assert (code, said) == (2, "")


# ---------------------------------------------------------------- interrupted


def heed_ctrl_c() -> None:
    """A test run in the background may have been told to ignore Ctrl-C, which those that it starts would inherit."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("after", [0.0, 0.3])
def test_ctrl_c_ends_a_long_sweep_with_130_and_the_next_run_goes_on(after: float, tmp_path: Path) -> None:
    drawing = ("--vary", "parks.demo.sell.clinker.price=200:400 CNY/t", "--samples", "20000")
    path = tmp_path / "x.sqlite"
    process = subprocess.Popen(
        command("sweep", HELLO, *drawing, "-o", path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    while not (path.exists() and path.stat().st_size > 40_000):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err and "Traceback" not in err and out == ""
    import sqlite3

    with sqlite3.connect(path) as data:
        assert data.execute("SELECT count(*) FROM samples").fetchone()[0] > 0
        assert data.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    data.close()


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_ctrl_c_during_a_solve_leaves_no_half_result(share: float, tmp_path: Path) -> None:
    """At a share of the time that the solve takes here; one that is done before is 0, one that has begun is 130.

    As where it is killed: each file is whole, and `result.json` is new only where every table is.
    """
    new = solved_by_process(tmp_path / "new", *OTHER)
    begin = time.monotonic()
    old = solved_by_process(tmp_path / "out")
    life = time.monotonic() - begin
    process = subprocess.Popen(
        command("solve", HELLO, *OTHER, "-o", tmp_path / "out"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    time.sleep(life * share)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130, -signal.SIGINT), err
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(files) == sorted(old)
    for name, text in files.items():
        assert is_same(name, text, old[name]) or is_same(name, text, new[name]), name
    if is_same("result.json", files["result.json"], new["result.json"]):
        assert all(files[name] == new[name] for name in TABLES)


def solved_by_process(folder: Path, *arguments: str) -> dict[str, bytes]:
    """Save the answer by a process of its own."""
    assert parkloop("solve", HELLO, *arguments, "-o", folder).returncode == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---------------------------------------------------------------- terminals and locales


@pytest.mark.parametrize("term", ["dumb", "no-such-terminal"])
def test_any_terminal_gets_the_answer(term: str) -> None:
    """On a terminal of 40 columns: the objective is there, whatever it is called."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command("solve", HELLO), stdout=follower, stderr=follower, stdin=follower,
        env={**os.environ, "TERM": term, "COLUMNS": "40"},
    )  # fmt: skip
    os.close(follower)
    said = b""
    while True:
        try:
            said += (more := os.read(leader, 65536))
        except OSError:  # the last holder of the other end is gone
            break
        if not more:
            break
    os.close(leader)
    assert process.wait() == 0
    assert b"189.0" in said and b"Traceback" not in said


def test_no_terminal_at_all_is_fine() -> None:
    """In a session of its own, without a controlling terminal and without an environment."""
    done = subprocess.run(
        command("solve", HELLO), stdin=subprocess.DEVNULL, capture_output=True, text=True, env={},
        start_new_session=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "189.0" in done.stdout


ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


@pytest.mark.parametrize("name", ["盐湖.yaml".encode(), b"caf\xe9.yaml"], ids=["UTF-8", "no text at all"])
def test_a_locale_without_unicode_reads_any_name_of_a_file(name: bytes, tmp_path: Path) -> None:
    """Names of files are bytes; those that are no text are shown and saved as escapes."""
    path = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_text(TEXT, encoding="utf-8")
    environment = {**os.environ, **ASCII}
    for arguments in (["validate"], ["validate", "--json"], ["solve", "--json", "-o", str(tmp_path / "out")], ["show"]):
        words = [*map(os.fsencode, command(*arguments)), path]
        done = subprocess.run(words, capture_output=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        if "--json" in arguments:
            assert json.loads(done.stdout.decode("ascii"))["schema"]
    text = (tmp_path / "out" / "result.json").read_text(encoding="utf-8")
    assert json.loads(text)["status"] == "optimal"
    broken = [*map(os.fsencode, command("validate")), path + b".no"]
    done = subprocess.run(broken, capture_output=True, env=environment, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


# ---------------------------------------------------------------- libraries and limits


@pytest.mark.parametrize(
    ("missing", "arguments", "mend"),
    [
        ("pyarrow", ["sweep", HELLO, "--vary", "parks.demo.buy.clay.price=1, 2 CNY/t", "-o", "x.parquet"], "parquet"),
        (
            "distributed",
            ["sweep", HELLO, "--vary", "parks.demo.buy.clay.price=1, 2 CNY/t", "-o", "x.sqlite", "--scheduler", "tcp://x:1"],
            "dask",
        ),
    ],
)  # fmt: skip
def test_a_library_that_is_not_installed_is_named_with_its_mend(
    missing: str, arguments: list[object], mend: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    fault = f"raise ModuleNotFoundError('No module named {missing}', name='{missing}')"
    (blocked / f"{missing}.py").write_text(fault)
    done = parkloop(*arguments, environment={"PYTHONPATH": str(blocked)}, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert missing in done.stderr and f"parkloop[{mend}]" in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.parquet*"))


@pytest.mark.parametrize("name", ["solve", "pareto"])
def test_a_solver_that_stops_early_says_so_and_gives_no_figures(name: str, tmp_path: Path) -> None:
    more = {"solve": ["-o", str(tmp_path / "out")], "pareto": ["--between", "profit,carbon"]}[name]
    done = parkloop(name, HELLO, "--json", "--time-limit", "1e-9", *more)
    assert done.returncode == 4, done.stderr
    document = json.loads(done.stdout)
    assert document["status"] == "stopped"
    assert document.get("objective") is None
    if name == "solve":
        saved = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
        assert (saved["status"], saved["flows"]) == ("stopped", [])
        assert "time limit" in saved["reason"]


MEMORY = [64, 140, 250, 400, 600]
"""address space, MB: too little for the libraries, for the case, for the program, for the solver"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to a limit of the address space")
@pytest.mark.parametrize("most", MEMORY)
def test_too_little_memory_is_said_and_ends_with_4(most: int, tmp_path: Path, repo_root: Path) -> None:
    """A year of hours needs more than any of these; the old result stays."""
    (tmp_path / "result.json").write_text("old", encoding="utf-8")
    year = repo_root / "cases" / "parks" / "golmud_year.yaml"
    done = parkloop("solve", year, "-o", tmp_path, limits={resource.RLIMIT_AS: most * 1_000_000})
    assert done.returncode == 4, done.stderr
    assert "error: there is not enough memory\n  help: " in done.stderr and "Traceback" not in done.stderr
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"result.json": "old"}


def test_a_bug_is_told_where_no_log_can_be_written(tmp_path: Path) -> None:
    """A case whose reading fails in a way nobody thought of, on a system without room for the log."""
    (tmp_path / "sitecustomize.py").write_text(
        "import tempfile\n"
        "def none(*_, **__): raise FileNotFoundError(2, 'No usable temporary directory')\n"
        "tempfile.mkstemp = none\n"
        "import parkloop.flows.case as case\n"
        "def broken(*_): raise ZeroDivisionError('planted')\n"
        "case.read_tree = broken\n"
    )
    done = parkloop("solve", HELLO, environment={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 70
    assert "this is a bug in parkloop (ZeroDivisionError: planted)" in done.stderr
    assert "please report it with these lines" in done.stderr
