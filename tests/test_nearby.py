"""Programs between two ends are predicted only where they follow linearly from the figures."""

import numpy as np
import pytest

from hello import network_of
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.includes import shipped_cases
from parkloop.models.compile import compile_program
from parkloop.models.indicator import account_values
from parkloop.models.weighing import account_weights
from parkloop.solver.highs import solve
from parkloop.solver.nearby import Stated, nearby
from ponds import text as ponds
from test_commitment import works

LIKE = compile_program(network_of())
KILN = "parks.demo.plants.clinker_kiln"


def compiler(*settings):
    """Compile the hello case with figures written into some settings."""

    def compile_at(figures):
        network = network_of(sets=[it.format(repr(f)) for it, f in zip(settings, figures, strict=True)])
        program = compile_program(network, like=LIKE)
        return Stated(program, account_weights(network, program))

    return compile_at


@pytest.mark.parametrize(
    ("settings", "low", "high"),
    [
        (["parks.demo.sell.clinker.price={} CNY/t"], [100], [400]),
        (["parks.demo.sell.clinker.max={} kt/a"], [100], [400]),
        ([KILN + ".capacity={} kt/a"], [100], [400]),
        ([KILN + ".fixed_cost={} CNY/t"], [0], [40]),
        (["processes.clinker_kiln.inputs.clay={} t"], [0.348], [0.352]),
        (
            ["parks.demo.buy.limestone.price={} CNY/t", "parks.demo.discard.carbide_slag.cost={} CNY/t"],
            [30, 10],
            [80, 90],
        ),
    ],
)
def test_prices_limits_capacities_and_recipes_are_predicted_as_they_are_compiled(settings, low, high):
    compile_at = compiler(*settings)
    found = nearby(compile_at, low, high)
    assert found is not None
    assert len(found.place)
    random = np.random.default_rng(0)
    for _ in range(5):
        figures = random.uniform(low, high).tolist()
        program, exact = found.at(figures).program, compile_at(figures).program
        for field in ("cost", "lower", "upper", "row_lower", "row_upper", "value"):
            np.testing.assert_allclose(getattr(program, field), getattr(exact, field), rtol=1e-12, err_msg=field)
        assert solve(program).objective == pytest.approx(solve(exact).objective, rel=1e-10)


@pytest.mark.parametrize(
    ("settings", "low", "high"),
    [
        ([KILN + ".capacity={} kt/a", KILN + ".availability={}"], [100, 0.5], [400, 1.0]),  # a product
        ([KILN + "={{capacity: {} kt/a, company: cement_works, run: {{max: 300 kt/a}}}}"], [100], [400]),  # a kink
    ],
)
def test_products_and_kinks_are_refused(settings, low, high):
    assert nearby(compiler(*settings), low, high) is None


def test_a_program_whose_shape_changes_is_refused():
    def compile_at(figures):
        network = network_of(scenario="standalone" if figures[0] > 350 else "base")
        program = compile_program(network, like=LIKE)
        return Stated(program, account_weights(network, program))

    assert nearby(compile_at, [100], [400]) is None


@pytest.mark.parametrize(
    "name", ["parks/qarhan", "tutorials/4_storage", "tutorials/6_policy", "tutorials/8_objectives"]
)
def test_the_weights_of_the_columns_add_up_to_the_accounts(name):
    tree = read_tree(shipped_cases() / f"{name}.yaml")
    for scenario in tree.scenarios:
        network = build_network(tree.case(scenario))
        program = compile_program(network)
        x = solve(program).column_value
        exact = account_values(network, program, x).sum(axis=1)
        np.testing.assert_allclose(account_weights(network, program).accounts(x), exact, rtol=1e-9, atol=1e-6)


def test_accounts_of_whole_numbers_have_no_weights():
    network = works()
    with pytest.raises(ValueError, match="accounts of whole numbers are not linear"):
        account_weights(network, compile_program(network))


def test_the_weights_of_columns_count_how_often_a_period_occurs():
    """A winter that occurs twice, a summer, and a fee over the whole year: 2·10, 20 and 15 CNY."""
    periods = "periods: {winter: {duration: 0.25 a, weight: 2}, summer: {duration: 0.5 a}}\n"
    network = network_of(periods + ponds("{indicator: brine, max: 60 t/a, surplus: 15 CNY/t}"))
    program = compile_program(network)
    flows = {"sell[north.salt.1,winter]": 1.0, "sell[north.salt.1,summer]": 2.0, "over[p]": 1.0}
    x = np.array([flows.get(name, 0.0) for name in program.column_names()])
    found = dict(zip(network.accounts.id, account_weights(network, program).accounts(x).tolist(), strict=True))
    assert (found["revenue"], found["cost"], found["profit"]) == pytest.approx((40, 15, 25))
