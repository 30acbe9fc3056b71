"""Sweep: many pieces of work, in this process, in worker processes or on a Dask cluster, by the same code.

A piece is a number; the work is a function of a blob that says everything, and the number. What it returns does not
depend on where it runs or on what ran there before, so neither do the results of a sweep. A piece whose worker dies is
done again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, TypeVar

from ..flows.problems import InputError, Problem

T = TypeVar("T")
Work = Callable[[bytes, int], T]
PATIENCE = 3
"""times in a row that all workers may die without a piece done in between"""
CONNECTING = 10
"""how long to look for a scheduler, s"""


def spread(
    work: Work[T], blob: bytes, pieces: Iterable[int], workers: int = 1, scheduler: str | None = None
) -> Iterator[tuple[int, T]]:
    """Do all pieces and yield each with its result, in the order in which they are done.

    With a scheduler (an address such as `tcp://host:8786`) the workers are those of its cluster, which must have the
    same parkloop and the same HiGHS: other ones would answer otherwise, and nothing would tell.

    Raises:
        InputError: the cluster cannot be reached, has other versions, or lost its workers again and again.
        Exception: whatever the work raises.
    """
    if scheduler is not None:
        yield from _on_cluster(work, blob, pieces, scheduler)
    elif workers > 1:
        yield from _in_processes(work, blob, pieces, workers)
    else:
        for piece in pieces:
            yield piece, work(blob, piece)


def _in_processes(work: Work[T], blob: bytes, pieces: Iterable[int], workers: int) -> Iterator[tuple[int, T]]:
    """Worker processes are started anew, never forked: threads of the solver do not survive a fork."""
    left, deaths = list(dict.fromkeys(pieces)), 0
    while left:
        done: set[int] = set()
        try:
            for piece, result in _in_one_pool(work, blob, left, workers):
                done.add(piece)
                yield piece, result
        except BrokenProcessPool as error:
            deaths = 1 if done else deaths + 1
            if deaths >= PATIENCE:
                what = f"worker processes died {deaths} times without a result"
                raise InputError([Problem(None, what, "there may be too little memory: take fewer workers")]) from error
        left = [piece for piece in left if piece not in done]


def _in_one_pool(work: Work[T], blob: bytes, pieces: list[int], workers: int) -> Iterator[tuple[int, T]]:
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(pieces)), mp_context=context, initializer=_end_with_parent)
    waiting = iter(pieces)
    running: dict[Future[T], int] = {}
    try:
        while True:
            for piece in islice(waiting, max(0, 2 * workers - len(running))):
                running[pool.submit(work, blob, piece)] = piece
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=not running, cancel_futures=True)


def _end_with_parent() -> None:
    """Let a worker end as soon as the process that started it is gone, however that ended."""
    import multiprocessing
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then lets its workers go
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _on_cluster(work: Work[T], blob: bytes, pieces: Iterable[int], scheduler: str) -> Iterator[tuple[int, T]]:
    try:
        import distributed
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        mend = "install the extra: pip install 'parkloop[dask]'"
        raise InputError([Problem(None, "`--scheduler` needs the package distributed", mend)]) from error
    cluster: Any = distributed  # it states no types
    try:
        client = cluster.Client(scheduler, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        mend = "start `dask scheduler` and `dask worker ADDRESS`, and write e.g. tcp://127.0.0.1:8786"
        raise InputError([Problem(None, f"there is no Dask scheduler at `{scheduler}`", mend)]) from error
    with client:
        here = engine()
        futures = {
            client.submit(_on_worker, work, here, blob, piece, pure=False, retries=PATIENCE): piece for piece in pieces
        }
        try:
            for future in cluster.as_completed(list(futures), loop=client.loop):  # not that of a default client
                yield futures[future], future.result()
                future.release()
        except (OtherEngineError, ImportError) as error:
            mend = f"install on all workers what runs here: {here}"
            raise InputError([Problem(None, f"a worker of the cluster cannot do the work: {error}", mend)]) from error
        except KilledWorker as error:
            mend = "look at the memory of the workers; the same command goes on where the sweep stopped"
            raise InputError([Problem(None, "the workers of the cluster died again and again", mend)]) from error
        finally:
            client.cancel(list(futures))


class OtherEngineError(RuntimeError):
    """A worker has other versions than the process that asks it. The message names them."""


def engine() -> str:
    """What answers here: the versions of parkloop and of HiGHS."""
    from importlib.metadata import PackageNotFoundError, version

    from .handle import SOLVER

    try:
        own = version("parkloop")
    except PackageNotFoundError:  # run from a checkout that is not installed
        own = "unknown"
    return f"parkloop {own}, {SOLVER}"


def _on_worker(work: Work[T], asked: str, blob: bytes, piece: int) -> T:
    """Do a piece on a worker of a cluster, if it has the versions that it is asked for: workers come and go."""
    if engine() != asked:
        raise OtherEngineError(f"it has {engine()}")
    return work(blob, piece)
