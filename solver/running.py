"""Runs of one HiGHS object: time and memory limits, Ctrl-C, and how far it is.

Interrupted     Ctrl-C came while HiGHS was running
OverdueError    HiGHS does not heed a limit
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np

from ..models.program import Program
from .doubts import FAR
from .handle import HighsModelStatus, HighsStatus, check, new_highs, state
from .phrases import verdicts
from .solution import SolveOptions
from .watch import Progress, held_memory, read_log

GRACE = 0.8
"""how long Ctrl-C waits for HiGHS to leave its run in order, s; then it is left to run until the process ends"""
OVERTIME = 2.0
"""how long past a limit HiGHS may go on to its next step, s"""
LOOKS = 0.1
"""time between two looks at a run, s"""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while HiGHS was running; `proved` is a sentence on what was found until then, "" where nothing was."""

    proved = ""


class OverdueError(Exception):
    """HiGHS does not heed a limit: the run is over for us, whether it has left it or not."""


class Running:
    """A HiGHS object that holds a program, and its runs. Raises SolverError where HiGHS refuses an option."""

    def __init__(self, program: Program, options: SolveOptions) -> None:
        self.program = program
        self.options = options
        self._cancel = threading.Event()
        self._left_running = False
        self._highs: Any = new_highs(options)
        self._highs.cbSimplexInterrupt += self._interrupt
        self._highs.cbIpmInterrupt += self._interrupt
        self._highs.cbMipInterrupt += self._interrupt_mip
        self._set("mip_rel_gap", options.mip_gap)
        self._set("threads", options.threads)
        self._progress = Progress(0.0)
        self._began = self._over_memory = 0.0
        self._deadline = np.inf
        """when a run that has gone past a limit is left, s"""
        self._told = (np.inf, np.inf)
        """best answer and bound that branch and bound told last, scaled units"""
        if options.watcher is not None:
            self._listen()

    @property
    def runs_on(self) -> bool:
        """An interrupted solve has not left the solver, which nobody may touch any more."""
        return self._left_running

    def close(self) -> None:
        """Free the memory of the solver."""
        if not self._left_running:
            self._highs.clear()

    def _set(self, option: str, value: bool | float | str) -> None:
        if not self._left_running:  # nobody may touch it then
            state(self._highs, option, value)

    def _raise_if_memory_is_used_up(self) -> None:
        """Raise MemoryError where HiGHS says so, or where the program itself would find no room once more."""
        if self._highs.getModelStatus() == HighsModelStatus.kMemoryLimit:
            raise MemoryError
        np.ones((self.program.nonzeros + self.program.columns + self.program.rows, 8))

    def _optimise(self, budget: float | None) -> None:
        limit = np.inf if budget is None else max(budget, 0.0)
        self._deadline = time.perf_counter() + limit + OVERTIME
        self._set("time_limit", self._highs.getRunTime() + limit)  # the clock runs on over all runs
        if self._run() == HighsStatus.kError:
            # The first run in a thread fixes the number of HiGHS's own threads until this reset.
            self._highs.resetGlobalScheduler(True)
            status = self._run()
            if status == HighsStatus.kError:
                self._raise_if_memory_is_used_up()
            check(status, "run")

    def _run(self) -> HighsStatus:
        """Run in a second thread where Ctrl-C can arrive in this one: HiGHS holds it back otherwise."""
        options = self.options
        watched = options.watcher is not None or options.memory_limit is not None
        if threading.current_thread() is not threading.main_thread() and not watched:
            return HighsStatus(self._highs.run())
        ended: list[HighsStatus | BaseException] = []
        self._cancel.clear()
        self._told = (np.inf, np.inf)
        over = threading.Event()  # an interrupted Thread.join takes the thread for finished (CPython 3.11)
        thread = threading.Thread(target=self._run_into, args=(ended, over), daemon=True)
        try:
            thread.start()  # Ctrl-C may come in here, when the other thread is about to run already
            while not over.wait(LOOKS):
                self._look()
                if time.perf_counter() > self._deadline:
                    self._stop()
                    self._left_running = not over.wait(GRACE)
                    raise OverdueError
        except KeyboardInterrupt:
            self._stop()
            self._left_running = not over.wait(GRACE)
            interrupted = Interrupted()
            interrupted.proved = self._proved()
            raise interrupted from None
        if isinstance(ended[0], BaseException):
            raise ended[0]
        return ended[0]

    def _run_into(self, ended: list[HighsStatus | BaseException], over: threading.Event) -> None:
        try:
            ended.append(HighsStatus(self._highs.run()))
        except BaseException as error:
            ended.append(error)
        over.set()

    def _stop(self) -> None:
        """Ask HiGHS to leave its run."""
        self._cancel.set()
        self._highs.setOptionValue("time_limit", 0.0)  # presolve looks at nothing else

    def _look(self) -> None:
        """Tell how far the run is, and end it where it holds too much memory."""
        limit = self.options.memory_limit
        if limit is not None and not self._over_memory and (held_memory() or 0.0) > limit:
            self._over_memory = limit
            self._deadline = min(self._deadline, time.perf_counter() + OVERTIME)
            self._stop()
        if self.options.watcher is not None:
            self.options.watcher(replace(self._progress, seconds=time.perf_counter() - self._began))

    def _listen(self) -> None:
        """Take how far a run is from the log of HiGHS, which fills in little else, and print none of it."""
        self._highs.cbLogging += self._heard
        self._highs.cbMipLogging += self._heard_mip
        self._set("output_flag", True)
        self._set("log_to_console", False)

    def _heard(self, event: Any) -> None:
        found = read_log(event.message)
        if found is None or self.program.is_integer:
            return
        iterations, *values = found
        sense = -1.0 if self.program.maximise else 1.0
        objective, bound = (None if v is None else sense * v * self.program.objective_scale for v in values)
        self._progress = Progress(0.0, iterations, objective, bound)

    def _heard_mip(self, event: Any) -> None:
        data, scale = event.data_out, self.program.objective_scale
        values = (data.objective_function_value, data.mip_dual_bound)
        objective, bound = (v * scale if abs(v) < FAR else None for v in values)
        self._progress = Progress(0.0, int(data.mip_node_count), objective, bound)

    def _bound(self) -> float | None:
        """Return what no answer can be better than, user units; None where a stopped solve proved nothing."""
        bound = self._told[1] if self._left_running else self._highs.getInfo().mip_dual_bound
        return bound * self.program.objective_scale if self.program.is_integer and abs(bound) < FAR else None

    def _proved(self) -> str:
        """Say what a stopped solve has proved; a linear program that is stopped has proved nothing."""
        bound, unit = self._bound(), self.program.objective_unit
        if bound is None:
            return ""
        best = self._told[0] if self._left_running else self._highs.getInfo().objective_function_value
        most = f"{bound:.6g}"
        if abs(best) >= FAR:
            return verdicts.tell("none_so_far", bound=most, unit=unit)
        found = f"{best * self.program.objective_scale:.6g}"
        return verdicts.tell("best_so_far", best=found, bound=most, unit=unit)

    def _interrupt_mip(self, event: Any) -> None:
        data = event.data_out
        self._told = (float(data.objective_function_value), float(data.mip_dual_bound))
        self._interrupt(event)

    def _interrupt(self, event: Any) -> None:
        if self._cancel.is_set():
            event.interrupt()
