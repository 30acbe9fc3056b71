"""The workbook: read back, every formula computed anew, and compared with what the solver answered."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hello import HELLO, TEXT, edit, infeasible, network_of, solved, tree_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.pages.book import live, plain, sheet_name
from parkloop.pages.workbook import workbook, write_workbook
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from shipped import CASES
from spreadsheet import Spreadsheet

SAMPLES = {
    "hello": ("tutorials/hello.yaml", ("base", "standalone"), "en"),
    "stores": ("tutorials/4_storage.yaml", ("base", "no_store"), "zh"),
    "routes": ("tutorials/5_route.yaml", ("base", "cheap"), "en"),
    "policies": ("tutorials/6_policy.yaml", ("base", "dear"), "en"),
    "building": ("tutorials/7_investment.yaml", ("base", "carbon_price"), "zh"),
    "islands": ("tutorials/9_service_island.yaml", ("base",), "en"),
    "qarhan": ("parks/qarhan.yaml", ("base", "standalone"), "en"),
}


@cache
def sample(name: str) -> tuple[tuple[Result, ...], Spreadsheet, bytes]:
    """Answers to some scenarios of a case, and the workbook of them."""
    path, scenarios, language = SAMPLES[name]
    tree = read_tree(CASES / path)
    cases = [tree.case(scenario) for scenario in scenarios]
    results = [run_case(build_network(case)) for case in cases]
    data = workbook(results, "zh" if language == "zh" else "en", cases, ["parkloop solve"] * len(cases))
    return tuple(results), Spreadsheet(data), data


def table(book: Spreadsheet, number: int) -> list[dict[str, Any]]:
    """Rows of a sheet below its headers, with formulas computed."""
    sheet = book.formulas.worksheets[number]
    heads = [cell.value for cell in sheet[4]]
    return [
        {
            head: book.value(sheet.title, cell.coordinate)
            for head, cell in zip(heads, row, strict=True)
            if cell.value is not None
        }
        for row in sheet.iter_rows(min_row=5)
    ]


def same(value: Any, other: Any) -> bool:
    """Equal to the printed digit: all but rounding of sums."""
    if isinstance(value, str) or isinstance(other, str):
        return bool(value == other)
    return math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-5)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_formula_makes_the_figure_that_stands_in_its_cell(name: str) -> None:
    """Figures that were written with the formulas come from the solver, so they agree with it, one by one."""
    _, book, _ = sample(name)
    cells = book.cells()
    assert len(cells) > 60
    wrong = [
        (sheet, place, book.value(sheet, place), book.cached[sheet][place].value)
        for sheet, place in cells
        if not same(book.value(sheet, place), book.cached[sheet][place].value)
    ]
    assert not wrong


@pytest.mark.parametrize("name", SAMPLES)
def test_totals_and_parks_are_those_of_the_answer(name: str) -> None:
    results, book, _ = sample(name)
    rows = table(book, 1)
    for result in results:
        scenario, indicator, *_ = rows[0]
        mine = {row[indicator]: row for row in rows if row[scenario] == result.scenario}
        assert list(mine) == list(result.indicators)
        for key, measure in result.indicators.items():
            shown = list(mine[key].values())[4]
            assert shown == "–" if measure.value is None else same(shown, measure.value), key
            for park, values in result.parks.items():
                assert values[key].value is None or same(mine[key][park], values[key].value), (key, park)


@pytest.mark.parametrize("name", [name for name in SAMPLES if SAMPLES[name][2] == "en"])
def test_flows_add_up_to_the_fates_of_the_answer(name: str) -> None:
    """Added up from the sheet alone; what treatment uses stands apart."""
    results, book, _ = sample(name)
    number = book.formulas.sheetnames.index("Flows")
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in table(book, number):
        totals[row["scenario"], row["material"], row["fate"]] += row["in all, of the unit"]
    for result in results:
        assert result.flows is not None
        for material, text in enumerate(result.network.materials.label):
            for fate in ("bought", "made", "sold", "discarded", "exchanged", "stored"):
                expected = result.flows.total(fate, material)
                assert same(totals[result.scenario, text.id, fate], expected), (text.id, fate)
            used = totals[result.scenario, text.id, "used"] + totals[result.scenario, text.id, "treated"]
            assert same(used, result.flows.total("used", material))
            assert same(totals[result.scenario, text.id, "treated"], result.flows.treated(material))


def test_the_balance_of_slag_in_the_hello_case() -> None:
    """284 kt made, 0.6 · 195 kt of CaO at 0.757 a tonne burnt and exchanged, the rest put away: in is out."""
    _, book, _ = sample("hello")
    rows = [row for row in table(book, book.formulas.sheetnames.index("Balance")) if row["material"] == "carbide_slag"]
    slag = 0.6 * 195e3 / 0.757
    base = rows[0]
    assert (base["made"], base["used"], base["exchanged"], base["received"]) == pytest.approx((284e3, slag, slag, slag))
    assert base["discarded"] == pytest.approx(284e3 - slag)
    assert abs(base["in minus out"]) < 1e-6 and base["all that comes in, all parks"] == pytest.approx(284e3 + slag)
    assert "exchanged" not in rows[1]


@pytest.mark.parametrize("name", SAMPLES)
def test_all_checks_agree(name: str) -> None:
    _, book, _ = sample(name)
    verdicts = [row[4].value for row in book.cached.worksheets[0].iter_rows() if row[3].value and row[4].value]
    said = {"agrees", "differs", "一致", "不一致"}
    assert {verdict for verdict in verdicts if verdict in said} in ({"agrees"}, {"一致"})


@pytest.mark.parametrize(
    ("sheet", "head", "moves"),
    [
        ("Flows", "in one occurrence", "largest in minus out"),
        ("Money", "value, CNY", "objective of the solver"),
    ],
)
def test_whoever_changes_a_figure_sees_a_check_fail(sheet: str, head: str, moves: str) -> None:
    """A flow that is one per cent larger breaks its balance; an item of money that is another, the objective."""
    _, _, data = sample("hello")
    file = openpyxl.load_workbook(io.BytesIO(data))
    own = file[sheet]
    column = next(cell.column for cell in own[4] if cell.value == head)
    cell = own.cell(6, column)
    cell.value = 1.01 * float(cell.value) if cell.data_type == "n" else 12345.0
    if sheet == "Flows":  # the product of a single period is no formula
        own.cell(6, column + 2).value = cell.value
    changed = io.BytesIO()
    file.save(changed)
    book = Spreadsheet(changed.getvalue())
    (verdict,) = {
        book.value("Summary", f"E{row[0].row}")
        for row in book.formulas["Summary"].iter_rows()
        if str(row[0].value).startswith(moves) and row[1].value in (None, "", "base")
    }
    assert verdict == "differs"


def test_the_same_answers_are_the_same_bytes() -> None:
    tree = tree_of()
    cases = [tree.case(scenario) for scenario in tree.scenarios]
    first, second = (workbook([run_case(build_network(case)) for case in cases], "en", cases) for _ in range(2))
    assert first == second
    assert str(openpyxl.load_workbook(io.BytesIO(first)).properties.created) == "2000-01-01 00:00:00"
    assert {item.date_time for item in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_sheets_are_laid_out_for_reading_and_printing() -> None:
    _, book, _ = sample("qarhan")
    for sheet in book.formulas.worksheets:
        assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        if sheet.title != "Summary":
            assert sheet.freeze_panes is not None and sheet.auto_filter.ref is not None, sheet.title
            assert sheet.print_title_rows == "$1:$4"


def test_headers_have_units_and_plants_have_notes_with_their_sources() -> None:
    results, book, _ = sample("qarhan")
    heads = [cell.value for cell in book.formulas["Money"][4]]
    assert "value, CNY" in heads and "price, CNY per unit" in heads
    notes = [cell.comment.text for row in book.formulas["Plants"].iter_rows() for cell in row if cell.comment]
    assert sum("Sources: " in note for note in notes) > 20
    assert len(table(book, book.formulas.sheetnames.index("Sources"))) > 50
    proof = {row["fact"]: row["value"] for row in table(book, len(book.formulas.sheetnames) - 1) if "value" in row}
    certificate = results[-1].certificate
    assert certificate is not None and proof["duality gap, relative"] == certificate.gap
    assert proof["certified"] == "yes" and proof["to get this answer again"] == "parkloop solve"


def test_chinese_names_sheets_and_words() -> None:
    _, book, _ = sample("stores")
    assert book.formulas.sheetnames[:3] == ["概要", "指标", "收支明细"]
    assert "销售收入" in [row[0].value for row in book.cached["概要"].iter_rows()]


def test_an_answer_without_figures_has_a_status_only() -> None:
    """A scenario that cannot be stands beside one that can; a workbook of the former alone has two sheets."""
    good, bad = solved(), solved(infeasible())
    book = Spreadsheet(workbook([good, bad]))
    said = [[cell.value for cell in row] for row in book.cached["Summary"].iter_rows(max_row=7)]
    assert [row[2] for row in said[5:7]] == ["optimal", "infeasible"] and said[6][4] is None
    assert Spreadsheet(workbook([bad])).formulas.sheetnames == ["Summary", "Certificate"]


def test_too_many_flows_are_added_up_over_the_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four quarters of the same year: 4 times the rows, or the same totals in a quarter of them."""
    quarters = "money: CNY\nperiods: {quarter: {duration: 0.25 a, count: 4}}\n"
    result = solved(edit("money: CNY\n", quarters))
    listed = Spreadsheet(workbook([result]))
    monkeypatch.setattr("parkloop.pages.workbook_flows.MOST_ROWS", 10)
    monkeypatch.setattr("parkloop.pages.workbook_tables.MOST_ROWS", 1)
    summed = Spreadsheet(workbook([result]))
    rows = [len(table(book, book.formulas.sheetnames.index("Flows"))) for book in (listed, summed)]
    assert rows[0] == 4 * rows[1] > 0
    balances = [table(book, book.formulas.sheetnames.index("Balance")) for book in (listed, summed)]
    for one, other in zip(*balances, strict=True):
        assert all(same(one[key], other[key]) for key in one if key != "in minus out, %")
    plants = table(summed, summed.formulas.sheetnames.index("Plants"))
    assert [row["run"] for row in plants] == pytest.approx([100e3, 300e3])
    assert "more than this sheet lists" in summed.formulas["Prices"]["A5"].value


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|'x'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://example.org","x")',
    "<script>alert(1)</script> & \"quotes\" 'and' ]]>",
    "two\\nlines",
    "\\u202ereversed\\u200b",
    "_x0041_ [red]x[/] {name} %s",
    "\\uffff",
    "http://example.org",
    "1e5",
    "\N{GRINNING FACE} " + "long " * 8000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_texts_whatever_they_begin_with(text: str) -> None:
    """Titles, names of parks, plants and materials, notes and sources: no cell of theirs is a formula or a link."""
    quoted = '"' + text.replace('"', '\\"') + '"'
    case = edit("{en: Carbide slag becomes cement, zh: 电石渣制水泥}", f"{{en: {quoted}, zh: {quoted}}}")
    case = edit("{en: Demonstration park, zh: 示范园区}", f"{{en: {quoted}, zh: {quoted}}}", case)
    case = edit("{en: Clinker, zh: 水泥熟料}", f"{{en: {quoted}, zh: {quoted}}}", case)
    source = f"sources: {{book: {{cite: {quoted}, access: recalled}}}}, note: {quoted}"
    case = edit("variable_cost: 120 CNY/t}", f"variable_cost: 120 CNY/t, name: {{en: {quoted}}}, {source}}}", case)
    tree = tree_of(case)
    result = run_case(build_network(tree.case("base")))
    data = workbook([result], "en", [tree.case("base")], [text])
    book = Spreadsheet(data)
    plainly = solved()
    assert {(sheet, place) for sheet, place in book.cells()} == {
        (sheet, place)
        for sheet, place in Spreadsheet(workbook([plainly], "en", [tree_of().case("base")], ["x"])).cells()
    }
    expected = plain(json.loads(quoted))
    assert expected in [cell.value for row in book.formulas["Materials"].iter_rows() for cell in row]
    for sheet in book.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "sfn" and (cell.hyperlink is None or cell.hyperlink.location), cell
                if cell.data_type == "s":
                    assert len(cell.value) <= 32767 and not set(cell.value) & set("\n\t\u202e\u200b\uffff")
    whole = b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(name) for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
    )
    assert "\u202e".encode() not in whole and b"<script>" not in whole
    assert b"<f>cmd" not in whole and b'Target="http://example.org' not in whole


