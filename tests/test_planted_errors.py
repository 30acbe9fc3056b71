"""Thirty errors that people make, planted in copies of shipped cases: `check` or `validate` names file and line.

Each copy passes before. `check` knows the line from the baseline that was recorded of the copy; what makes no sense at
all is refused by `validate` where it stands.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hello import HELLO
from parkloop.checks.case import CaseVerdict, check_case
from parkloop.checks.report import exit_code
from parkloop.checks.update import update_case
from parkloop.flows.includes import TREE_MARKER
from parkloop.reports.checking import check_file

CASES = HELLO.parents[1]
LOOP, SUBSTITUTION, STORAGE, ROUTE, POLICY, INVESTMENT, ISLAND = (
    f"tutorials/{name}.yaml"
    for name in ("1_loop", "2_substitution", "4_storage", "5_route", "6_policy", "7_investment", "9_service_island")
)
KILN = "tutorials/hello.yaml"
CHECK: dict[str, tuple[str, str, str]] = {
    "the sign of a price": (LOOP, "char: {price: 700 CNY/t}", "char: {price: -700 CNY/t}"),
    "a price with a zero too many": (LOOP, "ammonia: {price: 2500 CNY/t}", "ammonia: {price: 25000 CNY/t}"),
    "a stale price": (LOOP, "urea: {price: 2100 CNY/t}", "urea: {price: 1950 CNY/t}"),
    "two prices swapped, the first": (LOOP, "co2: {price: 300 CNY/t}", "co2: {price: 35 CNY/t}"),
    "a levy a thousand times too small": (LOOP, "levy: 60 CNY/t}", "levy: 0.06 CNY/t}"),
    "a capacity in the wrong multiple of a unit": (LOOP, "capacity: 200 kt/a", "capacity: 200 t/a"),
    "a variable cost left out": (LOOP, "capacity: 200 kt/a, variable_cost: 150 CNY/t", "capacity: 200 kt/a"),
    "a plant in the wrong company": (
        KILN,
        "clinker_kiln:        {company: cement_works",
        "clinker_kiln:        {company: acetylene_works",
    ),
    "a factor of an indicator of the other sign": (LOOP, "{co2: 1 t/t}", "{co2: -1 t/t}"),
    "a factor counted by the thousand": (KILN, "{co2: 1 t/t}", "{co2: 1000 t/t}"),
    "a fate for another": (KILN, "factors: {discarded: {co2", "factors: {used: {co2"),
    "an objective of the other sense": (KILN, "objective: {maximise: profit}", "objective: {minimise: profit}"),
    "a share that became nothing": (KILN, "max_share: 60 %", "max_share: 6 %"),
    "an exchange that was allowed again": (KILN, "exchange: none}", "exchange: all}"),
    "a limit left out": (INVESTMENT, "steam: {price: 60 CNY/GJ, max: 300 TJ/a}", "steam: {price: 60 CNY/GJ}"),
    "a capacity a thousand times too high": (LOOP, "capacity: 2800 TJ/a", "capacity: 2800 PJ/a"),
    "per cent for per mille": (SUBSTITUTION, "limits: {Cl: {max: 0.3 %}}", "limits: {Cl: {max: 0.03 %}}"),
    "a scenario with the figure of the base": (
        SUBSTITUTION,
        "carbide_slag.price: 90 CNY/t",
        "carbide_slag.price: 20.1 CNY/t",
    ),
    "a season with the days of another": (STORAGE, "summer: {duration: 100 d}", "summer: {duration: 90 d}"),
    "a loss a day for a loss a year": (STORAGE, "loss: 2 %/a", "loss: 2 %/d"),
    "a profile with two figures swapped": (STORAGE, "[70 %, 100 %, 60 %, 0 %]", "[100 %, 70 %, 60 %, 0 %]"),
    "miles for kilometres": (ROUTE, "by: rail, distance: 200 km", "by: rail, distance: 322 km"),
    "a tariff by the kilogram": (ROUTE, "cost: 0.16 CNY/(t*km), handling", "cost: 0.16 CNY/(kg*km), handling"),
    "two parks swapped": (ROUTE, "{from: lake, to: city, by", "{from: city, to: lake, by"),
    "an allowance left out": (POLICY, "price: 60 CNY/t, free: 50 kt/a}", "price: 60 CNY/t}"),
    "a policy that was deleted": (ISLAND, "policies: {carbon_price: {indicator: co2, price: 80 CNY/t}}\n", ""),
    "a formula of another salt": (KILN, "class: raw, formula: CaC2", "class: raw, formula: CaCl2"),
    "a floor that became a ceiling": (
        POLICY,
        "{indicator: reuse, min: 90 %, shortage",
        "{indicator: reuse, max: 90 %, surplus",
    ),
    "an interest in the wrong figure": (INVESTMENT, "rate: 8 %", "rate: 80 %"),
    "a budget in thousands": (INVESTMENT, "budget: 30 MCNY/a, rate", "budget: 30 kCNY/a, rate"),
}
"""what was planted → file, passage, what stands there instead; each is caught by `check`"""
VALIDATE: dict[str, tuple[str, str, str]] = {
    "a by-product that was dropped": (KILN, "    outputs: {carbide_slag: 2.84 t}", "    outputs: {}"),
    "a mass where energy is meant": (
        LOOP,
        "boiler:     {company: power, capacity: 2800 TJ/a}",
        "boiler:     {company: power, capacity: 2800 t/a}",
    ),
    "a unit without its time": (LOOP, "capacity: 200 kt/a", "capacity: 200 kt"),
    "a price by the wrong unit": (LOOP, "steam: {price: 35 CNY/GJ}", "steam: {price: 35 CNY/t}"),
    "a sign in a recipe": (KILN, "calcium_carbide: 2.46 t", "calcium_carbide: -2.46 t"),
    "a figure of a recipe by the thousand": (KILN, "water: 1.38 t}", "water: 1.38 kt}"),
    "a name with a slip": (KILN, "limestone: {price: 50 CNY/t}", "limestoen: {price: 50 CNY/t}"),
    "a share above one": (KILN, "max_share: 60 %", "max_share: 60"),
}
"""the same, caught by `validate`"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the cases with their baselines."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "tutorials").mkdir()
    (folder / TREE_MARKER).touch()
    shutil.copytree(CASES / "library", folder / "library")
    for name in {name for name, _, _ in CHECK.values()}:
        shutil.copy(CASES / name, folder / name)
        update_case(folder / name, record=True)
        assert check_case(folder / name).passed
    return folder


