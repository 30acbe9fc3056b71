"""Routes in the language: the tutorial of two parks and one railway, and what can be wrong with a route.

The lake park makes 284 kt of slag and pays 30 CNY/t to discard it; in the city park a tonne of slag stands for
0.757 / 0.56 t of limestone at 50 CNY/t, and 99 % of what is sent arrives: a tonne sent is worth 96.91 CNY.
Freight is 200 km · 0.16 + 20 = 52 CNY/t, and 120 kt are sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import pytest

from hello import edit, network_of, tree_of, value
from hello import solved as solve_text
from mistakes import Mistake, place_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.lanes import EARTH_RADIUS, great_circle
from parkloop.flows.problems import Findings, InputError
from parkloop.reports.contents import contents
from parkloop.reports.flows import INFLOWS, Flow
from parkloop.reports.result import Result

TEXT = (Path(cli.__file__).parent / "cases" / "tutorials" / "5_route.yaml").read_text(encoding="utf-8")
WORTH = 30 + 0.99 * 0.757 / 0.56 * 50
ROUTE = "{from: lake, to: city, by: rail, distance: 200 km, carries: [carbide_slag], loss: 1 %, capacity: 120 kt/a}"
RAIL = "cost: 0.16 CNY/(t*km), handling: 20 CNY/t, adds: {carbon: 0.012 kg/(t*km)}}"


def solved(text: str = TEXT, scenario: str = "base", sets: Iterable[str] = ()) -> Result:
    result = solve_text(text, scenario, sets)
    assert result.status == "optimal"
    return result


def flows_of(result: Result, material: str) -> list[Flow]:
    assert result.flows is not None
    return [flow for flow in result.flows.rows if flow.material == material]


def shipped(result: Result, material: str = "carbide_slag") -> float:
    return sum(flow.value for flow in flows_of(result, material) if flow.fate == "shipped")


def with_route(route: str) -> str:
    return edit(ROUTE, route, TEXT)


def test_the_railway_earns_what_slag_is_worth_less_its_freight() -> None:
    gain = value(solved(), "profit") - value(solved(scenario="apart"), "profit")
    assert gain == pytest.approx(120e3 * (WORTH - 52))


def test_three_times_as_far_slag_stays_at_home_unless_freight_is_cheap() -> None:
    """600 km cost 116 CNY/t at the full tariff and 68 at half of it."""
    assert shipped(solved(scenario="far")) == 0
    gain = value(solved(scenario="cheap"), "profit") - value(solved(scenario="apart"), "profit")
    assert gain == pytest.approx(120e3 * (WORTH - 68))


def test_freight_adds_to_the_carbon_of_the_park_that_sends() -> None:
    """120 kt · 200 km · 12 g/(t·km) = 288 t."""
    parks = solved().parks
    assert parks["lake"]["carbon"].value == pytest.approx(288)
    assert parks["lake"]["cost"].value == pytest.approx(246e3 * 2600 + 138e3 * 3 + 164e3 * 30 + 120e3 * 52)


@pytest.mark.parametrize("scenario", tree_of(TEXT).scenarios)
def test_nothing_vanishes_on_the_way(scenario: str) -> None:
    net: dict[tuple[str, str], float] = {}
    result = solved(scenario=scenario)
    assert result.flows is not None
    for flow in result.flows.rows:
        sign = 1 if flow.fate in INFLOWS else -1
        net[flow.park, flow.material] = net.get((flow.park, flow.material), 0.0) + sign * flow.value
    assert max(map(abs, net.values())) < 1e-3
    sent, arrived = (sum(f.value for f in result.flows.rows if f.fate == fate) for fate in ("shipped", "received"))
    assert sent == pytest.approx(arrived)


def test_the_loss_is_a_flow_of_its_own() -> None:
    found = {(f.park, f.fate, f.by, f.to): f.value for f in flows_of(solved(), "carbide_slag")}
    assert found["lake", "shipped", "lake_city", "city"] == pytest.approx(118.8e3)
    assert found["lake", "discarded", "lake", "lost on the way"] == pytest.approx(1.2e3)
    assert found["city", "received", "lake_city", "city"] == pytest.approx(118.8e3)


def test_a_full_route_says_so_in_words() -> None:
    limit = next(limit for limit in solved().limits if limit.path == "routes.lake_city.capacity")
    assert limit.what == "capacity of route lake_city"
    assert (limit.bound, limit.unit) == (120e3, "t")
    assert limit.value == pytest.approx(WORTH - 52)
    assert limit.where.startswith("hello.yaml:")


def test_a_full_railway_says_so_in_words() -> None:
    """20 Mt·km a year over 200 km are 100 kt; one more t·km is worth a two-hundredth of a tonne."""
    result = solved(edit(RAIL, RAIL.replace("adds", "capacity: 20 Mt*km/a, adds"), TEXT))
    assert shipped(result) == pytest.approx(99e3)
    limit = next(limit for limit in result.limits if limit.path == "transport.rail.capacity")
    assert (limit.what, limit.bound, limit.unit) == ("capacity of transport by rail", 20e6, "t·km")
    assert limit.value == pytest.approx((WORTH - 52) / 200)
    assert limit.value_unit == "CNY/(t·km)"


def test_the_worth_of_a_capacity_is_the_finite_difference() -> None:
    base, raised = solved(), solved(sets=["routes.lake_city.capacity=120.1 kt/a"])
    limit = next(limit for limit in base.limits if limit.path == "routes.lake_city.capacity")
    assert (value(raised, "profit") - value(base, "profit")) / 100 == pytest.approx(limit.value, rel=1e-6)


def test_a_route_states_its_own_terms_in_place_of_those_of_its_mode() -> None:
    """200 km · 0.1 + 5 = 25 CNY/t and no carbon; without cost of its own only handling changes: 32 + 5."""
    own = ROUTE.replace("loss", "cost: 0.1 CNY/(t*km), handling: 5 CNY/t, adds: {}, loss")
    result = solved(with_route(own))
    alone = value(solved(scenario="apart"), "profit")
    assert value(result, "profit") - alone == pytest.approx(120e3 * (WORTH - 25))
    assert result.parks["lake"]["carbon"].value == 0
    handled = solved(with_route(ROUTE.replace("loss", "handling: 5 CNY/t, loss")))
    assert value(handled, "profit") - alone == pytest.approx(120e3 * (WORTH - 37))


def test_residues_travel_only_at_the_widest_level_of_exchange() -> None:
    for level in ("none", "company", "park"):
        assert shipped(solved(edit("money: CNY", f"money: CNY\nexchange: {level}", TEXT))) == 0
    assert shipped(solved(edit("money: CNY", "money: CNY\nexchange: all", TEXT))) > 0


@pytest.mark.parametrize("level", ["none", "all"])
def test_products_travel_at_every_level(level: str) -> None:
    text = TEXT.replace("{en: Carbide slag, zh: 电石渣}, class: byproduct", "{en: Carbide slag, zh: 电石渣}")
    assert shipped(solved(edit("money: CNY", f"money: CNY\nexchange: {level}", text))) == pytest.approx(118.8e3)


def test_coalitions_hold_along_routes() -> None:
    """Residues go only to allies; a product does not ask."""
    allied = edit("money: CNY", "money: CNY\ncoalitions: [[lake.lake, city.city]]", TEXT)
    alone = edit("money: CNY", "money: CNY\ncoalitions: [[lake.lake], [city.city]]", TEXT)
    assert shipped(solved(allied)) == pytest.approx(118.8e3)
    assert shipped(solved(alone)) == 0
    product = alone.replace("{en: Carbide slag, zh: 电石渣}, class: byproduct", "{en: Carbide slag, zh: 电石渣}")
    assert shipped(solved(product)) == pytest.approx(118.8e3)


def test_parks_may_be_kept_apart_by_the_case_too() -> None:
    assert shipped(solved(edit("money: CNY", "money: CNY\napart: [[city, lake]]", TEXT))) == 0


def test_of_many_parks_apart_no_two_pass_anything_on() -> None:
    """Slag goes from the lake to the city and a second mill; [lake, city, mill] stops both, [city, mill] none."""
    mill = "  mill: {name: {en: Mill}, plants: {clinker_kiln: {capacity: 300 kt/a, variable_cost: 120 CNY/t}},"
    offers = "buy: {limestone: {price: 50 CNY/t}, clay: {price: 20 CNY/t}}, sell: {clinker: {price: 260 CNY/t}}}"
    text = edit("  city:\n", f"{mill} {offers}\n  city:\n", TEXT)
    text = edit("  lake_city: {", f"  lake_mill: {ROUTE.replace('to: city', 'to: mill')}\n  lake_city: {{", text)
    kept = [edit("money: CNY", f"money: CNY\napart: [[{names}]]", text) for names in ("city, mill", "lake, city, mill")]
    assert [shipped(solved(one)) for one in kept] == pytest.approx([2 * 118.8e3, 0])


def test_both_ways_lets_each_park_send() -> None:
    """Written from the city, the route carries slag only if it runs both ways; both directions share the capacity."""
    turned = ROUTE.replace("from: lake, to: city", "from: city, to: lake")
    there_and_back = with_route(turned.replace("loss", "both_ways: true, loss"))
    assert value(solved(there_and_back), "profit") == pytest.approx(value(solved(), "profit"))
    assert shipped(solved(with_route(turned))) == 0


def test_slag_may_come_from_any_maker_and_go_to_any_user() -> None:
    """A second company with a kiln in the city is a target of its own."""
    plants = "    plants: {clinker_kiln: {capacity: 300 kt/a, variable_cost: 120 CNY/t}}"
    two = (
        "    companies: {old: {en: Old}, new: {en: New}}\n"
        "    plants: {clinker_kiln: {company: old, capacity: 300 kt/a, variable_cost: 120 CNY/t}, "
        "kiln_2: {process: clinker_kiln, company: new, capacity: 300 kt/a, variable_cost: 110 CNY/t}}"
    )
    result = solved(edit(plants, two, TEXT), sets=["routes.lake_city.capacity=280 kt/a"])
    targets = {flow.to for flow in flows_of(result, "carbide_slag") if flow.fate == "shipped"}
    assert targets == {"city.old", "city.new"}


def test_a_quarter_of_the_equator_and_beijing_to_shanghai() -> None:
    assert great_circle([0, 0], [0, 90]) == pytest.approx(math.pi / 2 * EARTH_RADIUS)
    assert great_circle([90, 0], [-90, 0]) == pytest.approx(math.pi * EARTH_RADIUS)
    assert great_circle([39.9042, 116.4074], [31.2304, 121.4737]) == pytest.approx(1067, abs=1)


def test_the_distance_is_that_of_the_places_with_the_detour_of_the_mode() -> None:
    """A degree of latitude is 111.195 km; the railway is a fifth longer."""
    text = with_route(ROUTE.replace("distance: 200 km, ", ""))
    text = edit("{en: Lake park, zh: 盐湖园区}", "{en: Lake park}\n    at: [36, 95]", text)
    text = edit("{en: City park, zh: 城市园区}", "{en: City park}\n    at: [37, 95]", text)
    text = edit(RAIL, "detour: 1.2, " + RAIL, text)
    assert network_of(text).routes.distance.tolist() == pytest.approx([1.2 * math.pi / 180 * EARTH_RADIUS])


WIRE = """
case: wire
title: {en: Power by wire}
materials:
  coal:  {name: {en: Coal}, class: raw, unit: GJ}
  power: {name: {en: Power}, class: utility, unit: MWh}
  gas:   {name: {en: Gas}, unit: Nm3, density: 2 kg/Nm3}
  metal: {name: {en: Metal}}
