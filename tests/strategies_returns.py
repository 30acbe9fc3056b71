"""Strategies for returns: what is sold comes back as a material that can be bought."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, figures, percent, some, sometimes, unit_of, written


@st.composite
def returns(draw: DrawFn, spec: Draft) -> Spec:
    """Draw one or two materials that come back, of one or two products each; none where nothing is bought or sold."""
    bought, sold = offered(spec, "buy"), offered(spec, "sell")
    found: Spec = {}
    for material in some(draw, sorted(bought), 1, 2):
        products = [product for product in sorted(sold) if product != material]
        if not products:
            continue
        block: Spec = {"from": []}
        for _ in range(draw(st.sampled_from([1, 1, 2]))):
            product = draw(st.sampled_from(products))
            entry: Spec = {"product": product, "share": draw(percent(5, 100))}
            units = unit_of(spec, material), unit_of(spec, product)
            if units != ("t", "t") or sometimes(draw, 30):
                entry["share"] = written(draw(figures(0.05, 2)), "/".join(units))
            entry["after"] = written(draw(st.sampled_from([0, 0.25, 0.5, 0.75, 1, 1.5, 2])), "a")
            if sometimes(draw, 50):
                entry["before"] = written(draw(st.integers(1, 300)), f"{units[1]}/a")
            if sometimes(draw, 30):
                entry["parks"] = some(draw, sold[product], 1, 1)
            block["from"].append(entry)
        if sometimes(draw, 30):
            block["parks"] = some(draw, bought[material], 1, 1)
        if sometimes(draw, 15):
            block["must_take"] = True
        found[material] = block
    return found


def offered(spec: Draft, kind: str) -> dict[str, list[str]]:
    """List the parks that have an offer of a kind, by material."""
    found: dict[str, list[str]] = {}
    for park, block in spec["parks"].items():
        for material in block.get(kind, {}):
            found.setdefault(material, []).append(park)
    return found
