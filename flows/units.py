"""Quantities: `3.95 t`, `13.2 MWh/t`, `120 万t/a`, `90 %`.

The units are our own short list (`known_units`), so that no unit means something unexpected: `h` is
the hour, `a` the year of 8760 h, `t` the tonne, `kcal` the international one of 4.1868 kJ (so that
7000 kcal/kg is 1 tce/t), `Nm3` a cubic metre of gas at 0 °C and 101.325 kPa and never mixed with `m3`.
Energy is a base of its own, and so is each currency: money is exchanged at the rates of a case only
(`currencies`). Temperatures have an offset and are no quantities here.

The usual unit expressions stand in `unit_table.json`, because importing pint takes 200 ms; only an
expression that is not in the table builds a pint registry from the same list. The table is written
by `python -m parkloop.flows.units`, and a test holds the two together. Factors are exact fractions:
100 kt/a is exactly 100000 t/a.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import json
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .problems import TextError

if TYPE_CHECKING:
    import pint


CURRENCIES = ("CNY", "USD", "EUR")
"""units of money, each a base of its own; `元` is another name of the first"""


class QuantityError(TextError):
    """A text is not the quantity that is needed."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit."""

    value: float
    """the number as written, in `unit`"""
    unit: str
    """unit as written (full-width characters made ASCII); "1" for a bare number"""
    factor: float
    """base units per unit; the bases are t, GJ, a, m, Nm3, CNY, USD and EUR"""
    dimension: str
    """kind of quantity: `mass`, `currency/mass`, `mass/time`; "" for a pure number"""

    def to(self, unit: str) -> float:
        """Return the value in another unit; raises QuantityError where the dimensions differ."""
        needed = _unit(unit)
        if needed.dimension != self.dimension:
            raise self._mismatch(unit, needed.dimension)
        return _scaled(self.value, self.unit, unit)

    def __str__(self) -> str:
        number = repr(self.value).removesuffix(".0")
        return number if self.unit == "1" else f"{number} {self.unit}"

    def _mismatch(self, unit: str, dimension: str) -> QuantityError:
        example = Quantity(self.value, unit, 1.0, dimension)
        if self.unit == "1":
            return QuantityError(f"the unit is missing in `{self}`", f"write e.g. `{example}`")
        needed = _kind(dimension) + (f" ({unit})" if unit != "1" else "")
        what = f"{needed} is needed here, but `{self}` is {_kind(self.dimension)}"
        if "currency" in self.dimension and "currency" in dimension:
            return QuantityError(what, f"write it in {unit}: no rate of exchange is stated for it")
        if {"volume", "normal volume"} <= _parts(self.dimension) ^ _parts(dimension):
            mend = "Nm3 is gas at 0 °C and 101.325 kPa, m3 is any volume: use one of them"
            return QuantityError(what, mend)
        return QuantityError(what, f"write e.g. `{example}`")


def parse_quantity(text: str | int | float) -> Quantity:
    """Read a quantity; a bare number is dimensionless. Raises QuantityError."""
    value, unit, label = _split(text)
    if label:
        what = f"`{label}` behind the unit is not part of a quantity"
        raise QuantityError(what, f"write `{_quantity(value, unit)}`")
    return _quantity(value, unit)


def parse_need(text: str) -> tuple[Quantity, str]:
    """Read the need of a slot: `0.655 t CaO` → (0.655 t, "CaO"); without a label it is "".

    Raises QuantityError.
    """
    value, unit, label = _split(text)
    return _quantity(value, unit), label


def unit_dimension(unit: str) -> str:
    """Return the dimension of a unit, "" for a pure number; raises QuantityError if unknown."""
    return _unit(unit).dimension


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """Convert a number between units of one dimension; raises QuantityError."""
    return _quantity(value, from_unit).to(to_unit)


def bracketed(unit: str) -> str:
    """Write a unit as what something is counted per: a product such as `ha·a` in brackets."""
    return f"({unit})" if re.search(r"[*·/]", unit) else unit


