"""Which numbers a finding rests on: the saving of the hello case, base against standalone, by hand.

The kiln takes 300 kt · 0.65 · 60 % / 0.757 = 154.5575 kt of slag (284 kt are there), which saves 30 CNY/t of
discarding and 0.757/0.56 t of limestone at 50 CNY: 15.083152 MCNY in all. With a number 20 % higher the saving rises by
    limestone price     154.5575 kt · 0.757/0.56 · 10 CNY = 2.089286 MCNY
    discard cost        154.5575 kt · 6 CNY = 0.927345 MCNY
    kiln capacity       20 % of all of it = 3.016630 MCNY, and as much by the largest share of slag (60 %)
and falls by as much with one 20 % lower. What an acetylene costs or sells for is the same with and without exchange.
"""

from __future__ import annotations

import csv
import io
import json
from math import sqrt
from pathlib import Path

import jsonschema
import pytest

from hello import HELLO, TEXT, edit, tree_of
from parkloop import cli
from parkloop.audit.finding import Chance, Moved, Request, Robustness
from parkloop.audit.pulls import Answered, measure_of, pulls, tried
from parkloop.audit.robustness import find_robustness
from parkloop.audit.robustness_paper import robustness_csv, robustness_json
from parkloop.audit.uncertain import number_at, read_ranges, read_spreads
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree, read_tree
from parkloop.flows.problems import InputError
from parkloop.flows.units import parse_need
from parkloop.models.compile import compile_program
from parkloop.solver.lexicographic import solve_stages
from parkloop.solver.session import Session
from shipped import CASES

KILN, LIMESTONE = "parks.demo.plants.clinker_kiln.capacity", "parks.demo.buy.limestone.price"
SLAG = "parks.demo.discard.carbide_slag.cost"
SHARE = "processes.clinker_kiln.inputs.calcium.from.carbide_slag.max_share"
TAKEN = 300e3 * 0.65 * 0.6 / 0.757
SAVED = 30 + 50 * 0.757 / 0.56
BARE = TEXT[: TEXT.index("# What each scenario answers")]


def found(text: str = TEXT, **how: object) -> Robustness:
    how = {"against": "standalone", "samples": 0} | how
    return find_robustness(tree_of(text), Request(**how))  # type: ignore[arg-type]


def by_path(robustness: Robustness) -> dict[str, Moved]:
    return {it.number.path: it for it in robustness.moved}


def answered(tree: CaseTree, indicator: str | None = None, sets: tuple[str, ...] = ()) -> tuple[Answered, float]:
    """The answer of the base scenario, and the value of the measure by its own weights."""
    network = build_network(tree.case("base", sets))
    row = None if indicator is None else [text.id for text in network.indicators.label].index(indicator)
    with Session(compile_program(network)) as session:
        program, solution, _ = solve_stages(session.program, session)
    answer = Answered(network, program, solution, row)
    weight, constant = measure_of(network, program, row)
    return answer, float(weight @ answer.flows + constant)


def test_the_saving_moves_as_the_docstring_says() -> None:
    robustness = found()
    assert robustness.finding == pytest.approx(TAKEN * SAVED)
    assert {path: it.high for path, it in by_path(robustness).items()} == pytest.approx(
        {KILN: 0.2 * TAKEN * SAVED, SHARE: 0.2 * TAKEN * SAVED, LIMESTONE: TAKEN * 0.757 / 0.56 * 10, SLAG: TAKEN * 6}
    )
    for it in robustness.moved:
        assert it.low == pytest.approx(-(it.high or 0.0))
        assert it.estimate == (pytest.approx(it.low), pytest.approx(it.high))


