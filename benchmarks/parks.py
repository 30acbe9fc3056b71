"""A network of parks of any number of hours, as a case: what the benchmarks of long programs solve.

    python benchmarks/parks.py FOLDER HOURS [PARKS]      writes FOLDER/case.yaml and the table of its profiles

Fifteen parks, or more, of sixty plants each. A plant makes an intermediate or a product, and up to two by-products,
from two to four raw materials, intermediates or by-products of others, with power and steam. Every market price, every
availability and every load has a profile of its own. Lanes carry materials from parks that make them to parks that use
them, ten stores a park carry them from hour to hour, and two policies join all hours: a cap on CO2 and a floor on the
reuse of by-products.

An hour counts one to four times: its market prices, what it emits and what it reuses are weighed so, but a store
carries from one hour to the next. Fixed figures (variable cost, freight, CO2 of freight) are weighed by what an hour
counts on average.

The network is drawn before its profiles, so that it does not depend on the number of hours.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIZES = {"S": (1, 15), "M": (12, 15), "L": (168, 15), "XL": (672, 15), "wide": (12, 75)}
"""hours and parks of the instances that the notes speak of"""
UTILITIES = ("power", "steam")
GROUPS = {"raw": 26, "step": 36, "good": 28, "rest": 28}
"""materials of each kind: raw materials, intermediates, products, by-products"""
WORTH = {"raw": (15.0, 60.0), "step": (80.0, 250.0), "good": (250.0, 700.0), "rest": (4.0, 12.0)}
"""CNY/t"""
POWER, STEAM = 70.0, 25.0
"""CNY/MWh, CNY/GJ"""
NAMES = [*UTILITIES, *(f"{kind}_{i}" for kind, number in GROUPS.items() for i in range(number))]
KINDS = ["utility"] * 2 + [kind for kind, number in GROUPS.items() for _ in range(number)]
LANES, CARRIED, STORES = 60, 15, 10
"""pairs of parks with lanes, materials of a pair, stores of a park"""
FLOOR, SHARE = 0.45, 0.75
"""share of by-products reused, and of the CO2 of an hour without a cap"""


@dataclass
class Profile:
    """A figure that varies: the table's column is `figure` times noise, times what the hour counts where `weighed`."""

    unit: str
    figure: float
    spread: float
    low: float
    high: float
    weighed: bool = False
    daily: bool = False


@dataclass
class Recipe:
    """What one plant does, per unit of its activity."""

    inputs: dict[int, float]
    outputs: dict[int, float]
    cost: float
    capacity: float
    co2: float


class Parks:
    """The network, drawn once; `profiles` collects what varies over the hours."""

    def __init__(self, seed: int, parks: int, plants: int) -> None:
        """Draw materials' worth and recipes, most of which earn a little."""
        self.random: Generator = np.random.default_rng(seed)
        self.worth = [POWER, STEAM] + [0.0] * (len(NAMES) - 2)
        for kind, bounds in WORTH.items():
            drawn = self.random.uniform(*bounds, len(NAMES))
            for m in self.of(kind):
                self.worth[m] = float(drawn[m])
        number = parks * plants
        figures = [self.random.uniform(low, high, number) for low, high in ((1, 12), (40, 220), (0.02, 0.8))]
        drawn_recipes = [self._recipe(*(float(it[p]) for it in figures)) for p in range(number)]
        self.recipes = [drawn_recipes[r * plants : (r + 1) * plants] for r in range(parks)]
        self.profiles: dict[str, Profile] = {}

    @staticmethod
    def of(kind: str) -> list[int]:
        """Return the materials of a kind."""
        return [m for m, its in enumerate(KINDS) if its == kind]

    def profile(self, name: str, what: Profile) -> str:
        """Note a figure that varies, and return how it is written in the case."""
        self.profiles[name] = what
        return f"{{profile: {name}}}"

    def price(self, name: str, unit: str, figure: float, daily: bool = False) -> str:
        """Note a price, of which each hour counts as often as it does."""
        return self.profile(name, Profile(unit, figure, 0.08, 0.7, 1.3, weighed=True, daily=daily))

    def _recipe(self, cost: float, capacity: float, co2: float) -> Recipe:
        random = self.random
        reuses, final = random.random() < 0.35, random.random() < 0.5
        made = int(random.choice(self.of("good" if final else "step")))
        number = int(random.integers(2, 5))
        rests = self.of("rest")
        used: list[int] = []
        if reuses:
            used += random.choice(rests, int(random.integers(1, min(number, 3))), replace=False).tolist()
        pool = np.setdiff1d([*self.of("raw"), *(self.of("step") if final else ())], [made])
        used += random.choice(pool, number - len(used), replace=False).tolist()
        amounts = random.uniform(0.2, 1.2, len(used))
        power, steam = random.uniform(0.02, 0.4), random.uniform(-0.15, 0.5)
        spent = (
            sum(self.worth[m] * a for m, a in zip(used, amounts, strict=True)) + POWER * power + STEAM * steam + cost
        )
        outputs = {made: max(0.05, float(spent * (1 + random.uniform(-0.15, 0.6)) / self.worth[made]))}
        left = int(random.integers(0, 3))
        if left:
            others = random.choice(np.setdiff1d(rests, used), left, replace=False).tolist()
            outputs |= zip(others, random.uniform(0.1, 0.6, left).tolist(), strict=True)
        inputs = dict(zip(used, amounts.tolist(), strict=True)) | {0: float(power)}
        (inputs if steam > 0 else outputs)[1] = abs(float(steam))
        return Recipe(inputs, outputs, cost, capacity, co2)