def known_units() -> list[tuple[str, str]]:
    """List the units of the language as (name, meaning), the Chinese multiples last."""
    return [(unit.name, unit.meaning) for unit in _UNITS] + [
        (f"{name}…", f"{factor:,} times the unit behind it") for name, factor in _MULTIPLES.items()
    ]


# ---------------------------------------------------------------- the units


class _Definition(NamedTuple):
    name: str
    definition: str
    """in pint's notation; [x] makes it the base of the dimension x"""
    meaning: str


_UNITS = tuple(
    _Definition(*row)
    for row in (
        ("1", "1", "pure number"),
        ("%", "1/100", "per cent"),
        ("‰", "1/1000", "per mille"),
        ("ppm", "1e-6", "parts per million"),
        ("t", "[mass]", "tonne"),
        ("mg", "1e-9 t", "milligram"),
        ("g", "1e-6 t", "gram"),
        ("kg", "1e-3 t", "kilogram"),
        ("kt", "1e3 t", "thousand tonnes"),
        ("Mt", "1e6 t", "million tonnes"),
        ("Gt", "1e9 t", "thousand million tonnes"),
        ("吨", "t", "tonne"),
        ("千克", "kg", "kilogram"),
        ("公斤", "kg", "kilogram"),
        ("GJ", "[energy]", "gigajoule"),
        ("J", "1e-9 GJ", "joule"),
        ("kJ", "1e-6 GJ", "kilojoule"),
        ("MJ", "1e-3 GJ", "megajoule"),
        ("TJ", "1e3 GJ", "terajoule"),
        ("PJ", "1e6 GJ", "petajoule"),
        ("EJ", "1e9 GJ", "exajoule"),
        ("Wh", "3.6e-6 GJ", "watt hour"),
        ("kWh", "3.6e-3 GJ", "kilowatt hour"),
        ("MWh", "3.6 GJ", "megawatt hour"),
        ("GWh", "3.6e3 GJ", "gigawatt hour"),
        ("TWh", "3.6e6 GJ", "terawatt hour"),
        ("千瓦时", "kWh", "kilowatt hour"),
        ("度", "kWh", "kilowatt hour"),
        ("kcal", "4.1868e-6 GJ", "kilocalorie (international), 4.1868 kJ"),
        ("Mcal", "1e3 kcal", "thousand kilocalories"),
        ("Gcal", "1e6 kcal", "million kilocalories"),
        ("tce", "29.3076 GJ", "tonne of standard coal, 29.3076 GJ"),
        ("kgce", "1e-3 tce", "kilogram of standard coal"),
        ("gce", "1e-6 tce", "gram of standard coal"),
        ("ktce", "1e3 tce", "thousand tonnes of standard coal"),
        ("Mtce", "1e6 tce", "million tonnes of standard coal"),
        ("吨标煤", "tce", "tonne of standard coal"),
        ("吨标准煤", "tce", "tonne of standard coal"),
        ("千克标煤", "kgce", "kilogram of standard coal"),
        ("a", "[time]", "year of 365 days, 8760 h"),
        ("d", "a / 365", "day, 24 h"),
        ("h", "a / 8760", "hour"),
        ("min", "h / 60", "minute"),
        ("s", "h / 3600", "second"),
        ("年", "a", "year of 8760 h"),
        ("天", "d", "day"),
        ("小时", "h", "hour"),
        ("W", "Wh / h", "watt"),
        ("kW", "kWh / h", "kilowatt"),
        ("MW", "MWh / h", "megawatt"),
        ("GW", "GWh / h", "gigawatt"),
        ("m", "[length]", "metre"),
        ("mm", "1e-3 m", "millimetre"),
        ("cm", "1e-2 m", "centimetre"),
        ("km", "1e3 m", "kilometre"),
        ("公里", "km", "kilometre"),
        ("m2", "m ** 2", "square metre"),
        ("km2", "km ** 2", "square kilometre"),
        ("ha", "1e4 m2", "hectare"),
        ("mu", "1e4 m2 / 15", "mu, a fifteenth of a hectare"),
        ("平方米", "m2", "square metre"),
        ("公顷", "ha", "hectare"),
        ("亩", "mu", "mu, a fifteenth of a hectare"),
        ("m3", "m ** 3", "cubic metre"),
        ("L", "1e-3 m3", "litre"),
        ("立方米", "m3", "cubic metre"),
        ("Nm3", "[normal_volume]", "cubic metre of gas at 0 °C and 101.325 kPa"),
        ("标方", "Nm3", "cubic metre of gas at 0 °C and 101.325 kPa"),
        ("tkm", "t * km", "tonne-kilometre"),
        ("piece", "[piece]", "one piece: a lamp, a tyre, a vehicle"),
        ("件", "piece", "one piece"),
        ("台", "piece", "one machine"),
        ("辆", "piece", "one vehicle"),
        ("CNY", "[currency]", "Chinese yuan"),
        ("kCNY", "1e3 CNY", "thousand yuan"),
        ("MCNY", "1e6 CNY", "million yuan"),
        ("GCNY", "1e9 CNY", "thousand million yuan"),
        ("元", "CNY", "Chinese yuan"),
        ("USD", "[currency_USD]", "US dollar"),
        ("kUSD", "1e3 USD", "thousand US dollars"),
        ("MUSD", "1e6 USD", "million US dollars"),
        ("GUSD", "1e9 USD", "thousand million US dollars"),
        ("EUR", "[currency_EUR]", "euro"),
        ("kEUR", "1e3 EUR", "thousand euros"),
        ("MEUR", "1e6 EUR", "million euros"),
        ("GEUR", "1e9 EUR", "thousand million euros"),
    )
)
_NAMES = frozenset(unit.name for unit in _UNITS)
_MULTIPLES = {"千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}

_MISTAKES = {
    **dict.fromkeys(("y", "yr", "year", "years", "annum"), "a"),
    **dict.fromkeys(("day", "days", "日"), "d"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours", "时"), "h"),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes", "MT"), "t"),
    **dict.fromkeys(("RMB", "yuan", "Yuan", "¥", "CN¥"), "CNY"),
    **dict.fromkeys(("$", "US$", "dollar", "美元"), "USD"),
    **dict.fromkeys(("€", "euro", "欧元"), "EUR"),
    **dict.fromkeys(("pieces", "pc", "pcs", "unit", "units", "个"), "piece"),
    **dict.fromkeys(("pct", "percent", "wt%"), "%"),
}
_TEMPERATURES = ("°C", "C", "degC", "°F", "degF", "K", "摄氏度")

