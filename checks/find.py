"""Which files are cases, and which of them changed since a commit, what they include counted."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..flows.case import read_tree
from ..flows.document import Mapping, load
from ..flows.includes import shipped_cases, shown
from ..flows.problems import InputError, Problem
from .baseline import baseline_path

ENDINGS = (".yaml", ".yml")
MOST_FILES = 10_000
"""files below a folder that are looked at"""
_MAYBE = re.compile(rb"""\bcase["']?\s*:""")
"""no file without it has the key `case`"""


def find_cases(paths: Iterable[str]) -> list[Path]:
    """Return the cases among files and below folders, each once, sorted below each folder; libraries are left out.

    Raises InputError where a path does not exist, or no case is found at all.
    """
    found: dict[Path, Path] = {}
    given = list(paths)
    for text in given:
        path = Path(text)
        if path.is_dir():
            files = _below(path)
        elif path.is_file():
            files = [path]
        else:
            raise InputError([Problem(None, f"there is no file or folder `{text}`", "check the path")])
        for file in files:
            if is_case(file):
                found.setdefault(file.resolve(), file)
    if not found:
        what = f"there is no case in {', '.join(f'`{text}`' for text in given)}"
        raise InputError([Problem(None, what, "a case is a YAML file with the key `case`; libraries are not checked")])
    return list(found.values())


def _below(folder: Path) -> list[Path]:
    files = []
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in ENDINGS and not hidden and path.is_file():
            files.append(path)
        if len(files) > MOST_FILES:
            what = f"more than {MOST_FILES} YAML files are below `{shown(folder)}`"
            raise InputError([Problem(None, what, "name the folders of your cases")])
    return sorted(files, key=lambda path: path.as_posix())


def is_case(path: Path) -> bool:
    """Tell whether a file has the key `case`; a broken file that may have it counts as a case, and is refused later."""
    try:
        if not _MAYBE.search(path.read_bytes()):
            return False
        root = load(path, shown(path))
    except (OSError, InputError):
        return True
    return isinstance(root, Mapping) and "case" in root.entries


def changed_since(cases: Sequence[Path], revision: str) -> list[Path]:
    """Return the cases of which a file changed since a commit: their own, one they include, a table, the baseline.

    Files that git does not know count as changed. Raises InputError where git cannot answer.
    """
    by_folder: dict[Path, set[Path]] = {}
    found = []
    for case in cases:
        top = _top(case)
        if top not in by_folder:
            by_folder[top] = _changed(top, revision)
        if any(path in by_folder[top] for path in files_of(case)):
            found.append(case)
    return found


def files_of(case: Path) -> list[Path]:
    """Return every file that a case reads, and its baseline; the case alone where it cannot be read."""
    own = [case.resolve(), baseline_path(case.resolve())]
    try:
        tree = read_tree(case)
        tables = [it.file for it in tree.case().head.profiles.values() if it.file is not None]
    except InputError:
        return own
    shipped = shipped_cases()
    names = [(shipped / n.removeprefix("parkloop:")) if n.startswith("parkloop:") else Path(n) for n in tree.files]
    return [*own, *(name.resolve() for name in names), *((case.parent / table).resolve() for table in tables)]


def _top(case: Path) -> Path:
    return Path(_git(case.resolve().parent, "rev-parse", "--show-toplevel").strip())


def _changed(top: Path, revision: str) -> set[Path]:
    if revision.startswith("-"):
        raise InputError([Problem(None, f"`{revision}` is no commit", "name a branch, a tag or a commit")])
    differ = _git(top, "diff", "--name-only", "-z", revision, "--")
    unknown = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return {(top / name).resolve() for name in (differ + unknown).split("\0") if name}


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, timeout=60, check=True)
    except FileNotFoundError as error:
        raise InputError([Problem(None, "git is needed for --changed-since, and is not there")]) from error
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", b"") or b""
        what = f"git cannot tell what changed: {said.decode('utf-8', 'replace').strip() or error}"
        mend = "in a pipeline, fetch the history (`fetch-depth: 0`), and name a commit that is there"
        raise InputError([Problem(None, what, mend)]) from error
    return done.stdout.decode("utf-8", "surrogateescape")
