"""What a case contains, as tables: parks, plants, offers, materials, recipes, and the source of each figure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Literal

from rich.markup import escape

from ..flows.blocks import written
from ..flows.case import Case
from ..flows.park_schema import Outlet, Plant, Route, Trade, TransportMode, ladder_of
from ..flows.problems import Findings, InputError, Problem, nearest
from ..flows.recipe_schema import Pedigree
from ..flows.recipes import recipes
from ..flows.wording import Language, Saying, joined, said
from .contents_phrases import contents_phrases
from .headings import heading
from .norms import norms_table
from .summary import Paper
from .things import material_in_full, process_in_full
from .views import TableView, all_cited, both_names, cited, stated_words

tell = contents_phrases.tell
WHOLE = frozenset(
    {"park", "plant", "process", "material", "company", "offer", "key", "line", "amount", "route", "mode"}
)
"""columns of identifiers and amounts, which must not be folded"""


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
        "norms": norms_table,
        "sources": _sources,
    }
    if what in topics:
        tables = topics[what](case)
    elif what in case.processes:
        tables = process_in_full(case, what)
    elif what in case.materials:
        tables = material_in_full(case, what)
    else:
        known = [*topics, *case.processes, *case.materials]
        problem = Problem(None, f"`{what}` is no topic, process or material of this case", nearest(what, known))
        raise InputError([problem])
    return Contents(case.name, case.scenario, both_names(case.head.title, case.name), tables)


def print_contents(view: Contents, paper: Paper, language: Language = "en") -> None:
    """Print a view."""
    chinese = language == "zh"
    paper.print(f"[bold]{escape(view.title[chinese])}[/] · {escape(view.case)} · {escape(view.scenario)}")
    for table in view.tables:
        columns: list[tuple[str, Literal["left", "right"]]] = [(heading(it, language), "left") for it in table.columns]
        drawn = paper.table(heading(table.title, language), columns, [heading(it, language) for it in WHOLE])
        for row in table.rows:
            cells = (said(cell, language) if isinstance(cell, str) else cell[chinese] for cell in row)
            drawn.add_row(*(escape(cell) for cell in cells))
        paper.print(drawn)
        if not table.rows:
            paper.print(contents_phrases("nothing", language))


def _overview(case: Case) -> list[TableView]:
    parks = TableView("Parks", ("park", "name", "companies", "plants", "offers"))
    for key, park in case.parks.items():
        offers = len(park.buy) + len(park.sell) + len(park.discard)
        parks.rows.append(
            (
                key,
                both_names(park.name, key),
                str(len(park.companies) or 1),
                str(len(park.plants)),
                str(offers),
            )
        )
    chains = TableView("Chains", ("chain", "name", "processes"))
    for key, chain in case.chains.items():
        chains.rows.append((key, both_names(chain.name, key), " → ".join(chain.processes)))
    indicators = TableView("Indicators", ("indicator", "name", "unit"))
    for key, indicator in case.indicators.items():
        indicators.rows.append((key, both_names(indicator.name, key), indicator.unit or tell("ratio")))
    policies = TableView("Policies", ("policy", "indicator", "bound or price"))
    for key, policy in case.policies.items():
        names = ("min", "shortage", "max", "surplus", "price", "free")
        parts = [f"{word} {value}" for word, value in stated_words(policy, names)]
        parts += [tell("price_to", price=step.price, most=step.max) for step in policy.steps or ()]
        thing = policy.indicator or tell("flow" if policy.flow is not None else "ratio")
        policies.rows.append((key, thing, joined(parts, between_zh="，")))
    scenarios = TableView("Scenarios", ("scenario", "title"), [("base", both_names(case.head.title, case.name))])
    for key, scenario in case.scenarios.items():
        scenarios.rows.append((key, both_names(scenario.title, key)))
    measures = TableView("Measures", ("measure", "name", "investment", "lifetime", "annual cost", "changes"))
    for key, measure in case.measures.items():
        stated = (measure.investment, measure.lifetime, measure.annual_cost)
        changes = (*measure.add, *measure.set, *measure.disable)
        figures = ("" if figure is None else str(figure) for figure in stated)
        measures.rows.append((key, both_names(measure.name, key), *figures, ", ".join(changes)))
    routes, done = [_routes(case)[0]] if case.routes else [], [measures] if case.measures else []
    return [parks, *routes, chains, indicators, policies, scenarios, *done]


def _materials(case: Case) -> list[TableView]:
    table = TableView("Materials", ("material", "name", "class", "unit", "formula or composition"))
    for key, block in case.materials.items():
        made_of = block.formula or ", ".join(f"{name} {part:.4g}" for name, part in block.composition.items())
        table.rows.append((key, both_names(block.name, key), block.kind, block.unit, made_of))
    return [table]


def _processes(case: Case) -> list[TableView]:
    table = TableView("Processes", ("process", "name", "per", "uses", "makes", "closure gap", "confidence"))
    found = recipes(case, Findings())
    for key, block in case.processes.items():
        recipe = found[key]
        table.rows.append(
            (
                key,
                both_names(block.name, key),
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
                    both_names(name, key),
                    plant.company or park_key,
                    str(plant.capacity),
                    _run_words(plant),
                    ", ".join(f"{w} {v}" for w, v in stated_words(plant, ("variable_cost", "fixed_cost"))),
                    plant.confidence or "",
                    all_cited(plant),
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
            table.rows.append((park_key, key, both_names(unit.name, key), str(unit.capacity), ", ".join(runs), users))
    return table


_CAMPAIGN = ("least", "changeover_cost", "changeover_time")


def _run_words(plant: Plant) -> Saying:
    parts: list[str] = [tell("modes", modes=", ".join(plant.modes))] if plant.modes else []
    parts += (
        [tell("campaigns"), *(f"{word} {value}" for word, value in stated_words(plant.campaigns, _CAMPAIGN))]
        if plant.campaigns
        else []
    )
    parts += [tell("load_to", steps=", ".join(f"{step.to:.4g}" for step in plant.load))] if plant.load else []
    parts += [tell("ordered")] if plant.ordered else []
    parts += [f"availability {written(plant.availability)}"] if plant.availability != 1 else []
    parts += [f"{word} {value}" for word, value in stated_words(plant, ("maintenance", "ramp"))]
    parts += [f"min_load {plant.min_load:.4g}"] if plant.min_load else []
    if plant.run is not None:
        parts += [f"{word} {value}" for word, value in stated_words(plant.run, ("min", "max"))]
    if plant.on_off is not None:
        stated = stated_words(plant.on_off, ("start_cost", "min_up", "min_down"))
        on_off = tell("on_off", load=f"{plant.on_off.min_load:.4g}")
        parts += [on_off, *(f"{word} {value}" for word, value in stated)]
    if plant.build is not None:
        stated = stated_words(plant.build, ("max", "step", "pace"))
        build = tell("build_at", cost=plant.build.cost)
        parts += [build, *(f"{word} {value}" for word, value in stated)]
    if plant.retire is not None:
        stated = stated_words(plant.retire, ("cost", "step"))
        parts += [tell("may_retire"), *(f"{word} {value}" for word, value in stated)]
    parts += [tell("adds_of", value=value, name=name) for name, value in plant.adds.items()]
    if plant.retire_by is not None:
        parts.append(f"retire_by {plant.retire_by}")
    if plant.fix is not None:
        parts.append(f"fix {written(plant.fix)}")
    return joined(parts, between_zh="，")


def _stores(case: Case) -> list[TableView]:
    table = TableView(
        "Stores", ("park", "store", "name", "material", "company", "capacity", "terms", "confidence", "sources")
    )
    words = ("initial", "loss", "cost", "fill_rate", "draw_rate")
    for park_key, park in case.parks.items():
        for key, store in park.stores.items():
            terms = ", ".join([f"end {store.end}", *(f"{word} {value}" for word, value in stated_words(store, words))])
            owner = store.company or store.plant or park_key
            known = both_names(store.name, key), store.material, owner, str(store.capacity), terms
            table.rows.append((park_key, key, *known, store.confidence or "", all_cited(store)))
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
            taken = tell("taken_all" if block.must_take else "taken_most")
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
                        ", ".join(f"{w} {v}" for w, v in stated_words(offer, ("min", "max")) if v != "unlimited"),
                        offer.confidence or "",
                        all_cited(offer),
                        offer.note,
                    )
                )
    return [table]


def _routes(case: Case) -> list[TableView]:
    routes = TableView("Routes", ("route", "from", "to", "by", "distance", "carries", "terms", "confidence", "sources"))
    for key, route in case.routes.items():
        end = tell("and_back", end=route.end) if route.both_ways else route.end
        way = str(route.distance) if route.distance is not None else tell("by_places")
        carries = ", ".join(route.carries)
        terms = _transport_words(route)
        known = (route.start, end, route.by, way, carries, terms)
        routes.rows.append((key, *known, route.confidence or "", all_cited(route)))
    modes = TableView("Modes of transport", ("mode", "name", "terms", "excludes", "confidence", "sources"))
    for key, mode in case.transport.items():
        words, excluded = _transport_words(mode), ", ".join(mode.excludes)
        modes.rows.append((key, both_names(mode.name, key), words, excluded, mode.confidence or "", all_cited(mode)))
    apart = TableView("Apart", ("park", "and park"))
    apart.rows.extend(pair for group in case.head.apart for pair in combinations(group, 2))
    return [routes, modes, *([apart] if apart.rows else [])]


def _transport_words(block: TransportMode | Route) -> Saying:
    parts: list[str] = [f"{word} {value}" for word, value in stated_words(block, ("cost", "handling", "capacity"))]
    parts = [part for part in parts if part != "capacity unlimited"]
    parts += [tell("adds_of", value=value, name=name) for name, value in (block.adds or {}).items()]
    if isinstance(block, Route):
        parts += [f"loss {block.loss:.4g}"] if block.loss else []
    elif block.detour != 1:
        parts.append(f"detour {block.detour:.4g}")
    return joined(parts, between_zh="，")


def _price_words(offer: Trade | Outlet) -> str:
    if offer.steps:
        steps = (tell("to", price=written(price), most=written(most)) for price, most in ladder_of(offer))
        return joined(steps, " → ", " → ")
    return written(offer.cost if isinstance(offer, Outlet) else offer.price)


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
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for path, block in _pedigrees(case):
        for citation in block.sources.values():
            text = cited(citation).rsplit(" [", 1)[0]
            gives, paths = found.setdefault((text, citation.access), ([], []))
            gives.extend(item for item in citation.gives if item not in gives)
            paths.append(path)
    for (text, access), (gives, paths) in sorted(found.items()):
        table.rows.append((text, access, ", ".join(gives), ", ".join(paths)))
    return [table]
