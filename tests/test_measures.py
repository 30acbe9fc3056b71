"""Measures of the tutorial, worked by hand, and the language they are written in.

The works makes 50 kt of ferrosilicon with 8.6 MWh/t and 300 TJ of steam from 1.25 GJ of coal a GJ: 430 GWh, 375 TJ.
A year of an investment at 8 % costs f(20) = 0.08/(1 − 1.08^−20) = 10.185221 %, f(10) = 14.902949 % of it.

    boiler on hot gas   f(20)·60 + 0.5 = 6.611133 MCNY/a; 200 TJ of steam less from coal: 250 TJ at 30 CNY/GJ = 7.5 MCNY
    economiser          f(10)·10       = 1.490295 MCNY/a; 0.15 GJ/GJ · 300 TJ = 45 TJ, 1.35 MCNY
    short network       f(10)·30       = 4.470885 MCNY/a; 0.2 MWh/t · 50 kt = 10 GWh at 400 CNY/MWh = 4 MCNY

With the boiler only 100 TJ of steam come from coal, and the economiser saves 15 TJ, 0.45 MCNY: it is dearer after it.

                  net cost, MCNY/a              CO2, kt/a               CNY/t       energy, ktce/a
    boiler        6.611133 − 7.5  = −0.888867   250 · 0.095 = 23.75     −37.426     250 · 0.034 = 8.5
    economiser    1.490295 − 1.35 =  0.140295    45 · 0.095 =  4.275     32.818      45 · 0.034 = 1.53
      after it    1.490295 − 0.45 =  1.040295    15 · 0.095 =  1.425    730.031      15 · 0.034 = 0.51
    network       4.470885 − 4    =  0.470885    10 · 0.5   =  5         94.177      10 · 0.123 = 1.23

So the curve is boiler, network, economiser, though the economiser alone looks cheaper than the network.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from hello import edit
from parkloop.audit import abating
from parkloop.audit.abatement import Abatement, Curve, Effect
from parkloop.audit.abating import abatement, picker
from parkloop.audit.measure_sets import Measured
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree, read_tree
from parkloop.flows.document import parse
from parkloop.flows.fingerprint import fingerprint
from parkloop.flows.measures import with_requirements
from parkloop.flows.problems import InputError
from parkloop.reports.checking import check_file
from parkloop.reports.run import run_case
from shipped import CASES

TUTORIAL = CASES / "tutorials" / "10_measures.yaml"
TEXT = TUTORIAL.read_text(encoding="utf-8")
F20, F10 = 0.08 / (1 - 1.08**-20), 0.08 / (1 - 1.08**-10)
BOILER, ECONOMISER, NETWORK = "heat_boiler", "better_boiler", "better_furnace"
YEARLY = {BOILER: F20 * 60e6 + 0.5e6, ECONOMISER: F10 * 10e6, NETWORK: F10 * 30e6}
COST = {BOILER: YEARLY[BOILER] - 7.5e6, ECONOMISER: YEARLY[ECONOMISER] - 1.35e6, NETWORK: YEARLY[NETWORK] - 4e6}
CO2 = {BOILER: 23.75e3, ECONOMISER: 4.275e3, NETWORK: 5e3}
ENERGY = {BOILER: 8.5e3, ECONOMISER: 1.53e3, NETWORK: 1.23e3}
AFTER = YEARLY[ECONOMISER] - 0.45e6


def tree_of(text: str) -> CaseTree:
    return CaseTree(parse(text.encode(), "measures.yaml"), ("measures.yaml",))


@cache
def answered(text: str = TEXT, by: str = "money", budget: float | None = None, scenario: str = "base") -> Abatement:
    with Measured(tree_of(text), scenario, (), picker(by)) as measured:
        return abatement(measured, by, budget)


def by_name(effects: tuple[Effect, ...]) -> dict[str, Effect]:
    return {"+".join(effect.measures): effect for effect in effects}


def curve_of(found: Abatement, indicator: str) -> Curve:
    return next(curve for curve in found.curves if found.counted[curve.indicator].label.id == indicator)


def refused(text: str, measure: str | None = None) -> str:
    with pytest.raises(InputError) as error:
        build_network(tree_of(text).case(measures=[measure] if measure else []))
    return str(error.value)


def test_each_measure_alone_costs_and_abates_what_the_docstring_says() -> None:
    alone = by_name(answered().alone)
    assert {name: its.cost for name, its in alone.items()} == pytest.approx(COST)
    assert {name: its.abated[0] for name, its in alone.items()} == pytest.approx(ENERGY)
    assert {name: its.abated[1] for name, its in alone.items()} == pytest.approx(CO2)
    assert {name: its.per[1] for name, its in alone.items()} == pytest.approx({n: COST[n] / CO2[n] for n in COST})
    assert alone[ECONOMISER].per[1] == pytest.approx(32.817517)


@pytest.mark.parametrize(("indicator", "steps"), [("energy", (8.5e3, 1.23e3, 510)), ("co2", (23.75e3, 5e3, 1425))])
def test_the_curve_counts_the_interaction_once(indicator: str, steps: tuple[float, ...]) -> None:
    """The economiser comes last and dear, for the boiler has taken two thirds of its coal."""
    curve = curve_of(answered(), indicator)
    assert [step.measures for step in curve.abating] == [(BOILER,), (NETWORK,), (ECONOMISER,)]
    assert [step.abated[curve.indicator] for step in curve.abating] == pytest.approx(steps)
    assert [step.cost for step in curve.abating] == pytest.approx([COST[BOILER], COST[NETWORK], AFTER])
    assert curve.abating[-1].per[curve.indicator] == pytest.approx(AFTER / steps[-1])
    assert not curve.others and not curve.left_out


def test_of_steps_that_cost_the_one_of_least_cost_per_tonne_comes_first() -> None:
    """Network for 27.9 MCNY: 157.9 kCNY for 5 kt, 31.6 CNY/t; economiser 140.3, but 32.8 CNY/t; boiler last."""
    text = edit(
        "investment: 30 MCNY", "investment: 27.9 MCNY", edit("investment: 60 MCNY", "investment: 200 MCNY", TEXT)
    )
    assert [step.measures for step in curve_of(answered(text), "co2").abating] == [(NETWORK,), (ECONOMISER,), (BOILER,)]


@pytest.mark.parametrize("indicator", ["energy", "co2"])
def test_the_steps_of_the_curve_add_up_to_the_joint_effect(indicator: str) -> None:
    found = answered()
    curve, together = curve_of(found, indicator), found.together
    assert together is not None and together.cost == pytest.approx(COST[BOILER] + COST[NETWORK] + AFTER)
    place = curve.indicator
    assert sum(step.cost or 0.0 for step in curve.steps) == pytest.approx(together.cost, rel=1e-12)
    assert sum(step.abated[place] for step in curve.steps) == pytest.approx(together.abated[place], rel=1e-12)
    assert curve.interaction == pytest.approx({"energy": -1.02e3, "co2": -2.85e3}[indicator])


def test_joint_effects_are_those_of_a_case_written_out() -> None:
    """All measures laid over the case, compiled cold, against the same changes written into the file."""
    text = edit("inputs: {coal: 1.25 GJ}", "inputs: {coal: 1.1 GJ}", TEXT)
    text = edit("electricity: 8.6 MWh}", "electricity: 8.4 MWh}", text)
    text = edit("      coal_boiler: {", "      waste_heat_boiler: {capacity: 200 TJ/a}\n      coal_boiler: {", text)
    text = text[: text.index("measures:\n")] + text[text.index("objective:") :]
    written = run_case(build_network(tree_of(text).case())).goal.value
    laid = run_case(build_network(tree_of(TEXT).case(measures=COST))).goal.value
    together = answered().together
    assert together is not None and together.cost is not None and laid is not None
    assert laid == pytest.approx(written) == pytest.approx(34.75e6 + together.yearly - together.cost)


@pytest.mark.parametrize(
    ("by", "budget", "best"),
    [
        ("money", None, {BOILER}),
        ("money", 50e6, set()),
        ("carbon", None, {BOILER, ECONOMISER, NETWORK}),
        ("carbon", 50e6, {ECONOMISER, NETWORK}),  # 9.275 kt; the boiler alone would need 60 MCNY
        ("carbon", 75e6, {BOILER, ECONOMISER}),  # 25.175 kt; boiler and network would need 90 MCNY
        ("carbon", 90e6, {BOILER, NETWORK}),  # 28.75 kt
        ("energy", 69e6, {BOILER}),
        ("carbon", 0.0, set()),
    ],
)
def test_the_best_portfolio_is_that_of_the_docstring(by: str, budget: float | None, best: set[str]) -> None:
    portfolio = answered(by=by, budget=budget).portfolio
    assert portfolio is not None and portfolio.exact and set(portfolio.effect.measures) == best


def test_beyond_a_dozen_the_portfolio_says_that_it_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Per kCNY the economiser abates most, 0.43 t against 0.40 and 0.17; then the boiler no longer fits 69 MCNY."""
    monkeypatch.setattr(abating, "MOST_EXACT", 2)
    portfolio = answered.__wrapped__(by="carbon", budget=69e6).portfolio
    assert portfolio is not None and not portfolio.exact
    assert set(portfolio.effect.measures) == {ECONOMISER, NETWORK}
    money = answered.__wrapped__(by="money", budget=75e6).portfolio
    assert money is not None and not money.exact and money.effect.measures == (BOILER,)


