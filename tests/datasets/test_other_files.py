"""Files that are something else than their name says, and formats beside CSV."""

import bz2
import gzip
import io
import json
import pickle
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from autodistill.datasets import load
from autodistill.errors import DataError

from .conftest import Writer, rows_of

ROWS = rows_of(40)
CSV = ("text,label\n" + "".join(f"{r['text']},{r['label']}\n" for r in ROWS)).encode()
TABLE = pa.Table.from_pylist(ROWS)


def parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def arrow() -> bytes:
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return stream.getvalue()


def zipped(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", gzip.compress(CSV, mtime=0)),
        ("a.csv", gzip.compress(CSV, mtime=0)),
        ("a.csv.bz2", bz2.compress(CSV)),
        ("a.csv", parquet(TABLE)),
        ("a.arrow", arrow()),
        ("a.json", json.dumps(ROWS, indent=1).encode()),
        ("a.jsonl", json.dumps(ROWS, indent=1).encode()),
        ("a.csv", "".join(json.dumps(r) + "\n" for r in ROWS).encode()),
        ("a.parquet", parquet(TABLE.set_column(0, "text", TABLE["text"].cast(pa.binary())))),
        (
            "a.parquet",
            parquet(TABLE.append_column("n", TABLE["label"]).append_column("n", TABLE["label"])),
        ),
        ("a.parquet", parquet(TABLE.replace_schema_metadata({"huggingface": "{]"}))),
    ],
)
def test_the_same_rows_in_other_wrappings_are_the_same_task(
    write: Writer, name: str, data: bytes
) -> None:
    expected = load(str(write("plain.csv", CSV)))

    assert load(str(write(name, data))).fingerprint == expected.fingerprint


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", pickle.dumps(ROWS), "is a pickle by its content, not a CSV file"),
        ("a.csv", zipped("xl/workbook.xml"), "is an Excel workbook by its content"),
        ("a.csv", zipped("content.xml"), "is an OpenDocument spreadsheet by its content"),
        ("a.csv", zipped("a.csv"), "is a ZIP archive by its content"),
        ("a.csv", b"<!DOCTYPE html><html>", "is a page of HTML or XML by its content"),
        ("a.csv", b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        ("a.parquet", b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        ("a.csv.gz", gzip.compress(CSV, mtime=0)[:-9], "is compressed and cannot be unpacked"),
        ("a.parquet", parquet(TABLE)[:-9], "cannot be read as a parquet file"),
        ("a.arrow", arrow()[:200], "cannot be read as an Arrow file"),
        ("a.json", json.dumps(ROWS, indent=1).encode()[:-9], "not JSON .* at line"),
        ("a.json", b"[1, 2]", "list instead of an object"),
        ("a.jsonl", b"[" * 100_000, "not JSON that can be read"),
        ("a.jsonl", b'{"text": "a", "label": ' + b"1" * 5000 + b"}", "not JSON that can be read"),
        ("a.jsonl", b'{"text": "a", "text": "b"}\n', "the name 'text' comes twice"),
    ],
)
def test_what_is_no_table_is_named_as_what_it_is(
    write: Writer, name: str, data: bytes, message: str
) -> None:
    path = write(name, data)

    with pytest.raises(DataError, match=message):
        load(str(path))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([["a"]] * 40, "is a list, which is not text; join its words"),
        ([{"a": "b"}] * 40, "is a mapping, which is not text"),
        (["t"] * 39 + [[1]], "is a list, which is not text; join its words"),
        (["t"] * 39 + [True], "is true or false, which is not text; write it as text"),
    ],
)
def test_a_value_that_is_no_text_is_named_with_its_kind(
    write: Writer, values: list[object], message: str
) -> None:
    rows = [{"text": value, "label": i % 2} for i, value in enumerate(values)]

    with pytest.raises(DataError, match=message):
        load(str(write("a.jsonl", rows)))


def test_a_number_among_texts_is_a_text(write: Writer) -> None:
    rows = [{**row, "text": 404} if i == 5 else row for i, row in enumerate(rows_of(40))]

    task = load(str(write("a.jsonl", rows)))

    assert "404" in {*task.train.first, *task.selection.first, *task.test.first}
    assert f"1 number in column 'text' of {task.source} is read as text: row 6" in task.notes


def test_an_arrow_file_with_wrong_offsets_does_not_end_the_process(write: Writer) -> None:
    offsets = np.array([0, 900_000_000, 2, *range(3, 41)], dtype=np.int32)
    texts = pa.StringArray.from_buffers(40, pa.py_buffer(offsets), pa.py_buffer(b"x" * 40))
    table = pa.table({"text": texts, "label": TABLE["label"].combine_chunks()})
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)

    with pytest.raises(DataError, match="cannot be read as an Arrow file"):
        load(str(write("a.arrow", stream.getvalue())))