def test_what_counts_is_the_new_solve_and_not_the_estimate() -> None:
    """A kiln of 1 Mt/a has room for all 284 kt of slag: 27.715357 MCNY, 12.632205 more. First order says 35.194023."""
    it = by_path(found(ranges=read_ranges([f"{KILN}=200:1000 kt/a"])))[KILN]
    assert (it.number.low, it.number.high, it.number.basis) == (200, 1000, "given")
    assert it.high == pytest.approx(284e3 * SAVED - TAKEN * SAVED)
    assert it.estimate[1] == pytest.approx(TAKEN * SAVED * 700 / 300)
    assert it.low == pytest.approx(-TAKEN * SAVED / 3)


def test_a_number_whose_range_is_given_is_solved_again_though_it_does_not_bind_yet() -> None:
    """Limestone up to 500 kt/a limits nothing, 139 kt are bought. With 56 kt/a, 31.36 kt CaO are to be had of it.

    Slag is 60 % at most, so a tonne of clinker needs 0.26 t CaO of limestone, 0.4643 t, and 0.39 t of slag, 0.5152 t:
    the kiln makes 120.6154 kt in place of 300 kt. Each earns 260 − 120 − 7 of clay − 23.2143 of limestone, and spares
    15.4557 of discarding: 125.2414 CNY.
    """
    limited = edit("limestone: {price: 50 CNY/t}", "limestone: {price: 50 CNY/t, max: 500 kt/a}")
    path = "parks.demo.buy.limestone.max"
    it = by_path(found(limited, against=None, ranges=read_ranges([f"{path}=56:600 kt/a"])))[path]
    lime, slag = 0.26 / 0.56, 0.39 / 0.757
    margin = 260 - 120 - 0.35 * 20 - lime * 50 + slag * 30
    assert it.estimate == (0.0, 0.0) and it.high == 0
    assert it.low == pytest.approx(-(300e3 - 56e3 / lime) * margin)


def test_without_another_scenario_the_finding_is_the_value_itself() -> None:
    """100 kt of acetylene at 8000 CNY/t: 20 % are 160 MCNY, more than anything else.

    At 6400 CNY/t a tonne loses 0.14 CNY, so acetylene is made for its slag alone: 154.5575/2.84 = 54.42165 kt. So
    100 kt · 1599.86 CNY/t are lost, and 54.42165 kt · 0.14 CNY/t; 129.4425 kt of slag less are discarded at 30 CNY/t.
    """
    robustness = found(against=None)
    assert robustness.finding == pytest.approx(189038438, rel=1e-6) and robustness.other is None
    first = robustness.moved[0]
    assert first.number.path == "parks.demo.sell.acetylene.price"
    assert first.high == pytest.approx(160e6)
    assert first.low == pytest.approx(-100e3 * 1599.86 - TAKEN / 2.84 * 0.14 + (284e3 - TAKEN) * 30)


def test_numbers_without_a_source_that_was_read_come_first() -> None:
    """Read from the name plate, the capacity of the kiln stands last; so read, it is off by 5 % only."""
    source = "sources: {plate: {cite: Name plate, access: read, gives: [capacity]}}, confidence: estimate"
    robustness = found(edit("variable_cost: 120 CNY/t", f"variable_cost: 120 CNY/t, {source}"))
    assert [it.number.path for it in robustness.moved] == [SHARE, LIMESTONE, SLAG, KILN]
    last = robustness.moved[-1]
    assert (last.number.access, last.number.basis, last.number.source) == ("read", "published", "Name plate")
    assert last.high == pytest.approx(0.05 * TAKEN * SAVED)  # and so it is off by 5 %, not by the 20 % of an estimate
    assert robustness.unread == robustness.numbers - 1


def test_a_source_that_gives_something_else_is_none() -> None:
    source = "sources: {plate: {cite: Name plate, access: read, gives: [variable_cost]}}"
    robustness = found(edit("variable_cost: 120 CNY/t", f"variable_cost: 120 CNY/t, {source}"))
    assert by_path(robustness)[KILN].number.access == "none"


