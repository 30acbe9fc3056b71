"""A crew: threads that solve bare models within one limit of time and of memory, and leave at once on Ctrl-C.

StoppedError    a limit ended the work; the message says which
NoStartError    the work led to no basis to start from; the message says why
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType

import numpy as np

from .bare import BareModel
from .phrases import verdicts
from .solution import SolveOptions
from .watch import Progress, held_memory

LOOKS = 0.1
"""time between two looks at the work, s"""


class StoppedError(Exception):
    """A limit ended the work. The message says which."""


class NoStartError(Exception):
    """The windows found no basis to start from. The message says why."""


class Crew:
    """Threads and the models that run in them."""

    def __init__(self, options: SolveOptions) -> None:
        self.options = options
        self._stage = ""
        self._begin = time.perf_counter()
        self._models: set[BareModel] = set()
        self._over = False
        self._pool = ThreadPoolExecutor(max(1, options.threads))

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        for model in list(self._models):
            model.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def seconds(self) -> float:
        """Time since the crew began, s."""
        return time.perf_counter() - self._begin

    def tell(self, stage: str) -> None:
        """Say what is done from now on, for who watches."""
        self._stage = stage
        self._look()

    def model(self) -> BareModel:
        """Return a new model that stops with the crew, until it is dismissed."""
        model = BareModel(self.options)
        self._models.add(model)
        return model

    def dismiss(self, model: BareModel) -> None:
        """Free a model."""
        self._models.discard(model)
        model.clear()

    def run(self, model: BareModel) -> bool:
        """Solve a model in the thread that calls; tell whether it has an optimum. Raises StoppedError."""
        limit = self.options.time_limit
        left = np.inf if limit is None else limit - self.seconds
        verdict = "stopped" if left <= 0 or self._over else model.run(left)
        if verdict == "stopped":
            raise StoppedError(verdicts.tell("time"))
        return verdict == "optimal"

    def solved(self, model: BareModel) -> bool:
        """Solve a model in a thread of the crew; tell whether it has an optimum. Raises StoppedError."""
        found: list[bool] = []
        self.all_of([lambda: found.append(self.run(model))])
        return found == [True]

    def all_of(self, work: list[Callable[[], None]]) -> None:
        """Do the work in the threads. Raises what one of them raises, StoppedError where there is no more memory."""
        self._look()
        futures: list[Future[None]] = [self._pool.submit(it) for it in work]
        while wait(futures, timeout=LOOKS).not_done:
            if any(it.done() and it.exception() for it in futures):
                break
            self._look()
        for future in futures:
            if future.done():
                future.result()

    def _look(self) -> None:
        """Tell how far the work is, and end it where it holds too much memory."""
        if self.options.watcher is not None:
            self.options.watcher(Progress(self.seconds, stage=self._stage))
        most = self.options.memory_limit
        if most is not None and (held_memory() or 0.0) > most:
            raise StoppedError(verdicts.tell("memory_of", limit=f"{most:g}"))
