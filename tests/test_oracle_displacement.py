"""The oracle's displacement, against cases worked by hand on the park of `test_oracle`."""

from __future__ import annotations

from typing import Any

import pytest

from oracle import solve
from test_oracle import CLOSURE, NAME, slag_park


def grinding(**more: Any) -> Any:
    """The mill grinds 45 t of slag and 15 t of bought clay; a tonne of slag stands in for 1.2 t of clay."""
    spec = slag_park(
        indicators={
            "clay_saved": {"name": NAME, "unit": "t", "factors": {"displaced": {"clay": "1 t/t"}}},
            "raw_saved": {"name": NAME, "unit": "t", "factors": {"displaced": {"class.raw": "1 t/t"}}},
            "heat_saved": {"name": NAME, "unit": "GJ", "factors": {"displaced": {"heat": "1 GJ/MWh"}}},
        },
        **more,
    )
    spec["materials"] |= {"heat": {"name": NAME, "class": "utility", "unit": "MWh"}}
    spec["materials"]["slag"]["displaces"] = {"clay": {"value": "1.2 t/t"}, "ore": "0.1 t/t", "heat": "7.2 GJ/t"}
    return spec


def test_what_production_uses_stands_in_for_virgin_material() -> None:
    """45 t · 1.2 = 54 t of clay, and 45 t · 0.1 = 4.5 t of ore beside; 45 t · 7.2 GJ = 90 MWh of heat, 1 GJ each."""
    found = solve(grinding()).indicators
    assert found["clay_saved"] == pytest.approx(54)
    assert found["raw_saved"] == pytest.approx(58.5)
    assert found["heat_saved"] == pytest.approx(90)


def test_treatment_and_discard_displace_nothing() -> None:
    """A pit of the smelter buries slag for nothing; nothing passes to the mill, and none is dumped at 10 CNY/t."""
    spec = grinding(exchange="company")
    spec["processes"]["burial"] = {
        **{"name": NAME, "class": "treatment", "per": "1 t slag", "inputs": {"slag": "1 t"}},
        **{"outputs": {"metal": "0.001 t"}, "closure": CLOSURE},
    }
    spec["parks"]["park"]["plants"]["burial"] = {"company": "smelter", "capacity": "20 t/a"}
    assert solve(spec).indicators["clay_saved"] == pytest.approx(0)


def test_what_is_displaced_is_paid_for() -> None:
    """A link for 60 CNY/t eats the 35 CNY/t that a tonne of slag is worth to pass; 30 CNY/t for its 1.2 t of clay
    let it pass again: 8625 + 45 · (36 − 60)."""
    spec = grinding()
    spec["parks"]["park"]["links"] = {
        "belt": {"material": "slag", "from": "smelter", "to": "builder", "cost": "60 CNY/t"}
    }
    assert solve(spec).indicators["clay_saved"] == pytest.approx(0)
    spec["policies"] = {"relief": {"flow": {"displaced": {"clay": "1 t/t"}}, "unit": "t", "price": "-30 CNY/t"}}
    assert solve(spec).objective == pytest.approx(8625 + 45 * (36 - 60))
