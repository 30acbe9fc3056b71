"""The file of a sweep: SQLite while it runs, and at the end SQLite or Parquet written once, sample by sample.

While a sweep runs, every chunk is one transaction of FILE.sqlite (of FILE.parquet.part for a Parquet file), so that a
killed sweep loses the chunks that were being solved and nothing else. When all are there the file is written anew in
the order of the samples and takes the place of the first. Its bytes therefore depend on the results alone.

Tables: `sweep` (key, value as JSON), `columns` (name, kind, unit: what each column of the samples is), `samples`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..flows.problems import InputError, Problem

ENDINGS = (".sqlite", ".parquet")
Kind = Literal["sample", "input", "answer", "indicator", "flow"]


@dataclass(frozen=True)
class Column:
    """One column of the table of samples."""

    name: str
    kind: Kind
    unit: str
    type: Literal["INTEGER", "REAL", "TEXT"]


@dataclass(frozen=True)
class SweepFile:
    """Where a sweep is kept."""

    path: Path
    settings: dict[str, Any]
    """everything that the results depend on; a file made with others is refused"""
    columns: tuple[Column, ...]

    @property
    def journal(self) -> Path:
        """The SQLite file that chunks are written to."""
        return self.path if self.path.suffix == ".sqlite" else self.path.with_name(f"{self.path.name}.part")

    def open(self) -> frozenset[int] | None:
        """Make the file, or look into the one that is there; return the samples that it has, None where it is whole.

        Raises InputError where the file cannot be used, or was made from another case or with other settings.
        """
        if self.path.suffix not in ENDINGS:
            raise _refused(f"`{self.path.name}` is neither .sqlite nor .parquet", "give it one of the two endings")
        if self.path.suffix == ".parquet":
            _check_pyarrow(self.path)
        with self._failures():
            if self.path.suffix == ".parquet" and self.path.exists():
                self._compare(_parquet_settings(self.path), self.path)
                return None
            with self._connected() as data:
                if not data.execute("SELECT 1 FROM sqlite_master").fetchone():
                    self._begin(data)
                    return frozenset()
                found = _settings(data)
                whole = found.pop("complete", False)
                self._compare(found, self.journal)
                return None if whole else frozenset(row[0] for row in data.execute("SELECT sample FROM samples"))

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Hold the journal for writing, alone. Raises InputError where another sweep does or nothing can be written."""
        with self._failures(), self._connected() as data:
            data.execute("PRAGMA locking_mode = EXCLUSIVE")
            data.execute("BEGIN EXCLUSIVE")
            data.commit()
            yield Journal(data, self.columns)

    def finish(self) -> None:
        """Write the whole file in the order of the samples. Raises InputError where it cannot be written."""
        with self._failures():
            fresh = self.path.with_name(f"{self.path.name}.new")
            fresh.unlink(missing_ok=True)
            if self.path.suffix == ".sqlite":
                self._write_sqlite(fresh)
            else:
                self._write_parquet(fresh)
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(self.path)
            if self.journal != self.path:
                self.journal.unlink()

    def rows(self) -> list[dict[str, Any]]:
        """Return all samples in their order, of a whole file or of what there is."""
        with self._failures():
            if self.path.suffix == ".parquet" and self.path.exists():
                import pyarrow.parquet

                found: list[dict[str, Any]] = pyarrow.parquet.read_table(self.path).to_pylist()
                return found
            names = [column.name for column in self.columns]
            with self._connected() as data:
                cursor = data.execute("SELECT * FROM samples ORDER BY sample")
                return [dict(zip(names, row, strict=True)) for row in cursor]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        data = sqlite3.connect(self.journal, timeout=1.0, isolation_level=None)
        try:
            yield data
        finally:
            data.close()

    def _begin(self, data: sqlite3.Connection, complete: bool = False) -> None:
        """Write settings and empty tables, all or nothing."""
        data.execute("BEGIN IMMEDIATE")
        data.execute("CREATE TABLE sweep (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        data.execute("CREATE TABLE columns (name TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL)")
        kinds = {"sample": "INTEGER PRIMARY KEY"}
        stated = ", ".join(f"{_quoted(it.name)} {kinds.get(it.name, it.type)}" for it in self.columns)
        data.execute(f"CREATE TABLE samples ({stated})")
        settings = [(key, json.dumps(value, ensure_ascii=False)) for key, value in self.settings.items()]
        data.executemany("INSERT INTO sweep VALUES (?, ?)", [*settings, ("complete", json.dumps(complete))])
        data.executemany("INSERT INTO columns VALUES (?, ?, ?)", [(it.name, it.kind, it.unit) for it in self.columns])
        if not complete:
            data.execute("COMMIT")

    def _write_sqlite(self, fresh: Path) -> None:
        rows = ([row[it.name] for it in self.columns] for row in self.rows())
        data = sqlite3.connect(fresh, isolation_level=None)
        try:
            data.execute("PRAGMA journal_mode = OFF")
            self._begin(data, complete=True)
            data.executemany(_insert(self.columns), rows)
            data.execute("COMMIT")
        finally:
            data.close()

    def _write_parquet(self, fresh: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        types = {"INTEGER": pyarrow.int64(), "REAL": pyarrow.float64(), "TEXT": pyarrow.string()}
        fields = [
            pyarrow.field(it.name, types[it.type], metadata={"kind": it.kind, "unit": it.unit}) for it in self.columns
        ]
        metadata = {"parkloop.sweep": json.dumps(self.settings, ensure_ascii=False)}
        table = pyarrow.Table.from_pylist(self.rows(), schema=pyarrow.schema(fields, metadata=metadata))
        pyarrow.parquet.write_table(table, fresh)

    def _compare(self, found: dict[str, Any], path: Path) -> None:
        stated = json.loads(json.dumps(self.settings))
        differ = [key for key in (*stated, *found) if stated.get(key) != found.get(key)]
        if not differ:
            return
        key = differ[0]
        if key in ("case", "case_sha256"):
            what = f"`{path}` holds a sweep of another case, or of the case before it was changed"
        else:
            what = f"`{path}` holds a sweep with {key} = {_short(found.get(key))}, not {_short(stated.get(key))}"
        raise _refused(what, "repeat what the file was made with, or name another file with -o")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Say in words what the disk or the file does not allow."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _refused(*_words(self.journal, error)) from error
        except OSError as error:
            raise _refused(f"`{self.path}` cannot be written: {error.strerror or error}", _ELSEWHERE) from error


@dataclass(frozen=True)
class Journal:
    """The open file of a running sweep."""

    data: sqlite3.Connection
    columns: tuple[Column, ...]

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write the rows of a chunk, all or none."""
        self.data.execute("BEGIN IMMEDIATE")
        self.data.executemany(_insert(self.columns), [[row.get(it.name) for it in self.columns] for row in rows])
        self.data.execute("COMMIT")


_ELSEWHERE = "name a file in a folder that can be written, with -o"


def _words(path: Path, error: sqlite3.DatabaseError) -> tuple[str, str]:
    text = str(error)
    if "locked" in text:
        return f"another sweep is writing `{path}`", "wait for it, or name another file with -o"
    if "not a database" in text or "no such table" in text or "no such column" in text or "has no column" in text:
        return f"`{path}` is no file of a sweep", "name another file with -o"
    if "full" in text:
        return f"the disk of `{path}` is full", "make room; the same command goes on where the sweep stopped"
    return f"`{path}` cannot be written: {text}", _ELSEWHERE


def _settings(data: sqlite3.Connection) -> dict[str, Any]:
    return {key: json.loads(value) for key, value in data.execute("SELECT key, value FROM sweep")}


def _check_pyarrow(path: Path) -> None:
    """Raise InputError where Parquet files can be neither written nor read, before any sample is solved."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        mend = "install the extra: pip install 'parkloop[parquet]', or name a .sqlite file"
        raise _refused(f"`{path.name}` needs the package pyarrow", mend) from error


def _parquet_settings(path: Path) -> dict[str, Any]:
    import pyarrow
    import pyarrow.parquet

    try:
        metadata = pyarrow.parquet.read_schema(path).metadata or {}
        found: dict[str, Any] = json.loads(metadata[b"parkloop.sweep"])
    except (pyarrow.ArrowInvalid, KeyError) as error:
        raise _refused(f"`{path}` is no file of a sweep", "name another file with -o") from error
    return found


def _insert(columns: tuple[Column, ...]) -> str:
    return f"INSERT INTO samples VALUES ({', '.join('?' * len(columns))})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _refused(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])
