"""Norms of standards beside recipes: a kiln that burns coal, worked by hand."""

from __future__ import annotations

import pytest

from hello import edit
from parkloop.flows.case import CaseTree
from parkloop.flows.document import parse
from parkloop.flows.norms import Assessment, assess
from parkloop.flows.problems import Findings, InputError
from parkloop.flows.recipes import recipes

TEXT = """
materials:
  coal: {name: {en: Coal}, class: raw, properties: {heating_value: 29.3076 GJ/t}}
  power: {name: {en: Power}, class: utility, unit: MWh, properties: {heating_value: 3.6 GJ/MWh}}
  gas: {name: {en: Gas}, class: byproduct, properties: {heating_value: 2.93076 GJ/t}}
  char: {name: {en: Char}, properties: {heating_value: 14.6538 GJ/t}}
  peat: {name: {en: Peat}, class: raw, properties: {heating_value: 14.6538 GJ/t}}
processes:
  kiln:
    name: {en: Kiln}
    per: 1 t char
    inputs:
      power: 100 kWh
      heat:
        need: 1 GJ heat
        from:
          coal: {gives: 5 GJ/t}
          peat: {gives: 2 GJ/t, max_share: 50 %}
    outputs: {gas: 1 t}
    closure: {gap: 100 %, because: worked by hand}
    norms:
      energy: {standard: GB 1, advanced: 100 kgce/t, entry: 150 kgce/t, limit: 180 kgce/t}
"""
NORM = "energy: {standard: GB 1, advanced: 100 kgce/t, entry: 150 kgce/t, limit: 180 kgce/t}"


def assessed(text: str = TEXT) -> list[Assessment]:
    shelf = CaseTree(parse(text.encode(), "kiln.yaml"), ("kiln.yaml",)).shelf()
    findings = Findings()
    found = recipes(shelf, findings)
    findings.raise_if_errors()
    return assess(shelf, found["kiln"])


def test_energy_is_what_is_used_less_what_by_products_carry() -> None:
    """Coal alone: 0.2 t of coal is 200 kgce; half of the heat from peat: 0.1 t coal and 0.25 t peat, 100 + 125 kgce.

    Power is 0.36 GJ, 12.284 kgce; the gas takes 100 kgce away. So 112.284 to 137.284, the entry level is met.
    """
    (found,) = assessed()
    assert (found.least, found.most) == pytest.approx((112.284, 137.284), abs=1e-3)
    assert (found.unit, found.verdict) == ("kgce/t", "entry")


def test_the_product_is_deducted_where_the_norm_says_so_and_what_is_excluded_does_not_count() -> None:
    """500 kgce of char less: -387.7 to -362.7. Without coal and gas: 12.3 with none of the peat, 137.3 with it."""
    (net,) = assessed(edit("{standard: GB 1,", "{standard: GB 1, net_of_product: true,", TEXT))
    assert (net.least, net.most) == pytest.approx((-387.716, -362.716), abs=1e-3)
    (without,) = assessed(edit("{standard: GB 1,", "{standard: GB 1, excludes: [coal, gas],", TEXT))
    assert (without.least, without.most) == pytest.approx((12.284, 137.284), abs=1e-3)


@pytest.mark.parametrize(
    ("level", "verdict"), [("140 kgce/t", "limit"), ("120 kgce/t", "some over"), ("0.1 tce/t", "over")]
)
def test_a_norm_of_one_level_is_met_or_missed(level: str, verdict: str) -> None:
    (found,) = assessed(edit(NORM, f"energy: {{standard: GB 1, limit: {level}}}", TEXT))
    assert found.verdict == verdict


def test_a_norm_may_speak_of_one_material_in_its_own_unit() -> None:
    """100 kWh a tonne, of 90 allowed."""
    (found,) = assessed(edit(NORM, "power: {standard: GB 1, of: power, limit: 90 kWh/t}", TEXT))
    assert (found.least, found.most, found.unit, found.verdict) == (
        pytest.approx(100),
        pytest.approx(100),
        "kWh/t",
        "over",
    )


def test_a_heating_value_that_is_no_energy_is_refused_at_its_line() -> None:
    with pytest.raises(InputError) as caught:
        assessed(edit("heating_value: 2.93076 GJ/t", "heating_value: 3 t/t", TEXT))
    (problem,) = caught.value.problems
    assert "`3 t/t`" in problem.what
    assert "gas: {" in TEXT.splitlines()[problem.position.line - 1]


@pytest.mark.parametrize(
    ("norm", "what", "mend"),
    [
        ("{standard: GB 1}", "a norm without a level allows anything", "add `limit`"),
        ("{standard: GB 1, of: powr, limit: 90 kWh/t}", "unknown material `powr`", "'power'"),
        ("{standard: GB 1, excludes: [coall], limit: 90 kgce/t}", "unknown material `coall`", "'coal'"),
        ("{standard: GB 1, limit: 90 kgce/t, source: gb}", "there is no source `gb` here", ""),
        ("{standard: GB 1, limit: 90 kgce}", "", "write levels as GJ per t of product"),
        (
            "{standard: GB 1, advanced: 90 kgce/t, limit: 80 kgce/t}",
            "allows less at its loosest level",
            "at most as large",
        ),
    ],
)
def test_a_norm_that_makes_no_sense_is_refused_at_its_line(norm: str, what: str, mend: str) -> None:
    text = edit(NORM, f"energy: {norm}", TEXT)
    with pytest.raises(InputError) as caught:
        assessed(text)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert mend in problem.mend
    assert "energy: {" in text.splitlines()[problem.position.line - 1]
