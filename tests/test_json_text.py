"""JSON text is that of the standard library, whatever it holds."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkloop.reports.json_text import finite, indented, one_line

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["},\n      {", "}", '"'])
ROWS = st.lists(st.dictionaries(st.text(max_size=3), PLAIN, max_size=3), max_size=4)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


def by_library(value, **how):
    return json.dumps(finite(value), ensure_ascii=False, allow_nan=False, **how)


@given(st.dictionaries(st.text(max_size=5), VALUES | ROWS, max_size=4))
def test_the_text_is_that_of_the_standard_library(document):
    assert indented(document) == by_library(document, indent=2)
    assert one_line(document) == by_library(document)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"a": 1.5, "b": "},\n      {"}, {"a": -0.0, "b": "盐"}],
        [{"a": math.nan}, {"a": math.inf, "b": None}],
        [{"a": [1, 2]}, {"a": {"b": True}}],
        [{"a": 1}, 2],
    ],
    ids=["none", "empty", "texts", "no numbers", "lists inside", "no rows"],
)
def test_tables_of_all_kinds_stand_under_their_key(rows):
    document = {"before": {"x": [1, {"y": 2}]}, "rows": rows, "after": None}
    assert indented(document) == by_library(document, indent=2)
