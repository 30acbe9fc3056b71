"""Building in the oracle: new capacity of plants, links, routes and stores, what it costs, and who pays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import pyomo.environ as pyo

from oracle_columns import Columns, total
from oracle_figures import Spec, figure, number
from oracle_ways import Pass

Place = tuple[str, str]
"""A park and a company of it."""


class Site(NamedTuple):
    """What may be built: a plant, a link or a store of a park, or a route, whose park is ""."""

    kind: str
    park: str
    name: str


class Building(Columns):
    """New capacity of a site, by the period in which it is built; in the unit in which the site states its capacity."""

    def declare(self) -> None:
        """Declare what is built, and in how many steps."""
        super().declare()
        self.columns("built", self.sites)
        stepped = [site for site in self.sites if "step" in self.terms_of(site)]
        self.columns("pieces", stepped, pyo.NonNegativeIntegers)

    @cached_property
    def sites(self) -> dict[Site, list[Place]]:
        """All that may be built, with the companies that share its cost evenly; what serves nobody is not built."""
        case = self.case
        found: dict[Site, list[Place]] = {}
        for park in case.parks:
            for plant, block in case.block(park, "plants").items():
                if "build" in block:
                    found[Site("plants", park, plant)] = [(park, case.company(park, plant))]
            for way in case.passes:
                if way.park == park and "build" in case.link(way):
                    found[self.link_site(way)] = [(park, way.giver)]
            for store, block in case.block(park, "stores").items():
                if "build" in block:
                    found[Site("stores", park, store)] = [(park, self.keeper(park, store)[0])]
        for name, route in (case.spec.get("routes") or {}).items():
            senders = {(lane.start, lane.giver[0]) for lane in case.lanes if lane.route == name}
            if "build" in route and senders:
                found[Site("routes", "", name)] = sorted(senders)
        return found

    def keeper(self, park: str, name: str) -> tuple[str, str]:
        """Name the balance that a store serves; the room of stores knows."""
        raise NotImplementedError

    def link_site(self, way: Pass) -> Site:
        """Give the site of the link that states the terms of a way."""
        blocks = self.case.block(way.park, "links").items()
        name = next(name for name, link in blocks if (link["material"], link["from"], link["to"]) == way[1:])
        return Site("links", way.park, name)

    def site_block(self, site: Site) -> Spec:
        """Give the block of a site."""
        if site.kind == "routes":
            return dict(self.case.spec["routes"][site.name])
        return dict(self.case.block(site.park, site.kind)[site.name])

    def terms_of(self, site: Site) -> Spec:
        """Give the terms on which a site is built."""
        return dict(self.site_block(site)["build"])

    def size_of(self, site: Site) -> str:
        """Give the unit in which the capacity of a site is counted: an amount of a store, else a rate."""
        block = self.site_block(site)
        if site.kind == "plants":
            return f"{self.case.counted_in(site.park, site.name)}/a"
        if site.kind == "routes":
            return figure(block["capacity"]).unit
        unit = self.case.unit(block["material"])
        return unit if site.kind == "stores" else f"{unit}/a"

    @cached_property
    def opens(self) -> dict[str, float]:
        """When each period begins where each lasts as long as all its occurrences, a after the first."""
        found, clock = {}, 0.0
        for name, (duration, weight) in self.case.periods.items():
            found[name] = clock
            clock += duration * weight
        return found

    def vintages(self, site: Site, t: str) -> list[str]:
        """List the periods of building whose capacity stands when a period begins.

        lead_time ≤ begin of t − begin of v < lead_time + lifetime
        """
        build = self.terms_of(site)
        lead, life = number(build.get("lead_time", "0 a"), "a"), number(build["lifetime"], "a")
        ages = {when: self.opens[t] - self.opens[when] for when in self.case.periods}
        return [when for when, age in ages.items() if lead <= age + 1e-9 and age + 1e-9 < lead + life]

    def new(self, site: Site, t: str) -> Any:
        """Give the new capacity that stands in a period."""
        if site not in self.sites:
            return 0
        return total(self.model.built[(*site, when)] for when in self.vintages(site, t))

    def investment(self) -> None:
        """New capacity keeps to its largest, its pace and its steps, and spending to the budgets.

        Σ standing ≤ max
        built ≤ pace · duration · weight
        built = step · pieces
        Σ share · cost · built ≤ budget · duration · weight, of the case and of each park
        """
        for site in self.sites:
            build, size = self.terms_of(site), self.size_of(site)
            most = number(build.get("max", "unlimited"), size)
            for t, (duration, weight) in self.case.periods.items():
                built = self.model.built[(*site, t)]
                if not any(t in self.vintages(site, when) for when in self.case.periods):
                    self.hold(built == 0)  # it would stand in no period
                if math.isfinite(most) and self.vintages(site, t):
                    self.hold(self.new(site, t) <= most)
                if "pace" in build:
                    self.hold(built <= number(build["pace"], f"{size}/a") * duration * weight)
                if "step" in build:
                    self.hold(built == number(build["step"], size) * self.model.pieces[(*site, t)])
        self.budget(self.case.spec.get("investment") or {}, self.case.parks)
        for park in self.case.parks:
            self.budget(self.case.block(park, "investment"), [park])

    def budget(self, block: Spec, parks: list[str]) -> None:
        """Hold what companies of some parks spend to their budget."""
        if "budget" not in block:
            return
        for t, (duration, weight) in self.case.periods.items():
            spent = [
                self.outlay(site) / len(payers) * self.model.built[(*site, t)]
                for site, payers in self.sites.items()
                for park, _ in payers
                if park in parks
            ]
            if spent:
                self.hold(total(spent) <= number(block["budget"], "CNY/a") * duration * weight)

    def outlay(self, site: Site) -> float:
        """Give what a unit of new capacity costs."""
        size = self.size_of(site)
        return number(self.terms_of(site)["cost"], f"CNY/({size})" if "/" in size else f"CNY/{size}")

    def yearly(self, site: Site) -> float:
        """Give what a unit of new capacity costs in each year that it stands: its annuity."""
        build = self.terms_of(site)
        rate = number(build.get("rate", (self.case.spec.get("investment") or {}).get("rate", 0)))
        life = number(build["lifetime"], "a")
        share = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        return self.outlay(site) * share

    def building(self, place: Place) -> Iterator[tuple[float, Any]]:
        """Yield what new capacity costs a company, as an annuity while it stands or in cash when it is built."""
        if (self.case.spec.get("investment") or {}).get("method", "annuity") == "cash":
            yield from self.spent(place)
            return
        for site, payers in self.sites.items():
            for t, often in self.scope.items() if place in payers else ():
                share = often * self.case.periods[t][0] / len(payers)
                yield self.yearly(site) * share, self.new(site, t)

    def spent(self, place: Place) -> Iterator[tuple[float, Any]]:
        """Yield the capital that a company spends on new capacity, when it is built."""
        for site, payers in self.sites.items():
            for t in self.scope if place in payers else ():
                yield self.outlay(site) / len(payers) * self.once(t), self.model.built[(*site, t)]

    def once(self, t: str) -> float:
        """Give how often what happens once in all occurrences of a period counts: evenly in each of them."""
        return self.scope[t] / self.weights[t]
