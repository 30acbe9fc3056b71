"""Tables of capacity that changes over the years: what stands, what may be built and retired, and the budgets.

A capacity is counted in its own unit (`Capacities.unit`): reference units per year for a plant, material units per
year for a link, the unit of its own capacity for a route, material units for a store. `T` is the number of periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .tables import Bools, Floats, Ints, Label


class CapacityKind(IntEnum):
    """What has the capacity."""

    PLANT = 0
    LINK = 1
    ROUTE = 2
    STORE = 3


def _rows() -> Ints:
    return np.empty(0, np.int32)


@dataclass(frozen=True, eq=False, repr=False)
class Capacities:
    """Capacities that may change, and who pays for that."""

    kind: Ints
    """`CapacityKind`"""
    thing: Ints
    """row of `Plants`, `Exchanges`, `Routes` or `Stores`"""
    label: tuple[Label, ...]
    park: Ints
    """park it is in; for a route the one where it begins"""
    company: Ints
    """company it belongs to, or -1 for a route"""
    unit: tuple[str, ...]
    """what it is counted in, e.g. `t/a`; for a store e.g. `t`"""
    nameplate: Floats
    """(T, n) what stands without building or retiring; 0 from the period of retire_by on"""
    yields: Floats
    """(T, n) largest use in a period of one unit of capacity: availability · length of the period, a; 1 for a store"""
    existing: Floats
    """(T, n) largest use in a period without building or retiring: `nameplate` · `yields`"""
    existing_origin: Ints
    payer_capacity: Ints
    """(k,) row of this table"""
    payer_company: Ints
    """(k,) company that pays for it"""
    payer_share: Floats
    """(k,) its share, 1"""
    add_capacity: Ints
    """(j,) row of this table"""
    add_account: Ints
    """(j,) account that the standing capacity adds to"""
    add_value: Floats
    """(j,) account units per unit of capacity and a"""

    @classmethod
    def empty(cls) -> Capacities:
        """Return a table without capacities that change."""
        table = np.empty((1, 0))
        rows, none = _rows(), np.empty(0)
        return cls(rows, rows, (), rows, rows, (), table, table, table, rows, rows, rows, none, rows, rows, none)


@dataclass(frozen=True, eq=False, repr=False)
class Builds:
    """New capacity that may be built."""

    capacity: Ints
    """row of `Capacities`"""
    stands: Bools
    """(T, T, n) what is built in period v stands in period t: [v, t, n]"""
    cost: Floats
    """(n,) money per unit of capacity, the capital that is spent when it is built"""
    at_once: Floats
    """(n,) money per unit of capacity booked in `cost` when it is built; 0 under the annuity method"""
    yearly: Floats
    """(n,) money per unit of capacity and year in which it stands: annuity, and fixed cost of a plant"""
    most: Floats
    """(n,) largest new capacity that stands at one time; inf where unlimited"""
    pace: Floats
    """(T, n) most that is built in a period; inf where unlimited"""
    step: Floats
    """(n,) capacity of one whole step; 0 where it is built continuously"""
    origin: Ints
    most_origin: Ints
    pace_origin: Ints
    step_origin: Ints
    account: int
    """row of `Network.accounts` that counts the capital that is spent, or -1"""

    @classmethod
    def empty(cls) -> Builds:
        """Return a table without anything to build."""
        none = np.empty(0)
        stands, pace = np.empty((1, 1, 0), bool), np.empty((1, 0))
        return cls(_rows(), stands, none, none, none, none, pace, none, _rows(), _rows(), _rows(), _rows(), -1)


@dataclass(frozen=True, eq=False, repr=False)
class Retirements:
    """Existing capacity of plants that may be closed for good."""

    capacity: Ints
    """row of `Capacities`"""
    kept: Bools
    """(T, n) the existing capacity stands unless it is closed: before the period of retire_by"""
    cost: Floats
    """(n,) money per unit of capacity, booked in `cost` when it is closed"""
    saved: Floats
    """(n,) fixed cost that is no longer paid, money per unit of capacity and a"""
    most: Floats
    """(n,) capacity that stands before anything is closed"""
    step: Floats
    """(n,) capacity of one whole step; 0 where it is closed continuously"""
    origin: Ints
    step_origin: Ints

    @classmethod
    def empty(cls) -> Retirements:
        """Return a table without anything to close."""
        none = np.empty(0)
        return cls(_rows(), np.empty((1, 0), bool), none, none, none, none, _rows(), _rows())


@dataclass(frozen=True, eq=False, repr=False)
class Budgets:
    """Most that building may cost."""

    park: Ints
    """park whose companies it binds, or -1 for all"""
    most: Floats
    """(T, n) money per period"""
    origin: Ints

    @classmethod
    def empty(cls) -> Budgets:
        """Return no budgets."""
        return cls(_rows(), np.empty((1, 0)), _rows())
