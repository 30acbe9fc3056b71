"""Where the boxes and bands of a flow picture stand: columns from left to right, and loops led back around them.

Boxes stand in columns so that bands run forward; a band that would run back closes a loop. Loops are chosen few and
thin (the greedy order of Eades, Lin and Smyth, Information Processing Letters 47, 1993, by value), and each is led
around the picture in a lane of its own. A band over several columns takes a place in each column that it crosses, so
that nothing runs behind a box. The same input gives the same picture: nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

PITCH = 172.0
"""distance of neighbouring columns, px"""
BOX = 12.0
"""width of a box, px"""
GAP = 20.0
"""least distance of boxes above each other: the label of the lower one stands there, px"""
PASSING = 7.0
"""the same for bands that pass a column"""
TALL, LOW, EACH = 560.0, 130.0, 22.0
"""height that the fullest column takes, gaps left out, px: at most, at least, and for each box of the picture"""
THIN = 1.2
"""least width of a band, px"""
LANE = 9.0
"""distance of lanes, px"""
EDGE = 16.0
"""margin around the picture, px"""
SORTS, SWEEPS = 14, 24
"""how often columns are put in order, and heights adjusted; half of them from the left, half from the right"""


@dataclass(frozen=True)
class Box:
    """Where a box stands, px."""

    x: float
    y: float
    height: float
    room: float
    """width that the label above the box can take without meeting another, px"""


@dataclass(frozen=True)
class Band:
    """A band: its outline, or for a loop its middle line."""

    path: str
    """SVG path: closed, or of a loop the middle line, to be drawn as wide as the band"""
    width: float
    loop: bool
    """it runs back, and closes a loop"""


@dataclass(frozen=True)
class Arrangement:
    """A whole picture, px."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]


Pair = tuple[int, int]


def arrange(count: int, pairs: Sequence[Pair], values: Sequence[float]) -> Arrangement:
    """Arrange boxes and the bands between them.

    Args:
        count: number of boxes; each has a band.
        pairs: source and target of each band; they may be the same box, and several bands may join the same two.
        values: size of each band, above zero.
    """
    if not count:
        return Arrangement(0.0, 0.0, (), ())
    back = loops(count, pairs, values)
    return _Drawing(count, pairs, values, back).arrangement()


def loops(count: int, pairs: Sequence[Pair], values: Sequence[float]) -> set[int]:
    """Return the bands that run back when boxes stand in an order that lets little run back."""
    place = {box: number for number, box in enumerate(_order(count, pairs, values))}
    back = {row for row, (source, target) in enumerate(pairs) if place[source] >= place[target]}
    for row in sorted(back, key=lambda row: -values[row]):  # the order is greedy: what closes no loop runs forward
        source, target = pairs[row]
        if source != target and not _reaches(target, source, pairs, back - {row}):
            back.discard(row)
    return back


