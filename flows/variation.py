"""Variations: what `--vary PATH=…` says of one value of a case: a list, steps between two ends, or a distribution.

    parks.x.buy.coal.price=300:600 CNY/t          anything between two ends, all alike
    parks.x.buy.coal.price=300:600:4 CNY/t        four steps, both ends among them
    parks.x.buy.coal.price=300, 400, 500 CNY/t    these values; exchange=none, park, all likewise
    parks.x.buy.coal.price=normal(420, 40 CNY/t)  a distribution: see `LAWS`

A number without a unit takes that of the last one that has any. Paths are judged where values are laid over a case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .problems import InputError, Problem, nearest
from .tables import Floats
from .units import Quantity, QuantityError, parse_quantity

MOST_STEPS = 100_000
"""steps of one variation"""
EXAMPLE = (
    "write e.g. `PATH=300:600 CNY/t`, `PATH=300:600:4 CNY/t`, `PATH=300, 400 CNY/t` or `PATH=normal(420, 40 CNY/t)`"
)


@dataclass(frozen=True)
class Law:
    """A distribution, within two ends where it is truncated. Parameters are in the unit of the variation."""

    name: str
    parameters: tuple[float, ...]
    low: float = -np.inf
    high: float = np.inf

    def at(self, share: Floats) -> Floats:
        """Return the values (n,) below which these shares (n,) of the distribution lie, 0 < share < 1."""
        if np.isfinite(self.low) or np.isfinite(self.high):
            below, above = LAWS[self.name].share(np.array([self.low, self.high]), *self.parameters)
            share = below + (above - below) * share
            return np.clip(LAWS[self.name].value(share, *self.parameters), self.low, self.high)
        return LAWS[self.name].value(share, *self.parameters)


@dataclass(frozen=True)
class Variation:
    """What one path of a case is to be: one of some values, or drawn from a distribution."""

    path: str
    stated: str
    """what was written behind the path"""
    unit: str
    """unit of all figures, "1" for pure numbers; "" where the values are words"""
    values: tuple[float, ...] | tuple[str, ...] = ()
    law: Law | None = None

    @property
    def is_numeric(self) -> bool:
        """Its values are figures."""
        return self.unit != ""

    def at(self, share: Floats) -> tuple[float, ...] | tuple[str, ...]:
        """Return the values that belong to shares (n,) between 0 and 1: of the distribution, or of the list."""
        if self.law is not None:
            return tuple(self.law.at(np.clip(share, 1e-12, 1 - 1e-12)).tolist())
        place = np.minimum((share * len(self.values)).astype(int), len(self.values) - 1)
        return tuple(self.values[i] for i in place.tolist())

    def setting(self, value: float | str) -> str:
        """Return `PATH=VALUE` as `--set` takes it."""
        if isinstance(value, str):
            return f"{self.path}={value}"
        return f"{self.path}={value!r}" if self.unit == "1" else f"{self.path}={value!r} {self.unit}"


def read_variations(texts: tuple[str, ...]) -> tuple[Variation, ...]:
    """Read some `PATH=…`. Raises InputError with all that cannot be read."""
    found, problems = [], []
    for text in texts:
        try:
            found.append(_variation(text))
        except QuantityError as error:
            problems.append(Problem(None, f"`--vary {text}`: {error.what}", error.mend))
    paths = [it.path for it in found]
    twice = dict.fromkeys(path for path in paths if paths.count(path) > 1)
    problems += [Problem(None, f"`{path}` is varied twice", "keep one of the two `--vary`") for path in twice]
    if problems:
        raise InputError(problems)
    return tuple(found)


def _variation(text: str) -> Variation:
    path, equals, stated = (part.strip() for part in text.partition("="))
    if not equals or not path or not stated:
        raise QuantityError("it is not PATH=VALUES", EXAMPLE)
    if call := re.fullmatch(r"([a-z_]+)\s*\((.*)\)", stated, re.DOTALL):
        law, unit = _law(call[1], _split(call[2], ","))
        return Variation(path, stated, unit, law=law)
    if len(ends := _split(stated, ":")) > 1:
        return _range(path, stated, ends)
    items = _split(stated, ",")
    if any(not item for item in items):
        raise QuantityError("a value is missing between two commas", EXAMPLE)
    if not any(re.match(r"[-+.−]?[0-9０-９.]", item) for item in items):
        return Variation(path, stated, "", tuple(items))
    if any(item == "unlimited" for item in items):
        return Variation(path, stated, "", _spelled(items))
    figures, unit = _figures(items)
    return Variation(path, stated, unit, figures)


def _spelled(items: list[str]) -> tuple[str, ...]:
    """Return quantities and the word `unlimited` as words, each number with its unit."""
    _, unit = _figures([item for item in items if item != "unlimited"])
    words = []
    for item in items:
        bare = item != "unlimited" and _quantity(item).unit == "1" != unit
        words.append(f"{item} {unit}" if bare else item)
    return tuple(words)


def _range(path: str, stated: str, ends: list[str]) -> Variation:
    if len(ends) > 3:
        raise QuantityError("a range has two ends and at most a number of steps", EXAMPLE)
    steps = None
    if len(ends) == 3:  # the unit may stand behind the last number: 300:600:4 CNY/t
        number, _, unit = ends[2].partition(" ")
        if not number.isdigit() or not 2 <= int(number) <= MOST_STEPS:
            raise QuantityError(f"`{number}` is no number of steps", f"write a whole number from 2 to {MOST_STEPS}")
        steps = int(number)
        if unit and _quantity(ends[1]).unit == "1":
            ends[1] = f"{ends[1]} {unit}"
    (low, high), unit = _figures(ends[:2])
    if not low < high:
        raise QuantityError(f"the range begins at {low:g} and ends at {high:g}", "write the lower end first")
    if steps is None:
        return Variation(path, stated, unit, law=Law("uniform", (low, high)))
    return Variation(path, stated, unit, tuple(np.linspace(low, high, steps).tolist()))


def _law(name: str, items: list[str]) -> tuple[Law, str]:
    if name == "truncated":
        inner = re.fullmatch(r"([a-z_]+)\s*\((.*)\)", items[0], re.DOTALL)
        if inner is None or len(items) != 3:
            raise QuantityError(
                "a truncated distribution has a distribution and two ends",
                "write e.g. `truncated(normal(420, 40 CNY/t), 300, 600 CNY/t)`",
            )
        law, unit = _law(inner[1], _split(inner[2], ","))
        (low, high), _ = _figures([*items[1:]], unit)
        below, above = LAWS[law.name].share(np.array([low, high]), *law.parameters)
        if not above - below > 1e-9:
            what = f"nothing of the distribution lies between {low:g} and {high:g} {unit}"
            raise QuantityError(what, "move the two ends apart")
        return Law(law.name, law.parameters, low, high), unit
    if name not in LAWS:
        raise QuantityError(f"unknown distribution `{name}`", nearest(name, (*LAWS, "truncated")))
    shape = LAWS[name]
    if len(items) != len(shape.takes) or not all(items):
        raise QuantityError(f"`{name}` takes {' and '.join(shape.takes)}", f"write e.g. `{shape.example}`")
    pure = items[1:] if name == "lognormal" else []
    figures, unit = _figures(items[:1] if pure else items)
    figures += tuple(_quantity(item).to("1") for item in pure)
    if not shape.allows(*figures):
        raise QuantityError(f"`{name}` needs {shape.needs}", f"write e.g. `{shape.example}`")
    return Law(name, figures), unit


def _figures(items: list[str], unit: str = "1") -> tuple[tuple[float, ...], str]:
    """Return figures in one unit: that of the last item that has one, or the given one."""
    quantities = [_quantity(item) for item in items]
    unit = next((q.unit for q in reversed(quantities) if q.unit != "1"), unit) if unit == "1" else unit
    return tuple(q.value if q.unit == "1" else q.to(unit) for q in quantities), unit


def _quantity(text: str) -> Quantity:
    return parse_quantity(text)


def _split(text: str, sign: str) -> list[str]:
    """Split a text at a sign that stands outside all brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


