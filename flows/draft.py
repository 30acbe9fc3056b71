"""Draft: the tables of a network while they are written.

Everything that reads a part of the case (`placing`, `markets`, `accounts`) writes into one `Draft`, which gives out row
numbers: of origins, materials, companies and balances.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

from .case import Case
from .document import Position
from .network import Bools, Caveat, Floats, Ints, Origin
from .problems import Findings
from .units import Quantity, QuantityError

RESIDUES = ("byproduct", "waste", "emission")
"""classes whose travel the exchange level restricts"""

T = TypeVar("T")


@dataclass
class Rows:
    """A table while it is written: one list a column."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    size: int = 0

    def add(self, **values: Any) -> int:
        """Append a row and return its number."""
        for key, value in values.items():
            self.columns.setdefault(key, []).append(value)
        self.size += 1
        return self.size - 1

    def ints(self, key: str) -> Ints:
        """Return a column of row numbers."""
        return np.array(self.columns.get(key, []), dtype=np.int32)

    def floats(self, key: str) -> Floats:
        """Return a column of figures."""
        return np.array(self.columns.get(key, []), dtype=float)

    def bools(self, key: str) -> Bools:
        """Return a column of yes and no."""
        return np.array(self.columns.get(key, []), dtype=bool)

    def texts(self, key: str) -> tuple[Any, ...]:
        """Return a column of names or labels."""
        return tuple(self.columns.get(key, ()))

    def amounts(self, key: str, durations: Floats) -> Floats:
        """Return amounts per year times the length of each period: (T, n)."""
        return durations[:, None] * self.floats(key)[None, :]

    def table(self, kind: type[T]) -> T:
        """Return the table as a dataclass of the network: texts as tuples, figures, or row numbers."""
        made: dict[str, Any] = {}
        for item in fields(kind):  # type: ignore[arg-type]  # every table is a dataclass
            annotation = str(item.type)
            if annotation.startswith("tuple"):
                made[item.name] = self.texts(item.name)
            else:
                made[item.name] = (self.floats if annotation == "Floats" else self.ints)(item.name)
        return kind(**made)


class Draft:
    """The tables of a network while they are written, and the findings on the way."""

    def __init__(self, case: Case, findings: Findings) -> None:
        self.case, self.findings = case, findings
        self.origins: list[Origin] = []
        self.materials: dict[str, int] = {}
        self.companies_of: dict[str, dict[str, int]] = {}
        """company rows by park and identifier"""
        self.caveats: list[Caveat] = []
        self.companies, self.nodes, self.plants, self.entries = Rows(), Rows(), Rows(), Rows()
        self.slots, self.options, self.option_entries = Rows(), Rows(), Rows()
        self.limits, self.limit_terms = Rows(), Rows()
        self.units, self.unit_terms, self.commitments = Rows(), Rows(), Rows()
        self.runs_of: dict[tuple[str, str], list[tuple[int, float, str]]] = {}
        """by park and plant, for each mode: row of the plant, capacity it takes, unit that the capacity counts"""
        self.offers, self.steps, self.deals, self.exchanges = Rows(), Rows(), Rows(), Rows()
        self.transport_modes, self.routes, self.shipments, self.additions = Rows(), Rows(), Rows(), Rows()
        self._origin_rows: dict[tuple[Position, str], int] = {}
        self._node_rows: dict[tuple[int, int, int], int] = {}
        self._makers_and_users: tuple[set[int], set[int]] | None = None

    def origin(self, position: Position, path: str) -> int:
        """Return the row of a place in the YAML."""
        key = (position, path)
        if key not in self._origin_rows:
            self._origin_rows[key] = len(self.origins)
            self.origins.append(Origin(position, path))
        return self._origin_rows[key]

    def origin_of(self, *path: str) -> int:
        """Return the row of the key at a path of the case."""
        return self.origin(self.case.key_at(*path), ".".join(path))

    def material(self, name: str) -> int:
        """Return the row of a material."""
        return self.materials.setdefault(name, len(self.materials))

    def node(self, company: int, plant: int, material: str, origin: int) -> int:
        """Return the row of the balance that a plant's material belongs to; modes share that of their first."""
        kind = self.case.materials[material].kind
        own = plant if self.case.exchange == "none" and kind in RESIDUES else -1
        number = self.material(material)
        key = (company, own, number)
        if key not in self._node_rows:
            self._node_rows[key] = self.nodes.add(company=company, plant=own, material=number, origin=origin)
        return self._node_rows[key]

    def nodes_of(self, material: str, companies: set[int]) -> list[int]:
        """Return the balances of a material among some companies."""
        number, rows = self.materials.get(material), self.nodes.columns
        return [
            node
            for node in range(self.nodes.size)
            if rows["material"][node] == number and rows["company"][node] in companies
        ]

    def makers_and_users(self) -> tuple[set[int], set[int]]:
        """Return the nodes where a plant makes the material, and those where one can use it.

        To be asked once all plants are placed; the answer is kept.
        """
        if self._makers_and_users is not None:
            return self._makers_and_users
        makes: set[int] = set()
        uses: set[int] = set(self.options.columns.get("node", ()))
        for rows in (self.entries.columns, self.option_entries.columns):
            for node, amount in zip(rows.get("node", ()), rows.get("amount", ()), strict=True):
                (makes if amount > 0 else uses).add(node)
        self._makers_and_users = makes, uses
        return makes, uses

    def number(self, quantity: Quantity, unit: str, *path: str) -> float | None:
        """Return a quantity in a unit; where it does not fit, note the error at its path."""
        try:
            return quantity.to(unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None
