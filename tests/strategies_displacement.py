"""Strategies for displacement: what virgin material a unit of another one stands in for."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import DIMENSION, UNITS, Draft, figures, some, sometimes, unit_of, written

COUNTED = sorted({unit for units in UNITS.values() for unit in units})


@st.composite
def displacements(draw: DrawFn, spec: Draft) -> None:
    """Let one to three materials stand in for one or two others, in any units that fit."""
    names = list(spec["materials"])
    for material in some(draw, names, 1, 3):
        for virgin in some(draw, [name for name in names if name != material], 1, 2):
            top, per = (
                draw(st.sampled_from([unit for unit in COUNTED if DIMENSION[unit] == DIMENSION[unit_of(spec, name)]]))
                for name in (virgin, material)
            )
            worth = written(draw(figures(0.1, 3)), f"{top}/{per}")
            entry = {"value": worth, "note": "generated"} if sometimes(draw, 20) else worth
            spec["materials"][material].setdefault("displaces", {})[virgin] = entry
