"""Cases of people who mean harm: small files that ask for much, paths that lead out, texts that act on a terminal.

Every refusal comes soon, names the place and what to do, and ends with exit code 2. (What one document may hold is in
`test_document.py`, what a fuzzer found in `test_fuzz_corpus.py`.)
"""

from __future__ import annotations

import json
import os
import pty
import resource
import subprocess
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from hello import HELLO, TEXT, edit, network_of
from parkloop import cli
from parkloop.flows import includes, size
from parkloop.flows.problems import InputError
from processes import command, parkloop

TREE = "money: CNY"
"""a line of the hello case after which more may be written"""
TITLE = "title: {en: Step, zh: 步}"


def with_head(more: str, text: str = TEXT) -> str:
    """Return the hello case with more top-level keys."""
    return edit(TREE, f"{TREE}\n{more}", text)


def refused(text: str) -> str:
    """Return why a case is refused, which must take less than 100 MB."""
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        network_of(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000
    return str(caught.value)


# ---------------------------------------------------------------- how much a case may ask for


def of_many(companies: int) -> str:
    """Return a park in which so many companies make slag and as many others can use it: that many squared exchanges."""
    makers = "".join(f"      m{n}: {{process: maker, company: a{n}, capacity: 1 kt/a}}\n" for n in range(companies))
    users = "".join(f"      u{n}: {{process: user, company: b{n}, capacity: 1 kt/a}}\n" for n in range(companies))
    names = ", ".join(f"{side}{n}: {{zh: 厂}}" for n in range(companies) for side in "ab")
    return (
        "case: many\ntitle: {en: Many, zh: 多}\nmoney: CNY\nobjective: {maximise: profit}\n"
        "materials:\n  ore: {name: {en: Ore, zh: 矿}}\n"
        "  slag: {name: {en: Slag, zh: 渣}, class: byproduct}\n  brick: {name: {en: Brick, zh: 砖}, class: product}\n"
        "processes:\n"
        "  maker: {name: {en: M, zh: 甲}, per: 1 t slag, inputs: {ore: 1 t}}\n"
        "  user: {name: {en: U, zh: 乙}, per: 1 t brick, inputs: {slag: 1 t}}\n"
        f"parks:\n  p:\n    name: {{en: P, zh: 园}}\n    companies: {{{names}}}\n    plants:\n{makers}{users}"
        "    buy: {ore: {price: 1 CNY/t}}\n    sell: {brick: {price: 5 CNY/t}}\n"
        "    discard: {slag: {cost: 1 CNY/t}}\n"
    )


def test_the_columns_of_many_companies_are_counted_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 makers and 200 users: 400 plants, 600 purchases, sales and disposals, and 40,000 exchanges."""
    monkeypatch.setattr(size, "MOST_COLUMNS", 40_000)
    said = refused(of_many(200))
    assert "error: the linear program would have 41,000 columns" in said and "the limit is 40,000" in said
    assert "PARKLOOP_MAX_COLUMNS=100000" in said
    assert said.startswith("hello.yaml:")
    monkeypatch.setenv(size.VARIABLE, "100_000")
    assert len(network_of(of_many(200)).exchanges.source) == 40_000


def test_the_estimate_is_the_number_of_columns() -> None:
    """The hello case as it is compiled; 8,760 hours of it would have 8,760 times as many."""
    from parkloop.models.compile import compile_program

    columns = compile_program(network_of()).columns
    assert 8_760 * columns < size.MOST_COLUMNS
    hours = with_head("periods: {h: {duration: 1 h, count: 100}}")
    assert compile_program(network_of(hours)).columns == 100 * columns


@pytest.mark.parametrize(
    ("periods", "says"),
    [
        ("{h: {duration: 1 h, count: 100000}, i: {duration: 1 h, count: 1}}", "has 100,001 periods; at most 100,000"),
        ("{" + ", ".join(f"h{n}: {{duration: 1 h, count: 100000}}" for n in range(90)) + "}", "has 9,000,000 periods"),
    ],
)
def test_periods_are_counted_over_all_blocks(periods: str, says: str) -> None:
    said = refused(with_head(f"periods: {periods}"))
    assert f"error: the case {says}" in said and "take fewer or longer periods" in said


def test_things_times_periods_are_refused_before_a_profile_is_read() -> None:
    """100,000 periods of 60 offers would be 6 million columns and as many prices."""
    offers = "".join(f"o{n}: {{price: 1 CNY/t}}, " for n in range(60))
    text = edit("    sell:    {", f"    sell:    {{{offers}")
    assert "the linear program would have" in refused(with_head("periods: {h: {duration: 1 h, count: 100000}}", text))


@pytest.mark.parametrize("stated", ["many", "-1", "1e9", "0x10", "9" * 20])
def test_a_limit_that_is_no_number_is_refused(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(size.VARIABLE, stated)
    assert f"PARKLOOP_MAX_COLUMNS is `{stated}`, not a number of columns" in refused(TEXT)


def test_the_command_says_how_to_raise_the_limit_and_the_limit_is_raised(tmp_path: Path) -> None:
    for limit, code in (("10", 2), ("1000", 0)):
        done = parkloop("validate", HELLO, environment={size.VARIABLE: limit})
        assert done.returncode == code, done.stderr
        assert ("the limit is 10\n" in done.stderr, "PARKLOOP_MAX_COLUMNS=" in done.stderr) == (code == 2, code == 2)


# ---------------------------------------------------------------- scenarios and includes


def test_scenarios_that_inherit_twice_at_each_step_are_read_once_each() -> None:
    """40 steps of two parents each: a million million ways to the first scenario."""
    steps = [f"  s0: {{set: {{parks.demo.sell.clinker.price: 200 CNY/t}}, {TITLE}}}\n"]
    for n in range(40):
        steps += [
            f"  a{n}: {{from: [s{n}], exchange: all, {TITLE}}}\n",
            f"  b{n}: {{from: [s{n}], exchange: all, {TITLE}}}\n",
        ]
        steps += [f"  s{n + 1}: {{from: [a{n}, b{n}], {TITLE}}}\n"]
    text = TEXT.replace("scenarios:\n", "scenarios:\n" + "".join(steps))
    assert "s40" in text
    assert network_of(text, "s40").scenario == "s40"


def test_a_long_line_of_scenarios_is_no_recursion() -> None:
    line = "".join(f"  l{n}: {{from: [l{n - 1}], exchange: all, {TITLE}}}\n" for n in range(1, 1500))
    first = f"  l0: {{set: {{parks.demo.sell.clinker.price: 200 CNY/t}}, {TITLE}}}\n"
    text = TEXT.replace("scenarios:\n", f"scenarios:\n{first}{line}")
    assert network_of(text, "l1499").scenario == "l1499"
    circle = text.replace("  l0: {", "  l0: {from: [l1499], ")
    assert "scenario `l0` inherits from itself through `l1499`" in refused(circle)


def test_grids_make_so_many_scenarios_and_no_more() -> None:
    values = ", ".join(f"{n} CNY/t" for n in range(1, 1001))
    grids = "".join(f"  g{n}: {{grid: {{parks.demo.sell.clinker.price: [{values}]}}}}\n" for n in range(12))
    text = TEXT.replace("scenarios:\n", f"scenarios:\n{grids}")
    assert "there are more than 10,000 scenarios" in refused(text)


def validated(path: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Validate a file here and return the code and the messages."""
    code = cli.run(["validate", str(path)])
    out, err = capfd.readouterr()
    return code, out + err


def test_includes_in_a_row_are_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Forty files, each included by the one before, are read; one more is refused where it is included."""
    for n in range(41):
        (tmp_path / f"f{n}.yaml").write_text(f"include: [f{n + 1}.yaml]\n" if n < 40 else "materials: {}\n")
    path = tmp_path / "case.yaml"
    path.write_text(with_head("include: [f1.yaml]"), encoding="utf-8")
    assert validated(path, capfd)[0] == 0
    path.write_text(with_head("include: [f0.yaml]"), encoding="utf-8")
    code, said = validated(path, capfd)
    assert code == 2
    assert "f39.yaml:1:11: error: more than 40 files include one another in a row here" in said


def test_files_that_include_each_other_are_read_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("include: [b.yaml, a.yaml]\n")
    (tmp_path / "b.yaml").write_text("include: [a.yaml]\n")
    path = tmp_path / "case.yaml"
    path.write_text(with_head("include: [a.yaml, b.yaml, case.yaml]"), encoding="utf-8")
    assert validated(path, capfd)[0] == 0


def test_more_files_than_allowed_stop_the_reading_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for n in range(includes.MAX_FILES + 5):
        (tmp_path / f"f{n}.yaml").write_text("materials: {}\n")
    names = ", ".join(f"f{n}.yaml" for n in range(includes.MAX_FILES + 5))
    path = tmp_path / "case.yaml"
    path.write_text(with_head(f"include: [{names}]"), encoding="utf-8")
    code, said = validated(path, capfd)
    assert (code, said.count("more than 500 files are included")) == (2, 1)


def test_the_text_of_all_files_together_is_limited(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(includes, "MAX_TEXT", 20_000)
    for n in range(4):
        (tmp_path / f"f{n}.yaml").write_text("materials: {}\n#" + "x" * 6_000)
    path = tmp_path / "case.yaml"
    path.write_text(with_head("include: [f0.yaml, f1.yaml, f2.yaml, f3.yaml]"), encoding="utf-8")
    code, said = validated(path, capfd)
    assert (code, "have more than 20,000 characters" in said) == (2, True)


# ---------------------------------------------------------------- paths

SECRET = "4711-secret"
PROFILE = "profiles: {p: {file: %s, column: price, unit: CNY/t}}\nperiods: {h: {duration: 1 h, count: 2}}"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of a case, and beside it what it must not read."""
    (tmp_path / "secret.yaml").write_text(f"materials: {{x: {{name: {{en: '{SECRET}'}}}}}}\n")
    (tmp_path / "secret.csv").write_text(f"price\n{SECRET}\n2\n")
    folder = tmp_path / "case"
    (folder / "inner").mkdir(parents=True)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "file.yaml").symlink_to("../secret.yaml")
    (folder / "file.csv").symlink_to("inner/../../secret.csv")
    (folder / "inner" / "twice.csv").symlink_to("../file.csv")
    (folder / "circle.yaml").symlink_to("circle.yaml")
    (folder / "circle.csv").symlink_to("circle.csv")
    (folder / "device.yaml").symlink_to("/dev/zero")
    return folder


