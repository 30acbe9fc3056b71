"""Result: one scenario answered, in plain tables; everything that is printed or saved is taken from here."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from ..flows.collecting import uncollected
from ..flows.network import Network
from ..flows.standing import Builds, CapacityKind, Retirements
from ..flows.tables import Bools, Floats, Label
from ..flows.wording import Saying
from ..models.coverage import holds_each, indicator_value, money_columns, policy_accounts, policy_unit
from ..models.indicator import company_values, park_values, whole_values
from ..models.policy import Counted, missed_bounds, policy_values
from ..models.program import Program
from ..solver.certificate import Certificate
from ..solver.lexicographic import StageAnswer
from ..solver.solution import Solution
from .flows import IDLE, FlowTable, flow_table
from .islands import CompanyFigure, company_figures, share_islands
from .limits import Limit, binding_limits, policy_worth
from .money import MoneyTable, money_table
from .result_phrases import result_phrases
from .rows import PlantTable, PriceTable

SCHEMA = "parkloop.result/1"
NEGATIVE = 1e-9
"""part of the amounts of a ratio below which its denominator counts as zero"""


@dataclass(frozen=True)
class Measure:
    """A figure with its unit; None where it cannot be computed (a ratio over zero)."""

    value: float | None
    unit: str


@dataclass(frozen=True)
class NewCapacity:
    """What is built of a plant, a link, a route or a store, or closed of a plant."""

    kind: str
    """plant, link, route or store"""
    park: str
    """for a route the park where it begins"""
    company: str
    """company it belongs to; none for a route"""
    id: str
    """what is built, as the case calls it"""
    name: Label
    period: str
    """the period in which it is built or closed"""
    capacity: float
    unit: str
    """unit of the capacity, e.g. `t/a`"""
    steps: int | None
    """how many whole steps; None where any amount will do"""
    cost: float
    """capital that is spent when it is built, or cost of closing it"""
    money: str


@dataclass(frozen=True)
class PolicyAnswer:
    """How a policy came out."""

    name: str
    indicator: str
    value: float | None
    """the indicator over the parks of the policy"""
    bound: float | None
    """the bound that binds, or the nearer one; None for a policy that only prices"""
    price: float | None
    """change of the objective per unit that the bound is raised; for a priced policy its price"""
    unit: str
    binds: bool
    shortage: float | None = None
    """how far the indicator stays below a soft bound, over all periods; None where the bound is hard"""
    surplus: float | None = None
    """how far the indicator exceeds a soft bound, over all periods; None where the bound is hard"""
    amount_unit: str = ""
    """unit of shortage and surplus; for a ratio that of its numerator"""


@dataclass(frozen=True)
class BankLevel:
    """What a policy keeps of its allowance at the end of a period."""

    policy: str
    period: str
    kept: float
    """negative where it is borrowed"""
    unit: str


@dataclass(frozen=True)
class NotUnique:
    """Totals over all periods that another optimal answer has otherwise, by their dotted names."""

    indicators: tuple[str, ...] = ()
    """`INDICATOR` of the case, `PARK.INDICATOR` of a park"""
    plants: tuple[str, ...] = ()
    """runs: `PARK.COMPANY.PLANT`"""
    flows: tuple[str, ...] = ()
    """amounts: `PARK.MATERIAL.FATE`, over all companies of the park"""


@dataclass(frozen=True)
class Result:
    """One scenario of a case, answered."""

    case: str
    scenario: str
    title: Label
    status: str
    reason: str
    network: Network
    objective: str
    """what was optimised last: identifier of the indicator, or the terms of the goal"""
    maximise: bool
    size: dict[str, int]
    goal: Measure = field(default_factory=lambda: Measure(None, ""))
    """value of what was optimised last, to which all shadow prices belong"""
    stages: tuple[StageAnswer, ...] = ()
    """what each stage of the objective reached"""
    indicators: dict[str, Measure] = field(default_factory=dict)
    parks: dict[str, dict[str, Measure]] = field(default_factory=dict)
    companies: tuple[CompanyFigure, ...] = ()
    """the account of every company, and what it is charged for service islands"""
    flows: FlowTable | None = None
    money: MoneyTable | None = None
    """revenue and cost item by item"""
    plants: PlantTable = field(default_factory=PlantTable)
    builds: tuple[NewCapacity, ...] = ()
    retirements: tuple[NewCapacity, ...] = ()
    """existing capacity that is closed for good"""
    prices: PriceTable = field(default_factory=PriceTable)
    policies: tuple[PolicyAnswer, ...] = ()
    banks: tuple[BankLevel, ...] = ()
    limits: tuple[Limit, ...] = ()
    not_unique: NotUnique | None = None
    """totals that another optimal answer has otherwise; None where that was not looked at"""
    caveats: tuple[str, ...] = ()
    certificate: Certificate | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    extension: dict[str, Any] | None = None
    """file, sha256 and rows of the user's constraints, where there are any"""
    method: str = ""
    """what found the answer, or ended without one: `simplex`, `ipm`, `hipo`, `pdlp`, `windows`, `branch and bound`"""
    method_reason: str = ""
    """why this method"""
    options: dict[str, Any] = field(default_factory=dict)
    """how it was solved: seed, threads, tolerances, limits"""
    input: dict[str, Any] | None = None
    """hash of all that was read, number of files, settings; None where the network was made in another way"""
    diagnosis: dict[str, Any] | None = None
    """why there is no answer, where that was looked for"""

    @property
    def optimal(self) -> bool:
        """There is an answer; no figure of a result that is not optimal exists."""
        return self.status == "optimal"


