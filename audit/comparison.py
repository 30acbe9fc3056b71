"""Comparison: answers side by side, and how each differs from the baseline. Plain data, which others print.

Every row has `figures`: one value a side, in the order of `Comparison.sides`, and the differences from the baseline.
Rows of one kind stand in the order of what matters: the largest change in money at the baseline's shadow prices first,
then the largest percent; what is not unique comes last, for its difference is no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..flows.case import Case
from ..flows.tables import Label
from ..reports.result import Result

if TYPE_CHECKING:
    from .answers import Answer

SCHEMA = "parkloop.comparison/1"
SAME = 1e-7
"""difference that counts as none, relative to the larger of two figures: the accuracy of a certified answer"""

Order = Literal["money", "percent"]
Kind = Literal["money", "energy", "carbon", "water", "waste", "ratio", "other"]
Certainty = Literal["sure", "not unique", "not known"]
Move = Literal["same", "opens", "closes", "more", "less", "absent", "new", "unknown"]
Difference = Literal["unchanged", "changed", "added", "removed"]


@dataclass(frozen=True)
class Side:
    """One answer that is compared: a column of every table."""

    name: str
    """what its column is called; no two sides share it"""
    case: str
    scenario: str
    title: Label
    """title of the case"""
    status: str
    """optimal, infeasible, unbounded or stopped; only an optimal side has figures"""
    reason: str
    objective: str
    """what was optimised last, with its sense: `max profit`; empty where there is no answer"""
    years: float
    """length of all periods together, a"""
    parks: tuple[str, ...] = ()
    """parks that it has figures of"""
    saved_in: str = ""
    """file it was read from; empty where it was solved now"""
    marks: tuple[str, ...] = ()
    """what a reader must know before trusting its differences"""


@dataclass(frozen=True)
class Figures:
    """One figure on every side; differences are those from the baseline."""

    values: tuple[float | None, ...]
    """one a side; None where a side does not have it"""
    unit: str
    baseline: int
    """number of the side from which differences are counted"""
    unique: tuple[bool | None, ...]
    """one a side: the value is the same in every optimal answer; None where that is not known"""
    least: float = 0.0
    """differences up to this one are rounding, in the unit"""
    answered: tuple[bool, ...] = ()
    """one a side: it has an answer, and the park of the figure; empty where all have"""

    def difference(self, side: int) -> float | None:
        """Value of a side less that of the baseline; 0 where that is rounding only, None where one is missing."""
        own, first = self.values[side], self.values[self.baseline]
        if own is None or first is None:
            return None
        change = own - first
        return 0.0 if abs(change) <= max(self.least, SAME * max(abs(own), abs(first))) else change

    def percent(self, side: int) -> float | None:
        """Difference in percent of the baseline's size; None where that is zero or one of both is missing."""
        change, first = self.difference(side), self.values[self.baseline]
        return change / abs(first) * 100.0 if change is not None and first else None

    def certainty(self, side: int) -> Certainty:
        """Whether a difference is a finding: not where either value could be another one in an answer as good."""
        marks = (self.unique[side], self.unique[self.baseline])
        return "not unique" if False in marks else "not known" if None in marks else "sure"

    @property
    def largest(self) -> float:
        """Largest difference of any side, 0 where none."""
        return max((abs(self.difference(side) or 0.0) for side in range(len(self.values))), default=0.0)

    @property
    def largest_size(self) -> float:
        """Largest figure of any side, whatever its sign."""
        return max((abs(value) for value in self.values if value is not None), default=0.0)

    @property
    def largest_percent(self) -> float:
        """Largest difference of any side in percent; inf where the baseline has nothing and a side has something."""
        if not self.largest:
            return 0.0
        known = [abs(percent) for side in range(len(self.values)) if (percent := self.percent(side)) is not None]
        return max(known, default=float("inf"))

    @property
    def differs(self) -> bool:
        """Some side differs from the baseline, or lacks what it has, or has what it lacks.

        A side that has no answer, or not the park, lacks nothing.
        """
        first = self.values[self.baseline]
        lacking = any(
            (value is None) != (first is None) for side, value in enumerate(self.values) if self.compares(side)
        )
        return self.largest > 0 or lacking

    def compares(self, side: int) -> bool:
        """The side and the baseline both have an answer, and the park of the figure."""
        return not self.answered or (self.answered[side] and self.answered[self.baseline])

    @property
    def is_finding(self) -> bool:
        """Some side differs, and that difference is not known to be a mere choice among answers that are as good."""
        sides = range(len(self.values))
        return any(self.difference(side) and self.certainty(side) != "not unique" for side in sides) or (
            self.differs and not self.largest
        )


@dataclass(frozen=True)
class InputRow:
    """One statement of the composed case, with scenario, settings and parameters applied, that is not the same."""

    path: str
    """dotted path, e.g. `parks.qarhan.buy.raw_coal.price`"""
    texts: tuple[str | None, ...]
    """what is written, one a side; None where nothing is written there, or where the inputs are not at hand"""
    places: tuple[str | None, ...]
    """`file:line` of each"""
    differences: tuple[Difference, ...]
    """how each side differs from the baseline"""
    percents: tuple[float | None, ...]
    """change of each side in percent, where both are quantities of one dimension"""


@dataclass(frozen=True)
class TotalRow:
    """An indicator over the whole case (`park` is empty) or in one park."""

    park: str
    indicator: str
    name: Label
    kind: Kind
    figures: Figures
    note: str = ""
    """why the figures cannot be compared as they are; empty where they can"""


