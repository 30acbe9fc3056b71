"""Campaigns: plants with modes that work in one mode at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draft import Draft, Figures
from .park_schema import Campaigns as CampaignBlock
from .plant_tables import Campaigns
from .tables import Label

Path = tuple[str, ...]


@dataclass(frozen=True)
class CampaignTerms:
    """The campaigns of one plant while its modes are written."""

    row: int
    """row of the plant in the table of campaigns"""
    available: Figures
    """available capacity, reference units of the first mode per year"""
    start_cost: float
    """money per changeover"""
    least: float
    """least time in a mode, a"""
    time: float
    """time lost by a changeover, a"""
    origin: int


def campaign_terms(
    draft: Draft, path: Path, block: CampaignBlock, whole: Label, capacity: float, available: Figures
) -> CampaignTerms | None:
    """Read the campaigns of a plant; None where something is wrong, which is then noted."""
    if not np.isfinite(capacity):
        what = "a plant of unlimited capacity has no campaigns"
        draft.findings.error(draft.case.key_at(*path), what, "state its capacity")
        return None
    figures = {"least": "a", "changeover_cost": draft.case.money, "changeover_time": "a"}
    found = {
        name: (draft.number(stated, unit, *path, name) or 0.0)
        for name, unit in figures.items()
        if (stated := getattr(block, name)) is not None
    }
    time = found.get("changeover_time", 0.0)
    shortest = int(np.argmin(draft.periods.duration))
    if time > draft.periods.duration[shortest] * (1 + 1e-9):
        what = f"a changeover of `{block.changeover_time}` is longer than period `{draft.periods.id[shortest]}`"
        mend = "make the periods longer, or state a `changeover_cost` instead"
        draft.findings.error(draft.case.value_at(*path, "changeover_time"), what, mend)
        return None
    origin = draft.origin_of(*path)
    row = draft.campaigns.add(label=whole, park=list(draft.case.parks).index(path[1]), origin=origin)
    cost = found.get("changeover_cost", 0.0)
    return CampaignTerms(row, available, cost, found.get("least", 0.0), time, origin)


def place_campaign(draft: Draft, terms: CampaignTerms, plant: int, takes: float) -> None:
    """Write a mode that is on in its campaigns; it takes `takes` of the capacity per reference unit."""
    commitment = draft.commitments.add(
        plant=plant,
        least=0.0,
        start_cost=terms.start_cost,
        min_up=terms.least,
        min_down=0.0,
        origin=terms.origin,
        least_origin=terms.origin,
    )
    draft.campaign_modes.add(plant=terms.row, commitment=commitment, lost=terms.available * terms.time / takes)


def campaign_table(draft: Draft) -> Campaigns:
    """Return the plants with campaigns and their modes."""
    rows, modes = draft.campaigns, draft.campaign_modes
    return Campaigns(
        label=rows.texts("label"),
        park=rows.ints("park"),
        origin=rows.ints("origin"),
        plant=modes.ints("plant"),
        commitment=modes.ints("commitment"),
        lost=modes.series("lost", len(draft.periods.id)),
    )
