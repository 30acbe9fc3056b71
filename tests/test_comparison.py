"""Comparisons worked by hand on the hello case.

Both ways the kiln makes 300 kt of clinker and needs 300·0.65 = 195 kt of CaO. With exchange slag gives 60 % of it,
117 kt, from 117/0.757 = 154.5575 kt; limestone for as much would be 117/0.56 = 208.9286 kt. So exchange saves
208.9286 kt of limestone at 50 CNY/t and the disposal of 154.5575 kt of slag at 30 CNY/t:

    10.446429 + 4.636724 = 15.083153 MCNY,      and 0.44·208.9286 = 91.92857 kt of CO2.

Standalone earns 173.9553 MCNY, so that is 8.6707 % more; its CO2 is 153.2143 kt, so that is 60 % less.
"""

import numpy as np
import pytest

import ponds
from hello import TEXT, edit, network_of, tree_of
from parkloop.audit.answers import answer_of
from parkloop.audit.comparing import compare_answers
from parkloop.audit.comparison import Figures, compare_results, unlike
from parkloop.audit.counterfactual import stated_against, with_counterfactual
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.run import run_case
from parkloop.solver.other_prices import non_unique_prices
from parkloop.solver.sensitivity import Direction, Sensitivity
from parkloop.solver.session import Session

SLAG, LIMESTONE = 117e3 / 0.757, 117e3 / 0.56
SAVED = 50 * LIMESTONE + 30 * SLAG
ALONE = "  standalone: {title: {en: Everyone alone, zh: 无副产物交换}, exchange: none} # slag may not change hands\n"
SILENT = edit("scenarios:\n" + ALONE, "", edit("  standalone: {status: optimal, objective: 173.9553 MCNY, ", "  # {"))
KILN = "      clinker_kiln:        {company: cement_works, capacity: 300 kt/a, variable_cost: 120 CNY/t}\n"
TWIN = KILN + KILN.replace("clinker_kiln:        {", "kiln_2:              {process: clinker_kiln, ")


def solved_sides(text, *scenarios, sets=()):
    """Return cases and answers of some scenarios of one text, examined for other answers as good."""
    tree = tree_of(text)
    cases = [tree.case(scenario, sets) for scenario in scenarios]
    return cases, [run_case(build_network(case), examine=True) for case in cases]


def compared(text, *scenarios, sets=(), **more):
    cases, results = solved_sides(text, *scenarios, sets=sets)
    return compare_results(results, cases, **more)


def with_scenario(line, text=TEXT):
    line = f"  other: {line}\n".replace(": {", ": {title: {en: Other}, ", 1)
    return edit("scenarios:\n", f"scenarios:\n{line}", text)


def figures(rows, **keys):
    """Return the figures of the one row that has these fields."""
    (row,) = [row for row in rows if all(getattr(row, key) == value for key, value in keys.items())]
    return row.figures


def test_what_exchange_changes_by_hand():
    found = compared(TEXT, "standalone", "base")
    assert found.names == ("standalone", "base")
    profit = found.total("profit").figures
    assert profit.difference(1) == pytest.approx(SAVED, rel=1e-9)
    assert profit.percent(1) == pytest.approx(8.6707, rel=1e-4)
    assert found.total("carbon").figures.difference(1) == pytest.approx(-0.44 * LIMESTONE, rel=1e-9)
    assert found.total("carbon").figures.percent(1) == pytest.approx(-60, rel=1e-9)
    assert found.total("revenue").figures.difference(1) == 0
    slag = figures(found.flows, material="carbide_slag", fate="discarded")
    assert slag.values == pytest.approx((284e3, 284e3 - SLAG), rel=1e-9)
    assert figures(found.flows, material="limestone", fate="bought").difference(1) == pytest.approx(-LIMESTONE)
    assert not any(row.figures.differs for row in found.plants)
    assert [row.kind for row in found.totals] == ["money"] * 4 + ["carbon"]


