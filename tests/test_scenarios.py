"""Scenarios that compose: inherited, spread over a grid, with named figures, and with things left out.

The hello case by hand: together, slag replaces limestone up to its largest share; limestone costs 50 CNY/t and
0.4 × 195 kt / 0.56 = 139.286 kt of it are burnt, so each CNY/t more takes 0.139286 MCNY from profit.
"""

from __future__ import annotations

import pytest

from hello import TEXT, edit, network_of, solved, tree_of, value
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError

LIMESTONE = 0.4 * 195e3 / 0.56
ALONE = "  standalone: {title: {en: Everyone alone, zh: 无副产物交换}, exchange: none}"


def with_scenarios(*lines: str, text: str = TEXT) -> str:
    """Return the hello case with more scenarios."""
    return edit("scenarios:\n", "scenarios:\n" + "".join(f"  {line}\n" for line in lines), text)


def with_parameter(text: str = TEXT) -> str:
    """Return the hello case with the price of limestone as a parameter."""
    text = edit("limestone: {price: 50 CNY/t}", "limestone: {price: $stone}", text)
    return edit("money: CNY\n", "money: CNY\nparameters: {stone: 50 CNY/t}\n", text)


def refused(text: str, scenario: str = "base") -> str:
    """Return what is said about a case that cannot be used."""
    with pytest.raises(InputError) as error:
        build_network(tree_of(text).case(scenario))
    return str(error.value)


# Inheritance.


def test_a_scenario_takes_over_the_changes_of_its_parents_and_then_makes_its_own() -> None:
    """Without exchange, 195 / 0.56 kt of limestone at 90 in place of 50."""
    text = with_scenarios(
        "dear: {title: {en: Dear}, set: {parks.demo.buy.limestone.price: 90 CNY/t}}",
        "both: {title: {en: Both}, from: [standalone, dear]}",
        "dearer: {title: {en: Dearer}, from: [both], set: {parks.demo.buy.limestone.price: 100 CNY/t}}",
    )
    alone = value(solved(scenario="standalone"), "profit")
    assert value(solved(text, "both"), "profit") == pytest.approx(alone - 195e3 / 0.56 * 40)
    assert value(solved(text, "dearer"), "profit") == pytest.approx(alone - 195e3 / 0.56 * 50)


def test_a_later_parent_wins_and_a_common_ancestor_is_taken_once() -> None:
    path = "parks.demo.buy.limestone.price"
    text = with_scenarios(
        f"root: {{title: {{en: R}}, set: {{{path}: 60 CNY/t}}}}",
        f"left: {{title: {{en: L}}, from: [root], set: {{{path}: 70 CNY/t}}}}",
        "right: {title: {en: R}, from: [root], set: {parks.demo.buy.clay.price: 30 CNY/t}}",
        "both: {title: {en: B}, from: [left, right]}",
    )
    price = tree_of(text).case("both").parks["demo"].buy["limestone"].price
    assert price is not None
    assert price.to("CNY/t") == 70


