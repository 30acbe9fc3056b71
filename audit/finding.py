"""A finding and how robust it is, as plain data: what is asked, what each number does to it, how likely it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

from ..flows.tables import Label
from .uncertain import SPREADS, Confidence, Number

TOP = 12
"""numbers that are solved again at both ends of their range"""
SAMPLES = 256


@dataclass(frozen=True)
class Moved:
    """A number, what it is estimated to do to the finding, and what it does. All in the unit of the finding."""

    number: Number
    estimate: tuple[float, float] | None
    """change of the finding at the low and the high end, to first order; None where an objective has several stages:
    what the stages before allow moves too"""
    low: float | None
    """change of the finding with the number at its low end, solved anew; None where there is no answer"""
    high: float | None
    reason: str = ""
    """why there is none"""

    @property
    def swing(self) -> float:
        """The larger of the two changes, in size; of the estimate where neither was solved."""
        solved = [abs(change) for change in (self.low, self.high) if change is not None]
        return max(solved or [abs(change) for change in self.estimate or ()], default=0.0)

    @property
    def is_read(self) -> bool:
        """A source that was read gives it."""
        return self.number.access == "read"


@dataclass(frozen=True)
class Chance:
    """The finding over samples in which all numbers of the tornado vary together."""

    samples: int
    answered: int
    """samples in which all scenarios have an answer; the others are left out"""
    seed: int
    law: str
    mean: float | None
    deviation: float | None
    """standard deviation of the finding"""
    quantiles: dict[str, float]
    """5, 50 and 95 %"""
    wins: int | None
    """samples in which the scenario beats the other one; None without another one"""
    ties: int | None

    @property
    def probability(self) -> float | None:
        """Share of the answered samples in which it wins, 1."""
        return None if self.wins is None or not self.answered else self.wins / self.answered

    @property
    def error(self) -> float | None:
        """Standard error of that share, 1."""
        p = self.probability
        return None if p is None else sqrt(p * (1 - p) / self.answered)


@dataclass(frozen=True)
class Robustness:
    """How robust the finding of a case is. There are no figures unless the status is `optimal`."""

    case: str
    scenario: str
    against: str | None
    title: Label
    status: str
    reason: str
    measure: str
    maximise: bool
    unit: str
    value: float | None = None
    """of the measure in the scenario"""
    other: float | None = None
    """of the measure in the other one"""
    finding: float | None = None
    """the value, or how much better it is than the other one"""
    moved: tuple[Moved, ...] = ()
    """without a source that was read first, then by swing"""
    refused: tuple[Moved, ...] = ()
    """numbers that cannot be varied alone: the case is then no case, because a recipe does not close, say"""
    numbers: int = 0
    """numbers that were ranked"""
    unread: int = 0
    """of these, without a source that was read"""
    left: float | None = None
    """largest estimate of a number that was not solved again; None where there is none, or it is not known"""
    untried: int = 0
    """numbers that were not ranked because looking at each takes a compilation"""
    stated_apart: tuple[str, ...] = ()
    """paths of numbers that the two scenarios state differently: what is compared, so they do not vary"""
    spreads: dict[Confidence, float] = field(default_factory=lambda: dict(SPREADS))
    chance: Chance | None = None


@dataclass(frozen=True)
class Request:
    """What is asked of a case."""

    scenario: str = "base"
    against: str | None = None
    of: str | None = None
    """indicator, with `min:` or `max:` before it where that is not clear; None for the objective"""
    sets: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    """`PATH=VALUE` of a measure: the scenario with it is compared with the scenario without"""
    spreads: dict[Confidence, float] = field(default_factory=lambda: dict(SPREADS))
    ranges: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    top: int = TOP
    samples: int = SAMPLES
    """0 for none"""
    seed: int = 0
    law: str = "triangular"
    """or `uniform`"""
    workers: int = 1
    time_limit: float | None = None
