"""The oracle on ratios of named indicators and with a unit of their own, worked by hand on the slag park.

90 t of metal with 45 t of slag, all of it used, and a value added of 8625 CNY.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import NAME, slag_park

SLAG = {"name": NAME, "unit": "t", "factors": {"made": {"slag": "1 t/t"}}}
METAL = {"made": {"metal": "1 t/t"}}


@pytest.mark.parametrize(
    ("unit", "to", "value"),
    [
        ("t/万CNY", "value_added", 45 / 0.8625),
        ("kg/CNY", "value_added", 45_000 / 8625),
        ("kg/t", METAL, 500),
        (None, METAL, 0.5),
    ],
)
def test_a_ratio_comes_out_in_its_unit(unit: str | None, to: Any, value: float) -> None:
    ratio = {"name": NAME, "ratio": {"of": "slag_made", "to": to}, **({"unit": unit} if unit else {})}
    spec = slag_park(indicators={"slag_made": SLAG, "ratio": ratio})
    assert solve(spec).indicators["ratio"] == pytest.approx(value)


@pytest.mark.parametrize("bound", ["400 kg/t", "0.4 t/t", "0.0004 kt/t"])
def test_a_bound_holds_whatever_its_unit_and_is_missed_by_what_is_counted(bound: str) -> None:
    """Half a tonne a tonne: at 0.4 hard, the furnace rests: 60·5 = 300. Soft, 9 t of slag are over, at 7 CNY/t."""
    policy = {"ratio": {"of": "slag_made", "to": METAL}, "unit": "kg/t", "max": bound}
    spec = slag_park(indicators={"slag_made": SLAG}, policies={"cap": policy})
    assert solve(spec).objective == pytest.approx(300)
    spec["policies"]["cap"]["surplus"] = "7 CNY/t"
    assert solve(spec).objective == pytest.approx(8625 - 63)


def test_both_sides_of_a_share_are_counted_alike() -> None:
    """Slag of 1 MWh/t over metal of 2 GJ/t: 45 · 3.6 / 180 = 90 %. At most 63 %: 113.4 of 162 GJ, 48.6 GJ over."""
    energy = {"name": NAME, "unit": "MWh", "factors": {"made": {"slag": "1 MWh/t"}}}
    share = {"name": NAME, "ratio": {"of": "energy", "to": {"made": {"metal": "2 GJ/t"}}}}
    spec = slag_park(indicators={"energy": energy, "share": share})
    assert solve(spec).indicators["share"] == pytest.approx(0.9)
    spec["policies"] = {"cap": {"indicator": "share", "max": "63 %", "surplus": "0.5 CNY/GJ"}}
    assert solve(spec).objective == pytest.approx(8625 - 24.3)
