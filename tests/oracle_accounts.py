"""Accounts of the oracle: fates weighed by factors, money, ratios; each kept per company of a park."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from oracle_case import FATES
from oracle_columns import total
from oracle_displacement import displacing
from oracle_figures import DIMENSION, Spec, converted, number
from oracle_load import Load
from oracle_ways import Lane

MONEY = ("revenue", "cost", "profit", "value_added")
Place = tuple[str, str]
"""A park and a company of it."""


class Term(NamedTuple):
    """A signed part of an account."""

    factor: float
    flow: Any
    """Pyomo expression, or a number"""


def worth(terms: Iterable[Term]) -> Any:
    """Add up the terms of an account."""
    return sum(term.factor * term.flow for term in terms)


class Accounts(Load):
    """What is counted. `self.scope` says which periods count, and how often."""

    def fate(self, fate: str, place: Place, material: str, t: str) -> Any:
        """Sum the amount of a material of a company that met one fate, but for what stores lose."""
        case, (park, company) = self.case, place
        owners = [owner for owner in case.owners(park, material) if owner[0] == company]
        sent = [(lane, flow) for owner in owners for lane, flow in self.sent(park, material, t, owner)]
        given = list(self.given(park, company, material, t))
        if fate in FATES:
            dealt = total(self.dealt(fate, park, material, owner, t) for owner in owners)
            lost = total((1 - case.arriving(lane)) * flow for lane, flow in sent)
            lost += total((1 - case.passing(way)) * flow for way, flow in given)
            return dealt + lost if fate == "discarded" else dealt
        if fate == "shipped":
            return total(case.arriving(lane) * flow for lane, flow in sent)
        if fate == "exchanged":
            return total(case.passing(way) * flow for way, flow in given)
        if fate == "displaced":
            return total(each * self.fate("used", place, use, t) for use, each in displacing(case.spec, material))
        own = [line for line in case.lines(park) if case.company(park, line) == company]
        if fate == "made":
            return total(self.made(park, line, material, t) for line in own)
        wanted = {"used": "production", "treated": "treatment"}[fate]
        return total(
            self.consumed(park, line, material, t)
            for line in own
            if case.process(park, line).get("class", "production") == wanted
        )

    def factors(self, weights: Spec, unit: str, t: str) -> dict[str, float]:
        """Spread selectors over materials: a named one overrides, two selectors never meet."""
        found = {key: self.weight(key, written, unit, t) for key, written in weights.items() if "." not in key}
        named = set(found)
        for key, written in weights.items():
            for material in self.covered(key, written, t) if "." in key else ():
                if material not in named:
                    assert material not in found, f"two selectors meet on {material}"
                    found[material] = self.weight(material, written, unit, t, key)
        return found

    def covered(self, selector: str, written: Any, t: str) -> Iterator[str]:
        """Yield the materials of a class or tag in the factor's dimension, or with a property."""
        sort, name = selector.split(".")
        for material, block in self.case.spec["materials"].items():
            if sort == "property":
                if name in block.get("properties", {}):
                    yield material
            elif name == self.case.kind(material) if sort == "class" else name in block.get("tags", []):
                per = self.case.figure_at(written, t).unit.split("/")[1]
                if DIMENSION[per] == DIMENSION[self.case.unit(material)]:
                    yield material

    def weight(self, material: str, written: Any, unit: str, t: str, selector: str = "") -> float:
        """Read a factor as units of the indicator per unit of the material."""
        times = 1.0
        if selector.startswith("property."):
            times = self.case.at(written, t)
            properties = self.case.spec["materials"][material]["properties"]
            written = properties[selector.removeprefix("property.")]
        got = self.case.figure_at(written, t)
        top, per = got.unit.split("/")
        return times * converted(got.value, top, unit) / converted(1, per, self.case.unit(material))

    def account(self, factors: Spec, unit: str, place: Place) -> Iterator[Term]:
        """Yield factor (times weight of the period) and flow of an account of one company."""
        for fate, weights in factors.items():
            for t in self.case.periods:
                for material, factor in self.factors(weights, unit, t).items():
                    if t in self.scope:
                        yield Term(factor * self.scope[t], self.fate(fate, place, material, t))
                    if fate == "discarded":
                        for when, often, loss in self.spoils(place, material):
                            if when == t:
                                yield Term(factor * often, loss)

    def indicator(self, name: str, places: Iterable[Place] | None = None) -> list[Term]:
        """List the terms of an indicator that is no ratio, over some or all companies."""
        return [
            term for place in self.case.places if places is None or place in places for term in self.terms(name, place)
        ]

    def terms(self, name: str, place: Place) -> Iterator[Term]:
        """Yield the terms of an indicator of one company."""
        if name == "investment":
            yield from (Term(*part) for part in self.spent(place))
            return
        if name not in MONEY:
            block = self.case.spec["indicators"][name]
            yield from self.account(block["factors"], block["unit"], place)
            yield from self.added(name, block["unit"], place)
            yield from (Term(*part) for part in self.taken(name, block["unit"], place))
            return
        if name != "cost":
            yield from self.revenue(place)
        costs = [] if name == "revenue" else [*self.intermediate(place)]
        if name in ("cost", "profit"):
            costs += [Term(*part) for part in (*self.upkeep(place), *self.building(place), *self.closing(place))]
            costs += self.charges(place)
        sign = 1 if name == "cost" else -1
        yield from (Term(sign * term.factor, term.flow) for term in costs)

    def charges(self, place: Place) -> Iterator[Term]:
        """Yield payments under policies; a later room knows them."""
        raise NotImplementedError

    def trade(self, kind: str, place: Place) -> Iterator[Term]:
        """Yield price and amount of every deal of one kind of a company."""
        for (sort, park, material, step, company, _, t), column in self.model.deal.items():
            if (sort, park, company) == (kind, *place):
                price = self.case.at(
                    self.case.steps(kind, park, material)[step].price, t, f"CNY/{self.case.unit(material)}"
                )
                yield Term(price * self.scope.get(t, 0.0), column)

    def revenue(self, place: Place) -> Iterator[Term]:
        """Yield sales, and payments received for discards."""
        yield from self.trade("sell", place)
        yield from (Term(-t.factor, t.flow) for t in self.trade("discard", place) if t.factor < 0)

    def intermediate(self, place: Place) -> Iterator[Term]:
        """Yield purchases, disposal, variable cost, starts, changeovers, links, freight and storage."""
        park, company = place
        yield from self.trade("buy", place)
        yield from (term for term in self.trade("discard", place) if term.factor > 0)
        for line in self.case.lines(park):
            if self.case.company(park, line) != company:
                continue
            unit = self.case.unit(self.case.reference(park, line)[1])
            stated = {"variable_cost": f"0 CNY/{unit}"} | self.case.plant(park, line) | self.case.mode(park, line)
            rate = number(stated["variable_cost"], f"CNY/{unit}")
            for t, often in self.scope.items():
                yield Term(rate * often, self.model.run[park, line, t])
        for (where, plant, t), start in self.model.start.items():
            if (where, self.case.company(where, plant)) == place:
                price = number(self.switch(park, plant).get("start_cost", "0 CNY"), "CNY")
                yield Term(price * self.scope.get(t, 0.0), start)
        yield from (Term(*part) for part in self.changeovers(place))
        for i, way in enumerate(self.case.passes):
            if (way.park, way.giver) == place:
                unit = self.case.unit(way.material)
                price = number(self.case.link(way).get("cost", f"0 CNY/{unit}"), f"CNY/{unit}")
                yield from (Term(price * often, self.model.passed[i, t]) for t, often in self.scope.items())
        yield from (Term(self.case.freight(lane) * often, flow) for lane, often, flow in self.sendings(place))
        yield from (Term(*part) for part in self.storage(place))

    def sendings(self, place: Place) -> Iterator[tuple[Lane, float, Any]]:
        """Yield the ways of a company to other parks with the weight of the period and what is sent."""
        for i, lane in enumerate(self.case.lanes):
            if (lane.start, lane.giver[0]) == place:
                for t, often in self.scope.items():
                    yield lane, often, self.model.sent[i, t]

    def added(self, name: str, unit: str, place: Place) -> Iterator[Term]:
        """Yield what sending adds to an indicator."""
        for lane, often, flow in self.sendings(place):
            written = (self.case.route(lane.route).get("adds") or {}).get(name)
            if written is not None:
                each = number(written, f"{unit}/({self.case.unit(lane.material)}*km)")
                yield Term(each * self.case.length(lane) * often, flow)

    def unit(self, name: str) -> str:
        """Give the unit of an indicator."""
        return "CNY" if name in (*MONEY, "investment") else str(self.case.spec["indicators"][name]["unit"])

    def length(self, scope: dict[str, float]) -> float:
        """Length of a scope, a."""
        return sum(self.case.periods[t][0] * often for t, often in scope.items())
