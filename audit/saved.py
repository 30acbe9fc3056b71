"""Saved results: `result.json` as `parkloop solve -o` writes it, read back and checked before it is believed.

refused   it is no result, is damaged, or was saved before results told their money and periods
refused   it was made from other inputs than the case file now has, unless stale results are asked for
marked    it was made by another version of parkloop, or with constraints of the user's own
marked    its inputs are not at hand, so nobody can tell whether they are still the same
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..flows.build import build_network
from ..flows.case import CaseTree
from ..flows.fingerprint import fingerprint
from ..flows.problems import InputError, Problem, harmless
from ..reports.result import SCHEMA, versions
from .answers import Answer
from .phrases import comparison_phrases

FILE = "result.json"
LARGEST = 500_000_000
"""bytes of a file that are read"""
Columns = dict[str, tuple[type, ...]]
TEXT, NUMBER, FLAG = (str,), (int, float), (bool,)
TABLES: dict[str, Columns] = {
    "periods": {"id": TEXT, "duration": NUMBER, "weight": NUMBER},
    "flows": {
        **dict.fromkeys(("park", "company", "material", "fate", "by", "to", "period", "unit"), TEXT),
        "value": NUMBER,
        "unique": FLAG,
    },
    "plants": {**dict.fromkeys(("park", "company", "plant", "period", "unit"), TEXT), "run": NUMBER},
    "prices": {
        **dict.fromkeys(("park", "company", "plant", "material", "period", "unit"), TEXT),
        "value": NUMBER,
        "unique": (bool, type(None)),
    },
    "builds": {**dict.fromkeys(("kind", "park", "company", "id", "unit"), TEXT), "capacity": NUMBER},
    "retirements": {**dict.fromkeys(("kind", "park", "company", "id", "unit"), TEXT), "capacity": NUMBER},
}
"""columns of the tables of a result that a comparison reads, with their types"""


def is_saved(path: str) -> bool:
    """Tell whether an argument names a saved result: a JSON file, or a folder that `solve -o` wrote."""
    return path.endswith(".json") or (Path(path) / FILE).is_file()


def read_saved(path: str, trees: Sequence[CaseTree] = (), stale: bool = False) -> Answer:
    """Read a saved result.

    Args:
        path: the file, or the folder it stands in.
        trees: case files at hand; the one of the same name tells whether the inputs are still the same.
        stale: take a result that was made from other inputs too, and mark it.

    Raises:
        InputError: it is no result, is damaged, or is stale.
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    document = _document(file)
    answer = Answer(document, document["scenario"], saved_in=str(file), marks=tuple(_marks(document)))
    tree = next((tree for tree in trees if not tree.is_library and _name(tree) == document["case"]), None)
    return _with_inputs(answer, tree, stale)


