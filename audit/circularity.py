"""Circularity: what became of every by-product and waste, what it took the place of, and the official indicators.

    reuse rate = (made − treated − discarded − stored) / made       what is used by production or sold, of what is made

Exchanged and shipped amounts arrive elsewhere in the case and are used there; they stand beside and are not added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..flows.case import Case
from ..flows.displacement import displacements
from ..flows.network import Network
from ..flows.norms import Assessment, assess
from ..flows.problems import Findings
from ..flows.recipes import recipes
from ..flows.tables import Label
from ..flows.units import QuantityError
from ..flows.wording import joined
from ..reports.flows import FlowTable
from ..reports.result import Result
from ..reports.run import Solved
from .fills import fills
from .indices import ACCESS, INDICATORS, Official
from .phrases import circularity_phrases

RESIDUES = ("byproduct", "waste")
tell = circularity_phrases.tell
EFFLUENTS = ("wastewater", "treated_effluent")
"""materials of the library that are discharged water"""
FATES = ("used", "sold", "treated", "discarded", "stored")
"""where what is made or bought ends; exchanged and shipped amounts are on their way to these"""


@dataclass(frozen=True)
class Fates:
    """What became of one by-product or waste over all periods, units of the material."""

    material: Label
    kind: str
    unit: str
    made: float
    bought: float
    amounts: dict[str, float]
    """by `FATES`; stored is the net increase"""
    exchanged: float
    shipped: float
    unique: bool | None

    @property
    def whole(self) -> float:
        """What was made and bought."""
        return self.made + self.bought

    @property
    def reuse(self) -> float | None:
        """Reuse rate, 1; None where none is made."""
        return reuse_rate(self.made, self.amounts) if self.made else None

    def amount(self, what: str) -> float:
        """What was `made`, `bought`, `exchanged` or `shipped`, or ended as one of `FATES`."""
        found: float = self.amounts[what] if what in self.amounts else getattr(self, what)
        return found

    def share(self, fate: str) -> float | None:
        """Part of what was made and bought that ended so, 1."""
        return self.amounts[fate] / self.whole if self.whole else None


@dataclass(frozen=True)
class Displaced:
    """Virgin material that a by-product or waste stood in for, by the factor that the case states."""

    material: Label
    virgin: Label
    used: float
    unit: str
    factor: float
    """units of the virgin material per unit of the other"""
    amount: float
    virgin_unit: str


@dataclass(frozen=True)
class SlotShare:
    """A slot that by-products or wastes can fill in place of others."""

    park: str
    company: str
    plant: str
    slot: str
    residues: dict[str, float]
    """material → part of the need that it filled, 1"""

    @property
    def share(self) -> float:
        """Part of the need that by-products and wastes filled, 1."""
        return sum(self.residues.values())


@dataclass(frozen=True)
class Figure:
    """An official indicator, or comprehensive energy: a value, or why there is none."""

    name: Label
    system: str
    number: int
    """within its system; 0 where that numbers none"""
    formula: str
    unit: str
    threshold: str
    value: float | None
    because: str
    access: str
    """how the source was accessed: read, recalled, …"""


@dataclass(frozen=True)
class Circularity:
    """All of it for one scenario."""

    case: str
    title: Label
    scenario: str
    fates: tuple[Fates, ...]
    displaced: tuple[Displaced, ...]
    slots: tuple[SlotShare, ...]
    energy: tuple[Figure, ...]
    """comprehensive energy by GB/T 2589, calorific and equivalent value of electricity"""
    official: tuple[Figure, ...]
    norms: tuple[Assessment, ...]
    """specific use of the processes that run, beside the levels of their standards"""
    notes: tuple[str, ...]


def reuse_rate(made: float, amounts: Mapping[str, float]) -> float:
    """Return the part of what is made that is used by production or sold, 1."""
    return (made - amounts["treated"] - amounts["discarded"] - amounts["stored"]) / made


def circularity(solved: Solved, case: Case) -> Circularity:
    """Judge an answer that is optimal; `case` is the one with its scenario applied."""
    result = solved.result
    flows = result.flows
    assert flows is not None
    looked = not solved.program.is_integer
    rows = tuple(_fates(flows, looked))
    energy = tuple(_energy(solved))
    values = _Values(solved, case)
    systems = joined(dict.fromkeys(one.system for one in INDICATORS))
    notes = [tell("access", systems=systems, access=tell(ACCESS))]
    if not all(row.unique for row in rows) and looked:
        notes.append(tell("loose"))
    return Circularity(
        result.case, result.title, result.scenario, rows, tuple(_displaced(flows, case)), tuple(_slots(solved)),
        energy, tuple(values.figure(one) for one in INDICATORS), running_norms(result, case), (*notes, *result.caveats),
    )  # fmt: skip


def running_norms(result: Result, case: Case) -> tuple[Assessment, ...]:
    """Return the processes that run beside the levels of their standards."""
    running = {plant.process for plant in result.plants if plant.run > 0}
    known = recipes(case, Findings()).values() if running else ()
    return tuple(found for recipe in known if recipe.id in running for found in assess(case, recipe))


def _fates(flows: FlowTable, looked: bool) -> Iterator[Fates]:
    network = flows.network
    loose = set(network.nodes.material[flows.node[~flows.unique.all(axis=0)]].tolist())
    for material, kind in enumerate(network.materials.kind):
        if kind in RESIDUES and (flows.total("made", material) or flows.total("bought", material)):
            yield Fates(
                material=network.materials.label[material],
                kind=kind,
                unit=network.materials.unit[material],
                made=flows.total("made", material),
                bought=flows.total("bought", material),
                amounts=_amounts(flows, material),
                exchanged=flows.total("exchanged", material),
                shipped=flows.total("shipped", material),
                unique=material not in loose if looked else None,
            )


def _amounts(flows: FlowTable, material: int) -> dict[str, float]:
    amounts = {fate: flows.total(fate, material) for fate in ("used", "sold", "discarded", "stored")}
    amounts["treated"] = flows.treated(material)
    amounts["used"] -= amounts["treated"]
    return {fate: amounts[fate] for fate in FATES}


def _displaced(flows: FlowTable, case: Case) -> Iterator[Displaced]:
    network = flows.network
    row = {label.id: number for number, label in enumerate(network.materials.label)}
    for material, virgin, factor in displacements(case, case.materials):
        if material not in row:
            continue
        used = _amounts(flows, row[material])["used"]
        name = case.materials[virgin].name
        both = Label(virgin, name.en or virgin, name.zh or name.en or virgin) if name else Label(virgin, virgin, virgin)
        if used:
            label, unit = network.materials.label[row[material]], network.materials.unit[row[material]]
            yield Displaced(label, both, used, unit, factor, used * factor, case.materials[virgin].unit)


def _slots(solved: Solved) -> Iterator[SlotShare]:
    network, x = solved.result.network, solved.solution.column_value
    assert x is not None
    kinds = {label.id: kind for label, kind in zip(network.materials.label, network.materials.kind, strict=True)}
    for slot, options in fills(network, solved.program, x).items():
        need = sum(fill.amount * fill.gives for fill in options.values())
        residues = {m: fill for m, fill in options.items() if kinds[m] in RESIDUES}
        if need > 0 and residues and len(residues) < len(options):
            parts = {m: fill.amount * fill.gives / need for m, fill in residues.items() if fill.amount > 0}
            park, company = slot.place.split(".", 1)
            yield SlotShare(park, company, slot.mode, slot.slot, parts)


def _energy(solved: Solved) -> Iterator[Figure]:
    """Comprehensive energy by both methods of GB/T 2589, from the indicators of the accounting library."""
    calorific, equivalent = tell("calorific"), tell("equivalent")
    for key, en, zh, formula in (
        ("energy_calorific", "Comprehensive energy, calorific value", "综合能耗(当量值)", calorific),
        ("energy_equivalent", "Comprehensive energy, equivalent value", "综合能耗(等价值)", equivalent),
    ):
        found = solved.result.indicators.get(key)
        because = "" if found else tell("no_indicator", key=key)
        unit, value = (found.unit, found.value) if found else ("tce", None)
        yield Figure(Label(key, en, zh), "GB/T 2589-2020", 0, formula, unit, "", value, because, ACCESS)


class _Values:
    """What answers official indicators, each a value or the reason why there is none."""

    def __init__(self, solved: Solved, case: Case) -> None:
        assert solved.result.flows is not None
        self.result, self.flows, self.case = solved.result, solved.result.flows, case
        self.network: Network = solved.result.network

    def figure(self, one: Official) -> Figure:
        """Answer one."""
        value, because = None, one.because
        if one.key:
            try:
                value = self._value(one.key)
            except _UnknownError as error:
                because = error.args[0]
        return Figure(one.name, one.system, one.number, one.formula, one.unit, one.threshold, value, because, ACCESS)

    def _value(self, key: str) -> float:
        if key == "solid_use":
            made, amounts = self._solid()
            return 100.0 * reuse_rate(made, amounts)
        if key == "solid_disposed":
            _, amounts = self._solid()
            return amounts["discarded"] + amounts["treated"]
        if key == "wastewater":
            return self._discharged()
        if key == "energy_productivity":
            return self._ratio(self._value_added(), self._tce(), tell("no_energy"))
        if key == "water_productivity":
            return self._ratio(self._value_added(), self._fresh_water(), tell("no_water"))
        if key == "solid_intensity":
            over = self._solid()[0]
        elif key == "wastewater_intensity":
            over = self._discharged()
        else:
            over = self._tce() if key == "energy_intensity" else self._fresh_water()
        return self._ratio(over * 1e4, self._value_added(), tell("no_value_added"))

    @staticmethod
    def _ratio(above: float, under: float, because: str) -> float:
        if under <= 0:
            raise _UnknownError(because)
        return above / under

    def _value_added(self) -> float:
        if self.network.money != "CNY":
            raise _UnknownError(tell("money", money=self.network.money))
        return self.result.indicators["value_added"].value or 0.0

    def _tce(self) -> float:
        found = self.result.indicators.get("energy_calorific")
        if found is None or found.value is None or found.unit != "tce":
            raise _UnknownError(tell("no_tce"))
        return found.value

    def _row(self, name: str) -> int | None:
        return next((row for row, label in enumerate(self.network.materials.label) if label.id == name), None)

    def _fresh_water(self) -> float:
        row = self._row("fresh_water")
        if row is None or self.network.materials.unit[row] != "t":
            raise _UnknownError(tell("no_fresh_water"))
        return self.flows.total("bought", row)

    def _discharged(self) -> float:
        rows = [row for name in EFFLUENTS if (row := self._row(name)) is not None]
        if not rows:
            raise _UnknownError(tell("no_effluents", names=joined(EFFLUENTS)))
        return sum(self.flows.total("discarded", row) * self._tonnes(row) for row in rows)

    def _solid(self) -> tuple[float, dict[str, float]]:
        """What is made of materials tagged solid, and where it ends, t."""
        tagged = [
            row
            for row, label in enumerate(self.network.materials.label)
            if "solid" in self.case.materials[label.id].tags
        ]
        made, sums = 0.0, dict.fromkeys(FATES, 0.0)
        for row in tagged:
            each = self._tonnes(row)
            made += each * self.flows.total("made", row)
            for fate, amount in _amounts(self.flows, row).items():
                sums[fate] += each * amount
        if not made:
            raise _UnknownError(tell("no_solid"))
        return made, sums

    def _tonnes(self, row: int) -> float:
        from ..flows.units import parse_quantity

        unit = self.network.materials.unit[row]
        try:
            return parse_quantity(f"1 {unit}").to("t")
        except QuantityError:
            raise _UnknownError(tell("no_mass", name=self.network.materials.label[row].id, unit=unit)) from None


class _UnknownError(Exception):
    """A value cannot be computed; the text says why."""
