"""Fields of a case that levers move: their words, what is written there, and what to write instead."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.problems import TextError
from ..flows.tables import Floats
from ..flows.units import convert, parse_quantity
from ..models.coverage import covered_length, policy_accounts, policy_unit
from ..models.policy import policy_rows, policy_values
from ..models.program import Program
from ..solver.levers import LOWER, RAISE, Levers
from .figures import figure
from .limits import limit_words

DIGITS = 3
"""significant digits that a suggested change and its figure keep; both are rounded to the side that gives room"""


@dataclass(frozen=True)
class FieldChange:
    """One field of the case, as it stands and as it would have to be."""

    path: str
    where: str
    """file:line:column"""
    what: str
    """the limit in words"""
    before: str
    """as written; "" where it is a series"""
    after: str
    """in the same unit; "" where only a person can say"""
    setting: str
    """`PATH=VALUE` for `--set`, "" where there is none"""
    way: Literal["raise", "lower", "change"]

    @property
    def sentence(self) -> str:
        """What to do, as an order."""
        if self.path == "exchange":
            return f"write `exchange: {self.after}` in place of `{self.before}`"
        if not (self.before and self.after):
            return f"{self.way} {self.what}{f' to {self.after}' if self.after else ''}"
        return f"{self.way} {self.what} from {self.before} to {self.after}"


def field_of(network: Network, levers: Levers, lever: int) -> str:
    """Return the path of the field that a lever moves."""
    path = network.origins[int(levers.origin[lever])].path
    if levers.block[lever] in ("policy", "policy_each", "blend"):
        return f"{path}.{'max' if levers.way[lever] == RAISE else 'min'}"
    return path


def place_of(case: Case, network: Network, levers: Levers, lever: int) -> str:
    """Return `file:line:column` of the field that a lever moves."""
    path = field_of(network, levers, lever)
    origin = network.origins[int(levers.origin[lever])]
    if path.startswith("extension.") or path == origin.path:
        return str(origin.position)
    return str(case.key_at(*path.split(".")))


def written_at(case: Case, path: str) -> str:
    """Return the single figure written in a field, or "" where a series or nothing stands there."""
    return case.text_at(*path.split(".")) or ""


def field_words(network: Network, levers: Levers, lever: int) -> str:
    """Say what the field of a lever limits."""
    path = field_of(network, levers, lever)
    if levers.block[lever] in ("policy", "policy_each"):
        bound = "maximum" if levers.way[lever] == RAISE else "minimum"
        return f"the {bound} of policy {path.split('.')[1]}"
    words = limit_words(network, network.origins[int(levers.origin[lever])].path)
    return words if path.startswith("extension.") else f"the {words}"


def field_changes(
    case: Case, network: Network, program: Program, levers: Levers, move: Floats, x: Floats
) -> list[FieldChange]:
    """Return what to write in each field, for moves (k,) of levers that make flows x (n,) possible.

    `program` is the one without levers, x in user units.
    """
    by_field: dict[str, list[int]] = {}
    for lever in np.flatnonzero(move).tolist():
        by_field.setdefault(field_of(network, levers, lever), []).append(lever)
    return [_changed(case, network, program, levers, move, x, path, pulled) for path, pulled in by_field.items()]


def _changed(
    case: Case,
    network: Network,
    program: Program,
    levers: Levers,
    move: Floats,
    x: Floats,
    path: str,
    pulled: list[int],
) -> FieldChange:
    first = pulled[0]
    ways = {int(levers.way[lever]) for lever in pulled}
    word: Literal["raise", "lower", "change"] = "raise" if ways == {RAISE} else "lower" if ways == {LOWER} else "change"
    before, after, setting = written_at(case, path), "", ""
    if not path.startswith("extension."):
        try:
            after, setting = _new_value(case, network, program, levers, move, x, path, pulled)
        except TextError:  # a field that is no quantity; the sentence alone must do
            after, setting = "", ""
    where = place_of(case, network, levers, first)
    return FieldChange(path, where, field_words(network, levers, first), before, after, setting, word)


def _new_value(
    case: Case,
    network: Network,
    program: Program,
    levers: Levers,
    move: Floats,
    x: Floats,
    path: str,
    pulled: list[int],
) -> tuple[str, str]:
    """Return the new value of a field as it reads, and the setting that writes it."""
    parts, first = path.split("."), pulled[0]
    way, block = int(levers.way[first]), levers.block[first]
    written = case.text_at(*parts)
    if block == "cyclic":
        closing = float(program.column_view("level", x)[-1, _cyclic_store(network, int(levers.index[first]))])
        text = _rounded(closing, closing - 1.0, levers.unit[first], LOWER)
        return text, f"{path}={text}"
    if levers.relative[first]:
        factors = {int(levers.period[lever]): 1.0 + int(levers.way[lever]) * float(move[lever]) for lever in pulled}
        return _scaled(case, path, written, factors, way)
    flow = program.flow_scale
    if block in ("policy", "policy_each"):
        value = _policy_bound(network, program, levers, move * flow, x, pulled)
        unit = bound_unit(network, levers, first)
        return _in_unit(path, written, value, unit if _is_ratio(network, levers, first) else f"{unit}/a", way)
    if block in ("share", "blend"):
        return _in_unit(path, written, _part(network, program, levers, move * flow, x, pulled), "1", way)
    value = max(float(move[lever]) for lever in pulled) * flow
    standing = block in ("level", "opening")
    return _in_unit(path, written, value, levers.unit[first] if standing else f"{levers.unit[first]}/a", way)


def _scaled(case: Case, path: str, written: str | None, factors: dict[int, float], way: int) -> tuple[str, str]:
    """Multiply a figure, the entries of a list, or a profile."""
    parts = path.split(".")
    outermost = max(factors.values()) if way == RAISE else min(factors.values())
    if written is not None:
        text = _times(written, outermost, way)
        return text, f"{path}={text}"
    count = case.length_at(*parts)
    if count is not None:
        entries = [case.text_at(*parts, str(number)) or "" for number in range(count)]
        new = [
            _times(entry, factors[t], RAISE if factors[t] > 1 else LOWER) if t in factors else entry
            for t, entry in enumerate(entries)
        ]
        return f"[{', '.join(new)}]", f"{path}=[{', '.join(new)}]"
    if case.is_map(*parts):
        text = _times(case.text_at(*parts, "times") or "1", outermost, way)
        return f"{text} times its profile", f"{path}.times={text}"
    return "", ""


def _times(written: str, factor: float, way: int) -> str:
    quantity = parse_quantity(written)
    return _rounded(quantity.value * factor, quantity.value, quantity.unit, way)


def _in_unit(path: str, written: str | None, value: float, unit: str, way: int) -> tuple[str, str]:
    """Write a value in the unit in which the field is written."""
    if written is None:
        text = _rounded(value, 0.0, unit, way)
    else:
        quantity = parse_quantity(written)
        text = _rounded(convert(value, unit, quantity.unit), quantity.value, quantity.unit, way)
    return text, f"{path}={text}"


def _rounded(value: float, before: float, unit: str, way: int) -> str:
    """Round to the side that gives room, so finely that the change itself keeps its leading digits."""
    sizes = [size for size in (abs(value - before), abs(value)) if size > 1e-9 * max(abs(before), abs(value))]
    step = 10.0 ** (math.floor(math.log10(min(sizes, default=1.0))) - DIGITS + 1)
    steps = value / step
    whole = math.ceil(steps - 1e-6) if way == RAISE else math.floor(steps + 1e-6)
    text = f"{whole * step:.12g}"
    return text if unit == "1" else f"{text} {unit}"


def _cyclic_store(network: Network, row: int) -> int:
    return int(np.flatnonzero(network.stores.cyclic)[row])


def _policy(network: Network, levers: Levers, lever: int) -> int:
    return int(policy_rows(network, levers.block[lever] == "policy_each")[0][int(levers.index[lever])])


def _is_ratio(network: Network, levers: Levers, lever: int) -> bool:
    return bool(policy_accounts(network)[1][_policy(network, levers, lever)] >= 0)


def bound_unit(network: Network, levers: Levers, lever: int) -> str:
    """Return the unit of the bound of a policy; of an amount without the time."""
    return policy_unit(network, _policy(network, levers, lever))


def policy_base(network: Network, program: Program, levers: Levers, x: Floats, lever: int) -> tuple[float, float]:
    """Return what one unit of the bound of a policy weighs in its rows (a ratio its denominator), and the bound."""
    policy, way = _policy(network, levers, lever), int(levers.way[lever])
    bound = float((network.policies.upper if way == RAISE else network.policies.lower)[policy])
    if not _is_ratio(network, levers, lever):
        return 1.0, bound
    by_period, total = policy_values(network, program, x)
    period = int(levers.period[lever])
    return float(total[1, policy] if period < 0 else by_period[period, 1, policy]), bound


def _policy_bound(
    network: Network, program: Program, levers: Levers, amount: Floats, x: Floats, pulled: Iterable[int]
) -> float:
    """Bound of a policy after amounts (k,) in user units are given: a rate per year, or a share."""
    bounds = []
    for lever in pulled:
        way = int(levers.way[lever])
        base, bound = policy_base(network, program, levers, x, lever)
        new = bound + way * float(amount[lever]) / base if base else bound
        if not _is_ratio(network, levers, lever):
            new /= float(network.periods.weight @ covered_length(network)[:, _policy(network, levers, lever)])
        bounds.append(new)
    return max(bounds) if way == RAISE else min(bounds)


def share_base(network: Network, program: Program, levers: Levers, x: Floats, lever: int) -> tuple[float, float]:
    """Return what a whole share of a slot, or of a blend, weighs in its row, and the share that is stated."""
    options, slots, limits = network.options, network.slots, network.slot_limits
    row, period, way = int(levers.index[lever]), int(levers.period[lever]), int(levers.way[lever])
    if levers.block[lever] == "share":
        most, least = np.flatnonzero(options.max_share < 1), np.flatnonzero(options.min_share > 0)
        option = int(np.concatenate([most, least])[row])
        slot = int(options.slot[option])
        run = program.column_view("run", x)[period, slots.plant[slot]]
        return float(slots.need[slot] * run), float((options.max_share if way == RAISE else options.min_share)[option])
    upper, lower = (np.flatnonzero(np.isfinite(bound)) for bound in (limits.upper, limits.lower))
    limit = int(np.concatenate([upper, lower])[row])
    mine = limits.term_limit == limit
    mass = program.column_view("fill", x)[period, limits.term_option[mine]] @ limits.term_mass[mine]
    return float(mass), float((limits.upper if way == RAISE else limits.lower)[limit])


def _part(
    network: Network, program: Program, levers: Levers, amount: Floats, x: Floats, pulled: Iterable[int]
) -> float:
    """Share of a slot, or content of a blend, after amounts (k,) in user units are given."""
    parts = []
    for lever in pulled:
        way = int(levers.way[lever])
        base, stated = share_base(network, program, levers, x, lever)
        new = stated + way * float(amount[lever]) / base if base else stated
        parts.append(min(max(new, 0.0), 1.0))
    return max(parts) if way == RAISE else min(parts)


def difference(change: FieldChange, factor: float) -> str:
    """Write the exact difference that a relative move makes to a single figure, e.g. `38.00 kt/a`; "" otherwise."""
    try:
        quantity = parse_quantity(change.before)
    except TextError:
        return ""
    return f"{figure(abs(quantity.value * factor))} {'' if quantity.unit == '1' else quantity.unit}".strip()
