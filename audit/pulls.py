"""How strongly each stated number pulls at an answer, to first order: from shadow prices, reduced costs and flows.

A pull is the change of a measure (the objective, or an indicator at the best plan) per relative change of a number, as
long as the basis of the plan stays: a number that is 1 % larger moves the measure by 1 % of its pull.

    price of an offer, variable cost, fixed cost    what of the measure is paid by it
    limit (capacity, max, min, run, policy)         shadow price or reduced cost · the limit, where it binds
    line of a recipe                                − dual of the balance · amount · run
    need of a slot, what an option gives, a share   the same with the duals of the need and of the share
    any other number                                both programs compiled and compared, entry by entry (`tried`)

For the objective the duals are those of the answer; for an indicator they are solved for from the same basis,

    yᵀB = m_B        y[i] change of the indicator per unit that the side of row i is raised
    d[j] = m[j] − yᵀA[j]

with m (n,) what a unit of each column adds to it and B the matrix of the basic columns and rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats, Ints, OfferKind
from ..models.compile import compile_program
from ..models.program import Program
from ..models.weighing import account_weights
from ..solver.session import changed_coefficients
from ..solver.solution import Solution

NEAR = 1e-9
"""distance from a bound that is none, relative to the bound and to one scaled unit, 1"""
STEP = 1e-3
"""relative change by which `tried` looks how a program follows from a number"""
FOLDED = ("per",)
"""last words of recipe lines that are what the recipe counts in, no figure that somebody measured"""


@dataclass(frozen=True, eq=False)
class Answered:
    """One scenario with its answer, and what its measure is made of."""

    network: Network
    program: Program
    """the program that the solution solves: that of the last stage"""
    solution: Solution
    indicator: int | None
    """the measure; None for the objective"""

    @property
    def flows(self) -> Floats:
        """Flows (n,), user units."""
        assert self.solution.column_value is not None
        return self.solution.column_value


@dataclass(frozen=True, eq=False)
class Duals:
    """Derivatives of a measure by the sides of rows (m,) and the bounds of columns (n,), user units."""

    row: Floats
    column: Floats


def measure_of(network: Network, program: Program, indicator: int | None) -> tuple[Floats, float]:
    """Return what a user unit of each column adds to a measure, (n,), and what is there whatever flows."""
    if indicator is None:
        last = program.stages[-1] if program.stages else program
        return last.cost * (last.objective_scale / program.flow_scale), last.offset * last.objective_scale
    weights, account = account_weights(network, program), int(network.indicators.account[indicator])
    mine = weights.account == account
    found = np.bincount(weights.column[mine], weights.value[mine], program.columns)
    return np.asarray(found, np.float64), float(weights.constant[account])


def duals_of(answer: Answered) -> Duals | None:
    """Return the derivatives of the measure at the basis of the answer; None where there is no basis."""
    solution, program = answer.solution, answer.program
    if answer.indicator is None:
        if solution.row_dual is None or solution.column_dual is None:
            return None
        return Duals(solution.row_dual, solution.column_dual)
    basis = _basis(program, solution)
    if basis is None:
        return None
    measure, _ = measure_of(answer.network, program, answer.indicator)
    return _solved(program, *basis, measure)


def pulls(answer: Answered) -> dict[str, float]:
    """Return the pull of every number by its path, unit of the measure; those that pull at nothing are left out.

    Prices, costs, limits that bind and recipes; see `tried` for others.
    """
    duals = duals_of(answer)
    found: dict[str, float] = {}
    parts = [_paid(answer, duals)]
    parts += [] if duals is None else [_limits(answer, duals), _recipes(answer, duals)]
    for part in parts:
        for path, value in part:
            found[path] = found.get(path, 0.0) + value
    return {path: value for path, value in found.items() if value}


def tried(answer: Answered, build: Callable[[float], Network | None]) -> float | None:
    """Return the pull of a number by which `build` makes a network with the number times a factor.

    None where the network cannot be built, or has other columns or rows.
    """
    duals, network = duals_of(answer), build(1 + STEP)
    if duals is None or network is None:
        return None
    stated = answer.program
    moved = compile_program(network, like=stated)
    if (moved.columns, moved.rows) != (stated.columns, stated.rows):
        return None
    x, flow = answer.flows, stated.flow_scale
    (before, fixed), (after, then) = (
        measure_of(net, program, answer.indicator) for net, program in ((answer.network, stated), (network, moved))
    )
    change = (after - before) @ x + then - fixed
    columns, at_upper = _held_columns(answer)
    bounds = [np.where(at_upper, it.upper, it.lower)[columns] for it in (stated, moved)]
    change += float(duals.column[columns] @ (bounds[1] - bounds[0])) * flow
    rows, at_top = _held_rows(answer)
    rows = rows[~np.isin(rows, _stage_rows(stated))]
    sides = [np.where(at_top, it.row_upper, it.row_lower)[rows] for it in (stated, moved)]
    change += float(duals.row[rows] @ (sides[1] - sides[0])) * flow
    row, column, value = changed_coefficients(stated, moved)
    if len(row):
        old = _coefficients(stated, row, column)
        change -= float(np.sum(duals.row[row] * (value - old) * x[column]))
    return float(change) / STEP


def _paid(answer: Answered, duals: Duals | None) -> Iterable[tuple[str, float]]:
    """Part of the measure that prices and costs pay, and what they add to rows that count money."""
    network, program, x = answer.network, answer.program, answer.flows
    steps, plants = network.steps, network.plants
    free = replace(
        network,
        steps=replace(steps, price=np.zeros_like(steps.price)),
        plants=replace(plants, variable_cost=np.zeros_like(plants.variable_cost)),
    )
    without = compile_program(free, like=program)
    if (without.columns, without.rows) != (program.columns, program.rows):
        return
    before, fixed = measure_of(network, program, answer.indicator)
    paid = (before - measure_of(free, without, answer.indicator)[0]) * x
    row, column, value = changed_coefficients(without, program)
    if duals is not None and len(row):  # policies and objectives that bound or compare money
        counted = duals.row[row] * (value - _coefficients(without, row, column)) * x[column]
        paid = paid - np.bincount(column, counted, program.columns)
    fields = {OfferKind.BUY: "price", OfferKind.SELL: "price", OfferKind.DISCARD: "cost"}
    for deal, value in enumerate(program.column_view("deal", paid).sum(axis=0).tolist()):
        step = int(network.deals.step[deal])
        kind = OfferKind(int(network.offers.kind[steps.offer[step]]))
        yield f"{_path(network, steps.origin, step)}.{fields[kind]}", value
    for plant, value in enumerate(program.column_view("run", paid).sum(axis=0).tolist()):
        yield f"{_path(network, plants.origin, plant)}.variable_cost", value
    still = replace(network, plants=replace(plants, fixed_cost=np.zeros_like(plants.fixed_cost)))
    _, rest = measure_of(still, compile_program(still, like=program), answer.indicator)
    standing = network.periods.weight @ plants.fixed_cost
    if standing.any():
        for plant, value in enumerate(((fixed - rest) * standing / standing.sum()).tolist()):
            yield f"{_path(network, plants.origin, plant)}.fixed_cost", value
            yield f"{_path(network, plants.origin, plant)}.capacity", value


def _limits(answer: Answered, duals: Duals) -> Iterable[tuple[str, float]]:
    """Worth of limits that bind: derivative times the bound."""
    network, program = answer.network, answer.program
    flow = program.flow_scale
    columns, at_upper = _held_columns(answer)
    bound = np.where(at_upper, program.upper, program.lower)
    origin = np.where(at_upper, program.upper_origin, program.lower_origin)
    for column in columns.tolist():
        value = float(duals.column[column] * bound[column]) * flow
        if value and origin[column] >= 0:
            yield network.origins[int(origin[column])].path, value
    rows, at_top = _held_rows(answer)
    side = np.where(at_top, program.row_upper, program.row_lower)
    policies = _block_rows(program, "policy", "policy_each")
    for row in np.setdiff1d(rows, _stage_rows(program)).tolist():
        value = float(duals.row[row] * side[row]) * flow
        if value and program.row_origin[row] >= 0:
            path = network.origins[int(program.row_origin[row])].path
            yield f"{path}.{'max' if at_top[row] else 'min'}" if row in policies else path, value


def _recipes(answer: Answered, duals: Duals) -> Iterable[tuple[str, float]]:
    """Worth of the lines of recipes: they are coefficients, so − dual · coefficient · flow."""
    network, program, x = answer.network, answer.program, answer.flows
    balance, run = program.row_view("balance", duals.row), program.column_view("run", x)
    entries, more, options, slots = network.entries, network.option_entries, network.options, network.slots
    worth = -(balance[:, entries.node] * run[:, entries.plant]).sum(axis=0) * entries.amount
    yield from _by_line(network, entries.origin, worth)
    if not len(options.slot):
        return
    fill, need = program.column_view("fill", x), program.row_view("need", duals.row)
    worth = -(balance[:, more.node] * fill[:, more.option]).sum(axis=0) * more.amount
    yield from _by_line(network, more.origin, worth)
    most, least = np.flatnonzero(options.max_share < 1), np.flatnonzero(options.min_share > 0)
    held = np.concatenate([most, least])  # the rows `share`, in their order
    slot, dual = options.slot[held], program.row_view("share", duals.row)
    stated = np.concatenate([options.max_share[most], options.min_share[least]])
    filled = (dual * run[:, slots.plant[slot]]).sum(axis=0) * slots.need[slot] * stated
    yield from _by_line(network, np.concatenate([options.max_origin[most], options.min_origin[least]]), filled)
    worth = -(need[:, options.slot] * fill).sum(axis=0) * options.gives
    np.add.at(worth, held, -(dual * fill[:, held]).sum(axis=0) * options.gives[held])
    yield from _by_line(network, options.origin, worth, ".gives")
    worth = (need * run[:, slots.plant]).sum(axis=0) * slots.need
    np.add.at(worth, slot, filled)
    yield from _by_line(network, slots.origin, worth, ".need")


def _by_line(network: Network, origin: Ints, worth: Floats, field: str = "") -> Iterable[tuple[str, float]]:
    for row, value in enumerate(worth.tolist()):
        path = _path(network, origin, row)
        if value and path.rpartition(".")[2] not in FOLDED:
            yield path + field, value


def _held_columns(answer: Answered) -> tuple[Ints, Bools]:
    """Columns that stand at a bound and are not basic, and which (n,) stand at the upper one."""
    program, solution = answer.program, answer.solution
    x = answer.flows / program.flow_scale
    return _held(x, program.lower, program.upper, solution.column_basic)


def _held_rows(answer: Answered) -> tuple[Ints, Bools]:
    """Rows that stand at a side and are not basic, and which (m,) stand at the upper one."""
    program, solution = answer.program, answer.solution
    assert solution.row_value is not None
    return _held(solution.row_value / program.flow_scale, program.row_lower, program.row_upper, solution.row_basic)


def _held(value: Floats, lower: Floats, upper: Floats, basic: Bools | None) -> tuple[Ints, Bools]:
    with np.errstate(invalid="ignore"):
        near = [np.abs(value - side) <= NEAR * np.maximum(1.0, np.abs(side)) for side in (lower, upper)]
    near = [it & np.isfinite(side) for it, side in zip(near, (lower, upper), strict=True)]
    held = (near[0] | near[1]) if basic is None else (near[0] | near[1]) & ~basic
    return np.flatnonzero(held).astype(np.int32), near[1]


def _basis(program: Program, solution: Solution) -> tuple[Ints, Ints] | None:
    """Return the basic columns and rows, m together; None where that is not what there is."""
    if solution.column_basic is None or solution.row_basic is None or program.is_integer:
        return None
    columns, rows = (np.flatnonzero(it).astype(np.int32) for it in (solution.column_basic, solution.row_basic))
    return (columns, rows) if len(columns) + len(rows) == program.rows else None


def _solved(program: Program, columns: Ints, rows: Ints, measure: Floats) -> Duals | None:
    from scipy.sparse import csc_array, eye_array, hstack
    from scipy.sparse.linalg import splu

    matrix = csc_array((program.value, program.index, program.start), shape=(program.rows, program.columns))
    units = csc_array(-eye_array(program.rows, format="csc"))
    try:
        found = splu(csc_array(hstack([matrix[:, columns], units[:, rows]])))
    except RuntimeError:  # the basis is singular to the precision of the factors
        return None
    row = np.asarray(found.solve(np.concatenate([measure[columns], np.zeros(len(rows))]), trans="T"), np.float64)
    return Duals(row, np.asarray(measure - matrix.T @ row, np.float64))


def _coefficients(program: Program, row: Ints, column: Ints) -> Floats:
    from scipy.sparse import csc_array

    matrix = csc_array((program.value, program.index, program.start), shape=(program.rows, program.columns))
    return np.asarray(matrix[row, column], np.float64).ravel()


def _stage_rows(program: Program) -> Ints:
    return _block_rows(program, "stage", "spread")


def _block_rows(program: Program, *names: str) -> Ints:
    places = np.arange(program.rows)
    found = [program.row_view(name, places).ravel() for name in names if name in program.row_blocks]
    return np.concatenate([np.zeros(0, np.int32), *found]).astype(np.int32)


def _path(network: Network, origin: Ints, row: int) -> str:
    return network.origins[int(origin[row])].path
