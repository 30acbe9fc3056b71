"""Programs as files for other solvers."""

from __future__ import annotations

import errno
from contextlib import closing
from pathlib import Path

from ..flows.saving import written_whole
from ..models.program import Program
from .passed import PassedProgram
from .solution import SolveOptions

LAST_WORD = {".mps": b"ENDATA", ".lp": b"end"}
"""how the file of a program ends, by the ending of its name"""


def write_program(program: Program, path: Path) -> None:
    """Write a program as a file for other solvers: `.mps` (free format) or `.lp`, in user units, with names.

    Names are those of the program with round brackets: `run(qarhan.clinker,year)`. Raises SolverError where HiGHS
    refuses the program, OSError where the file cannot be written.
    """
    plain = program.in_user_units()
    with written_whole(path) as temporary:
        with closing(PassedProgram(plain, SolveOptions())) as model:
            model.write(temporary)
        _check_end(temporary)


def _check_end(path: Path) -> None:
    """Raise OSError where the end of a written program is missing: HiGHS does not notice that a disk is full."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16))
        if not file.read().rstrip().endswith(LAST_WORD[path.suffix.lower()]):
            raise OSError(errno.ENOSPC, "the disk is full, or no larger file is allowed")
