"""What a limit, a material and a run are worth: against finite differences, with how far it holds and what binds next.

Hello: the acetylene works makes 100 kt and 284 kt of slag, of which the kiln takes 154.6 kt and the rest is discarded
at 30 CNY/t; a tonne of acetylene earns 8000 − 2.46 · 2600 − 1.38 · 3 − 2.84 · 30 = 1514.66 CNY. Below 154.6 kt of slag
every tonne is missed by the kiln, where it saves 1.3518 t of limestone at 50 CNY.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hello import HELLO, TEXT, edit, network_of, tree_of
from impossible import SCRAP
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.explaining import Explanation, explain_case
from parkloop.reports.fields import field_of
from parkloop.reports.json_result import schema_of
from parkloop.reports.run import run_case
from parkloop.reports.subjects import find_subject, supply
from parkloop.reports.worth import Priced
from parkloop.solver.highs import solve
from parkloop.solver.sensitivity import Sensitivity
from ponds import text as ponds
from strategies import Spec, cases, to_yaml

CAPACITY = "parks.demo.plants.acetylene_generator.capacity"
QARHAN = HELLO.parents[1] / "parks" / "qarhan.yaml"
DEAR_KILN = edit("variable_cost: 120 CNY/t", "variable_cost: 300 CNY/t")


def explained(text: str = TEXT, what: str = "", sets: Iterable[str] = ()) -> Explanation:
    """Return the explanation of a case text."""
    return explain_case(tree_of(text), "base", sets, what)


def priced(found: Explanation) -> dict[str, Priced]:
    """Return everything with a price, by its path."""
    return {item.path: item for section in found.sections for item in section.priced}


def objective(text: str = TEXT, sets: Iterable[str] = ()) -> float:
    """Return the objective of a case solved cold from its text."""
    result = run_case(build_network(tree_of(text).case("base", sets)))
    assert result.goal.value is not None, result.reason
    return result.goal.value


def test_a_capacity_is_worth_what_the_next_tonne_earns() -> None:
    item = priced(explained())[CAPACITY]
    assert item.more is not None and item.less is not None and item.sharp
    assert item.more.value == pytest.approx(1514.66, rel=1e-9)
    assert item.less.value == pytest.approx(1514.66, rel=1e-9)
    assert item.more.holds is None
    assert item.less.holds == pytest.approx(100e3 - 154557.46 / 2.84, rel=1e-6)
    assert item.less.then == "no more Carbide slag is discarded"
    assert item.value_unit == "CNY/t"


@pytest.mark.parametrize(
    ("text", "path", "one"),
    [
        (TEXT, CAPACITY, "{:.6f} kt/a"),
        (TEXT, "parks.demo.plants.clinker_kiln.capacity", "{:.6f} kt/a"),
        (edit("clay: {price: 20 CNY/t}", "clay: {price: 20 CNY/t, max: 90 kt/a}"),
         "parks.demo.buy.clay.max", "{:.6f} kt/a"),
        (edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 200 kt/a}"),
         "parks.demo.sell.clinker.max", "{:.6f} kt/a"),
        (edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 200 kt/a}", DEAR_KILN),
         "parks.demo.sell.clinker.min", "{:.6f} kt/a"),
        (edit("capacity: 300 kt/a,", "capacity: 300 kt/a, run: {min: 200 kt/a},", DEAR_KILN),
         "parks.demo.plants.clinker_kiln.run.min", "{:.6f} kt/a"),
        (edit("capacity: 300 kt/a,", "capacity: 300 kt/a, fix: 200 kt/a,", DEAR_KILN),
         "parks.demo.plants.clinker_kiln.fix", "{:.6f} kt/a"),
        (ponds("{indicator: brine, max: 60 t/a}"), "policies.p.max", "{:.6f} t/a"),
        (ponds("{indicator: brine, max: 60 t/a}", objective="{minimise: {cost: 1, revenue: -1}}"),
         "policies.p.max", "{:.6f} t/a"),
        (ponds("{indicator: salt, min: 120 t/a}", objective="{minimise: brine}"), "policies.p.min", "{:.6f} t/a"),
    ],
)  # fmt: skip
def test_prices_are_finite_differences(text: str, path: str, one: str) -> None:
    """A thousandth more and less, solved cold."""
    item = priced(explained(text, path))[path]
    assert item.more is not None and item.less is not None and item.bound is not None
    stated = item.bound / (1e3 if "kt" in one else 1.0)
    step = stated * 1e-3
    low, here, high = (objective(text, [f"{path}={one.format(stated + move)}"]) for move in (-step, 0.0, step))
    unit = 1e3 if "kt" in one else 1.0
    scale = max(abs(here) / item.bound, 1e-9)
    assert item.more.value == pytest.approx((high - here) / (step * unit), rel=1e-6, abs=1e-6 * scale)
    assert item.less.value == pytest.approx((here - low) / (step * unit), rel=1e-6, abs=1e-6 * scale)


def test_what_binds_next_is_named_with_its_line() -> None:
    text = edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: 8000 CNY/t, max: 105 kt/a}")
    more = priced(explained(text, "acetylene_generator"))[CAPACITY].more
    assert more is not None and more.holds == pytest.approx(5000.0)
    line = text[: text.index("max: 105")].count("\n") + 1
    assert more.then.startswith(f"the largest sale of Acetylene binds (hello.yaml:{line}:")


def test_a_soft_bound_that_is_kept_again_is_told_in_words() -> None:
    """70 t of brine exceed the 60 t that are free of a surplus by 10 t; the north makes half a tonne with each."""
    text = ponds("{indicator: brine, max: 60 t/a, surplus: 5 CNY/t}")
    less = priced(explained(text, "north_pond"))["parks.north.plants.north_pond.capacity"].less
    assert less is not None and less.holds == pytest.approx(20.0)
    assert less.then == "policy p is no longer exceeded"


def test_a_limit_that_allows_another_amount_than_its_field_says_tells_both() -> None:
    """A kiln of 300 kt/a that is available for 80 % of the year makes 240 kt: a tonne more is one of those."""
    text = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, availability: 80 %,")
    path = "parks.demo.plants.clinker_kiln.capacity"
    item = priced(explained(text))[path]
    assert "the capacity of Clinker kiln is 300 kt/a, in all 240.0 kt (" in item.head
    gained = objective(text, [f"{path}=301 kt/a"]) - objective(text)
    assert item.more is not None
    assert gained == pytest.approx(item.more.value * 1000 * 240 / 300, rel=1e-6)
    assert " is 300 kt/a (" in priced(explained())[path].head
    years = priced(explained((HELLO.parent / "7_investment.yaml").read_text(encoding="utf-8")))
    assert "is 300 TJ/a, in all 4.500 PJ (" in years["parks.works.sell.steam.max"].head


def test_a_capacity_that_is_raised_is_worth_its_price_less_its_fixed_cost() -> None:
    text = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, availability: 80 %, fixed_cost: 20 CNY/t,")
    path = "parks.demo.plants.clinker_kiln.capacity"
    item = priced(explained(text))[path]
    assert item.more is not None and item.fixed == pytest.approx(-25.0)
    assert item.lines[-1] == "besides, the fixed cost of each t takes 25.00 CNY from profit, whether it is used or not"
    (limit,) = [it for it in run_case(network_of(text)).limits if it.path == path]
    assert limit.sentence.endswith(", before its fixed cost of 25.00 CNY a t")
    assert limit.value == pytest.approx(item.more.value)
    gained = objective(text, [f"{path}=301.25 kt/a"]) - objective(text)
    assert gained == pytest.approx(1000 * (item.more.value + item.fixed), rel=1e-6)
    assert priced(explained())[path].fixed == 0 and "fixed cost" not in priced(explained())[path].lines[-1]


def test_fixed_cost_counts_as_the_objective_counts_it() -> None:
    """Cost that is minimised grows by it, and carbon that is weighed beside profit does not know of it."""
    text, goal = (
        edit("capacity: 300 kt/a,", "capacity: 300 kt/a, fixed_cost: 20 CNY/t,"),
        "objective: {maximise: profit}",
    )
    path = "parks.demo.plants.clinker_kiln.capacity"
    for other, fixed in (("minimise: {cost: 1, revenue: -1}", 20), ("maximise: {profit: 1, carbon: -6 CNY/t}", -20)):
        item = priced(explained(edit(goal, f"objective: {{{other}}}", text)))[path]
        assert item.fixed == pytest.approx(fixed)
        assert ("costs 20.00 CNY of" if fixed > 0 else "takes 20.00 CNY from") in item.lines[-1]
    found = priced(explained(edit(goal, "objective: {minimise: carbon}", text), "clinker_kiln"))
    assert all(item.fixed == 0 for item in found.values())


def test_what_binds_next_is_told_with_its_period() -> None:
    """Less capacity of the flotation fills it in the winter too; the pond is full in the summer first."""
    found = priced(explained((HELLO.parent / "4_storage.yaml").read_text(encoding="utf-8")))
    item = found["parks.lake.plants.flotation.capacity"]
    assert item.more is not None and item.less is not None
    assert item.more.then.startswith("the capacity of Brine pond binds in period summer (")
    assert item.less.then.startswith("the capacity of Flotation binds in period winter (")


def test_the_park_that_becomes_the_worst_off_is_named() -> None:
    text = (HELLO.parent / "8_objectives.yaml").read_text(encoding="utf-8")
    found = explain_case(tree_of(text), "fair", (), "")
    then = {side.then for it in priced(found).values() for side in (it.more, it.less) if side is not None}
    assert "East is the worst off too" in then


def test_a_former_stage_that_binds_next_is_told_in_words() -> None:
    """At least 50 t of salt make 10 t of brine, so 80 t are allowed, of which 70 t are made."""
    text = ponds("{indicator: salt, min: 50 t/a}", "[{minimise: brine, tolerance: 700 %}, {maximise: profit}]")
    item = priced(explained(text))["parks.north.plants.north_pond.capacity"]
    assert item.more is not None
    assert (item.more.holds, item.more.then) == (pytest.approx(20.0), "stage 1 of the objective binds")


def test_a_contract_at_a_kink_costs_more_to_raise_than_it_saves_to_lower() -> None:
    """200 kt of clinker at a loss need just the 70 kt of clay that are cheap; the next tonne costs 80 CNY more."""
    text = edit(
        "clay: {price: 20 CNY/t}", "clay: {steps: [{price: 20 CNY/t, max: 70 kt/a}, {price: 100 CNY/t}]}", DEAR_KILN
    )
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 200 kt/a}", text)
    path = "parks.demo.sell.clinker.min"
    item = priced(explained(text, path))[path]
    assert item.more is not None and item.less is not None and not item.sharp
    low, here, high = (objective(text, [f"{path}={amount} kt/a"]) for amount in (199, 200, 201))
    assert item.more.value == pytest.approx((high - here) / 1000, rel=1e-6)
    assert item.less.value == pytest.approx((here - low) / 1000, rel=1e-6)
    assert item.less.value - item.more.value == pytest.approx(0.35 * 80, rel=1e-6)


def test_a_price_holds_as_far_as_it_is_said_and_no_further() -> None:
    """Below the run at which all slag goes into the kiln, a tonne less of acetylene costs more."""
    item = priced(explained())[CAPACITY]
    assert item.less is not None and item.less.holds is not None
    end = 100e3 - item.less.holds
    inside, outside = (
        objective(sets=[f"{CAPACITY}={end + more} t/a"]) - objective(sets=[f"{CAPACITY}={end + less} t/a"])
        for more, less in ((100, 0), (0, -100))
    )
    assert inside / 100 == pytest.approx(1514.66, rel=1e-6)
    assert outside / 100 > 1514.66 + 1


def test_a_degenerate_price_is_told_with_both_its_ends() -> None:
    """A kiln that takes exactly what slag there is: one tonne more is discarded, one tonne less is missed."""
    exact = 154.557_463_672_391_03 / 2.84
    text = edit("capacity: 100 kt/a", f"capacity: {exact!r} kt/a")
    found = explained(text, "carbide_slag")
    ends = [(item.more, item.less, item) for item in priced_all(found)]
    for more, less, item in ends:
        assert more is not None and less is not None
        assert not item.sharp
        assert more.value == pytest.approx(-30.0, rel=1e-6)
        assert less.value > more.value
        assert any("at least" in line and "at most" in line for line in item.lines)


def priced_all(found: Explanation) -> list[Priced]:
    """Return everything with a price."""
    return [item for section in found.sections for item in section.priced]


@given(cases())
@settings(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
def test_one_sided_prices_bracket_every_dual_and_are_finite_differences(spec: Spec) -> None:
    """Of drawn cases, the balances of a few materials; the side of their rows is moved and solved cold."""
    try:
        network = network_of(to_yaml(spec))
    except InputError:
        return
    program = compile_program(network)
    solution = solve(program)
    if solution.status != "optimal" or program.is_integer or program.stages:
        return
    assert solution.row_dual is not None and solution.objective is not None
    nodes = list(range(len(network.nodes.material)))[:4]
    directions = [supply(network, program, node, 0) for node in nodes]
    with Sensitivity(network, program, solution, directions) as found:
        for number, direction in enumerate(directions):
            worth = found.direction(number)
            dual = -solution.row_dual[direction.row[0]]
            sign = 1.0 if program.maximise else -1.0
            scale = 1e-5 * max(1.0, abs(dual), np.abs(solution.row_dual).max())
            if worth.more is not None:
                assert sign * worth.more.value <= sign * dual + scale
            if worth.less is not None:
                assert sign * worth.less.value >= sign * dual - scale
            for slope, way in ((worth.more, 1.0), (worth.less, -1.0)):
                if slope is None:
                    continue
                step = way * min(0.5 * slope.reach, 1.0)
                lower, upper = program.row_lower.copy(), program.row_upper.copy()
                lower[direction.row[0]] = upper[direction.row[0]] = -step / program.flow_scale
                moved = solve(replace(program, row_lower=lower, row_upper=upper))
                assert moved.objective is not None
                change = (moved.objective - solution.objective) / step
                assert change == pytest.approx(slope.value, rel=1e-4, abs=10 * scale)


def test_an_idle_plant_runs_above_the_price_that_is_said_and_not_below() -> None:
    """A tonne of clinker costs 379.96 CNY where variable cost is 300: it loses 54.8 CNY at a price of 260."""
    found = explained(DEAR_KILN, "clinker_kiln")
    (note,) = found.sections[0].notes
    assert "Clinker kiln stands still" in note and "it would run if Clinker sold above 314.8 CNY/t (now 260.0)" in note
    for price, runs in ((314.7, False), (314.9, True)):
        result = run_case(network_of(DEAR_KILN, sets=[f"parks.demo.sell.clinker.price={price} CNY/t"]))
        kiln = next(plant for plant in result.plants if plant.plant == "clinker_kiln")
        assert (kiln.run > 0) == runs


def test_an_idle_offer_is_used_beyond_the_price_that_is_said_and_not_before() -> None:
    """Slag may also be bought at 90 CNY/t; it is worth −30, for there is too much of it."""
    text = edit("water: {price: 3 CNY/t}}", "water: {price: 3 CNY/t}, carbide_slag: {price: 90 CNY/t}}")
    text = edit("capacity: 100 kt/a", "capacity: 20 kt/a", text)
    (note,) = explained(text, "parks.demo.buy.carbide_slag").sections[0].notes
    limit = float(note.rsplit("below ", 1)[1].split(" ")[0])
    assert 0 < limit < 90
    for price, bought in ((limit + 0.1, False), (limit - 0.1, True)):
        result = run_case(network_of(text, sets=[f"parks.demo.buy.carbide_slag.price={price} CNY/t"]))
        assert result.flows is not None
        slag = [flow for flow in result.flows.rows if flow.material == "carbide_slag" and flow.fate == "bought"]
        assert (sum(flow.value for flow in slag) > 1) == bought


def test_the_values_of_a_run_add_up_to_the_worth_of_its_capacity() -> None:
    found = explained(TEXT, "acetylene_generator").sections[0]
    assert sum(row["value"] for row in found.table[:-1]) == pytest.approx(found.table[-1]["value"])
    assert found.table[-1]["value"] == pytest.approx(1514.66, rel=1e-9)


def test_flows_that_are_not_unique_are_given_with_both_ends() -> None:
    """Two equal ponds share a sale of 120 t; each may make 20 to 100 t of it."""
    text = ponds("{indicator: salt, max: 120 t/a}", objective="{maximise: salt}")
    found = explained(text, "north_pond").sections[0]
    (flow,) = found.flows
    assert (flow.least, flow.most) == pytest.approx((20.0, 100.0))
    assert "anything from 20.00 t to 100.0 t is as good" in flow.words


def test_unique_flows_have_no_range() -> None:
    for flow in explained(TEXT, "acetylene").sections[0].flows:
        assert flow.least == pytest.approx(flow.most)


def test_under_a_cost_that_is_minimised_more_of_a_material_saves() -> None:
    text = edit("objective: {maximise: profit}", "objective: {minimise: cost}")
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 200 kt/a}", text)
    item = priced_all(explained(text, "clay"))[0]
    assert item.more is not None and item.more.value == pytest.approx(-20.0)
    assert item.lines[0].startswith("one t more saves 20.00 CNY of cost")
    contract = priced(explained(text, "parks.demo.sell.clinker"))["parks.demo.sell.clinker.min"]
    assert contract.lines[0].startswith("one t more costs ")


def test_periods_are_told_together_and_one_by_one() -> None:
    text = edit("materials: #", "periods: {wet: {duration: 0.5 a}, dry: {duration: 0.5 a}}\nmaterials: #")
    items = priced_all(explained(text, "clay"))
    whens = (", spread evenly", " in period wet", " in period dry")
    assert [item.what for item in items][:3] == [f"Clay at Cement works{when}" for when in whens]
    assert all(item.more is not None and item.more.value == pytest.approx(20.0) for item in items)


def test_a_plant_that_is_on_or_off_says_what_its_prices_leave_out() -> None:
    text = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, on_off: {min_load: 40 %},")
    found = explained(text)
    assert found.caveats == ("prices hold with every plant left on or off as it is",)
    assert priced(found)[CAPACITY].sharp


@pytest.mark.parametrize(
    ("what", "title"),
    [
        ("clay", "Clay"), ("demo.clay", "Clay"),
        ("clinker_kiln", "Clinker kiln"), ("demo.clinker_kiln", "Clinker kiln"),
        ("parks.demo.plants.clinker_kiln", "Clinker kiln"), ("parks.demo.buy.clay", "parks.demo.buy.clay"),
        ("parks.demo.buy.clay.price", "parks.demo.buy.clay"), ("processes.clinker_kiln", "processes.clinker_kiln"),
    ],
)  # fmt: skip
def test_things_are_found_by_name_or_path(what: str, title: str) -> None:
    assert find_subject(network_of(), what).title == title


def test_what_is_nothing_of_the_case_is_an_error_with_the_nearest_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", str(HELLO), "clinkr"]) == 2
    assert "did you mean 'clinker'?" in capfd.readouterr().err


def test_every_material_plant_offer_and_policy_of_qarhan_can_be_asked_about() -> None:
    """One of each kind, in the real case; each sentence has its place."""
    from parkloop.flows.case import read_tree

    tree = read_tree(QARHAN)
    for what in (
        "chlorine",
        "magnesium_electrolysis",
        "turbine_back_pressure",
        "parks.qarhan.sell.pvc",
        "carbon_price",
    ):
        found = explain_case(tree, "base", (), what)
        assert found.status == "optimal" and found.sections
        section = found.sections[0]
        assert section.priced or section.notes or section.flows
        for item in section.priced:
            assert item.where.count(":") >= 2


def test_explanations_are_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", str(HELLO), "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema_of("explanation"))
    assert document["schema"] == "parkloop.explanation/1" and document["status"] == "optimal"
    first = document["sections"][0]["worth"][0]
    assert first["path"] == CAPACITY and first["more"]["value"] == pytest.approx(1514.66)
    assert cli.run(["explain", str(HELLO), "-s", "all", "--json"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 2
    for line in lines:
        jsonschema.validate(json.loads(line), schema_of("explanation"))


@pytest.mark.parametrize(
    "what",
    ["", "carbide_slag", "clinker_kiln", "parks.demo.buy.limestone", CAPACITY, "cap", "program"],
)
def test_every_kind_of_explanation_keeps_the_contract(what: str) -> None:
    text = edit(
        "objective: {maximise: profit}",
        "objective: {maximise: profit}\npolicies: {cap: {indicator: carbon, max: 50 kt/a}}",
    )
    document = json.loads(explained(text, what).to_json())
    jsonschema.validate(document, schema_of("explanation"))
    assert document.get("sections") or document.get("program")


def test_the_contract_of_explanations_knows_what_belongs_to_a_status() -> None:
    document = json.loads(explained().to_json())
    for wrong in (
        {**document, "status": "infeasible"},
        {**document, "more": 1},
        {key: value for key, value in document.items() if key != "sections"},
        {**document, "sections": [{**document["sections"][0], "worth": [{"path": "x"}]}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema_of("explanation"))


def test_tables_are_printed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.run(["explain", str(HELLO), "clinker_kiln"]) == 0
    out = capfd.readouterr().out
    assert "The capacity of Clinker kiln is 300 kt/a (" in out
    assert "left for the capacity and other limits" in out


def test_levers_of_qarhan_lead_to_their_fields() -> None:
    """Every lever's field stands in the case."""
    from parkloop.flows.case import read_case

    case = read_case(QARHAN)
    network = build_network(case)
    program = compile_program(network)
    with Sensitivity(network, program, solve(program)) as found:
        for lever in range(len(found.levers)):
            path = field_of(network, found.levers, lever)
            assert case.text_at(*path.split(".")) is not None or case.is_map(*path.split("."))


