"""Growth in the oracle: how fast what a policy counts may change from one covered period to the next."""

from __future__ import annotations

from itertools import pairwise

from oracle_accounts import worth
from oracle_figures import number
from oracle_policies import Policies


def hold_growth(law: Policies) -> None:
    """Hold the rate of each period against that of the one before, over the time between their middles.

    (1 + min)^gap · rate before ≤ rate ≤ (1 + max)^gap · rate before
    """
    periods = law.case.periods
    for policy in law.rules.values():
        growth, covered, rates = policy.get("growth", {}), law.times(policy, law.weights), {}
        for t in covered if growth else []:
            with law.during({t: 1.0}):
                rates[t] = worth(law.counted(policy, law.places(policy))) / periods[t][0]
        for before, t in pairwise(periods):
            if before not in rates or t not in rates:
                continue
            gap = sum(duration * weight for duration, weight in (periods[before], periods[t])) / 2
            if "min" in growth:
                law.hold(rates[t] >= (1 + number(growth["min"], "1/a")) ** gap * rates[before])
            if "max" in growth:
                law.hold(rates[t] <= (1 + number(growth["max"], "1/a")) ** gap * rates[before])
