"""A bare HiGHS model of arrays: solved from a basis that is handed over as arrays, and stopped from another thread.

`LiveModel` answers a `Program`; this one only gets from one basis to the next, as fast as can be. It may be used in any
thread that has run no HiGHS of several threads; HiGHS lets other threads run while it solves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..flows.tables import Floats, Ints
from .handle import BASIC, LOWER, UPPER, ZERO, basis_of, check, is_optimal, is_stopped, new_highs, state
from .layout import Codes
from .solution import SolveOptions

if TYPE_CHECKING:
    from scipy import sparse

Verdict = Literal["optimal", "stopped", "failed"]
SCALING, UNSCALED = "simplex_scale_strategy", 0
EVEN = 1e6
"""largest over smallest coefficient up to which scaling takes longer than it gains, 1"""


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


class BareModel:
    """One HiGHS object that holds arrays."""

    def __init__(self, options: SolveOptions) -> None:
        self._highs: Any = new_highs(options)
        state(self._highs, "dual_simplex_cost_perturbation_multiplier", 0.0)
        self._usual_scaling = self._highs.getOptionValue(SCALING)[1]
        self._matrix: tuple[Ints, Ints, Floats] | None = None
        """what was passed last, where nothing was added since"""
        none = np.zeros(0)
        self._bounds, self._sides = (none, none), (none, none)

    def load(self, arrays: Arrays) -> bool:
        """Take other arrays; tell whether the last basis stays, which is so where only vectors differ."""
        old, self._matrix = self._matrix, (arrays.start, arrays.index, arrays.value)
        self._bounds, self._sides = (arrays.lower, arrays.upper), (arrays.row_lower, arrays.row_upper)
        n, m = len(arrays.cost), len(arrays.row_lower)
        known = old is not None and all(np.array_equal(old[i], self._matrix[i]) for i in range(3))
        if not known or m != self._highs.getNumRow():
            state(self._highs, SCALING, self._usual_scaling if _ratio(arrays.value) > EVEN else UNSCALED)
            kinds = np.zeros(n, np.int32)
            sizes, vectors = (n, m, len(arrays.value)), (arrays.cost, *self._bounds, *self._sides)
            check(self._highs.passModel(*sizes, 1, 1, 0.0, *vectors, *self._matrix, kinds), "passModel")
            return False
        self.change_costs(arrays.cost)
        columns, rows = np.arange(n, dtype=np.int32), np.arange(m, dtype=np.int32)
        check(self._highs.changeColsBounds(n, columns, *self._bounds), "changeColsBounds")
        if m:
            check(self._highs.changeRowsBounds(m, rows, *self._sides), "changeRowsBounds")
        return True

    def extend(self, columns: Arrays, rows: sparse.csr_array) -> None:
        """Add columns (k,) on the rows that there are, then open rows (l, n + k). The basis stays and grows by them."""
        self._matrix = None
        if len(columns.cost):
            vectors = (columns.cost, columns.lower, columns.upper)
            matrix = (columns.start[:-1], columns.index, columns.value)
            check(self._highs.addCols(len(columns.cost), *vectors, len(columns.value), *matrix), "addCols")
            self._bounds = _joined(self._bounds, (columns.lower, columns.upper))
        sides = np.full(rows.shape[0], -np.inf), np.full(rows.shape[0], np.inf)
        if len(sides[0]):
            matrix = (rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32), rows.data)
            check(self._highs.addRows(len(sides[0]), *sides, rows.nnz, *matrix), "addRows")
            self._sides = _joined(self._sides, sides)

    def change_costs(self, cost: Floats) -> None:
        """Take other costs (n,)."""
        columns = np.arange(len(cost), dtype=np.int32)
        check(self._highs.changeColsCost(len(cost), columns, cost), "changeColsCost")

    def change_last_sides(self, lower: Floats, upper: Floats) -> None:
        """Take other sides (l,) of the last rows."""
        if not len(lower):
            return
        first = len(self._sides[0]) - len(lower)
        self._sides = _joined((self._sides[0][:first], self._sides[1][:first]), (lower, upper))
        rows = np.arange(first, first + len(lower), dtype=np.int32)
        check(self._highs.changeRowsBounds(len(rows), rows, lower, upper), "changeRowsBounds")

    def start_from(self, columns: Codes, rows: Codes) -> None:
        """Start the next run from a basis."""
        check(self._highs.setBasis(basis_of(columns, rows).highs), "setBasis")

    def run(self, seconds: float) -> Verdict:
        """Solve from the last basis, for so many seconds at most."""
        check(self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.0)), "time_limit")
        check(self._highs.run(), "run")
        status = self._highs.getModelStatus()
        return "optimal" if is_optimal(status) else "stopped" if is_stopped(status) else "failed"

    @property
    def steps(self) -> int:
        """Steps of simplex that the last run took."""
        return int(self._highs.getInfo().simplex_iteration_count)

    def clear(self) -> None:
        """Free the memory of the solver."""
        self._highs.clear()

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

        Which of them are basic comes as one array; where the others stand follows from their values, and for columns
        with one value from the side to which they would leave it.
        """
        if not self._highs.getBasis().valid:
            return None
        found = self._highs.getSolution()
        columns = _nonbasic(np.array(found.col_value), *self._bounds)
        columns[(self._bounds[0] == self._bounds[1]) & (np.array(found.col_dual) < 0)] = UPPER
        if not self._highs.getNumNz():  # HiGHS 1.16 would end the process at the next call
            return columns, np.full(len(self._sides[0]), BASIC, np.int8)
        status, basic = self._highs.getBasicVariables()
        check(status, "getBasicVariables")
        rows = _nonbasic(np.array(found.row_value), *self._sides)
        columns[basic[basic >= 0]] = BASIC
        rows[-1 - basic[basic < 0]] = BASIC
        return columns, rows


def _ratio(value: Floats) -> float:
    """Largest over smallest size of coefficients."""
    size = np.abs(value[value != 0])
    return float(size.max() / size.min()) if len(size) else 1.0


def _joined(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])


def _nonbasic(value: Floats, lower: Floats, upper: Floats) -> Codes:
    """Stand on the bound that is nearer to the value."""
    with np.errstate(invalid="ignore"):
        codes = np.where(upper - value < value - lower, UPPER, LOWER).astype(np.int8)
    codes[np.isinf(lower) & np.isinf(upper)] = ZERO
    return codes
