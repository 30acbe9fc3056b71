"""Balance: nothing vanishes."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from ..flows.tables import OfferKind
from . import names
from .builder import ProgramBuilder
from .stock import at_the_start, not_at_the_start


def mass_balance(network: Network, program: ProgramBuilder) -> None:
    """Whatever comes into a node leaves it in the same period: every amount has an explicit fate.

        bought + made + received − used − filled − sold − discarded − exchanged − shipped − lost − stored = 0
                                                                            for every node n and period t

        Σ_buy deal + Σ_p amount⁺·run + Σ_o amount⁺·fill + Σ_in (1 − loss)·exchange + Σ_in (1 − loss)·ship
        − Σ_p amount⁻·run − Σ_o fill − Σ_o amount⁻·fill − Σ_sell deal − Σ_discard deal − Σ_out exchange − Σ_out ship
        − Σ_s level[s,t] + Σ_s keep·level[s,t−1] = 0

    run[p,t]        column `run`            reference units; amount: `Entries.amount`, material units per reference unit
    fill[o,t]       column `fill`           units of the filling material, drawn from the option's own node;
                                            amount: `OptionEntries.amount`, material units per unit of fill
    deal[d,t]       column `deal`           material units bought (+), sold or discarded (−)
    exchange[e,t]   column `exchange`       material units given (−), received (+) less `Exchanges.loss`
    ship[s,t]       column `ship`           material units sent (−), received (+) less `Shipments.loss`
    level[s,t]      column `level`          material units at the end of the period. What was in the store before, less
                                            what it lost since, comes back, so that
                                            lost + stored = level[s,t] − keep·level[s,t−1]; before the first period it
                                            is the column `opening`; keep: `Stores.keep`

    A node is one material of one company in one park (of one plant where exchange is `none`). The row is in units of
    its material per period.

    The dual is the change of the objective when one more unit has to leave the node without a fate. One more unit
    *available* there is therefore worth −dual: a material that is worth something has a negative dual when
    maximising profit, and a positive one when minimising cost.
    """
    entries, options, more = network.entries, network.options, network.option_entries
    deals, lanes, shipments = network.deals, network.exchanges, network.shipments
    sign = np.where(network.offers.kind[network.steps.offer[deals.step]] == OfferKind.BUY, 1.0, -1.0)
    lane = np.arange(len(lanes.source))
    stores = network.stores
    store = np.arange(len(stores.node))
    program.add_rows(
        "balance",
        len(network.nodes.material),
        names=partial(names.balances, network),
        lower=0.0,
        upper=0.0,
        origin=network.nodes.origin,
        park=network.companies.park[network.nodes.company],
    )
    program.add_terms("balance", entries.node, "run", entries.plant, entries.amount)
    program.add_terms("balance", options.node, "fill", np.arange(len(options.node)), -1.0)
    program.add_terms("balance", more.node, "fill", more.option, more.amount)
    program.add_terms("balance", deals.node, "deal", np.arange(len(deals.node)), sign)
    program.add_terms("balance", lanes.source, "exchange", lane, -1.0)
    program.add_terms("balance", lanes.target, "exchange", lane, 1.0 - lanes.loss)
    shipment = np.arange(len(shipments.source))
    program.add_terms("balance", shipments.source, "ship", shipment, -1.0)
    program.add_terms("balance", shipments.target, "ship", shipment, 1.0 - shipments.loss)
    program.add_terms("balance", stores.node, "level", store, -1.0)
    program.add_lagged_terms("balance", stores.node, "level", store, not_at_the_start(stores.keep), 1)
    program.add_terms("balance", stores.node, "opening", store, at_the_start(stores.keep))
