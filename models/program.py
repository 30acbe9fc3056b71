"""Program: a linear program as flat arrays, and the builder that the families write into.

Columns and rows live in named blocks. A periodic block holds `size` columns (rows) in every period; period *t*
occupies the places `block.start + t * per_period` onwards, so that all columns of one period lie side by side.
Blocks that belong to no period follow after the last period. The matrix is compressed by columns.

A `Program` is in scaled units: one program unit of flow is `flow_scale` user units, one program unit of the
objective is `objective_scale` user units. Matrix coefficients are the same in both. Only `Program`, the live
solver model and the Pyomo export are scaled; a `Solution` never is.

A whole number (on or off, how many) is not a flow and must stay whole when flows are scaled: the whole number 1 is one
program unit, hence `flow_scale` user units. `Program.whole` turns values of such columns back.

    ProgramError    the network asks for something a linear program cannot say
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..flows.tables import Bools, Floats, Ints
from .assembly import Term, add_up_columns, compress, unique

Kind = Literal["column", "row"]
Names = Callable[[], Sequence[str]]
S = TypeVar("S", bound=np.generic)


class ProgramError(ValueError):
    """The network asks for something a linear program cannot say."""


@dataclass(frozen=True)
class Block:
    """Columns or rows of one kind, side by side within a period."""

    name: str
    kind: Kind
    start: int
    """place of the first one (in the first period)"""
    size: int
    """how many there are in a period, or altogether where the block is not periodic"""
    periodic: bool
    names: Names = field(repr=False, compare=False)
    """gives the `size` names without their period, e.g. `run[qarhan.salt_lake.clinker]`"""


@dataclass(frozen=True, eq=False)
class StageCosts:
    """What one stage of an objective optimises, and the row that keeps it in later stages."""

    name: str
    maximise: bool
    cost: Floats
    """(n,) objective scale of the stage per flow scale"""
    offset: float
    """constant, objective scale of the stage"""
    objective_scale: float
    """user units of the stage in one program unit, a power of ten"""
    unit: str
    tolerance: float
    """how far later stages may fall behind: a share of the value, or user units"""
    relative: bool
    """the tolerance is a share"""


@dataclass(frozen=True, eq=False, repr=False)
class Program:
    """optimise cost · x + offset, subject to row_lower ≤ A x ≤ row_upper and lower ≤ x ≤ upper.

    n columns, m rows; A is compressed by columns in `start`, `index`, `value`.
    """

    name: str
    """case and scenario"""
    periods: tuple[str, ...]
    """identifiers of the T periods"""
    weight: Floats
    """(T,) how often each period occurs, 1"""
    maximise: bool
    cost: Floats
    """(n,) objective scale per flow scale"""
    offset: float
    """constant of the objective, objective scale"""
    lower: Floats
    """(n,) flow scale; -inf where unbounded"""
    upper: Floats
    """(n,) flow scale; inf where unbounded"""
    row_lower: Floats
    """(m,) flow scale; -inf where unbounded"""
    row_upper: Floats
    """(m,) flow scale; inf where unbounded"""
    start: Ints
    """(n + 1,) where each column begins in `index` and `value`"""
    index: Ints
    """(nonzeros,) rows, rising within each column"""
    value: Floats
    """(nonzeros,) coefficients, never zero"""
    column_origin: Ints
    """(n,) row of `Network.origins` that caused the column, or -1"""
    lower_origin: Ints
    """(n,) row of `Network.origins` that set the lower bound, or -1"""
    upper_origin: Ints
    """(n,) row of `Network.origins` that set the upper bound, or -1"""
    row_origin: Ints
    """(m,) row of `Network.origins` that caused the row, or -1"""
    column_blocks: Mapping[str, Block]
    row_blocks: Mapping[str, Block]
    columns_per_period: int
    rows_per_period: int
    flow_scale: float
    """user units of flow in one program unit, a power of ten"""
    objective_scale: float
    """user units of the objective in one program unit, a power of ten"""
    objective_unit: str
    """unit of the objective as the user reads it: CNY, t, …"""
    integral: Bools = field(default_factory=lambda: np.zeros(0, bool))
    """(n,) the column takes whole numbers only; empty where none does"""
    filled_first: tuple[Ints, Ints] = field(default_factory=lambda: (np.zeros(0, np.int32), np.zeros(0, np.int32)))
    """(k,) columns that an answer must fill to their upper bounds before the columns (k,) beside them are used"""
    parks: Mapping[str, Ints] = field(default_factory=dict)
    """park (size,) of each row, of the blocks of rows that say it"""
    stages: tuple[StageCosts, ...] = ()
    """all stages of an objective that has several; the program itself states the first one"""
    _names: dict[str, Sequence[str]] = field(default_factory=dict, init=False, repr=False)
    """names of blocks that were asked for"""

    def __repr__(self) -> str:
        size = f"{self.columns} columns, {self.rows} rows, {self.nonzeros} nonzeros"
        return f"<Program {self.name}: {size}>"

    @property
    def T(self) -> int:  # noqa: N802 the symbol of the equations
        """Number of periods."""
        return len(self.periods)

    @property
    def columns(self) -> int:
        """Number of columns n."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of rows m."""
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        """Number of stored coefficients."""
        return len(self.value)

    @property
    def is_integer(self) -> bool:
        """Some columns take whole numbers only, so there are no duals but those with these columns held."""
        return bool(self.integral.any())

    def whole(self, name: str, x: Floats) -> Floats:
        """Whole numbers of a block of such columns, (T, size), for values x (n,) in user units."""
        return np.round(self.column_view(name, x) / self.flow_scale)

    def column_view(self, name: str, vector: NDArray[S]) -> NDArray[S]:
        """Part of an (n,) vector that belongs to a block: a (T, size) view, (1, size) if global."""
        return _view(self.column_blocks[name], vector, self.T, self.columns_per_period)

    def row_view(self, name: str, vector: NDArray[S]) -> NDArray[S]:
        """Part of an (m,) vector that belongs to a block: a (T, size) view, (1, size) if global."""
        return _view(self.row_blocks[name], vector, self.T, self.rows_per_period)

    def column_name(self, j: int) -> str:
        """Stable readable name of column j, e.g. `run[qarhan.salt_lake.clinker,year]`."""
        return self._name(self.column_blocks, self.columns_per_period, j)

    def row_name(self, i: int) -> str:
        """Stable readable name of row i, e.g. `balance[qarhan.salt_lake.chlorine,year]`."""
        return self._name(self.row_blocks, self.rows_per_period, i)

    def column_names(self) -> list[str]:
        """Names of all n columns."""
        return self._all_names(self.column_blocks)

    def row_names(self) -> list[str]:
        """Names of all m rows."""
        return self._all_names(self.row_blocks)

    def in_user_units(self) -> Program:
        """Return the same program with flows and objective in the units of the user: both scales are 1.

        Whole numbers stay what they are, and so do the rows that count them only.
        """
        flow, money = self.flow_scale, self.objective_scale
        integral = self.integral if len(self.integral) else np.zeros(self.columns, bool)
        column = np.repeat(integral, np.diff(self.start))
        flows = np.bincount(self.index[~column], minlength=self.rows) > 0
        column_scale, row_scale = np.where(integral, 1.0, flow), np.where(flows, flow, 1.0)
        return replace(
            self,
            cost=self.cost * (money / column_scale),
            offset=self.offset * money,
            lower=self.lower * column_scale,
            upper=self.upper * column_scale,
            row_lower=self.row_lower * row_scale,
            row_upper=self.row_upper * row_scale,
            value=np.where(column & flows[self.index], self.value * flow, self.value),
            flow_scale=1.0,
            objective_scale=1.0,
        )

    def _block_names(self, block: Block) -> Sequence[str]:
        key = f"{block.kind} {block.name}"
        if key not in self._names:
            self._names[key] = block.names()
        return self._names[key]

    def _name(self, blocks: Mapping[str, Block], per_period: int, place: int) -> str:
        period, local = divmod(place, per_period) if per_period else (self.T, 0)
        periodic = period < self.T
        if not periodic:
            local = place
        candidates = [b for b in blocks.values() if b.periodic == periodic and b.size]
        block = candidates[bisect_right([b.start for b in candidates], local) - 1]
        name = self._block_names(block)[local - block.start]
        return _in_period(name, self.periods[period]) if periodic else name

    def _all_names(self, blocks: Mapping[str, Block]) -> list[str]:
        periodic = [n for b in blocks.values() if b.periodic for n in self._block_names(b)]
        rest = [n for b in blocks.values() if not b.periodic for n in self._block_names(b)]
        return [_in_period(name, period) for period in self.periods for name in periodic] + rest


def _in_period(name: str, period: str) -> str:
    return f"{name[:-1]},{period}]"


def _view(block: Block, vector: NDArray[S], periods: int, per_period: int) -> NDArray[S]:
    if not block.periodic:
        return vector[block.start : block.start + block.size].reshape(1, block.size)
    table = vector[: periods * per_period].reshape(periods, per_period)
    return table[:, block.start : block.start + block.size]


def power_of_ten(values: Floats) -> float:
    """Power of ten that brings the median of positive values into 1 … 1000; 1.0 where there are none."""
    if not len(values):
        return 1.0
    middle = float(np.median(values))
    return 1.0 if 1 <= middle <= 1000 else 10.0 ** (math.floor(math.log10(middle)) - 1)


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
            _view(blocks[name], total, len(self.periods), per_period)[:, at] += values * weight
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
            _view(blocks[block.name], vector, periods, per_period)[...] = table
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
