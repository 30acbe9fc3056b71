"""The command line as a user meets it: streams, exit codes, help, saved files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import jsonschema
import pytest
from pydantic_core import SchemaError

from hello import HELLO, TEXT, edit, infeasible
from parkloop import cli
from parkloop.commands.schema import PRINTED
from parkloop.reports.json_result import result_schema

HELLO_PATH = str(HELLO)
COMMANDS = sorted(cli.cli.commands)


def parkloop(*arguments: str, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from parkloop.cli import main; main()", *arguments],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_is_documented(command: str, repo_root: Path) -> None:
    assert cli.cli.commands[command].help
    for option in cli.cli.commands[command].params:
        assert not isinstance(option, click.Option) or option.help, f"{command} {option.name} has no help"
    for page in ("README.md", "README.zh-CN.md", "docs/command_line.md"):
        assert f"parkloop {command}" in (repo_root / page).read_text(encoding="utf-8")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from parkloop import cli; cli.run(['--help']); "
        "heavy = {'numpy', 'yaml', 'pydantic', 'highspy', 'pyomo', 'pandas', 'pint', 'rich'}; "
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_validate_does_not_import_the_solver() -> None:
    code = (
        f"import sys; from parkloop import cli; cli.run(['validate', {HELLO_PATH!r}]); "
        "heavy = {'highspy', 'pyomo', 'pandas', 'pint', 'scipy'}; "
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_the_answer_goes_to_standard_output_and_nothing_else_does() -> None:
    done = parkloop("solve", HELLO_PATH)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "optimal" in done.stdout and "189.0 MCNY" in done.stdout
    assert "What binds hardest" in done.stdout


def test_json_is_one_object_that_keeps_the_contract(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["solve", HELLO_PATH, "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, result_schema())
    assert document["objective"]["name"] == "profit"
    assert document["certificate"]["primal"] < 1e-9


def test_several_scenarios_are_one_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["solve", HELLO_PATH, "--json", "-s", "all"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [json.loads(line)["scenario"] for line in lines] == ["base", "standalone"]


def test_an_infeasible_case_ends_with_3_and_prints_no_flows(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(infeasible(), encoding="utf-8")
    assert cli.run(["solve", str(path), "--json"]) == 3
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, result_schema())
    assert document["status"] == "infeasible"
    assert document["objective"] is None and document["flows"] == []
    assert cli.run(["solve", str(path)]) == 3
    assert "infeasible" in capfd.readouterr().out


def test_an_unbounded_case_ends_with_3(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(edit("capacity: 100 kt/a", "capacity: unlimited"), encoding="utf-8")
    assert cli.run(["solve", str(path)]) == 3
    assert "unbounded" in capfd.readouterr().out


def test_a_setting_changes_the_answer_and_one_that_matches_nothing_is_an_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["solve", HELLO_PATH, "--json", "--set", "parks.demo.sell.clinker.price=0 CNY/t"]) == 0
    assert json.loads(capfd.readouterr().out)["objective"]["value"] < 189e6
    assert cli.run(["solve", HELLO_PATH, "--set", "parks.demo.sell.clinkr.price=0 CNY/t"]) == 2
    err = capfd.readouterr().err
    assert "matches nothing" in err and "did you mean 'clinker'?" in err


def test_an_objective_on_the_command_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["solve", HELLO_PATH, "--json", "--objective", "minimise:carbon"]) == 0
    assert json.loads(capfd.readouterr().out)["objective"] == {"name": "carbon", "value": 0.0, "unit": "t"}
    assert cli.run(["solve", HELLO_PATH, "--objective", "carbon"]) == 2
    assert "SENSE:INDICATOR" in capfd.readouterr().err
    assert cli.run(["solve", HELLO_PATH, "--objective", "minimise:carbn"]) == 2
    assert "did you mean 'carbon'?" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["solve"], ["solve", HELLO_PATH, "--no-such-option"], ["nothing"], ["solve", HELLO_PATH, "-s", "alone"]],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 2
    out, err = capfd.readouterr()
    assert out == "" and err


def test_a_bug_of_ours_ends_with_70_and_saves_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(path: str) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("parkloop.flows.case.read_tree", broken)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert cli.run(["solve", HELLO_PATH]) == 70
    err = capfd.readouterr().err
    (log,) = tmp_path.glob("parkloop-*.log")
    assert str(log) in err
    assert "ZeroDivisionError: planted" in log.read_text(encoding="utf-8")


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupted(path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("parkloop.flows.case.read_tree", interrupted)
    assert cli.run(["solve", HELLO_PATH]) == 130


def test_ctrl_c_that_a_library_wraps_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """pydantic's own words, seen where Ctrl-C came while its models were built; and an error that Ctrl-C led to."""
    words = "Error building `definitions` serializer:\n  SchemaError: Error building `literal` serializer:\n  "

    def wrapped(path: str) -> None:
        raise SchemaError(words + "KeyboardInterrupt: ")

    def led(path: str) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as stop:
            raise ValueError("half done") from stop

    for broken in (wrapped, led):
        monkeypatch.setattr("parkloop.flows.case.read_tree", broken)
        assert cli.run(["solve", HELLO_PATH]) == 130
        assert capfd.readouterr().err == "interrupted\n"


