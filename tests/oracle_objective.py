"""The objective of the oracle: an indicator, a weighted sum, the worst-off park, or stages one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from oracle_accounts import Place, Term, worth
from oracle_banking import Banks
from oracle_figures import SIZE, Spec, converted, figure
from oracle_growth import hold_growth
from oracle_returns import hold_returns


@dataclass
class Stage:
    """One aim, and how far later ones may fall behind it."""

    maximise: bool
    goal: Any
    """Pyomo expression"""
    parts: list[Term]
    """what the goal is made of: the scale of its rounding errors"""
    tolerance: Any = 0
    """a share of the value, or a quantity"""

    def held(self, best: float, slack: float) -> Any:
        """State that the aim stays within its tolerance of the best, and within a slack."""
        got = figure(self.tolerance)
        room = got.value * abs(best) if got.unit == "1" else got.value
        return self.goal >= best - room - slack if self.maximise else self.goal <= best + room + slack


@dataclass
class Law(Banks):
    """A case as an algebraic program: every room has stated its laws here."""

    def __post_init__(self) -> None:
        """State the whole program."""
        self.scope = self.weights
        self.declare()
        self.balance()
        self.stores()
        self.capacity()
        self.switching()
        self.units()
        self.slots()
        self.investment()
        self.offers()
        self.ways()
        self.policies()
        hold_growth(self)
        hold_returns(self)
        written = self.case.spec["objective"]
        self.stages = [
            self.stage(i, block) for i, block in enumerate(written if isinstance(written, list) else [written])
        ]

    def stage(self, i: int, block: Spec) -> Stage:
        """Read one stage of the objective."""
        maximise = "maximise" in block
        aim = block["maximise" if maximise else "minimise"]
        worst = next((key for key in ("least", "largest") if isinstance(aim, dict) and key in aim), None)
        tolerance = block.get("tolerance", 0)
        if worst is None:
            parts = self.weighted(aim)
            return Stage(maximise, self.expression(parts), parts, tolerance)
        extreme = pyo.Var(domain=pyo.Reals)
        setattr(self.model, f"extreme_{i}", extreme)
        parts = []
        for park in self.case.parks:
            terms = self.weighted(aim[worst], [place for place in self.case.places if place[0] == park])
            parts += terms
            self.hold(extreme <= self.expression(terms) if worst == "least" else extreme >= self.expression(terms))
        return Stage(maximise, extreme + 0, parts, tolerance)

    def expression(self, terms: list[Term]) -> Any:
        """Add up terms to an expression that has columns even where nothing counts."""
        return worth(terms) + 0 * sum(self.model.run.values())

    def weighted(self, aim: Any, places: list[Place] | None = None) -> list[Term]:
        """List the terms of a sum of indicators, in the unit of the first with a bare number, or else in money."""
        weights = {aim: 1} if isinstance(aim, str) else aim
        bare = [name for name, weight in weights.items() if figure(weight).unit == "1"]
        unit = self.unit(bare[0]) if bare else "CNY"
        found = []
        for name, weight in weights.items():
            value, own, _ = figure(weight)
            if own == "1":
                each = converted(value, self.unit(name), unit)
            else:
                top, each_of = own.split("/")
                each = converted(value, top, unit) / SIZE[each_of.strip("()")] * SIZE[self.unit(name)]
            found += [Term(each * term.factor, term.flow) for term in self.indicator(name, places)]
        return found