@pytest.mark.parametrize(
    "include",
    [
        "folder/secret.yaml", "file.yaml", "../secret.yaml", "inner/../../secret.yaml", "parkloop:../secret.yaml",
        "parkloop:/etc/hostname", "/etc/hostname", "device.yaml", "circle.yaml", f"{'x' * 5000}.yaml", "~/secret.yaml",
        "file:///etc/hostname", "inner", "$HOME/secret.yaml",
    ],
)  # fmt: skip
def test_no_include_leaves_the_tree(include: str, tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tree / "case.yaml"
    path.write_text(with_head(f"include: ['{include}']"), encoding="utf-8")
    code, said = validated(path, capfd)
    assert code == 2
    assert f"{path}:5:" in said and "error: " in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "file",
    [
        "folder/secret.csv", "file.csv", "inner/twice.csv", "../secret.csv", "circle.csv", f"{'x' * 5000}.csv",
        "/etc/x.csv",
    ],
)  # fmt: skip
def test_no_table_leaves_the_tree(file: str, tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tree / "case.yaml"
    path.write_text(with_head(PROFILE % f"'{file}'"), encoding="utf-8")
    code, said = validated(path, capfd)
    assert code == 2
    assert f"{path}:5:" in said and "error: " in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch owned']", "!!python/name:os.system", "${touch owned}",
        "{{ self.__init__ }}", "__import__('os').system('touch owned')", "=cmd|'/c calc'!A1", "%n%n%s",
        "\"'; DROP TABLE samples; --\"", "[bold red blink]x[/]", "[link=file:///etc/passwd]x[/link]",
    ],
)  # fmt: skip
def test_no_text_of_a_case_is_run(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a title and as an amount: it is shown as it stands, or refused; nothing is made."""
    quoted = text if text.startswith(("!!", '"')) else json.dumps(text)
    (tmp_path / "title.yaml").write_text(edit("{en: Carbide slag becomes cement", f"{{en: {quoted}"), encoding="utf-8")
    (tmp_path / "amount.yaml").write_text(edit("capacity: 100 kt/a", f"capacity: {quoted}"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("title.yaml", "amount.yaml"):
        code = cli.run(["solve", name, "-o", "out"])
        out, err = capfd.readouterr()
        assert code == (2 if name == "amount.yaml" or text.startswith("!!") else 0), err
        if code == 0:
            assert text.strip('"') in out
    assert {path.name for path in tmp_path.iterdir()} <= {"title.yaml", "amount.yaml", "out"}


# ---------------------------------------------------------------- tables that unfold


def parquet_case(folder: Path) -> Path:
    path = folder / "case.yaml"
    path.write_text(with_head(PROFILE % "table.parquet"), encoding="utf-8")
    return path


def test_a_parquet_file_that_unfolds_into_much_is_refused(tmp_path: Path) -> None:
    """Six million rows of one number in a few kB; the same with a footer that says two rows; two rows."""
    import numpy as np
    import pyarrow
    import pyarrow.parquet

    path, rows = tmp_path / "table.parquet", 6_000_000
    case = parquet_case(tmp_path)

    def refusal() -> tuple[int, str]:
        done = parkloop("validate", case, limits={resource.RLIMIT_AS: 1_500_000_000})
        return done.returncode, done.stderr

    plainly = {"compression": "zstd", "use_dictionary": False, "write_statistics": False, "row_group_size": rows}
    pyarrow.parquet.write_table(pyarrow.table({"price": np.ones(rows)}), path, **plainly)
    assert path.stat().st_size < 100_000
    code, said = refusal()
    assert (code, "`table.parquet` has 6,000,000 rows" in said) == (2, True), said
    data = path.read_bytes()
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    footer = data[begin:].replace(varint(2 * rows), b"\x84\x80\x80\x00")  # 2 in as many bytes
    assert footer != data[begin:]
    path.write_bytes(data[:begin] + footer)
    assert pyarrow.parquet.ParquetFile(path).metadata.num_rows == 2
    code, said = refusal()
    assert (code, "column `price` in `table.parquet` unfolds into 48," in said) == (2, True), said
    pyarrow.parquet.write_table(pyarrow.table({"price": [1.0, 2.0]}), path)
    assert refusal()[0] == 0


def varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first, as Thrift writes it."""
    groups = []
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])


