"""Figures that differ from period to period: lists, profiles, tables beside the case, seasons and maintenance."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from hello import edit, network_of, solved, value
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.network import Network
from parkloop.flows.problems import InputError
from parkloop.reports.run import run_case

TEXT = """
case: profiles
title: {en: Two plants over two periods}
money: CNY
periods: {day: {duration: 1 h}, night: {duration: 3 h}}
profiles:
  price: {values: [380 CNY/MWh, 0.52 CNY/kWh]}
  sun:   {values: [80 %, 0.1]}
materials:
  power: {name: {en: Power}, unit: MWh, class: raw}
  metal: {name: {en: Metal}}
  wire:  {name: {en: Wire}}
processes:
  smelter: {name: {en: Smelter}, per: 1 t metal, inputs: {power: 10 MWh}, closure: {gap: 100 %, because: ore left out}}
  drawing: {name: {en: Drawing}, per: 1 t wire, inputs: {metal: 1 t}}
parks:
  works:
    name: {en: Works}
    plants:
      smelter: {capacity: 10 t/h}
      drawing: {capacity: 8 t/h}
    buy:  {power: {price: {profile: price}}}
    sell: {wire: {price: 6000 CNY/t}}
objective: {maximise: profit}
"""


def network(*edits: tuple[str, str]) -> Network:
    """The two plants with passages replaced."""
    text = TEXT
    for old, new in edits:
        text = edit(old, new, text)
    return network_of(text)


def test_a_profile_gives_each_period_its_price() -> None:
    """8 t by day at 6000 − 3800, 24 t by night at 6000 − 5200: 17600 + 19200 = 36800."""
    assert network().steps.price[:, 0].tolist() == pytest.approx([380, 520])
    assert value(solved(TEXT), "profit") == pytest.approx(36800)


def test_a_list_does_the_same_and_times_multiplies() -> None:
    listed = network(("{profile: price}", "[380 CNY/MWh, 520 CNY/MWh]"))
    assert listed.steps.price[:, 0].tolist() == pytest.approx([380, 520])
    dearer = network(("{profile: price}", "{profile: price, times: 1.2}"))
    assert dearer.steps.price[:, 0].tolist() == pytest.approx([456, 624])


def test_a_bare_profile_times_a_quantity_is_a_quantity() -> None:
    """Of 50 MWh/h the sun gives 80 % in one hour, and 10 % in three."""
    bounded = network(("{profile: price}", "{profile: price}, max: {profile: sun, times: 50 MWh/h}"))
    assert bounded.steps.upper[:, 0].tolist() == pytest.approx([40, 15])


@pytest.mark.parametrize(
    ("field", "lower", "upper"),
    [
        ("availability: {profile: sun}", [0, 0], [8, 3]),
        ("availability: [100 %, 0 %]", [0, 0], [10, 0]),
        ("run: {max: [7 t/h, 20 t/h]}", [0, 0], [7, 30]),
        ("run: {min: {profile: sun, times: 5 t/h}}", [4, 1.5], [10, 30]),
        ("fix: [1 t/h, 2 t/h]", [1, 6], [1, 6]),
        ("min_load: 50 %, availability: {profile: sun}", [4, 1.5], [8, 3]),
        ("maintenance: 73 d", [0, 0], [8, 24]),
        ("maintenance: 73 d, availability: [50 %, 100 %]", [0, 0], [4, 24]),
    ],
)
def test_the_run_of_a_plant_is_bounded_period_by_period(field: str, lower: list[float], upper: list[float]) -> None:
    plants = network(("{capacity: 10 t/h}", f"{{capacity: 10 t/h, {field}}}")).plants
    assert plants.lower[:, 0].tolist() == pytest.approx(lower)
    assert plants.upper[:, 0].tolist() == pytest.approx(upper)


def test_a_pond_of_unlimited_capacity_that_rests_makes_nothing() -> None:
    plants = network(("{capacity: 10 t/h}", "{capacity: unlimited, availability: [100 %, 0 %]}")).plants
    assert plants.upper[:, 0].tolist() == [np.inf, 0]


def test_each_period_names_the_line_that_bounds_it() -> None:
    found = network(("{capacity: 10 t/h}", "{capacity: 10 t/h, run: {max: [7 t/h, 20 t/h]}}"))
    rows = found.plants.upper_origin[:, 0]
    paths = [found.origins[row].path.rsplit("plants.smelter.")[1] for row in rows]
    assert paths == ["run.max", "capacity"]


def test_sales_and_discards_take_series_too() -> None:
    found = network(
        ("{price: 6000 CNY/t}", "{price: [6000 CNY/t, 5000 CNY/t], min: [1 t/h, 0 t/h], max: [2 t/h, 9 t/h]}")
    )
    assert found.steps.price[:, 1].tolist() == [6000, 5000]
    assert found.offers.lower[:, 1].tolist() == pytest.approx([1, 0])
    assert found.steps.upper[:, 1].tolist() == pytest.approx([2, 27])


def test_steps_may_differ_between_periods() -> None:
    ladder = "{steps: [{price: {profile: price}, max: [5 MWh/h, 6 MWh/h]}, {price: {profile: price, times: 2}}]}"
    found = network(("{price: {profile: price}}", ladder))
    assert found.steps.price[:, :2].tolist() == [pytest.approx([380, 760]), pytest.approx([520, 1040])]
    assert found.steps.upper[:, 0].tolist() == pytest.approx([5, 18])


def test_count_makes_numbered_periods() -> None:
    found = network(("{day: {duration: 1 h}, night: {duration: 3 h}}", "{hour: {duration: 1 h, count: 2}}"))
    assert found.periods.id == ("hour_1", "hour_2")
    assert found.periods.duration.tolist() == pytest.approx([1 / 8760] * 2)


def test_the_order_of_profiles_does_not_matter() -> None:
    lines = TEXT.splitlines(keepends=True)
    i = next(n for n, line in enumerate(lines) if line.startswith("  price:"))
    lines[i], lines[i + 1] = lines[i + 1], lines[i]
    assert value(solved("".join(lines)), "profit") == pytest.approx(36800)


def test_two_equal_halves_of_each_period_are_the_periods() -> None:
    halves = TEXT
    for old, new in (
        (
            "day: {duration: 1 h}, night: {duration: 3 h}",
            "day: {duration: 0.5 h, count: 2}, night: {duration: 1.5 h, count: 2}",
        ),
        ("[380 CNY/MWh, 0.52 CNY/kWh]", "[380 CNY/MWh, 380 CNY/MWh, 520 CNY/MWh, 520 CNY/MWh]"),
        ("[80 %, 0.1]", "[80 %, 80 %, 10 %, 10 %]"),
    ):
        halves = edit(old, new, halves)
    assert value(solved(halves), "profit") == pytest.approx(36800)


MISTAKES = {
    "too few figures": (
        ("[80 %, 0.1]", "[80 %]"), "profile `sun` has 1 figures, but the case has 2 periods", "values: [80 %]",
    ),
    "an empty profile": (("[80 %, 0.1]", "[]"), "profile `sun` is empty", "sun:   {"),
    "two dimensions": (("[80 %, 0.1]", "[80 %, 1 t]"), "a pure number", "1 t]"),
    "an unknown profile": (("{profile: price}", "{profile: prize}"), "unknown profile `prize`", "prize"),
    "the wrong dimension": (("{profile: price}", "{profile: sun}"), "CNY/MWh", "{profile: sun}"),
    "a figure that is negative": (
        ("{price: 6000 CNY/t}", "{price: 6000 CNY/t, max: {profile: sun, times: -1 t/h}}"),
        "profile `sun` gives -7008 in period `day`; it must be zero or more", "{profile: sun",
    ),
    "a share above one": (
        ("{capacity: 10 t/h}", "{capacity: 10 t/h, availability: {profile: sun, times: 2}}"),
        "profile `sun` gives 1.6 in period `day`; it must be between 0 and 1", "{profile: sun",
    ),
    "a list too long": (
        ("{profile: price}", "[1 CNY/MWh, 2 CNY/MWh, 3 CNY/MWh]"),
        "the list has 3 figures, but the case has 2 periods", "[1 CNY",
    ),
    "a bad figure in a list": (("{profile: price}", "[1 CNY/MWh, 2 CNY/t]"), "`2 CNY/t`", "2 CNY/t"),
    "an unknown key": (("{profile: price}", "{profile: price, time: 2}"), "unknown key `time`", "time: 2"),
    "no file and no values": (("{values: [80 %, 0.1]}", "{unit: t}"), "either `values` or `file`", "sun:"),
    "a contradiction in one period": (
        ("{capacity: 10 t/h}", "{capacity: 10 t/h, availability: [100 %, 10 %], run: {min: 2 t/h}}"),
        "can run at most 8760 t/a in period `night`", "min: 2 t/h",
    ),
    "a year of maintenance": (
        ("{capacity: 10 t/h}", "{capacity: 10 t/h, maintenance: 400 d}"), "`400 d` is more than a year", "400 d",
    ),
    "maintenance that is no time": (
        ("{capacity: 10 t/h}", "{capacity: 10 t/h, maintenance: 4 t}"), "`4 t` is a mass", "4 t}",
    ),
    "a ramp without a capacity": (
        ("{capacity: 10 t/h}", "{capacity: unlimited, ramp: 10 %/h}"), "cannot have a ramp", "10 %/h",
    ),
    "no period at all": (
        ("{day: {duration: 1 h}, night: {duration: 3 h}}", "{hour: {duration: 1 h, count: 0}}"), "`count`", "0}}",
    ),
    "two periods of one name": (
        ("{day: {duration: 1 h}, night: {duration: 3 h}}", "{h: {duration: 1 h, count: 1}, h_1: {duration: 3 h}}"),
        "two periods are called `h_1`", "h_1: {",
    ),
    "a store of nothing": (
        ("    sell:", "    stores: {shed: {material: power, capacity: 1 t}}\n    sell:"),
        "an energy (MWh) is needed here", "capacity: 1 t}}",
    ),
    "a store nobody uses": (
        ("    sell:", "    stores: {shed: {material: coal, capacity: 1 t}}\n    sell:"),
        "unknown material `coal`", "coal",
    ),
    "a store that loses more than all": (
        ("    sell:", "    stores: {shed: {material: metal, capacity: 1 t, loss: 120 %/d}}\n    sell:"),
        "`120 %/d` is more than all that is there", "120 %/d",
    ),
    "a loss that is no share per time": (
        ("    sell:", "    stores: {shed: {material: metal, capacity: 1 t, loss: 1 t/d}}\n    sell:"),
        "`1 t/d` is no share per time", "1 t/d",
    ),
    "a store too small for its level": (
        ("    sell:", "    stores: {shed: {material: metal, capacity: 1 t, initial: 2 t}}\n    sell:"),
        "store `shed` holds at most `1 t`, but `initial` is more", "2 t}",
    ),
    "a store of an unknown plant": (
        ("    sell:", "    stores: {shed: {material: metal, capacity: 1 t, plant: drowing}}\n    sell:"),
        "unknown plant `drowing`", "drowing",
    ),
    "a store over periods that occur several times": (
        ("    sell:", "    stores: {shed: {material: metal, capacity: 1 t}}\n    sell:"),
        "period `day` occurs 5 times, so no store can carry anything", "5}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (old, new), what, at = MISTAKES[name]
    text = edit(old, new, TEXT)
    if "occur several times" in name:
        text = edit("day: {duration: 1 h}", "day: {duration: 1 h, weight: 5}", text)
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert what in err
    before = text[: text.index(at)]
    line = before.count("\n") + 1
    assert f"case.yaml:{line}:" in err


class TestTables:
    """Profiles read from a file beside the case."""

    TEXT = TEXT.replace("{values: [380 CNY/MWh, 0.52 CNY/kWh]}", "{file: prices.csv, column: price, unit: CNY/MWh}")

    def errors(self, folder: Path, capsys: pytest.CaptureFixture[str], text: str = "") -> str:
        (folder / "case.yaml").write_text(text or self.TEXT, encoding="utf-8")
        assert cli.run(["validate", str(folder / "case.yaml")]) == 2
        return capsys.readouterr().err

    def test_a_column_of_a_csv_file_is_a_profile(self, tmp_path: Path) -> None:
        (tmp_path / "case.yaml").write_text(self.TEXT, encoding="utf-8")
        (tmp_path / "prices.csv").write_bytes(b'\xef\xbb\xbfhour,"price",sun\r\n1,380,0.5\r\n\r\n2,"520",0\r\n')
        network = build_network(read_case(tmp_path / "case.yaml"))
        assert network.steps.price[:, 0].tolist() == [380, 520]

    @pytest.mark.parametrize(
        ("table", "what"),
        [
            ("hour,price\n1,380\n2,dear\n", "prices.csv:3:3: error: `dear` in column `price` is not a finite number"),
            ("hour,price\n1,380\n2,nan\n", "prices.csv:3:3: error: `nan` in column `price` is not a finite number"),
            ("hour,price\n1,380\n2\n", "prices.csv:3:3: error: the row ends before column `price`"),
            ("hour,price\n1,380\n2,1 CNY/t\n", "a bare number; its unit stands in the `unit` of the profile"),
            ("hour,prize\n1,380\n", "has no column `price`"),
            ("price,price\n1,380\n", "prices.csv:1:1: error: `"),
            ("hour,price\n1,380\n", "profile `price` has 1 figures, but the case has 2 periods"),
            ('hour,"price\n', "is no CSV"),
        ],
    )
    def test_what_is_wrong_with_a_table_is_named_at_its_cell(
        self, table: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "prices.csv").write_text(table, encoding="utf-8")
        assert what in self.errors(tmp_path, capsys)

    def test_a_table_lies_in_the_tree_of_the_case(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "prices.csv").write_text("price\n1\n2\n", encoding="utf-8")
        (tmp_path / "tree").mkdir()
        outside = self.TEXT.replace("prices.csv", "../prices.csv")
        assert "`../prices.csv` leaves the tree of the case" in self.errors(tmp_path / "tree", capsys, outside)
        (tmp_path / "tree" / "prices.csv").symlink_to(tmp_path / "prices.csv")
        assert "leaves the tree of the case" in self.errors(tmp_path / "tree", capsys)

    def test_a_table_must_exist_and_be_one(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "there is no file `prices.csv`" in self.errors(tmp_path, capsys)
        assert "is no table" in self.errors(tmp_path, capsys, self.TEXT.replace("prices.csv", "prices.txt"))

    def test_a_huge_table_is_refused_without_reading_it(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with (tmp_path / "prices.csv").open("wb") as file:
            file.truncate(60_000_000)
        assert "larger than 50,000,000 bytes" in self.errors(tmp_path, capsys)

    def test_parquet_without_pyarrow_says_so(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        (tmp_path / "prices.parquet").write_bytes(b"PAR1")
        found = self.errors(tmp_path, capsys, self.TEXT.replace("prices.csv", "prices.parquet"))
        assert "reading `prices.parquet` needs pyarrow, which is not installed" in found
        assert "save the table as CSV" in found


def test_a_summary_of_many_periods_has_one_line_for_each_plant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The smelter makes 32 t in 4 h of at most 40 t."""
    (tmp_path / "case.yaml").write_text(TEXT, encoding="utf-8")
    assert cli.run(["solve", str(tmp_path / "case.yaml")]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("Smelter")]
    assert [line[:4] for line in lines] == [["Smelter", "32.00", "t", "80%"]]


