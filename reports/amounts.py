"""Amounts of a case that can be asked about as one: the run of a plant, what a park buys, what two parties exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..flows.network import Network
from ..flows.problems import InputError, Problem
from ..flows.tables import Floats, Ints, OfferKind
from ..flows.way_tables import Exchanges, Shipments
from ..models.program import Program
from ..solver.alternatives import Amount
from .flows import DEAL_FATES
from .subjects import Subject, find_subject

Kind = Literal["run", "bought", "sold", "discarded", "exchanged", "shipped"]


@dataclass(frozen=True, eq=False)
class NamedAmount:
    """An amount over all periods with their weights, and what it is called."""

    kind: Kind
    name: str
    """`north.north_pond`, `north.salt`, `north.brine: works → town` or `lake_city.salt: north → south`"""
    unit: str
    amount: Amount
    most: float
    """capacity of the plant or limit of the offer over all periods, units; inf where there is none"""
    nodes: tuple[int, ...] = ()
    """balances that it enters or leaves"""
    rows: tuple[int, ...] = ()
    """rows of the plant (one, or its steps of load), of the offer or of the route"""


def amounts(network: Network, program: Program) -> list[NamedAmount]:
    """Return every amount of a case: plants first, then offers, exchanges and shipments, as the case has them.

    Offers that the class of a material implies (air, emissions) are left out.
    """
    found = [*_runs(network, program), *_deals(network, program)]
    return [*found, *_exchanges(network, program), *_shipments(network, program)]


def chosen(network: Network, every: Sequence[NamedAmount], names: Sequence[str]) -> list[NamedAmount]:
    """Return the amounts that some names stand for: plants, materials, offers and routes, each once.

    Raises InputError where a name is none of them, or nothing can be asked about it.
    """
    picked: dict[int, NamedAmount] = {}
    for name in names:
        mine = _meant(network, find_subject(network, name))
        found = {number: it for number, it in enumerate(every) if mine(it)}
        if not found:
            what = f"`{name}` is no plant, and nothing of it is bought, sold, discarded, exchanged or shipped"
            raise InputError([Problem(None, what, "name a plant, a material, an offer or a route")])
        picked |= found
    return [picked[number] for number in sorted(picked)]


def _meant(network: Network, subject: Subject) -> Callable[[NamedAmount], bool]:
    """Tell which amounts a subject means: its plants, its offers, and what passes its balances or its route."""
    route = subject.fields.removeprefix("routes.").partition(".")[0] if subject.fields.startswith("routes.") else None

    def mine(it: NamedAmount) -> bool:
        if it.kind == "run":
            return not set(it.rows).isdisjoint(subject.plants)
        if it.kind in ("exchanged", "shipped"):
            on_route = it.kind == "shipped" and network.routes.label[it.rows[0]].id == route
            return on_route or not set(it.nodes).isdisjoint(subject.nodes)
        return it.rows[0] in subject.offers

    return mine


def _places(program: Program, block: str, index: Sequence[int], weight: Floats) -> Amount:
    """Columns of a block in every period, each with the weight of its period: (T,) or (T, k)."""
    it = program.column_blocks[block]
    column = np.arange(program.T)[:, None] * program.columns_per_period + it.start + np.asarray(index)[None, :]
    value = np.broadcast_to(weight[:, None] if weight.ndim == 1 else weight, column.shape)
    return Amount(column.ravel().astype(np.int32), np.array(value, float).ravel())


def _where(network: Network, company: int) -> str:
    """Name a company: by its park where it is the only one, which then bears its name."""
    park, name = network.parks[network.companies.park[company]].id, network.companies.label[company].id
    return park if park == name else f"{park}.{name}"


def _runs(network: Network, program: Program) -> Iterator[NamedAmount]:
    """Runs of plants and of their modes; the steps of load of a plant are one run."""
    plants, weight, steps = network.plants, network.periods.weight, network.load_steps
    below = dict(zip(steps.later.tolist(), steps.earlier.tolist(), strict=True))
    together: dict[int, list[int]] = {}
    for row in range(len(plants.label)):
        first = row
        while first in below:
            first = below[first]
        together.setdefault(first, []).append(row)
    for row, rows in together.items():
        name = plants.label[row].id
        name = name.rpartition(".")[0] if len(rows) > 1 else name
        park = network.parks[network.companies.park[plants.company[row]]].id
        unit = network.materials.unit[int(plants.reference[row])]
        most = float((weight @ plants.capacity[:, rows]).sum())
        amount = _places(program, "run", rows, weight)
        yield NamedAmount("run", f"{park}.{name}", unit, amount, most, rows=tuple(rows))


def _deals(network: Network, program: Program) -> Iterator[NamedAmount]:
    offers, steps, weight = network.offers, network.steps, network.periods.weight
    of_deal = steps.offer[network.deals.step]
    for row in np.flatnonzero(~offers.implicit).tolist():
        mine = np.flatnonzero(of_deal == row)
        if not len(mine):
            continue
        material = int(offers.material[row])
        kind: Kind = DEAL_FATES[OfferKind(int(offers.kind[row]))]  # type: ignore[assignment]
        name = f"{network.parks[int(offers.park[row])].id}.{network.materials.label[material].id}"
        most = float((weight @ steps.upper[:, np.flatnonzero(steps.offer == row)]).sum())
        nodes = tuple(network.deals.node[mine].tolist())
        amount = _places(program, "deal", mine.tolist(), weight)
        yield NamedAmount(kind, name, network.materials.unit[material], amount, most, nodes, (row,))


def _exchanges(network: Network, program: Program) -> Iterator[NamedAmount]:
    """What arrives from one company at another of the same park, by material."""
    table = network.exchanges
    ends = _ends(network, table.source, table.target)
    for (source, target, material, _), lanes in ends.items():
        park = network.parks[network.companies.park[source]].id
        giver, taker = (network.companies.label[company].id for company in (source, target))
        name = f"{park}.{network.materials.label[material].id}: {giver} → {taker}"
        yield _moved(network, program, table, name, lanes)


def _shipments(network: Network, program: Program) -> Iterator[NamedAmount]:
    """What arrives by a route from one company at another, by material."""
    table = network.shipments
    ends = _ends(network, table.source, table.target, table.route)
    for (source, target, material, route), lanes in ends.items():
        way = f"{network.routes.label[route].id}.{network.materials.label[material].id}"
        name = f"{way}: {_where(network, source)} → {_where(network, target)}"
        yield _moved(network, program, table, name, lanes, route)


def _ends(
    network: Network, source: Ints, target: Ints, route: Ints | None = None
) -> dict[tuple[int, int, int, int], list[int]]:
    """Rows by the companies at both ends, the material and the route (-1 where there is none)."""
    nodes = network.nodes
    found: dict[tuple[int, int, int, int], list[int]] = {}
    ways = np.full(len(source), -1) if route is None else route
    for row, (a, b, way) in enumerate(zip(source.tolist(), target.tolist(), ways.tolist(), strict=True)):
        key = int(nodes.company[a]), int(nodes.company[b]), int(nodes.material[a]), int(way)
        found.setdefault(key, []).append(row)
    return found


def _moved(
    network: Network, program: Program, table: Exchanges | Shipments, name: str, lanes: list[int], route: int = -1
) -> NamedAmount:
    """What arrives by some rows of a table, all between the same two companies."""
    block: str
    kind: Kind
    block, kind = ("ship", "shipped") if route >= 0 else ("exchange", "exchanged")
    weight = network.periods.weight[:, None] * (1.0 - table.loss[lanes])[None, :]
    nodes = tuple(sorted({*table.source[lanes].tolist(), *table.target[lanes].tolist()}))
    unit = network.materials.unit[int(network.nodes.material[nodes[0]])]
    amount = _places(program, block, lanes, weight)
    return NamedAmount(kind, name, unit, amount, np.inf, nodes, (route,))
