"""Measures laid over a tree: overlays like scenarios, that may add things and may require one another.

Those that a measure `requires` are laid first, otherwise the order is that of the file; what is to be left out goes
last. Two measures that may stand together never change the same value (`measure_table` checks it), so that the order
does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import document
from .document import Node, Scalar, Sequence
from .overlay import overlay, with_added, without
from .problems import Findings, nearest

Requirements = Mapping[str, Iterable[str]]
"""what each measure requires, in the order of the file"""


def with_requirements(requires: Requirements, names: Iterable[str]) -> tuple[str, ...]:
    """Return some measures and all that they require, requirements first, else in the order of the file."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in requires and name not in wanted:
            wanted.add(name)
            waiting += requires[name]
    order: dict[str, None] = {}

    def take(name: str, above: tuple[str, ...]) -> None:
        if name not in order and name not in above and name in wanted:
            for other in requires[name]:
                take(other, (*above, name))
            order[name] = None

    for name in requires:
        take(name, ())
    return tuple(order)


def with_measures(root: document.Mapping, names: Iterable[str], findings: Findings) -> document.Mapping:
    """Return a copy of the tree with some measures, and all that they require, laid over it."""
    blocks, names = _blocks(root), list(names)
    for name in names:
        if name not in blocks:
            findings.error(None, f"there is no measure `{name}`", nearest(name, blocks))
    order = with_requirements({name: _texts(block, "requires") for name, block in blocks.items()}, names)
    left_out: dict[str, Scalar] = {}
    for name in order:
        for key, lay in (("add", with_added), ("set", overlay)):
            node = blocks[name].entries.get(key)
            if isinstance(node, document.Mapping):
                for path, value in node.entries.items():
                    root = lay(root, path, value, node.keys[path], findings)
        node = blocks[name].entries.get("disable")
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Scalar):
                left_out.setdefault(item.text, item)
    return without(root, left_out.values(), findings)


def _blocks(root: document.Mapping) -> dict[str, document.Mapping]:
    node = root.entries.get("measures")
    entries: dict[str, Node] = node.entries if isinstance(node, document.Mapping) else {}
    return {name: block for name, block in entries.items() if isinstance(block, document.Mapping)}


def _texts(block: document.Mapping, key: str) -> list[str]:
    node = block.entries.get(key)
    items = node.items if isinstance(node, Sequence) else []
    return [item.text for item in items if isinstance(item, Scalar)]
