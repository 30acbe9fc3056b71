"""Fixed cost of capacities: it is paid for what stands, used or not, so no price of a limit has it in it."""

from __future__ import annotations

from functools import lru_cache

from ..flows.network import Network


def fixed_worth(network: Network, path: str) -> float:
    """Return what the fixed cost of a capacity brings to the objective, over all periods; 0 for any other field."""
    return _of_capacities(network).get(path, 0.0)


@lru_cache(maxsize=2)
def _of_capacities(network: Network) -> dict[str, float]:
    """What fixed costs bring to the objective, by the path of the capacity; modes of a plant add up."""
    goal, plants = network.goal, network.plants
    if goal.worst:
        return {}
    signs = {"cost": 1.0, "profit": -1.0}
    names = [network.indicators.label[number].id for number in goal.indicator.tolist()]
    per_money = sum(signs.get(name, 0.0) * factor for name, factor in zip(names, goal.factor.tolist(), strict=True))
    found: dict[str, float] = {}
    costs = (network.periods.weight @ plants.fixed_cost).tolist()
    parks = network.companies.park[plants.company].tolist()
    for label, park, cost in zip(plants.label, parks, costs, strict=True):
        if worth := per_money * cost:
            path = f"parks.{network.parks[park].id}.plants.{label.id.partition('.')[0]}.capacity"
            found[path] = found.get(path, 0.0) + worth
    return found
