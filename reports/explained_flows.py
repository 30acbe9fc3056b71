"""Flows that are asked about: the run of a plant, what an offer takes or gives, who makes and uses a material."""

from __future__ import annotations

import numpy as np

from ..flows.network import Network
from ..flows.tables import Floats, OfferKind
from ..flows.wording import Saying, named
from ..models.program import Program
from .subjects import Subject
from .worth import DONE
from .worth_phrases import answer_phrases

AskedFlow = tuple[Saying, str, Floats]
"""what flows, its unit, and what weighs the columns (n,) of which it is the sum"""
tell = answer_phrases.tell


def _weights(network: Network, program: Program, name: str, index: list[int], factor: list[float]) -> Floats:
    """Vector (n,) that adds up some columns of a block over all periods."""
    vector = np.zeros(program.columns)
    program.column_view(name, vector)[:, index] += network.periods.weight[:, None] * np.array(factor)
    return vector


def run_flow(network: Network, program: Program, plant: int) -> AskedFlow:
    """Return the run of a plant."""
    unit = network.materials.unit[int(network.plants.reference[plant])]
    text = tell("run_of", plant=named(network.plants.label[plant]))
    return text, unit, _weights(network, program, "run", [plant], [1.0])


def offer_flows(network: Network, program: Program, offers: tuple[int, ...]) -> list[AskedFlow]:
    """Return what some offers take or give."""
    found = []
    of = network.steps.offer[network.deals.step]
    for offer in offers:
        deals = np.flatnonzero(of == offer).tolist()
        material = int(network.offers.material[offer])
        unit, park = network.materials.unit[material], named(network.parks[int(network.offers.park[offer])])
        parts = {"material": named(network.materials.label[material])}
        parts["done"] = tell(DONE[OfferKind(int(network.offers.kind[offer]))])
        words = tell("dealt_at" if len(network.parks) > 1 else "dealt", park=park, **parts)
        found.append((words, unit, _weights(network, program, "deal", deals, [1.0] * len(deals))))
    return found


def material_flows(network: Network, program: Program, subject: Subject) -> list[AskedFlow]:
    """What each plant makes and uses of a material, and what is bought, sold and discarded."""
    unit = network.materials.unit[int(network.nodes.material[subject.nodes[0]])]
    vectors: dict[Saying, Floats] = {}

    def add(words: Saying, vector: Floats) -> None:
        vectors[words] = vectors[words] + vector if words in vectors else vector

    entries, options, more = network.entries, network.options, network.option_entries
    for entry in np.flatnonzero(np.isin(entries.node, subject.nodes)).tolist():
        plant, moved = int(entries.plant[entry]), float(entries.amount[entry])
        word = "made_by" if moved > 0 else "used_by"
        vector = _weights(network, program, "run", [plant], [abs(moved)])
        add(tell(word, plant=named(network.plants.label[plant])), vector)
    for option in np.flatnonzero(np.isin(options.node, subject.nodes)).tolist():
        plant = int(network.slots.plant[int(options.slot[option])])
        vector = _weights(network, program, "fill", [option], [1.0])
        add(tell("used_by", plant=named(network.plants.label[plant])), vector)
    for entry in np.flatnonzero(np.isin(more.node, subject.nodes)).tolist():
        option, moved = int(more.option[entry]), float(more.amount[entry])
        plant = int(network.slots.plant[int(options.slot[option])])
        word = "made_by" if moved > 0 else "used_by"
        vector = _weights(network, program, "fill", [option], [abs(moved)])
        add(tell(word, plant=named(network.plants.label[plant])), vector)
    flows = [(words, unit, vector) for words, vector in vectors.items()]
    return [*flows, *offer_flows(network, program, subject.offers)]