def test_a_measure_is_laid_over_a_scenario() -> None:
    """Power at 500 CNY/MWh: the network saves 5 MCNY in place of 4, and so saves money."""
    found = answered(scenario="power_dear")
    its = by_name(found.alone)[NETWORK]
    assert its.cost == pytest.approx(YEARLY[NETWORK] - 5e6) and its.kinds == ("saves", "saves")
    assert [step.measures for step in curve_of(found, "co2").abating][:2] == [(BOILER,), (NETWORK,)]


def with_measure(*lines: str, text: str = TEXT) -> str:
    return edit("\nobjective: {maximise", "".join(f"  {line}\n" for line in lines) + "\nobjective: {maximise", text)


def test_what_increases_an_indicator_is_no_abatement_however_much_it_saves() -> None:
    """Wet coal at 27 CNY/GJ, 2 % more of it: 382.5 TJ cost 10.3275 MCNY, not 11.25, and 7.5 TJ emit 0.7125 kt."""
    change = "parks.works.buy.coal.price: 27 CNY/GJ, processes.coal_boiler.inputs.coal: 1.275 GJ"
    wet = f"wet_coal: {{name: {{en: Wet coal}}, excludes: [{ECONOMISER}], set: {{{change}}}}}"
    found = answered(with_measure(wet))
    alone = by_name(found.alone)["wet_coal"]
    assert alone.cost == pytest.approx(10.3275e6 - 11.25e6) and alone.abated[1] == pytest.approx(-712.5)
    assert alone.kinds == ("increases", "increases") and alone.per == (None, None)
    curve = curve_of(found, "co2")
    assert "wet_coal" not in [name for step in curve.abating for name in step.measures]
    assert dict(curve.left_out) == {"wet_coal": f"excluded by {ECONOMISER}"}
    assert found.together is None and any("exclude each other" in note for note in found.notes)
    free = answered(
        with_measure(wet.replace(f"excludes: [{ECONOMISER}], ", "excludes: [better_boiler, heat_boiler], "))
    )
    assert free.portfolio is not None and set(free.portfolio.effect.measures) == {"wet_coal"}


