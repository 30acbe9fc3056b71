"""From a file to a case: includes, overlays of scenarios, blocks of the language.

A `CaseTree` is the file with everything it includes, as nodes with positions. `CaseTree.case` lays a scenario and
single settings over it and reads the result into typed blocks. Untouched nodes keep their identity across scenarios,
so a block is read once however many scenarios there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from .blocks import IDENTIFIER, IDENTIFIER_MEND, Block, Exchange, validate_block
from .collecting import uncollected
from .document import Mapping, Node, Position, Scalar, Sequence
from .includes import SHARED_MAPS, CaseReader, check_library
from .measure_schema import Measure
from .measures import with_measures
from .overlay import with_setting
from .parameters import check_parameters, with_parameters
from .park_schema import Park, Route, TransportMode
from .problems import Findings, Source
from .recipe_schema import Chain, Material, Process
from .scenarios import BASE, Scenarios, written_out
from .schema import Expectation, Head, Indicator, Objective, Period, Policy, Scenario, ServiceIsland

B = TypeVar("B", bound=Block)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What libraries define. Positions of everything are in `tree`."""

    materials: dict[str, Material]
    processes: dict[str, Process]
    chains: dict[str, Chain]
    indicators: dict[str, Indicator]
    transport: dict[str, TransportMode]
    parks: dict[str, Park]
    tree: Mapping = field(repr=False)
    memo: dict[Any, Any] = field(repr=False, compare=False)
    """results that depend on blocks only, shared by the scenarios of one tree"""

    def value_at(self, *path: str) -> Position:
        """Return where the value at a path stands (the nearest one above where it does not exist)."""
        return _position(self.tree, path, at_key=False)

    def key_at(self, *path: str) -> Position:
        """Return where the key at a path stands (the nearest one above where it does not exist)."""
        return _position(self.tree, path, at_key=True)

    def text_at(self, *path: str) -> str | None:
        """Return the single value at a path as it is written; None where there is none, or a list or a mapping."""
        node = _node(self.tree, path)
        return str(node.value) if isinstance(node, Scalar) and node.value is not None else None

    def length_at(self, *path: str) -> int | None:
        """Return how many entries the list at a path has; None where no list stands there."""
        node = _node(self.tree, path)
        return len(node.items) if isinstance(node, Sequence) else None

    def is_list(self, *path: str) -> bool:
        """Tell whether a list stands at a path."""
        return isinstance(_node(self.tree, path), Sequence)

    def is_map(self, *path: str) -> bool:
        """Tell whether a mapping stands at a path."""
        return isinstance(_node(self.tree, path), Mapping)


