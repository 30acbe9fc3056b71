"""Two salt ponds with figures for the head, as a case text that tests add policies and objectives to.

The north sells salt at 10 CNY/t and discards 0.5 t of brine with each tonne: 20 CNY per tonne of brine. The south
sells at 8 CNY/t and discards 0.2 t: 40 CNY per tonne of brine. Each makes 100 t of salt a year at most: 1800 CNY and
70 t of brine together.
"""

from __future__ import annotations

from hello import network_of
from parkloop.reports.result import Result
from parkloop.reports.run import run_case

PONDS = """
case: ponds
title: {en: Two salt ponds, zh: 两个盐池}
materials:
  sea: {name: {en: Sea water, zh: 海水}, class: environment}
  salt: {name: {en: Salt, zh: 盐}}
  brine: {name: {en: Brine, zh: 卤水}, class: byproduct}
processes:
  north_pond: {name: {en: North pond, zh: 北池}, per: 1 t salt, inputs: {sea: 1.5 t}, outputs: {brine: 0.5 t}}
  south_pond: {name: {en: South pond, zh: 南池}, per: 1 t salt, inputs: {sea: 1.2 t}, outputs: {brine: 0.2 t}}
parks:
  north:
    name: {en: North, zh: 北}
    plants: {north_pond: {capacity: 100 t/a}}
    sell: {salt: {price: 10 CNY/t}}
    discard: {brine: {cost: 0 CNY/t}}
  south:
    name: {en: South, zh: 南}
    plants: {south_pond: {capacity: 100 t/a}}
    sell: {salt: {price: 8 CNY/t}}
    discard: {brine: {cost: 0 CNY/t}}
indicators:
  brine: {name: {en: Brine, zh: 卤水}, unit: t, factors: {discarded: {brine: 1 t/t}}}
  salt: {name: {en: Salt, zh: 盐}, unit: t, factors: {made: {salt: 1 t/t}}}
  intensity:
    name: {en: Intensity, zh: 强度}
    ratio: {of: {discarded: {brine: 1 t/t}}, to: {made: {salt: 1 t/t}}}
"""
OWNERS = "    companies: {north_works: {en: N}, south_works: {en: S}}\n"
ONE_PARK = (
    PONDS.replace("north_pond: {capacity", "north_pond: {company: north_works, capacity")
    .replace(
        "    plants: {north_pond",
        "    companies: {north_works: {en: N}, south_works: {en: S}}\n    plants: {north_pond",
    )
    .replace(
        "100 t/a}}\n    sell: {salt: {price: 10 CNY/t}}",
        "100 t/a}, south_pond: {company: south_works, capacity: 100 t/a}}\n    sell: {salt: {price: 10 CNY/t}}",
    )
)
ONE_PARK = ONE_PARK[: ONE_PARK.index("  south:\n")] + ONE_PARK[ONE_PARK.index("indicators:") :]


def text(policy: str = "", objective: str = "{maximise: profit}", periods: str = "", case: str = PONDS) -> str:
    """Return the ponds with one policy `p`, an objective, and periods."""
    parts = [case, f"objective: {objective}"]
    if policy:
        parts.append(f"policies:\n  p: {policy}")
    if periods:
        parts.append(f"periods: {periods}")
    return "\n".join(parts) + "\n"


def answer(policy: str = "", objective: str = "{maximise: profit}", periods: str = "", case: str = PONDS) -> Result:
    """Return the certified answer to the ponds."""
    result = run_case(network_of(text(policy, objective, periods, case)))
    assert result.optimal, result.reason
    return result


def runs(result: Result) -> dict[str, float]:
    """Return what each plant does, over all periods."""
    found: dict[str, float] = {}
    for plant in result.plants:
        found[plant.plant] = found.get(plant.plant, 0.0) + plant.run
    return found
