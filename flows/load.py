"""Load steps: what a plant does at a higher share of its capacity takes more, or another recipe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from .draft import Draft
from .park_schema import LoadStep, Plant
from .plant_tables import LoadSteps
from .recipes import Line, Recipe, material_facts
from .tables import Label

Path = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Stretch:
    """One step of a plant, between two shares of its available capacity."""

    path: Path
    """where the step stands in the case"""
    width: float
    """share of the available capacity, 1"""
    label: Label
    recipe: Recipe
    """marginal recipe: of each reference unit within the step"""
    step: LoadStep


def stretches(draft: Draft, path: Path, plant: Plant, known: dict[str, Recipe], whole: Label) -> list[Stretch]:
    """Return the steps of a plant with `load`, in order; none where something is wrong, which is then noted.

    Every process that the plant names must be known.
    """
    assert plant.load is not None
    found: list[Stretch] = []
    if not _rises(draft, path, [step.to for step in plant.load]):
        return found
    base = known[plant.process or path[-1]]
    begin = 0.0
    for number, step in enumerate(plant.load):
        where = (*path, "load", str(number))
        recipe = _with_more(draft, where, step, known[step.process] if step.process else base)
        if recipe is None or not _same_reference(draft, where, recipe, base):
            return []
        share = f"{100 * step.to:.6g} %"
        text = Label(f"{path[-1]}.step_{number + 1}", f"{whole.en}: load up to {share}", f"{whole.zh}：负荷至 {share}")
        found.append(Stretch(where, step.to - begin, text, recipe, step))
        begin = step.to
    return found


def _rises(draft: Draft, path: Path, ends: list[float]) -> bool:
    """Steps rise, and the last one ends at the whole capacity."""
    for number, (before, after) in enumerate(pairwise([0.0, *ends])):
        if after <= before:
            position = draft.case.value_at(*path, "load", str(number), "to")
            what = f"the step ends at {100 * after:.6g} % of capacity, where it begins at {100 * before:.6g} %"
            draft.findings.error(position, what, "let each step end above the one before it")
            return False
    if ends[-1] != 1:
        position = draft.case.value_at(*path, "load", str(len(ends) - 1), "to")
        mend = "write `to: 100 %` in the last step, or use `run: {max: …}` for a lower limit"
        draft.findings.error(position, f"the last step ends at {100 * ends[-1]:.6g} % of capacity", mend)
        return False
    return True


def _same_reference(draft: Draft, where: Path, recipe: Recipe, base: Recipe) -> bool:
    if recipe.reference == base.reference:
        return True
    what = f"`{recipe.id}` is per `{recipe.reference}`, but the plant counts `{base.reference}`"
    mend = f"name a process per `{base.reference}`"
    draft.findings.error(draft.case.value_at(*where, "process"), what, mend)
    return False


def _with_more(draft: Draft, where: Path, step: LoadStep, recipe: Recipe) -> Recipe | None:
    """Return the recipe with larger inputs of what has no mass, so that it closes as before."""
    lines = list(recipe.lines)
    for material, share in step.more.items():
        path = (*where, "more", material)
        mine = [number for number, line in enumerate(lines) if line.material == material and line.amount < 0]
        position = draft.case.key_at(*path)
        if not mine:
            used = ", ".join(dict.fromkeys(line.material for line in lines if line.amount < 0))
            what = f"`{material}` is no plain input of `{recipe.id}`"
            draft.findings.error(position, what, f"its inputs are {used}; or name another `process` for this step")
            return None
        facts = material_facts(draft.case, material, draft.findings)
        if facts is not None and facts.mass is not None:
            what = f"`{material}` has mass, so `{recipe.id}` would not close with more of it"
            mend = "write a process whose outputs hold it too, and name it as the `process` of this step"
            draft.findings.error(position, what, mend)
            return None
        factor = draft.number(share, "1", *path)
        if factor is None:
            return None
        for number in mine:
            line = lines[number]
            lines[number] = Line(material, line.amount * (1 + factor), position, ".".join(path))
    return replace(recipe, lines=tuple(lines))


def load_table(draft: Draft) -> LoadSteps:
    """Return the pairs of neighbouring steps."""
    rows = draft.load_steps
    return LoadSteps(rows.ints("earlier"), rows.ints("later"), rows.bools("whole"), rows.ints("origin"))
