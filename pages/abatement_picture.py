"""The abatement cost curve as a picture (SVG): a block for each step, as wide as it abates and as high as a unit costs.

What saves money hangs below the axis and is hatched, so that nothing depends on colour; the numbers on the blocks are
those of the list below, which says everything the picture does. The file loads nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from ..audit.abatement import Abatement, Counted, Curve, Effect
from ..flows.problems import harmless
from ..flows.tables import Label
from ..flows.wording import Language, Phrases, said
from ..reports.figures import amount, figure, multiple
from ..reports.words import common

WIDTH, HEIGHT = 860, 250
"""of the field of a curve, px"""
LEFT, TOP, RIGHT, LINE = 90, 74, 30, 20
"""margins of the field and distance of lines of text, px"""
NARROW = 14
"""width below which a block has its number above it, px"""
STYLE = """
.abatement text { font: 13px system-ui, "Noto Sans CJK SC", sans-serif; fill: #1a1a1a }
.abatement .title { font-size: 16px; font-weight: 600 }
.abatement .axis { stroke: #1a1a1a; stroke-width: 1 }
.abatement .grid { stroke: #d0d0d0; stroke-width: 1 }
.abatement .block { stroke: #1a1a1a; stroke-width: 1 }
.abatement .costs { fill: #c9d8ea }
.abatement .number { text-anchor: middle; font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 3px }
.abatement .right { text-anchor: end }
.abatement .middle { text-anchor: middle }
"""
HATCH = (
    '<defs><pattern id="saves{name}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="8" height="8" fill="#e3f1e3"/><line x1="0" y1="0" x2="0" y2="8" stroke="#2d6a2d" stroke-width="3"/>'
    "</pattern></defs>"
)
_WORDS: dict[str, tuple[str, str]] = {
    "curve": ("Abatement cost of {what}", "{what}减排成本曲线"),
    "y": ("cost, {unit}", "成本，{unit}"),
    "x": ("abated per year, {unit}", "年减少量，{unit}"),
    "step": (
        "{number}. {names}: abates {abated}/a at {per} {unit}",
        "{number}. {names}：减少 {abated}/a，{per} {unit}",
    ),
    "saves": ("(saves money, hatched)", "（节约资金，斜纹）"),
    "other": ("not on the curve: {names}, {abated}/a at {cost}/a", "未列入曲线：{names}，{abated}/a，{cost}/a"),
    "left_out": ("no step: {names}, {why}", "未列入：{names}，{why}"),
    "all": ("all steps: {abated}/a at {cost}/a in all", "合计：减少 {abated}/a，净成本 {cost}/a"),
    "none": ("no step abates anything", "没有任何措施有减排效果"),
}
_words = Phrases(_WORDS, common)
"""words of the picture, by key and language"""


def abatement_svg(found: Abatement, language: Language = "en", name: str = "") -> str:
    """Return the curves of all indicators, one below the other, as an SVG document.

    Its styles hold within it, and `name` ends its identifiers, so that several can stand in one page.
    """
    parts: list[str] = []
    height = 10
    for curve in found.curves:
        drawn = _Drawing(found, curve, language, name)
        parts.append(f'<g transform="translate(0 {height})">{drawn.svg()}</g>')
        height += drawn.height + 20
    width = LEFT + WIDTH + RIGHT
    title = f"{_said(found.title, language)}, {_words('scenario', language)} {found.scenario}"
    told = " ".join(line for curve in found.curves for line in _Drawing(found, curve, language).told())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'class="abatement" role="img" aria-labelledby="title{name} description{name}" lang="{language}">'
        f'<title id="title{name}">{_safe(title)}</title><desc id="description{name}">{_safe(told)}</desc>'
        f"<style>{STYLE}</style>{HATCH.format(name=name)}"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


class _Drawing:
    """One curve."""

    def __init__(self, found: Abatement, curve: Curve, language: Language, name: str = "") -> None:
        self.found, self.curve, self.language, self.name = found, curve, language, name
        self.counted: Counted = found.counted[curve.indicator]
        self.names = {label.id: _said(label, language) for label in found.measures}
        self.steps = curve.abating
        self.costs = [step.per[curve.indicator] or 0.0 for step in self.steps]
        self.amounts = [step.abated[curve.indicator] for step in self.steps]
        self.ticks = _ticks([0.0, *self.costs])
        self.factor, self.unit = multiple([sum(self.amounts)], self.counted.unit)
        self.bottom = TOP + (HEIGHT if self.steps else 0)

    @property
    def height(self) -> int:
        """Height with its list, px."""
        return self.bottom + 50 + LINE * len(self.told())

    def svg(self) -> str:
        title = self.words("curve", what=_said(self.counted.label, self.language))
        subtitle = f"{_said(self.found.title, self.language)}, {self.words('scenario')} {self.found.scenario}"
        parts = [f'<text class="title" x="10" y="20">{_safe(title)}</text>', _text(10, 40, subtitle)]
        if self.steps:
            parts += [*self._scale(), *self._blocks(), *self._axis()]
        parts += [_text(10, self.bottom + 60 + LINE * row, line) for row, line in enumerate(self.told())]
        return "".join(parts)

    def told(self) -> list[str]:
        """Say in lines of text what the picture shows."""
        place, unit = self.curve.indicator, f"{self.found.money}/{self.counted.unit}"
        lines = []
        for number, (step, cost) in enumerate(zip(self.steps, self.costs, strict=True), start=1):
            facts = {"names": self._names(step), "abated": self._abated(step), "per": figure(cost), "unit": unit}
            mark = f" {self.words('saves')}" if step.kinds[place] == "saves" else ""
            lines.append(self.words("step", number=str(number), **facts) + mark)
        if not self.steps:
            lines.append(self.words("none"))
        for step in self.curve.others:
            facts = {"names": self._names(step), "abated": self._abated(step), "cost": self._cost(step)}
            lines.append(self.words("other", **facts))
        for name, why in self.curve.left_out:
            lines.append(self.words("left_out", names=self.names[name], why=said(why, self.language)))
        total = self.curve.total
        return [*lines, self.words("all", abated=self._abated(total), cost=self._cost(total))]

    def words(self, key: str, **parts: str) -> str:
        return _words(key, self.language).format(**parts)

    def _names(self, step: Effect) -> str:
        return " + ".join(self.names[name] for name in step.measures)

    def _abated(self, step: Effect) -> str:
        return amount(step.abated[self.curve.indicator], self.counted.unit)

    def _cost(self, step: Effect) -> str:
        return amount(step.cost or 0.0, self.found.money)

    def _y(self, cost: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return TOP + HEIGHT * (high - cost) / (high - low)

    def _scale(self) -> list[str]:
        parts = []
        for tick in self.ticks:
            y = self._y(tick)
            parts.append(f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(_text(LEFT - 8, y + 4, figure(tick), "right"))
        unit = self.words("y", unit=f"{self.found.money}/{self.counted.unit}")
        return [*parts, _text(LEFT, TOP - 6, unit)]

    def _blocks(self) -> list[str]:
        total, zero, before, parts = sum(self.amounts), self._y(0.0), 0.0, []
        for number, (step, cost, size) in enumerate(zip(self.steps, self.costs, self.amounts, strict=True), start=1):
            x, width = LEFT + WIDTH * before / total, WIDTH * size / total
            top, bottom = sorted((zero, self._y(cost)))
            saves = step.kinds[self.curve.indicator] == "saves"
            fill = f'fill="url(#saves{self.name})"' if saves else ""
            told = self.told()[number - 1]
            parts.append(
                f'<rect class="block{"" if saves else " costs"}" {fill} x="{x:.2f}" y="{top:.2f}" width="{width:.2f}" '
                f'height="{bottom - top:.2f}"><title>{_safe(told)}</title></rect>'
            )
            inside = width >= NARROW and bottom - top >= 1.2 * NARROW
            y = (top + bottom) / 2 + 5 if inside else bottom + 14 if saves else top - 5
            parts.append(_text(x + width / 2, y, str(number), "number"))
            before += size
        return parts

    def _axis(self) -> list[str]:
        zero, total = self._y(0.0), sum(self.amounts)
        parts = [f'<line class="axis" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{zero:.1f}" y2="{zero:.1f}"/>']
        parts.append(f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{TOP + HEIGHT}"/>')
        parts += [
            _text(LEFT + WIDTH * part / 4, self.bottom + 18, figure(total * part / 4 / self.factor), "middle")
            for part in range(5)
        ]
        unit = self.words("x", unit=f"{self.unit}/a")
        return [*parts, _text(LEFT + WIDTH / 2, self.bottom + 36, unit, "middle")]


def _ticks(values: Sequence[float]) -> list[float]:
    """Round figures from at most the least to at least the largest of some values, about five of them."""
    low, high = min(values), max(values)
    if low == high:
        high = low + 1.0
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return [step * number for number in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return escape(harmless(text))


def _said(label: Label, language: Language) -> str:
    return label.zh if language == "zh" else label.en
