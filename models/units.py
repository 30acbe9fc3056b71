"""Shared capacity: what several plants, or several modes of one plant, may do together."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Ints
from . import names
from .builder import ProgramBuilder


def shared_capacity(network: Network, program: ProgramBuilder) -> None:
    """Plants that use one unit, and modes of one plant, work within its capacity together.

        lower[t,u] ≤ Σ_{p uses u} factor[u,p]·run[p,t] ≤ upper[t,u]         for every unit u and period t

    run[p,t]      column `run`            reference units of the plant, or of the mode, per period
    factor[u,p]   `Units.term_factor`     capacity units per reference unit: what a unit's `users` state, or `takes`
                                          of a mode
    upper[t,u]    `Units.upper`           capacity · availability · length of the period, capacity units; for a plant
                                          with modes the lowest of available capacity, run.max and fix; inf where none
    lower[t,u]    `Units.lower`           min_load · available capacity; for a plant with modes the highest of minimum
                                          load, run.min and fix

    Each side is a row of its own (`unit[….max]`, `unit[….min]`), so that each speaks of its own line of the case.

    The dual is the change of the objective per capacity unit that the side is raised: positive for a binding capacity
    when maximising, negative for a binding least.
    """
    units = network.units
    most = np.flatnonzero(np.isfinite(units.upper).any(axis=0)).astype(np.int32)
    least = np.flatnonzero((units.lower > 0).any(axis=0)).astype(np.int32)
    upper, lower = units.upper[:, most], units.lower[:, least]
    program.add_rows(
        "unit",
        len(most) + len(least),
        names=names.later(partial(names.units, network, most, "max"), partial(names.units, network, least, "min")),
        lower=np.hstack([np.full_like(upper, -np.inf), lower]),
        upper=np.hstack([upper, np.full_like(lower, np.inf)]),
        origin=np.hstack([np.atleast_2d(units.upper_origin)[:, most], np.atleast_2d(units.lower_origin)[:, least]]),
    )
    _terms(network, program, most, 0)
    _terms(network, program, least, len(most))


def _terms(network: Network, program: ProgramBuilder, rows: Ints, first: int) -> None:
    """Terms of the units `rows`, whose rows in the program begin at `first`."""
    units = network.units
    place = np.full(len(units.label), -1)
    place[rows] = first + np.arange(len(rows))
    row = place[units.term_unit]
    used = row >= 0
    program.add_terms("unit", row[used], "run", units.term_plant[used], units.term_factor[used])
