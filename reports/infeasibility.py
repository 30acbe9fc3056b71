"""Why a case has no answer, and what to change: in its own words, with its lines, and tried out before it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..flows.build import build_network
from ..flows.case import Case, CaseTree
from ..flows.network import Network
from ..flows.problems import InputError, TextError
from ..flows.tables import Bools
from ..flows.units import parse_quantity
from ..flows.wording import Saying, capital
from ..models.compile import compile_program
from ..models.program import Program
from ..solver.diagnosis import Change, Elastic
from ..solver.highs import solve
from ..solver.levers import Levers
from ..solver.solution import SolveOptions
from .blocked_phrases import field_phrases
from .blocking import Blocked, blocked
from .fields import FieldChange, field_changes, field_of, profiled_fields
from .trying import MOST_COEFFICIENTS, MOST_TRIED, fields_to_try, tried

ROUNDS = 6
"""times that a way is followed further where a line behind the first one is in the way too"""
STILL = 0.999
"""share of its last move by which a field is moved once more where it gave no room, 1"""
BLOCKED = 3
"""things asked for whose causes are told"""
Kind = Literal["cheapest", "ask less", "allow more", "exchange", "alone"]


@dataclass(frozen=True)
class Way:
    """Changes of the case that give it an answer."""

    kind: Kind
    changes: tuple[FieldChange, ...]
    settings: tuple[str, ...]
    """what to pass as `--set`, in order"""
    works: bool
    """the case was read and solved with these settings, and has flows that keep every limit"""


@dataclass(frozen=True)
class Infeasibility:
    """Why a case is infeasible."""

    case: str
    scenario: str
    blocked: tuple[Blocked, ...]
    ways: tuple[Way, ...]

    @property
    def sentences(self) -> list[Saying]:
        """What cannot be met, one sentence each."""
        return [capital(item.sentence) for item in self.blocked]

    def as_object(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "status": "infeasible",
            "blocked": [
                {**asdict(item), "because": [asdict(line) for line in item.because], "sentence": item.sentence}
                for item in self.blocked
            ],
            "ways": [
                {
                    "kind": way.kind,
                    "changes": [{**asdict(change), "sentence": change.sentence} for change in way.changes],
                    "settings": list(way.settings),
                    "works": way.works,
                }
                for way in self.ways
            ],
        }


class Trial:
    """A case that can be read again and again with more settings."""

    def __init__(
        self,
        tree: CaseTree,
        scenario: str,
        sets: Iterable[str] = (),
        options: SolveOptions | None = None,
        extend: Path | None = None,
    ) -> None:
        self.tree, self.scenario, self.sets, self.extend = tree, scenario, tuple(sets), extend
        self.options = options or SolveOptions()

    def read(self, more: Iterable[str] = ()) -> tuple[Case, Network, Program]:
        """Return the case with more settings, as a network and a program. Raises InputError."""
        case = self.tree.case(self.scenario, (*self.sets, *more))
        network = build_network(case, contradictory=True)
        program = compile_program(network)
        if self.extend is not None:
            from ..models.extension import extended  # pyomo, where it is asked for

            network, program, _ = extended(network, program, self.extend)
        return case, network, program

    def is_feasible(self, program: Program) -> bool:
        """Some flows satisfy every row and bound."""
        idle = replace(program, cost=np.zeros(program.columns), offset=0.0, stages=())
        return solve(idle, self.options).status == "optimal"


def explain_infeasible(trial: Trial, short: bool = False) -> Infeasibility:
    """Say why a case has no answer and what would give it one; `short` looks for the smallest change only.

    Raises InputError where the case cannot be read, SolverError where HiGHS refuses a program.
    """
    case, network, program = trial.read()
    with Elastic(network, program, trial.options) as elastic:
        asks = elastic.levers.asks
        everything = np.ones(len(asks), bool)
        asked, cheapest = elastic.least(asks), elastic.least(everything)
        told = asked if asked is not None and asked.levers else cheapest
        found = _all_blocked(case, network, program, elastic, told) if told is not None else ()
    if cheapest is None:
        return Infeasibility(network.case, network.scenario, found, ())
    ways = [_way(trial, "cheapest")]
    if not short:
        ways += [_way(trial, "ask less"), _way(trial, "allow more"), *_exchange_way(trial, case)]
        ways += _alone(trial, case, network, program)
    return Infeasibility(network.case, network.scenario, found, tuple(_distinct(ways)))


def _all_blocked(
    case: Case, network: Network, program: Program, elastic: Elastic, change: Change
) -> tuple[Blocked, ...]:
    """Tell the causes of the largest things that cannot be met."""
    levers = elastic.levers
    order = sorted(change.levers, key=lambda lever: -change.move[lever] * levers.size[lever])
    found: dict[str, Blocked] = {}
    for lever in order:
        if len(found) == BLOCKED:
            break
        cause = elastic.cause(lever, change)
        if cause is None or not cause.move:
            continue
        alone = np.zeros(len(levers))
        alone[lever] = cause.move
        field = field_changes(case, network, program, levers, replace(change, move=alone))[0]
        told = blocked(case, network, program, levers, cause, field)
        found.setdefault(told.path, told)
    return tuple(found.values())


def _along(case: Case, field: FieldChange) -> FieldChange | None:
    """Return what must become as much as a changed field, so that the case can be read: its other bound, or its room.

    None for fields that stand alone, and where the other one is not stated or leaves room already.
    """
    block, _, side = field.path.rpartition(".")
    other = {"min": "max", "max": "min", "initial": "capacity", "end": "capacity"}.get(side)
    is_level = ".stores." in block and other == "capacity"
    if other is None or not field.setting or not (is_level or block.startswith("policies.")):
        return None
    path = f"{block}.{other}"
    before = case.text_at(*path.split("."))
    try:
        stated, new = parse_quantity(before or ""), parse_quantity(field.after)
        crossed = stated.value < new.to(stated.unit) if side != "max" else stated.value > new.to(stated.unit)
    except TextError:  # nothing is stated, or no quantity
        return None
    if not crossed or before is None:
        return None
    (old, old_zh), (new_one, new_zh) = field_phrases[side], field_phrases[other]
    what = Saying(field.what.replace(old, new_one), field.what.zh.replace(old_zh, new_zh))
    where = str(case.key_at(*path.split(".")))
    return FieldChange(
        path, where, what, before, field.after, f"{path}={field.after}", "lower" if side == "max" else "raise"
    )


def _way(trial: Trial, kind: Kind) -> Way:
    """Follow one kind of change until the case has an answer; a later round moves fields further.

    Where a field turns out not to give way, the search begins again without it.
    """
    first = attempt = _Attempt(trial, kind, frozenset())
    while not attempt.follow() and attempt.idle:
        attempt = _Attempt(trial, kind, attempt.stuck | attempt.idle)
    return attempt.way(works=True) if attempt.works else first.way(works=False)


class _Attempt:
    """One search for a way: the fields that are changed so far."""

    def __init__(self, trial: Trial, kind: Kind, stuck: frozenset[str]) -> None:
        self.trial, self.kind, self.stuck = trial, kind, stuck
        self.changes: dict[str, FieldChange] = {}
        self.settings: dict[str, str] = {}
        self.moved: dict[str, float] = {}
        """by how much the last round moved each field"""
        self.idle: frozenset[str] = frozenset()
        """fields that did not give way"""
        self.works = False

    def way(self, works: bool) -> Way:
        """Return what was changed."""
        return Way(self.kind, tuple(self.changes.values()), tuple(self.settings.values()), works)

    def follow(self) -> bool:
        """Change fields, for some rounds, until the case has an answer; say whether it has."""
        for _ in range(ROUNDS):
            try:
                case, network, program = self.trial.read(self.settings.values())
            except InputError:
                if not self._take_along(case):
                    break
                continue
            self.works = bool(self.settings) and self.trial.is_feasible(program)
            if self.works or not self._pull(case, network, program):
                break
        return self.works

    def _take_along(self, case: Case) -> bool:
        """Let a bound that moves past the other one take that along, as a level does the room of its store."""
        along = [other for field in self.changes.values() if (other := _along(case, field)) is not None]
        new = [field for field in along if self.settings.get(field.path) != field.setting]
        self.changes |= {field.path: field for field in new}
        self.settings |= {field.path: field.setting for field in new}
        return bool(new)

    def _pull(self, case: Case, network: Network, program: Program) -> bool:
        """Change fields as little as can be; say whether they may be what is needed."""
        with Elastic(network, program, self.trial.options, profiled_fields(case, network)) as elastic:
            change = elastic.least(_allowed(self.kind, elastic, self.stuck))
        if change is None or not change.levers:
            return False
        moved, last = _amounts(network, elastic.levers, change), self.moved
        for field in field_changes(case, network, program, elastic.levers, change):
            path, before = field.path, self.changes.get(field.path)
            if field.after == field.before or moved.get(path, 0.0) > STILL * last.get(path, np.inf):
                self.idle |= {path}
            self.changes[path] = field if before is None else replace(field, before=before.before, where=before.where)
            if field.setting:
                self.settings[path] = field.setting
        self.moved = moved
        return bool(self.settings) and not self.idle


def _amounts(network: Network, levers: Levers, change: Change) -> dict[str, float]:
    """By how much each field is moved, in amounts over all periods."""
    found: dict[str, float] = {}
    for lever in change.levers:
        path = field_of(network, levers, lever)
        found[path] = found.get(path, 0.0) + float(change.move[lever] * levers.size[lever])
    return found


def _allowed(kind: Kind, elastic: Elastic, stuck: frozenset[str]) -> Bools:
    levers = elastic.levers
    free = np.array([field_of(elastic.network, levers, lever) not in stuck for lever in range(len(levers))], bool)
    allowed: Bools = free & (levers.asks if kind == "ask less" else ~levers.asks if kind == "allow more" else free)
    return allowed


def _exchange_way(trial: Trial, case: Case) -> list[Way]:
    """Try whether passing by-products on would be enough."""
    if case.exchange == "all":
        return []
    setting = "exchange=all"
    where = str(case.key_at("exchange")) if case.text_at("exchange") else ""
    try:
        works = trial.is_feasible(trial.read([setting])[2])
    except InputError:
        return []
    change = FieldChange("exchange", where, field_phrases.tell("how_far"), case.exchange, "all", setting, "change")
    return [Way("exchange", (change,), (setting,), True)] if works else []


def _alone(trial: Trial, case: Case, network: Network, program: Program) -> Iterator[Way]:
    """Yield the fields without a lever of which each alone would give the case an answer."""

    def works(setting: str) -> bool:
        try:
            return trial.is_feasible(trial.read([setting])[2])
        except InputError:
            return False

    if program.nonzeros <= MOST_COEFFICIENTS:
        for field in islice(fields_to_try(case, network), MOST_TRIED):
            change = tried(case, field, works)
            if change is not None:
                yield Way("alone", (change,), (change.setting,), True)


def _distinct(ways: list[Way]) -> list[Way]:
    """Drop ways that say nothing, do not work or are the same as one before; the first one if no other works."""
    found: dict[tuple[str, ...], Way] = {}
    for way in ways:
        if way.works and way.changes:
            found.setdefault(way.settings, way)
    return list(found.values()) or [way for way in ways[:1] if way.changes]
