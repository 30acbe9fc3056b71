"""The answer on the screen of a plant engineer: money, energy, carbon, plants, by-products, what binds."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TextIO

import numpy as np
from rich import box
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from ..flows.problems import harmless
from ..flows.tables import Label
from ..flows.wording import Language, Phrases, Saying, joined, said
from .figures import amount, figure, multiple, share
from .flows import FATES
from .islands import CompanyFigure
from .limit_phrases import limit_phrases
from .result import PolicyAnswer, Result
from .result_phrases import result_phrases
from .rows import PlantRun
from .words import common, heads

LIMITS_SHOWN = 5
ISLAND_COLUMNS = 5
"""indicators of service islands that fit a line"""
BAR = 10
PIPED_WIDTH = 10_000
"""so wide that nothing is folded: a row of a table stays a line for grep and awk"""

_WORDS: dict[str, tuple[str, str]] = {
    **heads("built", "closed"),
    "steps": ("steps", "个台阶"),
    "exchanged": common["of_it_exchanged"],
    "shipped": common["of_it_shipped"],
    "limits": limit_phrases["binds_hardest"],
    "islands": ("Service islands", "公用工程岛"),
    "used_share": common["share"],
    "none": ("Nothing binds: no limit would be worth raising.", "没有起作用的约束。"),
    "scenarios": ("Scenarios side by side", "情景对比"),
    "last_stage": (
        "shadow prices belong to the last stage, the others held",
        "影子价格属于最后一级目标（前各级保持不变）",
    ),
    "loose": (
        "flows marked ~ are not unique: another answer with the same objective has other values",
        "标 ~ 的流量不唯一：目标值相同的其他解中数值不同",
    ),
}
words = Phrases(_WORDS, result_phrases)
"""words of the summary, by key and language"""


def name(text: Label, language: Language) -> str:
    """Return the name of a thing in one language, safe to print in a rich table."""
    return escape(text.zh if language == "zh" else text.en)


class HarmlessTable(Table):
    """A table whose cells nothing acts on: controls, line breaks and marks of direction show as `\ufffd`."""

    def add_row(self, *cells: RenderableType | None, **how: Any) -> None:
        """Add a row as rich does."""
        super().add_row(*(harmless(cell) if isinstance(cell, str) else cell for cell in cells), **how)


@dataclass(frozen=True)
class Paper:
    """Where a summary is written: a terminal, or plain text of fixed width.

    Names come from files that somebody else may have written; whatever is printed here, a terminal does not act on it.
    """

    console: Console
    fancy: bool

    @classmethod
    def on(cls, stream: TextIO | None = None, color: bool | None = None) -> Paper:
        """Return paper for a stream (default: standard output)."""
        stream = stream or sys.stdout
        fancy = stream.isatty() and color is not False
        width = None if stream.isatty() else PIPED_WIDTH
        console = Console(file=stream, width=width, no_color=not fancy, highlight=False, soft_wrap=False)
        return cls(console, fancy)

    def table(
        self,
        title: str,
        columns: Sequence[tuple[str, Literal["left", "right"]]],
        whole: Collection[str] = (),
    ) -> Table:
        """Start a table in the style of the paper; columns named in `whole` are never folded."""
        if not self.fancy:  # the rules of a fancy table bring their own space
            self.print()
        table = HarmlessTable(
            title=harmless(title),
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD if self.fancy else None,
            padding=(0, 1),
            pad_edge=False,
            header_style="dim",
        )
        for text, side in columns:
            table.add_column(harmless(text), justify=side, no_wrap=side == "right" or text in whole, overflow="fold")
        return table

    def print(self, *parts: object) -> None:
        """Print text, each a line, or tables; plain text without the blanks that pad a table."""
        parts = tuple(harmless(part) if isinstance(part, str) else part for part in parts)
        if self.fancy:
            self.console.print(*parts)
            return
        with self.console.capture() as capture:
            self.console.print(*parts)
        for line in capture.get().splitlines():
            self.console.file.write(line.rstrip() + "\n")


def print_summary(result: Result, paper: Paper, language: Language = "en") -> None:
    """Print a result."""
    _head(result, paper, language)
    if not result.optimal:
        return
    _stages(result, paper, language)
    _totals(result, paper, language)
    _plants(result, paper, language)
    _builds(result, paper, language)
    _residues(result, paper, language)
    _policies(result, paper, language)
    _islands(result, paper, language)
    paper.print()
    _limits(result, paper, language)
    for caveat in result.caveats:
        paper.print(f"[yellow]{words('note', language)}[/]: {escape(said(caveat, language))}")


def print_highlights(result: Result, paper: Paper, language: Language = "en") -> None:
    """Print what fits a picture: the verdict, the totals, the by-products most made, and what binds."""
    _head(result, paper, language)
    _totals(result, paper, language)
    _residues(result, paper, language, most=8)
    paper.print()
    _limits(result, paper, language)


def _head(result: Result, paper: Paper, language: Language) -> None:
    title = name(result.title, language)
    paper.print(f"[bold]{title}[/] · {words('scenario', language)} {escape(result.scenario)}")
    if not result.optimal or result.certificate is None:
        paper.print(f"[bold red]{words(result.status, language)}[/]: {escape(said(result.reason, language))}")
        return
    goal, proof = result.goal, result.certificate
    sense = words("maximise" if result.maximise else "minimise", language)
    residuals = {"primal": f"{proof.primal:.1e}", "dual": f"{proof.dual:.1e}", "gap": f"{proof.gap:.1e}"}
    method = words("found_by", language, method=result.method, why=result.method_reason)
    paper.print(
        f"[bold green]{words(result.status, language)}[/] · {sense} {_objective(result, language)} = [bold]"
        f"{amount(goal.value or 0.0, goal.unit)}[/] · {words('certified', language)}: "
        f"{words('certificate', language, **residuals)} · {escape(method)}"
    )


def _objective(result: Result, language: Language) -> str:
    """Return what is optimised: its identifier, in Chinese its name."""
    names = {text.id: text.zh for text in result.network.indicators.label} if language == "zh" else {}
    return escape(names.get(result.objective, result.objective))


def _stages(result: Result, paper: Paper, language: Language) -> None:
    """Print what each stage of an objective reached, where there are several."""
    if len(result.stages) < 2:
        return
    for number, stage in enumerate(result.stages, start=1):
        room = f" ± {amount(stage.tolerance, stage.unit)}" if stage.tolerance else ""
        paper.print(f"{number}. {escape(stage.name)} {amount(stage.value, stage.unit)}{room}")
    paper.print(f"[dim]{words('last_stage', language)}[/]")


def _totals(result: Result, paper: Paper, language: Language) -> None:
    several = len(result.parks) > 1
    columns: list[tuple[str, Literal["left", "right"]]] = [
        ("", "left"),
        (words("totals", language), "right"),
    ]
    columns += [(name(park, language), "right") for park in result.network.parks if several]
    table = paper.table("", [*columns, ("", "left")])
    labels = {text.id: text for text in result.network.indicators.label}
    for key, total in result.indicators.items():
        parts = [result.parks[park.id][key].value for park in result.network.parks] if several else []
        values = [total.value, *parts]
        factor, unit = multiple([value for value in values if value is not None], total.unit)
        cells = (_cell(value, factor, total.unit) for value in values)
        table.add_row(name(labels[key], language), *cells, "" if unit == "1" else unit)
    paper.print(table)


def _builds(result: Result, paper: Paper, language: Language) -> None:
    changes = [("built", build) for build in result.builds] + [("closed", closed) for closed in result.retirements]
    for word, build in changes:
        steps = "" if build.steps is None else f" ({build.steps} {words('steps', language)})"
        what = f"{amount(build.capacity, build.unit)}{steps}, {build.period}, {amount(build.cost, build.money)}"
        paper.print(f"{words(word, language)}: {name(build.name, language)}: {escape(what)}")


def _plants(result: Result, paper: Paper, language: Language) -> None:
    several_companies = len(result.network.companies.label) > 1
    columns: list[tuple[str, Literal["left", "right"]]] = [(words("plant", language), "left")]
    if several_companies:
        columns.append((words("company", language), "left"))
    columns += [
        (words("run", language), "right"),
        ("", "left"),
        (words("load", language), "right"),
        ("", "left"),
    ]
    table = paper.table(words("plants", language), columns)
    for plant, run, utilisation in _plant_totals(result):
        factor, unit = multiple([run], plant.unit)
        cells = [name(plant.name, language)] + ([escape(plant.company)] if several_companies else [])
        load = "" if utilisation is None else f"{utilisation:.0%}"
        table.add_row(*cells, figure(run / factor), unit, load, _bar(utilisation, paper))
    paper.print(table)


def _plant_totals(result: Result) -> Iterator[tuple[PlantRun, float, float | None]]:
    """Yield each plant with its run over all periods with their weights, and that over its nameplate capacity."""
    network, periods = result.network, len(result.network.periods.id)
    weight = network.periods.weight
    for number, capacity in enumerate((weight @ network.plants.capacity).tolist()):
        total = float(weight @ result.plants.run[number])
        yield result.plants[number * periods], total, total / capacity if 0 < capacity < np.inf else None


def _bar(utilisation: float | None, paper: Paper) -> str:
    if utilisation is None:
        return ""
    filled = round(min(max(utilisation, 0.0), 1.0) * BAR)
    full, empty = ("█", "░") if paper.fancy else ("#", ".")
    return full * filled + empty * (BAR - filled)


def _residues(result: Result, paper: Paper, language: Language, most: int | None = None) -> None:
    """Print what became of by-products and wastes: all, or the `most` heaviest."""
    assert result.flows is not None
    keys: tuple[str, ...] = ("made", "bought", "used", "treated", "sold", "discarded", "exchanged")
    keys += ("shipped",) if len(result.network.shipments.route) else ()
    keys += ("stored",) if (result.flows.fate == FATES.index("stored")).any() else ()
    columns: list[tuple[str, Literal["left", "right"]]] = [(words("material", language), "left")]
    columns += [(words(key, language), "right") for key in keys]
    table = paper.table(words("residues", language), [*columns, ("", "left")])
    loose = _loose_materials(result)
    rows = _residue_rows(result)
    shown = sorted(rows, key=lambda row: -rows[row]["made"])[:most] if most else rows
    for material in shown:
        totals = rows[material]
        factor, unit = multiple(totals.values(), result.network.materials.unit[material])
        mark = "~" if material in loose else ""
        cells = [_blank_zero(totals[key] / factor) for key in keys]
        text = name(result.network.materials.label[material], language)
        table.add_row(mark + text, *cells, unit)
    if not rows:
        return
    paper.print(table)
    if len(shown) < len(rows):
        paper.print(f"[dim]{words('count_more', language, count=len(rows) - len(shown))}[/]")
    if loose.intersection(shown):
        paper.print(words("loose", language))


def _residue_rows(result: Result) -> dict[int, dict[str, float]]:
    """Return, by material of class byproduct and waste that is made, its totals by fate."""
    flows, network = result.flows, result.network
    assert flows is not None
    rows = {}
    for material, kind in enumerate(network.materials.kind):
        if kind not in ("byproduct", "waste") or not flows.total("made", material):
            continue
        totals = {key: flows.total(key, material) for key in FATES}
        totals["treated"] = flows.treated(material)
        totals["used"] -= totals["treated"]
        rows[material] = totals
    return rows


def _blank_zero(value: float) -> str:
    return figure(value) if abs(value) > 1e-9 else "·"


def _loose_materials(result: Result) -> set[int]:
    flows = result.flows
    assert flows is not None
    return set(result.network.nodes.material[flows.node[~flows.unique.all(axis=0)]].tolist())


def _policies(result: Result, paper: Paper, language: Language) -> None:
    if not result.policies:
        return
    table = paper.table(words("policies", language), [("", "left"), ("", "right"), ("", "left")])
    for policy in result.policies:
        value = share(policy.value) if policy.unit == "1" else amount(policy.value or 0.0, policy.unit)
        table.add_row(escape(policy.name), value, said(_policy_words(result, policy), language))
    paper.print(table)


def _policy_words(result: Result, policy: PolicyAnswer) -> Saying:
    goal, tell = result.network.goal.unit, result_phrases.tell
    per = "" if policy.unit == "1" else f"/{policy.unit}"
    missed = [
        tell(key, amount=amount(value, policy.amount_unit))
        for key, value in (("short_by", policy.shortage), ("over_by", policy.surplus))
        if value is not None and value > 1e-9 * max(1.0, abs(policy.bound or 0.0))
    ]
    bound = "" if policy.bound is None else share(policy.bound) if per == "" else amount(policy.bound, policy.unit)
    if missed and policy.bound is not None:
        return tell("soft", bound=bound, missed=joined(missed))
    growth = result.network.growths.policy.tolist()
    if policy.bound is None and not policy.price and result.network.policies.id.index(policy.name) in growth:
        return tell("growth")
    if policy.bound is None:
        return tell("priced", price=f"{figure(policy.price)} {result.network.money}{per}")
    if not policy.binds:
        return tell("free", bound=bound)
    return tell("binding", bound=bound, price=f"{figure(policy.price)} {goal}{per}")


def _islands(result: Result, paper: Paper, language: Language) -> None:
    """Print what every user of a service island is charged: its cost and what the case counts, ratios left out."""
    network = result.network
    if not network.islands.label:
        return
    table = network.indicators
    shown = [
        row
        for row, text in enumerate(table.label)
        if table.per[row] < 0 and (text.id == "cost" or table.origin[row] > 0)
    ]
    columns: list[tuple[str, Literal["left", "right"]]] = [("", "left"), (words("company", language), "left")]
    columns.append((words("used_share", language), "right"))
    columns += [(name(table.label[row], language), "right") for row in shown[:ISLAND_COLUMNS]]
    sheet = paper.table(words("islands", language), columns)
    for island in network.islands.label:
        rows: dict[tuple[str, str], dict[str, CompanyFigure]] = {}
        for entry in result.companies:
            if entry.account == f"island {island.id}":
                rows.setdefault((entry.park, entry.company), {})[entry.indicator] = entry
        for (park, company), figures in rows.items():
            found = [figures[table.label[row].id] for row in shown[:ISLAND_COLUMNS]]
            cells = [amount(cell.value or 0.0, cell.unit) for cell in found]
            who = company if park == company else f"{park}.{company}"
            sheet.add_row(name(island, language), escape(who), share(found[0].share), *cells)
    paper.print(sheet)


def _limits(result: Result, paper: Paper, language: Language) -> None:
    paper.print(f"[bold]{words('limits', language)}[/]")
    for rank, limit in enumerate(result.limits[:LIMITS_SHOWN], start=1):
        paper.print(f"{rank}. {escape(said(limit.sentence, language))}")
        paper.print(f"   [dim]{escape(limit.where)}[/]")
    if not result.limits:
        paper.print(words("none", language))


def print_side_by_side(results: Sequence[Result], paper: Paper, language: Language = "en") -> None:
    """Print the indicators of several scenarios beside each other, and how each differs from the first."""
    first = results[0]
    columns: list[tuple[str, Literal["left", "right"]]] = [("", "left")]
    columns += [(escape(result.scenario), "right") for result in results]
    table = paper.table(words("scenarios", language), [*columns, ("", "left")])
    for text in first.network.indicators.label:
        measures = [result.indicators.get(text.id) for result in results]
        values = [measure.value if measure else None for measure in measures]
        unit = next(measure.unit for measure in measures if measure)
        factor, shown = multiple([value for value in values if value is not None], unit)
        cells = [_cell(value, factor, unit) for value in values]
        table.add_row(name(text, language), *cells, "" if unit == "1" else shown)
    paper.print(table)


def _cell(value: float | None, factor: float, unit: str) -> str:
    if value is None:
        return "–"
    return share(value) if unit == "1" else figure(value / factor)