def test_the_largest_change_in_money_comes_first():
    """Limestone at its price of 50 CNY/t: 10.4 MCNY. Slag at the mean of its prices in the baseline: 30 CNY/t at the
    generator, and what it would replace at the kiln, so more than 30·154.6 kt = 4.6 MCNY. CO2 has no price."""
    rows = compared(TEXT, "standalone", "base").flows
    assert [row.material for row in rows[:2]] == ["limestone", "limestone"]
    assert rows[0].worth == pytest.approx(50 * LIMESTONE)
    assert figures(rows, material="co2", fate="made").differs
    assert [row.worth for row in rows if row.material == "co2"] == [0, 0]
    changed = [row for row in rows if row.figures.differs]
    assert list(rows[: len(changed)]) == changed, "what does not differ comes last"
    by_percent = compared(TEXT, "standalone", "base", order="percent").flows
    assert by_percent[0].figures.percent(1) is None, "from nothing to something is the largest change in percent"


def test_only_exchange_differs_in_the_inputs_with_its_line():
    (row,) = compared(TEXT, "base", "standalone").inputs
    line = 1 + TEXT[: TEXT.index(ALONE)].count("\n")
    assert (row.path, row.texts) == ("exchange", ("all (not stated)", "none"))
    assert row.places == (None, f"hello.yaml:{line}")
    assert row.differences == ("unchanged", "changed")


AVAILABLE = "plants.clinker_kiln.availability"


@pytest.mark.parametrize(
    ("line", "path", "texts", "percent"),
    [
        ("{set: {parks.demo.buy.limestone.price: 60 CNY/t}}", "buy.limestone.price", ("50 CNY/t", "60 CNY/t"), 20),
        ("{set: {parks.demo.plants.clinker_kiln.availability: 50 %}}", AVAILABLE, (None, "50 %"), None),
        ("{disable: [parks.demo.discard.carbide_slag]}", "discard.carbide_slag", ("{cost: 30 CNY/t}", None), None),
    ],
)
def test_every_way_to_change_an_input_is_found(line, path, texts, percent):
    cases, _ = solved_sides(with_scenario(line), "base", "other")
    (row,) = compare_results([run_case(build_network(case)) for case in cases], cases).inputs
    assert (row.path, row.texts) == (f"parks.demo.{path}", texts)
    assert row.percents == (None, pytest.approx(percent) if percent else None)
    assert row.differences[1] == ("added" if texts[0] is None else "removed" if texts[1] is None else "changed")


def test_the_same_amount_in_other_words_is_the_same_input():
    """0.05 kCNY/t is 50 CNY/t; a title, a name and a source say nothing to the solver."""
    other = edit("limestone: {price: 50 CNY/t}", "limestone: {price: 0.05 kCNY/t}")
    other = edit("en: Carbide slag becomes cement", "en: Slag to cement", other)
    other = edit("limestone:       {name: {en: Limestone, zh: 石灰石}", "limestone:       {name: {en: Calcite}", other)
    cases = [tree_of(text).case("base") for text in (TEXT, other)]
    assert compare_results([run_case(build_network(case)) for case in cases], cases).inputs == ()


def test_a_side_that_changes_within_what_another_removes_is_told_as_it_is():
    third = "\n  third: {title: {en: T}, set: {parks.demo.discard.carbide_slag.cost: 20 CNY/t}}"
    text = with_scenario("{disable: [parks.demo.discard.carbide_slag]}" + third)
    told = {row.path: (row.texts, row.differences) for row in compared(text, "base", "other", "third").inputs}
    assert told["parks.demo.discard.carbide_slag"][1] == ("unchanged", "removed", "changed")
    texts, differences = told["parks.demo.discard.carbide_slag.cost"]
    assert (texts, differences) == (("30 CNY/t", None, "20 CNY/t"), ("unchanged", "removed", "changed"))


