"""Trade-offs: fronts of two or three goals by bounds on all but one, on one live model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from ..flows.account_tables import Goal
from ..flows.network import Network
from ..flows.tables import Floats
from ..models.compile import compile_program
from ..models.program import Program, power_of_ten
from .answer import certified
from .certificate import Certificate
from .phrases import verdicts
from .session import Session
from .solution import Solution, SolveOptions, Status

ROOMS = (1e-12, 1e-9, 1e-7)
"""how far a goal that is held may fall behind, relative to its value or one scaled unit, 1; the first with a plan"""
SAME = 1e-7
"""share of the way from worst to best that counts as no difference, 1"""
ROUNDING = 1e-9
"""share of its terms, each at its largest on the front, below which a figure is zero, 1"""
MOST_CORNERS = 400
"""corners that are looked for at most"""


@dataclass(frozen=True)
class Axis:
    """One of the goals that are traded off."""

    name: str
    unit: str
    maximise: bool
    indicator: int
    """row of `Network.indicators`, no ratio"""
    low: float = -np.inf
    """the front is followed from here, units of the indicator"""
    high: float = np.inf
    """the front is followed to here"""

    @property
    def sign(self) -> float:
        """1 where more is better, -1 where less is."""
        return 1.0 if self.maximise else -1.0


@dataclass(frozen=True, eq=False)
class Point:
    """One plan of the front: nothing is better in one goal without being worse in another."""

    kind: str
    """end, point, corner or knee"""
    values: tuple[float, ...]
    """of the goals, in their units"""
    prices: tuple[float | None, ...]
    """what the first goal gives up per unit that the second (third) gets better; None where it is not known here"""
    flows: Floats
    """(n,) columns, user units"""
    certificate: Certificate


@dataclass(frozen=True, eq=False)
class Front:
    """All points found, from the best of the first goal to the best of the second."""

    status: Status
    reason: str
    program: Program
    points: tuple[Point, ...] = ()
    unreachable: int = 0
    """pairs of bounds that no plan keeps (three goals)"""
    knee: bool = False
    """one of the points is the knee; a straight front has none"""
    solves: int = 0
    complete: bool = True
    """all corners were found, where they were looked for"""


class NoPlanError(Exception):
    """A run along the front has no certified optimum."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def traded(network: Network, axes: Sequence[Axis]) -> Program:
    """Return the program of a network with an open row `stage` for each goal, and the costs of each."""
    origin = network.objective_origin
    goals = [
        Goal(a.name, a.unit, a.maximise, np.array([a.indicator], np.int32), np.ones(1), False, 0.0, True, origin)
        for a in axes
    ]
    return compile_program(replace(network, goals=(*goals, goals[0]), tie_break=False))


def front(
    network: Network,
    axes: Sequence[Axis],
    count: int,
    options: SolveOptions | None = None,
    corners: bool = False,
) -> Front:
    """Follow the front of two or three goals.

    Ends are lexicographic: each goal in turn is made best, held, and then the next, in every order. Between the worst
    and the best that the others reach at the ends, `count` even bounds are set for each goal but the first, which is
    made best; every run starts from the last basis, because a bound is one side of one row. Where the bounds have no
    price, the others are made best with the first one held, so that no point is dominated.

    With `corners` (two goals, no whole numbers) all corners of the front are found in place of even bounds.

    The knee is the plan with the largest sum of what each goal has come of its way from its worst to its best at the
    ends; of two goals, the point farthest from the straight line between the ends.
    """
    program = traded(network, axes)
    with Session(program, options) as session:
        tracer = _Tracer(program, session, axes)
        try:
            return tracer.front(count, corners)
        except NoPlanError as stop:
            return Front(stop.status, stop.reason, program, solves=tracer.solves)


