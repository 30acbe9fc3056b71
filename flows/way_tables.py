"""Tables of the ways of materials: offers, exchanges, routes, stores and returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .tables import Bools, Floats, Ints, Label, no_rows


@dataclass(frozen=True, eq=False, repr=False)
class Offers:
    """Markets and outlets of a park, the implicit ones of emissions and environment included."""

    kind: Ints
    """`OfferKind`"""
    park: Ints
    material: Ints
    implicit: Bools
    """made by the class of the material, not stated by the case"""
    lower: Floats
    """(T, n) least amount over all steps and companies, material units per period; 0 where none"""
    origin: Ints
    lower_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Steps:
    """Price steps of offers, in the order in which a rational party takes them."""

    offer: Ints
    price: Floats
    """(T, n) money per material unit: paid for buy, received for sell, paid for discard"""
    upper: Floats
    """(T, n) largest amount over all companies, material units per period; inf where unlimited"""
    origin: Ints
    upper_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Deals:
    """Columns of the market: the use of one price step by one node."""

    step: Ints
    node: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Exchanges:
    """Columns between companies of one park: from a node that makes a material to one that can use it."""

    source: Ints
    """node that gives"""
    target: Ints
    """node that receives"""
    upper: Floats
    """(T, n) largest amount given, material units per period; inf where unlimited"""
    cost: Floats
    """(n,) money per material unit given"""
    loss: Floats
    """(n,) share lost on the way, 1"""
    origin: Ints
    upper_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class TransportModes:
    """Ways of transport that routes go by."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    """what the capacity is counted in, e.g. `t·km`; "" where unlimited"""
    capacity: Floats
    """(T, n) amount times distance per period, over all routes; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints

    @classmethod
    def empty(cls) -> TransportModes:
        """Return the table of a case without routes."""
        return cls((), (), np.zeros((1, 0)), no_rows(), no_rows())


@dataclass(frozen=True, eq=False, repr=False)
class Routes:
    """Lanes between parks."""

    label: tuple[Label, ...]
    start: Ints
    """park"""
    end: Ints
    """park"""
    mode: Ints
    distance: Floats
    """(n,) length of the way, km"""
    unit: tuple[str, ...]
    """what the capacity is counted in, e.g. `t`; "" where unlimited"""
    capacity: Floats
    """(T, n) amount per period, both directions and all materials together; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints

    @classmethod
    def empty(cls) -> Routes:
        """Return the table of a case without routes."""
        rows = no_rows()
        return cls((), rows, rows, rows, np.zeros(0), (), np.zeros((1, 0)), rows, rows)


@dataclass(frozen=True, eq=False, repr=False)
class Shipments:
    """Columns along routes: from a node that makes a material to one in the other park that can use it.

    A shipment counts what is sent, in units of the material.
    """

    route: Ints
    source: Ints
    """node that sends"""
    target: Ints
    """node that receives"""
    loss: Floats
    """(n,) share lost on the way, 1"""
    cost: Floats
    """(n,) money per unit sent: distance and handling"""
    load: Floats
    """(n,) what a unit takes of the capacity of its route, in the unit of that; 0 where unlimited"""
    haul: Floats
    """(n,) what a unit takes of the capacity of its mode of transport, in the unit of that; 0 where unlimited"""
    origin: Ints
    add_shipment: Ints
    """(k,) row of this table"""
    add_account: Ints
    """(k,) account that the shipment adds to, in the park that sends"""
    add_value: Floats
    """(k,) account units per unit sent"""
    add_origin: Ints

    @classmethod
    def empty(cls) -> Shipments:
        """Return the table of a case without routes."""
        rows, none = no_rows(), np.zeros(0)
        return cls(rows, rows, rows, none, none, none, none, rows, rows, rows, none, rows)


@dataclass(frozen=True, eq=False, repr=False)
class Stores:
    """Stocks of one material at a node, carried from period to period."""

    label: tuple[Label, ...]
    node: Ints
    capacity: Floats
    """(n,) largest level at the end of a period, material units; inf where unlimited"""
    opening_lower: Floats
    """(n,) least level before the first period, material units; the same as `opening_upper` where it is stated"""
    opening_upper: Floats
    """(n,) largest level before the first period, material units"""
    cyclic: Bools
    """(n,) the last level equals the opening one"""
    end_lower: Floats
    """(n,) least level after the last period, material units; 0 where none is stated"""
    keep: Floats
    """(T, n) share of the level before a period that is left after it, 1"""
    cost: Floats
    """(T, n) money per material unit of the level at the end of the period"""
    fill: Floats
    """(T, n) largest net inflow, material units per period; inf where unlimited"""
    draw: Floats
    """(T, n) largest net outflow, material units per period; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints
    opening_origin: Ints
    end_origin: Ints
    fill_origin: Ints
    draw_origin: Ints

    @classmethod
    def empty(cls) -> Stores:
        """Return no stores."""
        none, zero, table = np.empty(0, np.int32), np.empty(0), np.empty((1, 0))
        return cls(
            (), none, zero, zero, zero, np.empty(0, bool), zero, table, table, table, table,
            none, none, none, none, none, none,
        )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Returns:
    """Materials that come back some time after products were sold: n materials, k ways of coming back."""

    material: Ints
    must_take: Bools
    """(n,) all that comes back is bought; otherwise it is the most that can be"""
    origin: Ints
    source_row: Ints
    """(k,) row of this table"""
    source_share: Floats
    """(k,) what comes back of a unit of the product, material units"""
    source_whole: Floats
    """(k,) that share where all of the product comes back, by mass; inf where it is an amount per amount"""
    source_after: Floats
    """(k,) time from the sale until it comes back, a"""
    source_before: Floats
    """(k,) units of the product sold per year before the first period"""
    sale_source: Ints
    """(j,) way of coming back"""
    sale_deal: Ints
    """(j,) deal that sells the product"""
    take_row: Ints
    """(i,) row of this table"""
    take_deal: Ints
    """(i,) deal that buys what comes back"""

    @classmethod
    def empty(cls) -> Returns:
        """Return a table of nothing that comes back."""
        none, zero = np.empty(0, np.int32), np.empty(0)
        return cls(none, np.empty(0, bool), none, none, zero, zero, zero, zero, none, none, none, none)
