"""How large a program would become, found out before anything of that size is made.

A short file can ask for much: a hundred thousand periods, or companies that all exchange with all others. Every flow of
a period is a column (a plant that runs, an option that fills a slot, a step of an offer that a company takes, an
exchange, a shipment, a store), so flows times periods is about the number of columns. Whoever needs more than
MOST_COLUMNS and has the memory says so by the environment, which no case can.
"""

from __future__ import annotations

import os

from .document import Position
from .problems import Findings

MOST_COLUMNS = 5_000_000
"""columns a program may have where the environment says nothing"""
VARIABLE = "PARKLOOP_MAX_COLUMNS"
"""variable of the environment that says another number"""


def most_columns(findings: Findings) -> int:
    """Return how many columns a program may have. Raises InputError where the environment says no number."""
    stated = os.environ.get(VARIABLE, "").replace("_", "").replace(",", "")
    if not stated:
        return MOST_COLUMNS
    if not (stated.isascii() and stated.isdigit() and 0 < len(stated) < 16):
        findings.error(
            None, f"{VARIABLE} is `{os.environ[VARIABLE]}`, not a number of columns", f"set e.g. {MOST_COLUMNS}"
        )
        findings.raise_if_errors()
    return int(stated)


def check_columns(periods: int, flows: int, position: Position, findings: Findings) -> None:
    """Refuse a case that would have too many columns.

    Args:
        periods: how many periods it has.
        flows: columns of one of them, or a number that they will reach.
        position: where the case states what makes it so large.
        findings: what was found before, which is told too.

    Raises:
        InputError: with how many there would be and how to raise the limit.
    """
    columns, most = periods * flows, most_columns(findings)
    if columns <= most:
        return
    what = (
        f"the linear program would have {columns:,} columns or more ({periods:,} periods, {flows:,} flows in each); "
        f"the limit is {most:,}"
    )
    enough = 10 ** len(str(columns))
    mend = (
        "take fewer or longer periods, or fewer companies that exchange; where the memory suffices, raise the limit by "
        f"the environment: {VARIABLE}={enough}"
    )
    findings.error(position, what, mend)
    findings.raise_if_errors()