# What dimensions are called in messages; the others are called by their own text.
_KINDS = {
    "": "a pure number",
    "currency": "an amount of money",
    "currency(USD)": "an amount of US dollars",
    "currency(EUR)": "an amount of euros",
    "energy/time": "a power",
}
_DIMENSIONS = {
    "[currency]": "currency",
    "[currency_USD]": "currency(USD)",
    "[currency_EUR]": "currency(EUR)",
    "[mass]": "mass",
    "[energy]": "energy",
    "[length]": "length",
    "[normal_volume]": "normal volume",
    "[piece]": "count",
    "[time]": "time",
}


def _kind(dimension: str) -> str:
    article = "an" if dimension[:1] in tuple("aeiou") else "a"
    return _KINDS.get(dimension, f"{article} {dimension}")


def _parts(dimension: str) -> set[str]:
    return set(re.split(r"[/·()]", dimension))


# ---------------------------------------------------------------- reading texts

_LONGEST = 200
_LARGEST = 1e30
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SMALL_DIGIT = re.compile(r"[0-9０-９][⁰¹²³⁴-⁹₀-₉]")
_COUNTS = "|".join(sorted(_MULTIPLES, key=len, reverse=True))
_LOOSE = re.compile(rf"\s*([/·])\s*|^({_COUNTS})\s+")
"""signs and multiples with the blanks beside them"""
_NORMAL_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "·", "*": "·", "⋅": "·", "•": "·", "・": "·", "∙": "·"})


