"""Offers: what a park buys, sells and discards."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def offer_limits(network: Network, program: ProgramBuilder) -> None:
    """A price step is used at most up to its size, and an offer at least up to its least amount, by all together.

        Σ_{d of s} deal[d,t] ≤ upper[t,s]           for every step s and period t
        Σ_{d of o} deal[d,t] ≥ lower[t,o]           for every offer o with a least amount, and period t

    deal[d,t]     column `deal`       material units per period: the use of one step by one node
    upper[t,s]    `Steps.upper`       material units per period over all companies; inf where unlimited
    lower[t,o]    `Offers.lower`      material units per period over all steps and companies; 0 where none

    A sum over a single deal is a bound of its column; only true sums become rows (`limit`, `least`). A least amount
    that nobody can deal in stays as an empty row, which says so by being infeasible.

    The dual (of the row, or the reduced cost of the column) is the change of the objective per unit that the limit is
    raised: positive for a binding upper limit when maximising, negative for a binding least amount.
    """
    offers, steps, deals = network.offers, network.steps, network.deals
    n = len(deals.step)
    uses = np.bincount(deals.step, minlength=len(steps.offer))
    offer = steps.offer[deals.step]
    dealt = np.bincount(offer, minlength=len(offers.kind))
    shared = uses[deals.step] > 1
    joint = dealt[offer] > 1
    program.add_columns(
        "deal",
        n,
        names=partial(names.deals, network),
        lower=np.where(joint, 0.0, offers.lower[:, offer]),
        upper=np.where(shared, np.inf, steps.upper[:, deals.step]),
        origin=steps.origin[deals.step],
        lower_origin=np.where(joint, -1, offers.lower_origin[offer]),
        upper_origin=np.where(shared, -1, steps.upper_origin[deals.step]),
    )
    limited = (uses > 1) & np.isfinite(steps.upper).any(axis=0)
    demanded = (dealt != 1) & (offers.lower > 0).any(axis=0)
    _shared_steps(network, program, np.flatnonzero(limited).astype(np.int32))
    _joint_offers(network, program, np.flatnonzero(demanded).astype(np.int32), offers.lower)


def _shared_steps(network: Network, program: ProgramBuilder, rows: Ints) -> None:
    """Rows over the deals of each of these steps."""
    steps, deals = network.steps, network.deals
    program.add_rows(
        "limit",
        len(rows),
        names=partial(names.steps, network, rows),
        upper=steps.upper[:, rows],
        origin=steps.upper_origin[rows],
    )
    row = _places(rows, len(steps.offer))[deals.step]
    used = np.flatnonzero(row >= 0)
    program.add_terms("limit", row[used], "deal", used, 1.0)


def _joint_offers(network: Network, program: ProgramBuilder, rows: Ints, lower: Floats) -> None:
    """Rows over the deals of each of these offers."""
    program.add_rows(
        "least",
        len(rows),
        names=partial(names.offers, network, rows),
        lower=lower[:, rows],
        origin=network.offers.lower_origin[rows],
    )
    row = _places(rows, len(network.offers.kind))[network.steps.offer[network.deals.step]]
    used = np.flatnonzero(row >= 0)
    program.add_terms("least", row[used], "deal", used, 1.0)


def _places(rows: Ints, size: int) -> Ints:
    """Where each of `size` things stands among `rows`, or -1."""
    place = np.full(size, -1, np.int32)
    place[rows] = np.arange(len(rows))
    return place
