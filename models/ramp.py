"""Ramp: how fast the run of a plant may change."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder


def ramp(network: Network, program: ProgramBuilder) -> None:
    """Between two neighbouring periods the rate of a run changes by at most a share of capacity per time.

        |run[p,t]/duration[t] − run[p,t−1]/duration[t−1]| ≤ ramp[p] · gap[t] · capacity[p]

        run[p,t] − duration[t]/duration[t−1]·run[p,t−1] ≤ ramp[p]·gap[t]·capacity[t,p]       (row `ramp_up`)
        duration[t]/duration[t−1]·run[p,t−1] − run[p,t] ≤ ramp[p]·gap[t]·capacity[t,p]       (row `ramp_down`)

        gap[t] = (duration[t−1] + duration[t]) / 2           for every plant p with a ramp and period t after the first

    run[p,t]         column `run`           reference units of the plant per period
    ramp[p]          `Plants.ramp`          share of capacity per year; inf where none, which has no rows
    capacity[t,p]    `Plants.capacity`      nameplate, reference units per period
    duration[t]      `Periods.duration`     a; the gap is the time between the middles of the two periods

    Periods are neighbours in the order of the case, whatever their weights. The first period has no row.

    The dual is what one more reference unit of change in that period adds to the objective: positive where the limit
    binds when maximising.
    """
    periods, plants = network.periods, network.plants
    rows = np.flatnonzero(np.isfinite(plants.ramp)).astype(np.int32)
    duration = periods.duration
    before = np.concatenate([duration[:1], duration[:-1]])
    started = (np.arange(len(duration)) > 0)[:, None]
    change = plants.ramp[rows] * ((before + duration) / 2)[:, None] * plants.capacity[:, rows]
    place = np.arange(len(rows))
    ratio = np.where(started, (duration / before)[:, None], 0.0)
    for word, sign in (("ramp_up", 1.0), ("ramp_down", -1.0)):
        program.add_rows(
            word,
            len(rows),
            names=partial(names.ramps, network, word, rows),
            upper=np.where(started, change, np.inf),
            origin=plants.ramp_origin[rows],
        )
        program.add_terms(word, place, "run", rows, np.where(started, sign, 0.0) * np.ones(len(rows)))
        program.add_lagged_terms(word, place, "run", rows, -sign * ratio * np.ones(len(rows)), 1)