processes:
  station: {name: {en: Station}, per: 1 MWh power, inputs: {coal: 9 GJ}, outputs: {gas: 5 Nm3}, closure: CLOSURE}
  smelter: {name: {en: Smelter}, per: 1 t metal, inputs: {power: 13 MWh, gas: 5 Nm3}, closure: CLOSURE}
parks:
  mine: {name: {en: Mine}, plants: {station: {capacity: 100 MW}}, buy: {coal: {price: 10 CNY/GJ}},
         discard: {gas: {cost: 0 CNY/Nm3}}}
  town: {name: {en: Town}, plants: {smelter: {capacity: 100 t/a}}, buy: {gas: {price: 10 CNY/Nm3}},
         sell: {metal: {price: 9000 CNY/t}}}
transport:
  wire: {name: {en: Wire}, cost: 0.1 CNY/(MWh*km), adds: {loss: 1 kWh/(MWh*km)}}
  road: {name: {en: Road}, cost: 0.5 CNY/(t*km), handling: 10 CNY/t, capacity: 100 t*km/a}
routes:
  line:  {from: mine, to: town, by: wire, distance: 100 km, carries: [power], capacity: 0.1 MW}
  truck: {from: mine, to: town, by: road, distance: 100 km, carries: [gas]}
indicators: {loss: {name: {en: Power lost}, unit: MWh, factors: {}}}
objective: {maximise: profit}
""".replace("CLOSURE", '{gap: 100 %, because: "worked by hand"}')


def test_power_goes_by_wire_and_gas_by_its_mass() -> None:
    """0.1 MW are 876 MWh a year, 67.385 t of metal. The road carries 1 t, 500 Nm3 at 0.002 · (50 + 10) CNY each."""
    result = solved(WIRE)
    metal = 876 / 13
    assert shipped(result, "power") == pytest.approx(876)
    assert shipped(result, "gas") == pytest.approx(500 if metal * 5 > 500 else metal * 5)
    freight = 876 * 100 * 0.1 + metal * 5 * 0.002 * 60
    assert value(result, "profit") == pytest.approx(metal * 9000 - 876 * 90 - freight)
    assert value(result, "loss") == pytest.approx(87.6)


def test_the_capacity_of_a_road_counts_the_mass_of_gas() -> None:
    """30 t·km over 100 km are 0.3 t, 150 Nm3; the rest is bought."""
    assert shipped(solved(edit("capacity: 100 t*km/a", "capacity: 30 t*km/a", WIRE)), "gas") == pytest.approx(150)


def test_what_only_a_route_brings_can_come_from_somewhere() -> None:
    """Nobody in the town sells power: without the wire that is an error of the case."""
    assert network_of(WIRE)
    errors = problems(edit("objective:", "apart: [[mine, town]]\nobjective:", WIRE))
    assert any("`power` is used by park `town` but can come from nowhere" in what for what, _ in errors)
    assert any("`power` is made by park `mine` but can go nowhere" in what for what, _ in errors)


def test_shipped_is_a_fate_that_indicators_weigh() -> None:
    factors = "factors: {discarded: {co2: 1 t/t}, shipped: {carbide_slag: 1 t/t}}"
    text = edit("factors: {discarded: {co2: 1 t/t}}", factors, TEXT)
    assert value(solved(text), "carbon") == pytest.approx(value(solved(), "carbon") + 118.8e3)


def test_a_priced_indicator_charges_what_freight_adds() -> None:
    priced = edit(
        "objective: {maximise: profit}",
        "policies: {tax: {indicator: carbon, price: 10 CNY/t}}\nobjective: {maximise: profit}",
        TEXT,
    )
    taxed, base = solved(priced), solved()
    difference = (base.parks["lake"]["profit"].value or 0) - (taxed.parks["lake"]["profit"].value or 0)
    assert difference == pytest.approx(2880)


def test_a_library_may_hold_modes_of_transport(tmp_path: Path) -> None:
    line = next(line for line in TEXT.splitlines() if line.startswith("  rail:"))
    (tmp_path / "modes.yaml").write_text(f"transport:\n{line}\n", encoding="utf-8")
    text = edit(line, "", TEXT).replace("money: CNY", "money: CNY\ninclude: [modes.yaml]")
    text = "\n".join(text_line for text_line in text.splitlines() if not text_line.startswith("transport:"))
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", str(tmp_path / "case.yaml")]) == 0


def test_show_lists_routes_and_modes_with_their_terms() -> None:
    case = tree_of(edit("money: CNY", "money: CNY\napart: [[lake, city]]", TEXT)).case()
    routes, modes, apart = contents(case, "routes").tables
    terms = "capacity 120 kt/a, loss 0.01"
    assert routes.rows == [("lake_city", "lake", "city", "rail", "200 km", "carbide_slag", terms, "", "")]
    rail = "cost 0.16 CNY/(t·km), handling 20 CNY/t, adds 0.012 kg/(t·km) of carbon"
    assert modes.rows == [("rail", ("Rail", "铁路"), rail, "", "", "")]
    assert apart.rows == [("lake", "city")]
    assert contents(case, "overview").tables[1].title == "Routes"


def problems(text: str) -> list[tuple[str, str]]:
    """Return what and mend of all findings of a case."""
    findings = Findings()
    try:
        build_network(tree_of(text).case(), findings)
    except InputError as error:
        return [(p.what, p.mend) for p in error.problems]
    return [(p.what, p.mend) for p in findings.problems]


def test_a_material_carried_for_nobody_is_a_warning() -> None:
    (found,) = problems(with_route(ROUTE.replace("[carbide_slag]", "[carbide_slag, clinker]")))
    assert found[0] == "route `lake_city` carries `clinker` for nobody: no plant in park `lake` makes it"


def test_a_tag_that_looks_like_another_is_a_warning() -> None:
    text = edit("class: byproduct, formula", "class: byproduct, tags: [dusty], formula", TEXT)
    found = problems(edit(RAIL, "excludes: [tag.dosty], " + RAIL, text))
    assert found == [("no material bears the tag `dosty`", "did you mean 'dusty'?")]


MISTAKES = {
    "unknown park": Mistake("from: lake", "from: lak", "unknown park `lak`", "did you mean 'lake'?", "lak,"),
    "unknown mode": Mistake(
        "by: rail", "by: rial", "unknown mode of transport `rial`", "did you mean 'rail'?", "rial, dist"
    ),
    "unknown material": Mistake(
        "carries: [carbide_slag]", "carries: [carbide_slug]",
        "unknown material `carbide_slug`", "did you mean 'carbide_slag'?", "carbide_slug",
    ),
    "a material twice": Mistake(
        "carries: [carbide_slag]", "carries: [carbide_slag, carbide_slag]",
        "route `lake_city` carries `carbide_slag` twice", "delete one", "carbide_slag], loss",
    ),
    "nothing to carry": Mistake("carries: [carbide_slag]", "carries: []", "`carries`", "", "carries: []"),
    "to itself": Mistake(
        "to: city", "to: lake", "route `lake_city` leads from park `lake` to itself", "without a route", "lake, by"
    ),
    "environment": Mistake(
        "carries: [carbide_slag]", "carries: [vapour]", "of class environment and free everywhere", "delete", "vapour]"
    ),
    "excluded by class": Mistake(
        "handling: 20 CNY/t", "handling: 20 CNY/t, excludes: [class.byproduct]",
        "route `lake_city` carries `carbide_slag`, but `rail` excludes `class.byproduct` (case.yaml:45:",
        "delete it here or there", "carbide_slag], loss",
    ),
    "unknown class": Mistake(
        "handling: 20 CNY/t", "handling: 20 CNY/t, excludes: [class.bywaste]",
        "there is no class `bywaste`", "did you mean", "class.bywaste",
    ),
    "no selector": Mistake(
        "handling: 20 CNY/t", "handling: 20 CNY/t, excludes: [carbide_slag]",
        "`carbide_slag` selects nothing", "write `class.NAME` or `tag.NAME`", "carbide_slag], adds",
    ),
    "no distance": Mistake(
        "distance: 200 km, ", "",
        "route `lake_city` states no distance, and the place of park `lake` and `city` is not known",
        "add `distance: … km` here, or `at: [latitude, longitude]` to the park", "lake_city: {",
    ),
    "a distance in tonnes": Mistake("200 km,", "200 t,", "a length (km) is needed here", "km", "200 t,"),
    "a place off the earth": Mistake(
        "{en: City park, zh: 城市园区}", "{en: City park}\n    at: [95.3, 36.8]",
        "[95.3, 36.8] is no place on the earth", "[latitude, longitude]", "at: [95",
    ),
    "all is lost": Mistake("loss: 1 %", "loss: 100 %", "a loss of 100 % lets nothing arrive", "e.g.", "100 %, cap"),
    "a loss above all": Mistake("loss: 1 %", "loss: 101 %", "`101 %` is not a share", "", "101 %"),
    "capacity in money": Mistake(
        "capacity: 120 kt/a", "capacity: 120 CNY/a",
        "the capacity is an amount per time, which `120 CNY/a` is not", "write e.g. `3 Mt/a`", "120 CNY/a",
    ),
    "capacity of a mode without distance": Mistake(
        "handling: 20 CNY/t", "handling: 20 CNY/t, capacity: 5 Mt/a",
        "the capacity is an amount times distance per time, which `5 Mt/a` is not", "800 Mt*km/a", "5 Mt/a",
    ),
    "capacity in energy": Mistake(
        "capacity: 120 kt/a", "capacity: 120 GJ/a",
        "route `lake_city` carries `carbide_slag`, which is counted in t: `routes.lake_city.capacity` (case.yaml:47:",
        "carry `carbide_slag` by another mode", "carbide_slag], loss",
    ),
    "freight in energy": Mistake(
        "0.16 CNY/(t*km)", "0.16 CNY/(MWh*km)",
        "route `lake_city` carries `carbide_slag`, which is counted in t: `transport.rail.cost` (case.yaml:45:",
        "state it for this route", "carbide_slag], loss",
    ),
    "negative freight": Mistake("0.16 CNY/(t*km)", "-1 CNY/(t*km)", "is negative", "zero or more", "-1 CNY"),
    "an unknown indicator": Mistake(
        "adds: {carbon:", "adds: {carbo:", "unknown indicator `carbo`", "did you mean 'carbon'?", "carbo:"
    ),
    "money added": Mistake(
        "adds: {carbon: 0.012 kg", "adds: {cost: 0.012 kg",
        "`cost` is money, which is stated as a cost", "write it there", "cost: 0.012",
    ),
    "apart from an unknown park": Mistake(
        "money: CNY", "money: CNY\napart: [[lake, citty]]", "unknown park `citty`", "did you mean 'city'?", "citty"
    ),
    "apart from itself": Mistake(
        "money: CNY", "money: CNY\napart: [[lake, lake]]", "park `lake` cannot be apart from itself", "each", "lake]]"
    ),
    "a park apart from itself": Mistake(
        "money: CNY", "money: CNY\napart: [[lake, city, lake]]", "park `lake` cannot be apart", "name each", "lake]]"
    ),
    "unknown key of a mode": Mistake(
        "handling: 20", "handeling: 20", "unknown key `handeling` in a mode of transport", "'handling'", "handeling"
    ),
    "unknown key of a route": Mistake("loss: 1 %", "los: 1 %", "unknown key `los` in a route", "'loss'", "los:"),
    "detour shorter than the crow flies": Mistake(
        "handling: 20 CNY/t", "handling: 20 CNY/t, detour: 0.8", "`detour`", "", "0.8"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake = MISTAKES[name]
    text = edit(mistake.old, mistake.new, TEXT)
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"case.yaml:{place_of(mistake.at, text)}: error: " in err
    assert mistake.what in err
    assert mistake.mend in err


def test_a_ratio_cannot_be_added_to() -> None:
    reuse = (
        "  reuse: {name: {en: Reuse}, ratio: {of: {used: {carbide_slag: 1 t/t}}, to: {made: {carbide_slag: 1 t/t}}}}"
    )
    text = edit("indicators:\n", f"indicators:\n{reuse}\n", edit("adds: {carbon", "adds: {reuse", TEXT))
    assert ("`reuse` is a ratio, and nothing can be added to it", "name an indicator with `factors`") in problems(text)
