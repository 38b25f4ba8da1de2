"""Datasets in memory become files with the same rows, classes and splits."""

import os
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import pytest

from autodistill.datasets import Task, load
from autodistill.errors import DataError, SpecError
from autodistill.prepare.memory import keep_rows, keep_space
from tests.fakes import sentences, write_csv

ROWS = sentences(60)
TEXTS, LABELS = [t for t, _ in ROWS], [label for _, label in ROWS]
FRAME = pd.DataFrame(ROWS, columns=["text", "label"])


def as_task(data: Any, **columns: str) -> Task:
    """The rows in memory after they were kept."""
    return load(keep_rows(data, columns), columns=columns)


@pytest.mark.parametrize(
    "data",
    [
        FRAME,
        FRAME.astype({"label": "category"}),
        (TEXTS, LABELS),
        (np.array(TEXTS), pd.Series(LABELS)),
        datasets.Dataset.from_pandas(FRAME),
        {"train": FRAME},
    ],
    ids=["frame", "categories", "lists", "arrays", "Dataset", "splits"],
)
def test_rows_in_memory_are_the_task_that_a_file_of_them_is(data: Any, tmp_path: Path) -> None:
    from_file = load(str(write_csv(tmp_path / "rows.csv", ROWS)))

    kept = as_task(data)

    assert kept.fingerprint == from_file.fingerprint


def test_the_same_rows_are_kept_once_and_other_rows_apart() -> None:
    first, again = keep_rows(FRAME, {}), keep_rows(FRAME.copy(), {})
    other = keep_rows(FRAME.replace("pos", "positive"), {})

    assert first == again
    assert other != first


def test_a_column_that_is_not_looked_at_changes_nothing() -> None:
    more = FRAME.assign(
        when=pd.Timestamp("2024-01-01"), thing=pd.Series([object()] * len(FRAME), dtype=object)
    )

    assert keep_rows(more, {}) == keep_rows(FRAME, {})


def test_declared_class_names_survive() -> None:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["worse", "better"])}
    )
    codes = [int(label == "pos") for label in LABELS]
    data = datasets.Dataset.from_dict({"text": TEXTS, "label": codes}, features=features)

    assert as_task(data).label_names == ("worse", "better")


def test_splits_keep_their_roles() -> None:
    data = datasets.DatasetDict(
        {
            "train": datasets.Dataset.from_pandas(FRAME[:40], preserve_index=False),
            "test": datasets.Dataset.from_pandas(FRAME[40:], preserve_index=False),
        }
    )

    assert set(as_task(data).test.first) == set(TEXTS[40:])


def test_named_columns_are_used() -> None:
    frame = FRAME.rename(columns={"text": "says", "label": "mark"})

    assert len(as_task(frame, text="says", label="mark").train) > 0


def test_a_missing_label_is_missing_as_in_a_file() -> None:
    frame = pd.DataFrame({"text": TEXTS, "label": [None, *LABELS[1:]]})

    with pytest.raises(DataError, match="row 1"):
        as_task(frame)


def test_a_name_or_a_path_stays_what_it_is(tmp_path: Path) -> None:
    assert keep_rows("glue/sst2", {}) == "glue/sst2"
    assert keep_rows(tmp_path / "rows.csv", {}) == os.fspath(tmp_path / "rows.csv")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (3, "this|the dataset is a int"),
        ([1, 2, 3], "a pandas DataFrame"),
        (("one text", "pos"), "the texts are a str"),
        ((TEXTS, 5), "the labels are a int"),
        ({"train": 5}, "the split train is a int"),
    ],
)
def test_what_is_no_dataset_is_refused_with_what_one_is(data: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        keep_rows(data, {})


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ((TEXTS, LABELS[1:]), "60 texts and 59 labels"),
        (FRAME.rename(columns={"text": "says"}), "no text column in the dataset"),
        ({"test": FRAME}, "no train split; there is: test"),
        ((["a", "b"], ["pos", 3]), "values of several kinds"),
        (pd.concat([FRAME, FRAME["label"]], axis=1), "a column twice"),
    ],
)
def test_a_dataset_that_cannot_be_used_is_refused(data: Any, told: str) -> None:
    with pytest.raises(DataError, match=told):
        keep_rows(data, {})


def test_a_space_in_memory_is_a_file_of_that_space() -> None:
    path = keep_space({"hard": {"ce": {}}, "about": "mine"})

    assert path.endswith(".toml")
    assert "[hard.ce]" in Path(path).read_text(encoding="utf-8")
    assert keep_space({"hard": {"ce": {}}, "about": "mine"}) == path


def test_a_space_that_no_toml_can_hold_is_refused() -> None:
    with pytest.raises(SpecError, match="cannot be written as TOML"):
        keep_space({"hard": {"ce": {"x": None}}})
