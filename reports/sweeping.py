"""A sweep: many samples of some values of a case, answered, kept in a file, and summed up."""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.document import plain
from ..flows.network import Network
from ..flows.problems import InputError, Position, Problem, Source, nearest
from ..flows.sampling import Sampling, chunks, design
from ..flows.variation import Variation, read_variations
from ..flows.wording import Language, joined
from ..models.compile import compile_program
from ..models.program import ProgramError
from ..solver.handle import SOLVER
from ..solver.sweep import spread
from .result import versions
from .sampled import Row, Task, amount_units, answer_chunk, indicator_column, named_columns
from .summary import Paper
from .sweep_file import Column, SweepFile
from .sweep_phrases import sweep_phrases as words

SCHEMA = "parkloop.sweep/1"
LEAST_CHUNK, LARGEST_CHUNK, MANY = 8, 64, 32
"""samples that are solved one after the other at least and at most; chunks that a sweep between is cut into"""
MEASURES = ("least", "median", "mean", "most")
"""figures that a column is summed up by"""
LINE_EVERY = 10.0
"""time between two lines of progress where there is no terminal, s"""
Progress = Callable[[int, int, float, float | None], None]
"""takes samples done, all samples, samples per second, and seconds left where that is known"""


@dataclass(frozen=True)
class SweepRequest:
    """What a sweep is to do."""

    vary: tuple[str, ...]
    """`PATH=…`, as `flows.variation` reads it"""
    output: Path
    scenarios: tuple[str, ...] = ("base",)
    sets: tuple[str, ...] = ()
    samples: int | None = None
    seed: int = 0
    sampling: Sampling | None = None
    record: tuple[str, ...] = ()
    time_limit: float | None = None
    workers: int = 1
    scheduler: str | None = None


@dataclass(frozen=True)
class Spread:
    """A column of figures over all samples that have one."""

    name: str
    unit: str
    least: float
    median: float
    mean: float
    most: float


@dataclass(frozen=True)
class SweepSummary:
    """What came out."""

    case: str
    file: Path
    samples: int
    solved: int
    """samples solved by this run; the others were in the file"""
    statuses: dict[str, int]
    inputs: tuple[Spread, ...]
    answers: tuple[Spread, ...]
    first_failure: str
    """reason of the first sample that failed, "" where none did"""

    @property
    def hopeless(self) -> bool:
        """Not one sample has an answer."""
        return "optimal" not in self.statuses

    def to_json(self) -> str:
        """Return the summary as JSON."""
        document = {
            "schema": SCHEMA,
            "case": self.case,
            "file": str(self.file),
            "samples": self.samples,
            "solved": self.solved,
            "statuses": self.statuses,
            "inputs": {it.name: _figures(it) for it in self.inputs},
            "answers": {it.name: _figures(it) for it in self.answers},
            "first_failure": self.first_failure,
        }
        return json.dumps(document, indent=2, ensure_ascii=False)

    def print(self, paper: Paper, language: Language = "en") -> None:
        """Print the summary as tables."""
        from rich.markup import escape

        from .figures import figure, multiple

        statuses = joined(words.tell("counted", count=n, status=words.tell(it)) for it, n in self.statuses.items())
        paper.print(words("samples", language, case=self.case, count=self.samples, statuses=statuses))
        names, unit = [words(word, language) for word in MEASURES], words("unit", language)
        table = paper.table("", [("", "left"), (unit, "left"), *((name, "right") for name in names)])
        for it in (*self.inputs, *self.answers):
            figures = (it.least, it.median, it.mean, it.most)
            factor, unit = multiple(figures, it.unit)
            table.add_row(escape(it.name), unit, *(figure(value / factor) for value in figures))
        paper.print(table)
        if self.first_failure:
            paper.print(escape(words("first_failure", language, why=self.first_failure)))
        paper.print(escape(words("written", language, file=self.file)))


