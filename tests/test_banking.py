"""Allowances that are kept for later periods, and limits of growth.

In each of three years the ponds (`ponds.py`) can make 100 t of salt and 50 t of brine in the north, 20 t of brine in
the south. A tonne of brine is worth 20 CNY in the north and 40 CNY in the south.
"""

import pytest

from hello import network_of
from networks import INF, row, sides
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.reports.json_result import result_object, result_schema
from parkloop.reports.run import run_case
from ponds import PONDS, answer, text

YEARS = "{y1: {duration: 1 a}, y2: {duration: 1 a}, y3: {duration: 1 a}}"
QUIET = PONDS.replace(
    "north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, availability: [20 %, 100 %, 100 %]}"
)
"""The north makes 10 t of brine at most in the first year."""
STEEP = "steps: [{price: 5 CNY/t, max: 10 t/a}, {price: 30 CNY/t}]"


def brine(result):
    """Return the brine of each period."""
    found = dict.fromkeys(result.network.periods.id, 0.0)
    for flow in result.flows.rows:
        if (flow.material, flow.fate) == ("brine", "discarded"):
            found[flow.period] += flow.value
    return list(found.values())


def kept(result):
    """Return what is kept at the end of each period."""
    return [level.kept for level in result.banks]


def priced(bank, more="price: 30 CNY/t, free: 40 t/a, sell: false", case=QUIET, periods=YEARS):
    """Return the answer under a price with a bank."""
    return answer(f"{{indicator: brine, {more}, each_period: true, bank: {bank}}}", case=case, periods=periods)


def test_without_a_bank_what_is_left_is_lost():
    """40 t free each year: 30 t of brine in the first, whose other 10 t are lost; then 40 t each (30 CNY > 20 CNY)."""
    assert brine(priced("false")) == pytest.approx([30, 40, 40])


def test_what_is_left_is_used_in_later_years():
    """10 t are kept from the first year: the north makes 10 t of brine more, 200 CNY, in the second or the third."""
    found = priced("true")
    assert sum(brine(found)) == pytest.approx(120)
    assert kept(found)[0] == pytest.approx(10)
    assert found.indicators["profit"].value - priced("false").indicators["profit"].value == pytest.approx(200)


def test_a_limited_bank_keeps_so_much():
    """Of 10 t that are left at most 4 t are kept: 114 t in all. A larger bank is worth 20 CNY/t."""
    found = priced("{limit: 4 t}")
    assert sum(brine(found)) == pytest.approx(114)
    limit = next(limit for limit in found.limits if limit.path == "policies.p.bank")
    assert (limit.bound, limit.value, limit.unit) == (pytest.approx(4), pytest.approx(20), "t")
    assert limit.what == "bank of policy p"


def test_what_is_kept_expires():
    """20 t are free each year. The first year makes 5 t of brine, the second none, the third 70 t at most.

    The 15 t left in the first year may be used in periods that begin less than `expires` after its end: for a year not
    in the third, which begins just then. So 20 t of the second and 20 t of its own, or with a longer life 15 t more.
    A stock of 5 t from before, used first, saves 5 t of the first year: gone with them, or 60 t in the third. A bank
    of 12 t leaves 12 t from the first two years.
    """
    case = PONDS.replace(
        "south_pond: {capacity: 100 t/a}", "south_pond: {capacity: 100 t/a, availability: [25 %, 0 %, 1]}"
    )
    case = case.replace(
        "north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, availability: [0 %, 0 %, 1]}"
    )
    terms = "price: 30 CNY/t, free: 20 t/a, sell: false"
    for bank, third in (
        ("{expires: 1 a}", 40),
        ("{expires: 1.5 a}", 55),
        ("true", 55),
        ("{expires: 1 a, initial: 5 t}", 40),
        ("{expires: 3 a, initial: 5 t}", 60),
        ("{expires: 3 a, initial: 5 t, limit: 12 t}", 32),
        ("{expires: 0 a}", 20),
    ):
        assert brine(priced(bank, terms, case)) == pytest.approx([5, 0, third]), bank


def test_only_what_is_stated_may_be_borrowed_and_is_paid_back():
    """The third year is quiet: 10 t are left then. 6 t of them are used before: 86 + 30; without borrowing 80 + 30."""
    late = QUIET.replace("[20 %, 100 %, 100 %]", "[100 %, 100 %, 20 %]")
    assert sum(brine(priced("true", case=late))) == pytest.approx(110)
    found = priced("{borrow: 6 t}", case=late)
    assert sum(brine(found)) == pytest.approx(116)
    assert min(kept(found)) == pytest.approx(-6) and kept(found)[-1] == pytest.approx(0)


