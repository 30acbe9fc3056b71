"""Building much that stays, without Python's collector of reference cycles going over it again and again."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def uncollected(work: Callable[P, R]) -> Callable[P, R]:
    """Let the collector of reference cycles rest while a function works, if it is at work.

    A document of 100,000 nodes keeps all that is made of it, and has no cycles: looking for some took half of the time
    of reading it. What is no longer used is freed meanwhile as ever, by its count of references.
    """

    @functools.wraps(work)
    def rested(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return rested
