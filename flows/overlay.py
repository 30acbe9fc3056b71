"""Overlays: one value of a tree of nodes replaced, at a dotted path that must meet something.

Nodes are never changed. An overlay copies the mappings along its path and shares all others, so what did not change
keeps its identity.
"""

from __future__ import annotations

from .document import Mapping, Node, Position, Sequence, parse_value
from .problems import Findings, InputError, nearest

OPEN_MAPS = frozenset(
    (
        *(
            "materials",
            "processes",
            "chains",
            "indicators",
            "parks",
            "companies",
            "plants",
            "buy",
            "sell",
            "discard",
            "links",
        ),
        *("policies", "scenarios", "periods", "expect", "sources", "inputs", "outputs", "from", "limits", "steps"),
        *("composition", "properties", "bought", "made", "used", "treated", "sold", "discarded", "exchanged"),
        *("shipped", "transport", "routes", "adds"),
    )
)
"""keys whose value is a map of free names: an overlay may change their entries, never add one by accident"""


def put(node: Mapping, key: str, value: Node, position: Position) -> Mapping:
    """Return a copy of a mapping with one entry set."""
    return Mapping({**node.entries, key: value}, {**node.keys, key: position}, node.position)


def with_setting(root: Mapping, setting: str, findings: Findings) -> Mapping:
    """Return a copy of the tree with a setting `PATH=VALUE` of the command line applied."""
    path, equals, text = setting.partition("=")
    if not equals or not path.strip():
        findings.error(
            None,
            f"`--set {setting}` is not PATH=VALUE",
            "write e.g. `--set parks.x.buy.coal.price='600 CNY/t'`",
        )
        return root
    try:
        value = parse_value(text.strip(), f"--set {path.strip()}")
    except InputError as error:
        findings.add(*error.problems)
        return root
    return overlay(root, path.strip(), value, value.position, findings)


def overlay(root: Mapping, path: str, value: Node, position: Position, findings: Findings) -> Mapping:
    """Return a copy of the tree with the value at a dotted path replaced.

    A path that meets nothing is an error; the one thing it may add is a field of an existing block.
    """
    try:
        changed = _replaced(root, path.split("."), (), value, position)
    except _NoMatchError as error:
        findings.error(position, f"`{path}` matches nothing: {error.args[0]}", error.args[1])
        return root
    assert isinstance(changed, Mapping)
    return changed


class _NoMatchError(Exception):
    """A dotted path meets nothing; the arguments are what and mend."""


def _replaced(node: Node, parts: list[str], above: tuple[str, ...], value: Node, position: Position) -> Node:
    if not parts:
        return value
    where = f"`{'.'.join(above)}`" if above else "the case"
    if isinstance(node, Sequence):
        index = int(parts[0]) if parts[0].isdigit() else -1
        if not 0 <= index < len(node.items):
            raise _NoMatchError(f"{where} has {len(node.items)} entries", "entries of a list count from 0")
        items = list(node.items)
        items[index] = _replaced(items[index], parts[1:], (*above, parts[0]), value, position)
        return Sequence(items, node.position)
    if not isinstance(node, Mapping):
        raise _NoMatchError(f"{where} is a single value", f"end the path at {where}")
    key, rest = _match_key(node, parts)
    if key in node.entries:
        child = _replaced(node.entries[key], rest, (*above, key), value, position)
        return put(node, key, child, node.keys[key])
    if rest or not above or above[-1] in OPEN_MAPS:
        raise _NoMatchError(f"there is no `{key}` in {where}", nearest(key, node.entries))
    return put(node, key, value, position)


def _match_key(node: Mapping, parts: list[str]) -> tuple[str, list[str]]:
    """Split off the first key; keys such as `class.byproduct` hold a dot themselves."""
    for length in range(len(parts), 0, -1):
        key = ".".join(parts[:length])
        if key in node.entries:
            return key, parts[length:]
    return parts[0], parts[1:]
