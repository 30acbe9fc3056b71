"""parkloop against an oracle: the same case, answered by two programs that share no line.

`oracle` is itself tested first, on cases worked out by hand. Then both answer the cases that
`strategies` draws: `PARKLOOP_EXAMPLES=5000` draws that many, other ones each time.
"""

import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from oracle import OracleAnswer, distance, solve
from oracle_case import Words
from oracle_figures import number
from oracle_load import ordered, stepped
from oracle_scenarios import composed
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.problems import InputError
from parkloop.reports.run import run_case
from strategies import PHASES, cases, chosen, to_yaml

NAME = {"en": "Thing", "zh": "物"}
CLOSURE = {"gap": "100 %", "because": "worked by hand"}
MANY = os.environ.get("PARKLOOP_EXAMPLES")


def a_case(materials: dict[str, str], processes: dict[str, Any], park: dict[str, Any], **more: Any) -> Any:
    """A case of one park from materials (class by name, counted in t) and processes."""
    return {
        "case": "hand",
        "title": NAME,
        "money": "CNY",
        "materials": {name: {"name": NAME, "class": kind} for name, kind in materials.items()},
        "processes": {name: {"name": NAME, "closure": CLOSURE, **block} for name, block in processes.items()},
        "parks": {"park": {"name": NAME, **park}},
        "objective": {"maximise": "profit"},
        **more,
    }


def slag_park(**more: Any) -> Any:
    """A furnace makes metal and 0.5 t of slag with it; a mill of another company grinds the slag.

    Metal earns 100 CNY/t, ore costs 20 CNY/t of metal; slag costs 10 CNY/t to dump, and earns 30 CNY/t
    when ground, where bought clay earns 30 − 25 CNY/t. The furnace makes 90 t, the mill 60 t at most.
    """
    return a_case(
        {"ore": "raw", "clay": "raw", "metal": "product", "filler": "product", "slag": "byproduct"},
        {
            "furnace": {"per": "1 t metal", "inputs": {"ore": "2 t"}, "outputs": {"slag": "0.5 t"}},
            "mill": {
                "per": "1 t filler",
                "inputs": {"grit": {"need": "1 t grit", "from": {"slag": {"gives": 1.0}, "clay": {"gives": 1.0}}}},
            },
        },
        {
            "companies": {"smelter": NAME, "builder": NAME},
            "plants": {
                "furnace": {"company": "smelter", "capacity": "100 t/a", "availability": "90 %"},
                "mill": {"company": "builder", "capacity": "60 t/a"},
            },
            "buy": {"ore": {"price": "10 CNY/t"}, "clay": {"price": "25 CNY/t"}},
            "sell": {"metal": {"price": "100 CNY/t"}, "filler": {"price": "30 CNY/t"}},
            "discard": {"slag": {"cost": "10 CNY/t"}},
        },
        **more,
    )


