"""What a coalition of companies or parks is worth: the optimum when only its members exchange with each other.

The rest of the case stays as it is: everyone is still in it, buys, sells and discards, but a residue (byproduct,
waste, emission) passes from one company to another only where both are members. That is the scenario `coalitions` of
the language, on one live program: the lanes of others are closed by their upper bounds, so that each coalition is
solved from the basis of the one before.

    v(S) = W(S) − W(nobody)     where the goal is maximised, else W(nobody) − W(S)

W(S) is the value of the goal of the whole case. One member alone has nobody to exchange with, so v of one is 0, and the
joint saving v(all) − Σ v(alone) is v(all).

Among parks only what is sent from park to park counts: the companies of one park exchange all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from ..flows.account_tables import Goal
from ..flows.network import Network
from ..flows.problems import InputError, Problem, nearest
from ..flows.tables import Bools, Floats, Ints, Label
from ..models.compile import compile_program
from ..models.indicator import company_values
from ..models.program import Program
from ..solver.answer import certified
from ..solver.certificate import Certificate
from ..solver.lexicographic import break_tie, solve_stages
from ..solver.order import in_order
from ..solver.session import Session
from ..solver.solution import Solution, SolveOptions
from ..solver.uniqueness import may_move

Among = Literal["companies", "parks"]
Passing = Literal["residues", "everything"]
AMONG: tuple[Among, ...] = get_args(Among)
PASSING: tuple[Passing, ...] = get_args(Passing)
RESIDUES = ("byproduct", "waste", "emission")
"""classes that a coalition of the language speaks of"""
ROUNDING = 1e-9
"""part of the largest value of the goal below which a difference of two is rounding, 1"""
GIVEN_UP = 1e-9
"""part of the objective of the case that may be given up for an indicator, 1"""
AIM_ROUNDING = 1e-6
"""as `ROUNDING`, of an indicator that is optimised after the objective: what `GIVEN_UP` may buy of it, 1"""
MORE_IS_BETTER = ("profit", "revenue", "value_added")
"""indicators of which more is saved, where the sense is not stated"""


@dataclass(frozen=True, eq=False)
class Lanes:
    """The lanes that open and close with a coalition, and whose they are."""

    players: tuple[int, ...]
    """rows of the companies or parks that have such a lane"""
    exchanges: Ints
    """rows of `Network.exchanges`"""
    shipments: Ints
    """rows of `Network.shipments`"""
    giver: Ints
    """(k,) place in `players` of who gives, for exchanges and then shipments"""
    taker: Ints
    """(k,) place in `players` of who receives"""

    def open(self, mask: int) -> Bools:
        """Tell which lanes (k,) a coalition has open: those whose ends are both bits of `mask`."""
        joined = np.array([mask >> place & 1 for place in range(len(self.players))], bool)
        found: Bools = joined[self.giver] & joined[self.taker]
        return found


def lanes_among(network: Network, among: Among, passing: Passing = "residues") -> Lanes:
    """Return the lanes between different companies, or between different parks."""
    nodes, kinds = network.nodes, np.array(network.materials.kind)
    player = np.arange(len(network.companies.label)) if among == "companies" else network.companies.park
    owner = player[nodes.company]
    counts = np.isin(kinds, RESIDUES)[nodes.material] if passing == "residues" else np.ones(len(nodes.company), bool)
    rows, ends = [], []
    for table in (network.exchanges, network.shipments):
        between = np.flatnonzero(counts[table.source] & (owner[table.source] != owner[table.target])).astype(np.int32)
        rows.append(between)
        ends.append(np.stack([owner[table.source[between]], owner[table.target[between]]]))
    both = np.concatenate(ends, axis=1)
    players, places = np.unique(both, return_inverse=True)
    giver, taker = places.reshape(both.shape).astype(np.int32)
    return Lanes(tuple(players.tolist()), rows[0], rows[1], giver, taker)


def read_aim(network: Network, of: str) -> Goal | None:
    """Read `--of`: None for `saving` (the goal of the case), else the indicator that is optimised after it.

    `min:` or `max:` says what is better; profit, revenue and value_added count as better when more, all else when
    less. Raises InputError for what is no indicator, or a ratio.
    """
    if of == "saving":
        return None
    sense, colon, name = of.rpartition(":")
    table = network.indicators
    known = [text.id for text in table.label]
    if colon and sense not in ("max", "min"):
        raise _wrong(f"`{sense}` is no sense", "write max: or min: before the indicator")
    if name not in known:
        raise _wrong(f"unknown indicator `{name}`", nearest(name, ("saving", *known)))
    row = known.index(name)
    if table.per[row] >= 0:
        raise _wrong(
            f"`{name}` is a ratio: parts of it do not add up to the whole",
            "split an indicator that states its `of` alone, or `saving`",
        )
    maximise = sense == "max" if colon else name in MORE_IS_BETTER
    chosen = np.array([row], np.int32)
    return Goal(name, table.unit[row], maximise, chosen, np.ones(1), False, 0.0, True, network.objective_origin)


def with_aim(network: Network, aim: Goal | None) -> Network:
    """Return the network with an aim after all stages of its objective: the best of it among the best plans.

    The last of these stages may fall behind by `GIVEN_UP`, more than which rounding could make it.
    """
    if aim is None:
        return network
    *former, last = network.stages
    return replace(
        network,
        goals=(*former, replace(last, tolerance=GIVEN_UP, relative=True), aim),
        objective=int(aim.indicator[0]),
        maximise=aim.maximise,
    )


class NoWorthError(Exception):
    """A coalition has no optimum, so it is worth nothing that could be named."""

    def __init__(self, mask: int, solution: Solution) -> None:
        super().__init__(solution.reason)
        self.mask = mask
        self.status, self.reason = solution.status, solution.reason


@dataclass(eq=False)
class Coalitions:
    """Worths of coalitions, each set of open lanes solved once on a live model. A context manager."""

    network: Network
    lanes: Lanes
    options: SolveOptions | None = None
    watch: Callable[[int], None] | None = None
    """is told how many programs are solved"""
    values: dict[bytes, float] = field(default_factory=dict)
    """value of the goal by the lanes that are open"""
    proofs: list[Certificate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.program = compile_program(self.network)
        self.session = Session(self.program, self.options)

    def __enter__(self) -> Coalitions:
        return self

    def __exit__(self, *what: object) -> None:
        self.session.close()

    @property
    def everyone(self) -> int:
        """The mask of all players."""
        return (1 << len(self.lanes.players)) - 1

    def goal(self, mask: int) -> float:
        """Return the best value of the goal where only members exchange, its unit. Raises NoWorthError."""
        key = self.lanes.open(mask).tobytes()
        if key not in self.values:
            self.values[key] = self._solve(mask)
            if self.watch is not None:
                self.watch(len(self.values))
        return self.values[key]

    def worth(self, mask: int) -> float:
        """Return v(S), what a coalition adds to the goal of the case. Raises NoWorthError."""
        apart, found = self.goal(0), self.goal(mask)
        gained = found - apart if self.network.maximise else apart - found
        return 0.0 if abs(gained) <= self.noise else gained

    @property
    def noise(self) -> float:
        """Differences up to this are rounding, or within what the search for whole numbers allowed."""
        largest = max((abs(value) for value in self.values.values()), default=0.0)
        options = self.options or SolveOptions()
        if self.program.is_integer:
            return largest * options.mip_gap
        return largest * (AIM_ROUNDING if self.program.stages else ROUNDING)

    def worths(self) -> Floats:
        """Return v of every coalition, (2^n,); neighbours differ by one member. Raises NoWorthError."""
        found = np.zeros(self.everyone + 1)
        for number in range(self.everyone + 1):
            mask = number ^ number >> 1  # a Gray code: each next coalition has one member more or less
            self.goal(mask)
        for mask in range(1, self.everyone + 1):
            found[mask] = self.worth(mask)
        return found

    def _solve(self, mask: int) -> float:
        program = self.stated(mask)
        self.session.restate(program)
        program, solution, _ = solve_stages(program, self.session)
        solution = in_order(program, solution, self.session)
        solution, proof = certified(program, solution)
        if solution.objective is None:
            raise NoWorthError(mask, solution)
        if proof is not None:
            self.proofs.append(proof)
        return solution.objective

    def accounts(self, mask: int) -> tuple[Floats, bool]:
        """Return the accounts of every company in the best plan, (accounts, companies), user units.

        Also whether this is the only best plan; where not, ties are broken as `break_tie` does. Raises NoWorthError.
        """
        program = self.stated(mask)
        self.session.restate(program)
        program, solution, _ = solve_stages(program, self.session)
        only = not program.is_integer and solution.column_value is not None and not may_move(program, solution)
        if solution.column_value is not None and not only and not program.is_integer:
            solution = break_tie(program, solution, self.session)
        solution, _ = certified(program, in_order(program, solution, self.session))
        if solution.column_value is None:
            raise NoWorthError(mask, solution)
        return company_values(self.network, program, solution.column_value), only

    def stated(self, mask: int) -> Program:
        """Return the program in which the lanes of others are closed."""
        upper = self.program.upper.copy()
        shut = ~self.lanes.open(mask)
        cut = len(self.lanes.exchanges)
        for block, rows, closed in (
            ("exchange", self.lanes.exchanges, shut[:cut]),
            ("ship", self.lanes.shipments, shut[cut:]),
        ):
            if closed.any():
                self.program.column_view(block, upper)[:, rows[closed]] = 0.0
        return replace(self.program, upper=upper)


def player_label(network: Network, among: Among, row: int) -> Label:
    """Name a company as `park.company` (its park only where the case has several), or a park."""
    if among == "parks":
        return network.parks[row]
    text, park = network.companies.label[row], network.parks[int(network.companies.park[row])]
    if len(network.parks) == 1:
        return Label(f"{park.id}.{text.id}", text.en, text.zh)
    return Label(f"{park.id}.{text.id}", f"{text.en}, {park.en}", f"{text.zh}（{park.zh}）")


def _wrong(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])