@dataclass(frozen=True)
class _Shape:
    """One kind of distribution: value below which a share lies, share below a value, and what it takes."""

    value: Callable[..., Floats]
    share: Callable[..., Floats]
    takes: tuple[str, ...]
    allows: Callable[..., bool]
    needs: str
    example: str


def _normal_value(share: Floats, mean: float, deviation: float) -> Floats:
    from scipy.special import ndtri

    return np.asarray(mean + deviation * ndtri(share))


def _normal_share(value: Floats, mean: float, deviation: float) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr((value - mean) / deviation))


def _log(value: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value > 0, np.log(np.maximum(value, 0)), -np.inf)


def _triangular_value(share: Floats, low: float, mode: float, high: float) -> Floats:
    rising = share * (high - low) < mode - low
    up = low + np.sqrt(share * (high - low) * (mode - low))
    down = high - np.sqrt((1 - share) * (high - low) * (high - mode))
    return np.where(rising, up, down)


def _triangular_share(value: Floats, low: float, mode: float, high: float) -> Floats:
    x = np.clip(value, low, high)
    up = (x - low) ** 2 / ((high - low) * max(mode - low, 1e-300))
    down = 1 - (high - x) ** 2 / ((high - low) * max(high - mode, 1e-300))
    return np.where(x < mode, up, down)


LAWS = {
    "uniform": _Shape(
        lambda share, low, high: low + (high - low) * share,
        lambda value, low, high: np.clip((value - low) / (high - low), 0.0, 1.0),
        ("the lower end", "the upper end"),
        lambda low, high: low < high,
        "its lower end first",
        "uniform(300, 600 CNY/t)",
    ),
    "normal": _Shape(
        _normal_value,
        _normal_share,
        ("the mean", "the standard deviation"),
        lambda mean, deviation: deviation > 0,
        "a standard deviation above zero",
        "normal(420, 40 CNY/t)",
    ),
    "triangular": _Shape(
        _triangular_value,
        _triangular_share,
        ("the lower end", "the likeliest value", "the upper end"),
        lambda low, mode, high: low <= mode <= high and low < high,
        "its three figures in rising order",
        "triangular(300, 400, 600 CNY/t)",
    ),
    "lognormal": _Shape(
        lambda share, middle, spread: middle * np.exp(_normal_value(share, 0.0, spread)),
        lambda value, middle, spread: _normal_share(_log(value), float(np.log(middle)), spread),
        ("the median", "the standard deviation of the logarithm, a pure number"),
        lambda middle, spread: middle > 0 and spread > 0,
        "a median and a deviation above zero",
        "lognormal(420 CNY/t, 0.2)",
    ),
}
"""distributions by name; `truncated(DISTRIBUTION, LOW, HIGH)` cuts any of them"""
