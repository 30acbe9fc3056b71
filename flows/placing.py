"""Plants in their parks: who owns them, what bounds them, and their recipes line by line."""

from __future__ import annotations

import numpy as np

from .account_tables import Caveat
from .accounts import label
from .blocks import ProfileUse
from .campaigns import campaign_terms, place_campaign
from .draft import Draft, Figures
from .load import stretches
from .park_schema import Mode, OnOff, Park, Plant
from .phrases import flow_phrases
from .plant_tables import Commitments, Plants, SlotLimits
from .problems import nearest
from .recipes import Recipe
from .tables import Floats, Ints, Label
from .units import Quantity, unit_dimension


def place_plants(draft: Draft, known: dict[str, Recipe]) -> None:
    """Write the companies and plants of every park."""
    for number, (park, block) in enumerate(draft.case.parks.items()):
        _companies(draft, number, park, block)
    for park, block in draft.case.parks.items():
        _park_plants(draft, park, block, known)
    if draft.plants.size == 0 and not draft.findings.has_errors:
        position = draft.case.key_at("parks")
        draft.findings.error(position, "no park has a plant", "add `plants: {…}` to a park")


def _companies(draft: Draft, number: int, park: str, block: Park) -> None:
    names = {name: label(name, text) for name, text in block.companies.items()}
    for name, text in (names or {park: label(park, block.name)}).items():
        draft.companies_of.setdefault(park, {})[name] = draft.companies.add(label=text, park=number)


def _company(draft: Draft, park: str, key: str, plant: Plant) -> int | None:
    path = ("parks", park, "plants", key)
    own = draft.companies_of[park]
    if plant.company is None and len(own) > 1:
        what = f"the company of plant `{key}` is missing"
        draft.findings.error(draft.case.key_at(*path), what, f"add `company:` with one of {', '.join(own)}")
        return None
    name = plant.company or next(iter(own))
    if name not in own:
        position = draft.case.value_at(*path, "company")
        draft.findings.error(position, f"unknown company `{name}` in park `{park}`", nearest(name, own))
        return None
    return draft.companies_of[park][name]


def _park_plants(draft: Draft, park: str, block: Park, known: dict[str, Recipe]) -> None:
    for key, plant in block.plants.items():
        path = ("parks", park, "plants", key)
        asked: dict[tuple[str, ...], str]
        if plant.modes is not None:
            asked = {(*path, "modes", name, "process"): mode.process for name, mode in plant.modes.items()}
        else:
            asked = {(*path, "process") if plant.process else path: plant.process or key}
            for number, step in enumerate(plant.load or ()):
                if step.process is not None:
                    asked[*path, "load", str(number), "process"] = step.process
        for where, process in asked.items():
            if process not in draft.case.processes:
                position = draft.case.key_at(*where) if where == path else draft.case.value_at(*where)
                mend = nearest(process, draft.case.processes)
                draft.findings.error(position, f"unknown process `{process}`", mend or "include its library")
        found = [recipe for process in asked.values() if (recipe := known.get(process)) is not None]
        company = _company(draft, park, key, plant)
        if len(found) < len(asked) or company is None:
            continue
        if plant.load is not None:
            _loaded(draft, path, plant, known, company)
        elif plant.modes is None:
            _plant(draft, path, key, plant, found[0], company)
        else:
            _modes(draft, path, plant, list(zip(plant.modes.items(), found, strict=True)), company)


def _plant(draft: Draft, path: tuple[str, ...], key: str, plant: Plant, recipe: Recipe, company: int) -> None:
    unit = draft.case.materials[recipe.reference].unit
    block = draft.case.processes[recipe.id]
    limits = _Run(draft, path, plant, unit)
    draft.runs_of[path[1], key] = [(draft.plants.size, 1.0, unit)]
    number = draft.plants.add(
        label=label(key, plant.name or block.name),
        process=label(recipe.id, block.name),
        company=company,
        reference=draft.material(recipe.reference),
        treatment=recipe.treatment,
        capacity=limits.capacity,
        lower=limits.lower,
        upper=limits.upper,
        variable_cost=_cost(draft, plant.variable_cost, unit, *path, "variable_cost"),
        fixed_cost=_cost(draft, plant.fixed_cost, unit, *path, "fixed_cost") * limits.paid_capacity(),
        origin=draft.origin_of(*path),
        lower_origin=limits.lower_origin,
        upper_origin=limits.upper_origin,
        ramp=limits.ramp(),
        ramp_origin=draft.origin_of(*path, "ramp"),
        share=limits.share,
        stated=limits.stated,
    )
    _recipe(draft, number, company, recipe, number)
    if plant.on_off is not None:
        _on_off(draft, (*path, "on_off"), plant.on_off, number, limits)