def _reaches(start: int, end: int, pairs: Sequence[Pair], back: set[int]) -> bool:
    """Tell whether bands that run forward lead from one box to another."""
    ahead: dict[int, list[int]] = {}
    for row, (source, target) in enumerate(pairs):
        if row not in back:
            ahead.setdefault(source, []).append(target)
    seen, waiting = {start}, [start]
    while waiting:
        box = waiting.pop()
        if box == end:
            return True
        for other in ahead.get(box, ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def _order(count: int, pairs: Sequence[Pair], values: Sequence[float]) -> list[int]:
    """Order boxes: what only receives last, what only gives first, else the one that gives most beyond what it gets."""
    left, first, last = set(range(count)), list[int](), list[int]()
    while left:
        gives, gets = dict.fromkeys(left, 0.0), dict.fromkeys(left, 0.0)
        for (source, target), value in zip(pairs, values, strict=True):
            if source in left and target in left and source != target:
                gives[source] += value
                gets[target] += value
        sinks = [box for box in sorted(left) if not gives[box]]
        sources = [box for box in sorted(left) if gives[box] and not gets[box]]
        if sinks or sources:
            last, first = [*sinks, *last], [*first, *sources]
            left.difference_update(sinks, sources)
        else:
            best = max(sorted(left), key=lambda box: gives[box] - gets[box])
            first.append(best)
            left.remove(best)
    return [*first, *last]


def columns(count: int, pairs: Sequence[Pair], back: set[int]) -> list[int]:
    """Return the column of each box: after all it gets from, and what only gives close before what it gives to."""
    ahead = [pair for row, pair in enumerate(pairs) if row not in back]
    column = [0] * count
    for _ in range(count):
        moved = False
        for source, target in ahead:
            if column[target] <= column[source]:
                column[target], moved = column[source] + 1, True
        if not moved:
            break
    targets = {target for _, target in ahead}
    for box in range(count):
        after = [column[target] for source, target in ahead if source == box]
        if box not in targets and after:
            column[box] = min(after) - 1
    least = min(column)
    return [number - least for number in column]


@dataclass
class _Spot:
    """A box, or the passage of a band through a column."""

    column: int
    size: float
    passing: bool
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.size / 2


class _Drawing:
    """The picture while it is made."""

    def __init__(self, count: int, pairs: Sequence[Pair], values: Sequence[float], back: set[int]) -> None:
        self.count, self.pairs, self.back = count, pairs, back
        self.column = columns(count, pairs, back)
        out, into = [0.0] * count, [0.0] * count
        for (source, target), value in zip(pairs, values, strict=True):
            out[source] += value
            into[target] += value
        load = [0.0] * (max(self.column) + 1)
        for box in range(count):
            load[self.column[box]] += max(out[box], into[box])
        scale = min(TALL, max(LOW, EACH * count)) / max(load)
        self.width = [max(value * scale, THIN) for value in values]
        out, into = [0.0] * count, [0.0] * count
        for (source, target), width in zip(pairs, self.width, strict=True):
            out[source] += width
            into[target] += width
        self.spots = [_Spot(self.column[box], max(out[box], into[box]), False) for box in range(count)]
        self.chains = [self._chain(row) for row in range(len(pairs))]
        self.stacks: list[list[int]] = [[] for _ in range(max(spot.column for spot in self.spots) + 1)]
        for number, spot in enumerate(self.spots):
            self.stacks[spot.column].append(number)
        self._sort()
        self._settle()

    def _chain(self, row: int) -> list[int]:
        """Return the spots that a band visits, one in each column on its way."""
        source, target = self.pairs[row]
        if row in self.back:
            return [source, target]
        chain = [source]
        for column in range(self.column[source] + 1, self.column[target]):
            chain.append(len(self.spots))
            self.spots.append(_Spot(column, self.width[row], True))
        return [*chain, target]

    def _steps(self) -> Iterable[tuple[int, int, float]]:
        for row, chain in enumerate(self.chains):
            if row not in self.back:
                yield from ((a, b, self.width[row]) for a, b in pairwise(chain))

    def _neighbours(self) -> tuple[dict[int, list[tuple[int, float]]], dict[int, list[tuple[int, float]]]]:
        before: dict[int, list[tuple[int, float]]] = {}
        after: dict[int, list[tuple[int, float]]] = {}
        for a, b, width in self._steps():
            after.setdefault(a, []).append((b, width))
            before.setdefault(b, []).append((a, width))
        return before, after

    def _sort(self) -> None:
        """Order each column by the mean place of the neighbours, forth and back; keep what crosses least."""
        before, after = self._neighbours()
        best, fewest = [list(stack) for stack in self.stacks], self._crossings()
        for sweep in range(SORTS):
            near = before if sweep % 2 == 0 else after
            ordered = self.stacks if sweep % 2 == 0 else self.stacks[::-1]
            place = {spot: n / max(len(stack), 1) for stack in self.stacks for n, spot in enumerate(stack)}
            for stack in ordered:
                key = {}
                for spot in stack:
                    found = near.get(spot, ())
                    total = sum(width for _, width in found)
                    key[spot] = sum(place[o] * width for o, width in found) / total if total else place[spot]
                stack.sort(key=lambda spot: key[spot])
                place.update({spot: n / max(len(stack), 1) for n, spot in enumerate(stack)})
            if (crossings := self._crossings()) < fewest:
                best, fewest = [list(stack) for stack in self.stacks], crossings
        self.stacks = best

    def _crossings(self) -> float:
        """Return how much crosses between neighbouring columns: the product of the widths of bands that cross."""
        place = {spot: n for stack in self.stacks for n, spot in enumerate(stack)}
        by_column: dict[int, list[tuple[int, int, float]]] = {}
        for a, b, width in self._steps():
            by_column.setdefault(self.spots[a].column, []).append((place[a], place[b], width))
        total = 0.0
        for steps in by_column.values():
            for i, (a, b, width) in enumerate(steps):
                total += sum(width * w for c, d, w in steps[i + 1 :] if (a - c) * (b - d) < 0)
        return total

    def _settle(self) -> None:
        """Give every spot its height: close to the mean of its neighbours, and none above another."""
        before, after = self._neighbours()
        for stack in self.stacks:
            self._stack(stack)
        tallest = max(self._extent(stack) for stack in self.stacks)
        for stack in self.stacks:
            shift = (tallest - self._extent(stack)) / 2
            for spot in stack:
                self.spots[spot].y += shift
        for sweep in range(SWEEPS):
            near = before if sweep % 2 == 0 else after
            for stack in self.stacks if sweep % 2 == 0 else self.stacks[::-1]:
                for number in stack:
                    found = near.get(number, ())
                    if total := sum(width for _, width in found):
                        goal = sum(self.spots[other].middle * width for other, width in found) / total
                        self.spots[number].y += (goal - self.spots[number].middle) * (1 - sweep / SWEEPS)
                self._push(stack, tallest)

    def _gap(self, upper: int, lower: int) -> float:
        return PASSING if self.spots[lower].passing else GAP

    def _stack(self, stack: list[int]) -> None:
        y = 0.0
        for above, number in zip([-1, *stack], stack, strict=False):
            y += self._gap(above, number)
            self.spots[number].y = y
            y += self.spots[number].size

    def _extent(self, stack: list[int]) -> float:
        return self.spots[stack[-1]].y + self.spots[stack[-1]].size if stack else 0.0

    def _push(self, stack: list[int], height: float) -> None:
        """Move spots apart that overlap: downwards, and what then stands too low upwards."""
        y = 0.0
        for above, number in zip([-1, *stack], stack, strict=False):
            spot = self.spots[number]
            spot.y = max(spot.y, y + self._gap(above, number))
            y = spot.y + spot.size
        y = height
        for n in range(len(stack) - 1, -1, -1):
            spot = self.spots[stack[n]]
            spot.y = min(spot.y, y - spot.size)
            y = spot.y - self._gap(stack[n - 1] if n else -1, stack[n])

    def arrangement(self) -> Arrangement:
        """Place the bands at the sides of the boxes, and the loops in lanes above and below."""
        lanes, top, bottom = self._lanes()
        width = EDGE * 2 + self._reach + max(self.column) * PITCH + PITCH
        leave, arrive = self._ports(lanes)
        dx, dy = EDGE + self._reach, EDGE + top
        bands = []
        for row in range(len(self.chains)):
            if row in self.back:
                path = self._loop_path(row, lanes[row], leave[row], arrive[row], dx, dy)
            else:
                path = self._path(row, leave[row], arrive[row], dx, dy)
            bands.append(Band(path, round(self.width[row], 2), row in self.back))
        boxes = tuple(
            Box(round(dx + s.column * PITCH, 1), round(dy + s.y, 1), round(s.size, 1), self._room(s))
            for s in self.spots[: self.count]
        )
        return Arrangement(round(width, 1), round(dy + self._height + bottom + EDGE, 1), boxes, tuple(bands))

    def _room(self, spot: _Spot) -> float:
        """Return the width of the label above a box: up to the next box at its height, two columns at most."""
        for further in (1, 2):
            others = self.stacks[spot.column + further] if spot.column + further < len(self.stacks) else []
            for number in others:
                other = self.spots[number]
                if not other.passing and other.y - GAP < spot.y and spot.y - GAP < other.y + other.size:
                    return further * PITCH - 6.0
        return 2 * PITCH - 6.0 if spot.column + 1 < len(self.stacks) else PITCH

    def _target(self, row: int, far: int, lanes: dict[int, tuple[bool, float, float]]) -> float:
        """Return the height that a band tends to; a loop that of its lane, the outer one nearer the middle."""
        if row in lanes:
            above, _, depth = lanes[row]
            return -1e6 + depth if above else 1e6 - depth
        return self.spots[self.chains[row][far]].middle

    def _ports(self, lanes: dict[int, tuple[bool, float, float]]) -> tuple[dict[int, float], dict[int, float]]:
        """Return the height at which each band leaves and arrives: in the order of where it goes, without crossings."""

        leave, arrive = dict[int, float](), dict[int, float]()
        for box in range(self.count):
            out = [row for row, (source, _) in enumerate(self.pairs) if source == box]
            into = [row for row, (_, target) in enumerate(self.pairs) if target == box]
            for rows, ports, far in ((out, leave, 1), (into, arrive, -2)):
                y = self.spots[box].y
                for _, row in sorted((self._target(row, far, lanes), row) for row in rows):
                    ports[row] = y + self.width[row] / 2
                    y += self.width[row]
        return leave, arrive

    def _lanes(self) -> tuple[dict[int, tuple[bool, float, float]], float, float]:
        """Return for each loop its side, how far it swings out sideways, and the depth of its lane; and both depths."""
        self._height = max(self._extent(stack) for stack in self.stacks)
        short_first = sorted(
            self.back, key=lambda row: (self.column[self.pairs[row][0]] - self.column[self.pairs[row][1]], row)
        )
        depth, sides = {True: LANE, False: LANE}, {}
        swing: dict[tuple[int, bool], float] = {}
        for row in short_first:
            source, target = self.pairs[row]
            middle = (self.spots[source].middle + self.spots[target].middle) / 2
            above, width = middle < self._height / 2, self.width[row]
            lane = depth[above] + width / 2
            depth[above] += width + LANE
            right = swing.get((self.column[source], True), 6.0)
            left = swing.get((self.column[target], False), 6.0)
            out = max(right, left) + width / 2
            swing[self.column[source], True] = swing[self.column[target], False] = out + width / 2 + 6.0
            sides[row] = (above, out, lane)
        self._reach = max((out + self.width[row] / 2 for row, (_, out, _) in sides.items()), default=0.0)
        return sides, depth[True] if any(a for a, _, _ in sides.values()) else 0.0, depth[False]

    def _path(self, row: int, leave: float, arrive: float, dx: float, dy: float) -> str:
        """Return a smooth line through the places that a band passes."""
        chain = self.chains[row]
        points = [(dx + self.spots[chain[0]].column * PITCH + BOX, dy + leave)]
        for number in chain[1:-1]:
            spot = self.spots[number]
            x = dx + spot.column * PITCH
            points += [(x, dy + spot.middle), (x + BOX, dy + spot.middle)]
        points.append((dx + self.spots[chain[-1]].column * PITCH, dy + arrive))
        half = self.width[row] / 2
        there = _side([(x, y - half) for x, y in points])
        back = _side([(x, y + half) for x, y in reversed(points)])
        return f"M{there}L{back}Z"

    def _loop_path(
        self, row: int, lane: tuple[bool, float, float], leave: float, arrive: float, dx: float, dy: float
    ) -> str:
        """Return the way of a loop: out to the right, around in its lane, and in again from the left."""
        above, out, depth = lane
        source, target = self.pairs[row]
        x1 = dx + self.column[source] * PITCH + BOX
        x2 = dx + self.column[target] * PITCH
        y = dy - depth if above else dy + self._height + depth
        sign = -1.0 if above else 1.0
        turn = min(out, abs(y - dy - leave) / 2, abs(y - dy - arrive) / 2)
        return (
            f"M{x1:.1f} {dy + leave:.1f}h{out - turn:.1f}q{turn:.1f} 0 {turn:.1f} {sign * turn:.1f}"
            f"V{y - sign * turn:.1f}q0 {sign * turn:.1f} {-turn:.1f} {sign * turn:.1f}"
            f"H{x2 - out + turn:.1f}q{-turn:.1f} 0 {-turn:.1f} {-sign * turn:.1f}"
            f"V{dy + arrive + sign * turn:.1f}q0 {-sign * turn:.1f} {turn:.1f} {-sign * turn:.1f}H{x2:.1f}"
        )


def _side(points: Sequence[tuple[float, float]]) -> str:
    """Return one side of a band as the rest of an SVG path: curves between columns, straight through them."""
    text = f"{points[0][0]:.1f} {points[0][1]:.1f}"
    for number, ((x1, y1), (x2, y2)) in enumerate(pairwise(points)):
        half = (x1 + x2) / 2
        text += f"H{x2:.1f}" if number % 2 else f"C{half:.1f} {y1:.1f} {half:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return text
