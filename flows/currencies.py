"""Currencies: prices in other money than that of the case, at the rates that the case states.

A rate is money of the case per unit of the other currency: one figure, or one for each period. A figure is converted
only where it does not fit as it stands: its unit and the unit that is needed are both written in the money of the case.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .problems import nearest
from .profiles import Series, quantity
from .tables import Floats
from .units import CURRENCIES, Quantity, QuantityError, unit_dimension

if TYPE_CHECKING:
    from .draft import Draft

Rates = Mapping[str, float | Floats]
"""money of the case per unit of a currency: one figure, or (T,) one for each period"""


def read_currencies(draft: Draft) -> dict[str, float | Floats]:
    """Return the rates that the case states; what is wrong with one is noted, and it is left out."""
    case, rates = draft.case, {}
    for name, rate in case.head.currencies.items():
        position = case.key_at("currencies", name)
        if name == case.money:
            mend = "delete its rate, or choose another `money`"
            draft.findings.error(position, f"`{name}` is the money of the case", mend)
        elif name not in CURRENCIES:
            draft.findings.error(position, f"`{name}` is no currency", _known(name, case.money))
        else:
            found = draft.series(rate, case.money, "currencies", name)
            if found is not None and np.any(np.asarray(found) <= 0):
                what = f"one {name} is worth `{rate}`"
                mend = f"write what one {name} costs, e.g. `{name}: 6.3 {case.money}`"
                draft.findings.error(case.value_at("currencies", name), what, mend)
            elif found is not None:
                rates[name] = found
    return rates


def _known(name: str, money: str) -> str:
    base = next((known for known in CURRENCIES if name.endswith(known)), "")
    if base and base != money:
        return f"write the rate of one {base}: `{base}: … {money}`"
    return nearest(name, CURRENCIES) or f"known are {', '.join(CURRENCIES)}"


def converted(value: Quantity | Series, unit: str, money: str, rates: Rates) -> float | Floats:
    """Return a figure in a unit, exchanged at the rates where one of the two is in another currency.

    Raises QuantityError where it does not fit, or where no rate is stated.
    """
    try:
        return value.to(unit)
    except QuantityError as error:
        have, need = _in_money(value.unit, money), _in_money(unit, money)
        if have is None or need is None or unit_dimension(have[0]) != unit_dimension(need[0]):
            raise
        if missing := [name for name, _ in (*have[1], *need[1]) if name not in rates]:
            raise QuantityError(error.what, _mend(missing[0], money, unit)) from error
    figure = Series(value.values, have[0]).to(need[0]) if isinstance(value, Series) else _to(value, have[0], need[0])
    for name, power in have[1]:
        figure = figure * rates[name] ** power
    for name, power in need[1]:
        figure = figure / rates[name] ** power
    return figure


def steady(value: float | Floats, value_text: str, money: str) -> float:
    """Return a figure that cannot differ between periods; raises QuantityError where it does."""
    if isinstance(value, float | int):
        return float(value)
    if np.ptp(value):
        what = f"the rate of exchange differs between periods, which `{value_text}` cannot follow here"
        raise QuantityError(what, f"write the figure in {money}")
    return float(value[0])


def _to(value: Quantity, have: str, need: str) -> float:
    return quantity(value.value, have).to(need)


def _mend(name: str, money: str, unit: str) -> str:
    return f"state its rate in the case, `currencies: {{{name}: … {money}}}`, or write the figure in {unit}"


_NAMES = re.compile(r"[^\W\d_][^\W_]*")
_ENDINGS = {**{name: name for name in CURRENCIES}, "元": "CNY"}


@functools.lru_cache(maxsize=1024)
def _in_money(unit: str, money: str) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """Write the money of the case in place of other currencies: the unit, and the (currency, power) of each.

    None where a currency stands in a power. `kUSD/t` in CNY is `kCNY/t` and one USD above the line.
    """
    powers: list[tuple[str, int]] = []
    above, line, below = unit.partition("/")
    if "^" in unit and any(ending in unit for ending in _ENDINGS):
        return None

    def exchanged(text: str, power: int) -> str:
        def replace(match: re.Match[str]) -> str:
            for ending, base in _ENDINGS.items():
                if base != money and match[0].endswith(ending):
                    powers.append((base, power))
                    return match[0].removesuffix(ending) + money
            return match[0]

        return _NAMES.sub(replace, text)

    written = exchanged(above, 1) + line + exchanged(below, -1)
    return written, tuple(powers)
