"""Take the pictures of reports that stand in the README and in docs/report.md, with Chromium.

    python docs/report_pictures.py

Needs Chromium (`apt-get install chromium fonts-wqy-zenhei`) and playwright, which the set-up installs.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from parkloop.flows.build import build_network
from parkloop.flows.case import read_tree
from parkloop.pages.answer import Answer
from parkloop.pages.page import page
from parkloop.pages.words import Language
from parkloop.reports.run import solve_case

DOCS = Path(__file__).parent
PICTURES: tuple[tuple[str, Language, str, str, str], ...] = (
    ("parks/qarhan", "en", "", "", "report_qarhan.png"),
    ("parks/qarhan", "en", "plants:0", "energy", "report_qarhan_energy.png"),
    ("parks/ganhe", "zh", "plants:0", "carbon", "report_ganhe.png"),
    ("provinces/qinghai", "en", "between", "mass", "report_qinghai.png"),
)
"""case, language, view and layer of the flow picture (none: the head of the page), file"""


def main() -> None:
    """Write the pictures."""
    pages: dict[tuple[str, str], str] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        for name, language, view, layer, file in PICTURES:
            key = (name, language)
            if key not in pages:
                pages[key] = _page(name, language)
            path = Path(folder) / "page.html"
            path.write_text(pages[key], encoding="utf-8")
            tab = browser.new_page(
                viewport={"width": 900 if view == "between" else 1080 if view else 1240, "height": 780}
            )
            tab.goto(path.as_uri())
            if not view:
                tab.screenshot(path=DOCS / file)
                continue
            tab.add_style_tag(content="header.top{position:static!important}")
            tab.select_option("#view", view)
            tab.locator(f"#layers input[value={layer}]").check(force=True)
            tab.mouse.move(1, 1)
            tab.locator("#picture").screenshot(path=DOCS / file)
        browser.close()


def _page(name: str, language: Language) -> str:
    tree = read_tree(DOCS.parent / "cases" / f"{name}.yaml")
    scenarios = ("base",) if name.startswith("provinces") else ("base", "standalone")
    answers = [Answer(tree.case(it), solve_case(build_network(tree.case(it)))) for it in scenarios]
    return page(answers, f"parkloop report cases/{name}.yaml", language)


if __name__ == "__main__":
    main()
