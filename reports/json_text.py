"""Plain values as JSON text: what `json.dumps` writes with an indent of two, for tables of a million rows.

The encoder of the standard library that is fast knows no indents. Rows are therefore encoded on one line, with the line
breaks of the indent as separators. Within a text of JSON a line break is always escaped, so those between rows can be
told from all else and replaced.
"""

from __future__ import annotations

import json
import math
from typing import Any

Document = dict[str, Any]
_PLAIN = (str, int, float, bool, type(None))


def finite(value: Any) -> Any:
    """Replace what JSON cannot say: a number that is not finite becomes null."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def one_line(value: Any) -> str:
    """Return a value as JSON on one line; numbers that are not finite become null."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(finite(value), ensure_ascii=False, allow_nan=False)


def indented(document: Document) -> str:
    """Return an object as JSON with an indent of two; numbers that are not finite become null."""
    if not document:
        return "{}"
    entries = (f"{one_line(key)}: {_rows(value) or _any(value)}" for key, value in document.items())
    return "{\n  " + ",\n  ".join(entries) + "\n}"


def _any(value: Any) -> str:
    text = json.dumps(finite(value), indent=2, ensure_ascii=False, allow_nan=False)
    return text.replace("\n", "\n  ")


def _rows(value: Any) -> str:
    """Return a list of rows with plain values, one level deep; "" where it is something else."""
    if not isinstance(value, list) or not _are_rows(value):
        return ""
    between = ",\n      "
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(between, ": "))
    except ValueError:
        text = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, separators=(between, ": "))
    return "[\n    {\n      " + text[2:-2].replace("}" + between + "{", "\n    },\n    {\n      ") + "\n    }\n  ]"


def _are_rows(value: list[Any]) -> bool:
    kinds: set[type] = set()
    for row in value:
        if not isinstance(row, dict) or not row:
            return False
        kinds.update(map(type, row.values()))
    return bool(value) and all(issubclass(kind, _PLAIN) for kind in kinds)
