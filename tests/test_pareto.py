"""Fronts worked by hand on the two ponds: the north gives up 20 CNY per tonne of brine, the south 40.

From 1800 CNY with 70 t of brine the front goes down by 20 CNY/t to (800, 20), where the north is closed, and from there
by 40 CNY/t to nothing. Counted over their ways the goals have come to 800/1800 + 50/70 = 1.1587 there: the knee.
"""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hello import HELLO, network_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.problems import InputError
from parkloop.reports.tradeoffs import trade_off
from ponds import text
from strategies import cases, to_yaml

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