def test_a_case_can_come_from_standard_input() -> None:
    done = parkloop("solve", "-", "--json", text=TEXT)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["case"] == "hello"
    done = parkloop("solve", "-", text=TEXT.replace("money", "mony"))
    assert done.returncode == 2
    assert "<stdin>:4:1: error: unknown key `mony`" in done.stderr


def test_colours_and_boxes_are_for_terminals_only() -> None:
    done = parkloop("solve", HELLO_PATH)
    assert "\x1b" not in done.stdout and "─" not in done.stdout


def test_chinese_names_survive_a_terminal_that_cannot_show_them() -> None:
    done = parkloop("solve", HELLO_PATH, "--lang", "zh", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert "\\u" in done.stdout
    done = parkloop("solve", HELLO_PATH, "--lang", "zh")
    assert "电石渣制水泥" in done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    command = f'"{sys.executable}" -c "from parkloop.cli import main; main()" solve --json "{HELLO_PATH}" | head -1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_results_are_saved_whole(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["solve", HELLO_PATH, "-s", "all", "-o", str(tmp_path / "out")]) == 0
    capfd.readouterr()
    for scenario in ("base", "standalone"):
        folder = tmp_path / "out" / scenario
        names = sorted(path.name for path in folder.iterdir())
        assert names == ["companies.csv", "flows.csv", "plants.csv", "policies.csv", "prices.csv", "result.json"]
        jsonschema.validate(json.loads((folder / "result.json").read_text(encoding="utf-8")), result_schema())
        header = (folder / "flows.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert header == "park,company,material,fate,by,to,period,value,unit,unique"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert cli.run(["solve", HELLO_PATH, "-o", str(tmp_path / "file" / "out")]) == 2
    assert "file" in capfd.readouterr().err


TOPICS = ["overview", "materials", "processes", "plants", "offers", "sources", "stores", "periods", "returns"]


@pytest.mark.parametrize("what", TOPICS)
def test_show_prints_every_topic(what: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["show", HELLO_PATH, what]) == 0
    assert "Carbide slag becomes cement" in capfd.readouterr().out
    assert cli.run(["show", HELLO_PATH, what, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["case"] == "hello"


def test_show_a_process_with_its_closure_and_lines(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["show", HELLO_PATH, "acetylene_generator"]) == 0
    out = capfd.readouterr().out
    assert "2.46 t" in out and "Closure" in out and "hello.yaml:21" in out
    assert cli.run(["show", HELLO_PATH, "carbide_slag"]) == 0
    assert "slot option" in capfd.readouterr().out
    assert cli.run(["show", HELLO_PATH, "carbide_slug"]) == 2
    assert "did you mean 'carbide_slag'?" in capfd.readouterr().err


def test_units_are_listed_and_converted(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["units", "120 万t/a", "kt/a"]) == 0
    assert capfd.readouterr().out == "1200 kt/a\n"
    assert cli.run(["units"]) == 0
    assert "tce" in capfd.readouterr().out
    assert cli.run(["units", "3 kWh", "t"]) == 2
    assert "energy" in capfd.readouterr().err


@pytest.mark.parametrize("what", PRINTED)
def test_the_schemas_of_what_is_printed_are_schemas(what: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["schema", f"--{what}"]) == 0
    schema = json.loads(capfd.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"] == {"const": f"parkloop.{what}/1"}


def test_the_schema_describes_the_shipped_case(capfd: pytest.CaptureFixture[str]) -> None:
    import yaml

    assert cli.run(["schema"]) == 0
    schema = json.loads(capfd.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(TEXT), schema)
    broken = yaml.safe_load(TEXT)
    broken["mony"] = "CNY"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_the_pages_made_from_code_are_up_to_date(repo_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(repo_root / "docs" / "pages.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
