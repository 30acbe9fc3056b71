"""Formulas are weighed, compositions add up, and recipes close on mass and on every element."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkloop.flows.chemistry import (
    Closure,
    Composition,
    FormulaError,
    Stream,
    closure,
    element_fractions,
)

# Standard atomic weights, rounded (IUPAC 2021), for results computed by hand.
WEIGHT = {"H": 1.008, "C": 12.011, "O": 15.999, "Mg": 24.305, "Cl": 35.45, "Ca": 40.078}


def pure(material: str, mass: float, formula: str) -> Stream:
    return Stream(material, mass, Composition.from_formula(formula))


def refused(formula: str) -> tuple[str, str]:
    """Return what is wrong with a formula and its mend."""
    with pytest.raises(FormulaError) as caught:
        element_fractions(formula)
    return caught.value.what, caught.value.mend


# ---------------------------------------------------------------- formulas


def test_slaked_lime_is_weighed_as_by_hand() -> None:
    mass = WEIGHT["Ca"] + 2 * (WEIGHT["O"] + WEIGHT["H"])
    fractions = element_fractions("Ca(OH)2")
    assert fractions["Ca"] == pytest.approx(WEIGHT["Ca"] / mass, rel=1e-4)
    assert fractions["H"] == pytest.approx(2 * WEIGHT["H"] / mass, rel=1e-4)
    assert set(fractions) == {"Ca", "O", "H"}


@pytest.mark.parametrize("spelling", ["MgCl2·6H2O", "MgCl2.6H2O", "MgCl2•6H2O", "MgCl₂·6H₂O", "ＭｇＣｌ２·６Ｈ２Ｏ"])
def test_all_spellings_of_a_hydrate_are_one_compound(spelling: str) -> None:
    assert element_fractions(spelling) == element_fractions("MgCl2(H2O)6")


def test_double_salts_and_complexes_are_read() -> None:
    whole = 2 * 39.098 + 3 * 96.06 + 2 * 24.305
    assert element_fractions("K2SO4·2MgSO4")["K"] == pytest.approx(2 * 39.098 / whole, rel=1e-3)
    assert set(element_fractions("K4[Fe(CN)6]")) == {"K", "Fe", "C", "N"}


def test_inert_matter_is_an_element_of_its_own() -> None:
    assert element_fractions("inert") == {"inert": 1.0}


@pytest.mark.parametrize(
    ("formula", "what", "mend"),
    [
        ("NACL", "`A` in `NACL` is no element", "mind capitals: `NaCl`, not `NACL`"),
        ("CaXx3", "`Xx` in `CaXx3` is no element", "mind capitals"),
        ("MeOH", "`Me` in `MeOH` is no element", "mind capitals"),
        ("D2O", "`D` in `D2O` is no element", "mind capitals"),
        ("water", "`w` cannot stand at place 1 of `water`", "write e.g. `Ca(OH)2`"),
        ("peptide(ACDE)", "`p` cannot stand at place 1", "write e.g. `Ca(OH)2`"),
        ("2H2O", "`2` cannot stand at place 1 of `2H2O`", "write e.g. `Ca(OH)2`"),
        ("[13C]O2", "`1` cannot stand at place 2 of `[13C]O2`", "write e.g. `Ca(OH)2`"),
        ("SO4--", "`-` cannot stand at place 4 of `SO4--`", "write e.g. `Ca(OH)2`"),
        ("SO4^2-", "`^` cannot stand at place 4", "write e.g. `Ca(OH)2`"),
        ("H0", "`0` cannot stand at place 2 of `H0`", "write e.g. `Ca(OH)2`"),
        ("(H2O", "`(H2O` is no formula: missing closing", "write e.g. `Ca(OH)2`"),
        ("H2O)", "`H2O)` is no formula: missing opening", "write e.g. `Ca(OH)2`"),
        ("", "the formula `` is not complete", "write e.g. `Ca(OH)2`"),
        ("MgO·", "the formula `MgO·` is not complete", "write e.g. `Ca(OH)2`"),
        ("CaSO4·0.5H2O", "`CaSO4·0.5H2O` has a count that is not whole", "`(CaSO4)2·H2O`"),
        ("CaSO4·½H2O", "has a count that is not whole", "`(CaSO4)2·H2O`"),
        ("FeO1.5", "`FeO1.5` has a count that is not whole", "use whole numbers"),
        ("Ca1.5O2", "`Ca1.5O2` has a count that is not whole", "use whole numbers"),
        ("C" * 101, "a formula of 101 characters is too long", "write e.g. `Ca(OH)2`"),
    ],
)
def test_what_is_no_plain_formula_is_refused(formula: str, what: str, mend: str) -> None:
    said_what, said_mend = refused(formula)
    assert what in said_what
    assert mend in said_mend


def test_a_formula_of_a_hundred_characters_is_read() -> None:
    assert element_fractions("C" * 100) == {"C": 1.0}


@given(st.text("CaHONl()[]0123.·e^+-{}<>", max_size=20) | st.text(max_size=8))
def test_any_text_is_a_formula_whose_fractions_sum_to_one_or_is_refused(text: str) -> None:
    try:
        fractions = element_fractions(text)
    except FormulaError as error:
        assert error.what and error.mend
    else:
        assert sum(fractions.values()) == pytest.approx(1)


# ---------------------------------------------------------------- compositions


def test_elements_add_up_over_compounds_and_the_rest_is_unknown() -> None:
    slag = Composition.from_fractions({"Ca(OH)2": 0.85, "H2O": 0.05, "inert": 0.06})
    hydrogen = 0.85 * element_fractions("Ca(OH)2")["H"] + 0.05 * element_fractions("H2O")["H"]
    assert slag.elements["H"] == pytest.approx(hydrogen)
    assert slag.elements["inert"] == 0.06
    assert slag.unknown == pytest.approx(0.04)
    assert slag.compounds == {"Ca(OH)2": 0.85, "H2O": 0.05, "inert": 0.06}


def test_rounding_leaves_no_unknown_mass() -> None:
    assert Composition.from_fractions(dict.fromkeys(["CaO", "MgO", "SiO2"], 1 / 3)).unknown == 0
    assert Composition.from_fractions({"CaO": 0.7, "MgO": 0.3 + 1e-7}).unknown == 0


def test_a_millionth_is_rounding_and_more_is_not() -> None:
    """One and a half millionths missing are unknown mass, as many too much are a mistake; a share of zero is none."""
    assert Composition.from_fractions({"CaO": 1 - 1.5e-6}).unknown == pytest.approx(1.5e-6)
    with pytest.raises(FormulaError, match="the composition sums to"):
        Composition.from_fractions({"CaO": 1 + 1.5e-6})
    assert Composition.from_fractions({"CaO": 1.0, "MgO": 0.0}).elements["Mg"] == 0.0


@pytest.mark.parametrize(
    ("fractions", "what", "mend"),
    [
        ({"CaO": 0.7, "MgO": 0.31}, "the composition sums to 101 %", "at most 100 %"),
        ({"CaO": -0.1}, "the fraction of `CaO` is -0.1", "between 0 % and 100 %"),
        ({"CaO": float("nan")}, "the fraction of `CaO` is nan", "between 0 % and 100 %"),
        ({"Ash": 0.1}, "`h` cannot stand at place 3 of `Ash`", "write e.g. `Ca(OH)2`"),
    ],
)
def test_impossible_compositions_are_refused(fractions: dict[str, float], what: str, mend: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Composition.from_fractions(fractions)
    assert what in caught.value.what
    assert mend in caught.value.mend


def test_the_content_of_a_substance_is_known_listed_absent_or_unknown() -> None:
    brine = Composition.from_fractions({"MgCl2·6H2O": 0.6, "H2O": 0.4})
    assert brine.content("Cl") == pytest.approx(0.6 * element_fractions("MgCl2(H2O)6")["Cl"])
    assert brine.content("MgCl2.6H2O") == 0.6
    assert brine.content("Na") == 0
    assert brine.content("NaCl") == 0  # there is no sodium at all
    assert brine.content("MgCl2") is None  # its elements are there, in what compound nobody says
    assert brine.content("no formula") is None
    assert Composition.from_formula("CO").content("CO2") is None  # both are of carbon and oxygen, and of nothing else


def test_what_an_incomplete_composition_leaves_out_cannot_be_known() -> None:
    ash = Composition.from_fractions({"CaO": 0.5, "S": 0.01})
    assert ash.content("CaO") == 0.5
    assert ash.content("S") == 0.01
    assert ash.content("Cl") is None
    assert ash.content("NaCl") is None


# ---------------------------------------------------------------- closure


def electrolysis(magnesium: float = 1.0) -> Closure:
    """MgCl2 → Mg + Cl2: 3.9173 t of the salt give 1 t of magnesium and 2.9173 t of chlorine."""
    return closure(
        [pure("magnesium_chloride", 3.9173, "MgCl2")],
        [pure("magnesium", magnesium, "Mg"), pure("chlorine", 2.9173, "Cl2")],
    )


def test_a_stoichiometric_recipe_closes() -> None:
    result = electrolysis()
    assert result.mass_in == pytest.approx(result.mass_out)
    assert set(result.elements) == {"Mg", "Cl"}
    assert result.worst[1] < 1e-3


def test_missing_metal_shows_in_mass_and_most_in_its_element() -> None:
    result = electrolysis(magnesium=0.9)
    assert result.mass_gap == pytest.approx(0.1 / 3.9173, rel=1e-2)
    assert result.elements["Mg"].gap == pytest.approx(0.1, rel=1e-2)
    assert result.elements["Mg"].inflow == pytest.approx(1.0, rel=1e-3)
    assert result.elements["Mg"].outflow == 0.9
    assert result.worst == ("Mg", result.elements["Mg"].gap)


def test_mass_out_of_nothing_is_a_gap_relative_to_the_larger_side() -> None:
    result = closure([pure("coal", 1.0, "C")], [pure("coke", 1.25, "C")])
    assert result.mass_gap == pytest.approx(0.2)
    assert result.elements["C"].gap == pytest.approx(0.2)


def test_mass_of_unknown_composition_hides_at_most_itself() -> None:
    ore = Stream("ore", 10.0, Composition.from_fractions({"Cl": 0.30, "inert": 0.60}))  # 1 t unknown
    tailings = Stream("tailings", 6.0, Composition.from_fractions({"inert": 1.0}))
    # Chlorine 3 t in; out 3.5 t or 4.4 t: the unknown tonne of the ore explains 1 t of it.
    within = closure([ore], [tailings, pure("chlorine", 3.5, "Cl2")]).elements["Cl"]
    beyond = closure([ore], [tailings, pure("chlorine", 4.4, "Cl2")]).elements["Cl"]
    assert within.gap == 0
    assert beyond.gap == pytest.approx((4.4 - 3.0 - 1.0) / 4.4)


def test_unknown_inputs_cannot_explain_what_the_outputs_lack() -> None:
    ore = Stream("ore", 10.0, Composition.from_fractions({"Cl": 0.30, "inert": 0.60}))
    result = closure([ore], [Stream("tailings", 6.0, Composition.from_fractions({"inert": 1.0}))])
    assert result.elements["Cl"].gap == 1.0


def test_unknown_outputs_explain_what_the_outputs_lack() -> None:
    ore = Stream("ore", 10.0, Composition.from_fractions({"Cl": 0.30, "inert": 0.70}))
    sludge = Stream("sludge", 2.0, None)
    result = closure([ore], [sludge, Stream("sand", 8.0, Composition.from_formula("inert"))])
    assert result.elements["Cl"].gap == pytest.approx(1.0 / 3.0)  # 3 t in, 2 t may be in the sludge


def test_traces_are_measured_against_two_per_cent_of_the_passing_mass() -> None:
    salt = Stream("salt", 100.0, Composition.from_fractions({"NaCl": 0.999, "Br": 0.001}))
    clean = closure([salt], [pure("salt", 100.0, "NaCl")])
    assert clean.elements["Br"].gap == pytest.approx(0.1 / (0.02 * 100))


def test_an_energy_process_without_mass_closes() -> None:
    assert closure([], []).worst == ("mass", 0.0)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_burning_closes_at_any_scale(carbon: float, scale: float) -> None:
    oxygen = carbon * 2 * WEIGHT["O"] / WEIGHT["C"]
    result = closure(
        [pure("coal", carbon * scale, "C"), pure("oxygen", oxygen * scale, "O2")],
        [pure("co2", (carbon + oxygen) * scale, "CO2")],
    )
    assert result.worst[1] < 1e-3


def test_importing_chemistry_does_not_import_molmass() -> None:
    code = "import sys, parkloop.flows.chemistry; sys.exit('molmass' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_element_that_only_enters_or_only_leaves_is_all_gap() -> None:
    """A tonne of lime in, a tonne of magnesia out: mass closes, and all calcium and all magnesium is unexplained."""
    found = closure([pure("lime", 1.0, "CaO")], [pure("magnesia", 1.0, "MgO")])
    calcium, magnesium = found.elements["Ca"], found.elements["Mg"]
    assert found.mass_gap == 0
    assert (calcium.outflow, calcium.gap) == (0, 1)
    assert (magnesium.inflow, magnesium.gap) == (0, 1)
    assert calcium.inflow == element_fractions("CaO")["Ca"]


def test_what_is_known_of_a_recipe_cannot_be_changed() -> None:
    """Compositions and balances are shared by every recipe that uses the material."""
    lime = pure("lime", 1.0, "CaO")
    found = closure([lime], [lime])
    for value, name in (
        (lime, "mass"),
        (lime.composition, "unknown"),
        (found, "mass_gap"),
        (found.elements["Ca"], "gap"),
    ):
        with pytest.raises(AttributeError):
            setattr(value, name, 0.5)
