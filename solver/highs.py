"""One live HiGHS model of a program: its runs, and its answers.

HiGHS states duals as the change of the objective per unit of the side, in the sense of the objective as it is passed;
that is the convention of `Solution`, so signs are taken over as they are.

    SolverError    HiGHS refused a call
    Interrupted    Ctrl-C came while HiGHS was running
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType

import numpy as np

from ..flows.tables import Bools, Floats, Ints
from ..flows.wording import Saying
from ..models.program import Program
from .doubts import Bounds, beyond_reach, crossed, empty_row, lost, steepest
from .handle import (
    FAILURES,
    REASONS,
    SOLVER,
    HighsBasisStatus,
    HighsModelStatus,
    HighsStatus,
    HighsVarType,
    SolverError,
    check,
    is_optimal,
)
from .passed import SOLVERS, PassedProgram
from .phrases import verdicts
from .running import OverdueError
from .solution import Method, Solution, SolveOptions, Status

DUAL, PRIMAL = 1, 4
"""strategies of simplex"""
EXACT = 1e-9
"""tolerance of whole numbers and of the rows beside them where an answer misses its own bound, scaled units"""


def solve(program: Program, options: SolveOptions | None = None) -> Solution:
    """Solve a program once, cold: by a method of HiGHS that is asked for, or else by simplex.

    What `pdlp` finds is loose. Raises SolverError where HiGHS refuses the program.
    """
    options = options or SolveOptions()
    with LiveModel(program, options) as model:
        return model.run(by="simplex" if program.is_integer else options.method)


class LiveModel(PassedProgram):
    """A program inside HiGHS that stays there between solves. Vectors are in the program's scaled units."""

    def __init__(self, program: Program, options: SolveOptions) -> None:
        super().__init__(program, options)
        self._ended_by: Method = "simplex"
        """method of the last run"""
        self._looked_at: Floats | None = None
        self._loss = ""

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
        if self._highs.getNumNz() and self._ended_by == "simplex":
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
