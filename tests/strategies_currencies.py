"""Strategies for currencies: figures of a drawn case in other money, at rates that may differ between periods."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from strategies_basics import Draft, Spec, figures, sometimes, written
from strategies_plants import differing

FOREIGN = {"USD": (5, 8), "EUR": (7, 9)}
"""Other money, and between which rates it is drawn."""
MULTIPLES = {"k": 1e3, "M": 1e6, "万": 1e4}
FIGURE = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?) CNY(/.*)?")
MONEY = re.compile(r"\b(k|M|万)?(CNY|USD|EUR)\b")
IN_TIME = re.compile(
    r"parks\.\w+\.((buy|sell|discard)\.\w+\.(price|cost)|stores\.\w+\.cost)"
    r"|indicators\.\w+\.(factors|ratio\.(of|to))\.\w+\.[\w.]+|policies\.\w+\.(flow|ratio\.(of|to))\.\w+\.[\w.]+"
    r"|parameters\.\w+|profiles\.\w+\.values"
)
"""Paths of figures that may differ between periods, and so follow a rate that does."""


@st.composite
def rates(draw: DrawFn, spec: Draft) -> Spec:
    """Draw what one or two other currencies cost, over all periods or in each."""
    found: Spec = {}
    for currency, (low, high) in FOREIGN.items():
        if sometimes(draw, 60) or (currency == "EUR" and not found):
            value = draw(figures(low, high))
            moving = len(spec.times) > 1 and sometimes(draw, 40)
            found[currency] = differing(draw, spec, value, "CNY", 70, 130) if moving else written(value, "CNY")
    return found


@st.composite
def abroad(draw: DrawFn, spec: Draft) -> None:
    """Write a quarter of the figures of a case in other money; sometimes that of the case is another one itself."""
    stated = spec["currencies"]
    steady = [currency for currency, rate in stated.items() if isinstance(rate, str)]
    own_profiles = {rate["profile"] for rate in stated.values() if isinstance(rate, dict)}
    for key in [key for key in spec if key not in ("currencies", "profiles", "scenarios")]:
        spec[key] = foreign(draw, spec[key], key, steady, list(stated))
    for name, profile in spec.get("profiles", {}).items():
        if name not in own_profiles:
            profile["values"] = foreign(draw, profile["values"], f"profiles.{name}.values", steady, list(stated))
    for block in spec.get("scenarios", {}).values():
        block |= {"set": foreign(draw, block["set"], "", steady, steady)} if "set" in block else {}
        if steady and "set" in block and sometimes(draw, 30):
            block["set"][f"currencies.{steady[0]}"] = written(draw(figures(5, 9)), "CNY")
    if sometimes(draw, 30):
        other = draw(st.sampled_from(sorted(FOREIGN)))
        swapped = {key: swap(block, {"CNY": other, other: "CNY"}) for key, block in spec.items()}
        spec.clear()
        spec |= swapped


def foreign(draw: DrawFn, value: Any, path: str, steady: list[str], stated: list[str]) -> Any:
    """Write some figures below a path in other money: in one whose rate differs only where they may differ too."""
    if isinstance(value, dict) and "steps" in value:  # all in one currency, so that they stay in their order
        rest = {key: each for key, each in value.items() if key != "steps"}
        return {"steps": in_one(draw, value["steps"], steady), **foreign(draw, rest, path, steady, stated)}
    if isinstance(value, dict):
        return {
            key: foreign(draw, each, key if "." in key else f"{path}.{key}", steady, stated)
            for key, each in value.items()
        }
    several = isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
    if isinstance(value, list) and not several:
        return [foreign(draw, each, f"{path}.{i}", steady, stated) for i, each in enumerate(value)]
    if not all(is_figure(each) for each in (value if several else [value])):
        return value
    known = stated if IN_TIME.fullmatch(path.removesuffix(".times")) else steady
    if not known or not sometimes(draw, 25):
        return value
    currency = draw(st.sampled_from(known))
    multiple = draw(st.sampled_from(sorted(MULTIPLES))) if sometimes(draw, 20) else ""
    return [changed(each, currency, multiple) for each in value] if several else changed(value, currency, multiple)


def is_figure(value: Any) -> bool:
    """Tell a figure in the money of the case."""
    return isinstance(value, str) and bool(FIGURE.fullmatch(value))


def in_one(draw: DrawFn, steps: list[Spec], steady: list[str]) -> list[Spec]:
    """Write the prices of all steps in one other currency, sometimes."""
    if not steady or not sometimes(draw, 25):
        return steps
    currency = draw(st.sampled_from(steady))
    return [
        {key: changed(each, currency, "") if is_figure(each) else each for key, each in step.items()} for step in steps
    ]


def changed(figure: str, currency: str, multiple: str) -> str:
    """Write a figure of about the same worth in another currency."""
    value, unit = figure.split()
    worth = float(value) / FOREIGN[currency][0] / MULTIPLES.get(multiple, 1)
    return f"{worth:.6g} {multiple}{currency}{unit.removeprefix('CNY')}"


def swap(value: Any, names: dict[str, str]) -> Any:
    """Let two currencies change their names, wherever these stand."""
    if isinstance(value, dict):
        return {swap(key, names): swap(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [swap(each, names) for each in value]
    if isinstance(value, str):
        return MONEY.sub(lambda found: (found[1] or "") + names.get(found[2], found[2]), value)
    return value
