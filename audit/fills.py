"""Fills: what filled each slot of each plant, and what else a unit of it makes or uses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from ..flows.network import Network
from ..flows.tables import Floats
from ..models.program import Program
from .bookings import place_of


class Slot(NamedTuple):
    """A slot of a plant (or of one of its modes)."""

    place: str
    """`park.company`"""
    plant: str
    mode: str
    slot: str


@dataclass
class Fill:
    """What one material gives to a slot."""

    amount: float
    """over all periods, material units"""
    gives: float
    """need units per material unit"""
    also: dict[str, float] = field(default_factory=dict)
    """material → units that a unit of fill makes (positive) or uses (negative) besides"""


def fills(network: Network, program: Program, x: Floats) -> dict[Slot, dict[str, Fill]]:
    """Return what each material gives to each slot, over all periods with their weights."""
    options, slots, more = network.options, network.slots, network.option_entries
    amounts = (network.periods.weight @ program.column_view("fill", x)).tolist()
    material = [network.materials.label[int(network.nodes.material[node])].id for node in options.node]
    found: dict[Slot, dict[str, Fill]] = defaultdict(dict)
    by_option: list[Fill] = []
    for option, slot in enumerate(options.slot.tolist()):
        plant = int(slots.plant[slot])
        key = Slot(
            place_of(network, int(options.node[option])),
            network.plants.plant_id(plant),
            network.plants.label[plant].id,
            slots.id[slot],
        )
        by_option.append(Fill(amounts[option], float(options.gives[option])))
        found[key][material[option]] = by_option[-1]
    for entry, option in enumerate(more.option.tolist()):
        also = network.materials.label[int(network.nodes.material[more.node[entry]])].id
        before = by_option[option].also.get(also, 0.0)
        by_option[option].also[also] = before + float(more.amount[entry])
    return dict(found)
