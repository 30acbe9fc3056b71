"""The oracle on campaigns: a blender makes red or blue paint, one at a time, worked by hand.

Four years; 10 t/a of red, or of blue at what it takes of the blender; a tonne earns 20. Each year sells 6 t of red and
4 t of blue, and stores carry what is left over. All years red: 24 t, 480. Two red and two blue: 20 + 16 = 36 t, 720.
The periods stand in a circle, so whoever changes over changes back.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import a_case


def profit(campaigns: Any, takes: float = 1, **more: Any) -> float | None:
    """Return the best profit under some terms of campaigns, None for no answer."""
    modes = {"red": {"process": "red"}, "blue": {"process": "blue", "takes": takes}}
    blender = {"modes": modes, "capacity": "10 t/a", **more}
    if campaigns is not None:
        blender["campaigns"] = campaigns
    spec = a_case(
        {"base": "raw", "red": "product", "blue": "product"},
        {paint: {"per": f"1 t {paint}", "inputs": {"base": "1 t"}} for paint in ("red", "blue")},
        {
            "plants": {"blender": blender},
            "buy": {"base": {"price": "10 CNY/t"}},
            "sell": {"red": {"price": "30 CNY/t", "max": "6 t/a"}, "blue": {"price": "30 CNY/t", "max": "4 t/a"}},
            "stores": {paint: {"material": paint, "capacity": "unlimited"} for paint in ("red", "blue")},
        },
        periods={"y": {"duration": "1 a", "count": 4}},
    )
    answer = solve(spec)
    assert answer.whole == (campaigns is not None)
    return answer.objective


@pytest.mark.parametrize(
    ("campaigns", "best"),
    [
        (None, 800),
        ({}, 720),
        ({"changeover_cost": "30 CNY"}, 720 - 60),
        ({"changeover_cost": "130 CNY"}, 480),
        ({"changeover_time": "0.1 a"}, 19 * 20 + 16 * 20),
        ({"changeover_time": "0.5 a"}, 15 * 20 + 15 * 20),
        ({"least": "2 a"}, 720),
        ({"least": "2.1 a"}, 480),
    ],
)
def test_one_paint_is_made_at_a_time(campaigns: Any, best: float) -> None:
    """Without campaigns all 40 t are sold. Changeovers cost their price and, in both years, their time: 10 t/a.

    Two years of each fit into four, three of each do not.
    """
    assert profit(campaigns) == pytest.approx(best)


def test_a_mode_takes_its_part_of_the_plant_whether_it_runs_or_is_changed_over_to() -> None:
    """Blue takes 2: two years of it make 10 t beside 20 t of red.

    Changeovers of half a year leave 7.5 t and 15 t, 450. Better are three years of red, 25 t of which 24 are sold, and
    one of blue, 5 t less 2.5 t: 480 + 50.
    """
    assert profit({}, takes=2) == pytest.approx(20 * 20 + 10 * 20)
    assert profit({"changeover_time": "0.5 a"}, takes=2) == pytest.approx(24 * 20 + 2.5 * 20)


def test_a_changeover_lowers_no_least_load() -> None:
    """At a least load of 60 % a changeover of half a year is too long: red alone, 480; of 40 % it is not."""
    assert profit({"changeover_time": "0.5 a"}, min_load="60 %") == pytest.approx(480)
    assert profit({"changeover_time": "0.5 a"}, min_load="40 %") == pytest.approx(600)
