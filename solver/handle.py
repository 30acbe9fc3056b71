"""HiGHS as a library, in the only file that imports highspy: fresh objects, bases, statuses and the words for them.

SolverError    HiGHS refused a call
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from highspy import HighsBasisStatus, HighsModelStatus, HighsStatus, HighsVarType, MatrixFormat, ObjSense
from numpy.typing import NDArray

from .doubts import LEAST
from .phrases import verdicts
from .solution import SolveOptions, Status

__all__ = ["HighsBasisStatus", "HighsModelStatus", "HighsStatus", "HighsVarType", "MatrixFormat", "ObjSense"]

SOLVER = f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}.{highspy.HIGHS_VERSION_PATCH}"
LOWER, BASIC, UPPER, ZERO = (
    int(status)
    for status in (HighsBasisStatus.kLower, HighsBasisStatus.kBasic, HighsBasisStatus.kUpper, HighsBasisStatus.kZero)
)
"""where a column or row may stand in a basis"""
REASONS = {
    HighsModelStatus.kOptimal: verdicts.tell("optimal"),
    HighsModelStatus.kInfeasible: verdicts.tell("infeasible"),
    HighsModelStatus.kUnbounded: verdicts.tell("unbounded"),
    HighsModelStatus.kTimeLimit: verdicts.tell("time"),
    HighsModelStatus.kIterationLimit: verdicts.tell("iterations"),
    HighsModelStatus.kMemoryLimit: verdicts.tell("memory"),
    HighsModelStatus.kInterrupt: verdicts.tell("interrupt"),
    HighsModelStatus.kUnknown: verdicts.tell("unknown"),
}
FAILURES: dict[HighsModelStatus, Status] = {
    HighsModelStatus.kInfeasible: "infeasible",
    HighsModelStatus.kUnbounded: "unbounded",
}


class SolverError(RuntimeError):
    """HiGHS refused a call: our own bug, or figures beyond its reach. The message names the call."""


@dataclass(frozen=True, eq=False)
class Basis:
    """Which columns and rows are basic, for a warm start of the same or a similar program."""

    highs: Any
    """the solver's own object"""


class _Quiet(highspy.Highs):
    """HiGHS that prints nothing, not even its banner, which the constructor would print to stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 the solver's name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def new_highs(options: SolveOptions) -> Any:
    """Return a silent HiGHS on one thread, for dual simplex. Raises SolverError where it refuses an option."""
    highs: Any = _Quiet()  # type: ignore[no-untyped-call]
    for option, value in (
        ("solver", "simplex"),
        ("threads", 1),
        ("random_seed", options.seed),
        ("primal_feasibility_tolerance", options.tolerance),
        ("dual_feasibility_tolerance", options.tolerance),
        ("small_matrix_value", LEAST),
    ):
        state(highs, option, value)
    return highs


def state(highs: Any, option: str, value: bool | float | str) -> None:
    """Set an option. Raises SolverError where HiGHS refuses it."""
    if highs.setOptionValue(option, value) != HighsStatus.kOk:
        raise SolverError(f"HiGHS refused the option {option} = {value}")


def basis_of(columns: NDArray[np.integer[Any]], rows: NDArray[np.integer[Any]]) -> Basis:
    """Make a basis of codes: `LOWER`, `BASIC`, `UPPER` or `ZERO` for each column (n,) and row (m,).

    It may have too many or too few basic ones, or singular ones, which HiGHS mends.
    """
    kinds = np.array([HighsBasisStatus(code) for code in range(4)], object)
    basis = highspy.HighsBasis()
    basis.valid = basis.alien = True
    basis.col_status, basis.row_status = kinds[columns].tolist(), kinds[rows].tolist()
    return Basis(basis)


def is_optimal(status: HighsModelStatus) -> bool:
    """HiGHS reports an optimum."""
    return status == HighsModelStatus.kOptimal


def is_stopped(status: HighsModelStatus) -> bool:
    """A limit of time ended the run."""
    return status in (HighsModelStatus.kTimeLimit, HighsModelStatus.kInterrupt)


def offers_hipo() -> bool:
    """The HiGHS that is installed has HiPO, which is a library of its own."""
    return bool(_Quiet().setOptionValue("solver", "hipo") == HighsStatus.kOk)  # type: ignore[no-untyped-call]


def check(status: HighsStatus, call: str) -> None:
    """Raise SolverError where HiGHS refused a call.

    Warnings pass: they say that tiny coefficients are ignored or a limit ended the run.
    """
    if status == HighsStatus.kError:
        raise SolverError(f"HiGHS refused `{call}`; a figure is not finite or beyond 1e15, or this is a bug")
