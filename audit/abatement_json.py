"""Measures as one JSON object (`parkloop.abatement/1`) and as a csv table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from ..flows.tables import Label
from ..reports.json_text import finite
from .abatement import Abatement, Curve, Effect

SCHEMA = "parkloop.abatement/1"


def abatement_object(found: Abatement) -> dict[str, Any]:
    """Return one JSON object."""
    return {
        "schema": SCHEMA,
        "case": found.case,
        "scenario": found.scenario,
        "fingerprint": found.fingerprint,
        "status": found.status,
        "reason": found.reason,
        "money": found.money,
        "years": found.years,
        "goal": found.goal,
        "measures": [_label(label) for label in found.measures],
        "without": {
            "profit": found.profit,
            "indicators": [
                {**_label(counted.label), "value": counted.base, "unit": f"{counted.unit}/a"}
                for counted in found.counted
            ],
        },
        "alone": [_effect(found, effect) for effect in found.alone],
        "together": None if found.together is None else _effect(found, found.together),
        "curves": [_curve(found, curve) for curve in found.curves],
        "portfolio": None
        if found.portfolio is None
        else {
            "by": found.portfolio.by,
            "budget": found.portfolio.budget,
            "exact": found.portfolio.exact,
            "looked_at": found.portfolio.looked_at,
            "effect": _effect(found, found.portfolio.effect),
        },
        "notes": list(found.notes),
        "solves": found.solves,
    }


def abatement_json(found: Abatement, indent: int | None = 2) -> str:
    """Write it as JSON."""
    return json.dumps(finite(abatement_object(found)), indent=indent, ensure_ascii=False, allow_nan=False)


def abatement_csv(found: Abatement) -> str:
    """Write a table with a row for each measure alone, each step of each curve, all together and the portfolio."""
    text, money = io.StringIO(), found.money
    writer = csv.writer(text, lineterminator="\n")
    columns = [f"investment [{money}]", f"annual cost [{money}/a]", f"net cost [{money}/a]"]
    for its in found.counted:
        columns += [f"{its.label.id} abated [{its.unit}/a]", f"cost per {its.label.id} [{money}/{its.unit}]"]
    writer.writerow(["table", "number", "measures", *columns, "not unique", "reason"])
    for table, number, effect in _rows(found):
        abated = effect.abated or (None,) * len(found.counted)
        per = effect.per or (None,) * len(found.counted)
        pairs = [value for pair in zip(abated, per, strict=True) for value in pair]
        figures = [effect.investment, effect.yearly, effect.cost, *pairs]
        cells = ["" if value is None else value for value in figures]
        writer.writerow([table, number, " + ".join(effect.measures), *cells, " ".join(effect.loose), effect.reason])
    return text.getvalue()


def _rows(found: Abatement) -> Iterator[tuple[str, int, Effect]]:
    yield from (("alone", number, effect) for number, effect in enumerate(found.alone, start=1))
    for curve in found.curves:
        name = found.counted[curve.indicator].label.id
        yield from ((f"curve {name}", number, step) for number, step in enumerate(curve.abating, start=1))
        numbers = range(len(curve.abating) + 1, len(curve.steps) + 1)
        yield from ((f"no abatement {name}", number, step) for number, step in zip(numbers, curve.others, strict=True))
    if found.together is not None:
        yield "together", 1, found.together
    if found.portfolio is not None:
        yield "portfolio", 1, found.portfolio.effect


def _curve(found: Abatement, curve: Curve) -> dict[str, Any]:
    counted = found.counted[curve.indicator]
    return {
        "indicator": counted.label.id,
        "unit": f"{counted.unit}/a",
        "per_unit": f"{found.money}/{counted.unit}",
        "steps": [_effect(found, step) for step in curve.steps],
        "total": _effect(found, curve.total),
        "apart": curve.apart,
        "interaction": curve.interaction,
        "left_out": [{"measure": name, "reason": why} for name, why in curve.left_out],
    }


def _effect(found: Abatement, effect: Effect) -> dict[str, Any]:
    return {
        "measures": list(effect.measures),
        "investment": {"value": effect.investment, "unit": found.money},
        "annual_cost": {"value": effect.yearly, "unit": f"{found.money}/a"},
        "net_cost": {"value": effect.cost, "unit": f"{found.money}/a"},
        "abated": {
            its.label.id: {
                "value": value,
                "unit": f"{its.unit}/a",
                "kind": kind,
                "cost": {"value": per, "unit": f"{found.money}/{its.unit}"},
            }
            for its, value, kind, per in zip(found.counted, effect.abated, effect.kinds, effect.per, strict=False)
        },
        "not_unique": list(effect.loose),
        "reason": effect.reason,
    }


def _label(label: Label) -> dict[str, Any]:
    return {"id": label.id, "name": {"en": label.en, "zh": label.zh}}
