"""The oracle on allowances that are kept, worked by hand, and against a ledger that counts the age of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from oracle import solve
from test_oracle import parkloop_answer, slag_park

YEARS = {"y1": {"duration": "1 a"}, "y2": {"duration": "1 a"}, "y3": {"duration": "1 a"}}
STEPS: dict[str, Any] = {"steps": [{"price": "2 CNY/t", "max": "5 t/a"}, {"price": "7 CNY/t"}], "free": "10 t/a"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all drawn cases."""
    return tmp_path_factory.mktemp("levies")


def paid(runs: list[float], terms: dict[str, Any], periods: Any = YEARS) -> float:
    """Return what a policy on the slag costs, which is half of what the furnace is bound to make in each period."""
    spec = slag_park(periods=periods)
    spec["parks"]["park"]["plants"]["furnace"]["fix"] = [f"{run} t/a" for run in runs]
    without = solve(spec).objective
    policy = {"flow": {"made": {"slag": "1 t/t"}}, "unit": "t", "each_period": True, **terms}
    objective = solve({**spec, "policies": {"levy": policy}}).objective
    assert without is not None
    assert objective is not None
    return without - objective


@pytest.mark.parametrize(
    ("bank", "cost"),
    [
        (False, 5 * 2 + 30 * 7),
        (True, 15 * 2),
        ({"expires": "1 a"}, 10 * 2 + 15 * 7),
        ({"expires": "0 a"}, 5 * 2 + 30 * 7),
        ({"limit": "12 t"}, 5 * 2 + 18 * 7),
        ({"initial": "20 t", "expires": "2.5 a"}, 0),
        ({"initial": "20 t", "expires": "1.5 a"}, 15 * 2),
    ],
)
def test_what_is_not_used_is_kept(bank: Any, cost: float) -> None:
    """45 t of slag in the third year, none before. 10 t are free a year, 5 t cost 2 CNY/t, the rest 7 CNY/t.

    In an open bank there are 30 t free and 15 t at 2 CNY/t; of a life of a year those of two years. 12 t and the third
    year's 10 + 5 t leave 18 t. 20 t from before do with 30 t free where they live until the third year begins, at 2 a;
    of a life of a year and a half only they are lost.
    """
    assert paid([0, 0, 90], {**STEPS, "sell": False, "bank": bank}) == pytest.approx(cost)


def test_what_is_borrowed_is_paid_back() -> None:
    """45 t in the first year: 10 t free, 20 t borrowed from later years, 5·2 + 10·7 CNY for the rest."""
    assert paid([90, 0, 0], {**STEPS, "sell": False, "bank": {"borrow": "20 t"}}) == pytest.approx(80)


def test_what_is_left_at_the_end_is_sold_at_the_first_price() -> None:
    """40 t before and 30 t free, 45 t used: 25 t are sold for 2 CNY each."""
    assert paid([0, 0, 90], {**STEPS, "bank": {"initial": "40 t"}}) == pytest.approx(-50)


def test_old_ones_are_sold_beside_new_ones_that_are_kept() -> None:
    """The levy begins in the second year: the 15 t from before live until then and are sold for 2 CNY each.

    20 t of two years are free, 10 t cost 2 CNY/t, 15 t cost 7 CNY/t: 20 + 105 − 30 = 95 CNY.
    """
    bank = {"initial": "15 t", "expires": "1.2 a"}
    assert paid([0, 0, 90], {**STEPS, "bank": bank, "periods": ["y2", "y3"]}) == pytest.approx(95)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    counted=st.lists(st.integers(0, 45), min_size=4, max_size=4),
    durations=st.lists(st.sampled_from([0.5, 1, 2]), min_size=4, max_size=4),
    life=st.sampled_from([0.25, 0.5, 1, 1.5, 2, 3]),
    initial=st.integers(0, 40),
)
def test_the_oldest_first_is_what_a_ledger_by_age_finds(
    counted: list[int], durations: list[float], life: float, initial: int
) -> None:
    """At one price, whoever uses the oldest allowance that still lives pays least: a ledger that follows each."""
    ledger, clock, short = [(0.0, float(initial))], 0.0, 0.0
    for rate, duration in zip(counted, durations, strict=True):
        ledger = [(born, left) for born, left in ledger if clock - born < life - 1e-9]
        ledger.append((clock + duration, 15.0 * duration))
        need = rate * duration
        for place, (born, left) in enumerate(ledger):
            used = min(need, left)
            need -= used
            ledger[place] = (born, left - used)
        short += need
        clock += duration
    periods = {f"y{i}": {"duration": f"{duration} a"} for i, duration in enumerate(durations)}
    bank = {"expires": f"{life} a", "initial": f"{initial} t"}
    terms = {"price": "7 CNY/t", "free": "15 t/a", "sell": False, "bank": bank}
    assert paid([2.0 * rate for rate in counted], terms, periods) == pytest.approx(7 * short)


@st.composite
def levies(draw: DrawFn) -> Any:
    """Draw a furnace that is bound to run, and a levy by steps with a bank on its slag, in some or all periods."""
    periods = {f"y{i}": {"duration": f"{draw(st.sampled_from([0.5, 1, 2]))} a"} for i in range(4)}
    spec = slag_park(periods=periods)
    furnace = spec["parks"]["park"]["plants"]["furnace"]
    furnace["fix"] = [f"{draw(st.sampled_from([0, 0, 10, 40, 90]))} t/a" for _ in periods]
    low = draw(st.integers(1, 5))
    levy = {"flow": {"made": {"slag": "1 t/t"}}, "unit": "t", "each_period": True}
    levy["steps"] = [{"price": f"{low} CNY/t", "max": f"{draw(st.integers(1, 20))} t/a"}]
    levy["steps"].append({"price": f"{low + draw(st.integers(1, 5))} CNY/t"})
    if draw(st.booleans()):
        levy["free"] = f"{draw(st.integers(0, 20))} t/a"
    if draw(st.booleans()):
        levy["sell"] = False
    if draw(st.booleans()):
        levy["periods"] = sorted(draw(st.sets(st.sampled_from(sorted(periods)), min_size=2)))
    bank = {"expires": f"{draw(st.sampled_from([0.5, 1, 1.5, 2, 3]))} a"} if draw(st.integers(0, 3)) else {}
    for key, chance in (("initial", 20), ("borrow", 15)):
        if draw(st.booleans()):
            bank[key] = f"{draw(st.integers(0, chance))} t"
    if draw(st.booleans()):
        bank["limit"] = f"{draw(st.integers(20, 40))} t"
    spec["policies"] = {"levy": {**levy, "bank": bank or True}}
    return spec


@pytest.mark.slow
@settings(max_examples=60, derandomize=True, deadline=None)
@given(spec=levies())
def test_parkloop_banks_as_the_oracle_where_all_that_is_counted_is_bound(spec: Any, folder: Path) -> None:
    """Only what is paid, sold and kept is free to choose."""
    answer, expected = parkloop_answer(spec, folder), solve(spec)
    assert answer.status == expected.status == "optimal"
    assert answer.goal.value == pytest.approx(expected.objective, rel=1e-7, abs=1e-6)
