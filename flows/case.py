"""From a file to a case: includes, overlays of scenarios, blocks of the language.

A `CaseTree` is the file with everything it includes, as nodes with positions. `CaseTree.case` lays a scenario and
single settings over it and reads the result into typed blocks. Untouched nodes keep their identity across scenarios,
so a block is read once however many scenarios there are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from .document import Limits, Mapping, Node, Position, Scalar, Sequence, load, parse, parse_value
from .problems import Findings, InputError, nearest
from .schema import (
    IDENTIFIER,
    IDENTIFIER_MEND,
    Block,
    Chain,
    Exchange,
    Expectation,
    Head,
    Indicator,
    Library,
    Material,
    Objective,
    Park,
    Period,
    Policy,
    Process,
    Scenario,
    validate_block,
)

BASE = "base"
TREE_MARKER = ".parkloop-tree"
SHIPPED = "parkloop:"
MAX_FILES = 500
"""files one case may include"""
SHARED_MAPS = ("materials", "processes", "chains", "indicators")
"""maps that libraries fill too"""
_OPEN_MAPS = frozenset(
    [*SHARED_MAPS, "parks", "companies", "plants", "buy", "sell", "discard", "policies", "scenarios"]
    + ["inputs", "outputs", "from", "composition", "properties", "periods", "expect", "sources", "limits"]
    + ["bought", "made", "used", "treated", "sold", "discarded", "exchanged", "steps", "processes"]
)
"""keys whose value is a map of free names: an overlay may change their entries, never add one by accident"""

B = TypeVar("B", bound=Block)
Path_ = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What libraries define. Positions of everything are in `tree`."""

    materials: dict[str, Material]
    processes: dict[str, Process]
    chains: dict[str, Chain]
    indicators: dict[str, Indicator]
    tree: Mapping = field(repr=False)
    memo: dict[Any, Any] = field(repr=False, compare=False)
    """results that depend on blocks only, shared by the scenarios of one tree"""

    def value_at(self, *path: str) -> Position:
        """Return where the value at a path stands (the nearest one above where it does not exist)."""
        return _position(self.tree, path, at_key=False)

    def key_at(self, *path: str) -> Position:
        """Return where the key at a path stands (the nearest one above where it does not exist)."""
        return _position(self.tree, path, at_key=True)


@dataclass(frozen=True, kw_only=True)
class Case(Shelf):
    """A case with one scenario applied."""

    name: str
    scenario: str
    head: Head
    parks: dict[str, Park]
    exchange: Exchange
    objective: Objective

    @property
    def money(self) -> str:
        """Money of the case, e.g. CNY."""
        return self.head.money

    @property
    def periods(self) -> dict[str, Period]:
        """Periods by name; one year where none is stated."""
        return self.head.periods or {"year": Period.model_validate({"duration": "1 a"})}

    @property
    def policies(self) -> dict[str, Policy]:
        """Policies by name."""
        return self.head.policies

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Scenarios by name, `base` not among them."""
        return self.head.scenarios

    @property
    def expectations(self) -> dict[str, Expectation]:
        """Expectations by scenario."""
        return self.head.expect


@dataclass(frozen=True)
class CaseTree:
    """A case file with all it includes, before any scenario."""

    root: Mapping
    files: tuple[str, ...]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, `base` first."""
        scenarios = self.root.entries.get("scenarios")
        return (BASE, *(scenarios.entries if isinstance(scenarios, Mapping) else ()))

    @property
    def is_library(self) -> bool:
        """The file has no `case:`; it can be checked, not solved."""
        return "case" not in self.root.entries

    def shelf(self) -> Shelf:
        """Read what the tree defines for cases to use.

        Raises:
            InputError: with every mistake found.
        """
        findings = Findings()
        _check_library(self.root, findings)
        shelf = Shelf(**self._shared(self.root, findings), tree=self.root, memo=self.memo)
        findings.raise_if_errors()
        return shelf

    def case(self, scenario: str = BASE, sets: Iterable[str] = ()) -> Case:
        """Lay a scenario and settings `PATH=VALUE` over the tree and read it.

        Raises:
            InputError: with every mistake found.
        """
        findings = Findings()
        if self.is_library:
            mend = "a case starts with `case: NAME`; a library is included by cases"
            findings.error(self.root.position, "this file is no case: the key `case` is missing", mend)
            findings.raise_if_errors()
        root = self._with_scenario(scenario, findings)
        for setting in sets:
            root = _with_setting(root, setting, findings)
        findings.raise_if_errors()
        case = self._read(root, scenario, findings)
        findings.raise_if_errors()
        assert case is not None
        return case

    def _with_scenario(self, scenario: str, findings: Findings) -> Mapping:
        if scenario == BASE:
            return self.root
        scenarios = self.root.entries.get("scenarios")
        overlay = scenarios.entries.get(scenario) if isinstance(scenarios, Mapping) else None
        if not isinstance(overlay, Mapping):
            mend = nearest(scenario, self.scenarios)
            findings.error(None, f"there is no scenario `{scenario}` in {self.files[0]}", mend)
            return self.root
        root = self.root
        for key in ("exchange", "objective"):
            if key in overlay.entries:
                root = _put(root, key, overlay.entries[key], overlay.keys[key])
        settings = overlay.entries.get("set")
        if isinstance(settings, Mapping):
            for path, value in settings.entries.items():
                root = _overlay(root, path, value, settings.keys[path], findings)
        return root

    def _read(self, root: Mapping, scenario: str, findings: Findings) -> Case | None:
        own = {key for key in root.entries if key not in (*SHARED_MAPS, "parks", "include")}
        head = self._block(Head, _only(root, own), findings, key=("head", *map(id, root.entries.values())))
        shared = self._shared(root, findings)
        parks = self._blocks(Park, root, "parks", findings)
        if "parks" not in root.entries:
            findings.error(root.position, "the key `parks` is missing", "add `parks: {…}` here")
        if head is None:
            return None
        if BASE in head.scenarios:
            position = _position(root, ("scenarios", BASE), at_key=True)
            findings.error(position, "`base` is the case itself", "give this scenario another name")
        return Case(
            name=head.case,
            scenario=scenario,
            head=head,
            **shared,
            parks=parks,
            exchange=head.exchange,
            objective=head.objective,
            tree=root,
            memo=self.memo,
        )

    def _shared(self, root: Mapping, findings: Findings) -> dict[str, Any]:
        blocks = {"materials": Material, "processes": Process, "chains": Chain, "indicators": Indicator}
        return {key: self._blocks(block, root, key, findings) for key, block in blocks.items()}

    def _blocks(self, block: type[B], root: Mapping, key: str, findings: Findings) -> dict[str, B]:
        node = root.entries.get(key)
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            findings.error(node.position, f"`{key}` must be a mapping `{{…}}`")
            return {}
        blocks = {}
        for name, entry in node.entries.items():
            if not IDENTIFIER.match(name):
                findings.error(node.keys[name], f"`{name}` is not an identifier", IDENTIFIER_MEND)
            value = self._block(block, entry, findings)
            if value is not None:
                blocks[name] = value
        return blocks

    def _block(self, block: type[B], node: Node, findings: Findings, key: object = None) -> B | None:
        memo_key = (block, key or id(node))
        if memo_key not in self.memo:
            self.memo[memo_key] = (*validate_block(block, node), node)  # the node keeps its id alive
        value, problems, _ = self.memo[memo_key]
        findings.add(*problems)
        return value