class Meter:
    """Says how far a sweep is: on a terminal all the time, elsewhere as a line every ten seconds."""

    def __init__(self, live: Callable[[str], None], line: Callable[[str], None] | None) -> None:
        """Take who shows a text that is written over again and again, and who a line; None for nobody."""
        self.live, self.line = live, line
        self.said = time.monotonic()
        self.kept = ""
        """how many samples the file has, in words; "" before there is any"""

    def __call__(self, done: int, total: int, rate: float, left: float | None) -> None:
        """Take how many samples are done of all, how many a second, and the seconds left."""
        self.kept = f"{done} of {total} samples"
        remaining = "" if left is None else f", {_clock(left)} left"
        text = f"sweep {done}/{total} samples, {rate:.3g} a second{remaining}"
        self.live(text)
        if self.line is not None and not sys.stderr.isatty() and time.monotonic() - self.said >= LINE_EVERY:
            self.said = time.monotonic()
            self.line(text)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def run_sweep(tree: CaseTree, request: SweepRequest, progress: Progress = lambda *_: None) -> SweepSummary:
    """Answer all samples that the file of a sweep does not have yet, and finish the file.

    Samples that fail are recorded. A sweep that is stopped goes on with the same request, and ends in the same bytes,
    whatever the number of workers.

    Raises:
        InputError: the request cannot be understood or does not fit the case, or the file cannot be used.
    """
    variations = read_variations(request.vary)
    drawn = design(variations, request.samples, request.seed, request.sampling)
    count = len(drawn.values)
    size = max(LEAST_CHUNK, min(LARGEST_CHUNK, count // MANY))
    pieces = [
        tuple(number * count + sample for sample in part)
        for number in range(len(request.scenarios))
        for part in chunks(drawn.place, size)
    ]
    task = Task(
        root=tree.root,
        files=tree.files,
        folder=tree.folder,
        sets=request.sets,
        variations=variations,
        scenarios=tuple(name for name in request.scenarios for _ in range(count)),
        values=drawn.values * len(request.scenarios),
        chunks=tuple(pieces),
        record=request.record,
        time_limit=request.time_limit,
    )
    first = _first_networks(tree, task, request)
    file = SweepFile(request.output, _settings(tree, task, request, drawn.sampling), _columns(task, first, request))
    had = file.open()
    solved = 0
    if had is not None:
        solved = _fill(file, task, request, had, progress)
        file.finish()
    return _summary(next(iter(first.values())).case, file, solved)


def _fill(file: SweepFile, task: Task, request: SweepRequest, had: frozenset[int], progress: Progress) -> int:
    """Answer the chunks that are missing; return how many samples that were."""
    left = [number for number, chunk in enumerate(task.chunks) if not had.issuperset(chunk)]
    total, done = len(task.values), 0
    with file.writing() as journal:
        begin = time.perf_counter()
        for _, rows in spread(answer_chunk, task.packed(), left, request.workers, request.scheduler):
            journal.add(_complete(row, task) for row in rows)
            done += len(rows)
            rate = done / (time.perf_counter() - begin)
            progress(len(had) + done, total, rate, (total - len(had) - done) / rate)
    return done


def _complete(row: Row, task: Task) -> Row:
    """Add scenario and values to the row of a sample."""
    sample = row["sample"]
    inputs = {it.path: value for it, value in zip(task.variations, task.values[sample], strict=True)}
    return {**row, **inputs, "scenario": task.scenarios[sample]}


def _first_networks(tree: CaseTree, task: Task, request: SweepRequest) -> dict[str, Network]:
    """Read the first sample of each scenario, so that what fits no sample is said at once.

    Raises InputError where a path matches nothing, or where not one of the first samples can be read.
    """
    found: dict[str, Network] = {}
    count = len(task.values) // len(request.scenarios)
    for number, scenario in enumerate(request.scenarios):
        tried = list(dict.fromkeys((0, count // 2, count - 1)))
        for attempt, place in enumerate(tried):
            values = task.values[number * count + place]
            settings = [it.setting(value) for it, value in zip(task.variations, values, strict=True)]
            try:
                found[scenario] = build_network(tree.case(scenario, [*task.sets, *settings]))
                break
            except InputError as error:
                problems = [_as_vary(problem, task.variations) for problem in error.problems]
                lost = any("matches nothing" in problem.what for problem in problems)
                if lost or attempt == len(tried) - 1:
                    raise InputError(problems) from error
    return found


def _as_vary(problem: Problem, variations: tuple[Variation, ...]) -> Problem:
    """Say of a setting that a sample made that it comes from `--vary`."""
    position = problem.position
    names = {f"--set {it.path}": f"--vary {it.path}" for it in variations}
    if position is None or position.file not in names:
        return problem
    source = Source(names[position.file], position.source.text)
    return replace(problem, position=Position(source, position.line, position.column))


def _columns(task: Task, first: dict[str, Network], request: SweepRequest) -> tuple[Column, ...]:
    network = next(iter(first.values()))
    columns = [Column("sample", "sample", "", "INTEGER"), Column("scenario", "sample", "", "TEXT")]
    columns += [
        Column(it.path, "input", "" if it.unit == "1" else it.unit, "REAL" if it.is_numeric else "TEXT")
        for it in task.variations
    ]
    columns += [Column("status", "answer", "", "TEXT"), Column("reason", "answer", "", "TEXT")]
    columns += [Column("objective", "answer", network.goal.unit, "REAL"), Column("unique", "answer", "", "INTEGER")]
    tables = [it.indicators for it in first.values()]
    indicators = {text.id: unit for it in tables for text, unit in zip(it.label, it.unit, strict=True)}
    columns += [Column(indicator_column(name), "indicator", unit, "REAL") for name, unit in indicators.items()]
    return (*columns, *_recorded_columns(first, request.record))


def _recorded_columns(first: dict[str, Network], patterns: Sequence[str]) -> list[Column]:
    if not patterns:
        return []
    units: dict[str, str] = {}
    known: list[str] = []
    for network in first.values():
        try:
            program = compile_program(network)
        except ProgramError:
            continue
        known += [name for _, name, _ in named_columns(program, ["*"])]
        for block, name, place in named_columns(program, patterns):
            units.setdefault(name, amount_units(network, block.name)[place])
        for pattern in patterns:
            if not named_columns(program, [pattern]):
                mend = nearest(pattern, known) or "look at `parkloop export CASE -o case.lp` for the names"
                raise InputError([Problem(None, f"`--record {pattern}` fits no column of the program", mend)])
    return [Column(name, "flow", unit, "REAL") for name, unit in units.items()]


def _settings(tree: CaseTree, task: Task, request: SweepRequest, sampling: Sampling) -> dict[str, Any]:
    """All that the results depend on."""
    drawn = json.dumps([task.values, task.chunks]).encode()
    return {
        "format": SCHEMA,
        "case": str(plain(tree.root).get("case")),
        "case_sha256": _hash(tree),
        "vary": [f"{it.path}={it.stated}" for it in task.variations],
        "scenarios": list(request.scenarios),
        "set": list(request.sets),
        "sampling": sampling,
        "samples": request.samples,
        "seed": request.seed,
        "record": list(request.record),
        "time_limit": request.time_limit,
        "values_sha256": hashlib.sha256(drawn).hexdigest(),
        "versions": {**versions(SOLVER), **{name: version(name) for name in ("highspy", "numpy", "scipy")}},
    }


def _hash(tree: CaseTree) -> str:
    """Hash of what the case says and of the tables it reads, not of how it is laid out."""
    content = plain(tree.root)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str, ensure_ascii=False).encode())
    profiles = content.get("profiles")
    for profile in profiles.values() if isinstance(profiles, dict) else ():
        name = profile.get("file") if isinstance(profile, dict) else None
        if isinstance(name, str) and tree.folder is not None and (tree.folder / name).is_file():
            digest.update((tree.folder / name).read_bytes())
    return digest.hexdigest()


def _summary(case: str, file: SweepFile, solved: int) -> SweepSummary:
    rows = file.rows()
    statuses: dict[str, int] = {}
    for row in rows:
        statuses[row["status"]] = statuses.get(row["status"], 0) + 1
    figures = [it for it in file.columns if it.type == "REAL"]
    return SweepSummary(
        case=case,
        file=file.path,
        samples=len(rows),
        solved=solved,
        statuses=dict(sorted(statuses.items())),
        inputs=tuple(found for it in figures if it.kind == "input" and (found := _spread(it, rows))),
        answers=tuple(found for it in figures if it.kind != "input" and (found := _spread(it, rows))),
        first_failure=next((row["reason"] for row in rows if row["status"] == "failed"), ""),
    )


def _spread(column: Column, rows: Sequence[Row]) -> Spread | None:
    values = [row[column.name] for row in rows if row[column.name] is not None]
    if not values:
        return None
    middle, mean = statistics.median(values), statistics.fmean(values)
    return Spread(column.name, column.unit, min(values), middle, mean, max(values))


def _figures(it: Spread) -> dict[str, Any]:
    return {"unit": it.unit, "least": it.least, "median": it.median, "mean": it.mean, "most": it.most}
