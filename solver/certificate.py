"""Certificate: feasibility and optimality recomputed outside the solver, in the user's units."""

from __future__ import annotations

from dataclasses import dataclass

from ..models.program import Program
from .solution import Solution

TOLERANCE = 1e-6
"""largest relative violation that a certificate accepts, 1"""


@dataclass(frozen=True)
class Certificate:
    """Recomputed residuals of an optimal solution."""

    primal: float
    """largest violation of a row or bound, relative to the throughput of the row, 1"""
    primal_absolute: float
    """largest violation of a row or bound, user units"""
    primal_where: str
    """name of the row or column with the largest relative violation, "" where there is none"""
    dual: float
    """largest reduced cost of the wrong sign, relative to the prices that meet in the column, 1"""
    dual_absolute: float
    """largest reduced cost of the wrong sign, objective units per flow unit"""
    dual_where: str
    """name of the column or row with the largest relative dual violation, "" where there is none"""
    slackness: float
    """largest |dual| times distance from the bound that it presses on, relative to the turnover, 1"""
    gap: float
    """objective against dual objective, relative to the turnover of the objective, 1"""
    holds: bool
    """all of them are within `TOLERANCE`"""


def certify(program: Program, solution: Solution) -> Certificate:
    """Recompute the residuals of an optimal solution. Raises ValueError where there are no flows."""
    raise NotImplementedError
