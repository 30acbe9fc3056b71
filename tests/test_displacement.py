"""By-products that stand in for virgin material: what is displaced, recycled content, avoided emissions.

A carbide works makes slag, a kiln of another company burns limestone or slag to clinker, and lime may be bought too.
A tonne of clinker needs 0.655 t of CaO: 1.25 t of limestone at 0.524, or 1 t of slag at 0.655, at most 40 %.
"""

import pytest

from hello import network_of
from parkloop.flows.problems import InputError
from parkloop.reports.run import run_case

CASE = """
case: slag
title: {en: Slag, zh: 渣}
materials:
  rock: {name: {en: Rock, zh: 石}, class: environment}
  limestone: {name: {en: Limestone, zh: 石灰石}, class: raw}
  slag:
    name: {en: Slag, zh: 电石渣}
    class: byproduct
    displaces: {limestone: {value: 1.25 t/t, source: lime, note: by CaO}, coal: 20 kg/t}
    sources: {lime: {cite: by CaO, access: computed}}
  coal: {name: {en: Coal, zh: 煤}, class: raw}
  carbide: {name: {en: Carbide, zh: 电石}}
  clinker: {name: {en: Clinker, zh: 熟料}}
  fill: {name: {en: Fill, zh: 填料}, class: waste}
processes:
  furnace: {name: {en: F, zh: 炉}, per: 1 t carbide, inputs: {rock: 2 t}, outputs: {slag: 1 t}}
  kiln:
    name: {en: K, zh: 窑}
    per: 1 t clinker
    inputs:
      lime:
        need: 0.655 t CaO
        from:
          limestone: {gives: 0.524}
          slag: {gives: 0.655, max_share: 40 %}
    closure: {gap: 30 %, because: the gas is left out}
  burial: {name: {en: B, zh: 埋}, class: treatment, per: 1 t slag, inputs: {slag: 1 t}, outputs: {fill: 1 t}}
parks:
  works:
    name: {en: Works, zh: 厂}
    companies: {carbon: {en: C}, cement: {en: K}}
    plants:
      furnace: {company: carbon, capacity: 100 t/a, run: {min: 100 t/a}}
      burial: {company: carbon, capacity: unlimited}
      kiln: {company: cement, capacity: 100 t/a, run: {min: 100 t/a}}
    buy: {limestone: {price: 100 CNY/t}}
    sell: {clinker: {price: 300 CNY/t}, carbide: {price: 1 CNY/t}}
    discard: {fill: {cost: 1 CNY/t}}
indicators:
  virgin_avoided: {name: {en: V, zh: 替}, unit: t, factors: {displaced: {limestone: 1 t/t}}}
  raw_avoided: {name: {en: R, zh: 替}, unit: t, factors: {displaced: {class.raw: 1 t/t}}}
  co2_avoided: {name: {en: A, zh: 减}, unit: t, factors: {displaced: {limestone: 0.44 t/t}}}
  displacement:
    name: {en: D, zh: 替代率}
    ratio: {of: {displaced: {limestone: 1 t/t}}, to: {displaced: {limestone: 1 t/t}, used: {limestone: 1 t/t}}}
  recycled:
    name: {en: Recycled content, zh: 再生料占比}
    ratio: {of: {used: {slag: 1 t/t}}, to: {used: {slag: 1 t/t, limestone: 1 t/t}}}
objective: {maximise: profit}
"""


def value(result, name):
    """Return an indicator."""
    return result.indicators[name].value


def test_what_production_uses_displaces_virgin_material():
    """40 t of slag burn (40 %), 60 t are treated, which displaces nothing; 75 t of limestone are burnt.

    40 · 1.25 = 50 t of limestone and 40 · 0.02 = 0.8 t of coal are displaced; 22 t of CO2 are avoided. Half of what
    limestone would do is displaced: 50 / (50 + 75) = 40 %. Recycled content by mass: 40 / 115.
    """
    result = run_case(network_of(CASE))
    assert value(result, "virgin_avoided") == pytest.approx(50)
    assert value(result, "raw_avoided") == pytest.approx(50.8)
    assert value(result, "co2_avoided") == pytest.approx(22)
    assert value(result, "displacement") == pytest.approx(0.4)
    assert value(result, "recycled") == pytest.approx(40 / 115)


def test_what_a_plant_uses_outside_slots_and_of_its_own_company_counts_too():
    """The furnace itself grinds 0.1 t of slag a tonne into its charge: 10 t · 1.25 = 12.5 t of limestone more."""
    case = CASE.replace("inputs: {rock: 2 t}", "inputs: {rock: 1.9 t, slag: 0.1 t}")
    assert value(run_case(network_of(case)), "virgin_avoided") == pytest.approx(62.5)


def test_what_is_bought_displaces_as_well():
    """The kiln alone, and slag on the market at 1 CNY: 40 t of it are burnt."""
    case = CASE.replace("      furnace: {company: carbon, capacity: 100 t/a, run: {min: 100 t/a}}\n", "")
    case = case.replace("buy: {", "buy: {slag: {price: 1 CNY/t, company: [cement]}, ")
    for gone in (
        "      burial: {company: carbon, capacity: unlimited}\n",
        ", carbide: {price: 1 CNY/t}",
        "    discard: {fill: {cost: 1 CNY/t}}\n",
    ):
        case = case.replace(gone, "")
    assert value(run_case(network_of(case)), "virgin_avoided") == pytest.approx(50)


def test_displacement_can_be_paid_for_and_bounded():
    """A tonne of slag costs 140 CNY on the way and saves 126 CNY of limestone and burial: 25 CNY pay for it."""
    link = "    links: {way: {material: slag, from: carbon, to: cement, cost: 140 CNY/t}}\n"
    case = CASE.replace("    discard: {f", link + "    discard: {f")
    assert value(run_case(network_of(case)), "virgin_avoided") == pytest.approx(0)
    floor = case + "policies: {floor: {indicator: displacement, min: 20 %}}\n"
    assert value(run_case(network_of(floor)), "displacement") == pytest.approx(0.2)
    relief = case + "policies: {relief: {flow: {displaced: {limestone: 1 t/t}}, unit: t, price: -20 CNY/t}}\n"
    assert value(run_case(network_of(relief)), "virgin_avoided") == pytest.approx(50)


@pytest.mark.parametrize(
    ("old", "new", "what", "mend", "at"),
    [
        ("limestone: {value: 1.25", "limestome: {value: 1.25", "material `limestome`", "limestone", "limestome"),
        ("coal: 20 kg/t}", "coal: 20 kg}", "is needed here", "t/t", "20 kg}"),
        ("coal: 20 kg/t}", "coal: 0 kg/t}", "displaces nothing", "above zero", "0 kg/t"),
        ("coal: 20 kg/t}", "slag: 1 t/t}", "cannot stand in for itself", "virgin", "slag: 1 t/t"),
        ("displaced: {limestone: 0.44 t/t}", "displaced: {lime: 0.44 t/t}", "material `lime`", "lime", "lime: 0.44"),
    ],
)  # fmt: skip
def test_mistakes_in_displacement_are_named_with_their_place(old, new, what, mend, at):
    assert CASE.count(old) == 1
    case = CASE.replace(old, new)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    position = found[0].position
    assert case.splitlines()[position.line - 1][position.column - 1 :].startswith(at)
    assert mend in found[0].mend
