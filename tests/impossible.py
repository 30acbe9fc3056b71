"""Cases that have no answer, each for a reason of its own, as texts in the language."""

from __future__ import annotations

from hello import HELLO, TEXT, edit, infeasible
from ponds import text as ponds

KILN = "capacity: 300 kt/a,"
GENERATOR = "capacity: 100 kt/a"
GOAL = "objective: {maximise: profit}"
STORAGE, ROUTE, INVESTMENT = (
    (HELLO.parent / f"{name}.yaml").read_text(encoding="utf-8") for name in ("4_storage", "5_route", "7_investment")
)
HALVES = "{wet: {duration: 0.5 a}, dry: {duration: 0.5 a}}"


def with_policies(policies: str, text: str = TEXT) -> str:
    """Return a case with policies."""
    return edit(GOAL, f"{GOAL}\npolicies: {{{policies}}}", text)


def contract_above_capacity() -> str:
    """Return 120 kt of acetylene sold from a plant of 100 kt."""
    return edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: 8000 CNY/t, min: 120 kt/a}")


def contract_above_supply() -> str:
    """Return 90 kt of acetylene, which need 221.4 kt of carbide, of which 200 kt can be bought."""
    text = edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: 8000 CNY/t, min: 90 kt/a}")
    return edit("calcium_carbide: {price: 2600 CNY/t}", "calcium_carbide: {price: 2600 CNY/t, max: 200 kt/a}", text)


def cap_below_least_run() -> str:
    """Return 200 kt of clinker under a cap of 1 kt of carbon dioxide."""
    return infeasible()


def two_policies() -> str:
    """Return 250 kt of clinker by one policy, which emit 51 kt, of which another one allows 30 kt."""
    floor = "floor: {flow: {made: {clinker: 1 t/t}}, unit: t, min: 250 kt/a}"
    return with_policies(f"{floor}, cap: {{indicator: carbon, max: 30 kt/a}}")


def ratio_impossible() -> str:
    """Return 227 kt of slag at least, of which 90 % must be used and the kiln takes 154.6 kt."""
    reuse = "reuse: {ratio: {of: {used: {carbide_slag: 1 t/t}}, to: {made: {carbide_slag: 1 t/t}}}, min: 90 %}"
    return with_policies(reuse, edit(GENERATOR, f"{GENERATOR}, run: {{min: 80 kt/a}}"))


def slot_share() -> str:
    """Return 150 kt of clinker, 40 % of whose lime is limestone: 69.6 kt, of which 60 kt can be bought."""
    text = edit("limestone: {price: 50 CNY/t}", "limestone: {price: 50 CNY/t, max: 60 kt/a}")
    return edit(KILN, f"{KILN} run: {{min: 150 kt/a}},", text)


def nothing_passes() -> str:
    """Return 284 kt of slag that may not change hands, of which 200 kt can be discarded."""
    text = edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: 30 CNY/t, max: 200 kt/a}")
    text = edit(GENERATOR, f"{GENERATOR}, run: {{min: 100 kt/a}}", text)
    return edit(GOAL, f"{GOAL}\nexchange: none", text)


def store_end() -> str:
    """Return 4 Mt of salt at the end, of which the pond makes 2.9 Mt."""
    return edit("raw_salt, capacity: 600 kt", "raw_salt, capacity: 5 Mt, initial: 0 t, end: 4 Mt", STORAGE)


def ramp() -> str:
    """Return runs from season to season that differ by more than a change of 0.2 % a day allows."""
    text = edit("capacity: 600 kt, loss", "capacity: unlimited, loss", STORAGE)
    fixed = "ramp: 0.2 %/d, fix: [100 kt/a, 500 kt/a, 500 kt/a, 100 kt/a]"
    return edit("flotation:  {capacity: 600 kt/a,", f"flotation:  {{capacity: 600 kt/a, {fixed},", text)


def budget() -> str:
    """Return 250 TJ of steam, half of it from coal, half from a boiler that the budget does not pay."""
    text = edit("budget: 30 MCNY/a", "budget: 5 MCNY/a", INVESTMENT)
    text = edit("{price: 60 CNY/GJ, max: 300 TJ/a}", "{price: 60 CNY/GJ, min: 250 TJ/a}", text)
    return edit("coal: {price: 30 CNY/GJ}", "coal: {price: 30 CNY/GJ, max: 150 TJ/a}", text)


def route() -> str:
    """Return 255.6 kt of slag, of which 120 kt go by rail and 100 kt to the dump."""
    text = edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: 30 CNY/t, max: 100 kt/a}", ROUTE)
    return edit("{capacity: 100 kt/a}}\n", "{capacity: 100 kt/a, fix: 90 kt/a}}\n", text)


