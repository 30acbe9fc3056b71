"""The command line in processes of its own, as tests of faults start it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hello import HELLO

ARGUMENTS = ("-c", "from parkloop.cli import main; main()")
CODES = {0, 1, 2, 3, 4, 130}
"""exit codes that are documented and no bug of ours"""


def command(*arguments: object) -> list[str]:
    """Return the command line that starts parkloop."""
    return [sys.executable, *ARGUMENTS, *map(str, arguments)]


def parkloop(
    *arguments: object,
    text: str | None = None,
    limits: Mapping[int, int] | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run parkloop with a text on standard input, within limits of `resource`; output is read as UTF-8."""

    def begin() -> None:
        for limit, most in (limits or {}).items():
            resource.setrlimit(limit, (most, most))

    return subprocess.run(
        command(*arguments),
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        cwd=cwd,
        preexec_fn=begin,
        check=False,
    )


def shell(line: str, *arguments: object, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a line of bash in which `$parkloop` stands for the command and $1, $2, … for arguments; code and output."""
    parkloop_words = " ".join(f"'{word}'" for word in command())
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("$parkloop", parkloop_words), "bash", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def texts(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def without_seconds(document: dict[str, object]) -> dict[str, object]:
    """Return an answer without the figures that differ between runs."""
    return {key: value for key, value in document.items() if key != "seconds"}


__all__: Sequence[str] = ("CODES", "HELLO", "command", "parkloop", "shell", "texts", "without_seconds")
