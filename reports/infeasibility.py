"""Why a case has no answer, and what to change: in its own words, with its lines, and tried out before it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..flows.build import build_network
from ..flows.case import Case, CaseTree
from ..flows.network import Network
from ..flows.problems import InputError
from ..flows.tables import Bools
from ..models.compile import compile_program
from ..models.program import Program
from ..solver.diagnosis import Change, Elastic
from ..solver.highs import solve
from ..solver.solution import SolveOptions
from .blocking import Blocked, blocked
from .fields import FieldChange, field_changes, field_of

ROUNDS = 6
"""times that a way is followed further where a line behind the first one is in the way too"""
BLOCKED = 3
"""things asked for whose causes are told"""
Kind = Literal["cheapest", "ask less", "allow more", "exchange"]
TITLES: dict[Kind, str] = {
    "cheapest": "The smallest change that gives it an answer",
    "ask less": "Or ask for less",
    "allow more": "Or allow more",
    "exchange": "Or let by-products pass between companies and parks",
}


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
    def sentences(self) -> list[str]:
        """What cannot be met, one sentence each."""
        return [_capital(item.sentence) for item in self.blocked]

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
    ways = [_way(trial, "cheapest", cheapest)]
    if not short:
        ways += [_way(trial, "ask less", None), _way(trial, "allow more", None), *_exchange_way(trial, case)]
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
        field = field_changes(case, network, program, levers, alone, change.x)[0]
        found.setdefault(field.path, blocked(case, network, program, levers, cause, field))
    return tuple(found.values())


def _other_bound(case: Case, field: FieldChange) -> FieldChange | None:
    """Give the other bound that a policy states the value that this one is given; None for other fields."""
    block, _, rest = field.path.partition(".")
    name, _, side = rest.rpartition(".")
    if block != "policies" or side not in ("min", "max") or not field.setting:
        return None
    other, words = ("max", ("minimum", "maximum")) if side == "min" else ("min", ("maximum", "minimum"))
    if getattr(case.policies.get(name), other, None) is None:
        return None
    path = f"policies.{name}.{other}"
    setting = field.setting.replace(field.path, path, 1)
    where = str(case.key_at("policies", name, other))
    return FieldChange(path, where, field.what.replace(*words), "", field.after, setting, "change")


def _way(trial: Trial, kind: Kind, first: Change | None) -> Way:
    """Follow one kind of change until the case has an answer; a later round moves fields further."""
    changes: dict[str, FieldChange] = {}
    settings: dict[str, str] = {}
    stuck: set[str] = set()
    for _ in range(ROUNDS):
        try:
            case, network, program = trial.read(settings.values())
        except InputError:  # a bound that moves past the other bound of its policy takes that along
            along = [other for field in changes.values() if (other := _other_bound(case, field)) is not None]
            new = [field for field in along if field.path not in settings]
            if not new:
                return Way(kind, tuple(changes.values()), tuple(settings.values()), False)
            changes |= {field.path: field for field in new}
            settings |= {field.path: field.setting for field in new}
            continue
        if settings and trial.is_feasible(program):
            return Way(kind, tuple(changes.values()), tuple(settings.values()), True)
        with Elastic(network, program, trial.options) as elastic:
            change = elastic.least(_allowed(kind, elastic, stuck))
        if change is None or not change.levers:
            break
        for field in field_changes(case, network, program, elastic.levers, change.move, change.x):
            if field.after == field.before or settings.get(field.path) == field.setting:
                stuck.add(field.path)  # it cannot give way, e.g. a ratio over nothing
                continue
            before = changes.get(field.path)
            changes[field.path] = field if before is None else replace(field, before=before.before, where=before.where)
            if field.setting:
                settings[field.path] = field.setting
        if not (settings or stuck):
            break
    return Way(kind, tuple(changes.values()), tuple(settings.values()), False)


def _allowed(kind: Kind, elastic: Elastic, stuck: set[str]) -> Bools:
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
    change = FieldChange("exchange", where, "how far by-products may pass", case.exchange, "all", setting, "change")
    return [Way("exchange", (change,), (setting,), True)] if works else []


def _distinct(ways: list[Way]) -> list[Way]:
    """Drop ways that say nothing, do not work or are the same as one before; the first one if no other works."""
    found: dict[tuple[str, ...], Way] = {}
    for way in ways:
        if way.works and way.changes:
            found.setdefault(way.settings, way)
    return list(found.values()) or [way for way in ways[:1] if way.changes]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
