"""A live model answers changed vectors as a fresh program would."""

import numpy as np
import pytest

from networks import Offer, Plant, Policy, Works
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve
from parkloop.solver.session import Session


def smelter(price=50.0, capacity=100.0, cap=150.0):
    works = Works(
        plants={"smelter": Plant({"metal": 1.0, "ore": -2.0}, upper=capacity)},
        offers=[Offer("buy", "ore", 5.0), Offer("sell", "metal", price)],
        accounts={"ore": [("bought", "ore", 1.0)]},
        policies={"cap": Policy("ore", upper=cap)},
    )
    return works.network()


def test_changed_prices_capacities_and_caps_give_the_answer_of_a_fresh_program():
    """75 t at 50 − 10; then at 80 − 10; then 40 t; then 10 t under a cap of 20."""
    base = compile_program(smelter())
    with Session(base) as session:
        assert session.solve().objective == pytest.approx(3000)
        for arguments, value in (({"price": 80}, 5250), ({"capacity": 40}, 1600), ({"cap": 20}, 400)):
            other = compile_program(smelter(**arguments), like=base)
            session.change_costs(other.cost)
            session.change_bounds(other.lower, other.upper)
            session.change_sides(other.row_lower, other.row_upper)
            assert session.solve().objective == pytest.approx(value)
            assert solve(other).objective == pytest.approx(value)


def test_restore_takes_everything_back():
    base = compile_program(smelter())
    with Session(base) as session:
        session.change_costs(np.zeros(base.columns))
        session.change_bounds(base.lower, base.lower)
        session.change_sides(base.row_lower, np.zeros(base.rows))
        assert session.solve().objective == pytest.approx(0)
        session.restore()
        assert session.solve().objective == pytest.approx(3000)


def test_a_session_starts_from_a_basis_and_needs_no_iterations_at_the_optimum():
    program = compile_program(smelter())
    with Session(program) as session:
        assert session.basis() is None
        first = session.solve()
        basis = session.basis()
        session.change_costs(-program.cost)
        session.solve()
        session.restore()
        session.start_from(basis)
        again = session.solve()
    assert again.iterations == 0
    assert again.objective == pytest.approx(first.objective)


def test_a_change_to_crossing_bounds_is_infeasible_and_mends():
    program = compile_program(smelter())
    with Session(program) as session:
        session.change_bounds(np.where(program.upper < np.inf, program.upper + 1.0, 0.0), program.upper)
        assert session.solve().status == "infeasible"
        session.restore()
        assert session.solve().status == "optimal"


def test_a_vector_of_the_wrong_length_is_refused():
    program = compile_program(smelter())
    with Session(program) as session, pytest.raises(ValueError, match="a vector of 3 figures is needed"):
        session.change_costs(np.zeros(2))
