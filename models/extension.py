"""Extension: users' own linear constraints, written in Pyomo over named columns, as further rows of the program.

The file is Python and is run as it stands, so it is named on the command line only, never in a case. It defines
`extend(model)`; `docs/extend.md` shows one at work.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

import numpy as np

from ..flows.account_tables import Surcharges
from ..flows.network import Network
from ..flows.problems import InputError, Position, Problem, Source, nearest
from ..flows.tables import Floats, OfferKind, Origin
from .compile import compile_program
from .indicator import COST, PROFIT
from .names import VERBS
from .program import Block, Program

Key = tuple[str, ...]
BLOCK = "extend"
"""name of the block of rows"""


@dataclass(frozen=True)
class Extension:
    """What a file added to a program."""

    file: str
    sha256: str
    """of the bytes that were run"""
    rows: tuple[str, ...]
    """names of the constraints, in their order"""


def extended(network: Network, program: Program, path: Path) -> tuple[Network, Program, Extension]:
    """Users' rows stand beside those of the families, over the same columns.

        lower[r] ≤ Σ_j a[r,j]·x[j] ≤ upper[r]                       for every constraint r of the file
        cost of the case = cost of the families + Σ_j c[j]·x[j]     for what the file adds by `model.cost`

    x[j]             any column            user units per period
    a, lower, upper  `model.add`           as the file states them, in user units
    c[j]             `model.cost`          money over the whole horizon per user unit; booked into cost and profit of
                                           the company of the column

    The dual is the change of the objective per unit that the right-hand side is raised, as everywhere.

    Returns the network with the lines of the file among its origins, the program with the rows, and what was run.

    Raises:
        InputError: the file cannot be read or run, is not linear, or names what does not exist; with its line.
    """
    model = _run(network, program, path)
    if model.costs:
        network = replace(network, surcharges=_surcharges(network, program, model.costs))
        program = compile_program(network, like=program)
    first = len(network.origins)
    origins = tuple(Origin(row.position, f"extension.{row.name}") for row in model.rows)
    network = replace(network, origins=(*network.origins, *origins))
    sha256 = hashlib.sha256(model.content).hexdigest()
    names = tuple(row.name for row in model.rows)
    return network, _with_rows(program, model.rows, first), Extension(path.name, sha256, names)


@dataclass(frozen=True)
class _Row:
    name: str
    position: Position
    lower: float
    upper: float
    terms: Mapping[int, float]
    """coefficient by column"""


class Columns(Mapping[Key, Any]):
    """Columns of one kind by name: `model.run["qarhan", "kiln"]`, or with a period as the last name.

    Without a period it is the sum over all periods, each as often as it occurs. Where several columns share a name
    (price steps, companies), it is their sum. Iterating gives the names without period.
    """

    def __init__(self, word: str, parts: str, groups: dict[Key, list[int]], owner: Model) -> None:
        self.word, self.parts = word, parts
        self._groups, self._owner = groups, owner

    def __getitem__(self, key: Key | str) -> Any:
        """Return the amount as a Pyomo expression, in user units; an unknown name is an error with the nearest."""
        names = key if isinstance(key, tuple) else (key,)
        owner = self._owner
        size = len(next(iter(self._groups), self.parts.split(", ")))
        if len(names) not in (size, size + 1):
            raise ModelError(f"{self.word}[…] takes {self.parts}, and a period if only one is meant")
        group = self._groups.get(names[:size])
        if group is None:
            known = [", ".join(group) for group in self._groups]
            raise ModelError(
                f"there is no {self.word}[{', '.join(map(str, names[:size]))}]",
                nearest(", ".join(map(str, names[:size])), known),
            )
        if len(names) == size:
            weight = owner.program.weight.tolist()
            return sum(weight[t] * owner.column(j, t) for t in range(owner.program.T) for j in group)
        if names[size] not in owner.periods:
            raise ModelError(f"there is no period {names[size]}", nearest(str(names[size]), owner.periods))
        t = owner.periods.index(names[size])
        return sum(owner.column(j, t) for j in group)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)


class ModelError(Exception):
    """What the file asks for does not exist or is not linear; the arguments are what and mend."""


class Model:
    """What a file sees: columns by name, `add` and `cost`. Everything is in user units."""

    def __init__(self, network: Network, program: Program, source: Source, content: bytes) -> None:
        import pyomo.environ as pyo

        self.program, self.source, self.content = program, source, content
        self.periods = network.periods.id
        self.weights = dict(zip(network.periods.id, network.periods.weight.tolist(), strict=True))
        """how often each period occurs"""
        self.rows: list[_Row] = []
        self.costs: dict[int, float] = {}
        """money per user unit by column"""
        goal = network.indicators
        self._goal = network.goal.name
        counted = [goal.account[stage.indicator] for stage in network.stages]
        self._costed = bool(np.isin(np.concatenate(counted), (COST, PROFIT)).any())
        self._pyomo = pyo.ConcreteModel()
        self._pyomo.x = pyo.Var(pyo.NonNegativeIntegers, dense=False)
        for word, parts, groups in _column_names(network, program):
            setattr(self, word, Columns(word, parts, groups, self))

    def column(self, place: int, period: int) -> Any:
        """Return the Pyomo variable of a periodic column, made when it is first asked for."""
        return self._pyomo.x[place + period * self.program.columns_per_period]

    def add(self, constraint: Any, name: str | None = None) -> None:
        """Add a linear constraint, e.g. `model.run["q", "a"] <= 2 * model.run["q", "b"]`."""
        import pyomo.environ as pyo

        name = name or f"constraint_{len(self.rows) + 1}"
        if not name.replace("_", "").isalnum() or not name.isascii():
            raise ModelError(f"`{name}` is no name of a constraint", "use letters, digits and _")
        if any(row.name == name for row in self.rows):
            raise ModelError(f"there are two constraints `{name}`", "rename one of them")
        if not getattr(constraint, "is_relational", bool)():
            raise ModelError(f"constraint `{name}` compares nothing", "write e.g. `a <= b`, over at least one column")
        row = pyo.Constraint(expr=constraint)
        self._pyomo.add_component(f"row_{len(self.rows)}", row)
        terms, constant = self._linear(row.body, f"constraint `{name}`")
        lower, upper = (None if side is None else float(pyo.value(side)) for side in (row.lower, row.upper))
        self.rows.append(
            _Row(
                name,
                Position(self.source, _line_of(self.source.name, sys._getframe(1)), 1),
                -np.inf if lower is None else lower - constant,
                np.inf if upper is None else upper - constant,
                terms,
            )
        )

    def cost(self, expression: Any) -> None:
        """Add money over the whole horizon to cost, and take it from profit."""
        if not self._costed:
            raise ModelError(f"the objective is {self._goal}, so a cost decides nothing", "optimise profit or cost")
        terms, constant = self._linear(expression, "a cost")
        if constant:
            raise ModelError("a cost has a constant, which no flow can change", "leave it out")
        for column, value in terms.items():
            self.costs[column] = self.costs.get(column, 0.0) + value

    def _linear(self, expression: Any, what: str) -> tuple[dict[int, float], float]:
        from pyomo.repn import generate_standard_repn

        found = generate_standard_repn(expression, compute_values=True)
        if not found.is_linear():
            raise ModelError(f"{what} is not linear", "only sums of columns times numbers can be added")
        variables = zip(found.linear_vars, found.linear_coefs, strict=True)
        terms: dict[int, float] = {}
        for variable, value in variables:
            if variable.parent_component() is not self._pyomo.x:
                raise ModelError(f"{what} uses `{variable.name}`, which is no column", "take columns from `model`")
            terms[int(variable.index())] = float(value)
        figures = [*terms.values(), float(found.constant)]
        if not np.isfinite(figures).all():
            raise ModelError(f"{what} has a figure that is not finite", "check its figures")
        return {column: value for column, value in terms.items() if value}, float(found.constant)


def _run(network: Network, program: Program, path: Path) -> Model:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        what = f"`{path}` cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError([Problem(None, what, "give the path of a Python file")]) from error
    source = Source(str(path), text)
    model = Model(network, program, source, content)
    space: dict[str, Any] = {"__name__": "parkloop_extension", "__file__": str(path)}
    try:
        exec(compile(text, str(path), "exec"), space)
        extend = space.get("extend")
        if not callable(extend):
            raise ModelError("the file defines no `extend(model)`", "write `def extend(model): ...`")
        extend(model)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        _refuse(source, error)
    if not (model.rows or model.costs):
        mend = "call `model.add` or `model.cost`"
        raise InputError([Problem(Position(source, 1, 1), "the extension adds nothing", mend)])
    return model


def _refuse(source: Source, error: BaseException) -> NoReturn:
    """Turn what went wrong in the file into an error at its last line there."""
    what, mend = f"{type(error).__name__}: {error}", ""
    if isinstance(error, ModelError):
        what, mend = str(error.args[0]), str(error.args[1]) if len(error.args) > 1 else ""
    line = error.lineno or 1 if isinstance(error, SyntaxError) else _line_in(source.name, error.__traceback__)
    raise InputError([Problem(Position(source, line, 1), what, mend)]) from error


def _line_in(file: str, trace: TracebackType | None) -> int:
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _line_of(file: str, frame: Any) -> int:
    while frame is not None:
        if frame.f_code.co_filename == file:
            return int(frame.f_lineno)
        frame = frame.f_back
    return 1


def _column_names(network: Network, program: Program) -> Iterator[tuple[str, str, dict[Key, list[int]]]]:
    """Yield each kind of columns: its word, what its names are, and the places in the first period by name."""
    parks = [label.id for label in network.parks]
    companies = [label.id for label in network.companies.label]
    plants = [label.id for label in network.plants.label]
    materials = [label.id for label in network.materials.label]
    park_of = network.companies.park.tolist()
    plant_company, nodes = network.plants.company.tolist(), network.nodes
    material = nodes.material.tolist()

    def grouped(block: str, keys: list[Key]) -> dict[Key, list[int]]:
        start = program.column_blocks[block].start
        order = sorted(range(len(keys)), key=lambda i: (keys[i], i))
        return {key: [start + i for i in group] for key, group in groupby(order, lambda i: keys[i])}

    park_of_plant = [parks[park_of[company]] for company in plant_company]
    runs = grouped("run", list(zip(park_of_plant, plants, strict=True)))
    modes = [name for name in runs if "." in name[1]]
    for park, mode in modes:  # a plant with modes is the sum of their runs
        runs.setdefault((park, mode.partition(".")[0]), []).extend(runs[park, mode])
    yield "run", "park, plant", runs
    node_parks = [parks[park_of[company]] for company in network.nodes.company.tolist()]
    deals, steps = network.deals, network.steps
    kind = network.offers.kind[steps.offer[deals.step]]
    deal_keys = [(node_parks[node], materials[material[node]]) for node in deals.node.tolist()]
    for one in OfferKind:
        start = program.column_blocks["deal"].start
        places = np.flatnonzero(kind == one).tolist()
        groups: dict[Key, list[int]] = {}
        for place in places:
            groups.setdefault(deal_keys[place], []).append(start + place)
        yield VERBS[one], "park, material", groups
    lanes = zip(network.exchanges.source.tolist(), network.exchanges.target.tolist(), strict=True)
    owner = [companies[company] for company in nodes.company.tolist()]
    keys: list[Key] = [(node_parks[a], owner[a], owner[b], materials[material[a]]) for a, b in lanes]
    yield "exchange", "park, company that gives, company that receives, material", grouped("exchange", keys)
    options = zip(network.options.slot.tolist(), network.options.node.tolist(), strict=True)
    slot_plant, slot = network.slots.plant.tolist(), network.slots.id
    keys = [
        (park_of_plant[slot_plant[s]], plants[slot_plant[s]], slot[s], materials[material[node]]) for s, node in options
    ]
    yield "fill", "park, plant, slot, material", grouped("fill", keys)


def _surcharges(network: Network, program: Program, costs: Mapping[int, float]) -> Surcharges:
    """Book costs by column with the company whose column it is."""
    place = np.fromiter(costs, np.int64, len(costs))
    period, local = np.divmod(place, program.columns_per_period)
    companies = _column_companies(network, program)
    block = np.empty(len(place), object)
    column = np.zeros(len(place), np.int32)
    for name, it in program.column_blocks.items():
        if it.periodic:
            inside = (local >= it.start) & (local < it.start + it.size)
            block[inside], column[inside] = name, local[inside] - it.start
    value: Floats = np.fromiter(costs.values(), float, len(costs)) / program.weight[period]
    return Surcharges(tuple(block), column, period.astype(np.int32), companies[local].astype(np.int32), value)


def _column_companies(network: Network, program: Program) -> Any:
    """Company of each column of a period that the file can name."""
    of_node, plants = network.nodes.company, network.plants.company
    companies = np.zeros(program.columns_per_period, np.int32)
    for name, company in (
        ("run", plants),
        ("fill", plants[network.slots.plant[network.options.slot]]),
        ("deal", of_node[network.deals.node]),
        ("exchange", of_node[network.exchanges.source]),
    ):
        block = program.column_blocks[name]
        companies[block.start : block.start + block.size] = company
    return companies


def _with_rows(program: Program, rows: list[_Row], origin: int) -> Program:
    """Append rows that belong to no period, after all others."""
    column = np.array([j for row in rows for j in row.terms], np.int64)
    index = np.array([program.rows + i for i, row in enumerate(rows) for _ in row.terms], np.int64)
    value = np.array([a for row in rows for a in row.terms.values()], float)
    owner = np.concatenate([np.repeat(np.arange(program.columns), np.diff(program.start)), column])
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=program.columns)
    sides = np.array([(row.lower, row.upper) for row in rows], float).reshape(len(rows), 2) / program.flow_scale
    names: Callable[[], list[str]] = lambda: [f"{BLOCK}[{row.name}]" for row in rows]  # noqa: E731 made when asked for
    block = Block(BLOCK, "row", program.rows, len(rows), False, names)
    return replace(
        program,
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        index=np.concatenate([program.index, index])[order].astype(np.int32),
        value=np.concatenate([program.value, value])[order],
        row_lower=np.concatenate([program.row_lower, sides[:, 0]]),
        row_upper=np.concatenate([program.row_upper, sides[:, 1]]),
        row_origin=np.concatenate([program.row_origin, origin + np.arange(len(rows), dtype=np.int32)]),
        row_blocks={**program.row_blocks, BLOCK: block},
    )
