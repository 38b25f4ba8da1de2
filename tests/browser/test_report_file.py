"""The report's one file, opened in a browser without a network."""

from pathlib import Path
from typing import Any

import pytest

from autodistill.report.build import report_of
from tests.browser.chrome import opened
from tests.browser.test_dashboard import LOOKS, violations
from tests.report.studied import studied

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on two studies."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    records = {"reviews": studied(), "others": studied("others.csv")}
    path.write_text(report_of(records, None, "report"), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_report_fits_its_window_and_asks_nobody(
    browser: Any, report: str, width: int, dark: bool
) -> None:
    with opened(browser, width=width, dark=dark) as page:
        page.open(report)
        page.picture(f"report-{width}-{'dark' if dark else 'light'}")

        assert page.complaints == []
        assert page.overflow <= 0
        assert [a for a in page.addresses if not a.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_report_is_accessible(browser: Any, report: str, dark: bool) -> None:
    with opened(browser, dark=dark) as page:
        page.open(report)

        assert violations(page) == []


def test_all_figures_are_drawn(browser: Any, report: str) -> None:
    with opened(browser) as page:
        page.open(report)

        drawn = page.page.locator(".figure .main-svg").count()

        assert drawn >= page.page.locator(".figure").count() > 0


def test_a_report_prints_on_pages(browser: Any, report: str, tmp_path: Path) -> None:
    with opened(browser) as page:
        page.open(report)

        page.page.pdf(path=tmp_path / "r.pdf", format="A4")

    assert (tmp_path / "r.pdf").stat().st_size > 20_000
