"""The account of every company, and how service islands share theirs among those who use them.

The key of an island is what each company takes of the materials that the island makes and states in `shares` (or gives
it of those that it only uses), weighed and added up over all periods with their weights:

    key[i,k]    = Σ_m weight[i,m] · amount[m, i → k, or k → i]
    share[i,k]  = key[i,k] / Σ_k key[i,k]
    passed[i]   = own[i] + Σ_j share[j,i]·passed[j]             an island passes on what other islands charge it, too
    total[k]    = own[k] + Σ_i share[i,k]·passed[i]             for a company that is no island
    total[i]    = 0                                             for an island that passes on; else what it has

So the totals of all companies add up to what their own accounts add up to. It is an account after the solve: no
company sees it in the program, and no price changes. An island from which no company takes anything, be it through
other islands, keeps what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.network import Network
from ..flows.tables import Bools, Floats
from ..models.coverage import indicator_value
from .flows import FATES, IDLE, FlowTable


@dataclass(frozen=True)
class Sharing:
    """Accounts of companies before and after the islands have shared theirs: (accounts, K) for K companies."""

    own: Floats
    """(accounts, K)"""
    share: Floats
    """(islands, K) part of each island that each company uses, 1"""
    passed: Floats
    """(accounts, islands) what each island passes on"""
    total: Floats
    """(accounts, K)"""

    def received(self, island: int, company: int) -> Floats:
        """Return what a company receives of an island, (accounts,)."""
        part: Floats = self.share[island, company] * self.passed[:, island]
        return part


def share_islands(network: Network, flows: FlowTable, own: Floats) -> Sharing:
    """Share the accounts of islands, own (accounts, K) over all periods, among the companies that use them."""
    islands = network.islands
    share = _shares(network, flows)
    within = share[:, islands.company]
    rest = np.setdiff1d(np.arange(own.shape[1]), islands.company)
    users: Bools = np.asarray((share[:, rest] > 0).any(axis=1))
    serves = _reaches(users, within > 0)
    share[~serves] = 0.0
    within = share[:, islands.company]
    passed: Floats = np.asarray(
        np.linalg.solve(np.eye(len(serves)) - within.T, own[:, islands.company].T).T, np.float64
    )
    passed[:, ~serves] = 0.0
    total = own + passed @ share
    total[:, islands.company[serves]] = 0.0
    return Sharing(own, share, passed, total)


def _shares(network: Network, flows: FlowTable) -> Floats:
    """Part of each island that each company uses, (islands, K); zero where nobody uses it."""
    islands, nodes = network.islands, network.nodes
    key = np.zeros((len(islands.label), len(network.companies.label)))
    moved = np.isin(flows.fate, [FATES.index("exchanged"), FATES.index("shipped")])
    amount = network.periods.weight @ flows.value
    material, giver = nodes.material[flows.node], nodes.company[flows.node]
    taker = np.where(flows.partner >= 0, nodes.company[flows.partner], -1)
    for island, what, weight, gives in zip(
        islands.term_island, islands.term_material, islands.term_weight, islands.term_gives, strict=True
    ):
        mine = islands.company[island]
        of_it = material == what
        least = IDLE * amount[of_it].max(initial=0.0)
        here, there = (giver, taker) if gives else (taker, giver)
        rows = np.flatnonzero(moved & of_it & (here == mine) & (there != mine) & (amount > least))
        np.add.at(key[island], there[rows], weight * amount[rows])
    total = key.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(key, total, out=np.zeros_like(key), where=total > 0)
    return shares


def _reaches(serves: Bools, passes: Bools) -> Bools:
    """Mark islands that serve a company which is no island, directly or through others."""
    for _ in range(len(serves)):
        serves = serves | (passes & serves[None, :]).any(axis=1)
    return serves


@dataclass(frozen=True)
class CompanyFigure:
    """One figure of the account of a company."""

    park: str
    company: str
    account: str
    """`own`; `island NAME`, what is shared of an island; `total`, after islands have shared theirs"""
    share: float | None
    """part of the island that the company uses, 1; None in other accounts"""
    indicator: str
    value: float | None
    unit: str


def company_figures(network: Network, sharing: Sharing) -> Iterator[CompanyFigure]:
    """Yield all indicators of every company: its own account, its share of each island, and the total."""
    table = network.indicators
    for company, text in enumerate(network.companies.label):
        accounts: list[tuple[str, float | None, Floats]] = [("own", None, sharing.own[:, company])]
        for island, name in enumerate(network.islands.label):
            if sharing.share[island, company]:
                part = float(sharing.share[island, company])
                accounts.append((f"island {name.id}", part, sharing.received(island, company)))
        accounts.append(("total", None, sharing.total[:, company]))
        park = network.parks[network.companies.park[company]].id
        for account, used, values in accounts:
            for number, indicator in enumerate(table.label):
                found = indicator_value(network, values, number)
                yield CompanyFigure(park, text.id, account, used, indicator.id, found, table.unit[number])
