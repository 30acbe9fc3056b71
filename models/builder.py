"""The builder that the families of a model write into, and how it scales and assembles a program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..flows.tables import Bools, Floats, Ints
from .assembly import Term, add_up_columns, compress, unique
from .program import Block, Names, Program, ProgramError, S, StageCosts, power_of_ten, view


@dataclass
class _Columns:
    block: Block
    lower: Floats
    upper: Floats
    origin: Ints
    lower_origin: Ints
    upper_origin: Ints
    whole: bool


@dataclass(frozen=True)
class _Stage:
    name: str
    maximise: bool
    unit: str
    constant: float
    tolerance: float
    relative: bool


@dataclass
class _Rows:
    block: Block
    lower: Floats
    upper: Floats
    origin: Ints
    whole: bool


class _BlockTerms(NamedTuple):
    """Coefficients between two blocks, in places within them."""

    rows: str
    row: Ints
    columns: str
    column: Ints
    value: Floats
    """(k,) or (T, k)"""
    weighted: bool
    lag: int


class ProgramBuilder:
    """Collects blocks, terms and costs in user units; `program()` scales and assembles them once.

    Arguments called (T, n) may be anything that broadcasts to that shape; blocks that belong to no period have
    shape (1, n). Blocks may be added in any order before `program()` is called, and terms before their blocks.
    """

    def __init__(self, name: str, periods: Sequence[str], weight: Floats) -> None:
        """Start a program for T periods that occur `weight` (T,) times."""
        self.name = name
        self.periods = tuple(periods)
        self.weight = np.asarray(weight, float)
        self._columns: dict[str, _Columns] = {}
        self._rows: dict[str, _Rows] = {}
        self._terms: list[_BlockTerms] = []
        self._costs: list[tuple[int, str, Ints, Floats]] = []
        self._stages: dict[int, _Stage] = {}
        self._filled: list[tuple[str, Ints, Ints]] = []
        self._parks: dict[str, Ints] = {}

    def add_columns(
        self,
        name: str,
        n: int,
        *,
        names: Names,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        origin: ArrayLike = -1,
        lower_origin: ArrayLike = -1,
        upper_origin: ArrayLike = -1,
        periodic: bool = True,
        whole: bool = False,
    ) -> None:
        """Add a block of n columns (a period): bounds (T, n) in user units, origins of bounds (n,) or (T, n).

        Where `whole`, the columns take whole numbers only, and bounds, costs and terms are per whole number.
        """
        periods = len(self.periods) if periodic else 1
        start = _next_start(self._columns.values(), periodic)
        self._columns[name] = _Columns(
            Block(name, "column", start, n, periodic, names),
            lower=_shaped(lower, float, (periods, n)),
            upper=_shaped(upper, float, (periods, n)),
            origin=_shaped(origin, np.int32, (n,)),
            lower_origin=_shaped(lower_origin, np.int32, (periods, n)),
            upper_origin=_shaped(upper_origin, np.int32, (periods, n)),
            whole=whole,
        )

    def add_rows(
        self,
        name: str,
        n: int,
        *,
        names: Names,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
        origin: ArrayLike = -1,
        park: ArrayLike = (),
        periodic: bool = True,
        whole: bool = False,
    ) -> None:
        """Add a block of n rows (a period): sides (T, n) in user units, origins (n,) or (T, n), parks (n,) if any.

        Where `whole`, the row counts whole numbers: it has terms of such columns only.
        """
        periods = len(self.periods) if periodic else 1
        start = _next_start(self._rows.values(), periodic)
        self._rows[name] = _Rows(
            Block(name, "row", start, n, periodic, names),
            lower=_shaped(lower, float, (periods, n)),
            upper=_shaped(upper, float, (periods, n)),
            origin=_shaped(origin, np.int32, (periods, n)),
            whole=whole,
        )
        if len(parks := np.asarray(park, np.int32)):
            self._parks[name] = parks

    def add_terms(
        self,
        rows: str,
        row_index: ArrayLike,
        columns: str,
        column_index: ArrayLike,
        value: ArrayLike,
        weighted: bool = False,
    ) -> None:
        """Add coefficients between two blocks: indices (k,) within the blocks, value (k,) or (T, k).

        Periodic rows meet the columns of their own period. A row that belongs to no period meets the columns of
        all periods, with the coefficient times the period's weight where `weighted`. Terms at the same place add up.
        """
        self._add(rows, row_index, columns, column_index, value, weighted, 0)

    def add_lagged_terms(
        self, rows: str, row_index: ArrayLike, columns: str, column_index: ArrayLike, value: ArrayLike, lag: int
    ) -> None:
        """Add coefficients (k,) or (T, k) of rows of each period on columns `lag` periods before.

        The periods stand in a circle: the last one comes before the first. Values (T, k) are by the period of the row.
        """
        self._add(rows, row_index, columns, column_index, value, False, lag % len(self.periods))

    def _add(
        self,
        rows: str,
        row_index: ArrayLike,
        columns: str,
        column_index: ArrayLike,
        value: ArrayLike,
        weighted: bool,
        lag: int,
    ) -> None:
        row, column = (np.atleast_1d(np.asarray(index, np.int32)) for index in (row_index, column_index))
        values = np.asarray(value, float)
        if values.ndim < 2:
            values = np.broadcast_to(values, row.shape)
        self._terms.append(_BlockTerms(rows, row, columns, column, values, weighted, lag))

    def fill_first(self, columns: str, earlier: ArrayLike, later: ArrayLike) -> None:
        """Say which columns (k,) of a periodic block every answer must fill before others (k,) are used."""
        self._filled.append((columns, np.asarray(earlier, np.int32), np.asarray(later, np.int32)))

    def add_costs(self, columns: str, column_index: ArrayLike, value: ArrayLike, stage: int = 0) -> None:
        """Add to a stage of the objective: value (k,) or (T, k) in user units, weighted here by the periods."""
        column = np.atleast_1d(np.asarray(column_index, np.int32))
        self._costs.append((stage, columns, column, np.asarray(value, float)))

    def set_objective(
        self,
        maximise: bool,
        unit: str,
        constant: float = 0.0,
        *,
        stage: int = 0,
        name: str = "",
        tolerance: float = 0.0,
        relative: bool = True,
    ) -> None:
        """Say the sense and the unit of a stage, its constant in user units, already weighted, and its tolerance."""
        self._stages[stage] = _Stage(name, maximise, unit, float(constant), tolerance, relative)

    def program(self, flow_scale: float | None = None, objective_scale: float | None = None) -> Program:
        """Scale and assemble. The scales are chosen from the data unless they are given.

        Raises ProgramError where a figure is not a number or a term points outside its block.
        """
        columns, rows = self._columns.values(), self._rows.values()
        per_period = _next_start(columns, True), _next_start(rows, True)
        integral = self._join([(c.block, np.full(c.block.size, c.whole)) for c in columns], bool)
        whole = self._join([(r.block, np.full(r.block.size, r.whole)) for r in rows], bool)
        start, index, value = compress(self._matrix_terms(), len(self.periods), per_period, (len(integral), len(whole)))
        lower = self._join([(c.block, c.lower) for c in columns], float)
        upper = self._join([(c.block, c.upper) for c in columns], float)
        flow = flow_scale or power_of_ten(_finite_positive(lower, upper, integral))
        column_scale, row_scale = _scales(integral, flow), _scales(whole, flow)
        lower /= column_scale
        upper /= column_scale
        stages = self._stages or {0: _Stage("", False, "", 0.0, 0.0, True)}
        costs, scales = {}, {}
        for stage in sorted(stages):
            costs[stage] = self._stage_costs(stage, per_period[0])
            _refuse_no_number(costs[stage])
            scales[stage] = power_of_ten(_sizes(costs[stage], column_scale))
        first, money = stages[0], objective_scale or scales[0]
        scales[0] = money
        for stage, cost in costs.items():
            cost *= column_scale / scales[stage]
        row_lower = self._join([(r.block, r.lower) for r in rows], float)
        row_upper = self._join([(r.block, r.upper) for r in rows], float)
        row_lower /= row_scale
        row_upper /= row_scale
        _refuse_no_number(lower, upper, row_lower, row_upper)
        if integral.any():
            value[np.repeat(integral, np.diff(start)) & ~whole[index]] /= flow
        return Program(
            name=self.name,
            periods=self.periods,
            weight=self.weight,
            maximise=first.maximise,
            cost=costs[0],
            offset=first.constant / money,
            lower=lower,
            upper=upper,
            row_lower=row_lower,
            row_upper=row_upper,
            start=start,
            index=index,
            value=value,
            column_origin=self._join([(c.block, c.origin) for c in columns], np.int32),
            lower_origin=self._join([(c.block, c.lower_origin) for c in columns], np.int32),
            upper_origin=self._join([(c.block, c.upper_origin) for c in columns], np.int32),
            row_origin=self._join([(r.block, r.origin) for r in rows], np.int32),
            column_blocks=_placed([c.block for c in columns], len(self.periods) * per_period[0]),
            row_blocks=_placed([r.block for r in rows], len(self.periods) * per_period[1]),
            columns_per_period=per_period[0],
            rows_per_period=per_period[1],
            flow_scale=flow,
            objective_scale=money,
            objective_unit=first.unit,
            stages=tuple(
                StageCosts(
                    name=it.name,
                    maximise=it.maximise,
                    cost=costs[stage],
                    offset=it.constant / scales[stage],
                    objective_scale=scales[stage],
                    unit=it.unit,
                    tolerance=it.tolerance,
                    relative=it.relative,
                )
                for stage, it in sorted(stages.items())
                if len(stages) > 1
            ),
            integral=integral,
            parks=self._parks,
            filled_first=self._filled_first(per_period[0]),
        )

    def _filled_first(self, per_period: int) -> tuple[Ints, Ints]:
        """Columns of the whole program that are filled before others, in all periods."""
        place = np.arange(len(self.periods), dtype=np.int32)[:, None] * per_period
        first, then = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for columns, earlier, later in self._filled:
            start = self._columns[columns].block.start
            first.append((place + np.int32(start) + earlier).ravel())
            then.append((place + np.int32(start) + later).ravel())
        return np.concatenate(first), np.concatenate(then)

    def _stage_costs(self, stage: int, per_period: int) -> Floats:
        """Costs of all columns (n,) in one stage, user units."""
        blocks = _placed([c.block for c in self._columns.values()], len(self.periods) * per_period)
        total = np.zeros(self._size(blocks.values()))
        for number, name, column, value in self._costs:
            if number != stage:
                continue
            _check(column, blocks[name])
            values = np.broadcast_to(value, (np.shape(value)[0] if np.ndim(value) == 2 else 1, len(column)))
            places, slot = unique(column)
            if len(places) < len(column):
                values = add_up_columns(slot, values, len(places))
            weight = self._period_weight() if blocks[name].periodic else 1.0
            at = places if len(places) < len(column) else column
            view(blocks[name], total, len(self.periods), per_period)[:, at] += values * weight
        return total

    def _period_weight(self) -> Floats | float:
        """How often periods occur: (T, 1), or one number where it is the same for all."""
        weight = self.weight
        return float(weight[0]) if (weight == weight[0]).all() else weight[:, None]

    def _size(self, blocks: Iterable[Block]) -> int:
        """Columns or rows of these blocks in all periods."""
        return sum(b.size * (len(self.periods) if b.periodic else 1) for b in blocks)

    def _join(self, parts: list[tuple[Block, NDArray[S]]], kind: type) -> NDArray[S]:
        """Write tables (T, size), or what broadcasts to it, into one vector."""
        periods, per_period = len(self.periods), sum(b.size for b, _ in parts if b.periodic)
        vector: NDArray[S] = np.empty(self._size(b for b, _ in parts), kind)
        blocks = _placed([block for block, _ in parts], periods * per_period)
        for block, table in parts:
            view(blocks[block.name], vector, periods, per_period)[...] = table
        return vector

    def _matrix_terms(self) -> list[Term]:
        terms = []
        for row_name, row, column_name, column, value, weighted, lag in self._terms:
            rows, columns = self._rows[row_name].block, self._columns[column_name].block
            _check(row, rows)
            _check(column, columns)
            if not len(row):
                continue
            if weighted and columns.periodic:
                value = value * self._period_weight()
            if value.ndim == 2 and len(value) == 1:
                value = value[0]
            terms.append(Term(row + rows.start, column + columns.start, value, rows.periodic, columns.periodic, lag))
        return terms


def _refuse_no_number(*figures: Floats) -> None:
    if any(np.isnan(it).any() for it in figures):
        raise ProgramError("a price, bound or side of the program is not a number")


def _check(index: Ints, block: Block) -> None:
    if len(index) and (index.min() < 0 or index.max() >= block.size):
        raise ProgramError(f"a term points outside the {block.kind}s called `{block.name}`")


def _shaped(values: ArrayLike, kind: type, shape: tuple[int, ...]) -> NDArray[Any]:
    return np.broadcast_to(np.asarray(values, kind), shape)


def _next_start(parts: Iterable[_Columns | _Rows], periodic: bool) -> int:
    return sum(p.block.size for p in parts if p.block.periodic == periodic)


def _placed(blocks: list[Block], global_start: int) -> dict[str, Block]:
    return {b.name: b if b.periodic else replace(b, start=global_start + b.start) for b in blocks}


def _finite_positive(lower: Floats, upper: Floats, integral: Bools) -> Floats:
    """Bounds of columns that take any number, where they say something."""
    return np.concatenate([v[(v > 0) & np.isfinite(v) & ~integral] for v in (lower, upper)])


def _sizes(cost: Floats, scale: Floats | float) -> Floats:
    """Costs that are not zero, in the unit of the program, without their sign."""
    size = np.abs(cost)
    size *= scale
    used: Floats = size[size != 0]
    return used


def _scales(whole: Bools, flow: float) -> Floats | float:
    """User units in one program unit: of each column or row, or one number where none counts whole numbers."""
    return np.where(whole, 1.0, flow) if whole.any() else flow
