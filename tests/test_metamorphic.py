"""What must not change the answer, and what can only improve it, on cases that hypothesis draws.

No oracle is needed here: the same park written differently must earn the same, and a park with fewer limits no less.
`PARKLOOP_EXAMPLES=5000` draws that many of each, other ones each time.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given, settings

from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.problems import InputError
from parkloop.models.compile import compile_program
from parkloop.models.program import Program
from parkloop.solver.answer import certified, solve_certified
from parkloop.solver.order import in_order
from parkloop.solver.session import Session
from parkloop.solver.solution import Solution, SolveOptions
from strategies import PHASES, Spec, cases, to_yaml

MANY = os.environ.get("PARKLOOP_EXAMPLES")
DRAWN = settings(
    max_examples=int(MANY or 60),
    derandomize=not MANY,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the cases of this module."""
    return tmp_path_factory.mktemp("cases")


def compiled(spec: Spec, folder: Path) -> Program:
    """Compile a case; what contradicts itself is not refused here but left to the solver."""
    path = folder / "case.yaml"
    path.write_text(to_yaml(spec), encoding="utf-8")
    try:
        with patch("parkloop.flows.build.contradictions", return_value=[]):
            return compile_program(build_network(read_case(path)))
    except InputError as error:  # a plant contradicts itself
        assume("must run at least" not in str(error))
        raise


def answer(spec: Spec, folder: Path) -> Solution:
    """Solve a case."""
    program = compiled(spec, folder)
    with Session(program, SolveOptions()) as session:
        return certified(program, in_order(program, session.solve(), session))[0]


def size(spec: Spec, folder: Path) -> float:
    """Return what the objective is measured against: the money that is turned over, at least 1."""
    program = compiled(spec, folder)
    solution, _ = solve_certified(program)
    if solution.column_value is None:
        return 1.0
    price = program.objective_scale / program.flow_scale
    return max(1.0, float(abs(program.cost * price) @ abs(solution.column_value)))


ORDERED = ("periods", "modes", "to", "objective")
"""Mappings whose order has a meaning: time, the mode that capacity counts, the unit that a sum or a ratio counts in."""


def backwards(spec: Spec) -> Spec:
    """Write every mapping from its end, but for those whose order has a meaning."""

    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: block if key in ORDERED else turn(block) for key, block in reversed(list(value.items()))}
        return [turn(item) for item in value] if isinstance(value, list) else value

    turned: Spec = turn(spec)
    return turned


def in_halves(spec: Spec) -> Spec:
    """Split every period in two equal halves.

    Not where periods are more than shares of time: a store, a ramp, growth, allowances that expire and a plant that is
    on or off look at the middle or the end of a period, what comes back of a sale may do so within the period, and
    capacity is built as a period begins, so that halves allow more, or less.
    """
    ends = ("stores:", "ramp:", "on_off:", "build:", "retire_by:", "growth:", "expires:", "returns:")
    assume(not any(word in to_yaml(spec) for word in ends))
    spec = twice(spec)
    halves = {}
    for name, period in spec.get("periods", {"year": {"duration": "1 a"}}).items():
        amount, unit = period["duration"].split()
        half = {**period, "duration": f"{float(amount) / 2!r} {unit}"}
        halves |= {name: {**half, "count": 2 * period.get("count", 1)}}
    split = {**spec, "periods": halves}
    if "policies" in spec:
        split["policies"] = {name: _over_halves(policy) for name, policy in spec["policies"].items()}
    return split


def _over_halves(policy: Spec) -> Spec:
    named = (
        {"periods": [half for name in policy["periods"] for half in _halves_of(name)]} if "periods" in policy else {}
    )
    return {**policy, **named}


def _halves_of(name: str) -> list[str]:
    name, _, place = name.partition("_")
    last = 2 * int(place or 1)
    return [f"{name}_{last - 1}", f"{name}_{last}"]


def twice(value: Any) -> Any:
    """State every figure that differs between periods twice: the lists of figures are the ones that hold no names."""
    if isinstance(value, dict):
        return {key: item if key == "at" else twice(item) for key, item in value.items()}
    number = re.compile(r"-?[\d.]+(e-?\d+)? ")
    if isinstance(value, list) and all(isinstance(item, float) or number.match(str(item)) for item in value):
        return [item for item in value for _ in (1, 2)]
    return [twice(item) for item in value] if isinstance(value, list) else value


