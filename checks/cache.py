"""Cache of verdicts: a case that passed passes again while every file it read, parkloop and the solver are the same.

Only a pass is kept, so a failure is always found anew. An entry names every file with its hash, so that a hit takes no
reading of YAML. The folder is `$PARKLOOP_CACHE`, else `parkloop` below `$XDG_CACHE_HOME` or `~/.cache`.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path

from ..flows.includes import shown
from ..flows.saving import save
from ..reports.result import versions
from .case import CaseVerdict, sha256

FORMAT = "1"


def default_folder() -> Path:
    """Return the folder of the cache."""
    if own := os.environ.get("PARKLOOP_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "parkloop"


class Cache:
    """Verdicts on disk; one that cannot be read or written is as good as none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "check"
        self._code = _code_hash()

    def get(self, case: Path) -> CaseVerdict | None:
        """Return the verdict on a case that passed, where nothing has changed since."""
        try:
            verdict = CaseVerdict.from_object(json.loads(self._entry(case).read_text(encoding="utf-8")), cached=True)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if not verdict.passed or not verdict.files:
            return None
        same = all(sha256(Path(name)) == digest for name, digest in verdict.files.items())
        return verdict if same and verdict.file == shown(case) else None

    def put(self, case: Path, verdict: CaseVerdict) -> None:
        """Keep a verdict, if it is a pass."""
        if not verdict.passed:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save(self._entry(case), json.dumps(verdict.as_object()))
        except OSError:  # a folder that cannot be written only costs time
            return

    def _entry(self, case: Path) -> Path:
        key = "\0".join((FORMAT, str(case.resolve()), self._code))
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def _code_hash() -> str:
    """Hash parkloop itself, which may be a checkout that changes under one version, and the version of HiGHS."""
    total = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for room in ("flows", "models", "solver", "reports", "checks"):
        for path in sorted((root / room).glob("*.py")):
            total.update(path.read_bytes())
    known = versions(version("highspy"))
    total.update(json.dumps(known, sort_keys=True).encode())
    return total.hexdigest()
