"""Certificate: feasibility and optimality recomputed outside the solver, in the user's units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..flows.tables import Floats
from ..models.assembly import add_up
from ..models.program import Program
from .solution import Solution

TOLERANCE = 1e-6
"""largest relative violation that a certificate accepts, 1"""


@dataclass(frozen=True)
class Certificate:
    """Recomputed residuals of an optimal solution."""

    primal: float
    """largest violation of a row or bound, relative to the throughput of the row or to the flow, 1"""
    primal_absolute: float
    """largest violation of a row or bound, user units"""
    primal_where: str
    """name of the row or column with the largest relative violation, "" where there is none"""
    dual: float
    """largest dual of the wrong sign, relative to the prices that meet in its column or row, 1"""
    dual_absolute: float
    """largest dual of the wrong sign, user units of the objective per unit of flow"""
    dual_where: str
    """name of the column or row with the largest relative dual violation, "" where there is none"""
    slackness: float
    """largest |dual| times distance from the bound it presses on, relative to the turnover, 1"""
    gap: float
    """objective against dual objective, relative to the turnover, 1"""
    holds: bool
    """primal, dual, slackness and gap, and what there is of the two below, are all within what is allowed"""
    wholeness: float = 0.0
    """largest distance of a whole number from the nearest one, 1; 0 where the program is linear"""
    bound_gap: float = 0.0
    """objective against the solver's bound on every answer, relative to the objective; 0 where it is linear"""


def certify(program: Program, solution: Solution) -> Certificate:
    """Recompute the residuals of an optimal solution, trusting nothing but its flows and its row duals.

        primal     r = A x;   row_lower ≤ r ≤ row_upper,   lower ≤ x ≤ upper
        dual       d = c − Aᵀy;   for a minimum d_j > 0 only above a finite lower, d_j < 0 only below a finite upper
                   bound, and the same for y_i and the sides of row i (signs turned for a maximum)
        gap        c·x against Σ d_j·(bound pressed on) + Σ y_i·(side pressed on)

    A row's violation is measured against its throughput Σ|a_ij x_j| and its finite side, a bound's against the flow
    and the bound; a reduced cost against |c_j| + Σ|a_ij y_i|, a row's dual against the largest |c_j| + Σ|a_ij y_i| it
    meets. None of these measures is taken smaller than one scaled unit (`flow_scale`, `objective_scale` over
    `flow_scale`). The turnover of the objective is Σ|c_j x_j| + Σ|y_i r_i|, and the constant.

    Where there are whole numbers, duals prove nothing about them. Then all this is shown for the linear program with
    the whole numbers held at their values; they are checked to be whole, and the objective to lie within the allowed
    gap of the bound. That bound is the solver's own word: it alone is not recomputed.

    Raises ValueError where the solution has no flows.
    """
    if solution.bound is None or solution.column_value is None:
        return _certify(program, solution)
    values = solution.column_value / program.flow_scale
    whole = np.round(values)
    held = replace(
        program,
        lower=np.where(program.integral, whole, program.lower),
        upper=np.where(program.integral, whole, program.upper),
        integral=np.zeros(0, bool),
    )
    outside = np.maximum(program.lower - whole, whole - program.upper)[program.integral].max(initial=0.0)
    wholeness = max(float(np.abs(values - whole)[program.integral].max(initial=0.0)), float(outside))
    objective = solution.objective or 0.0
    missed = abs(objective - solution.bound) / max(abs(objective), program.objective_scale)
    found = _certify(held, solution)
    holds = found.holds and wholeness <= TOLERANCE and missed <= max(solution.mip_gap, TOLERANCE)
    return replace(found, holds=holds, wholeness=wholeness, bound_gap=missed)


