"""The dashboard's pages in a browser: wide and narrow, light and dark, by keyboard, live."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autodistill.storage import Store
from tests.browser.chrome import Page, opened
from tests.paths import ROOT
from tests.report.server.client import Client, serving
from tests.report.studied import ALONE, LARGE, run

pytestmark = pytest.mark.slow

PAGES = {
    "studies": "/",
    "answer": "/studies/reviews",
    "stages": "/studies/reviews/stages",
    "compare": "/compare?study=reviews&study=others",
    "runs": "/studies/reviews/runs",
    "run": "/studies/reviews/runs/2",
    "failed-run": "/studies/reviews/runs/8",
}
LOOKS = [(1280, False), (1280, True), (390, False), (390, True)]
ADDRESSES = "all => all.map(a => a.pathname + a.search)"
CONTROLS = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']"


def address(client: Client, path: str) -> str:
    """The whole address."""
    return f"http://127.0.0.1:{client.port}{path}"


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_breaks_nothing(
    browser: Any, client: Client, name: str, width: int, dark: bool
) -> None:
    with opened(browser, width=width, dark=dark) as page:
        page.open(address(client, PAGES[name]))
        page.picture(f"{name}-{width}-{'dark' if dark else 'light'}")

        assert page.complaints == []
        assert page.overflow <= 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(browser: Any, client: Client, name: str, dark: bool) -> None:
    with opened(browser, dark=dark) as page:
        page.open(address(client, PAGES[name]))

        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """The rules of axe-core that a page breaks, each with the first element that does."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page.page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def test_every_link_leads_to_a_page(browser: Any, client: Client) -> None:
    found = set[str]()
    with opened(browser) as page:
        for path in PAGES.values():
            page.open(address(client, path))
            found |= set(
                page.page.eval_on_selector_all(
                    "a[href]", "all => all.map(a => a.pathname + a.search)"
                )
            )

    assert len(found) > len(PAGES)
    assert {path: client.get(path).status for path in found if client.get(path).status != 200} == {}


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_alone_reaches_every_control(browser: Any, client: Client, name: str) -> None:
    with opened(browser) as page:
        page.open(address(client, PAGES[name]))
        script = "all => all.filter(e => e.checkVisibility()).map(e => e.dataset.control = '') && 0"
        page.page.eval_on_selector_all(CONTROLS, script)
        count = page.page.locator("[data-control]").count()
        for _ in range(count + 5):
            page.page.keyboard.press("Tab")
            page.page.evaluate("delete document.activeElement.dataset.control")

        left = page.page.eval_on_selector_all("[data-control]", "all => all.map(e => e.outerHTML)")

    assert count > 0
    assert left == []


def test_a_run_that_ends_shows_without_a_reload_and_the_filter_stays(
    browser: Any, client: Client, store: Store
) -> None:
    with opened(browser) as page:
        page.open(address(client, PAGES["runs"]))
        page.page.evaluate("window.same = true")
        listed = page.page.locator("tbody tr")
        unfiltered = listed.count()
        page.page.fill("#filter", "cut")
        until(page, lambda: listed.count() < unfiltered)
        assert "q=cut" in page.page.url
        before = listed.count()

        store.add("reviews", run(9, LARGE, ALONE, 0.83, seed=3))
        until(page, lambda: listed.count() > before)

        assert page.page.evaluate("window.same") is True
        assert page.page.input_value("#filter") == "cut"
        assert page.complaints == []


def test_an_answer_changes_while_it_is_open(browser: Any, client: Client, store: Store) -> None:
    with opened(browser) as page:
        page.open(address(client, PAGES["answer"]))
        before = page.page.inner_text("main")

        store.add("reviews", run(9, LARGE, ALONE, 0.83, seed=3))
        until(page, lambda: page.page.inner_text("main") != before)

        assert page.complaints == []


def test_a_search_in_the_background_fills_runs_and_answer(
    browser: Any, tmp_path: Path, reviews: Path, teacher: Path
) -> None:
    words = ("--dataset", str(reviews), "--teacher", str(teacher), "--storage", "s.db")
    Store(str(tmp_path / "s.db"))
    with (
        serving(tmp_path / "s.db") as client,
        opened(browser) as listed,
        opened(browser) as runs,
        opened(browser) as answer,
    ):
        listed.open(address(client, "/"))
        search = subprocess.Popen(
            [sys.executable, "-m", "autodistill", "search", *words, "--trials", "60"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until(listed, lambda: listed.page.locator("tbody tr").count() == 1, 120.0)
            name = listed.page.locator("tbody tr a").first.inner_text()
            for page, path in ((runs, f"/studies/{name}/runs"), (answer, f"/studies/{name}")):
                page.open(address(client, path))
            seen = runs.page.locator("tbody tr").count()
            until(runs, lambda: runs.page.locator("tbody tr").count() > seen + 2, 60.0)
            until(answer, lambda: "Recommended recipe" in answer.page.inner_text("main"), 60.0)
            told = answer.page.inner_text("main")
            until(answer, lambda: answer.page.inner_text("main") != told, 60.0)
        finally:
            search.terminate()
            search.wait()

        assert listed.complaints == runs.complaints == answer.complaints == []


def until(page: Page, done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until it is so; the page's own rules forbid to ask it for longer."""
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, "nothing has changed"
        page.page.wait_for_timeout(100)
