"""Returns: what was sold comes back years later."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats
from . import names
from .builder import ProgramBuilder


def returns(network: Network, program: ProgramBuilder) -> None:
    """What comes back of products that were sold is the most that can be bought of a material.

        Σ_{d buys r} deal[d,t] ≤ Σ_{s of r} share[s]·(Σ_{v ≤ t} part[s,v,t]·Σ_{d sells s} deal[d,v] + old[s,t])
                                                        for every returned material r and period t; = where `must_take`

        part[s,v,t] = |[B[v] + after[s], E[v] + after[s]] ∩ [B[t], E[t]]| / (duration[v]·weight[t])
        old[s,t]    = before[s]·max(0, min(E[t], after[s]) − B[t]) / weight[t]

    deal[d,t]        column `deal`              material units bought, or units of the product sold, per period
    share[s]         `Returns.source_share`     material units that come back of a unit of the product
    after[s]         `Returns.source_after`     time from the sale until it comes back, a
    before[s]        `Returns.source_before`    units of the product sold per year before the first period
    B[t], E[t]       where the period begins and ends, a: periods follow each other in their order, the first one begins
                     at 0, and each lasts for E[t] − B[t] = weight[t]·duration[t]

    A sale is spread evenly over its period, and what comes back over the time from `after` its beginning to `after` its
    end; of that each period has the part that falls into it. What is not bought then is gone, unless a store keeps it.

    The dual is the change of the objective per material unit that comes back in addition in that period: positive when
    maximising profit where the limit binds.
    """
    table, weight = network.returns, network.periods.weight
    length = network.periods.duration * weight
    end = np.cumsum(length)
    begin = end - length
    after = table.source_after
    old = np.maximum(0.0, np.minimum(end[:, None], after) - begin[:, None]) / weight[:, None]
    earlier = np.zeros((len(weight), len(table.material)))
    np.add.at(earlier.T, table.source_row, (table.source_share * table.source_before * old).T)
    program.add_rows(
        "returns",
        len(table.material),
        names=partial(names.returned, network),
        lower=np.where(table.must_take, earlier, -np.inf),
        upper=earlier,
        origin=table.origin,
    )
    program.add_terms("returns", table.take_row, "deal", table.take_deal, 1.0)
    row, source = table.source_row[table.sale_source], table.sale_source
    periods = len(weight) if (after[source] < end[-1]).any() else 0
    for lag in range(periods):
        part = _part(begin, end, after, lag)
        if part.any():
            spread = network.periods.duration[: periods - lag, None] * weight[lag:, None]
            value = np.zeros((periods, len(source)))
            value[lag:] = -(table.source_share * part / spread)[:, source]
            program.add_lagged_terms("returns", row, "deal", table.sale_deal, value, lag)


def _part(begin: Floats, end: Floats, after: Floats, lag: int) -> Floats:
    """Time within each period t ≥ lag in which sales of period t − lag come back, (T − lag, k) a."""
    sold = slice(0, len(begin) - lag)
    first = np.maximum(begin[sold, None] + after, begin[lag:, None])
    last = np.minimum(end[sold, None] + after, end[lag:, None])
    length = last - first
    found: Floats = np.where(length > 1e-12, length, 0.0)
    return found
