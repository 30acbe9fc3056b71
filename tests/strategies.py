"""Hypothesis strategies for small cases in the language: dicts that `oracle` reads.

A case is drawn top down: its mood (which families of the language it likes), materials, recipes, periods, parks with
plants, then the offers without which a material would have no source or no destination somewhere, then accounts,
policies, an objective and scenarios. Most cases are valid, bounded and feasible; least runs, fixed runs, least sales
and tight policies make some infeasible, unlimited plants and dear sales make some unbounded.

Its rooms: `strategies_basics`, `_recipes`, `_campaigns`, `_plants`, `_investment`, `_market` (offers), `_parks`,
`_routes`, `_accounts`, `_ratios`, `_policies`, `_banking`, `_scenarios`, `_displacement`, `_currencies`,
`_returns`, `_growth`, `_islands`, `_load`.
"""

from __future__ import annotations

import os
from typing import Any

import yaml
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_accounts import indicators
from strategies_basics import Draft, Spec, figures, named, percent, sometimes, written
from strategies_currencies import abroad, rates
from strategies_displacement import displacements
from strategies_investment import budgets, standing
from strategies_islands import islands
from strategies_parks import park
from strategies_policies import per, policies
from strategies_ratios import ratio
from strategies_recipes import materials, processes
from strategies_returns import returns
from strategies_routes import routes
from strategies_scenarios import scenarios

PHASES = [Phase.explicit, Phase.generate, *([Phase.shrink] if os.environ.get("PARKLOOP_SHRINK") else [])]
"""a case that fails is found in seconds and made small in many minutes: only where that is asked for"""
MOODS = {
    "periods": 55,
    "stores": 30,
    "profiles": 30,
    "factors": 40,
    "displaces": 30,
    "currencies": 25,
    "returns": 30,
    "load": 25,
    "growth": 25,
    "ramp": 20,
    "investment": 30,
    "on_off": 15,
    "modes": 20,
    "campaigns": 25,
    "units": 20,
    "links": 30,
    "coalitions": 15,
    "companies": 30,
    "islands": 30,
    "stages": 12,
    "worst": 8,
    "bank": 40,
    "scenarios": 25,
}
"""Families, and in how many of a hundred cases they are welcome."""
CLOCKED = ("stores", "on_off", "bank")
"""Families for which every period has its place in time, and so occurs once."""


@st.composite
def moods(draw: DrawFn) -> frozenset[str]:
    """Draw which families a case likes to use."""
    return frozenset(name for name, chance in MOODS.items() if sometimes(draw, chance))


@st.composite
def periods(draw: DrawFn, clocked: bool) -> Spec:
    """Draw one to four periods with their durations and weights."""
    found: Spec = {}
    for i in range(draw(st.integers(1, 3))):
        found[f"y202{i}"] = {"duration": written(draw(st.sampled_from([1, 0.5, 0.25, 2])), "a")}
        if not clocked and sometimes(draw, 50):
            found[f"y202{i}"]["weight"] = draw(st.sampled_from([1, 2, 3, 0.5]))
    if sometimes(draw, 20):
        found["part"] = {"duration": "0.25 a", "count": draw(st.integers(1, 3))}
    return found


@st.composite
def objectives(draw: DrawFn, spec: Draft) -> Any:
    """Draw an objective: mostly one aim, sometimes stages of them."""
    first = draw(aims(spec))
    if "stages" not in spec.mood:
        return first
    stages = [first, *(draw(aims(spec)) for _ in range(draw(st.sampled_from([1, 1, 2]))))]
    for stage in stages[:-1]:
        if sometimes(draw, 60):
            stage["tolerance"] = draw(percent(0, 30))
    if sometimes(draw, 25):
        stages[-1]["tie_break"] = True
    return stages


