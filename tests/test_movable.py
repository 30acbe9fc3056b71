"""What may move on the optimal face is found without solving, and nothing that moves is missed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import INF, Offer, Option, Plant, Slot, Works
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.solver import uniqueness
from parkloop.solver.movable import movable
from parkloop.solver.session import Session
from parkloop.solver.uniqueness import face, non_unique, other_optima

WIDTH = 1e-6
"""range of a flow that counts, scaled units"""


def part_of(program, session, solution):
    """The part that may move, or None."""
    held = uniqueness._held(program, solution)
    return movable(program, solution, uniqueness._face(program, solution, *held, boxed=True))


def ranges(program, session, solution):
    """Least and most of each column on the optimal face, each by two solves of the whole program."""
    ends = []
    with face(program, solution, session):
        for sign in (1.0, -1.0):
            found = []
            for j in range(program.columns):
                cost = np.zeros(program.columns)
                cost[j] = sign
                session.change_costs(cost)
                found.append(session.flows()[j])
            ends.append(np.array(found))
    return np.minimum(*ends), np.maximum(*ends)


def water_works():
    """Two users of reclaimed water, of which there is none: neither can take any, though its price is zero."""
    return Works(
        plants={
            "mill": Plant({"paper": 1.0}, upper=7.0),
            "tower": Plant({"cold": 1.0}, upper=5.0),
        },
        slots={
            "wash": Slot("mill", 2.0, [Option("fresh", 1.0), Option("reclaimed", 1.0)]),
            "make_up": Slot("tower", 1.0, [Option("fresh", 1.0), Option("reclaimed", 1.0)]),
        },
        offers=[Offer("buy", "fresh", 1.0), Offer("sell", "paper", 9.0), Offer("sell", "cold", 4.0)],
    )


def test_what_a_balance_without_supply_holds_at_zero_is_proved_unique_without_a_search(monkeypatch):
    """Each user has a fill of reclaimed water; the duals alone leave open whether they could be something else."""
    monkeypatch.setattr(uniqueness, "_ends", lambda *_: pytest.fail("searched"))
    program = compile_program(water_works().network())
    with Session(program) as session:
        solution = session.solve()
        assert uniqueness.may_move(program, solution), "the duals alone prove nothing"
        assert other_optima(program, solution, session) == []


def test_a_supply_however_small_takes_that_proof_away():
    works = water_works()
    works.offers.append(Offer("buy", "reclaimed", 1.0, upper=1e-3))
    program = compile_program(works.network())
    with Session(program) as session:
        solution = session.solve()
        marks = non_unique(program, solution, session)
    moving = {name for name, mark in zip(program.column_names(), marks, strict=True) if mark}
    assert {"fill[works.tower.make_up.reclaimed,year]", "fill[works.mill.wash.reclaimed,year]"} <= moving


@pytest.mark.parametrize(("sign", "sides"), [(1.0, (-INF, 0.1)), (-1.0, (-0.1, INF)), (1.0, (-0.1, 0.1))])
@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_a_row_that_leaves_a_little_room_lets_all_its_columns_move(sign, sides, scale):
    """Two columns without a price, and a row ± x ± y that may be a tenth, or a tenth of a thousandth."""
    build = ProgramBuilder("narrow", ["year"], np.ones(1))
    build.add_columns("x", 2, names=lambda: ["x", "y"])
    build.add_rows("r", 1, names=lambda: ["r"], lower=scale * sides[0], upper=scale * sides[1])
    build.add_terms("r", [0, 0], "x", [0, 1], [sign, sign])
    build.set_objective(True, "CNY")
    program = build.program()
    with Session(program) as session:
        solution = session.solve()
        assert non_unique(program, solution, session).all()


def test_only_the_group_with_a_choice_is_searched():
    """Two equal boilers share a demand; a furnace that sells its steel shares no row with them."""
    works = Works(
        plants={
            "east": Plant({"heat": 1.0}, upper=8.0, variable_cost=1.0),
            "west": Plant({"heat": 1.0}, upper=8.0, variable_cost=1.0),
            "mill": Plant({"flour": 1.0, "heat": -1.0}, upper=10.0),
            "furnace": Plant({"steel": 1.0, "ore": -1.5}, upper=3.0),
        },
        offers=[Offer("sell", "flour", 5.0), Offer("sell", "steel", 5.0), Offer("buy", "ore", 1.0)],
    )
    program = compile_program(works.network())
    with Session(program) as session:
        part = part_of(program, session, session.solve())
    names = {program.column_name(j) for j in part.columns.tolist()}
    assert {"run[works.east,year]", "run[works.west,year]"} <= names
    assert not names & {"run[works.furnace,year]", "sell[works.steel.1,year]", "buy[works.ore.1,year]"}
    assert part.program.columns == len(part.columns) < program.columns
    assert part.program.rows < program.rows


def test_a_search_leaves_the_session_where_it_was():
    program = compile_program(water_works().network())
    with Session(program) as session:
        solution = session.solve()
        before = session.statuses()
        non_unique(program, solution, session)
        again = session.solve()
        for side, was in zip(session.statuses(), before, strict=True):
            np.testing.assert_array_equal(side, was)
    assert again.iterations == 0
    np.testing.assert_array_equal(again.column_value, solution.column_value)


@st.composite
def degenerate(draw):
    """A small program in which much binds at once: figures are small, and many of them zero."""
    n, m = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    small = st.integers(-2, 2).map(float)
    matrix = np.array([[draw(small) for _ in range(n)] for _ in range(m)])
    upper = np.array([draw(st.sampled_from([0.0, 1.0, 2.0, INF])) for _ in range(n)])
    lower = np.array([draw(st.sampled_from([0.0, 0.0, 0.0, -1.0, -INF])) for _ in range(n)])
    side = np.array([draw(st.sampled_from([0.0, 0.0, 0.25, 1.0])) for _ in range(m)])
    equal = np.array([draw(st.booleans()) for _ in range(m)])
    build = ProgramBuilder("drawn", ["year"], np.ones(1))
    build.add_columns("x", n, names=lambda: [f"x[{j}]" for j in range(n)], lower=[lower], upper=[upper])
    rows = {"lower": [np.where(equal, side, -INF)], "upper": [side]}
    build.add_rows("r", m, names=lambda: [f"r[{i}]" for i in range(m)], **rows)
    row, column = np.nonzero(matrix)
    build.add_terms("r", row, "x", column, matrix[row, column])
    build.add_costs("x", np.arange(n), [draw(small) for _ in range(n)])
    build.set_objective(draw(st.booleans()), "CNY")
    return build.program()


@given(degenerate())
def test_no_flow_outside_the_part_has_another_optimal_value(program):
    with Session(program) as session:
        solution = session.solve()
        if solution.status != "optimal":
            return
        part = part_of(program, session, solution)
        inside = np.zeros(program.columns, bool)
        if part is not None:
            inside[part.columns] = True
        low, high = ranges(program, session, solution)
        marks = non_unique(program, solution, session)
    moves = high - low > WIDTH
    assert not (moves & ~inside).any()
    assert not (marks & ~moves).any()
    assert marks.any() == moves.any()
