"""Documents: YAML text as nodes that know their place in the file.

Scalars follow the core schema of YAML 1.2 (`no` is a text, `012` is twelve, `12:30` is a text).
Whatever could surprise is refused with its place: repeated keys, merge keys, tags, second documents,
tabs, control characters, aliases that multiply or contain themselves. The cost of reading is linear
in the size of the text.

The parser is libyaml's, read event by event: that gives every place at C speed, and a document that
is nested too deeply or multiplied by aliases is refused before anything is built from it.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import yaml

from .problems import Findings, InputError, Position, Problem, Source

__all__ = [
    "Limits",
    "Mapping",
    "Node",
    "Position",
    "Scalar",
    "Sequence",
    "Source",
    "load",
    "parse",
    "parse_value",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be."""

    bytes: int = 10_000_000
    """size of the file, bytes"""
    depth: int = 40
    """lists and maps inside each other, aliases expanded"""
    nodes: int = 500_000
    """keys and values in the document, aliases expanded"""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A single value."""

    value: str | int | float | bool | None
    """what YAML 1.2 makes of it"""
    text: str
    """the characters as written, without quotes"""
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    items: list[Node]
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A map; keys are texts as written (`2020:` is the key "2020")."""

    entries: dict[str, Node]
    keys: dict[str, Position]
    """where each key stands"""
    position: Position


Node: TypeAlias = Scalar | Sequence | Mapping


def load(path: Path, name: str, limits: Limits = Limits()) -> Mapping:
    """Read a file, called `name` in messages.

    Only regular files are read, and never more than `limits.bytes` of them. Raises InputError.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
            _refuse(None, f"`{name}` is {kind}", "give the path of a YAML file")
        if status.st_size > limits.bytes:
            _refuse_size(name, limits)
        with path.open("rb") as file:
            text = file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(None, f"`{name}` cannot be read: {reason}", "check the path and its permissions")
    return parse(text, name, limits)


def parse(text: bytes, name: str, limits: Limits = Limits()) -> Mapping:
    """Read the bytes of a document, called `name` in messages.

    The text is UTF-8, with or without byte order mark. Raises InputError with every problem that
    could be found before the text stopped making sense.
    """
    if len(text) > limits.bytes:
        _refuse_size(name, limits)
    source = _decode(text.removeprefix(b"\xef\xbb\xbf"), name)
    root = _compose(source, limits)
    if isinstance(root, Mapping):
        return root
    if root is None or (isinstance(root, Scalar) and not root.text):
        start = Position(source, 1, 1)
        _refuse(start, "the file is empty", "a case starts with `case: its_name`")
    kind = "a list" if isinstance(root, Sequence) else "a single value"
    what = f"the file must be a mapping of keys to values, but it is {kind}"
    return _refuse(root.position, what, "write `key: value` lines, with a space after each colon")


def parse_value(text: str, name: str) -> Node:
    """Read one value of any kind, as in `--set PATH=VALUE`; raises InputError."""
    source = Source(name, text)
    return _compose(source, Limits()) or Scalar(None, "", Position(source, 1, 1))


def plain(node: Node) -> Any:
    """Return a node as dicts, lists and scalars without positions; aliased parts are copied."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def _refuse(position: Position | None, what: str, mend: str = "") -> NoReturn:
    raise InputError([Problem(position, what, mend)])


def _refuse_size(name: str, limits: Limits) -> NoReturn:
    what = f"`{name}` is larger than {limits.bytes:,} bytes"
    _refuse(None, what, "split it by `include`, or move long tables out of it")


# ---------------------------------------------------------------- characters

_FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _decode(text: bytes, name: str) -> Source:
    """Decode UTF-8; where it breaks, say at which byte, line and column."""
    try:
        return Source(name, text.decode("utf-8"))
    except UnicodeDecodeError as error:
        offset = error.start
    source = Source(name, text.decode("utf-8", errors="replace"))
    position = _position(source, len(text[:offset].decode("utf-8")))
    what = f"byte 0x{text[offset]:02X} (number {offset + 1} of the file) is not UTF-8"
    _refuse(position, what, "save the file as UTF-8; it may be in GBK or UTF-16 now")