# ---------------------------------------------------------------- terminals

NASTY = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m\x08\u200b"
SHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def controls(text: str) -> set[str]:
    """Return what a terminal would act on or hide."""
    return {one for one in text.replace("\n", "") if unicodedata.category(one) in SHOWN}


def every_command(case: str) -> dict[str, list[str]]:
    """Return one line of arguments for every command there is."""
    lines = {
        "validate": [case], "solve": [case], "explain": [case], "show": [case], "alternatives": [case],
        "pareto": [case, "--between", "profit,carbon", "-n", "3"], "export": [case, "-o", f"{NASTY}.mps"],
        "sweep": [case, "--vary", "parks.demo.buy.clay.price=10:30 CNY/t", "--samples", "2", "-o", f"{NASTY}.sqlite"],
        "schema": [], "units": [NASTY],
    }  # fmt: skip
    return lines | {name: [case] for name in cli.cli.commands if name not in lines}


@pytest.mark.parametrize("name", sorted(cli.cli.commands))
@pytest.mark.parametrize("how", ["good", "bad"])
def test_no_command_prints_what_a_terminal_acts_on(name: str, how: str, tmp_path: Path) -> None:
    """Names of files, folders, scenarios and settings may hold anything; the texts of a case hold no controls."""
    folder = tmp_path / NASTY
    folder.mkdir()
    case = folder / f"{NASTY}.yaml"
    title = "{en: 'Carbide \u202e\u2066 slag', zh: '\u200f\u061c'}"
    text = TEXT.replace(next(line for line in TEXT.splitlines() if line.startswith("title:")), f"title: {title}")
    if how == "good" or name != "explain":  # one command is asked for a case that is not there
        case.write_text(text if how == "good" else text.replace("objective:", f'"{NASTY}": 1\nobjective:'), "utf-8")
    arguments = every_command(str(case))[name]
    more = (
        []
        if how == "good" or not arguments or name in ("validate", "units")
        else ["-s", NASTY, "--set", f"{NASTY}={NASTY}"]
    )
    done = parkloop(name, *arguments, *more, cwd=tmp_path)
    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert controls(done.stdout) == set()
    assert controls(done.stderr) == set()


def test_a_terminal_is_told_colours_and_nothing_else(tmp_path: Path) -> None:
    import re

    case = tmp_path / f"{NASTY}.yaml"
    case.write_text(TEXT, encoding="utf-8")
    leader, follower = pty.openpty()
    words: list[Any] = command("solve", case)
    process = subprocess.Popen(
        words, stdout=follower, stderr=follower, stdin=follower,
        env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "400"},  # no word is broken
    )  # fmt: skip
    os.close(follower)
    said = b""
    while True:
        try:
            said += os.read(leader, 65536)
        except OSError:
            break
    os.close(leader)
    assert process.wait() == 0
    text = said.decode()
    assert "\x1b[1m" in text and "owned" in text
    assert controls(re.sub("\x1b\\[([0-9;]*m|K)|\r", "", text)) == set()
