"""One process or material in full: every figure with its range, source and line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..flows.case import Case
from ..flows.document import Position
from ..flows.problems import Findings
from ..flows.recipe_schema import Amount, Pedigree, Process, Slot
from ..flows.recipes import Recipe, recipes
from .contents_phrases import contents_phrases
from .norms import norms_of
from .views import TableView, both_names, citation_table, cited, stated_words


def process_in_full(case: Case, key: str) -> list[TableView]:
    """Return a process: its amounts, slots, norms, closure and sources."""
    block = case.processes[key]
    recipe = recipes(case, Findings())[key]
    lines = TableView(
        tell("per", key=key, amount=f"{block.per.quantity} {block.per.label}"),
        ("side", "material", "amount", "range", "source", "note", "line"),
    )
    for side, material, amount, path in _amounts(block):
        position = case.key_at("processes", key, *path)
        lines.rows.append((side, material, *_amount_cells(amount, block, position)))
    slots = _slots(block)
    norms = norms_of(case, [recipe])
    return [
        lines,
        *([slots] if slots.rows else []),
        *([norms] if norms.rows else []),
        _closure(recipe),
        citation_table(block),
    ]


_SIDES = {"inputs": "uses", "outputs": "makes"}
tell = contents_phrases.tell


def _amounts(block: Process) -> Iterator[tuple[str, str, Amount, tuple[str, ...]]]:
    for name, entry in block.inputs.items():
        if isinstance(entry, Slot):
            for option_name, option in entry.options.items():
                for side, extras in (("inputs", option.inputs), ("outputs", option.outputs)):
                    for material, amount in extras.items():
                        path = ("inputs", name, "from", option_name, side, material)
                        yield (
                            tell(f"option_{_SIDES[side]}", option=f"{name}/{option_name}"),
                            material,
                            amount,
                            path,
                        )
        else:
            yield tell("uses"), name, entry, ("inputs", name)
    for name, amount in block.outputs.items():
        yield tell("makes"), name, amount, ("outputs", name)


def _amount_cells(amount: Amount, block: Pedigree, position: Position) -> tuple[str, str, str, str, str]:
    citation = block.sources.get(amount.source)
    span = f"{amount.range[0]} … {amount.range[1]}" if amount.range else ""
    return str(amount.value), span, cited(citation) if citation else "", amount.note, str(position)


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
    key = "closure_because" if report.because else "closure"
    title = tell(key, allowed=f"{report.allowed:.2%}", because=report.because)
    if report.options:
        title = tell("worst", title=title, options=report.options)
    table = TableView(title, ("balance", "in, t", "out, t", "gap"))
    table.rows.append((tell("mass"), f"{result.mass_in:.5g}", f"{result.mass_out:.5g}", f"{result.mass_gap:.3%}"))
    for element, balance in sorted(result.elements.items()):
        table.rows.append((element, f"{balance.inflow:.5g}", f"{balance.outflow:.5g}", f"{balance.gap:.3%}"))
    return table


def material_in_full(case: Case, key: str) -> list[TableView]:
    """Return a material: its facts, where it occurs, and its sources."""
    block = case.materials[key]
    facts = TableView(key, ("property", "value"))
    named = both_names(block.name, key)
    facts.rows.extend([(tell("name"), named), (tell("class"), block.kind), (tell("unit"), block.unit)])
    facts.rows.extend([(tell(word), value) for word, value in stated_words(block, ("density",))])
    facts.rows.extend([(name, str(amount.value)) for name, amount in block.properties.items()])
    facts.rows.extend([(tell("formula"), block.formula)] if block.formula else [])
    facts.rows.extend([(name, f"{part:.4%}") for name, part in block.composition.items()])
    uses = TableView("Occurs in", ("process", "as"))
    for name, process in case.processes.items():
        for side in _sides(process, key):
            uses.rows.append((name, tell(side)))
    return [facts, uses, citation_table(block)]


def _sides(process: Process, material: str) -> Iterator[Literal["input", "output", "slot option"]]:
    if material in process.inputs:
        yield "input"
    if material in process.outputs or (material == process.per.label and material not in process.inputs):
        yield "output"
    for entry in process.inputs.values():
        if isinstance(entry, Slot) and material in entry.options:
            yield "slot option"
