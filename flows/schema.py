"""The blocks of a case: periods, indicators, policies, objectives, scenarios; and all of them as JSON Schema.

Each class is one block of `docs/language.md`; each field carries its meaning and unit. The blocks of libraries are in
`recipe_schema`, those of parks in `park_schema`, and what all of them are made of in `blocks`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from .blocks import (
    MOST_PERIODS,
    QUANTITY_SCHEMA,
    AnyQuantity,
    AnySeries,
    Block,
    Exchange,
    Identifier,
    Limit,
    Name,
    PeriodName,
    PositiveQuantity,
    PositiveSeries,
    Share,
    refuse,
)
from .measure_schema import Measure
from .park_schema import Investment, Park, Returned, Route, TransportMode
from .recipe_schema import Chain, Material, Pedigree, Process


class Period(Block):
    """A slice of time."""

    duration: PositiveQuantity
    weight: Annotated[float, Field(gt=0)] = 1
    """how often the period occurs"""
    count: Annotated[int, Field(ge=1, le=MOST_PERIODS)] | None = None
    """how many such periods follow each other: `hour_1`, `hour_2`, …"""


class Profile(Block):
    """A named series with one figure for each period: written here, or a column of a file."""

    values: list[AnyQuantity] | None = None
    file: str | None = None
    """path of a CSV or Parquet file, relative to the case"""
    column: str | None = None
    unit: str = "1"
    """unit of the figures in the file"""
    note: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> "Profile":
        if (self.values is None) == (self.file is None):
            raise refuse("a profile has either `values` or `file`", "keep one of them")
        if (self.file is None) != (self.column is None):
            raise refuse("`file` and `column` belong together", "write e.g. `{file: sun.csv, column: sun}`")
        if self.values is not None and self.unit != "1":
            raise refuse("`unit` is that of a file", "each of the `values` carries its own unit")
        return self


AnyFactor = AnySeries
"""one factor for all periods, one for each, or a profile"""
Factors = dict[str, AnyFactor]
Several = Annotated[list[Identifier], Field(min_length=2)]


class Fates(Block):
    """Factors by fate: the key is a material, class.NAME, tag.NAME or property.NAME."""

    bought: Factors = {}
    made: Factors = {}
    used: Factors = {}
    treated: Factors = {}
    sold: Factors = {}
    discarded: Factors = {}
    exchanged: Factors = {}
    shipped: Factors = {}
    displaced: Factors = {}


def _counts(value: object) -> str:
    return "[name]" if isinstance(value, str) else "[factors]"


Side = Annotated[Annotated[Identifier, Tag("[name]")] | Annotated[Fates, Tag("[factors]")], Discriminator(_counts)]
"""one side of a ratio: another indicator by its name, or factors"""


class Ratio(Block):
    """One account over another."""

    of: Side
    to: Side


class Indicator(Pedigree):
    """A linear account over fates, or the ratio of two."""

    name: Name
    unit: str | None = None
    factors: Fates | None = None
    ratio: Ratio | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.factors is None) == (self.ratio is None):
            raise refuse("an indicator has either `factors` or `ratio`", "keep one of them")
        if self.factors is not None and self.unit is None:
            raise refuse("the unit of the indicator is missing", "write e.g. `unit: t`")
        return self


class ServiceIsland(Pedigree):
    """A company of shared plants, whose account is shared by those who use it."""

    name: Name | None = None
    park: Identifier
    company: Identifier | None = None
    """the company that is the island; default: the name of the island"""
    shares: dict[Identifier, AnyQuantity] = Field(min_length=1)
    """what a unit of each material that it delivers, or takes in, counts in the key"""


class Rung(Block):
    """One price step of a policy."""

    price: AnyQuantity
    max: Limit = "unlimited"
    """amount per time"""


class Bank(Block):
    """What becomes of allowances that are not used, free or paid for: they are kept for later periods."""

    limit: Limit = "unlimited"
    """largest amount that is kept"""
    expires: PositiveQuantity | None = None
    """time after which what is kept is lost"""
    initial: PositiveQuantity | None = None
    """amount kept before the first period"""
    borrow: PositiveQuantity | None = None
    """amount that may be taken from later allowances"""


def _bank(value: object) -> object:
    """Read `true` as a bank without limits, `false` as none."""
    return {} if value is True else None if value is False else value


class Growth(Block):
    """How fast an amount may grow from period to period."""

    min: AnyQuantity | None = None
    """share per time, compound"""
    max: AnyQuantity | None = None
    """share per time, compound"""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min is None and self.max is None:
            raise refuse("the growth says nothing", "give it `min` or `max`, e.g. `growth: {max: 10 %/a}`")
        return self


class Policy(Pedigree):
    """A bound or a price on an indicator, or on flows."""

    indicator: Identifier | None = None
    flow: Fates | None = None
    """factors of flows, in place of an indicator"""
    ratio: Ratio | None = None
    """ratio of flows, in place of an indicator"""
    unit: str | None = None
    """unit of `flow`, or of `ratio`"""
    min: AnyQuantity | None = None
    max: AnyQuantity | None = None
    shortage: PositiveQuantity | None = None
    """money per unit by which `min` may be missed"""
    surplus: PositiveQuantity | None = None
    """money per unit by which `max` may be exceeded"""
    price: AnyQuantity | None = None
    steps: list[Rung] | None = Field(default=None, min_length=1)
    """rising prices, in place of `price`"""
    free: PositiveQuantity | None = None
    """amount per time that is free of the price"""
    sell: bool | None = None
    """what is left of `free` is sold at the (first) price; default true"""
    bank: Annotated[Bank | None, BeforeValidator(_bank, json_schema_input_type=bool | Bank)] = None
    """what is not used, free or paid for, is kept for later periods"""
    growth: Growth | None = None
    """how fast the amount may grow from period to period"""
    parks: list[Identifier] | None = Field(default=None, min_length=1)
    companies: list[Identifier] | None = Field(default=None, min_length=1)
    periods: list[PeriodName] | None = Field(default=None, min_length=1)
    each_period: bool = False
    """the policy holds in every period for itself"""

    @model_validator(mode="after")
    def _speaks_of_one_thing(self) -> Self:
        if sum(thing is not None for thing in (self.indicator, self.flow, self.ratio)) != 1:
            what = "a policy speaks of one `indicator`, `flow` or `ratio`"
            raise refuse(what, "write e.g. `indicator: co2`")
        if self.flow is not None and self.unit is None:
            raise refuse("the unit of the flow is missing", "write e.g. `unit: t`")
        if self.indicator is not None and self.unit is not None:
            raise refuse("`unit` belongs to a policy on a `flow` or a `ratio`", "delete `unit`")
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        stated = (self.min, self.max, self.price, self.steps, self.growth)
        if all(thing is None for thing in stated):
            raise refuse("the policy says nothing", "give it `min`, `max`, `price` or `growth`")
        if self.price is not None and self.steps is not None:
            raise refuse("a policy has either `price` or `steps`", "keep one of them")
        if self.shortage is not None and self.min is None:
            raise refuse("a shortage is what misses `min`, which is not given", "add `min` or delete `shortage`")
        if self.surplus is not None and self.max is None:
            raise refuse("a surplus is what exceeds `max`, which is not given", "add `max` or delete `surplus`")
        if self.bank is not None and self.price is None and self.steps is None:
            raise refuse("`bank` needs a price", "add `price` or `steps`")
        if (self.free is not None or self.sell is not None) and self.price is None and self.steps is None:
            raise refuse("`free` and `sell` need a price", "add `price` or `steps`")
        return self


def _aim(value: object) -> object:
    """Read `profit`, `{least: profit}`, `{largest: co2}` or `{cost: 1, co2: 60 CNY/t}`."""
    if isinstance(value, str):
        return {"weights": {value: 1}}
    if isinstance(value, dict) and not {"least", "largest", "weights"} & set(value):
        return {"weights": value}
    return value


class Aim(Block):
    """What is made as large or small as can be."""

    weights: dict[Identifier, AnyQuantity] = Field(default={}, min_length=1)
    least: Identifier | None = None
    """indicator whose least value among the parks counts"""
    largest: Identifier | None = None
    """indicator whose largest value among the parks counts"""


_AIM_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": QUANTITY_SCHEMA},
    ]
}
AnyAim = Annotated[Aim, BeforeValidator(_aim), WithJsonSchema(_AIM_SCHEMA)]


class Stage(Block):
    """What to optimise."""

    maximise: AnyAim | None = None
    minimise: AnyAim | None = None
    tolerance: PositiveQuantity | None = None
    """how far later stages may fall behind: a share of the value, or a quantity"""
    tie_break: bool = False
    """among the best answers, report the one with the least weighted total of all flows"""

    @model_validator(mode="after")
    def _one_sense(self) -> Self:
        if (self.maximise is None) == (self.minimise is None):
            raise refuse("the objective has one sense", "write `{maximise: profit}` or `{minimise: co2}`")
        if self.maximise is not None and self.maximise.largest is not None:
            raise refuse("the largest value of the parks is minimised", "write `{minimise: {largest: …}}`")
        if self.minimise is not None and self.minimise.least is not None:
            raise refuse("the least value of the parks is maximised", "write `{maximise: {least: …}}`")
        return self


def _stages(value: object) -> object:
    return value if isinstance(value, list) else [value]


Objective = Annotated[
    list[Stage],
    BeforeValidator(_stages, json_schema_input_type=Stage | list[Stage]),
    Field(min_length=1),
]
"""one stage, or a list of them in the order of their importance"""


class Scenario(Block):
    """A named overlay on the case."""

    title: Name
    inherits: list[Identifier] = Field([], alias="from")
    """scenarios whose changes are made first, in order"""
    exchange: Exchange | None = None
    coalitions: list[list[str]] | None = None
    apart: list[Several] | None = None
    objective: Objective | None = None
    set: dict[str, Any] = {}
    """value by dotted path"""
    disable: list[str] = []
    """dotted paths of plants, offers, links, routes and policies to leave out"""
    grid: dict[str, list[Any]] = {}
    """values by dotted path; one scenario for each combination"""


class Expectation(Block):
    """What a scenario is expected to answer."""

    status: Literal["optimal", "infeasible", "unbounded"]
    objective: AnyQuantity | None = None
    indicators: dict[Identifier, AnyQuantity] = {}
    totals: dict[str, AnyQuantity] = {}
    """amounts over all parks and periods, by `FATE.MATERIAL`, e.g. `sold.urea`"""
    flows: dict[str, AnyQuantity] = {}
    """amounts of one plant, offer, exchange or shipment over all periods, e.g. `run loop.boiler`"""
    binding: list[str] | None = None
    """the policies that bind, all of them"""
    because: list[str] = []
    """fields that an infeasible scenario must be blocked by, as dotted paths"""
    tolerance: Share = 1e-4
    tolerances: dict[str, AnyQuantity | list[AnyQuantity]] = {}
    """tolerance by quantity: a share of it, an amount, or both in a list, of which the larger counts"""


class Head(Block):
    """What only a case has, its parks aside."""

    case: Identifier
    title: Name
    money: Literal["CNY", "USD", "EUR"] = "CNY"
    currencies: dict[str, PositiveSeries] = {}
    """money of the case per unit of another currency"""
    periods: dict[PeriodName, Period] = {}
    profiles: dict[Identifier, Profile] = {}
    policies: dict[Identifier, Policy] = {}
    service_islands: dict[Identifier, ServiceIsland] = {}
    objective: Objective
    investment: Investment = Investment()
    returns: dict[Identifier, Returned] = {}
    """material that comes back → products that it is made of"""
    exchange: Exchange = "all"
    coalitions: list[list[str]] | None = None
    """companies, as `park.company`, that exchange residues with each other"""
    apart: list[Several] = []
    """lists of parks, between no two of which anything passes"""
    parameters: dict[Identifier, str | int | float | bool] = {}
    """figures written `$name` elsewhere"""
    expect: dict[Identifier, Expectation] = {}


class Library(Block):
    """A file without `case:`; it is included by cases."""

    include: list[str] = []
    materials: dict[Identifier, Material] = {}
    processes: dict[Identifier, Process] = {}
    chains: dict[Identifier, Chain] = {}
    indicators: dict[Identifier, Indicator] = {}
    transport: dict[Identifier, TransportMode] = {}
    parks: dict[Identifier, Park] = {}


class CaseBlock(Head, Library):
    """A file with `case:`."""

    scenarios: dict[Identifier, Scenario] = {}
    measures: dict[Identifier, Measure] = {}
    routes: dict[Identifier, Route] = {}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case, for editors."""
    schema = CaseBlock.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "parkloop case"
    return schema