class TestOracle:
    """The oracle against cases worked by hand."""

    @pytest.mark.parametrize(
        ("policy", "loss"),
        [
            ({"max": "30 t/a", "surplus": "7 CNY/t"}, 15 * 7),
            ({"min": "50 t/a", "shortage": "7 CNY/t"}, 5 * 7),
            ({"price": "7 CNY/t", "free": "30 t/a"}, 15 * 7),
            ({"price": "7 CNY/t", "free": "60 t/a"}, -15 * 7),
            ({"price": "7 CNY/t", "free": "60 t/a", "sell": False}, 0),
            ({"steps": [{"price": "2 CNY/t", "max": "20 t/a"}, {"price": "7 CNY/t"}], "free": "10 t/a"}, 40 + 15 * 7),
        ],
    )
    @pytest.mark.parametrize("each", [False, True])
    def test_soft_bounds_and_allowances_on_the_slag_made(self, policy: Any, loss: float, each: bool) -> None:
        """45 t of slag are made; no price here is dear enough to stop the furnace (80 + 12.5 CNY per 0.5 t)."""
        block = {"flow": {"made": {"slag": "1 t/t"}}, "unit": "t", **policy, "each_period": each}
        periods = {"h": {"duration": "0.25 a", "weight": 2}, "q": {"duration": "0.5 a"}}
        assert solve(slag_park(policies={"p": block}, periods=periods)).objective == pytest.approx(8625 - loss)

    def test_a_weighted_sum_prices_what_it_names(self) -> None:
        """Cost 2175 CNY at least 90 t of metal: and 3 CNY for each of 45 t of slag."""
        slag = {"name": NAME, "unit": "t", "factors": {"made": {"slag": "1 t/t"}}}
        spec = slag_park(indicators={"slag_made": slag}, objective={"minimise": {"cost": 1, "slag_made": "3 CNY/t"}})
        spec["parks"]["park"]["sell"]["metal"]["min"] = "90 t/a"
        spec["parks"]["park"]["discard"]["slag"]["cost"] = "0 CNY/t"
        assert solve(spec).objective == pytest.approx(1800 + 135)

    def test_slag_passes_to_the_neighbour(self) -> None:
        """90·(100 − 20) + 60·30 − (60 − 45)·25 = 7200 + 1800 − 375 = 8625."""
        spec = slag_park(
            indicators={"passed": {"name": NAME, "unit": "t", "factors": {"exchanged": {"slag": "1 t/t"}}}}
        )
        answer = solve(spec)
        assert answer.status == "optimal"
        assert answer.objective == pytest.approx(8625)
        assert answer.indicators == pytest.approx(
            {"revenue": 10800, "cost": 2175, "profit": 8625, "value_added": 8625, "passed": 45}
        )

    @pytest.mark.parametrize("level", ["none", "company"])
    def test_slag_is_dumped_where_it_may_not_travel(self, level: str) -> None:
        """90·(100 − 20) − 45·10 + 60·(30 − 25) = 7200 − 450 + 300 = 7050."""
        assert solve(slag_park(exchange=level)).objective == pytest.approx(7050)

    def test_a_maximum_share_makes_room_for_clay(self) -> None:
        """Half of 60 t is slag: 7200 − (45 − 30)·10 + 60·30 − 30·25 = 8100."""
        spec = slag_park()
        spec["processes"]["mill"]["inputs"]["grit"]["from"]["slag"]["max_share"] = "50 %"
        assert solve(spec).objective == pytest.approx(8100)

    def test_a_composition_limit_dilutes_the_slag(self) -> None:
        """4 % Cl in slag, 1 % in clay, at most 2 % in the blend: a third is slag, 20 of 60 t.

        7200 − 25·10 + 60·30 − 40·25 = 7750.
        """
        spec = slag_park()
        spec["processes"]["mill"]["inputs"]["grit"]["limits"] = {"Cl": {"max": "2 %"}}
        for name, share in {"slag": 4, "clay": 1}.items():
            spec["materials"][name]["composition"] = {"Cl": f"{share} %", "inert": f"{100 - share} %"}
        assert solve(spec).objective == pytest.approx(7750)

    def test_steps_are_taken_while_they_pay(self) -> None:
        """Ore of 180 t: 100 t at 10, 50 t at 40, the rest at 60 does not pay (2·60 > 100 + 25 − 5).

        A furnace tonne earns 100 and spares 0.5 t of clay at 25. 75 t of metal, 37.5 t of slag:
        7500 − 1000 − 2000 + 1800 − 22.5·25 = 5737.5.
        """
        spec = slag_park()
        spec["parks"]["park"]["buy"]["ore"] = {
            "steps": [
                {"price": "10 CNY/t", "max": "100 t/a"},
                {"price": "40 CNY/t", "max": "50 t/a"},
                {"price": "60 CNY/t"},
            ]
        }
        assert solve(spec).objective == pytest.approx(5737.5)

    def test_a_ratio_policy_forces_reuse(self) -> None:
        """Without a pass, reuse of slag is 0; a floor of 80 % leaves only the idle furnace: 60·5 = 300.

        With passing, 100 % are reused and the floor costs nothing.
        """
        reuse = {
            "of": {"made": {"class.byproduct": "1 t/t"}, "discarded": {"slag": "-1 t/t"}},
            "to": {"made": {"class.byproduct": "1 t/t"}},
        }
        floor = {
            "indicators": {"reuse": {"name": NAME, "ratio": reuse}},
            "policies": {"floor": {"indicator": "reuse", "min": "80 %"}},
        }
        kept = solve(slag_park(exchange="none", **floor))
        assert kept.objective == pytest.approx(300)
        assert kept.indicators["reuse"] is None
        passed = solve(slag_park(**floor))
        assert passed.objective == pytest.approx(8625)
        assert passed.indicators["reuse"] == pytest.approx(1)

    def test_a_ratio_policy_bounds_the_blend(self) -> None:
        """Dumping at most 20 % of 0.5 t per t, 30 t of slag in demand: 37.5 t of slag, 75 t of metal.

        75·80 − 7.5·10 + 30·30 = 6825.
        """
        spec = slag_park(
            indicators={
                "reuse": {
                    "name": NAME,
                    "ratio": {"of": {"used": {"slag": "1 t/t"}}, "to": {"made": {"slag": "1 t/t"}}},
                }
            },
            policies={"floor": {"indicator": "reuse", "min": 0.8}},
        )
        spec["parks"]["park"]["plants"]["mill"]["capacity"] = "30 t/a"
        assert solve(spec).objective == pytest.approx(6825)

    def test_minimum_load_forces_a_loss(self) -> None:
        """Metal at 15 CNY/t loses 5 and its slag 5 more, yet the furnace makes 40 % of 90 t, 36 t.

        36·(15 − 20) − 18·10 + 60·(30 − 25) = −180 − 180 + 300 = −60. Idle it would be 300.
        """
        spec = slag_park(exchange="none")
        spec["parks"]["park"]["sell"]["metal"]["price"] = "15 CNY/t"
        assert solve(spec).objective == pytest.approx(300)
        spec["parks"]["park"]["plants"]["furnace"]["min_load"] = "40 %"
        assert solve(spec).objective == pytest.approx(-60)

    def test_periods_count_by_duration_and_weight(self) -> None:
        """8625 a year: a half year thrice and a quarter once are 1.75 a. Fixed cost: 100 t/a at 2 CNY/t, 1.75 a."""
        spec = slag_park(
            periods={"h": {"duration": "0.5 a", "weight": 3}, "q": {"duration": "0.25 a"}},
        )
        spec["parks"]["park"]["plants"]["furnace"]["fixed_cost"] = "2 CNY/t"
        answer = solve(spec)
        assert answer.objective == pytest.approx((8625 - 200) * 1.75)
        assert answer.indicators["value_added"] == pytest.approx(8625 * 1.75)

    def test_a_priced_indicator_is_paid_for(self) -> None:
        """Dumped slag at 200 CNY/t more: 0.5·210 > 80, so the furnace stops at what the mill takes (20 t of slag)."""
        spec = slag_park(
            indicators={
                "dumped": {"name": NAME, "unit": "t", "factors": {"discarded": {"tag.solid": "1 t/t"}}},
            },
            policies={"levy": {"indicator": "dumped", "price": "200 CNY/t", "parks": ["park"]}},
        )
        spec["materials"]["slag"]["tags"] = ["solid"]
        spec["parks"]["park"]["plants"]["mill"]["capacity"] = "20 t/a"
        assert solve(spec).objective == pytest.approx(40 * 80 + 20 * 30)
        spec["parks"]["park"]["plants"]["furnace"]["fix"] = "50 t/a"
        answer = solve(spec)
        assert answer.objective == pytest.approx(50 * 80 + 20 * 30 - 5 * 210)
        assert answer.indicators["value_added"] == pytest.approx(50 * 80 + 20 * 30 - 5 * 10)

    def test_a_cap_holds_over_all_periods_together(self) -> None:
        """45 t/a of slag may be made over 2 a in all, 90 t, in whichever period; its worth is the same."""
        spec = slag_park(
            periods={"first": {"duration": "1 a"}, "second": {"duration": "1 a"}},
            indicators={"slag_made": {"name": NAME, "unit": "t", "factors": {"made": {"slag": "1 t/t"}}}},
            policies={"cap": {"indicator": "slag_made", "max": "30 t/a"}},
        )
        answer = solve(spec)
        assert answer.indicators["slag_made"] == pytest.approx(60)
        assert answer.objective == pytest.approx(2 * (60 * 80 + 60 * 30 - 30 * 25))

    def test_units_of_one_dimension_are_weighed_alike(self) -> None:
        """A class selector in GJ covers what is counted in MWh: 10 MWh are 36 GJ; a property weighs by itself."""
        spec = a_case(
            {"power": "utility", "goods": "product"},
            {"shop": {"per": "2 t goods", "inputs": {"power": "1 MWh"}}},
            {
                "plants": {"shop": {"capacity": "20 t/a"}},
                "buy": {"power": {"price": "1 CNY/MWh"}},
                "sell": {"goods": {"price": "9 CNY/t"}},
            },
            indicators={
                "carbon": {"name": NAME, "unit": "t", "factors": {"bought": {"class.utility": "0.5 t/GJ"}}},
                "energy": {"name": NAME, "unit": "MWh", "factors": {"bought": {"property.heat": 2}}},
            },
        )
        spec["materials"]["power"] |= {"unit": "MWh", "properties": {"heat": "7.2 GJ/MWh"}}
        answer = solve(spec)
        assert answer.objective == pytest.approx(20 * 9 - 10)
        assert answer.indicators["carbon"] == pytest.approx(18)
        assert answer.indicators["energy"] == pytest.approx(40)

    def test_slag_goes_to_another_park_where_freight_pays(self) -> None:
        """The mill in a park of its own, 50 km away: a tonne sent costs 50·0.1 + 2 = 7, and four fifths arrive.

        It saves 10 of dumping and 0.8·25 of clay. 45 t sent, 36 t arrive, 24 t of clay, 9 t lost on the way:
        7200 − 45·7 + 60·30 − 24·25 = 8085. At most 1000 t·km are 20 t: 7200 − 140 − 250 + 1800 − 44·25 = 7510.
        """
        spec = slag_park(
            transport={"rail": {"name": NAME, "cost": "0.1 CNY/(t*km)", "adds": {"moved": "2 t/(t*km)"}}},
            routes={
                "train": {
                    **{"from": "park", "to": "city", "by": "rail", "distance": "50 km", "carries": ["slag"]},
                    **{"handling": "2 CNY/t", "loss": "20 %"},
                }
            },
            indicators={
                "moved": {"name": NAME, "unit": "t", "factors": {"shipped": {"slag": "1 t/t"}}},
                "dumped": {"name": NAME, "unit": "t", "factors": {"discarded": {"slag": "1 t/t"}}},
            },
        )
        park = spec["parks"]["park"]
        del park["companies"]
        park["plants"]["furnace"].pop("company")
        mill = {"mill": {"capacity": "60 t/a"}}
        city = {"name": NAME, "plants": mill, "buy": {"clay": park["buy"].pop("clay")}}
        spec["parks"]["city"] = {**city, "sell": {"filler": park["sell"].pop("filler")}}
        del park["plants"]["mill"]
        answer = solve(spec)
        assert answer.objective == pytest.approx(8085)
        assert answer.indicators["moved"] == pytest.approx(36 + 45 * 50 * 2)
        assert answer.indicators["dumped"] == pytest.approx(9)
        spec["transport"]["rail"]["capacity"] = "1000 t*km/a"
        assert solve(spec).objective == pytest.approx(7510)
        assert solve({**spec, "exchange": "park"}).objective == pytest.approx(7050)
        assert solve({**spec, "apart": [["city", "park"]]}).objective == pytest.approx(7050)

    def test_what_cannot_be_and_what_has_no_end(self) -> None:
        spec = slag_park()
        spec["parks"]["park"]["sell"]["metal"]["min"] = "91 t/a"
        assert solve(spec) == OracleAnswer("infeasible")
        spec = slag_park()
        spec["parks"]["park"]["plants"]["furnace"]["capacity"] = "unlimited"
        assert solve(spec) == OracleAnswer("unbounded")
        spec["parks"]["park"]["sell"]["metal"]["max"] = "10 t/a"
        assert solve(spec).status == "optimal"

    def test_its_own_answer_is_near_and_a_better_one_is_not(self) -> None:
        """The best plan meets what it told; no plan makes 4 CNY/a more."""
        told = {name: solve(slag_park()).indicators[name] for name in ("profit", "revenue")}
        assert distance(slag_park(), {"park": told}) == pytest.approx(0, abs=1e-6)
        told["profit"] = 8629.0
        assert distance(slag_park(), {"park": told}) > 1


