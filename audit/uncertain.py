"""Stated numbers with their uncertainty and their source, as the case has them.

How far a number may be off is, in this order: a range given on the command line; the `range` stated beside it; a
share of it by the class of its confidence. These shares (`SPREADS`) are assumptions of ours, no finding of anybody:
they stand in every answer and can be set. A number that a source which was read gives counts as published, whatever
its block says.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence as Listed
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..flows.blocks import PER_RATE
from ..flows.case import Case
from ..flows.document import Mapping, Node, Scalar, Sequence, plain
from ..flows.problems import InputError, Problem, TextError, nearest
from ..flows.units import Quantity, parse_need, parse_quantity
from ..flows.variation import read_variations

Confidence = Literal["published", "stoichiometric", "estimate", "unstated"]
Access = Literal["read", "computed", "recalled", "none"]
Basis = Literal["given", "range", "published", "stoichiometric", "estimate", "unstated"]
SPREADS: dict[Confidence, float] = {"published": 0.05, "stoichiometric": 0.02, "estimate": 0.2, "unstated": 0.2}
"""share by which a number is taken to be off to both sides, by its confidence, 1; assumed"""
ACCESSES: tuple[Access, ...] = ("read", "computed", "recalled", "none")
"""best first"""
SHARES = ("availability", "max_share", "min_share", "min_load", "loss")
"""fields that are at most 100 %"""


@dataclass(frozen=True)
class Number:
    """A number of a case that is not known exactly."""

    path: str
    """as `--set` takes it"""
    where: str
    """file:line:column"""
    written: str
    value: float
    unit: str
    """unit of the three figures, "1" for a pure number"""
    low: float
    high: float
    basis: Basis
    """what low and high come from"""
    access: Access
    """how its source was accessed; `none` where no source is stated for it"""
    source: str
    """its source in words, "" where none is stated"""

    @property
    def moves(self) -> tuple[float, float]:
        """Relative changes from the number to its two ends; zero where it is 0."""
        if not self.value:
            return 0.0, 0.0
        return (self.low - self.value) / self.value, (self.high - self.value) / self.value


def read_spreads(texts: Listed[str]) -> dict[Confidence, float]:
    """Read `estimate=30 %` over the shares assumed. Raises InputError."""
    found = dict(SPREADS)
    for text in texts:
        name, equals, share = (part.strip() for part in text.partition("="))
        if name not in found or not equals:
            raise _wrong(
                f"`--spread {text}` is no share of a confidence", nearest(name, SPREADS) or "write estimate=30%"
            )
        try:
            value = parse_quantity(share).to("1")
        except TextError as error:
            raise _wrong(f"`--spread {text}`: {error.what}", "write e.g. estimate=30%") from error
        if not 0 <= value < 1:
            raise _wrong(f"`--spread {text}` is not between 0 and 100 %", "write e.g. estimate=30%")
        found[name] = value
    return found


def read_ranges(texts: Listed[str]) -> dict[str, tuple[float, float, str]]:
    """Read `PATH=LOW:HIGH` as lower end, upper end and unit by path. Raises InputError."""
    found = {}
    for variation in read_variations(tuple(texts)):
        law = variation.law
        if law is None or law.name != "uniform":
            raise _wrong(f"`--range {variation.path}={variation.stated}` has no two ends", "write PATH=LOW:HIGH")
        found[variation.path] = (*law.parameters, variation.unit)
    return found  # type: ignore[return-value]  # a uniform law has two parameters


def number_at(
    case: Case,
    path: str,
    spreads: Dictionary[Confidence, float],
    ranges: Dictionary[str, tuple[float, float, str]],
) -> Number | None:
    """Return the number that stands at a path of a case, or None where a series, a word or nothing does.

    Raises InputError where a range on the command line has another unit, or leaves the number out.
    """
    parts = path.split(".")
    node = node_at(case.tree, parts)
    if isinstance(node, Mapping) and "value" in node.entries:
        parts, node = [*parts, "value"], node.entries["value"]
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
        return None
    figure = _figure(str(node.value))
    if figure is None:
        return None
    quantity, unit = figure
    settable = ".".join(parts)
    access, source, confidence = _pedigree(case.tree, parts)
    stated = _stated_range(case.tree, parts, quantity.unit)
    given = ranges.get(settable) or ranges.get(path)
    basis: Basis
    if given is not None:
        low, high, basis = *_converted(settable, given, quantity.unit), "given"
    elif stated is not None:
        low, high, basis = *stated, "range"
    else:
        kind: Confidence = "published" if access == "read" else confidence
        share = abs(quantity.value) * spreads[kind]
        low, high, basis = quantity.value - share, quantity.value + share, kind
    if parts[-1] in SHARES and not quantity.dimension and quantity.to("1") <= 1:
        high = min(high, 100.0 if quantity.unit == "%" else 1.0)
    number = Number(
        path=settable,
        where=str(case.value_at(*parts)),
        written=str(node.value),
        value=quantity.value,
        unit=unit,
        low=low,
        high=high,
        basis=basis,
        access=access,
        source=source,
    )
    if not low <= quantity.value <= high:
        if basis == "given":
            raise _wrong(f"`{node.value}` at `{settable}` is not within its range", "write a range around it")
        number = replace(number, low=min(low, quantity.value), high=max(high, quantity.value))
    return number


def node_at(root: Node, parts: Listed[str]) -> Node | None:
    """Return what stands at a path, or None."""
    node: Node | None = root
    for part in parts:
        if isinstance(node, Mapping):
            node = node.entries.get(part)
        elif isinstance(node, Sequence):
            node = node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
        else:
            return None
    return node


def _figure(text: str) -> tuple[Quantity, str] | None:
    """Read a quantity, and the unit in which it has to be written again: `t CaO` of a need, `CNY/(t/a)` of a cost."""
    per_rate = PER_RATE.match(text)
    try:
        if per_rate is not None:
            quantity = parse_quantity(f"{per_rate[1]}*{per_rate[3]}/{per_rate[2]}")
            unit = parse_quantity(per_rate[1]).unit
            return quantity, f"{unit}/({per_rate[2]}/{per_rate[3]})"
        quantity, label = parse_need(text)
    except TextError:
        return None
    return quantity, " ".join(part for part in (quantity.unit, label) if part)


def _pedigree(root: Mapping, parts: list[str]) -> tuple[Access, str, Confidence]:
    """Source of a number and how it was accessed, and the confidence of the nearest block that states one."""
    sources: dict[str, Any] | None = None
    confidence: Confidence | None = None
    key = ""
    for depth in range(len(parts), 0, -1):
        node = node_at(root, parts[:depth])
        block = plain(node) if isinstance(node, Mapping) else {}
        if isinstance(block.get("source"), str):
            key = key or block["source"]
        if confidence is None and block.get("confidence") in SPREADS:
            confidence = block["confidence"]
        if sources is None and isinstance(block.get("sources"), dict):
            sources = block["sources"]
    fitting = [it for name, it in (sources or {}).items() if isinstance(it, dict) and _gives(name, it, key, parts)]
    best = min(fitting, key=lambda it: ACCESSES.index(it.get("access", "recalled")), default=None)
    if best is None:
        return "none", "", confidence or "unstated"
    words = ", ".join(str(best[word]) for word in ("cite", "publisher", "year") if best.get(word))
    return best.get("access", "recalled"), words, confidence or "unstated"


def _gives(name: str, citation: dict[str, Any], key: str, parts: list[str]) -> bool:
    """Tell whether a source gives a number: it is named beside it, or lists its field or material, or lists nothing."""
    if key:
        return name == key
    listed = citation.get("gives") or []
    return not listed or any(part in listed for part in parts[-4:])


def _stated_range(root: Mapping, parts: list[str], unit: str) -> tuple[float, float] | None:
    """Range beside a number, in its unit."""
    node = node_at(root, parts[:-1])
    if parts[-1] != "value" or not isinstance(node, Mapping) or "range" not in node.entries:
        return None
    ends = plain(node.entries["range"])
    low, high = (parse_quantity(end).to(unit) for end in ends)
    return min(low, high), max(low, high)


def _converted(path: str, given: tuple[float, float, str], unit: str) -> tuple[float, float]:
    low, high, written = given
    if written == "1":
        return low, high
    try:
        ends = [parse_quantity(f"{end!r} {written}").to(unit) for end in (low, high)]
    except TextError as error:
        raise _wrong(f"the range of `{path}`: {error.what}", error.mend) from error
    return ends[0], ends[1]


def _wrong(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])
