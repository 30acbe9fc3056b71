"""One live HiGHS model of a program, filled with flat arrays: what changes in it, and its answers.

HiGHS states duals as the change of the objective per unit of the side, in the sense of the objective as it is passed;
that is the convention of `Solution`, so signs are taken over as they are.

    SolverError    HiGHS refused a call
    Interrupted    Ctrl-C came while HiGHS was running
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..flows.saving import written_whole
from ..flows.tables import Bools, Floats, Ints
from ..flows.wording import Saying
from ..models.program import Program
from .doubts import Bounds, beyond_reach, crossed, empty_row, lost, steepest
from .handle import (
    FAILURES,
    REASONS,
    SOLVER,
    Basis,
    HighsBasisStatus,
    HighsModelStatus,
    HighsStatus,
    HighsVarType,
    MatrixFormat,
    ObjSense,
    SolverError,
    basis_of,
    check,
    is_optimal,
    offers_hipo,
)
from .phrases import verdicts
from .running import OverdueError, Running
from .solution import Method, Solution, SolveOptions, Status

SOLVERS = {"ipm": "ipx", "hipo": "hipo", "pdlp": "pdlp"}
"""what HiGHS calls the methods that it has beside simplex"""
DUAL, PRIMAL = 1, 4
"""strategies of simplex"""
EXACT = 1e-9
"""tolerance of whole numbers and of the rows beside them where an answer misses its own bound, scaled units"""


@dataclass(frozen=True)
class Range:
    """How far the bound of one nonbasic column can move while the basis stays optimal, scaled units."""

    least: float
    most: float
    below: int
    """what leaves the basis at `least`: a column, or n + a row; -1 where nothing does"""
    above: int
    """what leaves the basis at `most`"""


def solve(program: Program, options: SolveOptions | None = None) -> Solution:
    """Solve a program once, cold: by a method of HiGHS that is asked for, or else by simplex.

    What `pdlp` finds is loose. Raises SolverError where HiGHS refuses the program.
    """
    options = options or SolveOptions()
    with LiveModel(program, options) as model:
        return model.run(by="simplex" if program.is_integer else options.method)


def write_program(program: Program, path: Path) -> None:
    """Write a program as a file for other solvers: `.mps` (free format) or `.lp`, in user units, with names.

    Names are those of the program with round brackets: `run(qarhan.clinker,year)`. Raises SolverError where HiGHS
    refuses the program, OSError where the file cannot be written.
    """
    plain = program.in_user_units()
    with written_whole(path) as temporary:
        with LiveModel(plain, SolveOptions()) as model:
            model.write(temporary)
        _check_end(temporary)


LAST_WORD = {".mps": b"ENDATA", ".lp": b"end"}
"""how the file of a program ends, by the ending of its name"""


def _check_end(path: Path) -> None:
    """Raise OSError where the end of a written program is missing: HiGHS does not notice that a disk is full."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16))
        if not file.read().rstrip().endswith(LAST_WORD[path.suffix.lower()]):
            raise OSError(errno.ENOSPC, "the disk is full, or no larger file is allowed")


