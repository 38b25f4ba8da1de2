"""How the three splits are made, and what the task says about itself."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import Task, load
from autodistill.datasets._carve import draw, selection_size
from autodistill.errors import DataError, SpecError

from .conftest import Writer, rows_of


def as_sets(task: Task) -> list[set[str]]:
    return [set(rows.first) for rows in (task.train, task.selection, task.test)]


def test_one_file_is_cut_into_64_16_and_20_percent_without_overlap(write: Writer) -> None:
    task = load(str(write("a.csv", rows_of(100))))

    train, selection, test = as_sets(task)
    assert (len(train), len(selection), len(test)) == (64, 16, 20)
    assert len(train | selection | test) == 100
    assert task.notes == ("no labelled test split: 20% of the rows are held out as one",)


def test_the_cut_keeps_the_share_of_every_class(write: Writer) -> None:
    rows = [{"text": f"t{i}", "label": int(i >= 75)} for i in range(100)]

    task = load(str(write("a.csv", rows)))

    # 75 : 25 of 20 test rows is 15 : 5; of 16 validation rows 12 : 4; the rest 48 : 16
    assert [Counter(r.labels.tolist()) for r in (task.test, task.selection, task.train)] == [
        {0: 15, 1: 5},
        {0: 12, 1: 4},
        {0: 48, 1: 16},
    ]


def test_the_cut_depends_on_the_seed_alone(write: Writer) -> None:
    path = str(write("a.csv", rows_of(100)))

    assert load(path, seed=3).fingerprint == load(path, seed=3).fingerprint
    assert as_sets(load(path, seed=3)) != as_sets(load(path, seed=4))


def test_fewer_train_rows_leave_selection_and_test_alone(write: Writer) -> None:
    path = str(write("a.csv", rows_of(100)))

    whole, part = load(path), load(path, rows=10)

    assert len(part.train) == 10
    assert Counter(part.train.labels.tolist()) == {0: 5, 1: 5}
    assert set(part.train.first) <= set(whole.train.first)
    assert (part.selection.digest, part.test.digest) == (whole.selection.digest, whole.test.digest)


def test_selection_is_a_fifth_of_train_and_at_most_2000_rows() -> None:
    assert [selection_size(n) for n in (20, 100, 10_000, 67_349)] == [4, 20, 2000, 2000]


@pytest.mark.parametrize(("size", "keep"), [(7, 1), (20, 1), (60, 1), (7, 0), (60, 0)])
def test_a_draw_has_every_class_and_never_its_last_row(size: int, keep: int) -> None:
    labels = np.array([0] * 50 + [1] * 40 + [2] * 6 + [3] * 2 + [4], dtype=np.int64)

    chosen, others = draw(labels, size, (0, 0), keep)

    assert sorted([*chosen, *others]) == list(range(99))
    assert len(chosen) == size
    assert set(labels[chosen]) >= {0, 1, 2, 3}
    assert keep == 0 or set(labels[others]) == {0, 1, 2, 3, 4}


def test_a_class_with_one_row_stays_in_train_and_is_noted(write: Writer) -> None:
    task = load(str(write("a.csv", [*rows_of(40), {"text": "single", "label": 2}])))

    assert "single" in task.train.first
    assert "no validation row of 2: train has one row of it" in task.notes


def test_repeated_texts_are_counted_and_kept(write: Writer, tmp_path: Path) -> None:
    write("d/train.csv", rows_of(40))
    task = load(str(tmp_path / "d" / "train.csv"))
    write(
        "d/test.csv",
        [
            {"text": text, "label": 0}
            for text in (*task.train.first[:3], *(f"n{i}" for i in range(17)))
        ],
    )

    both = load(str(tmp_path / "d"), rows=0)

    known = sum(text in both.train.first for text in both.test.first)
    assert len(both.test) == 20
    assert (
        f"{known} of 20 test rows have the same text as a train row: scores may be too high"
        in both.notes
    )


def test_fingerprint_follows_texts_and_labels_only(write: Writer, tmp_path: Path) -> None:
    rows = rows_of(40)
    first = load(str(write("a.jsonl", rows)))
    moved = load(str(write("other/b.jsonl", rows)))
    text = load(str(write("c.jsonl", [{**rows[0], "text": "changed"}, *rows[1:]])))
    label = load(str(write("d.jsonl", [{**rows[0], "label": 1}, *rows[1:]])))

    assert moved.fingerprint == first.fingerprint
    assert len({first.fingerprint, text.fingerprint, label.fingerprint}) == 3


def test_metric_is_accuracy_unless_named(write: Writer) -> None:
    path = str(write("a.csv", rows_of(40)))

    assert load(path).metric == "accuracy"
    assert load(path, metric="f1").metric == "f1"


def test_unknown_metric_is_refused_before_anything_is_read() -> None:
    with pytest.raises(
        SpecError,
        match=r"unknown metric 'acuracy'; there is: "
        r"accuracy, agreement, f1, macro_f1, matthews, pearson. Did you mean 'accuracy'",
    ):
        load("nowhere.csv", metric="acuracy")


def test_f1_on_three_classes_points_to_macro_f1(write: Writer) -> None:
    path = write("a.csv", rows_of(40, 3))

    with pytest.raises(SpecError, match=r"metric 'f1' is for 2 classes; .* has 3. Use 'macro_f1'."):
        load(str(path), metric="f1")


@pytest.mark.parametrize(
    ("rows", "message"),
    [(-1, "rows is -1; it must be 0"), (1, "rows is 1; at least one row for each of")],
)
def test_impossible_numbers_of_rows_are_refused(write: Writer, rows: int, message: str) -> None:
    path = write("a.csv", rows_of(40))

    with pytest.raises(SpecError, match=message):
        load(str(path), rows=rows)


def test_a_name_that_no_source_claims_lists_names() -> None:
    with pytest.raises(
        DataError, match="unknown dataset 'a/b/c/d'; there is: bbc-news, digits, glue/sst2"
    ):
        load("a/b/c/d")