@uncollected
def make_result(
    network: Network,
    program: Program,
    solution: Solution,
    certificate: Certificate | None,
    loose: Bools | None,
    seconds: dict[str, float],
    stages: tuple[StageAnswer, ...] = (),
) -> Result:
    """Gather an answer.

    Args:
        network: the case.
        program: its program.
        solution: what the solver answered.
        certificate: the recomputed residuals; None where there is no answer.
        loose: (n,) columns that differ between optimal answers; None where that was not looked at.
        seconds: wall-clock time of each part of the work, s.
        stages: what each stage of the objective reached.
    """
    goal = network.goal
    result = Result(
        case=network.case,
        scenario=network.scenario,
        title=network.title,
        status=solution.status,
        reason=solution.reason,
        network=network,
        objective=goal.name,
        maximise=goal.maximise,
        size={"columns": program.columns, "rows": program.rows, "nonzeros": program.nonzeros},
        certificate=certificate,
        seconds=seconds,
        versions=versions(solution.solver),
        method=solution.method,
        method_reason=solution.method_reason,
    )
    if solution.status != "optimal":
        return result
    x, row_dual = solution.column_value, solution.row_dual
    assert x is not None and row_dual is not None
    if loose is None:
        loose = np.zeros(len(x), dtype=bool)
    by_company = company_values(network, program, x)
    accounts = park_values(network, by_company)
    flows = flow_table(network, program, x, loose)
    counted = policy_values(network, program, x)
    found = {
        "goal": Measure(solution.objective, goal.unit),
        "stages": tuple(replace(stage, name=stage.name or goal.name) for stage in stages),
        "indicators": _measures(network, whole_values(accounts)),
        "parks": {park.id: _measures(network, accounts[:, p]) for p, park in enumerate(network.parks)},
        "flows": flows,
        "money": money_table(network, program, x),
        "plants": _plants(network, program.column_view("run", x), _capacity(network, program, x)),
        "builds": tuple(_changes(network, program, x, "build", network.builds)),
        "retirements": tuple(_changes(network, program, x, "retire", network.retirements)),
        "prices": _prices(network, program, row_dual),
        "policies": tuple(_policies(network, program, solution, counted)),
        "companies": tuple(company_figures(network, share_islands(network, flows, by_company))),
        "banks": tuple(_banks(network, program, x)),
        "limits": tuple(binding_limits(network, program, solution, counted)),
        "caveats": (
            *_whole_caveats(program, solution),
            *_ratio_caveats(network, counted),
            *_caveats(network, program.column_view("run", x)),
        ),
    }
    return Result(**{**result.__dict__, **found})


