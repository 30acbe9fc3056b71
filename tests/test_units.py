"""Quantities carry a unit that means one thing, and say what is wrong when they do not fit."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkloop.flows import units
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.units import (
    Quantity,
    QuantityError,
    bracketed,
    convert,
    known_units,
    parse_need,
    parse_quantity,
    unit_dimension,
)
from shipped import CASE_FILES, CASES, LONG_FILES

TABLE = {
    unit: dimension
    for dimension, group in json.loads(units._TABLE.read_text(encoding="utf-8")).items()
    for unit in group
}


def refused(text: object) -> tuple[str, str]:
    """Return what is wrong with a text and its mend."""
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)  # type: ignore[arg-type]
    return caught.value.what, caught.value.mend


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("3.95 t", "t", 3.95),
        ("13.2 MWh/t", "kWh/kg", 13.2),
        ("120 万t/a", "Mt/a", 1.2),
        ("120 万 t/a", "Mt/a", 1.2),
        ("3.5亿元", "CNY", 3.5e8),
        ("3.5 万亿元", "CNY", 3.5e12),
        ("2 百万吨", "Mt", 2),
        ("5 千瓦时", "MJ", 18),
        ("5 万千瓦时", "MWh", 50),
        ("16500 元/吨", "CNY/t", 16500),
        ("１００ ｋｔ／ａ", "kt/a", 100),
        ("９０％", "1", 0.9),
        ("90 %", "1", 0.9),
        ("57 %", "1", 0.57),
        ("0.53", "%", 53),
        ("1e3 t", "kt", 1),
        ("3 EJ", "PJ", 3000),
        ("-60 CNY/t", "CNY/t", -60),
        ("−60 CNY/t", "CNY/t", -60),
        ("+.5 t", "t", 0.5),
        ("8760 h", "a", 1),
        ("365 d", "a", 1),
        ("1 MW", "MWh/h", 1),
        ("7000 kcal/kg", "tce/t", 1),
        ("1 tce", "GJ", 29.3076),
        ("0.1229 kgce/kWh", "tce/MWh", 0.1229),
        ("1.977 kg/Nm3", "t/Nm3", 0.001977),
        ("15 亩", "ha", 1),
        ("2 m²", "m2", 2),
        ("2 m^2", "m2", 2),
        ("2 ㎥", "L", 2000),
        ("0.3 CNY/(t·km)", "CNY/tkm", 0.3),
        ("0.3 CNY/(t*km)", "元/(t·km)", 0.3),
        ("0.3 CNY / t", "CNY/t", 0.3),
        ("5 1/a", "%/a", 500),
        ("3 t/a/t", "1/a", 3),
    ],
)
def test_quantities_are_read_as_engineers_write_them(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text).to(unit) == value


def test_a_bare_number_is_a_pure_number() -> None:
    for bare in (0.53, "0.53"):
        assert parse_quantity(bare) == Quantity(0.53, "1", 1.0, "")


def test_a_quantity_keeps_what_was_written() -> None:
    quantity = parse_quantity("120 万t/a")
    assert quantity == Quantity(120.0, "万t/a", 10000.0, "mass/time")
    assert str(quantity) == "120 万t/a"


@pytest.mark.parametrize(
    ("text", "amount", "label"),
    [
        ("0.655 t CaO", "0.655 t", "CaO"),
        ("3.9 GJ heat", "3.9 GJ", "heat"),
        ("3.9 GJ", "3.9 GJ", ""),
        ("３ ｔ ＣａＯ", "3 t", "CaO"),
        ("2 万 t CaSO4·2H2O", "2 万t", "CaSO4·2H2O"),
        ("3 GJ heat of steam", "3 GJ", "heat of steam"),
    ],
)
def test_the_need_of_a_slot_has_a_label(text: str, amount: str, label: str) -> None:
    assert parse_need(text) == (parse_quantity(amount), label)


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("t", "mass"),
        ("CNY/t", "currency/mass"),
        ("kt/a", "mass/time"),
        ("USD", "currency(USD)"),
        ("%", ""),
        ("t/t", ""),
        ("kg/m3", "mass/volume"),
        ("kg/Nm3", "mass/normal volume"),
        ("m2", "area"),
        ("t/ha", "mass/area"),
        ("1/a", "1/time"),
        ("CNY/(t·km)", "currency/(mass·length)"),
        ("t·km", "mass·length"),
        ("t^2", "mass^2"),
    ],
)
def test_dimensions_are_written_for_people(unit: str, dimension: str) -> None:
    assert unit_dimension(unit) == dimension


def test_the_longest_texts_and_the_largest_number_are_read() -> None:
    """200 characters, a unit of 60, and 1e30: one more of each is refused below."""
    assert parse_quantity("3" + " " * 198 + "t").to("t") == 3
    assert unit_dimension("t/kg" + "/t" * 28) == "1/mass^28"
    assert parse_quantity("-1e30 t").value == -1e30


def test_what_something_is_counted_per_is_written_in_brackets_where_it_is_a_product() -> None:
    assert [bracketed(unit) for unit in ("t", "ha·a", "t/a")] == ["t", "(ha·a)", "(t/a)"]


def test_a_quantity_cannot_be_changed_and_holds_nothing_else() -> None:
    quantity = parse_quantity("3 t")
    with pytest.raises(AttributeError):
        quantity.value = 4.0  # type: ignore[misc]
    assert not hasattr(quantity, "__dict__")


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("", "a quantity is missing here", "write e.g. `3 t`"),
        ("t", "`t` does not start with a number", "write number, space, unit: e.g. `3 t`"),
        ("1,200 t", "the number in `1,200 t` cannot be read", "without separators: `1200 t`"),
        ("1，200 t", "the number in `1,200 t` cannot be read", "without separators: `1200 t`"),
        ("1,200,000.5 t", "cannot be read", "write it without separators: `1200000.5 t`"),
        ("3,5 t", "the number in `3,5 t` cannot be read", "write a decimal point: `3.5 t`"),
        ("3,5 t,dry", "the number in `3,5 t,dry` cannot be read", "write a decimal point: `3.5 t,dry`"),
        ("1 200 t", "the number in `1 200 t` cannot be read", "e.g. `1200 t`"),
        ("3-5 t", "the number in `3-5 t` cannot be read", "one number"),
        ("1.2.3 t", "the number in `1.2.3 t` cannot be read", "one number"),
        ("12:30", "the number in `12:30` cannot be read", "one number"),
        ("10³ t", "`0³` is not read as a power", "write e.g. `1e3 t`"),
        (".nan", "`.nan` is not a finite number", "write `unlimited` for no limit"),
        ("inf kt/a", "`inf kt/a` is not a finite number", "write `unlimited` for no limit"),
        (math.nan, "`nan` is not a finite number", "write `unlimited` for no limit"),
        (-math.inf, "`-inf` is not a finite number", "write `unlimited` for no limit"),
        ("1e400 t", "a number this large is not a finite number", "unlimited"),
        (10**400, "a number this large is not a finite number", "unlimited"),
        ("1.1e30 t", "a number above 1e30 is too large", "check the exponent or the unit"),
        ("1e31 t", "a number above 1e30 is too large", "check the exponent or the unit"),
        ("1e-400 t", "`1e-400` is too small to be told from zero", "check the exponent"),
        ("3" + " " * 199 + "t", "a text of 201 characters is no quantity", "write e.g. `3 t`"),
        ("9" * 300, "a text of 300 characters is no quantity", "write e.g. `3 t`"),
        (True, "a quantity is needed here, not `true`", "write e.g. `3 t`"),
        (None, "a quantity is needed here, not nothing", "write e.g. `3 t`"),
        (["3 t"], "a quantity is needed here, not a list or a map", "write e.g. `3 t`"),
        ("3 t CaO", "`CaO` behind the unit is not part of a quantity", "write `3 t`"),
        ("3 tonn", "unknown unit `tonn`", "did you mean"),
        ("3 tons", "unknown unit `tons`", "did you mean `t`?"),
        ("3 KWH", "unknown unit `KWH`", "did you mean `kWh`?"),
        ("3 t/yr", "unknown unit `yr`", "did you mean `a`?"),
        ("3 $/t", "unknown unit `$`", "did you mean `USD`?"),
        ("3 ￥", "unknown unit `¥`", "did you mean `CNY`?"),
        ("3 xyzzy", "unknown unit `xyzzy`", "`parkloop units` lists all units"),
        ("200 °C", "unknown unit `°C`", "temperatures are no quantities here"),
        ("200 ℃", "unknown unit `°C`", "temperatures are no quantities here"),
        ("200 degC", "unknown unit `degC`", "temperatures are no quantities here"),
        ("5 亿", "the unit behind `亿` is missing", "write e.g. `亿t`"),
        ("3 CNY/t·km", "`CNY/t·km` can be read in two ways", "write `CNY/(t·km)`"),
        ("3 t//a", "`t//a` cannot be read as a unit", "write e.g. `t/a`"),
        ("3 (t", "`(t` cannot be read as a unit", "write e.g. `t/a`"),
        ("3 t^9", "`t^9` cannot be read as a unit", "write e.g. `t/a`"),
        ("3 t/tce" + "/t" * 28, "cannot be read as a unit", "write e.g. `t/a`"),
        ("3 t" + "/t" * 50, "cannot be read as a unit", "write e.g. `t/a`"),
        ("3 亿t^3·亿t^3·亿t^3·亿t^3·亿t^3", "is out of all proportion", "use fewer powers"),
    ],
)
def test_what_is_no_quantity_is_refused_with_a_mend(text: object, what: str, mend: str) -> None:
    said_what, said_mend = refused(text)
    assert what in said_what
    assert mend in said_mend


@pytest.mark.parametrize("unit", ["mt", "ms", "ts", "kWhs", "are", "Pa", "y", "C", "kt年", "万%"])
def test_no_unit_comes_about_by_prefix_plural_or_accident(unit: str) -> None:
    assert refused(f"3 {unit}")[0].startswith("unknown unit")


@pytest.mark.parametrize(
    ("text", "unit", "what", "mend"),
    [
        ("3 kWh", "t", "a mass (t) is needed here, but `3 kWh` is an energy", "write e.g. `3 t`"),
        ("3", "t", "the unit is missing in `3`", "write e.g. `3 t`"),
        ("3 t", "1", "a pure number is needed here, but `3 t` is a mass", "write e.g. `3`"),
        ("3 t", "%", "a pure number (%) is needed here, but `3 t` is a mass", "write e.g. `3 %`"),
        (
            "3 USD",
            "CNY",
            "an amount of money (CNY) is needed here, but `3 USD` is an amount of US dollars",
            "write it in CNY: no rate of exchange is stated for it",
        ),
        ("3 USD", "t", "a mass (t) is needed here, but `3 USD` is an amount of US dollars", "write e.g. `3 t`"),
        (
            "3 kg/m3",
            "kg/Nm3",
            "a mass/normal volume (kg/Nm3) is needed here, but `3 kg/m3` is a mass/volume",
            "Nm3 is gas at 0 °C and 101.325 kPa, m3 is any volume: use one of them",
        ),
        (
            "3 MW",
            "MWh",
            "an energy (MWh) is needed here, but `3 MW` is a power",
            "write e.g. `3 MWh`",
        ),
    ],
)
def test_a_quantity_of_the_wrong_kind_says_what_it_is_and_what_is_needed(
    text: str, unit: str, what: str, mend: str
) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text).to(unit)
    assert (caught.value.what, caught.value.mend) == (what, mend)
    assert str(caught.value) == f"{what}; {mend}"


# ---------------------------------------------------------------- arithmetic


@given(st.floats(-1e30, 1e30).filter(lambda x: x == 0 or abs(x) > 1e-300), st.sampled_from([*TABLE]))
def test_a_quantity_written_out_is_read_back_as_itself(value: float, unit: str) -> None:
    quantity = Quantity(value, unit, float(units._unit(unit).factor), TABLE[unit])
    assert parse_quantity(str(quantity)) == quantity


@given(st.floats(1e-9, 1e12), st.sampled_from([*TABLE]), st.randoms(use_true_random=False))
def test_conversion_there_and_back_changes_nothing(value: float, unit: str, random: object) -> None:
    siblings = [other for other, dimension in TABLE.items() if dimension == TABLE[unit]]
    other = random.choice(siblings)  # type: ignore[attr-defined]
    assert convert(convert(value, unit, other), other, unit) == pytest.approx(value, rel=1e-15)


def test_ordinary_conversions_are_exact() -> None:
    assert convert(100, "kt/a", "t/a") == 100_000
    assert convert(3, "MWh", "kWh") == 3000
    assert convert(0.1, "Mt", "kt") == 100
    assert convert(1, "tce", "MWh") == 8.141


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,3} ?[tkgMWh/a·()^²万亿%1-9 ]{0,12}"))
def test_any_text_is_either_a_finite_quantity_or_refused(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except QuantityError as error:
        assert error.what and error.mend
    else:
        assert math.isfinite(quantity.value * quantity.factor)
        assert quantity.to(quantity.unit) == quantity.value


# ---------------------------------------------------------------- table and pint


def test_the_table_holds_exactly_what_pint_computes() -> None:
    """After a change of units: `python -m parkloop.flows.units`."""
    assert units._TABLE.read_text(encoding="utf-8") == units._table_text()


def test_the_table_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_TABLE", tmp_path / "table.json")
    units.generate_table()
    assert (tmp_path / "table.json").read_text(encoding="utf-8") == units._table_text()


@pytest.mark.parametrize("path", [*CASE_FILES, *LONG_FILES])
def test_the_table_has_all_units_of_the_shipped_cases(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading pint takes longer than reading most of them."""
    for cached in (units._unit, units._meaning, units._ratio):
        cached.cache_clear()
    monkeypatch.setattr(units, "_computed", lambda text: pytest.fail(f"{text} is not in the table"))
    build_network(read_case(CASES / path))


