"""A dataset without labels: students are compared with the teacher's predictions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autodistill.datasets import Task, load
from autodistill.errors import AutodistillError, SpecError
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.study.study import Study
from tests.fakes import sentences

ROWS = sentences(260)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A file of texts alone."""
    pd.DataFrame({"text": [text for text, _ in ROWS]}).to_csv(tmp_path / "texts.csv", index=False)
    return tmp_path / "texts.csv"


def soft(folder: Path, rows: int = 260, **more: int) -> Path:
    """Answers to some of the texts."""
    frame = pd.DataFrame(
        {
            "text": [text for text, _ in ROWS[:rows]],
            "neg": [0.9 if label == "neg" else 0.2 for _, label in ROWS[:rows]],
        }
    )
    frame.assign(pos=1 - frame["neg"], **more).to_csv(folder / "soft.csv", index=False)
    return folder / "soft.csv"


def opened(texts: Path, teacher: Path | str) -> Task:
    study = Study(str(texts), str(teacher), metric="agreement")
    return open_workspace(study, Stopwatch(), None).task


def test_the_teachers_most_likely_class_stands_in_for_the_label(
    texts: Path, tmp_path: Path
) -> None:
    task = opened(texts, soft(tmp_path))

    true = dict(ROWS)
    for rows in (task.train, task.selection, task.test):
        named = [task.label_names[i] for i in rows.labels]
        assert named == [true[text] for text in rows.first]
    assert task.metric == "agreement"
    assert any("not how often it is right" in note for note in task.notes)


def test_a_classifier_labels_by_its_own_classes(texts: Path, teacher: Path) -> None:
    task = opened(texts, teacher)

    true = np.array([dict(ROWS)[text] for text in task.train.first])
    assert (np.array(task.label_names)[task.train.labels] == true).mean() > 0.9


def test_texts_without_an_answer_are_left_out(texts: Path, tmp_path: Path) -> None:
    task = opened(texts, soft(tmp_path, rows=200))

    rows = sum(map(len, (task.train, task.selection, task.test)))
    assert rows == len({text for text, _ in ROWS[:200]})
    assert any("have no answer and are left out" in note for note in task.notes)


def test_a_column_that_is_no_class_is_named(texts: Path, tmp_path: Path) -> None:
    with pytest.raises(AutodistillError, match=r"neg, id, pos|neg, pos, id"):
        opened(texts, soft(tmp_path, id=7))


def test_a_teacher_that_is_tuned_here_has_no_classes_to_label_by(texts: Path) -> None:
    with pytest.raises(AutodistillError, match="'embedded' cannot stand in for labels"):
        opened(texts, "embedded")


def test_agreement_is_no_metric_of_labels(reviews: Path) -> None:
    with pytest.raises(SpecError, match="'agreement' is for a dataset without labels"):
        load(str(reviews), metric="agreement")
