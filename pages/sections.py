"""Sections of the page that say what an answer is: totals, plants, exchanges, prices, limits, policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from ..flows.tables import Label
from ..flows.wording import said
from ..reports.figures import amount, figure
from ..reports.flows import FATES
from ..reports.result import Result
from .layers import shadow_prices
from .tables import Number, Table, Text, number, quantities
from .words import Language, words


def name(text: Label, language: Language) -> str:
    """Return the name of a thing in one language."""
    return text.zh if language == "zh" else text.en


def names_of(labels: Iterable[Label], language: Language) -> dict[str, str]:
    """Return names by identifiers; the first of two that share one is believed."""
    found: dict[str, str] = {}
    for text in labels:
        found.setdefault(text.id, name(text, language))
    return found


def plant_names(result: Result, language: Language) -> dict[tuple[str, str], str]:
    """Return the name of every plant, and of each of its modes, by its park and identifier."""
    network = result.network
    found: dict[tuple[str, str], str] = {}
    for row, text in enumerate(network.plants.label):
        park = network.parks[network.companies.park[network.plants.company[row]]].id
        found[park, text.id] = name(text, language)
        found.setdefault((park, network.plants.plant_id(row)), name(text, language))
    return found


def park_names(result: Result, language: Language) -> dict[str, str]:
    """Return the name of every park by its identifier."""
    return {park.id: name(park, language) for park in result.network.parks}


def company_name(result: Result, park: str, company: str, language: Language) -> str:
    """Return the name of a company, with its park where there are several parks."""
    network = result.network
    parks = park_names(result, language)
    row = next(
        n
        for n, text in enumerate(network.companies.label)
        if text.id == company and network.parks[network.companies.park[n]].id == park
    )
    own = name(network.companies.label[row], language)
    if company == park:
        return parks[park]
    return own if len(parks) == 1 else f"{parks[park]} · {own}"


def totals(result: Result, language: Language) -> Table:
    """Return the indicators, of all parks and of each."""
    network = result.network
    several = len(network.parks) > 1
    columns = ["", words("unit", language), words("total", language)]
    columns += [name(park, language) for park in network.parks if several]
    table = Table("totals", words("totals", language), tuple(columns))
    for text in network.indicators.label:
        whole = result.indicators[text.id]
        parts = [result.parks[park.id][text.id].value for park in network.parks] if several else []
        cells, unit = quantities([whole.value, *parts], whole.unit)
        table.rows.append((Text(name(text, language)), Text(unit), *cells))
    return table


def money(result: Result, language: Language) -> Table:
    """Return revenue and cost by item, largest first; the profit is their difference."""
    table = Table(
        "money",
        words("money_table", language),
        (words("account", language), words("item", language), words("thing", language), words("amount", language),
         words("price", language), f"{words('value', language)} ({result.network.money})"),
        folded=True,
    )  # fmt: skip
    items = result.money.rows if result.money else []
    several = len(result.network.parks) > 1
    parks = park_names(result, language)
    profit = 0.0
    for item in sorted(items, key=lambda item: (item.account != "revenue", -abs(item.value))):
        signed = item.value if item.account == "revenue" else -item.value
        profit += signed
        thing = name(item.thing, language) + (f" · {parks[item.park]}" if several else "")
        price = "" if item.price is None else f"{figure(item.price)} {result.network.money}/{item.unit}"
        table.rows.append(
            (
                Text(words(item.account, language)),
                Text(words(f"item_{item.item}", language)),
                Text(thing),
                Text("" if item.amount is None else amount(item.amount, item.unit)),
                Text(price),
                Number(figure(signed), signed),
            )
        )
    blank = (Text(""),) * 4
    return Table(
        **{**table.__dict__, "total": (Text(words("profit", language)), *blank, Number(figure(profit), profit))}
    )


def plants(result: Result, language: Language) -> Table:
    """Return what each plant runs at, over all periods with their weights."""
    network, weight = result.network, result.network.periods.weight
    several = len(network.parks) > 1
    columns = [words(key, language) for key in (*(["park"] if several else []), "plant", "company")]
    columns += [words(key, language) for key in ("run", "unit", "load")]
    table = Table("plants", words("plants", language), tuple(columns), folded=several)
    periods = len(network.periods.id)
    changing = {(built.park, built.id) for built in (*result.builds, *result.retirements)}
    parks = park_names(result, language)
    for row, capacity in enumerate((weight @ network.plants.capacity).tolist()):
        first = result.plants[row * periods]
        run = float(weight @ result.plants.run[row])
        used = first.utilisation if periods == 1 else run / capacity if 0 < capacity < np.inf else None
        if periods > 1 and (first.park, network.plants.plant_id(row)) in changing:
            used = None  # its capacity differs between periods
        (cell,), unit = quantities([run], first.unit)
        load = Number("–" if used is None else f"{used:.0%}", used, None if used is None else min(max(used, 0.0), 1.0))
        where = [Text(parks[first.park])] if several else []
        who = Text(name(network.companies.label[network.plants.company[row]], language))
        table.rows.append((*where, Text(name(first.name, language)), who, cell, Text(unit), load))
    return table


def exchanges(result: Result, language: Language) -> Table:
    """Return what moves between companies and parks, and what it is worth where it arrives."""
    flows, network, weight = result.flows, result.network, result.network.periods.weight
    assert flows is not None
    prices = shadow_prices(result)
    table = Table(
        "exchanges",
        words("exchanges", language),
        (words("material", language), words("from", language), words("to", language), words("amount", language),
         words("unit", language), f"{words('worth', language)} ({network.money})", words("price", language)),
        note=words("exchanges_note" if prices is not None else "exchanges_note_no_money", language),
    )  # fmt: skip
    moved: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for kind in np.flatnonzero(
        (flows.partner >= 0) & np.isin(flows.fate, [FATES.index(w) for w in ("exchanged", "shipped")])
    ).tolist():
        source, target = int(flows.node[kind]), int(flows.partner[kind])
        total = float(weight @ flows.value[:, kind])
        if total <= 0:
            continue
        key = (
            int(network.nodes.material[source]),
            int(network.nodes.company[source]),
            int(network.nodes.company[target]),
        )
        moved[key][0] += total
        if prices is not None:
            moved[key][1] += float(weight @ (flows.value[:, kind] * prices[:, target]))

    def ends(company: int) -> str:
        park = network.parks[network.companies.park[company]].id
        return company_name(result, park, network.companies.label[company].id, language)

    ordered = sorted(moved.items(), key=lambda item: (-abs(item[1][1]), -item[1][0], item[0]))
    for (material, source, target), (total, worth) in ordered:
        unit = network.materials.unit[material]
        (cell,), shown = quantities([total], unit)
        value = Number(figure(worth), worth) if prices is not None else Number("–", None)
        price = f"{figure(worth / total)} {network.money}/{unit}" if prices is not None else "–"
        label = Text(name(network.materials.label[material], language))
        table.rows.append((label, Text(ends(source)), Text(ends(target)), cell, Text(shown), value, Text(price)))
    if prices is None or not table.rows:
        return table
    whole = sum(worth for _, worth in moved.values())
    blank = Text("")
    total_row = (Text(words("total", language)), blank, blank, blank, blank, Number(figure(whole), whole), blank)
    return Table(**{**table.__dict__, "total": total_row})


def shadow(result: Result, language: Language) -> Table:
    """Return what one more unit of a material is worth, where it flows: with several periods the mean and the range."""
    network, flows = result.network, result.flows
    assert flows is not None
    T = len(network.periods.id)  # noqa: N806
    keys = ["material", "where", "mean_price", *(["least", "most"] if T > 1 else []), "unit"]
    table = Table(
        "prices", words("prices", language), tuple(words(key, language) for key in keys),
        note=words("prices_note", language).format(goal=goal_words(result, language)), folded=True,
    )  # fmt: skip
    values = result.prices.value
    length = network.periods.weight / network.periods.weight.sum()
    busy = np.zeros(len(values), bool)
    busy[flows.node[np.abs(flows.value).max(axis=0, initial=0.0) > 0]] = True
    plants = plant_names(result, language)
    seen: set[tuple[str, ...]] = set()
    for node in np.lexsort((network.nodes.company, network.nodes.material)).tolist():
        if not busy[node] or not np.abs(values[node]).max(initial=0.0):
            continue
        first = result.prices[node * T]
        place = company_name(result, first.park, first.company, language)
        place += f" · {plants[first.park, first.plant]}" if first.plant else ""
        figures = [float(length @ values[node])] + ([values[node].min(), values[node].max()] if T > 1 else [])
        cells = [Number(figure(float(value)), float(value)) for value in figures]
        label = name(network.materials.label[network.nodes.material[node]], language)
        key = (label, place, *(cell.text for cell in cells))
        if key not in seen:
            seen.add(key)
            table.rows.append((Text(label), Text(place), *cells, Text(first.unit)))
    return table


def goal_words(result: Result, language: Language) -> str:
    """Return the name of what is optimised."""
    known = {text.id: text for text in result.network.indicators.label}
    return name(known[result.objective], language) if result.objective in known else result.objective


def limits(result: Result, language: Language) -> Table:
    """Return the limits that bind, the one most worth raising first."""
    unit = result.goal.unit
    table = Table(
        "limits",
        words("limits", language),
        ("#", words("limit", language), words("percent_more", language).format(unit=unit), words("line", language)),
        note=words("limits_note", language),
        folded=len(result.limits) > 40,
    )
    for rank, limit in enumerate(result.limits, start=1):
        gain = Number(figure(limit.percent), limit.percent)
        table.rows.append((Text(str(rank)), Text(said(limit.sentence, language)), gain, Text(limit.where)))
    return table


def policies(result: Result, language: Language) -> Table:
    """Return how each policy came out."""
    keys = ("policy", "value", "bound", "policy_price", "binds", "missed")
    table = Table("policies", words("policies", language), tuple(words(key, language) for key in keys))
    per = f"{result.goal.unit}/"
    for policy in result.policies:
        shown = policy.unit if policy.unit != "1" else ""
        value, bound = (
            Text("–")
            if it is None
            else Number(number(it, "1").text if policy.unit == "1" else amount(it, policy.unit), it)
            for it in (policy.value, policy.bound)
        )
        price = (
            Text("–") if policy.price is None else Number(f"{figure(policy.price)} {per}{shown or '1'}", policy.price)
        )
        missed = max(policy.shortage or 0.0, policy.surplus or 0.0)
        table.rows.append(
            (
                Text(policy.name),
                value,
                bound,
                price,
                Text(words("yes" if policy.binds else "no", language)),
                Text("" if not missed else amount(missed, policy.amount_unit)),
            )
        )
    return table


def changes(result: Result, language: Language) -> Table:
    """Return what is built, and what is closed for good."""
    keys = ("change", "thing", "where", "period", "capacity", "unit", "capital")
    headings = [words(key, language) for key in keys]
    headings[-1] += f" ({result.network.money})"
    table = Table("changes", words("changes", language), tuple(headings))
    parks = park_names(result, language)
    for word, group in (("built", result.builds), ("closed", result.retirements)):
        for it in group:
            (cell,), unit = quantities([it.capacity], it.unit)
            table.rows.append(
                (
                    Text(words(word, language)),
                    Text(name(it.name, language)),
                    Text(parks.get(it.park, it.park)),
                    Text(it.period),
                    cell,
                    Text(unit),
                    Number(figure(it.cost), it.cost),
                )
            )
    return table


def islands(result: Result, language: Language) -> Table:
    """Return the account of every company of a case with several, with what service islands charge it."""
    table = Table(
        "companies",
        words("companies", language),
        tuple(words(key, language) for key in ("company", "account", "indicator", "value", "unit", "share")),
        folded=True,
    )
    if len(result.network.companies.label) < 2:
        return table
    labels = {text.id: text for text in result.network.indicators.label}
    for entry in result.companies:
        cells, unit = quantities([entry.value], entry.unit)
        who = company_name(result, entry.park, entry.company, language)
        share = Text("" if entry.share is None else f"{entry.share:.1%}")
        what = name(labels[entry.indicator], language) if entry.indicator in labels else entry.indicator
        table.rows.append((Text(who), Text(entry.account), Text(what), cells[0], Text(unit), share))
    return table


def tables_of(result: Result, language: Language) -> Iterator[Table]:
    """Yield every table of one answer that has rows, in the order of the page."""
    for make in (totals, money, plants, changes, exchanges, shadow, limits, policies, islands):
        table = make(result, language)
        if table.rows:
            yield table