def _normal(text: str) -> str:
    """Write full-width characters, square units and the signs of products in one way."""
    if text.isascii() and "*" not in text:
        return text.strip()
    return unicodedata.normalize("NFKC", text).replace("**", "^").translate(_NORMAL_SIGNS).strip()


def _split(text: object) -> tuple[float, str, str]:
    """Split `0.655 t CaO` into number, unit ("1" where there is none) and label."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        shown = {"None": "nothing", "True": "`true`", "False": "`false`"}
        what = f"a quantity is needed here, not {shown.get(str(text), 'a list or a map')}"
        raise QuantityError(what, "write e.g. `3 t`")
    if not isinstance(text, str):
        return _number(text), "1", ""
    if len(text) > _LONGEST:
        raise QuantityError(f"a text of {len(text)} characters is no quantity", "write e.g. `3 t`")
    if raised := _SMALL_DIGIT.search(text):
        raise QuantityError(f"`{raised[0]}` is not read as a power", "write e.g. `1e3 t`")
    normal = _normal(text)
    match = _NUMBER.match(normal)
    if not match:
        raise _no_number(normal)
    rest = normal[match.end() :].strip()
    if rest and rest[0] in "0123456789.,-:~" and not rest.startswith("1/"):
        raise _broken_number(normal, match[0], rest)
    rest = _LOOSE.sub(r"\1\2", rest)
    unit, _, label = rest.partition(" ")
    return _number(match[0]), unit or "1", label.strip()


def _number(text: str | int | float) -> float:
    """Return a finite number of sensible size; raises QuantityError."""
    try:
        value = float(text)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        known = f"`{text}`" if isinstance(text, float) else "a number this large"
        raise QuantityError(f"{known} is not a finite number", "write `unlimited` for no limit")
    if abs(value) > _LARGEST:
        raise QuantityError("a number above 1e30 is too large", "check the exponent or the unit")
    if not value and isinstance(text, str) and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise QuantityError(f"`{text}` is too small to be told from zero", "check the exponent")
    return value


def _no_number(text: str) -> QuantityError:
    if not text:
        return QuantityError("a quantity is missing here", "write e.g. `3 t`")
    mend = "write number, space, unit: e.g. `3 t`"
    if re.fullmatch(r"[+-]?\.?(inf|nan|infinity)\b.*", text, re.IGNORECASE):
        return QuantityError(f"`{text}` is not a finite number", "write `unlimited` for no limit")
    return QuantityError(f"`{text}` does not start with a number", mend)


def _broken_number(text: str, number: str, rest: str) -> QuantityError:
    what = f"the number in `{text}` cannot be read"
    whole = number + rest
    if grouped := re.match(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])", whole):
        plain = whole[: grouped.end()].replace(",", "") + whole[grouped.end() :]
        return QuantityError(what, f"write it without separators: `{plain}`")
    if re.match(r"[+-]?[0-9]+,[0-9]+(?![0-9,])", whole):
        return QuantityError(what, f"write a decimal point: `{whole.replace(',', '.', 1)}`")
    return QuantityError(what, "write one number, a space and the unit: e.g. `1200 t`")


def _quantity(value: float, unit: str) -> Quantity:
    return Quantity(value, *_meaning(unit))


@functools.lru_cache(maxsize=4096)
def _meaning(unit: str) -> tuple[str, float, str]:
    """Return a unit in its normal form, its factor and its dimension; raises QuantityError for what is no unit."""
    unit = _normal(unit)
    known = _unit(unit)
    return unit, float(known.factor), known.dimension


# ---------------------------------------------------------------- reading units


class _Unit(NamedTuple):
    factor: Fraction
    """base units per unit, exact"""
    dimension: str


_NAME = r"(?:[^\W\d_][^\W_]*|[%‰])(?:\^-?[1-3])?"
_PRODUCT = rf"{_NAME}(?:·{_NAME})*"
_GRAMMAR = re.compile(rf"(?:1|{_PRODUCT}|\({_PRODUCT}\))(?:/(?:{_NAME}|\({_PRODUCT}\)))*")
_LONGEST_UNIT = 60
_TABLE = Path(__file__).with_name("unit_table.json")


@functools.cache
def _table() -> dict[str, tuple[str, str]]:
    """Load the usual unit expressions: factor, as a fraction in writing, and dimension."""
    groups = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {unit: (factor, dimension) for dimension, units in groups.items() for unit, factor in units.items()}


@functools.lru_cache(maxsize=4096)
def _unit(text: str) -> _Unit:
    """Return what a unit means; raises QuantityError for what is no unit."""
    text = _normal(text)
    if usual := _table().get(text):
        return _Unit(Fraction(usual[0]), usual[1])
    return _computed(text)


@functools.lru_cache(maxsize=4096)
def _ratio(from_unit: str, to_unit: str) -> tuple[int, int]:
    return (_unit(from_unit).factor / _unit(to_unit).factor).as_integer_ratio()


def _scaled(value: float, from_unit: str, to_unit: str) -> float:
    """Convert with one rounding for ordinary units: multiply before dividing, both by integers."""
    numerator, denominator = _ratio(from_unit, to_unit)
    return value * numerator / denominator


def _computed(text: str) -> _Unit:
    """Let pint work out an expression that is not in the table; raises QuantityError."""
    _check_expression(text)
    registry = _registry()
    one = registry.Quantity(Fraction(1), registry.parse_units(_pint_text(text))).to_base_units()
    dimensions = {_DIMENSIONS[name]: int(str(n)) for name, n in one.dimensionality.items()}
    factor = Fraction(one.magnitude)
    if not 1e-100 < factor < 1e100:
        raise QuantityError(f"the unit `{text}` is out of all proportion", "use fewer powers")
    return _Unit(factor, _dimension_text(dimensions))


def _check_expression(text: str) -> None:
    """Refuse what is not built of known names, products, one-level brackets and quotients."""
    names = re.findall(r"[^/·()^\s]+", re.sub(r"\^-?[0-9]+", "", text))
    for name in names[:_LONGEST_UNIT]:
        if not _is_known(name):
            raise _unknown(name)
    if match := re.fullmatch(rf"([^/]+)/({_NAME}·{_PRODUCT})", text):
        mend = f"write `{match[1]}/({match[2]})`"
        raise QuantityError(f"`{text}` can be read in two ways", mend)
    if len(text) > _LONGEST_UNIT or not _GRAMMAR.fullmatch(text):
        raise QuantityError(f"`{text}` cannot be read as a unit", "write e.g. `t/a` or `CNY/(t·km)`")


def _is_known(name: str) -> bool:
    return name in _NAMES or re.sub(f"^({_COUNTS})(?=.)", "", name) in _NAMES - {"1", "%", "‰"}


def _unknown(name: str) -> QuantityError:
    what = f"unknown unit `{name}`"
    if name in _TEMPERATURES:
        return QuantityError(what, "temperatures are no quantities here: state the energy instead")
    if name in _MULTIPLES:
        return QuantityError(f"the unit behind `{name}` is missing", f"write e.g. `{name}t`")
    folded = {wrong.casefold(): meant for wrong, meant in _MISTAKES.items()}
    folded |= {unit.name.casefold(): unit.name for unit in reversed(_UNITS)}
    close = difflib.get_close_matches(name.casefold(), folded, n=1)
    meant = _MISTAKES.get(name) or (folded[close[0]] if close else "")
    mend = f"did you mean `{meant}`?" if meant else "`parkloop units` lists all units"
    return QuantityError(what, mend)


def _dimension_text(dimensions: dict[str, int]) -> str:
    """Write exponents as people say them: {"mass": 1, "length": -3} → `mass/volume`."""
    above: list[str] = []
    below: list[str] = []
    for name in _DIMENSIONS.values():
        power = dimensions.get(name, 0)
        text = name if abs(power) == 1 else f"{name}^{abs(power)}"
        if name == "length":
            text = {2: "area", 3: "volume"}.get(abs(power), text)
        if power:
            (above if power > 0 else below).append(text)
    if not below:
        return "·".join(above)
    denominator = "·".join(below)
    return f"{'·'.join(above) or '1'}/{f'({denominator})' if len(below) > 1 else denominator}"


# ---------------------------------------------------------------- pint and the table


@functools.cache
def _registry() -> pint.UnitRegistry[Fraction]:
    """Build a registry that knows our units and nothing else, in exact fractions."""
    import pint

    registry: pint.UnitRegistry[Fraction] = pint.UnitRegistry(None, non_int_type=Fraction)
    for name, factor in _MULTIPLES.items():
        registry.define(f"{name}- = {factor}")
    for unit in _UNITS[1:]:
        registry.define(f"{_pint_text(unit.name)} = {unit.definition}")
    return registry


def _pint_text(text: str) -> str:
    """Write a unit expression in pint's notation."""
    signs = {"%": "percent", "‰": "permille", "·": "*", "^": "**"}
    return "".join(signs.get(character, character) for character in text)


