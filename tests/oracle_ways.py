"""The ways of a case: what companies of a park pass on, by which links, and what goes along routes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from oracle_case import TRAVELLERS, Owner, Words
from oracle_figures import Spec, number


class Pass(NamedTuple):
    """A way for one material inside a park, from a company that makes it to another that can use it."""

    park: str
    material: str
    giver: str
    taker: str


class Lane(NamedTuple):
    """A way for one material along a route, from a maker in one park to a user in another."""

    route: str
    material: str
    start: str
    giver: Owner
    end: str
    taker: Owner


@dataclass(frozen=True)
class Case(Words):
    """The words of a case with its ways."""

    @cached_property
    def coalition(self) -> dict[tuple[str, str], int] | None:
        """Number the coalition of each company by park and name, None where the case states none."""
        stated = self.spec.get("coalitions")
        if stated is None:
            return None
        found = {}
        for number_of, names in enumerate(stated):
            for name in names:
                park, company = name.split(".")
                found[park, company] = number_of
        return found

    def together(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Tell whether two companies may pass residues to each other as far as coalitions go."""
        if self.coalition is None:
            return True
        return one in self.coalition and self.coalition[one] == self.coalition.get(other)

    @cached_property
    def passes(self) -> list[Pass]:
        """List the ways inside parks: residues at the wider levels and within a coalition only."""
        wide = self.spec.get("exchange", "all") in ("park", "all")
        found = []
        for park, material in product(self.parks, self.materials):
            kind = self.kind(material)
            if kind == "environment" or (kind in TRAVELLERS and not wide):
                continue
            givers = dict.fromkeys(company for company, _ in self.makers(park, material))
            takers = dict.fromkeys(company for company, _ in self.users(park, material))
            for giver, taker in product(givers, takers):
                bound = kind in TRAVELLERS and not self.together((park, giver), (park, taker))
                if giver != taker and not bound:
                    found.append(Pass(park, material, giver, taker))
        return found

    def link(self, way: Pass) -> Spec:
        """Give the terms of a way inside a park, empty where it is free."""
        for link in self.block(way.park, "links").values():
            if (link["material"], link["from"], link["to"]) == way[1:]:
                return dict(link)
        return {}

    def passing(self, way: Pass) -> float:
        """Give the share of what is passed on that arrives."""
        return 1 - number(self.link(way).get("loss", 0))

    def route(self, name: str) -> Spec:
        """Give a route, completed by what its mode of transport says for all its routes."""
        route = self.spec["routes"][name]
        mode = self.spec["transport"][route["by"]]
        return {key: mode[key] for key in ("cost", "handling", "adds") if key in mode} | route

    @cached_property
    def lanes(self) -> list[Lane]:
        """List the ways along routes: residues travel only at the widest level, and never between parks apart."""
        found = []
        for name, route in (self.spec.get("routes") or {}).items():
            ways = [(route["from"], route["to"]), (route["to"], route["from"])]
            if any(set(ways[0]) <= set(group) for group in self.spec.get("apart", [])):
                continue
            for material, (start, end) in product(route["carries"], ways if route.get("both_ways") else ways[:1]):
                residue = self.kind(material) in TRAVELLERS
                if residue and self.spec.get("exchange", "all") != "all":
                    continue
                for giver, taker in product(self.makers(start, material), self.users(end, material)):
                    if not residue or self.together((start, giver[0]), (end, taker[0])):
                        found.append(Lane(name, material, start, giver, end, taker))
        return found

    def arriving(self, lane: Lane) -> float:
        """Give the share of what is sent that arrives."""
        return 1 - number(self.route(lane.route).get("loss", 0))

    def length(self, lane: Lane) -> float:
        """Give the length of a route, km."""
        return number(self.route(lane.route)["distance"], "km")

    def freight(self, lane: Lane) -> float:
        """Give the money that sending a unit costs."""
        route, unit = self.route(lane.route), self.unit(lane.material)
        per_km = number(route.get("cost", f"0 CNY/({unit}*km)"), f"CNY/({unit}*km)")
        return per_km * self.length(lane) + number(route.get("handling", f"0 CNY/{unit}"), f"CNY/{unit}")
