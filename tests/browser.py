"""A browser for the tests of the page: headless Chromium that notes what a page asks for and complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 300_000
"""how long a busy machine may take for one step, ms: a slow machine is no fault"""


def chromium() -> str:
    """Return where Chromium is; without one the test is skipped, in CI it fails."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("there is no Chromium, and CI must test the page: apt-get install chromium")
    pytest.skip("there is no Chromium: apt-get install chromium")


@dataclass
class Tab:
    """An open page, and what it did."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def choose(self, select: str, value: str) -> None:
        self.page.select_option(f"#{select}", value)

    def layer(self, key: str) -> None:
        self.page.locator(f"#layers input[value={key}]").check(force=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a module; each opens pages of its own."""
    from playwright.sync_api import sync_playwright

    where = chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=where, args=ARGUMENTS, timeout=PATIENCE)
        yield found
        found.close()


@contextmanager
def opened(browser: Any, path: Path, width: int = 1280, **more: Any) -> Iterator[Tab]:
    """Open a file in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    context.set_default_timeout(PATIENCE)
    tab = Tab(context.new_page())
    tab.page.on("console", lambda message: tab.complaints.append(message.text))
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("dialog", lambda dialog: (tab.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.page.on("request", lambda request: tab.asked.append(request.url))
    tab.page.goto(path.as_uri())
    yield tab
    context.close()
