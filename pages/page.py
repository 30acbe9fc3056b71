"""The page: one file of HTML with its style, its script and its data, that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any, Literal

from ..flows.wording import said
from ..reports.figures import amount, share
from ..reports.json_text import finite
from ..reports.result import Result
from ..reports.views import both_names
from ..solver.certificate import TOLERANCE
from .answer import Answer
from .balances import balances
from .circularity import circularity_group
from .gathered import Audited, Gathered, gather
from .ledger import ledger_group
from .measures import measures_group
from .pedigree import pedigree, recipes_in_full
from .pictures import pictures
from .sections import exchanges, goal_words, name, tables_of
from .shares import shares_group
from .tables import Group
from .versus import notes, versus
from .words import Language, words

HEADLINES = ("profit", "energy_calorific", "co2", "fresh_water", "solid_waste", "reuse")
"""indicators shown large, where a case has them; the objective always is"""
MOST_HEADLINES = 6


def page(
    answers: Sequence[Answer],
    command: str,
    language: Language = "en",
    baseline: int = 0,
    source: Literal["stated", "built"] = "stated",
) -> str:
    """Return the report of one or several scenarios of a case as one page of HTML.

    Args:
        answers: the scenarios, the first one first; those without an answer are shown with the reason.
        command: what was typed to make the page.
        language: language of names and words.
        baseline: number of the answer from which differences are counted; another one where it is none.
        source: whether the baseline, where it is a counterfactual, is stated by the case or was built.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["told"] = lambda text: said(text, language)
    environment.globals["w"] = lambda key, **more: words(key, language).format(**more) if more else words(key, language)
    template = environment.from_string(_part("page.html.j2"))
    solved = [answer for answer in answers if answer.result.optimal]
    first, told = answers[0], gather(answers, baseline, source)
    found, against = told.comparison, told.against
    data = {
        "language": language,
        "words": {key: words(key, language) for key in SCRIPT_WORDS},
        "pictures": {answer.result.scenario: pictures(answer.case, answer.result, language) for answer in solved},
    }
    return template.render(
        language=language,
        title=name(first.result.title, language),
        style=_part("page.css"),
        script=_part("page.js"),
        data=script_data(data),
        scenarios=[_scenario(it, number, told, language) for number, it in enumerate(told.audited, start=1)],
        comparison=versus(found, against.result, language) if found else [],
        comparison_notes=list(notes(found, language)) if found else [],
        command=command,
        case=first.result.case,
        pedigree=pedigree(first.case, first.result, language),
        recipes=recipes_in_full(first.case, solved[0].result, language) if solved else [],
        versions=first.result.versions,
    )


SCRIPT_WORDS = (
    "loop", "not_unique", "gets", "gives", "what", "from", "to", "value", "amount", "nothing_drawn", "class_raw",
    "class_product", "class_byproduct", "class_waste", "class_utility", "class_emission", "class_environment",
    "class_mixed",
)  # fmt: skip


