"""Unlabelled rows beside a file of soft labels: matched by text, or brought by it."""

from pathlib import Path

import pytest

from autodistill.datasets import load
from autodistill.errors import TeacherError
from autodistill.prepare.answered_pool import Answered, answered_by
from autodistill.study.study import Study
from tests.fakes import sentences, write_csv


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dataset of 100 labelled sentences."""
    return write_csv(tmp_path / "data.csv", sentences(100))


def soft(folder: Path, texts: list[str], key: str = "text") -> Path:
    lines = [f"{text},0.25,0.75" for text in texts]
    (folder / "soft.csv").write_text("\n".join([f"{key},neg,pos", *lines]) + "\n")
    return folder / "soft.csv"


def answered(data: Path, file: Path, **options: object) -> Answered:
    study = Study(str(data), str(file), **options)  # type: ignore[arg-type]
    task = load(
        study.dataset,
        rows=study.rows,
        unlabelled=study.unlabelled,
        rest_unlabelled=study.rest_unlabelled,
    )
    return answered_by(task, file, study)


def test_texts_that_only_the_file_has_are_unlabelled_rows(data: Path, tmp_path: Path) -> None:
    own = [text for text, _ in sentences(100)]
    file = soft(tmp_path, [*own, *(f"new text {i} " for i in range(30)), ""])

    found = answered(data, file)

    assert found.task.pool is not None
    assert found.task.pool.first == tuple(f"new text {i}" for i in range(30))
    assert found.notes == (
        f"30 rows of {file} are in no split of the dataset: they count as unlabelled rows "
        "(--unlabelled none leaves them out)",
    )


def test_none_leaves_them_out(data: Path, tmp_path: Path) -> None:
    file = soft(tmp_path, [f"new text {i}" for i in range(30)])

    assert answered(data, file, unlabelled="none").task.pool is None


def test_training_rows_beyond_the_labelled_ones_are_such_texts(data: Path, tmp_path: Path) -> None:
    file = soft(tmp_path, [text for text, _ in sentences(100)])

    task = answered(data, file, rows=20).task

    assert len(task.train) == 20
    assert set(task.known.first) & set(task.pool.first if task.pool else ()) == set()
    assert set(task.answered.first) == set(load(str(data)).known.first)


def test_unlabelled_rows_without_an_answer_are_left_out(data: Path, tmp_path: Path) -> None:
    more = write_csv(tmp_path / "more.csv", [(f"new text {i}", "") for i in range(30)])
    file = soft(tmp_path, [f"new text {i}" for i in range(10, 25)])

    found = answered(data, file, unlabelled=str(more))

    assert found.task.pool is not None
    assert found.task.pool.first == tuple(f"new text {i}" for i in range(10, 25))
    assert found.notes == (
        f"15 of 30 unlabelled rows have no soft labels in {file} and are left out",
    )


def test_a_column_row_speaks_of_the_train_split_alone(data: Path, tmp_path: Path) -> None:
    more = write_csv(tmp_path / "more.csv", [(f"new text {i}", "") for i in range(30)])
    file = soft(tmp_path, [str(i) for i in range(100)], key="row")

    with pytest.raises(TeacherError, match=r"'row' counts .* cannot speak of others"):
        answered(data, file, unlabelled=str(more))


def test_a_column_row_speaks_of_training_rows_that_lose_their_labels(
    data: Path, tmp_path: Path
) -> None:
    file = soft(tmp_path, [str(i) for i in range(100)], key="row")

    task = answered(data, file, rows=20, rest_unlabelled=True).task

    assert task.pool_rows == len(load(str(data)).train) - 20
