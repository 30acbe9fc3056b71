"""Stock: what stores carry from one period to the next."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def stock(network: Network, program: ProgramBuilder) -> None:
    """A store gives back later what it took in, less what it loses with time.

        level[s,t] = keep[t,s]·level[s,t−1] + net inflow[s,t]       for every store s and period t  (in `mass_balance`)
        0 ≤ level[s,t] ≤ capacity[s]
        level[s,T] ≥ end[s]                                         where a least level at the end is stated
        level[s,T] − opening[s] = 0                                 where the end is cyclic (row `cyclic`)
        net inflow[s,t] ≤ fill[t,s]                                 where a rate is stated (row `fill_rate`)
        −net inflow[s,t] ≤ draw[t,s]                                where a rate is stated (row `draw_rate`)

        keep[t,s] = (1 − loss[s])^duration[t]

    level[s,t]     column `level`         material units at the end of the period; level[s,0] is `opening`
    opening[s]     column `opening`       material units before the first period: as stated (`initial`), or free up to
                                          the capacity where the end is cyclic and nothing is stated
    keep[t,s]      `Stores.keep`          share left after the period, 1; loss is a share per time, so the exponent
                                          is exact
    capacity[s]    `Stores.capacity`      material units; inf where unlimited
    end[s]         `Stores.end_lower`     material units
    fill[t,s]      `Stores.fill`          material units per period; likewise `Stores.draw`

    Stores follow the periods in their order, so every period of a case with stores occurs once (weight 1).

    The dual of `level` is what one more unit of capacity in that period adds to the objective, that of `opening` what
    one more unit at the start adds; that of a rate is the worth of one more unit per period. All are positive where the
    limit binds when maximising.
    """
    stores, last = network.stores, len(network.periods.id) - 1
    every = np.arange(len(stores.node), dtype=np.int32)
    lower = np.zeros((last + 1, len(every)))
    lower[last] = stores.end_lower
    program.add_columns(
        "level",
        len(every),
        names=partial(names.levels, network, "level", every),
        lower=lower,
        upper=stores.capacity,
        origin=stores.origin,
        lower_origin=stores.end_origin,
        upper_origin=stores.capacity_origin,
    )
    program.add_columns(
        "opening",
        len(every),
        names=partial(names.levels, network, "opening", every),
        lower=stores.opening_lower,
        upper=stores.opening_upper,
        origin=stores.origin,
        lower_origin=stores.opening_origin,
        upper_origin=stores.opening_origin,
        periodic=False,
    )
    _cycles(network, program)
    for word, limit, origin, sign in (
        ("fill_rate", stores.fill, stores.fill_origin, 1.0),
        ("draw_rate", stores.draw, stores.draw_origin, -1.0),
    ):
        _rates(network, program, word, limit, origin, sign)


def at_the_start(table: Floats) -> Floats:
    """Return (T, n) figures that hold in the first period only; zero in all others."""
    first = np.zeros_like(table)
    first[:1] = table[:1]
    return first


def not_at_the_start(table: Floats) -> Floats:
    """Return (T, n) figures that hold in every period but the first, which no period is before; zero there."""
    return table - at_the_start(table)


def _cycles(network: Network, program: ProgramBuilder) -> None:
    """Rows by which the last level equals the opening one."""
    stores, periods = network.stores, len(network.periods.id)
    rows = np.flatnonzero(stores.cyclic).astype(np.int32)
    place = np.arange(len(rows))
    at_the_end = np.zeros((periods, len(rows)))
    at_the_end[-1] = 1.0
    program.add_rows(
        "cyclic",
        len(rows),
        names=partial(names.levels, network, "cyclic", rows),
        lower=0.0,
        upper=0.0,
        origin=stores.end_origin[rows],
        periodic=False,
    )
    program.add_terms("cyclic", place, "level", rows, at_the_end)
    program.add_terms("cyclic", place, "opening", rows, -1.0)


def _rates(network: Network, program: ProgramBuilder, word: str, limit: Floats, origin: Ints, sign: float) -> None:
    """Rows over what goes into stores (sign 1) or comes out of them (sign −1) in a period."""
    rows = np.flatnonzero(np.isfinite(limit).any(axis=0)).astype(np.int32)
    place, keep = np.arange(len(rows)), sign * network.stores.keep[:, rows]
    program.add_rows(
        word,
        len(rows),
        names=partial(names.levels, network, word, rows),
        upper=limit[:, rows],
        origin=origin[rows],
    )
    program.add_terms(word, place, "level", rows, sign)
    program.add_lagged_terms(word, place, "level", rows, -not_at_the_start(keep), 1)
    program.add_terms(word, place, "opening", rows, -at_the_start(keep))
