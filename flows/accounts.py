"""Indicators as tables: who weighs what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .account_tables import Accounts, Indicators
from .blocks import Name
from .counted import Counted
from .displacement import displacements
from .draft import Draft, Figures, Rows, Stated
from .problems import nearest
from .ratios import RatioWriter
from .recipe_schema import Material
from .schema import AnyFactor, Fates, Indicator, Policy
from .tables import Fate, Label
from .units import QuantityError, unit_dimension

MONEY_ACCOUNTS = {
    "revenue": Name(en="Revenue", zh="销售收入"),
    "cost": Name(en="Cost", zh="总成本"),
    "profit": Name(en="Profit", zh="利润"),
    "value_added": Name(en="Value added", zh="增加值"),
}
"""accounts that every case has, in this order, in money"""
INVESTMENT = Name(en="Investment", zh="投资")
"""account of the capital spent on new capacity, where a case may build any"""
BUILT_IN = (*MONEY_ACCOUNTS, "investment")
"""indicators in money that no case defines itself"""

SELECTORS = ("class", "tag", "property")


@dataclass
class _Rows:
    """Accounts and indicators while they are made."""

    account_ids: list[str] = field(default_factory=list)
    factors: Rows = field(default_factory=Rows)
    labels: list[Label] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    account: list[int] = field(default_factory=list)
    per: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)
    scale: list[float] = field(default_factory=list)


def label(identifier: str, name: Name | None) -> Label:
    """Return the names of a thing; where one language is missing the other stands in."""
    if name is None:
        return Label(identifier, identifier, identifier)
    return Label(identifier, name.en or name.zh, name.zh or name.en)


class AccountWriter:
    """Writes the indicators of a case over the materials that occur in its network."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.case, self.findings = draft, draft.case, draft.findings
        self.number_of = dict(draft.materials)
        self.stated: dict[tuple[str, ...], Stated | None] = {}
        """factors by the path where they stand"""
        self.rows = _Rows()
        self.investment = -1
        """account of the capital that is spent, or -1 in a case that builds nothing"""
        self.of_indicator: dict[str, Counted] = {}
        """indicators by name"""
        self.of_policy: dict[str, Counted] = {}
        """policies that weigh flows themselves, by name"""
        self.amounts: dict[str, Counted | None] = {}
        """indicators of the case that are no ratio, written when they are first spoken of"""

    def write(self) -> tuple[Accounts, Indicators]:
        """Return the accounts with their factors, and the indicators that are reported."""
        for name, text in MONEY_ACCOUNTS.items():
            self._indicator(name, label(name, text), Counted(self._account(name), -1, self.case.money), 0)
        if self.case.builds:
            self.investment = self._account("investment")
            counted = Counted(self.investment, -1, self.case.money)
            self._indicator("investment", label("investment", INVESTMENT), counted, 0)
        for name, indicator in self.case.indicators.items():
            self._write(name, indicator)
        for name, policy in self.case.policies.items():
            self._write_policy(name, policy)
        rows = self.rows
        factors, value = rows.factors, rows.factors.series("value", len(self.draft.periods.id))
        differs = any(isinstance(figure, np.ndarray) for figure in factors.texts("value"))
        accounts = Accounts(
            tuple(rows.account_ids),
            factors.ints("account"),
            factors.ints("fate"),
            factors.ints("material"),
            value if differs else factors.floats("value"),
            factors.ints("origin"),
        )
        indicators = Indicators(
            tuple(rows.labels),
            tuple(rows.units),
            np.array(rows.account, dtype=np.int32),
            np.array(rows.per, dtype=np.int32),
            np.array(rows.origin, dtype=np.int32),
            np.array(rows.scale, dtype=np.float64),
        )
        return accounts, indicators

    def _write(self, name: str, indicator: Indicator) -> None:
        path = ("indicators", name)
        if name in BUILT_IN:
            what = f"`{name}` is a built-in indicator"
            self.findings.error(self.case.key_at(*path), what, "give this one another name")
            return
        origin = self.draft.origin(self.case.key_at(*path), ".".join(path))
        text = label(name, indicator.name)
        if indicator.ratio is not None:
            counted = RatioWriter(self, name, (*path, "ratio")).write(indicator.ratio, indicator.unit)
        else:
            counted = self.amount_of(name)
        if counted is not None:
            self._indicator(name, text, counted, origin)

    def amount_of(self, name: str) -> Counted | None:
        """Return an indicator that is no ratio, wherever in the case it stands; None where it has an error."""
        built_in = self.of_indicator.get(name)
        if built_in is not None and name in BUILT_IN:
            return built_in
        if name not in self.amounts:
            found, path = self.case.indicators[name], ("indicators", name)
            assert found.factors is not None and found.unit is not None
            self.amounts[name] = self._amount(name, found.factors, found.unit, path, "factors")
        return self.amounts[name]

    def _write_policy(self, name: str, policy: Policy) -> None:
        """Write the account of a policy that weighs flows itself."""
        path = ("policies", name)
        if policy.flow is not None and policy.unit is not None:
            counted = self._amount(f"policy.{name}", policy.flow, policy.unit, path, "flow")
            if counted is not None:
                self.of_policy[name] = counted
        elif policy.ratio is not None:
            counted = RatioWriter(self, f"policy.{name}", (*path, "ratio")).write(policy.ratio, policy.unit)
            if counted is not None:
                self.of_policy[name] = counted

    def _amount(self, name: str, fates: Fates, unit: str, path: tuple[str, ...], key: str) -> Counted | None:
        if not self.is_unit(unit, (*path, "unit")):
            return None
        return Counted(self.account(name, fates, unit, (*path, key)), -1, unit)

    def account(self, name: str, fates: Fates, unit: str, path: tuple[str, ...]) -> int:
        """Write an account of flows that factors weigh in a unit, and return its number."""
        number = self._account(name)
        self._factors(number, fates, unit, path)
        return number

    def _account(self, name: str) -> int:
        self.rows.account_ids.append(name)
        return len(self.rows.account_ids) - 1

    def _indicator(self, name: str, text: Label, counted: Counted, origin: int) -> None:
        rows = self.rows
        rows.labels.append(text)
        rows.units.append(counted.stated_unit)
        rows.account.append(counted.account)
        rows.per.append(counted.per)
        rows.origin.append(origin)
        rows.scale.append(counted.scale)
        self.of_indicator[name] = counted

    def is_unit(self, unit: str, path: tuple[str, ...]) -> bool:
        """Say whether a unit is known; note the error where it is not."""
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
            if fate is Fate.DISPLACED:
                values = self._displacing(values)
            known = {self.number_of[name]: found for name, found in values.items() if name in self.number_of}
            for number in sorted(known):
                value, origin = known[number]
                if np.any(value):
                    self.rows.factors.add(account=account, fate=int(fate), material=number, value=value, origin=origin)

    def _displacing(self, virgin: Mapping[str, tuple[Figures, int]]) -> dict[str, tuple[Figures, int]]:
        """Turn factors of displaced materials into factors of those that stand in for them."""
        found: dict[str, tuple[Figures, int]] = {}
        for material, other, amount in displacements(self.case, virgin):
            value, origin = virgin[other]
            found[material] = (found.get(material, (0.0, origin))[0] + amount * value, origin)
        return found

    def stated_factor(self, factor: AnyFactor, path: tuple[str, ...]) -> Stated | None:
        """Return a factor as it is stated, read once; None where something is wrong with it."""
        if path not in self.stated:
            self.stated[path] = self.draft.stated(factor, *path)
        return self.stated[path]

    def _by_material(
        self, factors: Mapping[str, AnyFactor], unit: str, path: tuple[str, ...]
    ) -> dict[str, tuple[Figures, int]]:
        """Resolve selectors: the factor of each material, in account units per material unit, and its origin."""
        chosen: dict[str, tuple[Figures, int]] = {}
        chosen_by: dict[str, str] = {}
        named = {key for key in factors if "." not in key}
        for key, stated in factors.items():
            position = self.case.key_at(*path, key)
            if "." not in key:
                if key not in self.case.materials:
                    hint = nearest(key, self.case.materials)
                    self.findings.error(position, f"unknown material `{key}`", hint)
                continue
            factor = self.stated_factor(stated, (*path, key))
            if factor is None:
                continue
            selected = self._selected(key, factor, unit, (*path, key))
            if not selected and position.source is self.case.value_at().source and not self.findings.has_errors:
                mend = "check the name and the unit of the factor, or delete it"
                self.findings.warning(position, f"`{key}` covers no material", mend)
            for material, value in selected.items():
                if material in chosen and material not in named:
                    what = f"`{material}` is weighed twice: by `{chosen_by[material]}` and by `{key}`"
                    self.findings.error(position, what, f"name `{material}` itself to decide its factor")
                chosen[material] = (value, self.draft.origin(position, ".".join((*path, key))))
                chosen_by[material] = key
        for key in (key for key in factors if key in named):
            material_block, factor = self.case.materials.get(key), self.stated_factor(factors[key], (*path, key))
            if material_block is None or factor is None:
                continue
            weight = self._in_unit(factor, unit, material_block.unit, (*path, key))
            if weight is not None:
                origin = self.draft.origin(self.case.key_at(*path, key), ".".join((*path, key)))
                chosen[key] = (weight, origin)
        return chosen

    def _selected(self, key: str, factor: Stated, unit: str, path: tuple[str, ...]) -> dict[str, Figures]:
        kind, _, name = key.partition(".")
        if kind not in SELECTORS:
            mend = "write a material, `class.NAME`, `tag.NAME` or `property.NAME`"
            self.findings.error(self.case.key_at(*path), f"`{key}` selects nothing", mend)
            return {}
        if kind == "property":
            return self._by_property(name, factor, unit, path)
        selected: dict[str, Figures] = {}
        groups: set[str] = set()
        for identifier, material in self.case.materials.items():
            members = [material.kind] if kind == "class" else material.tags
            groups.update(members)
            if name in members:
                try:
                    selected[identifier] = self.draft.figures(factor, f"{unit}/{material.unit}")
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

    def _by_property(self, name: str, factor: Stated, unit: str, path: tuple[str, ...]) -> dict[str, Figures]:
        if factor.dimension:
            what = f"a factor of a property is a bare number, not `{factor}`"
            self.findings.error(self.case.value_at(*path), what, f"write `property.{name}: 1`")
            return {}
        selected: dict[str, Figures] = {}
        for identifier, material in self.case.materials.items():
            amount = material.properties.get(name)
            if amount is None:
                continue
            where = ("materials", identifier, "properties", name)
            value = self._in_unit(amount.value, unit, material.unit, where)
            if value is not None:
                selected[identifier] = value * factor.to("1")
        return selected

    def _in_unit(self, factor: Stated, unit: str, per: str, path: tuple[str, ...]) -> Figures | None:
        try:
            return self.draft.figures(factor, f"{unit}/{per}")
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None


def material_label(identifier: str, material: Material) -> Label:
    """Return the names of a material."""
    return label(identifier, material.name)