def _on_off(draft: Draft, path: tuple[str, ...], block: OnOff, plant: int, limits: _Run) -> None:
    """Write that a plant is either on or off."""
    if not np.isfinite(limits.capacity):
        what = "a plant of unlimited capacity cannot be on or off"
        draft.findings.error(draft.case.key_at(*path), what, "state its capacity")
        return
    times = {name: getattr(block, name) for name in ("min_up", "min_down")}
    years = {name: draft.number(time, "a", *path, name) or 0.0 for name, time in times.items() if time is not None}
    cost = block.start_cost
    draft.commitments.add(
        plant=plant,
        least=limits.available * block.min_load,
        start_cost=(draft.number(cost, draft.case.money, *path, "start_cost") or 0.0) if cost is not None else 0.0,
        min_up=years.get("min_up", 0.0),
        min_down=years.get("min_down", 0.0),
        origin=draft.origin_of(*path),
        least_origin=draft.origin_of(*path, "min_load"),
    )


def commitment_table(draft: Draft, durations: Floats) -> Commitments:
    """Return the table of plants that are on or off; least runs (T, n) are per period."""
    rows = draft.commitments
    return Commitments(
        plant=rows.ints("plant"),
        least=rows.amounts("least", durations),
        start_cost=rows.floats("start_cost"),
        min_up=rows.floats("min_up"),
        min_down=rows.floats("min_down"),
        origin=rows.ints("origin"),
        least_origin=rows.ints("least_origin"),
    )


def _modes(
    draft: Draft, path: tuple[str, ...], plant: Plant, modes: list[tuple[tuple[str, Mode], Recipe]], company: int
) -> None:
    """Write each mode as a plant of its own without bounds, and the capacity that they share as a unit."""
    case, key = draft.case, path[-1]
    units = [case.materials[recipe.reference].unit for _, recipe in modes]
    limits = _Run(draft, path, plant, units[0])
    (first, _), _ = modes[0]
    whole = label(key, plant.name) if plant.name else label(key, case.processes[modes[0][1].id].name)
    turns, where = None, (*path, "campaigns")
    if plant.campaigns is not None:  # then the capacity bounds the one mode that is on
        turns = campaign_terms(draft, where, plant.campaigns, whole, limits.capacity, limits.available)
    shared = draft.units.add(
        label=whole,
        park=list(case.parks).index(path[1]),
        unit=units[0],
        lower=limits.lower,
        upper=limits.upper if turns is None else limits.stated,
        lower_origin=limits.lower_origin,
        upper_origin=limits.upper_origin if turns is None else limits.stated_origin,
    )
    if plant.ramp is not None:
        what = f"plant `{key}` has modes, and a ramp holds for a single run"
        draft.findings.error(case.key_at(*path, "ramp"), what, "delete `ramp`, or write the modes as plants of a unit")
    leader = draft.plants.size
    for ((name, mode), recipe), unit in zip(modes, units, strict=True):
        where = (*path, "modes", name)
        takes = _takes(draft, mode, f"{units[0]}/{unit}", name == first, *where, "takes")
        cost, at = (mode.variable_cost, where) if mode.variable_cost is not None else (plant.variable_cost, path)
        origin = draft.origin_of(*where)
        text = label(name, mode.name or case.processes[recipe.id].name)
        number = draft.plants.add(
            label=Label(f"{key}.{name}", f"{whole.en}: {text.en}", f"{whole.zh}：{text.zh}"),
            process=label(recipe.id, case.processes[recipe.id].name),
            company=company,
            reference=draft.material(recipe.reference),
            treatment=recipe.treatment,
            capacity=limits.capacity / takes,
            lower=0.0,
            upper=np.inf if turns is None else limits.available / takes,
            variable_cost=_cost(draft, cost, unit, *at, "variable_cost"),
            fixed_cost=_cost(draft, plant.fixed_cost, units[0], *path, "fixed_cost") * limits.paid_capacity()
            if name == first
            else 0.0,
            origin=origin,
            lower_origin=origin,
            upper_origin=origin if turns is None else draft.origin_of(*path, "capacity"),
            ramp=np.inf,
            ramp_origin=origin,
            share=limits.share,
            stated=np.inf,
        )
        draft.unit_terms.add(unit=shared, plant=number, factor=takes)
        draft.runs_of.setdefault((path[1], key), []).append((number, takes, units[0]))
        if turns is not None:
            place_campaign(draft, turns, number, takes)
        _recipe(draft, number, company, recipe, leader)


