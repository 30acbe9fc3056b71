"""What policies carry from one period to the next: allowances that are kept, and limits of growth."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from .account_tables import Banks, Growths
from .draft import Draft, Rows
from .schema import Bank, Policy
from .tables import Floats
from .units import Quantity, QuantityError, convert

EVEN = 1e-9
"""part of a period by which sums of durations may differ, 1"""
Number = Callable[[Quantity | None, str, tuple[str, ...], float], float]
"""a quantity in a unit, at a path; or else the last argument"""


class ContinuityWriter:
    """Writes the tables of banks and of growth, policy by policy."""

    def __init__(self, draft: Draft, number: Number) -> None:
        self.draft, self.case, self.findings = draft, draft.case, draft.findings
        self.number = number
        self.banks, self.growths = Rows(), Rows()

    def tables(self) -> tuple[Banks, Growths]:
        """Return both tables."""
        periods, (banks, growths) = len(self.draft.periods.id), (self.banks, self.growths)
        return (
            Banks(
                policy=banks.ints("policy"),
                lower=banks.series("lower", periods),
                upper=banks.floats("upper"),
                initial=banks.floats("initial"),
                alive=banks.series("alive", periods),
                oldest=banks.series("oldest", periods).astype(np.int32),
                origin=banks.ints("origin"),
            ),
            Growths(
                policy=growths.ints("policy"),
                least=growths.floats("least"),
                most=growths.floats("most"),
                origin=growths.ints("origin"),
            ),
        )

    def bank(self, row: int, name: str, policy: Policy, unit: str, free: float, covered: list[bool]) -> None:
        """Write what a policy keeps of its allowance; `free` in units per a."""
        bank, path = policy.bank, ("policies", name, "bank")
        if bank is None:
            return
        if not policy.each_period:
            what = "what is free of all periods together needs no bank: it is one allowance already"
            self.findings.error(self.case.key_at(*path), what, "add `each_period: true`, or delete `bank`")
        self._refuse_weights("no allowance can be kept from it for later")
        initial = self.number(bank.initial, unit, (*path, "initial"), 0.0)
        borrow = self.number(bank.borrow, unit, (*path, "borrow"), 0.0)
        size = None if isinstance(bank.limit, str) else bank.limit
        limit = self.number(size, unit, (*path, "limit"), np.inf)
        if initial > limit:
            what = f"the bank holds at most `{bank.limit}`, but begins with `{bank.initial}`"
            self.findings.error(self.case.value_at(*path, "initial"), what, "raise `limit` or lower `initial`")
        lower = np.full(len(covered), -borrow)
        lower[-1] = 0.0
        issued = free * self.draft.periods.duration * np.array(covered, float)
        alive, oldest = self._alive(bank, issued, initial, path)
        origin = self.draft.origin_of(*path)
        self.banks.add(policy=row, lower=lower, upper=limit, initial=initial, alive=alive, oldest=oldest, origin=origin)

    def _alive(self, bank: Bank, issued: Floats, initial: float, path: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Return what was free and has not expired as the next period begins, and the first period it is of: (T,)."""
        if bank.expires is None:
            return np.full(len(issued), np.inf), np.zeros(len(issued))
        life = self.number(bank.expires, "a", (*path, "expires"), 0.0)
        ends = np.cumsum(self.draft.periods.duration)
        given = np.concatenate([[0.0, initial], initial + np.cumsum(issued)])  # up to the opening, then each period
        lives = np.concatenate([[0.0], ends])  # when the life of each begins
        slack = EVEN * float(self.draft.periods.duration.min())
        gone = np.searchsorted(lives, ends - life + slack, side="right")
        places = np.arange(len(ends))
        alive: Floats = given[2:] - given[np.minimum(gone, places + 2)]
        oldest = np.where(gone > places + 1, len(ends), np.maximum(gone - 1, 0))
        return alive, oldest.astype(float)

    def growth(self, row: int, name: str, policy: Policy, ratio: bool, covered: list[bool]) -> None:
        """Write by how much at least and at most a policy's amount grows, per year."""
        growth, path = policy.growth, ("policies", name, "growth")
        if growth is None:
            return
        if ratio:
            what = "the growth of a ratio is not linear"
            self.findings.error(self.case.value_at(*path), what, "limit the growth of what it divides, or bound it")
        if not any(before and after for before, after in pairwise(covered)):
            what = "growth needs two covered periods that follow each other"
            self.findings.error(self.case.value_at(*path), what, "add periods, or delete `growth`")
        least, most = self._rate(growth.min, (*path, "min"), -np.inf), self._rate(growth.max, (*path, "max"), np.inf)
        if least > most:
            what = f"growth of at least `{growth.min}` and at most `{growth.max}`"
            self.findings.error(self.case.value_at(*path, "min"), what, "mend one of the two bounds")
        self.growths.add(policy=row, least=least, most=most, origin=self.draft.origin_of(*path))

    def _rate(self, written: Quantity | None, path: tuple[str, ...], none: float) -> float:
        """Return a rate of growth per year: 1 %/d is 1.01^365 − 1."""
        if written is None:
            return none
        time = written.unit.rpartition("/")[2]
        try:
            share, years = written.to(f"1/{time}"), convert(1.0, time, "a")
        except QuantityError:
            mend = "write a share per time, e.g. `10 %/a`"
            self.findings.error(self.case.value_at(*path), f"`{written}` is no growth", mend)
            return none
        if share <= -1:
            what = f"`{written}` leaves less than nothing"
            self.findings.error(self.case.value_at(*path), what, "growth is above -100 % per time")
            return none
        return float((1.0 + share) ** (1.0 / years) - 1.0)

    def _refuse_weights(self, consequence: str) -> None:
        """A period that occurs several times has no single period after it."""
        for name, period in self.case.periods.items():
            if period.weight != 1:
                what = f"period `{name}` occurs {period.weight:g} times, so {consequence}"
                mend = "with a bank every period has weight 1: write each occurrence, e.g. with `count`"
                self.findings.error(self.case.value_at("periods", name, "weight"), what, mend)
