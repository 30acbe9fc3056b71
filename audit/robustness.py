"""Robustness of a finding: which numbers move it most, by how much, and how likely it holds.

The finding is a measure (the objective or an indicator) of one scenario, or how much better it is there than in
another. Numbers are ranked by their first-order estimate, pull times uncertainty (`pulls`, `uncertain`). Those that
rank first are then put to both ends of their range, one at a time, and the case is solved again: what counts is that
answer, the estimate stands beside it. At last all of them vary together; both scenarios are solved with the same values
(common random numbers), so the share of samples in which one beats the other has the standard error of a share,

    p = k/n,     √(p·(1 − p)/n)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ..flows.build import build_network
from ..flows.case import Case, CaseTree
from ..flows.network import Network
from ..flows.problems import InputError
from ..flows.sampling import chunks, design
from ..flows.variation import Law, Variation
from ..models.compile import compile_program
from ..models.program import ProgramError
from ..reports.sampled import Row, Task, answer_chunk, indicator_column
from ..solver.answer import certified
from ..solver.lexicographic import solve_stages
from ..solver.session import Session
from ..solver.solution import SolveOptions
from ..solver.sweep import spread
from .finding import Chance, Moved, Request, Robustness
from .measured import MEASURE, read_measure, with_measure, wrong
from .others import other_paths, parameters_at
from .phrases import robustness_phrases
from .pulls import Answered, pulls, tried
from .uncertain import Number, number_at

ROUNDS = 3
"""times that numbers which cannot be varied alone are made up for by the next ones"""
LARGEST_CHUNK = 32
"""samples that are solved one after the other"""
ROUNDING = 1e-9
"""difference of two values that is none, relative to the larger one, 1"""
Watch = Callable[[int], None]


Ranked = tuple[Number, tuple[float, float]]
"""a number with its estimates at the low and the high end"""


@dataclass(eq=False)
class _Tornado:
    """What became of the numbers that were solved again."""

    values: list[float] = field(default_factory=list)
    """the measure as the case stands, by scenario"""
    moved: list[Moved] = field(default_factory=list)
    refused: list[Moved] = field(default_factory=list)
    looked_at: int = 0


@dataclass(frozen=True, eq=False)
class _Read:
    case: Case
    network: Network


def find_robustness(tree: CaseTree, request: Request, watch: Watch | None = None) -> Robustness:
    """Say how robust a finding is.

    Raises:
        InputError: a scenario, an indicator or a range does not fit the case.
    """
    if request.measure:
        tree = with_measure(tree, request.scenario, request.measure)
        request = replace(request, scenario=MEASURE, against=request.against or request.scenario)
    names = [request.scenario, *([] if request.against is None else [request.against])]
    if request.against == request.scenario:
        raise wrong(f"scenario `{request.scenario}` is compared with itself", "name another one")
    read = [_read(tree, name, request.sets) for name in names]
    measure, maximise, unit = read_measure(read[0].network, request.of)
    if request.against is not None:
        read_measure(read[1].network, request.of)
    empty = Robustness(
        tree.case(request.scenario, request.sets).name,
        request.scenario,
        request.against,
        read[0].network.title,
        "optimal",
        "",
        read[0].network.goal.name if measure is None else measure,
        maximise,
        unit,
        spreads=request.spreads,
    )
    finder = _Finder(tree, request, tuple(names), tuple(read), measure, maximise, watch)
    return finder.find(empty)


@dataclass(eq=False)
class _Finder:
    tree: CaseTree
    request: Request
    names: tuple[str, ...]
    read: tuple[_Read, ...]
    measure: str | None
    maximise: bool
    watch: Watch | None
    done: int = 0
    known: dict[str, Number | None] = field(default_factory=dict)

    def find(self, empty: Robustness) -> Robustness:
        answers = []
        for name, read in zip(self.names, self.read, strict=True):
            answer, status, reason = self._answer(read.network)
            if answer is None:
                return replace(
                    empty, status=status, reason=robustness_phrases.tell("scenario", name=name, reason=reason)
                )
            answers.append(answer)
        ranked, apart, untried = self._ranked(answers)
        ranked = self._with_given(ranked, apart)
        tornado = self._tornado(self._with_plan_changers(ranked, answers), answers)
        if tornado is None:
            return replace(empty, status="stopped", reason=robustness_phrases.tell("not_again"))
        varied = [it.number for it in tornado.moved if it.low is not None and it.high is not None]
        looked_at = {it.number.path for it in (*tornado.moved, *tornado.refused)}
        rest = [estimate for number, estimate in ranked if number.path not in looked_at]
        return replace(
            empty,
            value=tornado.values[0],
            other=tornado.values[1] if len(tornado.values) > 1 else None,
            finding=self._finding(tornado.values),
            moved=tuple(sorted(tornado.moved, key=lambda it: (it.is_read, -it.swing))),
            refused=tuple(tornado.refused),
            numbers=len(ranked),
            unread=sum(number.access != "read" for number, _ in ranked),
            left=None if self.staged else max((max(map(abs, estimate)) for estimate in rest), default=None),
            untried=untried,
            stated_apart=tuple(apart),
            chance=self._chance(varied) if self.request.samples and varied else None,
        )

    def _tornado(self, ranked: list[Ranked], answers: list[Answered]) -> _Tornado | None:
        """Solve numbers again at both ends, the largest estimates first, until enough of them can be varied alone."""
        found = _Tornado()
        for _ in range(ROUNDS):
            wanted = self.request.top - len(found.moved)
            chosen = [self._refined(it, answers) for it in ranked[found.looked_at : found.looked_at + wanted]]
            if not chosen and found.values:
                break
            rows = self._solved(self._one_at_a_time([number for number, _ in chosen]))
            size = 1 + 2 * len(chosen)
            values = [self._value(rows[n * size]) for n in range(len(self.names))]
            found.values = [value for value in values if value is not None]
            if len(found.values) < len(self.names):
                return None
            for place, (number, estimate) in enumerate(chosen):
                ends = [[rows[n * size + 1 + 2 * place + end] for n in range(len(self.names))] for end in (0, 1)]
                moved = self._moved(found.values, ends, number, estimate)
                failed = any(row["status"] == "failed" for end in ends for row in end)
                (found.refused if failed else found.moved).append(moved)
            found.looked_at += len(chosen)
        return found

    @property
    def staged(self) -> bool:
        """An objective has several stages, so that duals with the former held are good for an order only."""
        return any(len(it.network.stages) > 1 for it in self.read)

    def _answer(self, network: Network) -> tuple[Answered | None, str, str]:
        indicator = None if self.measure is None else [t.id for t in network.indicators.label].index(self.measure)
        try:
            program = compile_program(network)
        except ProgramError as error:
            return None, "stopped", str(error)
        if program.is_integer and indicator is not None:
            raise wrong(
                "what moves an indicator is not known to first order where plants are on or off",
                "leave out --of, or vary numbers of your own by `parkloop sweep`",
            )
        with Session(program, SolveOptions(time_limit=self.request.time_limit)) as session:
            last, solution, _ = solve_stages(program, session)
        solution, _ = certified(last, solution)
        if solution.column_value is None:
            return None, solution.status, solution.reason
        return Answered(network, last, solution, indicator), solution.status, ""

    def _ranked(self, answers: list[Answered]) -> tuple[list[Ranked], list[str], int]:
        """Numbers with their estimates, the largest first; paths stated apart; how many were not looked at."""
        found: dict[str, tuple[Number, list[float]]] = {}
        apart: list[str] = []
        for place, answer in enumerate(answers):
            for path, value in pulls(answer).items():
                self._note(found, apart, path, place, value)
        others, untried = other_paths(self.read[0].case, self.read[0].network, self.measure)
        for path in others:
            number = self._number(path)
            if number is None or number.path in found or not number.value:
                continue
            for place, answer in enumerate(answers):
                looked = tried(answer, self._builder(place, number))
                if looked is not None:
                    self._note(found, apart, path, place, looked)
            self._tell()
        ranked = []
        for number, by_scenario in found.values():
            pull = self._finding([by_scenario[place] for place in range(len(answers))])
            low, high = number.moves
            if pull is not None and pull * (high - low):
                ranked.append((number, (pull * low, pull * high)))
        ranked.sort(key=lambda it: (-max(map(abs, it[1])), it[0].path))
        return ranked, sorted(set(apart)), untried

    def _refined(self, ranked: Ranked, answers: list[Answered]) -> Ranked:
        """Look at a line of a recipe entry by entry: indicators and policies may weigh it beside its balance."""
        number, _ = ranked
        if not number.path.startswith("processes."):
            return ranked
        looked = [tried(answer, self._builder(place, number)) for place, answer in enumerate(answers)]
        pull = self._finding(looked)
        return ranked if pull is None else (number, (pull * number.moves[0], pull * number.moves[1]))

    def _with_given(self, ranked: list[Ranked], apart: list[str]) -> list[Ranked]:
        """Put numbers whose range the command line gives first: they are solved again whatever the estimate."""
        estimates = {number.path: estimate for number, estimate in ranked}
        given: dict[str, Number] = {}
        for path in self.request.ranges:
            number = self._number(path)
            if number is None:
                raise wrong(f"`--range {path}` meets no single number of the case", "write a path as `--set` takes it")
            if number.path not in apart:
                given[number.path] = number
        first = [(number, estimates.get(path, (0.0, 0.0))) for path, number in given.items()]
        first.sort(key=lambda it: (-max(map(abs, it[1])), it[0].path))
        return [*first, *(it for it in ranked if it[0].path not in given)]

    def _with_plan_changers(self, ranked: list[Ranked], answers: list[Answered]) -> list[Ranked]:
        """Put numbers that pull hard at the objective behind the first ones, where an indicator is measured.

        A price does nothing to such an indicator to first order, but it may change the plan.
        """
        if self.measure is None:
            return ranked
        found: dict[str, tuple[Number, list[float]]] = {}
        for place, answer in enumerate(answers):
            for path, value in pulls(replace(answer, indicator=None)).items():
                self._note(found, [], path, place, value)
        estimates = {number.path: estimate for number, estimate in ranked}
        first = ranked[: self.request.top - self.request.top // 3]
        known = {number.path for number, _ in first}
        size = {
            number.path: max(abs(value) for value in values) * max(map(abs, number.moves))
            for number, values in found.values()
        }
        changers = sorted((n for n, _ in found.values() if n.path not in known), key=lambda n: (-size[n.path], n.path))
        behind = [(number, estimates.get(number.path, (0.0, 0.0))) for number in changers[: self.request.top // 3]]
        known |= {number.path for number, _ in behind}
        return [*first, *behind, *(it for it in ranked if it[0].path not in known)]

    def _note(
        self, found: dict[str, tuple[Number, list[float]]], apart: list[str], path: str, place: int, pull: float
    ) -> None:
        number = self._number(path)
        if number is None:
            return
        parts = number.path.split(".")
        if len({it.case.text_at(*parts) for it in self.read}) > 1:
            apart.append(number.path)
            return
        _, by_scenario = found.setdefault(number.path, (number, [0.0] * len(self.names)))
        by_scenario[place] += pull

    def _number(self, path: str) -> Number | None:
        """Number at a path; where a parameter is written there, the parameter."""
        case = self.read[0].case
        name = self._parameters.get(path) or self._parameters.get(f"{path}.value")
        if path not in self.known:
            where = f"parameters.{name}" if name else path
            self.known[path] = number_at(case, where, self.request.spreads, self.request.ranges)
        return self.known[path]

    @cached_property
    def _parameters(self) -> dict[str, str]:
        """Name of the parameter that is written at a path."""
        return parameters_at(self.tree.root)

    def _builder(self, place: int, number: Number) -> Callable[[float], Network | None]:
        def build(factor: float) -> Network | None:
            setting = _variation(number, self.request.law).setting(number.value * factor)
            try:
                return build_network(self.tree.case(self.names[place], [*self.request.sets, setting]))
            except InputError:
                return None

        return build

    def _one_at_a_time(self, numbers: list[Number]) -> Task:
        """The case as it stands, then every number at its low and its high end, in each scenario."""
        stated = tuple(number.value for number in numbers)
        values = [stated]
        for place, number in enumerate(numbers):
            values += [(*stated[:place], end, *stated[place + 1 :]) for end in (number.low, number.high)]
        count = len(values)
        pieces = [tuple(range(n * count, (n + 1) * count)) for n in range(len(self.names))]
        return self._task(numbers, values, pieces)

    def _task(
        self, numbers: list[Number], values: Sequence[tuple[float | str, ...]], pieces: list[tuple[int, ...]]
    ) -> Task:
        return Task(
            root=self.tree.root,
            files=self.tree.files,
            folder=self.tree.folder,
            sets=self.request.sets,
            variations=tuple(_variation(number, self.request.law) for number in numbers),
            scenarios=tuple(name for name in self.names for _ in values),
            values=tuple(values) * len(self.names),
            chunks=tuple(pieces),
            time_limit=self.request.time_limit,
        )

    def _solved(self, task: Task) -> list[Row]:
        """Rows of all samples, in their order."""
        found: dict[int, Row] = {}
        for _, rows in spread(answer_chunk, task.packed(), range(len(task.chunks)), self.request.workers):
            found |= {row["sample"]: row for row in rows}
            self._tell(len(rows))
        return [found[sample] for sample in range(len(task.values))]

    def _tell(self, count: int = 1) -> None:
        self.done += count
        if self.watch is not None:
            self.watch(self.done)

    def _value(self, row: Row) -> float | None:
        value = row.get("objective" if self.measure is None else indicator_column(self.measure))
        return value if row["status"] == "optimal" else None

    def _finding(self, values: Sequence[float | None]) -> float | None:
        """The value, or how much better the first one is than the second."""
        if any(value is None for value in values):
            return None
        known = [value for value in values if value is not None]
        return known[0] if len(known) == 1 else (known[0] - known[1]) * (1 if self.maximise else -1)

    def _moved(
        self, stated: list[float], ends: list[list[Row]], number: Number, estimate: tuple[float, float]
    ) -> Moved:
        """Compare the answers at the two ends of a number with the case as it stands."""
        before = self._finding(stated) or 0.0
        found = [self._finding([self._value(row) for row in end]) for end in ends]
        least = ROUNDING * max(map(abs, stated))
        changes = (None if value is None else value - before for value in found)
        low, high = (0.0 if it is not None and abs(it) <= least else it for it in changes)
        reasons = [str(row["reason"]) for end in ends for row in end if row["status"] != "optimal"]
        return Moved(number, None if self.staged else estimate, low, high, next(iter(reasons), ""))

    def _chance(self, numbers: list[Number]) -> Chance:
        request = self.request
        variations = tuple(_variation(number, request.law) for number in numbers)
        drawn = design(variations, request.samples, request.seed, "random")
        count = len(drawn.values)
        pieces = [
            tuple(n * count + sample for sample in part)
            for n in range(len(self.names))
            for part in chunks(drawn.place, LARGEST_CHUNK)
        ]
        rows = self._solved(self._task(numbers, drawn.values, pieces))
        sides = [[self._value(rows[n * count + sample]) for n in range(len(self.names))] for sample in range(count)]
        answered = [[value for value in side if value is not None] for side in sides]
        answered = [side for side in answered if len(side) == len(self.names)]
        found = np.array([self._finding(side) for side in answered], float)
        wins = ties = None
        if len(self.names) > 1:
            room = np.array([ROUNDING * max(map(abs, side)) for side in answered])
            wins, ties = int((found > room).sum()), int((np.abs(found) <= room).sum())
        several = len(found) > 1
        quantiles = np.quantile(found, [0.05, 0.5, 0.95]).tolist() if len(found) else []
        return Chance(
            samples=count,
            answered=len(found),
            seed=request.seed,
            law=request.law,
            mean=float(found.mean()) if len(found) else None,
            deviation=float(found.std(ddof=1)) if several else None,
            quantiles=dict(zip(("5 %", "50 %", "95 %"), quantiles, strict=False)),
            wins=wins,
            ties=ties,
        )


def _read(tree: CaseTree, scenario: str, sets: tuple[str, ...]) -> _Read:
    case = tree.case(scenario, sets)
    return _Read(case, build_network(case))


def _variation(number: Number, law: str) -> Variation:
    """A number as a variation of a sweep, with the law between its ends."""
    figures = (number.low, number.value, number.high) if law == "triangular" else (number.low, number.high)
    return Variation(number.path, number.written, number.unit, law=Law(law, figures))