def test_what_is_kept_saves_a_higher_step_than_it_would_be_sold_at():
    """20 t free, then 10 t at 5 CNY, the rest at 30 CNY; what is left is sold at 5 CNY.

    In the first year only the south works without loss: its 20 t at 40 CNY a tonne; the north's 10 t at 20 CNY.
    Each year 20 t are free and 10 t at 5 CNY, so all years make 30 t, and the north would make more at less than 20.
    With a stock of 30 t from before 30 t more are made (600 CNY) in place of being sold at 5 CNY (150 CNY).
    """
    without = answer(f"{{indicator: brine, {STEEP}, free: 20 t/a, each_period: true}}", case=QUIET, periods=YEARS)
    assert brine(without) == pytest.approx([30, 30, 30])
    found = priced("{initial: 30 t}", f"{STEEP}, free: 20 t/a")
    assert sum(brine(found)) == pytest.approx(120)
    gain = found.indicators["profit"].value - without.indicators["profit"].value
    assert gain == pytest.approx(600)


IDLE = PONDS.replace("capacity: 100 t/a", "capacity: 100 t/a, availability: [0 %, 0 %, 1]")
"""Nothing is made before the third year: then 100 t of salt with 20 t of brine in the south, 100 t with 50 t in the
north."""


def test_what_is_paid_for_at_a_cheap_step_is_kept_like_what_is_free():
    """20 t free a year, 10 t at 5 CNY, the rest at 30 CNY; brine is worth 20 CNY/t in the north, 40 CNY/t in the south.

    Nothing is made in the first two years. Without a bank the third makes 30 t: 800 + 200 − 50 = 950 CNY, and what is
    free before is lost, or sold for 200 CNY. In a bank there are 40 t more for nothing, so all 70 t are made, of which
    10 t are paid for: 1800 − 50 = 1750 CNY. In a bank of 25 t there are so many of the first two years:
    55 t, 800 + 35·20 − 50 = 1450 CNY.
    Were only the third year free (20 t), the cheap steps of the first two are filled for it: 20 t + 3 · 10 t = 50 t:
    800 + 600 − 150 = 1250 CNY. What is kept is what was paid for.
    """
    terms = f"{STEEP}, free: 20 t/a"
    for bank, more, profit in (
        ("false", ", sell: false", 950),
        ("false", "", 1150),
        ("true", ", sell: false", 1750),
        ("{limit: 25 t}", ", sell: false", 1450),
    ):
        assert priced(bank, terms + more, IDLE).indicators["profit"].value == pytest.approx(profit), (bank, more)
    none = priced("{initial: 20 t}", f"{STEEP}, sell: false", IDLE)
    assert none.indicators["profit"].value == pytest.approx(1250)
    assert kept(none) == pytest.approx([30, 40, 0])


def test_what_is_paid_for_expires_like_what_is_free():
    """20 t free a year, 10 t at 5 CNY, the rest at 30 CNY; nothing is made before the third year.

    What lives for a year and a half is used: 70 t of brine, of which 60 t are free, 1800 − 50 = 1750 CNY. What lives
    for a year is that of the second year, 20 t and 10 t paid for, and as much of the third: 60 t, 800 + 40·20 − 100 =
    1500 CNY. What does not live at all: 30 t, 950 CNY.
    """
    for life, profit in (("1.5 a", 1750), ("1 a", 1500), ("0 a", 950)):
        found = priced(f"{{expires: {life}}}", f"{STEEP}, free: 20 t/a, sell: false", IDLE)
        assert found.indicators["profit"].value == pytest.approx(profit), life
        assert not [limit for limit in found.limits if limit.path == "policies.p.bank"]  # a time is no amount


def test_old_allowances_are_sold_beside_new_ones_that_are_kept():
    """The price holds from the second year on. 15 t from before may be used in the second year, not in the third.

    They are sold in the second for 5 CNY/t, 75 CNY, while its 20 t and 10 t paid for are kept for the third, which
    makes 60 t of brine as above: 1500 + 75 = 1575 CNY.
    """
    terms = f"{STEEP}, free: 20 t/a, periods: [y2, y3]"
    found = priced("{expires: 1.2 a, initial: 15 t}", terms, IDLE)
    assert found.indicators["profit"].value == pytest.approx(1575)
    assert kept(found) == pytest.approx([15, 30, 0])


