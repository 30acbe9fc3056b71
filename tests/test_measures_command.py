"""`parkloop measures`: what it prints, writes and refuses. The figures are those of `test_measures`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner, Result

from hello import edit, infeasible
from parkloop import cli
from parkloop.audit.abatement_json import abatement_csv, abatement_object
from parkloop.pages.abatement_picture import HEIGHT, WIDTH, abatement_svg
from shipped import CASES
from test_measures import BOILER, COST, NETWORK, TEXT, TUTORIAL, answered, with_measure

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script>\n\u202e[red]&=1+1'


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.cli, ["measures", *words])
    assert result.exit_code == code, result.output
    return result


def test_the_tables_say_the_figures_of_the_hand_check() -> None:
    said = run(str(TUTORIAL), "--by", "carbon", "--budget", "75 MCNY").stdout
    curve = said[said.index("Abatement cost curve") :].splitlines()
    rows = [line.split() for line in curve[2:5]]
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert [row[-2] for row in rows] == ["-37.43", "94.18", "730.0"]
    assert rows[0][-1] == "#|" and rows[2][-1] == "|" + "#" * 12
    assert "alone they would abate 33.02 kt/a in all, together 30.18 kt/a: -2.850 kt/a" in said
    assert "investment 70.00 MCNY" in said and "all 6 sets" in said


def test_the_page_of_the_documentation_shows_what_is_printed(repo_root: Path) -> None:
    page = (repo_root / "docs" / "measures.md").read_text(encoding="utf-8")
    shown = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    for line in run(str(TUTORIAL), "--by", "carbon", "--budget", "75 MCNY").stdout.splitlines():
        assert line.strip() in shown or not line.strip(), line


def test_names_are_chinese_where_asked() -> None:
    said = run(str(TUTORIAL), "--lang", "zh").stdout
    assert "余热锅炉" in said and "Boiler" not in said and "减排成本曲线" in said


def test_json_keeps_its_schema_and_says_the_figures(repo_root: Path) -> None:
    schema = json.loads((repo_root / "audit" / "abatement.schema.json").read_text(encoding="utf-8"))
    document = json.loads(run(str(TUTORIAL), "--json").stdout)
    jsonschema.Draft202012Validator(schema).validate(document)
    costs = {one["measures"][0]: one["net_cost"]["value"] for one in document["alone"]}
    assert costs == pytest.approx(COST)
    carbon = document["curves"][1]
    assert carbon["per_unit"] == "CNY/t" and carbon["interaction"] == pytest.approx(-2850)
    assert len(document["fingerprint"]) == 64
    broken = abatement_object(
        answered(
            with_measure(
                "x: {name: {en: X}, excludes: [heat_boiler], set: {parks.works.plants.coal_boiler.run: {max: 10 TJ/a}}}"
            )
        )
    )
    jsonschema.Draft202012Validator(schema).validate(broken)
    assert broken["together"] is None and broken["alone"][3]["abated"] == {} and broken["alone"][3]["reason"]


def test_a_scenario_without_an_answer_is_reported_with_its_exit_code(tmp_path: Path, repo_root: Path) -> None:
    path = tmp_path / "case.yaml"
    block = "measures: {a: {name: {en: A}, set: {parks.demo.plants.clinker_kiln.capacity: 310 kt/a}}}\n"
    path.write_text(infeasible() + block, encoding="utf-8")
    schema = json.loads((repo_root / "audit" / "abatement.schema.json").read_text(encoding="utf-8"))
    document = json.loads(run(str(path), "--json", code=3).stdout)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["status"] == "infeasible" and document["alone"] == []
    assert "infeasible" in run(str(path), "-o", str(tmp_path / "x.svg"), code=3).stdout
    assert not (tmp_path / "x.svg").exists()


def test_the_table_of_a_file_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "measures.csv"
    run(str(TUTORIAL), "-o", str(path))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    steps = [row for row in rows if row["table"] == "curve co2"]
    total = next(row for row in rows if row["table"] == "together")
    for column in ("net cost [CNY/a]", "co2 abated [t/a]", "energy abated [tce/a]"):
        assert sum(float(row[column]) for row in steps) == pytest.approx(float(total[column]))
    assert steps[0]["measures"] == BOILER


def test_blocks_of_the_picture_are_as_wide_as_they_abate_and_as_high_as_they_cost() -> None:
    """23.75, 5 and 1.425 of 30.175 kt; −37.4, 94.2 and 730 CNY/t on an axis from −200 to 800."""
    root = ElementTree.fromstring(abatement_svg(answered(by="carbon")))
    blocks = [one for one in root.iter(f"{SVG}rect") if "block" in one.get("class", "")]
    widths, heights = ([float(one.get(key, "")) for one in blocks] for key in ("width", "height"))
    assert widths == pytest.approx([WIDTH * part / 30.175 for part in (23.75, 5, 1.425)], abs=0.02)
    assert heights == pytest.approx([HEIGHT * abs(per) / 1000 for per in (37.426, 94.177, 730.031)], abs=0.02)
    tops = [float(one.get("y", "")) for one in blocks]
    assert tops[0] == pytest.approx(tops[1] + heights[1], abs=0.02)  # what saves hangs below the axis
    assert blocks[0].get("fill") == "url(#saves)" and blocks[1].get("fill") is None


def test_the_picture_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(abatement_svg(answered(), "zh"))
    assert root.get("role") == "img" and root.get("aria-labelledby") == "title description"
    told = root.findtext(f"{SVG}desc") or ""
    for words in ("余热锅炉", "-37.43", "730.0", "斜纹"):
        assert words in told
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"1", "2", "3"} <= set(texts) and any("1. 余热锅炉" in (text or "") for text in texts)


def test_a_picture_without_a_step_says_so() -> None:
    text = (
        TEXT[: TEXT.index("  heat_boiler:")]
        + "  a: {name: {en: A}, set: {parks.works.plants.smelter.capacity: 61 kt/a}}\n"
    )
    root = ElementTree.fromstring(abatement_svg(answered(text + TEXT[TEXT.index("\nobjective: {max") :])))
    assert "no step abates anything" in (root.findtext(f"{SVG}desc") or "")


def test_hostile_names_are_harmless_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    written = json.dumps(HOSTILE)
    path.write_text(edit("{en: Boiler on the hot gas, zh: 余热锅炉}", f"{{en: {written}}}", TEXT), encoding="utf-8")
    said = run(str(path), "-o", str(tmp_path / "x.svg")).stdout
    assert "\u202e" not in said and "alert" in said and "[red]" in said
    drawn = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert "<script" not in drawn and "\u202e" not in drawn
    ElementTree.fromstring(drawn)
    assert "alert" not in abatement_csv(answered(path.read_text(encoding="utf-8")))  # identifiers only


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--budget", "75 t"), "--budget 75 t"),
        (("--budget", "-1 CNY"), "zero or more"),
        (("-o", "x.png"), "ends in .svg or .csv"),
        (("--by", "steam"), "unknown indicator `steam`"),
    ],
)
def test_wrong_usage_is_refused(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["measures", str(TUTORIAL), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_case_without_measures_is_refused_with_a_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["measures", str(CASES / "tutorials" / "hello.yaml")]) == 2
    said = capsys.readouterr().err
    assert "states no measures" in said and "docs/measures.md" in said


def test_settings_go_before_the_measures() -> None:
    said = run(str(TUTORIAL), "--set", "measures.better_furnace.investment=10 MCNY", "--json").stdout
    costs = {one["measures"][0]: one["net_cost"]["value"] for one in json.loads(said)["alone"]}
    assert costs[NETWORK] == pytest.approx(COST[NETWORK] - 20e6 * 0.08 / (1 - 1.08**-10))


def test_every_scenario_has_an_answer_and_a_file_of_its_own(tmp_path: Path) -> None:
    said = run(str(TUTORIAL), "-s", "all", "--json", "-o", str(tmp_path / "m.csv")).stdout
    assert [json.loads(line)["scenario"] for line in said.splitlines()] == ["base", "power_dear"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.base.csv", "m.power_dear.csv"]
