"""Profiles from real Parquet files, and what is said about files that are not fit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

import test_profiles
from mistakes import place_of
from parkloop import cli
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case

TEXT = test_profiles.TEXT.replace(
    "{values: [380 CNY/MWh, 0.52 CNY/kWh]}", "{file: prices.parquet, column: price, unit: CNY/MWh}"
)


def write(folder: Path, table: Any, **options: Any) -> None:
    """Write a table beside the case."""
    parquet.write_table(table, folder / "prices.parquet", **options)
    (folder / "case.yaml").write_text(TEXT, encoding="utf-8")


def columns(**named: Any) -> Any:
    return pyarrow.table(named)


@pytest.mark.parametrize(
    "prices",
    [
        pyarrow.array([380.0, 520.0]),
        pyarrow.array([380, 520], pyarrow.int16()),
        pyarrow.array([380.0, 520.0], pyarrow.float32()),
        pyarrow.array([Decimal("380.00"), Decimal("520.00")], pyarrow.decimal128(10, 2)),
        pyarrow.array([380.0, 520.0]).dictionary_encode(),
        pyarrow.chunked_array([[380.0], [520.0]]),
    ],
)
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_a_column_of_numbers_is_a_profile(prices: Any, compression: str, tmp_path: Path) -> None:
    write(tmp_path, columns(hour=["a", "b"], price=prices), compression=compression, row_group_size=1)
    network = build_network(read_case(tmp_path / "case.yaml"))
    assert network.steps.price[:, 0].tolist() == [380, 520]


def test_both_kinds_of_tables_give_the_same_case(tmp_path: Path) -> None:
    write(tmp_path, columns(price=[380.25, 520.5]))
    (tmp_path / "prices.csv").write_text("price\n380.25\n520.5\n", encoding="utf-8")
    found = []
    for suffix in ("parquet", "csv"):
        (tmp_path / "case.yaml").write_text(TEXT.replace("prices.parquet", f"prices.{suffix}"), encoding="utf-8")
        found.append(build_network(read_case(tmp_path / "case.yaml")).steps.price.tolist())
    assert found[0] == found[1]


ROWS = "row 2 of column `price` in `prices.parquet`"
UNFIT = {
    "a null": (columns(price=[380.0, None]), f"{ROWS} is empty", "a figure in every period", "price, unit"),
    "a null in a dictionary": (
        columns(price=pyarrow.array([380.0, None]).dictionary_encode()), f"{ROWS} is empty", "", "price, unit",
    ),
    "NaN": (columns(price=[380.0, float("nan")]), f"{ROWS} is not a finite number", "", "price, unit"),
    "infinity": (columns(price=[380.0, float("inf")]), f"{ROWS} is not a finite number", "", "price, unit"),
    "texts": (
        columns(price=["380", "dear"]), "column `price` in `prices.parquet` holds string, not numbers",
        "write bare numbers", "price, unit",
    ),
    "encoded texts": (
        columns(price=pyarrow.array(["380", "520"]).dictionary_encode()), "holds string, not numbers", "",
        "price, unit",
    ),
    "truths": (columns(price=[True, False]), "holds bool, not numbers", "", "price, unit"),
    "times": (columns(price=pyarrow.array([1, 2], pyarrow.timestamp("s"))), "holds timestamp", "", "price, unit"),
    "lists": (columns(price=[[380.0], [520.0]]), "holds list<", "", "price, unit"),
    "nothing at all": (columns(price=pyarrow.nulls(2)), "holds null, not numbers", "", "price, unit"),
    "no such column": (
        columns(prize=[380.0, 520.0]), "`prices.parquet` has no column `price`", "prize", "price, unit",
    ),
    "two such columns": (
        pyarrow.Table.from_arrays([pyarrow.array([1.0, 2.0])] * 2, names=["price", "price"]),
        "has 2 columns `price`", "give each column its own name", "price, unit",
    ),
    "too few rows": (columns(price=[380.0]), "profile `price` has 1 figures, but the case has 2 periods", "", "file:"),
    "no rows": (columns(price=pyarrow.array([], pyarrow.float64())), "profile `price` has 0 figures", "", "file:"),
    "far too many rows": (
        columns(price=pyarrow.nulls(3_000_000, pyarrow.float64())),
        "`prices.parquet` has 3,000,000 rows, but a case has at most 100,000 periods", "one row for each period",
        "prices.parquet",
    ),
}  # fmt: skip


def said(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.run(["validate", str(folder / "case.yaml")]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_wrong_with_a_table_is_named_where_the_case_asks_for_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, what, mend, at = UNFIT[name]
    write(tmp_path, table)
    err = said(tmp_path, capsys)
    assert what in err
    assert mend in err
    assert f"case.yaml:{place_of(at, TEXT)}: error" in err


@pytest.mark.parametrize("damage", ["empty", "text", "magic only", "cut", "scrambled footer", "scrambled data"])
def test_a_file_that_is_no_parquet_says_so(damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, columns(price=[float(n) for n in range(1000)]), compression="snappy", use_dictionary=False)
    whole = (tmp_path / "prices.parquet").read_bytes()
    broken = {
        "empty": b"",
        "text": b"price\n380\n520\n",
        "magic only": b"PAR1",
        "cut": whole[: len(whole) // 2],
        "scrambled footer": whole[:-300] + b"\xff" * 292 + whole[-8:],
        "scrambled data": whole[:4] + b"\xff" * 2000 + whole[2004:],
    }
    (tmp_path / "prices.parquet").write_bytes(broken[damage])
    err = said(tmp_path, capsys)
    assert "`prices.parquet` is no Parquet table: " in err
    assert f"case.yaml:{place_of('prices.parquet', TEXT)}: error" in err


def test_a_huge_table_is_refused_before_its_column_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, columns(price=pyarrow.nulls(3_000_000, pyarrow.float64())))
    assert (tmp_path / "prices.parquet").stat().st_size < 100_000

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the column was read")

    monkeypatch.setattr(parquet.ParquetFile, "read", refuse)
    assert "has 3,000,000 rows" in said(tmp_path, capsys)
