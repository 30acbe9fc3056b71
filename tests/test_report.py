"""The page read back: its tables add up to the answer of the solver to the printed digit, and so do its pictures."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hello import TEXT, edit, infeasible
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.pages.answer import Answer
from parkloop.pages.graph import owner_graph, plant_graph
from parkloop.pages.layers import Layer, layers, prices_paid
from parkloop.pages.page import page, script_data
from parkloop.reports.figures import MULTIPLES, figure
from parkloop.reports.flows import FATES
from parkloop.reports.result import Result
from parkloop.reports.run import solve_case
from reading_pages import ReadTable, answers_of, hostile_page, read_page

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def qarhan() -> list[Answer]:
    tree = read_tree(CASES / "parks" / "qarhan.yaml")
    return [Answer(tree.case(name), solve_case(build_network(tree.case(name)))) for name in ("standalone", "base")]


@pytest.fixture(scope="module")
def read(qarhan: list[Answer]) -> tuple[str, list[ReadTable], dict[str, Any]]:
    text = page(qarhan, "parkloop report cases/parks/qarhan.yaml -s standalone -s base -o q.html")
    return text, *read_page(text)


def table(tables: list[ReadTable], key: str, scenario: str) -> ReadTable:
    (found,) = [it for it in tables if it.key == key and it.scenario == scenario]
    return found


def same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def layer_of(answer: Answer, key: str) -> Layer:
    return next(layer for layer in layers(answer.case, answer.result, "en") if layer.key == key)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from parkloop.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_the_page_of_a_park_is_under_two_megabytes_and_names_no_network(read: tuple[str, Any, Any]) -> None:
    text = read[0]
    assert len(text.encode()) < 2_000_000
    for word in ("src=", "@import", "url(http", '<link rel="stylesheet'):
        assert word not in text


def test_every_figure_is_printed_as_the_solver_has_it(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    """Each cell with a value prints that value, in its unit or a multiple of it, to four digits, or as per cent."""
    factors = {1.0, *(factor for steps in MULTIPLES.values() for factor, _ in steps)}
    count = 0
    for it in read[1]:
        for text, value in (cell for row in (*it.rows, *it.total) for cell in row):
            if value is None:
                continue
            count += 1
            printed = text.removeprefix("~ ").split(" ")[0].removesuffix("%").lstrip("+")
            ways = {figure(value / factor) for factor in factors} | {f"{value * 100:.{n}f}" for n in (0, 1, 2)}
            assert printed in ways, (it.key, text, value)
    assert count > 2000


def test_totals_are_those_of_the_result(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    for answer in qarhan:
        found = table(read[1], "totals", answer.result.scenario)
        values = [row[2][1] for row in found.rows]
        assert values == [measure.value for measure in answer.result.indicators.values()]


def test_revenue_and_cost_add_up_to_the_profit(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    for answer in qarhan:
        found = table(read[1], "money", answer.result.scenario)
        profit = sum(row[5][1] or 0.0 for row in found.rows)
        ((*_, (text, total)),) = found.total
        assert total is not None and same(profit, total)
        assert same(total, answer.result.indicators["profit"].value or 0.0)
        assert text == figure(answer.result.indicators["profit"].value)


def test_fates_of_each_residue_add_up(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    """Made + bought = used + treated + sold + discarded + stored, row by row; Dongchuan treats, Qarhan does not."""
    tree = read_tree(CASES / "parks" / "dongchuan.yaml")
    (treats,) = [Answer(tree.case(), solve_case(build_network(tree.case())))]
    tables = [*read[1], *read_page(page([treats], "x"))[0]]
    treated_at_all = 0.0
    for it in (it for it in tables if it.key == "residues"):
        assert len(it.rows) > 20
        for row in it.rows:
            made, bought, used, treated, sold, discarded, stored = (cell[1] or 0.0 for cell in row[3:10])
            gone = used + treated + sold + discarded + stored
            assert math.isclose(made + bought, gone, rel_tol=1e-7, abs_tol=1e-3), row[0]
            treated_at_all += treated
    assert treated_at_all > 0


def test_energy_over_the_boundary_is_the_account_of_it(qarhan: list[Answer]) -> None:
    """Bought less sold, by heating value, is the comprehensive energy that the case counts: 1 tce is 29.3076 GJ."""
    for answer in qarhan:
        flows = answer.result.flows
        assert flows is not None
        layer = layer_of(answer, "energy")
        signs = [{"bought": 1.0, "sold": -1.0}.get(FATES[fate], 0.0) for fate in flows.fate]
        net = sum(sign * value for sign, value in zip(signs, layer.value, strict=True))
        assert net / 29.3076 == pytest.approx(answer.result.indicators["energy_calorific"].value, rel=1e-9)


def test_who_is_paid_to_take_something_away_has_a_negative_price() -> None:
    """A taker that pays 30 yuan a tonne for slag: a receipt, so its price is minus 30 and its band is negative."""
    (answer,) = answers_of(edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: -30 CNY/t}"), "base")
    flows = answer.result.flows
    assert flows is not None
    prices = prices_paid(answer.result, flows)
    names = [
        answer.result.network.materials.label[answer.result.network.nodes.material[node]].id for node in flows.node
    ]
    slag = [k for k, fate in enumerate(flows.fate) if FATES[fate] == "discarded" and names[k] == "carbide_slag"]
    assert [prices[k] for k in slag if flows.value[:, k].sum() > 0] == pytest.approx([-30.0])


def test_companies_hold_all_that_they_deal_and_exchange(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    """The picture of the companies: everything bought, sold, discarded and exchanged, each once."""
    for answer in qarhan:
        flows = answer.result.flows
        assert flows is not None
        for layer in layers(answer.case, answer.result, "en"):
            graph = owner_graph(flows, layer, 0, "en")
            mine = [k for k in range(len(flows.fate)) if flows.plant[k] < 0 and FATES[flows.fate[k]] != "received"]
            signed = sum(float(layer.value[k]) for k in mine)
            drawn = sum(link.value for link in graph.links)
            assert abs(signed - drawn) <= graph.left_out_value * 1.000001 + 1e-6


def test_a_pool_is_never_a_dead_end(qarhan: list[Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where few flows are drawn, what comes into a pool is seen to go somewhere, and what leaves it to come."""
    monkeypatch.setattr("parkloop.pages.graph.MOST", 30)
    pools = 0
    for answer in qarhan:
        assert answer.result.flows is not None
        for layer in layers(answer.case, answer.result, "en"):
            graph = plant_graph(answer.result.flows, layer, 0, "en")
            for number, place in enumerate(graph.places):
                if place.kind == "pool":
                    pools += 1
                    assert any(link.source == number for link in graph.links), (layer.key, place.label)
                    assert any(link.target == number for link in graph.links), (layer.key, place.label)
    assert pools


