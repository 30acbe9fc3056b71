"""A bare HiGHS model of arrays: solved from a basis that is handed over as arrays, and stopped from another thread.

`LiveModel` answers a `Program`; this one only gets from one basis to the next, as fast as can be. It may be used in any
thread that has run no HiGHS of several threads; HiGHS lets other threads run while it solves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..flows.tables import Floats, Ints
from .handle import BASIC, LOWER, UPPER, ZERO, basis_of, check, is_optimal, is_stopped, new_highs
from .layout import Codes
from .solution import SolveOptions

Verdict = Literal["optimal", "stopped", "failed"]


@dataclass(frozen=True, eq=False)
class Arrays:
    """Minimise cost · x, subject to row_lower ≤ A x ≤ row_upper and lower ≤ x ≤ upper; A is compressed by columns."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats

    def has_matrix_of(self, other: Arrays) -> bool:
        """The two differ in vectors only."""
        return (
            len(self.row_lower) == len(other.row_lower)
            and np.array_equal(self.start, other.start)
            and np.array_equal(self.index, other.index)
            and np.array_equal(self.value, other.value)
        )


class BareModel:
    """One HiGHS object that holds arrays."""

    def __init__(self, options: SolveOptions) -> None:
        self._highs: Any = new_highs(options)
        self._arrays: Arrays | None = None

    def load(self, arrays: Arrays) -> None:
        """Take other arrays; the basis stays where only vectors differ, and is lost otherwise."""
        old, self._arrays = self._arrays, arrays
        n, m = len(arrays.cost), len(arrays.row_lower)
        if old is None or not arrays.has_matrix_of(old):
            kinds = np.zeros(n, np.int32)
            matrix = (arrays.start, arrays.index, arrays.value)
            vectors = (arrays.cost, arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper)
            check(self._highs.passModel(n, m, len(arrays.value), 1, 1, 0.0, *vectors, *matrix, kinds), "passModel")
            return
        columns, rows = np.arange(n, dtype=np.int32), np.arange(m, dtype=np.int32)
        check(self._highs.changeColsCost(n, columns, arrays.cost), "changeColsCost")
        check(self._highs.changeColsBounds(n, columns, arrays.lower, arrays.upper), "changeColsBounds")
        if m:
            check(self._highs.changeRowsBounds(m, rows, arrays.row_lower, arrays.row_upper), "changeRowsBounds")

    def change_costs(self, cost: Floats) -> None:
        """Take other costs (n,)."""
        columns = np.arange(len(cost), dtype=np.int32)
        check(self._highs.changeColsCost(len(cost), columns, cost), "changeColsCost")

    def start_from(self, columns: Codes, rows: Codes) -> None:
        """Start the next run from a basis."""
        check(self._highs.setBasis(basis_of(columns, rows).highs), "setBasis")

    def run(self, seconds: float) -> Verdict:
        """Solve from the last basis, for so many seconds at most."""
        check(self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.0)), "time_limit")
        check(self._highs.run(), "run")
        status = self._highs.getModelStatus()
        return "optimal" if is_optimal(status) else "stopped" if is_stopped(status) else "failed"

    def stop(self) -> None:
        """End a run in another thread as soon as may be."""
        self._highs.setOptionValue("time_limit", 0.0)

    def values(self) -> Floats:
        """Values (n,) of the last optimum."""
        return np.array(self._highs.getSolution().col_value)

    def row_duals(self) -> Floats:
        """Duals (m,) of the last optimum."""
        return np.array(self._highs.getSolution().row_dual)

    def basis(self) -> tuple[Codes, Codes] | None:
        """How columns and rows stand after the last run, or None where it left no basis.

        Which of them are basic comes as one array; where the others stand follows from their values.
        """
        arrays = self._arrays
        if arrays is None or not self._highs.getBasis().valid:
            return None
        found = self._highs.getSolution()
        columns = _nonbasic(np.array(found.col_value), arrays.lower, arrays.upper)
        if not len(arrays.value):  # HiGHS 1.16 would end the process at the next call
            return columns, np.full(len(arrays.row_lower), BASIC, np.int8)
        status, basic = self._highs.getBasicVariables()
        check(status, "getBasicVariables")
        rows = _nonbasic(np.array(found.row_value), arrays.row_lower, arrays.row_upper)
        columns[basic[basic >= 0]] = BASIC
        rows[-1 - basic[basic < 0]] = BASIC
        return columns, rows


def _nonbasic(value: Floats, lower: Floats, upper: Floats) -> Codes:
    """Stand on the bound that is nearer to the value."""
    with np.errstate(invalid="ignore"):
        codes = np.where(upper - value < value - lower, UPPER, LOWER).astype(np.int8)
    codes[np.isinf(lower) & np.isinf(upper)] = ZERO
    return codes
