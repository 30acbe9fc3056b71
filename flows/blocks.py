"""What every block of the language is made of: quantities, shares, names, and the reading of a node into a block.

`validate_block` turns a YAML node into a block and every mistake into a `Problem` with its position; unknown keys never
pass. Quantities are parsed here, so a field of type `Quantity` already has a number and a unit; whether the unit fits
its material is decided where the material is known (`recipes`, `placing`, `markets`).

Annotations are evaluated as the classes are made (no `annotations` import): pydantic would compile each again.
"""

import functools
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Tag,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from .document import Mapping, Node, Scalar, Sequence
from .problems import Position, Problem, nearest
from .units import Quantity, QuantityError, parse_quantity

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


def refuse(what: str, mend: str = "") -> PydanticCustomError:
    """Return the error of a value that is wrong, in words: what, and the mend."""
    return PydanticCustomError("parkloop", "{what}", {"what": what, "mend": mend})


def as_quantity(value: object) -> Quantity:
    """Read a quantity as people wrote it."""
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refuse("a quantity is needed here", "write a number and its unit, e.g. `3.95 t`")
    if isinstance(value, str) and value.startswith("$"):
        raise refuse(f"there is no parameter `{value[1:]}`", "state it under `parameters:` at the top of the case")
    try:
        return parse_quantity(value)
    except QuantityError as error:
        raise refuse(error.what, error.mend) from error


def no_negative(quantity: Quantity) -> Quantity:
    """Refuse a quantity below zero."""
    if quantity.value < 0:
        raise refuse(f"`{quantity}` is negative", "an amount here is zero or more")
    return quantity


def _share(value: object) -> float:
    quantity = as_quantity(value)
    if quantity.dimension:
        raise refuse(
            f"a share is needed here, but `{quantity}` is a {quantity.dimension}",
            "write e.g. `90 %`",
        )
    if not 0 <= quantity.to("1") <= 1:
        raise refuse(f"`{quantity}` is not a share", "a share lies between 0 % and 100 %")
    return quantity.to("1")


def _limit(value: object) -> Quantity | Literal["unlimited"]:
    return "unlimited" if value == "unlimited" else no_negative(as_quantity(value))


def _identifier(value: str) -> str:
    if not IDENTIFIER.match(value):
        raise refuse(f"`{value}` is not an identifier", IDENTIFIER_MEND)
    return value


def _selector(value: str) -> str:
    kind, dot, name = value.partition(".")
    if kind not in ("class", "tag") or not dot or not name:
        raise refuse(f"`{value}` selects nothing", "write `class.NAME` or `tag.NAME`")
    if kind == "class" and name not in get_args(MaterialClass):
        raise refuse(f"there is no class `{name}`", nearest(name, get_args(MaterialClass)))
    return value


def _period_name(value: str) -> str:
    if not PERIOD_NAME.match(value):
        raise refuse(f"`{value}` is not a name of a period", "use lower-case letters, digits and _")
    return value


QUANTITY_SCHEMA = {"type": ["string", "number"], "examples": ["3.95 t", "13.2 MWh/t", "90 %"]}
AnyQuantity = Annotated[Quantity, BeforeValidator(as_quantity), WithJsonSchema(QUANTITY_SCHEMA)]
PositiveQuantity = Annotated[AnyQuantity, AfterValidator(no_negative)]
Share = Annotated[float, BeforeValidator(_share), WithJsonSchema(QUANTITY_SCHEMA)]
Limit = Annotated[Quantity | Literal["unlimited"], BeforeValidator(_limit), WithJsonSchema(QUANTITY_SCHEMA)]
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
        known = _keys(cls)
        unknown = [key for key in data if key not in known]
        if not unknown:
            return data
        for key in unknown:
            info.context.unknown(data, key, sorted(known), cls)
        return {key: value for key, value in data.items() if key in known}


@functools.cache
def _keys(block: type[Block]) -> frozenset[str]:
    """Return the keys that a kind of block may have."""
    return frozenset(item.alias or name for name, item in block.model_fields.items())


class Name(Block):
    """What people read, in English, in Chinese or in both."""

    en: str = ""
    zh: str = ""

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if not (self.en or self.zh):
            raise refuse("the name is empty", "write `{en: …, zh: …}`, at least one of them")
        return self


class ProfileUse(Block):
    """A named series, one figure a period, times a number or a quantity."""

    profile: Identifier
    times: AnyQuantity = as_quantity(1)
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
    "LoadStep": "a step of load",
    "ReturnFrom": "a return",
    "Returned": "a return",
    "Campaigns": "campaigns",
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
