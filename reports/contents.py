"""What a case contains, as tables: parks, plants, offers, materials, recipes, and the source of each figure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Literal

from rich.markup import escape

from ..flows.blocks import Name, written
from ..flows.case import Case
from ..flows.document import Position
from ..flows.park_schema import Outlet, Plant, Route, Trade, TransportMode, ladder_of
from ..flows.problems import Findings, InputError, Problem, nearest
from ..flows.recipe_schema import Amount, Citation, Pedigree, Process, Slot
from ..flows.recipes import Recipe, recipes
from .summary import Language, Paper

WHOLE = frozenset(
    {"park", "plant", "process", "material", "company", "offer", "key", "line", "amount", "route", "mode"}
)
"""columns of identifiers and amounts, which must not be folded"""


@dataclass(frozen=True)
class TableView:
    """One table: cells are texts; a cell of two languages is a pair."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | tuple[str, str], ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Contents:
    """A view on a case."""

    case: str
    scenario: str
    title: tuple[str, str]
    tables: list[TableView]

    def to_json(self) -> str:
        """Return the view as JSON."""
        return json.dumps({"schema": "parkloop.contents/1", **asdict(self)}, ensure_ascii=False, indent=2)


def contents(case: Case, what: str) -> Contents:
    """Return one view of a case: a topic, or one material or process in full.

    Raises:
        InputError: if there is no such topic, material or process.
    """
    topics: dict[str, Callable[[Case], list[TableView]]] = {
        "overview": _overview,
        "materials": _materials,
        "processes": _processes,
        "plants": _plants,
        "offers": _offers,
        "routes": _routes,
        "stores": _stores,
        "periods": _periods,
        "returns": _returns,
        "sources": _sources,
    }
    if what in topics:
        tables = topics[what](case)
    elif what in case.processes:
        tables = _process(case, what)
    elif what in case.materials:
        tables = _material(case, what)
    else:
        known = [*topics, *case.processes, *case.materials]
        problem = Problem(None, f"`{what}` is no topic, process or material of this case", nearest(what, known))
        raise InputError([problem])
    return Contents(case.name, case.scenario, _both(case.head.title, case.name), tables)


def print_contents(view: Contents, paper: Paper, language: Language = "en") -> None:
    """Print a view."""
    chinese = language == "zh"
    paper.print(f"[bold]{escape(view.title[chinese])}[/] · {escape(view.case)} · {escape(view.scenario)}")
    for table in view.tables:
        drawn = paper.table(table.title, [(column, "left") for column in table.columns], WHOLE)
        for row in table.rows:
            cells = (cell if isinstance(cell, str) else cell[chinese] for cell in row)
            drawn.add_row(*(escape(cell) for cell in cells))
        paper.print(drawn)
        if not table.rows:
            paper.print("  (nothing)")


def _both(name: Name | None, fallback: str) -> tuple[str, str]:
    if name is None:
        return fallback, fallback
    return name.en or name.zh, name.zh or name.en


def _overview(case: Case) -> list[TableView]:
    parks = TableView("Parks", ("park", "name", "companies", "plants", "offers"))
    for key, park in case.parks.items():
        offers = len(park.buy) + len(park.sell) + len(park.discard)
        parks.rows.append(
            (
                key,
                _both(park.name, key),
                str(len(park.companies) or 1),
                str(len(park.plants)),
                str(offers),
            )
        )
    chains = TableView("Chains", ("chain", "name", "processes"))
    for key, chain in case.chains.items():
        chains.rows.append((key, _both(chain.name, key), " → ".join(chain.processes)))
    indicators = TableView("Indicators", ("indicator", "name", "unit"))
    for key, indicator in case.indicators.items():
        indicators.rows.append((key, _both(indicator.name, key), indicator.unit or "ratio"))
    policies = TableView("Policies", ("policy", "indicator", "bound or price"))
    for key, policy in case.policies.items():
        names = ("min", "shortage", "max", "surplus", "price", "free")
        parts = [f"{word} {value}" for word, value in _stated(policy, names)]
        parts += [f"price {step.price} up to {step.max}" for step in policy.steps or ()]
        thing = policy.indicator or ("flow" if policy.flow is not None else "ratio")
        policies.rows.append((key, thing, ", ".join(parts)))
    scenarios = TableView("Scenarios", ("scenario", "title"), [("base", _both(case.head.title, case.name))])
    for key, scenario in case.scenarios.items():
        scenarios.rows.append((key, _both(scenario.title, key)))
    return [parks, *([_routes(case)[0]] if case.routes else []), chains, indicators, policies, scenarios]


