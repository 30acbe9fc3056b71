"""The law a second time: one case as a plain algebraic Pyomo model, written from docs/language.md.

Nothing here is shared with `parkloop`: no parser, no index table, no matrix. A case is a plain dict
(the parsed YAML of one file without includes) whose numbers stand in fixed units, so that no unit
parser is needed either: every material is written in its own unit, rates per ``a``, durations in
``a``, money in ``CNY``.

Its rooms, each of which knows those before it:

    oracle_figures    numbers and units
    oracle_case       words: materials, recipes, companies, plants, offers, periods, profiles
    oracle_ways       exchange levels, coalitions, links, routes
    oracle_columns    columns, and the flows of a material as sums of them
    oracle_building   new capacity of plants, links, routes and stores; budgets, annuity, cash
    oracle_stores     stores
    oracle_investment capacity of plants: what stands, is closed and goes, and what it adds
    oracle_parks      balances, capacity, ramps, on and off, units, slots, offers, ways
    oracle_campaigns  plants that are set up for one mode at a time
    oracle_load       steps of plants whose recipe gets worse the harder they run
    oracle_displacement what uses stand in for
    oracle_accounts   indicators per company
    oracle_ratios     ratios of factors and of named indicators, in a unit of their own
    oracle_policies   bounds, soft bounds, prices, steps, allowances
    oracle_banking    allowances that are kept for later periods
    oracle_growth     how fast what a policy counts may change
    oracle_returns    what is sold comes back later
    oracle_objective  sums, the worst-off park, stages: `Law`, the whole program
    oracle_islands    service islands: who bears what of whom in a plan
    oracle_currencies figures in other money
    oracle_scenarios  scenarios that compose, grids, parameters

Where the language leaves room, this is what the oracle reads into it:

- a company (a plant, where it keeps to itself) balances the materials that its plants make or use;
- emissions leave, and environment enters and leaves, by implicit offers where they are made and used, unless an offer
  is stated; they count as discarded and as bought; environment is not passed on;
- a route is used by makers in the one park and users in the other; what is lost on the way counts as discarded,
  the rest as shipped, and freight and what it adds are booked, all in the park that sends;
- what a priced indicator costs is paid where the indicator arises;
- a ratio is bounded as ``of ≥ min · to`` and ``of ≤ max · to``;
- what a shortage, a surplus or a price step costs, and what is free, is shared evenly by the companies covered;
- payments over all periods together belong to no single period.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pyomo.environ as pyo
from pyomo.contrib.appsi.base import TerminationCondition
from pyomo.contrib.appsi.solvers import Highs

from oracle_accounts import MONEY, Place, worth
from oracle_figures import Spec
from oracle_islands import Told, arrivals, islands, told_by
from oracle_objective import Law
from oracle_scenarios import composed
from oracle_ways import Case

Status = Literal["optimal", "infeasible", "unbounded"]

TOLERANCE = 1e-9
"""Feasibility and optimality tolerance asked of HiGHS."""
LOOSER = 1e-6
"""How far a stage may fall behind when the last one is solved again, as a share of the scale: an earlier stage is
known to rounding only, and a steep trade-off makes much of that."""
SCALE = 1e3
"""Largest magnitude of a row that compares accounts: in larger ones the tolerance is below rounding."""


@dataclass(frozen=True)
class OracleAnswer:
    """What the oracle says of a case."""

    status: Status
    objective: float | None = None
    """of the last stage"""
    indicators: dict[str, float | None] = field(default_factory=dict)
    gross: float = 0.0
    """sum of the magnitudes of the terms of the objective: the scale of its rounding errors"""
    reached: tuple[float, ...] = ()
    """what each stage reached"""
    looser: float | None = None
    """objective of the last stage with those before it a little loosened"""
    whole: bool = False
    """whether something is on or off, or counted in pieces"""


def solve(spec: Spec, scenario: str = "base") -> OracleAnswer:
    """Optimise a case; what has no optimum is unbounded if it can be solved without objective."""
    law = Law(Case(composed(spec, scenario)))
    reached: list[float] = []
    held: list[Any] = []
    for stage in law.stages:
        aim(law.model, stage.goal, stage.maximise)
        end = optimise(law.model)
        if held and end is TerminationCondition.infeasible:  # by rounding: the stages before are met by some plan
            held = restated(law, held, reached, [TOLERANCE * max(1.0, abs(best)) for best in reached])
            end = optimise(law.model)
        if end is not TerminationCondition.optimal:
            assert end in (
                TerminationCondition.infeasible,
                TerminationCondition.unbounded,
                TerminationCondition.infeasibleOrUnbounded,
            ), end
            return OracleAnswer("unbounded" if feasible(law.model) else "infeasible")
        reached.append(amount(stage.goal))
        if stage is not law.stages[-1]:
            held.append(law.hold(stage.held(reached[-1], 0.0)))
    gross = sum(abs(amount(term.factor * term.flow)) for stage in law.stages for term in stage.parts)
    found = OracleAnswer("optimal", reached[-1], indicators(law), gross, tuple(reached), whole=whole(law.model))
    return replace(found, looser=loosened(law, held, found)) if held else found


def loosened(law: Law, held: list[Any], answer: OracleAnswer) -> float:
    """Return what the last stage reaches when those before it are held a little less."""
    restated(law, held, answer.reached, [LOOSER * max(1.0, answer.gross)] * len(held))
    end = optimise(law.model)
    return amount(law.stages[-1].goal) if end is TerminationCondition.optimal else math.inf


def restated(law: Law, held: list[Any], reached: Sequence[float], slacks: Sequence[float]) -> list[Any]:
    """Hold the stages before with these slacks, in place of the rows that hold them now."""
    for row in held:
        row.deactivate()
    former = zip(law.stages, reached, slacks, held, strict=False)  # the last stage is not held
    return [law.hold(stage.held(best, slack)) for stage, best, slack, _ in former]


def indicators(law: Law, places: Iterable[Place] | None = None) -> dict[str, float | None]:
    """Evaluate every indicator at the loaded solution; a ratio to nothing is None."""
    values: dict[str, float | None] = {}
    for name in (*MONEY, *(law.case.spec.get("indicators") or {})):
        ratio = law.ratio_block(name)
        if ratio is None:
            values[name] = amount(worth(law.indicator(name, places)))
        else:
            top, per = map(amount, law.ratio(ratio, law.case.places if places is None else places))
            values[name] = top / per if abs(per) > 1e-9 else None
    return values


def distance(spec: Spec, parks: dict[str, Told], scenario: str = "base", answer: Any = None) -> float:
    """Return how near a lawful plan comes to indicators of parks: its largest miss of any of them.

    With an answer, also to its accounts of companies and to what it says that passes between them, where islands share.
    """
    law = Law(Case(composed(spec, scenario)))
    law.model.miss = pyo.Var(domain=pyo.NonNegativeReals)
    sums: list[tuple[dict[Place, float], Told]] = [
        ({place: 1.0 for place in law.case.places if place[0] == park}, told) for park, told in parks.items()
    ]
    gaps: list[tuple[float, Any]] = []
    """what is told, and how far it is missed"""
    if answer is not None and islands(law.case):
        arrived, shared = told_by(law.case, answer)
        flows = arrivals(law)
        gaps = [(told, flows.get(way, 0.0) - told) for way in flows | arrived for told in [arrived.get(way, 0.0)]]
        sums += shared
    own: dict[tuple[Place, str], tuple[Any, Any]] = {}
    for places, told in sums:
        for name, value in told.items():
            if value is None:
                continue
            for place in places:
                if (place, name) not in own:
                    own[place, name] = sides(law, place, name)
            top, per = (sum(often * own[place, name][i] for place, often in places.items()) for i in (0, 1))
            gaps.append((value, top - value * (per if law.ratio_block(name) else 1.0)))
    for value, gap in gaps:
        scale = min(1.0, SCALE / abs(value)) if value else 1.0
        law.hold(scale * gap <= scale * law.model.miss)
        law.hold(scale * gap >= -scale * law.model.miss)
    aim(law.model, law.model.miss + 0, maximise=False)
    near = 1e-8 * max([1.0, *(abs(value) for value, _ in gaps)])
    least = math.inf
    # Any lawful plan that comes near is proof enough. Rows of 1e7 are known to their own scale only, and HiGHS 1.16
    # called 7,199 the least miss of whole numbers where it finds a plan without any at another tolerance.
    for tolerance in (TOLERANCE, 1e-7, 1e-8):
        if optimise(law.model, tolerance) is TerminationCondition.optimal:
            least = min(least, amount(law.model.miss))
        if least <= near:
            break
    return least


def sides(law: Law, place: Place, name: str) -> tuple[Any, Any]:
    """Give what an indicator of a company counts, and what it is divided by where it is a ratio."""
    ratio = law.ratio_block(name)
    return law.ratio(ratio, [place]) if ratio else (worth(law.indicator(name, [place])), 1.0)


def aim(model: Any, goal: Any, maximise: bool) -> None:
    """Set the objective of a model."""
    model.del_component("goal")
    model.goal = pyo.Objective(expr=goal, sense=pyo.maximize if maximise else pyo.minimize)


def amount(expression: Any) -> float:
    """Evaluate an expression at the loaded solution."""
    return float(pyo.value(expression))


def whole(model: Any) -> bool:
    """Tell whether a model has columns of whole numbers."""
    return any(not column.is_continuous() for column in model.component_data_objects(pyo.Var))


def feasible(model: Any) -> bool:
    """Tell whether the laws can hold at all."""
    aim(model, 0 * sum(model.component_data_objects(pyo.Var)), maximise=False)
    end = optimise(model)
    assert end in (TerminationCondition.optimal, TerminationCondition.infeasible), end
    return bool(end is TerminationCondition.optimal)


def optimise(model: Any, tolerance: float = TOLERANCE) -> Any:
    """Run HiGHS and load the plan where it is optimal; what presolve brings beyond the tolerance is solved without.

    So are whole numbers: HiGHS 1.16 called 598,985 the best of a case whose best is 599,018, with presolve only.
    """
    for presolve in ("off",) if whole(model) else ("choose", "off"):
        solver = Highs()
        solver.config.load_solution = False
        solver.highs_options = {
            "primal_feasibility_tolerance": tolerance,
            "dual_feasibility_tolerance": tolerance,
            "mip_feasibility_tolerance": tolerance,
            "mip_rel_gap": tolerance,
            "presolve": presolve,
        }
        end = solver.solve(model).termination_condition
        if end is not TerminationCondition.error:
            break
    if end is TerminationCondition.optimal:
        solver.load_vars()
    return end
