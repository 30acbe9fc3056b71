"""Every picture of the page, ready to draw: the graph of each view in each layer, with its places."""

from __future__ import annotations

from typing import Any

from ..flows.case import Case
from ..reports.figures import amount
from ..reports.result import Result
from .arrangement import arrange
from .graph import Graph, has_companies, owner_graph, plant_graph
from .layers import Layer, layers
from .sections import name
from .words import Language, words


def pictures(case: Case, result: Result, language: Language) -> dict[str, Any]:
    """Return the layers, the views, and a drawing of each view in each layer that has something to show.

    A layer that says nothing in a view is left out of it.
    """
    assert result.flows is not None
    found = layers(case, result, language)
    shown = views(result, language)
    drawings: dict[str, dict[str, Any]] = {}
    for key, _ in shown:
        for layer in found:
            graph = graph_of(result, key, layer, language)
            if graph.links:
                drawings.setdefault(key, {})[layer.key] = drawing(graph, language)
    return {
        "layers": [{"key": layer.key, "name": layer.name, "unit": layer.unit, "note": layer.note} for layer in found],
        "views": [{"key": key, "name": text} for key, text in shown if key in drawings],
        "drawings": drawings,
    }


def views(result: Result, language: Language) -> list[tuple[str, str]]:
    """Return the views of an answer: from afar first where there are several parks."""
    network = result.network
    if len(network.parks) == 1:
        own = [("plants:0", words("view_plants", language))]
        return [*own, ("companies:0", words("view_companies", language))] if has_companies(network, 0) else own
    inside = [
        (f"plants:{row}", words("view_park", language).format(park=name(park, language)))
        for row, park in enumerate(network.parks)
    ]
    between = [("between", words("view_between", language))] if len(network.shipments.route) else []
    return [*between, ("parks", words("view_parks", language)), *inside]


def graph_of(result: Result, view: str, layer: Layer, language: Language) -> Graph:
    """Return what one view shows of a layer."""
    assert result.flows is not None
    kind, _, park = view.partition(":")
    if kind == "plants":
        return plant_graph(result.flows, layer, int(park), language)
    if kind == "companies":
        return owner_graph(result.flows, layer, int(park), language)
    return owner_graph(result.flows, layer, None, language, outside=kind == "parks")


def drawing(graph: Graph, language: Language) -> dict[str, Any]:
    """Return a graph with its places: boxes as [x, y, height, room, kind, label, owner, in, out], bands as
    [from, to, path, width, loop, class, material, value, text, amount, unique]."""
    pairs = [(link.source, link.target) for link in graph.links]
    placed = arrange(len(graph.places), pairs, [abs(link.value) for link in graph.links])
    into, out = [0.0] * len(graph.places), [0.0] * len(graph.places)
    for link in graph.links:
        out[link.source] += link.value
        into[link.target] += link.value
    boxes = [
        [box.x, box.y, box.height, box.room, place.kind, place.label, place.owner, *ends]
        for place, box, ends in zip(
            graph.places,
            placed.boxes,
            (
                [amount(i, graph.unit) if i else "", amount(o, graph.unit) if o else ""]
                for i, o in zip(into, out, strict=True)
            ),
            strict=True,
        )
    ]
    bands = [
        [
            link.source,
            link.target,
            band.path,
            band.width,
            int(band.loop),
            link.kind,
            link.what,
            link.value,
            amount(link.value, graph.unit),
            link.amount,
            int(link.sure),
        ]
        for link, band in zip(graph.links, placed.bands, strict=True)
    ]
    rest = words("all_drawn", language)
    if graph.left_out:
        rest = words("left_out", language).format(count=graph.left_out, value=amount(graph.left_out_value, graph.unit))
    return {
        "width": placed.width,
        "height": placed.height,
        "boxes": boxes,
        "bands": bands,
        "rest": rest,
        "left": graph.left_out_value,
    }
