"""The oracle's factors that differ between periods, against cases worked by hand on the park of `test_oracle`."""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import NAME, slag_park

HALVES = {"day": {"duration": "0.25 a"}, "night": {"duration": "0.75 a"}}
"""Of the 45 t/a of slag, 11.25 t are made by day and 33.75 t by night; by half of each year the park earns 8625 CNY."""


def weighing(factor: Any, **more: Any) -> Any:
    """The park by day and by night, with an indicator of the slag made."""
    slag = {"name": NAME, "unit": "t", "factors": {"made": factor}}
    spec = slag_park(
        periods=HALVES,
        profiles={"grid": {"values": ["2 t/t", "0.4 t/t"]}, "part": {"values": [1, "20 %"]}},
        indicators={"weighed": slag},
        **more,
    )
    spec["materials"]["slag"]["properties"] = {"carbon": "0.5 t/t"}
    return spec


@pytest.mark.parametrize(
    "factor",
    [
        {"slag": {"profile": "grid"}},
        {"slag": ["2 t/t", "0.4 t/t"]},
        {"slag": {"profile": "part", "times": "2 t/t"}},
        {"class.byproduct": {"profile": "grid"}},
        {"property.carbon": [4, "80 %"]},
        {"property.carbon": {"profile": "part", "times": 4}},
        {"slag": {"profile": "grid"}, "class.byproduct": ["9 t/t", "9 t/t"]},
    ],
)
def test_each_period_is_weighed_by_its_own_factor(factor: Any) -> None:
    """11.25 t · 2 + 33.75 t · 0.4 = 36 t."""
    answer = solve(weighing(factor))
    assert answer.objective == pytest.approx(8625)
    assert answer.indicators["weighed"] == pytest.approx(36)


def test_a_price_follows_the_factor_of_each_period() -> None:
    """A tonne of metal earns 80 + 12.5 CNY with its half tonne of slag; at 100 CNY/t of what is weighed that half tonne
    costs 100 by day and 20 by night. The day stands still but for the mill (15 t at 5 CNY): 75 + 8625 · 0.75 − 675."""
    spec = weighing({"slag": {"profile": "grid"}}, policies={"tax": {"indicator": "weighed", "price": "100 CNY/t"}})
    assert solve(spec).objective == pytest.approx(75 + 0.75 * (8625 - 0.4 * 45 * 100))


def test_a_ratio_weighs_both_sides_by_period() -> None:
    """(11.25 · 2 + 33.75 · 0.4) / (22.5 t of metal · 1 + 67.5 · 2) = 36 / 157.5."""
    block = {"of": {"made": {"slag": {"profile": "grid"}}}, "to": {"sold": {"metal": ["1 t/t", "2 t/t"]}}}
    spec = weighing({"slag": "1 t/t"})
    spec["indicators"]["share"] = {"name": NAME, "ratio": block}
    assert solve(spec).indicators["share"] == pytest.approx(36 / 157.5)
