"""The ledger of exchanges: what each is worth, and how all of it adds up to what exchange is worth as a whole.

    gain of exchange = objective with − objective without       (the other way round where it is minimised)
                     = Σ entries (with − without)               each booking of the accounts behind the objective
                     = Σ exchanges (purchases and disposal spared − sales given up − carriage − payments)
                       + Σ entries of the rest

An entry is a sum of money (or of energy, carbon, …) that a company books for one thing. What `credits` gives to an
exchange is valued at the mean the entry has without exchange, and taken from it; what an entry then has left is the
rest, named by what it is. So nothing is a plug: every line of the rest is a difference of two bookings that stand
beside it. Values at shadow prices are marginal: they stand beside, and do not enter the sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..flows.network import Network
from ..flows.problems import InputError, Problem, nearest
from ..flows.tables import Floats, Label
from ..reports.run import Solved
from .bookings import Book, Entry, book, goal_weights
from .credits import Credit, Side, Spared, Way, credited_materials, credits, ways_out
from .fills import fills
from .ledger_names import Names, Place
from .phrases import ledger_phrases
from .pools import Party, Pool, Spot, pools

RESIDUES = ("byproduct", "waste", "emission")
"""classes of materials that do not pass from plant to plant without exchange"""
PARTS = ("purchase", "disposal", "sale", "carriage", "policy")
"""what the value of an exchange is made of"""
WANTED = ("profit", "revenue", "value_added")
"""indicators that are better when larger"""
SMALL = 1e-9
"""part of the largest amount of its material below which an exchange is rounding, 1"""


@dataclass(frozen=True)
class Exchange:
    """One exchange between plants, companies or parks; values in the unit of the ledger's account, gains positive."""

    between: str
    """plants, companies or parks"""
    material: Label
    kind: str
    """class of the material"""
    giver: Place
    taker: Place
    route: str
    amount: float
    """what arrives over all periods"""
    without: float
    """what passes the same way in the answer that it is compared with"""
    unit: str
    unique: bool | None
    """the amount is the same in every optimal answer; None where that was not looked at"""
    split: bool
    """several supply and several take, so the amount is a share in proportion"""
    price_giver: float | None
    """shadow price there, mean over the amounts: objective per unit"""
    price_taker: float | None
    value: float
    """sum of `parts`"""
    parts: dict[str, float]
    """gain from purchases and disposal spared, sales (given up: negative), carriage and payments under policies"""
    effects: dict[str, float]
    """indicator → what the exchange spares of it (adds, where more is better)"""
    spared: tuple[Spared, ...]
    """what that is, in tonnes"""
    missing: tuple[str, ...]
    """what is not computable, and why"""

    @property
    def value_giver(self) -> float | None:
        """Amount at the shadow price of the giver."""
        return None if self.price_giver is None else self.price_giver * self.amount

    @property
    def value_taker(self) -> float | None:
        """Amount at the shadow price of the taker."""
        return None if self.price_taker is None else self.price_taker * self.amount


@dataclass(frozen=True)
class LedgerEntry:
    """A booking in both answers, and what of its change is credited to exchanges."""

    via: str
    park: str
    company: str
    thing: Label
    to: str
    under: str
    with_it: float
    without: float
    gain: float
    """by which the account gets better"""
    credited: float
    """part of the gain that stands in the values of exchanges"""

    @property
    def rest(self) -> float:
        """What is left of the gain."""
        return self.gain - self.credited


@dataclass(frozen=True)
class Account:
    """An account of both answers, reconciled."""

    name: Label
    unit: str
    kind: str
    """energy, emissions or other"""
    maximise: bool
    with_it: float
    without: float
    entries: tuple[LedgerEntry, ...]

    @property
    def gain(self) -> float:
        """By how much it is better with exchange."""
        return (1.0 if self.maximise else -1.0) * (self.with_it - self.without)

    @property
    def credited(self) -> float:
        """Part of the gain that the exchanges explain."""
        return sum(entry.credited for entry in self.entries)

    @property
    def rest(self) -> float:
        """Sum of the rest, line by line."""
        return sum(entry.rest for entry in self.entries)

    @property
    def difference(self) -> float:
        """What the sum of all lines misses of the gain; zero but for rounding."""
        return self.gain - self.credited - self.rest


