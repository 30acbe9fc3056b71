"""Every input of the corpus, through both targets of the fuzzer: no fault that was ever found comes back.

The corpus holds small inputs that together reach most lines of the reader, and each input that once was a finding
(`found_…`). `make fuzz` starts from it; see docs/verification.md for the runs that were made.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import fuzzing

INPUTS = sorted(fuzzing.CORPUS.rglob("*.yaml"), key=lambda path: path.name)


@pytest.mark.parametrize("target", fuzzing.TARGETS)
def test_no_input_of_the_corpus_is_a_finding(target: str) -> None:
    assert len(INPUTS) > 40
    for path in INPUTS:
        fuzzing.TARGETS[target](path.read_bytes())


def test_findings_are_mended() -> None:
    """A store of one plant, where exchange is none and no plant could be placed: once a KeyError."""
    names = {path.name for path in INPUTS if path.name.startswith("found_")}
    assert "found_store_without_plants.yaml" in names


def test_a_fault_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted exception, a control character in a message and a place outside the text are each found and saved."""
    from parkloop.flows.problems import Position, Problem, Source
    from parkloop.reports import checking

    def planted(problem: Problem | None) -> None:
        def check(path: Path) -> checking.FileReport:
            if problem is None:
                raise KeyError("planted")
            return checking.FileReport(str(path), "file", (problem,), {}, 0.0, "")

        monkeypatch.setattr(checking, "check_file", check)

    outside = Problem(Position(Source("x", "one line"), 7, 1), "what")
    monkeypatch.setattr("parkloop.flows.problems.harmless", lambda text: text)
    run = fuzzing.keeping(fuzzing.validate, tmp_path)
    for number, problem in enumerate((None, Problem(None, "\x1b[2J"), outside), start=1):
        planted(problem)
        run(b"case: x")
        assert len(list(tmp_path.glob("*.yaml"))) == number


def test_changed_inputs_are_often_still_cases() -> None:
    """Of a hundred changes of the first tutorial at least ten pass the loader; changed bytes alone hardly ever do."""
    from parkloop.flows.document import parse
    from parkloop.flows.problems import InputError

    text = (Path(fuzzing.__file__).parents[1] / "cases" / "tutorials" / "hello.yaml").read_bytes()
    words = fuzzing.words_of_the_language()
    assert {b"capacity", b"max_share", b"byproduct"} <= set(words)
    dice, passed, seen = random.Random(1), 0, set()
    for seed in range(100):
        changed = fuzzing.mutated(text, 9000, seed, words, lambda data: bytes(dice.sample(data, len(data))))
        seen.add(changed)
        try:
            parse(changed, "x")
            passed += 1
        except InputError:
            pass
    assert passed >= 10
    assert len(seen) > 90
