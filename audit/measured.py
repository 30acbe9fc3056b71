"""What is compared: the measure of a finding, and a measure (`PATH=VALUE`) as a scenario of its own."""

from __future__ import annotations

from collections.abc import Sequence

from ..flows.case import CaseTree
from ..flows.document import Mapping, parse_value
from ..flows.network import Network
from ..flows.overlay import put
from ..flows.problems import InputError, Problem, nearest

MEASURE = "with_measure"
"""scenario that a measure makes of another one"""
MORE_IS_BETTER = ("profit", "revenue", "value_added")
"""indicators of which more is better, where the sense is not stated"""


def with_measure(tree: CaseTree, scenario: str, settings: Sequence[str]) -> CaseTree:
    """Return a case with one more scenario, `MEASURE`: another one with some `PATH=VALUE` set. Raises InputError."""
    root, written = tree.root, tree.overlays.root.entries.get("scenarios")
    blocks = written if isinstance(written, Mapping) else Mapping({}, {}, root.position)
    if MEASURE in blocks.entries:
        raise wrong(f"the case has a scenario `{MEASURE}` of its own", "write --against, or rename it")
    block = parse_value("{title: {en: With the measure, zh: 采取措施}}", "--measure")
    changes = Mapping({}, {}, root.position)
    for setting in settings:
        path, equals, value = (part.strip() for part in setting.partition("="))
        if not path or not equals:
            raise wrong(f"`--measure {setting}` is not PATH=VALUE", "write e.g. PATH='600 CNY/t'")
        changes = put(changes, path, parse_value(value, f"--measure {path}"), root.position)
    assert isinstance(block, Mapping)
    block = put(block, "set", changes, root.position)
    if scenario != "base":
        block = put(block, "from", parse_value(f"[{scenario}]", "--scenario"), root.position)
    return CaseTree(
        put(root, "scenarios", put(blocks, MEASURE, block, root.position), root.position),
        tree.files,
        folder=tree.folder,
        sources=tree.sources,
    )


def read_measure(network: Network, of: str | None) -> tuple[str | None, bool, str]:
    """Return the indicator that is measured (None for the objective), whether more of it is better, and its unit."""
    if of is None:
        return None, network.goal.maximise, network.goal.unit
    sense, colon, name = of.rpartition(":")
    if colon and sense not in ("max", "min"):
        raise wrong(f"`{sense}` is no sense", "write max: or min: before the indicator")
    known = [text.id for text in network.indicators.label]
    if name not in known:
        raise wrong(f"unknown indicator `{name}`", nearest(name, known))
    row = known.index(name)
    if network.indicators.per[row] >= 0:
        raise wrong(
            f"`{name}` is a ratio: it has no first-order estimate by accounts", "name an indicator that is none"
        )
    return name, sense == "max" if colon else name in MORE_IS_BETTER, network.indicators.unit[row]


def wrong(what: str, mend: str) -> InputError:
    """Return the error of what was asked, with its mend."""
    return InputError([Problem(None, what, mend)])