@dataclass(frozen=True)
class Ledger:
    """All exchanges of a scenario."""

    case: str
    title: Label
    scenario: str
    against: str
    account: Account
    """that of the objective, or the one asked for"""
    exchanges: tuple[Exchange, ...]
    effects: tuple[Account, ...]
    """indicators of the case that are no money"""
    goal_unit: str
    """unit of the objective, in which shadow prices are"""
    notes: tuple[str, ...]


def make_ledger(solved: Solved, other: Solved, of: str | None = None) -> Ledger:
    """Book the exchanges of an answer against those of another, both optimal.

    Args:
        solved: the answer.
        other: the answer of the same scenario without exchange, or another counterfactual.
        of: an indicator to reconcile in place of the objective.

    Raises:
        InputError: the indicator does not exist or is a ratio, or the objective is no sum of accounts.
    """
    network, alone = solved.result.network, other.result.network
    names = Names.of(network, alone)
    here, there = _side(solved), _side(other)
    ways = _ways(network, here)
    given = credits(ways, here, there)
    spared = credited_materials(given)
    label, unit, maximise, weights, values = _reconciled(solved, other, of)
    account, parts = _account(
        label, unit, "other", maximise, weights, values, solved, other, here, there, spared, names
    )
    effects, by_indicator = [], {}
    for row in _counted(network):
        text = network.indicators.label[row]
        if text.id not in other.result.indicators:
            continue
        pair = (solved.result.indicators[text.id].value or 0.0, other.result.indicators[text.id].value or 0.0)
        kind = kind_of(network, row)
        both = _indicator_weights(network, text.id), _indicator_weights(alone, text.id)
        found, part = _account(
            text, network.indicators.unit[row], kind, False, both, pair, solved, other, here, there, spared, names
        )
        effects.append(found)
        by_indicator[text.id] = part
    looked = not solved.program.is_integer
    rows = tuple(
        _exchange(way, amount, looked, here, there, parts[way], by_indicator, spared[way], given[way], names)
        for way, amount in ways.items()
    )
    rows = tuple(sorted(rows, key=lambda row: -abs(row.value)))
    return Ledger(
        network.case, network.title, network.scenario, alone.scenario, account, rows, tuple(effects),
        network.goal.unit, tuple(_notes(solved, rows, effects)),
    )  # fmt: skip


def _side(solved: Solved) -> Side:
    network, x, dual = solved.result.network, solved.solution.column_value, solved.solution.row_dual
    assert solved.result.flows is not None and x is not None and dual is not None
    worth = -solved.program.row_view("balance", dual) / network.periods.weight[:, None]
    return Side(pools(solved.result.flows, worth), fills(network, solved.program, x))


def _ways(network: Network, side: Side) -> dict[Way, float]:
    """All exchanges between companies and parks, and those of residues between plants of one company."""
    kinds = {label.id: kind for label, kind in zip(network.materials.label, network.materials.kind, strict=True)}
    found: dict[Way, float] = {}
    largest: dict[str, float] = defaultdict(float)
    for spot, pool in side.pools.items():
        largest[spot.material] = max([largest[spot.material], *pool.sources.values()])
        ways = ways_out(spot, pool)
        found.update((way, ways[way]) for way in ways if not way.from_plant or kinds[spot.material] in RESIDUES)
    return {way: amount for way, amount in found.items() if amount > SMALL * largest[way.material]}


