"""The blocks of a park and between parks: plants, shared units, offers, links, stores, transport and routes."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from .blocks import (
    PER_RATE,
    QUANTITY_SCHEMA,
    AnyQuantity,
    AnySeries,
    Block,
    Identifier,
    Limit,
    LimitSeries,
    Name,
    PositiveQuantity,
    PositiveSeries,
    Selector,
    Share,
    ShareSeries,
    as_quantity,
    no_negative,
    refuse,
)
from .recipe_schema import Pedigree
from .units import Quantity


class Run(Block):
    """What a plant does, per time."""

    min: PositiveSeries | None = None
    max: PositiveSeries | None = None


def _per_rate(value: object) -> object:
    """Read money per capacity, `CNY/(t/a)`, as `CNY·a/t`."""
    return PER_RATE.sub(r"\1·\3/\2", value) if isinstance(value, str) else value


class Build(Block):
    """New capacity of a plant that may be built."""

    cost: Annotated[PositiveQuantity, BeforeValidator(_per_rate)]
    """money per capacity, e.g. `3000 CNY/(t/a)`"""
    max: Limit = "unlimited"
    """largest new capacity that stands at one time"""
    step: PositiveQuantity | None = None
    """capacity of one whole step, which makes the program an integer one; default: built continuously"""
    pace: PositiveQuantity | None = None
    """most that is built, capacity per time, e.g. `20 kt/a/a`"""
    lead_time: PositiveQuantity | None = None
    """time from the beginning of the period in which it is built until it can run; default 0"""
    lifetime: PositiveQuantity
    """time for which it can run"""
    rate: Share | None = None
    """interest per year of its annuity; default: that of `investment`"""


class Retire(Block):
    """Existing capacity of a plant that may be closed for good."""

    cost: Annotated[PositiveQuantity, BeforeValidator(_per_rate)] | None = None
    """money per capacity that is closed, e.g. `200 CNY/(t/a)`; default 0"""
    step: PositiveQuantity | None = None
    """capacity of one whole step, which makes the program an integer one; default: closed continuously"""


class Investment(Block):
    """How building is paid for."""

    budget: PositiveQuantity | None = None
    """most that all building together may cost, money per time"""
    rate: Share | None = None
    """interest per year, where a plant states none"""
    method: Literal["annuity", "cash"] = "annuity"
    """annuity: in equal yearly parts while the capacity stands; cash: when it is built"""


class ParkInvestment(Block):
    """How much the companies of a park may spend on building."""

    budget: PositiveQuantity
    """most that their building together may cost, money per time"""


class OnOff(Block):
    """A plant that is either on or off, which makes the program an integer one."""

    min_load: Share
    """share of the available capacity below which the plant never runs while it is on"""
    start_cost: PositiveQuantity | None = None
    """money per start"""
    min_up: PositiveQuantity | None = None
    """least time on after a start"""
    min_down: PositiveQuantity | None = None
    """least time off after a stop"""


class Mode(Block):
    """An alternative recipe of a plant, sharing its capacity."""

    process: Identifier
    name: Name | None = None
    takes: PositiveQuantity | None = None
    """capacity that one reference unit of the mode needs; default 1"""
    variable_cost: AnyQuantity | None = None
    """money per reference amount of the mode; default: that of the plant"""


class Campaigns(Block):
    """A plant with modes that works in one mode at a time, which makes the program an integer one."""

    least: PositiveQuantity | None = None
    """least time in a mode after a changeover to it"""
    changeover_cost: PositiveQuantity | None = None
    """money per changeover"""
    changeover_time: PositiveQuantity | None = None
    """time lost by a changeover, out of the period that begins with it"""


class LoadStep(Block):
    """What a plant does up to a share of its available capacity."""

    to: Share
    """share of the available capacity at which the step ends"""
    process: Identifier | None = None
    """recipe of what is done within the step; default: that of the plant"""
    more: dict[Identifier, PositiveQuantity] = {}
    """input without mass → share by which the step takes more of it than its recipe says"""
    variable_cost: AnyQuantity | None = None
    """money per reference amount done within the step; default: that of the plant"""


class Plant(Pedigree):
    """A process placed in a park."""

    process: Identifier | None = None
    """default: the key of the plant"""
    modes: dict[Identifier, Mode] | None = Field(default=None, min_length=1)
    """alternative recipes in place of `process`; capacity counts the first one's reference unit"""
    campaigns: Campaigns | None = None
    """the plant is set up for one of its modes at a time"""
    name: Name | None = None
    company: Identifier | None = None
    capacity: Limit
    """reference amount per time"""
    availability: ShareSeries = 1.0
    """share of the period in which the plant can run"""
    maintenance: PositiveQuantity | None = None
    """time per year in which the plant is down, spread evenly over the periods"""
    min_load: Share = 0.0
    """share of the available capacity below which the plant never runs"""
    on_off: OnOff | None = None
    load: list[LoadStep] | None = Field(default=None, min_length=1)
    """steps of load with recipes of their own"""
    ordered: bool = False
    """whole numbers see to it that a step of `load` is full before the next one begins"""
    build: Build | None = None
    retire: Retire | None = None
    adds: dict[Identifier, Annotated[AnyQuantity, BeforeValidator(_per_rate)]] = {}
    """indicator → what each unit of standing capacity adds to it over time, e.g. `{land: 0.3 ha/(kt/a)}`"""
    retire_by: str | int | None = None
    """period from which the existing capacity is gone"""
    run: Run | None = None
    fix: PositiveSeries | None = None
    """pins the run, reference amount per time"""
    ramp: PositiveQuantity | None = None
    """largest change of the run between neighbouring periods, share of capacity per time"""
    variable_cost: AnyQuantity | None = None
    """money per reference amount"""
    fixed_cost: PositiveQuantity | None = None
    """money per reference amount of capacity"""

    @property
    def has_parts(self) -> bool:
        """What the plant does is several runs: modes, or steps of load."""
        return self.modes is not None or self.load is not None

    @model_validator(mode="after")
    def _one_recipe_or_modes(self) -> Self:
        if self.process is not None and self.modes is not None:
            raise refuse("a plant has either `process` or `modes`", "make the process one of the modes")
        if self.campaigns is not None and self.modes is None:
            raise refuse("campaigns are of `modes`, which are not given", "add `modes` or delete `campaigns`")
        if self.on_off is not None and self.modes is not None:
            raise refuse("a plant with modes cannot be on or off", "give each recipe a plant of its own with `on_off`")
        fixed_size = self.has_parts or self.on_off is not None or self.ramp is not None or self.min_load
        if (self.build is not None or self.retire is not None) and fixed_size:
            word = "build" if self.build is not None else "retire"
            raise refuse(
                f"a plant with `{word}` cannot have `modes`, `load`, `on_off`, `ramp` or `min_load`",
                "delete them, or give the new capacity a plant of its own",
            )
        if self.load is not None and (self.modes is not None or self.on_off is not None or self.ramp is not None):
            raise refuse(
                "a plant with `load` cannot have `modes`, `on_off` or `ramp`",
                "delete them, or give what switches a plant of its own",
            )
        if self.ordered and self.load is None:
            raise refuse(
                "`ordered` speaks of the steps of `load`, which is not given", "add `load` or delete `ordered`"
            )
        if self.on_off is not None and self.min_load:
            raise refuse("`min_load` says that the plant cannot stop, `on_off` that it can", "keep that of `on_off`")
        return self


