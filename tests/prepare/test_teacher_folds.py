"""Answers on training rows by folds of the teacher that were not trained on them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autodistill.errors import SpecError
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.study.study import Study
from autodistill.training.signals import Signals


def opened(reviews: Path, teacher: Path, folds: int) -> Workspace:
    """A study of a teacher that is tuned here."""
    study = Study(str(reviews), str(teacher), rows=64)
    found = open_workspace(study, Stopwatch(), None)
    asked = replace(study, teacher_folds=folds)
    return replace(found, study=asked, found=replace(found.found, tuned=False))


def test_training_rows_are_answered_by_folds_and_all_others_by_the_whole_teacher(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path))
    plain = prepare(opened(reviews, teacher, 0), Stopwatch())
    waiting = opened(reviews, teacher, 2)
    assert not waiting.is_recorded()

    folded = prepare(waiting, Stopwatch())

    count = len(folded.task.train)
    before, now = plain.signals(), folded.signals()
    assert np.array_equal(before.logits[count:], now.logits[count:])
    assert (before.logits[:count] != now.logits[:count]).any(1).all()
    assert sorted(before.pooled) == sorted(now.pooled)
    assert np.array_equal(before.pooled[1], now.pooled[1])
    full = folded.data.shards["full"].signals
    assert full is not None
    assert np.array_equal(Signals.open(full).logits, now.logits)
    assert folded.study.key != plain.study.key
    assert waiting.is_recorded()
    assert list(tmp_path.glob("**/*.parts")) == []


def test_a_study_without_folds_has_the_key_that_it_always_had() -> None:
    study = Study("a.csv")

    assert "teacher_folds" not in study.to_dict()
    assert replace(study, teacher_folds=5).to_dict()["teacher_folds"] == 5


@pytest.mark.parametrize("folds", [-1, 1, 21])
def test_a_number_of_folds_that_cannot_be_is_refused(folds: int) -> None:
    with pytest.raises(SpecError, match=rf"--teacher-folds is {folds}; give 2 to 20"):
        Study("a.csv", teacher_folds=folds)


def test_folds_of_a_teacher_that_was_tuned_elsewhere_are_refused(
    reviews: Path, teacher: Path
) -> None:
    study = Study(str(reviews), str(teacher), teacher_folds=3)

    with pytest.raises(SpecError, match=r"--teacher-folds 3: .* is not tuned here"):
        open_workspace(study, Stopwatch(), None)
