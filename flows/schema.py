"""The blocks of the language as typed, frozen objects, and the same as JSON Schema for editors.

Each class is one block of `docs/language.md`; each field carries its meaning and unit. Quantities are parsed here, so a
field of type `Quantity` already has a number and a unit, but whether the unit fits its material is decided where the
material is known (`recipes`, `build`). `validate_block` turns a YAML node into a block and every mistake into a
`Problem` with its position; unknown keys never pass.

Annotations are evaluated as the classes are made (no `annotations` import): pydantic would compile each again.
"""

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from .document import Mapping, Node, Scalar, Sequence
from .problems import Position, Problem, nearest
from .units import Quantity, QuantityError, parse_need, parse_quantity

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")
PER_RATE = re.compile(r"(.*)/\(([^/]+)/([^/]+)\)\s*\Z")
PERIOD_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
WIDEST_PLAIN_GAP = 0.05
"""closure gap above which a recipe must say why"""
MOST_PERIODS = 100_000
"""periods that one `count` may make"""
IDENTIFIER_MEND = "an identifier is lower-case ASCII: letters, digits and _, starting with a letter"

MaterialClass = Literal["raw", "product", "byproduct", "waste", "utility", "emission", "environment"]
Access = Literal["read", "recalled", "computed"]
Confidence = Literal["published", "stoichiometric", "estimate"]
Exchange = Literal["none", "company", "park", "all"]


def _refuse(what: str, mend: str = "") -> PydanticCustomError:
    return PydanticCustomError("parkloop", "{what}", {"what": what, "mend": mend})


def _quantity(value: object) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _refuse("a quantity is needed here", "write a number and its unit, e.g. `3.95 t`")
    if isinstance(value, str) and value.startswith("$"):
        raise _refuse(f"there is no parameter `{value[1:]}`", "state it under `parameters:` at the top of the case")
    try:
        return parse_quantity(value)
    except QuantityError as error:
        raise _refuse(error.what, error.mend) from error


def _no_negative(quantity: Quantity) -> Quantity:
    if quantity.value < 0:
        raise _refuse(f"`{quantity}` is negative", "an amount here is zero or more")
    return quantity


def _share(value: object) -> float:
    quantity = _quantity(value)
    if quantity.dimension:
        raise _refuse(
            f"a share is needed here, but `{quantity}` is a {quantity.dimension}",
            "write e.g. `90 %`",
        )
    if not 0 <= quantity.to("1") <= 1:
        raise _refuse(f"`{quantity}` is not a share", "a share lies between 0 % and 100 %")
    return quantity.to("1")


def _limit(value: object) -> Quantity | Literal["unlimited"]:
    return "unlimited" if value == "unlimited" else _no_negative(_quantity(value))


def _identifier(value: str) -> str:
    if not IDENTIFIER.match(value):
        raise _refuse(f"`{value}` is not an identifier", IDENTIFIER_MEND)
    return value


def _selector(value: str) -> str:
    kind, dot, name = value.partition(".")
    if kind not in ("class", "tag") or not dot or not name:
        raise _refuse(f"`{value}` selects nothing", "write `class.NAME` or `tag.NAME`")
    if kind == "class" and name not in get_args(MaterialClass):
        raise _refuse(f"there is no class `{name}`", nearest(name, get_args(MaterialClass)))
    return value


def _place(place: list[float] | None) -> list[float] | None:
    if place is not None and not (abs(place[0]) <= 90 and abs(place[1]) <= 180):
        raise _refuse(
            f"[{place[0]:g}, {place[1]:g}] is no place on the earth",
            "write [latitude, longitude] in degrees: −90 … 90 and −180 … 180",
        )
    return place


def _loss(share: float) -> float:
    if share == 1:
        raise _refuse("a loss of 100 % lets nothing arrive", "state the share that is lost on the way, e.g. `0.5 %`")
    return share


def _period_name(value: str) -> str:
    if not PERIOD_NAME.match(value):
        raise _refuse(f"`{value}` is not a name of a period", "use lower-case letters, digits and _")
    return value


def _pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _wrap_amount(value: object) -> object:
    return value if isinstance(value, dict | Amount) else {"value": value}


