"""What uses stand in for, in the oracle: `displaces` of materials."""

from __future__ import annotations

from collections.abc import Iterator

from oracle_figures import Spec, converted, figure


def displacing(spec: Spec, virgin: str) -> Iterator[tuple[str, float]]:
    """Yield each material that stands in for a virgin one, and how much of that a unit of it replaces."""
    for material, block in spec["materials"].items():
        written = (block.get("displaces") or {}).get(virgin)
        if written is not None:
            got = figure(written)
            top, per = got.unit.split("/")
            own, other = (str(spec["materials"][name].get("unit", "t")) for name in (material, virgin))
            yield material, converted(got.value, top, other) / converted(1, per, own)
