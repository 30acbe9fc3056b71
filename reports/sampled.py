"""The answer to one sample of a sweep: values laid over the case, its program solved warm, figures that are unique.

Chunks are the unit of work. A chunk starts from the basis of one program that is the same for all chunks of a scenario,
in a solver of its own, and takes its samples in a fixed order. What it returns depends on nothing else: not on the
process, the number of workers, or what ran before.
"""

from __future__ import annotations

import fnmatch
import pickle
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.document import Mapping
from ..flows.network import Network
from ..flows.problems import InputError
from ..flows.sampling import Values
from ..flows.tables import Floats
from ..flows.variation import Variation
from ..models.compile import compile_program
from ..models.coverage import indicator_value
from ..models.indicator import account_values, whole_values
from ..models.program import Block, Program, ProgramError
from ..models.weighing import account_weights
from ..solver.answer import certified
from ..solver.handle import SolverError
from ..solver.lexicographic import break_tie, solve_stages
from ..solver.nearby import Nearby, Stated, cost_of, nearby
from ..solver.session import Session
from ..solver.solution import SolveOptions
from ..solver.uniqueness import may_move

Row = dict[str, Any]
"""one sample as it is recorded: sample, status, reason, objective, indicators and recorded flows by column"""


@dataclass(frozen=True)
class Task:
    """All that a worker must know of a sweep."""

    root: Mapping
    files: tuple[str, ...]
    folder: Path | None
    sets: tuple[str, ...]
    variations: tuple[Variation, ...]
    scenarios: tuple[str, ...]
    """(n,) scenario of each sample"""
    values: tuple[Values, ...]
    """(n,) values of the variations in each sample"""
    chunks: tuple[tuple[int, ...], ...]
    """samples that are solved one after the other, all of one scenario"""
    record: tuple[str, ...] = ()
    """patterns of names of columns whose totals are recorded"""
    time_limit: float | None = None

    def packed(self) -> bytes:
        """Return the task as bytes for `answer_chunk`."""
        return zlib.compress(pickle.dumps(self))


def answer_chunk(packed: bytes, chunk: int) -> list[Row]:
    """Answer the samples of one chunk, in any process that has parkloop."""
    return _answerer(packed).answer(chunk)


@lru_cache(maxsize=2)
def _answerer(packed: bytes) -> Answerer:
    """A worker reads a case once for all its chunks."""
    return Answerer(pickle.loads(zlib.decompress(packed)))


@dataclass(frozen=True, eq=False)
class Compiled:
    """The program of a sample as the case says it."""

    network: Network
    program: Program