def test_a_stated_range_counts_before_any_confidence() -> None:
    """0.35 t of clay, 0.34 to 0.355: 300 kt · 20 CNY/t · 0.01 more at the low end, half of it less at the high."""
    text = edit("clay: 0.35 t", "clay: {value: 0.35 t, range: [0.34 t, 0.355 t], source: lab}\n    ", BARE)
    text = text.replace(
        "per: 1 t clinker", "per: 1 t clinker\n    sources: {lab: {cite: Lab, access: read}}\n    closure: 5 %"
    )
    it = by_path(found(text, against=None, top=20))["processes.clinker_kiln.inputs.clay.value"]
    assert (it.number.low, it.number.high, it.number.basis, it.number.access) == (0.34, 0.355, "range", "read")
    assert (it.low, it.high) == (pytest.approx(300e3 * 20 * 0.01), pytest.approx(-300e3 * 20 * 0.005))


def test_shares_by_confidence_can_be_set_and_are_said() -> None:
    robustness = found(spreads=read_spreads(["unstated=10 %"]))
    assert by_path(robustness)[SLAG].high == pytest.approx(TAKEN * 3)
    assert robustness.spreads["unstated"] == 0.1 and robustness.spreads["estimate"] == 0.2


def test_a_parameter_is_one_number_wherever_it_is_written() -> None:
    """Limestone and clay at the same price, $stone of 50 CNY/t: the saving moves as by the limestone."""
    text = edit(
        "limestone: {price: 50 CNY/t}, clay: {price: 20 CNY/t}", "limestone: {price: $stone}, clay: {price: $stone}"
    )
    text = edit("\nparks:", "\nparameters: {stone: 50 CNY/t}\n\nparks:", text)
    robustness = found(text)
    assert "parameters.stone" in by_path(robustness) and LIMESTONE not in by_path(robustness)
    assert by_path(robustness)["parameters.stone"].high == pytest.approx(TAKEN * 0.757 / 0.56 * 10)


def test_numbers_that_scenarios_state_differently_do_not_vary() -> None:
    """A scenario of dearer limestone is about its price: laying another value over both would undo it."""
    dear = f"dear: {{title: {{en: Dear, zh: 贵}}, set: {{{LIMESTONE}: 60 CNY/t}}}}"
    robustness = found(edit("scenarios:\n", f"scenarios:\n  {dear}\n"), scenario="dear", against="base")
    assert robustness.stated_apart == (LIMESTONE,) and LIMESTONE not in by_path(robustness)


def test_a_measure_is_compared_with_the_case_without_it() -> None:
    """Limestone at 40 CNY/t: the kiln buys (195 − 117) kt CaO / 0.56 = 139.2857 kt of it and saves 1.392857 MCNY."""
    robustness = found(against=None, measure=(f"{LIMESTONE}=40 CNY/t",))
    assert (robustness.scenario, robustness.against) == ("with_measure", "base")
    assert robustness.finding == pytest.approx(78e3 / 0.56 * 10)
    with pytest.raises(InputError, match="matches nothing"):
        found(against=None, measure=("parks.demo.buy.coal.price=40 CNY/t",))


def test_a_number_that_cannot_be_varied_alone_is_named_with_the_reason() -> None:
    refused = {it.number.path: it for it in found().refused}
    it = refused["processes.clinker_kiln.inputs.calcium.from.limestone.gives"]
    assert "does not close on mass" in it.reason and it.low is None


def test_an_indicator_is_moved_by_numbers_that_change_the_plan() -> None:
    """Carbon of hello rests on the kiln; prices are solved again too, although to first order they do nothing."""
    robustness = found(of="carbon", against=None)
    assert robustness.measure == "carbon" and not robustness.maximise
    kiln = by_path(robustness)[KILN]
    assert kiln.high == pytest.approx(0.2 * 61285.714, rel=1e-6)
    price = by_path(robustness)["parks.demo.sell.acetylene.price"]
    assert price.estimate == (0.0, 0.0) and price.high == 0


