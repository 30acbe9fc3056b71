"""A comparison as one JSON object (`parkloop.comparison/1`), and as one long csv table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..reports.json_text import finite
from .comparison import (
    SCHEMA,
    CapacityRow,
    Comparison,
    Figures,
    FlowRow,
    InputRow,
    PlantRow,
    PriceRow,
    ProductRow,
    Side,
    TotalRow,
)

COLUMNS = (
    "table",
    "park",
    "what",
    "of",
    "side",
    "value",
    "unit",
    "baseline",
    "difference",
    "percent",
    "certainty",
    "note",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""first characters by which a spreadsheet takes a text for a formula"""
Cell = str | float | None
Row = TotalRow | PlantRow | CapacityRow | FlowRow | PriceRow | ProductRow


def comparison_object(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values; lists of figures are in the order of the sides."""
    return {
        "schema": SCHEMA,
        "sides": [_side(side) for side in comparison.sides],
        "baseline": comparison.names[comparison.baseline],
        "order": comparison.order,
        "money": comparison.money,
        "per_year": comparison.per_year,
        "counterfactual": None if comparison.counterfactual is None else _listed(asdict(comparison.counterfactual)),
        "inputs": [_listed(asdict(row)) for row in comparison.inputs],
        "totals": [_row(row) for row in comparison.totals],
        "plants": [_row(row) for row in comparison.plants],
        "capacities": [_row(row) for row in comparison.capacities],
        "flows": [_row(row) for row in comparison.flows],
        "prices": [_row(row) for row in comparison.prices],
        "products": [_row(row) for row in comparison.products],
        "notes": list(comparison.notes),
    }


def comparison_json(comparison: Comparison, indent: int | None = 2) -> str:
    """Write a comparison as JSON text."""
    return json.dumps(finite(comparison_object(comparison)), indent=indent, ensure_ascii=False, allow_nan=False)


def comparison_csv(comparison: Comparison) -> str:
    """Write a comparison as one table with a row for each figure and side, and for each statement and side.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in _cells(comparison))
    return paper.getvalue()


def _side(side: Side) -> dict[str, Any]:
    return _listed(asdict(side))  # type: ignore[no-any-return]


def _row(row: Row) -> dict[str, Any]:
    """Flatten the figures of a row into it."""
    figures = row.figures
    sides = range(len(figures.values))
    told = {key: value for key, value in asdict(row).items() if key != "figures"}
    told |= {
        "unit": figures.unit,
        "values": figures.values,
        "differences": [figures.difference(side) for side in sides],
        "percents": [figures.percent(side) for side in sides],
        "certainties": [figures.certainty(side) for side in sides],
        "differs": figures.differs,
        "is_finding": figures.is_finding,
    }
    return _listed(told)  # type: ignore[no-any-return]


def _listed(value: Any) -> Any:
    """Turn tuples into lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _cells(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    names = comparison.names
    for side in comparison.sides:
        marks = "; ".join(side.marks)
        yield ("side", "", side.case, side.scenario, side.name, None, "", None, None, None, side.status, marks)
    for row in comparison.inputs:
        yield from _input_cells(comparison, row)
    for total in comparison.totals:
        yield from _figure_cells(names, "total", total.park, total.indicator, "", total.figures, total.note)
    for plant in comparison.plants:
        yield from _figure_cells(names, "plant", plant.park, plant.plant, plant.company, plant.figures)
    for built in comparison.capacities:
        yield from _figure_cells(names, built.word, built.park, built.id, built.company, built.figures)
    for flow in comparison.flows:
        yield from _figure_cells(names, "flow", flow.park, flow.material, flow.fate, flow.figures)
    for price in comparison.prices:
        of = " ".join(part for part in (price.company, price.plant, price.period) if part)
        yield from _figure_cells(names, "price", price.park, price.material, of, price.figures)
    for product in comparison.products:
        yield from _figure_cells(
            names, "product", product.park, product.product, product.measure, product.figures, product.reason
        )
    for note in comparison.notes:
        yield ("note", "", "", "", "", None, "", None, None, None, "", note)


def _input_cells(comparison: Comparison, row: InputRow) -> Iterator[tuple[Cell, ...]]:
    first = row.texts[comparison.baseline]
    for number, name in enumerate(comparison.names):
        place, text, percent = row.places[number] or "", row.texts[number], row.percents[number]
        yield ("input", "", row.path, place, name, text, "", first, None, percent, row.differences[number], "")


def _figure_cells(
    names: tuple[str, ...], table: str, park: str, what: str, of: str, figures: Figures, note: str = ""
) -> Iterator[tuple[Cell, ...]]:
    first = figures.values[figures.baseline]
    for side, name in enumerate(names):
        change, percent = figures.difference(side), figures.percent(side)
        sure = figures.certainty(side)
        yield (table, park, what, of, name, figures.values[side], figures.unit, first, change, percent, sure, note)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