def _reconciled(
    solved: Solved, other: Solved, of: str | None
) -> tuple[Label, str, bool, tuple[Floats, Floats], tuple[float, float]]:
    """Return what is reconciled: name, unit, sense, weights of accounts and values in both answers."""
    network, alone = solved.result.network, other.result.network
    if of is not None:
        table = network.indicators
        linear = [text.id for row, text in enumerate(table.label) if table.per[row] < 0]
        if of not in linear:
            what = (
                f"there is no indicator `{of}` that adds up"
                if of not in solved.result.indicators
                else f"`{of}` is a ratio"
            )
            raise InputError([Problem(None, what, nearest(of, linear))])
        row = next(number for number, text in enumerate(table.label) if text.id == of)
        values = tuple(float(side.result.indicators[of].value or 0.0) for side in (solved, other))
        weights = (_indicator_weights(network, of), _indicator_weights(alone, of))
        return table.label[row], table.unit[row], of in WANTED, weights, (values[0], values[1])
    goal = network.goal
    if goal.worst or alone.goal.worst:
        what = f"the objective `{goal.name}` is that of the worst-off park, not a sum of accounts"
        raise InputError([Problem(None, what, "say what to reconcile with --in, e.g. --in profit")])
    if (goal.name, goal.maximise) != (alone.goal.name, alone.goal.maximise):
        what = f"the two scenarios do not optimise the same: {goal.name} and {alone.goal.name}"
        raise InputError([Problem(None, what, "say what to reconcile with --in, e.g. --in profit")])
    weights = (goal_weights(network), goal_weights(alone))
    values = (solved.solution.objective or 0.0, other.solution.objective or 0.0)
    found = {text.id: text for text in network.indicators.label}
    label = found.get(goal.name, Label(goal.name, goal.name, goal.name))
    return label, goal.unit, goal.maximise, weights, values


def _indicator_weights(network: Network, name: str) -> Floats:
    weights = np.zeros(len(network.accounts.id))
    row = next(number for number, text in enumerate(network.indicators.label) if text.id == name)
    weights[network.indicators.account[row]] = 1.0
    return weights


def _counted(network: Network) -> list[int]:
    """Indicators that add up and are no money."""
    table = network.indicators
    return [row for row in range(len(table.label)) if table.per[row] < 0 and table.unit[row] != network.money]


def kind_of(network: Network, row: int) -> str:
    """Tell whether an indicator counts energy, emissions, or something else."""
    from ..flows.units import QuantityError, parse_quantity

    try:
        parse_quantity(f"1 {network.indicators.unit[row]}").to("GJ")
    except QuantityError:
        table, account = network.accounts, network.indicators.account[row]
        mine = table.factor_material[table.factor_account == account]
        emitted = any(network.materials.kind[material] == "emission" for material in mine.tolist())
        return "emissions" if emitted else "other"
    return "energy"


def _account(
    label: Label,
    unit: str,
    kind: str,
    maximise: bool,
    weights: tuple[Floats, Floats],
    values: tuple[float, float],
    solved: Solved,
    other: Solved,
    here: Side,
    there: Side,
    spared: Mapping[Way, list[Spared]],
    names: Names,
) -> tuple[Account, dict[Way, dict[str, float]]]:
    """Reconcile one account, and return what each exchange has of it, by part."""
    books = [_book(side, weight) for side, weight in zip((solved, other), weights, strict=True)]
    sense = 1.0 if maximise else -1.0
    means = _Means(books, (here, there))
    parts: dict[Way, dict[str, float]] = {}
    credited: dict[Entry, float] = defaultdict(float)
    for way, items in spared.items():
        parts[way] = dict.fromkeys(PARTS, 0.0)
        for entry, value in _credited(way, items, books, means):
            parts[way]["policy" if entry.under else entry.via] += sense * value
            credited[entry] += sense * value
    entries = []
    for entry in dict.fromkeys((*books[0], *books[1])):
        with_it, without = (one.get(entry, 0.0) for one in books)
        gain = sense * (with_it - without)
        if gain or credited[entry]:
            entries.append(_entry(entry, with_it, without, gain, credited[entry], names))
    for entry, value in credited.items():  # an entry that neither answer books has no change, and nothing is credited
        assert entry in books[0] or entry in books[1] or not value
    return Account(label, unit, kind, maximise, *values, tuple(entries)), parts


def _book(solved: Solved, weights: Floats) -> Book:
    assert solved.solution.column_value is not None
    return book(solved.result.network, solved.program, solved.solution.column_value, weights)


def _entry(entry: Entry, with_it: float, without: float, gain: float, credited: float, names: Names) -> LedgerEntry:
    thing = names.thing(entry)
    return LedgerEntry(
        entry.via, entry.park, entry.company, thing, entry.to, entry.under, with_it, without, gain, credited
    )


