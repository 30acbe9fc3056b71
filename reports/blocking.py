"""What is in the way, told in the words of the case: one clause for each line that a diagnosis found to press."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.standing import CapacityKind
from ..flows.tables import Bools, Floats, OfferKind
from ..models.coverage import covered_length, policy_accounts
from ..models.installed import changing
from ..models.policy import policy_rows
from ..models.program import Program
from ..solver.diagnosis import Cause
from ..solver.levers import Levers
from ..solver.sides import GROWTH, LOWER, POLICY
from .fields import STAYS, FieldChange, difference, field_of, field_words, lever_thing, place_of, written_at
from .figures import amount, share
from .limits import limit_words, thing_words

SHOWN = 5
"""lines named as a cause"""
_SELLS = {"sell": "sold", "buy": "bought", "discard": "discarded"}


@dataclass(frozen=True)
class Line:
    """A line of the case that is in the way."""

    path: str
    where: str
    """file:line:column"""
    clause: str
    """what the line says, as far as nothing else is the subject"""
    figure: str = ""
    """what is written there, where the clause does not say it"""
    material: str = ""
    """material that the line limits, where the clause is but a noun"""
    verb: str = ""

    @property
    def words(self) -> str:
        """The clause with its place."""
        return f"{self.clause} ({self.figure + ', ' if self.figure else ''}{self.where})"


@dataclass(frozen=True)
class Blocked:
    """Something that is asked for and cannot be."""

    path: str
    where: str
    """file:line:column"""
    what: str
    missed: str
    """by how much, with its unit"""
    because: tuple[Line, ...]
    none: tuple[str, ...]
    """materials of which there is no other source or outlet, as clauses"""
    unnamed: int = 0
    """more lines that are in the way too"""
    figure: str = ""
    """what is written there"""

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        reasons = [*_grouped(self.because), *self.none]
        said = f"{self.figure}, " if self.figure and self.figure not in self.what else ""
        head = f"{self.what} ({said}{self.where}) cannot be met: {self.missed}"
        if not reasons:
            return f"{head}, whatever the other limits of the case: the recipes themselves allow no more"
        if self.unnamed:
            reasons.append(f"{self.unnamed} more lines leave no room")
        return f"{head}, because {_listed(reasons)}"


def _grouped(lines: tuple[Line, ...]) -> list[str]:
    """Say what limits one material in one clause."""
    groups: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        key = (line.material, line.verb) if line.material else (line.words, "")
        groups.setdefault(key, []).append(line.words)
    return [f"{material} {verb} {_listed(words)}" if verb else words[0] for (material, verb), words in groups.items()]


def blocked(
    case: Case, network: Network, program: Program, levers: Levers, cause: Cause, change: FieldChange
) -> Blocked:
    """Say what is asked for and what keeps it from being met."""
    pressing = np.argsort(-cause.pressing * np.maximum(levers.size, 1e-300), kind="stable")
    lines: dict[str, Line] = {}
    limited: dict[int, bool] = {}
    for lever in pressing[cause.pressing[pressing] > 0].tolist():
        path = field_of(network, levers, lever)
        if path in lines or lever == cause.lever:
            continue
        lines[path], node = _line(case, network, levers, lever, cause)
        if node is not None:
            limited.setdefault(*node)
    for row in cause.rows:
        origin = network.origins[int(program.row_origin[row])]
        if origin.path not in lines:
            words = f"{limit_words(network, origin.path)} leaves no room"
            lines[origin.path] = Line(origin.path, str(origin.position), words, _figure(case, origin.path))
    named = tuple(lines.values())[:SHOWN]
    path = field_of(network, levers, cause.lever)
    return Blocked(
        path,
        place_of(case, network, levers, cause.lever),
        _asked(case, network, levers, cause.lever),
        _missed(case, network, levers, cause, change),
        named,
        tuple(_no_way(network, node, more) for node, more in limited.items() if _closed(network, node, more)),
        len(lines) - len(named),
        _figure(case, path),
    )


def _asked(case: Case, network: Network, levers: Levers, lever: int) -> str:
    """Say what is asked for: `the contract to sell at least 500 kt/a of PVC`."""
    path = field_of(network, levers, lever)
    parts, figure = path.split("."), _figure(case, path)
    thing, where = lever_thing(network, levers, lever), _at(network, parts)
    if levers.way[lever] != LOWER:
        return f"the limit on {field_words(network, levers, lever).removeprefix('the ')}"
    if levers.block[lever] == "returns":
        return f"that all {thing}{where} that comes back is taken"
    if levers.block[lever] in GROWTH:
        return f"growth under policy {parts[1]} of at least {figure}"
    if parts[0] == "policies":
        return f"policy {parts[1]} of at least {figure or 'its minimum'}"
    if levers.block[lever] == "cyclic":
        return f"that {thing}{where} ends with what it began with"
    if levers.block[lever] == "level":
        return f"that {thing}{where} holds at least {figure} at the end"
    if levers.block[lever] == "opening":
        return f"that {thing}{where} begins with {figure}"
    if len(parts) > 3 and parts[2] in _SELLS:
        return f"the contract to {parts[2]} at least {figure or 'its minimum'} of {thing}{where}"
    if parts[-1] == "fix":
        return f"the fixed run of {thing}{where}"
    if parts[-1] == "min_load":
        return f"the minimum load of {thing}{where}"
    return f"the least run of {thing}{where}" if "run" in parts else field_words(network, levers, lever)


def _kept(case: Case, network: Network, levers: Levers, lever: int) -> str:
    """Say that what is asked for must be kept, as the cause of something else."""
    path = field_of(network, levers, lever)
    thing, figure = thing_words(network, path) + _at(network, path.split(".")), _figure(case, path)
    words = {
        "cyclic": f"{thing} must end with what it began with",
        "level": f"{thing} must hold at least {figure} at the end",
        "opening": f"{thing} begins with {figure}",
    }
    return words.get(levers.block[lever]) or f"{_asked(case, network, levers, lever)} must be kept"


def _missed(case: Case, network: Network, levers: Levers, cause: Cause, change: FieldChange) -> str:
    way = "exceeded by" if levers.way[cause.lever] != LOWER else "short by"
    period = int(levers.period[cause.lever])
    when = f" in period {network.periods.id[period]}" if period >= 0 and len(network.periods.id) > 1 else ""
    if levers.block[cause.lever] == "cyclic":
        end = f" and can end with {change.after} at most" if change.after else ""
        return f"it falls short{end}"
    if levers.block[cause.lever] == "campaign":
        return f"more than one mode is needed{when}"
    if levers.block[cause.lever] in STAYS:
        return f"{change.after} is the most that is possible{when}"
    if levers.relative[cause.lever]:
        gap = difference(change, cause.move) if change.before else ""
        return f"{way} {gap or share(cause.move)}{when}"
    if change.way != "soften" and _is_share(network, levers, cause.lever):
        return f"{change.after} is the {'least' if way == 'exceeded by' else 'most'} that is possible{when}"
    return f"{way} {_moved(network, levers, cause)}{when}"


def _moved(network: Network, levers: Levers, cause: Cause) -> str:
    """Write how far an amount is missed: as a rate, as its field is."""
    unit = levers.unit[cause.lever]
    if levers.block[cause.lever] in ("level", "opening", "extension"):
        return amount(cause.move * float(levers.size[cause.lever]), unit)
    return f"{amount(cause.move * float(levers.size[cause.lever]) / _years(network, levers, cause.lever), unit)}/a"


def _years(network: Network, levers: Levers, lever: int) -> float:
    """Length of all periods that a lever speaks of."""
    length = network.periods.weight * network.periods.duration
    if levers.block[lever] in POLICY:
        row = policy_rows(network, levers.block[lever] == "policy_each")[0][int(levers.index[lever])]
        return float(network.periods.weight @ covered_length(network)[:, row])
    period = int(levers.period[lever])
    return float(length.sum() if period < 0 else length[period])


def _is_share(network: Network, levers: Levers, lever: int) -> bool:
    if levers.block[lever] not in POLICY:
        return levers.block[lever] in GROWTH
    row = policy_rows(network, levers.block[lever] == "policy_each")[0][int(levers.index[lever])]
    return bool(policy_accounts(network)[1][row] >= 0)


def _line(
    case: Case, network: Network, levers: Levers, lever: int, cause: Cause
) -> tuple[Line, tuple[int, bool] | None]:
    """Say how a line is in the way; and the node that a plant limits, with whether more of it is wanted."""
    path, block = field_of(network, levers, lever), levers.block[lever]
    where = place_of(case, network, levers, lever)
    parts, figure = path.split("."), _figure(case, path)
    period = int(levers.period[lever])
    when = f" in period {network.periods.id[period]}" if period >= 0 and len(network.periods.id) > 1 else ""
    bound = _bound(levers, lever, figure)
    asks = levers.way[lever] == LOWER
    if block in ("kept", "charge", "charge_each"):
        verb = "keeps" if block == "kept" else "leaves"
        return Line(path, where, f"policy {parts[1]} {verb} {bound}{' free' if verb == 'leaves' else ''}{when}"), None
    if parts[0] == "policies":
        of = "growth of " if block in GROWTH else ""
        return Line(path, where, f"policy {parts[1]} {'asks for' if asks else 'allows'} {of}{bound}{when}"), None
    if len(parts) > 3 and parts[2] in _SELLS:
        thing, at = thing_words(network, path), _at(network, parts)
        verb = f"{'must' if asks else 'can'} be {_SELLS[parts[2]]}"
        return Line(path, where, f"{bound} of {thing} {verb}{at}{when}"), None
    if asks and block not in ("share", "blend", *STAYS):
        return Line(path, where, f"{_kept(case, network, levers, lever)}{when}"), None
    if block == "campaign":
        return Line(path, where, f"{lever_thing(network, levers, lever)} works in one mode at a time"), None
    limit = field_words(network, levers, lever)
    found = _limited_node(network, _plants_of(network, levers, lever), cause.worth)
    if found is None:
        return Line(path, where, f"{limit} leaves no room{when}", figure), None
    node, wanted = found
    material = network.materials.label[int(network.nodes.material[node])].en
    verb = "is limited by" if wanted else "can go no further than"
    return Line(path, where, f"{limit}{when}", figure, material, verb), found


def _plants_of(network: Network, levers: Levers, lever: int) -> Bools:
    """Mark the plants whose runs a lever limits, (plants,)."""
    marked = np.zeros(len(network.plants.label), bool)
    row = int(levers.index[lever])
    block = levers.block[lever]
    if block == "run":
        marked[row] = True
    elif block in ("share", "blend", "extension"):
        pass  # what a recipe or a constraint allows is not the doing of one plant
    elif block == "on_most":
        marked[network.commitments.plant[row]] = True
    elif block in ("installed", "new", "build"):
        capacity = int((changing(network) if block == "installed" else network.builds.capacity)[row])
        if network.capacities.kind[capacity] == CapacityKind.PLANT:
            marked[network.capacities.thing[capacity]] = True
    elif block == "unit":
        units = network.units
        most = np.flatnonzero(np.isfinite(units.upper).any(axis=0))
        if row < len(most):
            marked[units.term_plant[units.term_unit == most[row]]] = True
    return marked


def _limited_node(network: Network, plants: Bools, worth: Floats) -> tuple[int, bool] | None:
    """Return the balance through which some plants are in the way, and whether more of it is wanted there."""
    entries, options, more = network.entries, network.options, network.option_entries
    owner = network.slots.plant[options.slot]
    total = np.abs(worth).max(axis=0, initial=0.0) * np.sign(worth.sum(axis=0))
    node = np.concatenate([entries.node[plants[entries.plant]], more.node[plants[owner[more.option]]]])
    gives = np.concatenate([entries.amount[plants[entries.plant]], more.amount[plants[owner[more.option]]]])
    fills = options.node[plants[owner]]
    node, gives = np.concatenate([node, fills]), np.concatenate([gives, np.full(len(fills), -1.0)])
    help_given = gives * total[node]
    if not len(node) or help_given.max() <= 0:
        return None
    best = int(np.argmax(help_given))
    return int(node[best]), bool(gives[best] > 0)


def _closed(network: Network, node: int, wanted: bool) -> bool:
    """There is no offer by which a material could come (where it is wanted) or go."""
    kinds = network.offers.kind[network.steps.offer[network.deals.step]]
    mine = network.deals.node == node
    buys = kinds == OfferKind.BUY
    return not (mine & (buys if wanted else ~buys)).any()


def _no_way(network: Network, node: int, wanted: bool) -> str:
    material = network.materials.label[int(network.nodes.material[node])].en
    return f"no {material} can be {'bought' if wanted else 'sold or discarded'}"


def _figure(case: Case, path: str) -> str:
    return "" if path.startswith("extension.") or path.endswith(".must_take") else written_at(case, path)


def _bound(levers: Levers, lever: int, figure: str) -> str:
    side = "at least" if levers.way[lever] == LOWER else "at most"
    return f"{side} {figure}" if figure else f"{side} its series"


def _at(network: Network, parts: list[str]) -> str:
    return f" at {parts[1]}" if parts[0] == "parks" and len(network.parks) > 1 else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
