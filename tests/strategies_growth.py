"""Strategies for limits of growth of what a policy counts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, sometimes

WHAT = ("indicator", "flow", "unit", "parks", "companies", "periods")
"""Fields that say what a policy speaks of."""


@st.composite
def growing(draw: DrawFn, spec: Draft, policy: Spec) -> Spec:
    """Limit how fast what a policy counts grows, beside its other terms or in their place; a ratio stays as it is."""
    ratio = "ratio" in policy or "ratio" in spec["indicators"].get(policy.get("indicator", ""), {})
    covered = [t in policy.get("periods", spec.times) for t in spec.times]
    neighbours = any(before and after for before, after in pairwise(covered))
    if ratio or not neighbours or not sometimes(draw, 60):
        return policy
    if sometimes(draw, 50) and "bank" not in policy:
        policy = {key: value for key, value in policy.items() if key in WHAT}
    low = draw(st.integers(-90, 0))
    sides = draw(st.sampled_from([("max",), ("max",), ("min",), ("min", "max")]))
    limits = {"min": f"{low} %/a", "max": f"{draw(st.integers(max(low, -50), 200))} %/a"}
    return {**policy, "growth": {side: limits[side] for side in sides}}
