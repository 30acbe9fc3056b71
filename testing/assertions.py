"""Assertions on an answer, in the words of the field. What takes long to import is imported where it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..reports.flows import Flow
    from ..reports.result import Result

SHOWN = 10
"""findings that a message names"""
Key = tuple[str, str, str, str, str, str, str]


def solved(case: str | Path, scenario: str = "base", sets: Iterable[str] = ()) -> Result:
    """Answer one scenario of a case.

    Args:
        case: the file of the case.
        scenario: name of a scenario; `base` is the case itself.
        sets: single values to replace, as `PATH=VALUE`.

    Raises:
        InputError: the case cannot be read.
        AssertionError: it has no certified optimum; the message says why.
    """
    from ..flows.build import build_network
    from ..flows.case import read_case
    from ..reports.run import run_case

    result = run_case(build_network(read_case(case, scenario, sets)))
    if not result.optimal:
        raise AssertionError(f"{case}, scenario {scenario}, is {result.status}: {result.reason}")
    if result.certificate is None or not result.certificate.holds:
        raise AssertionError(f"{case}, scenario {scenario}: the answer is not certified")
    return result


def assert_balanced(result: Result, tolerance: float = 1e-6) -> None:
    """Nothing vanishes: what comes in of a material equals what goes out, in each park and period.

        bought + made + received = used + sold + shipped + exchanged + discarded + stored

    Args:
        result: an optimal answer.
        tolerance: part of the throughput of the material there that may be missing, 1.

    Raises:
        AssertionError: with every balance that does not hold, the worst first.
    """
    from ..reports.flows import INFLOWS

    net: dict[tuple[str, str, str], float] = defaultdict(float)
    size: dict[tuple[str, str, str], float] = defaultdict(float)
    unit: dict[tuple[str, str, str], str] = {}
    for flow in _flows(result):
        key = (flow.park, flow.material, flow.period)
        net[key] += flow.value if flow.fate in INFLOWS else -flow.value
        size[key] += abs(flow.value)
        unit[key] = flow.unit
    broken = sorted((key for key in net if abs(net[key]) > tolerance * size[key]), key=lambda key: -abs(net[key]))
    findings = []
    for key in broken:
        park, material, period = key
        way = "come in and go nowhere" if net[key] > 0 else "go out and come from nowhere"
        findings.append(f"{material} in {park}, period {period}: {abs(net[key]):.6g} {unit[key]} {way}")
    _fail("is not balanced", result, findings)


def assert_no_virgin_use_of(result: Result, *materials: str) -> None:
    """Nothing of some materials is bought: all that is used comes from plants of the case, or from its stores.

    Args:
        result: an optimal answer.
        materials: identifiers of materials.

    Raises:
        AssertionError: with the parks that buy it, and how much.
        ValueError: the case has no such material, so that the assertion would say nothing.
    """
    from ..flows.problems import nearest

    known = [text.id for text in result.network.materials.label]
    for material in materials:
        if material not in known:
            raise ValueError(f"the case has no material `{material}`; {nearest(material, known)}")
    bought = [flow for flow in _flows(result) if flow.fate == "bought" and flow.material in materials]
    _fail(
        f"uses {', '.join(materials)} that is bought",
        result,
        [f"{it.by} in {it.park} buys {it.value:.6g} {it.unit} of {it.material} in period {it.period}" for it in bought],
    )


def assert_close_flows(result: Result, expected: Result | Mapping[str, str], tolerance: float = 1e-4) -> None:
    """Flows are as expected; those that are not unique are compared by what they can be at the optimum.

    Args:
        result: an optimal answer.
        expected: another answer, of which every flow counts that is unique in both; or quantities by the name of a flow
            as `expect: flows:` has it, e.g. `{"run loop.boiler": "2.8 PJ"}`.
        tolerance: relative, 1; what is below 1e-9 of the largest flow of the material is nothing.

    Raises:
        AssertionError: with each flow that differs, the worst first. An order does not matter.
    """
    if isinstance(expected, Mapping):
        _fail("has other flows than expected", result, _stated(result, expected, tolerance))
        return
    mine, theirs = _by_key(result), _by_key(expected)
    off: list[tuple[float, str]] = []
    for key in mine.keys() | theirs.keys():
        found, wanted = mine.get(key), theirs.get(key)
        if not all(flow is None or flow.unique for flow in (found, wanted)):
            continue
        one, other = (0.0 if flow is None else flow.value for flow in (found, wanted))
        part = abs(one - other) / max(abs(one), abs(other))
        if part > tolerance:
            unit = (found or wanted).unit if found or wanted else ""  # type: ignore[union-attr]
            off.append((part, f"{_words(key)}: {one:.6g} {unit}, expected {other:.6g} {unit}"))
    off.sort(key=lambda it: (-it[0], it[1]))
    _fail(f"has other flows than {expected.case}, scenario {expected.scenario}", result, [text for _, text in off])


def _stated(result: Result, expected: Mapping[str, str], tolerance: float) -> list[str]:
    from ..checks.answer import Answer
    from ..checks.compare import differences
    from ..checks.expected import Expected, Figure, Tolerance
    from ..flows.units import parse_quantity

    figures = []
    for name, text in expected.items():
        quantity = parse_quantity(text)
        figures.append(Figure(f"flows.{name}", quantity, quantity, Tolerance(tolerance), None))
    with Answer(result.network) as answer:
        found = differences(answer, result.scenario, Expected("expect", "optimal", None, tuple(figures)), "")
    return [it.what for it in sorted(found, key=lambda it: it.order)]


def _flows(result: Result) -> list[Flow]:
    if result.flows is None:
        raise AssertionError(f"{result.case}, scenario {result.scenario}, is {result.status}: it has no flows")
    return result.flows.rows


def _by_key(result: Result) -> dict[Key, Flow]:
    return {(it.park, it.company, it.material, it.fate, it.by, it.to, it.period): it for it in _flows(result)}


def _words(key: Key) -> str:
    park, company, material, fate, by, to, period = key
    where = park if park == company else f"{park}.{company}"
    return f"{material} {fate} in {where} by {by}{f' → {to}' if to else ''}, period {period}"


def _fail(what: str, result: Result, findings: list[str]) -> None:
    if not findings:
        return
    more = [f"… and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
    lines = "".join(f"\n  {line}" for line in (*findings[:SHOWN], *more))
    raise AssertionError(f"{result.case}, scenario {result.scenario}, {what}:{lines}")
