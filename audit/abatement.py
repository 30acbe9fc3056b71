"""What measures cost and abate, as data. How the effects, the curve and the portfolio are found stands in `abating`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..flows.tables import Label

Kind = Literal["saves", "costs", "idle", "increases"]
KINDS: tuple[Kind, ...] = ("saves", "costs", "idle", "increases")
"""abates and saves money, abates at a cost, changes nothing of the indicator, increases it"""


@dataclass(frozen=True)
class Counted:
    """An indicator that is abated."""

    label: Label
    unit: str
    base: float
    """its value without measures, per year"""


@dataclass(frozen=True)
class Effect:
    """What some measures do together, against another set of them. Figures are None where there is no answer."""

    measures: tuple[str, ...]
    investment: float
    """money"""
    yearly: float
    """annuity and annual cost, money/a"""
    cost: float | None = None
    """`yearly` less what the profit of the case gains, money/a; negative where it saves"""
    abated: tuple[float, ...] = ()
    """of each indicator, per year; negative where it increases"""
    per: tuple[float | None, ...] = ()
    """cost over abated, of each indicator; None where it is not abated"""
    kinds: tuple[Kind, ...] = ()
    """for each indicator"""
    loose: tuple[str, ...] = ()
    """profit and indicators that another plan, as good, has otherwise"""
    reason: str = ""
    """why there is no answer"""


@dataclass(frozen=True)
class Curve:
    """The marginal abatement cost curve of one indicator; steps in their order, those that do not abate included."""

    indicator: int
    """place in `Abatement.counted`"""
    steps: tuple[Effect, ...]
    """each against all before it"""
    total: Effect
    """all steps together"""
    apart: float | None
    """what its steps abate, each with nothing but what it requires, added up; None where one has no answer so"""
    left_out: tuple[tuple[str, str], ...] = ()
    """measures that are no step, and why"""

    @property
    def abating(self) -> tuple[Effect, ...]:
        """The steps that are the curve."""
        return tuple(step for step in self.steps if step.kinds[self.indicator] in ("saves", "costs"))

    @property
    def others(self) -> tuple[Effect, ...]:
        """The steps that do not abate."""
        return tuple(step for step in self.steps if step.kinds[self.indicator] not in ("saves", "costs"))

    @property
    def interaction(self) -> float | None:
        """What all abate together less what they abate alone, added up."""
        return None if self.apart is None else self.total.abated[self.indicator] - self.apart


@dataclass(frozen=True)
class Portfolio:
    """The best set under a budget; no measures where doing nothing is best."""

    by: str
    """`money`, or the indicator that is abated most"""
    budget: float | None
    effect: Effect
    exact: bool
    looked_at: int
    """sets that fit the budget and were solved, doing nothing among them"""


@dataclass(frozen=True)
class Abatement:
    """Everything about the measures of one scenario. Without an answer to the scenario there is only a status."""

    case: str
    scenario: str
    title: Label
    money: str
    years: float
    goal: str
    """what the plans optimise"""
    status: str
    reason: str
    measures: tuple[Label, ...]
    counted: tuple[Counted, ...] = ()
    profit: float | None = None
    """profit without measures, money/a"""
    alone: tuple[Effect, ...] = ()
    """each measure with what it requires"""
    together: Effect | None = None
    """all measures; None where some exclude each other"""
    curves: tuple[Curve, ...] = ()
    portfolio: Portfolio | None = None
    notes: tuple[str, ...] = ()
    solves: int = 0
    fingerprint: str = ""
