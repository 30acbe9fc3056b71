"""Strategies for service islands: companies of a park whose account comes back to those who use them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, figures, kind_of, named, some, sometimes, unit_of, written
from strategies_parks import owner, ways
from strategies_plants import touched


@st.composite
def islands(draw: DrawFn, spec: Draft) -> Spec:
    """Draw one to three islands with their keys, by amount or by worth: mostly companies that others deal with."""
    serves: dict[tuple[str, str], set[str]] = {}
    for park, block in spec["parks"].items():
        for material, giver, taker in ways(spec, block, list(block.get("companies", [])), park):
            serves.setdefault((park, giver), set()).add(material)
            serves.setdefault((park, taker), set()).add(material)
    every = [(park, company) for park, block in spec["parks"].items() for company in block.get("companies", [])]
    found: Spec = {}
    for i, (park, company) in enumerate(some(draw, sorted(serves) or every, 1, 3)):
        passed = sorted(serves.get((park, company), set()))
        counted = some(draw, passed, 1, 3) or some(draw, sorted(handled(spec, park, company)), 1, 2)
        if not counted:
            continue
        key: Spec = {"park": park, "shares": {}}
        unit = draw(st.sampled_from(["CNY", unit_of(spec, counted[0])]))
        for material in counted:
            own = unit_of(spec, material)
            bare = own == unit and sometimes(draw, 50)
            key["shares"][material] = draw(figures(0.1, 5)) if bare else written(draw(figures(0.1, 5)), f"{unit}/{own}")
        if sometimes(draw, 50):
            key |= {"company": company, "name": named(f"island {i}")}
        found[f"island_{i}" if "company" in key else company] = key
    return found


def handled(spec: Draft, park: str, company: str) -> set[str]:
    """List what the plants of a company make or use."""
    block = spec["parks"][park]
    return {
        material
        for plant, terms in block["plants"].items()
        if owner(block, plant, list(block["companies"])) == company
        for side in ("inputs", "outputs")
        for material in touched(spec, plant, terms, side)
        if kind_of(spec, material) != "environment"
    }
