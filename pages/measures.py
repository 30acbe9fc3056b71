"""Measures on the page: each alone, all together, the best portfolio, and the abatement cost curve step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..audit.abatement import Abatement, Curve, Effect
from ..audit.abatement_paper import words as audit_words
from ..flows.wording import capital, said
from ..reports.figures import amount, figure, multiple
from .abatement_picture import abatement_svg
from .sections import name, names_of
from .tables import Group, Number, Table, Text
from .words import Language, words

NOISE = 1e-6
"""part of what is abated below which an interaction is rounding"""


def measures_group(found: Abatement, number: int, language: Language) -> Group:
    """Return the section of one answer; `number` keeps the identifiers of its picture apart from those of others."""
    title = words("measures_group", language)
    if found.profit is None:
        why = ": ".join(text for text in (words(found.status, language), said(found.reason, language)) if text)
        return Group("measures", title, sentences=[words("measures_refused", language).format(why=why)])
    import markupsafe

    sheet = _Sheet(found, language)
    tables = [sheet.effects(), *(sheet.curve(curve) for curve in found.curves)]
    picture = markupsafe.Markup(abatement_svg(found, language, f"-{number}"))
    return Group("measures", title, tables, list(sheet.sentences()), [picture])


class _Sheet:
    """One answer in one language."""

    def __init__(self, found: Abatement, language: Language) -> None:
        self.found, self.language = found, language
        self.names = names_of(found.measures, language)
        effects = [*found.alone, *(step for curve in found.curves for step in curve.steps)]
        effects += [it for it in (found.together, found.portfolio.effect if found.portfolio else None) if it]
        self.money, self.money_unit = _scale([v for it in effects for v in (it.yearly, it.cost)], found.money)
        self.invested, self.invested_unit = _scale([it.investment for it in effects], found.money)
        self.scales = [
            _scale([it.abated[place] for it in effects if it.abated], counted.unit)
            for place, counted in enumerate(found.counted)
        ]

    def word(self, key: str, **parts: str) -> str:
        return audit_words(key, self.language).format(**parts)

    def head(self, key: str, unit: str = "") -> str:
        text = self.word(key)
        return text[:1].upper() + text[1:] + (f" ({unit})" if unit else "")

    def called(self, measures: Iterable[str]) -> str:
        return " + ".join(self.names[key] for key in measures)

    def effects(self) -> Table:
        """Each measure alone, all together and the best portfolio: these do not add up."""
        found = self.found
        columns = [self.head("measure"), self.head("investment", self.invested_unit)]
        columns += [self.head(key, f"{self.money_unit}/a") for key in ("yearly", "cost")]
        for counted, (_, unit) in zip(found.counted, self.scales, strict=True):
            columns.append(f"{self.head('abated')}: {name(counted.label, self.language)} ({unit}/a)")
            columns.append(f"{found.money}/{counted.unit}")
        note = words("measures_note", self.language)
        table = Table("measures", self.head("alone"), tuple(columns), note=note)
        rows = [(self.called(it.measures), it) for it in found.alone]
        if found.together is not None:
            rows.append((self.word("together"), found.together))
        if found.portfolio is not None:
            chosen = self.called(found.portfolio.effect.measures) or self.word("nothing")
            rows.append((f"{words('best_portfolio', self.language)}: {chosen}", found.portfolio.effect))
        for text, it in rows:
            why = f" ({said(it.reason, self.language)})" if it.cost is None else ""
            cells = [_number(it.investment, self.invested), _number(it.yearly, self.money), self.cost(it)]
            for place in range(len(found.counted)):
                cells += [self.abated(it, place), _number(it.per[place] if it.per else None)]
            table.rows.append((Text(text + why), *cells))
        return table

    def curve(self, curve: Curve) -> Table:
        """The steps of a curve and those that abate nothing; together they are the last row."""
        place, counted = curve.indicator, self.found.counted[curve.indicator]
        scale, unit = self.scales[place]
        title = self.word("curve", what=name(counted.label, self.language))
        columns = (
            self.head("step"), self.head("measure"), self.head("abated", f"{unit}/a"), self.head("summed", f"{unit}/a"),
            self.head("cost", f"{self.money_unit}/a"), f"{self.found.money}/{counted.unit}",
        )  # fmt: skip
        key = f"curve_{counted.label.id}"
        table = Table(key, title[:1].upper() + title[1:], columns, note=words("curve_note", self.language))
        summed = 0.0
        for number, step in enumerate(curve.abating, start=1):
            summed += step.abated[place]
            abates = (self.abated(step, place), _number(summed, scale))
            own = (self.cost(step), _number(step.per[place]))
            table.rows.append((Text(str(number)), Text(self.called(step.measures)), *abates, *own))
        for step in curve.others:
            rest = (self.abated(step, place), Number("–", None), self.cost(step), Number("–", None))
            off = Text(f"{self.called(step.measures)} ({words('off_curve', self.language)})")
            table.rows.append((Text("–"), off, *rest))
        total = curve.total
        last = (self.abated(total, place), Number("–", None), self.cost(total), Number("–", None))
        return Table(**{**table.__dict__, "total": (Text(""), Text(self.word("all_steps")), *last)})

    def sentences(self) -> Iterable[str]:
        """Say what the tables do not: how much effects overlap, what is no step, how good the portfolio is."""
        found = self.found
        for curve in found.curves:
            yield from self._of_curve(curve)
        best = found.portfolio
        if best is not None:
            labels = names_of((counted.label for counted in found.counted), self.language)
            by = self.word("by", what=labels[best.by]) if best.by in labels else self.word("by_money")
            budget = self.word("no_budget")
            if best.budget is not None:
                budget = self.word("budget", budget=amount(best.budget, found.money))
            chosen = self.called(best.effect.measures) or self.word("nothing")
            proof = self.word("exact" if best.exact else "greedy", count=str(best.looked_at))
            yield f"{words('best_portfolio', self.language)} {by}, {budget}: {chosen} ({proof})"
        effects: Sequence[Effect] = (*found.alone, *(step for curve in found.curves for step in curve.steps))
        if any(it.loose for it in effects):
            yield self.word("loose")
        yield from (said(capital(note), self.language) for note in found.notes)

    def _of_curve(self, curve: Curve) -> Iterable[str]:
        place, (scale, unit) = curve.indicator, self.scales[curve.indicator]
        what = name(self.found.counted[place].label, self.language)
        parts = {"apart": curve.apart, "total": curve.total.abated[place], "change": curve.interaction}
        sizes = [abs(value) for value in parts.values() if value is not None]
        if curve.interaction is not None and abs(curve.interaction) > NOISE * max(sizes):
            texts = {key: f"{figure(value / scale)} {unit}/a" for key, value in parts.items() if value is not None}
            yield f"{what}: {self.word('interaction', **texts)}"
        for key, why in curve.left_out:
            yield f"{what}: {self.word('left_out', measure=self.called([key]), why=said(why, self.language))}"

    def cost(self, it: Effect) -> Number:
        found = _number(it.cost, self.money)
        return Number("~ " * ("profit" in it.loose) + found.text, found.value)

    def abated(self, it: Effect, place: int) -> Number:
        if not it.abated:
            return Number("–", None)
        value = 0.0 if it.kinds[place] == "idle" else it.abated[place]
        loose = self.found.counted[place].label.id in it.loose
        return Number("~ " * (loose and value != 0) + figure(value / self.scales[place][0]), value)


def _number(value: float | None, factor: float = 1.0) -> Number:
    return Number("–", None) if value is None else Number(figure(value / factor), value)


def _scale(values: Iterable[float | None], unit: str) -> tuple[float, str]:
    return multiple([value for value in values if value is not None], unit)
