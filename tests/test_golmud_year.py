"""A year of hours in Golmud: the table is what its program writes, and the answer follows the price of power."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.network import Network
from parkloop.flows.tables import Floats
from parkloop.models.compile import compile_program
from parkloop.models.program import Program
from parkloop.solver.answer import solve_certified
from parkloop.solver.solution import Solution
from shipped import CASES

CASE, HOURS = CASES / "parks/golmud_year.yaml", CASES / "parks/golmud_hours.csv"
Answer = tuple[Network, Program, Solution]


def solved(path: Path, *sets: str) -> Answer:
    """Solve a case to a certified optimum."""
    network = build_network(read_case(path, "base", sets))
    program = compile_program(network)
    solution, certificate = solve_certified(program)
    assert certificate is not None and certificate.holds
    assert max(certificate.primal, certificate.dual, certificate.gap) < 1e-6
    return network, program, solution


def of(answer: Answer, block: str, name: str) -> Floats:
    """Hourly values of the columns of a block whose names hold a word, summed: (T,)."""
    _, program, solution = answer
    assert solution.column_value is not None
    names = program.column_blocks[block].names()
    where = [place for place, text in enumerate(names) if name in text]
    assert where, names
    return program.column_view(block, solution.column_value)[:, where].sum(axis=1)


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 336 hours of the case, in a folder of its own."""
    folder = tmp_path_factory.mktemp("golmud")
    text = CASE.read_text(encoding="utf-8").replace("count: 8760", "count: 336")
    text = text[: text.index("scenarios:")].replace("../library", "parkloop:library")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    lines = HOURS.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "golmud_hours.csv").write_text("".join(lines[:337]), encoding="utf-8")
    return folder / "case.yaml"


@pytest.fixture(scope="module")
def answer(fortnight: Path) -> Answer:
    return solved(fortnight)


def test_the_table_is_what_its_program_writes(repo_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(repo_root / "benchmarks"), *sys.path])
    import golmud_hours  # type: ignore[import-not-found]

    assert HOURS.read_text(encoding="utf-8") == golmud_hours.table()
    assert HOURS.stat().st_size < 500_000


def test_the_sun_stands_highest_at_the_solstice_and_at_solar_noon() -> None:
    """Golmud lies 25 degrees west of the meridian of Beijing time, so noon is at about 13:40."""
    clear = np.genfromtxt(HOURS, delimiter=",", names=True)["clear_sky"].reshape(365, 24)
    assert abs(int(clear.sum(axis=1).argmax()) - 171) <= 3
    assert abs(int(clear.sum(axis=1).argmin()) - 354) <= 3
    middle = (clear * (np.arange(24) + 0.5)).sum(axis=1) / clear.sum(axis=1)
    assert middle.mean() == pytest.approx(13.67, abs=0.05)


def test_the_cells_run_when_power_is_cheap(answer: Answer) -> None:
    """Cells and electrolysis run hardest in the cheapest quarter of the hours, and least in the dearest."""
    price = np.genfromtxt(HOURS, delimiter=",", names=True)["price"][:336]
    for plant in ("chlor_alkali_membrane", "water_electrolysis_alkaline"):
        run = of(answer, "run", plant)
        assert run[price <= np.quantile(price, 0.25)].mean() > 1.1 * run[price >= np.quantile(price, 0.75)].mean()


def test_the_tanks_are_worth_something(fortnight: Path, answer: Answer) -> None:
    tanks = ("lye_tank", "chlorine_tanks", "hydrogen_vessels")
    small = [f"parks.golmud.stores.{tank}.capacity=0 t" for tank in tanks]
    without = solved(fortnight, *small)
    assert answer[2].objective is not None and without[2].objective is not None
    assert answer[2].objective > 1.001 * without[2].objective


def test_the_town_gets_its_heat_in_every_hour(answer: Answer) -> None:
    heat = np.genfromtxt(HOURS, delimiter=",", names=True)["heat"][:336]
    np.testing.assert_allclose(of(answer, "deal", "sell[golmud.steam_lp"), 140 * heat, atol=1e-6)


def test_the_year_has_the_expected_answer() -> None:
    network, _, solution = solved(CASE)
    assert len(network.periods.id) == 8760
    expected = read_case(CASE).expectations["base"]
    assert expected.objective is not None and solution.objective is not None
    assert math.isclose(solution.objective, expected.objective.to("CNY"), rel_tol=expected.tolerance)
