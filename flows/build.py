"""Case → Network: every name becomes a row number, every quantity a number in the unit of its material.

The order of the steps is the order of the tables in `network`: plants and their recipes make the nodes, offers and
exchanges connect them, the accounts weigh what flows. Loops run over what people wrote, never over periods.
"""

from __future__ import annotations

import numpy as np

from .accounts import AccountWriter, label, material_label
from .blocks import MOST_PERIODS
from .campaigns import campaign_table
from .case import Case
from .collecting import uncollected
from .contradictions import contradictions
from .draft import Draft
from .equipment import place_units, unit_table
from .investing import Changing, change_plants, retire
from .islands import island_table
from .lanes import mode_table, open_routes, route_table, shipment_table
from .laying import lay_links, lay_routes, lay_stores
from .links import coalitions, exchange_table, join_companies
from .load import load_table
from .markets import offer_table, open_offers, step_table
from .measure_tables import measure_table
from .network import Network
from .objectives import goals
from .placing import commitment_table, limit_table, place_plants, plant_table
from .plant_tables import Entries, OptionEntries, Options, Slots
from .policies import policy_tables
from .problems import Findings, nearest
from .recipes import check_materials, recipes
from .returns import return_table
from .stocks import place_stores, store_table
from .tables import Companies, Materials, Nodes, Periods
from .tracing import trace
from .way_tables import Deals


@uncollected
def build_network(case: Case, findings: Findings | None = None, contradictory: bool = False) -> Network:
    """Index a case. Warnings are left in `findings` where it is given.

    Statements that contradict each other over several lines pass where `contradictory`: the network then has no answer,
    and a diagnosis says what to change.

    Raises:
        InputError: with everything that is wrong with the library, the parks, the accounts, or where materials
            come from and go to.
    """
    findings = Findings() if findings is None else findings
    draft = Draft(case, findings)
    check_materials(case, findings)
    draft.origin(case.value_at(), case.name)
    periods = _periods(draft)
    draft.begin(periods)
    place_plants(draft, recipes(case, findings))
    place_units(draft)
    open_offers(draft)
    allies = coalitions(draft)
    join_companies(draft, allies)
    open_routes(draft, allies)
    place_stores(draft)
    draft.check_size()
    network = _network(draft, periods)
    findings.raise_if_errors()
    findings.add(*trace(network))
    findings.raise_if_errors()
    if not contradictory:
        findings.add(*contradictions(network))
        findings.raise_if_errors()
    return network


def _network(draft: Draft, periods: Periods) -> Network:
    case, findings = draft.case, draft.findings
    written = AccountWriter(draft)
    accounts, indicators = written.write()
    policies, rungs, banks, growths = policy_tables(draft, written, periods)
    stages, tie_break = goals(draft, written)
    islands = island_table(draft)
    _check_expectations(case, {text.id for text in indicators.label}, findings)
    accounts_of = {name: counted.account for name, counted in written.of_indicator.items() if counted.per < 0}
    changing = Changing.of(draft, periods, accounts_of)
    plants = change_plants(changing, retire(draft, plant_table(draft, periods.duration), periods))
    exchanges = lay_links(changing, exchange_table(draft, periods.duration))
    shipments = shipment_table(draft, accounts)
    routes = lay_routes(changing, route_table(draft, periods.duration), shipments)
    stores = lay_stores(changing, store_table(draft))
    capacities, builds, budgets = changing.tables(written.investment)
    returns = return_table(draft)
    return Network(
        case=case.name,
        scenario=case.scenario,
        title=label(case.name, case.head.title),
        money=case.money,
        parks=tuple(label(name, park.name) for name, park in case.parks.items()),
        periods=periods,
        materials=_materials(draft),
        companies=draft.companies.table(Companies),
        nodes=draft.nodes.table(Nodes),
        plants=plants,
        entries=draft.entries.table(Entries),
        slots=draft.slots.table(Slots),
        options=draft.options.table(Options),
        option_entries=draft.option_entries.table(OptionEntries),
        slot_limits=limit_table(draft),
        offers=offer_table(draft, periods.duration),
        steps=step_table(draft, periods.duration),
        deals=draft.deals.table(Deals),
        exchanges=exchanges,
        accounts=accounts,
        indicators=indicators,
        policies=policies,
        objective=int(stages[-1].indicator[0]) if stages else 0,
        maximise=stages[-1].maximise if stages else True,
        objective_origin=stages[-1].origin if stages else 0,
        origins=tuple(draft.origins),
        caveats=tuple(draft.caveats),
        units=unit_table(draft, periods.duration),
        capacities=capacities,
        builds=builds,
        retirements=changing.retirement_table(),
        budgets=budgets,
        commitments=commitment_table(draft, periods.duration),
        load_steps=load_table(draft),
        returns=returns,
        campaigns=campaign_table(draft),
        transport_modes=mode_table(draft, periods.duration),
        routes=routes,
        shipments=shipments,
        stores=stores,
        rungs=rungs,
        banks=banks,
        growths=growths,
        islands=islands,
        goals=stages,
        tie_break=tie_break,
        measures=measure_table(draft),
    )


def _periods(draft: Draft) -> Periods:
    """Return the periods in their order; a `count` makes that many, numbered from 1."""
    _check_count(draft)
    names: list[str] = []
    durations, weights, counts = [], [], []
    for name, period in draft.case.periods.items():
        path = ("periods", name, "duration")
        duration = draft.number(period.duration, "a", *path)
        if duration == 0:
            position = draft.case.value_at(*path)
            draft.findings.error(position, f"period `{name}` has no length", "write e.g. `1 a`")
        names += [name] if period.count is None else [f"{name}_{i}" for i in range(1, period.count + 1)]
        durations.append(duration or 0.0)
        weights.append(float(period.weight))
        counts.append(period.count or 1)
    _check_period_names(draft, names)
    return Periods(tuple(names), np.repeat(durations, counts), np.repeat(weights, counts))


def _check_count(draft: Draft) -> None:
    """Refuse more periods than a case may have; each block was checked alone. Raises InputError."""
    count = sum(period.count or 1 for period in draft.case.periods.values())
    if count > MOST_PERIODS:
        what = f"the case has {count:,} periods; at most {MOST_PERIODS:,} are allowed"
        draft.findings.error(draft.case.key_at("periods"), what, "take fewer or longer periods")
        draft.findings.raise_if_errors()


def _check_period_names(draft: Draft, names: list[str]) -> None:
    """A numbered period may bear the name of another one."""
    if len(set(names)) == len(names):
        return
    twice = next(name for name in names if names.count(name) > 1)
    what = f"two periods are called `{twice}`: one is made by `count`"
    draft.findings.error(draft.case.key_at("periods", twice), what, "rename one of them")


def _materials(draft: Draft) -> Materials:
    blocks = [(name, draft.case.materials[name]) for name in draft.materials]
    return Materials(
        tuple(material_label(name, block) for name, block in blocks),
        tuple(block.unit for _, block in blocks),
        tuple(block.kind for _, block in blocks),
    )


def _check_expectations(case: Case, indicators: set[str], findings: Findings) -> None:
    known = ["base", *case.scenarios]
    for name, expectation in case.expectations.items():
        if name not in known:
            position = case.key_at("expect", name)
            findings.error(position, f"there is no scenario `{name}`", nearest(name, known))
        for indicator in expectation.indicators:
            if indicator not in indicators:
                position = case.key_at("expect", name, "indicators", indicator)
                findings.error(position, f"unknown indicator `{indicator}`", nearest(indicator, indicators))