class Unit(Block):
    """Equipment whose capacity several plants share."""

    name: Name | None = None
    capacity: PositiveQuantity
    """what the unit can do, per time: `300 kt/a`, `8000 h/a`"""
    availability: ShareSeries = 1.0
    """share of the period in which the unit can work"""
    min_load: Share = 0.0
    """share of the available capacity below which the unit never works"""
    users: dict[Identifier, PositiveQuantity] = Field(min_length=1)
    """plant → what one reference unit of it takes of the unit"""


class Step(Block):
    """One rung of a price ladder."""

    price: AnySeries
    max: LimitSeries = "unlimited"

    @property
    def terms(self) -> tuple[AnySeries, LimitSeries]:
        """What a unit costs or brings, and the largest amount."""
        return self.price, self.max


class OutletStep(Block):
    """One rung of a ladder of disposal costs."""

    cost: AnySeries
    max: LimitSeries = "unlimited"

    @property
    def terms(self) -> tuple[AnySeries, LimitSeries]:
        """What a unit costs, and the largest amount."""
        return self.cost, self.max


class Trade(Pedigree):
    """An offer to buy or to sell."""

    price: AnySeries | None = None
    """money per amount"""
    min: PositiveSeries | None = None
    max: LimitSeries = "unlimited"
    """amount per time"""
    company: list[Identifier] | None = None
    steps: list[Step] | None = None


class Outlet(Pedigree):
    """An offer to take something away."""

    cost: AnySeries | None = None
    """money per amount; negative is a payment received"""
    min: PositiveSeries | None = None
    max: LimitSeries = "unlimited"
    company: list[Identifier] | None = None
    steps: list[OutletStep] | None = None


def _loss(share: float) -> float:
    if share == 1:
        raise refuse("a loss of 100 % lets nothing arrive", "state the share that is lost on the way, e.g. `0.5 %`")
    return share


class Link(Pedigree):
    """A stated way of a material from one company of a park to another."""

    material: Identifier
    source: Identifier = Field(alias="from")
    """company that gives"""
    target: Identifier = Field(alias="to")
    """company that receives"""
    max: LimitSeries = "unlimited"
    """amount per time"""
    cost: PositiveQuantity | None = None
    """money per amount"""
    loss: Share = 0.0
    """share lost on the way"""
    build: Build | None = None
    """what may be added to `max`"""


def _end(value: object) -> Quantity | Literal["cyclic", "open"]:
    if value == "cyclic":
        return "cyclic"
    return "open" if value == "open" else no_negative(as_quantity(value))