def _certify(program: Program, solution: Solution) -> Certificate:
    """Recompute the residuals of a linear program."""
    x, y = solution.column_value, solution.row_dual
    if x is None or y is None or solution.objective is None:
        raise ValueError(f"a solution that is {solution.status} has nothing to certify")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return Certificate(*(np.inf, np.inf, ""), *(np.inf, np.inf, ""), np.inf, np.inf, False)
    flow, price = program.flow_scale, program.objective_scale / program.flow_scale
    column = np.repeat(np.arange(program.columns), np.diff(program.start))
    moved = program.value * x[column]
    activity = add_up(program.index, moved, program.rows)
    throughput = add_up(program.index, np.abs(moved), program.rows)
    bounds = _Sides(program.lower * flow, program.upper * flow, program.column_name)
    sides = _Sides(program.row_lower * flow, program.row_upper * flow, program.row_name)
    primal = _worst(
        (bounds.name, *bounds.violation(x, np.maximum(np.abs(x), flow))),
        (sides.name, *sides.violation(activity, np.maximum(throughput, flow))),
    )

    sense = -1.0 if program.maximise else 1.0
    cost, y = sense * program.cost * price, sense * y
    paid = program.value * y[program.index]
    reduced = cost - add_up(column, paid, program.columns)
    prices = np.abs(cost) + add_up(column, np.abs(paid), program.columns)
    met = np.zeros(program.rows)
    np.maximum.at(met, program.index, prices[column] / np.maximum(np.abs(program.value), 1e-300))
    dual = _worst(
        (bounds.name, bounds.wrong_sign(reduced), np.maximum(prices, price)),
        (sides.name, sides.wrong_sign(y), np.maximum(met, price)),
    )

    offset = program.offset * program.objective_scale
    turnover = float(np.abs(cost * x).sum() + np.abs(y * activity).sum() + abs(offset))
    turnover = max(turnover, program.objective_scale)
    slack = np.concatenate([bounds.slackness(x, reduced), sides.slackness(activity, y)])
    primal_objective = sense * float(cost @ x) + offset
    dual_objective = sense * (bounds.pressed(reduced) + sides.pressed(y)) + offset
    missed = max(abs(primal_objective - dual_objective), abs(primal_objective - solution.objective))
    gap = float(missed) / turnover
    slackness = float(slack.max(initial=0.0)) / turnover
    holds = bool(max(primal[0], dual[0], slackness, gap) <= TOLERANCE)
    return Certificate(*primal, *dual, slackness, gap, holds)


def _worst(*groups: tuple[Callable[[int], str], Floats, Floats]) -> tuple[float, float, str]:
    """Largest relative and largest absolute residual, and the name of the former."""
    relative, absolute, where = 0.0, 0.0, ""
    for name, residual, measure in groups:
        if not len(residual):
            continue
        ratio = residual / measure
        worst = int(np.argmax(ratio))
        absolute = max(absolute, float(residual.max()))
        if ratio[worst] > relative:
            relative, where = float(ratio[worst]), name(worst)
    return relative, absolute, where


@dataclass(frozen=True, eq=False)
class _Sides:
    """Bounds of columns or sides of rows, and what values and duals do to them."""

    lower: Floats
    upper: Floats
    name: Callable[[int], str]

    def violation(self, value: Floats, measure: Floats) -> tuple[Floats, Floats]:
        """Distance outside the bounds, and the larger of `measure` and the bound that is nearest."""
        below, above = self.lower - value, value - self.upper
        side = np.abs(np.where(below > above, self.lower, self.upper))
        return np.maximum(0.0, np.maximum(below, above)), np.maximum(measure, np.where(np.isinf(side), 0.0, side))

    def wrong_sign(self, dual: Floats) -> Floats:
        """Part of a minimiser's dual that presses on a bound that is not there."""
        return np.where(np.isinf(np.where(dual > 0, self.lower, self.upper)), np.abs(dual), 0.0)

    def _side(self, dual: Floats) -> Floats:
        """The finite bound that each dual presses on; nan where there is none."""
        side = np.where(dual > 0, self.lower, self.upper)
        return np.where(np.isinf(side), np.nan, side)

    def slackness(self, value: Floats, dual: Floats) -> Floats:
        return np.nan_to_num(np.abs(dual * (value - self._side(dual))))

    def pressed(self, dual: Floats) -> float:
        return float(np.nansum(np.where(dual == 0, 0.0, dual * self._side(dual))))
