"""Every bad input is refused with one message, and the page docs/bad-input.md shows it."""

from pathlib import Path

import pytest

from tests.bad_input.case import Case, run_case
from tests.bad_input.page import CASES, PAGE, good_files, plain, row


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that work."""
    return good_files(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="session")
def shown() -> str:
    """The page as it ships."""
    return PAGE.read_text(encoding="utf-8")


def test_the_page_has_at_least_a_hundred_inputs() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_bad_input_is_one_message_that_the_page_shows(
    case: Case, good: Path, folder: Path, shown: str
) -> None:
    outcome = run_case(case, good, folder)

    assert outcome.ran.code == 2, outcome
    assert not outcome.left
    assert row(case, plain(outcome.message, folder)) in shown, "run python -m tests.bad_input"
