"""A network of parks of any number of hours, as a case: what the benchmarks of long programs solve.

    python benchmarks/parks.py FOLDER HOURS      writes FOLDER/case.yaml and the table of its profiles

Fifteen parks of sixty plants each. A plant makes an intermediate or a product, and up to two by-products, from two to
four raw materials, intermediates or by-products of others, with power and steam. Every price, every availability and
every load has a profile of its own. Lanes carry materials from parks that make them to parks that use them, ten
stores a park carry them from hour to hour, and two policies join all hours: a cap on CO2 and a floor on the reuse of
by-products.

The network is drawn before its profiles, so that it does not depend on the number of hours.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import Generator

SIZES = {"S": 1, "M": 12, "L": 168, "XL": 672}
"""hours of the instances that the notes speak of"""
RAW = [f"raw_{i}" for i in range(26)]
STEPS = [f"step_{i}" for i in range(36)]
GOODS = [f"good_{i}" for i in range(28)]
RESTS = [f"rest_{i}" for i in range(28)]
WORTH = {"raw": (15, 60), "step": (80, 250), "good": (250, 700), "rest": (4, 12)}
"""CNY/t"""
POWER, STEAM = 70.0, 25.0
"""CNY/MWh, CNY/GJ"""


@dataclass
class Recipe:
    """What one plant does, per tonne or so of what it makes."""

    inputs: dict[str, float]
    outputs: dict[str, float]
    cost: float
    capacity: float
    co2: float


@dataclass
class Parks:
    """The network, drawn once; `spread` collects how its figures vary over the hours."""

    random: Generator
    worth: dict[str, float]
    recipes: list[list[Recipe]]
    """of each park"""
    profiles: dict[str, tuple[str, float, float]] = field(default_factory=dict)
    """name → (unit, figure, spread); the unit is empty for shares"""

    def profile(self, name: str, unit: str, figure: float, spread: float) -> str:
        """Note a figure that varies, and return how it is written in the case."""
        self.profiles[name] = (unit, figure, spread)
        return f"{{profile: {name}}}"


def draw(seed: int = 7, parks: int = 15, plants: int = 60) -> Parks:
    """Draw materials' worth and recipes, most of which earn a little."""
    random = np.random.default_rng(seed)
    worth = {m: float(random.uniform(*WORTH[m.split("_")[0]])) for m in (*RAW, *STEPS, *GOODS, *RESTS)}
    network = Parks(random, worth, [])
    for _ in range(parks):
        network.recipes.append([recipe(random, worth) for _ in range(plants)])
    return network


def recipe(random: Generator, worth: dict[str, float]) -> Recipe:
    """Draw one recipe."""
    final = random.random() < 0.5
    made = str(random.choice(GOODS if final else STEPS))
    number = int(random.integers(2, 5))
    reused = int(random.integers(1, min(number, 3))) if random.random() < 0.35 else 0
    rests = [str(m) for m in random.choice(RESTS, reused, replace=False)]
    pool = [m for m in (*RAW, *(STEPS if final else ())) if m != made]
    used = {m: float(random.uniform(0.2, 1.2)) for m in (*rests, *random.choice(pool, number - reused, replace=False))}
    power, steam, cost = (float(random.uniform(*r)) for r in ((0.02, 0.4), (-0.15, 0.5), (1, 12)))
    spent = sum(worth[m] * amount for m, amount in used.items()) + POWER * power + STEAM * steam + cost
    outputs = {made: max(0.05, spent * (1 + float(random.uniform(-0.15, 0.6))) / worth[made])}
    left = [m for m in RESTS if m not in used]
    for rest in random.choice(left, int(random.integers(0, 3)), replace=False):
        outputs[str(rest)] = float(random.uniform(0.1, 0.6))
    inputs = {str(m): amount for m, amount in used.items()} | {"power": power}
    (inputs if steam > 0 else outputs)["steam"] = abs(steam)
    return Recipe(inputs, outputs, cost, float(random.uniform(40, 220)), float(random.uniform(0.02, 0.8)))


def case_text(network: Parks, hours: int, cap: float | None, floor: float) -> str:
    """Return the case; `cap` is in t of CO2 per hour, `floor` a share."""
    parts = [
        *("case: parks", "title: {en: Network of parks}"),
        f"periods: {{hour: {{duration: 1 h, count: {hours}}}}}",
        *materials(),
        *processes(network),
        *parks(network),
        *routes(network),
        "indicators:",
        "  co2: {name: {en: CO2}, unit: t, factors: {discarded: {co2: 1 t/t}}}",
        "policies:",
        "  reuse_floor: {ratio: {of: {used: {class.byproduct: 1 t/t}}, to: {made: {class.byproduct: 1 t/t}}},"
        f" min: {100 * floor:.6g} %}}",
        *([] if cap is None else [f"  co2_cap: {{indicator: co2, max: {cap:.9g} t/h}}"]),
        "objective: {maximise: profit}",
    ]
    head = "profiles:\n" + "".join(
        f"  {name}: {{file: profiles.csv, column: {name}{f', unit: {unit}' if unit else ''}}}\n"
        for name, (unit, _, _) in network.profiles.items()
    )
    return "\n".join(parts) + "\n" + head


