"""Overlays: one value of a tree of nodes replaced or removed, at a dotted path that must meet something.

Nodes are never changed. An overlay copies the mappings along its path and shares all others, so what did not change
keeps its identity.
"""

from __future__ import annotations

from collections.abc import Iterable

from .document import Mapping, Node, Position, Scalar, Sequence, parse_value
from .problems import Findings, InputError, nearest

OPEN_MAPS = frozenset(
    (
        *("materials", "processes", "chains", "indicators", "parks", "companies", "plants", "buy", "sell", "discard"),
        *("policies", "scenarios", "periods", "expect", "sources", "inputs", "outputs", "from", "limits", "steps"),
        *("links", "parameters", "stores", "profiles", "measures"),
        *("composition", "properties", "bought", "made", "used", "treated", "sold", "discarded", "exchanged"),
        *("shipped", "transport", "routes", "adds", "totals", "flows", "tolerances"),
    )
)
"""keys whose value is a map of free names: an overlay may change their entries, never add one by accident"""

SELECTORS = ("class", "tag", "property")
"""first parts of keys that hold a dot themselves: `class.byproduct`"""

REMOVABLE = ("plants", "buy", "sell", "discard", "links", "policies", "routes")
"""maps and lists whose entries a scenario may disable"""


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


def with_added(root: Mapping, path: str, value: Node, position: Position, findings: Findings) -> Mapping:
    """Return a copy of the tree with a new entry at a dotted path: what it stands in exists, the entry does not."""
    try:
        changed = _added(root, path.split("."), (), value, position)
    except _NoMatchError as error:
        findings.error(position, f"`{path}` cannot be added: {error.args[0]}", error.args[1])
        return root
    assert isinstance(changed, Mapping)
    return changed


def without(root: Mapping, paths: Iterable[Scalar], findings: Findings) -> Mapping:
    """Return a copy of the tree without the plants, offers, links, routes and policies at some dotted paths.

    Numbers of list entries count in the tree as it is given, so later entries go first.
    """
    for item in sorted(paths, key=lambda item: -_last_number(item.text)):
        try:
            changed = _removed(root, item.text.split("."), ())
        except _NoMatchError as error:
            what = f"`{item.text}` cannot be disabled: {error.args[0]}"
            findings.error(item.position, what, error.args[1])
            continue
        assert isinstance(changed, Mapping)
        root = changed
    return root


def _last_number(path: str) -> int:
    last = path.rpartition(".")[2]
    return int(last) if last.isdigit() else -1


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


def _added(node: Node, parts: list[str], above: tuple[str, ...], value: Node, position: Position) -> Node:
    where = f"`{'.'.join(above)}`" if above else "the case"
    if not isinstance(node, Mapping):
        raise _NoMatchError(f"{where} is no mapping", "name a mapping and the key that is new in it")
    key, rest = _match_key(node, parts)
    if key in node.entries:
        if not rest:
            raise _NoMatchError("it exists already", "change it with `set`")
        return put(node, key, _added(node.entries[key], rest, (*above, key), value, position), node.keys[key])
    if len(parts) > 1 and parts[0] not in SELECTORS:
        raise _NoMatchError(f"there is no `{key}` in {where}", nearest(key, node.entries))
    return put(node, ".".join(parts), value, position)


def _removed(node: Node, parts: list[str], above: tuple[str, ...]) -> Node:
    where = f"`{'.'.join(above)}`" if above else "the case"
    if isinstance(node, Sequence):
        key, rest = parts[0], parts[1:]
        if not (key.isdigit() and int(key) < len(node.items)):
            raise _NoMatchError(f"{where} has {len(node.items)} entries", "entries of a list count from 0")
        items = list(node.items)
        if rest:
            items[int(key)] = _removed(items[int(key)], rest, (*above, key))
        else:
            _check_removable(above)
            del items[int(key)]
        return Sequence(items, node.position)
    if not isinstance(node, Mapping):
        raise _NoMatchError(f"{where} is a single value", "name a plant, an offer, a link, a route or a policy")
    key, rest = _match_key(node, parts)
    if key not in node.entries:
        raise _NoMatchError(f"there is no `{key}` in {where}", nearest(key, node.entries))
    if rest:
        return put(node, key, _removed(node.entries[key], rest, (*above, key)), node.keys[key])
    _check_removable(above)
    entries = {name: value for name, value in node.entries.items() if name != key}
    return Mapping(entries, {name: node.keys[name] for name in entries}, node.position)


def _check_removable(above: tuple[str, ...]) -> None:
    if not above or above[-1] not in REMOVABLE:
        mend = "name one of them, e.g. `parks.qarhan.plants.kiln_2`"
        raise _NoMatchError("only plants, offers, links, routes and policies can be", mend)


def _match_key(node: Mapping, parts: list[str]) -> tuple[str, list[str]]:
    """Split off the first key; keys such as `class.byproduct` hold a dot themselves."""
    for length in range(len(parts), 0, -1):
        key = ".".join(parts[:length])
        if key in node.entries:
            return key, parts[length:]
    return parts[0], parts[1:]
