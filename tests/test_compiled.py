"""What a case became: every column, row and coefficient is counted, and the extreme ones have their lines."""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from hello import HELLO, TEXT, edit, network_of
from parkloop import cli
from parkloop.models.compile import compile_program
from parkloop.reports.compiled import CompileReport, compile_report
from parkloop.reports.json_result import schema_of


def report_of(text: str = TEXT) -> CompileReport:
    """Return what a case text became."""
    network = network_of(text)
    return compile_report(network, compile_program(network))


def test_blocks_add_up_to_the_program() -> None:
    report = report_of()
    for kind, total in (("columns", report.columns), ("rows", report.rows)):
        assert sum(block.count for block in report.blocks if block.kind == kind) == total
    assert sum(columns for _, columns, _ in report.files) == report.columns
    assert {name for name, _, _ in report.files} == {"hello.yaml"}


def test_ranges_are_those_of_the_matrix() -> None:
    program = compile_program(network_of())
    coefficients = report_of().ranges[0]
    assert coefficients.count == program.nonzeros
    assert coefficients.least == np.abs(program.value).min()
    assert coefficients.most == np.abs(program.value).max()


def test_an_ordinary_case_has_no_warning() -> None:
    assert report_of().warnings == ()


def test_a_wide_range_is_warned_of_with_the_lines_of_its_ends() -> None:
    """A trace of limestone in the generator, a billionth of a tonne: its line is that of the recipe."""
    text = edit("water: 1.38 t}", "water: 1.38 t, limestone: 0.0000005 t}")
    report = report_of(text)
    (warning,) = report.warnings
    line = text[: text.index("limestone: 0.0000005")].count("\n") + 1
    assert warning.startswith("coefficients range over a factor of")
    assert f"the smallest is -5e-07 (hello.yaml:{line}:" in warning
    assert report.extremes[0].value == pytest.approx(-5e-7)
    assert report.extremes[0].row.startswith("balance[") and report.extremes[0].column.startswith("run[")


def test_whole_numbers_and_periods_are_counted() -> None:
    text = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, on_off: {min_load: 40 %},")
    text = edit("materials: #", "periods: {wet: {duration: 0.5 a}, dry: {duration: 0.5 a}}\nmaterials: #", text)
    report = report_of(text)
    assert report.periods == 2
    assert report.whole == sum(block.whole for block in report.blocks) > 0


def test_the_command_prints_it_and_does_not_solve(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", str(HELLO), "program"]) == 0
    out = capfd.readouterr().out
    assert "read: compiled, not solved" in out and "coefficients" in out and "balance" in out
    assert cli.run(["explain", str(HELLO), "program", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema_of("explanation"))
    assert document["status"] == "read" and document["program"]["columns"] == 14
