"""Unlabelled rows on disk: behind the others, answered by the teacher, in every vocabulary."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autodistill.errors import SpecError
from autodistill.prepare.answered_pool import without_unnamed_pool
from autodistill.prepare.materials import prepare
from autodistill.prepare.question import Study as Question
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.search.forecast import forecast
from autodistill.study.study import Budget, Study
from autodistill.study.study_differences import differences
from tests.fakes import GOOD, sentences, write_csv
from tests.prepare.test_views import pipeline

MORE = [f"{text} unseen" for text, _ in sentences(50, seed=3)]


@pytest.fixture
def more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CSV of 50 unlabelled texts, each with a word of its own; the cache is the test's own."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    return write_csv(tmp_path / "more.csv", [(text, "") for text in MORE])


def ready(reviews: Path, teacher: Path, unlabelled: str = "") -> PreparedWorkspace:
    study = Study(str(reviews), str(teacher), "text", unlabelled=unlabelled)
    return prepare(open_workspace(study, Stopwatch(), None), Stopwatch())


def test_unlabelled_rows_come_last_with_answers_and_without_labels(
    reviews: Path, teacher: Path, more: Path
) -> None:
    workspace = ready(reviews, teacher, str(more))

    data, shard = workspace.data, workspace.data.shards["trimmed"].open()
    rows = data.train_rows + data.selection_rows
    assert data.pool_rows == workspace.task.pool_rows > 0
    assert len(shard.table) == len(shard.labels) == rows + data.pool_rows
    assert set(shard.labels[rows:].tolist()) == {-1}
    assert min(shard.labels[:rows]) == 0
    assert len(workspace.signals().logits) == len(shard.labels)


def test_the_teachers_score_is_that_on_the_validation_rows_alone(
    reviews: Path, teacher: Path, more: Path
) -> None:
    plain, workspace = ready(reviews, teacher), ready(reviews, teacher, str(more))

    assert workspace.teacher_score == plain.teacher_score
    assert workspace.selection == plain.selection


def test_answers_to_labelled_rows_that_are_on_disk_are_not_computed_again(
    reviews: Path, teacher: Path, more: Path
) -> None:
    plain, workspace = ready(reviews, teacher), ready(reviews, teacher, str(more))

    known = len(plain.task.known)
    assert workspace.recording.computed == workspace.task.pool_rows
    assert workspace.recording.reused == known
    np.testing.assert_array_equal(workspace.signals().logits[:known], plain.signals().logits)
    np.testing.assert_array_equal(workspace.signals().pooled[1][:known], plain.signals().pooled[1])


def test_the_trimmed_vocabulary_has_the_words_of_unlabelled_rows(
    reviews: Path, teacher: Path, more: Path
) -> None:
    plain, workspace = ready(reviews, teacher), ready(reviews, teacher, str(more))

    sizes = [w.data.vocabularies["trimmed"].size for w in (plain, workspace)]
    assert sizes[1] >= sizes[0]
    table = workspace.data.shards["trimmed"].open().table
    full = workspace.data.shards["full"].open().table
    assert list(table.lengths) == list(full.lengths)


def test_unlabelled_rows_have_views_too(reviews: Path, teacher: Path, more: Path) -> None:
    workspace = ready(reviews, teacher, str(more))

    (view,) = Views(workspace, Stopwatch())(pipeline())

    shard = view.open()
    assert len(shard.table) == len(workspace.task.answered)
    assert shard.signals is not None
    assert len(shard.signals.logits) == len(workspace.task.answered)


def test_a_plan_counts_the_rows_that_the_teacher_predicts(
    reviews: Path, teacher: Path, more: Path
) -> None:
    study = Study(str(reviews), str(teacher), unlabelled=str(more))

    plan = forecast(open_workspace(study, Stopwatch(), None), Budget(trials=3), 1).plan

    assert plan.pool_rows == len(set(MORE))
    assert plan.to_dict()["pool_rows"] == plan.pool_rows


def test_a_study_that_began_without_unlabelled_rows_goes_on_without(
    tmp_path: Path, teacher: Path, more: Path
) -> None:
    rows = [*sentences(200), *((text, "") for text in MORE)]
    study = Study(str(write_csv(tmp_path / "holes.csv", rows)), str(teacher))
    task = open_workspace(study, Stopwatch(), None).task
    old = task.fingerprint.partition(".")[0]

    before = without_unnamed_pool(task, study, f"{old}-teacher-space")

    assert task.pool is not None
    assert before.pool is None
    assert before.fingerprint == old
    assert "goes on so" in before.notes[-1]
    assert without_unnamed_pool(task, study, f"{task.fingerprint}-teacher-space").pool is not None


def test_other_unlabelled_rows_are_another_study() -> None:
    before, now = (Study("a.csv", fingerprint=f"1.{n}-2-3").to_dict() for n in (4, 5))

    assert differences(before, now) == ["the unlabelled rows differ."]


@pytest.mark.parametrize(
    "rows", [MORE, tuple(MORE), pd.DataFrame({"text": MORE}), pd.Series(MORE)], ids=type
)
def test_unlabelled_rows_in_memory_are_kept_as_a_file(
    reviews: Path, teacher: Path, more: Path, rows: Any
) -> None:
    study = Question(str(reviews), teacher, unlabelled=rows)

    task = open_workspace(study, Stopwatch(), None).task

    assert task.pool is not None
    assert set(task.pool.first) == set(MORE)


@pytest.mark.parametrize(
    "rows", [3, [], [1, 2], {"text": MORE}], ids=lambda rows: type(rows).__name__
)
def test_other_things_are_no_unlabelled_rows(reviews: Path, teacher: Path, rows: Any) -> None:
    with pytest.raises(SpecError, match="unlabelled rows are a name, a path"):
        Question(str(reviews), teacher, unlabelled=rows)


def test_a_function_is_asked_about_unlabelled_rows(
    reviews: Path, teacher: Path, more: Path
) -> None:
    asked = list[str]()

    def answer(texts: list[str]) -> Any:
        asked.extend(texts)
        good = np.array([0.9 if set(text.split()) & set(GOOD) else 0.2 for text in texts])
        return np.stack([1 - good, good], axis=1)

    study = Question(str(reviews), answer, unlabelled=MORE)
    task = open_workspace(study, Stopwatch(), None).task

    assert set(MORE) <= set(asked)
    assert task.pool_rows == len(set(MORE))