def _loaded(draft: Draft, path: tuple[str, ...], plant: Plant, known: dict[str, Recipe], company: int) -> None:
    """Write each step of load as a plant of its own, as wide as the step, and what bounds them together as a unit."""
    base = known[plant.process or path[-1]]
    unit = draft.case.materials[base.reference].unit
    limits = _Run(draft, path, plant, unit)
    whole = label(path[-1], plant.name or draft.case.processes[base.id].name)
    if limits.capacity == float("inf"):
        what = "a plant of unlimited capacity has no steps of load"
        draft.findings.error(draft.case.key_at(*path, "load"), what, "state its capacity")
        return
    together = draft.units.add(
        label=whole,
        park=list(draft.case.parks).index(path[1]),
        unit=unit,
        lower=limits.lower,
        upper=limits.stated,
        lower_origin=limits.lower_origin,
        upper_origin=limits.stated_origin,
    )
    leader, before = draft.plants.size, -1
    for part in stretches(draft, path, plant, known, whole):
        own_cost = part.step.variable_cost is not None
        cost, at = (part.step.variable_cost, part.path) if own_cost else (plant.variable_cost, path)
        origin = draft.origin_of(*part.path)
        number = draft.plants.add(
            label=part.label,
            process=label(part.recipe.id, draft.case.processes[part.recipe.id].name),
            company=company,
            reference=draft.material(part.recipe.reference),
            treatment=part.recipe.treatment,
            capacity=limits.capacity,
            lower=0.0,
            upper=limits.available * part.width,
            variable_cost=_cost(draft, cost, unit, *at, "variable_cost"),
            fixed_cost=_cost(draft, plant.fixed_cost, unit, *path, "fixed_cost") * limits.paid_capacity()
            if before < 0
            else 0.0,
            origin=origin,
            lower_origin=origin,
            upper_origin=draft.origin_of(*path, "capacity") if part.step.to == 1 else draft.origin_of(*part.path, "to"),
            ramp=np.inf,
            ramp_origin=origin,
            share=limits.share,
            stated=np.inf,
        )
        draft.unit_terms.add(unit=together, plant=number, factor=1.0)
        draft.runs_of.setdefault((path[1], path[-1]), []).append((number, 1.0, unit))
        if before >= 0:
            draft.load_steps.add(earlier=before, later=number, whole=plant.ordered, origin=origin)
        _recipe(draft, number, company, part.recipe, leader)
        before = number


def _takes(draft: Draft, mode: Mode, unit: str, first: bool, *path: str) -> float:
    """Return the capacity that a reference unit of a mode takes."""
    if mode.takes is None:
        if not first and (problem := _not_alike(unit)):
            draft.findings.error(draft.case.key_at(*path[:-1]), problem, f"add e.g. `takes: 1 {unit}`")
        return 1.0
    takes = draft.number(mode.takes, unit, *path)
    if takes == 0:
        what = "a mode that takes no capacity would be unlimited"
        draft.findings.error(draft.case.value_at(*path), what, "state a figure above zero")
    elif first and takes is not None and takes != 1:
        what = f"the first mode takes 1, for capacity counts its reference unit, not `{mode.takes}`"
        draft.findings.error(draft.case.value_at(*path), what, "delete `takes` here and scale that of the other modes")
    return takes or 1.0


def _not_alike(unit: str) -> str:
    """Say that a mode is counted in another kind of unit than its plant's capacity, if it is."""
    capacity, mode = unit.split("/")
    if unit_dimension(capacity) == unit_dimension(mode):
        return ""
    return f"the capacity of the plant counts {capacity}, this mode counts {mode}"


def _cost(draft: Draft, cost: Quantity | None, unit: str, *path: str) -> float:
    return (draft.number(cost, f"{draft.case.money}/{unit}", *path) or 0.0) if cost else 0.0