class LiveModel(Running):
    """A program inside HiGHS that stays there between solves. Vectors are in the program's scaled units."""

    def __init__(self, program: Program, options: SolveOptions) -> None:
        if options.method == "hipo" and not offers_hipo():
            raise SolverError("this HiGHS has no HiPO; install the highspy-extras of its version, or ask for ipm")
        super().__init__(program, options)
        self._cost = program.cost
        self._lower, self._upper = program.lower, program.upper
        self._row_lower, self._row_upper = program.row_lower, program.row_upper
        self._ended_by: Method = "simplex"
        """method of the last run"""
        self._looked_at: Floats | None = None
        self._loss = ""
        self._state_solver()
        self._pass()

    def __enter__(self) -> LiveModel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def anew(self) -> LiveModel:
        """Return another model of the same program, costs, bounds and sides, in place of one that was left running."""
        model = LiveModel(self.program, self.options)
        model.change_costs(self._cost)
        model.change_bounds(self._lower, self._upper)
        model.change_sides(self._row_lower, self._row_upper)
        return model

    def run(self, seconds: float | None = None, by: Method = "simplex") -> Solution:
        """Solve from the last basis, if there is one. An undecided verdict is decided by a second run.

        `seconds` are what is left of the time limit, where some of it is spent. What another algorithm than simplex
        does holds for this run only: later ones start from the basis that it found.
        """
        if self._left_running:
            raise SolverError("an interrupted solve has not left the solver; start a new model")
        begin = time.perf_counter()
        it, sides = self.program, (self._row_lower, self._row_upper)
        bounds = ((it.column_name, (self._lower, self._upper)), (it.row_name, sides))
        tolerance = self.options.tolerance
        if reason := crossed(bounds, it.flow_scale, tolerance) or empty_row(it, sides, tolerance):
            return self._answer("infeasible", reason, begin)
        if not it.columns:
            return self._without_columns(begin)
        if self._looked_at is not it.value:  # a session solves one matrix many times
            self._looked_at, self._loss = it.value, lost(it)
        if reason := self._loss:
            return self._answer("stopped", reason, begin)
        self._began, self._over_memory = begin, 0.0
        try:
            return self._decided(begin, bounds, self.options.time_limit if seconds is None else seconds, by)
        except OverdueError:
            reason = self._told_limit() or REASONS[HighsModelStatus.kTimeLimit]
            return self._answer("stopped", self._with_what_is_proved(reason), begin, self._bound())

    def _decided(self, begin: float, bounds: Bounds, seconds: float | None, by: Method) -> Solution:
        """Solve, and make sure of the verdict. Raises OverdueError."""
        it, self._ended_by = self.program, by if by in SOLVERS else "simplex"
        with self._solved_by(by):
            self._optimise(seconds)
        verdict: HighsModelStatus = self._highs.getModelStatus()
        if verdict == HighsModelStatus.kUnknown:
            verdict = self._anew(begin)
        if verdict == HighsModelStatus.kUnboundedOrInfeasible:
            verdict = self._decide(begin)
        steep = steepest(it) if verdict == HighsModelStatus.kInfeasible else ""
        if steep:
            verdict = self._decide(begin)
            if verdict == HighsModelStatus.kInfeasible:
                return self._answer("stopped", steep, begin)
        reason = REASONS.get(verdict) or verdicts.tell("ended", verdict=verdict.name)
        if verdict not in (HighsModelStatus.kOptimal, *FAILURES):
            reason = self._told_limit() or reason
        if verdict == HighsModelStatus.kOptimal:
            return self._integer_optimum(begin) if self.program.is_integer else self._optimum(reason, begin)
        if verdict in FAILURES and (beyond := beyond_reach(bounds, it.flow_scale)):
            reason = verdicts.tell("proves_nothing", beyond=beyond, verdict=FAILURES[verdict])
            return self._answer("stopped", reason, begin)
        if verdict in FAILURES:
            return self._answer(FAILURES[verdict], reason, begin)
        return self._answer("stopped", self._with_what_is_proved(reason), begin, self._bound())

    def _told_limit(self) -> Saying | None:
        """Say that the memory is used up, or nothing."""
        return verdicts.tell("memory_of", limit=f"{self.options.memory_limit:g}") if self._over_memory else None

    def _with_what_is_proved(self, reason: Saying) -> Saying:
        proved = self._proved()
        return verdicts.tell("proved", reason=reason, proved=proved) if proved else reason

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

    def bound_range(self, column: int) -> Range | None:
        """Return how far the bound of a column may move in the optimal basis that was just found; None without one."""
        status, ranging = self._highs.getRanging()
        if status == HighsStatus.kError or not ranging.valid:
            return None
        down, up = ranging.col_bound_dn, ranging.col_bound_up
        return Range(down.value_[column], up.value_[column], int(down.ou_var_[column]), int(up.ou_var_[column]))

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

    def stopped(self, seconds: float, reason: str) -> Solution:
        """Return the answer where a limit ended the work after so many seconds, before or between solves."""
        return self._answer("stopped", reason, time.perf_counter() - seconds)

    def advance(self, seconds: float | None) -> Floats | None:
        """Solve from the last basis: values (n,) in scaled units, or None where there is no optimum."""
        self._began, self._over_memory = time.perf_counter(), 0.0
        try:
            self._optimise(seconds)
        except OverdueError:
            return None
        if self._highs.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        return np.array(self._highs.getSolution().col_value)

    @contextmanager
    def _solved_by(self, by: Method) -> Iterator[None]:
        """Let a method do one run, and leave later ones to simplex."""
        watched = self.options.watcher is not None
        if by == "pdlp" and watched:  # it prints its log past HiGHS, whatever `log_to_console` says
            self._set("output_flag", False)
        self._state_solver(by)
        try:
            yield
        finally:
            if not self._left_running:
                self._state_solver()
                self._set("output_flag", watched)

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

    def _decide(self, begin: float) -> HighsModelStatus:
        """Unbounded or infeasible: solve again without presolve, which tells the two apart in a linear program.

        An integer program may stay undecided. Its relaxation is unbounded then, so it is unbounded if it has any plan.
        """
        self._set("presolve", "off")
        try:
            verdict = self._again(begin)
        finally:
            self._state_solver()
        if verdict != HighsModelStatus.kUnboundedOrInfeasible:
            return verdict
        verdict = self._without_costs(begin)
        return HighsModelStatus.kUnbounded if verdict == HighsModelStatus.kOptimal else verdict

    def _anew(self, begin: float) -> HighsModelStatus:
        """No proof: solve from no basis by primal simplex, also without presolve; else ask whether there is a plan.

        Costs have no part in that question, so that a program without a plan has none whatever they are.
        """
        self._set("simplex_strategy", PRIMAL)
        try:
            for presolve in ("choose", "off"):
                self._set("presolve", presolve)
                check(self._highs.clearSolver(), "clearSolver")
                verdict = self._again(begin)
                if verdict != HighsModelStatus.kUnknown:
                    return verdict
            check(self._highs.clearSolver(), "clearSolver")
            possible = self._without_costs(begin)
            return self._again(begin) if possible == HighsModelStatus.kOptimal else possible
        finally:
            self._set("simplex_strategy", DUAL)
            self._state_solver()

    def _without_costs(self, begin: float) -> HighsModelStatus:
        cost = np.array(self._highs.getLp().col_cost_)
        self.change_costs(np.zeros_like(cost))
        try:
            return self._again(begin)
        finally:
            if not self._left_running:
                self.change_costs(cost)

    def _again(self, begin: float) -> HighsModelStatus:
        limit = self.options.time_limit
        self._optimise(None if limit is None else limit - (time.perf_counter() - begin))
        return HighsModelStatus(self._highs.getModelStatus())

    def _without_columns(self, begin: float) -> Solution:
        it = self.program
        none, zero = np.zeros(0), np.zeros(it.rows)
        return Solution(
            status="optimal",
            reason=verdicts.tell("nothing_to_decide"),
            column_value=none,
            column_dual=none,
            row_value=zero,
            row_dual=zero,
            objective=it.offset * it.objective_scale,
            column_basic=np.zeros(0, bool),
            row_basic=np.ones(it.rows, bool),
            iterations=0,
            seconds=time.perf_counter() - begin,
            solver=SOLVER,
        )

    def _integer_optimum(self, begin: float) -> Solution:
        """Return the optimum, sought once more and more exactly where it misses the bound that was told for it.

        The bound is that of a plan within the tolerance, which dear flows can make worth more than any exact plan.
        """
        found = self._whole_optimum(begin)
        if found.objective is None or found.bound is None:
            return found
        missed, it = abs(found.objective - found.bound), self.program
        if missed <= self.options.mip_gap * max(abs(found.objective), it.objective_scale):
            return found
        usual = self._highs.getOptionValue("mip_feasibility_tolerance")[1]
        self._set("mip_feasibility_tolerance", EXACT)
        try:
            return self._whole_optimum(begin) if is_optimal(self._again(begin)) else found
        finally:
            self._set("mip_feasibility_tolerance", usual)

    def _whole_optimum(self, begin: float) -> Solution:
        """Hold the whole numbers at their values and solve what is left, which has duals; then let them go again."""
        it, info = self.program, self._highs.getInfo()
        bound, iterations = info.mip_dual_bound * it.objective_scale, self._iterations()
        values = np.array(self._highs.getSolution().col_value)
        held = np.flatnonzero(it.integral).astype(np.int32)
        fixed = np.round(values[held])
        free = self._lower[held], self._upper[held]
        self._integrality(held, HighsVarType.kContinuous)
        check(self._highs.changeColsBounds(len(held), held, fixed, fixed), "changeColsBounds")
        try:
            limit = self.options.time_limit
            self._optimise(None if limit is None else limit - (time.perf_counter() - begin))
            verdict: HighsModelStatus = self._highs.getModelStatus()
            if verdict != HighsModelStatus.kOptimal:
                return self._answer("stopped", verdicts.tell("no_prices", why=REASONS[verdict]), begin)
            found = self._optimum(verdicts.tell("whole_optimum"), begin)
        finally:
            if not self._left_running:
                check(self._highs.changeColsBounds(len(held), held, *free), "changeColsBounds")
                self._integrality(held, HighsVarType.kInteger)
        return replace(
            found,
            column_basic=None,
            row_basic=None,
            iterations=iterations + found.iterations,
            bound=bound,
            mip_gap=self.options.mip_gap,
        )

    def _integrality(self, columns: Ints, kind: HighsVarType) -> None:
        kinds = np.full(len(columns), int(kind), np.uint8)
        check(self._highs.changeColsIntegrality(len(columns), columns, kinds), "changeColsIntegrality")

    def _optimum(self, reason: str, begin: float) -> Solution:
        it = self.program
        values, info = self._highs.getSolution(), self._highs.getInfo()
        if not (values.value_valid and values.dual_valid):
            return self._answer("stopped", verdicts.tell("no_values"), begin)
        price = it.objective_scale / it.flow_scale
        column_basic, row_basic = self._basic()
        return Solution(
            status="optimal",
            reason=reason,
            column_value=np.array(values.col_value) * it.flow_scale,
            column_dual=np.array(values.col_dual) * price,
            row_value=np.array(values.row_value) * it.flow_scale,
            row_dual=np.array(values.row_dual) * price,
            objective=info.objective_function_value * it.objective_scale,
            column_basic=column_basic,
            row_basic=row_basic,
            iterations=self._iterations(),
            seconds=time.perf_counter() - begin,
            solver=SOLVER,
        )

    def _basic(self) -> tuple[Bools | None, Bools | None]:
        """Tell which columns (n,) and rows (m,) are basic; None where there is no basis, or one of held whole numbers.

        HiGHS lists the basic ones as one array. Statuses one by one cost more than all else that is taken from it. It
        has that list where simplex ended and there are coefficients; otherwise HiGHS 1.16 may end the process.
        """
        it = self.program
        if it.is_integer or not (basis := self._highs.getBasis()).valid:
            return None, None
        if it.nonzeros and self._ended_by == "simplex":
            status, basic = self._highs.getBasicVariables()
            if status == HighsStatus.kOk:
                columns, rows = np.zeros(it.columns, bool), np.zeros(it.rows, bool)
                columns[basic[basic >= 0]] = True
                rows[-1 - basic[basic < 0]] = True
                return columns, rows
        sides = (basis.col_status, basis.row_status)
        columns, rows = (np.array([s == HighsBasisStatus.kBasic for s in side], bool) for side in sides)
        return columns, rows

    def _answer(self, status: Status, reason: str, begin: float, bound: float | None = None) -> Solution:
        return Solution(
            status=status,
            reason=reason,
            column_value=None,
            column_dual=None,
            row_value=None,
            row_dual=None,
            objective=None,
            column_basic=None,
            row_basic=None,
            iterations=self._iterations(),
            seconds=time.perf_counter() - begin,
            solver=SOLVER,
            bound=bound,
        )

    def _iterations(self) -> int:
        if self._left_running:
            return 0
        info = self._highs.getInfo()
        counts = (
            info.simplex_iteration_count,
            info.ipm_iteration_count,
            info.crossover_iteration_count,
            info.pdlp_iteration_count,
        )
        return sum(max(0, count) for count in counts)