def materials() -> list[str]:
    """All materials."""
    kinds = ((RAW, "raw"), (STEPS, "product"), (GOODS, "product"), (RESTS, "byproduct"))
    lines = ["materials:"]
    lines += [f"  {m}: {{name: {{en: {m}}}, class: {kind}}}" for group, kind in kinds for m in group]
    lines += ["  power: {name: {en: Power}, class: utility, unit: MWh}"]
    lines += ["  steam: {name: {en: Steam}, class: utility, unit: GJ}"]
    lines += ["  co2: {name: {en: CO2}, class: emission}", "  air: {name: {en: Air}, class: environment}"]
    return lines


def unit(material: str) -> str:
    """Return the unit that a material is counted in."""
    return {"power": "MWh", "steam": "GJ"}.get(material, "t")


def processes(network: Parks) -> list[str]:
    """One recipe a plant, and the loads and sources that are given."""
    lines = ["processes:"]
    gap = 'closure: {gap: 100 %, because: "drawn at random"}'
    for park, recipes in enumerate(network.recipes):
        for number, it in enumerate(recipes):
            reference = next(iter(it.outputs))
            amount = it.outputs[reference]
            inputs = ", ".join(f"{m}: {v:.6g} {unit(m)}" for m, v in it.inputs.items())
            outputs = [f"{m}: {v:.6g} {unit(m)}" for m, v in it.outputs.items() if m != reference]
            outputs.append(f"co2: {it.co2:.6g} t")
            lines += [
                f"  process_{park}_{number}: {{name: {{en: P{park}.{number}}}, per: {amount:.6g} t {reference},",
                f"    inputs: {{{inputs}}}, outputs: {{{', '.join(outputs)}}}, {gap}}}",
            ]
    for m in ("power", "steam"):
        lines += [f"  load_{m}: {{name: {{en: Load}}, per: 1 {unit(m)} {m}, inputs: {{{m}: 1 {unit(m)}}},"]
        lines += [f"    outputs: {{air: 1 kg}}, {gap}}}"]
    for m in RESTS:
        lines += [f"  source_{m}: {{name: {{en: Source}}, per: 1 t {m}, inputs: {{air: 1 kg}}, {gap}}}"]
    return lines


def parks(network: Parks) -> list[str]:
    """Plants, loads, offers and stores of every park."""
    random, lines = network.random, ["parks:"]
    for park, recipes in enumerate(network.recipes):
        lines += [f"  park_{park}:", f"    name: {{en: Park {park}}}", "    plants:"]
        for number, it in enumerate(recipes):
            amount = next(iter(it.outputs.values()))
            up = network.profile(f"up_{park}_{number}", "", 0.9, 0.08)
            lines += [
                f"      process_{park}_{number}: {{capacity: {it.capacity * amount:.6g} t/h, availability: {up},"
                f" variable_cost: {it.cost / amount:.6g} CNY/t}}"
            ]
        for m in ("power", "steam"):
            load = network.profile(f"load_{park}_{m}", f"{unit(m)}/h", float(random.uniform(5, 40)), 0.1)
            lines += [f"      load_{m}: {{capacity: unlimited, fix: {load}}}"]
        used = {m for it in recipes for m in it.inputs} | {"power", "steam"}
        made = {m for it in recipes for m in it.outputs}
        sources = [m for m in RESTS if random.random() < 0.4 or m in used - made]
        for m in sources:
            flow = network.profile(f"source_{park}_{m}", "t/h", float(random.uniform(5, 60)), 0.1)
            lines += [f"      source_{m}: {{capacity: unlimited, fix: {flow}}}"]
        made |= set(sources)
        lines += offers(network, park, sorted(used), sorted(made)) + stores(network, sorted((used | made) - {"power"}))
    return lines


def offers(network: Parks, park: int, used: list[str], made: list[str]) -> list[str]:
    """Markets for raw materials, utilities, some intermediates and all goods; a way out for everything."""
    random, worth = network.random, network.worth | {"power": POWER, "steam": STEAM}
    buy, sell, dump = [], [], []
    for m in used:
        kind = m.split("_")[0]
        if kind not in ("good", "rest") and (kind != "step" or m not in made or random.random() < 0.5):
            dear = worth[m] * float(random.uniform(1.1, 1.4))
            price = network.profile(f"buy_{park}_{m}", f"CNY/{unit(m)}", dear, 0.25 if m == "power" else 0.08)
            most = "" if unit(m) != "t" else f", max: {random.uniform(150, 900):.6g} t/h"
            buy.append(f"{m}: {{price: {price}{most}}}")
    for m in made:
        kind = m.split("_")[0]
        if kind == "good" or (kind == "step" and random.random() < 0.6):
            cheap = worth[m] * float(random.uniform(0.6, 0.95))
            price = network.profile(f"sell_{park}_{m}", "CNY/t", cheap, 0.08)
            sell.append(f"{m}: {{price: {price}, max: {random.uniform(40, 260):.6g} t/h}}")
        cost = network.profile(f"dump_{park}_{m}", f"CNY/{unit(m)}", float(random.uniform(5, 40)), 0.08)
        dump.append(f"{m}: {{cost: {cost}}}")
    return [f"    {word}: {{{', '.join(what)}}}" for word, what in (("buy", buy), ("sell", sell), ("discard", dump))]


