"""Currencies in the oracle: a case with every figure in its own money, which the oracle calls CNY.

Only what counts in another currency (an indicator, or the flow of a policy, by its `unit`) keeps figures in that one.
"""

from __future__ import annotations

import re
from typing import Any

from oracle_case import Words
from oracle_figures import MONIES, Spec, figure

SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "万": 1e4, "亿": 1e8}
AMOUNT = re.compile(rf"(?<![A-Za-z])(k|M|G|万|亿)?({'|'.join(MONIES)})(?![A-Za-z])")
"""A currency in a unit, with its multiple."""


def exchanged(spec: Spec) -> Spec:
    """Return a case without `money` and `currencies`: every figure of money in that of its place."""
    return Exchange(spec).case()


class Exchange:
    """The rates of a case, and its figures by them. `top` and `per` name the currency above and below the stroke."""

    def __init__(self, spec: Spec) -> None:
        """Read the rates."""
        self.spec, self.words, self.own = spec, Words(spec), str(spec.get("money", "CNY"))
        self.rates: Spec = {self.own: f"1 {self.own}", **(spec.get("currencies") or {})}

    def case(self) -> Spec:
        """Exchange every block of the case."""
        found = {key: block for key, block in self.spec.items() if key not in ("money", "currencies", "profiles")}
        for key in found.keys() - {"indicators", "policies", "objective"}:
            found[key] = self.block(found[key])
        for key, each in (("indicators", self.indicator), ("policies", self.policy)):
            if key in found:
                found[key] = {name: each(block) for name, block in found[key].items()}
        stages = found["objective"]
        found["objective"] = [self.stage(s) for s in stages] if isinstance(stages, list) else self.stage(stages)
        if "profiles" in self.spec:
            found["profiles"] = self.spec["profiles"]
        return found

    def label(self, currency: str) -> str:
        """Name a currency as the oracle does: the own money is CNY, and takes its name where that is another."""
        return {self.own: "CNY", "CNY": self.own}.get(currency, currency)

    def rate(self, currency: str, t: str) -> float:
        """Give what one unit of a currency is worth in a period, own money."""
        return self.words.figure_at(self.rates[currency], t).value

    def counted(self, name: str) -> str:
        """Give the currency that an indicator counts; the own money of one that counts none."""
        return self.kept(self.spec.get("indicators", {}).get(name, {}))

    def kept(self, block: Spec) -> str:
        """Give the currency of the `unit` of an indicator or policy."""
        unit = str(block.get("unit", ""))
        return unit if unit in MONIES else self.own

    # Figures

    def put(self, written: Any, top: str, per: str) -> Any:
        """Write a figure in the currencies of its place; one for each period where they differ."""
        times = list(self.words.periods)
        if isinstance(written, dict):
            written = self.spread(written)
        if isinstance(written, list):
            return [self.at(each, t, top, per) for each, t in zip(written, times, strict=True)]
        each = [self.at(written, t, top, per) for t in times]
        return each if len(set(each)) > 1 else each[0]

    def at(self, written: str, t: str, top: str, per: str) -> str:
        """Write a figure of a period in the currencies of its place."""
        value, unit = written.split(" ", 1)
        if unit == "1":
            return value
        factor = 1.0

        def change(found: re.Match[str]) -> str:
            nonlocal factor
            above = "/" not in unit[: found.start()]
            place = top if above else per
            worth = SCALES[found[1] or ""] * self.rate(found[2], t) / self.rate(place, t)
            factor *= worth if above else 1 / worth
            return self.label(place)

        changed = AMOUNT.sub(change, unit.replace("元", "CNY"))
        return f"{float(value) * factor!r} {changed}" if changed != unit or factor != 1 else written

    def is_money(self, written: Any) -> bool:
        """Tell a figure of money from all else that a case may hold."""
        if isinstance(written, str):
            head, _, unit = written.partition(" ")
            return bool(re.fullmatch(r"[-+.\deE]+", head) and (AMOUNT.search(unit) or "元" in unit))
        if isinstance(written, list):
            return any(self.is_money(each) for each in written)
        if isinstance(written, dict) and "profile" in written:
            return self.is_money(self.spread(written))
        return False

    def spread(self, written: Spec) -> list[str]:
        """List the figures of a profile that is money by its values, or by what multiplies them."""
        times, found = written.get("times", 1), []
        for each in self.spec["profiles"][written["profile"]]["values"]:
            money, other = (each, times) if self.is_money(each) else (times, each)
            if not self.is_money(money):
                return []
            head, unit = money.split(" ", 1)
            found.append(f"{float(head) * figure(other).value!r} {unit}")
        return found

    # Blocks

    def block(self, value: Any, top: str = "", per: str = "") -> Any:
        """Exchange all figures of a block; what is added to an indicator is in the currency of that."""
        top, per = top or self.own, per or self.own
        if self.is_money(value):
            return self.put(value, top, per)
        if isinstance(value, list):
            return [self.block(each, top, per) for each in value]
        if not isinstance(value, dict):
            return value
        found = {key: self.block(each, top, per) for key, each in value.items()}
        if isinstance(value.get("adds"), dict):
            found["adds"] = {name: self.block(each, self.counted(name)) for name, each in value["adds"].items()}
        return found

    def unit(self, block: Spec) -> Spec:
        """Name the unit of an indicator or policy as the oracle does."""
        unit = block.get("unit")
        named = lambda found: f"{found[1] or ''}{self.label(found[2])}"  # noqa: E731
        return {"unit": AMOUNT.sub(named, unit)} if isinstance(unit, str) else {}

    def indicator(self, block: Spec) -> Spec:
        """Exchange factors into what an indicator counts, and those of a ratio into what its sides count."""
        found = {**block, **self.unit(block)}
        if "factors" in block:
            found["factors"] = self.block(block["factors"], self.kept(block))
        if "ratio" in block:
            found["ratio"] = self.ratio(block["ratio"], "unit" in block or "unit" in block["ratio"])
        return found

    def ratio(self, block: Spec, apart: bool) -> Spec:
        """Exchange the sides of a ratio into the currency of the first factor below, or each into its own."""
        return {
            **{key: self.block(value) for key, value in block.items()},
            **{side: self.block(block[side], self.first(block[side if apart else "to"])) for side in ("of", "to")},
        }

    def first(self, side: Any) -> str:
        """Give the currency of the first factor of a side; the own money where it counts none."""
        if not isinstance(side, dict):
            return self.counted(side)
        written = next(iter(next(iter(side.values())).values()))
        if isinstance(written, dict) and "profile" not in written:
            written = written["value"]
        if isinstance(written, dict):
            written = self.spread(written)
        unit = written[0] if isinstance(written, list) and written else written
        found = AMOUNT.search(str(unit).replace("元", "CNY"))
        return found[2] if found else self.own

    def policy(self, block: Spec) -> Spec:
        """Exchange the bounds of a policy into what it counts, and its prices into money for a unit of that."""
        subject, per = self.counted(block["indicator"]) if "indicator" in block else self.kept(block), self.own
        stated = block if "ratio" in block else self.spec.get("indicators", {}).get(block.get("indicator"), {})
        if ratio := stated.get("ratio"):
            per = self.first(ratio["to"])
            subject = self.first(ratio["of"]) if "unit" in stated else per
        found = {key: self.block(value, subject, per) for key, value in block.items()}
        for key in ("price", "shortage", "surplus", "steps"):
            if key in block:
                found[key] = self.block(block[key], self.own, subject)
        for step, written in zip(found.get("steps", []), block.get("steps", []), strict=True):
            step |= {"max": self.block(written["max"], subject)} if "max" in written else {}
        if {"flow", "ratio"} & set(block):
            found |= self.unit(block)
        if "ratio" in block:
            found["ratio"] = self.ratio(block["ratio"], "unit" in block)
        return found

    def stage(self, block: Spec) -> Spec:
        """Exchange the weights of an aim into the currency of its first bare term, or else into money."""
        return {
            key: self.aim(value) if key in ("maximise", "minimise") else self.block(value, self.total(block))
            for key, value in block.items()
        }

    def total(self, block: Spec) -> str:
        """Give the currency in which a stage comes out."""
        aim = block["maximise" if "maximise" in block else "minimise"]
        for worst in ("least", "largest"):
            aim = aim[worst] if isinstance(aim, dict) and worst in aim else aim
        if isinstance(aim, str):
            return self.counted(aim)
        bare = [name for name, weight in aim.items() if self.is_bare(weight)]
        return self.counted(bare[0]) if bare else self.own

    def is_bare(self, weight: Any) -> bool:
        """Tell a weight without unit."""
        return not self.is_money(weight) and figure(weight).unit == "1"

    def aim(self, aim: Any) -> Any:
        """Exchange the weights of a sum, of which a bare one counts the currency of its indicator."""
        if not isinstance(aim, dict):
            return aim
        for worst in ("least", "largest"):
            if worst in aim:
                return {worst: self.aim(aim[worst])}
        total, found = self.total({"maximise": aim}), {}
        for name, weight in aim.items():
            own = self.counted(name)
            bare = self.is_bare(weight) and own != total
            found[name] = self.put(f"{weight} {own}/{own}", total, own) if bare else self.block(weight, total, own)
        return found
