"""The accounts of the library: heating values, gas densities and the factors of other grids, beside their standards."""

from __future__ import annotations

from pathlib import Path

import pytest

from parkloop.cases import __file__ as cases_file
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case, read_tree
from parkloop.flows.recipe_schema import Material
from parkloop.reports.run import run_case

LIBRARY = Path(cases_file).parent / "library"
MOLAR_VOLUME = 22.414  # Nm3/kmol of an ideal gas at 0 °C and 101.325 kPa

# Default calorific values of GB/T 2589-2020, table A.1, MJ per kg or per Nm3: the lower and the upper one it names.
DEFAULTS = {
    "raw_coal": ("t", 20.934, 20.934),
    "coke": ("t", 28.470, 28.470),
    "coal_tar": ("t", 33.494, 33.494),
    "crude_oil": ("t", 41.868, 41.868),
    "fuel_oil": ("t", 41.868, 41.868),
    "gasoline": ("t", 43.124, 43.124),
    "diesel": ("t", 42.705, 42.705),
    "lpg": ("t", 50.242, 50.242),
    "refinery_gas": ("t", 46.055, 46.055),
    "crude_benzol": ("t", 41.869, 41.869),
    "methanol": ("t", 19.913, 19.913),
    "natural_gas": ("kNm3", 32.238, 38.979),
    "coke_oven_gas": ("kNm3", 16.747, 18.003),
    "biogas": ("kNm3", 20.934, 24.283),
    "hydrogen": ("kNm3", 9.756, 10.8),  # 9.756 in the table, 120 GJ/t at 0.0899 kg/Nm3 by physics
}


@pytest.fixture(scope="module")
def materials() -> dict[str, Material]:
    found: dict[str, Material] = {}
    for path in sorted(LIBRARY.glob("*.yaml")):
        found |= read_tree(path).shelf().materials
    return found


@pytest.mark.parametrize("fuel", DEFAULTS)
def test_fuels_have_the_calorific_values_of_the_standard(fuel: str, materials: dict[str, Material]) -> None:
    per, low, high = DEFAULTS[fuel]
    material = materials[fuel]
    heat = material.properties["heating_value"].value.to("GJ/t")
    if per == "kNm3":
        assert material.density is not None
        heat *= material.density.to("t/Nm3") * 1000
    assert 0.99 * low <= heat <= 1.01 * high


# kg/kmol, IUPAC atomic weights to four digits
MASSES = {
    "H2": 2.016, "CH4": 16.04, "C2H2": 26.04, "C2H4": 28.05, "C2H6": 30.07, "C3H8": 44.10, "CO": 28.01, "N2": 28.01,
    "O2": 32.00, "HCl": 36.46, "Ar": 39.95, "CO2": 44.01, "Cl2": 70.90,
}  # fmt: skip


def test_gases_weigh_per_cubic_metre_what_their_molecules_do(materials: dict[str, Material]) -> None:
    """ρ = 1 / (22.414 Σ w/M) of an ideal gas, to 2 %: real CO2, Cl2 and C2H4 are up to 1.7 % heavier at 0 °C."""
    checked = 0
    for name, material in materials.items():
        if material.density is None or "Nm3" not in material.density.unit:
            continue
        parts = {material.formula: 1.0} if material.formula else material.composition
        known = sum(parts.values())
        if known < 0.98:  # the rest may be of any weight
            continue
        volume = MOLAR_VOLUME * sum(part / MASSES[gas] for gas, part in parts.items()) / known
        assert material.density.to("kg/Nm3") == pytest.approx(1 / volume, rel=0.02), name
        checked += 1
    assert checked >= 20


def test_other_grids_change_the_account_by_what_is_bought_from_them(tmp_path: Path) -> None:
    """100 MWh bought and nothing emitted: 15.67 t of CO2 by the factor of 2022, 17.96 t by that of 2023.

    By the equivalent value of 2024 they are 0.3024 tce each, in place of the 3.6 GJ of the calorific value.
    """
    case = tmp_path / "case.yaml"
    case.write_text(
        """
case: power
title: {en: Power}
include: [parkloop:library/accounting_grids.yaml]
materials: {heat: {name: {en: Heat}, class: utility, unit: GJ}}
processes:
  heater: {name: {en: Heater}, per: 1 GJ heat, inputs: {electricity: 0.25 MWh}}
parks:
  park:
    name: {en: Park}
    plants: {heater: {capacity: 400 GJ/a}}
    buy: {electricity: {price: 400 CNY/MWh}}
    sell: {heat: {price: 200 CNY/GJ}}
objective: {maximise: profit}
""",
        encoding="utf-8",
    )
    result = run_case(build_network(read_case(case)))
    found = {name: result.indicators[name].value for name in ("co2", "co2_qinghai_2023", "co2_northwest_margin")}
    assert found == pytest.approx({"co2": 15.67, "co2_qinghai_2023": 17.96, "co2_northwest_margin": 89.22})
    equivalent = result.indicators["energy_equivalent_2024"].value
    assert equivalent == pytest.approx(30.24)
