"""Trade-offs on paper: the front as a table and a picture, what a step costs, and which plants change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from rich.markup import escape

from ..flows.network import Network
from ..flows.problems import InputError, Problem, nearest
from ..flows.tables import Floats
from ..flows.units import QuantityError, parse_quantity
from ..flows.wording import Language, Saying, joined, named, said
from ..solver.pareto import ROUNDING, Axis, Front, Point, front
from ..solver.solution import SolveOptions
from .figures import figure, multiple
from .json_text import finite
from .summary import Paper
from .tradeoffs_phrases import tradeoffs_phrases as words

SCHEMA = "parkloop.pareto/1"
MOVES = 1e-6
"""change of a run that counts, relative to the largest run of the plant on the front, 1"""
PICTURE = (56, 14)
"""columns and lines of the picture"""
CHANGES_SHOWN = 3
tell = words.tell


@dataclass(frozen=True)
class Change:
    """What one plant does differently from one point to the next."""

    plant: str
    kind: Literal["opens", "closes", "moves"]
    before: float
    after: float
    unit: str

    @property
    def words(self) -> Saying:
        """E.g. `north.north_pond closes`."""
        factor, unit = multiple([self.before, self.after], self.unit)
        before, after = figure(self.before / factor), figure(self.after / factor)
        return tell(self.kind, plant=self.plant, before=before, after=after, unit=unit)


@dataclass(frozen=True, eq=False)
class TradeOff:
    """The front of one scenario."""

    network: Network
    axes: tuple[Axis, ...]
    found: Front

    @property
    def status(self) -> str:
        """As of a solve."""
        return self.found.status

    def changes(self, number: int) -> list[Change]:
        """Plants that open, close or move from a point to the next one, the largest share first."""
        runs = np.array([_runs(self.network, self.found, point) for point in self.found.points])
        largest = np.maximum(np.abs(runs).max(axis=0, initial=0.0), self.found.program.flow_scale * 1e-3)
        small, before, after = MOVES * largest, runs[number], runs[number + 1]
        network, listed = self.network, []
        for row in np.argsort(-np.abs(after - before) / largest, kind="stable").tolist():
            if abs(after[row] - before[row]) <= small[row]:
                continue
            opens, closes = before[row] <= small[row], after[row] <= small[row]
            kind: Literal["opens", "closes", "moves"] = "opens" if opens else "closes" if closes else "moves"
            unit = network.materials.unit[int(network.plants.reference[row])]
            listed.append(Change(_plant(network, row), kind, float(before[row]), float(after[row]), unit))
        return listed

    def price(self, number: int) -> float | None:
        """What the first goal gives up per unit that the second gets better, from a point to the next; two goals."""
        if len(self.axes) != 2:
            return None
        here, there = self.found.points[number].values, self.found.points[number + 1].values
        return abs(there[0] - here[0]) / abs(there[1] - here[1]) if there[1] != here[1] else None

    def price_words(self, price: float) -> Saying:
        """Say a price with its unit and its direction."""
        first, second = self.axes[:2]
        key = f"{'more' if second.maximise else 'less'}_{'less' if first.maximise else 'more'}"
        cost = f"{figure(price)} {first.unit}"
        return tell(key, unit=second.unit, second=self.goal_words(second), price=cost, first=self.goal_words(first))

    def goal_words(self, axis: Axis) -> Saying:
        """Return a goal as it was asked for, in Chinese by its name."""
        return Saying(axis.name, self.network.indicators.label[axis.indicator].zh)

    def as_object(self) -> dict[str, Any]:
        """One JSON object (`parkloop.pareto/1`)."""
        points = self.found.points
        return {
            "schema": SCHEMA,
            "case": self.network.case,
            "scenario": self.network.scenario,
            "status": self.status,
            "reason": self.found.reason,
            "between": [
                {"name": a.name, "sense": "maximise" if a.maximise else "minimise", "unit": a.unit} for a in self.axes
            ],
            "points": [self._point(point) for point in points],
            "steps": [
                {
                    "price": self.price(number),
                    "price_unit": f"{self.axes[0].unit}/{self.axes[1].unit}",
                    "changes": [vars(change) for change in self.changes(number)],
                }
                for number in range(len(points) - 1)
            ],
            "knee": next((n for n, point in enumerate(points) if point.kind == "knee"), None),
            "unreachable": self.found.unreachable,
            "complete": self.found.complete,
            "solves": self.found.solves,
        }

    def _point(self, point: Point) -> dict[str, Any]:
        proof = point.certificate
        return {
            "kind": point.kind,
            "values": dict(zip((a.name for a in self.axes), point.values, strict=True)),
            "prices": {
                a.name: {"value": p, "unit": f"{self.axes[0].unit}/{a.unit}"}
                for a, p in zip(self.axes[1:], point.prices, strict=True)
            },
            "certificate": {"primal": proof.primal, "dual": proof.dual, "gap": proof.gap},
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Write it as JSON."""
        return json.dumps(finite(self.as_object()), indent=indent, ensure_ascii=False, allow_nan=False)

    def to_csv(self) -> str:
        """Write a table with a row for each point: goals, prices, and the run of every plant."""
        paper, network = io.StringIO(), self.network
        units = [network.materials.unit[int(m)] for m in network.plants.reference]
        plants = [f"{_plant(network, row)} [{unit}]" for row, unit in enumerate(units)]
        prices = [f"price of {a.name} [{self.axes[0].unit}/{a.unit}]" for a in self.axes[1:]]
        writer = csv.writer(paper, lineterminator="\n")
        writer.writerow(["kind", *(f"{a.name} [{a.unit}]" for a in self.axes), *prices, *plants])
        every = np.array([_runs(network, self.found, point) for point in self.found.points])
        every = np.where(np.abs(every) <= ROUNDING * np.abs(every).max(axis=0, initial=0.0), 0.0, every)
        for point, runs in zip(self.found.points, every.tolist(), strict=True):
            writer.writerow([point.kind, *point.values, *("" if p is None else p for p in point.prices), *runs])
        return paper.getvalue()

    def print(self, paper: Paper, language: Language = "en") -> None:
        """Print it for people."""
        points = self.found.points
        title, scenario = said(named(self.network.title), language), words("scenario", language)
        paper.print(f"[bold]{escape(title)}[/] · {scenario} {escape(self.network.scenario)}")
        paper.print(f"[bold]{words(self.status, language)}[/]: {escape(said(self.found.reason, language))}")
        if not points:
            if self.status in ("infeasible", "unbounded"):
                paper.print(words("says_why", language))
            return
        goals = [said(self.goal_words(axis), language) for axis in self.axes]
        if len(points) > 1:
            for line in picture(self.axes, points, goals):
                paper.print(escape(line))
        self._table(paper, language, goals)
        for note in self._notes():
            paper.print(escape(said(note, language)))
        if not self.found.complete:
            paper.print(f"[yellow]{words('note', language)}[/]: {words('incomplete', language)}")

    def _table(self, paper: Paper, language: Language, goals: Sequence[str]) -> None:
        """Print the points: of two goals with the price of each step, of more with the prices at each point."""
        axes, points = self.axes, self.found.points
        scales = [multiple([p.values[n] for p in points], axis.unit) for n, axis in enumerate(axes)]
        heads = [
            words("in_unit", language, what=goal, unit=scale[1]) for goal, scale in zip(goals, scales, strict=True)
        ]
        per = [f"{axes[0].unit}/{axis.unit}" for axis in axes[1:]]
        if len(axes) == 2:
            heads.append(words("price_to_next", language, unit=per[0]))
        else:
            heads += [words("price_here", language, what=g, unit=u) for g, u in zip(goals[1:], per, strict=True)]
        columns: list[tuple[str, Literal["left", "right"]]] = [(words("point", language), "left")]
        columns += [(head, "right") for head in heads]
        table = paper.table("", [*columns, (words("changes", language), "left")])
        for number, point in enumerate(points):
            values = [figure(v / factor) for v, (factor, _) in zip(point.values, scales, strict=True)]
            last = number == len(points) - 1
            prices = point.prices if len(axes) != 2 else (None if last else self.price(number),)
            told = ["" if price is None else figure(price) for price in prices]
            moved = "" if last else escape(said(self._moved(number), language))
            name = words("on_front", language, number=number + 1, kind=words.tell(point.kind))
            table.add_row(name, *values, *told, moved)
        paper.print(table)

    def _moved(self, number: int) -> Saying:
        changes = self.changes(number)
        told = [change.words for change in changes[:CHANGES_SHOWN]]
        told += [tell("more_plants", count=len(changes) - CHANGES_SHOWN)] if len(changes) > CHANGES_SHOWN else []
        return joined(told, "; ", "；")

    def _notes(self) -> Iterator[Saying]:
        points = self.found.points
        knee = next((n for n, point in enumerate(points) if point.kind == "knee"), None)
        if len(self.axes) > 2 and any(price is not None for point in points for price in point.prices):
            yield tell("price_means", first=self.goal_words(self.axes[0]))
        if len(points) > 1 and knee is None:
            yield tell("no_knee")
        if knee is not None:
            yield tell("knee_at", number=knee + 1)
            for side, number in (("before", knee - 1), ("after", knee)):
                price = self.price(number) if 0 <= number < len(points) - 1 else None
                if price is not None:
                    yield tell(side, price=self.price_words(price))
        if self.found.unreachable:
            yield tell("unreachable", count=self.found.unreachable)


