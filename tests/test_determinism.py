"""Same input, same bytes of output: whatever the locale, the time zone, the hash seed, the cores and the threads.

Seconds are the one thing that differs; they stand under a key of their own. The order of a result follows the order in
which the case is written, so another order of keys gives the same figures in another order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hello import HELLO, TEXT, network_of, solved
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.reports.json_result import result_object
from parkloop.reports.run import run_case
from parkloop.solver.solution import Method, SolveOptions
from processes import parkloop, without_seconds
from shipped import CASES

RUN = """
import contextlib, io, os, shlex, sys
from pathlib import Path
from parkloop import cli

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(os.environ["CORES"])])
for line in sys.stdin.read().splitlines():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = cli.run(shlex.split(line))
    assert code == 0, (line, code)
    print(line, out.getvalue())
"""
COMMANDS = f"""
validate {HELLO} --json
solve {HELLO}
solve {HELLO} --lang zh
solve {HELLO} -s all
show {HELLO}
explain {HELLO}
explain {HELLO} --json
alternatives {HELLO} --json
pareto {HELLO} --between profit,carbon -n 5 -o front.csv
export {HELLO} -o program.mps
export {HELLO} -o program.lp
export {HELLO} -o tables
solve {HELLO} -o saved
sweep {HELLO} --vary "parks.demo.buy.clay.price=10:30 CNY/t" --samples 16 --seed 5 -o samples.sqlite
schema
units
"""
PLACES: dict[str, dict[str, str]] = {
    "plain": {
        "LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0", "CORES": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    },
    "elsewhere": {
        "LC_ALL": "zh_CN.UTF-8", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "4242", "CORES": "2", "COLUMNS": "40",
        "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2",
    },
    "far away": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "7", "CORES": "2", "HOME": "/"},
}  # fmt: skip


def outputs(folder: Path, place: dict[str, str]) -> dict[str, bytes]:
    """Run the commands in one process at a place, and return what they print and save; answers without seconds."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=COMMANDS.strip(), capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **place}, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {"printed": done.stdout.encode(), "messages": done.stderr.encode()}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_bytes()
            if path.suffix == ".json":
                text = json.dumps(without_seconds(json.loads(text))).encode()
            found[path.relative_to(folder).as_posix()] = text
    return found


def test_the_same_bytes_come_out_at_any_place(tmp_path: Path) -> None:
    """Where a locale is not installed, the names of it alone must change nothing."""
    expected = outputs(tmp_path / "plain", PLACES["plain"])
    assert len(expected) > 14
    for name in ("elsewhere", "far away"):
        found = outputs(tmp_path / name, PLACES[name])
        assert sorted(found) == sorted(expected)
        for part, text in found.items():
            assert text == expected[part], (name, part)


def test_seconds_stand_apart() -> None:
    """Two answers differ in `seconds` at most."""
    first, second = (json.loads(parkloop("solve", HELLO, "--json").stdout) for _ in range(2))
    assert set(first["seconds"]) == {"read", "compile", "solve", "report"}
    assert json.dumps(without_seconds(first)) == json.dumps(without_seconds(second))


@pytest.mark.parametrize("method", ["simplex", "ipm", "pdlp", "windows"])
def test_one_thread_and_two_give_the_same_answer(method: Method) -> None:
    """Byte for byte, but for the number of threads that the answer states; 12 months joined by a store and a ramp."""
    path = CASES / "tutorials" / "4_storage.yaml"
    network = build_network(read_tree(path).case())
    found = []
    for threads in (1, 2):
        document = without_seconds(result_object(run_case(network, SolveOptions(method=method, threads=threads))))
        options = document.pop("options")
        assert isinstance(options, dict) and options["threads"] == threads
        found.append(json.dumps(document, ensure_ascii=False))
    assert found[0] == found[1]


def test_the_order_of_files_changes_their_order_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    paths = [CASES / "tutorials" / name for name in ("1_loop.yaml", "5_route.yaml", "hello.yaml")]
    there, back = (parkloop("validate", "--json", *order) for order in (paths, paths[::-1]))
    assert there.stdout.splitlines() == back.stdout.splitlines()[::-1]
    assert there.returncode == back.returncode == 0


def turned(value: Any) -> Any:
    """Return a case with every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(list(value.items()))}
    return [turned(item) for item in value] if isinstance(value, list) else value


def unordered(value: Any) -> Any:
    """Return an answer in an order of its own, without lines of the file, figures to nine digits."""
    if isinstance(value, dict):
        kept = {key: unordered(item) for key, item in value.items() if key not in ("where", "seconds", "certificate")}
        return dict(sorted(kept.items()))
    if isinstance(value, list | tuple):
        return sorted((unordered(item) for item in value), key=repr)
    return float(f"{value:.9g}") + 0.0 if isinstance(value, float) else value


def test_the_order_of_keys_changes_the_order_of_the_answer_only() -> None:
    """Every mapping of the hello case turned round: the same flows, prices, limits and indicators."""
    other = yaml.safe_dump(turned(yaml.safe_load(TEXT)), sort_keys=False, allow_unicode=True)
    assert other.index("objective") < other.index("materials")
    assert unordered(result_object(solved(other))) == unordered(result_object(solved(TEXT)))
    assert network_of(other).plants.label != network_of(TEXT).plants.label  # and it was another order
