"""Cases as files that tests of `check` write, change and check."""

from __future__ import annotations

from pathlib import Path

import ponds
from parkloop.checks.case import CaseVerdict, check_case
from parkloop.checks.compare import Difference
from parkloop.checks.update import update_case

CAPPED = ponds.text("{indicator: salt, max: 150 t/a}")
"""100 t of salt in the north, and 50 in the south, which earns less: 1400 CNY, 60 t of brine"""
EQUAL = ponds.text("{indicator: salt, max: 150 t/a}", case=ponds.PONDS.replace("8 CNY/t", "10 CNY/t"))
"""150 t of salt, of which each pond may make 50 to 100: 1500 CNY, and 45 to 60 t of brine"""


def written(folder: Path, expect: str, text: str = CAPPED, name: str = "ponds.yaml") -> Path:
    """Write a case that expects something of its base."""
    path = folder / name
    path.write_text(f"{text}\nexpect:\n  base: {expect}\n", encoding="utf-8")
    return path


def differences(folder: Path, expect: str, text: str = CAPPED) -> list[Difference]:
    """Return what is not as a case expects."""
    verdict = check_case(written(folder, expect, text))
    assert not verdict.invalid, verdict.invalid
    return verdict.differences


def quantities(folder: Path, expect: str, text: str = CAPPED) -> list[str]:
    """Return the names of what is not as a case expects."""
    return [it.quantity for it in differences(folder, expect, text)]


def recorded(folder: Path, text: str = CAPPED, name: str = "ponds.yaml") -> Path:
    """Write a case, and record its baseline."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert update_case(path, record=True).baseline
    assert check_case(path).passed
    return path


def changed(path: Path, old: str, new: str) -> CaseVerdict:
    """Replace one passage of a case, which must stand there once, and check it."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return check_case(path)
