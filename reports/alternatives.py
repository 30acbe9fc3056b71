"""Near-optimal alternatives on paper: what each plant and flow could be at nearly the same value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from rich.markup import escape

from ..flows.network import Network
from ..flows.problems import InputError, Problem
from ..flows.tables import Floats
from ..flows.units import QuantityError, parse_quantity
from ..flows.wording import Language, Saying, named, said
from ..solver.alternatives import End, NearOptimum
from ..solver.certificate import Certificate
from ..solver.lexicographic import StageAnswer
from ..solver.solution import SolveOptions
from .alternatives_phrases import alternatives_phrases as words
from .amounts import NamedAmount, amounts, chosen
from .figures import amount, figure, multiple, share
from .flows import IDLE
from .json_text import finite
from .limits import goal_words
from .summary import Paper

SCHEMA = "parkloop.alternatives/1"
MOST_FLOWS = 40
"""flows that are looked at where nothing is named: those of the greatest value at the prices of the answer"""
FIXED = 1e-6
"""freedom below which an amount counts as the same in all plans, 1"""
FREEDOM_DIGITS = 6
"""digits of the freedom that count in the order, so that rounding does not decide it"""
Tell = Callable[[int, int, str], None]
"""is told how many amounts of how many are done, and which comes next"""


@dataclass(frozen=True, eq=False)
class Alternative:
    """What one amount can be while the objective stays near its optimum."""

    what: NamedAmount
    value: float
    """in the answer, units"""
    least: End
    most: End

    @property
    def freedom(self) -> float | None:
        """How much of it is free: least to most over the capacity, or over the largest end; inf without limit.

        None where an end is not known.
        """
        if "stopped" in (self.least.status, self.most.status):
            return None
        if self.least.value is None or self.most.value is None:
            return np.inf
        return (self.most.value - self.least.value) / self.size if self.size else 0.0

    @property
    def size(self) -> float:
        """What the amount is measured by: the capacity, or the largest value that it has."""
        ends = [abs(end.value) for end in (self.least, self.most) if end.value is not None]
        return self.what.most if 0 < self.what.most < np.inf else max([abs(self.value), *ends])

    def shown(self, value: float | None) -> float | None:
        """Return a value without what is rounding of the amount."""
        return value if value is None or abs(value) > IDLE * self.size else 0.0


@dataclass(frozen=True, eq=False)
class Alternatives:
    """What else is near the optimum of one scenario."""

    network: Network
    status: str
    reason: str
    stages: tuple[StageAnswer, ...] = ()
    room: float = 0.0
    """how much of the objective may be given up, its units"""
    certificate: Certificate | None = None
    """of the answer itself"""
    rows: tuple[Alternative, ...] = ()
    """the freest first"""
    left_out: int = 0
    """flows of the answer that were not looked at"""

    def as_object(self) -> dict[str, Any]:
        """One JSON object (`parkloop.alternatives/1`)."""
        goal, network = self.network.goal, self.network
        best = self.stages[-1].value if self.certificate is not None and self.stages else None
        sense = "maximise" if goal.maximise else "minimise"
        return {
            "schema": SCHEMA,
            "case": network.case,
            "scenario": network.scenario,
            "status": self.status,
            "reason": self.reason,
            "objective": {"name": goal.name, "sense": sense, "value": best, "unit": goal.unit},
            "within": {"value": self.room, "unit": goal.unit},
            "held": [{"name": s.name, "value": s.value, "unit": s.unit} for s in self.stages[:-1]],
            "alternatives": [_row(row) for row in self.rows],
            "left_out": self.left_out,
            "certificate": _proof(self.certificate),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Write it as JSON."""
        return json.dumps(finite(self.as_object()), indent=indent, ensure_ascii=False, allow_nan=False)

    def print(self, paper: Paper, language: Language = "en") -> None:
        """Print it for people."""
        goal, status = self.network.goal, words(self.status, language)
        title, scenario = said(named(self.network.title), language), words("scenario", language)
        paper.print(f"[bold]{escape(title)}[/] · {scenario} {escape(self.network.scenario)}")
        if self.certificate is None or not self.stages:
            paper.print(f"[bold]{status}[/]: {escape(said(self.reason, language))}")
            return
        best, name = self.stages[-1].value, Saying(goal.name, goal_words(self.network).zh)
        sense, side, end = ("maximise", "least", -1.0) if goal.maximise else ("minimise", "most", 1.0)
        reached = amount(best + end * self.room, goal.unit)
        paper.print(
            f"[bold]{status}[/] · {words(sense, language)} {escape(said(name, language))} = {amount(best, goal.unit)}; "
            + words(f"looked_at_{side}", language, value=reached)
        )
        for stage in self.stages[:-1]:
            told = words("held", language, stage=stage.name, value=amount(stage.value, stage.unit))
            paper.print(escape(told))
        self._table(paper, language)
        for line in self._notes():
            paper.print(escape(said(line, language)))

    def _table(self, paper: Paper, language: Language) -> None:
        columns: list[tuple[str, Literal["left", "right"]]] = [(words("what", language), "left"), ("", "left")]
        columns += [(words(key, language), "right") for key in ("now", "least", "most")]
        columns += [("", "left"), (words("free", language), "right")]
        table = paper.table("", columns)
        for row in self.rows:
            ends = [row.shown(end.value) for end in (row.least, row.most)]
            factor, unit = multiple([v for v in (row.value, *ends) if v is not None], row.what.unit)
            cells = [_cell(end, value, factor) for end, value in zip((row.least, row.most), ends, strict=True)]
            now, free = figure((row.shown(row.value) or 0.0) / factor), _free(row.freedom)
            told = [said(cell, language) for cell in (words.tell(row.what.kind), now, *cells, unit, free)]
            table.add_row(escape(row.what.name), *told)
        paper.print(table)

    def _notes(self) -> Iterator[Saying]:
        yield words.tell("free_is")
        if self.left_out:
            yield words.tell("left_out", count=self.left_out)
        proofs = [end.certificate for row in self.rows for end in (row.least, row.most) if end.status == "optimal"]
        worst = _worst([proof for proof in proofs if proof is not None])
        if worst is not None:
            primal, dual, gap = (figure(worst[key], 2) for key in ("primal", "dual", "gap"))
            yield words.tell("proved", count=len(proofs), primal=primal, dual=dual, gap=gap)
        for row in self.rows:
            for word, end in (("least", row.least), ("most", row.most)):
                if end.status not in ("optimal", "unbounded"):
                    yield words.tell(f"{word}_unknown", what=row.what.name, why=end.reason)


