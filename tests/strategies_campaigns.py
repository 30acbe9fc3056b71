"""Strategies for campaigns: what changing over from one mode of a plant to another costs, and for how long it stays."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, sometimes, written


@st.composite
def campaigns(draw: DrawFn, spec: Draft) -> Spec:
    """Draw the terms of a plant that makes one thing at a time; a changeover is no longer than the shortest period."""
    block: Spec = {}
    lengths = [float(period["duration"].split()[0]) for period in spec.get("periods", {}).values()]
    if sometimes(draw, 60):
        block["changeover_cost"] = written(draw(st.integers(0, 2000)), "CNY")
    if sometimes(draw, 50):
        share = draw(st.sampled_from([0.1, 0.25, 0.5, 1]))
        block["changeover_time"] = written(share * min(lengths, default=1), "a")
    if sometimes(draw, 50):
        block["least"] = written(draw(st.sampled_from([0.25, 0.5, 0.75, 1, 2])), "a")
    return block
