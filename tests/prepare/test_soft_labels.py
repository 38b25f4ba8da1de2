"""A file of soft labels: matched by text or by row, and every way in which it may be wrong."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.errors import TeacherError
from autodistill.prepare.soft_labels import probabilities, record_soft_labels
from autodistill.training.signals import Signals

ROWS = Rows(("good film", "bad film", "None"), None, np.array([1, 0, 0]), np.array([4, 0, 2]))
NAMES = ("neg", "pos")
BY_TEXT = "text,POS,neg\nbad film,0.1,0.9\nNone,1,3\ngood film ,0.8,0.2\n"
BY_ROW = "row,neg,pos\n0,0.9,0.1\n2,0.75,0.25\n3,0.5,0.5\n4,0.2,0.8\n"
EXPECTED = [[0.2, 0.8], [0.9, 0.1], [0.75, 0.25]]


def labels(folder: Path, text: str, name: str = "soft.csv") -> Path:
    """A file with this text."""
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize(
    ("text", "name"),
    [(BY_TEXT, "soft.csv"), (BY_ROW, "soft.csv"), (BY_TEXT.replace(",", "\t"), "soft.tsv")],
)
def test_rows_are_found_by_text_or_by_place_and_columns_by_name(
    tmp_path: Path, text: str, name: str
) -> None:
    found = probabilities(labels(tmp_path, text, name), ROWS, NAMES)

    np.testing.assert_allclose(found, EXPECTED, rtol=1e-6)
    assert found.dtype == np.float32


def test_parquet_is_read_too(tmp_path: Path) -> None:
    import pandas as pd

    pd.DataFrame({"row": [0, 2, 4], "neg": [0.9, 0.75, 0.2], "pos": [0.1, 0.25, 0.8]}).to_parquet(
        tmp_path / "soft.parquet"
    )

    np.testing.assert_allclose(
        probabilities(tmp_path / "soft.parquet", ROWS, NAMES), EXPECTED, rtol=1e-6
    )


def test_pairs_are_found_by_both_texts(tmp_path: Path) -> None:
    pairs = Rows(("a", "a"), ("b", "c"), np.array([0, 1]))
    file = labels(tmp_path, "text,neg,pos\na [SEP] c,0.1,0.9\na [SEP] b,0.7,0.3\n")

    np.testing.assert_allclose(
        probabilities(file, pairs, NAMES), [[0.7, 0.3], [0.1, 0.9]], rtol=1e-6
    )


def test_certain_labels_stay_finite(tmp_path: Path) -> None:
    file = labels(tmp_path, "text,neg,pos\ngood film,0,1\nbad film,1,0\nNone,1,0\n")

    found = probabilities(file, ROWS, NAMES)

    assert np.isfinite(np.log(found)).all()
    np.testing.assert_allclose(found[0], [1e-6, 1.0], atol=2e-6)


def test_logarithms_are_recorded_once(tmp_path: Path) -> None:
    file, folder = labels(tmp_path, BY_TEXT), tmp_path / "signals"

    assert record_soft_labels(file, ROWS, NAMES, folder) == (folder, True)
    assert record_soft_labels(file, ROWS, NAMES, folder) == (folder, False)

    kept = Signals.open(folder)
    np.testing.assert_allclose(np.exp(kept.logits), EXPECTED, rtol=1e-5)
    assert kept.pooled == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "text,neg\ngood film,1\n",
            r"has no column for the label pos; its columns are text, neg\.",
        ),
        (
            "text,neg,pos\ngood film,0.2,0.8\nbad film,0.9,0.1\n",
            r"no soft labels for 1 of 3 training rows; the first is 'None'\.",
        ),
        (
            "row,neg,pos\n0,0.9,0.1\n",
            r"no soft labels for 2 of 3 training rows; the first is '4'\.",
        ),
        (
            "text,neg,pos\ngood film,0.2,0.8\nbad film,-0.9,0.1\n",
            r"row 3 is not a distribution over the labels \(1 such rows\)",
        ),
        (
            "text,neg,pos\ngood film,0,0\nbad film,x,0.1\n",
            r"row 2 is not a distribution over the labels \(2 such rows\)",
        ),
        ("text,neg,pos\ngood film,,0.5\n", r"row 2 is not a distribution"),
        (
            "id,neg,pos\n0,0.5,0.5\n",
            r"has neither a column 'row' nor a column 'text'.*its columns are id, neg, pos\.",
        ),
        ("row,neg,pos\nfirst,0.5,0.5\n", r"row 2 is 'first' in the column 'row'"),
        ("", r"cannot be read: .* is empty"),
    ],
)
def test_a_file_that_does_not_fit_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TeacherError, match=message):
        probabilities(labels(tmp_path, text), ROWS, NAMES)
