"""The page in a real browser: it is quiet, offline, its switches work, it tells values, it prints, keys reach all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answered import answered
from browser import Tab, browser, opened
from hello import edit, tree_of
from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.pages.answer import Answer
from parkloop.pages.page import page
from parkloop.reports.run import solve_case
from reading_pages import hostile_page
from test_measures import TEXT as MEASURES

__all__ = ["browser"]  # the fixture
QARHAN = Path(__file__).parents[1] / "cases" / "parks" / "qarhan.yaml"


def report(folder: Path, language: str, *scenarios: str) -> Path:
    tree = read_tree(QARHAN)
    answers = [Answer(tree.case(name), solve_case(build_network(tree.case(name)))) for name in scenarios]
    path = folder / f"{language}.html"
    path.write_text(page(answers, "parkloop report", language), encoding="utf-8")  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tmp_path_factory.mktemp("page"), "en", "standalone", "base")


@pytest.fixture
def tab(browser: Any, english: Path) -> Iterator[Tab]:
    with opened(browser, english) as tab:
        yield tab
        assert tab.complaints == []
        assert tab.asked == [english.as_uri()], "the page asks for something beside itself"


def bands(tab: Tab) -> list[str]:
    return tab.page.eval_on_selector_all("#flows [data-band]", "all => all.map(one => one.getAttribute('aria-label'))")


def test_the_layer_switch_draws_another_picture_and_names_its_unit(tab: Tab) -> None:
    mass = bands(tab)
    tab.layer("energy")
    assert tab.page.locator("#layernote").inner_text().startswith("Energy (GJ)")
    energy = bands(tab)
    assert energy and set(energy).isdisjoint(mass)
    assert all(re.search(r"\d (PJ|TJ|GJ)( ·|$)", label) for label in energy)


def test_the_scenario_switch_changes_figures_and_picture_together(tab: Tab) -> None:
    """In `standalone` no chlorine changes hands; the pictures and the tables of `base` have what the other has not."""
    tab.layer("residues")
    before = bands(tab)
    assert tab.page.locator("[data-of=standalone] .lead").first.is_visible()
    assert not tab.page.locator("[data-of=base] .lead").first.is_visible()
    tab.choose("scenario", "base")
    assert tab.page.locator("[data-of=base] .lead").first.inner_text().startswith("Profit of 12.00 GCNY")
    assert not tab.page.locator("[data-of=standalone] .lead").first.is_visible()
    assert tab.page.locator("#layers input:checked").get_attribute("value") == "residues", "the layer stays"
    assert bands(tab) != before
    assert tab.page.locator("[data-table=plants][data-scenario=base]").is_visible()


def test_the_view_switch_shows_companies(tab: Tab) -> None:
    tab.choose("view", "companies:0")
    labels = tab.page.eval_on_selector_all("#flows text", "all => all.map(one => one.textContent)")
    assert any("cement" in label.lower() for label in labels)


def test_pointing_at_a_band_tells_its_value_and_unit(tab: Tab) -> None:
    band = tab.page.locator("#flows [data-band]").first
    band.locator("path").first.hover(force=True)
    tip = tab.page.locator("#tip")
    assert tip.is_visible()
    assert re.search(r"[\d.,]+ (Mt|kt|t)\b", tip.inner_text())
    assert "→" in tip.inner_text()
    tab.page.mouse.move(1, 1)
    assert not tip.is_visible()


def test_keys_reach_every_switch_and_every_band(tab: Tab) -> None:
    """Tab stops at the scenario, a layer, the view and the picture; arrows then go from band to band and tell each."""
    seen = []
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        seen.append(tab.page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert [one for one in seen if one in ("scenario", "layer", "view", "flows")] == [
        "scenario",
        "layer",
        "view",
        "flows",
    ]
    tab.page.locator("#flows").focus()
    told = []
    for _ in range(5):
        tab.page.keyboard.press("ArrowRight")
        told.append(tab.page.locator("#told").inner_text())
    assert len(set(told)) == 5
    assert all(re.search(r"\d", one) and "→" in one for one in told)
    tab.page.keyboard.press("Escape")
    assert tab.page.locator("#told").inner_text() == ""


def test_the_layers_can_be_chosen_with_arrow_keys(tab: Tab) -> None:
    tab.page.locator("#layers input:checked").focus()
    tab.page.keyboard.press("ArrowRight")
    assert tab.page.locator("#layers input:checked").get_attribute("value") == "residues"


def test_the_picture_is_there_as_a_table_that_adds_up_to_it(tab: Tab) -> None:
    tab.page.locator("#picturetable summary").click()
    values = tab.page.eval_on_selector_all("#picturetable td[data-v]", "all => all.map(one => Number(one.dataset.v))")
    drawn = tab.page.eval_on_selector_all("#flows [data-band]", "all => all.map(one => Number(one.dataset.value))")
    assert sorted(values) == sorted(drawn)
    assert len(values) > 20


def test_no_label_lies_on_another_and_none_leaves_the_picture(tab: Tab) -> None:
    """Names of boxes in every layer of both scenarios: their frames do not meet, and all are inside."""
    script = """() => { const all = [...document.querySelectorAll('#flows text:not(.inner)')].map(t => t.getBBox());
      const view = document.querySelector('#flows').viewBox.baseVal; let bad = 0;
      all.forEach((a, i) => {
        if (a.x < 0 || a.y < 0 || a.x + a.width > view.width + 1 || a.y + a.height > view.height) bad++;
        all.slice(i + 1).forEach(b => { if (a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
          && a.y < b.y + b.height - 3 && b.y < a.y + a.height - 3) bad++; }); }); return bad; }"""
    for scenario in ("standalone", "base"):
        tab.choose("scenario", scenario)
        for key in tab.page.eval_on_selector_all("#layers input", "all => all.map(one => one.value)"):
            tab.layer(key)
            assert tab.page.evaluate(script) == 0, f"{scenario} {key}"


def test_loops_are_drawn_with_a_dashed_line_and_an_arrow(tab: Tab) -> None:
    tab.choose("scenario", "base")
    tab.layer("energy")
    loops = tab.page.locator("#flows .loop").count()
    assert loops >= 1
    assert tab.page.locator("#flows .dash").count() == tab.page.locator("#flows path.tip").count() == loops


def test_it_prints_what_is_chosen_and_no_switches(tab: Tab) -> None:
    tab.choose("scenario", "base")
    tab.page.emulate_media(media="print")
    assert not tab.page.locator("#print").is_visible()
    assert not tab.page.locator("#tip").is_visible()
    assert tab.page.locator("#flows").is_visible()
    assert not tab.page.locator("[data-of=standalone] .lead").first.is_visible()
    paper = tab.page.pdf(prefer_css_page_size=True, print_background=True)
    sizes = {
        tuple(round(float(x)) for x in box.split()[2:])
        for box in re.findall(r"/MediaBox \[([^\]]*)\]", paper.decode("latin-1"))
    }
    assert sizes == {(595, 842), (842, 595)} or sizes == {(596, 842), (842, 596)}, "A4, the picture across"


def test_nothing_is_wider_than_a_telephone(browser: Any, english: Path) -> None:
    with opened(browser, english, width=390) as tab:
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_is_dark_and_the_button_turns_it(browser: Any, english: Path) -> None:
    with opened(browser, english, color_scheme="dark") as tab:
        shade = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((a, b) => a + Number(b), 0)"
        assert tab.page.evaluate(shade) < 150
        tab.page.locator("#dark").click()
        assert tab.page.evaluate(shade) > 600


def test_chinese_renders_in_chinese(browser: Any, tmp_path: Path) -> None:
    with opened(browser, report(tmp_path, "zh", "base")) as tab:
        assert tab.page.evaluate("document.documentElement.lang") == "zh-CN"
        assert tab.page.locator("h1").inner_text() == "察尔汗盐湖钾镁PVC一体化"
        assert tab.page.locator("#layers span").all_inner_texts()[:4] == ["质量", "副产物与废物", "能量", "碳"]
        text = tab.page.locator("main").inner_text()
        assert "影子价格" in text and "Shadow prices" not in text
        assert tab.complaints == []


def test_hostile_names_are_only_ever_text(browser: Any, tmp_path: Path) -> None:
    """Names with tags, quotes, formulas and escapes: nothing runs, and each is to be read as it was written."""
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page("en"), encoding="utf-8")
    with opened(browser, path) as tab:
        assert tab.page.evaluate("window.hurt") is None
        tab.page.locator("#flows [data-band] path").first.hover(force=True)
        tab.page.locator("#unfold").click()
        assert tab.page.evaluate("window.hurt") is None
        assert tab.complaints == []
        assert tab.page.locator("main img, main b:has-text('bold')").count() == 0
        assert "<script>window.hurt=1</script>" in tab.page.locator("h1").inner_text()
        labels = tab.page.eval_on_selector_all(
            "#flows [data-band], #flows [data-box]", "a => a.map(x => x.getAttribute('aria-label'))"
        )
        assert any("<img src=x onerror=window.hurt=1>" in label for label in labels)
        assert json.loads(tab.page.locator("#data").text_content())["language"] == "en"


def test_new_sections_are_of_the_scenario_that_is_chosen(tab: Tab) -> None:
    """Circularity stands in both; the ledger only in `base`, which is set against the counterfactual."""
    assert tab.page.locator("[data-table=residues][data-scenario=standalone]").is_visible()
    assert not tab.page.locator("[data-table=ledger]").is_visible()
    tab.choose("scenario", "base")
    for key in ("residues", "official", "norms", "ledger", "reconciled"):
        assert tab.page.locator(f"[data-table={key}][data-scenario=base]").is_visible(), key
    assert not tab.page.locator("[data-table=residues][data-scenario=standalone]").is_visible()
    reasons = tab.page.locator("[data-table=not_computable][data-scenario=base]")
    assert not reasons.is_visible()
    tab.page.locator("#unfold").click()
    assert reasons.is_visible()


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("measures") / "page.html"
    answers = [answered(tree_of(MEASURES), scenario, "measures") for scenario in ("base", "power_dear")]
    path.write_text(page(answers, "parkloop report"), encoding="utf-8")
    return path


def test_the_abatement_curve_is_drawn_hatched_in_each_scenario(browser: Any, measures: Path) -> None:
    """The picture is as wide as its room, its hatch is its own, and its styles change nothing beside it."""
    with opened(browser, measures) as tab:
        for number, scenario in enumerate(("base", "power_dear"), start=1):
            tab.choose("scenario", scenario)
            drawn = tab.page.locator("svg.abatement:visible")
            assert drawn.count() == 1
            box = drawn.bounding_box()
            assert box and box["width"] > 700 and box["height"] > 500
            hatched = tab.page.locator(f"svg.abatement:visible rect[fill='url(#saves-{number})']")
            assert hatched.count() >= 1 and tab.page.locator(f"#saves-{number}").count() == 1
        font = "getComputedStyle(document.querySelector('#flows text')).fontSize"
        assert tab.page.evaluate(font) == "12px"
        assert tab.complaints == [] and tab.asked == [measures.as_uri()]
        tab.page.emulate_media(media="print")
        assert tab.page.locator("svg.abatement:visible").count() == 1
    with opened(browser, measures, width=390) as tab:
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_names_of_measures_are_only_ever_text(browser: Any, tmp_path: Path) -> None:
    name = "</svg></title><script>window.hurt=1</script><img src=x onerror=window.hurt=1>"
    case = edit("{en: Boiler on the hot gas, zh: 余热锅炉}", f"{{en: {json.dumps(name)}}}", MEASURES)
    path = tmp_path / "hostile.html"
    path.write_text(page([answered(tree_of(case), "base", "measures")], "x"), encoding="utf-8")
    with opened(browser, path) as tab:
        assert tab.page.evaluate("window.hurt") is None and tab.complaints == []
        assert tab.page.locator("main img").count() == 0
        told = tab.page.locator("svg.abatement desc").text_content()
        assert name in told and name in tab.page.locator("[data-table=measures]").inner_text()
