"""Columns and rows are called by park, company and thing, and by no more words than it takes to tell them apart."""

from __future__ import annotations

from hello import network_of
from networks import Offer, Plant, Works
from parkloop.flows.network import Network
from parkloop.models.compile import compile_program
from ponds import text
from test_laying import LINK, ROUTE, STORE, changed
from test_stock import text as store


def first_names(network: Network, *words: str) -> list[str]:
    """Names of columns and rows, of those of periods only what the first period has; of some words or of all."""
    program = compile_program(network)
    later = tuple(f",{period}]" for period in program.periods[1:])
    names = [name for name in program.column_names() + program.row_names() if not name.endswith(later or "-")]
    return [name for name in names if not words or name.split("[")[0] in words]


def test_the_hello_case_has_these_columns_and_rows() -> None:
    """Two companies in one park; what may leave for nothing has an offer that nobody wrote."""
    slag = "demo.acetylene_works.carbide_slag"
    lime = "demo.cement_works.clinker_kiln.calcium"
    one = [("demo.acetylene_works", it) for it in ("acetylene", "calcium_carbide", "water", "carbide_slag")]
    two = [("demo.cement_works", it) for it in ("clinker", "clay", "limestone", "co2", "carbide_slag", "vapour")]
    assert first_names(network_of()) == [
        "run[demo.acetylene_works.acetylene_generator,year]", "run[demo.cement_works.clinker_kiln,year]",
        f"fill[{lime}.limestone,year]", f"fill[{lime}.carbide_slag,year]",
        "buy[demo.acetylene_works.calcium_carbide.1,year]", "buy[demo.cement_works.limestone.1,year]",
        "buy[demo.cement_works.clay.1,year]", "buy[demo.acetylene_works.water.1,year]",
        "sell[demo.acetylene_works.acetylene.1,year]", "sell[demo.cement_works.clinker.1,year]",
        f"discard[{slag}.1,year]", "discard[demo.cement_works.co2.free,year]",
        "discard[demo.cement_works.vapour.free,year]",
        f"exchange[{slag},demo.cement_works.carbide_slag,year]",
        f"need[{lime},year]", f"share[{lime}.carbide_slag.max,year]",
        *(f"balance[{company}.{material},year]" for company, material in one + two),
    ]  # fmt: skip


def test_a_company_that_bears_the_name_of_its_park_is_left_out_unless_a_plant_keeps_to_itself() -> None:
    """Steps of an offer count from 1; what several deals share has a row of the offer."""
    works = Works(
        plants={
            "kiln": Plant({"clinker": 1.0, "slag": -0.5}, own=True, company="east"),
            "oven": Plant({"lime": 1.0}, own=True, company="works"),
            "mill": Plant({"meal": 1.0}, company="works"),
        },
        offers=[Offer("buy", "slag", steps=[(1.0, 5.0), (2.0, 6.0)], companies=("east", "works"), lower=2.0)],
        company_park={"east": "works", "works": "works"},
        exchanges=[("slag", "east", "works")],
    )
    assert first_names(works.network()) == [
        "run[works.east.kiln,year]", "run[works.oven,year]", "run[works.mill,year]",
        "buy[works.east.slag.1,year]", "buy[works.slag.1,year]",
        "buy[works.east.slag.2,year]", "buy[works.slag.2,year]", "exchange[works.east.slag,works.slag,year]",
        "limit[buy.works.slag.1,year]", "limit[buy.works.slag.2,year]", "least[buy.works.slag,year]",
        "balance[works.east.kiln.clinker,year]", "balance[works.east.kiln.slag,year]",
        "balance[works.works.oven.lime,year]", "balance[works.meal,year]",
        "balance[works.east.slag,year]", "balance[works.slag,year]",
    ]  # fmt: skip


def test_policies_and_stages_are_called_by_their_id_or_number() -> None:
    """A soft ratio, an allowance in each period whose rest is sold, one that is not, growth, and three stages."""
    case = "periods: {one: {duration: 0.5 a}, two: {duration: 0.5 a}}\n"
    stages = "[{maximise: {least: profit}}, {minimise: {largest: brine}}, {minimise: cost}]"
    case += text("{indicator: intensity, min: 10 %, max: 30 %, shortage: 1 CNY/t, surplus: 2 CNY/t}", objective=stages)
    steps = "steps: [{price: 5 CNY/t, max: 10 t/a}, {price: 30 CNY/t}]"
    case += f"  q: {{indicator: brine, {steps}, free: 20 t/a, each_period: true, bank: {{expires: 0.6 a}}}}\n"
    case += f"  r: {{indicator: brine, {steps}}}\n  s: {{indicator: salt, growth: {{max: 10 %/a}}}}\n"
    words = ("policy", "short", "over", "paid", "paid_each", "charge", "charge_each", "kept", "unexpired")
    assert first_names(network_of(case), *words) == [
        "paid_each[q.1,one]", "paid_each[q.2,one]", "paid_each[q.sold,one]", "kept[q,one]",
        "short[p]", "over[p]", "paid[r.1]", "paid[r.2]",
        "charge_each[q,one]", "unexpired[q,one]", "policy[p.min]", "policy[p.max]", "charge[r]",
    ]  # fmt: skip
    assert first_names(network_of(case), "stage", "worst", "spread", "growth_max") == [
        "worst[1]", "worst[2]", "growth_max[s,one]",
        "spread[1.north]", "spread[1.south]", "spread[2.north]", "spread[2.south]", "stage[1]", "stage[2]",
    ]  # fmt: skip


def test_what_is_built_is_called_by_its_kind_but_for_plants() -> None:
    """Rows of no period that stand for one name it all the same: `standing`."""
    for case, name in ((LINK, "link.works.belt"), (ROUTE, "route.line"), (STORE, "store.works.tank")):
        assert first_names(network_of(case), "build", "new", "installed", "standing") == [
            f"{word}[{name},y1]" for word in ("build", "new", "installed", "standing")
        ]
    free = network_of(changed(STORE, (", end: open", "")))
    assert first_names(free, "opening_room", "cyclic") == ["cyclic[works.tank]", "opening_room[store.works.tank]"]


def test_stores_are_called_by_the_company_that_keeps_them() -> None:
    assert first_names(network_of(store("fill_rate: 3 t/d")), "level", "opening", "fill_rate", "cyclic") == [
        "level[lake.shed,summer]", "opening[lake.shed]", "fill_rate[lake.shed,summer]", "cyclic[lake.shed]",
    ]  # fmt: skip


def test_a_step_that_sells_nothing_counts_like_any_other_however_small() -> None:
    case = text("{indicator: brine, steps: [{price: 5 CNY/t, max: 0 t/a}, {price: 30 CNY/t}], sell: false}")
    assert first_names(network_of(case), "paid") == ["paid[p.1]", "paid[p.2]"]


def test_a_budget_is_that_of_the_case_or_of_a_park() -> None:
    case = changed(
        LINK,
        ("{rate: 0 %}", "{rate: 0 %, budget: 240 CNY/a}"),
        ("    links:\n", "    investment: {budget: 120 CNY/a}\n    links:\n"),
    )
    assert first_names(network_of(case), "budget") == ["budget[investment,y1]", "budget[works,y1]"]
