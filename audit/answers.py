"""Answers as plain tables: what a comparison needs of a result, whether it was just solved or read from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..flows.case import Case
from ..flows.network import Network
from ..flows.tables import Label
from ..reports.json_result import result_object
from ..reports.result import Result

Key = tuple[str, ...]
Amounts = dict[Key, float]


@dataclass(frozen=True, eq=False)
class Answer:
    """One answer that is compared: a `parkloop.result/1` object, and what is known of the case behind it."""

    document: dict[str, Any]
    """the result as `parkloop solve --json` prints it"""
    name: str
    """what its column is called; no two answers of a comparison share it"""
    network: Network | None = None
    """the network that it answers; None for a saved result whose inputs are not at hand"""
    case: Case | None = None
    """the case with the scenario laid over it; None where inputs cannot be compared"""
    saved_in: str = ""
    """file it was read from; empty where it was just solved"""
    marks: tuple[str, ...] = ()
    """what a reader must know of it before trusting a difference"""

    @property
    def optimal(self) -> bool:
        """There is an answer."""
        return bool(self.document["status"] == "optimal")

    @property
    def weights(self) -> dict[str, float]:
        """How often each period occurs, 1."""
        return {period["id"]: float(period["weight"]) for period in self.document["periods"]}

    @property
    def years(self) -> float:
        """Length of all periods with their weights, a."""
        return float(sum(period["duration"] * period["weight"] for period in self.document["periods"]))

    @property
    def money(self) -> str:
        """Money of the case, e.g. CNY."""
        return str(self.document["money"])

    @property
    def looked(self) -> bool:
        """Flows were looked at for other answers that are as good; with whole numbers they are not."""
        return bool(self.document["method"]["name"] != "branch and bound")

    def runs(self) -> dict[Key, tuple[float, str, bool | None]]:
        """Run of each plant (park, company, plant) over all periods, its unit, and whether it is unique."""
        weights = self.weights
        total: Amounts = defaultdict(float)
        units: dict[Key, str] = {}
        for row in self.document["plants"]:
            key = (row["park"], row["company"], row["plant"])
            total[key] += row["run"] * weights[row["period"]]
            units[key] = row["unit"]
        return {key: (total[key], units[key], self._is_unique("plants", *key)) for key in total}

    def flows(self) -> dict[Key, tuple[float, str, bool | None]]:
        """Amount of each (park, material, fate) over all periods, its unit, and whether it is unique."""
        weights = self.weights
        total: Amounts = defaultdict(float)
        units: dict[Key, str] = {}
        for row in self.document["flows"]:
            key = (row["park"], row["material"], row["fate"])
            total[key] += row["value"] * weights[row["period"]]
            units[key] = row["unit"]
        return {key: (total[key], units[key], self._is_unique("flows", *key)) for key in total}

    def prices(self) -> dict[Key, tuple[float, str, bool | None]]:
        """Shadow price of each (park, company, plant, material, period), its unit, and whether it is unique."""
        return {
            (row["park"], row["company"], row["plant"], row["material"], row["period"]): (
                float(row["value"]),
                row["unit"],
                row.get("unique"),
            )
            for row in self.document["prices"]
        }

    def builds(self) -> dict[Key, tuple[float, str, bool | None]]:
        """Capacity that is built or closed: (word, kind, park, company, id), over all periods, and its unit."""
        total: dict[Key, tuple[float, str, bool | None]] = {}
        for word, rows in (("built", self.document["builds"]), ("closed", self.document["retirements"])):
            for row in rows:
                key = (word, row["kind"], row["park"], row["company"], row["id"])
                before = total.get(key, (0.0, "", None))[0]
                total[key] = (before + row["capacity"], row["unit"], None)
        return total

    def total_is_unique(self, park: str, indicator: str) -> bool | None:
        """Tell whether an indicator is the same in every optimal answer; None where that was not looked at."""
        return self._is_unique("indicators", *([park] if park else []), indicator)

    def flow_is_unique(self, park: str, material: str, fate: str) -> bool | None:
        """Tell whether an amount is, be it listed or zero."""
        return self._is_unique("flows", park, material, fate)

    def _is_unique(self, what: str, *names: str) -> bool | None:
        loose = self._loose
        return None if loose is None else ".".join(names) not in loose[what]

    @cached_property
    def recipe_flows(self) -> dict[Key, list[dict[str, Any]]]:
        """What each plant (park, plant) uses and makes."""
        found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        for row in self.document["flows"]:
            if row["fate"] in ("used", "made"):
                found[row["park"], row["by"]].append(row)
        return dict(found)

    @cached_property
    def _loose(self) -> dict[str, frozenset[str]] | None:
        """Totals that are not unique; None where nobody looked."""
        found = self.document["not_unique"]
        return None if found is None else {what: frozenset(names) for what, names in found.items()}


@dataclass(frozen=True)
class Names:
    """Names of things in two languages, as far as some case behind the answers tells them."""

    parks: dict[str, Label]
    plants: dict[Key, Label]
    materials: dict[str, Label]
    kinds: dict[str, str]
    """class of each material"""
    indicators: dict[str, Label]
    products: dict[Key, str]
    """material that each plant's recipe is per unit of"""

    def park(self, park: str) -> Label:
        """Name of a park."""
        return self.parks.get(park, Label(park, park, park))

    def plant(self, key: Key) -> Label:
        """Name of a plant (park, company, plant)."""
        return self.plants.get(key, Label(key[-1], key[-1], key[-1]))

    def material(self, material: str) -> Label:
        """Name of a material."""
        return self.materials.get(material, Label(material, material, material))

    def indicator(self, indicator: str) -> Label:
        """Name of an indicator."""
        return self.indicators.get(indicator, Label(indicator, indicator, indicator))


def names_of(answers: Iterable[Answer]) -> Names:
    """Gather the names that the networks of some answers know; the first one that tells a name is believed."""
    found = Names({}, {}, {}, {}, {}, {})
    for network in (answer.network for answer in answers):
        if network is None:
            continue
        for park in network.parks:
            found.parks.setdefault(park.id, park)
        for key, label, product in _plants(network):
            found.plants.setdefault(key, label)
            found.products.setdefault(key, product)
        for label, kind in zip(network.materials.label, network.materials.kind, strict=True):
            found.materials.setdefault(label.id, label)
            found.kinds.setdefault(label.id, kind)
        for label in network.indicators.label:
            found.indicators.setdefault(label.id, label)
    return found


def _plants(network: Network) -> Iterator[tuple[Key, Label, str]]:
    for number, label in enumerate(network.plants.label):
        company = int(network.plants.company[number])
        park = network.parks[int(network.companies.park[company])].id
        product = network.materials.label[int(network.plants.reference[number])].id
        yield (park, network.companies.label[company].id, label.id), label, product


def answer_of(result: Result, case: Case | None = None, name: str = "", marks: tuple[str, ...] = ()) -> Answer:
    """Take a result that was just solved.

    Args:
        result: the answer, or what there is in place of one.
        case: the case with the scenario laid over it, where inputs are to be compared.
        name: what its column is called; the scenario where it is empty.
        marks: what a reader must know of it.
    """
    return Answer(result_object(result), name or result.scenario, result.network, case, marks=marks)
