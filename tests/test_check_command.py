"""`parkloop check` as pipelines call it: exit codes, JUnit, annotations, JSON, cache, jobs, what changed, updates."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import junitparser
import pytest
import xmlschema
import yaml

from checked import CAPPED, recorded, written
from parkloop import cli
from parkloop.checks.case import check_case
from parkloop.checks.github import commands
from parkloop.checks.junit import to_junit
from parkloop.checks.report import schema

GOOD, BAD = "{status: optimal, objective: 1400 CNY}", "{status: optimal, objective: 1500 CNY}"
COMMAND = re.compile(r"::(?P<kind>error|warning) (?P<properties>[^\r\n]*?)::(?P<message>[^\r\n]*)")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a cache and a working folder of its own, and is no pipeline."""
    monkeypatch.setenv("PARKLOOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)


def three(folder: Path) -> None:
    """One case that is as expected, one that is not, one that cannot be read, and a library."""
    written(folder, GOOD, CAPPED, "good.yaml")
    written(folder, BAD, CAPPED, "bad.yaml")
    written(folder, GOOD, CAPPED.replace("capacity:", "capcity:"), "broken.yaml")
    (folder / "library.yaml").write_text("materials: {}\n")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.yaml"], 0),
        (["bad.yaml"], 1),
        (["broken.yaml"], 2),
        (["good.yaml", "bad.yaml"], 1),
        (["."], 2),
        (["library.yaml"], 2),
        (["nowhere"], 2),
    ],
)
def test_the_worst_verdict_is_the_exit_code(names: list[str], code: int, tmp_path: Path) -> None:
    three(tmp_path)
    assert cli.run(["check", *names, "--jobs", "1"]) == code


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_the_format_never_changes_the_exit_code(form: str, tmp_path: Path) -> None:
    written(tmp_path, BAD)
    assert cli.run(["check", "ponds.yaml", "--format", form]) == 1


def test_people_read_the_worst_case_first(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, BAD, CAPPED, "a_little.yaml")
    written(tmp_path, "{status: optimal, objective: 1 CNY}", CAPPED, "b_much.yaml")
    assert cli.run(["check", ".", "--jobs", "1"]) == 1
    out = capfd.readouterr().out
    assert out.index("DIFFERS b_much.yaml") < out.index("DIFFERS a_little.yaml")
    assert "a_little.yaml:34:38: base: the objective is 1.400 kCNY, 6.67% below the expected 1.500 kCNY" in out
    assert out.endswith("2 cases, 2 scenarios, 4 comparisons: 2 differences in 2 cases\n")


def test_json_keeps_its_schema(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    three(tmp_path)
    recorded(tmp_path)
    (tmp_path / "ponds.yaml").write_text(CAPPED.replace("8 CNY/t", "9 CNY/t"))
    assert cli.run(["check", ".", "--format", "json", "--jobs", "1"]) == 2
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, schema())
    verdicts = {it["file"]: it["passed"] for it in document["cases"]}
    assert sorted(verdicts.values()) == [False, False, False, True]
    ponds = next(it for it in document["cases"] if it["file"] == "ponds.yaml")
    assert [it["path"] for it in ponds["changed"]] == ["parks.south.sell.salt.price"]
    assert document["counts"]["failed_cases"] == 3


def test_junit_is_valid_and_read_back(tmp_path: Path) -> None:
    three(tmp_path)
    assert cli.run(["check", ".", "--junit", "junit.xml", "--jobs", "1"]) == 2
    xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd"))).validate("junit.xml")
    read = junitparser.JUnitXml.fromfile("junit.xml")
    assert (read.tests, read.failures, read.errors) == (3, 1, 1)
    results = {suite.name: [case.result for case in suite] for suite in read}
    assert results["good.yaml"] == [[]]
    (failure,) = results["bad.yaml"][0]
    assert isinstance(failure, junitparser.Failure)
    assert failure.message.startswith("bad.yaml:34:38: the objective is")
    (error,) = results["broken.yaml"][0]
    assert isinstance(error, junitparser.Error) and "capcity" in error.message


def test_junit_replaces_what_xml_cannot_say(tmp_path: Path) -> None:
    verdict = check_case(written(tmp_path, BAD))
    row = verdict.scenarios[0]
    odd = replace(row, differences=(replace(row.differences[0], what="a \x1b[31m\x00 & <b> \ud800 ü 盐"),))
    text = to_junit([replace(verdict, scenarios=(odd,))])
    (case,) = next(iter(junitparser.JUnitXml.fromstring(text.encode())))
    assert case.result[0].message.endswith("a \ufffd[31m\ufffd & <b> \ufffd ü 盐")