def test_exchanges_add_up_and_are_the_flows_of_the_result(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    answer = qarhan[1]
    found = table(read[1], "exchanges", "base")
    assert same(sum(row[5][1] or 0.0 for row in found.rows), found.total[0][5][1] or 0.0)
    assert answer.result.flows is not None
    sent = sum(flow.value for flow in answer.result.flows.rows if flow.fate == "exchanged")
    assert math.isclose(sum(row[3][1] or 0.0 for row in found.rows), sent, rel_tol=1e-9)


def test_balances_of_plants_hold_every_flow_and_their_masses_add_up(
    qarhan: list[Answer], read: tuple[str, Any, Any]
) -> None:
    answer = qarhan[1]
    assert answer.result.flows is not None
    plants = [it for it in read[1] if it.key == "balance" and it.scenario == "base"]
    made = sum(row[2][1] or 0.0 for it in plants for row in it.rows if row[0][0] == "gives out")
    assert math.isclose(made, sum(f.value for f in answer.result.flows.rows if f.fate == "made"), rel_tol=1e-6)
    for it in plants:
        for word, row in zip(("takes in", "gives out"), it.total, strict=True):
            masses = sum(line[4][1] or 0.0 for line in it.rows if line[0][0] == word)
            assert same(masses, row[1][1] or 0.0)


def test_every_picture_holds_all_that_flows(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    """Into each box goes what the picture says; what is drawn and what is left out is all there is in the layer."""
    for answer in qarhan:
        flows = answer.result.flows
        assert flows is not None
        for layer in layers(answer.case, answer.result, "en"):
            drawn = read[2]["pictures"][answer.result.scenario]["drawings"]["plants:0"][layer.key]
            graph = plant_graph(flows, layer, 0, "en")
            values = [band[7] for band in drawn["bands"]]
            assert values == [link.value for link in graph.links]
            inside = [k for k in range(len(flows.fate)) if flows.partner[k] < 0]
            whole = sum(abs(float(layer.value[k])) for k in inside)
            assert graph.whole == pytest.approx(whole, rel=1e-9)


def test_bands_are_as_wide_as_their_values(read: tuple[str, Any, Any]) -> None:
    for drawings in read[2]["pictures"]["base"]["drawings"]["plants:0"].values():
        ratios = [band[3] / abs(band[7]) for band in drawings["bands"] if band[3] > 3]
        assert max(ratios) <= min(ratios) * 1.01


def test_layers_of_hello_by_hand() -> None:
    """100 kt of acetylene take 246 kt of CaC2 (24.022/64.10 carbon: 92.2 kt) and leave 284 kt of slag.

    The kiln takes 0.65 · 0.6 / 0.757 · 300 kt = 154.56 kt of it, which spares 129.44 kt its disposal: it moves at the
    shadow price of minus 30 yuan, while 246 kt of carbide at 2600 yuan are 639.6 million.
    """
    (answer,) = answers_of(TEXT, "base")
    assert [layer.key for layer in layers(answer.case, answer.result, "en")] == [
        "mass", "residues", "carbon", "Ca", "money",
    ]  # fmt: skip
    found = {}
    for key in ("mass", "carbon", "money"):
        assert answer.result.flows is not None
        graph = plant_graph(answer.result.flows, layer_of(answer, key), 0, "en")
        for link in graph.links:
            ends = graph.places[link.source].label, graph.places[link.target].label
            found[key, link.what, ends[1]] = link.value
    assert found["mass", "Calcium carbide", "Acetylene generator"] == pytest.approx(246_000)
    assert found["carbon", "Calcium carbide", "Acetylene generator"] == pytest.approx(
        246_000 * 24.022 / 64.10, rel=1e-3
    )
    assert found["mass", "Carbide slag", "Clinker kiln"] == pytest.approx(300_000 * 0.65 * 0.6 / 0.757)
    assert found["money", "Calcium carbide", "Acetylene generator"] == pytest.approx(246_000 * 2600)
    assert found["money", "Carbide slag", "Clinker kiln"] == pytest.approx(-30 * 300_000 * 0.65 * 0.6 / 0.757)


def test_what_is_paid_for_deals_is_revenue_and_cost(qarhan: list[Answer]) -> None:
    """Over all deals: sold is the revenue; bought and discarded are the items of cost that are deals."""
    for result in (answer.result for answer in qarhan):
        assert result.flows is not None and result.money is not None
        value = result.network.periods.weight @ result.flows.value
        prices = prices_paid(result, result.flows)
        total = sum(v * p for v, p in zip(value, prices, strict=True) if not math.isnan(p))
        items = [it for it in result.money.rows if it.item in ("sale", "purchase", "disposal", "receipt")]
        booked = sum(abs(item.value) if item.item != "receipt" else -item.value for item in items)
        assert math.isclose(total, booked, rel_tol=1e-9)


def test_a_goal_that_is_no_money_prices_only_deals() -> None:
    (answer,) = answers_of(edit("objective: {maximise: profit}", "objective: {minimise: carbon}"), "base")
    text = page([answer], "parkloop report")
    assert "CO2 emitted of 0 t: no plan of this case comes lower." in text
    found = [it for it in layers(answer.case, answer.result, "en") if it.key == "money"]
    assert not found  # nothing runs, so nothing is paid


def test_a_scenario_without_an_answer_says_why() -> None:
    (answer,) = answers_of(infeasible(), "base")
    text = page([answer], "parkloop report")
    assert "There is no plan: infeasible." in text
    assert not answer.result.optimal


def test_differences_in_the_comparison_are_those_of_the_results(
    qarhan: list[Answer], read: tuple[str, Any, Any]
) -> None:
    found = table(read[1], "comparison", "")
    alone, base = (answer.result for answer in qarhan)
    keys = {text.en: text.id for text in base.network.indicators.label}
    assert {row[0][0] for row in found.rows} == set(keys)
    for row in found.rows:
        key = keys[row[0][0]]
        one, other = alone.indicators[key].value, base.indicators[key].value
        assert one is not None and other is not None
        assert row[4][1] == other - one
        ratio = base.indicators[key].unit == "1"  # the difference is per cent already
        assert row[5][1] == (None if ratio else pytest.approx((other - one) / abs(one)))


def test_savings_are_stated_against_the_counterfactual_with_its_boundary(
    qarhan: list[Answer], read: tuple[str, Any, Any]
) -> None:
    """`standalone` is the baseline: 12.00 less 9.847 thousand million yuan of profit; of CO2 less is better."""
    rows = {row[1][0]: row[2][1] for row in table(read[1], "savings", "").rows}
    alone, base = (answer.result.indicators for answer in qarhan)
    assert rows["Profit"] == pytest.approx(12.00074e9 - 9.847432e9, rel=1e-5)
    name = "CO2 equivalent, direct and from bought electricity"
    assert rows[name] == pytest.approx((alone["co2"].value or 0.0) - (base["co2"].value or 0.0))
    assert "so a saving is that of exchange" in read[0]
    assert any(row[0][0] == "exchange" for row in table(read[1], "inputs", "").rows)


def test_a_counterfactual_is_built_where_the_case_states_none(tmp_path: Path) -> None:
    """Hello without its scenario `standalone`: 189.0384 less 173.9553 million yuan are saved."""
    case, path = tmp_path / "alone.yaml", tmp_path / "alone.html"
    line = "  standalone: {title: {en: Everyone alone, zh: 无副产物交换}, exchange: none} # slag may not change hands"
    text = TEXT.replace("scenarios:\n" + line + "\n", "").replace("  standalone: {status: optimal", "  #")
    assert "standalone" not in text.replace("#", "")
    case.write_text(text, encoding="utf-8")
    done = command("report", str(case), "--against", "standalone", "-o", str(path))
    assert done.returncode == 0, done.stderr
    tables, _ = read_page(path.read_text(encoding="utf-8"))
    rows = {row[1][0]: row[2][1] for row in table(tables, "savings", "").rows}
    assert rows["Profit"] == pytest.approx(189.0384e6 - 173.9553e6, rel=1e-5)


def test_the_ledger_adds_up_to_the_difference_of_the_objectives(tmp_path: Path) -> None:
    """Hello against standalone: 189.0384 less 173.9553 million yuan, and the lines make just that."""
    path = tmp_path / "hello.html"
    case = str(CASES / "tutorials" / "hello.yaml")
    assert command("report", case, "--against", "standalone", "-o", str(path)).returncode == 0
    tables, _ = read_page(path.read_text(encoding="utf-8"))
    ledger, reconciled = table(tables, "ledger", "base"), table(tables, "reconciled", "base")
    credited = sum(row[5][1] or 0.0 for row in ledger.rows)
    assert ledger.rows and same(credited, ledger.total[0][5][1] or 0.0)
    assert same(credited, reconciled.rows[0][1][1] or 0.0)
    gain = reconciled.total[0][1][1]
    assert gain == pytest.approx(189.0384e6 - 173.9553e6, rel=1e-5)
    assert sum(row[1][1] or 0.0 for row in reconciled.rows) == pytest.approx(gain, rel=1e-6)


def test_the_page_says_how_to_make_it_again(qarhan: list[Answer], read: tuple[str, Any, Any]) -> None:
    text = read[0]
    assert "parkloop report cases/parks/qarhan.yaml -s standalone -s base -o q.html" in text
    assert qarhan[0].result.versions["solver"] in text


def test_the_same_answers_make_the_same_page(qarhan: list[Answer]) -> None:
    assert page(qarhan[1:], "x", "zh") == page(qarhan[1:], "x", "zh")


def test_hostile_names_cannot_leave_their_place() -> None:
    """No name stands in the text of the page as markup, and none ends the element that the data stand in."""
    for language in ("en", "zh"):
        text = hostile_page(language)
        assert text.count("<script") == 2  # the data, and our own
        assert text.count("</script") == 2
        for bad in ("<img src=x", "<b>bold", "<!--"):
            assert bad not in text
    assert "{{ 7 * 7 }} {% raw %}" in hostile_page("en")  # no template runs in a name


def test_script_data_has_nothing_that_html_reads() -> None:
    text = script_data({"</script><!--": ["\u2028&amp;", float("nan")]})
    assert not set("<>&\u2028") & set(text)
    assert "null" in text


def test_the_command_writes_the_page_and_refuses_other_files(tmp_path: Path) -> None:
    path = tmp_path / "hello.html"
    case = str(CASES / "tutorials" / "hello.yaml")
    done = command("report", case, "-s", "all", "-o", str(path), "--lang", "zh")
    assert done.returncode == 0
    assert done.stdout.strip() == str(path)
    assert "电石渣制水泥" in path.read_text(encoding="utf-8")
    refused = command("report", case, "-o", str(tmp_path / "hello.pdf"))
    assert refused.returncode == 2
    assert ".html" in refused.stderr
    assert not (tmp_path / "hello.pdf").exists()
    book = command("report", case, "-o", str(tmp_path / "hello.xlsx"))
    assert book.returncode == 0
    assert (tmp_path / "hello.xlsx").read_bytes()[:2] == b"PK"
    also = command("solve", case, "--report", str(tmp_path / "solved.html"))
    assert also.returncode == 0
    assert "Carbide slag becomes cement" in (tmp_path / "solved.html").read_text(encoding="utf-8")


def test_results_of_the_page_are_not_changed_by_it(qarhan: list[Answer]) -> None:
    result: Result = qarhan[1].result
    before = repr(result.indicators)
    page([qarhan[1]], "x")
    assert repr(result.indicators) == before