_END_SCHEMA = {"anyOf": [{"enum": ["cyclic", "open"]}, QUANTITY_SCHEMA]}
End = Annotated[Quantity | Literal["cyclic", "open"], BeforeValidator(_end), WithJsonSchema(_END_SCHEMA)]


class Store(Pedigree):
    """Stock of a material that is carried from period to period."""

    name: Name | None = None
    material: Identifier
    company: Identifier | None = None
    plant: Identifier | None = None
    """plant whose own balance it serves, where plants keep the material to themselves"""
    capacity: Limit
    """largest level at the end of a period"""
    initial: PositiveQuantity | None = None
    """level before the first period; free where the end is cyclic, else none"""
    end: End = "cyclic"
    """cyclic: as it began; open: as it comes; or the least level after the last period"""
    loss: PositiveQuantity | None = None
    """share of the level lost per time"""
    cost: PositiveSeries | None = None
    """money per amount and time, on the level at the end of each period"""
    build: Build | None = None
    """what may be added to `capacity`"""
    fill_rate: PositiveSeries | None = None
    """largest net inflow, amount per time"""
    draw_rate: PositiveSeries | None = None
    """largest net outflow, amount per time"""


def ladder_of(offer: Trade | Outlet) -> list[tuple[Any, Any]]:
    """Return the price or cost and the largest amount of each step of an offer."""
    return [step.terms for step in offer.steps or ()]


def _place(place: list[float] | None) -> list[float] | None:
    if place is not None and not (abs(place[0]) <= 90 and abs(place[1]) <= 180):
        raise refuse(
            f"[{place[0]:g}, {place[1]:g}] is no place on the earth",
            "write [latitude, longitude] in degrees: −90 … 90 and −180 … 180",
        )
    return place


class Park(Block):
    """A site: plants, offers and stores."""

    name: Name
    at: Annotated[Annotated[list[float], Field(min_length=2, max_length=2)] | None, AfterValidator(_place)] = None
    """latitude and longitude, degrees"""
    companies: dict[Identifier, Name] = {}
    plants: dict[Identifier, Plant] = {}
    units: dict[Identifier, Unit] = {}
    buy: dict[Identifier, Trade] = {}
    sell: dict[Identifier, Trade] = {}
    discard: dict[Identifier, Outlet] = {}
    links: dict[Identifier, Link] = {}
    stores: dict[Identifier, Store] = {}
    investment: ParkInvestment | None = None
    note: str = ""


class ReturnFrom(Block):
    """What comes back of one product."""

    product: Identifier
    share: PositiveQuantity
    """part of what is sold, by mass, or an amount per amount"""
    after: PositiveQuantity
    """time from the sale until it comes back"""
    before: PositiveQuantity | None = None
    """what was sold before the first period, amount per time"""
    parks: list[Identifier] | None = Field(default=None, min_length=1)
    """parks whose sales come back; default: all"""


class Returned(Pedigree):
    """A material that can only be bought as products that were sold come back."""

    source: list[ReturnFrom] = Field(alias="from", min_length=1)
    parks: list[Identifier] | None = Field(default=None, min_length=1)
    """parks whose purchases are limited; default: all"""
    must_take: bool = False
    """all that comes back is bought"""


class TransportMode(Pedigree):
    """A way of transport that routes go by: rail, road, a pipeline, a wire."""

    name: Name
    cost: PositiveQuantity | None = None
    """money per amount and distance"""
    handling: PositiveQuantity | None = None
    """money per amount, whatever the distance"""
    adds: dict[Identifier, AnyQuantity] = {}
    """indicator → what each amount moved over a distance adds to it"""
    capacity: LimitSeries = "unlimited"
    """amount times distance per time, over all routes"""
    excludes: list[Selector] = []
    """what may not be carried: `class.NAME` or `tag.NAME`"""
    detour: Annotated[float, Field(ge=1)] = 1.0
    """length of the way over the great circle, 1"""


class Route(Pedigree):
    """A lane between two parks."""

    name: Name | None = None
    start: Identifier = Field(alias="from")
    end: Identifier = Field(alias="to")
    by: Identifier
    """mode of transport"""
    distance: PositiveQuantity | None = None
    """length of the way; default: great circle between the parks times the detour of the mode"""
    carries: list[Identifier] = Field(min_length=1)
    """materials"""
    both_ways: bool = False
    """the route carries in both directions"""
    loss: Annotated[Share, AfterValidator(_loss)] = 0.0
    """share lost on the way"""
    capacity: LimitSeries = "unlimited"
    """amount per time, both directions and all materials together"""
    build: Build | None = None
    """what may be added to `capacity`"""
    cost: PositiveQuantity | None = None
    """money per amount and distance, in place of the mode's"""
    handling: PositiveQuantity | None = None
    """money per amount, in place of the mode's"""
    adds: dict[Identifier, AnyQuantity] | None = None
    """indicator → per amount and distance, in place of the mode's"""
