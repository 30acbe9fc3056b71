"""The sections of the page that are audited, read back: they add up to the answer, in both languages."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from answered import answered
from hello import HELLO, TEXT, edit, tree_of
from parkloop import cli
from parkloop.audit.indices import INDICATORS
from parkloop.flows.case import read_tree
from parkloop.flows.wording import said
from parkloop.pages.answer import Answer
from parkloop.pages.gathered import gather
from parkloop.pages.page import page
from parkloop.reports.figures import MULTIPLES, figure
from reading_pages import HOSTILE, ReadTable, read_page
from shipped import CASES
from test_measures import TEXT as MEASURES
from test_report import table

SAMPLES = {
    "hello": ("tutorials/hello.yaml", ("standalone", "base"), "shares"),
    "measures": ("tutorials/10_measures.yaml", ("base", "power_dear"), "measures"),
    "qarhan": ("parks/qarhan.yaml", ("standalone", "base"), "shares"),
}
TABLES = (
    "residues", "displaced", "slots", "official", "not_computable", "norms", "ledger", "reconciled", "measures",
    "curve_energy", "curve_co2", "shares", "settlement",
)  # fmt: skip


@cache
def sample(name: str, language: Any = "en") -> tuple[list[Answer], str, list[ReadTable]]:
    path, scenarios, section = SAMPLES[name]
    tree = read_tree(CASES / path)
    answers = [answered(tree, scenario, section) for scenario in scenarios]
    text = page(answers, "parkloop report", language)
    return answers, text, read_page(text)[0]


def close(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-5)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_figure_is_printed_as_it_is_known(name: str, language: str) -> None:
    """Each cell prints its value in its unit or a multiple of it, to four digits, or as per cent."""
    factors = {1.0, *(factor for steps in MULTIPLES.values() for factor, _ in steps)}
    count = 0
    for it in (it for it in sample(name, language)[2] if it.key in TABLES):
        for text, value in (cell for row in (*it.rows, *it.total) for cell in row):
            if value is not None:
                count += 1
                ways = {figure(value / factor) for factor in factors} | {f"{value * 100:.1f} %"}
                assert text.removeprefix("~ ") in ways, (it.key, text, value)
    assert count > 10


def test_fates_add_up_and_the_reuse_rate_is_theirs() -> None:
    """Hello: of 284 kt of slag the kiln takes 117 / 0.757 = 154.6 kt: 54.4 %."""
    _, _, tables = sample("hello")
    ((label, kind, unit, made, _, *ends, exchanged, _, rate),) = table(tables, "residues", "base").rows
    assert (label[0], kind[0], unit[0]) == ("Carbide slag", "by-product", "kt")
    assert made[1] == pytest.approx(284e3) and close(sum(cell[1] or 0.0 for cell in ends), made[1])
    assert rate == ("54.4 %", pytest.approx(117_000 / 0.757 / 284_000)) and exchanged[1] == pytest.approx(
        117_000 / 0.757
    )
    (slot,) = table(tables, "slots", "base").rows
    assert slot[0][0] == "Clinker kiln" and slot[2][1] == pytest.approx(0.6) and slot[3][0] == "Carbide slag 60.0 %"


@pytest.mark.parametrize("name", ["hello", "qarhan"])
def test_all_official_indicators_stand_in_one_of_two_tables(name: str) -> None:
    answers, _, tables = sample(name)
    for audited in gather(answers).audited:
        found, scenario = audited.circularity, audited.answer.result.scenario
        assert found is not None
        every = [*found.energy, *found.official]
        known = [row for it in tables if (it.key, it.scenario) == ("official", scenario) for row in it.rows]
        assert [row[3][1] for row in known] == [it.value for it in every if it.value is not None]
        missing = table(tables, "not_computable", scenario).rows
        assert [row[2][0] for row in missing] == [it.because for it in every if it.value is None]
        assert len(known) + len(missing) == 2 + 32 + 17
    if name == "qarhan":
        assert (
            "综合能耗(等价值)" in sample("qarhan", "zh")[1]
            and "Comprehensive energy, equivalent value" in sample("qarhan")[1]
        )


def test_what_processes_use_stands_beside_the_levels_of_the_standards() -> None:
    answers, _, tables = sample("qarhan")
    found = gather(answers).audited[1].circularity
    assert found is not None and found.norms
    for row, it in zip(table(tables, "norms", "base").rows, found.norms, strict=True):
        levels = [it.levels.get(level) for level in ("advanced", "entry", "limit")]
        assert [cell[1] for cell in row[2:7]] == [it.least, it.most, *levels]
        assert "_" not in row[0][0], "a name, not an identifier"


def test_every_reason_and_formula_of_an_indicator_has_chinese() -> None:
    for one in INDICATORS:
        for text in (one.formula, one.because, one.threshold):
            if re.search(r"[a-z]{3}", text.replace("tce", "")):
                assert said(text, "zh") != text, text
    rows = table(sample("hello", "zh")[2], "not_computable", "base").rows
    assert not [row[2][0] for row in rows if re.search(r"[a-z]{3} [a-z]{2}", row[2][0])]


@pytest.mark.parametrize(("language", "park"), [("en", "Demonstration park"), ("zh", "示范园区")])
def test_the_ledger_names_who_gives_and_takes(language: str, park: str) -> None:
    """Names as elsewhere on the page, and no identifier."""
    (row,) = table(sample("hello", language)[2], "ledger", "base").rows
    names = {"en": ("Carbide slag", "Acetylene works · Acetylene generator", "Cement works · Clinker kiln"),
             "zh": ("电石渣", "乙炔厂 · 乙炔发生", "水泥厂 · 水泥窑")}  # fmt: skip
    assert tuple(cell[0] for cell in row[:3]) == names[language]
    for row in table(sample("qarhan", language)[2], "ledger", "base").rows:
        assert not [cell[0] for cell in row[:3] if "_" in cell[0]]


def test_the_ledger_of_qarhan_adds_up() -> None:
    answers, _, tables = sample("qarhan")
    alone, base = (answer.result.goal.value or 0.0 for answer in answers)
    rows, reconciled = table(tables, "ledger", "base"), table(tables, "reconciled", "base")
    assert close(sum(row[5][1] or 0.0 for row in rows.rows), rows.total[0][5][1])
    for row in rows.rows:
        assert math.isclose(row[5][1] or 0.0, sum(cell[1] or 0.0 for cell in row[6:]), rel_tol=1e-9, abs_tol=1e-3)
    assert sum(row[1][1] or 0.0 for row in reconciled.rows) == pytest.approx(base - alone, rel=1e-6)
    assert reconciled.total[0][1][1] == pytest.approx(base - alone, rel=1e-9)


def test_steps_of_the_curves_add_up_to_the_joint_effect() -> None:
    """By hand: all three abate 23.75 + 5 + 1.425 = 30.175 kt and cost 0.6223 million a year; in each scenario."""
    answers, text, tables = sample("measures")
    for answer in answers:
        found, scenario = answer.measures, answer.result.scenario
        assert found is not None
        for curve in found.curves:
            it = table(tables, f"curve_{found.counted[curve.indicator].label.id}", scenario)
            for column in (2, 4):
                assert close(sum(row[column][1] or 0.0 for row in it.rows), it.total[0][column][1])
            assert close(it.total[0][2][1], curve.total.abated[curve.indicator]) and close(
                it.total[0][4][1], curve.total.cost
            )
            summed = [row[3][1] for row in it.rows if row[3][1] is not None]
            assert close(summed[-1], sum(step.abated[curve.indicator] for step in curve.abating))
        rows = table(tables, "measures", scenario).rows
        assert [row[3][1] for row in rows[:3]] == [it.cost for it in found.alone]
    base = table(tables, "curve_co2", "base").total[0]
    assert base[2] == ("30.18", pytest.approx(30_175)) and base[4][1] == pytest.approx(0.6223e6, rel=1e-3)
    assert "alone they would abate 33.02 kt/a in all, together 30.18 kt/a" in text
    assert text.count("<svg") >= 3 and text.count('id="saves-1"') == 1 and text.count('id="saves-2"') == 1


@pytest.mark.parametrize("name", ["hello", "qarhan"])
def test_shares_add_up_to_the_saving_and_payments_to_nothing(name: str) -> None:
    answers, _, tables = sample(name)
    shares = answers[1].shares
    assert shares is not None and shares.saving
    it = table(tables, "shares", "base")
    for column in (1, 2):
        assert sum(row[column][1] or 0.0 for row in it.rows) == pytest.approx(shares.saving, rel=1e-9)
        assert it.total[0][column][1] == pytest.approx(shares.saving, rel=1e-9)
    assert sum(row[3][1] or 0.0 for row in table(tables, "settlement", "base").rows) == pytest.approx(0, abs=1e-3)
    assert not [one for one in tables if one.key == "shares" and one.scenario == "standalone"]


def test_new_sections_are_chinese_where_asked() -> None:
    for name, words in (
        ("hello", ("循环利用", "交换的价值", "共同节约的公平分摊", "沙普利值", "核仁：稳定", "凭记忆")),
        ("measures", ("措施与减排成本", "减排成本曲线", "余热锅炉", "最优组合", "单独实施合计减少")),
    ):
        text = re.sub(r"<(script|style).*?</\1>", "", sample(name, "zh")[1], flags=re.DOTALL)
        for word in words:
            assert word in text, word
        for word in ("Circularity", "Fair shares", "Shapley", "Measures", "net cost", "Reuse rate", "Not computable"):
            assert word not in text, word


def test_a_page_says_how_to_have_what_takes_many_solves() -> None:
    tree = tree_of(MEASURES)
    text = page([answered(tree, "base", "")], "x")
    assert "The case states 3 measures." in text and "--sections measures" in text


def test_hostile_names_cannot_leave_their_place_in_the_new_sections() -> None:
    """Materials, plants, companies, measures: nothing of them is markup, in tables, in words and in the picture."""
    text = TEXT
    for name in ("Carbide slag,", "Clinker kiln,", "Acetylene works,", "Cement works,"):
        text = edit(f"en: {name}", f'en: "{HOSTILE["Clinker kiln"]}",', text)
    shown = page([answered(tree_of(text), it, "shares") for it in ("standalone", "base")], "x")
    for boiler in (*HOSTILE.values(), '"><img src=x onerror=alert(1)>'):
        case = edit("{en: Boiler on the hot gas, zh: 余热锅炉}", f"{{en: {json.dumps(boiler)}}}", MEASURES)
        shown += page([answered(tree_of(case), "base", "measures")], "x")
    pages = 2 + len(HOSTILE)
    assert shown.count("<script") == shown.count("</script") == 2 * pages
    for bad in ("<img", "<b>bold", "<!--"):
        assert bad not in shown
    assert "&lt;script&gt;window.hurt=1&lt;/script&gt;" in shown


def test_the_command_takes_sections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    tutorial = str(CASES / "tutorials" / "10_measures.yaml")
    for words, wanted, missing in (
        ([str(HELLO), "--against", "standalone"], ["residues", "ledger", "not_computable"], ["shares", "measures"]),
        ([str(HELLO), "--sections", "shares"], ["shares", "settlement"], ["ledger"]),
        ([tutorial], ["measures", "curve_co2"], ["shares"]),
        ([tutorial, "--sections", "none"], ["not_computable"], ["measures"]),
        ([tutorial, "--sections", "shares"], ["not_computable"], ["shares", "measures"]),
    ):
        assert cli.run(["report", *words, "-o", str(path)]) == 0
        keys = {it.key for it in read_page(path.read_text(encoding="utf-8"))[0]}
        assert set(wanted) <= keys and not set(missing) & keys, words
    text = path.read_text(encoding="utf-8")
    assert "The joint saving is not split: " in text and "--sections shares" in text
    assert cli.run(["report", str(HELLO), "--sections", "measures", "-o", str(path)]) == 0
    assert "Measures are not counted: the case states no measures" in path.read_text(encoding="utf-8")
    assert cli.run(["report", tutorial, "--sections", "none", "--sections", "measures", "-o", str(path)]) == 2
    assert "name no other beside it" in capsys.readouterr().err
    assert cli.run(["solve", str(HELLO), "--report", str(path)]) == 0
    assert {"residues", "not_computable"} <= {it.key for it in read_page(path.read_text(encoding="utf-8"))[0]}


def test_a_counterfactual_that_is_not_sound_is_told_before_anything_is_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The waste heat of that tutorial has no other source than the exchange."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was solved")

    monkeypatch.setattr("parkloop.reports.run.solve_case", never)
    case, path = str(CASES / "tutorials" / "7_investment.yaml"), tmp_path / "page.html"
    assert cli.run(["report", case, "--against", "standalone", "-o", str(path)]) == 2
    said = capsys.readouterr().err
    assert "`standalone` cannot be built: without exchange the case is not sound" in said and "hot_gas" in said
    assert not path.exists()
