"""Strategies for ratios: of factors or of indicators by name, as a share or in a unit of their own; and bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_accounts import weights
from strategies_basics import MONEY, Draft, Spec, figures, some, sometimes, written

SCALES = {
    "mass": {"t": 1.0, "kg": 0.001, "kt": 1000.0},
    "energy": {"GJ": 1.0, "MWh": 3.6, "TJ": 1000.0},
    "money": {"CNY": 1.0, "kCNY": 1000.0, "万CNY": 10000.0},
}
"""Units in which a ratio may count each dimension, and how large they are."""
SIZE = {unit: size for units in SCALES.values() for unit, size in units.items()}


@st.composite
def ratio(draw: DrawFn, spec: Draft, accounts: Spec) -> Spec:
    """Draw the two sides of a ratio, and a unit where it is not a share: accounts by their name and unit."""
    if not sometimes(draw, 75):
        unit = draw(st.sampled_from(["t", "t", "GJ"]))
        sides = {side: draw(weights(spec, unit, signed=side == "of")) for side in ("of", "to")}
        return {"ratio": sides}
    known, block, units = {name: unit for name, unit in accounts.items() if unit in SIZE}, Spec(), Spec()
    known |= dict.fromkeys(MONEY, "CNY")
    for side in ("of", "to"):
        if sometimes(draw, 65):
            block[side] = draw(st.sampled_from(sorted(known)))
            units[side] = known[block[side]]
        else:
            units[side] = draw(st.sampled_from(["t", "t", "GJ", "MWh"]))
            block[side] = draw(weights(spec, units[side], signed=side == "of"))
    tops, pers = ([*SCALES[dimension(units[side])]] for side in ("of", "to"))
    if tops == pers and sometimes(draw, 40):
        return {"ratio": block}
    return {"ratio": block, "unit": f"{draw(st.sampled_from(tops))}/{draw(st.sampled_from(pers))}"}


def dimension(unit: str) -> str:
    """Give the dimension of a unit."""
    return next(kind for kind, units in SCALES.items() if unit in units)


@st.composite
def bounds(draw: DrawFn, spec: Draft, block: Spec, accounts: Spec) -> Spec:
    """Draw bounds on a ratio, hard or soft, in its unit or in another of the same kind."""
    units = {side: side_unit(spec, block["ratio"][side], accounts) for side in ("of", "to")}
    low = draw(figures(0, 0.6))
    most = {"min": low, "max": low + draw(figures(0, 0.6))}
    found: Spec = {}
    for side in some(draw, ["min", "max"], 1, 2):
        if "unit" not in block:
            found[side] = f"{100 * most[side]:.10g} %"
            continue
        top, per = block["unit"].split("/")
        if sometimes(draw, 30):
            top, per = (draw(st.sampled_from([*SCALES[dimension(unit)]])) for unit in (top, per))
        money = (dimension(units["of"]) == "money") - (dimension(units["to"]) == "money")
        scale = SIZE[per] / SIZE[top] * 100.0**money  # a tonne and a gigajoule are worth about 100 CNY
        found[side] = written(most[side] * scale, f"{top}/{per}")
    counted = units["of" if "unit" in block else "to"]
    for side, word in (("min", "shortage"), ("max", "surplus")):
        if side in found and sometimes(draw, 40):
            found[word] = written(draw(figures(0, 40)), f"CNY/{counted}")
    return found


def side_unit(spec: Draft, side: Any, accounts: Spec) -> str:
    """Give the unit of one side of a ratio: that of the account, or of the first factor."""
    if isinstance(side, str):
        return "CNY" if side in MONEY else str(accounts[side])
    key, first = next(iter(next(iter(side.values())).items()))
    if key.startswith("property."):
        stated = (block.get("properties", {}) for block in spec["materials"].values())
        first = next(found[name] for found in stated if (name := key.removeprefix("property.")) in found)
        first = first["value"] if isinstance(first, dict) else first
    if isinstance(first, dict):
        times = first.get("times")
        first = times if isinstance(times, str) else spec["profiles"][first["profile"]]["values"]
    return str(first[0] if isinstance(first, list) else first).split()[1].split("/")[0]
