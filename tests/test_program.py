"""The program is what its builder was told: every term in its place, once, in every period."""

import pickle
import time
import tracemalloc
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hello import network_of
from networks import Offer, Plant, Policy, Works, dense
from parkloop.models.compile import compile_program
from parkloop.models.program import ProgramBuilder, ProgramError, power_of_ten

SIZES = {"a": (3, True), "b": (2, True), "z": (2, False)}
"""blocks of columns and of rows: size, periodic"""


class Listed:
    """Names of a block for tests: `a[0]`, `a[1]`, …"""

    def __init__(self, block, size):
        self.block, self.size = block, size

    def __call__(self):
        return [f"{self.block}[{i}]" for i in range(self.size)]


def builder(periods=2, weight=None):
    build = ProgramBuilder(
        "test", [f"p{t}" for t in range(periods)], np.ones(periods) if weight is None else np.array(weight)
    )
    for name, (size, periodic) in SIZES.items():
        build.add_columns(name, size, names=Listed(name, size), periodic=periodic)
        build.add_rows(name, size, names=Listed(name, size), periodic=periodic)
    return build


def entry(draw, periods):
    rows, columns = draw(st.sampled_from("abz")), draw(st.sampled_from("abz"))
    k = draw(st.integers(0, 4))
    row = draw(st.lists(st.integers(0, SIZES[rows][0] - 1), min_size=k, max_size=k))
    column = draw(st.lists(st.integers(0, SIZES[columns][0] - 1), min_size=k, max_size=k))
    changes = draw(st.booleans()) and (SIZES[rows][1] or SIZES[columns][1])
    shape = (periods, k) if changes else (k,)
    n = int(np.prod(shape))
    value = draw(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0]), min_size=n, max_size=n))
    lag = draw(st.integers(0, periods + 1)) if SIZES[rows][1] and SIZES[columns][1] else 0
    return rows, row, columns, column, np.reshape(value, shape), draw(st.booleans()) and not lag, lag


@st.composite
def problems(draw):
    periods = draw(st.integers(1, 4))
    weight = draw(st.lists(st.sampled_from([1.0, 2.0, 10.0]), min_size=periods, max_size=periods))
    return weight, [entry(draw, periods) for _ in range(draw(st.integers(0, 8)))]


def by_hand(weight, entries):
    """The matrix written entry by entry: the definition of what the builder says it does."""
    periods = len(weight)
    places = {"a": range(0, 3), "b": range(3, 5), "z": range(5 * periods, 5 * periods + 2)}
    matrix = np.zeros((5 * periods + 2, 5 * periods + 2))
    for rows, row, columns, column, value, weighted, lag in entries:
        for t in range(periods):
            if rows == columns == "z" and t:
                continue
            for k, (i, j) in enumerate(zip(row, column, strict=True)):
                at_row = places[rows][i] + (0 if rows == "z" else 5 * t)
                at_column = places[columns][j] + (0 if columns == "z" else 5 * ((t - lag) % periods))
                factor = weight[t] if weighted and columns != "z" else 1.0
                matrix[at_row, at_column] += factor * (value[t, k] if value.ndim == 2 else value[k])
    return matrix


@given(problems())
def test_the_matrix_is_the_one_written_entry_by_entry(problem):
    weight, entries = problem
    build = builder(len(weight), weight)
    for rows, row, columns, column, value, weighted, lag in entries:
        if lag:
            build.add_lagged_terms(rows, row, columns, column, value, lag)
        else:
            build.add_terms(rows, row, columns, column, value, weighted)
    program = build.program()
    np.testing.assert_allclose(dense(program), by_hand(weight, entries), atol=1e-12)
    assert (program.value != 0).all()
    assert program.start[0] == 0 and program.start[-1] == program.nonzeros
    for j in range(program.columns):
        rows_of_column = program.index[program.start[j] : program.start[j + 1]]
        assert (np.diff(rows_of_column) > 0).all()
    assert program.start.dtype == program.index.dtype == np.int32
    assert program.value.dtype == np.float64


def test_names_say_block_place_and_period():
    program = builder(2).program()
    assert program.column_names() == [
        *("a[0,p0]", "a[1,p0]", "a[2,p0]", "b[0,p0]", "b[1,p0]"),
        *("a[0,p1]", "a[1,p1]", "a[2,p1]", "b[0,p1]", "b[1,p1]"),
        *("z[0]", "z[1]"),
    ]
    assert [program.column_name(j) for j in range(program.columns)] == program.column_names()
    assert [program.row_name(i) for i in range(program.rows)] == program.row_names()


def test_a_view_of_a_block_has_one_row_for_each_period_and_shares_memory():
    program = builder(2).program()
    vector = np.arange(12.0)
    np.testing.assert_array_equal(program.column_view("b", vector), [[3, 4], [8, 9]])
    np.testing.assert_array_equal(program.row_view("z", vector), [[10, 11]])
    program.column_view("b", vector)[1, 0] = -1.0
    assert vector[8] == -1.0


@pytest.mark.parametrize(
    ("values", "scale"),
    [([], 1.0), ([1.0], 1.0), ([1000.0], 1.0), ([4e5], 1e4), ([1e9], 1e8), ([0.02], 1e-3), ([5, 2e6, 3e6], 1e5)],
)
def test_the_scale_is_a_power_of_ten_that_makes_the_median_ordinary(values, scale):
    assert power_of_ten(np.array(values)) == pytest.approx(scale, rel=1e-12)