def in_other_units(spec: Spec) -> Spec:
    """Count materials in another unit of their dimension; what is written keeps its own units.

    What an option of a slot gives, makes and uses is per unit of its material, so those keep theirs. So do references
    of recipes where bare numbers say what a mode or a user of a unit takes.
    """
    other = {"t": "kg", "GJ": "MWh", "MWh": "GJ"}
    lines = [line for block in spec["processes"].values() for line in block.get("inputs", {}).values()]
    fillers = {name for line in lines if isinstance(line, dict) for name in line.get("from", {})}
    if "modes:" in to_yaml(spec) or "units:" in to_yaml(spec):
        fillers |= {block["per"].split()[2] for block in spec["processes"].values()}
    changed = copy.deepcopy(spec)
    for name, block in changed["materials"].items():
        if name not in fillers:
            block["unit"] = other[block.get("unit", "t")]
    return changed


def in_other_money(spec: Spec) -> Spec:
    """Write every price in thousands."""

    def rewrite(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: rewrite(item) for key, item in value.items()}
        if isinstance(value, list):
            return [rewrite(item) for item in value]
        if isinstance(value, str) and (match := re.fullmatch(r"(\S+) CNY/(.+)", value)):
            return f"{float(match[1]) / 1000!r} kCNY/{match[2]}"
        return value

    rewritten: Spec = rewrite(spec)
    return rewritten


@pytest.mark.parametrize("rewrite", [backwards, in_halves, in_other_units, in_other_money])
@DRAWN
@given(spec=cases())
def test_the_same_park_written_otherwise_has_the_same_answer(
    rewrite: Callable[[Spec], Spec], spec: Spec, folder: Path
) -> None:
    spec = of_one_aim(spec)
    first, second = answer(spec, folder), answer(rewrite(spec), folder)
    assert first.status == second.status
    if first.objective is not None:
        assert second.objective == pytest.approx(first.objective, rel=0, abs=slack(spec, folder))


def of_one_aim(spec: Spec) -> Spec:
    """Keep the first stage of an objective: what is held of it decides the others, to rounding."""
    if not isinstance(spec["objective"], list):
        return spec
    first = {key: aim for key, aim in spec["objective"][0].items() if key != "tolerance"}
    return {**spec, "objective": first}


def slack(spec: Spec, folder: Path) -> float:
    """Return how far two answers may lie apart: integer programs are solved within a gap of 1e-6."""
    return (4e-6 if "on_off:" in to_yaml(spec) else 1e-7) * size(spec, folder)


def without_market_limits(spec: Spec) -> Spec:
    """Take the largest amount off every offer that has a single price."""
    relaxed = copy.deepcopy(spec)
    for park in relaxed["parks"].values():
        for kind in ("buy", "sell", "discard"):
            for offer in park.get(kind, {}).values():
                offer.pop("max", None)
    return relaxed


def without_policy_bounds(spec: Spec) -> Spec:
    """Take the bounds off every policy; what only priced stays."""
    relaxed = copy.deepcopy(spec)
    policies = relaxed.pop("policies", {})
    kept = {name: {k: v for k, v in policy.items() if k not in ("min", "max")} for name, policy in policies.items()}
    return {**relaxed, "policies": {name: policy for name, policy in kept.items() if {"price", "steps"} & set(policy)}}


def with_free_exchange(spec: Spec) -> Spec:
    """Let everything pass; a store then serves the whole company."""
    freed = copy.deepcopy(spec)
    for park in freed["parks"].values():
        for store in park.get("stores", {}).values():
            store.pop("plant", None)
    return {**freed, "exchange": "all"}


@pytest.mark.parametrize("relax", [without_market_limits, without_policy_bounds, with_free_exchange])
@DRAWN
@given(spec=cases())
def test_a_limit_less_never_worsens_the_answer(relax: Callable[[Spec], Spec], spec: Spec, folder: Path) -> None:
    spec = of_one_aim(spec)
    first = answer(spec, folder)
    assume(first.status == "optimal")
    try:
        second = answer(relax(spec), folder)
    except InputError as error:  # an exchange level may leave an offer without anybody who may use it
        assume("no plant in park" not in str(error))
        raise
    assert second.status in ("optimal", "unbounded")
    assert first.objective is not None
    if second.objective is not None:
        gain = second.objective - first.objective
        maximise = "maximise" in spec["objective"]
        assert (gain if maximise else -gain) >= -slack(spec, folder)
