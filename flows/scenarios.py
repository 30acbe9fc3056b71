"""Scenarios: grids written out, inheritance in order, and the changes of one scenario laid over a tree.

A scenario changes a case by `exchange`, `coalitions`, `apart`, `objective`, `set` and `disable`. With `from` it first
takes over the changes of other scenarios, in order and each once; with `grid` it stands for one scenario for each
combination of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod

from .document import Mapping, Node, Position, Scalar, Sequence, plain
from .overlay import overlay, put, without
from .problems import Findings, nearest

BASE = "base"
"""the scenario that is the case itself"""
ALL = "all"
"""on the command line: every scenario"""
LARGEST_GRID = 1000
"""combinations one grid may stand for"""
MOST_SCENARIOS = 10_000
"""scenarios of a case, those of grids counted one by one"""
REPLACED = ("exchange", "coalitions", "apart", "objective")
"""keys of the case that a scenario replaces as a whole"""
DEFAULTS = {"exchange": ALL}
"""what the case says where it says nothing"""


@dataclass(frozen=True)
class Scenarios:
    """The scenarios of a tree with every grid written out, and what is wrong with their names."""

    root: Mapping
    """the tree, with the scenarios as written out"""
    grids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """names of the scenarios that a grid stands for"""
    findings: Findings = field(default_factory=Findings)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, `base` first."""
        return (BASE, *_blocks(self.root))

    def select(self, name: str) -> tuple[str, ...]:
        """Return the scenarios that a name stands for: itself, those of a grid, or all."""
        return self.names if name == ALL else self.grids.get(name, (name,))

    def over(self, name: str, root: Mapping, findings: Findings) -> Mapping:
        """Return a copy of a tree with a scenario laid over it.

        One that changes nothing is an error, unless it states `exchange`: it may say by name what the case does.
        """
        blocks = _blocks(root)
        if name not in blocks:
            findings.error(None, f"there is no scenario `{name}`", nearest(name, (*self.names, *self.grids)))
            return root
        order = [blocks[one] for one in _lineage(name, blocks)]
        changed = root
        for changes in order:
            changed = _changed(changed, changes, findings)
        changed = without(changed, _disabled(order), findings)
        if not findings.has_errors and "exchange" not in blocks[name].entries and not _differs(root, changed):
            what = f"scenario `{name}` changes nothing"
            mend = "give it `set`, `disable`, `exchange`, `objective` or `grid`; the case itself is the scenario `base`"
            findings.error(_key(root, name), what, mend)
        return changed


def written_out(root: Mapping) -> Scenarios:
    """Return the scenarios of a tree with each grid as `name_1`, `name_2`, …, the last path varying fastest."""
    found = Scenarios(root)
    node = root.entries.get("scenarios")
    if not isinstance(node, Mapping):
        return found
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for name, block in node.entries.items():
        members = {name: block}
        if isinstance(block, Mapping) and "grid" in block.entries:
            members = dict(_grid(name, block, found.findings))
            found.grids[name] = tuple(members)
        for member, changes in members.items():
            if member in entries or (member != name and member in node.entries):
                what = f"the grid `{name}` has a scenario `{member}`, which exists already"
                found.findings.error(node.keys[name], what, "rename one of them")
            entries[member], keys[member] = changes, node.keys[name]
        if len(entries) > MOST_SCENARIOS:
            found.findings.error(node.keys[name], f"there are more than {MOST_SCENARIOS:,} scenarios", "take fewer")
            break
    if ALL in entries:
        found.findings.error(keys[ALL], "`all` stands for every scenario", "give this scenario another name")
    whole = put(root, "scenarios", Mapping(entries, keys, node.position), root.keys["scenarios"])
    written = Scenarios(whole, found.grids, found.findings)
    _check_inheritance(written)
    return written


def _grid(name: str, block: Mapping, findings: Findings) -> Iterator[tuple[str, Node]]:
    """Yield each combination as a scenario of its own, with the values in its title."""
    grid = block.entries["grid"]
    if not isinstance(grid, Mapping) or not grid.entries:
        findings.error(grid.position, "a grid is a mapping of paths to lists", "write `{PATH: [VALUE, VALUE]}`")
        return
    lists: list[list[Node]] = []
    for path, values in grid.entries.items():
        if not isinstance(values, Sequence) or not values.items:
            findings.error(grid.keys[path], f"`{path}` needs a list of values", "write `[400 CNY/t, 500 CNY/t]`")
            return
        lists.append(values.items)
    size = prod(len(values) for values in lists)
    if size > LARGEST_GRID:
        what = f"the grid `{name}` has {size} combinations, more than {LARGEST_GRID}"
        findings.error(block.keys["grid"], what, "take fewer values")
        return
    for number, chosen in enumerate(product(*lists), start=1):
        yield f"{name}_{number}", _combination(block, grid, chosen)