def test_annotations_are_workflow_commands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As documented: `::error file={name},line={line},col={col},title={title}::{message}`, each on a line."""
    three(tmp_path)
    assert cli.run(["check", "bad.yaml", "--format", "github", "--jobs", "1"]) == 1
    first = COMMAND.fullmatch(capfd.readouterr().out.splitlines()[0])
    assert first is not None and first["kind"] == "error"
    properties = dict(part.split("=", 1) for part in first["properties"].split(","))
    assert properties == {"file": "bad.yaml", "line": "34", "col": "38", "title": "ponds base%3A objective"}
    assert first["message"] == "the objective is 1.400 kCNY, 6.67%25 below the expected 1.500 kCNY"


@pytest.mark.parametrize("text", ["100 %", "a\r\nb", "x: y, z", "%0A", "::error::", "盐, 卤: 100 %25\n"])
def test_annotations_escape_as_documented_and_come_back(text: str, tmp_path: Path) -> None:
    verdict = check_case(written(tmp_path, BAD))
    row = verdict.scenarios[0]
    odd = replace(row, differences=(replace(row.differences[0], what=text, quantity=text, file=text),))
    (line,) = commands([replace(verdict, scenarios=(odd,))])
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    properties = dict(part.split("=", 1) for part in found["properties"].split(","))

    def back(value: str, codes: dict[str, str]) -> str:
        return re.sub("|".join(codes), lambda match: codes[match[0]], value)

    data = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    assert back(found["message"], data) == text
    assert back(properties["file"], {**data, "%3A": ":", "%2C": ","}) == text
    assert ":" not in properties["title"]


# ------------------------------------------------------------ cache and jobs


def test_what_passed_is_not_solved_again_until_something_changes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "library.yaml").write_text("materials: {slime: {name: {en: Slime}}}\n", encoding="utf-8")
    path = written(tmp_path, GOOD, f"include: [library.yaml]\n{CAPPED}")

    def cached(*more: str) -> bool:
        assert cli.run(["check", "ponds.yaml", *more]) == 0
        return "1 case unchanged" in capfd.readouterr().out

    assert [cached(), cached(), cached("--no-cache"), cached()] == [False, True, False, True]
    (tmp_path / "library.yaml").write_text("materials: {mud: {name: {en: Mud}}}\n", encoding="utf-8")
    assert [cached(), cached()] == [False, True]
    assert cli.run(["check", "--record", "ponds.yaml"]) == 0
    capfd.readouterr()
    assert not cached()
    assert cached()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1400 CNY", "1500 CNY"), encoding="utf-8")
    for _ in range(2):
        assert cli.run(["check", "ponds.yaml"]) == 1  # a failure is never kept


def test_a_cache_that_was_spoiled_is_none(tmp_path: Path) -> None:
    written(tmp_path, BAD)
    assert cli.run(["check", "ponds.yaml"]) == 1
    written(tmp_path, GOOD)
    assert cli.run(["check", "ponds.yaml"]) == 0
    (entry,) = (tmp_path / "cache").rglob("*.json")
    for text in ("", "{}", "[]", "null"):
        entry.write_text(text)
        assert cli.run(["check", "ponds.yaml"]) == 0


def test_jobs_give_the_same_verdicts_in_the_same_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    three(tmp_path)
    found = []
    for jobs in ("1", "2"):
        assert cli.run(["check", ".", "--jobs", jobs, "--format", "json", "--no-cache"]) == 2
        document = json.loads(capfd.readouterr().out)
        found.append({key: value for key, value in document.items() if key != "run"})
    assert found[0] == found[1]


def test_one_case_is_not_told_as_several(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, GOOD)
    assert cli.run(["check", "ponds.yaml"]) == 0
    assert capfd.readouterr().out == "1 case, 1 scenario, 2 comparisons: all as expected\n"
    written(tmp_path, BAD)
    assert cli.run(["check", "ponds.yaml"]) == 1
    assert capfd.readouterr().out.endswith("1 case, 1 scenario, 2 comparisons: 1 difference in 1 case\n")


def test_a_check_is_told_in_chinese_and_its_json_stays_english(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Statuses, figures that moved, and input that changed since the baseline."""
    path = written(tmp_path, GOOD)
    assert cli.run(["check", "ponds.yaml", "--record"]) == 0
    path.write_text(path.read_text(encoding="utf-8").replace("price: 10 CNY/t", "price: 100 CNY/t"), encoding="utf-8")
    capfd.readouterr()
    assert cli.run(["check", "ponds.yaml", "--lang", "zh"]) == 1
    out = capfd.readouterr().out
    assert "不一致 ponds.yaml" in out and "预期为" in out and "自基线以来变动的输入：" in out and "（10 倍）" in out
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", out), out
    cli.run(["check", "ponds.yaml", "--lang", "zh", "--format", "json"])
    assert not re.search("[\u4e00-\u9fff]", capfd.readouterr().out)


def test_fail_fast_starts_no_more_cases(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    three(tmp_path)
    assert cli.run(["check", ".", "--fail-fast", "--jobs", "1"]) == 1
    said = capfd.readouterr()
    assert "1 case, 1 scenario, " in said.out
    assert "2 more cases were not checked" in said.err


# ------------------------------------------------------------ git


def git(folder: Path, *arguments: str) -> None:
    own = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *own, *arguments], check=True, capture_output=True)


