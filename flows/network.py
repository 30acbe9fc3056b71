"""Network: a checked case as integer-indexed tables, ready to become a linear program.

Every table is a struct of arrays: row *i* of each array speaks of the same thing, and an integer in one table is
the row number in another. ``T`` is the number of periods. Amounts of a material are in the material's own unit
(its ``unit`` field), activity of a plant in the unit of its reference material, money in the money of the case,
time in years. Nothing here is scaled: scaling is the affair of `models`.

Tables are compared by identity: their arrays have no single truth value.

`origin` arrays hold row numbers of `Network.origins`, the place in the YAML that caused the entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .document import Position
from .standing import Budgets, Builds, Capacities, Retirements

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


class Fate(IntEnum):
    """What an indicator's factor weighs. `USED` is use by production, `TREATED` use by a treatment process, and
    `DISPLACED` use by production again, weighed by what the material stands in for."""

    BOUGHT = 0
    MADE = 1
    USED = 2
    TREATED = 3
    SOLD = 4
    DISCARDED = 5
    EXCHANGED = 6
    SHIPPED = 7
    DISPLACED = 8


class OfferKind(IntEnum):
    """The three ways a material crosses the boundary of a park."""

    BUY = 0
    SELL = 1
    DISCARD = 2


@dataclass(frozen=True)
class Label:
    """What people read of a thing: its identifier and its names in two languages."""

    id: str
    en: str
    zh: str


@dataclass(frozen=True)
class Origin:
    """The place in the YAML that caused a row or a column, and the dotted path of the entry there."""

    position: Position
    path: str


@dataclass(frozen=True, eq=False, repr=False)
class Periods:
    """Slices of time."""

    id: tuple[str, ...]
    duration: Floats
    """(T,) length of one occurrence, a"""
    weight: Floats
    """(T,) how often the period occurs, 1"""


@dataclass(frozen=True, eq=False, repr=False)
class Materials:
    """All materials that occur in the network."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    """unit of account: t, MWh, GJ, …"""
    kind: tuple[str, ...]
    """class of the material: raw, product, byproduct, waste, utility, emission, environment"""


@dataclass(frozen=True, eq=False, repr=False)
class Companies:
    """Owners of plants, park by park."""

    label: tuple[Label, ...]
    park: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Nodes:
    """Balances: one material of one company in one park (of one plant where exchange is `none`)."""

    company: Ints
    plant: Ints
    """plant whose own balance this is, or -1 where the whole company shares it"""
    material: Ints
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Plants:
    """Processes placed in parks. A run is the amount of the reference material in a period."""

    label: tuple[Label, ...]
    process: tuple[Label, ...]
    company: Ints
    reference: Ints
    """material whose amount the run counts"""
    treatment: Bools
    """the process only makes a waste harmless"""
    capacity: Floats
    """(T, n) nameplate, reference units per period; inf where unlimited"""
    lower: Floats
    """(T, n) least run: the highest of minimum load, run.min and fix, reference units per period"""
    upper: Floats
    """(T, n) largest run: the lowest of available capacity, run.max and fix, reference units per period"""
    variable_cost: Floats
    """(n,) money per reference unit"""
    fixed_cost: Floats
    """(T, n) money per period, whatever the run"""
    origin: Ints
    lower_origin: Ints
    """(n,), or (T, n) where it differs between periods; likewise `upper_origin`"""
    upper_origin: Ints
    ramp: Floats = field(default_factory=lambda: np.empty(0))
    """(n,) largest change of the run between neighbouring periods, share of capacity per year; inf where none.
    Empty where no plant has one; likewise `ramp_origin`"""
    ramp_origin: Ints = field(default_factory=lambda: np.empty(0, np.int32))

    def plant_id(self, row: int) -> str:
        """Return the plant as the case calls it: a mode `x.mode` is a row of its own, but belongs to plant `x`."""
        return self.label[row].id.partition(".")[0]


@dataclass(frozen=True, eq=False, repr=False)
class Units:
    """Capacities that several runs share: units of a park, and plants with modes."""

    label: tuple[Label, ...]
    park: Ints
    unit: tuple[str, ...]
    """what the capacity is counted in: t, h, …"""
    lower: Floats
    """(T, n) least work, capacity units per period"""
    upper: Floats
    """(T, n) available capacity, capacity units per period; inf where unlimited"""
    lower_origin: Ints
    """(n,), or (T, n) where it differs between periods; likewise `upper_origin`"""
    upper_origin: Ints
    term_unit: Ints
    """(k,) row of this table a term belongs to"""
    term_plant: Ints
    """(k,) plant whose run takes capacity"""
    term_factor: Floats
    """(k,) capacity units per reference unit of the plant"""

    @classmethod
    def empty(cls) -> Units:
        """Return a table without units."""
        none, table = np.empty(0, np.int32), np.empty((1, 0))
        return cls((), none, (), table, table, none, none, none, none, np.empty(0))


@dataclass(frozen=True, eq=False, repr=False)
class Commitments:
    """Plants that are either on or off in a period."""

    plant: Ints
    least: Floats
    """(T, n) least run while on, reference units per period"""
    start_cost: Floats
    """(n,) money per start"""
    min_up: Floats
    """(n,) least time on after a start, a; 0 where none"""
    min_down: Floats
    """(n,) least time off after a stop, a; 0 where none"""
    origin: Ints
    least_origin: Ints

    @classmethod
    def empty(cls) -> Commitments:
        """Return a table without plants that switch."""
        none, zero = np.empty(0, np.int32), np.empty(0)
        return cls(none, np.empty((1, 0)), zero, zero, zero, none, none)


@dataclass(frozen=True, eq=False, repr=False)
class Campaigns:
    """Modes of plants that work in one mode at a time: k modes, each of them on or off as `Commitments` says."""

    label: tuple[Label, ...]
    """(n,) plants"""
    park: Ints
    """(n,) park of each plant"""
    origin: Ints
    """(n,)"""
    plant: Ints
    """(k,) row of this table"""
    commitment: Ints
    """(k,) row of `Commitments`"""
    lost: Floats
    """(T, k) what a changeover to the mode takes of its capacity, reference units"""

    @classmethod
    def empty(cls) -> Campaigns:
        """Return a table without campaigns."""
        none = np.empty(0, np.int32)
        return cls((), none, none, none, none, np.empty((1, 0)))


@dataclass(frozen=True, eq=False, repr=False)
class LoadSteps:
    """Neighbouring steps of plants whose recipe changes with load: pairs that are filled one after the other."""

    earlier: Ints
    """plant row of a step"""
    later: Ints
    """plant row of the step after it"""
    whole: Bools
    """whole numbers see to the order; otherwise the answer is only checked for it"""
    origin: Ints

    @classmethod
    def empty(cls) -> LoadSteps:
        """Return a table without steps."""
        none = np.empty(0, np.int32)
        return cls(none, none, np.empty(0, bool), none)


@dataclass(frozen=True, eq=False, repr=False)
class Entries:
    """Recipe lines of plants: what a run makes and uses. Input and output of one material stay two lines."""

    plant: Ints
    node: Ints
    amount: Floats
    """material units per reference unit; positive is made, negative is used"""
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Slots:
    """Inputs that several materials can fill."""

    id: tuple[str, ...]
    plant: Ints
    need: Floats
    """need units per reference unit of the plant"""
    unit: tuple[str, ...]
    """what the need is counted in, e.g. `t CaO`"""
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Options:
    """Ways to fill a slot. Fills are in units of the filling material per period."""

    slot: Ints
    node: Ints
    gives: Floats
    """need units per material unit"""
    min_share: Floats
    """least share of the need, 1; 0 where none is stated"""
    max_share: Floats
    """largest share of the need, 1; 1 where none is stated"""
    origin: Ints
    min_origin: Ints
    max_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class OptionEntries:
    """What else a unit of fill makes (positive) or uses (negative)."""

    option: Ints
    node: Ints
    amount: Floats
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class SlotLimits:
    """Bounds on the mass fraction of an element or compound in the blend that fills a slot.

    Fills count as mass here: `mass` turns a unit of the filling material into tonnes.
    """

    slot: Ints
    substance: tuple[str, ...]
    lower: Floats
    """least mass fraction, 1; -inf where none"""
    upper: Floats
    """largest mass fraction, 1; inf where none"""
    origin: Ints
    term_limit: Ints
    """(k,) row of this table the term belongs to"""
    term_option: Ints
    """(k,) option"""
    term_content: Floats
    """(k,) tonnes of the substance per unit of fill"""
    term_mass: Floats
    """(k,) tonnes per unit of fill"""


@dataclass(frozen=True, eq=False, repr=False)
class Offers:
    """Markets and outlets of a park, the implicit ones of emissions and environment included."""

    kind: Ints
    """`OfferKind`"""
    park: Ints
    material: Ints
    implicit: Bools
    """made by the class of the material, not stated by the case"""
    lower: Floats
    """(T, n) least amount over all steps and companies, material units per period; 0 where none"""
    origin: Ints
    lower_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Steps:
    """Price steps of offers, in the order in which a rational party takes them."""

    offer: Ints
    price: Floats
    """(T, n) money per material unit: paid for buy, received for sell, paid for discard"""
    upper: Floats
    """(T, n) largest amount over all companies, material units per period; inf where unlimited"""
    origin: Ints
    upper_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Deals:
    """Columns of the market: the use of one price step by one node."""

    step: Ints
    node: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Exchanges:
    """Columns between companies of one park: from a node that makes a material to one that can use it."""

    source: Ints
    """node that gives"""
    target: Ints
    """node that receives"""
    upper: Floats
    """(T, n) largest amount given, material units per period; inf where unlimited"""
    cost: Floats
    """(n,) money per material unit given"""
    loss: Floats
    """(n,) share lost on the way, 1"""
    origin: Ints
    upper_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class TransportModes:
    """Ways of transport that routes go by."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    """what the capacity is counted in, e.g. `t·km`; "" where unlimited"""
    capacity: Floats
    """(T, n) amount times distance per period, over all routes; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints

    @classmethod
    def empty(cls) -> TransportModes:
        """Return the table of a case without routes."""
        return cls((), (), np.zeros((1, 0)), _no_rows(), _no_rows())


