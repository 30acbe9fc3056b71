"""Statements that contradict each other are refused with their lines; what can be solved never is.

Hello: the acetylene works makes at most 100 kt acetylene and 284 kt slag from 246 kt carbide, the cement works at most
300 kt clinker from 105 kt clay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from hello import TEXT, edit, infeasible, network_of, solved, tree_of
from networks import INF, Offer, Option, Plant, Slot, Works
from parkloop.flows.build import build_network
from parkloop.flows.contradictions import contradictions
from parkloop.flows.network import Network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve
from strategies import PHASES, cases, to_yaml

ACETYLENE = "acetylene: {price: 8000 CNY/t}"
CLINKER = "clinker: {price: 260 CNY/t}"
KILN = "capacity: 300 kt/a,"


def refused(text: str, scenario: str = "base") -> str:
    """Return what is said about a case that contradicts itself."""
    with pytest.raises(InputError) as error:
        build_network(tree_of(text).case(scenario))
    return str(error.value)


def line_of(needle: str, text: str) -> int:
    """Return the line where a passage stands."""
    return text[: text.index(needle)].count("\n") + 1


def test_a_sale_above_what_the_plants_make_names_the_contract_and_the_capacity() -> None:
    text = edit(ACETYLENE, "acetylene: {price: 8000 CNY/t, min: 101 kt/a}")
    said = refused(text)
    assert f"hello.yaml:{line_of('min: 101', text)}:" in said
    assert "park `demo` must use, sell or discard at least 101000 t of `acetylene`" in said
    assert "but can make and buy at most 100000 t" in said
    capacity = f"parks.demo.plants.acetylene_generator.capacity (hello.yaml:{line_of('capacity: 100', text)}:"
    assert capacity in said
    assert solved(text.replace("101 kt/a", "100 kt/a")).status == "optimal"


def test_a_purchase_above_what_the_plants_use_is_refused() -> None:
    """105 kt of clay is all the kiln can use, and nobody may sell or throw clay away."""
    text = edit("clay: {price: 20 CNY/t}", "clay: {price: 20 CNY/t, min: 106 kt/a}")
    said = refused(text)
    assert "park `demo` must make or buy at least 106000 t of `clay`" in said
    assert "but can use, sell and discard at most 105000 t" in said
    assert "parks.demo.plants.clinker_kiln.capacity" in said
    assert solved(text.replace("106 kt/a", "105 kt/a")).status == "optimal"


def test_a_run_that_must_be_and_cannot_be_supplied_names_both_lines() -> None:
    """200 kt of clinker need 70 kt of clay, of which 60 kt can be bought."""
    text = edit(KILN, "capacity: 300 kt/a, run: {min: 200 kt/a},")
    text = edit("clay: {price: 20 CNY/t}", "clay: {price: 20 CNY/t, max: 60 kt/a}", text)
    said = refused(text)
    assert f"hello.yaml:{line_of('run: {min', text)}:" in said
    assert "at least 70000 t of `clay`, but can make and buy at most 60000 t" in said
    assert f"parks.demo.buy.clay.max (hello.yaml:{line_of('max: 60', text)}:" in said
    assert solved(text.replace("60 kt/a", "70 kt/a")).status == "optimal"


def test_a_slot_takes_the_largest_share_of_each_option_and_certainly_the_rest_of_the_others() -> None:
    """At least 40 % of 0.65 × 200 kt CaO is limestone: 92 857 t, of which 90 kt can be bought."""
    text = edit(KILN, "capacity: 300 kt/a, run: {min: 200 kt/a},")
    text = edit("limestone: {price: 50 CNY/t}", "limestone: {price: 50 CNY/t, max: 90 kt/a}", text)
    assert "at least 92857.1 t of `limestone`, but can make and buy at most 90000 t" in refused(text)
    assert solved(text.replace("max: 90 kt/a", "max: 92.9 kt/a")).status == "optimal"


def test_what_must_be_made_must_go_somewhere() -> None:
    """60 kt of acetylene leave 170.4 kt of slag: at most 154 557 t are burnt and 10 kt thrown away."""
    text = edit("capacity: 100 kt/a}", "capacity: 100 kt/a, run: {min: 60 kt/a}}")
    text = edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: 30 CNY/t, max: 10 kt/a}", text)
    said = refused(text)
    assert (
        "must make or buy at least 170400 t of `carbide_slag`, but can use, sell and discard at most 164557 t" in said
    )
    assert solved(text.replace("max: 10 kt/a", "max: 16 kt/a")).status == "optimal"


def test_the_worst_period_is_named() -> None:
    text = edit("money: CNY", "money: CNY\nperiods: {dry: {duration: 0.25 a}, wet: {duration: 0.75 a}}")
    text = edit(ACETYLENE, "acetylene: {price: 8000 CNY/t, min: 104 kt/a}", text)
    assert "at least 78000 t of `acetylene` in period `wet`, but can make and buy at most 75000 t" in refused(text)


def test_what_only_the_solver_can_tell_is_left_to_it() -> None:
    assert solved(infeasible()).status == "infeasible"
    assert contradictions(network_of(infeasible())) == []


def test_every_contradiction_is_told_at_once() -> None:
    text = edit(ACETYLENE, "acetylene: {price: 8000 CNY/t, min: 101 kt/a}")
    text = edit(CLINKER, "clinker: {price: 260 CNY/t, min: 301 kt/a}", text)
    assert refused(text).count("error: park `demo` must") == 2


def test_purchases_use_of_what_is_made_and_free_fills_make_room() -> None:
    """Scrap may be bought beside what the mill leaves; an option that covers nothing may take any amount."""
    offers = [Offer("buy", "scrap", 5.0, upper=30), Offer("buy", "ore", 1.0), Offer("sell", "steel", 9.0)]
    works = Works(
        plants={
            "mill": Plant({"steel": 1.0, "ore": -1.0, "scrap": 0.2}, upper=50),
            "furnace": Plant({"steel": 1.0, "scrap": -1.0}, lower=41, upper=60),
        },
        offers=offers,
    )
    (problem,) = contradictions(works.network())
    assert "at least 41 t of `scrap`, but can make and buy at most 40 t" in problem.what
    offers[0] = Offer("buy", "scrap", 5.0, upper=31)
    assert contradictions(Works(plants=works.plants, offers=offers).network()) == []
    free = Works(
        plants={"pit": Plant({"gas": 1.0}, upper=1), "well": Plant({"mud": 1.0}, lower=5, upper=5)},
        slots={"bed": Slot("pit", 1.0, [Option("sand", 1.0), Option("mud", 0.0)])},
        offers=[Offer("buy", "sand", 1.0), Offer("sell", "gas", 1.0)],
    )
    assert contradictions(free.network()) == []


def test_a_balance_that_another_table_touches_is_open_without_limit() -> None:
    """A table of a family that came later, e.g. a store of steel, keeps the contract from being refused."""

    @dataclass(frozen=True, eq=False)
    class Depots:
        node: np.ndarray

    @dataclass(frozen=True, eq=False)
    class WithDepots(Network):
        depots: Depots = field(default_factory=lambda: Depots(np.array([0], np.int32)))

    works = Works(plants={"mill": Plant({"steel": 1.0}, upper=5)}, offers=[Offer("sell", "steel", 9.0, lower=6)])
    network = works.network()
    assert len(contradictions(network)) == 1
    assert contradictions(WithDepots(**network.__dict__)) == []


def test_an_unlimited_plant_contradicts_nothing() -> None:
    works = Works(
        plants={"mill": Plant({"steel": 1.0, "ore": -1.0}, upper=INF)},
        offers=[Offer("sell", "steel", 9.0, lower=1e9), Offer("buy", "ore", 1.0)],
    )
    assert contradictions(works.network()) == []


@settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(spec=cases())
def test_no_case_that_can_be_solved_is_refused(spec: Any) -> None:
    """Sound: wherever a contradiction is found, the solver finds no plan either."""
    try:
        with patch("parkloop.flows.build.contradictions", return_value=[]):
            network = build_network(tree_of(to_yaml(spec)).case())
    except InputError as error:  # a plant contradicts itself
        assume("must run at least" not in str(error))
        raise
    found = [problem for problem in contradictions(network) if problem.severity == "error"]
    if found:
        assert solve(compile_program(network)).status == "infeasible", found


def test_refused_in_the_scenario_that_states_it_only() -> None:
    text = edit("exchange: none}", "set: {parks.demo.sell.acetylene.min: 101 kt/a}}")
    assert np.isfinite(network_of(text).plants.upper).all()
    assert "at least 101000 t of `acetylene`" in refused(text, "standalone")
    assert "min: 101" not in TEXT