def read_case(path: Path | str, scenario: str = BASE, sets: Iterable[str] = ()) -> Case:
    """Read a case file (`-` for standard input) with one scenario and settings applied.

    Raises:
        InputError: with every mistake found.
    """
    return read_tree(path).case(scenario, sets)


def read_tree(path: Path | str) -> CaseTree:
    """Read a case file and all it includes.

    Raises:
        InputError: if a file cannot be read, is no YAML, includes what it may not, or defines a thing twice.
    """
    reader = _Reader(path)
    root = reader.read()
    return CaseTree(root, tuple(reader.names))


class _Reader:
    """Reads a case and its includes, each file once, and merges the shared maps."""

    def __init__(self, path: Path | str) -> None:
        self.case_path = path
        self.findings = Findings()
        self.names: list[str] = []
        self.seen: set[Path] = set()
        self.shared: dict[str, tuple[dict[str, Node], dict[str, Position]]] = {
            key: ({}, {}) for key in SHARED_MAPS
        }

    def read(self) -> Mapping:
        if str(self.case_path) == "-":
            self.names.append("<stdin>")
            folder = Path.cwd()
            root = parse(sys.stdin.buffer.read(Limits().bytes + 1), "<stdin>")
        else:
            path = Path(self.case_path)
            self.names.append(_shown(path))
            folder = path.resolve().parent
            root = load(path, self.names[0])
            self.seen.add(path.resolve())
        self._take(root, folder, _tree_root(folder))
        self.findings.raise_if_errors()
        return self._merged(root)

    def _take(self, document: Mapping, folder: Path, tree: Path) -> None:
        """Follow the includes of a document, then take its own definitions."""
        includes = document.entries.get("include")
        if isinstance(includes, Sequence):
            for item in includes.items:
                self._include(item, folder, tree)
        elif includes is not None:
            self.findings.error(includes.position, "`include` must be a list `[…]`")
        for key in SHARED_MAPS:
            self._define(key, document.entries.get(key))

    def _include(self, item: Node, folder: Path, tree: Path) -> None:
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            self.findings.error(item.position, "an include is a path", "write e.g. `../library/common.yaml`")
            return
        text = item.value
        if text.startswith(SHIPPED):
            tree = shipped_cases()
            path = tree / text.removeprefix(SHIPPED)
        else:
            path = folder / text
        target = path.resolve()
        if not target.is_relative_to(tree.resolve()):
            what = f"`{text}` leaves the tree of the case"
            mend = f"a case reads files below {_shown(tree)} only; an empty file {TREE_MARKER} in a folder above widens it"
            self.findings.error(item.position, what, mend)
            return
        if target in self.seen:
            return
        self.seen.add(target)
        if len(self.seen) > MAX_FILES:
            self.findings.error(item.position, f"more than {MAX_FILES} files are included")
            return
        if not target.is_file():
            self.findings.error(item.position, f"there is no file `{text}`", _near_file(target))
            return
        name = text if text.startswith(SHIPPED) else _shown(path)
        self.names.append(name)
        try:
            document = load(target, name)
        except InputError as error:
            self.findings.add(*error.problems)
            return
        _check_library(document, self.findings)
        self._take(document, target.parent, tree)

    def _define(self, key: str, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Mapping):
            self.findings.error(node.position, f"`{key}` must be a mapping `{{…}}`")
            return
        entries, keys = self.shared[key]
        for name, entry in node.entries.items():
            if name in entries:
                what = f"`{name}` is defined twice in `{key}`: first at {keys[name]}"
                self.findings.error(node.keys[name], what, "delete one of them, or rename it")
                continue
            entries[name], keys[name] = entry, node.keys[name]

    def _merged(self, root: Mapping) -> Mapping:
        for key, (entries, keys) in self.shared.items():
            if entries:
                position = root.keys.get(key, root.position)
                root = _put(root, key, Mapping(entries, keys, position), position)
        return root


