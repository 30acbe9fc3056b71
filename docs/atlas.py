"""Write docs/atlas.md: what the library and the chains of the provincial plan hold, counted and solved.

    python docs/atlas.py            writes the page
    python docs/atlas.py --check    exits 1 where the page is not what the files say

A number is an amount of a recipe. It has a read source where it names a source of `access: read`, or where such a
source of its recipe says that it gives it; all others are recalled, computed or estimates. A chain runs where each of
its recipes runs in one scenario of a shipped park.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from atlas_province import province_part

from parkloop.flows.blocks import validate_block
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree, Shelf, read_tree
from parkloop.flows.document import Mapping, load
from parkloop.flows.norms import Assessment, assess
from parkloop.flows.problems import Findings
from parkloop.flows.recipe_schema import Amount, Chain, Citation, Process, Slot
from parkloop.flows.recipes import Recipe, recipes
from parkloop.flows.scenarios import BASE
from parkloop.reports.norms import COLUMNS as NORM_COLUMNS
from parkloop.reports.norms import norm_cells
from parkloop.reports.run import run_case

DOCS = Path(__file__).parent
CASES = DOCS.parent / "cases"
PARKS = sorted(path.stem for path in (CASES / "parks").glob("*.yaml") if path.stem != "golmud_year")
"""park cases of years (not that of hours), whose scenarios are all solved"""


def page() -> str:
    """Return the whole page."""
    files = [row for row in map(_library_row, sorted((CASES / "library").glob("*.yaml"))) if row]
    processes, numbers, read, sourced = (sum(row[k] for row in files) for k in (1, 2, 3, 4))
    chains = [_chain_row(path) for path in sorted((CASES / "chains").glob("*.yaml"))]
    running = sum(row[-1] != "no" for row in chains)
    norms = [norm_cells(found) for found in _norms()]
    return "\n".join(
        [
            "# The atlas",
            "",
            "Made by `python docs/atlas.py` from the files of `cases/`; a test checks that it is current.",
            "",
            f"The library has **{processes} recipes** with {numbers:,} numbers.",
            f"**{read / numbers:.1%} of the numbers**",
            "come from a source that was read and is named beside them;",
            f"{sourced} recipes ({sourced / processes:.0%}) rest on at least one read source.",
            "All other numbers are recalled, computed or estimates, and say so.",
            "Every recipe closes on mass and elements within the gap in the last column; above 2 % it says why.",
            "",
            *_table(("library", "recipes", "numbers", "read", "recipes with a read source", "largest gap"), files),
            "",
            "## The chains of the plan",
            "",
            f"{len(chains)} chains and product lines of 15 parks. {running} of them run in a scenario of a park.",
            "",
            *_table(("park and chain", "name", "recipes", "largest gap", "runs in"), chains),
            "",
            "## The province",
            "",
            *province_part(CASES / "provinces" / "qinghai.yaml"),
            "",
            "## Energy beside the national limits",
            "",
            f"{len(norms)} norms stand beside recipes of the library; by-products are deducted. A recipe that misses",
            "all levels, or uses less than 80 % of the strictest, says why.",
            "",
            *_table(NORM_COLUMNS, norms),
            "",
            "Published levels that are not compared, and why: olefins from coal and cement count whole works of",
            "several recipes; dense soda ash and heat of a back-pressure turbine are steps whose energy the",
            "standard shares out otherwise; the concentration that the level of formaldehyde speaks of could not",
            "be confirmed; power of gangue, of gas and of extraction turbines has no level of its own in what was",
            "read. No recipe here makes propylene from methanol, synthetic natural gas, glycol, or methanol and",
            "ammonia of anthracite and lignite.",
            "",
        ]
    )


def _table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    yield from ("| " + " | ".join(map(str, row)) + " |" for row in rows)


def _library_row(path: Path) -> tuple[str, int, int, int, int, str] | None:
    own = _defined(path)
    if not own:
        return None
    shelf = _shelf(path)
    amounts = {name: list(_amounts(shelf.processes[name])) for name in own}
    read = sum(_is_read(amount, key, shelf.processes[name]) for name in own for key, amount in amounts[name])
    sourced = sum(any(map(_supports_amounts, shelf.processes[name].sources.values())) for name in own)
    return path.stem, len(own), sum(map(len, amounts.values())), read, sourced, _widest(own)


def _norms() -> Iterator[Assessment]:
    for path in sorted((CASES / "library").glob("*.yaml")):
        known = recipes(_shelf(path), Findings())
        for name in _defined(path):
            yield from assess(_shelf(path), known[name])


@cache
def _shelf(path: Path) -> Shelf:
    return read_tree(path).shelf()


@cache
def _known() -> dict[str, Recipe]:
    """Return the recipes of the whole library."""
    found: dict[str, Recipe] = {}
    for path in sorted((CASES / "library").glob("*.yaml")):
        found |= recipes(_shelf(path), Findings())
    return found


def _defined(path: Path) -> list[str]:
    """Return the processes that the file itself defines, not those that it includes."""
    shelf = _shelf(path)
    return [name for name in shelf.processes if Path(shelf.key_at("processes", name).file).name == path.name]


def _amounts(process: Process) -> Iterator[tuple[str, Amount]]:
    for name, entry in process.inputs.items():
        if isinstance(entry, Slot):
            for option in entry.options.values():
                yield from (*option.inputs.items(), *option.outputs.items())
        else:
            yield name, entry
    yield from process.outputs.items()


def _is_read(amount: Amount, material: str, process: Process) -> bool:
    cited = process.sources.get(amount.source)
    if cited:
        return cited.access == "read"
    return any(c.access == "read" and material in c.gives for c in process.sources.values())


def _supports_amounts(cited: Citation) -> bool:
    """Tell whether a source was read, and for more than the norms of a recipe."""
    return cited.access == "read" and cited.gives != ["norms"]


def _widest(names: list[str]) -> str:
    return f"{max(_known()[name].closure.closure.worst[1] for name in names):.1%}"


def _chain_row(path: Path) -> tuple[str, str, int, str, str]:
    chains = load(path, path.name).entries["chains"]
    assert isinstance(chains, Mapping)  # its own chain alone is read: all libraries have been
    chain, _ = validate_block(Chain, chains.entries[path.stem])
    assert isinstance(chain, Chain)
    steps = list(chain.processes)
    where = [park for park in PARKS if _runs(park, frozenset(steps))]
    return path.stem, f"{chain.name.zh} ({chain.name.en})", len(steps), _widest(steps), ", ".join(where) or "no"


def _runs(park: str, steps: frozenset[str]) -> bool:
    """Say whether all these recipes run in one scenario; what stands nowhere in the case itself is not looked for."""
    if not steps <= _plants(park, BASE).keys():
        return False
    return any(all(_plants(park, scenario).get(step) for step in steps) for scenario in _tree(park).scenarios)


@cache
def _tree(park: str) -> CaseTree:
    return read_tree(CASES / "parks" / f"{park}.yaml")


@cache
def _plants(park: str, scenario: str) -> dict[str, bool]:
    """Return the processes of a park, and whether they run in the answer of a scenario."""
    result = run_case(build_network(_tree(park).case(scenario)))
    found = dict.fromkeys((plant.process for plant in result.plants), False)
    return found | {plant.process: True for plant in result.plants if plant.run > 1e-6}


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    target = DOCS / "atlas.md"
    if parser.parse_args().check:
        if target.read_text(encoding="utf-8") == page():
            return 0
        print("docs/atlas.md is not what the cases say: run `make docs`", file=sys.stderr)
        return 1
    target.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
