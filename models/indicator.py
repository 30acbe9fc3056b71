"""Indicators: linear accounts over flows, company by company, shared by the program and by everything that reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from ..flows.network import Network
from ..flows.tables import Fate, Floats, Ints, OfferKind, no_rows
from .assembly import Longs, add_up, settled
from .coverage import covered_companies, covered_periods, money_columns, policy_accounts
from .program import Program, ProgramError

REVENUE, COST, PROFIT, VALUE_ADDED = range(4)
"""rows of `Network.accounts` that are built in"""
OPENING = "opening"
"""block of stocks before the first period, which belongs to no period"""


@dataclass(frozen=True, eq=False)
class AccountTerms:
    """Coefficients of accounts on one block of columns, in user units per period occurrence."""

    columns: str
    """name of the block: run, fill, deal, exchange, ship, level, opening, or one of `money_columns`"""
    column: Ints
    """(k,) column within the block"""
    account: Ints
    """(k,) row of `Network.accounts`"""
    company: Ints
    """(k,) company it is booked in"""
    value: Floats
    """(T, k), or (1, k) where all periods agree or the block has none: account units per unit of the column"""
    periodic: bool = True
    """the block is periodic; what belongs to no period counts once"""
    policy: Ints = field(default_factory=no_rows)
    """(k,) policy under which it is paid, -1 where an extension puts it there; empty where the case states it"""


@dataclass(frozen=True, eq=False)
class LinearAccounts:
    """All accounts of a network as linear functions of the columns."""

    terms: tuple[AccountTerms, ...]
    constant: Floats
    """(T, accounts, companies) what is booked whatever flows, per period occurrence"""
    paid: Floats
    """(policies, companies) part of the constant of cost that is paid under each policy, over all periods"""


@dataclass(frozen=True, eq=False)
class _Flows:
    """Amounts of material that columns move, one row for each material a unit of a column moves."""

    columns: str
    column: Ints
    material: Ints
    company: Ints
    amount: Floats
    """(k,) or (T, k)"""
    happens: int = 0
    """periods after that of the column in which the flow happens, whose factors weigh it"""


def linear_accounts(network: Network) -> LinearAccounts:
    """An account weighs flows with factors and adds them up over the periods, company by company.

        account[a,k] = Σ_t weight[t] · (Σ_f factor[a,f,m,t] · flow[f,m,k,t] + fixed[a,k,t])

        revenue     = sales + payments received for discards
        cost        = purchases + disposal + variable cost + links + transport + holding cost + fixed cost
                      + new capacity + payments under policies
        profit      = revenue − cost
        value_added = revenue − purchases − disposal − variable cost − links − transport − holding cost
                      (starts are a variable cost)

    weight[t]        `Periods.weight`           how often the period occurs, 1
    factor[a,f,m,t]  `Accounts.factor_value`    account units per unit of material m with fate f; what a store loses
                                                is weighed by the factor of the period that loses it
    flow[f,m,k,t]    material units of company k: bought, sold and discarded from `deal`; made from positive, used and
                     treated from negative recipe lines of `run` and `fill`, and the fills themselves (treated where
                     `Plants.treatment`; displaced is what is used, its factors multiplied by what a unit
                     stands in for); exchanged from `exchange`, of the company that gives; of a `ship` the
                     part that arrives is shipped and the part that is lost discarded, by the company that sends; what a
                     store loses is discarded, (1 − keep)·`level` of the period before
    fixed[a,k,t]     `Plants.fixed_cost`        money per period; only in cost (+) and profit (−)

    Transport costs `Shipments.cost`, money per unit sent, and a shipment adds `Shipments.add_value` to the accounts
    that its route names; both are booked with the company that sends.

    New capacity costs `Builds.at_once`, money per unit, as it is built, and `Builds.yearly`, money per unit and a,
    while it stands (annuity and fixed cost). The account `Builds.account` counts `Builds.cost`, the capital that is
    spent. The companies that pay share all this by `Capacities.payer_share`. What is closed costs `Retirements.cost`
    once, and spares `Retirements.saved`, money per unit and a. Standing capacity adds `Capacities.add_value`, account
    units per unit and a, to the accounts that its plant names: what exists, less what is closed, with what is built.

    Holding cost is paid on the `level` at the end of each period: `Stores.cost`, money per material unit.

    A discard at a negative cost is a receipt, so it counts in revenue. The payment of a priced policy is its price
    times its indicator, booked with the companies that it covers into cost and profit, less its price times what is
    free. The price of a policy on cost or profit weighs that account before such payments. What is free, and what is
    paid by steps, for a shortage or for a surplus (`money_columns`), is shared evenly by the companies covered.

    What an extension puts on columns (`Surcharges.value`) is booked into cost (+) and profit (−) as well.

    The accounts of a park are those of its companies together. An account has no dual of its own; the rows that bound
    accounts (`policy_bounds`) have.
    Raises ProgramError where a price is put on a ratio.
    """
    fates = _fates(network)
    money = (*_money_terms(network), *_capital_terms(network), *_surcharge_terms(network))
    standing, stands = _standing_terms(network)
    plain = (*money, *_factor_terms(network, fates), *_added_terms(network), *standing)
    constant = _fixed_cost(network) + stands
    payments, paid, by_policy = _payments(network, plain, constant)
    return LinearAccounts((*plain, *payments, *_money_column_terms(network)), constant + paid, by_policy)


def account_values(network: Network, program: Program, x: Floats, accounts: LinearAccounts | None = None) -> Floats:
    """Values of all accounts in each park over all periods: (accounts, parks) in user units, for flows x (n,)."""
    return park_values(network, company_values(network, program, x, accounts))


def park_values(network: Network, by_company: Floats) -> Floats:
    """Add up values of accounts of companies (accounts, companies) to those of parks (accounts, parks)."""
    values, gross = np.zeros((2, len(by_company), len(network.parks)))
    np.add.at(values.T, network.companies.park, by_company.T)
    np.add.at(gross.T, network.companies.park, np.abs(by_company).T)
    return settled(values, gross)


def whole_values(by_park: Floats) -> Floats:
    """Add up values of accounts of parks (accounts, parks) to those of the case (accounts,)."""
    return settled(by_park.sum(axis=1), np.abs(by_park).sum(axis=1))


def company_values(network: Network, program: Program, x: Floats, accounts: LinearAccounts | None = None) -> Floats:
    """Values of all accounts of each company over all periods: (accounts, companies), user units, for flows x (n,)."""
    table, once = account_table(network, program, x, accounts)
    weight = network.periods.weight
    total: Floats = np.tensordot(weight, table, 1) + once
    return settled(total, np.tensordot(weight, np.abs(table), 1) + np.abs(once))


def account_table(
    network: Network, program: Program, x: Floats, accounts: LinearAccounts | None = None
) -> tuple[Floats, Floats]:
    """Values of all accounts of each company for flows x (n,), in user units.

    Returns those of one occurrence of each period (T, accounts, companies), and those that belong to no period
    (accounts, companies).
    """
    accounts = accounts or linear_accounts(network)
    shape = accounts.constant.shape
    size = shape[1] * shape[2]
    table, once = np.zeros((shape[0], size)), np.zeros(size)
    gross, gross_once = np.abs(accounts.constant).reshape(shape[0], size), np.zeros(size)
    for term in accounts.terms:
        values = column_amounts(program, term.columns, x)
        place = term.account * np.int64(shape[2]) + term.company
        flows = values[:, term.column]
        booked = term.value * flows
        magnitude = np.abs(term.value) * np.maximum(np.abs(flows), program.flow_scale)  # flows are known to that scale
        if term.periodic:
            period = np.arange(shape[0])[:, None] * size
            cells = (period + place).ravel()
            table += add_up(cells, booked.ravel(), table.size).reshape(table.shape)
            gross += add_up(cells, magnitude.ravel(), table.size).reshape(table.shape)
        else:
            once += add_up(place, booked[0], size)
            gross_once += add_up(place, magnitude[0], size)
    total = settled(table + accounts.constant.reshape(gross.shape), gross)
    return total.reshape(shape), settled(once, gross_once).reshape(shape[1:])


def column_amounts(program: Program, columns: str, x: Floats) -> Floats:
    """Amounts of a block of columns for flows x (n,): (T, size), whole where the columns are."""
    if program.is_integer and program.column_view(columns, program.integral).any():
        return program.whole(columns, x)
    return program.column_view(columns, x)


def _money_terms(network: Network) -> list[AccountTerms]:
    """Revenue, cost, profit and value added of deals, variable and holding cost and transport, before policies."""
    deals, plants, shipments = network.deals, network.plants, network.shipments
    deal, plant = _range(deals.step), _range(plants.company)
    company = network.nodes.company[deals.node]
    price = network.steps.price[:, deals.step]
    kind = network.offers.kind[network.steps.offer[deals.step]]
    discard = kind == OfferKind.DISCARD
    received = np.where(kind == OfferKind.SELL, price, np.where(discard, np.maximum(-price, 0.0), 0.0))
    spent = np.where(kind == OfferKind.BUY, price, np.where(discard, np.maximum(price, 0.0), 0.0))
    variable = plants.variable_cost[None, :]
    lanes = network.exchanges
    lane, giver, carriage = _range(lanes.source), network.nodes.company[lanes.source], lanes.cost[None, :]
    switched = network.commitments
    start, starter = _range(switched.plant), plants.company[switched.plant]
    starts = switched.start_cost[None, :]
    sent, sender = _range(shipments.source), network.nodes.company[shipments.source]
    transport = shipments.cost[None, :]
    stores = network.stores
    store, keeper, holding = _range(stores.node), network.nodes.company[stores.node], stores.cost
    booked = (
        ("deal", deal, company, REVENUE, received),
        ("deal", deal, company, COST, spent),
        ("deal", deal, company, PROFIT, received - spent),
        ("deal", deal, company, VALUE_ADDED, received - spent),
        ("run", plant, plants.company, COST, variable),
        ("run", plant, plants.company, PROFIT, -variable),
        ("run", plant, plants.company, VALUE_ADDED, -variable),
        ("exchange", lane, giver, COST, carriage),
        ("exchange", lane, giver, PROFIT, -carriage),
        ("exchange", lane, giver, VALUE_ADDED, -carriage),
        ("start", start, starter, COST, starts),
        ("start", start, starter, PROFIT, -starts),
        ("start", start, starter, VALUE_ADDED, -starts),
        ("ship", sent, sender, COST, transport),
        ("ship", sent, sender, PROFIT, -transport),
        ("ship", sent, sender, VALUE_ADDED, -transport),
        ("level", store, keeper, COST, holding),
        ("level", store, keeper, PROFIT, -holding),
        ("level", store, keeper, VALUE_ADDED, -holding),
    )
    return [
        AccountTerms(columns, column, np.full(len(column), account, np.int32), where, value)
        for columns, column, where, account, value in booked
        if len(column)
    ]


def _capital_terms(network: Network) -> list[AccountTerms]:
    """What building costs, and the capital that is spent on it: shared by the companies that pay for a capacity."""
    builds, duration, weight = network.builds, network.periods.duration[:, None], network.periods.weight[:, None]
    row, company, share = _payers(network, builds.capacity)
    once = share / weight  # a capacity is built once, however often the period occurs
    spent, yearly = once * builds.at_once[row], share * builds.yearly[row] * duration
    booked = [
        ("build", COST, spent),
        ("build", PROFIT, -spent),
        ("new", COST, yearly),
        ("new", PROFIT, -yearly),
    ]
    if builds.account >= 0:
        booked.append(("build", builds.account, once * builds.cost[row]))
    terms = [
        AccountTerms(columns, row, np.full(len(row), account, np.int32), company, value)
        for columns, account, value in booked
        if value.any()
    ]
    closing = network.retirements
    row, company, share = _payers(network, closing.capacity)
    cost, saved = share / weight * closing.cost[row], share * closing.saved[row] * duration
    booked = [("retire", COST, cost), ("retire", PROFIT, -cost), ("closed", COST, -saved), ("closed", PROFIT, saved)]
    return terms + [
        AccountTerms(columns, row, np.full(len(row), account, np.int32), company, value)
        for columns, account, value in booked
        if value.any()
    ]


def _standing_terms(network: Network) -> tuple[list[AccountTerms], Floats]:
    """What standing capacity adds to accounts: terms of what changes, and constants (T, accounts, companies)."""
    table, duration = network.capacities, network.periods.duration[:, None]
    constant = np.zeros((len(duration), len(network.accounts.id), len(network.companies.label)))
    company = table.company[table.add_capacity]
    existing = table.add_value * table.nameplate[:, table.add_capacity] * duration
    np.add.at(constant.transpose(1, 2, 0), (table.add_account, company), existing.T)
    terms = []
    for columns, capacity, sign in (
        ("new", network.builds.capacity, 1.0),
        ("closed", network.retirements.capacity, -1.0),
    ):
        entry, row = np.nonzero(table.add_capacity[:, None] == capacity[None, :])
        value = sign * table.add_value[entry] * duration
        if len(row):
            terms.append(AccountTerms(columns, row.astype(np.int32), table.add_account[entry], company[entry], value))
    return terms, constant


def _payers(network: Network, capacity: Ints) -> tuple[Ints, Ints, Floats]:
    """Return who pays for rows (n,) of `Capacities`, one entry a payer: place among the rows, company and share."""
    table = network.capacities
    entry, row = np.nonzero(table.payer_capacity[:, None] == capacity[None, :])
    return row.astype(np.int32), table.payer_company[entry], table.payer_share[entry]


def _surcharge_terms(network: Network) -> list[AccountTerms]:
    """What an extension adds to cost and takes from profit."""
    table, terms = network.surcharges, []
    names = np.array(table.columns, dtype=object)
    for columns in dict.fromkeys(table.columns):
        where = np.flatnonzero(names == columns)
        value = np.zeros((len(network.periods.id), len(where)))
        value[table.period[where], np.arange(len(where))] = table.value[where]
        for account, sign in ((COST, 1.0), (PROFIT, -1.0)):
            booked, nobody = np.full(len(where), account, np.int32), np.full(len(where), -1, np.int32)
            company = table.company[where]
            terms.append(AccountTerms(columns, table.column[where], booked, company, sign * value, policy=nobody))
    return terms


def _fixed_cost(network: Network) -> Floats:
    """Fixed cost of all plants per period occurrence: (T, accounts, companies)."""
    fixed = network.plants.fixed_cost
    constant = np.zeros((len(fixed), len(network.accounts.id), len(network.companies.label)))
    by_company = np.zeros((constant.shape[2], len(fixed)))
    np.add.at(by_company, network.plants.company, fixed.T)
    constant[:, COST] += by_company.T
    constant[:, PROFIT] -= by_company.T
    return constant


def _fates(network: Network) -> dict[Fate, list[_Flows]]:
    """What each column does to which material, by fate. Every amount is positive."""
    entries, options, more = network.entries, network.options, network.option_entries
    material, company = network.nodes.material, network.nodes.company
    option_plant = network.slots.plant[options.slot]
    treatment = network.plants.treatment

    def moved(columns: str, column: Ints, node: Ints, amount: Floats, where: Ints | Longs) -> _Flows:
        at = node[where]
        return _Flows(columns, column[where], material[at], company[at], np.abs(amount[..., where]))

    def used(columns: str, column: Ints, node: Ints, amount: Floats, plant: Ints) -> None:
        treated = treatment[plant]
        for fate, which in ((Fate.USED, ~treated), (Fate.TREATED, treated)):
            where = np.flatnonzero((amount < 0) & which)
            fates[fate].append(moved(columns, column, node, amount, where))
        fates[Fate.MADE].append(moved(columns, column, node, amount, np.flatnonzero(amount > 0)))

    fates: dict[Fate, list[_Flows]] = {fate: [] for fate in Fate}
    used("run", entries.plant, entries.node, entries.amount, entries.plant)
    used("fill", _range(options.slot), options.node, -np.ones(len(options.slot)), option_plant)
    used("fill", more.option, more.node, more.amount, option_plant[more.option])
    fates[Fate.DISPLACED] = fates[Fate.USED]  # the factors know what each unit stands in for
    deal, step = _range(network.deals.step), network.deals.step
    kind = network.offers.kind[network.steps.offer[step]]
    for offer, fate in (
        (OfferKind.BUY, Fate.BOUGHT),
        (OfferKind.SELL, Fate.SOLD),
        (OfferKind.DISCARD, Fate.DISCARDED),
    ):
        where = np.flatnonzero(kind == offer)
        fates[fate].append(moved("deal", deal, network.deals.node, np.ones(len(deal)), where))
    lane = _range(network.exchanges.source)
    arriving = 1.0 - network.exchanges.loss
    given = moved("exchange", lane, network.exchanges.source, arriving, lane)
    fates[Fate.EXCHANGED].append(given)
    lost = network.exchanges.loss
    fates[Fate.DISCARDED].append(moved("exchange", lane, network.exchanges.source, lost, np.flatnonzero(lost)))
    shipments = network.shipments
    sent, loss = _range(shipments.source), shipments.loss
    fates[Fate.SHIPPED].append(moved("ship", sent, shipments.source, 1.0 - loss, sent))
    fates[Fate.DISCARDED].append(moved("ship", sent, shipments.source, loss, np.flatnonzero(loss > 0)))
    stores = network.stores
    store, lost = _range(stores.node), 1.0 - stores.keep
    later = np.vstack([lost[1:], np.zeros_like(lost[:1])])
    for columns, amount, happens in (("level", later, 1), (OPENING, lost[0], 0)):
        fates[Fate.DISCARDED].append(replace(moved(columns, store, stores.node, amount, store), happens=happens))
    return fates


def _added_terms(network: Network) -> list[AccountTerms]:
    """What shipments add to the accounts that their routes name."""
    table = network.shipments
    if not len(table.add_shipment):
        return []
    sender = network.nodes.company[table.source[table.add_shipment]]
    return [AccountTerms("ship", table.add_shipment, table.add_account, sender, table.add_value[None, :])]


def _factor_terms(network: Network, fates: dict[Fate, list[_Flows]]) -> list[AccountTerms]:
    """Join factors with flows of the same fate and material."""
    table = network.accounts
    terms = []
    for fate, groups in fates.items():
        factor = np.flatnonzero(table.factor_fate == fate)
        factor = factor[np.argsort(table.factor_material[factor], kind="stable")]
        count = np.bincount(table.factor_material[factor], minlength=len(network.materials.label))
        first = np.cumsum(count) - count
        for flows in groups:
            many = count[flows.material]
            row = np.repeat(np.arange(len(many)), many)
            within = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
            weighs = factor[first[flows.material[row]] + within]
            periodic = flows.columns != OPENING
            factors = np.atleast_2d(table.factor_value)[:, weighs]
            factors = np.roll(factors, -flows.happens, axis=0) if periodic else factors[:1]
            value = factors * np.atleast_2d(flows.amount)[:, row]
            account = table.factor_account[weighs]
            terms.append(AccountTerms(flows.columns, flows.column[row], account, flows.company[row], value, periodic))
    return [term for term in terms if len(term.column)]


def _payments(
    network: Network, plain: Iterable[AccountTerms], constant: Floats
) -> tuple[list[AccountTerms], Floats, Floats]:
    """What priced policies add to cost and take from profit.

    Returns terms, constants (T, accounts, companies), and those of cost by policy, over all periods.
    """
    terms = []
    paid, weight = np.zeros_like(constant), network.periods.weight
    by_policy = np.zeros((len(network.policies.id), constant.shape[2]))
    policies, of, companies = network.policies, _priced_accounts(network), covered_companies(network)
    periods = covered_periods(network)
    for policy in np.flatnonzero(policies.price != 0).tolist():
        covered, account = companies[policy], of[policy]
        before = paid[:, COST].copy()
        when = np.ones((1, 1)) if periods[policy].all() else periods[policy][:, None].astype(float)
        for booked, price in ((COST, policies.price[policy]), (PROFIT, -policies.price[policy])):
            terms += [
                AccountTerms(
                    term.columns,
                    term.column[where],
                    np.full(len(where), booked, np.int32),
                    term.company[where],
                    price * term.value[:, where] * (when if term.periodic else 1.0),
                    term.periodic,
                    np.full(len(where), policy, np.int32),
                )
                for term in plain
                if (term.periodic or periods[policy].all())
                and len(where := np.flatnonzero((term.account == account) & covered[term.company]))
            ]
            paid[:, booked] += price * constant[:, account] * covered * when
            if len(policies.free) and covered.any():
                free = policies.free[policy] * network.periods.duration[:, None] * when
                paid[:, booked] -= price * free * covered / covered.sum()
        by_policy[policy] = weight @ (paid[:, COST] - before)
    return terms, paid, by_policy


def _priced_accounts(network: Network) -> Ints:
    """Account that each policy prices. Raises ProgramError where one prices a ratio."""
    policies = network.policies
    of, per = policy_accounts(network)
    for policy in np.flatnonzero((policies.price != 0) & (per >= 0)).tolist():
        number = policies.indicator[policy]
        ratio = network.indicators.label[number].id if number >= 0 else policies.id[policy]
        raise ProgramError(
            f"policy `{policies.id[policy]}` puts a price on the ratio `{ratio}`; "
            f"put it on the amount it divides instead"
        )
    return of


def _money_column_terms(network: Network) -> list[AccountTerms]:
    """What shortages, surpluses and price steps add to cost and take from profit."""
    companies = covered_companies(network)
    terms = []
    for block in money_columns(network):
        covered = companies[block.policy]
        column, company = (places.astype(np.int32) for places in np.nonzero(covered))
        value = block.price[column] / covered.sum(axis=1)[column]
        for account, sign in ((COST, 1.0), (PROFIT, -1.0)):
            booked = np.full(len(column), account, np.int32)
            terms.append(
                AccountTerms(
                    block.block, column, booked, company, sign * value[None, :], block.periodic, block.policy[column]
                )
            )
    return [term for term in terms if len(term.column)]


def _range(table: Ints) -> Ints:
    return np.arange(len(table), dtype=np.int32)