def script_data(data: dict[str, Any]) -> str:
    """Return data as JSON that can stand in a script element: no text of it can end the element or open a comment."""
    text = json.dumps(finite(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _part(file: str) -> Any:
    """Return a file of the templates: our own text, which needs no escape."""
    text = files(__package__).joinpath("templates", file).read_text(encoding="utf-8")
    if file.endswith(".j2"):
        return text
    import markupsafe

    return markupsafe.Markup(text)


def _scenario(audited: Audited, number: int, told: Gathered, language: Language) -> dict[str, Any]:
    """Return everything the template shows of one scenario."""
    answer, result, against = audited.answer, audited.answer.result, told.against
    shown: dict[str, Any] = {
        "key": result.scenario,
        "title": scenario_title(answer, language),
        "optimal": result.optimal,
        "status": words(result.status, language),
        "reason": result.reason,
        "diagnosis": _diagnosis(result, language),
        "result": result,
        "tables": [],
        "groups": [],
    }
    if not result.optimal:
        return shown
    proof = result.certificate
    assert proof is not None
    shown |= {
        "sentences": list(_sentences(result, against, language)),
        "headlines": _headlines(result, against.result, language),
        "tables": list(tables_of(result, language)),
        "groups": list(_groups(audited, number, told.measured, language)),
        "balances": balances(answer.case, result, language),
        "proof": [
            (words("primal", language), f"{proof.primal:.1e}"),
            (words("dual", language), f"{proof.dual:.1e}"),
            (words("slackness", language), f"{proof.slackness:.1e}"),
            (words("gap", language), f"{max(proof.gap, proof.bound_gap):.1e}"),
        ],
        "verdict": words("holds" if proof.holds else "fails", language).format(tolerance=f"{TOLERANCE:.0e}"),
        "holds": proof.holds,
    }
    return shown


def _groups(audited: Audited, number: int, measured: bool, language: Language) -> Iterator[Group]:
    """Yield the sections that are audited, each where there is something to say."""
    answer, result = audited.answer, audited.answer.result
    if audited.circularity is not None:
        yield circularity_group(audited.circularity, result, language)
    if audited.ledger is not None:
        yield ledger_group(audited.ledger, result, language)
    elif audited.refused:
        yield _refused("ledger", audited.refused, language)
    if answer.measures is not None:
        yield measures_group(answer.measures, number, language)
    elif why := answer.refused.get("measures"):
        yield _refused("measures", why, language)
    elif answer.case.measures and not measured:
        asked = words("measures_asked", language).format(count=len(answer.case.measures))
        yield Group("measures", words("measures_group", language), sentences=[asked])
    if answer.shares is not None:
        yield shares_group(answer.shares, language)
    elif why := answer.refused.get("shares"):
        yield _refused("shares", why, language)


def _refused(key: str, why: str, language: Language) -> Group:
    """Return a section that says why it is empty."""
    told = words(f"{key}_refused", language).format(why=why)
    return Group(key, words(f"{key}_group", language), sentences=[told])


def scenario_title(answer: Answer, language: Language) -> str:
    """Return the title of a scenario as people read it."""
    scenario = answer.case.scenarios.get(answer.result.scenario)
    if scenario is None or scenario.title is None:
        return words("base", language) if answer.result.scenario == "base" else answer.result.scenario
    return both_names(scenario.title, answer.result.scenario)[language == "zh"]


def _diagnosis(result: Result, language: Language) -> str:
    """Return why there is no answer, as it is printed on a terminal; "" where that was not looked for."""
    if result.diagnosis is None:
        return ""
    import io

    from ..reports.diagnosing import print_short
    from ..reports.summary import Paper

    stream = io.StringIO()
    print_short(result, Paper.on(stream), language)
    return stream.getvalue().strip()


def _sentences(result: Result, against: Answer, language: Language) -> Iterator[str]:
    """Yield what the answer is, in plain words."""
    first = against.result
    goal, unit = goal_words(result, language), result.goal.unit
    value = result.goal.value or 0.0
    yield words("answer_max" if result.maximise else "answer_min", language).format(
        goal=goal, value=amount(value, unit)
    )
    if first is not result and first.objective == result.objective:
        gap = value - (first.goal.value or 0.0)
        size = abs(first.goal.value or 0.0)
        key = "same" if abs(gap) <= 1e-9 * size else "against"
        part = f" ({gap / size:+.1%})" if size else ""
        yield words(key, language).format(
            other=scenario_title(against, language),
            goal=goal,
            difference=amount(abs(gap), unit) + part,
            direction=words("higher" if gap > 0 else "lower", language),
        )
    running = [plant for plant in result.plants if plant.run > 0]
    all_plants = {(plant.park, plant.company, plant.plant) for plant in result.plants}
    busy = {(plant.park, plant.company, plant.plant) for plant in running}
    full = {
        (plant.park, plant.company, plant.plant)
        for plant in running
        if plant.utilisation is not None and plant.utilisation >= 0.9
    }
    yield words("runs", language).format(running=len(busy), all=len(all_plants), full=len(full))
    flows = result.flows
    assert flows is not None
    if count := len(exchanges(result, language).rows):
        yield words("exchanged_sum", language).format(count=count)
    if result.limits:
        yield words("most_worth", language).format(limit=said(result.limits[0].sentence, language))


def _headlines(result: Result, first: Result, language: Language) -> list[dict[str, str]]:
    """Return the figures shown large: the objective and the usual accounts, each with the change from the first."""
    keys = [result.objective, *(key for key in HEADLINES if key != result.objective)]
    labels = {text.id: text for text in result.network.indicators.label}
    found = []
    for key in keys:
        measure = result.indicators.get(key)
        if measure is None or measure.value is None or key not in labels:
            continue
        text = share(measure.value) if measure.unit == "1" else amount(measure.value, measure.unit)
        base = first.indicators[key].value if first is not result and key in first.indicators else None
        change = ""
        if base is not None:
            gap = measure.value - base
            change = f"{gap * 100:+.1f} %" if measure.unit == "1" else f"{gap / abs(base):+.1%}" if base else ""
        figure, _, unit = text.partition(" ")
        found.append({"name": name(labels[key], language), "figure": figure, "unit": unit, "change": change})
    return found[:MOST_HEADLINES]
