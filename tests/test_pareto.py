"""Fronts worked by hand on the two ponds: the north gives up 20 CNY per tonne of brine, the south 40.

From 1800 CNY with 70 t of brine the front goes down by 20 CNY/t to (800, 20), where the north is closed, and from there
by 40 CNY/t to nothing. Counted over their ways the goals have come to 800/1800 + 50/70 = 1.1587 there: the knee.
"""

import json
from contextlib import contextmanager
from itertools import pairwise

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hello import HELLO, network_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.problems import InputError
from parkloop.reports.json_result import schema_of
from parkloop.reports.tradeoffs import read_axes, trade_off
from parkloop.solver.pareto import _Tracer, traded
from parkloop.solver.session import Session
from ponds import ONE_PARK, PONDS, text
from strategies import cases, to_yaml

OBJECTIVES = HELLO.parent / "8_objectives.yaml"
QARHAN = HELLO.parents[1] / "parks" / "qarhan.yaml"


def values(found):
    return [point.values for point in found.found.points]


def test_the_front_of_two_ponds_by_hand():
    found = trade_off(network_of(text()), "profit,brine", 6)
    expected = [(1800, 70), (1520, 56), (1240, 42), (960, 28), (800, 20), (560, 14), (0, 0)]
    np.testing.assert_allclose(values(found), expected, atol=1e-6)
    assert [p.kind for p in found.found.points] == ["end", "point", "point", "point", "knee", "point", "end"]
    assert [found.price(n) for n in range(6)] == pytest.approx([20, 20, 20, 20, 40, 40])
    assert [p.prices[0] for p in found.found.points if p.kind == "point"] == pytest.approx([20, 20, 20, 40])
    assert found.price_words(20) == "each t of brine less means 20.00 CNY less profit"
    assert [(c.plant, c.kind) for c in found.changes(3)] == [("north.north_pond", "closes")]
    assert ("south.south_pond", "closes") in [(c.plant, c.kind) for c in found.changes(5)]


def test_all_corners_are_found_exactly():
    found = trade_off(network_of(text()), "profit,brine", corners=True)
    np.testing.assert_allclose(values(found), [(1800, 70), (800, 20), (0, 0)], atol=1e-6)
    assert found.found.complete


def test_a_range_follows_a_part_of_the_front():
    found = trade_off(network_of(text()), "profit,brine", 3, ["brine=10 t:20 t"])
    np.testing.assert_allclose(values(found), [(800, 20), (600, 15), (400, 10)], atol=1e-6)


def test_senses_can_be_said_and_goals_that_agree_have_one_plan():
    """Salt and profit are both largest where both ponds run."""
    found = trade_off(network_of(text()), "max:profit,max:salt", 5)
    np.testing.assert_allclose(values(found), [(1800, 200)], atol=1e-6)


def test_three_goals_have_no_dominated_point():
    """Most salt and least brine on top: at 20 t of brine 100 t of salt is best, at 70 t it is 200 t."""
    found = trade_off(network_of(text()), "profit,min:brine,max:salt", 5)
    gains = np.array(values(found)) * [1, -1, 1]
    for one in gains:
        assert not ((gains >= one - 1e-6).all(axis=1) & (gains > one + 1e-3).any(axis=1)).any()
    assert {(1800, 70, 200), (0, 0, 0)} <= {tuple(round(v) for v in point) for point in values(found)}


