"""What every table of a network is made of, and what all others refer to: periods, materials, companies, nodes.

How tables are to be read stands in `network`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .document import Position

Floats = NDArray[np.float64]


Ints = NDArray[np.int32]


Bools = NDArray[np.bool_]


class Fate(IntEnum):
    """What an indicator's factor weighs. `USED` is use by production, `TREATED` use by a treatment process, and
    `DISPLACED` use by production again, weighed by what the material stands in for."""

    BOUGHT = 0
    MADE = 1
    USED = 2
    TREATED = 3
    SOLD = 4
    DISCARDED = 5
    EXCHANGED = 6
    SHIPPED = 7
    DISPLACED = 8


class OfferKind(IntEnum):
    """The three ways a material crosses the boundary of a park."""

    BUY = 0
    SELL = 1
    DISCARD = 2


@dataclass(frozen=True)
class Label:
    """What people read of a thing: its identifier and its names in two languages."""

    id: str
    en: str
    zh: str


@dataclass(frozen=True)
class Origin:
    """The place in the YAML that caused a row or a column, and the dotted path of the entry there."""

    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class Periods:
    """Slices of time."""

    id: tuple[str, ...]
    duration: Floats
    """(T,) length of one occurrence, a"""
    weight: Floats
    """(T,) how often the period occurs, 1"""


@dataclass(frozen=True, eq=False, repr=False)
class Materials:
    """All materials that occur in the network."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    """unit of account: t, MWh, GJ, …"""
    kind: tuple[str, ...]
    """class of the material: raw, product, byproduct, waste, utility, emission, environment"""


@dataclass(frozen=True, eq=False, repr=False)
class Companies:
    """Owners of plants, park by park."""

    label: tuple[Label, ...]
    park: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Nodes:
    """Balances: one material of one company in one park (of one plant where exchange is `none`)."""

    company: Ints
    plant: Ints
    """plant whose own balance this is, or -1 where the whole company shares it"""
    material: Ints
    origin: Ints


def no_rows() -> Ints:
    """Return no row numbers, (0,)."""
    return np.zeros(0, dtype=np.int32)


def no_figures() -> Floats:
    """Return no figures, (0,)."""
    return np.empty(0)


def nowhere() -> Bools:
    """Return flags of nothing, (0, 0)."""
    return np.empty((0, 0), bool)


@dataclass(frozen=True, eq=False)
class Measures:
    """Measures, row by row in the order of the file. They stand only in a network over which they were laid."""

    label: tuple[Label, ...] = ()
    investment: Floats = field(default_factory=lambda: np.zeros(0))
    """money that is spent once"""
    annuity: Floats = field(default_factory=lambda: np.zeros(0))
    """part of the investment that a year bears, money/a"""
    annual: Floats = field(default_factory=lambda: np.zeros(0))
    """other cost, money/a; negative where it saves"""