_MONEY = "CNY kCNY MCNY GCNY 元 万元 亿元 USD EUR"
_AMOUNTS = (
    "mg g kg t kt Mt Gt 吨 kJ MJ GJ TJ PJ kWh MWh GWh TWh kcal tce kgce ktce Mtce "
    "L m3 Nm3 m2 ha mu 亩 km piece 万t 亿t 万吨 亿吨 万tce 万kWh 亿kWh 万GJ 万m3 亿m3 万Nm3 亿Nm3"
)
_SINGLE = "g kg t 吨 MJ GJ kWh MWh tce L m3 Nm3 m2 ha mu 亩 km piece"
_USUAL = (
    (f"{_AMOUNTS} {_MONEY} 1 %", "a d h 年 天 小时"),
    (f"{_AMOUNTS} {_MONEY}", _SINGLE),
    ("CNY 元 USD EUR kWh MJ g kg t L tce kgce", "(t·km) tkm (GJ·km) (MWh·km) (m3·km) (Nm3·km)"),
    ("t·km kt·km Mt·km 万t·km 亿t·km GJ·km TJ·km MWh·km GWh·km m3·km Nm3·km 万Nm3·km", "a d h"),
    (
        _MONEY,
        "kW MW (t·a) (t·d) (t·h) (GJ·a) (GJ·d) (GJ·h) (MWh·a) (MWh·d) (MWh·h) (m3·a) (m3·d) (m3·h) (Nm3·a) (Nm3·d)",
    ),
    ("CNY t tce", " ".join(f"({unit}·km)" for unit in _SINGLE.split())),
    ("kg t kt 万t tce ktce 万tce", "CNY 万元 亿元"),
    (_MONEY, _MONEY),
    ("gce kgce", "kWh"),
    ("tkm t·km", "a"),
    ("CNY·a 元·a USD·a EUR·a", "t GJ MWh m3 Nm3"),
)
"""numerators and denominators of the unit expressions that ordinary cases use"""


def _usual_expressions() -> Iterator[str]:
    yield from (unit.name for unit in _UNITS[1:])
    yield from f"{_AMOUNTS} {_MONEY}".split()
    for above, below in _USUAL:
        pairs = itertools.product(above.split(), below.split())
        yield from (f"{numerator}/{denominator}" for numerator, denominator in pairs)


def _table_text() -> str:
    """Return the content of `unit_table.json`: dimension → unit → factor to the base, all by pint."""
    groups: dict[str, dict[str, str]] = {"": {"1": "1"}}
    for expression in dict.fromkeys(_usual_expressions()):
        unit = _computed(expression)
        groups.setdefault(unit.dimension, {})[expression] = str(unit.factor)
    return json.dumps(groups, ensure_ascii=False, indent=1) + "\n"


def generate_table() -> None:
    """Write `unit_table.json` anew from pint."""
    _TABLE.write_text(_table_text(), encoding="utf-8")


if __name__ == "__main__":
    generate_table()