def test_only_cases_that_changed_since_a_commit_includes_counted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "library.yaml").write_text("materials: {slime: {name: {en: Slime}}}\n", encoding="utf-8")
    written(folder, GOOD, f"include: [library.yaml]\n{CAPPED}", "with.yaml")
    written(folder, GOOD, CAPPED, "without.yaml")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")

    def checked() -> list[str]:
        cli.run(["check", str(folder), "--changed-since", "HEAD", "--format", "json", "--jobs", "1"])
        return [Path(it["file"]).name for it in json.loads(capfd.readouterr().out)["cases"]]

    assert checked() == []
    (folder / "library.yaml").write_text("materials: {mud: {name: {en: Mud}}}\n", encoding="utf-8")
    assert checked() == ["with.yaml"]
    written(folder, BAD, CAPPED, "new.yaml")
    assert checked() == ["new.yaml", "with.yaml"]
    assert cli.run(["check", str(folder), "--changed-since", "nothing"]) == 2
    assert cli.run(["check", str(folder), "--changed-since", "--output=x"]) == 2


def test_without_a_baseline_git_tells_the_lines_that_changed(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("price: 8 CNY/t", "price: 80 CNY/t"), encoding="utf-8")
    verdict = check_case(path)
    (found,) = verdict.changed
    assert verdict.changed_since == "the last commit"
    assert "80 CNY/t" in found.after and "8 CNY/t" in found.before
    assert "80 CNY/t" in path.read_text(encoding="utf-8").splitlines()[found.line - 1]


# ------------------------------------------------------------ updates


@pytest.mark.parametrize("option", ["--update", "--record"])
def test_a_pipeline_accepts_nothing(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, BAD)
    before = path.read_bytes()
    monkeypatch.setenv("CI", "true")
    assert cli.run(["check", "ponds.yaml", option]) == 2
    assert "accepts no new figures" in capfd.readouterr().err
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.json"))


def test_an_update_by_hand_is_told_and_passes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, BAD)
    assert cli.run(["check", "ponds.yaml", "--update"]) == 0
    assert capfd.readouterr().out == "ponds.yaml:34:38: 1500 CNY → 1400 CNY\n"
    assert cli.run(["check", "ponds.yaml"]) == 0


def test_an_update_that_cannot_be_written_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path)
    path.write_text(CAPPED.replace("8 CNY/t", "9 CNY/t") + "\nexpect:\n  base: {status: optimal, objective: 1 CNY}\n")
    files = {it: it.read_bytes() for it in (path, tmp_path / "ponds.baseline.json")}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("parkloop.flows.saving.os.fsync", full)
    assert cli.run(["check", "ponds.yaml", "--update"]) == 2
    assert {it: it.read_bytes() for it in files} == files
    assert {it.name for it in tmp_path.iterdir() if it.is_file()} == {"ponds.yaml", "ponds.baseline.json"}


# ------------------------------------------------------------ what pipelines include


def test_the_action_the_template_and_the_hooks_call_options_that_exist(repo_root: Path) -> None:
    options = {name for it in cli.cli.commands["check"].params for name in it.opts}
    action = yaml.safe_load((repo_root / "action.yml").read_text(encoding="utf-8"))
    template = list(yaml.safe_load_all((repo_root / "templates" / "check.yml").read_text(encoding="utf-8")))
    hooks = yaml.safe_load((repo_root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    script = action["runs"]["steps"][-1]["run"]
    assert "${{" not in script  # inputs come as variables, never as part of the script
    lines = [*script.splitlines(), *template[1]["parkloop-check"]["script"], *(hook["entry"] for hook in hooks)]
    used = {
        word
        for line in lines
        if "parkloop check" in line or "options" in line
        for word in re.findall(r"--[a-z-]+", line)
    }
    assert {"--format", "--junit", "--changed-since"} <= used - {"--"}
    assert used - {"--"} <= options
    assert {hook["id"] for hook in hooks} == {"parkloop-check", "parkloop-validate"}


def test_the_script_of_the_action_checks_cases(repo_root: Path, tmp_path: Path) -> None:
    """The last step as a runner starts it, with a `parkloop` that is this one."""
    import sys

    three(tmp_path)
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    own = bin_ / "parkloop"
    own.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from parkloop.cli import main; main()" "$@"\n')
    own.chmod(0o755)
    script = yaml.safe_load((repo_root / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][-1]["run"]
    environment = {
        "PATH": f"{bin_}:/usr/bin:/bin",
        "PATHS": "good.yaml bad.yaml",
        "JUNIT": "out.xml",
        "SINCE": "",
        "PARKLOOP_CACHE": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=bad.yaml,line=34,col=38,")
    assert junitparser.JUnitXml.fromfile(str(tmp_path / "out.xml")).failures == 1