def _recipe(draft: Draft, plant: int, company: int, recipe: Recipe, owner: int) -> None:
    """Write what a plant makes and uses; `owner` is the plant whose balances these are where it keeps to itself."""
    if recipe.closure.because:
        what = flow_phrases.tell(
            "closes", recipe=recipe.id, allowed=f"{recipe.closure.allowed:.3g}", because=recipe.closure.because
        )
        draft.caveats.append(Caveat(plant, what))
    for line in recipe.lines:
        origin = draft.origin(line.position, line.path)
        node = draft.node(company, owner, line.material, origin)
        draft.entries.add(plant=plant, node=node, amount=line.amount, origin=origin)
    for slot in recipe.slots:
        origin = draft.origin(slot.position, slot.path)
        number = draft.slots.add(id=slot.id, plant=plant, need=slot.need, unit=slot.unit, origin=origin)
        rows = []
        for option in slot.options:
            origin = draft.origin(option.position, option.path)
            row = draft.options.add(
                slot=number,
                node=draft.node(company, owner, option.material, origin),
                gives=option.gives,
                min_share=option.min_share,
                max_share=option.max_share,
                origin=origin,
                min_origin=_field_origin(draft, option.path, "min_share"),
                max_origin=_field_origin(draft, option.path, "max_share"),
            )
            rows.append(row)
            for line in option.lines:
                origin = draft.origin(line.position, line.path)
                node = draft.node(company, owner, line.material, origin)
                draft.option_entries.add(option=row, node=node, amount=line.amount, origin=origin)
        for limit in slot.limits:
            row = draft.limits.add(
                slot=number,
                substance=limit.substance,
                lower=-np.inf if limit.lower is None else limit.lower,
                upper=np.inf if limit.upper is None else limit.upper,
                origin=draft.origin(limit.position, limit.path),
            )
            for option_row, content, mass in zip(rows, limit.contents, limit.masses, strict=True):
                draft.limit_terms.add(limit=row, option=option_row, content=content, mass=mass)


def _field_origin(draft: Draft, path: str, name: str) -> int:
    parts = (*path.split("."), name)
    return draft.origin(draft.case.key_at(*parts), ".".join(parts))


def plant_table(draft: Draft, durations: Floats) -> Plants:
    """Return the table of plants; capacities and bounds (T, n) are per period."""
    rows = draft.plants
    return Plants(
        label=rows.texts("label"),
        process=rows.texts("process"),
        company=rows.ints("company"),
        reference=rows.ints("reference"),
        treatment=rows.bools("treatment"),
        capacity=rows.amounts("capacity", durations),
        lower=rows.amounts("lower", durations),
        upper=rows.amounts("upper", durations),
        variable_cost=rows.floats("variable_cost"),
        fixed_cost=rows.amounts("fixed_cost", durations),
        origin=rows.ints("origin"),
        lower_origin=rows.origins("lower_origin", len(durations)),
        upper_origin=rows.origins("upper_origin", len(durations)),
        ramp=rows.floats("ramp"),
        ramp_origin=rows.ints("ramp_origin"),
    )


def limit_table(draft: Draft) -> SlotLimits:
    """Return the composition limits of slots with their terms."""
    rows, terms = draft.limits, draft.limit_terms
    return SlotLimits(
        slot=rows.ints("slot"),
        substance=rows.texts("substance"),
        lower=rows.floats("lower"),
        upper=rows.floats("upper"),
        origin=rows.ints("origin"),
        term_limit=terms.ints("limit"),
        term_option=terms.ints("option"),
        term_content=terms.floats("content"),
        term_mass=terms.floats("mass"),
    )


