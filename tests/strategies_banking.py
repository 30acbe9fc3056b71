"""Strategies for banks: on what terms allowances are kept for later periods."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Spec, sometimes, written


@st.composite
def bank(draw: DrawFn, unit: str) -> Any:
    """Draw a bank: a limit, a stock at first, a time after which what is kept is lost, what may be borrowed."""
    block: Spec = {}
    room = draw(st.integers(0, 400))
    if sometimes(draw, 35):
        block["limit"] = written(room, unit)
    if sometimes(draw, 40):
        block["initial"] = written(draw(st.integers(0, room)), unit)
    if sometimes(draw, 60):
        block["expires"] = written(draw(st.sampled_from([0, 0.25, 0.5, 1, 1.5, 2, 3])), "a")
    if sometimes(draw, 40):
        block["borrow"] = written(draw(st.integers(0, 300)), unit)
    return block or True
