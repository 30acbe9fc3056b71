"""Fields without a lever, each tried alone: closings, times of changeovers, what expires, is borrowed or comes back.

They stand in which rows there are and in their coefficients, not in a side, so no linear program can say how far one
must go. Each is dropped, or raised to the least figure with which the case has an answer, found by halving.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.units import parse_quantity
from ..flows.wording import Saying, named
from .blocked_phrases import field_phrases
from .fields import DIGITS, FieldChange, written_at

MOST_TRIED = 12
"""fields that are tried"""
MOST_COEFFICIENTS = 200_000
"""coefficients of a program beyond which nothing is tried: every try reads and solves the case again"""
HALVINGS = 14
"""times that the way from a figure to its end is halved"""
tell = field_phrases.tell
Works = Callable[[str], bool]
"""tells whether the case has an answer with one more setting"""


@dataclass(frozen=True)
class Field:
    """A field that may be dropped, or raised up to an end."""

    path: str
    what: Saying
    most: float | None = None
    """largest figure, in `unit`; None where the field is dropped"""
    unit: str = ""


def fields_to_try(case: Case, network: Network) -> Iterator[Field]:
    """Yield the stated fields without a lever that may keep a case from an answer."""
    yield from _closings(case, network)
    for name, origin in zip(network.campaigns.label, network.campaigns.origin.tolist(), strict=True):
        path = f"{network.origins[origin].path}.changeover_time"
        if written_at(case, path):
            yield Field(path, tell("changeover_time", thing=named(name)))
    yield from _banks(case, network)
    yield from _shares(case, network)


def tried(case: Case, field: Field, works: Works) -> FieldChange | None:
    """Return the change of one field that alone gives the case an answer, or None where it does not."""
    path, before = field.path, written_at(case, field.path)
    where = str(case.key_at(*path.split(".")))
    if field.most is None:
        setting = f"{path}=null"
        return FieldChange(path, where, field.what, before, "null", setting, "drop") if works(setting) else None
    most, unit = field.most, field.unit
    quantity = parse_quantity(before) if before else None
    least = quantity.to(unit) if quantity is not None else 0.0
    if most <= least or not works(f"{path}={most:.12g} {unit}"):
        return None
    low, high = least, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if works(f"{path}={middle:.12g} {unit}") else (middle, high)
    step = 10.0 ** (math.floor(math.log10(high)) - DIGITS + 1)
    for whole in (round(high / step), math.ceil(high / step)):  # what is found by halving is a little above the least
        after = f"{min(whole * step, most):.12g} {unit}"
        if works(f"{path}={after}"):
            return FieldChange(path, where, field.what, before, after, f"{path}={after}", "raise")
    return None


def _closings(case: Case, network: Network) -> Iterator[Field]:
    for plant, label in enumerate(network.plants.label):
        park = network.parks[int(network.companies.park[network.plants.company[plant]])].id
        path = f"parks.{park}.plants.{label.id}.retire_by"
        if written_at(case, path):
            yield Field(path, tell("retire_by", thing=named(label), period=written_at(case, path)))


def _banks(case: Case, network: Network) -> Iterator[Field]:
    """What expires, and what may be borrowed: as much as is free in all periods at most."""
    table = network.banks
    years = float(network.periods.weight @ network.periods.duration)
    for policy, origin in zip(table.policy.tolist(), table.origin.tolist(), strict=True):
        path, name = network.origins[origin].path, network.policies.id[policy]
        if written_at(case, f"{path}.expires"):
            yield Field(f"{path}.expires", tell("expires", name=name))
        free = float(network.policies.free[policy]) * years if len(network.policies.free) else 0.0
        if free > 0 and case.is_map(*path.split(".")):
            yield Field(f"{path}.borrow", tell("borrow", name=name), free, network.policies.unit[policy])


def _shares(case: Case, network: Network) -> Iterator[Field]:
    """Shares of what comes back of several products; that of one alone has a lever."""
    table = network.returns
    for row, origin in enumerate(table.origin.tolist()):
        path = network.origins[origin].path
        if int(np.sum(table.source_row == row)) < 2:
            continue
        material = named(network.materials.label[int(table.material[row])])
        for number in range(case.length_at(*path.split("."), "from") or 0):
            product = written_at(case, f"{path}.from.{number}.product")
            thing = network.names.get(product) or Saying(product)
            stated = written_at(case, f"{path}.from.{number}.share")
            if stated and not parse_quantity(stated).dimension:
                what = tell("share_back", product=thing, thing=material)
                yield Field(f"{path}.from.{number}.share", what, 100.0, "%")
