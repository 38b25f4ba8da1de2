"""Tables and folders that cannot be used are refused with the value, the place and the remedy."""

from pathlib import Path

import pytest

from autodistill.datasets import load
from autodistill.errors import DataError, SpecError

from .conftest import Writer, rows_of

MANY = "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(30))


BROKEN = {
    "empty file": ("a.csv", "", "is empty"),
    "only a byte order mark": ("a.csv", b"\xef\xbb\xbf", "is empty"),
    "header only": ("a.csv", "text,label\n", "columns (text, label) but no rows"),
    "no text column": (
        "a.csv",
        "txt,label\n" + MANY,
        "no text column in {path}; its columns: txt, label. Name it (--column text=COLUMN)",
    ),
    "no label column": (
        "a.csv",
        "text,lab\n" + MANY,
        "no label column in {path}; its columns: text, lab. Name it (--column label=COLUMN)",
    ),
    "column twice": ("a.csv", "text,text\n" + MANY, "has the column 'text' twice"),
    "one class": ("a.csv", "text,label\n" + "x,pos\n" * 30, "only one class ('pos')"),
    "empty text": (
        "a.csv",
        "text,label\n" + MANY + " ,a\n,b\n",
        "{path}: empty text at row 32, 33; fill it in",
    ),
    "missing label": (
        "a.csv",
        "text,label\n" + MANY + "x,\n",
        "{path}: no label in column 'label' at row 32;",
    ),
    "many missing": (
        "a.csv",
        "text,label\n" + MANY + "x,\n" * 7,
        "at row 32, 33, 34, 35, 36 and 2 more;",
    ),
    "not UTF-8": (
        "a.csv",
        b"text,label\ncaf\xe9,a\n",
        "not UTF-8: byte 0xe9 at offset 14 (line 2); convert it from the encoding that it was "
        "written in: iconv -f ENCODING -t UTF-8 a.csv > utf8-a.csv, where ENCODING is "
        "WINDOWS-1252 if 'café' is right, MACINTOSH if 'cafÈ' is right",
    ),
    "not UTF-8 after a mark": (
        "a.csv",
        b"\xef\xbb\xbftext,label\ncaf\xe9,a\n",
        "byte 0xe9 at offset 17 (line 2)",
    ),
    "three rows": (
        "a.csv",
        "text,label\nx,a\ny,b\nz,a\n",
        "{path} has 3 rows, too few: at least 20 are needed",
    ),
    "too few per class": (
        "a.csv",
        "text,label\n" + "".join(f"t{i},{i % 5}\n" for i in range(25)),
        "has 25 rows, too few: 30 are needed, 2 for each of 5 classes in each of 3 splits",
    ),
    "too many fields": (
        "a.csv",
        "text,label\nx,a\ny,,b\n",
        "{path}, line 3: 3 fields but 2 in the header",
    ),
    "open quote": (
        "a.csv",
        'text,label\nx,a\n"y,b\nz,a\n',
        "{path}, line 3: unexpected end of data; check the quotes",
    ),
    "not JSON": (
        "a.jsonl",
        '{"text": "x", "label": 1}\n\n{"text": \n',
        "{path}, line 3: not JSON (Expecting value at column 10)",
    ),
    "not an object": (
        "a.jsonl",
        '{"text": "x"}\n[1]\n',
        "{path}, line 2: list instead of an object",
    ),
    "not parquet": ("a.parquet", "hello", "cannot be read as a parquet file"),
    "unknown suffix": (
        "a.xlsx",
        "hello",
        "files ending in '.xlsx' are not supported; save it as .csv, .tsv",
    ),
    "a hole in a scale": (
        "a.csv",
        "text,label\n" + "".join(f"t,{i}.5\n" for i in range(30)) + "t,nan\n",
        "at row 32, where the others are numbers",
    ),
    "an id": (
        "a.csv",
        "text,label\n" + "".join(f"t,{i}\n" for i in range(30)),
        "looks like an id or a count, not classes",
    ),
    "free text": (
        "a.csv",
        "text,label\n" + "".join(f"t,w{i}\n" for i in range(30)),
        "as w0, w1, w10 and 27 more: this looks like text",
    ),
    "a thousand classes": (
        "a.csv",
        "text,label\n" + "".join(f"t,{i % 1001}\n" for i in range(3003)),
        "has 1001 different values in 3003 rows",
    ),
    "a list as label": (
        "a.jsonl",
        '{"text": "x", "label": [1, 2]}\n' * 30,
        "row 1: the label in column 'label' is a list",
    ),
    "a number as text": (
        "a.jsonl",
        '{"text": 5, "label": 1}\n' * 30,
        "{path}, row 1: 5 in column 'text' is a number, which is not text; name the text column",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_bad_files_are_answered_with_value_place_and_remedy(write: Writer, case: str) -> None:
    name, content, message = BROKEN[case]
    path = write(name, content)

    with pytest.raises(DataError) as caught:
        load(str(path))

    assert message.format(path=path) in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_quoted_line_break_does_not_shift_line_numbers(write: Writer) -> None:
    path = write("a.csv", 'text,label\n"two\nlines",a\n\n' + MANY + ",a\n")

    with pytest.raises(DataError, match="empty text at row 35;"):
        load(str(path))


def test_a_row_in_a_hundred_without_text_is_left_out_and_told(write: Writer) -> None:
    path = write(
        "a.csv",
        "text,label\n" + "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(199)) + "  ,a\n",
    )

    task = load(str(path))

    texts = [*task.train.first, *task.selection.first, *task.test.first]
    assert len(texts) == 199
    assert all(text.strip() for text in texts)
    assert f"1 of 200 rows of {path} have no text and are left out: row 201" in task.notes


def test_missing_file_names_its_neighbours(write: Writer, tmp_path: Path) -> None:
    write("reviews.csv", rows_of(20))

    with pytest.raises(DataError) as caught:
        load(str(tmp_path / "review.csv"))

    assert (
        f"no file or folder {tmp_path / 'review.csv'}; "
        f"{tmp_path.resolve()} contains: reviews.csv" in str(caught.value)
    )
    assert "Did you mean 'reviews.csv'?" in str(caught.value)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no folder .*nowhere; check the path"):
        load(str(tmp_path / "nowhere" / "a.csv"))


def test_unknown_columns_are_all_reported_with_those_there_are(write: Writer) -> None:
    path = write("a.csv", rows_of(20))

    with pytest.raises(SpecError) as caught:
        load(str(path), columns={"text": "txt", "labels": "label", "label": "klass"})

    assert (
        "unknown column role 'labels' (columns); there is: text, pair, label. Did you mean 'label'?"
        in str(caught.value)
    )
    assert (
        f"unknown column 'txt' (text in {path}); there is: text, label. Did you mean 'text'?"
        in str(caught.value)
    )
    assert f"unknown column 'klass' (label in {path}); there is: text, label." in str(caught.value)


def test_folder_without_train_lists_what_is_there(write: Writer, tmp_path: Path) -> None:
    write("d/part1.csv", rows_of(20))
    write("d/test.csv", rows_of(20))

    with pytest.raises(
        DataError, match=r"has no train split; it contains: part1, test. Name its files train"
    ):
        load(str(tmp_path / "d"))


def test_a_folder_in_the_place_of_a_file_is_read_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()

    with pytest.raises(DataError, match="has no train split; it contains: no data file"):
        load(str(tmp_path / "a.csv"))


def test_a_file_that_the_system_refuses_says_why(
    write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.csv", rows_of(20))

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(DataError, match=r"cannot read .*a\.csv: Permission denied; check the path"):
        load(str(path))


def test_test_labels_that_train_lacks_are_named(write: Writer, tmp_path: Path) -> None:
    write("d/train.jsonl", rows_of(40))
    write("d/test.jsonl", [*rows_of(20), {"text": "new", "label": 7}])

    with pytest.raises(DataError) as caught:
        load(str(tmp_path / "d"))

    assert (
        f"{tmp_path / 'd' / 'test.jsonl'} has labels outside the classes of the train split: 7;"
        in str(caught.value)
    )
    assert "the classes are: 0, 1." in str(caught.value)


def test_a_split_with_other_columns_is_named(write: Writer, tmp_path: Path) -> None:
    write("d/train.jsonl", rows_of(40))
    write("d/test.jsonl", [{"sentence": "x", "label": 1}])

    with pytest.raises(
        DataError,
        match="has no column 'text', which the train split has; its columns: sentence, label",
    ):
        load(str(tmp_path / "d"))
