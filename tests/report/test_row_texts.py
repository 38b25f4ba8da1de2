"""Texts of validation rows: only where a person asks, and only those of the same data."""

from dataclasses import replace
from pathlib import Path

import pytest

from autodistill import datasets
from autodistill.errors import DataError
from autodistill.report.build import content_of
from autodistill.report.page import page
from autodistill.report.row_texts import row_texts
from autodistill.runtime.progress import Screen
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.records import FACTS, outcome

HOSTILE = "</td><script>alert(1)</script>"


@pytest.fixture
def record(tmp_path: Path) -> StudyResult:
    """A study of a file whose student predicts the first class for every row."""
    file = tmp_path / "reviews.csv"
    lines = [f'"{HOSTILE} text {i}",{("bad", "good")[i % 2]}' for i in range(200)]
    file.write_text("text,label\n" + "\n".join(lines), encoding="utf-8")
    task = datasets.load(str(file), metric="accuracy")
    study = Study(str(file), metric="accuracy", fingerprint=f"{task.fingerprint}-t-s")
    labels = task.selection.labels
    right = float((labels == 0).mean())
    trial: Trial = replace(outcome(0, right), predictions=as_bytes(labels * 0))
    selection = Selection(as_bytes(labels), as_bytes(labels))
    return StudyResult(study, (trial,), facts=StudyFacts(**FACTS), selection=selection)


def test_texts_stand_on_the_page_where_they_are_asked_for_and_stay_text(
    record: StudyResult,
) -> None:
    known = row_texts(record, None, Screen())

    asked = content_of({"films": record}, None, "report", texts={"films": known})
    plain = content_of({"films": record}, None, "report")

    with_texts = page(asked.title, asked.sections, asked.published)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; text" in with_texts
    assert "<script>alert(1)" not in with_texts
    assert "alert(1)" not in page(plain.title, plain.sections, plain.published)


def test_only_rows_that_the_student_gets_wrong_are_shown(record: StudyResult) -> None:
    known = row_texts(record, None, Screen())

    content = content_of({"films": record}, None, "report", texts={"films": known})

    table = content.sections[0].tables[0]
    assert {row[1] for row in table.rows} == {"good"}
    assert {row[2] for row in table.rows} == {"bad"}
    assert all(f"text {row[0]}" in str(row[-1]) for row in table.rows)


def test_data_that_have_changed_since_are_refused(record: StudyResult) -> None:
    file = Path(record.study.dataset)
    file.write_text(file.read_text(encoding="utf-8") + "\nnew,good\n", encoding="utf-8")

    with pytest.raises(DataError, match="has changed since the study began"):
        row_texts(record, None, Screen())
