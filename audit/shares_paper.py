"""Fair shares on paper: tables for the terminal, one JSON object (`parkloop.shares/1`), a csv table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Literal

from rich.markup import escape

from ..flows.tables import Label
from ..flows.wording import Language, Phrases, said
from ..reports.figures import amount, figure, multiple, share
from ..reports.json_text import finite
from ..reports.summary import Paper, name
from ..reports.words import common
from .shares import Shares

SCHEMA = "parkloop.shares/1"
BAR = 20
"""characters of a full bar"""
Column = tuple[str, Literal["left", "right"]]

_WORDS: dict[str, tuple[str, str]] = {
    "companies": common["company"],
    "parks": common["park"],
    "apart": ("apart", "各自为政"),
    "together": ("together", "共同"),
    "saving": ("joint saving", "共同节约"),
    "worse": (
        "together it is worse than apart: what is split is a loss",
        "共同方案不如各自为政：下面分摊的是损失",
    ),
    "last": ("adds last", "最后加入的贡献"),
    "shapley": ("Shapley value", "沙普利值"),
    "error": ("± error", "± 标准误差"),
    "part": ("of it", "占比"),
    "nucleolus": ("nucleolus", "核仁"),
    "shares": ("Fair shares", "公平分摊"),
    "all": ("all", "合计"),
    "idle": ("shares in nothing, having nothing to exchange", "无可交换物料，不参与分摊"),
    "settlement": ("Settlement by the Shapley value", "按沙普利值结算"),
    "account": ("account apart", "各自为政时账目"),
    "joint": ("account together", "共同方案中账目"),
    "receives": ("receives (pays −)", "收入（− 为支付）"),
    "loose": (
        "the accounts are those of one of several plans that are equally good; in others, accounts and payments may "
        "differ",
        "账目取自若干同样好的方案之一；在其他方案中账目与结算可能不同",
    ),
    "empty": (
        "the core is empty: against every split some coalition gains {gain} or more by leaving",
        "核为空：无论如何分摊，总有联盟退出后至少多得 {gain}",
    ),
    "not_empty": (
        "the core is not empty: there are splits from which nobody gains by leaving",
        "核非空：存在任何联盟退出都不会获益的分摊",
    ),
    "core_unknown": (
        "whether the core is empty is not known, and there is no nucleolus: with {count} players not all coalitions "
        "were looked at",
        "核是否为空未知，也没有核仁：{count} 个参与方，未逐一考察所有联盟",
    ),
    "stable": (
        "{split}: stable. Nobody gains by leaving; {who} would lose least, {gain}",
        "{split}：稳定。无人退出能获益；{who} 退出损失最小，为 {gain}",
    ),
    "stable_even": (
        "{split}: stable. Nobody gains by leaving; {who} would lose nothing",
        "{split}：稳定。无人退出能获益；{who} 退出不赔不赚",
    ),
    "unstable": ("{split}: not stable. {who} would gain {gain} by leaving", "{split}：不稳定。{who} 退出可多得 {gain}"),
    "unknown": (
        "{split}: of {count} coalitions looked at none gains by leaving; others were not looked at",
        "{split}：已考察的 {count} 个联盟退出均不获益；其余未考察",
    ),
    "exact": (
        "every coalition was looked at: {count}, by {solves} solves",
        "考察了全部 {count} 个联盟，求解 {solves} 次",
    ),
    "sampled": (
        "{orders} random orders (seed {seed}) of the players: {count} coalitions, by {solves} solves; ± is the "
        "standard error",
        "随机排列 {orders} 次（种子 {seed}）：{count} 个联盟，求解 {solves} 次；± 为标准误差",
    ),
}
words = Phrases(_WORDS, common)
"""words of these tables, by key and language"""


def shares_object(shares: Shares) -> dict[str, Any]:
    """Return one JSON object (`parkloop.shares/1`)."""
    return {
        "schema": SCHEMA,
        "case": shares.case,
        "scenario": shares.scenario,
        "status": shares.status,
        "reason": shares.reason,
        "among": shares.among,
        "passing": shares.passing,
        "of": shares.of,
        "goal": {
            "name": shares.goal,
            "sense": "maximise" if shares.maximise else "minimise",
            "unit": shares.unit,
            "apart": shares.apart,
            "together": shares.together,
        },
        "saving": {"value": shares.saving, "unit": shares.unit},
        "shares": [
            {
                **_label(its.label),
                "adds_last": its.adds_last,
                "shapley": its.shapley,
                "shapley_error": its.shapley_error,
                "nucleolus": its.nucleolus,
                "unit": shares.unit,
            }
            for its in shares.shares
        ],
        "without": [_label(label) for label in shares.without],
        "coalitions": [
            {"members": list(its.players), "worth": its.worth, "unit": shares.unit} for its in shares.coalitions
        ],
        "core": {"empty": shares.core_empty, "least_gain": shares.least_gain, "unit": shares.unit},
        "stability": {
            split: {"stable": its.stable, "members": list(its.players), "gain": its.gain, "unit": shares.unit}
            for split, its in shares.stability.items()
        },
        "settlement": {
            "only_plan": shares.only_plan,
            "accounts": [
                {
                    **_label(its.label),
                    "apart": its.apart,
                    "joint": its.joint,
                    "receives": its.payment,
                    "unit": shares.unit,
                }
                for its in shares.settlements
            ],
        },
        "sample": None if shares.orders is None else {"orders": shares.orders, "seed": shares.seed},
        "looked_at": shares.looked_at,
        "solves": shares.solves,
    }


def shares_json(shares: Shares, indent: int | None = 2) -> str:
    """Write it as JSON."""
    return json.dumps(finite(shares_object(shares)), indent=indent, ensure_ascii=False, allow_nan=False)


def shares_csv(shares: Shares) -> str:
    """Write a table with a row for each company or park, by identifier."""
    text, unit = io.StringIO(), shares.unit
    writer = csv.writer(text, lineterminator="\n")
    columns = ["adds_last", "shapley", "shapley_error", "nucleolus", "apart", "joint", "receives"]
    writer.writerow([shares.among, *(f"{column} [{unit}]" for column in columns)])
    split = {its.label.id: its for its in shares.shares}
    settled = {its.label.id: its for its in shares.settlements}
    for key in dict.fromkeys((*split, *settled)):
        its, paid = split.get(key), settled.get(key)
        own = [0.0, 0.0, None, 0.0] if its is None else [its.adds_last, its.shapley, its.shapley_error, its.nucleolus]
        account = [None] * 3 if paid is None else [paid.apart, paid.joint, paid.payment]
        writer.writerow([key, *("" if value is None else value for value in (*own, *account))])
    return text.getvalue()


def print_shares(shares: Shares, paper: Paper, language: Language = "en") -> None:
    """Print it for people."""
    title = f"[bold]{name(shares.title, language)}[/] · {words('scenario', language)} {escape(shares.scenario)}"
    paper.print(title)
    if shares.saving is None:
        paper.print(f"[bold red]{words(shares.status, language)}[/]: {escape(said(shares.reason, language))}")
        return
    values = [value for value in (shares.apart, shares.together) if value is not None]
    both = " → ".join(
        f"{words(key, language)} {amount(value, shares.unit)}"
        for key, value in zip(("apart", "together"), values, strict=True)
    )
    saving = f"[bold]{words('saving', language)} {amount(shares.saving, shares.unit)}[/]"
    paper.print(f"{escape(shares.goal)}: {both}; {saving}")
    if shares.saving < 0:
        paper.print(f"[yellow]{words('note', language)}[/]: {words('worse', language)}")
    _split(shares, paper, language)
    paper.print()
    for line in verdicts(shares, language):
        paper.print(escape(line))
    _settlement(shares, paper, language)


def _split(shares: Shares, paper: Paper, language: Language) -> None:
    sampled, exact = shares.orders is not None, shares.orders is None
    assert shares.saving is not None
    factor, unit = multiple([shares.saving, *(its.shapley for its in shares.shares)], shares.unit)
    columns: list[Column] = [(words(shares.among, language), "left"), (_headed("shapley", unit, language), "right")]
    columns += [(words("error", language), "right")] if sampled else []
    columns += [(words("part", language), "right")]
    columns += [(_headed("nucleolus", unit, language), "right")] if exact else []
    columns += [(_headed("last", unit, language), "right"), ("", "left")]
    table = paper.table(words("shares", language), columns)
    order = sorted(shares.shares, key=lambda its: -its.shapley)
    widest = max((abs(its.shapley) for its in order), default=0.0)
    for its in order:
        cells = [name(its.label, language), figure(its.shapley / factor)]
        cells += [figure((its.shapley_error or 0.0) / factor)] if sampled else []
        cells += [share(its.shapley / shares.saving if shares.saving else None)]
        cells += [figure(None if its.nucleolus is None else its.nucleolus / factor)] if exact else []
        cells += [figure(its.adds_last / factor), _bar(its.shapley, widest, paper)]
        table.add_row(*cells)
    total = [f"[bold]{words('all', language)}[/]", figure(shares.saving / factor)]
    total += [""] if sampled else []
    total += [share(1.0 if shares.saving else None)]
    total += [figure(shares.saving / factor)] if exact else []
    table.add_row(*total, "", "")
    paper.print(table)
    if shares.without:
        paper.print(f"{_listed(shares.without, language)}: {words('idle', language)}")


def verdicts(shares: Shares, language: Language) -> list[str]:
    """Say whether the core is empty, whether each split is stable, and what was looked at."""
    least = shares.least_gain
    if shares.core_empty is None or least is None:
        lines = [words("core_unknown", language).format(count=len(shares.shares))]
    elif shares.core_empty:
        lines = [words("empty", language).format(gain=amount(least, shares.unit))]
    else:
        lines = [words("not_empty", language)]
    for split, its in shares.stability.items():
        key = "unknown" if its.stable is None else "unstable" if not its.stable else "stable"
        key = "stable_even" if key == "stable" and its.gain == 0 else key
        text = words(key, language)
        who = " + ".join(_name_of(shares, player, language) for player in its.players)
        gain = amount(abs(its.gain), shares.unit)
        lines.append(text.format(split=words(split, language), who=who, gain=gain, count=shares.looked_at - 2))
    way = "exact" if shares.orders is None else "sampled"
    facts = {"count": shares.looked_at, "solves": shares.solves, "orders": shares.orders, "seed": shares.seed}
    return [*lines, words(way, language).format(**facts)]


def _settlement(shares: Shares, paper: Paper, language: Language) -> None:
    if not shares.settlements:
        return
    rows = shares.settlements
    factor, unit = multiple([v for its in rows for v in (its.apart, its.joint)], shares.unit)
    paid, paid_unit = multiple([its.payment for its in rows], shares.unit)
    columns: list[Column] = [(words(shares.among, language), "left")]
    columns += [(_headed(key, unit, language), "right") for key in ("account", "joint")]
    columns += [(_headed("receives", paid_unit, language), "right")]
    table = paper.table(words("settlement", language), columns)
    for its in rows:
        cells = [figure(its.apart / factor), figure(its.joint / factor), figure(its.payment / paid)]
        table.add_row(name(its.label, language), *cells)
    paper.print(table)
    if not shares.only_plan:
        paper.print(f"[yellow]{words('note', language)}[/]: {words('loose', language)}")


def _bar(value: float, widest: float, paper: Paper) -> str:
    filled = round(BAR * abs(value) / widest) if widest else 0
    full = "█" if paper.fancy else "#"
    return ("-" if value < 0 and filled else "") + full * filled


def _name_of(shares: Shares, player: str, language: Language) -> str:
    label = next(its.label for its in shares.shares if its.label.id == player)
    return label.zh if language == "zh" else label.en


def _listed(labels: Sequence[Label], language: Language, most: int = 5) -> str:
    shown = ", ".join(name(label, language) for label in labels[:most])
    return shown + (f" + {len(labels) - most}" if len(labels) > most else "")


def _headed(key: str, unit: str, language: Language) -> str:
    return f"{words(key, language)}, {unit}"


def _label(label: Label) -> dict[str, Any]:
    return {"id": label.id, "name": {"en": label.en, "zh": label.zh}}
