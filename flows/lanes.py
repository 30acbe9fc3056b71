"""Routes between parks: what they carry, from whom to whom, how far, and what each amount costs and adds."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np

from .account_tables import Accounts
from .accounts import MONEY_ACCOUNTS, label
from .blocks import ProfileUse
from .document import Position
from .draft import RESIDUES, Draft, Figures
from .links import work_together
from .park_schema import Park, Route, TransportMode
from .problems import nearest
from .recipes import MaterialFacts, material_facts
from .tables import Floats
from .units import Quantity, QuantityError, parse_quantity
from .way_tables import Routes, Shipments, TransportModes

EARTH_RADIUS = 6371.0088
"""mean radius of the earth, km (IUGG)"""
MEASURES = ("t", "GJ", "m3", "Nm3")
"""units that capacities of routes and modes of transport are summed up in"""

Path = tuple[str, ...]
Ends = dict[tuple[int, str], tuple[list[int], list[int]]]
"""by park and material: the nodes that make it, and those that can use it"""


@dataclass(frozen=True)
class _Way:
    """A route whose own lines are right."""

    name: str
    route: Route
    mode: TransportMode
    row: int
    parks: tuple[int, int]
    distance: float
    """km"""
    load_unit: str
    """unit of the capacity of the route, "" where unlimited"""
    haul_unit: str
    """amount in the capacity of the mode, "" where unlimited"""

    @property
    def path(self) -> Path:
        return ("routes", self.name)

    def directions(self) -> list[tuple[int, int]]:
        start, end = self.parks
        return [(start, end), (end, start)] if self.route.both_ways else [(start, end)]

    def path_of(self, field: str) -> Path:
        """Where `cost`, `handling` or `adds` stands: in the route, or else in its mode of transport."""
        own = getattr(self.route, field) is not None
        return (*self.path, field) if own else ("transport", self.route.by, field)


@dataclass(frozen=True)
class _Reach:
    """Who can send what to whom."""

    ends: Ends
    apart: set[frozenset[int]]
    """pairs of parks between which nothing passes"""
    allies: dict[int, int] | None
    """coalition of each company that is in one; None where the case states no coalitions"""

    def makers(self, park: int, material: str) -> list[int]:
        return self.ends[park, material][0] if (park, material) in self.ends else []

    def users(self, park: int, material: str) -> list[int]:
        return self.ends[park, material][1] if (park, material) in self.ends else []

    def lanes(self, way: _Way, material: str) -> list[tuple[int, int]]:
        """Return the nodes that could send and receive a material, whatever forbids it."""
        ways = way.directions()
        return [
            pair for start, end in ways for pair in product(self.makers(start, material), self.users(end, material))
        ]


def open_routes(draft: Draft, allies: dict[int, int] | None) -> None:
    """Write the modes of transport, the routes, and what can be shipped along them.

    Args:
        draft: all plants are placed in it.
        allies: coalition of each company that is in one; None where the case states no coalitions.
    """
    haul_units = {name: _mode(draft, name, mode) for name, mode in draft.case.transport.items()}
    apart = _parks_apart(draft)
    reach = _Reach(_ends(draft) if draft.case.routes else {}, apart, allies)
    for name, route in draft.case.routes.items():
        way = _way(draft, name, route, haul_units)
        if way is not None:
            for number, material in enumerate(route.carries):
                _carry(draft, way, number, material, reach)


def mode_table(draft: Draft, durations: Floats) -> TransportModes:
    """Return the table of modes of transport; capacities (T, n) are per period."""
    rows = draft.transport_modes
    return TransportModes(
        label=rows.texts("label"),
        unit=rows.texts("unit"),
        capacity=rows.amounts("capacity", durations),
        origin=rows.ints("origin"),
        capacity_origin=rows.ints("capacity_origin"),
    )


def route_table(draft: Draft, durations: Floats) -> Routes:
    """Return the table of routes; capacities (T, n) are per period."""
    rows = draft.routes
    return Routes(
        label=rows.texts("label"),
        start=rows.ints("start"),
        end=rows.ints("end"),
        mode=rows.ints("mode"),
        distance=rows.floats("distance"),
        unit=rows.texts("unit"),
        capacity=rows.amounts("capacity", durations),
        origin=rows.ints("origin"),
        capacity_origin=rows.ints("capacity_origin"),
    )


def shipment_table(draft: Draft, accounts: Accounts) -> Shipments:
    """Return the table of shipments, with what each adds to accounts."""
    rows, more = draft.shipments, draft.additions
    numbers = {name: number for number, name in enumerate(accounts.id)}
    return Shipments(
        route=rows.ints("route"),
        source=rows.ints("source"),
        target=rows.ints("target"),
        loss=rows.floats("loss"),
        cost=rows.floats("cost"),
        load=rows.floats("load"),
        haul=rows.floats("haul"),
        origin=rows.ints("origin"),
        add_shipment=more.ints("shipment"),
        # An account that is missing here has its own error, and no network comes of it.
        add_account=np.array([numbers.get(name, 0) for name in more.texts("indicator")], dtype=np.int32),
        add_value=more.floats("value"),
        add_origin=more.ints("origin"),
    )


def great_circle(here: list[float], there: list[float]) -> float:
    """Return the distance of two places on the earth, taken as a sphere, km.

    Args:
        here: latitude and longitude, degrees.
        there: latitude and longitude, degrees.
    """
    (north, east), (other_north, other_east) = (map(math.radians, place) for place in (here, there))
    chord = math.sin((other_north - north) / 2) ** 2
    chord += math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def _mode(draft: Draft, name: str, mode: TransportMode) -> str:
    """Write a mode of transport; return the amount that its capacity counts, "" where unlimited."""
    path = ("transport", name)
    _check_excludes(draft, mode, path)
    check_additions(draft, list(mode.adds), (*path, "adds"))
    unit, capacity = _capacity(draft, mode.capacity, "km", (*path, "capacity"))
    draft.transport_modes.add(
        label=label(name, mode.name),
        unit=unit and f"{unit}·km",
        capacity=capacity,
        origin=draft.origin_of(*path),
        capacity_origin=draft.origin_of(*path, "capacity"),
    )
    return unit


def _check_excludes(draft: Draft, mode: TransportMode, path: Path) -> None:
    """Warn of a tag that no material bears but that looks like one that some do."""
    tags = {tag for material in draft.case.materials.values() for tag in material.tags}
    for number, selector in enumerate(mode.excludes):
        kind, _, name = selector.partition(".")
        if kind == "tag" and name not in tags and difflib.get_close_matches(name, tags, n=1):
            position = draft.case.value_at(*path, "excludes", str(number))
            draft.findings.warning(position, f"no material bears the tag `{name}`", nearest(name, tags))


def check_additions(draft: Draft, indicators: list[str], path: Path) -> None:
    """Note what is wrong with the names of indicators that something adds to."""
    known = draft.case.indicators
    for name in indicators:
        position = draft.case.key_at(*path, name)
        if name in MONEY_ACCOUNTS:
            what = f"`{name}` is money, which is stated as a cost"
            draft.findings.error(position, what, "write it there")
        elif name not in known:
            draft.findings.error(position, f"unknown indicator `{name}`", nearest(name, known))
        elif known[name].factors is None:
            what = f"`{name}` is a ratio, and nothing can be added to it"
            draft.findings.error(position, what, "name an indicator with `factors`")


def _capacity(
    draft: Draft, limit: Quantity | str | list[Quantity | Literal["unlimited"]] | ProfileUse, distance: str, path: Path
) -> tuple[str, Figures]:
    """Return the unit of account and the figures per year of a capacity."""
    figures = limit if isinstance(limit, list) else [limit]
    sample = next((figure for figure in figures if not isinstance(figure, str)), None)
    shown = sample if sample is None or isinstance(sample, Quantity) else draft.stated(sample, *path)
    if shown is None:
        return "", math.inf
    for unit in MEASURES:
        rate = f"{unit}·{distance}/a" if distance else f"{unit}/a"
        try:
            shown.to(rate)
        except QuantityError:
            continue
        found = draft.series(limit, rate, *path, least=0.0)
        return unit, math.inf if found is None else found
    kind, example = ("amount times distance", "800 Mt*km/a") if distance else ("amount", "3 Mt/a")
    what = f"the capacity is an {kind} per time, which `{shown}` is not"
    draft.findings.error(draft.case.value_at(*path), what, f"write e.g. `{example}`")
    return "", math.inf


def _parks_apart(draft: Draft) -> set[frozenset[int]]:
    """Return the pairs of parks between which nothing passes."""
    parks, found = list(draft.case.parks), set()
    for number, group in enumerate(draft.case.head.apart):
        for place, park in enumerate(group):
            position = draft.case.value_at("apart", str(number), str(place))
            if park not in parks:
                draft.findings.error(position, f"unknown park `{park}`", nearest(park, parks))
            elif park in group[:place]:
                draft.findings.error(position, f"park `{park}` cannot be apart from itself", "name each park once")
        found |= {frozenset(map(parks.index, pair)) for pair in combinations(group, 2) if {*pair} <= {*parks}}
    return found


def _ends(draft: Draft) -> Ends:
    """Sort the nodes by park and material into those that make and those that can use."""
    makes, uses = draft.makers_and_users()
    names, rows = list(draft.materials), draft.nodes.columns
    park_of = draft.companies.columns["park"]
    ends: Ends = {}
    for node in range(draft.nodes.size):
        key = (park_of[rows["company"][node]], names[rows["material"][node]])
        for side, able in enumerate((makes, uses)):
            if node in able:
                ends.setdefault(key, ([], []))[side].append(node)
    return ends


def _way(draft: Draft, name: str, route: Route, haul_units: dict[str, str]) -> _Way | None:
    """Write a route; None, and the errors noted, where its own lines are wrong."""
    path, case = ("routes", name), draft.case
    mode = case.transport.get(route.by)
    if mode is None:
        mend = nearest(route.by, case.transport) or f"add `transport: {{{route.by}: …}}` to the case"
        draft.findings.error(case.value_at(*path, "by"), f"unknown mode of transport `{route.by}`", mend)
    parks = _route_parks(draft, route, path)
    if route.adds is not None:
        check_additions(draft, list(route.adds), (*path, "adds"))
    unit, capacity = _capacity(draft, route.capacity, "", (*path, "capacity"))
    if mode is None or parks is None:
        return None
    distance = _distance(draft, route, mode, path)
    if distance is None:
        return None
    row = draft.routes.add(
        label=label(name, route.name),
        start=parks[0],
        end=parks[1],
        mode=list(case.transport).index(route.by),
        distance=distance,
        unit=unit,
        capacity=capacity,
        origin=draft.origin_of(*path),
        capacity_origin=draft.origin_of(*path, "capacity"),
    )
    return _Way(name, route, mode, row, parks, distance, unit, haul_units[route.by])


def _route_parks(draft: Draft, route: Route, path: Path) -> tuple[int, int] | None:
    parks, found = list(draft.case.parks), []
    for key, park in (("from", route.start), ("to", route.end)):
        if park in parks:
            found.append(parks.index(park))
        else:
            draft.findings.error(draft.case.value_at(*path, key), f"unknown park `{park}`", nearest(park, parks))
    if len(found) < 2:
        return None
    if found[0] == found[1]:
        what = f"route `{path[-1]}` leads from park `{route.start}` to itself"
        mend = "companies of one park pass materials on without a route"
        draft.findings.error(draft.case.value_at(*path, "to"), what, mend)
        return None
    return found[0], found[1]


def _distance(draft: Draft, route: Route, mode: TransportMode, path: Path) -> float | None:
    if route.distance is not None:
        return draft.number(route.distance, "km", *path, "distance")
    ends: list[Park] = [draft.case.parks[park] for park in (route.start, route.end)]
    places = [park.at for park in ends if park.at is not None]
    if len(places) == 2:
        return great_circle(*places) * mode.detour
    missing = " and ".join(
        f"`{name}`" for name, park in zip((route.start, route.end), ends, strict=True) if park.at is None
    )
    what = f"route `{path[-1]}` states no distance, and the place of park {missing} is not known"
    mend = "add `distance: … km` here, or `at: [latitude, longitude]` to the park"
    draft.findings.error(draft.case.key_at(*path), what, mend)
    return None


def _carry(draft: Draft, way: _Way, number: int, material: str, reach: _Reach) -> None:
    """Write the shipments of one material along a route."""
    case, path = draft.case, (*way.path, "carries", str(number))
    position = case.value_at(*path)
    if not _may_carry(draft, way, number, material, position):
        return
    facts = material_facts(case, material, draft.findings)
    terms = _terms(draft, way, material, facts, position) if facts is not None else None
    if terms is None or frozenset(way.parks) in reach.apart:
        return
    pairs = [(len(reach.makers(start, material)), len(reach.users(end, material))) for start, end in way.directions()]
    draft.check_size(sum(makers * users for makers, users in pairs), position)
    lanes = reach.lanes(way, material)
    for source, target in lanes:
        if not _may_travel(draft, material, source, target, reach.allies):
            continue
        row = draft.shipments.add(
            route=way.row,
            source=source,
            target=target,
            loss=way.route.loss,
            cost=terms.cost,
            load=terms.load,
            haul=terms.haul,
            origin=draft.origin(position, ".".join(path)),
        )
        for indicator, value, origin in terms.additions:
            draft.additions.add(shipment=row, indicator=indicator, value=value, origin=origin)
    if not lanes and not draft.findings.has_errors:
        _idle(draft, way, material, position, reach)


def _may_travel(draft: Draft, material: str, source: int, target: int, allies: dict[int, int] | None) -> bool:
    """Say whether the class of the material, the exchange level and the coalitions let it go by a route."""
    if draft.case.materials[material].kind not in RESIDUES:
        return True
    company = draft.nodes.columns["company"]
    return draft.case.exchange == "all" and work_together(allies, company[source], company[target])


def _may_carry(draft: Draft, way: _Way, number: int, material: str, position: Position) -> bool:
    """Note what forbids to carry a material; return whether nothing does."""
    case, name = draft.case, way.name
    block = case.materials.get(material)
    if block is None:
        draft.findings.error(position, f"unknown material `{material}`", nearest(material, case.materials))
        return False
    if material in way.route.carries[:number]:
        draft.findings.error(position, f"route `{name}` carries `{material}` twice", "delete one of them")
        return False
    if block.kind == "environment":
        what = f"route `{name}` carries `{material}`, which is of class environment and free everywhere"
        draft.findings.error(position, what, "delete it here")
        return False
    for place, selector in enumerate(way.mode.excludes):
        kind, _, group = selector.partition(".")
        if group in (block.tags if kind == "tag" else [block.kind]):
            there = case.value_at("transport", way.route.by, "excludes", str(place))
            what = f"route `{name}` carries `{material}`, but `{way.route.by}` excludes `{selector}` ({there})"
            draft.findings.error(position, what, "delete it here or there, or go by another mode")
            return False
    return True


def _idle(draft: Draft, way: _Way, material: str, position: Position, reach: _Reach) -> None:
    """Warn of a material that the route carries for nobody."""
    parks = list(draft.case.parks)
    reasons = []
    for start, end in way.directions():
        if not reach.makers(start, material):
            reasons.append(f"no plant in park `{parks[start]}` makes it")
        else:
            reasons.append(f"no plant in park `{parks[end]}` uses it")
    what = f"route `{way.name}` carries `{material}` for nobody: {', and '.join(dict.fromkeys(reasons))}"
    draft.findings.warning(position, what, "delete it; what another market buys is an offer of the own park")


@dataclass(frozen=True)
class _Terms:
    """What one unit of a material takes and causes along a route."""

    cost: float
    load: float
    haul: float
    additions: tuple[tuple[str, float, int], ...]
    """indicator, value, origin"""


def _terms(draft: Draft, way: _Way, material: str, facts: MaterialFacts, position: Position) -> _Terms | None:
    """Return the terms of a material on a route; None, and the errors noted, where a unit does not fit."""
    reader = _Fit(draft, way, material, facts, position)
    money = draft.case.money
    cost = reader.stated("cost", money, way.distance) + reader.stated("handling", money, None)
    path = way.path_of("adds")
    adds = way.mode.adds if way.route.adds is None else way.route.adds
    additions = []
    for name, quantity in adds.items():
        indicator = draft.case.indicators.get(name)
        if indicator is not None and indicator.unit is not None:
            value = reader.per_unit(quantity, indicator.unit, way.distance, (*path, name))
            additions.append((name, value, draft.origin_of(*path, name)))
    load = reader.amount(way.load_unit, (*way.path, "capacity"))
    haul = reader.amount(way.haul_unit, ("transport", way.route.by, "capacity")) * way.distance
    return None if reader.failed else _Terms(cost, load, haul, tuple(additions))


class _Fit:
    """Brings the figures of a route to the unit of one material; what does not fit is an error at the material."""

    def __init__(self, draft: Draft, way: _Way, material: str, facts: MaterialFacts, position: Position) -> None:
        self.draft, self.way, self.material, self.facts, self.position = draft, way, material, facts, position
        self.failed = False

    def stated(self, field: str, money: str, distance: float | None) -> float:
        """Return `cost` (over a distance, km) or `handling`, money per unit of the material; 0 where none is stated."""
        own: Quantity | None = getattr(self.way.route, field)
        quantity = own if own is not None else getattr(self.way.mode, field)
        return 0.0 if quantity is None else self.per_unit(quantity, money, distance, self.way.path_of(field))

    def per_unit(self, quantity: Quantity, top: str, distance: float | None, path: Path) -> float:
        """Return a figure per amount (and distance) in `top` per unit of the material, by its mass where needed."""
        try:
            return self._per(quantity, top, self.facts.unit, distance)
        except QuantityError as error:
            try:
                if self.facts.mass is None:
                    raise error
                return self._per(quantity, top, "t", distance) * self.facts.mass
            except QuantityError:
                return self._misfit(path, error)

    def amount(self, unit: str, path: Path) -> float:
        """Return what one unit of the material is in the unit of a capacity; 0 where there is none."""
        if not unit:
            return 0.0
        try:
            return 1.0 / self.facts.amount(parse_quantity(f"1 {unit}"))
        except (QuantityError, ZeroDivisionError) as error:
            return self._misfit(path, error)

    def _per(self, quantity: Quantity, top: str, unit: str, distance: float | None) -> float:
        if distance is None:
            return self.draft.steady(quantity, f"{top}/{unit}")
        return self.draft.steady(quantity, f"{top}/({unit}·km)") * distance

    def _misfit(self, path: Path, error: Exception) -> float:
        self.failed = True
        case = self.draft.case
        what = (
            f"route `{self.way.name}` carries `{self.material}`, which is counted in {self.facts.unit}: "
            f"`{'.'.join(path)}` ({case.value_at(*path)}) does not fit it"
        )
        detail = error.what if isinstance(error, QuantityError) else "its density is zero"
        mend = f"{detail}; state it for this route, or carry `{self.material}` by another mode"
        self.draft.findings.error(self.position, what, mend)
        return 0.0
