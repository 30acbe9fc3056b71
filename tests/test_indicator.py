"""Accounts weigh flows, park by park, with the very coefficients of the program."""

from dataclasses import replace

import numpy as np
import pytest

from hello import network_of
from networks import Offer, Option, Plant, Policy, Slot, Works, floats, ints
from parkloop.flows.account_tables import Surcharges
from parkloop.models.compile import compile_program
from parkloop.models.indicator import account_values, company_values, linear_accounts, park_values, whole_values
from parkloop.models.program import ProgramError
from ponds import text

FATES = ("bought", "made", "used", "treated", "sold", "discarded", "exchanged")
SMELTER = Works(
    plants={
        "smelter": Plant({"metal": 1.0, "ore": -2.0, "slag": 0.8}, variable_cost=7.0, fixed_cost=30.0, company="east"),
        "tip": Plant({"slag": -1.0}, treatment=True, company="west"),
    },
    offers=[
        Offer("buy", "ore", 5.0, companies=("east",), park="works"),
        Offer("sell", "metal", 50.0, companies=("east",), park="works"),
        Offer("discard", "slag", 2.0, companies=("east",), park="works"),
    ],
    exchanges=[("slag", "east", "west")],
    accounts={fate: [(fate, m, 1.0) for m in ("ore", "metal", "slag")] for fate in FATES},
    company_park={"east": "works", "west": "works"},
)
FLOWS = {
    "run[works.east.smelter,year]": 10,
    "run[works.west.tip,year]": 3,
    "buy[works.east.ore.1,year]": 20,
    "sell[works.east.metal.1,year]": 10,
    "discard[works.east.slag.1,year]": 5,
    "exchange[works.east.slag,works.west.slag,year]": 3,
}


def values(works, flows):
    """Accounts of a flow that was set by hand: {account: value of each park}."""
    network = works.network()
    program = compile_program(network)
    x = np.array([flows.get(name, 0.0) for name in program.column_names()], float)
    assert set(flows) <= set(program.column_names())
    return dict(zip(network.accounts.id, account_values(network, program, x).tolist(), strict=True))


def test_the_money_accounts_of_a_smelter():
    """10 t of metal at 50; 20 t of ore at 5; 5 t of slag at 2; 7 a tonne; 30 fixed."""
    account = values(SMELTER, FLOWS)
    assert account["revenue"] == [500]
    assert account["cost"] == [100 + 10 + 70 + 30]
    assert account["profit"] == [290]
    assert account["value_added"] == [320]


@pytest.mark.parametrize(
    ("fate", "amount"),
    [("bought", 20), ("made", 18), ("used", 20), ("treated", 3), ("sold", 10), ("discarded", 5), ("exchanged", 3)],
)
def test_each_fate_is_weighed(fate, amount):
    """Made are 10 t of metal and 8 t of slag; the tip treats 3 t of slag, the smelter uses 20 t of ore."""
    assert values(SMELTER, FLOWS)[fate] == [amount]


def test_being_paid_for_a_discard_is_revenue():
    works = Works(
        plants={"smelter": Plant({"slag": 1.0})}, offers=[Offer("discard", "slag", (-3.0, 4.0))], weight=(1, 1)
    )
    account = values(works, {"discard[works.slag.1,p1]": 10, "discard[works.slag.1,p2]": 10})
    assert (account["revenue"], account["cost"], account["profit"]) == ([30], [40], [-10])


def test_fills_and_what_they_bring_have_fates_too():
    """A kiln fills with stone: 5 t used, and 0.4 t of CO2 made, 0.1 MWh used for each; a treating kiln treats them."""
    kiln = Works(
        plants={"kiln": Plant({"clinker": 1.0})},
        slots={"lime": Slot("kiln", 0.5, [Option("stone", 0.5, entries={"co2": 0.4, "power": -0.1})])},
        accounts={fate: [(fate, m, 1.0) for m in ("stone", "co2", "power")] for fate in FATES},
    )
    account = values(kiln, {"fill[works.kiln.lime.stone,year]": 5})
    assert account["used"] == pytest.approx([5.5])
    assert account["made"] == pytest.approx([2.0])
    kiln.plants["kiln"].treatment = True
    account = values(kiln, {"fill[works.kiln.lime.stone,year]": 5})
    assert account["treated"] == pytest.approx([5.5])
    assert account["used"] == [0]


def test_periods_count_with_their_weight_and_fixed_cost_too():
    works = Works(
        plants={"pond": Plant({"salt": 1.0}, fixed_cost=(5.0, 6.0))},
        offers=[Offer("sell", "salt", (1.0, 2.0))],
        weight=(10, 3),
    )
    account = values(works, {"sell[works.salt.1,p1]": 4, "sell[works.salt.1,p2]": 7})
    assert account["revenue"] == [10 * 4 + 3 * 14]
    assert account["cost"] == [50 + 18]


def two_parks(**more):
    """A salt pond in the north and one in the south, brine discarded."""
    return Works(
        plants={
            "north_pond": Plant({"salt": 1.0, "brine": 0.5}, company="north", fixed_cost=100.0),
            "south_pond": Plant({"salt": 1.0, "brine": 0.2}, company="south"),
        },
        offers=[Offer("discard", "brine", 1.0, companies=(c,), park=c) for c in ("north", "south")],
        accounts={"brine": [("discarded", "brine", 2.0)]},
        company_park={"north": "north", "south": "south"},
        **more,
    )


