"""CSV, TSV, JSONL and parquet files read into tables.

Every problem is reported with its line number.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from autodistill.datasets._table import Table
from autodistill.errors import DataError

BOM = b"\xef\xbb\xbf"
csv.field_size_limit(2**31 - 1)  # the default refuses texts above 131,072 characters


def read_file(path: Path) -> Table:
    """The rows of one file; raises DataError with the place of the problem."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"cannot read {path}: files ending in '{path.suffix}' are not supported; "
            f"save it as {', '.join(READERS)}."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror}; check the path and its permissions."
        ) from error
    if not data.removeprefix(BOM).strip():
        raise DataError(
            f"{path} is empty; it needs a text and a label column and at least one row."
        )
    table = reader(data, path)
    if not table.rows:
        raise DataError(
            f"{path} has columns ({', '.join(table.columns)}) but no rows; add labelled texts."
        )
    return table


def from_arrow(table: pa.Table, where: str) -> Table:
    """An Arrow table as a `Table`, with the class names declared in its schema.

    The schema metadata is the one that the hub's libraries write.
    """
    meta = json.loads((table.schema.metadata or {}).get(b"huggingface", b"{}"))
    features = meta.get("info", {}).get("features", {})
    names = {
        k: tuple(v["names"])
        for k, v in features.items()
        if isinstance(v, dict) and v.get("_type") == "ClassLabel"
    }
    return Table(
        {name: table.column(name).to_pylist() for name in table.column_names},
        range(1, len(table) + 1),
        where,
        names,
    )


def _parquet(data: bytes, path: Path) -> Table:
    try:
        return from_arrow(pq.read_table(io.BytesIO(data)), str(path))
    except pa.ArrowException as error:
        raise DataError(
            f"{path} cannot be read as a parquet file ({str(error).splitlines()[0]}); "
            "write it again."
        ) from error


def _text(data: bytes, path: Path) -> str:
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(BOM) if data.startswith(BOM) else 0)
        line = data.count(b"\n", 0, at) + 1
        raise DataError(
            f"{path} is not UTF-8: byte 0x{data[at]:02x} at offset {at} (line {line}); "
            f"convert it, for example: iconv -f latin1 -t utf-8 {path.name}"
        ) from error


def _csv(data: bytes, path: Path) -> Table:
    text = _text(data, path)
    head = text.lstrip().partition("\n")[0]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=head.count)
    records = _records(text, delimiter, path)
    header = [name.strip() for name in next(records)[1]]
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise DataError(f"{path} has the column '{twice[0]}' twice; rename one of them.")
    body = []
    for line, record in records:
        if len(record) != len(header):
            raise DataError(
                f"{path}, line {line}: {len(record)} fields but {len(header)} in the header; "
                "put quotes around fields that contain the delimiter."
            )
        body.append((line, record))
    return Table(
        {name: [r[i] for _, r in body] for i, name in enumerate(header)},
        [line for line, _ in body],
        str(path),
    )


def _records(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for record in reader:
            if record:
                yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{path}, line {start}: {error}; check the quotes there "
            "(a quote inside a quoted field is written twice)."
        ) from error


def _jsonl(data: bytes, path: Path) -> Table:
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(_text(data, path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(
                f"{path}, line {number}: not JSON ({error.msg} at column {error.colno}); "
                "write one object per line."
            ) from error
        if not isinstance(row, dict):
            raise DataError(
                f"{path}, line {number}: {type(row).__name__} instead of an object; "
                "write one object per line."
            )
        found.append((number, row))
    names = dict.fromkeys(key for _, row in found for key in row)
    return Table(
        {name: [row.get(name) for _, row in found] for name in names},
        [n for n, _ in found],
        str(path),
    )


READERS: dict[str, Callable[[bytes, Path], Table]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".parquet": _parquet,
}


def split_name(path: Path) -> str:
    """The split a file belongs to: train for train-00000-of-00001.parquet."""
    return re.sub(r"-\d+-of-\d+$", "", path.stem)