_QUANTITY_SCHEMA = {"type": ["string", "number"], "examples": ["3.95 t", "13.2 MWh/t", "90 %"]}
AnyQuantity = Annotated[Quantity, BeforeValidator(_quantity), WithJsonSchema(_QUANTITY_SCHEMA)]
PositiveQuantity = Annotated[AnyQuantity, AfterValidator(_no_negative)]
Share = Annotated[float, BeforeValidator(_share), WithJsonSchema(_QUANTITY_SCHEMA)]
Limit = Annotated[Quantity | Literal["unlimited"], BeforeValidator(_limit), WithJsonSchema(_QUANTITY_SCHEMA)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Selector = Annotated[str, AfterValidator(_selector)]
PeriodName = Annotated[str, AfterValidator(_period_name)]


@dataclass
class _Reading:
    """Context of one validation: where each plain mapping came from, and the problems met on the way."""

    nodes: dict[int, Mapping] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    kept: list[object] = field(default_factory=list)

    def plain(self, node: Node) -> Any:
        """Turn a node into plain values and remember the node of every mapping."""
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, Sequence):
            return [self.plain(item) for item in node.items]
        plain = {key: self.plain(value) for key, value in node.entries.items()}
        self.nodes[id(plain)] = node
        self.kept.append(plain)  # an id is unique only while its object lives
        return plain

    def unknown(self, data: dict[str, Any], key: str, known: list[str], block: "type[Block]") -> None:
        """Note a key that the block does not have."""
        node = self.nodes.get(id(data))
        position = node.keys.get(key) if node is not None else None
        what = f"unknown key `{key}` in {block_word(block)}"
        mend = nearest(key, known)
        if data[key] is None and " " in key:
            mend = "a comma inside {…} starts a new key: put the whole text in quotes"
        problem = Problem(position, what, mend)
        if problem not in self.problems:  # a union reads a mapping more than once
            self.problems.append(problem)


