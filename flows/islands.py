"""Service islands: shared plants of one company, whose cost and indicators are shared by those who use them."""

from __future__ import annotations

from .account_tables import Islands
from .accounts import label
from .draft import Draft, Rows
from .problems import nearest
from .schema import ServiceIsland
from .units import QuantityError


def island_table(draft: Draft) -> Islands:
    """Return the islands and their keys, once all plants are placed; mistakes are left in the findings."""
    islands, terms = Rows(), Rows()
    for name, island in draft.case.service_islands.items():
        path = ("service_islands", name)
        company = _company(draft, path, island)
        if company is None:
            continue
        if company in islands.columns.get("company", ()):
            other = islands.columns["label"][islands.columns["company"].index(company)].id
            what = f"islands `{other}` and `{name}` are the same company"
            draft.findings.error(draft.case.key_at(*path), what, "join them, or give each a company of its own")
            continue
        row = islands.add(label=label(name, island.name), company=company, origin=draft.origin_of(*path))
        unit = _keys(draft, path, island, company, row, terms)
        islands.columns.setdefault("unit", []).append(unit)
    return Islands(
        label=islands.texts("label"),
        company=islands.ints("company"),
        unit=islands.texts("unit"),
        origin=islands.ints("origin"),
        term_island=terms.ints("island"),
        term_material=terms.ints("material"),
        term_weight=terms.floats("weight"),
        term_gives=terms.bools("gives"),
    )


def _company(draft: Draft, path: tuple[str, ...], island: ServiceIsland) -> int | None:
    case, findings = draft.case, draft.findings
    if island.park not in case.parks:
        mend = nearest(island.park, case.parks)
        findings.error(case.value_at(*path, "park"), f"unknown park `{island.park}`", mend)
        return None
    name = island.company or path[-1]
    own = draft.companies_of.get(island.park, {})
    if name in own:
        return own[name]
    what = f"park `{island.park}` has no company `{name}`, which would be the island"
    hint = nearest(name, own) if island.company else ""
    mend = hint or f"declare it in `parks.{island.park}.companies` and give it plants, or name another by `company`"
    position = case.value_at(*path, "company") if island.company else case.key_at(*path)
    findings.error(position, what, mend)
    return None


def _keys(draft: Draft, path: tuple[str, ...], island: ServiceIsland, company: int, row: int, terms: Rows) -> str:
    """Write what a unit of each material counts in the key of an island; return the unit of the key."""
    case, findings, unit = draft.case, draft.findings, ""
    makes, uses = draft.makers_and_users()
    for name, weight in island.shares.items():
        where = (*path, "shares", name)
        if name not in case.materials:
            findings.error(case.key_at(*where), f"unknown material `{name}`", nearest(name, case.materials))
            continue
        material = case.materials[name].unit
        unit = unit or (material if weight.unit == "1" else weight.unit.split("/")[0].strip())
        if weight.value <= 0:
            what = f"`{weight}` shares nothing"
            findings.error(case.value_at(*where), what, "write a weight above zero, or leave the material out")
            continue
        nodes = set(draft.nodes_of(name, {company}))
        if not nodes & (makes | uses):
            what = f"no plant of island `{path[-1]}` makes or uses `{name}`, so it shares nothing"
            findings.warning(case.key_at(*where), what, "name what the island delivers or takes in")
            continue
        try:
            figure = draft.steady(weight, f"{unit}/{material}")
        except QuantityError as error:
            mend = f"all weights of an island come to one unit: write it in {unit}/{material}"
            findings.error(case.value_at(*where), error.what, mend)
            continue
        gives = bool(nodes & makes)
        terms.add(island=row, material=draft.material(name), weight=figure, gives=gives)
    return unit
