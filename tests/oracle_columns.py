"""The columns of the oracle's program, and the flows of one material as sums of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from oracle_case import FATES, Owner
from oracle_figures import is_slot, number
from oracle_ways import Case, Lane, Pass


def total(flows: Iterable[Any]) -> Any:
    """Add up columns or numbers."""
    return sum(flows)


@dataclass
class Columns:
    """A case and its model, with amounts over one occurrence of a period. Later rooms add laws."""

    case: Case
    model: Any = field(default_factory=pyo.ConcreteModel)
    scope: dict[str, float] = field(default_factory=dict)
    """how often each period counts in the terms that are being written"""

    @property
    def weights(self) -> dict[str, float]:
        """How often each period occurs."""
        return {t: often for t, (_, often) in self.case.periods.items()}

    @contextmanager
    def during(self, scope: dict[str, float]) -> Iterator[None]:
        """Write terms over some periods only; they must be used up inside."""
        before, self.scope = self.scope, scope
        yield
        self.scope = before

    def hold(self, relation: Any) -> Any:
        """Add a row and return it; one without any column is true or false by itself."""
        if relation is True:
            return None
        return self.model.law.add(pyo.Constraint.Infeasible if relation is False else relation)

    def columns(self, name: str, keys: Iterable[Any], domain: Any = pyo.NonNegativeReals) -> None:
        """Declare columns, one for each key and period; all ≥ 0 unless said otherwise."""
        times = list(self.case.periods)
        joined = [(*key, t) if isinstance(key, tuple) else (key, t) for key in keys for t in times]
        setattr(self.model, name, pyo.Var(joined, domain=domain))

    def declare(self) -> None:
        """Declare what flows."""
        case = self.case
        self.model.law = pyo.ConstraintList()
        lines = [(park, line) for park in case.parks for line in case.lines(park)]
        self.columns("run", lines)
        self.columns(
            "fill",
            (
                (*line, slot, material)
                for line in lines
                for slot, entry in case.slots(*line).items()
                for material in entry["from"]
            ),
        )
        self.columns(
            "deal",
            (
                (kind, park, material, step, *owner)
                for kind, park, material in case.offers
                for step, _ in enumerate(case.steps(kind, park, material))
                for owner in case.dealers(kind, park, material)
            ),
        )
        self.columns("passed", range(len(case.passes)))
        self.columns("sent", range(len(case.lanes)))

    def made(self, park: str, line: str, material: str, t: str) -> Any:
        """Recipe output, and what the fills of slots bring with them."""
        per, _ = self.case.reference(park, line)
        outputs = self.case.outputs(park, line)
        flow: Any = self.fills(park, line, "outputs", material, t)
        if material in outputs:
            flow += number(outputs[material], self.case.unit(material)) / per * self.model.run[park, line, t]
        return flow

    def consumed(self, park: str, line: str, material: str, t: str) -> Any:
        """Recipe input, fills of slots with the material, and what other fills need of it."""
        per, _ = self.case.reference(park, line)
        entry = self.case.process(park, line).get("inputs", {}).get(material)
        flow: Any = self.fills(park, line, "inputs", material, t)
        if entry is not None and not is_slot(entry):
            flow += number(entry, self.case.unit(material)) / per * self.model.run[park, line, t]
        for slot, block in self.case.slots(park, line).items():
            if material in block["from"]:
                flow += self.model.fill[park, line, slot, material, t]
        return flow

    def fills(self, park: str, line: str, side: str, material: str, t: str) -> Any:
        """Sum what the options of all slots bring (outputs) or need (inputs) of a material."""
        return total(
            number(option[side][material], self.case.unit(material)) * self.model.fill[park, line, slot, filler, t]
            for slot, block in self.case.slots(park, line).items()
            for filler, option in block["from"].items()
            if material in (option.get(side) or {})
        )

    def load(self, park: str, plant: str, t: str) -> Any:
        """Sum what the lines of a plant take of its capacity."""
        return total(
            self.case.takes(park, line) * self.model.run[park, line, t] for line in self.case.modes(park, plant)
        )

    def dealt(self, fate: str, park: str, material: str, owner: Owner, t: str) -> Any:
        """Sum what one owner bought, sold or discarded, over the steps of the offers."""
        keys = (
            (kind, park, material, step, *owner, t)
            for kind in FATES[fate]
            for step, _ in enumerate(self.case.steps(kind, park, material))
        )
        return total(self.model.deal[key] for key in keys if key in self.model.deal)

    def given(self, park: str, company: str, material: str, t: str) -> Iterator[tuple[Pass, Any]]:
        """Yield what a company passes on to others of its park, with its way."""
        for i, way in enumerate(self.case.passes):
            if way[:3] == (park, material, company):
                yield way, self.model.passed[i, t]

    def received(self, park: str, company: str, material: str, t: str) -> Any:
        """Sum what a company receives from others of its park."""
        return total(
            self.case.passing(way) * self.model.passed[i, t]
            for i, way in enumerate(self.case.passes)
            if (way.park, way.material, way.taker) == (park, material, company)
        )

    def sent(self, park: str, material: str, t: str, giver: Owner) -> Iterator[tuple[Lane, Any]]:
        """Yield what a maker sends to other parks, with its way."""
        for i, lane in enumerate(self.case.lanes):
            if (lane.start, lane.material, lane.giver) == (park, material, giver):
                yield lane, self.model.sent[i, t]

    def arrived(self, park: str, material: str, t: str, taker: Owner) -> Any:
        """Sum what a user receives from other parks."""
        return total(
            self.case.arriving(lane) * self.model.sent[i, t]
            for i, lane in enumerate(self.case.lanes)
            if (lane.end, lane.material, lane.taker) == (park, material, taker)
        )