class Block(BaseModel):
    """A mapping of the language. Unknown keys are collected by the reader and never ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        populate_by_name=True,
        strict=True,
        defer_build=True,  # most blocks are read only as parts of others
    )

    @model_validator(mode="before")
    @classmethod
    def _set_unknown_keys_aside(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict) or not isinstance(info.context, _Reading):
            return data
        known = {item.alias or name for name, item in cls.model_fields.items()}
        unknown = [key for key in data if key not in known]
        for key in unknown:
            info.context.unknown(data, key, sorted(known), cls)
        return {key: value for key, value in data.items() if key in known}


class Name(Block):
    """What people read, in English, in Chinese or in both."""

    en: str = ""
    zh: str = ""

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if not (self.en or self.zh):
            raise _refuse("the name is empty", "write `{en: …, zh: …}`, at least one of them")
        return self


class ProfileUse(Block):
    """A named series, one figure a period, times a number or a quantity."""

    profile: Identifier
    times: AnyQuantity = _quantity(1)
    """what each figure is multiplied by"""

    def __str__(self) -> str:
        times = str(self.times)
        return f"profile {self.profile}" + ("" if times == "1" else f" × {times}")


def _series_kind(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[list]"
    return "[profile]" if isinstance(value, dict | ProfileUse) else "[one]"


_BY_KIND = Discriminator(_series_kind)
_PROFILED = Annotated[ProfileUse, Tag("[profile]")]
AnySeries = Annotated[
    Annotated[AnyQuantity, Tag("[one]")] | Annotated[list[AnyQuantity], Tag("[list]")] | _PROFILED, _BY_KIND
]
"""one quantity for all periods, one for each, or a profile"""
PositiveSeries = Annotated[
    Annotated[PositiveQuantity, Tag("[one]")] | Annotated[list[PositiveQuantity], Tag("[list]")] | _PROFILED, _BY_KIND
]
ShareSeries = Annotated[Annotated[Share, Tag("[one]")] | Annotated[list[Share], Tag("[list]")] | _PROFILED, _BY_KIND]
LimitSeries = Annotated[Annotated[Limit, Tag("[one]")] | Annotated[list[Limit], Tag("[list]")] | _PROFILED, _BY_KIND]


class Citation(Block):
    """Where a figure comes from."""

    cite: str
    """title of the document"""
    publisher: str = ""
    year: int | None = None
    """year of publication"""
    url: str = ""
    access: Access = "recalled"
    """read: seen in the text; recalled: known, not read again; computed: derived, see `note`"""
    gives: list[str] = []
    """what the source supports"""
    note: str = ""


class Pedigree(Block):
    """Blocks whose figures carry a source."""

    sources: dict[Identifier, Citation] = {}
    confidence: Confidence | None = None
    note: str = ""


class Amount(Block):
    """A quantity with its pedigree."""

    value: AnyQuantity
    range: Annotated[tuple[AnyQuantity, AnyQuantity] | None, BeforeValidator(_pair)] = None
    """least and largest value found"""
    source: str = ""
    """key in the `sources` of the block"""
    note: str = ""


PlainAmount = Annotated[Amount, BeforeValidator(_wrap_amount, json_schema_input_type=Amount | str | float)]


def _positive_amount(amount: Amount) -> Amount:
    if amount.value.value < 0:
        raise _refuse(
            f"`{amount.value}` is negative",
            "write what is made under `outputs` and what is used under `inputs`",
        )
    return amount


RecipeAmount = Annotated[PlainAmount, AfterValidator(_positive_amount)]


class Material(Pedigree):
    """Anything that flows and is balanced."""

    name: Name
    kind: MaterialClass = Field(default="product", alias="class")
    unit: str = "t"
    """unit of account"""
    formula: str = ""
    composition: dict[str, Share] = {}
    """mass fraction of compounds, elements and `inert`"""
    density: PositiveQuantity | None = None
    """mass per volume, e.g. `1.977 kg/Nm3`"""
    properties: dict[Identifier, PlainAmount] = {}
    """quantities per unit of the material"""
    tags: list[str] = []


class SlotOption(Block):
    """One material that can fill a slot. Amounts are per unit of that material."""

    gives: PositiveQuantity
    """need covered per unit of the material"""
    inputs: dict[Identifier, RecipeAmount] = {}
    outputs: dict[Identifier, RecipeAmount] = {}
    min_share: Share = 0.0
    """least share of the need"""
    max_share: Share = 1.0
    """largest share of the need"""
    note: str = ""


class SlotLimit(Block):
    """Bounds on the mass fraction of an element or compound in the blend of a slot."""

    min: Share | None = None
    max: Share | None = None


@dataclass(frozen=True)
class Need:
    """A quantity of something that the options of a slot give."""

    quantity: Quantity
    label: str
    """what is counted, e.g. `CaO`"""


def _need(value: object) -> Need:
    if not isinstance(value, str):
        raise _refuse("a need is a text", "write e.g. `0.655 t CaO`")
    try:
        quantity, label = parse_need(value)
    except QuantityError as error:
        raise _refuse(error.what, error.mend) from error
    return Need(_no_negative(quantity), label)


class Slot(Block):
    """An input that several materials can fill."""

    need: Annotated[Need, BeforeValidator(_need), WithJsonSchema({"type": "string"})]
    options: dict[Identifier, SlotOption] = Field(alias="from", min_length=1)
    limits: dict[str, SlotLimit] = {}
    note: str = ""


def _input(value: Any, info: ValidationInfo) -> Amount | Slot:
    if isinstance(value, Amount | Slot):
        return value
    is_slot = isinstance(value, dict) and ("need" in value or "from" in value)
    block: type[Amount | Slot] = Slot if is_slot else Amount
    wrapped = block.model_validate(value if is_slot else _wrap_amount(value), context=info.context)
    return wrapped if isinstance(wrapped, Slot) else _positive_amount(wrapped)


RecipeInput = Annotated[
    Amount | Slot,
    BeforeValidator(_input, json_schema_input_type=Amount | Slot | str | float),
]


class StatedGap(Block):
    """A closure gap that is wide, and why."""

    gap: Share = 0.01
    because: str = ""

    @model_validator(mode="after")
    def _wide_gap_has_a_reason(self) -> Self:
        if self.gap > WIDEST_PLAIN_GAP and not self.because:
            raise _refuse(
                f"a closure of {self.gap:.3g} needs a reason (above {WIDEST_PLAIN_GAP:.0%})",
                'write `{gap: 30 %, because: "…"}`',
            )
        return self


def _closure(value: object) -> object:
    return value if isinstance(value, dict | StatedGap) else {"gap": value}


class Process(Pedigree):
    """A recipe: inputs and outputs per amount of one reference material."""

    name: Name
    kind: Literal["production", "treatment"] = Field(default="production", alias="class")
    per: Annotated[Need, BeforeValidator(_need), WithJsonSchema({"type": "string"})]
    """amount of the reference material, e.g. `1 t magnesium`"""
    inputs: dict[Identifier, RecipeInput] = {}
    outputs: dict[Identifier, RecipeAmount] = {}
    closure: Annotated[StatedGap, BeforeValidator(_closure, json_schema_input_type=StatedGap | str | float)] = (
        StatedGap()
    )
    """allowed gap of mass and of every element"""


class Chain(Block):
    """A named, ordered list of processes."""

    name: Name
    processes: list[Identifier] = Field(min_length=1)
    note: str = ""


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
    lead_time: PositiveQuantity | None = None
    """time from the beginning of the period in which it is built until it can run; default 0"""
    lifetime: PositiveQuantity
    """time for which it can run"""
    rate: Share | None = None
    """interest per year of its annuity; default: that of `investment`"""


class Investment(Block):
    """How building is paid for."""

    budget: PositiveQuantity | None = None
    """most that all building together may cost, money per time"""
    rate: Share | None = None
    """interest per year, where a plant states none"""
    method: Literal["annuity", "cash"] = "annuity"
    """annuity: in equal yearly parts while the capacity stands; cash: when it is built"""


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


class Plant(Pedigree):
    """A process placed in a park."""

    process: Identifier | None = None
    """default: the key of the plant"""
    modes: dict[Identifier, Mode] | None = Field(default=None, min_length=1)
    """alternative recipes in place of `process`; capacity counts the first one's reference unit"""
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
    build: Build | None = None
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

    @model_validator(mode="after")
    def _one_recipe_or_modes(self) -> Self:
        if self.process is not None and self.modes is not None:
            raise _refuse("a plant has either `process` or `modes`", "make the process one of the modes")
        if self.on_off is not None and self.modes is not None:
            raise _refuse("a plant with modes cannot be on or off", "give each recipe a plant of its own with `on_off`")
        fixed_size = self.modes is not None or self.on_off is not None or self.ramp is not None or self.min_load
        if self.build is not None and fixed_size:
            raise _refuse(
                "a plant with `build` cannot have `modes`, `on_off`, `ramp` or `min_load`",
                "delete them, or give the new capacity a plant of its own",
            )
        if self.on_off is not None and self.min_load:
            raise _refuse("`min_load` says that the plant cannot stop, `on_off` that it can", "keep that of `on_off`")
        return self


