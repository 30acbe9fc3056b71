"""Stores in their parks: which balance they serve, how much they hold, and what they lose."""

from __future__ import annotations

import numpy as np

from .accounts import label
from .blocks import ProfileUse
from .draft import RESIDUES, Draft, Figures
from .park_schema import Store
from .problems import nearest
from .tables import Floats
from .units import Quantity, QuantityError, convert
from .way_tables import Stores


def place_stores(draft: Draft) -> None:
    """Write the stores of every park, once all plants are placed."""
    for park, block in draft.case.parks.items():
        for key, store in block.stores.items():
            _store(draft, ("parks", park, "stores", key), store)
    if draft.stores.size:
        _check_weights(draft)


def _check_weights(draft: Draft) -> None:
    """A period that occurs several times has no single period before it."""
    for name, period in draft.case.periods.items():
        if period.weight != 1:
            what = f"period `{name}` occurs {period.weight:g} times, so no store can carry anything into or out of it"
            mend = "with stores every period has weight 1: write each occurrence, e.g. with `count`"
            draft.findings.error(draft.case.value_at("periods", name, "weight"), what, mend)


def _store(draft: Draft, path: tuple[str, ...], store: Store) -> None:
    node = _node(draft, path, store)
    if node is None:
        return
    unit = draft.case.materials[store.material].unit
    durations = draft.periods.duration
    capacity = _limit(draft, store.capacity, unit, *path, "capacity")
    cyclic = store.end == "cyclic"
    end = _limit(draft, store.end if isinstance(store.end, Quantity) else None, unit, *path, "end")
    initial = _limit(draft, store.initial, unit, *path, "initial")
    free = cyclic and store.initial is None
    stated = initial if store.initial is not None else 0.0
    for word, level in (("initial", stated), ("end", end if isinstance(store.end, Quantity) else 0.0)):
        if level > capacity and (word == "initial" or store.build is None):
            what = f"store `{path[-1]}` holds at most `{store.capacity}`, but `{word}` is more"
            draft.findings.error(draft.case.value_at(*path, word), what, "raise `capacity` or lower the level")
    draft.stores.add(
        label=label(path[-1], store.name),
        node=node,
        capacity=capacity,
        opening_lower=0.0 if free else stated,
        opening_upper=capacity if free else stated,
        cyclic=cyclic,
        end_lower=end if isinstance(store.end, Quantity) else 0.0,
        keep=_keep(draft, store.loss, durations, *path, "loss"),
        cost=_rate(draft, store.cost, 0.0, f"{draft.case.money}/({unit}·a)", *path, "cost") * durations,
        fill=_rate(draft, store.fill_rate, np.inf, f"{unit}/a", *path, "fill_rate") * durations,
        draw=_rate(draft, store.draw_rate, np.inf, f"{unit}/a", *path, "draw_rate") * durations,
        origin=draft.origin_of(*path),
        **{
            f"{name}_origin": draft.origin_of(*path, word)
            for name, word in (
                ("capacity", "capacity"),
                ("opening", "initial"),
                ("end", "end"),
                ("fill", "fill_rate"),
                ("draw", "draw_rate"),
            )
        },
    )


