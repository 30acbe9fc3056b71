"""The objective as a table: what is optimised, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .account_tables import Goal
from .accounts import AccountWriter
from .draft import Draft
from .problems import nearest
from .schema import Aim, Stage
from .units import Quantity, QuantityError, bracketed

Path = tuple[str, ...]


def goals(draft: Draft, written: AccountWriter) -> tuple[tuple[Goal, ...], bool]:
    """Return the stages of the objective, and whether ties are broken; mistakes are left in the findings."""
    stages = draft.case.objective
    listed = draft.case.is_list("objective")
    found = []
    for number, stage in enumerate(stages):
        path = ("objective", str(number)) if listed else ("objective",)
        last = number == len(stages) - 1
        if stage.tie_break and not last:
            position = draft.case.value_at(*path, "tie_break")
            draft.findings.error(position, "ties are broken after the last stage", "move `tie_break` there")
        if stage.tolerance is not None and last:
            position = draft.case.value_at(*path, "tolerance")
            what = "the last stage has no tolerance: nothing comes after it"
            draft.findings.error(position, what, "delete it, or write a list of stages: `[{…, tolerance: 1 %}, {…}]`")
        goal = _goal(draft, written, stage, path)
        if goal is not None:
            found.append(goal)
    return tuple(found), stages[-1].tie_break


def _goal(draft: Draft, written: AccountWriter, stage: Stage, path: Path) -> Goal | None:
    sense = "maximise" if stage.maximise is not None else "minimise"
    aim = stage.maximise or stage.minimise
    assert aim is not None
    where = (*path, sense)
    worst = aim.least or aim.largest
    names = [worst] if worst is not None else list(aim.weights)
    spots = [_spot(draft, where, aim, name) for name in names]
    known = list(written.of_indicator)
    for name, spot in zip(names, spots, strict=True):
        position = draft.case.value_at(*where) if spot == where else draft.case.key_at(*spot)
        if name not in known:
            draft.findings.error(position, f"unknown indicator `{name}`", nearest(name, known))
            return None
        if written.of_indicator[name].per >= 0:
            what = f"`{name}` is a ratio and cannot be the objective"
            mend = "optimise an account such as profit, or bound the ratio by a policy"
            draft.findings.error(position, what, mend)
            return None
    units = {name: written.of_indicator[name].unit for name in names}
    weights: Mapping[str, Quantity | None] = dict.fromkeys(names) if worst is not None else aim.weights
    unit = _goal_unit(draft, weights, units)
    factors = [_factor(draft, weights[name], unit, units[name], spot) for name, spot in zip(names, spots, strict=True)]
    tolerance, relative = _tolerance(draft, stage, unit, path)
    return Goal(
        name=("least " if aim.least else "largest " if aim.largest else "") + " + ".join(names),
        unit=unit,
        maximise=sense == "maximise",
        indicator=np.array([known.index(name) for name in names], dtype=np.int32),
        factor=np.array(factors, dtype=float),
        worst=worst is not None,
        tolerance=tolerance,
        relative=relative,
        origin=draft.origin(draft.case.value_at(*where), ".".join(path)),
    )


def _spot(draft: Draft, where: Path, aim: Aim, name: str) -> Path:
    """Return the path of the line that names an indicator."""
    if aim.least or aim.largest:
        return (*where, "least" if aim.least else "largest")
    return (*where, name) if draft.case.is_map(*where) else where


def _goal_unit(draft: Draft, weights: Mapping[str, Quantity | None], units: Mapping[str, str]) -> str:
    """Return what the sum is counted in: the unit of the first indicator with a bare number, or else money."""
    bare = [units[name] for name, weight in weights.items() if weight is None or not weight.dimension]
    return bare[0] if bare else draft.case.money


def _factor(draft: Draft, weight: Quantity | None, goal: str, unit: str, path: Path) -> float:
    if weight is None:
        return 1.0
    needed = f"{goal}/{bracketed(unit)}"
    try:
        return draft.steady(weight, "1" if unit == goal else needed)
    except QuantityError as error:
        what = f"all terms of the objective come out in {goal}: {error.what}"
        draft.findings.error(draft.case.value_at(*path), what, f"write the weight in {needed}")
        return 0.0


def _tolerance(draft: Draft, stage: Stage, unit: str, path: Path) -> tuple[float, bool]:
    if stage.tolerance is None:
        return 0.0, True
    if not stage.tolerance.dimension:
        return stage.tolerance.to("1"), True
    return draft.number(stage.tolerance, unit, *path, "tolerance") or 0.0, False
