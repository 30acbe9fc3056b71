"""What parkloop says stands once, in English and in Chinese, with the same gaps."""

from __future__ import annotations

import ast
import copy
import importlib
import json
import pickle
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import parkloop
from parkloop.flows.tables import Label
from parkloop.flows.wording import Phrases, Saying, capital, joined, lower, named, said

ROOMS = ("flows", "models", "solver", "reports", "audit", "checks", "pages", "testing", "commands")
ROOT = Path(parkloop.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HOMONYMS = {
    "all": "companies that are added up, or every period",
    "by": "which part of a whole, or who does it",
    "discarded": "a fate, or the place beside air and water",
    "energy": "a layer of the picture, or what a norm counts",
    "figure": "what is measured, or a row of the certificate",
    "flow": "what a link carries, or what a policy counts",
    "flows": "the picture, or the sheet of amounts",
    "for": "a thing, or its identifier in the workbook",
    "formula": "of an indicator, or of a material",
    "from": "who gives, where a flow begins, or where a route does",
    "in": "what comes in, or where a coefficient stands",
    "indicator": "the thing, or its identifier in the workbook",
    "limit": "a constraint, or a level of a standard",
    "material": "the thing, or its identifier in the workbook",
    "measure": "what is done, or what is measured",
    "money": "a layer of the picture, or a sheet",
    "plant": "the thing, or its identifier in the workbook",
    "to": "who takes, or where a flow ends",
    "uses": "what a norm counts, or the side of a recipe",
    "what": "which amount it is, or of which kind",
    "value": "a figure, or what something is worth",
    "capacity of {thing}": "of a plant, or of a store",
    "disposal": "money, or the amount that a limit counts",
    "purchase": "money, or the amount that a limit counts",
    "run": "of a plant in a table, or as the amount that a limit counts",
    "sale": "money, or the amount that a limit counts",
    "capacity": "how much a plant can do, or the sheet of what is built",
}
"""English words that have a Chinese of their own in some tables, and what they mean there"""


def tables() -> Iterator[tuple[str, Phrases]]:
    """Yield every table of phrases of the package, by where it stands."""
    for room in ROOMS:
        for module in pkgutil.iter_modules([str(ROOT / room)], f"parkloop.{room}."):
            for key, thing in vars(importlib.import_module(module.name)).items():
                if isinstance(thing, Phrases) and _defines(module.name, key):
                    yield f"{module.name}.{key}", thing


def _defines(module: str, name: str) -> bool:
    text = ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")
    return re.search(rf"^{name} = Phrases\(", text, re.MULTILINE) is not None


TABLES = dict(tables())
PHRASES = {f"{where}[{key}]": pair for where, table in TABLES.items() for key, pair in table.own.items()}


def gaps(text: str) -> set[str]:
    """Return the names of the gaps of a phrase."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_tables_are_found() -> None:
    assert {"parkloop.reports.words.common", "parkloop.pages.words.words"} <= set(TABLES)
    assert len(PHRASES) > 300


@pytest.mark.parametrize("where", TABLES)
def test_every_phrase_has_both_languages_with_the_same_gaps(where: str) -> None:
    for key, (english, chinese) in TABLES[where].own.items():
        if not english and not chinese:
            continue
        assert gaps(english) == gaps(chinese), (where, key)
        assert not CHINESE.search(english), (where, key)
        assert CHINESE.search(chinese) or not re.search("[a-z]{4}", re.sub(r"\{.*?\}", "", english)), (where, key)


def test_each_word_stands_once() -> None:
    """A word that two rooms use stands in the table of the lower one; the same English is the same Chinese."""
    literal, chinese = defaultdict(list), defaultdict(set)
    for room in ROOMS:
        for path in (ROOT / room).glob("*.py"):
            for place, english, other in _pairs(path):
                literal[english, other].append(f"{path.relative_to(ROOT)}:{place}")
                chinese[english.lower()].add(other)
    assert {pair: places for pair, places in literal.items() if len(places) > 1} == {}
    assert {word for word, others in chinese.items() if len(others) > 1} == set(HOMONYMS)


def _pairs(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the phrases that are written out in the tables of a file, with their line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for value in node.values if isinstance(node, ast.Dict) else ():
            texts = (
                [item.value for item in value.elts if isinstance(item, ast.Constant)]
                if isinstance(value, ast.Tuple)
                else []
            )
            if len(texts) == 2 and isinstance(texts[0], str) and isinstance(texts[1], str) and CHINESE.search(texts[1]):
                yield value.lineno, texts[0], texts[1]


def test_a_saying_is_its_english_wherever_it_goes_and_keeps_its_chinese() -> None:
    saying = Saying("carbide slag", "电石渣")
    assert saying == "carbide slag" and json.dumps([saying]) == '["carbide slag"]' and f"{saying}" == "carbide slag"
    for other in (pickle.loads(pickle.dumps(saying)), copy.deepcopy(saying)):
        assert (other, said(other, "zh")) == ("carbide slag", "电石渣")
    assert said("case.yaml:3", "zh") == "case.yaml:3" and type(said(saying, "en")) is str


def test_gaps_are_filled_in_each_language_by_its_own() -> None:
    table = Phrases({"binds": ("{what} binds at {bound}", "{what}达到限值 {bound}")})
    told = table.tell("binds", what=named(Label("kiln", "Kiln", "水泥窑")), bound="3 t")
    assert (told, told.zh) == ("Kiln binds at 3 t", "水泥窑达到限值 3 t")
    assert table("binds", "zh", what="kiln", bound=3) == "kiln达到限值 3"
    assert table("binds", "zh") == "{what}达到限值 {bound}"


def test_a_word_is_found_in_the_rooms_below_and_nowhere_else() -> None:
    below = Phrases({"park": ("park", "园区"), "note": ("note", "注")})
    table = Phrases({"note": ("note", "说明")}, below)
    assert (table("park", "zh"), table("note", "zh")) == ("园区", "说明")
    assert "park" in table and "plant" not in table
    with pytest.raises(KeyError, match="plant"):
        table("plant", "en")


def test_joining_and_letters_heed_both_languages() -> None:
    slag, lime = Saying("Slag", "渣"), "lime"
    assert (joined([slag, lime]), joined([slag, lime]).zh) == ("Slag, lime", "渣、lime")
    assert (lower(slag), lower(slag).zh, capital(lower(slag)), capital(slag).zh) == ("slag", "渣", "Slag", "渣")