def stores(network: Parks, materials: list[str]) -> list[str]:
    """Ten stores of a park."""
    random, lines = network.random, ["    stores:"]
    for m in random.choice(materials, 10, replace=False):
        u = unit(str(m))
        room, loss, cost = (float(random.uniform(*r)) for r in ((50, 400), (0.1, 1.0), (0.01, 0.2)))
        lines.append(f"      of_{m}: {{material: {m}, capacity: {room:.6g} {u}, loss: {loss:.6g} %/h,")
        lines.append(f"        cost: {cost:.6g} CNY/({u}*h)}}")
    return lines


def routes(network: Parks, lanes: int = 60, carried: int = 15) -> list[str]:
    """Lanes between parks, each for up to fifteen materials that one makes and the other uses."""
    random, number = network.random, len(network.recipes)
    place = random.uniform(0, 300, (number, 2))
    pairs = [(a, b) for a in range(number) for b in range(number) if a != b]
    lines = ["transport:", "  road: {name: {en: Road}, cost: 0.08 CNY/(t*km), adds: {co2: 1e-4 t/(t*km)}}", "routes:"]
    for a, b in (pairs[i] for i in random.permutation(len(pairs))[: min(lanes, len(pairs))]):
        made = {m for it in network.recipes[a] for m in it.outputs if unit(m) == "t"}
        used = {m for it in network.recipes[b] for m in it.inputs if unit(m) == "t"}
        both = sorted(made & used)
        if not both:
            continue
        what = ", ".join(sorted(random.choice(both, min(carried, len(both)), replace=False)))
        far, loss = float(np.hypot(*(place[a] - place[b]))) + 10, float(random.uniform(0, 3))
        lines.append(
            f"  from_{a}_to_{b}: {{from: park_{a}, to: park_{b}, by: road, distance: {far:.6g} km, loss: {loss:.6g} %,"
            f" capacity: {random.uniform(200, 1500):.6g} t/h, carries: [{what}]}}"
        )
    return lines


def write_profiles(network: Parks, path: Path, hours: int, seed: int = 11) -> None:
    """Write how all figures go over the hours: noise around each, and a day's wave for the price of power."""
    random = np.random.default_rng(seed)
    wave = 1 + 0.25 * np.sin(2 * np.pi * np.arange(hours) / 24)
    names = list(network.profiles)
    noise = random.standard_normal((hours, len(names)))
    table = np.empty((hours, len(names)))
    for i, name in enumerate(names):
        _, figure, spread = network.profiles[name]
        if name.endswith("_power") and name.startswith("buy"):
            table[:, i] = figure * wave * np.clip(1 + 0.08 * noise[:, i], 0.7, 1.3)
        elif name.startswith("up_"):
            table[:, i] = np.clip(figure + spread * noise[:, i], 0.5, 1.0)
        else:
            table[:, i] = figure * np.clip(1 + spread * noise[:, i], 0.5, 1.5)
    lines = [",".join(names), *(",".join(f"{v:.5g}" for v in row) for row in table)]
    path.write_text("\n".join(lines) + "\n")


def write(folder: Path, hours: int, share: float = 0.75, floor: float = 0.3) -> Path:
    """Write the case of so many hours; CO2 is capped at a share of what one hour emits without a cap."""
    network = draw()
    cap = share * emitted(floor)
    text = case_text(network, hours, cap, floor)
    write_profiles(network, folder / "profiles.csv", hours)
    (folder / "case.yaml").write_text(text)
    return folder / "case.yaml"


def emitted(floor: float) -> float:
    """CO2 of one hour without a cap, t."""
    from parkloop.flows.build import build_network
    from parkloop.flows.case import read_case
    from parkloop.reports.run import run_case

    with tempfile.TemporaryDirectory() as name:
        folder, network = Path(name), draw()
        (folder / "case.yaml").write_text(case_text(network, 1, None, floor))
        write_profiles(network, folder / "profiles.csv", 1)
        result = run_case(build_network(read_case(folder / "case.yaml")))
    if not result.optimal:
        raise SystemExit(f"the hour without a cap is {result.status}: {result.reason}")
    return float(result.indicators["co2"].value or 0.0)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(SIZES.get(sys.argv[2], sys.argv[2]))))
