"""What `parkloop explain CASE WHAT` can be asked about, found by name, and what it then looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.network import Network
from ..flows.problems import InputError, Problem, nearest
from ..flows.tables import OfferKind
from ..flows.wording import Saying, named
from ..models.program import Program
from ..solver.sensitivity import Direction
from .worth_phrases import answer_phrases


@dataclass(frozen=True)
class Subject:
    """What is asked about: balances of a material, plants, offers, and fields."""

    title: Saying
    nodes: tuple[int, ...] = ()
    plants: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()
    policies: tuple[int, ...] = ()
    fields: str = ""
    """path whose fields are asked about, "" where only those of the things above are"""


def find_subject(network: Network, what: str) -> Subject:
    """Return what a word stands for: a material, a plant (with or without its park), a policy, an offer or a field.

    Raises InputError with the nearest names where it is nothing of the case.
    """
    for finder in (_material, _plant, _policy, _offer, _field):
        subject = finder(network, what)
        if subject is not None:
            return subject
    problem = f"`{what}` is no material, plant, policy, offer or field of this case"
    raise InputError([Problem(None, problem, nearest(what, _names(network)))])


def _names(network: Network) -> Iterator[str]:
    yield from (text.id for text in network.materials.label)
    yield from (network.plants.plant_id(row) for row in range(len(network.plants.label)))
    yield from network.policies.id
    yield from (offer_path(network, row) for row in range(len(network.offers.kind)))


def _in_park(network: Network, what: str) -> tuple[int | None, str]:
    """Split `park.name` where the first part is a park."""
    parks = [park.id for park in network.parks]
    park, dot, name = what.partition(".")
    return (parks.index(park), name) if dot and park in parks else (None, what)


def _park_of(network: Network, company: int) -> int:
    return int(network.companies.park[company])


def _material(network: Network, what: str) -> Subject | None:
    park, name = _in_park(network, what)
    known = [text.id for text in network.materials.label]
    if name not in known:
        return None
    material = known.index(name)
    nodes = tuple(
        row
        for row, (company, own) in enumerate(zip(network.nodes.company, network.nodes.material, strict=True))
        if own == material and park in (None, _park_of(network, int(company)))
    )
    offers = tuple(
        row
        for row in np.flatnonzero(network.offers.material == material).tolist()
        if park in (None, int(network.offers.park[row])) and not network.offers.implicit[row]
    )
    return Subject(named(network.materials.label[material]), nodes=nodes, offers=offers) if nodes else None


def _plant(network: Network, what: str) -> Subject | None:
    path = what.split(".")
    if len(path) == 4 and path[0] == "parks" and path[2] == "plants":
        what = f"{path[1]}.{path[3]}"
    park, name = _in_park(network, what)
    plants = network.plants
    rows = tuple(
        row
        for row, text in enumerate(plants.label)
        if name in (text.id, plants.plant_id(row)) and park in (None, _park_of(network, int(plants.company[row])))
    )
    return Subject(named(plants.label[rows[0]]), plants=rows) if rows else None


def _policy(network: Network, what: str) -> Subject | None:
    name = what.split(".")[1] if what.startswith("policies.") else what
    if name not in network.policies.id:
        return None
    title = answer_phrases.tell("policy_named", name=name)
    return Subject(title, policies=(network.policies.id.index(name),), fields=f"policies.{name}")


def offer_path(network: Network, offer: int) -> str:
    """Return where an offer stands in the case."""
    park = network.parks[int(network.offers.park[offer])].id
    material = network.materials.label[int(network.offers.material[offer])].id
    return f"parks.{park}.{OfferKind(int(network.offers.kind[offer])).name.lower()}.{material}"


def _offer(network: Network, what: str) -> Subject | None:
    for row in range(len(network.offers.kind)):
        path = offer_path(network, row)
        if not network.offers.implicit[row] and (what == path or what.startswith(f"{path}.")):
            return Subject(Saying(path), offers=(row,), fields=path)
    return None


def _field(network: Network, what: str) -> Subject | None:
    """Any line of the case that limits something, e.g. `routes.lake_city`."""
    found = any(origin.path == what or origin.path.startswith(f"{what}.") for origin in network.origins)
    return Subject(Saying(what), fields=what) if found else None


def supply(network: Network, program: Program, node: int, period: int | None = None) -> Direction:
    """One more unit of a material a year at a balance, in every period by its length; or one unit in one period."""
    block = program.row_blocks["balance"]
    length = network.periods.duration * network.periods.weight
    periods = range(program.T) if period is None else [period]
    rows = tuple(t * program.rows_per_period + block.start + node for t in periods)
    share = network.periods.duration / length.sum()
    return Direction(rows, tuple(float(share[t]) if period is None else 1.0 for t in periods))


def forced_run(network: Network, program: Program, plant: int) -> Direction:
    """One unit run over all periods, by a plant that stands still."""
    return _forced(network, program, "run", [plant])


def forced_deal(network: Network, program: Program, offer: int) -> Direction:
    """One unit dealt over all periods, by an offer that is not used: by its first step and its first balance."""
    step = network.steps.offer[network.deals.step]
    return _forced(network, program, "deal", np.flatnonzero(step == offer).tolist()[:1])


def _forced(network: Network, program: Program, name: str, index: list[int]) -> Direction:
    block = program.column_blocks[name]
    length = network.periods.duration * network.periods.weight
    share = network.periods.duration / length.sum()
    columns = tuple(t * program.columns_per_period + block.start + i for t in range(program.T) for i in index)
    return Direction(column=columns, force=tuple(float(share[t]) for t in range(program.T) for _ in index))