def test_what_changes_nothing_has_no_cost_per_unit() -> None:
    """0 / 0 and cost / 0: a measure that costs and abates nothing is listed apart."""
    paint = (
        "paint: {name: {en: Paint}, annual_cost: 1 kCNY/a, set: {parks.works.plants.coal_boiler.capacity: 401 TJ/a}}"
    )
    free = "air: {name: {en: Air}, set: {parks.works.plants.smelter.capacity: 61 kt/a}}"
    curve = curve_of(answered(with_measure(paint, free)), "co2")
    assert [step.measures for step in curve.others] == [("air",), ("paint",)]
    assert [(step.kinds[1], step.per[1]) for step in curve.others] == [("idle", None)] * 2
    assert curve.others[1].cost == pytest.approx(1e3)


def test_a_measure_comes_with_what_it_requires() -> None:
    """A larger boiler cannot be without the boiler; alone it is shown with it, at the cost of both."""
    lines = "annual_cost: 0.1 MCNY/a, set: {parks.works.plants.waste_heat_boiler.capacity: 240 TJ/a}"
    text = with_measure(f"larger: {{name: {{en: Larger}}, requires: [{BOILER}], {lines}}}")
    found = answered(text)
    alone = by_name(found.alone)[f"{BOILER}+larger"]  # 240 TJ · 1.25 · 30 CNY/GJ = 9 MCNY
    assert alone.cost == pytest.approx(YEARLY[BOILER] + 0.1e6 - 9e6)
    first = curve_of(found, "co2").abating[0]
    assert first.measures == (BOILER, "larger")  # it saves more money than the boiler alone


