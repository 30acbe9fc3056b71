"""The block of a measure: what it costs, and what it changes in a case.

Annotations are evaluated as the classes are made (no `annotations` import): pydantic would compile each again.
"""

from typing import Any, Self

from pydantic import model_validator

from .blocks import AnyQuantity, Identifier, Name, PositiveQuantity, Share, refuse
from .recipe_schema import Pedigree


class Measure(Pedigree):
    """Something that may be done: an overlay on a case, laid over a scenario, and what it costs."""

    name: Name
    investment: PositiveQuantity | None = None
    """money that is spent once"""
    lifetime: PositiveQuantity | None = None
    """time over which the investment is paid in equal yearly parts"""
    rate: Share | None = None
    """interest per year; default: the `rate` of `investment` of the case"""
    annual_cost: AnyQuantity | None = None
    """money per time that the plants and offers of the case do not count; negative where it saves"""
    set: dict[str, Any] = {}
    """value by dotted path that exists, as in a scenario"""
    add: dict[str, Any] = {}
    """plant, offer, link, process, … by dotted path that does not exist yet"""
    disable: list[str] = []
    """dotted paths of plants, offers, links, routes and policies to leave out"""
    requires: list[Identifier] = []
    """measures without which this one cannot be taken"""
    excludes: list[Identifier] = []
    """measures that cannot be taken together with this one; it holds both ways"""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not (self.set or self.add or self.disable):
            raise refuse("the measure changes nothing", "give it `set`, `add` or `disable`")
        return self

    @model_validator(mode="after")
    def _investment_is_whole(self) -> Self:
        if self.investment is None and (self.lifetime is not None or self.rate is not None):
            what = "`lifetime` and `rate` belong to an `investment`, which is not given"
            raise refuse(what, "add `investment: 10 MCNY`, or delete them")
        if self.investment is not None and self.lifetime is None:
            raise refuse("the lifetime of the investment is missing", "add e.g. `lifetime: 20 a`")
        if self.lifetime is not None and self.lifetime.value == 0:
            raise refuse("an investment without lifetime is lost at once", "write e.g. `20 a`")
        return self
