"""An answer that can be asked for any quantity by its name, and for the range of it over all equally good answers.

Names of quantities: `objective`; `indicators.NAME`; `totals.FATE.MATERIAL`, over all parks and periods; `flows.NAME`,
the amount of one plant, offer, exchange or shipment over all periods, e.g. `flows.run loop.boiler`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..flows.network import Network
from ..flows.problems import nearest
from ..flows.tables import Floats
from ..models.indicator import company_values, linear_accounts, park_values, whole_values
from ..reports.amounts import NamedAmount, amounts
from ..reports.flows import FATES, FlowTable, flow_table
from ..reports.result import Measure, Result, make_result
from ..solver.alternatives import Amount, End, NearOptimum
from ..solver.solution import SolveOptions

MOST_FREE, MOST_FIGURES = 200, 20_000_000
"""columns that differ between optimal answers up to which ranges are looked for, and figures that this may take"""
ROUNDING = 1e-9
"""part of the largest figure of the same unit below which a difference is rounding, 1"""
SCALED_ROUNDING = 1e-7
"""part of one scaled unit of the program below which a difference is rounding, 1"""


class UnknownQuantityError(Exception):
    """No quantity of the case has this name; the arguments are what and mend."""


@dataclass(frozen=True)
class Range:
    """What a quantity can be in the answers that are as good as the one found."""

    least: float
    most: float

    @property
    def is_point(self) -> bool:
        """It is the same in all of them, up to a relative 1e-6."""
        return self.most - self.least <= 1e-6 * max(abs(self.least), abs(self.most), 1e-12)


def amount_name(it: NamedAmount) -> str:
    """Name an amount as an expectation does: `run loop.boiler`, `exchanged loop.co2 power to chemistry`."""
    return f"{it.kind} {it.name.replace(': ', ' ').replace(' → ', ' to ')}"


class Answer:
    """One scenario answered, on a live solver, as a context manager. Raises SolverError where HiGHS refuses it."""

    def __init__(self, network: Network, options: SolveOptions | None = None) -> None:
        self.network = network
        self._near = NearOptimum(network, options)
        self._tables: dict[int, FlowTable] = {}
        self._booked: dict[int, Floats] = {}
        near = self._near
        self.result: Result = make_result(network, near.program, near.solution, near.certificate, None, {}, near.stages)

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._near.__exit__(*exception)

    @property
    def is_integer(self) -> bool:
        """Some choices are whole numbers."""
        return self._near.program.is_integer

    @property
    def names(self) -> list[str]:
        """Every quantity that has a figure, totals that are nothing aside."""
        return [
            "objective",
            *(f"indicators.{name}" for name in self.result.indicators),
            *self._totals,
            *self.flow_names,
        ]

    @property
    def flow_names(self) -> list[str]:
        """The quantities `flows.…`."""
        return [f"flows.{name}" for name in self._amounts]

    @property
    def binding(self) -> list[str]:
        """The policies that bind, sorted."""
        return sorted({policy.name for policy in self.result.policies if policy.binds})

    def measure(self, name: str) -> Measure:
        """Return the figure of a quantity. Raises UnknownQuantityError."""
        kind, _, rest = name.partition(".")
        if name == "objective":
            return self.result.goal
        if kind == "indicators" and rest in self.result.indicators:
            return self.result.indicators[rest]
        if kind == "totals":
            fate, material = self._total_of(rest)
            return Measure(self._total(self._x, fate, material), self.network.materials.unit[material])
        if kind == "flows" and rest in self._amounts:
            it = self._amounts[rest]
            return Measure(it.amount.of(self._x), it.unit)
        known = self.flow_names if kind == "flows" else self.names
        raise UnknownQuantityError(f"the case has no `{rest or name}`", nearest(name, known))

    def rounding(self, unit: str) -> float:
        """Return what is no more than rounding in a unit: of the largest figure, or of a scaled unit."""
        goal, program = self.network.goal.unit, self._near.program
        one = {goal: program.objective_scale, "1": 1.0}.get(unit, program.flow_scale)
        return max(ROUNDING * self._largest.get(unit, 0.0), SCALED_ROUNDING * one)

    def range(self, name: str) -> Range | None:
        """Return the least and the most of a quantity at the optimum; None where that is not known, or a ratio."""
        kind, _, rest = name.partition(".")
        if kind == "objective":
            return None
        if kind == "flows":
            return self._linear(self._amounts[rest].amount.of)
        if kind == "totals":
            fate, material = self._total_of(rest)
            return self._linear(lambda x: self._total(x, fate, material))
        row = [text.id for text in self.network.indicators.label].index(rest)
        table = self.network.indicators
        if int(table.per[row]) >= 0:
            return None
        return self._linear(lambda x: float(self._account_values(x)[table.account[row]]))

    def reaches(self, name: str, low: float, high: float) -> bool | None:
        """Tell whether a ratio lies between two values in some answer as good as this; None where nobody knows.

        A ratio is continuous over these answers, and they have no gaps: it takes a value between wherever
        of − low·per can be positive and of − high·per negative (per > 0).
        """
        table = self.network.indicators
        row = [text.id for text in table.label].index(name.partition(".")[2])
        of, per = int(table.account[row]), int(table.per[row])
        scale = float(table.scale[row]) if len(table.scale) else 1.0
        ranges = []
        for bound in (low, high):

            def rest(x: Floats, bound: float = bound) -> float:
                values = self._account_values(x)
                return float(values[of] - bound * scale * values[per])

            ranges.append(self._linear(rest))
        if ranges[0] is None or ranges[1] is None:
            return None
        return ranges[0].most >= 0 >= ranges[1].least

    def is_fixed(self, name: str) -> bool:
        """Tell whether a ratio is certainly the same in all answers that are as good."""
        value = self.measure(name).value
        assert value is not None
        table = self.network.indicators
        row = [text.id for text in table.label].index(name.partition(".")[2])
        scale = float(table.scale[row]) if len(table.scale) else 1.0

        def rest(x: Floats) -> float:
            values = self._account_values(x)
            return float(values[table.account[row]] - value * scale * values[table.per[row]])

        span = self._linear(rest)
        per = abs(float(self._account_values(self._x)[table.per[row]])) * scale
        return span is not None and max(abs(span.least), abs(span.most)) <= 1e-6 * max(per * abs(value), 1e-12)

    @cached_property
    def _x(self) -> Floats:
        assert self._near.solution.column_value is not None
        return self._near.solution.column_value

    @cached_property
    def _amounts(self) -> dict[str, NamedAmount]:
        return {amount_name(it): it for it in amounts(self.network, self._near.program)}

    @cached_property
    def _totals(self) -> list[str]:
        flows, materials = self.result.flows, self.network.materials
        assert flows is not None
        used = np.abs(flows.value).sum(axis=0) > 0
        node = self.network.nodes.material[flows.node]
        pairs = sorted({(FATES[f], materials.label[m].id) for f, m in zip(flows.fate[used], node[used], strict=True)})
        return [f"totals.{fate}.{material}" for fate, material in pairs]

    @cached_property
    def _largest(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for name in self.names:
            it = self.measure(name)
            found[it.unit] = max(found.get(it.unit, 0.0), abs(it.value or 0.0))
        return found

    @cached_property
    def _accounts(self) -> Callable[[Floats], Floats]:
        network, program, linear = self.network, self._near.program, linear_accounts(self.network)
        return lambda x: whole_values(park_values(network, company_values(network, program, x, linear)))

    def _account_values(self, x: Floats) -> Floats:
        key = id(x)  # those of `_moved` live as long as this does
        if key not in self._booked:
            self._booked[key] = self._accounts(x)
        return self._booked[key]

    def _total_of(self, rest: str) -> tuple[str, int]:
        fate, _, material = rest.partition(".")
        known = [text.id for text in self.network.materials.label]
        if fate not in FATES:
            raise UnknownQuantityError(f"`{fate}` is not a fate of a material", nearest(fate, FATES))
        if material not in known:
            raise UnknownQuantityError(f"the case has no material `{material}`", nearest(material, known))
        return fate, known.index(material)

    def _total(self, x: Floats, fate: str, material: int) -> float:
        if x is self._x:
            assert self.result.flows is not None
            return self.result.flows.total(fate, material)
        key = id(x)
        if key not in self._tables:
            self._tables[key] = flow_table(self.network, self._near.program, x, np.zeros(len(x), bool))
        return self._tables[key].total(fate, material)

    @property
    def _most_free(self) -> int:
        return min(MOST_FREE, MOST_FIGURES // len(self._x))

    @cached_property
    def _moved(self) -> dict[int, Floats]:
        """The flows with one column moved by a scaled unit, for each column that differs between optimal answers."""
        found: dict[int, Floats] = {}
        for column in np.flatnonzero(self._near.free).tolist()[: self._most_free + 1]:
            found[column] = self._x.copy()
            found[column][column] += self._near.program.flow_scale
        return found

    def _linear(self, of: Callable[[Floats], float]) -> Range | None:
        """Range of a linear function of the columns: only those that may differ count, each by its own slope."""
        if len(self._moved) > self._most_free:
            return None
        start = of(self._x)
        slope = np.array([of(moved) - start for moved in self._moved.values()]) / self._near.program.flow_scale
        slope[np.abs(slope) <= ROUNDING * np.abs(slope).max(initial=0.0)] = 0.0
        mine = np.flatnonzero(slope)
        if not len(mine):
            return Range(start, start)
        amount = Amount(np.array(list(self._moved), np.int32)[mine], slope[mine])
        return self._ends(amount, start - amount.of(self._x))

    def _ends(self, amount: Amount, offset: float) -> Range | None:
        least, most = self._near.ends(amount)
        low, high = _value(least, -np.inf), _value(most, np.inf)
        return None if low is None or high is None else Range(low + offset, high + offset)


def _value(end: End, without: float) -> float | None:
    if end.status == "unbounded":
        return without
    return end.value


def blocked_by(result: Result) -> Sequence[str]:
    """Return the fields that a diagnosis of an infeasible result names, as dotted paths, each once."""
    found = (result.diagnosis or {}).get("blocked", ())
    paths = [path for item in found for path in (item["path"], *(line["path"] for line in item["because"]))]
    return list(dict.fromkeys(paths))
