"""Watching a solve from outside: how far it is, and how much memory the process holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SIMPLEX = re.compile(r"^\s*(\d+)\s+(-?\d\.\d+e[+-]\d+)\s+(Ph1|Pr)\b")
"""line of the simplex log: iteration, objective of the minimiser, phase; only objectives of phase 2 mean something"""
INTERIOR = re.compile(r"^\s*(\d+)\s+(-?\d\.\d+e[+-]\d+)\s+(-?\d\.\d+e[+-]\d+)\s")
"""line of the interior-point log: iteration, primal and dual objective of the minimiser"""


@dataclass(frozen=True)
class Progress:
    """How far a solve is; None where the algorithm does not say."""

    seconds: float
    iterations: int = 0
    objective: float | None = None
    """user units; with whole numbers that of the best answer so far, otherwise where the algorithm stands"""
    bound: float | None = None
    """no answer can be better, user units"""
    stage: str = ""
    """what is being done, where a solve has several stages: `windows of 30 periods`"""

    @property
    def gap(self) -> float | None:
        """Distance of objective and bound, relative to the objective."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-300)


Watcher = Callable[[Progress], None]


def read_log(line: str) -> tuple[int, float | None, float | None] | None:
    """Return iteration, objective and bound that a line of the solver's log states, as it minimises."""
    if found := SIMPLEX.match(line):
        return int(found[1]), float(found[2]) if found[3] == "Pr" else None, None
    if found := INTERIOR.match(line):
        return int(found[1]), float(found[2]), float(found[3])
    return None


def held_memory() -> float | None:
    """Return the memory that this process holds (resident), GB; None where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import os

        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e9
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9
    return None