class Unit(Block):
    """Equipment whose capacity several plants share."""

    name: Name | None = None
    capacity: PositiveQuantity
    """what the unit can do, per time: `300 kt/a`, `8000 h/a`"""
    availability: Share = 1.0
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


class Link(Pedigree):
    """A stated way of a material from one company of a park to another."""

    material: Identifier
    source: Identifier = Field(alias="from")
    """company that gives"""
    target: Identifier = Field(alias="to")
    """company that receives"""
    max: Limit = "unlimited"
    """amount per time"""
    cost: PositiveQuantity | None = None
    """money per amount"""
    loss: Share = 0.0
    """share lost on the way"""


def _end(value: object) -> Quantity | Literal["cyclic", "open"]:
    if value == "cyclic":
        return "cyclic"
    return "open" if value == "open" else _no_negative(_quantity(value))


_END_SCHEMA = {"anyOf": [{"enum": ["cyclic", "open"]}, _QUANTITY_SCHEMA]}
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
    cost: PositiveQuantity | None = None
    """money per amount and time, on the level at the end of each period"""
    fill_rate: PositiveQuantity | None = None
    """largest net inflow, amount per time"""
    draw_rate: PositiveQuantity | None = None
    """largest net outflow, amount per time"""


def ladder_of(offer: Trade | Outlet) -> list[tuple[Any, Any]]:
    """Return the price or cost and the largest amount of each step of an offer."""
    return [step.terms for step in offer.steps or ()]


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
    note: str = ""


