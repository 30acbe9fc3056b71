"""Network: a checked case as integer-indexed tables, ready to become a linear program.

Every table is a struct of arrays: row *i* of each array speaks of the same thing, and an integer in one table is
the row number in another. ``T`` is the number of periods. Amounts of a material are in the material's own unit
(its ``unit`` field), activity of a plant in the unit of its reference material, money in the money of the case,
time in years. Nothing here is scaled: scaling is the affair of `models`.

Tables are compared by identity: their arrays have no single truth value.

`origin` arrays hold row numbers of `Network.origins`, the place in the YAML that caused the entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .account_tables import Accounts, Banks, Caveat, Goal, Growths, Indicators, Islands, Policies, Rungs, Surcharges
from .plant_tables import (
    Campaigns,
    Commitments,
    Entries,
    LoadSteps,
    OptionEntries,
    Options,
    Plants,
    SlotLimits,
    Slots,
    Units,
)
from .standing import Budgets, Builds, Capacities, Retirements
from .tables import Companies, Label, Materials, Measures, Nodes, Origin, Periods
from .way_tables import Deals, Exchanges, Offers, Returns, Routes, Shipments, Steps, Stores, TransportModes
from .wording import Saying, named


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A case with one scenario applied, checked and indexed."""

    case: str
    scenario: str
    title: Label
    money: str
    parks: tuple[Label, ...]
    periods: Periods
    materials: Materials
    companies: Companies
    nodes: Nodes
    plants: Plants
    entries: Entries
    slots: Slots
    options: Options
    option_entries: OptionEntries
    slot_limits: SlotLimits
    offers: Offers
    steps: Steps
    deals: Deals
    exchanges: Exchanges
    accounts: Accounts
    indicators: Indicators
    policies: Policies
    objective: int
    """indicator to optimise (never a ratio)"""
    maximise: bool
    objective_origin: int
    origins: tuple[Origin, ...]
    caveats: tuple[Caveat, ...] = ()
    units: Units = field(default_factory=Units.empty)
    capacities: Capacities = field(default_factory=Capacities.empty)
    builds: Builds = field(default_factory=Builds.empty)
    retirements: Retirements = field(default_factory=Retirements.empty)
    budgets: Budgets = field(default_factory=Budgets.empty)
    commitments: Commitments = field(default_factory=Commitments.empty)
    load_steps: LoadSteps = field(default_factory=LoadSteps.empty)
    returns: Returns = field(default_factory=Returns.empty)
    campaigns: Campaigns = field(default_factory=Campaigns.empty)
    transport_modes: TransportModes = field(default_factory=TransportModes.empty)
    routes: Routes = field(default_factory=Routes.empty)
    shipments: Shipments = field(default_factory=Shipments.empty)
    surcharges: Surcharges = field(default_factory=Surcharges.empty)
    stores: Stores = field(default_factory=Stores.empty)
    rungs: Rungs = field(default_factory=Rungs.empty)
    banks: Banks = field(default_factory=Banks.empty)
    growths: Growths = field(default_factory=Growths.empty)
    islands: Islands = field(default_factory=Islands.empty)
    measures: Measures = field(default_factory=Measures)
    """what may be done and is not in the other tables, unless it was laid over the case"""
    goals: tuple[Goal, ...] = ()
    """stages of the objective, the first one first; none where `objective` says it all"""
    tie_break: bool = False
    """among the best answers, the one with the least weighted total of all flows is reported"""

    @cached_property
    def names(self) -> dict[str, Saying]:
        """Names of materials, processes, plants, units and stores, by their identifiers."""
        plants = self.plants
        things = (self.materials.label, plants.process, plants.label, self.units.label, self.stores.label)
        return {text.id: named(text) for labels in things for text in labels}

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """Units of the materials, by their identifiers."""
        return {text.id: unit for text, unit in zip(self.materials.label, self.materials.unit, strict=True)}

    @cached_property
    def capacity_unit_of(self) -> dict[tuple[str, str], str]:
        """Units of what units and plants can do, by park and identifier; a unit comes before a plant."""
        units, plants = self.units, self.plants
        found: dict[tuple[str, str], str] = {}
        for text, park, unit in zip(units.label, units.park.tolist(), units.unit, strict=True):
            found.setdefault((self.parks[park].id, text.id), unit)
        parks = self.companies.park[plants.company].tolist()
        for text, park, material in zip(plants.label, parks, plants.reference.tolist(), strict=True):
            found.setdefault((self.parks[park].id, text.id), self.materials.unit[material])
        return found

    @property
    def stages(self) -> tuple[Goal, ...]:
        """Stages of the objective, one at least."""
        if self.goals:
            return self.goals
        text, unit = self.indicators.label[self.objective], self.indicators.unit[self.objective]
        chosen = np.array([self.objective], np.int32)
        return (Goal(text.id, unit, self.maximise, chosen, np.ones(1), False, 0.0, True, self.objective_origin),)

    @property
    def goal(self) -> Goal:
        """The last stage of the objective, to which all shadow prices belong."""
        return self.stages[-1]
