"""Displacement: what virgin material a by-product or a waste stands in for where production uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .problems import Findings, nearest
from .units import QuantityError

if TYPE_CHECKING:
    from .case import Shelf


def check_displaced(shelf: Shelf, name: str, findings: Findings) -> None:
    """Check that a material displaces others that exist, by a positive amount in units that fit."""
    for other, amount in shelf.materials[name].displaces.items():
        path = ("materials", name, "displaces", other)
        if other == name:
            what = f"`{name}` cannot stand in for itself"
            findings.error(shelf.key_at(*path), what, "name the virgin material that it is used in place of")
        elif other not in shelf.materials:
            mend = nearest(other, shelf.materials)
            findings.error(shelf.key_at(*path), f"unknown material `{other}`", mend)
        elif amount.value.value <= 0:
            what = f"`{amount.value}` displaces nothing"
            findings.error(shelf.value_at(*path), what, "write an amount above zero")
        else:
            try:
                amount.value.to(f"{shelf.materials[other].unit}/{shelf.materials[name].unit}")
            except QuantityError as error:
                findings.error(shelf.value_at(*path), error.what, error.mend)


def displacements(shelf: Shelf, virgin: Mapping[str, object]) -> list[tuple[str, str, float]]:
    """Return (material, virgin material, units of the latter per unit of the former) for some virgin materials."""
    found = []
    for name, material in shelf.materials.items():
        for other, amount in material.displaces.items():
            if other in virgin and other in shelf.materials:
                try:
                    found.append((name, other, amount.value.to(f"{shelf.materials[other].unit}/{material.unit}")))
                except QuantityError:
                    continue  # said by `check_displaced`
    return found
