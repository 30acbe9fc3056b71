"""YAML text becomes nodes with places; what could surprise is refused with its place and a mend."""

import math
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml

from parkloop.flows.document import Limits, Mapping, Scalar, load, parse, parse_value, plain
from parkloop.flows.problems import InputError

DEFAULT = Limits()


def read(text: str) -> Any:
    return plain(parse(text.encode(), "park.yaml"))


def refused(text: str | bytes, limits: Limits = DEFAULT) -> str:
    """Return the messages with which a text is refused."""
    with pytest.raises(InputError) as caught:
        parse(text.encode() if isinstance(text, str) else text, "park.yaml", limits)
    return str(caught.value)


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("2020-01-01", "2020-01-01"),
        ("1_000", "1_000"),
        ("3.95 t", "3.95 t"),
        ("１００", "１００"),
        ("012", 12),
        ("-7", -7),
        ("0o14", 12),
        ("0x1F", 31),
        ("1e5", 1e5),
        (".5", 0.5),
        ("1.", 1.0),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('""', ""),
        ("-.inf", -math.inf),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    result = read(f"capacity: {written}")["capacity"]
    assert result == value
    assert type(result) is type(value)


def test_nan_is_read_as_a_number_for_the_quantities_to_refuse() -> None:
    assert math.isnan(read("capacity: .nan")["capacity"])


def test_keys_are_texts_as_written() -> None:
    assert read("2020: 1\n012: 2\ntrue: 3\n1e5: 4") == {"2020": 1, "012": 2, "true": 3, "1e5": 4}


def test_every_node_knows_its_place() -> None:
    root = parse("case: demo\nparks:\n  qarhan: {buy: [coal, 盐]}\n".encode(), "park.yaml")
    parks = root.entries["parks"]
    assert isinstance(parks, Mapping)
    assert str(root.entries["case"].position) == "park.yaml:1:7"
    assert str(root.keys["parks"]) == "park.yaml:2:1"
    assert str(parks.keys["qarhan"]) == "park.yaml:3:3"
    assert str(parks.entries["qarhan"].position) == "park.yaml:3:11"
    buy = parks.entries["qarhan"].entries["buy"]  # type: ignore[union-attr]
    assert str(buy.items[1].position) == "park.yaml:3:24"  # type: ignore[union-attr]


def test_the_text_of_a_scalar_is_kept_as_written() -> None:
    node = parse(b"year: 012\n", "park.yaml").entries["year"]
    assert isinstance(node, Scalar)
    assert (node.value, node.text) == (12, "012")


def test_a_byte_order_mark_is_skipped() -> None:
    root = parse(b"\xef\xbb\xbfcase: demo", "park.yaml")
    assert str(root.keys["case"]) == "park.yaml:1:1"


def test_lines_are_counted_alike_for_all_line_ends() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert "park.yaml:3:1: error: the key `a`" in refused(f"a: 1{end}b: 2{end}a: 3{end}")


def test_aliases_are_shared_parts() -> None:
    assert read("a: &x {b: 1}\nc: *x\nd: [*x]") == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}]}


def test_a_value_for_an_option_may_be_of_any_kind() -> None:
    assert plain(parse_value("600 CNY/t", "--set")) == "600 CNY/t"
    assert plain(parse_value("{min: 70 %}", "--set")) == {"min": "70 %"}
    assert plain(parse_value("", "--set")) is None
    with pytest.raises(InputError, match=r"--set:1:1: error: the `\[` opened here is not closed"):
        parse_value("[1", "--set")


# ---------------------------------------------------------------- refusals


def test_all_repeated_keys_are_reported_at_once_with_the_line_of_the_first() -> None:
    assert refused("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3") == (
        "park.yaml:2:1: error: the key `a` stands twice in this map, first on line 1\n"
        "  a: 2\n"
        "  ^\n"
        "  help: keep one of the two\n"
        "park.yaml:3:11: error: the key `c` stands twice in this map, first on line 3\n"
        "  b: {c: 1, c: 2}\n"
        "            ^\n"
        "  help: keep one of the two\n"
        "park.yaml:4:1: error: the key `a` stands twice in this map, first on line 1\n"
        "  a: 3\n"
        "  ^\n"
        "  help: keep one of the two"
    )


def test_a_flood_of_errors_is_cut_after_a_hundred() -> None:
    said = refused("a: 1\n" * 10_000)
    assert said.count("error: the key `a` stands twice") == 100
    assert "park.yaml:102:1: error: there are more errors than anyone reads" in said