def test_plants_open_close_move_come_and_go():
    """Clinker at 100 CNY/t does not pay for the kiln; slag costs 30 CNY/t then, so acetylene runs as before."""
    dear = with_scenario("{set: {parks.demo.sell.clinker.price: 100 CNY/t}}")
    moves = {row.plant: row.moves for row in compared(dear, "base", "other").plants}
    assert moves == {"acetylene_generator": ("same", "same"), "clinker_kiln": ("same", "closes")}
    moves = {row.plant: row.moves for row in compared(dear, "other", "base").plants}
    assert moves["clinker_kiln"] == ("same", "opens")
    half = with_scenario("{set: {parks.demo.plants.clinker_kiln.capacity: 150 kt/a}}")
    row = next(row for row in compared(half, "base", "other").plants if row.plant == "clinker_kiln")
    assert (row.moves, row.figures.difference(1)) == (("same", "less"), pytest.approx(-150e3))
    gone = with_scenario("{disable: [parks.demo.plants.clinker_kiln]}")
    moves = {row.plant: row.moves for row in compared(gone, "base", "other").plants}
    assert moves["clinker_kiln"] == ("same", "absent")
    moves = {row.plant: row.moves for row in compared(gone, "other", "base").plants}
    assert moves["clinker_kiln"] == ("same", "new")


# ---------------------------------------------------------------- counterfactual


def against(text, name, *scenarios, sets=()):
    tree, source = with_counterfactual(tree_of(text), name, scenarios[0])
    cases = [tree.case(scenario, sets) for scenario in (*scenarios, name)]
    answers = [answer_of(run_case(build_network(case), examine=True), case) for case in cases]
    return stated_against(compare_answers(answers, len(scenarios)), answers, source).counterfactual


@pytest.mark.parametrize(("text", "source"), [(TEXT, "stated"), (SILENT, "built")])
def test_the_saving_against_standalone_by_hand(text, source):
    found = against(text, "standalone", "base")
    saved = {saving.indicator: saving for saving in found.savings}
    assert found.source == source
    assert saved["profit"].value == pytest.approx(SAVED, rel=1e-9)
    assert saved["cost"].value == pytest.approx(SAVED, rel=1e-9)
    assert saved["carbon"].value == pytest.approx(0.44 * LIMESTONE, rel=1e-9)
    assert saved["carbon"].percent == pytest.approx(60)
    assert "revenue" not in saved
    assert found.beyond == ()
    assert found.boundary[0].startswith("within: park demo with 2 plants, over 1 a;")
    assert found.boundary[-1] == "nothing but `exchange` differs between the sides, so a saving is that of exchange"


def test_what_is_built_shares_settings_and_the_scenario_it_is_built_on():
    """With limestone at 100 CNY/t exchange saves 20.892857 + 4.636724 MCNY, be that by a setting or a scenario."""
    saved = 100 * LIMESTONE + 30 * SLAG
    by_setting = against(SILENT, "standalone", "base", sets=["parks.demo.buy.limestone.price=100 CNY/t"])
    line = "scenarios:\n  dear: {title: {en: D}, set: {parks.demo.buy.limestone.price: 100 CNY/t}}\n"
    text = edit("objective: {maximise: profit}\n", f"objective: {{maximise: profit}}\n{line}", SILENT)
    by_scenario = against(text, "standalone", "dear")
    for found in (by_setting, by_scenario):
        assert next(one.value for one in found.savings if one.indicator == "profit") == pytest.approx(saved)
        assert found.beyond == ()


def test_a_saving_that_is_not_by_exchange_alone_says_so():
    text = with_scenario("{set: {parks.demo.buy.limestone.price: 60 CNY/t}}")
    found = against(text, "standalone", "other")
    assert found.beyond == ("parks.demo.buy.limestone.price",)
    assert "not only exchange: 1 other statement differs" in found.boundary[-1]