def _position(source: Source, offset: int) -> Position:
    """Turn an offset in characters into a line and a column."""
    before = Source(source.name, source.text[:offset]).lines
    return Position(source, len(before), len(before[-1]) + 1)


def _check_characters(source: Source) -> None:
    """Refuse what editors do not show: tabs, controls, foreign line ends, stray byte order marks."""
    match = _FORBIDDEN.search(source.text)
    if match is None:
        return
    position = _position(source, match.start())
    if match[0] == "\t":
        _refuse(position, "there is a tab here", "use spaces, here and wherever else tabs stand")
    what = f"the invisible character U+{ord(match[0]):04X} is not allowed"
    _refuse(position, what, "remove it")


# ---------------------------------------------------------------- scalars

_CORE_SCHEMA = re.compile(
    r"""(?P<null>~|null|Null|NULL|)
      | (?P<true>true|True|TRUE)
      | (?P<false>false|False|FALSE)
      | (?P<int>[-+]?[0-9]+)
      | (?P<oct>0o[0-7]+)
      | (?P<hex>0x[0-9a-fA-F]+)
      | (?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)
      | (?P<infinity>[-+]?\.(?:inf|Inf|INF))
      | (?P<nan>\.(?:nan|NaN|NAN))""",
    re.VERBOSE,
)


def _resolve(text: str) -> str | int | float | bool | None:
    """Give a plain scalar its value by the core schema (YAML 1.2.2, section 10.3.2)."""
    if text and text[0] not in "~nNtTfF0123456789+-.":
        return text
    match = _CORE_SCHEMA.fullmatch(text)
    kind = match.lastgroup if match else None
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind in ("infinity", "nan"):
        return float(text.replace(".", ""))
    if kind in ("oct", "hex"):
        return int(text, 0)
    return {None: text, "null": None, "true": True, "false": False}[kind]


# ---------------------------------------------------------------- composing


_MOST_ERRORS = 100


