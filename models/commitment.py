"""Commitment: plants that are either on or off."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def commitment(network: Network, program: ProgramBuilder) -> None:
    """A plant that is on runs between its least load and its capacity; one that is off does not run.

        run[p,t] ≤ upper[t,p]·on[p,t]                               for every plant p with on_off and period t
        run[p,t] ≥ least[t,p]·on[p,t]
        on[p,t] − on[p,t−1] = start[p,t] − stop[p,t]
        Σ_{τ up to min_up before t} start[p,τ] ≤ on[p,t]            the period itself included
        Σ_{τ up to min_down before t} stop[p,τ] ≤ 1 − on[p,t]

    on[p,t]           column `on`                   1 where the plant is on, 0 where it is off
    start[p,t]        column `start`, 0 or 1        the plant goes on as the period begins; likewise `stop`
    run[p,t]          column `run`                  reference units of the plant per period
    upper[t,p]        `Plants.upper`                the lowest of available capacity, run.max and fix
    least[t,p]        `Commitments.least`           on_off.min_load · available capacity
    min_up, min_down  `Commitments.min_up`, …       time after a start (stop) in which the plant stays on (off), a;
                                                    a period counts where it begins less than that before t begins
    The start cost, `Commitments.start_cost` in money per start, is booked like a variable cost (`linear_accounts`).

    The periods stand in a circle: the last one comes before the first, so a plant starts as often as it stops.

    These columns are whole numbers, so the program has no duals of its own. Duals are those of the linear program with
    the whole numbers held at their values: what a small change is worth while nobody switches anything.
    """
    table, plants = network.commitments, network.plants
    n = len(table.plant)
    plant = np.arange(n, dtype=np.int32)
    for word in ("on", "start", "stop"):
        program.add_columns(
            word, n, names=partial(names.switches, network, word), upper=1.0, origin=table.origin, whole=True
        )
    for word, lower, upper, origin in (
        ("on_most", -np.inf, 0.0, plants.upper_origin[..., table.plant]),
        ("on_least", 0.0, np.inf, table.least_origin),
    ):
        program.add_rows(word, n, names=partial(names.switches, network, word), lower=lower, upper=upper, origin=origin)
        program.add_terms(word, plant, "run", table.plant, 1.0)
    program.add_terms("on_most", plant, "on", plant, -plants.upper[:, table.plant])
    program.add_terms("on_least", plant, "on", plant, -table.least)
    for word, lower, upper in (("switch", 0.0, 0.0), ("stay_on", -np.inf, 0.0), ("stay_off", -np.inf, 1.0)):
        program.add_rows(
            word, n, names=partial(names.switches, network, word),
            lower=lower, upper=upper, origin=table.origin, whole=True,
        )  # fmt: skip
    program.add_terms("switch", plant, "on", plant, 1.0)
    program.add_terms("switch", plant, "start", plant, -1.0)
    program.add_terms("switch", plant, "stop", plant, 1.0)
    if n:
        program.add_lagged_terms("switch", plant, "on", plant, -1.0, 1)
    program.add_terms("stay_on", plant, "on", plant, -1.0)
    program.add_terms("stay_off", plant, "on", plant, 1.0)
    _window(network, program, "stay_on", "start", plant, table.min_up)
    _window(network, program, "stay_off", "stop", plant, table.min_down)


def _window(network: Network, program: ProgramBuilder, row: str, column: str, plant: Ints, time: Floats) -> None:
    """Each row takes the switches of its own period, and of those that begin less than `time` (n,) before.

    A loop over the periods that the longest time reaches back, not over those of the case.
    """
    program.add_terms(row, plant, column, plant, 1.0)
    duration = network.periods.duration
    ago = np.zeros(len(duration))
    for lag in range(1, len(duration)):
        ago = ago + np.roll(duration, lag)
        inside = ago[:, None] < time[None, :] * (1 - 1e-9)
        reached = np.flatnonzero(inside.any(axis=0)).astype(np.int32)
        if not len(reached):
            return
        inside = inside[:, reached]
        value = np.ones(len(reached)) if inside.all() else inside.astype(float)
        program.add_lagged_terms(row, reached, column, reached, value, lag)
