"""The hello case as a starting point of tests: its text, and what happens when it is read or solved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree
from parkloop.flows.document import parse
from parkloop.flows.network import Network
from parkloop.reports.result import Result
from parkloop.reports.run import run_case

HELLO = Path(cli.__file__).parent / "cases" / "tutorials" / "hello.yaml"
TEXT = HELLO.read_text(encoding="utf-8")
CAP = "cap: {indicator: carbon, max: 1 kt/a}"


def tree_of(text: str = TEXT) -> CaseTree:
    """Return a case text as a tree; it includes nothing."""
    return CaseTree(parse(text.encode(), "hello.yaml"), ("hello.yaml",))


def network_of(text: str = TEXT, scenario: str = "base", sets: Iterable[str] = ()) -> Network:
    """Return a case text as a network."""
    return build_network(tree_of(text).case(scenario, sets))


def solved(text: str = TEXT, scenario: str = "base", sets: Iterable[str] = ()) -> Result:
    """Return the answer to a case text."""
    return run_case(network_of(text, scenario, sets))


def edit(old: str, new: str, text: str = TEXT) -> str:
    """Return the text with one passage replaced; it must be there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def value(result: Result, indicator: str) -> float:
    """Return the value of an indicator that must exist."""
    found = result.indicators[indicator].value
    assert found is not None
    return found


def infeasible() -> str:
    """Return the hello case with a kiln that must burn more limestone than a cap on carbon allows: no line is wrong."""
    capped = edit("objective: {maximise: profit}", f"objective: {{maximise: profit}}\npolicies: {{{CAP}}}")
    return edit("capacity: 300 kt/a,", "capacity: 300 kt/a, run: {min: 200 kt/a},", capped)
