"""With `--lang zh` no sentence is English: what tutorials print, their pages and workbooks, and causes of no answer."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

import impossible
from hello import HELLO
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree

TUTORIALS = HELLO.parent
LIBRARY = TUTORIALS.parent / "library"
SENTENCE = re.compile(r"(?<![\w./@-])[A-Za-z][A-Za-z'-]*(?:[,;:]? [A-Za-z][A-Za-z'-]*){2,}(?![\w/])")
"""three ASCII words in a row with one space between them; columns of a table stand further apart"""
ALLOWED = (
    r"parkloop [a-z]+ .*",  # a command to type
    r"--set [^ ]+='.*'",  # a setting to type
    r"[^ ]+:\d+:\d+: .*",  # a message about the input, as reading it gives it
    r"(?m)^ +help: .*",  # and its mend
    r"\[?\{maximise: .*\}",  # an objective as the case writes it
    r"time_limit None.*",  # options of the solver
    r"availability profile \w+|end (cyclic|open)",  # fields as the language writes them
)
"""what is no sentence of parkloop, as patterns of what is left out of a line"""
AGAINST = {
    "hello": "standalone", "1_loop": "standalone", "2_substitution": "strict", "3_steam": "no_turbine",
    "4_storage": "no_store", "5_route": "apart", "6_policy": "hard_floor", "7_investment": "carbon_price",
    "8_objectives": "capped", "9_service_island": "no_reclaim", "10_measures": "power_dear",
}  # fmt: skip
LARGE = ("9_service_island",)
CASES = [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE)) for name in AGAINST]
TOPICS = ("overview", "materials", "processes", "plants", "offers", "routes", "stores", "norms", "sources")


def english(text: str, corpus: str) -> list[str]:
    """Return the English sentences of a text that the case itself does not contain."""
    for pattern in ALLOWED:
        text = re.sub(pattern, "", text)
    return [
        found
        for found in SENTENCE.findall(text)
        if not all(part in corpus for part in re.split("[,;:] ", found))  # lists of its names are no sentence either
    ]


def corpus(case: Path) -> str:
    """Return all that stands in a case and in the library, on one line: names, notes and sources are its own words."""
    return " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in (case, *LIBRARY.glob("*.yaml")))


def page_text(path: Path) -> str:
    """Return what a page shows, its pictures too, each text on a line of its own."""
    source = path.read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', source, re.DOTALL)
    assert data is not None
    shown = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "\n", source, flags=re.DOTALL)
    return html.unescape(shown) + "\n".join(_texts(json.loads(data[1])))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def workbook_text(path: Path) -> str:
    """Return every text of a workbook, and its notes, each on a line of its own."""
    texts = []
    for sheet in load_workbook(path, data_only=True):
        for row in sheet.iter_rows():
            texts += [str(cell.value) for cell in row if isinstance(cell.value, str)]
            texts += [cell.comment.text for cell in row if cell.comment is not None]
    return "\n".join(texts)


@pytest.mark.parametrize("name", CASES)
def test_no_command_speaks_english(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case, against = TUTORIALS / f"{name}.yaml", AGAINST[name]
    network = build_network(read_tree(case).case("base"))
    things = [text.id for text in (*network.materials.label[:2], network.plants.label[0])]
    park, unit = network.parks[0].id, network.materials.unit[network.plants.reference[0]]
    values = f"1000, 2000 {unit}/a"
    pair = ["-s", "base", "-s", against]
    commands = [
        ["solve", case, "-s", "all"],
        ["compare", case, *pair, "--against", against, "--all"],
        ["ledger", case, "--every"],
        ["circularity", case],
        ["shares", case, "--passing", "everything"],
        ["robustness", case, "--against", against, "--samples", "4", "--top", "2"],
        ["explain", case, *pair],
        ["explain", case, "program"],
        *(["explain", case, thing] for thing in (*things, *network.policies.id)),
        ["pareto", case, "--between", "profit,cost", "-n", "3"],
        ["pareto", case, "--between", "profit,cost,min:revenue", "-n", "3"],
        ["alternatives", case, "--within", "2 %"],
        ["sweep", case, "--vary", f"parks.{park}.plants.{things[-1]}.capacity={values}", "-o", tmp_path / "s.sqlite"],
        ["check", case, "--no-cache"],
        *(["show", case, topic] for topic in (*TOPICS, *things, network.plants.process[0].id)),
        *([["measures", case, "--budget", "30 MCNY"]] if name == "10_measures" else []),
    ]
    known = corpus(case)
    for command in commands:
        capfd.readouterr()
        assert cli.run([*map(str, command), "--lang", "zh"]) in (0, 1, 2), command
        out = capfd.readouterr().out
        assert english(out, known) == [], command


@pytest.mark.parametrize("name", CASES)
def test_no_page_and_no_workbook_speaks_english(name: str, tmp_path: Path) -> None:
    case, against, known = TUTORIALS / f"{name}.yaml", AGAINST[name], corpus(TUTORIALS / f"{name}.yaml")
    for file, read in (("report.html", page_text), ("report.xlsx", workbook_text)):
        path = tmp_path / file
        typed = ["report", str(case), "-s", "base", "--against", against, "-o", str(path), "--lang", "zh"]
        assert cli.run(typed) == 0
        assert english(read(path), known) == []


CAUSES = [
    make
    for key, make in vars(impossible).items()
    if callable(make) and make.__module__ == "impossible" and not make.__code__.co_argcount and not key.startswith("_")
]


@pytest.mark.parametrize("make", CAUSES, ids=[make.__name__ for make in CAUSES])
def test_no_cause_is_told_in_english(
    make: Callable[[], str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(make(), encoding="utf-8")
    known = corpus(path)
    for command in (["explain"], ["solve"], ["pareto", "--between", "profit,cost"], ["alternatives"], ["check"]):
        capfd.readouterr()
        cli.run([*command, str(path), "--lang", "zh"])
        assert english(capfd.readouterr().out, known) == []


def test_a_sentence_is_found_where_there_is_one() -> None:
    assert english("水泥窑已达 300 kt：one t more adds 5 CNY to profit", "") == ["one t more adds", "CNY to profit"]
    assert english("装置  works  kiln  base  standalone", "") == []
    assert english("Carbide slag becomes cement", "title: Carbide slag becomes cement") == []
