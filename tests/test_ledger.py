"""The ledger of exchanges: worked by hand on small cases, and reconciled on Qarhan."""

import csv
import io
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from hello import HELLO, TEXT, edit, infeasible
from parkloop import cli
from parkloop.audit.counterfactual import with_counterfactual
from parkloop.audit.ledger import make_ledger
from parkloop.audit.ledger_paper import ledger_csv, print_ledger
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.problems import InputError
from parkloop.reports.json_result import schema_of
from parkloop.reports.run import solve_case
from parkloop.reports.summary import Paper

CASES = HELLO.parents[1]


def booked(path, scenario="base", of=None, sets=()):
    """The ledger of a scenario against the same one without exchange."""
    tree, _ = with_counterfactual(read_tree(path), "alone", scenario)
    pair = [solve_case(build_network(tree.case(name, sets))) for name in (scenario, "alone")]
    return make_ledger(*pair, of=of)


def adds_up(account):
    return account.credited + account.rest == pytest.approx(account.gain, rel=1e-6, abs=1e-6)


@pytest.fixture(scope="module")
def hello():
    return booked(HELLO)


def test_value_of_an_exchange_by_hand(hello):
    """300 kt clinker need 195 kt CaO, 60 % of it from slag: 117 / 0.757 = 154.5575 kt slag a year.

    Without it 117 / 0.56 = 208.9286 kt more limestone is bought at 50 CNY/t: 10.446 MCNY; the slag is discarded at
    30 CNY/t: 4.6367 MCNY. Limestone gives off 0.44 t/t CO2: 91.9286 kt.
    """
    (row,) = hello.exchanges
    assert (row.material.id, row.giver.company, row.taker.company) == (
        "carbide_slag",
        "acetylene_works",
        "cement_works",
    )
    assert [plant.id for plant in (*row.giver.plants, *row.taker.plants)] == ["acetylene_generator", "clinker_kiln"]
    assert row.between == "companies" and row.unit == "t"
    assert row.amount == pytest.approx(117_000 / 0.757) and row.without == 0
    assert row.parts["purchase"] == pytest.approx(117_000 / 0.56 * 50)
    assert row.parts["disposal"] == pytest.approx(117_000 / 0.757 * 30)
    assert row.value == pytest.approx(117_000 / 0.56 * 50 + 117_000 / 0.757 * 30)
    assert row.effects["carbon"] == pytest.approx(117_000 / 0.56 * 0.44)
    assert {(one.via, one.material): one.amount for one in row.spared} == {
        ("disposal", "carbide_slag"): pytest.approx(117_000 / 0.757),
        ("purchase", "limestone"): pytest.approx(117_000 / 0.56),
        ("disposal", "co2"): pytest.approx(117_000 / 0.56 * 0.44),
    }
    assert row.missing == ()


def test_all_of_the_gain_is_that_exchange_and_nothing_is_left(hello):
    account = hello.account
    assert account.gain == pytest.approx(189_038_412.0 - 173_955_260.0, rel=1e-5)
    assert account.credited == pytest.approx(account.gain)
    assert account.rest == pytest.approx(0, abs=1e-3)
    assert adds_up(account) and all(adds_up(effect) for effect in hello.effects)


def test_marginal_values_stand_beside(hello):
    """Slag is left over, so one more tonne costs its disposal, 30 CNY, at both ends."""
    (row,) = hello.exchanges
    assert row.price_giver == pytest.approx(-30) and row.price_taker == pytest.approx(-30)
    assert row.value_giver == pytest.approx(-30 * 117_000 / 0.757)
    assert sum(row.parts.values()) == pytest.approx(row.value)


def test_no_energy_indicator_is_said(hello):
    assert any("in energy is not computable because" in note for note in hello.notes)
    assert not any("of emissions is not" in note for note in hello.notes)


