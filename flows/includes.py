"""Files: a case with everything it includes, each file once, merged into one tree of nodes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from .document import Limits, Mapping, Node, Position, Scalar, Sequence, load, parse
from .overlay import put
from .problems import Findings, InputError, Source, nearest
from .schema import Library

TREE_MARKER = ".parkloop-tree"
"""file that marks the top of the tree a case may read from"""
SHIPPED = "parkloop:"
"""prefix of includes that ship with parkloop"""
MAX_FILES = 500
"""files one case may include"""
MAX_NESTED = 40
"""files that include one another in a row"""
MAX_TEXT = 40_000_000
"""characters of a case and all it includes"""
SHARED_MAPS = ("materials", "processes", "chains", "indicators", "transport", "parks")
"""maps that libraries fill too"""


class CaseReader:
    """Reads a case and its includes, each file once, and merges the shared maps."""

    def __init__(self, path: Path | str) -> None:
        self.case_path = path
        self.findings = Findings()
        self.names: list[str] = []
        self.sources: list[Source] = []
        self.folder = Path.cwd()
        self.seen: set[Path] = set()
        self.length = 0
        """characters of all that was read"""
        self.shared: dict[str, tuple[dict[str, Node], dict[str, Position]]] = {key: ({}, {}) for key in SHARED_MAPS}

    def read(self) -> Mapping:
        """Return the merged tree.

        Raises:
            InputError: if a file cannot be read, is no YAML, includes what it may not, or defines a thing twice.
        """
        if str(self.case_path) == "-":
            self.names.append("<stdin>")
            folder = Path.cwd()
            root = parse(sys.stdin.buffer.read(Limits().bytes + 1), "<stdin>")
        else:
            path = Path(self.case_path)
            self.names.append(shown(path))
            folder = path.resolve().parent
            root = load(path, self.names[0])
            self.seen.add(path.resolve())
        self.folder = folder
        self._take(root, folder, tree_root(folder))
        self.findings.raise_if_errors()
        return self._merged(root)

    def _take(self, document: Mapping, folder: Path, tree: Path, nested: int = 0) -> None:
        """Follow the includes of a document, then take its own definitions."""
        self.sources.append(document.position.source)
        self.length += len(document.position.source.text)
        if self.length > MAX_TEXT:
            what = f"the case and what it includes have more than {MAX_TEXT:,} characters"
            self._stop(document.position, what, "move long tables into csv files")
        includes = document.entries.get("include")
        if isinstance(includes, Sequence):
            for item in includes.items:
                self._include(item, folder, tree, nested)
        elif includes is not None:
            self.findings.error(includes.position, "`include` must be a list `[…]`")
        for key in SHARED_MAPS:
            self._define(key, document.entries.get(key))

    def _stop(self, position: Position, what: str, mend: str) -> NoReturn:
        self.findings.error(position, what, mend)
        raise InputError(self.findings.problems)

    def _include(self, item: Node, folder: Path, tree: Path, nested: int) -> None:
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            self.findings.error(item.position, "an include is a path", "write e.g. `../library/common.yaml`")
            return
        text = item.value
        if text.startswith(SHIPPED):
            tree = shipped_cases()
            path = tree / text.removeprefix(SHIPPED)
        else:
            path = folder / text
        target = resolved(path)
        if target is None:
            self.findings.error(
                item.position, f"`{text}` is no path", "check its length, and links that lead in circles"
            )
            return
        if not target.is_relative_to(tree.resolve()):
            what = f"`{text}` leaves the tree of the case"
            mend = (
                f"a case reads files below {shown(tree)} only; an empty file {TREE_MARKER} in a folder above widens it"
            )
            self.findings.error(item.position, what, mend)
            return
        if target in self.seen:
            return
        self.seen.add(target)
        if len(self.seen) > MAX_FILES:
            self._stop(item.position, f"more than {MAX_FILES} files are included", "put several of them into one")
        if nested >= MAX_NESTED:
            what = f"more than {MAX_NESTED} files include one another in a row here"
            self._stop(item.position, what, "include them from one file")
        if not target.is_file():
            self.findings.error(item.position, f"there is no file `{text}`", nearest_file(target, ".yaml", ".yml"))
            return
        name = text if text.startswith(SHIPPED) else shown(path)
        self.names.append(name)
        try:
            document = load(target, name)
        except InputError as error:
            self.findings.add(*error.problems)
            return
        check_library(document, self.findings)
        self._take(document, target.parent, tree, nested + 1)

    def _define(self, key: str, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Mapping):
            self.findings.error(node.position, f"`{key}` must be a mapping `{{…}}`")
            return
        entries, keys = self.shared[key]
        for name, entry in node.entries.items():
            if name in entries:
                what = f"`{name}` is defined twice in `{key}`: first at {keys[name]}"
                self.findings.error(node.keys[name], what, "delete one of them, or rename it")
                continue
            entries[name], keys[name] = entry, node.keys[name]

    def _merged(self, root: Mapping) -> Mapping:
        for key, (entries, keys) in self.shared.items():
            if entries:
                position = root.keys.get(key, root.position)
                root = put(root, key, Mapping(entries, keys, position), position)
        return root


def check_library(document: Mapping, findings: Findings) -> None:
    """Note keys that a library cannot have."""
    known = sorted(Library.model_fields)
    for key, position in document.keys.items():
        if key == "case":
            findings.error(position, "a case cannot be included", "include the libraries it is made of")
        elif key not in known:
            findings.error(position, f"unknown key `{key}` in a library", nearest(key, known))


def resolved(path: Path) -> Path | None:
    """Return where a path leads with every link followed; None where it leads nowhere: a circle, a name too long."""
    try:
        target = path.resolve()
        target.is_file()
    except (OSError, RuntimeError, ValueError):
        return None
    return target


def shipped_cases() -> Path:
    """Return the folder of the cases that ship with parkloop."""
    return Path(__file__).parent.parent / "cases"


def tree_root(folder: Path) -> Path:
    """Return the nearest folder above that bears the marker, or the folder itself."""
    return next((above for above in (folder, *folder.parents) if (above / TREE_MARKER).exists()), folder)


def shown(path: Path) -> str:
    """Return a path as messages show it: relative to the working directory where it is below it."""
    absolute = Path(os.path.normpath(path.absolute()))
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.path.normpath(path)


def nearest_file(path: Path, *endings: str) -> str:
    """Say which file of some endings was probably meant."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix in endings)
    except OSError:
        return "the folder does not exist either"
    return nearest(path.name, names)
