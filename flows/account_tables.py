"""Tables of what is counted and ruled: accounts, indicators, policies, islands, goals and caveats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .tables import Bools, Floats, Ints, Label, no_figures, no_rows, nowhere


@dataclass(frozen=True, eq=False, repr=False)
class Accounts:
    """Linear accounts over flows. The first four are revenue, cost, profit and value_added, in money."""

    id: tuple[str, ...]
    factor_account: Ints
    """(k,) account of a factor"""
    factor_fate: Ints
    """(k,) `Fate`"""
    factor_material: Ints
    """(k,) material"""
    factor_value: Floats
    """(k,), or (T, k) where one differs between periods: account units per material unit"""
    factor_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Indicators:
    """What is reported: an account, or the ratio of two."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    account: Ints
    """numerator, or the account itself"""
    per: Ints
    """denominator account, or -1 where the indicator is no ratio"""
    origin: Ints
    scale: Floats = field(default_factory=lambda: np.empty(0))
    """(n,) units of the numerator that a ratio of one `unit` has per unit of the denominator; 1 for others"""


@dataclass(frozen=True, eq=False, repr=False)
class Policies:
    """Bounds and prices on indicators, or on flows that no indicator names.

    Columns that are left out say nothing: every company and period is covered, together, and bounds are hard.
    """

    id: tuple[str, ...]
    indicator: Ints
    """indicator it speaks of, or -1 where it weighs flows itself"""
    park: Bools
    """(n, parks) parks it covers"""
    lower: Floats
    """indicator units over the covered periods (a ratio as it is); -inf where none"""
    upper: Floats
    """indicator units over the covered periods (a ratio as it is); inf where none"""
    price: Floats
    """money per indicator unit, 0 where none"""
    origin: Ints
    account: Ints = field(default_factory=no_rows)
    """(n,) account of a policy without indicator, numerator of a ratio; -1 for others"""
    per: Ints = field(default_factory=no_rows)
    """(n,) denominator account of a policy without indicator, or -1"""
    unit: tuple[str, ...] = ()
    """unit of the amount that the policy counts; for a ratio that of its numerator"""
    ratio_unit: tuple[str, ...] = ()
    """unit of the ratio that a policy counts; `1` for a share, and for what is no ratio"""
    scale: Floats = field(default_factory=no_figures)
    """(n,) units of the numerator that a ratio of one `ratio_unit` has per unit of the denominator; 1 for others"""
    company: Bools = field(default_factory=nowhere)
    """(n, companies) companies it covers, of its parks"""
    period: Bools = field(default_factory=nowhere)
    """(n, T) periods it covers"""
    each: Bools = field(default_factory=lambda: np.empty(0, bool))
    """(n,) the bounds hold in every covered period for itself, each by its share of the time"""
    shortage: Floats = field(default_factory=no_figures)
    """(n,) money per unit below the lower bound; inf where the bound is hard"""
    surplus: Floats = field(default_factory=no_figures)
    """(n,) money per unit above the upper bound; inf where the bound is hard"""
    free: Floats = field(default_factory=no_figures)
    """(n,) allowance that is free of the price, indicator units per a"""


@dataclass(frozen=True, eq=False, repr=False)
class Rungs:
    """Rising price steps of policies whose payment is not simply price times indicator."""

    policy: Ints
    price: Floats
    """money per indicator unit"""
    upper: Floats
    """size of the step, indicator units per a; inf where unlimited"""
    lower: Floats
    """0, or -inf for a step at which what is left of the allowance is sold: the first, or one that only sells, where
    what is kept expires and so what is paid for must be told from what is sold"""
    origin: Ints

    @classmethod
    def empty(cls) -> Rungs:
        """Return no steps."""
        return cls(no_rows(), no_figures(), no_figures(), no_figures(), no_rows())


@dataclass(frozen=True, eq=False, repr=False)
class Banks:
    """Allowances that policies keep from one period for later ones, in indicator units."""

    policy: Ints
    lower: Floats
    """(T, n) least level at the end of a period; negative where it may be borrowed"""
    upper: Floats
    """(n,) largest level at the end of a period; inf where unlimited"""
    initial: Floats
    """(n,) level before the first period"""
    alive: Floats
    """(T, n) of what was free, and there before the first period, what has not expired as the next period begins; inf
    where nothing expires"""
    oldest: Ints
    """(T, n) first period whose allowances have not expired as the next period begins; T where all have"""
    origin: Ints

    @classmethod
    def empty(cls) -> Banks:
        """Return no banks."""
        table = np.empty((1, 0))
        return cls(no_rows(), table, no_figures(), no_figures(), table, table.astype(np.int32), no_rows())


@dataclass(frozen=True, eq=False, repr=False)
class Growths:
    """Policies that limit how fast their amount grows from period to period."""

    policy: Ints
    least: Floats
    """share per year, compound; -inf where none"""
    most: Floats
    """share per year, compound; inf where none"""
    origin: Ints

    @classmethod
    def empty(cls) -> Growths:
        """Return no limits of growth."""
        return cls(no_rows(), no_figures(), no_figures(), no_rows())


@dataclass(frozen=True, eq=False, repr=False)
class Islands:
    """Companies of shared plants, whose accounts are shared after the solve by those who use them."""

    label: tuple[Label, ...]
    company: Ints
    unit: tuple[str, ...]
    """unit of the key"""
    origin: Ints
    term_island: Ints
    """(k,) row of this table"""
    term_material: Ints
    """(k,) material that counts in the key"""
    term_weight: Floats
    """(k,) key units per material unit"""
    term_gives: Bools
    """(k,) the island makes it, and what others take counts; else what others give it"""

    @classmethod
    def empty(cls) -> Islands:
        """Return no islands."""
        return cls((), no_rows(), (), no_rows(), no_rows(), no_rows(), no_figures(), np.empty(0, bool))


@dataclass(frozen=True, eq=False, repr=False)
class Goal:
    """One stage of an objective: a weighted sum of indicators, over all parks or in the park that is worst off."""

    name: str
    unit: str
    maximise: bool
    indicator: Ints
    """(k,) indicators, never ratios"""
    factor: Floats
    """(k,) units of the goal per indicator unit"""
    worst: bool
    """the park with the least (when maximising) or the largest value counts, in place of the sum"""
    tolerance: float
    """how far later stages may fall behind: a share of the value, or units of the goal"""
    relative: bool
    """the tolerance is a share"""
    origin: int


@dataclass(frozen=True, eq=False, repr=False)
class Surcharges:
    """Money that an extension puts on columns, in one period each; booked into cost and profit."""

    columns: tuple[str, ...]
    """name of the block of columns: run, fill, deal or exchange"""
    column: Ints
    """column within the block"""
    period: Ints
    company: Ints
    """company it is booked with"""
    value: Floats
    """money per user unit of the column, each time the period occurs"""

    @staticmethod
    def empty() -> Surcharges:
        """Return the table of a case without an extension."""
        empty = np.zeros(0, np.int32)
        return Surcharges((), empty, empty, empty, np.zeros(0))


@dataclass(frozen=True)
class Caveat:
    """Something every answer that uses a plant must say."""

    plant: int
    what: str
