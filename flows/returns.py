"""Returns: products that come back as another material years after they were sold."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .draft import Draft, Rows
from .park_schema import Returned, ReturnFrom
from .problems import nearest
from .recipes import material_facts
from .tables import Ints, OfferKind
from .units import parse_quantity
from .way_tables import Returns

Path = tuple[str, ...]


def return_table(draft: Draft) -> Returns:
    """Return what comes back, from which sales and into which purchases. All offers must be open."""
    rows, sources, sales, takes = Rows(), Rows(), Rows(), Rows()
    for material, block in draft.case.head.returns.items():
        path = ("returns", material)
        if not _is_material(draft, material, draft.case.key_at(*path)):
            continue
        bought = _deals(draft, OfferKind.BUY, material, block.parks, (*path, "parks"))
        if not bought:
            what = f"nobody buys `{material}`, so nothing can come back"
            mend = f"add `{material}` under `buy` of a park where a plant uses it"
            draft.findings.error(draft.case.key_at(*path), what, mend)
            continue
        row = rows.add(material=draft.materials[material], must_take=block.must_take, origin=draft.origin_of(*path))
        for deal in bought:
            takes.add(row=row, deal=deal)
        for deal, source in _sources(draft, path, row, block, sources):
            sales.add(source=source, deal=deal)
    return Returns(
        material=rows.ints("material"),
        must_take=rows.bools("must_take"),
        origin=rows.ints("origin"),
        source_row=sources.ints("row"),
        source_share=sources.floats("share"),
        source_whole=sources.floats("whole"),
        source_after=sources.floats("after"),
        source_before=sources.floats("before"),
        sale_source=sales.ints("source"),
        sale_deal=sales.ints("deal"),
        take_row=takes.ints("row"),
        take_deal=takes.ints("deal"),
    )


def _sources(draft: Draft, path: Path, row: int, block: Returned, sources: Rows) -> Iterator[tuple[int, int]]:
    """Write the ways in which a material comes back; yield each deal that sells a product, and its way."""
    for number, source in enumerate(block.source):
        where = (*path, "from", str(number))
        if not _is_material(draft, source.product, draft.case.value_at(*where, "product")):
            continue
        sold = _deals(draft, OfferKind.SELL, source.product, source.parks, (*where, "parks"))
        if not sold and source.before is None:
            what = f"nobody sells `{source.product}`, so nothing comes back of it"
            mend = "add it under `sell` of a park, or state what was sold `before` the first period"
            draft.findings.error(draft.case.value_at(*where, "product"), what, mend)
            continue
        unit = draft.case.materials[source.product].unit
        share, whole = _share(draft, where, path[1], source)
        after = draft.number(source.after, "a", *where, "after")
        before = draft.number(source.before, f"{unit}/a", *where, "before") if source.before is not None else 0.0
        way = sources.add(row=row, share=share, whole=whole, after=after or 0.0, before=before or 0.0)
        yield from ((deal, way) for deal in sold)


def _share(draft: Draft, where: Path, material: str, source: ReturnFrom) -> tuple[float, float]:
    """Return what comes back of a unit of the product, units of the material; and what would if all of it did.

    The latter is inf where an amount per amount is stated, both are 0 where something is wrong, which is then noted.
    """
    units = [draft.case.materials[name].unit for name in (material, source.product)]
    if source.share.dimension:
        return draft.number(source.share, "/".join(units), *where, "share") or 0.0, math.inf
    facts = [material_facts(draft.case, name, draft.findings) for name in (material, source.product)]
    masses = [None if found is None else found.mass for found in facts]
    if masses[0] and masses[1]:
        return source.share.to("1") * masses[1] / masses[0], masses[1] / masses[0]
    if units[0] == units[1]:
        return source.share.to("1"), 1.0
    if _like(source.share.unit, units):
        return source.share.to("/".join(units)), math.inf
    what = f"`{source.share}` is a share of the mass, and `{source.product}` or `{material}` has none"
    draft.findings.error(draft.case.value_at(*where, "share"), what, f"write e.g. `0.6 {units[0]}/{units[1]}`")
    return 0.0, 0.0


def _like(unit: str, units: list[str]) -> bool:
    """Tell whether a unit without dimension is an amount per amount of these: `GJ/MWh` of two energies."""
    written = unit.split("/")
    kinds = [[parse_quantity(f"1 {each}").dimension for each in sides] for sides in (written, units)]
    return len(written) == 2 and kinds[0] == kinds[1]


def _is_material(draft: Draft, name: str, position: object) -> bool:
    if name in draft.case.materials:
        return True
    hint = nearest(name, draft.case.materials)
    draft.findings.error(position, f"unknown material `{name}`", hint)  # type: ignore[arg-type]  # a position
    return False


def _deals(draft: Draft, kind: OfferKind, material: str, parks: list[str] | None, path: Path) -> list[int]:
    """Return the deals of a kind in a material, in some parks."""
    known = list(draft.case.parks)
    for number, park in enumerate(parks or ()):
        if park not in known:
            position = draft.case.value_at(*path, str(number))
            draft.findings.error(position, f"unknown park `{park}`", nearest(park, known))
    if material not in draft.materials:
        return []
    wanted: Ints = draft.offers.ints("material") == draft.materials[material]
    wanted = wanted & (draft.offers.ints("kind") == kind)
    mine = [parks is None or known[park] in parks for park in draft.offers.ints("park").tolist()]
    offer = draft.steps.ints("offer")[draft.deals.ints("step")].tolist()
    return [deal for deal, number in enumerate(offer) if wanted[number] and mine[number]]
