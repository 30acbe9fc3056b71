"""Load: plants whose recipe changes with load."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..flows.network import Network
from . import names
from .builder import ProgramBuilder


def load_order(network: Network, program: ProgramBuilder) -> None:
    """A step of load is full before the next one begins.

        run[s+1,t] > 0  ⇒  run[s,t] = upper[t,s]            for all neighbouring steps s, s+1 of a plant, period t

        run[s,t]   ≥ upper[t,s]·full[s,t]                           (row `step_full`)  where the plant is `ordered`
        run[s+1,t] ≤ upper[t,s+1]·full[s,t]                         (row `step_next`)

    run[s,t]      column `run`             reference units done within the step per period
    upper[t,s]    `Plants.upper`           width of the step: its share of the available capacity, reference units per
                                           period
    full[s,t]     column `full`            1 where the step is full, 0 where it need not be
    s, s+1        `LoadSteps.earlier`, `LoadSteps.later`

    A linear program keeps the order by itself as long as each step is worth less than the one before it. Without
    `ordered` nothing is added: the answer is checked, and is none where it breaks the order (`Program.filled_first`).

    The columns `full` are whole numbers. Duals are those with the whole numbers held at their values.
    """
    steps = network.load_steps
    program.fill_first("run", steps.earlier, steps.later)
    whole = np.flatnonzero(steps.whole).astype(np.int32)
    earlier, later, place = steps.earlier[whole], steps.later[whole], np.arange(len(whole), dtype=np.int32)
    upper, origin = network.plants.upper, steps.origin[whole]
    named = partial(names.load_steps, network)
    program.add_columns("full", len(whole), names=partial(named, "full", earlier), upper=1.0, origin=origin, whole=True)
    for word, rows, lower, most in (("step_full", earlier, 0.0, np.inf), ("step_next", later, -np.inf, 0.0)):
        program.add_rows(word, len(whole), names=partial(named, word, rows), lower=lower, upper=most, origin=origin)
        program.add_terms(word, place, "run", rows, 1.0)
        program.add_terms(word, place, "full", place, -upper[:, rows])
