"""Scenarios of the oracle: what one changes, parents first, then left-outs, parameters and currencies."""

from __future__ import annotations

import copy
from typing import Any

from oracle_currencies import exchanged
from oracle_figures import Spec

REPLACED = ("exchange", "coalitions", "apart", "objective")


def composed(spec: Spec, name: str = "base") -> Spec:
    """Return the case as a scenario has it, without scenarios of its own, parameters and other currencies."""
    changed = copy.deepcopy({key: block for key, block in spec.items() if key != "scenarios"})
    lineage = list(dict.fromkeys(ancestors(spec, name))) if name != "base" else []
    for each in lineage:
        block = scenarios(spec)[each]
        for key in REPLACED:
            if key in block:
                changed[key] = copy.deepcopy(block[key])
        for path, value in (block.get("set") or {}).items():
            *way, last = path.split(".")
            place = changed
            for word in way:
                place = place[word]
            place[last] = copy.deepcopy(value)
    for each in lineage:
        for path in scenarios(spec)[each].get("disable") or []:
            *way, last = path.split(".")
            place = changed
            for word in way:
                place = place.get(word, {})
            place.pop(last, None)
    filled: Spec = fill_in(changed, changed.pop("parameters", {}))
    return exchanged(filled)


def scenarios(spec: Spec) -> dict[str, Spec]:
    """List all scenarios, grids spread out with their last path varying fastest."""
    found = {}
    for name, block in (spec.get("scenarios") or {}).items():
        if "grid" not in block:
            found[name] = block
            continue
        points: list[Spec] = [{}]
        for path, values in block["grid"].items():
            points = [{**point, path: value} for point in points for value in values]
        for i, point in enumerate(points):
            found[f"{name}_{i + 1}"] = {**block, "set": {**block.get("set", {}), **point}}
    return found


def ancestors(spec: Spec, name: str) -> list[str]:
    """List a scenario after those whose changes it makes first, in order."""
    parents = scenarios(spec)[name].get("from") or []
    return [each for parent in parents for each in ancestors(spec, parent)] + [name]


def fill_in(value: Any, parameters: Spec) -> Any:
    """Write parameters in place of their names."""
    if isinstance(value, dict):
        return {key: fill_in(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [fill_in(item, parameters) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        return parameters[value[1:]]
    return value
