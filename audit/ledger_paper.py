"""The ledger on paper: tables for the terminal, one JSON object (`parkloop.ledger/1`), a csv table that adds up."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from rich.markup import escape

from ..flows.wording import Language, Phrases, said
from ..reports.figures import amount, figure, multiple
from ..reports.json_text import finite
from ..reports.summary import Paper, name
from ..reports.words import common
from .ledger import PARTS, Account, Exchange, Ledger, LedgerEntry
from .ledger_names import Place

SCHEMA = "parkloop.ledger/1"
SHOWN = 15
"""exchanges and lines of the rest that are shown where not all are asked for"""
Column = tuple[str, Literal["left", "right"]]

_WORDS: dict[str, tuple[str, str]] = {
    "with": ("with", "有交换"),
    "without": ("without", "无交换"),
    "gain": ("gain of exchange", "交换所得"),
    "exchanges": ("Exchanges: what each is worth", "交换台账：各项交换的价值"),
    "beside": ("Beside: marginal values and what is spared", "另列：边际价值与节约量"),
    "from": ("from", "供方"),
    "to": ("to", "受方"),
    "value": ("value", "价值"),
    "purchase": ("purchase spared", "节省采购"),
    "disposal": ("disposal spared", "节省处置"),
    "sale": ("sales (given up −)", "销售(放弃为−)"),
    "carriage": ("carriage", "运输输送"),
    "policy": ("under policies", "政策支付"),
    "price_giver": ("price at giver", "供方影子价格"),
    "price_taker": ("price at taker", "受方影子价格"),
    "value_giver": ("value at giver", "按供方价"),
    "value_taker": ("value at taker", "按受方价"),
    "more": ("{n} more", "另有 {n} 项"),
    "sum": ("all exchanges", "全部交换"),
    "reconciled": ("Reconciliation", "勾稽"),
    "all": ("gain, line by line", "逐项合计"),
    "objective": ("difference of the objectives", "目标函数之差"),
    "rest": ("rest", "其余"),
    "part": ("", ""),
    "lines": ("The rest, line by line", "其余逐项"),
    "line": ("line", "项目"),
    "change": ("gain", "所得"),
    "credited": ("in exchanges", "计入交换"),
    "effects": ("What exchange spares", "交换的节约"),
    "spared": ("spared", "节约"),
}
words = Phrases(_WORDS, common)
"""words of these tables, by key and language"""
_VIA: dict[str, tuple[str, str]] = {
    "purchase": (
        "purchases: production that changes, and what no slot or market shows as displaced",
        "采购：产量变化，以及无法归于替代的部分",
    ),
    "sale": ("sales: production that changes", "销售：产量变化"),
    "disposal": ("disposal: production that changes", "处置：产量变化"),
    "running": ("running cost of plants: production that changes", "装置运行：产量变化"),
    "carriage": ("carriage that no listed exchange caused", "输送：未列入的交换"),
    "holding": ("holding of stocks", "库存"),
    "capital": common["new_capacity"],
    "closing": ("closing of capacity", "关停"),
    "policy": ("payments under policies", "政策支付"),
}
_vias = Phrases(
    {
        "purchase": common["purchase"],
        "sale": common["sale"],
        "disposal": common["disposal"],
        "running": ("running", "运行费"),
        "carriage": words["carriage"],
        "fixed": ("fixed", "固定成本"),
        "holding": common["holding"],
        "capital": common["capital"],
        "closing": common["closing"],
        "policy": common["policy"],
    }
)
"""what a line is booked for"""
rest_words = Phrases(_VIA, common)
"""what the rest of one kind of booking is, by key and language"""


def ledger_object(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger as plain values."""
    return {
        "schema": SCHEMA,
        "case": ledger.case,
        "scenario": ledger.scenario,
        "against": ledger.against,
        "account": _account_object(ledger.account),
        "exchanges": [_exchange_object(row, ledger) for row in ledger.exchanges],
        "effects": [_account_object(effect) for effect in ledger.effects],
        "notes": list(ledger.notes),
    }