def _check_library(document: Mapping, findings: Findings) -> None:
    known = sorted(Library.model_fields)
    for key, position in document.keys.items():
        if key == "case":
            findings.error(position, "a case cannot be included", "include the libraries it is made of")
        elif key not in known:
            findings.error(position, f"unknown key `{key}` in a library", nearest(key, known))


def shipped_cases() -> Path:
    """Return the folder of the cases that ship with parkloop."""
    return Path(__file__).parent.parent / "cases"


def _tree_root(folder: Path) -> Path:
    """Return the nearest folder above that bears the marker, or the folder itself."""
    return next((above for above in (folder, *folder.parents) if (above / TREE_MARKER).exists()), folder)


def _shown(path: Path) -> str:
    """Return a path as messages show it: relative to the working directory where it is below it."""
    absolute = Path(os.path.normpath(path.absolute()))
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.path.normpath(path)


def _near_file(path: Path) -> str:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix in (".yaml", ".yml"))
    except OSError:
        return "the folder does not exist either"
    return nearest(path.name, names)


def _only(node: Mapping, keys: set[str]) -> Mapping:
    return Mapping(
        {key: value for key, value in node.entries.items() if key in keys},
        {key: value for key, value in node.keys.items() if key in keys},
        node.position,
    )


def _put(node: Mapping, key: str, value: Node, position: Position) -> Mapping:
    """Return a copy of a mapping with one entry set."""
    return Mapping({**node.entries, key: value}, {**node.keys, key: position}, node.position)


def _with_setting(root: Mapping, setting: str, findings: Findings) -> Mapping:
    path, equals, text = setting.partition("=")
    if not equals or not path.strip():
        findings.error(None, f"`--set {setting}` is not PATH=VALUE", "write e.g. `--set parks.x.buy.coal.price='600 CNY/t'`")
        return root
    try:
        value = parse_value(text.strip(), f"--set {path.strip()}")
    except InputError as error:
        findings.add(*error.problems)
        return root
    return _overlay(root, path.strip(), value, value.position, findings)


def _overlay(root: Mapping, path: str, value: Node, position: Position, findings: Findings) -> Mapping:
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


def _replaced(node: Node, parts: list[str], above: Path_, value: Node, position: Position) -> Node:
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
        return _put(node, key, child, node.keys[key])
    if rest or not above or above[-1] in _OPEN_MAPS:
        raise _NoMatchError(f"there is no `{key}` in {where}", nearest(key, node.entries))
    return _put(node, key, value, position)


def _match_key(node: Mapping, parts: list[str]) -> tuple[str, list[str]]:
    """Split off the first key; keys such as `class.byproduct` hold a dot themselves."""
    for length in range(len(parts), 0, -1):
        key = ".".join(parts[:length])
        if key in node.entries:
            return key, parts[length:]
    return parts[0], parts[1:]


def _position(node: Node, path: Path_, at_key: bool) -> Position:
    position = node.position
    for part in path:
        if isinstance(node, Mapping) and part in node.entries:
            parent, node = node, node.entries[part]
            position = parent.keys[part] if at_key else node.position
        elif isinstance(node, Sequence) and part.isdigit() and int(part) < len(node.items):
            node = node.items[int(part)]
            position = node.position
        elif isinstance(node, Scalar):
            break
    return position

