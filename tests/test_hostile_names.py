"""Names, titles, notes and sources of a case may be anything: on the terminal, in csv and in JSON they are texts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from hello import edit
from parkloop import cli

NAME = (
    "=cmd|'/C calc'!A0 <script>alert(1)</script> [red]x[/] {x} %s \\\"q\\\"\\nNEXTLINE \\u202egnol\\u200b\\u2028\\u2066"
)
"""as it stands in double quotes in YAML; control characters but line breaks are refused when a case is read"""
HIDDEN = set("\x1b\x07\x9b\u202e\u200b\u2028\u2066")
COMMANDS = [
    ["solve"],
    ["solve", "-s", "all", "--lang", "zh"],
    ["show"],
    ["show", "materials"],
    ["show", "processes"],
    ["show", "plants"],
    ["show", "offers"],
    ["show", "sources"],
    ["show", "clinker", "--lang", "zh"],
    ["show", "clinker_kiln"],
    ["explain"],
    ["explain", "clinker"],
    ["explain", "demo.clinker_kiln"],
    ["alternatives"],
    ["pareto", "--between", "profit,carbon", "-n", "3"],
    ["validate"],
    ["compare", "-s", "all"],
    ["shares"],
]


def hostile() -> str:
    """Return the hello case with this name wherever a case has names, and as a note, a title and a source."""
    both = f'{{en: "{NAME}", zh: "{NAME}"}}'
    text = edit("{en: Carbide slag becomes cement, zh: 电石渣制水泥}", both)
    for old in (
        "{en: Demonstration park, zh: 示范园区}",
        "{en: Clinker, zh: 水泥熟料}",
        "{en: Carbide slag, zh: 电石渣}",
        "{en: Clinker kiln, zh: 水泥窑}",
        "{en: CO2 emitted, zh: 二氧化碳排放}",
        "{en: Cement works, zh: 水泥厂}",
        "{en: Everyone alone, zh: 无副产物交换}",
    ):
        text = edit(old, both, text)
    source = (
        f'sources: {{book: {{cite: "{NAME}", publisher: "{NAME}", access: recalled, note: "{NAME}"}}}}, note: "{NAME}"'
    )
    return edit("capacity: 300 kt/a,", f"capacity: 300 kt/a, {source},", text)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The hostile case as a file."""
    path = tmp_path / "case.yaml"
    path.write_text(hostile(), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_acts_on_no_name(command: list[str], case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No control and no mark of direction is printed, no line is broken off, and markup stands as it was written."""
    word, *more = command
    assert cli.run([word, str(case), *more]) in (0, 1)
    out, err = capsys.readouterr()
    assert not HIDDEN & set(out + err)
    assert not [line for line in out.splitlines() if line.lstrip().startswith("NEXTLINE")]
    if "gnol" in out:
        assert "[red]x[/]" in out and "\ufffd" in out
    else:
        assert word in ("validate", "explain", "pareto", "compare", "shares", "alternatives") or "sources" in more, out


def test_cells_of_csv_tables_begin_no_formula(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables of answers, of a front and of a comparison: a cell that begins like a formula is a number."""
    assert cli.run(["solve", str(case), "-s", "all", "-o", str(tmp_path / "saved")]) == 0
    assert (
        cli.run(["pareto", str(case), "--between", "profit,carbon", "-n", "3", "-o", str(tmp_path / "front.csv")]) == 0
    )
    assert cli.run(["compare", str(case), "-s", "all", "-o", str(tmp_path / "differs.csv")]) in (0, 1)
    capsys.readouterr()
    tables = sorted(tmp_path.rglob("*.csv"))
    assert len(tables) == 12
    cells = 0
    for path in tables:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                cells += len(row)
                for cell in row:
                    if cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
                        float(cell)
    assert cells > 500


def test_json_says_names_as_they_are(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other programs read the text that stands in the case, not what is shown in its place."""
    assert cli.run(["show", str(case), "materials", "--json"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert [json.loads(f'"{NAME}"')] * 2 in [cell for table in tables for row in table["rows"] for cell in row]
