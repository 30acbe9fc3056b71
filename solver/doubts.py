"""Doubts: figures with which no solver answers, or with which what it says proves nothing, each in a sentence.

Bounds come as pairs of a function that names the columns or rows, and their lower and upper bounds in scaled units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..flows.tables import Floats
from ..models.program import Program
from .phrases import verdicts

LEAST = 1e-12
"""least coefficient that HiGHS can be made to keep; it drops smaller ones, by itself all below 1e-9"""
APART = 1e15
"""largest over smallest coefficient of a row beyond which no answer is sought: figures have 16 digits"""
STEEP = 1e10
"""coefficient beyond which a bound that is kept within the tolerance may move a row by thousands of units"""
FAR = 1e20
"""figures beyond this stand for none"""

Sides = tuple[Floats, Floats]
Bounds = Iterable[tuple[Callable[[int], str], Sides]]


def crossed(bounds: Bounds, flow_scale: float, tolerance: float) -> str:
    """Name the first column or row whose least exceeds its largest value; nothing where none does."""
    for name, (lower, upper) in bounds:
        wrong = lower - upper > tolerance
        if wrong.any():
            i = int(np.argmax(wrong))
            least, most = lower[i] * flow_scale, upper[i] * flow_scale
            return verdicts.tell("crossed", name=name(i), least=f"{least:.6g}", most=f"{most:.6g}")
    return ""


def empty_row(program: Program, sides: Sides, tolerance: float) -> str:
    """Name the first row without terms that does not allow zero; nothing where there is none."""
    wrong = (sides[0] > tolerance) | (sides[1] < -tolerance)
    if not wrong.any():
        return ""
    wrong &= np.bincount(program.index, minlength=program.rows) == 0
    if not wrong.any():
        return ""
    return verdicts.tell("empty_row", name=program.row_name(int(np.argmax(wrong))))


def lost(program: Program) -> str:
    """Name a row whose coefficients are too far apart, or a coefficient that HiGHS would drop, or nothing.

    A row that is large as a whole is scaled, and loses nothing.
    """
    size = np.abs(program.value)
    if not len(size):
        return ""
    largest, least = np.zeros(program.rows), np.full(program.rows, np.inf)
    np.maximum.at(largest, program.index, size)
    np.minimum.at(least, program.index, size)
    if (largest > APART * least).any():
        row = int(np.argmax(largest / least))
        ends = {"least": f"{least[row]:.0e}", "most": f"{largest[row]:.0e}"}
        return verdicts.tell("apart", name=program.row_name(row), **ends)
    place = int(np.argmin(size))
    if size[place] > LEAST:
        return ""
    return verdicts.tell("dropped", where=_where(program, place), value=f"{program.value[place]:.1e}")


def steepest(program: Program) -> str:
    """Name the largest coefficient where it is so large that `infeasible` proves nothing, or nothing.

    The tolerance of a column times such a coefficient is more than most rows move.
    """
    size = np.abs(program.value)
    if not len(size) or size.max() < STEEP:
        return ""
    place = int(np.argmax(size))
    return verdicts.tell("steep", where=_where(program, place), value=f"{program.value[place]:.1e}")


def beyond_reach(bounds: Bounds, flow_scale: float) -> str:
    """Name the first bound that HiGHS takes for none because it is so large, or nothing."""
    for name, sides in bounds:
        for bound in sides:
            far = np.isfinite(bound) & (np.abs(bound) >= FAR)
            if far.any():
                first = int(np.argmax(far))
                value = bound[first] * flow_scale
                return verdicts.tell("beyond", name=name(first), value=f"{value:.1e}")
    return ""


def _where(program: Program, place: int) -> str:
    """Name the column and the row of a coefficient."""
    column = int(np.searchsorted(program.start, place, side="right")) - 1
    return f"{program.column_name(column)} in {program.row_name(int(program.index[place]))}"