class TransportMode(Pedigree):
    """A way of transport that routes go by: rail, road, a pipeline, a wire."""

    name: Name
    cost: PositiveQuantity | None = None
    """money per amount and distance"""
    handling: PositiveQuantity | None = None
    """money per amount, whatever the distance"""
    adds: dict[Identifier, AnyQuantity] = {}
    """indicator → what each amount moved over a distance adds to it"""
    capacity: Limit = "unlimited"
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
    capacity: Limit = "unlimited"
    """amount per time, both directions and all materials together"""
    cost: PositiveQuantity | None = None
    """money per amount and distance, in place of the mode's"""
    handling: PositiveQuantity | None = None
    """money per amount, in place of the mode's"""
    adds: dict[Identifier, AnyQuantity] | None = None
    """indicator → per amount and distance, in place of the mode's"""


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
            raise _refuse("a profile has either `values` or `file`", "keep one of them")
        if (self.file is None) != (self.column is None):
            raise _refuse("`file` and `column` belong together", "write e.g. `{file: sun.csv, column: sun}`")
        if self.values is not None and self.unit != "1":
            raise _refuse("`unit` is that of a file", "each of the `values` carries its own unit")
        return self


Factors = dict[str, AnyQuantity]
Pair = Annotated[list[Identifier], Field(min_length=2, max_length=2)]


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


class Ratio(Block):
    """One account over another."""

    of: Fates
    to: Fates


class Indicator(Pedigree):
    """A linear account over fates, or the ratio of two."""

    name: Name
    unit: str | None = None
    factors: Fates | None = None
    ratio: Ratio | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.factors is None) == (self.ratio is None):
            raise _refuse("an indicator has either `factors` or `ratio`", "keep one of them")
        if self.factors is not None and self.unit is None:
            raise _refuse("the unit of the indicator is missing", "write e.g. `unit: t`")
        if self.ratio is not None and self.unit is not None:
            raise _refuse("a ratio has no unit", "delete `unit`")
        return self


class Rung(Block):
    """One price step of a policy."""

    price: AnyQuantity
    max: Limit = "unlimited"
    """amount per time"""


class Policy(Pedigree):
    """A bound or a price on an indicator, or on flows."""

    indicator: Identifier | None = None
    flow: Fates | None = None
    """factors of flows, in place of an indicator"""
    ratio: Ratio | None = None
    """ratio of flows, in place of an indicator"""
    unit: str | None = None
    """unit of `flow`"""
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
    parks: list[Identifier] | None = Field(default=None, min_length=1)
    companies: list[Identifier] | None = Field(default=None, min_length=1)
    periods: list[PeriodName] | None = Field(default=None, min_length=1)
    each_period: bool = False
    """the policy holds in every period for itself"""

    @model_validator(mode="after")
    def _speaks_of_one_thing(self) -> Self:
        if sum(thing is not None for thing in (self.indicator, self.flow, self.ratio)) != 1:
            what = "a policy speaks of one `indicator`, `flow` or `ratio`"
            raise _refuse(what, "write e.g. `indicator: co2`")
        if self.flow is not None and self.unit is None:
            raise _refuse("the unit of the flow is missing", "write e.g. `unit: t`")
        if self.flow is None and self.unit is not None:
            raise _refuse("`unit` belongs to a policy on a `flow`", "delete `unit`")
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min is None and self.max is None and self.price is None and self.steps is None:
            raise _refuse("the policy says nothing", "give it `min`, `max` or `price`")
        if self.price is not None and self.steps is not None:
            raise _refuse("a policy has either `price` or `steps`", "keep one of them")
        if self.shortage is not None and self.min is None:
            raise _refuse("a shortage is what misses `min`, which is not given", "add `min` or delete `shortage`")
        if self.surplus is not None and self.max is None:
            raise _refuse("a surplus is what exceeds `max`, which is not given", "add `max` or delete `surplus`")
        if (self.free is not None or self.sell is not None) and self.price is None and self.steps is None:
            raise _refuse("`free` and `sell` need a price", "add `price` or `steps`")
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
        {"type": "object", "additionalProperties": _QUANTITY_SCHEMA},
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
            raise _refuse("the objective has one sense", "write `{maximise: profit}` or `{minimise: co2}`")
        if self.maximise is not None and self.maximise.largest is not None:
            raise _refuse("the largest value of the parks is minimised", "write `{minimise: {largest: …}}`")
        if self.minimise is not None and self.minimise.least is not None:
            raise _refuse("the least value of the parks is maximised", "write `{maximise: {least: …}}`")
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
    apart: list[Pair] | None = None
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
    tolerance: Share = 1e-4