def plant(name: str, old: str, new: str, source: Path, folder: Path) -> tuple[Path, int]:
    """Copy a case with its baseline, replace a passage that stands there once, and return the file and its line."""
    (folder / "tutorials").mkdir()
    (folder / TREE_MARKER).touch()
    if "include: [../library" in (source / name).read_text(encoding="utf-8"):
        shutil.copytree(source / "library", folder / "library")
    for file in (source / name).parent.glob(f"{Path(name).stem}.*"):
        shutil.copy(file, folder / "tutorials" / file.name)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path, text[: text.index(old)].count("\n") + 1


def told(verdict: CaseVerdict) -> set[tuple[str, int]]:
    """Files and lines that a verdict blames."""
    blamed = {(Path(it.file).name, it.line) for it in verdict.changed}
    return blamed | {(Path(it.file).name, it.line) for it in verdict.differences if it.source == "input"}


@pytest.mark.parametrize("error", CHECK)
def test_check_finds_the_error_and_names_its_line(error: str, recorded: Path, tmp_path: Path) -> None:
    path, line = plant(*CHECK[error], recorded, tmp_path)
    verdict = check_case(path)
    assert not verdict.passed
    assert verdict.differences
    rows = path.read_text(encoding="utf-8").splitlines()
    behind = max(number for number, row in enumerate(rows[: line - 1], 1) if row.strip())
    guilty = behind if "deleted" in error else line  # what stands nowhere any more stood behind the line before
    assert (path.name, guilty) in told(verdict), told(verdict)
    assert exit_code([verdict]) in (1, 2)


@pytest.mark.parametrize("error", VALIDATE)
def test_validate_refuses_the_error_at_its_line(error: str, tmp_path: Path) -> None:
    path, line = plant(*VALIDATE[error], CASES, tmp_path)
    report = check_file(path)
    assert not report.valid
    places = [problem.position for problem in report.problems if problem.position is not None]
    blamed = {(Path(place.file).name, place.line) for place in places}
    block = range(line - 4, line + 1) if "recipe" in error or "by-product" in error else range(line, line + 1)
    assert blamed & {(path.name, number) for number in block}, [str(place) for place in places]
    assert exit_code([check_case(path)]) == 2


def test_there_are_thirty_ways_and_more() -> None:
    assert len(CHECK) + len(VALIDATE) >= 30