@pytest.mark.parametrize("thirsty", ["north", "south"])
def test_a_bound_that_does_not_press_leaves_no_dominated_point(thirsty):
    """Both ponds earn 10 CNY and discard 0.2 t of brine per tonne, but one takes 1.5 t of water and one 1.2 t.

    All of both is 2000 CNY, 40 t of brine and 270 t of water; bounds of 40, 20 and 0 t of brine and 270, 135 and 0 t
    of water lie between that and nothing. At 20 t of brine 100 t of salt are best, whoever makes them: the bounds of
    270 and 135 t of water need not press, and any split would do for the profit. But only the pond that takes less
    is undominated: 1000 CNY, 20 t, 120 t. At 135 t of water alone it is full, and the other makes 10 t: 1100 CNY.
    """
    much, little = "{sea: 1.5 t}, outputs: {brine: 0.2 t, vapour: 0.3 t}", "{sea: 1.2 t}, outputs: {brine: 0.2 t}"
    north, south = (much, little) if thirsty == "north" else (little, much)
    case = PONDS.replace("{sea: 1.5 t}, outputs: {brine: 0.5 t}", "NORTH").replace(little, south)
    case = case.replace("NORTH", north).replace("price: 8 CNY/t", "price: 10 CNY/t")
    case = case.replace("  salt: {name", "  vapour: {name: {en: Vapour}, class: emission}\n  salt: {name", 1)
    case += "  water: {name: {en: Water}, unit: t, factors: {used: {sea: 1 t/t}}}\n"
    found = trade_off(network_of(text(case=case)), "profit,brine,water", 3)
    expected = [(2000, 40, 270), (1100, 22, 135), (1000, 20, 120), (0, 0, 0)]
    np.testing.assert_allclose(values(found), expected, atol=1e-4)
    with tracing(case, "profit,brine,water", [2000, 40, 270]) as tracer:
        assert tracer.efficient({1: 20, 2: 270}).values == pytest.approx((1000, 20, 120), abs=1e-4)


@contextmanager
def tracing(case, between, width):
    """Follow the front of a case by hand."""
    network = network_of(text(case=case))
    axes = read_axes(network, between)
    program = traded(network, axes)
    with Session(program) as session:
        tracer = _Tracer(program, session, axes)
        tracer.width = np.array(width, float)
        yield tracer


def test_a_front_with_a_pond_that_is_on_or_off_by_hand():
    """The north makes 40 t at least where it is on: 400 CNY and 20 t of brine that 10 t of its salt would not need.

    Off, the south earns 40 CNY per tonne of brine up to (800, 20). On, both earn 400 + 40 (b − 20) from (800, 30), no
    better than that with less brine, up to (1200, 40) with the south full, and 20 CNY/t more up to (1800, 70).
    Bounds of 60, 50, … 10 t: at 30 t the plan with 20 t is as good, and the one that is given. It is the knee.
    """
    case = PONDS.replace("{capacity: 100 t/a}", "{capacity: 100 t/a, on_off: {min_load: 40 %}}", 1)
    found = trade_off(network_of(text(case=case)), "profit,brine", 8)
    expected = [(1800, 70), (1600, 60), (1400, 50), (1200, 40), (800, 20), (400, 10), (0, 0)]
    np.testing.assert_allclose(values(found), expected, atol=1e-3)
    assert [p.kind for p in found.found.points] == ["end", "point", "point", "point", "knee", "point", "end"]
    assert all(p.certificate.holds and p.prices == (None,) for p in found.found.points)
    assert ("north.north_pond", "closes") in [(c.plant, c.kind) for c in found.changes(3)]


@pytest.mark.parametrize("briny", ["north_pond", "south_pond"])
def test_with_whole_numbers_a_point_is_undominated_where_its_bound_does_not_press(briny):
    """A market of 100 t takes the salt of two ponds with 0.5 and 0.2 t of brine per tonne, at 10 CNY/t from either.

    A third one makes exactly 100 t for another market, with 1 t of brine per tonne, or nothing. So 1000 CNY are the
    best for any bound from 20 t of brine to just below 100 t; of all the plans that earn them one is undominated.
    """
    much, little = "{sea: 1.5 t}, outputs: {brine: 0.5 t}", "{sea: 1.2 t}, outputs: {brine: 0.2 t}"
    case = ONE_PARK.replace("price: 10 CNY/t", "price: 10 CNY/t, max: 100 t/a")
    if briny == "south_pond":
        case = case.replace(much, "X").replace(little, much).replace("X", little)
    rock = "  rock_pond: {name: {en: Rock pond}, per: 1 t rock, inputs: {sea: 2 t}, outputs: {brine: 1 t}}\nparks:"
    third = "{capacity: 100 t/a, on_off: {min_load: 100 %}, company: south_works}"
    case = case.replace("parks:", rock, 1).replace("  salt: {name", "  rock: {name: {en: Rock salt}}\n  salt: {name", 1)
    case = case.replace("plants: {", f"plants: {{rock_pond: {third}, ").replace(
        "sell: {", "sell: {rock: {price: 10 CNY/t}, "
    )
    with tracing(case, "profit,brine", [2000, 120]) as tracer:
        for bound in (90, 60, 30):
            assert tracer.efficient({1: bound}).values == pytest.approx((1000, 20), abs=1e-3)