@st.composite
def aims(draw: DrawFn, spec: Draft) -> Spec:
    """Draw a sense and an indicator, a weighted sum or the worst park: mostly profit, mostly a sensible sense."""
    units = {name: block["unit"] for name, block in spec["indicators"].items() if "ratio" not in block}
    if "worst" in spec.mood and sometimes(draw, 70):
        return draw(st.sampled_from([{"maximise": {"least": "profit"}}, {"minimise": {"largest": "cost"}}]))
    if units and sometimes(draw, 20):
        name = draw(st.sampled_from(sorted(units)))
        if units[name] == "CNY":
            return {"minimise": {"cost": draw(st.sampled_from([1, 1, 0.5])), name: draw(figures(0, 2))}}
        weight = written(draw(figures(0, 60)), per(units[name]))
        if sometimes(draw, 60):
            return {"minimise": {"cost": draw(st.sampled_from([1, 1, 0.5])), name: weight}}
        return {
            "maximise": {name: draw(figures(0.1, 2)), "cost": written(-draw(figures(0.1, 5)), f"{units[name]}/CNY")}
        }
    if not sometimes(draw, 50):
        return {"maximise": "profit"}
    spending = ["investment"] if "investment" in spec else []
    name = draw(st.sampled_from(["value_added", "cost", "revenue", *spending, *units, *units]))
    sense = "minimise" if name not in ("value_added", "revenue") else "maximise"
    if sometimes(draw, 15):
        sense = "maximise" if sense == "minimise" else "minimise"
    return {sense: name}


@st.composite
def cases(draw: DrawFn) -> Spec:
    """Draw a whole case."""
    spec = Draft({"case": "generated", "title": named("case"), "money": "CNY"})
    spec.mood, spec.joined = draw(moods()), {}
    spec["materials"] = draw(materials())
    if "displaces" in spec.mood:
        draw(displacements(spec))
    spec["processes"] = draw(processes(spec))
    if level := draw(st.sampled_from(["all", None, "park", "company", "none"])):
        spec["exchange"] = level
    if spec.mood & {"periods", "bank"}:
        spec["periods"] = draw(periods(bool(spec.mood.intersection(CLOCKED))))
    if "currencies" in spec.mood:
        spec["currencies"] = draw(rates(spec))
    spec["parks"] = {}
    for identifier in ["north", "south"][: draw(st.sampled_from([1, 2, 2]))]:
        spec["parks"][identifier] = draw(park(spec, identifier))
    if spec.joined:
        sides = sorted({side for side in spec.joined.values() if side is not None})
        spec["coalitions"] = [
            [f"{where}.{name}" for (where, name), joined in spec.joined.items() if joined == side] for side in sides
        ]
    spec["indicators"] = draw(indicators(spec))
    accounts = {name: block["unit"] for name, block in spec["indicators"].items()}
    if sometimes(draw, 40):
        spec["indicators"]["ratio"] = {"name": named("ratio"), **draw(ratio(spec, accounts))}
    if "returns" in spec.mood:
        spec["returns"] = draw(returns(spec))
    if len(spec["parks"]) == 2 and sometimes(draw, 95):
        spec |= draw(routes(spec))
    if "islands" in spec.mood:
        spec["service_islands"] = draw(islands(spec))
    if "investment" in spec.mood:
        spec["investment"] = draw(budgets())
        draw(standing(spec))
    spec["policies"] = draw(policies(spec))
    spec["objective"] = draw(objectives(spec))
    if "scenarios" in spec.mood:
        draw(scenarios(spec))
    if "currencies" in spec.mood:
        draw(abroad(spec))
    return {key: block for key, block in spec.items() if block != {}}


def chosen(spec: Spec) -> str:
    """Name the scenario of a drawn case that is answered: the last one, or the case itself."""
    if not spec.get("scenarios"):
        return "base"
    name, block = list(spec["scenarios"].items())[-1]
    if "grid" not in block:
        return name
    count = 1
    for values in block["grid"].values():
        count *= len(values)
    return f"{name}_{(count + 1) // 2}"


class Plain(yaml.CSafeDumper):
    """A dumper that writes a value that stands twice twice: the language limits aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never write an alias."""
        return True


def to_yaml(spec: Spec) -> str:
    """Write a case as a file of the language."""
    return yaml.dump(spec, Dumper=Plain, allow_unicode=True, sort_keys=False, width=1000)
