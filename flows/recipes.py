"""Recipes in numbers: amounts in material units per unit of the reference material, and the check that they close.

Everything here depends on the library alone, so it is the same for every park and scenario that uses a process, and it
is computed once per tree (`Shelf.memo`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .case import Shelf
from .chemistry import Closure, Composition, FormulaError, Stream, closure
from .displacement import check_displaced
from .document import Position
from .norms import check_norms
from .problems import Findings, nearest
from .recipe_schema import Amount, Material, Need, Process, Slot, SlotOption
from .units import Quantity, QuantityError, convert

VOLUMES = ("Nm3", "m3")
UNKNOWN_MATERIAL_MEND = "define it under `materials`, or include the library that has it"


@dataclass(frozen=True, eq=False, repr=False)
class Line:
    """One line of a recipe."""

    material: str
    amount: float
    """material units per unit of reference (or of fill); positive is made, negative is used"""
    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class RecipeOption:
    """One way to fill a slot."""

    material: str
    gives: float
    """need units per unit of the material"""
    min_share: float
    max_share: float
    lines: tuple[Line, ...]
    """per unit of the material"""
    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class RecipeLimit:
    """Bound on a mass fraction in the blend of a slot."""

    substance: str
    lower: float | None
    upper: float | None
    contents: tuple[float, ...]
    """tonnes of the substance per unit of fill, by option"""
    masses: tuple[float, ...]
    """tonnes per unit of fill, by option"""
    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class RecipeSlot:
    """An input that several materials can fill."""

    id: str
    need: float
    """need units per unit of the reference"""
    unit: str
    options: tuple[RecipeOption, ...]
    limits: tuple[RecipeLimit, ...]
    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class ClosureReport:
    """How well a recipe closes, for its worst combination of options."""

    closure: Closure
    allowed: float
    because: str
    options: str
    """options the combination uses, empty where there is no slot"""


@dataclass(frozen=True, eq=False, repr=False)
class Recipe:
    """A process in numbers."""

    id: str
    reference: str
    lines: tuple[Line, ...]
    slots: tuple[RecipeSlot, ...]
    treatment: bool
    closure: ClosureReport


def recipes(shelf: Shelf, findings: Findings) -> dict[str, Recipe]:
    """Return every process of the shelf in numbers; those with errors are left out, their errors noted."""
    key = ("recipes", id(shelf.processes), id(shelf.materials))
    if key not in shelf.memo:
        own = Findings()
        made = {name: _recipe(shelf, name, own) for name in shelf.processes}
        known = {name: recipe for name, recipe in made.items() if recipe is not None}
        shelf.memo[key] = (known, own.problems, shelf.processes, shelf.materials)  # which keeps the ids alive
    found: dict[str, Recipe]
    found, problems, *_ = shelf.memo[key]
    findings.add(*problems)
    return found


def check_materials(shelf: Shelf, findings: Findings) -> None:
    """Check that units, densities, compositions, properties and displacements of the materials make sense."""
    for name in shelf.materials:
        material_facts(shelf, name, findings)
        check_displaced(shelf, name, findings)


def _recipe(shelf: Shelf, name: str, findings: Findings) -> Recipe | None:
    process = shelf.processes[name]
    used = [shelf.materials.get(material) for material in _materials_of(process)]
    key = ("recipe", id(process), *map(id, used))
    if key not in shelf.memo:
        own = Findings()
        written = _Writer(shelf, name, process, own).write()
        check_norms(shelf, name, _materials_of(process), own)
        shelf.memo[key] = (written, own.problems, process, used)
    recipe: Recipe | None
    recipe, problems, *_ = shelf.memo[key]
    findings.add(*problems)
    return recipe


def _materials_of(process: Process) -> Iterator[str]:
    yield process.per.label
    yield from process.outputs
    for name, entry in process.inputs.items():
        if isinstance(entry, Slot):
            for material, option in entry.options.items():
                yield from (material, *option.inputs, *option.outputs)
        else:
            yield name


@dataclass(frozen=True, eq=False, repr=False)
class MaterialFacts:
    """What recipes need to know of a material."""

    unit: str
    mass: float | None
    """tonnes per unit, None where it has no mass"""
    density: Quantity | None
    composition: Composition | None

    def amount(self, quantity: Quantity) -> float:
        """Return a quantity in units of the material, through the density where needed.

        Raises:
            QuantityError: if the quantity is of another dimension.
        """
        try:
            return quantity.to(self.unit)
        except QuantityError:
            if self.density is None:
                raise
            return self._through_density(quantity)

    def _through_density(self, quantity: Quantity) -> float:
        assert self.density is not None
        for volume in VOLUMES:
            try:
                density = self.density.to(f"t/{volume}")
                if quantity.dimension == Quantity(1.0, "t", 1.0, "mass").dimension:
                    return convert(quantity.to("t") / density, volume, self.unit)
                return convert(quantity.to(volume) * density, "t", self.unit)
            except QuantityError:
                continue
        return quantity.to(self.unit)


def material_facts(shelf: Shelf, name: str, findings: Findings) -> MaterialFacts | None:
    """Return unit, mass and composition of a material; None, and the errors noted, where they make no sense."""
    material = shelf.materials[name]
    key = ("material", id(material))
    if key not in shelf.memo:
        own = Findings()
        shelf.memo[key] = (_read_facts(shelf, name, material, own), own.problems, material)
    facts: MaterialFacts | None
    facts, problems, _ = shelf.memo[key]
    findings.add(*problems)
    return facts


def _read_facts(shelf: Shelf, name: str, material: Material, findings: Findings) -> MaterialFacts | None:
    path = ("materials", name)
    mass = _tonnes_per_unit(shelf, path, material, findings)
    composition = None
    if material.formula and material.composition:
        position = shelf.key_at(*path, "composition")
        findings.error(position, f"`{name}` has a formula and a composition", "keep one of them")
    try:
        if material.formula:
            composition = Composition.from_formula(material.formula)
        elif material.composition:
            composition = Composition.from_fractions(material.composition)
    except FormulaError as error:
        field = "formula" if material.formula else "composition"
        findings.error(shelf.value_at(*path, field), error.what, error.mend)
    for key, amount in material.properties.items():
        _check_source(shelf, (*path, "properties", key), amount, material.sources, findings)
    if findings.has_errors:
        return None
    return MaterialFacts(material.unit, mass, material.density, composition)


def _tonnes_per_unit(shelf: Shelf, path: tuple[str, ...], material: Material, findings: Findings) -> float | None:
    try:
        return convert(1.0, material.unit, "t")
    except QuantityError as error:
        try:
            convert(1.0, material.unit, material.unit)
        except QuantityError:
            findings.error(shelf.value_at(*path, "unit"), error.what, error.mend)
            return None
    if material.density is None:
        return None
    try:
        return material.density.to(f"t/{material.unit}")
    except QuantityError as error:
        findings.error(shelf.value_at(*path, "density"), error.what, error.mend)
        return None


def _check_source(
    shelf: Shelf,
    path: tuple[str, ...],
    amount: Amount,
    sources: dict[str, object] | object,
    findings: Findings,
) -> None:
    if amount.source and isinstance(sources, dict) and amount.source not in sources:
        position = shelf.value_at(*path, "source")
        findings.error(position, f"there is no source `{amount.source}` here", nearest(amount.source, sources))
    if amount.range is not None:
        try:
            low, high = (bound.to(amount.value.unit) for bound in amount.range)
        except QuantityError as error:
            findings.error(shelf.value_at(*path, "range"), error.what, error.mend)
            return
        if not low <= amount.value.value <= high:
            what = f"`{amount.value}` lies outside of its own range"
            findings.error(shelf.value_at(*path, "range"), what, "mend the value or the range")


class _Writer:
    """Turns one process into a recipe."""

    def __init__(self, shelf: Shelf, name: str, process: Process, findings: Findings) -> None:
        self.shelf, self.name, self.process, self.findings = shelf, name, process, findings
        self.path = ("processes", name)

    def write(self) -> Recipe | None:
        reference = self._reference()
        if reference is None:
            return None
        scale = 1.0 / reference.amount if reference.amount else 0.0
        lines: list[Line | None] = []
        slots: list[RecipeSlot | None] = []
        if reference.amount > 0:
            lines.append(Line(reference.material, 1.0, reference.position, reference.path))
        for key, entry in self.process.inputs.items():
            if isinstance(entry, Slot):
                slots.append(self._slot(key, entry, abs(scale)))
            else:
                lines.append(self._line(("inputs", key), key, entry, -abs(scale)))
        for key, amount in self.process.outputs.items():
            lines.append(self._line(("outputs", key), key, amount, abs(scale)))
        if None in lines or None in slots:
            return None
        whole_lines = tuple(line for line in lines if line is not None)
        whole_slots = tuple(slot for slot in slots if slot is not None)
        report = self._closure(whole_lines, whole_slots)
        treatment = self.process.kind == "treatment"
        return Recipe(self.name, reference.material, whole_lines, whole_slots, treatment, report)

    def _reference(self) -> Line | None:
        """Return the reference as a line: positive where the recipe makes it, negative where it uses it."""
        need: Need = self.process.per
        path = (*self.path, "per")
        if not need.label:
            self._error(path, "the reference material is missing", "write e.g. `per: 1 t magnesium`")
            return None
        amount = self._amount(path, need.label, need.quantity)
        if amount is None:
            return None
        if amount == 0:
            self._error(path, "the reference amount is zero", "write e.g. `per: 1 t magnesium`")
            return None
        if need.label in self.process.outputs:
            what = f"`{need.label}` is the reference and stands in `outputs` again"
            self._error(
                (*self.path, "outputs", need.label),
                what,
                "delete it here; `per` already makes it",
                key=True,
            )
            return None
        used = self.process.inputs.get(need.label)
        if used is None:
            return Line(need.label, amount, self.shelf.value_at(*path), ".".join(path))
        if isinstance(used, Slot):
            self._error(path, f"`{need.label}` is a slot and cannot be the reference")
            return None
        written = self._amount((*self.path, "inputs", need.label), need.label, used.value)
        if written is not None and abs(written - amount) > 1e-9 * amount:
            what = f"`per` and `inputs` give different amounts of `{need.label}`"
            self._error((*self.path, "inputs", need.label), what, f"write `{need.quantity}` in both places")
        return Line(need.label, -amount, self.shelf.value_at(*path), ".".join(path))

    def _line(self, where: tuple[str, ...], material: str, amount: Amount, scale: float) -> Line | None:
        path = (*self.path, *where)
        _check_source(self.shelf, path, amount, self.process.sources, self.findings)
        value = self._amount(path, material, amount.value)
        if value is None:
            return None
        return Line(material, value * scale, self.shelf.key_at(*path), ".".join(path))

    def _slot(self, key: str, slot: Slot, scale: float) -> RecipeSlot | None:
        path = (*self.path, "inputs", key)
        made = [self._option(path, material, option, slot.need) for material, option in slot.options.items()]
        if None in made:
            return None
        options = tuple(option for option in made if option is not None)
        label = f"{slot.need.quantity.unit} {slot.need.label}".strip()
        limits = tuple(self._limits(path, slot, options))
        if sum(option.max_share for option in options) < 1 - 1e-9:
            what = f"the shares of slot `{key}` cannot reach its need: the `max_share` add up to less than 100 %"
            self._error((*path, "from"), what, "raise a `max_share` or add an option", key=True)
        if sum(option.min_share for option in options) > 1 + 1e-9:
            what = f"the shares of slot `{key}` exceed its need: the `min_share` add up to more than 100 %"
            self._error((*path, "from"), what, "lower a `min_share`", key=True)
        need = slot.need.quantity.value * scale
        return RecipeSlot(key, need, label, options, limits, self.shelf.key_at(*path), ".".join(path))

    def _option(self, slot: tuple[str, ...], material: str, option: SlotOption, need: Need) -> RecipeOption | None:
        path = (*slot, "from", material)
        facts = self._known(path, material)
        if facts is None:
            return None
        try:
            gives = option.gives.to(f"{need.quantity.unit}/{facts.unit}")
        except QuantityError as error:
            self._error((*path, "gives"), error.what, error.mend)
            return None
        if gives == 0:
            self._error(
                (*path, "gives"),
                f"`{material}` gives nothing",
                "delete the option or state what it gives",
            )
            return None
        if option.min_share > option.max_share:
            self._error((*path, "min_share"), "`min_share` exceeds `max_share`", "mend one of them")
        inside = tuple(path[len(self.path) :])
        lines = [self._line((*inside, "inputs", key), key, value, -1.0) for key, value in option.inputs.items()]
        lines += [self._line((*inside, "outputs", key), key, value, 1.0) for key, value in option.outputs.items()]
        if None in lines:
            return None
        return RecipeOption(
            material,
            gives,
            option.min_share,
            option.max_share,
            tuple(line for line in lines if line is not None),
            self.shelf.key_at(*path),
            ".".join(path),
        )

    def _limits(self, slot: tuple[str, ...], block: Slot, options: tuple[RecipeOption, ...]) -> Iterator[RecipeLimit]:
        for substance, limit in block.limits.items():
            path = (*slot, "limits", substance)
            contents, masses = [], []
            for option in options:
                facts = material_facts(self.shelf, option.material, self.findings)
                content = facts.composition.content(substance) if facts and facts.composition else None
                if facts is None or facts.mass is None or content is None:
                    what = f"the content of `{substance}` in `{option.material}` is not known"
                    self._error(path, what, f"give `{option.material}` a composition that says it", key=True)
                    break
                contents.append(content * facts.mass)
                masses.append(facts.mass)
            else:
                position = self.shelf.key_at(*path)
                yield RecipeLimit(
                    substance,
                    limit.min,
                    limit.max,
                    tuple(contents),
                    tuple(masses),
                    position,
                    ".".join(path),
                )

    def _closure(self, lines: tuple[Line, ...], slots: tuple[RecipeSlot, ...]) -> ClosureReport:
        stated = self.process.closure
        reports = []
        for chosen in _choices(slots):
            fills = [Line(o.material, -s.need / o.gives, o.position, o.path) for s, o in chosen]
            extra = [
                Line(line.material, line.amount * s.need / o.gives, line.position, line.path)
                for s, o in chosen
                for line in o.lines
            ]
            result = self._balance([*lines, *fills, *extra])
            names = " + ".join(option.material for _, option in chosen)
            reports.append(ClosureReport(result, stated.gap, stated.because.strip(), names))
        for report in reports:
            self._judge(report)
        return max(reports, key=lambda report: report.closure.worst[1])

    def _balance(self, lines: list[Line]) -> Closure:
        """Weigh the lines that have mass: used on the one side, made on the other."""
        sides: dict[bool, list[Stream]] = {True: [], False: []}
        for line in lines:
            facts = material_facts(self.shelf, line.material, self.findings)
            if facts is not None and facts.mass is not None:
                mass = abs(line.amount) * facts.mass
                sides[line.amount < 0].append(Stream(line.material, mass, facts.composition))
        return closure(sides[True], sides[False])

    def _judge(self, report: ClosureReport) -> None:
        result, allowed = report.closure, report.allowed
        with_options = f" (with {report.options})" if report.options else ""
        mend = "mend the amounts, add what is missing, or state `closure: {gap: …, because: …}`"
        if result.mass_gap > allowed * (1 + 1e-9):
            what = (
                f"recipe `{self.name}`{with_options} does not close on mass: {result.mass_in:.4g} t in, "
                f"{result.mass_out:.4g} t out, a gap of {result.mass_gap:.2%} where {allowed:.2%} is allowed"
            )
            self._error(self.path, what, mend, key=True)
        for element, balance in result.elements.items():
            if balance.gap > allowed * (1 + 1e-9):
                what = (
                    f"recipe `{self.name}`{with_options} does not close on {element}: {balance.inflow:.4g} t in, "
                    f"{balance.outflow:.4g} t out, a gap of {balance.gap:.2%} where {allowed:.2%} is allowed"
                )
                self._error(self.path, what, mend, key=True)

    def _known(self, path: tuple[str, ...], material: str) -> MaterialFacts | None:
        if material not in self.shelf.materials:
            hint = nearest(material, self.shelf.materials)
            mend = hint if hint.startswith("did") else UNKNOWN_MATERIAL_MEND
            self._error(path, f"unknown material `{material}`", mend, key=True)
            return None
        return material_facts(self.shelf, material, self.findings)

    def _amount(self, path: tuple[str, ...], material: str, quantity: Quantity) -> float | None:
        facts = self._known(path, material)
        if facts is None:
            return None
        try:
            return facts.amount(quantity)
        except QuantityError as error:
            self._error(path, f"`{material}` is counted in {facts.unit}: {error.what}", error.mend)
            return None

    def _error(self, path: tuple[str, ...], what: str, mend: str = "", key: bool = False) -> None:
        position = self.shelf.key_at(*path) if key else self.shelf.value_at(*path)
        self.findings.error(position, what, mend)


def _choices(slots: tuple[RecipeSlot, ...]) -> Iterator[list[tuple[RecipeSlot, RecipeOption]]]:
    """Yield for each option a choice that uses it alone, the other slots at their first option."""
    first = [(slot, slot.options[0]) for slot in slots]
    yield first
    for place, slot in enumerate(slots):
        for option in slot.options[1:]:
            yield [*first[:place], (slot, option), *first[place + 1 :]]
