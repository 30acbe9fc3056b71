"""Fields of a case that levers move: their words, what is written there, and what to write instead."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.problems import TextError
from ..flows.tables import Floats
from ..flows.units import QuantityError, bracketed, convert, parse_quantity
from ..flows.wording import Saying, named
from ..models.coverage import covered_length, policy_accounts, policy_unit
from ..models.growth import growth_factors, growth_gaps
from ..models.policy import policy_rows, policy_values
from ..models.program import Program
from ..solver.diagnosis import Change
from ..solver.levers import Levers
from ..solver.sides import GROWTH, LOWER, POLICY, RAISE
from .blocked_phrases import field_phrases
from .figures import figure
from .limits import limit_words, thing_words

STAYS = ("stay_on", "stay_off")
"""rows of how long a plant stays on, or in a mode, and off"""
FIELDS = {
    "kept": "limit", "charge": "free", "charge_each": "free", "stay_on": "min_up", "stay_off": "min_down",
}  # fmt: skip
"""field that a lever moves of what its block speaks of"""
DROPPED = {"must_take": "false", "campaigns": "null"}
"""what to write in a field that says yes or no"""
DIGITS = 3
"""significant digits that a suggested change and its figure keep; both are rounded to the side that gives room"""

_BLOCKS = {"kept": "kept", "charge": "charge", "charge_each": "charge", "returns": "returns", "campaign": "campaign",
           "stay_off": "stay_off"}  # fmt: skip
"""phrase of what a field limits, by the block of its lever"""
tell = field_phrases.tell
Way = Literal["raise", "lower", "change", "soften", "drop"]


@dataclass(frozen=True)
class FieldChange:
    """One field of the case, as it stands and as it would have to be."""

    path: str
    where: str
    """file:line:column"""
    what: Saying
    """the limit in words"""
    before: str
    """as written; "" where it is a series"""
    after: str
    """in the same unit; "" where only a person can say"""
    setting: str
    """`PATH=VALUE` for `--set`, "" where there is none"""
    way: Way

    @property
    def sentence(self) -> Saying:
        """What to do, as an order."""
        field = self.path.rpartition(".")[2]
        parts = {"what": self.what, "field": field, "before": self.before, "after": self.after}
        if self.way == "soften":
            return tell("soften_missed" if field == "shortage" else "soften_exceeded", **parts)
        if self.way == "drop":
            return tell("drop", **parts)
        if self.path == "exchange":
            return tell("write_exchange", **parts)
        how = "_from_to" if self.before and self.after else "_to" if self.after else ""
        return tell(f"{self.way}{how}", **parts)


def field_of(network: Network, levers: Levers, lever: int) -> str:
    """Return the path of the field that a lever moves."""
    path = network.origins[int(levers.origin[lever])].path
    block = levers.block[lever]
    if block in (*POLICY, *GROWTH, "blend"):
        return f"{path}.{'max' if levers.way[lever] == RAISE else 'min'}"
    if block == "returns":
        return f"{path}.{'from.0.share' if levers.way[lever] == RAISE else 'must_take'}"
    if block in STAYS and path.endswith(".campaigns"):
        return f"{path}.least"
    return f"{path}.{FIELDS[block]}" if block in FIELDS else path


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


def profiled_fields(case: Case, network: Network) -> frozenset[str]:
    """Return the paths of fields that follow a profile: what they are given times it holds in all periods."""
    return frozenset(origin.path for origin in network.origins if case.is_map(*origin.path.split(".")))


def lever_thing(network: Network, levers: Levers, lever: int) -> Saying:
    """Return the name of what the field of a lever speaks of."""
    if levers.block[lever] == "campaign":
        return named(network.campaigns.label[int(levers.index[lever])])
    path = field_of(network, levers, lever)
    return thing_words(network, path.split(".from.")[0].removesuffix(".must_take"))


def field_words(network: Network, levers: Levers, lever: int) -> Saying:
    """Say what the field of a lever limits."""
    path = field_of(network, levers, lever)
    name, block = path.split(".")[1], levers.block[lever]
    if block in POLICY:
        return tell("maximum" if levers.way[lever] == RAISE else "minimum", name=name)
    if path.endswith(".must_take"):
        return tell("must_take", thing=lever_thing(network, levers, lever))
    if block in _BLOCKS:
        return tell(_BLOCKS[block], name=name, thing=lever_thing(network, levers, lever))
    if block == "stay_on":
        key = "stay_in_mode" if path.endswith(".least") else "stay_on"
        return tell(key, thing=lever_thing(network, levers, lever))
    if block in GROWTH:
        return tell("largest_growth" if levers.way[lever] == RAISE else "least_growth", name=name)
    words = limit_words(network, network.origins[int(levers.origin[lever])].path)
    return words if path.startswith("extension.") else tell("the", what=words)


def field_changes(case: Case, network: Network, program: Program, levers: Levers, change: Change) -> list[FieldChange]:
    """Return what to write in each field for a change; `program` is the one without levers."""
    move, x = change.move, change.x
    by_field: dict[str, list[int]] = {}
    for lever in np.flatnonzero(move).tolist():
        by_field.setdefault(field_of(network, levers, lever), []).append(lever)
    return [
        _softened(case, network, levers, path, pulled[0])
        if change.given_up[pulled].any()
        else _changed(case, network, program, levers, move, x, path, pulled)
        for path, pulled in by_field.items()
    ]


def _softened(case: Case, network: Network, levers: Levers, path: str, lever: int) -> FieldChange:
    """Let a bound of a policy be missed at no price; it is still told by how much."""
    soft = f"{path.rpartition('.')[0]}.{'surplus' if levers.way[lever] == RAISE else 'shortage'}"
    unit = levers.unit[lever]
    price = f"0 {case.money}" if unit == "1" else f"0 {case.money}/{bracketed(unit)}"
    what, where = field_words(network, levers, lever), place_of(case, network, levers, lever)
    return FieldChange(soft, where, what, written_at(case, path), price, f"{soft}={price}", "soften")


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
    word: Way = "raise" if ways == {RAISE} else "lower" if ways == {LOWER} else "change"
    before, after, setting = written_at(case, path), "", ""
    if not path.startswith("extension."):
        try:
            after, setting = _new_value(case, network, program, levers, move, x, path, pulled)
        except TextError:  # a field that is no quantity; the sentence alone must do
            after, setting = "", ""
    if path.rpartition(".")[2] in DROPPED:
        word = "drop"
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
    written, flow = case.text_at(*parts), program.flow_scale
    if parts[-1] in DROPPED:
        return DROPPED[parts[-1]], f"{path}={DROPPED[parts[-1]]}"
    if block == "returns":
        return _scaled(case, path, written, {-1: _come_back(network, program, levers, move * flow, x, pulled)}, way)
    if block in STAYS:
        return _in_unit(path, written, _shortest_stay(network, program, levers, x, pulled), "a", way)
    if block == "cyclic":
        closing = float(program.column_view("level", x)[-1, _cyclic_store(network, int(levers.index[first]))])
        text = _rounded(closing, closing - 1.0, levers.unit[first], LOWER)
        return text, f"{path}={text}"
    if levers.relative[first]:
        factors = {int(levers.period[lever]): 1.0 + int(levers.way[lever]) * float(move[lever]) for lever in pulled}
        return _scaled(case, path, written, factors, way)
    if block in GROWTH:
        return _in_time(path, written, _growth(network, program, levers, x, pulled), way)
    if block in POLICY:
        value = _policy_bound(network, program, levers, move * flow, x, pulled)
        unit = bound_unit(network, levers, first)
        return _in_unit(path, written, value, unit if _is_ratio(network, levers, first) else f"{unit}/a", way)
    if block in ("share", "blend"):
        return _in_unit(path, written, _part(network, program, levers, move * flow, x, pulled), "1", way)
    if written is not None and parse_quantity(written).value:
        return written, ""  # what is zero is something else, such as an availability
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
        new = []
        for t, entry in enumerate(entries):
            factor = factors.get(t, factors.get(-1, 1.0))
            new.append(entry if factor == 1 else _times(entry, factor, RAISE if factor > 1 else LOWER))
        return f"[{', '.join(new)}]", f"{path}=[{', '.join(new)}]"
    if case.is_map(*parts):
        text = _times(case.text_at(*parts, "times") or "1", outermost, way)
        return tell("times_profile", times=text), f"{path}.times={text}"
    return "", ""


def _times(written: str, factor: float, way: int) -> str:
    quantity = parse_quantity(written)
    return _rounded(quantity.value * factor, quantity.value, quantity.unit, way)


def _in_unit(path: str, written: str | None, value: float, unit: str, way: int) -> tuple[str, str]:
    """Write a value in the unit in which the field is written; where that is another currency, in its own."""
    text = _rounded(value, 0.0, unit, way)
    if written is not None:
        quantity = parse_quantity(written)
        with suppress(QuantityError):
            text = _rounded(convert(value, unit, quantity.unit), quantity.value, quantity.unit, way)
    return text, f"{path}={text}"


def _in_time(path: str, written: str | None, rate: float, way: int) -> tuple[str, str]:
    """Write growth per year as growth per the time in which the field is written."""
    quantity = parse_quantity(written or "0 %/a")
    time = quantity.unit.rpartition("/")[2]
    share = (1.0 + rate) ** convert(1.0, time, "a") - 1.0
    return _in_unit(path, written or "0 %/a", share, f"1/{time}", way)


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


def _shortest_stay(network: Network, program: Program, levers: Levers, x: Floats, pulled: Iterable[int]) -> float:
    """Shortest time that plants stay on (off), or in a mode, once they are, a: the periods stand in a circle."""
    duration, stays = network.periods.duration, []
    for lever in pulled:
        on = program.whole("on", x)[:, int(levers.index[lever])] > 0.5
        stands = on if levers.block[lever] == "stay_on" else ~on
        for start in np.flatnonzero(stands & ~np.roll(stands, 1)).tolist():
            here, time = np.roll(stands, -start), np.roll(duration, -start)
            stays.append(float(time[: int(np.argmin(here))].sum()))
    return min(stays, default=0.0)


def come_back(network: Network, program: Program, levers: Levers, x: Floats, lever: int) -> float:
    """Return what is bought of what comes back, in the period of a lever; all of it where that binds."""
    table = network.returns
    mine = table.take_deal[table.take_row == levers.index[lever]]
    return float(program.column_view("deal", x)[int(levers.period[lever]), mine].sum())


def _come_back(
    network: Network, program: Program, levers: Levers, amount: Floats, x: Floats, pulled: Iterable[int]
) -> float:
    """Factor of the share that comes back by which all that is bought did so, amounts (k,) of it more than now."""
    factors = [1.0]
    for lever in pulled:
        bought = come_back(network, program, levers, x, lever)
        if bought > amount[lever]:
            factors.append(bought / (bought - float(amount[lever])))
    return max(factors)


def _policy(network: Network, levers: Levers, lever: int) -> int:
    return int(policy_rows(network, levers.block[lever] == "policy_each")[0][int(levers.index[lever])])


def _growing(network: Network, levers: Levers, lever: int) -> tuple[int, float]:
    """Policy whose growth a lever moves, and that growth per year."""
    table = network.growths
    rates = table.most if levers.way[lever] == RAISE else table.least
    row = int(np.flatnonzero(np.isfinite(rates))[int(levers.index[lever])])
    return int(table.policy[row]), float(rates[row])


def growth_base(network: Network, program: Program, levers: Levers, x: Floats, lever: int) -> tuple[float, float]:
    """Return what one unit of growth per year weighs in a row, amounts of its policy, and the growth that is stated."""
    policy, rate = _growing(network, levers, lever)
    period = int(levers.period[lever])
    amount = float(policy_values(network, program, x)[0][period - 1, 0, policy])
    factor = float(growth_factors(network, np.array([rate]))[period, 0])
    return amount * factor * float(growth_gaps(network)[period]) / (1.0 + rate), rate


def _growth(network: Network, program: Program, levers: Levers, x: Floats, pulled: list[int]) -> float:
    """Growth per year that flows x (n,) have in the periods whose levers are pulled, the furthest of them."""
    rates, duration = [], network.periods.duration
    for lever in pulled:
        policy, rate = _growing(network, levers, lever)
        period = int(levers.period[lever])
        amounts = policy_values(network, program, x)[0][:, 0, policy] / duration
        grown = float(amounts[period] / amounts[period - 1]) if amounts[period - 1] > 0 else 0.0
        rates.append(grown ** (1.0 / float(growth_gaps(network)[period])) - 1.0 if grown > 0 else rate)
    return max(rates) if levers.way[pulled[0]] == RAISE else min(rates)


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