def test_a_text_that_begins_like_a_formula_stays_text_where_it_is_typed_again() -> None:
    """Excel keeps such a cell as text when somebody edits it: its style says that it is quoted."""
    result = solved(edit("{en: Clinker, zh: 水泥熟料}", "{en: '=1+1', zh: 熟料}"))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([result])))["Materials"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cell.data_type == "s" and cell.quotePrefix and not sheet["A5"].quotePrefix


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Flows", set(), "Flows"),
        ("Flows", {"flows"}, "Flows 2"),
        ("Flows", {"flows", "flows 2"}, "Flows 3"),
        ("a/b\\c*d[e]:f?g'h", set(), "a_b_c_d_e__f_g_h"),
        ("x" * 40, {"x" * 31}, "x" * 29 + " 2"),
        ("", set(), "sheet"),
    ],
)
def test_names_of_sheets_are_valid_and_unique(name: str, taken: set[str], expected: str) -> None:
    assert sheet_name(name, taken) == expected


def test_a_formula_that_does_not_make_the_figure_is_not_written() -> None:
    assert live("A1+A2", 3.0, 3.0 + 1e-12) != 3.0
    assert live("A1+A2", 3.0, 3.1) == 3.0


def test_a_workbook_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answer.xlsx"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_workbook([solved()], path)
    assert path.read_bytes() == b"old" and [item.name for item in tmp_path.iterdir()] == ["answer.xlsx"]


