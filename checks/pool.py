"""Check many cases: the cache first, then the rest in parallel, in the order given however it ends."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from ..flows.case import read_tree
from ..flows.includes import shown
from ..flows.problems import InputError
from ..solver.solution import SolveOptions
from .cache import Cache
from .case import CaseVerdict, check_case

LARGE = 20_000
"""bytes of a case and its tables from which its scenarios are checked apart from each other"""
_TABLE = re.compile(rb"[\w./-]+\.(?:csv|parquet)\b")
Tell = Callable[[int, int, str], None]
"""is told how many cases of how many are done, and which one was the last"""


def check_all(
    cases: Sequence[Path],
    *,
    jobs: int = 1,
    cache: Cache | None = None,
    fail_fast: bool = False,
    revision: str = "",
    time_limit: float | None = None,
    tell: Tell = lambda done, total, name: None,
) -> list[CaseVerdict]:
    """Check cases, each in every scenario.

    Args:
        cases: files of cases.
        jobs: processes that work at once.
        cache: where verdicts are kept; None checks everything.
        fail_fast: start no more cases after the first one that is not as expected.
        revision: commit that changes of the input are told from where no baseline is recorded.
        time_limit: budget of each solve, s.
        tell: is told how far it is.

    Returns a verdict for each case that was checked, in the order given.
    """
    found: dict[int, CaseVerdict] = {}
    for number, case in enumerate(cases):
        known = cache.get(case) if cache is not None else None
        if known is not None:
            found[number] = known
            tell(len(found), len(cases), shown(case))
    rest = [number for number in range(len(cases)) if number not in found]
    options = SolveOptions(time_limit=time_limit)
    if jobs > 1 and len(rest) > 1:
        done = _in_parallel(cases, rest, jobs, options, revision, fail_fast)
    else:
        done = _one_by_one(cases, rest, options, revision, fail_fast)
    for number, verdict in done:
        found[number] = verdict
        tell(len(found), len(cases), verdict.file)
        if cache is not None:
            cache.put(cases[number], verdict)
    return [found[number] for number in sorted(found)]


def _one_by_one(
    cases: Sequence[Path], rest: Sequence[int], options: SolveOptions, revision: str, fail_fast: bool
) -> Iterator[tuple[int, CaseVerdict]]:
    for number in rest:
        verdict = check_case(cases[number], options, revision)
        yield number, verdict
        if fail_fast and not verdict.passed:
            return


def _in_parallel(
    cases: Sequence[Path], rest: Sequence[int], jobs: int, options: SolveOptions, revision: str, fail_fast: bool
) -> Iterator[tuple[int, CaseVerdict]]:
    """The largest cases start first, their scenarios apart, so that none of them is left for the end."""
    parts = {number: _scenarios(cases[number]) for number in rest}
    order = sorted(rest, key=lambda number: (-_size(cases[number]), number))
    context = multiprocessing.get_context("spawn")  # a process with the threads of HiGHS cannot be forked
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running: dict[Future[CaseVerdict], tuple[int, int]] = {}
        for number in order:
            for part, scenario in enumerate(parts[number]):
                task = pool.submit(check_case, cases[number], options, revision, scenario)
                running[task] = (number, part)
        answered: dict[int, dict[int, CaseVerdict]] = {}
        try:
            while running:
                for task in wait(running, return_when=FIRST_COMPLETED).done:
                    number, part = running.pop(task)
                    mine = answered.setdefault(number, {})
                    mine[part] = task.result()
                    if len(mine) < len(parts[number]):
                        continue
                    verdict = _joined([mine[key] for key in sorted(mine)])
                    yield number, verdict
                    if fail_fast and not verdict.passed:
                        return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _scenarios(case: Path) -> list[str]:
    """Scenarios to check apart, where a case is large; else an empty name for all of them."""
    if _size(case) < LARGE:
        return [""]
    try:
        names = list(read_tree(case).scenarios)
    except InputError:
        return [""]
    return names if len(names) > 1 else [""]


def _size(case: Path) -> int:
    """Bytes of the case, and of the tables whose names stand in it: how much work it is, roughly."""
    try:
        text = case.read_bytes()
        tables: set[Path] = {case.parent / name.decode() for name in _TABLE.findall(text)}
        sizes: list[int] = [path.stat().st_size for path in tables if path.is_file()]
        return len(text) + sum(sizes)
    except (OSError, ValueError):
        return 0


def _joined(parts: list[CaseVerdict]) -> CaseVerdict:
    """One verdict of several on the same case; what changed is told once."""
    first = parts[0]
    for part in parts:
        if part.invalid:
            return part
    rows = tuple(row for part in parts for row in part.scenarios)
    told = next((part for part in parts if part.changed_since), first)
    return replace(first, scenarios=rows, changed=told.changed, changed_since=told.changed_since)


def workers() -> int:
    """Return how many processes this machine runs at once for us."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