def count(hours: int, seed: int = 5) -> Floats:
    """Return how often each hour counts, (hours,)."""
    return np.random.default_rng(seed).integers(1, 5, hours).astype(float) if hours > 1 else np.ones(1)


def case_text(network: Parks, hours: int, cap: float | None) -> str:
    """Return the case; `cap` is in t of CO2 per hour and count."""
    weight = count(hours)
    often = float(weight.mean())
    weighed = "{profile: weight, times: 1 t/t}"
    fresh = "{profile: weight, times: -1 t/t}"  # what sources give is not made by plants: it is taken out again
    parts = [
        *("case: parks", "title: {en: Network of parks}"),
        f"periods: {{hour: {{duration: 1 h, count: {hours}}}}}",
        *materials(),
        *processes(network),
        *parks(network, often),
        *lanes(network, often),
        "indicators:",
        f"  co2: {{name: {{en: CO2}}, unit: t, factors: {{discarded: {{co2: {weighed}}}}}}}",
        "policies:",
        f"  reuse_floor: {{ratio: {{of: {{used: {{class.byproduct: {weighed}}}}},",
        f"    to: {{made: {{class.byproduct: {weighed}}}, used: {{air: {fresh}}}}}}}, min: {100 * FLOOR:.6g} %}}",
        *([] if cap is None else [f"  co2_cap: {{indicator: co2, max: {cap * often:.9g} t/h}}"]),
        "objective: {maximise: profit}",
        "profiles:",
        "  weight: {file: profiles.csv, column: weight}",
    ]
    parts += [
        f"  {name}: {{file: profiles.csv, column: {name}{f', unit: {it.unit}' if it.unit else ''}}}"
        for name, it in network.profiles.items()
    ]
    return "\n".join(parts) + "\n"


def materials() -> list[str]:
    """All materials."""
    classes = {"utility": "utility", "raw": "raw", "step": "product", "good": "product", "rest": "byproduct"}
    lines = ["materials:"]
    for name, kind in zip(NAMES, KINDS, strict=True):
        lines.append(f"  {name}: {{name: {{en: {name}}}, class: {classes[kind]}, unit: {unit(name)}}}")
    return [*lines, "  co2: {name: {en: CO2}, class: emission}", "  air: {name: {en: Air}, class: environment}"]


def unit(material: str) -> str:
    """Return the unit that a material is counted in."""
    return {"power": "MWh", "steam": "GJ"}.get(material, "t")