def _combination(block: Mapping, grid: Mapping, values: tuple[Node, ...]) -> Mapping:
    settings = block.entries.get("set")
    own = settings if isinstance(settings, Mapping) else Mapping({}, {}, grid.position)
    for path, value in zip(grid.entries, values, strict=True):
        own = put(own, path, value, grid.keys[path])
    words = ", ".join(f"{_short(path)} {_text(value)}" for path, value in zip(grid.entries, values, strict=True))
    entries = {key: value for key, value in block.entries.items() if key != "grid"}
    keys = {key: block.keys[key] for key in entries}
    one = put(Mapping(entries, keys, block.position), "set", own, block.keys["grid"])
    title = entries.get("title")
    if isinstance(title, Mapping):
        told = {
            language: Scalar(f"{text.value}: {words}", text.text, text.position) if isinstance(text, Scalar) else text
            for language, text in title.entries.items()
        }
        one = put(one, "title", Mapping(told, title.keys, title.position), keys["title"])
    return one


def _short(path: str) -> str:
    """The last two parts of a path, which say what is meant: `coal.price`."""
    return ".".join(path.split(".")[-2:])


def _text(value: Node) -> str:
    return value.text if isinstance(value, Scalar) else str(plain(value))


def _check_inheritance(scenarios: Scenarios) -> None:
    """Note every parent that does not exist, is a grid, or leads back to its own child."""
    blocks, findings = _blocks(scenarios.root), scenarios.findings
    circles = _in_circles(blocks)
    for name, block in blocks.items():
        for parent, item in _parents(block):
            if parent in scenarios.grids:
                mend = f"inherit from one of its scenarios, e.g. `{parent}_1`"
                findings.error(item.position, f"`{parent}` is a grid, not one scenario", mend)
            elif parent not in blocks:
                mend = nearest(parent, [other for other in blocks if other != name])
                findings.error(item.position, f"there is no scenario `{parent}`", mend)
            elif name in circles and name in _lineage(parent, blocks):
                what = f"scenario `{name}` inherits from itself" + (f" through `{parent}`" if parent != name else "")
                findings.error(item.position, what, "delete one of the two `from`")
                circles.clear()  # the first circle is enough; the next one is told when it is mended


def _lineage(name: str, blocks: dict[str, Mapping]) -> list[str]:
    """Names of a scenario's ancestors and itself, in the order in which their changes are made, each once.

    Parents come before their children, the first parent with all its own first. Each is visited once, however many
    ways lead to it, and without recursion, however long the line is.
    """
    order: list[str] = []
    seen: set[str] = set()
    waiting = [(name, False)]
    while waiting:
        one, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(one)
        elif one in blocks and one not in seen:
            seen.add(one)
            waiting.append((one, True))
            waiting += [(parent, False) for parent, _ in reversed(_parents(blocks[one]))]
    return order


def _in_circles(blocks: dict[str, Mapping]) -> set[str]:
    """Names of the scenarios that may inherit from themselves: what is left when those without parents are gone."""
    names = {*blocks}
    parents = {name: {parent for parent, _ in _parents(block)} & names for name, block in blocks.items()}
    children: dict[str, list[str]] = {}
    for name, own in parents.items():
        for parent in own:
            children.setdefault(parent, []).append(name)
    free = [name for name, own in parents.items() if not own]
    while free:
        for child in children.pop(taken := free.pop(), ()):
            parents[child].discard(taken)
            if not parents[child]:
                free.append(child)
    return {name for name, own in parents.items() if own}


def _changed(root: Mapping, changes: Mapping, findings: Findings) -> Mapping:
    for key in REPLACED:
        if key in changes.entries:
            root = put(root, key, changes.entries[key], changes.keys[key])
    settings = changes.entries.get("set")
    if isinstance(settings, Mapping):
        for path, value in settings.entries.items():
            root = overlay(root, path, value, settings.keys[path], findings)
    return root


def _disabled(order: list[Mapping]) -> list[Scalar]:
    """All that the scenarios disable together, each path once."""
    paths: dict[str, Scalar] = {}
    for changes in order:
        node = changes.entries.get("disable")
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Scalar):
                paths.setdefault(item.text, item)
    return list(paths.values())


def _differs(old: Node, new: Node) -> bool:
    """The two trees say different things; what they share is not looked at."""
    if old is new:
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = {*old.entries, *new.entries}
        return any(_differs_at(old, new, key) for key in keys)
    return bool(plain(old) != plain(new))


def _differs_at(old: Mapping, new: Mapping, key: str) -> bool:
    if key in old.entries and key in new.entries:
        return _differs(old.entries[key], new.entries[key])
    present = (old if key in old.entries else new).entries[key]
    return not isinstance(present, Scalar) or present.value != DEFAULTS.get(key)


def _blocks(root: Mapping) -> dict[str, Mapping]:
    node = root.entries.get("scenarios")
    entries = node.entries if isinstance(node, Mapping) else {}
    return {name: block for name, block in entries.items() if isinstance(block, Mapping)}


def _parents(block: Mapping) -> list[tuple[str, Scalar]]:
    node = block.entries.get("from")
    items = node.items if isinstance(node, Sequence) else []
    return [(item.text, item) for item in items if isinstance(item, Scalar)]


def _key(root: Mapping, name: str) -> Position:
    node = root.entries["scenarios"]
    assert isinstance(node, Mapping)
    return node.keys[name]