class _Means:
    """Mean bookings per unit: without exchange, or with it where there is nothing without."""

    def __init__(self, books: list[Book], sides: tuple[Side, Side]) -> None:
        self.books, self.sides = books, sides
        self.under: dict[tuple[str, str, str], list[list[Entry]]] = defaultdict(lambda: [[], []])
        for number, one in enumerate(books):
            for entry in one:
                self.under[entry.via, f"{entry.park}.{entry.company}", entry.thing][number].append(entry)

    def of(self, via: str, place: str, material: str) -> Iterator[tuple[Entry, float]]:
        """Yield each booking of a deal with its value per unit."""
        kind, out = ("disposal", True) if via == "disposal" else ("market", via == "sale")
        for number in (1, 0):
            amount = self.sides[number].pool(Spot(place, material)).total(kind, out=out)
            if amount:
                for entry in self.under[via, place, material][number]:
                    yield entry, self.books[number][entry] / amount
                return


def _credited(way: Way, items: Iterable[Spared], books: list[Book], means: _Means) -> Iterator[tuple[Entry, float]]:
    """Yield what an exchange changes in each booking, as the account counts it."""
    for via, place, material, amount in items:
        for entry, each in means.of(via, place, material):
            yield entry, -amount * each
    if way.from_plant:
        return
    park, company = way.giver.split(".", 1)
    for number, sign in ((0, 1.0), (1, -1.0)):
        for entry in means.under["carriage", way.giver, way.material][number]:
            if (entry.park, entry.company, entry.to) == (park, company, way.taker):
                yield entry, sign * books[number][entry]


def _exchange(
    way: Way,
    amount: float,
    looked: bool,
    here: Side,
    there: Side,
    parts: dict[str, float],
    by_indicator: Mapping[str, Mapping[Way, Mapping[str, float]]],
    spared: list[Spared],
    credit: Credit,
    names: Names,
) -> Exchange:
    giving, taking = here.pool(Spot(way.giver, way.material)), here.pool(Spot(way.taker, way.material))
    sink, source = _parties(way)
    loose = sink in giving.loose or source in taking.loose
    material = names.material(way.material)
    between = "plants" if way.from_plant else "parks" if way.route else "companies"
    missing = tuple(dict.fromkeys(credit.missing))
    return Exchange(
        between=between,
        material=material,
        kind=names.kind(way.material),
        giver=names.place(way.giver, way.from_plant, _ends(giving, "sources", sink)),
        taker=names.place(way.taker, way.to_plant, _ends(taking, "sinks", source)),
        route=way.route,
        amount=amount,
        without=ways_out(Spot(way.giver, way.material), there.pool(Spot(way.giver, way.material))).get(way, 0.0),
        unit=names.unit(way.material),
        unique=not loose if looked else None,
        split=bool(way.from_plant) and giving.split,
        price_giver=_price(giving, sink),
        price_taker=_price(taking, source),
        value=sum(parts.values()),
        parts=parts,
        effects={name: sum(part[way].values()) for name, part in by_indicator.items()},
        spared=tuple(one for one in spared if names.kind(one.material) != "environment"),
        missing=missing or (() if spared or any(parts.values()) else (ledger_phrases.tell("displaces_nothing"),)),
    )


def _parties(way: Way) -> tuple[Party, Party]:
    """Return the end of the flow at the giver, and at the taker."""
    if way.from_plant:
        return Party("plant", way.to_plant), Party("plant", way.from_plant)
    return Party("company", way.taker, way.route), Party("company", way.giver, way.route)


def _ends(pool: Pool, side: str, end: Party) -> tuple[str, ...]:
    """Return the plants that supply the giver's end, or take from the taker's."""
    pairs = [(a, b) if side == "sources" else (b, a) for a, b in pool.pairs]
    return tuple(dict.fromkeys(near.name for near, far in pairs if far == end and near.kind == "plant"))


def _price(pool: Pool, party: Party) -> float | None:
    amount = pool.sinks.get(party, 0.0) + pool.sources.get(party, 0.0)
    return pool.worth[party] / amount if amount else None


def _notes(solved: Solved, rows: tuple[Exchange, ...], effects: list[Account]) -> Iterator[str]:
    tell = ledger_phrases.tell
    if not rows:
        yield tell("none")
    for kind in ("energy", "emissions"):
        if not any(effect.kind == kind for effect in effects):
            yield tell(f"no_{kind}")
    if any(row.missing for row in rows):
        yield tell("in_rest")
    if any(row.unique is False for row in rows):
        yield tell("loose")
    if any(row.split for row in rows):
        yield tell("split")
    yield from solved.result.caveats