def processes(network: Parks) -> list[str]:
    """One recipe a plant, and the loads and sources that are given."""
    lines = ["processes:"]
    gap = 'closure: {gap: 100 %, because: "drawn at random"}'
    for park, recipes in enumerate(network.recipes):
        for number, it in enumerate(recipes):
            reference, *others = it.outputs
            inputs = ", ".join(f"{NAMES[m]}: {v:.6g} {unit(NAMES[m])}" for m, v in it.inputs.items())
            outputs = [f"{NAMES[m]}: {it.outputs[m]:.6g} {unit(NAMES[m])}" for m in others]
            outputs.append(f"co2: {it.co2:.6g} t")
            lines += [
                f"  process_{park}_{number}: {{name: {{en: P{park}.{number}}},",
                f"    per: {it.outputs[reference]:.6g} t {NAMES[reference]},",
                f"    inputs: {{{inputs}}}, outputs: {{{', '.join(outputs)}}}, {gap}}}",
            ]
    for m in UTILITIES:
        lines += [f"  load_{m}: {{name: {{en: Load}}, per: 1 {unit(m)} {m}, inputs: {{{m}: 1 {unit(m)}}},"]
        lines += [f"    outputs: {{air: 1 t}}, {gap}}}"]
    for rest in network.of("rest"):
        name = NAMES[rest]
        lines += [f"  source_{name}: {{name: {{en: Source}}, per: 1 t {name}, inputs: {{air: 1 t}}, {gap}}}"]
    return lines


def parks(network: Parks, often: float) -> list[str]:
    """Plants, loads, offers and stores of every park."""
    random, lines = network.random, ["parks:"]
    for park, recipes in enumerate(network.recipes):
        lines += [f"  park_{park}:", f"    name: {{en: Park {park}}}", "    plants:"]
        for number, it in enumerate(recipes):
            amount = next(iter(it.outputs.values()))
            up = network.profile(f"up_{park}_{number}", Profile("", 0.9, 0.08 / 0.9, 0.5 / 0.9, 1.0 / 0.9))
            lines += [
                f"      process_{park}_{number}: {{capacity: {it.capacity * amount:.6g} t/h, availability: {up},"
                f" variable_cost: {often * it.cost / amount:.6g} CNY/t}}"
            ]
        for m in UTILITIES:
            load = Profile(f"{unit(m)}/h", float(random.uniform(5, 40)), 0.1, 0.5, 1.5)
            lines += [f"      load_{m}: {{capacity: unlimited, fix: {network.profile(f'load_{park}_{m}', load)}}}"]
        used = {m for it in recipes for m in it.inputs} | {0, 1}
        made = {m for it in recipes for m in it.outputs}
        rests = [m for m in network.of("rest") if m in used | made]
        sources = [m for m in rests if random.random() < 0.4 or m not in made]
        for m in sources:
            flow = Profile("t/h", float(random.uniform(5, 60)), 0.1, 0.5, 1.5)
            lines += [
                f"      source_{NAMES[m]}: {{capacity: unlimited,"
                f" fix: {network.profile(f'source_{park}_{NAMES[m]}', flow)}}}"
            ]
        lines += offers(network, park, used, made | set(sources)) + stores(network, used | made | set(sources))
    return lines


def offers(network: Parks, park: int, used: set[int], made: set[int]) -> list[str]:
    """Markets for utilities, raw materials, some intermediates and all products; a way out for all but products."""
    random = network.random
    buy, sell, discard = [], [], []
    for m in sorted(used):
        name, kind = NAMES[m], KINDS[m]
        if kind in ("utility", "raw") or (kind == "step" and (random.random() < 0.5 or m not in made)):
            dear = network.worth[m] * float(random.uniform(1.1, 1.4))
            price = network.price(f"buy_{park}_{name}", f"CNY/{unit(name)}", dear, daily=name == "power")
            most = "" if kind == "utility" else f", max: {random.uniform(150, 900):.6g} t/h"
            buy.append(f"{name}: {{price: {price}{most}}}")
    for m in sorted(made):
        name, kind = NAMES[m], KINDS[m]
        if kind == "good" or (kind == "step" and random.random() < 0.6):
            cheap = network.worth[m] * float(random.uniform(0.6, 0.95))
            price = network.price(f"sell_{park}_{name}", "CNY/t", cheap)
            sell.append(f"{name}: {{price: {price}, max: {random.uniform(40, 260):.6g} t/h}}")
        if kind in ("rest", "step") or name == "steam":
            cost = network.price(f"out_{park}_{name}", f"CNY/{unit(name)}", float(random.uniform(5, 40)))
            discard.append(f"{name}: {{cost: {cost}}}")
    return [f"    {word}: {{{', '.join(what)}}}" for word, what in (("buy", buy), ("sell", sell), ("discard", discard))]