def _stated(block: object, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        value = getattr(block, name)
        if value is not None:
            yield name, written(value)


def _materials(case: Case) -> list[TableView]:
    table = TableView("Materials", ("material", "name", "class", "unit", "formula or composition"))
    for key, block in case.materials.items():
        made_of = block.formula or ", ".join(f"{name} {part:.4g}" for name, part in block.composition.items())
        table.rows.append((key, _both(block.name, key), block.kind, block.unit, made_of))
    return [table]


def _processes(case: Case) -> list[TableView]:
    table = TableView("Processes", ("process", "name", "per", "uses", "makes", "closure gap", "confidence"))
    found = recipes(case, Findings())
    for key, block in case.processes.items():
        recipe = found[key]
        table.rows.append(
            (
                key,
                _both(block.name, key),
                f"{block.per.quantity} {block.per.label}",
                ", ".join(block.inputs),
                ", ".join(block.outputs),
                f"{recipe.closure.closure.worst[1]:.2%}",
                block.confidence or "",
            )
        )
    return [table]


def _plants(case: Case) -> list[TableView]:
    table = TableView(
        "Plants",
        ("park", "plant", "name", "company", "capacity", "runs", "costs", "confidence", "sources"),
    )
    for park_key, park in case.parks.items():
        for key, plant in park.plants.items():
            first = next(iter(plant.modes.values())).process if plant.modes else plant.process or key
            process = case.processes.get(first)
            name = plant.name or (process.name if process else None)
            table.rows.append(
                (
                    park_key,
                    key,
                    _both(name, key),
                    plant.company or park_key,
                    str(plant.capacity),
                    _run_words(plant),
                    ", ".join(f"{w} {v}" for w, v in _stated(plant, ("variable_cost", "fixed_cost"))),
                    plant.confidence or "",
                    _cites(plant),
                )
            )
    return [table, _units(case)]


def _units(case: Case) -> TableView:
    table = TableView("Shared units", ("park", "unit", "name", "capacity", "runs", "users"))
    for park_key, park in case.parks.items():
        for key, unit in park.units.items():
            runs = [f"availability {written(unit.availability)}"] if unit.availability != 1 else []
            runs += [f"min_load {unit.min_load:.4g}"] if unit.min_load else []
            users = ", ".join(f"{plant} {factor}" for plant, factor in unit.users.items())
            table.rows.append((park_key, key, _both(unit.name, key), str(unit.capacity), ", ".join(runs), users))
    return table


_CAMPAIGN = ("least", "changeover_cost", "changeover_time")


def _run_words(plant: Plant) -> str:
    parts = [f"modes {', '.join(plant.modes)}"] if plant.modes else []
    parts += (
        ["campaigns", *(f"{word} {value}" for word, value in _stated(plant.campaigns, _CAMPAIGN))]
        if plant.campaigns
        else []
    )
    parts += [f"steps of load up to {', '.join(f'{step.to:.4g}' for step in plant.load)}"] if plant.load else []
    parts += ["ordered"] if plant.ordered else []
    parts += [f"availability {written(plant.availability)}"] if plant.availability != 1 else []
    parts += [f"{word} {value}" for word, value in _stated(plant, ("maintenance", "ramp"))]
    parts += [f"min_load {plant.min_load:.4g}"] if plant.min_load else []
    if plant.run is not None:
        parts += [f"{word} {value}" for word, value in _stated(plant.run, ("min", "max"))]
    if plant.on_off is not None:
        stated = _stated(plant.on_off, ("start_cost", "min_up", "min_down"))
        parts += [f"on or off, min_load {plant.on_off.min_load:.4g}", *(f"{word} {value}" for word, value in stated)]
    if plant.build is not None:
        stated = _stated(plant.build, ("max", "step", "pace"))
        parts.append(", ".join((f"build at {plant.build.cost}", *(f"{word} {value}" for word, value in stated))))
    if plant.retire is not None:
        parts.append(
            ", ".join(("may retire", *(f"{word} {value}" for word, value in _stated(plant.retire, ("cost", "step")))))
        )
    parts += [f"adds {value} of {name}" for name, value in plant.adds.items()]
    if plant.retire_by is not None:
        parts.append(f"retire_by {plant.retire_by}")
    if plant.fix is not None:
        parts.append(f"fix {written(plant.fix)}")
    return ", ".join(parts)


def _stores(case: Case) -> list[TableView]:
    table = TableView(
        "Stores", ("park", "store", "name", "material", "company", "capacity", "terms", "confidence", "sources")
    )
    words = ("initial", "loss", "cost", "fill_rate", "draw_rate")
    for park_key, park in case.parks.items():
        for key, store in park.stores.items():
            terms = ", ".join([f"end {store.end}", *(f"{word} {value}" for word, value in _stated(store, words))])
            owner = store.company or store.plant or park_key
            known = _both(store.name, key), store.material, owner, str(store.capacity), terms
            table.rows.append((park_key, key, *known, store.confidence or "", _cites(store)))
    return [table]


def _periods(case: Case) -> list[TableView]:
    table = TableView("Periods", ("period", "duration", "weight", "count"))
    for key, period in case.periods.items():
        table.rows.append((key, str(period.duration), f"{period.weight:.6g}", str(period.count or 1)))
    profiles = TableView("Profiles", ("profile", "figures"))
    for key, profile in case.head.profiles.items():
        figures = written(profile.values) if profile.values else f"{profile.file}: {profile.column} ({profile.unit})"
        profiles.rows.append((key, figures))
    return [table, *([profiles] if profiles.rows else [])]


def _returns(case: Case) -> list[TableView]:
    table = TableView("Returns", ("material", "of", "share", "after", "before", "taken"))
    for key, block in case.head.returns.items():
        for source in block.source:
            before = "" if source.before is None else str(source.before)
            taken = "all" if block.must_take else "at most"
            table.rows.append((key, source.product, str(source.share), str(source.after), before, taken))
    return [table]


def _offers(case: Case) -> list[TableView]:
    table = TableView("Offers", ("park", "offer", "material", "price", "limits", "confidence", "sources", "note"))
    for park_key, park in case.parks.items():
        for kind, offers in (("buy", park.buy), ("sell", park.sell), ("discard", park.discard)):
            for material, offer in offers.items():
                table.rows.append(
                    (
                        park_key,
                        kind,
                        material,
                        _price_words(offer),
                        ", ".join(f"{w} {v}" for w, v in _stated(offer, ("min", "max")) if v != "unlimited"),
                        offer.confidence or "",
                        _cites(offer),
                        offer.note,
                    )
                )
    return [table]


def _routes(case: Case) -> list[TableView]:
    routes = TableView("Routes", ("route", "from", "to", "by", "distance", "carries", "terms", "confidence", "sources"))
    for key, route in case.routes.items():
        ends = (route.start, route.end) if not route.both_ways else (route.start, f"{route.end} and back")
        way = str(route.distance) if route.distance is not None else "by the places of the parks"
        carries = ", ".join(route.carries)
        terms = _transport_words(route)
        routes.rows.append((key, *ends, route.by, way, carries, terms, route.confidence or "", _cites(route)))
    modes = TableView("Modes of transport", ("mode", "name", "terms", "excludes", "confidence", "sources"))
    for key, mode in case.transport.items():
        words, excluded = _transport_words(mode), ", ".join(mode.excludes)
        modes.rows.append((key, _both(mode.name, key), words, excluded, mode.confidence or "", _cites(mode)))
    apart = TableView("Apart", ("park", "and park"), [(pair[0], pair[1]) for pair in case.head.apart])
    return [routes, modes, *([apart] if apart.rows else [])]


def _transport_words(block: TransportMode | Route) -> str:
    parts = [f"{word} {value}" for word, value in _stated(block, ("cost", "handling", "capacity"))]
    parts = [part for part in parts if part != "capacity unlimited"]
    parts += [f"adds {value} of {name}" for name, value in (block.adds or {}).items()]
    if isinstance(block, Route):
        return ", ".join([*parts, *([f"loss {block.loss:.4g}"] if block.loss else [])])
    return ", ".join([*parts, *([f"detour {block.detour:.4g}"] if block.detour != 1 else [])])


def _price_words(offer: Trade | Outlet) -> str:
    if offer.steps:
        return " → ".join(f"{written(price)} to {written(most)}" for price, most in ladder_of(offer))
    return written(offer.cost if isinstance(offer, Outlet) else offer.price)


def _cites(block: Pedigree) -> str:
    return "; ".join(_cite(citation) for citation in block.sources.values())


def _cite(citation: Citation) -> str:
    parts = [citation.cite, citation.publisher, str(citation.year or "")]
    return f"{', '.join(part for part in parts if part)} [{citation.access}]"


def _pedigrees(case: Case) -> Iterator[tuple[str, Pedigree]]:
    for key, material in case.materials.items():
        yield f"materials.{key}", material
    for key, process in case.processes.items():
        yield f"processes.{key}", process
    for key, indicator in case.indicators.items():
        yield f"indicators.{key}", indicator
    for key, mode in case.transport.items():
        yield f"transport.{key}", mode
    for key, route in case.routes.items():
        yield f"routes.{key}", route
    for park_key, park in case.parks.items():
        for kind in ("plants", "buy", "sell", "discard"):
            for key, block in getattr(park, kind).items():
                yield f"parks.{park_key}.{kind}.{key}", block


def _sources(case: Case) -> list[TableView]:
    table = TableView("Sources", ("source", "access", "gives", "cited by"))
    cited: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for path, block in _pedigrees(case):
        for citation in block.sources.values():
            text = _cite(citation).rsplit(" [", 1)[0]
            gives, paths = cited.setdefault((text, citation.access), ([], []))
            gives.extend(item for item in citation.gives if item not in gives)
            paths.append(path)
    for (text, access), (gives, paths) in sorted(cited.items()):
        table.rows.append((text, access, ", ".join(gives), ", ".join(paths)))
    return [table]


def _process(case: Case, key: str) -> list[TableView]:
    block = case.processes[key]
    recipe = recipes(case, Findings())[key]
    lines = TableView(
        f"{key}: per {block.per.quantity} {block.per.label}",
        ("side", "material", "amount", "range", "source", "note", "line"),
    )
    for side, material, amount, path in _amounts(block):
        position = case.key_at("processes", key, *path)
        lines.rows.append((side, material, *_amount_cells(amount, block, position)))
    slots = _slots(block)
    return [lines, *([slots] if slots.rows else []), _closure(recipe), _citations(block)]


def _amounts(block: Process) -> Iterator[tuple[str, str, Amount, tuple[str, ...]]]:
    for name, entry in block.inputs.items():
        if isinstance(entry, Slot):
            for option_name, option in entry.options.items():
                for side, extras in (("inputs", option.inputs), ("outputs", option.outputs)):
                    for material, amount in extras.items():
                        path = ("inputs", name, "from", option_name, side, material)
                        yield (
                            f"{name}/{option_name} {'uses' if side == 'inputs' else 'makes'}",
                            material,
                            amount,
                            path,
                        )
        else:
            yield "uses", name, entry, ("inputs", name)
    for name, amount in block.outputs.items():
        yield "makes", name, amount, ("outputs", name)


def _amount_cells(amount: Amount, block: Pedigree, position: Position) -> tuple[str, str, str, str, str]:
    citation = block.sources.get(amount.source)
    span = f"{amount.range[0]} … {amount.range[1]}" if amount.range else ""
    return str(amount.value), span, _cite(citation) if citation else "", amount.note, str(position)


def _slots(block: Process) -> TableView:
    table = TableView("Slots", ("slot", "need", "option", "gives", "shares", "note"))
    for name, entry in block.inputs.items():
        if isinstance(entry, Slot):
            need = f"{entry.need.quantity} {entry.need.label}"
            for material, option in entry.options.items():
                shares = f"{option.min_share:.0%} … {option.max_share:.0%}"
                table.rows.append((name, need, material, str(option.gives), shares, option.note))
    return table


def _closure(recipe: Recipe) -> TableView:
    report = recipe.closure
    result = report.closure
    title = f"Closure (allowed {report.allowed:.2%}{': ' + report.because if report.because else ''})"
    if report.options:
        title += f", worst with {report.options}"
    table = TableView(title, ("balance", "in, t", "out, t", "gap"))
    table.rows.append(("mass", f"{result.mass_in:.5g}", f"{result.mass_out:.5g}", f"{result.mass_gap:.3%}"))
    for element, balance in sorted(result.elements.items()):
        table.rows.append((element, f"{balance.inflow:.5g}", f"{balance.outflow:.5g}", f"{balance.gap:.3%}"))
    return table


def _citations(block: Pedigree) -> TableView:
    table = TableView(
        f"Sources (confidence: {block.confidence or 'not stated'})",
        ("key", "source", "gives", "note"),
    )
    for key, citation in block.sources.items():
        table.rows.append((key, _cite(citation), ", ".join(citation.gives), citation.note))
    if block.note:
        table.rows.append(("note", block.note, "", ""))
    return table


def _material(case: Case, key: str) -> list[TableView]:
    block = case.materials[key]
    facts = TableView(key, ("property", "value"))
    facts.rows.extend([("name", _both(block.name, key)), ("class", block.kind), ("unit", block.unit)])
    facts.rows.extend([(word, value) for word, value in _stated(block, ("density",))])
    facts.rows.extend([(name, str(amount.value)) for name, amount in block.properties.items()])
    facts.rows.extend([("formula", block.formula)] if block.formula else [])
    facts.rows.extend([(name, f"{part:.4%}") for name, part in block.composition.items()])
    uses = TableView("Occurs in", ("process", "as"))
    for name, process in case.processes.items():
        for side in _sides(process, key):
            uses.rows.append((name, side))
    return [facts, uses, _citations(block)]


def _sides(process: Process, material: str) -> Iterator[Literal["input", "output", "slot option"]]:
    if material in process.inputs:
        yield "input"
    if material in process.outputs or (material == process.per.label and material not in process.inputs):
        yield "output"
    for entry in process.inputs.values():
        if isinstance(entry, Slot) and material in entry.options:
            yield "slot option"