BRINE = {"discard[north.brine.1,year]": 10, "discard[south.brine.1,year]": 4}


def test_accounts_are_booked_in_the_park_where_they_arise():
    account = values(two_parks(), BRINE)
    assert account["cost"] == [110, 4]
    assert account["brine"] == [20, 8]


def test_a_priced_policy_is_paid_in_the_parks_that_it_covers_and_spares_value_added():
    """30 for each of 20 units in the north, nothing in the south."""
    works = two_parks(policies={"brine_fee": Policy("brine", price=30.0, parks=("north",))})
    account = values(works, BRINE)
    assert account["cost"] == [110 + 600, 4]
    assert account["profit"] == [-710, -4]
    assert account["value_added"] == [-10, -4]


def test_a_levy_on_cost_takes_the_cost_before_levies_with_its_constant():
    """10 % of 110 and of 4."""
    works = two_parks(policies={"levy": Policy("cost", price=0.1), "fee": Policy("brine", price=30.0)})
    assert values(works, BRINE)["cost"] == pytest.approx([110 + 11 + 600, 4 + 0.4 + 240])


def test_a_price_on_a_ratio_is_refused():
    works = two_parks(ratios={"intensity": ("brine", "revenue")}, policies={"fee": Policy("intensity", price=1.0)})
    with pytest.raises(ProgramError, match="`fee` puts a price on the ratio `intensity`"):
        linear_accounts(works.network())


def test_factors_of_one_material_in_several_accounts_do_not_mix():
    works = two_parks()
    works.accounts = {
        "brine": [("discarded", "brine", 2.0), ("made", "brine", 1.0)],
        "salt": [("made", "salt", 5.0)],
        "again": [("discarded", "brine", 3.0)],
    }
    account = values(works, {**BRINE, "run[north.north_pond,year]": 20})
    assert account["brine"] == [30, 8]
    assert account["salt"] == [100, 0]
    assert account["again"] == [30, 12]


def soft_ponds():
    """The ponds over two years with a soft cap on brine, 15 CNY/t, and a relief of 2 CNY/t of salt from the north."""
    periods = "periods: {first: {duration: 1 a}, second: {duration: 1 a}}\n"
    case = periods + text("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t}")
    return network_of(case + "  q: {flow: {sold: {salt: 1 t/t}}, unit: t, price: -2 CNY/t, parks: [north]}\n")


def booked(flows, account, scale=10.0):
    """An account of the two companies of the ponds, for flows set by hand in units of `scale`."""
    network = soft_ponds()
    program = compile_program(network, like=replace(compile_program(network), flow_scale=scale))
    x = np.array([flows.get(name, 0.0) for name in program.column_names()])
    return company_values(network, program, x)[network.accounts.id.index(account)].tolist()


def test_what_is_paid_by_period_and_over_all_cancels_to_zero():
    """Reliefs of 0.1 and 0.2 in two years against 0.3, half of what 0.04 t over the cap cost: no 6e-17 is left."""
    flows = {"sell[north.salt.1,first]": 0.05, "sell[north.salt.1,second]": 0.1, "over[p]": 0.04}
    assert booked(flows, "cost") == [0.0, pytest.approx(0.3)]


def test_flows_below_the_last_digit_of_a_scaled_unit_are_none():
    """5e-12 t are less than a trillionth of the unit of 10 t, and 5e-11 t are more."""
    for column, account, a_tonne in (("sell[north.salt.1,first]", "revenue", 10), ("over[p]", "cost", 15 / 2)):
        assert booked({column: 5e-12}, account)[0] == 0
        assert booked({column: 5e-11}, account)[0] == pytest.approx(a_tonne * 5e-11)


def test_companies_of_a_park_that_cancel_leave_nothing():
    network = SMELTER.network()
    by_company = np.zeros((len(network.accounts.id), 2))
    by_company[0] = [0.1 + 0.2, -0.3]
    by_company[1] = [0.1 + 0.2, 0.3]
    assert park_values(network, by_company)[:2].tolist() == [[0.0], [0.6000000000000001]]
    assert whole_values(by_company)[:2].tolist() == [0.0, 0.6000000000000001]


def test_what_an_extension_puts_on_columns_is_cost_and_no_profit():
    """3 CNY a tonne that the south runs, 5 CNY a tonne of brine from the north, in the first of two years only."""
    works = two_parks(weight=(1.0, 1.0))
    money = Surcharges(("run", "deal"), ints([1, 0]), ints([0, 0]), ints([1, 0]), floats([3.0, 5.0]))
    network = replace(works.network(), surcharges=money)
    program = compile_program(network)
    flows = {"discard[north.brine.1,p1]": 10, "run[south.south_pond,p1]": 2, "run[south.south_pond,p2]": 7}
    x = np.array([flows.get(name, 0.0) for name in program.column_names()], float)
    account = dict(zip(network.accounts.id, account_values(network, program, x).tolist(), strict=True))
    assert account["cost"] == [200 + 10 + 50, 6]
    assert account["profit"] == [-260, -6]
    assert account["value_added"] == [-10, 0]
    nobody = [term for term in linear_accounts(network).terms if len(term.policy)]
    assert [(term.columns, term.policy.tolist()) for term in nobody] == [("run", [-1])] * 2 + [("deal", [-1])] * 2
