"""Parameters: figures a case names once, written `$name` in place of any single value.

Nodes without a parameter keep their identity, and a node with one keeps it while no parameter changes, so that blocks
are read once for many scenarios.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .document import Mapping, Node, Scalar, Sequence
from .overlay import put
from .problems import Findings, nearest

REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)\Z")


def check_parameters(root: Mapping, findings: Findings) -> None:
    """Note every parameter that nothing uses, or that is no single value of its own."""
    stated = _stated(root)
    if not stated:
        return
    used = set(_references(root))
    for name, value in stated.items():
        if not isinstance(value, Scalar) or _reference(value) is not None:
            findings.error(value.position, f"parameter `{name}` is not a single value", "write e.g. `500 CNY/t`")
        elif name not in used:
            node = root.entries["parameters"]
            assert isinstance(node, Mapping)
            findings.error(node.keys[name], f"nothing uses the parameter `{name}`", f"write `${name}` where it counts")


def with_parameters(root: Mapping, findings: Findings, memo: dict[Any, Any]) -> Mapping:
    """Return a copy of the tree with every `$name` replaced by the value of that parameter."""
    stated = _stated(root)
    if not stated:
        return root
    values = {name: value for name, value in stated.items() if isinstance(value, Scalar)}
    filler = _Filler(values, findings, memo)
    for key, node in root.entries.items():
        if key not in ("parameters", "scenarios"):
            filled = filler.fill(node)
            root = root if filled is node else put(root, key, filled, root.keys[key])
    return root


class _Filler:
    """One pass through a tree with the values of one scenario."""

    def __init__(self, values: dict[str, Scalar], findings: Findings, memo: dict[Any, Any]) -> None:
        self.values, self.findings, self.memo = values, findings, memo
        self.version = tuple(map(id, values.values()))

    def fill(self, node: Node) -> Node:
        """Return the node with its parameters filled in; itself where it has none."""
        if isinstance(node, Scalar):
            return self._value(node)
        key = ("parameters", id(node), self.version)
        if key not in self.memo:
            errors = Findings()
            inner = _Filler(self.values, errors, self.memo)
            made = inner._map(node) if isinstance(node, Mapping) else inner._list(node)
            kept_alive = (node, *self.values.values())  # an id is unique only while its object lives
            self.memo[key] = (made, errors.problems, kept_alive)
        filled: Node
        filled, problems, _ = self.memo[key]
        self.findings.add(*problems)
        return filled

    def _map(self, node: Mapping) -> Mapping:
        filled = {name: self.fill(value) for name, value in node.entries.items()}
        same = all(filled[name] is value for name, value in node.entries.items())
        return node if same else Mapping(filled, node.keys, node.position)

    def _list(self, node: Sequence) -> Sequence:
        filled = [self.fill(item) for item in node.items]
        same = all(new is old for new, old in zip(filled, node.items, strict=True))
        return node if same else Sequence(filled, node.position)

    def _value(self, node: Scalar) -> Node:
        name = _reference(node)
        if name is None:
            return node
        if name not in self.values:
            self.findings.error(node.position, f"there is no parameter `{name}`", nearest(name, self.values))
            return node
        value = self.values[name]
        return Scalar(value.value, value.text, node.position)


def _stated(root: Mapping) -> dict[str, Node]:
    node = root.entries.get("parameters")
    return node.entries if isinstance(node, Mapping) else {}


def _reference(node: Scalar) -> str | None:
    found = REFERENCE.match(node.value) if isinstance(node.value, str) else None
    return found[1] if found else None


def _references(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        name = _reference(node)
        if name is not None:
            yield name
    else:
        for child in node.items if isinstance(node, Sequence) else node.entries.values():
            yield from _references(child)
