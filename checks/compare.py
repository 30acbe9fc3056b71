"""Compare an answer with what is expected of it: one function for each thing that can differ.

A figure that is off is first tried against all answers that are as good: where the expected value is one of them, the
answer is another vertex of the same optimum, and nothing has changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..flows.problems import Position, nearest
from ..flows.units import QuantityError
from ..flows.wording import Saying, joined
from ..reports.figures import figure, multiple
from .answer import Answer, Range, UnknownQuantityError
from .expected import Expected, Figure
from .phrases import phrases

tell = phrases.tell
RANK_STATUS, RANK_UNKNOWN, RANK_WORDS, RANK_FIGURE = 4, 3, 2, 1
"""what comes first in a report"""


@dataclass(frozen=True)
class Difference:
    """Something that is not as expected."""

    scenario: str
    quantity: str
    what: Saying
    """a sentence without full stop"""
    file: str = ""
    line: int = 0
    column: int = 0
    source: str = "expect"
    """`expect`, `baseline`, or `input` where the case cannot be read"""
    expected: float | None = None
    found: float | None = None
    unit: str = ""
    off: float | None = None
    """how far it is off, relative to what was expected; None where it is no number"""
    rank: int = RANK_FIGURE

    @property
    def place(self) -> str:
        """`file:line:column`, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def order(self) -> tuple[float, float, bool, str, str]:
        """Sort by it, and the worst comes first."""
        off = math.inf if self.off is None else round(self.off, 6)
        return (-self.rank, -off, self.source != "expect", self.scenario, self.quantity)


def differences(answer: Answer, scenario: str, expected: Expected, baseline_file: str) -> list[Difference]:
    """Return everything in which an optimal answer is not as expected."""
    judge = _Judge(answer, scenario, expected, baseline_file)
    return [*judge.unknown_tolerances(), *judge.figures(), *judge.binding()]


def status_difference(
    scenario: str, status: str, reason: str, expected: Expected, baseline_file: str
) -> Difference | None:
    """Compare the status."""
    if status == expected.status:
        return None
    what = tell("other_status", status=tell(status), expected=tell(expected.status))
    if reason and status != "optimal":
        what = tell("said_why", what=what, why=reason)
    return _difference(scenario, "status", what, expected, baseline_file, expected.places.get("status"), RANK_STATUS)


def reason_differences(
    scenario: str, blocked: list[str], expected: Expected, baseline_file: str
) -> Iterator[Difference]:
    """Compare what an infeasible scenario is blocked by."""
    for path in expected.because:
        if path not in blocked:
            now = tell("blocked_now", fields=joined(blocked)) if blocked else tell("no_cause")
            what = tell("no_longer", path=path, now=now)
            yield _difference(
                scenario, "because", what, expected, baseline_file, expected.places.get("because"), RANK_WORDS
            )