class _Tracer:
    def __init__(self, program: Program, session: Session, axes: Sequence[Axis]) -> None:
        self.program, self.session, self.axes = program, session, axes
        self.stages = program.stages[: len(axes)]
        self.row = program.row_blocks["stage"].start
        self.open = [a.high if not a.maximise else a.low for a in axes]
        """loosest bound of each goal that the ranges allow; infinite where none"""
        self.best = np.zeros(len(axes))
        self.width = np.ones(len(axes))
        self.solves = 0

    def front(self, count: int, corners: bool) -> Front:
        ends = self.ends()
        table = np.array([end.values for end in ends])
        signs = np.array([a.sign for a in self.axes])
        self.best = (table * signs).max(axis=0) * signs
        worst = (table * signs).min(axis=0) * signs
        self.width = np.maximum(np.abs(self.best - worst), 1e-300)
        small = np.abs(table).max(axis=0) * 1e-9 + [s.objective_scale * 1e-9 for s in self.stages]
        if (np.abs(self.best - worst) <= small).all():
            reason = verdicts.tell("nothing_to_trade")
            return Front("optimal", reason, self.program, tuple(self.without_rounding(ends[:1])), solves=self.solves)
        self.width = np.where(np.abs(self.best - worst) <= small, np.inf, self.width)
        points, unreachable, complete = list(ends), 0, True
        if corners and not self.program.is_integer:
            found, complete = self.corners(ends[0], ends[1])
            points += found
        else:
            found, unreachable = self.between(worst, count)
            complete = not corners
            points += found
        knee = self.knee(ends, worst, points)
        kept = self.undominated([*([knee] if knee else []), *points])
        order = self.without_rounding(sorted(kept, key=lambda p: tuple(-self.gain(p.values))))
        reason = verdicts.tell("every_point")
        return Front(
            "optimal", reason, self.program, tuple(order), unreachable, knee is not None, self.solves, complete
        )

    def ends(self) -> list[Point]:
        """Lexicographic plans in every order of the goals; the order of the case first, its reverse among them."""
        return [self.lexicographic(order) for order in permutations(range(len(self.axes)))]

    def lexicographic(self, order: Sequence[int]) -> Point:
        """Make goals best one after the other; one that its range stops earlier is held there and polished at last."""
        bounds: dict[int, float] = {}
        again = []
        solution, certificate = None, None
        for number in order:
            solution, certificate = self.held(number, bounds)
            value, axis = self.values(solution)[number], self.axes[number]
            stop = axis.high if axis.maximise else axis.low
            if axis.sign * (value - stop) > 0:
                value = stop
                again.append(number)
            bounds[number] = value
        for number in again:
            last = {n: v for n, v in bounds.items() if n != number} | {number: bounds[number]}
            solution, certificate = self.held(number, last)
        assert solution is not None and certificate is not None
        return self.point("end", solution, certificate, (None,) * (len(self.axes) - 1))

    def between(self, worst: Floats, count: int) -> tuple[list[Point], int]:
        """Points at even bounds, and how many pairs of bounds no plan keeps."""
        whole = [np.linspace(worst[n], self.best[n], count) for n in range(1, len(self.axes))]
        steps = [it[1:-1] for it in whole] if len(whole) == 1 else whole
        found, unreachable, back = [], 0, False
        for outer in steps[0].tolist():
            for inner in _snake(steps[1:], back):
                bounds = dict(enumerate((outer, *inner), 1))
                try:
                    found.append(self.efficient(bounds))
                except NoPlanError as stop:
                    if stop.status != "infeasible" or len(self.axes) == 2:
                        raise
                    unreachable += 1
            back = not back
        return found, unreachable

    def efficient(self, bounds: dict[int, float]) -> Point:
        """The best of the first goal within bounds on the others, and among such plans an undominated one."""
        solution, certificate = self.optimum(self.one(0, bounds))
        assert solution.row_dual is not None
        prices = [abs(float(solution.row_dual[self.row + n])) for n in range(1, len(self.axes))]
        free = [p * self.width[n] <= SAME * self.width[0] for n, p in enumerate(prices, 1)]
        if any(free) or self.program.is_integer:
            value = self.values(solution)[0]
            solution, certificate = self.rooms(
                lambda room: self.together(np.ones(len(self.axes)), bounds | {0: self.slack(0, value, room)})
            )
        unknown = [self.program.is_integer or it for it in free]  # beyond a bound that does not press is another price
        known = tuple(None if it else price for it, price in zip(unknown, prices, strict=True))
        return self.point("point", solution, certificate, known)

    def corners(self, first: Point, last: Point) -> tuple[list[Point], bool]:
        """All corners between two ends: the farthest plan beyond each chord, as long as there is one."""
        found: list[Point] = []
        pairs = [(first, last)]
        while pairs and len(found) < MOST_CORNERS:
            left, right = pairs.pop()
            gap = self.gain(left.values) - self.gain(right.values)
            weight = np.array([abs(gap[1]), abs(gap[0])])
            if weight.min() <= SAME:
                continue
            solution, certificate = self.optimum(self.together(weight, {}))
            beyond = float(weight @ (self.gain(self.values(solution)) - self.gain(left.values)))
            if beyond <= SAME * float(weight.sum()):
                continue
            corner = self.point("corner", solution, certificate, (None,))
            found.append(corner)
            pairs += [(left, corner), (corner, right)]
        return found, not pairs

    def knee(self, ends: Sequence[Point], worst: Floats, points: Sequence[Point]) -> Point | None:
        bounds = {n: float(worst[n]) for n in range(len(self.axes))}
        loose = {n: self.slack(n, value, ROOMS[1]) for n, value in bounds.items()}
        solution, certificate = self.optimum(self.together(np.ones(len(self.axes)), loose))
        values = self.values(solution)
        nearest = min(points, key=lambda p: float(np.abs(self.gain(p.values) - self.gain(values)).max()), default=None)
        found = self.point("knee", solution, certificate, (None,) * (len(self.axes) - 1))
        if (self.gain(values) > 1 + SAME).any():  # beyond the range that was asked for
            found = max(points, key=lambda p: float(self.gain(p.values).sum()))
        elif nearest and float(np.abs(self.gain(nearest.values) - self.gain(values)).max()) <= SAME:
            found = replace(found, prices=nearest.prices)
        least = max(float(self.gain(end.values).sum()) for end in ends)
        gained = float(self.gain(found.values).sum())
        return replace(found, kind="knee") if gained > least + 1e-6 else None

    def undominated(self, points: Sequence[Point]) -> list[Point]:
        """Drop points that come twice, and those that another one dominates by more than rounding."""
        kept: list[Point] = []
        gains = [self.gain(p.values) for p in points]
        for number, point in enumerate(points):
            same = any(np.abs(self.gain(k.values) - gains[number]).max() <= SAME for k in kept)
            beaten = any((g >= gains[number] - SAME).all() and (g > gains[number] + 10 * SAME).any() for g in gains)
            if not same and not beaten:
                kept.append(point)
        return kept

    def gain(self, values: Sequence[float]) -> Floats:
        """How far each goal has come from its worst (0) to its best (1) at the ends, (k,)."""
        signs = np.array([a.sign for a in self.axes])
        gain: Floats = 1.0 - signs * (self.best - np.array(values)) / self.width
        return gain

    def values(self, solution: Solution) -> tuple[float, ...]:
        """Values of the goals, user units."""
        assert solution.column_value is not None
        x = solution.column_value / self.program.flow_scale
        return tuple(float((s.cost @ x + s.offset) * s.objective_scale) for s in self.stages)

    def without_rounding(self, points: Sequence[Point]) -> list[Point]:
        """Say 0 for values that are nothing but what is left of their own terms, or of flows that others have.

        |Σ_j c[j]·x[j] + offset| ≤ 1e-9 · (Σ_j |c[j]|·max over points |x[j]| + |offset|)
        """
        largest = np.abs([p.flows for p in points]).max(axis=0) / self.program.flow_scale
        terms = [float(np.abs(s.cost) @ largest + abs(s.offset)) * s.objective_scale for s in self.stages]
        return [
            replace(p, values=tuple(0.0 if abs(v) <= ROUNDING * t else v for v, t in zip(p.values, terms, strict=True)))
            for p in points
        ]

    def point(self, kind: str, solution: Solution, certificate: Certificate, prices: tuple[float | None, ...]) -> Point:
        assert solution.column_value is not None
        return Point(kind, self.values(solution), prices, solution.column_value, certificate)

    def slack(self, number: int, value: float, room: float) -> float:
        """Return the bound that holds a goal at a value but for rounding."""
        size = max(abs(value), self.stages[number].objective_scale)
        return value - self.axes[number].sign * room * size

    def held(self, number: int, before: dict[int, float]) -> tuple[Solution, Certificate]:
        return self.rooms(lambda room: self.one(number, {n: self.slack(n, v, room) for n, v in before.items()}))

    def rooms(self, stated: Callable[[float], Program]) -> tuple[Solution, Certificate]:
        """Solve with the least room for rounding that has a plan."""
        for room in ROOMS[:-1]:
            try:
                return self.optimum(stated(room))
            except NoPlanError as stop:
                if stop.status == "unbounded":
                    raise
        return self.optimum(stated(ROOMS[-1]))

    def one(self, number: int, bounds: dict[int, float]) -> Program:
        """Return the program that makes one goal best within bounds on others."""
        stage = self.stages[number]
        return replace(
            self.bounded(bounds),
            maximise=stage.maximise,
            cost=stage.cost,
            offset=stage.offset,
            objective_scale=stage.objective_scale,
            objective_unit=stage.unit,
        )

    def together(self, weight: Floats, bounds: dict[int, float]) -> Program:
        """Return the program that makes the weighted sum of what all goals gain of their ways largest."""
        parts = [w * a.sign / r for w, a, r in zip(weight, self.axes, self.width, strict=True)]
        cost = np.sum([p * s.cost * s.objective_scale for p, s in zip(parts, self.stages, strict=True)], axis=0)
        scale = power_of_ten(np.abs(cost[cost != 0]))
        return replace(
            self.bounded(bounds), maximise=True, cost=cost / scale, offset=0.0, objective_scale=scale, objective_unit=""
        )

    def bounded(self, bounds: dict[int, float]) -> Program:
        lower, upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        for number, axis in enumerate(self.axes):
            value = bounds.get(number, self.open[number])
            stage = self.stages[number]
            side = (value - stage.offset * stage.objective_scale) / self.program.flow_scale
            (lower if axis.maximise else upper)[self.row + number] = side
        return replace(self.program, row_lower=lower, row_upper=upper)

    def optimum(self, program: Program) -> tuple[Solution, Certificate]:
        """Solve from the last basis and certify. Raises NoPlanError."""
        self.session.restate(program)
        self.solves += 1
        solution, certificate = certified(program, self.session.solve())
        if solution.status != "optimal" or certificate is None:
            raise NoPlanError(solution.status, solution.reason)
        return solution, certificate


def _snake(steps: Sequence[Floats], back: bool) -> Iterable[tuple[float, ...]]:
    """Bounds of the goals after the second, to and fro, so that neighbours are alike."""
    if not steps:
        return [()]
    values = steps[0][::-1] if back else steps[0]
    return [(float(v),) for v in values]
