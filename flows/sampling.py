"""Samples: which values all variations of a sweep take together, and in which order samples are solved."""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass
from math import prod
from typing import Literal, get_args

import numpy as np

from .problems import InputError, Problem
from .tables import Floats
from .variation import Variation

Sampling = Literal["grid", "sobol", "latin", "random"]
SAMPLINGS = get_args(Sampling)
MOST_SAMPLES = 10_000_000
"""samples of one sweep"""
Values = tuple[float | str, ...]


@dataclass(frozen=True)
class Design:
    """What is tried: the values of each variation in each of n samples."""

    sampling: Sampling
    values: tuple[Values, ...]
    """n tuples, one value for each variation"""
    place: Floats
    """(n, variations) where each value lies between the least and the largest of its variation, 0 … 1"""


def design(variations: tuple[Variation, ...], samples: int | None, seed: int, sampling: Sampling | None) -> Design:
    """Choose the samples of some variations.

        grid      every combination of the steps, the last variation varying fastest; `samples` is not needed
        sobol     a scrambled Sobol sequence: even in all dimensions at once; best with a power of two
        latin     a Latin hypercube: each variation takes each of n even slices of its distribution once
        random    independent draws

    The default is a grid where every variation has steps and no number of samples is stated, and sobol otherwise. The
    same variations, number, seed and sampling give the same samples with one version of scipy.

    Raises InputError where the number of samples is missing or out of proportion, or a grid has no steps.
    """
    stepped = all(it.values for it in variations)
    chosen = sampling or ("grid" if stepped and samples is None else "sobol")
    values = _grid(variations, samples) if chosen == "grid" else _drawn(variations, samples, seed, chosen)
    return Design(chosen, values, _places(values))


def _grid(variations: tuple[Variation, ...], samples: int | None) -> tuple[Values, ...]:
    for it in variations:
        if not it.values:
            raise _wrong(
                f"`{it.path}` has no steps for a grid", "write LOW:HIGH:STEPS or a list, or take --sampling sobol"
            )
    size = prod(len(it.values) for it in variations)
    if samples is not None and samples != size:
        raise _wrong(
            f"a grid of these steps has {size} samples, not {samples}", "leave out --samples, or --sampling grid"
        )
    if size > MOST_SAMPLES:
        raise _wrong(f"a grid of these steps has {size:,} samples, more than {MOST_SAMPLES:,}", "take fewer steps")
    return tuple(itertools.product(*(it.values for it in variations)))


def _drawn(variations: tuple[Variation, ...], samples: int | None, seed: int, sampling: Sampling) -> tuple[Values, ...]:
    if samples is None:
        raise _wrong("it is not said how many samples to take", "add e.g. `--samples 256`")
    if not 1 <= samples <= MOST_SAMPLES:
        raise _wrong(f"{samples} samples cannot be taken", f"take 1 to {MOST_SAMPLES:,}")
    shares = _shares(len(variations), samples, seed, sampling)
    return tuple(zip(*(it.at(shares[:, k]) for k, it in enumerate(variations)), strict=True))


def _shares(dimensions: int, samples: int, seed: int, sampling: Sampling) -> Floats:
    """Points (samples, dimensions) of the unit cube."""
    random = np.random.default_rng(seed)
    if not dimensions:
        return np.zeros((samples, 0))
    if sampling == "random":
        return random.random((samples, dimensions))
    from scipy.stats import qmc

    kind = {"sobol": qmc.Sobol, "latin": qmc.LatinHypercube}[sampling]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the number is no power of two: the documents say so
        return np.asarray(kind(dimensions, seed=random).random(samples))


def _places(values: tuple[Values, ...]) -> Floats:
    columns = []
    for column in zip(*values, strict=True):
        words = {it: number for number, it in enumerate(dict.fromkeys(column))}
        figures = np.array([it if isinstance(it, float) else words[it] for it in column], float)
        columns.append((figures - figures.min()) / max(np.ptp(figures), 1e-300))
    return np.array(columns).T if columns else np.zeros((len(values), 0))


def chunks(place: Floats, size: int) -> list[list[int]]:
    """Cut points (n, d) into parts of at most `size` that lie close together, and order each along its longest side.

    Halves are taken along the longest side until they are small enough, so the parts depend on the points alone.
    """
    parts, done = [np.arange(len(place))], []
    while parts:
        part = parts.pop()
        if place.shape[1]:
            side = int(np.argmax(np.ptp(place[part], axis=0)))
            part = part[np.argsort(place[part, side], kind="stable")]
        if len(part) <= size:
            done.append(part.tolist())
        else:
            parts += [part[len(part) // 2 :], part[: len(part) // 2]]
    return done


def _wrong(what: str, mend: str) -> InputError:
    return InputError([Problem(None, what, mend)])
