"""The JSON result: its keys are a contract (`result.schema.json`), its order is fixed, its numbers are finite."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from importlib.resources import files
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..flows.collecting import uncollected
from ..flows.saving import save, save_all
from ..flows.tables import Periods
from .flows import Flow
from .islands import CompanyFigure
from .json_text import Document, finite, indented
from .result import SCHEMA, Measure, PolicyAnswer, Result
from .rows import PlantRun, Price

ROOMS = ("reports", "audit", "checks", "pages")
"""rooms whose JSON Schemas ship"""


def schema_of(what: str) -> dict[str, Any]:
    """Return the JSON Schema of what `solve --json` (`result`) or another command prints. Raises KeyError."""
    whole = files(__package__.rpartition(".")[0])
    for room in ROOMS:
        path = whole.joinpath(room, f"{what}.schema.json")
        if path.is_file():
            schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return schema
    raise KeyError(what)


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema of a result."""
    return schema_of("result")


@uncollected
def result_object(result: Result) -> dict[str, Any]:
    """Return a result as plain values. An answer that is not optimal has no figures."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "case": result.case,
        "scenario": result.scenario,
        "money": result.network.money,
        "periods": _periods(result.network.periods),
        "status": result.status,
        "reason": result.reason,
        "objective": None,
        "stages": [],
        "indicators": {},
        "parks": {},
        "companies": [],
        "flows": [],
        "plants": [],
        "builds": [],
        "retirements": [],
        "prices": [],
        "policies": [],
        "banks": [],
        "limits": [],
        "not_unique": None if result.not_unique is None else _lists(asdict(result.not_unique)),
        "caveats": list(result.caveats),
        "certificate": None,
        "size": result.size,
        "seconds": {key: round(value, 6) for key, value in result.seconds.items()},
        "versions": result.versions,
        "method": {"name": result.method, "reason": result.method_reason},
        "options": result.options,
    }
    if result.input is not None:
        document["input"] = {**result.input, "settings": list(result.input["settings"])}
    if result.extension is not None:
        document["extension"] = {**result.extension, "rows": list(result.extension["rows"])}
    if result.diagnosis is not None:
        document["diagnosis"] = result.diagnosis
    if not result.optimal or result.certificate is None or result.flows is None:
        return document
    proof = result.certificate
    document |= {
        "objective": {"name": result.objective, **_measure(result.goal)},
        "stages": [asdict(stage) for stage in result.stages],
        "indicators": _measures(result.indicators),
        "parks": {park: _measures(values) for park, values in result.parks.items()},
        "companies": _rows(result.companies),
        "flows": _rows(result.flows.rows),
        "plants": _rows(result.plants, "name"),
        "builds": _rows(result.builds, "name"),
        "retirements": _rows(result.retirements, "name"),
        "prices": _rows(result.prices),
        "policies": _rows(result.policies),
        "banks": _rows(result.banks),
        "limits": _rows(result.limits),
        "certificate": {"primal": proof.primal, "dual": proof.dual, "gap": max(proof.gap, proof.bound_gap)},
    }
    return document


def dump_result(result: Result, indent: int | None = 2) -> str:
    """Write a result as JSON text."""
    document = result_object(result)
    if indent == 2:
        return indented(document)
    return json.dumps(finite(document), indent=indent, ensure_ascii=False, allow_nan=False)


def save_result(result: Result, folder: Path) -> None:
    """Save `result.json` and one csv table each of flows, plants, prices, policies and companies.

    All are written before the first takes its place, `result.json` last; never half a file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = result_object(result)
    save_all({**_tables(document, folder), folder / "result.json": f"{indented(document)}\n"})


def save_json(result: Result, path: Path) -> None:
    """Save a result as one JSON object; never half a file."""
    save(path, dump_result(result) + "\n")


def save_tables(result: Result, folder: Path) -> None:
    """Save one csv table each of flows, plants, prices, policies and companies; never half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    save_all(_tables(result_object(result), folder))


def _tables(document: Document, folder: Path) -> dict[Path, str]:
    """Return the texts of the tables by path."""
    tables: dict[str, type] = {
        "flows": Flow,
        "plants": PlantRun,
        "prices": Price,
        "policies": PolicyAnswer,
        "companies": CompanyFigure,
    }
    texts = {}
    for name, row_type in tables.items():
        rows = document[name]
        keys = list(rows[0]) if rows else [item.name for item in fields(row_type)]
        texts[folder / f"{name}.csv"] = "\ufeff" + _csv(keys, rows)  # the mark makes Excel read UTF-8
    return texts


def _csv(keys: list[str], rows: Iterable[dict[str, Any]]) -> str:
    """Write rows that have these keys in this order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def _periods(periods: Periods) -> list[dict[str, Any]]:
    columns = zip(periods.id, periods.duration.tolist(), periods.weight.tolist(), strict=True)
    return [{"id": name, "duration": duration, "weight": weight} for name, duration, weight in columns]


def _lists(columns: dict[str, Iterable[str]]) -> dict[str, list[str]]:
    return {key: list(names) for key, names in columns.items()}


def _measure(measure: Measure) -> dict[str, Any]:
    return {"value": measure.value, "unit": measure.unit}


def _measures(measures: dict[str, Measure]) -> dict[str, Any]:
    return {name: _measure(measure) for name, measure in measures.items()}


def _rows(things: Iterable[Any], without: str = "") -> list[dict[str, Any]]:
    """Return the fields of things of one kind that hold plain values only, without the copies that `asdict` makes."""
    rows = iter(things)
    first = next(rows, None)
    if first is None:
        return []
    names = tuple(name for name in first.__dataclass_fields__ if name != without)
    values = attrgetter(*names)
    return [dict(zip(names, values(thing), strict=True)) for thing in chain((first,), rows)]
