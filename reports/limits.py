"""Limits that bind: what each is, on which line it stands, and what raising it would be worth.

A limit is a bound of a column or a side of a row with a dual. Its worth is stated in two ways: per unit of the limit,
and for one per cent of it, because a share, a price cap and a capacity can only be compared by the latter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.account_tables import Policies
from ..flows.network import Network
from ..flows.standing import CapacityKind
from ..flows.tables import Floats, Label
from ..flows.wording import Saying, lower, named
from ..models.allowance import charged
from ..models.coverage import bound_shares, covered_length, policy_accounts, policy_unit
from ..models.growth import growing_periods, growth_factors, growth_gaps
from ..models.installed import changing
from ..models.policy import AMOUNT, LEAST, Counted, policy_rows
from ..models.program import Program
from ..solver.solution import Solution
from .figures import amount, share
from .fixed import fixed_worth
from .limit_phrases import limit_fields, limit_offers, limit_phrases

RELEVANT = 1e-9
"""duals below this share of the largest are rounding"""

POLICY_ROWS = ("policy", "policy_each", "charge", "charge_each", "growth_max", "growth_min", "stage", "spread")
"""rows that speak of policies and objectives: the former are worded by `policy_worth`, the latter limit nothing"""

_NO_AMOUNT = ("balance", "need", "switch", "stay_on", "stay_off", "campaign", "cyclic", "unexpired")
"""rows whose sides are no amount that a line states"""

_SWITCHED = ("on_most", "on_least")
"""rows of a plant that is on or off: its bounds times on"""


@dataclass(frozen=True)
class Limit:
    """A limit that binds."""

    path: str
    """where it stands in the case, e.g. `parks.qarhan.plants.kiln.capacity`"""
    where: str
    """file:line"""
    what: Saying
    """the limit in words"""
    bound: float
    unit: str
    value: float
    """change of the objective per unit that the limit is raised (share: per whole)"""
    value_unit: str
    percent: float
    """change of the objective if the limit is raised by one per cent of itself"""
    objective_unit: str
    sentence: Saying


def binding_limits(network: Network, program: Program, solution: Solution, counted: Counted) -> list[Limit]:
    """Return the limits that bind, the one most worth raising by a per cent first; `counted` by `policy_values`."""
    pressing = [*_column_limits(network, program, solution), *_row_limits(network, program, solution)]
    found = [_limit(network, *press[:3], press[3] == SHARE) for press in _joined(pressing)]
    found += _policy_limits(network, program, solution, counted)
    largest = max((abs(limit.percent) for limit in found), default=0.0)
    merged: dict[tuple[str, str], Limit] = {}
    for limit in sorted(found, key=lambda limit: -abs(limit.percent)):
        if abs(limit.percent) > RELEVANT * largest:
            merged.setdefault((limit.path, limit.where), limit)
    return list(merged.values())


AMOUNT_PER_PERIOD, LEVEL, SHARE = range(3)
"""kinds of bounds: only amounts per period add up over periods"""
Press = tuple[int, float, float, int]
"""origin of a limit, its bound in a period, its dual there, and the kind of bound"""
STANDING = ("level", "opening", "opening_room", "kept", "new")
"""columns and rows that are amounts at a time"""


def _joined(pressing: list[Press]) -> list[Press]:
    """Join what one line limits in several periods, so that raising it by one per cent raises it in all of them.

    Bounds of amounts add up over the periods, and the worth of a unit is their mean; a share or a level stays what it
    is, and its worth adds up.
    """
    if not pressing:
        return []
    origin, bound, dual, kind = (np.array(column) for column in zip(*pressing, strict=True))
    lines, place, count = np.unique(origin * 3 + kind, return_inverse=True, return_counts=True)
    gain, total, duals = (np.bincount(place, values) for values in (bound * dual, bound, dual))
    alone, single = np.zeros(len(lines)), count == 1
    alone[place] = dual
    largest = np.zeros(len(lines))
    np.maximum.at(largest, place, bound)
    same = lines % 3 != AMOUNT_PER_PERIOD
    mean = np.divide(gain, total, out=np.zeros(len(lines)), where=total != 0)
    worth = np.where(single, alone, np.where(same, duals, mean))
    bounds = np.where(same, largest, total)
    return list(zip((lines // 3).tolist(), bounds.tolist(), worth.tolist(), (lines % 3).tolist(), strict=True))


def _column_limits(network: Network, program: Program, solution: Solution) -> Iterator[Press]:
    """Bounds of columns: the dual is the reduced cost. A column that is pinned presses on its upper bound only."""
    assert solution.column_value is not None and solution.column_dual is not None
    scale = program.flow_scale
    value, dual = solution.column_value, solution.column_dual
    kind = np.full(program.columns, AMOUNT_PER_PERIOD)
    for name in STANDING:
        if name in program.column_blocks:
            program.column_view(name, kind)[:] = LEVEL
    pinned = (program.lower == program.upper) & (program.lower_origin == program.upper_origin)
    for bound, origin, counts in (
        (program.lower * scale, program.lower_origin, ~pinned),
        (program.upper * scale, program.upper_origin, True),
    ):
        presses = np.isfinite(bound) & (bound > 0) & (origin >= 0) & (dual != 0) & counts
        presses &= np.isclose(value, np.where(presses, bound, 0.0), rtol=1e-7, atol=0)
        where = np.flatnonzero(presses)
        columns = (origin[where], bound[where], dual[where], kind[where])
        yield from zip(*(column.tolist() for column in columns), strict=True)


def _row_limits(network: Network, program: Program, solution: Solution) -> Iterator[Press]:
    """Sides of rows that are not equations. A side of zero is moved by the share or fraction it stands for."""
    assert solution.row_value is not None and solution.row_dual is not None
    base = _movable(network, program, solution)
    rooms = network.capacities.kind[changing(network)] == CapacityKind.STORE
    for name, block in program.row_blocks.items():
        if name in (*_NO_AMOUNT, *POLICY_ROWS):
            continue
        duals = program.row_view(name, solution.row_dual)
        uppers = program.row_view(name, program.row_upper) * program.flow_scale
        lowers = program.row_view(name, program.row_lower) * program.flow_scale
        values = program.row_view(name, solution.row_value)
        origins = program.row_view(name, program.row_origin)
        for period, row in zip(*np.nonzero(duals), strict=True):
            dual, value = float(duals[period, row]), float(values[period, row])
            near_upper = abs(uppers[period, row] - value) <= abs(value - lowers[period, row])
            side = float(uppers[period, row] if near_upper else lowers[period, row])
            origin = int(origins[period, row])
            if name in _SWITCHED:
                table = network.commitments
                limits = table.least if name == "on_least" else network.plants.upper[:, table.plant]
                if limits[period, row] > 0 and value_on(program, solution, int(period), int(row)):
                    yield origin, float(limits[period, row]), dual, AMOUNT_PER_PERIOD
            elif name == "returns":
                yield origin, _taken(network, program, solution, int(period), int(row)), dual, AMOUNT_PER_PERIOD
            elif side == 0 and (name, row) in base:
                bound, moved = base[name, row]
                yield origin, bound, dual * float(moved[min(period, len(moved) - 1)]), SHARE
            elif side != 0 and np.isfinite(side) and block.size:
                at_once = name in STANDING or (name == "installed" and rooms[row])
                yield origin, side, dual, LEVEL if at_once else AMOUNT_PER_PERIOD


def _taken(network: Network, program: Program, solution: Solution, period: int, row: int) -> float:
    """Return what is bought of a material that comes back; where that binds, it is all that comes back."""
    assert solution.column_value is not None
    table = network.returns
    bought = program.column_view("deal", solution.column_value)[period, table.take_deal[table.take_row == row]]
    return float(bought.sum())


def value_on(program: Program, solution: Solution, period: int, row: int) -> bool:
    """Whether a plant with `on_off` is on in a period."""
    assert solution.column_value is not None
    return bool(program.whole("on", solution.column_value)[period, row])


def _movable(network: Network, program: Program, solution: Solution) -> dict[tuple[str, int], tuple[float, Floats]]:
    """Return, per row of side zero, its share or fraction and how far raising that moves the side, by period."""
    x = solution.column_value
    assert x is not None
    found: dict[tuple[str, int], tuple[float, Floats]] = {}
    run, fill = program.column_view("run", x), program.column_view("fill", x)
    options, slots, limits = network.options, network.slots, network.slot_limits
    row = 0
    for part, chosen in (
        (options.max_share, options.max_share < 1),
        (options.min_share, options.min_share > 0),
    ):
        for option in np.flatnonzero(chosen):
            slot = options.slot[option]
            found["share", row] = (
                float(part[option]),
                slots.need[slot] * run[:, slots.plant[slot]],
            )
            row += 1
    row = 0
    for bound in (limits.upper, limits.lower):
        for limit in np.flatnonzero(np.isfinite(bound)):
            mine = limits.term_limit == limit
            mass = fill[:, limits.term_option[mine]] @ limits.term_mass[mine]
            found["blend", row] = (float(bound[limit]), mass)
            row += 1
    return found


@dataclass(frozen=True)
class BoundWorth:
    """The bound of a policy that is nearest to binding, and what raising it by one is worth."""

    bound: float
    worth: float
    """change of the objective per unit that the bound is raised, 0 where it does not bind"""


def policy_worth(network: Network, program: Program, solution: Solution, counted: Counted) -> dict[int, BoundWorth]:
    """Return, by policy, the bound that presses hardest. Policies that only price are not in it.

    `counted` are the amounts of the policies, as `policy_values` counts them for the flows of the solution.
    The side of a ratio's row is bound times denominator, so raising the bound moves it by the denominator. A bound on
    an amount that holds in every period is stated, and raised, for all of them together.
    """
    assert solution.row_dual is not None
    table, per = network.policies, policy_accounts(network)[1]
    by_period, total = counted
    shares = bound_shares(network)
    found: dict[int, BoundWorth] = {}
    for each, block in ((False, "policy"), (True, "policy_each")):
        policies, sides = policy_rows(network, each)
        duals = program.row_view(block, solution.row_dual)
        for row, (policy, side) in enumerate(zip(policies.tolist(), sides.tolist(), strict=True)):
            moved = (shares if per[policy] < 0 else by_period[:, 1])[:, policy] if each else total[1, policy]
            worth = float(np.sum(duals[:, row] * moved))
            if policy not in found or abs(worth) > abs(found[policy].worth):
                found[policy] = BoundWorth(_nearest_bound(table, policy, side, float(total[0, policy])), worth)
    return found


def _nearest_bound(table: Policies, policy: int, side: int, value: float) -> float:
    lower, upper = float(table.lower[policy]), float(table.upper[policy])
    if side != AMOUNT:
        return lower if side == LEAST else upper
    return upper if abs(upper - value) <= abs(value - lower) else lower


def _policy_limits(network: Network, program: Program, solution: Solution, counted: Counted) -> Iterator[Limit]:
    for policy, found in policy_worth(network, program, solution, counted).items():
        if found.worth:
            is_share = policy_unit(network, policy) == "1"
            yield _limit(network, int(network.policies.origin[policy]), found.bound, found.worth, is_share)
    yield from _allowance_limits(network, program, solution)
    yield from _growth_limits(network, program, solution, counted)


def _allowance_limits(network: Network, program: Program, solution: Solution) -> Iterator[Limit]:
    """What is free of a price that rises by steps: raising it saves the price of the last step."""
    assert solution.row_dual is not None
    table = network.policies
    for block in ("charge", "charge_each"):
        duals = program.row_view(block, solution.row_dual)
        policies = charged(network, block == "charge_each")
        for row, policy in enumerate(policies.tolist()):
            length = covered_length(network)[:, policy]
            years = float(network.periods.weight @ length)
            free = float(table.free[policy]) * years if len(table.free) else 0.0
            moved = length / years if block == "charge_each" else np.ones(1)
            worth = float(duals[:, row] @ moved)
            if free and worth:
                yield _limit(network, int(table.origin[policy]), free, worth)


def _growth_limits(network: Network, program: Program, solution: Solution, counted: Counted) -> Iterator[Limit]:
    """Limits of growth: raising the rate moves the row by its derivative times the amount of the period before."""
    assert solution.row_dual is not None
    table = network.growths
    if not len(table.policy):
        return
    amount = np.roll(counted[0][:, 0], 1, axis=0)
    gap = growth_gaps(network)[:, None]
    for word, rates in (("growth_max", table.most), ("growth_min", table.least)):
        stated = np.flatnonzero(np.isfinite(rates))
        rate, policy = rates[stated], table.policy[stated]
        moved = growth_factors(network, rate) / (1.0 + rate) * gap * growing_periods(network)[:, policy]
        worth = np.sum(program.row_view(word, solution.row_dual) * moved * amount[:, policy], axis=0)
        for place in np.flatnonzero(worth).tolist():
            yield _limit(network, int(table.origin[stated[place]]), float(rate[place]), float(worth[place]), True)


def _limit(network: Network, origin: int, bound: float, value: float, is_share: bool = False) -> Limit:
    place = network.origins[origin]
    parts = place.path.split(".")
    unit = "1" if is_share else _unit(network, parts)
    goal = network.goal.unit
    what = _words(network, parts)
    percent = value * bound * 0.01
    return Limit(
        path=place.path,
        where=f"{place.position.file}:{place.position.line}",
        what=what,
        bound=bound,
        unit=unit,
        value=value,
        value_unit=goal if is_share else f"{goal}/({unit})" if "·" in unit or "/" in unit else f"{goal}/{unit}",
        percent=percent,
        objective_unit=goal,
        sentence=_sentence(network, place.path, what, bound, unit, value),
    )


def goal_words(network: Network) -> Saying:
    """Name what the last stage of the objective optimises."""
    goal = network.goal
    names = [named(network.indicators.label[number]) for number in goal.indicator.tolist()]
    words = names[0] if len(names) == 1 else limit_phrases.tell("weighted")
    if len(names) == 2:
        words = limit_phrases.tell("both", one=names[0], other=names[1])
    if goal.worst:
        return limit_phrases.tell("least_of_park" if goal.maximise else "largest_of_park", what=lower(words))
    return words


def _sentence(network: Network, path: str, what: Saying, bound: float, unit: str, value: float) -> Saying:
    """Say what a limit holds, and what moving it the better way by one unit and by one per cent brings."""
    goal, target = network.goal.unit, lower(goal_words(network))
    more = limit_phrases.tell("more" if (value > 0) == network.goal.maximise else "less")
    key = "adds" if network.goal.maximise else "saves"
    gain = amount(abs(value) * (0.01 if unit == "1" else 1.0), goal)
    parts = {"what": what, "more": more, "effect": limit_phrases.tell(key, gain=gain, target=target)}
    if unit == "1":
        return limit_phrases.tell("binds_share", bound=share(bound), **parts)
    percent = amount(abs(value * bound) * 0.01, goal)
    binds = limit_phrases.tell("binds", bound=amount(bound, unit), unit=unit, percent=percent, **parts)
    fixed = abs(fixed_worth(network, path) / bound) if bound else 0.0
    if not fixed:
        return binds
    return limit_phrases.tell("binds_fixed", binds=binds, fixed=amount(fixed, goal), unit=unit)


def _unit(network: Network, parts: list[str]) -> str:
    """Return the unit of a limit from the kind of line it stands on."""
    if parts[0] == "extension":
        return "unit"  # its file alone knows what it adds up
    if parts[0] == "policies":
        return policy_unit(network, network.policies.id.index(parts[1]))
    if len(parts) > 2 and parts[-2] == "build":
        return _capacity_unit(network, parts)
    for kind, table in (("routes", network.routes), ("transport", network.transport_modes)):
        if parts[0] == kind:
            return table.unit[[text.id for text in table.label].index(parts[1])]
    if parts[-2:] == ["investment", "budget"]:
        return network.money
    if parts[0] == "returns":
        return network.unit_of[parts[1]]
    if len(parts) > 3 and parts[2] in ("buy", "sell", "discard"):
        return network.unit_of.get(parts[3], "")
    if len(parts) > 3 and parts[2] == "stores":
        park = [text.id for text in network.parks].index(parts[1])
        for node, text in zip(network.stores.node, network.stores.label, strict=True):
            if text.id == parts[3] and network.companies.park[network.nodes.company[node]] == park:
                return network.materials.unit[int(network.nodes.material[node])]
    if len(parts) > 3 and parts[2] == "links":
        return _link_unit(network, ".".join(parts))
    if len(parts) > 3 and parts[2] in ("plants", "units"):
        return network.capacity_unit_of.get((parts[1], parts[3]), "")
    return ""


def _capacity_unit(network: Network, parts: list[str]) -> str:
    """Return the unit of the capacity whose `build` block a limit stands in."""
    table = network.builds
    path = ".".join(parts[:-1])
    for capacity, origin in zip(table.capacity.tolist(), table.origin.tolist(), strict=True):
        if network.origins[origin].path == path:
            return str(network.capacities.unit[capacity])
    return ""


def _link_unit(network: Network, path: str) -> str:
    lanes = network.exchanges
    for source, origin in zip(lanes.source, lanes.upper_origin, strict=True):
        if network.origins[origin].path == path:
            return network.materials.unit[int(network.nodes.material[source])]
    return ""


def limit_words(network: Network, path: str) -> Saying:
    """Say what the line at a path of the case limits."""
    return _words(network, path.split("."))


def thing_words(network: Network, path: str) -> Saying:
    """Return the name of the plant, material, store, route or policy that the line at a path speaks of."""
    parts = path.split(".")
    if parts[0] == "parks" and len(parts) > 3:
        return _name(network, parts[3])
    tables = {"routes": network.routes.label, "transport": network.transport_modes.label}
    return _label(tables[parts[0]], parts[1]) if parts[0] in tables else _name(network, parts[-1])


def _words(network: Network, parts: list[str]) -> Saying:
    """Say what a line of the case limits."""
    tell = limit_phrases.tell
    if parts[0] == "extension":
        return tell("constraint", name=parts[1])
    if parts[0] == "policies":
        return tell(f"policy_{parts[-1] if parts[-1] in ('growth', 'bank') else 'named'}", name=parts[1])
    if parts[0] == "processes":
        return _slot_words(network, parts)
    if parts[0] == "routes":
        key = "route" if parts[2] != "build" else "route_pace" if parts[-1] == "pace" else "route_build"
        return tell(key, name=_label(network.routes.label, parts[1]))
    if parts[0] == "transport":
        return tell("transport", name=lower(_label(network.transport_modes.label, parts[1])))
    if parts[0] == "returns":
        return tell("return", name=_name(network, parts[1]))
    if parts[-2:] == ["investment", "budget"]:
        return tell("budget") if len(parts) == 2 else tell("budget_of", name=_label(network.parks, parts[1]))
    thing = _name(network, parts[3] if len(parts) > 3 else parts[-1])
    kind = next((word for word in ("run", "build") if word in parts[4:]), "") or parts[2] if len(parts) > 2 else ""
    field = "room" if kind == "stores" and parts[-1] == "capacity" else parts[-1]
    offer = limit_offers.tell(kind) if kind in limit_offers else kind
    words = limit_fields.tell(field, thing=thing, offer=offer, slot="") if field in limit_fields else thing
    return words if len(network.parks) == 1 else tell("at", what=words, park=parts[1])


def _slot_words(network: Network, parts: list[str]) -> Saying:
    slot = limit_phrases.tell("slot", slot=parts[3], process=_name(network, parts[1]))
    if "limits" in parts:
        return limit_phrases.tell("content", what=parts[-1], slot=slot)
    thing = _name(network, parts[parts.index("from") + 1] if "from" in parts else parts[-1])
    if parts[-1] in limit_fields:
        return limit_fields.tell(parts[-1], thing=thing, slot=slot, offer="")
    return limit_phrases.tell("in_slot", thing=thing, slot=slot)


def _label(labels: Iterable[Label], identifier: str) -> Saying:
    """Return the name of one of some things."""
    return next(named(text) for text in labels if text.id == identifier)


def _name(network: Network, identifier: str) -> Saying:
    """Return the name of a plant, process or material."""
    return network.names.get(identifier) or Saying(identifier)
