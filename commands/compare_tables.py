"""A comparison on the terminal: what is saved, totals, inputs, plants, flows, prices and products, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.markup import escape

from ..audit.comparison import Comparison, Counterfactual, Figures, InputRow, Move, Side, TotalRow
from ..flows.tables import Label
from ..flows.wording import Language, Phrases, said
from ..reports.figures import figure, multiple, share
from ..reports.result_phrases import result_phrases
from ..reports.summary import Paper, name
from ..reports.words import common

WIDE = 3
"""sides beside the baseline from which on a table has room for percent, but not for the difference too"""
SHOWN = 12
"""rows of a table that are shown where not all are asked for"""
Column = tuple[str, Literal["left", "right"]]
Line = tuple[list[str], Figures]
"""first cells of a row, ready to print, and its figures"""

_WORDS: dict[str, tuple[str, str]] = {
    "side": ("side", "方案"),
    "optimised": ("optimised", "优化目标"),
    "saving": ("Saving against", "节约量，对照"),
    "per_park": ("Totals of each park", "各园区总量"),
    "path": ("statement", "条目"),
    "plants": ("Plants that open (+), close (-), run more or less", "装置启停与负荷变化"),
    "capacities": ("Capacity that is built or closed", "新建与退役能力"),
    "flows": ("Flows: what became of each material", "物料流向变化"),
    "prices": common["shadow_prices"],
    "products": ("Products: amounts, and what a unit takes", "产品产量与单耗"),
    "measure": ("figure", "指标"),
    "closed": ("closed", "退役"),
    "mark": ("mark", "标记"),
    "explain": (
        "`parkloop explain CASE -s {scenario}` says why",
        "原因见 `parkloop explain CASE -s {scenario}`",
    ),
    "wide": (
        "with many sides % stands alone, or the difference from 0; --json and -o tell both",
        "方案较多时只列百分比（基准为0时列差值）；完整差值见 --json 与 -o",
    ),
    "loose": (
        "not unique, so no finding: another answer as good has other values",
        "不唯一，不构成结论：同样优的解中取值不同",
    ),
    "unknown": ("not looked at for other answers that are as good", "未检查是否唯一"),
}
words = Phrases(_WORDS, result_phrases)
"""words of these tables, by key and language"""
_SIGNS: dict[Move, str] = {"opens": "+", "new": "+", "closes": "-", "absent": "-"}


class Tables:
    """Prints one comparison on some paper."""

    def __init__(self, comparison: Comparison, paper: Paper, language: Language = "en", every: bool = False) -> None:
        self.comparison, self.paper, self.language = comparison, paper, language
        self.most = None if every else SHOWN
        self.wide = len(comparison.others) >= WIDE
        self.loose = self.unknown = False
        self.several_parks = len({row.park for row in comparison.totals} - {""}) > 1

    def print(self) -> None:
        """Print all of it."""
        found = self.comparison
        titles = dict.fromkeys(self._name(side.title) for side in found.sides)
        self.paper.print(f"[bold]{' / '.join(titles)}[/] · {self._word('baseline')} {escape(self._first.name)}")
        self._sides()
        if found.counterfactual is not None:
            self._savings(found.counterfactual)
        whole = [([self._name(row.name)], row.figures) for row in found.totals if not row.park]
        self._table("totals", [""], whole, True)
        for row in found.totals:
            if row.note:
                self.paper.print(f"[yellow]{self._word('note')}[/]: {self._name(row.name)}: {self._told(row.note)}")
        self._inputs(found.inputs)
        self._details()
        self._remarks()

    @property
    def _first(self) -> Side:
        return self.comparison.sides[self.comparison.baseline]

    def _word(self, key: str) -> str:
        return words(key, self.language) if key in words else escape(key)

    def _told(self, text: str) -> str:
        return escape(said(text, self.language))

    def _goal(self, objective: str) -> str:
        """Return sense and name of what is optimised, as the side has it: `max profit`."""
        sense, _, goal = objective.partition(" ")
        key = {"max": "maximise", "min": "minimise"}.get(sense) if goal else None
        goal = goal if key else objective
        names = {row.indicator: row.name for row in self.comparison.totals} if self.language == "zh" else {}
        text = self._name(names[goal]) if goal in names else escape(goal)
        return f"{self._word(key)} {text}" if key else text

    def _name(self, label: Label) -> str:
        return name(label, self.language)

    def _sides(self) -> None:
        columns: list[Column] = [
            (self._word(key), "left") for key in ("side", "case", "scenario", "status", "optimised")
        ]
        table = self.paper.table("", columns)
        for side in self.comparison.sides:
            cells = (escape(text) for text in (side.name, side.case, side.scenario))
            table.add_row(*cells, self._word(side.status), self._goal(side.objective))
        self.paper.print(table)
        for side in self.comparison.sides:
            if side.status != "optimal":
                status = f"{self._word(side.status)}: {self._told(side.reason)}"
                self.paper.print(f"[bold red]{escape(side.name)}[/]: {status}")
                self.paper.print(f"  {escape(words('explain', self.language, scenario=side.scenario))}")
            for mark in side.marks:
                self.paper.print(f"[yellow]{self._word('mark')}[/]: {escape(side.name)}: {self._told(mark)}")

    def _savings(self, found: Counterfactual) -> None:
        others = [self.comparison.names[number] for number in self.comparison.others]
        columns: list[Column] = [("", "left")]
        for side in others:
            columns += [(escape(side), "right"), ("%", "right")]
        table = self.paper.table(f"{self._word('saving')} {escape(found.side)}", [*columns, ("", "left")])
        cells = {(saving.indicator, saving.side): saving for saving in found.savings}
        for indicator, label, unit in dict.fromkeys((one.indicator, one.name, one.unit) for one in found.savings):
            known = [cells.get((indicator, side)) for side in others]
            factor, shown = _multiple([one.value for one in known if one], unit)
            row = [self._name(label)]
            for one in known:
                mark = "" if one is None or not one.value else self._mark(one.certainty)
                row += ["–", ""] if one is None else [mark + figure(one.value / factor), _percent(one.percent)]
            table.add_row(*row, escape(shown))
        self.paper.print(table)
        for sentence in found.boundary:
            self.paper.print(f"- {self._told(sentence)}")
        if self.paper.fancy:  # the next table brings its own space elsewhere
            self.paper.print()

    def _inputs(self, rows: Sequence[InputRow]) -> None:
        if not any(self.comparison.sides[n].status for n in self.comparison.others) or not rows:
            return
        columns: list[Column] = [(self._word("path"), "left"), (escape(self._first.name), "left")]
        for number in self.comparison.others:
            columns += [(escape(self.comparison.names[number]), "left"), ("%", "right"), (self._word("where"), "left")]
        table = self.paper.table(self._word("inputs"), columns)
        for row in rows[: self.most]:
            cells = [row.path, said(row.texts[self.comparison.baseline] or "–", self.language)]
            for number in self.comparison.others:
                changed = row.differences[number] != "unchanged"
                place = row.places[number] or row.places[self.comparison.baseline] or ""
                cells += (
                    [said(row.texts[number] or "–", self.language), _percent(row.percents[number]), place]
                    if changed
                    else ["=", "", ""]
                )
            table.add_row(*map(escape, cells))
        self.paper.print(table)
        self._more(len(rows))

    def _details(self) -> None:
        """Print what changed in the parks that the baseline shares with another side."""
        found = self.comparison
        shared, whole = found.shared_parks, {"", *found.shared_parks}
        ranked = sorted((row for row in found.totals if row.park in shared), key=_rank)
        parks = [([escape(row.park), self._name(row.name)], row.figures) for row in ranked]
        self._table("per_park", ["park", ""], parks)
        plants = [
            self._line(row.park, f"{self._moves(row.moves)}{self._name(row.name)}", escape(row.company), row.figures)
            for row in found.plants
            if row.park in shared
        ]
        self._table("plants", [*self._parks(), "plant", "company"], plants)
        built = [
            self._line(row.park, self._word(row.word), escape(f"{row.kind} {row.id}"), row.figures)
            for row in found.capacities
            if row.park in whole
        ]
        self._table("capacities", [*self._parks(), "", ""], built)
        flows = [
            self._line(row.park, self._name(row.name), self._word(row.fate), row.figures)
            for row in found.flows
            if row.park in shared
        ]
        self._table("flows", [*self._parks(), "material", "fate"], flows)
        prices = [
            self._line(row.park, self._name(row.name), _where(row.company, row.plant, row.period), row.figures)
            for row in found.prices
            if row.park in shared
        ]
        self._table("prices", [*self._parks(), "material", "company"], prices)
        products = [
            self._line(row.park, self._name(row.name), self._measure(row.measure), row.figures)
            for row in found.products
            if row.park in shared
        ]
        self._table("products", [*self._parks(), "product", "measure"], products)

    def _line(self, park: str, first: str, second: str, figures: Figures) -> Line:
        return [*([escape(park)] if self.several_parks else []), first, second], figures

    def _measure(self, measure: str) -> str:
        return self._word(measure) if measure in words else self._told(measure)

    def _parks(self) -> list[str]:
        return ["park"] if self.several_parks else []

    def _moves(self, moves: Sequence[Move]) -> str:
        signs = dict.fromkeys(_SIGNS[move] for move in moves if move in _SIGNS)
        return f"{''.join(signs)} " if signs else "  "

    def _table(self, title: str, firsts: Sequence[str], lines: Iterable[Line], every: bool = False) -> None:
        """Print the rows that differ, findings first; all of them where `every`."""
        kept = [line for line in lines if every or line[1].differs]
        if not kept:
            return
        columns: list[Column] = [(self._word(key) if key else "", "left") for key in firsts]
        columns.append((escape(self._first.name), "right"))
        for number in self.comparison.others:
            columns.append((escape(self.comparison.names[number]), "right"))
            columns += [] if self.wide else [(self._word("difference"), "right")]
            columns.append(("%", "right"))
        table = self.paper.table(self._word(title), [*columns, ("", "left")])
        for cells, figures in kept if every else kept[: self.most]:
            table.add_row(*cells, *self._cells(figures))
        self.paper.print(table)
        if not every:
            self._more(len(kept))

    def _cells(self, figures: Figures) -> list[str]:
        factor, unit = _multiple([value for value in figures.values if value is not None], figures.unit)
        cells = [_value(figures, figures.baseline, factor)]
        for number in self.comparison.others:
            change = figures.difference(number)
            mark = self._mark(figures.certainty(number)) if change else ""
            told = "–" if change is None else "·" if change == 0 else mark + _signed(change, factor, figures.unit)
            percent = _percent(figures.percent(number)) if change else ""
            cells.append(_value(figures, number, factor))
            cells += [(mark + percent if percent else told)] if self.wide else [told, percent]
        return [*cells, "" if figures.unit == "1" else escape(unit)]

    def _mark(self, certainty: str) -> str:
        self.loose |= certainty == "not unique"
        self.unknown |= certainty == "not known"
        return {"not unique": "~", "not known": "?"}.get(certainty, "")

    def _more(self, count: int) -> None:
        if self.most is not None and count > self.most:
            self.paper.print(f"[dim]{words('count_more_all', self.language, count=count - self.most)}[/]")
            if self.paper.fancy:
                self.paper.print()

    def _remarks(self) -> None:
        self.paper.print()
        if self.wide:
            self.paper.print(f"[dim]{self._word('wide')}[/]")
        if self.loose:
            self.paper.print(f"~ {self._word('loose')}")
        if self.unknown:
            self.paper.print(f"? {self._word('unknown')}")
        for note in self.comparison.notes:
            self.paper.print(f"[yellow]{self._word('note')}[/]: {self._told(note)}")


def _rank(row: TotalRow) -> tuple[bool, float]:
    """Profit before all else that is counted in a park, the largest change first; the rest as the case has it."""
    first = row.indicator == "profit"
    return not first, -row.figures.largest if first else 0.0


def _multiple(values: Iterable[float], unit: str) -> tuple[float, str]:
    """Return the multiple in which figures are short; an amount per year is one of its amount."""
    whole, yearly, _ = unit.partition("/a")
    if yearly and unit.endswith("/a"):
        factor, shown = multiple(values, whole)
        return factor, f"{shown}/a"
    return multiple(values, unit)


def _value(figures: Figures, side: int, factor: float) -> str:
    value = figures.values[side]
    if value is None:
        return "–"
    value = 0.0 if abs(value) <= figures.least else value
    return share(value) if figures.unit == "1" else figure(value / factor)


def _signed(change: float, factor: float, unit: str) -> str:
    text = f"{change * 100:.1f} pp" if unit == "1" else figure(change / factor)
    return text if text.startswith("-") else f"+{text}"


def _percent(percent: float | None) -> str:
    return "" if percent is None else f"{percent:+.1f} %"


def _where(*parts: str) -> str:
    return escape(" ".join(part for part in parts if part))
