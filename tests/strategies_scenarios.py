"""Strategies for scenarios: what a case may be asked otherwise, by settings, parents, things left out and grids."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, named, sometimes, written


@st.composite
def scenarios(draw: DrawFn, spec: Draft) -> None:
    """State one to three scenarios, the later of which build on the earlier; sometimes a parameter."""
    found: Spec = {}
    paths = prices(spec)
    if paths and sometimes(draw, 40):
        park, kind, material, word = draw(st.sampled_from(paths))
        offer = spec["parks"][park][kind][material]
        spec["parameters"] = {"tariff": offer[word]}
        offer[word] = "$tariff"
    for i in range(draw(st.sampled_from([1, 2, 3]))):
        block: Spec = {"title": named(f"scenario {i}"), **draw(changes(spec, paths))}
        parents = [name for name, parent in found.items() if "grid" not in parent]
        if parents and sometimes(draw, 70):
            block["from"] = parents[: draw(st.integers(1, 2))]
        if len(block) > 1 and not (set(block) == {"title", "from"} and len(block["from"]) == 1):
            found[f"scenario_{i}"] = block
    spec["scenarios"] = found


def prices(spec: Draft) -> list[tuple[str, str, str, str]]:
    """List where a single price or cost stands: park, kind of offer, material, word."""
    return [
        (park, kind, material, word)
        for park, block in spec["parks"].items()
        for kind in ("buy", "sell", "discard")
        for material, offer in block.get(kind, {}).items()
        for word in ("price", "cost")
        if isinstance(offer.get(word), str)
    ]


@st.composite
def changes(draw: DrawFn, spec: Draft, paths: list[tuple[str, str, str, str]]) -> Spec:
    """Draw what one scenario changes."""
    block: Spec = {}
    written_prices = [path for path in paths if spec["parks"][path[0]][path[1]][path[2]][path[3]] != "$tariff"]
    if written_prices and sometimes(draw, 50):
        park, kind, material, word = draw(st.sampled_from(written_prices))
        unit = spec["parks"][park][kind][material][word].split()[1]
        block["set"] = {f"parks.{park}.{kind}.{material}.{word}": written(draw(st.integers(1, 999)) + 0.123, unit)}
    if "parameters" in spec:
        unit = spec["parameters"]["tariff"].split()[1]
        values = [written(draw(st.integers(1, 999)) + 0.123, unit) for _ in range(3)]
        if sometimes(draw, 30):
            block["grid"] = {"parameters.tariff": values}
        else:
            block.setdefault("set", {})["parameters.tariff"] = values[0]
    if spec["policies"] and sometimes(draw, 30):
        block["disable"] = [f"policies.{draw(st.sampled_from(sorted(spec['policies'])))}"]
    elif spec.get("routes") and sometimes(draw, 30):
        block["disable"] = [f"routes.{draw(st.sampled_from(sorted(spec['routes'])))}"]
    if sometimes(draw, 15):
        other = {"maximise": "value_added"}
        block["objective"] = other if spec["objective"] != other else {"maximise": "revenue"}
    if len(spec["parks"]) == 2 and "apart" not in spec and spec.get("routes") and sometimes(draw, 10):
        block["apart"] = [sorted(spec["parks"])]
    return block
