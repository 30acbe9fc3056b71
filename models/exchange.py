"""Exchange: what companies of one park pass on to each other."""

from __future__ import annotations

from functools import partial

from ..flows.network import Network
from . import names
from .program import ProgramBuilder


def exchange(network: Network, program: ProgramBuilder) -> None:
    """A material passes from a company that makes it to one that can use it, free of charge and never backwards.

        exchange[e,t] ≥ 0                           for every lane e and period t

    exchange[e,t]   column `exchange`       material units per period, from `Exchanges.source` to `Exchanges.target`

    How far materials travel (`exchange: none | company | park | all`) decides which lanes exist; a lane that is not
    allowed has no column. The lane leaves one balance and enters the other in `mass_balance`.

    The dual is the reduced cost: what a forced unit along an idle lane adds to the objective (never an improvement).
    """
    program.add_columns(
        "exchange",
        len(network.exchanges.source),
        names=partial(names.exchanges, network),
        origin=network.exchanges.origin,
    )
