"""Bad input gives an error that names file, line and column, says what is wrong and how to mend it; never a number.

Every case here is the hello case with one mistake in it, or a file that is no case at all. The command line is run
as a user runs it: the exit code is 2, the message stands on standard error, and nothing is printed as an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mistakes import Mistake, place_of
from parkloop import cli

HELLO = Path(cli.__file__).parent / "cases" / "tutorials" / "hello.yaml"
TEXT = HELLO.read_text(encoding="utf-8")


MISTAKES = {
    "unknown key": Mistake(
        "capacity: 100 kt/a}",
        "capcity: 100 kt/a}",
        "unknown key `capcity` in a plant",
        "did you mean 'capacity'?",
        "capcity",
    ),
    "unknown key at the top": Mistake(
        "money: CNY", "mony: CNY", "unknown key `mony` in a case", "did you mean 'money'?", "mony"
    ),
    "duplicate key": Mistake(
        "  demo:\n",
        "  demo:\n    name: {en: Twice}\n",
        "the key `name` stands twice in this map, first on line 36",
        "keep one of the two",
        "name: {en: Demonstration park",
    ),
    "missing key": Mistake(
        "    per: 1 t acetylene\n",
        "",
        "the key `per` is missing",
        "add `per: …` here",
        "acetylene_generator:",
    ),
    "missing unit": Mistake(
        "price: 8000 CNY/t", "price: 8000", "the unit is missing in `8000`", "write e.g. `8000 CNY/t`", "8000"
    ),
    "wrong dimension": Mistake(
        "calcium_carbide: 2.46 t",
        "calcium_carbide: 3 kWh",
        "`calcium_carbide` is counted in t: a mass (t) is needed here, but `3 kWh` is an energy",
        "t",
        "3 kWh",
    ),
    "unknown unit": Mistake(
        "capacity: 300 kt/a", "capacity: 300 kton/a", "unknown unit `kton`", "did you mean `t`?", "300 kton/a"
    ),
    "negative capacity": Mistake(
        "capacity: 300 kt/a", "capacity: -300 kt/a", "`-300 kt/a` is negative", "zero or more", "-300 kt/a"
    ),
    "minimum above maximum": Mistake(
        "capacity: 300 kt/a,",
        "capacity: 300 kt/a, run: {min: 400 kt/a},",
        "plant `clinker_kiln` must run at least 400000 t/a but can run at most 300000 t/a",
        "mend one of the two lines",
        "min: 400",
    ),
    "not a number": Mistake(
        "price: 8000 CNY/t", "price: .nan", "`nan` is not a finite number", "write `unlimited` for no limit", ".nan"
    ),
    "infinity": Mistake(
        "capacity: 300 kt/a", "capacity: .inf", "`inf` is not a finite number", "write `unlimited` for no limit", ".inf"
    ),
    "infinity with a unit": Mistake(
        "capacity: 300 kt/a",
        "capacity: inf kt/a",
        "`inf kt/a` is not a finite number",
        "write `unlimited` for no limit",
        "inf kt/a",
    ),
    "recipe that does not close": Mistake(
        "carbide_slag: 2.84 t",
        "carbide_slag: 2.44 t",
        "recipe `acetylene_generator` does not close on mass",
        "closure",
        "acetylene_generator:",
    ),
    "recipe that makes an element": Mistake(
        "formula: C2H2}",
        "formula: C2H4}",
        "does not close on C",
        "mend the amounts",
        "acetylene_generator:",
    ),
    "material out of nowhere": Mistake(
        "limestone: {price: 50 CNY/t}, clay: {price: 20 CNY/t}, ",
        "limestone: {price: 50 CNY/t}, ",
        "`clay` is used by company `cement_works` in park `demo` but can come from nowhere",
        "add `clay` under `buy` of park `demo`",
        "clay: 0.35 t",
    ),
    "material without a destination": Mistake(
        "    discard: {carbide_slag: {cost: 30 CNY/t}}\n",
        "",
        "`carbide_slag` is made by plant `acetylene_generator` in park `demo` (scenario `standalone`) "
        "but can go nowhere",
        "add `carbide_slag` under `sell` or `discard`",
        "carbide_slag: 2.84 t",
    ),
    "unknown material": Mistake(
        "clay: 0.35 t", "claj: 0.35 t", "unknown material `claj`", "did you mean 'clay'?", "claj"
    ),
    "unknown process": Mistake(
        "      clinker_kiln:        {company",
        "      clinker_oven:        {company",
        "unknown process `clinker_oven`",
        "clinker_kiln",
        "clinker_oven",
    ),
    "unknown company": Mistake(
        "company: cement_works",
        "company: cement_work",
        "unknown company `cement_work` in park `demo`",
        "did you mean 'cement_works'?",
        "cement_work,",
    ),
    "company left out": Mistake(
        "{company: cement_works, capacity",
        "{capacity",
        "the company of plant `clinker_kiln` is missing",
        "acetylene_works, cement_works",
        "clinker_kiln:        {",
    ),
    "share above one": Mistake(
        "max_share: 60 %", "max_share: 160 %", "`160 %` is not a share", "between 0 % and 100 %", "160 %"
    ),
    "shares that cannot reach the need": Mistake(
        "limestone:    {gives: 0.56,",
        "limestone:    {max_share: 30 %, gives: 0.56,",
        "the shares of slot `calcium` cannot reach its need",
        "max_share",
        "from:",
    ),
    "empty value": Mistake(
        "capacity: 300 kt/a",
        "capacity: ",
        "`capacity` is empty",
        "give it a value",
        ", variable_cost",
    ),
    "unknown indicator": Mistake(
        "maximise: profit", "maximise: profits", "unknown indicator `profits`", "did you mean 'profit'?", "profits"
    ),
    "identifier with a space": Mistake(
        "  clay:            {name",
        "  white clay:      {name",
        "`white clay` is not an identifier",
        "lower-case ASCII",
        "white clay",
    ),
    "overlay that matches nothing": Mistake(
        "exchange: none}",
        "set: {parks.demo.buy.coke.price: 5 CNY/t}}",
        "`parks.demo.buy.coke.price` matches nothing: there is no `coke` in `parks.demo.buy`",
        "known here",
        "parks.demo.buy.coke.price",
    ),
    "price steps in the wrong order": Mistake(
        "limestone: {price: 50 CNY/t}",
        "limestone: {steps: [{price: 50 CNY/t, max: 1 kt/a}, {price: 40 CNY/t}]}",
        "the steps of an offer to buy must rise",
        "in order",
        "{price: 40 CNY/t}",
    ),
    "reference written twice": Mistake(
        "outputs: {carbide_slag: 2.84 t}",
        "outputs: {carbide_slag: 2.84 t, acetylene: 1 t}",
        "`acetylene` is the reference and stands in `outputs` again",
        "delete it here",
        "acetylene: 1 t",
    ),
    "bad formula": Mistake(
        "formula: CaCO3", "formula: CaXx3", "`Xx` in `CaXx3` is no element", "mind capitals", "CaXx3"
    ),
    "expectation of an unknown scenario": Mistake(
        "  base: {status: optimal",
        "  alone: {status: optimal",
        "there is no scenario `alone`",
        "did you mean 'standalone'?",
        "alone: {status",
    ),
}


def edited(mistake: Mistake) -> str:
    """Return the hello case with the mistake; it must really be there."""
    assert TEXT.count(mistake.old) == 1, mistake.old
    return TEXT.replace(mistake.old, mistake.new)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_mend(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake = MISTAKES[name]
    text = edited(mistake)
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"case.yaml:{place_of(mistake.at, text)}: error: " in err
    assert mistake.what in err
    assert mistake.mend in err


@pytest.mark.parametrize("name", MISTAKES)
def test_solve_refuses_what_validate_refuses(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if name in ("material without a destination", "overlay that matches nothing"):
        pytest.skip("the mistake is in a scenario that this solve does not touch")
    path = tmp_path / "case.yaml"
    path.write_text(edited(MISTAKES[name]), encoding="utf-8")
    assert cli.run(["solve", "--json", str(path)]) == 2
    assert capsys.readouterr().out == ""


def test_the_hello_case_itself_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["validate", str(HELLO)]) == 0
    assert "valid case" in capsys.readouterr().out


def test_all_mistakes_of_a_file_are_reported_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT
    for name in ("unknown key", "share above one", "unknown unit", "missing key"):
        text = text.replace(MISTAKES[name].old, MISTAKES[name].new)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    assert cli.run(["validate", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.count(": error: ") >= 4


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "1:1: error: the file is empty"),
    "broken UTF-8": (
        lambda: b"case: x\ntitle: {en: \xff\xfe}\n",
        "2:13: error: byte 0xFF (number 21 of the file) is not UTF-8",
    ),
    "a YAML bomb of aliases": (bomb, "6:30: error: the document has more than 500,000 values, aliases expanded"),
    "a list": (lambda: b"- a\n- b\n", "1:1: error: the file must be a mapping of keys to values, but it is a list"),
    "no YAML at all": (lambda: b"case: [unclosed\n", "1:7: error: the `[` opened here is not closed"),
    "python objects": (
        lambda: b"case: !!python/object/apply:os.system ['true']\n",
        "1:7: error: tags (`!!python/object/apply:os.system`) are not part of the language",
    ),
    "very deep nesting": (
        lambda: b"case: " + b"[" * 5000 + b"]" * 5000,
        "1:46: error: lists and maps are nested more than 40 deep here",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_case_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make, said = FILES[name]
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_bytes(make())
    assert cli.run(["validate", "case.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"case.yaml:{said}" in err


def test_a_file_of_100_megabytes_is_refused_without_reading_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)  # sparse: takes no room on the disk
    assert cli.run(["validate", str(path)]) == 2
    assert "larger than 10,000,000 bytes" in capsys.readouterr().err


def test_a_missing_file_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["validate", "no/such/case.yaml"]) == 2
    assert "no/such/case.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("include", ["../secret.yaml", "/etc/hostname", "inside/../../secret.yaml"])
def test_an_include_cannot_leave_the_tree(
    include: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.yaml").write_text("materials: {}\n", encoding="utf-8")
    folder = tmp_path / "tree"
    (folder / "inside").mkdir(parents=True)
    monkeypatch.chdir(folder)
    text = TEXT.replace("money: CNY", f"money: CNY\ninclude: [{include}]")
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert f"case.yaml:{place_of(include, text)}: error: `{include}` leaves the tree of the case" in err


def test_a_link_cannot_lead_out_of_the_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.yaml").write_text("materials: {}\n", encoding="utf-8")
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    path = folder / "case.yaml"
    text = TEXT.replace("money: CNY", "money: CNY\ninclude: [link.yaml]")
    path.write_text(text, encoding="utf-8")
    assert cli.run(["validate", str(path)]) == 2
    assert "leaves the tree of the case" in capsys.readouterr().err


def test_a_thing_defined_twice_names_both_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("more.yaml").write_text("materials:\n  clay: {name: {en: Clay}}\n", encoding="utf-8")
    text = TEXT.replace("money: CNY", "money: CNY\ninclude: [more.yaml]")
    Path("case.yaml").write_text(text, encoding="utf-8")
    assert cli.run(["validate", "case.yaml"]) == 2
    err = capsys.readouterr().err
    assert "`clay` is defined twice in `materials`: first at more.yaml:2:3" in err
    assert f"case.yaml:{place_of('clay:            {name', text)}" in err


def test_terminal_escapes_in_a_case_are_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(TEXT.replace("money: CNY", 'money: CNY\n"\\e[31mred": 1'), encoding="utf-8")
    assert cli.run(["validate", str(path)]) == 2
    assert "\x1b" not in capsys.readouterr().err
