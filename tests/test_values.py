"""What passes between rooms cannot be changed, and what holds arrays is not compared, field by field, by accident."""

import importlib
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from parkloop.models.builder import ProgramBuilder
from parkloop.models.program import Block

MODULES = (
    *("models.assembly", "models.builder", "models.coverage", "models.extension", "models.indicator"),
    *("models.program", "models.weighing", "solver.certificate", "solver.layout", "solver.parts", "solver.solution"),
)
ARRAYS = ("Floats", "Ints", "Bools", "Longs", "NDArray")
UNDER_WAY = {"_Columns", "_Rows"}
"""what a builder collects"""


@pytest.mark.parametrize("name", MODULES)
def test_values_are_frozen_and_those_with_arrays_are_not_compared(name: str) -> None:
    module = importlib.import_module(f"parkloop.{name}")
    values = [it for it in vars(module).values() if is_dataclass(it) and it.__module__ == module.__name__]
    assert values
    for value in values:
        if value.__name__ not in UNDER_WAY:
            assert value.__dataclass_params__.frozen, value
            holds_arrays = any(word in str(field.type) for field in fields(value) for word in ARRAYS)
            assert not (holds_arrays and value.__eq__ is not object.__eq__), value


def test_two_blocks_are_the_same_whatever_writes_their_names() -> None:
    first = Block("run", "column", 0, 1, True, lambda: ["run[a]"])
    assert first == replace(first, names=lambda: ["run[b]"])
    assert first != replace(first, size=2)
    assert "lambda" not in repr(first)


def test_a_program_with_other_blocks_has_their_names() -> None:
    """Names that were asked for once are kept, but not by a copy whose blocks may be others."""
    build = ProgramBuilder("two", ["year"], np.ones(1))
    build.add_columns("x", 1, names=lambda: ["x[old]"])
    program = build.program()
    assert program.column_name(0) == "x[old,year]"
    block = replace(program.column_blocks["x"], names=lambda: ["x[new]"])
    assert replace(program, column_blocks={"x": block}).column_name(0) == "x[new,year]"
    assert repr(program) == "<Program two: 1 columns, 0 rows, 0 nonzeros>"
