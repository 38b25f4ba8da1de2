"""A file read in chunks has the rows of the file read whole; streams are told by their content."""

import gzip
import io
import json
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from autodistill.datasets import _chunks
from autodistill.datasets._chunks import open_rows
from autodistill.datasets._files import read_file
from autodistill.errors import DataError, SpecError
from tests.datasets.conftest import Writer

ROWS = [(f"text number {i}", f"label {i % 3}") for i in range(11)]
QUOTED = ['a "quoted" word', "one, two", "first line\nsecond line", "é ü ñ", "plain"]
CSV = "text,label\n" + "".join(f"{text},{label}\n" for text, label in ROWS)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chunks, "ROWS", 3)


def quoted(delimiter: str) -> str:
    """A table in which every text needs quotes."""
    lines = [f'{i}{delimiter}"{t.replace(chr(34), chr(34) * 2)}"' for i, t in enumerate(QUOTED * 3)]
    return f"id{delimiter}text\n" + "\n".join(lines)


def read_all(name: str, wanted: str = "auto") -> tuple[dict[str, list[Any]], list[int]]:
    """Columns and line numbers of all chunks."""
    tables = list(open_rows(name, wanted).chunks())
    columns = {n: list(chain(*(t.columns[n] for t in tables))) for n in tables[0].columns}
    return columns, list(chain(*(t.rows for t in tables)))


FILES: dict[str, str | bytes] = {
    "plain.csv": CSV,
    "windows.csv": CSV.replace("\n", "\r\n"),
    "marked.csv": CSV.encode("utf-8-sig"),
    "wide.csv": CSV.encode("utf-16"),
    "latin.csv": CSV.replace("text", "that\u2019s it").encode("cp1252"),
    "hint.csv": "sep=;\n" + CSV.replace(",", ";"),
    "above.csv": "\n\n" + CSV,
    "quoted.csv": quoted(","),
    "quoted.tsv": quoted("\t"),
    "header.csv": '"text\nof two lines",label\n' + CSV.partition("\n")[2],
    "marks.tsv": "text\tlabel\n" + '"he" said\tx\n' * 7 + 'she said "no\ty\n' * 5,
    "packed.csv.gz": gzip.compress(CSV.encode(), mtime=0),
    "lines.jsonl": "".join(json.dumps({"text": t, "label": x}) + "\n" for t, x in ROWS),
    "gaps.jsonl": "\n\n".join(json.dumps({"text": t, "label": x}) for t, x in ROWS),
    "array.json": json.dumps([{"text": t, "label": x} for t, x in ROWS]),
    "named_wrongly.csv": "".join(json.dumps({"text": t}) + "\n" for t, _ in ROWS),
}


@pytest.mark.parametrize("name", FILES)
def test_the_chunks_are_the_file(name: str, write: Writer) -> None:
    path = write(name, FILES[name])
    whole = read_file(path)

    columns, rows = read_all(str(path))

    assert columns == {name: list(values) for name, values in whole.columns.items()}
    assert rows == list(whole.rows)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_the_chunks_of_arrow_are_the_file(ending: str, tmp_path: Path, write: Writer) -> None:
    rows = [{"text": t, "label": x} for t, x in ROWS]
    path = tmp_path / f"rows.{ending}"
    if ending == "parquet":
        write(path.name, rows)
    else:
        table = pa.Table.from_pylist(rows)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    columns, places = read_all(str(path))

    assert columns == {"text": [t for t, _ in ROWS], "label": [x for _, x in ROWS]}
    assert places == list(range(1, 12))


def stream(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Standard input that gives five bytes at a time, as a slow pipe may."""

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            return super().read1(5)

    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": Slow(data)})())


@pytest.mark.parametrize(
    ("data", "kind", "first"),
    [
        (CSV.encode(), "csv", "text number 0"),
        (str(FILES["lines.jsonl"]).encode(), "jsonl", "text number 0"),
        (str(FILES["array.json"]).encode(), "json", "text number 0"),
        (b"a good film\nbad, and long\n", "lines", "a good film"),
        (b"text\na good film\n", "csv", "a good film"),
        ("\ufeffun été\n".encode(), "lines", "un été"),
        (gzip.compress(CSV.encode(), mtime=0), "csv", "text number 0"),
        ("it\u2019s long\na film\n".encode("cp1252"), "lines", "it\u2019s long"),
        (b"[deleted] by whom\nx", "lines", "[deleted] by whom"),
    ],
)
def test_a_stream_is_known_by_its_content(
    data: bytes, kind: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream(monkeypatch, data)

    file = open_rows("-")

    assert file.kind == kind
    assert next(iter(file.chunks())).columns["text"][0] == first


def test_a_format_that_is_named_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream(monkeypatch, b"text\nanother\n")

    columns, _ = read_all("-", "lines")

    assert columns == {"text": ["text", "another"]}


def test_a_blank_line_among_plain_ones_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    stream(monkeypatch, b"one\n\nthree\r\nfour")

    columns, rows = read_all("-")

    assert columns == {"text": ["one", "", "three", "four"]}
    assert rows == [1, 2, 3, 4]


def test_parquet_comes_through_a_pipe(monkeypatch: pytest.MonkeyPatch, write: Writer) -> None:
    path = write("rows.parquet", [{"text": t} for t, _ in ROWS])
    stream(monkeypatch, path.read_bytes())

    assert read_all("-")[0] == {"text": [t for t, _ in ROWS]}


def test_a_wrong_line_far_down_is_named_with_its_number(write: Writer) -> None:
    path = write("rows.csv", f"{CSV}one,two,three\n")

    with pytest.raises(DataError, match=r"line 13: 3 fields but 2 in the header"):
        read_all(str(path))


def test_a_mark_that_hides_rows_is_refused_in_its_chunk(
    write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_chunks, "ROWS", 40)
    rows = [f"text {i},pos" for i in range(60)]
    rows[50] = '"text 50,pos'
    rows[53] = 'text 53",pos'
    path = write("rows.csv", "text,label\n" + "\n".join(rows) + "\n")

    with pytest.raises(DataError, match=r"line 52: a quotation mark opens a text that ends in"):
        read_all(str(path))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("rows.csv", b"\x80\x04\x95abc.", "is a pickle by its content"),
        ("rows.pdf", b"%PDF-1.4\n", "is a PDF file by its content"),
        ("rows.parquet", b"text\na\n", "cannot be read as a parquet file"),
        ("rows.csv", b"version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"),
    ],
)
def test_what_is_no_table_is_one_message(name: str, data: bytes, says: str, write: Writer) -> None:
    path = write(name, data)

    with pytest.raises(DataError, match=says):
        read_all(str(path))


def test_an_unknown_format_is_one_message(write: Writer) -> None:
    with pytest.raises(SpecError, match=r"unknown format 'cvs' \(--format\).*'csv'"):
        open_rows(str(write("rows.csv", CSV)), "cvs")


def test_no_chunk_is_larger_than_its_limit(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chunks, "ROWS", 4096)
    path = write("rows.csv", "text\n" + "a text of some words\n" * 100_000)
    sizes = [len(table.rows) for table in open_rows(str(path)).chunks()]

    assert sum(sizes) == 100_000
    assert max(sizes) == 4096
