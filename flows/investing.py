"""New capacity that may be built, and old capacity that goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .draft import Draft, Rows
from .lanes import check_additions
from .park_schema import Build, Plant, Retire
from .plant_tables import Plants
from .problems import nearest
from .standing import Budgets, Builds, Capacities, CapacityKind, Retirements
from .tables import Bools, Floats, Label, Periods
from .units import Quantity, QuantityError

Path = tuple[str, ...]


def retire(draft: Draft, plants: Plants, periods: Periods) -> Plants:
    """Take away the existing capacity of plants from the period of `retire_by` on."""
    kept = np.ones(plants.upper.shape)
    for path, plant, row in _plants(draft):
        if plant.retire_by is None:
            continue
        name = str(plant.retire_by)
        if name not in periods.id:
            position = draft.case.value_at(*path, "retire_by")
            draft.findings.error(position, f"there is no period `{name}`", nearest(name, periods.id))
        elif plant.has_parts or plant.on_off is not None or not np.isfinite(plants.capacity[0, row]):
            what = "`retire_by` needs a stated capacity, and a plant without `modes`, `load` and `on_off`"
            draft.findings.error(draft.case.value_at(*path, "retire_by"), what, "mend the plant or delete `retire_by`")
        else:
            kept[periods.id.index(name) :, row] = 0.0
    gone = kept == 0
    return replace(
        plants,
        capacity=np.where(gone, 0.0, plants.capacity),
        upper=np.where(gone, 0.0, plants.upper),
        lower=np.where(gone & _by_load(draft, plants), 0.0, plants.lower),
        fixed_cost=plants.fixed_cost * kept,
    )


def _by_load(draft: Draft, plants: Plants) -> Bools:
    """Mark plants, (n,) or (T, n), whose least run is their minimum load; one that is stated as a run stays."""
    by_load = np.array([origin.path.endswith(".min_load") for origin in draft.origins], bool)
    found: Bools = by_load[plants.lower_origin]
    return found


def _plants(draft: Draft) -> list[tuple[Path, Plant, int]]:
    return [
        (("parks", park, "plants", key), plant, draft.runs_of[park, key][0][0])
        for park, block in draft.case.parks.items()
        for key, plant in block.plants.items()
        if (park, key) in draft.runs_of
    ]


@dataclass
class Changing:
    """The tables of capacities that change, while they are written."""

    draft: Draft
    periods: Periods
    accounts: dict[str, int]
    """account of each indicator that is no ratio"""
    capacities: Rows
    payers: Rows
    builds: Rows
    retirements: Rows
    additions: Rows

    @classmethod
    def of(cls, draft: Draft, periods: Periods, accounts: dict[str, int]) -> Changing:
        """Return empty tables."""
        return cls(draft, periods, accounts, *(Rows() for _ in range(5)))

    @property
    def length(self) -> Floats:
        """Length of all occurrences of each period, (T,) a."""
        return self.periods.duration * self.periods.weight

    def capacity(
        self, kind: CapacityKind, thing: int, label: Label, park: int, company: int, unit: str,
        nameplate: Floats | float, yields: Floats, payers: Iterable[int], origin: int,
    ) -> int:  # fmt: skip
        """Write a capacity: what stands of it (T,), and the companies that share its cost evenly."""
        stands = np.broadcast_to(np.asarray(nameplate, float), yields.shape)
        row = self.capacities.add(
            kind=int(kind), thing=thing, label=label, park=park, company=company, unit=unit,
            nameplate=stands, yields=yields, existing=stands * yields, origin=origin,
        )  # fmt: skip
        companies = sorted(set(payers))
        for payer in companies:
            self.payers.add(capacity=row, company=payer, share=1.0 / len(companies))
        return row

    def build(self, capacity: int, build: Build, unit: str, fixed: float, path: Path) -> None:
        """Write that a capacity, counted in a unit, may be built; `fixed` is its other cost, money per unit and a."""
        draft, money = self.draft, self.draft.case.money
        per = f"{money}·a/{unit.removesuffix('/a')}" if unit.endswith("/a") else f"{money}/{unit}"
        cost = _figure(draft, build.cost, per, *path, "cost")
        cash = draft.case.head.investment.method == "cash"
        most, step = _figure(draft, build.max, unit, *path, "max"), self._step(build.step, unit, *path, "step")
        if step > most * (1 + 1e-9):
            what = f"one step of `{build.step}` is more than the largest new capacity, `{build.max}`"
            draft.findings.error(draft.case.value_at(*path, "step"), what, "raise `max` or lower `step`")
        pace = np.inf if build.pace is None else _figure(draft, build.pace, f"{unit}/a", *path, "pace")
        self.builds.add(
            capacity=capacity,
            stands=self._stands(build, path),
            cost=cost,
            at_once=cost if cash else 0.0,
            yearly=fixed + (0.0 if cash else cost * self._annuity(build, path)),
            most=most,
            pace=pace * self.length,
            step=step,
            **{name: draft.origin_of(*path, *word) for name, word in (
                ("origin", ()), ("most_origin", ("max",)), ("pace_origin", ("pace",)), ("step_origin", ("step",)),
            )},
        )  # fmt: skip

    def retire(self, capacity: int, retire: Retire, reference: str, fixed: float, path: Path) -> None:
        """Write that the existing capacity of a plant may be closed; `fixed` is its cost, money per unit and a."""
        draft = self.draft
        stands = self.capacities.columns["nameplate"][capacity]
        most, step = float(stands[0]), self._step(retire.step, f"{reference}/a", *path, "step")
        if step > 0 and abs(most / step - round(most / step)) > 1e-6:
            what = f"the capacity is {most / step:.6g} steps of `{retire.step}`, and only whole ones can be closed"
            draft.findings.error(draft.case.value_at(*path, "step"), what, "state a step that divides the capacity")
        cost = retire.cost
        per = f"{draft.case.money}·a/{reference}"
        self.retirements.add(
            capacity=capacity,
            kept=stands > 0,
            cost=0.0 if cost is None else _figure(draft, cost, per, *path, "cost"),
            saved=fixed,
            most=most,
            step=step,
            origin=draft.origin_of(*path),
            step_origin=draft.origin_of(*path, "step"),
        )

    def add(self, capacity: int, adds: Mapping[str, Quantity], reference: str, path: Path) -> None:
        """Write what a standing capacity adds to indicators, per unit and year."""
        draft = self.draft
        check_additions(draft, list(adds), path)
        for name, quantity in adds.items():
            indicator = draft.case.indicators.get(name)
            if indicator is None or indicator.unit is None or name not in self.accounts:
                continue
            try:
                value = quantity.to(f"{indicator.unit}/{reference}")
            except QuantityError as error:
                what = f"{error.what}: what stands adds to `{name}` as long as it stands"
                mend = f"count the indicator over time, e.g. `unit: ha*a` for `0.3 ha/(kt/a)`; {error.mend}"
                draft.findings.error(draft.case.value_at(*path, name), what, mend)
                continue
            self.additions.add(capacity=capacity, account=self.accounts[name], value=value)

    def _step(self, step: Quantity | None, unit: str, *path: str) -> float:
        if step is None:
            return 0.0
        found = _figure(self.draft, step, unit, *path)
        if step.value == 0:
            what = "a step of nothing changes nothing"
            self.draft.findings.error(self.draft.case.value_at(*path), what, "write e.g. `50 kt/a`, or delete it")
        return found

    def _stands(self, build: Build, path: Path) -> Bools:
        """Return in which periods t a capacity built in period v stands: [v, t]."""
        draft = self.draft
        lead = _figure(draft, build.lead_time, "a", *path, "lead_time") if build.lead_time is not None else 0.0
        life = _figure(draft, build.lifetime, "a", *path, "lifetime")
        if life == 0:
            what = "a capacity without lifetime never runs"
            draft.findings.error(draft.case.value_at(*path, "lifetime"), what, "write e.g. `20 a`")
        begin = np.cumsum(self.length) - self.length
        age = begin[None, :] - begin[:, None] - lead
        return (age > -1e-9) & (age < life - 1e-9)

    def _annuity(self, build: Build, path: Path) -> float:
        """Return the part of the cost that each year bears, 1/a: rate / (1 − (1 + rate)^−lifetime)."""
        draft = self.draft
        rate = build.rate if build.rate is not None else draft.case.head.investment.rate
        if rate is None:
            what = "the interest rate of the annuity is missing"
            draft.findings.error(draft.case.key_at(*path), what, "add `rate: 6 %` here or under `investment`")
            return 0.0
        life = _figure(draft, build.lifetime, "a", *path, "lifetime") or 1.0
        return rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life

    def retirement_table(self) -> Retirements:
        """Return what may be closed."""
        rows = self.retirements
        kept = np.array(rows.texts("kept"), bool).reshape(-1, len(self.length)).T
        figures = {key: rows.floats(key) for key in ("cost", "saved", "most", "step")}
        return Retirements(
            rows.ints("capacity"), kept, **figures, origin=rows.ints("origin"), step_origin=rows.ints("step_origin")
        )

    def tables(self, account: int) -> tuple[Capacities, Builds, Budgets]:
        """Return the tables; `account` is the one that counts the capital that is spent, or -1."""
        capacities, payers, builds, periods = self.capacities, self.payers, self.builds, len(self.length)
        stands = np.array(builds.texts("stands"), bool).reshape(-1, periods, periods).transpose(1, 2, 0)
        return (
            Capacities(
                kind=capacities.ints("kind"),
                thing=capacities.ints("thing"),
                label=capacities.texts("label"),
                park=capacities.ints("park"),
                company=capacities.ints("company"),
                unit=capacities.texts("unit"),
                nameplate=capacities.series("nameplate", periods),
                yields=capacities.series("yields", periods),
                existing=capacities.series("existing", periods),
                existing_origin=capacities.ints("origin"),
                payer_capacity=payers.ints("capacity"),
                payer_company=payers.ints("company"),
                payer_share=payers.floats("share"),
                add_capacity=self.additions.ints("capacity"),
                add_account=self.additions.ints("account"),
                add_value=self.additions.floats("value"),
            ),
            Builds(
                capacity=builds.ints("capacity"),
                stands=stands,
                cost=builds.floats("cost"),
                at_once=builds.floats("at_once"),
                yearly=builds.floats("yearly"),
                most=builds.floats("most"),
                pace=builds.series("pace", periods),
                step=builds.floats("step"),
                origin=builds.ints("origin"),
                most_origin=builds.ints("most_origin"),
                pace_origin=builds.ints("pace_origin"),
                step_origin=builds.ints("step_origin"),
                account=account,
            ),
            _budgets(self.draft, self.length),
        )


def change_plants(changing: Changing, plants: Plants) -> Plants:
    """Write the plants that may be built or closed, and return them without the upper bounds that this moves."""
    draft, duration = changing.draft, changing.periods.duration
    share, stated = (draft.plants.series(key, len(duration)) for key in ("share", "stated"))
    upper = plants.upper.copy()
    for path, plant, row in _plants(draft):
        changes = {word: block for word in ("build", "retire") if (block := getattr(plant, word)) is not None}
        if not changes and not plant.adds:
            continue
        if not isinstance(plant.capacity, Quantity):
            word = next(iter(changes), "adds")
            what = f"a plant of unlimited capacity has nothing to {'count' if word == 'adds' else word}"
            draft.findings.error(draft.case.key_at(*path, word), what, "state the capacity that stands, e.g. `0 t/a`")
            continue
        reference = draft.runs_of[path[1], path[3]][0][2]
        company = int(plants.company[row])
        stands = _figure(draft, plant.capacity, f"{reference}/a", *path, "capacity") * (plants.capacity[:, row] > 0)
        capacity = changing.capacity(
            CapacityKind.PLANT, row, plants.label[row], list(draft.case.parks).index(path[1]), company,
            f"{reference}/a", np.asarray(stands, float), share[:, row] * duration, [company],
            draft.origin_of(*path, "capacity"),
        )  # fmt: skip
        fixed, yearly = plant.fixed_cost, 0.0
        if fixed is not None:
            yearly = _figure(draft, fixed, f"{draft.case.money}/{reference}", *path, "fixed_cost")
        if plant.build is not None:
            changing.build(capacity, plant.build, f"{reference}/a", yearly, (*path, "build"))
        if plant.retire is not None:
            changing.retire(capacity, plant.retire, reference, yearly, (*path, "retire"))
        changing.add(capacity, plant.adds, reference, (*path, "adds"))
        if changes:
            upper[:, row] = stated[:, row] * duration
    return replace(plants, upper=upper)


def _budgets(draft: Draft, length: Floats) -> Budgets:
    """Return the budget of the case and those of its parks."""
    rows, unit = Rows(), f"{draft.case.money}/a"
    stated: list[tuple[int, Quantity | None, Path]] = [
        (-1, draft.case.head.investment.budget, ("investment", "budget"))
    ]
    for number, (park, block) in enumerate(draft.case.parks.items()):
        budget = block.investment.budget if block.investment is not None else None
        stated.append((number, budget, ("parks", park, "investment", "budget")))
    for park_number, budget, path in stated:
        if budget is not None:
            most = _figure(draft, budget, unit, *path) * length
            rows.add(park=park_number, most=most, origin=draft.origin_of(*path))
    return Budgets(rows.ints("park"), rows.series("most", len(length)), rows.ints("origin"))


def _figure(draft: Draft, quantity: Quantity | str, unit: str, *path: str) -> float:
    return float("inf") if isinstance(quantity, str) else (draft.number(quantity, unit, *path) or 0.0)
