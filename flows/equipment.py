"""Units of a park: equipment whose capacity several plants share."""

from __future__ import annotations

import numpy as np

from .accounts import label
from .draft import Draft
from .park_schema import Unit
from .plant_tables import Units
from .problems import nearest
from .tables import Floats
from .units import Quantity

COUNTED_IN = {
    "": "h",  # hours per year are a pure number
    "mass/time": "t",
    "energy/time": "GJ",
    "volume/time": "m3",
    "normal volume/time": "Nm3",
}
"""what a capacity of each dimension is counted in"""


def place_units(draft: Draft) -> None:
    """Write the units of every park. All plants must be placed."""
    for number, (park, block) in enumerate(draft.case.parks.items()):
        for key, unit in block.units.items():
            path = ("parks", park, "units", key)
            if key in block.plants:
                what = f"a plant and a unit of park `{park}` are both called `{key}`"
                draft.findings.error(draft.case.key_at(*path), what, "give the unit another name")
            elif (counted := _counted_in(draft, unit.capacity, path)) is not None:
                _unit(draft, number, path, unit, counted)


def _counted_in(draft: Draft, capacity: Quantity, path: tuple[str, ...]) -> str | None:
    counted = COUNTED_IN.get(capacity.dimension)
    if counted is None or capacity.unit == "1":
        what = f"the capacity of a unit is an amount or hours per time, not `{capacity}`"
        draft.findings.error(draft.case.value_at(*path, "capacity"), what, "write e.g. `300 kt/a` or `8000 h/a`")
        return None
    return counted


def _unit(draft: Draft, park: int, path: tuple[str, ...], unit: Unit, counted: str) -> None:
    share = draft.series(unit.availability, "1", *path, "availability", least=0.0, most=1.0)
    capacity = draft.number(unit.capacity, f"{counted}/a", *path, "capacity") or 0.0
    available = capacity * (1.0 if share is None else share)
    row = draft.units.add(
        label=label(path[-1], unit.name),
        park=park,
        unit=counted,
        lower=available * unit.min_load,
        upper=available,
        lower_origin=draft.origin_of(*path, "min_load"),
        upper_origin=draft.origin_of(*path, "capacity"),
    )
    plants = draft.case.parks[path[1]].plants
    for plant, factor in unit.users.items():
        where = (*path, "users", plant)
        if plant not in plants:
            position, mend = draft.case.key_at(*where), nearest(plant, plants)
            draft.findings.error(position, f"unknown plant `{plant}` in park `{path[1]}`", mend)
            continue
        for number, takes, plant_unit in draft.runs_of.get((path[1], plant), ()):
            share = draft.number(factor, f"{counted}/{plant_unit}", *where)
            if share is None:
                break
            draft.unit_terms.add(unit=row, plant=number, factor=share * takes)


def unit_table(draft: Draft, durations: Floats) -> Units:
    """Return the table of units and of plants with modes; bounds (T, n) are per period."""
    rows, terms = draft.units, draft.unit_terms
    shape = len(durations), rows.size
    return Units(
        label=rows.texts("label"),
        park=rows.ints("park"),
        unit=rows.texts("unit"),
        lower=rows.amounts("lower", durations),
        upper=rows.amounts("upper", durations),
        lower_origin=np.broadcast_to(rows.origins("lower_origin", len(durations)), shape),
        upper_origin=np.broadcast_to(rows.origins("upper_origin", len(durations)), shape),
        term_unit=terms.ints("unit"),
        term_plant=terms.ints("plant"),
        term_factor=terms.floats("factor"),
    )
