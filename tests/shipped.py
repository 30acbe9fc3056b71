"""The cases that ship with parkloop, by how long a test may spend on them."""

from __future__ import annotations

from pathlib import Path

from parkloop.flows.case import read_tree

CASES = Path(__file__).resolve().parents[1] / "cases"
LONG_FILES = ("parks/golmud_year.yaml", "provinces/qinghai.yaml")
"""cases of thousands of periods or many parks, which have tests of their own"""
CASE_FILES = sorted(
    path.relative_to(CASES).as_posix()
    for path in CASES.rglob("*.yaml")
    if path.relative_to(CASES).as_posix() not in LONG_FILES and not read_tree(path).is_library
)
"""all others, which every test of the shipped cases solves in every scenario"""
