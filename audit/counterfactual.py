"""The counterfactual: the side that a saving is stated against, and the boundary that both share.

`standalone` is the case without any exchange of by-products and wastes: each plant uses, sells or discards its own.
Where the case states such a scenario it is taken, else it is built. `today` is what is done now; only the case can
state that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from ..flows.case import CaseTree
from ..flows.document import Mapping, parse
from ..flows.overlay import put
from ..flows.problems import InputError, Problem
from ..flows.scenarios import BASE
from .answers import Answer
from .comparison import Comparison, Counterfactual, Saving

STANDALONE, TODAY = "standalone", "today"
COUNTERFACTUALS = (STANDALONE, TODAY)
EXCHANGE = ("exchange", "coalitions", "apart")
"""keys of a case that say how far by-products and wastes may travel, and nothing else"""
TITLE = "title: {en: 'Every plant alone: no by-product changes hands', zh: 各装置独立，无副产物交换}\n"
FEW = 5
"""parks that are named one by one"""
WANTED = ("profit", "value_added")
"""indicators of which more is better"""
SAVED = ("energy", "carbon", "water", "waste")
"""kinds of indicators of which less is better"""


def with_counterfactual(tree: CaseTree, name: str, base: str = BASE) -> tuple[CaseTree, Literal["stated", "built"]]:
    """Return the tree with a counterfactual among its scenarios, and whether it was stated or built.

    Args:
        tree: the case.
        name: `standalone` or `today`.
        base: scenario on which `standalone` is built, so that both share its prices and limits.

    Raises:
        InputError: the case states no `today`.
    """
    if name in tree.scenarios:
        return tree, "stated"
    if name == TODAY:
        what = "the case states no scenario `today`: what is done now cannot be made up"
        mend = (
            "state it under `scenarios`: `today: {exchange: company}` where by-products stay within their company, "
            "with `set` for what plants run at now; or compare --against standalone"
        )
        raise InputError([Problem(tree.root.position, what, mend)])
    text = TITLE + ("exchange: none\n" if base == BASE else f"from: [{base}]\nexchange: none\n")
    block = parse(text.encode(), f"--against {name}")
    stated = tree.root.entries.get("scenarios")
    scenarios = stated if isinstance(stated, Mapping) else Mapping({}, {}, tree.root.position)
    scenarios = put(scenarios, name, block, block.position)
    return replace(tree, root=put(tree.root, "scenarios", scenarios, tree.root.position)), "built"


def stated_against(comparison: Comparison, answers: Sequence[Answer], source: Literal["stated", "built"]) -> Comparison:
    """Return a comparison with what its sides save against the baseline, which is the counterfactual.

    Args:
        comparison: sides of one case.
        answers: what was compared, in the same order.
        source: whether the counterfactual was stated or built.
    """
    beyond = tuple(row.path for row in comparison.inputs if row.path.partition(".")[0] not in EXCHANGE)
    found = Counterfactual(
        side=comparison.names[comparison.baseline],
        source=source,
        boundary=tuple(_boundary(comparison, answers, beyond)),
        beyond=beyond,
        savings=tuple(_savings(comparison)),
    )
    return replace(comparison, counterfactual=found)


def _boundary(comparison: Comparison, answers: Sequence[Answer], beyond: tuple[str, ...]) -> Iterator[str]:
    baseline, case = comparison.sides[comparison.baseline], answers[comparison.baseline].case
    if case is None:
        yield "the boundary is not known: the case file is not at hand"
        return
    parks = list(case.parks)
    plants = sum(len(park.plants) for park in case.parks.values())
    told = f"park {parks[0]}" if len(parks) == 1 else ", ".join(parks) if len(parks) <= FEW else f"{len(parks)} parks"
    yield (
        f"within: {told} with {plants} plants, over {baseline.years:g} a; what is bought, sold and discarded "
        "crosses the boundary, and all indicators are counted there"
    )
    level = "no by-product or waste changes hands" if case.exchange == "none" else f"exchange: {case.exchange}"
    yield f"`{baseline.name}`: {level}; plants, offers, prices and policies are the same but for the inputs listed"
    keys = dict.fromkeys(row.path for row in comparison.inputs if row.path in EXCHANGE)
    if beyond:
        what = f"{len(beyond)} other statement{'s differ' if len(beyond) > 1 else ' differs'}"
        yield f"not only exchange: {what} between the sides, so a saving is not that of exchange alone"
    elif any(answer.case is None for answer in answers):
        yield "whether nothing but exchange differs is not known: not all inputs are at hand"
    elif keys:
        what = " and ".join(f"`{key}`" for key in keys)
        yield f"nothing but {what} differs between the sides, so a saving is that of exchange"
    else:
        yield "nothing differs between the sides: the case has no exchange to take away"


def _savings(comparison: Comparison) -> list[Saving]:
    """Savings of each other side, indicator by indicator, over the whole case."""
    found = []
    for side in comparison.others:
        for row in comparison.totals:
            change = row.figures.difference(side)
            less = row.kind in SAVED or row.indicator == "cost"
            if row.park or row.note or change is None or not (less or row.indicator in WANTED):
                continue
            percent = row.figures.percent(side)
            sign = -1.0 if less else 1.0
            found.append(
                Saving(
                    side=comparison.names[side],
                    indicator=row.indicator,
                    name=row.name,
                    unit=row.figures.unit,
                    value=sign * change + 0.0,
                    percent=None if percent is None else sign * percent + 0.0,
                    certainty=row.figures.certainty(side),
                )
            )
    return found
