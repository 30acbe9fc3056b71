"""Answers with the sections of a report that take more solves, for the tests of page and workbook."""

from __future__ import annotations

from parkloop.audit.abating import abatement, picker
from parkloop.audit.measure_sets import Measured
from parkloop.audit.shares import split_saving
from parkloop.flows.build import build_network
from parkloop.flows.case import CaseTree
from parkloop.pages.answer import Answer
from parkloop.reports.run import solve_case


def answered(tree: CaseTree, scenario: str, section: str) -> Answer:
    """One scenario with the sections that take more solves; the counterfactual has none."""
    case = tree.case(scenario)
    network = build_network(case)
    measures, shares = None, None
    if section in ("shares", "parks") and scenario != "standalone":
        shares = split_saving(network, "parks" if section == "parks" else "companies", passing="everything")
    if section == "measures":
        with Measured(tree, scenario, (), picker("money")) as measured:
            measures = abatement(measured)
    return Answer(case, solve_case(network), measures, shares)
