"""Strategies for modes of transport and routes between two parks."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import (
    TRAVELLERS,
    Draft,
    Spec,
    figures,
    kind_of,
    named,
    percent,
    some,
    sometimes,
    unit_of,
    written,
)
from strategies_investment import build
from strategies_plants import touched


@st.composite
def routes(draw: DrawFn, spec: Draft) -> Spec:
    """Draw one mode of transport for each unit that is carried, and one to three routes between two parks.

    What a park makes and the other can use is carried most.
    """
    found: Spec = {"transport": {}, "routes": {}}
    parks = list(spec["parks"])
    carried = sorted(m for m in spec["materials"] if kind_of(spec, m) != "environment")
    for i in range(draw(st.integers(1, 3))):
        ways = [pair for pair in (parks, parks[::-1]) if wanted(spec, carried, *pair)]
        start, end = draw(st.sampled_from(ways or [parks]))
        sought = wanted(spec, carried, start, end)
        first = draw(st.sampled_from(sought or carried))
        unit = unit_of(spec, first)
        by = f"by_{unit.lower()}"
        if by not in found["transport"]:
            found["transport"][by] = {"name": named(by), **draw(freight(spec, unit, 70))}
            if sometimes(draw, 40):
                found["transport"][by]["capacity"] = written(draw(st.integers(100, 5000)), f"{unit}*km/a")
        more = [m for m in sought if m != first and unit_of(spec, m) == unit]
        route: Spec = {"from": start, "to": end, "by": by, "distance": written(draw(figures(1, 200)), "km")}
        route["carries"] = [first, *some(draw, more, 0, 2)]
        route |= draw(freight(spec, unit, 15))
        if sometimes(draw, 30):
            route["both_ways"] = True
        if sometimes(draw, 40):
            route["loss"] = draw(percent(0, 30))
        if sometimes(draw, 50):
            route["capacity"] = written(draw(st.integers(0, 60)), f"{unit}/a")
            if "investment" in spec.mood and sometimes(draw, 60):
                route["build"] = draw(build(60, f"{unit}/a"))
        found["routes"][f"route_{i}"] = route
    if sometimes(draw, 5):
        found["apart"] = [parks[::-1]]
    return found


def wanted(spec: Spec, carried: list[str], start: str, end: str) -> list[str]:
    """List what plants of one park make, those of another can use, and the exchange level lets travel."""
    makes, uses = (
        {m for p, b in spec["parks"][park]["plants"].items() for m in touched(spec, p, b, side)}
        for park, side in ((start, "outputs"), (end, "inputs"))
    )
    bound = TRAVELLERS if spec.get("exchange", "all") != "all" else ()
    return [m for m in carried if m in makes & uses and kind_of(spec, m) not in bound]


@st.composite
def freight(draw: DrawFn, spec: Spec, unit: str, chance: int) -> Spec:
    """Draw the terms of a mode of transport or of a route, each in `chance` of a hundred cases."""
    block: Spec = {}
    if sometimes(draw, chance):
        block["cost"] = written(draw(figures(0, 0.2)), f"CNY/({unit}*km)")
    if sometimes(draw, chance):
        block["handling"] = written(draw(figures(0, 20)), f"CNY/{unit}")
    accounts = {name: block["unit"] for name, block in spec["indicators"].items() if "factors" in block}
    if accounts and sometimes(draw, chance):
        block["adds"] = {
            name: written(draw(figures(0, 0.1)), f"{accounts[name]}/({unit}*km)")
            for name in some(draw, list(accounts), 1, 2)
        }
    return block
