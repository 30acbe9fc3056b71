"""What a report says beside the figures of each answer: circularity, the ledger of exchanges, the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..audit.circularity import Circularity, circularity
from ..audit.comparison import Comparison
from ..audit.counterfactual import COUNTERFACTUALS
from ..audit.ledger import Ledger, make_ledger
from ..flows.problems import InputError
from .answer import Answer
from .versus import compared


@dataclass(frozen=True)
class Audited:
    """What was found of one answer."""

    answer: Answer
    circularity: Circularity | None = None
    """None where there is no answer"""
    ledger: Ledger | None = None
    """against the baseline; None where that is no counterfactual, or the answer itself"""
    refused: str = ""
    """why there is no ledger where one is wanted"""


@dataclass(frozen=True)
class Gathered:
    """Everything that the page and the workbook show of some answers, found once."""

    audited: tuple[Audited, ...]
    against: Answer
    """the answer from which differences are counted"""
    comparison: Comparison | None
    """None where fewer than two have an answer"""

    @property
    def measured(self) -> bool:
        """Somewhere it was counted what the measures of the case abate."""
        return any(audited.answer.measures is not None for audited in self.audited)


def gather(answers: Sequence[Answer], baseline: int = 0, source: Literal["stated", "built"] = "stated") -> Gathered:
    """Find out what a report says of some scenarios of a case.

    Args:
        answers: the scenarios, the first one first.
        baseline: number of the answer from which differences are counted; the first with an answer where it is none.
        source: whether the baseline, where it is a counterfactual, is stated by the case or was built.
    """
    solved = [answer for answer in answers if answer.result.optimal]
    against = answers[baseline] if answers[baseline].result.optimal else solved[0] if solved else answers[0]
    found = None
    if len(solved) > 1:
        found = compared([it.result for it in solved], [it.case for it in solved], solved.index(against), source)
    return Gathered(tuple(_audited(answer, against) for answer in answers), against, found)


def _audited(answer: Answer, against: Answer) -> Audited:
    if not answer.result.optimal:
        return Audited(answer)
    judged = circularity(answer.solved, answer.case)
    if answer is against or against.result.scenario not in COUNTERFACTUALS:
        return Audited(answer, judged)
    try:
        return Audited(answer, judged, make_ledger(answer.solved, against.solved))
    except InputError as error:
        return Audited(answer, judged, refused="; ".join(f"{it.what}. {it.mend}" for it in error.problems))
