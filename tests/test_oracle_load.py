"""The oracle's steps of load, against cases worked by hand.

A smelter of 100 t/a uses 1 t of ore and 10 MWh of power a tonne up to 60 t, 10 % more power up to 85 t, and beyond that
1.25 t of ore with 0.25 t of slag. Metal sells at 200, ore costs 50 and power 10: a tonne earns 50, 40 and 35 CNY.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from oracle_load import ordered, stepped
from test_oracle import a_case

COLD = {"per": "1 t metal", "inputs": {"ore": "1 t", "power": "10 MWh"}}
HOT = {"per": "1 t metal", "inputs": {"ore": "1.25 t", "power": "10 MWh"}, "outputs": {"slag": "0.25 t"}}


def smelter(slag: str = "10 CNY/t", sold: str = "unlimited", **plant: Any) -> Any:
    """The smelter, with what discarding slag costs and the most that is sold."""
    steps = [{"to": "60 %"}, {"to": "85 %", "more": {"power": "10 %"}}, {"to": "100 %", "process": "hot"}]
    spec = a_case(
        {"ore": "raw", "power": "utility", "metal": "product", "slag": "waste"},
        {"smelting": COLD, "hot": HOT},
        {
            "plants": {"smelter": {"process": "smelting", "capacity": "100 t/a", "load": steps, **plant}},
            "buy": {"ore": {"price": "50 CNY/t"}, "power": {"price": "10 CNY/MWh"}},
            "sell": {"metal": {"price": "200 CNY/t", "max": sold}},
            "discard": {"slag": {"cost": slag}},
        },
    )
    spec["materials"]["power"]["unit"] = "MWh"
    return spec


def test_steps_are_filled_as_far_as_the_market_goes() -> None:
    """60·50 + 25·40 + 15·35 = 4525; of 70 t only 10 are made in the second step."""
    assert solve(smelter()).objective == pytest.approx(4525)
    assert solve(smelter(sold="70 t/a")).objective == pytest.approx(3000 + 400)


def test_steps_are_shares_of_the_available_capacity() -> None:
    """Half of it: 30·50 + 12.5·40 + 7.5·35 = 2262.5. A least load of 20 % more is nothing new, one run fixed is."""
    assert solve(smelter(availability="50 %", min_load="20 %")).objective == pytest.approx(2262.5)
    assert solve(smelter(fix="70 t/a")).objective == pytest.approx(3400)


def test_costs_of_a_step_are_its_own_and_fixed_cost_is_paid_once() -> None:
    """5 CNY/t in the first two steps, 8 in the third, 2 a tonne of capacity: 4525 − 5·85 − 8·15 − 2·100 = 3780."""
    spec = smelter(variable_cost="5 CNY/t", fixed_cost="2 CNY/t")
    spec["parks"]["park"]["plants"]["smelter"]["load"][2]["variable_cost"] = "8 CNY/t"
    assert solve(spec).objective == pytest.approx(3780)


def test_a_unit_is_taken_by_all_steps() -> None:
    """35 t/a of crane at 0.5 a tonne let 70 t through."""
    spec = smelter()
    spec["parks"]["park"]["units"] = {"crane": {"capacity": "35 t/a", "users": {"smelter": 0.5}}}
    assert solve(spec).objective == pytest.approx(3400)


def test_whole_numbers_keep_dear_steps_from_running_first() -> None:
    """At 300 CNY/t for slag a hot tonne earns 112.5: of 70 t, 15 would be made hot first, 15·112.5 + 55·50 = 4437.5.
    In order 3400; of 90 t 5 are made hot: 4000 + 562.5."""
    spec = smelter("-300 CNY/t", "70 t/a")
    assert stepped(spec)
    assert solve(spec).objective == pytest.approx(4437.5)
    assert not stepped(ordered(spec))
    assert solve(ordered(spec)).objective == pytest.approx(3400)
    assert solve(ordered(smelter("-300 CNY/t", "90 t/a"))).objective == pytest.approx(4562.5)
