"""The same Program as a Pyomo model, for any other solver and for people who want to read or extend it there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..flows.tables import Floats
from .program import Program


def to_pyomo(program: Program) -> Any:
    """Return a `pyomo.environ.ConcreteModel` of a program, in the scaled units of the program.

    The name of a column or row is its place in the model: `run[qarhan.clinker,year]` is `model.run["qarhan.clinker",
    "year"]`, `policy[co2_cap]` is `model.policy["co2_cap"]`. Pyomo prints quotes around indices that hold a dot.
    Multiply values by `program.flow_scale`, the objective by `program.objective_scale`, and duals (suffix
    `model.dual`, signs as the solver behind Pyomo gives them) by `program.objective_scale / program.flow_scale` for
    user units. A row that bounds nothing is left out. A program with whole numbers has no duals, hence no `model.dual`.
    """
    import pyomo.environ as pyo
    from pyomo.core.expr.numeric_expr import LinearExpression

    model = pyo.ConcreteModel(name=program.name)
    columns = _variables(program, model)
    if not program.is_integer:
        model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    sense = pyo.maximize if program.maximise else pyo.minimize
    paid = np.flatnonzero(program.cost).tolist()
    model.objective = pyo.Objective(
        expr=LinearExpression(
            constant=program.offset,
            linear_coefs=program.cost[paid].tolist(),
            linear_vars=[columns[j] for j in paid],
        ),
        sense=sense,
    )
    _constraints(program, model, columns)
    return model


def _variables(program: Program, model: Any) -> list[Any]:
    """Add one indexed variable for each word before the bracket; return the columns in order."""
    import pyomo.environ as pyo

    keys = [_split(name) for name in program.column_names()]
    indices: dict[str, list[Any]] = {}
    for word, index in keys:
        indices.setdefault(word, []).append(index)
    for word, members in indices.items():
        model.add_component(word, pyo.Var(members))
    columns = [model.component(word)[index] for word, index in keys]
    bounds = zip(columns, _finite(program.lower), _finite(program.upper), strict=True)
    for column, lower, upper in bounds:
        column.setlb(lower)
        column.setub(upper)
    for j in np.flatnonzero(program.integral).tolist():
        columns[j].domain = pyo.Integers
    return columns


def _constraints(program: Program, model: Any, columns: list[Any]) -> None:
    """Add one indexed constraint for each word before the bracket, from the matrix by rows."""
    import pyomo.environ as pyo
    from pyomo.core.expr.numeric_expr import LinearExpression

    order = np.argsort(program.index, kind="stable")
    column = np.repeat(np.arange(program.columns), np.diff(program.start))[order].tolist()
    value = program.value[order].tolist()
    ends = np.cumsum(np.bincount(program.index, minlength=program.rows)).tolist()
    lower, upper = _finite(program.row_lower), _finite(program.row_upper)
    begin = 0
    for i, (name, end) in enumerate(zip(program.row_names(), ends, strict=True)):
        word, index = _split(name)
        if model.component(word) is None:
            model.add_component(word, pyo.Constraint(pyo.Any))
        terms = range(begin, end)
        if columns and (lower[i] is not None or upper[i] is not None):
            body = LinearExpression(  # an empty row keeps a zero term: it may be the infeasible one
                linear_coefs=[value[k] for k in terms] or [0.0],
                linear_vars=[columns[column[k]] for k in terms] or [columns[0]],
            )
            equal = lower[i] == upper[i]
            model.component(word)[index] = body == lower[i] if equal else (lower[i], body, upper[i])
        begin = end


def _split(name: str) -> tuple[str, str | tuple[str, ...]]:
    """`run[a.b,year]` → ("run", ("a.b", "year")); a single index is no tuple."""
    word, _, inside = name[:-1].partition("[")
    index = tuple(inside.split(","))
    return word, index if len(index) > 1 else index[0]


def _finite(values: Floats) -> list[float | None]:
    return [v if np.isfinite(v) else None for v in values.tolist()]
