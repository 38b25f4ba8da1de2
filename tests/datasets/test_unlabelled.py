"""Rows without labels: where they come from, and which of them are left out."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import load
from autodistill.errors import DataError

from .conftest import Writer, rows_of
from .test_image_folders import pictures


def texts_of(count: int, start: int = 0, column: str = "text") -> list[dict[str, str]]:
    return [{column: f"text number {i}"} for i in range(start, start + count)]


def test_rows_of_a_file_are_unlabelled_but_those_in_a_split_or_there_before(
    write: Writer,
) -> None:
    path = write("a.csv", rows_of(100))
    more = write("more.csv", [*texts_of(90, 60), {"text": "text number 149"}])

    task = load(str(path), unlabelled=str(more))

    assert task.pool is not None
    assert set(task.pool.first) == {f"text number {i}" for i in range(100, 150)}
    assert task.pool.labels.tolist() == [-1] * 50
    told = next(note for note in task.notes if "unlabelled" in note)
    assert told.startswith(
        f"50 unlabelled rows from {more} (text = `text`); left out: 1 repeated, "
    )
    assert "which are never learned from" in told


def test_a_task_without_unlabelled_rows_keeps_its_fingerprint(write: Writer) -> None:
    path = str(write("a.csv", rows_of(100)))
    more = [str(write(f"{n}.csv", texts_of(9, 500 + n))) for n in (1, 2)]

    marks = [load(path, unlabelled=name).fingerprint for name in ("", *more)]

    assert len(set(marks)) == 3
    assert {mark.partition(".")[0] for mark in marks} == {marks[0]}


def test_the_answered_rows_are_train_then_validation_then_unlabelled(write: Writer) -> None:
    path, more = write("a.csv", rows_of(100)), write("more.csv", texts_of(30, 200))

    task = load(str(path), unlabelled=str(more))

    parts = (task.train, task.selection, task.pool)
    assert task.answered.first == sum((p.first for p in parts if p is not None), ())
    assert task.pool_rows == 30


@pytest.mark.parametrize("column", ["review", "Sentence", "anything"])
def test_the_texts_are_found_by_the_train_column_a_usual_name_or_alone(
    write: Writer, column: str
) -> None:
    rows = [{"review": row["text"], "label": row["label"]} for row in rows_of(100)]
    path, more = write("a.csv", rows), write("more.jsonl", texts_of(30, 200, column))

    assert load(str(path), unlabelled=str(more)).pool_rows == 30


def test_labels_of_unlabelled_rows_are_not_looked_at_and_a_note_says_so(write: Writer) -> None:
    path, more = write("a.csv", rows_of(100)), write("more.csv", rows_of(30, 7, start=200))

    task = load(str(path), unlabelled=str(more))

    assert task.classes == 2
    assert f"labels of {more} are not looked at (column `label`)" in task.notes


def test_every_split_of_a_named_dataset_is_read(write: Writer, tmp_path: Path) -> None:
    path = write("a.csv", rows_of(100))
    for name, start in (("train", 200), ("test", 300), ("validation", 400)):
        write(f"me/other/{name}.parquet", rows_of(10, start=start))

    assert load(str(path), unlabelled="me/other", data_root=tmp_path).pool_rows == 30


def test_rows_with_an_empty_label_are_unlabelled_unless_a_person_says_none(write: Writer) -> None:
    rows = [{**row, "label": "" if i % 3 else "ab"[i % 2]} for i, row in enumerate(rows_of(300))]
    path = write("a.csv", rows)

    task, alone = load(str(path)), load(str(path), unlabelled="none")

    assert (task.pool_rows, alone.pool_rows) == (200, 0)
    assert task.train.first == alone.train.first
    assert f"200 of 300 rows of {path} have no label: they count as unlabelled" in task.notes[0]
    assert f"200 of 300 rows of {path} have no label and are left out" in alone.notes


def test_minus_one_is_no_label_where_the_classes_are_declared(write: Writer) -> None:
    features = {
        "text": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["zebra", "ape"], "_type": "ClassLabel"},
    }
    rows = [{**row, "label": -1 if i % 2 else i // 2 % 2} for i, row in enumerate(rows_of(120))]
    path = write("a.parquet", rows, {"info": {"features": features}})

    assert load(str(path)).pool_rows == 60


def test_a_dataset_without_any_label_is_told_what_scores_need(write: Writer) -> None:
    rows = [{**row, "label": ""} for row in rows_of(60)]

    with pytest.raises(DataError, match=r"no row of .* has a label .* --unlabelled beside"):
        load(str(write("a.csv", rows)))


def test_a_split_of_unlabelled_rows_is_taken_and_needs_no_label_column(
    write: Writer, tmp_path: Path
) -> None:
    write("data/train.csv", rows_of(100))
    write("data/unsupervised.csv", texts_of(30, 200))

    assert load(str(tmp_path / "data")).pool_rows == 30
    assert load(str(tmp_path / "data"), unlabelled="none").pool_rows == 0


def test_the_rest_of_the_training_rows_loses_its_labels(write: Writer) -> None:
    path = str(write("a.csv", rows_of(200)))

    few, both = load(path, rows=30), load(path, rows=30, rest_unlabelled=True)

    assert both.pool is not None
    assert few.pool is None
    assert both.train.first == few.train.first
    assert set(both.train.first + both.pool.first) == set(load(path).train.first)
    assert set(both.pool.labels.tolist()) == {-1}


def test_pairs_are_the_same_where_both_texts_are(write: Writer) -> None:
    pairs = [{"premise": f"a {i}", "hypothesis": f"b {i}", "label": i % 2} for i in range(100)]
    more = [{"premise": f"a {i}", "hypothesis": f"b {i % 105}"} for i in range(95, 110)]
    path, unlabelled = write("a.csv", pairs), write("more.csv", more)

    task = load(str(path), unlabelled=str(unlabelled))

    assert task.pool is not None
    assert task.pool.second is not None
    assert task.pool.first == tuple(f"a {i}" for i in range(100, 110))


def test_images_of_a_folder_are_unlabelled_whatever_folder_they_lie_in(tmp_path: Path) -> None:
    data = pictures(tmp_path / "data", "dark", "light")
    more = pictures(tmp_path / "more", "dark", "light", "bright", rows=25)

    task = load(str(data), unlabelled=str(more))

    assert task.pool is not None
    assert task.pool.images is not None
    assert task.pool.images.shape[1:] == task.train.images.shape[1:]  # type: ignore[union-attr]
    assert task.pool_rows == len(np.unique(task.pool.first)) == 35


def test_a_folder_of_unlabelled_images_beside_the_splits_is_taken(tmp_path: Path) -> None:
    data = pictures(tmp_path / "data" / "train", "dark", "light").parent
    pictures(data, "unlabelled", rows=60)

    assert load(str(data)).pool_rows == 20
