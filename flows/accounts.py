"""Indicators, policies and the objective as tables: who weighs what, bounded by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .case import Case
from .document import Position
from .network import Accounts, Fate, Indicators, Label, Policies
from .problems import Findings, nearest
from .schema import Fates, Indicator, Material, Name, Policy
from .units import Quantity, QuantityError, unit_dimension

MONEY_ACCOUNTS = {
    "revenue": Name(en="Revenue", zh="销售收入"),
    "cost": Name(en="Cost", zh="总成本"),
    "profit": Name(en="Profit", zh="利润"),
    "value_added": Name(en="Value added", zh="增加值"),
}
"""accounts that every case has, in this order, in money"""

SELECTORS = ("class", "tag", "property")


@dataclass
class _Rows:
    """Accounts and indicators while they are made."""

    account_ids: list[str] = field(default_factory=list)
    factors: list[tuple[int, int, int, float, int]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    account: list[int] = field(default_factory=list)
    per: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)


def label(identifier: str, name: Name | None) -> Label:
    """Return the names of a thing; where one language is missing the other stands in."""
    if name is None:
        return Label(identifier, identifier, identifier)
    return Label(identifier, name.en or name.zh, name.zh or name.en)


class AccountWriter:
    """Writes the indicators of a case over the materials that occur in its network."""

    def __init__(
        self,
        case: Case,
        materials: Sequence[str],
        origin: Callable[[Position, str], int],
        findings: Findings,
    ) -> None:
        self.case, self.materials, self.origin, self.findings = case, materials, origin, findings
        self.rows = _Rows()

    def write(self) -> tuple[Accounts, Indicators]:
        """Return the accounts with their factors, and the indicators that are reported."""
        for name, text in MONEY_ACCOUNTS.items():
            number = self._account(name)
            self._indicator(label(name, text), self.case.money, number, -1, 0)
        for name, indicator in self.case.indicators.items():
            self._write(name, indicator)
        rows = self.rows
        table = np.array(rows.factors, dtype=float).reshape(-1, 5)
        ints = table.astype(np.int32)
        accounts = Accounts(tuple(rows.account_ids), ints[:, 0], ints[:, 1], ints[:, 2], table[:, 3], ints[:, 4])
        indicators = Indicators(
            tuple(rows.labels),
            tuple(rows.units),
            np.array(rows.account, dtype=np.int32),
            np.array(rows.per, dtype=np.int32),
            np.array(rows.origin, dtype=np.int32),
        )
        return accounts, indicators

    def _write(self, name: str, indicator: Indicator) -> None:
        path = ("indicators", name)
        if name in MONEY_ACCOUNTS:
            what = f"`{name}` is a built-in indicator"
            self.findings.error(self.case.key_at(*path), what, "give this one another name")
            return
        origin = self.origin(self.case.key_at(*path), ".".join(path))
        text = label(name, indicator.name)
        if indicator.factors is not None and indicator.unit is not None:
            if not self._is_unit(indicator.unit, (*path, "unit")):
                return
            number = self._account(name)
            self._factors(number, indicator.factors, indicator.unit, (*path, "factors"))
            self._indicator(text, indicator.unit, number, -1, origin)
        elif indicator.ratio is not None:
            unit = _common_unit(indicator.ratio.to)
            upper = self._account(f"{name}.of")
            self._factors(upper, indicator.ratio.of, unit, (*path, "ratio", "of"))
            lower = self._account(f"{name}.to")
            self._factors(lower, indicator.ratio.to, unit, (*path, "ratio", "to"))
            self._indicator(text, "1", upper, lower, origin)

    def _account(self, name: str) -> int:
        self.rows.account_ids.append(name)
        return len(self.rows.account_ids) - 1

    def _indicator(self, text: Label, unit: str, account: int, per: int, origin: int) -> None:
        rows = self.rows
        rows.labels.append(text)
        rows.units.append(unit)
        rows.account.append(account)
        rows.per.append(per)
        rows.origin.append(origin)

    def _is_unit(self, unit: str, path: tuple[str, ...]) -> bool:
        try:
            unit_dimension(unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return False
        return True

    def _factors(self, account: int, fates: Fates, unit: str, path: tuple[str, ...]) -> None:
        for fate in Fate:
            factors = getattr(fates, fate.name.lower())
            values = self._by_material(factors, unit, (*path, fate.name.lower()))
            for number, material in enumerate(self.materials):
                if material in values:
                    value, origin = values[material]
                    if value:
                        self.rows.factors.append((account, int(fate), number, value, origin))

    def _by_material(
        self, factors: Mapping[str, Quantity], unit: str, path: tuple[str, ...]
    ) -> dict[str, tuple[float, int]]:
        """Resolve selectors: the factor of each material, in account units per material unit, and its origin."""
        chosen: dict[str, tuple[float, int]] = {}
        chosen_by: dict[str, str] = {}
        named = {key: value for key, value in factors.items() if "." not in key}
        for key, factor in factors.items():
            position = self.case.key_at(*path, key)
            if "." not in key:
                if key not in self.case.materials:
                    hint = nearest(key, self.case.materials)
                    self.findings.error(position, f"unknown material `{key}`", hint)
                continue
            for material, value in self._selected(key, factor, unit, (*path, key)).items():
                if material in chosen and material not in named:
                    what = f"`{material}` is weighed twice: by `{chosen_by[material]}` and by `{key}`"
                    self.findings.error(position, what, f"name `{material}` itself to decide its factor")
                chosen[material] = (value, self.origin(position, ".".join((*path, key))))
                chosen_by[material] = key
        for key, factor in named.items():
            material_block = self.case.materials.get(key)
            if material_block is None:
                continue
            weight = self._in_unit(factor, unit, material_block.unit, (*path, key))
            if weight is not None:
                origin = self.origin(self.case.key_at(*path, key), ".".join((*path, key)))
                chosen[key] = (weight, origin)
        return chosen

    def _selected(self, key: str, factor: Quantity, unit: str, path: tuple[str, ...]) -> dict[str, float]:
        kind, _, name = key.partition(".")
        if kind not in SELECTORS:
            mend = "write a material, `class.NAME`, `tag.NAME` or `property.NAME`"
            self.findings.error(self.case.key_at(*path), f"`{key}` selects nothing", mend)
            return {}
        if kind == "property":
            return self._by_property(name, factor, unit, path)
        selected = {}
        groups: set[str] = set()
        for identifier, material in self.case.materials.items():
            members = [material.kind] if kind == "class" else material.tags
            groups.update(members)
            if name in members:
                try:
                    selected[identifier] = factor.to(f"{unit}/{material.unit}")
                except QuantityError:
                    continue  # a selector covers the materials measured in the factor's dimension
        known_classes = (
            "raw",
            "product",
            "byproduct",
            "waste",
            "utility",
            "emission",
            "environment",
        )
        known = known_classes if kind == "class" else sorted(groups)
        if kind == "class" and name not in known_classes:
            self.findings.error(self.case.key_at(*path), f"there is no {kind} `{name}`", nearest(name, known))
        return selected

    def _by_property(self, name: str, factor: Quantity, unit: str, path: tuple[str, ...]) -> dict[str, float]:
        if factor.dimension:
            what = f"a factor of a property is a bare number, not `{factor}`"
            self.findings.error(self.case.value_at(*path), what, f"write `property.{name}: 1`")
            return {}
        selected = {}
        for identifier, material in self.case.materials.items():
            amount = material.properties.get(name)
            if amount is None:
                continue
            where = ("materials", identifier, "properties", name)
            value = self._in_unit(amount.value, unit, material.unit, where)
            if value is not None:
                selected[identifier] = value * factor.to("1")
        return selected

    def _in_unit(self, factor: Quantity, unit: str, per: str, path: tuple[str, ...]) -> float | None:
        try:
            return factor.to(f"{unit}/{per}")
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None


def _common_unit(fates: Fates) -> str:
    """Return the numerator unit of the first factor: both sides of a ratio are counted in it."""
    for fate in Fate:
        for factor in getattr(fates, fate.name.lower()).values():
            unit = factor.unit.split("/")[0].strip()
            return unit or "t"
    return "t"


def policies(
    case: Case,
    indicators: Indicators,
    years: float,
    origin: Callable[[Position, str], int],
    findings: Findings,
) -> Policies:
    """Return the policies of a case; `years` is the length of the horizon that rates are summed over, a."""
    names = [text.id for text in indicators.label]
    parks = list(case.parks)
    rows: list[tuple[str, int, list[bool], float, float, float, int]] = []
    for name, policy in case.policies.items():
        path = ("policies", name)
        if policy.indicator not in names:
            position = case.value_at(*path, "indicator")
            findings.error(
                position,
                f"unknown indicator `{policy.indicator}`",
                nearest(policy.indicator, names),
            )
            continue
        number = names.index(policy.indicator)
        unit = indicators.unit[number]
        ratio = indicators.per[number] >= 0
        bound_unit = "1" if ratio else f"{unit}/a"
        lower = _bound(case, policy.min, bound_unit, (*path, "min"), findings)
        upper = _bound(case, policy.max, bound_unit, (*path, "max"), findings)
        length = 1.0 if ratio else years
        if lower is not None and upper is not None and lower > upper:
            what = f"policy `{name}` asks for at least `{policy.min}` and at most `{policy.max}`"
            findings.error(case.value_at(*path, "min"), what, "mend one of the two bounds")
        price = _price(case, policy, unit, ratio, path, findings)
        for park in policy.parks or ():
            if park not in parks:
                findings.error(case.value_at(*path, "parks"), f"unknown park `{park}`", nearest(park, parks))
        covered = [policy.parks is None or park in policy.parks for park in parks]
        rows.append(
            (
                name,
                number,
                covered,
                -np.inf if lower is None else lower * length,
                np.inf if upper is None else upper * length,
                price,
                origin(case.key_at(*path), ".".join(path)),
            )
        )
    return Policies(
        id=tuple(row[0] for row in rows),
        indicator=np.array([row[1] for row in rows], dtype=np.int32),
        park=np.array([row[2] for row in rows], dtype=bool).reshape(len(rows), len(parks)),
        lower=np.array([row[3] for row in rows], dtype=float),
        upper=np.array([row[4] for row in rows], dtype=float),
        price=np.array([row[5] for row in rows], dtype=float),
        origin=np.array([row[6] for row in rows], dtype=np.int32),
    )


def _bound(case: Case, quantity: Quantity | None, unit: str, path: tuple[str, ...], findings: Findings) -> float | None:
    if quantity is None:
        return None
    try:
        return quantity.to(unit)
    except QuantityError as error:
        findings.error(case.value_at(*path), error.what, error.mend)
        return None


def _price(case: Case, policy: Policy, unit: str, ratio: bool, path: tuple[str, ...], findings: Findings) -> float:
    if policy.price is None:
        return 0.0
    where = (*path, "price")
    if ratio:
        findings.error(case.value_at(*where), "a ratio cannot be priced", "give the policy `min` or `max`")
        return 0.0
    if policy.indicator in MONEY_ACCOUNTS:
        what = f"`{policy.indicator}` is money and cannot be priced"
        findings.error(case.value_at(*where), what, "price an indicator such as co2")
        return 0.0
    return _bound(case, policy.price, f"{case.money}/{unit}", where, findings) or 0.0


def objective(case: Case, indicators: Indicators, findings: Findings) -> tuple[int, bool]:
    """Return the indicator to optimise and whether to maximise it."""
    chosen = case.objective
    maximise = chosen.maximise is not None
    name = chosen.maximise or chosen.minimise or ""
    position = case.value_at("objective", "maximise" if maximise else "minimise")
    names = [text.id for text in indicators.label]
    if name not in names:
        findings.error(position, f"unknown indicator `{name}`", nearest(name, names))
        return 0, maximise
    number = names.index(name)
    if indicators.per[number] >= 0:
        what = f"`{name}` is a ratio and cannot be the objective"
        findings.error(position, what, "optimise an account such as profit, or bound the ratio by a policy")
    return number, maximise


def material_label(identifier: str, material: Material) -> Label:
    """Return the names of a material."""
    return label(identifier, material.name)
