"""The oracle's returns, against cases worked by hand.

A works sells 100 t/a of batteries at 150 CNY/t, of cobalt bought at 100 or won from 1 t of scrap at 20: a tonne earns
50 or 130. Periods are the years 0–2, 2–4 and 4–5, so 200, 200 and 100 t are sold.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import a_case

YEARS = {"y1": {"duration": "2 a"}, "y2": {"duration": "2 a"}, "y3": {"duration": "1 a"}}
SINGLE = {"y1": {"duration": "1 a", "weight": 2}, "y2": {"duration": "1 a", "weight": 2}, "y3": {"duration": "1 a"}}


def batteries(price: str = "20 CNY/t", periods: Any = YEARS, must_take: bool = False, **entry: Any) -> Any:
    """The works, with 60 % of what it sells back after 3 a."""
    source = {"product": "battery", "share": "60 %", "after": "3 a", **entry}
    return a_case(
        {"cobalt": "raw", "scrap": "waste", "battery": "product"},
        {
            "assembly": {"per": "1 t battery", "inputs": {"cobalt": "1 t"}},
            "recycling": {"per": "1 t cobalt", "inputs": {"scrap": "1 t"}},
        },
        {
            "plants": {"assembly": {"capacity": "unlimited"}, "recycling": {"capacity": "unlimited"}},
            "buy": {"cobalt": {"price": "100 CNY/t"}, "scrap": {"price": price}},
            "sell": {"battery": {"price": "150 CNY/t", "max": "100 t/a"}},
        },
        periods=periods,
        returns={"scrap": {"from": [source], "must_take": must_take}},
    )


@pytest.mark.parametrize("periods", [YEARS, SINGLE])
def test_what_was_sold_comes_back(periods: Any) -> None:
    """Sold in the years 0–2, back in the years 3–5: 60 t by year 4 and 60 t by year 5. Later ones come too late."""
    assert solve(batteries(periods=periods)).objective == pytest.approx(500 * 50 + 120 * 80)


@pytest.mark.parametrize("periods", [YEARS, SINGLE])
def test_what_was_sold_before_comes_back_until_then(periods: Any) -> None:
    """40 t/a · 60 % for 3 a: 48 t in the years 0–2 and 24 t in the third."""
    assert solve(batteries(periods=periods, before="40 t/a")).objective == pytest.approx(25000 + (120 + 72) * 80)


def test_at_once_is_in_the_same_period_and_an_amount_may_be_stated() -> None:
    """60 % of 500 t, or 0.3 t/t of them."""
    assert solve(batteries(after="0 a")).objective == pytest.approx(25000 + 300 * 80)
    assert solve(batteries(after="0 a", share="0.3 t/t")).objective == pytest.approx(25000 + 150 * 80)


def test_what_must_be_taken_is_taken_at_a_loss() -> None:
    """At 110 CNY/t scrap loses 10 a tonne against cobalt."""
    assert solve(batteries("110 CNY/t")).objective == pytest.approx(25000)
    assert solve(batteries("110 CNY/t", must_take=True)).objective == pytest.approx(25000 - 1200)
