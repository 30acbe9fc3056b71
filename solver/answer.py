"""An answer is a solution with its certificate."""

from __future__ import annotations

from dataclasses import replace

from ..models.program import Program
from .certificate import TOLERANCE, Certificate, certify
from .highs import solve
from .order import order_failure
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
        what = f"{certificate.primal_where} is violated by {certificate.primal:.1e} of what flows there"
    elif certificate.dual > TOLERANCE:
        what = f"the shadow price of {certificate.dual_where} has the wrong sign"
    elif certificate.wholeness > TOLERANCE:
        what = f"a whole number is off by {certificate.wholeness:.1e}"
    elif max(certificate.gap, certificate.slackness) <= TOLERANCE:
        what = f"the objective is {certificate.bound_gap:.1e} of itself away from the bound"
    else:
        what = f"the duality gap is {max(certificate.gap, certificate.slackness):.1e} of the turnover"
    return f"the solver reported an optimum, but its certificate fails: {what}"
