"""Banks of the oracle: allowances that are not used in a period and are kept for later ones."""

from __future__ import annotations

import math
from typing import Any

import pyomo.environ as pyo

from oracle_accounts import worth
from oracle_columns import total
from oracle_figures import Spec, number
from oracle_policies import Policies


class Banks(Policies):
    """One account of allowances for each policy with a bank, at the end of each period, covered or not."""

    def declare(self) -> None:
        """Declare what is kept, which is negative where it is borrowed."""
        super().declare()
        self.columns("kept", [name for name, policy in self.rules.items() if self.bank(policy) is not None], pyo.Reals)

    def policies(self) -> None:
        """Policies hold; what a bank keeps stays between what may be borrowed and its limit.

        −borrow ≤ kept ≤ limit, 0 ≤ kept after the last period
        kept before + free + paid for ≥ counted + sold + kept after: the rest is lost
        kept ≤ free + paid for of the periods whose allowances may still be used in the next one, and initial while it
        may
        """
        super().policies()
        for name, policy in self.rules.items():
            if (bank := self.bank(policy)) is None:
                continue
            unit, last = self.policy_unit(policy), list(self.case.periods)[-1]
            terms = dict.fromkeys(("initial", "borrow"), f"0 {unit}") | {"limit": "unlimited"} | bank
            before: Any = number(terms["initial"], unit)
            for t in self.case.periods:
                kept = self.model.kept[name, t]
                if math.isfinite(number(terms["limit"], unit)):
                    self.hold(kept <= number(terms["limit"], unit))
                self.hold(kept >= (0 if t == last else -number(terms["borrow"], unit)))
                self.hold(before + self.gained(name, policy, t) >= self.parted(name, policy, t) + kept)
                if "expires" in terms:
                    self.hold(kept <= self.alive(name, policy, terms, t))
                before = kept

    def gained(self, name: str, policy: Spec, t: str) -> Any:
        """Give what is free and paid for in a period: nothing where the policy does not cover it."""
        if t not in self.times(policy, self.weights):
            return 0
        rate = f"{self.policy_unit(policy)}/a"
        paid = (kind for owner, kind, when in self.model.slack if (owner, when) == (name, t) and kind != "sold")
        free = number(policy.get("free", f"0 {rate}"), rate) * self.case.periods[t][0]
        return free + total(self.model.slack[name, kind, t] for kind in paid if kind.startswith("paid"))

    def parted(self, name: str, policy: Spec, t: str) -> Any:
        """Give what is counted and sold in a period."""
        if t not in self.times(policy, self.weights):
            return 0
        sold = self.model.slack[name, "sold", t]
        if policy.get("sell") is False:
            self.hold(sold == 0)
        with self.during({t: 1.0}):
            return worth(self.counted(policy, self.places(policy))) + sold

    def alive(self, name: str, policy: Spec, terms: Spec, t: str) -> Any:
        """Give what was free or paid for up to a period, or there before, and may be used when the next one begins."""
        life, begins = number(terms["expires"], "a"), self.case.begins
        ends = {when: begins[when] + self.case.periods[when][0] for when in begins}
        found = [
            self.gained(name, policy, v) for v in begins if begins[v] <= begins[t] and lives(ends[t] - ends[v], life)
        ]
        return total(found) + (number(terms["initial"], self.policy_unit(policy)) if lives(ends[t], life) else 0)


def lives(age: float, life: float) -> bool:
    """Tell whether what is so old may still be used."""
    return age < life - 1e-9
