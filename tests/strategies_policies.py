"""Strategies for policies: bounds, hard or soft, prices, steps and allowances."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_accounts import weights
from strategies_banking import bank
from strategies_basics import MONEY, Draft, Spec, figures, some, sometimes, written
from strategies_growth import growing
from strategies_ratios import bounds, ratio


@st.composite
def policies(draw: DrawFn, spec: Draft) -> Spec:
    """Draw up to three prices and bounds on indicators or flows, for some or all parks and periods, hard or soft."""
    names = list(spec["indicators"])
    accounts = {name: block["unit"] for name, block in spec["indicators"].items() if "factors" in block}
    found: Spec = {}
    banks = "bank" in spec.mood
    for i in range(draw(st.sampled_from([1, 1, 2, 3] if banks else [0, 0, 1, 1, 2, 3]))):
        if banks and sometimes(draw, 60):
            unit = draw(st.sampled_from(["t", "t", "GJ"]))
            policy = {"flow": draw(weights(spec, unit, signed=True)), "unit": unit}
            policy |= draw(payment(unit, steps=60, free=80))
        elif sometimes(draw, 25):
            unit = draw(st.sampled_from(["t", "t", "GJ", "CNY", *spec.get("currencies", {})]))
            policy = {"flow": draw(weights(spec, unit, signed=True)), "unit": unit, **draw(terms(spec, "", unit))}
        elif sometimes(draw, 15):
            policy = draw(ratio(spec, accounts))
            policy |= draw(bounds(spec, policy, accounts))
        else:
            spending = ["investment"] if "investment" in spec else []
            name = draw(st.sampled_from(names + MONEY + spending))
            policy = {"indicator": name, **draw(terms(spec, name, spec["indicators"].get(name, {}).get("unit", "CNY")))}
        if sometimes(draw, 30):
            policy["parks"] = some(draw, list(spec["parks"]), 1, 2)
        if "companies" in spec.mood and sometimes(draw, 60):
            covered = [
                c for park in policy.get("parks", spec["parks"]) for c in spec["parks"][park].get("companies", [park])
            ]
            policy["companies"] = some(draw, covered, 1, 2)
        if "periods" in spec and sometimes(draw, 30):
            policy["periods"] = some(draw, spec.times, 1, 2)
        if sometimes(draw, 40):
            policy["each_period"] = True
        if banks and {"price", "steps"} & set(policy) and sometimes(draw, 80):
            unit = policy.get("unit") or spec["indicators"][policy["indicator"]]["unit"]
            policy |= {"each_period": True, "bank": draw(bank(unit))}
        if "growth" in spec.mood:
            policy = draw(growing(spec, policy))
        found[f"policy_{i}"] = policy
        if contradicts(policy, [other for key, other in found.items() if key != f"policy_{i}"]):
            del found[f"policy_{i}"]
    return found


def contradicts(policy: Spec, others: list[Spec]) -> bool:
    """Tell whether a hard bound on an indicator meets one on the other side: such a pair may be refused as input."""
    same = [other for other in others if "indicator" in policy and other.get("indicator") == policy["indicator"]]
    return any(("min" in policy and "max" in other) or ("max" in policy and "min" in other) for other in same)


@st.composite
def terms(draw: DrawFn, spec: Draft, name: str, unit: str) -> Spec:
    """Draw the price or bounds of a policy; mostly ones that an idle park keeps."""
    block = spec["indicators"].get(name, {})
    if "ratio" in block:
        accounts = {key: other["unit"] for key, other in spec["indicators"].items() if "factors" in other}
        return draw(bounds(spec, block, accounts))
    if name not in (*MONEY, "investment") and sometimes(draw, 50):
        return draw(payment(unit))
    scale = 20 if unit == "CNY" else 1
    if not sometimes(draw, 25):
        soft = {"surplus": written(draw(figures(0, 40)), per(unit))}
        bound = {"max": written(scale * draw(st.integers(0, 2000)), f"{unit}/a")}
    else:
        soft = {"shortage": written(draw(figures(0, 40)), per(unit))}
        bound = {"min": written(scale * draw(st.integers(-1000, 100)), f"{unit}/a")}
    return {**bound, **soft} if sometimes(draw, 40) else bound


def per(unit: str) -> str:
    """Give the unit of a price."""
    return f"CNY/({unit})" if "*" in unit else f"CNY/{unit}"


@st.composite
def payment(draw: DrawFn, unit: str, steps: int = 25, free: int = 50) -> Spec:
    """Draw a price or rising steps, with or without an allowance, of which the rest is sold or not."""
    money = per(unit)
    block: Spec = {"price": written(draw(figures(0, 60)), money)}
    if sometimes(draw, steps):
        low = draw(figures(0, 30))
        block = {"steps": [{"price": written(low, money), "max": written(draw(st.integers(1, 500)), f"{unit}/a")}]}
        block["steps"].append({"price": written(low + draw(figures(0, 30)), money)})
    if sometimes(draw, free):
        block["free"] = written(draw(st.integers(0, 600)), f"{unit}/a")
    if sometimes(draw, 40):
        block["sell"] = False
    return block