SAME_IN_PINT = "mg g kg kJ MJ GJ TJ PJ Wh kWh MWh GWh TWh W kW MW GW min s mm cm m km ha 1"
PINT_FOR = dict(zip(SAME_IN_PINT.split(), SAME_IN_PINT.split(), strict=True)) | {
    "t": "tonne",
    "kt": "(1e3 tonne)",
    "Mt": "(1e6 tonne)",
    "Gt": "(1e9 tonne)",
    "kcal": "(4.1868 kJ)",
    "tce": "(29.3076 GJ)",
    "kgce": "(29.3076 MJ)",
    "a": "(8760 hour)",
    "d": "day",
    "h": "hour",
    "L": "liter",
    "mu": "(hectare / 15)",
    "m2": "m**2",
    "m3": "m**3",
}


def test_our_definitions_agree_with_those_that_pint_ships() -> None:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    compared = 0
    for expression in TABLE:
        parts = expression.split("/")
        if PINT_FOR.keys() >= set(parts):
            theirs = registry("/".join(PINT_FOR[part] for part in parts))
            factor = (theirs / registry(_base_of(expression))).to("").magnitude
            assert factor == pytest.approx(float(units._unit(expression).factor)), expression
            compared += 1
    assert compared > 300


def _base_of(expression: str) -> str:
    """Write the product of our base units that an expression is measured in, for pint."""
    bases = {"mass": "tonne", "energy": "GJ", "time": "(8760 hour)", "length": "m"}
    bases |= {"area": "m**2", "volume": "m**3", "": "1", "1": "1"}
    above, _, below = unit_dimension(expression).partition("/")
    return f"{bases[above]}/{bases[below]}"


def test_usual_quantities_are_read_without_importing_pint() -> None:
    code = (
        "import sys; from parkloop.flows.units import parse_quantity\n"
        "parse_quantity('13.2 MWh/t').to('GJ/t'); parse_quantity('120 万t/a')\n"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unusual_expression_is_computed_by_pint() -> None:
    assert "J/(kg·d)" not in TABLE
    assert convert(1, "kJ/(kg·d)", "GJ/t/a") == pytest.approx(0.365)


def test_every_known_unit_has_a_meaning_and_can_be_used() -> None:
    for name, meaning in known_units():
        unit = name.replace("…", "t")
        assert meaning
        assert convert(1, unit, unit) == 1
    assert ("tce", "tonne of standard coal, 29.3076 GJ") in known_units()
    multiples = {"千": "1,000", "万": "10,000", "百万": "1,000,000", "千万": "10,000,000", "亿": "100,000,000"}
    multiples |= {"万亿": "1,000,000,000,000"}
    assert known_units()[-6:] == [
        (f"{name}…", f"{times} times the unit behind it") for name, times in multiples.items()
    ]
    assert [convert(1, f"{name}km", "km") for name in ("千", "百万", "千万")] == [1e3, 1e6, 1e7]
