"""Circularity on the page: fates of by-products and wastes, what they displaced, official indicators, norms."""

from __future__ import annotations

from ..audit.circularity import FATES, Circularity, Figure
from ..audit.circularity_paper import words as audit_words
from ..flows.norms import ENERGY, LEVELS, Assessment
from ..flows.wording import capital, said
from ..reports.figures import figure, multiple, share
from ..reports.result import Result
from .sections import name, names_of, park_names, plant_names
from .tables import Group, Number, Table, Text, number, quantities
from .words import Language, words

RESIDUE_COLUMNS = ("made", "bought", *FATES, "exchanged", "shipped")


def circularity_group(found: Circularity, result: Result, language: Language) -> Group:
    """Return the section of one answer."""
    tables = (
        residues(found, language),
        _displaced(found, language),
        _slots(found, result, language),
        _figures(found, language),
        _missing(found, language),
        norms(found.norms, result, language),
    )
    sentences = [said(capital(note), language) for note in found.notes if note not in result.caveats]
    if not found.displaced:
        sentences.append(f"{headed('displaced', language)}: {audit_words('nothing', language)}.")
    return Group("circularity", words("circularity", language), [it for it in tables if it.rows], sentences)


def headed(key: str, language: Language) -> str:
    """Return a word of the tables of circularity as a heading."""
    text = audit_words(key, language)
    return text[:1].upper() + text[1:]


def residues(found: Circularity, language: Language) -> Table:
    """Return what became of by-products and wastes: made and bought is used, sold, treated, discarded and stored."""
    columns = [words(key, language) for key in ("material", "class", "unit")]
    columns += [headed(key, language) for key in (*RESIDUE_COLUMNS, "reuse")]
    note = f"{words('residues_table_note', language)} {words('loose_note', language)}"
    table = Table("residues", words("residues_table", language), tuple(columns), note=note)
    for row in found.fates:
        cells, unit = quantities([row.amount(key) for key in RESIDUE_COLUMNS], row.unit)
        rate = row.reuse
        bar = Number("–", None) if rate is None else Number(share(rate), rate, min(max(rate, 0.0), 1.0))
        mark = "~ " if row.unique is False else ""
        kind = Text(words(f"class_{row.kind}", language))
        table.rows.append((Text(mark + name(row.material, language)), kind, Text(unit), *cells, bar))
    return table


def _displaced(found: Circularity, language: Language) -> Table:
    keys = ("material", "used", "unit", "factor", "virgin", "amount", "unit")
    columns = tuple(words(key, language) if key == "unit" else headed(key, language) for key in keys)
    table = Table("displaced", headed("displaced", language), columns)
    for row in found.displaced:
        (used,), unit = quantities([row.used], row.unit)
        (virgin,), other = quantities([row.amount], row.virgin_unit)
        each = Number(figure(row.factor), row.factor)
        start = (Text(name(row.material, language)), used, Text(unit), each)
        table.rows.append((*start, Text(name(row.virgin, language)), virgin, Text(other)))
    return table


def _slots(found: Circularity, result: Result, language: Language) -> Table:
    network, parks = result.network, park_names(result, language)
    materials, plants = names_of(network.materials.label, language), plant_names(result, language)
    columns = tuple(headed(key, language) for key in ("plant", "slot", "share", "by"))
    table = Table("slots", headed("slots", language), columns, folded=len(found.slots) > 20)
    for row in found.slots:
        parts = ", ".join(f"{materials[key]} {share(part)}" for key, part in row.residues.items())
        place = f" · {parks[row.park]}" if len(parks) > 1 else ""
        filled = Number(share(row.share), row.share, min(max(row.share, 0.0), 1.0))
        table.rows.append(
            (Text(plants.get((row.park, row.plant), row.plant) + place), Text(row.slot), filled, Text(parts))
        )
    return table


def _figures(found: Circularity, language: Language) -> Table:
    """Indicators that have a value: comprehensive energy by both methods first."""
    columns = tuple(headed(key, language) for key in ("system", "indicator", "formula", "value"))
    columns += (words("unit", language), headed("threshold", language), words("source", language))
    table = Table("official", words("official", language), columns, note=words("official_note", language))
    for row in (*found.energy, *found.official):
        if row.value is None:
            continue
        factor, unit = multiple([row.value], row.unit)
        shown = Number(figure(row.value / factor), row.value)
        formula, threshold = (Text(said(text, language)) for text in (row.formula, row.threshold))
        source = Text(words(row.access, language))
        label = Text(name(row.name, language))
        table.rows.append((Text(_system(row)), label, formula, shown, Text(unit), threshold, source))
    return table


def _missing(found: Circularity, language: Language) -> Table:
    columns = tuple(headed(key, language) for key in ("system", "indicator", "because"))
    table = Table("not_computable", words("not_computable", language), columns, folded=True)
    for row in (*found.energy, *found.official):
        if row.value is None:
            table.rows.append((Text(_system(row)), Text(name(row.name, language)), Text(said(row.because, language))))
    return table


def _system(row: Figure) -> str:
    return f"{row.system} {row.number}" if row.number else row.system


def norms(found: tuple[Assessment, ...], result: Result, language: Language) -> Table:
    """Return what the processes that run use per unit of product, beside the levels of their standards."""
    processes = names_of(result.network.plants.process, language)
    materials = names_of(result.network.materials.label, language)
    columns = [headed("process", language), words("counts", language)]
    columns += [words(key, language) for key in ("uses_least", "uses_most")]
    columns += [*(headed(level, language) for level in LEVELS), words("unit", language)]
    columns += [headed(key, language) for key in ("meets", "standard", "note")]
    table = Table("norms", headed("norms", language), tuple(columns), note=words("norms_note", language))
    for row in found:
        what = audit_words("energy", language) if row.counts == ENERGY else materials.get(row.counts, row.counts)
        levels = [number(row.levels.get(level)) for level in LEVELS]
        start = (Text(processes.get(row.process, row.process)), Text(what), number(row.least), number(row.most))
        verdict = Text(audit_words(row.verdict, language))
        table.rows.append((*start, *levels, Text(row.unit), verdict, Text(row.standard), Text(row.because)))
    return table
