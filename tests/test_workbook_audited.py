"""Sheets that are audited, read back: every formula computed anew, every sum held to what the solver answered."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from functools import cache
from typing import Any

import openpyxl
import pytest

from answered import answered
from hello import HELLO, TEXT, edit, tree_of
from parkloop import cli
from parkloop.flows.case import CaseTree, read_tree
from parkloop.pages.book import plain
from parkloop.pages.gathered import Gathered, gather
from parkloop.pages.workbook import workbook
from shipped import CASES
from spreadsheet import Spreadsheet
from test_measures import TEXT as MEASURES
from test_workbook import HOSTILE, same, table

SAMPLES = {
    "hello": ("tutorials/hello.yaml", ("standalone", "base"), "shares"),
    "route": ("tutorials/5_route.yaml", ("base", "cheap"), "parks"),
    "measures": ("tutorials/10_measures.yaml", ("base",), "measures"),
    "qarhan": ("parks/qarhan.yaml", ("standalone", "base"), "shares"),
}


def written(tree: CaseTree, scenarios: tuple[str, ...], section: str, language: Any) -> tuple[Gathered, Spreadsheet]:
    answers = [answered(tree, scenario, section) for scenario in scenarios]
    gathered, results = gather(answers), [answer.result for answer in answers]
    cases = [answer.case for answer in answers]
    return gathered, Spreadsheet(workbook(results, language, cases, ["x"] * len(cases), gathered))


@cache
def sample(name: str, language: str = "en") -> tuple[Gathered, Spreadsheet]:
    path, scenarios, section = SAMPLES[name]
    return written(read_tree(CASES / path), scenarios, section, language)


def rows_of(book: Spreadsheet, sheet: str) -> list[dict[str, Any]]:
    return table(book, book.formulas.sheetnames.index(sheet))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_formula_makes_the_figure_that_stands_in_its_cell(name: str, language: str) -> None:
    _, book = sample(name, language)
    wrong = [
        (sheet, place, book.value(sheet, place), book.cached[sheet][place].value)
        for sheet, place in book.cells()
        if not same(book.value(sheet, place), book.cached[sheet][place].value)
    ]
    assert not wrong
    assert len({sheet for sheet, _ in book.cells()}) > 7


@pytest.mark.parametrize("name", SAMPLES)
def test_all_checks_of_the_summary_agree(name: str) -> None:
    _, book = sample(name)
    verdicts = [row[4].value for row in book.cached["Summary"].iter_rows() if row[3].value and row[4].value]
    assert {it for it in verdicts if it in ("agrees", "differs")} == {"agrees"}


def test_the_comparison_is_live_and_makes_the_differences_of_the_answers() -> None:
    """Totals refer to the sheet of indicators, and differences to the cells beside; a saving is a difference."""
    gathered, book = sample("qarhan")
    found = gathered.comparison
    assert found is not None and found.counterfactual is not None
    rows = [row for row in rows_of(book, "Comparison") if row["table"] == "indicator" and not row.get("park")]
    assert [row["for"] for row in rows] == [total.indicator for total in found.totals if not total.park]
    for row in rows:
        total = found.total(row["for"])
        assert same(row["standalone"], total.figures.values[0]) and same(row["base"], total.figures.values[1])
        assert same(row["base minus standalone"], total.figures.difference(1))
    saved = {it.indicator: it.value for it in found.counterfactual.savings}
    assert {row["for"]: row["base saves"] for row in rows if row.get("base saves") is not None} == pytest.approx(saved)
    texts = [str(cell.value) for row in book.formulas["Comparison"].iter_rows(min_row=5) for cell in row]
    assert sum("'Indicators'!" in text for text in texts) > 2 * len(rows) - 4
    assert sum("'Flows'!" in text for text in texts) > 50


def test_whoever_changes_a_flow_sees_the_comparison_and_the_fates_change() -> None:
    """Slag that is put away in `base`, one tenth more: its row of the comparison, and its fate, follow."""
    _, book = sample("hello")
    sheet = book.formulas["Flows"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    (cell,) = [
        row[heads["in all, of the unit"] - 1]
        for row in sheet.iter_rows(min_row=5)
        if [row[heads[key] - 1].value for key in ("scenario", "material", "fate")]
        == ["base", "carbide_slag", "discarded"]
    ]
    file = io.BytesIO()
    before, cell.value = cell.value, 1.1 * cell.value
    book.formulas.save(file)
    cell.value = before
    changed = Spreadsheet(file.getvalue())
    for name in ("Comparison", "Fates"):
        both = ([row for row in rows_of(it, name) if row.get("scenario", "base") == "base"] for it in (book, changed))
        key = "base" if name == "Comparison" else "discarded"
        moved = [(a[key], b[key]) for a, b in zip(*both, strict=True) if a.get(key) != b.get(key)]
        assert len(moved) == 1 and moved[0][1] == pytest.approx(1.1 * moved[0][0]), name


def test_the_ledger_adds_up_to_the_difference_of_the_objectives() -> None:
    """Hello: 189.0384 less 173.9553 million yuan, from the exchanges and the bookings alone."""
    for name, gain in (("hello", 189.0384e6 - 173.9553e6), ("qarhan", None)):
        gathered, book = sample(name)
        with_it, without = (it.answer.result.goal.value or 0.0 for it in reversed(gathered.audited))
        exchanges = sum(row["value, CNY"] for row in rows_of(book, "Ledger"))
        lines = [row for row in rows_of(book, "Ledger lines") if row["account of"] == "the objective"]
        assert exchanges + sum(row["rest"] for row in lines) == pytest.approx(with_it - without, rel=1e-6)
        assert sum(row["gain"] for row in lines) == pytest.approx(with_it - without, rel=1e-6)
        (objective,) = [row for row in rows_of(book, "Ledger sums") if row["account of"] == "the objective"]
        assert objective["gain"] == pytest.approx(gain or with_it - without, rel=1e-5)
        assert objective["all exchanges"] == pytest.approx(exchanges)
        for row in rows_of(book, "Ledger sums"):
            assert abs(row["gain minus both"]) <= 1e-6 * max(abs(row["with exchange"]), abs(row["without exchange"]))


def test_fates_are_those_of_the_answer_and_each_row_closes() -> None:
    gathered, book = sample("qarhan")
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(book, "Fates"):
        rows[row["scenario"]].append(row)
        assert abs(row["made and bought minus where it ended"]) <= 1e-6 * (row["made"] + row.get("bought", 0)) + 1e-3
    for audited in gathered.audited:
        assert audited.circularity is not None
        mine = rows[audited.answer.result.scenario]
        assert [row["material"] for row in mine] == [it.material.id for it in audited.circularity.fates]
        for row, it in zip(mine, audited.circularity.fates, strict=True):
            assert same(row["made"], it.made) and same(row.get("discarded", 0.0), it.amounts["discarded"])
            assert row["reuse rate, %"] == ("–" if it.reuse is None else pytest.approx(it.reuse))


def test_official_indicators_have_a_value_or_a_reason() -> None:
    """All 32 and 17, and comprehensive energy by both methods, which refers to the sheet of indicators."""
    gathered, book = sample("qarhan")
    rows = [row for row in rows_of(book, "Official indicators") if row["scenario"] == "base"]
    assert len(rows) == 2 + 32 + 17
    assert all((row["value"] == "–") == bool(row.get("not computable because")) for row in rows)
    result = gathered.audited[1].answer.result
    for row, key in zip(rows, ("energy_calorific", "energy_equivalent"), strict=False):
        assert same(row["value"], result.indicators[key].value)
    cell = book.formulas["Official indicators"].cell(5, 7)
    assert cell.data_type == "f" and "'Indicators'!" in cell.value


def test_what_norms_are_met_is_computed_from_the_levels() -> None:
    """The formulas say the same as `circularity`; in Qarhan some recipes meet every level and some miss all."""
    gathered, book = sample("qarhan")
    judged = gathered.audited[0].circularity
    assert judged is not None and judged.norms
    rows = [row for row in rows_of(book, "Norms") if row["scenario"] == "standalone"]
    said = {"some options over": "some over"}
    assert [said.get(row["meets"], row["meets"]) for row in rows] == [it.verdict for it in judged.norms]
    assert len({row["meets"] for row in rows}) > 2


def test_shares_and_settlements_add_up() -> None:
    for name in ("hello", "route", "qarhan"):
        gathered, book = sample(name)
        for audited in gathered.audited:
            found = audited.answer.shares
            if found is None:
                continue
            rows = [row for row in rows_of(book, "Fair shares") if row["scenario"] == found.scenario]
            *players, total = rows
            assert total["company or park"] == "all"
            assert sum(row["Shapley value"] for row in players) == pytest.approx(found.saving)
            assert same(total["Shapley value"], found.saving) and same(total["of the saving, %"], 1.0)
            assert sum(row.get("receives (pays −)", 0.0) for row in players) == pytest.approx(0, abs=1e-3)
            coalitions = [row for row in rows_of(book, "Coalitions") if row["scenario"] == found.scenario]
            assert len(coalitions) == 2 ** len(found.shares) - 1
            assert same(coalitions[-1]["worth"], found.saving)
            worst = max(row["gains by leaving"] for row in coalitions[:-1])
            assert worst == pytest.approx(found.stability["shapley"].gain, abs=1e-3)


def test_measures_cost_what_they_cost_by_hand_and_steps_add_up() -> None:
    """The tutorial: the boiler costs −0.8889 million a year and abates 23.75 kt; all three abate 30.175 kt."""
    gathered, book = sample("measures")
    found = gathered.audited[0].answer.measures
    assert found is not None
    rows = rows_of(book, "Measures")
    boiler = next(row for row in rows if row["set of measures"] == "heat_boiler" and row["what"].startswith("alone"))
    assert boiler["net cost (− saves), CNY/a"] == pytest.approx(-0.8889e6, rel=1e-4)
    steps = rows_of(book, "Abatement curve")
    for curve in found.curves:
        mine = [row for row in steps if row["indicator"] == found.counted[curve.indicator].label.id]
        *each, total = mine
        assert sum(row["abated per year"] for row in each) == pytest.approx(curve.total.abated[curve.indicator])
        assert total["abated per year"] == pytest.approx(curve.total.abated[curve.indicator])
        assert each[-1]["added up"] == pytest.approx(curve.total.abated[curve.indicator])
        assert sum(row["net cost (− saves), CNY/a"] for row in each) == pytest.approx(curve.total.cost)


def test_chinese_sheets_have_chinese_words_only() -> None:
    """No header of a new sheet is the English one, but for units and names of scenarios."""
    for name in SAMPLES:
        _, english = sample(name)
        _, chinese = sample(name, "zh")
        assert len(english.formulas.sheetnames) == len(chinese.formulas.sheetnames)
        for one, other in zip(english.formulas.worksheets, chinese.formulas.worksheets, strict=True):
            if one.title in ("Summary", "Certificate"):
                continue
            assert one.title != other.title
            pairs = [(a.value, b.value) for a, b in zip(one[4], other[4], strict=True)]
            own = {"standalone", "base", "cheap"} | {
                park.id for park in sample(name)[0].audited[0].answer.result.network.parks
            }
            assert not [a for a, b in pairs if a == b and a not in own], one.title


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 100])
def test_hostile_names_are_texts_in_every_new_sheet(text: str) -> None:
    """Names of materials, plants, companies and measures: as many formulas as with plain names, and no link."""
    quoted = '"' + text.replace('"', '\\"') + '"'
    case = TEXT
    for name in ("{en: Carbide slag, zh: 电石渣}", "{en: Clinker kiln, zh: 水泥窑}", "{en: Cement works, zh: 水泥厂}"):
        case = edit(name, f"{{en: {quoted}, zh: {quoted}}}", case)
    books = [written(tree_of(it), ("standalone", "base"), "shares", "en")[1] for it in (case, TEXT)]
    assert set(books[0].cells()) == set(books[1].cells())
    found = set()
    for sheet in books[0].formulas:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None or cell.hyperlink.location
                if cell.data_type == "s" and cell.value == plain(json.loads(quoted)):
                    found.add(sheet.title)
    assert {"Comparison", "Ledger", "Ledger lines", "Fates", "Slots", "Fair shares"} <= found


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>"])
def test_hostile_names_of_measures_are_texts(text: str) -> None:
    boiler = edit("{en: Boiler on the hot gas, zh: 余热锅炉}", f"{{en: {json.dumps(text)}}}", MEASURES)
    books = [written(tree_of(it), ("base",), "measures", "en")[1] for it in (boiler, MEASURES)]
    assert set(books[0].cells()) == set(books[1].cells())
    for sheet in ("Measures", "Abatement curve"):
        assert text in [cell.value for row in books[0].formulas[sheet].iter_rows() for cell in row]


def test_the_command_writes_the_sheets_and_leaves_out_what_is_not_asked(tmp_path: Any) -> None:
    path = tmp_path / "hello.xlsx"
    assert cli.run(["report", str(HELLO), "--against", "standalone", "-o", str(path)]) == 0
    names = openpyxl.load_workbook(path).sheetnames
    assert {"Comparison", "Ledger", "Ledger lines", "Ledger sums", "Fates", "Official indicators", "Slots"} <= set(
        names
    )
    assert "Fair shares" not in names and "Measures" not in names
    assert cli.run(["report", str(HELLO), "--sections", "shares", "-o", str(path)]) == 0
    assert {"Fair shares", "Coalitions"} <= set(openpyxl.load_workbook(path).sheetnames)
    tutorial = str(CASES / "tutorials" / "10_measures.yaml")
    assert cli.run(["report", tutorial, "-o", str(path)]) == 0
    assert {"Measures", "Abatement curve"} <= set(openpyxl.load_workbook(path).sheetnames)
    assert cli.run(["report", tutorial, "--sections", "none", "-o", str(path)]) == 0
    assert "Measures" not in openpyxl.load_workbook(path).sheetnames
    assert cli.run(["report", tutorial, "--sections", "none", "--sections", "shares", "-o", str(path)]) == 2