def test_repeated_keys_are_reported_beside_a_later_syntax_error() -> None:
    said = refused("a: 1\na: 2\nb: [1\n")
    assert "park.yaml:2:1: error: the key `a` stands twice" in said
    assert "park.yaml:3:4: error: the `[` opened here is not closed" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<<: {a: 1}", "1:1: error: merge keys (`<<`) are not part of the language"),
        ("a: !!python/object:os.system x", "1:4: error: tags (`!!python/object:os.system`) are"),
        ("a: !unit 3 t", "1:4: error: tags (`!unit`) are not part of the language"),
        ("a: !!str 3", "1:4: error: tags (`!!str`) are not part of the language"),
        ("a: 1\n---\nb: 1", "2:1: error: a second document starts here"),
        ("- a", "1:1: error: the file must be a mapping of keys to values, but it is a list"),
        ("case:demo", "1:1: error: the file must be a mapping of keys to values, but it is a sin"),
        ("", "1:1: error: the file is empty"),
        ("# nothing\n", "1:1: error: the file is empty"),
        ("? [a]\n: b", "1:3: error: a key must be plain text"),
        ("a: &x 1\n*x : 2", "2:1: error: a key must be plain text"),
        (": 1", "1:1: error: a key is missing here"),
        ("'': 1", "1:1: error: a key is missing here"),
        ("a: *coal", "1:4: error: nothing above is marked `&coal`"),
        ("a: &x [*x]", "1:8: error: `*x` stands inside the very thing it refers to"),
        ("a: &x {b: {c: *x}}", "1:15: error: `*x` stands inside the very thing it refers to"),
        ("a:\n\tb: 1", "2:1: error: there is a tab here"),
        ("a: 1\x00", "1:5: error: the invisible character U+0000 is not allowed"),
        ("a: 1\u2028b: 2", "1:5: error: the invisible character U+2028 is not allowed"),
        ('a: "\\e[31m"', "1:4: error: the text holds the control character U+001B"),
        (f"a: -{'9' * 5000}", "1:4: error: this number has too many digits"),
    ],
)
def test_what_the_language_leaves_out_is_refused_with_its_place(text: str, message: str) -> None:
    said = refused(text)
    assert said.startswith(f"park.yaml:{message}")
    assert said.count("error:") == 1
    assert "  help: " in said


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("a:1\nb: 2", "1:2: error: a space is missing after this colon", "write `key: value`"),
        ("a: 'x", "1:4: error: the quote opened here is never closed", "close it"),
        ("a: 'it's'", "1:8: error: there is text after the closing quote", "written twice"),
        ("a: [1, 2\nb: 3", "1:4: error: the `[` opened here is not closed", "close the bracket"),
        ("a: {x: 1\nb: 2", "1:4: error: the `{` opened here is not closed", "close the bracket"),
        ("a: {x: 1}}", "1:10: error: `}` does not belong here", "check the brackets"),
        ("a: 1\n  b: 2", "2:4: error: this line is indented like an entry", "align the keys"),
        ("a:\n  x: 1\n y: 2", "3:2: error: the indentation fits no line above", "align the keys"),
        ("a: b: c", "1:5: error: a value cannot contain `: `", "put the value in quotes"),
        ("a: 1\nunit GJ\nb: 2", "2:1: error: this line has no `: `", "write `key: value`"),
        ("unit GJ\nb: 2", "1:1: error: this line has no `: `", "write `key: value`"),
        ("a: @x", "1:4: error: a value cannot start with `@`", "put the value in quotes"),
        ("a: *", "1:4: error: a value cannot start with `*`", "put the value in quotes"),
        ("a: - b", "1:4: error: a list cannot start behind its key", "a line of its own"),
        ("a:\n  - x\n  y: 1", "3:3: error: this line stands in a list but", "start it with `- `"),
        ('a: "\\q"', "1:5: error: this escape is unknown", "use single quotes"),
        ("%FOO\n---\na: 1", "1:1: error: nothing can start with `%` here", "in quotes"),
    ],
)
def test_usual_slips_of_syntax_are_explained_in_plain_words(text: str, message: str, mend: str) -> None:
    said = refused(text)
    assert said.startswith(f"park.yaml:{message}")
    assert mend in said.splitlines()[-1]


@pytest.mark.parametrize("text", ["a: 'x", "a: [1, 2\nb: 3", "a: b: c", "a:\n  x: 1\n y: 2", "a: @x"])
def test_the_python_loader_explains_the_same_slips(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(text)
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert refused(text) == said


def test_broken_utf_8_is_named_by_byte_line_and_column() -> None:
    said = refused("case: 盐湖\nname: ".encode() + "氯化镁".encode("gbk"))
    assert said.startswith("park.yaml:2:7: error: byte 0xC2 (number 20 of the file) is not UTF-8")
    assert "save the file as UTF-8" in said


# ---------------------------------------------------------------- limits


def test_a_document_nested_too_deeply_is_refused() -> None:
    assert read(f"a: {'[' * 39}{']' * 39}")
    said = refused(f"a: {'[' * 40}{']' * 40}")
    assert said.startswith("park.yaml:1:43: error: lists and maps are nested more than 40 deep here")
    refused("[" * 1_000_000)


def test_depth_counts_aliases_expanded() -> None:
    steps = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))
    assert "nested more than 40 deep" in refused(f"a0: &a0 [x]\n{steps}")


def test_a_bomb_of_aliases_is_refused_without_being_expanded() -> None:
    steps = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    tracemalloc.start()
    said = refused(f"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{steps}")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "error: the document has more than 500,000 values, aliases expanded" in said
    assert peak < 5_000_000


def test_the_number_of_values_is_limited() -> None:
    limits = Limits(nodes=10)
    parse(b"a: [1, 2, 3, 4, 5, 6, 7]", "park.yaml", limits)  # the map, its key, the list, 7 items
    assert refused("a: [1, 2, 3, 4, 5, 6, 7, 8]", limits).startswith("park.yaml:1:4: error: the doc")


def test_a_large_file_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(20_000_000_000)  # sparse: takes no room on the disk
    tracemalloc.start()
    with pytest.raises(InputError, match=r"`large\.yaml` is larger than 10,000,000 bytes"):
        load(path, "large.yaml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, message in [
        ("absent.yaml", "cannot be read: No such file or directory"),
        ("nul\0.yaml", "cannot be read: embedded null byte"),
        (".", "is a folder"),
        ("pipe", "is no ordinary file"),
    ]:
        with pytest.raises(InputError) as caught:
            load(tmp_path / name, "this.yaml")
        assert str(caught.value).startswith(f"error: `this.yaml` {message}")


def test_a_file_is_read_under_the_name_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "park.yaml"
    path.write_text("case: demo\n", encoding="utf-8")
    assert str(load(path, "cases/park.yaml").keys["case"]) == "cases/park.yaml:1:1"