def stores(network: Parks, materials: set[int]) -> list[str]:
    """Ten stores of a park, of anything but power and steam."""
    random, lines = network.random, ["    stores:"]
    for m in random.choice(sorted(materials - {0, 1}), STORES, replace=False):
        name = NAMES[m]
        room, loss, cost = (float(random.uniform(*r)) for r in ((50, 400), (0.1, 1.0), (0.01, 0.2)))
        lines.append(f"      of_{name}: {{material: {name}, capacity: {room:.6g} t, loss: {loss:.6g} %/h,")
        lines.append(f"        cost: {{profile: weight, times: {cost:.6g} CNY/(t*h)}}}}")
    return lines


def lanes(network: Parks, often: float) -> list[str]:
    """Lanes between parks, each for one material that one makes and the other uses."""
    random, number = network.random, len(network.recipes)
    place = random.uniform(0, 300, (number, 2))
    pairs = [(a, b) for a in range(number) for b in range(number) if a != b]
    adds = f"adds: {{co2: {often * 1e-4:.6g} t/(t*km)}}"
    lines = ["transport:", f"  road: {{name: {{en: Road}}, cost: {often * 0.08:.6g} CNY/(t*km), {adds}}}", "routes:"]
    for a, b in (pairs[i] for i in random.choice(len(pairs), min(LANES, len(pairs)), replace=False)):
        far = float(np.hypot(*(place[a] - place[b]))) + 10
        made = {m for it in network.recipes[a] for m in it.outputs if m > 1}
        used = {m for it in network.recipes[b] for m in it.inputs if m > 1}
        both = sorted(made & used)
        for m in random.choice(both, min(CARRIED, len(both)), replace=False):
            most, loss = float(random.uniform(20, 150)), float(random.uniform(0, 3))
            lines.append(
                f"  {NAMES[m]}_from_{a}_to_{b}: {{from: park_{a}, to: park_{b}, by: road, distance: {far:.6g} km,"
                f" loss: {loss:.6g} %, capacity: {most:.6g} t/h,"
                f" carries: [{NAMES[m]}]}}"
            )
    return lines


def write_profiles(network: Parks, path: Path, hours: int, seed: int = 11) -> None:
    """Write how all figures go over the hours: noise around each, and a day's wave for the price of power."""
    random, weight = np.random.default_rng(seed), count(hours)
    wave = 1 + 0.25 * np.sin(2 * np.pi * np.arange(hours) / 24)
    noise = random.standard_normal((hours, len(network.profiles)))
    columns = [weight]
    for i, it in enumerate(network.profiles.values()):
        column = it.figure * (np.clip(1 + it.spread * noise[:, i], it.low, it.high) if hours > 1 else np.ones(1))
        columns.append(column * (wave if it.daily else 1.0) * (weight if it.weighed else 1.0))
    rows = [",".join(f"{v:.6g}" for v in row) for row in np.column_stack(columns)]
    path.write_text("\n".join([",".join(["weight", *network.profiles]), *rows]) + "\n")


def write(folder: Path, hours: int, parks: int = 15) -> Path:
    """Write the case of so many hours; CO2 is capped at a share of what one hour emits without a cap."""
    write_case(folder, hours, parks, SHARE * emitted(parks))
    return folder / "case.yaml"


def write_case(folder: Path, hours: int, parks: int, cap: float | None) -> None:
    """Write the case and its profiles."""
    network = Parks(seed=7, parks=parks, plants=60)
    (folder / "case.yaml").write_text(case_text(network, hours, cap))
    write_profiles(network, folder / "profiles.csv", hours)


def emitted(parks: int) -> float:
    """CO2 of one hour without a cap, t."""
    from parkloop.flows.build import build_network
    from parkloop.flows.case import read_case
    from parkloop.reports.run import run_case

    with tempfile.TemporaryDirectory() as name:
        write_case(Path(name), 1, parks, None)
        result = run_case(build_network(read_case(Path(name) / "case.yaml")))
    if not result.optimal:
        raise SystemExit(f"the hour without a cap is {result.status}: {result.reason}")
    return float(result.indicators["co2"].value or 0.0)


if __name__ == "__main__":
    target, *size = sys.argv[1:]
    print(write(Path(target), *SIZES.get(size[0], map(int, size))))
