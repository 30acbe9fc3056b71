"""The blocks of a library: materials, processes with their slots, chains, and the pedigree of figures."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from .blocks import (
    WIDEST_PLAIN_GAP,
    Access,
    AnyQuantity,
    Block,
    Confidence,
    Identifier,
    MaterialClass,
    Name,
    PositiveQuantity,
    Share,
    no_negative,
    refuse,
)
from .units import Quantity, QuantityError, parse_need


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


def _wrap_amount(value: object) -> object:
    return value if isinstance(value, dict | Amount) else {"value": value}


def _pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


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
        raise refuse(
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
    displaces: dict[Identifier, PlainAmount] = {}
    """amount of each virgin material that a unit of this one stands in for where production uses it"""
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
        raise refuse("a need is a text", "write e.g. `0.655 t CaO`")
    try:
        quantity, label = parse_need(value)
    except QuantityError as error:
        raise refuse(error.what, error.mend) from error
    return Need(no_negative(quantity), label)


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
            raise refuse(
                f"a closure of {self.gap:.3g} needs a reason (above {WIDEST_PLAIN_GAP:.0%})",
                'write `{gap: 30 %, because: "…"}`',
            )
        return self


def _closure(value: object) -> object:
    return value if isinstance(value, dict | StatedGap) else {"gap": value}


class Norm(Block):
    """What a standard allows a process to use per unit of its product, at up to three levels."""

    standard: str
    """e.g. `GB 21343-2023`"""
    of: str = "energy"
    """`energy`: everything by its `heating_value`; or one material, e.g. `electricity`"""
    net_of_product: bool = False
    """the energy of the main product is deducted too"""
    excludes: list[Identifier] = []
    """materials whose energy does not count, e.g. a feed with a norm of its own"""
    advanced: PositiveQuantity | None = None
    entry: PositiveQuantity | None = None
    """what new plants must keep"""
    limit: PositiveQuantity | None = None
    """what all plants must keep"""
    source: str = ""
    """key in the `sources` of the process"""
    because: str = ""
    """why the recipe lies outside the levels, where it does"""

    @property
    def stated(self) -> list[tuple[str, Quantity]]:
        """The levels that are stated, the strictest first."""
        levels = (("advanced", self.advanced), ("entry", self.entry), ("limit", self.limit))
        return [(name, level) for name, level in levels if level is not None]

    @model_validator(mode="after")
    def _has_a_level(self) -> Self:
        if not self.stated:
            raise refuse("a norm without a level allows anything", "add `limit`, e.g. `limit: 940 kgce/t`")
        return self


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
    norms: dict[Identifier, Norm] = {}
    """what standards allow it to use per unit of its product"""


class Chain(Block):
    """A named, ordered list of processes."""

    name: Name
    processes: list[Identifier] = Field(min_length=1)
    note: str = ""
