"""What is in the way, told in the words of the case: one clause for each line that a diagnosis found to press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..flows.case import Case
from ..flows.network import Network
from ..flows.standing import CapacityKind
from ..flows.tables import Bools, Floats, OfferKind
from ..flows.wording import Saying, joined, named
from ..models.coverage import covered_length, policy_accounts
from ..models.installed import changing
from ..models.policy import policy_rows
from ..models.program import Program
from ..solver.diagnosis import Cause
from ..solver.levers import Levers
from ..solver.sides import GROWTH, LOWER, POLICY
from .blocked_phrases import blocked_phrases
from .fields import STAYS, FieldChange, difference, field_of, field_words, lever_thing, place_of, written_at
from .figures import amount, share
from .limits import limit_words, thing_words

SHOWN = 5
"""lines named as a cause"""
tell = blocked_phrases.tell
_SELLS = {"sell": "sold", "buy": "bought", "discard": "discarded"}


@dataclass(frozen=True)
class Line:
    """A line of the case that is in the way."""

    path: str
    where: str
    """file:line:column"""
    clause: Saying
    """what the line says, as far as nothing else is the subject"""
    figure: str = ""
    """what is written there, where the clause does not say it"""
    material: str = ""
    """material that the line limits, where the clause is but a noun"""
    verb: str = ""

    @property
    def words(self) -> Saying:
        """The clause with its place."""
        return tell("placed", what=self.clause, where=f"{self.figure + ', ' if self.figure else ''}{self.where}")


@dataclass(frozen=True)
class Blocked:
    """Something that is asked for and cannot be."""

    path: str
    where: str
    """file:line:column"""
    what: Saying
    missed: Saying
    """by how much, with its unit"""
    because: tuple[Line, ...]
    none: tuple[Saying, ...]
    """materials of which there is no other source or outlet, as clauses"""
    unnamed: int = 0
    """more lines that are in the way too"""
    figure: str = ""
    """what is written there"""

    @property
    def sentence(self) -> Saying:
        """The whole in one sentence."""
        reasons = [*_grouped(self.because), *self.none]
        figure = f"{self.figure}, " if self.figure and self.figure not in self.what else ""
        head = tell("cannot", what=self.what, where=f"{figure}{self.where}", missed=self.missed)
        if not reasons:
            return tell("whatever", head=head)
        if self.unnamed:
            reasons.append(tell("unnamed", count=self.unnamed))
        return tell("because_of", head=head, reasons=_listed(reasons))


def _grouped(lines: tuple[Line, ...]) -> list[Saying]:
    """Say what limits one material in one clause."""
    groups: dict[tuple[str, str], list[Saying]] = {}
    for line in lines:
        key = (line.material, line.verb) if line.material else (line.words, "")
        groups.setdefault(key, []).append(line.words)
    return [
        tell("grouped", material=material, verb=verb, limits=_listed(words)) if verb else words[0]
        for (material, verb), words in groups.items()
    ]


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
            words = tell("no_room", limit=limit_words(network, origin.path), when="")
            lines[origin.path] = Line(origin.path, str(origin.position), words, _figure(case, origin.path))
    path = field_of(network, levers, cause.lever)
    if not lines:
        lines = {line.path: line for line in _closings(case, network, levers, cause)}
    told = tuple(lines.values())[:SHOWN]
    return Blocked(
        path,
        place_of(case, network, levers, cause.lever),
        _asked(case, network, levers, cause.lever),
        _missed(case, network, levers, cause, change),
        told,
        tuple(_no_way(network, node, more) for node, more in limited.items() if _closed(network, node, more)),
        len(lines) - len(told),
        _figure(case, path),
    )


def _closings(case: Case, network: Network, levers: Levers, cause: Cause) -> Iterator[Line]:
    """Plants that were closed, where nothing else is in the way: one that is asked to run, or that would help."""
    asked = field_of(network, levers, cause.lever)
    for plant, label in enumerate(network.plants.label):
        park = network.parks[int(network.companies.park[network.plants.company[plant]])].id
        path = f"parks.{park}.plants.{label.id}"
        by = f"{path}.retire_by"
        if not (period := written_at(case, by)):
            continue
        mine = np.arange(len(network.plants.label)) == plant
        if asked.startswith(f"{path}.") or _limited_node(network, mine, cause.worth) is not None:
            words = tell("closed_by", thing=named(label), period=period)
            yield Line(by, str(case.key_at(*by.split("."))), words, "")


def _asked(case: Case, network: Network, levers: Levers, lever: int) -> Saying:
    """Say what is asked for: `the contract to sell at least 500 kt/a of PVC`."""
    path, block = field_of(network, levers, lever), levers.block[lever]
    parts, figure = path.split("."), _figure(case, path)
    words = {"thing": lever_thing(network, levers, lever), "at": _at(network, parts), "policy": parts[1]}
    if levers.way[lever] != LOWER:
        field = field_words(network, levers, lever)
        return tell("limit_on", what=Saying(field.removeprefix("the "), field.zh))
    if path.endswith(".must_take"):
        return tell("all_taken", **words)
    if block in GROWTH:
        return tell("growth_of", figure=figure, **words)
    if parts[0] == "policies":
        return tell("policy_of", figure=figure or tell("its_minimum"), **words)
    if block in _HELD:
        return tell(_HELD[block][0], figure=figure, **words)
    if len(parts) > 3 and parts[2] in _SELLS:
        return tell(f"contract_{parts[2]}", figure=figure or tell("its_minimum"), **words)
    if parts[-1] in ("fix", "min_load"):
        return tell("fixed_run" if parts[-1] == "fix" else "min_load", **words)
    return tell("least_run", **words) if "run" in parts else field_words(network, levers, lever)


_HELD = {"cyclic": ("ends_as", "must_end"), "level": ("holds", "must_hold"), "opening": ("begins", "must_begin")}
"""blocks of stores: what is asked for, and that it must be kept"""


def _kept(case: Case, network: Network, levers: Levers, lever: int, when: Saying) -> Saying:
    """Say that what is asked for must be kept, as the cause of something else."""
    path, block = field_of(network, levers, lever), levers.block[lever]
    if block in _HELD:
        at = _at(network, path.split("."))
        return tell(_HELD[block][1], thing=thing_words(network, path), at=at, figure=_figure(case, path), when=when)
    return tell("must_keep", asked=_asked(case, network, levers, lever), when=when)


def _when(network: Network, levers: Levers, lever: int) -> Saying:
    period = int(levers.period[lever])
    several = period >= 0 and len(network.periods.id) > 1
    return tell("in_period", period=network.periods.id[period]) if several else Saying("")


def _missed(case: Case, network: Network, levers: Levers, cause: Cause, change: FieldChange) -> Saying:
    exceeded = levers.way[cause.lever] != LOWER
    way, when = "exceeded_by" if exceeded else "short_by", _when(network, levers, cause.lever)
    if levers.block[cause.lever] == "cyclic":
        return tell("falls_short_end" if change.after else "falls_short", after=change.after)
    if levers.block[cause.lever] == "campaign":
        return tell("modes", when=when)
    if levers.block[cause.lever] in STAYS:
        return tell("most_possible", after=change.after, when=when)
    if levers.relative[cause.lever]:
        gap = difference(change, cause.move) if change.before else ""
        return tell(way, gap=gap or share(cause.move), when=when)
    if change.way != "soften" and _is_share(network, levers, cause.lever):
        return tell("least_possible" if exceeded else "most_possible", after=change.after, when=when)
    return tell(way, gap=_moved(network, levers, cause), when=when)


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
    when, bound = _when(network, levers, lever), _bound(levers, lever, figure)
    asks = levers.way[lever] == LOWER
    if parts[0] == "policies":
        key = "keeps" if block == "kept" else "leaves" if block in ("charge", "charge_each") else ""
        key = key or ("asks_for" if asks else "allows") + ("_growth" if block in GROWTH else "")
        return Line(path, where, tell(key, policy=parts[1], bound=bound, when=when)), None
    if len(parts) > 3 and parts[2] in _SELLS:
        words = {"thing": thing_words(network, path), "done": tell(_SELLS[parts[2]]), "at": _at(network, parts)}
        return Line(path, where, tell("must_be" if asks else "can_be", bound=bound, when=when, **words)), None
    if asks and block not in ("share", "blend", *STAYS):
        return Line(path, where, _kept(case, network, levers, lever, when)), None
    if block == "campaign":
        return Line(path, where, tell("one_mode", thing=lever_thing(network, levers, lever))), None
    limit = field_words(network, levers, lever)
    found = _limited_node(network, _plants_of(network, levers, lever), cause.worth)
    if found is None:
        return Line(path, where, tell("no_room", limit=limit, when=when), figure), None
    node, wanted = found
    material = named(network.materials.label[int(network.nodes.material[node])])
    verb = tell("limited_by" if wanted else "no_further")
    return Line(path, where, tell("limit_when", limit=limit, when=when), figure, material, verb), found


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


def _no_way(network: Network, node: int, wanted: bool) -> Saying:
    material = named(network.materials.label[int(network.nodes.material[node])])
    return tell("not_bought" if wanted else "not_sold", material=material)


def _figure(case: Case, path: str) -> str:
    return "" if path.startswith("extension.") or path.endswith(".must_take") else written_at(case, path)


def _bound(levers: Levers, lever: int, figure: str) -> Saying:
    return tell("at_least" if levers.way[lever] == LOWER else "at_most", figure=figure or tell("its_series"))


def _at(network: Network, parts: list[str]) -> Saying:
    return tell("at_park", park=parts[1]) if parts[0] == "parks" and len(network.parks) > 1 else Saying("")


def _listed(parts: list[Saying]) -> Saying:
    return joined([joined(parts[:-1], ", ", "，"), parts[-1]], " and ", "，且") if len(parts) > 1 else parts[0]
