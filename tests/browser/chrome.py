"""Pages in a browser: Chromium of this machine, and what a test asks of a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = Path("build/pages")
"""The folder for pictures of the pages."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Page:
    """A page that is open, and what its browser complained of."""

    page: Any
    complaints: list[str]
    addresses: list[str]
    """All that was asked for over the network."""

    def open(self, address: str) -> None:
        """Go there, and wait until nothing is under way."""
        self.page.goto(address, wait_until="load")
        self.page.wait_for_timeout(300)

    def picture(self, name: str) -> None:
        """Leave a picture of the whole page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate(WIDER))


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser; skips where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright: `make browser`")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: pages are not tried in a browser")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, *, width: int = 1280, dark: bool = False) -> Iterator[Page]:
    """An empty page of this width."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    page, complaints, addresses = context.new_page(), list[str](), list[str]()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: addresses.append(asked.url))
    yield Page(page, complaints, addresses)
    context.close()
