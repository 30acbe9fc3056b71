"""Windows of parks: many parks with little between them are parts as periods are, with the same answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ponds
from hello import network_of
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.solver import choice
from parkloop.solver.answer import certified
from parkloop.solver.choice import choose
from parkloop.solver.highs import LiveModel, solve
from parkloop.solver.layout import lay_out
from parkloop.solver.parts import KINDS, number_of, parts_of
from parkloop.solver.solution import SolveOptions
from parkloop.solver.windows import start_by_windows

WINDOWS = SolveOptions(method="windows")
TWO = SolveOptions(method="windows", threads=2)
SHED = "\n    stores: {shed: {material: salt, capacity: 90 t, loss: 1 %/a, cost: 0.1 CNY/(t*a)}}\n  south:"
POLICIES = [
    "",
    "{indicator: brine, max: 40 t/a}",
    "{indicator: brine, max: 30 t/a, surplus: 5 CNY/t}",
    "{indicator: intensity, max: 30 %}",
]


def drawn_parks(seed, parks, plants, lanes, periods, rows=1):
    """A random program: plants in parks, lanes between parks, and rows over all of them."""
    random = np.random.default_rng(seed)
    build = ProgramBuilder("drawn", [f"p{t}" for t in range(periods)], np.ones(periods))
    count = parks * plants
    every, lane = np.arange(count), np.arange(lanes)

    def names(word, n):
        return lambda: [f"{word}[{i}]" for i in range(n)]

    build.add_columns("run", count, names=names("run", count), upper=random.integers(1, 9, count))
    build.add_columns("buy", count, names=names("buy", count), upper=random.integers(0, 9, (periods, count)))
    build.add_columns("ship", lanes, names=names("ship", lanes), upper=random.choice([2.0, np.inf], lanes))
    build.add_columns("over", rows, names=names("over", rows), periodic=False)
    park = every // plants
    order = random.permutation(parks)  # parks that are next to each other in the program need not be near
    build.add_rows("balance", count, names=names("balance", count), upper=0.0, lower=0.0, park=order[park])
    build.add_terms("balance", every, "buy", every, 1.0)
    build.add_terms("balance", every, "run", every, -1.0)
    within = park * plants + (every + 1) % plants
    build.add_terms("balance", within, "run", every, random.choice([0.0, 0.5], (periods, count)))
    source, target = (random.integers(0, count, lanes) for _ in range(2))
    build.add_terms("balance", source, "ship", lane, -1.0)
    build.add_terms("balance", target, "ship", lane, 0.9)
    build.add_rows("lane", lanes, names=names("lane", lanes), upper=4.0)
    build.add_terms("lane", lane, "ship", lane, 1.0)
    most = random.integers(0, 40, rows).astype(float)
    build.add_rows("cap", rows, names=names("cap", rows), upper=most, periodic=False)
    for row in range(rows):
        dirt = random.integers(0, 3, (periods, count)).astype(float)
        build.add_terms("cap", np.full(count, row), "run", every, dirt)
    build.add_terms("cap", np.arange(rows), "over", np.arange(rows), -1.0)
    build.add_costs("run", every, random.integers(1, 9, (periods, count)).astype(float))
    build.add_costs("buy", every, -random.integers(1, 6, (periods, count)).astype(float))
    build.add_costs("over", np.arange(rows), -2.0)
    build.set_objective(True, "CNY")
    return build.program()


def by_parks(program, options=WINDOWS):
    """Where windows of parks came to, and the certified answer from there."""
    with LiveModel(program, options) as model:
        start = start_by_windows(program, model, options, parts_of(program, "parks"))
        return start, certified(program, model.run())[0]


@given(
    *(st.integers(low, high) for low, high in ((0, 10**6), (2, 12), (1, 5), (0, 9), (1, 3), (0, 2))),
)
def test_drawn_parks_have_the_answer_of_plain_highs(seed, parks, plants, lanes, periods, rows):
    program = drawn_parks(seed, parks, plants, lanes, periods, rows)
    plain = solve(program)
    _, found = by_parks(program)
    assert (plain.status, found.status) == ("optimal", "optimal"), found.reason
    assert found.objective == pytest.approx(plain.objective, rel=1e-7, abs=1e-6 * program.objective_scale)
    assert found.column_basic.sum() + found.row_basic.sum() == program.rows


@pytest.mark.parametrize("policy", POLICIES)
def test_parks_of_a_case_with_stores_over_years_have_the_answer_of_plain_highs(policy):
    case = ponds.PONDS.replace("\n  south:", SHED)
    periods = "{h: {duration: 1 a, count: 8}}"
    program = compile_program(network_of(ponds.text(policy, case=case, periods=periods)))
    assert by_parks(program)[1].objective == pytest.approx(solve(program).objective, rel=1e-9)


def test_windows_of_parks_come_close_and_the_threads_do_not_matter():
    program = drawn_parks(3, parks=40, plants=12, lanes=30, periods=3)
    (start, one), (_, two) = by_parks(program), by_parks(program, TWO)
    assert start.rounds == (1, 6, 40)
    assert one.iterations < solve(program).iterations / 10
    assert (one.column_value == two.column_value).all()
    assert (one.row_dual == two.row_dual).all()


def test_a_park_is_one_part_in_all_periods_and_a_lane_belongs_to_one_and_ties_the_other():
    program = drawn_parks(5, parks=7, plants=3, lanes=9, periods=2)
    parts = parts_of(program, "parks")
    assert (parts.number, parts.long_rows) == (7, 1)
    balance = program.row_view("balance", parts.row).reshape(2, 7, 3)
    assert (balance == balance[0, :, :1]).all()
    assert sorted(balance[0, :, 0]) == list(range(7))
    assert (program.column_view("run", parts.column).reshape(2, 7, 3) == balance).all()
    assert (program.column_view("over", parts.column) == 7).all(), "what goes over the cap spans the parks"
    dense = np.zeros((program.rows, program.columns))
    dense[program.index, np.repeat(np.arange(program.columns), np.diff(program.start))] = program.value
    apart = 0
    for part, place, row in zip(
        program.column_view("ship", parts.column).ravel(),
        program.column_view("ship", np.arange(program.columns)).ravel(),
        program.row_view("lane", parts.row).ravel(),
        strict=True,
    ):
        met = {int(balance.flat[i]) for i in np.flatnonzero(program.row_view("balance", dense[:, place].copy()))}
        assert part == row == min(met)
        apart += len(met) == 2
    assert 0 < apart == parts.links == len(lay_out(program, parts).ties.row)


def test_parks_without_rows_are_no_parts():
    build = ProgramBuilder("gaps", ["year"], np.ones(1))
    build.add_rows("balance", 3, names=lambda: list("abc"), lower=0.0, upper=0.0, park=[4, 1, 4])
    build.add_columns("run", 3, names=lambda: list("xyz"), upper=1.0)
    build.add_terms("balance", np.arange(3), "run", np.arange(3), 1.0)
    program = build.program()
    parts = parts_of(program, "parks")
    assert parts.number == number_of(program, "parks") == 2
    assert parts.row[0] == parts.row[2] != parts.row[1]
    assert (parts.column == parts.row).all()


def test_parks_that_lanes_join_stand_next_to_each_other():
    """Lanes make a chain of the parks, in an order that is not that of the program."""
    build = ProgramBuilder("chain", ["year"], np.ones(1))
    chain = np.array([3, 0, 5, 1, 4, 2])

    def names(word, n):
        return lambda: [f"{word}[{i}]" for i in range(n)]

    build.add_rows("balance", 6, names=names("balance", 6), lower=0.0, upper=0.0, park=np.arange(6))
    build.add_columns("ship", 5, names=names("ship", 5))
    build.add_terms("balance", chain[:-1], "ship", np.arange(5), -1.0)
    build.add_terms("balance", chain[1:], "ship", np.arange(5), 1.0)
    parts = parts_of(build.program(), "parks")
    assert (np.abs(np.diff(parts.row[chain])) == 1).all()


def test_large_programs_of_many_parks_with_little_between_them_go_by_windows_of_parks(monkeypatch):
    program = drawn_parks(1, parks=9, plants=6, lanes=2, periods=2)
    assert choose(program, SolveOptions()).reason == "no windows: 2 periods are few"
    for name, value in (("PARTS", dict.fromkeys(KINDS, 9)), ("COEFFICIENTS", 10), ("COLUMNS", 2)):
        assert choose(program, SolveOptions()).method == "simplex"
        monkeypatch.setattr(choice, name, value)
    found = choose(program, SolveOptions())
    assert (found.method, found.parts.kind) == ("windows", "parks")
    assert found.reason.startswith(f"9 parks of {program.columns // 9} columns, joined only by rows over all (1)")
    assert choose(drawn_parks(1, parks=9, plants=6, lanes=40, periods=2), SolveOptions()).method == "simplex"


def test_parks_are_taken_where_windows_are_asked_for_and_there_is_one_period():
    program = compile_program(network_of(ponds.text(POLICIES[1])))
    found = choose(program, WINDOWS)
    assert (found.method, found.reason, found.parts.kind) == ("windows", "it was asked for", "parks")
    years = compile_program(network_of(ponds.text(POLICIES[1], periods="{h: {duration: 1 a, count: 8}}")))
    assert choose(years, WINDOWS).parts.kind == "periods"
