"""What `--vary` says is read with its units, and samples are drawn from it as stated."""

import numpy as np
import pytest
from scipy import stats

from parkloop.flows.problems import InputError
from parkloop.flows.sampling import chunks, design
from parkloop.flows.variation import read_variations


def variation(text):
    (found,) = read_variations((f"x={text}",))
    return found


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("300, 400 CNY/t, 500", (300, 400, 500), "CNY/t"),
        ("1 kt/a, 2000 t/a", (1000, 2000), "t/a"),
        ("0:10:3 %", (0, 5, 10), "%"),
        ("300:600:4 CNY/t", (300, 400, 500, 600), "CNY/t"),
        ("300 CNY/t:600 CNY/t:2", (300, 600), "CNY/t"),
        ("0.5, 0.25", (0.5, 0.25), "1"),
        ("1, 2 CNY/(t*km)", (1, 2), "CNY/(t·km)"),
    ],
)
def test_lists_and_steps_take_the_last_unit(text, values, unit):
    found = variation(text)
    assert found.values == pytest.approx(values)
    assert found.unit == unit


def test_words_and_limits_are_taken_as_they_are():
    assert variation("none, park, all").values == ("none", "park", "all")
    assert variation("unlimited, 300, 400 kt/a").values == ("unlimited", "300 kt/a", "400 kt/a")


def test_a_value_is_set_as_the_command_line_would():
    assert variation("300, 400 CNY/t").setting(300.0) == "x=300.0 CNY/t"
    assert variation("0.5").setting(0.5) == "x=0.5"
    assert variation("none, all").setting("none") == "x=none"


LAWS = {
    "300:600 CNY/t": stats.uniform(300, 300),
    "uniform(300, 600 CNY/t)": stats.uniform(300, 300),
    "normal(420, 40 CNY/t)": stats.norm(420, 40),
    "triangular(300, 350, 600 CNY/t)": stats.triang(1 / 6, 300, 300),
    "triangular(300, 300, 600 CNY/t)": stats.triang(0, 300, 300),
    "lognormal(420 CNY/t, 0.2)": stats.lognorm(0.2, scale=420),
    "truncated(normal(420, 40), 400, 500 CNY/t)": stats.truncnorm(-0.5, 2, 420, 40),
}


@pytest.mark.parametrize("text", LAWS)
def test_a_distribution_has_the_quantiles_of_its_name(text):
    share = np.array([0.001, 0.1, 1 / 6, 0.5, 0.9, 0.999])
    np.testing.assert_allclose(variation(text).at(share), LAWS[text].ppf(share), rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("truncated(lognormal(420 CNY/t, 0.5), 0, 500 CNY/t)", 0, 500),
        ("truncated(triangular(300, 350, 600), 320, 400 CNY/t)", 320, 400),
        ("truncated(uniform(300, 600), 320, 900 CNY/t)", 320, 600),
    ],
)
def test_a_truncated_distribution_stays_within_its_ends(text, low, high):
    values = np.array(variation(text).at(np.linspace(0, 1, 1001)))
    assert low <= values.min() < values.max() <= high
    assert (np.diff(values) >= 0).all()


@pytest.mark.parametrize(
    ("text", "says", "mend"),
    [
        ("x", "it is not PATH=VALUES", "PATH=300:600"),
        ("x=", "it is not PATH=VALUES", "PATH=300:600"),
        ("x=3 t:2 t", "the range begins at 3 and ends at 2", "the lower end first"),
        ("x=1:2:1 t", "`1` is no number of steps", "from 2 to"),
        ("x=1:2:3:4", "two ends", "PATH=300:600:4"),
        ("x=3 t, 4 MWh", "`3 t` is a mass", "write e.g."),
        ("x=3 tonnz, 4 t", "unknown unit `tonnz`", "did you mean"),
        ("x=3 t,, 4 t", "a value is missing", "PATH=300, 400"),
        ("x=3 t, none", "`none` does not start with a number", "number, space, unit"),
        ("x=gauss(1, 2)", "unknown distribution `gauss`", "known here: uniform"),
        ("x=norml(1, 2)", "unknown distribution `norml`", "did you mean 'normal'?"),
        ("x=normal(1 t)", "takes the mean and the standard deviation", "normal(420, 40 CNY/t)"),
        ("x=normal(1 t, 0 t)", "a standard deviation above zero", "normal(420, 40 CNY/t)"),
        ("x=triangular(1, 5, 3 t)", "in rising order", "triangular("),
        ("x=lognormal(1 t, 2 t)", "is a mass", "write e.g."),
        ("x=truncated(normal(1, 1 t), 50, 60 t)", "nothing of the distribution lies", "two ends apart"),
        ("x=truncated(normal(1, 1 t))", "a distribution and two ends", "truncated(normal("),
    ],
)
def test_what_cannot_be_read_is_said_with_its_mend(text, says, mend):
    with pytest.raises(InputError) as caught:
        read_variations((text,))
    (problem,) = caught.value.problems
    assert says in problem.what
    assert f"--vary {text}" in problem.what
    assert mend in problem.mend


def test_a_path_that_is_varied_twice_is_refused():
    with pytest.raises(InputError, match="`x` is varied twice"):
        read_variations(("x=1:2", "x=3, 4"))


def test_a_grid_takes_every_combination_the_last_path_fastest():
    drawn = design(read_variations(("a=1, 2", "b=none, all")), None, 0, None)
    assert drawn.sampling == "grid"
    assert drawn.values == ((1.0, "none"), (1.0, "all"), (2.0, "none"), (2.0, "all"))


@pytest.mark.parametrize("sampling", ["sobol", "latin"])
def test_sobol_and_latin_samples_are_even_in_every_figure(sampling):
    """Of 64 samples one lies in each 64th of each figure, as a Latin hypercube promises and a Sobol net keeps."""
    drawn = design(read_variations(("a=0:64", "b=0:128")), 64, 3, sampling)
    for values, step in zip(zip(*drawn.values, strict=True), (1, 2), strict=True):
        assert sorted(int(value // step) for value in values) == list(range(64))


def test_a_seed_says_which_samples_are_drawn():
    varied = read_variations(("a=0:1", "b=normal(0, 1)"))
    for sampling in ("sobol", "latin", "random"):
        first, again, other = (design(varied, 16, seed, sampling).values for seed in (1, 1, 2))
        assert first == again != other


@pytest.mark.parametrize(
    ("texts", "samples", "sampling", "says"),
    [
        (("a=0:1",), None, None, "it is not said how many samples"),
        (("a=0:1",), 4, "grid", "`a` has no steps for a grid"),
        (("a=1, 2",), 3, "grid", "has 2 samples, not 3"),
        (tuple(f"a{k}=0:1:1000" for k in range(3)), None, None, "1,000,000,000 samples"),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused(texts, samples, sampling, says):
    with pytest.raises(InputError, match=says):
        design(read_variations(texts), samples, 0, sampling)


def test_chunks_hold_every_sample_once_and_keep_neighbours_together():
    place = np.random.default_rng(1).random((1000, 2))
    parts = chunks(place, 32)
    assert sorted(sample for part in parts for sample in part) == list(range(1000))
    assert max(len(part) for part in parts) <= 32
    assert np.mean([np.ptp(place[part], axis=0).max() for part in parts]) < 0.3