def alternatives(
    network: Network,
    within: str = "1 %",
    of: Sequence[str] = (),
    options: SolveOptions | None = None,
    tell: Tell = lambda done, total, name: None,
) -> Alternatives:
    """Find the least and the most of chosen amounts while the objective stays within a tolerance of its optimum.

    Args:
        network: the case with the scenario applied.
        within: a share of the value of the objective (`1 %`), or an amount of it (`2 MCNY`).
        of: names of plants, materials, offers and routes; where there are none, all plants and the flows of the answer.
        options: how to solve.
        tell: is told how far it is.

    Raises:
        InputError: the tolerance or a name cannot be used.
    """
    tolerance, relative = read_within(within, network.goal.unit)
    with NearOptimum(network, options) as near:
        x, solution = near.solution.column_value, near.solution
        every = amounts(network, near.program)
        named, left_out = chosen(network, every, of), 0
        if x is None or solution.row_dual is None:
            return Alternatives(network, solution.status, solution.reason)
        near.give(tolerance * abs(near.best.value) if relative else tolerance)
        if not of:
            balance = np.abs(near.program.row_view("balance", solution.row_dual)).max(axis=0)
            named, left_out = _usual(every, x, balance, IDLE * near.program.flow_scale)
        rows = []
        for number, it in enumerate(named):
            tell(number, len(named), it.name)
            rows.append(Alternative(it, it.amount.of(x), *near.ends(it.amount)))
        known = all(end.status != "stopped" for row in rows for end in (row.least, row.most))
        reason = words.tell("every_end" if known else "ends_unknown")
        stages, room = near.stages, near.room
        named_stages = tuple(
            StageAnswer(it.name or network.goal.name, it.value, it.unit, it.tolerance) for it in stages
        )
        status = "optimal" if known else "stopped"
    rows.sort(key=lambda row: np.inf if row.freedom is None else -round(row.freedom, FREEDOM_DIGITS))
    return Alternatives(network, status, reason, named_stages, room, near.certificate, tuple(rows), left_out)


def read_within(text: str, unit: str) -> tuple[float, bool]:
    """Read a tolerance: a share (True), or an amount in the unit of the objective. Raises InputError."""
    try:
        quantity = parse_quantity(text)
        value = quantity.to(unit if quantity.dimension else "1")
    except QuantityError as error:
        mend = f"write a share of the objective such as `1 %`, or an amount of it in {unit}"
        raise InputError([Problem(None, f"the tolerance `{text}`: {error.what}", mend)]) from error
    if value < 0:
        what = f"the tolerance `{text}` is negative: no plan is better than the best one"
        raise InputError([Problem(None, what, "write 0 % for plans of the same value, or more")])
    return value, not quantity.dimension


def _usual(every: Sequence[NamedAmount], x: Floats, price: Floats, least: float) -> tuple[list[NamedAmount], int]:
    """All plants and the flows of the answer that are worth most at its shadow prices, and how many are left out."""
    flows = [number for number, it in enumerate(every) if it.kind != "run" and it.amount.of(x) > least]
    flows.sort(key=lambda number: -every[number].amount.of(x) * float(price[list(every[number].nodes)].max()))
    kept = set(flows[:MOST_FLOWS])
    usual = [it for number, it in enumerate(every) if it.kind == "run" or number in kept]
    return usual, len(flows) - len(kept)


def _row(row: Alternative) -> dict[str, Any]:
    what, freedom = row.what, row.freedom
    return {
        "kind": what.kind,
        "name": what.name,
        "value": row.shown(row.value),
        "least": _end(row, row.least),
        "most": _end(row, row.most),
        "unit": what.unit,
        "freedom": freedom,
        "fixed": freedom is not None and freedom <= FIXED,
    }


def _end(row: Alternative, end: End) -> dict[str, Any]:
    return {
        "status": end.status,
        "value": row.shown(end.value),
        "reason": end.reason,
        "certificate": _proof(end.certificate),
    }


def _proof(proof: Certificate | None) -> dict[str, float] | None:
    return None if proof is None else _worst([proof])


def _worst(proofs: Sequence[Certificate]) -> dict[str, float] | None:
    """Return the worst of each residual."""
    if not proofs:
        return None
    return {
        "primal": max(proof.primal for proof in proofs),
        "dual": max(proof.dual for proof in proofs),
        "gap": max(max(proof.gap, proof.bound_gap) for proof in proofs),
    }


def _cell(end: End, value: float | None, factor: float) -> str:
    if end.status == "unbounded":
        return words.tell("no_limit")
    return "?" if value is None else figure(value / factor)


def _free(freedom: float | None) -> str:
    if freedom is None:
        return "?"
    if np.isinf(freedom):
        return words.tell("without_limit")
    return "·" if freedom <= FIXED else share(freedom)
