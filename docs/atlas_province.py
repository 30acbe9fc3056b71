"""The part of the atlas on the province: which by-products travel, what that is worth, which targets are missed.

What carrying a by-product is worth is the profit that is lost when no lane carries it, found by solving again without
it: unlike a shadow price, that figure is the same in every optimal answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from parkloop.flows.build import build_network
from parkloop.flows.case import Case, read_tree
from parkloop.flows.draft import RESIDUES
from parkloop.flows.network import Network
from parkloop.models.compile import compile_program
from parkloop.reports.result import Result
from parkloop.reports.run import run_case
from parkloop.solver.session import Session

PERIOD = "y2020"
SMALL = 100
"""tonnes a year below which a flow is not told"""
TRAVEL_COLUMNS = ("by-product", "from, to and kt a year", "worth, million yuan a year")
WIDER = ("standalone", "today", "parks_apart", "loop")


def province_part(path: Path) -> Iterator[str]:
    """Yield the lines of the part, each table with its heading."""
    tree = read_tree(path)
    case = tree.case()
    network = build_network(case)
    result = run_case(network)
    years = sum(period.weight * period.duration.to("a") for period in case.periods.values())
    place, parks, lanes = f"{path.parent.name}/{path.name}", len(case.parks), len(case.routes)
    yield from (
        f"`cases/{place}` links {parks} parks by {lanes} lanes of road, rail and pipe. What exchange is worth, in the",
        "mean of its years:",
        "",
        *_table(("exchange", "profit, billion yuan a year"), _widening(case, years)),
        "",
        f"By-products that travel between parks, in {PERIOD[1:]}. The worth of one is the profit that is lost where no",
        "lane carries it. Flows below 100 t a year, and those that may be otherwise at the same profit, are not told.",
        "",
        *_table(TRAVEL_COLUMNS, _travellers(network, case, result, years)),
        "",
        "The targets of the plan, asked of the plants that the parks have:",
        "",
        *_table(("target", "billion yuan a year", "reached", "missed by"), _targets(case, result)),
    )


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    header = list(header)
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    yield from ("| " + " | ".join(map(str, row)) + " |" for row in rows)


def _widening(case: Case, years: float) -> Iterator[tuple[str, str]]:
    """Tell the recorded profits, which a test holds against the answers."""
    for name in WIDER:
        objective = case.expectations[name].objective
        assert objective is not None
        yield case.scenarios[name].title.en, f"{objective.to('GCNY') / years:.2f}"


def _travellers(network: Network, case: Case, result: Result, years: float) -> list[tuple[str, str, str]]:
    assert result.flows is not None
    sent: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    loose: set[tuple[str, str, str]] = set()
    for flow in result.flows.rows:
        if flow.fate == "shipped" and flow.period == PERIOD and case.materials[flow.material].kind in RESIDUES:
            way = flow.park, flow.to.partition(".")[0]
            sent[flow.material][way] += flow.value
            if not flow.unique:
                loose.add((flow.material, *way))
    worth = _worth(network, list(sent))
    rows = []
    for material in sorted(sent, key=lambda name: -worth[name]):
        firm = {way: value for way, value in sent[material].items() if value > SMALL and (material, *way) not in loose}
        told = [f"{_park(case, a)} to {_park(case, b)} {value / 1e3:.3g}" for (a, b), value in sorted(firm.items())]
        if told:
            name = case.materials[material].name
            rows.append((f"{name.en} ({name.zh})", "; ".join(told), f"{worth[material] / years / 1e6:.1f}"))
    return rows


def _park(case: Case, name: str) -> str:
    label = case.parks[name].name
    return label.en if label else name


def _worth(network: Network, names: list[str]) -> dict[str, float]:
    """Solve again without a material on any lane: profit lost over all years, by material."""
    program = compile_program(network)
    index = {label.id: place for place, label in enumerate(network.materials.label)}
    material = network.nodes.material[network.shipments.source]
    found = {}
    with Session(program) as session:
        best = session.solve().objective
        assert best is not None
        for name in names:
            upper = program.upper.copy()
            program.column_view("ship", upper)[:, material == index[name]] = 0
            session.change_bounds(program.lower, upper)
            value = session.solve().objective
            assert value is not None
            found[name] = best - value
            session.restore()
    return found


def _targets(case: Case, result: Result) -> Iterator[tuple[str, str, str, str]]:
    for policy in result.policies:
        stated = case.policies[policy.name]
        if stated.min is None or policy.shortage is None or not stated.periods or not str(stated.min).endswith("CNY/a"):
            continue
        least = stated.min.to("GCNY/a")
        times = sum(case.periods[name].weight for name in stated.periods)
        reached = (policy.value or 0.0) / times / 1e9
        missed = policy.shortage / times / 1e9
        fate = f"{missed:.3g}" if missed > 1e-6 else "met, and it binds" if policy.binds else "met"
        yield policy.name, f"{least:g}", f"{reached:.3g}", fate
