"""Strategies for load: steps up to shares of the capacity, each of which mostly costs or needs more than the last."""

from __future__ import annotations

import copy

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import DIMENSION, Draft, Spec, figures, some, sometimes, unit_of, written


@st.composite
def load(draw: DrawFn, spec: Draft, process: str) -> Spec:
    """Draw two or three steps of a plant, and whether whole numbers keep them in order."""
    ends = sorted(draw(st.lists(st.integers(1, 9), min_size=1, max_size=2, unique=True)))
    recipe = spec["processes"][process]
    reference = recipe["per"].split()[2]
    energies = [
        name
        for name, amount in recipe["inputs"].items()
        if name in spec["materials"] and name != reference and DIMENSION[unit_of(spec, name)] == "energy"
    ]
    costs = [draw(figures(0, 50)) for _ in range(len(ends) + 1)] if sometimes(draw, 60) else []
    steps: list[Spec] = []
    for i, end in enumerate([*ends, 10]):
        step: Spec = {"to": f"{10 * end} %"}
        if i and sometimes(draw, 40):
            step["process"] = hotter(draw, spec, process)
        elif i and energies and sometimes(draw, 60):
            step["more"] = {name: f"{draw(st.integers(1, 40))} %" for name in some(draw, energies, 1, 2)}
        if costs:
            cost = costs[i] if sometimes(draw, 30) else sorted(costs)[i]
            step["variable_cost"] = written(cost, f"CNY/{unit_of(spec, reference)}")
        steps.append(step)
    return {"load": steps, "ordered": True} if sometimes(draw, 25) else {"load": steps}


def hotter(draw: DrawFn, spec: Draft, process: str) -> str:
    """State a recipe that takes more of all it uses than another one, and name it."""
    name = f"{process}_hot"
    if name in spec["processes"]:
        return name
    recipe, times = copy.deepcopy(spec["processes"][process]), draw(st.integers(101, 150)) / 100
    for material, amount in recipe["inputs"].items():
        if material == recipe["per"].split()[2]:
            continue
        holder, key = (amount, "need") if "from" in amount else (amount, "value")
        if isinstance(amount, str):
            holder, key = recipe["inputs"], material
        value, *unit = holder[key].split()
        holder[key] = " ".join([f"{float(value) * times:.10g}", *unit])
    spec["processes"][name] = recipe
    return name
