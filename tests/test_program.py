"""The program is what its builder was told: every term in its place, once, in every period."""

import pickle
import time
import tracemalloc
from dataclasses import fields
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hello import network_of
from networks import Offer, Plant, Policy, Works, dense
from parkloop.models import assembly
from parkloop.models.builder import ProgramBuilder
from parkloop.models.compile import compile_program
from parkloop.models.program import ProgramError, power_of_ten

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


@pytest.mark.parametrize(("row", "column", "kind"), [(3, 0, "rows"), (-1, 0, "rows"), (0, 3, "columns")])
def test_a_term_outside_its_block_is_refused(row, column, kind):
    build = builder()
    build.add_terms("a", [row], "a", [column], [1.0])
    with pytest.raises(ProgramError, match=f"outside the {kind} called `a`"):
        build.program()


@pytest.mark.parametrize("column", [-1, 2])
def test_a_cost_outside_its_block_is_refused(column):
    build = builder()
    build.add_costs("b", [0, column], [1.0, 1.0])
    with pytest.raises(ProgramError, match="outside the columns called `b`"):
        build.program()


def test_a_figure_that_is_not_a_number_is_refused():
    build = builder()
    build.add_costs("a", [0], [np.nan])
    with pytest.raises(ProgramError, match="not a number"):
        build.program()
    for block, side in product(("columns", "rows"), ("lower", "upper")):
        build = builder()
        add = build.add_columns if block == "columns" else build.add_rows
        add("more", 2, names=Listed("more", 2), **{side: [[1.0, np.nan]]})
        with pytest.raises(ProgramError, match="not a number"):
            build.program()


def test_what_a_block_says_nothing_of_is_free_upwards_and_open():
    """Columns are zero or more, rows open to both sides, neither whole, and nobody's line."""
    program = builder(1).program()
    assert program.lower.tolist() == [0.0] * program.columns
    assert program.upper.tolist() == [np.inf] * program.columns
    assert program.row_lower.tolist() == [-np.inf] * program.rows
    assert program.row_upper.tolist() == [np.inf] * program.rows
    for origin in (program.column_origin, program.lower_origin, program.upper_origin, program.row_origin):
        assert set(origin.tolist()) == {-1}
    assert not program.is_integer
    assert (program.maximise, program.objective_unit, program.offset, program.stages) == (False, "", 0.0, ())
    assert (program.flow_scale, program.objective_scale) == (1.0, 1.0)
    assert [part.tolist() for part in program.filled_first] == [[], []]


def test_one_row_a_period_meets_the_columns_of_periods_before():
    build = ProgramBuilder("ring", ["p0", "p1", "p2"], np.ones(3))
    build.add_columns("x", 1, names=Listed("x", 1))
    build.add_rows("r", 1, names=Listed("r", 1))
    build.add_terms("r", [0], "x", [0], [1.0])
    build.add_lagged_terms("r", [0], "x", [0], [5.0], 1)
    build.add_lagged_terms("r", [0], "x", [0], [7.0], 2)
    assert dense(build.program()).tolist() == [[1, 7, 5], [5, 1, 7], [7, 5, 1]]


def test_a_row_of_no_period_meets_the_columns_of_all():
    build = ProgramBuilder("all", ["p0", "p1"], np.array([1.0, 3.0]))
    build.add_columns("x", 2, names=Listed("x", 2))
    build.add_rows("r", 2, names=Listed("r", 2), periodic=False)
    build.add_terms("r", [0, 1, 1], "x", [0, 0, 1], [1.0, 2.0, 4.0], weighted=True)
    assert dense(build.program()).tolist() == [[1, 0, 3, 0], [2, 4, 6, 12]]


def test_columns_of_no_period_may_share_a_single_row():
    build = ProgramBuilder("one", ["p0"], np.ones(1))
    build.add_columns("x", 3, names=Listed("x", 3), periodic=False)
    build.add_rows("r", 1, names=Listed("r", 1), periodic=False)
    build.add_terms("r", [0, 0], "x", [0, 2], [2.0, 3.0])
    assert dense(build.program()).tolist() == [[2, 0, 3]]


def test_what_is_filled_first_is_told_in_every_period():
    """The second column of `b` after the first: places 3 and 4 of five in the first period, 8 and 9 in the second."""
    build = builder(2)
    build.fill_first("b", [0], [1])
    first, then = build.program().filled_first
    assert (first.tolist(), then.tolist()) == ([3, 8], [4, 9])


