"""Fractions: how far a bound of a ratio, or of growth, can give way.

A lever moves the row of a fraction by amounts of its numerator. Its field can only be given another bound, which helps
where there is something to take the fraction of, and not where its denominator is zero:

    num − bound·den + move ≥ 0   with   0 ≤ move ≤ range·den       ⟺       num − (bound − range)·den ≥ 0

So the field can do what a lever does where the row of the *widest* bound holds, the one that is `range` away. The
growth of a period is a fraction too, of the amount of the period before, and so is what comes back of what was sold.

    range       `FAR` times the bound of a ratio, `FAR` of its unit where that is zero; of growth what multiplies the
                factor from period to period by `GROWN` over the longest of them, or divides it; of what comes back all
                that was sold, or `FAR` times as much where it is not stated by mass
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints
from ..models.assembly import add_up
from ..models.compile import compile_program
from ..models.coverage import policy_accounts
from ..models.growth import growing_periods, growth_gaps
from ..models.policy import policy_rows
from ..models.program import Block, Program
from .levers import Levers, with_entries
from .sides import GROWTH, POLICY, RAISE

FAR = 100.0
"""how far the bound of a ratio may move, times itself, 1"""
GROWN = 10.0
"""by how much the factor from period to period may be multiplied, or divided, 1"""
LARGEST = 200.0
"""largest power of `GROWN` by which growth per year is multiplied, 1"""
EXACT = 1e-7
"""part of the terms of a row by which its side may be missed, 1"""


@dataclass(frozen=True, eq=False, repr=False)
class Widest:
    """Rows of fractions at their widest bounds: w of them, over the columns of the stated program."""

    row: Ints
    """(w,) row of the stated program"""
    lower: Floats
    """(w,) flow scale; -inf where unbounded; likewise `upper`"""
    upper: Floats
    place: Ints
    """(e,) row of this table that each coefficient stands in"""
    column: Ints
    """(e,)"""
    value: Floats
    """(e,)"""
    lever: Ints
    """(k,) lever of a fraction, once for each row that it moves"""
    of_lever: Ints
    """(k,) row of this table"""
    firm: Bools
    """(w,) the bound of the fraction cannot be given up: of growth, and of what comes back; only that of a ratio can"""

    def failing(self, x: Floats) -> Bools:
        """Tell which rows do not hold for flows x (n,), flow scale: (w,)."""
        terms = self.value * x[self.column]
        sums, gross = (add_up(self.place, each, len(self.row)) for each in (terms, np.abs(terms)))
        room = EXACT * np.maximum(gross, 1e-300)
        failing: Bools = (sums < self.lower - room) | (sums > self.upper + room)
        return failing


def widest_rows(network: Network, program: Program, levers: Levers) -> Widest:
    """Return the rows of the fractions that levers move, at their widest bounds."""
    block = np.array(levers.block, str)
    firm = np.isin(block, GROWTH) | ((block == "returns") & (levers.way == RAISE))
    fraction = np.flatnonzero(_is_ratio(network, levers) | firm)
    entry = np.flatnonzero(np.isin(levers.lever, fraction) & ~levers.on_column)
    if not len(entry):
        none, zero = np.zeros(0, np.int32), np.zeros(0)
        return Widest(none, zero, zero, none, none, zero, none, none, none == 1)
    row, of_lever = np.unique(levers.place[entry], return_inverse=True)
    wide = compile_program(_at_the_widest(network), like=program)
    here = np.isin(wide.index, row)
    owner = np.repeat(np.arange(wide.columns, dtype=np.int32), np.diff(wide.start))
    kept = np.zeros(len(row), bool)
    kept[of_lever] = firm[levers.lever[entry]]
    return Widest(
        row=row.astype(np.int32),
        lower=wide.row_lower[row],
        upper=wide.row_upper[row],
        place=np.searchsorted(row, wide.index[here]).astype(np.int32),
        column=owner[here],
        value=wide.value[here],
        lever=levers.lever[entry],
        of_lever=of_lever.astype(np.int32),
        firm=kept,
    )


def with_widest(program: Program, widest: Widest) -> Program:
    """Return the program with these rows as a block `widest`, none of which holds yet."""
    count, first = len(widest.row), program.rows
    if not count:
        return program
    matrix = (program.start, program.index, program.value)
    rows, columns = first + widest.place.astype(np.int64), widest.column.astype(np.int64)
    start, index, value = with_entries(matrix, rows, columns, widest.value)
    block = Block("widest", "row", first, count, False, lambda: [f"widest[{number + 1}]" for number in range(count)])
    return replace(
        program,
        start=start,
        index=index,
        value=value,
        row_lower=np.concatenate([program.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.full(count, np.inf)]),
        row_origin=np.concatenate([program.row_origin, np.full(count, -1, np.int32)]),
        row_blocks={**program.row_blocks, "widest": block},
    )


def _is_ratio(network: Network, levers: Levers) -> Bools:
    """Mark the levers on bounds of ratios, (k,)."""
    per, block = policy_accounts(network)[1], np.array(levers.block, str)
    found = np.zeros(len(levers), bool)
    for name in POLICY:
        mine = block == name
        found[mine] = per[policy_rows(network, name == "policy_each")[0][levers.index[mine]]] >= 0
    return found


def _at_the_widest(network: Network) -> Network:
    """Return the network with the bounds of its ratios and of growth as wide as they may become."""
    table, growths, returns = network.policies, network.growths, network.returns
    whole = np.where(np.isfinite(returns.source_whole), returns.source_whole, FAR * returns.source_share)
    ratio = policy_accounts(network)[1] >= 0
    lower, upper = (
        np.where(ratio & np.isfinite(bound), bound + sign * FAR * np.where(bound == 0, 1.0, np.abs(bound)), bound)
        for bound, sign in ((table.lower, -1.0), (table.upper, 1.0))
    )
    gap = np.where(growing_periods(network)[:, growths.policy], growth_gaps(network)[:, None], 0.0).max(axis=0)
    times = GROWN ** np.minimum(np.divide(1.0, gap, out=np.zeros_like(gap), where=gap > 0), LARGEST)
    return replace(
        network,
        policies=replace(table, lower=lower, upper=upper),
        returns=replace(returns, source_share=np.maximum(whole, returns.source_share)),
        growths=replace(growths, least=(1 + growths.least) / times - 1, most=(1 + growths.most) * times - 1),
    )