def versions(solver: str) -> dict[str, str]:
    """Return what made the answer."""
    try:
        own = version("parkloop")
    except PackageNotFoundError:  # run from a checkout that is not installed
        own = "unknown"
    return {"parkloop": own, "solver": solver, "python": platform.python_version()}


def _measures(network: Network, accounts: Floats) -> dict[str, Measure]:
    table = network.indicators
    return {
        text.id: Measure(indicator_value(network, accounts, number), table.unit[number])
        for number, text in enumerate(table.label)
    }


def _capacity(network: Network, program: Program, x: Floats) -> Floats:
    """Nameplate of every plant in each period, what is built included: (T, n)."""
    table, builds, capacity = network.capacities, network.builds, network.plants.capacity.copy()
    mine = np.flatnonzero(table.kind[builds.capacity] == CapacityKind.PLANT)
    new = program.column_view("new", x)[:, mine] * network.periods.duration[:, None]
    np.add.at(capacity.T, table.thing[builds.capacity[mine]], new.T)
    closed = program.column_view("closed", x) * network.periods.duration[:, None]
    np.subtract.at(capacity.T, table.thing[network.retirements.capacity], closed.T)
    return capacity


def _changes(
    network: Network, program: Program, x: Floats, word: str, builds: Builds | Retirements
) -> list[NewCapacity]:
    """What is built (`build`), or closed (`retire`), in the order of the periods."""
    table, rows = network.capacities, []
    built = program.column_view(word, x)
    whole, stepped = program.whole(f"{word}_steps", x), np.flatnonzero(builds.step > 0).tolist()
    for period, row in zip(*np.nonzero(built > IDLE * built.max(initial=1e-12)), strict=True):
        capacity = int(builds.capacity[row])
        company = int(table.company[capacity])
        rows.append(
            NewCapacity(
                kind=CapacityKind(table.kind[capacity]).name.lower(),
                park=network.parks[table.park[capacity]].id,
                company=network.companies.label[company].id if company >= 0 else "",
                id=table.label[capacity].id,
                name=table.label[capacity],
                period=network.periods.id[period],
                capacity=float(built[period, row]),
                unit=table.unit[capacity],
                steps=int(whole[period, stepped.index(row)]) if row in stepped else None,
                cost=float(built[period, row] * builds.cost[row]),
                money=network.money,
            )
        )
    return rows


def _plants(network: Network, run: Floats, installed: Floats) -> PlantTable:
    plants, companies = network.plants, network.companies
    who = zip(plants.label, plants.process, plants.company.tolist(), plants.reference.tolist(), strict=True)
    kinds = tuple(
        (
            network.parks[companies.park[company]].id,
            companies.label[company].id,
            text.id,
            text,
            process.id,
            network.materials.unit[reference],
        )
        for text, process, company, reference in who
    )
    run, capacity = np.ascontiguousarray(run.T), installed.T
    limited = (capacity > 0) & (capacity < np.inf)
    used = np.divide(run, capacity, out=np.full_like(run, np.nan), where=limited)
    return PlantTable(kinds, tuple(network.periods.id), run, used)


