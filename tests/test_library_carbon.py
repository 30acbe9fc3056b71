"""Carbon that a plant lets go as a gas is counted as CO2: the gases of the library state what they become in air."""

from __future__ import annotations

from pathlib import Path

import pytest

from parkloop.cases import __file__ as cases_file
from parkloop.flows.case import Shelf, read_tree
from parkloop.flows.chemistry import element_fractions
from parkloop.flows.problems import Findings
from parkloop.flows.recipe_schema import Material
from parkloop.flows.recipes import recipes

BURNING = {"CO", "CH4", "C2H2", "C2H4", "C2H6", "C3H6", "C3H8"}
"""compounds of combustible gases that hold carbon"""
CO2_PER_CARBON = 44.009 / 12.011
FROM_PLANTS = {"biogas"}
"""gases whose carbon was in the air before: their CO2 does not count"""


@pytest.fixture(scope="module")
def shelves() -> list[Shelf]:
    return [read_tree(path).shelf() for path in sorted((Path(cases_file).parent / "library").glob("*.yaml"))]


@pytest.fixture(scope="module")
def materials(shelves: list[Shelf]) -> dict[str, Material]:
    found: dict[str, Material] = {}
    for shelf in shelves:
        found |= shelf.materials
    return found


def carbon(material: Material) -> float:
    """Return the mass fraction of carbon in what the material states of itself."""
    parts = {material.formula: 1.0} if material.formula else material.composition
    return sum(part * element_fractions(what).get("C", 0.0) for what, part in parts.items() if what != "inert")


def test_a_combustible_gas_that_nobody_burns_counts_as_the_co2_of_its_carbon(materials: dict[str, Material]) -> None:
    """gwp = carbon · 44.009/12.011, to 2 %: carbon monoxide 12.011/28.010 · 3.664 = 1.571 t/t."""
    checked = 0
    for name, material in materials.items():
        parts = {material.formula} if material.formula else set(material.composition)
        let_go = material.kind in ("byproduct", "waste", "emission")
        if not let_go or not parts & BURNING or name in FROM_PLANTS:
            continue
        assert "gwp" in material.properties, name
        gwp = material.properties["gwp"].value.to("t/t")
        assert gwp == pytest.approx(carbon(material) * CO2_PER_CARBON, rel=0.02), name
        checked += 1
    assert checked >= 10


def test_organic_vents_and_refinery_gas_count_by_the_carbon_they_state(materials: dict[str, Material]) -> None:
    """0.50 · 3.664 = 1.832 t/t of vents with half their mass carbon; refinery gas 0.74 · 3.664 = 2.711 t/t."""
    for name in ("offgas_organics", "refinery_gas"):
        gwp = materials[name].properties["gwp"].value.to("t/t")
        assert gwp == pytest.approx(carbon(materials[name]) * CO2_PER_CARBON, rel=0.001)


def test_methane_let_go_warms_28_times_as_much_as_co2(materials: dict[str, Material]) -> None:
    assert materials["methane_vented"].properties["gwp"].value.to("t/t") == 28


def test_a_gas_that_is_burned_counts_once_and_as_much_as_one_that_is_flared(shelves: list[Shelf]) -> None:
    """CO2 of a burner or a gas boiler per unit of gas is the gas's own `gwp`, to 2 %: its maker counts nothing."""
    checked = 0
    for shelf in shelves:
        for name, recipe in recipes(shelf, Findings()).items():
            if not name.startswith(("burner_", "flare_", "retort_gas_boiler")):
                continue
            made = {line.material: line.amount for line in recipe.lines if line.amount > 0}
            for line in recipe.lines:
                gwp = shelf.materials[line.material].properties.get("gwp")
                if line.amount < 0 and gwp is not None:
                    assert made["co2"] == pytest.approx(-line.amount * gwp.value.to("t/t"), rel=0.02), name
                    checked += 1
    assert checked >= 10
