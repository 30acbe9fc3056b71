"""Network → Program. Reading this page is reading the model."""

from __future__ import annotations

from ..flows.network import Network
from .program import Program


def compile_program(network: Network, like: Program | None = None) -> Program:
    """Write down the linear program of a network; with the scales of `like`, if given."""
    raise NotImplementedError
