"""A file of soft labels: matched by text or by row, and every way in which it may be wrong."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.errors import TeacherError
from autodistill.prepare.soft_labels import probabilities

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


def test_several_answers_to_one_text_are_averaged_with_a_line_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = labels(tmp_path, BY_TEXT + "good film,0.8,0.2\n", "again.csv")
    other = labels(tmp_path, BY_TEXT + "good film,0.3,0.7\n good film,0.1,0.9\n", "other.csv")

    np.testing.assert_allclose(probabilities(again, ROWS, NAMES), EXPECTED, rtol=1e-6)
    assert "their mean" not in capsys.readouterr().err
    found = probabilities(other, ROWS, NAMES)

    np.testing.assert_allclose(found, [[0.6, 0.4], *EXPECTED[1:]], rtol=1e-6)
    said = " ".join(capsys.readouterr().err.split())
    assert f"{other} has several answers to 1 of its 3 texts: their mean counts" in said


def test_beside_places_the_texts_of_other_rows_are_averaged(tmp_path: Path) -> None:
    file = labels(
        tmp_path,
        "row,text,neg,pos\n0,same,0.9,0.1\n2,same,0.3,0.7\n-1,more,0.2,0.8\n-1,more,0.4,0.6\n",
    )
    rows = Rows(("same", "same", "more"), None, np.array([0, 1, -1]), np.array([0, 2, -1]))

    found = probabilities(file, rows, NAMES)

    np.testing.assert_allclose(found, [[0.9, 0.1], [0.3, 0.7], [0.3, 0.7]], rtol=1e-6)


def test_two_answers_to_one_place_are_a_mistake(tmp_path: Path) -> None:
    file = labels(tmp_path, BY_ROW + "4,0.3,0.7\n")

    with pytest.raises(TeacherError, match=r"answers to 4 in its column 'row', in rows 5 and 6"):
        probabilities(file, ROWS, NAMES)


@pytest.mark.parametrize("head", ["tweet", "Review Text"])
def test_the_only_column_of_words_is_the_texts(tmp_path: Path, head: str) -> None:
    lines = BY_TEXT.splitlines()
    with_id = [f"{head},id,{lines[0][5:]}", *(x.replace(",", ",7,", 1) for x in lines[1:])]

    found = probabilities(labels(tmp_path, "\n".join(with_id)), ROWS, NAMES)

    np.testing.assert_allclose(found, EXPECTED, rtol=1e-6)


def test_of_two_columns_of_words_one_has_to_be_named(tmp_path: Path) -> None:
    file = labels(tmp_path, "tweet,by,neg,pos\ngood film,me,0.2,0.8\n")

    with pytest.raises(TeacherError, match="Call the column of texts 'text'"):
        probabilities(file, ROWS, NAMES)


def test_classes_that_differ_in_case_have_columns_of_their_own(tmp_path: Path) -> None:
    rows = Rows(("a", "b"), None, np.array([0, 1]))
    file = labels(tmp_path, "text,us,US\na,0.9,0.1\nb,0.2,0.8\n")

    found = probabilities(file, rows, ("US", "us"))

    np.testing.assert_allclose(found, [[0.1, 0.9], [0.8, 0.2]], rtol=1e-6)


def test_texts_keep_their_leading_zeros(tmp_path: Path) -> None:
    rows = Rows(("0012", "12", "1e3"), None, np.array([0, 1, 1]))
    file = labels(tmp_path, "text,neg,pos\n0012,0.9,0.1\n12,0.2,0.8\n1e3,0.4,0.6\n")

    np.testing.assert_allclose(
        probabilities(file, rows, NAMES), [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("soft.csv", BY_TEXT.replace(",", ";").replace("0.", "0,")),
        ("soft.csv", "sep=;\n" + BY_TEXT.replace(",", ";")),
        (
            "soft.jsonl",
            '{"text": "bad film", "pos": 0.1, "neg": 0.9}\n{"text": "None", "pos": 1, "neg": 3}\n'
            '{"text": "good film", "pos": "0.8", "neg": 0.2}\n',
        ),
        ("soft.csv", "\ufeff" + BY_TEXT),
    ],
)
def test_soft_labels_are_read_as_data_files_are(tmp_path: Path, name: str, text: str) -> None:
    found = probabilities(labels(tmp_path, text, name), ROWS, NAMES)

    np.testing.assert_allclose(found, EXPECTED, rtol=1e-6)


def test_a_class_called_as_the_key_column_is_told_apart(tmp_path: Path) -> None:
    names = ("image", "text")
    by_row = labels(tmp_path, "row,text,image\n0,0.9,0.1\n2,0.25,0.75\n4,0.8,0.2\n", "row.csv")
    by_text = labels(tmp_path, "text,image\ngood film,0.1\n", "text.csv")

    np.testing.assert_allclose(
        probabilities(by_row, ROWS, names), [[0.2, 0.8], [0.1, 0.9], [0.75, 0.25]], rtol=1e-6
    )
    with pytest.raises(
        TeacherError, match=r"row 2 is not a distribution.*it holds 0\.1, good film"
    ):
        probabilities(by_text, ROWS, names)


def test_a_cell_that_is_no_number_is_shown(tmp_path: Path) -> None:
    file = labels(tmp_path, "text,neg,pos\ngood film,97%,\n")

    with pytest.raises(TeacherError, match=r"row 2 is not a distribution .*: it holds 97%, ;"):
        probabilities(file, ROWS, NAMES)


def test_numbers_that_do_not_add_up_to_one_are_used_with_a_line_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    probabilities(labels(tmp_path, BY_TEXT), ROWS, NAMES)

    said = " ".join(capsys.readouterr().err.split())
    assert "1 of 3 rows do not add up to 1 (from 1 to 4)" in said
