"""What an indicator or a policy counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """What a policy counts: an account, or the ratio of two."""

    account: int
    per: int
    """denominator account, or -1"""
    unit: str
    """unit of the account; for a ratio that of its numerator"""
    ratio_unit: str = "1"
    """unit of a ratio, `1` for a share and for what is no ratio"""
    scale: float = 1.0
    """units of the numerator that a ratio of one `ratio_unit` has per unit of the denominator"""

    @property
    def stated_unit(self) -> str:
        """Return the unit of the value."""
        return self.unit if self.per < 0 else self.ratio_unit
