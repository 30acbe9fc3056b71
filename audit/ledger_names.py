"""Names of what a ledger speaks of, taken from both answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..flows.network import Network
from ..flows.tables import Label
from .bookings import Entry


@dataclass(frozen=True)
class Place:
    """Where an exchange begins or ends."""

    park: str
    company: str
    plants: tuple[Label, ...]
    """the plants that give, or take"""


@dataclass(frozen=True)
class Names:
    """Names in two languages, by identifiers."""

    materials: dict[str, Label]
    kinds: dict[str, str]
    units: dict[str, str]
    things: dict[tuple[str, str], Label]
    """(park, id) of plants; ("", id) of stores"""

    @classmethod
    def of(cls, *networks: Network) -> Names:
        """Gather them; the first network that knows a name is believed."""
        found = cls({}, {}, {}, {})
        for network in networks:
            table = network.materials
            for label, kind, unit in zip(table.label, table.kind, table.unit, strict=True):
                found.materials.setdefault(label.id, label)
                found.kinds.setdefault(label.id, kind)
                found.units.setdefault(label.id, unit)
            for row, label in enumerate(network.plants.label):
                park = network.parks[network.companies.park[int(network.plants.company[row])]].id
                found.things.setdefault((park, label.id), label)
                found.things.setdefault((park, network.plants.plant_id(row)), label)
            for label in network.stores.label:
                found.things.setdefault(("", label.id), label)
            for row, label in enumerate(network.capacities.label):
                park = network.parks[int(network.capacities.park[row])].id
                found.things.setdefault((park, label.id), label)
        return found

    def material(self, name: str) -> Label:
        """Return the names of a material."""
        return self.materials[name]

    def kind(self, name: str) -> str:
        """Return the class of a material."""
        return self.kinds[name]

    def unit(self, name: str) -> str:
        """Return the unit of a material."""
        return self.units[name]

    def thing(self, entry: Entry) -> Label:
        """Return the names of what is booked: a material, a plant, a store, a policy, or nothing named."""
        name = entry.thing or entry.under
        if entry.via in ("purchase", "sale", "disposal", "carriage"):
            return self.materials.get(name, Label(name, name, name))
        known = self.things.get((entry.park, name)) or self.things.get(("", name))
        return known or Label(name, name, name)

    def place(self, place: str, plant: str, plants: Iterable[str]) -> Place:
        """Return a place with the names of its plants: the one that is named, or all that are known."""
        park, company = place.split(".", 1)
        chosen = (plant,) if plant else tuple(plants)
        return Place(park, company, tuple(self.things.get((park, one), Label(one, one, one)) for one in chosen))