def test_what_is_zero_by_rounding_is_zero_and_what_is_small_is_not():
    """The park that burns nothing but straw emits no carbon; ponds of a thousand-millionth have figures as small."""
    found = trade_off(build_network(read_tree(str(OBJECTIVES)).case("base", ())), "profit,carbon", corners=True)
    assert found.found.points[-1].values[1] == 0
    assert "1e-" not in found.to_csv()
    small = PONDS.replace("capacity: 100 t/a", "capacity: 100 mg/a")
    found = trade_off(network_of(text(case=small)), "profit,brine", corners=True)
    expected = np.array([(1800, 70), (800, 20), (0, 0)]) * 1e-9
    np.testing.assert_allclose(values(found), expected, rtol=1e-6)
    assert values(found)[-1] == (0, 0)


@pytest.mark.parametrize(
    ("between", "what"),
    [
        ("profit,intensity", "is a ratio"),
        ("profit,salty", "unknown indicator `salty`"),
        ("profit", "two or three"),
        ("best:profit,brine", "no sense"),
    ],
)
def test_what_cannot_be_an_axis_is_refused(between, what):
    with pytest.raises(InputError, match=what):
        trade_off(network_of(text()), between)


def test_an_end_without_limit_and_a_case_without_plan_are_exit_code_3(tmp_path, capsys):
    path = tmp_path / "ponds.yaml"
    path.write_text(text().replace("north_pond: {capacity: 100 t/a}", "north_pond: {capacity: unlimited}"))
    assert cli.run(["pareto", str(path), "--between", "profit,brine"]) == 3
    assert "unbounded" in capsys.readouterr().out
    path.write_text(text("{indicator: profit, min: 5000 CNY/a}"))
    assert cli.run(["pareto", str(path), "--between", "profit,brine", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["status"] == "infeasible"


def test_of_three_goals_each_bound_that_presses_has_its_price_in_the_table(tmp_path, capsys):
    """Where 28 t of brine press and salt is free, the north gives way: 20 CNY for each tonne of brine."""
    found = trade_off(network_of(text()), "profit,min:brine,max:salt", 6)
    points = {tuple(round(v) for v in point.values): point.prices for point in found.found.points}
    assert points[960, 28, 116] == (pytest.approx(20), None)
    path = tmp_path / "ponds.yaml"
    path.write_text(text())
    typed = ["pareto", str(path), "--between", "profit,min:brine,max:salt", "-n", "6"]
    assert cli.run(typed) == 0
    printed = capsys.readouterr().out
    assert "price of brine, CNY/t" in printed and "price of salt, CNY/t" in printed
    (row,) = [line.split() for line in printed.splitlines() if " point " in line and " 28.00 " in line]
    assert row[1:6] == ["point", "0.9600", "28.00", "116.0", "20.00"]
    assert "price: what profit gives up per unit that the bound of the goal is tightened" in printed


@pytest.mark.parametrize(
    ("policy", "more", "status"),
    [
        ("", ["profit,brine", "--corners"], "optimal"),
        ("", ["profit,min:brine,max:salt", "-n", "4"], "optimal"),
        ("", ["profit,brine", "--time-limit", "1e-9"], "stopped"),
        ("{indicator: profit, min: 5000 CNY/a}", ["profit,brine"], "infeasible"),
    ],
)
def test_every_front_keeps_its_contract(policy, more, status, tmp_path, capsys):
    path = tmp_path / "ponds.yaml"
    path.write_text(text(policy))
    cli.run(["pareto", str(path), "--json", "--between", *more])
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == status
    jsonschema.validate(document, schema_of("pareto"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "more": 1}, schema_of("pareto"))


def test_a_price_of_three_goals_is_the_finite_difference_of_its_bound():
    network = network_of(text())
    axes = read_axes(network, "profit,min:brine,max:salt")
    program = traded(network, axes)
    with Session(program) as session:
        tracer = _Tracer(program, session, axes)
        tracer.width = np.array([1800.0, 70.0, 200.0])
        bounds = {1: 50.0, 2: 150.0}
        point = tracer.efficient(bounds)
        tighter = tracer.efficient(bounds | {1: 49.0})
    assert point.prices[0] == pytest.approx(point.values[0] - tighter.values[0])
    assert point.prices[0] == pytest.approx(20)


def test_a_solve_that_was_stopped_is_not_sent_to_explain(tmp_path, capsys):
    path = tmp_path / "ponds.yaml"
    path.write_text(text())
    assert cli.run(["pareto", str(path), "--between", "profit,brine", "--time-limit", "1e-9"]) == 4
    assert "parkloop explain" not in capsys.readouterr().out
    path.write_text(text("{indicator: profit, min: 5000 CNY/a}"))
    assert cli.run(["pareto", str(path), "--between", "profit,brine"]) == 3
    assert "`parkloop explain` says why" in capsys.readouterr().out


def test_the_command_prints_a_table_json_and_csv(tmp_path, capsys):
    path, table = tmp_path / "ponds.yaml", tmp_path / "front.csv"
    path.write_text(text())
    assert cli.run(["pareto", str(path), "--between", "profit,brine", "-n", "6", "-o", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "after it each t of brine less means 40.00 CNY less profit" in printed
    assert table.read_text().splitlines()[0].startswith("kind,profit [CNY],brine [t],price of brine [CNY/t]")
    assert cli.run(["pareto", str(path), "--between", "profit,brine", "-n", "6", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "parkloop.pareto/1"
    assert document["knee"] == 4


def test_prices_along_the_front_of_qarhan_are_finite_differences_and_every_point_is_certified():
    network = build_network(read_tree(str(QARHAN)).case("base", ()))
    found = trade_off(network, "profit,co2", 8)
    assert found.status == "optimal" and all(p.certificate.holds for p in found.found.points)
    place = next(p for p in found.found.points if p.kind == "point")
    step = 10.0
    near = trade_off(network, "profit,co2", 3, [f"co2={place.values[1] - step} t:{place.values[1] + step} t"])
    (up, least), (down, most) = near.found.points[0].values, near.found.points[-1].values
    assert (up - down) / (least - most) == pytest.approx(place.prices[0], rel=1e-4)


@given(cases())
@settings(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
def test_fronts_of_drawn_cases_fall_and_have_no_dominated_point(spec):
    try:
        network = network_of(to_yaml(spec))
    except InputError:
        return
    amount = next((t.id for n, t in enumerate(network.indicators.label) if n > 3 and network.indicators.per[n] < 0), "")
    if not amount:
        return
    found = trade_off(network, f"profit,min:{amount}", 5)
    if found.status != "optimal":
        return
    table = np.array(values(found))
    width = np.maximum(np.ptp(table, axis=0), 1e-9)
    assert (np.diff(table, axis=0) <= 1e-6 * width).all(), "less profit and less of the other, point by point"
    prices = [found.price(n) for n in range(len(table) - 1)]
    scale = width[0] / width[1]
    if len(table) > 2 and not found.found.program.is_integer:
        assert all(a <= b + 1e-4 * (b + scale) for a, b in pairwise(prices)), "each unit is dearer"
