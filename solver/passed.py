"""A program inside HiGHS, passed as flat arrays, and what changes in it between solves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..flows.tables import Floats, Ints
from ..models.program import Program
from .handle import Basis, HighsStatus, MatrixFormat, ObjSense, SolverError, basis_of, check, offers_hipo
from .running import Running
from .solution import Method, SolveOptions

SOLVERS = {"ipm": "ipx", "hipo": "hipo", "pdlp": "pdlp"}
"""what HiGHS calls the methods that it has beside simplex"""


@dataclass(frozen=True)
class Range:
    """How far the bound of one nonbasic column can move while the basis stays optimal, scaled units."""

    least: float
    most: float
    below: int
    """what leaves the basis at `least`: a column, or n + a row; -1 where nothing does"""
    above: int
    """what leaves the basis at `most`"""


class PassedProgram(Running):
    """A program that HiGHS holds, and where its columns and rows stand. Vectors are in the program's scaled units."""

    def __init__(self, program: Program, options: SolveOptions) -> None:
        if options.method == "hipo" and not offers_hipo():
            raise SolverError("this HiGHS has no HiPO; install the highspy-extras of its version, or ask for ipm")
        super().__init__(program, options)
        self._cost = program.cost
        self._lower, self._upper = program.lower, program.upper
        self._row_lower, self._row_upper = program.row_lower, program.row_upper
        self._state_solver()
        self._pass()

    def write(self, path: Path) -> None:
        """Write the program as it was passed; the ending of the path says the format."""
        names = str.maketrans("[]", "()")
        for i, name in enumerate(self.program.column_names()):
            check(self._highs.passColName(i, name.translate(names)), "passColName")
        for i, name in enumerate(self.program.row_names()):
            check(self._highs.passRowName(i, name.translate(names)), "passRowName")
        check(self._highs.writeModel(str(path)), "writeModel")

    def change_costs(self, cost: Floats) -> None:
        """Replace all costs (n,)."""
        self._cost = np.asarray(cost, float)
        n = self.program.columns
        places = np.arange(n, dtype=np.int32)
        if n:
            check(self._highs.changeColsCost(n, places, self._cost), "changeColsCost")

    def change_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all bounds (n,) of columns."""
        self._lower, self._upper = np.asarray(lower, float), np.asarray(upper, float)
        n = self.program.columns
        places = np.arange(n, dtype=np.int32)
        if n:
            status = self._highs.changeColsBounds(n, places, self._lower, self._upper)
            check(status, "changeColsBounds")

    def change_sides(self, lower: Floats, upper: Floats) -> None:
        """Replace all sides (m,) of rows."""
        self._row_lower, self._row_upper = np.asarray(lower, float), np.asarray(upper, float)
        m = self.program.rows
        places = np.arange(m, dtype=np.int32)
        if m:
            status = self._highs.changeRowsBounds(m, places, self._row_lower, self._row_upper)
            check(status, "changeRowsBounds")

    def restate(self, program: Program) -> None:
        """Take another program with the same matrix and flow scale, and keep the basis."""
        self.program = program
        sense = ObjSense.kMaximize if program.maximise else ObjSense.kMinimize
        check(self._highs.changeObjectiveSense(sense), "changeObjectiveSense")
        check(self._highs.changeObjectiveOffset(program.offset), "changeObjectiveOffset")
        self.change_costs(program.cost)
        self.change_bounds(program.lower, program.upper)
        self.change_sides(program.row_lower, program.row_upper)

    def change_coefficients(self, row: Ints, column: Ints, value: Floats) -> None:
        """Replace coefficients (k,) at some places of the matrix, and keep the basis."""
        for i, j, figure in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
            check(self._highs.changeCoeff(i, j, figure), "changeCoeff")

    def replace(self, program: Program, statuses: tuple[Ints, Ints] | None) -> None:
        """Take a program of any shape, to be started where its columns (n,) and rows (m,) stand; cold where None.

        The statuses need not make a basis: the solver mends what is missing.
        """
        self.program, self._cost = program, program.cost
        self._lower, self._upper = program.lower, program.upper
        self._row_lower, self._row_upper = program.row_lower, program.row_upper
        self._state_solver()
        self._pass()
        if statuses is not None:
            self.start_at(*statuses)

    def start_at(self, columns: NDArray[np.integer[Any]], rows: NDArray[np.integer[Any]]) -> None:
        """Start the next solve with columns (n,) and rows (m,) where they stand."""
        if len(columns) and len(rows):
            check(self._highs.setBasis(basis_of(columns, rows).highs), "setBasis")

    def statuses(self) -> tuple[Ints, Ints] | None:
        """Return where each column (n,) and row (m,) stands: at `LOWER`, `BASIC`, `UPPER` or `ZERO`; None unsolved."""
        basis = self._highs.getBasis()
        if not basis.valid:
            return None
        columns, rows = (np.array([int(s) for s in side], np.int32) for side in (basis.col_status, basis.row_status))
        return columns, rows

    def basis(self) -> Basis | None:
        """Return the basis of the last solve, or None."""
        basis = self._highs.getBasis()
        return Basis(basis) if basis.valid else None

    def set_basis(self, basis: Basis) -> None:
        """Start the next solve from a basis."""
        check(self._highs.setBasis(basis.highs), "setBasis")

    def forget(self) -> None:
        """Forget the last basis: the next solve starts cold."""
        check(self._highs.clearSolver(), "clearSolver")

    def bound_range(self, column: int) -> Range | None:
        """Return how far the bound of a column may move in the optimal basis that was just found; None without one."""
        status, ranging = self._highs.getRanging()
        if status == HighsStatus.kError or not ranging.valid:
            return None
        down, up = ranging.col_bound_dn, ranging.col_bound_up
        return Range(down.value_[column], up.value_[column], int(down.ou_var_[column]), int(up.ou_var_[column]))

    def _state_solver(self, by: Method = "simplex") -> None:
        """Choose the algorithm of the next run; whole numbers have but one, which HiGHS has to choose itself.

        Whole numbers are solved without presolve: with it, HiGHS 1.16 calls some cases infeasible that are not, and
        some plans the best that are not (docs/solver.md).
        """
        whole = self.program.is_integer
        self._set("solver", "choose" if whole else SOLVERS.get(by, "simplex"))
        self._set("presolve", "off" if whole else "choose")

    def _pass(self) -> None:
        it = self.program
        sense = ObjSense.kMaximize if it.maximise else ObjSense.kMinimize
        status = self._highs.passModel(
            it.columns,
            it.rows,
            it.nonzeros,
            int(MatrixFormat.kColwise),
            int(sense),
            it.offset,
            it.cost,
            it.lower,
            it.upper,
            it.row_lower,
            it.row_upper,
            it.start,
            it.index,
            it.value,
            it.integral.astype(np.int32) if len(it.integral) else np.zeros(it.columns, np.int32),
        )
        check(status, "passModel")