def test_today_is_not_made_up():
    with pytest.raises(InputError, match="states no scenario `today`") as caught:
        with_counterfactual(tree_of(), "today")
    (problem,) = caught.value.problems
    assert str(problem.position).startswith("hello.yaml:") and "state it under `scenarios`" in problem.mend
    tree, source = with_counterfactual(
        tree_of(with_scenario("{exchange: company}").replace("other:", "today:")), "today"
    )
    assert source == "stated" and "today" in tree.scenarios


# ---------------------------------------------------------------- what cannot be compared as it is


def test_different_money_is_refused_by_name():
    results = [run_case(network_of(text)) for text in (TEXT, TEXT.replace("CNY", "USD"))]
    with pytest.raises(InputError, match=r"is in CNY, .* in USD"):
        compare_results(results)


def test_periods_of_other_length_are_compared_per_year():
    """Two years earn twice as much, so per year the same; prices and ratios are no amounts and stay as they are."""
    longer = edit("money: CNY\n", "money: CNY\nperiods: {year: {duration: 2 a}}\n")
    found = compare_results([run_case(network_of(text)) for text in (TEXT, longer)])
    profit = found.total("profit").figures
    assert found.per_year and profit.unit == "CNY/a" and profit.difference(1) == 0
    assert profit.values[1] == pytest.approx(189.0384e6, rel=1e-6)
    assert not any(row.figures.differs for row in (*found.plants, *found.flows, *found.prices))
    assert any("1 a" in note and "2 a" in note and "per year" in note for note in found.notes)
    assert not compared(TEXT, "base", "standalone").per_year


def test_a_park_that_one_side_has_alone_compares_with_nothing():
    """The two ponds, and the same with the south called east: only the north has two sides."""
    renamed = ponds.PONDS.replace("  south:\n", "  east:\n")
    found = compare_results([ponds.answer(), ponds.answer(case=renamed)])
    assert found.shared_parks == {"north"}
    assert figures(found.flows, park="south", material="salt", fate="sold").values == (pytest.approx(100), None)
    assert figures(found.flows, park="north", material="salt", fate="sold").values == pytest.approx((100, 100))
    assert found.total("profit", "east").figures.values == (None, pytest.approx(800))
    assert any("parks south, east: on one side only" in note for note in found.notes)


def test_prices_of_other_objectives_are_not_compared():
    found = compared(with_scenario("{objective: {minimise: carbon}}"), "base", "other")
    assert found.prices == ()
    assert any("do not optimise the same" in note for note in found.notes)


def test_an_indicator_that_is_counted_otherwise_is_marked():
    found = compared(with_scenario("{set: {indicators.carbon.factors.discarded.co2: 2 t/t}}"), "base", "other")
    assert "counts" not in found.total("profit").note
    assert "count it differently" in found.total("carbon").note


def test_a_side_without_answer_has_no_figures():
    cap = "objective: {maximise: profit}\npolicies: {cap: {indicator: carbon, min: 0 t/a}}"
    capped = edit("objective: {maximise: profit}", cap)
    found = compared(with_scenario("{set: {policies.cap.min: 900 kt/a}}", capped), "base", "other")
    assert [side.status for side in found.sides] == ["optimal", "infeasible"]
    assert found.total("profit").figures.values[1] is None
    assert all(row.figures.difference(1) is None for row in (*found.totals, *found.plants, *found.flows))
    assert not any(row.figures.differs for row in (*found.totals, *found.plants, *found.flows, *found.prices))
    assert {row.moves for row in found.plants} == {("same", "unknown")}
    turned = compared(with_scenario("{set: {policies.cap.min: 900 kt/a}}", capped), "other", "base")
    assert any("baseline `other` has no answer" in note for note in turned.notes)
    assert not any("on one side only" in note for note in turned.notes)


# ---------------------------------------------------------------- what is not unique is no finding


