"""The library and the chains of the provincial plan: complete, and within what physics allows."""

import subprocess
import sys
from pathlib import Path

import pytest

from parkloop.cases import __file__ as cases_file
from parkloop.flows.case import Shelf, read_tree
from parkloop.flows.norms import Assessment, assess
from parkloop.flows.problems import Findings
from parkloop.flows.recipes import Recipe, recipes

CASES = Path(cases_file).parent
CHAINS = sorted((CASES / "chains").glob("*.yaml"))
PARKS = {
    "ganhe": 8, "qarhan": 5, "golmud": 8, "nanchuan": 7, "linkong": 9, "dongchuan": 5, "biotech": 10, "beichuan": 4,
    "delingha": 5, "wulan": 3, "dachaidan": 7, "dulan": 2, "ledu": 4, "huzhu": 5, "minhe": 6,
}  # fmt: skip
"""how many chains and product lines the plan of 2013 names for each park, 88 in all"""
FARADAY = 96485.33 / 3600  # Wh per volt and mole of electrons; Wh/g is MWh/t


@pytest.fixture(scope="module")
def shelves() -> list[Shelf]:
    return [read_tree(path).shelf() for path in sorted((CASES / "library").glob("*.yaml"))]


@pytest.fixture(scope="module")
def library(shelves: list[Shelf]) -> dict[str, Recipe]:
    found: dict[str, Recipe] = {}
    for shelf in shelves:
        findings = Findings()
        found |= recipes(shelf, findings)
        assert not findings.problems
    return found


@pytest.fixture(scope="module")
def assessed(shelves: list[Shelf]) -> list[Assessment]:
    found: dict[tuple[str, str], Assessment] = {}
    for shelf in shelves:
        for recipe in recipes(shelf, Findings()).values():
            found |= {(one.process, one.norm): one for one in assess(shelf, recipe)}
    return list(found.values())


@pytest.mark.parametrize("park", PARKS)
def test_every_chain_that_the_plan_names_for_a_park_has_a_file(park: str) -> None:
    assert sum(path.name.startswith(f"{park}_") for path in CHAINS) == PARKS[park]


@pytest.mark.parametrize("path", CHAINS, ids=lambda path: path.stem)
def test_a_chain_is_named_like_its_file_and_runs_through_recipes_of_the_library(path: Path) -> None:
    shelf = read_tree(path).shelf()
    assert path.stem in shelf.chains
    assert set(shelf.chains[path.stem].processes) <= set(shelf.processes)


def test_the_library_has_at_least_280_processes(library: dict[str, Recipe]) -> None:
    assert len(library) >= 280


# Electrons and molar mass (kg/kmol) of what is made, and the least voltage of the reaction: standard potentials, at
# cell temperature for the melts (handbook values: alumina with a carbon anode 1.20 V, molten MgCl2 2.50 V, molten NaCl
# 3.2 V, zinc sulphate 2.00 V, brine 2.17 V, water 1.23 V).
CELLS = {
    "aluminium_electrolysis": (3, 26.98, 1.20),
    "magnesium_electrolysis": (2, 24.305, 2.50),
    "sodium_electrolysis": (1, 22.99, 3.2),
    "zinc_rle": (2, 65.38, 2.00),
    "chlor_alkali_membrane": (1, 40.0, 2.17),
    "water_electrolysis_alkaline": (2, 2.016, 1.23),
}


@pytest.mark.parametrize("process", CELLS)
def test_no_electrolysis_needs_less_than_faradays_law(process: str, library: dict[str, Recipe]) -> None:
    """Least electricity per tonne of product: n·F·E/M, MWh/t."""
    electrons, molar_mass, voltage = CELLS[process]
    least = electrons * FARADAY * voltage / molar_mass
    lines = library[process].lines
    electricity = sum(abs(line.amount) for line in lines if line.material == "electricity")
    share = 0.32 if process == "chlor_alkali_membrane" else 1.0  # of the product in the reference material
    assert least <= electricity / share <= 4 * least


def test_recipes_keep_the_national_limits_or_say_why(assessed: list[Assessment]) -> None:
    """The levels are those of the GB standards of 2021 to 2025 that each norm cites."""
    assert len(assessed) >= 25
    for found in assessed:
        strictest = min(found.levels.values())
        plausible = found.verdict != "over" and found.verdict != "some over" and found.most >= 0.8 * strictest
        assert plausible or found.because, found


def test_the_page_of_the_atlas_is_current(repo_root: Path) -> None:
    done = subprocess.run([sys.executable, "docs/atlas.py", "--check"], cwd=repo_root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
