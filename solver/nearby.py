"""Nearby programs: how a program follows from some figures, found by trying and proved on the corners of their range.

Reading a case anew for every sample of a sweep costs more than solving it. Most figures of a case enter its program
linearly: then all programs between two ends follow from few of them. Whether they do is not assumed but tested.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..flows.tables import Floats, Ints
from ..models.program import Program, StageCosts
from ..models.weighing import Weights

AGREES = 1e-10
"""largest difference between a predicted and a compiled figure, relative to the figures it comes from, 1"""
FULL = 3
"""figures whose corners are all tried; of more, as many corners as ends"""


@dataclass(frozen=True, eq=False)
class Stated:
    """A program, and what its columns add to the accounts."""

    program: Program
    weights: Weights


Compile = Callable[[Sequence[float]], Stated]
"""compiles the program that belongs to some figures"""


@dataclass(frozen=True, eq=False)
class Nearby:
    """Programs over a box of figures: the one in its middle, and how each entry changes with each figure.

    entry(f) = entry(middle) + Σ_k slope[k]·(f[k] − middle[k])
    """

    stated: Stated
    middle: Floats
    """(figures,)"""
    place: Ints
    """(k,) entries that change"""
    slope: Floats
    """(figures, k)"""
    size: Floats
    """(k,) largest value that an entry has among those tried"""

    def at(self, figures: Sequence[float]) -> Stated:
        """Return the program that belongs to some figures, without compiling it."""
        entries = _entries(self.stated)
        entries[self.place] += (np.asarray(figures, float) - self.middle) @ self.slope
        return _with_entries(self.stated, entries)

    def agrees(self, figures: Sequence[float], compiled: Stated) -> bool:
        """Tell whether a compiled program is the one that is predicted for these figures."""
        if not _same_shape(self.stated, compiled):
            return False
        predicted, found = _entries(self.at(figures)), _entries(compiled)
        allowed = np.abs(found)
        allowed[self.place] = np.maximum(allowed[self.place], self.size)
        return _close(predicted, found, allowed)


def nearby(compile_at: Compile, low: Sequence[float], high: Sequence[float]) -> Nearby | None:
    """Find how a program depends on figures between two ends, or None where it does not do so linearly.

    The slope of a figure is taken between its ends, with the others in the middle. Then the programs in the middle and
    at the corners of the box are compiled and must be those predicted. An entry that is the smallest or the largest of
    linear terms, as bounds are, agrees in the middle and at all corners only if it is linear in between; of more than
    three figures not all corners are tried, so a caller tries samples too. Raises what `compile_at` raises.
    """
    ends = np.array([low, high], float)
    middle = ends.mean(axis=0)
    stated = compile_at(middle.tolist())
    if stated.program.is_integer:
        return None
    base = _entries(stated)
    slopes, size = np.zeros((len(middle), len(base))), np.abs(base)
    for k in np.flatnonzero(ends[1] > ends[0]):
        at = [np.where(np.arange(len(middle)) == k, end, middle) for end in ends]
        both = [compile_at(point.tolist()) for point in at]
        if not all(_same_shape(stated, it) for it in both):
            return None
        first, last = (_entries(it) for it in both)
        free = np.isinf(first) & (first == last)
        with np.errstate(invalid="ignore"):
            slopes[k] = np.where(free, 0.0, (last - first) / (ends[1, k] - ends[0, k]))
            mean = np.where(free, first, (first + last) / 2)
        size = np.maximum(size, np.where(free, 0.0, np.maximum(np.abs(first), np.abs(last))))
        if not np.isfinite(slopes[k]).all() or not _close(mean, base, size):
            return None
    place = np.flatnonzero(slopes.any(axis=0))
    found = Nearby(stated, middle, place.astype(np.int32), slopes[:, place], size[place])
    corners = _corners(ends)
    return found if all(found.agrees(corner, compile_at(corner)) for corner in corners) else None


def cost_of(figures: int) -> int:
    """Return how many programs `nearby` compiles for some figures."""
    return 1 + 2 * figures + (2**figures if figures <= FULL else 2 * figures)


def _corners(ends: Floats) -> list[list[float]]:
    figures = ends.shape[1]
    if figures <= FULL:
        sides = np.array(list(itertools.product((0, 1), repeat=figures)), int)
    else:
        sides = np.random.default_rng(0).integers(0, 2, (figures, figures))
        sides = np.concatenate([sides, 1 - sides])
    return [ends[side, np.arange(figures)].tolist() for side in sides]


def _vectors(stated: Stated) -> list[Floats]:
    it = stated.program
    stages = [vector for stage in it.stages for vector in (stage.cost, np.array([stage.offset]))]
    own = [it.cost, np.array([it.offset]), it.lower, it.upper, it.row_lower, it.row_upper, it.value]
    return [*own, stated.weights.value, stated.weights.constant, *stages]


def _entries(stated: Stated) -> Floats:
    """All figures of a program and its accounts in one vector."""
    return np.concatenate(_vectors(stated))


def _with_entries(stated: Stated, entries: Floats) -> Stated:
    parts = np.split(entries, np.cumsum([len(vector) for vector in _vectors(stated)])[:-1])
    cost, offset, lower, upper, row_lower, row_upper, value, weighed, constant, *rest = parts
    stages = tuple(
        replace(stage, cost=rest[2 * k], offset=float(rest[2 * k + 1][0]))
        for k, stage in enumerate(stated.program.stages)
    )
    program = replace(
        stated.program,
        cost=cost,
        offset=float(offset[0]),
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        value=value,
        stages=stages,
    )
    return Stated(program, replace(stated.weights, value=weighed, constant=constant))


def _same_shape(one: Stated, other: Stated) -> bool:
    """The two have the same columns, rows and places of coefficients, and optimise the same."""
    a, b = one.program, other.program
    same = (a.columns, a.rows, a.maximise, a.flow_scale, a.objective_scale, a.is_integer) == (
        *(b.columns, b.rows, b.maximise, b.flow_scale, b.objective_scale, b.is_integer),
    )
    if not same or len(a.stages) != len(b.stages):
        return False
    if any(_terms(s) != _terms(t) for s, t in zip(a.stages, b.stages, strict=True)):
        return False
    v, w = one.weights, other.weights
    return (
        np.array_equal(a.start, b.start)
        and np.array_equal(a.index, b.index)
        and np.array_equal(v.account, w.account)
        and np.array_equal(v.column, w.column)
    )


def _terms(stage: StageCosts) -> tuple[bool, float, float, bool]:
    return stage.maximise, stage.objective_scale, stage.tolerance, stage.relative


def _close(predicted: Floats, found: Floats, size: Floats) -> bool:
    with np.errstate(invalid="ignore"):
        near = np.abs(predicted - found) <= AGREES * np.where(np.isfinite(size), size, 0.0)
    return bool((near | (predicted == found)).all())
