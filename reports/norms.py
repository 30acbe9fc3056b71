"""What recipes use per unit of product, beside what standards allow."""

from __future__ import annotations

from collections.abc import Iterable

from ..flows.case import Case, Shelf
from ..flows.norms import LEVELS, Assessment, assess
from ..flows.problems import Findings
from ..flows.recipes import Recipe, recipes
from .figures import figure
from .views import TableView

COLUMNS = ("process", "norm", "counts", "uses", *LEVELS, "unit", "meets", "standard", "because")


def norms_table(case: Case) -> list[TableView]:
    """Return every norm of the case's processes."""
    return [norms_of(case, recipes(case, Findings()).values())]


def norms_of(shelf: Shelf, some: Iterable[Recipe]) -> TableView:
    """Return the norms of some recipes."""
    table = TableView("Norms: use per unit of product, by-products deducted", COLUMNS)
    for recipe in some:
        table.rows.extend(norm_cells(found) for found in assess(shelf, recipe))
    return table


def norm_cells(found: Assessment) -> tuple[str, ...]:
    """Return one norm as texts, in the order of `COLUMNS`."""
    low, high = figure(found.least), figure(found.most)
    levels = (figure(found.levels[name]) if name in found.levels else "" for name in LEVELS)
    return (
        found.process,
        found.norm,
        found.counts,
        low if low == high else f"{low} … {high}",
        *levels,
        found.unit,
        found.verdict,
        found.standard,
        found.because,
    )