@dataclass(frozen=True, eq=False, repr=False)
class Routes:
    """Lanes between parks."""

    label: tuple[Label, ...]
    start: Ints
    """park"""
    end: Ints
    """park"""
    mode: Ints
    distance: Floats
    """(n,) length of the way, km"""
    unit: tuple[str, ...]
    """what the capacity is counted in, e.g. `t`; "" where unlimited"""
    capacity: Floats
    """(T, n) amount per period, both directions and all materials together; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints

    @classmethod
    def empty(cls) -> Routes:
        """Return the table of a case without routes."""
        rows = _no_rows()
        return cls((), rows, rows, rows, np.zeros(0), (), np.zeros((1, 0)), rows, rows)


@dataclass(frozen=True, eq=False, repr=False)
class Shipments:
    """Columns along routes: from a node that makes a material to one in the other park that can use it.

    A shipment counts what is sent, in units of the material.
    """

    route: Ints
    source: Ints
    """node that sends"""
    target: Ints
    """node that receives"""
    loss: Floats
    """(n,) share lost on the way, 1"""
    cost: Floats
    """(n,) money per unit sent: distance and handling"""
    load: Floats
    """(n,) what a unit takes of the capacity of its route, in the unit of that; 0 where unlimited"""
    haul: Floats
    """(n,) what a unit takes of the capacity of its mode of transport, in the unit of that; 0 where unlimited"""
    origin: Ints
    add_shipment: Ints
    """(k,) row of this table"""
    add_account: Ints
    """(k,) account that the shipment adds to, in the park that sends"""
    add_value: Floats
    """(k,) account units per unit sent"""
    add_origin: Ints

    @classmethod
    def empty(cls) -> Shipments:
        """Return the table of a case without routes."""
        rows, none = _no_rows(), np.zeros(0)
        return cls(rows, rows, rows, none, none, none, none, rows, rows, rows, none, rows)


def _no_rows() -> Ints:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False, repr=False)
class Stores:
    """Stocks of one material at a node, carried from period to period."""

    label: tuple[Label, ...]
    node: Ints
    capacity: Floats
    """(n,) largest level at the end of a period, material units; inf where unlimited"""
    opening_lower: Floats
    """(n,) least level before the first period, material units; the same as `opening_upper` where it is stated"""
    opening_upper: Floats
    """(n,) largest level before the first period, material units"""
    cyclic: Bools
    """(n,) the last level equals the opening one"""
    end_lower: Floats
    """(n,) least level after the last period, material units; 0 where none is stated"""
    keep: Floats
    """(T, n) share of the level before a period that is left after it, 1"""
    cost: Floats
    """(T, n) money per material unit of the level at the end of the period"""
    fill: Floats
    """(T, n) largest net inflow, material units per period; inf where unlimited"""
    draw: Floats
    """(T, n) largest net outflow, material units per period; inf where unlimited"""
    origin: Ints
    capacity_origin: Ints
    opening_origin: Ints
    end_origin: Ints
    fill_origin: Ints
    draw_origin: Ints

    @classmethod
    def empty(cls) -> Stores:
        """Return no stores."""
        none, zero, table = np.empty(0, np.int32), np.empty(0), np.empty((1, 0))
        return cls(
            (), none, zero, zero, zero, np.empty(0, bool), zero, table, table, table, table,
            none, none, none, none, none, none,
        )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Returns:
    """Materials that come back some time after products were sold: n materials, k ways of coming back."""

    material: Ints
    must_take: Bools
    """(n,) all that comes back is bought; otherwise it is the most that can be"""
    origin: Ints
    source_row: Ints
    """(k,) row of this table"""
    source_share: Floats
    """(k,) what comes back of a unit of the product, material units"""
    source_after: Floats
    """(k,) time from the sale until it comes back, a"""
    source_before: Floats
    """(k,) units of the product sold per year before the first period"""
    sale_source: Ints
    """(j,) way of coming back"""
    sale_deal: Ints
    """(j,) deal that sells the product"""
    take_row: Ints
    """(i,) row of this table"""
    take_deal: Ints
    """(i,) deal that buys what comes back"""

    @classmethod
    def empty(cls) -> Returns:
        """Return a table of nothing that comes back."""
        none, zero = np.empty(0, np.int32), np.empty(0)
        return cls(none, np.empty(0, bool), none, none, zero, zero, zero, none, none, none, none)


@dataclass(frozen=True, eq=False, repr=False)
class Accounts:
    """Linear accounts over flows. The first four are revenue, cost, profit and value_added, in money."""

    id: tuple[str, ...]
    factor_account: Ints
    """(k,) account of a factor"""
    factor_fate: Ints
    """(k,) `Fate`"""
    factor_material: Ints
    """(k,) material"""
    factor_value: Floats
    """(k,), or (T, k) where one differs between periods: account units per material unit"""
    factor_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Indicators:
    """What is reported: an account, or the ratio of two."""

    label: tuple[Label, ...]
    unit: tuple[str, ...]
    account: Ints
    """numerator, or the account itself"""
    per: Ints
    """denominator account, or -1 where the indicator is no ratio"""
    origin: Ints
    scale: Floats = field(default_factory=lambda: np.empty(0))
    """(n,) units of the numerator that a ratio of one `unit` has per unit of the denominator; 1 for others"""


def _none() -> Floats:
    return np.empty(0)


def _nobody() -> Ints:
    return np.empty(0, np.int32)


def _nowhere() -> Bools:
    return np.empty((0, 0), bool)


@dataclass(frozen=True, eq=False, repr=False)
class Policies:
    """Bounds and prices on indicators, or on flows that no indicator names.

    Columns that are left out say nothing: every company and period is covered, together, and bounds are hard.
    """

    id: tuple[str, ...]
    indicator: Ints
    """indicator it speaks of, or -1 where it weighs flows itself"""
    park: Bools
    """(n, parks) parks it covers"""
    lower: Floats
    """indicator units over the covered periods (a ratio as it is); -inf where none"""
    upper: Floats
    """indicator units over the covered periods (a ratio as it is); inf where none"""
    price: Floats
    """money per indicator unit, 0 where none"""
    origin: Ints
    account: Ints = field(default_factory=_nobody)
    """(n,) account of a policy without indicator, numerator of a ratio; -1 for others"""
    per: Ints = field(default_factory=_nobody)
    """(n,) denominator account of a policy without indicator, or -1"""
    unit: tuple[str, ...] = ()
    """unit of the amount that the policy counts; for a ratio that of its numerator"""
    ratio_unit: tuple[str, ...] = ()
    """unit of the ratio that a policy counts; `1` for a share, and for what is no ratio"""
    scale: Floats = field(default_factory=_none)
    """(n,) units of the numerator that a ratio of one `ratio_unit` has per unit of the denominator; 1 for others"""
    company: Bools = field(default_factory=_nowhere)
    """(n, companies) companies it covers, of its parks"""
    period: Bools = field(default_factory=_nowhere)
    """(n, T) periods it covers"""
    each: Bools = field(default_factory=lambda: np.empty(0, bool))
    """(n,) the bounds hold in every covered period for itself, each by its share of the time"""
    shortage: Floats = field(default_factory=_none)
    """(n,) money per unit below the lower bound; inf where the bound is hard"""
    surplus: Floats = field(default_factory=_none)
    """(n,) money per unit above the upper bound; inf where the bound is hard"""
    free: Floats = field(default_factory=_none)
    """(n,) allowance that is free of the price, indicator units per a"""


@dataclass(frozen=True, eq=False, repr=False)
class Rungs:
    """Rising price steps of policies whose payment is not simply price times indicator."""

    policy: Ints
    price: Floats
    """money per indicator unit"""
    upper: Floats
    """size of the step, indicator units per a; inf where unlimited"""
    lower: Floats
    """0, or -inf for a step at which what is left of the allowance is sold: the first, or one that only sells, where
    what is kept expires and so what is paid for must be told from what is sold"""
    origin: Ints

    @classmethod
    def empty(cls) -> Rungs:
        """Return no steps."""
        return cls(_nobody(), _none(), _none(), _none(), _nobody())


@dataclass(frozen=True, eq=False, repr=False)
class Banks:
    """Allowances that policies keep from one period for later ones, in indicator units."""

    policy: Ints
    lower: Floats
    """(T, n) least level at the end of a period; negative where it may be borrowed"""
    upper: Floats
    """(n,) largest level at the end of a period; inf where unlimited"""
    initial: Floats
    """(n,) level before the first period"""
    alive: Floats
    """(T, n) of what was free, and there before the first period, what has not expired as the next period begins; inf
    where nothing expires"""
    oldest: Ints
    """(T, n) first period whose allowances have not expired as the next period begins; T where all have"""
    origin: Ints

    @classmethod
    def empty(cls) -> Banks:
        """Return no banks."""
        table = np.empty((1, 0))
        return cls(_nobody(), table, _none(), _none(), table, table.astype(np.int32), _nobody())


@dataclass(frozen=True, eq=False, repr=False)
class Growths:
    """Policies that limit how fast their amount grows from period to period."""

    policy: Ints
    least: Floats
    """share per year, compound; -inf where none"""
    most: Floats
    """share per year, compound; inf where none"""
    origin: Ints

    @classmethod
    def empty(cls) -> Growths:
        """Return no limits of growth."""
        return cls(_nobody(), _none(), _none(), _nobody())


@dataclass(frozen=True, eq=False, repr=False)
class Islands:
    """Companies of shared plants, whose accounts are shared after the solve by those who use them."""

    label: tuple[Label, ...]
    company: Ints
    unit: tuple[str, ...]
    """unit of the key"""
    origin: Ints
    term_island: Ints
    """(k,) row of this table"""
    term_material: Ints
    """(k,) material that counts in the key"""
    term_weight: Floats
    """(k,) key units per material unit"""
    term_gives: Bools
    """(k,) the island makes it, and what others take counts; else what others give it"""

    @classmethod
    def empty(cls) -> Islands:
        """Return no islands."""
        return cls((), _nobody(), (), _nobody(), _nobody(), _nobody(), _none(), np.empty(0, bool))


@dataclass(frozen=True, eq=False, repr=False)
class Goal:
    """One stage of an objective: a weighted sum of indicators, over all parks or in the park that is worst off."""

    name: str
    unit: str
    maximise: bool
    indicator: Ints
    """(k,) indicators, never ratios"""
    factor: Floats
    """(k,) units of the goal per indicator unit"""
    worst: bool
    """the park with the least (when maximising) or the largest value counts, in place of the sum"""
    tolerance: float
    """how far later stages may fall behind: a share of the value, or units of the goal"""
    relative: bool
    """the tolerance is a share"""
    origin: int


@dataclass(frozen=True, eq=False, repr=False)
class Surcharges:
    """Money that an extension puts on columns, in one period each; booked into cost and profit."""

    columns: tuple[str, ...]
    """name of the block of columns: run, fill, deal or exchange"""
    column: Ints
    """column within the block"""
    period: Ints
    company: Ints
    """company it is booked with"""
    value: Floats
    """money per user unit of the column, each time the period occurs"""

    @staticmethod
    def empty() -> Surcharges:
        """Return the table of a case without an extension."""
        empty = np.zeros(0, np.int32)
        return Surcharges((), empty, empty, empty, np.zeros(0))


@dataclass(frozen=True)
class Caveat:
    """Something every answer that uses a plant must say."""

    plant: int
    what: str


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A case with one scenario applied, checked and indexed."""

    case: str
    scenario: str
    title: Label
    money: str
    parks: tuple[Label, ...]
    periods: Periods
    materials: Materials
    companies: Companies
    nodes: Nodes
    plants: Plants
    entries: Entries
    slots: Slots
    options: Options
    option_entries: OptionEntries
    slot_limits: SlotLimits
    offers: Offers
    steps: Steps
    deals: Deals
    exchanges: Exchanges
    accounts: Accounts
    indicators: Indicators
    policies: Policies
    objective: int
    """indicator to optimise (never a ratio)"""
    maximise: bool
    objective_origin: int
    origins: tuple[Origin, ...]
    caveats: tuple[Caveat, ...] = ()
    units: Units = field(default_factory=Units.empty)
    capacities: Capacities = field(default_factory=Capacities.empty)
    builds: Builds = field(default_factory=Builds.empty)
    retirements: Retirements = field(default_factory=Retirements.empty)
    budgets: Budgets = field(default_factory=Budgets.empty)
    commitments: Commitments = field(default_factory=Commitments.empty)
    load_steps: LoadSteps = field(default_factory=LoadSteps.empty)
    returns: Returns = field(default_factory=Returns.empty)
    campaigns: Campaigns = field(default_factory=Campaigns.empty)
    transport_modes: TransportModes = field(default_factory=TransportModes.empty)
    routes: Routes = field(default_factory=Routes.empty)
    shipments: Shipments = field(default_factory=Shipments.empty)
    surcharges: Surcharges = field(default_factory=Surcharges.empty)
    stores: Stores = field(default_factory=Stores.empty)
    rungs: Rungs = field(default_factory=Rungs.empty)
    banks: Banks = field(default_factory=Banks.empty)
    growths: Growths = field(default_factory=Growths.empty)
    islands: Islands = field(default_factory=Islands.empty)
    goals: tuple[Goal, ...] = ()
    """stages of the objective, the first one first; none where `objective` says it all"""
    tie_break: bool = False
    """among the best answers, the one with the least weighted total of all flows is reported"""

    @property
    def stages(self) -> tuple[Goal, ...]:
        """Stages of the objective, one at least."""
        if self.goals:
            return self.goals
        text, unit = self.indicators.label[self.objective], self.indicators.unit[self.objective]
        chosen = np.array([self.objective], np.int32)
        return (Goal(text.id, unit, self.maximise, chosen, np.ones(1), False, 0.0, True, self.objective_origin),)

    @property
    def goal(self) -> Goal:
        """The last stage of the objective, to which all shadow prices belong."""
        return self.stages[-1]
