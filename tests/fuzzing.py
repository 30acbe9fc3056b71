"""The coverage-guided fuzzer: what it runs, and how it makes new input. `make fuzz` starts it.

    python tests/fuzzing.py document|validate [libFuzzer options] [folders with a corpus]

Two targets. `document` gives any bytes to the loader. `validate` gives them to all that `parkloop validate` does: the
loader, includes, overlays, units, chemistry, networks of every scenario, the verdict as text and as JSON. Input that
cannot be used must end in an InputError whose problems stand in the text and hold nothing that a terminal would act on;
any other exception is a finding, and so is an input that takes more than two seconds of the processor.

The targets need nothing beside parkloop, so `test_fuzz_corpus.py` runs the whole corpus on each of them in every CI.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import tempfile
import time
import traceback
import unicodedata
from collections.abc import Callable
from pathlib import Path

MOST_SECONDS = 2.0
"""time of the processor that no small input may take, s"""
CORPUS = Path(__file__).parent / "corpus"
LIBRARY = "materials: {slag: {name: {en: Slag}, class: byproduct}}\n"
TABLE = "hour,price\n1,40\n2,50\n"

Target = Callable[[bytes], None]


class FoundError(Exception):
    """An input shows a fault of parkloop."""


def document(data: bytes) -> None:
    """Read bytes as a document, and look at all of it or at why it is refused."""
    from parkloop.flows.document import parse, plain
    from parkloop.flows.problems import InputError

    try:
        plain(parse(data, "fuzz.yaml"))
    except InputError as error:
        _look_at(error.problems)


def validate(data: bytes) -> None:
    """Do what `parkloop validate` does with a file of these bytes, and look at what it says."""
    from parkloop.reports.checking import check_file

    path = _folder() / "case.yaml"
    path.write_bytes(data)
    report = check_file(path)
    _look_at(report.problems)
    if json.loads(report.to_json())["valid"] != report.valid:
        raise FoundError("the verdicts differ")
    if report.valid:
        _harmless(report.sentence)
    elif not report.problems:
        raise FoundError("refused without a reason")


TARGETS: dict[str, Target] = {"document": document, "validate": validate}


def timed(target: Target, data: bytes) -> None:
    """Run a target; more than MOST_SECONDS of the processor are a finding."""
    started = time.process_time()
    target(data)
    if (taken := time.process_time() - started) > MOST_SECONDS:
        raise FoundError(f"{len(data)} bytes take {taken:.1f} s")


def _look_at(problems: object) -> None:
    from parkloop.flows.problems import Problem, render

    assert isinstance(problems, list | tuple)
    for problem in problems:
        assert isinstance(problem, Problem)
        _harmless(render(problem))
        place = problem.position
        if place is not None and not (1 <= place.line <= len(place.source.lines) + 1 and place.column >= 1):
            raise FoundError(f"{place} is no place in the text")


def _harmless(text: str) -> None:
    for character in text.replace("\n", ""):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            raise FoundError(f"a terminal would act on {character!r} in {text!r}")


_made: list[tempfile.TemporaryDirectory[str]] = []


def _folder() -> Path:
    """Return the folder of the case, with a library and a table to include."""
    if not _made:
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        _made.append(tempfile.TemporaryDirectory(prefix="parkloop-fuzz-", dir=memory))
        folder = Path(_made[0].name)
        (folder / "library.yaml").write_text(LIBRARY, encoding="utf-8")
        (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    return Path(_made[0].name)


# ---------------------------------------------------------------- new input from old

_WORD = re.compile(rb"[A-Za-z_][\w.]*|-?\d+(?:\.\d+)?(?:e-?\d+)?|[^\sA-Za-z_\d]")
_NUMBERS = (b"0", b"-1", b"1e308", b"1e-308", b".nan", b".inf", b"100000", b"9999999999", b"0.5", b"1e5", b"null", b"~")


def mutated(data: bytes, most: int, seed: int, words: tuple[bytes, ...], plainly: Callable[[bytes], bytes]) -> bytes:
    """Return another input: lines moved, repeated or left out, words and numbers exchanged, or bytes changed `plainly`.

    Changed bytes nearly always make text that is no YAML any more; whole lines and words go deeper.
    """
    dice = random.Random(seed)
    if dice.random() < 0.25:
        return plainly(data)
    lines = data.split(b"\n")
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        lines = dice.choice(_CHANGES)(lines, dice, words)
    return b"\n".join(lines)[:most]


def _drop(lines: list[bytes], dice: random.Random, words: tuple[bytes, ...]) -> list[bytes]:
    at = dice.randrange(len(lines))
    return lines[:at] + lines[at + dice.choice((1, 1, 2, 5)) :] or [b""]


def _repeat(lines: list[bytes], dice: random.Random, words: tuple[bytes, ...]) -> list[bytes]:
    at, to = dice.randrange(len(lines)), dice.randrange(len(lines) + 1)
    return lines[:to] + lines[at : at + dice.choice((1, 1, 3))] + lines[to:]


def _exchange(lines: list[bytes], dice: random.Random, words: tuple[bytes, ...]) -> list[bytes]:
    """Put another word or number where one stands: one of the language, of the text itself, or an extreme."""
    at = dice.randrange(len(lines))
    places = list(_WORD.finditer(lines[at]))
    if not places:
        return lines
    place, kind = dice.choice(places), dice.random()
    if kind < 0.4:
        new = dice.choice(words)
    elif kind < 0.7:
        new = dice.choice(_WORD.findall(dice.choice(lines)) or list(words))
    elif kind < 0.9:
        new = dice.choice(_NUMBERS)
    else:
        new = b""
    return [*lines[:at], lines[at][: place.start()] + new + lines[at][place.end() :], *lines[at + 1 :]]


def _indent(lines: list[bytes], dice: random.Random, words: tuple[bytes, ...]) -> list[bytes]:
    at = dice.randrange(len(lines))
    text = b"  " + lines[at] if dice.random() < 0.5 else lines[at].removeprefix(b"  ")
    return [*lines[:at], text, *lines[at + 1 :]]


def _add(lines: list[bytes], dice: random.Random, words: tuple[bytes, ...]) -> list[bytes]:
    """Add a key of the language with a word or a number as its value."""
    at = dice.randrange(len(lines) + 1)
    like = lines[min(at, len(lines) - 1)]
    indent = like[: len(like) - len(like.lstrip())]
    value = dice.choice((*_NUMBERS, dice.choice(words), b"{" + dice.choice(words) + b": " + dice.choice(words) + b"}"))
    return [*lines[:at], indent + dice.choice(words) + b": " + value, *lines[at:]]


_CHANGES = (_drop, _repeat, _exchange, _exchange, _exchange, _exchange, _indent, _add)


def words_of_the_language() -> tuple[bytes, ...]:
    """Return the keys and words of the language, units, and what libraries ship."""
    from parkloop.flows.schema import json_schema

    found: set[str] = set()
    waiting: list[object] = [json_schema()]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found |= set(item.get("properties", {}))
            found |= {word for word in item.get("enum", ()) if isinstance(word, str)}
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    found |= {"1 t", "3 kWh", "5 CNY/t", "10 %", "2 a", "1 h", "1 MWh", "unlimited", "[]", "{}", "*x", "&x", "slag"}
    found |= {"library.yaml", "table.csv", "price", "parkloop:library/common.yaml", "H2O", "Ca(OH)2", "2 kt/a"}
    return tuple(sorted(word.encode() for word in found))


def keeping(target: Target, folder: Path) -> Target:
    """Return a target that saves the first input of each fault with its traceback in a folder, and goes on."""
    known: set[str] = set()

    def run(data: bytes) -> None:
        try:
            timed(target, data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            fault = f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
            if fault not in known:
                known.add(fault)
                folder.mkdir(parents=True, exist_ok=True)
                stem = folder / re.sub(r"\W+", "_", fault)
                stem.with_suffix(".yaml").write_bytes(data)
                stem.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
                print(f"FINDING {len(known)}: {fault}: {stem}.yaml", file=sys.stderr, flush=True)

    return run


def main() -> None:
    """Fuzz one target; the rest of the command line is for libFuzzer."""
    import atheris

    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"usage: python {sys.argv[0]} {'|'.join(TARGETS)} [libFuzzer options] [folders]")
    with atheris.instrument_imports(include=["parkloop"]):
        import parkloop.flows.document
        import parkloop.reports.checking  # noqa: F401
    words = words_of_the_language()

    def change(data: bytes, most: int, seed: int) -> bytes:
        return mutated(data, most, seed, words, lambda text: bytes(atheris.Mutate(text, most)))

    target = keeping(TARGETS[name], Path(os.environ.get("PARKLOOP_FINDINGS", ".fuzz/findings")))
    if name == "validate":
        atheris.Setup(sys.argv, target, custom_mutator=change)
    else:
        atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