def test_a_year_of_hours_is_read(tmp_path: Path) -> None:
    text = edit(
        "{day: {duration: 1 h}, night: {duration: 3 h}}", "{hour: {duration: 1 h, count: 8760}}", TestTables.TEXT
    )
    text = edit("{values: [80 %, 0.1]}", "{file: prices.csv, column: sun}", text)
    rows = "".join(f"{300 + hour % 24},{hour % 7 / 7}\n" for hour in range(8760))
    (tmp_path / "prices.csv").write_text("price,sun\n" + rows, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    network = build_network(read_case(tmp_path / "case.yaml"))
    assert network.steps.price.shape[0] == 8760


def test_a_ratio_is_counted_in_the_unit_that_multiplies_its_profile(tmp_path: Path) -> None:
    """Of 8 t and 24 t of metal used, 80 % and 10 % count: 8.8 t for 32 t of wire; `1 t/t` is pure, but says tonnes."""
    ratio = "{of: {made: {wire: 1 t/t}}, to: {used: {metal: {profile: sun, times: 1 t/t}}}}"
    text = edit("objective:", f"indicators:\n  share: {{name: {{en: Share}}, ratio: {ratio}}}\nobjective:", TEXT)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    result = run_case(build_network(read_case(tmp_path / "case.yaml")))
    assert result.indicators["share"].value == pytest.approx(32 / 8.8)


@pytest.mark.parametrize("switched", ["", ", on_off: {min_load: 10 %}"])
def test_a_largest_run_that_differs_stands_beside_plants_that_are_on_or_off(switched: str, tmp_path: Path) -> None:
    """By day `run.max` is the tighter limit, 4 t; by night the capacity is, and the drawing uses 24 t of it."""
    limited = "smelter: {capacity: 10 t/h, run: {max: [4 t/h, 20 t/h]}" + switched + "}"
    text = edit("smelter: {capacity: 10 t/h}", limited, TEXT)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    result = run_case(build_network(read_case(tmp_path / "case.yaml")))
    assert [plant.run for plant in result.plants if plant.plant == "smelter"] == pytest.approx([4, 24])


def test_a_contradiction_in_the_first_period_names_the_line_that_bounds_it_there() -> None:
    """By day the capacity of 10 t/h is the tighter limit, by night `run.max` is; both lie below 12 t/h."""
    with pytest.raises(InputError) as caught:
        network(("{capacity: 10 t/h}", "{capacity: 10 t/h, run: {min: 12 t/h, max: [20 t/h, 7 t/h]}}"))
    (problem,) = caught.value.problems
    assert "in period `day` (capacity at" in problem.what