def test_a_link_costs_its_carriage(tmp_path):
    """A belt at 8 CNY/t: the value falls by 8 CNY on each tonne of 154 557.5, and all still adds up."""
    path = tmp_path / "belt.yaml"
    link = "    links: {belt: {material: carbide_slag, from: acetylene_works, to: cement_works, cost: 8 CNY/t}}\n"
    path.write_text(TEXT.replace("    discard:", link + "    discard:"), encoding="utf-8")
    found = booked(path)
    (row,) = found.exchanges
    assert row.parts["carriage"] == pytest.approx(-8 * 117_000 / 0.757)
    assert found.account.rest == pytest.approx(0, abs=1e-3) and adds_up(found.account)


def test_a_plant_that_stands_still_without_exchange_leaves_a_named_rest(tmp_path):
    """Limestone at 900 CNY/t: the kiln only runs with slag, which must give all the lime.

    300 kt clinker: 195 / 0.757 = 257.596 kt slag. Sales 78 MCNY less 36 running, less 2.1 for clay, are the rest; what
    slag spares at the kiln is not known, its disposal 257 596 t · 30 CNY is.
    """
    path = tmp_path / "still.yaml"
    text = TEXT.replace("limestone: {price: 50 CNY/t}", "limestone: {price: 900 CNY/t}").replace(
        "max_share: 60 %", "max_share: 100 %"
    )
    path.write_text(text, encoding="utf-8")
    found = booked(path)
    (row,) = found.exchanges
    assert row.value == row.parts["disposal"] == pytest.approx(195_000 / 0.757 * 30)
    assert any("clinker_kiln stands still" in why for why in row.missing)
    assert any("that is in the rest" in note for note in found.notes)
    rest = {line.via: line.rest for line in found.account.entries if abs(line.rest) > 1}
    assert rest == {"sale": pytest.approx(78e6), "running": pytest.approx(-36e6), "purchase": pytest.approx(-2.1e6)}
    assert adds_up(found.account)


def test_a_carbon_price_is_a_payment_under_its_policy(tmp_path):
    """At 100 CNY/t CO2, 91 928.57 t less are 9.192857 MCNY that stand under `policy`."""
    path = tmp_path / "priced.yaml"
    priced = "policies: {carbon_price: {indicator: carbon, price: 100 CNY/t}}\nobjective:"
    path.write_text(TEXT.replace("\nobjective:", "\n" + priced), encoding="utf-8")
    found = booked(path)
    (row,) = found.exchanges
    assert row.parts["policy"] == pytest.approx(100 * 117_000 / 0.56 * 0.44)
    assert adds_up(found.account) and found.account.rest == pytest.approx(0, abs=1e-3)


def test_another_indicator_is_reconciled(hello):
    found = booked(HELLO, of="cost")
    assert found.account.name.id == "cost" and not found.account.maximise
    assert found.account.gain == pytest.approx(hello.account.gain) and adds_up(found.account)
    with pytest.raises(InputError, match="no indicator"):
        booked(HELLO, of="costs")


@pytest.fixture(scope="module")
def qarhan():
    return booked(CASES / "parks" / "qarhan.yaml")


def test_qarhan_reconciles(qarhan):
    """12.00074 GCNY with exchange, 9.847432 GCNY without, as recorded in the case: all lines add up to it."""
    account = qarhan.account
    assert account.gain == pytest.approx(12.00074e9 - 9.847432e9, rel=1e-4)
    values = sum(row.value for row in qarhan.exchanges)
    assert values == pytest.approx(account.credited, rel=1e-12)
    rest = sum(line.rest for line in account.entries)
    assert values + rest == pytest.approx(account.with_it - account.without, rel=1e-6)
    for effect in qarhan.effects:
        assert sum(row.effects[effect.name.id] for row in qarhan.exchanges) == pytest.approx(effect.credited)
        assert adds_up(effect), effect.name.id


def test_qarhan_carbide_slag_by_hand(qarhan):
    """Disposal of slag costs 25 CNY/t at Qarhan: what the cement works takes of it is spared at that price."""
    (row,) = [row for row in qarhan.exchanges if row.material.id == "carbide_slag" and row.between == "companies"]
    assert row.parts["disposal"] == pytest.approx(row.amount * 25)
    assert row.effects["solid_waste"] == pytest.approx(row.amount)
    assert any(row.unique is False for row in qarhan.exchanges) and any(row.split for row in qarhan.exchanges)