def test_a_bank_beside_a_price_that_pays_back_changes_nothing_but_its_stock():
    """40 t are free at 30 CNY and the rest is sold: only the south works. 5 t from before are 150 CNY more."""
    plain = answer("{indicator: brine, price: 30 CNY/t, free: 40 t/a, each_period: true}", case=QUIET, periods=YEARS)
    found = priced("{initial: 5 t}", "price: 30 CNY/t, free: 40 t/a")
    assert brine(found) == pytest.approx([20, 20, 20]) == brine(plain)
    assert found.indicators["profit"].value == pytest.approx(plain.indicators["profit"].value + 150)
    assert plain.indicators["profit"].value == pytest.approx(3 * 800 + 3 * 20 * 30)


def test_a_bank_passes_periods_that_the_policy_does_not_cover():
    """The price holds in the first and the third year: 40 + 40 t in these, 70 t between, where nothing is sold."""
    found = priced("true", "price: 30 CNY/t, free: 40 t/a, sell: false, periods: [y1, y3]")
    assert sum(brine(found)) == pytest.approx(40 + 40 + 70)
    assert kept(found)[0] == pytest.approx(kept(found)[1])
    sells = priced("true", "price: 30 CNY/t, free: 40 t/a, periods: [y1, y3]")
    assert sells.indicators["profit"].value == pytest.approx(800 + 1800 + 800 + 2 * 20 * 30)


def test_the_answer_lists_what_is_kept():
    jsonschema = pytest.importorskip("jsonschema")
    document = result_object(priced("{limit: 4 t}"))
    jsonschema.validate(document, result_schema())
    assert document["banks"][0] == {"policy": "p", "period": "y1", "kept": pytest.approx(4), "unit": "t"}


GROWING = "{y1: {duration: 1 a}, y2: {duration: 2 a}, y3: {duration: 0.5 a}}"


def test_growth_is_compound_over_the_middles_of_unequal_periods():
    """Salt of 100 t in the first year at most 50 t; then 10 %/a: 1.5 a on, and 1.25 a on.

    50 · 1.1^1.5 = 57.68 t/a for two years, and 57.68 · 1.1^1.25 = 64.98 t/a for half a year.
    """
    case = PONDS.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: 100 t/a, run: {max: 0 t/a}}")
    case = case.replace(
        "north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, availability: [50 %, 100 %, 100 %]}"
    )
    found = answer("{indicator: salt, growth: {max: 10 %/a}}", case=case, periods=GROWING)
    salt = [amount / 0.5 for amount in brine(found)]
    assert salt == pytest.approx([50, 2 * 50 * 1.1**1.5, 0.5 * 50 * 1.1**2.75])
    flow = answer("{flow: {made: {salt: 1 t/t}}, unit: t, growth: {max: 10 %/a}}", case=case, periods=GROWING)
    assert brine(flow) == pytest.approx(brine(found))
    daily = 100 * (1.1 ** (1 / 365) - 1)
    days = answer(f"{{indicator: salt, growth: {{max: {daily!r} %/d}}}}", case=case, periods=GROWING)
    assert brine(days) == pytest.approx(brine(found))
    limit = next(limit for limit in found.limits if limit.path == "policies.p.growth")
    assert limit.bound == pytest.approx(0.1)
    raised = answer("{indicator: salt, growth: {max: 10.01 %/a}}", case=case, periods=GROWING)
    gain = raised.indicators["profit"].value - found.indicators["profit"].value
    assert gain == pytest.approx(limit.value * 1e-4, rel=1e-3)


def test_growth_counts_the_time_of_all_occurrences_of_a_period():
    """As above, but the two years are eight quarters that are alike: 57.68 t/a in each of them, 64.98 t/a after."""
    case = PONDS.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: 100 t/a, run: {max: 0 t/a}}")
    case = case.replace(
        "north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, availability: [50 %, 100 %, 100 %]}"
    )
    periods = GROWING.replace("duration: 2 a", "duration: 0.25 a, weight: 8")
    found = answer("{indicator: salt, growth: {max: 10 %/a}}", case=case, periods=periods)
    salt = [amount / 0.5 for amount in brine(found)]
    assert salt == pytest.approx([50, 0.25 * 50 * 1.1**1.5, 0.5 * 50 * 1.1**2.75])


