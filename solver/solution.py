"""Solution: what the solver answered, in the user's units.

Sign of the duals, everywhere: a dual is the change of the objective *as the user states it* per unit that the side
of the row (the bound of the column) is raised, also when the objective is maximised. A limit whose raising helps has
a positive dual when maximising and a negative one when minimising.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

from ..flows.tables import Bools, Floats
from .watch import Watcher

Status = Literal["optimal", "infeasible", "unbounded", "stopped"]
Method = Literal["auto", "simplex", "ipm", "hipo", "pdlp", "windows"]


@dataclass(frozen=True)
class SolveOptions:
    """How to solve."""

    time_limit: float | None = None
    """budget of one solve, s; None is unlimited"""
    threads: int = 1
    """threads HiGHS may use, or windows share, 1"""
    seed: int = 0
    """random seed of HiGHS, 1"""
    method: Method = "auto"
    """algorithm of the first solve of a session; `auto` takes the one that docs/solver.md says"""
    mip_gap: float = 1e-6
    """distance between answer and bound at which a program with whole numbers counts as solved, relative, 1"""
    tolerance: float = 1e-7
    """primal and dual feasibility tolerance in the scaled units of the program, 1"""
    memory_limit: float | None = None
    """memory that the process may hold while it solves, GB; looked at ten times a second. None is unlimited"""
    watcher: Watcher | None = field(default=None, repr=False, compare=False)
    """is told how far the solve is, a few times a second"""

    def stated(self) -> dict[str, float | int | str | None]:
        """Return the options as plain values, to stand in a result."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "watcher"}


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """Answer of one solve. Values and duals are None unless the status is `optimal`.

    Where the program has whole numbers, the duals are those of the linear program with these held at their values.
    """

    status: Status
    reason: str
    """plain sentence that says what the status means here"""
    column_value: Floats | None
    """(n,) flows, user units"""
    column_dual: Floats | None
    """(n,) reduced costs, user units of the objective per user unit of flow"""
    row_value: Floats | None
    """(m,) row activities, user units"""
    row_dual: Floats | None
    """(m,) shadow prices, user units of the objective per user unit of the side"""
    objective: float | None
    """user units, constants included"""
    column_basic: Bools | None
    """(n,) column is basic in the final basis; None where there is no basis"""
    row_basic: Bools | None
    """(m,) row is basic in the final basis; None where there is no basis"""
    iterations: int
    """of the last run, all algorithms together, 1"""
    seconds: float
    """wall-clock time of this solve, s"""
    solver: str
    """name and version, e.g. `HiGHS 1.16.0`"""

    bound: float | None = None
    """no answer can be better than this, user units; None where the program is linear and its duals say so"""
    mip_gap: float = 0.0
    """distance from the bound that was allowed, relative, 1"""

    method: str = ""
    """what found the answer: `simplex`, `ipm`, `hipo`, `pdlp`, `windows`, `branch and bound`; "" where nobody chose"""
    method_reason: str = ""
    """plain sentence that says why this method, and why not the one that was asked for"""

    def __repr__(self) -> str:
        return f"<Solution {self.status}: {self.reason}>"
