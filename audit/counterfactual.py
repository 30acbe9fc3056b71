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
from ..flows.wording import Saying, joined
from .answers import Answer
from .comparison import Comparison, Counterfactual, Saving
from .phrases import comparison_phrases

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


def _boundary(comparison: Comparison, answers: Sequence[Answer], beyond: tuple[str, ...]) -> Iterator[Saying]:
    tell = comparison_phrases.tell
    baseline, case = comparison.sides[comparison.baseline], answers[comparison.baseline].case
    if case is None:
        yield tell("boundary_unknown")
        return
    parks = list(case.parks)
    plants = sum(len(park.plants) for park in case.parks.values())
    told = joined(parks) if len(parks) <= FEW else tell("parks_counted", count=len(parks))
    told = tell("park_named", park=parks[0]) if len(parks) == 1 else told
    yield tell("within", parks=told, plants=plants, years=f"{baseline.years:g}")
    level = tell("no_exchange") if case.exchange == "none" else tell("exchange", level=case.exchange)
    yield tell("same_but", name=baseline.name, level=level)
    keys = dict.fromkeys(row.path for row in comparison.inputs if row.path in EXCHANGE)
    if beyond:
        yield tell("beyond" if len(beyond) > 1 else "beyond_one", count=len(beyond))
    elif any(answer.case is None for answer in answers):
        yield tell("not_known")
    elif keys:
        yield tell("only", keys=joined((f"`{key}`" for key in keys), " and "))
    else:
        yield tell("nothing_differs")


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
