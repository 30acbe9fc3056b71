"""From answers to a comparison: made fit for each other, then row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeVar, cast

from ..flows.problems import InputError, Problem
from ..flows.tables import Label
from ..flows.wording import joined
from .answers import Answer, Key, Names, names_of
from .comparison import (
    CapacityRow,
    Comparison,
    Figures,
    FlowRow,
    Move,
    Order,
    PlantRow,
    PriceRow,
    Side,
    TotalRow,
)
from .inputs import input_rows
from .phrases import comparison_phrases
from .products import product_rows
from .scale import Found, Scale, kind_of

KINDS = ("money", "energy", "carbon", "water", "waste", "ratio", "other")
"""order of the totals"""
Row = TypeVar("Row", PlantRow, FlowRow, PriceRow)
Worth = Mapping[tuple[str, str], float]
"""size of the baseline's shadow price of a (park, material), money per unit"""


def compare_answers(
    answers: Sequence[Answer], baseline: int = 0, order: Order = "money", notes: Iterable[str] = ()
) -> Comparison:
    """Lay answers side by side.

    Args:
        answers: two at least, of different names.
        baseline: number of the answer from which differences are counted.
        order: what the rows are sorted by.
        notes: what else holds of the whole comparison.

    Raises:
        InputError: they are in different money.
    """
    _check_money(answers)
    names = names_of(answers)
    lengths = [answer.years for answer in answers]
    per_year = max(lengths) - min(lengths) > 1e-9 * max(lengths)
    scale = Scale(tuple(answers), baseline, per_year)
    comparable = _one_objective(answers)
    worth = _mean_prices(answers[baseline]) if comparable else {}
    inputs = input_rows([answer.case for answer in answers], baseline)
    products, told = product_rows(scale, names)
    return Comparison(
        sides=tuple(_side(answer) for answer in answers),
        baseline=baseline,
        order=order,
        money=answers[baseline].money,
        per_year=per_year,
        inputs=inputs,
        totals=_totals(scale, names, [row.path for row in inputs]),
        plants=_in_order(_plants(scale, names, worth), order, lambda row: row.worth),
        capacities=_capacities(scale),
        flows=_in_order(_flows(scale, names, worth), order, lambda row: row.worth),
        prices=_in_order(_prices(scale, names) if comparable else [], order, lambda row: row.figures.largest),
        products=products,
        counterfactual=None,
        notes=(*notes, *_notes(answers, baseline, per_year, comparable), *told),
    )


def _side(answer: Answer) -> Side:
    document = answer.document
    title = answer.network.title if answer.network else Label(*[document["case"]] * 3)
    return Side(
        name=answer.name,
        case=document["case"],
        scenario=document["scenario"],
        title=title,
        status=document["status"],
        reason=document["reason"],
        objective=" ".join(part for part in _goal(answer)[:2] if part) if answer.optimal else "",
        years=answer.years,
        parks=tuple(document["parks"]),
        saved_in=answer.saved_in,
        marks=answer.marks,
    )


def _goal(answer: Answer) -> tuple[str, str, str]:
    """Sense (empty where it is not known), name and unit of what was optimised last."""
    goal = answer.document["objective"]
    sense = "" if answer.network is None else "max" if answer.network.goal.maximise else "min"
    return sense, goal["name"], goal["unit"]


def _check_money(answers: Sequence[Answer]) -> None:
    """Refuse answers in different money: a rate of exchange is not for us to assume."""
    first = answers[0]
    for answer in answers[1:]:
        if answer.money != first.money:
            what = f"`{first.name}` is in {first.money}, `{answer.name}` in {answer.money}: sums cannot be compared"
            mend = "state both cases in one money (`money:`), with rates under `currencies:`"
            raise InputError([Problem(None, what, mend)])


def _one_objective(answers: Iterable[Answer]) -> bool:
    """All answers optimise the same, so their shadow prices speak of the same."""
    goals = [_goal(answer) for answer in answers if answer.optimal]
    senses = {sense for sense, _, _ in goals if sense}
    return len({(name, unit) for _, name, unit in goals}) <= 1 and len(senses) <= 1


tell = comparison_phrases.tell


def _notes(answers: Sequence[Answer], baseline: int, per_year: bool, comparable: bool) -> Iterable[str]:
    if per_year:
        told = joined(f"{answer.name} {answer.years:g} a" for answer in answers)
        yield tell("per_year", told=told)
    if not comparable:
        yield tell("goals_differ")
    if not answers[baseline].optimal:
        yield tell("no_baseline", name=answers[baseline].name)
    parks = [park for answer in answers if answer.optimal for park in answer.document["parks"]]
    lonely = [park for park in dict.fromkeys(parks) if parks.count(park) == 1]
    if lonely and sum(answer.optimal for answer in answers) > 1:
        yield tell("lonely_parks" if len(lonely) > 1 else "lonely_park", parks=joined(lonely))
    if lacking := [answer.name for answer in answers if answer.case is None]:
        yield tell("no_inputs", names=joined(lacking))
    if unknown := [answer.name for answer in answers if answer.optimal and not answer.looked]:
        yield tell("not_looked", names=joined(unknown))


def _mean_prices(answer: Answer) -> Worth:
    """Mean size of the shadow prices of a material in a park; none where they are not money."""
    if not answer.optimal or answer.document["objective"]["unit"] != answer.money:
        return {}
    found: dict[tuple[str, str], list[float]] = {}
    for row in answer.document["prices"]:
        found.setdefault((row["park"], row["material"]), []).append(abs(row["value"]))
    return {key: sum(values) / len(values) for key, values in found.items()}


