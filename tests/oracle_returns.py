"""Returns in the oracle: what was sold comes back later as another material, and can then be bought."""

from __future__ import annotations

from typing import Any

from oracle_columns import Columns, total
from oracle_figures import Spec, figure, number


def hold_returns(law: Columns) -> None:
    """Buy at most what comes back in each period, or exactly so much where it must be taken.

    Σ bought ≤ Σ share · sold in v / duration(v) · overlap(v, t) / weight(t)
               + share · before · max(0, min(end of t, after) − begin of t) / weight(t)
    """
    for material, block in (law.case.spec.get("returns") or {}).items():
        parks = block.get("parks", law.case.parks)
        for t in law.case.periods:
            bought = everywhere(law, "bought", parks, material, t)
            back = total(returning(law, material, entry, t) for entry in block["from"])
            law.hold(bought == back if block.get("must_take") else bought <= back)


def everywhere(law: Columns, fate: str, parks: list[str], material: str, t: str) -> Any:
    """Sum what all owners of some parks bought or sold of a material."""
    owners = [(park, owner) for park in parks for owner in law.case.owners(park, material)]
    return total(law.dealt(fate, park, material, owner, t) for park, owner in owners)


def returning(law: Columns, material: str, entry: Spec, t: str) -> Any:
    """Sum what one occurrence of a period gets back of the sales of each period, and of those before the first."""
    case, product = law.case, entry["product"]
    share, after = figure(entry["share"]).value, number(entry["after"], "a")
    begin, end = span(law, t)
    weight = case.periods[t][1]
    found: Any = share * number(entry.get("before", f"0 {case.unit(product)}/a"), f"{case.unit(product)}/a")
    found *= max(0.0, min(end, after) - begin) / weight
    for v, (duration, _) in case.periods.items():
        first, last = span(law, v)
        overlap = max(0.0, min(end, last + after) - max(begin, first + after))
        sold = everywhere(law, "sold", entry.get("parks", case.parks), product, v)
        found += share / duration * overlap / weight * sold
    return found


def span(law: Columns, t: str) -> tuple[float, float]:
    """Give when a period begins and ends, a: each lasts for all its occurrences."""
    clock = 0.0
    for name, (duration, weight) in law.case.periods.items():
        if name == t:
            return clock, clock + duration * weight
        clock += duration * weight
    raise KeyError(t)
