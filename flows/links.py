"""Exchanges: how materials pass between the companies of a park.

Any company that makes a material may pass it to any that can use it, free of charge. The exchange level and the
coalitions say how far residues may go; a stated link puts a limit, a cost or a loss on one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .draft import RESIDUES, Draft, Figures
from .park_schema import Link
from .problems import nearest
from .tables import Floats
from .way_tables import Exchanges


class Way(NamedTuple):
    """A material from one company to another: rows of companies and material."""

    source: int
    target: int
    material: int


@dataclass(frozen=True)
class Terms:
    """What a stated link costs and allows, per year."""

    upper: Figures
    cost: float
    loss: float
    path: tuple[str, ...]


def join_companies(draft: Draft, allies: dict[int, int] | None) -> None:
    """Write the exchanges: from nodes that make a material to nodes of other companies that can use it."""
    stated = _stated_links(draft)
    makes, uses = draft.makers_and_users()
    rows, park_of = draft.nodes.columns, draft.companies.columns["park"]
    targets: dict[tuple[int, int], list[int]] = {}
    for node in sorted(uses):
        targets.setdefault((park_of[rows["company"][node]], rows["material"][node]), []).append(node)
    places = {node: (park_of[rows["company"][node]], rows["material"][node]) for node in makes}
    draft.check_size(sum(len(targets.get(place, ())) for place in places.values()), draft.case.key_at("parks"))
    names, joined = list(draft.materials), set()
    for source in sorted(makes):
        giver, material = rows["company"][source], rows["material"][source]
        for target in targets.get(places[source], ()):
            way = Way(giver, rows["company"][target], material)
            if giver != way.target and _may_pass(draft, way, names[material], allies):
                _add(draft, source, target, stated.get(way))
                joined.add(way)
    _refuse_idle_links(draft, {way: terms for way, terms in stated.items() if way not in joined})


def exchange_table(draft: Draft, durations: Floats) -> Exchanges:
    """Return the table of exchanges; largest amounts (T, n) are per period."""
    rows = draft.exchanges
    return Exchanges(
        source=rows.ints("source"),
        target=rows.ints("target"),
        upper=rows.amounts("upper", durations),
        cost=rows.floats("cost"),
        loss=rows.floats("loss"),
        origin=rows.ints("origin"),
        upper_origin=rows.ints("upper_origin"),
    )


def _add(draft: Draft, source: int, target: int, terms: Terms | None) -> None:
    origin = draft.nodes.columns["origin"][source]
    draft.exchanges.add(
        source=source,
        target=target,
        upper=terms.upper if terms else float("inf"),
        cost=terms.cost if terms else 0.0,
        loss=terms.loss if terms else 0.0,
        origin=draft.origin_of(*terms.path) if terms else origin,
        upper_origin=draft.origin_of(*terms.path, "max") if terms else origin,
    )


def _may_pass(draft: Draft, way: Way, material: str, allies: dict[int, int] | None) -> bool:
    """Say whether the class of the material, the exchange level and the coalitions let it pass."""
    kind = draft.case.materials[material].kind
    if kind == "environment":
        return False
    if kind not in RESIDUES:
        return True
    return draft.case.exchange not in ("none", "company") and work_together(allies, way.source, way.target)


def work_together(allies: dict[int, int] | None, giver: int, taker: int) -> bool:
    """Say whether the coalitions let residues pass from one company to another."""
    return allies is None or (giver in allies and allies[giver] == allies.get(taker))


def coalitions(draft: Draft) -> dict[int, int] | None:
    """Return the coalition of each company that is in one; None where the case states no coalitions."""
    stated = draft.case.head.coalitions
    if stated is None:
        return None
    known = {f"{park}.{name}": row for park, own in draft.companies_of.items() for name, row in own.items()}
    found: dict[int, int] = {}
    for number, members in enumerate(stated):
        for place, member in enumerate(members):
            position = draft.case.value_at("coalitions", str(number), str(place))
            if member not in known:
                mend = nearest(member, known) or "write park.company"
                draft.findings.error(position, f"unknown company `{member}`", mend)
            elif known[member] in found:
                draft.findings.error(position, f"`{member}` is in two coalitions", "keep it in one of them")
            else:
                found[known[member]] = number
    return found


def _stated_links(draft: Draft) -> dict[Way, Terms]:
    stated: dict[Way, Terms] = {}
    for park, block in draft.case.parks.items():
        for name, link in block.links.items():
            path = ("parks", park, "links", name)
            way = _way(draft, park, path, link)
            if way is None:
                continue
            if way in stated:
                what = f"`{name}` and `{stated[way].path[-1]}` state the same way"
                draft.findings.error(draft.case.key_at(*path), what, "keep one of them")
            stated[way] = _terms(draft, path, link)
    return stated


def _way(draft: Draft, park: str, path: tuple[str, ...], link: Link) -> Way | None:
    own = draft.companies_of[park]
    for word, name in (("from", link.source), ("to", link.target)):
        if name not in own:
            position = draft.case.value_at(*path, word)
            draft.findings.error(position, f"unknown company `{name}` in park `{park}`", nearest(name, own))
            return None
    if link.source == link.target:
        what = f"`{path[-1]}` leads from `{link.source}` to itself"
        draft.findings.error(draft.case.value_at(*path, "to"), what, "a company shares what it makes by itself")
        return None
    if link.material not in draft.case.materials:
        position = draft.case.value_at(*path, "material")
        mend = nearest(link.material, draft.case.materials)
        draft.findings.error(position, f"unknown material `{link.material}`", mend)
        return None
    return Way(own[link.source], own[link.target], draft.material(link.material))


def _terms(draft: Draft, path: tuple[str, ...], link: Link) -> Terms:
    unit = draft.case.materials[link.material].unit
    found, cost = draft.series(link.max, f"{unit}/a", *path, "max", least=0.0), 0.0
    if link.cost is not None:
        cost = draft.number(link.cost, f"{draft.case.money}/{unit}", *path, "cost") or 0.0
    if link.loss == 1:
        draft.findings.error(draft.case.value_at(*path, "loss"), "everything is lost on the way", "lower `loss`")
    return Terms(0.0 if found is None else found, cost, link.loss, path)


def _refuse_idle_links(draft: Draft, idle: dict[Way, Terms]) -> None:
    """A link that carries nothing is an error in the base case; a narrower exchange level may idle it."""
    if draft.findings.has_errors or draft.case.exchange in ("none", "company") or draft.case.head.coalitions:
        return
    for terms in idle.values():
        park, link = terms.path[1], draft.case.parks[terms.path[1]].links[terms.path[3]]
        what = (
            f"link `{terms.path[3]}` carries nothing: `{link.source}` makes no `{link.material}`, "
            f"or `{link.target}` cannot use it"
        )
        mend = f"mend its companies or material, or delete it from park `{park}`"
        draft.findings.error(draft.case.key_at(*terms.path), what, mend)
