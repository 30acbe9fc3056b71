"""Policies as tables: what is bounded or priced, for whom, when, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise

from .account_tables import Banks, Growths, Policies, Rungs
from .accounts import BUILT_IN, AccountWriter
from .continuity import ContinuityWriter
from .counted import Counted
from .draft import Draft, Rows
from .problems import nearest
from .schema import Policy
from .tables import Periods
from .units import Quantity, bracketed

INF = float("inf")


def policy_tables(draft: Draft, written: AccountWriter, periods: Periods) -> tuple[Policies, Rungs, Banks, Growths]:
    """Return the policies of a case, their price steps, banks and limits of growth; findings take what is wrong."""
    return _Writer(draft, written, periods).write()


class _Writer:
    """The tables while they are written."""

    def __init__(self, draft: Draft, written: AccountWriter, periods: Periods) -> None:
        self.draft, self.case, self.findings = draft, draft.case, draft.findings
        self.written, self.periods = written, periods
        self.indicators = list(written.of_indicator)
        self.rows, self.rungs = Rows(), Rows()
        self.continuity = ContinuityWriter(draft, self._number)

    def write(self) -> tuple[Policies, Rungs, Banks, Growths]:
        for name, policy in self.case.policies.items():
            counted = self._counted(name, policy)
            if counted is not None:
                self._policy(name, policy, counted)
        self._refuse_contradictions()
        rows, n = self.rows, self.rows.size
        covered = {
            "park": list(self.case.parks),
            "company": self.draft.companies.columns.get("label", []),
            "period": self.periods.id,
        }
        bools = {key: rows.bools(key).reshape(n, len(members)) for key, members in covered.items()}
        policies = Policies(
            id=rows.texts("id"),
            indicator=rows.ints("indicator"),
            **bools,
            lower=rows.floats("lower"),
            upper=rows.floats("upper"),
            price=rows.floats("price"),
            origin=rows.ints("origin"),
            account=rows.ints("account"),
            per=rows.ints("per"),
            unit=rows.texts("unit"),
            ratio_unit=rows.texts("ratio_unit"),
            scale=rows.floats("scale"),
            each=rows.bools("each"),
            shortage=rows.floats("shortage"),
            surplus=rows.floats("surplus"),
            free=rows.floats("free"),
        )
        return policies, self.rungs.table(Rungs), *self.continuity.tables()

    def _counted(self, name: str, policy: Policy) -> Counted | None:
        if policy.indicator is None:
            return self.written.of_policy.get(name)
        if policy.indicator not in self.written.of_indicator:
            position = self.case.value_at("policies", name, "indicator")
            hint = nearest(policy.indicator, self.indicators)
            self.findings.error(position, f"unknown indicator `{policy.indicator}`", hint)
            return None
        return self.written.of_indicator[policy.indicator]

    def _policy(self, name: str, policy: Policy, counted: Counted) -> None:
        path = ("policies", name)
        ratio = counted.per >= 0
        parks = self._members(policy.parks, list(self.case.parks), "park", (*path, "parks"))
        companies = self._companies(policy, parks, path)
        times = self._members(policy.periods, self.periods.id, "period", (*path, "periods"))
        years = float(self.periods.weight @ (self.periods.duration * times))
        bounds = self._bounds(name, policy, counted, path)
        length = 1.0 if ratio else years
        price, steps = self._prices(policy, counted, path)
        row = self.rows.add(
            id=name,
            indicator=-1 if policy.indicator is None else self.indicators.index(policy.indicator),
            park=parks,
            company=companies,
            period=times,
            lower=bounds[0] * length,
            upper=bounds[1] * length,
            price=price,
            origin=self.draft.origin_of(*path),
            account=-1 if policy.indicator is not None else counted.account,
            per=-1 if policy.indicator is not None else counted.per,
            unit=counted.unit,
            ratio_unit=counted.ratio_unit,
            scale=counted.scale,
            each=policy.each_period and (not self._is_one_period() or policy.bank is not None),
            shortage=self._money(policy.shortage, counted, (*path, "shortage"), INF),
            surplus=self._money(policy.surplus, counted, (*path, "surplus"), INF),
            free=0.0 if ratio else self._number(policy.free, f"{counted.unit}/a", (*path, "free"), 0.0),
        )
        for rung in steps:
            self.rungs.add(policy=row, **rung)
        self.continuity.growth(row, name, policy, ratio, times)
        if steps:
            self.continuity.bank(row, name, policy, counted.unit, self.rows.columns["free"][row], times)

    def _is_one_period(self) -> bool:
        """All periods together are each of them; payments over all of them are then payments in each."""
        return len(self.periods.id) == 1 and float(self.periods.weight[0]) == 1.0

    def _members(
        self, chosen: Iterable[str] | None, known: Iterable[str], word: str, path: tuple[str, ...]
    ) -> list[bool]:
        """Tell which of the known names are chosen; None chooses all."""
        known = list(known)
        for name in chosen or ():
            if name not in known:
                self.findings.error(self.case.value_at(*path), f"unknown {word} `{name}`", nearest(name, known))
        return [chosen is None or name in chosen for name in known]

    def _companies(self, policy: Policy, parks: list[bool], path: tuple[str, ...]) -> list[bool]:
        rows = self.draft.companies.columns
        names = [label.id for label in rows.get("label", ())]
        mine = [parks[park] for park in rows.get("park", ())]
        known = list(dict.fromkeys(name for name, covered in zip(names, mine, strict=True) if covered))
        self._members(policy.companies, known, "company", (*path, "companies"))
        return [policy.companies is None or name in policy.companies for name in names]

    def _bounds(self, name: str, policy: Policy, counted: Counted, path: tuple[str, ...]) -> tuple[float, float]:
        """Return the least and the largest value: per time, or of a ratio as it is."""
        unit = counted.ratio_unit if counted.per >= 0 else f"{counted.unit}/a"
        lower = self._number(policy.min, unit, (*path, "min"), -INF)
        upper = self._number(policy.max, unit, (*path, "max"), INF)
        if lower > upper:
            what = f"policy `{name}` asks for at least `{policy.min}` and at most `{policy.max}`"
            self.findings.error(self.case.value_at(*path, "min"), what, "mend one of the two bounds")
        return lower, upper

    def _prices(
        self, policy: Policy, counted: Counted, path: tuple[str, ...]
    ) -> tuple[float, list[Mapping[str, float]]]:
        """Return a plain price, or price steps where the payment is not price times what exceeds the allowance."""
        key = "price" if policy.price is not None else "steps"
        if policy.price is None and policy.steps is None:
            return 0.0, []
        if counted.per >= 0:
            what = "a ratio cannot be priced"
            self.findings.error(self.case.value_at(*path, key), what, "give the policy `min` or `max`")
            return 0.0, []
        if policy.indicator in BUILT_IN:
            what = f"`{policy.indicator}` is money and cannot be priced"
            self.findings.error(self.case.value_at(*path, key), what, "price an indicator such as co2")
            return 0.0, []
        sells = policy.sell is not False
        if policy.price is not None:
            price = self._money(policy.price, counted, (*path, "price"), 0.0)
            if sells and policy.bank is None:
                return price, []
            self._refuse_negative(price, policy.price, (*path, "price"))
            step = {"price": price, "upper": INF, "lower": 0.0, "origin": self.draft.origin_of(*path)}
            return 0.0, _selling([step], policy) if sells else [step]
        steps = self._steps(policy, counted, path)
        return 0.0, _selling(steps, policy) if sells else steps

    def _steps(self, policy: Policy, counted: Counted, path: tuple[str, ...]) -> list[Mapping[str, float]]:
        found: list[Mapping[str, float]] = []
        for number, step in enumerate(policy.steps or ()):
            where = (*path, "steps", str(number))
            price = self._money(step.price, counted, (*where, "price"), 0.0)
            self._refuse_negative(price, step.price, (*where, "price"))
            size = None if isinstance(step.max, str) else step.max
            upper = self._number(size, f"{counted.unit}/a", (*where, "max"), INF)
            found.append({"price": price, "upper": upper, "lower": 0.0, "origin": self.draft.origin_of(*where)})
        for number, (before, after) in enumerate(pairwise(found), start=1):
            if after["price"] < before["price"]:
                position = self.case.value_at(*path, "steps", str(number))
                mend = "put the steps in order; a linear program would take the cheaper one first"
                self.findings.error(position, "the prices of a policy must rise from step to step", mend)
        if found and found[-1]["upper"] < INF:
            position = self.case.value_at(*path, "steps", str(len(found) - 1))
            what = "the last step of a policy has no end: it is the price of all that is left"
            self.findings.error(position, what, "delete its `max`, or bound the indicator by a policy with `max`")
        return found

    def _refuse_negative(self, price: float, written: Quantity, path: tuple[str, ...]) -> None:
        if price < 0:
            what = f"a price by steps, with a bank, or one that sells nothing back, cannot be negative: `{written}`"
            self.findings.error(self.case.value_at(*path), what, "a plain `price` may be")

    def _money(self, quantity: Quantity | None, counted: Counted, path: tuple[str, ...], none: float) -> float:
        return self._number(quantity, f"{self.case.money}/{bracketed(counted.unit)}", path, none)

    def _number(self, quantity: Quantity | None, unit: str, path: tuple[str, ...], none: float) -> float:
        if quantity is None:
            return none
        money = self.case.money
        value = self.draft.number(quantity, "1" if unit == f"{money}/{money}" else unit, *path)
        return none if value is None else value

    def _refuse_contradictions(self) -> None:
        """Two hard bounds that no plan can keep, on the same thing, for the same parks, companies and periods."""
        rows = self.rows.columns
        for one, other in combinations(range(self.rows.size), 2):
            same = ("indicator", "park", "company", "period")
            if rows["indicator"][one] < 0 or any(rows[key][one] != rows[key][other] for key in same):
                continue
            for low, high in ((one, other), (other, one)):
                hard = rows["shortage"][low] == INF and rows["surplus"][high] == INF
                if hard and rows["lower"][low] > rows["upper"][high]:
                    least, most = rows["id"][low], rows["id"][high]
                    written = self.case.policies
                    place = self.case.value_at("policies", most, "max")
                    what = (
                        f"policy `{least}` asks for at least `{written[least].min}`, but policy `{most}` "
                        f"for at most `{written[most].max}` ({place})"
                    )
                    mend = "mend one of the two bounds, or make one soft with `shortage` or `surplus`"
                    self.findings.error(self.case.value_at("policies", least, "min"), what, mend)


def _selling(steps: list[Mapping[str, float]], policy: Policy) -> list[Mapping[str, float]]:
    """Let what is left be sold at the first price: by the first step, or beside it where what is kept expires."""
    first, *rest = steps
    if policy.bank is None or policy.bank.expires is None:
        return [{**first, "lower": -INF}, *rest]
    return [*steps, {**first, "upper": 0.0, "lower": -INF}]
