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
