"""Baselines: what a case answered when it was last accepted, and the input it was made from, in a file beside it.

`qarhan.yaml` has `qarhan.baseline.json`. It is written by `parkloop check --record` and `--update`, never by hand.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..flows.case import CaseTree
from ..flows.document import Mapping, Node, Scalar, Sequence
from ..flows.includes import shown
from ..flows.problems import InputError, Position, Problem, Source
from ..flows.units import Quantity, QuantityError, parse_quantity
from .answer import Answer
from .expected import Expected, Figure, Tolerance

SCHEMA = "parkloop.baseline/1"
DIGITS, END_DIGITS = 10, 7
"""significant digits of a recorded figure, and of the ends of a range, which are found within a rounding"""


@dataclass(frozen=True)
class Baseline:
    """A recorded baseline."""

    source: Source
    document: dict[str, Any]

    @property
    def file(self) -> str:
        """How messages call it."""
        return self.source.name

    def place(self, *path: str) -> Position:
        """Return where a scenario, or something of it, stands; the start of the file where it was laid out anew."""
        row, column = 0, 1
        for key in ("scenarios", *path):
            word = f"{json.dumps(key, ensure_ascii=False)}: "
            found = next(
                (n for n, line in enumerate(self.source.lines[row:], row) if line.lstrip().startswith(word)), None
            )
            if found is None:
                return Position(self.source, 1, 1)
            row, column = found, self.source.lines[found].index(word) + 1
        return Position(self.source, row + 1, column)

    @property
    def values(self) -> dict[str, str]:
        """Single values of the case by their path."""
        found: dict[str, str] = self.document["inputs"]
        return found

    def expected_of(self, scenario: str) -> Expected | None:
        """Return what a scenario answered; None where it is not recorded. Raises InputError."""
        known = self.document["scenarios"].get(scenario)
        if known is None:
            return None
        try:
            figures = tuple(
                _figure(name, it, self.place(scenario, "figures", name)) for name, it in known["figures"].items()
            )
        except (QuantityError, KeyError, TypeError) as error:
            raise _broken(self.file, f"scenario `{scenario}`: {error}") from error
        binding = None if known["status"] != "optimal" else tuple(known["binding"])
        places = {key: self.place(scenario, key) for key in ("status", "binding", "because")}
        at, because = self.place(scenario), tuple(known["because"])
        return Expected("baseline", known["status"], at, figures, binding, because, places)


def baseline_path(case: Path) -> Path:
    """Return where the baseline of a case lies."""
    return case.with_name(f"{case.stem}.baseline.json")


def read_baseline(case: Path) -> Baseline | None:
    """Read the baseline beside a case; None where there is none. Raises InputError."""
    path = baseline_path(case)
    if not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        usable = document["schema"] == SCHEMA and isinstance(document["scenarios"], dict)
        usable = usable and all(isinstance(value, str) for value in document["inputs"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(shown(path), str(error)) from error
    if not usable:
        raise _broken(shown(path), f"it is no `{SCHEMA}`")
    return Baseline(Source(shown(path), text), document)


def _broken(file: str, why: str) -> InputError:
    what = f"the baseline `{file}` cannot be used: {why}"
    return InputError([Problem(None, what, "restore it, or record it again with `parkloop check --record`")])


def _figure(name: str, it: dict[str, Any], at: Position) -> Figure:
    if "value" in it:
        quantity = _quantity(it["value"], it["unit"])
        return Figure(name, quantity, quantity, Tolerance(), at)
    low, high = _quantity(it["least"], it["unit"]), _quantity(it["most"], it["unit"])
    return Figure(name, low, high, Tolerance(), at)


def _quantity(value: float | None, unit: str) -> Quantity:
    known = parse_quantity(f"1 {unit}" if unit != "1" else 1)
    return Quantity(math.inf if value is None else float(value), known.unit, known.factor, known.dimension)


def recorded(answer: Answer, because: list[str], input_hash: str) -> dict[str, Any]:
    """Return what is kept of an answer: a range in place of a figure that is not unique."""
    kept: dict[str, Any] = {
        "status": answer.result.status,
        "input": input_hash,
        "figures": {},
        "binding": [],
        "because": because,
    }
    if answer.result.status != "optimal":
        return kept
    kept["binding"] = answer.binding
    for name in answer.names if not answer.is_integer else ["objective"]:  # other answers were not looked for
        measure = answer.measure(name)
        if measure.value is None:
            continue
        rounding = answer.rounding(measure.unit)
        span = None if name == "objective" else answer.range(name)
        ratio = name.startswith("indicators.") and span is None
        if name != "objective" and span is None and not (ratio and answer.is_fixed(name)):
            continue  # nobody knows whether it is unique
        if span is None or span.is_point or span.most - span.least <= rounding:
            kept["figures"][name] = {"value": _round(measure.value, rounding), "unit": measure.unit}
        else:
            ends = {
                "least": _round(span.least, rounding, END_DIGITS),
                "most": _round(span.most, rounding, END_DIGITS),
            }
            kept["figures"][name] = {**ends, "unit": measure.unit}
    return kept


def _round(value: float, rounding: float, digits: int = DIGITS) -> float | None:
    if not math.isfinite(value):
        return None
    return 0.0 if abs(value) <= rounding else float(f"{value:.{digits}g}")


def document_of(case: str, scenarios: dict[str, Any], tree: CaseTree, versions: dict[str, str]) -> dict[str, Any]:
    """Return a whole baseline."""
    made_by = {key: versions[key] for key in ("parkloop", "solver") if key in versions}
    inputs = {path: text for path, (text, _) in values_of(tree).items()}
    return {"schema": SCHEMA, "case": case, "made_by": made_by, "scenarios": scenarios, "inputs": inputs}


def layout(document: dict[str, Any]) -> str:
    """Write a baseline with one figure or value a line, so that git shows what changed and messages have lines."""
    rows = []
    for name, scenario in document["scenarios"].items():
        own = [f"   {_json(key)}: {_json(value)}" for key, value in scenario.items() if key != "figures"]
        figures = ",\n".join(f"    {_json(key)}: {_json(value)}" for key, value in scenario["figures"].items())
        own.append('   "figures": {' + (f"\n{figures}\n   " if figures else "") + "}")
        rows.append(f"  {_json(name)}: {{\n" + ",\n".join(own) + "\n  }")
    inputs = ",\n".join(f"  {_json(path)}: {_json(text)}" for path, text in document["inputs"].items())
    head = [f" {_json(key)}: {_json(document[key])}" for key in ("schema", "case", "made_by")]
    parts = [*head, ' "scenarios": {\n' + ",\n".join(rows) + "\n }", ' "inputs": {\n' + inputs + "\n }"]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def values_of(tree: CaseTree) -> dict[str, tuple[str, Position]]:
    """Every single value of a case and its includes by dotted path, what is expected of it aside."""
    found: dict[str, tuple[str, Position]] = {}
    for key, node in tree.root.entries.items():
        if key not in ("expect", "include"):
            _collect(node, key, found)
    return found


def _collect(node: Node, path: str, found: dict[str, tuple[str, Position]]) -> None:
    if isinstance(node, Scalar):
        found[path] = (node.text, node.position)
    elif isinstance(node, Mapping):
        if not node.entries:
            found[path] = ("{}", node.position)
        for key, entry in node.entries.items():
            _collect(entry, f"{path}.{key}", found)
    elif isinstance(node, Sequence):
        for number, entry in enumerate(node.items):
            _collect(entry, f"{path}.{number}", found)