def test_growth_at_least_keeps_an_output_from_falling_too_fast():
    """All 200 t of the first year, at a loss of 1 CNY later: 200 · 0.9 in the second, 200 · 0.81 in the third."""
    case = PONDS.replace("price: 10 CNY/t", "price: [10 CNY/t, -1 CNY/t, -1 CNY/t]")
    case = case.replace("price: 8 CNY/t", "price: [8 CNY/t, -1 CNY/t, -1 CNY/t]")
    found = answer("{indicator: salt, growth: {min: -10 %/a}}", case=case, periods=YEARS)
    assert found.indicators["salt"].value == pytest.approx(200 + 180 + 162)
    free = answer("{indicator: salt, growth: {max: 10 %/a}}", case=case, periods=YEARS)
    assert free.indicators["salt"].value == pytest.approx(200)


def test_growth_counts_what_costs_whatever_flows():
    """Cost of 100 fixed and 1 CNY/t of salt: 100 + 200 in the first year, at most 110 % of it a year later.

    In the first year only 10 t are made: cost 110, so at most 121 in the second and 133.1 in the third: 21 and 33.1 t.
    """
    case = ONE.replace("AVAIL", "[10 %, 100 %, 100 %]")
    found = answer("{indicator: cost, growth: {max: 10 %/a}}", case=case, periods=YEARS)
    assert [amount / 0.5 for amount in brine(found)] == pytest.approx([10, 21, 33.1])


ONE = PONDS.replace("south_pond: {capacity: 100 t/a}", "south_pond: {capacity: 100 t/a, run: {max: 0 t/a}}").replace(
    "north_pond: {capacity: 100 t/a}",
    "north_pond: {capacity: 100 t/a, availability: AVAIL, fixed_cost: 1 CNY/t, variable_cost: 1 CNY/t}",
)


def test_the_rows_of_growth_say_the_law():
    """Cost of 100 CNY/a fixed, 1 CNY/t of salt, and 1, 2 and 4 CNY/t of brine in years of 1, 2 and ½ a.

    The middles are 1.5 a and 1.25 a apart: so much more may it cost, per year of 2 a over 1 a and of ½ a over 2 a. What
    is paid for the brine of all years together is of no year. Growth of salt has no fixed part.
    """
    case = PONDS.replace(
        "north_pond: {capacity: 100 t/a}",
        "north_pond: {capacity: 100 t/a, fixed_cost: 1 CNY/t, variable_cost: 1 CNY/t}",
    ).replace(
        "discard: {brine: {cost: 0 CNY/t}}\n  south", "discard: {brine: {cost: [1 CNY/t, 2 CNY/t, 4 CNY/t]}}\n  south"
    )
    whole = f"periods: {GROWING}\n" + text("{indicator: salt, growth: {min: -10 %/a, max: 10 %/a}}", case=case)
    whole += "  q: {indicator: cost, growth: {max: 10 %/a}}\n  r: {indicator: brine, max: 60 t/a, surplus: 15 CNY/t}\n"
    program = compile_program(network_of(whole))
    run, brine_of = "run[north.north_pond,{}]".format, "discard[north.brine.1,{}]".format
    second, third = 2 * 1.1**1.5, 1.1**1.25 / 4
    assert row(program, "growth_max[q,y1]") == {}
    assert sides(program, "growth_max[q,y1]") == (-INF, INF)
    assert row(program, "growth_max[q,y2]") == pytest.approx(
        {run("y2"): 1, brine_of("y2"): 2, run("y1"): -second, brine_of("y1"): -second}
    )
    assert sides(program, "growth_max[q,y2]") == pytest.approx((-INF, second * 100 - 200))
    assert row(program, "growth_max[q,y3]") == pytest.approx(
        {run("y3"): 1, brine_of("y3"): 4, run("y2"): -third, brine_of("y2"): -third * 2}
    )
    assert sides(program, "growth_max[q,y3]") == pytest.approx((-INF, third * 200 - 50))
    least = 2 * 0.9**1.5
    south = "run[south.south_pond,{}]".format
    assert row(program, "growth_min[p,y2]") == pytest.approx(
        {run("y2"): 1, south("y2"): 1, run("y1"): -least, south("y1"): -least}
    )
    assert sides(program, "growth_min[p,y2]") == (0, INF)
    assert sides(program, "growth_min[p,y1]") == (-INF, INF)
    assert sides(program, "growth_max[p,y3]") == (-INF, 0)


