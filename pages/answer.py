"""An answer that is to be shown, with what was found out beside it at the cost of more solves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..audit.abatement import Abatement
from ..audit.shares import Shares
from ..flows.case import Case
from ..reports.result import Result
from ..reports.run import Solved

Section = Literal["measures", "shares"]
"""a section that takes solves of its own"""
MOST_MEASURES = 5
"""measures of a case up to which a report counts what they abate without being asked: at most 32 solves"""


@dataclass(frozen=True)
class Answer:
    """One scenario and its answer."""

    case: Case
    solved: Solved
    measures: Abatement | None = None
    """what the measures of the case do in this scenario; None where that was not asked for"""
    shares: Shares | None = None
    """how the joint saving is split; None where that was not asked for"""
    refused: Mapping[Section, str] = field(default_factory=dict)
    """why a section that was asked for is not there"""

    @property
    def result(self) -> Result:
        """Its figures, or the reason why there are none."""
        return self.solved.result
