"""`parkloop compare` as a user meets it: saved results, exit codes, outputs, and Qarhan against its counterfactuals."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from hello import HELLO, TEXT, edit, infeasible
from parkloop import cli
from parkloop.audit.comparing import compare_answers
from parkloop.audit.comparison import compare_results
from parkloop.audit.comparison_json import comparison_csv, comparison_object
from parkloop.audit.saved import read_saved
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.flows.problems import InputError
from parkloop.reports.json_result import result_object, save_result, schema_of
from parkloop.reports.run import run_case

QARHAN = HELLO.parents[1] / "parks" / "qarhan.yaml"


def parkloop(capfd, *arguments):
    """Run the command; return its exit code, what it printed and what it said."""
    code = cli.run(["compare", *map(str, arguments)])
    said = capfd.readouterr()
    return code, said.out, said.err


def as_json(capfd, *arguments):
    code, out, err = parkloop(capfd, *arguments, "--json")
    assert code == 0, err
    document = json.loads(out)
    Draft202012Validator(schema_of("comparison")).validate(document)
    return document


@pytest.fixture
def saved(tmp_path, capfd):
    """A copy of the hello case, and both of its scenarios saved as `solve -o` does."""
    case = tmp_path / "hello.yaml"
    case.write_text(TEXT, encoding="utf-8")
    assert cli.run(["solve", str(case), "-s", "all", "-o", str(tmp_path)]) == 0
    capfd.readouterr()
    return tmp_path


def changed(folder, **changes):
    """Change some keys of the saved base, and return its path."""
    path = folder / "base" / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return path


# ---------------------------------------------------------------- sides


def test_all_scenarios_of_a_case_are_compared_with_the_first(capfd):
    document = as_json(capfd, HELLO)
    assert [side["name"] for side in document["sides"]] == ["base", "standalone"]
    assert document["baseline"] == "base" and document["counterfactual"] is None


def test_the_baseline_is_named_by_scenario_and_added_where_it_is_not_there(capfd):
    document = as_json(capfd, HELLO, "-s", "base", "--against", "standalone")
    assert ([side["name"] for side in document["sides"]], document["baseline"]) == (
        ["base", "standalone"],
        "standalone",
    )
    assert document["counterfactual"]["source"] == "stated"
    other = as_json(capfd, HELLO, "-s", "standalone", "--against", "base")
    assert (other["baseline"], other["counterfactual"]) == ("base", None)


def test_standalone_is_built_where_the_case_does_not_state_it(tmp_path, capfd):
    path = tmp_path / "silent.yaml"
    path.write_text(TEXT[: TEXT.index("scenarios:")], encoding="utf-8")
    document = as_json(capfd, path, "--against", "standalone")
    assert document["counterfactual"]["source"] == "built"
    saving = next(one for one in document["counterfactual"]["savings"] if one["indicator"] == "profit")
    assert saving["value"] == pytest.approx(15.083153e6, rel=1e-6)
    assert "built" in document["sides"][1]["marks"][0]


def test_what_cannot_stand_alone_says_why(tmp_path, capfd):
    """Slag that may not be discarded must change hands: there is no standalone, and the message says what to add."""
    path = tmp_path / "bound.yaml"
    path.write_text(
        edit("    discard: {carbide_slag: {cost: 30 CNY/t}}\n", "")[: -len(TEXT[TEXT.index("scenarios:") :])]
    )
    code, out, err = parkloop(capfd, path, "--against", "standalone")
    assert (code, out) == (2, "")
    assert "`standalone` cannot be built" in err and "add `carbide_slag` under `sell` or `discard`" in err


def test_two_cases_are_told_apart_by_their_names(tmp_path, capfd):
    path = tmp_path / "other.yaml"
    path.write_text(edit("case: hello", "case: other", edit("limestone: {price: 50", "limestone: {price: 60")))
    document = as_json(capfd, HELLO, path)
    assert [side["name"] for side in document["sides"]] == ["hello:base", "other:base"]
    assert [row["path"] for row in document["inputs"]] == ["parks.demo.buy.limestone.price"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((HELLO, "-s", "base"), "one answer alone"),
        ((HELLO, "--against", "nobody"), "nobody"),
        ((HELLO, HELLO, "--against", "standalone"), "one case"),
        ((HELLO, "--against", "today"), "states no scenario `today`"),
        ((HELLO, "-s", "nobody"), "there is no scenario `nobody`"),
    ],
)
def test_wrong_usage_ends_with_2(arguments, message, capfd):
    code, out, err = parkloop(capfd, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_side_without_answer_ends_with_3(tmp_path, capfd):
    path = tmp_path / "capped.yaml"
    path.write_text(infeasible().replace("case: hello", "case: capped"), encoding="utf-8")
    code, out, _ = parkloop(capfd, HELLO, path)
    assert code == 3
    assert "infeasible" in out and "Profit" in out


# ---------------------------------------------------------------- saved results


def test_saved_results_compare_as_the_live_ones_do(saved):
    """Through the file and back, everything but the names of its files is the same."""
    tree = read_tree(saved / "hello.yaml")
    cases = [tree.case(scenario) for scenario in ("base", "standalone")]
    live = comparison_object(compare_results([run_case(build_network(case), examine=True) for case in cases], cases))
    answers = [read_saved(str(saved / scenario), [tree]) for scenario in ("base", "standalone")]
    answers = [type(one)(one.document, one.document["scenario"], one.network, one.case) for one in answers]
    assert comparison_object(compare_answers(answers)) == live


def test_a_saved_result_is_believed_while_its_inputs_are_the_same(saved, capfd):
    document = as_json(capfd, saved / "base", saved / "standalone" / "result.json", "--inputs", saved / "hello.yaml")
    assert [side["marks"] for side in document["sides"]] == [[], []]
    assert [row["path"] for row in document["inputs"]] == ["exchange"]
    document = as_json(capfd, saved / "base", saved / "hello.yaml")
    assert not any(row["differs"] for key in ("totals", "plants", "flows", "prices") for row in document[key])


def test_without_the_case_file_it_is_marked(saved, capfd):
    document = as_json(capfd, saved / "base", saved / "standalone", "--against", "standalone")
    assert all("inputs not checked" in side["marks"][0] for side in document["sides"])
    assert any("inputs are not compared" in note for note in document["notes"])
    assert "not known" in document["counterfactual"]["boundary"][0]


def test_a_stale_result_is_refused_or_marked(saved, capfd):
    case = saved / "hello.yaml"
    case.write_text(edit("limestone: {price: 50 CNY/t}", "limestone: {price: 60 CNY/t}"), encoding="utf-8")
    code, out, err = parkloop(capfd, saved / "base", case)
    assert (code, out) == (2, "")
    assert "was made from other inputs" in err and "--stale" in err
    document = as_json(capfd, saved / "base", case, "--stale")
    assert document["sides"][0]["marks"][0].startswith("stale:")
    cost = next(row for row in document["totals"] if row["indicator"] == "cost")
    assert cost["differences"][1] == pytest.approx(10 * 0.65 * 0.4 / 0.56 * 300e3)


def test_a_result_of_another_version_is_marked(saved, capfd):
    document = as_json(capfd, changed(saved, versions={"parkloop": "0.0.9"}), saved / "standalone")
    assert "made by parkloop 0.0.9" in document["sides"][0]["marks"][0]


def test_a_result_with_constraints_of_its_own_is_marked(saved, capfd):
    extension = {"file": "mine.py", "sha256": "0" * 64, "rows": []}
    document = as_json(capfd, changed(saved, extension=extension), saved / "standalone")
    assert "constraints of the user's own (mine.py)" in document["sides"][0]["marks"][0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "parkloop.result/9"}, "parkloop.result/9"),
        ({"periods": []}, "`periods` have no length"),
        ({"periods": [{"id": "year", "duration": "long", "weight": 1}]}, "`duration` is missing or of another type"),
        ({"flows": [{"park": "demo"}]}, "flows[0]"),
        ({"flows": 7}, "`flows` is no list"),
        ({"indicators": {"profit": 3}}, "an indicator has no value and unit"),
        ({"objective": None}, "`objective` has no name"),
        ({"not_unique": {"plants": 1}}, "`not_unique` has no lists"),
    ],
)
def test_a_damaged_result_is_refused_with_its_place(changes, message, saved, capfd):
    code, out, err = parkloop(capfd, changed(saved, **changes), saved / "standalone")
    assert (code, out) == (2, "")
    assert message in err and "result.json" in err


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", '{"schema": NaN}', "\x00"])
def test_what_is_no_json_is_refused(text, saved, capfd):
    path = saved / "base" / "result.json"
    path.write_text(text, encoding="utf-8")
    assert parkloop(capfd, path, saved / "standalone")[0] == 2


def test_a_result_saved_before_periods_were_told_is_refused(saved, capfd):
    path = saved / "base" / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["periods"]
    path.write_text(json.dumps(document), encoding="utf-8")
    code, _, err = parkloop(capfd, path, saved / "standalone")
    assert code == 2 and "solve it again" in err


def test_hostile_texts_of_a_saved_result_are_harmless(saved, capfd):
    """Escapes of terminals, markup of rich and formulas of spreadsheets stay texts."""
    nasty = "=cmd|' /C calc'!A0 \x1b[31m [red]\u202e"
    path = saved / "base" / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for flow in document["flows"]:
        flow["material"] = nasty if flow["material"] == "limestone" else flow["material"]
    document["not_unique"] = {"indicators": [], "plants": [], "flows": []}
    path.write_text(json.dumps(document), encoding="utf-8")
    table = saved / "table.csv"
    code, out, _ = parkloop(capfd, path, saved / "standalone", "--all", "-o", table)
    assert code == 0
    assert "\x1b" not in out and "\u202e" not in out and "[red]" in out
    written = table.read_text(encoding="utf-8-sig")
    assert "\x1b" not in written and "\u202e" not in written
    rows = list(csv.DictReader(io.StringIO(written)))
    assert any(row["what"].startswith("'=cmd") for row in rows)
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())


# ---------------------------------------------------------------- what is printed


def test_the_table_a_person_reads(capfd):
    code, out, err = parkloop(capfd, HELLO, "--against", "standalone")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert "Saving against standalone" in lines
    assert "Profit 15.08 +8.7 % MCNY" in lines
    assert "CO2 emitted 153.2 61.29 -91.93 -60.0 % kt" in lines
    assert "Limestone bought 348.2 139.3 -208.9 -60.0 % kt" in lines
    assert any(line.startswith("exchange none all (not stated)") and "hello.yaml:50" in line for line in lines)
    assert any(line.startswith("Carbide slag cement_works clinker_kiln year") and "~" in line for line in lines)
    assert any(line.startswith("~ not unique, so no finding") for line in lines)


def test_chinese_names_and_headings(capfd):
    out = parkloop(capfd, HELLO, "--lang", "zh")[1]
    assert "石灰石" in out and "输入差异" in out and "二氧化碳排放" in out and "Limestone" not in out


def test_long_tables_are_cut_unless_all_is_asked_for(capfd):
    short = parkloop(capfd, QARHAN, "-s", "base", "-s", "standalone")[1]
    whole = parkloop(capfd, QARHAN, "-s", "base", "-s", "standalone", "--all")[1]
    assert "more (--all)" in short and "more (--all)" not in whole
    assert len(whole.splitlines()) > len(short.splitlines()) + 50


def test_many_sides_leave_out_the_difference_where_percent_tells_it(capfd):
    """Of four others none fits with three columns; what was zero in the baseline has its difference alone."""
    case = HELLO.parent / "8_objectives.yaml"
    lines = [" ".join(line.split()) for line in parkloop(capfd, case)[1].splitlines()]
    assert "base profit_only % weighted % capped % fair %" in lines
    assert any(line.startswith("east + Straw boiler east 0 0 · 0 · 0 · 660.8 +660.8 TJ") for line in lines)
    assert any(line.startswith("east Profit 79.40 79.40 ·") for line in lines)


def test_the_csv_holds_every_figure_of_the_json(capfd, tmp_path):
    table = tmp_path / "out.csv"
    document = as_json(capfd, HELLO, "-o", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    for key, name in (("totals", "total"), ("plants", "plant"), ("flows", "flow"), ("prices", "price")):
        told = [float(row["value"]) for row in rows if row["table"] == name]
        assert told == [value for row in document[key] for value in row["values"]]
    assert [row["value"] for row in rows if row["table"] == "input"] == ["all (not stated)", "none"]


def test_the_schema_is_printed(capfd):
    assert cli.run(["schema", "--comparison"]) == 0
    assert json.loads(capfd.readouterr().out) == schema_of("comparison")


def test_a_saved_result_keeps_the_contract(tmp_path):
    result = run_case(build_network(read_tree(HELLO).case("standalone")), examine=True)
    Draft202012Validator(schema_of("result")).validate(result_object(result))
    save_result(result, tmp_path)
    document = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert {price["unique"] for price in document["prices"]} == {True, False}
    with pytest.raises(InputError, match="cannot be read"):
        read_saved(str(tmp_path / "nowhere.json"))


# ---------------------------------------------------------------- Qarhan


def test_qarhan_against_what_it_records(capfd):
    """What each scenario answers stands in the case; differences are those of these figures, to their digits."""
    expected = yaml.safe_load(QARHAN.read_text(encoding="utf-8"))["expect"]
    units = {"GCNY": 1e9, "Mt": 1e6, "Mtce": 1e6}

    def recorded(scenario, indicator):
        told = expected[scenario]
        value, unit = (told["objective"] if indicator == "profit" else told["indicators"][indicator]).split()
        return float(value) * units[unit]

    for baseline in ("standalone", "today"):
        others = [name for name in ("base", "loop", "today", "standalone") if name != baseline]
        chosen = [part for name in others for part in ("-s", name)]
        document = as_json(capfd, QARHAN, *chosen, "--against", baseline)
        assert document["baseline"] == baseline
        totals = {row["indicator"]: row for row in document["totals"]}
        for number, name in enumerate(others):
            for indicator in ("profit", "co2", "energy_calorific", "fresh_water", "solid_waste"):
                change = recorded(name, indicator) - recorded(baseline, indicator)
                digits = 1e-6 * (abs(recorded(name, indicator)) + abs(recorded(baseline, indicator)))
                assert totals[indicator]["differences"][number] == pytest.approx(change, abs=digits)
        assert document["counterfactual"]["beyond"] == []
        kinds = {row["kind"] for row in document["totals"]}
        assert {"money", "energy", "carbon", "water", "waste", "ratio"} <= kinds
    moves = {row["plant"]: row["moves"] for row in as_json(capfd, QARHAN, "-s", "standalone", "-s", "loop")["plants"]}
    assert moves["coke_oven_gas_methanol"] == ["same", "opens"]
    assert moves["burner_natural_gas"] == ["same", "less"]


def test_qarhan_base_and_loop_are_one_answer(capfd):
    document = as_json(capfd, QARHAN, "-s", "base", "-s", "loop")
    assert not any(row["is_finding"] for key in ("totals", "plants", "flows", "prices") for row in document[key])
    assert document["inputs"] == [], "`exchange: all` is what the case says by saying nothing"


def test_totals_are_those_of_the_answers(repo_root: Path):
    tree = read_tree(QARHAN)
    results = [run_case(build_network(tree.case(name))) for name in ("base", "carbon_price")]
    found = compare_results(results)
    for row in found.totals:
        assert row.figures.values == tuple(result.indicators[row.indicator].value for result in results)
    assert comparison_csv(found).count("\n") > 100
