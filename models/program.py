"""Program: a linear program as flat arrays (`builder.py` makes it).

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..flows.tables import Bools, Floats, Ints

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
        return view(self.column_blocks[name], vector, self.T, self.columns_per_period)

    def row_view(self, name: str, vector: NDArray[S]) -> NDArray[S]:
        """Part of an (m,) vector that belongs to a block: a (T, size) view, (1, size) if global."""
        return view(self.row_blocks[name], vector, self.T, self.rows_per_period)

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


def view(block: Block, vector: NDArray[S], periods: int, per_period: int) -> NDArray[S]:
    """Part of a vector that belongs to a block: a (T, size) view, (1, size) where it belongs to no period."""
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
