"""The oracle's limits of growth, against cases worked by hand on the park of `test_oracle`."""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import slag_park

TWO = {"first": {"duration": "1 a"}, "second": {"duration": "3 a"}}
"""Their middles are 2 a apart."""


def growing(growth: Any, first: str, second: str, periods: Any = TWO, **more: Any) -> Any:
    """The furnace by itself with a limit of growth on the metal sold, and the most that it may sell in each period."""
    policy = {"flow": {"sold": {"metal": "1 t/t"}}, "unit": "t", "growth": growth, **more}
    spec = slag_park(policies={"growth": policy}, periods=periods, exchange="none")
    del spec["parks"]["park"]["plants"]["mill"]
    for kind, material in (("buy", "clay"), ("sell", "filler")):
        del spec["parks"]["park"][kind][material]
    spec["parks"]["park"]["sell"]["metal"]["max"] = [first, second]
    return spec


def test_growth_at_most_is_compound_over_the_middles() -> None:
    """A tonne of metal earns 100 − 20 − 5 = 75 CNY. 40 t/a in the first year allow 40 · 1.1² = 48.4 t/a after it."""
    spec = growing({"max": "10 %/a"}, "40 t/a", "90 t/a")
    assert solve(spec).objective == pytest.approx(75 * (40 + 3 * 48.4))


def test_growth_at_least_holds_the_first_period_back() -> None:
    """20 t/a at the end allow 20 / 0.8² = 31.25 t/a before."""
    spec = growing({"min": "-20 %/a"}, "90 t/a", "20 t/a")
    assert solve(spec).objective == pytest.approx(75 * (31.25 + 3 * 20))
    spec = growing({"max": "10 %/a"}, "0 t/a", "90 t/a")
    assert solve(spec).objective == pytest.approx(0)


def test_a_period_that_occurs_several_times_lasts_as_long() -> None:
    """One year three times is as the three years; 40 t and three times 48.4 t."""
    years = {"first": {"duration": "1 a"}, "second": {"duration": "1 a", "weight": 3}}
    spec = growing({"max": "10 %/a"}, "40 t/a", "90 t/a", years)
    assert solve(spec).objective == pytest.approx(75 * (40 + 3 * 48.4))


def test_growth_holds_between_neighbours_that_are_covered() -> None:
    """The second year is not covered, so nothing holds from the first to the third, nor from the second."""
    years = {f"y{i}": {"duration": "1 a"} for i in range(3)}
    spec = growing({"max": "10 %/a"}, "40 t/a", "90 t/a", years)
    spec["policies"]["growth"]["periods"] = ["y0", "y2"]
    spec["parks"]["park"]["sell"]["metal"]["max"] = ["40 t/a", "20 t/a", "90 t/a"]
    assert solve(spec).objective == pytest.approx(75 * (40 + 20 + 90))
    spec["policies"]["growth"]["periods"] = ["y1", "y2"]
    assert solve(spec).objective == pytest.approx(75 * (40 + 20 + 22))