def test_less_of_an_indicator_is_better() -> None:
    """Alone 153.2143 kt of carbon, together 61.2857 kt: better by 91.9286 kt, by a fifth more with a larger kiln."""
    robustness = found(of="carbon", top=3)
    assert robustness.finding == pytest.approx(91928.571, rel=1e-6)
    assert by_path(robustness)[KILN].high == pytest.approx(0.2 * 91928.571, rel=1e-6)


def test_what_building_costs_is_a_number_too() -> None:
    """The boiler of the tutorial costs 400 CNY/(GJ/a); a dearer one lowers the profit, as far as first order says."""
    tree = read_tree(CASES / "tutorials" / "7_investment.yaml")
    path = "parks.works.plants.waste_heat_boiler.build.cost"
    number = number_at(tree.case("carbon_price"), path, read_spreads(()), {})
    assert number is not None and (number.value, number.unit) == (400, "CNY/(GJ/a)")
    robustness = find_robustness(
        tree, Request(scenario="carbon_price", samples=0, ranges=read_ranges([f"{path}=399:401"]))
    )
    it = by_path(robustness)[path]
    assert it.estimate is not None and it.low is not None and it.low > 0 > (it.high or 0.0)
    assert it.estimate == (pytest.approx(it.low, rel=1e-3), pytest.approx(it.high, rel=1e-3))