def test_the_share_that_comes_back_is_worth_what_is_no_longer_bought() -> None:
    """Of 100 t of metal a percentage point is 1 t of scrap at 1 CNY in the second year, in place of ore at 10 CNY."""
    text = edit("melting: {capacity: 50 t/a}", "melting: {capacity: 80 t/a}", edit(", must_take: true", "", SCRAP))
    text = edit("min: 100 t/a", "max: 100 t/a", text)
    item = priced(explained(text, "returns.scrap"))["returns.scrap.from.0.share"]
    assert item.more is not None and item.less is not None
    assert (item.more.value, item.less.value, item.bound, item.unit) == pytest.approx((900, 900, 0.6, "1"))
    assert "the share that comes back as Scrap in period y2 is 60 % (hello.yaml:" in item.sentence


def test_growth_is_worth_what_a_percentage_point_of_it_brings() -> None:
    """The north makes 20 t in the first of three years, and with the south 120 t: 1.1^1.5 times that in the others."""
    text = ponds("{indicator: salt, growth: {max: 10 %/a}}", periods="{y1: {duration: 1 a}, y2: {duration: 2 a}}")
    text = edit("north_pond: {capacity: 100 t/a", "north_pond: {capacity: 100 t/a, availability: [20 %, 100 %]", text)
    path = "policies.p.growth.max"
    item = priced(explained(text, "p"))[path]
    assert item.more is not None and item.less is not None and item.sharp
    low, high = (objective(text, [f"{path}={percent} %/a"]) for percent in (9.999, 10.001))
    assert item.more.value == pytest.approx((high - low) / 2e-5, rel=1e-6)
    assert item.less.value == pytest.approx(item.more.value)
    assert "the largest growth under policy p in period y2 is 10 %/a (hello.yaml:" in item.sentence
