"""Mistakes of whoever predicts: one message each, and nothing is written."""

import io
import sys
from pathlib import Path

import pytest

from autodistill.datasets import _chunks
from tests.commands import run_cli, says
from tests.fakes import sentences, write_csv

ROWS = sentences(50, seed=8)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chunks, "ROWS", 20)


@pytest.mark.parametrize(
    ("rows", "words", "parts"),
    [
        ("", (), ["rows.csv is empty"]),
        ("text,label\n", (), ["rows.csv has columns (text, label) but no rows"]),
        ("a,b\n1,2\n", (), ["no text column in rows.csv; its columns: a, b", "text=COLUMN"]),
        ("text\nx\n", ("--text", "txt"), ["unknown column 'txt'", "Did you mean 'text'?"]),
        ("text\nx\n", ("--keep", "id"), ["unknown column 'id' (--keep)"]),
        ("text\nx\n", ("--out", "x.xlsx"), ["files ending in '.xlsx' are not written"]),
        ("text\nx\n", ("--out", "no/x.csv"), ["predictions cannot be written", "does not exist"]),
        ("text\nx\n", ("--format", "cvs"), ["unknown format 'cvs'"]),
        ("text\nx\n", ("--engine", "tf"), ["unknown engine 'tf'"]),
        ("text,text\nx,y\n", (), ["the column 'text' twice"]),
        ("image\na.png\n", (), ["has images in column 'image'", "reads texts"]),
        ("text,n\n" + "x,1\n" * 45 + "y\n", (), ["line 47: 1 fields but 2 in the header"]),
    ],
)
def test_a_mistake_is_one_message_and_nothing_is_written(
    rows: str, words: tuple[str, ...], parts: list[str], teacher: Path, folder: Path
) -> None:
    (folder / "rows.csv").write_text(rows)

    ran = run_cli("predict", teacher, "rows.csv", *words)

    assert (ran.code, ran.out) == (2, "")
    says(ran.err, *parts)
    assert "Traceback" not in ran.err
    assert [p.name for p in folder.iterdir()] == ["rows.csv"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nowhere", "rows.csv"), "nowhere is no folder of a student: it does not exist"),
        (("rows.csv", "rows.csv"), "rows.csv is no folder of a student: it is a file"),
        ((".", "rows.csv"), "it has no config.json"),
    ],
)
def test_what_is_no_student_is_one_message(words: tuple[str, ...], part: str, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    ran = run_cli("predict", *words)

    assert (ran.code, ran.out) == (2, "")
    says(ran.err, part)


def test_a_misspelled_file_or_a_folder_is_one_message(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    says(run_cli("predict", teacher, "row.csv").err, "Did you mean 'rows.csv'?")
    says(run_cli("predict", teacher, ".").err, ". is a folder", "reads texts")


def test_a_table_in_a_pipe_without_a_known_column_is_not_taken_for_lines(
    teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = io.BytesIO(b"id;avis\n1;bon\n2;mauvais\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="utf-8"))

    ran = run_cli("predict", teacher, "-")

    assert ran.code == 2
    says(ran.err, "no text column", "its columns: id, avis", "--format lines")
