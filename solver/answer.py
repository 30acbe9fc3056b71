"""An answer is a solution with its certificate."""

from __future__ import annotations

from ..models.program import Program
from .certificate import Certificate
from .solution import Solution, SolveOptions


def solve_certified(
    program: Program, options: SolveOptions | None = None
) -> tuple[Solution, Certificate | None]:
    """Solve, and turn a solution whose certificate fails into status `stopped`."""
    raise NotImplementedError
