"""Draft: the tables of a network while they are written.

Everything that reads a part of the case (`placing`, `markets`, `accounts`) writes into one `Draft`, which gives out row
numbers: of origins, materials, companies and balances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, cast

import numpy as np

from .account_tables import Caveat
from .blocks import ProfileUse
from .case import Case
from .currencies import Rates, converted, read_currencies, steady
from .document import Position
from .problems import Findings, nearest
from .profiles import Series, read_profiles
from .size import check_columns
from .tables import Bools, Floats, Ints, Origin, Periods
from .units import Quantity, QuantityError

RESIDUES = ("byproduct", "waste", "emission")
"""classes whose travel the exchange level restricts"""

T = TypeVar("T")
Figures = float | Floats
"""one figure for all periods, or (T,) one for each"""
Stated = Quantity | Series
"""the same before a unit is asked for"""


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
        return durations[:, None] * self.series(key, len(durations))

    def series(self, key: str, periods: int) -> Floats:
        """Return a column whose entries may differ between periods: (T, n)."""
        items = self.columns.get(key, [])
        if any(isinstance(item, np.ndarray) for item in items):
            return np.stack([np.broadcast_to(np.asarray(item, float), (periods,)) for item in items], axis=1)
        return np.broadcast_to(self.floats(key), (periods, len(items)))

    def origins(self, key: str, periods: int) -> Ints:
        """Return a column of origins: (n,), or (T, n) where one of them differs between periods."""
        items = self.columns.get(key, [])
        if any(isinstance(item, np.ndarray) for item in items):
            return self.series(key, periods).astype(np.int32)
        return self.ints(key)

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
        self.periods = Periods((), np.empty(0), np.empty(0))
        self.profiles: dict[str, Series] = {}
        self.rates: Rates = {}
        self.origins: list[Origin] = []
        self.materials: dict[str, int] = {}
        self.companies_of: dict[str, dict[str, int]] = {}
        """company rows by park and identifier"""
        self.caveats: list[Caveat] = []
        self.companies, self.nodes, self.plants, self.entries = Rows(), Rows(), Rows(), Rows()
        self.slots, self.options, self.option_entries = Rows(), Rows(), Rows()
        self.limits, self.limit_terms = Rows(), Rows()
        self.units, self.unit_terms, self.commitments = Rows(), Rows(), Rows()
        self.load_steps, self.campaigns, self.campaign_modes = Rows(), Rows(), Rows()
        self.runs_of: dict[tuple[str, str], list[tuple[int, float, str]]] = {}
        """by park and plant, for each mode: row of the plant, capacity it takes, unit that the capacity counts"""
        self.offers, self.steps, self.deals, self.exchanges = Rows(), Rows(), Rows(), Rows()
        self.transport_modes, self.routes, self.shipments, self.additions = Rows(), Rows(), Rows(), Rows()
        self.stores = Rows()
        self._origin_rows: dict[str, int] = {}
        self._nodes_by_material: dict[str, list[int]] = {}
        self._node_rows: dict[tuple[int, int, int], int] = {}
        self._makers_and_users: tuple[set[int], set[int]] | None = None

    def begin(self, periods: Periods) -> None:
        """Take the periods, and read the profiles over them."""
        self.periods = periods
        parks = self.case.parks.values()
        things = [(it.plants, it.buy, it.sell, it.discard, it.links, it.stores) for it in parks]
        stated = sum(len(kind) for kinds in things for kind in kinds) + len(self.case.routes)
        self.check_size(stated + len(self.case.head.profiles))
        self.profiles = read_profiles(self.case, len(periods.id), self.findings)
        self.rates = read_currencies(self)

    def check_size(self, more: int = 0, at: Position | None = None) -> None:
        """Refuse a program that is too large with so many flows more; raises InputError."""
        tables = (self.plants, self.options, self.deals, self.exchanges, self.shipments, self.stores)
        flows = sum(table.size for table in tables) + more
        check_columns(len(self.periods.id), flows, at or self.case.key_at("periods"), self.findings)

    def origin(self, position: Position, path: str) -> int:
        """Return the row of a place in the YAML; a path stands in one place of a case."""
        row = self._origin_rows.get(path)
        if row is None:
            row = self._origin_rows[path] = len(self.origins)
            self.origins.append(Origin(position, path))
        return row

    def origin_of(self, *path: str) -> int:
        """Return the row of the key at a path of the case."""
        joined = ".".join(path)
        row = self._origin_rows.get(joined)
        return self.origin(self.case.key_at(*path), joined) if row is None else row

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
            self._nodes_by_material.setdefault(material, []).append(self._node_rows[key])
        return self._node_rows[key]

    def nodes_of(self, material: str, companies: set[int]) -> list[int]:
        """Return the balances of a material among some companies."""
        company = self.nodes.columns.get("company", ())
        return [node for node in self._nodes_by_material.get(material, ()) if company[node] in companies]

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
            return self.steady(quantity, unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None

    def figures(self, stated: Stated, unit: str) -> Figures:
        """Return what is stated in a unit, exchanged where it is in another currency; raises QuantityError."""
        return converted(stated, unit, self.case.money, self.rates)

    def steady(self, quantity: Quantity, unit: str) -> float:
        """Return the same as one figure for all periods; raises QuantityError too where a rate differs between them."""
        return steady(self.figures(quantity, unit), str(quantity), self.case.money)

    def stated(self, value: Quantity | Sequence[Quantity] | ProfileUse, *path: str) -> Stated | None:
        """Return a quantity, a list of them or a profile before a unit is asked for; an error is noted."""
        if isinstance(value, Quantity):
            return value
        if not isinstance(value, ProfileUse):
            figures = self._list(value, value[0].unit if value else "1", path)
            return None if figures is None else Series(figures, value[0].unit)
        series = self._known_profile(value, path)
        if series is None:
            return None
        try:
            bare = ("1", "%")
            if series.unit in bare and value.times.unit not in bare:  # t/t is a pure number, but says what is counted
                return Series(series.to("1") * value.times.value, value.times.unit)
            if value.times.dimension == "":
                return Series(series.values * value.times.to("1"), series.unit)
            return Series(series.to("1") * value.times.value, value.times.unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None

    def series(
        self,
        value: Quantity | str | float | Sequence[Quantity | str | float] | ProfileUse,
        unit: str,
        *path: str,
        most: float = np.inf,
        least: float = -np.inf,
    ) -> Figures | None:
        """Return a figure, a list of them or a profile in a unit; where it does not fit, note the error.

        A profile must stay between `least` and `most`; figures were checked as they were read.
        """
        if isinstance(value, ProfileUse):
            return self._profile(value, unit, path, least, most)
        if isinstance(value, list | tuple):
            return self._list(value, unit, path)
        if isinstance(value, Quantity):
            try:
                return self.figures(value, unit)
            except QuantityError as error:
                self.findings.error(self.case.value_at(*path), error.what, error.mend)
                return None
        return np.inf if isinstance(value, str) else float(cast(float, value))

    def _list(self, values: Sequence[Any], unit: str, path: tuple[str, ...]) -> Floats | None:
        if len(values) != len(self.periods.id):
            what = f"the list has {len(values)} figures, but the case has {len(self.periods.id)} periods"
            self.findings.error(self.case.value_at(*path), what, "give it one figure for each period")
            return None
        found = [self.series(value, unit, *path, str(number)) for number, value in enumerate(values)]
        if any(figure is None for figure in found):
            return None
        return np.array([np.broadcast_to(cast(Figures, f), len(found))[i] for i, f in enumerate(found)], float)

    def _known_profile(self, use: ProfileUse, path: tuple[str, ...]) -> Series | None:
        """Return the profile that is used; None where there is none, or where it is wrong itself."""
        known = self.case.head.profiles
        if use.profile not in known:
            position = self.case.value_at(*path, "profile")
            self.findings.error(position, f"unknown profile `{use.profile}`", nearest(use.profile, known))
        return self.profiles.get(use.profile)

    def _profile(self, use: ProfileUse, unit: str, path: tuple[str, ...], least: float, most: float) -> Floats | None:
        series = self._known_profile(use, path)
        if series is None:
            return None
        try:
            if use.times.dimension == "":
                values = self.figures(series, unit) * use.times.to("1")
            else:
                values = series.to("1") * self.figures(use.times, unit)
        except QuantityError as error:
            self.findings.error(self.case.value_at(*path), error.what, error.mend)
            return None
        values = np.asarray(values, float)
        wrong = np.flatnonzero((values < least) | (values > most))
        if len(wrong):
            period = int(wrong[0])
            where = f"profile `{use.profile}` gives {values[period]:.6g} in period `{self.periods.id[period]}`"
            bounds = "zero or more" if most == np.inf else f"between {least:.6g} and {most:.6g}"
            self.findings.error(self.case.value_at(*path), f"{where}; it must be {bounds}", "mend the profile")
            return None
        return values