def test_a_difference_of_what_is_not_unique_is_no_finding():
    """Two kilns like each other share 300 kt as they like: neither run is unique, but all totals are.

    At 250 kt for sale each kiln may run more or less than before: that is the solver's choice. Sold are 50 kt less.
    """
    text = edit(KILN, TWIN, edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 300 kt/a}"))
    found = compared(with_scenario("{set: {parks.demo.sell.clinker.max: 250 kt/a}}", text), "base", "other")
    kilns = [row for row in found.plants if "kiln" in row.plant]
    assert len(kilns) == 2
    assert all(row.figures.certainty(1) == "not unique" and not row.figures.is_finding for row in kilns)
    assert figures(found.plants, plant="acetylene_generator").certainty(1) == "sure"
    sold = figures(found.flows, material="clinker", fate="sold")
    assert (sold.difference(1), sold.certainty(1)) == (pytest.approx(-50e3), "sure")
    made = figures(found.flows, material="clinker", fate="made")
    assert (made.difference(1), made.certainty(1)) == (pytest.approx(-50e3), "sure"), "both together do not differ"
    assert all(row.figures.certainty(1) == "sure" for row in found.totals)
    ranks = [row.figures.is_finding for row in found.flows]
    assert ranks == sorted(ranks, reverse=True), "findings stand first"


def test_a_finding_stands_before_a_larger_difference_that_is_none():
    """A kiln falls by 50 kt, worth more than 0.1 kt of acetylene at 8000 CNY/t, but which kiln does is a choice."""
    text = edit(KILN, TWIN, edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 300 kt/a}"))
    less = "parks.demo.sell.clinker.max: 250 kt/a, parks.demo.plants.acetylene_generator.capacity: 99.9 kt/a"
    rows = compared(with_scenario(f"{{set: {{{less}}}}}", text), "base", "other").plants
    assert rows[0].plant == "acetylene_generator"
    assert rows[0].worth == pytest.approx(0.8e6) and rows[1].worth > 1e6


def test_periods_count_with_their_weights():
    """Two halves of a year are a year, be they one period that occurs twice or two periods."""
    periods = ("{half: {duration: 0.5 a, weight: 2}}", "{spring: {duration: 0.5 a}, autumn: {duration: 0.5 a}}")
    texts = [TEXT, *(edit("money: CNY\n", f"money: CNY\nperiods: {stated}\n") for stated in periods)]
    found = compare_results([run_case(network_of(text), examine=True) for text in texts])
    assert not found.per_year
    for row in (*found.totals, *found.plants, *found.flows, *found.products):
        assert not row.figures.differs and row.figures.certainty(1) == row.figures.certainty(2) == "sure"


def test_a_price_is_marked_in_its_own_period():
    """The market takes 150 kt in spring, which is what the kiln can make then, and 200 kt in autumn."""
    text = edit("money: CNY\n", "money: CNY\nperiods: {spring: {duration: 0.5 a}, autumn: {duration: 0.5 a}}\n")
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: [300 kt/a, 400 kt/a]}", text)
    prices = run_case(network_of(text), examine=True).prices
    loose = [(price.material, price.period) for price in prices if not price.unique]
    assert loose == [("clinker", "spring")]


def test_twins_are_a_choice_in_each_of_two_periods():
    """Twin kilns again: in autumn too their runs are a choice, while what both make together is not."""
    text = edit("money: CNY\n", "money: CNY\nperiods: {spring: {duration: 0.5 a}, autumn: {duration: 0.5 a}}\n")
    text = edit(
        "clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: [0 kt/a, 300 kt/a]}", edit(KILN, TWIN, text)
    )
    loose = run_case(network_of(text), examine=True).not_unique
    assert loose.plants == ("demo.cement_works.clinker_kiln", "demo.cement_works.kiln_2")
    assert loose.flows == () and loose.indicators == ()


def test_a_choice_in_a_later_period_is_a_choice():
    """In spring the market takes the salt of both ponds, in autumn that of one of them: brine is a choice then."""
    case = ponds.ONE_PARK.replace("price: 10 CNY/t", "price: 10 CNY/t, max: [400 t/a, 100 t/a]")
    case = ponds.text(case=case, periods="{spring: {duration: 0.5 a}, autumn: {duration: 0.5 a}}")
    loose = run_case(network_of(case), examine=True).not_unique
    assert {"north.brine.made", "north.brine.discarded"} <= set(loose.flows)
    assert "north.salt.sold" not in loose.flows


