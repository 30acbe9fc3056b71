"""The only file that imports highspy."""

from __future__ import annotations

from ..models.program import Program
from .solution import Solution, SolveOptions


class SolverError(RuntimeError):
    """HiGHS refused a call that should be legal: our own bug, or numbers beyond its reach."""


def solve(program: Program, options: SolveOptions | None = None) -> Solution:
    """Solve a program once, cold."""
    raise NotImplementedError
