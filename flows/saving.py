"""Files that are written whole or not at all.

A file is written beside its place and then moved there: whoever reads it, also after a crash or on a full disk, finds
the old file or the new one. Several files that belong together are all written before the first is moved: when the disk
is full none of them is new.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, in the folder of `path` and with its ending; it takes the place of `path` at the end.

    Raises:
        OSError: with the name of `path`, where it cannot be written; the file that stood there is untouched.
    """
    with _named(path):
        temporary = _temporary(path)
        try:
            yield temporary
            _put(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def save(path: Path, text: str) -> None:
    """Replace a file by one with this text in UTF-8, as a whole. Raises OSError with its name."""
    save_all({path: text})


def save_all(texts: Mapping[Path, str]) -> None:
    """Replace files by texts in UTF-8, in this order: all are written before the first is moved to its place.

    Raises:
        OSError: with the name of the file that cannot be written.
    """
    written: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            with _named(path):
                written[path] = _temporary(path)
                with written[path].open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
        for path, temporary in written.items():
            with _named(path):
                temporary.replace(path)
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    Path(name).chmod(0o666 & ~_mask())  # as any new file, not for this user alone
    return Path(name)


def _mask() -> int:
    """Return the permissions that new files do not get."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _put(temporary: Path, path: Path) -> None:
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file that people asked for in what the system says, not the one beside it."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from error