def test_the_command_writes_all_scenarios_into_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "hello.xlsx"
    sets = ["--set", "parks.demo.sell.clinker.price=250 CNY/t"]
    assert cli.run(["export", str(HELLO), "-s", "all", *sets, "-o", str(path), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    book = Spreadsheet(path.read_bytes())
    profits = [row for row in table(book, 1) if row["指标标识"] == "profit"]
    expected = [solved(TEXT, name, [sets[1]]).indicators["profit"].value for name in ("base", "standalone")]
    assert [row["合计"] for row in profits] == pytest.approx(expected)
    proof = [row["数值"] for row in table(book, len(book.formulas.sheetnames) - 1) if row.get("事项") == "复现命令"]
    assert proof[1].endswith("hello.yaml -s standalone --set 'parks.demo.sell.clinker.price=250 CNY/t'")


def test_a_case_without_an_answer_writes_no_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(infeasible(), encoding="utf-8")
    assert cli.run(["export", str(case), "-o", str(tmp_path / "case.xlsx")]) == 3
    out, err = capsys.readouterr()
    assert out == "" and "base is infeasible: there are no figures to export" in err
    assert not (tmp_path / "case.xlsx").exists()
    assert network_of(infeasible()).case == "hello"


def test_a_report_that_ends_in_xlsx_is_this_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that makes it; a case without an answer has a workbook that says so."""
    path = tmp_path / "hello.xlsx"
    assert cli.run(["report", str(HELLO), "-s", "all", "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    book = Spreadsheet(path.read_bytes())
    assert [row["scenario"] for row in table(book, 1) if row["indicator"] == "profit"] == ["base", "standalone"]
    proof = [row["value"] for row in table(book, len(book.formulas.sheetnames) - 1) if "value" in row]
    assert any(str(value).startswith("parkloop report ") for value in proof)
    case = tmp_path / "case.yaml"
    case.write_text(infeasible(), encoding="utf-8")
    assert cli.run(["report", str(case), "-o", str(tmp_path / "none.xlsx")]) == 3
    book = Spreadsheet((tmp_path / "none.xlsx").read_bytes())
    assert book.formulas.sheetnames == ["Summary", "Certificate"]
    assert book.formulas["Summary"]["C6"].value == "infeasible"
