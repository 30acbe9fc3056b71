"""Fingerprint: one hash of everything an answer depends on that a user wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .case import Case, CaseTree


@dataclass(frozen=True)
class Fingerprint:
    """What was read to make an answer."""

    sha256: str
    """of all files (their text, whatever their names and places), the scenario, settings and measures"""
    files: int
    """number of files, tables of profiles included"""
    settings: tuple[str, ...]
    """`PATH=VALUE` of the command line, in order"""


def fingerprint(tree: CaseTree, case: Case, sets: Iterable[str] = ()) -> Fingerprint:
    """Hash what a case was made of. Line endings and byte order marks of YAML files do not count.

    Raises OSError where a table beside the case can no longer be read.
    """
    settings = tuple(sets)
    total = hashlib.sha256()
    parts = [("\n".join(source.lines)).encode() for source in tree.sources]
    tables = [profile.file for _, profile in sorted(case.head.profiles.items()) if profile.file is not None]
    if case.folder is not None:
        parts += [(case.folder / name).read_bytes() for name in dict.fromkeys(tables)]
    files = len(parts)
    parts += [case.scenario.encode(), *(setting.encode() for setting in settings)]
    parts += [f"measure {name}".encode() for name in case.taken]
    for part in parts:
        total.update(hashlib.sha256(part).digest())  # each part by its own hash, so that none runs into the next
    return Fingerprint(total.hexdigest(), files, settings)
