"""Ratios of accounts: shares, and intensities with a unit of their own such as water per value added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .counted import Counted
from .problems import nearest
from .schema import Fates, Ratio
from .tables import Fate
from .units import QuantityError, bracketed, parse_quantity

if TYPE_CHECKING:
    from .accounts import AccountWriter


class RatioWriter:
    """Writes both sides of one ratio, which stands at a path of the case."""

    def __init__(self, accounts: AccountWriter, name: str, path: tuple[str, ...]) -> None:
        self.accounts, self.case, self.findings = accounts, accounts.draft.case, accounts.draft.findings
        self.name, self.path = name, path

    def write(self, ratio: Ratio, unit: str | None) -> Counted | None:
        """Return what is counted; without a unit a share, both sides in one unit. None where something is wrong."""
        if unit is not None and not self.accounts.is_unit(unit, (*self.path[:-1], "unit")):
            return None
        lower = self._side("to", ratio.to, None)
        common = lower.unit if unit is None and lower is not None else None
        upper = self._side("of", ratio.of, common)
        if upper is None or lower is None:
            return None
        scale = self._scale(unit, upper.unit, lower.unit)
        return None if scale is None else Counted(upper.account, lower.account, upper.unit, unit or "1", scale)

    def _side(self, key: str, side: str | Fates, unit: str | None) -> Counted | None:
        path = (*self.path, key)
        if isinstance(side, str):
            return self._named(side, path)
        unit = unit or self._unit_of_first(side, path)
        return Counted(self.accounts.account(f"{self.name}.{key}", side, unit, path), -1, unit)

    def _named(self, name: str, path: tuple[str, ...]) -> Counted | None:
        known = {**self.accounts.of_indicator, **self.case.indicators}
        if name not in known:
            self.findings.error(self.case.value_at(*path), f"unknown indicator `{name}`", nearest(name, list(known)))
            return None
        if name in self.case.indicators and self.case.indicators[name].ratio is not None:
            what = f"`{name}` is a ratio, and a ratio of a ratio is not linear"
            self.findings.error(self.case.value_at(*path), what, "name an amount, or write factors")
            return None
        return self.accounts.amount_of(name)

    def _scale(self, unit: str | None, upper: str, lower: str) -> float | None:
        """Return units of the numerator that a ratio of one `unit` has per unit of the denominator."""
        under = bracketed(lower)
        stated = parse_quantity("1" if unit is None else f"1 {unit}")
        if upper == lower and stated.dimension == "":
            return stated.to("1")
        try:
            return self.accounts.draft.steady(stated, f"{upper}/{under}")
        except QuantityError as error:
            where = (*self.path, "of") if unit is None else (*self.path[:-1], "unit")
            mend = f"{error.mend}; `of` is counted in {upper} and `to` in {lower}, so e.g. `unit: {upper}/{under}`"
            self.findings.error(self.case.value_at(*where), error.what, mend)
            return None

    def _unit_of_first(self, fates: Fates, path: tuple[str, ...]) -> str:
        """Return the unit that factors are counted in: the numerator of the first."""
        for fate in Fate:
            for key, factor in getattr(fates, fate.name.lower()).items():
                kind, _, name = key.partition(".")
                found = self.accounts.stated_factor(factor, (*path, fate.name.lower(), key))
                if kind == "property":
                    stated = [m.properties[name].value for m in self.case.materials.values() if name in m.properties]
                    found = stated[0] if stated else found
                return found.unit.split("/")[0].strip() or "t" if found is not None else "t"
        return "t"
