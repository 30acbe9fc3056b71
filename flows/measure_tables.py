"""The measures of a case as a table: what each costs a year, and which may stand together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from .accounts import label
from .case import Case
from .draft import Draft, Rows
from .measures import Requirements, with_requirements
from .problems import nearest
from .tables import Measures

CHANGES_NOTHING = ("case", "title", "expect", "scenarios", "measures", "include", "periods")
"""keys of a case that a measure cannot change: what they say is not of the park, or would make answers incomparable"""


def annuity_factor(rate: float, lifetime: float) -> float:
    """Return the part of an investment that each year bears, 1/a: rate / (1 − (1 + rate)^−lifetime).

    Rate in 1/a, lifetime in a; without interest 1 / lifetime.
    """
    return rate / (1 - (1 + rate) ** -lifetime) if rate > 0 else 1 / lifetime


def exclusions(case: Case) -> frozenset[frozenset[str]]:
    """Return the pairs of measures that exclude each other, be it stated once or both ways."""
    return frozenset(frozenset((name, other)) for name, measure in case.measures.items() for other in measure.excludes)


def measure_table(draft: Draft) -> Measures:
    """Check the measures of a case and return what each costs; mistakes are left in the findings of the draft."""
    rows = Rows()
    if not draft.case.measures:
        return Measures()
    _check_names(draft)
    _check_changes(draft)
    for name in draft.case.measures:
        _price(draft, rows, name)
    figures = {key: rows.floats(key) for key in ("investment", "annuity", "annual")}
    return Measures(rows.texts("label"), **figures)


def _price(draft: Draft, rows: Rows, name: str) -> None:
    measure, money, path = draft.case.measures[name], draft.case.money, ("measures", name)
    investment = annuity = annual = 0.0
    if measure.annual_cost is not None:
        annual = draft.number(measure.annual_cost, f"{money}/a", *path, "annual_cost") or 0.0
    if measure.investment is not None and measure.lifetime is not None:
        investment = draft.number(measure.investment, money, *path, "investment") or 0.0
        lifetime = draft.number(measure.lifetime, "a", *path, "lifetime") or 1.0
        rate = measure.rate if measure.rate is not None else draft.case.head.investment.rate
        if rate is None:
            what = "the interest rate of the annuity is missing"
            draft.findings.error(draft.case.key_at(*path), what, "add `rate: 6 %` here or under `investment`")
            rate = 0.0
        annuity = investment * annuity_factor(rate, lifetime)
    rows.add(label=label(name, measure.name), investment=investment, annuity=annuity, annual=annual)


def _check_names(draft: Draft) -> None:
    """Note which measures require or exclude what does not exist, or can never be taken."""
    case, findings, excluded = draft.case, draft.findings, exclusions(draft.case)
    requires = {name: measure.requires for name, measure in case.measures.items()}
    for name, measure in case.measures.items():
        for key, others in (("requires", measure.requires), ("excludes", measure.excludes)):
            for number, other in enumerate(others):
                position = case.value_at("measures", name, key, str(number))
                if other == name:
                    findings.error(position, f"measure `{name}` {key} itself", "delete it here")
                elif other not in case.measures:
                    mend = nearest(other, [each for each in case.measures if each != name])
                    findings.error(position, f"there is no measure `{other}`", mend)
        for one, other in combinations(with_requirements(requires, [name]), 2):
            if frozenset((one, other)) in excluded:
                what = f"measure `{name}` can never be taken: it needs `{one}` and `{other}`, which exclude each other"
                findings.error(case.key_at("measures", name), what, "delete one of `requires` and `excludes`")


def _check_changes(draft: Draft) -> None:
    """Note where two measures that may stand together change the same value, or one changes what is not of the park."""
    case, excluded = draft.case, exclusions(draft.case)
    requires = {name: measure.requires for name, measure in case.measures.items()}
    for name in case.measures:
        for key, path in _changes(case, name):
            if path.partition(".")[0] in CHANGES_NOTHING:
                what = f"a measure cannot change `{path.partition('.')[0]}`"
                draft.findings.error(case.key_at("measures", name, key, path), what, "a scenario can, where it has to")
    for one, other in combinations(case.measures, 2):
        if frozenset((one, other)) not in excluded:
            _check_pair(draft, one, other, requires)


def _check_pair(draft: Draft, one: str, other: str, requires: Requirements) -> None:
    """One that requires the other may change what that brings."""
    case = draft.case
    ordered = one in with_requirements(requires, [other]) or other in with_requirements(requires, [one])
    for key, path in _changes(case, one):
        for there, second in _changes(case, other):
            within = f"{path}.".startswith(f"{second}.") or f"{second}.".startswith(f"{path}.")
            if path == second or (within and not ordered):
                first = case.key_at("measures", one, key, path)
                what = f"the measures `{one}` (at {first}) and `{other}` change the same value"
                mend = f"what both do together is not said: add `excludes: [{one}]` to `{other}`"
                draft.findings.error(case.key_at("measures", other, there, second), what, mend)


def _changes(case: Case, name: str) -> Iterator[tuple[str, str]]:
    measure = case.measures[name]
    yield from (("set", path) for path in measure.set)
    yield from (("add", path) for path in measure.add)
