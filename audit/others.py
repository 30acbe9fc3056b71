"""Paths of numbers that are neither prices nor limits nor lines of recipes: policies, freight, building, factors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..flows.case import Case
from ..flows.document import Mapping, Node, Scalar, Sequence
from ..flows.network import Network
from .uncertain import node_at

MOST_TRIED = 60
"""numbers that are looked at by compiling the case anew"""
FREIGHT = ("cost", "handling", "loss")
PARTS = ("build", "retire", "links", "stores", "on_off", "campaigns")
"""blocks of a park whose numbers are neither prices nor limits of plants"""


def other_paths(case: Case, network: Network, measure: str | None) -> tuple[list[str], int]:
    """Return up to `MOST_TRIED` paths, those that can weigh most first by kind, and how many more there are.

    Factors are those of the indicator that is measured, and of indicators that a policy bounds or puts a price on.
    """
    root, table = case.tree, network.policies
    effective = (table.price != 0) | np.isfinite(table.lower) | np.isfinite(table.upper)
    if len(network.rungs.policy):
        effective[network.rungs.policy] = True
    spoken = [network.indicators.label[row].id for row in table.indicator[effective].tolist() if row >= 0]
    weighed = dict.fromkeys([*([measure] if measure else []), *spoken])
    paths = [
        *_numbers(root, "policies"),
        *_numbers(root, "parameters"),
        *_numbers(root, "currencies"),
        *(path for kind in ("transport", "routes") for path in _numbers(root, kind) if _last(path) in FREIGHT),
        *_numbers(root, "investment"),
        *(path for park in case.parks for path in _numbers(root, f"parks.{park}") if {*path.split(".")} & {*PARTS}),
        *(path for name in weighed for path in _numbers(root, f"indicators.{name}.factors")),
    ]
    found = list(dict.fromkeys(path for path in paths if not _is_identity(case, path)))
    return found[:MOST_TRIED], max(0, len(found) - MOST_TRIED)


def parameters_at(root: Mapping) -> dict[str, str]:
    """Return the name of the parameter that is written at each path that has one."""
    found = {}
    for path, node in _walk(root, ""):
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("$"):
            found[path] = node.value[1:]
    return found


def _numbers(root: Mapping, path: str) -> Iterator[str]:
    """Paths of single values at or below a path."""
    node = node_at(root, path.split("."))
    if node is None:
        return
    for where, below in _walk(node, path):
        if isinstance(below, Scalar) and below.value is not None and not isinstance(below.value, bool):
            parts = where.split(".")
            if "sources" not in parts and "name" not in parts and "range" not in parts:
                yield where.removesuffix(".value")


def _walk(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    yield path, node
    items: list[tuple[str, Node]] = []
    if isinstance(node, Mapping):
        items = list(node.entries.items())
    elif isinstance(node, Sequence):
        items = [(str(number), item) for number, item in enumerate(node.items)]
    for key, below in items:
        yield from _walk(below, f"{path}.{key}" if path else key)


def _is_identity(case: Case, path: str) -> bool:
    """A factor such as `1 t/t` says what is counted, and is no figure that somebody measured."""
    return (case.text_at(*path.split(".")) or "").replace(" ", "") in ("1t/t", "1", "-1t/t")


def _last(path: str) -> str:
    return path.rpartition(".")[2]
