"""Substitution: inputs that several materials can fill."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from . import names
from .builder import ProgramBuilder


def substitution(network: Network, program: ProgramBuilder) -> None:
    """The fills of a slot cover its need together, each within its share, and the blend within its composition.

        Σ_{o of s} gives[o]·fill[o,t] = need[s]·run[p(s),t]                     for every slot s and period t
        gives[o]·fill[o,t] ≤ max_share[o]·need[s]·run[p(s),t]                   where max_share[o] < 1
        gives[o]·fill[o,t] ≥ min_share[o]·need[s]·run[p(s),t]                   where min_share[o] > 0
        Σ_{o of s} (content[l,o] − upper[l]·mass[o])·fill[o,t] ≤ 0              for every finite upper of a limit l
        Σ_{o of s} (content[l,o] − lower[l]·mass[o])·fill[o,t] ≥ 0              for every finite lower of a limit l

    fill[o,t]       column `fill`             units of the filling material per period
    run[p,t]        column `run`              reference units of the plant per period
    gives[o]        `Options.gives`           need units per unit of fill
    need[s]         `Slots.need`              need units per reference unit
    max_share[o]    `Options.max_share`       share of the need, 1; likewise `min_share`
    content[l,o]    `SlotLimits.term_content` tonnes of the substance per unit of fill
    mass[o]         `SlotLimits.term_mass`    tonnes per unit of fill
    upper[l]        `SlotLimits.upper`        mass fraction of the substance in the blend, 1; likewise `lower`

    The dual of `need` is the change of the objective when one more need unit must be filled: negative when maximising
    profit. The dual of a `share` or `blend` row is the change per need unit, or per tonne of substance, that the
    row is relaxed or tightened by raising its right-hand side: positive for a binding maximum when maximising.
    """
    slots, options = network.slots, network.options
    fill = np.arange(len(options.slot))
    program.add_columns("fill", len(fill), names=partial(names.fills, network), origin=options.origin)
    program.add_rows(
        "need",
        len(slots.plant),
        names=partial(names.needs, network),
        lower=0.0,
        upper=0.0,
        origin=slots.origin,
    )
    program.add_terms("need", options.slot, "fill", fill, options.gives)
    program.add_terms("need", np.arange(len(slots.plant)), "run", slots.plant, -slots.need)
    _shares(network, program)
    _blends(network, program)


def _shares(network: Network, program: ProgramBuilder) -> None:
    options, slots = network.options, network.slots
    most = np.flatnonzero(options.max_share < 1).astype(np.int32)
    least = np.flatnonzero(options.min_share > 0).astype(np.int32)
    option = np.concatenate([most, least])
    share = np.concatenate([options.max_share[most], options.min_share[least]])
    row = np.arange(len(option))
    program.add_rows(
        "share",
        len(option),
        names=names.later(partial(names.shares, network, most, "max"), partial(names.shares, network, least, "min")),
        lower=_sides(-np.inf, len(most), 0.0, len(least)),
        upper=_sides(0.0, len(most), np.inf, len(least)),
        origin=np.concatenate([options.max_origin[most], options.min_origin[least]]),
    )
    slot = options.slot[option]
    program.add_terms("share", row, "fill", option, options.gives[option])
    program.add_terms("share", row, "run", slots.plant[slot], -share * slots.need[slot])


def _blends(network: Network, program: ProgramBuilder) -> None:
    limits = network.slot_limits
    most = np.flatnonzero(np.isfinite(limits.upper)).astype(np.int32)
    least = np.flatnonzero(np.isfinite(limits.lower)).astype(np.int32)
    program.add_rows(
        "blend",
        len(most) + len(least),
        names=names.later(partial(names.blends, network, most, "max"), partial(names.blends, network, least, "min")),
        lower=_sides(-np.inf, len(most), 0.0, len(least)),
        upper=_sides(0.0, len(most), np.inf, len(least)),
        origin=np.concatenate([limits.origin[most], limits.origin[least]]),
    )
    _blend_terms(network, program, most, limits.upper, 0)
    _blend_terms(network, program, least, limits.lower, len(most))


def _blend_terms(network: Network, program: ProgramBuilder, rows: Ints, bound: Floats, first: int) -> None:
    """Terms of the limits `rows`, whose rows in the program begin at `first`."""
    limits = network.slot_limits
    place = np.full(len(limits.slot), -1)
    place[rows] = first + np.arange(len(rows))
    row = place[limits.term_limit]
    used = row >= 0
    excess = limits.term_content[used] - bound[limits.term_limit[used]] * limits.term_mass[used]
    program.add_terms("blend", row[used], "fill", limits.term_option[used], excess)


def _sides(first: float, n: int, second: float, m: int) -> Floats:
    return np.concatenate([np.full(n, first), np.full(m, second)])
