"""Policies of the oracle: bounds on accounts, hard or soft, and prices with steps and allowances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyomo.environ as pyo

from oracle_accounts import Place, Term, worth
from oracle_columns import total
from oracle_figures import Spec, bracketed, number
from oracle_ratios import Ratios


class Policies(Ratios):
    """Slack of soft bounds and what is paid by steps, per period of an each_period policy, or in all."""

    @property
    def rules(self) -> dict[str, Spec]:
        """All policies by name."""
        return self.case.spec.get("policies") or {}

    def declare(self) -> None:
        """Declare what falls short of a bound, exceeds it, or is paid for by steps."""
        super().declare()
        slack = []
        for name, policy in self.rules.items():
            kinds = [kind for kind in ("shortage", "surplus") if kind in policy]
            if self.by_steps(policy):
                kinds += [f"paid {i}" for i, _ in enumerate(policy.get("steps", [policy]))]
            if self.bank(policy) is not None:
                kinds.append("sold")
            times = list(self.times(policy, self.weights)) if policy.get("each_period") else [""]
            slack += [(name, kind, t) for kind in kinds for t in times]
        self.model.slack = pyo.Var(slack, domain=pyo.NonNegativeReals)

    def bank(self, policy: Spec) -> Spec | None:
        """Give the terms on which a policy keeps allowances, None where it does not."""
        stated = policy.get("bank", False)
        return None if stated is False else {} if stated is True else dict(stated)

    def by_steps(self, policy: Spec) -> bool:
        """Tell whether what is paid has columns: no price times amount says it."""
        stepped = "steps" in policy or policy.get("sell") is False or self.bank(policy) is not None
        return stepped and bool({"price", "steps"} & set(policy))

    def places(self, policy: Spec) -> list[Place]:
        """List the companies that a policy covers."""
        parks, companies = policy.get("parks", self.case.parks), policy.get("companies")
        return [
            place for place in self.case.places if place[0] in parks and (companies is None or place[1] in companies)
        ]

    def times(self, policy: Spec, scope: dict[str, float]) -> dict[str, float]:
        """Part of a scope that a policy covers."""
        named = policy.get("periods", self.case.periods)
        return {t: often for t, often in scope.items() if t in named}

    def charges(self, place: Place) -> Iterator[Term]:
        """Yield payments under policies that cover a company, by their prices, and its share of the others."""
        for name, policy in self.rules.items():
            covered = self.places(policy)
            if place not in covered:
                continue
            unit = self.policy_unit(policy)
            if "price" in policy and not self.by_steps(policy):
                price = number(policy["price"], f"CNY/{bracketed(unit)}")
                with self.during(self.times(policy, self.scope)):
                    terms = list(self.counted(policy, [place]))
                    free = number(policy.get("free", f"0 {unit}/a"), f"{unit}/a") * self.length(self.scope)
                for term in terms:
                    yield Term(price * term.factor, term.flow)
                yield Term(-price / len(covered), free)
            for (owner, kind, t), column in self.model.slack.items():
                if owner == name:
                    often = self.scope.get(t, 0.0) if t else float(self.scope == self.weights)
                    yield Term(self.slack_price(policy, kind) * often / len(covered), column)

    def slack_price(self, policy: Spec, kind: str) -> float:
        """Read what a unit of slack costs."""
        unit = self.policy_unit(policy)
        if kind == "sold":
            return -number(policy.get("steps", [policy])[0]["price"], f"CNY/{bracketed(unit)}")
        if kind.startswith("paid"):
            step = policy.get("steps", [policy])[int(kind.split()[1])]
            return number(step["price"], f"CNY/{bracketed(unit)}")
        return number(policy[kind], f"CNY/{bracketed(unit)}")

    def policy_ratio(self, policy: Spec) -> Spec | None:
        """Give the ratio that a policy bounds, its own or an indicator's."""
        return self.sides(policy) or self.ratio_block(policy.get("indicator", ""))

    def policy_unit(self, policy: Spec) -> str:
        """Give the unit of what a policy counts; of a ratio that of its numerator."""
        ratio = self.policy_ratio(policy)
        if ratio is not None:
            return self.side_unit(ratio, "of")
        return str(policy["unit"]) if "flow" in policy else self.unit(policy["indicator"])

    def counted(self, policy: Spec, places: Iterable[Place]) -> Iterator[Term]:
        """Yield the terms of what a policy counts, where that is no ratio."""
        if "flow" in policy:
            for place in places:
                yield from self.account(policy["flow"], policy["unit"], place)
        else:
            yield from self.indicator(policy["indicator"], places)

    def policies(self) -> None:
        """Bounds and allowances hold over all covered periods together, or in each for itself.

        min · length − shortage ≤ indicator ≤ max · length + surplus
        min · to − shortage ≤ of ≤ max · to + surplus, for a ratio of / to
        indicator − free · length ≤ Σ paid, where a price has steps or nothing is sold back
        """
        for name, policy in self.rules.items():
            scope = self.times(policy, self.weights)
            for t in scope if policy.get("each_period") else [""]:
                self.policy(name, policy, t, {t: 1.0} if t else scope)

    def policy(self, name: str, policy: Spec, t: str, scope: dict[str, float]) -> None:
        """Hold one policy over one scope; `t` is the period of its slack."""
        slack = {kind: column for (owner, kind, when), column in self.model.slack.items() if (owner, when) == (name, t)}
        rate, places, ratio = f"{self.policy_unit(policy)}/a", self.places(policy), self.policy_ratio(policy)
        with self.during(scope):
            value, per = self.ratio(ratio, places) if ratio else (worth(self.counted(policy, places)), 0)
            length = self.length(scope)
        for side in ("min", "max"):
            if side in policy:
                bound = self.ratio_bound(policy[side], ratio) * per if ratio else number(policy[side], rate) * length
                missed = slack.get("shortage" if side == "min" else "surplus", 0.0)
                self.hold(value + missed >= bound if side == "min" else value - missed <= bound)
        paid = {kind: column for kind, column in slack.items() if kind.startswith("paid")}
        if paid:
            self.allowance(policy, paid, value, length)

    def allowance(self, policy: Spec, paid: dict[str, Any], value: Any, length: float) -> None:
        """What exceeds the free amount is paid for, by rising steps; what is left of it is sold at the first price."""
        rate = f"{self.policy_unit(policy)}/a"
        steps = policy.get("steps", [policy])
        free = number(policy.get("free", f"0 {rate}"), rate) * length
        banks = self.bank(policy) is not None  # a later room keeps the account
        if not banks:
            self.hold(value - free <= total(paid.values()))
        for kind, column in paid.items():
            place = int(kind.split()[1])
            if "steps" in policy and "max" in steps[place]:
                self.hold(column <= number(steps[place]["max"], rate) * length)
            if place == 0 and policy.get("sell") is not False and not banks:
                column.setlb(None)
                column.domain = pyo.Reals