@pytest.mark.parametrize(
    ("lines", "what", "at"),
    [
        (["a: {title: {en: A}, from: [standalon]}"], "there is no scenario `standalon`", "did you mean 'standalone'?"),
        (["a: {title: {en: A}, from: [b]}", "b: {title: {en: B}, from: [a]}"], "inherits from itself", "hello.yaml:"),
        (["a: {title: {en: A}, from: [a]}"], "scenario `a` inherits from itself", "delete one"),
        (["a: {title: {en: A}}"], "scenario `a` changes nothing", "the case itself is the scenario `base`"),
        (["l: {title: {en: L}, from: [a]}", "a: {title: {en: A}, exchange: all}"], "`l` changes nothing", "hello"),
        (["a: {title: {en: A}, set: {parks.demo.buy.clay.price: 20 CNY/t}}"], "changes nothing", "hello.yaml:"),
        (["all: {title: {en: A}, exchange: park}"], "`all` stands for every scenario", "another name"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(lines: list[str], what: str, at: str) -> None:
    said = refused(with_scenarios(*lines), lines[0].split(":")[0])
    assert what in said and at in said


def test_a_scenario_may_say_by_name_the_exchange_that_the_case_has() -> None:
    """A study sets `standalone`, `company` and `loop` side by side, though one of them is the case itself."""
    text = with_scenarios("loop: {title: {en: L}, exchange: all}")
    assert value(solved(text, "loop"), "profit") == pytest.approx(value(solved(text), "profit"))


def test_a_missing_parent_is_an_error_of_the_case_whichever_scenario_is_solved() -> None:
    text = with_scenarios("a: {title: {en: A}, from: [nobody]}")
    assert "hello.yaml:50:30: error: there is no scenario `nobody`" in refused(text)


# Parameters.


def test_a_parameter_stands_for_its_value_and_a_scenario_changes_it_in_one_place() -> None:
    text = with_scenarios("dear: {title: {en: Dear}, set: {parameters.stone: 90 CNY/t}}", text=with_parameter())
    base = value(solved(), "profit")
    assert value(solved(text), "profit") == pytest.approx(base)
    assert value(solved(text, "dear"), "profit") == pytest.approx(base - 40 * LIMESTONE)
    assert value(solved(text, sets=["parameters.stone=51 CNY/t"]), "profit") == pytest.approx(base - LIMESTONE)


def test_a_setting_may_name_a_parameter_and_what_has_none_is_shared() -> None:
    tree = tree_of(with_parameter())
    base, dear = tree.case(), tree.case(sets=["parks.demo.buy.clay.price=$stone"])
    price = dear.parks["demo"].buy["clay"].price
    assert price is not None
    assert price.to("CNY/t") == 50
    assert base.materials["clay"] is dear.materials["clay"]
    assert tree.case().parks["demo"] is base.parks["demo"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("$stone", "$ston", "there is no parameter `ston`"),
        ("$stone", "50 CNY/t", "nothing uses the parameter `stone`"),
        ("stone: 50 CNY/t", "stone: 50 CNY/GJ", "`50 CNY/GJ`"),
        ("stone: 50 CNY/t", "stone: [50 CNY/t]", "parameter `stone` is not a single value"),
        ("stone: 50 CNY/t", "stone: $stone", "parameter `stone` is not a single value"),
        ("parameters: {stone: 50 CNY/t}\n", "", "there is no parameter `stone`"),
        ("parameters: {stone: 50 CNY/t}", "parameters: [stone]", "`parameters` must be a mapping"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(old: str, new: str, what: str) -> None:
    assert what in refused(with_parameter().replace(old, new))


def test_the_message_about_a_parameter_stands_where_it_is_used() -> None:
    text = with_parameter().replace("stone: 50 CNY/t", "stone: 50 CNY/GJ")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "$stone" in row)
    assert f"hello.yaml:{line}:" in refused(text)


# Grids.

GRID = (
    "stone: {title: {en: Stone, zh: 石}, grid: {parks.demo.buy.limestone.price: [60 CNY/t, 70 CNY/t], "
    "parks.demo.discard.carbide_slag.cost: [30 CNY/t, 40 CNY/t, 50 CNY/t]}}"
)


def test_a_grid_is_a_scenario_for_each_combination_the_last_path_varying_fastest() -> None:
    """stone_5: limestone at 70, slag thrown away at 40 in place of 30."""
    text = with_scenarios(GRID)
    tree = tree_of(text)
    assert tree.scenarios == ("base", *(f"stone_{n}" for n in range(1, 7)), "standalone")
    assert tree.select(["stone"]) == tuple(f"stone_{n}" for n in range(1, 7))
    assert tree.select(["all"]) == tree.scenarios
    assert tree.select([]) == ("base",)
    title = tree.case("stone_5").scenarios["stone_5"].title
    assert title.en == "Stone: limestone.price 70 CNY/t, carbide_slag.cost 40 CNY/t"
    assert title.zh.startswith("石: ")
    slag = 284e3 - 0.6 * 195e3 / 0.757
    expected = value(solved(), "profit") - 20 * LIMESTONE - 10 * slag
    assert value(solved(text, "stone_5"), "profit") == pytest.approx(expected)


def test_a_scenario_may_inherit_from_one_of_a_grid_and_a_grid_from_a_scenario() -> None:
    text = with_scenarios(
        GRID.replace("grid:", "from: [standalone], grid:"), "child: {title: {en: C}, from: [stone_4], exchange: park}"
    )
    assert network_of(text, "stone_1").exchanges.source.size == 0
    child = tree_of(text).case("child")
    assert child.exchange == "park"
    assert str(child.parks["demo"].buy["limestone"].price) == "70 CNY/t"


def test_the_command_line_solves_the_scenarios_of_a_grid(tmp_path, capsys) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(with_scenarios(GRID), encoding="utf-8")
    assert cli.run(["solve", str(path), "-s", "stone", "--json"]) == 0
    assert capsys.readouterr().out.count("\n") == 6


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("g: {title: {en: G}, grid: {}}", "a grid is a mapping of paths to lists"),
        ("g: {title: {en: G}, grid: {parks.demo.buy.clay.price: 5 CNY/t}}", "needs a list of values"),
        (f"g: {{title: {{en: G}}, grid: {{a: {list(range(40))}, b: {list(range(40))}}}}}", "1600 combinations"),
        ("g: {title: {en: G}, grid: {parks.demo.buy.coke.price: [5 CNY/t]}}", "there is no `coke`"),
        ("standalone_1: {title: {en: G}, from: [g], exchange: park}", "there is no scenario `g`"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(line: str, what: str) -> None:
    assert what in refused(with_scenarios(line), "g_1" if "coke" in line else "base")


def test_a_grid_is_no_parent_and_its_names_are_its_own() -> None:
    assert "`stone` is a grid, not one scenario" in refused(with_scenarios(GRID, "c: {title: {en: C}, from: [stone]}"))
    twice = with_scenarios(GRID, "stone_2: {title: {en: C}, exchange: park}")
    assert "the grid `stone` has a scenario `stone_2`, which exists already" in refused(twice)


# Leaving things out.


def test_what_is_disabled_is_gone() -> None:
    """Without the kiln only the acetylene works is left: all slag is thrown away."""
    text = with_scenarios(
        "no_kiln: {title: {en: No kiln}, disable: [parks.demo.plants.clinker_kiln, parks.demo.sell.clinker]}"
    )
    network = network_of(text, "no_kiln")
    assert [label.id for label in network.plants.label] == ["acetylene_generator"]
    expected = 100e3 * 8000 - 246e3 * 2600 - 138e3 * 3 - 284e3 * 30
    assert value(solved(text, "no_kiln"), "profit") == pytest.approx(expected)
    assert len(network_of(text).plants.label) == 2


def test_a_policy_may_be_disabled_and_children_inherit_it() -> None:
    capped = edit(
        "objective: {maximise: profit}",
        "objective: {maximise: profit}\npolicies: {cap: {indicator: carbon, max: 50 kt/a}}",
    )
    text = with_scenarios(
        "free: {title: {en: Free}, disable: [policies.cap]}",
        "free_alone: {title: {en: Free}, from: [free, standalone], disable: [policies.cap]}",
        text=capped,
    )
    assert value(solved(text, "free"), "carbon") == pytest.approx(value(solved(), "carbon"))
    assert value(solved(text, "free_alone"), "carbon") == pytest.approx(value(solved(scenario="standalone"), "carbon"))


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("parks.demo.plants.kiln", "there is no `kiln` in `parks.demo.plants`"),
        ("materials.clay", "only plants, offers, links, routes and policies can be"),
        ("parks.demo.plants.clinker_kiln.capacity", "only plants, offers, links, routes and policies can be"),
        ("money.x", "`money` is a single value"),
    ],
)
def test_only_what_is_there_can_be_disabled(path: str, what: str) -> None:
    assert what in refused(with_scenarios(f"x: {{title: {{en: X}}, disable: [{path}]}}"), "x")


def test_entries_of_a_list_are_counted_before_any_is_taken_out() -> None:
    from parkloop.flows.document import Scalar, parse, plain
    from parkloop.flows.overlay import without
    from parkloop.flows.problems import Findings

    root = parse(b"routes: [a, b, c, d]\n", "x.yaml")
    paths = [Scalar(text, text, root.position) for text in ("routes.0", "routes.2")]
    assert plain(without(root, paths, Findings())) == {"routes": ["b", "d"]}


def test_the_shipped_text_has_the_scenario_these_tests_extend() -> None:
    assert ALONE in TEXT
