"""A live model answers changed vectors as a fresh program would."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from networks import Offer, Plant, Policy, Works
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.includes import shipped_cases
from parkloop.models.compile import compile_program
from parkloop.solver import session as sessions
from parkloop.solver.answer import certified
from parkloop.solver.highs import solve
from parkloop.solver.session import Session, changed_coefficients


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


@pytest.mark.parametrize("name", ["parks/qarhan", "parks/ganhe", "tutorials/5_route", "tutorials/7_investment"])
def test_one_session_answers_all_scenarios_of_a_case_in_any_order_as_cold_solves_do(name):
    tree = read_tree(shipped_cases() / f"{name}.yaml")
    base = compile_program(build_network(tree.case()))
    programs = {it: compile_program(build_network(tree.case(it)), like=base) for it in tree.scenarios}
    cold = {it: solve(program) for it, program in programs.items()}
    with Session(base) as session:
        session.solve()
        for it in (*tree.scenarios, *reversed(tree.scenarios)):
            session.take(programs[it])
            warm, certificate = certified(programs[it], session.solve())
            assert warm.status == cold[it].status, it
            assert warm.objective == pytest.approx(cold[it].objective, rel=1e-9), it
            assert certificate.holds, it


def changes(*scenarios):
    """What the session says on each scenario, one after the other."""
    with Session(scenarios[0]) as session:
        session.solve()
        return [(str(session.take(program)), session.solve().objective) for program in scenarios[1:]]


def test_the_session_says_what_was_changed_in_place():
    base = compile_program(smelter())
    dear, small, capped = (
        compile_program(smelter(**it), like=base) for it in ({"price": 80.0}, {"capacity": 40.0}, {"cap": 20.0})
    )
    assert [text for text, _ in changes(base, base, dear, small, capped, base)] == [
        "warm: nothing changed",
        "warm: costs",
        "warm: costs, bounds",
        "warm: bounds, sides",
        "warm: sides",
    ]


@pytest.mark.parametrize("few", [0, 2000])
def test_another_recipe_is_a_change_of_coefficients_one_by_one_or_all_at_once(few, monkeypatch):
    """With 3 t of ore a tonne, the cap of 150 t allows 50 t at 50 − 15."""
    monkeypatch.setattr(sessions, "FEW", few)
    network = smelter()
    thirsty = replace(network, entries=replace(network.entries, amount=network.entries.amount * [1.0, 1.5]))
    base = compile_program(network)
    (text, objective), (back, first) = changes(base, compile_program(thirsty, like=base), base)
    assert (text, objective) == ("warm: coefficients", pytest.approx(1750))
    assert (back, first) == ("warm: coefficients", pytest.approx(3000))


def test_coefficients_that_come_and_go_are_found():
    program = compile_program(smelter())
    matrix = csc_array((program.value, program.index, program.start), shape=(program.rows, program.columns))
    for seed in range(20):
        random = np.random.default_rng(seed)
        other = csc_array(np.where(random.random(matrix.shape) < 0.4, random.integers(1, 3, matrix.shape), 0.0))
        other.sort_indices()
        changed = replace(program, start=other.indptr, index=other.indices, value=other.data)
        row, column, value = changed_coefficients(program, changed)
        patched = matrix.toarray()
        patched[row, column] = value
        np.testing.assert_array_equal(patched, other.toarray())
        assert len(row) == (matrix.toarray() != other.toarray()).sum()


def test_a_plant_more_is_a_rebuild_that_starts_where_the_others_stood():
    works = {f"mill_{k}": Plant({"flour": 1.0, "grain": -1.0}, upper=1.0 + k, variable_cost=float(k)) for k in range(9)}
    trade = [Offer("buy", "grain", 1.0, upper=25.0), Offer("sell", "flour", 20.0)]
    base = compile_program(Works(plants=works, offers=trade).network())
    more = {**works, "mill_9": Plant({"flour": 1.0, "grain": -1.0}, upper=3.0, variable_cost=0.5)}
    other = compile_program(Works(plants=more, offers=trade).network(), like=base)
    with Session(base) as session:
        session.solve()
        change = session.take(other)
        warm, cold = session.solve(), solve(other)
        assert str(change) == "rebuilt: 1 column more; 13 columns and rows start where they stood"
        assert warm.objective == pytest.approx(cold.objective)
        assert warm.iterations <= 2
        back = session.take(base)
        assert str(back) == "rebuilt: 1 column less; 13 columns and rows start where they stood"
        assert session.solve().objective == pytest.approx(solve(base).objective)


def test_a_program_with_little_in_common_starts_cold():
    mill = Works(plants={"mill": Plant({"flour": 1.0}, upper=4.0)}, offers=[Offer("sell", "flour", 2.0)])
    ((text, objective),) = changes(compile_program(smelter()), compile_program(mill.network()))
    assert text == "rebuilt: 2 columns more, 3 columns less, 1 row more, 3 rows less; it starts cold"
    assert objective == pytest.approx(8.0)
