"""Where the figures of a case come from: sources, prices, plants, and every figure of every recipe that runs."""

from __future__ import annotations

from collections import Counter

from ..flows.case import Case
from ..flows.wording import said
from ..reports.contents import contents
from ..reports.headings import heading
from ..reports.result import Result
from ..reports.views import TableView
from .tables import Table, Text
from .words import Language, words


def pedigree(case: Case, result: Result, language: Language) -> tuple[str, list[Table]]:
    """Return how many sources of each kind there are, and the tables of the case with their sources."""
    views = [view for what in ("sources", "offers", "plants") for view in contents(case, what).tables if view.rows]
    tables = [_table(view, f"{view.title.lower().replace(' ', '_')}_cited", language) for view in views]
    access = Counter(str(row[1]) for row in views[0].rows) if views and views[0].title == "Sources" else Counter[str]()
    counted = {key: access.get(key, 0) for key in ("read", "recalled", "computed")}
    return words("access_count", language).format(**counted), tables


def recipes_in_full(case: Case, result: Result, language: Language) -> list[tuple[str, list[Table]]]:
    """Return every process that runs with every figure, its range and its source."""
    running = dict.fromkeys(plant.process for plant in result.plants if plant.run > 0)
    labels = {text.id: text for text in result.network.plants.process}
    found = []
    for key in running:
        if key not in case.processes:
            continue
        title = labels[key].zh if language == "zh" else labels[key].en
        views = [view for view in contents(case, key).tables if view.rows]
        found.append((title, [_table(view, "", language) for view in views]))
    return found


def _table(view: TableView, key: str, language: Language) -> Table:
    columns = tuple(heading(column, language) for column in view.columns)
    table = Table(key, heading(view.title, language), columns, folded=True)
    for row in view.rows:
        table.rows.append(
            tuple(Text(said(cell, language) if isinstance(cell, str) else cell[language == "zh"]) for cell in row)
        )
    return table