def _node(draft: Draft, path: tuple[str, ...], store: Store) -> int | None:
    """Return the balance that a store serves: that of its material in its company, or of its plant."""
    case, findings = draft.case, draft.findings
    park = path[1]
    if store.material not in case.materials:
        mend = nearest(store.material, case.materials)
        findings.error(case.value_at(*path, "material"), f"unknown material `{store.material}`", mend)
        return None
    own = draft.companies_of[park]
    name = store.company or _plant_company(draft, park, store)
    if store.plant is not None and store.plant not in case.parks[park].plants:
        mend = nearest(store.plant, case.parks[park].plants)
        findings.error(case.value_at(*path, "plant"), f"unknown plant `{store.plant}` in park `{park}`", mend)
        return None
    if name is None and len(own) > 1:
        what = f"the company of store `{path[-1]}` is missing"
        findings.error(case.key_at(*path), what, f"add `company:` with one of {', '.join(own)}")
        return None
    name = name or next(iter(own))
    if name not in own:
        findings.error(
            case.value_at(*path, "company"), f"unknown company `{name}` in park `{park}`", nearest(name, own)
        )
        return None
    nodes = draft.nodes_of(store.material, {own[name]})
    apart = case.exchange == "none" and case.materials[store.material].kind in RESIDUES
    if apart and store.plant is not None:
        labels = draft.plants.columns.get("label", ())
        nodes = [
            node for node in nodes if labels[draft.nodes.columns["plant"][node]].id.partition(".")[0] == store.plant
        ]
    if not nodes:
        if not findings.has_errors:  # the plant that would use it may be the one with the error
            who = f"plant `{store.plant}`" if apart and store.plant else f"no plant of company `{name}`"
            verb = "does not make or use" if apart and store.plant else "makes or uses"
            what = f"store `{path[-1]}` is idle: {who} {verb} `{store.material}`"
            findings.error(case.value_at(*path, "material"), what, "delete the store, or check its material")
        return None
    if len(nodes) > 1:
        what = f"where exchange is `none`, each plant keeps its `{store.material}` to itself"
        findings.error(case.key_at(*path), what, "add `plant:` to say whose it is that the store keeps")
        return None
    return nodes[0]


def _plant_company(draft: Draft, park: str, store: Store) -> str | None:
    block = draft.case.parks[park].plants.get(store.plant or "")
    return block.company if block else None


def _rate(
    draft: Draft, value: Quantity | list[Quantity] | ProfileUse | None, absent: float, unit: str, *path: str
) -> Figures:
    """Return figures per year in a unit; `absent` where none are stated."""
    found = absent if value is None else draft.series(value, unit, *path, least=0.0)
    return 0.0 if found is None else found


def _limit(draft: Draft, limit: Quantity | str | None, unit: str, *path: str) -> float:
    """Return a limit in a unit; inf where there is none."""
    if not isinstance(limit, Quantity):
        return float("inf")
    return draft.number(limit, unit, *path) or 0.0


def _keep(draft: Draft, loss: Quantity | None, durations: Floats, *path: str) -> Floats:
    """Return the share of a level that is left after each period: (1 − loss per time)^(duration in that time)."""
    if loss is None:
        return np.ones(len(durations))
    time = loss.unit.rpartition("/")[2]
    try:
        share, years = loss.to(f"1/{time}"), convert(1.0, time, "a")
    except QuantityError:
        mend = "write a share per time, e.g. `1 %/d`"
        draft.findings.error(draft.case.value_at(*path), f"`{loss}` is no share per time", mend)
        return np.ones(len(durations))
    if share > 1:
        what = f"`{loss}` is more than all that is there"
        draft.findings.error(draft.case.value_at(*path), what, "a loss lies between 0 % and 100 % per time")
        return np.ones(len(durations))
    return np.asarray((1.0 - share) ** (durations / years), float)


def store_table(draft: Draft) -> Stores:
    """Return the table of stores; rates (T, n) are per period."""
    rows, periods = draft.stores, len(draft.periods.id)
    return Stores(
        label=rows.texts("label"),
        node=rows.ints("node"),
        capacity=rows.floats("capacity"),
        opening_lower=rows.floats("opening_lower"),
        opening_upper=rows.floats("opening_upper"),
        cyclic=rows.bools("cyclic"),
        end_lower=rows.floats("end_lower"),
        keep=rows.series("keep", periods),
        cost=rows.series("cost", periods),
        fill=rows.series("fill", periods),
        draw=rows.series("draw", periods),
        origin=rows.ints("origin"),
        capacity_origin=rows.ints("capacity_origin"),
        opening_origin=rows.ints("opening_origin"),
        end_origin=rows.ints("end_origin"),
        fill_origin=rows.ints("fill_origin"),
        draw_origin=rows.ints("draw_origin"),
    )