def _difference(
    scenario: str,
    quantity: str,
    what: Saying,
    by: Expected,
    baseline_file: str,
    position: Position | None,
    rank: int,
    **figures: float | str | None,
) -> Difference:
    at = position or by.position
    place = (at.file, at.line, at.column) if at is not None else (baseline_file, 0, 0)
    return Difference(scenario, quantity, what, *place, source=by.source, rank=rank, **figures)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Judge:
    answer: Answer
    scenario: str
    expected: Expected
    baseline_file: str

    def note(
        self, quantity: str, what: Saying, position: Position | None, rank: int, **figures: float | str | None
    ) -> Difference:
        return _difference(self.scenario, quantity, what, self.expected, self.baseline_file, position, rank, **figures)

    def unknown_tolerances(self) -> Iterator[Difference]:
        for name, position in self.expected.unknown_tolerances:
            known = nearest(name, [it.name for it in self.expected.figures])
            what = tell("unknown_tolerance", name=name)
            yield self.note(f"tolerances.{name}", _mended(what, known), position, RANK_UNKNOWN)

    def binding(self) -> Iterator[Difference]:
        if self.expected.binding is None:
            return
        network, place = self.answer.network, self.expected.places.get("binding")
        now, then = set(self.answer.binding), set(self.expected.binding)
        for name in sorted(now ^ then):
            if name not in network.policies.id:
                hint = nearest(name, network.policies.id)
                what = tell("unknown_policy", name=name)
                yield self.note(f"binding.{name}", _mended(what, hint), place, RANK_UNKNOWN)
                continue
            what = tell("now_binds" if name in now else "binds_no_more", name=name)
            yield self.note(f"binding.{name}", what, place, RANK_WORDS)

    def figures(self) -> Iterator[Difference]:
        for item in self.expected.figures:
            try:
                found = self._figure(item)
            except UnknownQuantityError as error:
                what, mend = error.args
                sentence = tell("unknown_quantity", name=item.name, why=what)
                found = self.note(item.name, _mended(sentence, mend), item.position, RANK_UNKNOWN)
            except QuantityError as error:
                sentence = tell("wrong_quantity", name=item.name, why=error.what)
                found = self.note(item.name, sentence, item.position, RANK_UNKNOWN)
            if found is not None:
                yield found

    def _figure(self, item: Figure) -> Difference | None:
        measure = self.answer.measure(item.name)
        low, high = item.low.to(measure.unit), item.high.to(measure.unit)
        width = [item.tolerance.width(end, measure.unit) for end in (low, high)]
        if measure.value is None:
            what = tell("over_nothing", what=_words(item.name))
            return self.note(item.name, what, item.position, RANK_WORDS)
        if not item.is_range and abs(measure.value - low) <= width[0]:
            return None  # most figures are: what is rounding takes longer to know
        room = [max(it, self.answer.rounding(measure.unit)) for it in width]
        if not item.is_range and low - room[0] <= measure.value <= high + room[1]:
            return None
        kind, _, _ = item.name.partition(".")
        span = self.answer.range(item.name)
        if span is None and kind == "indicators" and self.answer.reaches(item.name, low - room[0], high + room[1]):
            return None
        if span is not None and item.is_range:
            if _near(span.least, low, room[0]) and _near(span.most, high, room[1]):
                return None
            return self._moved(item, measure.value, low, high, measure.unit, span)
        if span is not None and span.least <= high + room[1] and span.most >= low - room[0]:
            return None
        return self._moved(item, measure.value, low, high, measure.unit, span)

    def _moved(self, item: Figure, value: float, low: float, high: float, unit: str, span: Range | None) -> Difference:
        tiny = self.answer.rounding(unit)
        ends = [value] if span is None or span.is_point else [span.least, span.most]
        ends = [0.0 if abs(end) <= tiny else end for end in ends]
        ends = ends[:1] if ends[-1] - ends[0] <= tiny else ends
        near = low if abs(ends[0] - low) >= abs(ends[-1] - high) else high
        now = ends[0] if near is low else ends[-1]
        off = abs(now - near) / abs(near) if near and math.isfinite(near) else math.inf
        factor, word = multiple([it for it in (low, high, *ends) if math.isfinite(it)], unit)
        was = _span(low, high, factor, word, off)
        said = _span(ends[0], ends[-1], factor, word, off)
        free = tell("at_optimum") if len(ends) > 1 else Saying("")
        what = tell("moved", what=_words(item.name), now=said, free=free, change=_change(near, now), was=was)
        return self.note(item.name, what, item.position, RANK_FIGURE, expected=near, found=now, unit=unit, off=off)


def _mended(what: Saying, mend: str) -> Saying:
    return tell("mended", what=what, mend=mend) if mend else what


def _near(value: float, expected: float, room: float) -> bool:
    return value == expected or abs(value - expected) <= room


def _span(low: float, high: float, factor: float, unit: str, off: float) -> Saying:
    """Write one figure, or two; with as many digits as a small difference needs."""
    digits = 4 if off > 1e-3 else 8
    ends = [_end(low, factor, digits), _end(high, factor, digits)]
    text = Saying(figure(low / factor, digits)) if low == high else tell("span", low=ends[0], high=ends[1])
    return joined((text, unit), " ", " ") if unit not in ("", "1") else text


def _end(value: float, factor: float, digits: int) -> Saying:
    return Saying(figure(value / factor, digits)) if math.isfinite(value) else tell("no_limit")


def _change(expected: float, found: float) -> Saying:
    """Say how a figure changed: its sign, a round factor, or by how much."""
    if not expected or not math.isfinite(expected) or not math.isfinite(found):
        return tell("not_that")
    ratio = found / expected
    if ratio < 0:
        return tell("other_sign")
    for factor in (10.0, 100.0, 1000.0, 1e4, 1e6):
        for exact, key in ((factor, "round_times"), (1 / factor, "round_part")):
            if math.isclose(ratio, exact, rel_tol=1e-3):
                return tell(key, factor=f"{factor:,.0f}")
    part = abs(ratio - 1)
    key = "above" if ratio > 1 else "below"
    if part >= 10:
        return tell(f"times_{key}", part=f"{part:.3g}")
    return tell(key, part=f"{part:.2%}" if part >= 1e-4 else f"{part:.2g}")


def _words(name: str) -> Saying:
    kind, _, rest = name.partition(".")
    if kind == "totals":
        fate, _, material = rest.partition(".")
        return tell("the_total", material=material, fate=tell(fate))
    if kind == "objective":
        return tell("the_objective")
    return tell("the_indicator" if kind == "indicators" else "the_flow", name=rest)
