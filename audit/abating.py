"""Measures and what abatement costs: each alone, all together, step by step, and the best portfolio under a budget.

All figures are per year, against the same scenario without measures, and all come from the best plan with a set S:

    cost(S)   = Σ_S (annuity + annual cost) − (profit with S − profit without)      negative where it saves money
    abated(S) = indicator without − indicator with S                                negative where it increases

**The curve.** Effects of measures that act on the same flow do not add up. So the curve is a sequence: from nothing,
the best next measure is taken, with what it requires, until none is left. A step counts what it adds to those before
it, so that interactions are counted once and the steps add up to the effect of all, exactly. Best next is

    1. of the steps that abate and save money, the one that saves most money (not the one of least cost per unit: of two
       that save as much, that ratio prefers the one that abates less);
    2. then of those that abate at a cost, the one of least cost per unit;
    3. then what does not abate, the cheaper first; it is listed apart and has no cost per unit.

**The portfolio.** Up to `MOST_EXACT` measures every set that may stand together and fits the budget is solved, and the
best one is the best. Beyond, the set grows by the step that improves most per money invested, as long as one fits and
improves; nothing proves that it is the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..flows.measure_tables import exclusions
from ..flows.measures import with_requirements
from ..flows.network import Network
from ..flows.problems import InputError, Problem, nearest
from ..flows.wording import joined
from .abatement import KINDS, Abatement, Counted, Curve, Effect, Kind, Portfolio
from .measure_sets import ROUNDING, Answered, Measured, Set, unanswered
from .phrases import measure_phrases
from .scale import kind_of

MONEY, ENERGY, CARBON = "money", "energy", "carbon"
MOST_EXACT = 12
"""measures up to which every set is solved for the best portfolio"""


def picker(by: str) -> Callable[[Network], tuple[int, ...]]:
    """Return what picks the rows of `profit` and of the indicators that are abated.

    `money`: the first that counts energy and the first that counts carbon; `energy`, `carbon`: that one; else the
    indicator of this name. Raises InputError where there is none.
    """

    def pick(network: Network) -> tuple[int, ...]:
        table = network.indicators
        names = [text.id for text in table.label]
        plain = [row for row in range(len(names)) if table.per[row] < 0]
        kinds = {row: kind_of(names[row], table.unit[row], network.money) for row in plain}
        first = {kind: next((row for row in plain if kinds[row] == kind), None) for kind in (ENERGY, CARBON)}
        if by in names:
            if names.index(by) not in plain:
                raise _wrong(f"`{by}` is a ratio: what measures abate of it does not add up", "name what it counts")
            found = [names.index(by)]
        elif by in first:
            found = [row for row in (first[by],) if row is not None]
        elif by == MONEY:
            found = [row for row in first.values() if row is not None]
        else:
            raise _wrong(f"unknown indicator `{by}`", nearest(by, (MONEY, ENERGY, CARBON, *names)))
        if not found:
            mend = f"name an indicator with --by: {', '.join(names[row] for row in plain)}"
            raise _wrong(
                "the case counts neither energy nor carbon" if by == MONEY else f"the case counts no {by}", mend
            )
        return (names.index("profit"), *found)

    return pick


def abatement(measured: Measured, by: str = MONEY, budget: float | None = None, fingerprint: str = "") -> Abatement:
    """Answer everything about the measures of a scenario.

    Args:
        measured: sets of measures over the scenario, asked for `picker(by)`.
        by: `money`, or the indicator of which the portfolio abates most.
        budget: most that the portfolio may invest, money; None without limit.
        fingerprint: hash of what the case was made of, to be reported.

    Raises:
        InputError: the case states no measures, or some that may stand together do not.
    """
    case, network = measured.case, measured.network
    if not case.measures:
        mend = "state some under `measures:` (docs/measures.md), e.g. a copy of cases/tutorials/10_measures.yaml"
        raise InputError([Problem(case.value_at(), "the case states no measures", mend)])
    base = measured.answer(())
    found = Abatement(
        case=network.case,
        scenario=network.scenario,
        title=network.title,
        money=network.money,
        years=measured.years,
        goal=", then ".join(f"{'maximise' if its.maximise else 'minimise'} {its.name}" for its in network.stages),
        status=base.status,
        reason=base.reason,
        measures=network.measures.label,
        fingerprint=fingerprint,
    )
    return _Desk(measured, base).filled(found, by, budget) if base.optimal else found


@dataclass(eq=False)
class _Desk:
    """What is known of the measures while the answers come in."""

    measured: Measured
    base: Answered
    requires: dict[str, list[str]] = field(init=False)
    excluded: frozenset[frozenset[str]] = field(init=False)
    invested: dict[str, float] = field(init=False)
    """money that each measure takes once"""
    yearly: dict[str, float] = field(init=False)
    """annuity and annual cost of each, money/a"""

    def __post_init__(self) -> None:
        case, table = self.measured.case, self.measured.network.measures
        self.requires = {name: measure.requires for name, measure in case.measures.items()}
        self.excluded = exclusions(case)
        names = [text.id for text in table.label]
        self.invested = dict(zip(names, table.investment.tolist(), strict=True))
        self.yearly = dict(zip(names, (table.annuity + table.annual).tolist(), strict=True))
        self.noise = self.measured.noise()[1:]

    def filled(self, found: Abatement, by: str, budget: float | None) -> Abatement:
        network, rows = self.measured.network, self.measured.rows[1:]
        labels, units = network.indicators.label, network.indicators.unit
        values = self.base.values.tolist()
        counted = tuple(Counted(labels[row], units[row], value) for row, value in zip(rows, values[1:], strict=True))
        alone = tuple(self.effect(self.whole([name])) for name in self.requires)
        every = frozenset(self.requires)
        curves = tuple(self.curve(place) for place in range(len(rows)))
        place = None if by == MONEY else 0
        portfolio = self.portfolio(place, MONEY if place is None else counted[0].label.id, budget)
        return replace(
            found,
            counted=counted,
            profit=values[0],
            alone=alone,
            together=self.effect(every) if self.fits(every) else None,
            curves=curves,
            portfolio=portfolio,
            notes=tuple(self.notes()),
            solves=self.measured.solves,
        )

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know of these figures."""
        tell = measure_phrases.tell
        goals = [goal.name for goal in self.measured.network.stages]
        if goals != ["profit"]:
            yield tell("goals", goals=joined(goals, ", then ", "、"))
        if any(self.base.loose):
            yield tell("ties")
        if self.measured.program.is_integer:
            yield tell("whole")
        excluded = sorted(joined(sorted(pair), " and ", " 与 ") for pair in self.excluded)
        if excluded:
            yield tell("exclude", pairs=joined(excluded, "; ", "；"))

    def whole(self, names: list[str]) -> Set:
        """Some measures and what they require."""
        return frozenset(with_requirements(self.requires, names))

    def fits(self, taken: Set) -> bool:
        """No two of them exclude each other."""
        return not any(pair <= taken for pair in self.excluded)

    def investment(self, taken: Set) -> float:
        """Money that is spent once."""
        total: float = sum(self.invested[name] for name in self.requires if name in taken)
        return total

    def cost(self, answer: Answered) -> float:
        """Net cost of a set against no measures, money/a."""
        own: float = sum(self.yearly[name] for name in self.requires if name in answer.taken)
        return own - (float(answer.values[0]) - float(self.base.values[0]))

    def abated(self, answer: Answered) -> list[float]:
        """What a set abates of each indicator against no measures, per year."""
        return [float(value) for value in self.base.values[1:] - answer.values[1:]]

    def effect(self, taken: Set, before: Set = frozenset()) -> Effect:
        """What a set does more than one that it contains."""
        added = tuple(name for name in self.requires if name in taken and name not in before)
        investment = sum(self.invested[name] for name in added)
        yearly = sum(self.yearly[name] for name in added)
        answer, former = self.measured.answer(taken), self.measured.answer(before)
        if not answer.optimal or not former.optimal:
            reason = unanswered(answer if not answer.optimal else former)
            return Effect(added, investment, yearly, reason=reason)
        cost = self.cost(answer) - self.cost(former)
        abated = tuple(b - a + 0.0 for a, b in zip(self.abated(former), self.abated(answer), strict=True))
        kinds = tuple(self.kind(cost, value, place) for place, value in enumerate(abated))
        per = tuple(cost / v if kind in ("saves", "costs") else None for v, kind in zip(abated, kinds, strict=True))
        return Effect(added, investment, yearly, cost + 0.0, abated, per, kinds, self.loose(answer, former))

    def kind(self, cost: float, abated: float, place: int) -> Kind:
        """Tell a step that abates from one that does not; up to the noise nothing is abated."""
        if abs(abated) <= self.noise[place]:
            return "idle"
        if abated < 0:
            return "increases"
        return "saves" if cost <= 0 else "costs"

    def loose(self, *answers: Answered) -> tuple[str, ...]:
        """Accounts that another plan, as good, has otherwise in any of the answers."""
        labels = self.measured.network.indicators.label
        marks = [any(answer.loose[n] for answer in answers) for n in range(len(self.measured.rows))]
        return tuple(labels[row].id for row, mark in zip(self.measured.rows, marks, strict=True) if mark)

    def steps_from(self, taken: Set) -> list[Set]:
        """Sets that are one step further: another measure with what it requires, nothing excluded."""
        found = [taken | self.whole([name]) for name in self.requires if name not in taken]
        return [step for step in dict.fromkeys(found) if self.fits(step)]

    def curve(self, place: int) -> Curve:
        """Take the best next step until none is left."""
        taken: Set = frozenset()
        steps: list[Effect] = []
        while further := [(self.effect(step, taken), step) for step in self.steps_from(taken)]:
            answered = [(effect, step) for effect, step in further if effect.cost is not None]
            if not answered:
                break
            effect, taken = min(answered, key=lambda pair: _rank(pair[0], place))
            steps.append(effect)
        left_out = [(name, self.why_not(name, taken)) for name in self.requires if name not in taken]
        apart = [self.by_itself(frozenset(step.measures), place) for step in steps]
        known = [value for value in apart if value is not None]
        total = sum(known) if len(known) == len(apart) else None
        return Curve(place, tuple(steps), self.effect(taken), total, tuple(left_out))

    def by_itself(self, added: Set, place: int) -> float | None:
        """What measures abate with nothing but what they require, more than that abates without them."""
        whole = self.whole(list(added))
        effect = self.effect(whole, whole - added)
        return effect.abated[place] if effect.abated else None

    def why_not(self, name: str, taken: Set) -> str:
        """Say why a measure is no step."""
        whole = taken | self.whole([name])
        against = sorted({other for pair in self.excluded if pair <= whole for other in pair & taken})
        if against:
            return measure_phrases.tell("excluded", names=joined(against))
        return unanswered(self.measured.answer(whole))

    def portfolio(self, place: int | None, by: str, budget: float | None) -> Portfolio:
        """Return the best set within a budget: of least cost, or that abates most and then costs least."""
        exact = len(self.requires) <= MOST_EXACT
        best, looked_at = (self.every if exact else self.greedy)(place, budget)
        return Portfolio(by, budget, self.effect(best), exact, looked_at)

    def every(self, place: int | None, budget: float | None) -> tuple[Set, int]:
        """Solve every set that fits; neighbours differ by one measure."""
        names, best, looked_at = list(self.requires), frozenset[str](), 0
        for number in range(1 << len(names)):
            mask = number ^ number >> 1
            taken = frozenset(name for bit, name in enumerate(names) if mask >> bit & 1)
            if self.allowed(taken, budget) and self.measured.answer(taken).optimal:
                looked_at += 1
                best = taken if self.better(taken, best, place) else best
        return best, looked_at

    def greedy(self, place: int | None, budget: float | None) -> tuple[Set, int]:
        """Let a set grow by the step that improves most per money invested."""
        best, looked_at = frozenset[str](), 1
        while True:
            steps = [step for step in self.steps_from(best) if self.allowed(step, budget)]
            steps = [step for step in steps if self.measured.answer(step).optimal]
            looked_at += len(steps)
            steps = [step for step in steps if self.better(step, best, place)]
            if not steps:
                return best, looked_at
            best = max(steps, key=lambda step: self.gain_per_money(step, best, place))

    def allowed(self, taken: Set, budget: float | None) -> bool:
        """All that it requires is in it, nothing in it is excluded, and it fits the budget."""
        whole = self.whole(list(taken)) == taken and self.fits(taken)
        return whole and (budget is None or self.investment(taken) <= budget * (1 + ROUNDING))

    def better(self, taken: Set, best: Set, place: int | None) -> bool:
        """Tell whether a set is better than the best so far; of two as good the one that costs or invests less."""
        here, there = self.measured.answer(taken), self.measured.answer(best)
        cheaper = self.cost(there) - self.cost(here)
        cents = float(self.measured.noise()[0])
        if place is not None:
            more = self.abated(here)[place] - self.abated(there)[place]
            if abs(more) > self.noise[place]:
                return more > 0
        if abs(cheaper) > cents:
            return cheaper > 0
        return (self.investment(taken), len(taken)) < (self.investment(best), len(best))

    def gain_per_money(self, taken: Set, best: Set, place: int | None) -> tuple[float, float]:
        """What a step improves per money invested, then what it improves."""
        here, there = self.measured.answer(taken), self.measured.answer(best)
        costs = self.cost(there) - self.cost(here)
        gain = costs if place is None else self.abated(here)[place] - self.abated(there)[place]
        money = self.investment(taken) - self.investment(best)
        return (gain / money if money else float("inf"), gain)


def _rank(effect: Effect, place: int) -> tuple[int, float]:
    """Order of the steps that may come next: the least is the best."""
    assert effect.cost is not None
    kind, per = effect.kinds[place], effect.per[place]
    return (KINDS.index(kind), per if kind == "costs" and per is not None else effect.cost)


def _wrong(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])