def test_a_total_that_answers_as_good_have_otherwise_is_not_unique():
    """A market of 100 t takes the salt of either pond at 10 CNY/t: the profit is 1000 CNY, with 20 to 50 t of brine."""
    case = ponds.ONE_PARK.replace("price: 10 CNY/t", "price: 10 CNY/t, max: 100 t/a")
    result = run_case(network_of(ponds.text(case=case)), examine=True)
    assert result.indicators["profit"].value == pytest.approx(1000)
    assert result.not_unique.indicators == ("brine", "intensity", "north.brine", "north.intensity")
    assert result.not_unique.plants == ("north.north_works.north_pond", "north.south_works.south_pond")
    found = compare_results([result, run_case(network_of(ponds.text(case=ponds.ONE_PARK)), examine=True)])
    assert found.total("brine").figures.certainty(1) == "not unique"
    assert found.total("profit").figures.certainty(1) == "sure"


def test_answers_nobody_looked_at_are_not_known_to_be_unique():
    found = compare_results([run_case(network_of(TEXT, scenario)) for scenario in ("base", "standalone")])
    assert found.total("profit").figures.certainty(1) == "not known"
    assert found.prices[0].figures.certainty(1) == "not known"
    whole = with_scenario("{set: {parks.demo.plants.clinker_kiln.on_off: {min_load: 10 %}}}")
    found = compared(whole, "base", "other")
    assert {row.figures.certainty(1) for row in (*found.flows, *found.plants)} == {"not known"}
    assert any("with whole numbers" in note for note in found.notes)


def test_a_price_with_two_sides_is_not_unique_by_hand():
    """The market takes 300 kt, just what the kiln can make: one more tonne of clinker there is worth what the kiln
    then saves, one less costs 260 CNY. With a market of 400 kt both are 260 CNY."""
    for most, unique in (("300 kt/a", False), ("400 kt/a", True)):
        text = edit("clinker: {price: 260 CNY/t}", f"clinker: {{price: 260 CNY/t, max: {most}}}")
        prices = run_case(network_of(text), examine=True).prices
        assert [price.unique for price in prices if price.material == "clinker"] == [unique]
        assert all(price.unique for price in prices if price.material in ("limestone", "clay", "water"))


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, max: 300 kt/a}"),
        SILENT + "exchange: none\n",
    ],
)
def test_prices_are_unique_just_where_both_derivatives_are_the_same(text):
    """Independent of duals: the objective a little to each side of every balance, solved again."""
    network = network_of(text)
    program = compile_program(network)
    with Session(program) as session:
        solution = session.solve()
    loose = non_unique_prices(program, solution)
    block = program.row_blocks["balance"]
    rows = range(block.start, block.start + block.size)
    ways = [Direction(row=(row,), amount=(1.0,)) for row in rows]
    with Sensitivity(network, program, solution, ways) as sensitivity:
        sharp = [sensitivity.direction(number).is_sharp for number in range(len(ways))]
    assert loose[list(rows)].tolist() == [not one for one in sharp]
    assert any(sharp)


# ---------------------------------------------------------------- products


def with_energy(text):
    """Carbide counts 0.5 tce/t and limestone 0.1 tce/t."""
    factors = "{bought: {calcium_carbide: 0.5 tce/t, limestone: 0.1 tce/t}}"
    line = f"  energy: {{name: {{en: Energy}}, unit: tce, factors: {factors}}}\n"
    return edit("indicators:\n", f"indicators:\n{line}", text)


