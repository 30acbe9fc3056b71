"""Session: a live model that is changed and solved again from its last basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from ..flows.tables import Floats, Ints
from ..models.program import Program
from .choice import solve_first
from .handle import BASIC, LOWER, UPPER, ZERO, Basis
from .highs import LiveModel
from .passed import Range
from .phrases import methods
from .solution import Solution, SolveOptions

FEW = 2000
"""coefficients that are changed one by one; where there are more, the whole matrix is handed over"""
COMMON = 0.9
"""share of columns and rows that a rebuilt program must have in common with the last one to start where that stood:
with less, a cold start needs fewer iterations (the scenarios of Qarhan and Ganhe have 0.5 to 0.98 in common)"""


@dataclass(frozen=True)
class Change:
    """What the next program of a session had different from the last one."""

    rebuilt: bool
    """columns or rows came or went, so the program was handed over anew"""
    what: tuple[str, ...]
    """`costs`, `bounds`, `sides`, `coefficients`; or what came and went"""
    carried: int = 0
    """columns and rows of a rebuilt program that start where those of the same name stood"""

    def __str__(self) -> str:
        if not self.rebuilt:
            return f"warm: {', '.join(self.what) or 'nothing changed'}"
        start = f"{self.carried} columns and rows start where they stood" if self.carried else "it starts cold"
        return f"rebuilt: {', '.join(self.what)}; {start}"


class Session:
    """One program kept in the solver, as a context manager.

        with Session(program, options) as session:
            first = session.solve()
            session.take(compile_program(scenario, like=program))
            second = session.solve()

    Vectors are in the program's scaled units; a program compiled with `compile_program(network, like=program)` has the
    same scales. Changes last until they are changed again; `restore` goes back to the program.
    """

    def __init__(self, program: Program, options: SolveOptions | None = None) -> None:
        self.program = program
        self.options = options or SolveOptions()
        self._held = LiveModel(program, self.options)
        self._as_stated = True
        """nothing was solved or changed yet"""

    @property
    def _model(self) -> LiveModel:
        """The live model; a new one, without a basis, where the last solve did not heed its limit and still runs."""
        if self._held.runs_on:
            self._held = self._held.anew()
        return self._held

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory of the solver."""
        self._held.close()

    def solve(self) -> Solution:
        """Solve as the model stands, from the last basis if there is one. Raises SolverError.

        The first solve chooses its method (`choose`); later ones are simplex from the last basis.
        """
        if not self._as_stated:
            method = "branch and bound" if self.program.is_integer else "simplex"
            return replace(self._model.run(), method=method, method_reason=methods.tell("last_basis"))
        self._as_stated = False
        return solve_first(self.program, self._model, self.options)

    def flows(self) -> Floats | None:
        """Solve by simplex from the last basis for the values (n,) alone, flow scale; None without an optimum.

        What `solve` gathers beside them takes as long as a short solve.
        """
        self._as_stated = False
        return self._model.advance(self.options.time_limit)

    def take(self, program: Program) -> Change:
        """Take another program by its differences from the present one, and say which these are.

        Costs, bounds, sides and coefficients change in place, and the basis stays. Where columns or rows came or went,
        the program is handed over anew, and those whose names it shares with the last one start where they stood.
        Changes made by `change_costs` and its like are taken back.
        """
        last = self.program
        if (program.columns, program.rows, program.is_integer) != (last.columns, last.rows, last.is_integer):
            return self._rebuild(program)
        places = changed_coefficients(last, program)
        what = _changed_vectors(last, program)
        if len(places[0]) > FEW:
            self._model.replace(program, self._model.statuses())
            self.program = program
            return Change(False, (*what, "coefficients"))
        if len(places[0]):
            self._model.change_coefficients(*places)
            what = (*what, "coefficients")
        self.restate(program)
        return Change(False, what)

    def change_costs(self, cost: Floats) -> None:
        """Replace all costs (n,), objective scale per flow scale."""
        self._as_stated = False
        self._model.change_costs(_vector(cost, self.program.columns))

    def change_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all bounds of columns (n,), flow scale."""
        self._as_stated = False
        n = self.program.columns
        self._model.change_bounds(_vector(lower, n), _vector(upper, n))

    def change_sides(self, lower: Floats, upper: Floats) -> None:
        """Replace all sides of rows (m,), flow scale."""
        self._as_stated = False
        m = self.program.rows
        self._model.change_sides(_vector(lower, m), _vector(upper, m))

    def restate(self, program: Program) -> None:
        """Take another program with the same matrix: costs, sense, bounds, sides. The basis stays."""
        self._model.restate(program)
        self.program = program

    def restore(self) -> None:
        """Take back all changes. The basis stays."""
        program = self.program
        self.change_costs(program.cost)
        self.change_bounds(program.lower, program.upper)
        self.change_sides(program.row_lower, program.row_upper)

    def bound_range(self, column: int) -> Range | None:
        """Return how far the bound of a column may move while the basis just found stays optimal, flow scale."""
        return self._model.bound_range(column)

    def basis(self) -> Basis | None:
        """Return the basis of the last solve, or None where there is none."""
        return self._model.basis()

    def start_from(self, basis: Basis) -> None:
        """Start the next solve from a basis."""
        self._as_stated = False
        self._model.set_basis(basis)

    def statuses(self) -> tuple[Ints, Ints] | None:
        """Return where columns (n,) and rows (m,) stand after a solve: a basis that can be sent elsewhere."""
        return self._model.statuses()

    def start_at(self, statuses: tuple[Ints, Ints] | None) -> None:
        """Start the next solve where the columns and rows of a program of this shape stood; None changes nothing."""
        if statuses is not None:
            self._as_stated = False
            self._model.start_at(*statuses)

    def _rebuild(self, program: Program) -> Change:
        last, statuses = self.program, self._model.statuses()
        columns, rows = _resting(program), np.full(program.rows, BASIC, np.int32)
        here = {"columns": program.column_names(), "rows": program.row_names()}
        there = {"columns": last.column_names(), "rows": last.row_names()}
        carried = 0
        if statuses is not None:
            carried += _carry(there["columns"], statuses[0], here["columns"], columns)
            carried += _carry(there["rows"], statuses[1], here["rows"], rows)
        carried = carried if carried >= COMMON * (program.columns + program.rows) else 0
        self._model.replace(program, (columns, rows) if carried else None)
        self.program = program
        what = [text for kind in here for text in _came_and_went(there[kind], here[kind], kind)]
        return Change(True, tuple(what) or ("whole numbers",), carried)


def changed_coefficients(last: Program, program: Program) -> tuple[Ints, Ints, Floats]:
    """Places and values of the coefficients that are not those of another program of the same shape: three (k,)."""
    if np.array_equal(last.start, program.start) and np.array_equal(last.index, program.index):
        differ = np.flatnonzero(last.value != program.value)
        column = np.searchsorted(program.start, differ, side="right") - 1
        return program.index[differ], column.astype(np.int32), program.value[differ]
    was, now = (it.index + np.int64(it.rows) * _column_of(it) for it in (last, program))
    gone = np.setdiff1d(was, now, assume_unique=True)
    at = np.searchsorted(was, now)
    same = was[np.minimum(at, len(was) - 1)] == now if len(was) else np.zeros(len(now), bool)
    same[same] = last.value[at[same]] == program.value[same]
    place = np.concatenate([now[~same], gone])
    value = np.concatenate([program.value[~same], np.zeros(len(gone))])
    column, row = np.divmod(place, program.rows)
    return row.astype(np.int32), column.astype(np.int32), value


def _column_of(program: Program) -> NDArray[np.int64]:
    return np.repeat(np.arange(program.columns, dtype=np.int64), np.diff(program.start))


def _changed_vectors(last: Program, program: Program) -> tuple[str, ...]:
    """Names of the vectors that differ."""
    groups = {
        "costs": ("cost",),
        "bounds": ("lower", "upper"),
        "sides": ("row_lower", "row_upper"),
    }
    same = last.maximise == program.maximise
    return (() if same else ("sense",)) + tuple(
        name
        for name, fields in groups.items()
        if any(not np.array_equal(getattr(last, field), getattr(program, field)) for field in fields)
    )


def _resting(program: Program) -> Ints:
    """Where columns (n,) stand that no basis knows of: at the bound they have."""
    no_lower, no_upper = np.isinf(program.lower), np.isinf(program.upper)
    at: Ints = np.where(no_lower, np.where(no_upper, ZERO, UPPER), LOWER).astype(np.int32)
    return at


def _carry(there: list[str], status: Ints, here: list[str], at: Ints) -> int:
    """Let what bears a name of before stand where that stood; return how many do."""
    stood = dict(zip(there, status.tolist(), strict=True))
    places = [place for place, name in enumerate(here) if name in stood]
    at[places] = [stood[here[place]] for place in places]
    return len(places)


def _came_and_went(there: list[str], here: list[str], kind: str) -> list[str]:
    came, went = len(set(here) - set(there)), len(set(there) - set(here))
    texts = []
    for count, word in ((came, "more"), (went, "less")):
        if count:
            texts.append(f"{count} {kind if count > 1 else kind[:-1]} {word}")
    return texts


def _vector(values: Floats, size: int) -> Floats:
    if values.shape != (size,):
        raise ValueError(f"a vector of {size} figures is needed, not one of shape {values.shape}")
    return values
