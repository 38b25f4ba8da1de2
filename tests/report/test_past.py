"""Past studies of datasets like a study's own."""

from dataclasses import replace

import pytest

from autodistill.report.past import NOTHING, past_of_study, past_table
from autodistill.storage.files import read
from autodistill.study.results import StudyResult
from tests.paths import ROOT


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> StudyResult:
    """A published study with a fingerprint; past studies may be read."""
    monkeypatch.setenv("AUTODISTILL_PAST", "1")
    return read(ROOT / "studies" / "knowledge-bbc-news")


def test_the_nearest_study_stands_first_and_the_study_itself_is_left_out(
    record: StudyResult,
) -> None:
    found = past_of_study(record, "knowledge-bbc-news").nearest

    distances = [study.distance for study in found]
    assert distances == sorted(distances)
    assert found
    assert "knowledge-bbc-news" not in [study.name for study in found]


def test_it_says_how_far_such_advice_went_on_datasets_that_were_left_out(
    record: StudyResult,
) -> None:
    assert "left out in turn" in past_of_study(record, "knowledge-bbc-news").trust


def test_the_table_names_what_won_there(record: StudyResult) -> None:
    found = past_of_study(record, "knowledge-bbc-news")

    assert [row[3] for row in past_table(found).rows] == [str(s.best) for s in found.nearest]


def test_nothing_is_said_without_a_fingerprint_or_where_past_studies_are_switched_off(
    record: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(record, facts=record.facts.updated(fingerprint=None))
    assert past_of_study(bare, "x") == NOTHING

    monkeypatch.setenv("AUTODISTILL_PAST", "0")
    assert past_of_study(record, "x") == NOTHING
