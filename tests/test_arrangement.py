"""Where boxes and bands stand: forward to the right, loops around, and nothing on another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkloop.pages.arrangement import BOX, GAP, PITCH, arrange, columns, loops

Drawn = tuple[int, list[tuple[int, int]], list[float]]


@st.composite
def graphs(draw: st.DrawFn) -> Drawn:
    """A few boxes, each with a band, and bands between any of them."""
    count = draw(st.integers(2, 12))
    box = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(box, box), max_size=30))
    pairs += [(n, (n + 1) % count) for n in range(count) if not any(n in pair for pair in pairs)]
    values = [draw(st.floats(1e-3, 1e6)) for _ in pairs]
    return count, pairs, values


def test_a_chain_stands_in_a_row() -> None:
    """A gives 10 to B, B gives 8 to C: three columns, one pitch apart, boxes as high as what passes: 10, 10, 8."""
    found = arrange(3, [(0, 1), (1, 2)], [10.0, 8.0])
    a, b, c = found.boxes
    assert b.x - a.x == c.x - b.x == PITCH
    assert a.height == b.height
    assert c.height == pytest.approx(0.8 * a.height, abs=0.1)
    assert not any(band.loop for band in found.bands)


def test_the_thinner_way_is_the_one_that_runs_back() -> None:
    """Of A to B with 10 and B to A with 1 the latter closes the loop."""
    assert loops(2, [(0, 1), (1, 0)], [10.0, 1.0]) == {1}
    assert loops(2, [(0, 1), (1, 0)], [1.0, 10.0]) == {0}


def test_what_a_box_gives_itself_is_a_loop() -> None:
    assert loops(1, [(0, 0)], [1.0]) == {0}
    (band,) = arrange(1, [(0, 0)], [1.0]).bands
    assert band.loop


def test_a_source_stands_close_before_what_it_gives_to() -> None:
    """0 → 1 → 2 → 3, and 4 gives to 3 only: 4 stands in the third column, not in the first."""
    assert columns(5, [(0, 1), (1, 2), (2, 3), (4, 3)], set()) == [0, 1, 2, 3, 2]


def test_nothing_is_no_picture() -> None:
    assert arrange(0, [], []).boxes == ()


@given(graphs())
def test_bands_run_to_the_right_and_loops_close(drawn: Drawn) -> None:
    count, pairs, values = drawn
    back = loops(count, pairs, values)
    column = columns(count, pairs, back)
    for row, (source, target) in enumerate(pairs):
        if row not in back:
            assert column[source] < column[target]
    for row in back:  # forward bands lead from where it arrives to where it leaves
        source, target = pairs[row]
        seen, waiting = {target}, [target]
        while waiting:
            box = waiting.pop()
            for n, (start, end) in enumerate(pairs):
                if n not in back and start == box and end not in seen:
                    seen.add(end)
                    waiting.append(end)
        assert source in seen


@given(graphs())
def test_no_box_lies_on_another_and_labels_have_room(drawn: Drawn) -> None:
    found = arrange(*drawn)
    for n, one in enumerate(found.boxes):
        assert one.y - GAP >= -0.1
        assert one.y + one.height <= found.height
        assert one.x + BOX <= found.width
        for other in found.boxes[n + 1 :]:
            if one.x == other.x:
                upper, lower = sorted((one, other), key=lambda box: box.y)
                assert lower.y - upper.y - upper.height >= GAP - 0.2


@given(graphs())
def test_bands_leave_and_arrive_at_their_boxes(drawn: Drawn) -> None:
    _, pairs, _ = drawn
    found = arrange(*drawn)
    for (source, target), band in zip(pairs, found.bands, strict=True):
        start, end = found.boxes[source], found.boxes[target]
        x, y = (float(figure) for figure in re.match(r"M(-?[\d.]+) (-?[\d.]+)", band.path).groups())  # type: ignore[union-attr]
        assert x == pytest.approx(start.x + BOX, abs=0.11)
        top = y - band.width / 2 if band.loop else y
        assert start.y - 0.2 <= top
        assert top + band.width <= start.y + start.height + 0.2
        if band.loop:
            assert float(band.path.rpartition("H")[2]) == pytest.approx(end.x, abs=0.11)
        else:
            assert f" {end.x:.1f} " in band.path or f"H{end.x:.1f}" in band.path


@given(graphs())
def test_the_same_graph_is_drawn_the_same(drawn: Drawn) -> None:
    assert arrange(*drawn) == arrange(*drawn)