@dataclass(frozen=True, kw_only=True)
class Case(Shelf):
    """A case with one scenario applied."""

    name: str
    scenario: str
    head: Head
    routes: dict[str, Route]
    exchange: Exchange
    objective: Objective
    scenarios: dict[str, Scenario]
    """scenarios by name, those of grids written out, `base` not among them"""
    measures: dict[str, Measure] = field(default_factory=dict)
    """measures by name, whether they are laid over this case or not"""
    taken: tuple[str, ...] = ()
    """measures that are laid over this case, as they were named"""
    builds: bool = False
    """whether the case speaks of building, be it before the scenario left that out"""
    folder: Path | None = None
    """folder of the case file, where files beside it are looked for"""

    @property
    def money(self) -> str:
        """Money of the case, e.g. CNY."""
        return self.head.money

    @property
    def periods(self) -> dict[str, Period]:
        """Blocks of periods by name, a `count` not yet unrolled; one year where none is stated."""
        return self.head.periods or {"year": Period.model_validate({"duration": "1 a"})}

    @property
    def policies(self) -> dict[str, Policy]:
        """Policies by name."""
        return self.head.policies

    @property
    def service_islands(self) -> dict[str, ServiceIsland]:
        """Service islands by name."""
        return self.head.service_islands

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
    folder: Path | None = None
    sources: tuple[Source, ...] = field(default=(), repr=False, compare=False)
    """texts that were read, in the order of reading"""

    @cached_property
    def overlays(self) -> Scenarios:
        """The scenarios with every grid written out, to be laid over the tree."""
        return written_out(self.root)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, `base` first, those of grids written out."""
        return self.overlays.names

    def select(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the scenarios some names stand for: `all`, a grid or a single one; `base` where none is named."""
        found = [scenario for name in names for scenario in self.overlays.select(name)]
        return tuple(dict.fromkeys(found)) or (BASE,)

    @property
    def is_library(self) -> bool:
        """The file has no `case:`; it can be checked, not solved."""
        return "case" not in self.root.entries

    @uncollected
    def shelf(self) -> Shelf:
        """Read what the tree defines for cases to use.

        Raises:
            InputError: with every mistake found.
        """
        findings = Findings()
        check_library(self.root, findings)
        shelf = Shelf(**self._shared(self.root, findings), tree=self.root, memo=self.memo)
        findings.raise_if_errors()
        return shelf

    @uncollected
    def case(self, scenario: str = BASE, sets: Iterable[str] = (), measures: Iterable[str] = ()) -> Case:
        """Lay a scenario, then settings `PATH=VALUE`, then measures and what they require over the tree, and read it.

        Raises:
            InputError: with every mistake found.
        """
        findings = Findings()
        if self.is_library:
            mend = "a case starts with `case: NAME`; a library is included by cases"
            findings.error(self.root.position, "this file is no case: the key `case` is missing", mend)
            findings.raise_if_errors()
        findings.add(*self.overlays.findings.problems)
        findings.raise_if_errors()
        root = self.overlays.root
        if scenario != BASE:
            root = self.overlays.over(scenario, root, findings)
        for setting in sets:
            root = with_setting(root, setting, findings)
        taken = tuple(measures)
        root = with_measures(root, taken, findings) if taken else root
        check_parameters(self.overlays.root, findings)
        root = with_parameters(root, findings, self.memo)
        findings.raise_if_errors()
        case = self._read(root, scenario, findings)
        findings.raise_if_errors()
        assert case is not None
        return replace(case, taken=taken) if taken else case

    def _read(self, root: Mapping, scenario: str, findings: Findings) -> Case | None:
        own = {key for key in root.entries if key not in (*SHARED_MAPS, "routes", "include", "scenarios", "measures")}
        stated = _only(root, own)
        head = self._block(Head, stated, findings, key=("head", *map(id, stated.entries.values())))
        shared = self._shared(root, findings)
        routes = self._blocks(Route, root, "routes", findings)
        scenarios = self._blocks(Scenario, root, "scenarios", findings)
        measures = self._blocks(Measure, root, "measures", findings)
        if "parks" not in root.entries:
            mend = "add `parks: {…}` here, or include a file that has them"
            findings.error(root.position, "the key `parks` is missing", mend)
        elif isinstance(written := root.entries["parks"], Mapping) and not written.entries:
            findings.error(written.position, "`parks` is empty", "name a park, or include a file that has them")
        if head is None:
            return None
        if BASE in scenarios:
            position = _position(root, ("scenarios", BASE), at_key=True)
            findings.error(position, "`base` is the case itself", "give this scenario another name")
        return Case(
            name=head.case,
            scenario=scenario,
            head=head,
            **shared,
            routes=routes,
            exchange=head.exchange,
            objective=head.objective,
            scenarios=scenarios,
            measures=measures,
            builds=_speaks_of_building(self.root) or _speaks_of_building(root),
            folder=self.folder,
            tree=root,
            memo=self.memo,
        )

    def _shared(self, root: Mapping, findings: Findings) -> dict[str, Any]:
        blocks = {
            "materials": Material,
            "processes": Process,
            "chains": Chain,
            "indicators": Indicator,
            "transport": TransportMode,
            "parks": Park,
        }
        return {key: self._blocks(block, root, key, findings) for key, block in blocks.items()}

    def _blocks(self, block: type[B], root: Mapping, key: str, findings: Findings) -> dict[str, B]:
        node = root.entries.get(key)
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            findings.error(node.position, f"`{key}` must be a mapping `{{…}}`")
            return {}
        memo_key = ("blocks", block, id(node))
        if memo_key in self.memo:  # scenarios share what they do not change
            shared: dict[str, B] = self.memo[memo_key][0]
            return shared
        blocks = {}
        for name, entry in node.entries.items():
            if not IDENTIFIER.match(name):
                findings.error(node.keys[name], f"`{name}` is not an identifier", IDENTIFIER_MEND)
            value = self._block(block, entry, findings, at=node.keys[name])
            if value is not None:
                blocks[name] = value
        if not findings.has_errors:
            self.memo[memo_key] = (blocks, node)  # the node keeps its id alive
        return blocks

    def _block(
        self,
        block: type[B],
        node: Node,
        findings: Findings,
        *,
        key: object = None,
        at: Position | None = None,
    ) -> B | None:
        memo_key = (block, key or id(node))
        if memo_key not in self.memo:
            kept_alive = node  # an id is unique only while its object lives
            self.memo[memo_key] = (*validate_block(block, node, at), kept_alive)
        value: B | None
        value, problems, _ = self.memo[memo_key]
        findings.add(*problems)
        return value


@uncollected
def read_case(path: Path | str, scenario: str = BASE, sets: Iterable[str] = ()) -> Case:
    """Read a case file (`-` for standard input) with one scenario and settings applied.

    Raises:
        InputError: with every mistake found.
    """
    return read_tree(path).case(scenario, sets)


@uncollected
def read_tree(path: Path | str) -> CaseTree:
    """Read a case file and all it includes.

    Raises:
        InputError: if a file cannot be read, is no YAML, includes what it may not, or defines a thing twice.
    """
    reader = CaseReader(path)
    root = reader.read()
    return CaseTree(root, tuple(reader.names), folder=reader.folder, sources=tuple(reader.sources))


def _only(node: Mapping, keys: set[str]) -> Mapping:
    return Mapping(
        {key: value for key, value in node.entries.items() if key in keys},
        {key: value for key, value in node.keys.items() if key in keys},
        node.position,
    )


def _speaks_of_building(root: Mapping) -> bool:
    """Say whether a tree states `investment`, or `build` of a plant, link, store or route."""
    routes = _node(root, ("routes",))
    parks = _entries(_node(root, ("parks",)))
    kinds = [_node(park, (kind,)) for park in parks for kind in ("plants", "links", "stores")]
    things = [thing for kind in (*kinds, routes) for thing in _entries(kind)]
    return "investment" in root.entries or any(_node(thing, ("build",)) is not None for thing in things)


def _entries(node: Node | None) -> list[Node]:
    return list(node.entries.values()) if isinstance(node, Mapping) else []


def _node(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for part in path:
        if isinstance(node, Sequence):
            node = node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
        else:
            node = node.entries.get(part) if isinstance(node, Mapping) else None
    return node


def _position(node: Node, path: tuple[str, ...], at_key: bool) -> Position:
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
