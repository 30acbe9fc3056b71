"""Any arguments end in one of the documented exit codes, without a traceback, and make no file that was not asked for.

Arguments are drawn for every command from what it declares: each option by its name with values that fit, nearly fit or
are nonsense. What is drawn is run in this process; `test_cli.py` and `test_faults.py` start processes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hello import HELLO, TEXT, infeasible
from parkloop import cli
from processes import CODES

EXAMPLES = int(os.environ.get("PARKLOOP_EXAMPLES", "25"))
SEEN_FILES = {"good.yaml", "none.yaml", "broken.yaml", "folder", "table.csv"}

paths = st.sampled_from(
    ["good.yaml", "none.yaml", "broken.yaml", "no.yaml", "folder", "table.csv", "", "/dev/null", "\udcff"]
)
texts = st.one_of(
    st.sampled_from(
        [
            "base", "standalone", "all", "profit", "carbon", "profit,carbon", "carbon,profit,cost",
            "max:profit,min:carbon",
            "minimise:carbon", "maximise:", ":", "=", "a=b", "parks.demo.sell.clinker.price=200 CNY/t",
            "parks.demo.sell.clinker.price=100:300 CNY/t", "parks.demo.sell.clinker.price=100:300:3 CNY/t",
            "parks.demo.sell.clinker.price=normal(200, 10) CNY/t", "parks.demo.buy.*.price=1", "exchange=none",
            "exchange=",
            "objective={maximise: profit}", "parks=", "parks.demo.plants=[]", "run[*]", "carbide_slag", "clinker_kiln",
            "demo", "program", "120 万t/a", "kt/a", "1e400 t", "nan", "-1", "0", "3", "inf", "1,2", "0.5", "10%", "--",
            "-",
            "x" * 300, "\u202e", "盐湖", "'", '"', "{", "*x", "<<: 1", "!!python/name:os.system", "%s%n", "../../x",
        ]
    ),
    st.text(max_size=12).filter(lambda text: "\0" not in text),
)  # fmt: skip
outputs = st.sampled_from(
    ["out", "out.csv", "out.mps", "out.lp", "out.json", "out.sqlite", "out.parquet", "no/out.csv", ""]
)
FEW = {"--samples": ["1", "3", "0", "-1", "x", "1e3"], "-n": ["2", "3", "0", "x"], "--workers": ["1", "0", "x", "-2"],
       "--time-limit": ["1", "1e-9", "0", "-1", "x"], "--scheduler": ["nonsense", ""], "--extend": ["no.py", "folder"],
       "--jobs": ["1", "0", "x"]}  # fmt: skip
"""options for which other values would take long, or run what they name"""


def values_of(option: click.Parameter) -> st.SearchStrategy[list[str]]:
    """Return the words that give an option a value: good, nearly good or nonsense."""
    if isinstance(option, click.Argument):
        return paths.map(lambda path: [path]) if "case" in (option.name or "") else texts.map(lambda text: [text])
    name = option.opts[-1] if option.opts[-1] in FEW else option.opts[0]
    if isinstance(option, click.Option) and (option.is_flag or option.count):
        return st.just([name])
    few = next((FEW[one] for one in option.opts if one in FEW), None)
    if few is not None:
        value: st.SearchStrategy[str] = st.sampled_from(few)
    elif isinstance(option.type, click.Choice):
        value = st.one_of(st.sampled_from(list(option.type.choices)), texts)
    elif isinstance(option.type, click.Path) or option.name in ("output", "junit"):
        value = outputs
    else:
        value = texts
    return value.map(lambda text: [name, text])


def lines_of(command: click.Command) -> st.SearchStrategy[list[str]]:
    """Return command lines: mostly the arguments that are needed, and some options."""
    needed = [values_of(it) for it in command.params if it.required or isinstance(it, click.Argument)]
    options = [values_of(it) for it in command.params if isinstance(it, click.Option) and not it.required]
    some = st.lists(st.one_of(*options), max_size=3) if options else st.just([])
    good = [
        st.just(["good.yaml"])
        for it in command.params
        if isinstance(it, click.Argument) and it.name in ("case", "cases")
    ]
    parts = st.tuples(st.one_of(st.tuples(*good, *needed[len(good) :]), st.tuples(*needed)), some)
    return parts.map(lambda drawn: [word for group in drawn for words in group for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good case, one without an answer, a broken one, a table and a folder."""
    made = tmp_path_factory.mktemp("arguments")
    (made / "good.yaml").write_text(TEXT, encoding="utf-8")
    (made / "none.yaml").write_text(infeasible(), encoding="utf-8")
    (made / "broken.yaml").write_text("case: [", encoding="utf-8")
    (made / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (made / "folder").mkdir()
    return made


@pytest.mark.parametrize("name", sorted(cli.cli.commands))
def test_any_arguments_end_in_a_documented_code(
    name: str, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CI", "true")  # a command that writes into cases refuses to

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(lines_of(cli.cli.commands[name]))
    def check(words: list[str]) -> None:
        code = cli.run([name, *words])
        out, err = capfd.readouterr()
        assert code in CODES, (words, err)
        assert "Traceback" not in out + err
        assert code == 0 or out or err, words
        assert HELLO.read_text(encoding="utf-8") == TEXT
        assert (folder / "good.yaml").read_text(encoding="utf-8") == TEXT

    check()


@pytest.mark.parametrize(
    "words", [["-q"], ["--debug"], ["-h"], ["--version"], ["--no"], ["\udcff"], [""], ["solve", "\udcff"]]
)
def test_any_arguments_before_a_command_end_in_a_documented_code(words: list[str], capfd: Any) -> None:
    assert cli.run(words) in CODES
    assert "Traceback" not in capfd.readouterr().err