def test_growth_holds_between_covered_neighbours_only():
    """The policy covers the first and the third year, which do not follow each other, and the fourth: 10 % above."""
    four = "{y1: {duration: 1 a}, y2: {duration: 1 a}, y3: {duration: 1 a}, y4: {duration: 1 a}}"
    case = PONDS.replace(
        "north_pond: {capacity: 100 t/a}", "north_pond: {capacity: 100 t/a, availability: [0 %, 0 %, 0 %, 1]}"
    )
    policy = "{indicator: salt, growth: {max: 10 %/a}, periods: [y1, y3, y4]}"
    found = answer(policy, case=case, periods=four)
    assert found.indicators["salt"].value == pytest.approx(100 * 3 + 110)
    program = compile_program(network_of(text(policy, case=case, periods=four)))
    assert [bool(row(program, f"growth_max[p,y{year}]")) for year in (1, 2, 3, 4)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("policy", "periods", "what", "mend", "at"),
    [
        ("{indicator: brine, price: 1 CNY/t, bank: true}", YEARS, "needs no bank", "each_period: true", "bank"),
        ("{indicator: brine, max: 1 t/a, bank: true}", YEARS, "`bank` needs a price", "add `price`", "{indicator"),
        ("{indicator: brine, price: -1 CNY/t, bank: true}", YEARS, "cannot be negative", "", "-1 CNY"),
        ("{indicator: brine, price: 1 CNY/t, bank: {limit: 1 CNY}}", YEARS, "is needed", "t", "1 CNY}"),
        (
            "{indicator: brine, price: 1 CNY/t, each_period: true, bank: {limit: 1 t, initial: 2 t}}",
            YEARS, "holds at most `1 t`, but begins with `2 t`", "raise `limit`", "2 t}",
        ),
        (
            "{indicator: brine, price: 1 CNY/t, each_period: true, bank: true}",
            "{y: {duration: 1 a, weight: 3}}", "occurs 3 times", "count", "3}",
        ),
        ("{indicator: brine, price: 1 CNY/t, bank: {lend: 1 t}}", YEARS, "unknown key `lend`", "", "lend"),
        ("{indicator: brine, growth: {}}", YEARS, "the growth says nothing", "max: 10 %/a", "growth: {}"),
        ("{indicator: brine, growth: {max: 10 t}}", YEARS, "`10 t` is no growth", "10 %/a", "10 t"),
        ("{indicator: brine, growth: {max: 10 %}}", YEARS, "`10 %` is no growth", "10 %/a", "10 %"),
        ("{indicator: brine, growth: {min: -100 %/a}}", YEARS, "leaves less than nothing", "above", "-100"),
        ("{indicator: brine, growth: {min: 2 %/a, max: 1 %/a}}", YEARS, "growth of at least", "mend one", "2 %"),
        ("{indicator: intensity, growth: {max: 10 %/a}}", YEARS, "not linear", "what it divides", "{max"),
        ("{indicator: brine, growth: {max: 10 %/a}}", "", "two covered periods", "add periods", "{max"),
    ],
)  # fmt: skip
def test_mistakes_in_banks_and_growth_are_named_with_their_place(policy, periods, what, mend, at):
    case = text(policy, periods=periods)
    with pytest.raises(InputError) as caught:
        network_of(case)
    found = [problem for problem in caught.value.problems if what in problem.what]
    assert found, str(caught.value)
    position = found[0].position
    rest = case.splitlines()[position.line - 1][position.column - 1 :]
    assert rest.startswith(at) or rest.startswith("p: "), rest
    assert mend in found[0].mend


def test_growth_that_nothing_allows_has_no_answer():
    """The second year cannot make 10 % more than the first, of which the contract takes all 200 t."""
    case = PONDS.replace("run: ", "run: ").replace("{salt: {price: 8 CNY/t}}", "{salt: {price: 8 CNY/t, min: 100 t/a}}")
    result = run_case(network_of(text("{indicator: salt, growth: {min: 150 %/a}}", case=case, periods=YEARS)))
    assert result.status == "infeasible"
