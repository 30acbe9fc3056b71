"""Fair shares on the page: the joint saving split, whether that is stable, and who would pay whom."""

from __future__ import annotations

from ..audit.shares import Shares
from ..audit.shares_paper import verdicts
from ..audit.shares_paper import words as audit_words
from ..flows.wording import said
from ..reports.figures import amount, figure, multiple, share
from .sections import name
from .tables import Group, Number, Table, Text, number
from .words import Language, words


def shares_group(found: Shares, language: Language) -> Group:
    """Return the section of one answer."""
    title = words("shares_group", language)
    if found.saving is None or found.apart is None or found.together is None:
        why = ": ".join(text for text in (words(found.status, language), said(found.reason, language)) if text)
        return Group("shares", title, sentences=[words("shares_refused", language).format(why=why)])
    both = " → ".join(
        f"{audit_words(key, language)} {amount(value, found.unit)}"
        for key, value in (("apart", found.apart), ("together", found.together))
    )
    sentences = [f"{both}; {audit_words('saving', language)} {amount(found.saving, found.unit)}"]
    sentences += [audit_words("worse", language)] if found.saving < 0 else []
    sentences += verdicts(found, language)
    if found.without:
        idle = ", ".join(name(label, language) for label in found.without)
        sentences.append(f"{idle}: {audit_words('idle', language)}")
    if found.settlements and not found.only_plan:
        sentences.append(audit_words("loose", language))
    tables = [_shares(found, found.saving, language), _settlement(found, language)]
    return Group("shares", title, [it for it in tables if it.rows], sentences)


def _head(key: str, language: Language, unit: str = "") -> str:
    text = audit_words(key, language)
    return text[:1].upper() + text[1:] + (f" ({unit})" if unit else "")


def _shares(found: Shares, saving: float, language: Language) -> Table:
    exact = found.orders is None
    factor, unit = multiple([saving, *(it.shapley for it in found.shares)], found.unit)
    columns = [_head(found.among, language), _head("shapley", language, unit)]
    columns += [_head("nucleolus" if exact else "error", language, unit)]
    columns += [_head("part", language), _head("last", language, unit)]
    rows: list[tuple[Text | Number, ...]] = []
    for it in sorted(found.shares, key=lambda it: -it.shapley):
        part = it.shapley / saving if saving else None
        other = it.nucleolus if exact else it.shapley_error
        cells = [number(value, factor=factor) for value in (it.shapley, other)]
        bar = Number(share(part), part, None if part is None else min(max(part, 0.0), 1.0))
        rows.append((Text(name(it.label, language)), *cells, bar, number(it.adds_last, factor=factor)))
    split = sum(it.shapley for it in found.shares)
    second = sum(it.nucleolus or 0.0 for it in found.shares) if exact else None
    parts = number(split / saving, "1") if saving else number(None)
    whole = (number(split, factor=factor), number(second, factor=factor), parts, number(None))
    total: tuple[Text | Number, ...] = (Text(words("total", language)), *whole)
    title = _head("shares", language)
    return Table("shares", title, tuple(columns), rows, total, note=words("shares_note", language))


def _settlement(found: Shares, language: Language) -> Table:
    rows = found.settlements
    factor, unit = multiple([value for it in rows for value in (it.apart, it.joint)], found.unit)
    paid, paid_unit = multiple([it.payment for it in rows], found.unit)
    columns = (
        _head(found.among, language), _head("account", language, unit), _head("joint", language, unit),
        _head("receives", language, paid_unit),
    )  # fmt: skip
    table = Table("settlement", _head("settlement", language), columns, note=words("settlement_note", language))
    for it in rows:
        figures = ((it.apart, factor), (it.joint, factor), (it.payment, paid))
        cells = [Number(figure(value / scale), value) for value, scale in figures]
        table.rows.append((Text(name(it.label, language)), *cells))
    return table