def test_where_an_objective_has_stages_there_is_no_first_order() -> None:
    """Profit first, then carbon: numbers are put in an order and solved again, but no estimate is given as if right."""
    tree = read_tree(CASES / "tutorials" / "8_objectives.yaml")
    robustness = find_robustness(tree, Request(samples=0, top=4))
    assert robustness.measure == "carbon" and robustness.left is None
    assert {it.estimate for it in robustness.moved} == {None}
    assert max(it.swing for it in robustness.moved) > 0
    schema = json.loads((Path(cli.__file__).parent / "audit" / "robustness.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(robustness_json(robustness)), schema)


@pytest.mark.parametrize(
    ("case", "indicator"),
    [
        ("tutorials/hello.yaml", None),
        ("tutorials/1_loop.yaml", None),
        ("tutorials/1_loop.yaml", "carbon"),
        ("tutorials/4_storage.yaml", None),
        ("tutorials/5_route.yaml", None),
        ("tutorials/6_policy.yaml", None),
        ("parks/qarhan.yaml", "co2"),
    ],
)
def test_a_pull_is_a_derivative(case: str, indicator: str | None) -> None:
    """Against differences of two new solves, for the strongest numbers whose two sides agree."""
    tree = read_tree(CASES / case)
    stated, spreads = tree.case(), read_spreads(())
    answer, before = answered(tree, indicator)
    checked = 0
    for path, pull in sorted(pulls(answer).items(), key=lambda it: -abs(it[1]))[:8]:
        number = number_at(stated, path, spreads, {})
        if number is None or _weighed_directly(path):
            continue
        ends = []
        for factor in (1 - 1e-4, 1 + 1e-4):
            setting = f"{number.path}={number.value * factor!r} {number.unit if number.unit != '1' else ''}"
            try:
                ends.append(answered(tree, indicator, (setting,))[1])
            except InputError:  # a recipe that would not close
                break
        else:
            below, above = (before - ends[0]) / 1e-4, (ends[1] - before) / 1e-4
            if abs(above - below) <= 1e-3 * abs(pull):
                assert pull == pytest.approx((above + below) / 2, rel=1e-3), path
                checked += 1
    assert checked >= 3


def _weighed_directly(path: str) -> bool:
    """An output that a policy of the case weighs beside its balance is looked at entry by entry, by `tried`."""
    return path == "processes.lime_kiln.outputs.fines"


def test_a_number_that_is_tried_pulls_as_two_solves_say() -> None:
    """The policy tutorial pays 60 CNY/t for 28.5 kt of carbon: the price pulls by −1.71 MCNY, the allowance by +3 MCNY.

    Of the fines, 15 of 20 kt find a use. 1 % more are 0.2 kt, discarded at 5 CNY/t, and 90 % of them short of the floor
    at 20 CNY/t: 4.6 kCNY less, −0.46 MCNY for all.
    """
    tree = read_tree(CASES / "tutorials" / "6_policy.yaml")
    answer, _ = answered(tree)
    for path, stated, pull in (
        ("policies.carbon_price.price", "60 CNY/t", -1.71e6),
        ("policies.carbon_price.free", "50 kt/a", 3e6),
        ("processes.lime_kiln.outputs.fines", "0.2 t", -0.46e6),
    ):
        quantity, _ = parse_need(stated)
        setting = f"{path}={{}} {quantity.unit}"
        looked = tried(
            answer, lambda f, q=quantity, s=setting: build_network(tree.case("base", [s.format(q.value * f)]))
        )
        assert looked == pytest.approx(pull, rel=1e-6), path


def test_the_share_of_wins_has_the_error_of_a_share() -> None:
    chance = Chance(400, 400, 0, "triangular", 1.0, 1.0, {}, wins=300, ties=0)
    assert chance.probability == 0.75 and chance.error == pytest.approx(sqrt(0.75 * 0.25 / 400))
    assert Chance(4, 0, 0, "uniform", None, None, {}, wins=0, ties=0).probability is None


def test_both_scenarios_are_solved_with_the_same_values() -> None:
    """Uniform over 8000 ± 400 CNY/t, 100 kt of acetylene have a deviation of 40/√3 = 23.094 MCNY, the saving of none.

    With 64 independent draws the deviation found is within 15 % of that (its own error is about 6 % here).
    """
    text = edit("variable_cost: 120 CNY/t", "variable_cost: 121 CNY/t", BARE)
    ranges = read_ranges(["parks.demo.sell.acetylene.price=7600:8400 CNY/t"])
    spreads = read_spreads([f"{name}=0%" for name in ("published", "stoichiometric", "estimate", "unstated")])
    alone = found(text, against=None, samples=64, law="uniform", ranges=ranges, spreads=spreads)
    assert alone.chance is not None and alone.chance.deviation == pytest.approx(40e6 / sqrt(3), rel=0.15)
    slag = read_ranges([f"{SLAG}=29:31 CNY/t", "parks.demo.sell.acetylene.price=7600:8400 CNY/t"])
    both = found(text, samples=64, law="uniform", ranges=slag, spreads=spreads)
    assert both.chance is not None and both.chance.wins == 64
    assert both.chance.deviation == pytest.approx(TAKEN / sqrt(3), rel=0.15)  # of 1 CNY/t on the slag taken


def test_a_finding_that_is_even_wins_half_of_the_samples() -> None:
    """A kiln of its own scenario gains 10 % in capacity but pays 3.76 MCNY for it: the two are as good as each other.

    The kiln earns 37.572438 MCNY per 300 kt/a. 30 kt/a more earn 3.757244; a fixed cost of 11.385587 CNY/t on 330 kt/a
    eats it up. Whether it pays hangs on prices, symmetric around what is stated: in about half of the samples it does.
    """
    change = f"{KILN}: 330 kt/a, parks.demo.plants.clinker_kiln.fixed_cost: {3757243.82 / 330e3!r} CNY/t"
    text = BARE.replace(
        "exchange: none}", f"exchange: none}}\n  more: {{title: {{en: More, zh: 多}}, set: {{{change}}}}}"
    )
    robustness = found(text, scenario="more", against="base", samples=100, law="uniform", top=4)
    assert robustness.finding == pytest.approx(0, abs=2e4)
    chance = robustness.chance
    assert chance is not None and chance.probability is not None and chance.error is not None
    assert abs(chance.probability - 0.5) < 4 * chance.error
    assert chance.error == pytest.approx(sqrt(0.25 / 100), rel=0.05)
    again = found(text, scenario="more", against="base", samples=100, law="uniform", top=4)
    assert again.chance == chance


def test_a_scenario_without_an_answer_is_named() -> None:
    capped = edit("objective:", "policies: {cap: {indicator: carbon, max: 1 kt/a}}\nobjective:", BARE)
    capped = edit("capacity: 300 kt/a", "capacity: 300 kt/a, run: {min: 200 kt/a}", capped)
    robustness = found(capped)
    assert robustness.status == "infeasible" and robustness.reason.startswith("scenario base: ")
    assert robustness.finding is None and not robustness.moved


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"ranges": {"parks.demo.buy.coal.price": (1.0, 2.0, "CNY/t")}}, "meets no single number"),
        ({"against": "base"}, "compared with itself"),
        ({"against": "nobody"}, "there is no scenario `nobody`"),
        ({"of": "carbn"}, "unknown indicator `carbn`"),
        ({"of": "least:carbon"}, "`least` is no sense"),
        ({"ranges": {KILN: (400.0, 500.0, "kt/a")}}, "is not within its range"),
        ({"ranges": {KILN: (400.0, 500.0, "GJ/a")}}, "the range of"),
    ],
)
def test_what_does_not_fit_the_case_is_refused(how: dict[str, object], what: str) -> None:
    with pytest.raises(InputError, match=what):
        found(**how)


