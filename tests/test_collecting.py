"""The collector of reference cycles rests while a case is read and built, and is at work afterwards."""

import gc
from contextlib import contextmanager

import pytest

from hello import TEXT, network_of, tree_of
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.flows.collecting import uncollected
from parkloop.flows.problems import InputError


@contextmanager
def collections():
    """Count how often the collector goes over objects, however few have been made since."""
    runs = []
    former = gc.get_threshold()
    gc.callbacks.append(lambda phase, _: runs.append(phase))
    mine = gc.callbacks[-1]
    gc.set_threshold(1)
    try:
        yield runs
    finally:
        gc.callbacks.remove(mine)
        gc.set_threshold(*former)


@uncollected
def make(number, error=None):
    """So many lists in each other, which the collector would have to look at."""
    made = [[[] for _ in range(number)] for _ in range(number)]
    if error:
        raise error
    return len(made), gc.isenabled()


def test_the_collector_rests_while_a_function_works_and_is_at_work_afterwards():
    assert make(3) == (3, False)
    assert gc.isenabled()


def test_it_is_at_work_after_a_failure_too():
    with pytest.raises(KeyError):
        make(3, KeyError("lost"))
    assert gc.isenabled()


def test_a_collector_that_somebody_has_switched_off_stays_off():
    gc.disable()
    try:
        make(3)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_reading_and_building_a_case_wake_it_only_at_their_ends(tmp_path):
    """Each function lets it go over things once at most, when it is at work again."""
    path = tmp_path / "hello.yaml"
    path.write_text(TEXT, encoding="utf-8")
    case = read_case(path)
    build_network(case)  # imports and tables that are made once
    with collections() as runs:
        case = read_case(path)
        build_network(case)
    assert runs.count("start") <= 10
    with pytest.raises(InputError):
        network_of(TEXT.replace("case:", "cage:"))
    assert gc.isenabled()
    assert tree_of(TEXT).case().parks.keys() == case.parks.keys()
