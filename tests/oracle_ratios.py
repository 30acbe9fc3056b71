"""Ratios of the oracle: of factors or of indicators by name, as a share or in a unit of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from oracle_accounts import Accounts, Place, Term, worth
from oracle_figures import Spec, converted, figure


class Ratios(Accounts):
    """Two sides of a ratio, so that it is the one over the other in the unit in which it is bounded."""

    def ratio_block(self, name: str) -> Spec | None:
        """Give the two sides of an indicator that is a ratio, and its unit where it has one."""
        return self.sides((self.case.spec.get("indicators") or {}).get(name, {}))

    def sides(self, block: Spec) -> Spec | None:
        """Give the two sides of a ratio that a block states, with its unit."""
        return {**block["ratio"], "unit": block.get("unit")} if "ratio" in block else None

    def ratio(self, block: Spec, places: Iterable[Place]) -> tuple[Any, Any]:
        """Give numerator, in its own unit, and denominator, in what makes their quotient the ratio."""
        some = list(places)
        top, per = self.side_unit(block, "of"), self.side_unit(block, "to")
        of, to = (
            worth(term for place in some for term in self.side(block[side], unit, place))
            for side, unit in (("of", top), ("to", per))
        )
        return of, to * self.ratio_scale(block)

    def ratio_scale(self, block: Spec) -> float:
        """Units of the numerator per unit of the denominator that a ratio of one of its unit has."""
        if block["unit"] is None:
            return 1.0
        top, per = block["unit"].split("/")
        return converted(1, top, self.side_unit(block, "of")) / converted(1, per, self.side_unit(block, "to"))

    def side(self, counted: Any, unit: str, place: Place) -> Iterator[Term]:
        """Yield the terms of one side of a ratio: factors, or an indicator by name."""
        if not isinstance(counted, str):
            yield from self.account(counted, unit, place)
            return
        each = converted(1, self.unit(counted), unit)
        yield from (Term(each * term.factor, term.flow) for term in self.indicator(counted, [place]))

    def side_unit(self, block: Spec, side: str) -> str:
        """Give the unit of one side: its own where the ratio has a unit, or else that of the denominator."""
        counted = block[side if block["unit"] else "to"]
        return self.unit(counted) if isinstance(counted, str) else self.top_unit(counted)

    def top_unit(self, factors: Spec) -> str:
        """Give the unit that the first factor counts in: that of the property where it is bare."""
        key, written = next(iter(next(iter(factors.values())).items()))
        if key.startswith("property."):
            name = key.removeprefix("property.")
            blocks = (block.get("properties", {}) for block in self.case.spec["materials"].values())
            written = next(properties[name] for properties in blocks if name in properties)
        return self.case.figure_at(written, next(iter(self.case.periods))).unit.split("/")[0]

    def ratio_bound(self, written: Any, block: Spec) -> float:
        """Read a bound on a ratio in the unit of the ratio."""
        got = figure(written)
        if block["unit"] is None:
            assert got.unit == "1", written
            return got.value
        (top, per), (to_top, to_per) = got.unit.split("/"), block["unit"].split("/")
        return got.value * converted(1, top, to_top) / converted(1, per, to_per)