def each_period() -> str:
    """Return 95 t of salt in each half of the year, where the north stands half in the wet one: 75 t."""
    text = ponds("{indicator: salt, min: 190 t/a, each_period: true}", periods=HALVES)
    north = "north_pond: {capacity: 100 t/a"
    return edit(north, f"{north}, availability: [50 %, 100 %]", text)


def on_or_off() -> str:
    """Return clinker from a kiln that runs at half its load at least, or not, and then emits too much."""
    text = edit(KILN, f"{KILN} on_off: {{min_load: 50 %}},")
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 20 kt/a}", text)
    return with_policies("cap: {indicator: carbon, max: 1 kt/a}", text)


def minimum_load() -> str:
    """Return a kiln that cannot stop under a cap on what it emits."""
    return with_policies("cap: {indicator: carbon, max: 1 kt/a}", edit(KILN, f"{KILN} min_load: 50 %,"))


YEARS = "{y1: {duration: 1 a}, y2: {duration: 1 a}}"


def _growing(growth: str, north: str) -> str:
    """Return 10 t of salt a year from the south, some from the north, and a limit on the growth of all of it."""
    text = ponds(f"{{indicator: salt, growth: {{{growth}}}}}", periods=YEARS)
    text = edit("north_pond: {capacity: 100 t/a", f"north_pond: {{capacity: 100 t/a, {north}", text)
    return edit("south_pond: {capacity: 100 t/a", "south_pond: {capacity: 100 t/a, fix: [10 t/a, 10 t/a]", text)


def decline_too_slow() -> str:
    """Return 20 t of salt in one year and 18 t in the next one, of which a decline of 20 % leaves 16 t."""
    return _growing("max: -20 %/a", "fix: [10 t/a, 8 t/a]")


def decline_by_the_day() -> str:
    """Return 20 t of salt in one year and 18 t in the next one, of which 20·0.9995^365 = 16.66 t are left."""
    return _growing("max: -0.05 %/d", "fix: [10 t/a, 8 t/a]")


def decline_too_fast() -> str:
    """Return 20 t of salt in one year and 12 t in the next one, where 90 % must remain: 18 t."""
    return _growing("min: -10 %/a", "fix: [10 t/a, 2 t/a]")


def sale_above_cost() -> str:
    """Return acetylene that sells above its cost from a plant without limit."""
    return edit(GENERATOR, "capacity: unlimited")


def paid_disposal() -> str:
    """Return slag that others pay for, more than acetylene costs to make."""
    text = edit("acetylene: {price: 8000 CNY/t}", "acetylene: {price: 0 CNY/t}", sale_above_cost())
    return edit("carbide_slag: {cost: 30 CNY/t}", "carbide_slag: {cost: -3000 CNY/t}", text)


def paid_policy() -> str:
    """Return salt that nobody pays for, and a policy that pays for the brine."""
    text = ponds("{flow: {discarded: {brine: 1 t/t}}, unit: t, price: -50 CNY/t}")
    for price in ("10", "8"):
        text = edit(f"salt: {{price: {price} CNY/t}}", "salt: {price: 0 CNY/t}", text)
    return text.replace("capacity: 100 t/a", "capacity: unlimited")


def two_loops() -> str:
    """Return two plants without limit, each of which earns."""
    return edit(KILN, "capacity: unlimited,", sale_above_cost())


PAINT = """
case: paint
title: {en: One blender for two paints}
periods: {p: {duration: 10 d, count: 4}}
materials:
  base: {name: {en: Base}, class: raw}
  red:  {name: {en: Red}}
  blue: {name: {en: Blue}}
processes:
  red_blending:  {name: {en: Red blending}, per: 1 t red, inputs: {base: 1 t}}
  blue_blending: {name: {en: Blue blending}, per: 1 t blue, inputs: {base: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      blender:
        modes: {red: {process: red_blending}, blue: {process: blue_blending}}
        capacity: 10 t/d
        campaigns: {least: 20 d}
    buy: {base: {price: 10 CNY/t}}
    sell: {red: {price: 30 CNY/t, min: RED}, blue: {price: 30 CNY/t, min: BLUE}}
objective: {maximise: profit}
"""
SCRAP = """
case: scrap
title: {en: What was sold comes back}
periods: {y1: {duration: 1 a}, y2: {duration: 1 a}}
materials:
  ore:   {name: {en: Ore}, class: raw}
  scrap: {name: {en: Scrap}, class: waste}
  metal: {name: {en: Metal}}
processes:
  smelting: {name: {en: Smelting}, per: 1 t metal, inputs: {ore: 1 t}}
  melting:  {name: {en: Melting}, per: 1 t metal, inputs: {scrap: 1 t}}
parks:
  works:
    name: {en: Works}
    plants: {smelting: {capacity: 200 t/a}, melting: {capacity: 50 t/a}}
    buy: {ore: {price: 10 CNY/t}, scrap: {price: 1 CNY/t}}
    sell: {metal: {price: 30 CNY/t, min: 100 t/a}}
returns: {scrap: {from: [{product: metal, share: 60 %, after: 1 a}], must_take: true}}
objective: {maximise: profit}
"""