def picture(axes: Sequence[Axis], points: Sequence[Point], goals: Sequence[str]) -> list[str]:
    """Draw the first goal (up) over the second (right): * a point, K the knee."""
    wide, high = PICTURE
    place = np.array([point.values[:2] for point in points])
    low, span = place.min(axis=0), np.maximum(np.ptp(place, axis=0), 1e-300)
    cells = [[" "] * wide for _ in range(high)]
    for point, (up, right) in sorted(zip(points, (place - low) / span, strict=True), key=lambda p: p[0].kind == "knee"):
        line, column = round((1 - up) * (high - 1)), round(right * (wide - 1))
        cells[line][column] = "K" if point.kind == "knee" else "*"
    (down, left), (top, end) = low, low + span
    factor, unit = multiple([down, top], axes[0].unit)
    lines = [f"{goals[0]}, {unit}"]
    labels = {0: figure(top / factor), high - 1: figure(down / factor)}
    lines += [f"{labels.get(n, ''):>10} │{''.join(row)}".rstrip() for n, row in enumerate(cells)]
    factor, unit = multiple([left, end], axes[1].unit)
    beneath = f"{figure(left / factor)}{figure(end / factor):>{max(1, wide - len(figure(left / factor)))}}"
    return [*lines, f"{'':>10} └{'─' * wide}", f"{'':>12}{beneath} {goals[1]}, {unit}"]


