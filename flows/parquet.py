"""Columns of Parquet tables, read with pyarrow where it is installed, and what is wrong with them in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .blocks import MOST_PERIODS
from .problems import nearest
from .tables import Floats

MOST_UNFOLDED = 32_000_000
"""bytes that a column may unfold into: 16 for a decimal of each period, and much room for pages and dictionaries"""
MOST_METADATA = 4_000_000
"""bytes of a text and entries of a list in what a file says about itself"""


class TableError(Exception):
    """A table has no column of figures as it is asked for."""

    def __init__(self, what: str, mend: str, word: str = "file") -> None:
        super().__init__(what)
        self.what, self.mend, self.word = what, mend, word


def parquet_column(target: Path, file: str, column: str) -> Floats:
    """Return a column of finite figures, (rows,).

    Nothing is read before the table says that it is small and the column holds numbers.

    Args:
        target: the file.
        file: how messages call it.
        column: name of the column.

    Raises:
        TableError: pyarrow is missing, the file is no Parquet table, or the column is not one of figures.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        what = f"reading `{file}` needs pyarrow, which is not installed"
        raise TableError(what, "install `parkloop[parquet]`, or save the table as CSV") from None
    try:
        limits = {"thrift_string_size_limit": MOST_METADATA, "thrift_container_size_limit": MOST_METADATA}
        with parquet.ParquetFile(target, **limits) as table:
            _check_size(table.metadata, file, column)
            _check_type(pyarrow.types, table.schema_arrow, file, column)
            values = table.read(columns=[column]).column(column).combine_chunks()
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        what, mend = f"`{file}` is no Parquet table: {reason}", "write it again, or save the table as CSV"
        raise TableError(what, mend) from None
    if pyarrow.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    empty = np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))
    if len(empty):
        what = f"row {int(empty[0]) + 1} of column `{column}` in `{file}` is empty"
        raise TableError(what, "a profile has a figure in every period", "column")
    figures: Floats = values.cast(pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(~np.isfinite(figures))
    if len(wrong):
        what = f"row {int(wrong[0]) + 1} of column `{column}` in `{file}` is not a finite number"
        raise TableError(what, "a profile has a figure in every period", "column")
    return figures


def _check_size(metadata: Any, file: str, column: str) -> None:
    """Refuse a table that has more rows than a case has periods, or unfolds into much: small files can become huge."""
    groups = sum(metadata.row_group(number).num_rows for number in range(metadata.num_row_groups))
    rows = max(metadata.num_rows, groups)
    if rows > MOST_PERIODS:
        what = f"`{file}` has {rows:,} rows, but a case has at most {MOST_PERIODS:,} periods"
        raise TableError(what, "keep one row for each period")
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(group.num_columns):
            chunk = group.column(place)
            if chunk.path_in_schema == column and chunk.total_uncompressed_size > MOST_UNFOLDED:
                size = chunk.total_uncompressed_size
                what = f"column `{column}` in `{file}` unfolds into {size:,} bytes, more than {MOST_UNFOLDED:,}"
                raise TableError(what, "write plain numbers, one row for each period", "column")


def _check_type(types: Any, schema: Any, file: str, column: str) -> None:
    count = schema.names.count(column)
    if count != 1:
        if count:
            raise TableError(f"`{file}` has {count} columns `{column}`", "give each column its own name", "column")
        raise TableError(f"`{file}` has no column `{column}`", nearest(column, schema.names), "column")
    kind = schema.field(column).type
    held = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_integer(held) or types.is_floating(held) or types.is_decimal(held)):
        what = f"column `{column}` in `{file}` holds {held}, not numbers"
        raise TableError(what, "write bare numbers; their unit stands in the `unit` of the profile", "column")