class Head(Block):
    """What only a case has, its parks aside."""

    case: Identifier
    title: Name
    money: Literal["CNY", "USD", "EUR"] = "CNY"
    periods: dict[PeriodName, Period] = {}
    profiles: dict[Identifier, Profile] = {}
    policies: dict[Identifier, Policy] = {}
    objective: Objective
    investment: Investment = Investment()
    exchange: Exchange = "all"
    coalitions: list[list[str]] | None = None
    """companies, as `park.company`, that exchange residues with each other"""
    apart: list[Pair] = []
    """pairs of parks between which nothing passes"""
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


class CaseBlock(Head, Library):
    """A file with `case:`."""

    scenarios: dict[Identifier, Scenario] = {}
    parks: dict[Identifier, Park] = Field(min_length=1)
    routes: dict[Identifier, Route] = {}


_FIGURES_SHOWN = 3


def written(value: object) -> str:
    """Return a quantity, a list of them or a profile as messages and tables show it."""
    if not isinstance(value, list):
        return str(value)
    more = f", … ({len(value)} periods)" if len(value) > _FIGURES_SHOWN else ""
    return ", ".join(str(item) for item in value[:_FIGURES_SHOWN]) + more


B = TypeVar("B", bound=Block)

BLOCK_WORDS = {
    "OutletStep": "a step of an outlet",
    "CaseBlock": "a case",
    "Head": "a case",
    "StatedGap": "a closure",
    "SlotOption": "an option of a slot",
    "TransportMode": "a mode of transport",
    "Unit": "a unit",
    "OnOff": "on_off",
    "Stage": "an objective",
    "Rung": "a step",
    "Aim": "an objective",
}


def block_word(block: "type[Block]") -> str:
    """Return how messages call a block: `a plant`, `an indicator`."""
    word = block.__name__.lower()
    return BLOCK_WORDS.get(block.__name__, ("an " if word[0] in "aeiou" else "a ") + word)


def validate_block(block: type[B], node: Node, at: Position | None = None) -> tuple[B | None, list[Problem]]:
    """Read a node as a block of the language; `at` is where its key stands.

    Returns the block (None where anything is wrong with it) and every mistake with its position.
    """
    reading = _Reading()
    value: B | None = None
    try:
        value = block.model_validate(reading.plain(node), context=reading)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            position, key = _locate(node, details["loc"], at or node.position)
            reading.problems.append(Problem(position, *_sentence(details, key)))
    return (None if reading.problems else value), reading.problems


def _locate(node: Node, path: tuple[int | str, ...], position: Position) -> tuple[Position, str]:
    """Return the position of a path of pydantic, which may hold names of types, and the last key met."""
    last = ""
    wants_key = bool(path) and path[-1] == "[key]"
    for part in path:
        if isinstance(node, Mapping) and str(part) in node.entries:
            last = str(part)
            parent, node = node, node.entries[last]
            position = node.position if isinstance(node, Scalar) else parent.keys[last]
            if wants_key:
                position = parent.keys[last]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            position = node.position
    return position, last


_SHAPES = {
    "dict_type": "a mapping `{…}`",
    "model_type": "a mapping `{…}`",
    "model_attributes_type": "a mapping `{…}`",
    "list_type": "a list `[…]`",
    "tuple_type": "a list `[…]`",
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
}


def _sentence(details: ErrorDetails, key: str) -> tuple[str, str]:
    """Put an error of pydantic into words of the language: what is wrong, and the mend."""
    kind, context, given = details["type"], details.get("ctx", {}), details["input"]
    if given is None:
        return f"`{key}` is empty", "give it a value or delete the key"
    if kind == "parkloop":
        return str(context["what"]), str(context["mend"])
    if kind == "missing":
        return f"the key `{details['loc'][-1]}` is missing", f"add `{details['loc'][-1]}: …` here"
    if kind == "too_short":
        return f"`{key}` is empty", "name at least one, or delete the key"
    if kind == "literal_error":
        return f"`{given}` is not possible for `{key}`", f"it is one of {context['expected']}"
    if kind in _SHAPES:
        return f"`{key}` must be {_SHAPES[kind]}", _seen(given)
    return f"`{key}`: {details['msg'][0].lower()}{details['msg'][1:]}", _seen(given)


def _seen(given: object) -> str:
    return f"found `{str(given)[:60]}`" if isinstance(given, str | int | float | bool) else ""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case, for editors."""
    schema = CaseBlock.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "parkloop case"
    return schema
