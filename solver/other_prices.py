"""Other prices: which shadow prices could be different at the same best objective.

Optimal prices are those that agree with the flows of any one optimum (complementary slackness): with x optimal,

    d = c − Aᵀy,   d_j = 0 where x_j lies between its bounds,   y_i = 0 where row i lies between its sides,

and elsewhere d_j and y_i have the sign of the side that they press on (for a minimum d_j ≥ 0 at a lower bound; signs
turned for a maximum), or either sign where both sides are the same. These prices form a convex set, here followed in
some random directions, each both ways: a price that can differ then does, with probability one.
"""

from __future__ import annotations

import numpy as np

from ..flows.tables import Bools, Floats
from ..models.program import Program
from .solution import Solution

DIRECTIONS = 4
"""random directions, each taken both ways"""
SEED = 21
AT_SIDE = 1e-7
"""distance from a side that counts as none, relative to the side or to one scaled unit, 1"""
MOVES = 1e-6
"""change of a price that counts, relative to the price or to one scaled unit, 1"""
LARGEST = 20_000
"""rows of a program beyond which its prices are not looked at: the search solves a program of that size eight times"""


def non_unique_prices(program: Program, solution: Solution) -> Bools | None:
    """Mark the rows (m,) whose dual differs between optimal prices.

    Prices without a bound are kept within a box around their value, which a convex set allows. None where they are not
    looked at: the program has whole numbers, whose prices hold with each of them as it is, or more than 20,000 rows.
    Raises ValueError where there is no optimum.
    """
    x, y = solution.column_value, solution.row_dual
    if x is None or y is None or solution.row_value is None:
        raise ValueError(f"a solution that is {solution.status} has no prices")
    if program.is_integer or program.rows > LARGEST:
        return None
    sense = -1.0 if program.maximise else 1.0
    start = sense * y * (program.flow_scale / program.objective_scale)
    d_least, d_most = _signs(x / program.flow_scale, program.lower, program.upper)
    y_least, y_most = _signs(solution.row_value / program.flow_scale, program.row_lower, program.row_upper)
    moves = np.zeros(program.rows, bool)
    if not ((y_least < y_most).any() and np.isfinite(start).all()):
        return moves
    reach = np.maximum(1.0, np.abs(start))
    box = np.maximum(y_least, start - reach), np.minimum(y_most, start + reach)
    for found in _ends(program, sense, (d_least, d_most), box):
        moves |= np.abs(found - start) > MOVES * reach
    return moves


def _signs(value: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Least and largest dual, of a minimum, of what has a value between two sides."""
    room = [AT_SIDE * np.maximum(1.0, np.where(np.isfinite(side), np.abs(side), 1.0)) for side in (lower, upper)]
    at_lower, at_upper = value <= lower + room[0], value >= upper - room[1]
    return np.where(at_upper, -np.inf, 0.0), np.where(at_lower, np.inf, 0.0)


def _ends(program: Program, sense: float, reduced: tuple[Floats, Floats], box: tuple[Floats, Floats]) -> list[Floats]:
    """Prices at both ends of some random directions through the set of optimal prices, of a minimum in scaled units."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # where it is asked for: it costs a third of a second
    from scipy.sparse import csr_array

    cost, shape = sense * program.cost, (program.columns, program.rows)
    turned = csr_array((program.value, program.index, program.start), shape=shape)
    agrees = LinearConstraint(turned, cost - reduced[1], cost - reduced[0])
    random, ends = np.random.default_rng(SEED), []
    for _ in range(DIRECTIONS):
        direction = random.uniform(-1.0, 1.0, program.rows)
        for way in (direction, -direction):
            end = milp(way, constraints=agrees, bounds=Bounds(*box))
            if end.x is not None:
                ends.append(np.asarray(end.x, float))
    return ends
