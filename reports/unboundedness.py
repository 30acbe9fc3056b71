"""Why an objective can be improved without limit: the loop of flows that does it, and what would bound it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.problems import InputError
from ..flows.tables import Floats, OfferKind
from ..flows.wording import Saying, joined, lower, named, said
from ..models.coverage import money_columns
from ..models.names import VERBS
from ..models.policy import policy_values
from ..models.program import Program
from ..solver.diagnosis import improving_direction
from ..solver.highs import solve
from .endless_phrases import endless_phrases
from .figures import amount, figure, multiple
from .infeasibility import Trial
from .limits import goal_words, limit_words
from .worth import DONE

tell = endless_phrases.tell
LOOPS = 8
"""loops that are bounded one after the other"""
SHOWN = 1e-6
"""parts of a loop below this share of its largest flow are not told, 1"""
AMPLE = 10.0
"""a suggested limit over the largest stated one of its unit, 1"""


@dataclass(frozen=True)
class Step:
    """One flow of a loop."""

    words: Saying
    """what flows, per unit of the flow that the loop is counted by"""
    where: str
    """file:line:column, "" where the case states nothing"""


@dataclass(frozen=True)
class Bound:
    """A field that would limit a loop."""

    path: str
    where: str
    """file:line:column"""
    what: Saying
    setting: str
    """an ample value, as `PATH=VALUE` for `--set`"""


@dataclass(frozen=True)
class Loop:
    """Flows that may grow for ever, each round improving the objective."""

    gain: Saying
    """what each unit brings, in a sentence"""
    steps: tuple[Step, ...]
    bounds: tuple[Bound, ...]
    """any one of them limits the loop; the first one is suggested"""

    @property
    def sentences(self) -> list[Saying]:
        """The loop in words: what it brings, how, and what would limit it."""
        chain = joined((placed(step.words, step.where) for step in self.steps), between_zh="，")
        limits = joined(placed(bound.what, bound.where) for bound in self.bounds)
        said = tell("limit_one", limits=limits) if self.bounds else tell("no_field")
        return [tell("chain", gain=self.gain, steps=chain), said]


@dataclass(frozen=True)
class Unboundedness:
    """Why a case is unbounded."""

    case: str
    scenario: str
    loops: tuple[Loop, ...]
    settings: tuple[str, ...]
    """what to pass as `--set`, in order"""
    works: bool
    """with these settings the objective has an end"""

    def as_object(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "status": "unbounded",
            "loops": [
                {**asdict(loop), "steps": [asdict(step) for step in loop.steps],
                 "bounds": [asdict(bound) for bound in loop.bounds], "sentences": loop.sentences}
                for loop in self.loops
            ],
            "settings": list(self.settings),
            "works": self.works,
        }  # fmt: skip


def explain_unbounded(trial: Trial) -> Unboundedness:
    """Find the loops that improve the objective without limit, and bound them one after the other.

    Raises InputError where the case cannot be read, SolverError where HiGHS refuses a program.
    """
    loops: list[Loop] = []
    settings: list[str] = []
    case, network, program = trial.read()
    stated = network
    while len(loops) < LOOPS:
        stage, direction = _endless(program)
        if direction is None:
            break
        loop = _loop(case, network, stage, direction, stated)
        loops.append(loop)
        if not loop.bounds:
            break
        settings.append(loop.bounds[0].setting)
        try:
            case, network, program = trial.read(settings)
        except InputError:
            break
    works = bool(settings) and solve(program, trial.options).status not in ("unbounded", "stopped")
    return Unboundedness(stated.case, stated.scenario, tuple(loops), tuple(settings), works)


def _endless(program: Program) -> tuple[Program, Floats | None]:
    """Return the first stage of the objective that has no end, and flows (n,) that improve it for ever."""
    if not program.stages:
        return program, improving_direction(program)
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    for number, stage in enumerate(program.stages):
        stated = replace(
            program, maximise=stage.maximise, cost=stage.cost, offset=stage.offset, row_lower=lower, row_upper=upper,
            objective_scale=stage.objective_scale, objective_unit=stage.unit,
        )  # fmt: skip
        direction = improving_direction(stated)
        if direction is not None:
            return stated, direction
        if number + 1 < len(program.stages):  # what follows may not make this stage worse
            row = program.row_blocks["stage"].start + number
            (lower if stage.maximise else upper)[row] = 0.0
    return program, None


def _loop(case: Case, network: Network, program: Program, direction: Floats, stated: Network) -> Loop:
    main = _main_flow(network, program, direction)
    flows = direction / main.size
    price = program.objective_scale / program.flow_scale
    gain = f"{figure(abs(float(program.cost @ flows) * price))} {program.objective_unit}"
    key = "gain_adds" if program.maximise else "gain_takes"
    sentence = tell(key, unit=main.unit, what=main.words, gain=gain, target=lower(goal_words(network)))
    return Loop(
        sentence,
        tuple(_steps(case, network, program, flows)),
        tuple(_bounds(case, network, program, flows, stated)),
    )


@dataclass(frozen=True)
class _Main:
    size: float
    unit: str
    words: Saying


def _main_flow(network: Network, program: Program, direction: Floats) -> _Main:
    """The flow that a loop is counted by: the sale, purchase or disposal that moves most money, or else a run."""
    deals = np.abs(program.column_view("deal", direction)).sum(axis=0)
    price = np.abs(network.steps.price).max(axis=0, initial=0.0)[network.deals.step]
    names = network.materials
    sold = network.offers.kind[network.steps.offer[network.deals.step]] != OfferKind.BUY
    if deals.any():
        best = int(np.argmax(deals * (price + 1e-9) * np.where(sold, 1.0, 1e-6)))
        material = int(network.nodes.material[network.deals.node[best]])
        done = tell(DONE[OfferKind(int(network.offers.kind[network.steps.offer[network.deals.step[best]]]))])
        what = tell("dealt", material=named(names.label[material]), done=done)
        return _Main(float(deals[best]), names.unit[material], what)
    runs = np.abs(program.column_view("run", direction)).sum(axis=0)
    if runs.any():
        plant = int(np.argmax(runs))
        unit = names.unit[int(network.plants.reference[plant])]
        return _Main(float(runs[plant]), unit, tell("run_of", plant=named(network.plants.label[plant])))
    return _Main(float(np.abs(direction).max()), "unit", tell("loop"))


def _steps(case: Case, network: Network, program: Program, flows: Floats) -> Iterator[Step]:
    """Tell a loop: purchases, runs, transport, sales and disposals, payments of policies."""
    least = SHOWN * float(np.abs(flows).max())
    several = len(network.parks) > 1
    deals = _places(program, "deal", flows, least)
    kinds = network.offers.kind[network.steps.offer[network.deals.step]]
    for wanted in (True, False):
        if not wanted:
            yield from _runs(case, network, program, flows, least)
        for period, deal, size in deals:
            if (kinds[deal] == OfferKind.BUY) == wanted:
                yield _deal(case, network, period, deal, size, several)
    yield from _payments(case, network, program, flows)
    yield from _misses(case, network, program, flows, least)


def _misses(case: Case, network: Network, program: Program, flows: Floats, least: float) -> Iterator[Step]:
    """Soft bounds that are missed, where an objective gains from paying for that."""
    for block in money_columns(network):
        for period, column, size in _places(program, block.block, flows, least):
            policy, word = int(block.policy[column]), block.block.removesuffix("_each")
            unit = network.policies.unit[policy] if network.policies.unit else ""
            field = {"short": "shortage", "over": "surplus"}.get(word, "steps")
            key = {"short": "falls_below", "over": "exceeds"}.get(word, "pays_above")
            parts = {"policy": network.policies.id[policy], "amount": amount(size, unit)}
            parts["when"] = _when(network, period) if block.periodic else Saying("")
            parts["money"] = f"{figure(float(block.price[column]))} {network.money}/{unit}"
            yield Step(tell(key, **parts), str(case.key_at("policies", network.policies.id[policy], field)))


def _deal(case: Case, network: Network, period: int, deal: int, size: float, several: bool) -> Step:
    step = int(network.deals.step[deal])
    offer = int(network.steps.offer[step])
    kind = OfferKind(int(network.offers.kind[offer]))
    material = int(network.offers.material[offer])
    unit, price = network.materials.unit[material], float(network.steps.price[period, step])
    at = tell("at_park", park=named(network.parks[int(network.offers.park[offer])])) if several else Saying("")
    parts = {"amount": amount(size, unit), "material": named(network.materials.label[material])}
    parts |= {"at": at, "when": _when(network, period)}
    if network.offers.implicit[offer]:
        return Step(tell("take_in" if kind == OfferKind.BUY else "give_off", **parts), "")
    terms = "for" if kind != OfferKind.DISCARD else "being_paid" if price < 0 else "at_money"
    money = tell(terms, money=f"{figure(abs(price))} {network.money}/{unit}")
    origin = network.origins[int(network.steps.origin[step])]
    return Step(tell(VERBS[kind], terms=money, **parts), str(origin.position))


def _runs(case: Case, network: Network, program: Program, flows: Floats, least: float) -> Iterator[Step]:
    plants = network.plants
    for period, plant, size in _places(program, "run", flows, least):
        unit = network.materials.unit[int(plants.reference[plant])]
        place = str(network.origins[int(plants.origin[plant])].position)
        cost = float(plants.variable_cost[plant])
        parts = {"plant": named(plants.label[plant]), "amount": amount(size, unit), "when": _when(network, period)}
        money = f"{figure(cost)} {network.money}/{unit}"
        yield Step(tell("run_at" if cost else "run", money=money, **parts), place)
    for period, row, size in _places(program, "ship", flows, least):
        material = int(network.nodes.material[network.shipments.source[row]])
        text, unit = named(network.materials.label[material]), network.materials.unit[material]
        route = named(network.routes.label[int(network.shipments.route[row])])
        place = str(network.origins[int(network.routes.origin[int(network.shipments.route[row])])].position)
        parts = {"amount": amount(size, unit), "material": text, "route": route, "when": _when(network, period)}
        yield Step(tell("ship", **parts), place)


def _payments(case: Case, network: Network, program: Program, flows: Floats) -> Iterator[Step]:
    """What priced policies pay for the loop or take for it."""
    nothing = np.zeros(program.columns)
    moved = policy_values(network, program, flows)[1][0] - policy_values(network, program, nothing)[1][0]
    for policy, name in enumerate(network.policies.id):
        payment = float(network.policies.price[policy] * moved[policy])
        if abs(payment) > SHOWN:
            key, money = "policy_pays" if payment < 0 else "policy_takes", f"{figure(abs(payment))} {network.money}"
            yield Step(tell(key, policy=name, money=money), str(case.key_at("policies", name, "price")))


def _places(program: Program, block: str, flows: Floats, least: float) -> list[tuple[int, int, float]]:
    """Period, place within the block and size of the flows of a block that count."""
    view = program.column_view(block, flows)
    return [(int(t), int(i), float(view[t, i])) for t, i in zip(*np.nonzero(np.abs(view) > least), strict=True)]


def _when(network: Network, period: int) -> Saying:
    several = len(network.periods.id) > 1
    return tell("in_period", period=network.periods.id[period]) if several else Saying("")


def placed(what: str, where: str) -> Saying:
    """Say where something stands, if it stands anywhere."""
    return tell("placed", what=what, where=where) if where else Saying(what, said(what, "zh"))


def _bounds(case: Case, network: Network, program: Program, flows: Floats, stated: Network) -> Iterator[Bound]:
    """Fields that would limit one flow of a loop, those that the case calls unlimited and those of markets first.

    The ample values are taken from the case as it was stated.
    """
    least = SHOWN * float(np.abs(flows).max())
    found: dict[str, tuple[int, str]] = {}
    steps, offers = network.steps, network.offers
    for _, plant, _ in _places(program, "run", flows, least):
        for path, unit in _plant_fields(network, plant):
            written = case.text_at(*path.split("."))
            found.setdefault(path, (0 if written == "unlimited" else 3, unit))
    for _, deal, _ in _places(program, "deal", flows, least):
        step = int(network.deals.step[deal])
        offer = int(steps.offer[step])
        path = network.origins[int(steps.upper_origin[step])].path
        if not offers.implicit[offer] and not np.isfinite(steps.upper[:, step]).all():
            rank = 2 if offers.kind[offer] == OfferKind.BUY else 1
            found.setdefault(path, (rank, network.materials.unit[int(offers.material[offer])]))
    for _, row, _ in _places(program, "exchange", flows, least):
        path = network.origins[int(network.exchanges.upper_origin[row])].path
        if ".links." in path:
            unit = network.materials.unit[int(network.nodes.material[network.exchanges.source[row]])]
            found.setdefault(path, (4, unit))
    for _, row, _ in _places(program, "ship", flows, least):
        route = int(network.shipments.route[row])
        path = f"routes.{network.routes.label[route].id}.capacity"
        unit = network.materials.unit[int(network.nodes.material[network.shipments.source[row]])]
        found.setdefault(path, (4, unit))
    for path, (_, unit) in sorted(found.items(), key=lambda item: item[1][0]):
        yield Bound(
            path,
            str(case.key_at(*path.split("."))),
            tell("the", what=limit_words(network, path)),
            f"{path}={_ample(stated, unit)}",
        )


def _plant_fields(network: Network, plant: int) -> Iterator[tuple[str, str]]:
    """Capacities that would limit a plant: its own, or those of the plant whose mode it is."""
    origin = network.origins[int(network.plants.origin[plant])].path
    parts = origin.split(".")
    units, reference = network.units, network.materials.unit[int(network.plants.reference[plant])]
    if len(parts) == 4 and not np.isfinite(network.plants.upper[:, plant]).all():
        yield f"{origin}.capacity", reference
    elif len(parts) > 4:
        for row in units.term_unit[units.term_plant == plant].tolist():
            if not np.isfinite(units.upper[:, row]).all():
                yield f"{'.'.join(parts[:4])}.capacity", units.unit[row]


def _ample(network: Network, unit: str) -> str:
    """Return a generous round rate: ten times the largest stated limit in the unit, a power of ten."""
    steps, plants = network.steps, network.plants
    years = network.periods.duration[:, None]
    mine = [
        steps.upper[:, [network.materials.unit[m] == unit for m in network.offers.material[steps.offer].tolist()]],
        plants.upper[:, [network.materials.unit[m] == unit for m in plants.reference.tolist()]],
    ]
    rates = np.concatenate([(table / years).ravel() for table in mine])
    rates = rates[np.isfinite(rates) & (rates > 0)]
    largest = float(rates.max()) if len(rates) else 1e5
    value = 10.0 ** np.ceil(np.log10(largest * AMPLE) - 1e-9)
    factor, name = multiple([value], unit)
    return f"{value / factor:.12g} {name}/a"
