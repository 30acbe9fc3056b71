"""A first basis from flows that are only nearly right, as first-order methods find them.

PDLP ends within a tolerance of all rows and duals together, which is too loose for a certificate in the user's units,
and has no basis. But its flows say what is at its bound and which limit binds: simplex starts there, and ends at a
vertex.
"""

from __future__ import annotations

import numpy as np

from ..flows.tables import Floats, Ints
from ..models.program import Program
from .handle import BASIC, LOWER, UPPER
from .solution import Solution

NEAR = 1e-4
"""distance from a bound or side that counts as being at it, relative to the flow or one scaled unit, 1"""
PRICED = 1e-6
"""largest dual of an inequality that counts as none, scaled units of the objective per unit, 1"""


def stands(program: Program, solution: Solution) -> tuple[Ints, Ints]:
    """Return where columns (n,) and rows (m,) of a nearly optimal solution stand: at `LOWER`, `UPPER` or `BASIC`.

    These need not make a basis. A row is at its side where it is an equality, or reaches the side and has a price.
    Raises ValueError where there are no flows.
    """
    x, activity, dual = solution.column_value, solution.row_value, solution.row_dual
    if x is None or activity is None or dual is None:
        raise ValueError(f"a solution that is {solution.status} has no flows")
    columns = _at(x / program.flow_scale, program.lower, program.upper)
    rows = _at(activity / program.flow_scale, program.row_lower, program.row_upper)
    free = np.abs(dual) * (program.flow_scale / program.objective_scale) <= PRICED
    loose = free & (program.row_lower < program.row_upper)
    return columns, np.where(loose, BASIC, rows).astype(np.int32)


def _at(value: Floats, lower: Floats, upper: Floats) -> Ints:
    near = NEAR * np.maximum(1.0, np.abs(value))
    return np.select([value - lower <= near, upper - value <= near], [LOWER, UPPER], BASIC).astype(np.int32)
