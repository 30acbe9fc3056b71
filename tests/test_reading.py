"""Reading a case: includes, overlays, selectors, and what a recipe becomes in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from hello import TEXT, edit, network_of, solved, tree_of, value
from parkloop.flows.build import build_network
from parkloop.flows.case import Case, read_case, read_tree
from parkloop.flows.network import Network
from parkloop.flows.problems import Findings, InputError
from parkloop.flows.recipes import recipes
from parkloop.flows.tables import Fate, OfferKind

CLAY_LIBRARY = "materials:\n  ash: {name: {en: Ash}, class: waste, composition: {inert: 100 %}, tags: [solid]}\n"


def refused(text: str, scenario: str = "base") -> str:
    """Return what is said about a case that cannot be used."""
    with pytest.raises(InputError) as error:
        build_network(tree_of(text).case(scenario))
    return str(error.value)


def factors(network: Network, account: str) -> dict[tuple[str, str], float]:
    """Return the factors of an account by fate and material."""
    table = network.accounts
    number = table.id.index(account)
    return {
        (Fate(fate).name, network.materials.label[material].id): value
        for a, fate, material, value in zip(
            table.factor_account, table.factor_fate, table.factor_material, table.factor_value, strict=True
        )
        if a == number
    }


def indicator(factors_text: str, unit: str = "t") -> str:
    text = f"indicators:\n  x: {{name: {{en: X}}, unit: {unit}, factors: {factors_text}}}\n"
    return edit("indicators:\n", text)


# Overlays.


def test_an_overlay_changes_one_value_and_shares_the_rest() -> None:
    tree = tree_of()
    base = tree.case()
    dear = tree.case(sets=["parks.demo.buy.limestone.price=90 CNY/t"])
    price = dear.parks["demo"].buy["limestone"].price
    assert price is not None
    assert price.to("CNY/t") == 90
    assert base.materials["clay"] is dear.materials["clay"]
    assert base.parks["demo"] is not dear.parks["demo"]


def test_an_overlay_may_add_a_field_of_an_existing_block() -> None:
    case = tree_of().case(sets=["parks.demo.sell.clinker.max=200 kt/a"])
    assert str(case.parks["demo"].sell["clinker"].max) == "200 kt/a"


def test_a_field_that_no_block_has_is_refused_where_the_overlay_stands() -> None:
    with pytest.raises(InputError, match="unknown key `maks` in a trade"):
        tree_of().case(sets=["parks.demo.sell.clinker.maks=200 kt/a"])


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("parks.demo.sell.cement.price=1 CNY/t", "there is no `cement` in `parks.demo.sell`"),
        ("parks.demp.buy.clay.price=1 CNY/t", "there is no `demp` in `parks`"),
        ("money.unit=CNY", "`money` is a single value"),
        ("price=1", "there is no `price` in the case"),
    ],
)
def test_an_overlay_never_adds_a_thing_by_accident(path: str, what: str) -> None:
    with pytest.raises(InputError, match="matches nothing") as error:
        tree_of().case(sets=[path])
    assert what in str(error.value)


def test_an_overlay_reaches_a_step_of_a_ladder_and_a_recipe() -> None:
    text = edit(
        "limestone: {price: 50 CNY/t}",
        "limestone: {steps: [{price: 50 CNY/t, max: 1 kt/a}, {price: 60 CNY/t}]}",
    )
    case = tree_of(text).case(sets=["parks.demo.buy.limestone.steps.1.price=70 CNY/t"])
    steps = case.parks["demo"].buy["limestone"].steps
    assert steps is not None
    assert [str(step.price) for step in steps] == ["50 CNY/t", "70 CNY/t"]
    recipe = tree_of().case(sets=["processes.clinker_kiln.inputs.clay=0.36 t"]).processes["clinker_kiln"]
    assert str(getattr(recipe.inputs["clay"], "value", "")) == "0.36 t"


def test_a_scenario_may_replace_the_objective() -> None:
    text = edit("exchange: none}", "objective: {minimise: carbon}}")
    network = network_of(text, "standalone")
    assert not network.maximise
    assert network.indicators.label[network.objective].id == "carbon"


def test_base_cannot_be_a_scenario() -> None:
    assert "`base` is the case itself" in refused(edit("  standalone: {title", "  base: {title"))


# Includes.


def test_a_case_reads_its_whole_tree_when_a_marker_says_so(tmp_path: Path) -> None:
    (tmp_path / ".parkloop-tree").touch()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "ash.yaml").write_text(CLAY_LIBRARY, encoding="utf-8")
    (tmp_path / "parks").mkdir()
    case = tmp_path / "parks" / "case.yaml"
    text = "include: [../library/ash.yaml, ../library/ash.yaml]"
    case.write_text(edit("money: CNY", f"money: CNY\n{text}"), encoding="utf-8")
    assert "ash" in read_case(case).materials


def test_a_case_anywhere_may_include_what_ships_with_parkloop(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    text = edit("money: CNY", "money: CNY\ninclude: [parkloop:library/common.yaml]")
    case.write_text(text.replace("co2", "kiln_gas"), encoding="utf-8")  # common.yaml has a co2 of its own
    assert "electricity" in read_case(case).materials


def test_a_library_is_no_case_but_can_be_checked(repo_root: Path) -> None:
    tree = read_tree(repo_root / "cases" / "library" / "common.yaml")
    assert tree.is_library
    assert "co2" in tree.shelf().materials
    with pytest.raises(InputError, match="this file is no case"):
        tree.case()


def test_a_library_holds_no_objective(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("objective: {maximise: profit}\n", encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(edit("money: CNY", "money: CNY\ninclude: [more.yaml]"), encoding="utf-8")
    with pytest.raises(InputError, match="unknown key `objective` in a library"):
        read_tree(case)


def test_a_park_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """The figures of an included park are at their own file and line, and a scenario reaches them by the same path."""
    head, parks = edit("money: CNY", "money: CNY\ninclude: [site.yaml]").split("parks:\n")
    park, rest = parks.split("\nindicators:")
    (tmp_path / "site.yaml").write_text(f"parks:\n{park}\n", encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(f"{head}indicators:{rest}", encoding="utf-8")
    apart = read_case(case, sets=["parks.demo.buy.clay.price=30 CNY/t"])
    together = tree_of().case(sets=["parks.demo.buy.clay.price=30 CNY/t"])
    assert apart.parks == together.parks
    assert str(apart.key_at("parks", "demo")).endswith("site.yaml:2:3")


def test_a_park_defined_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("parks: {demo: {name: {en: Demonstration}}}\n", encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(edit("money: CNY", "money: CNY\ninclude: [site.yaml]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"is defined twice in `parks`: first at .*site\.yaml:1:9"):
        read_tree(case)


def test_a_case_without_a_park_is_refused() -> None:
    assert "`parks` is empty" in refused("case: x\ntitle: {en: X}\nparks: {}\nobjective: {maximise: profit}\n")


# Indicators.


def test_a_class_covers_its_materials_and_a_name_overrides_it() -> None:
    network = network_of(indicator("{bought: {class.raw: 1 t/t, water: 0.5 t/t}}"))
    assert factors(network, "x") == {
        ("BOUGHT", "calcium_carbide"): 1.0,
        ("BOUGHT", "limestone"): 1.0,
        ("BOUGHT", "clay"): 1.0,
        ("BOUGHT", "water"): 0.5,
    }


def test_a_property_weighs_each_material_by_its_own_figure_in_the_unit_of_the_account() -> None:
    text = edit("formula: CaC2}", "formula: CaC2, properties: {heating_value: 29.3076 GJ/t}}")
    coal = "{name: {en: X}, unit: tce, factors: {bought: {property.heating_value: 2}}}"
    text = text.replace("indicators:\n", f"indicators:\n  x: {coal}\n")
    assert factors(network_of(text), "x") == {("BOUGHT", "calcium_carbide"): pytest.approx(2.0)}


def test_selectors_that_meet_are_refused() -> None:
    text = indicator("{bought: {class.raw: 1 t/t, tag.rock: 2 t/t}}").replace(
        "class: raw, formula: CaCO3", "class: raw, tags: [rock], formula: CaCO3"
    )
    assert "`limestone` is weighed twice: by `class.raw` and by `tag.rock`" in refused(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{bought: {klass.raw: 1 t/t}}", "`klass.raw` selects nothing"),
        ("{bought: {class.rawr: 1 t/t}}", "there is no class `rawr`"),
        ("{bought: {lime: 1 t/t}}", "unknown material `lime`"),
        ("{bought: {clay: 1 GJ/t}}", "energy"),
        ("{bougt: {clay: 1 t/t}}", "unknown key `bougt`"),
    ],
)
def test_a_factor_that_makes_no_sense_is_refused(text: str, what: str) -> None:
    assert what in refused(indicator(text))


def test_a_ratio_cannot_be_the_objective_or_be_priced() -> None:
    ratio = "{name: {en: R}, ratio: {of: {used: {clay: 1 t/t}}, to: {made: {clinker: 1 t/t}}}}"
    text = edit("indicators:\n", f"indicators:\n  r: {ratio}\n")
    assert "is a ratio and cannot be the objective" in refused(text.replace("maximise: profit", "maximise: r"))
    priced = text.replace("maximise: profit}", "maximise: profit}\npolicies: {p: {indicator: r, price: 1 CNY/t}}")
    assert "a ratio cannot be priced" in refused(priced)


# Recipes and the network.


def kiln(case: Case) -> tuple[float, float]:
    recipe = recipes(case, Findings())["clinker_kiln"]
    (slot,) = recipe.slots
    return slot.need, recipe.lines[1].amount


def test_a_recipe_is_per_unit_of_its_reference() -> None:
    doubled = (
        TEXT.replace("per: 1 t clinker", "per: 2 t clinker")
        .replace("clay: 0.35 t", "clay: 700 kg")
        .replace("need: 0.65 t CaO", "need: 1.3 t CaO")
    )
    assert kiln(tree_of().case()) == kiln(tree_of(doubled).case()) == (0.65, -0.35)


def test_a_recipe_may_be_per_amount_used() -> None:
    text = edit(
        "    per: 1 t acetylene\n    inputs: {calcium_carbide: 2.46 t, water: 1.38 t}\n"
        "    outputs: {carbide_slag: 2.84 t}",
        "    per: 2.46 t calcium_carbide\n    inputs: {calcium_carbide: 2.46 t, water: 1.38 t}\n"
        "    outputs: {carbide_slag: 2.84 t, acetylene: 1 t}",
    )
    recipe = recipes(tree_of(text).case(), Findings())["acetylene_generator"]
    amounts = {line.material: line.amount for line in recipe.lines}
    assert amounts["calcium_carbide"] == pytest.approx(-1.0)
    assert amounts["acetylene"] == pytest.approx(1 / 2.46)


def test_gas_may_be_written_in_volume_where_a_density_is_known() -> None:
    text = edit("formula: C2H2}", "formula: C2H2, density: 1.17 kg/Nm3}").replace(
        "per: 1 t acetylene", "per: 854.7008547 Nm3 acetylene"
    )
    recipe = recipes(tree_of(text).case(), Findings())["acetylene_generator"]
    assert recipe.lines[1].amount == pytest.approx(-2.46)


def test_a_wide_gap_needs_a_reason_and_every_answer_repeats_it() -> None:
    text = edit("carbide_slag: 2.84 t}", "carbide_slag: 2.44 t}\n    closure: 30 %")
    assert "a closure of 0.3 needs a reason" in refused(text)
    reasoned = text.replace("closure: 30 %", 'closure: {gap: 30 %, because: "slag is weighed dry"}')
    (caveat,) = network_of(reasoned).caveats
    assert caveat.what == "acetylene_generator closes only within 0.3: slag is weighed dry"


def test_without_exchange_residues_have_a_balance_for_each_plant() -> None:
    shared, alone = network_of(), network_of(scenario="standalone")
    slag = [text.id for text in shared.materials.label].index("carbide_slag")
    assert set(shared.nodes.plant[shared.nodes.material == slag]) == {-1}
    assert set(alone.nodes.plant[alone.nodes.material == slag]) == {0, 1}
    assert len(shared.exchanges.source) == 1 and len(alone.exchanges.source) == 0


def test_nobody_buys_to_resell_or_takes_a_waste_to_throw_it_away() -> None:
    network = network_of()
    kind = network.offers.kind[network.steps.offer[network.deals.step]]
    owners = network.companies.label
    for deal, node in enumerate(network.deals.node):
        material = network.materials.label[network.nodes.material[node]].id
        if material == "carbide_slag":
            assert kind[deal] == OfferKind.DISCARD
            assert owners[network.nodes.company[node]].id == "acetylene_works"


def test_every_row_of_the_network_knows_its_line() -> None:
    network = network_of()
    for table in (network.plants, network.entries, network.options, network.steps, network.nodes):
        for row in table.origin:
            position = network.origins[row].position
            assert position.file == "hello.yaml" and position.line > 1


def test_an_idle_option_is_no_error_while_another_can_fill_the_slot() -> None:
    alone = network_of(scenario="standalone")
    slag = [text.id for text in alone.materials.label].index("carbide_slag")
    assert slag in alone.nodes.material[alone.options.node]


def test_an_offer_that_nobody_can_use_is_a_warning() -> None:
    text = edit("clay: {price: 20 CNY/t},", "clay: {price: 20 CNY/t}, acetylene: {price: 9000 CNY/t},")
    findings = Findings()
    build_network(tree_of(text).case(), findings)
    (problem,) = findings.problems
    assert problem.severity == "warning"
    assert "no plant in park `demo` uses `acetylene`, so this offer is idle" in problem.what


def test_a_stated_cost_of_an_emission_takes_the_place_of_the_free_outlet() -> None:
    """61,285.71 t of CO2 at 60 CNY/t; without it the outlet is free."""
    priced = edit("discard: {carbide_slag", "discard: {co2: {cost: 60 CNY/t}, carbide_slag")
    free, paid = solved(), solved(priced)
    assert value(free, "profit") - value(paid, "profit") == pytest.approx(60 * value(free, "carbon"))


def test_steps_of_a_disposal_state_their_cost() -> None:
    ladder = "discard: {carbide_slag: {steps: [{cost: 30 CNY/t, max: 100 kt/a}, {cost: 50 CNY/t}]}}"
    text = edit("discard: {carbide_slag: {cost: 30 CNY/t}}", ladder)
    thrown = 284e3 - 0.6 * 195e3 / 0.757
    assert value(solved(), "profit") - value(solved(text), "profit") == pytest.approx((thrown - 100e3) * 20)
    assert "unknown key `price` in a step of an outlet" in refused(text.replace("cost: 50", "price: 50"))


def test_a_ratio_may_be_counted_by_a_property() -> None:
    """Heat sold over heat bought: 100 kt of acetylene at 48.3 GJ/t over 246 kt of carbide at 24 GJ/t."""
    text = edit("formula: C2H2}", "formula: C2H2, properties: {heat: 48.3 GJ/t}}")
    text = text.replace("formula: CaC2}", "formula: CaC2, properties: {heat: 24 GJ/t}}")
    ratio = "{of: {sold: {property.heat: 1}}, to: {bought: {property.heat: 1}}}"
    text = text.replace("indicators:\n", f"indicators:\n  r: {{name: {{en: R}}, ratio: {ratio}}}\n", 1)
    assert value(solved(text), "r") == pytest.approx(100 * 48.3 / (246 * 24))


def test_a_selector_that_covers_nothing_is_a_warning() -> None:
    findings = Findings()
    build_network(tree_of(indicator("{bought: {tag.rock: 1 t/t}}")).case(), findings)
    assert [problem.what for problem in findings.problems] == ["`tag.rock` covers no material"]