@dataclass(eq=False)
class Answerer:
    """Answers samples, chunk by chunk."""

    task: Task
    _starts: dict[str, _Start] = field(default_factory=dict)
    _near: dict[tuple[Any, ...], Nearby | None] = field(default_factory=dict)

    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        task = self.task
        self.tree = CaseTree(task.root, task.files, folder=task.folder)
        self.options = SolveOptions(time_limit=task.time_limit)
        self.figures = [k for k, it in enumerate(task.variations) if it.is_numeric]

    def answer(self, chunk: int) -> list[Row]:
        """Return the rows of a chunk. Threads of one process take turns: they share what was read."""
        with self._turn:
            return self._answer_chunk(chunk)

    def _answer_chunk(self, chunk: int) -> list[Row]:
        samples = self.task.chunks[chunk]
        start = self._start(self.task.scenarios[samples[0]])
        if start.program is None:  # nothing to start from: the first sample of the scenario cannot even be read
            return [self._alone(sample) for sample in samples]
        near = self._nearby_of_chunk(samples, start)
        with Session(start.program, self.options) as session:
            session.start_at(start.statuses)
            return [self._answer(sample, session, start, near) for sample in samples]

    def compiled(self, sample: int, like: Program | None = None) -> Compiled:
        """Compile the program of a sample from the case. Raises InputError and ProgramError."""
        return self._compile(self.task.scenarios[sample], self.task.values[sample], like)

    def _compile(self, scenario: str, values: Values, like: Program | None) -> Compiled:
        settings = [it.setting(value) for it, value in zip(self.task.variations, values, strict=True)]
        network = build_network(self.tree.case(scenario, [*self.task.sets, *settings]))
        return Compiled(network, compile_program(network, like=like))

    def _start(self, scenario: str) -> _Start:
        """Solve the first sample of a scenario cold: where all its chunks start."""
        if scenario not in self._starts:
            try:
                compiled = self.compiled(self.task.scenarios.index(scenario))
            except (InputError, ProgramError):
                self._starts[scenario] = _Start(None, None, None)
            else:
                with Session(compiled.program, self.options) as session:
                    session.solve()
                    statuses = session.statuses()
                self._starts[scenario] = _Start(compiled.program, compiled.network, statuses)
        return self._starts[scenario]

    def _alone(self, sample: int) -> Row:
        """Answer a sample that has nothing to start from."""
        try:
            compiled = self.compiled(sample)
        except (InputError, ProgramError) as error:
            return _failed(sample, error)
        with Session(compiled.program, self.options) as session:
            return self._solved(sample, session, compiled, _stated(compiled))

    def _answer(self, sample: int, session: Session, start: _Start, near: Nearby | None) -> Row:
        if near is not None:
            stated = near.at([float(self.task.values[sample][k]) for k in self.figures])
            assert start.network is not None
            session.take(stated.program)
            row = self._solved(sample, session, Compiled(start.network, stated.program), stated)
            if row["status"] == "optimal":
                return row
        try:  # what has no answer is said of the case itself
            compiled = self.compiled(sample, like=start.program)
        except (InputError, ProgramError) as error:
            return _failed(sample, error)
        session.take(compiled.program)
        return self._solved(sample, session, compiled, _stated(compiled))

    def _solved(self, sample: int, session: Session, compiled: Compiled, stated: Stated | None) -> Row:
        """Solve what the session holds. Flows that are not the only best ones are made so, where they may be."""
        try:
            program, solution, _ = solve_stages(compiled.program, session)
            loose = solution.status == "optimal" and (program.is_integer or may_move(program, solution))
            if solution.status == "optimal" and not program.is_integer and loose:
                solution = break_tie(program, solution, session)
            solution, _ = certified(program, solution)
        except SolverError as error:
            return _failed(sample, error)
        row: Row = {"sample": sample, "status": solution.status, "reason": solution.reason}
        x = solution.column_value
        if x is None or solution.objective is None:
            return row
        row |= {"reason": "", "objective": solution.objective, "unique": int(not loose)}
        row |= self._indicators(compiled, program, x, stated)
        return row | recorded(program, x, self.task.record)

    def _indicators(self, compiled: Compiled, program: Program, x: Floats, stated: Stated | None) -> Row:
        network = compiled.network
        accounts = whole_values(account_values(network, program, x)) if stated is None else stated.weights.accounts(x)
        table, found = network.indicators, {}
        for number, text in enumerate(table.label):
            found[indicator_column(text.id)] = indicator_value(network, accounts, number)
        return found

    def _nearby_of_chunk(self, samples: Sequence[int], start: _Start) -> Nearby | None:
        """Return how the programs of a chunk follow from their figures, if the first of them confirms it."""
        first = samples[0]
        key = self._group(first)
        if any(self._group(sample) != key for sample in samples):
            return None
        if key not in self._near:
            self._near[key] = self._find_nearby(first, key, start)
        near = self._near[key]
        if near is None:
            return None
        try:
            compiled = _stated(self.compiled(first, like=start.program))
        except (InputError, ProgramError):
            return None
        figures = [float(self.task.values[first][k]) for k in self.figures]
        return near if compiled is not None and near.agrees(figures, compiled) else None

    def _group(self, sample: int) -> tuple[Any, ...]:
        """Scenario and words of a sample: what has no figure in between."""
        values = self.task.values[sample]
        return (self.task.scenarios[sample], *(it for it in values if isinstance(it, str)))

    def _find_nearby(self, sample: int, key: tuple[Any, ...], start: _Start) -> Nearby | None:
        members = [s for s in range(len(self.task.values)) if self._group(s) == key]
        if not self.figures or len(members) < 2 * cost_of(len(self.figures)):
            return None  # to find out would cost more than it saves
        ends = np.array([[float(self.task.values[s][k]) for k in self.figures] for s in members])

        def compile_at(figures: Sequence[float]) -> Stated:
            values = list(self.task.values[sample])
            for k, figure in zip(self.figures, figures, strict=True):
                values[k] = figure
            stated = _stated(self._compile(self.task.scenarios[sample], tuple(values), start.program))
            if stated is None:
                raise ProgramError("whole numbers")
            return stated

        try:
            return nearby(compile_at, ends.min(axis=0).tolist(), ends.max(axis=0).tolist())
        except (InputError, ProgramError):
            return None


@dataclass(frozen=True, eq=False)
class _Start:
    """The first sample of a scenario, and where its columns and rows stand when it is solved."""

    program: Program | None
    network: Network | None
    statuses: Any


def _stated(compiled: Compiled) -> Stated | None:
    if compiled.program.is_integer:
        return None
    return Stated(compiled.program, account_weights(compiled.network, compiled.program))


def _failed(sample: int, error: Exception) -> Row:
    if isinstance(error, InputError):
        problem = next(it for it in error.problems if it.severity == "error")
        what = f"{problem.position}: {problem.what}" if problem.position else problem.what
        return {"sample": sample, "status": "failed", "reason": what}
    return {"sample": sample, "status": "failed", "reason": str(error)}


def recorded(program: Program, x: Floats, patterns: Sequence[str]) -> dict[str, float]:
    """Totals of the columns whose names (without period) fit a pattern, over all periods, user units."""
    found: dict[str, float] = {}
    if not patterns:
        return found
    for block, name, place in named_columns(program, patterns):
        values = program.column_view(block.name, x)[:, place]
        weight = program.weight if block.periodic else np.ones(1)
        found[name] = float(weight @ values)
    return found


def named_columns(program: Program, patterns: Sequence[str]) -> list[tuple[Block, str, int]]:
    """Columns of amounts whose names fit a pattern: block, name without period, place in the block."""
    escaped = [pattern.replace("[", "[[]") for pattern in patterns]
    return [
        (block, name, place)
        for block in program.column_blocks.values()
        if block.name in AMOUNTS
        for place, name in enumerate(block.names())
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in escaped)
    ]


def indicator_column(name: str) -> str:
    """Return the column of an indicator: its own name, unless that is taken."""
    return f"indicator.{name}" if name in RESERVED else name


RESERVED = ("sample", "scenario", "status", "reason", "objective", "unique", "exchange")
"""columns of the samples that are no indicators"""
AMOUNTS = ("run", "fill", "deal", "exchange", "ship")
"""blocks of columns that count an amount of a material"""


def amount_units(network: Network, block: str) -> list[str]:
    """Unit of each column of a block of amounts."""
    nodes = network.nodes.material
    material = {
        "run": network.plants.reference,
        "fill": nodes[network.options.node],
        "deal": nodes[network.deals.node],
        "exchange": nodes[network.exchanges.source],
        "ship": nodes[network.shipments.source],
    }[block]
    return [network.materials.unit[number] for number in material]
