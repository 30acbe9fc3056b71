"""Sides: the bounds of columns and sides of rows that follow from fields of a case, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, Ints
from ..models.allowance import charged
from ..models.coverage import bound_shares, covered_length, policy_accounts
from ..models.installed import changing
from ..models.policy import AMOUNT, LEAST, MOST, policy_rows
from ..models.program import Program

RAISE, LOWER = 1, -1
"""ways in which the field of a lever gives room: a largest amount is raised, a least one lowered"""
POLICY = ("policy", "policy_each")
"""rows of the bounds of policies"""
GROWTH = ("growth_max", "growth_min")
"""rows of the growth that policies allow and ask for"""


@dataclass(frozen=True, eq=False)
class Sides:
    """Bounds or sides of one block that follow from fields, (T, n) each."""

    block: str
    on_column: bool
    way: int
    value: Floats
    """the bound, scaled units; inf where there is none"""
    origin: Ints
    unit: list[str]
    """(n,)"""
    reach: Floats | None = None
    """what a unit of the move moves; None for the bound itself"""
    standing: bool = False
    """an amount at a time, which does not grow with the length of a period"""
    apart: bool = False
    """every row is a lever of its own, moved by amounts: the field is a share of something that varies"""
    scaled: bool = False
    """`reach` is what the field itself says, so that a move is a share of it"""


def all_sides(network: Network, program: Program) -> Iterator[Sides]:
    """All bounds and sides that follow from fields of the case."""
    yield from _column_sides(network, program)
    yield from _row_sides(network, program)
    yield from _share_sides(network, program)
    yield from _policy_sides(network, program)
    yield from _growth_sides(network, program)
    yield from _allowance_sides(network, program)
    yield from _return_sides(network, program)
    if "extension" in program.row_blocks:
        yield from _both(network, program, "extension", ["unit"])


def _column_sides(network: Network, program: Program) -> Iterator[Sides]:
    nodes, stores = network.nodes, network.stores
    units = _material_units(network)
    unit = {
        "run": [units[row] for row in network.plants.reference.tolist()],
        "deal": [units[row] for row in nodes.material[network.deals.node].tolist()],
        "exchange": [units[row] for row in nodes.material[network.exchanges.source].tolist()],
        "level": [units[row] for row in nodes.material[stores.node].tolist()],
        "opening": [units[row] for row in nodes.material[stores.node].tolist()],
        "new": (built := [network.capacities.unit[row] for row in network.builds.capacity.tolist()]),
        "build": built,
        "kept": [network.policies.unit[row] for row in network.banks.policy.tolist()],
    }
    for name, names in unit.items():
        standing = name in ("level", "opening", "new", "build", "kept")
        for way, bound, origin in (
            (RAISE, program.upper, program.upper_origin),
            (LOWER, program.lower, program.lower_origin),
        ):
            values, origins = program.column_view(name, bound), program.column_view(name, origin)
            if name == "deal":
                free = network.offers.implicit[network.steps.offer[network.deals.step]]
                origins = np.where(free, -1, origins)
            if name == "opening":  # free where the end is cyclic and nothing is stated
                pinned = stores.opening_lower == stores.opening_upper
                origins = np.where(pinned, origins, -1)
            yield Sides(name, True, way, values, origins, names, standing=standing)


def _row_sides(network: Network, program: Program) -> Iterator[Sides]:
    plants = network.plants
    units = _material_units(network)
    reference = [units[row] for row in plants.reference.tolist()]
    periods = len(network.periods.id)
    yield from _both(network, program, "unit", _units_of_rows(network))
    dealt = np.bincount(network.deals.step, minlength=len(network.steps.offer))
    for name, kept in (
        ("limit", network.steps.offer[(dealt > 1) & np.isfinite(network.steps.upper).any(axis=0)]),
        ("least", _least_offers(network)),
    ):
        yield from _both(network, program, name, [units[row] for row in network.offers.material[kept].tolist()])
    for name, all_units, capacity in (
        ("route", network.routes.unit, network.routes.capacity),
        ("transport", network.transport_modes.unit, network.transport_modes.capacity),
    ):
        rows = program.row_blocks[name].size
        limited = [all_units[row] for row in np.flatnonzero(np.isfinite(capacity).any(axis=0)).tolist()]
        yield from _both(network, program, name, limited if len(limited) == rows else [""] * rows)
    stored = [units[row] for row in network.nodes.material[network.stores.node].tolist()]
    for name, rate in (("fill_rate", network.stores.fill), ("draw_rate", network.stores.draw)):
        rated = np.flatnonzero(np.isfinite(rate).any(axis=0)).tolist()
        yield from _both(network, program, name, [stored[row] for row in rated])
    ramped = [reference[row] for row in np.flatnonzero(np.isfinite(plants.ramp)).tolist()]
    for name in ("ramp_up", "ramp_down"):
        yield from _both(network, program, name, ramped)
    used = [network.capacities.unit[row].removesuffix("/a") for row in changing(network).tolist()]
    for sides in _both(network, program, "installed", used):
        yield replace(sides, value=np.where(sides.value > 0, sides.value, np.inf))
    if program.row_blocks["budget"].size:
        yield from _both(network, program, "budget", [network.money] * len(network.budgets.park))
    table = network.commitments
    for name, way, bound in (("on_most", RAISE, plants.upper[:, table.plant]), ("on_least", LOWER, table.least)):
        if len(table.plant):
            switched = [reference[row] for row in table.plant.tolist()]
            bound = np.broadcast_to(bound, (periods, len(table.plant))) / program.flow_scale
            yield Sides(name, False, way, bound, program.row_view(name, program.row_origin), switched)
    cyclic = np.flatnonzero(network.stores.cyclic)
    if len(cyclic):  # the closing level may stay below a stated opening one
        pinned = (network.stores.opening_lower == network.stores.opening_upper)[cyclic]
        zero = np.where(pinned, 0.0, np.inf)[None, :]
        origins = program.row_view("cyclic", program.row_origin)
        names = [stored[row] for row in cyclic.tolist()]
        yield Sides("cyclic", False, LOWER, zero, origins, names, reach=np.ones_like(zero), standing=True)


def _both(network: Network, program: Program, name: str, unit: list[str]) -> Iterator[Sides]:
    """Both sides of the rows of a block, each relative to itself."""
    block = program.row_blocks[name]
    unit = unit if len(unit) == block.size else (unit or [""]) * block.size
    origins = program.row_view(name, program.row_origin)
    for way, side in ((RAISE, program.row_upper), (LOWER, program.row_lower)):
        yield Sides(name, False, way, program.row_view(name, side), origins, unit)


def _share_sides(network: Network, program: Program) -> Iterator[Sides]:
    """Shares of slots and contents of blends: rows of side zero, each moved by amounts of what it weighs."""
    slots, options, limits = network.slots, network.options, network.slot_limits
    option = np.concatenate([np.flatnonzero(options.max_share < 1), np.flatnonzero(options.min_share > 0)])
    limit = np.concatenate([np.flatnonzero(np.isfinite(bound)) for bound in (limits.upper, limits.lower)])
    for name, unit in (
        ("share", [slots.unit[row] for row in options.slot[option].tolist()]),
        ("blend", ["t"] * len(limit)),
    ):
        for sides in _both(network, program, name, unit):
            yield replace(sides, reach=np.ones_like(sides.value), apart=True)


def _policy_sides(network: Network, program: Program) -> Iterator[Sides]:
    """Bounds of policies: an amount moves by amounts, a ratio by amounts of its numerator."""
    table, per = network.policies, policy_accounts(network)[1]
    units = [table.unit[row] if table.unit else "" for row in range(len(table.id))]
    for each, name in ((False, "policy"), (True, "policy_each")):
        policy, side = policy_rows(network, each)
        names = [units[row] for row in policy.tolist()]
        ratio = per[policy] >= 0
        shares = bound_shares(network)[:, policy] if each else np.ones((1, len(policy)))
        for sides in _both(network, program, name, names):
            mine = np.isin(side, (AMOUNT, MOST if sides.way == RAISE else LEAST))
            value = np.where(mine, sides.value, np.inf)
            for some, apart in ((~ratio, False), (ratio, each)):
                reach = np.broadcast_to(np.where(apart | ratio, 1.0, shares), value.shape)
                yield replace(sides, value=np.where(some, value, np.inf), reach=reach, apart=apart, standing=True)


def _growth_sides(network: Network, program: Program) -> Iterator[Sides]:
    """Limits of growth: each period moves by amounts of what is counted in it."""
    table, growths = network.policies, network.growths
    for name, rate in zip(GROWTH, (growths.most, growths.least), strict=True):
        units = [table.unit[row] if table.unit else "" for row in growths.policy[np.isfinite(rate)].tolist()]
        for sides in _both(network, program, name, units):
            yield replace(sides, reach=np.ones_like(sides.value), apart=True, standing=True)


def _allowance_sides(network: Network, program: Program) -> Iterator[Sides]:
    """What is free of a price: one figure per time, which is not all that stands in its row."""
    table, length = network.policies, covered_length(network)
    for each, name in ((False, "charge"), (True, "charge_each")):
        policy = charged(network, each)
        units = [table.unit[row] for row in policy.tolist()]
        size = length[:, policy] if each else (network.periods.weight @ length)[None, policy]
        free = table.free[policy] * size / program.flow_scale if len(policy) else size
        for sides in _both(network, program, name, units):
            yield replace(sides, value=np.where(free > 0, sides.value, np.inf), reach=free, scaled=True)


def _return_sides(network: Network, program: Program) -> Iterator[Sides]:
    """What comes back, where it is of one product and need not be taken: each period moves by amounts."""
    table = network.returns
    alone = np.bincount(table.source_row, minlength=len(table.material)) == 1
    for sides in _returned(network, program, RAISE):
        yield replace(sides, value=np.where(alone & ~table.must_take, sides.value, np.inf))


def _returned(network: Network, program: Program, way: int) -> Iterator[Sides]:
    units = _material_units(network)
    for sides in _both(network, program, "returns", [units[row] for row in network.returns.material.tolist()]):
        if sides.way == way:
            yield replace(sides, reach=np.ones_like(sides.value), apart=True)


def switch_sides(network: Network, program: Program) -> Iterator[Sides]:
    """Fields without a price: least times on and off and one mode at a time, whole numbers, and the duty to take."""
    table, periods = network.commitments, len(network.periods.id)
    for name, time in (("stay_on", table.min_up), ("stay_off", table.min_down)):
        for sides in _both(network, program, name, ["switches"] * len(time)):
            if sides.way == RAISE and len(time):
                value = np.where(np.broadcast_to(time > 0, (periods, len(time))), sides.value, np.inf)
                yield replace(sides, way=LOWER, value=value, reach=-np.ones_like(value), apart=True, standing=True)
    for sides in _returned(network, program, LOWER):
        yield replace(sides, value=np.where(network.returns.must_take, sides.value, np.inf))
    for sides in _both(network, program, "campaign", ["modes"] * len(network.campaigns.label)):
        if sides.way == RAISE:
            yield replace(sides, reach=np.ones_like(sides.value), apart=True, standing=True)


def _material_units(network: Network) -> tuple[str, ...]:
    return network.materials.unit


def _units_of_rows(network: Network) -> list[str]:
    units = network.units
    most = np.flatnonzero(np.isfinite(units.upper).any(axis=0)).tolist()
    least = np.flatnonzero((units.lower > 0).any(axis=0)).tolist()
    return [units.unit[row] for row in (*most, *least)]


def _least_offers(network: Network) -> Ints:
    offer = network.steps.offer[network.deals.step]
    dealt = np.bincount(offer, minlength=len(network.offers.kind))
    return np.flatnonzero((dealt != 1) & (network.offers.lower > 0).any(axis=0)).astype(np.int32)
