"""Notes on the rows and classes that were read, and on those left out."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import load
from autodistill.errors import DataError

from .conftest import Rows, Writer, rows_of


def test_columns_rows_classes_and_rows_left_out_are_said(write: Writer) -> None:
    lines = [f"review {i},{i % 5}" for i in range(200)]
    path = write("reviews.csv", "\n".join(["review,stars", *lines, ",", "last,", ","]) + "\n")

    task = load(str(path), columns={"label": "stars"})

    assert task.reading == (
        f"{path}: text = `review`, label = `stars`; 200 rows, 5 classes; 3 rows left out"
    )
    assert f"2 of 203 rows of {path} are blank and are left out: row 202, 204" in task.notes
    assert f"1 of 203 rows of {path} have no label and are left out: row 203" in task.notes


def test_rows_know_their_place_also_where_others_are_left_out(write: Writer) -> None:
    rows = [{"text": "" if i == 3 else f"t{i}", "label": i % 2} for i in range(200)]

    task = load(str(write("a.jsonl", rows)))

    for part in (task.train, task.selection, task.test):
        assert part.origin is not None
        assert [f"t{place}" for place in part.origin] == list(part.first)


@pytest.mark.parametrize(
    ("values", "alike"),
    [
        (("Garden", "garden"), "'Garden' (20 rows) and 'garden' (20 rows)"),
        (("a b", "a  b"), "'a  b' (20 rows) and 'a b' (20 rows)"),
        (("a\u200b", "a"), r"'a' (20 rows) and 'a\u200b' (20 rows)"),
        (("caf\u00e9", "cafe\u0301"), "(20 rows) and"),
        (("a\u00a0b", "a b"), r"'a b' (20 rows) and 'a\xa0b' (20 rows)"),
    ],
)
def test_classes_that_look_alike_are_named(
    write: Writer, values: tuple[str, str], alike: str
) -> None:
    rows = [{"text": f"t{i}", "label": values[i % 2]} for i in range(40)]

    task = load(str(write("a.jsonl", rows)))

    assert task.classes == 2
    assert "labels that differ only in case, blanks or invisible" in task.notes[-1]
    assert alike in task.notes[-1]


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u00a0", "\ufeff"])
def test_a_class_without_a_visible_name_is_a_missing_label(write: Writer, blank: str) -> None:
    rows = [{"text": f"t{i}", "label": (blank, "a", "b")[i % 3]} for i in range(40)]

    with pytest.raises(DataError, match="no label in column 'label' at row 1, 4, 7"):
        load(str(write("a.jsonl", rows)))


def test_whole_numbers_with_and_without_a_point_are_one_class(write: Writer) -> None:
    rows = [{"text": f"t{i}", "label": ("1.0", "1", "2", "2.0")[i % 4]} for i in range(40)]

    assert load(str(write("a.jsonl", rows))).label_names == ("1", "2")


def test_decimal_commas_are_read_as_points(write: Writer) -> None:
    lines = ["text;label", *(f"t {i};{i % 5},{i % 9}{i % 7}" for i in range(200))]

    task = load(str(write("a.csv", "\n".join(lines))))

    assert task.metric == "pearson"
    assert f"commas in column 'label' of {task.source} are read as points" in task.notes


def test_names_beside_the_numbers_of_classes_are_pointed_to(write: Writer) -> None:
    rows: Rows = [{**row, "label_text": ("neg", "pos")[row["label"]]} for row in rows_of(40)]

    task = load(str(write("a.jsonl", rows)))

    assert task.label_names == ("0", "1")
    assert (
        "`label` numbers the classes and `label_text` names them (0 is 'neg', 1 is 'pos'): for the "
        "names, give --column label=label_text" in task.notes
    )


def test_several_labels_a_row_are_not_supported(write: Writer) -> None:
    rows = [{"text": f"t{i}", "garden": i % 2, "music": 1 - i % 2} for i in range(40)]

    with pytest.raises(DataError, match="garden, music hold only 0 and 1, as for several labels"):
        load(str(write("a.csv", rows)))


def test_declared_classes_have_names_that_differ(write: Writer, tmp_path: Path) -> None:
    write("d/train.jsonl", rows_of(40))
    write("d/classes.txt", "a\na\n")

    with pytest.raises(DataError, match="declares the class 'a' twice"):
        load(str(tmp_path / "d"))


def test_two_files_of_one_split_are_not_joined(write: Writer, tmp_path: Path) -> None:
    write("d/train.csv", rows_of(40))
    write("d/train.jsonl", rows_of(40))

    with pytest.raises(DataError, match=r"has 2 files for one split: train\.csv, train\.jsonl"):
        load(str(tmp_path / "d"))


def test_missing_parts_of_a_split_are_noted(write: Writer, tmp_path: Path) -> None:
    write("d/train-00000-of-00002.csv", rows_of(40))
    write("d/.train-00001-of-00002.csv", "hidden")

    assert "only 1 of 2 parts of train are there" in load(str(tmp_path / "d")).notes


@pytest.mark.parametrize("name", ["single", "splits"])
def test_a_folder_of_save_to_disk_is_read(tmp_path: Path, name: str) -> None:
    import datasets

    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])}
    )
    texts = [f"t {i}" for i in range(40)]
    rows = datasets.Dataset.from_dict(
        {"text": texts, "label": np.arange(40) % 2}, features=features
    )
    saved = rows if name == "single" else datasets.DatasetDict({"train": rows})
    saved.save_to_disk(str(tmp_path / name))

    task = load(str(tmp_path / name))

    assert task.label_names == ("neg", "pos")
    assert len(task.train) + len(task.selection) + len(task.test) == 40


def test_a_damaged_folder_of_save_to_disk_is_named(write: Writer, tmp_path: Path) -> None:
    write("d/state.json", "{}")
    write("d/dataset_info.json", "{}")

    with pytest.raises(DataError, match="was written by save_to_disk and cannot be read"):
        load(str(tmp_path / "d"))


@pytest.mark.parametrize("name", ["test", "train-00001-of-00002"])
def test_files_that_declare_the_classes_in_another_order_are_refused(
    write: Writer, tmp_path: Path, name: str
) -> None:
    first = "train" if name == "test" else "train-00000-of-00002"
    for file, names in ((first, ["neg", "pos"]), (name, ["pos", "neg"])):
        features = {"label": {"names": names, "_type": "ClassLabel"}}
        write(f"d/{file}.parquet", rows_of(40), {"info": {"features": features}})

    with pytest.raises(DataError, match=r"declares other classes than .*, or in another order"):
        load(str(tmp_path / "d"))
