"""What differs in the inputs of some cases: their composed trees, walked together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..flows.case import Case
from ..flows.document import Mapping, Node, Scalar
from ..flows.document import Sequence as NodeList
from ..flows.problems import TextError
from ..flows.scenarios import DEFAULTS
from ..flows.units import parse_quantity
from .comparison import SAME, Difference, InputRow
from .phrases import comparison_phrases

NO_INPUTS = ("case", "title", "scenarios", "measures", "expect", "include")
"""keys of a case that no answer depends on, or that are laid over it already"""
WORDS = ("name", "title", "note", "sources", "cite", "because")
"""keys that people read and no answer depends on"""
WHOLE = ("exchange", "coalitions", "apart", "objective")
"""keys that a scenario replaces as a whole, and that make sense as a whole only"""
LONGEST = 80
"""characters of a statement that are shown"""

Path = tuple[str, ...]


def input_rows(cases: Sequence[Case | None], baseline: int) -> tuple[InputRow, ...]:
    """Return every statement that some case has otherwise than the baseline: those that are changed come first.

    A statement that was added or removed as a whole is one row. Amounts written in other units or other spelling are
    the same. Cases that are not at hand have no texts.
    """
    first = cases[baseline]
    if first is None:
        return ()
    others = [case for number, case in enumerate(cases) if case is not None and number != baseline]
    found = dict.fromkeys(path for case in others for path in changes(first.tree, case.tree))
    rows = [_row(path, cases, baseline) for path in found]
    return tuple(sorted(rows, key=lambda row: "changed" not in row.differences))


def changes(old: Mapping, new: Mapping) -> Iterator[Path]:
    """Yield the paths of what differs between two composed trees: the smallest statements that do."""
    for key in _keys(old, new):
        if key not in NO_INPUTS:
            yield from _walk(old.entries.get(key), new.entries.get(key), (key,))


def _walk(old: Node | None, new: Node | None, path: Path) -> Iterator[Path]:
    if old is new or _default(path, old) == _default(path, new) is not None:
        return
    within = path[0] not in WHOLE
    if within and isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in _keys(old, new):
            if key not in WORDS:
                yield from _walk(old.entries.get(key), new.entries.get(key), (*path, key))
    elif within and isinstance(old, NodeList) and isinstance(new, NodeList) and len(old.items) == len(new.items):
        for number, pair in enumerate(zip(old.items, new.items, strict=True)):
            yield from _walk(*pair, (*path, str(number)))
    elif old is None or new is None or not _says_the_same(old, new):
        yield path


def _keys(old: Mapping, new: Mapping) -> list[str]:
    return list(dict.fromkeys((*old.entries, *new.entries)))


def _default(path: Path, node: Node | None) -> str | None:
    """Return what the case says, or means where it says nothing; None where saying nothing means nothing."""
    if ".".join(path) not in DEFAULTS:
        return None
    return node.text if isinstance(node, Scalar) else DEFAULTS[".".join(path)]


def _says_the_same(old: Node, new: Node) -> bool:
    if isinstance(old, Scalar) and isinstance(new, Scalar):
        percent = _percent(old, new)
        return old.value == new.value or (percent is not None and abs(percent) <= SAME * 100)
    return _flow(old) == _flow(new)


def _percent(old: Node | None, new: Node | None) -> float | None:
    """Change in percent, where both are quantities of one dimension and the old one is not zero."""
    if not (isinstance(old, Scalar) and isinstance(new, Scalar)) or isinstance(old.value, bool):
        return None
    try:
        before, after = parse_quantity(old.text), parse_quantity(new.text)
        change = after.to(before.unit) - before.value
    except TextError:
        return None
    if before.value == 0:
        return 0.0 if change == 0 else None
    return change / abs(before.value) * 100.0


def _row(path: Path, cases: Sequence[Case | None], baseline: int) -> InputRow:
    nodes = [None if case is None else _at(case.tree, path) for case in cases]
    first = nodes[baseline]
    texts: list[str | None] = []
    places: list[str | None] = []
    differences: list[Difference] = []
    percents: list[float | None] = []
    for case, node in zip(cases, nodes, strict=True):
        texts.append(None if case is None else _text(node, path))
        places.append(None if node is None else f"{node.position.file}:{node.position.line}")
        differences.append("unchanged" if case is None else _difference(first, node, path))
        percents.append(_percent(first, node) if differences[-1] == "changed" else None)
    return InputRow(".".join(path), tuple(texts), tuple(places), tuple(differences), tuple(percents))


def _at(node: Node | None, path: Path) -> Node | None:
    for part in path:
        if isinstance(node, NodeList):
            node = node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
        else:
            node = node.entries.get(part) if isinstance(node, Mapping) else None
    return node


def _difference(old: Node | None, new: Node | None, path: Path) -> Difference:
    if old is new or (old is not None and new is not None and _says_the_same(old, new)):
        return "unchanged"
    if ".".join(path) in DEFAULTS:  # saying nothing says something there
        return "unchanged" if _default(path, old) == _default(path, new) else "changed"
    return "added" if old is None else "removed" if new is None else "changed"


def _text(node: Node | None, path: Path) -> str | None:
    """Write a statement on one line; where nothing stands and that means something, what it means."""
    if node is None:
        meant = DEFAULTS.get(".".join(path))
        return None if meant is None else comparison_phrases.tell("not_stated", text=meant)
    text = _flow(node)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _flow(node: Node) -> str:
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(value)}' for key, value in node.entries.items() if key not in WORDS)}}}"
    if isinstance(node, NodeList):
        return f"[{', '.join(_flow(item) for item in node.items)}]"
    return node.text