def test_scaling_changes_bounds_sides_and_costs_but_not_coefficients():
    """Bounds of 4e5 make the flow scale 1e4; a price of 300 then weighs 3e6, and the objective scale is 1e5."""
    build = builder(1)
    build.add_columns("x", 1, names=Listed("x", 1), upper=4e5)
    build.add_rows("r", 1, names=Listed("r", 1), upper=2e5)
    build.add_terms("r", [0], "x", [0], [2.0])
    build.add_costs("x", [0], [300.0])
    build.set_objective(True, "CNY", 5e5)
    program = build.program()
    assert (program.flow_scale, program.objective_scale) == pytest.approx((1e4, 1e5))
    x, r = program.column_names().index("x[0,p0]"), program.row_names().index("r[0,p0]")
    assert program.upper[x] == pytest.approx(40)
    assert program.row_upper[r] == pytest.approx(20)
    assert program.cost[x] == pytest.approx(30)
    assert program.offset == pytest.approx(5)
    assert program.value.tolist() == [2.0]


def test_costs_are_weighted_by_the_periods_and_add_up():
    build = builder(2, [1.0, 3.0])
    build.add_costs("a", [0, 0, 2], [5.0, 1.0, 2.0])
    build.add_costs("a", [0], [[1.0], [2.0]])
    program = build.program(1.0, 1.0)
    np.testing.assert_allclose(program.column_view("a", program.cost), [[7, 0, 2], [24, 0, 6]])


def test_each_column_and_row_knows_its_place_in_the_case():
    """Two periods of a smelter: the origins of the tables, repeated."""
    network = Works(
        plants={"smelter": Plant({"metal": 1.0, "ore": -2.0}, upper=100)},
        offers=[Offer("buy", "ore", 5.0, upper=30), Offer("sell", "metal", 9.0, lower=2)],
        accounts={"ore": [("bought", "ore", 1.0)]},
        policies={"cap": Policy("ore", upper=40)},
        weight=(1.0, 1.0),
    ).network()
    program = compile_program(network)
    path = [network.origins[o].path for o in program.upper_origin]
    assert path == ["plants.smelter.capacity", "step.max", "step.max"] * 2
    path = [network.origins[o].path for o in program.lower_origin]
    assert path == ["plants.smelter.run.min", "buy.ore.min", "sell.metal.min"] * 2
    path = [network.origins[o].path for o in program.row_origin]
    assert path == ["node"] * 4 + ["policies.cap"]


def test_a_term_outside_its_block_is_refused():
    build = builder()
    build.add_terms("a", [3], "a", [0], [1.0])
    with pytest.raises(ProgramError, match="outside the rows called `a`"):
        build.program()


def test_a_figure_that_is_not_a_number_is_refused():
    build = builder()
    build.add_costs("a", [0], [np.nan])
    with pytest.raises(ProgramError, match="not a number"):
        build.program()


def test_a_program_can_be_sent_to_another_process():
    network = Works(plants={"smelter": Plant({"metal": 1.0, "ore": -2.0}, upper=100)}).network()
    program = compile_program(network)
    assert pickle.loads(pickle.dumps(program)).column_names() == program.column_names()


@pytest.mark.parametrize("periods", [1, 100])
def test_a_million_coefficients_are_assembled_in_a_moment(periods):
    """A guard against a Python loop over coefficients, which would take seconds; the target is well under 0.5 s."""
    random = np.random.default_rng(0)
    n, k = 200_000 // periods, 1_000_000 // periods
    build = ProgramBuilder("big", [str(t) for t in range(periods)], np.ones(periods))
    build.add_columns("x", n, names=Listed("x", n), upper=1.0)
    build.add_rows("r", n // 2, names=Listed("r", n // 2), upper=0.0)
    build.add_terms("r", random.integers(0, n // 2, k), "x", random.integers(0, n, k), random.random(k) + 1)
    begin = time.process_time()
    program = build.program()
    assert time.process_time() - begin < 1.5
    assert program.nonzeros > 990_000


HOURS = """
case: hours
title: {en: A smelter with a shed over many hours}
periods: {hour: {duration: 1 h, count: 3000}}
materials:
  power: {name: {en: Power}, unit: MWh, class: raw}
  metal: {name: {en: Metal}}
  wire: {name: {en: Wire}}
  dross: {name: {en: Dross}, class: byproduct}
processes:
  smelter: {name: {en: Smelter}, per: 1 t metal, inputs: {power: 10 MWh}, outputs: {dross: 0.1 t},
            closure: {gap: 100 %, because: ore left out}}
  drawing: {name: {en: Drawing}, per: 1 t wire, inputs: {metal: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      smelter: {capacity: 10 t/h, ramp: 10 %/h}
      drawing: {capacity: 8 t/h, on_off: {min_load: 40 %, start_cost: 10 CNY, min_up: 6 h, min_down: 6 h}}
    buy: {power: {price: 400 CNY/MWh}}
    sell: {wire: {price: 6000 CNY/t}}
    discard: {dross: {cost: 10 CNY/t}}
    stores: {shed: {material: metal, capacity: 50 t, loss: 0.1 %/d, cost: 0.1 CNY/(t*d), fill_rate: 5 t/h}}
objective: {maximise: profit}
"""


def test_compiling_holds_less_than_three_times_the_arrays_of_the_program():
    """Stores, ramps and switches tie periods together; sorting all their coefficients at once would take four times."""
    network = network_of(HOURS)
    compile_program(network)
    tracemalloc.start()
    program = compile_program(network)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    values = [getattr(program, item.name) for item in fields(program)]
    arrays = sum(value.nbytes for value in values if isinstance(value, np.ndarray))
    assert most < 3 * arrays
