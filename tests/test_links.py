"""Links and coalitions on the hello case, worked by hand.

Without a link 117 / 0.757 = 154.557 kt of slag pass for nothing. A belt that carries 100 kt at 8 CNY a tonne and loses
2 % lets 98 kt arrive; the other 195 - 98 * 0.757 = 120.814 kt CaO come from limestone.
"""

import pytest

from hello import TEXT, edit, network_of, solved, tree_of, value
from parkloop.flows.build import build_network
from parkloop.flows.problems import InputError

BELT = (
    "    links: {belt: {material: carbide_slag, from: acetylene_works, to: cement_works, "
    "max: 100 kt/a, cost: 8 CNY/t, loss: 2 %}}\n    buy: "
)
LINKED = edit("    buy: ", BELT)
ARRIVING = 98e3


def test_a_belt_carries_what_it_can_at_its_cost_and_loss():
    result, alone = solved(LINKED), solved(scenario="standalone")
    limestone_saved = ARRIVING * 0.757 / 0.56 * 50
    disposal_saved = 100e3 * 30
    expected = value(alone, "profit") + limestone_saved + disposal_saved - 100e3 * 8
    assert value(result, "profit") == pytest.approx(expected, rel=1e-12)
    gained = expected - value(alone, "profit")
    assert value(result, "value_added") == pytest.approx(value(alone, "value_added") + gained, rel=1e-12)
    assert value(result, "cost") == pytest.approx(value(alone, "cost") - gained, rel=1e-12)


def test_what_is_lost_on_the_way_is_shown():
    flows = solved(LINKED).flows
    assert flows is not None
    slag = {(f.company, f.fate, f.to): f.value for f in flows.rows if f.material == "carbide_slag"}
    assert slag["acetylene_works", "exchanged", "cement_works"] == pytest.approx(ARRIVING)
    assert slag["acetylene_works", "discarded", "lost on the way"] == pytest.approx(2e3)
    assert slag["cement_works", "received", "cement_works"] == pytest.approx(ARRIVING)
    assert slag["acetylene_works", "discarded", "disposal"] == pytest.approx(184e3)


def test_what_is_lost_counts_as_discarded_in_indicators():
    waste = "indicators:\n  waste: {name: {en: Waste}, unit: t, factors: {discarded: {carbide_slag: 1 t/t}}}\n"
    assert value(solved(edit("indicators:\n", waste, LINKED)), "waste") == pytest.approx(186e3)


def test_the_limit_of_a_belt_is_worth_what_a_tonne_more_brings():
    limits = {limit.path: limit for limit in solved(LINKED).limits}
    belt = limits["parks.demo.links.belt.max"]
    assert belt.value == pytest.approx(0.98 * 0.757 / 0.56 * 50 + 30 - 8)
    assert belt.unit == "t"
    assert belt.what == "largest flow of belt"


def test_a_belt_that_costs_more_than_it_saves_stands_still():
    dear = solved(LINKED.replace("cost: 8 CNY/t", "cost: 100 CNY/t"))
    assert value(dear, "profit") == pytest.approx(value(solved(scenario="standalone"), "profit"))


@pytest.mark.parametrize(
    ("coalitions", "as_scenario"),
    [
        ("[[demo.acetylene_works, demo.cement_works]]", "base"),
        ("[[demo.acetylene_works], [demo.cement_works]]", "standalone"),
        ("[[demo.acetylene_works]]", "standalone"),
        ("[]", "standalone"),
    ],
)
def test_only_a_coalition_shares_residues(coalitions, as_scenario):
    text = edit("exchange: none}", f"coalitions: {coalitions}}}")
    assert value(solved(text, "standalone"), "profit") == pytest.approx(value(solved(scenario=as_scenario), "profit"))


MISTAKES = {
    "carries nothing": (BELT.replace("carbide_slag", "limestone"), "link `belt` carries nothing"),
    "unknown company": (BELT.replace("to: cement_works", "to: cement_work"), "unknown company `cement_work` in park"),
    "to itself": (BELT.replace("to: cement_works", "to: acetylene_works"), "from `acetylene_works` to itself"),
    "unknown material": (BELT.replace("carbide_slag", "carbide_slug"), "unknown material `carbide_slug`"),
    "all lost": (BELT.replace("2 %", "100 %"), "everything is lost on the way"),
    "wrong unit": (BELT.replace("8 CNY/t", "8 CNY/MWh"), "CNY/MWh"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_link_that_makes_no_sense_is_refused(name):
    new, what = MISTAKES[name]
    with pytest.raises(InputError) as error:
        network_of(edit("    buy: ", new))
    assert what in str(error.value)


def test_two_links_of_one_way_are_refused():
    twice = BELT.replace(
        "links: {belt: {", "links: {other: {material: carbide_slag, from: acetylene_works, to: cement_works}, belt: {"
    )
    with pytest.raises(InputError, match="`belt` and `other` state the same way"):
        network_of(edit("    buy: ", twice))


@pytest.mark.parametrize(
    ("coalitions", "what"),
    [
        (
            "[[demo.cement_works, demo.acetylene_works], [demo.cement_works]]",
            "`demo.cement_works` is in two coalitions",
        ),
        ("[[cement_works]]", "unknown company `cement_works`"),
    ],
)
def test_a_coalition_that_makes_no_sense_is_refused(coalitions, what):
    text = edit("exchange: none}", f"coalitions: {coalitions}}}")
    with pytest.raises(InputError) as error:
        build_network(tree_of(text).case("standalone"))
    assert what in str(error.value)


def test_the_hello_case_states_no_link():
    assert "links" not in TEXT