def test_requirements_are_laid_first() -> None:
    requires = {"a": ["b"], "b": ["c"], "c": [], "d": []}
    assert with_requirements(requires, ["a"]) == ("c", "b", "a")
    assert with_requirements(requires, ["d", "b"]) == ("c", "b", "d")
    assert with_requirements({"a": ["b"], "b": ["a"]}, ["a"]) == ("b", "a")  # both or none


def test_a_measure_without_an_answer_is_no_step_and_says_why() -> None:
    broken = "idle: {name: {en: No boiler}, set: {parks.works.plants.coal_boiler.run: {max: 10 TJ/a}}}"
    found = answered(with_measure(broken))
    alone = by_name(found.alone)["idle"]
    assert alone.cost is None and alone.reason.startswith("infeasible")
    assert curve_of(found, "co2").left_out[0][0] == "idle"
    assert [step.measures for step in curve_of(found, "co2").abating] == [(BOILER,), (NETWORK,), (ECONOMISER,)]


def test_periods_of_several_years_answer_per_year() -> None:
    text = edit(
        "money: CNY\n", "money: CNY\nperiods: {first: {duration: 2 a}, then: {duration: 3 a, weight: 2}}\n", TEXT
    )
    found = answered(text)
    assert found.years == pytest.approx(8)
    assert by_name(found.alone)[BOILER].cost == pytest.approx(COST[BOILER])
    assert curve_of(found, "co2").total.abated[1] == pytest.approx(30.175e3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    set: {processes.smelter.inputs.electricity: 8.4 MWh}\n", "", "the measure changes nothing"),
        ("    investment: 60 MCNY\n", "", "`lifetime` and `rate` belong to an `investment`"),
        ("    lifetime: 20 a\n", "", "the lifetime of the investment is missing"),
        ("    lifetime: 20 a\n", "    lifetime: 0 a\n", "an investment without lifetime is lost at once"),
        ("    lifetime: 20 a\n", "    lifetime: 20 t\n", "`20 t` is"),
        ("investment: {rate: 8 %}", "investment: {budget: 1 MCNY/a}", "the interest rate of the annuity is missing"),
        ("annual_cost: 0.5 MCNY/a", "annual_cost: 0.5 MCNY", "0.5 MCNY"),
        ("    lifetime: 20 a\n", "    lifetime: 20 a\n    requires: [nothing]\n", "there is no measure `nothing`"),
        ("    lifetime: 20 a\n", "    lifetime: 20 a\n    excludes: [heat_boiler]\n", "`heat_boiler` excludes itself"),
        (
            "    lifetime: 20 a\n",
            "    lifetime: 20 a\n    requires: [better_boiler]\n    excludes: [better_boiler]\n",
            "can never be taken: it needs `better_boiler` and `heat_boiler`, which exclude each other",
        ),
        ("processes.smelter.inputs.electricity", "processes.coal_boiler.inputs.coal", "change the same value"),
        ("    annual_cost:", "    yearly_cost:", "unknown key `yearly_cost` in a measure"),
        (
            "set: {processes.smelter.inputs.electricity: 8.4 MWh}",
            "set: {expect.base.status: optimal}",
            "cannot change `expect`",
        ),
    ],
)
def test_what_is_wrong_with_a_measure_is_said_at_its_line(old: str, new: str, said: str) -> None:
    message = refused(edit(old, new, TEXT))
    assert said in message and message.startswith("measures.yaml:")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("parks.works.plants.coal_boiler", "it exists already"),
        ("parks.work.plants.boiler", "did you mean 'works'?"),
        ("parks.works.plants.coal_boiler.capacity.more", "is no mapping"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_line(path: str, said: str) -> None:
    text = edit("parks.works.plants.waste_heat_boiler", path, TEXT)
    assert said in refused(text, BOILER) and "`" + path + "` cannot be added" in refused(text, BOILER)


def test_set_of_a_measure_meets_what_exists_only() -> None:
    text = edit("processes.smelter.inputs.electricity: 8.4", "processes.smelter.inputs.power: 8.4", TEXT)
    assert "matches nothing" in refused(text, NETWORK)
    assert "there is no measure `boiler`" in refused(TEXT, "boiler")


def test_factors_of_a_class_can_be_added() -> None:
    text = edit(
        "  energy: {name: {en: Energy bought",
        "  waste: {name: {en: Waste}, unit: t, factors: {discarded: {charge: 1}}}\n  energy: {name: {en: Energy bought",
        TEXT,
    )
    text = edit("add: {parks", "add: {indicators.waste.factors.discarded.class.waste: 1, parks", text)
    build_network(tree_of(text).case(measures=[BOILER]))


def test_validation_tries_every_measure(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(edit("{capacity: 200 TJ/a}", "{capacity: 200 t/a}", TEXT), encoding="utf-8")
    report = check_file(path)
    assert any("200 t/a" in problem.what for problem in report.problems)


def test_measures_that_cannot_stand_together_ask_for_excludes() -> None:
    text = with_measure("no_boiler: {name: {en: None}, disable: [parks.works.plants.coal_boiler]}")
    text = edit("sell:    {ferrosilicon", "sell:    {charge: {price: 1 CNY/t}, ferrosilicon", text)
    with pytest.raises(InputError, match=r"exclude each other|not sound"):
        answered(text)


def test_the_fingerprint_tells_a_case_with_a_measure_from_one_without() -> None:
    tree = tree_of(TEXT)
    plain, laid = tree.case(), tree.case(measures=[BOILER])
    assert fingerprint(tree, plain).sha256 != fingerprint(tree, laid).sha256
    assert fingerprint(tree, plain).files == fingerprint(tree, laid).files


STAGED = edit("{maximise: profit}", "[{maximise: profit, tolerance: 5 %}, {minimise: co2}]", TEXT)
ON_OFF = edit("fix: 50 kt/a", "fix: 50 kt/a, on_off: {min_load: 50 %}", TEXT)
LEAST = edit("fix: 50 kt/a", "run: {min: 20 kt/a}", edit("{maximise: profit}", "{minimise: co2}", TEXT))


@pytest.mark.parametrize("text", [STAGED, ON_OFF, LEAST], ids=["stages", "whole numbers", "another objective"])
def test_warm_answers_are_those_of_cold_solves(text: str) -> None:
    tree = tree_of(text)
    with Measured(tree, "base", (), picker("money")) as measured:
        for taken in ([], [BOILER], [NETWORK, ECONOMISER], list(COST)):
            cold = run_case(build_network(tree.case(measures=taken))).indicators
            assert measured.answer(taken).values == pytest.approx([cold[n].value for n in ("profit", "energy", "co2")])
        notes = abatement(measured).notes
    assert any("the plans optimise" in note for note in notes) is (text is not ON_OFF)


def test_figures_that_another_plan_has_otherwise_are_marked() -> None:
    """Lignite costs and heats as coal does and emits more: what a boiler saves of CO2 depends on which one burns."""
    text = edit(
        "  steam:        {name", "  lignite: {name: {en: Lignite}, class: raw, unit: GJ}\n  steam:        {name", TEXT
    )
    text = edit(
        "inputs: {coal: 1.25 GJ}",
        "inputs: {fuel: {need: 1.25 GJ fuel, from: {coal: {gives: 1}, lignite: {gives: 1}}}}",
        text,
    )
    text = edit("coal: {price: 30 CNY/GJ}}", "coal: {price: 30 CNY/GJ}, lignite: {price: 30 CNY/GJ}}", text)
    text = edit("{coal: 0.095 t/GJ,", "{coal: 0.095 t/GJ, lignite: 0.11 t/GJ,", text)
    text = edit("{coal: 0.034 tce/GJ,", "{coal: 0.034 tce/GJ, lignite: 0.034 tce/GJ,", text)
    text = edit(
        "set: {processes.coal_boiler.inputs.coal: 1.1 GJ}",
        "set: {processes.coal_boiler.inputs.fuel.need: 1.1 GJ fuel}",
        text,
    )
    found = answered(text)
    its = by_name(found.alone)[BOILER]
    assert its.loose == ("co2",) and its.cost == pytest.approx(COST[BOILER])
    assert its.abated[0] == pytest.approx(ENERGY[BOILER])
    assert any("other plans are as good" in note for note in found.notes)


def test_figures_do_not_depend_on_the_order_in_which_sets_are_solved() -> None:
    tree = tree_of(TEXT)
    sets = [(BOILER,), (ECONOMISER,), (NETWORK,), (BOILER, NETWORK), tuple(COST)]
    found = []
    for order in (sets, sets[::-1]):
        with Measured(tree, "base", (), picker("money")) as measured:
            found.append({frozenset(one): tuple(measured.answer(one).values) for one in order})
    for key in found[0]:
        assert found[0][key] == pytest.approx(found[1][key], rel=1e-12)


@pytest.mark.parametrize(("by", "said"), [("steam", "unknown indicator"), ("ratio", "is a ratio")])
def test_only_an_account_can_be_abated(by: str, said: str) -> None:
    ratio = (
        "  ratio: {name: {en: Ratio}, unit: t/tce, ratio: {of: co2, to: energy}}\n  energy: {name: {en: Energy bought"
    )
    with pytest.raises(InputError, match=said):
        answered(edit("  energy: {name: {en: Energy bought", ratio, TEXT), by=by)


def test_a_case_without_measures_says_so() -> None:
    text = TEXT[: TEXT.index("measures:\n")] + TEXT[TEXT.index("objective:") :]
    with pytest.raises(InputError, match="states no measures"):
        answered(text)


def test_every_prefix_of_the_curve_is_what_its_set_answers() -> None:
    """Step by step, against sets that are solved cold."""
    curve, tree = curve_of(answered(), "co2"), read_tree(TUTORIAL)
    taken: list[str] = []
    profits = [34.75e6]
    for step in curve.steps:
        taken += step.measures
        profits.append(run_case(build_network(tree.case(measures=taken))).goal.value or 0.0)
    gains = [after - before for before, after in pairwise(profits)]
    assert [step.yearly - (step.cost or 0.0) for step in curve.steps] == pytest.approx(gains)
