"""Measures on the terminal: each alone, the curve step by step with a picture in text, and the best portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.markup import escape

from ..flows.wording import Language, Phrases, said
from ..reports.figures import amount, figure, multiple
from ..reports.summary import Paper, name
from ..reports.words import common
from .abatement import Abatement, Counted, Curve, Effect

BAR = 12
"""characters of a full bar, on each side of the axis"""
Column = tuple[str, Literal["left", "right"]]

_WORDS: dict[str, tuple[str, str]] = {
    "without": ("without measures, per year", "无措施时（每年）"),
    "alone": ("Each measure alone, with what it requires, per year", "各措施单独实施（含其前提措施，每年）"),
    "measure": ("measure", "措施"),
    "step": ("step", "步"),
    "investment": ("investment", "投资"),
    "yearly": ("annual cost", "年费用"),
    "cost": ("net cost (− saves)", "净成本（− 为节约）"),
    "abated": ("abated", "减少"),
    "summed": ("added up", "累计"),
    "together": ("all together", "全部实施"),
    "curve": (
        "Abatement cost curve of {what}: each step adds to those before it",
        "{what}减排成本曲线：每一步均为在前面各步基础上的增量",
    ),
    "all_steps": ("all steps", "合计"),
    "none": ("nothing is abated", "无减少"),
    "interaction": (
        "alone they would abate {apart} in all, together {total}: {change} of interaction is counted once",
        "单独实施合计减少 {apart}，共同实施减少 {total}：相互影响 {change}，只计一次",
    ),
    "others": ("No abatement of {what} (− increases it)", "对{what}无减少（− 为增加）"),
    "left_out": ("no step: {measure}, {why}", "未列入：{measure}，{why}"),
    "portfolio": ("Best portfolio", "最优组合"),
    "by_money": ("of least net cost", "净成本最低"),
    "by": ("that abates most {what}", "{what}减少最多"),
    "budget": ("for at most {budget}", "投资不超过 {budget}"),
    "no_budget": ("without a budget", "不限投资"),
    "nothing": ("no measure: doing nothing is best", "不采取任何措施最优"),
    "exact": ("proved: all {count} sets within the budget were solved", "已证明：预算内全部 {count} 个组合均已求解"),
    "greedy": (
        "not proved: with so many measures the set grew by the step that improves most per money; {count} sets solved",
        "未证明：措施较多，按单位投资改善最大逐步扩展；求解 {count} 个组合",
    ),
    "loose": (
        "figures marked ~ are not unique: another plan, as good, has other values",
        "标 ~ 的数值不唯一：同样好的其他方案中数值不同",
    ),
}
words = Phrases(_WORDS, common)
"""words of these tables, by key and language"""


def print_abatement(found: Abatement, paper: Paper, language: Language = "en") -> None:
    """Print it for people."""
    title = f"[bold]{name(found.title, language)}[/] · {words('scenario', language)} {escape(found.scenario)}"
    paper.print(title)
    if found.profit is None:
        paper.print(f"[bold red]{words(found.status, language)}[/]: {escape(said(found.reason, language))}")
        return
    _Sheet(found, paper, language).print()


class _Sheet:
    """One answer on paper."""

    def __init__(self, found: Abatement, paper: Paper, language: Language) -> None:
        self.found, self.paper, self.language = found, paper, language
        self.named = {label.id: label for label in found.measures}
        effects = [*found.alone, *(step for curve in found.curves for step in curve.steps)]
        effects += [effect for effect in (found.together,) if effect is not None]
        self.money, self.money_unit = _scale([v for its in effects for v in (its.yearly, its.cost)], found.money)
        self.invested, self.invested_unit = _scale([its.investment for its in effects], found.money)
        self.scales = [
            _scale([its.abated[place] for its in effects if its.abated], counted.unit)
            for place, counted in enumerate(found.counted)
        ]

    def words(self, key: str, **parts: str) -> str:
        return words(key, self.language).format(**parts)

    def print(self) -> None:
        found = self.found
        base = [f"{self.words('profit')} {amount(found.profit or 0.0, found.money)}"]
        base += [f"{name(its.label, self.language)} {amount(its.base, its.unit)}" for its in found.counted]
        self.paper.print(f"{self.words('without')}: {', '.join(base)}")
        self.alone()
        for curve in found.curves:
            self.curve(curve, found.counted[curve.indicator])
        self.portfolio()
        if any(its.loose for its in (*found.alone, *(step for curve in found.curves for step in curve.steps))):
            self.paper.print(self.words("loose"))
        for note in found.notes:
            self.paper.print(f"[yellow]{self.words('note')}[/]: {escape(said(note, self.language))}")

    def called(self, measures: Iterable[str]) -> str:
        """Names of measures, those of a step that brings its requirements joined by +."""
        return " + ".join(name(self.named[key], self.language) for key in measures)

    def alone(self) -> None:
        columns: list[Column] = [(self.words("measure"), "left")]
        columns += [(f"{self.words('investment')}, {self.invested_unit}", "right")]
        columns += [(f"{self.words(key)}, {self.money_unit}/a", "right") for key in ("yearly", "cost")]
        for counted, (_, unit) in zip(self.found.counted, self.scales, strict=True):
            what = f"{name(counted.label, self.language)}, {unit}/a" if len(self.found.counted) > 1 else f"{unit}/a"
            columns += [(f"{self.words('abated')} {what}", "right"), (f"{self.found.money}/{counted.unit}", "right")]
        table = self.paper.table(self.words("alone"), columns)
        rows = [(self.called(its.measures), its) for its in self.found.alone]
        if self.found.together is not None:
            rows.append((self.words("together"), self.found.together))
        for text, its in rows:
            if its.cost is None:
                table.add_row(
                    text,
                    figure(its.investment / self.invested),
                    self.yearly(its),
                    escape(said(its.reason, self.language)),
                )
                continue
            cells = [figure(its.investment / self.invested), self.yearly(its), self.cost(its)]
            for place in range(len(self.found.counted)):
                cells += [self.abated(its, place), _per(its.per[place])]
            table.add_row(text, *cells)
        self.paper.print(table)

    def curve(self, curve: Curve, counted: Counted) -> None:
        place, what = curve.indicator, name(counted.label, self.language)
        scale, unit = self.scales[place]
        columns: list[Column] = [(self.words("step"), "right"), (self.words("measure"), "left")]
        columns += [(f"{self.words(key)}, {unit}/a", "right") for key in ("abated", "summed")]
        columns += [(f"{self.words('cost')}, {self.money_unit}/a", "right")]
        columns += [(f"{self.found.money}/{counted.unit}", "right"), ("", "left")]
        table = self.paper.table(self.words("curve", what=what), columns)
        summed = 0.0
        bars = _bars([step.per[place] or 0.0 for step in curve.abating], self.paper)
        for number, (step, bar) in enumerate(zip(curve.abating, bars, strict=True), start=1):
            summed += step.abated[place]
            cells = [self.abated(step, place), figure(summed / scale), self.cost(step), _per(step.per[place]), bar]
            table.add_row(str(number), self.called(step.measures), *cells)
        if curve.abating:
            self.paper.print(table)
        else:
            self.paper.print(f"{self.words('curve', what=what)}: {self.words('none')}")
        self.others(curve, what)
        total = curve.total
        both = f"{self.words('all_steps')}: {self.words('abated')} {self.abated(total, place)} {unit}/a, "
        self.paper.print(both + f"{self.words('cost')} {self.cost(total)} {self.money_unit}/a")
        noise = 1e-6 * max(abs(value) for value in (*total.abated, curve.apart or 0.0, 1e-300))
        if curve.interaction is not None and curve.apart is not None and abs(curve.interaction) > noise:
            parts = {"apart": curve.apart, "total": total.abated[place], "change": curve.interaction}
            texts = {key: f"{figure(value / scale)} {unit}/a" for key, value in parts.items()}
            self.paper.print(self.words("interaction", **texts))
        for key, why in curve.left_out:
            self.paper.print(self.words("left_out", measure=self.called([key]), why=escape(said(why, self.language))))

    def others(self, curve: Curve, what: str) -> None:
        """List steps that do not abate apart from the curve."""
        if not curve.others:
            return
        unit = self.scales[curve.indicator][1]
        columns: list[Column] = [(self.words("measure"), "left"), (f"{self.words('abated')}, {unit}/a", "right")]
        columns += [(f"{self.words('cost')}, {self.money_unit}/a", "right")]
        self.paper.print()
        self.paper.print(f"[bold]{self.words('others', what=what)}[/]")  # the title of a table folds with it
        table = self.paper.table("", columns)
        for step in curve.others:
            table.add_row(self.called(step.measures), self.abated(step, curve.indicator), self.cost(step))
        self.paper.print(table)

    def portfolio(self) -> None:
        best = self.found.portfolio
        if best is None:
            return
        labels = {counted.label.id: counted.label for counted in self.found.counted}
        by = (
            self.words("by", what=name(labels[best.by], self.language)) if best.by in labels else self.words("by_money")
        )
        budget = self.words("no_budget")
        if best.budget is not None:
            budget = self.words("budget", budget=amount(best.budget, self.found.money))
        its = best.effect
        self.paper.print()
        self.paper.print(f"[bold]{self.words('portfolio')}[/] {by}, {budget}: ")
        if not its.measures:
            self.paper.print(f"  {self.words('nothing')}")
        else:
            self.paper.print(f"  [bold]{self.called(its.measures)}[/]")
            parts = [f"{self.words('investment')} {amount(its.investment, self.found.money)}"]
            parts += [f"{self.words('cost')} {amount(its.cost or 0.0, self.found.money)}/a"]
            for place, counted in enumerate(self.found.counted):
                label = name(counted.label, self.language)
                parts += [f"{label}: {self.words('abated')} {amount(its.abated[place], counted.unit)}/a"]
            self.paper.print(f"  {', '.join(parts)}")
        self.paper.print(f"  {self.words('exact' if best.exact else 'greedy', count=str(best.looked_at))}")

    def yearly(self, its: Effect) -> str:
        return figure(its.yearly / self.money)

    def cost(self, its: Effect) -> str:
        mark = "~" if "profit" in its.loose else ""
        return mark + figure(None if its.cost is None else its.cost / self.money)

    def abated(self, its: Effect, place: int) -> str:
        if its.kinds[place] == "idle":
            return "0"
        mark = "~" if self.found.counted[place].label.id in its.loose else ""
        return mark + figure(its.abated[place] / self.scales[place][0])


def _bars(values: Sequence[float], paper: Paper) -> list[str]:
    """Return a bar for each value on both sides of one axis, as long as it is large."""
    widest = max((abs(value) for value in values), default=0.0)
    full = "█" if paper.fancy else "#"
    left = BAR if any(value < 0 for value in values) else 0
    found = []
    for value in values:
        bar = full * (max(1, round(BAR * abs(value) / widest)) if value else 0)
        found.append(f"{bar if value < 0 else '':>{left}}|{bar if value > 0 else ''}")
    return found


def _per(value: float | None) -> str:
    return "" if value is None else figure(value)


def _scale(values: Iterable[float | None], unit: str) -> tuple[float, str]:
    return multiple([value for value in values if value is not None], unit)