def _account_object(account: Account) -> dict[str, Any]:
    return {
        "name": account.name.id,
        "unit": account.unit,
        "kind": account.kind,
        "sense": "maximise" if account.maximise else "minimise",
        "with": account.with_it,
        "without": account.without,
        "gain": account.gain,
        "exchanges": account.credited,
        "rest": account.rest,
        "difference": account.difference,
        "rest_by_kind": rest_by_via(account),
        "lines": [
            {
                "what": line.via,
                "park": line.park,
                "company": line.company,
                "thing": line.thing.id,
                "to": line.to,
                "under": line.under,
                "with": line.with_it,
                "without": line.without,
                "gain": line.gain,
                "exchanges": line.credited,
                "rest": line.rest,
            }
            for line in account.entries
        ],
    }


def _exchange_object(row: Exchange, ledger: Ledger) -> dict[str, Any]:
    return {
        "between": row.between,
        "material": row.material.id,
        "class": row.kind,
        "from": _place_object(row.giver),
        "to": _place_object(row.taker),
        "route": row.route,
        "amount": row.amount,
        "without": row.without,
        "unit": row.unit,
        "unique": row.unique,
        "in_proportion": row.split,
        "value": row.value,
        "value_unit": ledger.account.unit,
        "parts": row.parts,
        "shadow": {
            "giver": {"price": row.price_giver, "value": row.value_giver},
            "taker": {"price": row.price_taker, "value": row.value_taker},
            "price_unit": f"{ledger.goal_unit}/{row.unit}",
            "value_unit": ledger.goal_unit,
        },
        "effects": {
            effect.name.id: {"value": row.effects[effect.name.id], "unit": effect.unit} for effect in ledger.effects
        },
        "spared": [one._asdict() for one in row.spared],
        "not_computable": list(row.missing),
    }


def _place_object(place: Place) -> dict[str, Any]:
    return {"park": place.park, "company": place.company, "plants": [plant.id for plant in place.plants]}


def ledger_json(ledger: Ledger, indent: int | None = 2) -> str:
    """Write a ledger as JSON."""
    return json.dumps(finite(ledger_object(ledger)), indent=indent, ensure_ascii=False, allow_nan=False)


def ledger_csv(ledger: Ledger) -> str:
    """Write a table of all exchanges and all lines of the rest, whose values add up to the gain of exchange."""
    paper, unit = io.StringIO(), ledger.account.unit
    writer = csv.writer(paper, lineterminator="\n")
    effects = [(effect.name.id, effect.unit) for effect in ledger.effects]
    writer.writerow(
        ["line", "what", "thing", "from", "from_plants", "to", "to_plants", "under", "amount", "unit", "unique"]
        + [f"value [{unit}]", *(f"{part} [{unit}]" for part in PARTS)]
        + [f"with [{unit}]", f"without [{unit}]", "price_giver", "price_taker", f"price_unit [{ledger.goal_unit} per]"]
        + [f"{key} spared [{effect}]" for key, effect in effects]
        + ["not_computable"]
    )
    for row in ledger.exchanges:
        places = [
            cell for place in (row.giver, row.taker) for cell in (_at(place), " ".join(p.id for p in place.plants))
        ]
        start = ["exchange", row.between, row.material.id, *places, row.route, row.amount, row.unit, row.unique]
        values = [row.value, *(row.parts[part] for part in PARTS), "", "", row.price_giver, row.price_taker, row.unit]
        writer.writerow([*start, *values, *(row.effects[key] for key, _ in effects), "; ".join(row.missing)])
    for line in ledger.account.entries:
        who, nothing = f"{line.park}.{line.company}", [""] * len(PARTS)
        start = ["rest", line.via, line.thing.id, who, "", line.to, "", line.under, "", "", ""]
        values = [line.rest, *nothing, line.with_it, line.without, "", "", ""]
        writer.writerow([*start, *values, *[""] * len(effects), ""])
    return paper.getvalue()


def _at(place: Place) -> str:
    return f"{place.park}.{place.company}"


def rest_by_via(account: Account) -> dict[str, float]:
    """Return the rest by what it is booked for."""
    found: dict[str, float] = defaultdict(float)
    for line in account.entries:
        found["policy" if line.under else line.via] += line.rest
    return dict(found)


