"""Exchange: what companies of one park pass on to each other."""

from __future__ import annotations

from functools import partial

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder


def exchange(network: Network, program: ProgramBuilder) -> None:
    """A material passes from a company that makes it to one that can use it, within the limit of the lane.

        0 ≤ exchange[e,t] ≤ upper[t,e]          for every lane e and period t

    exchange[e,t]   column `exchange`       material units given per period, from `Exchanges.source` to
                                            `Exchanges.target`, which receives (1 − `Exchanges.loss`) of it
    upper[t,e]      `Exchanges.upper`       material units per period; inf where unlimited

    How far materials travel (`exchange: none | company | park | all`) decides which lanes exist; a lane that is not
    allowed has no column. The lane leaves one balance and enters the other in `mass_balance`.

    The dual is the reduced cost: what a forced unit along an idle lane adds to the objective (never an improvement),
    and what one more unit of a full lane adds.
    """
    program.add_columns(
        "exchange",
        len(network.exchanges.source),
        names=partial(names.exchanges, network),
        upper=network.exchanges.upper,
        origin=network.exchanges.origin,
        upper_origin=network.exchanges.upper_origin,
    )
