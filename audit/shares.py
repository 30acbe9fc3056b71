"""Fair shares: the joint saving of companies or parks, split by Shapley value and nucleolus, and whether that holds.

What a coalition is worth stands in `coalitions`, how a game is split in `games`. Up to ten players (who have a lane to
another one; whoever has none gets nothing) every coalition is solved. Beyond, random orders are: the Shapley value then
has a standard error, there is no nucleolus, and an objection proves that a split is not stable while none proves
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from ..flows.account_tables import Goal
from ..flows.network import Network
from ..flows.problems import InputError, Problem
from ..flows.tables import Floats, Label
from ..solver.solution import SolveOptions
from .coalitions import Among, Coalitions, NoWorthError, Passing, lanes_among, player_label, read_aim, with_aim
from .games import MOST_PLAYERS, least_core, nucleolus, objection, sampled_shapley, shapley
from .phrases import share_phrases

ORDERS = 200
"""random orders where there are too many players to look at all coalitions"""
Watch = Callable[[int], None]


@dataclass(frozen=True)
class Share:
    """What one company or park gets of the joint saving, all in the unit of the saving."""

    label: Label
    adds_last: float
    """what all have with it less what all others have without it"""
    shapley: float
    shapley_error: float | None
    """standard error; None where it is exact"""
    nucleolus: float | None
    """None where not all coalitions were looked at"""


@dataclass(frozen=True)
class Coalition:
    """Some players and what they are worth."""

    players: tuple[str, ...]
    worth: float


@dataclass(frozen=True)
class Stability:
    """Whether anybody gains by leaving a split."""

    stable: bool | None
    """None where no coalition that was looked at gains, but not all were"""
    players: tuple[str, ...]
    """the coalition that gains most, or loses least, by leaving"""
    gain: float
    """what it gains; negative where it loses"""


@dataclass(frozen=True)
class Settlement:
    """What one company is paid by the others, so that it has what it had and its share."""

    label: Label
    apart: float
    """its account where nobody exchanges"""
    joint: float
    """its account in the joint plan, in which what is exchanged is free of charge"""
    payment: float
    """what it receives to have its account apart and its share; negative where it pays. They add up to nothing"""


@dataclass(frozen=True)
class Shares:
    """The split of the joint saving of one scenario. Shares are empty unless the status is `optimal`."""

    case: str
    scenario: str
    title: Label
    status: str
    reason: str
    among: Among
    passing: Passing
    of: str
    """`saving`, or the indicator that is split"""
    goal: str
    """what was optimised"""
    maximise: bool
    unit: str
    apart: float | None = None
    """value of the goal where nobody exchanges with another"""
    together: float | None = None
    """value of the goal where all do"""
    saving: float | None = None
    """joint saving: how much better the goal is together; negative where it is worse"""
    shares: tuple[Share, ...] = ()
    without: tuple[Label, ...] = ()
    """companies or parks that have no lane to another one: they share in nothing"""
    coalitions: tuple[Coalition, ...] = ()
    """every coalition and its worth; none where they were sampled"""
    orders: int | None = None
    """random orders that were looked at; None where all coalitions were"""
    seed: int | None = None
    looked_at: int = 0
    """coalitions"""
    solves: int = 0
    """programs solved: coalitions that open the same lanes need one"""
    core_empty: bool | None = None
    """no split at all is stable; None where not all coalitions were looked at"""
    least_gain: float | None = None
    """the gain of the strongest objection against the split that has the weakest one; the core is empty where > 0"""
    stability: dict[str, Stability] = field(default_factory=dict)
    """of the split by `shapley` and by `nucleolus`"""
    settlements: tuple[Settlement, ...] = ()
    """payments by the Shapley value; none where the goal is not one account of companies"""
    only_plan: bool = True
    """the accounts of the settlements are those of the only best plans"""


def split_saving(
    network: Network,
    among: Among = "companies",
    of: str = "saving",
    passing: Passing = "residues",
    orders: int | None = None,
    seed: int = 0,
    options: SolveOptions | None = None,
    watch: Watch | None = None,
) -> Shares:
    """Split what companies or parks save by exchanging with each other.

    Args:
        network: a case with a scenario applied.
        among: who the players are.
        of: `saving`, the goal of the case; or an indicator, as `coalitions.read_aim` takes it.
        passing: what passes between members only.
        orders: random orders to sample even where all coalitions could be looked at, two or more; None samples
            `ORDERS` where there are more than `MOST_PLAYERS` players.
        seed: of the orders.
        options: how to solve.
        watch: is told how many programs are solved.

    Raises:
        InputError: there is nothing to share, or `of` is no indicator that can be.
    """
    aim = read_aim(network, of)
    lanes = lanes_among(network, among, passing)
    if not lanes.players:
        raise _nothing(network, among, passing)
    aimed = with_aim(network, aim)
    goal = aimed.goal
    empty = Shares(
        network.case,
        network.scenario,
        network.title,
        "optimal",
        "",
        among,
        passing,
        of if aim is None else aim.name,
        goal.name,
        goal.maximise,
        goal.unit,
    )
    if orders is None and len(lanes.players) > MOST_PLAYERS:
        orders = ORDERS
    with Coalitions(aimed, lanes, options, watch) as coalitions:
        try:
            found = _split(empty, coalitions, aim, orders, seed)
        except NoWorthError as stop:
            who = ", ".join(_names(empty, coalitions, stop.mask))
            reason = share_phrases.tell("some" if stop.mask else "nobody", who=who, reason=stop.reason)
            found = replace(empty, status=stop.status, reason=reason)
    return found


def _split(empty: Shares, coalitions: Coalitions, aim: Goal | None, orders: int | None, seed: int) -> Shares:
    players, everyone = len(coalitions.lanes.players), coalitions.everyone
    saving = coalitions.worth(everyone)
    last = [saving - coalitions.worth(everyone & ~(1 << player)) for player in range(players)]
    seen: dict[int, float] = {}
    errors: list[float | None] = [None] * players
    core, least = None, None
    if orders is None:
        worth = coalitions.worths()
        seen = dict(enumerate(worth.tolist()))
        parts, core = shapley(worth), nucleolus(worth)
        least = _clean(least_core(worth), coalitions)
    else:
        sampled = sampled_shapley(partial(_look, coalitions, seen), players, orders, seed)
        parts, errors = sampled.value, list(sampled.error.tolist())
        for player in range(players):
            _look(coalitions, seen, 1 << player)
            _look(coalitions, seen, everyone & ~(1 << player))
    splits = {"shapley": parts} | ({} if core is None else {"nucleolus": core})
    settlements, only = _settlements(empty, coalitions, parts) if aim is None else ((), True)
    labels = [player_label(coalitions.network, empty.among, row) for row in coalitions.lanes.players]
    return replace(
        empty,
        apart=coalitions.goal(0),
        together=coalitions.goal(everyone),
        saving=saving,
        shares=tuple(
            Share(
                label,
                _clean(last[n], coalitions),
                _clean(float(parts[n]), coalitions),
                errors[n],
                None if core is None else _clean(float(core[n]), coalitions),
            )
            for n, label in enumerate(labels)
        ),
        without=tuple(_idle(coalitions, empty.among)),
        coalitions=tuple(Coalition(_names(empty, coalitions, mask), seen[mask]) for mask in sorted(seen) if mask)
        if orders is None
        else (),
        orders=orders,
        seed=None if orders is None else seed,
        looked_at=len({*seen, everyone, 0}),
        solves=len(coalitions.values),
        core_empty=None if least is None else least > 0,
        least_gain=least,
        stability={name: _stability(empty, coalitions, seen, split) for name, split in splits.items()},
        settlements=settlements,
        only_plan=only,
    )


def _look(coalitions: Coalitions, seen: dict[int, float], mask: int) -> float:
    """Return the worth of a coalition, and keep that it was looked at."""
    if mask not in seen:
        seen[mask] = coalitions.worth(mask)
    return seen[mask]


def _stability(empty: Shares, coalitions: Coalitions, seen: dict[int, float], split: Floats) -> Stability:
    """Look for the strongest objection among the coalitions that were looked at."""
    masks = np.array([mask for mask in seen if 0 < mask < coalitions.everyone])
    found = objection(masks, np.array([seen[mask] for mask in masks.tolist()]), split)
    gain = _clean(found.gain, coalitions)
    all_seen = len(masks) == coalitions.everyone - 1
    return Stability(False if gain > 0 else True if all_seen else None, _names(empty, coalitions, found.mask), gain)


def _settlements(empty: Shares, coalitions: Coalitions, parts: Floats) -> tuple[tuple[Settlement, ...], bool]:
    """Return payments by a split; none where the goal is no single account of money, which alone can be settled."""
    network, players = coalitions.network, coalitions.lanes.players
    goal = network.goal
    if goal.worst or len(goal.indicator) != 1 or goal.factor[0] != 1 or goal.unit != network.money:
        return (), True
    account = int(network.indicators.account[int(goal.indicator[0])])
    (apart, first), (joint, second) = coalitions.accounts(0), coalitions.accounts(coalitions.everyone)
    before, after = apart[account], joint[account]
    if empty.among == "parks":
        before, after = (np.bincount(network.companies.park, its, len(network.parks)) for its in (before, after))
    share = np.zeros(len(before))
    share[list(players)] = parts
    payment = share - (after - before) * (1 if goal.maximise else -1)
    found = [
        Settlement(player_label(network, empty.among, row), float(before[row]), float(after[row]), settled)
        for row, settled in enumerate(_clean(float(paid), coalitions) for paid in payment)
        if settled or row in players
    ]
    return tuple(found), first and second


def _names(empty: Shares, coalitions: Coalitions, mask: int) -> tuple[str, ...]:
    players = coalitions.lanes.players
    chosen = [row for place, row in enumerate(players) if mask >> place & 1]
    return tuple(player_label(coalitions.network, empty.among, row).id for row in chosen)


def _idle(coalitions: Coalitions, among: Among) -> list[Label]:
    network, players = coalitions.network, coalitions.lanes.players
    count = len(network.parks if among == "parks" else network.companies.label)
    return [player_label(network, among, row) for row in range(count) if row not in players]


def _clean(value: float, coalitions: Coalitions) -> float:
    """Return zero for what is rounding beside the values of the goal."""
    return 0.0 if abs(value) <= coalitions.noise else value


def _nothing(network: Network, among: Among, passing: Passing) -> InputError:
    what = {"residues": "no byproduct, waste or emission", "everything": "no material"}[passing]
    one = {"companies": "company", "parks": "park"}[among]
    mend = "choose a scenario that lets them pass (`exchange: all`)"
    if among == "parks":
        mend += ", or share --among companies" if len(network.companies.label) > 1 else " along a route"
    elif len(network.companies.label) < 2:
        mend = "name several companies in the case: `companies: {…}` of a park, `company` of a plant"
    return InputError(
        [Problem(None, f"{what} can pass from one {one} to another in scenario `{network.scenario}`", mend)]
    )