def print_ledger(ledger: Ledger, paper: Paper, language: Language = "en", every: bool = False) -> None:
    """Print a ledger; `every` shows all lines."""
    account = ledger.account
    paper.print(f"[bold]{name(ledger.title, language)}[/] · {escape(ledger.scenario)}")
    one, other = amount(account.with_it, account.unit), amount(account.without, account.unit)
    paper.print(
        f"{name(account.name, language)}: {words('with', language)} {one}, {words('without', language)} {other} "
        f"({words('against', language)} {escape(ledger.against)}); "
        f"{words('gain', language)} [bold]{amount(account.gain, account.unit)}[/]"
    )
    most = len(ledger.exchanges) if every else SHOWN
    _print_exchanges(ledger, paper, language, most)
    _print_beside(ledger, paper, language, most)
    _print_reconciliation(account, paper, language)
    _print_rest(account, paper, language, None if every else SHOWN)
    _print_effects(ledger, paper, language)
    several = _several(ledger)
    missing = [(row, why) for row in ledger.exchanges[:most] for why in row.missing]
    if missing:
        paper.print(f"[bold]{words('missing', language)}[/]")
    for row, why in missing:
        paper.print(f"{_exchange_name(row, several, language)}: {escape(said(why, language))}")
    for note in ledger.notes:
        paper.print(f"[yellow]{words('note', language)}[/]: {escape(said(note, language))}")


def _print_exchanges(ledger: Ledger, paper: Paper, language: Language, most: int) -> None:
    if not ledger.exchanges:
        return
    several = _several(ledger)
    parts = [part for part in PARTS if any(row.parts[part] for row in ledger.exchanges)]
    factor, unit = multiple([row.value for row in ledger.exchanges], ledger.account.unit)
    columns = _way_columns(language)
    columns += [(words("amount", language), "right"), ("", "left"), (f"{words('value', language)}, {unit}", "right")]
    columns += [(words(part, language), "right") for part in parts]
    table = paper.table(words("exchanges", language), columns)
    for row in ledger.exchanges[:most]:
        each, shown = multiple([row.amount], row.unit)
        figures = [figure(value / factor) for value in (row.value, *(row.parts[part] for part in parts))]
        table.add_row(*_way_cells(row, several, language), figure(row.amount / each), shown, *figures)
    left = ledger.exchanges[most:]
    if left:
        figures = [figure(sum(values) / factor) for values in _columns(left, parts)]
        table.add_row(words("more", language).format(n=len(left)), "", "", "", "", *figures)
    figures = [figure(sum(values) / factor) for values in _columns(ledger.exchanges, parts)]
    table.add_row(words("sum", language), "", "", "", "", *figures)
    paper.print(table)


def _columns(rows: Sequence[Exchange], parts: Iterable[str]) -> list[list[float]]:
    return [[row.value for row in rows], *([row.parts[part] for row in rows] for part in parts)]


def _way_columns(language: Language) -> list[Column]:
    return [(words(key, language), "left") for key in ("material", "from", "to")]


def _way_cells(row: Exchange, several: bool, language: Language) -> list[str]:
    mark = ("~" if row.unique is False else "") + ("*" if row.split else "")
    places = (_place_words(row, place, several) for place in (row.giver, row.taker))
    return [mark + name(row.material, language), *places]


def _several(ledger: Ledger) -> bool:
    """Tell whether exchanges are in several parks, so that a company is named with its park."""
    return len({place.park for row in ledger.exchanges for place in (row.giver, row.taker)}) > 1


def _place_words(row: Exchange, place: Place, several: bool) -> str:
    where = _at(place) if several else place.company
    return escape(f"{where}.{place.plants[0].id}" if row.between == "plants" else where)


def _exchange_name(row: Exchange, several: bool, language: Language) -> str:
    giver, taker = (_place_words(row, place, several) for place in (row.giver, row.taker))
    return f"{name(row.material, language)}, {giver} → {taker}"