def two_paints_at_a_time() -> str:
    """Return 5 t of red and 4 t of blue a day from a blender that mixes one of them in each period."""
    return PAINT.replace("RED", "5 t/d").replace("BLUE", "4 t/d")


def paints_in_turn() -> str:
    """Return red and blue paint in turn, every 10 days, from a blender that stays with each for 20 days."""
    return PAINT.replace("RED", "[9 t/d, 0 t/d, 9 t/d, 0 t/d]").replace("BLUE", "[0 t/d, 9 t/d, 0 t/d, 9 t/d]")


def returns_above_capacity() -> str:
    """Return 60 t of scrap in the second year at least, all of which must be taken; 50 t can be melted."""
    return SCRAP


def _banked(salt: str, terms: str) -> str:
    """Return some salt in two years, of which 40 t a year are free of a price that nothing may be spent on."""
    price = f"{{indicator: salt, price: 1 CNY/t, sell: false, free: 40 t/a, bank: {terms}, each_period: true}}"
    text = ponds(f"{price}\n  none: {{indicator: cost, max: 0 CNY/a}}", periods=YEARS)
    return edit("north_pond: {capacity: 100 t/a", f"north_pond: {{capacity: 100 t/a, fix: {salt}", text)


def borrowed_too_much() -> str:
    """Return 60 t of salt and then 20 t: 20 t would have to be borrowed, of which 5 t may be."""
    return _banked("[60 t/a, 20 t/a]", "{limit: 30 t, borrow: 5 t}")


def expired() -> str:
    """Return 20 t of salt and then 60 t, where nothing that is left of a year may be used in the next."""
    return _banked("[20 t/a, 60 t/a]", "{expires: 0 a}")


def closed_kiln() -> str:
    """Return 20 kt of clinker sold in each of two years, before the second of which the kiln is closed."""
    text = edit("clinker: {price: 260 CNY/t}", "clinker: {price: 260 CNY/t, min: 20 kt/a}")
    text = edit("capacity: 300 kt/a,", "capacity: 300 kt/a, retire_by: y2,", text)
    return edit("materials: #", f"periods: {YEARS}\nmaterials: #", text)


def slow_changeovers() -> str:
    """Return red and blue paint in turn, 90 t in every 10 days, of which a changeover takes 5: 50 t are made."""
    return edit("least: 20 d", "changeover_time: 5 d", paints_in_turn())


def bank_too_small() -> str:
    """Return 20 t of salt and then 60 t: 20 t would have to be kept for them, of which the bank keeps 10 t."""
    return _banked("[20 t/a, 60 t/a]", "{limit: 10 t}")


def allowance_too_small() -> str:
    """Return 20 t of salt and then 70 t: 90 t, of which 80 t are free."""
    return _banked("[20 t/a, 70 t/a]", "true")


def short_stays() -> str:
    """Return a kiln that runs every other 10 days, but stays on for 20 days after a start."""
    text = edit(KILN, f"{KILN} fix: [100 kt/a, 0 t/a, 100 kt/a, 0 t/a], on_off: {{min_load: 10 %, min_up: 20 d}},")
    return edit("materials: #", "periods: {p: {duration: 10 d, count: 4}}\nmaterials: #", text)


def short_breaks() -> str:
    """Return a kiln that rests every other 10 days, but stays off for 20 days after a stop."""
    return edit("min_up", "min_down", short_stays())


def too_little_of_two_comes_back() -> str:
    """Return as `too_little_comes_back`, where 1 % of the ore that was sold before comes back too."""
    ore = "{product: ore, share: 1 %, after: 1 a, before: 0 t/a}"
    return edit("{product: metal,", f"{ore}, {{product: metal,", too_little_comes_back())


def too_little_comes_back() -> str:
    """Return 75 t of scrap to melt in the second year, of which 60 % of 100 t of metal come back."""
    text = edit(", must_take: true", "", SCRAP)
    return edit(
        "melting: {capacity: 50 t/a}",
        "melting: {capacity: 80 t/a, run: {min: [0 t/a, 75 t/a]}}",
        edit("min: 100 t/a", "min: 100 t/a, max: 100 t/a", text),
    )