def _prices(network: Network, program: Program, row_dual: Floats) -> PriceTable:
    """Value one more unit at each balance: it raises the inflow, so the right side falls, against the dual."""
    nodes, companies, materials, money = network.nodes, network.companies, network.materials, network.goal.unit
    worth = -program.row_view("balance", row_dual) / network.periods.weight[:, None]
    where = zip(nodes.company.tolist(), nodes.plant.tolist(), nodes.material.tolist(), strict=True)
    kinds = tuple(
        (
            network.parks[companies.park[company]].id,
            companies.label[company].id,
            network.plants.plant_id(plant) if plant >= 0 else "",
            materials.label[material].id,
            f"{money}/{materials.unit[material]}",
        )
        for company, plant, material in where
    )
    return PriceTable(kinds, tuple(network.periods.id), np.ascontiguousarray(worth.T) + 0.0)


def _policies(network: Network, program: Program, solution: Solution, counted: Counted) -> list[PolicyAnswer]:
    assert solution.column_value is not None
    table, rows = network.policies, []
    worth = policy_worth(network, program, solution, counted)
    of, per = counted[1]
    short, over = missed_bounds(network, program, solution.column_value)
    prices = _policy_prices(network, program, solution.column_value)
    for number, name in enumerate(table.id):
        indicator = int(table.indicator[number])
        found = worth.get(number)
        unit = policy_unit(network, number)
        rows.append(
            PolicyAnswer(
                name=name,
                indicator=network.indicators.label[indicator].id if indicator >= 0 else f"policy.{name}",
                value=float(of[number] / per[number]) if per[number] else None,
                bound=found.bound if found else None,
                price=found.worth if found else prices[number],
                unit=unit,
                binds=bool(found and found.worth),
                shortage=None if np.isnan(short[number]) else float(short[number]),
                surplus=None if np.isnan(over[number]) else float(over[number]),
                amount_unit=(table.unit[number] if table.unit else "") or unit,
            )
        )
    return rows


def _banks(network: Network, program: Program, x: Floats) -> list[BankLevel]:
    kept = program.column_view("kept", x)
    return [
        BankLevel(network.policies.id[policy], period, float(kept[t, row]) + 0.0, policy_unit(network, policy))
        for row, policy in enumerate(network.banks.policy.tolist())
        for t, period in enumerate(network.periods.id)
    ]


def _whole_caveats(program: Program, solution: Solution) -> list[Saying]:
    """Say what an answer with whole numbers does not know."""
    if not program.is_integer:
        return []
    return [
        result_phrases.tell("whole", gap=f"{solution.mip_gap:.0e}"),
        result_phrases.tell("whole_prices"),
        result_phrases.tell("whole_flows"),
    ]


def _ratio_caveats(network: Network, counted: Counted) -> list[Saying]:
    """Say which bounded ratios have a negative denominator: the row of the policy then bounds nothing of the kind."""
    table, each = network.policies, holds_each(network)
    by_period, total = counted
    bounded = (policy_accounts(network)[1] >= 0) & (np.isfinite(table.lower) | np.isfinite(table.upper))
    under = np.where(each, by_period[:, 1], total[1])
    slack = NEGATIVE * np.abs(np.concatenate([by_period, total[None]])).max(axis=(0, 1), initial=0.0)
    return [
        result_phrases.tell("negative", policy=table.id[policy])
        for policy in np.flatnonzero(bounded & (under < -slack).any(axis=0)).tolist()
    ]


def _policy_prices(network: Network, program: Program, x: Floats) -> list[float]:
    """Price of each policy; where it rises by steps, that of the highest step that is used."""
    prices = network.policies.price.copy()
    for block in money_columns(network):
        if block.block.startswith("paid"):
            prices[block.policy[::-1]] = block.price[::-1]  # the first step comes last and stays
            used = (program.column_view(block.block, x) > program.flow_scale * 1e-9).any(axis=0)
            np.maximum.at(prices, block.policy[used], block.price[used])
    return [float(price) for price in prices]


def _caveats(network: Network, run: Floats) -> list[str]:
    runs = run.max(axis=0, initial=0.0)
    return list(dict.fromkeys(caveat.what for caveat in network.caveats if runs[caveat.plant] > 0))
