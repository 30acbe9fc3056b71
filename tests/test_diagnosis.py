"""A case without an answer says why, on which lines, and what to change; the change is tried and works.

Figures are those of the docstrings in `impossible`.
`PARKLOOP_EXAMPLES=500` draws that many cases, other ones each time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import impossible
from hello import TEXT, edit, network_of, solved, tree_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.fields import field_changes
from parkloop.reports.infeasibility import Infeasibility, Trial, explain_infeasible
from parkloop.reports.json_result import result_schema, schema_of
from parkloop.reports.run import run_case
from parkloop.reports.unboundedness import explain_unbounded
from parkloop.solver.diagnosis import Elastic, improving_direction
from parkloop.solver.highs import solve
from ponds import text as ponds
from strategies import PHASES, Spec, cases, to_yaml

MANY = os.environ.get("PARKLOOP_EXAMPLES")
CASES: dict[Callable[[], str], tuple[str, str, set[str]]] = {
    impossible.contract_above_capacity: (
        "parks.demo.sell.acetylene.min", "20.00 kt/a", {"parks.demo.plants.acetylene_generator.capacity"},
    ),
    impossible.contract_above_supply: (
        "parks.demo.sell.acetylene.min", "8.699 kt/a", {"parks.demo.buy.calcium_carbide.max"},
    ),
    impossible.cap_below_least_run: (
        "parks.demo.plants.clinker_kiln.run.min", "195.1 kt/a", {"policies.cap.max", "SHARE"},
    ),
    impossible.two_policies: ("policies.floor.min", "103.1 kt/a", {"policies.cap.max", "SHARE"}),
    impossible.ratio_impossible: (
        "parks.demo.plants.acetylene_generator.run.min", "19.53 kt/a",
        {"policies.reuse.min", "parks.demo.plants.clinker_kiln.capacity", "SHARE"},
    ),
    impossible.slot_share: (
        "parks.demo.plants.clinker_kiln.run.min", "20.77 kt/a", {"parks.demo.buy.limestone.max", "SHARE"},
    ),
    impossible.nothing_passes: (
        "parks.demo.plants.acetylene_generator.run.min", "29.58 kt/a", {"parks.demo.discard.carbide_slag.max"},
    ),
    impossible.store_end: (
        "parks.lake.stores.salt_shed.end", "1.098 Mt",
        {"parks.lake.plants.brine_pond.capacity", "parks.lake.stores.salt_shed.initial"},
    ),
    impossible.ramp: (
        "parks.lake.plants.flotation.fix", "57.2 %",
        {"parks.lake.plants.flotation.ramp", "parks.lake.plants.flotation.fix"},
    ),
    impossible.budget: (
        "parks.works.sell.steam.min", "62.50 TJ/a", {"investment.budget", "parks.works.buy.coal.max"},
    ),
    impossible.route: (
        "parks.lake.plants.acetylene_generator.fix", "12.54 kt/a",
        {"routes.lake_city.capacity", "parks.lake.discard.carbide_slag.max"},
    ),
    impossible.each_period: (
        "policies.p.min", "40.00 t/a",
        {"parks.north.plants.north_pond.capacity", "parks.south.plants.south_pond.capacity"},
    ),
    impossible.on_or_off: (
        "parks.demo.sell.clinker.min", "20.00 kt/a",
        {"policies.cap.max", "parks.demo.plants.clinker_kiln.on_off.min_load", "SHARE"},
    ),
    impossible.minimum_load: (
        "parks.demo.plants.clinker_kiln.min_load", "48.37 %", {"policies.cap.max", "SHARE"},
    ),
    impossible.decline_too_slow: (
        "parks.north.plants.north_pond.fix", "25.0 % in period y2",
        {"policies.p.growth.max", "parks.north.plants.north_pond.fix", "parks.south.plants.south_pond.fix"},
    ),
    impossible.decline_too_fast: (
        "policies.p.growth.min", "-40 %/a",
        {"parks.north.plants.north_pond.fix", "parks.south.plants.south_pond.fix"},
    ),
    impossible.returns_above_capacity: (
        "returns.scrap.must_take", "10.00 t/a in period y2",
        {"parks.works.plants.melting.capacity", "parks.works.sell.metal.min"},
    ),
    impossible.too_little_comes_back: (
        "parks.works.plants.melting.run.min", "20.0 %",
        {"returns.scrap.from.0.share", "parks.works.sell.metal.max"},
    ),
    impossible.two_paints_at_a_time: (
        "parks.works.sell.blue.min", "4.000 t/d",
        {"parks.works.sell.red.min", "parks.works.plants.blender.campaigns"},
    ),
    impossible.paints_in_turn: (
        "parks.works.sell.red.min", "100.0 %",
        {
            "parks.works.sell.blue.min", "parks.works.plants.blender.campaigns",
            "parks.works.plants.blender.campaigns.least",
        },
    ),
    impossible.bank_too_small: (
        "parks.north.plants.north_pond.fix", "16.7 % in period y2",
        {"policies.p.free", "policies.p.bank.limit", "policies.none.max"},
    ),
    impossible.allowance_too_small: (
        "parks.north.plants.north_pond.fix", "14.3 % in period y2",
        {"policies.p.free", "parks.north.plants.north_pond.fix", "policies.none.max"},
    ),
    impossible.expired: (
        "parks.north.plants.north_pond.fix", "33.3 % in period y2",
        {"policies.p.free", "policies.p.bank", "policies.none.max"},
    ),
    impossible.closed_kiln: (
        "parks.demo.sell.clinker.min", "20.00 kt/a", {"parks.demo.plants.clinker_kiln.retire_by"},
    ),
}  # fmt: skip
"""what is asked for, by how much it is missed, and all the lines that are in the way"""
SHARE = "processes.clinker_kiln.inputs.calcium.from.carbide_slag.max_share"
ENDLESS: dict[Callable[[], str], tuple[str, set[str]]] = {
    impossible.sale_above_cost: (
        "each t of Acetylene sold adds 1,515 CNY to profit",
        {"parks.demo.plants.acetylene_generator.capacity", "parks.demo.sell.acetylene.max"},
    ),
    impossible.paid_disposal: (
        "each t of Carbide slag discarded adds 746.4 CNY to profit",
        {"parks.demo.plants.acetylene_generator.capacity", "parks.demo.discard.carbide_slag.max"},
    ),
    impossible.paid_policy: (
        "each t of Salt sold adds 25.00 CNY to profit", {"parks.north.plants.north_pond.capacity"},
    ),
    impossible.two_loops: (
        "each t of Acetylene sold adds 1,515 CNY to profit", {"parks.demo.plants.acetylene_generator.capacity"},
    ),
}  # fmt: skip
"""what the first loop brings, and some of the fields that would limit it"""


def explained(text: str) -> Infeasibility:
    """Return what is said about a case that has no answer."""
    return explain_infeasible(Trial(tree_of(text), "base"))


def line_at(path: str, text: str) -> str:
    """Return file, line and column of a field, found by reading the text and not by the code under test."""
    import yaml

    node = yaml.compose(text)
    for part in path.split("."):
        if isinstance(node, yaml.SequenceNode):
            key = node = node.value[int(part)]
            continue
        entries = dict((key.value, (key, value)) for key, value in node.value)  # noqa: C402
        if part not in entries:
            break
        key, node = entries[part]
    return f"hello.yaml:{key.start_mark.line + 1}:{key.start_mark.column + 1}"


def status_of(tree: CaseTree, sets: Iterable[str] = ()) -> str:
    """Return how a case ends, all checks made: `refused` where its statements contradict each other."""
    try:
        network = build_network(tree.case("base", sets))
    except InputError:
        return "refused"
    return run_case(network).status


def name_of(make: Callable[[], str]) -> str:
    """Return the name of a case for the reports of pytest."""
    return make.__name__


@pytest.mark.parametrize("make", CASES, ids=name_of)
def test_the_cause_and_its_lines_are_named(make: Callable[[], str]) -> None:
    text = make()
    asked, missed, lines = CASES[make]
    (blocked,) = explained(text).blocked
    assert blocked.path == asked
    assert blocked.where == line_at(asked, text)
    assert missed in blocked.missed
    assert {line.path for line in blocked.because} == {SHARE if path == "SHARE" else path for path in lines}
    for line in blocked.because:
        assert line.where == line_at(line.path, text)
        assert line.where in blocked.sentence


@pytest.mark.parametrize("make", CASES, ids=name_of)
def test_each_change_that_is_suggested_makes_the_case_feasible(make: Callable[[], str]) -> None:
    tree = tree_of(make())
    assert status_of(tree) in ("refused", "infeasible")
    ways = explain_infeasible(Trial(tree, "base")).ways
    assert ways and ways[0].kind == "cheapest"
    for way in ways:
        assert way.works
        assert status_of(tree, way.settings) == "optimal"


@pytest.mark.parametrize("make", CASES, ids=name_of)
def test_the_first_way_is_the_cheapest(make: Callable[[], str]) -> None:
    """No other way moves less, counted as the diagnosis counts."""
    network = build_network(tree_of(make()).case(), contradictory=True)
    with Elastic(network, compile_program(network)) as elastic:
        asks = elastic.levers.asks
        cost = elastic._cost
        everything = elastic.least(asks | True)
        assert everything is not None
        for some in (asks, ~asks):
            change = elastic.least(some)
            assert change is None or change.move @ cost >= everything.move @ cost * (1 - 1e-9)


def test_a_change_of_half_the_size_is_not_enough() -> None:
    """The contract is 20 kt above the capacity; 19 kt less is not enough."""
    tree = tree_of(impossible.contract_above_capacity())
    assert Trial(tree, "base").is_feasible(Trial(tree, "base").read(["parks.demo.sell.acetylene.min=100 kt/a"])[2])
    assert not Trial(tree, "base").is_feasible(Trial(tree, "base").read(["parks.demo.sell.acetylene.min=101 kt/a"])[2])


def test_what_cannot_be_bought_is_said() -> None:
    (blocked,) = explained(impossible.contract_above_capacity()).blocked
    assert blocked.sentence.endswith("and no Acetylene can be bought")
    assert (
        "Acetylene is limited by the capacity of Acetylene generator (100 kt/a, hello.yaml:39:55)" in blocked.sentence
    )


def test_by_products_that_may_not_pass_are_another_way() -> None:
    ways = {way.kind: way for way in explained(impossible.nothing_passes()).ways}
    assert ways["exchange"].settings == ("exchange=all",)
    assert "exchange" not in {way.kind for way in explained(impossible.slot_share()).ways}


def test_a_figure_that_is_a_list_is_changed_in_the_periods_that_need_it() -> None:
    """From 100 kt/a in spring the run may rise by 114 kt/a until the summer."""
    less = next(way for way in explained(impossible.ramp()).ways if way.kind == "ask less")
    assert less.settings == ("parks.lake.plants.flotation.fix=[100 kt/a, 214 kt/a, 205 kt/a, 100 kt/a]",)


def test_a_profile_is_scaled() -> None:
    """100 kt of acetylene need 246 kt of carbide; in the wet half 0.5 · 200 kt/a can be bought."""
    text = edit("calcium_carbide: {price: 2600 CNY/t}", "calcium_carbide: {price: 2600 CNY/t, max: {profile: rain}}")
    text = edit(impossible.GENERATOR, f"{impossible.GENERATOR}, run: {{min: 100 kt/a}}", text)
    profile = "profiles: {rain: {values: [200 kt/a, 300 kt/a]}}\n"
    text = edit("materials: #", f"periods: {impossible.HALVES}\n{profile}materials: #", text)
    found = explained(text)
    assert "at most its series of Calcium carbide can be bought in period wet" in found.blocked[0].sentence
    more = next(way for way in found.ways if way.kind == "allow more")
    assert more.settings == ("parks.demo.buy.calcium_carbide.max.times=1.23",)
    assert more.works


def test_a_line_behind_the_first_one_is_found_by_following_the_way() -> None:
    """The run is 90 kt at most by `run.max`; behind it stands the capacity of 100 kt: both give way for 120."""
    text = edit(
        impossible.GENERATOR, f"{impossible.GENERATOR}, run: {{max: 90 kt/a}}", impossible.contract_above_capacity()
    )
    more = explained(text).ways[0]
    assert {change.path.rpartition(".")[2] for change in more.changes} == {"max", "capacity"}
    assert more.works


def test_a_case_with_an_answer_has_nothing_to_explain() -> None:
    assert explained(TEXT) == Infeasibility("hello", "base", (), ())


def test_a_limit_that_no_lever_moves_is_named_too() -> None:
    """Of neither of two metals anything has come back in the first year, and so nothing can be melted."""
    text = edit(
        "{product: metal,", "{product: ore, share: 1 %, after: 1 a, before: 0 t/a}, {product: metal,", impossible.SCRAP
    )
    text = edit(", must_take: true", "", text)
    found = explained(edit("melting: {capacity: 50 t/a", "melting: {capacity: 50 t/a, run: {min: 10 t/a}", text))
    assert "return of Scrap leaves no room (hello.yaml:" in found.blocked[0].sentence
    assert found.ways[0].works


TRIED = {
    impossible.borrowed_too_much: (
        "policies.p.bank.borrow=20 t", "policies.p.bank.borrow=19.9 t",
        "raise what may be borrowed under policy p from 5 t to 20 t",
    ),
    impossible.expired: (
        "policies.p.bank.expires=null", "policies.p.bank.expires=0 a",
        "drop the time after which allowances of policy p expire: write `expires: null`",
    ),
    impossible.closed_kiln: (
        "parks.demo.plants.clinker_kiln.retire_by=null", "parks.demo.plants.clinker_kiln.retire_by=y1",
        "drop the closing of Clinker kiln by y2: write `retire_by: null`",
    ),
    impossible.slow_changeovers: (
        "parks.works.plants.blender.campaigns.changeover_time=null",
        "parks.works.plants.blender.campaigns.changeover_time=2 d",
        "drop the time that a changeover of Red blending takes: write `changeover_time: null`",
    ),
    impossible.too_little_of_two_comes_back: (
        "returns.scrap.from.1.share=75 %", "returns.scrap.from.1.share=74.9 %",
        "raise the share of Metal that comes back as Scrap from 60 % to 75 %",
    ),
}  # fmt: skip
"""fields without a lever: what the diagnosis says to write, what is not enough, and its words"""


@pytest.mark.parametrize("make", TRIED, ids=name_of)
def test_a_field_without_a_lever_is_tried_alone(make: Callable[[], str]) -> None:
    text, (setting, less, sentence) = make(), TRIED[make]
    tree = tree_of(text)
    (way,) = [it for it in explained(text).ways if it.kind == "alone"]
    (change,) = way.changes
    assert (way.settings, way.works) == ((setting,), True)
    assert change.sentence == sentence
    assert change.where == line_at(setting.partition("=")[0], text)
    assert status_of(tree, [setting]) == "optimal"
    assert status_of(tree, [less]) != "optimal"


def test_a_kiln_that_must_run_after_it_was_closed_is_told_why() -> None:
    text = edit("clinker: {price: 260 CNY/t, min: 20 kt/a}", "clinker: {price: 260 CNY/t}", impossible.closed_kiln())
    text = edit("retire_by: y2,", "retire_by: y2, run: {min: 20 kt/a},", text)
    (blocked,) = explained(text).blocked
    assert [line.path for line in blocked.because] == ["parks.demo.plants.clinker_kiln.retire_by"]
    assert "because Clinker kiln is closed by y2 (hello.yaml:" in blocked.sentence


ALONE = {
    impossible.decline_too_slow: (("growth_max",), "policies.p.growth.max=-10 %/a"),
    impossible.decline_by_the_day: (("growth_max",), "policies.p.growth.max=-0.0288 %/d"),
    impossible.decline_too_fast: (("growth_min",), "policies.p.growth.min=-40 %/a"),
    impossible.returns_above_capacity: (("returns",), "returns.scrap.must_take=false"),
    impossible.too_little_comes_back: (("returns",), "returns.scrap.from.0.share=75 %"),
    impossible.two_paints_at_a_time: (("campaign",), "parks.works.plants.blender.campaigns=null"),
    impossible.paints_in_turn: (("stay_on",), "parks.works.plants.blender.campaigns.least=10 d"),
    impossible.bank_too_small: (("kept",), "policies.p.bank.limit=20 t"),
    impossible.allowance_too_small: (("charge_each",), "policies.p.free=45 t/a"),
    impossible.short_stays: (("stay_on",), "parks.demo.plants.clinker_kiln.on_off.min_up=10 d"),
    impossible.short_breaks: (("stay_off",), "parks.demo.plants.clinker_kiln.on_off.min_down=10 d"),
}
"""blocks whose levers alone are pulled, and what the diagnosis then says to write"""


@pytest.mark.parametrize("make", ALONE, ids=name_of)
def test_a_lever_alone_gives_the_case_an_answer(make: Callable[[], str]) -> None:
    blocks, setting = ALONE[make]
    tree = tree_of(make())
    case, network, program = Trial(tree, "base").read()
    with Elastic(network, program) as elastic:
        change = elastic.least(np.isin(elastic.levers.block, blocks))
        assert change is not None
        (field,) = field_changes(case, network, program, elastic.levers, change)
    assert field.setting == setting
    assert status_of(tree, [setting]) == "optimal"


def test_a_fixed_run_by_a_profile_gives_way_in_all_periods_at_once() -> None:
    """From autumn to winter, 87.5 d, it may fall by 105 kt/a: 0.2625 times the 400 kt/a of the profile."""
    profile = "  seasons: {values: [100 kt/a, 500 kt/a, 500 kt/a, 100 kt/a]}\n"
    text = edit("fix: [100 kt/a, 500 kt/a, 500 kt/a, 100 kt/a]", "fix: {profile: seasons}", impossible.ramp())
    found = explained(edit("\nmaterials:", f"{profile}\nmaterials:", text))
    assert found.ways[0].settings == ("parks.lake.plants.flotation.fix.times=0.262",)


def test_money_is_weighed_by_what_is_typical_of_it() -> None:
    """The ponds earn 1800 CNY; 1 CNY of 1801 is less than the 0.1 t of 100 t by which a pond would have to grow."""
    cheapest, more = explained(ponds("{indicator: profit, min: 1801 CNY/a}")).ways
    assert cheapest.settings == ("policies.p.min=1800 CNY/a",)
    assert more.settings == ("parks.north.plants.north_pond.capacity=100.1 t/a",)


def test_a_list_of_equal_figures_and_zeros_gives_way_where_it_is_not_zero() -> None:
    less = explained(impossible.paints_in_turn()).ways[0]
    assert less.settings == ("parks.works.sell.red.min=[0 t/d, 0 t/d, 0 t/d, 0 t/d]",)


def test_a_bound_in_another_currency_is_changed_in_the_money_of_the_case() -> None:
    """20 t of salt cost 100 CNY, of which 10 USD are 63 CNY."""
    text = ponds("{indicator: cost, max: 10 USD/a}").replace("objective:", "currencies: {USD: 6.3 CNY}\nobjective:")
    pond = "north_pond: {capacity: 100 t/a"
    text = edit(pond, f"{pond}, fix: 20 t/a, variable_cost: 5 CNY/t", text)
    more = next(way for way in explained(text).ways if way.kind == "allow more")
    assert more.settings == ("policies.p.max=100 CNY/a",)
    assert more.changes[0].sentence == "raise the maximum of policy p from 10 USD/a to 100 CNY/a"


def test_a_store_that_begins_with_more_becomes_larger() -> None:
    """Without a pond, 300 kt of potash are made of the stock alone: 1.5 Mt, where the shed holds 0.6 Mt."""
    text = edit("      brine_pond: {capacity: 5 Mt/a, availability: {profile: evaporation}}\n", "", impossible.STORAGE)
    text = edit(
        "brine: {price: 10 CNY/t}", "raw_salt: {price: 1 CNY/t}", edit("old_brine: {cost: 1 CNY/t}, ", "", text)
    )
    text = f"{text}returns: {{raw_salt: {{from: [{{product: potash, share: 1 %, after: 9 a}}]}}}}\n"
    text = edit("capacity: 600 kt, loss: 2 %/a", "capacity: 600 kt, initial: 0 t, end: open", text)
    text = edit("flotation:  {capacity: 600 kt/a, ", "flotation:  {capacity: 600 kt/a, fix: 300 kt/a, ", text)
    more = next(way for way in explained(text).ways if way.kind == "allow more")
    shed = "parks.lake.stores.salt_shed"
    assert set(more.settings) == {f"{shed}.initial=1500000 t", f"{shed}.capacity=1500000 t"}
    assert "raise the capacity of Salt shed from 600 kt to 1500000 t" in {field.sentence for field in more.changes}


def test_a_plant_that_has_been_closed_is_not_enlarged() -> None:
    """A kiln of 20.1234 kt would move less than two contracts on as much, but it is closed before the first period."""
    text = edit("materials: #", "periods: {year: {duration: 1 a}}\nmaterials: #")
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 20.1234 kt/a}", text)
    text = impossible.with_policies("floor: {flow: {made: {clinker: 1 t/t}}, unit: t, min: 20.1234 kt/a}", text)
    found = explained(edit("capacity: 300 kt/a,", "capacity: 0 kt/a, retire_by: year,", text))
    assert set(found.ways[0].settings) == {"parks.demo.sell.clinker.min=0 kt/a", "policies.floor.min=0 kt/a"}
    assert found.ways[0].kind == "cheapest" and found.ways[0].works


def test_what_must_run_after_it_was_closed_need_no_longer_run() -> None:
    """The kiln is gone in the second year; another capacity, of which 40 % are available, would not bring it back."""
    text = edit("materials: #", "periods: {y1: {duration: 1 a}, y2: {duration: 1 a}}\nmaterials: #")
    kiln = "capacity: 300 kt/a, availability: 40 %, retire_by: y1, run: {min: 20 kt/a},"
    found = explained(edit("capacity: 300 kt/a,", kiln, text))
    assert found.ways[0].settings == ("parks.demo.plants.clinker_kiln.run.min=0 kt/a",)
    assert found.ways[0].kind == "cheapest" and found.ways[0].works


def test_statements_that_contradict_each_other_are_explained_too() -> None:
    tree = tree_of(impossible.contract_above_capacity())
    with pytest.raises(InputError):
        build_network(tree.case())
    assert explained(impossible.contract_above_capacity()).ways


@pytest.mark.parametrize("make", ENDLESS, ids=name_of)
def test_a_loop_without_end_is_told_with_its_lines(make: Callable[[], str]) -> None:
    text = make()
    gain, fields = ENDLESS[make]
    loop = explain_unbounded(Trial(tree_of(text), "base")).loops[0]
    assert loop.gain.startswith(gain)
    bounds = {bound.path: bound.where for bound in loop.bounds}
    assert fields <= set(bounds)
    assert all(where == line_at(path, text) for path, where in bounds.items())
    assert all(step.where == "" or step.where.startswith("hello.yaml:") for step in loop.steps)


@pytest.mark.parametrize("make", ENDLESS, ids=name_of)
def test_the_suggested_limits_give_an_objective_an_end(make: Callable[[], str]) -> None:
    tree = tree_of(make())
    assert status_of(tree) == "unbounded"
    found = explain_unbounded(Trial(tree, "base"))
    assert found.works
    assert status_of(tree, found.settings) == "optimal"


def test_the_payment_of_a_policy_is_part_of_the_loop() -> None:
    steps = explain_unbounded(Trial(tree_of(impossible.paid_policy()), "base")).loops[0].steps
    assert any(step.words == "policy p pays 25.00 CNY" for step in steps)


def test_each_loop_without_end_is_found() -> None:
    found = explain_unbounded(Trial(tree_of(impossible.two_loops()), "base"))
    assert len(found.loops) == 2 and len(found.settings) == 2


def test_a_later_stage_without_end_is_found() -> None:
    text = edit("capacity: 300 kt/a,", "capacity: unlimited,")
    text = edit("objective: {maximise: profit}", "objective: [{minimise: carbon}, {maximise: profit}]", text)
    text = edit("acetylene_generator: {company: acetylene_works, capacity: 100 kt/a}",
                "acetylene_generator: {company: acetylene_works, capacity: unlimited}", text)  # fmt: skip
    found = explain_unbounded(Trial(tree_of(text), "base"))
    assert found.loops[0].gain.startswith("each t of Acetylene sold adds") and found.works


def test_a_bounded_program_has_no_improving_direction() -> None:
    assert improving_direction(compile_program(network_of())) is None


def test_solve_says_why_by_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(impossible.two_policies(), encoding="utf-8")
    assert cli.run(["solve", str(path)]) == 3
    out = capfd.readouterr().out
    assert "Policy floor of at least 250 kt/a" in out and "cannot be met: short by 103.1 kt/a" in out
    assert "--set policies.cap.max='51.1 kt/a'" in out
    assert cli.run(["solve", str(path), "--set", "policies.cap.max=51.1 kt/a"]) == 0
    capfd.readouterr()
    assert cli.run(["solve", str(path), "--json"]) == 3
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, result_schema())
    assert document["diagnosis"]["ways"][0]["works"]
    assert document["objective"] is None


def test_explain_prints_every_way_and_ends_with_3(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(impossible.contract_above_capacity(), encoding="utf-8")
    assert cli.run(["explain", str(path)]) == 3
    out = capfd.readouterr().out
    assert "The smallest change that gives it an answer:" in out and "Or ask for less:" in out
    assert "raise the capacity of Acetylene generator from 100 kt/a to 120 kt/a" in out
    assert cli.run(["explain", str(path), "--json"]) == 3
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema_of("explanation"))
    assert document["schema"] == "parkloop.explanation/1"
    path.write_text(impossible.sale_above_cost(), encoding="utf-8")
    assert cli.run(["explain", str(path)]) == 3
    assert "Each t of Acetylene sold adds 1,515 CNY to profit, without limit:" in capfd.readouterr().out
    assert cli.run(["explain", str(path), "--json"]) == 3
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema_of("explanation"))
    assert document["loops"] and document["works"]


@given(cases())
@settings(
    max_examples=int(MANY or 100),
    derandomize=not MANY,
    deadline=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
def test_drawn_cases_without_an_answer_are_told_a_way_that_works(spec: Spec) -> None:
    trial = Trial(tree_of(to_yaml(spec)), "base")
    try:
        program = trial.read()[2]
    except InputError:
        return
    status = solve(program).status
    if status == "infeasible":
        found = explain_infeasible(trial)
        assert found.blocked and found.ways[0].works and found.ways[0].kind == "cheapest"
    elif status == "unbounded":
        loops = explain_unbounded(trial)
        assert loops.loops and (loops.works or not loops.loops[-1].bounds)


def test_the_answer_of_a_feasible_case_is_untouched() -> None:
    """Levers that are not pulled change nothing."""
    network = network_of()
    program = compile_program(network)
    with Elastic(network, program) as elastic:
        change = elastic.least(elastic.levers.asks | True)
    assert change is not None and not change.levers
    assert solved().status == "optimal"


RATIOS = """\
case: ratios
title: {en: Two ratios}
materials: {salt: {name: {en: Salt}, class: raw}, brick: {name: {en: Brick}, class: product}}
processes:
  kiln:
    name: {en: Kiln}
    per: 1 t salt
    inputs: {lime: {need: 0.211 t CaO, from: {brick: {gives: 0.52}}}}
    outputs: {brick: 1.35 t}
    closure: {gap: 100 %, because: drawn}
parks:
  north:
    name: {en: North}
    plants: {kiln: {capacity: 495 t/a, fixed_cost: 3.24 CNY/t}}
    sell: {brick: {price: 800 CNY/t, min: 39 t/a}, salt: {price: 977 CNY/t}}
indicators: {ratio: {name: {en: Ratio}, ratio: {of: profit, to: value_added}}}
policies:
  margin: {indicator: ratio, min: 10.3 %}
  load: {ratio: {of: {used: {brick: 0.667 GJ/t}}, to: {displaced: {class.emission: 0.197 GJ/t}}}, max: 30.3 %}
objective: {maximise: profit}
"""
"""no plan but standing still keeps `load`, and a plant that stands still has costs, which `margin` does not allow"""


def test_a_ratio_beside_a_least_sale_is_told_a_way_that_works() -> None:
    trial = Trial(tree_of(RATIOS), "base")
    assert solve(trial.read()[2]).status == "infeasible"
    assert explain_infeasible(trial).ways[0].works
