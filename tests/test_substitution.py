"""Several materials fill one need, within their shares and the composition of the blend."""

import pytest

from networks import INF, Offer, Option, Plant, Slot, Works, row, sides
from parkloop.models.compile import compile_program
from parkloop.solver.highs import solve

KILN, NAME = "works.kiln.lime", "run[works.kiln,year]"
STONE, SLAG = f"fill[{KILN}.stone,year]", f"fill[{KILN}.slag,year]"


def cement(stone=None, slag=None, limits=None, run=(100, 100)):
    """Clinker needs 0.6 t CaO: limestone gives 0.5, carbide slag 0.6 per tonne; the slag is free, stone costs 10."""
    options = [
        Option("stone", 0.5, **(stone or {})),
        Option("slag", 0.6, **(slag or {})),
    ]
    return Works(
        plants={
            "kiln": Plant({"clinker": 1.0}, lower=run[0], upper=run[1]),
            "furnace": Plant({"carbide": 1.0, "slag": 1.2}, upper=1000),
        },
        slots={"lime": Slot("kiln", 0.6, options, limits or {})},
        offers=[
            Offer("buy", "stone", 10.0),
            Offer("sell", "clinker", 50.0),
            Offer("sell", "carbide", 1.0),
            Offer("discard", "slag", 0.0),
        ],
    )


def fills(works):
    program = compile_program(works.network())
    solution = solve(program)
    return program, solution, program.column_view("fill", solution.column_value)[0].tolist()


def test_fills_cover_the_need_of_the_run_together():
    program = compile_program(cement().network())
    assert row(program, f"need[{KILN},year]") == {STONE: 0.5, SLAG: 0.6, NAME: -0.6}
    assert sides(program, f"need[{KILN},year]") == (0, 0)


def test_free_slag_fills_the_whole_need():
    """100 t of clinker need 60 t CaO: 100 t of slag."""
    _, _, fill = fills(cement())
    assert fill == pytest.approx([0, 100])


def test_a_largest_share_leaves_the_rest_to_the_other():
    """60 % of 60 t CaO from slag is 60 t of it; the other 24 t CaO are 48 t of stone."""
    works = cement(slag={"max_share": 0.6})
    program, _, fill = fills(works)
    assert fill == pytest.approx([48, 60])
    assert row(program, f"share[{KILN}.slag.max,year]") == pytest.approx({SLAG: 0.6, NAME: -0.36})
    assert sides(program, f"share[{KILN}.slag.max,year]") == (-INF, 0)


def test_a_least_share_is_kept_although_it_costs():
    """25 % of 60 t CaO from stone is 30 t of it; the slag fills 45 t CaO with 75 t."""
    works = cement(stone={"min_share": 0.25})
    program, _, fill = fills(works)
    assert fill == pytest.approx([30, 75])
    assert sides(program, f"share[{KILN}.stone.min,year]") == (0, INF)


def test_only_stated_shares_make_rows():
    program = compile_program(cement(stone={"min_share": 0.1}, slag={"max_share": 0.6}).network())
    names = [name for name in program.row_names() if name.startswith("share")]
    assert names == [f"share[{KILN}.slag.max,year]", f"share[{KILN}.stone.min,year]"]


def test_a_composition_limit_bounds_the_blend():
    """Slag holds 3 % Cl, stone none, at most 1 % in the blend: slag ≤ half of the stone. With stone = 2 · slag:
    (0.5 · 2 + 0.6) · slag = 60, so 37.5 t of slag and 75 t of stone."""
    works = cement(slag={"content": {"Cl": 0.03}}, limits={"Cl": (-INF, 0.01)})
    program, _, fill = fills(works)
    assert fill == pytest.approx([75, 37.5])
    assert row(program, f"blend[{KILN}.Cl.max,year]") == pytest.approx({STONE: -0.01, SLAG: 0.02})


def test_a_least_content_is_kept_and_both_limits_make_two_rows():
    """Stone holds 10 % Mg, slag none, at least 2 %: stone = 0.25 · slag, 60 = (0.125 + 0.6) · slag."""
    works = cement(stone={"content": {"Mg": 0.1}}, limits={"Mg": (0.02, 0.09)})
    program, _, fill = fills(works)
    assert fill == pytest.approx([60 / 0.725 / 4, 60 / 0.725])
    assert row(program, f"blend[{KILN}.Mg.min,year]") == pytest.approx({STONE: 0.08, SLAG: -0.02})
    assert sides(program, f"blend[{KILN}.Mg.min,year]") == (0, INF)
    assert sides(program, f"blend[{KILN}.Mg.max,year]") == (-INF, 0)


def test_each_limit_of_a_blend_has_a_row_of_its_own_substance():
    """Stone holds 10 % Mg and 1 % Cl, slag 2 % Cl; two largest and two least contents."""
    contents = {"stone": {"content": {"Mg": 0.1, "Cl": 0.01}}, "slag": {"content": {"Cl": 0.02}}}
    program = compile_program(cement(**contents, limits={"Mg": (0.02, 0.09), "Cl": (0.005, 0.015)}).network())
    found = {name: row(program, f"blend[{KILN}.{name},year]") for name in ("Mg.max", "Cl.max", "Mg.min", "Cl.min")}
    assert found == {
        "Mg.max": pytest.approx({STONE: 0.01, SLAG: -0.09}), "Cl.max": pytest.approx({STONE: -0.005, SLAG: 0.005}),
        "Mg.min": pytest.approx({STONE: 0.08, SLAG: -0.02}), "Cl.min": pytest.approx({STONE: 0.005, SLAG: 0.015}),
    }  # fmt: skip


def test_the_dual_of_the_need_is_what_one_more_unit_of_it_costs():
    """With a fixed run and free slag one more t CaO costs nothing; with only stone it costs 10 / 0.5."""
    works = cement(slag={"max_share": 0.0})
    program, solution, _ = fills(works)
    assert program.row_view("need", solution.row_dual)[0].tolist() == pytest.approx([-20])