class _Run:
    """Bounds on what a plant does, per year, with the line that causes each. They may differ between periods."""

    def __init__(self, draft: Draft, path: tuple[str, ...], plant: Plant, unit: str) -> None:
        self.draft, self.path, self.plant, self.unit = draft, path, plant, unit
        rate = f"{unit}/a"
        self.capacity = self._capacity(plant.capacity, rate)
        self.share = self._share()
        self.available = self._available()
        uppers: list[tuple[Figures, int]] = [(self.available, self._at("capacity"))]
        lowers: list[tuple[Figures, int]] = [(0.0, self._at())]
        if plant.min_load:
            lowers.append((self._least(plant.min_load), self._at("min_load")))
        if plant.run is not None and plant.run.min is not None:
            lowers.append((self._rate(plant.run.min, rate, "run", "min"), self._at("run", "min")))
        if plant.run is not None and plant.run.max is not None:
            uppers.append((self._rate(plant.run.max, rate, "run", "max"), self._at("run", "max")))
        if plant.fix is not None:
            fixed = (self._rate(plant.fix, rate, "fix"), self._at("fix"))
            lowers, uppers = [*lowers, fixed], [*uppers, fixed]
        self.stated, self.stated_origin = self._tightest(uppers[1:] or [(float("inf"), self._at("capacity"))], 1)
        self.lower, self.lower_origin = self._tightest(lowers, -1)
        self.upper, self.upper_origin = self._tightest(uppers, 1)
        if plant.build is None:  # what is built may lift the upper bound
            self._check()

    def paid_capacity(self) -> float:
        """Return the capacity that fixed cost is paid for."""
        if self.plant.fixed_cost is not None and self.capacity == float("inf"):
            position = self.draft.case.value_at(*self.path, "fixed_cost")
            what = "a plant of unlimited capacity cannot have a fixed cost"
            self.draft.findings.error(position, what, "state its capacity, or use `variable_cost`")
        return self.capacity if self.plant.fixed_cost is not None else 0.0

    def ramp(self) -> float:
        """Return the largest change of the run, share of capacity per year; inf where none is stated."""
        if self.plant.ramp is None:
            return float("inf")
        if self.capacity == float("inf"):
            position = self.draft.case.value_at(*self.path, "ramp")
            what = "a plant of unlimited capacity cannot have a ramp"
            self.draft.findings.error(position, what, "state its capacity")
        found = self.draft.number(self.plant.ramp, "1/a", *self.path, "ramp")
        return float("inf") if found is None else found

    def _at(self, *where: str) -> int:
        return self.draft.origin_of(*self.path, *where)

    def _capacity(self, limit: Quantity | str, unit: str) -> float:
        if isinstance(limit, str):
            return float("inf")
        return self.draft.number(limit, unit, *self.path, "capacity") or 0.0

    def _rate(self, limit: Quantity | list[Quantity] | ProfileUse, unit: str, *where: str) -> Figures:
        found = self.draft.series(limit, unit, *self.path, *where, least=0.0)
        return 0.0 if found is None else found

    def _share(self) -> Figures:
        """Return availability · (1 − maintenance / 365 d), the share of the capacity that can run."""
        found = self.draft.series(self.plant.availability, "1", *self.path, "availability", least=0.0, most=1.0)
        return (1.0 if found is None else found) * (1 - self._maintenance())

    def _available(self) -> Figures:
        """Return the capacity that can run, per year."""
        share = self.share
        if isinstance(share, float):
            return self.capacity * share if share else 0.0
        return np.multiply(self.capacity, share, out=np.zeros_like(share), where=share > 0)

    def _maintenance(self) -> float:
        """Return the share of the year in which the plant is down."""
        if self.plant.maintenance is None:
            return 0.0
        years = self.draft.number(self.plant.maintenance, "a", *self.path, "maintenance") or 0.0
        if years > 1:
            position = self.draft.case.value_at(*self.path, "maintenance")
            what = f"`{self.plant.maintenance}` is more than a year"
            self.draft.findings.error(position, what, "maintenance is the time per year in which the plant is down")
        return min(years, 1.0)

    def _least(self, share: float) -> Figures:
        if self.capacity == float("inf"):
            position = self.draft.case.value_at(*self.path, "min_load")
            what = "a plant of unlimited capacity cannot have a minimum load"
            self.draft.findings.error(position, what, "state its capacity, or use `run: {min: …}`")
            return 0.0
        return self.available * share

    def _tightest(self, bounds: list[tuple[Figures, int]], sign: int) -> tuple[Figures, int | Ints]:
        """Return the least (sign 1) or largest (sign −1) of some bounds, period by period, and where it stands."""
        if not any(isinstance(bound, np.ndarray) for bound, _ in bounds):
            return min(bounds, key=lambda bound: sign * bound[0])
        periods = len(self.draft.periods.id)
        table = np.stack([np.broadcast_to(np.asarray(bound, float), (periods,)) for bound, _ in bounds])
        which = np.argmin(sign * table, axis=0)
        origin = np.array([row for _, row in bounds], np.int32)[which]
        value = np.take_along_axis(table, which[None, :], axis=0)[0]
        return value, int(origin[0]) if (origin == origin[0]).all() else origin

    def _check(self) -> None:
        """The least run must not exceed the largest, in any period."""
        lower, upper = np.broadcast_arrays(self.lower, self.upper)
        wrong = np.flatnonzero(lower > upper * (1 + 1e-9))
        if not len(wrong):
            return
        at = int(wrong[0])
        rows = (int(np.broadcast_to(row, lower.shape or (1,))[at]) for row in (self.lower_origin, self.upper_origin))
        low, high = (self.draft.origins[row] for row in rows)
        when = f" in period `{self.draft.periods.id[at]}`" if lower.ndim else ""
        what = (
            f"plant `{self.path[-1]}` must run at least {lower.flat[at]:.6g} {self.unit}/a "
            f"but can run at most {upper.flat[at]:.6g} {self.unit}/a{when} "
            f"({high.path.rsplit('.', 1)[-1]} at {high.position})"
        )
        self.draft.findings.error(low.position, what, "mend one of the two lines")