def _print_beside(ledger: Ledger, paper: Paper, language: Language, most: int) -> None:
    if not ledger.exchanges:
        return
    several = _several(ledger)
    kinds = [effect for kind in ("energy", "emissions") for effect in ledger.effects if effect.kind == kind][:4]
    goal = ledger.goal_unit
    factor, unit = multiple([row.value_taker or 0.0 for row in ledger.exchanges], goal)
    columns = _way_columns(language)
    columns += [(words(key, language), "right") for key in ("price_giver", "price_taker")]
    columns += [(f"{words(key, language)}, {unit}", "right") for key in ("value_giver", "value_taker")]
    scales = [multiple([row.effects[effect.name.id] for row in ledger.exchanges], effect.unit) for effect in kinds]
    columns += [(f"{escape(e.name.id)}, {shown}", "right") for e, (_, shown) in zip(kinds, scales, strict=True)]
    table = paper.table(words("beside", language), columns)
    for row in ledger.exchanges[:most]:
        prices = [f"{figure(price)} {goal}/{row.unit}" for price in (row.price_giver, row.price_taker)]
        values = [figure(None if v is None else v / factor) for v in (row.value_giver, row.value_taker)]
        effects = [figure(row.effects[e.name.id] / each) for e, (each, _) in zip(kinds, scales, strict=True)]
        table.add_row(*_way_cells(row, several, language), *prices, *values, *effects)
    paper.print(table)


def _print_reconciliation(account: Account, paper: Paper, language: Language) -> None:
    rest = rest_by_via(account)
    factor, unit = multiple([account.gain, account.credited, *rest.values()], account.unit)
    table = paper.table(words("reconciled", language), [("", "left"), (unit, "right")])
    table.add_row(words("sum", language), figure(account.credited / factor))
    for via, value in sorted(rest.items(), key=lambda pair: -abs(pair[1])):
        if abs(value) > 1e-9 * abs(account.gain):
            table.add_row(f"{words('rest', language)}: {rest_words(via, language)}", figure(value / factor))
    table.add_row(words("all", language), figure((account.credited + account.rest) / factor))
    table.add_row(words("objective", language), figure(account.gain / factor))
    paper.print(table)


def _print_rest(account: Account, paper: Paper, language: Language, most: int | None) -> None:
    least = 1e-9 * max([abs(line.gain) for line in account.entries], default=0.0)
    lines = sorted((line for line in account.entries if abs(line.rest) > least), key=lambda line: -abs(line.rest))
    if not lines:
        return
    factor, unit = multiple([max(abs(line.with_it), abs(line.without)) for line in lines], account.unit)
    keys = ("with", "without", "change", "credited", "rest")
    columns: list[Column] = [(words("line", language), "left"), (words("company", language), "left")]
    columns += [(f"{words(key, language)}{f', {unit}' if key == 'with' else ''}", "right") for key in keys]
    table = paper.table(words("lines", language), columns)
    for line in lines[:most]:
        table.add_row(*_line_cells(line, language), *(figure(value / factor) for value in _line_values(line)))
    left = lines[most:] if most else []
    if left:
        sums = [sum(values) / factor for values in zip(*map(_line_values, left), strict=True)]
        table.add_row(words("more", language).format(n=len(left)), "", *map(figure, sums))
    paper.print(table)


def _line_values(line: LedgerEntry) -> tuple[float, float, float, float, float]:
    return line.with_it, line.without, line.gain, line.credited, line.rest


def _line_cells(line: LedgerEntry, language: Language) -> tuple[str, str]:
    under = f" ({escape(line.under)})" if line.under and line.under != line.thing.id else ""
    return f"{_vias(line.via, language)} {name(line.thing, language)}{under}", escape(f"{line.park}.{line.company}")


def _print_effects(ledger: Ledger, paper: Paper, language: Language) -> None:
    if not ledger.effects:
        return
    keys = ("with", "without", "spared", "credited", "rest")
    columns: list[Column] = [("", "left"), *((words(key, language), "right") for key in keys), ("", "left")]
    table = paper.table(words("effects", language), columns)
    for effect in ledger.effects:
        values = (effect.with_it, effect.without, effect.gain, effect.credited, effect.rest)
        factor, unit = multiple(values, effect.unit)
        table.add_row(name(effect.name, language), *(figure(value / factor) for value in values), unit)
    paper.print(table)
