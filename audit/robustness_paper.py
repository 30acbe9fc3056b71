"""Robustness on paper: the tornado as a table, one JSON object (`parkloop.robustness/1`), a csv table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Literal

from rich.markup import escape

from ..flows.wording import Language, Phrases
from ..flows.wording import said as told
from ..reports.figures import amount, figure, multiple, share
from ..reports.json_text import finite
from ..reports.summary import Paper, name
from ..reports.words import common
from .finding import Chance, Moved, Robustness
from .uncertain import Number

SCHEMA = "parkloop.robustness/1"
WING = 12
"""characters of either side of the tornado"""
Column = tuple[str, Literal["left", "right"]]

_WORDS: dict[str, tuple[str, str]] = {
    "finding": ("finding", "结论"),
    "better": ("{measure} is better by {value}", "{measure} 改善 {value}"),
    "worse": ("{measure} is worse by {value}", "{measure} 变差 {value}"),
    "is": ("{measure} is {value}", "{measure} 为 {value}"),
    "unread": ("Numbers without a source that was read", "没有已读来源的数值"),
    "read": ("Numbers with a source that was read", "有已读来源的数值"),
    "number": ("number", "数值"),
    "stated": ("stated", "给定值"),
    "low": ("low", "低"),
    "high": ("high", "高"),
    "basis": ("range from", "范围依据"),
    "at_low": ("at low", "取低值时"),
    "at_high": ("at high", "取高值时"),
    "first": ("first order", "一阶估计"),
    "legend": (
        "changes of the finding, each number alone, by new solves; first order is shadow price times range. "
        "In the picture {low} is the low end of a number, {high} the high end",
        "每个数值单独变动、重新求解后结论的变化；一阶估计为影子价格乘以范围。图中 {low} 为低值端，{high} 为高值端",
    ),
    "counts": (
        "{numbers} numbers move the finding to first order, {unread} of them without a source that was read; "
        "{solved} were solved again",
        "一阶意义上有 {numbers} 个数值影响结论，其中 {unread} 个没有已读来源；重新求解了 {solved} 个",
    ),
    "left": ("none of the others moves it by more than {left} to first order", "其余数值的一阶影响均不超过 {left}"),
    "staged": (
        "the objective has several stages: what the earlier ones allow moves too, so first order gives an order only",
        "目标分多级：前级所允许的范围也随之变动，一阶估计仅用于排序",
    ),
    "untried": (
        "{count} numbers of policies, freight, building and factors were not looked at",
        "有 {count} 个政策、运费、投资或因子数值未考察",
    ),
    "refused": ("cannot be varied alone", "不能单独变动"),
    "apart": ("not varied, because the scenarios state them differently", "未变动，因为两个情景取值不同"),
    "spreads": (
        "where no range is stated, numbers are assumed to be off by: {spreads}",
        "未给出范围时假定的偏差：{spreads}",
    ),
    "chance": (
        "{samples} samples of these numbers together ({law}, seed {seed}), all else as stated:",
        "上述数值同时变动的 {samples} 个样本（{law}，种子 {seed}），其余不变：",
    ),
    "probability": (
        "{scenario} beats {against} in {wins} of {answered}: {p} ± {error} (standard error)",
        "{scenario} 优于 {against} 的样本 {wins}/{answered}：{p} ± {error}（标准误差）",
    ),
    "sure": (
        "in all or none of the samples: the other has a probability below {bound} (95 % confidence)",
        "全部样本结果一致：相反情形的概率低于 {bound}（95 % 置信）",
    ),
    "spread": (
        "finding: mean {mean}, standard deviation {deviation}; 5 % {low}, median {middle}, 95 % {high}",
        "结论：均值 {mean}，标准差 {deviation}；5 % 分位 {low}，中位数 {middle}，95 % 分位 {high}",
    ),
    "unanswered": ("{count} samples have no answer and are left out", "{count} 个样本无解，未计入"),
    "nothing": ("no stated number moves the finding to first order", "没有数值在一阶意义上影响结论"),
}
_words = Phrases(_WORDS, common)
"""words of these tables, by key and language"""
_BASES: dict[str, tuple[str, str]] = {
    "given": ("command line", "命令行"),
    "range": ("stated range", "给定范围"),
}
_bases = Phrases(_BASES, common)
"""where a range comes from, by key and language"""
_ACCESSES: dict[str, tuple[str, str]] = {
    "computed": ("computed", "推算"),
    "none": ("none", "无"),
}
_accesses = Phrases(_ACCESSES, common)
"""how a source is known, by key and language"""


def robustness_object(found: Robustness) -> dict[str, Any]:
    """Return one JSON object (`parkloop.robustness/1`)."""
    return {
        "schema": SCHEMA,
        "case": found.case,
        "scenario": found.scenario,
        "against": found.against,
        "status": found.status,
        "reason": found.reason,
        "measure": {
            "name": found.measure,
            "better": "more" if found.maximise else "less",
            "unit": found.unit,
            "value": found.value,
            "against": found.other,
        },
        "finding": {"value": found.finding, "unit": found.unit},
        "numbers": [_moved(it, found.unit) for it in found.moved],
        "refused": [_moved(it, found.unit) for it in found.refused],
        "ranked": found.numbers,
        "unread": found.unread,
        "left": {"value": found.left, "unit": found.unit},
        "untried": found.untried,
        "stated_apart": list(found.stated_apart),
        "spreads": dict(found.spreads),
        "chance": None if found.chance is None else _chance(found.chance, found.unit),
    }


def robustness_json(found: Robustness, indent: int | None = 2) -> str:
    """Write it as JSON."""
    return json.dumps(finite(robustness_object(found)), indent=indent, ensure_ascii=False, allow_nan=False)


def robustness_csv(found: Robustness) -> str:
    """Write a table with a row for each number that was solved again."""
    text, unit = io.StringIO(), found.unit
    writer = csv.writer(text, lineterminator="\n")
    changes = ("change at low", "change at high", "first order at low", "first order at high")
    head = ["number", "where", "stated", "low", "high", "unit", "range from", "access"]
    writer.writerow([*head, *(f"{word} [{unit}]" for word in changes)])
    for it in found.moved:
        number = it.number
        solved = ["" if value is None else value for value in (it.low, it.high)]
        facts = [number.path, number.where, number.value, number.low, number.high, number.unit, number.basis]
        writer.writerow([*facts, number.access, *solved, *(it.estimate or ("", ""))])
    return text.getvalue()


def print_robustness(found: Robustness, paper: Paper, language: Language = "en") -> None:
    """Print it for people."""
    against = f" {_words('against', language)} {escape(found.against)}" if found.against else ""
    scenario = f"{_words('scenario', language)} {escape(found.scenario)}{against}"
    paper.print(f"[bold]{name(found.title, language)}[/] · {scenario}")
    if found.finding is None:
        paper.print(f"[bold red]{_words(found.status, language)}[/]: {escape(told(found.reason, language))}")
        return
    key = "is" if found.against is None else "better" if found.finding >= 0 else "worse"
    value = amount(found.finding if key == "is" else abs(found.finding), found.unit)
    said = _words(key, language).format(measure=found.measure, value=value)
    paper.print(f"{_words('finding', language)}: [bold]{escape(said)}[/]")
    if not found.moved:
        paper.print(_words("nothing", language))
    scale = multiple([change for it in found.moved for change in _ends(it)], found.unit)
    widest = max((it.swing for it in found.moved), default=0.0)
    for title, rows in (
        ("unread", [it for it in found.moved if not it.is_read]),
        ("read", [it for it in found.moved if it.is_read]),
    ):
        if rows:
            _tornado(title, rows, scale, widest, paper, language)
    paper.print()
    for line in _notes(found, paper, language):
        paper.print(escape(line))
    if found.chance is not None:
        _print_chance(found, found.chance, paper, language)


def _tornado(
    title: str, rows: Sequence[Moved], scale: tuple[float, str], widest: float, paper: Paper, language: Language
) -> None:
    factor, unit = scale
    columns: list[Column] = [(_words("number", language), "left"), (_words("stated", language), "right")]
    columns += [(_words(word, language), "right") for word in ("low", "high")]
    columns += [(_words("basis", language), "left"), (_words("source", language), "left")]
    columns += [(f"{_words(word, language)}, {unit}", "right") for word in ("at_low", "at_high")]
    columns += [(_words("first", language), "right"), ("", "left")]
    table = paper.table(_words(title, language), columns)
    for it in rows:
        number = it.number
        cells = [escape(number.path), escape(number.written), figure(number.low), figure(number.high)]
        cells += [_bases(number.basis, language), _accesses(number.access, language)]
        cells += [_signed(change, factor) for change in (it.low, it.high)]
        cells += ["–" if it.estimate is None else " / ".join(_signed(change, factor) for change in it.estimate)]
        table.add_row(*cells, _bar(it, widest, paper))
    paper.print(table)


def _notes(found: Robustness, paper: Paper, language: Language) -> list[str]:
    low, high = _signs(paper)
    lines = [_words("legend", language).format(low=low, high=high)] if found.moved else []
    facts = {"numbers": found.numbers, "unread": found.unread, "solved": len(found.moved)}
    lines.append(_words("counts", language).format(**facts))
    if any(it.estimate is None for it in found.moved):
        lines.append(_words("staged", language))
    if found.left is not None:
        lines.append(_words("left", language).format(left=amount(found.left, found.unit)))
    if found.untried:
        lines.append(_words("untried", language).format(count=found.untried))
    lines += [f"{it.number.path}: {_words('refused', language)}: {told(it.reason, language)}" for it in found.refused]
    lines += [f"{it.number.path}: {told(it.reason, language)}" for it in found.moved if it.reason]
    if found.stated_apart:
        lines.append(f"{', '.join(found.stated_apart)}: {_words('apart', language)}")
    spreads = ", ".join(f"{_bases(key, language)} ±{share(value)}" for key, value in found.spreads.items())
    return [*lines, _words("spreads", language).format(spreads=spreads)]


def _print_chance(found: Robustness, chance: Chance, paper: Paper, language: Language) -> None:
    paper.print()
    facts = {"samples": chance.samples, "law": chance.law, "seed": chance.seed}
    lines = [_words("chance", language).format(**facts)]
    p, error = chance.probability, chance.error
    if p is not None and error is not None:
        facts = {"scenario": found.scenario, "against": found.against or "", "wins": chance.wins or 0}
        lines.append(
            _words("probability", language).format(p=share(p), error=share(error), answered=chance.answered, **facts)
        )
        if p in (0, 1):
            lines.append(_words("sure", language).format(bound=share(_one_sided(chance.answered))))
    if chance.mean is not None and chance.quantiles:
        low, middle, high = (amount(value, found.unit) for value in chance.quantiles.values())
        deviation = "–" if chance.deviation is None else amount(chance.deviation, found.unit)
        mean = amount(chance.mean, found.unit)
        lines.append(
            _words("spread", language).format(mean=mean, deviation=deviation, low=low, middle=middle, high=high)
        )
    if chance.answered < chance.samples:
        lines.append(_words("unanswered", language).format(count=chance.samples - chance.answered))
    for line in lines:
        paper.print(escape(line))


def _one_sided(samples: int) -> float:
    """Largest probability of an event that did not occur in n samples, at 95 % confidence: 1 − 0.05^(1/n)."""
    return float(1 - 0.05 ** (1 / samples))


def _bar(it: Moved, widest: float, paper: Paper) -> str:
    """Draw what the low and the high end of a number do, to the left where the finding falls."""
    cells = [" "] * (2 * WING + 1)
    cells[WING] = "│" if paper.fancy else "|"
    low, high = _signs(paper)
    ends = [(change, sign) for change, sign in ((it.low, low), (it.high, high)) if change]
    for change, sign in sorted(ends, key=lambda end: -abs(end[0])):
        length = round(WING * abs(change) / widest) if widest else 0
        places = range(WING + 1, WING + 1 + length) if change > 0 else range(WING - length, WING)
        for place in places:
            cells[place] = sign
    return "".join(cells).rstrip()


def _signs(paper: Paper) -> tuple[str, str]:
    return ("░", "█") if paper.fancy else ("-", "#")


def _ends(it: Moved) -> list[float]:
    return [change for change in (it.low, it.high, *(it.estimate or ())) if change is not None]


def _signed(value: float | None, factor: float) -> str:
    if value is None:
        return "–"
    return ("+" if value > 0 else "") + figure(value / factor)


def _moved(it: Moved, unit: str) -> dict[str, Any]:
    number: Number = it.number
    return {
        "path": number.path,
        "where": number.where,
        "written": number.written,
        "value": number.value,
        "low": number.low,
        "high": number.high,
        "number_unit": number.unit,
        "range_from": number.basis,
        "access": number.access,
        "source": number.source,
        "first_order": dict(zip(("low", "high"), it.estimate or (None, None), strict=True)) | {"unit": unit},
        "solved": {"low": it.low, "high": it.high, "unit": unit},
        "reason": it.reason,
    }


def _chance(chance: Chance, unit: str) -> dict[str, Any]:
    return {
        "samples": chance.samples,
        "answered": chance.answered,
        "seed": chance.seed,
        "law": chance.law,
        "wins": chance.wins,
        "ties": chance.ties,
        "probability": chance.probability,
        "standard_error": chance.error,
        "mean": chance.mean,
        "deviation": chance.deviation,
        "quantiles": chance.quantiles,
        "unit": unit,
    }
