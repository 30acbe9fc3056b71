"""Kills a command again and again, at random points of its life, by a signal that it cannot see.

    python tests/killing.py FOLDER TIMES SEED ARGUMENT...

Forks a process for each try from one that has loaded the libraries already, so that a try costs what the command costs.
Half of the tries end at a random moment, half at a random one of the events at which the command touches files (each
opening, renaming or removing that Python reports to an audit hook): there a half-written result would show.

Prints one line of JSON a try: whether it was killed, and every file of FOLDER with its text. FOLDER is put back to its
first state before each try, unless it is named with `+` before it: then a try goes on with what a killed one left.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

EVENTS = {
    "open",
    "sqlite3.connect",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.chmod",
    "os.truncate",
    "tempfile.mkstemp",
}


def main() -> None:
    """Run the tries."""
    folder, times, seed, arguments = (
        Path(sys.argv[1].removeprefix("+")),
        int(sys.argv[2]),
        int(sys.argv[3]),
        sys.argv[4:],
    )
    restore, dice = not sys.argv[1].startswith("+"), random.Random(seed)
    load()
    first = folder.with_name(f"{folder.name}.first")
    shutil.copytree(folder, first)
    read, write = os.pipe()
    started = time.perf_counter()
    os.waitpid(start(arguments, folder, report_to=write), 0)
    life, events = time.perf_counter() - started, int(os.read(read, 100))
    assert events, "the command touches no file"
    killed = False
    for number in range(times):
        if restore or number == 0 or not killed:
            shutil.rmtree(folder)
            shutil.copytree(first, folder)
        if number % 2:
            child = start(arguments, folder, kill_at=dice.randint(1, events))
        else:
            child = start(arguments, folder)
            time.sleep(dice.uniform(0.0, life * 1.1))
            os.kill(child, signal.SIGKILL)  # a child that has ended waits for its parent: nobody else is hit
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, "status": status, "files": contents(folder)}), flush=True)


def load() -> None:
    """Import what the commands need; nothing is solved here, as threads do not survive a fork."""
    import parkloop.checks.baseline
    import parkloop.checks.pool
    import parkloop.checks.update
    import parkloop.commands.common
    import parkloop.pages.page
    import parkloop.pages.workbook
    import parkloop.reports.export
    import parkloop.reports.json_result
    import parkloop.reports.run
    import parkloop.reports.summary
    import parkloop.reports.sweeping
    import parkloop.solver.highs  # noqa: F401


def start(arguments: list[str], folder: Path, report_to: int | None = None, kill_at: int = 0) -> int:
    """Fork a process that runs a command; it kills itself just before it touches files for the `kill_at`-th time."""
    child = os.fork()
    if child:
        return child
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(quiet, stream)
    seen = [0]

    def count(event: str, details: tuple[object, ...]) -> None:
        if event in EVENTS and any(str(folder) in str(detail) for detail in details):
            seen[0] += 1
            if seen[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    from parkloop import cli

    code = 70
    try:
        code = cli.run(arguments)
        if report_to is not None:
            os.write(report_to, str(seen[0] if code == 0 else 0).encode())
    finally:
        os._exit(code)


def contents(folder: Path) -> dict[str, str]:
    """Return every file of a folder, but hidden ones, in base64."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode() for path in files}


if __name__ == "__main__":
    main()