def parkloop_answer(spec: Any, folder: Path, scenario: str = "base") -> Any:
    """Answer a case by parkloop, from its YAML on."""
    path = folder / "case.yaml"
    path.write_text(to_yaml(spec), encoding="utf-8")
    return run_case(build_network(read_case(path, scenario)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all drawn cases."""
    return tmp_path_factory.mktemp("drawn")


def test_a_former_stage_is_held_to_nothing_less_than_what_it_reached(folder: Path) -> None:
    """Each yuan of ore earns 100 CNY, but the first stage spends none: the profit is nothing, not what slack buys."""
    spec = a_case(
        {"ore": "raw", "metal": "product"},
        {"furnace": {"name": NAME, "per": "1 t metal", "inputs": {"ore": "1 t"}}},
        {
            "plants": {"furnace": {"capacity": "10 t/a"}},
            "buy": {"ore": {"price": "1 CNY/t"}},
            "sell": {"metal": {"price": "101 CNY/t"}},
        },
        objective=[{"minimise": "cost"}, {"maximise": "profit"}],
    )
    assert solve(spec).objective == pytest.approx(0, abs=1e-9)
    assert parkloop_answer(spec, folder).goal.value == pytest.approx(0, abs=1e-9)


def test_what_is_lost_of_the_opening_stock_is_paid_where_allowances_are_kept(folder: Path) -> None:
    """A tenth of 20 t is lost, 2 t at 5 CNY/t, and made up for by 2 t of sea water at 1 CNY/t: −12 CNY.

    One period that occurs once is all periods together, with a bank and without.
    """
    price = {"flow": {"discarded": {"brine": "1 t/t"}}, "unit": "t", "price": "5 CNY/t", "each_period": True}
    store = {"material": "brine", "capacity": "20 t", "initial": "20 t", "loss": "10 %/a"}
    for more in ({}, {"bank": {}}):
        spec = a_case(
            {"sea": "raw", "brine": "byproduct"},
            {"pond": {"per": "1 t brine", "inputs": {"sea": "1 t"}}},
            {
                "plants": {"pond": {"capacity": "9 t/a"}},
                "buy": {"sea": {"price": "1 CNY/t"}},
                "discard": {"brine": {"cost": "9 CNY/t"}},
                "stores": {"tank": store},
            },
            policies={"charge": {**price, **more}},
        )
        assert solve(spec).objective == pytest.approx(-12)
        assert parkloop_answer(spec, folder).goal.value == pytest.approx(-12)


def test_a_lower_step_that_brings_nothing_is_filled_all_the_same(folder: Path) -> None:
    """Only the hot half of the furnace makes slag, of which 3 t are due: the cold half, 5 t, must be full before it.

    Nothing costs anything, so an answer that leaves the cold half empty is as good, but it skips a step.
    """
    spec = a_case(
        {"ore": "raw", "metal": "product", "slag": "byproduct"},
        {
            "cold": {"per": "1 t metal", "inputs": {"ore": "2 t"}},
            "hot": {"per": "1 t metal", "inputs": {"ore": "2 t"}, "outputs": {"slag": "1 t"}},
        },
        {
            "plants": {"cold": {"capacity": "10 t/a", "load": [{"to": "50 %"}, {"to": "100 %", "process": "hot"}]}},
            "buy": {"ore": {"price": "0 CNY/t"}},
            "sell": {"metal": {"price": "0 CNY/t"}, "slag": {"price": "0 CNY/t", "min": "3 t/a"}},
        },
    )
    result = parkloop_answer(spec, folder)
    assert result.status == "optimal"
    assert sum(flow.value for flow in result.flows.rows if flow.fate == "sold") == pytest.approx(5 + 3 + 3)


@pytest.mark.slow
@settings(
    max_examples=int(MANY or 500),
    derandomize=not MANY,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(spec=cases())
def test_parkloop_answers_as_the_oracle(spec: Any, folder: Path) -> None:
    """Same status, same objective; and one plan of the oracle has all indicators that parkloop reports.

    Objectives agree to 1e-7 of the money (or amount) that is turned over, of integer programs to their gaps of 1e-6.
    A later stage may lie anywhere between what the oracle reaches with the earlier ones held and a little loosened.
    """
    scenario = chosen(spec)
    expected = solve(spec, scenario)
    try:
        result = parkloop_answer(spec, folder, scenario)
    except InputError as error:  # refused before solving: the oracle must agree that nothing is possible
        assert expected.status == "infeasible", error
        return
    if expected.status == "optimal" and stepped(spec):
        firm = solve(ordered(spec), scenario)
        if result.status == "stopped":  # rightly, where only an answer that skips a step is so good
            assert not as_good(firm, expected, 1e-8)
            assert "is used although" in result.reason
            return
        assert as_good(firm, expected, 2e-6)
    assert result.status == expected.status
    if expected.status != "optimal":
        return
    assert expected.objective is not None
    scale = max(1.0, abs(expected.objective), expected.gross)
    slack = (2e-6 if expected.whole else 1e-7) * scale
    looser = expected.objective if expected.looser is None else expected.looser
    values = {name: measure.value for name, measure in result.indicators.items()}
    assert min(expected.objective, looser) - slack <= result.goal.value <= max(expected.objective, looser) + slack
    scale = max(scale, *(abs(value) for value in values.values() if value is not None))
    assert values["profit"] == pytest.approx(values["revenue"] - values["cost"], rel=0, abs=1e-9 * scale)
    check_policies(composed(spec, scenario), result, 1e-6 * scale)
    parks = {
        park: {name: measure.value for name, measure in measures.items()} for park, measures in result.parks.items()
    }
    assert distance(spec, parks, scenario, result) <= 1e-6 * scale


def as_good(firm: OracleAnswer, free: OracleAnswer, share: float) -> bool:
    """Every stage with steps of load in order reaches what it does without, to a share of what is turned over."""
    slack = share * max(1.0, free.gross, firm.gross)
    return firm.status == "optimal" and all(
        abs(one - other) <= slack for one, other in zip(firm.reached, free.reached, strict=True)
    )


def paid_for_all_periods(spec: Any) -> bool:
    """Tell whether a policy has payments that belong to no single period (docs/language.md)."""
    return any(
        {"price", "steps", "shortage", "surplus"} & set(policy) and not policy.get("each_period")
        for policy in spec.get("policies", {}).values()
    )


def check_policies(spec: Any, result: Any, slack: float) -> None:
    """The reported indicators keep the bounds of policies that cover all parks."""
    horizon = Words(spec).horizon
    for policy in spec.get("policies", {}).values():
        if {"flow", "ratio", "companies", "periods", "shortage", "surplus"} & set(policy):
            continue
        if policy.get("each_period") and policy["indicator"] in {"cost", "profit"} and paid_for_all_periods(spec):
            continue  # the figure of all periods holds payments that the policy does not see
        measure = result.indicators[policy["indicator"]]
        ratio = "ratio" in spec.get("indicators", {}).get(policy["indicator"], {})
        if "parks" in policy or ratio:
            continue
        unit = spec.get("indicators", {}).get(policy["indicator"], {}).get("unit", "CNY")
        low, high = (
            number(policy.get(side, f"{none} {unit}/a"), f"{unit}/a") * horizon
            for side, none in (("min", -math.inf), ("max", math.inf))
        )
        assert low - slack <= measure.value <= high + slack
