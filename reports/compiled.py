"""What a case became: blocks of columns and rows, sizes, ranges, and the extreme coefficients with their lines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from rich.markup import escape
from rich.table import Table

from ..flows.network import Network
from ..flows.tables import Bools, Floats
from ..flows.wording import Language, Saying, joined, said
from ..models.program import Program
from .compiled_phrases import compiled_phrases as words
from .summary import Paper
from .worth import locate

Column = tuple[str, Literal["left", "right"]]
WIDE = 1e6
"""ratio of the largest to the smallest coefficient that is warned of, 1"""
EXTREMES = 3
"""smallest and largest coefficients shown"""


@dataclass(frozen=True)
class BlockSize:
    """A block of columns or rows."""

    kind: str
    name: str
    count: int
    """how many there are altogether"""
    whole: int
    """how many of them take whole numbers only"""


@dataclass(frozen=True)
class Range:
    """Sizes of some figures of the program, in its scaled units; zeros and infinities do not count."""

    what: Saying
    count: int
    least: float
    most: float

    @property
    def ratio(self) -> float:
        """Largest over smallest."""
        return self.most / self.least if self.least else 1.0


@dataclass(frozen=True)
class Extreme:
    """One of the smallest or largest coefficients."""

    size: Literal["smallest", "largest"]
    value: float
    row: str
    column: str
    where: tuple[str, ...]
    """file:line:column of the lines that caused row and column, as far as there are any"""


@dataclass(frozen=True)
class CompileReport:
    """What a case became."""

    columns: int
    rows: int
    nonzeros: int
    periods: int
    whole: int
    flow_scale: float
    objective_scale: float
    objective_unit: str
    blocks: tuple[BlockSize, ...]
    ranges: tuple[Range, ...]
    extremes: tuple[Extreme, ...]
    files: tuple[tuple[str, int, int], ...]
    """file, and how many columns and rows its lines caused"""
    warnings: tuple[Saying, ...]

    def as_object(self) -> dict[str, Any]:
        """Return it as plain values."""
        document = asdict(self)
        document["ranges"] = [{**asdict(item), "ratio": item.ratio} for item in self.ranges]
        document["files"] = [{"file": name, "columns": columns, "rows": rows} for name, columns, rows in self.files]
        return document


def compile_report(network: Network, program: Program) -> CompileReport:
    """Describe a program."""
    ranges = (
        _range(words.tell("coefficients"), program.value),
        _range(words.tell("costs"), program.cost),
        _range(words.tell("column_bounds"), np.concatenate([program.lower, program.upper])),
        _range(words.tell("row_sides"), np.concatenate([program.row_lower, program.row_upper])),
    )
    extremes = _extremes(network, program)
    return CompileReport(
        columns=program.columns,
        rows=program.rows,
        nonzeros=program.nonzeros,
        periods=program.T,
        whole=int(program.integral.sum()),
        flow_scale=program.flow_scale,
        objective_scale=program.objective_scale,
        objective_unit=program.objective_unit,
        blocks=tuple(_blocks(program)),
        ranges=ranges,
        extremes=extremes,
        files=tuple(_files(network, program)),
        warnings=tuple(_warnings(ranges, extremes)),
    )


def _blocks(program: Program) -> list[BlockSize]:
    integral: Bools = program.integral if len(program.integral) else np.zeros(program.columns, bool)
    columns = [
        BlockSize("columns", name, program.column_view(name, program.cost).size,
                  int(program.column_view(name, integral).sum()))
        for name in program.column_blocks
    ]  # fmt: skip
    rows = [BlockSize("rows", name, program.row_view(name, program.row_lower).size, 0) for name in program.row_blocks]
    return [block for block in (*columns, *rows) if block.count]


def _range(what: Saying, values: Floats) -> Range:
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    return Range(
        what, len(sizes), float(sizes.min(initial=np.inf if len(sizes) else 0.0)), float(sizes.max(initial=0.0))
    )


def _extremes(network: Network, program: Program) -> tuple[Extreme, ...]:
    """The smallest and the largest coefficients, each line once."""
    sizes = np.abs(program.value)
    order = np.argsort(sizes, kind="stable")
    return (*_some(network, program, order, "smallest"), *_some(network, program, order[::-1], "largest"))


def _some(
    network: Network, program: Program, order: np.ndarray[Any, Any], size: Literal["smallest", "largest"]
) -> list[Extreme]:
    found: dict[tuple[str, ...], Extreme] = {}
    for entry in order[:10_000].tolist():
        column = int(np.searchsorted(program.start, entry, side="right")) - 1
        row = int(program.index[entry])
        where = _places(network, program, row, column)
        if where not in found:
            value = float(program.value[entry])
            found[where] = Extreme(size, value, program.row_name(row), program.column_name(column), where)
        if len(found) == EXTREMES:
            break
    return list(found.values())


def _places(network: Network, program: Program, row: int, column: int) -> tuple[str, ...]:
    """Lines of a coefficient: that of the recipe where a run meets a balance, else those of its row and column."""
    origins = (int(program.row_origin[row]), int(program.column_origin[column]))
    block, _, plant = locate(program, column)
    balance = program.row_blocks["balance"]
    node = row % program.rows_per_period - balance.start if row < program.T * program.rows_per_period else -1
    if block.name == "run" and 0 <= node < balance.size:
        entries = network.entries
        mine = np.flatnonzero((entries.plant == plant) & (entries.node == node))
        if len(mine):
            origins = (int(entries.origin[mine[0]]), origins[1])
    return tuple(str(network.origins[origin].position) for origin in origins if origin >= 0)


def _files(network: Network, program: Program) -> list[tuple[str, int, int]]:
    names = [origin.position.file for origin in network.origins]
    counts: dict[str, list[int]] = {}
    for side, origins in enumerate((program.column_origin, program.row_origin)):
        lines, number = np.unique(origins[origins >= 0], return_counts=True)
        for line, count in zip(lines.tolist(), number.tolist(), strict=True):
            counts.setdefault(names[line], [0, 0])[side] += count
    return [(name, columns, rows) for name, (columns, rows) in sorted(counts.items())]


def _warnings(ranges: tuple[Range, ...], extremes: tuple[Extreme, ...]) -> list[Saying]:
    """Say what ranges so widely that the solver may lose digits, and on which lines."""
    found = []
    for item in ranges:
        if item.ratio <= WIDE:
            continue
        ends = {"factor": item.ratio, "least": item.least, "most": item.most}
        told = words.tell("range", what=item.what, **{key: f"{end:.1e}" for key, end in ends.items()})
        if item.what == "coefficients":
            extreme = [next(one for one in extremes if one.size == size) for size in ("smallest", "largest")]
            places = joined(
                words.tell(f"place_{one.size}", value=f"{one.value:.3g}", where=joined(one.where)) for one in extreme
            )
            told = words.tell("range_places", said=told, places=places)
        found.append(told)
    return found


def print_compiled(report: CompileReport, paper: Paper, language: Language = "en") -> None:
    """Print a report for people."""
    several = words("over_periods", language, count=report.periods) if report.periods > 1 else ""
    whole = words("of_whole", language, count=report.whole) if report.whole else ""
    sizes = {key: f"{getattr(report, key):,}" for key in ("columns", "rows", "nonzeros")}
    paper.print(words("size", language, periods=several, whole=whole, **sizes))
    scales = {"flow": f"{report.flow_scale:g}", "objective": f"{report.objective_scale:g}"}
    paper.print(words("scales", language, unit=report.objective_unit, **scales))
    table = _table(paper, language, "block", "", "count", "whole", lefts=2)
    for block in report.blocks:
        kind, many = words(block.kind, language), f"{block.whole:,}" if block.whole else ""
        table.add_row(escape(block.name), kind, f"{block.count:,}", many)
    paper.print(table)
    table = _table(paper, language, "figures", "least", "most", "ratio", lefts=1)
    for item in report.ranges:
        table.add_row(said(item.what, language), f"{item.least:.2e}", f"{item.most:.2e}", f"{item.ratio:.1e}")
    paper.print(table)
    heads = ("coefficient", "value", "in", "lines")
    columns: list[Column] = [(words(head, language), "right" if head == "value" else "left") for head in heads]
    table = paper.table("", columns)
    for one in report.extremes:
        where = escape(f"{one.row} × {one.column}")
        table.add_row(words(one.size, language), f"{one.value:.4g}", where, escape(", ".join(one.where)))
    paper.print(table)
    table = _table(paper, language, "file", "columns", "rows", lefts=1)
    for name, columns_of, rows in report.files:
        table.add_row(escape(name), f"{columns_of:,}", f"{rows:,}")
    paper.print(table)
    for warning in report.warnings:
        paper.print(f"[yellow]{words('warning', language)}[/]: {escape(said(warning, language))}")


def _table(paper: Paper, language: Language, *heads: str, lefts: int) -> Table:
    """Start a table whose first columns are texts and whose others are figures."""
    columns: list[Column] = [
        (words(head, language) if head else "", "left" if place < lefts else "right")
        for place, head in enumerate(heads)
    ]
    return paper.table("", columns)