def test_whole_numbers_are_not_scaled_with_the_flows():
    """Bounds of 4e5 make a unit of 1e4. `n` counts up to 3 of them: a row of flows has 5e4 t a piece, 5 in its units;
    a row of numbers only has its 2 pieces and its side as they are; a piece costs 7e5."""
    build = ProgramBuilder("whole", ["year"], np.ones(1))
    build.add_columns("x", 2, names=Listed("x", 2), upper=4e5)
    build.add_columns("n", 1, names=Listed("n", 1), upper=3.0, whole=True)
    build.add_rows("flows", 1, names=Listed("flows", 1), upper=6e4)
    build.add_rows("numbers", 1, names=Listed("numbers", 1), upper=8.0, whole=True)
    build.add_terms("flows", [0, 0], "x", [0, 1], [1.0, 2.0])
    build.add_terms("flows", [0], "n", [0], [-5e4])
    build.add_terms("numbers", [0], "n", [0], [2.0])
    build.add_costs("x", [0], [3.0])
    build.add_costs("n", [0], [7e5])
    program = build.program()
    flow, money = program.flow_scale, program.objective_scale
    assert (flow, program.is_integer, program.integral.tolist()) == (1e4, True, [False, False, True])
    assert program.upper.tolist() == pytest.approx([40, 40, 3])
    assert program.row_upper.tolist() == pytest.approx([6, 8])
    assert dense(program).tolist() == [[1, 2, -5], [0, 0, 2]]
    assert (program.cost * money).tolist() == pytest.approx([3e4, 0, 7e5])
    assert program.whole("n", np.array([0.0, 0.0, 2.0 * flow])).tolist() == [[2.0]]
    plain = program.in_user_units()
    assert (plain.flow_scale, plain.objective_scale) == (1.0, 1.0)
    assert plain.upper.tolist() == pytest.approx([4e5, 4e5, 3])
    assert plain.row_upper.tolist() == pytest.approx([6e4, 8])
    assert dense(plain).tolist() == [[1, 2, -5e4], [0, 0, 2]]
    assert plain.cost.tolist() == pytest.approx([3, 0, 7e5])


def test_a_program_of_more_coefficients_than_indices_count_is_refused(monkeypatch):
    """Two periods of three coefficients, and one of a column of no period: seven, or six without it."""
    assert np.iinfo(np.int32).max == assembly.LARGEST

    def assembled(largest, alone):
        monkeypatch.setattr(assembly, "LARGEST", largest)
        build = builder(2)
        build.add_terms("a", [0, 1, 2], "a", [0, 1, 2], [1.0, 1.0, 1.0])
        if not alone:
            build.add_terms("z", [0], "z", [1], [1.0])
        return build.program().nonzeros

    assert (assembled(7, False), assembled(6, True)) == (7, 6)
    for largest, alone in ((6, False), (5, True)):
        with pytest.raises(OverflowError, match="more coefficients than 32-bit indices can count"):
            assembled(largest, alone)


def test_a_sum_is_settled_to_zero_where_it_is_rounding_of_its_terms():
    total = np.array([1e-12, 1.5e-12, -0.9e-12, 0.0, 3e-9])
    assert assembly.settled(total, np.ones(5)).tolist() == [0.0, 1.5e-12, 0.0, 0.0, 3e-9]
    assert assembly.settled(total, np.full(5, 2000.0)).tolist() == [0.0, 0.0, 0.0, 0.0, 3e-9]


@pytest.mark.parametrize("changing", [False, True])
@pytest.mark.parametrize(("rows", "columns", "lag"), [("a", "a", 0), ("z", "a", 0), ("a", "z", 0), ("a", "a", 1)])
def test_a_coefficient_that_is_rounding_of_its_terms_is_none(rows, columns, lag, changing):
    """0.1 + 0.2 − 0.3 is 5.6e-17 and no coefficient; what is as small by itself stays."""
    build = builder(2)
    for place, value in ((0, 0.1), (0, 0.2), (0, -0.3), (1, 5.6e-17)):
        figure = np.full((2, 1), value) if changing else np.array([value])
        if lag:
            build.add_lagged_terms(rows, [place], columns, [place], figure, lag)
        else:
            build.add_terms(rows, [place], columns, [place], figure)
    assert set(build.program().value.tolist()) == {5.6e-17}


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
