"""Check one case: every scenario against what the case expects and against the baseline beside it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..flows.build import build_network
from ..flows.case import Case, CaseTree, read_tree
from ..flows.includes import shipped_cases, shown
from ..flows.problems import InputError, Problem, render
from ..flows.scenarios import BASE
from ..flows.wording import Saying, joined
from ..reports.diagnosing import with_diagnosis
from ..solver.handle import SolverError
from ..solver.solution import SolveOptions
from .answer import Answer, blocked_by
from .baseline import Baseline, baseline_path, read_baseline
from .changes import Changed, changes_since
from .compare import RANK_STATUS, RANK_UNKNOWN, Difference, differences, reason_differences, status_difference
from .expected import Expected, expected_of
from .phrases import phrases


@dataclass(frozen=True)
class ScenarioVerdict:
    """One scenario of a case, checked."""

    scenario: str
    status: str
    """optimal, infeasible, unbounded or stopped; `invalid`: it cannot be read, `skipped`: it was not solved"""
    compared: int
    """figures, lists and states that were compared"""
    line: int
    """line of the case file where it is expected, or 1"""
    seconds: float
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Everything is as expected."""
        return not self.differences


@dataclass(frozen=True)
class CaseVerdict:
    """One case, checked."""

    file: str
    case: str
    scenarios: tuple[ScenarioVerdict, ...]
    changed: tuple[Changed, ...] = ()
    """input that changed, looked for where something is not as expected"""
    changed_since: str = ""
    """`the baseline` or a commit"""
    invalid: tuple[str, ...] = ()
    """problems of the input, as people read them"""
    files: dict[str, str] = field(default_factory=dict)
    """sha256 by path of everything that was read; an empty one where there is no such file"""
    cached: bool = False

    @property
    def passed(self) -> bool:
        """Every scenario is as expected."""
        return not self.invalid and all(scenario.passed for scenario in self.scenarios)

    @property
    def differences(self) -> list[Difference]:
        """All differences, the worst first."""
        return sorted((it for row in self.scenarios for it in row.differences), key=lambda it: it.order)

    def as_object(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {key: value for key, value in asdict(self).items() if key != "cached"}

    @classmethod
    def from_object(cls, document: dict[str, Any], cached: bool = False) -> CaseVerdict:
        """Read what `as_object` wrote."""
        rows = [
            ScenarioVerdict(**{**row, "differences": tuple(Difference(**it) for it in row["differences"])})
            for row in document["scenarios"]
        ]
        changed = tuple(Changed(**it) for it in document["changed"])
        more = {"scenarios": tuple(rows), "changed": changed, "invalid": tuple(document["invalid"]), "cached": cached}
        return cls(**{**document, **more})


def check_case(
    path: Path | str, options: SolveOptions | None = None, revision: str = "", only: str = ""
) -> CaseVerdict:
    """Check every scenario of a case, or one alone.

    Args:
        path: the file of the case.
        options: how to solve.
        revision: commit that changes of the input are told from where no baseline is recorded; `HEAD` where empty.
        only: the scenario to check; all where empty.

    No mistake of the input is raised: it is part of the verdict.
    """
    path = Path(path)
    try:
        tree = read_tree(path)
        baseline = read_baseline(path)
    except InputError as error:
        return _unreadable(path, error.problems)
    checker = Checker(path, tree, baseline, options or SolveOptions())
    try:
        rows = tuple(checker.rows(only))
        verdict = CaseVerdict(shown(path), checker.name, rows, files=checker.files())
    except InputError as error:
        verdict = _unreadable(path, error.problems, checker.files())
    if verdict.passed:
        return verdict
    changed = changes_since(tree, baseline, revision)
    named = Saying(revision) if revision else phrases.tell("last_commit")
    since = phrases.tell("the_baseline") if baseline is not None else named
    return replace(verdict, changed=tuple(changed), changed_since=since)


@dataclass(frozen=True)
class Checker:
    """Checks the scenarios of one case that was read."""

    path: Path
    tree: CaseTree
    baseline: Baseline | None
    options: SolveOptions

    @property
    def name(self) -> str:
        """What the case calls itself."""
        node = self.tree.root.entries.get("case")
        return str(getattr(node, "value", "") or self.path.stem)

    def files(self) -> dict[str, str]:
        """Everything that was read, by absolute path, with its hash; the baseline also where there is none."""
        paths = [_file_of(source.name) for source in self.tree.sources]
        try:
            profiles = self.tree.case().head.profiles
        except InputError:  # it does not pass, so nobody asks later whether its tables are the same
            profiles = {}
        tables = [it.file for it in profiles.values() if it.file is not None]
        paths += [self.path.resolve().parent / name for name in tables]
        paths.append(baseline_path(self.path.resolve()))
        return {str(path): sha256(path) for path in dict.fromkeys(paths)}

    def rows(self, only: str) -> Iterator[ScenarioVerdict]:
        """Check every scenario, or one alone. Raises InputError."""
        names = [only] if only else list(self.tree.scenarios)
        for scenario in names:
            begin = time.perf_counter()
            status, compared, line, found = self._scenario(scenario)
            seconds = round(time.perf_counter() - begin, 3)
            found.sort(key=lambda it: it.order)
            yield ScenarioVerdict(scenario, status, compared, line, seconds, tuple(found))
        if self.baseline is not None and only in ("", BASE):
            yield from self._left_over(self.tree.scenarios)

    def _left_over(self, names: Sequence[str]) -> Iterator[ScenarioVerdict]:
        """Scenarios of the baseline that the case no longer has."""
        assert self.baseline is not None
        for scenario in self.baseline.document["scenarios"]:
            if scenario not in names:
                what = phrases.tell("left_over", scenario=scenario)
                at = self.baseline.place(scenario)
                lost = Difference(
                    scenario, "scenario", what, at.file, at.line, at.column, source="baseline", rank=RANK_UNKNOWN
                )
                yield ScenarioVerdict(scenario, "skipped", 1, 1, 0.0, (lost,))

    def _scenario(self, scenario: str) -> tuple[str, int, int, list[Difference]]:
        case = self.tree.case(scenario)
        stated, kept = expected_of(case, scenario), None
        if self.baseline is not None:
            kept = self.baseline.expected_of(scenario)
        sources = [it for it in (stated, kept) if it is not None]
        line = stated.position.line if stated is not None and stated.position is not None else 1
        missing = self._missing(case, scenario, stated, kept)
        if not sources:
            return "skipped", 1, line, missing
        blocked = any(it.status == "infeasible" for it in sources)
        network, found = build_network(case, contradictory=blocked), [*missing]
        compared = sum(1 + len(it.figures) + len(it.because) + (it.binding is not None) for it in sources)
        try:
            with Answer(network, self.options) as answer:
                for source in sources:
                    told = {it.quantity for it in found}
                    found += [it for it in self.compare(answer, scenario, source) if it.quantity not in told]
                return answer.result.status, compared, line, found
        except SolverError as error:
            what, at = phrases.tell("gave_up", why=error), sources[0].position or case.key_at("case")
            lost = Difference(scenario, "status", what, at.file, at.line, at.column, rank=RANK_STATUS)
            return "stopped", compared, line, [*missing, lost]

    def _missing(self, case: Case, scenario: str, stated: Expected | None, kept: Expected | None) -> list[Difference]:
        """A scenario that nothing is expected of, or that the baseline does not have."""
        at = case.key_at("scenarios", scenario) if scenario != "base" else case.key_at("case")
        if self.baseline is not None and kept is None:
            what = phrases.tell("not_in_baseline", file=self.baseline.file, scenario=scenario)
        elif stated is None and kept is None:
            what = phrases.tell("not_expected", scenario=scenario)
        else:
            return []
        return [Difference(scenario, "baseline", what, at.file, at.line, at.column, rank=RANK_UNKNOWN)]

    def compare(self, answer: Answer, scenario: str, expected: Expected) -> list[Difference]:
        """Return everything in which an answer is not as one source expects."""
        file, result = self.baseline.file if self.baseline else "", answer.result
        other = status_difference(scenario, result.status, result.reason, expected, file)
        if other is not None:
            blocked = self.blocked(answer, scenario)
            if blocked:
                other = replace(other, what=phrases.tell("blocked", what=other.what, fields=joined(blocked)))
            return [other]
        if result.status == "optimal":
            proof = result.certificate
            if proof is None or not proof.holds:
                what = phrases.tell("uncertified")
                return [Difference(scenario, "certificate", what, file, source=expected.source, rank=RANK_STATUS)]
            return differences(answer, scenario, expected, file)
        if expected.because:
            return list(reason_differences(scenario, self.blocked(answer, scenario), expected, file))
        return []

    def blocked(self, answer: Answer, scenario: str) -> list[str]:
        """Fields that an infeasible scenario is blocked by."""
        if answer.result.status != "infeasible":
            return []
        return list(blocked_by(with_diagnosis(answer.result, self.tree, scenario, (), self.options)))


def _unreadable(path: Path, problems: list[Problem], files: dict[str, str] | None = None) -> CaseVerdict:
    """The verdict on a case that is no valid input."""
    errors = [problem for problem in problems if problem.severity == "error"]
    found = []
    for problem in errors:
        at = problem.position
        place = (at.file, at.line, at.column) if at is not None else (shown(path), 0, 0)
        what = Saying(f"{problem.what}; {problem.mend}" if problem.mend else problem.what)
        found.append(Difference("", "input", what, *place, source="input", rank=RANK_STATUS))
    row = ScenarioVerdict("", "invalid", 0, 1, 0.0, tuple(found))
    return CaseVerdict(shown(path), path.stem, (row,), invalid=tuple(map(render, errors)), files=files or {})


def _file_of(name: str) -> Path:
    """Return the file that a source was read from."""
    if name.startswith("parkloop:"):
        return (shipped_cases() / name.removeprefix("parkloop:")).resolve()
    return Path(name).resolve()


def sha256(path: Path) -> str:
    """Return the hash of a file; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