def _totals(scale: Scale, names: Names, changed: Sequence[str]) -> tuple[TotalRow, ...]:
    parks = list(dict.fromkeys(park for answer in scale.answers for park in answer.document["parks"]))
    places = ["", *(parks if len(parks) > 1 else [])]
    found = {place: [_measures(answer, place) for answer in scale.answers] for place in places}
    order = dict.fromkeys(key for sides in found.values() for side in sides for key in side)
    rows = [
        _total(scale, names, found[place], place, key[0], changed)
        for key in order
        for place in places
        if any(key in side for side in found[place])
    ]
    return tuple(sorted(rows, key=lambda row: KINDS.index(row.kind)))


def _measures(answer: Answer, park: str) -> Found:
    document = answer.document
    table = document["parks"].get(park, {}) if park else document["indicators"]
    return {
        (name,): (measure["value"], measure["unit"], answer.total_is_unique(park, name))
        for name, measure in table.items()
    }


def _total(
    scale: Scale, names: Names, found: Sequence[Found], park: str, indicator: str, changed: Sequence[str]
) -> TotalRow:
    units = dict.fromkeys(side[(indicator,)][1] for side in found if (indicator,) in side)
    kind = kind_of(indicator, next(iter(units)), scale.answers[scale.baseline].money)
    measured = scale.at_once if kind == "ratio" else scale
    note: str = ""
    if len(units) > 1:
        note = tell("units_differ", units=joined(units))
    elif any(path.startswith(f"indicators.{indicator}.") for path in changed):
        note = tell("counted_otherwise")
    figures = measured.figures(found, (indicator,), park=park)
    return TotalRow(park, indicator, names.indicator(indicator), kind, figures, note)


def _plants(scale: Scale, names: Names, worth: Worth) -> list[PlantRow]:
    found: list[Found] = [answer.runs() if answer.optimal else {} for answer in scale.answers]
    rows = []
    for key, least in scale.keys(found):
        figures = scale.figures(found, key, least, key[0])
        moves = tuple(_move(figures, side) for side in range(len(found)))
        value = _worth(figures, worth.get((key[0], names.products.get(key, ""))))
        park, company, plant = key
        rows.append(PlantRow(park, company, plant, names.plant(key), figures, moves, value))
    return rows


def _move(figures: Figures, side: int) -> Move:
    own, first = figures.values[side], figures.values[figures.baseline]
    if not figures.compares(side):
        return "unknown"
    if own is None or first is None:
        return "same" if own is first else "absent" if own is None else "new"
    change = figures.difference(side)
    if not change:
        return "same"
    if abs(first) <= figures.least:
        return "opens"
    return "closes" if abs(own) <= figures.least else "more" if change > 0 else "less"


def _worth(figures: Figures, price: float | None) -> float | None:
    return None if price is None else figures.largest * price


def _capacities(scale: Scale) -> tuple[CapacityRow, ...]:
    found = scale.capacities()
    rows = []
    for key, least in scale.at_once.keys(found):
        word, kind, park, company, name = key
        figures = scale.at_once.figures(found, key, least)
        rows.append(CapacityRow(cast(Literal["built", "closed"], word), kind, park, company, name, figures))
    return tuple(rows)


def _flows(scale: Scale, names: Names, worth: Worth) -> list[FlowRow]:
    found = scale.flows()
    rows = []
    for key, least in scale.keys(found):
        park, material, fate = key
        figures = scale.figures(found, key, least, park)
        value = _worth(figures, worth.get((park, material)))
        kind = names.kinds.get(material, "")
        rows.append(FlowRow(park, material, names.material(material), kind, fate, figures, value))
    return rows


def _prices(scale: Scale, names: Names) -> list[PriceRow]:
    """Prices of balances. Where exchange is none, plants keep balances of their own for residues; a plant that shares
    the balance of its company has the price there."""
    found = [answer.prices() if answer.optimal else {} for answer in scale.answers]
    own = {(*key[:2], *key[3:]) for side in found for key in side if key[2]}
    split = {key for side in found for key in side if key[2] or (*key[:2], *key[3:]) not in own}
    kept = [key for key, _ in scale.keys(found) if key in split]
    shared: list[Found] = [{key: side[at] for key in kept if (at := _held(key, side)) is not None} for side in found]
    rows = []
    for key in kept:
        park, company, plant, material, period = key
        figures = scale.at_once.figures(shared, key, park=park)
        rows.append(PriceRow(park, company, plant, material, names.material(material), period, figures))
    return rows


def _held(key: Key, side: Found) -> Key | None:
    """The balance of a side in which a plant's material stands."""
    company = (*key[:2], "", *key[3:])
    return key if key in side else company if company in side else None


def _in_order(rows: Sequence[Row], order: Order, worth: Callable[[Row], float | None]) -> tuple[Row, ...]:
    """Put findings first, then the largest change in money, then the largest in percent (or the other way round)."""

    def rank(row: Row) -> tuple[bool, float, float]:
        sizes = (worth(row) or 0.0, row.figures.largest_percent)
        first, second = sizes if order == "money" else sizes[::-1]
        return not row.figures.is_finding, -first, -second

    return tuple(sorted(rows, key=rank))