def trade_off(
    network: Network,
    between: str,
    count: int = 20,
    ranges: Sequence[str] = (),
    corners: bool = False,
    options: SolveOptions | None = None,
) -> TradeOff:
    """Follow the front of a network between goals written as `--between` takes them.

    Raises InputError where they cannot be traded off.
    """
    axes = _ranged(network, read_axes(network, between), ranges)
    if corners and len(axes) != 2:
        raise _wrong("corners are found between two goals only", "leave out --corners")
    return TradeOff(network, axes, front(network, axes, count, options, corners))


def read_axes(network: Network, between: str) -> tuple[Axis, ...]:
    """Read `profit,co2` or `max:profit,min:co2`. Raises InputError."""
    table, axes = network.indicators, []
    known = [text.id for text in table.label]
    for word in between.split(","):
        sense, colon, name = word.strip().rpartition(":")
        if colon and sense not in ("max", "min"):
            raise _wrong(f"`{sense}` is no sense", "write max: or min: before the indicator")
        if name not in known:
            raise _wrong(f"unknown indicator `{name}`", nearest(name, known))
        row = known.index(name)
        if table.per[row] >= 0:
            what = f"`{name}` is a ratio: its best is no linear program, so it cannot be an axis"
            raise _wrong(
                what, "trade off an indicator that states its `of` alone, or vary a policy that bounds the ratio"
            )
        maximise = sense == "max" if colon else name in ("profit", "revenue", "value_added")
        axes.append(Axis(name, table.unit[row], maximise, row))
    names = [axis.name for axis in axes]
    if len(axes) not in (2, 3) or len(set(names)) < len(names):
        raise _wrong(f"`{between}` is not two or three different indicators", "write e.g. --between profit,co2")
    return tuple(axes)


def _ranged(network: Network, axes: Sequence[Axis], ranges: Sequence[str]) -> tuple[Axis, ...]:
    """Limit the goals after the first to ranges written `co2=3 Mt:5 Mt`."""
    limits: dict[str, tuple[float, float]] = {}
    after = {axis.name: axis for axis in axes[1:]}
    for text in ranges:
        name, _, sides = text.partition("=")
        low, colon, high = sides.partition(":")
        if name not in after or not colon:
            mend = f"write NAME=LOW:HIGH with {' or '.join(after)}; the goal to range over stands second in --between"
            raise _wrong(f"`{text}` is no range of a goal after the first", mend)
        try:
            ends = [parse_quantity(side.strip()).to(after[name].unit) for side in (low, high)]
        except QuantityError as error:
            raise _wrong(f"`{text}`: {error.what}", error.mend) from error
        if ends[0] >= ends[1]:
            raise _wrong(f"`{text}` ends before it begins", "write the smaller figure first")
        limits[name] = (ends[0], ends[1])
    return tuple(
        Axis(a.name, a.unit, a.maximise, a.indicator, *limits[a.name]) if a.name in limits else a for a in axes
    )


def _wrong(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])


def _plant(network: Network, row: int) -> str:
    park = network.parks[int(network.companies.park[network.plants.company[row]])].id
    return f"{park}.{network.plants.label[row].id}"


def _runs(network: Network, found: Front, point: Point) -> Floats:
    """Run of each plant over all periods with their weights, (n,)."""
    runs: Floats = network.periods.weight @ found.program.column_view("run", point.flows)
    return runs
