"""An answer is a solution with its certificate."""

from __future__ import annotations

from dataclasses import replace

from ..models.program import Program
from .certificate import TOLERANCE, Certificate, certify
from .highs import solve
from .order import order_failure
from .phrases import verdicts
from .solution import Solution, SolveOptions


def solve_certified(program: Program, options: SolveOptions | None = None) -> tuple[Solution, Certificate | None]:
    """Solve cold and certify. There is a certificate wherever the solver reported an optimum.

    Raises SolverError where HiGHS refuses the program.
    """
    return certified(program, solve(program, options))


def certified(program: Program, solution: Solution) -> tuple[Solution, Certificate | None]:
    """Certify a solution; one that fails, or fills steps of load out of order, becomes `stopped`, without flows."""
    if solution.status != "optimal":
        return solution, None
    certificate = certify(program, solution)
    disorder = order_failure(program, solution)
    if certificate.holds and not disorder:
        return solution, certificate
    return refused(solution, disorder if certificate.holds else _failure(certificate)), certificate


def refused(solution: Solution, reason: str) -> Solution:
    """Return a solution that is not to be used, and why: `stopped`, without flows."""
    return replace(
        solution,
        status="stopped",
        reason=reason,
        column_value=None,
        column_dual=None,
        row_value=None,
        row_dual=None,
        objective=None,
        column_basic=None,
        row_basic=None,
    )


def _failure(certificate: Certificate) -> str:
    if certificate.primal > TOLERANCE:
        what = verdicts.tell("violated", where=certificate.primal_where, part=f"{certificate.primal:.1e}")
    elif certificate.dual > TOLERANCE:
        what = verdicts.tell("wrong_sign", where=certificate.dual_where)
    elif certificate.wholeness > TOLERANCE:
        what = verdicts.tell("not_whole", part=f"{certificate.wholeness:.1e}")
    elif max(certificate.gap, certificate.slackness) <= TOLERANCE:
        what = verdicts.tell("off_bound", part=f"{certificate.bound_gap:.1e}")
    else:
        what = verdicts.tell("gap", part=f"{max(certificate.gap, certificate.slackness):.1e}")
    return verdicts.tell("fails", what=what)