def _document(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise _wrong(file, f"is larger than {LARGEST:,} bytes", "compare the csv tables beside it")
        document = json.loads(file.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _wrong(file, f"is no JSON: {error}", "save it again: `parkloop solve CASE -o DIR`") from error
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror}", "check the path and its permissions") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        told = document.get("schema") if isinstance(document, dict) else None
        kind = f"it is {_clean(told)}" if isinstance(told, str) else "it names no schema"
        raise _wrong(file, f"is no saved result: {kind}, not {SCHEMA}", "give what `parkloop solve CASE -o DIR` wrote")
    if "periods" not in document or "money" not in document:
        what = "was saved before results told their money and periods: its totals cannot be told"
        raise _wrong(file, what, "solve it again: `parkloop solve CASE -o DIR`")
    if why := _damage(document):
        raise _wrong(file, f"is damaged: {why}", "save it again: `parkloop solve CASE -o DIR`")
    cleaned: dict[str, Any] = _clean(document)
    return cleaned


def _no_number(text: str) -> float:
    raise ValueError(f"`{text}` is no number of JSON")


def _damage(document: dict[str, Any]) -> str:
    """Say what keeps a result from being read; empty where nothing does."""
    texts = ("case", "scenario", "status", "reason", "money")
    for key in texts:
        if not isinstance(document.get(key), str):
            return f"`{key}` is no text"
    for key, columns in TABLES.items():
        rows = document.get(key)
        if not isinstance(rows, list):
            return f"`{key}` is no list"
        for number, row in enumerate(rows):
            if why := _damaged_row(row, columns):
                return f"{key}[{number}]: {why}"
    periods = {period["id"] for period in document["periods"]}
    if not periods or any(period["duration"] <= 0 for period in document["periods"]):
        return "`periods` have no length"
    strangers = {row["period"] for key in ("flows", "plants", "prices") for row in document[key]} - periods
    if strangers:
        return f"`{min(strangers)}` is no period of it"
    for key in ("indicators", "parks", "method", "versions"):
        if not isinstance(document.get(key), dict):
            return f"`{key}` is no mapping"
    measures = [document["indicators"], *document["parks"].values()]
    if not all(isinstance(table, dict) and all(map(_is_measure, table.values())) for table in measures):
        return "an indicator has no value and unit"
    if not isinstance(document["method"].get("name"), str):
        return "`method` has no name"
    if document["status"] == "optimal" and not _is_goal(document.get("objective")):
        return "`objective` has no name, value and unit"
    return "" if _is_doubt(document.get("not_unique")) else "`not_unique` has no lists of names"


def _damaged_row(row: object, columns: Columns) -> str:
    if not isinstance(row, dict):
        return "it is no mapping"
    for name, types in columns.items():
        value = row.get(name)
        wrong = not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
        if wrong or (isinstance(value, float) and not math.isfinite(value)):
            return f"`{name}` is missing or of another type"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_measure(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("unit"), str)
        and (value.get("value") is None or _is_number(value["value"]))
    )


def _is_goal(value: object) -> bool:
    return _is_measure(value) and isinstance(value, dict) and isinstance(value.get("name"), str)


def _is_doubt(value: object) -> bool:
    if value is None:
        return True
    lists = [value.get(what) for what in ("indicators", "plants", "flows")] if isinstance(value, dict) else [None]
    return all(isinstance(one, list) and all(isinstance(name, str) for name in one) for one in lists)


def _clean(value: Any) -> Any:
    """Replace what a terminal would act on in every text of a document."""
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return harmless(value) if isinstance(value, str) else value


def _marks(document: dict[str, Any]) -> list[str]:
    marks: list[str] = []
    own, saved = versions("")["parkloop"], document["versions"].get("parkloop")
    if saved != own:
        marks.append(
            comparison_phrases.tell("other_version", saved=saved or comparison_phrases.tell("unknown_version"), own=own)
        )
    if extension := document.get("extension"):
        name = extension.get("file", "?") if isinstance(extension, dict) else "?"
        marks.append(comparison_phrases.tell("extended", name=name))
    return marks


def _with_inputs(answer: Answer, tree: CaseTree | None, stale: bool) -> Answer:
    """Check that the inputs are still those of the result, and take the case where they are."""
    document, read = answer.document, answer.document.get("input")
    if tree is None:
        return _marked(answer, comparison_phrases.tell("no_case_file", case=document["case"]))
    if not isinstance(read, dict) or not isinstance(read.get("settings"), list):
        return _marked(answer, comparison_phrases.tell("no_fingerprint"))
    settings = [str(setting) for setting in read["settings"]]
    try:
        case = tree.case(document["scenario"], settings)
        fresh = fingerprint(tree, case, settings).sha256 == read.get("sha256")
    except InputError as error:
        fresh, why = False, error.problems[0].what
    else:
        why = "files, scenario or settings have another hash"
    if fresh:
        return replace(answer, network=build_network(case), case=case)
    if not stale:
        what = f"was made from other inputs than {tree.files[0]} now has: {why}"
        mend = "solve it again: `parkloop solve CASE -o DIR`; or compare it as it is, marked, with --stale"
        raise _wrong(Path(answer.saved_in), what, mend)
    return _marked(answer, comparison_phrases.tell("stale", file=tree.files[0]))


def _marked(answer: Answer, mark: str) -> Answer:
    return replace(answer, marks=(*answer.marks, mark))


def _name(tree: CaseTree) -> str:
    node = tree.root.entries["case"]
    return str(getattr(node, "text", ""))


def _wrong(file: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(None, f"`{file}` {what}", mend)])
