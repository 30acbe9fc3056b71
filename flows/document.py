"""Documents: YAML text as nodes that know their place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from .problems import Position, Source

__all__ = [
    "Limits",
    "Mapping",
    "Node",
    "Position",
    "Scalar",
    "Sequence",
    "Source",
    "load",
    "parse",
    "parse_value",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be."""

    bytes: int = 10_000_000
    """size of the file, bytes"""
    depth: int = 40
    """levels of nesting, aliases expanded"""
    nodes: int = 500_000
    """values in the document, aliases expanded"""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A single value."""

    value: str | int | float | bool | None
    """what YAML 1.2 makes of it"""
    text: str
    """the characters as written, without quotes"""
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    items: list[Node]
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A map; keys are texts as written (`2020:` is the key "2020")."""

    entries: dict[str, Node]
    keys: dict[str, Position]
    """where each key stands"""
    position: Position


Node: TypeAlias = Scalar | Sequence | Mapping


def load(path: Path, name: str, limits: Limits = Limits()) -> Mapping:
    """Read a file, called `name` in messages; raises InputError."""
    raise NotImplementedError


def parse(text: bytes, name: str, limits: Limits = Limits()) -> Mapping:
    """Read the bytes of a document, called `name` in messages; raises InputError."""
    raise NotImplementedError


def parse_value(text: str, name: str) -> Node:
    """Read one value of any kind, as in `--set PATH=VALUE`; raises InputError."""
    raise NotImplementedError


def plain(node: Node) -> Any:
    """Return a node as dicts, lists and scalars without positions."""
    raise NotImplementedError
