"""What must be done and cannot be: refused with the lines that contradict, and never where there is a plan."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import test_investment as investment
import test_stock as stock
from hello import edit, network_of, solved, tree_of
from parkloop.flows.build import build_network
from parkloop.flows.contradictions import contradictions
from parkloop.flows.problems import Findings, InputError
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve
from shipped import CASES
from test_shared_capacity import SHARED, text_of


def refused(text: str) -> str:
    """Return what is said about a case that contradicts itself."""
    with pytest.raises(InputError) as error:
        network_of(text)
    return str(error.value)


def line_of(needle: str, text: str) -> int:
    """Return the line where a passage stands."""
    return text[: text.index(needle)].count("\n") + 1


def hall(iron: str = "", silicon: str = "", unit: str = "") -> str:
    """Two smelters of 80 t/a in one hall of 100 t/a, of which a tonne of silicon takes two."""
    text = SHARED.replace("iron_smelting: {capacity: 80 t/a", f"iron_smelting: {{capacity: 80 t/a{iron}")
    text = text.replace("silicon_smelting: {capacity: 80 t/a", f"silicon_smelting: {{capacity: 80 t/a{silicon}")
    return text_of(text.replace("capacity: 100 t/a", f"capacity: 100 t/a{unit}"))


def test_least_runs_above_the_capacity_of_a_shared_unit_name_the_runs_and_the_unit() -> None:
    """41 t of iron and 30 t of silicon take 41 + 60 = 101 of the hall."""
    text = hall(", run: {min: 41 t/a}", ", run: {min: 30 t/a}")
    said = refused(text)
    assert "the users of unit `hall` of park `works` must take at least 101 t of it, but it has 100 t" in said
    assert f"hello.yaml:{line_of('min: 41', text)}:" in said
    assert f"parks.works.plants.silicon_smelting.run.min (hello.yaml:{line_of('min: 30', text)}:" in said
    assert f"parks.works.units.hall.capacity (hello.yaml:{line_of('hall:', text)}:" in said
    assert solved(text.replace("41 t/a", "40 t/a")).status == "optimal"


def test_a_unit_that_must_work_more_than_its_users_can_take_is_refused() -> None:
    """10 t of iron and 30 t of silicon take 70 of the hall at most."""
    text = hall(", run: {max: 10 t/a}", ", run: {max: 30 t/a}", ", min_load: 71 %")
    said = refused(text)
    assert "unit `hall` of park `works` must work at least 71 t, but its users can take at most 70 t" in said
    assert f"hello.yaml:{line_of('min_load: 71', text)}:" in said
    assert "parks.works.plants.iron_smelting.run.max" in said
    assert solved(text.replace("71 %", "70 %")).status == "optimal"


def test_a_store_whose_end_its_fill_rate_cannot_reach_is_refused() -> None:
    """20 days of 2 t/d bring 40 t."""
    text = stock.text("end: 41 t, fill_rate: 2 t/d")
    said = refused(text)
    assert "store `shed` must end with at least 41 t, but its `fill_rate` brings it to at most 40 t" in said
    assert f"hello.yaml:{line_of('end: 41', text)}:" in said
    assert "parks.lake.stores.shed.fill_rate" in said
    assert solved(text.replace("fill_rate: 2 t/d", "fill_rate: 5 t/d")).status == "optimal"


def test_a_cyclic_store_must_make_up_for_what_it_loses() -> None:
    """Of 100 t at 10 % a day 100 · 0.9^20 = 12.16 t are left; 20 days of 1 t/d bring at most 8.78 t that last."""
    text = stock.text("initial: 100 t, loss: 10 %/d, fill_rate: 1 t/d")
    said = refused(text)
    assert "store `shed` must end with at least 100 t, but its `fill_rate` brings it to at most" in said
    assert f"hello.yaml:{line_of('initial: 100', text)}:" in said


def builder(run: str, build: str = "", budget: str = "") -> str:
    """The new works of the tests of investment, which must run from the second year on."""
    text = investment.changed(
        ("availability: 50 %", f"availability: 50 %\n        run: {{min: [0 t/a, {run}, {run}, {run}]}}"),
        ("lifetime: 2 a", f"lifetime: 2 a{build}"),
    )
    return text.replace("investment: {rate: 0 %}", f"investment: {{rate: 0 %{budget}}}")


def test_a_budget_below_what_must_be_built_is_refused() -> None:
    """5 t/a at 50 % are 10 t/a of capacity, for 120 CNY, all of which the first year must pay."""
    text = builder("5 t/a", budget=", budget: 119 CNY/a")
    said = refused(text)
    assert (
        "the new capacity that must stand in period `y2` costs at least 120 CNY, but the budget up to then is 119"
        in said
    )
    assert f"hello.yaml:{line_of('run: {min', text)}:" in said
    assert f"investment.budget (hello.yaml:{line_of('budget: 119', text)}:" in said
    assert solved(text.replace("119 CNY/a", "120 CNY/a")).status == "optimal"


def test_a_build_below_what_must_run_is_refused() -> None:
    text = builder("5 t/a", build=", max: 9 t/a")
    said = refused(text)
    assert "plant `new` needs 10 t/a of new capacity in period `y2`, but at most 9 t/a may be built by then" in said
    assert "parks.works.plants.new.build.max" in said
    assert solved(text.replace("max: 9 t/a", "max: 10 t/a")).status == "optimal"


def test_a_run_before_anything_built_can_stand_is_refused() -> None:
    text = builder("5 t/a").replace("[0 t/a,", "[1 t/a,")
    assert "plant `new` must run 1 t more than its capacity allows in period `y1`" in refused(text)


def test_a_run_above_the_run_of_a_plant_that_may_be_built_is_refused() -> None:
    text = investment.changed(("availability: 50 %", "run: {min: 3 t/a, max: 2 t/a}"))
    assert "plant `new` must run at least 3 t in period `y1`, but can run at most 2 t" in refused(text)


KILN = (CASES / "tutorials/2_substitution.yaml").read_text(encoding="utf-8")
KILN = KILN[: KILN.index("scenarios:")]


def kiln(*edits: tuple[str, str]) -> str:
    """The second tutorial: stone without chlorine, slag up to 60 %, and mud, 3.2 % of which is chlorine."""
    text = KILN
    for old, new in edits:
        text = edit(old, new, text)
    return text


MUST_RUN = ("{capacity: 1 Mt/a}", "{capacity: 1 Mt/a, run: {min: 1 kt/a}}")


def test_a_limit_that_no_blend_keeps_is_refused_where_the_plant_must_run() -> None:
    """Mud alone has 3.19 % of chlorine; with 40 % of it in the need at most, the blend has far less."""
    text = kiln(MUST_RUN, ("{Cl: {max: 0.3 %}}", "{Cl: {min: 3.2 %}}"))
    said = refused(text)
    assert "slot `calcium` of plant `kiln` may hold at least 0.032 of `Cl`, which no blend" in said
    assert f"hello.yaml:{line_of('limits:', text)}:" in said
    assert f"parks.works.plants.kiln.run.min (hello.yaml:{line_of('min: 1 kt', text)}:" in said
    assert solved(text.replace("min: 3.2 %", "min: 3.1 %")).status == "optimal"


def test_shares_keep_a_limit_from_being_reached() -> None:
    """30 % of the need in stone and slag by the shares leaves at least 70 % to the mud, which is 2.3 % of chlorine."""
    shares = (
        ("{gives: 0.56, outputs: {co2: 0.44 t}}", "{gives: 0.56, outputs: {co2: 0.44 t}, max_share: 10 %}"),
        ("max_share: 60 %", "max_share: 20 %"),
    )
    text = kiln(MUST_RUN, *shares)
    assert "slot `calcium` of plant `kiln` may hold at most 0.003 of `Cl`, which no blend" in refused(text)
    assert solved(text.replace("max: 0.3 %", "max: 3 %")).status == "optimal"


def test_a_limit_that_no_blend_keeps_is_a_warning_where_the_plant_may_rest() -> None:
    findings = Findings()
    network = build_network(tree_of(kiln(("{Cl: {max: 0.3 %}}", "{Cl: {min: 3.2 %}}"))).case(), findings)
    (problem,) = findings.problems
    assert problem.severity == "warning"
    assert problem.what.endswith("keeps: the plant can never run")
    assert solve(compile_program(network)).status == "optimal"


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            ("max_share: 10 %", "max_share: 20 %", "max_share: 30 %"),
            "cannot reach its need: the `max_share` add up to less",
        ),
        (("min_share: 50 %", "min_share: 30 %", "min_share: 30 %"), "the `min_share` add up to more"),
    ],
)
def test_shares_that_do_not_fit_their_need_are_refused(shares: tuple[str, str, str], said: str) -> None:
    text = kiln(
        ("{gives: 0.56, outputs: {co2: 0.44 t}}", f"{{gives: 0.56, outputs: {{co2: 0.44 t}}, {shares[0]}}}"),
        ("max_share: 60 %", shares[1]),
        ("bypass_dust: 0.05 t}}", f"bypass_dust: 0.05 t}}, {shares[2]}}}"),
    )
    found = refused(text)
    assert said in found and f"hello.yaml:{line_of('from: #', text)}:" in found


@settings(max_examples=60, derandomize=True, deadline=None)
@given(iron=st.integers(0, 80), silicon=st.integers(0, 40), load=st.integers(0, 100), most=st.integers(40, 80))
def test_drawn_halls_are_refused_exactly_where_there_is_no_plan(iron: int, silicon: int, load: int, most: int) -> None:
    runs = f", run: {{min: {min(iron, most)} t/a, max: {most} t/a}}", f", run: {{min: {silicon} t/a}}"
    agree(hall(*runs, f", min_load: {load} %"), exact=True)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(end=st.integers(0, 100), initial=st.integers(0, 100), loss=st.sampled_from([0, 1, 10]), fill=st.integers(0, 12))
def test_drawn_stores_are_refused_only_where_there_is_no_plan(end: int, initial: int, loss: int, fill: int) -> None:
    agree(stock.text(f"initial: {initial} t, end: {end} t, loss: {loss} %/d, fill_rate: {fill} t/d"))
    agree(stock.text(f"initial: {initial} t, loss: {loss} %/d, fill_rate: {fill} t/d"))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(run=st.integers(0, 15), most=st.integers(0, 40), budget=st.integers(0, 400))
def test_drawn_investments_are_refused_only_where_there_is_no_plan(run: int, most: int, budget: int) -> None:
    agree(builder(f"{run} t/a", f", max: {most} t/a", f", budget: {budget} CNY/a"))


def agree(text: str, exact: bool = False) -> None:
    """What is refused has no plan; where `exact`, what has none is refused."""
    with patch("parkloop.flows.build.contradictions", return_value=[]):
        network = build_network(tree_of(text).case(), Findings())
    wrong = [problem for problem in contradictions(network) if problem.severity == "error"]
    status = solve(compile_program(network)).status
    if wrong:
        assert status == "infeasible", wrong
    elif exact:
        assert status == "optimal", text


POLICY = "policies: {p: {flow: {FLOW: 1 t/t}}, unit: t, BOUND}}\nobjective:"


def capped(flow: str, bound: str, iron: str = "") -> str:
    """The hall with a policy on a flow."""
    return edit("objective:", POLICY.replace("FLOW", flow).replace("BOUND", bound), hall(iron))


@pytest.mark.parametrize(
    ("flow", "said", "right"),
    [
        ("sold: {silicon", "asks for at least 41 t, but at most 40 t are possible", "40 t/a"),  # sell.silicon.max
        ("made: {iron", "asks for at least 81 t, but at most 80 t are possible", "80 t/a"),  # its capacity
    ],
)
def test_a_least_flow_of_a_policy_above_what_is_possible_is_refused(flow: str, said: str, right: str) -> None:
    least = said.split()[4]
    text = capped(flow, f"min: {least} t/a")
    found = refused(text)
    assert f"policy `p` {said}" in found
    assert f"hello.yaml:{line_of('policies:', text)}:" in found
    assert "parks.works." in found
    assert solved(capped(flow, f"min: {right}")).status == "optimal"
    assert solved(capped(flow, f"min: {least} t/a, shortage: 1 CNY/t")).status == "optimal"


def test_a_cap_of_a_policy_below_what_must_be_made_is_refused() -> None:
    text = capped("made: {iron", "max: 9 t/a", ", run: {min: 10 t/a}")
    assert "policy `p` allows at most 9 t, but at least 10 t are forced" in refused(text)
    assert "parks.works.plants.iron_smelting.run.min" in refused(text)
    assert solved(text.replace("max: 9 t/a", "max: 10 t/a")).status == "optimal"


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    flow=st.sampled_from(["sold: {silicon", "made: {iron", "made: {silicon", "bought: {ore", "discarded: {dross"]),
    side=st.sampled_from(["min", "max"]),
    bound=st.integers(0, 200),
    iron=st.integers(0, 80),
)
def test_drawn_policies_are_refused_only_where_there_is_no_plan(flow: str, side: str, bound: int, iron: int) -> None:
    agree(capped(flow, f"{side}: {bound} t/a", f", run: {{min: {iron} t/a}}"))
