"""Pages of a small study, and a search that is looked on at."""

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.prepare.workspace import PreparedWorkspace
from benchmarks.pages import PAGES, pages, slowed
from tests.benchmarks.conftest import say


@pytest.mark.slow
def test_a_search_is_looked_on_at_and_what_that_takes_is_known(
    workspace: PreparedWorkspace,
) -> None:
    found = slowed(workspace, 3, 32, 1, "", say)

    assert found["slowed_least"] == found["slowed"] == found["slowed_most"] > 0
    assert 0 < found["pages_share"] < 1


@pytest.mark.slow
def test_each_page_and_the_report_are_timed() -> None:
    found = pages(30, "text", "", say)

    assert all(found[f"{name}_first_s"] >= found[f"{name}_again_s"] > 0 for name in PAGES)
    assert all(found[f"{name}_kb"] > 1 for name in PAGES)
    assert found["report_s"] > 0
    assert found["report_mb"] > 1
