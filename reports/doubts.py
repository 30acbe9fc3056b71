"""Doubts: which totals and shadow prices of an answer another optimal answer has otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats
from ..models.coverage import indicator_value
from ..models.indicator import company_values, park_values, whole_values
from ..models.program import Program
from ..solver.other_prices import non_unique_prices
from ..solver.solution import Solution
from .flows import FATES, flow_table
from .result import NotUnique, Result

MOVES = 1e-6
"""change of a total that counts, relative to it, 1"""


def with_doubts(result: Result, program: Program, solution: Solution, others: Iterable[Floats] | None) -> Result:
    """Return a result with the marks of its prices and totals.

    Args:
        result: an optimal answer.
        program: its program.
        solution: what the solver answered.
        others: flows (n,) of other optimal answers; None where nobody looked for any.
    """
    loose = non_unique_prices(program, solution)
    prices = result.prices
    if loose is not None:
        prices = replace(prices, unique=~program.row_view("balance", loose).T)
    if result.network.tie_break:  # the flows are chosen, so all totals are
        return replace(result, prices=prices, not_unique=NotUnique())
    if others is None:
        return replace(result, prices=prices)
    return replace(result, prices=prices, not_unique=_not_unique(result.network, program, solution, list(others)))


def _not_unique(network: Network, program: Program, solution: Solution, others: Sequence[Floats]) -> NotUnique:
    assert solution.column_value is not None
    if not others:
        return NotUnique()
    answers = [solution.column_value, *others]
    floor = program.flow_scale
    indicators = [_indicators(network, program, x) for x in answers]
    runs = [network.periods.weight @ program.column_view("run", x) for x in answers]
    flows = [_flows(network, program, x) for x in answers]
    places = ["", *(f"{park.id}." for park in network.parks)]
    names = [f"{place}{text.id}" for place in places for text in network.indicators.label]
    return NotUnique(
        indicators=_moving(names, indicators, 1e-3 * MOVES),
        plants=_moving(_plants(network), runs, floor),
        flows=_moving(_flow_names(network), flows, floor),
    )


def _moving(names: Sequence[str], values: Sequence[Floats], floor: float) -> tuple[str, ...]:
    """Names of the values (k,) that are not the same in all answers; up to `MOVES` of the floor there is no change."""
    own, moves = values[0], np.zeros(len(names), bool)
    for there in values[1:]:
        moves |= np.abs(there - own) > MOVES * np.maximum(np.maximum(np.abs(own), np.abs(there)), floor)
        moves |= np.isnan(there) != np.isnan(own)
    return tuple(name for name, mark in zip(names, moves.tolist(), strict=True) if mark)


def _indicators(network: Network, program: Program, x: Floats) -> Floats:
    """All indicators of the case, then those of each park, ((1 + parks) · indicators,); NaN for a ratio over zero."""
    accounts = park_values(network, company_values(network, program, x))
    every = [whole_values(accounts), *accounts.T]
    table = [[indicator_value(network, column, n) for n in range(len(network.indicators.label))] for column in every]
    return np.array(table, float).ravel()


def _flows(network: Network, program: Program, x: Floats) -> Floats:
    """Amounts of each material and fate in each park, (parks · materials · fates,), over all periods."""
    table = flow_table(network, program, x, np.zeros(program.columns, bool))
    park = network.companies.park[network.nodes.company[table.node]].astype(np.int64)
    place = (park * len(network.materials.unit) + network.nodes.material[table.node]) * len(FATES) + table.fate
    size = len(network.parks) * len(network.materials.unit) * len(FATES)
    amounts: Floats = np.bincount(place, network.periods.weight @ table.value, size).astype(float)
    return amounts


def _flow_names(network: Network) -> list[str]:
    return [
        f"{park.id}.{material.id}.{fate}"
        for park in network.parks
        for material in network.materials.label
        for fate in FATES
    ]


def _plants(network: Network) -> list[str]:
    companies = network.companies
    return [
        f"{network.parks[int(companies.park[company])].id}.{companies.label[company].id}.{label.id}"
        for label, company in zip(network.plants.label, network.plants.company.tolist(), strict=True)
    ]