def test_specific_energy_of_the_plants_of_a_product_by_hand():
    """Acetylene takes 2.46 t of carbide: 1.23 tce/t. A tonne of clinker takes 0.65 t of CaO, with exchange 40 % of it
    and without all of it from limestone that gives 0.56: 0.464286 or 1.160714 t, so 0.0464286 or 0.1160714 tce/t."""
    rows = compared(with_energy(TEXT), "standalone", "base").products
    measure = "energy, its plants"
    assert figures(rows, product="acetylene", measure=measure).values == pytest.approx((1.23, 1.23))
    clinker = figures(rows, product="clinker", measure=measure)
    assert clinker.values == pytest.approx((0.1160714, 0.0464286), rel=1e-5)
    assert (clinker.unit, clinker.percent(1)) == ("tce/t", pytest.approx(-60))
    assert figures(rows, product="clinker", measure="sold").values == pytest.approx((300e3, 300e3))


def test_specific_energy_deducts_by_products_but_not_the_product():
    """A tonne of acetylene takes 2.46 t of carbide at 0.5 tce/t and gives 2.84 t of slag at 0.1 tce/t: 0.946 tce/t.
    Its own 2 tce/t count where it is bought, which it is not."""
    text = edit("limestone: 0.1 tce/t", "carbide_slag: 0.1 tce/t, acetylene: 2 tce/t", with_energy(TEXT))
    rows = compared(text, "standalone", "base").products
    assert figures(rows, product="acetylene", measure="energy, its plants").values == pytest.approx((0.946, 0.946))


def test_totals_per_product_only_where_a_park_sells_one():
    """The park of clinker alone: CO2 of 153.2143 kt over 300 kt. A park of two products does not split its totals."""
    text = edit("sell:    {acetylene: {price: 8000 CNY/t}, clinker", "sell:    {clinker")
    text = edit("      acetylene_generator: {company: acetylene_works, capacity: 100 kt/a}\n", "", text)
    text = edit("discard: {carbide_slag: {cost: 30 CNY/t}}", "discard: {}", text)
    text = edit("calcium_carbide: {price: 2600 CNY/t}, ", "", text)
    text = edit(", water: {price: 3 CNY/t}}", "}", text)
    text = edit(f"{' ' * 10}carbide_slag: {{gives: 0.757, outputs: {{vapour: 0.243 t}}, max_share: 60 %}}\n", "", text)
    results = [run_case(network_of(text, sets=[f"parks.demo.sell.clinker.price={p} CNY/t"])) for p in (260, 270)]
    rows = compare_results(results).products
    assert figures(rows, measure="carbon, the park").values == pytest.approx((153214.2857 / 300e3,) * 2)
    found = compared(TEXT, "base", "standalone")
    assert not any("the park" in row.measure for row in found.products)
    assert any("sells 2 products" in note and "rule of allocation" in note for note in found.notes)


# ---------------------------------------------------------------- figures


def test_differences_of_figures():
    figures = Figures((100.0, 100.000001, 90.0, None, 0.0), "t", 0, (True, True, None, True, False))
    assert [figures.difference(side) for side in range(5)] == [0, 0, -10, None, -100]
    assert [figures.percent(side) for side in range(5)] == [0, 0, -10, None, -100]
    assert [figures.certainty(side) for side in range(5)] == ["sure", "sure", "not known", "sure", "not unique"]
    assert (figures.largest, figures.largest_percent, figures.differs, figures.is_finding) == (100, 100, True, True)
    nothing = Figures((0.0, 5.0), "t", 0, (True, True))
    assert nothing.percent(1) is None and nothing.largest_percent == np.inf
    loss = Figures((-100.0, -50.0), "CNY", 0, (True, True))
    assert loss.percent(1) == 50, "half the loss is better by half of its size"


def test_names_of_sides_are_unlike():
    assert unlike([("base", "a:base"), ("loop", "a:loop")]) == ["base", "loop"]
    assert unlike([("base", "a:base"), ("base", "b:base")]) == ["a:base", "b:base"]
    assert unlike([("base", "a:base"), ("base", "a:base")]) == ["a:base #1", "a:base #2"]