@dataclass(slots=True)
class _Frame:
    """A list or map that is still open."""

    node: Sequence | Mapping
    anchor: str | None
    key: str | None = None
    """the key that waits for its value"""
    size: int = 1
    """nodes in it so far, aliases expanded"""
    height: int = 1
    """levels in it so far, aliases expanded"""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for; None while it is still open."""

    node: Node | None
    size: int
    height: int


class _Composer:
    """Builds nodes from events without recursion, counting size and depth with aliases expanded."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.findings = Findings()
        self.root: Node | None = None
        self.documents = 0
        self._errors = 0
        self._open: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}

    def take(self, event: yaml.Event) -> None:
        """Add one event; raises InputError where reading on is pointless."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                what = "a second document starts here"
                self._stop(self._place(event), what, "keep one document a file; remove the `---`")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        position = self._place(event)
        self._check_tag(event, position)
        text: str = event.value
        value: str | int | float | bool | None = text
        if not event.implicit[0]:
            if event.style == '"' and (hidden := _UNPRINTABLE.search(text)):
                what = f"the text holds the control character U+{ord(hidden[0]):04X}"
                self._error(position, what, "remove the escape")
        elif self._awaits_key():
            if text == "<<":
                what = "merge keys (`<<`) are not part of the language"
                self._error(position, what, "write the entries out")
        else:
            value = self._resolve(text, position)
        node = Scalar(value, text, position)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node, 1, 0)
        self._attach(node, position, 1, 0)

    def _resolve(self, text: str, position: Position) -> str | int | float | bool | None:
        try:
            return _resolve(text)
        except ValueError:  # Python converts at most 4300 digits
            what = "this number has too many digits"
            self._error(position, what, "shorten it, e.g. 1.5e9")
            return 0

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        position = self._place(event)
        self._check_tag(event, position)
        self._check_depth(position, 1)
        if self._awaits_key():
            self._refuse_key(position)
        is_map = isinstance(event, yaml.MappingStartEvent)
        node = Mapping({}, {}, position) if is_map else Sequence([], position)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(None, 0, 0)
        self._open.append(_Frame(node, event.anchor))

    def _end(self) -> None:
        frame = self._open.pop()
        if frame.anchor:
            self._anchors[frame.anchor] = _Anchored(frame.node, frame.size, frame.height)
        self._attach(frame.node, frame.node.position, frame.size, frame.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        position = self._place(event)
        target = self._anchors.get(event.anchor or "")
        if self._awaits_key():
            self._refuse_key(position)
        if target is None:
            what = f"nothing above is marked `&{event.anchor}`"
            mend = f"if `*{event.anchor}` is a text, put it in quotes"
            self._error(position, what, mend)
            target = _Anchored(Scalar(None, "", position), 1, 0)
        if target.node is None:
            what = f"`*{event.anchor}` stands inside the very thing it refers to"
            self._stop(position, what, "write the value out")
        self._check_depth(position, target.height)
        self._attach(target.node, position, target.size, target.height)

    def _attach(self, node: Node, position: Position, size: int, height: int) -> None:
        """Put a finished node into the open list or map; in a map key and value take turns."""
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.size += size
        frame.height = max(frame.height, height + 1)
        if frame.size > self.limits.nodes:
            what = f"the document has more than {self.limits.nodes:,} values, aliases expanded"
            self._stop(position, what, "split it by `include`, or use fewer aliases")
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = node.text if isinstance(node, Scalar) else ""
            self._check_key(frame.node, frame.key, position, isinstance(node, Scalar))
        else:
            frame.node.entries[frame.key] = node
            frame.key = None

    def _check_key(self, mapping: Mapping, key: str, position: Position, is_text: bool) -> None:
        if is_text and not key:
            self._error(position, "a key is missing here", "write `key: value`")
        first = mapping.keys.setdefault(key, position)
        if first is not position and key:
            what = f"the key `{key}` stands twice in this map, first on line {first.line}"
            self._error(position, what, "keep one of the two")

    def _refuse_key(self, position: Position) -> None:
        self._error(position, "a key must be plain text", "write `key: value`")

    def _check_tag(self, event: yaml.NodeEvent, position: Position) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            written = tag.replace("tag:yaml.org,2002:", "!!")
            what = f"tags (`{written}`) are not part of the language"
            self._error(position, what, "remove it; quote the text if it starts with `!`")

    def _check_depth(self, position: Position, height: int) -> None:
        if len(self._open) + height > self.limits.depth:
            what = f"lists and maps are nested more than {self.limits.depth} deep here"
            self._stop(position, what, "flatten the document")

    def _awaits_key(self) -> bool:
        if not self._open:
            return False
        frame = self._open[-1]
        return frame.key is None and isinstance(frame.node, Mapping)

    def _place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        assert mark is not None  # the parser marks every event
        return Position(self.source, mark.line + 1, mark.column + 1)

    def _stop(self, position: Position, what: str, mend: str) -> NoReturn:
        self.findings.error(position, what, mend)
        raise InputError(self.findings.problems)

    def _error(self, position: Position, what: str, mend: str) -> None:
        self._errors += 1
        if self._errors > _MOST_ERRORS:
            self._stop(position, "there are more errors than anyone reads", "mend those above first")
        self.findings.error(position, what, mend)


def _compose(source: Source, limits: Limits) -> Node | None:
    """Read the one document of a source, None where there is none; raises InputError."""
    _check_characters(source)
    composer = _Composer(source, limits)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source.text)
    try:
        while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
            composer.take(event)
    except yaml.YAMLError as error:
        composer.findings.add(_explain(source, error))
    finally:
        loader.dispose()
    composer.findings.raise_if_errors()
    return composer.root


# ---------------------------------------------------------------- syntax errors in plain words

_QUOTE_IT = "put the value in quotes: '…'"
_EXPLANATIONS: tuple[tuple[str, str, str, str], ...] = (
    # what the parser says, whose place (context or problem), what is wrong, mend
    (
        "quoted scalar.*(unexpected end|document indicator)",
        "context",
        "the quote opened here is never closed",
        "close it; inside '…' a single quote is written twice",
    ),
    (
        "flow (sequence|mapping).*expected ','",
        "context",
        "the `{char}` opened here is not closed, or a comma is missing behind it",
        "separate entries by `, ` and close the bracket",
    ),
    (
        "simple key.*could not find expected ':'",
        "context",
        "this line has no `: `",
        "write `key: value`, with a space after the colon",
    ),
    (
        "cannot start any token",
        "problem",
        "a value cannot start with `{char}`",
        _QUOTE_IT,
    ),
    (
        "scanning an (alias|anchor)",
        "context",
        "a value cannot start with `{char}`",
        _QUOTE_IT,
    ),
    (
        "scanning a (directive|tag)|parsing a tag",
        "context",
        "nothing can start with `{char}` here",
        "put the text in quotes: '…'",
    ),
    (
        "escape",
        "problem",
        "this escape is unknown in double quotes",
        "use single quotes, or write the backslash twice",
    ),
    (
        "block sequence entries are not allowed|sequence entries are not allowed",
        "problem",
        "a list cannot start behind its key",
        "put each `- entry` on a line of its own, or write [a, b]",
    ),
    (
        "block collection|block sequence",
        "problem",
        "this line stands in a list but does not start with `- `",
        "start it with `- `, or indent it like the key above the list",
    ),
    (
        "expected node content|expected the node content",
        "problem",
        "a value cannot start with `{char}`",
        "check the brackets, or put the value in quotes: '…'",
    ),
    (
        "expected (a single document|<?'?document start)",
        "problem",
        "the document has ended, but here is more text",
        "keep one document a file; check the quotes and indentation above",
    ),
)


def _explain(source: Source, error: yaml.YAMLError) -> Problem:
    """Say in plain words what the parser stumbled over, and how to mend it."""
    problem_mark = getattr(error, "problem_mark", None)
    if problem_mark is None:
        return Problem(Position(source, 1, 1), f"this is not YAML: {error}")
    context_mark = getattr(error, "context_mark", None) or problem_mark
    said = f"{getattr(error, 'context', '')}; {getattr(error, 'problem', '')}"
    problem = Position(source, problem_mark.line + 1, problem_mark.column + 1)
    if "mapping values are not allowed" in said:
        return _explain_colon(problem)
    for pattern, place, what, mend in _EXPLANATIONS:
        if re.search(pattern, said):
            mark = context_mark if place == "context" else problem_mark
            position = Position(source, mark.line + 1, mark.column + 1)
            return Problem(position, what.format(char=_character(position)), mend)
    if "block mapping" in said:
        return _explain_map(problem, context_mark.line + 1)
    what = f"this is not YAML: {getattr(error, 'problem', error)}"
    return Problem(problem, what, "check indentation, quotes and brackets here and above")


def _explain_colon(position: Position) -> Problem:
    """Explain a colon that makes no key: in a value, at a wrong indentation, or after `key:value`."""
    lines = position.source.lines
    above = position.line - 1
    while above and not lines[above - 1].split("#")[0].strip():
        above -= 1
    line_above = lines[above - 1] if above else ""
    if ": " in lines[position.line - 1][: position.column - 1]:
        return Problem(position, "a value cannot contain `: `", _QUOTE_IT)
    if unspaced := re.match(r"[\s-]*[\w.]+:(?=\S)", line_above):
        place = Position(position.source, above, unspaced.end())
        return Problem(place, "a space is missing after this colon", "write `key: value`")
    if ":" in line_above:
        what = "this line is indented like an entry of the line above, which already has a value"
        return Problem(position, what, "align the keys of one map")
    place = Position(position.source, above, 1) if above else position
    mend = "write `key: value`, with a space after the colon"
    return Problem(place, "this line has no `: `", mend)


def _explain_map(position: Position, first_line: int) -> Problem:
    """Explain text where the next key of a map should stand."""
    if _character(position) == ":":
        return Problem(position, "a key is missing here", "write `key: value`")
    before = position.source.lines[position.line - 1][: position.column - 1]
    if not before.strip():
        what = f"the indentation fits no line above (the map here begins on line {first_line})"
        return Problem(position, what, "align the keys of one map")
    if before.rstrip()[-1] in "'\"":
        what = "there is text after the closing quote"
        mend = "quote the whole value; inside '…' a single quote is written twice"
        return Problem(position, what, mend)
    what = f"`{_character(position)}` does not belong here"
    return Problem(position, what, "check the brackets, or put the value in quotes: '…'")


def _character(position: Position) -> str:
    """Return the character at a position, or the last one of its line."""
    lines = position.source.lines
    line = lines[position.line - 1] if position.line <= len(lines) else ""
    return line[position.column - 1 : position.column] or line[-1:]
