"""Weighing: all accounts of a program as one sparse table over its columns, for those who read many answers of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..flows.network import Network
from ..flows.tables import Floats
from .assembly import add_up
from .indicator import linear_accounts
from .program import Program


@dataclass(frozen=True, eq=False)
class Weights:
    """Coefficients (k,) of accounts on columns, parks and periods added up, and what is booked whatever flows."""

    account: NDArray[np.int64]
    """(k,) row of `Network.accounts`"""
    column: NDArray[np.int64]
    """(k,) column of the program"""
    value: Floats
    """(k,) account units per user unit of the column, over the whole horizon"""
    constant: Floats
    """(accounts,) account units over the whole horizon"""

    def accounts(self, x: Floats) -> Floats:
        """Values of all accounts (accounts,) for flows x (n,) in user units, over all periods and parks."""
        totals: Floats = add_up(self.account, self.value * x[self.column], len(self.constant)) + self.constant
        return totals


def account_weights(network: Network, program: Program) -> Weights:
    """Return what every column adds to every account.

        account[a] = Σ_j value[a,j]·x[j] + constant[a],     value[a,j] = weight[t(j)]·(what a unit of j books)

    Raises ValueError where the program has whole numbers, which are no amounts.
    """
    if program.is_integer:
        raise ValueError("accounts of whole numbers are not linear in user units; use `account_values`")
    booked = linear_accounts(network)
    places = np.arange(program.columns, dtype=np.int64)
    accounts, columns, values = [], [], []
    for term in booked.terms:
        place = program.column_view(term.columns, places)[:, term.column]
        weight = network.periods.weight[:, None] if term.periodic else np.ones((1, 1))
        columns.append(place.ravel())
        accounts.append(np.broadcast_to(term.account.astype(np.int64), place.shape).ravel())
        values.append(np.broadcast_to(term.value * weight, place.shape).ravel())
    constant = np.tensordot(network.periods.weight, booked.constant, 1).sum(axis=1)
    return Weights(np.concatenate(accounts), np.concatenate(columns), np.concatenate(values), constant)