def test_table_adds_up(qarhan):
    """The last column of money in the csv table, exchanges and rest together, is the gain."""
    rows = list(csv.DictReader(io.StringIO(ledger_csv(qarhan))))
    assert sum(float(row["value [CNY]"]) for row in rows) == pytest.approx(qarhan.account.gain, rel=1e-6)
    assert len(rows) == len(qarhan.exchanges) + len(qarhan.account.entries)


def run(capfd, *arguments):
    code = cli.run(["ledger", *map(str, arguments)])
    said = capfd.readouterr()
    return code, said.out, said.err


def test_command_prints_json_by_its_schema(capfd):
    code, out, _ = run(capfd, HELLO, "--json")
    document = json.loads(out)
    Draft202012Validator(schema_of("ledger")).validate(document)
    assert code == 0 and document["schema"] == "parkloop.ledger/1"
    assert document["account"]["exchanges"] + document["account"]["rest"] == pytest.approx(document["account"]["gain"])


def test_command_prints_tables_in_both_languages_and_saves_one(capfd, tmp_path):
    code, out, _ = run(capfd, HELLO, "-o", tmp_path / "ledger.csv", "--lang", "zh")
    assert code == 0 and "电石渣" in out and "勾稽" in out
    assert "15.08" in out and (tmp_path / "ledger.csv").read_text(encoding="utf-8").startswith("line,what,thing")
    code, out, _ = run(capfd, HELLO, "--against", "standalone")
    assert code == 0 and "Carbide slag" in out and "against standalone" in out


def test_command_says_no_where_there_is_no_answer(capfd, tmp_path):
    path = tmp_path / "capped.yaml"
    path.write_text(infeasible(), encoding="utf-8")
    code, out, err = run(capfd, path)
    assert code == 3 and not out and "infeasible" in err


def test_a_case_that_is_not_sound_without_exchange_says_so(capfd):
    """The waste heat of that tutorial has no other source than the exchange."""
    code, _, err = run(capfd, HELLO.parent / "7_investment.yaml")
    assert code == 2 and "without exchange the case is not sound" in err and "hot_gas" in err


def test_both_sides_are_read_before_either_is_solved(capfd, monkeypatch):
    """A year of hours takes a minute to solve: what is wrong without exchange is said at once."""

    def never(*_, **__):
        raise AssertionError("it was solved")

    monkeypatch.setattr("parkloop.reports.run.solve_case", never)
    code, _, err = run(capfd, HELLO.parent / "7_investment.yaml")
    assert code == 2 and "without exchange the case is not sound" in err


def test_plants_of_companies_that_share_a_name_are_told_apart_by_their_park(qarhan):
    """In a province each park has its aluminium works; in one park a company needs no park beside it."""
    first, *rest = [row for row in qarhan.exchanges if row.between == "plants"]
    giver, taker = (replace(place, park="elsewhere") for place in (first.giver, first.taker))
    moved = replace(first, giver=giver, taker=taker)
    for rows, park in (((first, *rest), ""), ((moved, *rest), "elsewhere.")):
        stream = io.StringIO()
        print_ledger(replace(qarhan, exchanges=rows), Paper.on(stream), every=True)
        assert f"{park}{first.giver.company}.{first.giver.plants[0].id}" in stream.getvalue()
        assert ("elsewhere." in stream.getvalue()) == bool(park)


def test_hostile_names_are_harmless(capfd, tmp_path):
    path = tmp_path / "hostile.yaml"
    name = "'[bold]=cmd|x <script>'"
    path.write_text(edit("{en: Carbide slag, zh: 电石渣}", f"{{en: {name}, zh: 渣}}"), encoding="utf-8")
    code, out, _ = run(capfd, path, "-o", tmp_path / "ledger.csv")
    assert code == 0 and "[bold]=cmd|x <script>" in out.replace("\n", " ")
    cells = [cell for row in csv.reader((tmp_path / "ledger.csv").open(encoding="utf-8")) for cell in row]
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