@pytest.mark.parametrize("text", ["estimte=3%", "estimate", "estimate=3 t", "estimate=120%"])
def test_a_share_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--spread"):
        read_spreads([text])


def test_a_range_needs_two_ends() -> None:
    with pytest.raises(InputError, match="has no two ends"):
        read_ranges([f"{KILN}=normal(300, 10 kt/a)"])


def test_the_json_keeps_its_schema(capfd: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((Path(cli.__file__).parent / "audit" / "robustness.schema.json").read_text(encoding="utf-8"))
    capped = edit("objective:", "policies: {cap: {indicator: carbon, max: 1 kt/a}}\nobjective:", BARE)
    capped = edit("capacity: 300 kt/a", "capacity: 300 kt/a, run: {min: 200 kt/a}", capped)
    for robustness in (found(samples=8), found(against=None, of="carbon"), found(capped)):
        jsonschema.validate(json.loads(robustness_json(robustness)), schema)
    assert cli.run(["robustness", str(HELLO), "--against", "standalone", "--samples", "16", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema)
    assert document["finding"]["value"] == pytest.approx(TAKEN * SAVED)
    assert document["chance"]["probability"] == 1 and document["chance"]["answered"] == 16


def test_the_table_and_the_csv_say_the_same(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["robustness", str(HELLO), "--against", "standalone", "--samples", "16", "-o", str(tmp_path / "out.csv")]
    assert cli.run(command) == 0
    out = capfd.readouterr().out
    line = next(it for it in out.splitlines() if it.startswith(LIMESTONE))
    assert "-2.089" in line and "+2.089" in line and line.endswith("--------|########")
    assert "profit is better by 15.08 MCNY" in out and "base beats standalone in 16 of 16: 100.0 %" in out
    assert "the other has a probability below 17.1 %" in out  # 1 − 0.05^(1/16)
    assert "estimate ±20.0 %" in out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert {row["number"]: float(row["change at high [CNY]"]) for row in rows} == pytest.approx(
        {KILN: 0.2 * TAKEN * SAVED, SHARE: 0.2 * TAKEN * SAVED, LIMESTONE: TAKEN * 0.757 / 0.56 * 10, SLAG: TAKEN * 6}
    )
    assert robustness_csv(found()).count("\n") == 5


def test_the_page_is_chinese_where_asked(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["robustness", str(HELLO), "--against", "standalone", "--samples", "0", "--lang", "zh"]) == 0
    out = capfd.readouterr().out
    assert "电石渣制水泥" in out and "没有已读来源的数值" in out and "finding" not in out