@dataclass(frozen=True)
class PlantRow:
    """What a plant runs at, over all periods."""

    park: str
    company: str
    plant: str
    name: Label
    figures: Figures
    moves: tuple[Move, ...]
    """what each side does otherwise than the baseline: `absent` is not placed there, `new` only there; `unknown` where
    the side or the baseline has no answer, or not the park"""
    worth: float | None
    """largest change of the run at the baseline's shadow price of what it makes, money; None where it has none"""


@dataclass(frozen=True)
class CapacityRow:
    """Capacity that is built, or closed for good."""

    word: Literal["built", "closed"]
    kind: str
    """plant, link, route or store"""
    park: str
    company: str
    id: str
    figures: Figures


@dataclass(frozen=True)
class FlowRow:
    """What became of a material in a park, over all companies and periods."""

    park: str
    material: str
    name: Label
    material_class: str
    """raw, product, byproduct, waste, utility, emission or environment; empty where it is not known"""
    fate: str
    """bought, made, received, used, sold, exchanged, shipped, discarded or stored"""
    figures: Figures
    worth: float | None
    """largest change at the mean of the baseline's shadow prices there, money; None where it has none in money"""


@dataclass(frozen=True)
class PriceRow:
    """Shadow price of a material: what one more unit there and then changes the objective by."""

    park: str
    company: str
    plant: str
    """plant whose own balance it is, or empty"""
    material: str
    name: Label
    period: str
    figures: Figures


@dataclass(frozen=True)
class ProductRow:
    """A product in a park: how much of it, and what is used for a unit of it."""

    park: str
    product: str
    name: Label
    measure: str
    """`made` and `sold`: amounts. `INDICATOR, its plants`: what the plants that make it take in less what they give out
    of all but the product, by the factors of an energy account. `INDICATOR, the park`: the total of a park that sells
    no other product"""
    figures: Figures
    reason: str = ""
    """why a specific figure cannot be computed; empty where it can"""


@dataclass(frozen=True)
class Saving:
    """What a side does better than a counterfactual, of one indicator."""

    side: str
    indicator: str
    name: Label
    unit: str
    value: float
    """more of what is wanted (profit, value added), or less of what is not; negative where it does worse"""
    percent: float | None
    """of the counterfactual's size"""
    certainty: Certainty


@dataclass(frozen=True)
class Counterfactual:
    """The side that a saving is stated against, and the boundary that both share."""

    side: str
    source: Literal["stated", "built"]
    """the case states the scenario, or it was built by taking away every exchange of by-products and wastes"""
    boundary: tuple[str, ...]
    """sentences: what lies within, what is held, what is taken away"""
    beyond: tuple[str, ...]
    """paths of inputs that differ too, so that a saving is not that of exchange alone"""
    savings: tuple[Saving, ...]


@dataclass(frozen=True)
class Comparison:
    """Answers side by side."""

    sides: tuple[Side, ...]
    baseline: int
    """number of the side from which differences are counted"""
    order: Order
    money: str
    per_year: bool
    """periods are not of one length together, so amounts were divided by it: units end in `/a`"""
    inputs: tuple[InputRow, ...]
    totals: tuple[TotalRow, ...]
    plants: tuple[PlantRow, ...]
    capacities: tuple[CapacityRow, ...]
    flows: tuple[FlowRow, ...]
    prices: tuple[PriceRow, ...]
    products: tuple[ProductRow, ...]
    counterfactual: Counterfactual | None
    notes: tuple[str, ...]
    """what holds of the whole comparison: how it was made fit, what is missing and why"""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sides."""
        return tuple(side.name for side in self.sides)

    @property
    def others(self) -> tuple[int, ...]:
        """Numbers of the sides that are compared with the baseline."""
        return tuple(number for number in range(len(self.sides)) if number != self.baseline)

    @property
    def shared_parks(self) -> frozenset[str]:
        """Parks that the baseline and some other side have figures of: plants, flows and prices compare there only."""
        others = {park for number in self.others for park in self.sides[number].parks}
        return frozenset(others.intersection(self.sides[self.baseline].parks))

    def total(self, indicator: str, park: str = "") -> TotalRow:
        """Return an indicator of the case, or of one park. Raises KeyError."""
        for row in self.totals:
            if (row.park, row.indicator) == (park, indicator):
                return row
        raise KeyError(indicator)


def compare_results(
    results: Sequence[Result], cases: Sequence[Case | None] = (), baseline: int = 0, order: Order = "money"
) -> Comparison:
    """Lay results that were just solved side by side.

    Args:
        results: answers, or what there is in place of one; two at least.
        cases: the case of each, with its scenario laid over it, where inputs are to be compared.
        baseline: number of the result from which differences are counted.
        order: what the rows are sorted by.

    Raises:
        InputError: they are in different money.
    """
    from .comparing import compare_answers

    return compare_answers(answers_of(results, cases), baseline, order)


def answers_of(results: Sequence[Result], cases: Sequence[Case | None] = ()) -> list[Answer]:
    """Take results that were just solved as sides of a comparison, each by a name of its own. Arguments as there."""
    from .answers import answer_of

    behind = [*cases, *([None] * (len(results) - len(cases)))]
    names = unlike([(result.scenario, f"{result.case}:{result.scenario}") for result in results])
    return [answer_of(*one) for one in zip(results, behind, names, strict=True)]


def unlike(choices: Sequence[Sequence[str]]) -> list[str]:
    """Return a name for each thing, its first choice if nobody shares it, else the next; numbered where all are shared.

    Args:
        choices: for each thing its possible names, the shortest first; as many for every thing.
    """
    for named in zip(*choices, strict=True):
        if len(set(named)) == len(named):
            return list(named)
    return [f"{names[-1]} #{number}" for number, names in enumerate(choices, start=1)]
