"""Tables of a study of students, beside its own runs."""

from statistics import fmean

import pytest

from autodistill.report.students import proxies_table, proxy_audit, students_of, students_table
from autodistill.search.screening.entries import entries_of
from autodistill.storage.files import read
from autodistill.study.results import StudyResult
from tests.paths import ROOT
from tests.report.studied import studied


@pytest.fixture(scope="module")
def record() -> StudyResult:
    """A published study of students, each trained with two seeds."""
    return read(ROOT / "studies" / "sst2-students")


def test_every_trained_student_is_there_once_best_first(record: StudyResult) -> None:
    trained = {str(o.pipeline.student) for o in record.outcomes if o.status == "complete"}

    found = students_of(record, "students")

    assert sorted(str(p.pipeline.student) for p in found) == sorted(trained)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_a_proxy_stands_beside_the_score_and_the_parameters_of_its_student(
    record: StudyResult,
) -> None:
    table = proxies_table(record)

    assert table is not None
    heads = [c.name for c in table.columns]
    best = dict(zip(heads, table.rows[0]))
    scores: dict[str, list[float]] = {}
    for o in record.outcomes:
        scores.setdefault(str(o.pipeline.student), []).append(o.score or 0.0)
    name = max(scores, key=lambda student: fmean(scores[student]))
    entry = next(e for e in entries_of(record) if str(e.student) == name)
    assert best["score"] == pytest.approx(fmean(scores[name]))
    assert best["params"] == entry.cost["params"] / 1e6
    proxies = {name: value for name, (value, _) in entry.scores.items() if name != "params"}
    assert {name: best[name] for name in proxies} == proxies


def test_the_table_says_the_share_of_the_teachers_score(record: StudyResult) -> None:
    points = students_of(record, "students")

    table = students_table(points, record)

    assert table is not None
    row = dict(zip([c.name for c in table.columns], table.rows[0]))
    assert row["of the teacher's"] == points[0].score / (record.facts.teacher_score or 1.0)


@pytest.mark.slow
def test_no_column_of_the_audit_is_without_a_name(record: StudyResult) -> None:
    table = proxy_audit(record)

    assert table is not None
    assert all(column.name for column in table.columns)


def test_another_study_has_no_such_part() -> None:
    assert students_of(studied(), "films") == []
    assert proxies_table(studied()) is None
    assert proxy_audit(studied()) is None
