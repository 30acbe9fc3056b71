"""Profiles: named series with one figure for each period, written in the case or read from a table beside it.

A table is read as a whole and turned into an array at once. What is wrong with it is reported at its own line and
column; a file outside the case's tree, or larger than `MAX_BYTES`, is never opened.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np

from .case import Case
from .includes import nearest_file, resolved, shown, tree_root
from .parquet import TableError, parquet_column
from .problems import Findings, Position, Source, nearest
from .schema import Profile
from .tables import Floats
from .units import Quantity, QuantityError, parse_quantity, unit_dimension

MAX_BYTES = 50_000_000
"""size of a table, bytes"""


@dataclass(frozen=True, eq=False)
class Series:
    """A profile as read."""

    values: Floats
    """(T,) figures in `unit`"""
    unit: str

    @property
    def dimension(self) -> str:
        """Kind of quantity, "" for pure numbers."""
        return unit_dimension(self.unit)

    def to(self, unit: str) -> Floats:
        """Return the figures in another unit; raises QuantityError where the dimensions differ."""
        return self.values * self.factor(unit)

    def __str__(self) -> str:
        return str(quantity(float(self.values[0]), self.unit))

    def factor(self, unit: str) -> float:
        """Return what turns a figure into another unit; raises QuantityError where the dimensions differ."""
        try:
            return quantity(1.0, self.unit).to(unit)
        except QuantityError:
            quantity(float(self.values[0]), self.unit).to(unit)  # says it of a figure people wrote
            raise


def quantity(value: float, unit: str) -> Quantity:
    """Return a number with a unit, "1" for none; raises QuantityError where there is no such unit."""
    return parse_quantity(value if unit == "1" else f"{value!r} {unit}")


def read_profiles(case: Case, periods: int, findings: Findings) -> dict[str, Series]:
    """Return the profiles of a case; what is wrong with one is noted, and it is left out."""
    found = {}
    for name, profile in case.head.profiles.items():
        series = _written(case, name, profile.values, findings) if profile.values else None
        if profile.file is not None:
            series = _Table(case, name, profile, findings).series()
        if series is None and not profile.values and profile.file is None:
            findings.error(case.key_at("profiles", name), f"profile `{name}` is empty", "give it `values`")
        if series is None:
            continue
        if len(series.values) != periods:
            word = "values" if profile.file is None else "file"
            what = f"profile `{name}` has {len(series.values)} figures, but the case has {periods} periods"
            findings.error(case.key_at("profiles", name, word), what, "give it one figure for each period")
            continue
        found[name] = series
    return found


def _written(case: Case, name: str, values: Sequence[Quantity], findings: Findings) -> Series | None:
    unit = values[0].unit
    figures = []
    for number, value in enumerate(values):
        try:
            figures.append(value.to(unit))
        except QuantityError as error:
            findings.error(case.value_at("profiles", name, "values", str(number)), error.what, error.mend)
            return None
    return Series(np.array(figures), unit)


class _Table:
    """The column of a file that a profile names."""

    def __init__(self, case: Case, name: str, profile: Profile, findings: Findings) -> None:
        assert profile.file is not None and profile.column is not None
        self.case, self.name, self.profile, self.findings = case, name, profile, findings
        self.file, self.column = profile.file, profile.column

    def series(self) -> Series | None:
        """Return the column; None where something is wrong, which is then noted."""
        place = ("place", self.file)  # found once, however many profiles take a column of it
        target = self.case.memo.get(place) or self._target()
        if target is None or not self._unit_is_known():
            return None
        self.case.memo[place] = target
        key = ("table", target, self.column)
        if key not in self.case.memo:
            found = Findings()
            outer, self.findings = self.findings, found
            values = self._parquet(target) if target.suffix == ".parquet" else self._csv(target)
            self.findings = outer
            self.case.memo[key] = values, found.problems
        values, problems = self.case.memo[key]
        self.findings.add(*problems)
        return None if values is None else Series(values, self.profile.unit)

    def _error(self, word: str, what: str, mend: str = "") -> None:
        self.findings.error(self.case.value_at("profiles", self.name, word), what, mend)

    def _unit_is_known(self) -> bool:
        try:
            quantity(1.0, self.profile.unit)
        except QuantityError as error:
            self._error("unit", error.what, error.mend)
            return False
        return True

    def _target(self) -> Path | None:
        """Return the file, which must lie in the tree of the case and not be too large."""
        folder = self.case.folder
        if folder is None:
            self._error("file", "a case that is no file has no files beside it", "write the profile as `values`")
            return None
        tree = tree_root(folder)
        target = resolved(folder / self.file)
        if target is None:
            self._error("file", f"`{self.file}` is no path", "check its length, and links that lead in circles")
            return None
        if not target.is_relative_to(tree.resolve()):
            mend = f"a case reads files below {shown(tree)} only"
            self._error("file", f"`{self.file}` leaves the tree of the case", mend)
            return None
        if target.suffix not in (".csv", ".parquet"):
            self._error("file", f"`{self.file}` is no table", "a profile is read from a .csv or .parquet file")
            return None
        if not target.is_file():
            mend = nearest_file(target, ".csv", ".parquet")
            self._error("file", f"there is no file `{self.file}`", mend)
            return None
        if target.stat().st_size > MAX_BYTES:
            self._error("file", f"`{self.file}` is larger than {MAX_BYTES:,} bytes", "keep only the columns needed")
            return None
        return target

    def _csv(self, target: Path) -> Floats | None:
        key = ("rows", target)  # a table is read once, however many profiles take a column of it
        if key not in self.case.memo:
            self.case.memo[key] = self._rows(target)
        read = self.case.memo[key]
        if read is None:
            return None
        source, places, rows = read
        place = self._place(places, source)
        if place is None:
            return None
        try:
            values = np.array(list(map(itemgetter(place), rows)), dtype=float)
        except (ValueError, IndexError):
            values = None
        if values is None or not np.isfinite(values).all():
            self._bad_cell(source, place)
            return None
        return values

    def _rows(self, target: Path) -> tuple[Source, dict[str, list[int]], list[list[str]]] | None:
        """Return the text of a table, where each column stands, and its rows; None where it is none, which is noted."""
        try:
            text = target.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self._error("file", f"`{self.file}` cannot be read: {error}", "save it as UTF-8")
            return None
        try:
            rows = list(filter(None, csv.reader(io.StringIO(text, newline=""), strict=True)))
        except csv.Error as error:
            self._error("file", f"`{self.file}` is no CSV: {error}", "save it as comma-separated values")
            return None
        places: dict[str, list[int]] = {}
        for place, cell in enumerate(rows[0] if rows else []):
            places.setdefault(cell.strip(), []).append(place)
        return Source(shown(target), text), places, rows[1:]

    def _place(self, places: dict[str, list[int]], source: Source) -> int | None:
        """Return where the column stands among those of a table."""
        found = places.get(self.column, [])
        if len(found) == 1:
            return found[0]
        if found:
            what = f"`{source.name}` has {len(found)} columns `{self.column}`"
            self.findings.error(Position(source, 1, 1), what, "give each column its own name")
        else:
            self._error("column", f"`{source.name}` has no column `{self.column}`", nearest(self.column, places))
        return None

    def _bad_cell(self, source: Source, place: int) -> None:
        """Note the first cell of the column that is no finite number."""
        reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
        line, is_header = 1, True
        for row in reader:
            begin, line = line, reader.line_num + 1
            if is_header or not row:
                is_header = is_header and not row
                continue
            cell = row[place] if place < len(row) else None
            if cell is None:
                what = f"the row ends before column `{self.column}`"
            elif not _is_finite(cell):
                what = f"`{cell}` in column `{self.column}` is not a finite number"
            else:
                continue
            before = sum(len(text) + 1 for text in row[:place])
            mend = "write a bare number; its unit stands in the `unit` of the profile"
            self.findings.error(Position(source, begin, before + 1), what, mend)
            return

    def _parquet(self, target: Path) -> Floats | None:
        try:
            return parquet_column(target, self.file, self.column)
        except TableError as error:
            self._error(error.word, error.what, error.mend)
            return None


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
