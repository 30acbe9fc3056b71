"""Fair shares of three companies, worked by hand.

An acetylene works of 60 kt/a makes 60 · 2.84 = 170.4 kt of carbide slag. A tonne of it in a kiln saves the works
30 CNY of discarding and the kiln 0.757/0.56 t of limestone at 50 CNY: 97.589286 CNY. The large kiln takes up to
300 · 0.65 · 60 % / 0.757 = 154.5575 kt of it, the small one of 150 kt/a half of that. All run full anyway:

    v(works, large) = a = 154.5575 kt · 97.589286 CNY/t = 15.083152 MCNY    v(works, small) = b = a/2
    v(all) = V = 170.4 kt · 97.589286 CNY/t = 16.629214 MCNY                v = 0 without the works, or alone

What each adds in the six orders, added up and divided by six (W works, L large, S small kiln):
    WLS 0, a, V−a    WSL 0, V−b, b    LWS a, 0, V−a    LSW V, 0, 0    SWL b, V−b, 0    SLW V, 0, 0      (as W, L, S)
    W (a + b + 2V)/6    L (a + 2V − 2b)/6    S (b + 2V − 2a)/6
Nothing is saved without the works, and all others add more to it the fewer they are: a big boss game, whose nucleolus
gives L and S half of what they add to all, (V − b)/2 and (V − a)/2 (Muto, Nakayama, Potters and Tijs, 1988).
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from hello import HELLO, edit, network_of, solved
from parkloop import cli
from parkloop.audit.coalitions import Coalitions, lanes_among, player_label
from parkloop.audit.shares import Shares, split_saving
from parkloop.audit.shares_paper import shares_json
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree, read_tree
from parkloop.flows.document import parse_value
from parkloop.flows.network import Network
from parkloop.flows.overlay import put
from parkloop.flows.problems import InputError
from parkloop.reports.run import run_case
from shipped import CASES

SAVED = 30 + 50 * 0.757 / 0.56
A = 300e3 * 0.65 * 0.6 / 0.757 * SAVED
B, V = A / 2, 170.4e3 * SAVED
SECOND = "small: {en: Small kiln, zh: 小水泥厂}}"
THREE = edit("zh: 水泥厂}}", "zh: 水泥厂}, " + SECOND)
THREE = edit("acetylene_works, capacity: 100 kt/a", "acetylene_works, capacity: 60 kt/a", THREE)
SMALL_KILN = "small_kiln: {process: clinker_kiln, company: small, capacity: 150 kt/a, variable_cost: 120 CNY/t}"
THREE = edit("    buy: ", f"      {SMALL_KILN}\n    buy: ", THREE)
THREE = THREE[: THREE.index("# What each scenario answers")]
FULL = edit("capacity: 100 kt/a", "capacity: 100 kt/a, run: {min: 100 kt/a}")
FULL = edit("capacity: 300 kt/a", "capacity: 300 kt/a, run: {min: 300 kt/a}", FULL)
FULL = FULL[: FULL.index("# What each scenario answers")]
WORKS, LARGE, SMALL = "demo.acetylene_works", "demo.cement_works", "demo.small"
ROUTE = CASES / "tutorials" / "5_route.yaml"


def three(**how: object) -> Shares:
    return split_saving(network_of(THREE), **how)  # type: ignore[arg-type]


def by_id(shares: Shares, what: str) -> dict[str, float]:
    return {its.label.id: getattr(its, what) for its in shares.shares}


def test_the_shapley_value_of_three_companies_is_that_of_the_docstring() -> None:
    found = three()
    assert found.saving == pytest.approx(V)
    expected = {WORKS: (A + B + 2 * V) / 6, LARGE: (A + 2 * V - 2 * B) / 6, SMALL: (B + 2 * V - 2 * A) / 6}
    assert by_id(found, "shapley") == pytest.approx(expected)
    assert sum(expected.values()) == pytest.approx(V)
    assert by_id(found, "adds_last") == pytest.approx({WORKS: V, LARGE: V - B, SMALL: V - A})


def test_the_nucleolus_of_three_companies_is_that_of_the_docstring() -> None:
    expected = {WORKS: V - (V - B) / 2 - (V - A) / 2, LARGE: (V - B) / 2, SMALL: (V - A) / 2}
    assert by_id(three(), "nucleolus") == pytest.approx(expected)


def test_works_and_large_kiln_would_leave_the_shapley_value_but_not_the_nucleolus() -> None:
    """Together they have a = 15.08 MCNY, and by the Shapley value (2a + 4V − b)/6 = 14.86 MCNY."""
    found = three()
    against = found.stability["shapley"]
    assert against.stable is False and set(against.players) == {WORKS, LARGE}
    assert against.gain == pytest.approx(A - (2 * A + 4 * V - B) / 6)
    assert found.stability["nucleolus"].stable is True and found.core_empty is False
    assert found.least_gain == pytest.approx(-(V - A) / 2)  # of works and large kiln, and of the small one


def test_every_coalition_is_worth_what_the_language_says_of_it() -> None:
    """`coalitions` as a scenario, compiled and solved anew, against the live model of three companies."""
    found, alone = three(), solved(THREE + "\ncoalitions: []\n").goal.value
    assert alone is not None and len(found.coalitions) == 7
    for coalition in found.coalitions:
        stated = solved(THREE + f"\ncoalitions: [[{', '.join(coalition.players)}]]\n").goal.value
        assert coalition.worth == pytest.approx((stated or 0.0) - alone, abs=1e-3), coalition.players


@pytest.mark.parametrize("mask", [0b000000101, 0b011010110, 0b111111111])
def test_coalitions_of_a_shipped_park_are_worth_what_the_language_says_of_them(mask: int) -> None:
    tree = read_tree(CASES / "parks" / "ganhe.yaml")
    network = build_network(tree.case())
    lanes = lanes_among(network, "companies")
    names = [player_label(network, "companies", row).id for n, row in enumerate(lanes.players) if mask >> n & 1]
    with Coalitions(network, lanes) as coalitions:
        coalitions.goal(0)
        live = coalitions.goal(mask)
    stated = _with_coalitions(tree, f"[[{', '.join(names)}]]")
    assert live == pytest.approx(run_case(stated).goal.value, rel=1e-9)


def _with_coalitions(tree: CaseTree, text: str) -> Network:
    root = put(tree.root, "coalitions", parse_value(text, "test"), tree.root.position)
    return build_network(replace(tree, root=root, memo={}).case())


def test_parks_apart_exchange_within_but_not_by_route() -> None:
    """What the language says where each park is a coalition of its own, and where both are one."""
    tree = read_tree(ROUTE)
    network = build_network(tree.case())
    companies = [player_label(network, "companies", row).id for row in range(len(network.companies.label))]
    found = split_saving(network, "parks")
    apart = run_case(_with_coalitions(tree, "[" + ", ".join(f"[{name}]" for name in companies) + "]"))
    assert found.apart == pytest.approx(apart.goal.value)
    assert found.together == pytest.approx(run_case(network).goal.value)
    assert [its.label.id for its in found.shares] == [park.id for park in network.parks]
    assert found.saving is not None and found.saving > 1e6
    assert by_id(found, "shapley") == pytest.approx(dict.fromkeys(by_id(found, "shapley"), found.saving / 2))


def test_companies_of_one_park_exchange_though_parks_do_not() -> None:
    """Among parks, lanes between companies of one park are none that a coalition opens or closes."""
    with pytest.raises(InputError, match="can pass from one park to another"):
        split_saving(network_of(THREE), "parks")


def test_who_has_nothing_to_exchange_shares_in_nothing() -> None:
    idle = edit("zh: 水泥厂}}", "zh: 水泥厂}, office: {en: Office, zh: 办公室}}")
    found = split_saving(network_of(idle))
    assert [label.id for label in found.without] == ["demo.office"]
    assert len(found.shares) == 2


def test_an_indicator_is_split_as_it_is_at_the_best_plans() -> None:
    """Hello: 153.2143 − 61.28571 = 91.92857 kt of carbon less; two companies without which nothing is saved."""
    found = split_saving(network_of(), of="carbon")
    assert (found.goal, found.maximise, found.unit) == ("carbon", False, "t")
    assert found.saving == pytest.approx(91928.57, rel=1e-6)
    assert list(by_id(found, "shapley").values()) == pytest.approx([91928.57 / 2] * 2, rel=1e-6)
    assert found.settlements == ()
    more = split_saving(network_of(), of="max:carbon")
    assert more.saving == pytest.approx(-91928.57, rel=1e-6)


def test_a_goal_that_is_minimised_is_saved_when_it_falls() -> None:
    """Works and kiln run full by order: the cost falls by what the profit rose, 15.083152 MCNY."""
    text = edit("{maximise: profit}", "{minimise: cost}", FULL)
    found = split_saving(network_of(text))
    assert found.saving == pytest.approx(A)
    assert list(by_id(found, "shapley").values()) == pytest.approx([A / 2] * 2)


@pytest.mark.parametrize("objective", ["{maximise: profit}", "{minimise: cost}"])
def test_the_kiln_pays_the_works_so_that_both_gain_the_same(objective: str) -> None:
    """The works saves 154.5575 kt · 30 = 4.636724 MCNY by itself, the kiln the rest of 15.083152 MCNY.

    Half of all is 7.541576 MCNY, so the works receives 2.904852 MCNY, which the kiln pays.
    """
    found = split_saving(network_of(edit("{maximise: profit}", objective, FULL)))
    paid = {its.label.id: its.payment for its in found.settlements}
    due = A / 2 - A * 30 / SAVED
    assert due == pytest.approx(2904852, rel=1e-6)
    assert paid == pytest.approx({WORKS: due, LARGE: -due})
    assert found.only_plan


def test_payments_add_up_to_nothing_and_leave_everyone_its_share() -> None:
    found = three()
    assert sum(its.payment for its in found.settlements) == pytest.approx(0, abs=0.1)
    for its in found.settlements:
        gained = its.joint + its.payment - its.apart
        assert gained == pytest.approx(by_id(found, "shapley")[its.label.id], rel=1e-6)


def test_a_sample_is_within_its_error_and_adds_up() -> None:
    exact, found = three(), three(orders=400, seed=2)
    assert found.orders == 400 and found.core_empty is None and not found.coalitions
    assert sum(by_id(found, "shapley").values()) == pytest.approx(V)
    for its, true in zip(found.shares, exact.shares, strict=True):
        assert its.nucleolus is None and its.shapley_error is not None
        assert abs(its.shapley - true.shapley) < 4 * its.shapley_error
        assert its.shapley_error < 0.06 * V
    assert found.stability["shapley"].stable is False  # the coalition that gains was looked at: a proof


def test_where_a_coalition_has_no_answer_there_are_no_shares() -> None:
    """At most 100 kt of carbon, works and kiln full: apart they emit 153 kt whatever they do."""
    capped = edit("objective:", "policies: {cap: {indicator: carbon, max: 100 kt/a}}\nobjective:", FULL)
    found = split_saving(network_of(capped))
    assert (found.status, found.shares, found.saving) == ("infeasible", (), None)
    assert found.reason.startswith("where nobody exchanges with another: ")


def test_everything_may_be_what_only_members_pass() -> None:
    """Hello with a product that a second company needs: with residues it passes at all times, else among members."""
    split = edit(
        "    plants:\n", "    plants:\n      grinder: {process: grinding, company: grinders, capacity: 10 kt/a}\n"
    )
    split = edit("zh: 水泥厂}}", "zh: 水泥厂}, grinders: {en: Grinders, zh: 粉磨厂}}", split)
    grinding = "grinding: {name: {en: Grinding, zh: 粉磨}, per: 1 t cement, inputs: {clinker: 1 t}, outputs: {}}"
    split = edit("\nparks:", f"  {grinding}\n\nparks:", split)
    cement = "cement: {name: {en: Cement, zh: 水泥}, composition: {CaO: 65 %, inert: 35 %}}"
    split = edit("  co2:   ", f"  {cement}\n  co2:   ", split)
    split = edit("clinker: {price: 260 CNY/t}}", "clinker: {price: 260 CNY/t}, cement: {price: 300 CNY/t}}", split)
    split = split[: split.index("# What each scenario answers")]
    residues, everything = (split_saving(network_of(split), passing=what) for what in ("residues", "everything"))
    assert residues.saving == pytest.approx(A)
    assert everything.saving == pytest.approx(A + 10e3 * 40)  # 10 kt of clinker, 40 CNY/t dearer once ground
    assert [label.id for label in residues.without] == ["demo.grinders"] and not everything.without


@pytest.mark.parametrize(
    ("of", "what"),
    [("carbn", "unknown indicator `carbn`"), ("least:carbon", "`least` is no sense")],
)
def test_what_cannot_be_split_is_refused_with_a_mend(of: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        split_saving(network_of(), of=of)


def test_a_ratio_cannot_be_split() -> None:
    network = build_network(read_tree(CASES / "tutorials" / "6_policy.yaml").case())
    with pytest.raises(InputError, match="`reuse` is a ratio"):
        split_saving(network, of="reuse")


def test_the_json_keeps_its_schema(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((Path(cli.__file__).parent / "audit" / "shares.schema.json").read_text(encoding="utf-8"))
    capped = edit("objective:", "policies: {cap: {indicator: carbon, max: 100 kt/a}}\nobjective:", FULL)
    for shares in (three(), three(orders=3), split_saving(network_of(), of="carbon"), split_saving(network_of(capped))):
        jsonschema.validate(json.loads(shares_json(shares)), schema)
    document = json.loads(shares_json(three()))
    assert sum(its["shapley"] for its in document["shares"]) == pytest.approx(document["saving"]["value"])
    path = tmp_path / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    assert cli.run(["shares", str(path), "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == document


def test_the_table_says_the_split_and_who_would_leave(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    assert cli.run(["shares", str(path), "-o", str(tmp_path / "out.csv")]) == 0
    out = capfd.readouterr().out
    assert "joint saving 16.63 MCNY" in out
    table = [line.split("  ") for line in out.splitlines() if "%" in line]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in table]
    assert [row[:4] for row in cells] == [
        ["Acetylene works", "9.314", "56.0 %", "11.31"],
        ["Cement works", "5.543", "33.3 %", "4.544"],
        ["Small kiln", "1.772", "10.7 %", "0.7730"],
        ["all", "16.63", "100.0 %", "16.63"],
    ]
    assert "not stable. Acetylene works + Cement works would gain 226.2 kCNY by leaving" in out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert [row["companies"] for row in rows] == [WORKS, LARGE, SMALL]
    assert sum(float(row["shapley [CNY]"]) for row in rows) == pytest.approx(V)
    assert sum(float(row["nucleolus [CNY]"]) for row in rows) == pytest.approx(V)


def test_names_are_printed_in_chinese_where_asked(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["shares", str(HELLO), "--lang", "zh"]) == 0
    out = capfd.readouterr().out
    assert "电石渣制水泥" in out and "乙炔厂" in out and "沙普利值" in out and "Acetylene" not in out


def test_hostile_names_stay_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(edit("en: Acetylene works", "en: '=cmd|x[red]<b>'"), encoding="utf-8")
    assert cli.run(["shares", str(path), "-o", str(tmp_path / "out.csv")]) == 0
    assert "=cmd|x[red]<b>" in capfd.readouterr().out
    assert "=cmd" not in (tmp_path / "out.csv").read_text(encoding="utf-8")  # identifiers only


def test_a_scenario_without_exchange_has_nothing_to_share(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["shares", str(HELLO), "-s", "standalone"]) == 2
    said = capfd.readouterr()
    assert "no byproduct, waste or emission can pass from one company to another" in said.err and not said.out
    assert cli.run(["shares", str(HELLO), "-s", "all"]) == 2
    said = capfd.readouterr()
    assert "scenario `standalone`" in said.err and "joint saving 15.08 MCNY" in said.out


def test_the_same_coalitions_are_solved_once() -> None:
    """Eight coalitions open four sets of lanes: none, from the works to one kiln or the other, and to both."""
    found = three()
    assert (found.looked_at, found.solves) == (8, 4)
    assert np.isclose(found.apart or 0.0, (found.together or 0.0) - V)
