"""Markets: how materials cross the boundary of a park."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from .blocks import written
from .draft import Draft, Figures
from .park_schema import Outlet, Park, Trade, ladder_of
from .problems import nearest
from .tables import Floats, OfferKind
from .way_tables import Offers, Steps

Rung = tuple[Figures, Figures, tuple[str, ...]]
"""price, largest amount per year and path of a step"""
IMPLICIT = {
    "emission": (OfferKind.DISCARD,),
    "environment": (OfferKind.BUY, OfferKind.DISCARD),
}
"""offers that a class of material has without being stated, at no price"""


def open_offers(draft: Draft) -> None:
    """Write the offers of every park, and those that emissions and the environment have by their class."""
    for number, (park, block) in enumerate(draft.case.parks.items()):
        _park_offers(draft, number, park, block)
        _implicit_offers(draft, number)


def _park_offers(draft: Draft, number: int, park: str, block: Park) -> None:
    for kind in OfferKind:
        offers: dict[str, Trade] | dict[str, Outlet] = getattr(block, kind.name.lower())
        for material, offer in offers.items():
            _offer(draft, kind, number, park, material, offer)


def _offer(draft: Draft, kind: OfferKind, number: int, park: str, material: str, offer: Trade | Outlet) -> None:
    path = ("parks", park, kind.name.lower(), material)
    block = draft.case.materials.get(material)
    if block is None:
        mend = nearest(material, draft.case.materials)
        draft.findings.error(draft.case.key_at(*path), f"unknown material `{material}`", mend)
        return
    companies = _offer_companies(draft, park, path, offer.company)
    ladder = _ladder(draft, kind, path, offer, block.unit)
    lower: Figures | None = 0.0
    if offer.min is not None:
        lower = draft.series(offer.min, f"{block.unit}/a", *path, "min", least=0.0)
    if companies is None or not ladder or lower is None:
        return
    if np.any(lower > sum(upper for _, upper, _ in ladder)):
        what = f"the offer of `{material}` asks for at least `{written(offer.min)}`, more than its largest amount"
        draft.findings.error(draft.case.value_at(*path, "min"), what, "lower `min` or raise `max`")
        return
    nodes = _dealing_nodes(draft, kind, material, companies)
    if not nodes:
        _idle_offer(draft, path, offer, bool(np.any(lower)))
        return
    row = draft.offers.add(
        kind=int(kind),
        park=number,
        material=draft.material(material),
        implicit=False,
        lower=lower,
        origin=draft.origin_of(*path),
        lower_origin=draft.origin_of(*path, "min"),
    )
    draft.check_size(len(ladder) * len(nodes), draft.case.key_at(*path))
    for price, upper, where in ladder:
        _step(draft, row, price, upper, where, nodes)


def _dealing_nodes(draft: Draft, kind: OfferKind, material: str, companies: set[int]) -> list[int]:
    """Return the balances that may use an offer: buyers use the material, sellers and discarders make it."""
    makes, uses = draft.makers_and_users()
    able = uses if kind is OfferKind.BUY else makes
    return [node for node in draft.nodes_of(material, companies) if node in able]


def _idle_offer(draft: Draft, path: tuple[str, ...], offer: Trade | Outlet, asks: bool) -> None:
    if draft.findings.has_errors:
        return  # the plant that would use it may be the one with the error
    _, park, kind, material = path
    what = f"no plant in park `{park}` {'uses' if kind == 'buy' else 'makes'} `{material}`"
    if asks:
        what = f"the offer asks for at least `{written(offer.min)}`, but {what}"
        draft.findings.error(draft.case.value_at(*path, "min"), what, "add a plant or delete `min`")
        return
    what = f"{what}, so this offer is idle"
    mend = "delete it, or check the name of the material"
    draft.findings.warning(draft.case.key_at(*path), what, mend)


def _step(
    draft: Draft, offer: int, price: Figures, upper: Figures, path: tuple[str, ...], nodes: Iterable[int]
) -> None:
    row = draft.steps.add(
        offer=offer,
        price=price,
        upper=upper,
        origin=draft.origin_of(*path),
        upper_origin=draft.origin_of(*path, "max"),
    )
    for node in nodes:
        draft.deals.add(step=row, node=node)


def _offer_companies(draft: Draft, park: str, path: tuple[str, ...], names: list[str] | None) -> set[int] | None:
    own = draft.companies_of[park]
    unknown = [name for name in names or () if name not in own]
    for name in unknown:
        position = draft.case.value_at(*path, "company")
        draft.findings.error(position, f"unknown company `{name}` in park `{park}`", nearest(name, own))
    chosen = own if names is None else names
    return None if unknown else {draft.companies_of[park][name] for name in chosen}


def _ladder(draft: Draft, kind: OfferKind, path: tuple[str, ...], offer: Trade | Outlet, unit: str) -> list[Rung]:
    """Return the price steps of an offer: price, largest amount per time, path."""
    word = "cost" if isinstance(offer, Outlet) else "price"
    single = offer.cost if isinstance(offer, Outlet) else offer.price
    if (single is None) == (offer.steps is None):
        what = f"an offer to {kind.name.lower()} has either `{word}` or `steps`"
        draft.findings.error(draft.case.key_at(*path), what, f"write e.g. `{word}: 420 {draft.case.money}/{unit}`")
        return []
    rungs: list[tuple[Any, Any, tuple[str, ...]]] = [(single, offer.max, path)]
    if offer.steps is not None:
        rungs = [(*terms, (*path, "steps", str(number))) for number, terms in enumerate(ladder_of(offer))]
        if offer.max != "unlimited":
            what = "an offer with `steps` has its `max` in the steps"
            draft.findings.error(draft.case.key_at(*path, "max"), what, "move `max` into the last step")
    ladder = []
    for figure, most, where in rungs:
        price = draft.series(figure, f"{draft.case.money}/{unit}", *where, word)
        upper = draft.series(most, f"{unit}/a", *where, "max", least=0.0)
        if price is None or upper is None:
            return []
        ladder.append((price, upper, where))
    _check_ladder(draft, kind, ladder)
    return ladder


def _check_ladder(draft: Draft, kind: OfferKind, ladder: list[Rung]) -> None:
    sign = -1 if kind is OfferKind.SELL else 1
    for (before, *_), (after, _, where) in pairwise(ladder):
        if np.any(sign * np.asarray(after) < sign * np.asarray(before)):
            way = "fall" if kind is OfferKind.SELL else "rise"
            what = f"the steps of an offer to {kind.name.lower()} must {way}"
            mend = "put the steps in order; a linear program would take the better one first"
            draft.findings.error(draft.case.value_at(*where), what, mend)


def _implicit_offers(draft: Draft, park: int) -> None:
    """Emissions may leave, the environment is free in and out; both at no price and always counted."""
    identifier = list(draft.case.parks)[park]
    companies = set(draft.companies_of[identifier].values())
    for name, number in list(draft.materials.items()):
        for kind in IMPLICIT.get(draft.case.materials[name].kind, ()):
            if name in getattr(draft.case.parks[identifier], kind.name.lower()):
                continue  # an offer that is stated takes the place of the free one
            if nodes := _dealing_nodes(draft, kind, name, companies):
                _implicit_offer(draft, kind, park, name, number, nodes)


def _implicit_offer(draft: Draft, kind: OfferKind, park: int, name: str, number: int, nodes: list[int]) -> None:
    path = ("materials", name)
    row = draft.offers.add(
        kind=int(kind),
        park=park,
        material=number,
        implicit=True,
        lower=0.0,
        origin=draft.origin_of(*path),
        lower_origin=draft.origin_of(*path),
    )
    _step(draft, row, 0.0, float("inf"), path, nodes)


def offer_table(draft: Draft, durations: Floats) -> Offers:
    """Return the table of offers; least amounts (T, n) are per period."""
    rows = draft.offers
    return Offers(
        kind=rows.ints("kind"),
        park=rows.ints("park"),
        material=rows.ints("material"),
        implicit=rows.bools("implicit"),
        lower=rows.amounts("lower", durations),
        origin=rows.ints("origin"),
        lower_origin=rows.ints("lower_origin"),
    )


def step_table(draft: Draft, durations: Floats) -> Steps:
    """Return the table of price steps; largest amounts (T, n) are per period."""
    rows = draft.steps
    return Steps(
        offer=rows.ints("offer"),
        price=rows.series("price", len(durations)),
        upper=rows.amounts("upper", durations),
        origin=rows.ints("origin"),
        upper_origin=rows.ints("upper_origin"),
    )
