"""What `docs/language.md` says can be asked of a park, each on a cement works with figures by hand.

A kiln makes 100 t of clinker of limestone (1.25 t a tonne) or slag (1 t a tonne, at most 40 t come), and burns 0.1 t of
coal and 0.05 MWh of power a tonne, half of it of wind at most. Limestone costs 10 CNY/t, slag 20 CNY/t: 12.5 or 20
CNY a tonne of clinker. Coal emits 2 t a tonne.
"""

import pytest

from hello import network_of
from parkloop.reports.run import run_case

CASE = """
case: works
title: {en: Works, zh: 厂}
materials:
  limestone: {name: {en: Limestone, zh: 石}, class: raw}
  slag: {name: {en: Slag, zh: 渣}, class: byproduct}
  coal: {name: {en: Coal, zh: 煤}, class: raw, properties: {heat: 29.3076 GJ/t}}
  wind: {name: {en: Wind, zh: 风电}, unit: MWh, class: utility}
  grid: {name: {en: Grid, zh: 网电}, unit: MWh, class: utility}
  water: {name: {en: Water, zh: 水}, class: raw}
  co2: {name: {en: CO2, zh: 碳}, class: emission}
  clinker: {name: {en: Clinker, zh: 熟料}}
processes:
  kiln:
    name: {en: Kiln, zh: 窑}
    per: 1 t clinker
    inputs:
      coal: 0.1 t
      water: 0.3 t
      lime: {need: 0.5 t CaO, from: {limestone: {gives: 0.4}, slag: {gives: 0.5}}}
      power: {need: 0.05 MWh, from: {grid: {gives: 1}, wind: {gives: 1, max_share: 50 %}}}
    outputs: {co2: 0.2 t}
    closure: {gap: 60 %, because: water and gas are left out}
parks:
  works:
    name: {en: Works, zh: 厂}
    plants: {kiln: {capacity: 100 t/a}}
    buy:
      limestone: {price: 10 CNY/t}
      slag: {price: 20 CNY/t, max: 40 t/a}
      coal: {price: 500 CNY/t}
      water: {price: 1 CNY/t}
      grid: {price: 400 CNY/MWh}
      wind: {price: 500 CNY/MWh}
    sell: {clinker: {price: 300 CNY/t}}
indicators:
  co2: {name: {en: CO2, zh: 碳}, unit: t, factors: {discarded: {co2: 1 t/t}}}
  energy: {name: {en: Energy, zh: 能}, unit: tce, factors: {bought: {property.heat: 1, grid: 0.1229 tce/MWh}}}
  wind: {name: {en: W, zh: 风}, ratio: {of: {used: {wind: 1 MWh/MWh}}, to: {used: {wind: 1 MWh/MWh, grid: 1 MWh/MWh}}}}
  recycled: {name: {en: R, zh: 再}, ratio: {of: {used: {slag: 1 t/t}}, to: {used: {slag: 1 t/t, limestone: 1 t/t}}}}
  slag: {name: {en: S, zh: 渣}, unit: t, factors: {used: {slag: 1 t/t}}}
  clinker: {name: {en: C, zh: 熟}, unit: t, factors: {made: {clinker: 1 t/t}}}
objective: {maximise: profit}
"""


def value(policy, name):
    """Return an indicator of the answer under one policy."""
    result = run_case(network_of(CASE + f"policies: {{p: {policy}}}\n"))
    assert result.optimal, result.reason
    assert [answer.name for answer in result.policies] == ["p"], "every policy is in the answer"
    found = {key: measure.value for key, measure in result.indicators.items()}
    assert found["profit"] == pytest.approx(found["revenue"] - found["cost"])
    return found[name]


@pytest.mark.parametrize(
    ("policy", "name", "expected"),
    [
        # a share of renewable power of 30 % is met and no more, as wind is dearer
        ("{indicator: wind, min: 30 %}", "wind", 0.3),
        # recycled content of 20 %: s / (s + 1.25 (100 − s)) = 0.2 gives s = 25 / 1.05
        ("{indicator: recycled, min: 20 %}", "slag", 25 / 1.05),
        # a quota of water of 24 t lets 80 t be made
        ("{flow: {bought: {water: 1 t/t}}, unit: t, max: 24 t/a}", "clinker", 80),
        # a quota of energy: 0.1 tce of coal and 0.05 · 0.1229 tce of grid power a tonne; wind spares half of the latter
        ("{indicator: energy, max: 5.153625 tce/a}", "clinker", 50),
        # at most 3 GJ of coal a tonne of clinker is kept (2.93076); at most 2.9 stops the kiln
        ("{flow: {used: {coal: 29.3076 GJ/t}, made: {clinker: -3 GJ/t}}, unit: GJ, max: 0 GJ/a}", "clinker", 100),
        ("{flow: {used: {coal: 29.3076 GJ/t}, made: {clinker: -2.9 GJ/t}}, unit: GJ, max: 0 GJ/a}", "clinker", 0),
        # relief of 8 CNY on each tonne of clinker made of slag (1 t of it): 20 − 8 < 12.5, so all 40 t come
        ("{flow: {used: {slag: 1 t/t}}, unit: t, price: -8 CNY/t}", "slag", 40),
        ("{flow: {used: {slag: 1 t/t}}, unit: t, price: -7 CNY/t}", "slag", 0),
        # a tonne earns 300 − 12.5 − 50 − 0.3 − 20 = 217.2 CNY and emits 0.2 t: at 500 CNY/t it is made, at 1100 not
        ("{indicator: co2, free: 10 t/a, steps: [{price: 500 CNY/t, max: 4 t/a}, {price: 1100 CNY/t}]}", "clinker", 70),
        # a soft floor: missing it costs 5 CNY a tonne of slag, slag 7.5 CNY more than limestone
        ("{indicator: slag, min: 10 t/a, shortage: 5 CNY/t}", "slag", 0),
        ("{indicator: slag, min: 10 t/a, shortage: 8 CNY/t}", "slag", 10),
    ],
)
def test_a_policy_of_the_language_page_does_what_it_says(policy, name, expected):
    assert value(policy, name) == pytest.approx(expected, abs=1e-6)
